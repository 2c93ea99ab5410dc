"""The registry: every lesson's exercises, their signatures, parts, points and barred calls.

Lessons, visible cases, hidden tests, the judge and the reports all read it; nothing about an
exercise is said twice.  Order within a lesson is the order in which the lesson asks.
"""

from dataclasses import dataclass, field

from autograder import CommandError


@dataclass(frozen=True)
class Lesson:
    """One notebook: `number` as two digits, `topic` as in its file name, `title` for learners."""

    number: str
    topic: str
    title: str

    @property
    def name(self) -> str:
        """The assignment's name, for nbgrader and for every folder: ``01_sliding_window``."""
        return f"{self.number}_{self.topic}"


@dataclass(frozen=True)
class Part:
    """One graded behaviour of an exercise: a test cell.  `tries` completes "tried: ..."."""

    name: str
    points: int
    tries: str

    def __post_init__(self):
        if type(self.points) is not int or self.points < 0:
            raise CommandError(
                f"autograder/exercises.py: part {self.name!r} (tried: {self.tries}) has points "
                f"{self.points!r}. Points are a whole number, 0 or more, without quotes."
            )


@dataclass(frozen=True)
class Exercise:
    """What one answer is called, takes and returns, and how it is graded.

    Attributes
    ----------
    kind : "function", "class", "prediction" (a value) or "written" (graded by hand)
    signature : the parameters with their defaults, as the stub has them
    takes : shape and meaning of each parameter, by name
    returns : shape and meaning of the result
    barred : names of what does the exercise's own work: dotted ones of a library, and those of
        functions that the lesson gives to check or compare answers with
    fresh : whether the result has to be a new array, not a view of an argument
    """

    lesson: str
    name: str
    kind: str
    parts: tuple[Part, ...]
    signature: str = ""
    takes: dict[str, str] = field(default_factory=dict)
    returns: str = ""
    barred: tuple[str, ...] = ()
    fresh: bool = False

    @property
    def points(self) -> int:
        """The exercise's points, over all its parts."""
        return sum(part.points for part in self.parts)

    def part(self, name: str) -> Part:
        """Return the part called `name`; raise `CommandError` that lists the parts otherwise."""
        for part in self.parts:
            if part.name == name:
                return part
        known = ", ".join(part.name for part in self.parts)
        raise CommandError(f"{self.name} has no part {name!r}; its parts are: {known}.")


LESSONS = (
    Lesson("01", "sliding_window", "Slide a kernel along a signal"),
    Lesson("02", "gradients_1d", "Derive both gradients in one dimension"),
    Lesson("03", "gradient_check", "Check any gradient numerically"),
    Lesson("04", "conv2d_loops", "Convolve images with seven loops"),
    Lesson("05", "geometry", "Control the output's geometry"),
    Lesson("06", "backward_loops", "Send gradients back through the window"),
    Lesson("07", "matrix_view", "Write convolution as one sparse matrix"),
    Lesson("08", "im2col", "Gather patches into columns"),
    Lesson("09", "col2im", "Scatter columns back: the adjoint"),
    Lesson("10", "conv2d_layer", "Build the batched Conv2D layer"),
    Lesson("11", "layouts_and_speed", "Change the layout, measure the speed"),
    Lesson("12", "receptive_field", "See what one output can see"),
    Lesson("13", "capstone", "Train a CNN on real digits with your own layer"),
)

# Shapes that many exercises share.
X1 = "(n,) signal"
W1 = "(k,) kernel"
X4 = "(N, C, H, W) images"
W4 = "(F, C, KH, KW) kernels"
B1 = "(F,) biases"
DY4 = "(N, F, OH, OW) upstream gradient"
STRIDE = "int, or (sh, sw), pixels"
PADDING = "int, or (ph, pw), pixels of zeros on each side"
DILATION = "int, or (dh, dw), pixels between taps"
KERNEL = "int, or (KH, KW), pixels"

# Library calls that are the exercise itself; calling one in the answer does not count.
BARRED_1D = (
    "numpy.convolve",
    "numpy.correlate",
    "scipy.signal.convolve",
    "scipy.signal.correlate",
    "scipy.signal.fftconvolve",
    "scipy.signal.oaconvolve",
    "scipy.signal.lfilter",
    "scipy.ndimage.convolve",
    "scipy.ndimage.convolve1d",
    "scipy.ndimage.correlate",
    "scipy.ndimage.correlate1d",
    "torch.conv1d",
    "torch.nn.Conv1d",
    "torch.nn.functional.conv1d",
)
BARRED_2D = (
    "scipy.signal.convolve",
    "scipy.signal.convolve2d",
    "scipy.signal.correlate",
    "scipy.signal.correlate2d",
    "scipy.signal.fftconvolve",
    "scipy.ndimage.convolve",
    "scipy.ndimage.correlate",
    "torch.conv2d",
    "torch.conv_transpose2d",
    "torch.nn.Conv2d",
    "torch.nn.ConvTranspose2d",
    "torch.nn.functional.conv2d",
    "torch.nn.functional.conv_transpose2d",
    "torch.nn.functional.fold",
    "torch.nn.functional.unfold",
    "torch.nn.functional.max_pool2d",
    "torch.nn.MaxPool2d",
    "torch.nn.grad.conv2d_input",
    "torch.nn.grad.conv2d_weight",
    "torch.autograd.grad",
)

# Lesson 04 shows this road, so that its photograph needs no answer.
BARRED_FOURIER = ("numpy.fft.fft2", "numpy.fft.fftn", "numpy.fft.rfft2", "numpy.fft.rfftn")

# The oracle of lesson 03, given wherever gradients are checked: it would answer for its caller.
ORACLE = ("numerical_gradient",)


def _prediction(lesson: str, name: str, returns: str, points: int = 0) -> Exercise:
    part = Part("value", points, "your value against the computed one")
    return Exercise(lesson, name, "prediction", (part,), returns=returns)


def _written(lesson: str, name: str, points: int) -> Exercise:
    return Exercise(lesson, name, "written", (Part("answer", points, "read by a person"),))


_LESSON_01 = (
    _prediction("01", "last_output", "a number: y[2] of P1"),
    Exercise(
        "01",
        "correlate1d",
        "function",
        (
            Part("values", 2, "signals and kernels whose numbers cannot hide a flip"),
            Part("lengths", 2, "kernels of even length, of length 1, and as long as the signal"),
            Part("types", 1, "integer, float32 and float64 input, left unchanged"),
            Part("refuse", 1, "a kernel longer than the signal, and some that fit"),
        ),
        "(x, w)",
        {"x": X1, "w": W1},
        "(n - k + 1,) the cross-correlation of x with w",
        BARRED_1D,
        fresh=True,
    ),
    _prediction("01", "impulse_response", "a list of three numbers"),
    Exercise(
        "01",
        "convolve1d",
        "function",
        (
            Part("impulse", 1, "an impulse, which copies the kernel into the output"),
            Part("values", 2, "signals and kernels of several lengths and types, left unchanged"),
        ),
        "(x, w)",
        {"x": X1, "w": W1},
        "(n - k + 1,) the convolution of x with w",
        BARRED_1D,
        fresh=True,
    ),
    Exercise(
        "01",
        "flip_is_invisible",
        "function",
        (
            Part("same", 1, "kernels that read the same in both directions, and one that does not"),
            Part("different", 1, "kernels that do not, by a little or in sign, and one that does"),
        ),
        "(w)",
        {"w": W1},
        "bool, whether correlation and convolution with w give the same output for every signal",
    ),
    Exercise(
        "01",
        "pad1d",
        "function",
        (
            Part("values", 1, "one and several zeros on each side, numbers kept exactly"),
            Part("fresh", 1, "padding 0 as well: the result is a new array"),
        ),
        "(x, padding)",
        {"x": X1, "padding": "int, zeros on each side"},
        "(n + 2 * padding,) x between zeros",
        fresh=True,
    ),
    _prediction("01", "padded_length", "a whole number"),
    Exercise(
        "01",
        "output_length",
        "function",
        (
            Part("plain", 1, "stride 1, no padding"),
            Part("padding", 1, "padding on both sides"),
            Part("stride", 1, "strides that fit exactly and strides that leave a remainder"),
            Part("dilation", 1, "kernels with gaps, alone and with everything else"),
            Part("refuse", 1, "kernels that do not fit, and some that fit exactly"),
        ),
        "(n, k, stride=1, padding=0, dilation=1)",
        {
            "n": "int, samples in the signal",
            "k": "int, taps in the kernel",
            "stride": "int, samples from one window to the next",
            "padding": "int, zeros on each side",
            "dilation": "int, samples from one tap to the next",
        },
        "int, the number of windows that fit",
    ),
    _written("01", "why_flip", 2),
)

_LESSON_02 = (
    _prediction("02", "middle_gradient", "a number: by how much the loss rises with x[2] of P1"),
    Exercise(
        "02",
        "grad_x_1d",
        "function",
        (
            Part("values", 2, "place-value gradients, in which a flip can be read"),
            Part("lengths", 2, "kernels of even length, of length 1, and longer than dy"),
        ),
        "(dy, w)",
        {"dy": "(n - k + 1,) upstream gradient", "w": W1},
        "(n,) gradient of the signal, for the layer that correlates",
        BARRED_1D,
        fresh=True,
    ),
    _prediction("02", "zeros_around_dy", "a whole number: zeros on each side"),
    Exercise(
        "02",
        "grad_w_1d",
        "function",
        (
            Part("values", 2, "place-value gradients, in which a flip can be read"),
            Part("lengths", 1, "one output, one tap, even lengths"),
        ),
        "(dy, x)",
        {"dy": "(n - k + 1,) upstream gradient", "x": X1},
        "(k,) gradient of the kernel, for the layer that correlates",
        BARRED_1D,
        fresh=True,
    ),
    Exercise(
        "02",
        "grad_b_1d",
        "function",
        (Part("values", 1, "upstream gradients of several lengths"),),
        "(dy)",
        {"dy": "(m,) upstream gradient"},
        "scalar, gradient of the bias",
    ),
    Exercise(
        "02",
        "grad_convolve1d",
        "function",
        (
            Part("dx", 2, "the signal's gradient for the layer that flips its kernel"),
            Part("dw", 2, "the kernel's gradient for the layer that flips its kernel"),
        ),
        "(dy, x, w)",
        {"dy": "(n - k + 1,) upstream gradient", "x": X1, "w": W1},
        "(dx, dw) of shapes (n,) and (k,), for the layer that flips its kernel",
        BARRED_1D,
        fresh=True,
    ),
    _prediction("02", "strided_gradient", "a number: dx[2] of P5"),
    Exercise(
        "02",
        "grad_x_1d_strided",
        "function",
        (
            Part("stride", 2, "strides 2 and 3 that fit exactly"),
            Part("remainder", 2, "signals whose last samples no window reaches"),
        ),
        "(dy, w, n, stride)",
        {
            "dy": "((n - k) // stride + 1,) upstream gradient",
            "w": W1,
            "n": "int, samples in the signal",
            "stride": "int, samples from one window to the next",
        },
        "(n,) gradient of the signal, for the layer that correlates",
        BARRED_1D,
        fresh=True,
    ),
    _written("02", "name_the_gradients", 2),
)

_LESSON_03 = (
    _prediction("03", "cube_slope", "a number: the central difference of x cubed at 2, h = 0.5"),
    Exercise(
        "03",
        "numerical_gradient",
        "function",
        (
            Part("linear", 2, "a linear f, where any h is exact"),
            Part("curved", 2, "a curved f, small h, the factor 2"),
            Part("integer", 1, "integer and float32 x"),
            Part("restore", 1, "x of two axes, as it was after the call"),
        ),
        "(f, x, dy, h=0.1)",
        {
            "f": "function of an array like x, returning an array like dy",
            "x": "array of any shape",
            "dy": "array of f(x)'s shape, upstream gradient",
            "h": "float, the step to each side",
        },
        "array of x's shape in float64, central difference of the sum of f(x) * dy",
        ("scipy.optimize.approx_fprime", "torch.autograd.gradcheck"),
        fresh=True,
    ),
    _prediction("03", "integer_slope", "a number: P1's slope at x[2] in an array of integers"),
    Exercise(
        "03",
        "relative_error",
        "function",
        (
            Part("values", 2, "arrays of equal and of very different size"),
            Part("floor", 1, "zeros, nearly zeros, empty arrays"),
        ),
        "(a, b, floor=1e-8)",
        {"a": "array", "b": "array of a's shape", "floor": "float, smallest denominator"},
        "float, max|a - b| / max(floor, max(|a| + |b|))",
    ),
    _prediction("03", "float32_error", "a number: the relative error of a gradient of zeros"),
    Exercise(
        "03",
        "first_mismatch",
        "function",
        (
            Part("index", 2, "mismatches in one, two and four axes, row-major order"),
            Part("equal", 1, "equal arrays, differences within tol, NaN"),
            Part("shape", 1, "arrays of different shapes"),
        ),
        "(a, b, tol=1e-9)",
        {"a": "array", "b": "array", "tol": "float, largest absolute difference that is equal"},
        "tuple of ints, or None when equal",
    ),
    _written("03", "why_h_may_be_large", 2),
)

_LESSON_04 = (
    _prediction("04", "last_window", "a number: y[1, 1] of P2"),
    Exercise(
        "04",
        "correlate2d",
        "function",
        (
            Part("values", 2, "images without symmetry, kernels 2 by 2 and 3 by 3"),
            Part("shapes", 2, "images and kernels that are not square"),
            Part("types", 1, "integer, float32 and float64 input, left unchanged"),
            Part("refuse", 1, "a kernel that does not fit on one axis"),
        ),
        "(x, w)",
        {"x": "(H, W) image", "w": "(KH, KW) kernel"},
        "(H - KH + 1, W - KW + 1) the cross-correlation of x with w",
        (*BARRED_2D, *BARRED_FOURIER),
        fresh=True,
    ),
    _prediction("04", "flat_sky", "a list of three numbers: a flat patch of 200, filtered"),
    _prediction("04", "two_channels", "a number: the place-value kernel on two channels"),
    Exercise(
        "04",
        "conv2d_loops",
        "function",
        (
            Part("channels", 2, "several channels, summed"),
            Part("filters", 2, "several filters, each with its bias"),
            Part("batch", 1, "several images"),
            Part("stride", 2, "strides, with a remainder too"),
            Part("padding", 2, "zeros on each side"),
            Part("geometry", 1, "nothing square, nothing equal, everything at once"),
        ),
        "(x, w, b, stride=1, padding=0)",
        {"x": X4, "w": W4, "b": B1, "stride": STRIDE, "padding": PADDING},
        "(N, F, OH, OW) the layer's output",
        (*BARRED_2D, *BARRED_FOURIER),
        fresh=True,
    ),
    _prediction("04", "multiplications", "a whole number: the products of one layer"),
    _written("04", "count_the_cost", 2),
)

_LESSON_05 = (
    _prediction("05", "alexnet_size", "a whole number: outputs along 224 pixels, k = 11, s = 4"),
    Exercise(
        "05",
        "output_shape",
        "function",
        (
            Part("square", 1, "one number for both axes"),
            Part("pairs", 1, "a pair for each setting"),
            Part("remainder", 1, "sizes that a stride does not divide"),
            Part("refuse", 1, "kernels that do not fit on one axis"),
        ),
        "(hw, kernel_size, stride=1, padding=0, dilation=1)",
        {
            "hw": "(H, W) ints",
            "kernel_size": KERNEL,
            "stride": STRIDE,
            "padding": PADDING,
            "dilation": DILATION,
        },
        "(OH, OW) ints",
    ),
    _prediction("05", "same_zeros", "a list of two whole numbers: zeros before and after"),
    Exercise(
        "05",
        "same_padding",
        "function",
        (
            Part("odd", 1, "odd kernels at stride 1"),
            Part("even", 1, "even kernels: the extra zero comes after"),
            Part("stride", 2, "strides and dilations, never negative"),
        ),
        "(n, k, stride=1, dilation=1)",
        {
            "n": "int, pixels on the axis",
            "k": "int, taps on the axis",
            "stride": "int",
            "dilation": "int",
        },
        "(before, after) ints, so that the output has ceil(n / stride) pixels",
    ),
    Exercise(
        "05",
        "pad2d",
        "function",
        (
            Part("values", 1, "the same zeros on both axes"),
            Part("pairs", 1, "different zeros on the two axes, batch and channels alone"),
            Part("fresh", 1, "padding 0 as well: the result is a new array"),
        ),
        "(x, padding)",
        {"x": X4, "padding": PADDING},
        "(N, C, H + 2 * ph, W + 2 * pw) x between zeros",
        fresh=True,
    ),
    _prediction("05", "dilated_span", "a whole number: rows that a dilated kernel spans"),
    _prediction("05", "grouped_weights", "a whole number: weights of a layer with groups"),
    Exercise(
        "05",
        "conv2d",
        "function",
        (
            Part("pairs", 2, "stride and padding as pairs"),
            Part("dilation", 2, "kernels with gaps, as pairs too"),
            Part("groups", 2, "two and more groups"),
            Part("depthwise", 1, "one group a channel"),
            Part("geometry", 1, "nothing square, nothing equal, everything at once"),
            Part("refuse", 1, "kernels that do not fit, channels that do not divide"),
        ),
        "(x, w, b, stride=1, padding=0, dilation=1, groups=1)",
        {
            "x": X4,
            "w": "(F, C // groups, KH, KW) kernels",
            "b": B1,
            "stride": STRIDE,
            "padding": PADDING,
            "dilation": DILATION,
            "groups": "int that divides C and F",
        },
        "(N, F, OH, OW) the layer's output",
        BARRED_2D,
        fresh=True,
    ),
    _written("05", "where_the_pixel_goes", 2),
)

_BACKWARD_TAKES = {"dy": DY4, "x": X4, "w": W4, "stride": STRIDE, "padding": PADDING}
_BACKWARD_RETURNS = "(dx, dw, db) of the shapes of x, w and (F,)"
_BACKWARD_PARTS = (
    Part("dx", 2, "the images' gradient, stride 1"),
    Part("dw", 2, "the kernels' gradient, stride 1"),
    Part("db", 1, "the biases' gradient"),
    Part("stride", 2, "strides and padding"),
    Part("remainder", 1, "pixels that no window reaches"),
    Part("geometry", 1, "nothing square, nothing equal, everything at once"),
)

_LESSON_06 = (
    _prediction("06", "centre_gradient", "a number: the middle of P2's dx"),
    _prediction("06", "batch_bias_gradient", "a number: db of two images"),
    Exercise(
        "06",
        "conv2d_backward_loops",
        "function",
        _BACKWARD_PARTS,
        "(dy, x, w, stride=1, padding=0)",
        _BACKWARD_TAKES,
        _BACKWARD_RETURNS,
        (*BARRED_2D, *ORACLE),
        fresh=True,
    ),
    _prediction("06", "flipped_twice", "a number: the middle of P2's dx, kernel flipped twice"),
    _prediction("06", "dilated_size", "a list of two numbers: rows and columns of a dilated dy"),
    Exercise(
        "06",
        "dilate2d",
        "function",
        (
            Part("values", 1, "one stride for both axes"),
            Part("pairs", 1, "a stride an axis; stride 1 gives a new array"),
        ),
        "(dy, stride)",
        {"dy": DY4, "stride": STRIDE},
        "(N, F, (OH - 1) * sh + 1, (OW - 1) * sw + 1) dy with zeros between its entries",
        fresh=True,
    ),
    Exercise(
        "06",
        "grad_x_as_convolution",
        "function",
        (
            Part("plain", 2, "stride 1, no padding"),
            Part("padding", 1, "padding 0 and more"),
            Part("stride", 2, "strides, with remainder rows"),
            Part("geometry", 1, "nothing square, nothing equal"),
        ),
        "(dy, w, x_shape, stride=1, padding=0)",
        {
            "dy": DY4,
            "w": W4,
            "x_shape": "(N, C, H, W) ints",
            "stride": STRIDE,
            "padding": PADDING,
        },
        "(N, C, H, W) gradient of the images",
        (*BARRED_2D, *ORACLE),
        fresh=True,
    ),
    _written("06", "why_the_kernel_turns", 2),
)

_LESSON_07 = (
    _prediction("07", "third_row", "a list of nine numbers: row 2 of P2's matrix"),
    _prediction("07", "nonzeros_of_matrix", "a whole number: weights in a matrix"),
    Exercise(
        "07",
        "conv_matrix",
        "function",
        (
            Part("values", 2, "the 4 by 9 matrix of a 2 by 2 kernel"),
            Part("shapes", 2, "images and kernels that are not square"),
        ),
        "(w, in_hw)",
        {"w": "(KH, KW) kernel", "in_hw": "(H, W) ints"},
        "(OH * OW, H * W) matrix M, so that M @ x.ravel() is the correlation of x with w",
        ("scipy.linalg.toeplitz", "scipy.linalg.convolution_matrix"),
        fresh=True,
    ),
    _prediction("07", "copy_gradient", "a number: the dense gradient of the last copy of w[0, 0]"),
    Exercise(
        "07",
        "tie_gradient",
        "function",
        (
            Part("values", 2, "dense gradients, summed over the copies"),
            Part("shapes", 1, "images and kernels that are not square"),
        ),
        "(G, kernel_size, in_hw)",
        {"G": "(OH * OW, H * W) dense gradient", "kernel_size": KERNEL, "in_hw": "(H, W) ints"},
        "(KH, KW) gradient of the kernel",
        ORACLE,
        fresh=True,
    ),
    _prediction("07", "grown_size", "a list of two numbers: rows and columns"),
    Exercise(
        "07",
        "conv_transpose2d",
        "function",
        (
            Part("values", 2, "stride 1, one channel"),
            Part("channels", 2, "several channels in and out"),
            Part("stride", 2, "strides, overlapping and with gaps"),
        ),
        "(y, w, stride=1)",
        {
            "y": "(N, C_in, H, W) images",
            "w": "(C_in, C_out, KH, KW) kernels",
            "stride": STRIDE,
        },
        "(N, C_out, (H - 1) * sh + KH, (W - 1) * sw + KW) images",
        (*BARRED_2D, *ORACLE),
        fresh=True,
    ),
    _written("07", "why_not_the_dense_update", 2),
)

_COLUMN_TAKES = {
    "kernel_size": KERNEL,
    "stride": STRIDE,
    "padding": PADDING,
    "dilation": DILATION,
}

_LESSON_08 = (
    _prediction("08", "fourth_patch", "a list of four numbers: window (0, 3) of the worked image"),
    _prediction("08", "row_eleven", "a list [c, u, v]: row 11 of 3 channels and a 3 by 3 kernel"),
    Exercise(
        "08",
        "im2col_indices",
        "function",
        (
            Part("plain", 2, "stride 1, one channel"),
            Part("channels", 1, "several channels"),
            Part("geometry", 2, "nothing square, nothing equal"),
        ),
        "(x_shape, kernel_size, stride=1, padding=0, dilation=1)",
        {"x_shape": "(N, C, H, W) ints", **_COLUMN_TAKES},
        "(k, i, j) of shapes (C*KH*KW, 1), (C*KH*KW, OH*OW), (C*KH*KW, OH*OW), integer, "
        "into the padded image",
        fresh=True,
    ),
    _prediction("08", "columns_shape", "a list of two numbers: the batched example's columns"),
    Exercise(
        "08",
        "im2col",
        "function",
        (
            Part("patches", 2, "the 25 patches of the padded 4 by 4 image"),
            Part("channels", 1, "several channels, channel-major rows"),
            Part("batch", 2, "several images, the image index fastest"),
            Part("geometry", 1, "nothing square, nothing equal"),
        ),
        "(x, kernel_size, stride=1, padding=0, dilation=1)",
        {"x": X4, **_COLUMN_TAKES},
        "(C*KH*KW, OH*OW*N) columns",
        ("torch.nn.functional.unfold", "torch.nn.Unfold"),
        fresh=True,
    ),
    _prediction("08", "scrambled_map", "a list of four numbers: P3's product reshaped straight"),
    Exercise(
        "08",
        "conv2d_im2col",
        "function",
        (
            Part("filters", 2, "one image, several filters, each with its bias"),
            Part("batch", 2, "several images, not mixed"),
            Part("geometry", 2, "strides, padding, nothing square"),
        ),
        "(x, w, b, stride=1, padding=0)",
        {"x": X4, "w": W4, "b": B1, "stride": STRIDE, "padding": PADDING},
        "(N, F, OH, OW) the layer's output",
        (*BARRED_2D, "conv2d_loops"),
        fresh=True,
    ),
    _written("08", "what_columns_cost", 2),
)

_LESSON_09 = (
    _prediction("09", "scattered_centre", "a number: the centre of P2's dx from its columns"),
    _prediction("09", "coverage_sum", "a number: the sum of a 4 by 4 image's coverage by 3 by 3"),
    _prediction("09", "buffered_centre", "a number: the centre of P2 after a buffered +="),
    Exercise(
        "09",
        "col2im",
        "function",
        (
            Part("coverage", 2, "columns of ones: how often each pixel is covered"),
            Part("values", 2, "place values, which show a lost sum"),
            Part("batch", 1, "several images and channels"),
            Part("geometry", 2, "strides, padding, dilation, nothing square"),
        ),
        "(cols, x_shape, kernel_size, stride=1, padding=0, dilation=1)",
        {"cols": "(C*KH*KW, OH*OW*N) columns", "x_shape": "(N, C, H, W) ints", **_COLUMN_TAKES},
        "(N, C, H, W) images, each entry of cols added where im2col read it",
        ("torch.nn.functional.fold", "torch.nn.Fold", *ORACLE),
        fresh=True,
    ),
    Exercise(
        "09",
        "adjoint_gap",
        "function",
        (
            Part("adjoint", 1, "pairs that are adjoint"),
            Part("wrong", 1, "pairs that are not"),
        ),
        "(forward, adjoint, x, cols)",
        {
            "forward": "function from arrays like x to arrays like cols",
            "adjoint": "function from arrays like cols to arrays like x",
            "x": "array",
            "cols": "array",
        },
        "float, |<forward(x), cols> - <x, adjoint(cols)>|",
    ),
    _prediction("09", "dy_as_a_row", "a list of four numbers: two images' dy as the columns go"),
    Exercise(
        "09",
        "conv2d_backward_im2col",
        "function",
        _BACKWARD_PARTS,
        "(dy, x, w, stride=1, padding=0)",
        _BACKWARD_TAKES,
        _BACKWARD_RETURNS,
        (*BARRED_2D, *ORACLE),
        fresh=True,
    ),
    _written("09", "adjoint_not_inverse", 2),
)

_LESSON_10 = (
    _prediction("10", "last_forward", "a number: a weight's gradient after two forwards"),
    _prediction("10", "columns_ratio", "a number: how many times larger columns are than x"),
    _prediction("10", "tenth_layer", "a whole number: what half the scale costs in ten layers"),
    Exercise(
        "10",
        "he_std",
        "function",
        (Part("values", 1, "kernels of several shapes"),),
        "(weight_shape)",
        {"weight_shape": "(F, C, KH, KW) ints"},
        "float, the standard deviation of He's initialisation",
    ),
    Exercise(
        "10",
        "Conv2D",
        "class",
        (
            Part("initial", 2, "shapes, zero bias and the spread of the initial weights"),
            Part("forward", 2, "the layer's output"),
            Part("backward", 3, "dx, grad_weight and grad_bias"),
            Part("again", 1, "gradients overwritten by each backward"),
            Part("geometry", 1, "strides, padding, nothing square"),
        ),
        "(in_channels, out_channels, kernel_size, stride=1, padding=0, rng=None)",
        {
            "in_channels": "int, C",
            "out_channels": "int, F",
            "kernel_size": KERNEL,
            "stride": STRIDE,
            "padding": PADDING,
            "rng": "numpy Generator, or None for a new one",
        },
        "a layer: forward(x) -> y, backward(dy) -> dx, weight, bias, grad_weight, grad_bias",
        (*BARRED_2D, *ORACLE),
        fresh=True,
    ),
    _prediction("10", "pooled_centre", "a number: dx of a pixel that wins four windows"),
    Exercise(
        "10",
        "MaxPool2D",
        "class",
        (
            Part("forward", 1, "windows side by side"),
            Part("overlap", 2, "overlapping windows, forward and backward"),
            Part("ties", 1, "equal maxima: the first takes the gradient"),
            Part("geometry", 1, "remainders, nothing square"),
        ),
        "(kernel_size, stride=None)",
        {"kernel_size": KERNEL, "stride": STRIDE + "; the kernel size when None"},
        "a layer: forward(x) -> y, backward(dy) -> dx",
        (*BARRED_2D, *ORACLE),
        fresh=True,
    ),
    _written("10", "what_the_layer_keeps", 2),
)

_NHWC = {"x": "(N, H, W, C) images", "w": "(F, KH*KW*C) kernels"}

_LESSON_11 = (
    _prediction("11", "flat_place", "a whole number: the flat index of one entry in NHWC"),
    _prediction("11", "window_start", "a whole number: the flat index at which window 28 begins"),
    Exercise(
        "11",
        "im2col_nhwc",
        "function",
        (
            Part("values", 2, "one image, rows by kernel row, kernel column, channel"),
            Part("batch", 1, "several images"),
            Part("geometry", 1, "strides, nothing square"),
        ),
        "(x, kernel_size, stride=1)",
        {"x": "(N, H, W, C) images, already padded", "kernel_size": KERNEL, "stride": STRIDE},
        "(N, KH*KW*C, OH*OW) columns",
        fresh=True,
    ),
    Exercise(
        "11",
        "conv2d_nhwc",
        "function",
        (
            Part("values", 2, "several filters, each with its bias"),
            Part("geometry", 2, "strides, padding, nothing square"),
        ),
        "(x, w, b, kernel_size, stride=1, padding=0)",
        {
            "x": _NHWC["x"],
            "w": _NHWC["w"],
            "b": B1,
            "kernel_size": KERNEL,
            "stride": STRIDE,
            "padding": PADDING,
        },
        "(N, OH, OW, F) the layer's output",
        BARRED_2D,
        fresh=True,
    ),
    _prediction("11", "bug_in_backward", "a word from the list in the lesson", points=1),
    Exercise(
        "11",
        "conv2d_backward_nhwc",
        "function",
        (
            Part("dx", 2, "the images' gradient, kernels without symmetry"),
            Part("dw", 1, "the kernels' gradient"),
            Part("db", 1, "the biases' gradient"),
            Part("geometry", 2, "strides, padding, nothing square"),
        ),
        "(dy, x, w, kernel_size, stride=1, padding=0)",
        {
            "dy": "(N, OH, OW, F) upstream gradient",
            "x": _NHWC["x"],
            "w": _NHWC["w"],
            "kernel_size": KERNEL,
            "stride": STRIDE,
            "padding": PADDING,
        },
        "(dx, dw, db) of the shapes of x, w and (F,)",
        (*BARRED_2D, *ORACLE, "friends_backward"),
        fresh=True,
    ),
    _written("11", "read_the_timings", 2),
)

_LAYERS = "list of (kernel, stride, padding, dilation), input side first"

_LESSON_12 = (
    _prediction("12", "fifth_size", "a whole number: pixels that an output of network B spans"),
    Exercise(
        "12",
        "receptive_field",
        "function",
        (
            Part("stride", 2, "stacks with strides"),
            Part("dilation", 1, "stacks with dilation and padding"),
            Part("networks", 1, "LeNet, VGG-16, and the empty stack"),
        ),
        "(layers)",
        {"layers": _LAYERS},
        "(size, jump) ints, pixels of the input",
    ),
    _prediction("12", "seventh_by_seven", "a whole number: pixels that VGG-16 spans after pool5"),
    _prediction("12", "region_start", "a whole number: the first input index of output 0"),
    Exercise(
        "12",
        "receptive_region",
        "function",
        (
            Part("start", 2, "output 0, with padding and dilation"),
            Part("index", 1, "outputs further along"),
        ),
        "(layers, i)",
        {"layers": _LAYERS, "i": "int, index of an output"},
        "(first, last) ints, inclusive input indices, negative inside the padding",
    ),
    _prediction("12", "pixels_used", "a whole number: pixels that can change one output"),
    Exercise(
        "12",
        "empirical_receptive_field",
        "function",
        (
            Part("solid", 2, "stacks without dilation"),
            Part("holes", 2, "stacks that leave pixels unused"),
        ),
        "(layers, n, i)",
        {"layers": _LAYERS, "n": "int, inputs on the axis", "i": "int, index of an output"},
        "(n,) bool, which inputs reach output i",
        fresh=True,
    ),
    Exercise(
        "12",
        "effective_width",
        "function",
        (Part("values", 1, "one to a hundred layers"),),
        "(n)",
        {"n": "int, uniform 3-tap layers"},
        "float, standard deviation of the effective field, pixels",
    ),
    _written("12", "extent_and_use", 2),
)

_PARAMS = "dict of float64 arrays: w1, b1, w2, b2 of the convolutions, w3, b3 of the linear layer"
_DIGITS = "(N, 1, 8, 8) images"

_LESSON_13 = (
    _prediction("13", "network_field", "a whole number, pixels", points=1),
    Exercise(
        "13",
        "forward",
        "function",
        (
            Part("shapes", 1, "logits for several batch sizes"),
            Part("values", 2, "logits against the reference network"),
        ),
        "(params, x)",
        {"params": _PARAMS, "x": _DIGITS},
        "(N, 10) logits",
        BARRED_2D,
        fresh=True,
    ),
    _prediction(
        "13", "right_class_gradient", "a number: dz at the right class of one of two images"
    ),
    Exercise(
        "13",
        "loss_and_gradients",
        "function",
        (
            Part("loss", 1, "the mean cross-entropy, large logits too"),
            Part("last", 2, "gradients of the linear layer"),
            Part("first", 4, "gradients of both convolutions"),
        ),
        "(params, x, labels)",
        {"params": _PARAMS, "x": _DIGITS, "labels": "(N,) ints from 0 to 9"},
        "(loss, grads): float, and a dict with the keys and shapes of params",
        (*BARRED_2D, *ORACLE),
    ),
    Exercise(
        "13",
        "train",
        "function",
        (
            Part("falls", 1, "the loss falls on a few digits"),
            Part("accuracy", 2, "test accuracy above 0.95"),
        ),
        "(params, x, labels, epochs, lr, rng)",
        {
            "params": _PARAMS,
            "x": _DIGITS,
            "labels": "(N,) ints from 0 to 9",
            "epochs": "int",
            "lr": "float",
            "rng": "numpy Generator, for the order of the batches",
        },
        "(params, losses): the trained dict, and the mean loss of each epoch",
        BARRED_2D,
    ),
    _prediction("13", "first_bug", "a word from the list in the lesson", points=1),
    _prediction("13", "second_bug", "a word from the list in the lesson", points=1),
    _prediction("13", "third_bug", "a word from the list in the lesson", points=1),
    _written("13", "report", 6),
)

EXERCISES: dict[str, Exercise] = {
    exercise.name: exercise
    for group in (
        _LESSON_01,
        _LESSON_02,
        _LESSON_03,
        _LESSON_04,
        _LESSON_05,
        _LESSON_06,
        _LESSON_07,
        _LESSON_08,
        _LESSON_09,
        _LESSON_10,
        _LESSON_11,
        _LESSON_12,
        _LESSON_13,
    )
    for exercise in group
}


def lesson(key: str) -> Lesson:
    """Return the lesson of this number (``"01"``) or name (``"01_sliding_window"``).

    Raises
    ------
    CommandError
        If there is no such lesson; the message lists those there are.

    Examples
    --------
    >>> lesson("01").name
    '01_sliding_window'
    """
    for candidate in LESSONS:
        if key in (candidate.number, candidate.name):
            return candidate
    names = ", ".join(candidate.name for candidate in LESSONS)
    raise CommandError(f"There is no lesson {key!r}. The lessons are: {names}.")


def exercises_of(key: str) -> list[Exercise]:
    """Return the exercises of a lesson, named as in `lesson`, in the order it asks them.

    Examples
    --------
    >>> [exercise.name for exercise in exercises_of("03") if exercise.kind == "function"]
    ['numerical_gradient', 'relative_error', 'first_mismatch']
    """
    number = lesson(key).number
    return [exercise for exercise in EXERCISES.values() if exercise.lesson == number]
