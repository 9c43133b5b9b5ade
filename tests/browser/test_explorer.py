"""The function explorer, used by pointer and by keyboard."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from html import unescape
from urllib.parse import unquote

import pytest
from shared import AXE, NOTES, PAINTED

import actdocs

PAGE = "play/explorer.html"
TABLE = (
    "[...document.querySelectorAll('.numbers tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))"
)


@pytest.fixture
def explorer(page, folder):
    page.goto((folder / PAGE).as_uri() + "#f=leaky_relu(alpha=0.2)&f=gelu&at=-1.5")
    page.wait_for_selector(".play .curve")
    return page


def number(text: str) -> float:
    return float(text.replace("−", "-").replace("∞", "inf"))


def test_the_numbers_at_the_line_are_those_of_the_package(explorer):
    first, second = explorer.evaluate(TABLE)
    assert first[0] == "Leaky ReLU (alpha = 0.2)"
    assert [number(cell) for cell in first[1:]] == pytest.approx([-0.3, 0.2, 0.0])
    gelu = actdocs.get("gelu")
    assert [number(cell) for cell in second[1:3]] == pytest.approx([gelu(-1.5), gelu.derivative(-1.5)], rel=1e-6)


def test_a_key_on_the_slider_moves_the_line_and_the_numbers(explorer):
    explorer.focus(".across input[type=range]")
    before = explorer.evaluate(TABLE)
    explorer.keyboard.press("ArrowRight")
    explorer.wait_for_function(
        f"JSON.stringify({TABLE}) !== {json.dumps(json.dumps(before, ensure_ascii=False, separators=(',', ':')))}"
    )
    assert explorer.get_attribute(".chart .pointer", "visibility") == "visible"
    assert explorer.get_attribute(".across input[type=range]", "aria-valuetext").startswith("−1.47")


def test_what_is_seen_has_an_address_that_brings_it_back(explorer, folder):
    explorer.locator(".function select").first.select_option("elu")
    explorer.locator(".parameters input[type=number]").first.fill("0.5")
    explorer.keyboard.press("Enter")
    explorer.get_by_label("second derivative").check()
    explorer.wait_for_function("location.hash.includes('second')")
    address = explorer.url
    assert "f=elu(alpha=0.5)" in unquote(address)
    seen = explorer.evaluate(TABLE)
    explorer.goto("about:blank")
    explorer.goto(address)
    explorer.wait_for_selector(".play .curve")
    assert explorer.evaluate(TABLE) == seen
    assert explorer.get_by_label("second derivative").is_checked()
    assert explorer.locator(".chart .curve").count() == 6


def test_a_wrong_address_is_said_and_the_rest_of_it_stands(page, folder):
    page.goto((folder / PAGE).as_uri() + "#f=rely&x=-2,2&zoom=3")
    page.wait_for_selector(".play .curve")
    text = page.inner_text(".play .faults")
    assert 'no function is called "rely"' in text
    assert '"zoom" is not known here' in text
    assert page.evaluate("document.querySelector('.chart .across').textContent").startswith("−2")
    assert page.messages == []


def test_a_value_outside_a_parameter_s_domain_is_refused_with_a_word(explorer):
    explorer.locator(".parameters input[type=number]").first.fill("-1")
    explorer.keyboard.press("Enter")
    explorer.wait_for_selector(".play .faults:visible")
    assert explorer.inner_text(".play .faults") == 'alpha of leaky_relu must be a number of at least 0, got "-1"'
    assert explorer.evaluate(TABLE)[0][0] == "Leaky ReLU (alpha = 0.2)"


def test_the_picture_is_moved_by_dragging_and_zoomed_by_buttons(explorer):
    ends = "document.querySelector('.chart .across').textContent"
    before = explorer.evaluate(ends)
    box = explorer.locator(".chart").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    explorer.mouse.move(*middle)
    explorer.mouse.down()
    explorer.mouse.move(middle[0] + 120, middle[1], steps=6)
    explorer.mouse.up()
    explorer.wait_for_function(f"{ends} !== {json.dumps(before)}")
    explorer.get_by_role("button", name="Reset the view").click()
    explorer.wait_for_function(f"{ends} === {json.dumps(before)}")
    explorer.get_by_role("button", name="Zoom in").click()
    explorer.wait_for_function(f"{ends} !== {json.dumps(before)}")


def test_a_jump_is_a_gap_and_a_steep_slope_is_none(page, folder):
    page.goto((folder / PAGE).as_uri() + "#f=binary_step&show=value")
    page.wait_for_selector(".play .curve")
    assert page.get_attribute(".chart .curve", "d").count("M") == 2
    page.goto((folder / PAGE).as_uri() + "#f=swish(beta=3)&show=value")
    page.reload()
    page.wait_for_selector(".play .curve")
    assert page.get_attribute(".chart .curve", "d").count("M") == 1


def saved(page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).click()
    return download.value.path().read_bytes()


def test_it_is_saved_as_picture_table_and_drawing(explorer):
    assert saved(explorer, "PNG").startswith(b"\x89PNG")
    drawing = saved(explorer, "SVG").decode()
    assert drawing.startswith("<svg")
    assert "var(" not in drawing
    rows = list(csv.DictReader(io.StringIO(saved(explorer, "CSV").decode())))
    assert list(rows[0]) == [
        "x",
        "leaky_relu(alpha=0.2) value",
        "leaky_relu(alpha=0.2) derivative",
        "gelu value",
        "gelu derivative",
    ]
    gelu = actdocs.get("gelu")
    for row in rows[::40]:
        assert float(row["gelu value"]) == pytest.approx(gelu(float(row["x"])), rel=1e-12, abs=1e-300)


@pytest.mark.parametrize(
    "state", ["f=leaky_relu(alpha=0.2)&f=gelu(approximate=tanh)&show=value&show=second", "f=apl(slopes[1]=0.5)&x=-3,3"]
)
def test_the_python_code_draws_the_same_curves(page, folder, state, tmp_path):
    page.goto((folder / PAGE).as_uri() + f"#{state}")
    page.wait_for_selector(".play .curve")
    page.wait_for_function("document.querySelector('.play pre code').textContent")
    code = page.evaluate("document.querySelector('.play pre code').textContent")
    ending = """
import json
lines = [[line.get_label(), line.get_linestyle(), float(np.interp(0.5, *line.get_data()))] for line in ax.lines]
print(json.dumps([lines, ax.get_xlim(), ax.get_ylim()]))
"""
    done = subprocess.run(
        [sys.executable, "-c", f"import matplotlib\nmatplotlib.use('agg')\n{code}{ending}"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines, x, _ = json.loads(done.stdout.splitlines()[-1])
    assert len(lines) == page.locator(".chart .curve").count()
    assert x == ([-3, 3] if "x=" in state else [-5, 5])
    page.locator(".across input[type=number]").fill("0.5")
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    table = page.evaluate(TABLE)
    shown = [number(row[place]) for row in table for place in ((1, 3) if "second" in state else (1, 2))]
    assert [line[2] for line in lines] == pytest.approx(shown, rel=1e-4, abs=1e-6)


def test_no_more_than_six_functions_and_never_none(explorer):
    add = explorer.get_by_role("button", name="Add a function")
    for _ in range(4):
        add.click()
    assert add.is_disabled()
    assert explorer.locator(".function").count() == 6
    for _ in range(5):
        explorer.locator(".function button").first.click()
    assert explorer.locator(".function").count() == 1
    assert explorer.locator(".function button").count() == 0


def test_six_curves_are_drawn_within_a_frame(page, folder):
    """The time from a slider's step to the end of the drawing, which the frame shows; printed, judged loosely."""
    functions = "&".join(f"f={name}" for name in ("elu", "gelu", "swish", "mish", "softplus", "tanhexp"))
    page.goto((folder / PAGE).as_uri() + f"#{functions}&show=value")
    page.wait_for_selector(".play .curve")
    times = page.evaluate(PAINTED)
    NOTES.append(
        f"explorer, six curves: {times[30]:.1f} ms from the frame to painted (median), {times[57]:.1f} ms (95 %)"
    )
    assert times[30] < 100


PLACES = [PAGE, "atlas/gelu.html", "learn/07-leaky-relu.html"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PLACES)
def test_it_has_no_fault_of_accessibility(page, folder, web, name, theme):
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto((folder / name).as_uri())
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        page.wait_for_selector(".play .curve")
        page.add_script_tag(path=web / "axe-core" / "axe.min.js")
        assert page.evaluate(AXE) == []


@pytest.mark.parametrize("name", PLACES)
def test_it_asks_for_nothing_and_says_nothing(page, folder, name):
    page.goto((folder / name).as_uri())
    page.wait_for_selector(".play .curve")
    page.wait_for_timeout(200)
    assert page.messages == []
    assert all(url.startswith("file:") for url in page.requests)


@pytest.mark.parametrize("kind", ["explorer", "gradients", "playground"])
def test_every_state_that_the_site_links_to_is_read_without_a_fault(page, html, folder, kind):
    states = set()
    for path in html.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        own = path == html / "play" / f"{kind}.html"
        states |= set(re.findall(rf'href="{"" if own else f"[^#]*play/{kind}[.]html"}#([^"]*=[^"]*)"', text))
        states |= set(re.findall(rf'data-play="{kind}"[^>]* data-state="([^"]+)"', text))
    for state in map(unescape, states):
        page.goto("about:blank")
        page.goto((folder / "play" / f"{kind}.html").as_uri() + f"#{state}")
        page.wait_for_selector(".play .chart .axis")
        assert "".join(page.locator(".play .faults").all_inner_texts()) == "", state
    assert states
    assert page.messages == []


def test_without_scripts_the_page_says_what_is_there_instead(browser, folder):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / PAGE).as_uri())
    assert "needs a browser that runs scripts" in page.inner_text(".still")
    page.goto((folder / "atlas/gelu.html").as_uri())
    assert "Without scripts, the figure at the top" in page.inner_text(".still")
    context.close()


def test_a_small_explorer_leads_to_the_whole_one_with_its_state(page, folder):
    page.goto((folder / "atlas/elu.html").as_uri())
    page.wait_for_selector(".play .curve")
    page.locator(".play .parameters input[type=number]").fill("0.3")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.play .bar a').href.includes('0.3')")
    page.click(".play .bar a >> text=Open in the explorer")
    page.wait_for_selector(".play .curve")
    assert page.url.endswith("play/explorer.html#f=elu(alpha=0.3)")
    assert page.evaluate(TABLE)[0][0] == "ELU (alpha = 0.3)"
