// The arithmetic of one kernel over a whole picture; nothing is drawn here.
//
// A picture is { shape: [C, H, W], values }. Every channel meets the same kernel by itself:
//   y[c, i, j]  sums  x[c, i·s + u·d, j·s + v·d]·w[u, v]   over u and v

import { eightSums } from "./eight_sums.js";
import { geometry2d } from "./sliding2d.js";

/**
 * The plan of a kernel (nested lists) over a picture: see geometry2d. `w` holds the weights in the
 * order in which they are laid on, turned by 180° where `flip` is set.
 */
export function labPlan({ picture: { shape }, weights, flip, ...settings }) {
  const w = Float64Array.from(weights.flat());
  const size = [1, 1, weights.length, weights[0].length];
  return geometry2d({
    shape: [1, ...shape],
    kernel: { shape: size, values: flip ? w.reverse() : w },
    ...settings,
  });
}

/** The mean of all channels, a picture of one. */
export function greyOf({ shape: [C, H, W], values }) {
  const grey = new Float64Array(H * W);
  for (let c = 0; c < C; c++) {
    for (let at = 0; at < grey.length; at++) grey[at] += values[c * grey.length + at];
  }
  for (let at = 0; at < grey.length; at++) grey[at] /= C;
  return { shape: [1, H, W], values: grey };
}

/**
 * Zeros, in the memory of `room` where that is large enough; its numbers are lost. New memory for
 * each event of a slider would be garbage at the next one, and to collect it takes milliseconds.
 */
function zeros(length, room) {
  const fits = room && room.buffer.byteLength >= 8 * length;
  return fits ? new Float64Array(room.buffer, 0, length).fill(0) : new Float64Array(length);
}

/** A picture between its zeros, (C, PH, PW), in the memory of an earlier one where it is given. */
export function between({ C, H, W, PH, PW, padding }, values, room = null) {
  const x = zeros(C * PH * PW, room);
  for (let row = 0; row < C * H; row++) {
    const [c, i] = [Math.floor(row / H), row % H];
    const start = (c * PH + i + padding[0]) * PW + padding[1];
    x.set(values.subarray(row * W, (row + 1) * W), start);
  }
  return x;
}

/**
 * All outputs (C, OH, OW) of a plan's kernel over `x`, which `between` has made. With stride 1,
 * eight outputs of a row are summed side by side. `room`: earlier outputs, whose memory they take.
 * `before`: { plan, y } of the same picture; outputs that both plans have are copied from it.
 */
export function correlate(plan, x, room = null, before = null) {
  const { C, KW, OH, OW, PH, PW, stride, dilation, w } = plan;
  const y = zeros(C * OH * OW, room);
  const taps = [...w.keys()].filter((tap) => w[tap] !== 0);
  const weights = Float64Array.from(taps, (tap) => w[tap]);
  const away = Int32Array.from(taps, (tap) => {
    return Math.floor(tap / KW) * dilation[0] * PW + (tap % KW) * dilation[1];
  });
  const next = stride[1];
  const sum = (row, first, end) => {
    let at = (Math.floor(row / OH) * PH + (row % OH) * stride[0]) * PW + first * next;
    let to = row * OW + first;
    const stop = row * OW + end;
    for (; next === 1 && to + 8 <= stop; to += 8, at += 8) eightSums(y, to, x, at, weights, away);
    for (; to < stop; to++, at += next) {
      for (let tap = 0; tap < weights.length; tap++) y[to] += weights[tap] * x[at + away[tap]];
    }
  };
  const known = before !== null && differInPadding(plan, before.plan) ? before.plan : null;
  const [down, right] = plan.padding.map((pixels, axis) => pixels - (known?.padding[axis] ?? 0));
  for (let row = 0; row < C * OH; row++) {
    const from = (row % OH) - down;
    if (known === null || from < 0 || from >= known.OH) {
      sum(row, 0, OW);
      continue;
    }
    const [first, end] = [Math.max(0, right), Math.min(OW, right + known.OW)];
    const start = (Math.floor(row / OH) * known.OH + from) * known.OW + first - right;
    sum(row, 0, first);
    y.set(before.y.subarray(start, start + end - first), row * OW + first);
    sum(row, end, OW);
  }
  return y;
}

/**
 * Do two plans over one picture differ in the padding alone? Not with a larger stride: there another
 * padding moves every window.
 */
function differInPadding(plan, other) {
  const rest = ({ stride, dilation, KH, KW, w }) => [...stride, ...dilation, KH, KW, ...w].join();
  return plan.stride.every((step) => step === 1) && rest(plan) === rest(other);
}

/** The pixels of output `index`'s window: { i, j } each, in the padding outside of the picture. */
export function windowAt({ KH, KW, OW, stride, padding, dilation }, index) {
  const top = Math.floor(index / OW) * stride[0] - padding[0];
  const left = (index % OW) * stride[1] - padding[1];
  return Array.from({ length: KH * KW }, (_, tap) => {
    const [u, v] = [Math.floor(tap / KW), tap % KW];
    return { i: top + u * dilation[0], j: left + v * dilation[1] };
  });
}

/** The output whose window has its middle nearest to pixel (i, j) of the padded picture. */
export function nearestOutput({ axes, OH, OW }, i, j) {
  const [row, column] = [i, j].map((place, at) => {
    const { span, stride } = axes[at];
    const start = Math.round((place - Math.floor((span - 1) / 2)) / stride);
    return Math.max(0, Math.min(start, [OH, OW][at] - 1));
  });
  return row * OW + column;
}

/** The largest size among the differences of two outputs: { most, at }. */
export function furthest(a, b) {
  let [most, at] = [0, 0];
  for (let index = 0; index < a.length; index++) {
    const apart = Math.abs(a[index] - b[index]);
    if (apart > most) [most, at] = [apart, index];
  }
  return { most, at };
}
