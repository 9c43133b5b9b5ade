"""The examples of docstrings get the imports that a reader needs."""

from __future__ import annotations

import pytest
from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes

import actdocs
from extensions import examples


def completed(*blocks: str, module: str = "") -> list[str]:
    page = new_document("page")
    page += addnodes.desc_signature(module=module)
    page.extend(nodes.doctest_block(text, text) for text in blocks)
    examples.complete(None, page)
    assert all(block.astext() == block.rawsource for block in page.findall(nodes.doctest_block))
    return [block.astext() for block in page.findall(nodes.doctest_block)]


def test_what_an_example_uses_is_imported_once_a_page():
    first, second = completed(">>> relu(np.ones(2))\narray([1., 1.])", ">>> relu(1.0)\n1.0")
    assert first.splitlines()[:2] == [">>> import numpy as np", ">>> from actdocs import relu"]
    assert second == ">>> relu(1.0)\n1.0"


def test_what_an_example_binds_itself_is_left_alone():
    text = """\
>>> from actdocs import relu
>>> def double(x):
...     return 2 * x
>>> [double(relu(one)) for one in range(2)]
[0.0, 2.0]
>>> total = sum(map(lambda y: y, (1, 2)))
>>> total
3"""
    assert completed(text) == [text]


@pytest.mark.parametrize(
    ("name", "module", "line"),
    [
        ("records", "actdocs.records", ">>> from actdocs.records import records"),  # also a module of the package
        ("facts", "", ">>> from actdocs.proofs import facts"),
        ("code", "", ">>> from actdocs.snippets import code"),  # Python has a module of that name
        ("json", "", ">>> import json"),
    ],
)
def test_a_name_is_imported_from_where_it_is(name, module, line):
    assert completed(f">>> {name}", module=module) == [f"{line}\n>>> {name}"]


def test_a_name_that_nobody_has_is_left_alone():
    assert completed(">>> nosuch") == [">>> nosuch"]


def test_the_names_that_the_modules_export_are_read_and_not_run():
    assert set(actdocs.network.__all__) == set(examples.exported()["actdocs.network"])
    assert examples.exported().keys() >= {"actdocs.data", "actdocs.layers", "actdocs.training"}
