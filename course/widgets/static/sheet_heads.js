// The headings of a sheet's rows, columns and blocks, which stay in view while it is scrolled.

import { fit, make, writeText } from "./shared.js";

/**
 * Each box of headings stays at the edge of what is scrolled as long as its blocks are in view: one
 * box for all rows, one for all columns, and one in the corner of each block, with its title.
 * `boxes` are { element, kind, area, edges: left, top, right and bottom of what it heads, in em }.
 */
export class SheetHeads {
  constructor() {
    this.element = make("div", { class: "heads", "aria-hidden": "true" });
  }

  /** Make the headings of a layout, as Sheet.lay takes it; those that are there stay. */
  build({ down, across, height, width, title }) {
    const upTo = (length) => [...Array(length).keys()];
    // `line` counts the grid's lines, of which each block has one more than it has numbers.
    const along = (length, blocks) => upTo(length * blocks).map((all) => {
      return { at: all % length, line: all + Math.floor(all / length) + 2 };
    });
    const [rows, columns] = [along(height, down), along(width, across)];
    // `area` counts blocks: those before it, and those that it reaches over.
    const boxes = [
      ...upTo(across).map((a) => ({ kind: "row", area: [a, 0, 1, down], heads: rows })),
      ...upTo(down).map((d) => ({ kind: "column", area: [0, d, across, 1], heads: columns })),
      ...upTo(down).flatMap((d) => upTo(across).map((a) => {
        return { kind: "block", area: [a, d, 1, 1], heads: title ? [{ at: [d, a] }] : [] };
      })),
    ];
    fit(this.element, boxes.length, () => make("div"));
    this.headings = [];
    this.boxes = boxes.map(({ kind, area, heads }, place) => {
      const element = this.element.children[place];
      const [left, above, blocks, lines] = area;
      const [every, all] = [width + 1, height + 1];
      const start = `${above * all + 1} / ${left * every + 1}`;
      element.className = kind === "block" ? "corner" : `${kind}-heads`;
      element.style.gridArea = `${start} / span ${lines * all} / span ${blocks * every}`;
      fit(element, heads.length, () => make("span"));
      heads.forEach(({ at, line }, number) => {
        const span = element.children[number];
        span.className = kind === "block" ? "block" : `${kind}-head`;
        if (line) span.style[kind === "row" ? "gridRow" : "gridColumn"] = line;
        this.headings.push({ span, kind, at });
      });
      return { element, kind, area, away: false };
    });
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
      const [left, above, blocks, all] = box.area;
      box.edges = [left * wide, above * high, (left + blocks) * wide, (above + all) * high];
    }
  }

  /**
   * Draw the headings that are in view: their edges are `awayOf` it by no em. Each box at the edge
   * is a layer of its own. Boxes of rows are few, and always drawn.
   */
  thin(awayOf) {
    for (const box of this.boxes.filter(({ kind }) => kind !== "row")) {
      const away = awayOf(box.edges) > 0;
      if (away !== box.away) box.element.classList.toggle("away", away);
      box.away = away;
    }
  }

  /** Give rows, columns and blocks their names. */
  name({ rowHead, columnHead, title = null, start = 0 }) {
    const names = {
      row: rowHead,
      column: (at) => columnHead(at + start),
      block: (at) => title(...at),
    };
    for (const { span, kind, at } of this.headings) {
      writeText(span, String(names[kind](at)));
    }
  }
}
