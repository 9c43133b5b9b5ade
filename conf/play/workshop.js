// @ts-check
"use strict";

// The page on which a reader writes a function: text in, and out come its curves, its gain and what to beware of.
{
  const { make, select, button, shown } = actdocs.controls;

  const EXAMPLES = {
    "a smooth bend": "def f(x):\n    return x * math.tanh(math.log(1 + math.exp(x)))",
    "a step": "def f(x):\n    return 1 if x > 0 else 0",
    "a dead left side": "def f(x):\n    return max(0, x) ** 2",
    "one that goes down again": "def f(x):\n    return x * math.exp(-x * x / 2)",
    "two slopes": "def f(x):\n    return x if x > 0 else 0.1 * x",
    "an error far out": "def f(x):\n    return math.sqrt(x + 4) - 2",
  };

  /** @type {Schema} */
  const SCHEMA = { code: { kind: "text", value: Object.values(EXAMPLES)[0], longest: 4000 } };

  /**
   * Where gradients fade on the way to either end of -10 … 10, if they do.
   * @param {Entry} entry
   */
  function fades(entry) {
    const x = Float64Array.from({ length: 2001 }, (_, k) => (k - 1000) / 100);
    const slope = new Float64Array(x.length);
    entry.both(x, new Float64Array(x.length), slope, x.length, []);
    const steep = (/** @type {number} */ one) => Math.abs(one) >= 0.01;
    const [first, last] = [slope.findIndex(steep), slope.findLastIndex(steep)];
    if (first < 0) return "";
    const ends = [
      first > 0 && x[first] > -9 ? `below ${shown(x[first], 2)}` : "",
      last < x.length - 1 && x[last] < 9 ? `above ${shown(x[last], 2)}` : "",
    ].filter(Boolean);
    return ends.length ? `It saturates: its slope stays below 0.01 for x ${ends.join(" and ")}, and next to no gradient gets through there.` : "";
  }

  /** @param {HTMLElement} box */
  function workshop(box) {
    let { state, faults } = actdocs.state.read(SCHEMA, location.hash.includes("=") ? location.hash : "");
    const text = make("textarea", {
      rows: 8,
      spellcheck: "false",
      autocapitalize: "off",
      autocomplete: "off",
      "aria-label": "Python code of the function",
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
      },
    });
    const said = make("div", { class: "said", role: "status" });
    const drawn = make("div", { class: "play explorer", hidden: true, "data-state": "f=own&f=relu", "data-atlas": box.dataset.atlas, "data-page": box.dataset.page?.replace("own", "explorer") });
    const train = make("a", { href: "" }, "Train with it in the playground");
    const link = make("p", { hidden: true }, train);
    const go = button("Run", run);
    const choose = select("Example", Object.keys(EXAMPLES).map((name) => ({ value: name, text: name })), Object.keys(EXAMPLES)[0], (name) => {
      text.value = EXAMPLES[/** @type {keyof typeof EXAMPLES} */ (name)];
      run();
    });

    async function run() {
      go.disabled = true;
      said.replaceChildren(make("p", {}, "Running …"));
      const { entry, faults: wrong, warnings } = await actdocs.own.define(text.value);
      go.disabled = false;
      state.code = text.value;
      actdocs.state.remember(actdocs.state.write(SCHEMA, state));
      if (!entry) {
        drawn.hidden = link.hidden = true; // what was drawn is of another function
        said.replaceChildren(...wrong.map((one) => make("p", { class: "message" }, one)));
        return;
      }
      const { mean, forward, backward } = actdocs.moments(entry, []);
      const flat = fades(entry);
      if (flat) warnings.push(flat);
      const rows = [
        ["Gain that keeps the size of signals", forward],
        ["Gain that keeps the size of gradients", backward],
        ["Mean output for standard normal inputs", mean],
      ].map(([name, value]) => make("tr", {}, make("th", { scope: "row" }, String(name)), make("td", {}, shown(Math.abs(Number(value)) < 1e-12 ? 0 : Number(value)))));
      const list = warnings.length
        ? [make("p", {}, "Beware:"), make("ul", {}, ...warnings.map((one) => make("li", {}, one)))]
        : [make("p", {}, "Nothing to warn of was found.")];
      said.replaceChildren(make("table", {}, make("tbody", {}, ...rows)), ...list);
      const first = drawn.hidden;
      drawn.hidden = link.hidden = false;
      train.href = `${box.dataset.page?.replace("own", "playground") ?? ""}#${new URLSearchParams([["f", "own"], ["f", "relu"], ["code", text.value]])}`;
      if (first) actdocs.explorer(drawn);
    }

    text.value = state.code;
    box.replaceChildren(
      make("div", { class: "bar" }, choose),
      text,
      make("div", { class: "bar" }, go, make("span", { class: "hint" }, "or Ctrl + Enter. math is there already; nothing leaves this page.")),
      said,
      drawn,
      link,
    );
    said.replaceChildren(...faults.map((one) => make("p", { class: "message" }, one)));
    addEventListener("hashchange", () => {
      if (!location.hash.includes("=")) return;
      ({ state, faults } = actdocs.state.read(SCHEMA, location.hash));
      text.value = state.code;
      said.replaceChildren(...faults.map((one) => make("p", { class: "message" }, one)));
    });
  }

  for (const box of document.querySelectorAll("[data-play=own]")) workshop(/** @type {HTMLElement} */ (box));
}
