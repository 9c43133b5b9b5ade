"""What a host and a search engine want to know: descriptions, pictures, a sitemap, moved pages, headers, a 404 page.

Each page says in its head what it is about. Whatever needs the site's address is written only when ``html_baseurl``
gives it, so a build for offline use names no server and has no picture to share.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from docutils import nodes
from sphinx import addnodes
from sphinx.errors import ExtensionError

import actdocs
from extensions import freshness
from extensions.files import write

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.figure import Figure
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.util.typing import ExtensionMetadata

LONGEST = 300  # characters of a description; a longer sentence is cut at a word
MOST_SCRIPTS = 8
CARDS = "_static/cards"
UNLISTED = ("404", "genindex", "py-modindex", "search")
MOVED = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url={target}">
{canonical}</head>
<body><p>This page has moved: <a href="{target}">{title}</a>.</p></body>
</html>
"""


# Descriptions


def words(node: nodes.Node) -> str:
    """Give the text of a node; Greek letters of formulas as letters."""

    def letter(found: re.Match[str]) -> str:
        try:
            return unicodedata.lookup(f"GREEK SMALL LETTER {found[1]}")
        except KeyError:
            return found[1]

    parts = [
        re.sub(r"\\([a-z]+)", letter, part.astext()).translate({ord(mark): None for mark in "{}\\"})
        if isinstance(part.parent, nodes.math)
        else part.astext()
        for part in node.findall(nodes.Text)
    ]
    return " ".join("".join(parts).split())


def sentence(text: str) -> str:
    """Give the first sentence of a text, cut at a word where it is long."""
    first = re.split(r"(?<=[.?!])\s+(?=\W?[A-Z])", text, maxsplit=1)[0]
    return first if len(first) <= LONGEST else first[: LONGEST - 1].rpartition(" ")[0].rstrip(",;:") + "…"


def description(doctree: nodes.document | None) -> str:
    """Give the first sentence of a page's own text: boxes, lists and captions are passed over."""
    own = (nodes.document, nodes.section, addnodes.desc_content)
    texts = (words(one) for one in (doctree.findall(nodes.paragraph) if doctree else ()) if isinstance(one.parent, own))
    return next((sentence(text) for text in texts if text), "")


# Pictures, for hosted builds


def portrayed(title: str, docname: str) -> actdocs.Activation | None:
    """Find the activation that a page of the atlas, or a chapter named like one, is about."""
    for entry in actdocs.catalogue():
        chapter = docname.startswith("learn/") and entry.title.lower() == title.lower()
        if entry.elementwise and (chapter or docname == f"atlas/{entry.name}"):
            return entry
    return None


def picture(app: Sphinx, docname: str, title: str) -> str:
    """Name the picture of a page: its function's curve, its gallery figure, or that of the whole site."""
    folder, _, stem = docname.rpartition("/")
    drawn = f"sphx_glr_{stem}_001.png"
    if Path(app.srcdir, folder, "images", drawn).exists():
        return f"_images/{drawn}"
    entry = portrayed(title, docname)
    return f"{CARDS}/{entry.name if entry else 'index'}.png"


def draw(entry: actdocs.Activation | None, title: str) -> Figure:
    """Draw a card of 1200 × 630 points: one function with its derivative, or one of each family."""
    import numpy as np
    from matplotlib import pyplot as plt
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    layout = ConstrainedLayoutEngine(rect=(0.04, 0.05, 0.92, 0.9))
    x = np.linspace(-5, 5, 1001)
    families = {one.family: one for one in reversed(actdocs.catalogue()) if one.elementwise}
    shown = [entry] if entry else list(reversed(families.values()))
    columns = 1 if entry else 4
    rows = -(-len(shown) // columns)
    figure, axes = plt.subplots(rows, columns, squeeze=False, figsize=(12, 6.3), layout=layout)
    figure.suptitle(entry.title if entry else title, fontsize=34, x=0.04, y=0.95, ha="left")
    for ax in axes.flat:
        ax.set_axis_off()
    for ax, one in zip(axes.flat, shown, strict=False):
        ax.axhline(0, color="#d8dee4", linewidth=2)
        ax.axvline(0, color="#d8dee4", linewidth=2)
        ax.plot(x, one(x), color=one.color, linewidth=4)
        ax.plot(x, one.derivative(x), color=one.color, linestyle="dashed", linewidth=2)
        ax.set(xlim=(-5, 5), ylim=(-1.6, 3.2))
        if not entry:
            ax.set_title(one.title, color=one.color, fontsize=18)
    return figure


def draw_cards(app: Sphinx) -> None:
    """Draw the cards that pages name, unless they are there and nothing that they show has changed."""
    from matplotlib import pyplot as plt

    from extensions.figures import use_style

    folder = Path(app.outdir, CARDS)
    folder.mkdir(parents=True, exist_ok=True)
    key = freshness.key(Path(app.confdir).parent) + hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]
    stamp = folder / "key.txt"
    fresh = stamp.exists() and stamp.read_text(encoding="utf-8") == key
    use_style()
    for docname in sorted(app.env.found_docs):
        name = picture(app, docname, app.env.titles[docname].astext())
        if name.startswith(CARDS) and not (fresh and Path(app.outdir, name).exists()):
            stem = Path(name).stem
            figure = draw(None if stem == "index" else actdocs.get(stem), app.config.html_title)
            figure.savefig(Path(app.outdir, name), dpi=100, metadata={"Software": None})
            plt.close(figure)
            # A card serves several pages; it is drawn once.
            fresh = fresh or stem == "index"
    write(stamp, key)


# The head of a page


def check(app: Sphinx, config: Config) -> None:
    """Refuse an address that no link can be made from."""
    url = config.html_baseurl
    if url and not re.fullmatch(r"https?://[^/\s]+/(\S*/)?", url):
        raise ExtensionError(f"html_baseurl is {url!r}: give https:// with a host and a path that ends with a slash")


def describe(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Write description and OpenGraph data into the head; replace the theme's script that differs on each page."""
    title = context.get("title") or app.config.html_title
    plain = html.unescape(re.sub(r"<[^>]+>", "", title))
    about = {"og:title": plain, "og:type": "article", "og:site_name": app.config.html_title}
    text = description(doctree)
    if text:
        about["og:description"] = text
    base = app.config.html_baseurl
    if base and pagename in app.env.found_docs and pagename != "404":
        about["og:url"] = base + app.builder.get_target_uri(pagename)
        about["og:image"] = base + picture(app, pagename, plain)
        about["twitter:card"] = "summary_large_image"
    tags = [f'<meta name="description" content="{html.escape(text)}" />'] if text else []
    tags += [
        f'<meta {"name" if name.startswith("twitter") else "property"}="{name}" content="{html.escape(value)}" />'
        for name, value in about.items()
    ]
    # The theme tells its version switcher the page in an inline script, which no content policy could name.
    tags.append(f'<meta name="pagename" content="{html.escape(pagename)}" />')
    bodies = ((one, one.attributes.get("body") or "") for one in context["script_files"])
    context["script_files"] = [one for one, body in bodies if "DOCUMENTATION_OPTIONS.pagename" not in body]
    context["metatags"] = context.get("metatags", "") + "\n".join(["", *tags])


# Files beside the pages


def redirects(app: Sphinx) -> Iterable[tuple[str, str]]:
    """Give the files that stand where pages were, each with its text."""
    for old, new in app.config.hosting_redirects.items():
        page, hash_, anchor = new.partition("#")
        if old in app.env.found_docs:
            raise ExtensionError(f"hosting_redirects: {old!r} is a page; give one that has moved away")
        if page not in app.env.found_docs:
            raise ExtensionError(f"hosting_redirects[{old!r}] is {new!r}: there is no such page to move to")
        base = app.config.html_baseurl
        canonical = f'<link rel="canonical" href="{base}{app.builder.get_target_uri(page)}">\n' if base else ""
        target = html.escape(app.builder.get_relative_uri(old, page) + hash_ + anchor)
        title = html.escape(app.env.titles[page].astext())
        yield app.builder.get_target_uri(old), MOVED.format(title=title, target=target, canonical=canonical)


def sitemap(app: Sphinx) -> str:
    """List every page's address."""
    names = sorted(set(app.env.found_docs) - set(UNLISTED))
    base, uri = app.config.html_baseurl, app.builder.get_target_uri
    rows = "".join(f"<url><loc>{escape(base + uri(name))}</loc></url>\n" for name in names)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{space}">\n{rows}</urlset>\n'


def absolute(page: str, path: str) -> str:
    """Let a page at the root work under any address: what it links to starts from ``path``."""
    link = r'((?:href|src|action|data-content_root)=")(?![#"/]|[a-z][a-z0-9+.-]*:)(?:\./)?'
    return re.sub(link, rf"\g<1>{path}", page)


def scripts(page: str) -> set[str]:
    """Give the hashes of the inline scripts of a page, as a content policy names them."""
    found = re.findall(r"<script(?![^>]*\s(?:src=|type=\"?application/))[^>]*>(.*?)</script>", page, re.DOTALL)
    return {f"'sha256-{base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()}'" for body in found if body}


def headers(app: Sphinx) -> str:
    """Write the headers for static hosts, the content policy with what the pages' inline scripts need."""
    pages = (path.read_text(encoding="utf-8") for path in sorted(Path(app.outdir).rglob("*.html")))
    hashes = sorted(set().union(*map(scripts, pages)))
    if len(hashes) > MOST_SCRIPTS:
        raise ExtensionError(f"{len(hashes)} different inline scripts: a script that differs by page goes into a file")
    rules = dict(app.config.hosting_policy)
    rules["script-src"] = " ".join([rules["script-src"], *hashes])
    policy = "; ".join(f"{name} {value}" for name, value in rules.items())
    lines = {"Content-Security-Policy": policy, **app.config.hosting_headers}
    return "\n".join(["/*", *(f"  {name}: {value}" for name, value in lines.items()), ""])


def place_files(app: Sphinx, exception: Exception | None) -> None:
    """Write what stands beside the pages."""
    if exception is not None or app.builder.format != "html":
        return
    base, out = app.config.html_baseurl, Path(app.outdir)
    files = dict(redirects(app))
    if base:
        draw_cards(app)
        files["sitemap.xml"] = sitemap(app)
        files["robots.txt"] = f"User-agent: *\nAllow: /\nSitemap: {base}sitemap.xml\n"
        if "404" in app.env.found_docs:
            files["404.html"] = absolute((out / "404.html").read_text(encoding="utf-8"), urlsplit(base).path)
    else:
        for name in ("sitemap.xml", "robots.txt"):  # of an earlier build with an address
            (out / name).unlink(missing_ok=True)
    for name, text in files.items():
        write(out / name, text)
    write(out / "_headers", headers(app))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the values, describe each page, write the files at the end."""
    app.add_config_value("hosting_redirects", {}, "html", types=(dict,))
    app.add_config_value("hosting_policy", {"script-src": "'self'"}, "", types=(dict,))
    app.add_config_value("hosting_headers", {}, "", types=(dict,))
    app.connect("config-inited", check)
    # After the theme has added its scripts.
    app.connect("html-page-context", describe, priority=900)
    app.connect("build-finished", place_files, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
