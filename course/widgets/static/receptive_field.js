// Receptive field: a stack of layers on one axis, and what one output sees of the input.
// This file holds what the learner does to the figure; fields.js has the arithmetic, stack.js
// the picture, layer_table.js the settings. NETWORKS and STYLE are put in from Python.

import { choice } from "./controls.js";
import { Figure, ramp } from "./figure.js";
import { fieldWords } from "./field_words.js";
import { isOutside, pathsOf, stackPlan } from "./fields.js";
import { LayerTable } from "./layer_table.js";
import { widgetOf } from "./page.js";
import { Stack } from "./stack.js";
import { heat } from "./stack_row.js";
import { sentence } from "./sums.js";

const HINT =
  "Point at an output, in the lowest row, to see what it reads, layer by layer, up to the input. " +
  "Every cell in between can be pointed at too.";

class ReceptiveField extends Figure {
  get label() {
    return "Receptive field";
  }

  get observed() {
    return ["layers", "n", "scale", "selection"];
  }

  controls() {
    const names = Object.fromEntries(Object.keys(NETWORKS).map((name) => [name, name]));
    this.networks = choice("Network", names, (name) => this.set(NETWORKS[name]));
    return { networks: this.networks.element };
  }

  picture() {
    this.stack = new Stack(
      (row) => this.handlers(row),
      (row, index, step) => {
        const place = this.stack.cross(row, index, step);
        if (place) this.move(place);
      },
    );
    return this.stack.element;
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

  placeUnder({ row, index }) {
    return { row: Number(row), index };
  }

  /** The row of the network's outputs. */
  top() {
    return this.plan.layers.length;
  }

  steps() {
    return this.plan.rows.at(-1).length;
  }

  stepOf({ row, index }) {
    return row === this.top() ? index : -1;
  }

  stepAt(index) {
    return { row: this.top(), index };
  }

  selectionOf({ row, index }) {
    return row === this.top() && index >= 0 ? index : null;
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
    const state = this.state();
    this.enlarge(state.scale);
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
    if (this.pin && !this.hover) this.stack.reveal(this.pin);
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

  /** Draw what is under the pointer, else what is kept. */
  draw() {
    const { problem } = this.plan;
    this.stack.element.hidden = problem !== "";
    this.table.element.hidden = problem !== "";
    if (problem) {
      this.words.replaceChildren(...sentence(problem));
      return;
    }
    this.player.show();
    const place = this.shownPlace;
    const counts = pathsOf(this.plan, place);
    const dark = this.panel.isDark();
    this.stack.show({ place, pinned: this.pin, counts, wrong: this.wrong, dark });
    this.table.show(this.plan, place?.row);
    const derived = this.model.get("rule");
    const words = place ? fieldWords(this.plan, place, counts, derived) : sentence(HINT);
    const asked = place?.row === this.top() ? null : place; // the answer is about this output
    const wrong = this.wrong.words(asked, "a wrong one has a dashed frame");
    this.words.replaceChildren(...wrong, ...words);
    this.drawLegend(dark);
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
