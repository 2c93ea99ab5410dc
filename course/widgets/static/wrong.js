// Entries of a result that an answer got wrong: marked in their cells, and told in words.

import { make, writeText } from "./shared.js";
import { sentence } from "./sums.js";

export class Wrong {
  /** `list` holds [row, index of the cell, the answer's value, the expected one], or is undefined. */
  constructor(list) {
    this.isCase = list !== undefined; // the figure shows a case that an answer was tried on
    this.list = list ?? [];
    this.entries = new Map(this.list.map(([row, index, ...texts]) => [`${row} ${index}`, texts]));
  }

  /** The place of the first wrong entry, or null. */
  get first() {
    if (this.list.length === 0) return null;
    const [[row, index]] = this.list;
    return { row, index };
  }

  /** The wrong values of a row. */
  textsOf(row) {
    return this.list.filter(([name]) => name === row).map(([, , computed]) => computed);
  }

  /** What a cell shows, and the wrong value in it. */
  mark(row, index, look) {
    const found = this.entries.get(`${row} ${index}`);
    if (!found) return look;
    const name = `${look.name}, your value is ${found[0]}`;
    return { ...look, name, wrong: found[0], classes: `${look.classes} wrong` };
  }

  /** What is to be said of a place; where there is none, of all wrong entries and their look. */
  words(place, look = "yours is struck out above the expected one") {
    const found = place && this.entries.get(`${place.row} ${place.index}`);
    if (found) {
      const [computed, expected] = found;
      return [make("p", {}, `Your value is ${computed}, expected `, make("b", {}, expected), ".")];
    }
    const count = this.list.length;
    if (place || count === 0) return [];
    const values = count === 1 ? "1 value is" : `${count} values are`;
    return sentence(`${values} wrong: ${look}.`);
  }
}

/** Write a cell's text; a wrong value stands above it, struck out. */
export function writeCell(td, text, wrong) {
  if (wrong === undefined) writeText(td, text);
  else td.replaceChildren(make("s", {}, wrong), make("span", {}, text));
}
