// The picture of a stack of layers: a row of cells for the input and for each layer's output,
// each cell over the middle of its field, and what joins one cell with the cells it sees.

import { drawnRows, endsOf, isOutside, MANY_ROWS, readsOf } from "./fields.js";
import { draw, make } from "./shared.js";
import { cellName, heat, pathWords, PLAIN, shortCount, StackRow } from "./stack_row.js";

const PIXEL = 1.75; // em from one input to the next, where there is room
const WIDEST = 2.4; // em, of a cell
const LINE = 1.9; // em, height of a row of cells
const GAP = { few: 1.9, many: 0.9 }; // em, between two rows
const BARS = 2.6; // em, height of the bars over the input
const INDEX = 1.2; // em, height of a line of indices
const DIGIT = 0.5; // em, width of a digit in a cell
const COLUMNS = 72; // more inputs than this are drawn closer than cells can be pointed at
const LINES = 200; // more paths than this are shown as an area alone

export class Stack {
  /** `handlers(row)` gives a row's { onMove, onPick }; `onCross(row, index, step)`: up or down. */
  constructor(handlers, onCross) {
    this.handlers = handlers;
    this.onCross = onCross;
    this.drawing = draw("svg", { class: "paths", "aria-hidden": "true" });
    this.area = make("div", { class: "stack" });
    this.element = make("div", { class: "stage" }, this.area);
  }

  /** Lay out a plan's rows; `fold`: of many, one for each jump; `room`: em for wide ones. */
  lay(plan, { fold, room }) {
    this.plan = plan;
    this.drawn = drawnRows(plan, fold);
    const columns = plan.n + 2 * plan.rows[0].padding;
    this.unit = columns <= COLUMNS ? PIXEL : room / columns;
    const gap = plan.rows.length < MANY_ROWS ? GAP.few : GAP.many;
    this.rows = {};
    this.drawn.forEach((r, at) => {
      const width = Math.min(plan.rows[r].jump * this.unit, WIDEST);
      const top = BARS + (at > 0 ? INDEX : 0) + at * (LINE + gap);
      this.rows[r] = { width, top, small: width < 1.7 };
    });
    const edges = this.drawn.flatMap((r) => {
      const { length, padding } = plan.rows[r];
      return [
        this.middle(r, -padding, 0) - this.rows[r].width / 2,
        this.middle(r, length - 1 + padding, 0) + this.rows[r].width / 2,
      ];
    });
    this.shift = -Math.min(...edges);
    this.width = Math.max(...edges) + this.shift;
    this.height = this.rows[this.drawn.at(-1)].top + LINE + INDEX;
    this.element.style.setProperty("--needs", this.width);
    this.area.style.width = `calc(var(--label) + ${this.width}em)`;
    this.area.style.height = `${this.height}em`;
    const shape = this.drawn.map((r) => `${r}${this.rows[r].small ? "s" : ""}`).join();
    if (shape !== this.shape) this.build();
    this.shape = shape;
    this.layRows();
  }

  /** Where the middle of a cell stands, in em. */
  middle(row, index, shift = this.shift) {
    const { start, jump } = this.plan.rows[row];
    return (start + index * jump) * this.unit + shift;
  }

  /** A length in em as a share of all columns: cells have a smaller em than their row. */
  share(length) {
    return `${(100 * length) / this.width}%`;
  }

  build() {
    this.labels = this.drawn.map(() => {
      return make("div", { class: "label", "aria-hidden": "true" }, make("b"), make("span"));
    });
    this.parts = this.drawn.map((r) => {
      if (this.rows[r].small) {
        return { canvas: make("canvas", { class: "strip", "aria-hidden": "true" }) };
      }
      const words = r === 0 ? "input x" : `output of layer ${r}`;
      const grid = new StackRow(String(r), words, this.handlers(r));
      grid.table.classList.add("cells");
      grid.table.addEventListener("keydown", (event) => {
        const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (!step || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
        event.preventDefault();
        this.onCross(r, grid.current, step);
      });
      return { grid };
    });
    this.indices = [0, 1].map(() => make("div", { class: "indices", "aria-hidden": "true" }));
    this.over = make("div", { class: "label over", "aria-hidden": "true" }, make("span", {}, "paths"));
    this.areas = this.drawn.slice(1).map(() => draw("polygon"));
    this.lines = draw("path", { class: "lines" });
    this.bars = draw("path", { class: "bars" });
    this.drawing.replaceChildren(this.bars, ...this.areas, this.lines);
    const parts = this.parts.map(({ canvas, grid }) => canvas ?? grid.table);
    this.area.replaceChildren(this.drawing, ...parts, ...this.indices, this.over, ...this.labels);
  }

  layRows() {
    const { plan, rows, drawn } = this;
    this.drawing.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
    Object.assign(this.drawing.style, { width: `${this.width}em`, height: `${this.height}em` });
    this.parts.forEach(({ canvas, grid }, at) => {
      const r = drawn[at];
      const { length, padding } = plan.rows[r];
      const { width, top } = rows[r];
      const left = this.middle(r, -padding) - width / 2;
      if (canvas) {
        const size = { width: `${(length + 2 * padding) * width}em`, height: `${LINE}em` };
        Object.assign(canvas.style, { ...size, left: `calc(var(--label) + ${left}em)` });
        canvas.style.top = `${top}em`;
      } else {
        const place = { top: `${top}em`, width: `${this.width}em`, height: `${LINE}em` };
        Object.assign(grid.table.style, place);
        const cells = Array.from({ length: length + 2 * padding }, (_, cell) => {
          const edge = this.middle(r, cell - padding) - width / 2;
          return { index: cell - padding, left: this.share(edge), width: this.share(width) };
        });
        grid.lay(cells);
      }
      this.labels[at].style.top = `${top}em`;
      const [name, words] = this.labels[at].children;
      name.textContent = r === 0 ? "x" : r;
      words.textContent = r === 0 ? `input, n ${plan.n}` : layerText(plan, r);
      if (r - drawn[at - 1] > 1) {
        name.textContent = `${drawn[at - 1] + 1}–${r}`;
        words.textContent = `jump ${plan.rows[r].jump}`;
      }
    });
    this.layIndices();
  }

  layIndices() {
    [0, this.drawn.at(-1)].forEach((r, at) => {
      const { length } = this.plan.rows[r];
      const apart = this.plan.rows[r].jump * this.unit;
      const every = [1, 2, 5, 10, 20, 50, 100].find((step) => step * apart >= 1.7) ?? 200;
      const marks = Array.from({ length: Math.ceil(length / every) }, (_, mark) => mark * every);
      const place = { top: `${this.rows[r].top + LINE}em`, width: `${this.width}em` };
      Object.assign(this.indices[at].style, place);
      const left = (index) => `left: ${this.share(this.middle(r, index))}`;
      const spans = marks.map((index) => make("span", { style: left(index) }, index));
      this.indices[at].replaceChildren(...spans);
    });
  }

  /** `view` has: place and pinned ({ row, index } or null), counts, wrong, dark. */
  show(view) {
    this.view = view;
    this.parts.forEach(({ canvas, grid }, at) => {
      const r = this.drawn[at];
      if (canvas) this.showStrip(canvas, r);
      else grid.show(this.looks(r));
      this.labels[at].classList.toggle("now", r === view.place?.row);
    });
    this.showPaths();
  }

  looks(r) {
    const { plan, view } = this;
    const { padding } = plan.rows[r];
    const counts = view.counts[r];
    const most = Math.max(...counts);
    const [first, last] = endsOf(counts);
    const digits = Math.floor((this.rows[r].width - 0.2) / DIGIT);
    return Array.from(counts, (count, at) => {
      const index = at - padding;
      const outside = isOutside(plan, r, index);
      const hole = !outside && count === 0 && at > first && at < last && r < view.place?.row;
      const is = (place) => place?.row === r && place.index === index;
      const text = hole ? "0" : count > 0 ? shortCount(count, digits) : "";
      const classes = [
        outside && "padding",
        hole && "hole",
        count > 0 && "seen",
        is(view.place) && "shown",
        is(view.pinned) && "pinned",
      ];
      return view.wrong.mark(r, index, {
        text,
        name: cellName(plan, r, index) + (hole ? ", not used" : count > 0 ? `, ${pathWords(count)}` : ""),
        colour: outside || count === 0 ? PLAIN : heat(count, most, view.dark),
        classes: classes.filter(Boolean).join(" "),
        selected: is(view.pinned),
      });
    });
  }

  /** A row whose cells are too small to point at. */
  showStrip(canvas, r) {
    const { plan, view } = this;
    const counts = view.counts[r];
    const most = Math.max(...counts);
    if (canvas.width !== counts.length || canvas.height !== 1) {
      Object.assign(canvas, { width: counts.length, height: 1 });
    }
    const brush = canvas.getContext("2d");
    brush.clearRect(0, 0, canvas.width, 1);
    counts.forEach((count, at) => {
      const outside = isOutside(plan, r, at - plan.rows[r].padding);
      if (outside) brush.fillStyle = "#888";
      else if (count > 0) brush.fillStyle = heat(count, most, view.dark).paint;
      else return;
      brush.fillRect(at, 0, 1, 1);
    });
  }

  /** The area between what is seen in one row and in the next, and the single paths. */
  showPaths() {
    const { plan, rows, drawn, view } = this;
    const edges = drawn.map((r) => {
      const [first, last] = endsOf(view.counts[r]);
      if (first < 0) return null;
      const [left, right] = [first, last].map((at) => this.middle(r, at - plan.rows[r].padding));
      return [left - rows[r].width / 2, right + rows[r].width / 2];
    });
    this.areas.forEach((area, at) => {
      const [a, b] = [edges[at], edges[at + 1]];
      const [top, bottom] = [this.below(drawn[at]), rows[drawn[at + 1]].top];
      const corners = a && b && [[a[0], top], [a[1], top], [b[1], bottom], [b[0], bottom]];
      area.setAttribute("points", corners ? corners.join(" ") : "");
    });
    this.showLines();
    const most = Math.max(...view.counts[0]);
    const bars = view.place?.row === 0 ? [] : Array.from(view.counts[0], (count, at) => {
      const width = Math.max(rows[0].width * 0.7, 0.1);
      const left = this.middle(0, at - plan.rows[0].padding) - width / 2;
      const height = (count / most) * (BARS - 0.4);
      return count > 0 ? `M${left} ${BARS - 0.15}v${-height}h${width}v${height}z` : "";
    });
    this.bars.setAttribute("d", bars.join(""));
  }

  /** The bottom of a row of cells and of its indices. */
  below(r) {
    return this.rows[r].top + LINE + (r === 0 ? INDEX : 0);
  }

  showLines() {
    const { plan, view } = this;
    const lines = [];
    for (const r of this.drawn.filter((row) => row > 0 && row - 1 in this.rows)) {
      const { padding } = plan.rows[r - 1];
      for (let i = 0; i < plan.rows[r].length; i++) {
        if (view.counts[r][i + plan.rows[r].padding] === 0) continue;
        for (const j of readsOf(plan, r, i)) {
          if (view.counts[r - 1][j + padding] === 0) continue;
          const [x, y] = [this.middle(r, i), this.middle(r - 1, j)];
          lines.push(`M${x} ${this.rows[r].top}L${y} ${this.below(r - 1)}`);
        }
      }
    }
    this.lines.setAttribute("d", lines.length <= LINES ? lines.join("") : "");
  }

  /** Move the keyboard to the cell nearest to another row's cell. */
  cross(row, index, step) {
    const at = this.drawn.indexOf(row) + step;
    const grid = this.parts[at]?.grid;
    if (!grid) return null;
    const to = this.drawn[at];
    const { start, jump, length } = this.plan.rows[to];
    const place = (this.middle(row, index) - this.shift) / this.unit;
    const nearest = Math.max(0, Math.min(length - 1, Math.round((place - start) / jump)));
    grid.rove(nearest);
    grid.cell(nearest).focus({ preventScroll: true });
    return { row: to, index: nearest };
  }

  /** Scroll a wide or high stack to a cell and, as far as there is room, its field. */
  reveal({ row, index }) {
    const { element } = this;
    const em = parseFloat(getComputedStyle(this.area).fontSize);
    const label = this.labels[0].offsetWidth;
    const room = element.clientWidth - label;
    const middle = this.middle(row, index) * em;
    const half = Math.min((this.plan.rows[row].size * this.unit * em) / 2, room / 2 - em);
    if (middle - half < element.scrollLeft) element.scrollLeft = middle - half;
    if (middle + half > element.scrollLeft + room) element.scrollLeft = middle + half - room;
    const top = this.rows[row].top * em;
    const bottom = top + (LINE + INDEX) * em;
    if (top < element.scrollTop) element.scrollTop = top;
    if (bottom > element.scrollTop + element.clientHeight) {
      element.scrollTop = bottom - element.clientHeight;
    }
  }
}

function layerText({ rows }, r) {
  const { kernel, stride, dilation } = rows[r];
  return `k${kernel} s${stride} p${rows[r - 1].padding} d${dilation}`;
}
