"""The bibliography: what is cited is there, what is there is cited, and each entry is complete and in form."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from pybtex.database import Entry, parse_file

import actdocs

ROOT = Path(__file__).parents[1]
BIBLIOGRAPHY = parse_file(ROOT / "conf" / "references.bib", bib_format="bibtex").entries
GENERATED = ("auto_gallery", "generated")

# Given for a text on activation functions in slides and lists; it belongs to a paper on software repositories.
NOT_ON_ACTIVATIONS = "1709.04626"

# {cite:t}`a,b` in MyST, :cite:t:`a,b` in reStructuredText; in Python sources that's docstrings and gallery text.
CITATION = re.compile(r"(?:\{cite(?::\w+)?\}|:cite(?::\w+)?:)`([^`]+)`")


def sources() -> list[Path]:
    files = [*ROOT.glob("docs/**/*.md"), *ROOT.glob("gallery/**/*.py"), *ROOT.glob("gallery/**/*.rst")]
    return [path for path in (*files, *ROOT.glob("actdocs/**/*.py")) if not set(GENERATED) & set(path.parts)]


def citations() -> dict[str, list[str]]:
    """Each cited key with the places that cite it."""
    places: dict[str, list[str]] = {}
    for path in sources():
        for match in CITATION.finditer(path.read_text(encoding="utf-8")):
            for key in match[1].split(","):
                places.setdefault(key.strip(), []).append(str(path.relative_to(ROOT)))
    for entry in actdocs.catalogue():
        for key in entry.references:
            places.setdefault(key, []).append(f"the catalogue's {entry.name}")
    return places


def plain(text: str) -> str:
    return " ".join(re.sub(r"[{}]", "", text).split())


entries = pytest.mark.parametrize(("key", "entry"), BIBLIOGRAPHY.items(), ids=list(BIBLIOGRAPHY))


def test_the_pattern_finds_both_notations() -> None:
    assert CITATION.findall("{cite:t}`a, b` {cite}`c` :cite:p:`d` {term}`e`") == ["a, b", "c", "d"]


def test_every_citation_has_an_entry() -> None:
    missing = {key: places for key, places in citations().items() if key not in BIBLIOGRAPHY}
    assert missing == {}


def test_every_entry_is_cited() -> None:
    assert sorted(set(BIBLIOGRAPHY) - set(citations())) == []


@entries
def test_an_entry_is_complete(key: str, entry: Entry) -> None:
    assert key == key.lower()
    assert entry.persons.get("author")
    assert all(person.last_names and "others" not in person.last_names for person in entry.persons["author"])
    assert plain(entry.fields["title"])
    assert re.fullmatch(r"1[89]\d\d|20\d\d", entry.fields["year"])
    # The key tells the year of publication, or that of the preprint before it.
    assert re.findall(r"\d{4}", key)[0] in (entry.fields["year"], f"20{entry.fields.get('eprint', '')[:2]}")
    assert {"journal", "booktitle", "eprint", "institution"} & set(entry.fields), (
        f"{key} has neither a venue nor an arXiv number"
    )


@entries
def test_identifiers_are_well_formed(key: str, entry: Entry) -> None:
    if eprint := entry.fields.get("eprint"):
        match = re.fullmatch(r"(\d\d)(0[1-9]|1[0-2])\.\d{4,5}", eprint)
        assert match, f"{eprint} is not an arXiv number"
        # Five digits since 2015; and nothing is published before its preprint.
        assert len(eprint) == (10 if int(match[1]) >= 15 else 9)
        assert 2000 + int(match[1]) <= int(entry.fields["year"])
        assert eprint != NOT_ON_ACTIVATIONS
    if doi := entry.fields.get("doi"):
        assert re.fullmatch(r"10\.\d{4,9}/[^\s{}]+", doi)
    if pages := entry.fields.get("pages"):
        first, _, last = pages.partition("--")
        assert int(first) <= int(last)


@pytest.mark.parametrize("field", ["eprint", "doi", "title"])
def test_nothing_is_listed_twice(field: str) -> None:
    values = [plain(entry.fields[field]).casefold() for entry in BIBLIOGRAPHY.values() if field in entry.fields]
    assert len(values) == len(set(values))


@pytest.mark.parametrize("activation", [a for a in actdocs.catalogue() if a.references], ids=lambda a: a.name)
def test_docstring_and_bibliography_agree(activation: actdocs.Activation) -> None:
    """The section References of a docstring names the works of the entry's keys: authors, year and title."""
    section = (inspect.getdoc(activation.function) or "").partition("References\n----------\n")[2]
    section = section.partition("\nExamples\n")[0]
    words = " ".join(section.split())
    for key in activation.references:
        entry = BIBLIOGRAPHY[key]
        for person in entry.persons["author"]:
            assert " ".join(person.last_names) in words
        assert f"({entry.fields['year']})" in words
        assert plain(entry.fields["title"]).split(":")[0].casefold()[:40] in words.casefold()
    assert len(re.findall(r"\(\d{4}\)", words)) == len(activation.references)
