# %% [markdown] slideshow={"slide_type": "slide"}
# # Write convolution as one sparse matrix
#
# You will unroll the layer into one large matrix, read its gradients off that matrix, and turn its transpose into a layer of its own.
#
# **You need** lesson 03 (the oracle), lesson 04 (the layer on images), lesson 05 (stride), lesson 06 (`dx` and `dw` in two dimensions), and products of a matrix with a vector.
#
# **This lesson** has 3 exercises and one written answer, 15 points in all, and takes about 75 minutes.
# Predictions carry no points. Under each answer stands a check; the grade asks the same questions on other numbers.
#
# Inputs are numpy arrays, written as lists for brevity. No exercise may change them, and results are as exact as float64 allows.

# %% role="setup"
import matplotlib.pyplot as plt
import numpy as np

from course.checks import check
from course.figures import COLOURS, show
from course.widgets import MatrixView

# The worked example of this lesson: one image, one kernel, an upstream gradient.
X = np.arange(1.0, 10.0).reshape(3, 3)
W = np.array([[1.0, 2.0], [3.0, 4.0]])
DY = np.array([[1.0, 10.0], [100.0, 1000.0]])

# %% [markdown]
# **Given, from lesson 03.** The oracle and its two companions. They check answers; a call of `numerical_gradient` inside an answer does not count.

# %% role="given" from="gradient_check.numerical_gradient, gradient_check.relative_error, gradient_check.first_mismatch"

# %% [markdown]
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

# %%
M = np.array(
    [
        [1.0, 2.0, 0.0, 3.0, 4.0, 0.0, 0.0, 0.0, 0.0],
        [0.0, 1.0, 2.0, 0.0, 3.0, 4.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 3.0, 4.0, 0.0],
        [0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 3.0, 4.0],
    ]
)
print("M times x:        ", M @ X.ravel())
print("the layer's output:", correlate2d(X, W).ravel())

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Look at the matrix
#
# Point at an output to see its row, at a pixel to see its column, at a weight to see all its **copies**.

# %%
MatrixView([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 2], [3, 4]], selection=0)

# %% [markdown]
# **Ask the figure.** How many copies has each weight? How many weights stand in the column of a corner pixel, how many in that of the middle one, and in which order?
# Then set the stride to 2, or the padding to 1: what becomes of the rows?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Find the place of every weight
#
# Let the image have $H$ rows and $W$ columns, the kernel $KH$ rows and $KW$ columns, and the output $OH = H - KH + 1$ rows and $OW = W - KW + 1$ columns.
# In formulas and shapes $W$ is the number of columns; in the code cells `W` is the kernel of the example.
#
# - Before pixel $(r, q)$ stand $r$ whole image rows of $W$ pixels, and $q$ pixels of its own row. Its place in the unrolled image is $r W + q$.
# - In the same way, output $(i, j)$ has the place $i \cdot OW + j$.
# - In window $(i, j)$, the weight $w_{u,v}$ meets the pixel $(i + u,\, j + v)$.
#
# So $M$ has the shape $(OH \cdot OW,\; H \cdot W)$, and
#
# $$M_{\,i \cdot OW + j,\;\; (i+u) W + (j+v)} = w_{u,v}$$
#
# for $0 \le i < OH$, $0 \le j < OW$, $0 \le u < KH$, $0 \le v < KW$.
#
# All other entries are 0, whatever $w$ is. Mind the two widths: rows of $M$ count with $OW$, columns with $W$.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Count what is not zero
#
# In the example 16 of 36 entries hold a weight. A matrix most of whose entries are 0 is called **sparse**.
#
# **Predict** how many entries hold a weight for an image of 4 × 5 pixels and a kernel of 2 × 3.

# %% role="prediction" exercise="nonzeros_of_matrix"
nonzeros_of_matrix = None  # replace None by your number
### BEGIN SOLUTION
nonzeros_of_matrix = (4 - 2 + 1) * (5 - 3 + 1) * 2 * 3
### END SOLUTION

# %% role="tests" exercise="nonzeros_of_matrix"

# %% [markdown]
# Each row has $KH \cdot KW$ of them, and there are $OH \cdot OW$ rows.
#
# For a photograph of 224 × 224 pixels and a 3 × 3 kernel, $M$ has 49 284 rows and 50 176 columns: 2.5 billion entries, of which 443 556 hold a weight, and all of those are copies of nine numbers.
#
# Nobody stores this matrix whole. It is there to think with: whatever is known about matrices is now known about convolution.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 1: build the matrix
#
# Write `conv_matrix(w, in_hw)`: from a kernel `w`, shape `(KH, KW)`, and the image's size `in_hw`, a pair of ints `(H, W)`, make the matrix $M$, a new array of shape `(OH * OW, H * W)`, so that `M @ x.ravel()` is the correlation of `x` with `w`, unrolled.
#
# - `conv_matrix([[1, 2], [3, 4]], (3, 3))` gives the matrix $M$ of the example.
# - Stride 1, no padding. Images and kernels need not be square, and the kernel may be as large as the image.
# - Fractions survive, and a weight may be 0.
#
# Loops are welcome, and so is everything in numpy. Library calls that build convolution matrices do not count in the answer's cell.

# %% role="answer" exercise="conv_matrix"
def conv_matrix(w, in_hw):
    """Lay the kernel into a matrix, a row for each output.

    w: (KH, KW) kernel, in_hw: (H, W) of the image; returns (OH * OW, H * W).
    """
    ### BEGIN SOLUTION
    (KH, KW), (H, width) = w.shape, in_hw
    OH, OW = H - KH + 1, width - KW + 1
    matrix = np.zeros((OH * OW, H * width))
    for i, j in np.ndindex(OH, OW):
        for u, v in np.ndindex(KH, KW):
            matrix[i * OW + j, (i + u) * width + j + v] = w[u, v]
    return matrix
    ### END SOLUTION


# %% role="tests" exercise="conv_matrix"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Read dx off the columns
#
# Write $y_a$ for output number $a$ and $x_p$ for pixel number $p$, both unrolled (here $p$ numbers pixels; there is no padding). The layer is
#
# $$y_a = \sum_p M_{a,p}\, x_p \qquad\text{so}\qquad \frac{\partial y_a}{\partial x_p} = M_{a,p}$$
#
# The chain rule adds up what all outputs send back to pixel $p$:
#
# $$dx_p = \sum_a dy_a\, M_{a,p} \qquad\text{that is}\qquad dx = M^\top dy$$
#
# The sum runs down a *column* of $M$. **The gradient of the image is the product with the transpose.** That holds for every linear layer, with any stride and padding.

# %%
print("column of the middle pixel:", M[:, 4].astype(int))
print("times dy:                  ", int(M[:, 4] @ DY.ravel()))
print("all of dx:", (M.T @ DY.ravel()).reshape(3, 3).astype(int), sep="\n")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### See the turn
#
# The rows of $M$ hold the kernel as it is: 1, 2, 3, 4. The column of the middle pixel holds it backwards: 4, 3, 2, 1.
#
# The formula of $M$ says why. In the column of pixel $(r, q)$, the row of output $(i, j)$ holds $w_{r-i,\,q-j}$. Down the column $i$ and $j$ rise, so both indices of $w$ fall.
#
# That is the turn by 180 degrees of lesson 06. There you put it in by hand; the transpose does it by itself.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Ask for the gradient of the matrix
#
# Forget for a moment where $M$ comes from. In a **fully connected** layer each of its 36 entries is a weight of its own. $M_{a,p}$ stands in one output only, $y_a$, where it is multiplied by $x_p$:
#
# $$G_{a,p} = \frac{\partial L}{\partial M_{a,p}} = dy_a\, x_p \qquad\text{that is}\qquad G = dy\; x^\top$$
#
# $G$ has the shape of $M$. Call it the **dense** gradient.
#
# The weight $w_{00}$ has four copies in $M$, at (row, column) = (0, 0), (1, 1), (2, 3) and (3, 4).
# **Predict** the gradient of its last copy, $G_{3,4}$.

# %% role="prediction" exercise="copy_gradient"
copy_gradient = None  # replace None by your number
### BEGIN SOLUTION
copy_gradient = 1000 * 5
### END SOLUTION

# %% role="tests" exercise="copy_gradient"

# %%
G = np.outer(DY.ravel(), X.ravel())
print("dense gradient:", G.astype(int), sep="\n")

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Find the mistake: the same as fully connected
#
# A widely read set of notes writes the layer as $M x$, as you did, and goes on: now it is a matrix product like any other, so $M$ is updated as in a fully connected layer, with a small step $\eta$ (eta):
#
# $$M \;\leftarrow\; M - \eta\, G$$
#
# **Predict** before you run the cell: how many of the 36 entries differ from 0 after one such update? What has become of the four copies of $w_{00}$?

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
# - **Sparsity.** 36 entries differ from 0 instead of 16. An output now hears from pixels outside its window.
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
# Raise $w_{u,v}$ by a little, and every copy rises by as much. The chain rule adds up what the copies contribute:
#
# $$dw_{u,v} = \sum_{a,p} G_{a,p}\, \frac{\partial M_{a,p}}{\partial w_{u,v}}$$
#
# $\partial M_{a,p} / \partial w_{u,v}$ is 1 where $M$ holds a copy of $w_{u,v}$ and 0 elsewhere, so only the copies stay in the sum:
#
# $$dw_{u,v} = \sum_{i=0}^{OH-1} \sum_{j=0}^{OW-1} G_{\,i \cdot OW + j,\;\; (i+u) W + (j+v)}$$
#
# For $w_{00}$: $G_{0,0} + G_{1,1} + G_{2,3} + G_{3,4} = 1 + 20 + 400 + 5000 = 5421$.
#
# Put $G_{a,p} = dy_a\, x_p$ in, and it is the formula of lesson 06: $dw_{u,v} = \sum_{i,j} dy_{i,j}\; x_{i+u,\,j+v}$.
#
# Entries of $G$ where $M$ has a 0 do not count. And it is a sum, not a mean: a weight that is used four times moves the loss in four ways, and the four add up.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 2: tie the gradient
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
    (KH, KW), (H, width) = pair(kernel_size), in_hw
    OH, OW = H - KH + 1, width - KW + 1
    dw = np.zeros((KH, KW))
    for i, j in np.ndindex(OH, OW):
        for u, v in np.ndindex(KH, KW):
            dw[u, v] += G[i * OW + j, (i + u) * width + j + v]
    return dw
    ### END SOLUTION


# %% role="tests" exercise="tie_gradient"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Train both ways
#
# Five random images, and the outputs that the kernel of the example gives for them. Two learners start from zeros and see only these: one updates all 36 entries of the matrix, the other the four numbers of a kernel.
#
# Both make their half squared error $L = \tfrac12 \sum (\hat y - y)^2$ smaller, $\hat y$ being the learner's output, shape (4,). So $dy = \hat y - y$, and each update subtracts 0.02 times the gradient, added up over the five images.
#
# **Predict** before you run the cell: which of the two will be right on images that it has not seen?

# %% slideshow={"slide_type": "subslide"}
rng = np.random.default_rng(4)
images, unseen = rng.normal(size=(5, 3, 3)), rng.normal(size=(40, 3, 3))
dense, kernel = np.zeros((4, 9)), np.zeros((2, 2))
copies, shared, errors = [], [], []
for step in range(151):
    copies.append([dense[place] for place in ((0, 0), (1, 1), (2, 3), (3, 4))])
    shared.append(kernel[0, 0])
    off = [correlate2d(x, W).ravel() - dense @ x.ravel() for x in unseen]
    off_shared = [correlate2d(x, W - kernel) for x in unseen]
    errors.append([np.mean(np.square(off)), np.mean(np.square(off_shared))])
    dense_gradient, kernel_gradient = np.zeros((4, 9)), np.zeros((2, 2))
    for x in images:
        dense_gradient += np.outer(dense @ x.ravel() - correlate2d(x, W).ravel(), x)
        kernel_gradient += correlate2d(x, correlate2d(x, kernel - W))  # dw: x correlated with dy
    dense -= 0.02 * dense_gradient
    kernel -= 0.02 * kernel_gradient

# %% slideshow={"slide_type": "subslide"}
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
left.plot(copies, color=COLOURS["negative"], linestyle="--")
left.plot([], color=COLOURS["negative"], linestyle="--", label="its four copies in the dense matrix")
left.plot(shared, color=COLOURS["positive"], linewidth=2.5, label="the kernel's w[0, 0]")
left.axhline(1, color="0.6", linestyle=":")
left.set(title="w[0, 0] should become 1 (dotted)", xlabel="update", ylabel="value")
left.set_ylim(-1, 3.6)
left.legend(loc="upper right")
right.semilogy(np.array(errors)[:, 0], color=COLOURS["negative"], linestyle="--", label="dense: 36 numbers")
right.semilogy(np.array(errors)[:, 1], color=COLOURS["positive"], linewidth=2.5, label="tied: 4 numbers")
right.set(title="Error on 40 unseen images", xlabel="update", ylabel="mean squared error")
right.legend()
show(
    figure,
    alt="Left: the kernel's first weight rises to 1 and stays; its four copies in the "
    "dense matrix go four different ways and stay apart. Right, logarithmic: the tied error on unseen "
    "images falls steadily below a millionth, the dense error falls little and stays above 1.",
)

# %% [markdown]
# **Read it off.** Five images are too few to find 36 numbers: each row of the dense matrix has nine unknowns and sees five equations. The tied learner has four unknowns, and every window of every image tells it something.
#
# Sharing is what lets a convolution layer learn from few images, and what it learns at one position holds at every other.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Use the transpose forwards
#
# $M$ takes 9 numbers to 4. Its transpose takes 4 numbers to 9: a layer that makes a small map *larger*. It is called **transposed convolution**, and networks that draw images use it.
#
# Column by column of $M^\top$, that is, row by row of $M$: each number $y_{ij}$ of the small map lays down $y_{ij}$ times the kernel, where its window was, and what overlaps is added. For the example:
#
# $$\begin{bmatrix} 1 & 10 \\ 100 & 1000 \end{bmatrix} \;\longrightarrow\; \begin{bmatrix} 1 & 12 & 20 \\ 103 & 1234 & 2040 \\ 300 & 3400 & 4000 \end{bmatrix}$$
#
# You know these numbers: they are `dx` of lesson 06. There they were a gradient, here they are an output. The arithmetic is one.
#
# With stride $s$, the kernels are laid down $s$ pixels apart. In one row: $[1, 10, 100]$ with $w = [1, 2, 3]$ and stride 2 gives $[1, 2, 13, 20, 130, 200, 300]$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Find its size
#
# A small map of $H$ rows. The last kernel begins at row $(H - 1)\, s_h$ and is $KH$ rows high, so the result has
#
# $$(H - 1)\, s_h + KH \quad\text{rows, and}\quad (W - 1)\, s_w + KW \quad\text{columns}$$
#
# It is the smallest image from which the layer with that kernel and stride makes $H \times W$ outputs.
#
# **Predict** rows and columns, as a list, for a map of 5 × 3, a kernel of 3 × 3 and stride $(2, 1)$.

# %% role="prediction" exercise="grown_size"
grown_size = None  # replace None by a list of two numbers
### BEGIN SOLUTION
grown_size = [(5 - 1) * 2 + 3, (3 - 1) * 1 + 3]
### END SOLUTION

# %% role="tests" exercise="grown_size"

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Find the mistake: it undoes the convolution
#
# An old name for this layer is "deconvolution", as if it gave back the image that went in. The cell sends the example through $M$ and then through $M^\top$.

# %%
there = M @ X.ravel()
print("there:         ", there)
print("and back again:", (M.T @ there).reshape(3, 3), sep="\n")

# %% [markdown]
# It has the size of the image, and nothing else of it. To undo $M$ you would need its inverse, which a 4 × 9 matrix does not have: 4 numbers cannot hold 9.
#
# What the transpose does promise is this. For a matrix $M$, an image $x$ and a small map $y$,
#
# $$\langle M x,\, y \rangle = \sum_{a,p} y_a\, M_{a,p}\, x_p = \langle x,\, M^\top y \rangle$$
#
# where $\langle\cdot,\cdot\rangle$ multiplies two arrays entry by entry and adds up. Two linear maps for which this holds for **all** $x$ and $y$ are called **adjoint**. It needs no matrix to be tested: random $x$ and $y$, two numbers, one comparison.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Bring the channels in
#
# Let the layer `conv2d` have kernels `w` of shape $(F, C, KH, KW)$: it takes $C$ channels to $F$. Its transpose goes the other way, from $F$ channels to $C$, with **the same array** `w`.
#
# So for the transposed layer the first axis of `w` counts the channels that come *in*, and the second those that go *out*: $(C_\text{in}, C_\text{out}, KH, KW)$. With a small map $y$ of shape $(N, C_\text{in}, H, W)$ the result $z$ is
#
# $$z_{n,d,r,q} = \sum_{c=0}^{C_\text{in}-1} \sum_{i=0}^{H-1} \sum_{j=0}^{W-1} y_{n,c,i,j}\; w_{c,\,d,\,r - i s_h,\,q - j s_w}$$
#
# where $w$ reads as 0 outside its entries, $n$ is the image, $d$ the channel that goes out, $r$ and $q$ are row and column of the result.
#
# Each incoming channel lays down a kernel in every outgoing channel, and the incoming channels add up.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 3: the transposed layer
#
# Write `conv_transpose2d(y, w, stride=1)`: from `y`, shape `(N, C_in, H, W)`, and `w`, shape `(C_in, C_out, KH, KW)`, make a new array of shape `(N, C_out, (H - 1) * sh + KH, (W - 1) * sw + KW)`.
#
# - With one image and one channel, the map `[[1, 10], [100, 1000]]` and the kernel `[[1, 2], [3, 4]]` give `[[1, 12, 20], [103, 1234, 2040], [300, 3400, 4000]]`.
# - `stride` is an int or a pair. It may be longer than the kernel: pixels on which no kernel is laid are 0.
# - No padding and no bias. Fractions survive, whichever of the two holds them.
#
# Lay the kernels down in loops, or slide as in lesson 06; no matrix is needed. As before, library calls that do the layer's work do not count in the answer's cell.

# %% role="answer" exercise="conv_transpose2d"
def conv_transpose2d(y, w, stride=1):
    """Lay a kernel down for every entry of y, and add up.

    y: (N, C_in, H, W) maps, w: (C_in, C_out, KH, KW) kernels, stride: int or pair;
    returns (N, C_out, (H - 1) * sh + KH, (W - 1) * sw + KW).
    """
    ### BEGIN SOLUTION
    (sh, sw), (N, _, H, width) = pair(stride), y.shape
    C_out, KH, KW = w.shape[1:]
    z = np.zeros((N, C_out, (H - 1) * sh + KH, (width - 1) * sw + KW))
    for n, c, i, j in np.ndindex(y.shape):
        z[n, :, i * sh : i * sh + KH, j * sw : j * sw + KW] += y[n, c, i, j] * w[c]
    return z
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
    z = conv_transpose2d(y, w, stride)
    one = np.sum(conv2d(x, w, np.zeros(4), stride) * y)
    other = np.sum(x * z)
    print(f"<conv2d(x), y> = {one:.12f}\n<x, conv_transpose2d(y)> = {other:.12f}")
    oracle = numerical_gradient(lambda x: conv2d(x, w, np.zeros(4), stride), x, y)
    print(f"against the gradient: relative error {relative_error(z, oracle):.1e}")
    print("first mismatch:", first_mismatch(z, oracle))
except NotImplementedError:
    print("This cell waits for your conv_transpose2d.")
except Exception as error:
    print("This cell waits for a conv_transpose2d that runs:", error)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Why not the dense update
#
# **Written answer (2 points, read by a person).** In four to eight sentences:
#
# 1. After the update $M \leftarrow M - \eta\, G$ the layer is no convolution any more. Name the two properties that are lost, and say for each what it means for the outputs. *(1 point: both properties, each with its consequence)*
# 2. A friend ties the copies by their *mean* instead of their sum, "so that large images do not give large gradients". Explain why the sum is the gradient of the kernel, and what the friend's training does instead. *(1 point: the reason from the chain rule, and the effect of the mean)*

# %% [markdown] role="written" exercise="why_not_the_dense_update"
# ### BEGIN SOLUTION
# The first property is sparsity: entries that were 0 become different from 0, so an output depends on pixels outside its window. In the example, 36 entries differ from 0 instead of 16.
# The second is sharing: the copies of one weight receive different gradients and drift apart, so the layer treats one position unlike another, and a pattern that is learned at one place is not known at the next. There is no kernel any more that describes the matrix.
#
# The kernel holds one number $w_{u,v}$, and each of its copies in the matrix rises by as much as it does. By the chain rule the loss changes by the sum of what the copies contribute, so $dw_{u,v}$ is the sum of their gradients.
# The mean is the sum divided by the number of positions. It points the same way, so for one layer it acts like a smaller learning rate, by the factor $1 / (OH \cdot OW)$. It is not the gradient: a gradient check fails, and layers with maps of different sizes learn at different speeds.
# ### END SOLUTION

# %% [markdown] slideshow={"slide_type": "slide"}
# ## You can now
#
# - write the layer as one sparse matrix, and say where each weight stands in it,
# - read `dx` off its transpose, see the turn by 180 degrees in its columns, and tie a dense gradient to a kernel,
# - build the transposed layer, and test any pair of adjoint maps with two numbers.
#
# The matrix is too large to compute with. In the next lesson you will find a small one that does the same work: the kernels as rows, the windows as columns.
#
# **Further reading**
#
# - Vincent Dumoulin and Francesco Visin, *A guide to convolution arithmetic for deep learning*, 2016, chapter 4: the 4 × 16 matrix of a larger example, and transposed convolution drawn from it.
# - Yann LeCun and others, *Backpropagation applied to handwritten zip code recognition*, 1989: the network that made shared weights known.
# - Wenzhe Shi and others, *Is the deconvolution layer the same as a convolutional layer?*, 2016: the many names of the transposed layer, and how they are one.
