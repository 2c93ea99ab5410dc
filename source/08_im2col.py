# %% [markdown] slideshow={"slide_type": "slide"}
# # Gather patches into columns
#
# You will copy every window of an image into a column of one matrix, so that a whole convolution layer becomes a single matrix product.
#
# **You need** lesson 04 (the layer on batches of images, with its seven loops), lesson 05 (padding, stride, dilation, the output's shape), the matrix product, and `reshape` and `transpose` in numpy.
#
# **This lesson** has 3 exercises and one written answer, 19 points in all, and takes about 75 minutes.
# Predictions carry no points. Under each answer stands a check; the grade asks the same questions on other numbers.
#
# Inputs are numpy arrays, written as lists for brevity. No exercise may change them, and results are as exact as float64 allows.

# %% role="setup"
import time

import matplotlib.pyplot as plt
import numpy as np

from course.checks import check
from course.figures import COLOURS, show
from course.widgets import Im2Col

# The worked example: the numbers 0 to 15 as an image, and three kernels.
IMAGE = np.arange(16).reshape(1, 1, 4, 4)
KERNELS = np.array([[[[1, 0], [0, 0]]], [[[1, 1], [1, 1]]], [[[-1, 1], [-1, 1]]]])

# %% [markdown]
# **Given, from lessons 04 and 05.** The padding, the output's shape and the layer in loops, and a helper that reads the settings: `pair(2)` and `pair((2, 2))` both give `(2, 2)`. You may call `pair`, `pad2d` and `output_shape` in any answer; `conv2d_loops` is there to compare with.

# %% role="given" from="conv2d_loops.pair, geometry.pad2d, geometry.output_shape"
def conv2d_loops(x, w, b, stride=1, padding=0):
    """Correlate (N, C, H, W) with (F, C, KH, KW), add b, (F,), one product at a time."""
    (N, C, H, W), (F, _, KH, KW) = x.shape, w.shape
    (sh, sw), padded = pair(stride), pad2d(x, padding)
    OH, OW = output_shape((H, W), (KH, KW), stride, padding)
    y = np.zeros((N, F, OH, OW))
    for n, f, oh, ow in np.ndindex(N, F, OH, OW):
        y[n, f, oh, ow] = b[f]
        for c, u, v in np.ndindex(C, KH, KW):
            y[n, f, oh, ow] += padded[n, c, oh * sh + u, ow * sw + v] * w[f, c, u, v]
    return y


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Cut out every window
#
# Take the 4×4 image with the numbers 0 to 15, padded by 1, and a window of 2×2 that moves by 1:
#
# $$\begin{bmatrix} 0&0&0&0&0&0\\ 0&0&1&2&3&0\\ 0&4&5&6&7&0\\ 0&8&9&10&11&0\\ 0&12&13&14&15&0\\ 0&0&0&0&0&0 \end{bmatrix}$$
#
# Lesson 05 counts $(4 - 2 + 2 \cdot 1)/1 + 1 = 5$ windows along each axis, 25 in all. What lies under a window is called its **patch**. The first three are
#
# $$\begin{bmatrix} 0&0\\ 0&0 \end{bmatrix} \qquad \begin{bmatrix} 0&0\\ 0&1 \end{bmatrix} \qquad \begin{bmatrix} 0&0\\ 1&2 \end{bmatrix}$$
#
# **Predict** the fourth patch, row by row, as a list of four numbers.

# %% role="prediction" exercise="fourth_patch"
fourth_patch = None  # replace None by a list of four numbers
### BEGIN SOLUTION
fourth_patch = [0, 0, 2, 3]
### END SOLUTION

# %% role="tests" exercise="fourth_patch"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Write each patch as a column
#
# Read a patch row by row and write its numbers below each other. The patch $\begin{bmatrix} 0&0\\ 2&3 \end{bmatrix}$ becomes the column $0, 0, 2, 3$.
#
# Put the columns of all windows side by side, the windows row by row too. The matrix is called `X_col`; here it has shape `(4, 25)`, one row for each place in the kernel, one column for each window.
#
# Making it is called **im2col**, image to columns. Its first row holds the top left number of every patch, its last row the bottom right one.

# %%
padded = pad2d(IMAGE, 1)[0, 0]
X_col = np.array(
    [
        padded[:5, :5].ravel(),  # row 0: the top left number of every patch
        padded[:5, 1:].ravel(),
        padded[1:, :5].ravel(),
        padded[1:, 1:].ravel(),
    ]
)
print("X_col", X_col.shape)
for row in X_col:
    print(" ".join(f"{number:2d}" for number in row))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Multiply once
#
# Write each kernel as a **row**, in the same order: $\begin{bmatrix} -1&1\\ -1&1 \end{bmatrix}$ becomes $-1, 1, -1, 1$. Three kernels make a matrix `W_row` of shape `(3, 4)`.
#
# One output is the sum of the products of a kernel and a patch, entry by entry. That is a row times a column:
#
# $$\begin{bmatrix} 1&0&0&0\\ 1&1&1&1\\ -1&1&-1&1 \end{bmatrix} \begin{bmatrix} 5\\ 6\\ 9\\ 10 \end{bmatrix} = \begin{bmatrix} 5\\ 30\\ 2 \end{bmatrix}$$
#
# The first kernel copies the top left number, the second adds all four, the third takes right minus left.
#
# With all columns at once, $(3 \times 4) \cdot (4 \times 25) = 3 \times 25$: every kernel meets every window. Each row of the product holds one output map of 5×5, so a reshape gives the layer's output, `(1, 3, 5, 5)`.

# %%
Im2Col(image=IMAGE, kernel=KERNELS, padding=1)

# %% [markdown]
# **Ask the figure.** Which column holds the patch 5, 6, 9, 10, and to how many columns is the pixel 5 copied?
# Then raise the stride to 2: how many copies of 5 are left?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Find the mistake: the fourth patch
#
# A widely read derivation works through this very image. It makes three slips within a few lines:
#
# 1. It counts the windows as $4 - 2/1 + 1 = 5$.
# 2. It shows the patches "for the top edge" as $X_0, X_1, X_2$ from above, and $X_3 = \begin{bmatrix} 0&0\\ 3&0 \end{bmatrix}$.
# 3. It says that for all 25 locations the *filter* is stretched out into a column, which makes the 4×25 matrix.
#
# Lesson 01 mended the first. For the second, compare with column 3 of `X_col`.
# For the third, the cell below builds the matrix of the stretched filters and multiplies, with the kernel 1, 2, 3, 4.

# %%
W_row = np.array([[1, 2, 3, 4]])
stretched_filters = np.repeat(W_row.T, 25, axis=1)
print("columns 3 and 4 of X_col:", X_col[:, 3], X_col[:, 4])
print("filters as columns:", (W_row @ stretched_filters)[0, :8], "...")
print("patches as columns:", (W_row @ X_col)[0, :8], "...")

# %% [markdown]
# What the derivation calls $X_3$ is the fifth patch of the top edge. The fourth, with 2 and 3, is skipped.
#
# The stretched filters give $1 + 4 + 9 + 16 = 30$ everywhere: no pixel of the image takes part. It is each **patch** that becomes a column, 25 of them. The filter becomes a row, once.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Number the rows
#
# An image with $C$ channels has patches of $C \cdot KH \cdot KW$ numbers, for a kernel of $KH$ rows and $KW$ columns. Their order has to be that of one kernel in `w`, shape `(F, C, KH, KW)`, once it is flattened: channel by channel, in each the kernel's rows, in each row its columns.
#
# With $c$ for the channel, $u$ for the kernel's row and $v$ for its column, the entry $(c, u, v)$ stands in row
#
# $$r = (c \cdot KH + u) \cdot KW + v$$
#
# Backwards, with $\lfloor\;\rfloor$ for the whole part of a division and mod for its remainder:
#
# $$c = \left\lfloor \frac{r}{KH \cdot KW} \right\rfloor \qquad u = \left\lfloor \frac{r}{KW} \right\rfloor \bmod KH \qquad v = r \bmod KW$$
#
# **Predict** what row 11 stands for when there are 3 channels and the kernel is 3×3, as a list $[c, u, v]$.

# %% role="prediction" exercise="row_eleven"
row_eleven = None  # replace None by a list of three numbers
### BEGIN SOLUTION
row_eleven = [11 // 9, 11 // 3 % 3, 11 % 3]
### END SOLUTION

# %% role="tests" exercise="row_eleven"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Number the columns
#
# In lessons 04 to 07 the window was $(i, j)$ and the pixel $(r, q)$. From here on the window is $(oh, ow)$; $k, i, j$ are channel, row and column in the padded image, as in most code for im2col, and $r, q$ row and column of `X_col`.
#
# The windows of one image go row by row: window $(oh, ow)$ of $OH \cdot OW$ has the number
#
# $$q = oh \cdot OW + ow \qquad\text{so}\qquad oh = \left\lfloor \frac{q}{OW} \right\rfloor \qquad ow = q \bmod OW$$
#
# Where does the window lie? In the **padded** image it begins at row $oh \cdot s_h$ and column $ow \cdot s_w$, with the stride $(s_h, s_w)$. Inside it, kernel row $u$ lies $u \cdot d_h$ further down and kernel column $v$ lies $v \cdot d_w$ further to the right, with the dilation $(d_h, d_w)$.
#
# So with one image, `X_col`'s entry in row $r$ and column $q$ is read from channel $k$, row $i$ and column $j$ of the padded image:
#
# $$k = c \qquad\qquad i = oh \cdot s_h + u \cdot d_h \qquad\qquad j = ow \cdot s_w + v \cdot d_w$$
#
# Each of $i$ and $j$ is a sum of two terms: one that depends on the row $r$ alone, through $u$ or $v$, and one that depends on the column $q$ alone, through $oh$ or $ow$.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Add a column to a row
#
# For a 3×3 image with one channel and a 2×2 kernel, the four rows are $(u, v) = (0,0), (0,1), (1,0), (1,1)$ and the four windows $(oh, ow)$ are the same pairs. With stride and dilation 1:
#
# $$i = \begin{bmatrix} 0\\0\\1\\1 \end{bmatrix} + \begin{bmatrix} 0&0&1&1 \end{bmatrix} = \begin{bmatrix} 0&0&1&1\\ 0&0&1&1\\ 1&1&2&2\\ 1&1&2&2 \end{bmatrix}$$
#
# $$j = \begin{bmatrix} 0\\1\\0\\1 \end{bmatrix} + \begin{bmatrix} 0&1&0&1 \end{bmatrix} = \begin{bmatrix} 0&1&0&1\\ 1&2&1&2\\ 0&1&0&1\\ 1&2&1&2 \end{bmatrix}$$
#
# numpy adds a column to a row in this way by itself: shapes `(4, 1)` and `(1, 4)` give `(4, 4)`. It is called **broadcasting**.
#
# The channel depends on the row alone, so `k` stays a column, `(4, 1)`, and is spread out when it meets `i` and `j` in `padded[:, k, i, j]`.

# %%
rows, windows = np.array([[0], [0], [1], [1]]), np.array([[0, 0, 1, 1]])
print(rows.shape, "+", windows.shape, "=", (rows + windows).shape)
print(rows + windows)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 1: the indices
#
# Write `im2col_indices(x_shape, kernel_size, stride=1, padding=0, dilation=1)`: the tuple `(k, i, j)` of integer arrays that say where in the padded image each entry is read.
#
# - `x_shape` is `(N, C, H, W)`, four ints; the sizes without padding. $N$ plays no part here.
# - `k` has shape `(C * KH * KW, 1)`, `i` and `j` have shape `(C * KH * KW, OH * OW)`.
# - `im2col_indices((1, 1, 3, 3), 2)` gives the `i` and `j` from above, and a `k` of four zeros.
# - Each of the settings is an int or a pair, (for rows, for columns): `pair` reads both.
# - The indices count from the corner of the padded image, so none is negative.
#
# Loops are welcome. Without them, `np.arange(...)` with `//` and `%`, or `np.repeat` and `np.tile`, make the two terms.

# %% role="answer" exercise="im2col_indices"
def im2col_indices(x_shape, kernel_size, stride=1, padding=0, dilation=1):
    """Say where in the padded image each entry of the columns is read.

    x_shape: (N, C, H, W) ints; kernel_size, stride, padding, dilation: ints or pairs;
    returns (k, i, j): channels (C * KH * KW, 1), rows and columns (C * KH * KW, OH * OW).
    """
    ### BEGIN SOLUTION
    (_, C, H, W), (KH, KW) = x_shape, pair(kernel_size)
    (sh, sw), (dh, dw) = pair(stride), pair(dilation)
    OH, OW = output_shape((H, W), kernel_size, stride, padding, dilation)
    r = np.arange(C * KH * KW).reshape(-1, 1)
    q = np.arange(OH * OW).reshape(1, -1)
    k = r // (KH * KW)
    i = q // OW * sh + r // KW % KH * dh
    j = q % OW * sw + r % KW * dw
    return k, i, j
    ### END SOLUTION


# %% role="tests" exercise="im2col_indices"

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Find the mistake: clockwise
#
# A comment in a well-known piece of code says that the windows begin in the top left corner and go round clockwise.
#
# The image 1 to 9 of lesson 04 has four windows of 2×2. Clockwise, the third would be the bottom right one. Its output map with the kernel 1, 2, 3, 4 is
#
# $$\begin{bmatrix} 37&47\\ 67&77 \end{bmatrix}$$
#
# Which map comes out when the columns are in clockwise order and the product is reshaped to 2×2?

# %%
row_by_row = np.array([[1, 2, 4, 5], [2, 3, 5, 6], [4, 5, 7, 8], [5, 6, 8, 9]])
clockwise = np.array([[1, 2, 5, 4], [2, 3, 6, 5], [4, 5, 8, 7], [5, 6, 9, 8]])
for name, columns in (("row by row", row_by_row), ("clockwise", clockwise)):
    print(f"{name:10}", (np.array([1, 2, 3, 4]) @ columns).reshape(2, 2).tolist())

# %% [markdown]
# 77 and 67 change places, since a reshape fills the map row by row. The code under that comment goes row by row as well; the word is wrong, not the code.
#
# Any order of the windows would do, as long as what comes after reads the columns in the same one. The same holds for the order inside a patch, which the kernels have to share.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Take a batch
#
# A batch of $N$ images has $N$ patches at every position, and all of them go into one matrix. In this course the image index runs fastest: the first $N$ columns are window $(0, 0)$ of image 0, of image 1, and so on.
#
# Window $(oh, ow)$ of image $n$ stands in column $q = (oh \cdot OW + ow) \cdot N + n$, and `X_col` has the shape
#
# $$(C \cdot KH \cdot KW, \; OH \cdot OW \cdot N)$$
#
# Take a batch of 5 images with 3 channels of 10×10 pixels, ten kernels of 3×3, padding 1, stride 1.
# **Predict** the shape of `X_col`.

# %% role="prediction" exercise="columns_shape"
columns_shape = None  # replace None by a list of two numbers
### BEGIN SOLUTION
columns_shape = [3 * 3 * 3, 10 * 10 * 5]
### END SOLUTION

# %% role="tests" exercise="columns_shape"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Move the axes, then reshape
#
# The indices read all images at once: `padded[:, k, i, j]`, where `padded` has shape `(N, C, H + 2 ph, W + 2 pw)`, has shape
#
# $$(N, \; C \cdot KH \cdot KW, \; OH \cdot OW)$$
#
# The columns need the image index last, then merged with the windows. `transpose` says which of the old axes comes first, second, third; `reshape` then merges neighbours and moves nothing.
#
# Try it on an array that spells out where each entry is from: hundreds for the image, tens for the row, ones for the window.

# %%
spelled = 100 * np.arange(2)[:, None, None] + 10 * np.arange(2)[:, None] + np.arange(3)
print("(N, rows, windows):", spelled.shape)
print(spelled)
print("reshaped without moving axes:")
print(spelled.reshape(2, 6))

# %% [markdown]
# Look at the last lines: a row of columns should hold one place of the patch, the same tens digit throughout. It does not, so the axes have to move first.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 2: the columns
#
# Write `im2col(x, kernel_size, stride=1, padding=0, dilation=1)`: from images `x`, shape `(N, C, H, W)`, make the columns, a new array of shape `(C * KH * KW, OH * OW * N)`.
#
# - The worked image with `im2col(IMAGE, 2, 1, 1)` gives the 4×25 matrix from above.
# - Rows go by channel, kernel row, kernel column; columns by window, row by row, the image index fastest.
# - Two images `[[[[1, 2]]], [[[3, 4]]]]` with a kernel of `(1, 1)` give `[[1, 3, 2, 4]]`.
# - Fractions survive, and settings may be ints or pairs.
#
# You may call your `im2col_indices`; its indices point into the padded image. Loops over windows, slices and `sliding_window_view` are welcome too; library functions that unfold images do not count.

# %% role="answer" exercise="im2col"
def im2col(x, kernel_size, stride=1, padding=0, dilation=1):
    """Copy the patch under each window into a column.

    x: (N, C, H, W) images; kernel_size, stride, padding, dilation: ints or pairs;
    returns (C * KH * KW, OH * OW * N).
    """
    ### BEGIN SOLUTION
    k, i, j = im2col_indices(x.shape, kernel_size, stride, padding, dilation)
    patches = pad2d(x, padding)[:, k, i, j]  # (N, C * KH * KW, OH * OW)
    return patches.transpose(1, 2, 0).reshape(len(k), -1)
    ### END SOLUTION


# %% role="tests" exercise="im2col"

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Find the mistake: ten by nine
#
# For the batch from above, the derivation with the skipped patch calls `X_col` 27×500 at first. In its second half, its comments flatten the kernels, `(10, 3, 3, 3)`, "from 10x3x3x3 to 10x9", and go on with columns of "9x500".
#
# How many numbers has one of these kernels? Run the product with both shapes.

# %%
X_col_of_batch = np.zeros((27, 500))
for rows in (9, 27):
    try:
        print(f"10×{rows} times 27×500 gives", (np.zeros((10, rows)) @ X_col_of_batch).shape)
    except ValueError:
        print(f"10×{rows} times 27×500 cannot be multiplied: {rows} is not 27")
print("one kernel holds", np.zeros((10, 3, 3, 3))[0].size, "numbers")

# %% [markdown]
# The channels were forgotten: each kernel spans all 3 of them, $3 \cdot 3 \cdot 3 = 27$. The flattened kernels are 10×27, and the product is $(10 \times 27) \cdot (27 \times 500) = 10 \times 500$.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Give each image its maps back
#
# The product has shape $(F, \; OH \cdot OW \cdot N)$: a row for each filter, and along it the columns' order, image index fastest. The layer's output is `(N, F, OH, OW)`.
#
# Two constant images show what a wrong way back does. One is all 1, the other all 10, both 3×3. Two kernels of 2×2, all 1 and all 2, give 4 and 8 on the first image, 40 and 80 on the second:
#
# | | filter 0 | filter 1 |
# |---|---|---|
# | image 0 | 4, 4, 4, 4 | 8, 8, 8, 8 |
# | image 1 | 40, 40, 40, 40 | 80, 80, 80, 80 |
#
# In the figure, compare columns 0 and 1, and the order of the numbers along a row of the columns.

# %%
Im2Col(
    image=[[[[1] * 3] * 3], [[[10] * 3] * 3]],
    kernel=[[[[1, 1], [1, 1]]], [[[2, 2], [2, 2]]]],
    padding=0,
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Scramble a batch
#
# A learner takes the product, shape `(2, 8)`, and reshapes it straight to `(2, 2, 2, 2)`, for $N$, $F$, $OH$ and $OW$. The shape is the right one, and no error appears.
#
# **Predict** the map of image 0 and filter 0 that comes out, as a list of four numbers.

# %% role="prediction" exercise="scrambled_map"
scrambled_map = None  # replace None by a list of four numbers
### BEGIN SOLUTION
scrambled_map = [4, 40, 4, 40]
### END SOLUTION

# %% role="tests" exercise="scrambled_map"

# %%
columns = np.tile([1, 10], (4, 4))  # four windows of each image, the image index fastest
product = np.array([[1, 1, 1, 1], [2, 2, 2, 2]]) @ columns
print("product", product.shape)
print(product)
scrambled = product.reshape(2, 2, 2, 2)
for n in range(2):
    print(f"image {n}:", " and ".join(str(scrambled[n, f].ravel()) for f in range(2)))

# %% [markdown]
# Every map mixes both images, and image 1 has got the second filter's outputs for both of its maps.
#
# In the batch of five from above, $F$, $OH$ and $OW$ are all 10. There even a wrong order of the axes keeps the right shape, and only the numbers can tell.
#
# So cut each long axis into what it is made of, in the order in which it was built, and only then move the axes.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 3: the layer as one product
#
# Write `conv2d_im2col(x, w, b, stride=1, padding=0)`: the layer's output, a new array of shape `(N, F, OH, OW)`, from one matrix product. `x` has shape `(N, C, H, W)`, `w` shape `(F, C, KH, KW)`, `b` shape `(F,)`.
#
# $$y_{n,f,oh,ow} = b_f + \sum_{r} W^{\text{row}}_{f,r} \; X^{\text{col}}_{r,q} \qquad q = (oh \cdot OW + ow) \cdot N + n$$
#
# where $r$ runs over the $C \cdot KH \cdot KW$ entries of a kernel. Each filter's bias is added once to each of its outputs.
#
# - The two constant images with `b = [0, 0]` give the table from above.
# - Stride and padding are ints or pairs. Fractions survive.
#
# You may call what you have written. `conv2d_loops` and library calls that convolve do not count.

# %% role="answer" exercise="conv2d_im2col"
def conv2d_im2col(x, w, b, stride=1, padding=0):
    """Compute the layer as kernels in rows times patches in columns.

    x: (N, C, H, W) images, w: (F, C, KH, KW) kernels, b: (F,) biases; stride, padding: ints or pairs;
    returns (N, F, OH, OW).
    """
    ### BEGIN SOLUTION
    F, _, KH, KW = w.shape
    OH, OW = output_shape(x.shape[2:], (KH, KW), stride, padding)
    y = w.reshape(F, -1) @ im2col(x, (KH, KW), stride, padding) + b.reshape(F, 1)
    return y.reshape(F, OH, OW, len(x)).transpose(3, 0, 1, 2)
    ### END SOLUTION


# %% role="tests" exercise="conv2d_im2col"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Race the loops
#
# Seven loops and one product do the same multiplications: $5 \cdot 10 \cdot 100 \cdot 27 = 135\,000$ for the batch from above.
#
# The cell below times both on your machine, yours against the given loops.
# **Predict** before you run it: will yours be 2, 10 or more than 100 times as fast? *(No points.)*

# %% slideshow={"slide_type": "subslide"} tags=["volatile"]
rng = np.random.default_rng(8)
x, w, b = rng.normal(size=(5, 3, 10, 10)), rng.normal(size=(10, 3, 3, 3)), rng.normal(size=10)


def seconds(layer, times):
    """Return the shortest of several runs of a layer on the batch, in seconds."""
    runs = []
    for _ in range(times):
        start = time.perf_counter()
        layer(x, w, b, 1, 1)
        runs.append(time.perf_counter() - start)
    return min(runs)


try:
    agree = np.allclose(conv2d_im2col(x, w, b, 1, 1), conv2d_loops(x, w, b, 1, 1))
except Exception:  # not written yet, or not right yet
    agree = False
if agree:
    columns_take, loops_take = seconds(conv2d_im2col, 20), seconds(conv2d_loops, 2)
    print(f"loops:   {1000 * loops_take:8.2f} ms")
    print(f"columns: {1000 * columns_take:8.2f} ms, {loops_take / columns_take:.0f} times as fast")
else:
    print("This cell waits for a conv2d_im2col that agrees with the loops.")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Count what the copies cost
#
# Nothing is free. Neighbouring windows overlap, so a pixel is copied into every column whose window covers it. For one image, `X_col` holds
#
# $$\frac{C \cdot KH \cdot KW \cdot OH \cdot OW}{C \cdot H \cdot W} = KH \cdot KW \cdot \frac{OH \cdot OW}{H \cdot W}$$
#
# times as many numbers as `x`. For large images $OH \approx H / s_h$ and $OW \approx W / s_w$, so it is about $KH \cdot KW / (s_h \cdot s_w)$: the average number of windows over a pixel.
#
# **Predict** before you run the cell: for which of the six layers does `X_col` hold no more numbers than `x`?

# %%
layers = {  # name: image size, kernel size, stride, padding, all square
    "this lesson's batch, 3×3, padding 1": (10, 3, 1, 1),
    "digits, 5×5, padding 2": (28, 5, 1, 2),
    "AlexNet's first, 11×11, stride 4": (227, 11, 4, 0),
    "ResNet's first, 7×7, stride 2, padding 3": (224, 7, 2, 3),
    "a 1×1 layer": (56, 1, 1, 0),
    "a vision transformer's first, 16×16, stride 16": (224, 16, 16, 0),
}
factors = {}
for name, (size, k, s, p) in layers.items():
    OH, OW = output_shape((size, size), k, s, p)
    factors[name] = k * k * OH * OW / size**2

figure, axes = plt.subplots(figsize=(8, 3.2))
bars = axes.barh(list(factors), list(factors.values()), color=COLOURS["positive"])
axes.bar_label(bars, fmt="%.4g", padding=3)
axes.axvline(1, color="0.4", linestyle=":")
axes.invert_yaxis()
axes.set(
    title="Columns take many times the memory of the image",
    xlabel="numbers in X_col for each number in x (dotted: 1)",
    xlim=(0, 28),
)
show(
    figure,
    alt="Bars: how many times larger than the image its columns are. 3×3 with padding 1: 9. 5×5 with "
    "padding 2: 25. 11×11 with stride 4: 7.103. 7×7 with stride 2: 12.25. 1×1: 1. 16×16 with "
    "stride 16: 1.",
)

# %% [markdown]
# **Read it off.** The two layers at 1 have something in common. What can you say about their windows?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What the columns cost
#
# **Written answer (2 points, read by a person).** In four to eight sentences:
#
# 1. A 3×3 kernel with stride 1 and padding 1 makes columns with nine times as many numbers as the image. Say where the nine comes from, and name a kernel size and a stride, with a kernel larger than 1×1 and not among the bars above, for which nothing is copied twice. *(1 point: how often a pixel is copied, and a setting whose windows do not overlap)*
# 2. The columns need more memory, and the number of multiplications is the same as in the loops. Say why they are so much faster all the same, and when you might decide against them. *(1 point: what the one product does that the loops in Python cannot, and one situation in which memory decides)*

# %% [markdown] role="written" exercise="what_columns_cost"
# ### BEGIN SOLUTION
# A pixel inside the image lies under nine windows, once at each place of the kernel, and every window copies it into its own column; with padding 1 there are as many windows as pixels, and each column has nine numbers. A pixel is copied once at most if the windows do not overlap, that is, if the stride is at least as large as the kernel: 2×2 with stride 2, for instance.
#
# In the loops, Python interprets every single multiplication, with its indices and its bounds checks, which takes far longer than multiplying. The product is one call of a compiled routine that reads contiguous memory, uses each number several times while it is in the cache, and multiplies several numbers at once.
# With a large batch, large images or large kernels the columns may no longer fit into the memory or the cache, 25 times the image for 5×5 with stride 1; then one works image by image, or without columns.
# ### END SOLUTION

# %% [markdown] slideshow={"slide_type": "slide"}
# ## You can now
#
# - write every window as a column and a whole layer as one matrix product, and say what each row and each column stands for,
# - compute from the indices where an entry was read, with channels, stride, padding and dilation,
# - bring the product back to `(N, F, OH, OW)` without mixing the images, and say what the copies cost.
#
# In the next lesson the columns travel back: what has to happen to a pixel that was copied nine times?
#
# **Further reading**
#
# - Kumar Chellapilla, Sidd Puri and Patrice Simard, *High performance convolutional neural networks for document processing*, 2006: where the unrolled columns come from.
# - Andrej Karpathy and others, *CS231n: Convolutional Neural Networks for Visual Recognition*, course notes, section "Implementation as Matrix Multiplication".
# - Minsik Cho and Daniel Brand, *MEC: memory-efficient convolution for deep neural network*, 2017: columns with fewer copies.
