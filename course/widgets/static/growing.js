// The arithmetic of a transposed convolution; nothing is drawn here.
//
// Entry number `col` of a small map y lays y[col] times the kernel where window number `col` of a
// convolution lies over the output, and what overlaps adds up:
//   grown[pixel]  sums  y[col]·w[tap]   over the windows that lie over the pixel
// So the plan is that of a convolution over the output. Its padding is what is cropped.

import { backward2d, pairOf, plan2d } from "./sliding2d.js";

const LEAST = { stride: 1, padding: 0, dilation: 1 };
const MOST = 16; // of a setting
const CELLS = 32; // of the output on each axis, before it is cropped

/** The plan of a small map and a kernel, nested lists; see plan2d. `y` holds the map's entries. */
export function growthPlan({ y, kernel, ...settings }) {
  const size = (nested) => [nested.length, nested[0].length];
  const kernels = { shape: [1, 1, ...size(kernel)], values: kernel.flat() };
  const axes = size(y).map((n, at) => {
    const own = Object.keys(LEAST).map((name) => [name, pairOf(settings[name])[at]]);
    return growthAxis({ n, k: size(kernel)[at], ...Object.fromEntries(own) });
  });
  const why = growthProblem(axes);
  if (why) return { problem: `${why[0].toUpperCase()}${why.slice(1)}`, axes };
  const shape = [1, 1, ...axes.map(({ length }) => length)];
  return { ...plan2d({ shape, kernel: kernels, ...settings }), axes, y: y.flat() };
}

/** One axis: `n` entries grow to `full` pixels, of which `length` are left after the cropping. */
function growthAxis({ n, k, stride, padding, dilation }) {
  const full = (n - 1) * stride + dilation * (k - 1) + 1;
  return { n, k, stride, padding, dilation, full, length: full - 2 * padding };
}

function growthProblem(axes) {
  for (const [name, least] of Object.entries(LEAST)) {
    const wrong = axes.map((axis) => axis[name]).find((at) => !Number.isInteger(at) || at < least);
    if (wrong !== undefined) return `${name} is ${wrong}; it must be a whole number, at least ${least}.`;
  }
  for (const [at, { full, length, padding }] of axes.entries()) {
    const word = ["rows", "columns"][at];
    if (length < 1) return `padding ${padding} on both sides crops all ${full} ${word} of the output.`;
    if (full > CELLS) {
      return `the output has ${full} ${word} before it is cropped; this figure draws ${CELLS}.`;
    }
  }
  return "";
}

/** The output after the entries 0 to `upto` - 1 of the map have laid their kernels down. */
export function grownBy(plan, upto) {
  return backward2d(plan, plan.y.map((value, col) => (col < upto ? value : 0))).dx;
}

/** How many kernels lie on one pixel far from the edges, as the different counts there are. */
export function overlaps(axes) {
  const onAxis = axes.map(({ k, stride, dilation }) => {
    const counts = Array(stride).fill(0);
    for (let tap = 0; tap < k; tap++) counts[(tap * dilation) % stride] += 1;
    return counts;
  });
  const both = onAxis[0].flatMap((rows) => onAxis[1].map((columns) => rows * columns));
  return [...new Set(both)].sort((a, b) => a - b);
}

/** The rule for the output's size, with the numbers of one axis in it. */
export function growthRule({ n, k, stride, padding, dilation, length }) {
  const numbers = `(${n} − 1)·${stride} + ${dilation}·(${k} − 1) + 1 − 2·${padding}`;
  return `(n − 1)·s + d(k − 1) + 1 − 2p = ${numbers} = ${length}`;
}

/** How far each setting may go on these axes together, which share it, and why not further. */
export function growthLimits(axes) {
  return Object.fromEntries(Object.keys(LEAST).map((name) => [name, growthLimit(axes, name)]));
}

function growthLimit(axes, name) {
  const value = axes[0][name];
  const word = name[0].toUpperCase() + name.slice(1);
  const alone = {
    stride: axes.every(({ n }) => n === 1) && "one entry has no neighbour to be kept apart from.",
    dilation: axes.every(({ k }) => k === 1) && "one kernel entry has no gaps to widen.",
  };
  if (alone[name]) return { value, least: 1, most: value, why: `${word}: ${alone[name]}` };
  const problem = (at) => growthProblem(axes.map((axis) => growthAxis({ ...axis, [name]: at })));
  const legal = Array.from({ length: MOST + 1 }, (_, at) => at).filter((at) => problem(at) === "");
  const [least, most] = [legal[0] ?? value, legal.at(-1) ?? value];
  const next = value === most ? most + 1 : least - 1;
  const isAtEnd = value === most || (value === least && least > LEAST[name]);
  return { value, least, most, why: isAtEnd && `${word}: with ${next}, ${problem(next)}` };
}
