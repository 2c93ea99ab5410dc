// Receptive field: a stack of layers on one axis, and what one output sees of the input, on this
// axis or in two dimensions.
// This file holds what the learner does to the figure; fields.js has the arithmetic, stack.js and
// field_map.js the pictures, layer_table.js the settings. NETWORKS, NOTES and STYLE are put in from
// Python.

import { choice } from "./controls.js";
import { Figure, ramp } from "./figure.js";
import { FieldMap } from "./field_map.js";
import { fieldWords, pictureWords, placeName } from "./field_words.js";
import { canFold, isOutside, pathsOf, stackPlan } from "./fields.js";
import { cellAt } from "./grid.js";
import { LayerTable } from "./layer_table.js";
import { widgetOf } from "./page.js";
import { make } from "./shared.js";
import { within } from "./sheet.js";
import { Stack } from "./stack.js";
import { heat, pathWords } from "./stack_row.js";
import { sentence } from "./sums.js";

const ROOM = { "1d": 52, "2d": 37 }; // em, for rows whose cells are too fine to point at
const HINTS = {
  "1d":
    "Point at an output, in the lowest row, to see what it reads, layer by layer, up to the " +
    "input. Every cell in between can be pointed at too.",
  "2d":
    "Point at an output to see what it sees of the picture, at a pixel to see which outputs see " +
    "it. The rows of cells show the same on the axis of the columns.",
};

class ReceptiveField extends Figure {
  get label() {
    return "Receptive field";
  }

  get observed() {
    return ["layers", "n", "view", "scale", "selection"];
  }

  controls() {
    const names = Object.fromEntries(Object.keys(NETWORKS).map((name) => [name, name]));
    this.networks = choice("Network", names, (name) => this.set(NETWORKS[name]));
    const views = { "1d": "One axis", "2d": "Two axes" };
    this.views = choice("View", views, (view) => this.set({ view }));
    return { networks: this.networks.element, view: this.views.element };
  }

  picture() {
    this.stack = new Stack(
      (row) => this.handlers(row),
      (row, index, step) => {
        const place = this.stack.cross(row, index, step);
        if (place) this.move(place);
      },
    );
    this.map = new FieldMap((name) => this.handlers(name));
    this.fold = "jump";
    this.folds = choice("Rows", { jump: "One row a jump", all: "Every layer" }, (fold) => {
      this.fold = fold;
      this.layOut();
      this.draw();
    });
    this.note = make("p", { class: "note" });
    this.pictures = make("div", { class: "both" }, this.stack.element);
    const head = make("div", { class: "bar" }, this.folds.element, this.note);
    return make("div", { class: "views" }, head, this.pictures);
  }

  build() {
    super.build();
    this.table = new LayerTable((values) => this.set(values), this.reasons);
    this.panel.figure.append(this.table.element);
  }

  showParts() {
    super.showParts();
    this.table.showParts({ editable: this.offers("layers"), derived: this.model.get("rule") });
    this.draw();
  }

  // --- places ----------------------------------------------------------------------------------
  // A place is a cell of a row of the stack, { row: its number }, or one of the two pictures, whose
  // cells are numbered row by row.

  /** Is the field shown in two dimensions too? */
  get isFlat() {
    return this.model.get("view") === "2d";
  }

  /** The row of the network's outputs. */
  get top() {
    return this.plan.layers.length;
  }

  /** Outputs on one axis. */
  get outputs() {
    return this.plan.rows.at(-1).length;
  }

  /** A place as a cell of layer r, its row i and its column j. */
  cellOf({ row, index }) {
    const side = { picture: this.plan.n, outputs: this.outputs }[row];
    if (side === undefined) return { r: row, i: this.rowBeside(row, index), j: index };
    const r = row === "picture" ? 0 : this.top;
    return { r, i: Math.floor(index / side), j: index % side };
  }

  /** The stack has columns alone: the row of its cell is the one nearest to what is kept. */
  rowBeside(row, index) {
    if (typeof this.pin?.row !== "string") return index;
    const { r, i } = this.cellOf(this.pin);
    const { rows } = this.plan;
    const middle = rows[r].start + i * rows[r].jump;
    return within(Math.round((middle - rows[row].start) / rows[row].jump), rows[row].length);
  }

  /** In two dimensions an output of the stack is one of the picture of outputs. */
  whole(place) {
    if (!place || !this.isFlat || place.row !== this.top) return place;
    const { i, j } = this.cellOf(place);
    return { row: "outputs", index: i * this.outputs + j };
  }

  cellUnder(event) {
    const grid = this.map.under(event);
    return grid ? { row: grid.name, index: grid.under(event) } : cellAt(event);
  }

  placeUnder({ row, index }) {
    return this.whole({ row: row in this.map.grids ? row : Number(row), index });
  }

  move(place) {
    super.move(this.whole(place));
  }

  pick(place) {
    super.pick(this.whole(place));
  }

  steps() {
    return this.isFlat ? this.outputs ** 2 : this.outputs;
  }

  stepOf({ row, index }) {
    return row === (this.isFlat ? "outputs" : this.top) ? index : -1;
  }

  stepAt(index) {
    return { row: this.isFlat ? "outputs" : this.top, index };
  }

  selectionOf(place) {
    if (this.stepOf(place) < 0) return null;
    const { i, j } = this.cellOf(place);
    return this.isFlat ? [i, j] : j;
  }

  placeOf(selection) {
    const [i, j] = [selection, selection].flat().map((at) => within(at, this.outputs)).slice(-2);
    return this.stepAt(this.isFlat ? i * this.outputs + j : j);
  }

  // --- state -----------------------------------------------------------------------------------

  set(values) {
    // Fewer outputs move the selection to the last one, as in Python.
    const { n, layers } = { ...this.plan, ...values };
    const { length } = stackPlan({ n, layers }).rows.at(-1);
    const selection = values.selection ?? this.model.get("selection");
    if (selection !== null && Math.max(...[selection].flat()) >= length) {
      const inside = [selection].flat().map((at) => within(at, length));
      this.model.set("selection", Array.isArray(selection) ? inside : inside[0]);
    }
    this.pending = true; // two traits that fit only together
    for (const [name, value] of Object.entries(values)) this.model.set(name, value);
    this.pending = false;
    this.model.save_changes();
    this.refresh();
  }

  /** Take over the model's state. */
  refresh() {
    if (this.pending) return;
    const state = this.state();
    this.enlarge(state.scale);
    const network = JSON.stringify([state.n, state.layers]);
    const geometry = network + state.view;
    if (geometry !== this.geometry) {
      this.geometry = geometry;
      this.hover = null;
      // A cell of the stack stays where it is; the selection finds its own place.
      if (this.pin && (typeof this.pin.row === "string" || this.pin.row === this.top)) this.pin = null;
      this.plan = stackPlan(state);
      if (this.plan.problem === "") this.layOut();
      if (this.pin && !this.has(this.pin)) this.pin = null;
      const is = ([, one]) => network === JSON.stringify([one.n, one.layers]);
      this.network = Object.entries(NETWORKS).find(is)?.[0] ?? null;
      this.networks.set(this.network);
      this.note.textContent = NOTES[this.network] ?? "";
      this.views.set(state.view);
      this.place.classList.toggle("flat", this.isFlat);
      if (this.isFlat) this.pictures.prepend(this.map.element);
      else this.map.element.remove();
    }
    if (this.plan.problem === "") this.takeSelection(state.selection ?? null);
    this.draw();
    if (this.pin && !this.hover) {
      const { r, j } = this.cellOf(this.pin);
      this.stack.reveal({ row: r, index: j });
    }
  }

  layOut() {
    this.folds.element.hidden = !canFold(this.plan);
    this.folds.set(this.fold);
    this.stack.lay(this.plan, { fold: this.fold === "jump", room: ROOM[this.model.get("view")] });
    this.map.lay(this.plan);
    if (this.pin && !this.stack.drawn.includes(this.pin.row)) this.pin = null;
  }

  /** A network of the lesson is given by its name. */
  inPython() {
    const { layers, n, ...rest } = super.inPython();
    if (this.network) return layers || n ? { layers: this.network, ...rest } : rest;
    return { ...(layers && { layers }), ...(n && { n }), ...rest };
  }

  has({ row, index }) {
    return row < this.plan.rows.length && !isOutside(this.plan, row, index);
  }

  takeSelection(selection) {
    if (selection !== null) this.pin = this.placeOf(selection);
    else if (this.pin && this.selectionOf(this.pin) !== null) this.pin = null;
  }

  // --- drawing ---------------------------------------------------------------------------------

  /** Draw what is under the pointer, else what is kept. */
  draw() {
    const { problem } = this.plan;
    this.place.hidden = problem !== "";
    this.table.element.hidden = problem !== "";
    if (problem) {
      this.words.replaceChildren(...sentence(problem));
      return;
    }
    this.player.show();
    const place = this.shownPlace;
    const [cell, pinned] = [place, this.pin].map((one) => one && this.cellOf(one));
    const columnOf = (one) => one && { row: one.r, index: one.j };
    const columns = pathsOf(this.plan, columnOf(cell));
    const dark = this.panel.isDark();
    const wrong = this.wrong;
    this.stack.show({ place: columnOf(cell), pinned: columnOf(pinned), counts: columns, wrong, dark });
    this.table.show(this.plan, cell?.r);
    const words = this.isFlat
      ? this.drawMap(cell, columns, dark)
      : cell && fieldWords(this.plan, columnOf(cell), columns, this.model.get("rule"));
    const asked = cell?.r === this.top ? null : columnOf(cell); // the answer is about this output
    this.words.replaceChildren(
      ...wrong.words(asked, "a wrong one has a dashed frame"),
      ...(words ?? sentence(HINTS[this.model.get("view")])),
    );
    this.drawLegend(dark);
  }

  /** Draw both axes, and say what they show together. */
  drawMap(cell, columns, dark) {
    const rows = pathsOf(this.plan, cell && { row: cell.r, index: cell.i });
    const nameOf = (name, i, j, paths) => {
      const cellName = placeName(name === "picture" ? 0 : this.top, i, j);
      return paths > 0 ? `${cellName}, ${pathWords(paths)}` : cellName;
    };
    const places = { shown: this.shownPlace, pinned: this.pin };
    this.map.show({ rows, columns, places, nameOf, dark });
    return cell && pictureWords(this.plan, cell, [rows, columns]);
  }

  drawLegend(dark) {
    const steps = [0, 0.25, 0.5, 0.75, 1];
    const colours = steps.map((step) => heat(step, 1, dark).paint);
    const rest = "most. Dotted 0: not used. Hatched: padding.";
    this.legend.replaceChildren("Paths to each cell of a row: few", ramp(colours), rest);
  }
}

function render({ model, el }) {
  const figure = new ReceptiveField(model, el);
  return () => figure.close();
}

export default widgetOf(render);
