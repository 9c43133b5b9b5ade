"""The playground, used by pointer and by keyboard; and what its six experiments say is to be seen."""

from __future__ import annotations

import html as markup
import itertools
import json
import random
import re
import string
from urllib.parse import unquote

import pytest
from shared import AXE, NOTES, no_faults
from test_accessible import OUTSIDE, STUCK, WIDTHS

PAGE = "play/playground.html"
# Name, loss and share of right answers on the points to train on, then on those to test on, as the cards say.
CARDS = """[...document.querySelectorAll(".play .net")].map((net) => [net.querySelector("select").value,
  ...[...net.querySelectorAll("tbody td")].map((cell) => cell.textContent)])"""
# The table of the seeds (0), and that of the layers (1).
ROWS = """(place) => [...document.querySelectorAll(".play .wide")[place].querySelectorAll("tbody tr")].map(
  (row) => [...row.cells].slice(1).map((cell) => cell.textContent))"""
STILL = ".play .go:text-is('Run')"
# What waits is drawn piece by piece, at least one in a frame.
FRAMES = "async () => { for (let k = 0; k < 40; k++) await new Promise(requestAnimationFrame); }"
TRAIN, TRAIN_RIGHT, TEST, TEST_RIGHT = range(1, 5)


def number(text: str) -> float:
    return float(text.replace("−", "-").replace("∞", "inf").replace("–", "nan"))


def interval(text: str) -> list[float]:
    """Give a mean and the ends of its interval."""
    return [number(part) for part in re.findall(r"[−\d.e]+", text)]


def drawn(page):
    page.evaluate(FRAMES)
    return page


def launch(page, folder, state: str = ""):
    """Open it in a state, to be trained as fast as it goes unless the state says otherwise."""
    fast = "&pace=10000" if state and "pace=" not in state else ""
    page.goto("about:blank")
    page.goto(f"{(folder / PAGE).as_uri()}{state}{fast}")
    page.wait_for_selector(".play .net tbody")
    return drawn(page)


def cards(page) -> list[list]:
    return [[name, *map(number, rest)] for name, *rest in drawn(page).evaluate(CARDS)]


def run(page) -> list[list]:
    """Run to the end and give what the cards say."""
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_selector(".play .live:has-text('Finished at epoch')", timeout=240_000)
    return cards(page)


def repeat(page) -> list[list[str]]:
    """Repeat over the seeds and give the rows of the table."""
    page.get_by_role("button", name="Repeat over").click()
    page.wait_for_selector(".play .live:has-text('table of means')", timeout=480_000)
    return drawn(page).evaluate(ROWS, 0)


def step(page) -> str:
    """Train one epoch and give what is said."""
    page.get_by_role("button", name="Step").click()
    return drawn(page).inner_text(".play .live")


def count(page) -> str:
    return drawn(page).inner_text(".play .bar span >> nth=0")


def layers(page) -> list[list[float]]:
    return [[number(cell) for cell in row] for row in drawn(page).evaluate(ROWS, 1)]


@pytest.fixture
def playground(page, folder):
    page.set_viewport_size({"width": 1440, "height": 900})
    yield launch(page, folder)
    assert page.messages == []
    assert all(url.startswith(("file:", "data:", "blob:")) for url in page.requests)


# --- Training ---


def test_it_stands_still_until_it_is_run(playground):
    playground.wait_for_timeout(500)
    assert count(playground) == "Epoch 0"
    assert [name for name, *_ in playground.evaluate(CARDS)] == ["sigmoid", "tanh", "relu", "gelu"]


def test_a_step_is_an_epoch_and_a_reset_goes_back_to_the_same_start(playground):
    start = playground.evaluate(CARDS)
    assert step(playground).startswith("Stepped at epoch 1.")
    first = playground.evaluate(CARDS)
    assert first != start
    playground.get_by_role("button", name="Reset").click()
    drawn(playground)
    assert playground.evaluate(CARDS) == start
    step(playground)
    assert playground.evaluate(CARDS) == first


def test_a_new_start_is_the_next_seed(playground):
    start = playground.evaluate(CARDS)
    playground.get_by_role("button", name="New start").click()
    playground.wait_for_function("location.hash.includes('seed=2')")
    assert playground.evaluate(CARDS) != start


def test_two_networks_with_the_same_activation_are_the_same(page, folder):
    launch(page, folder, "#f=tanh&f=relu&f=tanh&epochs=20")
    first, other, again = run(page)
    assert first == again
    assert first[1:] != other[1:]


def test_it_can_be_paused_and_goes_on(page, folder):
    launch(page, folder, "#f=tanh&f=relu&epochs=100000&layers=8,8,8")
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Pause").click()
    page.wait_for_selector(STILL)
    said = page.inner_text(".play .live")
    epoch = int(re.match(r"Paused at epoch (\d+)\. Test loss: Tanh [\d.]+, ReLU [\d.]+\.$", said)[1])
    assert epoch > 0
    page.wait_for_timeout(300)
    assert count(page) == f"Epoch {epoch}"
    page.get_by_role("button", name="Step").click()
    drawn(page)
    assert count(page) == f"Epoch {epoch + 1}"


def test_what_diverges_stops_with_a_word_and_the_others_go_on(page, folder):
    launch(page, folder, "#f=relu&f=tanh&data=sine&noise=0&layers=8&rate=0.1&epochs=100")
    _, (_, _, _, tanh, _) = run(page)
    assert page.inner_text(".play .net:first-child caption").startswith("Diverged in epoch ")
    assert page.locator(".play .net:last-child caption").count() == 0
    assert tanh < 0.1


def test_a_long_run_keeps_a_bounded_number_of_points(page, folder):
    launch(page, folder, "#f=relu&layers=1&n=10&epochs=3000")
    run(page)
    points = page.evaluate("document.querySelector('.play .curve').getAttribute('d').split('L').length")
    assert 150 < points < 600


def test_the_speed_is_kept_to_what_is_asked_for(page, folder):
    launch(page, folder, "#f=relu&pace=10&epochs=100000")
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_timeout(1000)
    page.get_by_role("button", name="Pause").click()
    page.wait_for_selector(STILL)
    assert int(re.search(r"epoch (\d+)", page.inner_text(".play .live"))[1]) < 40


# --- Settings ---


def test_what_is_set_up_has_an_address_that_brings_it_back(playground):
    playground.get_by_label("Optimizer").select_option("adam")
    playground.get_by_label("Learning rate, as a number").fill("0.02")
    playground.get_by_label("Units by layer").fill("3, 2")
    playground.keyboard.press("Enter")
    playground.get_by_role("button", name="Remove network 1").click()
    playground.wait_for_function("location.hash.startsWith('#f=tanh')")
    address = playground.url
    assert unquote(address).endswith("#f=tanh&f=relu&f=gelu&layers=3,2&rate=0.02&optimizer=adam")
    seen = playground.evaluate(CARDS)
    playground.goto("about:blank")
    playground.goto(address)
    playground.wait_for_selector(".play .net tbody")
    drawn(playground)
    assert playground.evaluate(CARDS) == seen
    assert playground.input_value(".play .slider:has-text('Learning rate') input[type=number]") == "0.02"


def test_a_wrong_address_is_said_and_the_rest_of_it_stands(page, folder):
    launch(page, folder, "#f=rely&rate=0.5&layers=9&zoom=3&batch=fast")
    text = page.inner_text(".play .faults")
    assert 'no function is called "rely"' in text
    assert '"zoom" is not known here' in text
    assert "layers must be 0 to 6 numbers" in text
    assert "batch must be a whole number of at least 1 and at most 1000" in text
    assert page.input_value(".play .slider:has-text('Learning rate') input[type=number]") == "0.5"
    assert page.messages == []


def test_a_number_that_is_not_accepted_is_refused_with_a_word_and_the_old_one_stands(playground):
    batch = playground.get_by_label("Batch size, as a number")
    batch.fill("0")
    playground.keyboard.press("Enter")
    assert playground.inner_text(".play .faults").startswith("batch must be a whole number of at least 1")
    assert batch.input_value() == "10"
    batch.fill("20")
    playground.keyboard.press("Enter")
    assert not playground.is_visible(".play .faults")


def test_no_layer_at_all_is_a_setting_too(page, folder):
    launch(page, folder, "#f=relu&f=tanh&layers=&epochs=20")
    relu, tanh = run(page)
    assert relu[1:] == tanh[1:]
    assert page.messages == []


def test_each_layer_can_have_its_own_activation(playground):
    playground.locator(".play .net summary").first.click()
    second = playground.locator(".play .net").first.get_by_label("Layer 2")
    second.focus()
    second.select_option("elu")
    playground.wait_for_function("location.hash.includes('apart=true')")
    names = re.findall(r"f=(\w+)", playground.url)
    assert names == ["sigmoid", "elu", "tanh", "tanh", "relu", "relu", "gelu", "gelu"]
    assert playground.evaluate("document.activeElement.value") == "elu"
    playground.locator(".play .net").first.get_by_label("alpha, as a number").fill("0.5")
    playground.keyboard.press("Enter")
    assert "Sigmoid, ELU (alpha = 0.5) " in step(playground)
    playground.get_by_label("Units by layer").fill("4, 4, 4")
    playground.keyboard.press("Enter")
    playground.wait_for_function("location.hash.includes('layers=4,4,4')")
    assert re.findall(r"f=(\w+)", playground.url)[:4] == ["sigmoid", "elu", "elu", "tanh"]


def test_the_focus_stays_where_it_was_when_a_choice_makes_the_cards_anew(playground):
    for key in ("ArrowDown", "ArrowDown"):
        playground.focus(".play .net:nth-child(2) select")
        playground.keyboard.press(key)
    assert playground.evaluate(
        "document.activeElement === document.querySelectorAll('.play .net')[1].querySelector('select')"
    )


def test_a_parameter_outside_its_domain_is_refused(page, folder):
    launch(page, folder, "#f=elu")
    page.locator(".play .net summary").click()
    page.get_by_label("alpha, as a number").fill("-1")
    page.keyboard.press("Enter")
    assert page.inner_text(".play .faults") == 'alpha of elu must be a number of at least 0, got "-1"'


def test_there_are_one_to_eight_networks(playground):
    add = playground.get_by_role("button", name="Add a network")
    for _ in range(4):
        add.click()
    assert playground.locator(".play .net").count() == 8
    assert add.is_disabled()
    for _ in range(7):
        playground.get_by_role("button", name="Remove network 1").click()
    assert playground.get_by_role("button", name="Remove network 1").is_disabled()


def test_the_maps_follow_the_theme(playground):
    picture = "document.querySelector('.play .net canvas').toDataURL()"
    before = playground.evaluate(picture)
    playground.evaluate("document.documentElement.dataset.theme = 'dark'")
    drawn(playground)
    assert playground.evaluate(picture) != before


# --- What the reader brings ---

OWN = "-3,-3,0\n-2,-3,0\n3,2,1\n2,3,1\n2,2,1\n-3,-2,0"


def unfold(page, title: str) -> None:
    page.locator(".play summary", has_text=title).click()


def test_points_come_by_form_by_text_and_by_pointer(playground):
    unfold(playground, "Your own points")
    form = playground.locator(".play form:not(.d-flex)")
    for point in ((-1, -2, 0), (1.5, 2, 1)):
        for label, value in zip(("x1", "x2", "y"), point, strict=True):
            form.get_by_label(label).fill(str(value))
        form.get_by_role("button", name="Add").click()
    text = playground.get_by_label("Points as CSV")
    assert text.input_value() == "-1,-2,0\n1.5,2,1"
    text.fill(f"{text.input_value()}\n{OWN}")
    text.blur()
    picture = playground.locator(".play fieldset canvas")
    assert picture.get_attribute("aria-label") == "4 points to train on and 4 to test on"
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    playground.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 0.25 * box["height"])
    playground.mouse.down()
    for k in range(5):
        playground.wait_for_timeout(80)
        playground.mouse.move(box["x"] + (0.75 + 0.02 * k) * box["width"], box["y"] + 0.25 * box["height"])
    playground.mouse.up()
    lines = text.input_value().splitlines()
    assert len(lines) > 9
    assert [float(part) for part in lines[8].split(",")] == pytest.approx([3, 3, 1], abs=0.1)
    playground.get_by_role("button", name="Undo").click()
    assert text.input_value().splitlines() == lines[:-1]
    assert step(playground).startswith("Stepped at epoch 1")


def test_points_whose_targets_are_numbers_are_fitted(page, folder):
    points = "%0A".join(f"{k},{-k},{k / 2 + 1}" for k in range(-4, 5))
    launch(page, folder, f"#f=identity&data=own&points={points}&layers=1&rate=0.05")
    ((_, train, right, test, _),) = run(page)
    assert train < 1e-6
    assert test < 1e-6
    assert right != right
    assert "output" in page.inner_text(".play .ends")


def test_what_is_wrong_with_a_text_of_points_is_said_and_nothing_is_trained(playground):
    unfold(playground, "Your own points")
    text = playground.get_by_label("Points as CSV")
    wrong = {"1,2": "line 1: 2", "1,2,x\n3,4,5": "Line 1, column 3", "1,2,0": ": 1; accepted are 2 to"}
    for given, words in wrong.items():
        text.fill(given)
        text.blur()
        assert words in playground.inner_text(".play .faults")
        playground.get_by_role("button", name="Run", exact=True).click()
        drawn(playground)
        assert count(playground) == "Epoch 0"


def test_a_file_keeps_it_all_and_brings_it_back(playground, tmp_path):
    unfold(playground, "Your own points")
    playground.get_by_label("Points as CSV").fill(OWN)
    playground.get_by_label("Points as CSV").blur()
    playground.get_by_role("combobox", name="Loss").select_option("squared error")
    drawn(playground)
    seen = playground.evaluate(CARDS)
    with playground.expect_download() as download:
        playground.get_by_role("button", name="Save as JSON").click()
    download.value.save_as(tmp_path / "kept.json")
    kept = json.loads((tmp_path / "kept.json").read_text(encoding="utf-8"))
    assert kept["points"] == OWN
    assert kept["loss"] == "squared error"
    playground.evaluate("location.hash = '#f=relu'")
    playground.wait_for_function("document.querySelectorAll('.play .net').length === 1")
    playground.get_by_label("Load").set_input_files(tmp_path / "kept.json")
    playground.wait_for_function("document.querySelectorAll('.play .net').length === 4")
    drawn(playground)
    assert playground.evaluate(CARDS) == seen
    (tmp_path / "wrong.json").write_text('{"rate": "fast"', encoding="utf-8")
    playground.get_by_label("Load").set_input_files(tmp_path / "wrong.json")
    playground.wait_for_selector(".play .faults:visible")
    assert playground.inner_text(".play .faults").startswith("this is no JSON")


def test_a_function_in_python_is_trained_beside_the_others(playground):
    unfold(playground, "Your own function")
    playground.get_by_label("Function in Python").fill("def f(x):\n    return x / (1 + abs(x))")
    playground.get_by_role("button", name="Use it").click()
    playground.wait_for_function("document.querySelectorAll('.play .net').length === 5", timeout=60_000)
    assert re.search("your function [0-9.]+", step(playground))
    playground.wait_for_function("location.hash.includes('code=')")


def test_the_python_of_an_address_is_shown_and_runs_when_the_reader_says_so(page, folder):
    launch(page, folder, "#f=own&f=relu&code=def f(x):%0A    return x / (1 %2B abs(x))")
    assert "This link brings a function" in page.inner_text(".play .faults")
    page.wait_for_timeout(500)
    assert page.evaluate("'own' in actdocs.functions") is False
    assert page.get_by_label("Function in Python").input_value().startswith("def f(x):\n")
    page.get_by_role("button", name="Use it").click()
    page.wait_for_function("document.querySelector('.play .net select').value === 'own'", timeout=60_000)
    assert page.locator(".play .net").count() == 2
    assert page.messages == []


# --- Several seeds ---


def test_seeds_are_repeated_with_bands_and_a_table_of_means(page, folder):
    launch(page, folder, "#f=identity&f=tanh&epochs=60&seeds=5")
    rows = repeat(page)
    assert len(rows) == 2
    assert page.locator(".play .band").count() == 2
    assert page.inner_text(".play .wide caption").startswith("Test points, 5 seeds, epoch 60")
    # The first of the seeds is the one that is run; the mean and its interval are those of five runs of their own.
    losses = []
    for seed in range(1, 6):
        launch(page, folder, f"#f=identity&f=tanh&epochs=60&seed={seed}")
        losses.append([card[TEST] for card in run(page)])
    tanh = [loss for _, loss in losses]
    differences = [loss - first for first, loss in losses]
    for text, values in ((rows[1][0], tanh), (rows[1][2], differences)):
        mean = sum(values) / 5
        half = 2.776 * (sum((value - mean) ** 2 for value in values) / 4 / 5) ** 0.5
        assert interval(text) == pytest.approx([mean, mean - half, mean + half], rel=0.02, abs=2e-3)


def test_a_repetition_can_be_cancelled_and_says_how_far_it_is(page, folder):
    launch(page, folder, "#f=tanh&f=relu&layers=8,8,8&epochs=20000&seeds=30")
    page.get_by_role("button", name="Repeat over 30 seeds").click()
    page.wait_for_function("/^Seed 1 of 30: epoch [1-9]/.test(document.querySelector('.play .bar span').textContent)")
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_selector(STILL)
    assert page.inner_text(".play .live") == "Cancelled."
    assert count(page) == "Epoch 0"


# --- The six experiments ---


@pytest.fixture(scope="module")
def links(html) -> list[str]:
    text = (html / PAGE).read_text(encoding="utf-8")
    found = [markup.unescape(link) for link in re.findall(r'<a [^>]*href="(#[^"]*=[^"]*)">[Ss]et it up', text)]
    assert len(found) == 8
    return found


def test_each_link_sets_up_what_it_says_and_brings_the_reader_there(playground, links):
    found = []
    for link in links:
        playground.locator(f'article a[href="{link}"]').click()
        drawn(playground)
        if playground.is_visible(".play .faults"):
            found.append(f"{link}: {playground.inner_text('.play .faults')}")
        task = playground.inner_text(".play > .message")
        if not task.startswith("The experiment: Watch "):
            found.append(f"{link}: {task}")
        top = playground.evaluate("document.querySelector('.play .go').getBoundingClientRect().top")
        if not 0 < top < 450 or not playground.evaluate("document.activeElement.matches('.go')"):
            found.append(f"{link}: the reader isn't there, {top}")
        playground.wait_for_timeout(400)
        if playground.evaluate("location.hash") != link:
            found.append(f"{link} becomes {playground.evaluate('location.hash')}")
    no_faults(found)


def test_experiment_1_no_activation_is_one_straight_line(page, folder, links):
    launch(page, folder, links[0])
    identity, tanh = run(page)
    assert identity[TRAIN] == pytest.approx(0.693, abs=0.001)
    assert identity[TEST] == pytest.approx(0.69, abs=0.02)
    assert tanh[TEST_RIGHT] > 0.95
    launch(page, folder, links[0].replace("epochs=300", "epochs=100"))
    assert run(page)[1][TEST_RIGHT] > 0.95


def test_experiment_2_six_sigmoids_do_not_learn_and_adam_mends_it(page, folder, links):
    launch(page, folder, links[1])
    start = layers(page)
    assert start[0][0] < start[0][-1] / 1000
    assert all(before < after for before, after in itertools.pairwise(start[0]))
    assert all(row[0] > row[-1] / 10 for row in start[1:])
    sigmoid, tanh, relu = run(page)
    assert sigmoid[TEST] == pytest.approx(0.693, abs=0.001)
    assert min(tanh[TEST_RIGHT], relu[TEST_RIGHT]) > 0.95
    page.get_by_label("Optimizer").select_option("adam")
    page.get_by_label("Learning rate, as a number").fill("0.01")
    page.keyboard.press("Enter")
    assert run(page)[0][TEST_RIGHT] > 0.95
    right = interval(repeat(page)[0][1])[0]
    assert 0.6 < right < 0.99


def test_experiment_3_relu_dies_leaky_relu_lives_and_elu_explodes(page, folder, links):
    launch(page, folder, links[2])
    relu, leaky, elu = run(page)
    dead = layers(page)
    assert dead[0][-1] == 1
    assert relu[TEST_RIGHT] == 0.5
    assert max(dead[1]) == 0
    assert leaky[TEST_RIGHT] > 0.9
    assert not elu[TEST] < 10
    rows = repeat(page)
    assert 0.6 < interval(rows[0][1])[0] < 0.9  # half of the networks answer at random
    assert interval(rows[1][1])[0] > 0.95
    page.get_by_label("Learning rate, as a number").fill("0.3")
    page.keyboard.press("Enter")
    assert min(card[TEST_RIGHT] for card in run(page)) > 0.95


def test_experiment_4_a_start_for_all_suits_some(page, folder, links):
    launch(page, folder, links[3])
    small = layers(page)
    tanh, gelu, selu = (interval(row[1])[0] for row in repeat(page))
    launch(page, folder, links[4])
    own = layers(page)
    assert own[0][0] > 5 * small[0][0]
    assert own[1][0] > 100 * small[1][0]
    better_tanh, better_gelu, better_selu = (interval(row[1])[0] for row in repeat(page))
    assert max(tanh, gelu) < 0.9 < 0.95 < min(better_tanh, better_gelu)
    assert min(selu, better_selu) > 0.95


def test_experiment_5_smooth_or_not_can_not_be_told_apart(page, folder, links):
    launch(page, folder, links[5])
    relu, *others = repeat(page)
    for row in others:
        _, low, high = interval(row[2])
        assert low < 0 < high
    right = [interval(row[1]) for row in (relu, *others)]
    assert right[-1][2] < min(low for _, low, _ in right[:-1])


def test_experiment_6_the_activation_that_has_the_shape_of_the_answer_is_ahead(page, folder, links):
    launch(page, folder, links[6])
    relu, tanh, sine = (interval(row[0]) for row in repeat(page))
    assert sine[2] < tanh[1] / 10
    assert tanh[2] < relu[1]
    launch(page, folder, links[7])
    tanh, sine, identity = (interval(row[0]) for row in repeat(page))
    assert identity[0] < 1e-12
    assert tanh[2] < sine[1]


# --- Elsewhere, and for everybody ---


def test_a_box_on_another_page_reads_its_own_state_and_leads_to_the_playground(playground):
    playground.evaluate("""() => {
      const box = document.createElement("div");
      box.className = "play playground second";
      Object.assign(box.dataset, {play: "playground", state: "f=elu&f=selu&rate=0.3", page: "playground.html"});
      document.querySelector("article").append(box);
      actdocs.playground(box);
    }""")
    assert playground.locator(".second .net").count() == 2
    link = playground.locator(".second a", has_text="Open in the playground")
    assert link.get_attribute("href") == "playground.html#f=elu&f=selu&rate=0.3"
    playground.evaluate("location.hash = '#f=relu'")
    playground.wait_for_function("document.querySelectorAll('.playground:not(.second) .net').length === 1")
    assert playground.locator(".second .net").count() == 2


def test_the_keyboard_does_it_all(playground):
    playground.focus(".play .go")
    playground.keyboard.press("Tab")
    playground.keyboard.press("Enter")
    assert playground.inner_text(".play .live").startswith("Stepped at epoch 1.")
    rate = playground.locator(".play .slider:has-text('Learning rate') input[type=range]")
    before = rate.get_attribute("aria-valuetext")
    rate.focus()
    playground.keyboard.press("ArrowRight")
    assert rate.get_attribute("aria-valuetext") != before
    playground.wait_for_function("location.hash.includes('rate=')")
    assert playground.evaluate("document.activeElement.type") == "range"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_and_nothing_sticks_out(page, folder, web, scheme):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found = []
    for width, height in {320: 800, **WIDTHS}.items():
        page.set_viewport_size({"width": width, "height": height})
        launch(page, folder, "#f=leaky_relu(alpha=0.2)&f=relu&f=sine&data=sine&rate=0.1&seeds=3&epochs=30&zoom=1")
        run(page)
        repeat(page)
        page.evaluate("document.querySelectorAll('article details').forEach((one) => { one.open = true; })")
        drawn(page)
        found += [f"{width} px: {one}" for one in [*page.evaluate(OUTSIDE), *page.evaluate(STUCK)]]
        page.add_script_tag(path=web / "axe-core" / "axe.min.js")
        found += [f"{width} px: {one}" for one in page.evaluate(AXE)]
    no_faults(found)


SHIFT = """() => new Promise((resolve) => {
  let sum = 0;
  const watch = new PerformanceObserver((list) => list.getEntries().forEach((one) => { sum += one.value; }));
  watch.observe({type: "layout-shift", buffered: true});
  setTimeout(() => resolve(sum), 300);
})"""


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_moves_when_the_script_fills_the_box(page, folder, width):
    page.set_viewport_size({"width": width, "height": 900})
    launch(page, folder)
    shift = page.evaluate(SHIFT)
    NOTES.append(f"the playground shifts its page by {shift:.3f} at {width} px")
    assert shift < 0.02


def test_it_works_under_the_content_policy(page, host):
    page.goto(f"{host}{PAGE}#f=relu&f=tanh&epochs=20")
    page.wait_for_selector(".play .net tbody")
    run(page)
    assert page.messages == []


def test_speed_is_noted(page, folder):
    """What this machine did while it did other things too; play_speed.py measures."""
    for shape in ("4,2", "8,8,8"):
        launch(page, folder, f"#f=sigmoid&f=tanh&f=relu&f=leaky_relu&f=gelu&f=swish&layers={shape}&epochs=100000")
        page.get_by_role("button", name="Run", exact=True).click()
        page.wait_for_timeout(3000)
        said = page.inner_text(".play .bar span >> nth=0")
        NOTES.append(f"playground, six networks 2-{shape.replace(',', '-')}-1: {said}")


# --- Whatever is given ---

PIECES = [
    *(
        "f=",
        "relu",
        "elu(alpha=",
        ")",
        "apart=true",
        "layers=",
        "8,8",
        "points=",
        "1,2,0",
        "rate=",
        "1e999",
        "NaN",
        "-1",
    ),
    *(
        "%",
        "%00",
        "%F0%9F",
        "&",
        "=",
        "#",
        "code=",
        "seed=",
        "axis=log",
        "__proto__=1",
        "constructor",
        "data=own",
        "null",
    ),
    *("[]", "{}", '"', "\\", "é"),
]


def garbled(seed: int, count: int, whole: list[str]) -> list[str]:
    """Texts made of pieces, of random letters, and of whole ones with a few letters changed."""
    draw = random.Random(seed)
    found = []
    for k in range(count):
        if k % 3 == 0:
            found.append("".join(draw.choices(PIECES, k=draw.randrange(12))))
        elif k % 3 == 1:
            found.append("".join(draw.choices(string.printable + "äß漢😀\u0000", k=draw.randrange(80))))
        else:
            text = list(draw.choice(whole))
            for _ in range(draw.randrange(1, 4)):
                text[draw.randrange(len(text))] = draw.choice([draw.choice(string.printable), "", "&", "="])
            found.append("".join(text))
    return found


READ = """([texts, name]) => texts.map((text) => {
  try {
    const {state, faults} = actdocs.playground[name](text);
    if (faults.some((one) => typeof one !== "string" || !one)) return `faults are ${JSON.stringify(faults)}`;
    const {f, apart, layers, rate} = state;
    const many = apart ? f.length / layers.length : f.length;
    const right = Number.isInteger(many) && many >= 1 && many <= 8 && rate > 0 && layers.length <= 6;
    return right && layers.every((one) => one >= 1 && one <= 8) ? faults.length : JSON.stringify(state);
  } catch (error) { return `throws ${error}`; }
})"""
PARSE = """(texts) => texts.map((text) => {
  try {
    const {points, faults} = actdocs.datasets.parse(text);
    if (!points) return faults.every((one) => one) && faults.length;
    return points.x.every(Number.isFinite) && !faults.length ? 0 : "points and faults";
  } catch (error) { return `throws ${error}`; }
})"""
HASHES = [
    "#f=relu&f=tanh&layers=8,8&rate=0.3",
    "#f=elu(alpha=0.5)&f=elu&apart=true&layers=2&axis=log&look=dead&epochs=30",
    "#data=own&points=1,2,0%0A2,1,1&start=uniform&optimizer=adam&batch=20&l1=0.01",
]
FILES = [
    '{"f": ["relu", "tanh"], "layers": [4, 2], "rate": 0.1}',
    '{"points": "1,2,0", "data": "own", "apart": false, "seed": 3}',
    '{"f": "gelu", "layers": []}',
]


@pytest.mark.parametrize(("name", "count", "whole"), [("read", 3000, HASHES), ("fromJson", 1000, FILES)])
def test_whatever_stands_there_is_read_without_an_error_and_what_is_wrong_is_said(playground, name, count, whole):
    assert playground.evaluate(READ, [whole, name]) == [0] * len(whole)
    texts = garbled(1, count, whole)
    results = playground.evaluate(READ, [texts, name])
    no_faults(f"{text!r}: {result}" for text, result in zip(texts, results, strict=True) if not isinstance(result, int))
    assert sum(result > 0 for result in results) > count / 2


def test_whatever_is_pasted_as_points_is_read_without_an_error_and_what_is_wrong_is_said(playground):
    texts = garbled(2, 1000, [OWN, "x1,x2,y\n1;2;0\n3;4;1", "0.5\t1e-3\t2.5\n1\t1\t1"])
    results = playground.evaluate(PARSE, texts)
    no_faults(f"{text!r}: {result}" for text, result in zip(texts, results, strict=True) if not isinstance(result, int))
    assert sum(result > 0 for result in results) > 500


def test_addresses_that_come_one_after_the_other_leave_it_alive(playground):
    for text in garbled(3, 40, HASHES):
        playground.evaluate("(hash) => { location.hash = hash; }", text)
    drawn(playground)
    assert playground.locator(".play .net").count() >= 1
