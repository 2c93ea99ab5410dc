// What every figure of windows over images does: it takes over the model's state, follows the
// pointer and the keyboard, and draws what is pointed at, else what is kept. A figure says what
// its sheets hold, what a place is linked with, and how that reads in words.

import { player, stepper } from "./controls.js";
import { followPointer } from "./grid.js";
import { make, number, panel, puor } from "./shared.js";
import { Sheet } from "./sheet.js";
import { lengthRule } from "./sliding.js";
import { sentence } from "./sums.js";
import { limits2d } from "./sliding2d.js";

const LETTERS = { stride: "s", padding: "p", dilation: "d" };
const SHARED_TRAITS = ["stride", "padding", "dilation", "scale", "selection"];

/**
 * Subclasses define `label`, `traits`, `names` ({ sheet: its name in words }) and `hint`, and
 *   planOf(state)         the plan, with `problem`
 *   layouts()             { sheet: layout }, as Sheet.lay takes it
 *   valuesOf()            { sheet: numbers }, whose largest sizes are the full colours
 *   look(sheet, index)    what a cell shows
 *   links(place)          { marks: { sheet: Map }, frames: { sheet: ranges } }; place may be null
 *   explain(place)        the nodes of the words line
 *   titles()              { sheet: [symbol, words] }
 *   placeOf(selection), selectionOf(place), steps(), stepAt(number), stepOf(place)
 */
export class Figure2d {
  constructor(model, el) {
    this.model = model;
    this.pin = null; // what a click or the keyboard keeps: { row (a sheet's name), index }
    this.hover = null; // what the pointer is over
    this.panel = panel(el, { label: this.label, css: STYLE, onTheme: () => this.plan && this.refresh() });
    this.build();
    this.changed = () => this.refresh();
    this.observed = [...this.traits, ...SHARED_TRAITS];
    for (const trait of this.observed) model.on(`change:${trait}`, this.changed);
    this.refresh();
  }

  close() {
    for (const trait of this.observed) this.model.off(`change:${trait}`, this.changed);
    this.player.stop();
    this.panel.close();
  }

  build() {
    this.steppers = {};
    const bar = make("div", { class: "bar" }, ...this.controls());
    for (const [name, letter] of Object.entries(LETTERS)) {
      const word = name[0].toUpperCase() + name.slice(1);
      this.steppers[name] = stepper(word, letter, (value) => this.set({ [name]: value }));
      bar.append(this.steppers[name].element);
    }
    this.player = player({
      position: () => (this.pin ? this.stepOf(this.pin) : -1),
      length: () => this.steps(),
      go: (step) => this.walk(step),
    });
    this.sheets = {};
    for (const [name, words] of Object.entries(this.names)) {
      this.sheets[name] = new Sheet(name, words, {
        onMove: (index) => {
          this.player.stop();
          this.hover = null;
          this.keep({ row: name, index });
        },
        onPick: (index) => this.pick(name, index),
      });
    }
    const sheets = Object.values(this.sheets).map(({ element }) => element);
    this.place = make("div", { class: "sheets" }, ...sheets);
    this.place.style.setProperty("--sheet-size", this.sheetSize);
    this.words = make("div", { class: "words-line", role: "status" });
    this.rule = make("p", { class: "rule" });
    this.reasons = make("p", { class: "reasons", id: "limits" });
    this.legend = make("p", { class: "legend" });
    this.panel.figure.append(
      bar,
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

  /** Size of the cells beside the figure's text, where there is room. */
  get sheetSize() {
    return 1.2;
  }

  /** Sheets whose cells are as wide as another's: { sheet: [others] }. */
  get alike() {
    return {};
  }

  /** Controls before stride, padding and dilation. */
  controls() {
    return [];
  }

  walk(step) {
    this.hover = null;
    this.keep(step < 0 ? null : this.stepAt(step));
  }

  set(values) {
    for (const [name, value] of Object.entries(values)) this.model.set(name, value);
    // Fewer outputs move the selection to the last one, as in Python.
    if (this.pin) {
      const selection = this.selectionOf(this.pin);
      if (selection !== null) this.model.set("selection", selection);
    }
    this.model.save_changes();
  }

  /** Keep a place, or none; what of it Python can read is the model's selection. */
  keep(place) {
    this.pin = place;
    const selection = place && this.selectionOf(place);
    if (same2d(selection, this.model.get("selection"))) {
      this.refresh();
    } else {
      this.model.set("selection", selection);
      this.model.save_changes();
    }
  }

  pick(row, index) {
    const again = this.pin?.row === row && this.pin.index === index;
    this.player.stop();
    this.keep(index === null || again ? null : { row, index });
  }

  /** Take over the model's state. */
  refresh() {
    const state = Object.fromEntries(this.observed.map((name) => [name, this.model.get(name)]));
    const geometry = JSON.stringify({ ...state, selection: null, scale: null });
    this.panel.figure.style.setProperty("--scale", state.scale);
    if (geometry !== this.geometry) {
      this.geometry = geometry;
      this.hover = this.pin = null; // cells have other numbers now; the selection finds its own
      this.state = state;
      this.plan = this.planOf(state);
      if (!this.plan.problem) this.compute();
      this.drawSettings();
    }
    this.state = state;
    this.place.hidden = this.plan.problem !== "";
    if (!this.plan.problem) {
      this.takeSelection(state.selection ?? null);
      this.layOut();
      this.drawLegend();
    }
    this.draw(true);
  }

  /** What follows from a new plan; a figure adds its results. */
  compute() {}

  takeSelection(selection) {
    if (selection === null) {
      if (this.pin && this.selectionOf(this.pin) !== null) this.pin = null;
    } else if (!this.pin || !same2d(this.selectionOf(this.pin), selection)) {
      this.pin = this.placeOf(selection);
    }
  }

  layOut() {
    const layouts = this.layouts();
    const values = this.valuesOf();
    this.ranges = {};
    const widths = {};
    for (const name of Object.keys(this.sheets)) {
      this.ranges[name] = largest2d(values[name]);
      const longest = Math.max(...Array.from(values[name], (value) => number(value).length));
      widths[name] = Math.max(2.15, 0.62 * longest + 0.6);
    }
    for (const [name, sheet] of Object.entries(this.sheets)) {
      const width = Math.max(...[name, ...(this.alike[name] ?? [])].map((one) => widths[one]));
      const key = JSON.stringify([layouts[name], width, this.geometry]);
      if (key !== sheet.laid) sheet.lay(layouts[name], width);
      sheet.laid = key;
    }
    const titles = this.titles();
    for (const [name, [symbol, words]] of Object.entries(titles)) {
      this.sheets[name].title.replaceChildren(make("b", {}, symbol), ` ${words}`);
    }
  }

  drawSettings() {
    const allowed = this.limits();
    for (const [name, { set }] of Object.entries(this.steppers)) set(allowed[name]);
    const reasons = Object.values(allowed).map(({ why }) => why);
    this.reasons.textContent = reasons.filter(Boolean).join(" ");
    const rules = this.plan.axes.map((axis, at) => {
      return make("span", {}, `${["Output rows", "Output columns"][at]}: ${lengthRule(axis)}`);
    });
    this.rule.replaceChildren(...(this.plan.problem ? [] : rules));
  }

  limits() {
    return limits2d(this.plan);
  }

  /** Draw what is under the pointer, else what is kept; `all`: every cell, not only these. */
  draw(all = false) {
    this.player.show();
    if (this.plan.problem) {
      this.words.replaceChildren(...sentence(this.plan.problem));
      return;
    }
    const before = this.shown;
    this.shown = this.hover ?? this.pin;
    const links = this.links(this.shown);
    const dark = this.panel.isDark();
    for (const [name, sheet] of Object.entries(this.sheets)) {
      if (all) sheet.fill((index) => this.look(name, index), dark);
      const marks = links.marks?.[name] ?? new Map();
      for (const [place, word] of [[this.shown, "shown"], [this.pin, "pinned"]]) {
        if (place?.row !== name) continue;
        const mark = marks.get(place.index);
        marks.set(place.index, { ...mark, classes: `${mark?.classes ?? ""} ${word}` });
      }
      if (!all) {
        const turned = [before, this.shown].filter((place) => place?.row === name);
        sheet.fill((index) => this.look(name, index), dark, turned.map(({ index }) => index));
      }
      sheet.mark(marks);
      sheet.frame(links.frames?.[name] ?? []);
    }
    this.words.replaceChildren(...(this.shown ? this.explain(this.shown) : sentence(this.hint)));
    for (const [name, indices] of Object.entries(links.reveal ?? {})) {
      if (name !== this.hover?.row) this.sheets[name].reveal(indices);
    }
  }

  drawLegend() {
    const steps = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1];
    const dark = this.panel.isDark();
    const colours = steps.map((share) => `rgb(${puor(share, dark).join(" ")})`).join(", ");
    const style = `background-image: linear-gradient(to right, ${colours})`;
    const titles = this.titles();
    const full = Object.entries(this.ranges).map(([name, value]) => {
      return `${titles[name][0]} ±${number(value)}`;
    });
    this.legend.replaceChildren(
      "Colour: \u2212", make("span", { class: "ramp", style }), `+ full at ${full.join(", ")}`,
    );
  }
}

/** Marks for Sheet: ring these cells, each with a tag if `tag(at)` gives one. */
export function rings(indices, tag = () => "", classes = "met") {
  const marks = new Map();
  indices.forEach((index, at) => {
    const tags = [marks.get(index)?.tag, tag(at)].filter(Boolean);
    marks.set(index, { classes, tag: tags.join(" ") });
  });
  return marks;
}

/** Are two selections, numbers or lists of them, the same? */
function same2d(a, b) {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

export function largest2d(values) {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most || 1;
}

/** The size of nested lists, and their numbers in a row. */
export function tensor(nested) {
  const shape = [];
  for (let level = nested; Array.isArray(level); level = level[0]) shape.push(level.length);
  return { shape, values: nested.flat(Infinity) };
}
