"""Every copy button is pressed, the clipboard read, and what it holds is run as a reader would run it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path

import pytest
from shared import HEAVY, NOTES, no_faults

ROOT = Path(__file__).parents[2]
PASTE = Path(__file__).with_name("paste.py")
# An interpreter that may have the frameworks which the site's own lacks.
OTHER = ROOT / ".nox" / "crosscheck" / "bin" / "python"
TABS = {"NumPy": "numpy", "TensorFlow": "tensorflow", "PyTorch": "torch", "JAX": "jax", "ONNX": "onnx"}
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
TIME = re.compile(r"\d[\d.,]*\s?(ns|µs|us|ms|s|min|seconds?)\b")

# Each button with where it stands and what the page shows below: text that was printed, not tables or figures.
BUTTONS = """() => {
  document.querySelectorAll("details").forEach((one) => { one.open = true; });
  return [...document.querySelectorAll("button.copybtn")].map((button, number) => {
    button.dataset.number = number;
    const block = button.closest("[class*=highlight-]");
    const tab = button.closest(".sd-tab-content")?.previousElementSibling.textContent.trim() ?? "";
    const cell = button.closest(".cell");
    const below = block.nextElementSibling;
    const outputs = cell ? [...cell.querySelectorAll(".cell_output > .output:is(.stream, .text_plain) pre")]
      : below?.matches(".sphx-glr-script-out") ? [...below.querySelectorAll("pre")] : [];
    return {number, tab, language: /highlight-(\\w+)/.exec(block.className)[1],
      source: block.querySelector("pre").textContent,
      cell: Boolean(cell) || /highlight-Python/.test(block.className),
      inside: Boolean(button.closest(".cell_output, .sphx-glr-script-out")),
      shown: outputs.map((one) => one.textContent).join("")};
  });
}"""


@pytest.fixture(scope="module")
def copied(browser, folder, pages):
    """What every copy button of every page puts on the clipboard, by page."""
    context = browser.new_context()
    context.grant_permissions(["clipboard-read"])
    page = context.new_page()
    found = {}
    for name in pages:
        if 'class="highlight' not in (folder / name).read_text(encoding="utf-8"):
            continue
        page.goto((folder / name).as_uri())
        blocks = page.evaluate(BUTTONS)
        for block in blocks:
            button = page.locator(f"button.copybtn[data-number='{block['number']}']")
            if block["tab"] and not button.is_visible():
                page.locator(".sd-tab-label", has_text=re.compile(f"^\\s*{block['tab']}\\s*$")).first.click()
            button.click()
            block["text"] = page.evaluate("navigator.clipboard.readText()")
        if blocks:
            found[name] = blocks
    context.close()
    NOTES.append(f"{sum(map(len, found.values()))} copy buttons pressed on {len(found)} pages")
    return found


def paste(
    blocks: list[str], *options: str, python: str = sys.executable, cwd: Path | None = None
) -> list[tuple[str, str]]:
    """Run blocks in one fresh interpreter, in an empty folder if no other is given."""
    keep = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "MPLBACKEND")}
    with tempfile.TemporaryDirectory() as empty:
        done = subprocess.run(
            [python, str(PASTE), *options],
            input=json.dumps(blocks),
            env={**keep, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"},
            cwd=cwd or empty,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 0, done.stderr[-2000:]
    return [tuple(answer) for answer in json.loads(done.stdout)]


def plain(text: str) -> list[str]:
    """Give the lines of an output, timings masked."""
    return [TIME.sub("TIME", line.rstrip()) for line in textwrap.dedent(text).strip().splitlines()]


def near(shown: str, printed: str) -> bool:
    """Tell whether two lines are equal up to one in the last place of their numbers."""
    if NUMBER.sub("N", shown) != NUMBER.sub("N", printed):
        return False
    pairs = zip(map(Decimal, NUMBER.findall(shown)), map(Decimal, NUMBER.findall(printed)), strict=True)
    return all(abs(a - b) <= Decimal(1).scaleb(a.as_tuple().exponent) for a, b in pairs)


def test_buttons_copy_the_code_alone(copied):
    faults = []
    for name, blocks in copied.items():
        for block in blocks:
            place = f"{name} block {block['number']}"
            lines = block["text"].splitlines()
            if block["inside"]:
                faults.append(f"{place}: the output has a button")
            if not block["text"].strip():
                faults.append(f"{place}: copies nothing")
            faults += [
                f"{place}: copies a prompt: {line}" for line in lines if re.match(r">>>|\.\.\. |\$ |In \[", line)
            ]
            prompts = re.search(r"^(>>>|\$) ", block["source"], re.MULTILINE)
            if not prompts and block["source"].strip("\n") != block["text"].strip("\n"):
                faults.append(f"{place}: copies other text than it shows")
    no_faults(faults)
    assert len(copied) > 100


def in_order(pages, *, heavy: bool) -> list[str]:
    return [
        name
        for name in pages
        if name.startswith(("learn/", "auto_gallery/", "choose", "index.", "atlas/corrections", "atlas/data"))
        and name.startswith(HEAVY) is heavy
    ]


def compare(copied, names, same=str.__eq__) -> None:
    """Run the pages' blocks in order and compare what they print with what the pages show.

    Chapters 1 to 9 have to do with NumPy, SciPy and Matplotlib.
    """
    faults, ran, lines = [], 0, 0
    for name in names:
        blocks = [block for block in copied.get(name, ()) if block["cell"]]
        if not blocks:
            continue
        few = ("--few",) if re.match("learn/0[1-9]-", name) else ()
        for block, (printed, error) in zip(blocks, paste([block["text"] for block in blocks], *few), strict=True):
            place = f"{name} block {block['number']}"
            ran += 1
            if error:
                faults.append(f"{place}: {error.strip()}")
                continue
            wanted, got = plain(block["shown"]), plain(printed)
            lines += len(wanted)
            if wanted:
                pairs = zip_longest(wanted, got, fillvalue="")
                wrong = [f"{place}: shows {a!r} and prints {b!r}" for a, b in pairs if not same(a, b)]
                faults += wrong[:1]
    NOTES.append(f"{ran} blocks run in their order, {lines} lines of output as on the page, {len(faults)} faults")
    no_faults(faults)
    assert ran


def test_the_blocks_of_a_page_run_in_order_and_print_what_it_shows(copied, pages):
    compare(copied, in_order(pages, heavy=False))


@pytest.mark.heavy
def test_the_blocks_that_train_run_in_order_and_print_what_the_page_shows(copied, pages):
    # The threads of TensorFlow add in an order of their own.
    compare(copied, in_order(pages, heavy=True), near)


def test_examples_with_prompts_run_as_copied(copied):
    faults, ran = [], 0
    for name, blocks in copied.items():
        examples = [block for block in blocks if block["language"] == "default"]
        # The studies of the store are files of the repository.
        folder = ROOT if "actdocs.evidence" in name else None
        for block, (_, error) in zip(examples, paste([one["text"] for one in examples], cwd=folder), strict=True):
            ran += 1
            if error and "Traceback" not in block["source"]:
                faults.append(f"{name} block {block['number']}: {error.strip()}")
    NOTES.append(f"{ran} examples with prompts run as copied, {len(faults)} faults")
    no_faults(faults)
    assert ran > 100


def has(python: str, module: str) -> bool:
    return not subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False).returncode


@pytest.mark.parametrize("tab", TABS)
def test_the_code_of_a_framework_runs_alone(copied, tab):
    python = next((one for one in (sys.executable, str(OTHER)) if Path(one).exists() and has(one, TABS[tab])), None)
    if python is None:
        pytest.skip(f"{tab} is installed neither here nor for the session crosscheck")
    found = [(name, block["text"]) for name, blocks in copied.items() for block in blocks if block["tab"] == tab]
    answers = paste([code for _, code in found], "--alone", python=python)
    NOTES.append(f"{len(found)} tabs for {tab} run, each by itself")
    no_faults(f"{name}: {error.strip()}" for (name, _), (_, error) in zip(found, answers, strict=True) if error)
    assert found
