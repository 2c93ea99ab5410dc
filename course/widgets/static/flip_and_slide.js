// Flip and slide: a kernel slides along a signal, and every output's sum is formed in numbers.
// This file holds what the learner does to the figure; sliding.js has the arithmetic,
// board.js the picture, equation.js the words. STYLE is put in by course/widgets/base.py.

import { Board } from "./board.js";
import { CellField, replaced } from "./cell_field.js";
import { choice, stepper } from "./controls.js";
import { explain } from "./equation.js";
import { Figure, largest } from "./figure.js";
import { widgetOf } from "./page.js";
import { make } from "./shared.js";
import { lengthRule, limits, plan, results } from "./sliding.js";

const TRAITS = "x w mode stride padding dilation dy show editable scale selection".split(" ");
const OTHER = { correlation: "convolution", convolution: "correlation" };
const RESULTS = { forward: ["y"], backward: ["dx", "dw"] };
const NONE = { y: 0, dx: 0, dw: 0 };

class FlipAndSlide extends Figure {
  get label() {
    return "Flip and slide";
  }

  get observed() {
    return TRAITS;
  }

  controls() {
    const set = (name) => (value) => this.set({ [name]: value });
    const layers = { correlation: "Correlation", convolution: "Convolution" };
    this.mode = choice("Layer", layers, set("mode"));
    this.view = choice("Direction", { forward: "Forward", backward: "Backward" }, set("show"));
    this.steppers = {
      stride: stepper("Stride", "s", set("stride")),
      padding: stepper("Padding", "p", set("padding")),
      dilation: stepper("Dilation", "d", set("dilation")),
    };
    const all = { show: this.view, mode: this.mode, ...this.steppers };
    return Object.fromEntries(Object.entries(all).map(([name, { element }]) => [name, element]));
  }

  /** Both directions are offered where there is something to go back from. */
  offers(name) {
    const unasked = name === "show" && this.model.get("controls") === null;
    const forward = this.model.get("dy") === null && this.model.get("show") === "forward";
    return super.offers(name) && !(unasked && forward);
  }

  picture() {
    this.at = 0; // the output over whose window the kernel stands
    this.filled = NONE; // how many entries of each row have been reached
    return make("div", { class: "place" });
  }

  /** The row that Step and Play walk along. */
  walked() {
    return this.show === "backward" ? "dx" : "y";
  }

  steps() {
    return this.show === "backward" ? this.plan.n : this.plan.length;
  }

  stepOf({ row, index }) {
    return row === this.walked() ? index : -1;
  }

  stepAt(index) {
    return { row: this.walked(), index };
  }

  selectionOf({ row, index }) {
    return isOutput(row) ? index : null;
  }

  walk(step) {
    if (step < 0) Object.assign(this, { filled: NONE, at: 0 });
    super.walk(step);
  }

  set(values) {
    for (const [name, value] of Object.entries(values)) this.model.set(name, value);
    // Fewer outputs move the selection to the last one, as in Python.
    if (this.model.get("selection") >= this.plan.length) {
      this.model.set("selection", this.plan.length - 1);
    }
    this.model.save_changes();
  }

  refresh() {
    const state = this.state();
    this.enlarge(state.scale);
    if (this.isOther(state)) {
      this.settled = state;
      this.plan = plan(state);
      if (this.wrong.isCase) this.filled = { y: this.plan.length, dx: this.plan.n, dw: this.plan.k };
      if (state.show !== this.show || state.editable !== this.editable) this.rebuild(state);
      this.compute(state);
      this.drawSettings(state);
    }
    this.takeSelection(state.selection);
    this.draw();
    if (this.pin && !this.hover) this.board.reveal(this.pin);
  }

  compute(state) {
    this.results = {};
    this.ranges = { x: largest(state.x), w: largest(state.w) };
    if (state.show === "backward") this.ranges.dy = largest(this.plan.given.dy);
    const other = plan({ ...state, mode: OTHER[state.mode] });
    for (const row of RESULTS[state.show]) {
      // The colours of both layers share one range, so that switching compares them.
      this.results[row] = results(this.plan, row);
      this.ranges[row] = largest([...this.results[row], ...results(other, row)]);
    }
  }

  drawSettings(state) {
    this.mode.set(state.mode);
    this.view.set(state.show);
    const allowed = limits(this.plan);
    for (const [name, { set }] of Object.entries(this.steppers)) set(allowed[name]);
    for (const [name, { why }] of Object.entries(allowed)) this.why[name] = [why];
    this.rule.textContent = `Number of outputs: ${lengthRule(this.plan)}`;
    this.showParts();
  }

  rebuild({ show, editable }) {
    Object.assign(this, { show, editable });
    this.hover = null;
    if (this.pin && !isOutput(this.pin.row)) this.pin = null;
    this.player.stop();
    this.board = new Board(show, (row) => this.handlers(row), editable);
    const typed = editable ? Object.keys(this.board.given) : [];
    for (const row of typed) this.letType(row);
    this.sayHow(typed);
    this.place.replaceChildren(this.board.stage);
  }

  /** Let the numbers of a given row be typed. */
  letType(row) {
    new CellField(this.board.given[row], {
      numberAt: (index) => this.plan.given[row][index] ?? null,
      onNumber: (index, value) => {
        this.set({ [row]: replaced(this.plan.given[row], [index], value) });
        this.move({ row, index });
      },
      onRefused: (words) => this.say(words),
    });
  }

  takeSelection(selection) {
    const row = this.show === "backward" ? "dy" : "y";
    if (selection === null || selection === undefined) {
      if (this.pin && isOutput(this.pin.row)) this.pin = null;
    } else {
      this.pin = { row, index: clamp(selection, this.plan.length) };
    }
    const { length, n, k } = this.plan;
    const size = { y: length, dy: length, dx: n, dw: k, w: k };
    if (this.pin?.row in size) this.pin.index = clamp(this.pin.index, size[this.pin.row]);
    if (this.pin?.row in this.filled) {
      const reached = Math.max(this.filled[this.pin.row], this.pin.index + 1);
      this.filled = { ...this.filled, [this.pin.row]: reached };
    }
    if (this.pin && isOutput(this.pin.row)) this.at = this.pin.index;
    this.at = clamp(this.at, this.plan.length);
  }

  draw() {
    this.place.hidden = this.plan.problem !== "";
    const shown = this.shownPlace;
    const words = explain(this.plan, shown, this.show);
    this.words.replaceChildren(...this.wrong.words(shown), ...words);
    this.player.show();
    if (this.plan.problem) return;
    const dark = this.panel.isDark();
    const at = shown && isOutput(shown.row) ? shown.index : this.at;
    const { pin: pinned, filled, ranges, results, wrong } = this;
    this.board.update(this.plan, { shown, pinned, at, filled, ranges, results, wrong, dark });
    this.showColours(ranges);
  }
}

function isOutput(row) {
  return row === "y" || row === "dy";
}

function clamp(index, length) {
  return Math.max(0, Math.min(index, length - 1));
}

function render({ model, el }) {
  const figure = new FlipAndSlide(model, el);
  return () => figure.close();
}

export default widgetOf(render);
