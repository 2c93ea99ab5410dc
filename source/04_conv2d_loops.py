# %% [markdown] slideshow={"slide_type": "slide"}
# # Convolve images with seven loops
#
# You will lay a kernel on an image, filter a photograph with weights of your own, let the kernel sum over colours, and write the whole layer of a neural network: batch, filters, bias, stride and padding.
#
# **You need** lesson 01 (cross-correlation, padding, stride, the length formula) and numpy arrays with several axes, at the level of `x[0, 2, 1:3]` and `x.shape`.

# %% [markdown] role="notes"
# 2 minutes. Everything is lesson 01 once more for each axis. The new idea of today is the sum over channels.

# %% [markdown] slideshow={"slide_type": "skip"}
# **This lesson** has 2 exercises and one written answer, 18 points in all, and takes about 85 minutes.
# Predictions carry no points. Under each answer stand its checks; the grade asks the same questions on other numbers.
#
# Inputs are numpy arrays, written as lists for brevity; the arrays of the worked example are `IMAGE` and `KERNEL`. No exercise may change its inputs, and results are as exact as float64 allows.

# %% role="setup"
import matplotlib.pyplot as plt
import numpy as np

from course.checks import check
from course.data import photograph
from course.figures import COLOURS, show
from course.widgets import Im2Col, KernelLab, PaddingAndStride

# The worked example of this lesson.
IMAGE = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
KERNEL = np.array([[1, 2], [3, 4]])

# %% [markdown] slideshow={"slide_type": "skip"}
# **Given, from lesson 01**, and a small helper. You may call both in any answer.

# %% role="given" from="sliding_window.output_length"
def pair(value):
    """Read a setting for rows and columns: 2 gives (2, 2), and (2, 1) stays (2, 1)."""
    return (value, value) if np.ndim(value) == 0 else tuple(value)


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Lay a kernel on an image
#
# A grey image is an array `x` of shape `(H, W)`: $H$ rows of $W$ pixels, each a brightness.
# The **kernel** `w`, shape `(KH, KW)`, now has rows and columns too:
#
# $$x = \begin{bmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \\ 7 & 8 & 9 \end{bmatrix} \qquad w = \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}$$
#
# Lay it on the top left corner, multiply each pixel by the weight on it, and add up:
#
# $$1 \cdot 1 + 2 \cdot 2 + 4 \cdot 3 + 5 \cdot 4 = 37$$
#
# One column to the right it is 47, and one row below the first place it is 67.
#
# **Predict** the fourth and last number.

# %% [markdown] role="notes"
# 4 minutes. Compute 37 with the room and let them write down the last window's sum.

# %% role="prediction" exercise="last_window"
last_window = None  # replace None by your number
### BEGIN SOLUTION
last_window = 5 * 1 + 6 * 2 + 8 * 3 + 9 * 4
### END SOLUTION

# %% role="tests" exercise="last_window"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Say it as a formula
#
# The window has a row $i$ and a column $j$ where it begins. Inside it, $u$ counts the rows and $v$ the columns:
#
# $$y_{i,j} = \sum_{u=0}^{KH-1} \; \sum_{v=0}^{KW-1} x_{i+u,\; j+v}\; w_{u,v}$$
#
# It is lesson 01's formula, once for each axis, and each axis has its own length: $i$ goes from $0$ to $H - KH$, $j$ from $0$ to $W - KW$.
# So `y` has shape `(H - KH + 1, W - KW + 1)`.
#
# Image and kernel need not be square. A kernel of shape `(1, 3)` looks along a row, one of shape `(3, 1)` along a column.

# %% [markdown] role="notes"
# Point at the 5 in the figure: it lies in all four windows, a corner in one.

# %%
PaddingAndStride(image=IMAGE, kernel=KERNEL, controls=[], rule=False)

# %% [markdown]
# **Ask the figure.** Point at an output to see its four products. Then point at the pixels: how many outputs does the 5 reach, how many the 2, how many the 1?
#
# <details><summary>Answer</summary>
#
# The 5 lies in all four windows, the 2 in two of them, the 1 in one. Pixels at the border have less to say than those in the middle.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### What is it called?
#
# The example gave 37, 47, 67, 77. Is that a convolution?
#
# In lesson 01, convolution turned the kernel around first. In two dimensions it is turned on **both** axes, that is, by 180°.
# The cell below computes the first output both ways.

# %% [markdown] role="notes"
# The usual question: so is it a convolution or not? The layer correlates and is called convolution all the same; say it once and go on.

# %%
window = IMAGE[:2, :2]
turned = KERNEL[::-1, ::-1]
print("kernel turned by 180 degrees:", turned.tolist())
print("kernel as it is:", np.sum(window * KERNEL))
print("kernel turned:  ", np.sum(window * turned))

# %% [markdown]
# The convolution is 23, 33, 53, 63. What we computed is the **cross-correlation**.
#
# Layers in today's frameworks correlate and are called convolution layers all the same. In this course the layer correlates, and "convolution" in a formula means that the kernel is turned.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 1: correlate an image (6 points)
#
# Write `correlate2d(x, w)`: the cross-correlation of `x`, shape `(H, W)`, with `w`, shape `(KH, KW)`, as a new array of shape `(H - KH + 1, W - KW + 1)`.
#
# - With the numbers above it gives `[[37, 47], [67, 77]]`.
# - `correlate2d([[1, 2, 3], [4, 5, 6]], [[1, 10]])` gives `[[21, 32], [54, 65]]`.
# - Fractions survive, also where `x` holds whole numbers.
# - A kernel with more rows **or** more columns than the image is refused: `raise ValueError("the kernel does not fit")`.
#
# Loops, slices, `einsum` and `sliding_window_view` are all welcome. Calls that do the work for you, in SciPy, PyTorch or `np.fft`, do not count in an answer's cell.

# %% role="answer" exercise="correlate2d"
def correlate2d(x, w):
    """Lay w on every place of x where it fits.

    x: (H, W) image, w: (KH, KW) kernel; returns (H - KH + 1, W - KW + 1).
    """
    ### BEGIN SOLUTION
    (height, width), (kh, kw) = x.shape, w.shape
    if kh > height or kw > width:
        raise ValueError(f"a kernel of {w.shape} does not fit into an image of {x.shape}")
    y = np.zeros((height - kh + 1, width - kw + 1))
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = np.sum(x[i : i + kh, j : j + kw] * w)
    return y
    ### END SOLUTION


# %% role="tests" exercise="correlate2d"

# %% [markdown] slideshow={"slide_type": "skip"}
# A cell to try things, for example `correlate2d(IMAGE, np.array([[1, 10]]))`:

# %% slideshow={"slide_type": "skip"}
IMAGE.shape, KERNEL.shape

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Choose numbers that show a mistake
#
# The image 1 to 9 is easy to compute with. Is it a good test?
#
# Below, three kernels that nobody asked for go through your `correlate2d`. The first is $w$ transposed, the second is $w$ with its columns flipped, the third is another one altogether.
# Each meets two images: 1 to 9, and an impulse, which is 0 everywhere but for a 1 in the middle.
#
# **Predict** before you run the cell: which of the three does the image 1 to 9 show to be wrong, and which does it mistake for each other? And the impulse?

# %% [markdown] role="notes"
# Ask which image is the better test before you run it. The image 1 to 9 knows only two numbers of the kernel.

# %%
impulse = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
suspects = {
    "w as it is": [[1, 2], [3, 4]],
    "transposed": [[1, 3], [2, 4]],
    "columns flipped": [[2, 1], [4, 3]],
    "another kernel": [[3, -1], [4, 4]],
}
try:
    for name, suspect in suspects.items():
        answers = [correlate2d(image, np.array(suspect)).ravel().tolist() for image in (IMAGE, impulse)]
        print(f"{name:<16} 1 to 9: {answers[0]}   impulse: {answers[1]}")
except NotImplementedError:
    print("This cell waits for your correlate2d.")
except Exception as error:
    print(f"Your correlate2d does not run on these images yet. {type(error).__name__}: {error}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Why 1 to 9 sees so little
#
# On the image 1 to 9 the first two mistakes give one result, 35, 45, 65, 75, which is the right one less 2: it confuses them. The third kernel even gives all four right numbers.
#
# One row down always adds 3 to a pixel and one column to the right always adds 1, so $x_{i+u,\,j+v} = x_{i,j} + 3u + v$, and
#
# $$y_{i,j} = x_{i,j} \sum_{u,v} w_{u,v} \;+\; \sum_{u,v} (3u + v)\, w_{u,v}$$
#
# Only two numbers of the kernel get through: the sum of its weights, and the second sum. Where two kernels have equal sums, their outputs differ by one constant.
#
# The impulse asks for each weight alone, as in lesson 01, and gives four different answers. Numbers without a pattern do as well, which is why the grade draws them at random.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Filter a photograph
#
# What a kernel does to a picture can be read from its weights. Three classics:
#
# $$\text{blur: } \frac{1}{9}\begin{bmatrix} 1 & 1 & 1 \\ 1 & 1 & 1 \\ 1 & 1 & 1 \end{bmatrix} \qquad \text{sharpen: } \begin{bmatrix} 0 & -1 & 0 \\ -1 & 5 & -1 \\ 0 & -1 & 0 \end{bmatrix} \qquad \text{edges: } \begin{bmatrix} -1 & 0 & 1 \\ -2 & 0 & 2 \\ -1 & 0 & 1 \end{bmatrix}$$
#
# Blur averages a pixel with its neighbours. Sharpen adds to a pixel what sets it apart from them. Edges takes the right side minus the left side.
#
# The sky above a tower is nearly flat: say, nine pixels of 200 under the kernel.
#
# **Predict** what blur, sharpen and edges make of it, in this order.

# %% [markdown] role="notes"
# Let the room read each kernel from the sum of its weights: 1 keeps the brightness, 0 shows differences.

# %% role="prediction" exercise="flat_sky"
flat_sky = None  # replace None by a list of three numbers
### BEGIN SOLUTION
flat_sky = [9 * 200 / 9, (5 - 4) * 200, (4 - 4) * 200]
### END SOLUTION

# %% role="tests" exercise="flat_sky"

# %% [markdown] slideshow={"slide_type": "fragment"}
# On a flat patch only the **sum of the weights** counts: 1 keeps the brightness, 0 asks for differences and nothing else.
#
# Now your `correlate2d` meets a photograph.

# %% slideshow={"slide_type": "subslide"}
photo = photograph().astype(float)  # (3, 128, 128): red, green, blue, from 0 to 255
grey = photo.mean(axis=0)  # (128, 128)
kernels = {
    "blur": np.full((3, 3), 1 / 9),
    "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "edges": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
}


def draw_filtered(pictures, signed):
    """Draw grey pictures side by side; those named in `signed` with 0 in the middle of the colours."""
    figure, panels = plt.subplots(1, len(pictures), figsize=(3.4 * len(pictures), 3.8), squeeze=False)
    for panel, (name, picture) in zip(panels[0], pictures.items()):
        limits, colours = ((-400, 400), "PuOr") if name in signed else ((0, 255), "gray")
        image = panel.imshow(picture, cmap=colours, vmin=limits[0], vmax=limits[1])
        figure.colorbar(image, ax=panel, orientation="horizontal", pad=0.22, label="value", ticks=sorted({*limits, 0}))
        panel.set(title=f"{name}, {picture.shape}", xlabel="column", xticks=[0, 100], yticks=[0, 100])
    panels[0, 0].set_ylabel("row")
    return figure


try:
    pictures = {"the photograph": grey}
    pictures |= {name: correlate2d(grey, kernel) for name, kernel in kernels.items()}
    show(
        draw_filtered(pictures, signed=["edges"]),
        alt="Four pictures of a tower with three tiled roofs above trees. The photograph in grey; blurred, "
        "its tiles and railings run together; sharpened, they stand out; edges, the sky is near 0, and "
        "the upright columns and the tower's outline are strong lines, negative where it gets darker "
        "towards the right and positive where it gets brighter.",
    )
except NotImplementedError:
    print("This cell waits for your correlate2d.")
except Exception as error:
    print(f"Your correlate2d does not run on the photograph yet. {type(error).__name__}: {error}")

# %% [markdown]
# **Look.** The roofs' lower rims run from left to right, and the edge picture shows little of them. Which kernel would find those?
#
# On which side of the tower are its values negative, and why there?
#
# <details><summary>Answer</summary>
#
# The same kernel with rows and columns exchanged, `[[-1, -2, -1], [0, 0, 0], [1, 2, 1]]`, takes what is below minus what is above. The next figure lets you try it.
#
# The values are negative where the right side is darker than the left one: where the bright sky, on the left, meets the darker tower. They are positive where the tower ends and the sky begins again.
#
# </details>
#
# *Photograph: danielbuechele, CC BY 2.0, cut and reduced; see `help(photograph)`.*

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Nine weights of your own
#
# The figure lays any kernel on the photograph while you change it. Type over a weight, drag it up or down, or take a kernel by its name; point at either picture to see a window and its sum. A picture of your own can be dropped on it. *(No points.)*
#
# **Predict**, then do it: in the sharpening kernel you drag the middle weight from 5 down to 4. What becomes of the sky, and what is left of the tower?
#
# Then try a kernel for level edges; one whose picture is the photograph moved by one pixel; one that gives a black picture; one that shows a negative: bright where the photograph is dark.

# %% [markdown] role="notes"
# 10 minutes if the room is awake: take kernels by acclamation, type them, and let people predict each. Sharpen with 4 in the middle is the best surprise.

# %% slideshow={"slide_type": "subslide"}
lab = KernelLab("photograph", kernels["sharpen"], controls=["picture", "kernels", "size"], rule=False)
lab

# %% [markdown]
# <details><summary>Answer</summary>
#
# - With 4 in the middle the weights sum to 0: the sky becomes 0 and edges are left, in both signs. It is the kernel called Laplace with its sign turned.
# - Level edges: the edge kernel transposed.
# - Moved by one pixel: a single 1 away from the middle, for example `[[0, 0, 0], [0, 0, 1], [0, 0, 0]]`.
# - Black: nine zeros, here the middle of the colours. Every kernel whose weights sum to 0 comes near it in the sky, and not at edges.
# - A negative: -1 in the middle. The picture is drawn with 0 in the middle of the colours, and all its values are below 0. To lift them by 255 a kernel needs what comes next: a **bias**.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Lay your own output beside it
#
# The figure computes by itself. Does your `correlate2d` get the same from the picture and the kernel that stand in it now? Run the next cell, look at the figure again, change a weight, and run it once more.

# %%
try:
    y = correlate2d(lab.image, lab.kernel)
    if y is None:
        raise ValueError("it returned None. Is the line with `return` missing?")
    lab.output = y
    print(f"kernel {lab.kernel.tolist()}: largest difference {np.abs(lab.difference).max():.6f}")
except NotImplementedError:
    print("This cell waits for your correlate2d.")
except Exception as error:
    print(f"Your correlate2d does not do what the figure does yet. {type(error).__name__}: {error}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Sum over the channels
#
# A colour image has three brightnesses for each pixel. Each of them is a **channel**, and the image is an array of shape `(C, H, W)`, here with $C = 3$.
#
# The kernel gets as many channels as the image, shape `(C, KH, KW)`. A window holds $C \cdot KH \cdot KW$ numbers, and **all** their products go into **one** sum:
#
# $$y_{i,j} = \sum_{c=0}^{C-1} \; \sum_{u=0}^{KH-1} \; \sum_{v=0}^{KW-1} x_{c,\; i+u,\; j+v}\; w_{c,u,v}$$
#
# So one kernel makes one map, of shape `(OH, OW)`, however many channels came in. $OH$ and $OW$ are the numbers of windows on the two axes.

# %% [markdown] role="notes"
# The point of the lesson: all channels go into one sum. Write the shape of the output on the board, without C.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Read the order in the digits
#
# Take two channels of 2 by 2 pixels and a kernel that covers them. Its weights are place values:
#
# $$x_0 = \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix} \qquad x_1 = \begin{bmatrix} 5 & 6 \\ 7 & 8 \end{bmatrix}$$
#
# $$w_0 = \begin{bmatrix} 1 & 10 \\ 100 & 1000 \end{bmatrix} \qquad w_1 = \begin{bmatrix} 10^4 & 10^5 \\ 10^6 & 10^7 \end{bmatrix}$$
#
# There is one window, and so one output. Each of its digits says which pixel met which weight.
#
# **Predict** the output.

# %% role="prediction" exercise="two_channels"
two_channels = None  # replace None by your number
### BEGIN SOLUTION
two_channels = 4321 + 10_000 * 8765
### END SOLUTION

# %% role="tests" exercise="two_channels"

# %% [markdown] slideshow={"slide_type": "fragment"}
# The check under exercise 2 asks the same. Whoever lines the pixels up in another order, channel last, finds other digits there: 84736251.
#
# The figure writes every window as a column, channel under channel, and the kernel as a row. Lesson 08 is built on this picture; here it shows what belongs to one sum.
# Its kernel has place values for the first channel, and for the second a single weight that is not 0.

# %%
Im2Col(
    image=[[[1, 2, 0], [3, 4, 0]], [[5, 6, 0], [7, 8, 0]]],
    kernel=[[[1, 10], [100, 1000]], [[0, 0], [0, 10000]]],
    padding=0,
    controls=[],
    rule=False,
)

# %% [markdown]
# **Ask the figure.** Select the first output. How many products does it sum? Which digit of the output comes from the second channel, and from which pixel?
#
# <details><summary>Answer</summary>
#
# Eight products, four in each channel; three of the second channel are 0 times a pixel. The output is 84321: the 8 in front comes from the second channel, from its pixel in the lower right corner, which met the weight 10000.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Find the mistake: a filter for each channel
#
# Some texts say that each channel of the input is convolved with a filter of its own, and forget to say that the results are added up. Take it at its word: one filter and one map for each channel.
#
# The first layer of the network ResNet reads 3 channels through windows of 7 by 7 and gives 64 maps. It holds 9408 weights.
#
# Count the weights and the maps read in this way, and by the formula above with one kernel for each map.

# %% [markdown] role="notes"
# Let the room count ResNet's weights: 9408 fits only if each filter spans all three channels.

# %%
channels, maps, side = 3, 64, 7
print("a filter for each channel:", channels, "maps from", channels * side * side, "weights")
print("a kernel for each map:    ", maps, "maps from", maps * channels * side * side, "weights")

# %% [markdown]
# Each filter spans **all** channels and sums over them. How many filters there are is free to choose, and it decides how many maps come out.
#
# A layer where each channel does keep its own filter exists. It is called depthwise, and lesson 05 builds it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Look at colours with a 1 by 1 kernel
#
# A kernel of shape `(3, 1, 1)` sees a single pixel, and can still compare its channels. Weights $(\frac13, \frac13, \frac13)$ make the grey image from above. Here is the photograph as it was taken:

# %%
figure, panel = plt.subplots(figsize=(4.2, 3.6))
panel.imshow(photograph().transpose(1, 2, 0))
panel.set(title="three channels in, (3, 128, 128)", xlabel="column", ylabel="row")
show(figure, alt="The photograph in colour: a tower with orange tiles and red columns before a blue sky, above green trees.")

# %% [markdown]
# **Predict** before you run the cell: where is $(1, 0, -1)$, red minus blue, positive, and where negative?

# %% slideshow={"slide_type": "subslide"}
red_minus_blue = photo[0] - photo[2]
figure, panel = plt.subplots(figsize=(4.8, 3.6))
shown = panel.imshow(red_minus_blue, cmap="PuOr", vmin=-150, vmax=150)
figure.colorbar(shown, ax=panel, label="red minus blue", ticks=[-150, 0, 150])
panel.set(title="one map out, (128, 128)", xlabel="column", ylabel="row")
show(
    figure,
    alt="Red minus blue: strongly positive on the tiles and columns, slightly negative in the "
    "upper sky and on the green rims of the roofs.",
)

# %% [markdown]
# The orange tiles and the red columns are strongly positive. The blue sky is negative, though less than one might expect: near the horizon it is nearly white, and white has as much red as blue.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Add filters, biases and a batch
#
# A layer has several filters, each with a bias, and works on several images at once. Now everything has four axes:
#
# | array | shape | what it holds |
# |---|---|---|
# | `x` | `(N, C, H, W)` | $N$ images with $C$ channels |
# | `w` | `(F, C, KH, KW)` | $F$ filters, each with a kernel for every channel |
# | `b` | `(F,)` | one bias for each filter |
# | `y` | `(N, F, OH, OW)` | for each image, one map for each filter |
#
# $$y_{n,f,i,j} = b_f + \sum_{c=0}^{C-1} \; \sum_{u=0}^{KH-1} \; \sum_{v=0}^{KW-1} x_{n,\,c,\,i+u,\,j+v}\; w_{f,c,u,v}$$
#
# Four indices choose the output: $n, f, i, j$. Three are summed: $c, u, v$. That makes **seven loops**.
#
# The bias is added **once** for each output, outside the three sums. In the worked example with $b = 0.5$ the output is 37.5, 47.5, 67.5, 77.5.

# %% [markdown] role="notes"
# Read the four shapes aloud. Ask which axes of x and w have to agree: only C.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Keep images and filters apart
#
# Image $n$ of the output depends on image $n$ of the input and on no other. Two constant images, of 1 and of 10, and two filters without bias whose weights sum to 4 and to 8 show who met whom:
#
# | | filter 0, sum 4 | filter 1, sum 8 |
# |---|---|---|
# | image 0, all 1 | 4 | 8 |
# | image 1, all 10 | 40 | 80 |
#
# A 44 would be a sum over the images. A 40 in image 0 would be an image at the wrong place.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Step and pad on two axes
#
# **Stride** and **padding** act on each axis as in lesson 01. Each is one int for both axes, or a pair, (for rows, for columns): $(s_h, s_w)$ and $(p_h, p_w)$.
#
# With $x$ standing between its zeros, only the pixel that is read changes. The window of output $(i, j)$ begins at row $i\, s_h$ and column $j\, s_w$:
#
# $$y_{n,f,i,j} = b_f + \sum_{c} \sum_{u} \sum_{v} x_{n,\;c,\;i s_h + u,\;j s_w + v}\; w_{f,c,u,v}$$
#
# $$OH = \left\lfloor \frac{H + 2 p_h - KH}{s_h} \right\rfloor + 1 \qquad OW = \left\lfloor \frac{W + 2 p_w - KW}{s_w} \right\rfloor + 1$$
#
# The zeros go around rows and columns. The batch and the channels get none.

# %% [markdown] role="notes"
# Set the stride to 3 in the figure, and ask which column no window reads.

# %%
PaddingAndStride(
    image=[
        [3, 1, 4, 1],
        [5, 9, 2, 6],
        [5, 3, 5, 8],
        [9, 7, 9, 3],
        [2, 3, 8, 4],
    ],
    kernel=[[1, 0], [0, -1], [1, 1]],
    stride=2,
    padding=1,
    controls=["stride", "padding"],
)

# %% [markdown]
# **Ask the figure.** The image has 5 rows, the kernel 3, stride 2, padding 1. Which rows does the last window cover? Is any row or column left out? Then set the stride to 3: which column of the image does no window read now?
#
# <details><summary>Answer</summary>
#
# The windows begin at rows -1, 1 and 3 of the image, so the last one covers rows 3, 4 and the zeros below. Nothing is left out.
#
# With stride 3 windows begin at -1 and 2: two outputs on each axis. The kernel has 2 columns, so the windows read columns -1 and 0, then 2 and 3: no window reads column 1. Each window has 3 rows, and no row is left out.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Exercise 2: the layer (10 points)
#
# Write `conv2d_loops(x, w, b, stride=1, padding=0)` for `x` of shape `(N, C, H, W)`, `w` of shape `(F, C, KH, KW)` and `b` of shape `(F,)`: a new array `y` of shape `(N, F, OH, OW)`, by the formulas above.
#
# - `stride` and `padding` are ints or pairs, (for rows, for columns). The kernel always fits.
# - With `x` of shape `(1, 1, 3, 3)` holding 1 to 9, `w` the worked kernel and `b = [0.5]`, `y[0, 0]` is `[[37.5, 47.5], [67.5, 77.5]]`. With padding 1 and stride 2 it is `[[4.5, 18.5], [36.5, 77.5]]`.
# - Nothing has to be square, integers do not truncate, and fractions survive wherever they come from.
#
# Seven plain loops are right, and so is `np.sum` over a window, or `einsum`. `np.pad` is welcome: its second argument takes one `(before, after)` for each axis.
#
# The check has one cell for each ingredient. Begin with channels and the bias, and add the others one at a time.

# %% role="answer" exercise="conv2d_loops"
def conv2d_loops(x, w, b, stride=1, padding=0):
    """Compute a convolution layer, loop by loop.

    x: (N, C, H, W) images, w: (F, C, KH, KW) kernels, b: (F,) biases, stride and padding: int or pair;
    returns (N, F, OH, OW).
    """
    ### BEGIN SOLUTION
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    (N, C, H, W), (F, _, KH, KW) = x.shape, w.shape
    OH, OW = output_length(H, KH, sh, ph), output_length(W, KW, sw, pw)
    padded = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    y = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    y[n, f, i, j] = b[f]
                    for c in range(C):
                        for u in range(KH):
                            for v in range(KW):
                                y[n, f, i, j] += padded[n, c, i * sh + u, j * sw + v] * w[f, c, u, v]
    return y
    ### END SOLUTION


# %% role="tests" exercise="conv2d_loops"

# %% [markdown] slideshow={"slide_type": "skip"}
# A cell to try things: the worked example with all four axes.

# %% slideshow={"slide_type": "skip"}
IMAGE[np.newaxis, np.newaxis].shape, KERNEL[np.newaxis, np.newaxis].shape

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Put your layer to work
#
# Three filters look at all three colours of the photograph. With stride 2 and padding 1 each of their maps has half the rows and half the columns, 64 by 64.
# Change the filters and run it again. *(No points.)*

# %%
upright = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
filters = np.zeros((3, 3, 3, 3))  # (F, C, KH, KW)
filters[0] = upright / 3  # the same kernel on every colour: upright edges of the grey image
filters[1] = upright.T / 3  # transposed: level edges
filters[2, 0, 1, 1], filters[2, 2, 1, 1] = 1, -1  # the middle pixel, red minus blue
try:
    maps = conv2d_loops(photo[np.newaxis], filters, np.zeros(3), stride=2, padding=1)[0]
    figure, panels = plt.subplots(1, 3, figsize=(10, 3.6))
    for panel, name, picture in zip(panels, ("upright edges", "level edges", "red minus blue"), maps):
        limit = np.abs(picture[1:-1, 1:-1]).max()
        shown = panel.imshow(picture, cmap="PuOr", vmin=-limit, vmax=limit)
        panel.set(title=f"{name}, {picture.shape}", xlabel="column")
        figure.colorbar(shown, ax=panel, orientation="horizontal", pad=0.2, label="value")
    panels[0].set_ylabel("row")
    show(figure, alt="Three maps of the tower, 64 by 64: upright edges, level edges, and red minus blue.")
except NotImplementedError:
    print("This cell waits for your conv2d_loops.")
except Exception as error:
    print(f"Your conv2d_loops does not fit the photograph yet. {type(error).__name__}: {error}")

# %% [markdown]
# **Look.** The first map has a strong line along its left border and the second along its top, where the photograph has none. What made them, and why are there none on the right and at the bottom?
#
# <details><summary>Answer</summary>
#
# The padding. Its zeros are black, and the step from black to the bright sky is the strongest edge in the picture. With stride 2 the last window ends with the last pixel, so none reaches the zeros on the right and at the bottom.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Count what it costs
#
# The innermost line of the seven loops multiplies once. So the loops' lengths multiply to the layer's cost:
#
# $$\text{multiplications} = N \cdot F \cdot OH \cdot OW \cdot C \cdot KH \cdot KW$$
#
# The worked example takes $1 \cdot 1 \cdot 2 \cdot 2 \cdot 1 \cdot 2 \cdot 2 = 16$: four outputs of four products. Products with padding zeros are counted like all others.
#
# The layer stores far fewer numbers than it multiplies: $F \cdot C \cdot KH \cdot KW$ weights and $F$ biases. Each weight is used at every place of every image.
#
# That is why the layer exists. A layer that joins each of the 3 · 128 · 128 numbers of the photograph to each of 126 · 126 outputs by a weight of its own needs 780 million weights. A kernel that sees 3 by 3 pixels (**locality**) and is the same at all places (**sharing**) makes a map of that size with 27.
#
# **Predict** the number of multiplications for the photograph, `x` of shape `(1, 3, 128, 128)`, through 8 filters of 3 by 3 with padding 1 and stride 1. You may leave the multiplying to Python.

# %% [markdown] role="notes"
# Multiply the lengths of the seven loops with the room. Weights and work are two different counts.

# %% role="prediction" exercise="multiplications"
multiplications = None  # replace None by your number
### BEGIN SOLUTION
multiplications = 1 * 8 * 128 * 128 * 3 * 3 * 3
### END SOLUTION

# %% role="tests" exercise="multiplications"

# %% [markdown] slideshow={"slide_type": "slide"}
# ## See where a network works
#
# VGG-16 has 13 such layers, all with 3 by 3 kernels and padding 1, and at its end three fully connected ones, which join every input to every output by a weight of its own; these we leave out. After the 2nd, 4th, 7th and 10th the image is halved on both axes.
#
# **Predict** before you run the cell: do the first two layers or the last three multiply more? And which have more weights?

# %% [markdown] role="notes"
# Ask before you run it: do the first or the last layers multiply more? Point at the bars: large images, few filters.

# %% slideshow={"slide_type": "subslide"}
sizes = [224] * 2 + [112] * 2 + [56] * 3 + [28] * 3 + [14] * 3
filters = [64] * 2 + [128] * 2 + [256] * 3 + [512] * 6
channels = [3, *filters[:-1]]
weight_counts = np.array([F * C * 3 * 3 for F, C in zip(filters, channels)])
products = weight_counts * np.square(sizes)  # each weight is used at every output of its map

figure, panels = plt.subplots(1, 2, figsize=(10, 4.2), sharey=True)
layers = np.arange(1, 14)
names = [
    f"{layer}: {before}→{after}, {size}×{size}"
    for layer, before, after, size in zip(layers, channels, filters, sizes)
]
panels[0].barh(layers, products / 1e9, tick_label=names, color=COLOURS["positive"])
panels[1].barh(layers, weight_counts / 1e6, color=COLOURS["negative"])
panels[0].set(title=f"one image: {products.sum() / 1e9:.1f} billion multiplications", xlabel="multiplications, billions")
panels[1].set(title=f"{weight_counts.sum() / 1e6:.1f} million weights", xlabel="weights, millions")
panels[0].set_ylabel("layer: channels in→filters, image")
panels[0].invert_yaxis()
show(
    figure,
    alt="Bars for the 13 layers of VGG-16. Multiplications: 0.1 billion in the first layer, 0.9 or 1.8 "
    "in the others, and 0.5 in each of the last three. Weights: close to none in the first four layers, "
    "2.4 million in each of the last five.",
)

# %% [markdown]
# The first two layers hold 0.3 % of the weights and do 13 % of the work: large images, few filters. The last three hold 48 % of the weights and do 9 % of the work.
#
# Seven Python loops need about a microsecond for each product, so one image through VGG-16 would take yours some four hours. In lessons 08 to 11 the same sums become one matrix product for each layer, and take a second or two.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Weigh two designs (2 points)
#
# **Written answer (2 points, read by a person).** In four to eight sentences, with numbers:
#
# 1. A layer has $C = F = 16$, images of 32 by 32, 3 by 3 kernels, padding 1, stride 1 and $N = 1$. How many multiplications does it take, and how many weights (without biases) does it hold? What happens to each of the two counts when $H$ and $W$ are both doubled? What when $C$ and $F$ are both doubled? *(1 point)*
# 2. A friend replaces a layer of 5 by 5 kernels by two layers of 3 by 3 kernels, one after the other. All of them have $C$ channels in and out, stride 1, and the padding that keeps the size. How many pixels of the input does one output depend on with the one layer, and with the two, along one axis, and what is saved in multiplications and in weights? *(1 point)*

# %% [markdown] role="written" exercise="count_the_cost"
# ### BEGIN SOLUTION
# *1 point for question 1: both counts, and both changes with the reason. 1 point for question 2: the reach, and both savings.*
#
# The layer keeps the size, so there are 16 · 32 · 32 outputs, and each takes 16 · 3 · 3 = 144 products: 2,359,296 multiplications. It holds 16 · 16 · 3 · 3 = 2304 weights.
# With $H$ and $W$ doubled there are four times as many outputs, each as costly as before: four times the multiplications. The weights do not depend on the size of the image and stay 2304.
# With $C$ and $F$ doubled both counts become four times as large: twice as many filters, each with twice as many channels.
#
# One output of the 5 by 5 layer depends on 5 pixels along each axis. An output of the second 3 by 3 layer depends on 3 outputs of the first, and these on 3 + 2 = 5 pixels: the reach is the same.
# For each output pixel the one layer takes $25\, C^2$ multiplications, the two take $2 \cdot 9\, C^2 = 18\, C^2$, so 28 % is saved. The weights are $25\, C^2$ and $18\, C^2$ as well: the same saving.
# ### END SOLUTION

# %% [markdown] slideshow={"slide_type": "slide"}
# ## You can now
#
# - compute any output of a layer by hand, with channels, filters, bias, stride and padding,
# - read from a kernel's weights what it does to a picture, and filter a photograph with your own code,
# - count a layer's multiplications and weights, and say what changes them.
#
# In the next lesson you take hold of the output's size: dilation, groups, and padding that keeps an image as large as it was.
#
# **Further reading**
#
# - Rafael Gonzalez and Richard Woods, *Digital Image Processing*, 4th edition 2018, chapter 3: blurring, sharpening and edges, with correlation and convolution told apart.
# - Karen Simonyan and Andrew Zisserman, *Very deep convolutional networks for large-scale image recognition*, 2014: VGG, and the case for stacks of 3 by 3 kernels.
# - Andrej Karpathy and others, *CS231n: Convolutional Neural Networks for Visual Recognition*, course notes, "Convolutional Networks": a layer drawn out number by number.
