# %% [markdown] slideshow={"slide_type": "slide"}
# # Scatter columns back: the adjoint
#
# You will send the gradient of every column back to the pixels that it was copied from, find out why a sum gets lost so easily, finish the layer's backward pass with two matrix products, and meet the checkerboard of lesson 07 again.
#
# **You need** lesson 08 (the columns and their order), lesson 07 (the layer as a matrix, its transpose), lesson 06 (what the backward pass of the layer gives), lesson 03 (the oracle), and the transpose of a matrix.

# %% [markdown] role="notes"
# 2 minutes. Lesson 08 copied; today the copies send their gradients back, and sums get lost on the way.

# %% [markdown] slideshow={"slide_type": "skip"}
# **This lesson** has 4 exercises and one written answer, 22 points in all, and takes about 95 minutes.
# Predictions carry no points. Under each answer stands a check; the grade asks the same questions on other numbers.
#
# Inputs are numpy arrays, written as lists for brevity. No exercise may change them, and results are as exact as float64 allows. Where a tuple is asked for, a list counts too.

# %% role="setup"
import time

import matplotlib.pyplot as plt
import numpy as np

from course.checks import check
from course.data import photograph
from course.figures import show
from course.widgets import Col2Im

# The worked example of lessons 04 and 06: one image, one kernel, and the gradient of its output.
IMAGE = np.arange(1.0, 10.0).reshape(3, 3)
KERNEL = np.array([[1.0, 2.0], [3.0, 4.0]])
DY = np.array([[1.0, 10.0], [100.0, 1000.0]])

# %% [markdown] slideshow={"slide_type": "skip"}
# **Given, from lesson 03.** The oracle and its two companions. They check answers; a call of `numerical_gradient` inside an answer does not count.

# %% role="given" from="gradient_check.numerical_gradient, gradient_check.relative_error, gradient_check.first_mismatch"

# %% [markdown] slideshow={"slide_type": "skip"}
# **Given, from lessons 05 and 08.** Padding, the output's shape, the columns and the layer. You may call the functions of this cell in any answer.

# %% role="given" from="conv2d_loops.pair, geometry.pad2d, geometry.output_shape, im2col.im2col, im2col.im2col_indices, im2col.conv2d_im2col"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Send one column back
#
# The image 1 to 9 has four windows of 2×2. Its columns are
#
# $$X^{\text{col}} = \begin{bmatrix} 1&2&4&5\\ 2&3&5&6\\ 4&5&7&8\\ 5&6&8&9 \end{bmatrix}$$
#
# The pixel in the centre, 5, stands in it four times. Raise that pixel by 1 and all four copies rise by 1.
#
# Suppose it is known how the loss depends on each copy: $dX^{\text{col}}$, a matrix of the same shape. By the chain rule a pixel collects the gradients of **all** its copies. With $x_r$ for pixel number $r$, as in lesson 07,
#
# $$dx_r = \sum_{(t,\,q) \text{ copied from } r} dX^{\text{col}}_{t,q}$$
#
# where $t$ is a row and $q$ a column of $X^{\text{col}}$. Doing this for every pixel is called **col2im**, columns to image.

# %% [markdown] role="notes"
# Ask how often the centre was copied. So four gradients have to meet there.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Fill the columns with place values
#
# To see which entry lands where, let each window send a digit of its own, 2, 3, 5 or 7, and let each place in the kernel move it one decimal place: 1, 10, 100 or 1000.
#
# $$dX^{\text{col}} = \begin{bmatrix} 1\\ 10\\ 100\\ 1000 \end{bmatrix} \begin{bmatrix} 2&3&5&7 \end{bmatrix} = \begin{bmatrix} 2&3&5&7\\ 20&30&50&70\\ 200&300&500&700\\ 2000&3000&5000&7000 \end{bmatrix}$$
#
# **Predict** what the pixel in the centre collects. Where are its copies?

# %% [markdown] role="notes"
# Press Step in the figure and watch the centre grow, window by window.

# %% role="prediction" exercise="scattered_centre"
scattered_centre = None  # replace None by your number
### BEGIN SOLUTION
scattered_centre = 2000 + 300 + 50 + 7
### END SOLUTION

# %% role="tests" exercise="scattered_centre"

# %%
Col2Im((3, 3), 2, np.outer([1, 10, 100, 1000], [2, 3, 5, 7]), controls=())

# %% [markdown]
# **Ask the figure.** Press **Step** and watch the centre grow. Which pixels are written only once, and what do they have in common?
#
# <details><summary>Answer</summary>
#
# The four corners. A corner lies under one window only, so it has one copy.
#
# </details>

# %% slideshow={"slide_type": "skip"}
# A cell to try things in: IMAGE, KERNEL and DY are arrays. Nothing here is graded.
im2col(IMAGE[None, None], 2)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Count how often a pixel is covered
#
# When the columns hold nothing but ones, each pixel collects a 1 from every window over it. The result is the **coverage**: how many windows lie over a pixel, which is how many copies of it there are.
#
# Take a 4×4 image and a 3×3 kernel, stride 1, no padding. There are four windows, so the columns have the shape `(9, 4)`.
#
# **Predict** the sum of the coverage over all 16 pixels. You need not find the coverage first.

# %% [markdown] role="notes"
# Let the room fill the 4×4 table: 1, 2, 2, 1 in the first row. The sum has to be 36.

# %% role="prediction" exercise="coverage_sum"
coverage_sum = None  # replace None by your number
### BEGIN SOLUTION
coverage_sum = 9 * 4
### END SOLUTION

# %% role="tests" exercise="coverage_sum"

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 1: the coverage (2 points)
#
# Write `coverage(in_hw, kernel_size, stride=1)`: for an image of size `in_hw`, a pair of ints `(H, W)`, count the windows over each pixel, a new array of whole numbers of shape `(H, W)`.
#
# - `coverage((3, 3), 2)` gives `[[1, 2, 1], [2, 4, 2], [1, 2, 1]]`.
# - `kernel_size` and `stride` are ints or pairs. There is no padding. A pixel that no window reaches is 0.
#
# Lay the windows down one after the other. It is a step towards `col2im`: there each window brings numbers of its own instead of ones.

# %% role="answer" exercise="coverage"
def coverage(in_hw, kernel_size, stride=1):
    """Count the windows over each pixel.

    in_hw: (H, W) of the image; kernel_size, stride: ints or pairs; returns (H, W), whole numbers.
    """
    ### BEGIN SOLUTION
    (KH, KW), (sh, sw) = pair(kernel_size), pair(stride)
    windows_over = np.zeros(in_hw, int)
    for i, j in np.ndindex(output_shape(in_hw, kernel_size, stride)):
        windows_over[i * sh : i * sh + KH, j * sw : j * sw + KW] += 1
    return windows_over
    ### END SOLUTION


# %% role="tests" exercise="coverage"

# %%
Col2Im((4, 4), 3, np.ones((9, 4)), controls=("stride",))

# %% [markdown]
# **Ask the figure.** Where does the sum 36 come from? Raise the stride to 2: which pixels does no window reach, and what do they collect?
#
# <details><summary>Answer</summary>
#
# Each of the 9 · 4 ones lands on exactly one pixel. With stride 2 only one window of 3×3 fits, at the top left: the last row and the last column of pixels collect 0.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A common slip: there and back
#
# The names suggest that im2col turns the image into columns and col2im turns the columns into the image again.
#
# Take the image 0 to 15 of lesson 08 and the 3×3 kernel. Below, every patch is cut out and added back where it was.
# **Predict** before you run the cell: which of the 16 pixels come back as they were?

# %% [markdown] role="notes"
# Ask which of the 16 pixels come back as they were. Only the corners do.

# %%
image = np.arange(16).reshape(4, 4)
back = np.zeros((4, 4), int)
for i, j in np.ndindex(2, 2):
    back[i : i + 3, j : j + 3] += image[i : i + 3, j : j + 3]
print("image:", *image, sep="\n")
print("there and back:", *back, sep="\n")

# %% [markdown]
# Only the four corners come back. Every other pixel comes back as many times as it was copied:
#
# $$\text{col2im}(\text{im2col}(x)) = \text{coverage} \cdot x$$
#
# entry by entry.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## See the two as one matrix
#
# im2col only copies, so it is linear: as in lesson 07 there is a matrix, call it $S$, that does it, once images and columns are written as long vectors.
#
# Each row of $S$ belongs to an entry $(t, q)$ of $X^{\text{col}}$ and has a single 1, in the place of the pixel $r$ that is copied (none, if the entry lies in the padding):
#
# $$\text{im2col}(x)_{t,q} = \sum_r S_{(t,q),\,r}\; x_r$$
#
# col2im adds up entry $(t, q)$ at pixel $r$ wherever $S_{(t,q),\,r} = 1$. It runs over the other index of the same matrix:
#
# $$\text{col2im}(\text{cols})_r = \sum_{t,q} S_{(t,q),\,r}\; \text{cols}_{t,q} \qquad\text{that is, by the transpose } S^\top$$
#
# There and back is $S^\top S$.

# %% [markdown] role="notes"
# Each row of S has a single 1. The transpose adds: say it while pointing at one column.

# %% slideshow={"slide_type": "subslide"}
pixels = np.eye(16).reshape(16, 1, 1, 4, 4)  # sixteen images with a single 1
S = np.stack([im2col(pixel, 3).ravel() for pixel in pixels], axis=1)
there_and_back = S.T @ S

figure, (left, right) = plt.subplots(1, 2, figsize=(9, 5.2), width_ratios=(1, 1.5))
for axes, matrix in ((left, S), (right, there_and_back)):
    axes.imshow(matrix, cmap="PuOr", vmin=-6, vmax=6)
left.set(title=f"S, {S.shape[0]} × {S.shape[1]}: a dot is a 1", xlabel="pixel", ylabel="entry of X_col")
left.plot(*np.nonzero(S)[::-1], "k.", markersize=3)
right.set(title="S transposed times S: the coverage", xlabel="pixel", ylabel="pixel")
for pixel in range(16):
    right.text(pixel, pixel, f"{there_and_back[pixel, pixel]:.0f}", ha="center", va="center", fontsize=9)
for axes in (left, right):
    axes.set_xticks(range(0, 16, 3))
figure.tight_layout()
show(
    figure,
    alt="Left, a 36 by 16 matrix with one dot in each row: nine shifted bands of four rows. Right, the "
    "16 by 16 matrix S transposed times S: zero but for its diagonal, which reads 1 2 2 1, 2 4 4 2, "
    "2 4 4 2, 1 2 2 1.",
)

# %% [markdown]
# **Read it off.** How many dots are in the column of pixel 5, and in that of pixel 0? Where do you find these numbers on the right, and why is everything else there 0?
#
# <details><summary>Answer</summary>
#
# Four dots and one, which stand on the diagonal: it counts the ones in each column of $S$. Two different columns of $S$ have their ones in different rows, since an entry is copied from one pixel only. So their product is 0.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Lose a sum without an error
#
# With the rows and columns of lesson 08's indices, the image's columns are `IMAGE[rows, columns]`. It is tempting to turn this around. Here are three ways to write gradient columns `cols` into an image `dx` of zeros:
#
# 1. `dx[rows, columns] = cols`
# 2. `dx[rows, columns] += cols`
# 3. `np.add.at(dx, (rows, columns), cols)`
#
# numpy carries out the second in three steps: it reads `dx[rows, columns]`, all of it at once, adds `cols`, and writes the sums. The four places of the centre are read before any of them is written, so each sum is 0 plus one entry. The four are then written to the same pixel, one over the other, row by row of the matrix, and the last one stays.
#
# `np.add.at` adds one entry after the other and reads what is there by then.
#
# Take the kernel 1, 2, 3, 4 and the upstream gradient 1, 10, 100, 1000: window $q$ sends the kernel times $dy_q$.
#
# $$dX^{\text{col}} = \begin{bmatrix} 1&10&100&1000\\ 2&20&200&2000\\ 3&30&300&3000\\ 4&40&400&4000 \end{bmatrix}$$
#
# **Predict** the centre of `dx` after the second way.

# %% [markdown] role="notes"
# 5 minutes, the mistake most people make at home. Show all three spellings, ask which are right, then run them.

# %% role="prediction" exercise="buffered_centre"
buffered_centre = None  # replace None by your number
### BEGIN SOLUTION
buffered_centre = 4
### END SOLUTION

# %% role="tests" exercise="buffered_centre"

# %% slideshow={"slide_type": "subslide"}
_, rows, columns = im2col_indices((1, 1, 3, 3), 2)
cols = np.outer(KERNEL, DY)
assigned, buffered, added = np.zeros((3, 3)), np.zeros((3, 3)), np.zeros((3, 3))
assigned[rows, columns] = cols
buffered[rows, columns] += cols
np.add.at(added, (rows, columns), cols)
for name, dx in {"=": assigned, "+=": buffered, "np.add.at": added}.items():
    print(f"{name:9} centre {dx[1, 1]:6.0f}   all of dx: {dx.astype(int).tolist()}")

# %% [markdown]
# The first two are two spellings of one mistake: they lose sums, and numpy warns of neither. The corners are right in all three, since they have one copy each.

# %%
Col2Im((3, 3), 2, np.outer(KERNEL, DY), write="fancy +=", controls=("write",))

# %% [markdown]
# **Ask the figure.** Point at the centre to see which of its four entries are lost. Then switch to **Overwrite**, which writes window by window: which entry stays now?
#
# <details><summary>Answer</summary>
#
# 1000, 200 and 30 are lost; 4 stays, since it stands in the last row of the matrix. Window by window, the last one to write the centre is window 3, and its 1000 stays.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Add what cannot collide
#
# Which entries of $dX^{\text{col}}$ meet at one entry of `x`? Take two entries of one **column**: they belong to two places of one window, or to two channels, hence to two entries of `x`. Take two entries of one **row**: they belong to the same channel and place $(u, v)$ of two windows, or of two images, and these are two entries of `x` as well.
#
# Only entries that differ in both collide. So there are three safe ways to write a col2im:
#
# - entry by entry, or with `np.add.at`;
# - window by window, as in your `coverage`: one `+=` on a slice takes a whole patch;
# - kernel place by kernel place: one `+=` on a slice with steps takes all windows, channels and images at once. A kernel of 3×3 needs nine of them, however large the image is. The slice has to hold exactly $OH \times OW$ places, also where a stride leaves pixels over.

# %% [markdown] role="notes"
# Entries of one row never meet. That is why a loop over the kernel's places is safe.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 2: col2im (7 points)
#
# Write `col2im(cols, x_shape, kernel_size, stride=1, padding=0, dilation=1)`: add each entry of `cols`, shape `(C * KH * KW, OH * OW * N)`, to the pixel from which `im2col` would copy it. Return a new array of shape `(N, C, H, W)`.
#
# - `x_shape` is `(N, C, H, W)`, four ints: the images' sizes without padding.
# - Columns of ones with `x_shape` `(1, 1, 4, 4)` and kernel 3 give the coverage.
# - The columns of the last figure with `(1, 1, 3, 3)` and kernel 2 give 1234 in the centre.
# - What falls into the padding is cut off; a pixel that no window reaches gets 0.
# - The order is that of lesson 08: rows by channel, kernel row, kernel column; columns by window, the image index fastest.
# - Settings are ints or pairs, and fractions survive.
#
# Begin with what you have: `coverage` for one channel and one image, each window with its column as a patch. Then channels and images, then padding and dilation. As in lesson 08, cut the two long axes of `cols` into what they are made of.
#
# Library functions that fold columns do not count; everything in numpy is welcome.

# %% role="answer" exercise="col2im"
def col2im(cols, x_shape, kernel_size, stride=1, padding=0, dilation=1):
    """Add each entry of the columns to the pixel that im2col reads for it.

    cols: (C * KH * KW, OH * OW * N), x_shape: (N, C, H, W) ints; kernel_size, stride, padding,
    dilation: ints or pairs; returns (N, C, H, W).
    """
    ### BEGIN SOLUTION
    (N, C, H, W), (KH, KW) = x_shape, pair(kernel_size)
    (sh, sw), (ph, pw), (dr, dc) = pair(stride), pair(padding), pair(dilation)
    OH, OW = output_shape((H, W), kernel_size, stride, padding, dilation)
    patches = cols.reshape(C, KH, KW, OH, OW, N)
    padded = np.zeros((N, C, H + 2 * ph, W + 2 * pw))
    for u, v in np.ndindex(KH, KW):
        down = slice(u * dr, u * dr + OH * sh, sh)
        across = slice(v * dc, v * dc + OW * sw, sw)
        padded[:, :, down, across] += patches[:, u, v].transpose(3, 0, 1, 2)
    return padded[:, :, ph : ph + H, pw : pw + W]
    ### END SOLUTION


# %% role="tests" exercise="col2im"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Name it: the adjoint
#
# For two arrays of one shape, the **inner product** $\langle a, b \rangle$ is the sum of the products of their entries. Lesson 07 called two linear maps adjoint if the inner products agree for all arrays. im2col and col2im are such a pair:
#
# $$\langle \text{im2col}(x),\, \text{cols} \rangle = \sum_{t,q} \Big( \sum_r S_{(t,q),\,r}\; x_r \Big)\, \text{cols}_{t,q}$$
#
# $$= \sum_r x_r \Big( \sum_{t,q} S_{(t,q),\,r}\; \text{cols}_{t,q} \Big) = \langle x,\, \text{col2im}(\text{cols}) \rangle$$
#
# Only the order of the two sums has changed.
#
# This is what a backward pass is. If $y = M x$ with any matrix $M$, the chain rule gives $dx_r = \sum_q M_{q,r}\, dy_q$, as in lesson 07: every linear step sends gradients back by its adjoint.

# %% [markdown] role="notes"
# One equation on the board with both inner products, and both shapes below them.

# %%
_, rows, columns = im2col_indices((1, 1, 3, 3), 2)
cols, collected = np.outer(KERNEL, DY), np.zeros((3, 3))
np.add.at(collected, (rows, columns), cols)
print("<im2col(x), cols>:", int(np.sum(IMAGE[rows, columns] * cols)))
print("<x, col2im(cols)>:", int(np.sum(IMAGE * collected)))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Test it with random numbers
#
# The identity is a test that needs no expected values: draw $x$ and $\text{cols}$ at random, and compare two numbers. It is called the **dot-product test**. A pair that is not adjoint hardly ever passes, since the two sums would have to agree for numbers that know nothing of the code.
#
# ### Exercise 3: the adjoint gap (2 points)
#
# Write `adjoint_gap(forward, adjoint, x, cols)`: how far the two inner products of the identity lie apart for one `x` and one `cols`, a single float, 0 or more.
#
# - `forward` takes an array like `x` and gives an array like `cols`; `adjoint` goes the other way. `x` and `cols` have any shapes, and need not have the same.
# - With `forward = lambda x: 2 * x`, `adjoint = lambda cols: 3 * cols`, `x = [1]` and `cols = [10]` the gap is 10.
# - For an adjoint pair the gap is 0, up to rounding: below 1e-10 for numbers of ordinary size.

# %% role="answer" exercise="adjoint_gap"
def adjoint_gap(forward, adjoint, x, cols):
    """Measure how far two maps are from being adjoint to each other.

    forward: function from arrays like x to arrays like cols, adjoint: function from arrays like cols to
    arrays like x, x, cols: arrays; returns a float, 0 or more.
    """
    ### BEGIN SOLUTION
    there = np.sum(forward(x) * cols)
    back = np.sum(x * adjoint(cols))
    return float(abs(there - back))
    ### END SOLUTION


# %% role="tests" exercise="adjoint_gap"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Fool the test
#
# The test says that two maps belong together. Suppose that a friend's im2col lays the rows of $X^{\text{col}}$ from the last to the first, and that the friend's col2im reads them in the same order. Both are wrong by lesson 08's convention.
#
# **Predict** the gap of this pair.

# %% [markdown] role="notes"
# A pair that is wrong in the same way passes. Ask what else one has to test.

# %% role="prediction" exercise="shared_slip_gap"
shared_slip_gap = None  # replace None by your number
### BEGIN SOLUTION
shared_slip_gap = 0
### END SOLUTION

# %% role="tests" exercise="shared_slip_gap"

# %% slideshow={"slide_type": "skip"}
rng = np.random.default_rng(0)
images, settings = rng.normal(size=(2, 3, 6, 8)), ((3, 2), 2, 1)
drawn = rng.normal(size=im2col(images, *settings).shape)


def friends_im2col(x):
    return im2col(x, *settings)[::-1]


try:
    pairs = {
        "im2col, your col2im": (lambda x: im2col(x, *settings), lambda cols: col2im(cols, images.shape, *settings)),
        "the friend's pair": (friends_im2col, lambda cols: col2im(cols[::-1], images.shape, *settings)),
        "one of each": (friends_im2col, lambda cols: col2im(cols, images.shape, *settings)),
    }
    for name, (forward, adjoint) in pairs.items():
        gap = adjoint_gap(forward, adjoint, images, drawn)
        print(f"{name:20} gap {'below 1e-10' if gap < 1e-10 else f'{gap:.1f}'}")
except NotImplementedError:
    print("This cell waits for your col2im and your adjoint_gap.")
except Exception as error:
    print("This cell waits for a col2im and an adjoint_gap that run:", error)

# %% [markdown]
# The friend's two maps are adjoint to each other, as any $M$ and $M^\top$ are. That neither is the map that was asked for, the test cannot know. So it takes two tests: one of the forward map against something that is known to be right, and this one of the way back.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Find the mistake: the average
#
# Three friends send columns back. Ada adds with `np.add.at`, Bo uses the buffered `+=`, and Cem divides Ada's sums by the coverage: "Pixels in the middle are under more windows. Without the average, their gradient is too large."
#
# For the centre, Cem gets 308.5.
#
# The cell raises the pixel in the centre by 1 and looks at the loss, $L = 1 \cdot y_0 + 10 \cdot y_1 + 100 \cdot y_2 + 1000 \cdot y_3$, where $y_q$ is the kernel times column $q$. Then it asks your `adjoint_gap` about all three.
#
# **Predict** by how much the loss rises.

# %% [markdown] role="notes"
# Let the room vote for Ada, Bo or Cem. A gradient is a sum, not a mean.

# %% slideshow={"slide_type": "skip"}
_, rows, columns = im2col_indices((1, 1, 3, 3), 2)
cols = np.outer(KERNEL, DY)


def ada(cols):
    dx = np.zeros((3, 3))
    np.add.at(dx, (rows, columns), cols)
    return dx


def bo(cols):
    dx = np.zeros((3, 3))
    dx[rows, columns] += cols
    return dx


def cem(cols):
    return ada(cols) / ada(np.ones((4, 4)))


raised = IMAGE.copy()
raised[1, 1] += 1
before, after = np.sum(IMAGE[rows, columns] * cols), np.sum(raised[rows, columns] * cols)
print(f"the loss rises from {before:.0f} to {after:.0f}, by {after - before:.0f}")
for friend in (ada, bo, cem):
    try:
        gap = f"{adjoint_gap(lambda x: x[rows, columns], friend, IMAGE, cols):.1f}"
    except Exception:  # not written yet, or not right yet
        gap = "waits for your adjoint_gap"
    print(f"{friend.__name__:4} centre {friend(cols)[1, 1]:6.1f}   gap {gap}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# The loss rises by 1234, and Cem's 308.5 is wrong. The pixel in the middle has a larger gradient because it does have more influence: it changes four outputs.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Derive the whole backward pass
#
# Forwards, with $W^{\text{row}}$ of shape `(F, R)`, $X^{\text{col}}$ of shape `(R, Q)` and $R = C \cdot KH \cdot KW$, $Q = OH \cdot OW \cdot N$:
#
# $$Y_{f,q} = b_f + \sum_{t=0}^{R-1} W^{\text{row}}_{f,t}\; X^{\text{col}}_{t,q}$$
#
# Here $q$ numbers all the columns, those of all images. Let $dY$, shape `(F, Q)`, be the upstream gradient, in the same order. Which outputs does each number reach?
#
# - $W^{\text{row}}_{f,t}$ reaches $Y_{f,q}$ for every $q$, times $X^{\text{col}}_{t,q}$. So $dW^{\text{row}}_{f,t} = \sum_q dY_{f,q}\, X^{\text{col}}_{t,q}$.
# - $X^{\text{col}}_{t,q}$ reaches $Y_{f,q}$ for every $f$, times $W^{\text{row}}_{f,t}$. So $dX^{\text{col}}_{t,q} = \sum_f W^{\text{row}}_{f,t}\, dY_{f,q}$.
# - $b_f$ reaches $Y_{f,q}$ for every $q$, times 1. So $db_f = \sum_q dY_{f,q}$.
#
# **Think** before you go on: each of the first two sums is a matrix product in which one factor is transposed. Which one, and in which order do the factors stand? The shapes decide.
#
# <details><summary>Answer</summary>
#
# $dW^{\text{row}} = dY \, (X^{\text{col}})^\top$, shapes $(F \times Q) \cdot (Q \times R)$, and $dX^{\text{col}} = (W^{\text{row}})^\top \, dY$, shapes $(R \times F) \cdot (F \times Q)$.
# For the batch of lesson 08: $(10 \times 500) \cdot (500 \times 27) = 10 \times 27$ and $(27 \times 10) \cdot (10 \times 500) = 27 \times 500$.
#
# </details>

# %% [markdown] role="notes"
# Three lines, two products and a sum. Let the room check the shapes.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Lay dy out like the columns
#
# $dY$ has a row for each filter, and along it the order of the columns: window by window, the image index fastest. What arrives from above is `dy`, shape `(N, F, OH, OW)`.
#
# Take two images, one filter, and two windows side by side, $OH = 1$ and $OW = 2$. Image 0 has the gradients 1 and 10, image 1 has 100 and 1000.
#
# **Predict** the row $dY$, as a list of four numbers.

# %% role="prediction" exercise="dy_as_a_row"
dy_as_a_row = None  # replace None by a list of four numbers
### BEGIN SOLUTION
dy_as_a_row = [1, 100, 10, 1000]
### END SOLUTION

# %% role="tests" exercise="dy_as_a_row"

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 4: the backward pass in columns (9 points)
#
# Write `conv2d_backward_im2col(dy, x, w, stride=1, padding=0)`: the tuple `(dx, dw, db)`, three new arrays of shapes `(N, C, H, W)`, `(F, C, KH, KW)` and `(F,)`.
#
# - `dy` has shape `(N, F, OH, OW)`, `x` shape `(N, C, H, W)`, `w` shape `(F, C, KH, KW)`. Stride and padding are ints or pairs.
# - The worked example, each array with its two missing axes in front, gives `dx` with 1234 in the centre, `dw` `[[5421, 6532], [8754, 9865]]` and `db` `[1111]`.
# - `dw` and `db` are sums over the batch, not means. Pixels that no window reaches get gradient 0.
#
# The backward pass needs the columns of the forward pass, with its padding. Many layers keep them; here you may make them again.
#
# You may call what you have written, and what was given. Library calls that convolve or differentiate do not count.

# %% role="answer" exercise="conv2d_backward_im2col"
def conv2d_backward_im2col(dy, x, w, stride=1, padding=0):
    """Send dy back through the layer, by two matrix products and one col2im.

    dy: (N, F, OH, OW) upstream gradient, x: (N, C, H, W) images, w: (F, C, KH, KW) kernels; stride,
    padding: ints or pairs; returns (dx, dw, db) of the shapes of x, of w, and (F,).
    """
    ### BEGIN SOLUTION
    F, kernel_size = len(w), w.shape[2:]
    dY = dy.transpose(1, 2, 3, 0).reshape(F, -1)  # (F, OH * OW * N)
    dw = dY @ im2col(x, kernel_size, stride, padding).T
    dx = col2im(w.reshape(F, -1).T @ dY, x.shape, kernel_size, stride, padding)
    return dx, dw.reshape(w.shape), dY.sum(axis=1)
    ### END SOLUTION


# %% role="tests" exercise="conv2d_backward_im2col"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Ask the oracle
#
# The three tools of lesson 03 know nothing of columns. Below they check your backward pass on random numbers, with no square image or kernel, and N, C and F all different.

# %%
rng = np.random.default_rng(9)
x, w, b = rng.normal(size=(2, 3, 5, 6)), rng.normal(size=(4, 3, 3, 2)), rng.normal(size=4)
settings = ((2, 1), (1, 0))
dy = rng.normal(size=conv2d_im2col(x, w, b, *settings).shape)
layers = {
    "dx": (lambda x: conv2d_im2col(x, w, b, *settings), x),
    "dw": (lambda w: conv2d_im2col(x, w, b, *settings), w),
    "db": (lambda b: conv2d_im2col(x, w, b, *settings), b),
}
try:
    for gradient, (name, (layer, at)) in zip(conv2d_backward_im2col(dy, x, w, *settings), layers.items()):
        numerical = numerical_gradient(layer, at, dy)
        error = relative_error(gradient, numerical)
        words = "below 1e-10" if error < 1e-10 else f"{error:.1e}"
        print(f"{name}: relative error {words}, first mismatch {first_mismatch(gradient, numerical)}")
except NotImplementedError:
    print("This cell waits for your conv2d_backward_im2col.")
except Exception as error:
    print("This cell waits for a conv2d_backward_im2col that runs:", error)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Time the scatter
#
# The safe ways differ in speed. The cell times four of them on one image of 192×192 pixels with one channel.
#
# **Predict** before you run it: how many times as long as the slices do the two index arrays take? *(No points. If your `col2im` uses `np.add.at` or loops over windows, write it again by kernel places and compare.)*

# %% [markdown] role="notes"
# Collect bets before you run it. The array indices cost more than most expect.

# %% tags=["volatile"] slideshow={"slide_type": "skip"}
_, down, across = im2col_indices((1, 1, 192, 192), 3)
entries = np.random.default_rng(1).normal(size=down.shape)
places = down * 192 + across


def two_index_arrays():
    dx = np.zeros((192, 192))
    np.add.at(dx, (down, across), entries)
    return dx


def one_index_of_two_axes():
    dx = np.zeros(192 * 192)
    np.add.at(dx, places, entries)
    return dx.reshape(192, 192)


def one_index_of_one_axis():
    dx = np.zeros(192 * 192)
    np.add.at(dx, places.ravel(), entries.ravel())
    return dx.reshape(192, 192)


def yours():
    return col2im(entries, (1, 1, 192, 192), 3)[0, 0]


for way in (two_index_arrays, one_index_of_two_axes, one_index_of_one_axis, yours):
    try:
        right = np.allclose(way(), two_index_arrays())
    except Exception:  # not written yet, or not right yet
        right = False
    if not right:
        print("This line waits for your col2im.")
        continue
    runs = []
    for _ in range(5):
        start = time.perf_counter()
        way()
        runs.append(time.perf_counter() - start)
    print(f"{way.__name__:22} {1000 * min(runs):7.2f} ms, {1e9 * min(runs) / entries.size:6.2f} ns an entry")

# %% [markdown]
# Where this lesson was written, two index arrays took about ten times as long as slices, one index of two axes almost as long as two, and the same index as one long row less than twice as long. It is the same work in all four. But numpy has a fast loop for one index with one axis; everything else goes through a general one, entry by entry.
#
# The flat index is paid for in memory: it is as large as the columns, and it is made for one shape only. The slices need nothing prepared.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Meet lesson 07 again
#
# Lesson 07 built a layer that makes small maps larger, by laying down a kernel for each number of the map. Here it is once more.

# %% role="given" from="matrix_view.conv_transpose2d"

# %% [markdown]
# Your backward pass computes `dx` as `col2im` of $(W^{\text{row}})^\top dY$.
#
# **Predict** before you run the cell: what do the two have to do with each other?

# %% slideshow={"slide_type": "subslide"}
rng = np.random.default_rng(3)
y, w = rng.normal(size=(2, 4, 3, 5)), rng.normal(size=(4, 3, 3, 2))
grown = conv_transpose2d(y, w, (2, 1))
Y = y.transpose(1, 2, 3, 0).reshape(4, -1)
try:
    scattered = col2im(w.reshape(4, -1).T @ Y, grown.shape, (3, 2), (2, 1))
    print("col2im of W_row transposed times Y:", scattered.shape)
    print("conv_transpose2d of y:             ", grown.shape)
    print("first mismatch:", first_mismatch(scattered, grown))
except NotImplementedError:
    print("This cell waits for your col2im.")
except Exception as error:
    print("This cell waits for a col2im that runs:", error)

# %% [markdown]
# They are the same map: to lay down a kernel for each number is to scatter a column for each number. **The transposed layer is the backward pass of the layer, used forwards.** Libraries run the very same routine for both.
#
# So its checkerboard has to be your coverage. The last cell enlarges a piece of a photograph with your `col2im`, and then does what Cem did: it divides by your `coverage`.
#
# **Predict** what will be seen in the third picture.

# %% slideshow={"slide_type": "subslide"}
small = photograph().mean(axis=0)[8:104:2, ::2]  # brightness, (48, 64)
try:
    size = tuple((n - 1) * 2 + 3 for n in small.shape)
    over = coverage(size, 3, 2)
    enlarged = col2im(np.ones((9, 1)) @ small.reshape(1, -1), (1, 1, *size), 3, 2)[0, 0]
    print("coverage, top left:", over[:5, :5], sep="\n")
    figure, panels = plt.subplots(1, 3, figsize=(11, 3.4), layout="constrained")
    titles = "enlarged by col2im, 3 × 3, stride 2", "the coverage", "enlarged, divided by the coverage"
    for panel, picture, title in zip(panels, (enlarged, over, enlarged / over), titles):
        panel.imshow(picture, cmap="gray")
        panel.set(title=title, xlabel="column", ylabel="row")
    show(
        figure,
        alt="Three grey pictures. A tower under a fine checkerboard; the checkerboard alone, which "
        "is the coverage; the tower without a pattern.",
    )
except NotImplementedError:
    print("This cell waits for your coverage and your col2im.")
except Exception as error:
    print("This cell waits for a coverage and a col2im that run:", error)

# %% [markdown]
# The tower is back, and the checkerboard is gone from it: the pattern was the coverage and nothing else.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Sum or mean (2 points)
#
# **Written answer (2 points, read by a person).** In four to eight sentences:
#
# 1. All you have of an image is its `X_col`, its shape and the settings. Describe a way back to the image, and say for which settings there is no way at all. *(1 point)*
# 2. Dividing by the coverage made the photograph better, and it made Cem's gradient wrong. Explain the difference, starting from what the number at a pixel means in each of the two. *(1 point)*

# %% [markdown] role="written" exercise="adjoint_not_inverse"
# ### BEGIN SOLUTION
# *1 point: a way that uses the coverage, or one copy of each pixel; settings that leave pixels uncovered. 1 point: an estimate that several windows give, against influences that add up.*
#
# `col2im(X_col)` is the image times the coverage, entry by entry. Divided by the coverage, it is the image. One may also write every copy to its pixel with `=`, since all copies of a pixel are equal. There is no way back if some pixel lies under no window, because of a stride that is longer than the kernel or leaves a remainder: its value stands nowhere in `X_col`.
#
# In the photograph, the number at a pixel is a brightness, and each kernel that lies on it is one opinion of it. Four opinions are averaged, otherwise the pixel is four times as bright for no other reason than that four kernels reach it.
# In the gradient, the number at a pixel says by how much the loss rises when the pixel rises by 1. A pixel that is copied four times changes the loss through four windows, and by the chain rule these four influences add up. Divided by four it would be the gradient of a pixel that reaches one window, and a gradient check fails.
# ### END SOLUTION

# %% [markdown] slideshow={"slide_type": "slide"}
# ## You can now
#
# - send columns back to an image with every sum intact, and spot the two spellings that lose them,
# - say why col2im is the adjoint of im2col and not its inverse, test any such pair with random numbers, and say what this test cannot see,
# - run the layer backwards with two matrix products, for batches, strides and padding, and recognise the transposed layer in it.
#
# Forward and backward are complete. In the next lesson they become a layer with weights of its own, which you can stack.
#
# **Further reading**
#
# - Jon Claerbout, *Earth Soundings Analysis: Processing versus Inversion*, 1992, chapter on adjoint operators: the dot-product test, and why adjoints are so often taken for inverses.
# - Andrej Karpathy and others, *CS231n: Convolutional Neural Networks for Visual Recognition*, course notes, section "Implementation as Matrix Multiplication".
# - *NumPy reference*, entry `numpy.ufunc.at`: the addition that does not buffer.
