"""Grids, and distances to the truth."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actdocs.balls import ball

if TYPE_CHECKING:
    from actdocs import Activation


@dataclass(frozen=True)
class Format:
    """A binary floating-point format: bits of the significand, and exponents of the smallest and largest numbers."""

    bits: int
    low: int
    high: int

    def spacing(self, x: np.ndarray) -> np.ndarray:
        """Give the distance between neighbours at a double."""
        exponent = np.frexp(np.abs(x))[1] - 1
        return np.ldexp(1.0, np.clip(exponent, self.low, self.high) - self.bits + 1)

    @property
    def smallest_normal(self) -> float:
        return 2.0**self.low

    @property
    def overflow(self) -> float:
        """Give the number from which on everything rounds to infinity."""
        return (2.0 - 2.0**-self.bits) * 2.0**self.high


FORMATS = {
    "float16": Format(11, -14, 15),
    "bfloat16": Format(8, -126, 127),
    "float32": Format(24, -126, 127),
    "float64": Format(53, -1022, 1023),
}


def ulps(gave: np.ndarray, true: np.ndarray, dtype: str, low: np.ndarray | float = 0.0) -> np.ndarray:
    """Give the error in units in the last place; ``low`` is what the true double leaves over."""
    form = FORMATS[dtype]
    with np.errstate(all="ignore"):
        error = np.abs((gave - true) - low) / form.spacing(true)
        beyond = np.abs(true) >= form.overflow
        right = (gave == true) | (beyond & (np.abs(gave) >= form.overflow) & (np.sign(gave) == np.sign(true)))
    error = np.where(np.isfinite(gave), error, np.inf)
    return np.where(right | (np.isnan(gave) & np.isnan(true)), 0.0, error)


def whole_range(dtype: str, points: int) -> np.ndarray:
    """Cover a format as doubles that it holds: every size of number, and dense where functions bend."""
    if dtype in ("float16", "bfloat16"):
        every = np.arange(2**16, dtype=np.uint16)
        wide = every.view(np.float16) if dtype == "float16" else (every.astype(np.uint32) << 16).view(np.float32)
        with np.errstate(invalid="ignore"):
            numbers = wide.astype(np.float64)
        return np.unique(numbers[np.isfinite(numbers)])
    limits = np.finfo(dtype)
    low, high = np.log2(float(limits.smallest_subnormal)), np.log2(float(limits.max))
    sizes = np.exp2(np.linspace(low, high - 1e-6, points // 3))
    generator = np.random.default_rng(20261123)
    near = [generator.uniform(-reach, reach, points // 6) for reach in (20.0, 110.0)]
    return np.unique(np.concatenate([sizes, -sizes, *near]).astype(dtype)).astype(np.float64)


@functools.cache
def true_values(entry: Activation, dtype: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give inputs, true values as doubles, and what these leave over.

    For the smaller formats the catalogue's double, right to 4 units of its own last place, is the truth.
    """
    if dtype != "float64":
        x = whole_range(dtype, 24_000)
        return x, entry(x), np.zeros_like(x)
    x = whole_range(dtype, 600)
    balls = [ball(entry.definition, x=float(number), **entry.parameters) for number in x]
    true = np.array([float(value.mid()) for value in balls])
    low = [
        float((value - number).mid()) if np.isfinite(number) else 0.0
        for value, number in zip(balls, true.tolist(), strict=True)
    ]
    return x, true, np.array(low)
