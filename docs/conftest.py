"""Run the examples of the pages, the README and the docstrings: ``pytest docs README.md actdocs``.

The code blocks of a page run one after the other in one namespace, as a reader would paste them: ``{code-cell}`` and
``python`` blocks as they stand, ``>>>`` lines compared with what they print. A cell tagged ``raises-exception`` must
raise.
"""

from __future__ import annotations

import doctest
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sybil import Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.myst import CodeBlockParser, DocTestDirectiveParser, PythonCodeBlockParser

if TYPE_CHECKING:
    import pytest
    from sybil import Example

collect_ignore = ["auto_gallery", "api/generated"]  # made, and run, by the build

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


class Cell(PythonEvaluator):
    """Evaluate a block; one that is there to show an error has to end in one."""

    def __call__(self, example: Example) -> None:
        """Run it in the namespace of its page."""
        tags = example.region.lexemes.get("options", {}).get("tags", "")
        if "raises-exception" not in tags:
            super().__call__(example)
            return
        try:
            super().__call__(example)
        except Exception:
            return
        raise AssertionError("the cell is tagged raises-exception, and raised nothing")


def close_figures(*arguments: Any, **options: Any) -> None:
    """Take the place of ``plt.show()``: the reader looks, and closes the window."""
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")


def prepare(namespace: dict[str, Any]) -> None:
    """Start a page."""
    import matplotlib.pyplot as plt

    plt.show = close_figures


class Pages:
    """Collect examples outside this folder as well, which a hook of a conftest can't."""

    def __init__(self) -> None:
        blocks = PythonCodeBlockParser(doctest_optionflags=FLAGS)
        blocks.codeblock_parser = CodeBlockParser("python", Cell())
        self.pytest_collect_file = Sybil(
            parsers=[blocks, DocTestDirectiveParser(FLAGS)],
            path=str(Path(__file__).parents[1]),
            patterns=["docs/*.md", "docs/**/*.md", "README.md"],
            excludes=["docs/auto_gallery/**", "docs/api/generated/**"],
            setup=prepare,
        ).pytest()

    def pytest_runtest_teardown(self) -> None:
        """Leave no figure behind."""
        close_figures()


def pytest_configure(config: pytest.Config) -> None:
    """Run pages by Sybil and docstrings by pytest's own doctest, with no window and no log line of TensorFlow."""
    os.environ |= {"MPLBACKEND": "agg", "TF_CPP_MIN_LOG_LEVEL": "3"}
    config.option.doctestmodules = True
    config.pluginmanager.register(Pages())
