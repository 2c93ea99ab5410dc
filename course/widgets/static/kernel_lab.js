// Kernel lab: a picture, a kernel whose weights one changes, and the output at once.

import { choice, settings2d } from "./controls.js";
import { largest } from "./figure.js";
import { Figure2d } from "./figure2d.js";
import {
  between, correlate, furthest, greyOf, labPlan, nearestOutput, windowAt,
} from "./filtering.js";
import { cellAt } from "./grid.js";
import { matrixLayout } from "./image_sheets.js";
import { dice, KERNELS, nameOfKernel, resized, shortWeight } from "./kernels.js";
import { widgetOf } from "./page.js";
import { fullColour, paintPicture, reduced, unpack } from "./pictures.js";
import { PixelGrid } from "./pixel_grid.js";
import { callOf, saveButtons } from "./save.js";
import { equals, luminance, make, number } from "./shared.js";
import { Sheet } from "./sheet.js";
import { sentence, sumLines } from "./sums.js";
import { WeightSheet } from "./weight_sheet.js";

const MOST = 7; // rows and columns of a kernel
const PIXELS = 17; // em, the least width of a picture beside the kernel
const CELL = 2.5; // em
const CHANNELS = { 0: "Red", 1: "Green", 2: "Blue" };
const AGREES = 1e-9; // of the largest output: less apart is rounding
const SHORT = 400; // numbers of a picture that are written out in a line of code
const NEVER = new Set(["selection", "given", "scale"]); // these leave a given output valid

class KernelLab extends Figure2d {
  get label() {
    return "Kernel lab";
  }

  get traits() {
    return ["picture", "weights", "channels", "flip", "given"];
  }

  get hint() {
    return (
      "Point at the picture or the output to see a window and its sum. Type over a weight, or " +
      "drag it up and down."
    );
  }

  build() {
    super.build();
    const say = (words) => this.words.replaceChildren(...sentence(words));
    const { figure } = this.panel;
    const save = { figure, css: STYLE, name: "kernel-lab", code: () => this.code(), say };
    this.how.before(saveButtons(save));
  }

  /** The line of Python that makes this figure; a large picture of one's own has to be named. */
  code() {
    const { picture, weights, given, ...rest } = this.state();
    const { shape, values } = this.pixels;
    const rows = (c) => {
      return Array.from({ length: shape[1] }, (_, i) => {
        const start = (c * shape[1] + i) * shape[2];
        return [...values.subarray(start, start + shape[2])];
      });
    };
    const small = values.length <= SHORT ? Array.from({ length: shape[0] }, (_, c) => rows(c)) : null;
    const image = typeof picture === "string" ? picture : small?.length === 1 ? small[0] : small;
    const line = callOf("KernelLab", { image, kernel: weights, ...rest });
    return image === null ? line.replace("(", "(your_picture, ") : line;
  }

  // --- controls ------------------------------------------------------------------------------

  controls() {
    const { stride, padding, dilation } = super.controls();
    const { size } = settings2d({ size: "k" }, (_, value) => this.resize(value));
    this.fields.size = size;
    this.roll = dice();
    this.choices = {
      picture: choice("Picture", pictureNames(), (name) => this.choosePicture(name)),
      channels: choice("Channels", { grey: "Grey", colour: "Three channels" }, (channels) =>
        this.set({ channels }),
      ),
      kernels: choice("Kernel", kernelNames(), (name) => this.chooseKernel(name)),
      flip: choice("Laid on", { no: "As it is", yes: "Turned by 180°" }, (turn) =>
        this.set({ flip: turn === "yes" }),
      ),
    };
    const { picture, channels, kernels, flip } = this.choices;
    return {
      picture: make("div", { class: "bar" }, picture.element, this.ownPicture()),
      channels: channels.element,
      kernels: kernels.element,
      size: size.element,
      flip: flip.element,
      stride,
      padding,
      dilation,
    };
  }

  /** The button that asks for a file. */
  ownPicture() {
    const file = make("input", { type: "file", accept: "image/*", "aria-label": "a picture" });
    file.hidden = true;
    file.addEventListener("change", () => file.files[0] && this.takeFile(file.files[0]));
    const button = make("button", { type: "button" }, "Your own…");
    button.addEventListener("click", () => file.click());
    return make("div", {}, button, file);
  }

  /** A grey picture has no channels to choose. */
  offers(name) {
    return super.offers(name) && !(name === "channels" && this.pixels?.shape[0] === 1);
  }

  async takeFile(file) {
    const whole = await createImageBitmap(file).catch(() => null);
    if (whole) this.choosePicture(reduced(whole));
    else this.words.replaceChildren(...sentence(`${file.name} is not a picture that can be read.`));
  }

  /** Take a picture, with settings for which a window fits. */
  choosePicture(picture) {
    const wanted = { ...this.state(), picture };
    const fits = (settings) => !labPlan({ ...wanted, ...settings, picture: pixelsOf(picture) }).problem;
    const tries = [{}, { dilation: 1 }, { dilation: 1, weights: [[1]] }];
    this.set({ picture, selection: null, ...tries.find(fits) });
  }

  chooseKernel(name) {
    const size = Math.max(this.plan.KH, this.plan.KW);
    this.named = name;
    this.setWeights(name === "random" ? this.roll(size) : KERNELS[name](size));
  }

  resize(size) {
    const { weights } = this.settled;
    const [rows, columns] = [size].flat().length === 2 ? size : [size, size];
    const named = KERNELS[nameOfKernel(weights, this.named)]?.(rows);
    this.setWeights(named?.length === rows && rows === columns ? named : resized(weights, rows, columns));
  }

  /** Take weights; a larger kernel than the picture has room for loses its gaps. */
  setWeights(weights) {
    const { problem } = labPlan({ ...this.state(), weights, picture: this.met });
    this.set(problem ? { weights, dilation: 1 } : { weights });
  }

  limits() {
    const { KH, KW, axes } = this.plan;
    const limit = (value, { room, dilation }) => {
      const most = Math.max(value, Math.min(MOST, Math.floor((room - 1) / dilation) + 1));
      return { value, least: 1, most, why: value === MOST && `Size: ${MOST} is the largest here.` };
    };
    const sizes = [limit(KH, axes[0]), limit(KW, axes[1])];
    const square = KH === KW;
    const smaller = sizes[0].most < sizes[1].most ? sizes[0] : sizes[1];
    return { ...super.limits(), size: square ? smaller : sizes };
  }

  drawSettings() {
    super.drawSettings();
    const { picture, channels, weights, flip } = this.settled;
    this.choices.picture.set(picture);
    this.choices.channels.set(channels);
    this.choices.kernels.set(nameOfKernel(weights, this.named));
    this.choices.flip.set(flip ? "yes" : "no");
  }

  set(values) {
    // Another picture, kernel or setting has another output than the one that was given.
    const stale = this.model.get("given") && Object.keys(values).some((name) => !NEVER.has(name));
    super.set(stale ? { ...values, given: null } : values);
  }

  // --- the picture ---------------------------------------------------------------------------

  picture() {
    this.channel = 0; // whose numbers stand in the window
    this.view = "own"; // which output is shown: "own", "given" or their "difference"
    const pixels = (name, label, placeAt) => {
      return new PixelGrid(name, label, { ...this.handlers("y"), placeAt });
    };
    this.grids = {
      x: pixels("x", "picture x", (i, j) => nearestOutput(this.plan, i, j)),
      y: pixels("y", "output y", (i, j) => i * this.plan.OW + j),
    };
    const weightOf = (tap) => this.settled.weights.flat()[tap];
    const onWeight = (tap, value) => this.setWeights(withWeight(this.settled.weights, tap, value));
    this.sheets = {
      w: new WeightSheet("w", "kernel w", { ...this.handlers("w"), weightOf, onWeight }),
      window: new Sheet("window", "window of x", this.handlers("window")),
    };
    this.whose = choice("Numbers of channel", CHANNELS, (channel) => {
      this.channel = Number(channel);
      this.whose.set(channel);
      this.draw(true);
    });
    const views = { own: "The figure's", given: "Yours", difference: "Difference" };
    this.views = choice("Output shown", views, (view) => {
      this.view = view;
      this.paint();
      this.draw(true);
    });
    this.verdict = make("p", { class: "verdict" });
    this.grids.y.element.append(this.verdict, this.views.element);
    this.sheets.window.title.after(this.whose.element);
    const middle = make("div", { class: "middle" }, this.sheets.w.element, this.sheets.window.element);
    const place = make("div", { class: "sheets lab" }, this.grids.x.element, middle, this.grids.y.element);
    this.takeDrops(place);
    return place;
  }

  /** A picture that is dropped is taken. */
  takeDrops(place) {
    const over = (event, on) => {
      if (!this.offers("picture") || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.stopPropagation();
      place.classList.toggle("over", on);
    };
    place.addEventListener("dragover", (event) => over(event, true));
    place.addEventListener("dragleave", (event) => over(event, false));
    place.addEventListener("drop", (event) => {
      over(event, false);
      if (event.defaultPrevented) this.takeFile(event.dataTransfer.files[0]);
    });
  }

  cellUnder(event) {
    const grid = Object.values(this.grids).find(({ area }) => area.contains(event.target));
    return grid ? { row: "y", index: grid.under(event) } : cellAt(event);
  }

  // --- what follows from the state -----------------------------------------------------------

  planOf(state) {
    if (state.picture !== this.carried) {
      this.carried = state.picture;
      this.pixels = pixelsOf(state.picture);
      this.grey = greyOf(this.pixels);
    }
    this.met = state.channels === "colour" ? this.pixels : this.grey;
    return labPlan({ ...state, picture: this.met });
  }

  compute() {
    const { plan } = this;
    this.x = between(plan, this.met.values);
    this.y = correlate(plan, this.x);
    const { given } = this.settled;
    const theirs = given && unpack(given).values;
    this.theirs = theirs?.length === this.y.length ? theirs : null;
    this.apart = this.theirs && furthest(this.theirs, this.y);
    this.view = this.theirs ? "difference" : "own";
    this.channel = Math.min(this.channel, plan.C - 1);
  }

  /** What the weights add up to: a brightness, or where they take differences nothing. */
  get total() {
    return Number(this.plan.w.reduce((sum, weight) => sum + weight, 0).toFixed(9));
  }

  layOut() {
    const { plan } = this;
    const { C, H, W, PH, PW, OH, OW, KH, KW, padding } = plan;
    this.grids.x.lay({ height: PH, width: PW, border: padding, places: [OH, OW] });
    this.grids.y.lay({ height: OH, width: OW, border: [0, 0], places: [OH, OW] });
    const layout = matrixLayout(KH, KW);
    for (const sheet of Object.values(this.sheets)) {
      const shape = JSON.stringify([KH, KW]);
      if (shape !== sheet.laid) sheet.lay(layout, CELL);
      sheet.laid = shape;
      sheet.element.classList.toggle("large", Math.max(KH, KW) > 5);
    }
    this.place.style.setProperty("--needs", 2 * PIXELS + this.sheets.w.width + 3.6);
    this.whose.element.hidden = C === 1;
    this.whose.set(String(this.channel));
    this.views.element.hidden = this.verdict.hidden = !this.theirs;
    this.verdict.textContent = this.theirs ? this.agreement() : "";
    this.views.set(this.view);
    const picture = JSON.stringify([this.carried.data ?? this.carried, C]);
    if (picture !== this.painted) {
      this.painted = picture;
      const shown = { values: this.met.values, C, height: H, width: W };
      paintPicture(this.grids.x.canvas, shown, this.panel.isDark());
    }
  }

  titles() {
    const { C, H, W, KH, KW, OH, OW } = this.plan;
    const channels = C > 1 ? `${C} × ` : "";
    const turned = this.settled?.flip ? ", turned" : "";
    return {
      x: ["x", `picture ${channels}${H} × ${W}`],
      w: ["w", `kernel ${KH} × ${KW}, sum ${number(this.total)}`],
      window: ["x", `window, × w${turned}`],
      y: ["y", `output ${channels}${OH} × ${OW}`],
    };
  }

  /** How far the output that was given lies from the figure's own. */
  agreement() {
    const { most, at } = this.apart;
    if (most <= AGREES * largest(this.y)) return "Yours agrees with the figure's.";
    return `Yours differs by up to ${number(most)}, at ${this.outputName(at)}.`;
  }

  drawTitles() {
    for (const [name, [symbol, words]] of Object.entries(this.titles())) {
      const { title } = this.grids[name] ?? this.sheets[name];
      title.replaceChildren(make("b", {}, symbol), ` ${words}`);
    }
  }

  /** Paint the output, and say what its colours stand for. */
  paint() {
    const { C, OH, OW } = this.plan;
    const shown = { own: this.y, given: this.theirs, difference: null }[this.view];
    const values = shown ?? this.y.map((value, at) => this.theirs[at] - value);
    const apart = this.view === "difference";
    const agreed = apart && this.apart.most <= AGREES * largest(this.y);
    if (agreed) values.fill(0);
    const picture = { values, C, height: OH, width: OW };
    if (apart || this.total < 0.5) picture.full = agreed ? 1 : fullColour(values);
    else picture.white = this.total > 1.5 ? fullColour(values) : 255;
    paintPicture(this.grids.y.canvas, picture, this.panel.isDark());
    this.explainColours(picture, apart ? "yours − y" : "y");
  }

  explainColours({ values, C, full, white }, symbol) {
    if (full && C === 1) {
      this.showColours({ [symbol]: full });
    } else if (full) {
      this.legend.textContent = `Middle grey is 0, black −${number(full)}, white +${number(full)}.`;
    } else {
      const cut = values.reduce((count, value) => count + (value < -0.5 || value > white + 0.5), 0);
      const share = cut < values.length / 100 ? "Under 1" : Math.round((100 * cut) / values.length);
      const more = cut ? ` ${share} % of the outputs lie outside and are cut off.` : "";
      this.legend.textContent = `Black is 0, white is ${number(white)}.${more}`;
    }
  }

  // --- what is shown -------------------------------------------------------------------------

  steps() {
    return this.plan.OH * this.plan.OW;
  }

  stepAt(index) {
    return { row: "y", index };
  }

  stepOf({ row, index }) {
    return row === "y" ? index : (this.model.get("selection") ?? -1);
  }

  placeOf(selection) {
    return { row: "y", index: Math.max(0, Math.min(selection, this.steps() - 1)) };
  }

  /** A weight or a pixel of the window that is kept leaves the window where it is. */
  selectionOf({ row, index }) {
    return row === "y" ? Math.min(index, this.steps() - 1) : (this.model.get("selection") ?? null);
  }

  /** The output whose window is enlarged. */
  get output() {
    if (this.shown?.row === "y") return Math.min(this.shown.index, this.steps() - 1);
    return Math.min(this.model.get("selection") ?? 0, this.steps() - 1);
  }

  draw(all = false) {
    this.player.show();
    if (this.plan.problem) {
      this.words.replaceChildren(...sentence(this.plan.problem));
      return;
    }
    this.shown = this.shownPlace;
    const dark = this.panel.isDark();
    if (all || dark !== this.dark) this.paint();
    this.dark = dark;
    this.showPlace();
    const values = this.settled.weights.flat();
    const most = largest(values);
    const weight = (tap) => ({
      text: shortWeight(values[tap]),
      name: `${this.weightName(tap)} = ${number(values[tap])}`,
      share: values[tap] / most,
      classes: "",
    });
    this.sheets.w.fill(weight, dark);
    this.sheets.window.fill((tap) => this.pixelLook(tap), dark);
    this.markTaps();
    for (const td of this.sheets.window.cells.values()) shadeCell(td.td);
    const words = this.shown ? this.explain(this.shown) : sentence(this.hint);
    this.words.replaceChildren(...words);
  }

  /** Frame the window in the picture and its place in the output. */
  showPlace() {
    const { axes, OW, KH, KW, stride } = this.plan;
    const index = this.output;
    const [row, column] = [Math.floor(index / OW), index % OW];
    const [rows, columns] = axes.map(({ span }) => span);
    const look = {
      name: `${this.outputName(index)} ${equals(this.y[index])} ${number(this.y[index])}`,
      faint: !this.shown,
      pinned: this.pin?.row === "y" && this.pin.index === index,
    };
    const window = { i: row * stride[0], j: column * stride[1], rows, columns };
    this.grids.x.show(index, window, { ...look, name: `window ${KH} × ${KW} of ${look.name}` });
    this.grids.y.show(index, { i: row, j: column, rows: 1, columns: 1 }, look);
    this.window = windowAt(this.plan, index);
    const heads = { rowHead: (u) => this.window[u * KW].i, columnHead: (v) => this.window[v].j };
    this.sheets.window.rename(heads);
  }

  /** Ring a weight and the pixel that it meets; in large cells, pixels have their weights in the corner. */
  markTaps() {
    const marks = { w: new Map(), window: new Map() };
    this.window.forEach((_, tap) => {
      const tag = Math.max(this.plan.KH, this.plan.KW) > 5 ? "" : `×${shortWeight(this.plan.w[tap])}`;
      marks.window.set(tap, { classes: "", tag });
    });
    for (const [place, word] of [[this.shown, "shown"], [this.pin, "pinned"]]) {
      if (!place || !(place.row in marks)) continue;
      const other = place.row === "w" ? "window" : "w";
      for (const [name, tap, mark] of [
        [place.row, place.index, word],
        [other, this.partner(place.index), "met"],
      ]) {
        const before = marks[name].get(tap);
        marks[name].set(tap, { ...before, classes: `${before?.classes ?? ""} ${mark}` });
      }
    }
    for (const [name, sheet] of Object.entries(this.sheets)) sheet.mark(marks[name]);
  }

  /** The weight of a pixel of the window, and the pixel of a weight: turned, they are opposite. */
  partner(tap) {
    return this.settled.flip ? this.plan.KH * this.plan.KW - 1 - tap : tap;
  }

  pixelLook(tap) {
    const { name, value, padding } = this.pixel(tap);
    return {
      text: String(Math.round(value)).replace("-", "\u2212"),
      name: padding ? "padding, 0" : `${name} = ${number(value)}`,
      share: null,
      classes: padding ? "padding" : "pixel",
    };
  }

  /** The pixel under a weight, as a factor of the sum. */
  pixel(tap, channel = this.channel) {
    const { C, H, W, PH, PW, padding } = this.plan;
    const { i, j } = this.window[tap];
    const value = this.x[(channel * PH + i + padding[0]) * PW + j + padding[1]];
    const outside = i < 0 || j < 0 || i >= H || j >= W;
    const name = C > 1 ? `x[${channel}, ${i}, ${j}]` : `x[${i}, ${j}]`;
    return { name, value, padding: outside };
  }

  weightName(tap) {
    return `w[${Math.floor(tap / this.plan.KW)}, ${tap % this.plan.KW}]`;
  }

  outputName(at) {
    const { OH, OW, C } = this.plan;
    const place = `${Math.floor(at / OW) % OH}, ${at % OW}`;
    return C > 1 ? `y[${Math.floor(at / (OH * OW)) || this.channel}, ${place}]` : `y[${place}]`;
  }

  explain({ row, index }) {
    const { plan } = this;
    if (row === "y") {
      const at = this.channel * plan.OH * plan.OW + index;
      const terms = this.window.map((_, tap) => ({
        a: this.pixel(tap),
        b: { name: this.weightName(this.partner(tap)), value: plan.w[tap] },
      }));
      return [...sumLines(this.outputName(at), terms), ...this.compared(at)];
    }
    const [tap, weight] = row === "w" ? [this.partner(index), index] : [index, this.partner(index)];
    const pixel = this.pixel(tap);
    const value = plan.w[tap];
    const who = pixel.padding ? "a padding cell, 0" : `${pixel.name} = ${number(pixel.value)}`;
    const product = `${number(value)} times ${number(pixel.value)} is ${number(value * pixel.value)}`;
    return sentence(
      `${this.weightName(weight)} ${equals(value)} ${number(value)} meets, in this window, ${who}: ` +
        `${product} of the sum. Type another weight, or drag it up and down.`,
    );
  }

  /** What the given output has at this place. */
  compared(at) {
    if (!this.theirs) return [];
    const apart = this.theirs[at] - this.y[at];
    const same = Math.abs(apart) <= AGREES * largest(this.y);
    const words = same ? "the same" : `${number(Math.abs(apart))} ${apart < 0 ? "less" : "more"}`;
    return sentence(`Yours has ${number(this.theirs[at])} there: ${words}.`);
  }
}

/** A cell of the window is as bright as its pixel. */
function shadeCell(td) {
  if (!td.classList.contains("pixel")) {
    td.style.backgroundColor = td.style.color = "";
    return;
  }
  const value = Number(td.textContent.replace("\u2212", "-"));
  const grey = Math.max(0, Math.min(255, value));
  td.style.backgroundColor = `rgb(${grey} ${grey} ${grey})`;
  td.style.color = luminance([grey, grey, grey]) > 0.179 ? "#000" : "#fff";
}

function withWeight(weights, tap, value) {
  const columns = weights[0].length;
  return weights.map((row, u) => row.map((one, v) => (u * columns + v === tap ? value : one)));
}

function pixelsOf(picture) {
  return unpack(PICTURES[picture] ?? picture);
}

function pictureNames() {
  return Object.fromEntries(Object.keys(PICTURES).map((name) => [name, capital(name)]));
}

function kernelNames() {
  return Object.fromEntries([...Object.keys(KERNELS), "random"].map((name) => [name, capital(name)]));
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

function render({ model, el }) {
  const figure = new KernelLab(model, el);
  return () => figure.close();
}

export default widgetOf(render);
