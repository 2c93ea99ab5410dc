// A page without a kernel: the same figure over a small stand-in for the widget's model.

/** What a figure needs of an anywidget model: get, set, on, off and save_changes. */
export class Model {
  constructor(state) {
    this.state = { ...state };
    this.listeners = {};
  }

  get(name) {
    return this.state[name];
  }

  set(name, value) {
    if (JSON.stringify(this.state[name]) === JSON.stringify(value)) return;
    this.state[name] = value;
    for (const callback of this.listeners[`change:${name}`] ?? []) callback();
  }

  save_changes() {}

  on(event, callback) {
    (this.listeners[event] ??= new Set()).add(callback);
  }

  off(event, callback) {
    this.listeners[event]?.delete(callback);
  }
}

/** Bring to life every fallback of figure `name` in the page that still shows its tables only. */
export function startFallbacks(name, render) {
  for (const host of document.querySelectorAll(`[data-figure="${name}"]:not([data-live])`)) {
    host.dataset.live = "";
    const el = document.createElement("div");
    host.append(el);
    render({ model: new Model(JSON.parse(host.dataset.state)), el });
    host.querySelector(".figure-tables").hidden = true;
  }
}
