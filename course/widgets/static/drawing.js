// The drawing, the bitmap that it becomes, and on both what a number sees; nothing is computed here.

import { BLOCK, moveBack, PAD } from "./ink.js";
import { Pad } from "./pad.js";
import { make, writeText } from "./shared.js";

const SIDE_X = PAD / BLOCK;

export class Drawing {
  /** `calls` are the pad's; its `onClear` is the button's too. */
  constructor(calls) {
    this.pad = new Pad(calls);
    this.title = make("p", { class: "title" });
    this.digit = make("b");
    this.said = make("p", { class: "said" }, "It says ", this.digit);
    const clear = make("button", { type: "button" }, "Clear");
    clear.addEventListener("click", calls.onClear);
    const under = make("div", { class: "bar under" }, clear, this.said);
    const drawing = make("section", { class: "drawing" }, this.title, this.pad.element, under);
    this.canvas = make("canvas", { width: PAD, height: PAD });
    this.window = make("i", { class: "window" });
    this.bitsTitle = make("p", { class: "title" });
    const bits = make("div", { class: "bits", "aria-hidden": "true" }, this.canvas, this.window);
    const bitmap = make("section", { class: "bitmap" }, this.bitsTitle, bits);
    this.elements = [drawing, bitmap];
  }

  /** Title what is drawn, and write under it what the network says; null: nothing. */
  name(title, said) {
    const drawn = this.pad.strokes.length > 0;
    writeText(this.title, title || (drawn ? "your drawing" : "drawing"));
    writeText(this.bitsTitle, title ? "the data keep counts" : "bitmap, 32 by 32");
    this.said.hidden = said === null;
    if (said !== null) writeText(this.digit, said);
  }

  /** Paint the bitmap; where there is none, as of a digit of the data, its counts. */
  paint(image, made, dark) {
    const brush = this.canvas.getContext("2d");
    const pixels = brush.createImageData(PAD, PAD);
    for (let at = 0; at < PAD * PAD; at++) {
      const [row, column] = [Math.floor(at / PAD), at % PAD];
      const count = image[Math.floor(row / BLOCK)][Math.floor(column / BLOCK)];
      const share = made ? made.bits[at] : count / BLOCK ** 2;
      const grey = Math.round(dark ? 20 + 210 * share : 255 - 225 * share);
      pixels.data.set([grey, grey, grey, 255], 4 * at);
    }
    brush.putImageData(pixels, 0, 0);
  }

  /** Show the strokes, and which pixels of the picture, [rows, columns], are seen; null: none. */
  show(image, made, field) {
    this.window.hidden = field === null;
    if (field === null) return this.pad.show(image, null);
    const [top, left] = field.map(([first]) => first * BLOCK);
    const [bottom, right] = field.map(([, last]) => (last + 1) * BLOCK);
    const box = { top, left, height: bottom - top, width: right - left };
    for (const [name, value] of Object.entries(box)) {
      this.window.style[name] = `${(100 * value) / PAD}%`;
    }
    const corners = [[left, top], [right, bottom]];
    this.pad.show(image, made ? corners.map((one) => moveBack(one, made.place)) : corners);
  }
}

/** A picture without ink. */
export const BLANK = Array.from({ length: SIDE_X }, () => Array(SIDE_X).fill(0));
