// The types of d3's modules, as one.
export * from "d3-array";
export * from "d3-axis";
export * from "d3-color";
export * from "d3-scale";
export * from "d3-selection";
export * from "d3-shape";
export * from "d3-zoom";
