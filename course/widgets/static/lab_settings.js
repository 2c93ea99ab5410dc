// The kernel lab's settings: which picture, which kernel, how it is laid on.

import { choice, settings2d } from "./controls.js";
import { Figure2d } from "./figure2d.js";
import { labPlan } from "./filtering.js";
import { dice, KERNELS, nameOfKernel, resized } from "./kernels.js";
import { reduced, unpack } from "./pictures.js";
import { make } from "./shared.js";

const MOST = 7; // rows and columns of a kernel
const NEVER = new Set(["selection", "given", "scale"]); // these leave a given output valid

/**
 * Subclasses define what Figure2d asks for, besides the controls. `plan` is of labPlan, `pixels`
 * the picture that was chosen, `met` the one that the kernel meets.
 */
export class LabSettings extends Figure2d {
  get traits() {
    return ["picture", "weights", "channels", "flip", "given"];
  }

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
    else this.say(`${file.name} is not a picture that can be read.`);
  }

  /** Take a picture, with settings for which a window fits. */
  choosePicture(picture) {
    const wanted = { ...this.state(), picture };
    const pixels = pixelsOf(picture);
    const fits = (settings) => !labPlan({ ...wanted, ...settings, picture: pixels }).problem;
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
    const fits = named?.length === rows && rows === columns;
    this.setWeights(fits ? named : resized(weights, rows, columns));
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

  /** Python knows the picture and the weights by other names, and no output that was given. */
  inPython() {
    const { picture, weights, given, ...rest } = super.inPython();
    const { channels } = this.settled;
    const isNamed = typeof picture === "string";
    return {
      ...(picture && (isNamed ? { image: picture } : { image: this.rows(), channels })),
      ...(weights && { kernel: weights }),
      ...rest,
    };
  }

  /** The picture as nested lists, (H, W) or (C, H, W). */
  rows() {
    const { shape, values } = this.pixels;
    const [C, H, W] = shape;
    const planes = Array.from({ length: C }, (_, c) => {
      return Array.from({ length: H }, (_, i) => [...values.subarray((c * H + i) * W).slice(0, W)]);
    });
    return C === 1 ? planes[0] : planes;
  }
}

/** A picture, given by name or as it is carried. */
export function pixelsOf(picture) {
  return unpack(PICTURES[picture] ?? picture);
}

function pictureNames() {
  return Object.fromEntries(Object.keys(PICTURES).map((name) => [name, capital(name)]));
}

function kernelNames() {
  const names = [...Object.keys(KERNELS), "random"];
  return Object.fromEntries(names.map((name) => [name, capital(name)]));
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}
