// The field of a cell in two dimensions: a picture of the input and one of the last layer's outputs.
// Rows and columns go through the same layers, so that the paths to pixel (i, j) are those to row i
// times those to column j.

import { endsOf } from "./fields.js";
import { PixelGrid } from "./pixel_grid.js";
import { make } from "./shared.js";
import { heat } from "./stack_row.js";

const LINED = 40; // pixels of a side; of more than these no lines are drawn between them

export class FieldMap {
  /** `handlers(name)` gives the { onMove, onPick } of "picture" and of "outputs". */
  constructor(handlers) {
    const grid = (name, label) => {
      const placeAt = (i, j) => i * this.grids[name].width + j;
      return new PixelGrid(name, label, { ...handlers(name), placeAt });
    };
    this.grids = {
      picture: grid("picture", "input as a picture"),
      outputs: grid("outputs", "outputs as a picture"),
    };
    this.element = make("div", { class: "maps" });
    this.element.append(...Object.values(this.grids).map(({ element }) => element));
  }

  /** Lay out `plan`, the same on both axes. */
  lay(plan) {
    this.layers = plan.rows.length - 1;
    const titles = { picture: ["x", "input"], outputs: [this.layers, "outputs"] };
    const sides = { picture: plan.n, outputs: plan.rows.at(-1).length };
    this.padding = plan.rows[0].padding;
    for (const [name, side] of Object.entries(sides)) {
      const grid = this.grids[name];
      grid.lay({ height: side, width: side, border: [0, 0], places: [side, side] });
      grid.area.style.setProperty("--side", side);
      grid.area.classList.toggle("lined", side <= LINED);
      const [symbol, words] = titles[name];
      grid.title.replaceChildren(make("b", {}, symbol), ` ${words} ${side} × ${side}`);
    }
  }

  /** The grid under an event, or null. */
  under({ target }) {
    return Object.values(this.grids).find(({ area }) => area.contains(target)) ?? null;
  }

  /**
   * Show the paths of one cell on both axes, `rows` and `columns` as pathsOf counts them. `places`
   * has the kept place and the one shown, `nameOf(name, index, paths)` is the name of a cell.
   */
  show({ rows, columns, places, nameOf, dark }) {
    const { padding } = this;
    const counts = {
      picture: [rows, columns].map((axis) => axis[0].subarray(padding, axis[0].length - padding)),
      outputs: [rows.at(-1), columns.at(-1)],
    };
    for (const [name, axes] of Object.entries(counts)) {
      const grid = this.grids[name];
      const [shown, pinned] = [places.shown, places.pinned].map((place) => {
        return place?.row === name ? place.index : null;
      });
      paintProduct(grid.canvas, ...axes, dark);
      const frame = frameOf(...axes);
      const index = shown ?? (frame ? middleOf(frame, grid.width) : grid.current);
      const [i, j] = [Math.floor(index / grid.width), index % grid.width];
      const look = {
        name: nameOf(name, i, j, axes[0][i] * axes[1][j]),
        pinned: index === pinned,
        faint: false,
      };
      grid.show(index, frame, look, { i, j, rows: 1, columns: 1 });
    }
  }
}

/** The smallest rectangle around all paths, or null where there are none. */
function frameOf(rows, columns) {
  const [[i, lastRow], [j, lastColumn]] = [rows, columns].map(endsOf);
  if (i < 0 || j < 0) return null;
  return { i, j, rows: lastRow - i + 1, columns: lastColumn - j + 1 };
}

function middleOf({ i, j, rows, columns }, width) {
  return (i + Math.floor(rows / 2)) * width + j + Math.floor(columns / 2);
}

/** Paint the products of two axes' counts; 0 stays as it is. */
function paintProduct(canvas, rows, columns, dark) {
  const [height, width] = [rows.length, columns.length];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const brush = canvas.getContext("2d");
  const image = brush.createImageData(width, height);
  const most = Math.max(...rows) * Math.max(...columns);
  rows.forEach((row, i) => {
    if (row === 0) return;
    columns.forEach((column, j) => {
      if (column === 0) return;
      const { rgb } = heat(row * column, most, dark);
      image.data.set([...rgb, 255], 4 * (i * width + j));
    });
  });
  brush.putImageData(image, 0, 0);
}
