// @ts-check
"use strict";

// Native controls, made and read in one way: a keyboard works them and a screen reader announces them as they are.
{
  /** @type {Controls["make"]} */
  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value === true) node.setAttribute(name, "");
      else if (value !== false && value !== undefined) node.setAttribute(name, value);
    }
    node.append(...children);
    return node;
  };

  /** @param {string} text */
  const minus = (text) => text.replace("-", "−");

  /** @type {Controls["shown"]} */
  const shown = (value, digits = 4) => {
    if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : "−∞";
    const size = Math.abs(value);
    const text = size && (size < 1e-4 || size >= 1e6) ? value.toExponential(digits - 1) : value.toPrecision(digits);
    const [mantissa, power] = text.split("e");
    const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
    return minus(power ? `${short}e${minus(power).replace("+", "")}` : short);
  };

  /** @type {Controls["slider"]} */
  function slider(label, { value, low, high, step, log = false, whole = false }, input) {
    /** @param {number} number */
    const place = (number) => String(log ? Math.log10(number) : number);
    const range = make("input", {
      type: "range",
      min: place(low),
      max: place(high),
      step: step ?? (whole ? 1 : log ? 0.01 : (high - low) / 200),
      oninput: () => {
        const exact = log ? 10 ** Number(range.value) : Number(range.value);
        const rounded = whole ? Math.round(exact) : Number(exact.toPrecision(log ? 3 : 4));
        show(rounded, box);
        input(rounded);
      },
    });
    const box = make("input", {
      type: "number",
      step: "any",
      "aria-label": `${label}, as a number`,
      onchange: () => {
        const number = box.value === "" ? NaN : Number(box.value);
        if (!Number.isFinite(number)) return show(current);
        show(whole ? Math.round(number) : number, range);
        input(current);
      },
    });
    let current = value;
    /**
     * @param {number} number
     * @param {HTMLInputElement} [only]
     */
    function show(number, only) {
      current = number;
      if (only !== box) range.value = place(number);
      if (only !== range) box.value = String(number);
      range.setAttribute("aria-valuetext", shown(number));
    }
    show(value);
    const row = make("div", { class: "slider" }, make("label", {}, make("span", {}, label), range), box);
    return Object.assign(row, { set: (/** @type {number} */ number) => show(number) });
  }

  /** @type {Controls["select"]} */
  function select(label, options, value, input) {
    const list = make("select", { onchange: () => input(list.value) });
    const groups = new Map();
    for (const { value: own, text, group } of options) {
      if (group && !groups.has(group)) list.append(groups.set(group, make("optgroup", { label: group })).get(group));
      (group ? groups.get(group) : list).append(make("option", { value: own }, text));
    }
    list.value = value;
    const row = make("label", { class: "choice" }, make("span", {}, label), list);
    return Object.assign(row, { set: (/** @type {string} */ chosen) => (list.value = chosen) });
  }

  actdocs.controls = {
    make,
    shown,
    slider,
    select,
    functions(label, value, input) {
      const options = Object.values(actdocs.functions).map(({ name, title, family }) => ({
        value: name,
        text: title,
        group: family,
      }));
      return select(label, options, value, input);
    },
    parameters(entry, p, input) {
      const rows = entry.parameters.map(({ name, words, from, to }, k) => {
        /** @param {number} value */
        const change = (value) => input((p = p.map((one, place) => (place === k ? value : one))));
        if (!words) return slider(name, { value: p[k], low: Math.min(from, p[k]), high: Math.max(to, p[k]) }, change);
        const options = words.map((word) => ({ value: word, text: word }));
        return select(name, options, words[p[k]], (word) => change(words.indexOf(word)));
      });
      return make("div", { class: "parameters" }, ...rows);
    },
    button: (text, click, attributes = {}) => make("button", { type: "button", onclick: click, ...attributes }, text),
    table(caption, heads, rows) {
      const cell = (/** @type {string} */ text, /** @type {string} */ scope) => (scope && text ? make("th", { scope }, text) : make("td", {}, text));
      return make("table", {}, ...(caption ? [make("caption", {}, caption)] : []),
        make("thead", {}, make("tr", {}, ...heads.map((text) => cell(text, "col")))),
        make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map((text, k) => cell(text, k ? "" : "row"))))));
    },
    interval(values) {
      const right = values.filter(Number.isFinite);
      const v = right.length - 1;
      // The quantile of Student's t for v degrees of freedom, as Cornish and Fisher expand it.
      const t = 1.95996 + (2.37227 + (2.82246 + (2.55582 + 1.5895 / v) / v) / v) / v;
      const mean = d3.mean(right) ?? NaN;
      const half = (t * (d3.deviation(right) ?? 0)) / Math.sqrt(v + 1);
      const [middle, low, high] = [mean, mean - half, mean + half].map((value) => shown(value, 3));
      return v < 0 ? "–" : v < 2 ? middle : `${middle} (${low} to ${high})`;
    },
    titled({ name, p }) {
      const { title, parameters } = actdocs.functions[name];
      const changed = parameters.flatMap(({ name: key, value, words }, k) => (p[k] === value ? [] : [`${key} = ${words ? words[p[k]] : shown(p[k], 3)}`]));
      return changed.length ? `${title} (${changed.join(", ")})` : title;
    },
    renew(box, parts) {
      const all = () => [.../** @type {NodeListOf<HTMLElement>} */ (box.querySelectorAll("select, input, button, summary"))];
      const folds = () => [...box.querySelectorAll("details")];
      const open = folds().map((one) => one.open);
      const place = all().findIndex((one) => one === document.activeElement);
      box.replaceChildren(...parts);
      folds().forEach((one, k) => (one.open = open[k]));
      all()[place]?.focus();
    },
    fold: (title, ...parts) => make("details", {}, make("summary", {}, title), ...parts),
    save(name, content, type = "text/plain") {
      const address = URL.createObjectURL(new Blob([content], { type }));
      make("a", { href: address, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(address), 10_000);
    },
    eachFrame(draw) {
      let asked = 0;
      return () => {
        asked ||= requestAnimationFrame(() => {
          asked = 0;
          draw();
        });
      };
    },
  };
}
