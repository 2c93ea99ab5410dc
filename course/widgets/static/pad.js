// The pad that one draws on, with mouse, finger or keys; nothing is computed here.

import { PAD, PEN } from "./ink.js";
import { draw, make } from "./shared.js";

const NEAR = 0.3; // pixels; a point nearer to the last one is left out
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FAST = 4; // pixels, a step with Shift
const KEYS = "Arrow keys move the pen, with Shift further. Space puts it down and lifts it. Delete clears.";

/**
 * `onInk()`: `strokes`, lists of [x, y], have grown; `onLift()`: a stroke is done; `onClear()`:
 * all are to go; `onLeave()`: Escape while the pen is up.
 */
export class Pad {
  constructor(calls) {
    Object.assign(this, calls);
    this.strokes = [];
    this.pen = [PAD / 2, PAD / 2];
    this.down = false; // the keyboard's pen
    this.pointer = null; // the one that draws
    const side = PAD / 8;
    this.squares = Array.from({ length: 64 }, (_, at) => {
      const place = { x: (at % 8) * side, y: Math.floor(at / 8) * side };
      return draw("rect", { ...place, width: side, height: side, "fill-opacity": 0 });
    });
    this.inks = Array(64).fill(0); // of the squares
    this.line = draw("path", { class: "strokes", "stroke-width": 2 * PEN });
    this.field = draw("rect", { class: "field" });
    this.nib = draw("circle", { class: "nib", r: PEN });
    const squares = draw("g", { class: "squares" }, ...this.squares);
    const box = { viewBox: `0 0 ${PAD} ${PAD}`, "aria-hidden": "true" };
    this.invitation = make("p", { class: "invitation", "aria-hidden": "true" }, "Draw a digit here");
    const keys = make("span", { id: "pad-keys", hidden: true }, KEYS);
    this.element = make(
      "div",
      {
        ...{ class: "pad", tabindex: 0, role: "application", "aria-label": "Drawing pad" },
        "aria-describedby": "pad-keys",
      },
      draw("svg", box, squares, this.line, this.field, this.nib),
      this.invitation,
      keys,
    );
    this.element.addEventListener("pointerdown", (event) => this.press(event));
    this.element.addEventListener("pointermove", (event) => this.trace(event));
    for (const end of ["pointerup", "pointercancel"]) {
      this.element.addEventListener(end, (event) => this.release(event));
    }
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.element.addEventListener("blur", () => this.lift());
    this.showPen();
  }

  /** The place of a pointer on the pad. */
  placeOf({ clientX, clientY }) {
    const { left, top, width, height } = this.line.ownerSVGElement.getBoundingClientRect();
    return [((clientX - left) / width) * PAD, ((clientY - top) / height) * PAD];
  }

  press(event) {
    if (this.pointer !== null || event.button !== 0) return;
    this.lift();
    this.pointer = event.pointerId;
    this.element.setPointerCapture(event.pointerId);
    this.begin(this.placeOf(event));
  }

  trace(event) {
    if (event.pointerId !== this.pointer) return;
    // A browser sends one move for each frame, with all places since the one before.
    const all = event.getCoalescedEvents?.() ?? [];
    this.go((all.length ? all : [event]).map((one) => this.placeOf(one)));
  }

  release(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = null;
    this.onLift();
  }

  begin(place) {
    this.strokes.push([]);
    this.go([place]);
  }

  /** Draw on to these places, as far as they lie on the pad. */
  go(places) {
    const stroke = this.strokes.at(-1);
    const before = stroke.length;
    for (const place of places) {
      const at = place.map((value) => Math.round(100 * onPad(value)) / 100);
      const last = stroke.at(-1);
      if (last && Math.hypot(at[0] - last[0], at[1] - last[1]) < NEAR) continue;
      stroke.push(at);
      this.pen = at;
    }
    if (stroke.length === before) return;
    this.showPen();
    this.onInk();
  }

  /** The keyboard's pen leaves the paper. */
  lift() {
    if (!this.down) return;
    this.down = false;
    this.showPen();
    this.onLift();
  }

  key(event) {
    const step = STEPS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && !step)) return;
    if (step) {
      const far = event.shiftKey ? FAST : 1;
      const place = this.pen.map((value, axis) => onPad(value + far * step[axis]));
      if (this.down) {
        this.go([place]);
      } else {
        this.pen = place;
        this.showPen();
      }
    } else if (event.key === " ") {
      if (this.down) {
        this.lift();
      } else {
        this.down = true;
        this.begin(this.pen);
      }
    } else if (["Delete", "Backspace"].includes(event.key)) {
      this.onClear();
    } else if (event.key === "Escape") {
      if (this.down) this.lift();
      else this.onLeave();
    } else {
      return;
    }
    event.preventDefault(); // the panel keeps the key from the page
  }

  showPen() {
    this.nib.setAttribute("cx", this.pen[0]);
    this.nib.setAttribute("cy", this.pen[1]);
    this.element.classList.toggle("down", this.down);
  }

  /** Forget all strokes. */
  clear() {
    this.strokes = [];
    this.down = false;
    this.showPen();
  }

  /**
   * Show the strokes, or where there are none an image of 8 by 8, ink 0 to 16; and what is seen of
   * it, two corners [x, y], or null.
   */
  show(image, field) {
    const drawn = this.strokes.length > 0;
    this.invitation.hidden = drawn || image.flat().some((ink) => ink > 0);
    const lines = this.strokes.map((points) => `M${points.join("L")}${points.length === 1 ? "h0" : ""}`);
    const path = lines.join("");
    if (path !== this.line.getAttribute("d")) this.line.setAttribute("d", path);
    const inks = drawn ? Array(64).fill(0) : image.flat();
    inks.forEach((ink, at) => {
      if (ink !== this.inks[at]) this.squares[at].setAttribute("fill-opacity", ink / 16);
    });
    this.inks = inks;
    this.field.toggleAttribute("hidden", field === null);
    if (field === null) return;
    const [low, high] = field.map((corner) => corner.map(onPad));
    const place = { x: low[0], y: low[1], width: high[0] - low[0], height: high[1] - low[1] };
    for (const [name, value] of Object.entries(place)) this.field.setAttribute(name, value);
  }
}

/** The nearest place on the pad. */
function onPad(value) {
  return Math.max(0, Math.min(PAD, value));
}
