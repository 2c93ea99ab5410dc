# %% [markdown] slideshow={"slide_type": "slide"}
# # Scatter columns back: the adjoint
#
# You will send the gradient of every column back to the pixels that it was copied from, find out why a sum gets lost so easily, and finish the layer's backward pass with two matrix products.
#
# **You need** lesson 08 (the columns and their order), lesson 07 (the layer as a matrix, its transpose), lesson 06 (what the backward pass of the layer gives), lesson 03 (the oracle), and the transpose of a matrix.
#
# **This lesson** has 3 exercises and one written answer, 20 points in all, and takes about 80 minutes.
# Predictions carry no points. Under each answer stands a check; the grade asks the same questions on other numbers.
#
# Inputs are numpy arrays, written as lists for brevity. No exercise may change them, and results are as exact as float64 allows.

# %% role="setup"
import time

import matplotlib.pyplot as plt
import numpy as np

from course.checks import check
from course.figures import show
from course.widgets import Col2Im

# The worked example of lessons 04 and 06: one image, one kernel, and the gradient of its output.
X = np.arange(1.0, 10.0).reshape(3, 3)
W = np.array([[1.0, 2.0], [3.0, 4.0]])
DY = np.array([[1.0, 10.0], [100.0, 1000.0]])

# %% [markdown]
# **Given, from lesson 03.** The oracle and its two companions. They check answers; a call of `numerical_gradient` inside an answer does not count.

# %% role="given" from="gradient_check.numerical_gradient, gradient_check.relative_error, gradient_check.first_mismatch"

# %% [markdown]
# **Given, from lessons 05 and 08.** Padding, the output's shape, the columns and the layer. You may call the functions of this cell in any answer.

# %% role="given" from="conv2d_loops.pair, geometry.pad2d, geometry.output_shape, im2col.im2col_indices, im2col.im2col, im2col.conv2d_im2col"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Send one column back
#
# The image 1 to 9 has four windows of 2×2. Its columns are
#
# $$X^{\text{col}} = \begin{bmatrix} 1&2&4&5\\ 2&3&5&6\\ 4&5&7&8\\ 5&6&8&9 \end{bmatrix}$$
#
# The pixel in the centre, 5, stands in it four times. Raise that pixel by 1 and all four copies rise by 1.
#
# Suppose it is known how the loss depends on each copy: $dX^{\text{col}}$, a matrix of the same shape. By the chain rule a pixel collects the gradients of **all** its copies. With $x_p$ for pixel number $p$ (as in lesson 07, $p$ numbers pixels here; there is no padding),
#
# $$dx_p = \sum_{(r,\,q) \text{ copied from } p} dX^{\text{col}}_{r,q}$$
#
# where $r$ is a row and $q$ a column of the columns. Doing this for every pixel is called **col2im**, columns to image.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Fill the columns with place values
#
# Take the kernel 1, 2, 3, 4 and the upstream gradient 1, 10, 100, 1000, one for each window. As a later section shows, window $q$ then sends the kernel times $dy_q$:
#
# $$dX^{\text{col}} = \begin{bmatrix} 1\\ 2\\ 3\\ 4 \end{bmatrix} \begin{bmatrix} 1&10&100&1000 \end{bmatrix} = \begin{bmatrix} 1&10&100&1000\\ 2&20&200&2000\\ 3&30&300&3000\\ 4&40&400&4000 \end{bmatrix}$$
#
# Compare with the columns above: the copies of 5 stand on the diagonal that rises from the bottom left to the top right.
#
# **Predict** what the pixel in the centre collects.

# %% role="prediction" exercise="scattered_centre"
scattered_centre = None  # replace None by your number
### BEGIN SOLUTION
scattered_centre = 4 + 30 + 200 + 1000
### END SOLUTION

# %% role="tests" exercise="scattered_centre"

# %%
Col2Im(image_shape=(3, 3), kernel_size=2, cols=np.outer(W, DY))

# %% [markdown]
# **Ask the figure.** Press **Step** and watch the centre grow. Which pixels are written only once, and what do they have in common?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Count how often a pixel is covered
#
# When the columns hold nothing but ones, each pixel collects a 1 from every window over it. The result is the **coverage**: how many windows lie over a pixel, which is how many copies of it there are.
#
# Take a 4×4 image and a 3×3 kernel, stride 1, no padding. There are four windows, so the columns have the shape `(9, 4)`.
#
# **Predict** the sum of the coverage over all 16 pixels. You need not find the coverage first.

# %% role="prediction" exercise="coverage_sum"
coverage_sum = None  # replace None by your number
### BEGIN SOLUTION
coverage_sum = 9 * 4
### END SOLUTION

# %% role="tests" exercise="coverage_sum"

# %%
Col2Im(image_shape=(4, 4), kernel_size=3, cols=np.ones((9, 4)))

# %% [markdown] slideshow={"slide_type": "subslide"}
# The coverage is
#
# $$\begin{bmatrix} 1&2&2&1\\ 2&4&4&2\\ 2&4&4&2\\ 1&2&2&1 \end{bmatrix}$$
#
# and its sum is 36, since each of the $9 \cdot 4$ ones lands on exactly one pixel.
#
# **Ask the figure.** Raise the stride to 2: which pixels does no window reach, and what do they collect?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Find the mistake: there and back
#
# The names suggest it, and it is often said: "im2col turns the image into columns, col2im turns the columns into the image again."
#
# Take the image 0 to 15 of lesson 08 and the 3×3 kernel. Below, every patch is cut out and added back where it was.
# **Predict** before you run the cell: which of the 16 pixels come back as they were?

# %%
image = np.arange(16).reshape(4, 4)
back = np.zeros((4, 4), int)
for oh, ow in np.ndindex(2, 2):
    back[oh : oh + 3, ow : ow + 3] += image[oh : oh + 3, ow : ow + 3]
print("image:", *image, sep="\n")
print("there and back:", *back, sep="\n")

# %% [markdown]
# Only the four corners come back. Every other pixel comes back as many times as it was copied:
#
# $$\text{col2im}(\text{im2col}(x)) = \text{coverage} \cdot x$$
#
# entry by entry. A pixel comes back as it was where its coverage is 1. So col2im undoes im2col for every image if, and only if, each pixel lies under exactly one window.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Lose a sum without an error
#
# With the indices $i$ and $j$ of lesson 08, the image's columns are `X[i, j]`. It is tempting to turn this around. Here are three ways to write the columns into an image `dx` of zeros:
#
# 1. `dx[i, j] = cols`
# 2. `dx[i, j] += cols`
# 3. `np.add.at(dx, (i, j), cols)`
#
# numpy carries out the second in three steps: it reads `dx[i, j]`, all of it at once, adds `cols`, and writes the sums. The four places of the centre are read before any of them is written, so each sum is 0 plus one entry. The four are then written to the same pixel, one over the other, row by row of the matrix, and the last one stays.
#
# `np.add.at` adds one entry after the other and reads what is there by then.
#
# **Predict** the centre of `dx` after the second way, with the columns of place values.

# %% role="prediction" exercise="buffered_centre"
buffered_centre = None  # replace None by your number
### BEGIN SOLUTION
buffered_centre = 4
### END SOLUTION

# %% role="tests" exercise="buffered_centre"

# %% slideshow={"slide_type": "subslide"}
_, i, j = im2col_indices((1, 1, 3, 3), 2)
cols = np.outer(W, DY)
assigned, buffered, added = np.zeros((3, 3)), np.zeros((3, 3)), np.zeros((3, 3))
assigned[i, j] = cols
buffered[i, j] += cols
np.add.at(added, (i, j), cols)
for name, dx in {"dx[i, j] = cols": assigned, "dx[i, j] += cols": buffered, "np.add.at": added}.items():
    print(f"{name:17} centre {dx[1, 1]:6.0f}   all of dx: {dx.astype(int).tolist()}")

# %% [markdown]
# The first two are two spellings of one mistake: they lose sums, and numpy warns of neither. The corners are right in all three, since they have one copy each.
#
# In a loop over windows, `=` loses sums too, but another entry stays: the last window's, 1000.

# %%
Col2Im(image_shape=(3, 3), kernel_size=2, cols=np.outer(W, DY), write="fancy +=")

# %% [markdown]
# **Ask the figure.** Point at the centre to see which of its four entries are lost. Then switch to **Overwrite**, which writes window by window: which entry stays now?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Add what cannot collide
#
# Which entries of the columns meet at one pixel? Fix a row of the columns, that is, a channel and a place $(u, v)$ in the kernel. Window $(oh, ow)$ sends this entry to row $oh \cdot s_h + u \cdot d_h$ and column $ow \cdot s_w + v \cdot d_w$ of the padded image, with the stride $(s_h, s_w)$ and the dilation $(d_h, d_w)$.
#
# Two columns differ in $oh$, in $ow$ or in the image, so they send it to two different pixels. **Within one row of the columns nothing collides**; only different rows do.
#
# So there are three safe ways to write a col2im:
#
# - entry by entry, or with `np.add.at`;
# - window by window: within one window nothing collides either, so one `+=` on a slice takes a whole patch;
# - kernel place by kernel place: one `+=` on a slice with steps takes all windows, channels and images at once. A kernel of 3×3 needs nine of them, however large the image is. The slice has to hold exactly $OH \times OW$ places, also where a stride leaves pixels over.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 1: col2im
#
# Write `col2im(cols, x_shape, kernel_size, stride=1, padding=0, dilation=1)`: add each entry of `cols`, shape `(C * KH * KW, OH * OW * N)`, to the pixel from which `im2col` would copy it. Return a new array of shape `(N, C, H, W)`.
#
# - `x_shape` is `(N, C, H, W)`, four ints: the images' sizes without padding.
# - The columns with ones and `x_shape` `(1, 1, 4, 4)`, kernel 3, give the coverage from above.
# - The columns of place values with `(1, 1, 3, 3)` and kernel 2 give 1234 in the centre.
# - What falls into the padding is cut off; a pixel that no window reaches gets 0.
# - The order is that of lesson 08: rows by channel, kernel row, kernel column; columns by window, the image index fastest.
# - Settings are ints or pairs, and fractions survive.
#
# As in lesson 08, first cut the two long axes of `cols` into what they are made of.
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
    (sh, sw), (ph, pw), (dh, dw) = pair(stride), pair(padding), pair(dilation)
    OH, OW = output_shape((H, W), kernel_size, stride, padding, dilation)
    patches = cols.reshape(C, KH, KW, OH, OW, N)
    padded = np.zeros((N, C, H + 2 * ph, W + 2 * pw))
    for u, v in np.ndindex(KH, KW):
        rows = slice(u * dh, u * dh + OH * sh, sh)
        columns = slice(v * dw, v * dw + OW * sw, sw)
        padded[:, :, rows, columns] += patches[:, u, v].transpose(3, 0, 1, 2)
    return padded[:, :, ph : ph + H, pw : pw + W]
    ### END SOLUTION


# %% role="tests" exercise="col2im"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## See the two as one matrix
#
# im2col only copies, so it is linear: as in lesson 07 there is a matrix, call it $S$, that does it, once images and columns are written as long vectors.
#
# Each row of $S$ belongs to an entry $e$ of the columns and has a single 1, in the place of the pixel $p$ that is copied (none, if the entry lies in the padding):
#
# $$\text{im2col}(x)_e = \sum_p S_{e,p}\, x_p$$
#
# col2im adds up entry $e$ at pixel $p$ wherever $S_{e,p} = 1$. It runs over the other index of the same matrix:
#
# $$\text{col2im}(c)_p = \sum_e S_{e,p}\, c_e \qquad\text{that is, by the transpose } S^\top$$
#
# There and back is $S^\top S$. Two different columns of $S$ have their ones in different rows, so $S^\top S$ has zeros outside its diagonal. On the diagonal it counts the ones in each column: the coverage.

# %% slideshow={"slide_type": "subslide"}
pixels = np.eye(16).reshape(16, 1, 1, 4, 4)  # sixteen images with a single 1
S = np.stack([im2col(pixel, 3).ravel() for pixel in pixels], axis=1)
there_and_back = S.T @ S

figure, (left, right) = plt.subplots(1, 2, figsize=(9, 5.2), width_ratios=(1, 1.5))
for axes, matrix in ((left, S), (right, there_and_back)):
    axes.imshow(matrix, cmap="PuOr", vmin=-6, vmax=6)
left.set(title=f"S, {S.shape[0]} × {S.shape[1]}: a dot is a 1", xlabel="pixel", ylabel="entry of the columns")
left.plot(*np.nonzero(S)[::-1], "k.", markersize=3)
right.set(title="S transposed times S: the coverage", xlabel="pixel", ylabel="pixel")
for p in range(16):
    right.text(p, p, f"{there_and_back[p, p]:.0f}", ha="center", va="center", fontsize=9)
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
# **Read it off.** How many dots are in the column of pixel 5, and in that of pixel 0? Where do you find these numbers on the right?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Name it: the adjoint
#
# For two arrays of one shape, the **inner product** $\langle a, b \rangle$ is the sum of the products of their entries. Lesson 07 called two linear maps adjoint if, for all $x$ and $c$, the inner products agree. im2col and col2im are such a pair:
#
# $$\langle \text{im2col}(x),\, c \rangle = \sum_e \Big( \sum_p S_{e,p}\, x_p \Big) c_e$$
#
# $$= \sum_p x_p \Big( \sum_e S_{e,p}\, c_e \Big) = \langle x,\, \text{col2im}(c) \rangle$$
#
# Only the order of the two sums has changed.
#
# This is what a backward pass is. If $y = Ax$ with any matrix $A$, the chain rule gives $dx_p = \sum_e A_{e,p}\, dy_e$: every linear step sends gradients back by its adjoint.
#
# On the worked example, the left side is $37 \cdot 1 + 47 \cdot 10 + 67 \cdot 100 + 77 \cdot 1000 = 84\,207$, since the columns $c$ are made of the kernel and `DY`. The right side multiplies each pixel by what it collected:
#
# | row | | |
# |---|---|---|
# | 0 | 1 · 1 + 2 · 12 + 3 · 20 | 85 |
# | 1 | 4 · 103 + 5 · 1234 + 6 · 2040 | 18 822 |
# | 2 | 7 · 300 + 8 · 3400 + 9 · 4000 | 65 300 |
# | | | **84 207** |

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Test it with random numbers
#
# The identity is a test that needs no expected values: draw $x$ and $c$ at random, and compare two numbers. It is called the **dot-product test**. A wrong pair hardly ever passes by accident, since the two sums would have to agree for numbers that know nothing of the code.
#
# ### Exercise 2: the adjoint gap
#
# Write `adjoint_gap(forward, adjoint, x, cols)`: one float,
#
# $$\big|\, \langle \text{forward}(x),\, cols \rangle - \langle x,\, \text{adjoint}(cols) \rangle \,\big|$$
#
# - `forward` takes an array like `x` and gives an array like `cols`; `adjoint` goes the other way. `x` and `cols` have any shapes, and need not have the same.
# - With `forward = lambda x: 2 * x`, `adjoint = lambda c: 3 * c`, `x = [1]` and `cols = [10]` the gap is $|2 \cdot 10 - 1 \cdot 30| = 10$.
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
# ## Put your col2im to the test
#
# The cell below draws two images with three channels, takes a 3×2 kernel, stride 2 and padding 1, and asks for the gap between the given `im2col` and your `col2im`.

# %%
rng = np.random.default_rng(0)
images, settings = rng.normal(size=(2, 3, 6, 8)), ((3, 2), 2, 1)
drawn = rng.normal(size=im2col(images, *settings).shape)
try:
    gap = adjoint_gap(
        lambda x: im2col(x, *settings), lambda c: col2im(c, images.shape, *settings), images, drawn
    )
    print(f"columns {drawn.shape}, gap", "below 1e-10" if gap < 1e-10 else f"{gap:.1e}")
except Exception:  # not written yet, or not right yet
    print("This cell waits for your col2im and your adjoint_gap.")

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Find the mistake: the average
#
# Three friends send columns back. Ada adds with `np.add.at`, Bo uses the buffered `+=`, and Cem divides Ada's sums by the coverage: "Pixels in the middle are under more windows. Without the average, their gradient is too large."
#
# For the centre, Cem gets $1234 / 4 = 308.5$.
#
# The cell asks your `adjoint_gap` about all three, then raises the pixel in the centre by 1 and looks at the loss, $L = 1 \cdot y_0 + 10 \cdot y_1 + 100 \cdot y_2 + 1000 \cdot y_3$.
#
# Here $y_q$ is the kernel times column $q$, and `cols` is the kernel times $dy_q$, so $L = \langle \text{im2col}(x),\, cols \rangle$: the 84 207 from above.

# %% slideshow={"slide_type": "subslide"}
def ada(cols):
    dx = np.zeros((3, 3))
    np.add.at(dx, (i, j), cols)
    return dx


def bo(cols):
    dx = np.zeros((3, 3))
    dx[i, j] += cols
    return dx


def cem(cols):
    return ada(cols) / ada(np.ones((4, 4)))


# %% slideshow={"slide_type": "subslide"}
for friend in (ada, bo, cem):
    try:
        gap = f"{adjoint_gap(lambda x: x[i, j], friend, X, cols):.1f}"
    except Exception:  # not written yet, or not right yet
        gap = "waits for your adjoint_gap"
    print(f"{friend.__name__:4} centre {friend(cols)[1, 1]:6.1f}   gap {gap}")
raised = X.copy()
raised[1, 1] += 1
loss_before, loss_after = np.sum(X[i, j] * cols), np.sum(raised[i, j] * cols)
print(f"the loss rises from {loss_before:.0f} to {loss_after:.0f}, by {loss_after - loss_before:.0f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# The loss rises by 1234, and Cem's 308.5 is wrong. The pixel in the middle has a larger gradient because it does have more influence: it changes four outputs.
#
# A gradient says how the loss depends on a pixel. It is not a picture to be put together again.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Derive the whole backward pass
#
# Forwards, with $W^{\text{row}}$ of shape `(F, R)`, $X^{\text{col}}$ of shape `(R, Q)` and $R = C \cdot KH \cdot KW$, $Q = OH \cdot OW \cdot N$:
#
# $$Y_{f,q} = b_f + \sum_{r=0}^{R-1} W^{\text{row}}_{f,r}\; X^{\text{col}}_{r,q}$$
#
# Here $q$ numbers all the columns, those of all images. Let $dY$, shape `(F, Q)`, be the upstream gradient, in the same order. Which outputs does each number reach?
#
# - $W^{\text{row}}_{f,r}$ reaches $Y_{f,q}$ for every $q$, times $X^{\text{col}}_{r,q}$. So $dW^{\text{row}}_{f,r} = \sum_q dY_{f,q}\, X^{\text{col}}_{r,q}$.
# - $X^{\text{col}}_{r,q}$ reaches $Y_{f,q}$ for every $f$, times $W^{\text{row}}_{f,r}$. So $dX^{\text{col}}_{r,q} = \sum_f W^{\text{row}}_{f,r}\, dY_{f,q}$.
# - $b_f$ reaches $Y_{f,q}$ for every $q$, times 1. So $db_f = \sum_q dY_{f,q}$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# In the first sum the index $q$ is the second one of both matrices, in the second the index $f$ is the first one of both. Written as products, one factor has to be transposed:
#
# $$dW^{\text{row}} = dY \, (X^{\text{col}})^\top \qquad\qquad dX^{\text{col}} = (W^{\text{row}})^\top \, dY \qquad\qquad dx = \text{col2im}(dX^{\text{col}})$$
#
# For the batch of lesson 08 the shapes are $(10 \times 500) \cdot (500 \times 27) = 10 \times 27$ and $(27 \times 10) \cdot (10 \times 500) = 27 \times 500$.
#
# With one filter and the place values, $dX^{\text{col}}$ is the kernel as a column times `DY` as a row: the matrix that this lesson began with. And the first entry of $dW^{\text{row}}$ is $1 \cdot 1 + 10 \cdot 2 + 100 \cdot 4 + 1000 \cdot 5 = 5421$, as in lesson 06.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Find the mistake: the columns of another image
#
# Lesson 06 met a backward pass that takes its windows from the image without its zeros. In columns the same slip reads `im2col(image, 2)`, where the forward pass had `im2col(image, 2, 1, 1)`.
#
# Take the image 0 to 15 with padding 1 and a 2×2 kernel. The upstream gradient has 25 entries. How many columns has the unpadded image?

# %%
image, dy_row = np.arange(16.0).reshape(1, 1, 4, 4), np.ones((1, 25))
for padding in (1, 0):
    columns = im2col(image, 2, 1, padding)
    try:
        print(f"padding {padding}: dY {dy_row.shape} times columns {columns.shape}, transposed:", dy_row @ columns.T)
    except ValueError:
        print(f"padding {padding}: dY {dy_row.shape} and columns {columns.shape} do not fit")

# %% [markdown]
# Nine, and the product cannot be taken. Where a stride leaves a remainder, the shapes may agree by luck: 7 pixels and a kernel of 3 with stride 4 give two windows along an axis, with padding 1 and without. Then the sums are wrong without an error.
#
# The backward pass needs the columns of the forward pass. Many layers keep them; here you may make them again.

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
# ### Exercise 3: the backward pass in columns
#
# Write `conv2d_backward_im2col(dy, x, w, stride=1, padding=0)`: the tuple `(dx, dw, db)`, three new arrays of shapes `(N, C, H, W)`, `(F, C, KH, KW)` and `(F,)`.
#
# - `dy` has shape `(N, F, OH, OW)`, `x` shape `(N, C, H, W)`, `w` shape `(F, C, KH, KW)`. Stride and padding are ints or pairs.
# - The worked example, each array with its two missing axes in front, gives `dx` with 1234 in the centre, `dw` `[[5421, 6532], [8754, 9865]]` and `db` `[1111]`.
# - `dw` and `db` are sums over the batch, not means. Pixels that no window reaches get gradient 0.
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
except Exception:  # not written yet, or not right yet
    print("This cell waits for your conv2d_backward_im2col.")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Time the scatter
#
# The safe ways differ in speed. `np.add.at` with index arrays looks every place up in two arrays, for row and column. With one flat index, made beforehand, it looks up one.
#
# Slices look nothing up, since their pixels lie a fixed step apart. The cell times all three on one image with one channel.
#
# **Predict** before you run the cell: how many times as long as the slices do the two index arrays take on your machine? *(No points. If your `col2im` uses `np.add.at` or loops over windows, write it again by kernel places and compare.)*

# %% slideshow={"slide_type": "subslide"}
_, rows, columns = im2col_indices((1, 1, 192, 192), 3)
entries = np.random.default_rng(1).normal(size=rows.shape)
flat_places = (rows * 192 + columns).ravel()


def with_index_arrays():
    dx = np.zeros((192, 192))
    np.add.at(dx, (rows, columns), entries)
    return dx


def with_one_flat_index():
    dx = np.zeros(192 * 192)
    np.add.at(dx, flat_places, entries.ravel())
    return dx.reshape(192, 192)


def yours():
    return col2im(entries, (1, 1, 192, 192), 3)[0, 0]


# %% slideshow={"slide_type": "subslide"} tags=["volatile"]
for way in (with_index_arrays, with_one_flat_index, yours):
    try:
        right = np.allclose(way(), with_one_flat_index())
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
    print(f"{way.__name__:20} {1000 * min(runs):7.2f} ms, {1e9 * min(runs) / entries.size:6.2f} ns an entry")

# %% [markdown]
# Where this lesson was written, index arrays took between ten and twenty times as long as slices, and the prepared flat index up to half as long again as slices.
#
# The flat index pays in memory: it holds one number for each entry of the columns, it is as large as they are, and it is made for one shape only. The slices need nothing prepared.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## An adjoint, not an inverse
#
# **Written answer (2 points, read by a person).** In four to eight sentences:
#
# 1. "col2im is the inverse of im2col: it makes the image from its columns." Refute this with an image and a kernel of your choice, say what `col2im(im2col(x))` is in general, and name a setting in which the sentence is true. *(1 point: a number that refutes it and the coverage; a setting in which the windows tile the image)*
# 2. The backward pass uses the adjoint all the same, and it would be wrong with the inverse or with an average over the windows. Say why, starting from how a pixel influences the loss. *(1 point: a pixel reaches the loss through all of its copies, and the chain rule adds them up)*

# %% [markdown] role="written" exercise="adjoint_not_inverse"
# ### BEGIN SOLUTION
# For a 4×4 image and a 3×3 kernel, the pixel in row 1 and column 1 lies under four windows. If it is 5, it is copied four times and comes back as 20. In general, `col2im(im2col(x))` is the image times the coverage, entry by entry, the number of windows over each pixel. It is the image itself if the windows tile it, for instance with a 2×2 kernel, stride 2, no padding, on an image of even height and width.
#
# The backward pass does not ask for the image but for how the loss depends on each pixel. A pixel that is copied four times changes four entries of the columns, and each of them changes outputs. By the chain rule the loss changes by the sum of the four gradients, which is what col2im, the transpose of the copying matrix, computes.
# Dividing by the coverage would give the mean of the four: a quarter of the true gradient in the middle and the right one in the corners, as if a pixel in the middle had no more influence than one in a corner.
# ### END SOLUTION

# %% [markdown] slideshow={"slide_type": "slide"}
# ## You can now
#
# - send columns back to an image with every sum intact, and spot the two spellings that lose them,
# - say why col2im is the adjoint of im2col and not its inverse, and test any such pair with random numbers,
# - run the layer backwards with two matrix products, for batches, strides and padding.
#
# Forward and backward are complete. In the next lesson they become a layer with weights of its own, which you can stack.
#
# **Further reading**
#
# - Jon Claerbout, *Earth Soundings Analysis: Processing versus Inversion*, 1992, chapter on adjoint operators: the dot-product test, and why adjoints are so often taken for inverses.
# - Andrej Karpathy and others, *CS231n: Convolutional Neural Networks for Visual Recognition*, course notes, section "Implementation as Matrix Multiplication".
# - *NumPy reference*, entry `numpy.ufunc.at`: the addition that does not buffer.
