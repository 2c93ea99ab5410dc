// The arithmetic of a stack of layers on one axis: what each cell sees, and through how many paths.
//
// Row 0 is the input; row r is what layer r puts out. Cell i of row r reads the cells
// i·s − p + t·d of row r − 1, one for each of its k taps t. A cell of the padding is always 0:
// a path that comes to it ends there.

import { number, padded } from "./shared.js";

export const MOST = { kernel: 15, stride: 8, padding: 16, dilation: 16, n: 512, layers: 60 };
export const PARTS = ["kernel", "stride", "padding", "dilation"];
export const MANY_ROWS = 9; // rows
const LEAST = { kernel: 1, stride: 1, padding: 0, dilation: 1, n: 1 };

/**
 * Lay out `layers` over `n` inputs. Each row has its `length`; its `padding` on each side, which
 * the next layer adds; and the field of its cells: `size`, `jump` from one to the next, `start`,
 * the middle of the first. `problem` says why there is no output.
 */
export function stackPlan({ n, layers }) {
  const rows = [{ length: n, size: 1, jump: 1, start: 0, padding: 0 }];
  let problem = wholeProblem(n, layers);
  layers.forEach(([kernel, stride, padding, dilation], at) => {
    const before = rows[at];
    const reach = dilation * (kernel - 1);
    const room = before.length + 2 * padding;
    if (reach >= room) {
      problem ||=
        `Layer ${at + 1}: the kernel spans ${reach + 1} cells, ` +
        `and ${padded("row", padding)} before it has ${number(room)}: no window fits.`;
    }
    before.padding = padding;
    rows.push({
      ...{ kernel, stride, dilation, padding: 0 },
      length: Math.floor((room - reach - 1) / stride) + 1,
      size: before.size + reach * before.jump,
      jump: before.jump * stride,
      start: before.start + (reach / 2 - padding) * before.jump,
    });
  });
  return { problem, n, layers, rows };
}

function wholeProblem(n, layers) {
  const wrong = (name, value) => !Number.isInteger(value) || value < LEAST[name];
  if (wrong("n", n) || n > MOST.n) {
    return `n is ${number(n)}; it must be a whole number from 1 to ${MOST.n}.`;
  }
  for (const [at, layer] of layers.entries()) {
    const part = PARTS.find((name, place) => wrong(name, layer[place]));
    if (part) return `Layer ${at + 1}: ${part} must be a whole number, at least ${LEAST[part]}.`;
  }
  return "";
}

/** Are there so many rows that those of one jump can be drawn as one? */
export function canFold({ rows }) {
  return rows.length > MANY_ROWS;
}

/** The rows that are drawn: all, or of those with the same jump the last one, and the input. */
export function drawnRows(plan, fold) {
  const { rows } = plan;
  const all = [...rows.keys()];
  if (!fold || !canFold(plan)) return all;
  return all.filter((r) => r === 0 || rows[r].jump !== rows[r + 1]?.jump);
}

/** The cells of the row before that cell `index` of row `row` reads. */
export function readsOf({ rows }, row, index) {
  const { kernel, stride, dilation } = rows[row];
  const first = index * stride - rows[row - 1].padding;
  return Array.from({ length: kernel }, (_, tap) => first + tap * dilation);
}

/** Is this cell in the padding of its row? */
export function isOutside({ rows }, row, index) {
  return index < 0 || index >= rows[row].length;
}

/**
 * How many paths join one cell with every other: down to the input, and up to the outputs.
 * An array for each row, its padding included: entry 0 is the first padding cell. Without a cell
 * there are no paths.
 */
export function pathsOf(plan, place) {
  const { rows } = plan;
  const counts = rows.map(({ length, padding }) => new Float64Array(length + 2 * padding));
  if (place === null) return counts;
  const { row, index } = place;
  counts[row][index + rows[row].padding] = 1;
  // Only real cells lead on: what stands in the padding is read from nowhere.
  const real = (r, visit) => {
    for (let i = 0; i < rows[r].length; i++) visit(i, i + rows[r].padding);
  };
  for (let r = row; r > 0; r--) {
    real(r, (i, at) => {
      if (counts[r][at] === 0) return;
      for (const j of readsOf(plan, r, i)) counts[r - 1][j + rows[r - 1].padding] += counts[r][at];
    });
  }
  for (let r = row + 1; r < rows.length; r++) {
    const { padding } = rows[r - 1];
    real(r, (i, at) => {
      for (const j of readsOf(plan, r, i)) counts[r][at] += counts[r - 1][j + padding];
    });
  }
  return counts;
}

/** First and last place of a count that is not 0; -1 twice where there is none. */
export function endsOf(counts) {
  return [counts.findIndex((count) => count > 0), counts.findLastIndex((count) => count > 0)];
}

/** First and last input that one cell spans by the rule; below 0 and past the end: padding. */
export function regionOf({ rows }, row, index) {
  const { size, jump, start } = rows[row];
  const first = start + index * jump - (size - 1) / 2;
  return [first, first + size - 1];
}

/** What the field of a cell is made of, in pixels of the input. */
export function fieldOf(plan, row, index, counts = pathsOf(plan, { row, index })) {
  const [first, last] = regionOf(plan, row, index);
  const { padding } = plan.rows[0];
  const pixels = counts[0].subarray(padding, padding + plan.n);
  const used = [...pixels.keys()].filter((pixel) => pixels[pixel] > 0);
  const inside = Math.max(0, Math.min(last, plan.n - 1) - Math.max(first, 0) + 1);
  const most = used.reduce((best, one) => (pixels[one] > pixels[best] ? one : best), used[0]);
  return { first, last, size: last - first + 1, inside, used, most, pixels };
}

// --- settings --------------------------------------------------------------------------------

/** The plan with one setting of one layer changed; layer null: n itself. */
function changed({ n, layers }, layer, part, value) {
  if (layer === null) return stackPlan({ n: value, layers });
  const all = layers.map((one) => [...one]);
  all[layer][PARTS.indexOf(part)] = value;
  return stackPlan({ n, layers: all });
}

/** The least and the most of a setting for which every layer fits, and why not further. */
export function limitsOf(plan, layer, part) {
  const value = layer === null ? plan.n : plan.layers[layer][PARTS.indexOf(part)];
  const fits = (wanted) => changed(plan, layer, part, wanted).problem === "";
  const tooFar = (wanted) => wanted > MOST[part] || wanted < LEAST[part] || !fits(wanted);
  const ends = [-1, 1].map((step) => {
    let end = value;
    while (!tooFar(end + step)) end += step;
    return end;
  });
  const why = ends.map((end, at) => {
    const next = end + [-1, 1][at];
    if (next < LEAST[part]) return "";
    if (next > MOST[part]) return `${MOST[part]} is the most that this figure draws.`;
    return `With ${next}: ${changed(plan, layer, part, next).problem}`;
  });
  return { value, least: ends[0], most: ends[1], why: why.filter(Boolean).join(" ") };
}
