"""Networks whose receptive fields can be looked at, as stacks of layers on one axis.

Where a network has branches, the stack is the branch with the largest field: the others see
nothing that it does not see.
"""

CONV, POOL = (3, 1, 1, 1), (2, 2, 0, 1)
STEM = ((7, 2, 3, 1), (3, 2, 1, 1))  # ResNet and GoogLeNet begin with it
POINT = (1, 1, 0, 1)  # a convolution of 1×1
HALF = (3, 2, 1, 1)  # 3 taps, stride 2


def vgg16():
    """Return the 13 convolutions and 5 pools of VGG-16 (Simonyan and Zisserman, 2015)."""
    convolutions = (2, 2, 3, 3, 3)
    return tuple(layer for count in convolutions for layer in ((CONV,) * count + (POOL,)))


def resnet(blocks, first, rest):
    """Return a ResNet (He and others, 2016), along its convolutions: the shortcuts see less.

    Parameters
    ----------
    blocks : tuple of int
        How many blocks each of the four stages has.
    first, rest : tuple of layers
        The block that begins the stages 2 to 4, and all other blocks.
    """
    layers = STEM
    for stage, count in enumerate(blocks):
        layers += (first if stage > 0 else rest) + rest * (count - 1)
    return layers


def mobilenet():
    """Return MobileNet (Howard and others, 2017): depthwise 3×3 and pointwise 1×1 in turn."""
    strides = (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1)
    return (HALF, *(layer for s in strides for layer in ((3, s, 1, 1), POINT)))


def googlenet():
    """Return GoogLeNet (Szegedy and others, 2015), through the 5×5 branch of each module."""
    branch = (POINT, (5, 1, 2, 1))
    stages = (branch * modules for modules in (2, 5, 2))
    return (*STEM, POINT, CONV, *(layer for stage in stages for layer in (HALF, *stage)))


SHORTCUTS = "These layers go through all convolutions; shortcuts around a block see less."

# As (layers, inputs on the axis, what has to be said of it).
NETWORKS = {
    "Network B": (((5, 1, 0, 1), (2, 2, 0, 1), (3, 1, 0, 2), (3, 2, 0, 1), (3, 1, 0, 1)), 30, ""),
    "LeNet": (((5, 1, 0, 1), (2, 2, 0, 1), (5, 1, 0, 1), (2, 2, 0, 1), (5, 1, 0, 1)), 32, ""),
    "Dilated": (((3, 1, 0, 2),) * 3, 17, ""),
    "VGG-16": (vgg16(), 224, "13 convolutions of 3×3 and 5 pools, up to pool5."),
    "GoogLeNet": (
        googlenet(),
        224,
        "Each module has four branches side by side; these layers go through its 1×1 and 5×5 "
        "convolutions, the branch with the largest field.",
    ),
    "ResNet-18": (
        resnet((2, 2, 2, 2), (HALF, CONV), (CONV, CONV)),
        224,
        SHORTCUTS,
    ),
    "ResNet-34": (
        resnet((3, 4, 6, 3), (HALF, CONV), (CONV, CONV)),
        224,
        SHORTCUTS,
    ),
    "ResNet-50": (
        resnet((3, 4, 6, 3), ((1, 2, 0, 1), CONV, POINT), (POINT, CONV, POINT)),
        224,
        f"{SHORTCUTS} The stride of 2 is in the first 1×1 convolution of a stage, as in the paper.",
    ),
    "MobileNet": (
        mobilenet(),
        224,
        "Version 1. A depthwise convolution sees what any other of 3×3 sees.",
    ),
}
