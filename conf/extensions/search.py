"""Finding things: the search knows every index entry, and a link to a term of the glossary says what the term means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.index_entries import split_index_msg

from extensions.hosting import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata


def keep_index(app: Sphinx) -> Iterable[tuple[str, dict[str, Any], str]]:
    """Give the search index the entries of all pages: Sphinx loses those of pages that it doesn't write again."""
    indexer = vars(app.builder).get("indexer")
    if indexer is not None:
        entries = app.env.domains.index_domain.entries
        for docname in sorted(entries.keys() & indexer._titles.keys()):
            found = {
                (part, target or "", main)
                for kind, text, target, main, _key in entries[docname]
                for part in split_index_msg(kind, text)
            }
            indexer._index_entries[docname] = sorted(found)
        for mapping in (indexer._mapping, indexer._title_mapping):
            for word in [word for word, docnames in mapping.items() if not docnames]:
                del mapping[word]  # of a page that was, or was written otherwise
    return []  # no further pages


def define(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Note what each term means; where that has changed, every page is written again."""
    places = {place for (kind, _), place in env.domains.standard_domain.objects.items() if kind == "term"}
    meanings = {}
    for docname in {docname for docname, _ in places}:
        for item in env.get_doctree(docname).findall(nodes.definition_list_item):
            meaning = " ".join(map(words, item.findall(nodes.definition)))
            meanings.update({(docname, name): meaning for term in item.findall(nodes.term) for name in term["ids"]})
    changed = vars(env).get("actdocs_terms") != meanings
    vars(env)["actdocs_terms"] = meanings
    return sorted(env.found_docs) if changed else []


def explain(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write a term's meaning into the title of each link to it."""
    meanings = {name: text for (_, name), text in vars(app.env).get("actdocs_terms", {}).items()}
    for link in doctree.findall(nodes.reference):
        name = link.get("refid") or link.get("refuri", "").partition("#")[2]
        if name in meanings and any("std-term" in inline["classes"] for inline in link.findall(nodes.inline)):
            link["reftitle"] = meanings[name]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Work between reading and writing, and before the search index is."""
    app.connect("env-updated", define)
    app.connect("doctree-resolved", explain)
    app.connect("html-collect-pages", keep_index)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
