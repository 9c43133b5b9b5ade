"""The chapters as a presentation: ``slides.html``, one file that needs nothing else, made from the written pages.

A chapter gives two slides: its question with its first figure, and what to remember.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from sphinx.errors import ExtensionError

from extensions import files, notebooks, seen

if TYPE_CHECKING:
    from bs4 import Tag
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

NAME = "slides.html"
TEMPLATE = "slides.html"


def inner(tag: Tag) -> str:
    """Give what is in a tag, its links as words: a slide leads nowhere."""
    for link in tag.select("a.headerlink"):
        link.decompose()
    for link in tag.select("a"):
        link.unwrap()
    for span in tag.select("[id]"):
        del span["id"]
    return str(tag.decode_contents()).strip()


def chapter(page: str, name: str) -> dict[str, str]:
    """Take title, question, first figure and what to remember from a written page."""
    article = BeautifulSoup(page, "html.parser").select_one("article")
    found = {
        "title": article and article.select_one("h1"),
        "question": article and article.select_one("section > p:not(.needs)"),
        "remember": article and article.select_one("div.admonition.remember > ul"),
    }
    for part, tag in found.items():
        if tag is None:
            raise ExtensionError(f"{name}: the page has no {part} for its slide")
    figure = article and article.select_one("figure.drawn")
    if figure and figure.figcaption:
        figure.figcaption.decompose()  # leads to a file beside the pages
    parts = {part: inner(tag) for part, tag in found.items() if tag}
    return parts | {"figure": str(figure) if figure else ""}


def style(static: Path) -> str:
    """Give the site's colours and its maths with the font inside, since the slides are one file."""
    sheets = [static / name for name in ("figures.css", "maths.css")]
    text = "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets if sheet.exists())
    font = static / "maths.woff2"
    if font.exists():
        text = text.replace("maths.woff2", "data:font/woff2;base64," + base64.b64encode(font.read_bytes()).decode())
    return text


def place_file(app: Sphinx, exception: Exception | None) -> None:
    """Write the presentation; only the chapters whose page has changed are taken apart again."""
    pages = notebooks.pages(app)
    if exception is not None or app.builder.format != "html" or not pages:
        return
    out = Path(app.outdir)
    stamp, made = Path(app.doctreedir) / "slides.json", seen.file_hash(Path(__file__))
    kept, parts = seen.read(stamp) or {}, {}
    for name in pages:
        text = (out / app.builder.get_target_uri(name)).read_text(encoding="utf-8")
        key = made + seen.text_hash(text)
        parts[name] = kept[name] if kept.get(name, [""])[0] == key else [key, chapter(text, name)]
    seen.write(stamp, parts)
    context: dict[str, Any] = {
        "project": app.config.project,
        "copyright": app.config.copyright,
        "style": style(out / "_static"),
        "chapters": [part for _, part in parts.values()],
    }
    files.write(out / NAME, app.builder.templates.render(TEMPLATE, context))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Write at the end, before the headers are, which name the slides' script by its hash."""
    app.connect("build-finished", place_file, priority=600)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
