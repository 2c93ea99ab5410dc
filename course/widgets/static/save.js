// Taking a figure along: as a picture for slides and handouts, and as the line of Python that makes
// it again.

import { make } from "./shared.js";

const TIMES = 2; // a saved picture is so many times as large as the figure
const WRITTEN = 4000; // numbers that a line of code writes out; an array of more is named in it
// Nobody can press a button of a picture; and what is hidden of a large sheet would make it large.
const LEFT_OUT = ".settings, .steps, .reasons, button, fieldset, [hidden]";
const FROM_PAGE = [
  "--jp-layout-color0", "--jp-ui-font-color1", "--jp-border-color1", "--jp-ui-font-family",
  "--aside", "--projected",
];

/**
 * A button that opens three others: save the figure as `name`.png or `name`.svg, and copy what
 * `code()` returns. `figure` is the panel's element, `css` the sheet that it is styled by.
 * `settle()` shows the figure's own words again, `say(words)` others in their place.
 */
export function takeAlong({ figure, css, name, code, settle, say }) {
  const button = (text, action) => {
    const element = make("button", { type: "button" }, text);
    element.addEventListener("click", action);
    return element;
  };
  const keep = (address, ending) => {
    make("a", { href: address, download: `${name}.${ending}` }).click();
  };
  const picture = () => {
    settle();
    return svgOf(figure, css, TIMES);
  };
  const savePng = () => {
    pngOf(picture()).then(
      (address) => keep(address, "png"),
      () => say("This browser saves no PNG of a figure. Save the SVG, or take a screenshot."),
    );
  };
  const copy = async () => {
    const line = code();
    const copied = await navigator.clipboard?.writeText(line).then(() => true, () => false);
    say(`${copied ? "Copied" : "Copy this line"}: ${line}`);
  };
  const ways = make(
    "div",
    { class: "along" },
    button("Save as PNG", savePng),
    button("Save as SVG", () => keep(addressOf(picture()), "svg")),
    button("Copy as code", copy),
  );
  ways.hidden = true;
  const open = button("Take along", () => {
    ways.hidden = !ways.hidden;
    open.ariaExpanded = String(!ways.hidden);
  });
  open.ariaExpanded = "false";
  return make("div", { class: "along" }, open, ways);
}

/**
 * The text of an SVG that shows the figure as it is, `times` as large, without its controls.
 * The figure stands in it as HTML, in a foreignObject: text stays text, and browsers open it as a
 * file. Programs that know no HTML, as most that draw, show an empty picture.
 */
export function svgOf(figure, css, times) {
  const look = getComputedStyle(figure);
  const width = parseFloat(look.width);
  const clone = figure.cloneNode(true);
  const copies = [...clone.querySelectorAll("*")];
  const all = [...figure.querySelectorAll("*")].map((element, at) => [element, copies[at]]);
  for (const element of clone.querySelectorAll(LEFT_OUT)) element.remove();
  // What can be folded away is there, or is not.
  for (const folded of clone.querySelectorAll("details")) {
    folded.querySelector("summary")?.remove();
    folded.replaceWith(...(folded.open ? folded.children : []));
  }
  const pairs = all.filter(([, copy]) => clone.contains(copy));
  const colours = FROM_PAGE.filter((name) => look.getPropertyValue(name) !== "").map(
    (name) => `${name}: ${look.getPropertyValue(name)};`,
  );
  const host = make("div", { class: "host" }, make("style", {}, sheetOf(css)), clone);
  host.style.cssText = `color-scheme: ${look.colorScheme}; ${colours.join(" ")} width: ${width}px`;
  for (const [element, copy] of pairs) {
    if (element.tagName === "CANVAS") copy.replaceWith(stillOf(element));
    if (element.tagName === "INPUT") copy.replaceWith(valueOfField(element));
  }
  // Where all of it lies is known once it is laid out.
  const { position, visibility } = host.style;
  Object.assign(host.style, { position: "absolute", visibility: "hidden" });
  figure.after(host);
  scrollAlike(pairs, figure.getBoundingClientRect().width / width);
  const height = Math.ceil(parseFloat(getComputedStyle(host).height));
  clone.style.minHeight = `${height}px`; // no line of it half there
  host.remove();
  Object.assign(host.style, { position, visibility });
  const size = [width, height].map((side) => Math.round(times * side));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size[0]}" height="${size[1]}" ` +
    `viewBox="0 0 ${width} ${height}"><foreignObject width="100%" height="100%">` +
    `${new XMLSerializer().serializeToString(host)}</foreignObject></svg>`
  );
}

/**
 * A figure's style sheet for a picture: it has no shadow root, no canvas, no scroll bars, and a
 * window of its own size, so what follows the window's size follows that of this window.
 */
function sheetOf(css) {
  const holds = (query) => (matchMedia(query).matches ? "all" : "not all");
  const fixed = css
    .replaceAll(":host", ".host")
    .replace(/@media ([^{]+)\{/g, (_, query) => `@media ${holds(query)} {`)
    .replace(/\bcanvas\b/g, "img")
    .replace(/([\d.]+)vh/g, (_, share) => `${(share * innerHeight) / 100}px`);
  return `${fixed}\n.host * { scrollbar-width: none }`;
}

/** What a field holds, as text in its place. */
function valueOfField(field) {
  const { width, height, padding, textAlign } = getComputedStyle(field);
  const box = `display: inline-block; width: ${width}; line-height: ${height}; padding: ${padding}`;
  return make("span", { style: `${box}; text-align: ${textAlign}` }, field.value);
}

/** What a canvas shows, as an image in its place. */
function stillOf(canvas) {
  const [classes, style] = ["class", "style"].map((name) => canvas.getAttribute(name));
  return make("img", { class: classes, style, alt: "", src: canvas.toDataURL() });
}

/** Move what is in scrolled boxes to where it is seen: a picture cannot be scrolled. */
function scrollAlike(pairs, zoom) {
  const offset = (one, box) => {
    const [inner, outer] = [one, box].map((element) => element.getBoundingClientRect());
    return [(inner.left - outer.left) / zoom, (inner.top - outer.top) / zoom];
  };
  const move = (element, by) => {
    element.style.translate = by.map((length) => `${length}px`).join(" ");
  };
  const isScrolled = ([{ scrollLeft, scrollTop }]) => scrollLeft !== 0 || scrollTop !== 0;
  for (const [box, copy] of pairs.filter(isScrolled)) {
    for (const child of copy.children) move(child, [-box.scrollLeft, -box.scrollTop]);
    // Headings that stay at the edge of the box have not moved along.
    for (const [one, other] of pairs.filter(([one]) => box.contains(one))) {
      if (getComputedStyle(one).position !== "sticky") continue;
      const [wanted, now] = [offset(one, box), offset(other, copy)];
      move(other, wanted.map((place, axis) => place - now[axis]));
    }
  }
}

function addressOf(svg) {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}

/** The address of a PNG that shows an SVG. */
async function pngOf(svg) {
  const image = new Image();
  image.src = addressOf(svg);
  await image.decode();
  return painted(image);
}

/** The address of a PNG of an image that has been loaded. */
export function painted(image) {
  const canvas = make("canvas", { width: image.naturalWidth, height: image.naturalHeight });
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas.toDataURL("image/png");
}

// --- code ------------------------------------------------------------------------------------

/** The call that makes a figure with these settings; what is too long for a line is named. */
export function callOf(name, settings) {
  const written = Object.entries(settings).map(([setting, value]) => {
    return `${setting}=${isShort(value) ? pythonOf(value) : `your_${setting}`}`;
  });
  return `${name}(${written.join(", ")})`;
}

function isShort(value) {
  if (Array.isArray(value)) return value.flat(Infinity).length <= WRITTEN;
  return value === null || typeof value !== "object";
}

/** A value as Python writes it. */
function pythonOf(value) {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(pythonOf).join(", ")}]`;
  return JSON.stringify(value);
}
