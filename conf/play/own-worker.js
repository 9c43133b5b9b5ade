// @ts-check
"use strict";

// What runs in the worker, in one text with MicroPython: it defines the reader's function and follows it from -64 to 64 by
// polynomials, as narrow as it takes, so that kinks and jumps end up between two of them.
{
  /** @typedef {{ hi: number, middle: number, powers: number[], good: boolean }} Piece for x up to hi: powers of x - middle */

  const REACH = 64;
  const DEGREE = 12;
  const GAP = 2 ** -30; // what is left out beside a kink, whose place is known to about 1e-10
  const NARROW = 2 ** -14; // what is not smooth in a piece of that width is taken as it is
  const LONGEST = 1200; // milliseconds, after which all is taken as it is
  const MEMORY = 2 ** 27; // bytes
  const NOTHING = [NaN, NaN, NaN]; // no value, slope and second derivative
  // What MicroPython needs after its start. The rest of the worker goes, with all that leads out of it or makes code of text.
  const STAYS = /^(proxy_js_.*|pyProxyF.*|Module|globalThis|Object|Number|BigInt|String|Symbol|Math|Date|WeakRef|Promise|Proxy|Reflect|is[FN].*|performance|crypto)$|(Array|Error)$/;
  const PYTHON = `
import math
g = {"math": math}
exec("from math import *", g)
def define(text, names):
  global f
  try:
    f = eval(text.strip() if text.strip()[:7] == "lambda " else "lambda x:(" + text + "\\n)", g)
    return True
  except SyntaxError:
    exec(text, g)
  for name in names.split():
    f = g.get(name)
    try:
      f()
    except Exception as error:
      if "takes 1 positional" in str(error):
        return True
def call(x):
  y = f(float(x))
  kind = type(y)
  return y if kind is float else float(y) if kind in (int, bool) else repr(y)
`;

  const whole = /** @type {any} */ (globalThis);
  const send = postMessage.bind(whole);
  const clock = performance.now.bind(performance);
  const circle = Array.from({ length: 2 * DEGREE }, (_, k) => Math.cos((Math.PI * k) / DEGREE));

  /** Leave nothing here that reaches beyond: the code may come with a link, from anybody. */
  function lock() {
    for (const one of [() => 0, async () => 0, function* () {}, async function* () {}]) {
      Object.defineProperty(Object.getPrototypeOf(one), "constructor", { value: null });
    }
    whole.proxy_js_ref_map.delete(whole);
    whole.proxy_js_ref[0] = Object.create(null); // what "import js" gives
    for (let place = whole; place !== Object.prototype; place = Object.getPrototypeOf(place)) {
      for (const key of Reflect.ownKeys(place)) STAYS.test(String(key)) || Reflect.deleteProperty(place, key);
    }
  }

  /**
   * What Python said: the line of the reader's text and the last line of the message.
   * @param {any} error
   */
  function words({ type, message = "MicroPython broke down" }) {
    const line = [...message.matchAll(/"<string>", line (\d+)/g)].at(-1);
    const last = message.slice(message.lastIndexOf(`\n${type}`) + 1).slice(0, 200).replace(/:?\s*$/, "");
    return `${line ? `Line ${line[1]}: ` : ""}${last}`;
  }

  /**
   * @param {(x: number) => unknown} call
   */
  function follow(call) {
    const end = clock() + LONGEST;
    /** @type {Piece[]} */
    const pieces = [];
    let [low, high] = [Infinity, -Infinity];
    let rough = false;
    let why = "";

    /** @param {number} x */
    function value(x) {
      const at = `at x = ${Number(x.toPrecision(6))}`;
      let y;
      try {
        y = call(x);
      } catch (error) {
        const said = words(/** @type {any} */ (error));
        if (!/ZeroDivisionError|OverflowError|math domain error/.test(said)) throw `${said}, ${at}`;
        why ||= said.replace(/^Line.*?: /, "");
        return NaN;
      }
      if (typeof y !== "number") throw `It returned ${String(y).slice(0, 60)} ${at}, not a number`;
      if (!isFinite(y)) return NaN;
      if (y < low) low = y;
      if (y > high) high = y;
      return y;
    }

    /**
     * Chebyshev's coefficients on [a, b]; good if the last are nothing, or if no value is finite.
     * @param {number} a
     * @param {number} b
     * @param {number} degree
     */
    function fit(a, b, degree) {
      const step = DEGREE / degree;
      const y = Array.from({ length: degree + 1 }, (_, k) => value(!k ? b : k === degree ? a : (a + b) / 2 + ((b - a) / 2) * circle[k * step]));
      const c = y.map((_, k) => y.reduce((sum, one, j) => sum + one * circle[(j * k * step) % 24] * (j % degree ? 2 : 1), 0) / degree / (k % degree ? 1 : 2));
      const limit = 1e-11 * Math.max(1, ...y.map(Math.abs));
      return { y, c, limit, good: Math.abs(c[degree]) + Math.abs(c[degree - 1]) < limit || y.every(isNaN) };
    }

    /**
     * Find what is not smooth, the first if there is more: the places beside it. They stay apart where all is smooth.
     * @param {number} u
     * @param {number} v
     */
    function edge(u, v) {
      while (v - u > 2 ** -52 * Math.max(1, Math.abs(u))) {
        const middle = (u + v) / 2;
        const degree = v - u > 2 ** -8 ? DEGREE : 4;
        if (!fit(u, middle, degree).good) v = middle;
        else if (!fit(middle, v, degree).good) u = middle;
        else return v - u < NARROW ? [middle, middle] : [u, v];
      }
      return [u, v];
    }

    /**
     * Follow the function from a to b, for x up to hi.
     * @param {number} a
     * @param {number} b
     * @param {number} hi
     * @param {number} edges how many kinks and jumps may be looked for
     */
    function build(a, b, hi, edges) {
      if (!(a < b)) return;
      const { y, c, limit, good } = fit(a, b, DEGREE);
      const middle = (a + b) / 2;
      rough ||= !good && clock() > end;
      if (!good && !rough && b - a > NARROW) {
        const [u, v] = edges && b - a <= 2 ** -6 ? edge(a, b) : [a, b];
        if (v - u > GAP) {
          build(a, middle, middle, edges);
          build(middle, b, hi, edges);
        } else {
          build(a, u - GAP, u, edges - 1);
          if (isNaN(value(v))) pieces.push({ hi: v, middle: v, powers: NOTHING, good });
          build(v + GAP, b, hi, edges - 1);
        }
        return;
      }
      while (c.length > 2 && Math.abs(c[c.length - 1]) < limit / 100) c.pop();
      // A straight line goes exactly through its ends.
      if (c.length < 3) [c[0], c[1]] = [(y[0] + y[DEGREE]) / 2, (y[0] - y[DEGREE]) / 2];
      // From Chebyshev's polynomials to powers, by Clenshaw's recurrence.
      /** @type {number[][]} */
      let [p, q] = [[], []];
      for (let k = c.length - 1; k >= 0; k--) {
        const next = [c[k], ...p.map((one) => (k ? 2 : 1) * one)];
        q.forEach((one, j) => (next[j] -= one));
        [p, q] = [next, p];
      }
      const powers = p.map((one, k) => one / ((b - a) / 2) ** k);
      pieces.push({ hi, middle, powers: powers.every(isFinite) ? powers : NOTHING, good });
    }

    // From the middle outwards, so that what is left when time is up is far away.
    for (let a = 0, b; a < REACH; a = b) {
      b = a + (a < 16 ? 1 / 4 : 4);
      build(a, b, b, 3);
      build(-b, -a, -a, 3);
    }
    pieces.sort((one, other) => one.hi - other.hi);
    pieces[pieces.length - 1].hi = REACH; // though a jump be there
    const range = [low, high];
    return { pieces, range, far: [100, -100, 1e3, -1e3, 1e4, -1e4].map((x) => [x, value(x)]), rough, why };
  }

  onmessage = async ({ data: { source, wasm } }) => {
    const { grow } = WebAssembly.Memory.prototype;
    WebAssembly.Memory.prototype.grow = function (pages) {
      if (this.buffer.byteLength + 65536 * pages > MEMORY) throw new RangeError();
      return grow.call(this, pages);
    };
    const silent = () => {};
    whole.console.error = silent;
    try {
      const python = await whole.micropython({ wasm, heapsize: 2 ** 22, linebuffer: false, stdout: silent, stderr: silent });
      python.runPython(PYTHON);
      const [define, call] = ["define", "call"].map((name) => python.globals.get(name));
      lock();
      send("ready");
      const names = [...source.matchAll(/^(?:def\s+)?(\w+)\s*[(=]/gm)].map(([, name]) => name).reverse();
      if (!source.replace(/#.*/g, "").trim() || !define(source, names.join(" "))) throw "There is no function of one number: write one, as def f(x): …, or an expression of x";
      send(follow(call));
    } catch (error) {
      send(typeof error === "string" ? error : words(/** @type {any} */ (error)));
    }
  };
}
