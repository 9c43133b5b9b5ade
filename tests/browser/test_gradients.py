"""The gradient explorer, used by pointer and by keyboard; and what its page says there is to see."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest
from shared import AXE, NOTES, no_faults
from test_accessible import OUTSIDE, STUCK, WIDTHS

PAGE = "play/gradients.html"
# The numbers of each layer: signal, gradient, dead units and flat slopes of A, then of B.
ROWS = """[...document.querySelectorAll(".numbers tbody tr")].map(
  (row) => [...row.cells].slice(1).map((cell) => cell.textContent))"""
CURVES = "[...document.querySelectorAll('.play .chart .curve')].map((curve) => curve.getAttribute('d')).join()"
A, B = slice(0, 4), slice(4, 8)
SIGNAL, GRADIENT, DEAD, FLAT = range(4)


def number(text: str) -> float:
    return float(text.replace("−", "-").replace("∞", "inf").removesuffix(" %"))


def shown(page, **wanted: int) -> list[list[float]]:
    """Wait until the network has that depth and the numbers of all its layers stand there; give them."""
    depth = wanted.get("depth") or int(page.input_value(".slider:has-text('depth') input[type=number]"))
    page.wait_for_function(f"document.querySelectorAll('.numbers tbody tr').length === {depth}")
    settled(page)
    return [[number(cell) for cell in row] for row in page.evaluate(ROWS)]


def settled(page) -> None:
    """Wait until what a change sets off has come to its end."""
    page.wait_for_timeout(700)


def slider(page, name: str, place: int = 0):
    """Give the slider of that name."""
    return page.locator(f".slider:has(span:text-is('{name}')) input[type=range]").nth(place)


@pytest.fixture
def explorer(page, folder):
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto((folder / PAGE).as_uri())
    page.wait_for_function("document.querySelector('.play .told')?.textContent")
    yield page
    assert page.messages == []
    assert all(url.startswith(("file:", "data:", "blob:")) for url in page.requests)


def test_it_starts_with_a_sentence_and_with_both_functions_in_each_chart(explorer):
    rows = shown(explorer, depth=20)
    told = explorer.inner_text(".told")
    assert told.startswith("With ReLU the gradient at the first layer is ")
    ratios = [number(word) for word in told.replace(";", " ").split() if word[0].isdigit()]
    assert ratios == pytest.approx([rows[0][k] / rows[-1][k] for k in (1, 5)], rel=0.05)
    assert 0.1 < ratios[0] < 10
    assert ratios[1] < 1e-9
    charts = explorer.locator(".play .chart")
    assert charts.count() == 7
    names = [chart.get_attribute("aria-label") for chart in charts.all()]
    assert len(set(names)) == 7
    # A drawn network and the theory, of each function.
    assert [charts.nth(k).locator(".curve").count() for k in range(3)] == [4, 4, 2]
    for chart in charts.all()[:3]:
        assert sorted(chart.locator(".names text").all_text_contents()) == ["ReLU", "Sigmoid"]


def test_keys_on_a_slider_change_the_chart_the_numbers_and_the_address(explorer):
    before = explorer.evaluate(CURVES)
    slider(explorer, "depth").focus()
    explorer.keyboard.press("ArrowRight")
    shown(explorer, depth=21)
    assert explorer.evaluate(CURVES) != before
    assert explorer.evaluate("location.hash") == "#depth=21"
    assert slider(explorer, "depth").get_attribute("aria-valuetext") == "21"
    # The first layers are those of before, and so is what their functions make of the inputs.
    slider(explorer, "bias").focus()
    explorer.keyboard.press("ArrowRight")
    explorer.wait_for_function("location.hash.includes('bias')")
    assert explorer.evaluate("location.hash") == "#depth=21&bias=0.02"
    slider(explorer, "layer").focus()
    explorer.keyboard.press("End")
    explorer.wait_for_function("document.querySelector('.pair thead th').textContent === 'layer 21'")


def test_a_drag_is_followed_while_it_lasts_and_told_when_it_ends(explorer):
    explorer.evaluate("""() => {
      window.said = 0;
      new MutationObserver(() => { window.said += 1; }).observe(document.querySelector(".told"), {childList: true});
    }""")
    bar = slider(explorer, "gain", 1).bounding_box()
    middle = bar["y"] + bar["height"] / 2
    seen = set()
    explorer.mouse.move(bar["x"] + bar["width"] * 0.43, middle)
    explorer.mouse.down()
    for share in (0.5, 0.55, 0.6, 0.65, 0.7):
        explorer.mouse.move(bar["x"] + bar["width"] * share, middle, steps=2)
        explorer.wait_for_timeout(60)
        seen.add(explorer.evaluate(CURVES))
    assert len(seen) == 5
    explorer.mouse.up()
    explorer.wait_for_function("location.hash.includes('start=gain')")
    assert 1 <= explorer.evaluate("window.said") <= 2
    assert explorer.locator(".choice:has-text('weights') select").input_value() == "gain"
    # The other one has kept what its rule gave it.
    assert "gain=1.4142," in explorer.evaluate("location.hash")


def test_what_is_seen_has_an_address_that_brings_it_back(explorer):
    explorer.locator("fieldset select").nth(0).select_option("leaky_relu")
    explorer.locator("fieldset .parameters input[type=number]").fill("0.3")
    explorer.keyboard.press("Enter")
    explorer.locator("fieldset select").nth(1).select_option("leaky_relu")
    explorer.locator(".choice:has-text('weights') select").select_option("lecun")
    explorer.get_by_role("button", name="Draw again").click()
    explorer.wait_for_function("location.hash.includes('seed=2')")
    rows = shown(explorer)
    address = explorer.url
    assert address.partition("#")[2] == "f=leaky_relu(alpha=0.3)&f=leaky_relu&start=lecun&seed=2"
    # Two of one function: their names and their dashes tell them apart.
    assert sorted(explorer.locator(".play .chart").first.locator(".names text").all_text_contents()) == [
        "Leaky ReLU A",
        "Leaky ReLU B",
    ]
    dashes = (
        explorer.locator(".play .chart")
        .first.locator(".curve")
        .evaluate_all("curves => curves.map((one) => one.getAttribute('stroke-dasharray'))")
    )
    assert dashes == [None, "1 4", "7 4", "1 4"]
    explorer.goto("about:blank")
    explorer.goto(address)
    assert shown(explorer) == rows
    assert explorer.url == address
    explorer.evaluate("location.hash = 'f=tanh&f=gelu&depth=5'")
    shown(explorer, depth=5)
    assert explorer.inner_text(".told").startswith("With Tanh")
    # A heading's anchor asks for nothing.
    explorer.evaluate("location.hash = 'what-you-see'")
    assert len(shown(explorer)) == 5


def test_a_wrong_address_or_value_is_said_and_the_rest_stands(page, folder):
    page.goto((folder / PAGE).as_uri() + "#f=rely&depth=7&gain=1&width=4000")
    assert len(shown(page, depth=7)) == 7
    text = page.inner_text(".play .faults")
    assert 'no function is called "rely"' in text
    assert "gain must be 2 numbers" in text
    assert "width must be a whole number of at least 4 and at most 128" in text
    page.evaluate("location.hash = 'f=elu&f=relu'")
    shown(page, depth=20)
    assert page.locator(".play .faults:visible").count() == 0
    page.locator("fieldset .parameters input[type=number]").fill("-1")
    page.keyboard.press("Enter")
    assert page.inner_text(".play .faults") == 'alpha of elu must be a number of at least 0, got "-1"'
    # A number beyond the ends of its slider is brought back.
    for name, typed, kept in (("width", "1000", "128"), ("depth", "0", "1"), ("bias", "-9", "-2")):
        box = page.locator(f".slider:has(span:text-is('{name}')) input[type=number]")
        box.fill(typed)
        page.keyboard.press("Enter")
        page.wait_for_function(f"document.activeElement.value === '{kept}'")
    assert page.messages == []


def try_it(page, number_: int) -> list[list[float]]:
    """Follow one of the links of the page, and give what it shows."""
    link = page.locator("#what-to-try a[href*='f=']").nth(number_)
    before = page.evaluate(CURVES)
    link.click()
    page.wait_for_function(f"{CURVES} !== {before!r}")
    settled(page)
    assert page.locator(".play .faults:visible").count() == 0
    # The reader is led to what changed.
    assert page.evaluate("document.querySelector('.play').getBoundingClientRect().top") < 400
    return shown(page)


def test_the_page_is_right_about_the_two_gains_of_relu(explorer):
    rows = try_it(explorer, 0)
    assert len(rows) == 50
    assert rows[0][B][GRADIENT] / rows[-1][B][GRADIENT] < 1e-6
    assert rows[0][A][GRADIENT] / rows[-1][A][GRADIENT] > 0.01
    # The same factor in each layer: what B has is what A has, less √½ for each layer.
    for place, row in enumerate(rows):
        assert row[B][SIGNAL] / row[A][SIGNAL] == pytest.approx(1.4142**-place, rel=0.02)
    explorer.locator(".mends").nth(1).get_by_role("button", name="Use gain 1.414").first.click()
    explorer.wait_for_function("location.hash.includes('gain=1.4142,1.4142')")
    rows = shown(explorer)
    assert [row[A] for row in rows] == [row[B] for row in rows]
    drawn = explorer.locator(".play .chart").first.locator(".curve")
    assert drawn.nth(0).get_attribute("d") == drawn.nth(2).get_attribute("d")
    # The button keeps the focus, for a second thought.
    assert explorer.evaluate("document.activeElement.textContent") == "Use gain 1.414"


def test_the_page_is_right_about_the_price_of_a_sigmoid(explorer):
    rows = try_it(explorer, 1)
    signals = [row[A][SIGNAL] for row in rows]
    assert max(signals) / min(signals) < 1.5
    assert rows[0][A][GRADIENT] / rows[-1][A][GRADIENT] < 1e-6
    assert 0.1 < rows[0][B][GRADIENT] / rows[-1][B][GRADIENT] < 10
    layer = int(slider(explorer, "layer").input_value())
    assert rows[layer - 1][B][FLAT] > 50
    assert rows[layer - 1][A][FLAT] < 5
    # The shade is on B's sums.
    assert explorer.locator(".play .chart").nth(4).locator(".shades rect").count() == 2
    assert (
        "With 1.85, each layer hands down 0.391 × the gradient it gets."
        in explorer.locator(".mends").first.inner_text()
    )


def test_the_page_is_right_about_the_bias_that_kills(explorer):
    rows = try_it(explorer, 2)
    assert [row[A][DEAD] for row in rows[2:]] == [100.0] * (len(rows) - 2)
    assert rows[1][A][DEAD] < 100
    assert rows[0][A][GRADIENT] == 0
    assert "With ReLU the gradient at the first layer is 0 ×" in explorer.inner_text(".told")
    assert [row[B][DEAD] for row in rows] == [0.0] * len(rows)
    assert rows[0][B][GRADIENT] / rows[-1][B][GRADIENT] < 1e-10
    box = explorer.locator(".slider:has(span:text-is('bias')) input[type=number]")
    box.fill("0")
    explorer.keyboard.press("Enter")
    explorer.wait_for_function("!location.hash.includes('bias')")
    rows = shown(explorer)
    for one in (A, B):
        assert rows[0][one][GRADIENT] / rows[-1][one][GRADIENT] > 0.1


def test_the_draws_are_normal_or_uniform_as_said(explorer):
    """Identity shows the sizes of inputs and weights: 1 for each layer, and √(width / 12) for numbers in ±0.5."""
    for hash_, factor in (("width=128&start=gain", 1.0), ("width=108&start=uniform", 3.0)):
        for seed in (1, 2, 3):
            explorer.evaluate(f"location.hash = 'f=identity&f=identity&depth=4&{hash_}&seed={seed}'")
            rows = shown(explorer, depth=4)
            # Thousands of numbers each time: 4 % is beyond three standard errors.
            assert rows[0][SIGNAL] == pytest.approx(1, rel=0.04)
            assert rows[3][GRADIENT] == pytest.approx(1, rel=0.01)
            for place in range(3):
                assert rows[place + 1][SIGNAL] / rows[place][SIGNAL] == pytest.approx(factor, rel=0.04)
                assert rows[place][GRADIENT] / rows[place + 1][GRADIENT] == pytest.approx(factor, rel=0.04)


def test_what_cannot_be_computed_is_said(explorer):
    explorer.evaluate("location.hash = 'f=binary_step&f=exponential'")
    explorer.wait_for_function("document.querySelector('.told').textContent.startsWith('With Binary')")
    assert explorer.inner_text(".told") == (
        "With Binary step the gradient at the first layer is 0 × that at the last; "
        "with Exponential it is beyond what a computer can hold."
    )
    assert explorer.get_by_role("button", name="Use gain ∞").is_disabled()
    # A network of one layer.
    explorer.evaluate("location.hash = 'depth=1'")
    rows = shown(explorer, depth=1)
    assert rows[0][A][SIGNAL] == pytest.approx(math.sqrt(0.5), rel=0.1)


def test_the_numbers_can_be_taken_along(explorer, tmp_path):
    explorer.evaluate("location.hash = 'f=relu&f=tanh&depth=6'")
    rows = shown(explorer, depth=6)
    with explorer.expect_download() as download:
        explorer.get_by_role("button", name="Save as CSV").click()
    assert download.value.suggested_filename == "gradients.csv"
    download.value.save_as(tmp_path / "gradients.csv")
    heads, *lines = csv.reader((tmp_path / "gradients.csv").read_text().splitlines())
    assert heads[:3] == ["layer", "ReLU signal", "ReLU gradient"]
    assert heads[5:7] == ["Tanh signal", "Tanh gradient"]
    assert [int(line[0]) for line in lines] == [1, 2, 3, 4, 5, 6]
    for line, row in zip(lines, rows, strict=True):
        exact = [float(cell) * (1 if k % 4 < 2 else 100) for k, cell in enumerate(line[1:])]
        assert exact == pytest.approx(row, rel=6e-3)


def test_a_box_in_another_page_leaves_the_address_alone_and_leads_to_this_one(explorer):
    explorer.evaluate("""() => {
      const box = Object.assign(document.createElement("div"), {className: "play gradients", id: "small"});
      Object.assign(box.dataset, {state: "f=tanh&f=gelu&depth=5", page: "gradients.html"});
      document.querySelector("article").append(box);
      actdocs.gradients(box);
    }""")
    link = explorer.locator("#small").get_by_role("link", name="Open in the gradient explorer")
    explorer.wait_for_function("document.querySelector('#small a').href.includes('#')")
    assert link.get_attribute("href") == "gradients.html#f=tanh&f=gelu&depth=5"
    assert explorer.locator("#small .chart").count() == 2
    box = explorer.locator("#small .slider:has(span:text-is('depth')) input[type=number]")
    box.fill("9")
    explorer.keyboard.press("Enter")
    explorer.wait_for_function("document.querySelector('#small a').href.includes('depth=9')")
    assert explorer.evaluate("location.hash") == ""


def test_without_scripts_a_sentence_leads_to_the_figure(browser, folder):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / PAGE).as_uri())
    assert "needs a browser that runs scripts" in page.inner_text(".still")
    link = page.get_attribute(".still a", "href")
    assert link == "../auto_gallery/2_gradients/plot_01_vanishing_gradient_by_depth.html"
    assert Path(folder / "play" / link).resolve().exists()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_in_any_of_its_states(page, folder, web, scheme):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found = []
    states = ("", "#f=relu&f=relu&start=gain", "#f=leaky_relu&f=binary_step&depth=1&f=rely", "#f=swish&f=pau")
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for state in states:
            page.goto("about:blank")
            page.goto(f"{(folder / PAGE).as_uri()}{state}")
            page.wait_for_function("document.querySelector('.play .told')?.textContent")
            page.evaluate("document.querySelectorAll('article details').forEach((one) => { one.open = true; })")
            page.add_script_tag(path=web / "axe-core" / "axe.min.js")
            found += [f"{width} px {state}: {one}" for one in page.evaluate(AXE)]
            found += page.evaluate(STUCK)
    no_faults(found)


def test_it_does_not_scroll_sideways_on_a_phone(page, folder):
    found = []
    for state in ("", "#f=srelu&f=acon_c&depth=50&width=128&bias=-1.37"):
        page.goto("about:blank")
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(f"{(folder / PAGE).as_uri()}{state}")
        page.wait_for_function("document.querySelector('.play .told')?.textContent")
        page.evaluate("document.querySelectorAll('article details').forEach((one) => { one.open = true; })")
        for width in (768, 640, 390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            page.wait_for_timeout(150)
            found += [f"{state} at {width} px: {one}" for one in page.evaluate(OUTSIDE)]
    no_faults(found)


def test_fifty_layers_are_drawn_anew_in_a_fraction_of_a_second(explorer):
    explorer.evaluate("location.hash = 'f=tanh&f=gelu&depth=50'")
    shown(explorer, depth=50)
    times = explorer.evaluate("""async () => {
      const sliders = [...document.querySelectorAll(".slider")];
      const bar = sliders.find((one) => one.textContent === "bias").querySelector("input");
      const ask = window.requestAnimationFrame.bind(window);
      const times = [];
      window.requestAnimationFrame = (draw) => ask((now) => {
        const begun = performance.now();
        draw(now);
        times.push(performance.now() - begun);
      });
      for (let k = 1; k <= 15; k++) {
        bar.value = k / 50;
        bar.dispatchEvent(new Event("input"));
        await new Promise((done) => ask(() => setTimeout(done)));
      }
      return times;
    }""")
    middle = sorted(times)[len(times) // 2]
    NOTES.append(f"gradient explorer: 50 layers of 64 units, two functions: {middle:.0f} ms for each step of a drag")
    assert middle < 2000
