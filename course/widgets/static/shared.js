// What every figure of the course uses: elements, numbers, colours, the panel it is drawn in.
// Plain ES modules: course/widgets/base.py puts a figure's files one after another into one.

/** Make an HTML element; `attributes` that are null or false are left out. */
export function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Make an SVG element. */
export function draw(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Give an element so many children: the last ones go, new ones come from `fresh()`. */
export function fit(parent, count, fresh) {
  while (parent.children.length > count) parent.lastChild.remove();
  while (parent.children.length < count) parent.append(fresh());
}

/** Write an element's text: other letters in one node are laid out sooner than another node. */
export function writeText(element, text) {
  const { firstChild: first } = element;
  const one = first?.nodeType === Node.TEXT_NODE && first === element.lastChild;
  if (!one) element.textContent = text;
  else if (first.data !== text) first.data = text;
}

// --- numbers ---------------------------------------------------------------------------------

/** Write a number for a cell: at most three decimals, and a true minus sign (U+2212). */
export function number(value) {
  let text;
  if (value === 0) text = "0";
  else if (Number.isInteger(value)) text = String(value);
  else if (Math.abs(value) < 0.001) text = value.toExponential(1);
  else text = String(Number(value.toFixed(3)));
  return text.replaceAll("-", "\u2212");
}

/** The sign to write before a number: "≈" where `number` had to round. */
export function equals(value) {
  const shown = Number(number(value).replaceAll("\u2212", "-"));
  return Math.abs(shown - value) <= 1e-9 * Math.abs(value) ? "=" : "≈";
}

/** What a window lies over: "the image", or where there is padding "the padded image". */
export function padded(word, padding) {
  return padding > 0 ? `the padded ${word}` : `the ${word}`;
}

/** A factor of a product: a negative one stands in parentheses. */
export function factor(value) {
  return value < 0 ? `(${number(value)})` : number(value);
}

// --- colours ---------------------------------------------------------------------------------

// ColorBrewer's PuOr (orange below zero, purple above, as matplotlib has it), and the same hues
// around a dark neutral for dark themes.
const PUOR = {
  light: stopsOf("b35806 e08214 fdb863 fee0b6 f7f7f7 d8daeb b2abd2 8073ac 542788"),
  dark: stopsOf("fdb863 cf8330 96580f 5a3a18 2c2c31 3c385c 5a5190 8c82bd c5bfe6"),
};

function stopsOf(colours) {
  return colours.split(" ").map((hex) => [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)));
}

/** The colour of `share`, a value divided by the largest of its row, so from -1 to 1. */
export function puor(share, dark) {
  const stops = PUOR[dark ? "dark" : "light"];
  const place = ((Math.max(-1, Math.min(1, share)) + 1) / 2) * (stops.length - 1);
  const below = Math.min(Math.floor(place), stops.length - 2);
  const mix = place - below;
  return stops[below].map((c, i) => Math.round(c * (1 - mix) + stops[below + 1][i] * mix));
}

/** Relative luminance of an sRGB colour, 0 to 1, as WCAG 2 defines it. */
export function luminance(rgb) {
  const [r, g, b] = rgb
    .map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Colour a cell by its share, its ink black or white, whichever can be read better. */
export function paint(cell, share, dark) {
  const rgb = puor(share, dark);
  cell.style.backgroundColor = `rgb(${rgb.join(" ")})`;
  cell.style.color = luminance(rgb) > 0.179 ? "#000" : "#fff";
}

// --- keys ------------------------------------------------------------------------------------

/** Is a key for the figure? The page has those with Ctrl or Alt, Shift + Enter, and turning pages. */
export function isOwnKey(event) {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  if (ctrlKey || metaKey || altKey || (shiftKey && key === "Enter")) return false;
  const onButton = event.composedPath()[0].tagName === "BUTTON";
  return !["Tab", "PageUp", "PageDown"].includes(key) && !(onButton && key.startsWith("Arrow"));
}

// --- the panel -------------------------------------------------------------------------------

/**
 * Make a figure's panel inside `el`, in a shadow root with `css`.
 * `onTheme` is called when the panel's background turns dark or light, `onPlaced` when the panel
 * has a size for the first time, and can be scrolled.
 * Returns { root, figure, isDark(), leave(), close() }.
 */
export function panel(el, { label, css, onTheme, onPlaced }) {
  const host = make("div");
  const root = host.attachShadow({ mode: "open" });
  const figure = make("div", { class: "figure", role: "group", "aria-label": label });
  root.append(make("style", {}, css), figure);
  el.append(host);

  // JupyterLab and slides bind letters and arrows on the page: a figure keeps its own keys.
  host.addEventListener("keydown", (event) => {
    if (!isOwnKey(event)) return;
    event.stopPropagation();
    if (event.key === "Escape" && !event.defaultPrevented) leave();
  });
  // JupyterLab looks at a key before the figure does; this attribute tells it to leave it alone.
  const announce = (event) => {
    if (event.composedPath().includes(host)) {
      host.toggleAttribute("data-lm-suppress-shortcuts", isOwnKey(event));
    }
  };
  addEventListener("keydown", announce, true);
  /** Give the keyboard back to what the figure stands in. */
  const leave = () => {
    root.activeElement?.blur();
    host.parentElement?.closest("[tabindex]")?.focus({ preventScroll: true });
  };

  const look = () => {
    const rgb = getComputedStyle(figure).backgroundColor.match(/[\d.]+/g);
    const dark = rgb !== null && luminance(rgb.slice(0, 3).map(Number)) < 0.18;
    if (dark !== figure.classList.contains("dark")) {
      figure.classList.toggle("dark", dark);
      onTheme();
    }
  };
  const pageChanges = new MutationObserver(look);
  for (const node of [document.documentElement, document.body]) {
    pageChanges.observe(node, { attributes: true });
  }
  // The first size is known once the panel is in the page; before that it has no background.
  let waiting = true;
  const placed = new ResizeObserver(() => {
    look();
    if (waiting && host.offsetWidth > 0) {
      waiting = false;
      onPlaced();
    }
  });
  placed.observe(host);
  const preference = matchMedia("(prefers-color-scheme: dark)");
  preference.addEventListener("change", look);
  look();

  return {
    root,
    figure,
    isDark: () => figure.classList.contains("dark"),
    leave,
    close() {
      removeEventListener("keydown", announce, true);
      pageChanges.disconnect();
      placed.disconnect();
      preference.removeEventListener("change", look);
      host.remove();
    },
  };
}
