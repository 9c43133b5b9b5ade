"""The program that checks every float32 input, on a sample of them."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
import sweep

import actdocs

STEP = 2**16 + 1
ELEMENTWISE = [entry.name for entry in actdocs.catalogue() if entry.elementwise]


def test_chunks_cover_every_input_once():
    assert sweep.ALL % sweep.CHUNK == 0
    ends = [sweep.inputs(start, start + sweep.CHUNK)[[0, -1]] for start in (0, sweep.ALL - sweep.CHUNK)]
    bits = np.concatenate(ends).view(np.uint32)
    assert bits.tolist() == [0, sweep.CHUNK - 1, sweep.ALL - sweep.CHUNK, sweep.ALL - 1]


@pytest.mark.parametrize("name", ELEMENTWISE)
@pytest.mark.parametrize("derivative", [False, True])
def test_a_sample_of_all_inputs_is_within_the_limit(name, derivative):
    error, x, misrounded = sweep.chunk(0, name, derivative, STEP)
    assert error <= sweep.LIMIT, f"{name}, derivative {derivative}, at {x!r}: {error:.2f} units"
    if not actdocs.get(name).single and not derivative:
        assert misrounded < 2**16 / 100


def test_errors_are_measured_in_units_of_single_precision():
    one, top = np.float32(1), np.finfo(np.float32).max
    computed = np.array([one, np.nextafter(one, np.float32(2)), np.nan, np.inf, np.inf, top, 0.0, np.nan], np.float32)
    truth = np.array([1.0, 1.0, np.nan, 1e39, 1.0, 1e39, 2.0**-149, 0.0])
    found = sweep.errors(computed, truth)
    assert found[:4].tolist() == [0, 1, 0, 0]
    assert found[4] == found[7] == np.inf
    assert found[5] > 4
    assert found[6] == 1
    slope = sweep.errors(np.float32([1e-20]), np.array([2e-20]), derivative=True)
    assert slope.tolist() == [0]


def test_a_run_goes_on_where_it_stopped(tmp_path, capsys):
    state, step = tmp_path / "state.json", 2**13 + 1
    run = ["relu", "--step", str(step), "--processes", "1", "--state", str(state)]
    sweep.main(run)
    said = capsys.readouterr().out
    assert "relu: at most 0.000 units" in said
    kept = json.loads(state.read_text())
    assert kept["functions"]["relu"]["chunks"] == 1
    kept["functions"]["relu"]["misrounded"] = 7
    state.write_text(json.dumps(kept))
    sweep.main(run)
    assert "7 of" in capsys.readouterr().out
    assert sweep.load(state, "of other sources") == {}


def test_a_wrong_answer_names_function_and_input(tmp_path, monkeypatch):
    right = actdocs.get("relu")
    off = dataclasses.replace(right, value_kernel=lambda xp, x: right.value_kernel(xp, x) * (1 + 1e-6))
    numbers = np.float32([1.0])
    found = sweep.errors(off(numbers), right(numbers.astype(float)))
    assert found[0] > sweep.LIMIT
    state = tmp_path / "state.json"
    sweep.save(
        state,
        sweep.sources(1),
        {"relu": {"chunks": sweep.ALL // sweep.CHUNK, "error": 8.0, "x": "0x1p+0", "misrounded": 1}},
    )
    with pytest.raises(SystemExit, match=r"relu\(np.float32\(1.0\)\) is 8.00 units off, more than 4"):
        sweep.main(["relu", "--processes", "1", "--state", str(state)])


def test_only_elementwise_functions_are_checked(capsys):
    with pytest.raises(SystemExit):
        sweep.main(["softmax"])
    assert "each NAME must be an element-wise function, got softmax" in capsys.readouterr().err
