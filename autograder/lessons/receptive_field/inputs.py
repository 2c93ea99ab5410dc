"""Lesson 12: the inputs that are shown and those that are withheld."""

from autograder import reference
from autograder.lessons.inputs import Inputs, PartInputs, given

# Network B, and the networks of the lesson; (3,1),(2,2),(3,1),(2,2) alone would hide mistakes.
B = [(5, 1, 0, 1), (2, 2, 0, 1), (3, 1, 0, 2), (3, 2, 0, 1), (3, 1, 0, 1)]
B_PADDED = [(5, 1, 2, 1), (2, 2, 0, 1), (3, 1, 2, 2), (3, 2, 1, 1), (3, 1, 1, 1)]
LENET = [(5, 1, 0, 1), (2, 2, 0, 1), (5, 1, 0, 1), (2, 2, 0, 1), (5, 1, 0, 1)]
CONV, POOL = (3, 1, 1, 1), (2, 2, 0, 1)
VGG16 = [layer for n in (2, 2, 3, 3, 3) for layer in [CONV] * n + [POOL]]
THREE_DILATED = [(3, 1, 0, 2)] * 3
SMALL = [(3, 1, 1, 1), (3, 2, 1, 1), (3, 1, 0, 1)]
THINNED = [(1, 3, 0, 1), (2, 1, 0, 1)]
# Output 0 reads a cell of the padding, from which a path would lead to pixel 0.
OVER_THE_EDGE = [(5, 1, 2, 1), (2, 1, 1, 4)]
# The outputs at both ends see nothing but zeros of the last layer's padding.
ONE_TAP = [(2, 1, 0, 1), (1, 1, 1, 1)]
_BEYOND = (
    given(ONE_TAP, 4, 0),
    given(ONE_TAP, 4, 4),
    given([(4, 1, 0, 3), (3, 1, 1, 3), (1, 1, 1, 3)], 18, 6),
    given([(1, 2, 0, 3), (1, 1, 2, 3)], 1, 0),
)

COMPUTED = {
    "fifth_size": lambda: reference.receptive_field(B)[0],
    "seventh_by_seven": lambda: reference.receptive_field([*VGG16, (7, 1, 0, 1)])[0],
    "region_start": lambda: reference.receptive_region([(3, 2, 1, 1)] * 2, 0)[0],
    "pixels_used": lambda: int(reference.empirical_receptive_field(THREE_DILATED, 13, 0).sum()),
}


def _layers(rng, depth, *, stride=True, padding=True, dilation=True, kernel=(2, 5)):
    layers = []
    for _ in range(depth):
        k, s, p, d = (int(v) for v in rng.integers([kernel[0], 1, 0, 1], [kernel[1] + 1, 4, 3, 4]))
        layers.append((k, s if stride else 1, p if padding else 0, d if dilation else 1))
    return layers


def _drawn_stacks(**settings):
    def draw(rng):
        return [given(_layers(rng, depth, **settings)) for depth in (1, 2, 3, 4, 5, 3)]

    return draw


def _drawn_networks(rng):
    cut = int(rng.integers(4, 9))
    return [given([]), given(VGG16[:cut]), given(LENET + LENET[:2]), *_drawn_stacks()(rng)]


def _drawn_regions(*, index):
    def draw(rng):
        cases = []
        for depth in (1, 2, 3, 4, 5):
            i = int(rng.integers(2, 9)) if index else 0
            cases.append(given(_layers(rng, depth), i))
        # Ends before input 0, as the region of no other case here does.
        cases.append(given([(2, 1, 1, 1), (2, 1, 3 if not index else 9, 1)], i))
        return [*cases, given([], 4 if index else 0), given(B_PADDED, 7 if index else 0)]

    return draw


def _drawn_masks(*, dilation):
    """Return a drawing of stacks on inputs that are long enough, at several outputs."""

    def draw(rng):
        cases = []
        while len(cases) < 9:
            # From 1 tap on: with padding, some of its outputs see no pixel at all.
            layers = _layers(rng, int(rng.integers(2, 5)), dilation=False, kernel=(1, 5))
            if dilation:
                layers = [(k, min(s, 2), p, int(rng.integers(1, 4))) for k, s, p, _ in layers]
            size, jump = reference.receptive_field(layers)
            if size + 3 * jump > 70:
                continue
            n = size + 3 * jump
            outputs = n
            for k, s, p, d in layers:
                outputs = reference.output_length(outputs, k, s, p, d)
            # Not 0 alone, which is what an index without effect gives.
            cases.append(given(layers, n, int(rng.integers(1, outputs))))
            cases += [given(layers, n, end) for end in (0, outputs - 1)]
        edge = [(3, 1, 2, 2 if dilation else 1), (3, 2, 1, 1)]
        cases += [given(edge, 12, 0), given([], 5, 3), *_BEYOND]
        # Two paths to one pixel, over an odd and an even number of taps.
        k, n = int(rng.integers(2, 5)), int(rng.integers(11, 16))
        cases.append(given([(3, 2, 1, 1), (k, 1, 0, 1)], n, 1))
        if dilation:
            cases.append(given(OVER_THE_EDGE, int(rng.integers(8, 20)), 0))
        return cases

    return draw


def _asked(width, depth):
    return given(width, depth, how="wide_stack")


_VALUE = Inputs((), "value")
_PREDICTED = {"value": PartInputs((_VALUE,), lambda rng: [_VALUE])}

INPUTS = {
    **{name: _PREDICTED for name in COMPUTED},
    "receptive_field": {
        "stride": PartInputs(
            (
                given([(3, 1, 0, 1), (3, 1, 0, 1)]),
                given([(5, 2, 0, 1), (3, 1, 0, 1), (2, 3, 0, 1), (3, 2, 0, 1)]),
                given([(4, 3, 0, 1)]),
            ),
            _drawn_stacks(dilation=False),
        ),
        "dilation": PartInputs(
            (given(B), given(B_PADDED), given([(3, 1, 2, 2), (3, 2, 4, 4)])), _drawn_stacks()
        ),
        "networks": PartInputs((given(LENET), given(VGG16), given([])), _drawn_networks),
    },
    "receptive_region": {
        "start": PartInputs(
            (
                given([(3, 1, 1, 1)], 0),
                given([(3, 1, 0, 2)], 0),
                given([(2, 1, 2, 1)], 0),
                given([(2, 1, 1, 1), (2, 1, 3, 1)], 0),
                given(SMALL, 0),
                given(B_PADDED, 0),
                given(VGG16, 0),
            ),
            _drawn_regions(index=False),
        ),
        "index": PartInputs(
            (
                given([(3, 2, 1, 1)], 3),
                given(SMALL, 2),
                given(B_PADDED, 5),
                given([], 4),
            ),
            _drawn_regions(index=True),
        ),
    },
    "empirical_receptive_field": {
        "solid": PartInputs(
            (
                given([(3, 1, 1, 1)], 7, 3),
                given(SMALL, 14, 2),
                given(SMALL, 14, 0),
                given([(2, 2, 0, 1), (3, 1, 1, 1)], 12, 4),
                given([], 3, 1),
                *_BEYOND,
            ),
            _drawn_masks(dilation=False),
        ),
        "holes": PartInputs(
            (
                given(THREE_DILATED, 15, 1),
                given(THREE_DILATED, 15, 0),
                given([(1, 1, 1, 1), (2, 2, 2, 2)], 2, 2),
                given([(3, 1, 1, 1)], 7, 3),
                given([(2, 1, 1, 2)], 7, 3),
                given(THINNED, 10, 1),
                given([(3, 1, 2, 2), (2, 2, 0, 1)], 11, 3),
                given([(3, 1, 2, 2), (2, 2, 0, 3)], 11, 0),
                given(OVER_THE_EDGE, 9, 0),
                given([(3, 2, 1, 1), (5, 1, 2, 1)], 6, 2),
                given([(3, 2, 1, 1), (2, 1, 2, 3), (2, 2, 0, 1)], 4, 0),
                given([(2, 3, 2, 3), (3, 3, 2, 2), (1, 2, 2, 3)], 6, 2),
            ),
            _drawn_masks(dilation=True),
        ),
    },
    "effective_width": {
        "values": PartInputs(
            tuple(given([(3, 1, 1, 1)] * depth) for depth in (1, 6, 7)),
            lambda rng: [given([(3, 1, 1, 1)] * int(n)) for n in (2, *rng.integers(3, 60, size=4))],
        ),
        "stacks": PartInputs(
            (
                given([]),
                given([(5, 1, 2, 1)]),
                given([(2, 1, 0, 1)]),
                given([(3, 1, 2, 2)]),
                given([(1, 2, 0, 1), (3, 1, 1, 1)]),
                given([(1, 3, 0, 1), (3, 1, 1, 1)]),
                given([(2, 3, 0, 2), (4, 2, 1, 3), (3, 2, 1, 1), (5, 1, 0, 2)]),
            ),
            lambda rng: [given([]), *_drawn_stacks()(rng)],
        ),
    },
    "wide_stack": {
        "wide": PartInputs(
            (_asked(3, 1), _asked(5, 2), _asked(7, 2), _asked(60, 5)),
            lambda rng: [
                # A third of it, rounded up, is 2.
                _asked(int(rng.integers(4, 7)), 2),
                *(_asked(int(rng.integers(5, 2 ** (d + 1))), d) for d in (2, 3, 4, 6)),
            ],
        ),
        "widest": PartInputs(
            (_asked(8, 2), _asked(27, 3), _asked(70, 4)),
            lambda rng: [
                _asked(3**5, 5),
                *(_asked(2 ** (d + 1), d) for d in (2, 4)),
                *(_asked(int(rng.integers(2**d * 2, 3**d)), d) for d in (3, 4, 5, 6)),
            ],
        ),
    },
}
