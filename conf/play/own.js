// @ts-check
"use strict";

// A function that the reader writes in Python. It runs in MicroPython in a worker, whose text comes in one plain script with
// everything it needs, when it is first asked for; so it works from a file and under a strict content policy. What comes
// back are polynomials, piece by piece from -64 to 64; beyond them the function goes on as a straight line.
{
  /** @typedef {{ hi: number, middle: number, powers: number[], good: boolean }} Piece for x up to hi: powers of x - middle */
  /** @typedef {{ pieces: Piece[], range: [number, number], far: [number, number][], rough: boolean, why: string }} Found */

  const REACH = 64;
  const NEAR = 5; // inputs beyond are rare
  const SECONDS = 2;
  const runtime = new URL("micropython.js", /** @type {HTMLScriptElement} */ (document.currentScript).src).href;

  const shown = (/** @type {number} */ x) => String(Math.abs(x) < 1e-9 ? 0 : Number(x.toPrecision(4))).replaceAll("-", "−");

  /** @param {number[]} ends */
  function where([a, b]) {
    if (a <= -REACH) return b >= REACH ? "everywhere" : `for x below ${shown(b)}`;
    if (b >= REACH) return `for x above ${shown(a)}`;
    return b - a < 1e-4 ? `at x = ${shown(b)}` : `for x from ${shown(a)} to ${shown(b)}`;
  }

  /**
   * Give a function that writes values, slopes and second derivatives at z.
   * @param {readonly Piece[]} pieces
   */
  function follow(pieces) {
    const ends = Float64Array.from(pieces, ({ hi }) => hi);
    const middles = Float64Array.from(pieces, ({ middle }) => middle);
    const powers = Float64Array.from(pieces.flatMap((piece) => piece.powers));
    const starts = new Uint32Array(pieces.length + 1);
    pieces.forEach((piece, k) => (starts[k + 1] = starts[k] + piece.powers.length));
    // For each quarter the first piece that reaches it.
    const first = Array.from({ length: 8 * REACH + 1 }, (_, k) => ends.findIndex((hi) => hi >= k / 4 - REACH));
    /** @type {(z: Vector, a?: Vector, d?: Vector, s?: Vector, n?: number) => [Vector, Vector]} */
    return (z, a = new Float64Array(z.length), d = new Float64Array(z.length), s = d, n = z.length) => {
      for (let i = 0; i < n; i++) {
        const beyond = z[i];
        const x = Math.max(-REACH, Math.min(REACH, beyond));
        let k = first[Math.floor(4 * x) + 4 * REACH] || 0;
        while (x > ends[k]) k++;
        const u = x - middles[k];
        let [value, slope, bend] = [0 * u, 0 * u, 0 * u];
        for (let j = starts[k + 1] - 1; j >= starts[k]; j--) {
          bend = bend * u + slope;
          slope = slope * u + value;
          value = value * u + powers[j];
        }
        a[i] = value + ((beyond - x) * slope || 0);
        s[i] = x === beyond ? 2 * bend : 0 * value;
        d[i] = slope;
      }
      return [a, d];
    };
  }

  /**
   * Make the entry, and say what to beware of.
   * @param {Found} found
   * @param {string} source
   */
  function judge({ pieces, range: [low, high], far, rough, why }, source) {
    /** @type {string[]} */
    const warnings = [];
    const because = why && ` (${why})`;
    const measure = follow(pieces);
    /** @type {(x: number[]) => Vector[]} */
    const at = (x) => measure(Float64Array.from(x));
    /**
     * Where pieces are like that.
     * @param {(powers: number[]) => boolean} like
     */
    const spans = (like) => {
      /** @type {number[][]} */
      const found = [];
      pieces.forEach(({ powers, hi }, k) => {
        const a = k ? pieces[k - 1].hi : -REACH;
        if (!like(powers)) return;
        if (found.at(-1)?.[1] === a) found[found.length - 1][1] = hi;
        else found.push([a, hi]);
      });
      return found;
    };

    const holes = spans(([value]) => isNaN(value)).map(where);
    if (holes[0] === "everywhere") return { entry: null, faults: [`It is finite nowhere${because}.`], warnings };
    const lost = far.filter(([, y]) => isNaN(y)).map(([x]) => shown(x));
    if (lost.length && !holes.length) holes.push(`at x = ${lost.join(", ")}`);
    if (holes.length) warnings.push(`It is not finite ${holes.slice(0, 3).join(", ")}${because}.`);
    for (const one of spans(({ length, 1: slope }) => length < 3 && !slope)) {
      if (one[0] < NEAR && one[1] > -NEAR && one[1] - one[0] > 1e-4) warnings.push(`Its slope is exactly 0 ${where(one)}: inputs there teach nothing.`);
    }

    const jumps = [];
    const kinks = [];
    for (let k = 1; k < pieces.length; k++) {
      const { hi, good } = pieces[k - 1];
      const [[left, right], [before, after]] = at([hi, hi + 1e-14 * (1 + Math.abs(hi))]);
      const steep = 1 + Math.min(Math.abs(before), Math.abs(after));
      if (!good || !pieces[k].good) continue;
      const x = Number(hi.toFixed(9)) + 0;
      const jump = Math.abs(right - left) > 1e-6 * steep;
      if (jump) jumps.push(`${shown(x)} from ${shown(left)} to ${shown(right)}`);
      if (jump || Math.abs(after - before) > 1e-5 * steep) kinks.push(x);
    }
    if (jumps.length) warnings.push(`It jumps at x = ${jumps.length < 4 ? jumps.join(", at ") : `${jumps[0]} and ${jumps.length - 1} other places`}; no slope shows that.`);

    const [y, slope] = at(Array.from({ length: 128 * REACH + 1 }, (_, k) => k / 64 - REACH));
    const tiny = 1e-9 * (high - low);
    if (y.some((one, k) => y[k + 1] < one - tiny) && !y.some((one, k) => y[k + 1] > one + tiny)) warnings.push("It never increases.");
    if (pieces.every(({ good }) => good) && !holes.length) {
      const [from, to] = [low, high].map((one) => shown(Math.abs(one) < tiny ? 0 : one));
      if (far.every(([, y]) => y >= low - tiny && y <= high + tiny)) warnings.push(from === to ? `It is ${from} everywhere.` : `Its values stay between ${from} and ${to}.`);
      const end = Math.abs(slope[0]) > Math.abs(slope[128 * REACH]) ? 0 : 128 * REACH;
      if (Math.abs(slope[end]) > 4 * Math.max(...slope.slice(60 * REACH, 68 * REACH).map(Math.abs))) warnings.push(`Its slope grows: it is ${shown(slope[end])} at x = ${shown(end / 64 - REACH)}.`);
    }
    const [line] = at(far.map(([x]) => x));
    if (far.some(([, y], k) => Math.abs(line[k] - y) > 1e-3 * (1 + Math.abs(y)))) warnings.push(`Beyond ±${REACH} it is taken for a straight line, which it is not.`);
    if (rough) warnings.push("It is too rough, or too slow, to be followed closely everywhere.");

    const sides = at([-NEAR, NEAR])[1].map(Math.abs);
    /** @type {Entry & { source: string, kinks: number[] }} */
    const entry = {
      name: "own",
      title: "your function",
      family: "own",
      light: "#111827",
      dark: "#f9fafb",
      parameters: [],
      kinks,
      // As in the catalogue: "he" where it cuts or bends one side.
      start: Math.min(...sides) < Math.max(...sides) / 2 ? "he" : "glorot",
      both: (z, a, d, n) => void measure(z, a, d, undefined, n),
      second: (z, s, n) => void measure(z, undefined, undefined, s, n),
      source,
    };
    const fades = actdocs.moments?.(entry, []).backward;
    if (fades > 3 && isFinite(fades)) warnings.push(`It divides gradients by about ${shown(fades)}: give its weights that gain.`);
    return { entry, faults: [], warnings };
  }

  /** @type {Promise<{ glue: string, wasm: string, worker: string }> | undefined} */
  let loaded;

  /** Bring MicroPython, once. */
  const load = () =>
    (loaded ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = runtime;
      script.onload = () => resolve(/** @type {any} */ (actdocs).micropython);
      script.onerror = () => {
        loaded = undefined;
        reject("its file can't be loaded");
      };
      document.head.append(script);
    }));

  /** @type {(why: string) => void} */
  let stop = () => {};

  actdocs.own = {
    define: (source, signal) =>
      new Promise((resolve) => {
        stop("It was stopped, since another was asked for.");
        /** @type {Worker | undefined} */
        let worker;
        let timer = 0;
        let over = false;
        /** @param {Awaited<ReturnType<Own["define"]>>} answer */
        const end = (answer) => {
          over = true;
          clearTimeout(timer);
          worker?.terminate();
          resolve(answer);
        };
        const fail = (/** @type {string} */ why) => end({ entry: null, faults: [why], warnings: [] });
        const limit = (/** @type {number} */ seconds, /** @type {string} */ what) => {
          clearTimeout(timer);
          timer = setTimeout(() => fail(`${what} within ${seconds} s.`), 1000 * seconds);
        };
        stop = fail;
        signal?.addEventListener("abort", () => fail("It was stopped."));
        if (signal?.aborted) fail("It was stopped.");
        load()
          .then(({ glue, wasm, worker: own }) => {
            if (over) return;
            const address = URL.createObjectURL(new Blob([own, "\n", glue]));
            worker = new Worker(address);
            worker.onerror = () => fail("The browser refuses to start MicroPython.");
            worker.onmessage = ({ data }) => {
              URL.revokeObjectURL(address);
              if (data === "ready") limit(SECONDS, "It did not come to an end");
              else if (typeof data === "string") fail(data);
              else {
                const answer = judge(data, source);
                end(answer);
                if (!answer.entry) return;
                actdocs.functions.own = answer.entry;
                document.dispatchEvent(new Event("own-function"));
              }
            };
            limit(10 * SECONDS, "MicroPython did not start");
            worker.postMessage({ source, wasm: Uint8Array.from(atob(wasm), (one) => one.charCodeAt(0)) });
          })
          .catch((error) => fail(`MicroPython can't start: ${error}.`));
      }),
  };
}
