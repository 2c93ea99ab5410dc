// Kernel lab: a picture, a kernel whose weights one changes, and the output at once.

import { replaced } from "./cell_field.js";
import { choice } from "./controls.js";
import { largest } from "./figure.js";
import { between, correlate, furthest, greyOf, labPlan, nearestOutput } from "./filtering.js";
import { cellAt } from "./grid.js";
import { matrixLayout } from "./image_sheets.js";
import { shortWeight } from "./kernels.js";
import { LabSettings, pixelsOf } from "./lab_settings.js";
import { agreement, isRounding, LabWindow, tapName } from "./lab_window.js";
import { widgetOf } from "./page.js";
import { fullColour, paintPicture, unpack } from "./pictures.js";
import { PixelGrid } from "./pixel_grid.js";
import { equals, luminance, make, number } from "./shared.js";
import { Sheet } from "./sheet.js";
import { sentence } from "./sums.js";
import { WeightSheet } from "./weight_sheet.js";

const PIXELS = 17; // em, the least width of a picture beside the kernel
const CELL = 2.5; // em
const CHANNELS = { 0: "Red", 1: "Green", 2: "Blue" };

class KernelLab extends LabSettings {
  get label() {
    return "Kernel lab";
  }

  get hint() {
    return (
      "Point at the picture or the output to see a window and its sum. Type over a weight, or " +
      "drag it up and down."
    );
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
    const onWeight = (tap, value) => {
      const place = [Math.floor(tap / this.plan.KW), tap % this.plan.KW];
      this.setWeights(replaced(this.settled.weights, place, value));
    };
    this.sheets = {
      w: new WeightSheet("w", "kernel w", {
        ...this.handlers("w"),
        ...{ weightOf, onWeight, onRefused: (words) => this.say(words) },
      }),
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
      this.draw(true);
    });
    this.verdict = make("p", { class: "verdict" });
    this.grids.y.element.append(this.verdict, this.views.element);
    this.sheets.window.title.after(this.whose.element);
    const sheets = Object.values(this.sheets).map(({ element }) => element);
    const middle = make("div", { class: "middle" }, ...sheets);
    const pictures = [this.grids.x.element, middle, this.grids.y.element];
    const place = make("div", { class: "sheets lab" }, ...pictures);
    this.takeDrops(place);
    return place;
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
    this.x = between(plan, this.met.values, this.x);
    const before = this.known?.met === this.met ? this.known : null;
    const y = correlate(plan, this.x, this.spare, before);
    [this.y, this.spare] = [y, this.y ?? null]; // in turns: while one is written, one is read
    this.known = { met: this.met, plan, y };
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
      sheet.element.classList.toggle("large", this.isLarge);
    }
    this.place.style.setProperty("--needs", 2 * PIXELS + this.sheets.w.width + 3.6);
    this.whose.element.hidden = C === 1;
    this.whose.set(String(this.channel));
    this.views.element.hidden = this.verdict.hidden = !this.theirs;
    this.verdict.textContent = this.theirs ? agreement(this.plan, this.y, this.apart) : "";
    this.views.set(this.view);
    if (this.met !== this.painted) {
      this.painted = this.met;
      const shown = { values: this.met.values, C, height: H, width: W };
      paintPicture(this.grids.x.canvas, shown, this.panel.isDark());
    }
  }

  /** Are there so many weights that their cells are small? */
  get isLarge() {
    return Math.max(this.plan.KH, this.plan.KW) > 5;
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

  partOf(name) {
    return this.grids[name] ?? super.partOf(name);
  }

  /** Paint the output, and say what its colours stand for. */
  paint() {
    const { C, OH, OW } = this.plan;
    const shown = { own: this.y, given: this.theirs, difference: null }[this.view];
    const values = shown ?? this.y.map((value, at) => this.theirs[at] - value);
    const apart = this.view === "difference";
    const agreed = apart && isRounding(this.apart.most, this.y);
    if (agreed) values.fill(0);
    const picture = { values, C, height: OH, width: OW };
    if (apart || this.total < 0.5) picture.full = agreed ? 1 : fullColour(values);
    else picture.white = this.total > 1.5 ? fullColour(values) : 255;
    const outside = paintPicture(this.grids.y.canvas, picture, this.panel.isDark());
    this.explainColours(picture, outside / values.length, apart ? "yours − y" : "y");
  }

  /** Say what colours stand for; this share of the values lies outside of black to white. */
  explainColours({ C, full, white }, outside, symbol) {
    if (full && C === 1) {
      this.showColours({ [symbol]: full });
    } else if (full) {
      this.legend.textContent = `Middle grey is 0, black −${number(full)}, white +${number(full)}.`;
    } else {
      const share = outside < 0.01 ? "Under 1" : Math.round(100 * outside);
      const more = outside > 0 ? ` ${share} % of the outputs lie outside and are cut off.` : "";
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
      name: `${tapName(this.plan, tap)} = ${number(values[tap])}`,
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
    const { plan, x, y, theirs, channel } = this;
    this.window = new LabWindow({ plan, x, y, theirs, channel, flip: this.settled.flip }, index);
    const { name, value, pixels } = this.window;
    const look = {
      name: `${name} ${equals(value)} ${number(value)}`,
      faint: !this.shown,
      pinned: this.pin?.row === "y" && this.pin.index === index,
    };
    const window = { i: row * stride[0], j: column * stride[1], rows, columns };
    this.grids.x.show(index, window, { ...look, name: `window ${KH} × ${KW} of ${look.name}` });
    this.grids.y.show(index, { i: row, j: column, rows: 1, columns: 1 }, look);
    const heads = { rowHead: (u) => pixels[u * KW].i, columnHead: (v) => pixels[v].j };
    this.sheets.window.heads.name(heads);
  }

  /** Ring a weight and the pixel that it meets; large cells have their weight in the corner. */
  markTaps() {
    const marks = { w: new Map(), window: new Map() };
    this.window.pixels.forEach((_, tap) => {
      const tag = this.isLarge ? "" : `×${shortWeight(this.plan.w[tap])}`;
      marks.window.set(tap, { classes: "", tag });
    });
    for (const [place, word] of [[this.shown, "shown"], [this.pin, "pinned"]]) {
      if (!place || !(place.row in marks)) continue;
      const other = place.row === "w" ? "window" : "w";
      for (const [name, tap, mark] of [
        [place.row, place.index, word],
        [other, this.window.partner(place.index), "met"],
      ]) {
        const before = marks[name].get(tap);
        marks[name].set(tap, { ...before, classes: `${before?.classes ?? ""} ${mark}` });
      }
    }
    for (const [name, sheet] of Object.entries(this.sheets)) sheet.mark(marks[name]);
  }

  pixelLook(tap) {
    const { name, value, padding } = this.window.pixel(tap);
    return {
      text: String(Math.round(value)).replace("-", "\u2212"),
      name: padding ? "padding, 0" : `${name} = ${number(value)}`,
      share: null,
      classes: padding ? "padding" : "pixel",
    };
  }

  explain({ row, index }) {
    if (row === "y") return this.window.sum();
    return this.window.product(row === "w" ? this.window.partner(index) : index);
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

function render({ model, el }) {
  const figure = new KernelLab(model, el);
  return () => figure.close();
}

export default widgetOf(render);
