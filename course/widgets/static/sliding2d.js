// The arithmetic of a window that slides over images; nothing is drawn here.
//
// Everything comes from one table. Column `col` stands for one output position of one image, the
// image running fastest; row `tap` for one kernel entry of one channel. `source` says which pixel
// of the padded images the two meet in.
//   y[f][col]  sums   w[f][tap]·x[source]   over the taps
//   dx[pixel]  sums  dy[f][col]·w[f][tap]   over the places the pixel is copied to, and f
//   dw[f][tap] sums  dy[f][col]·x[source]   over the columns
//   db[f]      sums  dy[f][col]             over the columns

import { number, padded } from "./shared.js";

const SETTINGS = ["stride", "padding", "dilation"];

/** A setting for rows and columns: a pair as it is, a number twice. */
export function pairOf(value) {
  return Array.isArray(value) ? value : [value, value];
}

/**
 * Lay out all windows over images (N, C, H, W), given by `shape` alone or with their values.
 * A pixel is numbered in the padded images, row by row.
 */
export function plan2d({ image = null, ...given }) {
  const plan = geometry2d(given);
  if (!plan.problem) {
    plan.x = paddedValues(plan, image);
    Object.assign(plan, tableOf(plan));
  }
  return plan;
}

/**
 * Where the windows lie: sizes, settings and both axes; `problem` says why there are none.
 * stride, padding and dilation are a number or a pair, and a pair in the plan.
 */
export function geometry2d({ shape, kernel, ...settings }) {
  const [N, C, H, W] = shape;
  const [F, , KH, KW] = kernel.shape;
  const setting = Object.fromEntries(SETTINGS.map((name) => [name, pairOf(settings[name])]));
  const of = (at) => Object.fromEntries(SETTINGS.map((name) => [name, setting[name][at]]));
  const axes = [axis(H, KH, of(0)), axis(W, KW, of(1))];
  const problem = problemOf2d(axes);
  const [OH, OW] = axes.map(({ length }) => (problem ? 0 : length));
  const [PH, PW] = axes.map(({ room }) => Math.max(room, 0));
  const taps = C * KH * KW;
  const columns = OH * OW * N;
  const sizes = { N, C, H, W, F, KH, KW, OH, OW, PH, PW, taps, columns };
  return { problem, axes, ...setting, ...sizes, w: kernel.values };
}

function axis(n, k, { stride, padding, dilation }) {
  const span = dilation * (k - 1) + 1;
  const room = n + 2 * padding;
  const length = Math.floor((room - span) / stride) + 1;
  return { n, k, span, room, length, stride, padding, dilation };
}

function problemOf2d(axes) {
  for (const [name, least] of Object.entries({ stride: 1, padding: 0, dilation: 1 })) {
    const wrong = axes.map((axis) => axis[name]).find((at) => !Number.isInteger(at) || at < least);
    if (wrong !== undefined) {
      return `${name} is ${number(wrong)}; it must be a whole number, at least ${least}.`;
    }
  }
  for (const [at, { span, room, padding }] of axes.entries()) {
    const word = ["rows", "columns"][at];
    if (span > room) {
      const image = padded("image", padding);
      return `The kernel spans ${span} ${word}, ${image} has only ${room}: no window fits.`;
    }
  }
  return "";
}

/** The padded images as one row of numbers. */
function paddedValues({ N, C, H, W, PH, PW, padding }, image) {
  const x = new Float64Array(N * C * PH * PW);
  if (image === null) return x;
  for (let n = 0; n < N; n++) {
    for (let c = 0; c < C; c++) {
      for (let i = 0; i < H; i++) {
        const row = ((n * C + c) * PH + i + padding[0]) * PW + padding[1];
        for (let j = 0; j < W; j++) x[row + j] = image[n][c][i][j];
      }
    }
  }
  return x;
}

/** Which pixel stands in each entry of the columns, and each pixel's entries. */
function tableOf({ N, C, KH, KW, OW, PH, PW, taps, columns, stride, dilation }) {
  const source = new Int32Array(taps * columns);
  const copies = Array.from({ length: N * C * PH * PW }, () => []);
  for (let tap = 0; tap < taps; tap++) {
    const [c, a, b] = split(tap, KH, KW);
    for (let col = 0; col < columns; col++) {
      const [oh, ow, n] = split(col, OW, N);
      const i = oh * stride[0] + a * dilation[0];
      const j = ow * stride[1] + b * dilation[1];
      const pixel = ((n * C + c) * PH + i) * PW + j;
      source[tap * columns + col] = pixel;
      copies[pixel].push(tap * columns + col);
    }
  }
  return { source, copies };
}

/** Take a number apart into three: the last runs below `last`, the middle one below `middle`. */
function split(flat, middle, last) {
  return [Math.floor(flat / (middle * last)), Math.floor(flat / last) % middle, flat % last];
}

/** { n, c, i, j } of a pixel; i and j are negative or past the end in the padding. */
export function pixelAt({ C, PH, PW, padding }, pixel) {
  const [block, i, j] = split(pixel, PH, PW);
  return { n: Math.floor(block / C), c: block % C, i: i - padding[0], j: j - padding[1] };
}

export function isPaddingPixel(plan, pixel) {
  const { i, j } = pixelAt(plan, pixel);
  return i < 0 || j < 0 || i >= plan.H || j >= plan.W;
}

/** { c, a, b }: channel, kernel row and kernel column of a row of the columns. */
export function tapAt({ KH, KW }, tap) {
  const [c, a, b] = split(tap, KH, KW);
  return { c, a, b };
}

/** { oh, ow, n }: output row, output column and image of a column. */
export function positionAt({ OW, N }, col) {
  const [oh, ow, n] = split(col, OW, N);
  return { oh, ow, n };
}

/** The number of y[n, f, oh, ow] in memory, and back. */
export function outputOf({ F, OH, OW, N }, f, col) {
  const [oh, ow, n] = split(col, OW, N);
  return ((n * F + f) * OH + oh) * OW + ow;
}

export function outputAt({ F, OH, OW, N }, output) {
  const [block, oh, ow] = split(output, OH, OW);
  const [n, f] = [Math.floor(block / F), block % F];
  return { n, f, oh, ow, col: (oh * OW + ow) * N + n };
}

/** The pixels of one column's window, in the order of the taps. */
export function windowOf({ taps, columns, source }, col) {
  return Array.from({ length: taps }, (_, tap) => source[tap * columns + col]);
}

/** Where a pixel is copied to: { entry, tap, col } each. */
export function copiesOf({ copies, columns }, pixel) {
  return copies[pixel].map((entry) => {
    return { entry, tap: Math.floor(entry / columns), col: entry % columns };
  });
}

// --- results ---------------------------------------------------------------------------------

/** All outputs, as they lie in memory. */
export function forward2d(plan) {
  const { N, F, OH, OW, taps, columns, source, w, x, bias } = plan;
  const y = new Float64Array(N * F * OH * OW);
  for (let f = 0; f < F; f++) {
    for (let col = 0; col < columns; col++) {
      let total = bias?.[f] ?? 0;
      for (let tap = 0; tap < taps; tap++) {
        total += w[f * taps + tap] * x[source[tap * columns + col]];
      }
      y[outputOf(plan, f, col)] = total;
    }
  }
  return y;
}

/** A filter's bias as the last term of an output's sum; a bias of 0 is left out. */
export function biasTerm({ F, bias }, f = 0) {
  const value = bias?.[f] ?? 0;
  return value === 0 ? [] : [{ a: { name: F > 1 ? `b[${f}]` : "b", value } }];
}

/** The three gradients from `dy`, which lies in memory as the outputs do. */
export function backward2d(plan, dy) {
  const { F, taps, columns, source, w, x } = plan;
  const dx = new Float64Array(x.length);
  const dw = new Float64Array(w.length);
  const db = new Float64Array(F);
  for (let f = 0; f < F; f++) {
    for (let col = 0; col < columns; col++) {
      const upstream = dy[outputOf(plan, f, col)];
      db[f] += upstream;
      for (let tap = 0; tap < taps; tap++) {
        dx[source[tap * columns + col]] += upstream * w[f * taps + tap];
        dw[f * taps + tap] += upstream * x[source[tap * columns + col]];
      }
    }
  }
  return { dx, dw, db };
}

/** How many windows read each pixel. */
export function coverage2d({ copies }) {
  return copies.map((entries) => entries.length);
}

// --- settings --------------------------------------------------------------------------------

/** How far each setting may go on these axes together, which share it, and why not further. */
export function limits2d(axes) {
  const [{ stride, padding, dilation }] = axes;
  const longest = Math.max(...axes.map(({ room, span }) => room - span + 1));
  const needed = Math.max(0, ...axes.map(({ n, span }) => Math.ceil((span - n) / 2)));
  const fullest = Math.max(padding, ...axes.map(({ span }) => span - 1));
  const gaps = axes.map(({ k, room }) => (k === 1 ? Infinity : Math.floor((room - 1) / (k - 1))));
  const widest = Math.min(...gaps);
  const tight = axes[gaps.indexOf(widest)];
  const most = widest === Infinity ? 1 : widest;
  const why = {
    stride: stride >= longest && `Stride: with ${longest} only one window is left.`,
    padding:
      (padding === needed && needed > 0 && `Padding: with ${needed - 1} the kernel would not fit.`) ||
      (padding === fullest && "Padding: more would only add windows of zeros."),
    dilation:
      dilation >= most &&
      (widest === Infinity
        ? "Dilation: one kernel entry has no gaps to widen."
        : `Dilation: with ${dilation + 1} the kernel would span ${tight.span + tight.k - 1} cells, ` +
          `and ${padded("image", tight.padding)} has ${tight.room}.`),
  };
  return {
    stride: { value: stride, least: 1, most: Math.max(longest, stride), why: why.stride },
    padding: { value: padding, least: needed, most: fullest, why: why.padding },
    dilation: { value: dilation, least: 1, most, why: why.dilation },
  };
}

/** Does the kernel have gaps, so that its frame holds cells that it does not read? */
export function hasGaps({ dilation }) {
  return Math.max(...dilation) > 1;
}
