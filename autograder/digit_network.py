"""Train the network that the course carries in `course/data/network.npz`.

Run ``python -m autograder.digit_network``; it takes a few seconds.
"""

import argparse
from io import BytesIO

import numpy as np

from autograder.files import write_whole
from autograder.reference.network import Params, forward, initial_params, train
from course.data.digits import digits_apart
from course.data.network import FILE

EPOCHS, LR = 12, 0.03


def trained(epochs: int = EPOCHS) -> Params:
    """Train on the training digits, as they are and moved by one pixel to the left and right.

    Whoever draws a digit does not put it where the data have it to a pixel.

    Parameters
    ----------
    epochs : times through all of them

    Returns
    -------
    dict of w1, b1, w2, b2, w3, b3, rounded to float16
    """
    images, labels = digits_apart()["train"]
    x = images[:, np.newaxis] / 16
    moved = np.concatenate([x, np.roll(x, -1, axis=3), np.roll(x, 1, axis=3)])
    start = initial_params(np.random.default_rng(0))
    params, _ = train(start, moved, np.tile(labels, 3), epochs, LR, np.random.default_rng(0))
    return {name: value.astype(np.float16) for name, value in params.items()}


def said(params: Params) -> np.ndarray:
    """Return the probabilities of the first 100 test digits in thousandths: (100, 10), uint16."""
    images, _ = digits_apart()["test"]
    logits = forward(params, images[:100, np.newaxis] / 16)
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.round(1000 * shares / shares.sum(axis=1, keepdims=True)).astype(np.uint16)


def accuracy(params: Params, images: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of images (N, 8, 8), ink 0 to 16, whose largest logit is the label's."""
    return float(np.mean(forward(params, images[:, np.newaxis] / 16).argmax(axis=1) == labels))


def main(argv: list[str] | None = None) -> int:
    """Train, write the file, and say how much is right."""
    argparse.ArgumentParser(
        prog="python -m autograder.digit_network", description=__doc__
    ).parse_args(argv)
    params, content = trained(), BytesIO()
    exact = {name: value.astype(np.float64) for name, value in params.items()}
    np.savez_compressed(content, **params, says=said(exact))
    write_whole(FILE, content.getvalue())
    for name, (images, labels) in digits_apart().items():
        share = accuracy(exact, images, labels)
        print(f"{name}: {share:.3f} of {len(labels)} digits are right")
    print(f"{FILE.name}: {len(content.getvalue()) / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
