"""Shapes and meanings of arguments that many exercises share."""

X1 = "(n,) signal"
W1 = "(k,) kernel"
X4 = "(N, C, H, W) images"
W4 = "(F, C, KH, KW) kernels"
B1 = "(F,) biases"
DY4 = "(N, F, OH, OW) upstream gradient"
STRIDE = "int, or (sh, sw), pixels"
PADDING = "int, or (ph, pw), pixels of zeros on each side"
DILATION = "int, or a pair for rows and columns, pixels from one tap to the next"
KERNEL = "int, or (KH, KW), pixels"

# What every backward pass in loops or columns takes and returns.
BACKWARD_TAKES = {"dy": DY4, "x": X4, "w": W4, "stride": STRIDE, "padding": PADDING}
BACKWARD_RETURNS = "(dx, dw, db) of the shapes of x, w and (F,)"

# The settings of everything that cuts an image into columns.
COLUMN_TAKES = {
    "kernel_size": KERNEL,
    "stride": STRIDE,
    "padding": PADDING,
    "dilation": DILATION,
}
