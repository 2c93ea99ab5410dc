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
        return [*cases, given([], 4 if index else 0), given(B_PADDED, 7 if index else 0)]

    return draw


def _drawn_masks(*, dilation):
    """Return a drawing of stacks on inputs that are long enough, at several outputs."""

    def draw(rng):
        cases = []
        while len(cases) < 7:
            layers = _layers(rng, int(rng.integers(2, 5)), dilation=False)
            if dilation:
                layers = [(k, min(s, 2), p, int(rng.integers(1, 4))) for k, s, p, _ in layers]
            size, jump = reference.receptive_field(layers)
            if size + 3 * jump > 70:
                continue
            n = size + 3 * jump
            outputs = n
            for k, s, p, d in layers:
                outputs = reference.output_length(outputs, k, s, p, d)
            # Not 0, which is what an index without effect gives.
            cases.append(given(layers, n, int(rng.integers(1, outputs))))
        edge = [(3, 1, 2, 2 if dilation else 1), (3, 2, 1, 1)]
        cases += [given(edge, 12, 0), given([], 5, 3)]
        if dilation:
            cases.append(given(OVER_THE_EDGE, int(rng.integers(8, 20)), 0))
        return cases

    return draw


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
            ),
            _drawn_masks(dilation=False),
        ),
        "holes": PartInputs(
            (
                given(THREE_DILATED, 15, 1),
                given(THINNED, 10, 1),
                given([(3, 1, 2, 2), (2, 2, 0, 1)], 11, 3),
                given([(3, 1, 2, 2), (2, 2, 0, 3)], 11, 0),
                given(OVER_THE_EDGE, 9, 0),
            ),
            _drawn_masks(dilation=True),
        ),
    },
    "effective_width": {
        "values": PartInputs(
            (given(1), given(6), given(40), given(96)),
            lambda rng: [given(int(n)) for n in (2, *rng.integers(3, 101, size=5))],
        )
    },
}
