"""The theme's icon font with only the icons in use: what every first visit waits for shrinks from 115 kB to about 3."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pydata_sphinx_theme

from extensions import files, seen
from extensions.maths import cut_font

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

THEME = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static"
FONT = "vendor/fontawesome/webfonts/fa-solid-900.woff2"
SHEET = "styles/pydata-sphinx-theme.css"
PRIVATE = re.compile("[\ue000-\uf8ff]")


def icons(sheet: str, used: set[str]) -> set[str]:
    """Give the characters of the icons that are used by name, and of those that the style sheet uses itself."""
    found = set(PRIVATE.findall(sheet))
    for names, code in re.findall(r'([^{}]+)\{--fa:"\\([0-9a-f]+)"\}', sheet):
        if used & set(re.findall(r"fa-[\w-]+", names)):
            found.add(chr(int(code, 16)))
    return found


def place_font(app: Sphinx, exception: Exception | None) -> None:
    """Replace the font beside the pages."""
    out = Path(app.outdir)
    target = out / "_static" / FONT
    if exception is not None or not target.exists():
        return
    sources = [*out.rglob("*.html"), *out.glob("_static/*.js"), out / "_static/scripts/pydata-sphinx-theme.js"]
    stamp = Path(app.doctreedir) / "icons.json"
    kept, found = seen.read(stamp) or {}, {}
    for path in sources:
        name, date = path.relative_to(out).as_posix(), path.stat().st_mtime_ns
        if kept.get(name, [0])[0] == date:
            found[name] = kept[name]
        else:
            found[name] = [date, sorted({one.decode() for one in re.findall(rb"fa-[\w-]+", path.read_bytes())})]
    seen.write(stamp, found)
    used = {name for _, names in found.values() for name in names}
    sheet = (THEME / SHEET).read_text(encoding="utf-8")
    # Sphinx copies the theme's whole font at each build.
    cut = (
        Path(app.doctreedir)
        / f"icons-{seen.text_hash(seen.file_hash(THEME / FONT) + sheet + ' '.join(sorted(used)))}.woff2"
    )
    if not cut.exists():
        cut_font(THEME / FONT, cut, icons(sheet, used))
    files.write(target, cut.read_bytes())


def setup(app: Sphinx) -> ExtensionMetadata:
    """Cut once all is written."""
    app.connect("build-finished", place_font)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
