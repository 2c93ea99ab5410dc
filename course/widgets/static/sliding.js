// The arithmetic of a kernel that slides along a signal; nothing is drawn here.
//
// Everything comes from one list of meetings. In a meeting, output `o` takes the signal at
// position `i` (below 0 or past the end: in the padding) times kernel entry `j`.
//   y[o]   sums  x[i]·w[j]   over the meetings of o
//   dx[i]  sums dy[o]·w[j]   over the meetings of i
//   dw[j]  sums dy[o]·x[i]   over the meetings of j

import { number, padded } from "./shared.js";

const KEY = { y: "o", dy: "o", x: "i", dx: "i", w: "j", dw: "j" };
const FACTORS = { y: ["x", "w"], dx: ["dy", "w"], dw: ["dy", "x"] };

/** Lay out all windows of a state; `problem` says why there are none. */
export function plan({ x, w, mode, stride, padding, dilation, dy }) {
  const problem = problemOf({ x, w, stride, padding, dilation });
  const n = x.length;
  const k = w.length;
  const room = n + 2 * padding;
  const span = dilation * (k - 1) + 1;
  const length = problem ? 0 : Math.floor((room - span) / stride) + 1;
  const meetings = [];
  for (let o = 0; o < length; o++) {
    for (let tap = 0; tap < k; tap++) {
      const i = o * stride + tap * dilation - padding;
      meetings.push({ o, i, tap, j: mode === "convolution" ? k - 1 - tap : tap });
    }
  }
  const fits = dy && dy.length === length;
  const given = { x, w, dy: fits ? dy : placeValues(length) };
  const sizes = { n, k, room, span, length, stride, padding, dilation };
  return { problem, ...sizes, meetings, given, unused: fits ? [] : ["dy"], mode };
}

/** Upstream gradients whose digits tell where they went: 1, 10, 100, … */
export function placeValues(length) {
  return Array.from({ length }, (_, o) => (length <= 6 ? 10 ** o : o + 1));
}

function problemOf({ x, w, stride, padding, dilation }) {
  const whole = { stride: [stride, 1], padding: [padding, 0], dilation: [dilation, 1] };
  for (const [name, [value, least]] of Object.entries(whole)) {
    if (!Number.isInteger(value) || value < least) {
      return `${name} is ${number(value)}; it must be a whole number, at least ${least}.`;
    }
  }
  const span = dilation * (w.length - 1) + 1;
  const room = x.length + 2 * padding;
  if (span > room) {
    const signal = padded("signal", padding);
    return `The kernel spans ${span} cells, ${signal} has only ${room}: no window fits.`;
  }
  return "";
}

/** The meetings in which entry `index` of a row takes part. */
export function meetingsOf(plan, row, index) {
  return plan.meetings.filter((meeting) => meeting[KEY[row]] === index);
}

/** The other end of a meeting: which entry of `row` it uses. */
export function entry(meeting, row) {
  return meeting[KEY[row]];
}

/** A given value; the padding reads 0. */
export function valueOf(plan, row, index) {
  return plan.given[row][index] ?? 0;
}

/** The sum that makes entry `index` of y, dx or dw: its terms in order, and the total. */
export function sumOf(plan, row, index) {
  const terms = meetingsOf(plan, row, index).map((meeting) => {
    const [a, b] = FACTORS[row].map((name) => {
      const at = entry(meeting, name);
      const padding = isPadding(plan, name, at);
      return { name: `${name}[${at}]`, value: valueOf(plan, name, at), padding };
    });
    return { a, b, product: a.value * b.value };
  });
  return { row, index, terms, total: terms.reduce((sum, term) => sum + term.product, 0) };
}

/** All entries of y, dx or dw. */
export function results(plan, row) {
  const size = { y: plan.length, dx: plan.n, dw: plan.k }[row];
  return Array.from({ length: size }, (_, index) => sumOf(plan, row, index).total);
}

export function isPadding(plan, row, index) {
  return row === "x" && (index < 0 || index >= plan.n);
}

/** How far each setting may go, and why not further. */
export function limits({ n, k, room, span, stride, padding, dilation }) {
  const widest = k === 1 ? 1 : Math.floor((room - 1) / (k - 1));
  const needed = Math.max(0, Math.ceil((span - n) / 2));
  const longest = room - span + 1;
  const fullest = Math.max(span - 1, padding);
  return {
    stride: {
      value: stride,
      least: 1,
      most: Math.max(longest, stride),
      why: stride >= longest ? `Stride: with ${longest} only one window is left.` : "",
    },
    padding: {
      value: padding,
      least: needed,
      most: fullest,
      why:
        padding === needed && needed > 0
          ? `Padding: with ${needed - 1} the kernel, ${span} cells wide, would not fit.`
          : padding === fullest && fullest > 0
            ? "Padding: more would only add windows of zeros."
            : "",
    },
    dilation: {
      value: dilation,
      least: 1,
      most: widest,
      why:
        dilation < widest
          ? ""
          : k === 1
            ? "Dilation: one kernel entry has no gaps to widen."
            : `Dilation: with ${dilation + 1} the kernel would span ${span + k - 1} cells, ` +
              `and ${padded("signal", padding)} has ${room}.`,
    },
  };
}

/** The rule for the number of outputs, with this state's numbers in it. */
export function lengthRule({ n, k, stride, padding, dilation, length }) {
  const numbers = `⌊(${n} + 2·${padding} − ${dilation}·(${k} − 1) − 1) / ${stride}⌋ + 1`;
  return `⌊(n + 2p − d(k − 1) − 1) / s⌋ + 1 = ${numbers} = ${length}`;
}
