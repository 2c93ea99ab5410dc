// Sheets of images, kernels and outputs: how their cells are numbered, headed and named.

import { isPaddingPixel, outputAt, pixelAt, tapAt } from "./sliding2d.js";

/**
 * Blocks of one size, one for each image and channel: images side by side, channels below each
 * other; the channels of one image side by side. A cell's number is its place in memory.
 */
function blocks(channels, images, height, width) {
  const [down, across] = images === 1 ? [1, channels] : [channels, images];
  return {
    ...{ down, across, height, width },
    rowHead: (at) => at,
    columnHead: (at) => at,
    index(row, column) {
      const [d, a] = [Math.floor(row / height), Math.floor(column / width)];
      const block = images === 1 ? a : a * channels + d;
      return (block * height + (row % height)) * width + (column % width);
    },
  };
}

/** Heads above the blocks; above a map of fewer than `width` 5 there is room for letters only. */
function titles(channels, images, word, width = 5) {
  if (images * channels === 1) return null;
  return (down, across) => {
    const [n, c] = images === 1 ? [0, across] : [across, down];
    if (images > 1 && channels > 1 && width < 5) return `n = ${n}, ${word[0]} = ${c}`;
    const parts = [images > 1 && `image ${n}`, channels > 1 && `${word} ${c}`];
    return parts.filter(Boolean).join(", ");
  };
}

/** The padded images. The padding has no indices. */
export function pixelLayout({ N, C, H, W, PH, PW, padding }) {
  const heads = (length, before) => (at) => {
    return at < before || at >= length + before ? "" : at - before;
  };
  const [rowHead, columnHead] = [heads(H, padding[0]), heads(W, padding[1])];
  const title = titles(C, N, "channel");
  return { ...blocks(C, N, PH, PW), rowHead, columnHead, title, before: padding };
}

export function outputLayout({ N, F, OH, OW }) {
  return { ...blocks(F, N, OH, OW), title: titles(F, N, "filter", OW) };
}

/** A matrix, whose cells are numbered row by row. */
export function matrixLayout(height, width) {
  return blocks(1, 1, height, width);
}

// --- names -----------------------------------------------------------------------------------

/** x[i, j], or x[n, c, i, j] where there are several images or channels. */
export function pixelName(plan, pixel, symbol = "x") {
  const { n, c, i, j } = pixelAt(plan, pixel);
  return plan.N * plan.C > 1 ? `${symbol}[${n}, ${c}, ${i}, ${j}]` : `${symbol}[${i}, ${j}]`;
}

export function outputName(plan, output, symbol = "y") {
  const { n, f, oh, ow } = outputAt(plan, output);
  return plan.N * plan.F > 1 ? `${symbol}[${n}, ${f}, ${oh}, ${ow}]` : `${symbol}[${oh}, ${ow}]`;
}

export function weightName(plan, weight, symbol = "w") {
  const f = Math.floor(weight / plan.taps);
  const { c, a, b } = tapAt(plan, weight % plan.taps);
  return plan.F * plan.C > 1 ? `${symbol}[${f}, ${c}, ${a}, ${b}]` : `${symbol}[${a}, ${b}]`;
}

/** A pixel as a factor of a sum. */
export function pixelFactor(plan, pixel) {
  const padding = isPaddingPixel(plan, pixel);
  return { name: pixelName(plan, pixel), value: plan.x[pixel], padding };
}

/** The frames around one column's window: in each channel, its first and last pixel. */
export function windowFrames({ C, KH, KW }, window) {
  const size = KH * KW;
  return Array.from({ length: C }, (_, c) => {
    return { from: window[c * size], to: window[(c + 1) * size - 1] };
  });
}

export function sizeWords(plan, word) {
  const { N, C, H, W, PH, PW, padding } = plan;
  const many = [N > 1 && `${N} images`, C > 1 && `${C} channels`].filter(Boolean).join(", ");
  const padded = Math.max(...padding) > 0 ? `${H} × ${W}, padded ${PH} × ${PW}` : `${H} × ${W}`;
  return many ? `${many}, ${padded}` : `${word} ${padded}`;
}
