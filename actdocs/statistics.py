"""What a few seeds allow to say: intervals of means, and differences between activations from the same seeds."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actdocs.parameters import Choice, share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

__all__ = ["Difference", "SingleSeeds", "interval", "paired_differences", "single_seeds"]


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
    p_value : float
        Of Student's paired test, times the number of pairs that were compared (Bonferroni), at most 1.
    effect : float
        The mean over the standard deviation of the differences, corrected for few seeds (Hedges); infinite where all
        differences are alike.
    better : str
        Whether "larger" or "smaller" results are better.
    confidence : float
        Of the intervals of all pairs together.
    pairs : int
        How many pairs were compared.
    """

    first: str
    second: str
    mean: float
    low: float
    high: float
    seeds: int
    p_value: float
    effect: float
    better: str = "larger"
    confidence: float = 0.95
    pairs: int = 1

    @property
    def ahead(self) -> str | None:
        """The better one, or None where the interval holds zero."""
        larger = self.first if self.low > 0 else self.second if self.high < 0 else None
        if larger is None or self.better == "larger":
            return larger
        return self.second if larger == self.first else self.first

    @property
    def verdict(self) -> str:
        """What may be said of the first: better, worse, or not distinguishable with so many seeds."""
        if self.ahead is None:
            return f"not distinguishable with {self.seeds} seeds"
        return "better" if self.ahead == self.first else "worse"

    def __str__(self) -> str:
        """Say it in words."""
        verdict = f"{self.ahead} is ahead" if self.ahead else self.verdict
        return f"{self.first} − {self.second}: {self.low:+.2f} to {self.high:+.2f}: {verdict}"

    def sentence(self, unit: str = "", scale: float = 1.0, digits: int = 2) -> str:
        """Say it in a sentence for a page.

        Parameters
        ----------
        unit : str
            What to write behind the numbers, such as ``" points"``.
        scale : float
            What to multiply them by, such as 100 for shares as percentages.
        digits : int
            How many decimals.

        Examples
        --------
        >>> (found,) = paired_differences({"relu": [0.97, 0.98, 0.97], "sigmoid": [0.90, 0.91, 0.91]})
        >>> print(found.sentence(" points", scale=100))
        relu is better than sigmoid by 6.67 points (95 % interval 5.23 to 8.10, 3 seeds).
        """
        sign = scale if self.mean >= 0 else -scale
        ends = sorted((sign * self.low, sign * self.high))
        level = f"{100 * self.confidence:g} % interval" + (f" for all {self.pairs} pairs together" * (self.pairs > 1))
        numbers = f"({level} {ends[0]:.{digits}f} to {ends[1]:.{digits}f}, {self.seeds} seeds)"
        if self.ahead is None:
            return (
                f"{self.first} and {self.second} are not distinguishable with {self.seeds} seeds: the difference is "
                f"{scale * self.low:+.{digits}f} to {scale * self.high:+.{digits}f}{unit} ({level})."
            )
        return f"{self.first} is {self.verdict} than {self.second} by {sign * self.mean:.{digits}f}{unit} {numbers}."


def _by_seed(results: Mapping[str, ArrayLike]) -> dict[str, NDArray[np.float64]]:
    """Take results as arrays, as many activations and seeds as a comparison needs."""
    values = {name: np.asarray(result, dtype=float) for name, result in results.items()}
    shapes = {name: value.shape for name, value in values.items()}
    if len(values) < 2 or len(set(shapes.values())) > 1:
        raise ValueError(f"results must be at least two activations with one result for each seed, got {shapes}")
    return values


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

    level = share("confidence", confidence)
    results = np.asarray(values, dtype=float)
    if results.ndim != 1 or len(results) < 2 or not np.isfinite(results).all():
        raise ValueError(f"values must be at least two finite numbers, one a seed, got {values!r}")
    mean = float(results.mean())
    reach = float(stats.t.ppf((1 + level) / 2, len(results) - 1) * results.std(ddof=1) / np.sqrt(len(results)))
    return mean, mean - reach, mean + reach


def paired_differences(
    results: Mapping[str, ArrayLike], confidence: float = 0.95, *, better: str = "larger", against: str | None = None
) -> tuple[Difference, ...]:
    """Compare each pair of activations, or each with one of them, seed by seed.

    Starting weights and data order of a seed are shared, so that what they have in common cancels. Intervals and
    tests are Student's, corrected for the number of pairs (Bonferroni), so that all hold together with the given
    confidence, and a test says what its interval says.

    Parameters
    ----------
    results : mapping of str to array_like of shape (seeds,)
        For each activation one result a seed, in the same order of seeds.
    confidence : float
        Of all intervals together, between 0 and 1.
    better : str
        Whether "larger" results are better, such as accuracies, or "smaller" ones, such as losses.
    against : str, optional
        The one of them that each other is compared with; by default each is compared with each. It comes second in
        its pairs. Choose it before looking at the results: the correction is for the pairs that are compared.

    Returns
    -------
    tuple of Difference

    Raises
    ------
    ValueError
        If there are fewer than two activations, their numbers of seeds differ, the confidence is not between 0
        and 1, ``better`` is neither word, or ``against`` is not among the activations.

    References
    ----------
    Student (1908), "The probable error of a mean"; Hedges (1981), "Distribution theory for Glass's estimator of effect
    size and related estimators".

    Examples
    --------
    >>> for difference in paired_differences({"relu": [0.97, 0.98, 0.97], "sigmoid": [0.90, 0.91, 0.91]}):
    ...     print(difference)
    relu − sigmoid: +0.05 to +0.08: relu is ahead

    Fewer pairs leave narrower intervals:

    >>> results = {"relu": [97, 98, 97], "tanh": [96, 96, 97], "elu": [96, 97, 97], "gelu": [97, 98, 98]}
    >>> [(pair.first, pair.second) for pair in paired_differences(results, against="relu")]
    [('tanh', 'relu'), ('elu', 'relu'), ('gelu', 'relu')]
    """
    level, better = share("confidence", confidence), Choice("larger", "smaller").check("better", better)
    values = _by_seed(results)
    if against is None:
        pairs = list(itertools.combinations(values, 2))
    else:
        Choice(*values).check("against", against)
        pairs = [(name, against) for name in values if name != against]
    found = []
    for first, second in pairs:
        differences = values[first] - values[second]
        ends = interval(differences, 1 - (1 - level) / len(pairs))
        p_value = min(1.0, len(pairs) * _student(differences))
        found.append(
            Difference(
                first, second, *ends, len(differences), p_value, _hedges(differences), better, confidence, len(pairs)
            )
        )
    return tuple(found)


def _student(differences: NDArray[np.float64]) -> float:
    """Give the p-value of Student's paired test; differences that are all alike leave no doubt."""
    from scipy import stats

    mean, spread = differences.mean(), differences.std(ddof=1)
    if spread == 0:
        return 1.0 if mean == 0 else 0.0
    return float(2 * stats.t.sf(abs(mean) / spread * np.sqrt(len(differences)), len(differences) - 1))


def _hedges(differences: NDArray[np.float64]) -> float:
    """Give the mean in standard deviations of the differences, unbiased."""
    from scipy.special import gammaln

    mean, spread = differences.mean(), differences.std(ddof=1)
    if spread == 0:
        return 0.0 if mean == 0 else float(np.copysign(np.inf, mean))
    freedom = len(differences) - 1
    if freedom < 2:
        return float("nan")  # the correction has no value for two seeds
    correction = np.exp(gammaln(freedom / 2) - gammaln((freedom - 1) / 2)) / np.sqrt(freedom / 2)
    return float(mean / spread * correction)


@dataclass(frozen=True)
class SingleSeeds:
    """What would have been said from one seed, for each of several.

    Attributes
    ----------
    ranking : tuple of str
        The activations from best to worst, by their means over all seeds.
    other_ranking, other_winner : float
        The share of seeds that rank them differently, and that do not put the best alone in the first place.
    seeds : int
        How many seeds.
    """

    ranking: tuple[str, ...]
    other_ranking: float
    other_winner: float
    seeds: int

    def __str__(self) -> str:
        """Say it in words."""
        return (
            f"Of {self.seeds} seeds taken alone, {self.other_ranking:.0%} give another ranking than the means, "
            f"and {self.other_winner:.0%} another winner."
        )


def single_seeds(results: Mapping[str, ArrayLike], *, better: str = "larger") -> SingleSeeds:
    """Tell how often one seed alone would have given another ranking than the means over all.

    A tie with a neighbour in the ranking counts as another ranking: one seed could not have told them apart.

    Parameters
    ----------
    results : mapping of str to array_like of shape (seeds,)
        For each activation one result a seed, in the same order of seeds.
    better : str
        Whether "larger" or "smaller" results are better.

    Returns
    -------
    SingleSeeds

    Raises
    ------
    ValueError
        If there are fewer than two activations, their numbers of seeds differ, a result is not finite, or ``better``
        is neither word.

    Examples
    --------
    >>> print(single_seeds({"relu": [0.97, 0.96, 0.98, 0.97], "tanh": [0.96, 0.97, 0.96, 0.96]}))
    Of 4 seeds taken alone, 25% give another ranking than the means, and 25% another winner.
    """
    sign = 1 if Choice("larger", "smaller").check("better", better) == "larger" else -1
    values = {name: sign * value for name, value in _by_seed(results).items()}
    if not all(value.ndim == 1 and len(value) and np.isfinite(value).all() for value in values.values()):
        raise ValueError(f"results must be finite, at least one a seed, got {dict(results)}")
    ranking = tuple(sorted(values, key=lambda name: -values[name].mean()))
    ordered = np.array([values[name] for name in ranking])
    same = (np.diff(ordered, axis=0) < 0).all(axis=0)
    first = (ordered[0] > ordered[1:]).all(axis=0)
    return SingleSeeds(ranking, 1 - float(same.mean()), 1 - float(first.mean()), ordered.shape[1])
