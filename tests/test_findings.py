"""What the studies found: sentences that follow the store, and their places on the pages."""

from __future__ import annotations

import re

import pytest
from test_site import Site

import actdocs
from actdocs.evidence import Store, studies
from actdocs.findings import findings

NAMES = [entry.name for entry in actdocs.catalogue()]


def test_findings_have_keys_sentences_and_activations():
    found = findings()
    assert len({finding.key for finding in found}) == len(found)
    for finding in found:
        assert re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", finding.key)
        assert re.fullmatch(r"[A-Z0-9].*\d.*\.", finding.text), finding.text
        assert "nan" not in finding.text.lower()
        assert finding.activations
        assert set(finding.activations) <= set(NAMES)


def test_every_study_has_findings():
    assert {finding.study for finding in findings()} == set(studies())


def test_an_unknown_study_is_named():
    with pytest.raises(ValueError, match=r"name must be 'rate' or .*, got 'rates'"):
        findings("rates")


def test_an_unfinished_study_says_nothing(tmp_path):
    store, records = Store(tmp_path), list(Store().load("mnist").values())
    for record in records[:-1]:
        store.add(record)
    assert findings(store=store) == ()
    store.add(records[-1])
    assert {finding.study for finding in findings(store=store)} == {"mnist"}


def test_sentences_follow_the_store(tmp_path):
    """Turn the results of two activations round, and the sentence about them turns round."""
    before = {finding.key: finding.text for finding in findings("rate")}
    assert "ReLU is better than Sigmoid" in before["rate.sigmoid"]
    records = list(Store().load("rate").values())
    results = {(r["settings"]["activation"], r["settings"]["learning_rate"]): r["results"] for r in records}
    swap = {"relu": "sigmoid", "sigmoid": "relu"}
    store = Store(tmp_path)
    for record in records:
        name, rate = record["settings"]["activation"], record["settings"]["learning_rate"]
        store.add({**record, "results": results[swap.get(name, name), rate]})
    after = {finding.key: finding.text for finding in findings("rate", store=store)}
    turned = before["rate.sigmoid"].replace("is better than", "is worse than")
    assert after["rate.sigmoid"] == turned


# On the pages

PAGE = "# Page\n\nIt is so: {finding}`rate.sigmoid`\n\n```{findings}\n```\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    small = Site(tmp_path_factory.mktemp("findings"))
    small.write("docs/index.md", "# Small\n\n```{toctree}\npage\nauto_gallery/index\n```\n")
    small.write("docs/page.md", PAGE)
    script = (small.root / "gallery/1_first/plot_1.py").read_text()
    small.write("gallery/1_first/plot_01_rate.py", script)
    small.build()
    return small


def test_a_page_cites_a_finding_and_links_its_study(site):
    html = site.read("page.html")
    said = next(finding.text for finding in findings("rate") if finding.key == "rate.sigmoid")
    assert re.sub(r"<.*?>", "", html).count(said) == 2
    assert html.count('href="auto_gallery/1_first/plot_01_rate.html"') >= 2
    assert 'id="rate-sigmoid"' in html
    for study in studies().values():
        assert study.title.replace("'", "’") in html


def test_an_unknown_finding_ends_the_build_with_those_accepted(site):
    site.write("docs/page.md", PAGE.replace("`rate.sigmoid`", "`rate.sigmund`"))
    _, log = site.build(passes=False)
    assert re.search(r"page.md:3: ERROR: finding must be one of rate.order, .*; got 'rate.sigmund'", log)
