// What every figure of windows over images does: its sheets, its settings, their links. A figure
// says what its sheets hold, what a place is linked with, and how that reads in words.

import { settings2d } from "./controls.js";
import { alike, Figure, largest } from "./figure.js";
import { make, number } from "./shared.js";
import { Sheet } from "./sheet.js";
import { lengthRule } from "./sliding.js";
import { sentence } from "./sums.js";
import { limits2d } from "./sliding2d.js";

const SETTINGS2D = { stride: "s", padding: "p", dilation: "d" };
const GAP = 1.8; // em, between two sheets
const LETTER = 0.58; // em, of a title

/**
 * Subclasses define `label`, `traits`, `rows` (rows of sheets' names), `names` ({ sheet: its name
 * in words }) and `hint`, and
 *   planOf(state)         the plan, with `problem`
 *   layouts()             { sheet: layout }, as Sheet.lay takes it
 *   valuesOf()            { sheet: numbers }, whose largest sizes are the full colours
 *   look(sheet, index)    what a cell shows
 *   links(place)          { marks: { sheet: Map }, frames: { sheet: ranges } }; place may be null
 *   explain(place)        the nodes of the words line
 *   titles()              { sheet: [symbol, words] }
 *   placeOf(selection), selectionOf(place), steps(), stepAt(number), stepOf(place)
 */
export class Figure2d extends Figure {
  get observed() {
    return [...this.traits, ...Object.keys(SETTINGS2D), "scale", "selection"];
  }

  /** Sheets whose cells are as wide as another's: { sheet: [others] }. */
  get sameWidth() {
    return {};
  }

  controls() {
    this.fields = settings2d(SETTINGS2D, (name, value) => this.set({ [name]: value }));
    const elements = Object.entries(this.fields).map(([name, { element }]) => [name, element]);
    return Object.fromEntries(elements);
  }

  picture() {
    this.waiting = []; // sheets that are drawn later
    this.sheets = Object.fromEntries(
      Object.entries(this.names).map(([name, words]) => {
        return [name, new Sheet(name, words, this.handlers(name))];
      }),
    );
    const rows = this.rows.map((names) => {
      return make("div", { class: "sheet-row" }, ...names.map((name) => this.sheets[name].element));
    });
    const sheets = make("div", { class: "sheets" }, ...rows);
    // A cell that is pointed at or typed into has to be the one that it will be.
    const catchUp = () => this.catchUp();
    for (const kind of ["pointermove", "keydown", "click", "dblclick"]) {
      sheets.addEventListener(kind, catchUp, { capture: true });
    }
    return sheets;
  }

  set(values) {
    for (const [name, value] of Object.entries(values)) this.model.set(name, value);
    // Fewer outputs move the selection to the last one, as in Python.
    if (this.pin && !("selection" in values)) {
      const selection = this.selectionOf(this.pin);
      if (selection !== null) this.model.set("selection", selection);
    }
    this.model.save_changes();
  }

  /** Take over the model's state. */
  refresh() {
    const state = this.state();
    this.enlarge(state.scale);
    if (this.isOther(state)) {
      this.hover = this.pin = null; // cells have other numbers now; the selection finds its own
      this.settled = state;
      this.plan = this.planOf(state);
      if (!this.plan.problem) this.compute();
      this.drawSettings();
    }
    const fresh = this.settled !== this.laid;
    this.place.hidden = this.plan.problem !== "";
    if (!this.plan.problem) {
      this.takeSelection(state.selection ?? null);
      this.drawTitles();
    }
    this.laid = this.settled;
    if (!fresh || this.plan.problem) this.draw();
    else if (Object.values(this.sheets).some(({ large }) => large)) this.drawLater();
    else this.drawFresh();
  }

  drawFresh() {
    this.layOut();
    this.draw(true);
  }

  /**
   * Say at once what has changed. Sheets follow in later frames: first the small ones, then one
   * large one after the other, laid out in one frame and filled in the next. Those that still wait
   * go first. A frame that takes over a setting draws none, if the one before has drawn.
   */
  drawLater() {
    this.player.show();
    this.shown = this.shownPlace;
    this.drawWords();
    const next = Object.keys(this.sheets).filter((name) => !this.waiting.includes(name));
    this.waiting = [...this.waiting, ...next];
    this.taken = true;
    if (this.drawing) return; // its frames draw these too
    this.drawing = true;
    let [laid, rested] = [null, true];
    const draw = () => {
      const [name] = this.waiting;
      this.drawing = name !== undefined;
      if (!this.drawing) return;
      requestAnimationFrame(draw);
      rested = this.taken && !rested;
      this.taken = false;
      if (rested) return;
      const small = this.waiting.filter((one) => !this.sheets[one].large);
      if (small.length > 0) this.catchUp(small);
      else if (name === laid) this.catchUp([name]);
      else this.layOut([name]);
      laid = name;
    };
    requestAnimationFrame(() => requestAnimationFrame(draw));
  }

  /** Draw sheets that wait for their frame, all of them or these. */
  catchUp(names = this.waiting) {
    if (names.length === 0) return;
    this.waiting = this.waiting.filter((name) => !names.includes(name));
    this.layOut(names);
    this.drawSheets(true, null, names);
  }

  /** What a cell shows, and the wrong value of an answer in it. */
  shows(sheet, index) {
    return this.wrong.mark(sheet, index, this.look(sheet, index));
  }

  /** What follows from a new plan; a figure adds its results. */
  compute() {}

  takeSelection(selection) {
    if (selection === null) {
      if (this.pin && this.selectionOf(this.pin) !== null) this.pin = null;
    } else if (!this.pin || !alike(this.selectionOf(this.pin), selection)) {
      this.pin = this.placeOf(selection);
    }
  }

  /** What sheets are laid out by: { layouts, widths: of their cells, in em }; and their ranges. */
  measure() {
    const layouts = this.layouts();
    const values = this.valuesOf();
    this.ranges = {};
    const widths = {};
    for (const name of Object.keys(this.sheets)) {
      this.ranges[name] = largest(values[name]);
      const texts = [...Array.from(values[name], number), ...this.wrong.textsOf(name)];
      const longest = Math.max(...texts.map(({ length }) => length));
      widths[name] = Math.max(2.15, 0.62 * longest + 0.6);
    }
    return { layouts, widths, by: this.settled };
  }

  layOut(names = Object.keys(this.sheets)) {
    if (this.measured?.by !== this.settled) this.measured = this.measure();
    const { layouts, widths } = this.measured;
    for (const name of names) {
      const sheet = this.sheets[name];
      const width = Math.max(...[name, ...(this.sameWidth[name] ?? [])].map((one) => widths[one]));
      if (sheet.laid !== this.measured) sheet.lay(layouts[name], width);
      sheet.laid = this.measured;
      if (this.pin?.row === name) sheet.rove(this.pin.index); // the keyboard goes on from there
    }
    // Cells grow, or shrink a little, until the widest row fills the figure.
    const titles = this.titles();
    const needed = (name) => Math.max(this.sheets[name].width, LETTER * titles[name].join().length);
    const needs = this.rows.map((row) => row.reduce((sum, name) => sum + needed(name) + GAP, -GAP));
    this.place.style.setProperty("--needs", Math.max(...needs));
  }

  /** The part of the picture with this name, which has a title. */
  partOf(name) {
    return this.sheets[name];
  }

  drawTitles() {
    for (const [name, [symbol, words]] of Object.entries(this.titles())) {
      const { title } = this.partOf(name);
      if (title.textContent === `${symbol} ${words}`) continue;
      title.replaceChildren(make("b", {}, symbol), ` ${words}`);
    }
  }

  /** The cells that a new selection has changed since the last drawing: { sheet: indices }. */
  turnedCells() {
    return {};
  }

  drawSettings() {
    const allowed = this.limits();
    for (const [name, field] of Object.entries(this.fields)) {
      field.set(allowed[name]);
      this.why[name] = [allowed[name]].flat().map(({ why }) => why);
    }
    const rules = this.plan.axes.map((axis, at) => {
      return make("span", {}, `${["Output rows", "Output columns"][at]}: ${this.ruleOn(axis)}`);
    });
    this.rule.replaceChildren(...(this.plan.problem ? [] : rules));
    this.showParts();
  }

  /** The rule for the output's size, with the numbers of one axis in it. */
  ruleOn(axis) {
    return lengthRule(axis);
  }

  /** How far each setting may go on axes that share it. */
  limitsOn(axes) {
    return limits2d(axes);
  }

  /** How far each setting may go: of rows and columns together, or one for each in a list. */
  limits() {
    const { axes } = this.plan;
    const apart = (name) => axes.map((one, at) => {
      const limit = this.limitsOn([one])[name];
      const why = limit.why && limit.why.replace(":", ` of ${["rows", "columns"][at]}:`);
      return { ...limit, why };
    });
    return Object.fromEntries(
      Object.keys(SETTINGS2D).map((name) => {
        return [name, Array.isArray(this.settled[name]) ? apart(name) : this.limitsOn(axes)[name]];
      }),
    );
  }

  /** Draw what is under the pointer, else what is kept; `all`: every cell, not only the changed. */
  draw(all = false) {
    this.player.show();
    if (this.plan.problem) {
      this.waiting = [];
      this.words.replaceChildren(...sentence(this.plan.problem));
      return;
    }
    this.catchUp();
    const before = this.shown;
    this.shown = this.shownPlace;
    this.drawSheets(all, before);
    this.drawWords();
  }

  /** Draw these sheets' cells, marks and frames; `before` is the place that was shown before. */
  drawSheets(all, before = null, names = Object.keys(this.sheets)) {
    const links = this.links(this.shown);
    const dark = this.panel.isDark();
    const turned = this.turnedCells();
    // Before anything is written: what scrolls has to be laid out.
    const reveal = links.reveal ?? {};
    const revealed = names.filter((name) => name in reveal && name !== this.hover?.row);
    for (const name of revealed) this.sheets[name].reveal(reveal[name]);
    if (this.coloured?.ranges !== this.ranges || this.coloured.dark !== dark) this.drawLegend();
    this.coloured = { ranges: this.ranges, dark };
    for (const name of names) {
      const sheet = this.sheets[name];
      const marks = links.marks?.[name] ?? new Map();
      for (const [place, word] of [[this.shown, "shown"], [this.pin, "pinned"]]) {
        if (place?.row !== name) continue;
        const mark = marks.get(place.index);
        marks.set(place.index, { ...mark, classes: `${mark?.classes ?? ""} ${word}` });
      }
      const look = (index) => this.shows(name, index);
      if (all || sheet.dark !== dark) {
        sheet.fill(look, dark);
      } else {
        const touched = [before, this.shown].filter((place) => place?.row === name);
        sheet.fill(look, dark, [...touched.map(({ index }) => index), ...(turned[name] ?? [])]);
      }
      sheet.mark(marks);
      sheet.frame(links.frames?.[name] ?? []);
    }
    for (const name of revealed) this.sheets[name].thin();
  }

  drawWords() {
    const words = this.shown ? this.explain(this.shown) : sentence(this.hint);
    this.words.replaceChildren(...this.wrong.words(this.shown), ...words);
  }

  drawLegend() {
    const titles = this.titles();
    const full = Object.entries(this.ranges).map(([name, value]) => [titles[name][0], value]);
    this.showColours(Object.fromEntries(full));
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

/** The size of nested lists, and their numbers in a row. */
export function tensor(nested) {
  const shape = [];
  for (let level = nested; Array.isArray(level); level = level[0]) shape.push(level.length);
  return { shape, values: nested.flat(Infinity) };
}
