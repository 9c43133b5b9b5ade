"""Colours keep contrast on both backgrounds and tell the members of a family apart."""

from __future__ import annotations

import itertools

import pytest

import actdocs
from actdocs.palette import DASHES, FAMILIES, SHADES, color, dash
from extensions.figures import THEME

LIGHT, DARK = THEME["paper"]


def luminance(name: str) -> float:
    """Give the relative luminance of WCAG 2.2."""
    levels = [int(name[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in levels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    low, high = sorted(map(luminance, (first, second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("family", FAMILIES)
def test_contrast(family):
    for member in range(len(SHADES)):
        assert contrast(color(family, member), LIGHT) >= 4.5
        assert contrast(color(family, member, dark=True), DARK) >= 4.5


@pytest.mark.parametrize("family", FAMILIES)
def test_members_differ(family):
    looks = [(color(family, member), str(dash(member))) for member in range(len(SHADES) * len(DASHES))]
    assert len(set(looks)) == len(looks)


def test_no_two_activations_look_alike():
    entries = actdocs.catalogue()
    for first, second in itertools.combinations(entries, 2):
        assert (first.color, first.linestyle) != (second.color, second.linestyle)
        assert (first.color_dark, first.linestyle) != (second.color_dark, second.linestyle)
