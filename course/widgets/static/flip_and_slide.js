// Flip and slide: a kernel slides along a signal, and every output's sum is formed in numbers.
// This file holds what the learner does to the figure; sliding.js has the arithmetic,
// board.js the picture, equation.js the words. STYLE is put in by course/widgets/base.py.

import { Board } from "./board.js";
import { choice, player, stepper } from "./controls.js";
import { explain } from "./equation.js";
import { followPointer } from "./grid.js";
import { make, number, panel, puor } from "./shared.js";
import { lengthRule, limits, plan, results } from "./sliding.js";

const TRAITS = "x w mode stride padding dilation dy show scale selection".split(" ");
const OTHER = { correlation: "convolution", convolution: "correlation" };
const RESULTS = { forward: ["y"], backward: ["dx", "dw"] };

class FlipAndSlide {
  constructor(model, el) {
    this.model = model;
    this.pin = null; // what a click or the keyboard keeps: { row, index }
    this.hover = null; // what the pointer is over
    this.at = 0; // the output over whose window the kernel stands
    this.filled = { y: 0, dx: 0, dw: 0 }; // how many entries of each row have been reached
    const onTheme = () => this.plan && this.draw();
    this.panel = panel(el, { label: "Flip and slide", css: STYLE, onTheme });
    this.build();
    this.changed = () => this.refresh();
    for (const trait of TRAITS) model.on(`change:${trait}`, this.changed);
    this.refresh();
  }

  close() {
    for (const trait of TRAITS) this.model.off(`change:${trait}`, this.changed);
    this.player.stop();
    this.panel.close();
  }

  build() {
    const set = (name) => (value) => this.set({ [name]: value });
    const layers = { correlation: "Correlation", convolution: "Convolution" };
    this.mode = choice("Layer", layers, set("mode"));
    this.view = choice("Direction", { forward: "Forward", backward: "Backward" }, set("show"));
    this.steppers = {
      stride: stepper("Stride", "s", set("stride")),
      padding: stepper("Padding", "p", set("padding")),
      dilation: stepper("Dilation", "d", set("dilation")),
    };
    this.player = player({
      position: () => (this.pin?.row === this.walked() ? this.pin.index : -1),
      length: () => (this.walked() === "dx" ? this.plan.n : this.plan.length),
      go: (index) => this.walk(index),
    });
    this.place = make("div", { class: "place" });
    this.words = make("div", { class: "words-line", role: "status" });
    this.rule = make("p", { class: "rule" });
    this.reasons = make("p", { class: "reasons", id: "limits" });
    this.legend = make("p", { class: "legend" });
    const steppers = make("div", { class: "bar" });
    for (const { element } of Object.values(this.steppers)) steppers.append(element);
    this.panel.figure.append(
      make("div", { class: "bar" }, this.view.element, this.mode.element, steppers),
      this.place,
      this.words,
      make("div", { class: "bar" }, this.player.element, this.legend),
      this.rule,
      this.reasons,
    );
    followPointer(this.place, (cell) => {
      this.hover = cell;
      this.draw();
    });
  }

  /** The row that Step and Play walk along. */
  walked() {
    return this.model.get("show") === "backward" ? "dx" : "y";
  }

  walk(index) {
    this.hover = null;
    if (index < 0) {
      this.filled = { y: 0, dx: 0, dw: 0 };
      this.at = 0;
      this.keep(null);
    } else {
      this.keep({ row: this.walked(), index });
      this.board.reveal(this.pin);
    }
  }

  set(values) {
    for (const [name, value] of Object.entries(values)) this.model.set(name, value);
    // Fewer outputs move the selection to the last one, as in Python.
    if (this.model.get("selection") >= this.plan.length) {
      this.model.set("selection", this.plan.length - 1);
    }
    this.model.save_changes();
  }

  /** Keep a place, or none; an output kept is the model's selection. */
  keep(place) {
    this.pin = place;
    const selection = place && isOutput(place.row) ? place.index : null;
    if (selection === this.model.get("selection")) this.refresh();
    else this.set({ selection });
  }

  pick(row, index) {
    const again = this.pin?.row === row && this.pin.index === index;
    this.player.stop();
    this.keep(index === null || again ? null : { row, index });
  }

  /** Take over the model's state. */
  refresh() {
    const state = Object.fromEntries(TRAITS.map((trait) => [trait, this.model.get(trait)]));
    this.plan = plan(state);
    if (state.show !== this.show) this.rebuild(state.show);
    this.takeSelection(state.selection);
    this.results = {};
    this.ranges = { x: largest(state.x), w: largest(state.w) };
    if (state.show === "backward") this.ranges.dy = largest(this.plan.given.dy);
    const other = plan({ ...state, mode: OTHER[state.mode] });
    for (const row of RESULTS[state.show]) {
      // The colours of both layers share one range, so that switching compares them.
      this.results[row] = results(this.plan, row);
      this.ranges[row] = largest([...this.results[row], ...results(other, row)]);
    }
    this.mode.set(state.mode);
    this.view.set(state.show);
    this.view.element.hidden = state.dy === null && state.show === "forward";
    const allowed = limits(this.plan);
    for (const [name, { set }] of Object.entries(this.steppers)) set(allowed[name]);
    const reasons = Object.values(allowed).map(({ why }) => why);
    this.reasons.textContent = reasons.filter(Boolean).join(" ");
    this.panel.figure.style.setProperty("--scale", state.scale);
    this.draw();
  }

  rebuild(show) {
    this.show = show;
    this.hover = null;
    if (this.pin && !isOutput(this.pin.row)) this.pin = null;
    this.player.stop();
    this.board = new Board(show, (row) => ({
      onMove: (index) => {
        this.player.stop();
        this.hover = null;
        this.keep({ row, index });
        this.board.reveal(this.pin);
      },
      onPick: (index) => this.pick(row, index),
    }));
    this.place.replaceChildren(this.board.stage);
  }

  takeSelection(selection) {
    const row = this.show === "backward" ? "dy" : "y";
    if (selection === null || selection === undefined) {
      if (this.pin && isOutput(this.pin.row)) this.pin = null;
    } else {
      this.pin = { row, index: clamp(selection, this.plan.length) };
    }
    const size = { y: this.plan.length, dy: this.plan.length, dx: this.plan.n, dw: this.plan.k };
    if (this.pin?.row in size) this.pin.index = clamp(this.pin.index, size[this.pin.row]);
    if (this.pin?.row in this.filled) {
      const reached = Math.max(this.filled[this.pin.row], this.pin.index + 1);
      this.filled = { ...this.filled, [this.pin.row]: reached };
    }
    if (this.pin && isOutput(this.pin.row)) this.at = this.pin.index;
    this.at = clamp(this.at, this.plan.length);
  }

  /** Draw what is under the pointer, else what is kept. */
  draw() {
    this.place.hidden = this.plan.problem !== "";
    const shown = this.hover ?? this.pin;
    this.words.replaceChildren(...explain(this.plan, shown, this.show));
    this.rule.textContent = `Number of outputs: ${lengthRule(this.plan)}`;
    this.player.show();
    if (this.plan.problem) return;
    const dark = this.panel.isDark();
    const at = shown && isOutput(shown.row) ? shown.index : this.at;
    const { pin: pinned, filled, ranges, results } = this;
    this.board.update(this.plan, { shown, pinned, at, filled, ranges, results, dark });
    this.drawLegend(dark);
  }

  drawLegend(dark) {
    const steps = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1];
    const colours = steps.map((share) => `rgb(${puor(share, dark).join(" ")})`).join(", ");
    const style = `background-image: linear-gradient(to right, ${colours})`;
    const full = Object.entries(this.ranges).map(([row, value]) => `${row} ±${number(value)}`);
    this.legend.replaceChildren(
      "Colour: \u2212", make("span", { class: "ramp", style }), `+ full at ${full.join(", ")}`,
    );
  }
}

function isOutput(row) {
  return row === "y" || row === "dy";
}

function clamp(index, length) {
  return Math.max(0, Math.min(index, length - 1));
}

function largest(values) {
  return Math.max(...values.map(Math.abs)) || 1;
}

export function render({ model, el }) {
  const figure = new FlipAndSlide(model, el);
  return () => figure.close();
}

export default { render };
