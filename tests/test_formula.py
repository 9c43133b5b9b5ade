"""Definitions drawn as LaTeX."""

from __future__ import annotations

import pytest

from actdocs.formula import latex


@pytest.mark.parametrize(
    ("expression", "drawn"),
    [
        ("x", "x"),
        ("2.5 * x", "2.5 x"),
        ("x * 2", r"x \cdot 2"),
        ("-x + alpha", r"-x + \alpha"),
        ("a - (b - c)", "a - (b - c)"),
        ("(a + b) * c", "(a + b) c"),
        ("(a + b) ** 2", "(a + b)^{2}"),
        ("tanh(x) ** 2", r"\tanh^{2}(x)"),
        ("sqrt(2 / pi)", r"\sqrt{\frac{2}{\pi}}"),
        ("abs(x)", r"\left|x\right|"),
        ("exp(-x) * x", "e^{-x} x"),
        ("f(x, y)", r"\operatorname{f}(x, y)"),
        ("log(1 + exp(x))", r"\ln\left(1 + e^{x}\right)"),
        ("x if x > 0 else 0", r"\begin{cases}x & \text{if } x > 0 \\ 0 & \text{otherwise}\end{cases}"),
        (
            "1 if x >= 1 else x if x != 0 else no",
            r"\begin{cases}1 & \text{if } x \ge 1 \\ x & \text{if } x \ne 0 \\ \text{no} & \text{otherwise}\end{cases}",
        ),
        ("x[i] * delta[i, j]", r"x_{i} \delta_{ij}"),
        ("sum(x[j] for j in indices)", r"\sum_{j} x_{j}"),
    ],
)
def test_latex(expression, drawn):
    assert latex(expression) == drawn


@pytest.mark.parametrize("expression", ["x +", "[x]", "x @ y", "x > 0 > y", "x.y", "x := 2", "lambda: 0", "x & y"])
def test_what_is_not_a_formula_is_refused(expression):
    with pytest.raises(ValueError, match="expression must be made of arithmetic"):
        latex(expression)
