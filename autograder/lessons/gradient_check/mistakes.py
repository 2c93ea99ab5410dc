"""Lesson 03: what goes wrong when a gradient is checked."""

import numpy as np

from autograder.lessons.register import breaks, mistake

# numerical_gradient -----------------------------------------------------------------------------

ONE_H = mistake(
    "divides-by-h",
    "the central difference is divided by h, not by 2h",
    "How far apart are x + h and x - h?",
)
FORWARD_DIFFERENCE = mistake(
    "one-sided-difference",
    "the difference is taken to one side only",
    "Which two points does a central difference compare, and how far from x is each?",
)
NO_DY = mistake(
    "dy-left-out",
    "dy has no effect",
    "The number to differentiate is the sum of f(x) times dy. Where does dy enter?",
)
MEAN_LOSS = mistake(
    "mean-instead-of-sum",
    "the products are averaged, not summed",
    "The number to differentiate is a sum. What does a mean divide by?",
)
ALL_AT_ONCE = mistake(
    "moves-all-entries-at-once",
    "all entries of x are moved at once",
    "An output may depend on several entries of x. Which one made it change?",
)
ROW_AT_ONCE = mistake(
    "moves-a-row-at-once",
    "a whole row of x is moved at once",
    "With x of two axes, what is x[0]: one entry or many?",
)
INT_STEPS = mistake(
    "steps-lost-in-integers",
    "the step is lost because x holds integers",
    "What does an integer array keep of 3 + 0.1?",
)
FLOAT32_STEPS = mistake(
    "steps-lost-in-float32",
    "the steps are taken in float32",
    "How many digits does float32 keep, and what is left of a small h beside 1.0?",
)
NOT_RESTORED = mistake(
    "entries-not-restored",
    "an entry stays moved while the next one is tried",
    "What is x[0] while x[1] is moved? Compare the first entry of your result with the last.",
)
STALE_X = mistake(
    "f-of-the-old-x",
    "f is called with an x that has not moved",
    "Which array does f read: the one that you moved, or the one from before?",
)
OWN_H = mistake(
    "ignores-h",
    "a step is taken that is not the h that came in",
    "Try x cubed with h = 0.1 and with h = 0.5: should the two results agree?",
)
SIGN_TURNED = mistake(
    "difference-turned-around",
    "the difference has the wrong sign",
    "Which comes first: f at x + h or f at x - h?",
)
FLATTENED = mistake(
    "gradient-flattened",
    "the gradient has one axis",
    "A gradient has the shape of what it belongs to. What is x.shape?",
)
ONLY_FIRST_OUTPUT = mistake(
    "one-output-only",
    "only one of f's outputs is looked at",
    "One entry of x may reach several outputs. Are all of them in your sum?",
)


def _loss(f, x, dy):
    return np.sum(f(x) * dy)


def _difference(above=1.0, below=-1.0, span=2.0, loss=_loss, step=None, dtype=np.float64):
    """Return a gradient by differences of the loss between two places around each entry."""

    def gradient(f, x, dy, h=0.1):
        h = step or h
        moved = np.array(x, dtype=dtype or x.dtype)
        dx = np.zeros(moved.shape)
        for entry in np.ndindex(moved.shape):
            value = moved[entry]
            moved[entry] = value + above * h
            high = loss(f, moved, dy)
            moved[entry] = value + below * h
            dx[entry] = (high - loss(f, moved, dy)) / (span * h)
            moved[entry] = value
        return dx

    return gradient


_right = _difference()


@breaks("numerical_gradient", ALL_AT_ONCE)
def _all_at_once(f, x, dy, h=0.1):
    return (f(x + h) - f(x - h)) * dy / (2 * h)


@breaks("numerical_gradient", ALL_AT_ONCE)
def _all_at_once_summed(f, x, dy, h=0.1):
    return np.full(x.shape, (_loss(f, x + h, dy) - _loss(f, x - h, dy)) / (2 * h))


@breaks("numerical_gradient", ROW_AT_ONCE)
def _row_at_once(f, x, dy, h=0.1):
    dx = np.zeros(x.shape)
    for i in range(len(x)):
        step = np.zeros(x.shape)
        step[i] = h
        dx[i] = (_loss(f, x + step, dy) - _loss(f, x - step, dy)) / (2 * h)
    return dx


@breaks("numerical_gradient", NOT_RESTORED)
def _left_below(f, x, dy, h=0.1):
    moved, dx = np.array(x, dtype=float), np.zeros(x.shape)
    for entry in np.ndindex(moved.shape):
        moved[entry] += h
        high = _loss(f, moved, dy)
        moved[entry] -= 2 * h
        dx[entry] = (high - _loss(f, moved, dy)) / (2 * h)
    return dx


@breaks("numerical_gradient", NOT_RESTORED)
def _left_in_the_callers_x(f, x, dy, h=0.1):
    dx = np.zeros(x.shape)
    for entry in np.ndindex(x.shape):
        x[entry] += h
        high = _loss(f, x, dy)
        x[entry] -= 2 * h
        dx[entry] = (high - _loss(f, x, dy)) / (2 * h)
    return dx


for _id, _variant in (
    (ONE_H, _difference(span=1.0)),
    (FORWARD_DIFFERENCE, _difference(below=0.0, span=1.0)),
    (FORWARD_DIFFERENCE, _difference(above=0.0, span=1.0)),
    (FORWARD_DIFFERENCE, _difference(below=0.0)),
    (NO_DY, _difference(loss=lambda f, x, dy: np.sum(f(x)))),
    (MEAN_LOSS, _difference(loss=lambda f, x, dy: np.mean(f(x) * dy))),
    (ONLY_FIRST_OUTPUT, _difference(loss=lambda f, x, dy: (f(x) * dy)[0])),
    (ONLY_FIRST_OUTPUT, _difference(loss=lambda f, x, dy: (f(x) * dy)[-1])),
    (INT_STEPS, _difference(dtype=None)),
    (FLOAT32_STEPS, _difference(dtype=np.float32)),
    (STALE_X, lambda f, x, dy, h=0.1: np.zeros(x.shape)),
    (OWN_H, _difference(step=1e-5)),
    (OWN_H, _difference(step=0.1)),
    (OWN_H, _difference(step=1.0)),
    (SIGN_TURNED, lambda f, x, dy, h=0.1: -_right(f, x, dy, h)),
    (FLATTENED, lambda f, x, dy, h=0.1: _right(f, x, dy, h).ravel()),
):
    breaks("numerical_gradient", _id)(_variant)

# relative_error ---------------------------------------------------------------------------------

ENTRY_BY_ENTRY = mistake(
    "divides-entry-by-entry",
    "each entry is divided by its own size before the largest is taken",
    "There are two maxima in the definition. Which one is taken first in yours?",
)
SIGNED_DIFFERENCE = mistake(
    "difference-with-sign",
    "differences below 0 are lost",
    "Try a = [1], b = [3]: is the error smaller than that of a = [3], b = [1]?",
)
ZEROS_END_EARLY = mistake(
    "zeros-end-early",
    "two arrays of which one is all zeros are taken to agree",
    "Try a = [1], b = [0]: do they agree?",
)
SEPARATE_MAXIMA = mistake(
    "maxima-added",
    "the largest |a| and the largest |b| are added, though they stand at different places",
    "Is the maximum of a sum the sum of the maxima? Try [5, 0] and [0, 5].",
)
LARGER_OF_BOTH = mistake(
    "larger-of-both-sizes",
    "the difference is divided by the larger of |a| and |b|, not by their sum",
    "What should two numbers of opposite sign give: 1 or 2?",
)
ONE_ARRAY = mistake(
    "divides-by-one-array",
    "the difference is divided by the size of one array only",
    "Should relative_error(a, b) and relative_error(b, a) agree?",
)
NO_FLOOR = mistake(
    "without-floor",
    "the floor has no effect",
    "What is 0 / 0, and is 1e-17 an error beside 0?",
)
FLOOR_ADDED = mistake(
    "floor-added",
    "the floor is added to the denominator",
    "Should the floor change anything where the arrays are large?",
)
FLOOR_FIXED = mistake(
    "floor-fixed",
    "the floor is not the one that came in",
    "Which argument is the floor?",
)
MEAN_ERROR = mistake(
    "mean-error",
    "the errors are averaged, so that one bad entry can hide",
    "One wrong entry among a thousand: should it show in full?",
)
SUM_OF_ERRORS = mistake(
    "sizes-summed",
    "sums or norms stand where maxima are asked for",
    "Which single entry differs most, and which single pair is largest?",
)
SIGNED_SIZE = mistake(
    "sizes-with-sign",
    "the sizes are added with their signs",
    "How large are 2 and -2 together, by |a| + |b|?",
)
EMPTY_REFUSED = mistake(
    "empty-arrays-refused",
    "empty arrays end in an error",
    "Two arrays without entries: how far apart can they be?",
)


def _error(*, top=None, bottom=None, floor=None):
    """Return a relative error whose named pieces are replaced."""

    def relative_error(a, b, given=1e-8):
        a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
        if a.size == 0:
            return 0.0
        size = bottom(a, b) if bottom else np.max(np.abs(a) + np.abs(b))
        size = floor(size, given) if floor else max(given, size)
        return float((top(a, b) if top else np.max(np.abs(a - b))) / size)

    return relative_error


def _entry_by_entry(reduce):
    def relative_error(a, b, floor=1e-8):
        if np.size(a) == 0:
            return 0.0
        return float(reduce(np.abs(a - b) / np.maximum(floor, np.abs(a) + np.abs(b))))

    return relative_error


@breaks("relative_error", EMPTY_REFUSED)
def _refuses_empty(a, b, floor=1e-8):
    return float(np.max(np.abs(a - b)) / max(floor, np.max(np.abs(a) + np.abs(b))))


@breaks("relative_error", NO_FLOOR)
def _no_floor_nor_empty(a, b, floor=1e-8):
    return float(np.max(np.abs(a - b)) / np.max(np.abs(a) + np.abs(b)))


@breaks("relative_error", ZEROS_END_EARLY)
def _zeros_agree(a, b, floor=1e-8):
    return _error()(a, b, floor) if a.any() and b.any() else 0.0


for _id, _variant in (
    (ENTRY_BY_ENTRY, _entry_by_entry(np.max)),
    (MEAN_ERROR, _entry_by_entry(np.mean)),
    (MEAN_ERROR, _error(top=lambda a, b: np.mean(np.abs(a - b)))),
    (SIGNED_DIFFERENCE, _error(top=lambda a, b: np.max(a - b))),
    (SIGNED_DIFFERENCE, _error(top=lambda a, b: np.max(b - a))),
    (SEPARATE_MAXIMA, _error(bottom=lambda a, b: np.max(np.abs(a)) + np.max(np.abs(b)))),
    (LARGER_OF_BOTH, _error(bottom=lambda a, b: max(np.max(np.abs(a)), np.max(np.abs(b))))),
    (ONE_ARRAY, _error(bottom=lambda a, b: np.max(np.abs(a)))),
    (ONE_ARRAY, _error(bottom=lambda a, b: np.max(np.abs(b)))),
    (NO_FLOOR, _error(floor=lambda size, given: size)),
    (FLOOR_ADDED, _error(floor=lambda size, given: size + given)),
    (FLOOR_FIXED, _error(floor=lambda size, given: max(1e-8, size))),
    (FLOOR_FIXED, _error(floor=lambda size, given: max(1.0, size))),
    (
        SUM_OF_ERRORS,
        _error(
            top=lambda a, b: np.sum(np.abs(a - b)),
            bottom=lambda a, b: np.sum(np.abs(a) + np.abs(b)),
        ),
    ),
    (
        SUM_OF_ERRORS,
        _error(
            top=lambda a, b: np.sqrt(np.sum((a - b) ** 2)),
            bottom=lambda a, b: np.sqrt(np.sum(a**2)) + np.sqrt(np.sum(b**2)),
        ),
    ),
    (SIGNED_SIZE, _error(bottom=lambda a, b: np.max(a + b))),
    (SIGNED_SIZE, _error(bottom=lambda a, b: np.max(np.abs(a + b)))),
):
    breaks("relative_error", _id)(_variant)

# first_mismatch ---------------------------------------------------------------------------------

RELATIVE_TOLERANCE = mistake(
    "tolerance-made-relative",
    "large entries are allowed larger differences",
    "np.isclose has a second tolerance that you did not ask for. What does rtol default to?",
)
AT_TOLERANCE = mistake(
    "tolerance-itself-refused",
    "a difference of exactly tol is called a mismatch",
    "`tol` is the largest difference that is still equal.",
)
EXACT_ONLY = mistake(
    "ignores-the-tolerance",
    "tol has no effect",
    "Should 0.5 and 0.5 + 1e-12 count as a mismatch?",
)
TOLERANCE_FIXED = mistake(
    "tolerance-fixed",
    "the tolerance is not the one that came in",
    "Which argument is the tolerance?",
)
FLAT_INDEX = mistake(
    "flat-index",
    "the index is one number into the flattened array",
    "How many numbers does it take to name an entry of an array of two axes? "
    "`np.unravel_index` turns one into the other.",
)
LAST_ONE = mistake(
    "last-mismatch",
    "the last mismatch is given, not the first",
    "Does your loop go on after it has found one?",
)
LARGEST_ONE = mistake(
    "largest-mismatch",
    "the largest mismatch is given, not the first",
    "Which mismatch comes first in reading order?",
)
COLUMN_ORDER = mistake(
    "reads-down-the-columns",
    "the entries are read in another order than row by row",
    "Which entry comes after [0, 0] in reading order: [0, 1] or [1, 0]?",
)
NAN_EQUAL = mistake(
    "nan-counts-as-equal",
    "nan slips through",
    "What does `nan > tol` give? Which way round can the question be asked so that nan is caught?",
)
SIGNED_MISMATCH = mistake(
    "mismatch-with-sign",
    "differences of one sign are lost",
    "Is 1 a mismatch for 2, and 2 for 1?",
)
SHAPES_UNCHECKED = mistake(
    "shapes-not-compared",
    "arrays of different shapes are compared all the same",
    "numpy stretches a (1, 3) to meet a (2, 3). What does the exercise ask for there?",
)
SHAPES_NONE = mistake(
    "shapes-give-an-answer",
    "arrays of different shapes give an answer, where an error is asked for",
    "What should happen before the first entries are compared?",
)
ALL_OF_THEM = mistake(
    "all-mismatches",
    "all mismatches come back",
    "How many indices does the exercise ask for?",
)
NOT_NONE = mistake(
    "no-none-when-equal",
    "equal arrays give something else than None",
    "What does the exercise ask for when nothing differs?",
)


def _refuse_shapes(a, b):
    if a.shape != b.shape:
        raise ValueError("shapes differ")


def _first(differs):
    places = np.argwhere(differs)
    return tuple(int(i) for i in places[0]) if len(places) else None


def _unequal(a, b, tol):
    return ~(np.abs(a - b) <= tol)


def _finds(pick, differs=_unequal, equal=None, refuse=_refuse_shapes):
    """Return a search that picks among the mismatches."""

    def first_mismatch(a, b, tol=1e-9):
        refuse(a, b)
        found = differs(a, b, tol)
        return pick(found) if found.any() else equal

    return first_mismatch


def _no_refusal(a, b):
    pass


@breaks("first_mismatch", LARGEST_ONE)
def _largest(a, b, tol=1e-9):
    _refuse_shapes(a, b)
    if not _unequal(a, b, tol).any():
        return None
    place = np.unravel_index(np.argmax(np.abs(a - b)), a.shape)
    return tuple(int(i) for i in place)


@breaks("first_mismatch", SHAPES_NONE)
def _none_for_shapes(a, b, tol=1e-9):
    return _first(_unequal(a, b, tol)) if a.shape == b.shape else None


@breaks("first_mismatch", SHAPES_NONE)
def _zeros_for_shapes(a, b, tol=1e-9):
    return _first(_unequal(a, b, tol)) if a.shape == b.shape else (0,) * a.ndim


def _down_the_columns(found):
    return tuple(int(i) for i in np.argwhere(found.T)[0][::-1])


for _id, _variant in (
    (RELATIVE_TOLERANCE, _finds(_first, lambda a, b, tol: ~np.isclose(a, b, atol=tol))),
    (RELATIVE_TOLERANCE, _finds(_first, lambda a, b, tol: ~(np.abs(a - b) <= tol * np.abs(b)))),
    (AT_TOLERANCE, _finds(_first, lambda a, b, tol: ~(np.abs(a - b) < tol))),
    (EXACT_ONLY, _finds(_first, lambda a, b, tol: a != b)),
    (TOLERANCE_FIXED, _finds(_first, lambda a, b, tol: _unequal(a, b, 1e-9))),
    (FLAT_INDEX, _finds(lambda found: int(np.argmax(found)))),
    (FLAT_INDEX, _finds(lambda found: (int(np.argmax(found)),))),
    (LAST_ONE, _finds(lambda found: tuple(int(i) for i in np.argwhere(found)[-1]))),
    (COLUMN_ORDER, _finds(_down_the_columns)),
    (NAN_EQUAL, _finds(_first, lambda a, b, tol: np.abs(a - b) > tol)),
    (NAN_EQUAL, _finds(_first, lambda a, b, tol: ~np.isclose(a, b, 0, tol, equal_nan=True))),
    (SIGNED_MISMATCH, _finds(_first, lambda a, b, tol: ~(a - b <= tol))),
    (SIGNED_MISMATCH, _finds(_first, lambda a, b, tol: ~(b - a <= tol))),
    (SHAPES_UNCHECKED, _finds(_first, refuse=_no_refusal)),
    (ALL_OF_THEM, _finds(np.argwhere)),
    (ALL_OF_THEM, _finds(np.nonzero)),
    (NOT_NONE, _finds(_first, equal=())),
    (NOT_NONE, _finds(_first, equal=True)),
    (NOT_NONE, _finds(_first, equal=-1)),
):
    breaks("first_mismatch", _id)(_variant)

# predictions ------------------------------------------------------------------------------------

breaks("cube_slope", FORWARD_DIFFERENCE)(lambda: (2.5**3 - 2**3) / 0.5)
breaks("cube_slope", FORWARD_DIFFERENCE)(lambda: (2**3 - 1.5**3) / 0.5)
breaks("cube_slope", ONE_H)(lambda: (2.5**3 - 1.5**3) / 0.5)
SLOPE_ITSELF = mistake(
    "derivative-instead-of-difference",
    "the derivative itself, not the difference that comes near it",
    "What are 2.5 cubed and 1.5 cubed, and how far apart are they?",
)
breaks("cube_slope", SLOPE_ITSELF)(lambda: 12.0)

INTEGERS_HARMLESS = mistake(
    "integers-taken-for-exact",
    "the slope as if the fractions had survived",
    "What does the array hold at place 2 after 2.9 was written into it?",
)
NUDGE_LOST_TWICE = mistake(
    "integers-rounded-to-nearest",
    "both nudges are taken to be lost",
    "An integer array keeps the whole part: is that 3 for 2.9?",
)
breaks("integer_slope", INTEGERS_HARMLESS)(lambda: 123.0)
breaks("integer_slope", NUDGE_LOST_TWICE)(lambda: 0.0)
breaks("integer_slope", ONE_H)(lambda: 1230.0)

LARGEST_DIFFERENCE = mistake(
    "not-divided-by-the-size",
    "the largest difference, not divided by anything",
    "Which number stands below the fraction bar?",
)
breaks("float32_error", LARGEST_DIFFERENCE)(lambda: 300.0)
ZEROS_FIT = mistake(
    "zeros-taken-for-agreement",
    "a gradient of zeros is taken to agree with anything",
    "How far is 0 from 300?",
)
breaks("float32_error", ZEROS_FIT)(lambda: 0.0)
