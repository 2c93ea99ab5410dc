// A figure stands in the page by itself: a saved notebook, a slide or an export has no kernel.
// Where there is one, its model and the figure find each other by the model's name.

// Every figure brings its own copy of this file; they meet in the page.
const MEETING = (globalThis.courseFigures ??= { kernel: new Map(), page: new Map() });

/** What a figure draws: the page's own model, which follows the kernel's while there is one. */
export class Model {
  constructor(state) {
    this.state = { ...state };
    this.listeners = {};
    this.unsaved = new Set(); // names of what the kernel may not have
    this.kernel = null;
  }

  get(name) {
    return this.state[name];
  }

  set(name, value) {
    if (JSON.stringify(this.state[name]) === JSON.stringify(value)) return;
    this.state[name] = value;
    this.unsaved.add(name);
    for (const callback of this.listeners[`change:${name}`] ?? []) callback();
  }

  /** Give the kernel what has changed. */
  save_changes() {
    if (this.kernel === null) return;
    for (const name of this.unsaved) {
      if (JSON.stringify(this.kernel.get(name)) !== JSON.stringify(this.state[name])) {
        this.kernel.set(name, this.state[name]);
      }
    }
    this.unsaved.clear();
    this.kernel.save_changes();
  }

  on(event, callback) {
    (this.listeners[event] ??= new Set()).add(callback);
  }

  off(event, callback) {
    this.listeners[event]?.delete(callback);
  }

  /** Follow a kernel's model, which may have changed since the figure was written; null: none. */
  follow(kernel) {
    this.kernel = kernel;
    for (const name of kernel ? Object.keys(this.state) : []) {
      const take = () => this.kernel === kernel && this.set(name, kernel.get(name));
      kernel.on(`change:${name}`, take);
      take();
    }
  }
}

/** anywidget calls this when the kernel has made a model; what it returns, when that ends. */
function initialize({ model }) {
  const name = model.get("name");
  const followers = () => MEETING.page.get(name) ?? [];
  MEETING.kernel.set(name, model);
  for (const own of followers()) own.follow(model);
  return () => {
    MEETING.kernel.delete(name);
    for (const own of followers()) own.follow(null);
  };
}

/** The page's model of one figure's `data-state`. */
function modelOf({ dataset: { state, model: name } }) {
  const model = new Model(JSON.parse(state));
  if (name) {
    if (!MEETING.page.has(name)) MEETING.page.set(name, new Set());
    MEETING.page.get(name).add(model);
    if (MEETING.kernel.has(name)) model.follow(MEETING.kernel.get(name));
  }
  return model;
}

/** What anywidget asks of a figure's module: a view of a model inside other widgets, and `name`. */
export function widgetOf(render) {
  return { render, initialize };
}

/** Bring to life every figure `name` in the page that still shows its tables only. */
export function startFigures(name, render) {
  for (const host of document.querySelectorAll(`[data-figure="${name}"]:not([data-live])`)) {
    host.dataset.live = "";
    const model = modelOf(host);
    const el = document.createElement("div");
    host.append(el);
    let close = null;
    // A cell that is run again throws its old output away, and with it what the figure listens to.
    const follow = () => {
      if (host.isConnected && close === null) close = render({ model, el });
      else if (!host.isConnected && close !== null) close = close() ?? null;
    };
    follow();
    new ResizeObserver(follow).observe(host);
    host.querySelector(".figure-tables").hidden = true;
    // The line above the tables says what they show; the figure says so itself.
    if (host.previousSibling?.nodeType === Node.TEXT_NODE) host.previousSibling.remove();
  }
}
