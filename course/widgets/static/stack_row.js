// One row of a stack: its cells, their colours by number of paths, their names.

import { isOutside } from "./fields.js";
import { Grid } from "./grid.js";
import { luminance, make, number, puor } from "./shared.js";

const SHADES = 64;
export const PLAIN = { paint: "", ink: "" };

/** Colours for counts, few to most, each with the ink to write on it; none is as pale as none. */
function shades(dark) {
  return Array.from({ length: SHADES + 1 }, (_, step) => {
    const rgb = puor(0.2 + (0.8 * step) / SHADES, dark);
    return { rgb, paint: `rgb(${rgb.join(" ")})`, ink: luminance(rgb) > 0.179 ? "#000" : "#fff" };
  });
}

// A large network has a thousand cells: their colours are worked out once for each theme.
const HEAT = { light: shades(false), dark: shades(true) };

/** The { rgb, paint, ink } of a count beside the largest of its row. */
export function heat(count, most, dark) {
  return HEAT[dark ? "dark" : "light"][Math.round((count / most) * SHADES)];
}

/** One row of cells. It is laid out once; pointing changes the few that it concerns. */
export class StackRow extends Grid {
  lay(cells) {
    const kept = this.line.children;
    while (kept.length > cells.length) kept[kept.length - 1].remove();
    while (kept.length < cells.length) {
      this.line.append(make("td", { role: "gridcell", tabindex: -1, "data-row": this.row }));
    }
    this.looks = cells.map(({ index, left, width }, at) => {
      kept[at].dataset.index = index;
      Object.assign(kept[at].style, { left, width });
      return "";
    });
    const indices = cells.map(({ index }) => index);
    this.rove(indices.includes(this.current) ? this.current : (indices.find((i) => i >= 0) ?? 0));
  }

  show(looks) {
    looks.forEach(({ text, name, colour, classes, selected }, at) => {
      const look = `${text}|${name}|${colour.paint}|${classes}`;
      if (look === this.looks[at]) return;
      this.looks[at] = look;
      const td = this.line.children[at];
      td.textContent = text;
      td.className = `cell ${classes}`;
      td.ariaLabel = name;
      td.ariaSelected = String(selected);
      Object.assign(td.style, { backgroundColor: colour.paint, color: colour.ink });
    });
  }
}

/** A cell's name: x[3], or Layer 2 [3]. */
export function cellName(plan, row, index) {
  if (isOutside(plan, row, index)) return "padding";
  return row === 0 ? `x[${index}]` : `Layer ${row} [${index}]`;
}

const THOUSANDS = ["", "k", "M", "G", "T"];

/** A count in at most `digits` letters: whole, in thousands or more, as a power of ten, or "…". */
export function shortCount(count, digits) {
  const power = `1e${Math.floor(Math.log10(count))}`;
  const parts = THOUSANDS.map((letter, at) => [Math.floor(count / 1000 ** at), letter]);
  const texts = parts.filter(([part]) => part > 0).map(([part, letter]) => `${part}${letter}`);
  return [...texts, power].find((text) => text.length <= digits) ?? "…";
}

/** A number of paths in words. */
export function pathWords(count) {
  return count === 1 ? "1 path" : `${number(count)} paths`;
}
