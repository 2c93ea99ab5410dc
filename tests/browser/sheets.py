"""What the tests of the figures with sheets of cells share: looking, pointing, measuring."""

import re

import numpy as np

DARK = "<style>:root { color-scheme: dark }</style>"
JUPYTER_LIGHT = """<style>:root { --jp-layout-color0: white; --jp-border-color1: #bdbdbd;
  --jp-ui-font-color1: rgba(0, 0, 0, .87) }</style>"""

# Counts how often a canvas is painted.
COUNT = """() => {
    const paint = CanvasRenderingContext2D.prototype.putImageData;
    window.paints = 0;
    CanvasRenderingContext2D.prototype.putImageData = function (...all) {
        window.paints += 1;
        return paint.apply(this, all);
    };
}"""
# Every visible text with the contrast of its ink against what is painted under it.
CONTRASTS = """() => {
  const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const blend = (colours) => {
    brush.clearRect(0, 0, 1, 1);
    for (const colour of colours) { brush.fillStyle = colour; brush.fillRect(0, 0, 1, 1); }
    return [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map(c => c / 255)
      .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (over, under) => {
    const [a, b] = [light(blend([...under, over])), light(blend(under))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  // The dot of a canvas that lies under the middle of an element.
  const painted = (canvas, element) => {
    const [board, box] = [canvas, element].map((one) => one.getBoundingClientRect());
    const x = (box.x + box.width / 2 - board.x) / board.width * canvas.width;
    const y = (box.y + box.height / 2 - board.y) / board.height * canvas.height;
    const dot = canvas.getContext("2d").getImageData(x, y, 1, 1).data;
    return `rgb(${[...dot].slice(0, 3).join(" ")} / ${dot[3] / 255})`;
  };
  const root = document.querySelector("#place > div").shadowRoot;
  const found = [];
  for (const element of root.querySelectorAll(".figure *")) {
    const style = getComputedStyle(element);
    const own = [...element.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!own || !element.getClientRects().length || style.visibility === "hidden") continue;
    const under = [];
    for (let up = element; up; up = up.parentElement) {
      under.unshift(getComputedStyle(up).backgroundColor);
    }
    const canvas = element.closest(".painted")?.querySelector("canvas");
    if (canvas) under.push(painted(canvas, element));
    const ink = element.namespaceURI.endsWith("svg") ? style.fill : style.color;
    const name = element.className.baseVal ?? element.className;
    found.push([element.textContent, name, contrast(ink, ["white", ...under])]);
  }
  const paper = getComputedStyle(root.querySelector(".figure")).backgroundColor;
  const frames = [...root.querySelectorAll(".window-frame, .frame")].map(frame =>
    contrast(getComputedStyle(frame).borderTopColor, ["white", paper]));
  return { found, frames };
}"""


def cell(page, sheet, index):
    """Return the cell of a sheet with this number."""
    return page.locator(f'[data-row="{sheet}"][data-index="{index}"]')


def texts(page, sheet):
    """Return what a sheet's cells show."""
    return page.locator(f'[data-row="{sheet}"]').all_inner_texts()


def marked(page, sheet, word="met"):
    """Return the numbers of a sheet's cells with a class."""
    cells = page.locator(f'[data-row="{sheet}"].{word}')
    return sorted(cells.evaluate_all("all => all.map(td => Number(td.dataset.index))"))


def say(page):
    """Return what the words line says, on one line."""
    return re.sub(r"\s+", " ", page.get_by_role("status").inner_text()).strip()


def selected(page):
    """Return the model's selection."""
    return page.evaluate("model.get('selection')")


def frames(page):
    """Return the first and the last cell, as numbers, inside each visible frame."""
    return page.evaluate(
        """() => {
            const root = document.querySelector("#place > div").shadowRoot;
            const middle = (box) => [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
            return [...root.querySelectorAll(".window-frame:not([hidden])")].map(frame => {
                const box = frame.getBoundingClientRect();
                const cells = frame.closest(".sheet").querySelectorAll("td");
                const inside = [...cells].filter(td => {
                    const [x, y] = middle(td.getBoundingClientRect());
                    return box.left < x && x < box.right && box.top < y && y < box.bottom;
                });
                return [inside[0], inside.at(-1)].map(td => Number(td.dataset.index));
            });
        }"""
    )


def random_geometries(count, seed, *, batches=False):
    """Make non-square images and kernels with settings that fit, whole numbers or pairs."""
    rng = np.random.default_rng(seed)
    while count:
        N, C, F = rng.integers(1, 4, 3) if batches else (1, 1, 1)
        H, W, KH, KW = *rng.integers(1, 8, 2), *rng.integers(1, 4, 2)
        # Every other geometry has its own settings for rows and for columns.
        drawn = {"stride": (1, 4), "padding": (0, 3), "dilation": (1, 3)}
        pairs = {name: rng.integers(*ends, 2).tolist() for name, ends in drawn.items()}
        setting = pairs if count % 2 else {name: pair[0] for name, pair in pairs.items()}
        axes = zip((H, W), (KH, KW), *(both(setting[name]) for name in drawn), strict=True)
        if all(n + 2 * p > d * (k - 1) for n, k, _, p, d in axes):
            count -= 1
            x = rng.integers(-9, 10, (N, C, H, W)).astype(float)
            yield x, rng.integers(-8, 9, (F, C, KH, KW)) / 4, setting


def both(setting):
    """Return a setting for rows and for columns."""
    return setting if isinstance(setting, list) else [setting, setting]
