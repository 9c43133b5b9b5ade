// What the scripts of this folder share, said once: the shape of the house, checked by the session lint.
//
// Each script is classic and strict: `"use strict";`, then one block `{ … }`, and what it offers goes into the one global
// object `actdocs`. Which way things flow:
//
//   d3.js         d3's modules, as they come from npm                              (generated)
//   numbers.js    the functions that definitions are written in, and moments
//   functions.js  every element-wise entry of the catalogue                       (generated from it)
//   state.js      addresses, JSON and their faults: what a page shows, as text
//   chart.js      a chart with axes, a crosshair, zoom, and what it can be saved as
//   controls.js   native controls that are made and read alike
//   explorer.js   the function explorer                        needs the five above
//   gradients.js  the gradient explorer                        needs the five above
//   engine.js     networks that are trained; knows no page     needs numbers.js, functions.js and d3-random
//   datasets.js   points to learn from; knows no page          needs engine.js
//   playground.js the playground                               needs all of those
//   own.js        a function that the reader writes in Python  needs functions.js; brings MicroPython when asked to

import type * as D3 from "./d3";

declare global {
  const d3: typeof D3;

  type Scale = D3.ScaleContinuousNumeric<number, number> & { base?: unknown };
  type Axis = D3.Axis<D3.NumberValue>;
  type Zoom = D3.ZoomBehavior<SVGSVGElement, unknown>;

  /** Coefficients of the tail of the normal distribution, made by the build from actdocs.normal. */
  const TAIL: readonly number[];

  const actdocs: Actdocs;

  interface Actdocs {
    numbers: Numbers;
    functions: Record<string, Entry>;
    /** Of f(centre + deviation × z) for a standard normal z; `every` is 1, or 5 to be five times as fast. */
    /** Uniform numbers in [0, 1), from a whole number on. */
    uniform: (state: number) => () => number;
    /** Standard normal numbers, from uniform ones. */
    normal: (uniform: () => number) => () => number;
    moments: (entry: Entry, p: readonly number[], deviation?: number, centre?: number, every?: 1 | 5) => Moments;
    state: States;
    chart: (box: HTMLElement, options: ChartOptions) => Chart;
    controls: Controls;
    engine: Engine;
    datasets: Datasets;
    own: Own;
    explorer: (box: HTMLElement) => void;
    gradients: Gradients;
    playground: ((box: HTMLElement) => void) & {
      /** What an address or a JSON file sets up, and what is wrong with it; they never throw. */
      read(hash: string): { state: State; faults: string[] };
      fromJson(text: string): { state: State; faults: string[] };
    };
  }

  /** The functions that definitions are written in; Math has the others. */
  interface Numbers {
    cospi(x: number): number;
    erf(x: number): number;
    Phi(x: number): number;
    phi(x: number): number;
    sech(x: number): number;
    sigmoid(x: number): number;
    sinpi(x: number): number;
    softplus(x: number): number;
    tanhshrink(x: number): number;
  }

  /** A parameter, or one number of a parameter that is a sequence ("slopes[1]"). */
  interface Parameter {
    name: string;
    /** The default; for a word its position among the words. */
    value: number;
    /** What the catalogue accepts: the ends, of which an open one is not accepted itself. */
    low: number;
    high: number;
    open: boolean;
    /** What a slider offers. */
    from: number;
    to: number;
    /** For a parameter that is one of a few words. */
    words?: readonly string[];
    /** The position of a parameter that this one must not exceed. */
    most?: number;
  }

  /**
   * An element-wise activation. `p` has its parameters in order, as numbers.
   *
   * `both` writes f(z[i]) to a[i] and f'(z[i]) to d[i] for i < n; a or d may be z. `second` writes f''(z[i]) to s[i].
   * At a kink they follow the convention of the catalogue.
   */
  interface Entry {
    name: string;
    title: string;
    family: string;
    /** Its colours on light and dark pages. */
    light: string;
    dark: string;
    parameters: readonly Parameter[];
    /** The usual scale of the weights before it. */
    start: "he" | "glorot" | "lecun";
    both(z: Vector, a: Vector, d: Vector, n: number, p: readonly number[]): void;
    second(z: Vector, s: Vector, n: number, p: readonly number[]): void;
  }

  type Vector = Float64Array;

  /** Expectations under a normal distribution of mean 0: of f, f² and f'², and the gains that keep the size. */
  interface Moments {
    mean: number;
    square: number;
    slope: number;
    /** 1 / sqrt(E f²), for the signal, and 1 / sqrt(E f'²), for the gradient, both relative to the deviation. */
    forward: number;
    backward: number;
  }

  // state.js ----------------------------------------------------------------------------------------------------------

  /** A function with its parameters, in text "leaky_relu(alpha=0.2)". */
  interface Choice {
    name: string;
    p: number[];
  }

  type Field =
    | { kind: "number"; value: number; low: number; high: number; whole?: boolean }
    | { kind: "word"; value: string; words: readonly string[] }
    | { kind: "flag"; value: boolean }
    | { kind: "text"; value: string; longest: number }
    | { kind: "numbers"; value: readonly number[]; low: number; high: number; least: number; most: number; whole?: boolean }
    | { kind: "words"; value: readonly string[]; words: readonly string[]; least: number; most: number }
    | { kind: "functions"; value: readonly Choice[]; least: number; most: number };

  type Schema = Record<string, Field>;
  type State = Record<string, any>;

  interface States {
    /** Read an address ("#f=relu&x=-5,5"); never throws: what is wrong is said, and the default stands there. */
    read(schema: Schema, hash: string): { state: State; faults: string[] };
    /** Write what differs from the defaults, without the "#". */
    write(schema: Schema, state: State): string;
    /** Put what was written into the address of the page, soon. */
    remember(hash: string): void;
    /** The same for JSON files. */
    fromJson(schema: Schema, text: string): { state: State; faults: string[] };
    toJson(schema: Schema, state: State): string;
    /** One function, as text. */
    choice(text: string): { choice: Choice | null; fault: string };
    named(choice: Choice): string;
  }

  // chart.js ----------------------------------------------------------------------------------------------------------

  type Interval = [number, number];

  interface Series {
    x: ArrayLike<number>;
    y: ArrayLike<number>;
    /** Any CSS colours, for light and dark pages. */
    light: string;
    dark: string;
    dash?: string;
    label?: string;
    width?: number;
    /** A second curve: what is between the two is filled, as a band. */
    to?: ArrayLike<number>;
  }

  interface ChartOptions {
    /** What the chart shows, for a screen reader. */
    label: string;
    xLabel?: string;
    yLabel?: string;
    /** Width divided by height. */
    ratio?: number;
    /** Let the reader zoom and pan, and tell when the view changes. */
    onView?: (x: Interval, y: Interval) => void;
    /** Show a vertical line at the pointer, and tell where it is; null when it leaves. */
    onPoint?: (x: number | null) => void;
    logX?: boolean;
    logY?: boolean;
    /** Name whole numbers only along the x-axis. */
    wholeX?: boolean;
  }

  interface Chart {
    readonly svg: SVGSVGElement;
    draw(series: readonly Series[], view: { x: Interval; y: Interval; logY?: boolean; shade?: readonly Interval[] }): void;
    /** Put the vertical line at x, or take it away, with the points where it meets the curves. */
    point(x: number | null): void;
    toSvg(): string;
    toPng(): Promise<Blob>;
    remove(): void;
  }

  // controls.js -------------------------------------------------------------------------------------------------------

  type Child = Node | string;

  interface Controls {
    /** An element with attributes (functions as "onclick" etc. are listeners) and children. */
    make(tag: string, attributes?: Record<string, any>, ...children: Child[]): any;
    /** A labelled slider with its number; `input` is told the new value. */
    slider(label: string, options: { value: number; low: number; high: number; step?: number; log?: boolean; whole?: boolean },
      input: (value: number) => void): HTMLElement & { set(value: number): void };
    /** A labelled select; options may be grouped. */
    select(label: string, options: readonly { value: string; text: string; group?: string }[], value: string,
      input: (value: string) => void): HTMLElement & { set(value: string): void };
    /** Every function of the catalogue, grouped by family, and the reader's own if there is one. */
    functions(label: string, value: string, input: (name: string) => void): HTMLElement & { set(value: string): void };
    /** A group of sliders for the parameters of an entry. */
    parameters(entry: Entry, p: number[], input: (p: number[]) => void): HTMLElement;
    button(text: string, click: (event: any) => void, attributes?: Record<string, any>): HTMLButtonElement;
    /** A table whose first column heads the rows; a text that is empty heads nothing. */
    table(caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): HTMLTableElement;
    /** Parts that can be folded away under a title. */
    fold(title: string, ...parts: Child[]): HTMLDetailsElement;
    /** A function by its title, with the parameters that are not at their defaults. */
    titled(choice: Choice): string;
    /** Put new parts into a box; the focus and what is unfolded stay where they were. */
    renew(box: HTMLElement, parts: readonly Node[]): void;
    /** Save a file. */
    save(name: string, content: Blob | string, type?: string): void;
    /** A number with at most that many significant digits and a true minus sign. */
    shown(value: number, digits?: number): string;
    /** The mean of what is finite with its 95 % interval, "0.2 (0.1 to 0.3)". */
    interval(values: readonly number[]): string;
    /** Call once a frame at most, and not in a hidden tab. */
    eachFrame(draw: () => void): () => void;
  }

  // gradients.js ------------------------------------------------------------------------------------------------------

  /** A layer's sums, outputs and slopes, [sample][unit]; there is room for the widest layer. */
  interface Space {
    z: Vector;
    a: Vector;
    d: Vector;
  }

  /** By layer: root mean squares of outputs and of the gradient at the sums, the shares of dead units and of flat slopes. */
  interface Propagated {
    signal: number[];
    gradient: number[];
    dead: number[];
    flat: number[];
    layers: Space[];
  }

  interface Gradients {
    (box: HTMLElement): void;
    /**
     * Once through a network and back. The inputs, 64 rows, are the sums of the first layer less the bias; what enters from
     * above has the direction of `upstream` and size 1. Weights are [layer][output][input], times scale. Layers are reused.
     */
    propagate(
      entry: Entry,
      p: readonly number[],
      setting: { depth: number; width: number; scale: number; bias: number; inputs: Vector; upstream: Vector; weights: Vector },
      layers?: Space[],
    ): Propagated;
    /** The same sizes in the limit of wide layers. */
    predict(entry: Entry, p: readonly number[], setting: { depth: number; gain: number; bias: number }): { signal: number[]; gradient: number[] };
  }

  /** The network of one function, and how it is drawn. */
  interface Run extends Propagated {
    key: string;
    entry: Entry;
    p: readonly number[];
    gain: number;
    label: string;
    light: string;
    dark: string;
    dash: string;
    theory: { signal: number[]; gradient: number[] };
    /** Under sums of variance 1. */
    fit: Moments;
    /** By what power of an error in the variance the next layer's is off. */
    drift: number;
  }

  // engine.js, datasets.js, own.js: see the scripts -----------------------------------------------------------------------

  interface Points {
    /** Inputs one after the other (two a point), then targets: 0 or 1, or a real number. */
    x: Vector;
    y: Vector;
    n: number;
  }

  interface Dataset {
    title: string;
    kind: "classification" | "regression";
    /** Noise is from 0 to 1; points stay within [-6, 6], and of two classes neither has more than one point more. */
    make(n: number, noise: number, seed: number): Points;
  }

  interface Datasets {
    sets: Record<string, Dataset>;
    /** Read points as CSV "x1,x2,y"; never throws. Where all targets are 0 or 1 they are classes. */
    parse(text: string): { points: Points | null; kind: Dataset["kind"]; faults: string[] };
    /** Part the points into a share to train on, above 0 and below 1, and those to test on; each class alike. */
    split(points: Points, share: number, seed: number): { train: Points; test: Points };
  }

  interface Layer {
    units: number;
    entry: Entry;
    p: readonly number[];
  }

  interface NetworkOptions {
    inputs: number;
    /** The hidden layers, maybe none; the output is one unit, linear, with the loss's own link. */
    hidden: readonly Layer[];
    /** Squared error is (y - t)² / 2. */
    loss: "cross-entropy" | "squared error";
    optimizer: "sgd" | "momentum" | "adam";
    rate: number;
    /** Of "momentum"; 0.9 if it isn't given. */
    momentum?: number;
    /** Penalties on weights, not biases: l1 Σ |w| + l2 Σ w² / 2. They steer the training and are in no loss that is shown. */
    l1?: number;
    l2?: number;
    batch: number;
    /**
     * How the weights start: by the own rule of the entry behind them ("lecun" before the output), by one rule, so that
     * the entry before them leaves the size of signals as it was (gain), or uniform in ±0.5. Biases start at 0.
     */
    start: "own" | "he" | "glorot" | "lecun" | "gain" | "uniform";
    seed: number;
  }

  interface Network {
    readonly options: NetworkOptions;
    /** All weights and biases, layer by layer: weights [in][out], then biases. */
    readonly weights: Vector;
    readonly epochs: number;
    /** Whether a loss or a weight was not finite: the weights are those before, and it is not trained any further. */
    readonly diverged: boolean;
    /** Train one epoch in the given order of samples. Gives the mean loss of the batches as they were met; NaN if diverged. */
    epoch(points: Points, order: Uint32Array): number;
    /** Loss and share of right answers (NaN for regression), nothing is changed. */
    evaluate(points: Points): { loss: number; accuracy: number };
    /** The output at each point: a probability for cross-entropy. */
    predict(x: Vector, n: number, out: Vector): void;
    /**
     * For each hidden layer: root mean squares of its signal and of the gradient of a point's loss at its inputs; the shares
     * of dead units (slope 0 at every point) and of saturated ones (a slope within ±0.05 at 95 % of the points).
     */
    probe(points: Points): { gradient: number[]; dead: number[]; saturated: number[]; signal: number[] };
    /** Back to the same start. */
    reset(): void;
  }

  interface Engine {
    /** Throws a RangeError that names the option, its value and what is accepted. */
    network(options: NetworkOptions): Network;
    /** The order of an epoch, the same for every network with that seed. */
    order(n: number, seed: number, epoch: number): Uint32Array;
    /** A network's own start: standard normal numbers, scaled by the rule; the same numbers for every activation. */
    normals(count: number, seed: number): Vector;
    /** Uniform numbers in [0, 1) that whole numbers decide. */
    random(...seeds: number[]): () => number;
  }

  interface Own {
    /** Compile the Python function in a worker and measure it; never throws. */
    define(source: string, signal?: AbortSignal): Promise<{ entry: Entry | null; faults: string[]; warnings: string[] }>;
  }
}
