"""Figures that a learner can point at, step through and read in numbers."""

from course.widgets.col2im import Col2Im
from course.widgets.draw_digit import DrawDigit
from course.widgets.flip_and_slide import FlipAndSlide
from course.widgets.gradient_flow import GradientFlow
from course.widgets.im2col import Im2Col
from course.widgets.kernel_lab import KernelLab
from course.widgets.layout import Layout
from course.widgets.matrix_view import MatrixView
from course.widgets.padding_and_stride import PaddingAndStride
from course.widgets.receptive_field import ReceptiveField
from course.widgets.transposed_convolution import TransposedConvolution

__all__ = [
    "Col2Im",
    "DrawDigit",
    "FlipAndSlide",
    "GradientFlow",
    "Im2Col",
    "KernelLab",
    "Layout",
    "MatrixView",
    "PaddingAndStride",
    "ReceptiveField",
    "TransposedConvolution",
]
