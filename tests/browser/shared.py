"""One page of every kind that the site has, and how the tests report what they find."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

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
    "explorer": "play/explorer.html",
    "gradient explorer": "play/gradients.html",
    "playground": "play/playground.html",
    "own function": "play/own.html",
    "index of names": "genindex.html",
    "search": "search.html?q=gelu",
    "missing": "404.html",
}


# What trains for minutes.
HEAVY = (
    "learn/10-",
    "learn/11-",
    "learn/12-",
    "learn/13-",
    "auto_gallery/4_training/",
)
AXE = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.flatMap(
  (rule) => rule.nodes.map((node) => `${rule.id} ${node.target.flat(2).join(" ")} ${node.any[0]?.message ?? rule.help}`)
)"""
# MathML Core has scriptlevel on every element and its own properties in CSS; the checker knows MathML 3.
KNOWN = "(Attribute .scriptlevel. not allowed|CSS: .math-(depth|shift|style).: Property).*"

NOTES: list[str] = []  # what the tests measured, printed at the end


def no_faults(found: Iterable[str]) -> None:
    """Fail with all that was found, a line each, or pass if there is nothing."""
    lines = list(found)
    if lines:
        pytest.fail("\n".join([f"{len(lines)} faults:", *lines]), pytrace=False)


def invalid(web: Path, place: Path) -> list[str]:
    """Give the errors that the checker of the W3C finds in a page, or in all pages of a folder."""
    java = shutil.which("java")
    if java is None:
        pytest.skip("no java on the path: the checker of the W3C needs one")
    checker = web / "vnu-jar" / "build" / "dist" / "vnu.jar"
    command = [java, "-Xmx1g", "-jar", str(checker), "--skip-non-html", "--no-langdetect", "--errors-only"]
    command += ["--format", "json", "--exit-zero-always", "--filterpattern", KNOWN, str(place)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    found = json.loads(done.stderr)["messages"]
    return [f"{one.get('url', '').partition(f'{place}/')[2]}:{one.get('lastLine')} {one['message']}" for one in found]


# Milliseconds from the frame after each of sixty steps of a slider to the end of its drawing, sorted.
PAINTED = """async () => {
  const slider = document.querySelector(".parameters input[type=range]");
  const times = [];
  for (let k = 0; k < 60; k++) {
    slider.value = 0.5 + k / 60;
    const done = new Promise((resolve) => requestAnimationFrame(() => resolve(performance.now())));
    const start = performance.now();
    slider.dispatchEvent(new Event("input"));
    await new Promise(requestAnimationFrame);
    const channel = new MessageChannel();
    await new Promise((resolve) => { channel.port1.onmessage = resolve; channel.port2.postMessage(0); });
    times.push(performance.now() - (await done));
  }
  return times.sort((a, b) => a - b);
}"""
