"""Build one page with well-known themes, each as it comes: ``themes.py NOTEBOOK TARGET``.

The page is a chapter's notebook without outputs: its text and its code.
"""

import json
import subprocess
import sys
from pathlib import Path

THEMES = ("pydata_sphinx_theme", "furo", "sphinx_book_theme", "sphinx_rtd_theme")
CONF = """\
extensions = ["myst_parser"]
myst_enable_extensions = ["dollarmath"]
suppress_warnings = ["myst.header"]
html_theme = "{theme}"
html_title = "Sample"
"""
FRONT = "# Front\n\n```{toctree}\npage\n```\n"


def main(notebook: Path, target: Path) -> None:
    if not notebook.exists():
        sys.exit(f"{notebook} is not there: nox -s docs builds the site first")
    source = target / "source"
    source.mkdir(parents=True, exist_ok=True)
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    texts = ("".join(cell["source"]) for cell in cells)
    blocks = (
        text if cell["cell_type"] == "markdown" else f"```python\n{text}\n```"
        for cell, text in zip(cells, texts, strict=True)
    )
    first, title, *rest = "\n\n".join(blocks).split("\n\n")
    (source / "page.md").write_text("\n\n".join([title, first, *rest]) + "\n", encoding="utf-8")
    (source / "index.md").write_text(FRONT, encoding="utf-8")
    for theme in THEMES:
        (source / "conf.py").write_text(CONF.format(theme=theme), encoding="utf-8")
        command = [sys.executable, "-m", "sphinx", "-q", "-E", str(source), str(target / theme)]
        subprocess.run(command, check=True)


main(Path(sys.argv[1]), Path(sys.argv[2]))
