// Draw a digit: strokes become a picture of 8 by 8, which goes through lesson 13's network.
// This file holds what the learner does to the figure; ink.js has the reduction, digit_network.js
// the network, drawing.js the pad, cell_grid.js the maps and probabilities, number_parts.js and
// digit_words.js what a number is made of. TEST_DIGITS, STYLE and BUNDLED, how the numbers of the
// course's own network begin, are put in from Python.

import { Maps, Odds, percent } from "./cell_grid.js";
import { choice } from "./controls.js";
import { brightest, NETWORK, placeIn, readsBefore, run, sharesOf, unpack } from "./digit_network.js";
import { explain } from "./digit_words.js";
import { BLANK, Drawing } from "./drawing.js";
import { alike, Figure, largest } from "./figure.js";
import { bitmapOf, countsOf } from "./ink.js";
import { Maps } from "./map_grid.js";
import { NumberParts } from "./number_parts.js";
import { widgetOf } from "./page.js";
import { make, number } from "./shared.js";
import { Sheet, within } from "./sheet.js";
import { lengthRule } from "./sliding.js";
import { sentence } from "./sums.js";

const HINT = "Point at a map, a number or a probability to see what it is made of.";
const MAPS = ["a1", "a2", "a3"];
const WALK = [...MAPS, "p"]; // what Step leads through
const NUMBERED = 32; // maps of a3; the numbers of more would take longer to write than a frame lasts
const MEASURED = 20; // test digits whose numbers say what the full colours are
const RARE = 0.02; // of the numbers above 0 are larger than that

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
    const test = make("button", { type: "button", id: "set-test" }, "Show a test digit");
    test.addEventListener("click", () => {
      this.set({ image: testImage((this.testAt() + 1) % TEST_DIGITS.ink.length) });
    });
    return { fit: this.fit.element, test };
  }

  picture() {
    this.own = new Set(); // pictures of this page that the kernel may not know yet
    this.drawing = new Drawing({
      onInk: () => this.inked(),
      onLift: () => this.model.save_changes(),
      onClear: () => this.set({ image: BLANK }),
      onLeave: () => this.panel.leave(),
    });
    this.x = new Sheet("x", "picture x", this.handlers("x"));
    this.x.title.replaceChildren(make("b", {}, "x"), " black pixels of 4 by 4");
    const index = (row, column) => 8 * row + column;
    const square = { down: 1, across: 1, height: 8, width: 8 };
    this.x.lay({ ...square, index, rowHead: number, columnHead: number }, 2.15);
    this.p = new Odds("p", "probabilities p", this.handlers("p"));
    this.p.title.replaceChildren(make("b", {}, "p"), " probabilities");
    const grids = MAPS.map((name) => new Maps(name, `maps ${name}`, this.mapHandlers(name)));
    this.maps = Object.fromEntries(MAPS.map((name, at) => [name, grids[at]]));
    this.numbers = new NumberParts((name) => this.partHandlers(name));
    this.details = make("div", { class: "details" });
    this.inside = make("section", { class: "inside" }, this.details);
    const above = [...this.drawing.elements, this.x.element, this.p.element];
    const below = [...grids.map(({ element }) => element), this.inside];
    const rows = [above, below].map((row) => make("div", { class: "flow-row" }, ...row));
    return make("div", { class: "flow" }, ...rows);
  }

  build() {
    super.build();
    this.inside.prepend(this.words);
    // One line above the layers and one below: a low window shows the whole figure.
    const bar = make("div", { class: "bar" });
    this.settings.replaceWith(bar);
    bar.append(this.settings, this.player.element);
    this.how.parentElement.append(this.legend);
    const rules = MAPS.map((name, at) => {
      const { kernel: k, stride, dilation, length } = NETWORK.rows[at + 1];
      const { length: n, padding } = NETWORK.rows[at];
      const rule = lengthRule({ n, k, stride, padding, dilation, length });
      return make("span", {}, `${name}, rows and columns: ${rule}`);
    });
    this.rule.replaceChildren(...rules);
    this.showDetails([this.rule]);
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

  /** What a number's map, kernels and window call; all but the map belong to the number shown. */
  partHandlers(row) {
    const act = (index) => {
      const place = this.placeUnder({ row, index: row === "w2" ? 9 * index : index });
      if (row === "map" || row === "w2") return this.move(place);
      this.hover = place;
      this.draw();
    };
    return { onMove: act, onPick: (index) => (index === null ? this.pick(null) : act(index)) };
  }

  /** A pixel of a map is no element: its grid finds it. */
  cellUnder(event) {
    const grids = [...Object.values(this.maps), this.numbers.kernels];
    const grid = grids.find(({ table }) => table.contains(event.target));
    return grid ? grid.cellUnder(event) : super.cellUnder(event);
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

  /** Python knows the network by another name, the course's own by none, test digits by number. */
  inPython() {
    const { network, image, ...rest } = super.inPython();
    const at = this.testAt();
    return {
      ...(!network.numbers.startsWith(BUNDLED) && { params: network }),
      ...(image && { image: at < 0 ? image : at }),
      ...rest,
    };
  }

  /** Which digit of the test set is shown, or -1. */
  testAt() {
    const ink = this.image.flat().map((value) => value.toString(17)).join("");
    return TEST_DIGITS.ink.indexOf(ink);
  }

  isBlank() {
    return this.image.flat().every((ink) => ink === 0);
  }

  /** Take a longer drawing over. */
  inked() {
    this.made = bitmapOf(this.drawing.pad.strokes, this.model.get("fit"));
    this.image = countsOf(this.made.bits);
    this.own.add(JSON.stringify(this.image));
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
      if (this.drawing.pad.strokes.length > 0) return this.inked();
    }
    this.takeImage(state.image);
    // The kernel repeats what it has been told: the network runs for a new picture only.
    if (this.image !== this.seen) this.layers = run(this.params, this.image);
    this.seen = this.image;
    this.takeSelection(state.selection ?? null);
    this.draw();
  }

  /** Take over the model's picture. What the kernel says late of one of this page is left out. */
  takeImage(given) {
    const isNumber = Number.isInteger(given); // from this page: Python writes pictures out
    const image = isNumber ? testImage(given) : given;
    const key = JSON.stringify(image);
    if (key === JSON.stringify(this.image)) {
      if (!isNumber && given !== this.image) this.own.clear(); // the kernel has caught up
    } else if (isNumber || !this.own.has(key)) {
      this.drawing.pad.clear();
      if (!isNumber) this.own.clear();
      Object.assign(this, { image, made: null });
    }
    if (isNumber) this.own.add(key);
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
    this.seen = null;
    for (const [name, grid] of Object.entries(this.maps)) {
      const { maps, side } = this.layers[name];
      grid.lay(maps, side, `${name}, map`, name === "a3" && maps <= NUMBERED);
      const words = ` ${maps} ${name === "a3" ? "maps, pooled" : "maps"}`;
      grid.title.replaceChildren(make("b", {}, name), words);
    }
    this.numbers.kernels.lay(this.layers.a1.maps, 3, "Kernel for map");
    this.hover = this.pin = null; // the selection finds its place among fewer maps
  }

  takeSelection(selection) {
    if (selection === null) this.pin = null;
    else if (!this.pin || !alike(this.selectionOf(this.pin), selection)) {
      this.pin = this.placeOf(selection);
    }
  }

  /** Draw what is under the pointer, else what is kept. */
  draw() {
    this.player.show();
    const dark = this.panel.isDark();
    if (this.full !== this.explained || dark !== this.dark) this.explainColours();
    if (this.layers !== this.painted || dark !== this.dark) this.paint(dark);
    Object.assign(this, { explained: this.full, painted: this.layers, dark });
    const place = this.shownPlace;
    this.markPlaces(place);
    const { params, layers, full, image } = this;
    const channel = place && this.channelOf(place);
    const isNumber = MAPS.includes(place?.row);
    this.showDetails(isNumber ? this.numbers.elementsFor(place) : [this.rule]);
    if (isNumber) {
      const chosen = this.pin?.channel ?? null;
      this.numbers.show(place, { params, layers, full, channel, chosen, dark });
    }
    const words = place ? explain(place, { params, layers, image, channel }) : this.answer();
    this.words.replaceChildren(...words);
  }

  /** What is not shown is not there: nobody can Tab to it. */
  showDetails(parts) {
    if (parts.length === this.shownParts?.length && parts[0] === this.shownParts[0]) return;
    this.shownParts = parts;
    const hadFocus = this.details.contains(this.panel.root.activeElement);
    this.details.replaceChildren(...parts);
    if (hadFocus) this.drawing.pad.element.focus({ preventScroll: true });
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
    this.drawing.paint(image, this.made, dark);
    const at = this.testAt();
    const title = at < 0 ? "" : `test digit ${at}: it is ${TEST_DIGITS.labels[at]}`;
    this.drawing.name(title, this.isBlank() ? null : layers.p.indexOf(Math.max(...layers.p)));
  }

  explainColours() {
    const { w, ...full } = { ...this.full, x: 16 };
    const rounded = Object.entries({ ...full, w1: w[1], w2: w[2] });
    this.showColours(Object.fromEntries(rounded.map(([name, most]) => [name, tenths(most)])));
  }

  /** What the network says to the picture. */
  answer() {
    const { p } = this.layers;
    if (this.isBlank()) return sentence(`Draw a digit. ${HINT}`);
    const [first, second] = [...p.keys()].sort((a, b) => p[b] - p[a]);
    const at = this.testAt();
    const truth = at < 0 ? "" : `The data say ${TEST_DIGITS.labels[at]}. `;
    const words = `, ${percent(p[first])}; next ${second}, ${percent(p[second])}.`;
    const said = make("b", { class: "total" }, first);
    return [make("p", {}, truth, "The network says ", said, words), ...sentence(HINT)];
  }

  /** Mark the place that is kept and the one that is shown, and frame what it reads. */
  markPlaces(place) {
    const at = (one, row) => (one?.row === row ? one.index : null);
    for (const [name, grid] of Object.entries(this.maps)) {
      grid.point(at(this.pin, name), at(place, name));
    }
    this.p.mark(at(this.pin, "p"), at(place, "p"));
    const marks = new Map();
    for (const [one, word] of [[place, "shown"], [this.pin, "pinned"]]) {
      const cell = at(one, "x");
      if (cell !== null) marks.set(cell, { classes: `${marks.get(cell)?.classes ?? ""} ${word}` });
    }
    this.x.mark(marks);
    const side = place && this.layers[place.row].side; // p has none
    const reads = side ? readsBefore(place, side) : {};
    this.maps.a1.frame((place?.row !== "a1" && reads.a1) || null);
    const filter = side ? placeIn(side, place.index)[0] : null;
    this.maps.a2.frame((place?.row === "a3" && reads.a2) || null, filter);
    const field = reads.x?.map((ends) => ends.map((end) => within(end, 8))) ?? null;
    this.x.frame(field && place.row !== "x" ? [rangeOf(field)] : []);
    this.drawing.show(this.image, this.made, field);
  }

  /** Which map before it a number's kernel and window are shown for: the one that adds most. */
  channelOf(place) {
    if (place.row === "a1") return 0;
    if (place.row !== "a2") return null;
    const isKept = this.pin?.row === "a2" && this.pin.index === place.index;
    const sizes = sharesOf(this.params, this.layers, place).map(Math.abs);
    const most = sizes.indexOf(Math.max(...sizes));
    return place.channel ?? (isKept ? this.pin.channel : null) ?? most;
  }
}

/** A digit of the test set as 8 rows of 8. */
function testImage(at) {
  const inks = Array.from(TEST_DIGITS.ink[at], (letter) => parseInt(letter, 17));
  return BLANK.map((_, row) => inks.slice(8 * row, 8 * row + 8));
}

/** A size that few of the numbers above 0 exceed. */
function mostOf(values) {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  return sorted[Math.floor((1 - RARE) * sorted.length)] ?? 1;
}

function tenths(value) {
  return Math.round(10 * value) / 10;
}

/** A number of three signs at most. */
function coarse(value) {
  return number(value < 10 ? tenths(value) : Math.round(value));
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
