"""The catalogue: each activation function is written down once, and everything else asks here.

An entry is a plain function with the decorator :func:`activation`. Its signature gives the parameters, its
docstring the reference page; the decorator's arguments give the textbook formulas, the kernels that compute
value and derivative without loss, and the facts that the tests check.
"""

from __future__ import annotations

import difflib
import inspect
import math
import reprlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from numbers import Number as AnyNumber
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

import numpy as np

from actdocs import numerics, palette
from actdocs.expressions import checked
from actdocs.formula import latex
from actdocs.parameters import Axis, Domain, Number, Seed, Vector

__all__ = ["Activation", "Bounds", "Frameworks", "activation", "catalogue", "get"]

Kernel = Callable[..., Any]
Function = TypeVar("Function", bound=Callable[..., Any])

_BLOCK = 2**18  # bytes of each array computed at a time

Array = np.ndarray[Any, np.dtype[Any]]

_ENTRIES: dict[str, Activation] = {}


class Bounds(NamedTuple):
    """The range of values: infimum and supremum, and whether each is a value of the function."""

    low: float
    high: float
    low_attained: bool = False
    high_attained: bool = False


@dataclass(frozen=True)
class Frameworks:
    """The exact name of a function in each library, or None where the library has none.

    The name computes the same function once the parameters are passed; defaults may differ.

    Attributes
    ----------
    arguments : mapping of str to str
        For each library whose function takes more than the input, the rest of the call in terms of the entry's
        parameters: ``"negative_slope=alpha"``.
    """

    tensorflow: str | None = None
    keras: str | None = None
    pytorch: str | None = None
    jax: str | None = None
    onnx: str | None = None
    arguments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Activation:
    r"""An activation function: its value, its derivative, and what is known of it.

    Entries come from :func:`get` and :func:`catalogue`; facts hold at the default parameters.

    Attributes
    ----------
    name, title, aliases, family : str, str, tuple of str, str
        The fixed name, the name in prose, other names in use, and a key of ``actdocs.palette.FAMILIES``.
    parameters : mapping of str to object
        Each parameter's default.
    domains : mapping of str to Domain
        What each parameter accepts.
    definition, derivative_definition : str
        The textbook formula and that of the derivative, as Python expressions in ``x`` and the parameters.
    elementwise : bool
        Whether each value depends on one input alone.
    bounds : Bounds
        Infimum and supremum of the values, and whether they are reached.
    lipschitz : float
        The smallest Lipschitz constant in the Euclidean norm; infinite where none holds, at a jump or for every
        length of an axis.
    monotonic : bool or None
        Whether the function never decreases; None where the question makes no sense.
    kinks : tuple of float
        Where the derivative jumps, or the function itself.
    smoothness : float
        The number of continuous derivatives: -1 for a jump, infinity for a smooth function.
    minimum : tuple of float or None
        Place and value of the lowest point of a function that is not monotonic and has one; the rightmost of several.
    single : float
        How far from 0 single-precision arithmetic keeps the value within 4 units in the last place of single precision,
        at the default parameters; 0 for nowhere. Elsewhere and for all else the arithmetic is in double precision.
    limits : tuple of float
        Limits at minus and plus infinity; NaN where there is none.
    initialization : str
        The usual scale of the weights before it: ``"he"`` where it cuts or bends one side, else ``"glorot"``, and
        ``"lecun"`` where its authors ask for it.
    approximations : mapping of str to mapping
        Entries that stand in for this one, each with its parameters.
    frameworks : Frameworks
        The function's name in each library.
    references : tuple of str
        Keys of the site's bibliography.

    Examples
    --------
    >>> import actdocs
    >>> swish = actdocs.get("silu")
    >>> swish.name, dict(swish.parameters)
    ('swish', {'beta': 1.0})
    >>> swish(0.0) == 0.0 and swish.derivative(0.0) == 0.5
    True
    """

    name: str
    title: str
    function: Callable[..., Any] = field(repr=False)
    family: str
    aliases: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    domains: Mapping[str, Domain] = field(default_factory=dict, repr=False)
    definition: str
    derivative_definition: str = field(repr=False)
    value_kernel: Kernel = field(repr=False)
    derivative_kernel: Kernel | None = field(default=None, repr=False)
    jvp_kernel: Kernel | None = field(default=None, repr=False)
    vjp_kernel: Kernel | None = field(default=None, repr=False)
    bounds: Bounds
    lipschitz: float
    monotonic: bool | None = None
    kinks: tuple[float, ...] = ()
    smoothness: float = math.inf
    minimum: tuple[float, float] | None = None
    single: float = field(default=0.0, repr=False)
    limits: tuple[float, float] = (math.nan, math.nan)
    initialization: str = field(default="glorot", repr=False)
    approximations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    frameworks: Frameworks = field(default_factory=Frameworks, repr=False)
    references: tuple[str, ...] = ()

    @property
    def elementwise(self) -> bool:
        """Whether each value depends on one input alone."""
        return self.derivative_kernel is not None

    @property
    def formula(self) -> str:
        """The definition as LaTeX."""
        return latex(self.definition)

    @property
    def derivative_formula(self) -> str:
        """The derivative as LaTeX; for a function along an axis, the Jacobian's entry (i, j)."""
        return latex(self.derivative_definition)

    @property
    def summary(self) -> str:
        """The first sentence of the docstring."""
        return (inspect.getdoc(self.function) or "").partition("\n")[0]

    @property
    def member(self) -> int:
        """The position in its family, from 0."""
        return [entry.name for entry in _ENTRIES.values() if entry.family == self.family].index(self.name)

    @property
    def color(self) -> str:
        """Its colour on every light figure."""
        return palette.color(self.family, self.member)

    @property
    def color_dark(self) -> str:
        """Its colour on every dark figure."""
        return palette.color(self.family, self.member, dark=True)

    @property
    def linestyle(self) -> palette.Dash:
        """Its line style where several functions share a figure."""
        return palette.dash(self.member)

    def __call__(self, x: Any, **parameters: Any) -> Any:
        """Compute the value.

        Parameters
        ----------
        x : array_like
            float16, float32, float64, integers or booleans; any shape.
        **parameters
            Parameters by name; those left out take their default.

        Returns
        -------
        ndarray or scalar
            The shape of ``x``; floating dtypes are kept, anything else becomes float64.

        Raises
        ------
        TypeError
            If ``x`` is complex, text, masked or objects, or a parameter is unknown or of the wrong type.
        ValueError
            If a parameter is outside its domain.
        """
        return self._compute(self.value_kernel, parameters, x=x)

    def derivative(self, x: Any, **parameters: Any) -> Any:
        """Compute the derivative at the input ``x``; arguments and answer are those of a call.

        At a kink it takes the value that the docstring of the function states.

        Raises
        ------
        TypeError
            If the function is not element-wise: use :meth:`jvp` or :meth:`vjp`.
        """
        if self.derivative_kernel is None:
            raise TypeError(f"{self.name} mixes its inputs along an axis: use jvp or vjp, not derivative")
        return self._compute(self.derivative_kernel, parameters, x=x)

    def jvp(self, x: Any, v: Any, **parameters: Any) -> Any:
        """Multiply the Jacobian at ``x`` with ``v``: how the values change when ``x`` moves along ``v``.

        Parameters
        ----------
        x, v : array_like
            Input and direction, of one shape.

        Returns
        -------
        ndarray or scalar
            The shape of ``x``.

        Raises
        ------
        ValueError
            If the shapes differ.
        """
        return self._product(self.jvp_kernel, x, v, parameters)

    def vjp(self, x: Any, v: Any, **parameters: Any) -> Any:
        """Multiply ``v`` with the Jacobian at ``x``: the gradient that backpropagation hands down.

        Arguments and answer are those of :meth:`jvp`, but that ``v`` has the shape of the values.
        """
        return self._product(self.vjp_kernel, x, v, parameters, backward=True)

    def keras(self, **parameters: Any) -> Callable[[Any], Any]:
        """Make the function for a Keras layer; its gradient is the catalogue's derivative.

        Parameters
        ----------
        **parameters
            Parameters by name.

        Returns
        -------
        callable
            From a TensorFlow tensor to a tensor of the same shape and dtype, differentiable and compilable.

        Raises
        ------
        TypeError
            If the function is not element-wise.

        Examples
        --------
        >>> get("leaky_relu").keras(alpha=0.2)
        leaky_relu(alpha=0.2)
        """
        from actdocs.layers import LayerFunction

        return LayerFunction(self, **parameters)

    def check(self, **parameters: Any) -> dict[str, Any]:
        """Complete the parameters with their defaults and check each against its domain.

        Parameters
        ----------
        **parameters
            Parameters by name.

        Returns
        -------
        dict
            Every parameter's value in plain Python form.

        Raises
        ------
        TypeError, ValueError
            As for a call.

        Examples
        --------
        >>> get("leaky_relu").check(alpha=1)
        {'alpha': 1.0}
        """
        for name in parameters.keys() - self.parameters.keys():
            accepted = ", ".join(self.parameters) or "none"
            raise TypeError(f"{name} is not a parameter of {self.name}; accepted: {accepted}")
        given = {**self.parameters, **parameters}
        values = {name: self.domains[name].check(name, value) for name, value in given.items()}
        for name, domain in self.domains.items():
            if isinstance(domain, Number) and domain.most and values[name] > values[domain.most]:
                raise ValueError(f"{name} must be {domain}, {values[domain.most]:g}, got {given[name]!r}")
            if isinstance(domain, Vector) and domain.like and len(values[name]) != len(values[domain.like]):
                raise ValueError(f"{name} must be {domain}, {len(values[domain.like])}, got {given[name]!r}")
        return values

    def _product(
        self, kernel: Kernel | None, x: Any, v: Any, parameters: Mapping[str, Any], *, backward: bool = False
    ) -> Any:
        shape = _floating("x", x).shape
        expected = shape if self.elementwise or not backward else np.shape(self(x, **parameters))
        if expected != (given := _floating("v", v).shape):
            of = "x" if expected == shape else f"{self.name}(x)"
            raise ValueError(f"v must have the shape of {of}, {expected}, got {given}")
        return self._compute(kernel or self._times_derivative, parameters, x=x, v=v)

    def _times_derivative(self, xp: Any, x: Any, v: Any, **values: Any) -> Any:
        """Multiply with the Jacobian of an element-wise function, which is diagonal."""
        assert self.derivative_kernel is not None
        return self.derivative_kernel(xp, x, **values) * v

    def _compute(self, kernel: Kernel, parameters: Mapping[str, Any], **arrays: Any) -> Any:
        """Run a kernel in blocks, in double precision unless single serves, and round once to the dtype of ``x``."""
        values = self.check(**parameters)
        inputs = {name: _floating(name, array) for name, array in arrays.items()}
        x = inputs["x"]
        axis = None
        quick = self.single > 0 and x.dtype == np.float32 and kernel is self.value_kernel and values == self.parameters
        for name, domain in self.domains.items():
            if isinstance(domain, Axis):
                axis = values[name]
                _check_axis(name, axis, x, domain)
                values[name] = -1  # where a block has it
        if x.dtype == np.float64:
            xp: Any = numerics
        else:
            from actdocs import singles as xp  # SciPy waits until it is needed

        def run(block: dict[str, Array]) -> Any:
            """Compute part of the answer; NaN stays NaN."""
            x = block["x"]
            result = kernel(
                xp, **{name: array.astype(np.float64, copy=False) for name, array in block.items()}, **values
            )
            return np.where(np.isnan(x), np.nan, result) if axis is None and np.isnan(x.min(initial=0)) else result

        def run_single(block: dict[str, Array]) -> Any:
            """Compute part of the answer in single precision as far as that serves."""
            x = block["x"]
            result = kernel(xp, x, **values)
            if not (x.min() >= -self.single and (self.single == np.inf or x.max() <= self.single)):  # NaN is far too
                far = ~(np.abs(x) <= self.single)
                result = np.array(result)
                result[far] = run({"x": x[far]})
            return result

        rows = {name: _rows(array, axis) for name, array in inputs.items()}
        drawn = any(isinstance(domain, Seed) for domain in self.domains.values())  # at random, for all at once
        block = _BLOCK // (4 if quick else 8) // (1 if axis is None else x.shape[axis])
        result = _in_blocks(run_single if quick else run, rows, max(1, x.size if drawn else block))
        if axis is None:
            result = result.reshape(x.shape)
        else:
            shape = np.moveaxis(x, axis, -1).shape[:-1]
            result = np.moveaxis(result.reshape(*shape, result.shape[-1]), -1, axis)
        plain = isinstance(arrays["x"], AnyNumber) and not isinstance(arrays["x"], np.generic)
        return result.item() if plain else result[()]


def _rows(array: Array, axis: int | None) -> Array:
    """Lay an array out as numbers, or as rows along an axis: what a block takes some of."""
    return array.reshape(-1) if axis is None else np.moveaxis(array, axis, -1).reshape(-1, array.shape[axis])


def _in_blocks(run: Callable[[dict[str, Array]], Any], inputs: dict[str, Array], step: int) -> Array:
    """Compute some rows at a time, as many as the processor's cache holds."""
    x = inputs["x"]
    if x.ndim == 1 and x.size == 0:
        return x.copy()
    with np.errstate(all="ignore"):
        first = np.asarray(run({name: array[:step] for name, array in inputs.items()}))
        result = np.empty((len(x), *first.shape[1:]), x.dtype)
        result[:step] = first
        for start in range(step, len(x), step):
            part = slice(start, start + step)
            result[part] = run({name: array[part] for name, array in inputs.items()})
    return result


def _floating(name: str, value: Any) -> np.ndarray[Any, np.dtype[Any]]:
    """Take an argument as an array of float16, float32 or float64."""
    accepted = "real numbers (float16, float32, float64, integers of at most 64 bits or booleans)"
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{name} must be {accepted}, got a masked array, whose mask would be lost")
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} must be {accepted} in a regular shape, got {reprlib.repr(value)}") from error
    native = array.dtype.newbyteorder("=")
    if native in (np.float16, np.float32, np.float64):
        return array.astype(native, copy=False)
    if array.dtype.kind not in "biu":
        raise TypeError(f"{name} must be {accepted}, got {reprlib.repr(value)} of dtype {array.dtype}")
    return array.astype(np.float64)


def _check_axis(name: str, axis: int, x: Array, domain: Axis) -> None:
    shape, parts = x.shape, domain.parts
    if not -len(shape) <= axis < len(shape):
        raise ValueError(f"{name} must be an axis of x, whose shape is {shape}, got {axis}")
    if shape[axis] == 0:
        raise ValueError(f"x must have at least one entry along {name} {axis}, got shape {shape}")
    if shape[axis] % parts:
        raise ValueError(f"x must have a multiple of {parts} entries along {name} {axis}, got shape {shape}")
    if domain.ranked and len(places := np.argwhere(np.isnan(x))):
        place = ", ".join(map(str, places[0]))
        raise ValueError(f"x must hold scores that can be ranked along {name} {axis}, no NaN, got nan at x[{place}]")


def _kernel(expression: str, limits: tuple[float, float] | None = None) -> Kernel:
    """Make a kernel of an expression; where it swings itself out of a limit, the limit is given."""

    def kernel(xp: Any, x: Any, **parameters: Any) -> Any:
        result = xp.definition(expression, x, **parameters)
        if (
            limits is None
            or not isinstance(x, np.ndarray)
            or np.isfinite([x.min(initial=0.0), x.max(initial=0.0)]).all()
        ):
            return result
        ends = np.where(x < 0, *limits)
        # A function without parameters grows as recorded, even where it grows too slowly to be seen.
        wrong = np.isnan(result) | (np.isinf(ends) & (not parameters))
        return np.where(np.isinf(x) & wrong, ends, result)

    return kernel


def activation(
    *,
    title: str,
    family: str,
    definition: str,
    derivative_definition: str,
    value: Kernel | None = None,
    derivative: Kernel | None = None,
    jvp: Kernel | None = None,
    vjp: Kernel | None = None,
    **facts: Any,
) -> Callable[[Function], Function]:
    """Enter the decorated function into the catalogue; the function itself comes back unchanged.

    Parameters
    ----------
    title : str
        The name as prose and figures write it.
    family : str
        A key of ``actdocs.palette.FAMILIES``.
    definition, derivative_definition : str
        Textbook formulas as Python expressions, see :mod:`actdocs.formula`.
    value, derivative : callable, optional
        Kernels ``(xp, x, **parameters)`` in the names of :mod:`actdocs.numerics`; by default the definitions
        themselves, evaluated in the primitives of :mod:`actdocs.primitives`.
    jvp, vjp : callable
        In place of ``derivative``, for a function along an axis: kernels ``(xp, x, v, **parameters)``.
    **facts
        The remaining fields of :class:`Activation`.

    Raises
    ------
    ValueError
        If the family is unknown, a name is taken, or a parameter has no domain.

    Examples
    --------
    The modules of ``actdocs.activations`` are full of them. A family must be known, since it has the colour:

    >>> activation(title="Cube", family="odd", definition="x ** 3", derivative_definition="3 * x ** 2")
    Traceback (most recent call last):
    ...
    ValueError: family must be one of linear, threshold, rectifier, ..., simplex, got 'odd'
    """
    if family not in palette.FAMILIES:
        raise ValueError(f"family must be one of {', '.join(palette.FAMILIES)}, got {family!r}")

    bends = family in {"rectifier", "smooth rectifier", "self-gated"}
    facts.setdefault("initialization", "he" if bends else "glorot")

    def enter(function: Function) -> Function:
        signature = list(inspect.signature(function).parameters.values())[1:]
        for kind, expression in (("definition", definition), ("derivative_definition", derivative_definition)):
            names = [parameter.name for parameter in signature]
            checked(f"{kind} of {function.__name__}", expression, names, elementwise=jvp is None)
        entry = Activation(
            name=function.__name__,
            title=title,
            function=function,
            family=family,
            parameters=MappingProxyType({parameter.name: parameter.default for parameter in signature}),
            definition=definition,
            derivative_definition=derivative_definition,
            value_kernel=value or _kernel(definition, facts.get("limits")),
            derivative_kernel=derivative or (None if jvp else _kernel(derivative_definition)),
            jvp_kernel=jvp,
            vjp_kernel=vjp,
            **facts,
        )
        if entry.parameters.keys() != entry.domains.keys():
            raise ValueError(f"domains must name the parameters of {entry.name}, got {list(entry.domains)}")
        for name in (entry.name, *entry.aliases):
            if name in _names():
                raise ValueError(f"name or alias {name!r} is taken by {_names()[name].name}")
        _ENTRIES[entry.name] = entry
        return function

    return enter


def _names() -> dict[str, Activation]:
    """Every name and alias with its entry."""
    return {name: entry for entry in _ENTRIES.values() for name in (entry.name, *entry.aliases)}


def catalogue() -> tuple[Activation, ...]:
    """Give every activation, in catalogue order: family by family, simple ones first.

    Returns
    -------
    tuple of Activation

    Examples
    --------
    >>> catalogue()[0].name
    'identity'
    >>> get("tanh") in catalogue()
    True
    """
    families = list(palette.FAMILIES)
    return tuple(sorted(_ENTRIES.values(), key=lambda entry: families.index(entry.family)))


def get(identifier: str | Activation | Callable[..., Any]) -> Activation:
    """Look an activation up by name, alias, function or entry.

    Parameters
    ----------
    identifier : str, callable or Activation
        Names are matched without regard to case, hyphens and spaces.

    Returns
    -------
    Activation

    Raises
    ------
    ValueError
        If nothing in the catalogue answers to it; the message gives the nearest names.
    TypeError
        If it is not a name, a callable or an entry.

    Examples
    --------
    >>> get("SiLU").name
    'swish'
    >>> get("sigmod")
    Traceback (most recent call last):
    ...
    ValueError: activation must be a name in the catalogue, got 'sigmod'; nearest: sigmoid, log_sigmoid
    """
    if isinstance(identifier, Activation):
        return identifier
    names = _names()
    if isinstance(identifier, str):
        key = identifier.strip().lower().replace("-", "_").replace(" ", "_")
        if key in names:
            return names[key]
        near = dict.fromkeys(names[close].name for close in difflib.get_close_matches(key, names, n=3, cutoff=0.5))
        hint = f"nearest: {', '.join(near)}" if near else f"known: {', '.join(sorted(_ENTRIES))}"
        raise ValueError(f"activation must be a name in the catalogue, got {identifier!r}; {hint}")
    if not callable(identifier):
        raise TypeError(f"activation must be a name, a function of the catalogue or an entry, got {identifier!r}")
    for entry in names.values():
        if entry.function is identifier:
            return entry
    raise ValueError(f"activation must be a function of the catalogue, got {identifier!r}")
