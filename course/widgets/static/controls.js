// Native controls: a choice of two, a whole number with limits, and step-by-step playing.

import { make, writeText } from "./shared.js";

/** A labelled choice: radio buttons in a fieldset. `options` is { value: text }. */
export function choice(legend, options, onChange) {
  const inputs = Object.keys(options).map((value) =>
    make("input", { type: "radio", name: legend, value }),
  );
  const labels = inputs.map((input) => {
    return make("label", {}, input, make("span", {}, options[input.value]));
  });
  const element = make("fieldset", { class: "choice" }, make("legend", {}, legend), ...labels);
  element.addEventListener("change", (event) => onChange(event.target.value));
  return {
    element,
    set(value) {
      for (const input of inputs) input.checked = input.value === value;
    },
  };
}

/** A whole number between limits that move, and its letter: a native field between two buttons. */
export function stepper(label, letter, onChange) {
  const id = `set-${label.toLowerCase().replaceAll(" ", "-")}`;
  const input = make("input", { id, type: "number", step: 1, "aria-describedby": "limits" });
  // Whatever is typed is brought to the nearest legal number.
  const offer = (wanted) => {
    const legal = Math.max(input.min, Math.min(input.max, Math.round(wanted)));
    input.value = legal;
    onChange(legal);
  };
  // The field has the arrow keys: the buttons are for the pointer, no Tab stops.
  const button = (sign, word, change) => {
    const name = `${word} ${label.toLowerCase()}`;
    const element = make("button", { type: "button", tabindex: -1, "aria-label": name }, sign);
    element.addEventListener("mousedown", (event) => event.preventDefault());
    element.addEventListener("click", () => offer(Number(input.value) + change));
    return element;
  };
  const less = button("\u2212", "Less", -1);
  const more = button("+", "More", 1);
  input.addEventListener("change", () => offer(Number(input.value)));
  const name = make("label", { for: id }, `${label} `, make("i", {}, letter));
  return {
    element: make("div", { class: "stepper" }, name, less, input, more),
    set({ value, least, most }) {
      Object.assign(input, { min: least, max: most, value });
      less.setAttribute("aria-disabled", value <= least);
      more.setAttribute("aria-disabled", value >= most);
    },
  };
}

/**
 * Settings of rows and columns, { name: letter }: one field each, or two where rows and columns
 * have their own. `set(limits)` takes one { value, least, most }, or a list of two.
 */
export function settings2d(letters, onChange) {
  const field = ([name, letter]) => {
    const word = name[0].toUpperCase() + name.slice(1);
    const both = [stepper(word, letter, (value) => onChange(name, value))];
    let limits = null;
    const apart = ["rows", "columns"].map((axis, at) => {
      return stepper(`${word} of ${axis}`, letter, (value) => {
        onChange(name, limits.map((one, other) => (other === at ? value : one.value)));
      });
    });
    const element = make("div", { class: "bar" });
    const set = (given) => {
      limits = [given].flat();
      const fields = Array.isArray(given) ? apart : both;
      if (fields[0].element.parentNode !== element) {
        element.replaceChildren(...fields.map((one) => one.element));
      }
      fields.forEach((one, at) => one.set(limits[at]));
    };
    return [name, { element, set }];
  };
  return Object.fromEntries(Object.entries(letters).map(field));
}

/**
 * Buttons that walk through a figure: start over, back, step, play.
 * `position()` tells where it stands (-1: before the first), `length()` how many steps there are,
 * `go(position)` goes there. Step leads from the last to the first, and says so. Playing is off until
 * asked for, and stops at the end.
 */
export function player({ position, length, go }) {
  let timer = null;
  const stop = () => {
    clearInterval(timer);
    timer = null;
    show();
  };
  const forward = () => {
    if (position() + 1 < length()) go(position() + 1);
    if (position() + 1 >= length()) stop();
  };
  const button = (text, action) => {
    const element = make("button", { type: "button" }, text);
    element.addEventListener("click", action);
    return element;
  };
  const over = button("Start over", () => (stop(), go(-1)));
  const back = button("Back", () => (stop(), go(Math.max(position() - 1, -1))));
  const step = button("Step", () => (stop(), go((position() + 1) % length())));
  const play = button("Play", () => {
    if (timer !== null) return stop();
    if (position() + 1 >= length()) go(-1);
    timer = setInterval(forward, 900);
    forward();
    show();
  });
  play.className = "play";
  step.className = "main step";
  const show = () => {
    writeText(play, timer === null ? "Play" : "Pause");
    writeText(step, position() >= 0 && position() + 1 >= length() ? "Step to the first" : "Step");
    for (const element of [over, back]) element.setAttribute("aria-disabled", position() < 0);
  };
  show();
  return { element: make("div", { class: "player" }, over, back, step, play), show, stop };
}
