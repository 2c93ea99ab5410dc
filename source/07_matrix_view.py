# %% [markdown] slideshow={"slide_type": "slide"}
# # Write convolution as one sparse matrix
#
# You will unroll the layer into one large matrix, read its gradients off that matrix, and turn its transpose into a layer that enlarges a photograph.
#
# **You need** lesson 03 (the oracle), lesson 04 (the layer on images), lesson 05 (stride), lesson 06 (`dx` and `dw` in two dimensions), and products of a matrix with a vector.

# %% [markdown] role="notes"
# 2 minutes. No one computes with this matrix; it is there to think with.

# %% [markdown] slideshow={"slide_type": "skip"}
# **This lesson** has 3 exercises and one written answer, 16 points in all, and takes about 90 minutes.
# Predictions carry no points. Under each answer stands a check; the grade asks the same questions on other numbers.
#
# Inputs are numpy arrays, written as lists for brevity. No exercise may change them, and results are as exact as float64 allows.

# %% role="setup"
import matplotlib.pyplot as plt
import numpy as np

from course.checks import check
from course.data import photograph
from course.figures import COLOURS, show
from course.widgets import MatrixView, TransposedConvolution

# The worked example of this lesson: one image, one kernel, an upstream gradient.
IMAGE = np.arange(1.0, 10.0).reshape(3, 3)
KERNEL = np.array([[1.0, 2.0], [3.0, 4.0]])
DY = np.array([[1.0, 10.0], [100.0, 1000.0]])

# %% [markdown] slideshow={"slide_type": "skip"}
# **Given, from lesson 03.** The oracle and its two companions. They check answers; a call of `numerical_gradient` inside an answer does not count.

# %% role="given" from="gradient_check.numerical_gradient, gradient_check.relative_error, gradient_check.first_mismatch"

# %% [markdown] slideshow={"slide_type": "skip"}
# **Given, from lessons 04 and 05.** The layer for one pair of 2-D arrays, and for batches with stride and padding. You may call the functions of this cell in any answer.

# %% role="given" from="conv2d_loops.pair, geometry.pad2d, conv2d_loops.correlate2d, backward_loops.conv2d"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Unroll one output
#
# Take the image and the kernel of lesson 06, one channel, stride 1, no padding:
#
# $$x = \begin{bmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \\ 7 & 8 & 9 \end{bmatrix} \qquad w = \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix} \qquad y = \begin{bmatrix} 37 & 47 \\ 67 & 77 \end{bmatrix}$$
#
# Write the pixels in one line, row after row, as `x.ravel()` does: 1, 2, 3, 4, 5, 6, 7, 8, 9. The first output uses four of them. Give the others the weight 0:
#
# | | $x_{00}$ | $x_{01}$ | $x_{02}$ | $x_{10}$ | $x_{11}$ | $x_{12}$ | $x_{20}$ | $x_{21}$ | $x_{22}$ |
# |---|---|---|---|---|---|---|---|---|---|
# | $y_{00}$ | 1 | 2 | 0 | 3 | 4 | 0 | 0 | 0 | 0 |
# | $y_{01}$ | 0 | 1 | 2 | 0 | 3 | 4 | 0 | 0 | 0 |
#
# From $y_{00}$ to $y_{01}$ the window moves one pixel to the right, and so do the weights.
#
# **Predict** the row of $y_{10}$, as a list of nine numbers.

# %% [markdown] role="notes"
# Let the room find the places of the four weights in the second row before you show the matrix.

# %% role="prediction" exercise="third_row"
third_row = None  # replace None by a list of nine numbers
### BEGIN SOLUTION
third_row = [0, 0, 0, 1, 2, 0, 3, 4, 0]
### END SOLUTION

# %% role="tests" exercise="third_row"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Put the rows into a matrix
#
# From the second row to the third the weights move by *two* places: the window goes to the next image row. The four rows together are a matrix $M$ of shape $(4, 9)$, a row for each output and a column for each pixel:
#
# $$M = \begin{bmatrix} 1&2&0&3&4&0&0&0&0 \\ 0&1&2&0&3&4&0&0&0 \\ 0&0&0&1&2&0&3&4&0 \\ 0&0&0&0&1&2&0&3&4 \end{bmatrix}$$
#
# Its product with the unrolled image is the unrolled output: $M\, x = y$, with $x$ of shape $(9,)$ and $y$ of shape $(4,)$.

# %% [markdown] role="notes"
# Trace the diagonals with the pointer: from the second to the third row they jump by two.

# %%
M = np.array(
    [
        [1.0, 2.0, 0.0, 3.0, 4.0, 0.0, 0.0, 0.0, 0.0],
        [0.0, 1.0, 2.0, 0.0, 3.0, 4.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 3.0, 4.0, 0.0],
        [0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 3.0, 4.0],
    ]
)
print("M times x:        ", M @ IMAGE.ravel())
print("the layer's output:", correlate2d(IMAGE, KERNEL).ravel())

# %% slideshow={"slide_type": "skip"}
# A cell to try things in: IMAGE, KERNEL, DY and M are arrays. Nothing here is graded.
M[0].reshape(3, 3)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Look at the matrix
#
# Point at an output to see its row of $M$, at a pixel to see its column, at a weight to see all its **copies**.

# %% [markdown] role="notes"
# Point at a weight to see its copies, then at the middle pixel: its column reads 4, 3, 2, 1. Set the stride to 2 at the end.

# %%
MatrixView(IMAGE, KERNEL, selection=0, controls=("stride", "padding"), rule=False)

# %% [markdown]
# **Ask the figure.** How many copies has each weight? How many weights stand in the column of a corner pixel, how many in that of the middle one, and in which order?
# Then set the stride to 2, or the padding to 1: what becomes of the rows?
#
# <details><summary>Answer</summary>
#
# Each weight has four copies, one for each output. The column of a corner pixel holds one weight, that of the middle pixel all four, from top to bottom 4, 3, 2, 1.
#
# With stride 2 one window fits, so one row is left. With padding 1 there are 16 outputs and 16 rows. Rows of windows that reach into the padding hold fewer weights: the padding is 0 and has no column.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Find the place of a pixel
#
# Let the image have $H$ rows and $W$ columns, the kernel $KH$ rows and $KW$ columns, and the output $OH$ rows and $OW$ columns. Then $M$ has the shape $(OH \cdot OW,\; H \cdot W)$.
#
# Take an image of 4 × 5 pixels. Before pixel $(2, 1)$ stand two whole rows of 5 pixels and one pixel of its own row, so its place in `x.ravel()` is $2 \cdot 5 + 1 = 11$.
#
# Outputs are counted in the same way, in rows of their own width. A kernel of 2 × 3 makes 3 × 3 outputs of this image, and output $(2, 1)$ has the place $2 \cdot 3 + 1 = 7$.
#
# So $M$ counts with two widths: its rows with $OW$, its columns with $W$.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Count what is not zero
#
# In the example 16 of 36 entries hold a weight; the others are 0, whatever the kernel is. A matrix most of whose entries are 0 is called **sparse**.
#
# **Predict** how many entries hold a weight for an image of 4 × 5 pixels and a kernel of 2 × 3.

# %% [markdown] role="notes"
# Let the room count for 4 × 5 and 2 × 3 first. The photograph's 2.5 billion entries make the point.

# %% role="prediction" exercise="nonzeros_of_matrix"
nonzeros_of_matrix = None  # replace None by your number
### BEGIN SOLUTION
nonzeros_of_matrix = (4 - 2 + 1) * (5 - 3 + 1) * 2 * 3
### END SOLUTION

# %% role="tests" exercise="nonzeros_of_matrix"

# %% [markdown]
# Each row has $KH \cdot KW$ of them, and there are $OH \cdot OW$ rows.
#
# For a photograph of 224 × 224 pixels and a 3 × 3 kernel, $M$ has 49,284 rows and 50,176 columns: 2.5 billion entries, of which 443,556 hold a weight, and all of those are copies of nine numbers.
#
# Nobody stores this matrix whole. It is there to think with: whatever is known about matrices is now known about convolution.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 1: build the matrix (5 points)
#
# Write `conv_matrix(w, in_hw, stride=1)`: from a kernel `w`, shape `(KH, KW)`, and the image's size `in_hw`, a pair of ints `(H, W)`, make the matrix $M$, a new array of shape `(OH * OW, H * W)`, so that `M @ x.ravel()` is the correlation of `x` with `w`, unrolled.
#
# - `conv_matrix(KERNEL, (3, 3))` gives the matrix $M$ of the example.
# - `stride` is an int or a pair, (for rows, for columns), as in lesson 05; `pair` reads both. There is no padding.
# - With the kernel `[[1, 2]]`, the size `(1, 5)` and stride 3 the matrix is `[[1, 2, 0, 0, 0], [0, 0, 0, 1, 2]]`.
# - Images and kernels need not be square, and the kernel may be as large as the image. Fractions survive, and a weight may be 0.
#
# Which output stands in which row, and which pixel does it read with which weight? Loops are welcome, and so is everything in numpy. Library calls that build convolution matrices do not count in the answer.


# %% role="answer" exercise="conv_matrix"
def conv_matrix(w, in_hw, stride=1):
    """Lay the kernel into a matrix, a row for each output.

    w: (KH, KW) kernel, in_hw: (H, W) of the image, stride: int or pair; returns (OH * OW, H * W).
    """
    ### BEGIN SOLUTION
    (KH, KW), (H, W), (sh, sw) = w.shape, in_hw, pair(stride)
    OH, OW = (H - KH) // sh + 1, (W - KW) // sw + 1
    matrix = np.zeros((OH * OW, H * W))
    for i, j in np.ndindex(OH, OW):
        for u, v in np.ndindex(KH, KW):
            matrix[i * OW + j, (i * sh + u) * W + j * sw + v] = w[u, v]
    return matrix
    ### END SOLUTION


# %% role="tests" exercise="conv_matrix"

# %% [markdown]
# <details><summary>The same in one formula</summary>
#
# $$M_{\,i \cdot OW + j,\;\; (i s_h + u) W + (j s_w + v)} = w_{u,v}$$
#
# for $0 \le i < OH$, $0 \le j < OW$, $0 \le u < KH$, $0 \le v < KW$, with the stride $(s_h, s_w)$. All other entries are 0.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Read dx off the columns
#
# Write $y_q$ for output number $q$ and $x_r$ for pixel number $r$, both unrolled. The layer is
#
# $$y_q = \sum_r M_{q,r}\, x_r \qquad\text{so}\qquad \frac{\partial y_q}{\partial x_r} = M_{q,r}$$
#
# The chain rule adds up what all outputs send back to pixel $r$:
#
# $$dx_r = \sum_q dy_q\, M_{q,r} \qquad\text{that is}\qquad dx = M^\top dy$$
#
# The sum runs down a *column* of $M$. **The gradient of the image is the product with the transpose.** That holds for every linear layer, with any stride and padding.

# %% [markdown] role="notes"
# The sentence of the lesson: the gradient of the image is the transpose times dy.

# %%
print("column of the middle pixel:", M[:, 4].astype(int))
print("times dy:                  ", int(M[:, 4] @ DY.ravel()))
print("all of dx:", (M.T @ DY.ravel()).reshape(3, 3).astype(int), sep="\n")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### See the turn
#
# The rows of $M$ hold the kernel as it is: 1, 2, 3, 4. The column of the middle pixel holds it backwards: 4, 3, 2, 1.
#
# Going down the column, the window moves on and the pixel does not. So the pixel lies ever nearer to the window's first place: $(u, v)$ runs backwards through the kernel, $(1, 1)$, $(1, 0)$, $(0, 1)$, $(0, 0)$.
#
# That is the turn by 180 degrees of lesson 06. There you put it in by hand; the transpose does it by itself.

# %% [markdown] role="notes"
# The turn by 180 degrees was put in by hand in lesson 06; here nobody did anything.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Ask for the gradient of the matrix
#
# Forget for a moment where $M$ comes from. In a **fully connected** layer each of its 36 entries is a weight of its own. $M_{q,r}$ stands in one output only, $y_q$, where it is multiplied by $x_r$:
#
# $$G_{q,r} = \frac{\partial L}{\partial M_{q,r}} = dy_q\, x_r \qquad\text{that is}\qquad G = dy\; x^\top$$
#
# $G$ has the shape of $M$. Call it the **dense** gradient.
#
# The weight $w_{01}$, a 2, has four copies in $M$, at (row, column) = (0, 1), (1, 2), (2, 4) and (3, 5).
# **Predict** the gradient of its last copy, $G_{3,5}$.

# %% role="prediction" exercise="copy_gradient"
copy_gradient = None  # replace None by your number
### BEGIN SOLUTION
copy_gradient = 1000 * 6
### END SOLUTION

# %% role="tests" exercise="copy_gradient"

# %%
G = np.outer(DY.ravel(), IMAGE.ravel())
print("dense gradient:", G.astype(int), sep="\n")

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A common slip: update it like a fully connected layer
#
# The layer is a matrix product like any other, so why not update $M$ as a fully connected layer is updated, with a small **learning rate** $lr$?
#
# $$M \;\leftarrow\; M - lr \cdot G$$
#
# **Predict** before you run the cell: how many of the 36 entries differ from 0 after one such update? What has become of the four copies of $w_{00}$?

# %% [markdown] role="notes"
# Ask how many entries differ from 0 after one step. Nearly nobody says all 36.

# %%
updated = M - 1e-5 * G
copies = [updated[place] for place in ((0, 0), (1, 1), (2, 3), (3, 4))]
print("entries that are not 0, before:", np.count_nonzero(M), " after:", np.count_nonzero(updated))
print("the copies of w[0, 0]:", np.round(copies, 5))
print("outputs for an image of ones, before:", M @ np.ones(9))
print("outputs for an image of ones, after: ", np.round(updated @ np.ones(9), 5))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What is lost
#
# Two things that made the matrix a convolution are gone after one step.
#
# - **Sparsity.** 36 entries differ from 0 instead of 16. An output now depends on pixels outside its window.
# - **Sharing.** The four copies of $w_{00}$ are 0.99999, 0.9998, 0.996 and 0.95. A kernel has one value at one place, not four.
#
# On the image of ones the outputs were all 10, and now they differ. The layer no longer does the same thing at every position, and no kernel can describe it.
#
# The gradient $G$ is right, for a layer with 36 weights. This layer has 4.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Tie the copies together
#
# The entries of $M$ are not free. All copies of $w_{u,v}$ are one number, and the zeros are no weights at all.
#
# Raise $w_{u,v}$ by a little, and every copy rises by as much. The chain rule adds up what this does to the loss:
#
# $$dw_{u,v} = \sum_{q,r} G_{q,r}\, \frac{\partial M_{q,r}}{\partial w_{u,v}}$$
#
# **Think** before you go on: what is $\partial M_{q,r} / \partial w_{0,0}$ for each of the 36 entries, and which number is $dw_{0,0}$ in the example?
#
# <details><summary>Answer</summary>
#
# It is 1 where $M$ holds a copy of $w_{00}$, at (0, 0), (1, 1), (2, 3) and (3, 4), and 0 elsewhere. So
# $dw_{00} = G_{0,0} + G_{1,1} + G_{2,3} + G_{3,4} = 1 + 20 + 400 + 5000 = 5421$, as in lesson 06.
#
# </details>

# %% [markdown] role="notes"
# The usual question: sum or mean? The chain rule adds; the written answer asks why.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 2: tie the gradient (3 points)
#
# Write `tie_gradient(G, kernel_size, in_hw)`: from a dense gradient `G`, shape `(OH * OW, H * W)`, make the gradient of the kernel, a new array of shape `(KH, KW)`.
#
# - `kernel_size` is an int or a pair `(KH, KW)`, `in_hw` a pair of ints `(H, W)`. Stride 1, no padding, nothing need be square.
# - With the $G$ of the example, `tie_gradient(G, 2, (3, 3))` gives `[[5421, 6532], [8754, 9865]]`.
# - `G` may be any array of its shape; it need not be a product of some `dy` and `x`. Fractions survive.
#
# `pair` is given, and you may call your `conv_matrix`.


# %% role="answer" exercise="tie_gradient"
def tie_gradient(G, kernel_size, in_hw):
    """Sum a dense gradient over the copies of each weight.

    G: (OH * OW, H * W) dense gradient, kernel_size: int or (KH, KW), in_hw: (H, W) of the image;
    returns (KH, KW).
    """
    ### BEGIN SOLUTION
    (KH, KW), (H, W) = pair(kernel_size), in_hw
    OH, OW = H - KH + 1, W - KW + 1
    dw = np.zeros((KH, KW))
    for i, j in np.ndindex(OH, OW):
        for u, v in np.ndindex(KH, KW):
            dw[u, v] += G[i * OW + j, (i + u) * W + j + v]
    return dw
    ### END SOLUTION


# %% role="tests" exercise="tie_gradient"

# %% [markdown]
# <details><summary>The same in one formula</summary>
#
# $$dw_{u,v} = \sum_{i=0}^{OH-1} \sum_{j=0}^{OW-1} G_{\,i \cdot OW + j,\;\; (i+u) W + (j+v)}$$
#
# Put $G_{q,r} = dy_q\, x_r$ in, and it is the formula of lesson 06: $dw_{u,v} = \sum_{i,j} dy_{i,j}\; x_{i+u,\,j+v}$.
# Entries of $G$ where $M$ has a 0 that is no weight do not count.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Train both ways
#
# Five random images, and the outputs that the kernel of the example gives for them. Two learners start from zeros and see only these: one updates all 36 entries of a matrix, the other the four numbers of a kernel.
#
# Both make half their squared error smaller, $L = \tfrac12 \sum (y - \text{target})^2$, $y$ being the learner's output, shape (4,), and the target what the kernel gives. So $dy = y - \text{target}$, and each update subtracts 0.02 times the gradient, added up over the five images.
#
# Both start from the same dense gradient. The only difference is one call of your `tie_gradient`.
#
# **Predict** before you run the cells: which of the two will be right on the five images, and which on images that it has not seen?

# %% [markdown] role="notes"
# Show the error on the five images first, and only then on unseen ones.

# %% slideshow={"slide_type": "subslide"}
rng = np.random.default_rng(4)
images, unseen = rng.normal(size=(5, 9)), rng.normal(size=(40, 9))


def train(update, steps=200):
    """Train a matrix on the five images: what it is at last, and its errors (steps, 2)."""
    learner, errors = np.zeros((4, 9)), []
    for _ in range(steps):
        errors.append([np.mean((x @ (learner - M).T) ** 2) for x in (images, unseen)])
        G = sum(np.outer((learner - M) @ x, x) for x in images)
        learner = update(learner, 0.02 * G)
    return learner, np.array(errors)


def dense_update(learner, step):
    return learner - step


def tied_update(learner, step):
    kernel = learner[0, [0, 1, 3, 4]].reshape(2, 2)  # the weights in the first row
    return conv_matrix(kernel - tie_gradient(step, 2, (3, 3)), (3, 3))


# %% slideshow={"slide_type": "subslide"}
try:
    (dense, dense_errors), (tied, tied_errors) = train(dense_update), train(tied_update)
    figure, panels = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained", sharey=True)
    for panel, errors, title in zip(
        panels, (dense_errors, tied_errors), ("Dense: 36 numbers", "Tied: 4 numbers")
    ):
        panel.semilogy(errors[:, 0], color=COLOURS["positive"], label="the five images")
        panel.semilogy(
            errors[:, 1], color=COLOURS["negative"], linestyle="--", label="40 unseen images"
        )
        panel.set(title=title, xlabel="update", ylabel="mean squared error", ylim=(1e-6, 100))
        panel.legend()
    show(
        figure,
        alt="Two logarithmic charts over 200 updates. Dense: the error on the five images falls "
        "below a hundredth, that on unseen images stays above 10. Tied: both errors fall "
        "together below a millionth.",
    )
    print("the four copies of w[0, 0], dense:", np.round(dense[[0, 1, 2, 3], [0, 1, 3, 4]], 2))
    print("the four copies of w[0, 0], tied: ", np.round(tied[[0, 1, 2, 3], [0, 1, 3, 4]], 2))
except NotImplementedError:
    print("This cell waits for your conv_matrix and your tie_gradient.")
except Exception as error:
    print("This cell waits for a conv_matrix and a tie_gradient that run:", error)

# %% [markdown]
# **Read it off.** Both learners fit their five images. Which of them has learned the layer, and why does the other one go wrong although its error is small?
#
# <details><summary>Answer</summary>
#
# Five images are too few to find 36 numbers: each row of the dense matrix has nine unknowns and gets five equations. Infinitely many matrices fit the five images, and nothing leads to the right one. The four unknowns of the tied learner get twenty equations, since every window of every image says something about the same four numbers.
#
# A small error on the images of the training says nothing about the next image.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Use the transpose forwards
#
# $M$ takes 9 numbers to 4. Its transpose takes 4 numbers to 9: a layer that makes a small map *larger*. It is called **transposed convolution**, and networks that draw images use it.
#
# Column by column of $M^\top$, that is, row by row of $M$: each number $y_{i,j}$ of the small map lays down $y_{i,j}$ times the kernel, where its window was, and what overlaps is added. For the example:
#
# $$\begin{bmatrix} 1 & 10 \\ 100 & 1000 \end{bmatrix} \;\longrightarrow\; \begin{bmatrix} 1 & 12 & 20 \\ 103 & 1234 & 2040 \\ 300 & 3400 & 4000 \end{bmatrix}$$
#
# These are the numbers of `dx` in lesson 06. There they were a gradient, here they are an output. The arithmetic is the same.
#
# With stride $s$, the kernels are laid down $s$ pixels apart. In one row: $[1, 10, 100]$ with $w = [1, 2, 3]$ and stride 2 gives $[1, 2, 13, 20, 130, 200, 300]$.

# %% [markdown] role="notes"
# Lay down the kernel three times on the board and add where it overlaps.

# %% slideshow={"slide_type": "subslide"}
TransposedConvolution(DY, KERNEL, controls=("stride",), rule=False)

# %% [markdown]
# **Ask the figure.** Press **Step** and watch the output grow, kernel by kernel. Which entries of the map reach the middle pixel, and through which weights?
#
# **Predict** before you change it: with stride 2, how many pixels does the output have, and on how many of them do kernels overlap? And with stride 3?
#
# <details><summary>Answer</summary>
#
# All four entries reach the middle pixel, each through a weight of its own: 1 · 4 + 10 · 3 + 100 · 2 + 1000 · 1 = 1234.
#
# With stride 2 the output has 4 × 4 pixels. The kernels lie side by side, so none overlap. With stride 3 it has 5 × 5, and no kernel lies on the row and the column in the middle: they stay 0.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Find its size
#
# In the row above 3 numbers became 7. Where does the last kernel begin, and where does it end?
#
# **Predict** rows and columns, as a list, for a map of 5 × 3, a kernel of 3 × 3 and stride $(2, 1)$.

# %% role="prediction" exercise="grown_size"
grown_size = None  # replace None by a list of two numbers
### BEGIN SOLUTION
grown_size = [(5 - 1) * 2 + 3, (3 - 1) * 1 + 3]
### END SOLUTION

# %% role="tests" exercise="grown_size"

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A common slip: it undoes the convolution
#
# An old name for this layer is "deconvolution", as if it gave back the image that went in. The cell sends the example through $M$ and then through $M^\top$.

# %% [markdown] role="notes"
# Ask whether four numbers can hold nine. That settles the name deconvolution.

# %%
there = M @ IMAGE.ravel()
print("there:         ", there)
print("and back again:", (M.T @ there).reshape(3, 3), sep="\n")

# %% [markdown]
# It has the size of the image and none of its numbers. To undo $M$ you would need its inverse, which a 4 × 9 matrix does not have: 4 numbers cannot hold 9.
#
# What the transpose does promise is this. For a matrix $M$, an image $x$ and a small map $y$,
#
# $$\langle M x,\, y \rangle = \sum_{q,r} y_q\, M_{q,r}\, x_r = \langle x,\, M^\top y \rangle$$
#
# where $\langle\cdot,\cdot\rangle$ multiplies two arrays entry by entry and adds up. Two linear maps for which this holds for **all** $x$ and $y$ are called **adjoint**. It needs no matrix to be tested: random $x$ and $y$, two numbers, one comparison.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Bring the channels in
#
# Let the layer `conv2d` have kernels `w` of shape $(F, C, KH, KW)$: it takes $C$ channels to $F$. Its transpose goes the other way, from $F$ channels to $C$, with **the same array** `w`.
#
# So for the transposed layer the first axis of `w` counts the channels that come *in*, and the second those that go *out*: $(C_\text{in}, C_\text{out}, KH, KW)$.
#
# Each incoming channel lays down a kernel in every outgoing channel, and the incoming channels add up.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 3: the transposed layer (6 points)
#
# Write `conv_transpose2d(y, w, stride=1)`: from `y`, shape `(N, C_in, H, W)`, and `w`, shape `(C_in, C_out, KH, KW)`, make a new array of shape `(N, C_out, (H - 1) * sh + KH, (W - 1) * sw + KW)`.
#
# - With one image and one channel, the map `[[1, 10], [100, 1000]]` and the kernel `[[1, 2], [3, 4]]` give `[[1, 12, 20], [103, 1234, 2040], [300, 3400, 4000]]`.
# - `stride` is an int or a pair. It may be longer than the kernel: pixels on which no kernel is laid are 0.
# - No padding and no bias. Fractions survive, whichever of the two holds them.
#
# Lay the kernels down in loops, or slide as in lesson 06; no matrix is needed. Library calls that do the layer's work do not count in the answer.


# %% role="answer" exercise="conv_transpose2d"
def conv_transpose2d(y, w, stride=1):
    """Lay a kernel down for every entry of y, and add up.

    y: (N, C_in, H, W) maps, w: (C_in, C_out, KH, KW) kernels, stride: int or pair;
    returns (N, C_out, (H - 1) * sh + KH, (W - 1) * sw + KW).
    """
    ### BEGIN SOLUTION
    (sh, sw), (N, _, H, W) = pair(stride), y.shape
    C_out, KH, KW = w.shape[1:]
    grown = np.zeros((N, C_out, (H - 1) * sh + KH, (W - 1) * sw + KW))
    for n, c, i, j in np.ndindex(y.shape):
        grown[n, :, i * sh : i * sh + KH, j * sw : j * sw + KW] += y[n, c, i, j] * w[c]
    return grown
    ### END SOLUTION


# %% role="tests" exercise="conv_transpose2d"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Put the adjoint to the test
#
# The cell compares $\langle \text{conv2d}(x),\, y \rangle$ with $\langle x,\, \text{conv\_transpose2d}(y) \rangle$ for random arrays, and your result with the gradient that the oracle of lesson 03 finds for `conv2d`. *(No points.)*

# %%
rng = np.random.default_rng(8)
w, stride = rng.normal(size=(4, 3, 2, 3)), (2, 1)
x, y = rng.normal(size=(2, 3, 6, 7)), rng.normal(size=(2, 4, 3, 5))
try:
    grown = conv_transpose2d(y, w, stride)
    one = np.sum(conv2d(x, w, np.zeros(4), stride) * y)
    other = np.sum(x * grown)
    print(f"<conv2d(x), y> = {one:.6f}\n<x, conv_transpose2d(y)> = {other:.6f}")
    oracle = numerical_gradient(lambda x: conv2d(x, w, np.zeros(4), stride), x, y)
    error = relative_error(grown, oracle)
    print(
        "against the gradient: relative error", "below 1e-10" if error < 1e-10 else f"{error:.1e}"
    )
    print("first mismatch:", first_mismatch(grown, oracle))
except NotImplementedError:
    print("This cell waits for your conv_transpose2d.")
except Exception as error:
    print("This cell waits for a conv_transpose2d that runs:", error)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Enlarge a photograph
#
# Now use your layer for what it is made for. A map of 48 × 64 pixels, cut out of a photograph, is enlarged with stride 2, once with a kernel of 3 × 3 and once with one of 4 × 4. All entries of a kernel are equal, so nothing is drawn on purpose.
#
# First let a map of ones go through the layer, with a kernel of ones: every pixel of the result then counts the kernels that lie on it.
#
# **Predict** which numbers stand in the result for 3 × 3 and stride 2, away from the edge, and which for 4 × 4.

# %% [markdown] role="notes"
# Ask which kernel leaves a pattern: the one whose size the stride does not divide.

# %% slideshow={"slide_type": "skip"}
small = photograph().mean(axis=0)[8:104:2, ::2]  # brightness, (48, 64)
try:
    counts = conv_transpose2d(np.ones((1, 1, 4, 4)), np.ones((1, 1, 3, 3)), 2)[0, 0]
    print("kernels on each pixel, 3 by 3:", counts.astype(int), sep="\n")
    counts = conv_transpose2d(np.ones((1, 1, 4, 4)), np.ones((1, 1, 4, 4)), 2)[0, 0]
    print("kernels on each pixel, 4 by 4:", counts.astype(int), sep="\n")
    figure, panels = plt.subplots(1, 3, figsize=(11, 3.4), layout="constrained")
    panels[0].imshow(small, cmap="gray")
    panels[0].set(title="the map, 48 × 64")
    for panel, size in zip(panels[1:], (3, 4)):
        kernel = np.full((1, 1, size, size), 4 / size**2)
        panel.imshow(conv_transpose2d(small[None, None], kernel, 2)[0, 0], cmap="gray")
        panel.set(title=f"enlarged with {size} × {size}, stride 2")
    for panel in panels:
        panel.set(xlabel="column", ylabel="row")
    show(
        figure,
        alt="A grey picture of a tower with tiled roofs in three versions: the small map; enlarged with 3 by 3 "
        "kernels, covered all over by a fine checkerboard of bright and dark pixels; enlarged "
        "with 4 by 4 kernels, soft and without a pattern.",
    )
except NotImplementedError:
    print("This cell waits for your conv_transpose2d.")
except Exception as error:
    print("This cell waits for a conv_transpose2d that runs:", error)

# %% [markdown]
# The **checkerboard** is no fault of your layer. It is the layer: where the stride does not divide the kernel's size, some pixels lie under more kernels than others. It can be seen in images that networks with this layer have drawn, and it has a paper of its own (Odena and others, 2016).
#
# **Ask the cell.** Which other kernel sizes leave no pattern with stride 2, and which with stride 3? Change them and look.
#
# <details><summary>Answer</summary>
#
# With 3 × 3 and stride 2 a pixel away from the edge lies under 1, 2 or 4 kernels; with 4 × 4 under 4, all of them alike. There is no pattern where the stride divides the kernel's size: 2, 4, 6, … with stride 2, and 3, 6, … with stride 3.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# The layer of a framework has two more settings. **Padding** $p$ is that of the convolution whose transpose it is. There it adds pixels on each side, so here it cuts them off: the output is **cropped**. Dilation $d$ makes gaps in the kernel, as in lesson 05. On each axis $n$ entries then become
#
# $$(n - 1)\, s + d\,(k - 1) + 1 - 2p \quad\text{pixels.}$$
#
# **Predict:** does cropping take the checkerboard away? And what becomes of the coverage with stride 2 and dilation 2?

# %%
TransposedConvolution(np.ones((4, 4)), np.ones((3, 3)), stride=2)

# %% [markdown]
# <details><summary>Answer</summary>
#
# Cropping takes rows and columns off at the edges. The pattern inside stays as it is.
#
# With stride 2 and dilation 2 all steps are even: nine kernels or none lie on a pixel away from the edges, and three of four pixels are 0. It is the lattice of holes that lesson 12 finds in dilated layers.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Why not the dense update (2 points)
#
# **Written answer (2 points, read by a person).** In four to eight sentences:
#
# 1. Sharing supposes something about images. Say what, name a kind of picture or a task for which it does not hold, and what a layer without sharing would need there. *(1 point)*
# 2. A friend ties the copies by their *mean* instead of their sum, "so that large images do not give large gradients". Explain why the sum is the gradient of the kernel, and what the friend's training does instead. *(1 point)*

# %% [markdown] role="written" exercise="why_not_the_dense_update"
# ### BEGIN SOLUTION
# *1 point: a pattern means the same wherever it stands; a case in which it does not; more weights and therefore more images. 1 point: the reason from the chain rule, and the effect of the mean.*
#
# Sharing supposes that a pattern means the same wherever it stands, so that what is learned at one place is of use at all others. It does not hold where the place matters: passport photographs, in which the eyes always stand in one region and the mouth in another, or forms with a field for each number.
# A layer without sharing has a kernel for each position. It needs as many weights as positions times kernel entries, and enough images to find all of them: a row with nine unknowns needs nine independent images at least, where the kernel of this lesson needs one.
#
# The kernel holds one number $w_{u,v}$, and each of its copies in the matrix rises by as much as it does. By the chain rule the loss changes by the sum of what the copies contribute, so $dw_{u,v}$ is the sum of their gradients.
# The mean is the sum divided by the number of positions. It points the same way, so for one layer it acts like a smaller learning rate, by the factor $1 / (OH \cdot OW)$. It is not the gradient: a gradient check fails, and layers with maps of different sizes learn at different speeds.
# ### END SOLUTION

# %% [markdown] slideshow={"slide_type": "slide"}
# ## You can now
#
# - write the layer as one sparse matrix, and say where each weight stands in it,
# - read `dx` off its transpose, see the turn by 180 degrees in its columns, and tie a dense gradient to a kernel,
# - build the transposed layer, test any pair of adjoint maps with two numbers, and say where a checkerboard comes from.
#
# The matrix is too large to compute with. In the next lesson you will find a small one that does the same work: the kernels as rows, the windows as columns.
#
# **Further reading**
#
# - Vincent Dumoulin and Francesco Visin, *A guide to convolution arithmetic for deep learning*, 2016, chapter 4: the 4 × 16 matrix of a larger example, and transposed convolution drawn from it.
# - Augustus Odena, Vincent Dumoulin and Chris Olah, *Deconvolution and checkerboard artifacts*, Distill, 2016.
# - Yann LeCun and others, *Backpropagation applied to handwritten zip code recognition*, 1989: the network that made shared weights known.
