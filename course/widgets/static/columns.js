// The sheet of the columns: a matrix too wide to show at once is turned over, page by page.

import { matrixLayout } from "./image_sheets.js";
import { make } from "./shared.js";
import { positionAt, tapAt } from "./sliding2d.js";

const CELLS = 900; // so many can be laid out and turned over within a frame

export class ColumnPages {
  /** `sheet` shows the columns; `onTurn()` fills it after a turn. */
  constructor(sheet, onTurn) {
    Object.assign(this, { sheet, onTurn, start: 0 });
    this.words = make("span");
    const button = (sign, word, step) => {
      const element = make("button", { type: "button", "aria-label": word }, sign);
      element.addEventListener("click", () => this.turnTo(this.start + step * this.width));
      return element;
    };
    this.less = button("←", "Columns before", -1);
    this.more = button("→", "Columns after", 1);
    this.element = make("div", { class: "pager" }, this.less, this.words, this.more);
    sheet.title.after(this.element);
  }

  /** Take over a plan; the first page is shown. */
  take(plan) {
    this.plan = plan;
    this.width = Math.min(plan.columns, Math.max(8, Math.min(64, Math.floor(CELLS / plan.taps))));
    this.start = 0;
    this.element.hidden = this.width === plan.columns;
    this.say();
  }

  layout() {
    const { taps, columns } = this.plan;
    const matrix = matrixLayout(taps, this.width);
    const index = (row, column) => row * columns + column;
    return { ...matrix, index, start: this.start, total: columns };
  }

  /** Turn to the page with column `col`. */
  show(col) {
    if (col < this.start || col >= this.start + this.width) {
      this.turnTo(Math.floor(col / this.width) * this.width);
    }
  }

  turnTo(start) {
    this.start = Math.max(0, Math.min(start, this.plan.columns - this.width));
    this.say();
    this.onTurn();
  }

  say() {
    const { start, width, plan } = this;
    this.words.textContent = `columns ${start} to ${start + width - 1} of ${plan.columns}`;
    this.less.setAttribute("aria-disabled", start === 0);
    this.more.setAttribute("aria-disabled", start + width >= plan.columns);
  }

  /** The frame around one column, or around the part of one row that can be seen. */
  columnFrame(col) {
    const { taps, columns } = this.plan;
    return { from: col, to: (taps - 1) * columns + col };
  }

  rowFrame(tap) {
    const first = tap * this.plan.columns + this.start;
    return { from: first, to: first + this.width - 1 };
  }
}

/** What a row and a column of the columns stand for, in words. */
export function rowWords(plan, tap) {
  const { c, a, b } = tapAt(plan, tap);
  const channel = plan.C > 1 ? `channel ${c}, ` : "";
  return `row ${tap} is ${channel}kernel row ${a}, kernel column ${b}`;
}

export function columnWords(plan, col) {
  const { oh, ow, n } = positionAt(plan, col);
  const image = plan.N > 1 ? ` of image ${n}` : "";
  return `column ${col} is output position (${oh}, ${ow})${image}`;
}
