"""Library functions that do an exercise's own work, in families: a case file names a family.

Every function of NumPy and SciPy that convolves a signal or an image with a kernel stands here.
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
FAMILIES = {
    "convolution of signals": SIGNALS + TORCH,
    "convolution of images": IMAGES + TORCH,
    "2-D Fourier transforms": (
        "numpy.fft.fft2",
        "numpy.fft.fftn",
        "numpy.fft.rfft2",
        "numpy.fft.rfftn",
        "scipy.fft.fft2",
        "scipy.fft.fftn",
        "scipy.fft.rfft2",
        "scipy.fft.rfftn",
        "torch.fft.fft2",
        "torch.fft.fftn",
        "torch.fft.rfft2",
        "torch.fft.rfftn",
    ),
}


def members(barred: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names that are barred, each family written out.

    Examples
    --------
    >>> members(("2-D Fourier transforms", "numerical_gradient"))[::12]
    ('numpy.fft.fft2', 'numerical_gradient')
    """
    return tuple(name for entry in barred for name in FAMILIES.get(entry, (entry,)))
