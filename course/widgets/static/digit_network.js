// Lesson 13's network: two convolutions with ReLU, max-pooling, a linear layer, softmax.
//
// A layer is { name, maps, side, values }: value (map·side + row)·side + column. Values are
// float64, the parameters float32.

import { eightSums } from "./eight_sums.js";
import { readsOf, stackPlan } from "./fields.js";

const MOST_INK = 16;
const SIDE = 8;
const CLASSES = 10;

// Both convolutions and the pooling as (kernel, stride, padding, dilation), for what a number sees.
export const NETWORK = stackPlan({ n: SIDE, layers: [[3, 2, 1, 1], [3, 1, 1, 1], [2, 2, 0, 1]] });
export const LEVELS = ["x", "a1", "a2", "a3"]; // rows of that plan

/** The parameters that Python has packed: { w1, b1, w2, b2, w3, b3, filters }. */
export function unpack({ filters, numbers }) {
  const bytes = Uint8Array.from(atob(numbers), (letter) => letter.charCodeAt(0));
  const all = new Float32Array(bytes.buffer);
  const [F1, F2] = filters;
  const sizes = { w1: 9 * F1, b1: F1, w2: 9 * F1 * F2, b2: F2, w3: 4 * F2 * CLASSES, b3: CLASSES };
  const params = { filters };
  let at = 0;
  for (const [name, size] of Object.entries(sizes)) params[name] = all.subarray(at, (at += size));
  return params;
}

/** A 3 by 3 convolution with padding 1, and ReLU: the weights times columns, as in lesson 8. */
function convolve(from, weights, biases, stride, name) {
  const side = Math.floor((from.side - 1) / stride) + 1;
  const [taps, places] = [9 * from.maps, side * side]; // 16 places, twice eight
  const columns = columnsOf(from, stride, side);
  const away = Int32Array.from({ length: taps }, (_, tap) => tap * places);
  const values = new Float64Array(biases.length * places);
  for (let f = 0; f < biases.length; f++) {
    const own = weights.subarray(f * taps, (f + 1) * taps);
    for (let at = 0; at < places; at += 8) {
      eightSums(values, f * places + at, columns, at, own, away);
    }
  }
  for (let at = 0; at < values.length; at++) {
    values[at] = Math.max(0, values[at] + biases[Math.floor(at / places)]);
  }
  return { name, maps: biases.length, side, values };
}

/** What each tap of a 3 by 3 kernel meets at each place: (9·maps, side·side). */
function columnsOf({ maps, side: n, values }, stride, side) {
  const columns = new Float64Array(9 * maps * side * side);
  let at = 0;
  for (let tap = 0; tap < 9 * maps; tap++) {
    const [c, u, v] = [Math.floor(tap / 9), Math.floor(tap / 3) % 3, tap % 3];
    for (let i = 0; i < side; i++) {
      for (let j = 0; j < side; j++, at++) {
        const [row, column] = [i * stride + u - 1, j * stride + v - 1];
        const isInside = row >= 0 && row < n && column >= 0 && column < n;
        if (isInside) columns[at] = values[(c * n + row) * n + column];
      }
    }
  }
  return columns;
}

/** The largest of each 2 by 2. */
function pool({ maps, side: n, values: before }, name) {
  const side = n / 2;
  const values = Float64Array.from({ length: maps * side * side }, (_, at) => {
    const [map, row, column] = placeIn(side, at);
    const first = (map * n + 2 * row) * n + 2 * column;
    return Math.max(before[first], before[first + 1], before[first + n], before[first + n + 1]);
  });
  return { name, maps, side, values };
}

/** Map, row and column of a value. */
export function placeIn(side, index) {
  const at = index % (side * side);
  return [(index - at) / (side * side), Math.floor(at / side), at % side];
}

/** What a network makes of a picture of 8 by 8, ink 0 to 16: { x, a1, a2, a3, logits, p }. */
export function run(params, image) {
  const values = Float64Array.from(image.flat(), (ink) => ink / MOST_INK);
  const x = { name: "x", maps: 1, side: SIDE, values };
  const a1 = convolve(x, params.w1, params.b1, 2, "a1");
  const a2 = convolve(a1, params.w2, params.b2, 1, "a2");
  const a3 = pool(a2, "a3");
  const features = a3.values.length;
  const logits = Float64Array.from(params.b3, (bias, digit) => {
    return a3.values.reduce((sum, one, at) => sum + one * params.w3[digit * features + at], bias);
  });
  const most = Math.max(...logits);
  const shares = logits.map((logit) => Math.exp(logit - most));
  const total = shares.reduce((sum, one) => sum + one, 0);
  return { x, a1, a2, a3, logits, p: shares.map((share) => share / total) };
}

/** What filter `map` of a convolution reads at a place of one map before it: 9 { weight, value }. */
export function windowOn(params, layers, { row: name, index }, channel) {
  const level = LEVELS.indexOf(name);
  const from = layers[LEVELS[level - 1]];
  const [map, ...place] = placeIn(layers[name].side, index);
  const [rows, columns] = place.map((at) => readsOf(NETWORK, level, at));
  const weights = params[`w${level}`].subarray((map * from.maps + channel) * 9);
  return Array.from({ length: 9 }, (_, tap) => {
    const [row, column] = [rows[Math.floor(tap / 3)], columns[tap % 3]];
    const inside = [row, column].every((at) => at >= 0 && at < from.side);
    const at = (channel * from.side + row) * from.side + column;
    return { weight: weights[tap], value: inside ? from.values[at] : 0, inside };
  });
}

/** What each map before it adds to a number of a convolution, without the bias. */
export function sharesOf(params, layers, place) {
  const before = layers[LEVELS[LEVELS.indexOf(place.row) - 1]];
  return Array.from({ length: before.maps }, (_, channel) => {
    const products = windowOn(params, layers, place, channel).map((tap) => tap.weight * tap.value);
    return products.reduce((sum, one) => sum + one, 0);
  });
}

/**
 * What a number reads of every layer before its own: { layer: [rows, columns] }, each the first and
 * the last; below 0 and past the end lies padding.
 */
export function readsBefore({ row: name, index }, side) {
  const level = LEVELS.indexOf(name);
  const place = placeIn(side, index).slice(1);
  const found = { [name]: place.map((at) => [at, at]) };
  for (let r = level; r > 0; r--) {
    found[LEVELS[r - 1]] = found[LEVELS[r]].map(([first, last]) => {
      return [readsOf(NETWORK, r, first)[0], readsOf(NETWORK, r, last).at(-1)];
    });
  }
  return found;
}

/** The place of the largest of a layer's values, or of those of one map. */
export function brightest({ side, values }, map = null) {
  const first = map === null ? 0 : map * side * side;
  const end = map === null ? values.length : first + side * side;
  let best = first;
  for (let at = first; at < end; at++) if (values[at] > values[best]) best = at;
  return best;
}
