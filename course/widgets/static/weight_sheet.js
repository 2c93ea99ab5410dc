// A kernel whose weights are typed or dragged.

import { CellField } from "./cell_field.js";
import { Sheet } from "./sheet.js";

const FAR = 4; // pixels; less is a click
const PER_STEP = 8; // pixels that the pointer is dragged for one step

/**
 * A sheet of weights. A click opens a field in a cell, as typing over it does; dragging up or
 * down, or Shift with an arrow key, changes the weight by a step. `weightOf(index)` reads a weight,
 * `onWeight(index, value)` changes it, `onRefused(words)` says why it cannot be.
 */
export class WeightSheet extends Sheet {
  constructor(name, label, { weightOf, onWeight, onRefused, ...handlers }) {
    super(name, label, handlers);
    Object.assign(this, { weightOf, onWeight });
    this.field = new CellField(this.table, { numberAt: weightOf, onNumber: onWeight, onRefused });
    this.table.addEventListener("pointerdown", (event) => this.press(event));
    // The end of a drag is no click.
    const dropped = (event) => this.dragged && event.stopPropagation();
    this.table.addEventListener("click", dropped, true);
    this.table.addEventListener("click", () => this.field.open(this.stop));
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
    if (!td || event.button !== 0 || this.field.input) return;
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

  key(event) {
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    const steps = { ArrowUp: 1, ArrowDown: -1 }[key];
    if (ctrlKey || metaKey || altKey) return;
    if (shiftKey && steps) {
      this.change(this.current, this.weightOf(this.current) + steps * this.step);
    } else if (key === "Delete" || key === "Backspace") {
      this.onWeight(this.current, 0);
    } else {
      super.key(event);
      return;
    }
    event.preventDefault();
  }
}
