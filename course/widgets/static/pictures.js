// Pictures as they travel between Python and the page, as they are read from a file, and as they
// are shown.

import { largest } from "./figure.js";
import { puor } from "./shared.js";

const KINDS = { uint8: Uint8Array, float64: Float64Array };
const LONGEST = 256; // pixels of a side

// A channel by itself is painted dot by dot: a dot is sooner set than its red, green and blue.
const GREYS = dotsOf(Array.from({ length: 256 }, (_, level) => [level, level, level]));

/** Colours [red, green, blue] as dots of a canvas. */
function dotsOf(colours) {
  return new Uint32Array(Uint8Array.from(colours.flatMap((rgb) => [...rgb, 255])).buffer);
}

/** The colours of differences from the most negative to the most positive. */
function differences(dark) {
  return Array.from({ length: 511 }, (_, at) => puor(at / 255 - 1, dark));
}

/** The numbers of a carried picture, { shape: [C, H, W], values }. */
export function unpack({ shape, kind, data }) {
  const text = atob(data);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at);
  return { shape, values: new Float64Array(new KINDS[kind](bytes.buffer)) };
}

/** Bytes, (C, H, W), as they are carried. */
export function pack(shape, bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return { shape, kind: "uint8", data: btoa(text) };
}

/** A bitmap as a carried picture of at most LONGEST pixels a side. */
export function reduced(whole) {
  const share = Math.min(1, LONGEST / Math.max(whole.width, whole.height));
  const [W, H] = [whole.width, whole.height].map((side) => Math.max(1, Math.round(side * share)));
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: W, height: H });
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  Object.assign(brush, { imageSmoothingQuality: "high", fillStyle: "#fff" });
  brush.fillRect(0, 0, W, H); // what is transparent is white
  brush.drawImage(whole, 0, 0, W, H);
  const rgba = brush.getImageData(0, 0, W, H).data;
  const bytes = Uint8Array.from({ length: 3 * H * W }, (_, at) => {
    return rgba[4 * (at % (H * W)) + Math.floor(at / (H * W))];
  });
  return pack([3, H, W], bytes);
}

/** The size at which colours of differences end: all but the farthest few in a large picture. */
export function fullColour(values) {
  const every = Math.ceil(values.length / 4096);
  if (every === 1) return largest(values);
  const count = Math.floor(values.length / every);
  const some = new Float64Array(count);
  for (let at = 0; at < count; at++) some[at] = Math.abs(values[at * every]);
  return some.sort()[Math.floor(0.98 * count)] || largest(values);
}

const PAINTED = new WeakMap(); // canvas: the memory of what was painted on it last

/** An image to paint on a canvas, in the memory of its last one where that is large enough. */
function imageFor(canvas, { width, height }) {
  const bytes = 4 * width * height;
  if (!(PAINTED.get(canvas)?.byteLength >= bytes)) PAINTED.set(canvas, new ArrayBuffer(bytes));
  const shades = new Uint8ClampedArray(PAINTED.get(canvas), 0, bytes);
  return new ImageData(shades, width, height);
}

/**
 * Paint values (C, height, width) on a canvas: as brightness from 0 to `white`, or where `full` is
 * given as differences that end at ±full, one channel in orange and purple. Return how many values
 * lie outside.
 */
export function paintPicture(canvas, { values, C, height, width, full = null, white = 255 }, dark) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = imageFor(canvas, { width, height });
  const [shades, count] = [image.data, height * width];
  let outside = 0;
  if (C === 1) {
    const dots = new Uint32Array(shades.buffer, 0, count);
    const table = full === null ? GREYS : dotsOf(differences(dark));
    const [scale, middle] = full === null ? [255 / white, 0.5] : [255 / full, 255.5];
    const last = table.length - 1;
    for (let at = 0; at < count; at++) {
      const step = values[at] * scale + middle;
      if (step < 0 || step >= last + 1) outside++;
      dots[at] = table[step < 0 ? 0 : step > last ? last : step | 0];
    }
  } else {
    const [scale, middle] = full === null ? [255 / white, 0.5] : [127.5 / full, 128];
    shades.fill(255);
    for (let c = 0; c < 3; c++) {
      for (let at = 0; at < count; at++) {
        const step = values[c * count + at] * scale + middle;
        if (step < 0 || step >= 256) outside++;
        shades[4 * at + c] = Math.floor(step);
      }
    }
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
  return outside;
}
