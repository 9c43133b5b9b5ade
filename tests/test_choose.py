"""The decision guide: every leaf of its map is a card, and every card recommends an entry and says on what grounds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docutils.nodes import make_id
from test_references import BIBLIOGRAPHY

import actdocs

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "choose.md").read_text(encoding="utf-8")
MAP, REST = TEXT.split("## The output layer", 1)
TERMS = ["Take", "Why", "Weights", "Watch", "Evidence"]
ENTRIES = {entry.name for entry in actdocs.catalogue()}
# Pages of the atlas that are not an entry's.
ACROSS = {"index", "defaults", "accuracy", "kinks", "models", "corrections", "proofs"}


def cards() -> dict[str, dict[str, str]]:
    """Give the terms of each card under its heading."""
    text = re.sub(r"^```.*?^```$", "", REST, flags=re.MULTILINE | re.DOTALL)
    sections = re.findall(r"^### ([^\n]+)\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
    return {title: dict(re.findall(r"^(\w+)\n: (.+(?:\n  .+)*)", body, re.MULTILINE)) for title, body in sections}


def targets(text: str) -> set[str]:
    """Give the pages that a text leads to."""
    linked = re.findall(r"\]\(([\w/-]+)\.md\)", text)
    return {*linked, *re.findall(r"\{doc\}`(?:[^`<]*<)?([\w/-]+)>?`", text)}


card = pytest.mark.parametrize(("title", "terms"), cards().items(), ids=list(cards()))


def test_the_map_leads_to_every_card_and_nowhere_else() -> None:
    leaves = re.findall(r"\]\(#([\w-]+)\)", MAP)
    assert len(leaves) > 12
    assert leaves == [make_id(title) for title in cards()]


@card
def test_a_card_has_the_one_shape(title: str, terms: dict[str, str]) -> None:
    assert list(terms) == TERMS
    assert all(len(words) > 3 for words in terms.values())


@card
def test_a_card_recommends_an_entry_of_the_catalogue(title: str, terms: dict[str, str]) -> None:
    recommended = [page.removeprefix("atlas/") for page in targets(terms["Take"])]
    assert recommended
    assert set(recommended) <= ENTRIES


@card
def test_a_card_rests_on_a_paper_or_a_run(title: str, terms: dict[str, str]) -> None:
    cited = re.findall(r"\{cite:\w\}`([^`]+)`", terms["Evidence"])
    assert {key for keys in cited for key in keys.split(",")} <= set(BIBLIOGRAPHY)
    assert cited or targets(terms["Evidence"]) or "```{code-cell}" in REST.split(f"### {title}\n")[1].split("\n##")[0]


@card
def test_a_card_links_to_pages_that_exist(title: str, terms: dict[str, str]) -> None:
    pages = targets(" ".join(terms.values()))
    assert pages
    for page in pages:
        folder, _, name = page.rpartition("/")
        if folder == "atlas":
            assert name in ENTRIES | ACROSS
        elif folder.startswith("auto_gallery"):
            assert (ROOT / "gallery" / folder.removeprefix("auto_gallery/") / f"{name}.py").exists()
        else:
            assert (ROOT / "docs" / f"{page}.md").exists()
