// Receptive field: a stack of layers on one axis, and what one output sees of the input.
// This file holds what the learner does to the figure; fields.js has the arithmetic, stack.js
// the picture, layer_table.js the settings. NETWORKS and STYLE are put in from Python.

import { choice, player } from "./controls.js";
import { fieldWords } from "./field_words.js";
import { isOutside, pathsOf, stackPlan } from "./fields.js";
import { followPointer } from "./grid.js";
import { LayerTable } from "./layer_table.js";
import { make, panel } from "./shared.js";
import { Stack } from "./stack.js";
import { heat } from "./stack_row.js";

const FIELD_TRAITS = ["layers", "n", "scale", "selection"];
const HINT =
  "Point at an output, in the lowest row, to see what it reads, layer by layer, up to the input; " +
  "click it to keep it. Or press Step. Every cell in between can be pointed at too.";

class ReceptiveField {
  constructor(model, el) {
    this.model = model;
    this.pin = null; // what a click or the keyboard keeps: { row, index }
    this.hover = null; // what the pointer is over
    const onTheme = () => this.plan && this.draw();
    this.panel = panel(el, { label: "Receptive field", css: STYLE, onTheme });
    this.build();
    this.changed = () => this.refresh();
    for (const trait of FIELD_TRAITS) model.on(`change:${trait}`, this.changed);
    this.refresh();
  }

  close() {
    for (const trait of FIELD_TRAITS) this.model.off(`change:${trait}`, this.changed);
    this.player.stop();
    this.panel.close();
  }

  build() {
    const names = Object.fromEntries(Object.keys(NETWORKS).map((name) => [name, name]));
    this.networks = choice("Network", names, (name) => this.set(NETWORKS[name]));
    this.table = new LayerTable((values) => this.set(values));
    this.stack = new Stack(
      (row) => ({
        onMove: (index) => this.move({ row, index }),
        onPick: (index) => this.pick(index === null ? null : { row, index }),
      }),
      (row, index, step) => {
        const place = this.stack.cross(row, index, step);
        if (place) this.move(place);
      },
    );
    this.player = player({
      position: () => (this.pin && this.pin.row === this.top() ? this.pin.index : -1),
      length: () => this.plan.rows.at(-1).length,
      go: (index) => this.walk(index),
    });
    this.words = make("div", { class: "words-line", role: "status" });
    this.legend = make("p", { class: "legend" });
    this.panel.figure.append(
      make("div", { class: "bar" }, this.networks.element),
      this.stack.element,
      this.words,
      make("div", { class: "bar" }, this.player.element, this.legend),
      this.table.element,
    );
    followPointer(this.stack.element, (cell) => {
      this.hover = cell && { row: Number(cell.row), index: cell.index };
      this.draw();
    });
  }

  /** The row of the network's outputs. */
  top() {
    return this.plan.layers.length;
  }

  walk(index) {
    this.hover = null;
    this.keep(index < 0 ? null : { row: this.top(), index });
    if (this.pin) this.stack.reveal(this.pin);
  }

  move(place) {
    this.player.stop();
    this.hover = null;
    this.keep(place);
    this.stack.reveal(place);
  }

  pick(place) {
    const again = place && this.pin?.row === place.row && this.pin.index === place.index;
    this.player.stop();
    this.keep(again ? null : place);
  }

  /** Keep a cell, or none; an output kept is the model's selection. */
  keep(place) {
    this.pin = place;
    const selection = place?.row === this.top() && place.index >= 0 ? place.index : null;
    if (selection === this.model.get("selection")) this.refresh();
    else this.set({ selection });
  }

  set(values) {
    // Fewer outputs move the selection to the last one, as in Python.
    const { n, layers } = { ...this.plan, ...values };
    const last = stackPlan({ n, layers }).rows.at(-1).length - 1;
    const selection = values.selection ?? this.model.get("selection");
    if (selection > last) this.model.set("selection", last);
    this.pending = true; // two traits that fit only together
    for (const [name, value] of Object.entries(values)) this.model.set(name, value);
    this.pending = false;
    this.model.save_changes();
    this.refresh();
  }

  /** Take over the model's state. */
  refresh() {
    if (this.pending) return;
    const state = Object.fromEntries(FIELD_TRAITS.map((trait) => [trait, this.model.get(trait)]));
    this.panel.figure.style.setProperty("--scale", state.scale);
    const geometry = JSON.stringify([state.n, state.layers]);
    if (geometry !== this.geometry) {
      this.geometry = geometry;
      this.hover = null;
      if (this.pin && this.pin.row === this.plan?.layers.length) this.pin = null;
      this.plan = stackPlan(state);
      if (this.plan.problem === "") this.stack.lay(this.plan);
      if (this.pin && !this.has(this.pin)) this.pin = null;
      const is = ([, one]) => geometry === JSON.stringify([one.n, one.layers]);
      this.networks.set(Object.entries(NETWORKS).find(is)?.[0]);
    }
    if (this.plan.problem === "") this.takeSelection(state.selection ?? null);
    this.draw();
  }

  has({ row, index }) {
    return row < this.plan.rows.length && !isOutside(this.plan, row, index);
  }

  takeSelection(selection) {
    const row = this.top();
    if (selection !== null) {
      const last = this.plan.rows[row].length - 1;
      this.pin = { row, index: Math.max(0, Math.min(selection, last)) };
    } else if (this.pin?.row === row && !isOutside(this.plan, row, this.pin.index)) {
      this.pin = null;
    }
  }

  /** Draw what is under the pointer, else what is kept, else the middle output. */
  draw() {
    const { problem, rows } = this.plan;
    this.stack.element.hidden = problem !== "";
    this.table.element.hidden = problem !== "";
    if (problem) {
      this.words.replaceChildren(make("p", {}, problem));
      return;
    }
    this.player.show();
    const shown = this.hover ?? this.pin;
    const place = shown ?? { row: this.top(), index: Math.floor((rows.at(-1).length - 1) / 2) };
    const counts = pathsOf(this.plan, place.row, place.index);
    const dark = this.panel.isDark();
    this.stack.show({ place, live: shown !== null, pinned: this.pin, counts, dark });
    this.table.show(this.plan, place.row);
    this.words.replaceChildren(...(shown ? fieldWords(this.plan, place, counts) : [make("p", {}, HINT)]));
    this.drawLegend(dark);
  }

  drawLegend(dark) {
    const steps = [0, 0.25, 0.5, 0.75, 1];
    const colours = steps.map((step) => heat(step, 1, dark).paint).join(", ");
    const style = `background-image: linear-gradient(to right, ${colours})`;
    const ramp = make("span", { class: "ramp", style });
    const rest = "most. Dotted 0: not used. Hatched: padding.";
    this.legend.replaceChildren("Paths to each cell of a row: few", ramp, rest);
  }
}

export function render({ model, el }) {
  const figure = new ReceptiveField(model, el);
  return () => figure.close();
}

export default { render };
