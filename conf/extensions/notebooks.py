"""Chapters as notebooks to download, and text cells of the gallery's notebooks, in words that Jupyter renders.

MyST-NB leaves each page's notebook in ``jupyter_execute``. Here its outputs and hidden checks are dropped, computed
numbers are put into the prose, and roles and boxes become plain Markdown. Links are kept where the site has an address.
"""

from __future__ import annotations

import io
import json
import os
import re
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from sphinx.errors import ExtensionError

from extensions import executions, files, findings
from extensions.zips import settle, write_zip

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

FOLDER = "_static/notebooks"
MYST_ROLE = re.compile(r"\{([a-z:]+)\}`([^`]+)`")
RST_ROLE = re.compile(r":([a-z]+(?::[a-z]+)*):`([^`]+)`")
TARGET = re.compile(r"\([\w-]+\)=$")
OBJECTS = {"func", "class", "meth", "attr", "data", "mod", "obj", "exc"}

Notebook = dict[str, Any]


def pages(app: Sphinx) -> list[str]:
    """Give the pages that are offered as notebooks."""
    return sorted(name for name in app.env.found_docs if fnmatch(name, app.config.notebook_pages))


def place(docname: str) -> str:
    """Name the notebook of a page, from the root of the site."""
    return f"{FOLDER}/{docname.rpartition('/')[2]}.ipynb"


class Words:
    """Roles of one page in words."""

    def __init__(self, app: Sphinx, docname: str, glued: Mapping[str, str], unread: Collection[str] = ()) -> None:
        self.app, self.docname, self.glued, self.unread = app, docname, glued, unread

    def link(self, text: str, docname: str, anchor: str = "") -> str:
        """Link to a page, where the site has an address."""
        base = self.app.config.html_baseurl
        return f"[{text}]({base}{self.app.builder.get_target_uri(docname)}{anchor})" if base else text

    def page(self, target: str) -> str:
        """Give the full name of a page named from here."""
        name: str = self.app.env.relfn2path(target, self.docname)[0]
        name = re.sub(r"\.(md|rst)$", "", name)
        if name not in self.app.env.found_docs:
            raise ExtensionError(f"{self.docname}: there is no page {target!r} for its notebook to name")
        return name

    def title(self, docname: str) -> str:
        """Give the title of a page, which may not have been read yet."""
        if docname in self.app.env.titles and docname not in self.unread:
            known: str = self.app.env.titles[docname].astext()
            return known
        source = Path(self.app.env.doc2path(docname)).read_text(encoding="utf-8")
        found = re.search(r"^# (.+)$" if "\n# " in f"\n{source}" else r"^(.+)\n=+$", source, re.MULTILINE)
        return found[1] if found else docname

    def cite(self, keys: str, *, textual: bool) -> str:
        """Name works by authors and year."""
        domain: Any = self.app.env.domains["cite"]
        found = []
        for key in keys.split(","):
            entry = domain.bibdata.data.entries[key.strip()]
            names = [" ".join([*one.prelast_names, *one.last_names]) for one in entry.persons["author"]]
            who = f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
            year = entry.fields["year"]
            found.append(f"{who} [{year}]" if textual else f"{who}, {year}")
        return ", ".join(found) if textual else f"[{'; '.join(found)}]"

    def role(self, found: re.Match[str]) -> str:
        """Give the words for a role."""
        name, content = found[1].removeprefix("py:"), " ".join(found[2].split()).replace("{", "").replace("}", "")
        titled = re.fullmatch(r"(.+?)\s*<(.+)>", content)
        text, target = titled.groups() if titled else (content, content)
        if name == "doc":
            page = self.page(target)
            return self.link(text if titled else self.title(page), page)
        if name in {"term", "ref"}:
            return text
        if name in OBJECTS:
            return f"`{text.rpartition('.')[2] if text.startswith('~') else text}`"
        if name in {"cite:t", "cite:p"}:
            return self.cite(target, textual=name == "cite:t")
        if name == "finding":
            return findings.known(self.app)[target].text
        if name == "glue:text":
            return self.glued[target]
        if name == "math":
            return f"${text}$"
        raise ExtensionError(f"{self.docname}: extensions/notebooks.py has no words for the role {{{name}}}")

    def markdown(self, text: str) -> str:
        """Turn MyST into the Markdown that Jupyter renders."""
        text = MYST_ROLE.sub(self.role, text)
        text = re.sub(
            r"(?<!!)\[([^\]]+)\]\((?!\w+:|#)([^)#\s]+)(#[^)\s]*)?\)",
            lambda found: self.link(found[1], self.page(found[2]), found[3] or ""),
            text,
        )
        lines, box, fence = [], False, False
        for line in text.splitlines():
            opened = re.match(r"(?:`{3,}|:{3,})\{([\w-]+)\} ?(.*)", line)
            if opened and opened[1] == "admonition":
                lines += [f"> **{opened[2]}**", ">"]
                box = True
            elif opened and opened[1] == "bibliography":
                lines.append("The works are listed on this chapter's page.")
                fence = True
            elif opened and opened[1] == "play":
                lines.append("*On this chapter's page, something here can be moved.*")
                fence = True
            elif opened and opened[1] == "index":
                fence = True
            elif opened:
                raise ExtensionError(f"{self.docname}: extensions/notebooks.py has no words for {{{opened[1]}}}")
            elif re.match(r"`{3,}\s*$|:{3,}\s*$", line) and (box or fence):
                box = fence = False
            elif not (
                fence or re.match(TARGET, line) or (box and (line.startswith(":class:") or lines[-1] + line == ">"))
            ):
                lines.append(f"> {line}".rstrip() if box else line)
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
        # Jupyter knows no lists of terms.
        return re.sub(r"^(\S.*)\n: +", r"**\1.** ", text, flags=re.MULTILINE)


def convert(source: Notebook, words: Words, first: str) -> Notebook:
    """Give a notebook without outputs and hidden checks, its text in plain Markdown, ``first`` on top."""
    cells: list[dict[str, Any]] = [{"cell_type": "markdown", "metadata": {}, "source": first}]
    for cell in source["cells"]:
        text = "".join(cell["source"])
        tags = cell["metadata"].get("tags", [])
        if "remove-cell" in tags:
            continue
        if cell["cell_type"] == "markdown":
            cells.append({"cell_type": "markdown", "metadata": {}, "source": words.markdown(text)})
        else:
            # A solution is closed until asked for, as on the page.
            metadata: dict[str, Any] = {"jupyter": {"source_hidden": True}} if "hide-cell" in tags else {}
            cells.append(
                {"cell_type": "code", "execution_count": None, "metadata": metadata, "outputs": [], "source": text}
            )
    cells = [{**cell, "id": f"cell-{number}"} for number, cell in enumerate(cells)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def dump(notebook: Notebook) -> str:
    """Write a notebook as Jupyter does."""
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def glued(path: Path) -> dict[str, str]:
    """Read the numbers that a page's code computed for its prose."""
    found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {name: output["data"]["text/plain"].strip("'\"") for name, output in found.items()}


def executed(app: Sphinx, docname: str) -> Path:
    """Name the notebook that MyST-NB left of a page."""
    return Path(app.outdir).parent / "jupyter_execute" / f"{docname}.ipynb"


def make(app: Sphinx, docname: str) -> str:
    """Make the notebook of a page."""
    source = executed(app, docname)
    words = Words(app, docname, glued(source.with_suffix(".glue.json")))
    title = app.env.titles[docname].astext()
    first = f"*A chapter of “{app.config.project}”: {words.link(title, docname)}. Text CC BY 4.0, code BSD-3-Clause.*"
    return dump(convert(json.loads(source.read_text(encoding="utf-8")), words, first))


def names(zipped: bytes) -> set[str]:
    """Give the names in a zip."""
    with ZipFile(io.BytesIO(zipped)) as packed:
        return {*packed.namelist()}


class Zips:
    """The gallery's zips, which sphinx-gallery writes anew at each build, as the last build left them."""

    def __init__(self) -> None:
        self.settled: dict[Path, tuple[bytes, int]] = {}

    def take(self, app: Sphinx) -> None:
        """Take them before sphinx-gallery's work."""
        folder = Path(app.srcdir, app.config.sphinx_gallery_conf["gallery_dirs"])
        self.settled = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.glob("*.zip")}

    def put_back(self, app: Sphinx) -> None:
        """Put back those that hold the same files, with their dates: a page that offers one is no older for it."""
        for path, (data, date) in self.settled.items():
            if path.exists() and names(path.read_bytes()) == names(data):
                files.write(path, data)
                os.utime(path, ns=(date, date))


def settle_gallery(app: Sphinx, env: Any, docnames: Iterable[str]) -> None:
    """Write the gallery's notebooks with their text cells in plain words, and put them into its zips."""
    folder = Path(app.srcdir, app.config.sphinx_gallery_conf["gallery_dirs"])
    for source in folder.rglob(f"*{executions.NOTEBOOK}"):
        path = source.with_name(source.name.replace(executions.NOTEBOOK, ".ipynb"))
        notebook = json.loads(source.read_text(encoding="utf-8"))
        words = Words(app, path.relative_to(app.srcdir).with_suffix("").as_posix(), {}, frozenset(docnames))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown":
                cell["source"] = RST_ROLE.sub(words.role, "".join(cell["source"])).splitlines(keepends=True)
        files.write(path, dump(notebook))
        both = (path.with_suffix(".py"), path)
        write_zip(path.with_suffix(".zip"), {one.name: one.read_bytes() for one in both})
    made = {one.name: one for one in (*folder.rglob("*.ipynb"), *folder.rglob("*.py"))}
    for path in folder.glob("*.zip"):
        settle(path, made)


def place_files(app: Sphinx, exception: Exception | None) -> None:
    """Write the notebooks beside the pages, and all of them as a zip."""
    if exception is not None or app.builder.format != "html":
        return
    made = {
        f"chapters/{Path(place(name)).name}": make(app, name) for name in pages(app) if executed(app, name).exists()
    }
    folder = Path(app.outdir, FOLDER)
    for old in folder.glob("*.ipynb"):
        if f"chapters/{old.name}" not in made:
            old.unlink()
    if made:
        write_zip(folder / "chapters.zip", {name: text.encode() for name, text in made.items()})
    for name, text in made.items():
        files.write(folder / Path(name).name, text)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the pattern of pages, and write at the end."""
    app.add_config_value("notebook_pages", "", "html", types=(str,))
    zips = Zips()
    app.connect("builder-inited", zips.take, priority=400)
    app.connect("builder-inited", zips.put_back, priority=600)
    app.connect("env-before-read-docs", settle_gallery, priority=400)
    app.connect("build-finished", place_files)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
