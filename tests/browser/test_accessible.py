"""One page of every kind, judged by axe-core, used by keyboard, on a phone and at 200 % zoom."""

from __future__ import annotations

import pytest
from shared import AXE, KINDS, no_faults

WIDTHS = {390: 844, 768: 1024, 1440: 900}
each_kind = pytest.mark.parametrize("name", KINDS.values(), ids=KINDS.keys())


def settle(page) -> None:
    """Wait until a page has drawn, its search results too."""
    page.evaluate("document.fonts.ready")
    if "search.html?" in page.url:
        page.wait_for_selector("#search-results li a")
    page.wait_for_timeout(150)


@each_kind
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(page, folder, web, name, scheme):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found = []
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{folder.as_uri()}/{name}")
        settle(page)
        # Closed parts are judged too.
        page.evaluate("document.querySelectorAll('article details').forEach((one) => { one.open = true; })")
        page.add_script_tag(path=web / "axe-core" / "axe.min.js")
        found += [f"{width} px: {one}" for one in page.evaluate(AXE)]
    no_faults(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_in_what_opens_over_a_page(page, folder, web, scheme):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found = []
    for width, opener, opened in (
        (390, ".search-button__button", "#pst-search-dialog"),
        (390, ".primary-toggle", "#pst-primary-sidebar-modal"),
        (390, ".secondary-toggle", "#pst-secondary-sidebar-modal"),
        (1440, ".theme-switch-button", ".dropdown-menu.show"),
    ):
        page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        page.goto((folder / "learn/06-relu.html").as_uri())
        page.add_script_tag(path=web / "axe-core" / "axe.min.js")
        page.locator(f"{opener} >> visible=true").first.click()
        page.wait_for_selector(f"{opened} >> visible=true")
        found += [f"{opener}: {one}" for one in page.evaluate(AXE)]
    no_faults(found)


# What sticks out of the window and stands in no box of its own that scrolls. The theme lets its columns scroll, which
# moves all of the text: they count as the page.
OUTSIDE = """() => {
  const width = document.documentElement.clientWidth;
  const columns = document.querySelectorAll(".bd-container, .bd-content, .bd-article-container");
  const frames = [document.scrollingElement, ...columns];
  const wide = frames.filter((frame) => frame.scrollWidth > frame.clientWidth + 1);
  const held = (node) => { for (let up = node.parentElement; up && !frames.includes(up) && up !== document.body;
    up = up.parentElement) if (getComputedStyle(up).overflowX !== "visible") return true; return false; };
  const found = [...document.body.querySelectorAll("*")].filter((node) => {
    const box = node.getBoundingClientRect();
    return box.width && box.height && (box.right > width + 1 || box.left < -1) && node.checkVisibility()
      && !node.closest("dialog, svg, .visually-hidden, .skip-link") && !held(node);
  });
  return [
    ...wide.map((frame) => `${frame.tagName}.${frame.className} scrolls, ${frame.scrollWidth} px wide`),
    ...found.slice(-3).map((node) => `${node.tagName}.${node.className} reaches ${node.getBoundingClientRect().right}`),
  ];
}"""


def test_no_page_scrolls_sideways_on_a_phone_or_enlarged(page, folder, pages):
    """At 390 px, at 200 % of 1280 px and at 320 px, which is 400 % and what WCAG asks for."""
    found = []
    for name in pages:
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto((folder / name).as_uri())
        page.evaluate("document.querySelectorAll('article details').forEach((one) => { one.open = true; })")
        for width in (640, 390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            found += [f"{name} at {width} px: {one}" for one in page.evaluate(OUTSIDE)]
    no_faults(found)


# Everything that takes the focus: of a group of radio buttons the chosen one, of closed parts nothing.
FOCUSABLE = """() => {
  const all = document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]");
  const wanted = [...all].filter((node) => node.tabIndex >= 0 && !node.disabled && node.type !== "hidden"
    && node.checkVisibility({visibilityProperty: true}) && !node.closest("[inert], dialog:not([open])")
    && (node.type !== "radio" || node.checked));
  wanted.forEach((node) => { node.dataset.wanted = ""; });
  return wanted.length;
}"""
# The element with the focus, and what is wrong with how it shows it: itself, what is in it or what is around it has to
# look different from before.
FOCUSED = """() => {
  const node = document.activeElement;
  if (!node || node === document.body || "visited" in node.dataset) return null;
  node.dataset.visited = "";
  const around = [node.parentElement, node.parentElement.parentElement, node.closest(".sd-card")].filter(Boolean);
  const near = [node, ...node.querySelectorAll("*"), ...around, ...(node.labels ?? [])];
  const look = () => near.flatMap((one) => [null, "::before", "::after"].map((part) => {
    const {outlineStyle, outlineWidth, outlineColor, boxShadow} = getComputedStyle(one, part);
    const drawn = outlineStyle !== "none" && parseFloat(outlineWidth) >= 1;
    return `${drawn ? outlineColor : ""} ${boxShadow}`;
  })).join();
  const box = (node.type === "radio" && node.labels.length ? node.labels[0] : node).getBoundingClientRect();
  const seen = look();
  node.blur();
  const faults = look() === seen ? ["shows no focus"] : [];
  node.focus({preventScroll: true});
  if (box.bottom < 0 || box.top > innerHeight || box.right < 0 || box.left > innerWidth) faults.push("is out of sight");
  const text = (node.textContent || node.ariaLabel || "").trim().split("\\n")[0].slice(0, 30);
  return faults.map((fault) => `${node.tagName}.${node.className} ${text} ${fault}`);
}"""
LEFT = """() => [...document.querySelectorAll("[data-wanted]:not([data-visited])")].map(
  (node) => `Tab doesn't reach ${node.tagName}.${node.className} ${node.textContent.trim().slice(0, 40)}`)"""
# Boxes that scroll and that a keyboard can't scroll.
STUCK = """() => [...document.body.querySelectorAll("*")].filter((node) => {
  const style = getComputedStyle(node);
  return node.scrollWidth > node.clientWidth + 1 && /auto|scroll/.test(style.overflowX) && node.checkVisibility()
    && node.clientWidth && node.tabIndex < 0 && !node.querySelector("a[href], button, [tabindex='0']");
}).map((node) => `a keyboard can't scroll ${node.tagName}.${node.className} ${node.textContent.trim().slice(0, 30)}`)"""


@each_kind
@pytest.mark.parametrize("width", [390, 1440])
def test_the_keyboard_reaches_everything_and_shows_where_it_is(page, folder, name, width):
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    page.goto(f"{folder.as_uri()}/{name}")
    settle(page)
    found = page.evaluate(STUCK)
    wanted = page.evaluate(FOCUSABLE)
    for _ in range(2 * wanted + 20):
        page.keyboard.press("Tab")
        faults = page.evaluate(FOCUSED)
        if faults is None:
            break
        found += faults
    no_faults([*found, *page.evaluate(LEFT)])
    assert wanted
