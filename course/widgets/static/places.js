// Where the elements of one image (C, H, W) lie in memory; nothing is drawn here.
//
// A pixel of channel c is numbered (c·H + i)·W + j, as sliding2d.js has it. Its place is the flat
// index in the order given: the same number in NCHW, (row·W + column)·C + c in NHWC.

import { windowOf } from "./sliding2d.js";

/** The flat index of a pixel. */
export function placeOf({ C, H, W }, order, pixel) {
  if (order === "NCHW") return pixel;
  const [c, at] = [Math.floor(pixel / (H * W)), pixel % (H * W)];
  return at * C + c;
}

/** The pixel at a flat index. */
export function pixelIn({ C, H, W }, order, place) {
  if (order === "NCHW") return place;
  return (place % C) * H * W + Math.floor(place / C);
}

/** The flat indices of a patch: one list for each channel, kernel row by kernel row. */
export function patchOf(plan, order, col) {
  const { C, KH, KW } = plan;
  const places = windowOf(plan, col).map((pixel) => placeOf(plan, order, pixel));
  return Array.from({ length: C }, (_, c) =>
    Array.from({ length: KH }, (_, a) => places.slice((c * KH + a) * KW, (c * KH + a + 1) * KW)),
  );
}

/** The lengths of the runs of neighbours in a list of places. */
export function runsOf(places) {
  const runs = [];
  const sorted = [...places].sort((a, b) => a - b);
  sorted.forEach((place, at) => {
    if (at > 0 && place === sorted[at - 1] + 1) runs[runs.length - 1] += 1;
    else runs.push(1);
  });
  return runs;
}

/**
 * How many places stand in one line of the drawn memory: no line is left half full and, where that
 * can be, no line ends where a row of the image does, for memory has no rows.
 */
export function lineLength({ C, H, W }) {
  const total = C * H * W;
  const divisors = Array.from({ length: 32 }, (_, at) => at + 1).filter((d) => total % d === 0);
  const short = divisors.filter((divisor) => divisor >= 5 && divisor <= 12);
  const free = short.filter((divisor) => divisor === total || divisor % W !== 0);
  return free.at(-1) ?? short.at(-1) ?? divisors.at(-1);
}
