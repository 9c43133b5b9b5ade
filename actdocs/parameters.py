"""What a parameter of an activation may be, said once: the check, the error and the documentation."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, Protocol

import numpy as np


class Domain(Protocol):
    """The set of values that a parameter accepts."""

    def check(self, name: str, value: Any) -> Any:
        """Return the value in its plain Python form, or raise and say what is accepted."""


@dataclass(frozen=True)
class Number:
    """A finite real number, from ``low`` to ``high`` inclusive, or above ``above``; at most the parameter ``most``.

    Examples
    --------
    >>> Number(low=0).check("alpha", 0.01)
    0.01
    >>> Number(low=0).check("alpha", -1)
    Traceback (most recent call last):
    ...
    ValueError: alpha must be a finite number of at least 0, got -1
    """

    low: float = -math.inf
    high: float = math.inf
    above: float = -math.inf
    most: str | None = None

    def __str__(self) -> str:
        """Say what is accepted."""
        limits = [f"at least {self.low:g}"] if self.low > -math.inf else []
        limits += [f"more than {self.above:g}"] if self.above > -math.inf else []
        limits += [f"at most {self.high:g}"] if self.high < math.inf else []
        limits += [f"at most {self.most}"] if self.most else []
        return " of ".join(["a finite number", " and ".join(limits)]) if limits else "a finite number"

    def check(self, name: str, value: Any) -> float:
        """Return the value as a float."""
        if isinstance(value, bool) or not isinstance(value, Real):
            raise TypeError(f"{name} must be {self}, got {value!r} of type {type(value).__name__}")
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not (math.isfinite(number) and self.low <= number <= self.high and number > self.above):
            raise ValueError(f"{name} must be {self}, got {value!r}")
        return number


@dataclass(frozen=True)
class Vector:
    """A sequence of finite real numbers; ``size`` of them, or any number but none.

    Attributes
    ----------
    size : int or None
        How many numbers, where that is fixed.
    like : str or None
        Another parameter that must have as many.

    Examples
    --------
    >>> Vector().check("slopes", [1, 2])
    (1.0, 2.0)
    >>> Vector(size=3).check("slopes", [1, 2])
    Traceback (most recent call last):
    ...
    ValueError: slopes must be a sequence of 3 finite numbers, got [1, 2]
    """

    size: int | None = None
    like: str | None = None

    def __str__(self) -> str:
        """Say what is accepted."""
        number = (
            f"as many finite numbers as {self.like}" if self.like else f"{self.size or 'one or more'} finite numbers"
        )
        return f"a sequence of {number}"

    def check(self, name: str, value: Any) -> tuple[float, ...]:
        """Return the numbers as a tuple of floats."""
        if isinstance(value, str | bytes) or not isinstance(value, Sequence | np.ndarray):
            raise TypeError(f"{name} must be {self}, got {value!r} of type {type(value).__name__}")
        try:
            numbers = tuple(Number().check(name, number) for number in value)
        except (TypeError, ValueError):
            numbers = ()
        if not numbers or len(numbers) != (self.size or len(numbers)):
            raise ValueError(f"{name} must be {self}, got {value!r}")
        return numbers


@dataclass(frozen=True)
class Seed:
    """A whole number that fixes random draws, or None for fresh ones.

    Examples
    --------
    >>> Seed().check("seed", -1)
    Traceback (most recent call last):
    ...
    ValueError: seed must be a whole number of at least 0, or None, got -1
    """

    def __str__(self) -> str:
        """Say what is accepted."""
        return "a whole number of at least 0, or None"

    def check(self, name: str, value: Any) -> int | None:
        """Return the seed as a plain integer, or None."""
        if value is None:
            return None
        try:
            if isinstance(value, bool | np.bool_):
                raise TypeError
            seed = operator.index(value)
        except TypeError:
            raise TypeError(f"{name} must be {self}, got {value!r} of type {type(value).__name__}") from None
        if seed < 0:
            raise ValueError(f"{name} must be {self}, got {value!r}")
        return seed


@dataclass(frozen=True)
class Choice:
    """One of a few words.

    Examples
    --------
    >>> Choice("none", "tanh").check("approximate", "yes")
    Traceback (most recent call last):
    ...
    ValueError: approximate must be 'none' or 'tanh', got 'yes'
    """

    words: tuple[str, ...]

    def __init__(self, *words: str) -> None:
        object.__setattr__(self, "words", words)

    def __str__(self) -> str:
        """Say what is accepted."""
        return " or ".join(map(repr, self.words))

    def check(self, name: str, value: Any) -> str:
        """Return the word."""
        if not isinstance(value, str) or value not in self.words:
            raise ValueError(f"{name} must be {self}, got {value!r}")
        return value


@dataclass(frozen=True)
class Axis:
    """The position of an axis; that the array has it is checked with the array.

    Attributes
    ----------
    parts : int
        The array's length along the axis must be a multiple of this.
    ranked : bool
        Whether the entries along the axis must have an order, so that none may be NaN.

    Examples
    --------
    >>> Axis().check("axis", 1.5)
    Traceback (most recent call last):
    ...
    TypeError: axis must be an integer, got 1.5 of type float
    """

    parts: int = 1
    ranked: bool = False

    def __str__(self) -> str:
        """Say what is accepted."""
        return "an integer"

    def check(self, name: str, value: Any) -> int:
        """Return the axis as a plain integer."""
        try:
            if isinstance(value, bool | np.bool_):
                raise TypeError
            return operator.index(value)
        except TypeError:
            raise TypeError(f"{name} must be {self}, got {value!r} of type {type(value).__name__}") from None


def integer(name: str, value: Any, low: int) -> int:
    """Check that an argument is an integer of at least ``low``."""
    try:
        number = -1 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an integer of at least {low}, got {value!r}") from None
    if number < low:
        raise ValueError(f"{name} must be an integer of at least {low}, got {value!r}")
    return number


def share(name: str, value: Any) -> float:
    """Check that an argument is a number between 0 and 1, neither of them."""
    number = Number(low=0, high=1).check(name, value)
    if number in (0, 1):
        raise ValueError(f"{name} must be a number between 0 and 1, got {value!r}")
    return number
