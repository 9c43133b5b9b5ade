// The theme's version switcher asks for the page's name; an inline script would need a hash of its own on each page.
DOCUMENTATION_OPTIONS.pagename = document.querySelector('meta[name="pagename"]').content;
// Sphinx marks the words that were searched for, and fails where one is in the title of a drawing.
for (const title of document.querySelectorAll("svg title")) title.classList.add("nohighlight");
// What the theme leaves out for readers who use a keyboard or a screen reader.
addEventListener("DOMContentLoaded", () => {
  for (const summary of document.querySelectorAll(".bd-sidebar-primary summary")) {
    const link = summary.closest("li").querySelector("a");
    summary.setAttribute("aria-label", `Pages of ${link.textContent.trim()}`);
  }
  const reachable = () => {
    for (const box of document.querySelectorAll(".math-scroll, figure.drawn")) {
      box.tabIndex = box.scrollWidth > box.clientWidth ? 0 : -1;
    }
  };
  addEventListener("resize", reachable);
  reachable();
});

// A link to a term of the glossary says what the term means, to the pointer and to the keyboard alike. Without this
// script the link's title does, to the pointer alone.
addEventListener("DOMContentLoaded", () => {
  const tip = document.createElement("span");
  tip.id = "term-meaning";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  let shown = null;
  let leaving = 0;
  const close = () => {
    shown?.removeAttribute("aria-describedby");
    shown = null;
    tip.hidden = true;
  };
  const leave = () => {
    leaving = setTimeout(close, 200);
  };
  const open = (link, meaning) => {
    clearTimeout(leaving);
    close();
    shown = link;
    tip.textContent = meaning;
    tip.hidden = false;
    link.setAttribute("aria-describedby", tip.id);
    const [line] = link.getClientRects();
    const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
    tip.style.left = `${Math.max(8, Math.min(line.left, room)) + scrollX}px`;
    const above = line.bottom + tip.offsetHeight + 8 > innerHeight && line.top > tip.offsetHeight + 8;
    tip.style.top = `${(above ? line.top - tip.offsetHeight - 4 : line.bottom + 4) + scrollY}px`;
  };
  for (const word of document.querySelectorAll("a[title] > .std-term")) {
    const link = word.parentElement;
    const meaning = link.title;
    link.removeAttribute("title");
    link.addEventListener("mouseenter", () => open(link, meaning));
    link.addEventListener("focus", () => open(link, meaning));
    link.addEventListener("mouseleave", leave);
    link.addEventListener("blur", close);
  }
  tip.addEventListener("mouseenter", () => clearTimeout(leaving));
  tip.addEventListener("mouseleave", leave);
  addEventListener("keydown", (event) => event.key === "Escape" && close());
  document.body.append(tip);
});
