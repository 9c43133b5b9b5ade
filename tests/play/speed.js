"use strict";

// How fast the engine trains, beside the yardstick: both take turns with the same networks, data and orders. Printed are, as
// JSON, the medians of their times and of the ratios of turns next to each other. The script of the functions comes on
// standard input. Losses that differ are an error.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { runInThisContext } = require("node:vm");
const yardstick = require("./yardstick.js");

runInThisContext(readFileSync(0, "utf8"));
for (const part of ["engine", "datasets"]) {
  runInThisContext(readFileSync(join(__dirname, `../../conf/play/${part}.js`), "utf8"));
}

const ROUNDS = 31;
const UNCOUNTED = 6;
const EPOCHS = 30; // a round
const [batch, rate, seed] = [10, 0.01, 1];
const points = actdocs.datasets.sets.circle.make(250, 0.1, seed);
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

const found = {};
for (const hidden of [[4, 2], [8, 8, 8]]) {
  for (const [name, activation] of Object.entries(yardstick.ACTIVATIONS)) {
    const network = actdocs.engine.network({
      inputs: 2,
      hidden: hidden.map((units) => ({ units, entry: actdocs.functions[name], p: [] })),
      loss: "squared error",
      optimizer: "sgd",
      rate,
      batch,
      start: "own",
      seed,
    });
    const layers = yardstick.network([2, ...hidden, 1], activation, network.weights);
    const runs = {
      engine: (order) => network.epoch(points, order),
      yardstick: (order) => yardstick.epoch(layers, points, order, batch, rate),
    };
    const times = { engine: [], yardstick: [] };
    for (let round = 0; round < ROUNDS; round++) {
      const orders = Array.from({ length: EPOCHS }, (_, k) => actdocs.engine.order(points.n, seed, EPOCHS * round + k));
      const losses = {};
      for (const [who, run] of Object.entries(runs)) {
        const start = performance.now();
        for (const order of orders) losses[who] = run(order);
        times[who].push((1000 * (performance.now() - start)) / EPOCHS);
      }
      if (!(Math.abs(losses.engine / losses.yardstick - 1) < 1e-9)) throw new Error(`losses differ: ${JSON.stringify(losses)}`);
    }
    const [engine, plain] = [times.engine, times.yardstick].map((each) => each.slice(UNCOUNTED));
    const net = [2, ...hidden, 1].join("-");
    found[`${net}, ${name}: engine, µs an epoch`] = median(engine);
    found[`${net}, ${name}: yardstick, µs an epoch`] = median(plain);
    found[`${net}, ${name}: yardstick / engine`] = median(engine.map((time, round) => plain[round] / time));
  }
}
console.log(JSON.stringify(found, null, 2));
