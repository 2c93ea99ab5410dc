// What one number of a layer is made of, in numbers: its map, its kernel, its window.

import { LEVELS, placeIn, windowOn } from "./digit_network.js";
import { pooledFrom, short } from "./digit_words.js";
import { Maps } from "./map_grid.js";
import { make } from "./shared.js";
import { Sheet } from "./sheet.js";

const NUMBER = 3.25; // em, width of a number with two decimals
const SIDES = { map: 4, kernel: 3, window: 3 }; // until a place is shown

export class NumberParts {
  /** `handlers(name)` gives those of a sheet, "map", "kernel" or "window", and of the grid "w2". */
  constructor(handlers) {
    this.sheets = {};
    for (const [name, side] of Object.entries(SIDES)) {
      this.sheets[name] = new Sheet(name, `${name} in numbers`, handlers(name));
      this.lay(name, side);
    }
    this.kernels = new Maps("w2", "kernels of this filter", handlers("w2"));
    const sheets = Object.values(this.sheets).map(({ element }) => element);
    this.row = make("div", { class: "parts" }, ...sheets);
  }

  /** What there is to show of a place: the sheets, and of a2 a kernel for each map of a1. */
  elementsFor({ row }) {
    return row === "a2" ? [this.row, this.kernels.element] : [this.row];
  }

  lay(name, side) {
    const blank = () => "";
    const heads = { head: 0.2, rowHead: blank, columnHead: blank };
    const index = (row, column) => side * row + column;
    const layout = { down: 1, across: 1, height: side, width: side, index, ...heads };
    this.sheets[name].lay(layout, NUMBER);
    this.sheets[name].fill((at) => ({ text: "", name: `${name} ${at}`, share: null, classes: "" }));
  }

  /**
   * Show a place of a1, a2 or a3. `full` has each layer's full colour and those of its weights;
   * `channel` is the map before it whose window is shown, `chosen` that of the one kept, or null.
   */
  show(place, { params, layers, full, channel, chosen, dark }) {
    const { row, index } = place;
    const level = LEVELS.indexOf(row);
    const { side, values } = layers[row];
    const [filter] = placeIn(side, index);
    const first = filter * side * side;
    const own = Array.from(values.subarray(first, first + side * side));
    this.fill(["map", `${row}[${filter}]`, own, full[row]], dark, [index - first]);
    this.sheets.kernel.element.hidden = row === "a3";
    if (row === "a3") {
      const met = pooledFrom(place, layers).map((at) => layers.a2.values[at]);
      const most = met.indexOf(Math.max(...met));
      return this.fill(["window", `from a2[${filter}]`, met, full.a2], dark, [most]);
    }
    const taps = windowOn(params, layers, place, channel);
    const [weights, met] = ["weight", "value"].map((part) => taps.map((tap) => tap[part]));
    const marked = place.tap === undefined ? [] : [place.tap];
    const isFirst = row === "a1";
    const name = isFirst ? `w1[${filter}]` : `w2[${filter}, ${channel}]`;
    const from = isFirst ? "from x" : `from a1[${channel}]`;
    this.fill(["kernel", name, weights, full.w[level]], dark, marked);
    const padding = (at) => (taps[at].inside ? "" : "padding");
    this.fill(["window", from, met, full[LEVELS[level - 1]]], dark, marked, padding);
    if (isFirst) return;
    const size = 9 * layers.a1.maps;
    const all = params.w2.subarray(filter * size, (filter + 1) * size);
    const words = " a kernel for each map of a1";
    this.kernels.title.replaceChildren(make("b", {}, `w2[${filter}]`), words);
    this.kernels.paint(all, full.w[2], dark);
    this.kernels.mark(chosen, channel);
  }

  fill([name, title, values, most], dark, marked, classes = () => "") {
    const sheet = this.sheets[name];
    const side = Math.sqrt(values.length);
    if (sheet.layout.width !== side) this.lay(name, side);
    sheet.title.replaceChildren(make("b", {}, title));
    sheet.fill((at) => {
      const text = short(values[at]);
      const label = `${title} [${Math.floor(at / side)}, ${at % side}], ${text}`;
      return { text, name: label, share: values[at] / most, classes: classes(at) };
    }, dark);
    sheet.mark(new Map(marked.map((at) => [at, { classes: "shown" }])));
  }
}
