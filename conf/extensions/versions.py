"""Several versions of the site on one host, each in a folder of its own, and a list to choose from.

``python -m extensions.versions FOLDER ADDRESS`` looks at the folders that were built into ``FOLDER``, writes
``versions.json`` with the newest release first, and an ``index.html`` that leads to it. A build whose environment
names the list, ``ACTDOCS_VERSIONS``, shows the theme's switcher; the zip for offline use has none.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version
from sphinx.errors import ExtensionError

from extensions.hosting import MOVED

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.util.typing import ExtensionMetadata


def release(name: str) -> Version | None:
    """Give the version that a folder is named after, with or without a v; None for a branch."""
    try:
        return Version(name)
    except InvalidVersion:
        return None


def listed(folder: Path, address: str) -> list[dict[str, str | bool]]:
    """List the versions in a folder for the theme's switcher: releases, newest first, then branches by name.

    Raises
    ------
    FileNotFoundError
        If no folder in it holds a built site.
    ValueError
        If the address can't be that of a folder.
    """
    if not re.fullmatch(r"https?://\S+/", address):
        raise ValueError(f"address is {address!r}: give https:// with a host and a path that ends with a slash")
    names = sorted(path.parent.name for path in folder.glob("*/index.html"))
    if not names:
        raise FileNotFoundError(f"folder is {str(folder)!r}: no folder in it holds a built site")
    releases = sorted((name for name in names if release(name)), key=lambda name: release(name) or name, reverse=True)
    final = [name for name in releases if not Version(name).is_prerelease]
    first = next(iter(final or releases), names[0])
    order = [*releases, *(name for name in names if name not in releases)]
    return [{"name": name, "version": name, "url": f"{address}{name}/", "preferred": name == first} for name in order]


def place(folder: Path, address: str) -> None:
    """Write the list, and the page that leads to the preferred version."""
    versions = listed(folder, address)
    first = next(str(one["version"]) for one in versions if one["preferred"])
    (folder / "versions.json").write_text(json.dumps(versions, indent=2) + "\n", encoding="utf-8")
    page = MOVED.format(title="Activation functions", target=f"{first}/index.html", canonical="")
    (folder / "index.html").write_text(page, encoding="utf-8")
    missing = folder / first / "404.html"  # hosts look for it at the root
    if missing.exists():
        (folder / "404.html").write_bytes(missing.read_bytes())


def offer(app: Sphinx, config: Config) -> None:
    """Show the switcher where the list of versions is known; the version is the last folder of the site's address."""
    if not config.versions_list:
        return
    if not config.html_baseurl:
        raise ExtensionError(f"versions_list is {config.versions_list!r}, and html_baseurl is empty: give both")
    version = config.html_baseurl.rstrip("/").rpartition("/")[2]
    options = config.html_theme_options
    options["switcher"] = {"json_url": config.versions_list, "version_match": version}
    options["check_switcher"] = False  # which would ask the network
    options["navbar_end"] = ["version-switcher", *options.get("navbar_end", [])]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the value and change the theme's options before it reads them."""
    app.add_config_value("versions_list", "", "html", types=(str,))
    app.connect("config-inited", offer)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


if __name__ == "__main__":
    place(Path(sys.argv[1]), sys.argv[2])
