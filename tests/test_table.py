"""The big table, its script, and the catalogue as data."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import math
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import numpy as np
import pytest

import actdocs
from actdocs import proofs, records
from extensions import maths, table
from extensions import records as site_records

ROOT = Path(__file__).parents[1]
BIBLIOGRAPHY = (ROOT / "conf" / "references.bib").read_text(encoding="utf-8")
SCRIPT = ROOT / "conf" / "static" / "table.js"
ENTRIES = actdocs.catalogue()
entries = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)


@dataclasses.dataclass(frozen=True)
class Fact:
    """A fact as the proofs give it."""

    kind: str = "parity"
    text: str = "It is $odd$."
    proved: bool = True
    scope: str = ""
    value: object = "odd"


FACTS = (Fact(), Fact("limits", "It grows.", False, "far out", [-math.inf, math.nan]))
WORKS = {key: {"authors": ["A. Author"], "title": "A title", "year": 1999} for one in ENTRIES for key in one.references}


@pytest.fixture(scope="module")
def rows():
    return records.records(facts=lambda entry: FACTS, bibliography=WORKS)


# The records


def test_the_schema_is_one_and_the_file_keeps_it(rows):
    schema = records.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(json.loads(records.json_text(rows)))
    validator.validate(json.loads(records.json_text(records.records())))


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("lipschitz", "inf"),
        ("lipschitz", -3),
        ("smoothness", 1.5),
        ("name", ""),
        ("bounds", {}),
        ("family", "nice"),
        ("kinks", None),
        ("color", "red"),
        ("facts", [{}]),
        ("facts", [{"kind": "colour", "text": "red", "proved": True, "scope": "", "value": "red"}]),
        ("facts", [{"kind": "lipschitz", "text": "−3", "proved": True, "scope": "", "value": -3}]),
        ("facts", [{"kind": "parity", "text": "odd", "proved": True, "scope": "", "value": "strange"}]),
    ],
)
def test_the_schema_refuses_a_wrong_field(rows, field, wrong):
    file = json.loads(records.json_text(rows))
    file["activations"][0][field] = wrong
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(file, records.schema())


@pytest.mark.parametrize("field", [*records.FIELDS, "year", "references", "facts"])
def test_the_schema_misses_no_field(rows, field):
    file = json.loads(records.json_text(rows))
    del file["activations"][0][field]
    with pytest.raises(jsonschema.ValidationError, match=field):
        jsonschema.validate(file, records.schema())


def test_the_schema_knows_the_bare_value_of_each_kind_of_fact():
    assert list(records.FACTS) == list(proofs.KINDS)
    validator = jsonschema.Draft202012Validator(records.schema())
    names = ("relu", "gelu", "sine", "hard_shrink", "sign", "softmax", "snake", "elu")
    rows = [records.record(name, facts=proofs.facts(name)) for name in names]
    validator.validate(json.loads(records.json_text(rows)))
    assert {fact["kind"] for fact in rows[0]["facts"]} == set(proofs.KINDS)


def test_csv_tells_an_empty_list_from_null():
    row = next(csv.DictReader(io.StringIO(records.csv_text([records.record("tanh")]))))
    assert (row["kinks"], row["minimum.x"], row["smoothness"]) == ("[]", "", "Infinity")


@entries
def test_numbers_come_back_from_the_file_as_they_were(entry, rows):
    row = json.loads(records.json_text([row for row in rows if row["name"] == entry.name]))["activations"][0]
    ends = [float(row["bounds"][end]) for end in ("low", "high")]
    assert (*ends, row["bounds"]["low_attained"], row["bounds"]["high_attained"]) == entry.bounds
    limits = [math.nan if limit is None else float(limit) for limit in row["limits"].values()]
    np.testing.assert_array_equal(limits, entry.limits)
    assert float(row["lipschitz"]) == entry.lipschitz
    assert row["year"] == (1999 if entry.references else None)
    assert [fact["value"] for fact in row["facts"]] == ["odd", ["-Infinity", None]]


@pytest.mark.parametrize("word", records.PROPERTIES)
def test_a_property_tells_some_activations_from_others(word):
    holds = [word in row["properties"] for row in records.records()]
    assert any(holds)
    assert not all(holds)


def test_a_value_that_json_has_not_is_refused():
    with pytest.raises(TypeError, match="value must be a number"):
        records._plain(object())


def test_the_csv_file_has_a_row_an_activation_and_the_same_numbers(rows):
    read = list(csv.DictReader(io.StringIO(records.csv_text(rows))))
    assert [row["name"] for row in read] == [entry.name for entry in ENTRIES]
    for row, entry in zip(read, ENTRIES, strict=True):
        assert float(row["lipschitz"]) == entry.lipschitz
        assert [float(kink) for kink in row["kinks"].split(";") if kink != "[]"] == list(entry.kinks)
        assert row["frameworks.pytorch"] == (entry.frameworks.pytorch or "")
        assert [row["minimum.x"], row["minimum.y"]] == [str(part) for part in entry.minimum or ("", "")]
        assert (row["facts.parity"], row["facts.limits.proved"]) == ("odd", "false")
        assert [one["name"] for one in json.loads(row["parameters"] or "[]")] == list(entry.parameters)


def test_records_need_neither_matplotlib_nor_ball_arithmetic():
    code = (
        "import sys; from actdocs import records; records.records(); print({'matplotlib', 'flint'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "set()"


def test_each_field_is_described_by_what_it_holds():
    fields = records.schema()["$defs"]["activation"]["properties"]
    said = {name: site_records.kind(field) for name, field in fields.items()}
    assert said["lipschitz"] == "number or `Infinity`"
    assert said["facts"] == "list of object with `kind`, `text`, `proved`, `scope`, `value`"
    assert said["kinks"] == "list of number"
    assert said["limits"] == "object with `left`, `right`"
    assert said["monotonic"] == "true or false or null"


# The pictures


@entries
def test_a_sparkline_is_small_and_follows_the_function(entry):
    drawn = table.sparkline(entry)
    assert len(drawn) < 1024
    _, slope, value = ET.fromstring(drawn).findall("path")
    x = table.inputs(entry, 41)
    for found, exact in ((value, table.section(entry, x).value), (slope, table.section(entry, x).slope)):
        points = np.array(vertices(found.get("d")))
        across, up = points[:, 0] / table.PIXELS - 5, 3.2 - points[:, 1] / table.PIXELS
        apart = np.abs(np.clip(exact, -4.6, 6.2)[:, None] - up)
        apart[np.abs(x[:, None] - across) > 0.6 / table.PIXELS] = np.inf
        assert np.all(apart.min(axis=0) < 0.6 / table.PIXELS)  # every corner drawn is a value, rounded
        assert {across.min(), across.max()} == {-5, 5}


def vertices(path: str) -> list[tuple[int, int]]:
    """Follow the commands of a path."""
    found = []
    for piece in path.split("M")[1:]:
        start, steps = piece.split("l")
        numbers = [[int(number) for number in re.findall(r"-?\d+", part)] for part in (start, steps)]
        x, y = numbers[0]
        found.append((x, y))
        for dx, dy in zip(numbers[1][::2], numbers[1][1::2], strict=True):
            x, y = x + dx, y + dy
            found.append((x, y))
    return found


def test_a_curve_has_a_gap_at_a_jump():
    x = np.array([-1.0, -0.5, 0.5, 1.0])
    assert table.path(x, np.sign(x), [0.0]).count("M") == 2
    assert table.path(x, np.sign(x)).count("M") == 1


def test_an_entry_along_an_axis_is_drawn_by_its_first_output():
    x = np.linspace(-2, 2, 5)
    np.testing.assert_allclose(table.section(actdocs.get("softmax"), x).value, actdocs.sigmoid(x))
    gated = table.section(actdocs.get("glu"), x)
    assert gated.along == "(x, x)"
    np.testing.assert_allclose(gated.value, actdocs.swish(x))
    np.testing.assert_allclose(gated.slope, actdocs.get("swish").derivative(x))


def test_word_parameters_stand_at_their_default():
    assert table.formula(actdocs.get("gelu")) == r"x\,\Phi(x)"
    assert table.formula(actdocs.get("relu")) == actdocs.get("relu").formula


@pytest.mark.parametrize(
    ("value", "text"), [(-0.2784, "−0.278"), ("-Infinity", "−∞"), ("Infinity", "∞"), (None, "–"), (6.0, "6")]
)
def test_a_number_is_short_and_has_a_proper_minus(value, text):
    assert table.number(value) == text


# The page

CONF = f"""\
import runpy, sys
globals().update(runpy.run_path({str(ROOT / "conf" / "conf.py")!r}))
from extensions import atlas
from test_table import FACTS
atlas.write_pages, atlas.facts = lambda app: None, lambda app, entry: FACTS
maths_command = [sys.executable, "renderer.py"]
left_out = ("gallery", "freshness", "offline", "slides", "play")
extensions = [name for name in extensions if not any(word in name for word in left_out)]
html_favicon = None
hosting_redirects = {{}}
html_static_path, bibtex_bibfiles = [{str(ROOT / "conf" / "static")!r}], [{str(ROOT / "conf" / "references.bib")!r}]
"""
RENDERER = """\
import html, json, sys
print(json.dumps([[f"<math><mtext>{html.escape(tex)}</mtext></math>", None] for tex, _ in json.load(sys.stdin)]))
"""
OWN, OTHERS = ("index", "data", "cheatsheet"), ("defaults", "accuracy", "kinks", "models", "corrections", "proofs")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the table's page with what it links, the pages of others being empty."""
    root = tmp_path_factory.mktemp("table")
    texts = {"conf/conf.py": CONF, "renderer.py": RENDERER, "docs/index.md": "# A\n\n```{toctree}\natlas/index\n```\n"}
    texts |= {f"docs/atlas/{name}.md": f"# {name}\n" for name in (*OTHERS, *(entry.name for entry in ENTRIES))}
    texts |= {f"docs/atlas/{name}.md": (ROOT / f"docs/atlas/{name}.md").read_text(encoding="utf-8") for name in OWN}
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-c", "conf", "-d", "build/doctrees", "-nW", "--keep-going"]
    done = subprocess.run(
        [*command, "docs", "build/html"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return root / "build" / "html"


@pytest.fixture(scope="module")
def page(site):
    return (site / "atlas" / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def body(page):
    """The rows of the table, by the name of the page that each links."""
    found = re.search(r"<tbody>.*?</tbody>", page, re.DOTALL)[0].replace("&nbsp;", " ")
    by_name = {row.find("th/a").get("href").removesuffix(".html"): row for row in ET.fromstring(found)}
    assert list(by_name) == [entry.name for entry in ENTRIES]
    return by_name


@entries
def test_every_entry_has_a_whole_row_that_needs_no_script(entry, body):
    row = body[entry.name]
    texts = ["".join(cell.itertext()).strip() for cell in row]
    assert len(texts) == len(table.COLUMNS)
    assert all(texts[:-1])
    assert texts[0] == entry.title
    assert texts[1] == entry.family
    assert texts[2] == table.enlarge(table.formula(entry))
    assert texts[3][0] + texts[3][-1] == ("[" if entry.bounds[2] else "(") + ("]" if entry.bounds[3] else ")")
    assert texts[6] == "odd"
    assert all(name in texts[9] for name in entry.parameters)
    assert [span.text for span in row[-1].iter("span") if span.get("title")] == [
        short for name, short in table.SHORT.items() if getattr(entry.frameworks, name)
    ]
    assert row.get("hidden") is None


def test_the_year_is_that_of_the_first_reference(body):
    years = dict(re.findall(r"^@\w+\{(\w+),.*?^  year = \{(\d+)\}", BIBLIOGRAPHY, re.MULTILINE | re.DOTALL))
    for entry in ENTRIES:
        assert body[entry.name].get("data-year") == (years[entry.references[0]] if entry.references else "")


def test_controls_wait_for_the_script_and_offer_what_the_rows_have(page, body):
    form = re.search(r'<form class="atlas-controls" hidden>.*?</form>', page, re.DOTALL)[0]
    asked = {name: set(re.findall(rf'name="{name}" value="(.*?)"', form)) for name in ("is", "in")}
    assert asked["is"] == {word for row in body.values() for word in row.get("data-is").split(";") if word}
    assert asked["in"] == set(records.LIBRARIES)
    assert set(re.findall(r"<option>(.*?)</option>", form)) == {entry.family for entry in ENTRIES}
    assert set(re.findall(r'name="(\w+)"', form)) == {"q", "family", "from", "to", "is", "in"}
    assert 'aria-live="polite"' in form


def test_only_the_page_of_the_table_loads_its_script(site, page):
    assert re.search(r'<script defer="defer" src="../_static/table.js', page)
    assert "table.js" not in (site / "atlas" / "data.html").read_text(encoding="utf-8")


def test_the_contents_hold_each_page_under_its_family(site):
    html = (site / "atlas" / "relu.html").read_text(encoding="utf-8")
    captions = re.findall(r'class="caption-text">(.*?)<', html)
    assert [caption.lower() for caption in dict.fromkeys(captions)][:-1] == list(
        dict.fromkeys(entry.family for entry in ENTRIES)
    )


@pytest.mark.parametrize("name", ["data", "cheatsheet"])
def test_what_a_page_offers_is_there(site, name):
    html = (site / "atlas" / f"{name}.html").read_text(encoding="utf-8")
    offered = set(re.findall(r'(?:href|src)="(../_static/activation[^"]+)"', html))
    assert len(offered) == 3
    assert all((site / "atlas" / file).stat().st_size > 1000 for file in offered)


def test_the_written_files_hold_the_facts_and_keep_the_written_schema(site):
    file, schema = (json.loads((site / "_static" / f"activations{end}.json").read_text()) for end in ("", ".schema"))
    jsonschema.validate(file, schema)
    sigmoid = next(row for row in file["activations"] if row["name"] == "sigmoid")
    assert sigmoid["facts"][0] == dataclasses.asdict(FACTS[0])
    assert sigmoid["references"][0]["authors"]
    assert sigmoid["year"] == sigmoid["references"][0]["year"]
    html = (site / "atlas" / "data.html").read_text(encoding="utf-8")
    assert all(f">{name}</span>" in html for name in schema["$defs"]["activation"]["required"])


# The script

HARNESS = """
const vm = require("node:vm");
const {{ readFileSync }} = require("node:fs");
globalThis.document = {{ querySelector: () => null }};
globalThis.HTMLFormElement = globalThis.HTMLTableElement = class {{}};
vm.runInThisContext(readFileSync({script}, "utf8"));
console.log(JSON.stringify(vm.runInThisContext({code})));
"""


def evaluate(code: str) -> object:
    """Evaluate JavaScript beside the functions of the script."""
    harness = HARNESS.format(script=json.dumps(str(SCRIPT)), code=json.dumps(code))
    return json.loads(maths.run([maths.program("node"), "-e", harness]))


def test_the_script_is_valid_and_asks_nothing_of_the_network():
    maths.run([maths.program("node"), "--check", str(SCRIPT)])
    assert not re.search(r"\b(import|fetch|XMLHttpRequest|innerHTML)\b", SCRIPT.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("keys", "ordered", "reversed_"),
    [
        (["10", "9", "", "-Infinity"], ["-Infinity", "9", "10", ""], ["10", "9", "-Infinity", ""]),
        (["0 1", "-1 1", "0 Infinity"], ["-1 1", "0 1", "0 Infinity"], ["0 Infinity", "0 1", "-1 1"]),
        (["yes", "", "no"], ["no", "yes", ""], ["yes", "no", ""]),
    ],
)
def test_keys_are_sorted_as_numbers_or_as_words_with_unknown_ones_last(keys, ordered, reversed_):
    for direction, wanted in ((1, ordered), (-1, reversed_)):
        assert evaluate(f"{json.dumps(keys)}.sort((a, b) => compare(a, b, {direction}))") == wanted


@pytest.mark.parametrize(
    ("name", "chosen", "holds"),
    [
        ("q", "soft PLUS", True),
        ("q", "hard", False),
        ("family", "rectifier", True),
        ("family", "simplex", False),
        ("is", "bounded below", True),
        ("is", "bounded", False),
        ("in", "onnx", True),
        ("from", "2001", False),
        ("to", "2000", True),
    ],
)
def test_a_row_is_kept_by_what_is_chosen(name, chosen, holds):
    data = {"q": "softplus", "family": "rectifier", "is": "smooth;bounded below", "in": "jax;onnx", "year": "2000"}
    row = json.dumps({"dataset": data})
    assert evaluate(f"TESTS[{json.dumps(name)}]({row}, {json.dumps([chosen])})") is holds


def test_a_row_without_a_year_is_in_no_span_of_years():
    assert evaluate("[TESTS.from, TESTS.to].map((holds) => holds({dataset: {year: ''}}, ['2000']))") == [False, False]
