// @ts-check
"use strict";

// The function explorer: curves of several functions with their derivatives, a line with the exact numbers at one place,
// sliders for the parameters, and what is seen as an address, a picture, a table or Python code.
{
  const { make, slider, functions, parameters, button, fold, save, shown, eachFrame, titled: title } = actdocs.controls;
  const { choice, named, remember } = actdocs.state;
  const STEPS = 400;
  const MOST = 6;
  const FLAT = 0.01; // the slope below which a function is said to saturate, as in the atlas

  /** Each derivative: its name, its mark at a label, its dashes, its place among what a function gives, its Python. */
  const ORDERS = [
    { key: "value", text: "value", mark: "", dash: "", python: "entry(x$)" },
    { key: "derivative", text: "derivative", mark: "′", dash: "7 4", python: "entry.derivative(x$)" },
    { key: "second", text: "second derivative", mark: "″", dash: "2 3", python: "second_derivative(entry, x$)" },
  ];

  const WINDOW = { x: [-5, 5], y: [-1.6, 3.2] }; // that of the site's figures

  /** @type {Schema} */
  const SCHEMA = {
    f: { kind: "functions", value: [{ name: "relu", p: [] }], least: 1, most: MOST },
    show: { kind: "words", value: ["value", "derivative"], words: ORDERS.map((one) => one.key), least: 1, most: 3 },
    x: { kind: "numbers", value: WINDOW.x, low: -1e6, high: 1e6, least: 2, most: 2 },
    y: { kind: "numbers", value: WINDOW.y, low: -1e9, high: 1e9, least: 2, most: 2 },
    at: { kind: "numbers", value: [], low: -1e6, high: 1e6, least: 0, most: 1 },
    flat: { kind: "flag", value: false },
  };

  /**
   * The value and the two derivatives of a function along some places.
   * @param {Choice} chosen
   * @param {ArrayLike<number>} x
   * @returns {Vector[]}
   */
  function along({ name, p }, x) {
    const z = Float64Array.from(x);
    const made = [0, 1, 2].map(() => new Float64Array(z.length));
    actdocs.functions[name].both(z, made[0], made[1], z.length, p);
    actdocs.functions[name].second(z, made[2], z.length, p);
    return made;
  }

  /**
   * A curve, broken where the function jumps: where a step is out of proportion to its neighbours and stays so however
   * close one looks.
   * @param {Choice} chosen
   * @param {Vector} x
   * @param {Vector} y
   * @param {number} order
   */
  function broken(chosen, x, y, order) {
    const xs = Array.from(x);
    const ys = Array.from(y);
    for (let k = x.length - 3; k > 0; k--) {
      const step = Math.abs(y[k + 1] - y[k]);
      if (!(step > 4 * (Math.abs(y[k] - y[k - 1]) + Math.abs(y[k + 2] - y[k + 1])) + 1e-9)) continue;
      let [low, high, from, to] = [x[k], x[k + 1], y[k], y[k + 1]];
      for (let halvings = 0; halvings < 40; halvings++) {
        const middle = (low + high) / 2;
        const value = along(chosen, [middle])[order][0];
        if (Math.abs(value - from) > Math.abs(to - value)) [high, to] = [middle, value];
        else [low, from] = [middle, value];
      }
      const jumps = Math.abs(to - from) > step / 2;
      xs.splice(k + 1, 0, low, ...(jumps ? [low] : []), high);
      ys.splice(k + 1, 0, from, ...(jumps ? [NaN] : []), to);
    }
    return { x: xs, y: ys };
  }

  /**
   * Where the slope stays below FLAT in size.
   * @param {Vector} x
   * @param {Vector} slope
   */
  function flatParts(x, slope) {
    /** @type {Interval[]} */
    const parts = [];
    x.forEach((place, k) => {
      if (!(Math.abs(slope[k]) < FLAT)) return;
      if (k && Math.abs(slope[k - 1]) < FLAT) parts[parts.length - 1][1] = place;
      else parts.push([place, place]);
    });
    return parts.filter(([a, b]) => b > a);
  }

  /**
   * Python code that draws what is seen.
   * @param {State} state
   */
  function python(state) {
    const orders = ORDERS.filter(({ key }) => state.show.includes(key));
    const lines = ["import matplotlib.pyplot as plt", "import numpy as np", "", "import actdocs"];
    if (state.show.includes("second")) lines.push("from actdocs.expressions import second_derivative");
    const own = state.f.some((/** @type {Choice} */ one) => one.name === "own");
    if (own) lines.push("", String(Object(actdocs.functions.own).source ?? "").trim(), "");
    lines.push("", `x = np.linspace(${state.x.join(", ")}, 1001)`, "figure, ax = plt.subplots()");
    for (const chosen of state.f) {
      if (chosen.name === "own") {
        const name = /def\s+(\w+)(?![\s\S]*^def\s)/m.exec(Object(actdocs.functions.own).source)?.[1] ?? "f";
        lines.push(`ax.plot(x, [${name}(one) for one in x], label="your function")`);
        continue;
      }
      const entry = actdocs.functions[chosen.name];
      /** @type {Map<string, string[]>} */
      const given = new Map();
      entry.parameters.forEach(({ name, words }, k) => {
        const key = name.replace(/\[\d+\]/, "");
        given.set(key, [...(given.get(key) ?? []), words ? `"${words[chosen.p[k]]}"` : String(chosen.p[k])]);
      });
      const changed = entry.parameters.some(({ value }, k) => value !== chosen.p[k]);
      const list = [...given].map(([key, values]) => {
        const many = entry.parameters.some(({ name }) => name.startsWith(`${key}[`));
        return `, ${key}=${many ? `[${values.join(", ")}]` : values[0]}`;
      });
      lines.push(`entry = actdocs.get("${chosen.name}")`);
      for (const { dash, mark, python: call } of orders) {
        const style = dash === "" ? "-" : dash === "7 4" ? "--" : ":";
        const line = `ax.plot(x, ${call.replace("$", changed ? list.join("") : "")}, "${style}"`;
        lines.push(`${line}, color=entry.color, label="${title(chosen).replace("−", "-")}${mark}")`);
      }
    }
    lines.push(`ax.set(xlim=(${state.x.join(", ")}), ylim=(${state.y.join(", ")}), xlabel="x")`);
    lines.push("ax.legend()", "plt.show()");
    return `${lines.join("\n").replace(/\n{3,}/g, "\n\n")}\n`;
  }

  /**
   * Whether the ends of an axis are far enough apart to be told from each other.
   * @param {Interval} ends
   */
  const wide = ([low, high]) => high - low > 1e-9 * Math.max(1, Math.abs(low), Math.abs(high));

  /**
   * Even places from one end to the other.
   * @param {Interval} ends
   */
  const places = ([low, high]) => Float64Array.from({ length: STEPS + 1 }, (_, k) => low + ((high - low) * k) / STEPS);

  /**
   * Read an address; an axis has to go from a smaller number to a larger one.
   * @param {string} hash
   */
  function read(hash) {
    const found = actdocs.state.read(SCHEMA, hash);
    for (const axis of /** @type {["x", "y"]} */ (["x", "y"])) {
      if (wide(found.state[axis])) continue;
      found.faults.push(`${axis} must be two numbers, the second larger, got "${found.state[axis].join(", ")}"`);
      found.state[axis] = [...WINDOW[axis]];
    }
    return found;
  }

  /**
   * The ends of an axis with as many digits as their distance has use for.
   * @param {Interval} ends
   * @returns {Interval}
   */
  function rounded([low, high]) {
    const digits = Math.max(0, Math.min(100, 4 - Math.floor(Math.log10(high - low))));
    return [Number(low.toFixed(digits)), Number(high.toFixed(digits))];
  }

  actdocs.explorer = (box) => {
    const address = "address" in box.dataset;
    const small = !address;
    let { state, faults } = read(address && location.hash.includes("=") ? location.hash : box.dataset.state ?? "");
    const place = make("div", { class: "picture" });
    const said = make("p", { class: "faults", role: "status", hidden: true });
    const table = make("tbody");
    const rows = make("div", { class: "functions" });
    const code = make("code");
    const open = make("a", { href: "" }, "Open in the explorer");

    const chart = actdocs.chart(place, {
      label: "Curves of the functions listed below",
      xLabel: "x",
      onView: look,
      onPoint(x) {
        if (x !== null) pointAt(tidy(x));
      },
    });

    /**
     * Show another part of the plane, unless it is too small or too large to be drawn.
     * @param {Interval} x
     * @param {Interval} y
     */
    function look(x, y) {
      if (![x, y].every((ends) => wide(ends) && ends[1] - ends[0] < 1e6)) return;
      Object.assign(state, { x: rounded(x), y: rounded(y) });
      changed();
    }

    /** @param {number} value */
    const tidy = (value) => Number(value.toPrecision(5));

    /** @param {number} x */
    function pointAt(x) {
      state.at = [x];
      across.set(x);
      changed();
    }

    const across = slider("x", { value: state.at[0] ?? Math.min(Math.max(0, state.x[0]), state.x[1]), low: state.x[0], high: state.x[1] }, pointAt);
    across.classList.add("across");
    const line = /** @type {HTMLInputElement} */ (across.querySelector("[type=range]"));

    const orders = ORDERS.map(({ key, text }) => {
      const tick = make("input", {
        type: "checkbox",
        onchange: () => {
          const kept = ORDERS.map((one) => one.key).filter((one) => (one === key ? tick.checked : state.show.includes(one)));
          state.show = kept.length ? kept : state.show;
          changed();
        },
      });
      return { key, tick, label: make("label", {}, tick, ` ${text}`) };
    });
    const flat = make("input", { type: "checkbox", onchange: () => ((state.flat = flat.checked), changed()) });

    /** @param {number} factor */
    const zoom = (factor) => {
      /** @type {Interval[]} */
      const seen = [];
      for (const axis of ["x", "y"]) {
        const [low, high] = state[axis];
        const [middle, half] = [(low + high) / 2, ((high - low) / 2) * factor];
        seen.push([middle - half, middle + half]);
      }
      look(seen[0], seen[1]);
    };
    const fit = () => {
      const x = places(state.x);
      const seen = state.f.flatMap((/** @type {Choice} */ one) =>
        along(one, x).filter((_, k) => state.show.includes(ORDERS[k].key)).flatMap((y) => Array.from(y).filter(Number.isFinite)),
      );
      const [low = 0, high = 1] = d3.extent(/** @type {number[]} */ (seen));
      const room = Math.max(high - low, 1e-3) * 0.06;
      look(state.x, [low - room, high + room]);
    };

    function draw() {
      const x = places(state.x);
      const many = state.f.length > 2;
      /** @type {Interval[]} */
      let shade = [];
      const series = state.f.flatMap((/** @type {Choice} */ chosen, /** @type {number} */ place) => {
        const entry = actdocs.functions[chosen.name];
        const made = along(chosen, x);
        if (place === 0 && state.flat) shade = flatParts(x, made[1]);
        return ORDERS.flatMap(({ key, mark, dash }, order) => {
          if (!state.show.includes(key)) return [];
          const label = many && order && state.show.includes("value") ? undefined : title(chosen) + mark;
          return [{ ...broken(chosen, x, made[order], order), light: entry.light, dark: entry.dark, dash, label, width: order ? 1.6 : 2.2 }];
        });
      });
      chart.draw(series, { x: state.x, y: state.y, shade });
      chart.point(state.at[0] ?? null);
      tell();
    }

    /** The numbers at the line, to the last digits that matter. */
    function tell() {
      const at = state.at[0] ?? Number(line.value);
      table.replaceChildren(
        ...state.f.map((/** @type {Choice} */ chosen) => {
          const values = along(chosen, [at]).map(([value]) => make("td", {}, shown(chosen.name === "own" && Math.abs(value) < 1e-12 ? 0 : value, 7)));
          return make("tr", {}, make("th", { scope: "row" }, title(chosen)), ...values);
        }),
      );
      chart.svg.setAttribute("aria-label", `Curves of ${state.f.map(title).join(", ")} for x from ${shown(state.x[0])} to ${shown(state.x[1])}`);
    }

    const changed = eachFrame(() => {
      Object.assign(line, { min: state.x[0], max: state.x[1], step: (state.x[1] - state.x[0]) / STEPS });
      across.set(state.at[0] ?? Number(line.value));
      draw();
      for (const { key, tick } of orders) tick.checked = state.show.includes(key);
      flat.checked = state.flat;
      code.textContent = python(state);
      const hash = actdocs.state.write(SCHEMA, state) || "f=relu"; // the page has a start of its own
      open.href = `${box.dataset.page ?? ""}#${hash}`;
      open.hidden = state.f.some((/** @type {Choice} */ one) => one.name === "own"); // only this page knows it
      if (address) remember(hash);
    });

    /** The functions with their sliders, made anew when one comes or goes. */
    function list() {
      rows.replaceChildren(
        ...state.f.map((/** @type {Choice} */ chosen, /** @type {number} */ place) => {
          const entry = actdocs.functions[chosen.name];
          const swatch = make("span", { class: "swatch", style: `--light:${entry.light};--dark:${entry.dark}` });
          const pick = functions(`Function ${state.f.length > 1 ? place + 1 : ""}`, chosen.name, (name) => {
            state.f[place] = choice(name).choice;
            list();
            rows.querySelectorAll("select")[place]?.focus();
            changed();
          });
          const sliders = parameters(entry, chosen.p, function changeTo(p) {
            const text = named({ name: chosen.name, p });
            const read = choice(text);
            say(read.fault ? [read.fault] : []);
            if (!read.choice) return;
            chosen.p.splice(0, p.length, ...p);
            changed();
          });
          const away = button("Remove", () => {
            state.f.splice(place, 1);
            list();
            changed();
          }, { "aria-label": `Remove ${entry.title}` });
          const page = box.dataset.atlas && chosen.name !== "own" ? [make("a", { href: `${box.dataset.atlas}${chosen.name}.html` }, "in the atlas")] : [];
          const head = make("div", { class: "bar" }, swatch, pick, ...(small ? [] : page), ...(state.f.length > 1 ? [away] : []));
          return make("div", { class: "function" }, head, ...(entry.parameters.length ? [sliders] : []));
        }),
      );
      add.disabled = state.f.length >= MOST;
    }

    /** @param {string[]} found */
    function say(found) {
      said.textContent = found.join(" ");
      said.hidden = !found.length;
    }

    const add = button("Add a function", () => {
      const used = state.f.map((/** @type {Choice} */ one) => one.name);
      const next = Object.keys(actdocs.functions).find((name) => !used.includes(name) && ["relu", "gelu", "tanh", "swish", "elu", "sigmoid", "mish"].includes(name));
      state.f.push(choice(next ?? "relu").choice);
      list();
      changed();
    });

    const names = () => state.f.map((/** @type {Choice} */ one) => one.name).join("-");
    const csv = () => {
      const x = Array.from(places(state.x), tidy);
      const columns = state.f.flatMap((/** @type {Choice} */ one) =>
        along(one, x).flatMap((y, k) => (state.show.includes(ORDERS[k].key) ? [{ head: `"${named(one)} ${ORDERS[k].text}"`, y }] : [])),
      );
      const lines = x.map((at, k) => [at, ...columns.map((/** @type {{ y: Vector }} */ one) => one.y[k])].join());
      return [`x,${columns.map((/** @type {{ head: string }} */ one) => one.head).join()}`, ...lines, ""].join("\n");
    };
    const saves = make("div", { class: "bar" }, "Save as ",
      button("SVG", () => save(`${names()}.svg`, chart.toSvg(), "image/svg+xml")),
      button("PNG", async () => save(`${names()}.png`, await chart.toPng(), "image/png")),
      button("CSV", () => save(`${names()}.csv`, csv(), "text/csv")),
      button("Copy a link", async (event) => {
        const target = event.currentTarget;
        const done = await navigator.clipboard?.writeText(new URL(open.href, location.href).href).then(() => true, () => false);
        target.textContent = done ? "Link copied" : "Copy it from the address bar";
        setTimeout(() => (target.textContent = "Copy a link"), 2000);
      }),
    );
    const heads = ["at the line", ...ORDERS.map((one) => one.text)].map((text) => make("th", { scope: "col" }, text));
    const numbers = make("div", { class: "numbers", tabindex: 0, role: "region", "aria-label": "Numbers at the line" },
      make("table", {}, make("thead", {}, make("tr", {}, ...heads)), table));
    const view = make("div", { class: "bar" }, ...orders.map((one) => one.label),
      make("label", {}, flat, ` shade where the first saturates (slope below ${FLAT})`),
      make("span", { class: "zoom" },
        button("+", () => zoom(0.7), { "aria-label": "Zoom in" }),
        button("−", () => zoom(1 / 0.7), { "aria-label": "Zoom out" }),
        button("Fit", fit, { title: "Fit the height to the curves" }),
        button("Reset", () => (Object.assign(state, { x: [...WINDOW.x], y: [...WINDOW.y] }), changed()), { "aria-label": "Reset the view" })));
    const details = fold("Python code for this plot", make("pre", { tabindex: 0 }, code));

    box.replaceChildren(place, across, numbers, view, rows, make("div", { class: "bar" }, add, ...(small ? [open] : [])), said, ...(small ? [] : [saves, details]));
    list();
    say(faults);
    draw();
    changed();
    if (address) {
      addEventListener("hashchange", () => {
        if (location.hash && !location.hash.includes("=")) return;
        ({ state, faults } = read(location.hash || (box.dataset.state ?? "")));
        list();
        say(faults);
        changed();
        box.scrollIntoView();
      });
    }
    document.addEventListener("own-function", () => {
      list();
      changed();
    });
  };

  for (const box of document.querySelectorAll("[data-play=explorer]")) actdocs.explorer(/** @type {HTMLElement} */ (box));
}
