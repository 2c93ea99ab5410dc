// Draw a digit: strokes become a picture of 8 by 8, which goes through lesson 13's network.
// ink.js has the reduction, digit_network.js the network, pad.js the drawing, cell_grid.js the maps
// and probabilities, digit_words.js the words. TEST_DIGITS and STYLE are put in from Python.

import { Maps, Odds, percent } from "./cell_grid.js";
import { choice } from "./controls.js";
import {
  brightest, LEVELS, NETWORK, placeIn, readsBefore, run, sharesOf, unpack, windowOn,
} from "./digit_network.js";
import { explain, pooledFrom, short } from "./digit_words.js";
import { alike, Figure, largest } from "./figure.js";
import { BLOCK, bitmapOf, countsOf, moveBack, PAD } from "./ink.js";
import { Pad } from "./pad.js";
import { widgetOf } from "./page.js";
import { make, number } from "./shared.js";
import { Sheet, within } from "./sheet.js";
import { lengthRule } from "./sliding.js";

const HINT = "Draw a digit. Point at a map, a number or a probability to see what it is made of.";
const NUMBER = 2.8; // em, width of a number with two decimals
const BLANK = Array.from({ length: 8 }, () => Array(8).fill(0));
const WALK = ["a1", "a2", "a3", "p"]; // what Step leads through
const MAPS = ["a1", "a2", "a3"];

const MEASURED = 20; // test digits whose numbers say what the full colours are
const RARE = 0.02; // of the numbers above 0 are larger than that

/** A digit of the test set as 8 rows of 8. */
function testImage(at) {
  const inks = Array.from(TEST_DIGITS.ink[at], (letter) => parseInt(letter, 17));
  return BLANK.map((_, row) => inks.slice(8 * row, 8 * row + 8));
}

class DrawDigit extends Figure {
  get label() {
    return "Draw a digit";
  }

  get observed() {
    return ["network", "image", "fit", "scale", "selection"];
  }

  controls() {
    const places = { data: "Centred as the data", drawn: "As drawn" };
    this.fit = choice("Place", places, (value) => this.set({ fit: value === "data" }));
    this.test = make("button", { type: "button", id: "set-test" }, "Show a test digit");
    this.test.addEventListener("click", () => this.showTest());
    return { fit: this.fit.element, test: this.test };
  }

  picture() {
    this.pad = new Pad({
      onInk: () => this.inked(),
      onLift: () => this.model.save_changes(),
      onClear: () => this.set({ image: BLANK }),
      onLeave: () => this.panel.leave(),
    });
    this.note = make("p", { class: "title" });
    const clear = make("button", { type: "button" }, "Clear");
    clear.addEventListener("click", () => this.set({ image: BLANK }));
    this.said = make("p", { class: "said" });
    const under = make("div", { class: "bar under" }, clear, this.said);
    const drawing = make("section", { class: "drawing" }, this.note, this.pad.element, under);

    this.bits = make("canvas", { width: PAD, height: PAD });
    this.block = make("i", { class: "window" });
    const bits = make("div", { class: "bits", "aria-hidden": "true" }, this.bits, this.block);
    this.bitsTitle = make("p", { class: "title" });
    const bitmap = make("section", { class: "bitmap" }, this.bitsTitle, bits);

    this.x = new Sheet("x", "picture x", this.handlers("x"));
    this.x.title.replaceChildren(make("b", {}, "x"), " black pixels of 4 by 4");
    this.p = new Odds("p", "probabilities p", this.handlers("p"));
    this.p.title.replaceChildren(make("b", {}, "p"), " probabilities");
    this.maps = Object.fromEntries(MAPS.map((name) => {
      return [name, new Maps(name, `maps ${name}`, this.mapHandlers(name))];
    }));
    this.kernels = new Maps("w2", "kernels of this filter", {
      onMove: (at) => this.keep({ ...this.pin, channel: at }),
      onPick: (at) => (at === null ? this.pick(null) : this.keep({ ...this.pin, channel: at })),
    });
    this.numbers = Object.fromEntries(["map", "kernel", "window"].map((name) => {
      return [name, new Sheet(name, `${name} in numbers`, this.partHandlers(name))];
    }));
    const sheets = Object.values(this.numbers).map(({ element }) => element);
    this.parted = make("div", { class: "parts" }, ...sheets);
    this.details = make("div", { class: "details" });
    this.inside = make("section", { class: "inside" }, this.details);
    const above = [drawing, bitmap, this.x.element, this.p.element];
    const below = [...MAPS.map((name) => this.maps[name].element), this.inside];
    return make(
      "div",
      { class: "flow" },
      ...[above, below].map((row) => make("div", { class: "flow-row" }, ...row)),
    );
  }

  build() {
    super.build();
    this.inside.prepend(this.words);
    this.showDetails([this.rule]);
    const square = { index: (row, column) => 8 * row + column, rowHead: number, columnHead: number };
    this.x.lay({ down: 1, across: 1, height: 8, width: 8, ...square }, 2.15);
    for (const [name, side] of [["map", 4], ["kernel", 3], ["window", 3]]) this.layPart(name, side);
    const rules = MAPS.map((name, at) => {
      const { kernel: k, stride, dilation, length } = NETWORK.rows[at + 1];
      const { length: n, padding } = NETWORK.rows[at];
      return make("span", {}, `${name}, rows and columns: ${lengthRule({ n, k, stride, padding, dilation, length })}`);
    });
    this.rule.replaceChildren(...rules);
  }

  /** What a grid of maps calls: a map stands for its largest number, a click for what it meets. */
  mapHandlers(row) {
    const best = (map) => ({ row, index: brightest(this.layers[row], map) });
    return {
      onMove: (map) => this.move(best(map)),
      onPick: (map, index) => {
        if (map === null) this.pick(null);
        else this.pick(index === undefined ? best(map) : { row, index });
      },
    };
  }

  /** What the sheets call that show one number's map, kernel and window. */
  partHandlers(row) {
    const under = (index) => this.placeUnder({ row, index });
    const point = (index) => {
      this.hover = under(index);
      this.draw();
    };
    return {
      onMove: (index) => (row === "map" ? this.move(under(index)) : point(index)),
      onPick: (index) => {
        if (index === null || row === "map") this.pick(index === null ? null : under(index));
        else point(index);
      },
    };
  }

  placeUnder({ row, index }) {
    const kept = this.pin ?? this.hover;
    if (row === "w2") return { ...kept, channel: Math.floor(index / 9) };
    if (row === "kernel" || row === "window") return { ...kept, tap: index };
    if (row !== "map") return { row, index };
    const { side } = this.layers[kept.row];
    return { row: kept.row, index: placeIn(side, kept.index)[0] * side * side + index };
  }

  steps() {
    return WALK.length;
  }

  stepOf({ row }) {
    return WALK.indexOf(row);
  }

  /** The largest number of a layer. */
  stepAt(step) {
    const row = WALK[step];
    const layer = this.layers[row];
    return { row, index: row === "p" ? layer.indexOf(Math.max(...layer)) : brightest(layer) };
  }

  selectionOf({ row, index }) {
    if (row === "p") return ["p", index];
    const place = placeIn(this.layers[row].side, index);
    return [row, ...(row === "x" ? place.slice(1) : place)];
  }

  placeOf([row, ...at]) {
    if (row === "p") return { row, index: at[0] };
    const { side, maps } = this.layers[row];
    const [map, i, j] = row === "x" ? [0, ...at] : at;
    return { row, index: (within(map, maps) * side + within(i, side)) * side + within(j, side) };
  }

  showTest() {
    const next = (this.testAt() + 1) % TEST_DIGITS.ink.length;
    this.set({ image: testImage(next) });
  }

  /** Which digit of the test set is shown, or -1. */
  testAt() {
    const ink = this.image.flat().map((value) => value.toString(17)).join("");
    return TEST_DIGITS.ink.indexOf(ink);
  }

  /** Take a longer drawing over. */
  inked() {
    this.made = bitmapOf(this.pad.strokes, this.model.get("fit"));
    this.image = countsOf(this.made.bits);
    this.pending = true; // the figure knows already
    this.model.set("image", this.image);
    this.pending = false;
    this.refresh();
  }

  /** Take over the model's state. */
  refresh() {
    if (this.pending) return;
    const state = this.state();
    this.plan = { problem: "" };
    this.enlarge(state.scale);
    if (state.network !== this.packed) this.takeNetwork(state.network);
    if (state.fit !== this.fitted) {
      this.fitted = state.fit;
      this.fit.set(state.fit ? "data" : "drawn");
      if (this.pad.strokes.length > 0) return this.inked();
    }
    // A picture that is not the drawing's comes from Python or from the test set.
    const image = Number.isInteger(state.image) ? testImage(state.image) : state.image;
    if (!alike(image, this.image)) {
      this.pad.clear();
      this.made = null;
      this.image = image;
    }
    this.layers = run(this.params, this.image);
    this.takeSelection(state.selection ?? null);
    this.draw();
  }

  takeNetwork(packed) {
    this.packed = packed;
    this.params = unpack(packed);
    const runs = Array.from({ length: MEASURED }, (_, at) => run(this.params, testImage(at)));
    const full = (name) => mostOf(runs.flatMap((layers) => [...layers[name].values]));
    this.full = Object.fromEntries(MAPS.map((name) => [name, full(name)]));
    this.full.x = 1;
    this.full.w = { 1: largest(this.params.w1), 2: largest(this.params.w2) };
    this.layers = runs[0];
    for (const [name, grid] of Object.entries(this.maps)) {
      const { maps, side } = this.layers[name];
      grid.lay(maps, side, `${name}, map`, name === "a3");
      grid.title.replaceChildren(make("b", {}, name), ` ${maps} ${name === "a3" ? "maps, pooled" : "maps"}`);
    }
    this.kernels.lay(this.layers.a1.maps, 3, "Kernel for map");
  }

  takeSelection(selection) {
    if (selection === null) this.pin = null;
    else if (!this.pin || !alike(this.selectionOf(this.pin), selection)) this.pin = this.placeOf(selection);
  }

  /** Draw what is under the pointer, else what is kept. */
  draw() {
    this.player.show();
    const dark = this.panel.isDark();
    if (this.layers !== this.painted || dark !== this.dark) this.paint(dark);
    Object.assign(this, { painted: this.layers, dark });
    const place = this.shownPlace;
    this.markPlaces(place);
    this.drawParts(place, dark);
    const channel = place && this.channelOf(place);
    const given = { params: this.params, layers: this.layers, image: this.image, channel };
    this.words.replaceChildren(...(place ? explain(place, given) : this.answer()));
  }

  /** Paint every layer's numbers. */
  paint(dark) {
    const { layers, image } = this;
    this.x.fill((at) => {
      const ink = image[Math.floor(at / 8)][at % 8];
      const name = `x[${Math.floor(at / 8)}, ${at % 8}], ${ink}`;
      return { text: number(ink), name, share: ink / 16, classes: "" };
    }, dark);
    for (const [name, grid] of Object.entries(this.maps)) {
      grid.paint(layers[name].values, this.full[name], dark, coarse);
    }
    this.p.paint(layers.p);
    this.paintBits(dark);
    const said = layers.p.indexOf(Math.max(...layers.p));
    this.said.replaceChildren(...(this.isBlank() ? [] : ["It says ", make("b", {}, said)]));
    this.bitsTitle.textContent = this.made || this.isBlank() ? "bitmap, 32 by 32" : "the data keep counts";
    const at = this.testAt();
    const label = at >= 0 && `test digit ${at}: it is ${TEST_DIGITS.labels[at]}`;
    this.note.textContent = label || (this.pad.strokes.length > 0 ? "your drawing" : "drawing");
    const full = { ...Object.fromEntries(MAPS.map((name) => [name, this.full[name]])), x: 16 };
    const weights = { w1: this.full.w[1], w2: this.full.w[2] };
    const rounded = Object.entries({ ...full, ...weights }).map(([one, most]) => [one, Math.round(10 * most) / 10]);
    this.showColours(Object.fromEntries(rounded));
  }

  isBlank() {
    return this.image.flat().every((ink) => ink === 0);
  }

  /** The bitmap; of a digit of the data only the counts are known. */
  paintBits(dark) {
    const brush = this.bits.getContext("2d");
    const pixels = brush.createImageData(PAD, PAD);
    for (let at = 0; at < PAD * PAD; at++) {
      const [row, column] = [Math.floor(at / PAD), at % PAD];
      const count = this.image[Math.floor(row / BLOCK)][Math.floor(column / BLOCK)];
      const share = this.made ? this.made.bits[at] : count / 16;
      const grey = Math.round(dark ? 20 + 210 * share : 255 - 225 * share);
      pixels.data.set([grey, grey, grey, 255], 4 * at);
    }
    brush.putImageData(pixels, 0, 0);
  }

  /** What the network says to the picture. */
  answer() {
    const { p } = this.layers;
    if (this.isBlank()) return [make("p", {}, HINT)];
    const [first, second] = [...p.keys()].sort((a, b) => p[b] - p[a]);
    const at = this.testAt();
    const truth = at < 0 ? "" : `The data say ${TEST_DIGITS.labels[at]}. `;
    const words = `, ${percent(p[first])}; next ${second}, ${percent(p[second])}. `;
    return [
      make("p", {}, truth, "The network says ", make("b", { class: "total" }, first), words),
      make("p", {}, "Point at a map, a number or a probability to see what it is made of."),
    ];
  }

  /** Mark the place that is kept and the one that is shown, and frame what it reads. */
  markPlaces(place) {
    const at = (one, row) => (one?.row === row ? one.index : null);
    for (const [name, grid] of Object.entries(this.maps)) {
      grid.point(at(this.pin, name), at(place, name));
    }
    this.p.mark(at(this.pin, "p"), at(place, "p"));
    const marks = new Map();
    if (at(place, "x") !== null) marks.set(place.index, { classes: "shown" });
    if (at(this.pin, "x") !== null) {
      marks.set(this.pin.index, { classes: `${marks.get(this.pin.index)?.classes ?? ""} pinned` });
    }
    this.x.mark(marks);
    const isLayer = place !== null && place.row !== "p";
    const reads = isLayer ? readsBefore(place, this.layers[place.row].side) : {};
    const [filter] = isLayer ? placeIn(this.layers[place.row].side, place.index) : [null];
    this.maps.a1.frame((place?.row !== "a1" && reads.a1) || null);
    this.maps.a2.frame((place?.row === "a3" && reads.a2) || null, filter);
    const field = reads.x?.map(([first, last]) => [within(first, 8), within(last, 8)]) ?? null;
    this.x.frame(field && place.row !== "x" ? [rangeOf(field)] : []);
    this.frameDrawing(field);
  }

  /** Show on the bitmap and on the drawing which pixels of x, [rows, columns], are seen. */
  frameDrawing(field) {
    this.block.hidden = field === null;
    if (field === null) return this.pad.show(this.image, null);
    const [top, left] = field.map(([first]) => first * BLOCK);
    const [bottom, right] = field.map(([, last]) => (last + 1) * BLOCK);
    const box = { top, left, height: bottom - top, width: right - left };
    for (const [name, value] of Object.entries(box)) {
      this.block.style[name] = `${(100 * value) / PAD}%`;
    }
    const corners = [[left, top], [right, bottom]];
    const back = this.made ? corners.map((one) => moveBack(one, this.made.place)) : corners;
    this.pad.show(this.image, back);
  }

  /** Which map before it a number's kernel and window are shown for: the one that adds most. */
  channelOf(place) {
    if (place.row === "a1") return 0;
    if (place.row !== "a2") return null;
    const kept = this.pin?.row === "a2" && this.pin.index === place.index ? this.pin : null;
    const sizes = sharesOf(this.params, this.layers, place).map(Math.abs);
    return place.channel ?? kept?.channel ?? sizes.indexOf(Math.max(...sizes));
  }

  /** Show a number's map, its kernel and its window in numbers. */
  drawParts(place, dark) {
    const given = place?.row === "a2" ? [this.parted, this.kernels.element] : [this.parted];
    this.showDetails(MAPS.includes(place?.row) ? given : [this.rule]);
    if (!MAPS.includes(place?.row)) return;
    const { row, index } = place;
    const level = LEVELS.indexOf(row);
    const before = LEVELS[level - 1];
    const { side, values } = this.layers[row];
    const [filter] = placeIn(side, index);
    const channel = this.channelOf(place);
    const first = filter * side * side;
    const own = Array.from(values.subarray(first, first + side * side));
    this.drawPart("map", `${row}[${filter}]`, own, this.full[row], dark, [index - first]);
    this.numbers.kernel.element.hidden = row === "a3";
    if (row === "a3") {
      const met = pooledFrom(place, this.layers).map((at) => this.layers.a2.values[at]);
      const most = met.indexOf(Math.max(...met));
      return this.drawPart("window", `from a2[${filter}]`, met, this.full.a2, dark, [most]);
    }
    const taps = windowOn(this.params, this.layers, place, channel);
    const weights = taps.map(({ weight }) => weight);
    const met = taps.map(({ value }) => value);
    const marked = place.tap === undefined ? [] : [place.tap];
    const padding = (at) => (taps[at].inside ? "" : "padding");
    const names = row === "a1" ? [`w1[${filter}]`, "from x"] : [`w2[${filter}, ${channel}]`, `from a1[${channel}]`];
    this.drawPart("kernel", names[0], weights, this.full.w[level], dark, marked);
    this.drawPart("window", names[1], met, this.full[before], dark, marked, padding);
    if (row === "a2") this.drawKernels(filter, channel, dark);
  }

  /** What is not shown is not there: nobody can Tab to it. */
  showDetails(parts) {
    if (parts.length === this.shownParts?.length && parts[0] === this.shownParts[0]) return;
    this.shownParts = parts;
    const hadFocus = this.details.contains(this.panel.root.activeElement);
    this.details.replaceChildren(...parts);
    if (hadFocus) this.pad.element.focus({ preventScroll: true });
  }

  drawKernels(filter, channel, dark) {
    const size = 9 * this.layers.a1.maps;
    const weights = this.params.w2.subarray(filter * size, (filter + 1) * size);
    this.kernels.title.replaceChildren(make("b", {}, `w2[${filter}]`), " a kernel for each map of a1");
    this.kernels.paint(weights, this.full.w[2], dark);
    this.kernels.mark(this.pin?.channel ?? null, channel);
  }

  layPart(name, side) {
    const blank = () => "";
    const heads = { head: 0.2, rowHead: blank, columnHead: blank };
    const index = (row, column) => side * row + column;
    this.numbers[name].lay({ down: 1, across: 1, height: side, width: side, index, ...heads }, NUMBER);
    this.numbers[name].fill((at) => ({ text: "", name: `${name} ${at}`, share: null, classes: "" }));
  }

  drawPart(name, title, values, full, dark, marked, classes = () => "") {
    const sheet = this.numbers[name];
    const side = Math.sqrt(values.length);
    if (sheet.layout.width !== side) this.layPart(name, side);
    sheet.title.replaceChildren(make("b", {}, title));
    sheet.fill((at) => {
      const text = short(values[at]);
      return { text, name: `${title} [${Math.floor(at / side)}, ${at % side}], ${text}`, share: values[at] / full, classes: classes(at) };
    }, dark);
    sheet.mark(new Map(marked.map((at) => [at, { classes: "shown" }])));
  }
}

/** A size that few of the numbers above 0 exceed. */
function mostOf(values) {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  return sorted[Math.floor((1 - RARE) * sorted.length)] ?? 1;
}

/** A number of three signs at most. */
function coarse(value) {
  return value < 10 ? number(Math.round(10 * value) / 10) : number(Math.round(value));
}

/** The corners of [rows, columns] as indices of x. */
function rangeOf([rows, columns]) {
  return { from: 8 * rows[0] + columns[0], to: 8 * rows[1] + columns[1] };
}

function render({ model, el }) {
  const figure = new DrawDigit(model, el);
  return () => figure.close();
}

export default widgetOf(render);
