// @ts-check
"use strict";

// The table of the atlas: sorting by a click on a heading, filtering by the form above it. What is chosen stands in the
// address, so that a view can be linked: #q=soft&is=smooth&in=onnx&sort=-year

/**
 * What a cell is sorted by: its key if it has one, else its text.
 * @param {Element | undefined} cell
 */
const keyOf = (cell) => /** @type {HTMLElement} */ (cell).dataset.sort ?? cell?.textContent?.replace("–", "").trim() ?? "";

/**
 * Compare two keys: lists of numbers as such, anything else as text; what is unknown comes last in either direction.
 * @param {string} a
 * @param {string} b
 * @param {number} direction
 */
function compare(a, b, direction) {
  if (!a || !b) return Number(!a) - Number(!b);
  const [left, right] = [a, b].map((key) => key.split(" ").map(Number));
  if (![...left, ...right].some(Number.isNaN)) {
    const place = left.findIndex((number, i) => number !== right[i]);
    return place < 0 ? 0 : direction * (left[place] < right[place] ? -1 : 1);
  }
  return direction * a.localeCompare(b, "en");
}

/**
 * For each control's name: whether a row has what was chosen.
 * @type {Record<string, (row: HTMLElement, chosen: string[]) => boolean>}
 */
const TESTS = {
  q: ({ dataset }, [text]) => text.toLowerCase().split(/\s+/).every((word) => dataset.q?.includes(word)),
  family: ({ dataset }, [family]) => dataset.family === family,
  is: ({ dataset }, words) => words.every((word) => dataset.is?.split(";").includes(word)),
  in: ({ dataset }, names) => names.every((name) => dataset.in?.split(";").includes(name)),
  from: ({ dataset }, [year]) => Boolean(dataset.year) && Number(dataset.year) >= Number(year),
  to: ({ dataset }, [year]) => Boolean(dataset.year) && Number(dataset.year) <= Number(year),
};

/**
 * @param {HTMLFormElement} form
 * @param {HTMLTableElement} table
 */
function bringToLife(form, table) {
  const body = table.tBodies[0];
  const rows = [...body.rows]; // in the order of the catalogue
  const headings = /** @type {HTMLTableCellElement[]} */ ([...table.querySelectorAll("thead th")]);
  const names = headings.map((heading) => (heading.textContent ?? "").toLowerCase());
  const count = /** @type {HTMLOutputElement} */ (form.querySelector("output"));
  const details = /** @type {HTMLDetailsElement} */ (form.querySelector("details"));
  let sort = "";

  /** Show what the form and the headings ask for. */
  function show() {
    const chosen = choice();
    const wanted = Object.entries(TESTS).filter(([name]) => chosen.has(name));
    let hits = 0;
    for (const row of rows) {
      row.hidden = !wanted.every(([name, holds]) => holds(row, chosen.getAll(name)));
      hits += Number(!row.hidden);
    }
    count.textContent = hits === rows.length ? `${hits} functions` : `${hits} of ${rows.length} functions`;
    const column = names.indexOf(sort.replace(/^-/, ""));
    const direction = sort.startsWith("-") ? -1 : 1;
    const sorted = column < 0 ? rows : [...rows].sort((a, b) => compare(keyOf(a.cells[column]), keyOf(b.cells[column]), direction));
    body.append(...sorted);
    headings.forEach((heading, place) => {
      heading.setAttribute("aria-sort", place !== column ? "none" : direction > 0 ? "ascending" : "descending");
    });
  }

  /** What is chosen in the form and nothing else, as parameters of an address. */
  function choice() {
    const chosen = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (String(value).trim()) chosen.append(name, String(value).trim());
    }
    return chosen;
  }

  /** Show it, and write it into the address. */
  function change() {
    show();
    const chosen = choice();
    if (sort) chosen.set("sort", sort);
    history.replaceState(null, "", chosen.size ? `#${chosen}` : location.pathname + location.search);
  }

  /** Take over what the address asks for; a plain anchor asks for nothing. */
  function read() {
    if (location.hash && !location.hash.includes("=")) return;
    const asked = new URLSearchParams(location.hash.slice(1));
    for (const control of /** @type {Iterable<HTMLInputElement>} */ (/** @type {unknown} */ (form.elements))) {
      if (control.type === "checkbox") control.checked = asked.getAll(control.name).includes(control.value);
      else if (control.name) control.value = asked.get(control.name) ?? "";
    }
    details.open ||= asked.has("is") || asked.has("in");
    sort = asked.get("sort") ?? "";
    show();
  }

  headings.forEach((heading, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const name = names[place];
      sort = sort === name ? `-${name}` : sort === `-${name}` ? "" : name;
      change();
    });
  });
  form.addEventListener("input", change);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    sort = "";
    setTimeout(change); // the controls are emptied after this event
  });
  addEventListener("hashchange", read);
  read();
}

{
  const form = document.querySelector("form.atlas-controls");
  const table = document.querySelector(".atlas-table table");
  if (form instanceof HTMLFormElement && table instanceof HTMLTableElement) bringToLife(form, table);
}
