// @ts-check
"use strict";

// Networks that are trained, in double precision. A batch goes through a layer as one block [unit][sample]; a row of
// ones under each block makes the biases one more row of weights.
{
  const CHUNK = 256; // points at a time where nothing is trained
  const B1 = 0.9;
  const B2 = 0.999;
  const EPSILON = 1e-7; // Adam's constants, as in Keras

  /** @typedef {readonly [holds: (value: any) => boolean, accepted: string]} Rule */

  /** @type {(low: number, high: number) => Rule} */
  const whole = (low, high) => [
    (value) => Number.isInteger(value) && value >= low && value <= high,
    `a whole number from ${low} to ${high}`,
  ];
  /** @type {(...words: string[]) => Rule} */
  const word = (...words) => [(value) => words.includes(value), `one of "${words.join('", "')}"`];
  /** @type {Rule} */
  const size = [(value) => Number.isFinite(value) && value >= 0, "a finite number from 0"];

  /** @type {Record<string, Rule>} */
  const RULES = {
    inputs: whole(1, 256),
    hidden: [(value) => Array.isArray(value) && value.length <= 64, "a list of at most 64 layers"],
    loss: word("cross-entropy", "squared error"),
    optimizer: word("sgd", "momentum", "adam"),
    rate: [(value) => Number.isFinite(value) && value > 0, "a finite number above 0"],
    momentum: [(value) => Number.isFinite(value) && value >= 0 && value < 1, "a number from 0, below 1"],
    l1: size,
    l2: size,
    batch: whole(1, 5000),
    start: word("own", "he", "glorot", "lecun", "gain", "uniform"),
    seed: whole(0, 2 ** 32 - 1),
  };

  /**
   * @param {string} name
   * @param {any} value
   * @param {Rule} rule
   */
  function need(name, value, [holds, accepted]) {
    if (holds(value)) return;
    const shown = typeof value === "string" ? `"${value}"` : Array.isArray(value) ? `[${value}]` : String(value);
    throw new RangeError(`${name} is ${shown.slice(0, 50)}; accepted is ${accepted}`);
  }

  /** @param {NetworkOptions} options */
  function check(options) {
    for (const [name, rule] of Object.entries(RULES)) need(name, options[/** @type {keyof NetworkOptions} */ (name)], rule);
    options.hidden.forEach((layer, k) => {
      const { units, entry, p } = layer ?? {};
      need(`hidden[${k}].units`, units, whole(1, 256));
      need(`hidden[${k}].entry`, entry, [(value) => typeof value?.both === "function", "an entry of actdocs.functions"]);
      const count = entry.parameters.length;
      need(`hidden[${k}].p`, p, [
        (value) => Array.isArray(value) && value.length === count && value.every(Number.isFinite),
        `a list of ${count} finite numbers`,
      ]);
    });
  }

  /**
   * Uniform numbers in [0, 1). The seeds are mixed first, since this generator starts alike from neighbours.
   * @param {...number} seeds
   */
  function random(...seeds) {
    let hash = 0;
    for (const seed of seeds) {
      hash = Math.imul(hash ^ seed, 0x85ebca6b);
      hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
      hash ^= hash >>> 16;
    }
    return actdocs.uniform(hash);
  }

  /** @type {Engine["normals"]} */
  function normals(count, seed) {
    const draw = actdocs.normal(random(seed));
    return new Float64Array(count).map(() => draw());
  }

  /** @type {Engine["order"]} */
  function order(n, seed, epoch) {
    const draw = random(seed, epoch);
    const places = new Uint32Array(n);
    for (let i = 0; i < n; i++) {
      const j = Math.floor(draw() * (i + 1));
      places[i] = places[j];
      places[j] = i;
    }
    return places;
  }

  /**
   * The product h[c + m cm + n] = Σ h[a + m am + k ak] h[b + k bk + n bn], k < K, of matrices in one array, which leaves
   * registers for 2 × 2 sums at once; past the last row or column, the last is done again. The "| 0" spare tests for
   * the overflow of whole numbers. All that makes it twice as fast as three plain loops.
   * @param {Vector} h
   * @param {number} M
   * @param {number} N
   * @param {number} K
   * @param {number} a
   * @param {number} am
   * @param {number} ak
   * @param {number} b
   * @param {number} bk
   * @param {number} bn
   * @param {number} c
   * @param {number} cm
   * @param {boolean} scaled whether what stands there is multiplied by the product, not replaced
   */
  function multiply(h, M, N, K, a, am, ak, b, bk, bn, c, cm, scaled) {
    for (let m = 0; m < M; m += 2) {
      const m1 = m + 1 < M ? 1 : 0;
      const a1 = (m1 * am) | 0;
      for (let n = 0; n < N; n += 2) {
        const n1 = n + 1 < N ? 1 : 0;
        const b1 = (n1 * bn) | 0;
        let i = (a + m * am) | 0;
        let j = (b + n * bn) | 0;
        let s00 = 0, s01 = 0, s10 = 0, s11 = 0;
        for (let k = K | 0; k > 0; k--) {
          const x0 = h[i];
          const x1 = h[(i + a1) | 0];
          const y0 = h[j];
          const y1 = h[(j + b1) | 0];
          s00 += x0 * y0;
          s01 += x0 * y1;
          s10 += x1 * y0;
          s11 += x1 * y1;
          i = (i + ak) | 0;
          j = (j + bk) | 0;
        }
        const e = c + m * cm + n;
        const f = e + m1 * cm;
        if (scaled) {
          s00 *= h[e];
          s01 *= h[e + n1];
          s10 *= h[f];
          s11 *= h[f + n1];
        }
        h[e] = s00;
        h[e + n1] = s01;
        h[f] = s10;
        h[f + n1] = s11;
      }
    }
  }

  /** @type {Engine["network"]} */
  function network(given) {
    const options = { ...given, momentum: given.momentum ?? 0.9, l1: given.l1 ?? 0, l2: given.l2 ?? 0 };
    check(options);
    const { inputs, hidden, optimizer, rate, momentum, l1, l2, batch, start, seed } = options;
    const keep = optimizer === "momentum" ? momentum : 0;
    const logistic = options.loss === "cross-entropy";
    const sizes = [inputs, ...hidden.map(({ units }) => units), 1];
    const last = sizes.length - 1;

    let room = 0;
    /** @param {number} count */
    const place = (count) => (room += count) - count;
    const layers = sizes.slice(1).map((units, l) => place((sizes[l] + 1) * units)); // where the weights before them start
    const count = room;
    place(count); // their gradient
    const widest = Math.max(batch, CHUNK);
    const signals = sizes.map((units) => place((units + 1) * widest));
    const slopes = sizes.map((units) => place(units * widest)); // at first z, then f'(z), at last the gradient at z
    const heap = new Float64Array(room);
    const weights = heap.subarray(0, count);
    const gradient = heap.subarray(count, 2 * count);
    // The output is one unit: a plain loop is faster there.
    const [top, width, ahead, end] = [layers[last - 1], sizes[last - 1], signals[last - 1], slopes[last]];
    const signalsOf = signals.map((at) => heap.subarray(at));
    const slopesOf = slopes.map((at) => heap.subarray(at));

    const first = new Float64Array(count);
    const [before, speed, square] = [first.slice(), first.slice(), first.slice()];
    const draws = normals(count, seed);
    layers.forEach((at, l) => {
      const { entry = undefined } = hidden[l] ?? {};
      const rule = start === "own" ? (entry?.start ?? "lecun") : start;
      const gain = rule === "gain" && l > 0 ? actdocs.moments(hidden[l - 1].entry, hidden[l - 1].p).forward : 1;
      const spread =
        rule === "he" ? 2 / sizes[l] : rule === "glorot" ? 2 / (sizes[l] + sizes[l + 1]) : 1 / sizes[l];
      const scale = Math.sqrt(spread) * (Number.isFinite(gain) ? gain : 1);
      for (let i = at; i < at + sizes[l] * sizes[l + 1]; i++) {
        first[i] = rule === "uniform" ? actdocs.numbers.Phi(draws[i]) - 0.5 : scale * draws[i];
      }
    });

    let rows = 0; // samples in the blocks
    let steps = 0;
    let epochs = 0;
    let diverged = false;

    /**
     * Bring n points through the network.
     * @param {Vector} x
     * @param {Uint32Array | null} order
     * @param {number} from
     * @param {number} n
     */
    function forward(x, order, from, n) {
      if (n !== rows) sizes.forEach((units, l) => signalsOf[l].fill(1, units * n, (units + 1) * n));
      rows = n;
      for (let s = 0; s < n; s++) {
        const point = (order ? order[from + s] : from + s) * inputs;
        for (let i = 0; i < inputs; i++) heap[signals[0] + i * n + s] = x[point + i];
      }
      for (let l = 1; l < last; l++) {
        const { entry, p } = hidden[l - 1];
        const units = sizes[l];
        multiply(heap, units, n, sizes[l - 1] + 1, layers[l - 1], 1, units, signals[l - 1], n, 1, slopes[l], n, false);
        entry.both(slopesOf[l], signalsOf[l], slopesOf[l], units * n, p);
      }
      for (let s = 0; s < n; s++) {
        let sum = 0;
        for (let i = 0; i <= width; i++) sum += heap[top + i] * heap[ahead + i * n + s];
        heap[end + s] = sum;
      }
    }

    /**
     * The sum of their losses; the outputs are replaced by its gradient, times a share.
     * @param {Vector} y
     * @param {Uint32Array | null} order
     * @param {number} from
     * @param {number} n
     * @param {number} share
     */
    function lose(y, order, from, n, share) {
      let sum = 0;
      for (let s = 0; s < n; s++) {
        const target = y[order ? order[from + s] : from + s];
        const place = end + s;
        const output = heap[place];
        if (logistic) {
          const small = Math.exp(-Math.abs(output)); // neither this nor its logarithm can overflow
          sum += Math.max(output, 0) - target * output + Math.log1p(small);
          heap[place] = ((output < 0 ? small : 1) / (1 + small) - target) * share;
        } else {
          const miss = output - target;
          sum += (miss * miss) / 2;
          heap[place] = miss * share;
        }
      }
      return sum;
    }

    /**
     * Bring the gradient back.
     * @param {number} n
     */
    function backward(n) {
      const under = slopes[last - 1];
      for (let i = 0; i <= width; i++) {
        let sum = 0;
        for (let s = 0; s < n; s++) {
          const change = heap[end + s];
          sum += change * heap[ahead + i * n + s];
          if (i < width) heap[under + i * n + s] *= change * heap[top + i];
        }
        gradient[top + i] = sum;
      }
      for (let l = last - 1; l > 0; l--) {
        const [units, sources, at] = [sizes[l], sizes[l - 1], layers[l - 1]];
        multiply(heap, sources + 1, units, n, signals[l - 1], n, 1, slopes[l], 1, n, count + at, units, false);
        if (l > 1) multiply(heap, sources, n, units, at, units, 1, slopes[l], n, 1, slopes[l - 1], n, true);
      }
    }

    /** Change the weights, unless one of them would no longer be finite. */
    function step() {
      if (l1 || l2) {
        layers.forEach((at, l) => {
          for (let i = at; i < at + sizes[l] * sizes[l + 1]; i++) {
            gradient[i] += l2 * weights[i] + l1 * Math.sign(weights[i]);
          }
        });
      }
      steps++;
      let sound = 0; // NaN as soon as a weight is not finite
      before.set(weights);
      if (optimizer === "adam") {
        const pace = (rate * Math.sqrt(1 - B2 ** steps)) / (1 - B1 ** steps);
        for (let i = 0; i < count; i++) {
          speed[i] += (1 - B1) * (gradient[i] - speed[i]);
          square[i] += (1 - B2) * (gradient[i] * gradient[i] - square[i]);
          weights[i] -= (pace * speed[i]) / (Math.sqrt(square[i]) + EPSILON);
          sound += weights[i] * 0;
        }
      } else {
        for (let i = 0; i < count; i++) {
          speed[i] = keep * speed[i] - rate * gradient[i];
          weights[i] += speed[i];
          sound += weights[i] * 0;
        }
      }
      if (sound === 0) return;
      diverged = true;
      weights.set(before);
    }

    /**
     * Tell of each chunk of points where it starts and how long it is.
     * @param {number} n
     * @param {(from: number, size: number) => void} act
     */
    function inChunks(n, act) {
      for (let from = 0; from < n; from += CHUNK) act(from, Math.min(CHUNK, n - from));
    }

    function reset() {
      weights.set(first);
      speed.fill(0);
      square.fill(0);
      steps = epochs = 0;
      diverged = false;
    }

    reset();
    return {
      options,
      weights,
      reset,
      get epochs() {
        return epochs;
      },
      get diverged() {
        return diverged;
      },
      epoch({ x, y }, order) {
        let total = 0;
        for (let from = 0; from < order.length && !diverged; from += batch) {
          const n = Math.min(batch, order.length - from);
          forward(x, order, from, n);
          total += lose(y, order, from, n, 1 / n) / n;
          diverged = !Number.isFinite(total);
          if (diverged) break;
          backward(n);
          step();
        }
        if (diverged) return NaN;
        epochs++;
        return total / Math.ceil(order.length / batch);
      },
      evaluate({ x, y, n }) {
        let loss = 0;
        let right = 0;
        inChunks(n, (from, size) => {
          forward(x, null, from, size);
          for (let s = 0; s < size; s++) right += Number(heap[end + s] > 0 === y[from + s] > 0.5);
          loss += lose(y, null, from, size, 1);
        });
        return { loss: loss / n, accuracy: logistic ? right / n : NaN };
      },
      predict(x, n, out) {
        inChunks(n, (from, size) => {
          forward(x, null, from, size);
          for (let s = 0; s < size; s++) {
            const output = heap[end + s];
            out[from + s] = logistic ? actdocs.numbers.sigmoid(output) : output;
          }
        });
      },
      probe({ x, y, n }) {
        const found = hidden.map(({ units }) => ({
          signal: 0,
          gradient: 0,
          live: new Uint32Array(units),
          steep: new Uint32Array(units),
        }));
        inChunks(n, (from, size) => {
          forward(x, null, from, size);
          found.forEach(({ live, steep }, l) => {
            for (let i = 0; i < live.length * size; i++) {
              const slope = slopesOf[l + 1][i];
              const unit = Math.floor(i / size);
              live[unit] += Number(slope !== 0);
              steep[unit] += Number(Math.abs(slope) >= 0.05);
              found[l].signal += signalsOf[l + 1][i] ** 2;
            }
          });
          lose(y, null, from, size, 1);
          backward(size);
          found.forEach((layer, l) => {
            for (let i = 0; i < layer.live.length * size; i++) layer.gradient += slopesOf[l + 1][i] ** 2;
          });
        });
        /** @type {(counts: Uint32Array, most: number) => number} */
        const share = (counts, most) => counts.filter((one) => one <= most).length / counts.length;
        return {
          signal: found.map(({ signal, live }) => Math.sqrt(signal / n / live.length)),
          gradient: found.map(({ gradient, live }) => Math.sqrt(gradient / n / live.length)),
          dead: found.map(({ live }) => share(live, 0)),
          saturated: found.map(({ steep }) => share(steep, 0.05 * n)),
        };
      },
    };
  }

  actdocs.engine = { network, order, normals, random };
}
