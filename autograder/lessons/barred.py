"""Names of what does an exercise's own work: an answer that calls one does not count."""

BARRED_1D = (
    "numpy.convolve",
    "numpy.correlate",
    "scipy.signal.convolve",
    "scipy.signal.correlate",
    "scipy.signal.fftconvolve",
    "scipy.signal.oaconvolve",
    "scipy.signal.lfilter",
    "scipy.ndimage.convolve",
    "scipy.ndimage.convolve1d",
    "scipy.ndimage.correlate",
    "scipy.ndimage.correlate1d",
    "torch.conv1d",
    "torch.nn.Conv1d",
    "torch.nn.functional.conv1d",
)

BARRED_2D = (
    "scipy.signal.convolve",
    "scipy.signal.convolve2d",
    "scipy.signal.correlate",
    "scipy.signal.correlate2d",
    "scipy.signal.fftconvolve",
    "scipy.ndimage.convolve",
    "scipy.ndimage.correlate",
    "torch.conv2d",
    "torch.conv_transpose2d",
    "torch.nn.Conv2d",
    "torch.nn.ConvTranspose2d",
    "torch.nn.functional.conv2d",
    "torch.nn.functional.conv_transpose2d",
    "torch.nn.functional.fold",
    "torch.nn.functional.unfold",
    "torch.nn.functional.max_pool2d",
    "torch.nn.MaxPool2d",
    "torch.nn.grad.conv2d_input",
    "torch.nn.grad.conv2d_weight",
    "torch.autograd.grad",
)

# A product of frequencies correlates, too.
BARRED_FOURIER = ("numpy.fft.fft2", "numpy.fft.fftn", "numpy.fft.rfft2", "numpy.fft.rfftn")

# The oracle of lesson 03, given wherever gradients are checked: it would answer for its caller.
ORACLE = ("numerical_gradient",)
