// What a cell of a stack sees, in words and numbers.

import { fieldOf, isOutside, readsOf } from "./fields.js";
import { factor, make, number } from "./shared.js";
import { cellName, pathWords } from "./stack_row.js";

/**
 * The paragraphs for one cell: its field, the effective field, and if `derived` where the numbers
 * come from.
 */
export function fieldWords(plan, { row, index }, counts, derived) {
  const lines =
    row === 0 || isOutside(plan, row, index)
      ? [seenBy(plan, row, index, counts)]
      : [
          sees(plan, row, index, counts),
          reads(plan, row, index) + (derived ? ` ${sums(plan, row, index)}` : ""),
          paths(plan, row, index, counts),
        ];
  return lines.map((line) => make("p", {}, ...[line].flat()));
}

/** What of the input a cell sees. */
function sees(plan, row, index, counts) {
  const { first, last, size, inside, used } = fieldOf(plan, row, index, counts);
  const span = make("b", {}, `${size} ${size === 1 ? "pixel" : "pixels"}`);
  const where = `${cellName(plan, row, index)} spans x[${number(first)}] to x[${number(last)}]: `;
  return [where, span, `${usedOf({ size, inside, used: used.length })}.`];
}

/** How many pixels of a field lie in the padding, and how many of the others are used. */
function usedOf({ size, inside, used }) {
  const padding = inside < size ? `, ${size - inside} of them in the padding` : "";
  if (used < inside) return `${padding}, ${used} used and ${inside - used} not: holes`;
  return inside < size ? `${padding}; the other ${inside} are all used` : ", all used";
}

/** Which cells of the row before it reads. */
function reads(plan, row, index) {
  const cells = readsOf(plan, row, index);
  const from = row === 1 ? "x" : `layer ${row - 1} `;
  return `It reads ${from}[${number(cells[0])}] to ${from}[${number(cells.at(-1))}].`;
}

/** How its size, jump and middle come from the row before. */
function sums(plan, row, index) {
  const { rows } = plan;
  const { kernel, stride, dilation, size, jump, start } = rows[row];
  const before = rows[row - 1];
  const shift = `(${dilation}·(${kernel} − 1)/2 − ${before.padding})`;
  return (
    `Size ${size} = ${before.size} + ${dilation}·(${kernel} − 1)·${before.jump}; ` +
    `jump ${jump} = ${before.jump}·${stride}; ` +
    `start ${number(start)} = ${number(before.start)} + ${shift}·${before.jump}; ` +
    `its middle ${number(start + index * jump)} = ${factor(start)} + ${index}·${jump}.`
  );
}

/** How many paths lead to the input, and where most of them end. */
function paths(plan, row, index, counts) {
  const { used, most, pixels } = fieldOf(plan, row, index, counts);
  const total = pixels.reduce((sum, one) => sum + one, 0);
  if (total === 0) return "No path leads to the input: it sees padding alone.";
  const share = (pixel) => shareOf(pixels[pixel], total);
  if (used.every((pixel) => pixels[pixel] === pixels[most])) {
    return `Paths: ${share(most)} to each pixel it uses.`;
  }
  const edge = edgeOf(used, pixels);
  const middle = `${share(most)} to x[${most}], the most`;
  return `Paths: ${middle}; ${share(edge)} to x[${edge}], at its edge.`;
}

/** A number of paths beside that of all. */
function shareOf(count, total) {
  if (total < 1e6) return `${number(count)} of ${number(total)}`;
  const percent = (100 * count) / total;
  return `${percent < 0.01 ? "less than 0.01" : percent.toFixed(2)} % of all`;
}

/** The end of the used pixels to which fewer paths lead. */
function edgeOf(used, pixels) {
  return pixels[used[0]] < pixels[used.at(-1)] ? used[0] : used.at(-1);
}

/** Which outputs a pixel, or a padding cell, counts in. */
function seenBy(plan, row, index, counts) {
  const outputs = [...counts.at(-1).keys()].filter((output) => counts.at(-1)[output] > 0);
  const outside = isOutside(plan, row, index);
  const name = outside ? "A padding cell is always 0. It" : cellName(plan, row, index);
  if (outputs.length === 0) return `${name} is seen by no output.`;
  const all = counts.at(-1).length;
  const range = outputs.length === 1 ? outputs[0] : `${outputs[0]} to ${outputs.at(-1)}`;
  const through = `through ${pathWords(counts.at(-1).reduce((sum, one) => sum + one, 0))}`;
  const few = outputs.at(-1) - outputs[0] + 1 === outputs.length ? range : outputs.join(", ");
  return `${name} is seen by ${outputs.length} of ${all} outputs (${few}), ${through} in all.`;
}

// --- in two dimensions -----------------------------------------------------------------------

/**
 * The paragraphs for the cell in row i and column j of layer r: what it sees of the picture, or
 * which outputs see it. `counts` are the paths on both axes, rows first.
 */
export function pictureWords(plan, { r, i, j }, counts) {
  const outside = isOutside(plan, r, i) || isOutside(plan, r, j);
  const lines =
    r === 0 || outside
      ? [seenInPicture(plan, { r, i, j, outside }, counts)]
      : [seesInPicture(plan, { r, i, j }, counts), pathsInPicture(plan, { r, i, j }, counts)];
  return lines.map((line) => make("p", {}, ...[line].flat()));
}

/** The name of a cell in two dimensions: x[3, 4], or Layer 2 [3, 4]. */
export function placeName(r, i, j) {
  return r === 0 ? `x[${i}, ${j}]` : `Layer ${r} [${i}, ${j}]`;
}

function seesInPicture(plan, { r, i, j }, counts) {
  const [rows, columns] = [i, j].map((index, at) => fieldOf(plan, r, index, counts[at]));
  const { size } = rows;
  const inside = rows.inside * columns.inside;
  const used = rows.used.length * columns.used.length;
  const from = `x[${number(rows.first)}, ${number(columns.first)}]`;
  const to = `x[${number(rows.last)}, ${number(columns.last)}]`;
  const span = make("b", {}, `${size} × ${size} pixels`);
  const share = usedOf({ size: size * size, inside, used });
  return [`${placeName(r, i, j)} spans ${from} to ${to}: `, span, `${share}.`];
}

function pathsInPicture(plan, { r, i, j }, paths) {
  const axes = [i, j].map((index, at) => fieldOf(plan, r, index, paths[at]));
  const total = axes.map(({ pixels }) => pixels.reduce((sum, one) => sum + one, 0));
  const all = total[0] * total[1];
  if (all === 0) return "No path leads to the input: it sees padding alone.";
  const share = (places) => {
    const [rows, columns] = axes.map(({ pixels }, at) => pixels[places[at]]);
    return `${number(rows)}·${number(columns)} = ${shareOf(rows * columns, all)}`;
  };
  const most = axes.map((axis) => axis.most);
  const corner = axes.map(({ used, pixels }) => edgeOf(used, pixels));
  const [middle, edge] = [most, corner].map((places) => placeName(0, ...places));
  const counts =
    all < 1e6
      ? `${share(most)} to ${middle}, the most; ${share(corner)} to ${edge}, at the corner.`
      : `most of them lead to ${middle}, fewest to ${edge}, at the corner.`;
  const side = 2 * reachOfHalf(axes, all) + 1;
  return (
    "Rows and columns go through the same layers, so the paths to a pixel are those to its row " +
    `times those to its column: ${counts} Half of all paths end in the ${side} × ${side} pixels ` +
    `around ${middle}.`
  );
}

/** How far one has to go from the pixel with the most paths, on both axes, to have half of all. */
function reachOfHalf(axes, all) {
  const within = (reach) => {
    const sums = axes.map(({ most, pixels }) => {
      const near = pixels.subarray(Math.max(0, most - reach), most + reach + 1);
      return near.reduce((sum, one) => sum + one, 0);
    });
    return sums[0] * sums[1];
  };
  let reach = 0;
  while (within(reach) < all / 2) reach += 1;
  return reach;
}

function seenInPicture(plan, { r, i, j, outside }, counts) {
  const name = outside ? "A padding cell is always 0. It" : placeName(r, i, j);
  const seen = counts.map((axis) => axis.at(-1).filter((paths) => paths > 0).length);
  if (seen[0] * seen[1] === 0) return `${name} is seen by no output.`;
  const paths = counts.map((axis) => axis.at(-1).reduce((sum, one) => sum + one, 0));
  const all = plan.rows.at(-1).length ** 2;
  return (
    `${name} is seen by ${seen[0]} × ${seen[1]} = ${seen[0] * seen[1]} of ${all} outputs, through ` +
    `${number(paths[0])}·${number(paths[1])} = ${pathWords(paths[0] * paths[1])} in all.`
  );
}
