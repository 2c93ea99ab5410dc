// Taking a figure along: as a picture for slides and handouts, and as the line of Python that makes
// it again.

import { make } from "./shared.js";

const TIMES = 2; // pixels of the saved picture for one of the page
const LEFT_OUT = ".settings, .steps, .reasons"; // nobody can press a button of a picture
const PAGE_COLOURS = [
  "--jp-layout-color0", "--jp-ui-font-color1", "--jp-border-color1", "--jp-ui-font-family",
];

/**
 * Two buttons: one saves the figure as `name`.png, one copies what `code()` returns. `say(words)`
 * tells what has been done. `figure` is the panel's element, `css` the sheet that it is styled by.
 */
export function saveButtons({ figure, css, name, code, say }) {
  const button = (text, action) => {
    const element = make("button", { type: "button" }, text);
    element.addEventListener("click", action);
    return element;
  };
  const save = () => {
    pictureOf(figure, css).then(
      (address) => make("a", { href: address, download: `${name}.png` }).click(),
      () => say("This browser does not let a figure be saved. A screenshot does the same."),
    );
  };
  const copy = async () => {
    const line = code();
    const copied = await navigator.clipboard?.writeText(line).then(() => true, () => false);
    say(`${copied ? "Copied" : "Copy this line"}: ${line}`);
  };
  return make("div", { class: "player" }, button("Save as PNG", save), button("Copy as code", copy));
}

/** The figure as the address of a PNG of twice its size, without its controls. */
async function pictureOf(figure, css) {
  const { width } = figure.getBoundingClientRect();
  const clone = figure.cloneNode(true);
  for (const element of clone.querySelectorAll(LEFT_OUT)) element.remove();
  const canvases = figure.querySelectorAll("canvas");
  clone.querySelectorAll("canvas").forEach((canvas, at) => {
    const src = canvases[at].toDataURL();
    canvas.replaceWith(make("img", { src, style: canvas.getAttribute("style"), alt: "" }));
  });
  const look = getComputedStyle(figure);
  const colours = PAGE_COLOURS.filter((colour) => look.getPropertyValue(colour) !== "").map(
    (colour) => `${colour}: ${look.getPropertyValue(colour)};`,
  );
  const style = `color-scheme: ${look.colorScheme}; ${colours.join(" ")}`;
  // A picture has no shadow root: what is said of the host holds for the element around the figure.
  const sheet = make("style", {}, css.replaceAll(":host", ".host"));
  const host = make("div", { class: "host", style: `${style}; width: ${width}px` }, sheet, clone);
  // Its height without the controls is known once it is laid out.
  const measured = host.cloneNode(true);
  measured.style.cssText += "; position: absolute; visibility: hidden";
  figure.after(measured);
  const height = Math.ceil(measured.getBoundingClientRect().height);
  measured.remove();
  const markup = new XMLSerializer().serializeToString(host);
  const size = `width="${TIMES * width}" height="${TIMES * height}" viewBox="0 0 ${width} ${height}"`;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" ${size}>` +
    `<foreignObject width="100%" height="100%">${markup}</foreignObject></svg>`;
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = make("canvas", { width: Math.round(TIMES * width), height: TIMES * height });
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas.toDataURL("image/png");
}

/** A value as Python writes it. */
export function pythonOf(value) {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(pythonOf).join(", ")}]`;
  return JSON.stringify(value);
}

/** The call that makes a figure again: settings without a value are left out. */
export function callOf(name, settings) {
  const given = Object.entries(settings).filter(([, value]) => value !== null && value !== undefined);
  return `${name}(${given.map(([setting, value]) => `${setting}=${pythonOf(value)}`).join(", ")})`;
}
