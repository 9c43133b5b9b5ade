// @ts-check
"use strict";

// The gradient explorer: one random network, with each of two activations. What becomes of the signal and of the gradient
// in it, layer by layer, and what holds in the limit of wide layers, where the sums of a layer are normal.
{
  const { make, slider, select, functions, parameters, button, table, fold, save, shown, eachFrame } = actdocs.controls;
  const { choice, named, read, write } = actdocs.state;
  const { abs, max, min, sqrt } = Math;
  const SAMPLES = 64;
  const DEEPEST = 50;
  const WIDEST = 128;
  const FLAT = 0.05; // a slope that lets little of a gradient through

  /** The gains of the rules: a weight has the variance gain² / inputs. All layers are equally wide. */
  const RULES = { he: Math.SQRT2, glorot: 1, lecun: 1 };
  const STARTS = {
    own: "each its own rule",
    he: "He: gain √2",
    glorot: "Glorot: gain 1",
    lecun: "LeCun: gain 1",
    uniform: "uniform, ±0.5",
    gain: "the gains above",
  };

  const FITS = ["Signal: sums of variance 1 keep that variance.", "Gradient: it keeps its size while sums have variance 1."];

  /** @type {Schema} */
  const SCHEMA = {
    f: { kind: "functions", value: ["relu", "sigmoid"].map((name) => ({ name, p: [] })), least: 2, most: 2 },
    start: { kind: "word", value: "own", words: Object.keys(STARTS) },
    gain: { kind: "numbers", value: [1, 1], low: 0.01, high: 100, least: 2, most: 2 },
    depth: { kind: "number", value: 20, low: 1, high: DEEPEST, whole: true },
    width: { kind: "number", value: 64, low: 4, high: WIDEST, whole: true },
    bias: { kind: "number", value: 0, low: -2, high: 2 },
    layer: { kind: "number", value: 10, low: 1, high: DEEPEST, whole: true },
    seed: { kind: "number", value: 1, low: 1, high: 9999, whole: true },
  };

  /**
   * Root mean square.
   * @param {Vector} values
   * @param {number} n
   */
  function size(values, n) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[i] * values[i];
    return sqrt(sum / n);
  }

  /**
   * out[s][j] = scale Σ a[s][i] b[j][i] + shift, for two outputs of two samples at a time: each number is read once for two
   * products.
   * @param {Vector} a
   * @param {Vector} b
   * @param {Vector} out
   * @param {number} width
   * @param {number} scale
   * @param {number} shift
   */
  function multiply(a, b, out, width, scale, shift) {
    for (let s = 0; s < SAMPLES * width; s += 2 * width) {
      const t = s + width;
      for (let j = 0; j < width; j += 2) {
        const other = min(j + 1, width - 1);
        let [first, second, third, fourth] = [0, 0, 0, 0];
        for (let i = s, m = t, k = j * width, l = other * width; i < t; i++, m++, k++, l++) {
          const x = a[i];
          const y = a[m];
          const v = b[k];
          const w = b[l];
          first += x * v;
          second += x * w;
          third += y * v;
          fourth += y * w;
        }
        out[s + j] = first * scale + shift;
        out[s + other] = second * scale + shift;
        out[t + j] = third * scale + shift;
        out[t + other] = fourth * scale + shift;
      }
    }
  }

  const space = (count = SAMPLES * WIDEST) => new Float64Array(count);
  const turned = space(WIDEST ** 2);
  let g = space();
  let next = space();

  /** @type {Gradients["propagate"]} */
  function propagate(entry, p, { depth, width, scale, bias, inputs, upstream, weights }, layers = []) {
    const n = SAMPLES * width;
    /** @type {Propagated} */
    const made = { signal: [], gradient: [], dead: [], flat: [], layers };
    for (let l = 0; l < depth; l++) {
      const { z, a, d } = (layers[l] ??= { z: space(), a: space(), d: space() });
      if (l) multiply(layers[l - 1].a, weights.subarray((l - 1) * width ** 2), z, width, scale, bias);
      else for (let i = 0; i < n; i++) z[i] = inputs[i] + bias;
      entry.both(z, a, d, n, p);
      let dead = width;
      let flat = 0;
      for (let unit = 0; unit < width; unit++) {
        let alive = 0;
        for (let i = unit; i < n; i += width) {
          if (d[i] !== 0) alive = 1;
          if (abs(d[i]) < FLAT) flat += 1;
        }
        dead -= alive;
      }
      made.signal.push(size(a, n));
      made.dead.push(dead / width);
      made.flat.push(flat / n);
    }
    const whole = size(upstream, n);
    for (let i = 0; i < n; i++) g[i] = upstream[i] / whole;
    for (let l = depth - 1; l >= 0; l--) {
      for (let i = 0; i < n; i++) g[i] *= layers[l].d[i];
      made.gradient[l] = size(g, n);
      if (!l) break;
      const from = (l - 1) * width ** 2;
      for (let k = 0, i = 0; i < width; i++) for (let j = 0; j < width; j++) turned[k++] = weights[from + j * width + i];
      multiply(g, turned, next, width, scale, 0);
      [g, next] = [next, g];
    }
    return made;
  }

  /** @type {Gradients["predict"]} */
  function predict(entry, p, { depth, gain, bias }) {
    const signal = [];
    const gradient = [];
    let variance = 1;
    for (let l = 0; l < depth; l++) {
      const { square, slope } = actdocs.moments(entry, p, sqrt(variance), bias, 5);
      signal.push(sqrt(square));
      gradient.push(slope);
      variance = gain * gain * square;
    }
    for (let l = depth - 1, product = 1; l >= 0; l--, product *= gain * gain) {
      product *= gradient[l];
      gradient[l] = sqrt(product);
    }
    return { signal, gradient };
  }

  const normals = space((2 * SAMPLES + DEEPEST * WIDEST) * WIDEST);
  let have = 0;
  let [owner, draw] = [0, () => 0];

  /**
   * The normal numbers of a seed, drawn when they are first asked for: a deeper network keeps its first layers.
   * @param {number} seed
   * @param {number} count
   */
  function drawn(seed, count) {
    if (seed !== owner) [owner, have, draw] = [seed, 0, actdocs.normal(actdocs.uniform(((seed * 0.618034) % 1) * 2 ** 32))];
    while (have < count) normals[have++] = draw();
    return normals;
  }

  /** @type {["signal", "gradient", "dead", "flat"]} */
  const KEYS = ["signal", "gradient", "dead", "flat"];
  const HEADS = ["signal", "gradient", "dead units", "flat slopes"];
  /**
   * @param {Run} run
   * @param {number} layer
   */
  const cells = (run, layer) =>
    KEYS.map((key, k) => (k < 2 ? shown(run[key][layer - 1], 3) : `${shown(100 * run[key][layer - 1], 3)} %`));
  /** @param {HTMLElement} box */
  function explorer(box) {
    const address = "address" in box.dataset;
    /** @type {State} */
    let state;
    /** @type {Run[]} */
    let runs = [];
    let over = 1;
    let waiting = 0;

    /**
     * The network of one function, made anew if something about it has changed.
     * @param {Choice} choice
     * @param {number} k
     * @param {Choice[]} choices
     * @returns {Run}
     */
    function run({ name, p }, k, choices) {
      const { depth, width, bias, seed, start } = state;
      const [entry, other] = [name, choices[1 - k].name].map((one) => actdocs.functions[one]);
      const { title, light, dark } = entry;
      const uniform = start === "uniform";
      const gain = { ...RULES, own: RULES[entry.start], uniform: sqrt(width / 12), gain: state.gain[k] }[/** @type {"own"} */ (start)];
      const look = { label: entry === other ? `${title} ${"AB"[k]}` : title, light, dark, dash: k && light === other.light ? "7 4" : "" };
      const key = String([name, p, depth, width, bias, seed, uniform, gain]);
      if (runs[k]?.key === key) return { ...runs[k], ...look };
      const room = SAMPLES * WIDEST;
      const all = drawn(seed, 2 * room + (depth - 1) * width ** 2);
      const weights = all.subarray(2 * room, have);
      const setting = {
        depth, width, bias, gain,
        scale: uniform ? 1 : gain / sqrt(width),
        inputs: all,
        upstream: all.subarray(room),
        weights: uniform ? weights.map((z) => actdocs.numbers.Phi(z) - 0.5) : weights,
      };
      const [less, more] = [0.99, 1.01].map((deviation) => actdocs.moments(entry, p, deviation, bias).square);
      return {
        key, entry, p, gain, ...look,
        ...propagate(entry, p, setting, runs[k]?.layers),
        theory: predict(entry, p, setting),
        fit: actdocs.moments(entry, p, 1, bias),
        drift: Math.log(more / less) / 0.04,
      };
    }

    const cards = [0, 1].map((k) => {
      /** @param {number} wanted */
      const use = (wanted) => {
        state.gain = runs.map(({ gain }, place) => Number((place === k ? wanted : gain).toPrecision(5)));
        state.start = "gain";
        change();
      };
      const [body, line, title, both] = ["div", "span", "strong", "p"].map((tag) => make(tag));
      const gain = slider("gain", { value: 1, low: 0.1, high: 20, log: true }, use);
      const fits = /** @type {const} */ (["forward", "backward"]).map((way, place) => {
        const press = button("", () => use(runs[k].fit[way]));
        return { way, press, row: make("p", {}, FITS[place], press) };
      });
      return {
        card: make("fieldset", {}, make("legend", {}, line, `Activation ${"AB"[k]}`), body, gain),
        mends: make("div", { class: "mends" }, title, ...fits.map((one) => one.row), both),
        /** Anew, as functions have different parameters. */
        build() {
          const chosen = state.f[k];
          const pick = functions("function", chosen.name, (name) => {
            state.f[k] = choice(name).choice;
            cards[k].build();
            body.querySelector("select").focus();
            change();
          });
          const sliders = parameters(actdocs.functions[chosen.name], chosen.p, (p) => {
            const { fault } = choice(named({ ...chosen, p }));
            faulty.textContent = fault;
            if (fault) return;
            chosen.p.splice(0, p.length, ...p);
            change();
          });
          body.replaceChildren(pick, sliders);
        },
        show() {
          const { label, light, dark, dash, drift, fit } = runs[k];
          const factor = fit.forward * sqrt(fit.slope);
          gain.set(Number(runs[k].gain.toPrecision(4)));
          line.style = `--light:${light};--dark:${dark};border-style:${dash ? "dashed" : "solid"}`;
          title.textContent = `Which gain would mend ${label}?`;
          for (const { way, press } of fits) {
            press.textContent = `Use gain ${shown(fit[way])}`;
            press.disabled = fit[way] === Infinity;
          }
          both.textContent =
            (abs(factor - 1) < 0.005 ? "One gain does both." : `With ${shown(fit.forward, 3)}, each layer hands down ${shown(factor, 3)} × the gradient it gets.`) +
            (drift > 1.01 ? " And the balance tips over: sums that are too large grow from layer to layer, too small ones shrink." : "");
        },
      };
    });

    const fields = ["depth", "width", "bias", "layer"].map((key) => {
      const { low, high, whole } = /** @type {Extract<Field, { kind: "number" }>} */ (SCHEMA[key]);
      return slider(key, { value: low, low, high, whole }, (value) => {
        state[key] = max(low, min(high, value));
        change();
      });
    });
    const [depth, width, bias, layer] = fields;
    const start = select("weights", Object.entries(STARTS).map(([value, text]) => ({ value, text })), "own", (value) => {
      state.start = value;
      change();
    });
    const again = button("Draw again", () => {
      state.seed = (state.seed % 9999) + 1;
      change();
    });

    /**
     * @param {string} label
     * @param {Partial<ChartOptions>} [options]
     */
    const figure = (label, options) => {
      const place = make("div");
      const caption = make("figcaption", {}, label);
      return { node: make("figure", {}, caption, place), caption, chart: actdocs.chart(place, { label, ...options }) };
    };
    const byLayer = ["Size of the gradient", "Size of the signal", `Flat slopes, below ${FLAT}; shaded, dead units`].map((label, k) => {
      const made = figure(label, { ratio: 1.6, xLabel: "layer", wholeX: true, logY: k < 2, onPoint: (x) => (over = x ?? over) });
      made.node.onclick = () => {
        state.layer = Math.round(over);
        change();
      };
      return made;
    });
    const spread = [0, 1, 2, 3].map(() => figure("Histogram"));

    const told = make("p", { class: "told", role: "status" });
    const faulty = make("p", { class: "faults", role: "status" });
    const open = make("a", {}, "Open in the gradient explorer");
    const here = make("div");
    const all = make("div", { class: "numbers", tabindex: 0, role: "region", "aria-label": "All numbers by layer" });
    const heads = () => ["layer", ...runs.flatMap(({ label }) => HEADS.map((text) => `${label} ${text}`))];
    /**
     * @param {(run: Run, layer: number) => string[]} row
     */
    const rows = (row) => d3.range(1, state.depth + 1).map((at) => [String(at), ...runs.flatMap((one) => row(one, at))]);
    const csv = button("Save as CSV", () => {
      const exact = rows((one, at) => KEYS.map((key) => String(one[key][at - 1])));
      save("gradients.csv", [heads(), ...exact, ""].join("\n"), "text/csv");
    });

    /** What a reader hears when a change has come to its end; the address follows too. */
    function settle() {
      told.textContent = `${runs.map(({ label, gradient: [first, ...rest] }, k) => {
        const ratio = first && first / (rest.at(-1) ?? first);
        const found = Number.isFinite(ratio) ? `${shown(ratio, 2)} × that at the last` : "beyond what a computer can hold";
        return `${k ? "with" : "With"} ${label} ${k ? "it" : "the gradient at the first layer"} is ${found}`;
      }).join("; ")}.`;
      all.replaceChildren(table("", heads(), rows(cells)));
      const hash = write(SCHEMA, state);
      open.href = `${box.dataset.page}#${hash}`;
      if (address) history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
    }

    const change = eachFrame(() => {
      runs = state.f.map(run);
      const chosen = min(state.layer, state.depth);
      [state.depth, state.width, state.bias, chosen].forEach((value, k) => fields[k].set(value));
      /** @type {HTMLInputElement} */ (layer.querySelector("input")).max = state.depth;
      start.set(state.start);
      for (const { show } of cards) show();

      const x = d3.range(1, state.depth + 1);
      byLayer.forEach(({ chart }, k) => {
        const key = /** @type {const} */ (["gradient", "signal", "flat"])[k];
        const series = runs.flatMap((one) => [
          { ...one, x, y: one[key] },
          key === "flat"
            ? { ...one, x, y: one.dead, to: x.map(() => 0), label: "" }
            : { ...one, x, y: one.theory[key], label: "", dash: "1 4", width: 1.5 },
        ]);
        const sizes = series.flatMap((one) => one.y).filter((value) => value > 0 && value < Infinity);
        const decades = d3.scaleLog().domain([min(0.3, ...sizes), max(3, ...sizes)]).nice().domain();
        chart.draw(series, {
          x: state.depth > 1 ? [1, state.depth] : [0.5, 1.5],
          y: k < 2 ? /** @type {Interval} */ (decades) : [0, 1],
        });
        chart.point(chosen);
      });
      spread.forEach(({ chart, caption }, k) => {
        const one = runs[k % 2];
        const sums = k < 2;
        const values = one.layers[chosen - 1][sums ? "z" : "a"].subarray(0, SAMPLES * state.width);
        const [low, high] = [min(...values), max(...values)];
        const reach = max(4, -low, high);
        const ends = sums ? [-reach, reach] : [min(0, low), max(1, high)];
        const view = /** @type {Interval} */ (d3.scaleLinear().domain(Number.isFinite(low + high) ? ends : [-4, 4]).nice().domain());
        const bins = d3.bin().domain(view).thresholds(40)(values);
        const places = bins.flatMap(({ x0, x1 }) => [Number(x0), Number(x1)]);
        const shares = bins.flatMap(({ length }) => [length, length].map((count) => count / values.length));
        caption.textContent = `${one.label}, layer ${chosen}: ${sums ? "sums; shaded, flat" : "outputs"}`;
        chart.svg.setAttribute("aria-label", caption.textContent);
        const grid = Float64Array.from({ length: 401 }, (_, place) => view[0] + ((view[1] - view[0]) * place) / 400);
        const slopes = space(401);
        one.entry.both(grid, space(401), slopes, 401, one.p);
        /** @type {Interval[]} */
        const shade = [];
        for (let place = 0; sums && place < 400; place++) {
          if (!(abs(slopes[place]) < FLAT)) continue;
          if (shade.at(-1)?.[1] !== grid[place]) shade.push([grid[place], 0]);
          shade[shade.length - 1][1] = grid[place + 1];
        }
        chart.draw([{ ...one, label: "", x: places, y: shares, to: shares.map(() => 0) }], { x: view, y: [0, max(0.1, ...shares)], shade });
      });
      const rest = HEADS.map((text, k) => [text, ...runs.map((one) => cells(one, chosen)[k])]);
      here.replaceChildren(table("", [`layer ${chosen}`, ...runs.map((one) => one.label)], rest));
      clearTimeout(waiting);
      waiting = setTimeout(settle, 300);
    });

    /** @param {string} text */
    function take(text) {
      const found = read(SCHEMA, text);
      state = found.state;
      faulty.textContent = found.faults.join(" ");
      for (const { build } of cards) build();
      change();
    }

    /** @param {Node[]} nodes */
    const pair = (...nodes) => make("div", { class: "pair" }, ...nodes);
    box.replaceChildren(
      pair(byLayer[0].node, byLayer[1].node),
      told,
      pair(...cards.map((one) => one.card)),
      faulty,
      pair(depth, width, bias, make("div", { class: "bar" }, start, again)),
      pair(...cards.map((one) => one.mends)),
      ...(address
        ? [
            pair(byLayer[2].node, make("div", {}, layer, here)),
            pair(...spread.map((one) => one.node)),
            fold("All numbers by layer", all),
            csv,
          ]
        : [open]),
    );
    const asks = () => address && location.hash.includes("=");
    take(asks() ? location.hash : String(box.dataset.state));
    addEventListener("hashchange", () => {
      if (!asks()) return;
      take(location.hash);
      box.scrollIntoView();
    });
  }

  actdocs.gradients = Object.assign(explorer, { propagate, predict });
  for (const box of globalThis.document?.querySelectorAll("[data-play=gradients]") ?? []) explorer(/** @type {HTMLElement} */ (box));
}
