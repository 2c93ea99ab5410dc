// What is shown, in words and numbers: the line that screen readers hear.

import { equals, factor, make, number } from "./shared.js";
import { isPadding, meetingsOf, sumOf, valueOf } from "./sliding.js";

const HINTS = {
  forward: "Point at an output to see its window and its sum; click it to keep it. Or press Step.",
  backward: "Point at an entry of dx or dw to see its sum; click it to keep it. Or press Step.",
};

/** The nodes for what is shown: a sum in three lines, or a sentence. */
export function explain(plan, shown, show) {
  if (plan.problem) return [make("p", {}, plan.problem)];
  if (!shown) return [make("p", {}, HINTS[show])];
  if (shown.row === "x") return [make("p", {}, reach(plan, shown.index, show))];
  if (shown.row === "dy") return [make("p", {}, sends(plan, shown.index))];
  return sumLines(plan, sumOf(plan, shown.row, shown.index));
}

function sumLines(plan, { row, index, terms, total }) {
  const name = `${row}[${index}]`;
  if (terms.length === 0) {
    const why = `no window reaches x[${index}], so nothing comes back to it.`;
    return [make("p", {}, `${name} = 0: ${why}`)];
  }
  const symbols = terms.map(({ a, b }) => product(term(a), term(b), a, b));
  const numbers = terms.map(({ a, b }) => product(factor(a.value), factor(b.value), a, b));
  const products = terms.map((one, at) => {
    if (at === 0) return number(one.product);
    return `${one.product < 0 ? "\u2212" : "+"} ${number(Math.abs(one.product))}`;
  });
  const result = make("b", { class: "total" }, number(total));
  const lines = [
    [name, "=", between(symbols, " + ")],
    ["", "=", between(numbers, " + ")],
  ];
  if (terms.length > 1) {
    lines.push(["", "=", [...between(products, " "), ` ${equals(total)} `, result]]);
  } else {
    lines.push(["", equals(total), [result]]);
  }
  return lines.map(([left, sign, right]) =>
    make("p", { class: "line" }, make("span", {}, left), ` ${sign} `, make("span", {}, ...right)),
  );
}

/** A factor by name; in the padding it has none, it is the number 0. */
function term({ row, index, padding }) {
  return padding ? "0" : `${row}[${index}]`;
}

function product(left, right, a, b) {
  const padding = a.padding || b.padding;
  return make("span", { class: padding ? "term padded" : "term" }, `${left}·${right}`);
}

function between(nodes, separator) {
  return nodes.flatMap((node, at) => (at === 0 ? [node] : [separator, node]));
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
    return `${name} counts in ${list(parts)}.`;
  }
  const { w } = plan.given;
  const parts = meetings.map(({ o, j }) => `y[${o}] through w[${j}] = ${number(w[j])}`);
  return `${name} reaches ${list(parts)}.`;
}

/** What one upstream gradient adds to dx, one product for each entry of its window. */
function sends(plan, index) {
  const value = plan.given.dy[index];
  const parts = meetingsOf(plan, "dy", index).map(({ i, j }) => {
    const sent = `${number(value)}·${factor(plan.given.w[j])} = ${number(value * plan.given.w[j])}`;
    return isPadding(plan, "x", i) ? `${sent} to the padding (dropped)` : `${sent} to dx[${i}]`;
  });
  return `dy[${index}] = ${number(value)} sends ${list(parts)}.`;
}

function list(parts) {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
