// @ts-check
"use strict";

// The functions that definitions are written in, in double precision; Math has the others. TAIL comes from the build.
{
  const { exp, abs, log1p, max, sqrt, PI } = Math;

  /** The Taylor coefficients of erf(x) / x in x². */
  const SERIES = Array.from({ length: 20 }, (_, k) => {
    let factorial = 1;
    for (let j = 2; j <= k; j++) factorial *= j;
    return ((k % 2 ? -2 : 2) / sqrt(PI) / factorial) / (2 * k + 1);
  });

  /**
   * Φ(-t) for t ≥ 0, to its last digits however small it is.
   * @param {number} t
   */
  function tail(t) {
    const sum = t + 3;
    const u = 2 - 12 / sum; // twice the argument of the polynomials, whose sum is Clenshaw's
    let first = 0;
    let second = 0;
    for (let k = TAIL.length - 1; k > 0; k--) {
      const next = TAIL[k] + u * first - second;
      second = first;
      first = next;
    }
    return ((TAIL[0] + (u / 2) * first - second) / sum) * exp((-t * t) / 2);
  }

  /**
   * What is left of x beyond the nearest multiple of 2, in -1 … 1.
   * @param {number} x
   */
  const turn = (x) => x - 2 * Math.round(x / 2);

  const numbers = {
    /** @param {number} x */
    cospi: (x) => Math.sin(PI * (0.5 - abs(turn(x)))),
    /** @param {number} x */
    erf(x) {
      if (abs(x) > 1) return x > 0 ? 1 - 2 * tail(x * Math.SQRT2) : 2 * tail(-x * Math.SQRT2) - 1;
      let sum = 0;
      for (let k = SERIES.length - 1; k >= 0; k--) sum = sum * x * x + SERIES[k];
      return sum * x;
    },
    /** @param {number} x */
    Phi: (x) => (x < 0 ? tail(-x) : 1 - tail(x)),
    /** @param {number} x */
    phi: (x) => exp((-x * x) / 2) / sqrt(2 * PI),
    /** @param {number} x */
    sech(x) {
      const small = exp(-abs(x));
      return (2 * small) / (1 + small * small);
    },
    /** @param {number} x */
    sigmoid: (x) => 1 / (1 + exp(-x)),
    /** @param {number} x */
    sinpi(x) {
      const rest = turn(x);
      return Math.sin(PI * (abs(rest) > 0.5 ? Math.sign(rest) - rest : rest));
    },
    /**
     * x - tanh(x), by Lambert's continued fraction where that would cancel.
     * @param {number} x
     */
    tanhshrink(x) {
      if (abs(x) > 1) return x - Math.tanh(x);
      let rest = 0;
      for (let k = 21; k > 1; k -= 2) rest = (x * x) / (k + rest);
      return (x * rest) / (1 + rest);
    },
    /** @param {number} x */
    softplus: (x) => max(x, 0) + log1p(exp(-abs(x))),
  };

  const COUNT = 16000;
  const WIDEST = 10; // standard deviations to either side
  const [places, values, slopes] = Array.from({ length: 3 }, () => new Float64Array(COUNT));
  const weights = new Float64Array(COUNT);
  for (let k = 0; k < COUNT; k++) {
    weights[k] = (2 * WIDEST / COUNT) * numbers.phi(WIDEST * ((2 * k + 1) / COUNT - 1));
  }

  actdocs.numbers = numbers;
  actdocs.uniform = (state) => () => {
    state = (Math.imul(1664525, state) + 1013904223) | 0; // Knuth and Lewis, as in Numerical Recipes
    return (state >>> 0) / 2 ** 32;
  };
  actdocs.normal = (uniform) => {
    let kept = NaN;
    return () => {
      const other = kept;
      kept = NaN;
      if (!Number.isNaN(other)) return other;
      let [x, y, r] = [0, 0, 0];
      // A point in the unit disc gives two numbers (Marsaglia's polar method).
      while (!r || r > 1) {
        [x, y] = [2 * uniform() - 1, 2 * uniform() - 1];
        r = x * x + y * y;
      }
      const scale = sqrt((-2 * Math.log(r)) / r);
      kept = x * scale;
      return y * scale;
    };
  };
  // By the midpoint rule, which is exact to rounding for what is smooth, and never asks at a jump at the centre. With every
  // fifth place the rule is the same on wider steps, five times as fast.
  actdocs.moments = (entry, p, deviation = 1, centre = 0, every = 1) => {
    const count = COUNT / every;
    for (let k = 0; k < count; k++) places[k] = centre + deviation * WIDEST * ((2 * k + 1) / count - 1);
    entry.both(places, values, slopes, count, p);
    let mean = 0;
    let square = 0;
    let slope = 0;
    for (let k = 0; k < count; k++) {
      const weight = every * weights[every * k + (every - 1) / 2];
      mean += weight * values[k];
      square += weight * values[k] * values[k];
      slope += weight * slopes[k] * slopes[k];
    }
    return { mean, square, slope, forward: deviation / sqrt(square), backward: 1 / sqrt(slope) };
  };
}
