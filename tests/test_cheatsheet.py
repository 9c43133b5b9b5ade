"""The cheat sheet: everything on it, nothing cut off, legible, and the same bytes each time."""

from __future__ import annotations

import re
import zlib

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg

import actdocs
from extensions import cheatsheet
from extensions.figures import THEME
from extensions.table import formula

ENTRIES = actdocs.catalogue()


@pytest.fixture(scope="module")
def sheet():
    with rc_context(cheatsheet.STYLE):
        figure = cheatsheet.draw()
        FigureCanvasAgg(figure)
        yield figure


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sheet")
    cheatsheet.write(folder)
    return folder


# Formulas


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
@pytest.mark.parametrize("of", [lambda entry: entry.formula, formula], ids=["general", "default"])
def test_every_formula_can_be_drawn(entry, of):
    box = cheatsheet.lay_out(of(entry))
    assert box.width > 0
    assert box.half > 0
    assert "cases" not in "".join(piece.text for piece in box.pieces)


def test_the_rows_of_cases_stand_behind_a_brace_below_each_other():
    tex = r"2 \left(\begin{cases}x & \text{if } x \ge 0 \\ -x & \text{otherwise}\end{cases}\right)"
    before, brace, *cells, after = cheatsheet.lay_out(tex).pieces
    assert [piece.text for piece in (before, brace, after)] == ["$2 ($", "{", "$)$"]
    assert [cell.text for cell in cells] == ["$x$", r"$\text{if } x \geq 0$", "$-x$", r"$\text{else}$"]
    assert before.x < brace.x < cells[0].x == cells[2].x < cells[1].x == cells[3].x < after.x
    assert cells[0].y > 0 > cells[2].y
    assert brace.height == pytest.approx(2 * cheatsheet.lay_out(tex).half)


def test_a_long_formula_is_cut_before_a_plus_that_no_group_holds():
    pieces = cheatsheet.wrap(r"\left(a + b\right) + \frac{c + d}{e}").pieces
    assert [piece.text for piece in pieces] == [r"$\left(a + b\right)$", r"$+ \frac{c + d}{e}$"]
    assert pieces[0].y > pieces[1].y
    assert len(cheatsheet.wrap(r"\frac{a + b}{c}").pieces) == 1


def test_a_formula_that_would_need_tiny_letters_is_refused(monkeypatch):
    monkeypatch.setattr(cheatsheet, "LEAST", 7.9)
    with pytest.raises(ValueError, match=r"the formula of \w+ needs letters of \d\.\d pt"):
        cheatsheet.draw()


# Slopes


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.elementwise], ids=lambda entry: entry.name)
def test_the_steepest_slope_is_the_lipschitz_constant(entry):
    low, high = cheatsheet.slopes(entry)
    assert low <= high
    if entry.smoothness >= 0:
        assert max(-low, high) == pytest.approx(entry.lipschitz, abs=1e-3)
    if entry.monotonic:
        assert low >= 0


# The sheet


def test_each_function_is_there_once_under_its_family(sheet):
    texts = [text.get_text() for text in sheet.axes[0].texts]
    titles = [entry.title for entry in ENTRIES]
    families = list(dict.fromkeys(entry.family for entry in ENTRIES))
    assert [text for text in texts if text in titles] == titles
    assert [text for text in texts if text in families and text not in titles] == families
    assert all(cheatsheet.facts(entry) in texts for entry in ENTRIES)


def test_all_text_is_legible_and_on_the_paper(sheet):
    width, height = cheatsheet.PAPER
    for text in sheet.axes[0].texts:
        assert text.get_fontsize() >= cheatsheet.LEAST, text.get_text()
        box = text.get_window_extent(sheet.canvas.get_renderer()).transformed(sheet.axes[0].transData.inverted())
        assert box.x0 > 0 < box.y0, text.get_text()
        assert box.x1 < width, text.get_text()
        assert box.y1 < height, text.get_text()


def test_the_text_of_a_cell_stays_in_it(sheet):
    renderer = sheet.canvas.get_renderer()
    columns = sorted({cell.left for cell in cheatsheet.cells(len(ENTRIES))})
    cell = cheatsheet.cells(len(ENTRIES))[0]
    for text in sheet.axes[0].texts:
        if text.get_position()[1] < cell.bottom + cell.height + 20:  # below the head
            box = text.get_window_extent(renderer).transformed(sheet.axes[0].transData.inverted())
            left = max(column for column in columns if column <= text.get_position()[0] + 0.01)
            is_foot = text.get_position()[1] < cheatsheet.MARGIN
            assert is_foot or box.x1 <= left + cell.width + cheatsheet.GAP / 2, text.get_text()


@pytest.mark.parametrize("count", [1, 2, 13, 79, 120])
def test_cells_fill_the_paper_and_do_not_overlap(count):
    places = cheatsheet.cells(count)
    assert len(places) == count
    right, top = (max(place[i] + place[i + 2] for place in places) for i in (0, 1))
    assert right <= cheatsheet.PAPER[0] - cheatsheet.MARGIN + 1e-6
    assert top <= cheatsheet.PAPER[1] - cheatsheet.MARGIN - cheatsheet.HEAD + 1e-6
    assert min(place.bottom for place in places) >= cheatsheet.MARGIN + cheatsheet.FOOT - 1e-6
    corners = {(round(place.left, 3), round(place.bottom, 3)) for place in places}
    assert len(corners) == count


def test_curves_are_cut_off_at_their_box(sheet):
    lines = [line for line in sheet.axes[0].lines if len(line.get_xdata()) > 100]
    assert len(lines) == 2 * len(ENTRIES)
    for line in lines:
        box = line.get_clip_box().transformed(sheet.axes[0].transData.inverted())
        assert (box.x0, box.x1) == pytest.approx((np.nanmin(line.get_xdata()), np.nanmax(line.get_xdata())))


# The files


def test_the_files_are_the_same_each_time_and_tell_no_date(files, tmp_path):
    cheatsheet.write(tmp_path)
    for path in files.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name
        assert b"CreationDate" not in path.read_bytes()
        assert b"<dc:date>" not in path.read_bytes()


def test_the_pdf_is_one_page_of_a3_with_its_fonts_inside(files):
    pdf = (files / f"{cheatsheet.NAME}.pdf").read_bytes()
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 1
    box = re.search(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+) ?\]", pdf)
    assert [round(float(side) / 72 * 25.4) for side in box.groups()] == [420, 297]
    streams = [zlib.decompress(part) for part in re.findall(rb"stream\r?\n(x.*?)\r?\nendstream", pdf, re.DOTALL)]
    assert sum(stream.startswith(b"\x00\x01\x00\x00") for stream in streams) >= 2  # TrueType


def test_the_dark_sheet_has_no_colour_of_the_light_one(files):
    light, dark = (
        set(re.findall(r"#[0-9a-f]{6}\b", (files / f"{cheatsheet.NAME}{end}.svg").read_text())) for end in ("", "-dark")
    )
    assert {entry.color for entry in ENTRIES} <= light
    assert {entry.color_dark for entry in ENTRIES} <= dark
    kept = {color for color, _ in THEME.values()} | {entry.color for entry in ENTRIES}
    assert not dark & kept - {entry.color_dark for entry in ENTRIES}
