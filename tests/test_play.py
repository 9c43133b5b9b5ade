"""What moves, on a small site: what is written for each place, and which page loads what."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from extensions import play

ROOT = Path(__file__).parents[1]
# The packages from npm are for the browser's tests.
CONF = f"""\
import sys
sys.path.insert(0, {str(ROOT / "conf")!r})
play_scripts = False
extensions = ["myst_parser", "extensions.play"]
html_theme = "basic"
"""
PLAIN = "# Plain\n\nText.\n"
MOVING = """\
# Moving

```{play} explorer
:state: f=relu&f=elu(alpha=0.5)
:address:

A *figure* stands here.
```

See {state}`another <f=elu(alpha=0.1)&x=-1,1>`.
"""
PAGES = {
    "index": "# Front\n\n```{toctree}\natlas/relu\nplay/explorer\n```\n",
    "atlas/relu": PLAIN,
    "play/explorer": MOVING,
}


def build(folder: Path, pages: dict[str, str]) -> subprocess.CompletedProcess[str]:
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    for name, text in pages.items():
        path = folder / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", str(folder), str(folder / "html")]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def html(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    done = build(folder, PAGES)
    assert done.returncode == 0, done.stderr
    return folder / "html"


def test_the_box_says_what_moves_where_it_starts_and_what_stands_there_without_scripts(html):
    text = (html / "play" / "explorer.html").read_text(encoding="utf-8")
    box = re.search(r'<div class="still">(.*?)</div>\s*<div[^>]*class="play explorer"[^>]*></div>', text, re.DOTALL)
    assert 'data-state="f=relu&amp;f=elu(alpha=0.5)"' in box[0]
    assert 'data-address=""' in box[0]
    assert 'data-atlas="../atlas/"' in box[0]
    assert 'aria-label="Function explorer"' in box[0]
    assert "<em>figure</em>" in box[1]


def test_a_state_is_linked(html):
    text = (html / "play" / "explorer.html").read_text(encoding="utf-8")
    assert 'href="#f=elu(alpha=0.1)&amp;x=-1,1">another</a>' in text


def test_only_a_page_that_moves_loads_the_scripts_each_once_and_in_order(html):
    def loaded(name: str) -> list[str]:
        return re.findall(r"_static/play/([\w-]+)\.js", (html / name).read_text(encoding="utf-8"))

    assert loaded("play/explorer.html") == list(play.KINDS["explorer"])
    assert loaded("atlas/relu.html") == []
    assert "play.css" not in (html / "atlas/relu.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("```{play} explorer\n```", "the content must say what stands here where no script runs, got nothing"),
        ("```{play} film\nText.\n```", '"film" unknown; choose from "explorer", "gradients", "playground", or "own"'),
        ("```{play} explorer\n:speed: 2\n\nText.\n```", "speed"),
        ("{state}`a curve`", "a state must be “text <key=value&…>”, got 'a curve'"),
    ],
)
def test_a_wrong_directive_ends_the_build_with_what_is_accepted(tmp_path, text, fault):
    done = build(tmp_path, {"index": f"# Front\n\n{text}\n"})
    assert done.returncode != 0
    assert fault in " ".join(done.stderr.split())


def test_each_script_is_there_and_belongs_to_a_kind():
    written = {path.stem for path in (ROOT / "conf" / "play").glob("*.js")}
    joined = {part for parts in play.JOINED.values() for part in parts}
    assert written == joined | {"numbers", "own-worker"}
    made = {*play.JOINED, "d3", "functions"}
    assert {name for names in play.KINDS.values() for name in names} == made


def test_the_scripts_of_a_page_evaluate_no_text():
    for name, text in play.scripts().items():
        if name != "own-worker":
            assert not re.search(r"\beval\(|new Function\b|\bFunction\(", text), name


def test_d3_comes_without_what_only_time_and_colour_maps_need(tmp_path):
    for name in play.D3:
        folder = tmp_path / f"d3-{name}" / "dist"
        folder.mkdir(parents=True)
        (folder / f"d3-{name}.min.js").write_text(f"// {name}\n", encoding="utf-8")
    text = play.d3_source(tmp_path)
    assert re.findall(r"// (\w+)", text) == list(play.D3)
    assert text.index("// array") < text.index("// scale") < text.index("// zoom") < text.index("d3.interrupt")
