// @ts-check
"use strict";

// Points to learn from, in about [-6, 6]: made from a seed, or read as text.
{
  const EDGE = 6;
  const MOST = 5000;
  const LISTED = 5;
  const { sin, cos, exp, sqrt, PI } = Math;

  /**
   * @param {string} title
   * @param {Dataset["kind"]} kind
   * @param {(random: () => number, normal: () => number, noise: number, target: number) => [number, number, number]} draw
   * @returns {Dataset}
   */
  const set = (title, kind, draw) => ({
    title,
    kind,
    make(n, noise, seed) {
      if (!(Number.isInteger(n) && n > 0)) throw new RangeError(`n is ${n}; accepted is a whole number from 1`);
      if (!(noise >= 0 && noise <= 1)) throw new RangeError(`noise is ${noise}; accepted is a number from 0 to 1`);
      const random = actdocs.engine.random(seed, n, 1);
      const normal = actdocs.normal(random);
      const points = { x: new Float64Array(2 * n), y: new Float64Array(n), n };
      for (let i = 0; i < n; i++) {
        let point;
        do point = draw(random, normal, noise, i % 2);
        while (Math.abs(point[0]) > EDGE || Math.abs(point[1]) > EDGE);
        points.x.set(point.slice(0, 2), 2 * i);
        points.y[i] = point[2];
      }
      return points;
    },
  });

  /**
   * Two classes of the same size; noise is the deviation by which points are moved.
   * @param {string} title
   * @param {(target: number, random: () => number, normal: () => number) => [number, number]} place
   */
  const classes = (title, place) =>
    set(title, "classification", (random, normal, noise, target) => {
      const [a, b] = place(target, random, normal);
      return [a + noise * normal(), b + noise * normal(), target];
    });

  /**
   * A surface between about -1 and 1; noise is twice the deviation by which it is moved.
   * @param {string} title
   * @param {(a: number, b: number) => number} height
   */
  const surface = (title, height) =>
    set(title, "regression", (random, normal, noise) => {
      const [a, b] = [EDGE * (2 * random() - 1), EDGE * (2 * random() - 1)];
      return [a, b, height(a, b) + (noise / 2) * normal()];
    });

  const sets = {
    circle: classes("Circle", (target, random) => {
      const [low, high] = target ? [0, 2.5] : [3.5, 5];
      const radius = sqrt(low * low + (high * high - low * low) * random()); // even over the area
      const turn = 2 * PI * random();
      return [radius * cos(turn), radius * sin(turn)];
    }),
    xor: classes("XOR", (target, random) => {
      const side = random() < 0.5 ? -1 : 1;
      return [side * (0.3 + 4.7 * random()), (target ? -side : side) * (0.3 + 4.7 * random())];
    }),
    blobs: classes("Two Gaussians", (target, _, normal) => {
      const centre = target ? 2 : -2;
      return [centre + 0.6 * normal(), centre + 0.6 * normal()];
    }),
    spiral: classes("Two spirals", (target, random) => {
      const way = random();
      const turn = PI * (3.5 * way + target);
      return [5 * way * sin(turn), 5 * way * cos(turn)];
    }),
    moons: classes("Two moons", (target, random) => {
      const turn = PI * random();
      return target ? [1.5 - 3 * cos(turn), 0.75 - 3 * sin(turn)] : [3 * cos(turn) - 1.5, 3 * sin(turn) - 0.75];
    }),
    plane: surface("Plane", (a, b) => (a + b) / (2 * EDGE)),
    sine: surface("Sine ridge", sin),
    bumps: surface("Bumps", (a, b) => {
      let sum = 0;
      for (const i of [-3, 3]) for (const j of [-3, 3]) sum += Math.sign(i * j) * exp(-((a - i) ** 2 + (b - j) ** 2) / 3);
      return sum;
    }),
  };

  /** @param {string} text */
  const number = (text) => (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : NaN);

  /** @type {Datasets["parse"]} */
  function parse(text) {
    /** @type {string[]} */
    const faults = [];
    let count = 0;
    /** @param {string} words */
    const fault = (words) => ++count <= LISTED && faults.push(words);
    /** @type {number[][]} */
    const rows = [];
    let headed = false;
    text.split(/\r\n?|\n/).forEach((line, k) => {
      const cells = line.split("#")[0].trim().split(/[,;\t]/).map((cell) => cell.trim());
      if (cells.length === 1 && !cells[0]) return;
      const row = cells.map(number);
      const heading = !headed && cells.length === 3 && row.every(Number.isNaN);
      headed = true;
      if (heading) return;
      const wrong = row.findIndex((one) => !Number.isFinite(one));
      if (cells.length !== 3) {
        fault(
          `Columns in line ${k + 1}: ${cells.length}; accepted are 3, x1, x2 and y, with commas, semicolons or tabs between ` +
            "them, and points in numbers.",
        );
      } else if (wrong >= 0) {
        const cell = cells[wrong].slice(0, 20);
        fault(`Line ${k + 1}, column ${wrong + 1}: “${cell}”; accepted is a finite number such as -1.5 or 2e-3.`);
      } else {
        rows.push(row);
      }
    });
    if (rows.length > MOST || (rows.length < 2 && !count)) {
      fault(`Points in the file: ${rows.length}; accepted are 2 to ${MOST}.`);
    }
    if (count > LISTED) faults.push(`and ${count - LISTED} more`);
    const y = new Float64Array(rows.map((row) => row[2]));
    const kind = y.every((one) => one === 0 || one === 1) ? "classification" : "regression";
    if (count) return { points: null, kind, faults };
    return { points: { x: new Float64Array(rows.flatMap((row) => row.slice(0, 2))), y, n: y.length }, kind, faults };
  }

  /** @type {Datasets["split"]} */
  function split({ x, y, n }, share, seed) {
    if (!(share > 0 && share < 1)) throw new RangeError(`share is ${share}; accepted is a number above 0, below 1`);
    const wanted = Math.max(1, Math.min(n - 1, Math.round(share * n)));
    // Shuffled, then class by class; of these, every so manieth is to train on.
    const places = [...actdocs.engine.order(n, seed, -1)].sort((a, b) => Number(y[a] === 1) - Number(y[b] === 1));
    /** @param {boolean} train */
    const part = (train) => {
      const chosen = places.filter((_, k) => Math.floor(((k + 1) * wanted) / n) > Math.floor((k * wanted) / n) === train);
      return {
        x: new Float64Array(chosen.flatMap((i) => [x[2 * i], x[2 * i + 1]])),
        y: new Float64Array(chosen.map((i) => y[i])),
        n: chosen.length,
      };
    };
    return { train: part(true), test: part(false) };
  }

  actdocs.datasets = { sets, parse, split };
}
