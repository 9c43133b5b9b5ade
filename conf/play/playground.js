// @ts-check
"use strict";

// The playground: small networks side by side, trained on the same points, in the same order and from the same draw of
// weights, each with another activation. What is set up stands in the address; a link with such an address sets it up.
{
  const { make, slider, select, functions, parameters, button, save, shown, eachFrame, table, fold, renew, titled, interval } = actdocs.controls;
  const { choice, named, write, remember } = actdocs.state;
  const { engine, datasets } = actdocs;

  const MOST = 8; // networks
  const DEEP = 6; // layers
  const KEPT = 500; // epochs with their losses, before every second one is dropped
  const FRAME = 10; // milliseconds of a frame, for drawing and then for training
  const DRAW = 2; // of these for drawing, beyond which the rest waits for the next frame
  const ROUND = 120; // milliseconds between two pictures of the same thing
  const GRID = 48; // places on a side of a map
  const SIDE = 288; // pixels
  const BANDS = 12; // colours of the scale

  /** @typedef {Field & { label?: string, from?: number, to?: number, texts?: readonly string[] }} Setting */

  /**
   * @param {string} label
   * @param {string[]} words
   * @param {string[]} [texts]
   * @returns {Setting}
   */
  const word = (label, words, texts = words) => ({ kind: "word", label, value: words[0], words, texts });
  /**
   * A number with the ends that are accepted, and those of its slider, which is logarithmic where both are given.
   * @param {string} label
   * @param {number} value
   * @param {number} low
   * @param {number} high
   * @param {boolean} whole
   * @param {number} [to]
   * @param {number} [from]
   * @returns {Setting}
   */
  const number = (label, value, low, high, whole, to = high, from) => ({ kind: "number", label, value, low, high, whole, to, from });
  const pick = (/** @type {string} */ name) => /** @type {Choice} */ (choice(name).choice);
  /** @type {Record<string, Setting>} */
  const SCHEMA = {
    f: { kind: "functions", value: ["sigmoid", "tanh", "relu", "gelu"].map(pick), least: 1, most: MOST * DEEP },
    apart: { kind: "flag", value: false }, // whether f has one for each layer of each network
    data: word("Data", [...Object.keys(datasets.sets), "own"], [...Object.values(datasets.sets).map(({ title }) => title), "Your own points"]),
    noise: number("Noise", 0.1, 0, 1, false),
    n: number("Points", 200, 10, 1000, true),
    share: number("Share to train on", 0.5, 0.1, 0.9, false),
    draw: number("Draw of points", 1, 0, 99999, true, 20),
    points: { kind: "text", value: "", longest: 20000 }, // as CSV
    layers: { kind: "numbers", value: [4, 4], low: 1, high: 8, whole: true, least: 0, most: DEEP },
    start: word("Start", ["own", "he", "glorot", "lecun", "gain", "uniform"]),
    seed: number("Seed of start", 1, 0, 99999, true, 20),
    rate: number("Learning rate", 0.1, 1e-6, 100, false, 10, 1e-4),
    optimizer: word("Optimizer", ["sgd", "momentum", "adam"]),
    batch: number("Batch size", 10, 1, 1000, true, 200),
    loss: word("Loss", ["cross-entropy", "squared error"]),
    l1: number("L1", 0, 0, 1, false, 0.1),
    l2: number("L2", 0, 0, 1, false, 0.1),
    epochs: number("Epochs of a run", 500, 1, 1e5, true, 1e4, 10),
    pace: number("Epochs a second", 60, 1, 1e4, true, 1e4, 1),
    seeds: number("Seeds to repeat", 10, 2, 30, true),
    axis: word("Axis", ["linear", "log"]),
    look: word("In each layer", ["gradient", "dead", "saturated", "signal"]),
    code: { kind: "text", value: "", longest: 4000 },
  };
  const GROUPS = [
    ["Data", "data", "noise", "n", "share", "draw"],
    ["Networks", "start", "seed"],
    ["Training", "rate", "optimizer", "batch", "loss", "l1", "l2", "epochs", "pace", "seeds"],
  ];
  const CALM = /^(axis|look|seeds|pace|epochs)$/; // what doesn't start the networks afresh

  /**
   * What the schema can't say.
   * @param {{ state: State, faults: string[] }} read
   */
  function checked({ state, faults }) {
    const { f, apart, layers } = state;
    const many = apart ? f.length / layers.length : f.length;
    if (many % 1 || many > MOST) {
      faults.push(`f must be 1 to ${MOST} functions, times the layers if apart, got ${f.length}`);
      Object.assign(state, { f: SCHEMA.f.value, apart: false });
    }
    return { state, faults };
  }
  const read = (/** @type {string} */ hash) => checked(actdocs.state.read(SCHEMA, hash));
  const fromJson = (/** @type {string} */ text) => checked(actdocs.state.fromJson(SCHEMA, text));

  /**
   * The activations of each network: one, or one a layer.
   * @param {State} state
   * @returns {Choice[][]}
   */
  const rowsOf = ({ f, apart, layers: { length } }) =>
    apart ? d3.range(f.length / length).map((k) => f.slice(k * length, (k + 1) * length)) : f.map((/** @type {Choice} */ one) => [one]);
  /**
   * The activation of each layer.
   * @param {Choice[]} row
   * @param {number[]} layers
   */
  const widened = (row, layers) => layers.map((_, k) => row[Math.min(k, row.length - 1)]);
  /**
   * @param {Choice[][]} rows
   * @param {number[]} layers
   */
  function packed(rows, layers) {
    const wide = rows.map((row) => widened(row, layers));
    const apart = wide.some((row) => new Set(row.map(named)).size > 1);
    return { apart, layers, f: apart ? wide.flat() : rows.map(([one]) => one) };
  }
  const canvas = (side = SIDE) => make("canvas", { width: side, height: side, role: "img" });
  /**
   * What draws on a canvas, which is wiped.
   * @param {HTMLCanvasElement} one
   */
  function pen(one) {
    one.width += 0;
    return /** @type {CanvasRenderingContext2D} */ (one.getContext("2d"));
  }
  const short = (/** @type {number} */ value) => (value === value ? shown(value, 3) : "–");

  /**
   * @typedef {object} Training Networks that go through the epochs together, and what was seen on the way.
   * @property {Network[]} networks
   * @property {number} epoch
   * @property {number} turn which network is next
   * @property {number} seed
   * @property {number} stride epochs between two that are kept
   * @property {number[]} x the epochs that are kept
   * @property {number[][][]} seen for each network: its loss on the points to train and to test on, its share of right answers on both
   */

  actdocs.playground = Object.assign((/** @type {HTMLElement} */ box) => {
    const address = "address" in box.dataset;
    /** @type {State} */
    let state;
    let pending = ""; // an address that waits for the reader's function

    // --- Points and networks -----------------------------------------------------------------------------------------

    /** @type {{ train: Points, test: Points }} */
    let data;
    let regression = false;
    let [reach, low, high] = [6, 0, 1]; // how far the maps go, and the ends of the colour scale
    /** @type {any[]} */
    let plan = [];
    /** @type {{ label: string, light: string, dark: string }[]} */
    let looks = []; // how each network is called and drawn
    /** @type {Training} */
    let run;
    let running = false;
    let goal = 0;
    /** @type {Uint32Array} */
    let order;
    /** @type {Training | null} */
    let job = null; // what is repeated
    /** @type {Training[]} */
    let repeated = [];
    const places = new Float64Array(2 * GRID * GRID);
    const out = new Float64Array(GRID * GRID);

    /** Points and networks as they are set up, before the first epoch. */
    function begin() {
      const given = datasets.sets[state.data];
      const { points, kind, faults } = datasets.parse(state.points);
      if (!given) tell(faults);
      const all = given?.make(state.n, state.noise, state.draw) ?? points ?? { x: out, y: out, n: 0 };
      data = datasets.split(all, state.share, state.draw);
      regression = (given?.kind ?? kind) === "regression";
      [low, high] = regression ? /** @type {Interval} */ (d3.extent(all.y)) : [0, 1];
      reach = Math.max(6, 1.05 * (d3.max(all.x, Math.abs) ?? 0));
      for (let k = 0; k < GRID * GRID; k++) {
        places[2 * k] = reach * ((2 * (k % GRID) + 1) / GRID - 1);
        places[2 * k + 1] = reach * (1 - (2 * Math.floor(k / GRID) + 1) / GRID);
      }
      plan = rowsOf(state).map((row) => ({
        ...state,
        inputs: 2,
        hidden: widened(row, state.layers).map(({ name, p }, k) => ({ units: state.layers[k], entry: actdocs.functions[name], p })),
        loss: regression ? "squared error" : state.loss,
      }));
      repeated = [];
      again();
    }

    /** Back before the first epoch, from the same start. */
    function again() {
      [job, running] = [null, false];
      run = started(state.seed, 1);
      ask();
    }

    /**
     * @param {number} seed
     * @param {number} stride
     * @returns {Training}
     */
    function started(seed, stride) {
      const networks = plan.map((one) => engine.network({ ...one, seed }));
      const made = { networks, epoch: 0, turn: 0, seed, stride, x: [], seen: plan.map(() => [[], [], [], []]) };
      keep(made);
      return made;
    }

    /** @param {Training} one */
    function keep({ networks, epoch, x, seen }) {
      if (x.at(-1) === epoch) return;
      x.push(epoch);
      networks.forEach((network, k) => {
        [data.train, data.test].forEach((points, at) => {
          const { loss, accuracy } = network.evaluate(points);
          seen[k][at].push(network.diverged ? NaN : loss);
          seen[k][at + 2].push(network.diverged ? NaN : accuracy);
        });
      });
    }

    /**
     * Train the networks in turns, until so many epochs are done or the time is over.
     * @param {Training} one
     * @param {number} epochs
     * @param {number} until
     */
    function advance(one, epochs, until) {
      while (one.epoch < epochs && performance.now() < until) {
        if (!one.turn) order = engine.order(data.train.n, one.seed, one.epoch);
        const network = one.networks[one.turn];
        if (!network.diverged) {
          network.epoch(data.train, order);
          if (network.diverged && one === run) say(`${looks[one.turn].label} diverged in epoch ${one.epoch + 1}; the others go on.`);
        }
        one.turn = (one.turn + 1) % plan.length;
        if (one.turn) continue;
        one.epoch++;
        if (one.epoch % one.stride === 0) keep(one);
        if (one.x.length > KEPT) {
          one.stride *= 2;
          for (const line of [...one.seen.flat(), one.x]) line.splice(0, Infinity, ...line.filter((_, k) => one.x[k] % one.stride === 0));
        }
      }
    }

    // --- Frames ------------------------------------------------------------------------------------------------------

    /** @type {(() => void)[]} */
    let due = []; // what is still to be drawn
    /** @type {(() => void)[]} */
    let tasks = []; // what training changes
    let [since, from, speed, drawn] = [0, 0, 0, 0];
    const frame = eachFrame(() => {
      const now = performance.now();
      if (now > drawn + ROUND) {
        drawn = now;
        go.textContent = job ? "Cancel" : running ? "Pause" : "Run";
        count.textContent = `${job ? `Seed ${repeated.length + 1} of ${state.seeds}: e` : "E"}poch ${(job ?? run).epoch}${running && speed ? `, ${Math.round(speed)} a second` : ""}`;
        if (running && !due.length) due = [...tasks];
      }
      do due.shift()?.();
      while (due.length && performance.now() < now + DRAW);
      if (job) {
        advance(job, goal, now + FRAME);
        if (job.epoch >= goal) next(job);
      } else if (running) {
        advance(run, Math.min(goal, from + Math.ceil((state.pace * (now - since)) / 1000)), now + FRAME);
        if (now > since + 500) [speed, since, from] = [(1000 * (run.epoch - from)) / (now - since), now, run.epoch];
        if (run.epoch >= goal || run.networks.every((one) => one.diverged)) stop("Finished");
      }
      if (running || job || due.length) frame();
    });
    /** Draw all. */
    function ask() {
      due = [paintPoints, ...tasks, paintResult];
      drawn = 0;
      frame();
    }

    const say = (/** @type {string} */ text) => (live.textContent = text);
    /** @param {string[]} found */
    function tell(found) {
      wrong.textContent = found.join("; ");
      wrong.hidden = !found.length;
    }

    /** @param {string} why */
    function stop(why) {
      running = false;
      if (run.turn) advance(run, run.epoch + 1, Infinity);
      keep(run);
      say(`${why} at epoch ${run.epoch}. Test loss: ${run.seen.map(([, losses], k) => `${looks[k].label} ${short(losses.at(-1) ?? NaN)}`).join(", ")}.`);
      ask();
    }
    function toggle() {
      if (job) return finish("Cancelled.");
      if (running) return stop("Paused");
      running = data.train.n > 0;
      goal = (Math.floor(run.epoch / state.epochs) + 1) * state.epochs;
      [since, from, speed] = [performance.now(), run.epoch, 0];
      ask();
    }
    function step() {
      if (job) return finish("Cancelled.");
      advance(run, run.epoch + 1, Infinity);
      stop("Stepped");
    }

    // --- Several seeds -----------------------------------------------------------------------------------------------

    function repeat() {
      if (running) stop("Paused");
      goal = run.epoch || state.epochs;
      repeated = [];
      job = started(state.seed, Math.ceil(goal / 100));
      ask();
    }
    /** @param {Training} one */
    function next(one) {
      keep(one);
      repeated.push(one);
      if (repeated.length < state.seeds) job = started(state.seed + repeated.length, one.stride);
      else finish(`${repeated.length} seeds trained for ${goal} epochs: see the table of means.`);
    }
    /** @param {string} text */
    function finish(text) {
      job = null;
      say(text);
      ask();
    }

    /** The means over the seeds, and by how much each network's loss is above the first one's. */
    function paintResult() {
      const last = (/** @type {number} */ k, line = 1) => repeated.map(({ seen }) => seen[k][line].at(-1) ?? NaN);
      const rows = looks.map(({ label }, k) => [
        label,
        interval(last(k)),
        interval(last(k, 3)),
        k ? interval(last(k).map((loss, place) => loss - last(0)[place])) : "–",
        `${last(k).filter(isNaN).length}`,
      ]);
      result.hidden = !repeated.length;
      result.replaceChildren(table(`Test points, ${repeated.length} seeds, epoch ${repeated[0]?.epoch}: mean (95 % interval)`, ["Network", "Loss", "Right", `Loss less that of ${looks[0].label}`, "Diverged"], rows));
    }

    // --- Pictures ----------------------------------------------------------------------------------------------------

    /** @type {number[][]} */
    let colours = [];
    const cells = canvas(GRID);
    const image = pen(cells).createImageData(GRID, GRID);
    const pixels = new Uint32Array(image.data.buffer);
    const dots = canvas();
    const picture = canvas();
    const colour = (/** @type {number} */ value) => colours[Math.max(0, Math.min(BANDS - 1, Math.floor((BANDS * (value - low)) / (high - low || 1))))] ?? []; // black for what is no number

    /** The points, once for all maps: those to train on large, those to test on small. */
    function paintPoints() {
      const tint = (/** @type {string} */ name) => getComputedStyle(box).getPropertyValue(name);
      const [least, middle, most] = ["--low", "--middle", "--high"].map((name) => tint(name).split(",").map(Number));
      colours = d3.range(-1, 1 + 1 / BANDS, 2 / (BANDS - 1)).map((at) => middle.map((one, k) => one + Math.abs(at) * ((at < 0 ? least : most)[k] - one)));
      const brush = pen(dots);
      brush.strokeStyle = tint("--paper");
      [data.test, data.train].forEach(({ x, y, n }, large) => {
        for (let k = 0; k < n; k++) {
          brush.beginPath();
          brush.arc(((x[2 * k] / reach + 1) * SIDE) / 2, ((1 - x[2 * k + 1] / reach) * SIDE) / 2, large ? 5 : 2.6, 0, 7);
          brush.fillStyle = `rgb(${colour(y[k])})`;
          brush.fill();
          brush.stroke();
        }
      });
      pen(picture).drawImage(dots, 0, 0);
      ends.replaceChildren(...[short(low), regression ? "output" : "probability of 1", short(high)].map((text) => make("span", {}, text)));
    }

    /**
     * @param {number} k
     * @param {HTMLCanvasElement} into
     */
    function paintMap(k, into) {
      run.networks[k].predict(places, GRID * GRID, out);
      out.forEach((value, place) => {
        const [r, g, b] = colour(value);
        pixels[place] = (255 << 24) | (b << 16) | (g << 8) | r;
      });
      pen(cells).putImageData(image, 0, 0);
      const brush = pen(into);
      brush.globalAlpha = 0.65; // so that the points stand out
      brush.drawImage(cells, 0, 0, SIDE, SIDE);
      brush.globalAlpha = 1;
      brush.drawImage(dots, 0, 0);
    }

    /** @param {number} line */
    const curves = (line) =>
      run.seen.flatMap((lines, k) => [
        { ...looks[k], x: run.x, y: lines[line] },
        { ...looks[k], x: run.x, y: lines[line + 1], dash: "5 4", label: "" },
      ]);

    function paintLoss() {
      const lines = curves(0);
      const bands = looks.map((look, k) => {
        const x = job ? [] : (repeated[0]?.x ?? []);
        const ends = x.map((_, place) => d3.extent(repeated, ({ seen }) => seen[k][1][place]));
        return { ...look, label: "", x, y: ends.map(([a = NaN]) => a), to: ends.map(([, b = NaN]) => b) };
      });
      const all = [...bands, ...lines];
      const log = state.axis === "log";
      // What explodes, or falls at once, may leave the picture, so that the rest is seen.
      const top = Math.min(d3.max(all.flatMap(({ y }) => y.slice(y.length / 20))) ?? 1, 3 * Math.max(...run.seen.flatMap(([a, b]) => [a[0], b[0]])));
      const bottom = log ? 0.9 * Math.max(d3.min(all.flatMap(({ y }) => y)) ?? 0, top / 1e6) : 0;
      loss.draw(all, { x: [0, Math.max(1, run.epoch, bands[0].x.at(-1) ?? 0)], y: [bottom, 1.05 * top], logY: log });
    }
    function paintRight() {
      const lines = curves(2);
      const [least] = d3.extent(lines.flatMap((one) => one.y));
      plots[1].hidden = least === undefined;
      right.draw(lines, { x: [0, Math.max(1, run.epoch)], y: [Math.min(0.4, least ?? 0), 1.08] });
    }
    function paintLayers() {
      const deep = state.layers.length;
      inside.hidden = !deep;
      plots[2].hidden = deep < 2;
      const found = run.networks.map((network) => network.probe(data.train)[/** @type {"dead"} */ (state.look)]);
      const share = "dead saturated".includes(state.look);
      const x = d3.range(1, deep + 1);
      const [least = 0.1, most = 1] = d3.extent(found.flat().filter((value) => value > 0));
      layers.draw(found.map((y, k) => ({ ...looks[k], x, y, width: 3 })), {
        x: [0.9, Math.max(deep, 2) + 0.1], y: share ? [-0.02, 1.02] : [least / 1.5, most * 1.5], logY: !share,
      });
      numbers.replaceChildren(table("", ["Network", ...x.map((k) => `Layer ${k}`)], found.map((row, k) => [looks[k].label, ...row.map(short)])));
    }

    // --- Cards -------------------------------------------------------------------------------------------------------

    /**
     * @param {Choice[]} row
     * @param {number} k
     * @param {Choice[][]} rows
     */
    function card(row, k, rows) {
      /** @param {Choice[]} made */
      const put = (made) => change(packed(rows.with(k, made), state.layers));
      const { light, dark } = looks[k];
      const map = canvas();
      const values = make("div");
      /** @param {number} layer */
      const sliders = (layer) =>
        parameters(actdocs.functions[row[layer].name], row[layer].p, (p) => {
          const { choice: made, fault } = choice(named({ ...row[layer], p }));
          if (!made) return tell([fault]);
          row[layer] = made;
          change(packed(rows, state.layers), true);
        });
      const wide = widened(row, state.layers);
      const more = wide.flatMap(({ name }, layer) => [
        functions(`Layer ${layer + 1}`, name, (other) => put(wide.with(layer, pick(other)))),
        ...(layer < row.length ? [sliders(layer)] : []),
      ]);
      const away = button("×", () => change(packed(rows.filter((_, place) => place !== k), state.layers)), { "aria-label": `Remove network ${k + 1}`, disabled: rows.length < 2 });
      const node = make("div", { class: "net" },
        make("div", { class: "bar" }, make("span", { class: "swatch", style: `--light:${light};--dark:${dark}` }), functions(`Network ${k + 1}`, row[0].name, (name) => put([pick(name)])), away),
        map, values, fold("Parameters, layers", ...more));
      const paint = () => {
        const [train, test] = [data.train, data.test].map((points) => run.networks[k].evaluate(points));
        const text = run.networks[k].diverged ? `Diverged in epoch ${run.networks[k].epochs + 1}, stopped` : "";
        values.replaceChildren(table(text, ["", "Loss", "Right"], [["Train", short(train.loss), short(train.accuracy)], ["Test", short(test.loss), short(test.accuracy)]]));
        map.setAttribute("aria-label", `Outputs of ${looks[k].label}`);
        paintMap(k, map);
      };
      return /** @type {const} */ ([node, paint]);
    }

    function deal() {
      const made = rowsOf(state).map(card);
      renew(cards, made.map(([node]) => node));
      add.disabled = made.length >= MOST;
      tasks = [...made.map(([, paint]) => paint), paintLoss, paintRight, paintLayers];
    }

    // --- Settings ----------------------------------------------------------------------------------------------------

    /**
     * Take over a change if it is right, else say what is wrong.
     * @param {State} changed
     * @param {boolean} [same] whether the cards stay as they are
     */
    function change(changed, same) {
      const found = read(write(SCHEMA, { ...state, ...changed }));
      tell(found.faults);
      if (found.faults.length) return refresh();
      const went = running;
      const calm = Object.keys(changed).every((key) => CALM.test(key));
      state = found.state;
      show(calm, same || !changed.f);
      if (went && !running) toggle();
    }

    /**
     * @param {boolean} [calm] whether the networks go on
     * @param {boolean} [same]
     */
    function show(calm, same) {
      looks = rowsOf(state).map((row) => {
        const { light, dark } = actdocs.functions[row[0].name];
        return { label: [...new Set(row.map(titled))].join(", "), light, dark };
      });
      if (!calm && !same) deal();
      if (calm) ask();
      else begin();
      refresh();
      const hash = write(SCHEMA, state);
      open.href = `${box.dataset.page ?? ""}#${hash}`;
      if (address) remember(hash);
    }

    /** @type {Record<string, { set(value: any): void }>} */
    const controls = {};
    /** @param {string} key */
    function control(key) {
      const { label, low: least, from, to, whole, words, texts } = /** @type {any} */ (SCHEMA[key]);
      const input = (/** @type {any} */ value) => change({ [key]: value });
      return (controls[key] = words
        ? select(label, words.map((/** @type {string} */ value, /** @type {number} */ k) => ({ value, text: texts[k] })), "", input)
        : slider(label, { value: least, low: from ?? least, high: to, log: !!from, whole }, input));
    }
    function refresh() {
      for (const [key, one] of Object.entries(controls)) one.set(state[key]);
      units.value = state.layers.join(", ");
      paste.value = state.points;
      more.textContent = `Repeat over ${state.seeds} seeds`;
      box.classList.toggle("draws", state.data === "own");
      picture.setAttribute("aria-label", `${data.train.n} points to train on and ${data.test.n} to test on`);
    }

    // --- What the reader brings --------------------------------------------------------------------------------------

    /** @param {any[]} point */
    const put = (...point) => change({ points: `${state.points}\n${point}`.trim(), data: "own" });
    let last = 0;
    d3.select(picture).on("pointerdown pointermove", (/** @type {PointerEvent} */ { buttons, offsetX, offsetY, timeStamp }) => {
      if (state.data !== "own" || !buttons || timeStamp < last + 60) return;
      last = timeStamp;
      const along = (/** @type {number} */ pixels) => (reach * ((2 * pixels) / picture.clientWidth - 1)).toFixed(2);
      put(along(offsetX), along(picture.clientWidth - offsetY), fields[2].value);
    });
    const fields = d3.range(3).map(() => make("input", { type: "number", step: "any", value: 1 }));
    const paste = make("textarea", { rows: 5, "aria-label": "Points as CSV", onchange: () => change({ points: paste.value, data: "own" }) });
    const own = fold("Your own points",
      make("form", { class: "bar", onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        put(...fields.map((one) => one.value));
      } }, ...["x1", "x2", "y"].map((text, k) => make("label", {}, text, fields[k])), make("button", {}, "Add")),
      paste, button("Undo", () => change({ points: state.points.replace(/\n?.*$/, "") })));

    const source = make("textarea", { rows: 5, spellcheck: "false", "aria-label": "Function in Python" });
    const python = fold("Your own function, in Python", source,
      button("Use it", async () => {
        const code = source.value;
        const { entry, faults, warnings } = await actdocs.own.define(code);
        if (!entry) return tell(faults);
        const rows = rowsOf(state);
        const used = rows.flat().some(({ name }) => name === "own");
        if (pending) {
          const found = read(pending);
          take({ ...found, state: { ...found.state, code } });
        } else change({ ...packed(used ? rows : [...rows.slice(0, MOST - 1), [pick("own")]], state.layers), code });
        if (warnings.length) tell(warnings);
      }));

    // --- The page ----------------------------------------------------------------------------------------------------

    /** @param {{ state: State, faults: string[] }} found */
    function take(found) {
      state = found.state;
      source.value = state.code;
      pending = "";
      tell(found.faults);
      show();
      say("");
    }
    /** Set up what the address says, with the text on the page that has the link to it. */
    function follow() {
      const hash = address && location.hash.includes("=") ? location.hash : (box.dataset.state ?? "");
      take(read(hash));
      if (state.code && Object(actdocs.functions.own).source !== state.code) {
        pending = hash;
        if (address) remember(hash.replace(/^#/, "")); // until it is used, the link stands
        python.open = settings.open = true;
        tell(["This link brings a function: read it, then press “Use it”"]);
      }
      const section = [...document.links].find((one) => one.hash === hash && hash && !box.contains(one))?.closest("section");
      task.hidden = !section;
      if (section) {
        task.replaceChildren(make("a", { href: `#${section.id}` }, "The experiment"), ": ", section.querySelector(".watch")?.textContent ?? "");
      }
    }

    const live = make("p", { class: "live", role: "status" });
    const wrong = make("p", { class: "faults", role: "alert" });
    const task = make("p", { class: "message" });
    const go = button("Run", toggle, { class: "go" });
    const count = make("span");
    const add = button("Add a network", () => change(packed([...rowsOf(state), [pick("relu")]], state.layers)));
    const more = button("", repeat);
    const cards = make("div", { class: "cards" });
    const units = make("input", { type: "text", onchange: () => change(packed(rowsOf(state), units.value.match(/[^,\s]+/g) ?? [])) });
    const region = (/** @type {string} */ label) => make("div", { class: "wide", tabindex: 0, role: "region", "aria-label": label });
    const [result, numbers] = ["Means over seeds", "Layers"].map(region);
    const open = make("a", {}, "Open in the playground");
    const file = make("input", { type: "file", accept: ".json", onchange: async () => file.files[0] && take(fromJson(await file.files[0].text())) });
    const ends = make("div", { class: "ends" });
    const plots = d3.range(3).map(() => make("div"));
    const [loss, right, layers] = [["loss", "epoch"], ["share right", "epoch"], ["size or share", "hidden layer"]].map(([yLabel, xLabel], k) =>
      actdocs.chart(plots[k], { label: `${yLabel} by ${xLabel}`, xLabel, yLabel, wholeX: true }));
    const inside = make("div", {}, control("look"), plots[2], numbers);
    const extra = [[[picture, ends], [own]], [[make("label", { class: "choice" }, "Units by layer", units)], [python]], [[], []]];
    const groups = GROUPS.map(([title, ...keys], k) => make("fieldset", {}, make("legend", {}, title), ...extra[k][0], ...keys.map(control), ...extra[k][1]));
    const settings = fold("Data, networks, training", ...groups,
      make("div", { class: "bar" }, button("Save as JSON", () => save("playground.json", actdocs.state.toJson(SCHEMA, state))), make("label", { class: "choice" }, "Load", file)));
    settings.open = address && box.clientWidth > 700;
    box.replaceChildren(
      make("div", { class: "bar" }, go, button("Step", step),
        button("Reset", () => (again(), say("Back at epoch 0, from the same start."))),
        button("New start", () => change({ seed: state.seed + 1 })),
        count, ...(address ? [] : [open])),
      task, wrong, live,
      make("div", { class: "field" }, settings,
        make("div", {}, cards,
          make("div", { class: "bar" }, add, more, control("axis")),
          plots[0], result,
          make("div", { class: "plots" }, plots[1], inside))));
    follow();
    if (address) {
      addEventListener("hashchange", () => {
        if (!location.hash.includes("=")) return;
        follow();
        go.focus();
        box.scrollIntoView();
      });
    }
    new MutationObserver(ask).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    document.addEventListener("own-function", () => show());
  }, { read, fromJson });

  for (const box of document.querySelectorAll("[data-play=playground]")) actdocs.playground(/** @type {HTMLElement} */ (box));
}
