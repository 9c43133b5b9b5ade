"""One colour and one line style for each activation: the hue says the family, lightness and dash the member.

Colours are chosen in OKLCH (Ottosson, 2020), where equal steps look equal. Text in any of them has at least
the contrast of 4.5 : 1 that WCAG 2.2 asks of small text, on the page's light and its dark background alike.
"""

from __future__ import annotations

import math

Dash = str | tuple[int, tuple[float, ...]]

# Family → OKLCH hue in degrees and chroma, in catalogue order. Blue against orange and green against
# magenta stay apart for the common kinds of colour blindness.
FAMILIES: dict[str, tuple[float, float]] = {
    "linear": (260.0, 0.02),
    "threshold": (25.0, 0.06),
    "rectifier": (255.0, 0.14),
    "smooth rectifier": (205.0, 0.10),
    "sigmoidal": (50.0, 0.12),
    "self-gated": (345.0, 0.17),
    "shrinkage": (105.0, 0.11),
    "bump or wave": (300.0, 0.15),
    "gated unit": (320.0, 0.07),
    "simplex": (160.0, 0.10),
}
# The shades of a family, for one member after the other: lightness on the light and on the dark background,
# and how far the hue turns.
SHADES = ((0.52, 0.74, 0.0), (0.36, 0.87, 0.0), (0.54, 0.70, -42.0), (0.45, 0.80, 30.0))
DASHES: tuple[Dash, ...] = ("solid", (0, (6.0, 1.5)), (0, (6.0, 1.5, 1.5, 1.5)), (0, (2.5, 1.2)))


def color(family: str, member: int, *, dark: bool = False) -> str:
    """Give the colour of the ``member``-th activation of a family as ``#rrggbb``.

    Parameters
    ----------
    family : str
        A key of ``FAMILIES``.
    member : int
        Position in the family, from 0.
    dark : bool
        Whether the colour stands on the dark background.

    Examples
    --------
    >>> color("rectifier", 0) != color("rectifier", 1)
    True
    """
    hue, chroma = FAMILIES[family]
    light, light_on_dark, turn = SHADES[member % len(SHADES)]
    return _hex(light_on_dark if dark else light, chroma, math.radians(hue + turn))


def dash(member: int) -> Dash:
    """Give the Matplotlib line style of the ``member``-th activation of a family.

    Dashes run one ahead at each turn through the shades, so that the first sixteen members all differ.

    Examples
    --------
    >>> dash(0), dash(4) == dash(1)
    ('solid', True)
    """
    return DASHES[(member + member // len(SHADES)) % len(DASHES)]


def _hex(lightness: float, chroma: float, hue: float) -> str:
    """Convert OKLCH to ``#rrggbb``, with less chroma where sRGB can't show it."""
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    if not all(-1e-4 <= light <= 1.0001 for light in linear):
        return _hex(lightness, chroma * 0.97, hue)
    return "#" + "".join(f"{round(255 * _gamma(min(max(light, 0.0), 1.0))):02x}" for light in linear)


def _gamma(light: float) -> float:
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
