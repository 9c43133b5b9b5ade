"""Findings of the studies on the pages: ``{finding}`key``` cites one, ``{findings}`` lists all of them.

A study's page is its script in the gallery, ``plot_NN_<study>.py``. A page that shows a finding is read again when
the store or the code that says it changes.
"""

from __future__ import annotations

import dataclasses
import functools
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.util.docutils import SphinxDirective, SphinxRole

from actdocs import evidence
from actdocs import findings as found
from extensions import seen

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

    from actdocs.findings import Finding


def pages(app: Sphinx) -> dict[str, str]:
    """Give the page of each study that has a script in the gallery."""
    gallery = Path(app.srcdir, app.config.sphinx_gallery_conf["examples_dirs"])
    scripts = sorted(gallery.glob("*/plot_*.py"))
    return {script.stem[8:]: f"/auto_gallery/{script.parent.name}/{script.stem}" for script in scripts}


def known(app: Sphinx) -> dict[str, Finding]:
    """Give the findings by their keys."""
    return {finding.key: finding for finding in computed(app)}


@functools.lru_cache(1)
def computed(app: Sphinx) -> tuple[Finding, ...]:
    """Compute the findings, unless the package and its store are as they were."""
    cache = Path(app.confdir).parent / "build" / "cache" / "findings.json"
    kept = seen.read(cache) or {}
    if kept.get("key") != app.config.package_key:
        kept = {"key": app.config.package_key, "rows": [dataclasses.asdict(one) for one in found.findings()]}
        seen.write(cache, kept)
    return tuple(found.Finding(**(row | {"activations": tuple(row["activations"])})) for row in kept["rows"])


def depend(env: BuildEnvironment) -> None:
    """Let the page that is read be read again when what its findings come from changes."""
    env.note_dependency(found.__file__)
    for file in evidence.FOLDER.glob("*.*"):
        env.note_dependency(str(file))


def link(env: BuildEnvironment, study: str, text: str) -> nodes.Node:
    """Give a link to a study's page; its text alone where this site has no such page."""
    target = pages(env.app).get(study)
    if target is None:
        return nodes.inline("", text)
    options = {"refdomain": "std", "reftype": "doc", "refexplicit": True, "refwarn": True, "reftarget": target}
    return pending_xref("", nodes.inline("", text), refdoc=env.docname, **options)


class FindingRole(SphinxRole):
    """A finding by its key: its sentence, with a link to its study."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Write it, or report a key that is none."""
        depend(self.env)
        finding = known(self.env.app).get(self.text)
        if finding is None:
            accepted = ", ".join(known(self.env.app))
            message = self.inliner.reporter.error(
                f"finding must be one of {accepted}; got {self.text!r}", line=self.lineno
            )
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        return [nodes.Text(f"{finding.text} ("), link(self.env, finding.study, "study"), nodes.Text(")")], []


class Findings(SphinxDirective):
    """All findings, a heading for each study with its title and a link, a list item for each sentence."""

    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Write the sections."""
        depend(self.env)
        written: list[nodes.Node] = []
        by_study: dict[str, list[Finding]] = {}
        for finding in (finding for finding in known(self.env.app).values() if finding.overview):
            by_study.setdefault(finding.study, []).append(finding)
        titles = {study.name: study.title for study in evidence.studies().values()}
        for name, some in by_study.items():
            section = nodes.section("", nodes.title("", titles[name]), ids=[name.replace("_", "-")], names=[name])
            items = [nodes.list_item("", nodes.paragraph("", finding.text), ids=[anchor(finding)]) for finding in some]
            section += nodes.bullet_list("", *items, classes=["findings"])
            section += nodes.paragraph("", "", link(self.env, name, "Figures, code and data of this study"))
            self.state.document.note_explicit_target(section)
            written.append(section)
        return written


def anchor(finding: Finding) -> str:
    """Give the address of a finding on the overview."""
    return finding.key.replace(".", "-").replace("_", "-")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the role and the directive."""
    app.add_role("finding", FindingRole())
    app.add_directive("findings", Findings)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
