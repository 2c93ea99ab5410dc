// From strokes of a pen to the digits' 8 by 8, the way the data were made; nothing is drawn here.
//
// Every digit of the data fills all 32 rows of its bitmap, is at most 20 columns wide and stands in
// the middle, and about 310 of its 1024 pixels are black, whatever it shows: thin ones are fat.

export const PAD = 32; // pixels on each axis of the drawing and of its bitmap
export const PEN = 1.6; // pixels, half the width of a stroke as it is drawn
export const BLOCK = 4; // pixels of it on each axis that make one of the picture
const COLUMNS = 20;
const BLACK = 310;
const MOST_STRETCH = { all: 4, wide: 1.5 }; // of a drawing, and of its width beside its height
const PENS = [1, 6]; // pixels, half the width of a stroke in a bitmap
const HALVINGS = 7;

/** How a drawing is moved and stretched: x to (x - from[0])·scale[0] + to[0], y in the same way. */
const AS_DRAWN = { from: [0, 0], scale: [1, 1], to: [0, 0] };

/** Where the data would have strokes, lists of [x, y], that a pen of half width `pen` draws. */
function placing(strokes, pen) {
  const points = strokes.flat();
  const [low, high] = [Math.min, Math.max].map((end) => {
    return [0, 1].map((axis) => points.reduce((a, point) => end(a, point[axis]), points[0][axis]));
  });
  const [wide, tall] = [0, 1].map((axis) => high[axis] - low[axis]);
  const down = Math.min((PAD - 2 * pen) / tall, MOST_STRETCH.all);
  const across = Math.min((COLUMNS - 2 * pen) / wide, MOST_STRETCH.wide * down);
  const from = [0, 1].map((axis) => (low[axis] + high[axis]) / 2);
  return { from, scale: [across, down], to: [PAD / 2, PAD / 2] };
}

function move([x, y], { from, scale, to }) {
  return [(x - from[0]) * scale[0] + to[0], (y - from[1]) * scale[1] + to[1]];
}

/** Where a point of the bitmap lies in the drawing. */
export function moveBack([x, y], { from, scale, to }) {
  return [(x - to[0]) / scale[0] + from[0], (y - to[1]) / scale[1] + from[1]];
}

/** The bitmap of strokes, row by row: a pixel is black if its middle is within `pen` of a line. */
function blacken(strokes, pen, place) {
  const bits = new Uint8Array(PAD * PAD);
  const reach = (value, side) => Math.max(0, Math.min(PAD - 1, Math.round(value - 0.5 + side * pen)));
  for (const stroke of strokes) {
    const points = stroke.map((point) => move(point, place));
    points.forEach(([ax, ay], at) => {
      const [bx, by] = points[Math.min(at + 1, points.length - 1)];
      const [vx, vy] = [bx - ax, by - ay];
      const length = vx * vx + vy * vy;
      const rows = [reach(Math.min(ay, by), -1), reach(Math.max(ay, by), 1)];
      const columns = [reach(Math.min(ax, bx), -1), reach(Math.max(ax, bx), 1)];
      for (let row = rows[0]; row <= rows[1]; row++) {
        for (let column = columns[0]; column <= columns[1]; column++) {
          const [px, py] = [column + 0.5 - ax, row + 0.5 - ay];
          const along = length ? Math.max(0, Math.min(1, (px * vx + py * vy) / length)) : 0;
          const [dx, dy] = [px - along * vx, py - along * vy];
          if (dx * dx + dy * dy <= pen * pen) bits[row * PAD + column] = 1;
        }
      }
    });
  }
  return bits;
}

/**
 * The bitmap of strokes and how they were placed in it: { bits, place }. With `fit` as the data
 * are, else as they were drawn.
 */
export function bitmapOf(strokes, fit) {
  if (strokes.length === 0 || !fit) {
    return { bits: blacken(strokes, PEN, AS_DRAWN), place: AS_DRAWN };
  }
  // The wider the pen, the more is black: halve the range until it is right.
  let [least, most] = PENS;
  let made = null;
  for (let half = 0; half < HALVINGS; half++) {
    const pen = (least + most) / 2;
    const place = placing(strokes, pen);
    made = { bits: blacken(strokes, pen, place), place };
    if (made.bits.reduce((sum, bit) => sum + bit, 0) < BLACK) least = pen;
    else most = pen;
  }
  return made;
}

/** How many of each 4 by 4 pixels are black: 8 rows of 8. */
export function countsOf(bits) {
  const side = PAD / BLOCK;
  const counts = Array.from({ length: side }, () => Array(side).fill(0));
  bits.forEach((bit, at) => {
    counts[Math.floor(at / PAD / BLOCK)][Math.floor((at % PAD) / BLOCK)] += bit;
  });
  return counts;
}
