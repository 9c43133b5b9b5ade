"""Pages in Firefox, from ``file:`` with its own policy for files: nothing goes wrong and everything is drawn."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from shared import no_faults

from extensions.maths import program

# What a page shows once it is drawn; networks are trained a step.
SEEN = """(async () => {
  const until = async (done) => {
    for (let k = 0; k < 100 && !done(); k++) await new Promise((go) => setTimeout(go, 50));
  };
  const moving = document.querySelector("[data-play]");
  if (moving && moving.dataset.play !== "own") await until(() => moving.querySelector(".chart .axis"));
  const step = [...document.querySelectorAll(".play button")].find((one) => one.textContent === "Step");
  step?.click();
  if (step) await until(() => document.querySelector(".play .live").textContent.startsWith("Stepped"));
  return {
    charts: document.querySelectorAll(".play .chart .axis").length,
    controls: document.querySelectorAll(".play :is(input, select, button)").length,
    said: document.querySelector(".play .live")?.textContent ?? "",
    faults: [...document.querySelectorAll(".play .faults")].map((one) => one.textContent).join(""),
    maths: document.querySelectorAll("math").length,
  };
})()"""
PAGES = {
    "play/explorer.html": "#f=leaky_relu(alpha=0.2)&f=gelu&at=-1",
    "play/gradients.html": "",
    "play/playground.html": "",
    "play/own.html": "",
    "atlas/gelu.html": "",
    "learn/02-linear-neuron.html": "",
    "learn/04-sigmoid.html": "",
    "index.html": "",
    "atlas/index.html": "",
}


def test_pages_work_in_firefox_from_a_folder(folder, web):
    if not any(map(shutil.which, ("firefox-esr", "firefox"))):
        pytest.skip("no Firefox on the path: install firefox-esr")
    script = Path(__file__).parent / "firefox.mjs"
    addresses = [f"{(folder / name).as_uri()}{state}" for name, state in PAGES.items()]
    done = subprocess.run(
        [program("node"), str(script), str(web), SEEN, *addresses], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    found = dict(zip(PAGES, json.loads(done.stdout), strict=True))
    no_faults(f"{name} says {one}" for name, page in found.items() for one in page["errors"])
    no_faults(
        f"{name}: {page['value']}" for name, page in found.items() if page["value"] is None or page["value"]["faults"]
    )
    for name, page in found.items():
        if name.startswith("play/"):
            assert page["value"]["controls"] > 1, name
        if name.startswith(("play/explorer", "play/gradients", "play/playground", "atlas/gelu", "learn/0")):
            assert page["value"]["charts"] > 0, name
        if name.startswith(("atlas/gelu", "learn/")):
            assert page["value"]["maths"] > 0, name
    assert found["play/playground.html"]["value"]["said"].startswith("Stepped at epoch 1")
