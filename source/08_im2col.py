# %% [markdown] slideshow={"slide_type": "slide"}
# # Gather patches into columns
#
# You will copy every window of an image into a column of one matrix, so that a whole convolution layer becomes a single matrix product, and find out what that costs and what it gains.
#
# **You need** lesson 04 (the layer on batches of images, with its seven loops), lesson 05 (padding, stride, dilation, the output's shape), the matrix product, and `reshape` and `transpose` in numpy.

# %% [markdown] role="notes"
# 2 minutes. The layer does not change today, only the order in which its numbers lie.

# %% [markdown] slideshow={"slide_type": "skip"}
# **This lesson** has 3 exercises and one written answer, 19 points in all, and takes about 90 minutes.
# Predictions carry no points. Under each answer stands a check; the grade asks the same questions on other numbers.
#
# Inputs are numpy arrays, written as lists for brevity. No exercise may change them, and results are as exact as float64 allows. Where a tuple is asked for, a list counts too.

# %% role="setup"
import time

import matplotlib.pyplot as plt
import numpy as np

from course.checks import check
from course.data import digits
from course.figures import COLOURS, show
from course.widgets import Im2Col

# The worked example: the numbers 0 to 15 as an image, and three kernels.
IMAGE = np.arange(16).reshape(1, 1, 4, 4)
KERNELS = np.array([[[[1, 0], [0, 0]]], [[[1, 1], [1, 1]]], [[[-1, 1], [-1, 1]]]])

# %% [markdown] slideshow={"slide_type": "skip"}
# **Given, from lessons 04 and 05.** Padding, the output's shape, and a helper that reads the settings: `pair(2)` and `pair((2, 2))` both give `(2, 2)`. You may call them in any answer.
# The layer itself, once in seven loops and once with a slice for each window, is there to compare with; answers may not call it.

# %% role="given" from="conv2d_loops.pair, geometry.pad2d, geometry.output_shape, backward_loops.conv2d"
def conv2d_loops(x, w, b, stride=1, padding=0):
    """Correlate (N, C, H, W) with (F, C, KH, KW), add b, (F,), one product at a time."""
    (N, C, H, W), (F, _, KH, KW) = x.shape, w.shape
    (sh, sw), padded = pair(stride), pad2d(x, padding)
    OH, OW = output_shape((H, W), (KH, KW), stride, padding)
    y = np.zeros((N, F, OH, OW))
    for n, f, i, j in np.ndindex(N, F, OH, OW):
        y[n, f, i, j] = b[f]
        for c, u, v in np.ndindex(C, KH, KW):
            y[n, f, i, j] += padded[n, c, i * sh + u, j * sw + v] * w[f, c, u, v]
    return y


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Cut out every window
#
# Take the 4×4 image with the numbers 0 to 15, padded by 1, and a window of 2×2 that moves by 1:
#
# $$\begin{bmatrix} 0&0&0&0&0&0\\ 0&0&1&2&3&0\\ 0&4&5&6&7&0\\ 0&8&9&10&11&0\\ 0&12&13&14&15&0\\ 0&0&0&0&0&0 \end{bmatrix}$$
#
# Lesson 05 counts $(4 + 2 \cdot 1 - 2)/1 + 1 = 5$ windows along each axis, 25 in all. What lies under a window is called its **patch**. The first three are
#
# $$\begin{bmatrix} 0&0\\ 0&0 \end{bmatrix} \qquad \begin{bmatrix} 0&0\\ 0&1 \end{bmatrix} \qquad \begin{bmatrix} 0&0\\ 1&2 \end{bmatrix}$$
#
# **Predict** the fourth patch, row by row, as a list of four numbers.

# %% [markdown] role="notes"
# Let the room write down the fourth patch. Watch for those who forget the zeros.

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

# %% [markdown] role="notes"
# Say both readings: a column is a window, a row is one place in the kernel for all windows.

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
#
# Each patch becomes a column, 25 of them. Each kernel becomes a row, once.

# %% [markdown] role="notes"
# Point at output 12 in the figure and follow its column. Then raise the stride to 2, and the copies of 5 go down to one.

# %%
Im2Col(image=IMAGE, kernel=KERNELS, padding=1, controls=("stride",))

# %% [markdown]
# **Ask the figure.** Which column holds the patch 5, 6, 9, 10, and to how many columns is the pixel 5 copied?
# Then raise the stride to 2: how many copies of 5 are left?
#
# <details><summary>Answer</summary>
#
# Column 12, the middle one of 25. The pixel 5 lies under four windows, once at each place of the kernel, so there are four copies. With stride 2 the windows no longer overlap, and one copy is left.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Add the channels
#
# An image with $C$ channels has patches of $C \cdot KH \cdot KW$ numbers, for a kernel of $KH$ rows and $KW$ columns. Their order has to be that of one kernel in `w`, shape `(F, C, KH, KW)`, once it is flattened: channel by channel, in each the kernel's rows, in each row its columns.
#
# With $c$ for the channel, $u$ for the kernel's row and $v$ for its column, the entry $(c, u, v)$ of a patch stands in row $(c \cdot KH + u) \cdot KW + v$ of `X_col`.
#
# **Predict** what row 11 stands for when there are 3 channels and the kernel is 3×3, as a list $[c, u, v]$.

# %% [markdown] role="notes"
# Row 11 on the board: divide by 9, then by 3. It takes two minutes and saves an hour at home.

# %% role="prediction" exercise="row_eleven"
row_eleven = None  # replace None by a list of three numbers
### BEGIN SOLUTION
row_eleven = [11 // 9, 11 // 3 % 3, 11 % 3]
### END SOLUTION

# %% role="tests" exercise="row_eleven"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Take a batch
#
# A batch of $N$ images has $N$ patches at every position, and all of them go into one matrix, so that one product does the whole batch.
#
# Their order is a convention. In this course the image index runs fastest: the first $N$ columns are window $(0, 0)$ of image 0, of image 1, and so on, then window $(0, 1)$ of all images. Then all patches of one position stand side by side. Other programs put all windows of image 0 first; what matters is that everything after reads the same order.
#
# Window $(i, j)$ of image $n$ stands in column $q = (i \cdot OW + j) \cdot N + n$, and `X_col` has the shape
#
# $$(C \cdot KH \cdot KW, \; OH \cdot OW \cdot N)$$
#
# Take a batch of 5 images with 3 channels of 10×10 pixels, ten kernels of 3×3, padding 1, stride 1.
# **Predict** the shape of `X_col`.

# %% [markdown] role="notes"
# The order is a convention. Say which one, and that everything afterwards has to read the same.

# %% role="prediction" exercise="columns_shape"
columns_shape = None  # replace None by a list of two numbers
### BEGIN SOLUTION
columns_shape = [3 * 3 * 3, 10 * 10 * 5]
### END SOLUTION

# %% role="tests" exercise="columns_shape"

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 1: the columns (6 points)
#
# Write `im2col(x, kernel_size, stride=1, padding=0, dilation=1)`: from images `x`, shape `(N, C, H, W)`, make the columns, a new array of shape `(C * KH * KW, OH * OW * N)`.
#
# - The worked image with `im2col(IMAGE, 2, 1, 1)` gives the 4×25 matrix from above.
# - Rows go by channel, kernel row, kernel column; columns by window, row by row, the image index fastest.
# - Two images `[[[[1, 2]]], [[[3, 4]]]]` with a kernel of `(1, 1)` give `[[1, 3, 2, 4]]`.
# - Each setting is an int or a pair, (for rows, for columns); `pair` reads both. Fractions survive.
#
# Begin with loops over windows and images: one patch, one column. A slice with a step takes the pixels of a dilated window. `sliding_window_view` is welcome too; library functions that unfold images do not count.

# %% role="answer" exercise="im2col"
def im2col(x, kernel_size, stride=1, padding=0, dilation=1):
    """Copy the patch under each window into a column.

    x: (N, C, H, W) images; kernel_size, stride, padding, dilation: ints or pairs;
    returns (C * KH * KW, OH * OW * N).
    """
    ### BEGIN SOLUTION
    (N, C, H, W), (KH, KW) = x.shape, pair(kernel_size)
    (sh, sw), (dr, dc) = pair(stride), pair(dilation)
    OH, OW = output_shape((H, W), kernel_size, stride, padding, dilation)
    padded, cols = pad2d(x, padding), np.zeros((C * KH * KW, OH * OW * N))
    for q, (i, j, n) in enumerate(np.ndindex(OH, OW, N)):
        rows = slice(i * sh, i * sh + dr * (KH - 1) + 1, dr)
        columns = slice(j * sw, j * sw + dc * (KW - 1) + 1, dc)
        cols[:, q] = padded[n, :, rows, columns].ravel()
    return cols
    ### END SOLUTION


# %% role="tests" exercise="im2col"

# %% slideshow={"slide_type": "skip"}
# A cell to try things in: IMAGE, KERNELS and X_col are arrays. Nothing here is graded.
X_col[:, 12].reshape(2, 2)

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
# In the figure, compare columns 0 and 1, and the order of the numbers along a row of `X_col`.

# %% [markdown] role="notes"
# Point at a column of the second image in the figure, and ask to which map its product belongs.

# %%
Im2Col(
    image=[[[[1] * 3] * 3], [[[10] * 3] * 3]],
    kernel=[[[[1, 1], [1, 1]]], [[[2, 2], [2, 2]]]],
    padding=0,
    controls=(),
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Scramble a batch
#
# A learner takes the product, shape `(2, 8)`, and reshapes it straight to `(2, 2, 2, 2)`, for $N$, $F$, $OH$ and $OW$. The shape is the right one, and no error appears.
#
# **Predict** the map of image 0 and filter 0 that comes out, as a list of four numbers.

# %% [markdown] role="notes"
# Let the room predict the four numbers. The shape is right and no error appears: that is the danger.

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
# A reshape never moves a number: it cuts the numbers, in the order in which they stand, into axes of new lengths. So cut each long axis into what it was made of, in the order in which it was made, and only then move the axes.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 2: the layer as one product (6 points)
#
# Write `conv2d_im2col(x, w, b, stride=1, padding=0)`: the layer's output, a new array of shape `(N, F, OH, OW)`, from one matrix product. `x` has shape `(N, C, H, W)`, `w` shape `(F, C, KH, KW)`, `b` shape `(F,)`.
#
# $$y_{n,f,i,j} = b_f + \sum_{t} W^{\text{row}}_{f,t} \; X^{\text{col}}_{t,q} \qquad q = (i \cdot OW + j) \cdot N + n$$
#
# where $t$ runs over the $C \cdot KH \cdot KW$ entries of a kernel. Each filter's bias is added once to each of its outputs.
#
# - The two constant images with `b = [0, 0]` give the table from above.
# - Stride and padding are ints or pairs. Fractions survive.
#
# You may call your `im2col`. The given layers and library calls that convolve do not count.

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
# ## See what no shape can tell
#
# Take five handwritten digits of 8×8 pixels, padding 2, and ten kernels of 3×3. There are 10×10 windows, so $F$, $OH$ and $OW$ are all 10, and the product is 10×500.
#
# The cell makes the product with your `im2col` and goes back to `(5, 10, 10, 10)` in three ways. Filter 0 copies the pixel in the middle of its window, so its map of an image is the image with a border of zeros.
#
# **Predict** before you run it: which of the ways raise an error?

# %% [markdown] role="notes"
# Show the picture and ask which row is right. Then ask which test would have found the other two.

# %% slideshow={"slide_type": "subslide"}
batch = digits()[0][:5, None].astype(float)  # (5, 1, 8, 8)
kernels = np.random.default_rng(1).normal(size=(10, 1, 3, 3))
kernels[0] = [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
try:
    product = kernels.reshape(10, -1) @ im2col(batch, 3, 1, 2)
    ways = {
        "cut in order, axes moved": product.reshape(10, 10, 10, 5).transpose(3, 0, 1, 2),
        "cut in order, two axes exchanged": product.reshape(10, 10, 10, 5).transpose(3, 1, 0, 2),
        "reshaped straight": product.reshape(5, 10, 10, 10),
    }
    figure, panels = plt.subplots(3, 5, figsize=(7.5, 5.4), layout="constrained")
    for row, (way, y) in zip(panels, ways.items()):
        print(f"{way:33} {y.shape}")
        for n, panel in enumerate(row):
            panel.imshow(y[n, 0], cmap="gray_r")
            panel.set(xticks=[], yticks=[])
        row[0].set_ylabel(way.replace(", ", ",\n"))
    for n, panel in enumerate(panels[2]):
        panel.set(xlabel=f"image {n}")
    panels[0, 2].set_title("filter 0 of five images, after three ways back from one product")
    show(
        figure,
        alt="Three rows of five maps, filter 0 of each image. First row: five digits, 0 to 4. "
        "Second row: one strip of all filters for each image, no digit. Third row: noise in "
        "which all five images are mixed.",
    )
except NotImplementedError:
    print("This cell waits for your im2col.")
except Exception as error:
    print("This cell waits for an im2col that runs:", error)

# %% [markdown]
# **Read it off.** None of them does, and all three shapes agree. Which test would find both wrong ways, and which would not?
#
# <details><summary>Answer</summary>
#
# A test of the shape finds neither. Neither does a test of the sum: all three hold the same 5,000 numbers. What finds them is a comparison, entry by entry, with a layer that is known to be right, on a batch in which images and filters differ. Had the sizes all differed, the shape would have shown the second way to be wrong, but not the third.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Race the loops
#
# Seven loops, a slice for each window, and one product do the same multiplications: $5 \cdot 10 \cdot 100 \cdot 27 = 135\,000$ for the batch of the prediction.
#
# The cell times all three on your machine.
# **Predict** before you run it: how many times as fast as the seven loops will each of the others be: 2, 10 or more than 100? *(No points.)*

# %% [markdown] role="notes"
# Collect bets: 2, 10 or more than 100. Each computer gives its own numbers, so run it live if you can.

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


loops_take, slices_take = seconds(conv2d_loops, 2), seconds(conv2d, 3)
print(f"seven loops:  {1000 * loops_take:8.2f} ms")
print(f"slices:       {1000 * slices_take:8.2f} ms, {loops_take / slices_take:.0f} times as fast")
try:
    agree = np.allclose(conv2d_im2col(x, w, b, 1, 1), conv2d(x, w, b, 1, 1))
except Exception:  # not written yet, or not right yet
    agree = False
if agree:
    columns_take = seconds(conv2d_im2col, 20)
    print(f"one product:  {1000 * columns_take:8.2f} ms, {loops_take / columns_take:.0f} times as fast")
else:
    print("This line waits for a conv2d_im2col that agrees with the loops.")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Where the time goes
#
# The multiplications are the same, so the time goes elsewhere.
#
# - **The interpreter.** Each step of a loop in Python looks up names, checks indices and makes number objects. That takes a few hundred nanoseconds around a multiplication that takes less than one.
# - **The call.** A slice hands 27 products to numpy at once, in 5,000 calls. Each call costs a few microseconds, whatever it multiplies.
# - **The processor.** One product is one call of a compiled routine. It multiplies several numbers with one instruction.
# - **The memory.** The routine works on blocks that fit into the **cache**, a small and fast memory, so a number that is fetched once is used many times.
#
# Making `X_col` takes time as well. Most of what is left of yours is spent there.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Count what the copies cost
#
# Neighbouring windows overlap, so a pixel is copied into every column whose window covers it. For one image, `X_col` holds
#
# $$\frac{C \cdot KH \cdot KW \cdot OH \cdot OW}{C \cdot H \cdot W} = KH \cdot KW \cdot \frac{OH \cdot OW}{H \cdot W}$$
#
# times as many numbers as `x`. For large images $OH \approx H / s_h$ and $OW \approx W / s_w$, so it is about $KH \cdot KW / (s_h \cdot s_w)$: the average number of windows over a pixel.
#
# In bytes, with 4 for each number: the first layer of AlexNet makes of one photograph, $3 \times 227 \times 227$, a matrix of $363 \times 3025$. That is 4.4 MB for 0.6 MB of pixels, and 562 MB for its batch of 128.
#
# **Predict** before you run the cell: for which of the six layers does `X_col` hold no more numbers than `x`?

# %% [markdown] role="notes"
# Point at the two bars at 1: their windows do not overlap.

# %% slideshow={"slide_type": "subslide"}
layers = {  # name: channels, image size, kernel size, stride, padding, all square
    "this lesson's batch, 3×3, padding 1": (3, 10, 3, 1, 1),
    "VGG's second, 3×3, padding 1": (64, 224, 3, 1, 1),
    "AlexNet's first, 11×11, stride 4": (3, 227, 11, 4, 0),
    "ResNet's first, 7×7, stride 2, padding 3": (3, 224, 7, 2, 3),
    "a 1×1 layer": (256, 56, 1, 1, 0),
    "a vision transformer's first, 16×16, stride 16": (3, 224, 16, 16, 0),
}
factors = {}
print("X_col of one image, 4 bytes a number")
for name, (C, size, k, s, p) in layers.items():
    OH, OW = output_shape((size, size), k, s, p)
    factors[name] = k * k * OH * OW / size**2
    megabytes = 4 * C * k * k * OH * OW / 1e6
    print(f"{name:47} {C * k * k:4} × {OH * OW:5}  {megabytes:7.2f} MB")

figure, axes = plt.subplots(figsize=(8, 3.2))
bars = axes.barh(list(factors), list(factors.values()), color=COLOURS["positive"])
axes.bar_label(bars, fmt="%.4g", padding=3)
axes.axvline(1, color="0.4", linestyle=":")
axes.invert_yaxis()
axes.set(
    title="Columns take many times the memory of the image",
    xlabel="numbers in X_col for each number in x (dotted: 1)",
    xlim=(0, 14),
)
show(
    figure,
    alt="Bars: how many times larger than the image its columns are. Both 3×3 layers with padding 1: 9. "
    "11×11 with stride 4: 7.103. 7×7 with stride 2: 12.25. 1×1: 1. 16×16 with stride 16: 1.",
)

# %% [markdown]
# **Read it off.** The two layers at 1 have something in common. What can you say about their windows?
#
# <details><summary>Answer</summary>
#
# Their stride is the size of their kernel, so their windows touch and do not overlap. Each pixel is copied once. For a 1×1 kernel `X_col` is the image with its axes in another order, and many libraries skip the copying there.
#
# </details>
#
# **What libraries do.** PyTorch's `torch.nn.Unfold` makes these columns and keeps the images apart: `(N, C * KH * KW, OH * OW)`. The layers themselves mostly never store `X_col`: their routines fetch each piece of it from the image when the product needs it. This is called an *implicit* matrix product (Chetlur and others, 2014).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Gather without loops
#
# Your `im2col` may still loop over windows. numpy can gather all entries at once, if it is told where each one is read: `padded[:, channels, rows, columns]`, with three arrays of indices into the **padded** image.
#
# The pixel's row depends on two things: on the window, through $i$, and on the place in the kernel, through $u$. Each entry is a sum of two terms, one for the row of `X_col` and one for its column.
#
# For a 3×3 image with one channel and a 2×2 kernel, the four rows of `X_col` are $(u, v) = (0,0), (0,1), (1,0), (1,1)$ and the four windows $(i, j)$ are the same pairs. So the pixels' rows are
#
# $$\begin{bmatrix} 0\\0\\1\\1 \end{bmatrix} + \begin{bmatrix} 0&0&1&1 \end{bmatrix} = \begin{bmatrix} 0&0&1&1\\ 0&0&1&1\\ 1&1&2&2\\ 1&1&2&2 \end{bmatrix}$$
#
# numpy adds a column to a row in this way by itself: shapes `(4, 1)` and `(1, 4)` give `(4, 4)`. It is called **broadcasting**.

# %% [markdown] role="notes"
# Broadcasting in one picture: a column plus a row is a table.

# %%
places, windows = np.array([[0], [0], [1], [1]]), np.array([[0, 0, 1, 1]])
print(places.shape, "+", windows.shape, "=", (places + windows).shape)
print(places + windows)

# %% [markdown]
# **Think** before you write: what are the two terms of the pixels' columns in this example? And what do stride and dilation do to each term?
#
# <details><summary>Answer</summary>
#
# The column 0, 1, 0, 1 and the row 0, 1, 0, 1: the sum has the rows 0 1 0 1, 1 2 1 2, 0 1 0 1, 1 2 1 2. The stride multiplies the term of the windows, the dilation that of the places in the kernel.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 3: the indices (5 points)
#
# Write `im2col_indices(x_shape, kernel_size, stride=1, padding=0, dilation=1)`: the tuple `(channels, rows, columns)` of integer arrays that say where in the padded image each entry of `X_col` is read.
#
# - `x_shape` is `(N, C, H, W)`, four ints; the sizes without padding. $N$ plays no part here: one set of indices serves all images.
# - `channels` has shape `(C * KH * KW, 1)`, since it depends on the row of `X_col` alone. `rows` and `columns` have shape `(C * KH * KW, OH * OW)`.
# - `im2col_indices((1, 1, 3, 3), 2)` gives the two sums from above, and four zeros for `channels`.
# - Each of the settings is an int or a pair. The indices count from the corner of the padded image, so none is negative.
#
# Loops are welcome. Without them, `np.arange(...)` with `//` and `%`, or `np.repeat` and `np.tile`, or `np.indices` make the terms.

# %% role="answer" exercise="im2col_indices"
def im2col_indices(x_shape, kernel_size, stride=1, padding=0, dilation=1):
    """Say where in the padded image each entry of the columns is read.

    x_shape: (N, C, H, W) ints; kernel_size, stride, padding, dilation: ints or pairs;
    returns (channels, rows, columns) of shapes (C * KH * KW, 1) and twice (C * KH * KW, OH * OW).
    """
    ### BEGIN SOLUTION
    (_, C, H, W), (KH, KW) = x_shape, pair(kernel_size)
    (sh, sw), (dr, dc) = pair(stride), pair(dilation)
    OH, OW = output_shape((H, W), kernel_size, stride, padding, dilation)
    place = np.arange(C * KH * KW).reshape(-1, 1)
    window = np.arange(OH * OW).reshape(1, -1)
    channels = place // (KH * KW)
    rows = window // OW * sh + place // KW % KH * dr
    columns = window % OW * sw + place % KW * dc
    return channels, rows, columns
    ### END SOLUTION


# %% role="tests" exercise="im2col_indices"

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Use them
#
# `padded[:, channels, rows, columns]` has shape `(N, C * KH * KW, OH * OW)`. Reshaped straight, it would mix the images, as the product did. So the image index moves to the end first. *(No points.)*

# %% slideshow={"slide_type": "subslide"} tags=["volatile"]
def gathered(x, kernel_size, stride=1, padding=0, dilation=1):
    channels, rows, columns = im2col_indices(x.shape, kernel_size, stride, padding, dilation)
    patches = pad2d(x, padding)[:, channels, rows, columns]
    return patches.transpose(1, 2, 0).reshape(len(channels), -1)


try:
    print("the two agree:", np.array_equal(gathered(x, 3, 1, 1), im2col(x, 3, 1, 1)))
    for way in (im2col, gathered):
        start = time.perf_counter()
        for _ in range(20):
            way(x, 3, 1, 1)
        print(f"{way.__name__:9} {(time.perf_counter() - start) / 20 * 1000:6.2f} ms")
except NotImplementedError:
    print("This cell waits for your im2col and your im2col_indices.")
except Exception as error:
    print("This cell waits for an im2col and an im2col_indices that run:", error)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What the columns cost (2 points)
#
# **Written answer (2 points, read by a person).** In four to eight sentences:
#
# 1. A 3×3 kernel with stride 1 and padding 1 makes columns with exactly nine times as many numbers as the image. Yet a pixel in the corner is copied fewer than nine times. How often is it copied, and what fills the rest of `X_col`? *(1 point)*
# 2. Describe a layer and a machine for which you would decide *against* the columns. Say how many bytes they would take there, what you would do instead, and what that costs in time. *(1 point)*

# %% [markdown] role="written" exercise="what_columns_cost"
# ### BEGIN SOLUTION
# *1 point: four times, and the zeros of the padding. 1 point: a setting with its bytes, another way, and its cost in time.*
#
# A pixel in the corner lies under four windows: those whose middle is the pixel itself, its right neighbour, the one below, and the one between. It is copied four times, a pixel on an edge six times, all others nine times. There are as many windows as pixels, and each column has nine entries. The rest are zeros of the padding: five in each of the four corner windows, three in each window along an edge.
#
# A 5×5 layer with 64 channels on photographs of 1024×1024 has columns of 1600 rows and about a million columns: 6.7 GB for one image, more than the memory of a telephone. There I would cut the image into strips and make the columns of one strip at a time, which costs a few more calls and almost no time, or loop over the 25 places of the kernel and add a product for each, which reads and writes the output 25 times.
# The slices need no additional memory at all, but there are about a million windows with a call each: seconds instead of fractions of one.
# ### END SOLUTION

# %% [markdown] slideshow={"slide_type": "slide"}
# ## You can now
#
# - write every window as a column and a whole layer as one matrix product, and say what each row and each column stands for,
# - bring the product back to `(N, F, OH, OW)` without mixing the images, and say why no shape would have told,
# - say where the time of loops goes, what the columns cost in bytes, and gather them by indices.
#
# In the next lesson the columns travel back: what has to happen to a pixel that was copied nine times?
#
# **Further reading**
#
# - Kumar Chellapilla, Sidd Puri and Patrice Simard, *High performance convolutional neural networks for document processing*, 2006: where the unrolled columns come from.
# - Sharan Chetlur and others, *cuDNN: efficient primitives for deep learning*, 2014: the product without stored columns.
# - Andrej Karpathy and others, *CS231n: Convolutional Neural Networks for Visual Recognition*, course notes, section "Implementation as Matrix Multiplication".
