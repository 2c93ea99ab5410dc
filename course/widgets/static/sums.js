// A sum in numbers: by name, by value, its products and their total.

import { equals, factor, make, number } from "./shared.js";

const NAMED = 12; // more terms than this are shown by value only, the total before them
const MULTIPLIED = 40; // of more terms than this only the factors are shown, not the products

/**
 * The lines of a sum. A term is { a, b } of factors { name, value, padding }, or { a } alone.
 */
export function sumLines(name, terms) {
  const total = terms.reduce((sum, term) => sum + productOf(term), 0);
  const result = make("b", { class: "total" }, number(total));
  const long = terms.length > NAMED;
  const hasFactors = terms.some(({ b }) => b);
  const lines = [];
  if (long) lines.push([equals(total), [result, `, the sum of ${terms.length} terms`]]);
  else lines.push(["=", joined(terms, nameOf)]);
  if (hasFactors) lines.push(["=", joined(terms, valueOfTerm)]);
  if (terms.length < 2) lines.push([equals(total), [result]]);
  else if (!long) lines.push(["=", [...products(terms), ` ${equals(total)} `, result]]);
  else if (!hasFactors || terms.length <= MULTIPLIED) lines.push(["=", products(terms)]);
  return lines.map(([sign, right], at) => {
    const left = make("span", { style: `min-width: ${0.53 * name.length}em` }, at ? "" : name);
    return make("p", { class: "line" }, left, make("i", {}, ` ${sign} `), make("span", {}, ...right));
  });
}

function productOf({ a, b }) {
  return b ? a.value * b.value : a.value;
}

function nameOf({ a, b }) {
  return b ? `${named(a)}·${named(b)}` : a.name;
}

/** A factor by name; in the padding it has none, it is the number 0. */
function named({ name, padding }) {
  return padding ? "0" : name;
}

function valueOfTerm({ a, b }) {
  return b ? `${factor(a.value)}·${factor(b.value)}` : factor(a.value);
}

/**
 * The terms with signs between them: each of a short sum in a span, of a long one those in a row
 * that have padding, for one long text is laid out sooner than many short ones.
 */
function joined(terms, text) {
  const isPadding = ({ a, b }) => Boolean(a.padding || b?.padding);
  const parts = []; // { padding, texts }
  for (const term of terms) {
    const padding = isPadding(term);
    if (terms.length > NAMED && parts.at(-1)?.padding === padding) parts.at(-1).texts.push(text(term));
    else parts.push({ padding, texts: [text(term)] });
  }
  return parts.flatMap(({ padding, texts }, at) => {
    const words = texts.join(" + ");
    const classes = [terms.length > NAMED ? "" : "term", padding && "padded"].filter(Boolean);
    const part = classes.length > 0 ? make("span", { class: classes.join(" ") }, words) : words;
    return at > 0 ? [" + ", part] : [part];
  });
}

/** What is added: with its sign, and a negative one has its own. */
export function added(value) {
  return value < 0 ? number(value) : `+${number(value)}`;
}

function products(terms) {
  const texts = terms.map((term, at) => {
    const value = productOf(term);
    if (at === 0) return number(value);
    return `${value < 0 ? "\u2212" : "+"} ${number(Math.abs(value))}`;
  });
  return [texts.join(" ")];
}

/** Words in a row: "a, b and c". Past `most` the rest is counted. */
export function wordList(parts, most = 12) {
  if (parts.length > most) {
    return `${parts.slice(0, most).join(", ")} and ${parts.length - most} more`;
  }
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

/** One sentence of the words line. */
export function sentence(text) {
  return [make("p", {}, text)];
}
