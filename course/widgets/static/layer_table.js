// The layers as a table: each setting a native field with limits, and each row's numbers.

import { canFold, limitsOf, MOST, PARTS, stackPlan } from "./fields.js";
import { make, number } from "./shared.js";

const HEADS = ["Layer", "kernel k", "stride s", "padding p", "dilation d"];
const NUMBERS = { length: "cells", size: "size", jump: "jump", start: "start" };
const DERIVED = ["size", "jump", "start"];
const NEW = [3, 1, 1, 1]; // as wide after it as before: it always fits

export class LayerTable {
  /**
   * `onChange({ n, layers })`: a field, Add or Remove made a stack in which every layer fits.
   * `reasons` is the paragraph that says how far a field may go.
   */
  constructor(onChange, reasons) {
    Object.assign(this, { onChange, reasons });
    this.body = make("tbody");
    const heads = [...HEADS, ...Object.values(NUMBERS)];
    const cells = heads.map((text) => {
      return make("th", { scope: "col", class: DERIVED.includes(text) && "derived" }, text);
    });
    const row = make("tr", {}, ...cells, make("td"));
    const table = make("table", { class: "layers" }, make("thead", {}, row), this.body);
    table.setAttribute("aria-label", "layers, the one next to the input first");
    this.add = make("button", { type: "button" }, "Add a layer");
    this.add.addEventListener("click", () => {
      if (this.plan.layers.length < MOST.layers) this.change([...this.plan.layers, NEW]);
    });
    this.scroll = make("div", { class: "layers-scroll" }, table);
    this.summary = make("summary");
    this.element = make("details", {}, this.summary, this.scroll, this.add, this.reasons);
    this.rows = [];
    this.focused = null;
    this.editable = true;
  }

  /** Can layers be changed, and do the numbers stand there that are derived from them? */
  showParts({ editable, derived }) {
    this.editable = editable;
    this.element.classList.toggle("fixed", !editable);
    this.element.classList.toggle("given", !derived);
    this.add.hidden = this.reasons.hidden = !editable;
    for (const row of this.rows) this.showFields(row);
  }

  showFields({ fields, remove }) {
    for (const input of Object.values(fields)) input.disabled = !this.editable;
    remove.hidden = !this.editable;
  }

  change(layers, n = this.plan.n) {
    this.onChange({ n, layers });
  }

  /** Show a plan; `now` is the row that the picture shows. */
  show(plan, now) {
    if (plan !== this.plan) {
      const folds = canFold(plan);
      const isNew = folds !== (this.plan && canFold(this.plan));
      // It is not closed on somebody who adds a layer.
      if (isNew) this.element.open = !folds || this.element.matches(":focus-within");
      this.summary.hidden = !folds;
      this.summary.textContent = `The ${plan.layers.length} layers, with size, jump and start`;
      this.plan = plan;
      while (this.rows.length > plan.rows.length) this.rows.pop().element.remove();
      while (this.rows.length < plan.rows.length) this.build(this.rows.length);
      this.rows.forEach((row, at) => this.fill(row, at));
      this.add.setAttribute("aria-disabled", plan.layers.length >= MOST.layers);
      this.explain();
    }
    this.rows.forEach(({ element }, at) => element.classList.toggle("now", at === now));
  }

  build(at) {
    const fields = {};
    const cell = (...content) => make("td", {}, ...content);
    const field = (part, name) => {
      const attributes = { type: "number", step: 1, "aria-describedby": "limits" };
      const input = make("input", { ...attributes, "aria-label": name });
      input.addEventListener("change", () => this.offer(at, part, Number(input.value)));
      input.addEventListener("focus", () => this.explain({ at, part }));
      input.addEventListener("blur", () => this.explain(null));
      fields[part] = input;
      return input;
    };
    const derived = (name) => make("td", { class: DERIVED.includes(name) && "derived" });
    const numbers = Object.fromEntries(Object.keys(NUMBERS).map((name) => [name, derived(name)]));
    const head = make("th", { scope: "row" }, at === 0 ? "input" : String(at));
    let settings = [make("td", { colspan: PARTS.length })];
    if (at === 0) numbers.length.append(field("n", "number of inputs n"));
    else settings = PARTS.map((part) => cell(field(part, `layer ${at}, ${part}`)));
    const element = make("tr", {}, head, ...settings, ...Object.values(numbers));
    const remove = make("button", { type: "button", "aria-label": `Remove layer ${at}` }, "×");
    if (at > 0) remove.addEventListener("click", () => this.remove(at));
    element.append(at > 0 ? cell(remove) : cell());
    this.body.append(element);
    const row = { element, fields, numbers, remove };
    this.showFields(row);
    this.rows.push(row);
  }

  fill({ fields, numbers, remove }, at) {
    const row = this.plan.rows[at];
    for (const [part, input] of Object.entries(fields)) {
      const { value, least, most } = this.limits(at, part);
      Object.assign(input, { min: least, max: most, value });
    }
    for (const [name, td] of Object.entries(numbers)) {
      if (at > 0 || name !== "length") td.textContent = number(row[name]);
    }
    remove.setAttribute("aria-disabled", at > 0 && this.without(at) === null);
  }

  limits(at, part) {
    return limitsOf(this.plan, at === 0 ? null : at - 1, part);
  }

  /** Whatever is typed is brought to the nearest legal number. */
  offer(at, part, wanted) {
    const { least, most } = this.limits(at, part);
    const legal = Math.max(least, Math.min(most, Math.round(wanted)));
    this.rows[at].fields[part].value = legal;
    const layers = this.plan.layers.map((layer) => [...layer]);
    if (at > 0) layers[at - 1][PARTS.indexOf(part)] = legal;
    this.change(layers, at === 0 ? legal : this.plan.n);
  }

  /** The layers without one, or null where the others would not fit. */
  without(at) {
    const layers = this.plan.layers.filter((_, layer) => layer !== at - 1);
    const { problem } = stackPlan({ n: this.plan.n, layers });
    return layers.length > 0 && problem === "" ? layers : null;
  }

  remove(at) {
    const layers = this.without(at);
    if (layers === null) return;
    this.change(layers);
    const next = this.rows[Math.min(at, this.rows.length - 1)];
    next.remove.focus({ preventScroll: true });
  }

  /** How far the field in use may go, and why not further. */
  explain(focused = this.focused) {
    this.focused = focused;
    if (focused === null || focused.at >= this.rows.length) {
      const full = this.plan.layers.length >= MOST.layers;
      this.reasons.textContent = full ? `${MOST.layers} layers are the most that this figure draws.` : "";
      return;
    }
    const { least, most, why } = this.limits(focused.at, focused.part);
    const name = focused.at === 0 ? "Inputs" : `Layer ${focused.at}, ${focused.part}`;
    this.reasons.textContent = `${name}: ${least} to ${most}. ${why}`;
  }
}
