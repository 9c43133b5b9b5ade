"""From the expression that defines an activation to the LaTeX that shows it.

A definition is an ordinary Python expression in ``x`` and the parameters, for example
``"x if x > 0 else alpha * (exp(x) - 1)"``. It is the one place where the textbook formula stands:
this module draws it, and the tests evaluate it in ball arithmetic.
"""

from __future__ import annotations

import ast

_NAMES = {
    "alpha": r"\alpha",
    "beta": r"\beta",
    "delta": r"\delta",
    "pi": r"\pi",
    "sigmoid": r"\sigma",
    "Phi": r"\Phi",
    "phi": r"\varphi",
    "log": r"\ln",
    "tanh": r"\tanh",
    "sin": r"\sin",
    "cos": r"\cos",
    "atan": r"\arctan",
    "gamma": r"\gamma",
    "lamda": r"\lambda",
    "mu": r"\mu",
    "omega": r"\omega",
    "sigma": r"\sigma",
    "p1": "p_{1}",
    "p2": "p_{2}",
    "tau": r"\tau",
    "theta": r"\theta",
    "max": r"\max",
    "min": r"\min",
}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Gt: ">",
    ast.GtE: r"\ge",
    ast.Lt: "<",
    ast.LtE: r"\le",
    ast.Eq: "=",
    ast.NotEq: r"\ne",
}
_OWN_SHAPE = ("abs", "exp", "expm1", "log1p", "max", "min", "sqrt", "sum")  # not drawn as a name before its argument
_SUM, _PRODUCT, _POWER, _ATOM = range(4)


def latex(expression: str) -> str:
    r"""Draw a definition as LaTeX.

    Parameters
    ----------
    expression : str
        A Python expression made of numbers, names, ``+ - * / **``, comparisons, ``a if test else b``,
        ``x[i]``, ``sum(… for j in indices)`` and calls of named functions.

    Returns
    -------
    str
        LaTeX for mathematics mode.

    Raises
    ------
    ValueError
        If the expression holds anything else.

    Examples
    --------
    >>> print(latex("1 / (1 + exp(-x))"))
    \frac{1}{1 + e^{-x}}
    >>> print(latex("x * sigmoid(beta * x)"))
    x\,\sigma(\beta x)
    >>> latex("lambda: 0")
    Traceback (most recent call last):
    ...
    ValueError: expression must be made of arithmetic, comparisons and function calls, got 'lambda: 0'
    """
    try:
        return _draw(ast.parse(expression, mode="eval").body)[0]
    except (SyntaxError, TypeError) as error:
        wanted = "expression must be made of arithmetic, comparisons and function calls"
        raise ValueError(f"{wanted}, got {expression!r}") from error


def _inside(node: ast.expr, at_least: int = _SUM) -> str:
    """Draw a part, in brackets where it binds weaker than ``at_least``."""
    text, strength = _draw(node)
    return _brackets(text) if strength < at_least else text


def _brackets(text: str) -> str:
    """Put brackets round a part, growing ones where it is tall."""
    tall = any(mark in text for mark in ("^", r"\frac", r"\sum", r"\left"))
    return rf"\left({text}\right)" if tall else f"({text})"


def _draw(node: ast.expr) -> tuple[str, int]:
    """Draw a node; say how strongly it binds."""
    match node:
        case ast.Constant(value=bool() | int() | float() as number):
            return f"{number:g}", _ATOM
        case ast.Constant(value=str() as word):
            return rf"\text{{{word}}}", _ATOM
        case ast.Name(id=name):
            return _symbol(name), _ATOM
        case ast.Tuple(elts=parts):
            return "".join(map(_inside, parts)), _ATOM
        case ast.UnaryOp(op=ast.USub(), operand=part):
            return f"-{_inside(part, _PRODUCT)}", _SUM
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return f"{_inside(left)} + {_inside(right)}", _SUM
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return f"{_inside(left)} - {_inside(right, _PRODUCT)}", _SUM
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            first, second = _inside(left, _PRODUCT), _inside(right, _PRODUCT)
            apart = _is_named(right, second) or any(part.startswith(r"\text") for part in (first, second))
            between = r" \cdot " if second[0].isdigit() else r"\," if apart else " "
            return f"{first}{between}{second}", _PRODUCT
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return rf"\frac{{{_inside(left)}}}{{{_inside(right)}}}", _PRODUCT
        case ast.BinOp(left=ast.Call(func=ast.Name(id=name), args=args), op=ast.Pow(), right=power) if (
            name not in _OWN_SHAPE
        ):
            return f"{_name(name)}^{{{_inside(power)}}}{_arguments(args)}", _POWER
        case ast.BinOp(left=base, op=ast.Pow(), right=power):
            return f"{_inside(base, _ATOM)}^{{{_inside(power)}}}", _POWER
        case ast.Compare(left=left, ops=[comparison], comparators=[right]):
            return f"{_inside(left)} {_COMPARISONS[type(comparison)]} {_inside(right)}", _SUM
        case ast.IfExp():
            return rf"\begin{{cases}}{_cases(node)}\end{{cases}}", _SUM
        case ast.Subscript(value=vector, slice=index):
            return f"{_inside(vector)}_{{{_inside(index)}}}", _ATOM
        case ast.Call(func=ast.Name(id=name), args=args):
            return _call(name, args)
    raise TypeError(node)


def _symbol(name: str) -> str:
    """Draw a variable; what follows an underscore is its index."""
    stem, _, index = name.partition("_")
    if len(index) == 1:
        return f"{_symbol(stem)}_{{{index}}}"
    return _NAMES.get(name, name if len(name) == 1 else rf"\text{{{name.replace('_', ' ')}}}")


def _is_named(node: ast.expr, text: str) -> bool:
    """Tell whether a factor is a function with its name, which needs a little space before it."""
    return isinstance(node, ast.Call) and not text.startswith((r"\left(", "(", "e^"))


def _name(name: str) -> str:
    return _NAMES.get(name, rf"\operatorname{{{name}}}")


def _arguments(args: list[ast.expr]) -> str:
    return _brackets(", ".join(map(_inside, args)))


def _call(name: str, args: list[ast.expr]) -> tuple[str, int]:
    match name, args:
        case "exp", [power]:
            return f"e^{{{_inside(power)}}}", _POWER
        case "expm1", [power]:
            return f"e^{{{_inside(power)}}} - 1", _SUM
        case "log1p", [part]:
            return rf"\ln\left(1 + {_inside(part)}\right)", _ATOM
        case "sqrt", [part]:
            return rf"\sqrt{{{_inside(part)}}}", _ATOM
        case "abs", [part]:
            return rf"\left|{_inside(part)}\right|", _ATOM
        case "sum", [ast.GeneratorExp(elt=term, generators=[ast.comprehension(target=index)])]:
            return rf"\sum_{{{_inside(index)}}} {_inside(term, _PRODUCT)}", _PRODUCT
        case "max", [ast.GeneratorExp(elt=term, generators=[ast.comprehension(target=index)])]:
            return rf"\max_{{{_inside(index)}}} {_brackets(_inside(term))}", _PRODUCT
    return f"{_name(name)}{_arguments(args)}", _ATOM


def _cases(node: ast.IfExp) -> str:
    """Draw ``a if test else b if test else c`` as rows of one brace."""
    row = rf"{_inside(node.body)} & \text{{if }} {_inside(node.test)} \\ "
    if isinstance(node.orelse, ast.IfExp):
        return row + _cases(node.orelse)
    return row + rf"{_inside(node.orelse)} & \text{{otherwise}}"
