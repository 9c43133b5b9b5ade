"""A function that the reader writes in Python, on a small page of its own: from a file, and under a strict policy."""

from __future__ import annotations

import gzip
import json
import math
import random
import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
from scipy.special import expit, ndtr
from shared import NOTES

from extensions import maths, play
from extensions.play_runtime import micropython_source

ROOT = Path(__file__).parents[2]
PAGE = (
    '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Own</title><link rel="icon" href="data:,">'
    '<script defer src="functions.js"></script><script defer src="own.js?v=1"></script></html>'
)
POLICY = {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "img-src": "data:",
    "worker-src": "blob:",
}
DEFINE = """async (source) => {
  const { entry, faults, warnings } = await actdocs.own.define(source);
  return { entry: entry && { ...entry, both: 0, second: 0 }, faults, warnings };
}"""
MEASURE = """(x) => {
  const z = Float64Array.from(x, Number);
  const [a, d, s] = [z.slice(), z.slice(), z.slice()];
  actdocs.functions.own.both(z, a, d, z.length, []);
  actdocs.functions.own.second(z, s, z.length, []);
  return [a, d, s].map((row) => Array.from(row, String));
}"""
ENDLESS = "def f(x):\n    while True:\n        pass"


@pytest.fixture(scope="session")
def scripts() -> dict[str, str]:
    """The scripts as a page gets them."""
    packages = ROOT / "build" / "web"
    maths.fetch(ROOT / "conf" / "web", packages)
    written = {name: (play.SOURCES / f"{name}.js").read_text(encoding="utf-8") for name in ("own", "own-worker")}
    command = [maths.program("node"), str(ROOT / "conf" / "web" / "minify.mjs"), str(packages)]
    made = json.loads(maths.run(command, stdin=json.dumps(written)))
    runtime = micropython_source(packages / "node_modules", made["own-worker"])
    return {**made, "functions": play.functions_source(), "micropython": runtime}


@pytest.fixture(scope="session")
def small(scripts, tmp_path_factory) -> Path:
    """A folder with the page."""
    folder = tmp_path_factory.mktemp("small") / "Übung 1"
    folder.mkdir()
    (folder / "page.html").write_text(PAGE, encoding="utf-8")
    for name in ("functions", "own", "micropython"):
        (folder / f"{name}.js").write_text(scripts[name], encoding="utf-8")
    return folder


class Strict(SimpleHTTPRequestHandler):
    """Serve with a content policy, without what the address names after a question mark."""

    def end_headers(self) -> None:
        without = unquote(self.path.partition("?")[2])
        policy = "; ".join(f"{name} {value}" for name, value in POLICY.items())
        self.send_header("Content-Security-Policy", policy.replace(without, "") if without else policy)
        super().end_headers()

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def strict(small):
    """The address of the page under the policy."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Strict, directory=str(small))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/page.html"
        server.shutdown()


@pytest.fixture
def own(page, small):
    page.goto((small / "page.html").as_uri())
    return page


def fault(page, source: str) -> str:
    """What is said of a source that gives no function."""
    answer = page.evaluate(DEFINE, source)
    assert answer["entry"] is None
    assert answer["warnings"] == []
    assert len(answer["faults"]) == 1
    return answer["faults"][0]


def warned(page, source: str) -> list[str]:
    """What is said of a source that gives one."""
    answer = page.evaluate(DEFINE, source)
    assert answer["faults"] == []
    return answer["warnings"]


def measured(page, x) -> np.ndarray:
    """The reader's function with its two derivatives."""
    return np.array(page.evaluate(MEASURE, [repr(float(one)).replace("inf", "Infinity") for one in x]), dtype=float)


# ---------------------------------------------------------------------------------------------------------------------
# What can be written, and where


def check_a_page(page, address: str) -> None:
    page.goto(address)
    assert not [url for url in page.requests if "micropython" in url]  # only when it is asked for
    assert warned(page, "x / (1 + abs(x))")[-1].startswith("Beyond ±64")
    assert measured(page, [-1, 3])[0] == pytest.approx([-0.5, 0.75], abs=1e-12)
    assert fault(page, "x +") == "Line 1: SyntaxError: invalid syntax"
    assert sum("micropython" in url for url in page.requests) == 1
    assert page.messages == []


def test_it_runs_from_a_file(page, small):
    check_a_page(page, (small / "page.html").as_uri())


def test_it_runs_under_a_strict_policy(page, strict):
    check_a_page(page, strict)


@pytest.mark.parametrize(
    ("without", "said"),
    [
        ("'wasm-unsafe-eval'", "WebAssembly"),
        ("worker-src blob:", "The browser refuses to start MicroPython."),
    ],
)
def test_a_policy_that_allows_less_is_said_to_refuse_it(page, strict, without, said):
    page.goto(f"{strict}?{without}")
    assert said in fault(page, "x")


def test_a_runtime_that_could_not_be_loaded_is_asked_for_again(page, strict):
    page.goto(strict)
    page.route("**/micropython.js", lambda route: route.abort())
    assert fault(page, "x") == "MicroPython can't start: its file can't be loaded."
    page.unroute("**/micropython.js")
    assert warned(page, "x") == []


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("tanh(x)", math.tanh(0.7)),
        ("\n  math.tanh(x)  # an expression\n", math.tanh(0.7)),
        ("(x +\n  1)", 1.7),
        ("lambda x: x * x", 0.49),
        ("f = lambda x: x * x", 0.49),
        ("def f(x):\r\n\treturn erf(x)\r\n", math.erf(0.7)),
        ("K = 2\ndef g(a, b):\n    return a * b\ndef f(x, k=K):\n    return g(x, k) + math.pi", 1.4 + math.pi),
        ("def first(x):\n    return 1\ndef last(x):\n    return 2 * x\ndef none():\n    raise ValueError(1)", 1.4),
        ("class A:\n    def __call__(self, x):\n        return 2 * x\ns = A()\ndef f(x):\n    return s(x)", 1.4),
        ("def f(x):\n    print(x, 'is not a message')\n    return int(3 * x) + (x > 0)", 3.0),
        ("round(x + 10 ** 20 - 10 ** 20)", 0.0),
    ],
)  # fmt: skip
def test_what_can_be_written(own, source, value):
    warned(own, source)
    assert measured(own, [0.7])[0, 0] == pytest.approx(value, abs=1e-11)
    assert own.messages == []


def test_the_entry_is_one_that_others_can_use(own):
    own.evaluate("document.addEventListener('own-function', () => { window.told = actdocs.functions.own.source; })")
    source = "# mine\nmax(0, x)"
    entry = own.evaluate(DEFINE, source)["entry"]
    assert own.evaluate("window.told") == source
    assert (entry["name"], entry["title"], entry["family"], entry["parameters"]) == ("own", "your function", "own", [])
    assert (entry["kinks"], entry["start"]) == ([0], "he")
    assert own.evaluate("Object.keys(actdocs.functions.tanh).every((name) => name in actdocs.functions.own)")
    assert own.evaluate("actdocs.moments(actdocs.functions.own, []).forward") == pytest.approx(math.sqrt(2), rel=1e-6)
    assert own.evaluate(DEFINE, "tanh(x)")["entry"]["start"] == "glorot"
    for without in ("nan", "x +"):
        fault(own, without)
        assert own.evaluate("actdocs.functions.own.source") == "tanh(x)"


def test_results_may_be_written_over_the_inputs(own):
    warned(own, "sin(x)")
    code = """(over) => {
      const z = Float64Array.of(0.5, 1), other = new Float64Array(2);
      actdocs.functions.own.both(z, over ? z : other, over ? other : z, 1, []);
      return [...z, ...other];
    }"""
    assert own.evaluate(code, True) == pytest.approx([math.sin(0.5), 1, math.cos(0.5), 0])
    assert own.evaluate(code, False) == pytest.approx([math.cos(0.5), 1, math.sin(0.5), 0])


# ---------------------------------------------------------------------------------------------------------------------
# Faults

NONE = "There is no function of one number: write one, as def f(x): …, or an expression of x"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", NONE),
        ("# only words\n", NONE),
        ("def f(x, y):\n    return x", NONE),
        ("def f(x)\n    return x", "Line 1: SyntaxError: invalid syntax"),
        ("def f(x):\n    y = 1\n      return x", "Line 3: IndentationError: unexpected indent"),
        ("import nothing\ndef f(x):\n    return x", "Line 1: ImportError: no module named 'nothing'"),
        ("def f(x):\n    return y", "Line 2: NameError: name 'y' isn't defined, at x = 0.25"),
        ("def f(x):\n    t = [1, 2]\n    return t[int(x)]", "Line 3: IndexError: list index out of range, at x = 2"),
        ("def f(x):\n    raise ValueError('a\\nb')", "Line 2: ValueError: a\nb, at x = 0.25"),
        ("raise SystemExit", "Line 1: SystemExit"),
        ("1j * x", "It returned 0.25j at x = 0.25, not a number"),
        ("str(x)", "It returned '0.25' at x = 0.25, not a number"),
        ("def f(x):\n    if x > 3:\n        return x", "It returned None at x = 0.25, not a number"),
        ("'long' * 1000", f"It returned '{'long' * 14}lon at x = 0.25, not a number"),
        ("nan", "It is finite nowhere."),
        ("sqrt(-1 - x * x)", "It is finite nowhere (ValueError: math domain error)."),
    ],
)  # fmt: skip
def test_a_fault_is_said_with_line_and_place(own, source, said):
    assert fault(own, source) == said


def test_an_endless_loop_ends_and_the_page_lives(own):
    own.evaluate("window.beats = 0; setInterval(() => window.beats++, 50)")
    before = own.evaluate("performance.now()")
    for source in (ENDLESS, "while True: pass", "10 ** 10 ** 7"):
        assert fault(own, source) == "It did not come to an end within 2 s."
    seconds = (own.evaluate("performance.now()") - before) / 1000
    assert 6 <= seconds < 20
    assert own.evaluate("window.beats") > 10 * seconds
    assert warned(own, "x") == []


@pytest.mark.parametrize(
    "source",
    [
        "kept = [bytearray(8 * 10 ** 6) for k in range(20)]\ndef f(x):\n    return x",
        "def f(x):\n    return f(x)",
        "def f(x):\n    return sorted([x, 1], key=lambda y: f(y))",
        "def f(x):\n    kept = []\n    while True:\n        kept.append('a' * 10 ** 7)",
        "def f(x):\n    kept = []\n    while True:\n        kept = [kept, kept]",
        "kept = []\nfor k in range(10 ** 5): kept = [kept]\nrepr(kept)",
    ],
)
def test_what_takes_all_memory_ends(own, source):
    said = fault(own, source)
    assert any(one in said for one in ("MemoryError", "maximum recursion depth", "within 2 s")), said
    if "bytearray" in source:
        assert "MemoryError" in said
    assert warned(own, "x") == []


def test_a_second_stops_the_first_and_a_signal_any(own):
    code = """async ([endless, other]) => {
      const first = actdocs.own.define(endless);
      const second = actdocs.own.define(other);
      const control = new AbortController();
      const both = [await first, await second];
      const third = actdocs.own.define(endless, control.signal);
      setTimeout(() => control.abort(), 300);
      const last = [await third, await actdocs.own.define(other, AbortSignal.abort()), await actdocs.own.define(other)];
      return [...both, ...last].map(({ entry, faults }) => [Boolean(entry), ...faults]);
    }"""
    before = own.evaluate("performance.now()")
    answers = own.evaluate(code, [ENDLESS, "tanh(x)"])
    stopped = [False, "It was stopped."]
    assert answers == [[False, "It was stopped, since another was asked for."], [True], stopped, stopped, [True]]
    own.evaluate("actdocs.own.define('x', AbortSignal.abort())")
    own.wait_for_timeout(500)
    assert own.evaluate("actdocs.functions.own.source") == "tanh(x)"
    own.evaluate("(endless) => void actdocs.own.define(endless)", ENDLESS)
    own.wait_for_timeout(500)
    own.evaluate("actdocs.own.define('x')")
    for _ in range(50):
        if own.workers:
            own.wait_for_timeout(100)
    assert own.workers == []
    assert own.evaluate("performance.now()") - before < 10_000


# ---------------------------------------------------------------------------------------------------------------------
# The code may be anybody's

OUT = ["fetch", "XMLHttpRequest", "importScripts", "WebSocket", "EventSource", "Worker", "indexedDB", "caches"]
OUT += ["BroadcastChannel", "postMessage", "onmessage", "location", "navigator", "setTimeout", "eval", "Function"]
OUT += ["globalThis", "self"]


@pytest.mark.parametrize("name", OUT)
def test_python_does_not_get_at_what_leads_out(own, name):
    assert fault(own, f"import js\ndef f(x):\n    return js.{name}").startswith("Line 3: AttributeError")


@pytest.mark.parametrize(
    "code",
    [
        "jsffi.create_proxy(f).constructor",
        "jsffi.create_proxy(f).__proto__.constructor",
        "jsffi.to_js([1]).constructor.constructor",
        "jsffi.to_js([1]).map.constructor",
        "jsffi.to_js({'a': 1}).constructor.assign.constructor",
    ],
)
def test_no_function_leads_to_what_makes_code_of_text(own, code):
    source = f"import jsffi\ndef f(x):\n    found = {code}\n    return found('return 1')() if found else 7"
    warned(own, source)
    assert measured(own, [0])[0, 0] == 7


# What a hole in the module js would show.
LEFT = """async () => {
  await actdocs.own.define("x");
  const { glue, wasm, worker } = actdocs.micropython;
  const probe = `{
    const [send, later] = [postMessage.bind(self), setTimeout.bind(self)];
    let looked = 0;
    const look = () => {
      if (typeof fetch === "function" && looked++ < 250) return void later(look, 20);
      const names = [];
      for (let one = globalThis; one !== Object.prototype; one = Object.getPrototypeOf(one)) {
        names.push(...Object.getOwnPropertyNames(one));
      }
      const made = [() => 0, async () => 0, function* () {}, async function* () {}];
      send({ names, made: made.map((one) => String(one.constructor)) });
    };
    look();
  }`;
  const address = URL.createObjectURL(new Blob([worker, "\\n", glue, probe]));
  return await new Promise((resolve) => {
    const started = new Worker(address);
    started.onmessage = ({ data }) => data.names && resolve(data);
    started.postMessage({ source: "x", wasm: Uint8Array.from(atob(wasm), (one) => one.charCodeAt(0)) });
  });
}"""


def check_what_is_left(left: dict[str, list[str]]) -> None:
    assert left["made"] == ["null"] * 4
    known = {"globalThis", "Infinity", "NaN", "undefined", "Module", "Object", "Number", "BigInt", "String", "Symbol"}
    known |= {"Math", "Date", "WeakRef", "Promise", "Proxy", "Reflect", "performance", "crypto", "isNaN", "isFinite"}
    known |= {"TEMPORARY", "PERSISTENT"}  # numbers of Chromium's that can't be deleted
    rest = {name for name in left["names"] if not name.startswith(("proxy_js_", "pyProxyF"))} - known
    assert {name for name in rest if not name.endswith(("Array", "Error"))} == set()


def test_nothing_that_leads_out_is_left_in_the_worker(own):
    check_what_is_left(own.evaluate(LEFT))


def test_nothing_is_asked_for_and_nothing_is_said(own):
    heard = []
    own.on("console", lambda message: heard.append(message.text))
    own.evaluate(DEFINE, "import js\ndef f(x):\n    js.fetch('http://127.0.0.1/')")
    own.evaluate(DEFINE, "import asyncio\nasyncio.sleep(1)\ndef f(x):\n    return x")
    warned(own, "import sys\ndef f(x):\n    print(x)\n    print(x, file=sys.stderr)\n    return x")
    own.wait_for_timeout(100)
    assert all(url.startswith(("file:", "data:", "blob:")) for url in own.requests)
    assert heard == own.messages == []


# ---------------------------------------------------------------------------------------------------------------------
# How close the entry is to the function

X = np.linspace(-8, 8, 20_011)
T = np.tanh(X)
DENSITY = np.exp(-X * X / 2) / math.sqrt(2 * math.pi)
SOFT = 1 + np.abs(X)
EXACT = {
    "tanh(x)": (T, 1 - T * T, -2 * T * (1 - T * T), ()),
    "0.5 * x * (1 + erf(x / sqrt(2)))": (X * ndtr(X), ndtr(X) + X * DENSITY, (2 - X * X) * DENSITY, ()),
    "max(0, x)": (np.maximum(0, X), X > 0, 0 * X, (0,)),
    "sin(5 * x)": (np.sin(5 * X), 5 * np.cos(5 * X), -25 * np.sin(5 * X), ()),
    "1 if x >= 0 else 0": (X >= 0, 0 * X, 0 * X, (0,)),
    "x if x > 0 else exp(x) - 1": (
        np.where(X > 0, X, np.expm1(X)), np.exp(np.minimum(X, 0)), np.where(X > 0, 0, np.exp(X)), (0,)
    ),
    "x / (1 + abs(x))": (X / SOFT, SOFT**-2, -2 * np.sign(X) * SOFT**-3, (0,)),
    "log(1 + exp(x))": (np.logaddexp(0, X), expit(X), expit(X) * expit(-X), ()),
    "sin(1.5 * x) + 0.3 * abs(x - 0.77)": (
        np.sin(1.5 * X) + 0.3 * np.abs(X - 0.77),
        1.5 * np.cos(1.5 * X) + 0.3 * np.sign(X - 0.77),
        -2.25 * np.sin(1.5 * X),
        (0.77,),
    ),
    "x * max(0, min(1, (x + 3) / 6))": (
        X * np.clip((X + 3) / 6, 0, 1), np.select([X <= -3, X >= 3], [0, 1], X / 3 + 0.5), (np.abs(X) < 3) / 3, (-3, 3)
    ),
}  # fmt: skip


@pytest.mark.parametrize("source", EXACT)
def test_the_entry_is_close_to_the_function(own, source):
    *exact, kinks = EXACT[source]
    before = own.evaluate("performance.now()")
    warned(own, source)
    took = own.evaluate("performance.now()") - before
    away = np.all([np.abs(X - one) > 1e-6 for one in kinks], axis=0) if kinks else np.full(X.shape, True)
    errors = [np.abs(mine - one)[away].max() for mine, one in zip(measured(own, X), exact, strict=True)]
    NOTES.append(f"own function {source}: " + ", ".join(f"{one:.1e}" for one in errors) + f"; {took:.0f} ms")
    assert errors[0] < 5e-12
    assert errors[1] < 1e-9
    assert errors[2] < 1e-6


def test_kinks_are_sharp_and_jumps_have_no_width(own):
    tiny = 1e-15
    warned(own, "max(0, x)")
    value, slope, second = measured(own, [-1, -tiny, 0, tiny, 1, 63, 100])
    assert value.tolist() == pytest.approx([0, 0, 0, tiny, 1, 63, 100], abs=1e-16)
    assert list(slope) == [0, 0, 0, 1, 1, 1, 1]
    assert not second.any()
    for source, at_zero in (("1 if x >= 0 else 0", 1), ("1 if x > 0 else 0", 0), ("copysign(1, x) if x else 0.5", 0.5)):
        warned(own, source)
        value, slope, second = measured(own, [-1, -tiny, 0, tiny, 1])
        assert value[[1, 3, 4]].tolist() == [value[0], 1, 1]
        if at_zero in (0, 1):
            assert value[2] == at_zero
        assert not slope.any()
        assert not second.any()
    warned(own, "floor(x)")
    x = np.arange(-63, 64)
    value, slope, _ = measured(own, np.concatenate([x, x - 1e-13]))
    assert value.tolist() == [*x, *(x - 1)]
    assert not slope.any()
    assert measured(own, [64, 70])[0].tolist() == [63, 63]  # the jump at the end was not gone over


@pytest.mark.parametrize(
    ("source", "kinks"),
    [
        ("abs(x)", [0]),
        ("max(0, x - 0.3)", [0.3]),
        ("min(6, max(0, x))", [0, 6]),
        ("abs(x - 0.001) + abs(x + 0.001)", [-0.001, 0.001]),
        ("1 if x > math.pi else 0", [round(math.pi, 9)]),
        ("x if x > 0 else exp(x) - 1", []),
        ("max(0, x) ** 2", []),
        ("sin(20 * x)", []),
        ("sqrt(abs(x))", []),
        ("0 if x == 0 else sin(x) / x", []),
    ],
)
def test_kinks_are_found_where_they_are(own, source, kinks):
    assert own.evaluate(DEFINE, source)["entry"]["kinks"] == pytest.approx(kinks, abs=2e-9)


def test_beyond_what_was_measured_it_is_a_straight_line(own):
    warned(own, "x * x")
    value, slope, second = measured(own, [64, 65, -100, math.inf, -math.inf, math.nan])
    assert value[:3] == pytest.approx([4096, 4096 + 128, 4096 + 128 * 36])
    assert slope[:3] == pytest.approx([128, 128, -128])
    assert second[:3] == pytest.approx([2, 0, 0])
    assert value[3:].tolist()[:2] == [math.inf, math.inf]
    assert np.isnan([value[5], slope[5], second[5]]).all()
    warned(own, "tanh(x)")
    assert measured(own, [-math.inf, 1e9, math.inf])[0].tolist() == [-1, 1, 1]


def test_where_the_function_is_not_finite_the_entry_is_not_a_number(own):
    warned(own, "log(x)")
    for row in measured(own, [-64, -1, 0]):
        assert np.isnan(row).all()
    assert measured(own, [1, math.e])[0] == pytest.approx([0, 1], abs=1e-11)
    warned(own, "sin(x) / x")
    found = measured(own, [-1e-6, 0, 1e-6])[0]
    assert np.isnan(found[1])
    assert found[[0, 2]] == pytest.approx([1, 1])


def test_a_flat_table_is_fast(own):
    warned(own, "tanh(x)")
    code = """() => {
      const z = Float64Array.from({ length: 1e5 }, (_, k) => Math.sin(k) * 4), a = z.slice(), d = z.slice();
      let best = Infinity;
      for (let k = 0; k < 20; k++) {
        const start = performance.now();
        actdocs.functions.own.both(z, a, d, z.length, []);
        best = Math.min(best, performance.now() - start);
      }
      return best * 10;
    }"""
    each = own.evaluate(code)
    NOTES.append(f"own function, a value with its slope at a random place: {each:.0f} ns")
    assert each < 1000


# ---------------------------------------------------------------------------------------------------------------------
# Warnings

RANGE = "Its values stay between {} and {}."
DEAD = "Its slope is exactly 0 {}: inputs there teach nothing."
JUMPS = "It jumps at x = {}; no slope shows that."
FADES = "It divides gradients by about {}: give its weights that gain."
LINE = "Beyond ±64 it is taken for a straight line, which it is not."


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("x", []),
        ("x * 0.5 * (1 + erf(x / sqrt(2)))", []),
        ("max(0, x)", [DEAD.format("for x below 0")]),
        ("tanh(x)", [RANGE.format("−1", 1)]),
        ("1 / (1 + exp(-x)) if x > -700 else 0", [RANGE.format(0, 1), FADES.format(4.723)]),
        ("min(6, max(0, x - 0.3))", [DEAD.format("for x below 0.3"), RANGE.format(0, 6)]),
        ("3", [DEAD.format("everywhere"), "It is 3 everywhere."]),
        ("min(x, 6)", []),  # dead where inputs seldom are
        ("x > 1", [DEAD.format("everywhere"), JUMPS.format("1 from 0 to 1"), RANGE.format(0, 1)]),
        ("-x", ["It never increases."]),
        ("x ** 3", ["Its slope grows: it is 12290 at x = −64.", LINE]),
        ("log(1 + exp(x))", ["It is not finite at x = 1000, 10000 (ValueError: math domain error)."]),
        ("log(x)", ["It is not finite for x below 0 (ValueError: math domain error).", LINE]),
        ("1 / x", ["It is not finite at x = 0 (ZeroDivisionError: divide by zero).", LINE]),
        ("sin(x) / x", ["It is not finite at x = 0 (ZeroDivisionError: divide by zero).", LINE, FADES.format(3.909)]),
        ("1e308 * 10 if 1 < x < 2 else x", ["It is not finite for x from 1 to 2."]),
    ],
)  # fmt: skip
def test_what_to_beware_of_is_said_with_numbers(own, source, said):
    assert warned(own, source) == said


@pytest.mark.parametrize("source", ["sin(3000 * x)", "def f(x):\n    for _ in range(300): pass\n    return sin(9 * x)"])
def test_what_is_rough_or_slow_is_still_drawn_and_said_to_be(own, source):
    said = warned(own, source)
    assert "It is too rough, or too slow, to be followed closely everywhere." in said
    assert not any("stay between" in one or "jumps" in one for one in said)
    assert np.isfinite(measured(own, [-50, 0, 50])).all()


def test_stairs_are_counted(own):
    assert JUMPS.format("−63 from −64 to −63 and 126 other places") in warned(own, "floor(x)")


# ---------------------------------------------------------------------------------------------------------------------
# All at once

PIECES = [*"xxx01()*/+-:,[]{}'\"\\#<>=y\n\t\0é網\u2028", "**", "==", "1e308", "1j", "if", "else", "for", "in", "None"]
PIECES += [
    "\n    ",
    "exp(",
    "tanh(",
    "log(",
    "lambda x:",
    "def f(x):",
    "return",
    "x = ",
    "sum(",
    "range(9)",
    "f(x)",
    "yield",
]
PIECES += ["import js", "import math", "raise", "try:", "except:", "class A:", "print(x)", "`${1}`", "</script>"]
WHOLE = [
    "def f(x):\n    return x / (1 + abs(x))",
    "def g(a):\n    return a * a\n\ndef f(x, k=3):\n    if x > 0:\n        return g(x)\n    return k * sin(x)",
    "x if x > 0 else 0.1 * (exp(x) - 1)",
]


def expression(chance: random.Random, depth: int) -> str:
    """An expression that is right, whatever comes of it."""
    if not depth:
        return chance.choice(["x", "x", "x", "0", "2", "0.3", "1e3", "-1", "pi"])
    inner = partial(expression, chance, depth - 1)
    name = chance.choice(
        ["exp", "tanh", "erf", "log", "sqrt", "abs", "floor", "sin", "gamma", "-", "int", "str", "bool"]
    )
    sign = chance.choice(["+", "-", "*", "/", "**", "//", "%", ">"])
    choice = f"({inner()} if {inner()} < {inner()} else {inner()})"
    return chance.choice(
        [f"{name}({inner()})", f"({inner()}) {sign} ({inner()})", choice, f"max({inner()}, {inner()})"]
    )


def garbled(chance: random.Random) -> str:
    """A text that looks like Python here and there."""
    kind = chance.random()
    if kind < 0.3:
        return " ".join(chance.choices(PIECES, k=chance.randint(1, 14)))
    if kind < 0.6:
        return expression(chance, chance.randint(1, 4))
    text = list(chance.choice(WHOLE))
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(text))
        text[place : place + chance.randint(0, 3)] = chance.choice(PIECES)
    return "".join(text)


def test_whatever_is_written_there_is_an_answer(own):
    chance = random.Random(7)
    sources = [garbled(chance) for _ in range(300)]
    code = """async (sources) => {
      const answers = [];
      for (const source of sources) {
        const start = performance.now();
        try {
          const { entry, faults, warnings } = await actdocs.own.define(source);
          const z = Float64Array.of(-70, -1, 0, 0.3, 9), a = z.slice();
          if (entry) entry.both(z, a, z, 5, []), entry.second(z, a, 5, []);
          const texts = [...faults, ...warnings].every((one) => typeof one === "string" && one.length < 600);
          answers.push([Boolean(entry) === !faults.length && texts, performance.now() - start, Boolean(entry)]);
        } catch (error) {
          answers.push([String(error), 0, false]);
        }
      }
      return answers;
    }"""
    answers = own.evaluate(code, sources)
    assert [(source, one) for source, (one, *_) in zip(sources, answers, strict=True) if one is not True] == []
    assert 20 < sum(good for *_, good in answers) < 280
    NOTES.append(f"own function, 300 garbled sources: the slowest took {max(took for _, took, _ in answers):.0f} ms")
    assert own.messages == []
    assert warned(own, "x") == []


def test_the_scripts_are_small(scripts):
    sizes = {name: len(gzip.compress(scripts[name].encode(), 9)) for name in ("own", "own-worker", "micropython")}
    NOTES.append(f"own function, compressed bytes: {sizes}")
    assert sizes["own"] < 2_500
    assert sizes["own-worker"] < 2_500
    assert sizes["micropython"] < 300_000


def test_the_same_in_firefox(small, strict, request):
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        pytest.skip("no Firefox on the path")
    packages = request.getfixturevalue("web")
    if not (packages / "puppeteer-core").exists():
        pytest.skip("puppeteer-core is not among the packages of these tests")
    ask = """async (source) => {
      const { entry, faults, warnings } = await actdocs.own.define(source);
      const z = Float64Array.of(0.5), a = z.slice(), d = z.slice();
      entry?.both(z, a, d, 1, []);
      return entry ? [a[0], d[0], entry.kinks, warnings] : faults;
    }"""
    sources = [
        "tanh(x)",
        "max(0, x)",
        ENDLESS,
        "def f(x):\n    return f(x)",
        "import js\ndef f(x):\n    return js.fetch",
    ]
    # That files are not readable shows that the policy is the reader's.
    expression = f"""(async () => {{
      const ask = {ask};
      const found = [];
      for (const source of {json.dumps(sources)}) found.push(await ask(source));
      const closed = await fetch("probe").then(() => false, () => true);
      return [closed, await ({LEFT})(), ...found];
    }})()"""
    command = [maths.program("node"), str(Path(__file__).parent / "firefox.mjs"), str(packages), expression]
    for page in json.loads(maths.run([*command, (small / "page.html").as_uri(), strict])):
        closed, left, smooth, relu, endless, deep, js = page["value"]
        assert closed
        check_what_is_left(left)
        assert smooth[:2] == pytest.approx([math.tanh(0.5), 1 - math.tanh(0.5) ** 2])
        assert smooth[2:] == [[], [RANGE.format("−1", 1)]]
        assert relu == [0.5, 1, [0], [DEAD.format("for x below 0")]]
        assert endless == ["It did not come to an end within 2 s."]
        assert "recursion" in deep[0]
        assert "AttributeError" in js[0]
        assert [one for one in page["errors"] if "probe" not in one] == []
