// Eight sums of products side by side: a processor adds them at once.

/**
 * Write y[to] to y[to + 7]: of output k the sum of weights[tap]·x[at + k + away[tap]], over the taps
 * in order.
 */
export function eightSums(y, to, x, at, weights, away) {
  let a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
  for (let tap = 0; tap < weights.length; tap++) {
    const weight = weights[tap];
    const from = at + away[tap];
    a += weight * x[from];
    b += weight * x[from + 1];
    c += weight * x[from + 2];
    d += weight * x[from + 3];
    e += weight * x[from + 4];
    f += weight * x[from + 5];
    g += weight * x[from + 6];
    h += weight * x[from + 7];
  }
  y[to] = a;
  y[to + 1] = b;
  y[to + 2] = c;
  y[to + 3] = d;
  y[to + 4] = e;
  y[to + 5] = f;
  y[to + 6] = g;
  y[to + 7] = h;
}
