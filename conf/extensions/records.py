"""The catalogue as data beside the pages: JSON, its schema and CSV, under ``_static`` with names that stay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.util.docutils import SphinxDirective

import actdocs
from actdocs import records
from extensions import atlas, files

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

PAGE = "atlas/data"
WORDS = {"string": "text", "boolean": "true or false", "null": "null", "integer": "whole number", "number": "number"}


def bibliography(env: BuildEnvironment) -> dict[str, dict[str, Any]]:
    """Give author, title and year of each work that the site can cite."""
    domain: Any = env.domains["cite"]
    works = {}
    for key, entry in domain.bibdata.data.entries.items():
        field = {
            name: " ".join(str(text).replace("{", "").replace("}", "").split()) for name, text in entry.fields.items()
        }
        authors = [
            " ".join([*one.first_names, *one.middle_names, *one.prelast_names, *one.last_names])
            for one in entry.persons["author"]
        ]
        work = {"authors": authors, "title": field["title"], "year": int(field["year"])}
        names = {"doi": "doi", "arxiv": "eprint"}
        works[key] = work | {name: field[source] for name, source in names.items() if source in field}
    return works


def rows(app: Sphinx) -> list[records.Record]:
    """Make the records of the entries that have pages, with facts from the site's cache."""
    works = bibliography(app.env)
    return [records.record(entry, facts=atlas.facts(app, entry), bibliography=works) for entry in entries(app)]


def entries(app: Sphinx) -> list[actdocs.Activation]:
    """Give the entries that have pages on this site."""
    wanted = app.config.atlas_entries
    return [entry for entry in actdocs.catalogue() if wanted is None or entry.name in wanted]


def kind(schema: records.Schema) -> str:
    """Say in words what a field may hold."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return "a word"
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(map(kind, schema["anyOf"])))
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        return f"list of {kind(schema['items'])}"
    if schema.get("type") == "object":
        return (
            "object with " + ", ".join(f"`{name}`" for name in schema["properties"])
            if "properties" in schema
            else "object"
        )
    return WORDS[schema["type"]]


class RecordFields(SphinxDirective):
    """The fields of a record, one a row, from the schema itself: ``{record-fields}``."""

    def run(self) -> list[nodes.Node]:
        """Write the rows as a list-table and let the page's own parser read it."""
        self.env.note_dependency(records.__file__)
        fields = records.schema()["$defs"]["activation"]["properties"]
        lines = [
            "```{list-table}",
            ":header-rows: 1",
            ":class: record-fields",
            "",
            "* - Field",
            "  - Holds",
            "  - Meaning",
        ]
        for name, field in fields.items():
            lines += [f"* - `{name}`", f"  - {kind(field)}", f"  - {field['description']}"]
        return self.parse_text_to_nodes("\n".join([*lines, "```"]))


def place_files(app: Sphinx, exception: Exception | None) -> None:
    """Write the files, for a site that has the page about them."""
    if exception is None and app.builder.format == "html" and PAGE in app.env.found_docs:
        made = rows(app)
        texts = {
            "activations.json": records.json_text(made),
            "activations.csv": records.csv_text(made),
            "activations.schema.json": json.dumps(records.schema(), indent=2) + "\n",
        }
        for name, text in texts.items():
            files.write(Path(app.outdir) / "_static" / name, text)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive, and write the files at the end."""
    app.setup_extension("extensions.atlas")
    app.add_directive("record-fields", RecordFields)
    app.connect("build-finished", place_files)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
