"""Several versions of the site beside each other."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from sphinx.errors import ExtensionError

from extensions import versions


def built(folder, *names):
    for name in names:
        (folder / name).mkdir()
        (folder / name / "index.html").touch()
    return folder


def test_the_newest_release_comes_first_and_is_where_readers_are_led(tmp_path):
    (tmp_path / "no-site").mkdir()
    versions.place(built(tmp_path, "latest", "v0.9", "v0.10", "v1.0rc1"), "https://example.org/p/")
    found = json.loads((tmp_path / "versions.json").read_text(encoding="utf-8"))
    assert [one["version"] for one in found] == ["v1.0rc1", "v0.10", "v0.9", "latest"]
    assert [one["version"] for one in found if one["preferred"]] == ["v0.10"]
    assert found[1]["url"] == "https://example.org/p/v0.10/"
    assert 'content="0; url=v0.10/index.html"' in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_without_a_release_there_is_a_branch(tmp_path):
    assert [one["preferred"] for one in versions.listed(built(tmp_path, "latest"), "https://example.org/")] == [True]


def test_a_folder_without_a_site_and_an_address_without_a_slash_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="no folder in it holds a built site"):
        versions.listed(tmp_path, "https://example.org/")
    with pytest.raises(ValueError, match="ends with a slash"):
        versions.listed(built(tmp_path, "latest"), "https://example.org")


def config(listed, base):
    return SimpleNamespace(versions_list=listed, html_baseurl=base, html_theme_options={"navbar_end": ["theme"]})


def test_only_a_build_that_knows_the_list_offers_a_switcher():
    plain, hosted = (
        config("", "https://example.org/p/"),
        config("https://example.org/v.json", "https://example.org/v2/"),
    )
    versions.offer(None, plain)
    assert plain.html_theme_options == {"navbar_end": ["theme"]}
    versions.offer(None, hosted)
    assert hosted.html_theme_options["navbar_end"] == ["version-switcher", "theme"]
    assert hosted.html_theme_options["switcher"]["version_match"] == "v2"
    with pytest.raises(ExtensionError, match="give both"):
        versions.offer(None, config("https://example.org/v.json", ""))
