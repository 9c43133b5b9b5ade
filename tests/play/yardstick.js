"use strict";

// Back-propagation as one writes it first, with an object for each unit and each link: a point at a time goes forward and
// back, derivatives are added up, and at the end of a batch each weight is changed. The output is linear, the loss is half
// the squared error. It is what the engine's speed is measured against.

class Unit {
  /** @param {{ value: (z: number) => number, slope: (z: number) => number }} activation */
  constructor(activation) {
    this.activation = activation;
    this.bias = 0;
    this.before = [];
    this.behind = [];
    this.sum = 0;
    this.output = 0;
    this.outputGradient = 0;
    this.sumGradient = 0;
    this.added = 0;
    this.count = 0;
  }

  forward() {
    this.sum = this.bias;
    for (const link of this.before) this.sum += link.weight * link.source.output;
    this.output = this.activation.value(this.sum);
  }

  backward() {
    this.sumGradient = this.outputGradient * this.activation.slope(this.sum);
    this.added += this.sumGradient;
    this.count++;
    for (const link of this.before) {
      link.added += this.sumGradient * link.source.output;
      link.count++;
    }
  }

  collect() {
    this.outputGradient = 0;
    for (const link of this.behind) this.outputGradient += link.weight * link.target.sumGradient;
  }

  change(rate) {
    this.bias -= (rate * this.added) / this.count;
    this.added = this.count = 0;
    for (const link of this.before) {
      link.weight -= (rate * link.added) / link.count;
      link.added = link.count = 0;
    }
  }
}

class Link {
  constructor(source, target, weight) {
    this.source = source;
    this.target = target;
    this.weight = weight;
    this.added = 0;
    this.count = 0;
    source.behind.push(this);
    target.before.push(this);
  }
}

/** A network with the weights of one of the engine's, in its order. */
exports.network = (sizes, activation, weights) => {
  const linear = { value: (z) => z, slope: () => 1 };
  const layers = sizes.map((units, l) => {
    const kind = l < sizes.length - 1 ? activation : linear;
    return Array.from({ length: units }, () => new Unit(kind));
  });
  let place = 0;
  layers.slice(1).forEach((layer, l) => {
    for (const source of layers[l]) for (const target of layer) new Link(source, target, weights[place++]);
    for (const target of layer) target.bias = weights[place++];
  });
  return layers;
};

/** Train one epoch; gives the mean loss of the batches as they were met. */
exports.epoch = (layers, { x, y }, order, batch, rate) => {
  const output = layers.at(-1)[0];
  const inputs = layers[0];
  let total = 0;
  let batches = 0;
  let loss = 0;
  let met = 0;
  for (const point of order) {
    for (let i = 0; i < inputs.length; i++) inputs[i].output = x[point * inputs.length + i];
    for (let l = 1; l < layers.length; l++) for (const unit of layers[l]) unit.forward();
    output.outputGradient = output.output - y[point];
    loss += output.outputGradient ** 2 / 2;
    for (let l = layers.length - 1; l > 0; l--) {
      for (const unit of layers[l]) unit.backward();
      if (l > 1) for (const unit of layers[l - 1]) unit.collect();
    }
    if (++met % batch && met < order.length) continue;
    for (let l = 1; l < layers.length; l++) for (const unit of layers[l]) unit.change(rate);
    total += loss / (met % batch || batch);
    loss = 0;
    batches++;
  }
  return total / batches;
};

exports.ACTIVATIONS = {
  relu: { value: (z) => Math.max(0, z), slope: (z) => (z > 0 ? 1 : 0) },
  tanh: { value: Math.tanh, slope: (z) => 1 - Math.tanh(z) ** 2 },
  sigmoid: {
    value: (z) => 1 / (1 + Math.exp(-z)),
    slope: (z) => {
      const value = 1 / (1 + Math.exp(-z));
      return value * (1 - value);
    },
  },
};
