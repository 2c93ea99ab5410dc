// The headings of a sheet's rows, columns and blocks, which stay in view while it is scrolled.

import { make } from "./shared.js";

/**
 * Each box of headings stays at the edge of what is scrolled as long as its blocks are in view: one
 * box for all rows, one for all columns, and one in the corner of each block, with its title.
 * `boxes` are { element, edges: left, top, right and bottom of what it heads, in em }.
 */
export class SheetHeads {
  constructor() {
    this.element = make("div", { class: "heads", "aria-hidden": "true" });
  }

  /** Make the headings of a layout, as Sheet.lay takes it. */
  build({ down, across, height, width, title }) {
    const upTo = (length) => [...Array(length).keys()];
    this.headings = [];
    const heading = (kind, at, style) => {
      const span = make("span", { class: kind, style });
      this.headings.push({ span, kind, at });
      return span;
    };
    // `area` counts blocks: those before it, and those that it reaches over.
    const box = (kind, area, spans) => {
      const [left, above, blocks, lines] = area;
      const [every, all] = [width + 1, height + 1];
      const start = `${above * all + 1} / ${left * every + 1}`;
      const style = `grid-area: ${start} / span ${lines * all} / span ${blocks * every}`;
      return { area, element: make("div", { class: kind, style }, ...spans) };
    };
    const rows = upTo(across).map((a) => {
      const spans = upTo(down * height).map((gr) => {
        return heading("row-head", gr % height, `grid-row: ${gr + Math.floor(gr / height) + 2}`);
      });
      return box("row-heads", [a, 0, 1, down], spans);
    });
    const columns = upTo(down).map((d) => {
      const spans = upTo(across * width).map((gc) => {
        const style = `grid-column: ${gc + Math.floor(gc / width) + 2}`;
        return heading("column-head", gc % width, style);
      });
      return box("column-heads", [0, d, across, 1], spans);
    });
    const corners = upTo(down).flatMap((d) => upTo(across).map((a) => {
      return box("corner", [a, d, 1, 1], title ? [heading("block", [d, a], null)] : []);
    }));
    this.boxes = [...rows, ...columns, ...corners];
    this.element.replaceChildren(...this.boxes.map(({ element }) => element));
  }

  /** Lay them out; `size` has the lengths of cells, lines and headings, in em. */
  lay({ down, across, height, width }, { cell, line, head, top }) {
    this.element.style.setProperty("--head", head);
    this.element.style.setProperty("--top", top);
    const tracks = `${head}em repeat(${width}, ${cell}em)`;
    const lines = `${top}em repeat(${height}, ${line}em)`;
    this.element.style.gridTemplateColumns = Array(across).fill(tracks).join(" ");
    this.element.style.gridTemplateRows = Array(down).fill(lines).join(" ");
    const [wide, high] = [head + width * cell, top + height * line];
    for (const box of this.boxes) {
      const [left, above, blocks, lines] = box.area;
      const end = [(left + blocks) * wide, (above + lines) * high];
      box.edges = [left * wide, above * high, ...end];
    }
  }

  /** Give rows, columns and blocks their names. */
  name({ rowHead, columnHead, title = null, start = 0 }) {
    const names = {
      "row-head": rowHead,
      "column-head": (at) => columnHead(at + start),
      block: (at) => title(...at),
    };
    for (const heading of this.headings) {
      const text = String(names[heading.kind](heading.at));
      if (text !== heading.text) heading.span.textContent = text;
      heading.text = text;
    }
  }
}
