"""Gated units: one half of the input passes as far as the other half, the gate, lets it.

All four share one order: of :math:`2n` entries along the axis, the first :math:`n` pass and the last :math:`n` gate.
A gate of zero, or one that is zero in double precision, lets nothing pass, not even infinity.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from actdocs.catalogue import Bounds, Frameworks, activation, get
from actdocs.parameters import Axis

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from actdocs.catalogue import Function, Kernel

__all__ = ["geglu", "glu", "reglu", "swiglu"]


def _gated_unit(*, gate: str, slope: str, value: Kernel | None = None, **facts: Any) -> Callable[[Function], Function]:
    """Enter the product of a first half with a function of the second.

    Parameters
    ----------
    gate, slope : str
        That function and its derivative, as formulas in ``{b}``.
    value : callable, optional
        A faster kernel for the product than its definition.
    **facts
        What else :func:`actdocs.catalogue.activation` takes.
    """
    entry = "x[i + n]"
    # The gate is ``x`` here, so that its definition is evaluated in the wide numbers that x is lifted to.
    opened, opening = f"({gate.format(b='x')})", f"({slope.format(b='x')})"

    def product(xp: Any, x: Any, axis: int) -> Any:
        a, b = np.split(x, 2, axis)
        result = xp.definition(f"a * {opened}", b, a=a)
        if np.isfinite(x).all():
            return result
        shut = np.isinf(a) & (np.asarray(xp.definition(opened, b), np.float64) == 0)
        return np.where(shut, 0.0, result)  # a shut gate holds infinity back as well

    def forward(xp: Any, x: Any, v: Any, axis: int) -> Any:
        (a, b), (da, db) = np.split(x, 2, axis), np.split(v, 2, axis)
        return xp.definition(f"da * {opened} + db * (a * {opening})", b, a=a, da=da, db=db)

    def backward(xp: Any, x: Any, v: Any, axis: int) -> Any:
        a, b = np.split(x, 2, axis)
        halves = (xp.definition(formula, b, a=a, v=v) for formula in (f"v * {opened}", f"v * (a * {opening})"))
        return np.concatenate([*halves], axis)

    return activation(
        family="gated unit",
        definition=f"x[i] * {gate.format(b=entry)}",
        derivative_definition=(
            f"{gate.format(b=entry)} if j == i else x[i] * {slope.format(b=entry)} if j == i + n else 0"
        ),
        value=value or product,
        jvp=forward,
        vjp=backward,
        domains={"axis": Axis(parts=2)},
        bounds=Bounds(-math.inf, math.inf),
        lipschitz=math.inf,
        **facts,
    )


def _glu(xp: Any, x: Any, axis: int) -> Any:
    a, b = np.split(x, 2, axis)
    return xp.sigmoid(b, factor=a)


@_gated_unit(
    title="GLU",
    gate="sigmoid({b})",
    slope="sigmoid({b}) * sigmoid(-{b})",
    value=_glu,
    frameworks=Frameworks(
        keras="keras.activations.glu",
        pytorch="torch.nn.functional.glu",
        jax="jax.nn.glu",
        arguments={"keras": "axis=axis", "pytorch": "dim=axis", "jax": "axis=axis"},
    ),
    references=("dauphin2017",),
)
def glu(x: ArrayLike, axis: int = -1) -> Any:
    r"""Let the first half of the entries through a gate that the second half opens: the gated linear unit.

    .. math:: f(x)_i = x_{i}\,\sigma(x_{i + n})

    With :math:`a` the first :math:`n` entries along the axis and :math:`b` the last, it is :math:`a \odot \sigma(b)`:
    **the second half is the gate**. PyTorch, Keras and JAX have it in the same order, and so has the paper that
    introduces it, as :math:`(xW + b) \odot \sigma(xV + c)`. Shazeer (2020) writes the gate first,
    :math:`\sigma(xW) \odot xV`.

    Where the gate is open, the gradient of :math:`a` passes in full.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; at least one dimension, with an even length along the axis.
    axis : int
        The axis that holds the two halves; the last by default.

    Returns
    -------
    ndarray
        The shape of ``x`` with half the length along the axis; floating dtypes are kept, anything else becomes
        float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``axis`` is not an integer.
    ValueError
        If ``x`` has no such axis, or nothing or an odd number of entries along it.

    Notes
    -----
    **When to use.** After a convolution or a dense layer with twice the units, in place of an activation function.
    It came from convolutional language models, and stands today in speech models such as the Conformer.

    **What goes wrong.** The halves: swapped, the shapes still fit and the model learns, but weights of another code
    base give nonsense. The layer before has twice the weights, so that a fair comparison makes the other one as wide.

    References
    ----------
    Dauphin, Fan, Auli and Grangier (2017), "Language modeling with gated convolutional networks".

    Examples
    --------
    The gates are the last two numbers: half open, and all but shut.

    >>> glu([4.0, 4.0, 0.0, -100.0]).round(3)
    array([2., 0.])
    """
    return get(glu)(x, axis=axis)


@_gated_unit(
    title="ReGLU",
    gate="max(0, {b})",
    slope="sign(max(0, {b}))",
    smoothness=0,
    references=("shazeer2020",),
)
def reglu(x: ArrayLike, axis: int = -1) -> Any:
    r"""Multiply the first half of the entries by the ReLU of the second.

    .. math:: f(x)_i = x_{i}\,\max(0, x_{i + n})

    **The second half is the gate**, as in :func:`glu`. The paper has it first, :math:`\mathrm{ReLU}(xW) \odot xV`:
    there the weights :math:`W` make the gate.

    **Convention.** At a gate of 0 its derivative is 0, as for :func:`relu`.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; at least one dimension, with an even length along the axis.
    axis : int
        The axis that holds the two halves; the last by default.

    Returns
    -------
    ndarray
        The shape of ``x`` with half the length along the axis; floating dtypes are kept, anything else becomes
        float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``axis`` is not an integer.
    ValueError
        If ``x`` has no such axis, or nothing or an odd number of entries along it.

    Notes
    -----
    **When to use.** For a gated feed-forward block whose output should be sparse: about half the products are exactly 0
    at the start, and a device may skip them.

    **What goes wrong.** A gate that is shut for every example passes no gradient to either half, so that both die
    together. Where it is open the values grow with the square of the inputs.

    References
    ----------
    Shazeer (2020), "GLU variants improve transformer".

    Examples
    --------
    >>> reglu([4.0, 4.0, 0.5, -1.0])
    array([2., 0.])
    """
    return get(reglu)(x, axis=axis)


@_gated_unit(
    title="GEGLU",
    gate="{b} * Phi({b})",
    slope="(Phi({b}) + {b} * phi({b}))",
    references=("shazeer2020",),
)
def geglu(x: ArrayLike, axis: int = -1) -> Any:
    r"""Multiply the first half of the entries by the GELU of the second.

    .. math:: f(x)_i = x_{i} x_{i + n}\,\Phi(x_{i + n})

    **The second half is the gate**, as in :func:`glu`. The paper has it first, :math:`\mathrm{GELU}(xW) \odot xV`.
    Code bases differ as well: the usual module of that name splits a dense layer's output and applies GELU to the
    second half, as here; where each half has a layer of its own there is no order at all.

    The GELU is the exact one, :math:`b\,\Phi(b)`. Models of the T5 family with a gated block use the approximation
    by tanh.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; at least one dimension, with an even length along the axis.
    axis : int
        The axis that holds the two halves; the last by default.

    Returns
    -------
    ndarray
        The shape of ``x`` with half the length along the axis; floating dtypes are kept, anything else becomes
        float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``axis`` is not an integer.
    ValueError
        If ``x`` has no such axis, or nothing or an odd number of entries along it.

    Notes
    -----
    **When to use.** In the feed-forward block of a transformer: two dense layers in place of the first, this, and a
    third. Two thirds of the usual width keep the number of weights.

    **What goes wrong.** The product of two large numbers overflows in half precision, from 65,504 on: 256 times 256
    is enough. Exact and approximate GELU give slightly different gates to the same weights.

    References
    ----------
    Shazeer (2020), "GLU variants improve transformer".

    Examples
    --------
    >>> from actdocs import gelu
    >>> geglu([10.0, 0.5])[0] == 10 * gelu(0.5)
    np.True_
    """
    return get(geglu)(x, axis=axis)


@_gated_unit(
    title="SwiGLU",
    gate="{b} * sigmoid({b})",
    slope="sigmoid({b}) * (1 + {b} * sigmoid(-{b}))",
    references=("shazeer2020", "touvron2023"),
)
def swiglu(x: ArrayLike, axis: int = -1) -> Any:
    r"""Multiply the first half of the entries by the SiLU of the second.

    .. math:: f(x)_i = x_{i} x_{i + n}\,\sigma(x_{i + n})

    **The second half is the gate**, as in :func:`glu`. The paper has it first,
    :math:`\mathrm{Swish}_1(xW) \odot xV`, and so have the models after LLaMA: ``silu(gate(x)) * up(x)``, with a dense
    layer for each. Where those two are fused into one, as in Phi-3, the gate is the *first* half of the result. To use
    such weights here, swap the halves: ``swiglu(np.roll(x, n, axis=-1))``. ONNX has an operator ``SwiGLU`` from opset
    28, whose two inputs are the gate and the other half, in this order.

    The gate is the SiLU, Swish with :math:`\beta = 1`.

    Parameters
    ----------
    x : array_like
        float16, float32, float64, integers or booleans; at least one dimension, with an even length along the axis.
    axis : int
        The axis that holds the two halves; the last by default.

    Returns
    -------
    ndarray
        The shape of ``x`` with half the length along the axis; floating dtypes are kept, anything else becomes
        float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers or ``axis`` is not an integer.
    ValueError
        If ``x`` has no such axis, or nothing or an odd number of entries along it.

    Notes
    -----
    **When to use.** In the feed-forward block of a transformer: LLaMA, Mistral, Qwen and DeepSeek have it there. Two
    thirds of the usual width keep the number of weights.

    **What goes wrong.** Far out it is the product of its inputs, so that one large channel makes a far larger one:
    it overflows in half precision, and leaves the others few steps of an 8-bit code. And the order of the halves,
    see above.

    References
    ----------
    Shazeer (2020), "GLU variants improve transformer"; Touvron, Lavril, Izacard, Martinet, Lachaux, Lacroix, Rozière,
    Goyal, Hambro, Azhar, Rodriguez, Joulin, Grave and Lample (2023), "LLaMA: Open and efficient foundation language
    models".

    Examples
    --------
    A block as Shazeer's paper has it, with the gate in front:

    >>> import numpy as np
    >>> from actdocs import swish
    >>> gate, up = np.array([1.0, -2.0]), np.array([3.0, 5.0])
    >>> bool(np.all(swiglu(np.concatenate([up, gate])) == swish(gate) * up))
    True
    """
    return get(swiglu)(x, axis=axis)
