"""Examples of docstrings as they can be pasted: what they use is imported on top.

A docstring needs no import of what it documents, since doctest runs it in its module. A reader who copies the example
from the page has to have it.
"""

from __future__ import annotations

import ast
import builtins
import doctest
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

import actdocs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

USUAL = {"np": "import numpy as np", "plt": "import matplotlib.pyplot as plt", "actdocs": "import actdocs"}


def code(text: str) -> ast.Module:
    """Give what an example with prompts runs."""
    return ast.parse("".join(example.source for example in doctest.DocTestParser().get_examples(text)))


def bound(tree: ast.AST) -> Iterator[str]:
    """Give the names that some code binds."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name


def used(tree: ast.AST) -> Iterator[str]:
    """Give the names that some code reads, in their order."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    yield from (node.id for node in sorted(found, key=lambda node: (node.lineno, node.col_offset)))


@cache
def exported() -> dict[str, tuple[str, ...]]:
    """Read the public names of each module, without importing what is heavy."""
    found = {}
    for path in sorted(Path(actdocs.__path__[0]).glob("[!_]*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                found[f"actdocs.{path.stem}"] = tuple(ast.literal_eval(node.value))
    return found


def source(name: str, prefer: str) -> str:
    """Name the place that a public name is imported from: the package, the documented module, another one."""
    if not isinstance(getattr(actdocs, name, sys), ModuleType):
        return "actdocs"
    return next((place for place in (prefer, *exported()) if name in exported().get(place, ())), "")


def imports(names: Iterable[str], prefer: str = "") -> list[str]:
    """Write the imports of names, one line a place; of those that nobody has, none."""
    lines, places = [], dict[str, list[str]]()
    for name in dict.fromkeys(names):
        if name in USUAL:
            lines.append(USUAL[name])
        elif place := source(name, prefer):
            places.setdefault(place, []).append(name)
        elif name in sys.stdlib_module_names:
            lines.append(f"import {name}")
    return lines + [f"from {place} import {', '.join(found)}" for place, found in places.items()]


def complete(app: Sphinx, doctree: nodes.document) -> None:
    """Put the imports that are missing on top of each example of a page."""
    known = set(dir(builtins))
    signature = next(iter(doctree.findall(addnodes.desc_signature)), None)
    documented = (signature.get("module") or "") if signature is not None else ""
    for block in doctree.findall(nodes.doctest_block):
        text = block.astext()
        tree = code(text)
        missing = [name for name in used(tree) if name not in known | set(bound(tree))]
        lines = imports(missing, documented)
        if lines:
            text = "\n".join([*(f">>> {line}" for line in lines), text])
            block.rawsource = text
            block.children = []
            block += nodes.Text(text)
        known |= {*bound(tree), *missing}


def setup(app: Sphinx) -> ExtensionMetadata:
    """Work before it is noted what a page needs."""
    app.connect("doctree-read", complete, priority=400)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
