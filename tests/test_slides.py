"""What a chapter's slides take from its page."""

from __future__ import annotations

import pytest
from sphinx.errors import ExtensionError

from extensions import slides

PAGE = """\
<article><section><h1>One<a class="headerlink" href="#one">#</a></h1>
<p class="needs">To run the code …</p>
<p>What is <a href="x.html">it</a>, and <em id="a">why</em>?</p>
<div class="admonition learn"><ul><li>Not this</li></ul></div>
<figure class="drawn"><svg><title>First</title></svg></figure><figure class="drawn"><svg></svg></figure>
<div class="admonition remember"><p>What to remember</p><ul><li><p>This.</p></li></ul></div>
</section></article>"""


def test_a_chapter_gives_title_question_first_figure_and_what_to_remember():
    assert slides.chapter(PAGE, "learn/01-one") == {
        "title": "One",
        "question": "What is it, and <em>why</em>?",
        "figure": '<figure class="drawn"><svg><title>First</title></svg></figure>',
        "remember": "<li><p>This.</p></li>",
    }


def test_a_page_without_what_to_remember_is_named():
    with pytest.raises(ExtensionError, match="learn/01-one: the page has no remember"):
        slides.chapter(PAGE.replace("remember", "forget"), "learn/01-one")


def test_the_style_carries_the_font(tmp_path):
    (tmp_path / "maths.css").write_text("src: url('maths.woff2')")
    (tmp_path / "maths.woff2").write_bytes(b"font")
    assert slides.style(tmp_path) == "src: url('data:font/woff2;base64,Zm9udA==')"
