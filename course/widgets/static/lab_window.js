// What stands under the kernel lab's kernel at one output, in names, numbers and sentences.

import { windowAt } from "./filtering.js";
import { largest } from "./figure.js";
import { equals, number } from "./shared.js";
import { sentence, sumLines } from "./sums.js";

const AGREES = 1e-9; // of the largest output: less apart is rounding

/**
 * The window of output `index`, read in one channel. `lab` has `plan`, `x`, `y`, `channel`, `flip`,
 * and `theirs`, the output that was given, or null.
 */
export class LabWindow {
  constructor({ plan, x, y, theirs, channel, flip }, index) {
    Object.assign(this, { plan, x, y, theirs, channel, flip });
    this.pixels = windowAt(plan, index);
    this.at = channel * plan.OH * plan.OW + index;
    this.name = placeName(plan, this.at);
    this.value = y[this.at];
  }

  /** The pixel under a weight, as a factor of the sum. */
  pixel(tap) {
    const { C, H, W, PH, PW, padding } = this.plan;
    const { i, j } = this.pixels[tap];
    const value = this.x[(this.channel * PH + i + padding[0]) * PW + j + padding[1]];
    const outside = i < 0 || j < 0 || i >= H || j >= W;
    const name = C > 1 ? `x[${this.channel}, ${i}, ${j}]` : `x[${i}, ${j}]`;
    return { name, value, padding: outside };
  }

  /** The weight of a pixel of the window, and the pixel of a weight: turned, they are opposite. */
  partner(tap) {
    return this.flip ? this.pixels.length - 1 - tap : tap;
  }

  /** The sum of this window, and what the given output has there. */
  sum() {
    const terms = this.pixels.map((_, tap) => ({
      a: this.pixel(tap),
      b: { name: tapName(this.plan, this.partner(tap)), value: this.plan.w[tap] },
    }));
    return [...sumLines(this.name, terms), ...this.compared()];
  }

  compared() {
    if (!this.theirs) return [];
    const apart = this.theirs[this.at] - this.value;
    const same = isRounding(apart, this.y);
    const words = same ? "the same" : `${number(Math.abs(apart))} ${apart < 0 ? "less" : "more"}`;
    return sentence(`Yours has ${number(this.theirs[this.at])} there: ${words}.`);
  }

  /** The product of one pixel of the window. */
  product(tap) {
    const pixel = this.pixel(tap);
    const value = this.plan.w[tap];
    const who = pixel.padding ? "a padding cell, 0" : `${pixel.name} = ${number(pixel.value)}`;
    const factors = `${number(value)} times ${number(pixel.value)}`;
    return sentence(
      `${tapName(this.plan, this.partner(tap))} ${equals(value)} ${number(value)} meets, in ` +
        `this window, ${who}: ${factors} is ${number(value * pixel.value)} of the sum. Type ` +
        `another weight, or drag it up and down.`,
    );
  }
}

export function tapName({ KW }, tap) {
  return `w[${Math.floor(tap / KW)}, ${tap % KW}]`;
}

/** The name of an output, counted over all channels. */
function placeName({ C, OH, OW }, at) {
  const place = `${Math.floor(at / OW) % OH}, ${at % OW}`;
  return C > 1 ? `y[${Math.floor(at / (OH * OW))}, ${place}]` : `y[${place}]`;
}

/** Is a difference no more than the rounding of outputs `y`? */
export function isRounding(apart, y) {
  return Math.abs(apart) <= AGREES * largest(y);
}

/** How far the output that was given lies from the figure's own, `apart` as `furthest` has it. */
export function agreement(plan, y, { most, at }) {
  if (isRounding(most, y)) return "Yours agrees with the figure's.";
  return `Yours differs by up to ${number(most)}, at ${placeName(plan, at)}.`;
}
