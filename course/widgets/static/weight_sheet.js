// A kernel whose weights are typed or dragged.

import { readWeight, typedWeight } from "./kernels.js";
import { make } from "./shared.js";
import { Sheet } from "./sheet.js";

const FAR = 4; // pixels; less is a click
const PER_STEP = 8; // pixels that the pointer is dragged for one step

/**
 * A sheet of weights. Typing over a cell, Enter or a click opens a field in it; dragging up or
 * down, or Shift with an arrow key, changes the weight by a step. `weightOf(index)` reads a weight,
 * `onWeight(index, value)` changes it.
 */
export class WeightSheet extends Sheet {
  constructor(name, label, { weightOf, onWeight, ...handlers }) {
    super(name, label, handlers);
    Object.assign(this, { weightOf, onWeight, field: null });
    this.table.addEventListener("pointerdown", (event) => this.press(event));
    this.table.addEventListener("click", () => this.dragged || this.edit());
  }

  /** By how much dragging and arrows change weights: whole numbers stay whole. */
  get step() {
    const whole = [...this.cells.keys()].every((index) => Number.isInteger(this.weightOf(index)));
    return whole ? 1 : 0.1;
  }

  /** Round what steps of 0.1 leave behind. */
  change(index, value) {
    this.onWeight(index, Number(value.toFixed(6)));
  }

  press(event) {
    const td = event.target.closest("td");
    this.dragged = false;
    if (!td || event.button !== 0 || this.field?.isConnected) return;
    const index = Number(td.dataset.index);
    const [start, step, from] = [this.weightOf(index), this.step, event.clientY];
    let moved = 0;
    const move = ({ clientY }) => {
      if (!this.dragged && Math.abs(from - clientY) <= FAR) return;
      if (!this.dragged) td.setPointerCapture(event.pointerId);
      this.dragged = true;
      const steps = Math.round((from - clientY) / PER_STEP);
      if (steps !== moved) this.change(index, start + steps * step);
      moved = steps;
    };
    const end = () => {
      td.removeEventListener("pointermove", move);
      if (this.dragged) this.rove(index);
    };
    td.addEventListener("pointermove", move);
    td.addEventListener("pointerup", end, { once: true });
    td.addEventListener("pointercancel", end, { once: true });
  }

  /** Open a field in the cell that the keyboard is at; `text` is what has been typed. */
  edit(text = null) {
    if (this.field?.isConnected) return;
    const [index, cell] = [this.current, this.cells.get(this.current)];
    const label = cell.td.ariaLabel;
    const field = make("input", { inputmode: "text", "aria-label": label, spellcheck: "false" });
    field.value = text ?? typedWeight(this.weightOf(index));
    const close = (keep, back) => {
      if (this.field !== field) return;
      this.field = null;
      cell.td.textContent = cell.painted.split("|")[0];
      const value = keep ? readWeight(field.value) : null;
      if (value !== null && value !== this.weightOf(index)) this.onWeight(index, value);
      if (back) this.cells.get(index)?.td.focus({ preventScroll: true });
    };
    field.addEventListener("blur", () => close(true, false));
    field.addEventListener("keydown", (event) => {
      if (!["Enter", "Escape"].includes(event.key) || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      close(event.key === "Enter", true);
    });
    this.field = field;
    cell.td.replaceChildren(field);
    field.focus({ preventScroll: true });
    if (text === null) field.select();
  }

  key(event) {
    if (this.field?.isConnected) return; // the field has the keys
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    const steps = { ArrowUp: 1, ArrowDown: -1 }[key];
    if (ctrlKey || metaKey || altKey) return;
    if (shiftKey && steps) {
      this.change(this.current, this.weightOf(this.current) + steps * this.step);
    } else if (key === "Enter" || key === "F2") {
      this.edit();
    } else if (key === "Delete" || key === "Backspace") {
      this.onWeight(this.current, 0);
    } else if (/^[-\u22120-9.,]$/.test(key)) {
      this.edit(key);
    } else {
      super.key(event);
      return;
    }
    event.preventDefault();
  }
}
