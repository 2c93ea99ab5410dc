"""Names of what does an exercise's own work: an answer that calls one does not count.

`tests/autograder/lessons/test_barred.py` calls every function of NumPy and SciPy with a signal and
a kernel and asks that those which convolve stand here.
"""

SIGNALS = (
    "numpy.convolve",
    "numpy.correlate",
    "numpy.ma.convolve",
    "numpy.ma.correlate",
    # The coefficients of a product of polynomials are a convolution.
    "numpy.polymul",
    "numpy.poly1d",
    "numpy.polynomial.Polynomial",
    "numpy.polynomial.polynomial.Polynomial",
    "numpy.polynomial.polynomial.polymul",
    "scipy.linalg.convolution_matrix",
    "scipy.linalg.matmul_toeplitz",
    "scipy.ndimage.convolve",
    "scipy.ndimage.convolve1d",
    "scipy.ndimage.correlate",
    "scipy.ndimage.correlate1d",
    "scipy.signal.convolve",
    "scipy.signal.correlate",
    "scipy.signal.fftconvolve",
    "scipy.signal.lfilter",
    "scipy.signal.oaconvolve",
    "scipy.signal.upfirdn",
)
IMAGES = (
    "scipy.ndimage.convolve",
    "scipy.ndimage.correlate",
    "scipy.signal.convolve",
    "scipy.signal.convolve2d",
    "scipy.signal.correlate",
    "scipy.signal.correlate2d",
    "scipy.signal.fftconvolve",
    "scipy.signal.oaconvolve",
)
TORCH = tuple(
    f"torch.{name}"
    for name in (
        *(f"conv{n}d" for n in (1, 2, 3)),
        *(f"conv_transpose{n}d" for n in (1, 2, 3)),
        *(f"nn.Conv{n}d" for n in (1, 2, 3)),
        *(f"nn.ConvTranspose{n}d" for n in (1, 2, 3)),
        *(f"nn.LazyConv{n}d" for n in (1, 2, 3)),
        *(f"nn.functional.conv{n}d" for n in (1, 2, 3)),
        *(f"nn.functional.conv_transpose{n}d" for n in (1, 2, 3)),
        *(f"nn.grad.conv{n}d_{of}" for n in (1, 2, 3) for of in ("input", "weight")),
        "convolution",
        "conv_tbc",
        "nn.functional.conv_tbc",
        "nn.Fold",
        "nn.Unfold",
        "nn.functional.fold",
        "nn.functional.unfold",
        "nn.MaxPool2d",
        "nn.functional.max_pool2d",
        "max_pool2d",
        "autograd.grad",
        "autograd.backward",
    )
)
BARRED_1D = SIGNALS + TORCH
BARRED_2D = IMAGES + TORCH

# Lesson 04 shows this road, so that its photograph needs no answer.
BARRED_FOURIER = ("numpy.fft.fft2", "numpy.fft.fftn", "numpy.fft.rfft2", "numpy.fft.rfftn")

# The oracle of lesson 03, given wherever gradients are checked: it would answer for its caller.
ORACLE = ("numerical_gradient",)
