"""The HTML of every built page, judged by the checker of the W3C."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest
from shared import NOTES, no_faults

# MathML Core has scriptlevel on every element and its own properties in CSS; the checker knows MathML 3.
KNOWN = "(Attribute .scriptlevel. not allowed|CSS: .math-(depth|shift|style).: Property).*"


def test_the_html_of_every_page_is_valid(html, pages, web):
    java = shutil.which("java")
    if java is None:
        pytest.skip("no java on the path: the checker of the W3C needs one")
    checker = web / "vnu-jar" / "build" / "dist" / "vnu.jar"
    command = [java, "-Xmx1g", "-jar", str(checker), "--skip-non-html", "--no-langdetect", "--errors-only"]
    command += ["--format", "json", "--exit-zero-always", "--filterpattern", KNOWN, str(html)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    found = json.loads(done.stderr)["messages"]
    no_faults(f"{one.get('url', '').partition(f'{html}/')[2]}:{one.get('lastLine')} {one['message']}" for one in found)
    NOTES.append(f"{len(pages)} pages are valid HTML")
