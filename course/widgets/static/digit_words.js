// What a number of lesson 13's network is made of, in words and numbers.

import { percent } from "./cell_grid.js";
import { LEVELS, NETWORK, placeIn, readsBefore, sharesOf, windowOn } from "./digit_network.js";
import { factor, make, number } from "./shared.js";

const SAID = 2; // products of a logit that are named

/** A number with at most two decimals. */
export function short(value) {
  return number(Math.round(100 * value) / 100);
}

/** A number's name: x[1, 2], a1[3][1, 2] or p[4]. */
export function placeName({ row, index }, layers) {
  if (row === "p") return `p[${index}]`;
  const [map, ...at] = placeIn(layers[row].side, index);
  return row === "x" ? `x[${at.join(", ")}]` : `${row}[${map}][${at.join(", ")}]`;
}

/** The nodes that explain `place`; `channel`: the map that a convolution's window is shown on. */
export function explain(place, { params, layers, image, channel }) {
  const name = placeName(place, layers);
  if (place.row === "x") return pixelWords(name, image.flat()[place.index]);
  if (place.row === "p") return oddsWords(place.index, params, layers);
  const value = layers[place.row].values[place.index];
  const words = place.row === "a3" ? pooledWords : sumWords;
  return [
    ...words(name, place, { params, layers, value, channel }),
    make("p", {}, fieldWords(place, layers)),
  ];
}

function pixelWords(name, ink) {
  return [
    make("p", {}, name, " = ", total(ink), ": so many of the 16 pixels of its block are black."),
    make("p", {}, `The network gets ${number(ink)}/16 = ${short(ink / 16)}.`),
  ];
}

function sumWords(name, place, { params, layers, value, channel }) {
  const level = LEVELS.indexOf(place.row);
  const [filter] = placeIn(layers[place.row].side, place.index);
  const bias = params[`b${level}`][filter];
  const sums = sharesOf(params, layers, place);
  const z = sums.reduce((sum, one) => sum + one, bias);
  const head = make("p", {}, name, " = max(0, z) = ", total(short(value)));
  if (level === 1) {
    const taps = windowOn(params, layers, place, 0).filter(({ inside }) => inside);
    const products = taps.map((tap) => `${short(tap.value)}·${bracketed(tap.weight)}`);
    const words = `z = ${products.join(" + ")} + bias ${bracketed(bias)} = ${short(z)}`;
    return [head, make("p", {}, words)];
  }
  const parts = `z = bias ${short(bias)}${signed(sums)} = ${short(z)}, `;
  const rest = `a sum for each map of a1; map ${channel} adds ${short(sums[channel])}.`;
  return [head, make("p", {}, parts + rest)];
}

function pooledWords(name, place, { layers, value }) {
  const met = pooledFrom(place, layers).map((at) => short(layers.a2.values[at]));
  const [filter] = placeIn(layers.a3.side, place.index);
  const words = `, the largest of 2 by 2 numbers of a2[${filter}].`;
  return [make("p", {}, `${name} = max(${met.join(", ")}) = `, total(short(value)), words)];
}

/** The four places of a2 that a pooled number is the largest of. */
export function pooledFrom(place, layers) {
  const { side } = layers.a2;
  const [map] = placeIn(layers.a3.side, place.index);
  const [rows, columns] = readsBefore(place, layers.a3.side).a2;
  return rows.flatMap((row) => columns.map((column) => (map * side + row) * side + column));
}

function oddsWords(digit, params, layers) {
  const { values } = layers.a3;
  const products = Array.from(values, (value, at) => value * params.w3[digit * values.length + at]);
  const order = [...products.keys()].sort((a, b) => products[b] - products[a]);
  const named = (places) => {
    return places.map((at) => `${short(products[at])} from ${placeName({ row: "a3", index: at }, layers)}`);
  };
  const most = named(order.slice(0, SAID)).join(" and ");
  const least = named(order.slice(-1)).join();
  const z = `z[${digit}] = ${short(layers.logits[digit])}`;
  return [
    make("p", {}, `p[${digit}] = exp(z[${digit}]) / Σ exp(z) = `, total(percent(layers.p[digit]))),
    make("p", {}, `${z} = bias ${short(params.b3[digit])} + ${values.length} products with a3.`),
    make("p", {}, `Most for it: ${most}. Most against it: ${least}.`),
  ];
}

/** The pixels that a number sees, as lesson 12 counts them. */
function fieldWords(place, layers) {
  const { size } = NETWORK.rows[LEVELS.indexOf(place.row)];
  const field = readsBefore(place, layers[place.row].side).x;
  const [rows, columns] = field.map(([first, last]) => `${number(first)} to ${number(last)}`);
  const padding = field.flat().some((at) => at < 0 || at > 7) ? ", padding among them" : "";
  return `It sees ${size} by ${size} pixels of x${padding}: rows ${rows}, columns ${columns}.`;
}

function signed(values) {
  const tenths = values.map((value) => Math.round(10 * value) / 10);
  return tenths.map((value) => ` ${value < 0 ? "\u2212" : "+"} ${number(Math.abs(value))}`).join("");
}

function bracketed(value) {
  return factor(Math.round(100 * value) / 100);
}

function total(text) {
  return make("b", { class: "total" }, text);
}
