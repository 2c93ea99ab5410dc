// Figures of windows over images whose inputs can be typed, where `editable` says so.

import { CellField, replaced } from "./cell_field.js";
import { Figure2d, tensor } from "./figure2d.js";
import { isPaddingPixel, outputAt, pixelAt, tapAt } from "./sliding2d.js";

/** Subclasses define `typed`, { sheet: the trait whose numbers it shows }, beside all else. */
export class TypedFigure2d extends Figure2d {
  get observed() {
    return [...super.observed, "editable"];
  }

  picture() {
    const place = super.picture();
    for (const [name, trait] of Object.entries(this.typed)) {
      new CellField(this.sheets[name].table, {
        numberAt: (index) => this.numberAt(name, index),
        onNumber: (index, value) => {
          this.set({ [trait]: this.withNumber(name, index, value) });
          this.move({ row: name, index });
        },
        onRefused: (words) => this.say(words),
      });
    }
    return place;
  }

  /** The number of a cell that can be typed over, or null. */
  numberAt(sheet, index) {
    const { plan } = this;
    const padding = sheet === "x" && isPaddingPixel(plan, index);
    return this.settled.editable && !padding ? plan[sheet][index] : null;
  }

  /** What the trait of a sheet is with another number in one cell. */
  withNumber(sheet, index, value) {
    const { plan } = this;
    const width = { dy: plan.OW, cols: plan.columns }[sheet];
    // These may have been None: what is shown stands for it.
    const shown = width && rowsOf([...plan[sheet]], width);
    const before = shown ?? this.settled[this.typed[sheet]];
    const depth = tensor(before).shape.length;
    return replaced(before, indicesOf(plan, sheet, index).slice(-depth), value);
  }

  shows(sheet, index) {
    const look = super.shows(sheet, index);
    if (!(sheet in this.typed)) return look;
    const fixed = String(this.numberAt(sheet, index) === null);
    return { ...look, readOnly: this.settled.editable ? fixed : null };
  }

  drawTitles() {
    super.drawTitles();
    const symbols = Object.keys(this.typed).map((name) => this.titles()[name][0]);
    this.sayHow(this.settled.editable ? symbols : []);
  }
}

/** Where a cell's number stands in an array of all axes. */
function indicesOf(plan, sheet, index) {
  if (sheet === "cols") return [Math.floor(index / plan.columns), index % plan.columns];
  if (sheet === "w") {
    const { c, a, b } = tapAt(plan, index % plan.taps);
    return [Math.floor(index / plan.taps), c, a, b];
  }
  const { n, c, f, i, j, oh, ow } = sheet === "x" ? pixelAt(plan, index) : outputAt(plan, index);
  return sheet === "x" ? [n, c, i, j] : [n, f, oh, ow];
}

function rowsOf(values, width) {
  const starts = Array.from({ length: values.length / width }, (_, row) => row * width);
  return starts.map((start) => values.slice(start, start + width));
}
