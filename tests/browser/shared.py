"""One page of every kind that the site has, and how the tests report what they find."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

KINDS = {
    "front": "index.html",
    "chapters": "learn/index.html",
    "chapter": "learn/06-relu.html",
    "trained chapter": "learn/11-images.html",
    "guide": "choose.html",
    "atlas": "atlas/index.html",
    "function": "atlas/gelu.html",
    "gated unit": "atlas/swiglu.html",
    "comparison": "atlas/accuracy.html",
    "proofs": "atlas/proofs.html",
    "models": "atlas/models.html",
    "corrections": "atlas/corrections.html",
    "data": "atlas/data.html",
    "cheat sheet": "atlas/cheatsheet.html",
    "gallery": "auto_gallery/index.html",
    "script": "auto_gallery/2_gradients/plot_02_dying_relu.html",
    "api": "api/index.html",
    "module": "api/generated/actdocs.training.html",
    "object": "api/generated/actdocs.Activation.html",
    "glossary": "glossary.html",
    "use": "use.html",
    "slides": "slides.html",
    "index of names": "genindex.html",
    "search": "search.html?q=gelu",
    "missing": "404.html",
}


NOTES: list[str] = []  # what the tests measured, printed at the end


def no_faults(found: Iterable[str]) -> None:
    """Fail with all that was found, a line each, or pass if there is nothing."""
    lines = list(found)
    if lines:
        pytest.fail("\n".join([f"{len(lines)} faults:", *lines]), pytrace=False)
