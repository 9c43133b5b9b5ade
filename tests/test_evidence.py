"""The store of the heavy studies: what it refuses, what a kill leaves, and the same answers from a cluster."""

from __future__ import annotations

import json
import os
import random
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from actdocs import evidence
from actdocs.evidence import Cell, Store, run, studies

ROOT = Path(__file__).parents[1]
SMALL = """
[small]
title = "Small"
data = "digits"
width = 8
probes = true
depth = 1
examples = 120
validation = 60
epochs = 2
batch_size = 30
seeds = 2

[small.grid]
activation = ["relu", "tanh", "gelu"]
learning_rate = [0.01, 0.1]
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "studies.toml").write_text(SMALL)
    return tmp_path


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """Give what one run after the other finds."""
    folder = tmp_path_factory.mktemp("expected")
    (folder / "studies.toml").write_text(SMALL)
    cells = studies(folder / "studies.toml")["small"].cells
    assert run(cells, Store(folder), progress=False) == len(cells) == 6
    return Store(folder).load("small")


def results(found):
    return {key: record["results"] for key, record in found.items()}


# The grids


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("epochs = 2", "", "small.epochs must be given, for all cells or in the grid"),
        ("width = 8", "width = [8, 8]", "small.width must be a number, or one for each of the 1 layers"),
        ('"digits"', '"reviews"', r"small.(width|depth) is not a setting; accepted: data"),
        ("probes = true", "probes = 1", "small.probes must be true or false, got 1"),
        ('"tanh"', '"elu(alpha)"', "small.activation must be a name, or a call like leaky_relu"),
        ('"tanh"', '"elu(beta=1)"', "beta"),
        ("width = 8", "width = 0", "small.width must be an integer of at least 1, got 0"),
        ("width = 8", "widht = 8", "small.widht is not a setting; accepted: data, activation"),
        ('"tanh"', '"relu"', r"small.grid.activation must be a list of different values, got \['relu', 'relu'"),
        ('"tanh"', '"tanhh"', "activation must be a name in the catalogue, got 'tanhh'"),
        ('"tanh"', '"softmax"', "small.activation must be element-wise, got 'softmax'"),
        ("[0.01, 0.1]", "[]", "small.grid.learning_rate must be a list of different values"),
        ("[0.01, 0.1]", "[-1.0]", "small.learning_rate must be a finite number of more than 0, got -1.0"),
        ("depth = 1", "depth = 1\nlearning_rate = 0.1", "small.learning_rate must be given once"),
        ('title = "Small"', "", "small must be a table with a title"),
        ('"digits"', '"letters"', "small.data must be 'mnist' or .* or 'reviews', got 'letters'"),
    ],
)
def test_a_wrong_grid_is_named(folder, old, new, message):
    (folder / "studies.toml").write_text(SMALL.replace(old, new))
    with pytest.raises((TypeError, ValueError), match=message):
        studies(folder / "studies.toml")


def test_the_projects_own_grids_can_be_read():
    found = studies(ROOT / "evidence" / "studies.toml")
    keys = [cell.key for study in found.values() for cell in study.cells]
    assert len(set(keys)) == len(keys)


def test_too_few_images_are_named(folder):
    cell = studies(folder / "studies.toml")["small"].cells[0]
    with pytest.raises(ValueError, match="examples and validation must together be at most 1500, got 1490 and 60"):
        evidence.measure(Cell("small", {**cell.settings, "examples": 1490}))


# The store


def test_records_say_where_they_come_from(expected):
    for record in expected.values():
        assert set(record["provenance"]) == {"code", "data", "versions", "date"}
        assert set(record["provenance"]["versions"]) == {"keras", "numpy", "tensorflow"}
        accuracies = record["results"]["val_accuracy"]
        assert [len(curve) for curve in accuracies] == [record["settings"]["epochs"]] * record["settings"]["seeds"]


def test_what_is_there_is_not_measured_again(folder, expected, monkeypatch):
    store = Store(folder)
    cells = studies(folder / "studies.toml")["small"].cells
    for record in expected.values():
        store.add(record)
    monkeypatch.setattr(evidence, "measure", None)
    assert run(cells, store, progress=False) == 0
    assert store.load("small") == expected


def test_a_torn_line_is_passed_over_and_cut_off(folder, expected):
    store = Store(folder)
    first, second, *_ = expected.values()
    store.add(first)
    path = folder / "small.jsonl"
    whole = path.read_bytes()
    for cut in (1, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole + whole[:cut])
        assert list(store.load("small")) == [first["key"]]
    store.add(second)
    assert store.load("small") == {record["key"]: record for record in (first, second)}
    assert path.read_bytes().startswith(whole)
    assert path.read_bytes().count(b"\n") == 2


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda line: line.replace(b'"epochs":2', b'"epochs":3', 1), "a checksum that does not fit"),
        (lambda line: line.replace(b'"relu"', b'"tanh"', 1), "a checksum that does not fit"),
        (lambda line: line[:40] + line[41:-2] + b"\n", "must be a line of JSON|must have the fields|checksum"),
        (lambda line: b'{"some": "other file"}\n', "must have the fields study, key, settings"),
        (lambda line: b"name,value\n", "must be a line of JSON, got b'name,value'"),
        (lambda line: b"\xff\xfe\n", "must be a line of JSON"),
    ],
)
def test_a_damaged_or_foreign_file_is_named_with_its_line(folder, expected, damage, message):
    store = Store(folder)
    record = next(record for record in expected.values() if record["settings"]["activation"] == "relu")
    store.add(record)
    path = folder / "small.jsonl"
    line = path.read_bytes()
    path.write_bytes(line + damage(line))
    with pytest.raises(ValueError, match=f"small.jsonl, line 2 .*({message})"):
        store.load("small")


def test_a_record_of_another_study_is_named(folder, expected):
    store = Store(folder)
    store.add(next(iter(expected.values())))
    (folder / "small.jsonl").rename(folder / "large.jsonl")
    with pytest.raises(ValueError, match="line 1 must be of the study large, got 'small'"):
        store.load("large")


def test_settings_typed_by_hand_are_found_out(folder, expected):
    record = json.loads(json.dumps(next(iter(expected.values()))))
    record["settings"]["width"] = 9
    Store(folder).add(record)  # with a checksum that fits
    with pytest.raises(ValueError, match="line 1 must have the key of its settings"):
        Store(folder).load("small")


# Running


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"backend": "threads"}, ValueError, "backend must be 'loky' or 'dask' or 'ray', got 'threads'"),
        ({"scheduler": "tcp://127.0.0.1:1"}, ValueError, "scheduler must come with the backend 'dask' or 'ray'"),
        ({"backend": "dask"}, ValueError, "scheduler must be the address of a Dask scheduler, .* got None"),
        ({"backend": "dask", "scheduler": "tcp://127.0.0.1:1"}, ConnectionError, "got 'tcp://127.0.0.1:1'"),
        ({"jobs": 0}, ValueError, "jobs must be an integer of at least 1, got 0"),
    ],
)
def test_a_wrong_engine_is_named(folder, options, error, message, monkeypatch):
    monkeypatch.setattr(evidence, "_PATIENCE", 1)
    cells = studies(folder / "studies.toml")["small"].cells
    with pytest.raises(error, match=message):
        run(cells, Store(folder), progress=False, **options)
    assert Store(folder).load("small") == {}


def test_the_program_names_what_is_wrong(folder, capsys):
    with pytest.raises(SystemExit) as stop:
        evidence.main(["--folder", str(folder), "large"])
    assert stop.value.code == 2
    assert "study must be 'small', got 'large'" in capsys.readouterr().err


def program(folder, *options):
    command = [sys.executable, "-m", "actdocs.evidence", "--folder", str(folder), *options]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def lines(folder):
    path = folder / "small.jsonl"
    return path.read_bytes().count(b"\n") if path.exists() else 0


def wait_for(what, process, seconds=120):
    for _ in range(seconds * 20):
        if what():
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise AssertionError(process.communicate()[1])


def test_a_killed_run_goes_on_where_it_stopped(folder, expected):
    """Kill it after the first cell and again after the third, each time at no moment in particular."""
    generator = random.Random(4)
    for reached in (1, 3):
        process = program(folder)
        wait_for(lambda reached=reached: lines(folder) >= reached, process)
        time.sleep(generator.random())
        process.kill()
        process.communicate()
    before = lines(folder)
    process = program(folder)
    out, err = process.communicate(timeout=180)
    assert process.returncode == 0, err
    assert out == f"{6 - before} of 6 cells measured, {before} were there\n"
    assert lines(folder) == 6  # nothing twice
    assert results(Store(folder).load("small")) == results(expected)


@pytest.fixture
def cluster():
    """Start a Dask scheduler and two workers as processes of their own, on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--no-dashboard", "--host", "127.0.0.1"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-dashboard", "--no-nanny"]
    worker += ["--nthreads", "1", "--host", "127.0.0.1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    processes = [subprocess.Popen([*dask, "--port", address.rpartition(":")[2]], env=environment, **quiet)]
    processes += [subprocess.Popen(worker, env=environment, **quiet) for _ in range(2)]
    yield address, processes[1:]
    for process in processes:
        process.kill()
        process.wait()


def test_a_cluster_gives_the_same_though_a_worker_is_lost(folder, expected, cluster):
    address, workers = cluster
    process = program(folder, "--backend", "dask", "--scheduler", address)
    wait_for(lambda: lines(folder) >= 2, process)
    workers[0].kill()
    out, err = process.communicate(timeout=240)
    assert process.returncode == 0, err
    assert out == "6 of 6 cells measured, 0 were there\n"
    assert lines(folder) == 6
    assert results(Store(folder).load("small")) == results(expected)


# The project's own store

STORE = Store()
STORED = [record for name in studies(ROOT / "evidence" / "studies.toml") for record in STORE.load(name).values()]


def test_each_stored_cell_is_one_of_the_grids():
    known = {cell.key for study in studies(ROOT / "evidence" / "studies.toml").values() for cell in study.cells}
    assert STORED
    assert {record["key"] for record in STORED} <= known


def test_a_record_that_does_not_come_out_again_is_named(folder, expected, capsys):
    """What is stored is measured again; a result that drifted from the code is found out."""
    store, record = Store(folder), next(iter(expected.values()))
    store.add(record)
    options = ["--folder", str(folder), "--check", "1"]
    assert evidence.main(options) == 0
    assert "1 of 1 cells measured again, all as they were" in capsys.readouterr().out
    wrong = {**record, "results": {**record["results"], "loss": [[9.0, 9.0], [9.1, 9.0]]}}
    store.add(wrong)
    with pytest.raises(SystemExit):
        evidence.main(options)
    message = r"small, .*'activation': 'relu'.*: loss is stored as 9 ± 0, but came out as"
    assert re.search(message, capsys.readouterr().err)


def test_scores_as_percentages_count_a_failed_run_as_none_right(expected):
    record = json.loads(json.dumps(next(iter(expected.values()))))
    record["results"]["test_accuracy"] = [0.5, None]
    plain = evidence.scores([record], "activation")[record["settings"]["activation"]]
    assert plain[0] == 0.5
    assert np.isnan(plain[1])
    assert evidence.scores([record], "activation", percent=True)[record["settings"]["activation"]].tolist() == [50, 0]
    with pytest.raises(ValueError, match="settings must tell all records apart, got two with 'digits'"):
        evidence.scores([record, record], "data")


def test_a_pace_names_what_it_cannot_measure():
    with pytest.raises(ValueError, match="activation must be element-wise, got 'softmax'"):
        evidence.pace("softmax")
    with pytest.raises(ValueError, match="turns must be an integer of at least 1, got 0"):
        evidence.pace("relu", turns=0)


def test_a_study_of_paces_has_cells_of_its_own_kind(tmp_path):
    (tmp_path / "studies.toml").write_text(
        'paces = {title = "T", measure = "pace", turns = 1, grid = {activation = ["tanh"]}}\n'
    )
    (cell,) = evidence.studies(tmp_path / "studies.toml")["paces"].cells
    assert cell.settings == {"measure": "pace", "activation": "tanh", "turns": 1}
    record = evidence.measure(cell)
    assert 0.2 < record["results"]["pace"] < 20
    assert evidence.drift(record) is None
    told = evidence.drift({**record, "results": {"pace": 100.0}})
    assert told.startswith("paces, {'measure': 'pace', 'activation': 'tanh', 'turns': 1}: pace is stored as 100.0, but")
    (tmp_path / "studies.toml").write_text('paces = {title = "T", measure = "pace", depth = 2}\n')
    with pytest.raises(ValueError, match=r"paces\.depth is not a setting; accepted: measure, activation, turns"):
        evidence.studies(tmp_path / "studies.toml")
