"""Every number that the course's lessons state, computed again.

The numbers stand here as lessons print them; each test says which lesson or probe they are from.
"""

import math
from pathlib import Path

import numpy as np
import pytest

from autograder import reference as r
from autograder.reference import fast, network
from autograder.reference.gradients_1d import conv1d_backward
from course.checks.drive import layer_settings
from course.checks.layers import Line
from course.data import digits, photograph, temperatures
from course.widgets.networks import NETWORKS

X, W, DY = np.arange(1, 6), np.array([1, 2, 3]), np.array([1, 10, 100])  # P1
IMAGE, KERNEL = np.arange(1, 10).reshape(3, 3), np.array([[1, 2], [3, 4]])  # P2
DY2 = np.array([[1, 10], [100, 1000]])


def _layer(image, kernel):
    """Give a map and a kernel their batch, filter and channel axes."""
    return image[np.newaxis, np.newaxis], kernel[np.newaxis, np.newaxis]


def test_p1_of_the_layer_that_correlates():
    """P1: y, dx, dw and db of the layer that slides its kernel as it is."""
    assert r.correlate1d(X, W).tolist() == [14, 20, 26]
    dx, dw, db = r.conv1d_backward(DY, X, W)
    assert dx.tolist() == r.grad_x_1d(DY, W).tolist() == [1, 12, 123, 230, 300]
    assert dw.tolist() == r.grad_w_1d(DY, X).tolist() == [321, 432, 543]
    assert db == r.grad_b_1d(DY) == 111


def test_p1_of_the_layer_that_flips_its_kernel():
    """P1: each layer's gradients are the other's mistake."""
    assert r.convolve1d(X, W).tolist() == [10, 16, 22]
    dx, dw = r.grad_convolve1d(DY, X, W)
    assert dx.tolist() == [3, 32, 321, 210, 100]
    assert dw.tolist() == [543, 432, 321]


def test_01_an_impulse_copies_the_kernel():
    """Lesson 01: correlation reverses it, convolution does not."""
    impulse = np.array([0, 0, 1, 0, 0])
    assert r.correlate1d(impulse, W).tolist() == [3, 2, 1]
    assert r.convolve1d(impulse, W).tolist() == [1, 2, 3]


def test_01_digits_multiply_by_convolution():
    """Lesson 01: 21 times 13 is 273 either way round; correlation gives 6, 5, 1 and 1, 5, 6."""
    first, second = (np.array([0, 2, 1, 0]), [1, 3]), (np.array([0, 1, 3, 0]), [2, 1])
    for x, w in (first, second):
        assert r.convolve1d(x, np.array(w)).tolist() == [2, 7, 3]
    assert [r.correlate1d(x, np.array(w)).tolist() for x, w in (first, second)] == [
        [6, 5, 1],
        [1, 5, 6],
    ]


def test_01_windows_are_counted():
    """Lesson 01: the lengths in the prompt and in the figure, and those of the common slip."""
    assert r.output_length(5, 3) == 3
    assert r.output_length(9, 3, dilation=2) == 5
    assert r.output_length(10, 3, stride=3) == 3
    assert (r.output_length(4, 2, padding=1), 4 - 2 / 1 + 1) == (5, 3)


def test_01_zeros_bend_the_end_of_the_temperatures():
    """Lesson 01: averaged over 11 years, 0.9 degrees in 2018; with zeros, 0.5 degrees in 2023."""
    _, warming = temperatures()
    kernel = np.full(11, 1 / 11)
    assert round(r.correlate1d(warming, kernel)[-1], 1) == 0.9
    assert round(r.correlate1d(r.pad1d(warming, 5), kernel)[-1], 1) == 0.5


def test_02_a_kernel_is_learned_by_forty_steps():
    """Lesson 02: from zeros to -1, 0, 1 and 0.5; ten times the step makes the loss grow."""
    x = np.random.default_rng(2).normal(size=60)
    target = r.correlate1d(x, np.array([-1.0, 0.0, 1.0])) + 0.5

    def learn(step, steps):
        w, b, losses = np.zeros(3), 0.0, []
        for _ in range(steps):
            error = r.correlate1d(x, w) + b - target
            losses.append(np.mean(error * error) / 2)
            dy = error / len(error)
            w, b = w - step * r.grad_w_1d(dy, x), b - step * r.grad_b_1d(dy)
        return w, b, losses

    w, b, losses = learn(0.2, 40)
    np.testing.assert_allclose([*w, b], [-1, 0, 1, 0.5], atol=0.005)
    assert losses[0] > 1
    assert losses[-1] < 1e-6
    losses = learn(2.0, 10)[2]
    assert all(later > earlier for earlier, later in zip(losses, losses[1:], strict=False))


def test_03_what_six_friends_did():
    """Lesson 03: the numbers that the friends send are those of the mistakes in the answer."""
    dy, w = np.array([1.0, -3.0, 0.7, 2.0, 5.0, -1.0]), np.array([1.5, -2.0, 0.3])
    right = r.grad_x_1d(dy, w)
    single = r.grad_x_1d(dy.astype(np.float32), w.astype(np.float32))
    last = np.zeros(8)
    for i in range(6):
        last[i : i + 3] = dy[i] * w
    friends = friends_of_lesson_03()
    for name, expected in {
        "Ana": r.grad_x_1d(dy, w[::-1]),
        "Ben": [*right[:-1], 0.0],
        "Dov": right / 6,
        "Eve": last,
        "Fay": right,
    }.items():
        np.testing.assert_allclose(friends[name], expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(friends["Chi"], single, rtol=0, atol=1e-9)
    errors = {name: r.relative_error(np.array(dx), right) for name, dx in friends.items()}
    assert 1e-10 < errors["Chi"] < 1e-6
    assert round(errors["Ben"], 3) == 0.014


def friends_of_lesson_03():
    """Read the friends' numbers from the lesson's text."""
    text = (Path(__file__).parents[2] / "source/03_gradient_check.py").read_text("utf-8")
    start = text.index("friends = {")
    return eval(text[start + len("friends = ") : text.index("}", start) + 1], {})


def test_02_full_correlation_pads_two_zeros():
    """Lesson 02: dx is the correlation of dy, between k - 1 = 2 zeros, with the kernel flipped."""
    padding = len(W) - 1
    assert padding == 2
    assert r.correlate1d(r.pad1d(DY, padding), W[::-1]).tolist() == [1, 12, 123, 230, 300]


def test_p5_a_stride_spreads_the_gradient():
    """P4: stride 2, with a remainder when the signal has 8 samples; `=` would lose the sums."""
    assert r.grad_x_1d_strided(DY, W, 7, 2).tolist() == [1, 2, 13, 20, 130, 200, 300]
    assert r.grad_x_1d_strided(DY, W, 8, 2).tolist() == [1, 2, 13, 20, 130, 200, 300, 0]
    lost = np.zeros(7, int)
    for i in range(3):
        lost[2 * i : 2 * i + 3] = DY[i] * W
    assert lost.tolist() == [1, 2, 10, 20, 100, 200, 300]


def test_03_the_layer_is_linear_so_a_large_step_is_exact():
    """Lesson 03: h = 0.1 agrees to about 1.5e-14, h = 1e-5 to about 4.3e-11, in float64."""
    rng = np.random.default_rng(0)
    x, w, b, dy = (rng.normal(size=s) for s in ((2, 3, 6, 8), (4, 3, 3, 2), (4,), (2, 4, 3, 5)))
    dx, _, _ = r.conv2d_backward(dy, x, w, 2, 1)
    errors = {
        h: r.relative_error(
            dx, r.numerical_gradient(lambda x: fast.conv2d(x, w, b, 2, 1), x, dy, h)
        )
        for h in (0.1, 1e-5)
    }
    assert 1e-15 < errors[0.1] < 1e-13
    assert 1e-11 < errors[1e-5] < 1e-9


def test_03_single_precision_cannot_move_by_so_little():
    """Lesson 03: on P1 in float32, h = 1e-7 gives exactly 1, and 1e-5 about a hundredth."""
    x, w, dy = (array.astype(np.float32) for array in (X, W, DY))

    def error(h):
        numerical = np.zeros_like(x)
        for i in range(len(x)):
            above, below = x.copy(), x.copy()
            above[i] += np.float32(h)
            below[i] -= np.float32(h)
            change = np.sum((r.correlate1d(above, w) - r.correlate1d(below, w)) * dy)
            numerical[i] = change / np.float32(2 * h)
        return r.relative_error(r.grad_x_1d(dy, w), numerical)

    assert error(1e-7) == 1.0
    assert 1e-3 < error(1e-5) < 0.1


def test_p2_forward():
    """P2: correlation, true convolution, and the transposed and half-flipped kernels' answers."""
    assert r.correlate2d(IMAGE, KERNEL).ravel().tolist() == [37, 47, 67, 77]
    assert r.correlate2d(IMAGE, KERNEL[::-1, ::-1]).ravel().tolist() == [23, 33, 53, 63]
    # x is affine: flipping the columns and transposing are told apart on other images only.
    flipped, transposed = KERNEL[:, ::-1], KERNEL.T
    assert r.correlate2d(IMAGE, transposed).ravel().tolist() == [35, 45, 65, 75]
    np.testing.assert_array_equal(r.correlate2d(IMAGE, flipped), r.correlate2d(IMAGE, transposed))
    assert r.correlate2d(IMAGE, KERNEL[::-1]).ravel().tolist() == [25, 35, 55, 65]


def test_p2_backward():
    """P2: the centre of dx reads 1234; a missing turn 4321; `=` 1000 in a loop, 4 in columns."""
    x, w = _layer(IMAGE, KERNEL)
    dx, dw, _ = r.conv2d_backward(DY2[None, None], x, w)
    assert dx[0, 0, 1, 1] == 1234
    assert dw.ravel().tolist() == [5421, 6532, 8754, 9865]
    turned = r.conv2d_backward(DY2[None, None], x, w[:, :, ::-1, ::-1])[0]
    assert turned[0, 0, 1, 1] == 4321
    overwritten = np.zeros((3, 3), int)
    for i, j in np.ndindex(2, 2):
        overwritten[i : i + 2, j : j + 2] = DY2[i, j] * KERNEL
    assert overwritten[1, 1] == 1000


def test_09_both_lost_sums_read_4():
    """Lesson 09: in columns, `=` and buffered fancy `+=` leave 4 in the centre of P2."""
    _, i, j = r.im2col_indices((1, 1, 3, 3), 2)
    cols = np.outer(KERNEL.ravel(), DY2.ravel())
    assigned, buffered = np.zeros((3, 3), int), np.zeros((3, 3), int)
    assigned[i, j] = cols
    buffered[i, j] += cols
    assert assigned[1, 1] == buffered[1, 1] == 4
    assert r.col2im(cols, (1, 1, 3, 3), 2)[0, 0, 1, 1] == 1234


def test_04_the_channel_probe_reads_87654321():
    """Lesson 04: a place-value kernel shows its order; against NHWC columns it reads otherwise."""
    x = np.arange(1, 9).reshape(1, 2, 2, 2)
    w = (10 ** np.arange(8)).reshape(1, 2, 2, 2)
    assert r.conv2d_loops(x, w, np.array([0])).item() == 87654321
    mixed = r.im2col_nhwc(x.transpose(0, 2, 3, 1), 2)[0, :, 0]
    assert w.ravel() @ mixed == 84736251


def test_04_the_worked_example_in_other_settings():
    """Lesson 04: the small kernel; a bias; stride 2 with padding 1; two images, two filters."""
    small = r.correlate2d(np.array([[1, 2, 3], [4, 5, 6]]), np.array([[1, 10]]))
    assert small.tolist() == [[21, 32], [54, 65]]
    x, w = _layer(IMAGE, KERNEL)
    assert r.conv2d_loops(x, w, np.array([0.5])).ravel().tolist() == [37.5, 47.5, 67.5, 77.5]
    stepped = r.conv2d_loops(x, w, np.array([0.5]), 2, 1)[0, 0]
    assert stepped.tolist() == [[4.5, 18.5], [36.5, 77.5]]


def test_04_the_image_1_to_9_hides_what_an_impulse_shows():
    """Lesson 04: two mistakes and the right kernel less 2; a third kernel is right throughout."""
    transposed, flipped, other = KERNEL.T, KERNEL[:, ::-1], np.array([[3, -1], [4, 4]])
    for wrong in (transposed, flipped):
        assert r.correlate2d(IMAGE, wrong).ravel().tolist() == [35, 45, 65, 75]
    assert np.array_equal(r.correlate2d(IMAGE, other), r.correlate2d(IMAGE, KERNEL))
    steps = np.array([[0, 1], [3, 4]])  # 3 u + v
    for w in (KERNEL, transposed, flipped, other):
        by_sums = IMAGE[:2, :2] * w.sum() + np.sum(steps * w)
        assert np.array_equal(r.correlate2d(IMAGE, w), by_sums)

    impulse = np.zeros((3, 3))
    impulse[1, 1] = 1
    kernels = (KERNEL, transposed, flipped, other)
    spelled = {tuple(r.correlate2d(impulse, w).ravel()) for w in kernels}
    assert spelled == {tuple(w[::-1, ::-1].ravel()) for w in kernels}
    assert len(spelled) == 4


def test_04_one_digit_of_the_figure_comes_from_the_second_channel():
    """Lesson 04: the figure's kernel reads 84321 in the first window."""
    x = np.array([[[1, 2, 0], [3, 4, 0]], [[5, 6, 0], [7, 8, 0]]])
    w = np.array([[[1, 10], [100, 1000]], [[0, 0], [0, 10000]]])
    assert r.conv2d_loops(x[None], w[None], np.array([0]))[0, 0, 0, 0] == 84321


def test_04_the_weights_of_resnets_first_layer():
    """Lesson 04: 64 kernels of 3x7x7, not one of 7x7 for each channel."""
    assert 64 * 3 * 7 * 7 == 9408
    assert 3 * 7 * 7 == 147


def test_04_where_vgg_16_works():
    """Lesson 04: 15.3 billion products, 14.7 million weights; the first and last layers' shares."""
    assert sum(VGG_BLOCKS) == 13
    weights, products, channels = [], [], 3
    for block, convolutions in enumerate(VGG_BLOCKS):
        for _ in range(convolutions):
            filters, size = min(64 * 2**block, 512), 224 // 2**block
            weights.append(filters * channels * 9)
            products.append(weights[-1] * math.prod(r.output_shape((size, size), 3, 1, 1)))
            channels = filters
    assert (round(sum(products) / 1e9, 1), round(sum(weights) / 1e6, 1)) == (15.3, 14.7)
    assert round(100 * sum(products[:2]) / sum(products)) == 13
    assert round(100 * sum(weights[:2]) / sum(weights), 1) == 0.3
    assert round(100 * sum(products[-3:]) / sum(products)) == 9
    assert round(100 * sum(weights[-3:]) / sum(weights)) == 48


def test_04_what_a_dense_layer_would_need():
    """Lesson 04: 780 million weights for one map of the photograph, where a kernel has 27."""
    outputs = math.prod(r.output_shape((128, 128), 3))
    assert outputs == 126 * 126
    assert round(3 * 128 * 128 * outputs / 1e6) == 780


def test_04_the_cost_of_two_designs():
    """Lesson 04: products and weights of the written answer; two 3x3 layers reach 5 pixels."""

    def cost(channels, size, k):
        outputs = math.prod(r.output_shape((size, size), k, 1, k // 2))
        weights = channels * channels * k * k
        return outputs * weights, weights

    assert cost(16, 32, 3) == (2_359_296, 2304)
    assert cost(16, 64, 3) == (4 * 2_359_296, 2304)
    assert cost(32, 32, 3) == (4 * 2_359_296, 4 * 2304)
    assert r.receptive_field([(3, 1, 1, 1)] * 2)[0] == r.receptive_field([(5, 1, 2, 1)])[0] == 5
    savings = [
        1 - 2 * three / five for three, five in zip(cost(7, 20, 3), cost(7, 20, 5), strict=True)
    ]
    assert [round(100 * saving) for saving in savings] == [28, 28]


@pytest.mark.parametrize(
    ("n", "k", "s", "p", "size"),
    [(8, 3, 2, 1, 4), (224, 11, 4, 0, 54), (227, 11, 4, 0, 55), (224, 7, 2, 3, 112)],
)
def test_05_sizes(n, k, s, p, size):
    """Lesson 05: the four sizes."""
    assert r.output_shape((n, n), k, s, p) == (size, size)


def test_05_same_padding_of_tensorflow():
    """Lesson 05: 2 zeros before and 3 after for n = 224, k = 7, s = 2; 4 zeros give 111 outputs."""
    assert r.same_padding(224, 7, 2) == (2, 3)
    assert r.output_length(224 + 5, 7, 2) == 112
    assert r.output_length(224 + 4, 7, 2) == 111


def test_05_settings_that_are_chosen():
    """Lesson 05: two right choices for 8 pixels and 4 outputs, and one that skips pixels."""
    right = layer_settings(r.choose_layer, 8, 4)
    for settings in ((3, 2, 1), (5, 2, 2)):
        assert layer_settings(lambda n, m, chosen=settings: chosen, 8, 4) == right
    skips = layer_settings(lambda n, m: (1, 2, 0), 8, 4)
    assert [key for key in right if skips[key] != right[key]] == [
        "every pixel is read by some window"
    ]


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ((3, 2, 0), "outputs"),
        ((2, 2, 0), "k is odd"),
        ((3, 2, 1.0), "k, s and p are ints, k and s at least 1, p at least 0"),
        ((7, 4, 7), "p is less than k"),
        ((9, 0, 1), "k, s and p are ints, k and s at least 1, p at least 0"),
        ((99, 2, 1), "outputs"),
    ],
)
def test_05_what_is_measured_of_chosen_settings(settings, wrong):
    """Lesson 05: does each demand fail where it is not met?"""
    right = layer_settings(r.choose_layer, 8, 4)
    measured = layer_settings(lambda n, m: settings, 8, 4)
    assert measured[wrong] != right[wrong]


def test_05_what_stands_before_the_floor():
    """Lesson 05: 3.5, 2, 8 and 111.5; 227 pixels or 3 zeros in all give AlexNet's 55."""
    lines = (8, 3, 2, 1, 3.5), (10, 4, 3, 0, 2), (9, 3, 1, 1, 8), (224, 7, 2, 3, 111.5)
    for n, k, s, p, before in lines:
        assert (n + 2 * p - k) / s == before
        assert r.output_shape((n, n), k, s, p)[0] == math.floor(before) + 1
    assert r.output_shape((226, 227), 11, 4) == (54, 55)
    assert r.output_shape((8, 11), 3, 2, (1, 0)) == (4, 5)


def test_05_half_the_kernel_keeps_the_size_of_odd_kernels_at_stride_1_only():
    """Lesson 05: 8 pixels give 8 for k = 3 and 5, 7 or 9 for k = 4, and 4 at stride 2."""
    sizes = [r.output_shape((8, 8), k, s, p)[0] for k, s, p in ((3, 1, 1), (5, 1, 2), (3, 2, 1))]
    assert sizes == [8, 8, 4]
    assert [r.output_shape((8, 8), 4, 1, p)[0] for p in (1, 2)] == [7, 9]


def test_05_the_side_of_the_extra_zero_shifts_the_map():
    """Lesson 05: four outputs either way, with other digits; padding 1 reads as zero before."""
    signal, w = np.arange(1, 9), np.array([1, 10, 100])
    assert r.same_padding(8, 3, 2) == (0, 1)
    outputs = {
        zeros: r.correlate1d(np.pad(signal, zeros), w)[::2].tolist()
        for zeros in ((0, 1), (1, 0), (1, 1))
    }
    assert outputs[0, 1] == [321, 543, 765, 87]
    assert outputs[1, 0] == outputs[1, 1] == [210, 432, 654, 876]


def test_05_the_written_answer():
    """Lesson 05: 'same' for 9 pixels, the columns that no window reads, and a way out."""
    assert r.same_padding(9, 3, 2) == (1, 1)
    assert r.same_padding(4, 2) == (0, 1)
    assert r.same_padding(9, 1, 3) == (0, 0)

    def read(s, p):
        outputs = r.output_shape((10, 10), 3, s, p)[1]
        return {s * i + t - p for i in range(outputs) for t in range(3)}

    assert set(range(10)) - read(4, 0) == {3, 7, 8, 9}
    assert read(3, 1) == set(range(-1, 11))


def test_05_dilation_and_groups_by_hand():
    """Lesson 05: the four corners; a depthwise layer; what MobileNet saves."""
    x, w = _layer(IMAGE, KERNEL)
    assert r.conv2d(x, w, np.array([0]), dilation=2).tolist() == [[[[64]]]]
    x = np.stack([np.ones((2, 2)), np.full((2, 2), 10.0)])[None]
    w = np.stack([np.full((1, 2, 2), 1.0), np.full((1, 2, 2), 2.0)])
    assert r.conv2d(x, w, np.zeros(2), groups=2).ravel().tolist() == [4, 80]
    assert (64 * 9 + 64 * 64, 64 * 64 * 9) == (4672, 36_864)


def test_06_a_remainder_row_gets_no_gradient():
    """Lesson 06: the row that no window reaches gets 0."""
    x, w = np.ones((1, 1, 6, 5)), np.ones((1, 1, 3, 3))
    dx, _, _ = r.conv2d_backward_loops(np.ones((1, 1, 2, 2)), x, w, stride=2)
    assert dx[0, 0, 4].all()
    assert not dx[0, 0, 5].any()


def test_06_the_worked_example():
    """Lesson 06: dx of P2, its corners, edges and middle; db over two images."""
    x, w = _layer(IMAGE, KERNEL)
    dx, _, db = r.conv2d_backward_loops(DY2[None, None], x, w)
    assert dx[0, 0].tolist() == [[1, 12, 20], [103, 1234, 2040], [300, 3400, 4000]]
    assert db.tolist() == [1111]
    two = np.stack([DY2, 2 * DY2])[:, None]
    assert r.conv2d_backward_loops(two, np.concatenate([x, x]), w)[2].tolist() == [3333]


def test_06_one_bias_gradient_for_two_images():
    """Lesson 06: a sum over the batch alone has an entry for each position, and db has one."""
    dys = np.stack([DY2, 2 * DY2])[:, np.newaxis]
    assert dys.sum(axis=(0, 1)).tolist() == [[3, 30], [300, 3000]]
    images = np.stack([IMAGE, IMAGE])[:, np.newaxis]
    assert r.conv2d_backward(dys, images, KERNEL[None, None])[2].tolist() == [3333]


def test_06_the_dilated_dy_by_hand():
    """Lesson 06: dx of seven pixels, by a window that moves by 1 over the dilated dy."""
    gaps = np.array([1, 0, 10, 0, 100])
    dx = r.correlate1d(r.pad1d(gaps, 2), W[::-1])
    assert dx.tolist() == [1, 2, 13, 20, 130, 200, 300]
    assert dx.tolist() == r.grad_x_1d_strided(DY, W, 7, 2).tolist()


def test_06_a_kernel_is_learned_from_a_piece_of_the_photograph():
    """Lesson 06: forty steps along dw find the edge kernel, to one decimal."""
    piece = photograph()[:, 40:64, 40:64].mean(axis=0)
    x = ((piece - piece.mean()) / piece.std())[None, None]
    secret = np.array([[[[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]]])
    w, b = np.zeros((1, 1, 3, 3)), np.zeros(1)
    target = r.conv2d(x, secret, b)
    for _ in range(40):
        error = r.conv2d(x, w, b) - target
        w = w - 0.4 * r.conv2d_backward(error / error.size, x, w)[1]
    assert np.abs(w - secret).max() < 0.05


@pytest.mark.parametrize(
    ("n", "k", "s", "p", "m", "dilated", "remainder", "whole"),
    [
        (3, 2, 1, 0, 2, 2, 0, 3),
        (8, 3, 2, 0, 3, 5, 1, 8),
        (8, 3, 2, 1, 4, 7, 1, 10),
        (4, 2, 1, 3, 9, 9, 0, 10),
    ],
)
def test_06_zeros_around_the_dilated_dy(n, k, s, p, m, dilated, remainder, whole):
    """Lesson 06: k - 1 zeros before and k - 1 plus the remainder after give the padded image."""
    assert r.output_length(n, k, s, p) == m
    assert r.dilate2d(np.ones((1, 1, 1, m)), s).shape[3] == dilated
    assert n + 2 * p - ((m - 1) * s + k) == remainder
    assert dilated + 2 * (k - 1) + remainder - k + 1 == whole == n + 2 * p
    assert dilated + 2 * (k - 1 - p) + remainder - k + 1 == n


@pytest.mark.parametrize(
    ("size", "stride", "axis"),
    [
        (3, 1, [1, 2, 3, 3, 3, 2, 1]),
        (3, 2, [1, 1, 2, 1, 2, 1, 1]),
        (2, 3, [1, 1, 0, 1, 1, 0, 0]),
    ],
)
def test_06_how_many_windows_read_a_pixel(size, stride, axis):
    """Lesson 06: the counts in the figure of 7 by 7 pixels."""
    dy = np.ones((1, 1, *r.output_shape((7, 7), size, stride)))
    dx = r.grad_x_as_convolution(dy, np.ones((1, 1, size, size)), (1, 1, 7, 7), stride)
    assert dx[0, 0].tolist() == np.outer(axis, axis).tolist()


def test_07_the_matrix_has_16_nonzeros_and_its_gradient_36():
    """Lesson 07: 4 by 9; the dense update breaks sparsity, the tied one is the layer's dw."""
    M = r.conv_matrix(KERNEL, (3, 3))
    assert M.shape == (4, 9)
    assert np.count_nonzero(M) == 16
    dense = np.outer(DY2, IMAGE)
    assert np.count_nonzero(dense) == 36
    copies = [dense[i * 2 + j, i * 3 + j] for i, j in np.ndindex(2, 2)]
    assert len(set(copies)) == 4  # the four copies of w11 would drift apart
    assert sum(copies) == r.tie_gradient(dense, 2, (3, 3))[0, 0] == 5421
    np.testing.assert_array_equal(
        r.tie_gradient(dense, 2, (3, 3)).ravel(), [5421, 6532, 8754, 9865]
    )
    last = [dense[place] for place in ((0, 1), (1, 2), (2, 4), (3, 5))]
    assert last == [2, 30, 500, 6000]


def test_07_the_matrix_with_a_stride():
    """Lesson 07: one row of five pixels, stride 3; places are counted with two widths."""
    M = r.conv_matrix(np.array([[1, 2]]), (1, 5), 3)
    assert M.tolist() == [[1, 2, 0, 0, 0], [0, 0, 0, 1, 2]]
    assert np.ravel_multi_index((2, 1), (4, 5)) == 11
    assert np.ravel_multi_index((2, 1), r.output_shape((4, 5), (2, 3))) == 7


def test_07_the_matrix_of_a_photograph():
    """Lesson 07: 224 by 224 pixels, 3 by 3: rows, columns, entries, and entries with a weight."""
    rows, columns = math.prod(r.output_shape((224, 224), 3)), 224 * 224
    assert (rows, columns, rows * 9) == (49284, 50176, 443556)
    assert round(rows * columns / 1e9, 1) == 2.5


def test_07_one_dense_update():
    """Lesson 07: the copies of w[0, 0] part, and a flat image gets outputs that differ."""
    M = r.conv_matrix(KERNEL, (3, 3))
    updated = M - 1e-5 * np.outer(DY2, IMAGE)
    assert np.count_nonzero(updated) == 36
    copies = [updated[place] for place in ((0, 0), (1, 1), (2, 3), (3, 4))]
    np.testing.assert_allclose(copies, [0.99999, 0.9998, 0.996, 0.95], rtol=1e-12)
    assert (M @ np.ones(9)).tolist() == [10, 10, 10, 10]
    assert len(set(np.round(updated @ np.ones(9), 5))) == 4


def test_07_dx_is_the_transpose():
    """Lesson 07: the middle column holds the kernel backwards; its product with dy is 1234."""
    M = r.conv_matrix(KERNEL, (3, 3))
    assert M[:, 4].tolist() == [4, 3, 2, 1]
    dx = (M.T @ DY2.ravel()).reshape(3, 3)
    assert dx.tolist() == [[1, 12, 20], [103, 1234, 2040], [300, 3400, 4000]]
    assert (M.T @ M @ IMAGE.ravel()).tolist() != IMAGE.ravel().tolist()


def test_07_transposed_convolution():
    """Lesson 07: the same numbers as an output, and P4's with stride 2."""
    z = r.conv_transpose2d(*_layer(DY2, KERNEL))
    assert z[0, 0].tolist() == [[1, 12, 20], [103, 1234, 2040], [300, 3400, 4000]]
    row = r.conv_transpose2d(*_layer(DY[None], W[None]), stride=2)
    assert row.ravel().tolist() == [1, 2, 13, 20, 130, 200, 300]


def test_07_kernels_side_by_side_and_apart():
    """Lesson 07: with stride 2 no pixel of the figure has two kernels, with 3 some have none."""
    ones = _layer(np.ones((2, 2)), np.ones((2, 2)))
    assert r.conv_transpose2d(*ones, stride=2)[0, 0].tolist() == [[1] * 4] * 4
    row = [1, 1, 0, 1, 1]
    assert r.conv_transpose2d(*ones, stride=3)[0, 0].tolist() == [row, row, [0] * 5, row, row]


def test_07_a_lattice_of_holes():
    """Lesson 07: with stride 2 and dilation 2 nine kernels or none lie on a pixel inside."""
    dilated = np.zeros((5, 5))
    dilated[::2, ::2] = 1
    inner = r.conv_transpose2d(*_layer(np.ones((8, 8)), dilated), stride=2)[0, 0][4:14, 4:14]
    assert np.unique(inner).tolist() == [0, 9]
    assert (inner == 0).mean() == 3 / 4


def test_07_dense_and_tied_training():
    """Lesson 07: both learners fit five images, and one of them is wrong on all others."""
    rng = np.random.default_rng(4)
    images, unseen = rng.normal(size=(5, 3, 3)), rng.normal(size=(40, 3, 3))
    right = r.conv_matrix(KERNEL.astype(float), (3, 3))
    dense, kernel = np.zeros((4, 9)), np.zeros((2, 2))
    for _ in range(200):
        dense_gradient, kernel_gradient = np.zeros((4, 9)), np.zeros((2, 2))
        for x in images.reshape(5, 9):
            dense_gradient += np.outer((dense - right) @ x, x)
            tied = np.outer((r.conv_matrix(kernel, (3, 3)) - right) @ x, x)
            kernel_gradient += r.tie_gradient(tied, 2, (3, 3))
        dense -= 0.02 * dense_gradient
        kernel -= 0.02 * kernel_gradient
    copies = sorted(dense[place] for place in ((0, 0), (1, 1), (2, 3), (3, 4)))
    assert np.diff(copies).min() > 0.3
    assert abs(kernel[0, 0] - 1) < 1e-6
    seen, flat = images.reshape(5, 9), unseen.reshape(40, 9)
    assert np.mean(((dense - right) @ seen.T) ** 2) < 0.01
    assert np.mean(((dense - right) @ flat.T) ** 2) > 10
    for x in (seen, flat):
        assert np.mean(((r.conv_matrix(kernel, (3, 3)) - right) @ x.T) ** 2) < 1e-6


def test_07_the_checkerboard():
    """Lesson 07: pixels under 1, 2 and 4 kernels, or all under 4; it is lesson 09's coverage."""

    def inside(size, stride):
        ones = np.ones((1, 1, 9, 9), int), np.ones((1, 1, size, size), int)
        grown = r.conv_transpose2d(*ones, stride)[0, 0]
        np.testing.assert_array_equal(grown, r.coverage(grown.shape, size, stride))
        return np.unique(grown[size:-size, size:-size]).tolist()

    assert (inside(3, 2), inside(4, 2)) == ([1, 2, 4], [4])
    for stride in (2, 3):
        assert [k for k in range(2, 10) if len(inside(k, stride)) == 1] == [
            k for k in range(2, 10) if k % stride == 0
        ]


def test_08_the_worked_image():
    """Lesson 08: 25 patches of the padded 4 by 4 image, five on the top edge, three filters."""
    x = np.arange(16).reshape(1, 1, 4, 4)
    columns = r.im2col(x, 2, padding=1)
    assert columns.shape == (4, 25)
    assert (4 - 2 + 2 * 1) // 1 + 1 == 5
    assert 4 - 2 / 1 + 1 == 3  # as it is printed, without the brackets
    top = [columns[:, i].reshape(2, 2).tolist() for i in range(5)]
    assert top == [
        [[0, 0], [0, 0]],
        [[0, 0], [0, 1]],
        [[0, 0], [1, 2]],
        [[0, 0], [2, 3]],
        [[0, 0], [3, 0]],
    ]
    w = np.arange(12).reshape(3, 1, 2, 2)
    assert (w.reshape(3, 4) @ columns).shape == (3, 25)
    assert r.conv2d_im2col(x, w, np.zeros(3), padding=1).shape == (1, 3, 5, 5)


def test_08_the_batched_example():
    """Lesson 08: 5x3x10x10 with ten 3x3x3 filters, padding 1; its dw is 10x500 times 500x27."""
    x, w = np.ones((5, 3, 10, 10)), np.ones((10, 3, 3, 3))
    columns = r.im2col(x, 3, padding=1)
    assert columns.shape == (27, 500)
    assert w.reshape(10, -1).shape == (10, 27)
    assert (w.reshape(10, -1) @ columns).shape == (10, 500)


def test_08_the_three_kernels_on_the_middle_patch():
    """Lesson 08: column 12 is 5, 6, 9, 10 and gives 5, 30, 2; pixel 5 has 4 copies, or 1."""
    x = np.arange(16).reshape(1, 1, 4, 4)
    kernels = np.array([[1, 0, 0, 0], [1, 1, 1, 1], [-1, 1, -1, 1]])
    columns = r.im2col(x, 2, padding=1)
    assert columns[:, 12].tolist() == [5, 6, 9, 10]
    assert (kernels @ columns)[:, 12].tolist() == [5, 30, 2]
    assert np.count_nonzero(columns == 5) == 4
    assert np.count_nonzero(r.im2col(x, 2, 2, 1) == 5) == 1
    assert np.sum(KERNEL**2) == 30  # what columns of stretched filters would give everywhere


def test_08_the_indices_of_a_small_image():
    """Lesson 08: a 3 by 3 image and a 2 by 2 kernel; two images of two pixels."""
    channels, rows, columns = r.im2col_indices((1, 1, 3, 3), 2)
    assert channels.tolist() == [[0]] * 4
    assert rows.tolist() == [[0, 0, 1, 1], [0, 0, 1, 1], [1, 1, 2, 2], [1, 1, 2, 2]]
    assert columns.tolist() == [[0, 1, 0, 1], [1, 2, 1, 2], [0, 1, 0, 1], [1, 2, 1, 2]]
    assert r.im2col(np.array([[[[1, 2]]], [[[3, 4]]]]), (1, 1)).tolist() == [[1, 3, 2, 4]]


def test_08_a_batch_whose_shape_tells_nothing():
    """Lesson 08: five digits, ten kernels, padding 2: two wrong ways give the right shape."""
    x, w = np.ones((5, 1, 8, 8)), np.ones((10, 1, 3, 3))
    product = w.reshape(10, -1) @ r.im2col(x, 3, padding=2)
    assert product.shape == (10, 500)
    exchanged = product.reshape(10, 10, 10, 5).transpose(3, 1, 0, 2)
    assert exchanged.shape == r.conv2d_im2col(x, w, np.zeros(10), padding=2).shape
    assert exchanged.size == 5000


def test_08_what_columns_cost():
    """Lesson 08: numbers in the columns for each number in the image; multiplications."""
    assert 5 * 10 * (10 * 10) * (3 * 3 * 3) == 135_000

    def factor(size, k, s, p):
        columns = fast.im2col(np.zeros((1, 1, size, size), np.float32), k, s, p)
        return columns.size / size**2

    def megabytes(channels, size, k, s, p):
        return (
            4 * channels * fast.im2col(np.zeros((1, 1, size, size), np.float32), k, s, p).size / 1e6
        )

    assert round(megabytes(3, 227, 11, 4, 0), 1) == 4.4
    assert round(4 * 3 * 227**2 / 1e6, 1) == 0.6
    assert round(128 * megabytes(3, 227, 11, 4, 0)) == 562
    assert (3 * 11**2, r.output_shape((227, 227), 11, 4)[0] ** 2) == (363, 3025)
    assert 64 * 5 * 5 == 1600
    assert round(1600 * 4 * r.output_shape((1024, 1024), 5)[0] ** 2 / 1e9, 1) == 6.7
    copies = r.im2col(np.arange(1, 26).reshape(1, 1, 5, 5), 3, padding=1)
    assert [int((copies == pixel).sum()) for pixel in (1, 2, 7)] == [4, 6, 9]
    assert factor(10, 3, 1, 1) == factor(224, 3, 1, 1) == 9
    assert round(factor(227, 11, 4, 0), 3) == 7.103
    assert factor(224, 7, 2, 3) == 12.25
    assert factor(56, 1, 1, 0) == factor(224, 16, 16, 0) == 1


def test_09_what_the_centre_collects():
    """Lesson 09: four windows send 2, 3, 5 and 7 in place values."""
    cols = np.outer([1, 10, 100, 1000], [2, 3, 5, 7])
    assert r.col2im(cols, (1, 1, 3, 3), 2)[0, 0, 1, 1] == 2357


def test_09_the_transposed_layer_is_the_backward_pass():
    """Lesson 09: col2im of W_row transposed times Y is lesson 07's layer."""
    rng = np.random.default_rng(3)
    y, w = rng.normal(size=(2, 4, 3, 5)), rng.normal(size=(4, 3, 3, 2))
    grown = r.conv_transpose2d(y, w, (2, 1))
    rows = y.transpose(1, 2, 3, 0).reshape(4, -1)
    scattered = r.col2im(w.reshape(4, -1).T @ rows, grown.shape, (3, 2), (2, 1))
    np.testing.assert_allclose(scattered, grown, rtol=0, atol=1e-12)


def test_09_coverage():
    """Lesson 09: how often a 3 by 3 kernel covers each pixel of a 4 by 4 image."""
    assert r.coverage((3, 3), 2).tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    coverage = r.col2im(np.ones((9, 4), int), (1, 1, 4, 4), 3)[0, 0]
    assert coverage.tolist() == [[1, 2, 2, 1], [2, 4, 4, 2], [2, 4, 4, 2], [1, 2, 2, 1]]
    assert coverage.sum() == 36
    x = np.arange(16).reshape(1, 1, 4, 4)
    np.testing.assert_array_equal(r.col2im(r.im2col(x, 3), x.shape, 3)[0, 0], coverage * x[0, 0])


def test_09_the_worked_example_in_columns():
    """Lesson 09: P2's columns and dx; three inner products of 84207; the gaps of the friends."""
    x, w, dy = IMAGE[None, None], KERNEL[None, None], DY2[None, None]
    columns = r.im2col(x, 2)
    assert columns.tolist() == [[1, 2, 4, 5], [2, 3, 5, 6], [4, 5, 7, 8], [5, 6, 8, 9]]
    cols = np.outer(KERNEL, DY2)
    dx, dw, db = r.conv2d_backward_im2col(dy, x, w)
    np.testing.assert_array_equal(dx, r.col2im(cols, x.shape, 2))
    assert dx[0, 0].tolist() == [[1, 12, 20], [103, 1234, 2040], [300, 3400, 4000]]
    assert (dw.ravel().tolist(), db.tolist()) == ([5421, 6532, 8754, 9865], [1111])
    assert np.sum(x * dx, axis=3).ravel().tolist() == [85, 18_822, 65_300]
    assert np.sum(columns * cols) == np.sum(x * dx) == np.sum(w * dw) == 84_207
    assert r.col2im(np.ones((4, 4), int), x.shape, 2)[0, 0, 1, 1] == 4
    assert 1234 / 4 == 308.5


def test_09_shapes_of_the_batch():
    """Lesson 09: dy as 10 by 500, dw 10 by 27, and the columns' gradient 27 by 500."""
    dy, w = np.ones((5, 10, 10, 10)), np.ones((10, 3, 3, 3))
    rows = dy.transpose(1, 2, 3, 0).reshape(10, -1)
    assert rows.shape == (10, 500)
    assert (rows @ r.im2col(np.ones((5, 3, 10, 10)), 3, 1, 1).T).shape == (10, 27)
    assert (w.reshape(10, -1).T @ rows).shape == (27, 500)


def test_09_columns_of_the_unpadded_image():
    """Lesson 09: dw needs the padding; with stride 4 the shapes agree with it and without."""
    assert r.im2col(np.ones((1, 1, 4, 4)), 2).shape == (4, 9)
    assert r.output_shape((7, 7), 3, 4, 1) == r.output_shape((7, 7), 3, 4, 0) == (2, 2)


def test_09_the_adjoint_identity():
    """Lesson 09: <im2col(x), c> = <x, col2im(c)> to 1e-10."""
    rng = np.random.default_rng(0)
    x, c = rng.normal(size=(2, 3, 6, 8)), rng.normal(size=(18, 30))
    settings = ((3, 2), 2, 1)
    gap = r.adjoint_gap(
        lambda x: r.im2col(x, *settings), lambda c: r.col2im(c, x.shape, *settings), x, c
    )
    assert gap < 1e-10


def test_10_he_scale_and_first_loss():
    """Lesson 10: 0.272 for fan-in 27; ln 10 = 2.303 before any training."""
    assert round(r.he_std((10, 3, 3, 3)), 3) == 0.272
    loss, _ = r.softmax_cross_entropy(np.zeros((7, 10)), np.arange(7))
    assert round(loss, 3) == round(math.log(10), 3) == 2.303


def test_10_overlapping_pools_add_up():
    """Lesson 10: a pixel that is the maximum of four windows gets the sum of their gradients."""
    pool = r.MaxPool2D(2, 1)
    x = np.zeros((1, 1, 3, 3))
    x[0, 0, 1, 1] = 5.0
    pool.forward(x)
    assert pool.backward(DY2[None, None].astype(float))[0, 0, 1, 1] == 1111


def test_10_the_smallest_layer_remembers_its_last_input():
    """Lesson 10: a scale by 2 as a 1 by 1 layer: dx, then 321 for its first batch."""
    layer = r.Conv2D(1, 1, 1)
    layer.weight = np.array([[[[2.0]]]])
    layer.forward(np.arange(1, 4).reshape(1, 1, 1, 3))
    assert layer.backward(DY.reshape(1, 1, 1, 3)).ravel().tolist() == [2, 20, 200]
    assert layer.grad_weight.item() == 321


def test_10_p2_through_the_layer():
    """Lesson 10: the worked value of the exercise."""
    layer = r.Conv2D(1, 1, 2)
    layer.weight = KERNEL[None, None]
    assert layer.forward(IMAGE[None, None]).ravel().tolist() == [37, 47, 67, 77]
    assert layer.backward(DY2[None, None])[0, 0, 1, 1] == 1234
    assert layer.grad_weight.ravel().tolist() == [5421, 6532, 8754, 9865]
    assert layer.grad_bias.tolist() == [1111]


def test_10_columns_are_nine_times_as_large():
    """Lesson 10: 13 500 numbers of columns for 1500 of images."""
    x = np.ones((5, 3, 10, 10))
    assert (r.im2col(x, 3, padding=1).size, x.size) == (13500, 1500)


def test_10_a_scale_from_the_filters():
    """Lesson 10: 3 times He's for as many filters as channels, 59 049 in ten; 0.447 for 0.272."""
    assert round(r.he_std((3, 10, 3, 3)), 3) == 0.149
    factor = math.sqrt(2 / 64) / r.he_std((64, 64, 3, 3))
    assert factor == pytest.approx(3)
    assert round(factor**10) == 59049
    assert round(math.sqrt(2 / 10), 3) == 0.447
    assert round(math.sqrt(2 / 10) / r.he_std((10, 3, 3, 3)), 1) == 1.6


def test_10_spreads_after_ten_layers():
    """Lesson 10's figure: He near 1, the filters' scale 60 000, 1/fan-in 0.03, 0.01 only 2e-8."""

    def spreads(scale):
        rng = np.random.default_rng(10)
        z = rng.normal(size=(2, 64, 22, 22))
        yield np.sqrt(np.mean(z**2))
        for _ in range(10):
            w = scale * rng.normal(size=(64, 64, 3, 3))
            z = fast.conv2d(np.maximum(z, 0), w, np.zeros(64))
            yield np.sqrt(np.mean(z**2))

    he = r.he_std((64, 64, 3, 3))
    level = list(spreads(he))
    assert 0.7 < min(level) < max(level) < 1.4
    last = {scale: list(spreads(scale))[-1] for scale in (math.sqrt(2 / 64), he / 2**0.5, 0.01)}
    assert [float(f"{value:.0e}") for value in last.values()] == [6e4, 0.03, 2e-8]
    assert last[he / 2**0.5] / level[-1] == pytest.approx(1 / 32)


def test_10_first_losses():
    """Lesson 10: twelve first losses with each of the four scales, to two digits."""

    def loss(scale, seed):
        rng = np.random.default_rng(seed)
        z, labels = rng.normal(size=(20, 3, 14, 14)), rng.integers(0, 10, 20)
        for filters, size in (*((32, 3),) * 4, (10, 6)):
            shape = (filters, z.shape[1], size, size)
            x = z if z.shape[1] == 3 else np.maximum(z, 0)
            w = scale(shape) * rng.normal(size=shape)
            z = fast.conv2d(x, w, np.zeros(filters))
        return r.softmax_cross_entropy(z[:, :, 0, 0], labels)[0]

    for scale, lowest, highest in (
        (lambda shape: math.sqrt(2 / shape[0]), 428.41, 795.90),
        (r.he_std, 2.77, 3.75),
        (lambda shape: r.he_std(shape) / math.sqrt(2), 2.28, 2.42),
        (lambda shape: 0.01, 2.30, 2.30),
    ):
        losses = [loss(scale, seed) for seed in range(12)]
        assert (round(min(losses), 2), round(max(losses), 2)) == (lowest, highest)


def test_10_a_stack_by_hand():
    """Lesson 10: the worked values of the stack of two lines."""
    lines = Line(2, -1), Line(-3, 4)
    stack = r.Stack(*lines)
    assert stack.forward(np.array([1, 3])).tolist() == [1, -11]
    assert stack.backward(np.array([1, 10])).tolist() == [-6, -60]
    first, second = ((line.grad_weight.item(), line.grad_bias.item()) for line in lines)
    assert (first, second) == ((-93, -33), (51, 11))
    stack.step(0.1)
    assert [line.weight.item() for line in lines] == pytest.approx([11.3, -8.1])


def test_10_worked_pools():
    """Lesson 10: four windows side by side, and the row in which the 5 wins twice."""
    peaks = np.array([[3, -1, 4, 1], [-5, 9, 2, 6], [5, -3, -8, -9], [7, 0, -3, -2]])
    assert r.MaxPool2D(2).forward(peaks[None, None])[0, 0].tolist() == [[9, 6], [7, -2]]
    pool, row = r.MaxPool2D((1, 3), 1), np.array([[[[1, 5, 2, 4, 3]]]])
    assert pool.forward(row).ravel().tolist() == [5, 5, 4]
    assert pool.backward(DY.reshape(1, 1, 1, 3)).ravel().tolist() == [0, 11, 0, 100, 0]


def test_10_a_tie_has_no_derivative():
    """Lesson 10: the central difference gives a half to both, the rule gives all to the first."""
    pool, tie = r.MaxPool2D((1, 2)), np.array([[[[2.0, 2.0]]]])
    one = np.ones((1, 1, 1, 1))
    assert r.numerical_gradient(pool.forward, tie, one).ravel() == pytest.approx([0.5, 0.5])
    pool.forward(tie)
    assert pool.backward(one).ravel().tolist() == [1, 0]


def test_11_positions_of_the_first_kernel():
    """Lesson 11: flat positions in a 30x30x3 image, and 27 by 784 columns."""
    flat = np.arange(2700).reshape(1, 30, 30, 3)
    columns = r.im2col_nhwc(flat, 3)
    assert columns.shape == (1, 27, 784)
    assert columns[0, ::3, 0].reshape(3, 3).tolist() == [[0, 3, 6], [90, 93, 96], [180, 183, 186]]


def test_11_swapping_axes_without_turning_is_far_off():
    """Lesson 11: dx with the kernel unturned, relative error about 1; 0 for a symmetric kernel."""
    rng = np.random.default_rng(0)
    x, w, dy = (
        rng.normal(size=(2, 6, 8, 3)),
        rng.normal(size=(4, 27)),
        rng.normal(size=(2, 4, 6, 4)),
    )

    def dx(kernels):
        return r.conv2d_backward_nhwc(dy, x, kernels, 3)[0]

    turned = w.reshape(4, 3, 3, 3)[:, ::-1, ::-1].reshape(4, 27)
    distance = np.linalg.norm(dx(turned) - dx(w)) / np.linalg.norm(dx(w))
    assert 0.8 < distance < 1.6
    symmetric = w + turned
    assert r.relative_error(dx(symmetric), dx(turned + w)) == 0.0


def _runs(places):
    """Count the runs of neighbouring places, and their lengths."""
    pieces = np.split(np.sort(places), np.flatnonzero(np.diff(np.sort(places)) > 1) + 1)
    return [len(piece) for piece in pieces]


def test_11_a_patch_in_runs():
    """Lesson 11: 2 runs of 6 and 4 of 3 in the figure; 3 of 9 and 9 of 3 in the large image."""
    for shape, kernel, last, first in (
        ((4, 5, 2), (2, 3), [6, 6], [3] * 4),
        ((30, 30, 3), (3, 3), [9] * 3, [3] * 9),
    ):
        places = np.arange(math.prod(shape))
        nhwc = places.reshape(1, *shape)
        nchw = places.reshape(1, shape[2], *shape[:2]).transpose(0, 2, 3, 1)
        assert _runs(r.im2col_nhwc(nhwc, kernel)[0, :, 0]) == last
        assert _runs(r.im2col_nhwc(nchw, kernel)[0, :, 0]) == first


def test_11_places_of_the_first_windows():
    """Lesson 11: windows 0 and 1, where 27 and 28 begin."""
    columns = r.im2col_nhwc(np.arange(2700).reshape(1, 30, 30, 3), 3)[0]
    rows = [*range(9), *range(90, 99), *range(180, 189)]
    assert columns[:, 0].tolist() == rows
    assert columns[:, 1].tolist() == [place + 3 for place in rows]
    assert columns[0, [1, 27, 28]].tolist() == [3, 81, 90]
    small = r.im2col_nhwc(np.arange(24).reshape(1, 2, 4, 3), 2)
    assert small.shape == (1, 12, 3)
    assert small[0, :, 0].tolist() == [*range(6), *range(12, 18)]
    assert small[0, :, 1].tolist() == [*range(3, 9), *range(15, 21)]


def test_11_p2_with_channels_last():
    """Lesson 11: the worked values of exercises 2 and 3."""
    x, w, dy = IMAGE.reshape(1, 3, 3, 1), KERNEL.reshape(1, 4), DY2.reshape(1, 2, 2, 1)
    assert r.conv2d_nhwc(x, w, np.zeros(1), 2).ravel().tolist() == [37, 47, 67, 77]
    dx, dw, db = r.conv2d_backward_nhwc(dy, x, w, 2)
    assert dx[0, 1, 1, 0] == 1234
    assert (dw.tolist(), db.tolist()) == ([[5421, 6532, 8754, 9865]], [1111])


def test_11_gathering_without_the_turn():
    """Lesson 11: the friend's dx reads 4321 and misses by 1.00; a symmetric kernel hides it."""

    def gathered(dy, w):
        around = np.pad(dy, [(k - 1, k - 1) for k in w.shape])
        return r.correlate2d(around, w)

    assert gathered(DY2, KERNEL).tolist() == [[4, 43, 30], [402, 4321, 3010], [200, 2100, 1000]]
    rng = np.random.default_rng(11)
    x, dy, w = rng.normal(size=(5, 6)), rng.normal(size=(3, 5)), rng.normal(size=(3, 2))
    for kernel, error in ((w, 1.0), (w + w[::-1, ::-1], 0.0)):
        right = r.conv2d_backward(dy[None, None], x[None, None], kernel[None, None])[0][0, 0]
        assert round(r.relative_error(gathered(dy, kernel), right), 2) == error


def test_11_sizes_of_the_gathered_gradient():
    """Lesson 11: the table of 8 by 7 pixels, with a remainder on both axes."""
    assert r.output_shape((8, 7), (3, 2), 2, 1) == (4, 4)
    assert ((8 + 2 - 3) % 2, (7 + 2 - 2) % 2) == (1, 1)
    spread = 8 + 2 + 3 - 1, 7 + 2 + 2 - 1
    assert spread == (12, 10)
    assert r.output_shape(spread, (3, 2)) == (8 + 2, 7 + 2)
    assert [2 + 2 * i for i in range(4)] == [2, 4, 6, 8]
    assert [1 + 2 * j for j in range(4)] == [1, 3, 5, 7]


@pytest.mark.parametrize(
    ("N", "C", "H", "F", "product", "gathered"),
    [(2, 3, 64, 16, 3_538_944, 3_763_584), (2, 64, 8, 64, 4_718_592, 7_372_800)],
)
def test_11_what_is_measured(N, C, H, F, product, gathered):
    """Lesson 11: multiplications of a product of both layers, and of the gathered dx."""
    OH, OW = r.output_shape((H, H), 3, padding=1)
    assert product == N * OH * OW * F * 9 * C
    assert gathered == N * (H + 2) ** 2 * C * 9 * F
    if C == 64:
        assert N * OH * OW * F == 8192


NETWORK_B = [(5, 1, 1), (2, 2, 1), (3, 1, 2), (3, 2, 1), (3, 1, 1)]
LENET = [(5, 1, 1), (2, 2, 1), (5, 1, 1), (2, 2, 1), (5, 1, 1)]
VGG_BLOCKS = (2, 2, 3, 3, 3)


def _stack(layers, padding=0):
    return [(k, s, padding, d) for k, s, d in layers]


def _vgg():
    layers = []
    for convolutions in VGG_BLOCKS:
        layers += [(3, 1, 1, 1)] * convolutions + [(2, 2, 0, 1)]
    return layers


def test_12_network_b_and_lenet():
    """Lesson 12: sizes and jumps after each layer."""
    fields = [r.receptive_field(_stack(NETWORK_B[:depth])) for depth in range(1, 6)]
    assert fields == [(5, 1), (6, 2), (14, 2), (18, 4), (26, 4)]
    sizes = [r.receptive_field(_stack(LENET[:depth]))[0] for depth in range(1, 6)]
    assert sizes == [5, 6, 14, 16, 32]
    assert r.receptive_field([]) == (1, 1)


def test_12_wrong_formulas_differ_on_network_b():
    """Catalogue 63 to 69: none of the wrong formulas gives network B's 26."""
    kernels = [k for k, _, _ in NETWORK_B]
    assert sum(kernels) == 16
    assert math.prod(kernels) == 270
    assert 1 + sum(d * (k - 1) for k, _, d in NETWORK_B) == 14

    def walk(add, multiply=lambda jump, s: jump * s, early=False):
        size = jump = 1
        for k, s, d in NETWORK_B:
            jump = multiply(jump, s) if early else jump
            size += add(k, d) * jump
            jump = jump if early else multiply(jump, s)
        return size

    def right(k, d):
        return d * (k - 1)

    assert walk(right) == 26
    assert walk(right, early=True) == 31
    assert walk(right, lambda jump, s: s) == 20
    assert walk(right, lambda jump, s: jump + s - 1) == 24
    assert walk(lambda k, d: k - 1) == 22
    assert walk(lambda k, d: d * k - 1) == 28
    assert 26 + 2 * len(NETWORK_B) == 36  # padding 1 in each of the five, added to the size


def test_12_vgg_16():
    """Lesson 12: 212 pixels, 32 apart, and output 0 sees pixels -90 to 121."""
    assert r.receptive_field(_vgg()) == (212, 32)
    assert r.receptive_region(_vgg(), 0) == (-90, 121)


@pytest.mark.parametrize(
    ("name", "size"),
    [("GoogLeNet", 715), ("ResNet-18", 435), ("ResNet-34", 899), ("ResNet-50", 483)]
    + [("MobileNet", 315), ("VGG-16", 212)],
)
def test_12_later_networks(name, size):
    """Lesson 12: the fields of the networks in the figure, all with a jump of 32."""
    assert r.receptive_field(list(NETWORKS[name][0])) == (size, 32)


def test_12_where_resnet_50_sees_less():
    """Lesson 12: 16 convolutions of 3x3 in its blocks, 32 in ResNet-34's; 56 pixels with stride."""
    for name, count in {"ResNet-34": 32, "ResNet-50": 16}.items():
        layers = list(NETWORKS[name][0])
        assert sum(k == 3 for k, *_ in layers[2:]) == count
    moved = list(layers)
    for at, (k, s, *_) in enumerate(layers):
        if (k, s) == (1, 2):
            moved[at : at + 2] = [(1, 1, 0, 1), (3, 2, 1, 1)]
    assert r.receptive_field(moved)[0] == 483 - (8 + 16 + 32) == 427


def test_12_half_of_the_paths_of_vgg_16():
    """Lesson 12: a square of 61 pixels has half of all paths, a twelfth of the field's 212."""
    layers, n, _ = NETWORKS["VGG-16"]
    sizes = [n]
    for layer in layers:
        sizes.append(r.output_length(sizes[-1], *layer))
    paths = np.eye(sizes[-1])[3]
    for (k, s, p, d), size in zip(reversed(layers), reversed(sizes[:-1]), strict=True):
        paths, _, _ = conv1d_backward(paths, np.zeros(size), np.ones(k), s, p, d)
    top = int(paths.argmax())
    shares = [(paths[top - far : top + far + 1].sum() / paths.sum()) ** 2 for far in (29, 30)]
    assert shares[0] < 0.5 <= shares[1]
    assert round(212**2 / 61**2) == 12


def test_12_dilation_leaves_holes():
    """Lesson 12: three 3-tap layers of dilation 2 span 13 and use 7; 1x1 s3, then k2: 4 and 2."""
    dilated = [(3, 1, 0, 2)] * 3
    assert r.receptive_field(dilated)[0] == 13
    assert r.empirical_receptive_field(dilated, 13, 0).sum() == 7
    skipping = [(1, 3, 0, 1), (2, 1, 0, 1)]
    assert r.receptive_field(skipping)[0] == 4
    assert r.empirical_receptive_field(skipping, 4, 0).sum() == 2


def test_12_the_effective_field_is_much_smaller():
    """Catalogue 72: 40 layers span 81 pixels, sigma 5.16; two of it each way are 26 percent."""
    assert r.receptive_field([(3, 1, 0, 1)] * 40)[0] == 81
    width = r.effective_width([(3, 1, 1, 1)] * 40)
    assert round(width, 2) == 5.16
    assert math.floor(100 * 4 * width / 81 + 0.5) in (25, 26)


def test_12_fields_by_hand():
    """Lesson 12: 5 pixels; 404 after VGG-16; regions; the rule begun at either end."""
    assert r.receptive_field([(3, 1, 0, 1)] * 2) == (5, 1)
    assert r.receptive_field([*_vgg(), (7, 1, 0, 1)])[0] == 404
    assert [r.receptive_region(_vgg(), i) for i in (3, 6)] == [(6, 217), (102, 313)]
    small = [(3, 1, 1, 1), (3, 2, 1, 1)]
    assert [r.receptive_region(small, i) for i in (0, 3)] == [(-2, 2), (4, 8)]
    assert r.receptive_region([(3, 2, 1, 1)] * 2, 0)[0] == -3

    def cells(layers):
        sizes = [1]
        for k, s, d in layers:
            sizes.append((sizes[-1] - 1) * s + d * (k - 1) + 1)
        return sizes

    assert cells(NETWORK_B)[-1] == 31
    assert cells(NETWORK_B[::-1]) == [1, 3, 7, 11, 22, 26]


def test_12_masks_by_hand():
    """Lesson 12: padding cut off; dilations 1, 2, 4 use all of 15, and 1, 2, 3 all of 13."""
    assert r.empirical_receptive_field([(3, 1, 1, 2)], 5, 0).tolist() == [0, 1, 0, 1, 0]
    for dilations, size in (((1, 2, 4), 15), ((1, 2, 3), 13)):
        layers = [(3, 1, 0, d) for d in dilations]
        assert r.receptive_field(layers)[0] == size
        assert r.empirical_receptive_field(layers, 15, 0).sum() == size


def _influence(depth):
    """Multiply the distributions of `depth` uniform steps -1, 0, 1, as polynomials."""
    total = np.ones(1)
    for _ in range(depth):
        total = np.polymul(total, np.full(3, 1 / 3))
    return total


def test_12_the_influence_is_a_bell():
    """Lesson 12: (1, 2, 3, 2, 1) / 9; the middle 21 of 81 pixels hold 95.9 percent; the widths."""
    np.testing.assert_allclose(9 * _influence(2), [1, 2, 3, 2, 1])
    forty = _influence(40)
    assert round(100 * forty[30:51].sum(), 1) == 95.9
    assert (f"{forty[0]:.0e}", round(forty[40], 3)) == ("8e-20", 0.077)
    width = r.effective_width([(3, 1, 1, 1)] * 40)
    assert round(4 * width, 1) == 20.7
    assert math.isclose(r.effective_width([(3, 1, 1, 1)] * 6), 2.0)
    offsets = np.arange(-40, 41)
    assert math.isclose(math.sqrt(forty @ offsets**2), width)


def test_p3_two_constant_images():
    """P3: filters that sum to 4 and 8 over images of 1 and 10; a wrong reshape mixes the images."""
    x = np.stack([np.ones((1, 3, 3)), np.full((1, 3, 3), 10.0)])
    w = np.stack([np.full((1, 2, 2), 1.0), np.full((1, 2, 2), 2.0)])
    y = r.conv2d_im2col(x, w, np.zeros(2))
    assert y[:, :, 0, 0].tolist() == [[4, 8], [40, 80]]
    mixed = (w.reshape(2, 4) @ r.im2col(x, 2)).reshape(2, 2, 2, 2)
    assert mixed[0, 0].ravel().tolist() == [4, 40, 4, 40]


def test_g_with_everything_unequal():
    """G: y (3, 6, 6, 3), and no window reaches column 7 of x."""
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(3, 4, 6, 8)), rng.normal(size=(6, 2, 2, 3))
    settings = ((1, 2), (1, 0), (2, 1), 2)
    y = r.conv2d(x, w, rng.normal(size=6), *settings)
    assert y.shape == (3, 6, 6, 3)
    dx, _, _ = r.conv2d_backward(rng.normal(size=y.shape), x, w, *settings)
    assert not dx[..., 7].any()
    assert dx[..., :7].all()


def _digits():
    images, labels = digits()
    return images[:, np.newaxis] / 16, labels


def _as_in_the_lesson(seed, epochs=15, step=lambda key, value, gradient: value - 0.2 * gradient):
    """Train as the lesson does: the last epoch's loss, then validation and test accuracy."""
    x, labels = _digits()
    order = np.random.default_rng(0).permutation(len(x))
    seen, validation, test = np.split(order, [1137, 1437])
    params, rng = r.initial_params(np.random.default_rng(seed)), np.random.default_rng(seed)
    for _ in range(epochs):
        shuffled, total = seen[rng.permutation(len(seen))], 0.0
        for start in range(0, len(seen), 32):
            batch = shuffled[start : start + 32]
            loss, grads = r.loss_and_gradients(params, x[batch], labels[batch])
            params = {key: step(key, params[key], grads[key]) for key in params}
            total += loss * len(batch)
    shares = [
        np.mean(r.forward(params, x[some]).argmax(axis=1) == labels[some])
        for some in (validation, test)
    ]
    return total / len(seen), *shares


# Rounding differs between machines, and training makes it larger: one digit more or less wrong.
ONE_DIGIT = 1.5 / 300


def _between(lowest, highest, accuracies):
    return lowest - ONE_DIGIT <= min(accuracies) and max(accuracies) <= highest + ONE_DIGIT


@pytest.mark.slow
def test_13_plain_descent_learns_the_digits():
    """Lesson 13: over six seeds 0.970 to 0.980, and 0.981 to 0.994 of the test digits."""
    losses, validation, test = zip(*(_as_in_the_lesson(seed) for seed in range(6)), strict=True)
    assert max(losses) < 0.1
    assert _between(0.970, 0.980, validation)
    assert _between(0.981, 0.994, test)


@pytest.mark.slow
def test_13_random_filters_do_well():
    """Lesson 13: 0.957 to 0.973 if the first convolution stays as it was drawn."""

    def step(key, value, gradient):
        return value if key in ("w1", "b1") else value - 0.2 * gradient

    accuracies = [_as_in_the_lesson(seed, step=step)[1] for seed in range(6)]
    assert _between(0.957, 0.973, accuracies)


@pytest.mark.slow
def test_13_momentum_needs_smaller_steps():
    """Lesson 13: with momentum and steps of 0.2 the right gradients end at about 0.2."""
    x, labels = _digits()
    seen = np.random.default_rng(0).permutation(len(x))[:1137]
    params, rng = r.initial_params(np.random.default_rng(0)), np.random.default_rng(0)
    params, _ = r.train(params, x[seen], labels[seen], 15, 0.2, rng)
    assert np.mean(r.forward(params, x[seen]).argmax(axis=1) == labels[seen]) < 0.3


def test_13_the_nearest_neighbour_and_a_linear_layer_are_good():
    """Lesson 13: 0.990 and 0.981 for the nearest neighbour, 0.957 and 0.978 for a linear layer."""
    x, labels = _digits()
    x = x.reshape(len(x), -1)
    seen, *new = np.split(np.random.default_rng(0).permutation(len(x)), [1137, 1437])
    w, b = np.zeros((10, 64)), np.zeros(10)
    for _ in range(500):
        p = np.exp(x[seen] @ w.T + b)
        d = (p / p.sum(axis=1, keepdims=True) - np.eye(10)[labels[seen]]) / len(seen)
        w, b = w - d.T @ x[seen], b - d.sum(axis=0)
    for some, nearest, linear in zip(new, (0.990, 0.981), (0.957, 0.978), strict=True):
        distances = ((x[some][:, None] - x[seen]) ** 2).sum(axis=2)
        found = labels[seen][distances.argmin(axis=1)]
        assert round(np.mean(found == labels[some]), 3) == nearest
        share = np.mean((x[some] @ w.T + b).argmax(axis=1) == labels[some])
        assert _between(linear, linear, [share])


def test_13_the_first_loss():
    """Lesson 13: 2.5 to 3.4 over six seeds; 2.31 with a tenth of the scale in w3."""
    x, labels = _digits()
    losses = []
    for seed in range(6):
        params = r.initial_params(np.random.default_rng(seed))
        losses.append(r.loss_and_gradients(params, x, labels)[0])
        small = params | {"w3": params["w3"] / 10}
        assert round(r.loss_and_gradients(small, x, labels)[0], 2) in (2.31, 2.32)
    assert (round(min(losses), 1), round(max(losses), 1)) == (2.5, 3.4)


@pytest.mark.slow
def test_13_accuracy_cannot_see_a_rotated_kernel(monkeypatch):
    """Lesson 13: 0.957 to 0.970 with a wrong dx, and 0.975 to 0.992 of the test digits."""

    def rotated(dy, x, w, stride, padding):
        return fast.conv2d_backward(dy, x, w[:, :, ::-1, ::-1], stride, padding)

    monkeypatch.setattr(network, "conv2d_backward", rotated)
    losses, validation, test = zip(*(_as_in_the_lesson(seed) for seed in range(6)), strict=True)
    assert _between(0.957, 0.970, validation)
    assert _between(0.975, 0.992, test)
    assert (round(losses[0], 2), round(validation[0], 2)) == (0.04, 0.96)


@pytest.mark.slow
def test_13_accuracy_cannot_see_lost_overlaps(monkeypatch):
    """Lesson 13: the second friend's network, 0.04 and 0.97."""

    def overwritten(dy, x, w, stride, padding):
        _, dw, db = fast.conv2d_backward(dy, x, w, stride, padding)
        dx = np.zeros((*x.shape[:2], x.shape[2] + 2 * padding, x.shape[3] + 2 * padding))
        last = [s.stop for s in np.s_[: stride * dy.shape[2], : stride * dy.shape[3]]]
        for u, v in np.ndindex(w.shape[2:]):
            part = np.einsum("nfij,fc->ncij", dy, w[:, :, u, v])
            dx[:, :, u : u + last[0] : stride, v : v + last[1] : stride] = part
        return dx[:, :, padding:-padding, padding:-padding], dw, db

    monkeypatch.setattr(network, "conv2d_backward", overwritten)
    loss, accuracy, _ = _as_in_the_lesson(0)
    assert (round(loss, 2), round(accuracy, 2)) == (0.04, 0.97)


@pytest.mark.slow
def test_13_a_scrambled_batch_learns_nothing(monkeypatch):
    """Lesson 13: the third friend's loss stays at ln 10, and 0.08 are right by chance."""

    def scrambled(x, w, b, stride, padding):
        y = fast.conv2d(x, w, b, stride, padding)
        return y.transpose(1, 2, 3, 0).reshape(y.shape)

    monkeypatch.setattr(network, "conv2d", scrambled)
    loss, accuracy, _ = _as_in_the_lesson(0)
    assert (round(loss, 2), round(accuracy, 2)) == (2.3, 0.08)


def test_13_numbers_by_hand():
    """Lesson 13: parameters, the first loss, -0.45 at the right class, the fields of the pools."""
    sizes = {key: value.size for key, value in r.initial_params(np.random.default_rng(0)).items()}
    layers = [sizes[f"w{i}"] + sizes[f"b{i}"] for i in (1, 2, 3)]
    assert layers == [160, 4640, 1290]
    assert sum(layers) == 6090
    small = r.initial_params(np.random.default_rng(0), (2, 3))
    assert sum(value.size for value in small.values()) == 207
    zeros = {key: 0 * value for key, value in small.items()}
    loss, grads = r.loss_and_gradients(zeros, np.ones((1, 1, 8, 8)), np.array([3]))
    assert round(loss, 3) == 2.303
    np.testing.assert_allclose(grads["b3"], 0.1 - np.eye(10)[3])
    pooled = network.NETWORK_LAYERS
    assert [r.receptive_region(pooled, i) for i in (0, 1)] == [(-3, 5), (1, 9)]
