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
  const parts = [`${cellName(plan, row, index)} spans x[${number(first)}] to x[${number(last)}]: `];
  parts.push(span, inside < size ? `, ${size - inside} of them in the padding` : "");
  const holes = inside - used.length;
  if (holes > 0) parts.push(`, ${used.length} used and ${holes} not: holes`);
  else parts.push(inside < size ? `; the other ${inside} are all used` : ", all used");
  return [...parts, "."];
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
  const share = (pixel) => {
    const percent = (100 * pixels[pixel]) / total;
    const exact = total < 1e6 ? `${number(pixels[pixel])} of ${number(total)}` : "";
    return exact || `${percent < 0.01 ? "less than 0.01" : percent.toFixed(2)} % of all`;
  };
  if (used.every((pixel) => pixels[pixel] === pixels[most])) {
    return `Paths: ${share(most)} to each pixel it uses.`;
  }
  const edge = pixels[used[0]] < pixels[used.at(-1)] ? used[0] : used.at(-1);
  const middle = `${share(most)} to x[${most}], the most`;
  return `Paths: ${middle}; ${share(edge)} to x[${edge}], at its edge.`;
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
