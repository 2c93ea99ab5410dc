// Numbers that are typed into cells.

import { isOwnKey, make, number } from "./shared.js";

const TOP = 999999; // longer numbers do not fit a cell
const LETTERS = 20; // as many can be typed

/**
 * A field that opens in a cell of `table`, whose cells have a [data-index]: by a double click,
 * Enter, F2 or the first character. Enter takes what it holds, as leaving it does; Esc drops it.
 */
export class CellField {
  /**
   * `numberAt(index)`: the number of a cell, null where none can be typed;
   * `onNumber(index, value)`: another one has been typed; `onRefused(words)`: what has been typed
   * cannot be taken, and why.
   */
  constructor(table, { numberAt, onNumber, onRefused }) {
    Object.assign(this, { table, numberAt, onNumber, onRefused, input: null });
    // Before the table itself, for which Enter keeps a cell.
    table.addEventListener("keydown", (event) => this.key(event), true);
    table.addEventListener("dblclick", ({ target }) => this.open(target.closest("td")));
  }

  key(event) {
    const { key, target, ctrlKey, metaKey, altKey, shiftKey } = event;
    if (target === this.input || ctrlKey || metaKey || altKey || shiftKey) return;
    const typed = /^[-\u22120-9.,]$/.test(key);
    if (!typed && key !== "Enter" && key !== "F2") return;
    if (!this.open(target.closest("td"), typed ? key : null)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Open the field in a cell, and say whether there can be one; `text` is what has been typed. */
  open(td, text = null) {
    const index = Number(td?.dataset.index);
    const before = td ? this.numberAt(index) : null;
    if (before === null || this.input?.isConnected) return false;
    const attributes = { inputmode: "text", autocomplete: "off", spellcheck: "false" };
    const input = make("input", { ...attributes, "aria-label": td.ariaLabel });
    input.value = text ?? typedNumber(before);
    const shown = [...td.childNodes];
    const close = (takes, stays) => {
      if (this.input !== input) return;
      this.input = null;
      td.replaceChildren(...shown);
      if (takes) this.take(index, before, input.value);
      const cell = this.table.querySelector(`[data-index="${index}"]`);
      if (stays) cell?.focus({ preventScroll: true });
    };
    input.addEventListener("blur", () => close(true, false));
    input.addEventListener("keydown", (event) => {
      if (!isOwnKey(event)) return;
      event.stopPropagation();
      if (!["Enter", "Escape"].includes(event.key)) return;
      event.preventDefault();
      close(event.key === "Enter", true);
    });
    this.input = input;
    td.replaceChildren(input);
    input.focus({ preventScroll: true });
    if (text === null) input.select();
    return true;
  }

  /** Hand on what has been typed, or say why it cannot stand in the cell. */
  take(index, before, text) {
    const value = readNumber(text);
    const problem = problemOfNumber(text.trim(), value);
    if (problem) {
      const keeps = `The cell keeps ${number(before)}; type a number like 3, \u22120.5 or 1/3.`;
      this.onRefused(`${problem} ${keeps}`);
    } else if (value !== before) {
      this.onNumber(index, value);
    }
  }
}

function problemOfNumber(text, value) {
  if (text === "") return "The field is empty.";
  if (text.length > LETTERS) return `That is too long: a field takes ${LETTERS} characters.`;
  if (value === null) return `“${text}” is not a number.`;
  return Math.abs(value) > TOP ? `“${text}” is too large: a cell holds up to ${TOP}.` : "";
}

/** A number to be typed over: a fraction of whole numbers where it is one, else its digits. */
function typedNumber(value) {
  for (let below = 2; below <= 4096 && !Number.isInteger(value); below++) {
    const above = Math.round(value * below);
    if (above / below === value) return `${above}/${below}`;
  }
  return String(value);
}

/** The number that somebody has typed, "0.5", "1/9", "−2", or null. */
function readNumber(text) {
  const parts = text.replaceAll("\u2212", "-").replaceAll(",", ".").split("/");
  const numbers = parts.map((part) => (part.trim() === "" ? NaN : Number(part)));
  const value = numbers.length > 2 ? NaN : numbers[0] / (numbers[1] ?? 1);
  return Number.isFinite(value) ? value : null;
}

/** Nested lists with another value at the place that `indices` lead to. */
export function replaced(nested, [at, ...inner], value) {
  return nested.map((one, here) => {
    if (here !== at) return one;
    return inner.length > 0 ? replaced(one, inner, value) : value;
  });
}
