// What every figure does: it takes over the model's state, follows the pointer, keeps what is
// clicked, steps and plays, can be taken along, and stands in one panel: settings, picture, steps,
// words, rules. PYTHON, the figure's name and settings there, is put in by course/widgets/base.py.

import { player } from "./controls.js";
import { cellAt, followPointer } from "./grid.js";
import { callOf, takeAlong } from "./save.js";
import { make, number, panel, puor, writeText } from "./shared.js";
import { sentence, wordList } from "./sums.js";
import { Wrong } from "./wrong.js";

const PARTS_SHOWN = ["controls", "rule"];
const HOW = "Point at any cell, click to keep it. Arrow keys walk, Esc lets go, Esc again leaves.";

/**
 * Subclasses define `label`, `observed` (names of traits), `plan` (with `problem`), and
 *   controls()      the controls of the first line, { name as in the model's controls: element }
 *   picture()       the element whose cells are pointed at
 *   refresh()       take over the model's state, then draw
 *   draw()          show what is under the pointer, else what is kept
 *   selectionOf(place)  what Python can read of a place, or null
 *   steps(), stepOf(place), stepAt(step)  what Step and Play walk along
 */
export class Figure {
  constructor(model, el) {
    this.model = model;
    this.pin = null; // what a click or the keyboard keeps: { row, index }
    this.hover = null; // what the pointer is over
    this.wrong = new Wrong(model.get("wrong"));
    const again = () => this.plan && this.refresh();
    const calls = { onTheme: again, onPlaced: again };
    this.panel = panel(el, { label: this.label, css: STYLE, ...calls });
    this.build();
    this.changed = () => this.refresh();
    for (const trait of this.observed) model.on(`change:${trait}`, this.changed);
    this.asked = () => this.showParts();
    for (const trait of PARTS_SHOWN) model.on(`change:${trait}`, this.asked);
    this.refresh();
    this.showParts();
    if (this.wrong.first && alike(this.model.get("selection"), null)) this.keep(this.wrong.first);
  }

  close() {
    for (const trait of this.observed) this.model.off(`change:${trait}`, this.changed);
    for (const trait of PARTS_SHOWN) this.model.off(`change:${trait}`, this.asked);
    this.player.stop();
    this.panel.close();
  }

  build() {
    this.player = player({
      position: () => (this.pin ? this.stepOf(this.pin) : -1),
      length: () => this.steps(),
      go: (step) => this.walk(step),
    });
    this.how = make("p", { class: "how", id: "how" }, HOW);
    this.words = make("div", { class: "words-line", role: "status" });
    this.legend = make("p", { class: "legend" });
    this.rule = make("p", { class: "rule" });
    this.reasons = make("p", { class: "reasons", id: "limits" });
    this.parts = this.controls();
    this.why = {}; // why a setting goes no further
    this.settings = make("div", { class: "bar settings" }, ...Object.values(this.parts));
    this.place = this.picture();
    this.player.element.append(this.along());
    const steps = make("div", { class: "bar steps" }, this.player.element, this.how);
    const rest = [this.words, this.legend, this.rule, this.reasons];
    this.panel.figure.append(this.settings, this.place, steps, ...rest);
    this.panel.figure.setAttribute("aria-describedby", "how");
    const point = (cell) => {
      this.hover = cell && this.placeUnder(cell);
      this.draw();
    };
    followPointer(this.place, point, (event) => this.cellUnder(event));
  }

  /** Say how the figure is used, and whose numbers can be typed. */
  sayHow(typed) {
    const more = ` Type over the numbers of ${wordList(typed)}: double click one, or press Enter.`;
    writeText(this.how, typed.length > 0 ? HOW + more : HOW);
  }

  /** What takes the figure along: as a picture, as code. */
  along() {
    return takeAlong({
      figure: this.panel.figure,
      css: STYLE,
      name: PYTHON.figure.replaceAll("_", "-"),
      code: () => callOf(PYTHON.name, this.inPython()),
      settle: () => this.draw(),
      say: (words) => this.say(words),
    });
  }

  /** What Python is given to make the figure as it stands: the settings that are not the usual. */
  inPython() {
    const { unused = [] } = this.plan; // what fits no more, and Python would refuse
    const names = Object.keys(PYTHON.usual).filter((name) => {
      return !unused.includes(name) && !alike(this.model.get(name), PYTHON.usual[name]);
    });
    return Object.fromEntries(names.map((name) => [name, this.model.get(name)]));
  }

  /** Say something in place of what is shown, until something else is. */
  say(words) {
    this.words.replaceChildren(...sentence(words));
  }

  /** Is this one of the controls that are to be shown? */
  offers(name) {
    return this.model.get("controls")?.includes(name) ?? true;
  }

  /** Show the controls and the rule that are to be shown, and say how far these controls go. */
  showParts() {
    const offered = Object.keys(this.parts).filter((name) => this.offers(name));
    for (const [name, part] of Object.entries(this.parts)) part.hidden = !offered.includes(name);
    this.settings.hidden = offered.length === 0;
    this.rule.hidden = !this.model.get("rule");
    const reasons = offered.flatMap((name) => this.why[name] ?? []).filter(Boolean);
    this.reasons.textContent = [...new Set(reasons)].join(" ");
    this.reasons.hidden = this.settings.hidden;
  }

  /** The { row, index } of the cell under an event, or null. */
  cellUnder(event) {
    return cellAt(event);
  }

  /** The place of a cell that the pointer is over. */
  placeUnder(cell) {
    return cell;
  }

  /** The model's traits that the figure draws. */
  state() {
    return Object.fromEntries(this.observed.map((name) => [name, this.model.get(name)]));
  }

  /** Does something else follow from this state than from the last one, `settled`? */
  isOther(state) {
    const decides = Object.keys(state).filter((name) => !["selection", "scale"].includes(name));
    return !this.settled || decides.some((name) => !alike(state[name], this.settled[name]));
  }

  /** Text as large as this beside the notebook's; above 1, cells never shrink to fit. */
  enlarge(scale) {
    this.panel.figure.style.setProperty("--scale", scale);
    this.panel.figure.classList.toggle("enlarged", scale > 1);
  }

  /** What is shown: under the pointer, else kept. */
  get shownPlace() {
    return this.hover ?? this.pin;
  }

  walk(step) {
    this.hover = null;
    this.keep(step < 0 ? null : this.stepAt(step));
  }

  /** The keyboard goes to a place. */
  move(place) {
    this.player.stop();
    this.hover = null;
    this.keep(place);
  }

  /**
   * A click on a place, Enter or Space; a second one lets go. `null`: Escape, which lets go, and
   * where nothing is kept leaves the figure.
   */
  pick(place) {
    if (place === null && this.pin === null) this.panel.leave();
    const again = place && this.pin?.row === place.row && this.pin.index === place.index;
    this.player.stop();
    this.keep(again ? null : place);
  }

  /** What a row of cells calls; `row` is its name in a place. */
  handlers(row) {
    return {
      onMove: (index) => this.move({ row, index }),
      onPick: (index) => this.pick(index === null ? null : { row, index }),
    };
  }

  /** Keep a place, or none; what of it Python can read is the model's selection. */
  keep(place) {
    this.pin = place;
    const selection = place && this.selectionOf(place);
    if (alike(selection, this.model.get("selection"))) this.refresh();
    else this.set({ selection });
  }

  set(values) {
    for (const [name, value] of Object.entries(values)) this.model.set(name, value);
    this.model.save_changes();
  }

  /** Explain the colours of signed values: `full` says at which value each row is at its end. */
  showColours(full) {
    const steps = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1];
    const colours = steps.map((share) => `rgb(${puor(share, this.panel.isDark()).join(" ")})`);
    const texts = Object.entries(full).map(([symbol, value]) => `${symbol} ±${number(value)}`);
    const words = `+ full at ${texts.join(", ")}`;
    this.legend.replaceChildren("Colour: \u2212", ramp(colours), words);
  }
}

/** A strip of colours for a legend. */
export function ramp(colours) {
  const style = `background-image: linear-gradient(to right, ${colours.join(", ")})`;
  return make("span", { class: "ramp", style });
}

/** Are two values of a trait, such as numbers or lists of them, the same? */
export function alike(a, b) {
  return a === b || JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/** The largest size among numbers, or 1 where all are 0. */
export function largest(values) {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most || 1;
}
