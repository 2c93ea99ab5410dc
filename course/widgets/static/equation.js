// What flip and slide says about a cell, in words and numbers.

import { factor, number } from "./shared.js";
import { isPadding, meetingsOf, sumOf, valueOf } from "./sliding.js";
import { sentence, sumLines, wordList } from "./sums.js";

const HINTS = {
  forward: "Point at an output to see its window and its sum, at a signal cell to see where it goes.",
  backward: "Point at an entry of dx or dw to see its sum, at dy to see where it goes.",
};

/** The nodes for what is shown: a sum in its lines, or a sentence. */
export function explain(plan, shown, show) {
  if (plan.problem) return sentence(plan.problem);
  if (!shown) return sentence(HINTS[show]);
  if (shown.row === "x") return sentence(reach(plan, shown.index, show));
  if (shown.row === "dy") return sentence(sends(plan, shown.index));
  if (shown.row === "w") return sentence(used(plan, shown.index));
  const { row, index, terms } = sumOf(plan, shown.row, shown.index);
  if (terms.length > 0) return sumLines(`${row}[${index}]`, terms);
  const why = `no window reaches x[${index}], so nothing comes back to it.`;
  return sentence(`${row}[${index}] = 0: ${why}`);
}

/** Which outputs one signal cell reaches, or in the backward view which products it makes. */
function reach(plan, index, show) {
  const padding = isPadding(plan, "x", index);
  const value = number(valueOf(plan, "x", index));
  const name = padding ? "A padding cell is always 0. It" : `x[${index}] = ${value}`;
  const meetings = meetingsOf(plan, "x", index);
  if (meetings.length === 0) return `${name} is reached by no window.`;
  if (show === "backward") {
    const { dy } = plan.given;
    const parts = meetings.map(({ o, j }) => `dw[${j}] with dy[${o}] = ${number(dy[o])}`);
    return `${name} counts in ${wordList(parts)}.`;
  }
  const { w } = plan.given;
  const parts = meetings.map(({ o, j }) => `y[${o}] through w[${j}] = ${number(w[j])}`);
  return `${name} reaches ${wordList(parts)}.`;
}

/** How often one entry of the kernel is used. */
function used({ length, given }, index) {
  const times = length === 1 ? "once, in the only window" : `${length} times, once in each window`;
  return `w[${index}] = ${number(given.w[index])} is used ${times}: on the signal cells with a ring.`;
}

/** What one upstream gradient adds to dx, one product for each entry of its window. */
function sends(plan, index) {
  const value = plan.given.dy[index];
  const parts = meetingsOf(plan, "dy", index).map(({ i, j }) => {
    const sent = `${number(value)}·${factor(plan.given.w[j])} = ${number(value * plan.given.w[j])}`;
    return isPadding(plan, "x", i) ? `${sent} to the padding (dropped)` : `${sent} to dx[${i}]`;
  });
  return `dy[${index}] = ${number(value)} sends ${wordList(parts)}.`;
}
