// Kernels by name, and how a weight is written in a narrow cell.

import { number } from "./shared.js";

const PASCAL = [[1], [1, 1], [1, 2, 1], [1, 3, 3, 1], [1, 4, 6, 4, 1], [1, 5, 10, 10, 5, 1]];
PASCAL.push([1, 6, 15, 20, 15, 6, 1]);

const square = (size, weight) => {
  return Array.from({ length: size }, (_, u) => {
    return Array.from({ length: size }, (_, v) => weight(u, v));
  });
};

/** Kernels of `size` rows and columns; those of three rows are as they stand in textbooks. */
export const KERNELS = {
  box: (size) => square(size, () => 1 / size ** 2),
  Gauss: (size) => {
    const row = PASCAL[size - 1];
    return square(size, (u, v) => (row[u] * row[v]) / 4 ** (size - 1));
  },
  sharpen: () => [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
  Sobel: () => [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
  Laplace: () => [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
  emboss: () => [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
};

/** The name of a kernel, or null; where it has two, `last` if that is one of them. */
export function nameOfKernel(weights, last) {
  const text = JSON.stringify(weights);
  const size = weights.length;
  if (size !== weights[0].length) return null;
  const names = Object.keys(KERNELS).filter((name) => JSON.stringify(KERNELS[name](size)) === text);
  return names.includes(last) ? last : (names[0] ?? null);
}

/** A maker of kernels of whole numbers from -4 to 4; each figure throws the same dice. */
export function dice() {
  let state = 20;
  const throwOne = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // a linear congruential generator
    return Math.floor((state / 2 ** 32) * 9) - 4;
  };
  return (size) => square(size, throwOne);
}

/** A kernel with other numbers of rows and columns: its middle stays, what is new is 0. */
export function resized(weights, rows, columns) {
  const before = [weights.length - rows, weights[0].length - columns].map((d) => Math.floor(d / 2));
  return Array.from({ length: rows }, (_, u) => {
    return Array.from({ length: columns }, (_, v) => weights[u + before[0]]?.[v + before[1]] ?? 0);
  });
}

/** A weight for a narrow cell: two decimals. */
export function shortWeight(value) {
  const rounded = Number(value.toFixed(2));
  return rounded === 0 && value !== 0 ? "≈0" : number(rounded);
}
