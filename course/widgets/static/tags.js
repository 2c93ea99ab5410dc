// The small numbers in the corners of a large sheet's marked cells, in a layer of their own.

import { fit, make, writeText } from "./shared.js";

const SMALL = 0.66; // size of a tag's text beside that of a cell

/**
 * To lay out a cell again for each tag that comes and goes takes longer than to draw the tags above
 * the cells: where the marked cells move on together, all of their tags are moved at once.
 */
export class Tags {
  constructor() {
    this.element = make("div", { class: "tags", "aria-hidden": "true" });
    this.shown = [];
  }

  /** Show { text, ink, right, bottom: where its cell ends, in em of the sheet } each. */
  show(tags) {
    const { element } = this;
    fit(element, tags.length, () => make("span"));
    this.shown.length = tags.length;
    if (tags.length === 0) return;
    const em = (length) => `${(length / SMALL).toFixed(3)}em`;
    const [{ right, bottom }] = tags;
    element.style.transform = `translate(${em(right)}, ${em(bottom)})`;
    tags.forEach((tag, at) => {
      const { style } = element.children[at];
      const before = this.shown[at] ?? {};
      const now = { text: tag.text, ink: tag.ink, place: "" };
      now.place = `${em(right - tag.right)} ${em(bottom - tag.bottom)}`;
      this.shown[at] = now;
      if (now.text !== before.text) writeText(element.children[at], now.text);
      if (now.ink !== before.ink) style.color = now.ink;
      if (now.place !== before.place) [style.right, style.bottom] = now.place.split(" ");
    });
  }
}
