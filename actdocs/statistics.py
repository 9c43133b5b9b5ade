"""What a few seeds allow to say: intervals of means, and differences between activations from the same seeds."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actdocs.parameters import Number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

__all__ = ["Difference", "interval", "paired_differences"]


@dataclass(frozen=True)
class Difference:
    """The mean difference between two activations over the same seeds, and what may be said of it.

    Attributes
    ----------
    first, second : str
        Their names; the difference is first minus second.
    mean, low, high : float
        The mean and the ends of its interval, in the unit of the results.
    seeds : int
        How many seeds.
    """

    first: str
    second: str
    mean: float
    low: float
    high: float
    seeds: int

    @property
    def ahead(self) -> str | None:
        """The one with the larger values, or None where the interval holds zero."""
        return self.first if self.low > 0 else self.second if self.high < 0 else None

    def __str__(self) -> str:
        """Say it in words."""
        verdict = f"{self.ahead} is ahead" if self.ahead else f"not distinguishable with {self.seeds} seeds"
        return f"{self.first} − {self.second}: {self.low:+.2f} to {self.high:+.2f}: {verdict}"


def _level(confidence: float) -> float:
    """Check a confidence."""
    level = Number(low=0, high=1).check("confidence", confidence)
    if level in (0, 1):
        raise ValueError(f"confidence must be more than 0 and less than 1, got {confidence!r}")
    return level


def interval(values: ArrayLike, confidence: float = 0.95) -> tuple[float, float, float]:
    """Give the mean and its confidence interval by Student's t.

    Parameters
    ----------
    values : array_like of shape (seeds,)
        One result a seed; at least two, finite.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of float
        Mean, lower and upper end.

    Raises
    ------
    ValueError
        If there are fewer than two values, one is not finite, or the confidence is not between 0 and 1.

    References
    ----------
    Student (1908), "The probable error of a mean".

    Examples
    --------
    >>> mean, low, high = interval([96.0, 97.0, 98.0])
    >>> mean, low < 95 < 99 < high
    (97.0, True)
    """
    from scipy import stats

    level = _level(confidence)
    results = np.asarray(values, dtype=float)
    if results.ndim != 1 or len(results) < 2 or not np.isfinite(results).all():
        raise ValueError(f"values must be at least two finite numbers, one a seed, got {values!r}")
    mean = float(results.mean())
    reach = float(stats.t.ppf((1 + level) / 2, len(results) - 1) * results.std(ddof=1) / np.sqrt(len(results)))
    return mean, mean - reach, mean + reach


def paired_differences(results: Mapping[str, ArrayLike], confidence: float = 0.95) -> tuple[Difference, ...]:
    """Compare each pair of activations seed by seed.

    Starting weights and data order of a seed are shared, so that what they have in common cancels. The intervals
    hold together with the given confidence (Bonferroni).

    Parameters
    ----------
    results : mapping of str to array_like of shape (seeds,)
        For each activation one result a seed, in the same order of seeds.
    confidence : float
        Of all intervals together, between 0 and 1.

    Returns
    -------
    tuple of Difference

    Raises
    ------
    ValueError
        If there are fewer than two activations, their numbers of seeds differ, or the confidence is not between 0
        and 1.

    Examples
    --------
    >>> for difference in paired_differences({"relu": [0.97, 0.98, 0.97], "sigmoid": [0.90, 0.91, 0.91]}):
    ...     print(difference)
    relu − sigmoid: +0.05 to +0.08: relu is ahead
    """
    level = _level(confidence)
    values = {name: np.asarray(result, dtype=float) for name, result in results.items()}
    shapes = {name: value.shape for name, value in values.items()}
    if len(values) < 2 or len(set(shapes.values())) > 1:
        raise ValueError(f"results must be at least two activations with one result for each seed, got {shapes}")
    pairs = list(itertools.combinations(values, 2))
    level = 1 - (1 - level) / len(pairs)
    return tuple(Difference(a, b, *interval(values[a] - values[b], level), seeds=len(values[a])) for a, b in pairs)
