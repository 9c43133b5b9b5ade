"""The page for a function of one's own, from the text to the playground."""

from __future__ import annotations

import pytest

PAGE = "play/own.html"


@pytest.fixture
def workshop(page, folder):
    page.goto((folder / PAGE).as_uri())
    page.wait_for_selector(".play.own textarea")
    return page


def write(page, code: str) -> None:
    page.fill(".play.own textarea", code)
    page.get_by_role("button", name="Run").click()
    page.wait_for_function("!document.querySelector('.said').textContent.startsWith('Running')")


def test_a_function_is_drawn_measured_and_warned_of(workshop):
    write(workshop, "def f(x):\n    return 1 / (1 + math.exp(-x))")
    text = workshop.inner_text(".said")
    assert "Gain that keeps the size of gradients" in text
    assert "It saturates: its slope stays below 0.01 for x below −4.6 and above 4.6" in text
    assert workshop.locator(".explorer .curve").count() == 4
    assert workshop.messages == []


def test_after_an_error_nothing_of_an_earlier_function_is_left(workshop):
    write(workshop, "x ** 3")
    assert workshop.is_visible(".explorer")
    write(workshop, "def f(x):\n    while True:\n        pass")
    assert "did not come to an end" in workshop.inner_text(".said .message")
    assert not workshop.is_visible(".explorer")
    write(workshop, "max(0, x)")
    assert workshop.is_visible(".explorer")


def test_it_goes_with_the_reader_to_the_playground(workshop):
    write(workshop, "def f(x):\n    return x * math.exp(-x * x)")
    workshop.click("text=Train with it in the playground")
    workshop.wait_for_selector(".playground .net")
    assert workshop.url.partition("#")[0].endswith("play/playground.html")
    workshop.get_by_role("button", name="Use it").click()
    workshop.wait_for_function("document.querySelector('.playground .net select').value === 'own'")
    assert workshop.messages == []


def test_an_address_brings_the_code_but_does_not_run_it(page, folder):
    page.goto((folder / PAGE).as_uri() + "#code=x%20*%202")
    page.wait_for_selector(".play.own textarea")
    assert page.input_value(".play.own textarea") == "x * 2"
    assert page.inner_text(".said") == ""
