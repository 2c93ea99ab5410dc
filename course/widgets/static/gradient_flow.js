// Gradient flow: every product that makes an entry of dx, dw or db, on the forward pass's grid.

import { rings, tensor } from "./figure2d.js";
import {
  matrixLayout, outputLayout, outputName, pixelFactor, pixelLayout, pixelName, sizeWords,
  weightName, windowFrames,
} from "./image_sheets.js";
import { widgetOf } from "./page.js";
import { number } from "./shared.js";
import { placeValues } from "./sliding.js";
import {
  backward2d, copiesOf, hasGaps, isPaddingPixel, pixelAt, plan2d, tapAt, windowOf,
} from "./sliding2d.js";
import { added, sentence, sumLines, wordList } from "./sums.js";
import { TypedFigure2d } from "./typed_sheets.js";

class GradientFlow extends TypedFigure2d {
  get label() {
    return "Gradient flow";
  }

  get traits() {
    return ["image", "kernel", "dy"];
  }

  get names() {
    return {
      x: "image x",
      w: "kernel w",
      dy: "upstream gradient dy",
      dx: "gradient of x, dx",
      dw: "gradient of w, dw",
      db: "gradient of b, db",
    };
  }

  get typed() {
    return { x: "image", w: "kernel", dy: "dy" };
  }

  get rows() {
    return [
      ["x", "w", "dy"],
      ["dx", "dw", "db"],
    ];
  }

  get hint() {
    return "Point at an entry of dx, dw or db to see every product that makes it.";
  }

  get sameWidth() {
    // Each gradient stands under what it is the gradient of.
    return { x: ["dx"], dx: ["x"], w: ["dw"], dw: ["w"] };
  }

  planOf({ image, kernel, dy, ...setting }) {
    const { shape, values } = tensor([[kernel]]);
    const images = [[image]];
    const sizes = { shape: tensor(images).shape, image: images, kernel: { shape, values } };
    const plan = plan2d({ ...sizes, ...setting });
    const given = dy && tensor(dy);
    const fits = given && given.shape[0] === plan.OH && given.shape[1] === plan.OW;
    plan.unused = fits ? [] : ["dy"];
    plan.dy = fits ? given.values : placeValues(plan.columns);
    return plan;
  }

  compute() {
    const { plan } = this;
    const { x, w, dy } = plan;
    this.values = { x, w, dy, ...backward2d(plan, dy) };
  }

  steps() {
    return this.plan.H * this.plan.W;
  }

  stepAt(step) {
    return this.placeOf(["dx", Math.floor(step / this.plan.W), step % this.plan.W]);
  }

  stepOf(place) {
    const selection = this.selectionOf(place);
    return selection?.[0] === "dx" ? selection[1] * this.plan.W + selection[2] : -1;
  }

  /** Rows and columns that a selection can be in. */
  extent(sheet) {
    const { H, W, KH, KW, OH, OW } = this.plan;
    return { dx: [H, W], dw: [KH, KW], dy: [OH, OW], db: [1, 1] }[sheet];
  }

  placeOf([row, first = 0, second = 0]) {
    const [height, width] = this.extent(row);
    const i = Math.max(0, Math.min(first, height - 1));
    const j = Math.max(0, Math.min(second, width - 1));
    const { padding, PW } = this.plan;
    const pixel = (i + padding[0]) * PW + j + padding[1];
    return { row, index: row === "dx" ? pixel : i * width + j };
  }

  selectionOf({ row, index }) {
    if (row === "db") return ["db"];
    if (row === "x" || row === "w") return null;
    if (row === "dx") {
      const { i, j } = pixelAt(this.plan, index);
      return isPaddingPixel(this.plan, index) ? null : ["dx", i, j];
    }
    const width = this.extent(row)[1];
    return [row, Math.floor(index / width), index % width];
  }

  layouts() {
    const { plan } = this;
    const [pixels, weights] = [pixelLayout(plan), matrixLayout(plan.KH, plan.KW)];
    const outputs = outputLayout(plan);
    return { x: pixels, w: weights, dy: outputs, dx: pixels, dw: weights, db: matrixLayout(1, 1) };
  }

  valuesOf() {
    return this.values;
  }

  titles() {
    const { KH, KW, OH, OW } = this.plan;
    return {
      x: ["x", sizeWords(this.plan, "image")],
      w: ["w", `kernel ${KH} × ${KW}`],
      dy: ["dy", `upstream ${OH} × ${OW}`],
      dx: ["dx", "gradient of x"],
      dw: ["dw", "gradient of w"],
      db: ["db", "gradient of b"],
    };
  }

  look(sheet, index) {
    const value = this.values[sheet][index];
    const padding = (sheet === "x" || sheet === "dx") && isPaddingPixel(this.plan, index);
    const dropped = padding && sheet === "dx";
    const own = padding ? "padding" : this.nameOf(sheet, index);
    return {
      text: dropped ? "" : number(value),
      name: dropped ? "padding, has no gradient" : `${own} = ${number(value)}`,
      share: padding ? null : value / this.ranges[sheet],
      classes: padding ? "padding" : "",
    };
  }

  nameOf(sheet, index) {
    if (sheet === "db") return "db";
    const name = { x: pixelName, dx: pixelName, w: weightName, dw: weightName, dy: outputName };
    return name[sheet](this.plan, index, sheet);
  }

  links(place) {
    if (!place) return {};
    const { plan } = this;
    const { w, x, dy, columns, source } = plan;
    const { row, index } = place;
    if (row === "dx" || row === "x") {
      const meetings = this.meetings(index);
      const cols = meetings.map(({ col }) => col);
      const taps = meetings.map(({ tap }) => tap);
      if (row === "x") return { marks: { dy: rings(cols), dw: rings(taps) } };
      return { marks: { dy: rings(cols, (at) => `×${number(w[taps[at]])}`), w: rings(taps) } };
    }
    const cols = [...Array(columns).keys()];
    if (row === "db") return { marks: { dy: rings(cols) } };
    if (row === "dy") {
      const window = windowOf(plan, index);
      const frame = windowFrames(plan, window);
      const sent = (tap) => added(dy[index] * w[tap]);
      const ring = hasGaps(plan) ? "met" : "";
      return { marks: { dx: rings(window, sent, ring) }, frames: { x: frame, dx: frame } };
    }
    const pixels = cols.map((col) => source[index * columns + col]);
    if (row === "w") return { marks: { dx: rings(pixels), dy: rings(cols) } };
    const tag = (at) => `×${number(x[pixels[at]])}`;
    return { marks: { x: rings(pixels), dy: rings(cols, tag) } };
  }

  /** Where a pixel meets kernel and outputs, in the order of the outputs. */
  meetings(pixel) {
    return copiesOf(this.plan, pixel).sort((a, b) => a.col - b.col);
  }

  explain({ row, index }) {
    const { plan } = this;
    const { x, w, dy, columns, source } = plan;
    const name = this.nameOf(row, index);
    const upstream = (col) => ({ name: this.nameOf("dy", col), value: dy[col] });
    const weight = (tap) => ({ name: this.nameOf("w", tap), value: w[tap] });
    const cols = [...Array(columns).keys()];
    if (row === "dx") {
      const meetings = this.meetings(index);
      const terms = meetings.map(({ col, tap }) => ({ a: upstream(col), b: weight(tap) }));
      if (isPaddingPixel(plan, index)) {
        return sentence("A padding cell is no input: what is sent here is dropped.");
      }
      if (terms.length === 0) {
        const pixel = this.nameOf("x", index);
        return sentence(`${name} = 0: no window reaches ${pixel}, so nothing comes back to it.`);
      }
      return sumLines(name, terms);
    }
    if (row === "dw") {
      const pixel = (col) => pixelFactor(plan, source[index * columns + col]);
      return sumLines(name, cols.map((col) => ({ a: upstream(col), b: pixel(col) })));
    }
    if (row === "db") return sumLines(name, cols.map((col) => ({ a: upstream(col) })));
    if (row === "dy") {
      const parts = windowOf(plan, index).map((pixel, tap) => {
        const sent = `${number(dy[index])}·${number(w[tap])} = ${number(dy[index] * w[tap])}`;
        const padding = isPaddingPixel(plan, pixel);
        return `${sent} to ${padding ? "the padding (dropped)" : this.nameOf("dx", pixel)}`;
      });
      return sentence(`${name} = ${number(dy[index])} sends ${wordList(parts)}.`);
    }
    if (row === "w") {
      const { a, b } = tapAt(plan, index);
      return sentence(
        `w[${a}, ${b}] = ${number(w[index])} multiplies every dy on its way to the ringed ` +
          `entries of dx.`,
      );
    }
    const padding = isPaddingPixel(plan, index);
    const who = padding ? "A padding cell is always 0. It" : `${name} = ${number(x[index])}`;
    const parts = this.meetings(index).map(({ col, tap }) => {
      return `${this.nameOf("dw", tap)} with ${this.nameOf("dy", col)} = ` +
        number(dy[col]);
    });
    if (parts.length === 0) return sentence(`${who} is reached by no window.`);
    return sentence(`${who} counts in ${wordList(parts)}.`);
  }
}

function render({ model, el }) {
  const figure = new GradientFlow(model, el);
  return () => figure.close();
}

export default widgetOf(render);
