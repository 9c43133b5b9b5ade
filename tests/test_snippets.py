"""The code for each framework: there for every entry, fit for a page, and right wherever it can run here.

PyTorch, JAX and ONNX are not in this environment: ``nox -s crosscheck`` runs their snippets.
"""

from __future__ import annotations

import ast
import re

import pytest
from crosscheck.agreement import KNOWN, compare
from crosscheck.libraries import NumPy, TensorFlow

import actdocs
from actdocs import _tensorflow, snippets

EVERY = [
    pytest.param(entry, framework, id=f"{entry.name}-{framework}")
    for entry in actdocs.catalogue()
    for framework in snippets.FRAMEWORKS
]


@pytest.fixture(scope="module", params=[NumPy, TensorFlow], ids=lambda library: library.framework)
def library(request):
    _tensorflow.import_tensorflow()
    made = request.param()
    made.start()
    return made


@pytest.mark.parametrize(("entry", "framework"), EVERY)
def test_fits_a_page_and_compiles(entry, framework):
    code = snippets.code(entry, framework)
    compile(code, entry.name, "exec")
    assert all(len(line) <= 88 for line in code.splitlines()), code
    assert "actdocs" not in code


@pytest.mark.parametrize(("entry", "framework"), EVERY)
def test_shows_value_and_gradient(entry, framework):
    code = snippets.code(entry, framework)
    assert re.search(r"^ *(y|\(y,\)) = ", code, re.MULTILINE)
    flat = entry.derivative_definition == "0" and framework != "numpy"
    none = framework == "onnx" or flat or (framework == "numpy" and not entry.elementwise)
    assert ("gradient = " in code) is not none


@pytest.mark.parametrize("entry", actdocs.catalogue(), ids=lambda entry: entry.name)
def test_agrees_with_the_catalogue(entry, library):
    found, failures = compare(entry, library)
    assert not failures
    assert found["value_error"] is not None


@pytest.mark.parametrize(("entry", "framework"), EVERY)
def test_the_library_function_is_called_where_there_is_one(entry, framework):
    name = snippets.own_name(entry, framework)
    if framework != "numpy":
        libraries = ("keras", "tensorflow") if framework == "tensorflow" else (framework,)
        assert name == next(filter(None, (getattr(entry.frameworks, library) for library in libraries)), None)
    if name:
        assert name.rpartition(".")[2] in snippets.code(entry, framework)


def test_parameters_are_written_out():
    code = snippets.code(actdocs.get("leaky_relu"), "pytorch")
    assert "torch.nn.functional.leaky_relu(x, negative_slope=0.01)" in code


def test_a_branch_is_kept_from_overflow():
    """The gradient of where(x > 0, x, exp(x) - 1) is NaN at 1000: the exponential has to be held back."""
    xielu = actdocs.get("xielu")
    assert "clamp(x, max=" in snippets.code(xielu, "pytorch")
    elish = actdocs.get("elish")
    assert "torch.clamp(x, max=0)" in snippets.code(elish, "pytorch")
    assert "jnp.where(x >= 0, 0, x)" in snippets.code(elish, "jax")
    assert "jnp.where(x <= eps, x, eps)" in snippets.code(actdocs.get("xielu"), "jax")


@pytest.mark.parametrize("entry", actdocs.catalogue(), ids=lambda entry: entry.name)
def test_onnx_graphs_are_whole(entry):
    """Every name is defined before it is used, the result is y, and the opset is stated."""
    text = snippets.code(entry, "onnx").split('"""')[1]
    assert re.search(r'opset_import: \["": \d+\]', text)
    head, _, body = text.partition("{\n")
    known = set(re.findall(r"\] (\w+)[,)]", head.partition("=>")[0])) | set(re.findall(r"(\w+) = \{", head))
    for line in body.strip().removesuffix("}").strip().splitlines():
        outputs, operator, inputs = re.fullmatch(r"\s*([\w, ]+) = (\w+)(?: <.*>)? \((.*)\)", line).groups()
        assert set(inputs.split(", ")) <= known, (line, operator)
        known |= set(outputs.split(", "))
    assert "y" in known


def test_an_unknown_framework_is_refused():
    with pytest.raises(ValueError, match="framework must be one of numpy, tensorflow"):
        snippets.code(actdocs.get("relu"), "theano")


def test_what_is_known_to_be_off_is_about_entries():
    names = {entry.name for entry in actdocs.catalogue()}
    assert {name for name, _, _ in KNOWN} <= names
    assert {framework for _, framework, _ in KNOWN} <= snippets.FRAMEWORKS.keys()


def test_numbers_are_readable():
    """No constant is written with more digits than a double needs, and whole ones stay whole."""
    for entry in actdocs.catalogue():
        for node in ast.walk(ast.parse(snippets.code(entry, "numpy"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, float):
                assert len(repr(node.value)) <= 20
