"""The catalogue: ids, names and hints of the mistakes that several lessons share.

What a learner can get wrong in one lesson alone stands in that lesson's `mistakes.py`.
"""

from autograder.lessons.register import mistake

# sliding_window ----------------------------------------------------------------------------------

FLIPS = mistake(
    "flips-the-kernel",
    "the kernel is flipped",
    "Which weight meets the first entry of the first window? Cross-correlation slides the "
    "kernel as it is written.",
)
AVERAGES = mistake(
    "averages",
    "the products are averaged, not summed",
    "If three weights of 1 meet three 2s, should the output be 2 or 6?",
)
KEEPS_LENGTH = mistake(
    "keeps-the-signals-length",
    "the output is as large as the input",
    "What does a window that begins at the last entry read?",
)
FULL = mistake(
    "windows-hang-over",
    "windows that hang over the edge of the input are counted too",
    "This exercise has no padding: which windows lie inside the input as a whole?",
)
LAST_PRODUCT = mistake(
    "keeps-the-last-product",
    "only the last product of each window is kept",
    "In the loop over the kernel, is each product added to the ones before, or put in their place?",
)
ONE_SAMPLE = mistake(
    "reads-one-sample",
    "one entry of the input meets every weight",
    "Along the kernel, should each weight meet the same entry of x, or one that moves with it?",
)
JUMPS = mistake(
    "jumps-by-the-kernel",
    "the window jumps by the kernel's size",
    "With a kernel of 3: after the window over places 0, 1, 2, where does the next one begin?",
)
INT_OUTPUT = mistake(
    "integer-output",
    "the fractions are lost",
    "Which dtype has the array that holds your result? What does one of integers keep of 2.5?",
)
RETURNS_EARLY = mistake(
    "returns-too-early",
    "the function returns after the first step",
    "At which indentation does `return` stand: inside a loop, or behind it?",
)
LAST_WINDOW = mistake(
    "misses-the-last-window",
    "the last window is left out",
    "Count the windows of length 3 in a signal of length 5 on your fingers: which one is missing?",
)
ROUNDS_UP = mistake(
    "rounds-up",
    "the size is rounded up",
    "Does a window count that does not lie inside the padded input as a whole?",
)
FORGETS_ONE = mistake(
    "forgets-the-first-window",
    "the first window is not counted: the + 1 is missing",
    "How many windows are there when the kernel is exactly as large as the padded input?",
)
NO_STRIDE = mistake(
    "ignores-the-stride",
    "the stride has no effect",
    "How many entries after the first window does the next one begin?",
)
NO_PADDING = mistake(
    "ignores-the-padding",
    "the padding has no effect",
    "How long is the input once the zeros stand on both sides?",
)
FLOAT_SIZE = mistake(
    "divides-to-a-float",
    "the size is a float",
    "What does `/` give in Python, even for 4 / 2? And which of `//`, `int` and `math.floor` "
    "give an int?",
)
DILATED_TIMES = mistake(
    "dilation-times-kernel",
    "the dilated kernel is taken to span d * k entries",
    "Draw a kernel with 3 taps and dilation 2: from the first tap to the last, how many entries?",
)
NO_DILATION = mistake(
    "ignores-the-dilation",
    "the dilation has no effect",
    "With dilation 2, how far from the first tap is the second?",
)
DILATION_FROM_ZERO = mistake(
    "dilation-counted-from-zero",
    "the dilation is read as the number of skipped entries",
    "Dilation 1 is the plain kernel: how many entries does it skip between taps?",
)
NO_REFUSAL = mistake(
    "size-of-a-kernel-that-does-not-fit",
    "a kernel that does not fit is given a size",
    "What should happen, before any size is computed, when the kernel is larger than the padded "
    "input?",
)
REFUSES_WITHOUT_GAPS = mistake(
    "refusal-without-dilation",
    "the refusal looks at the kernel without its gaps",
    "How many pixels does a kernel of 3 taps with dilation 2 span? Does your refusal know?",
)
REFUSES_EXACT = mistake(
    "refuses-an-exact-fit",
    "a kernel as large as the padded input is refused",
    "How many windows are there when the kernel is exactly as large as the padded input?",
)
REFUSES_REMAINDER = mistake(
    "refuses-a-remainder",
    "sizes that the stride does not divide are refused",
    "The entries that are left over at the end are not read; is anything else wrong with them?",
)
PADS_AFTER = mistake(
    "pads-one-side",
    "all the zeros stand on one side",
    "Where does the first entry of x stand when padding is 2?",
)
PADS_ONCE = mistake(
    "padding-on-one-side",
    "the padding is counted on one side only",
    "With padding 1, how many zeros lie along an axis?",
)
PADS_HALF = mistake(
    "splits-the-padding",
    "the padding is shared out between the two sides",
    "Is `padding` the number of zeros on each side, or on both sides together?",
)
PADS_EDGE = mistake(
    "repeats-the-edge",
    "the edge is repeated or mirrored instead of zeros",
    "Which numbers should stand outside the input?",
)
PADS_ONES = mistake(
    "pads-with-ones",
    "the padding is not 0",
    "Which value leaves a sum of products as it is?",
)
PADS_TWICE = mistake(
    "pads-twice",
    "twice as many zeros as asked for stand on each side",
    "With padding 1, how long is an axis of 3 entries afterwards?",
)

# gradients_1d ------------------------------------------------------------------------------------

NOT_TURNED = mistake(
    "kernel-not-turned",
    "the kernel meets dy the wrong way round: this is the gradient of the layer that flips it",
    "Send a dy with a single 1 back: which entries of x did that output read, and with which entry "
    "of w each?",
)
LAST_WINDOW_WINS = mistake(
    "overlaps-overwritten",
    "where windows overlap, only one of them is kept",
    "Take an entry of x that several windows read. Does its gradient hear from all of them?",
)
OVERLAPS_AVERAGED = mistake(
    "overlaps-averaged",
    "the sum is divided by the number of windows that read an entry",
    "If three outputs each rise by 1 when one entry of x rises, by how much does their sum rise?",
)
ONE_ZERO = mistake(
    "pads-dy-by-one",
    "dy is padded by 1, whatever the kernel's length",
    "How many windows read the first entry of x? How far must the turned kernel hang over dy to "
    "meet it?",
)
NO_ZEROS = mistake(
    "dy-not-padded",
    "dy is not padded at all",
    "Which shape has dx, and which one has what you return?",
)
ONE_TAP = mistake(
    "one-tap-only",
    "each output sends its gradient through one tap only",
    "How many entries of x did one output read: one, or as many as the kernel has taps?",
)
SUMMED_KERNEL = mistake(
    "kernel-summed",
    "all taps are summed before they meet dy",
    "When one entry of x changes, what changes an output that reads it: the whole kernel, or one "
    "entry of it?",
)
STRIDE_IGNORED = mistake(
    "gradient-ignores-the-stride",
    "the stride has no effect on where a window's gradient lands",
    "With stride 2, which entry of x does the second window begin at?",
)
REMAINDER_CUT = mistake(
    "remainder-missing",
    "dx ends where the last window ends",
    "An entry that no window reads still belongs to x. What is its gradient, and where is it?",
)
STRIDE_ON_DX = mistake(
    "strides-over-dy",
    "the stride is applied to the windows over dy instead of spreading dy out",
    "Neighbouring entries of dy belong to windows that are `stride` apart. "
    "What stands between them in x?",
)
SPREAD_TOO_FAR = mistake(
    "one-zero-too-many-between",
    "dy is spread out with `stride` zeros between its entries, one too many",
    "With stride 1, how many zeros stand between neighbours?",
)
ZEROS_TRAIL = mistake(
    "zeros-in-front-of-each-entry",
    "the zeros stand in front of dy's entries, so that all windows begin too late",
    "At which entry of x did the first window begin?",
)
ORDER_SWAPPED = mistake(
    "gradients-in-another-order",
    "the gradients are returned in another order",
    "Which of your gradients has the shape of x? That one is dx, and dx comes first.",
)
CHANGES_UNWEIGHTED = mistake(
    "changes-not-weighted",
    "the changes of the outputs are added as if the loss paid the same for each",
    "Does the loss pay the same for one unit of each output? Which number says what it pays?",
)

# forward passes in two dimensions ----------------------------------------------------------------

FLIPS_ONE_AXIS = mistake(
    "flips-one-axis",
    "the kernel is flipped along one axis",
    "In the first window, which weight meets the top right pixel?",
)
TRANSPOSES_KERNEL = mistake(
    "kernel-transposed",
    "the kernel's rows and columns are exchanged",
    "Which pixel of the first window does the kernel's top right entry meet?",
)
NO_BIAS = mistake(
    "forgets-the-bias",
    "the bias is missing",
    "What does the layer give for an image of zeros?",
)
ONE_CHANNEL = mistake(
    "one-channel-only",
    "only one channel counts",
    "Change a pixel of another channel: does your output change?",
)
CHANNEL_ORDER = mistake(
    "channel-order-mixed-up",
    "pixels and weights are lined up in different orders of channel, row and column",
    "Write down which (channel, row, column) stands at place 1 of your patch, and at place 1 of "
    "the flattened kernel.",
)
STRIDE_ONE_AXIS = mistake(
    "stride-on-one-axis",
    "the stride acts on one axis only",
    "Take the window one step down and one to the right of the first: at which row and column "
    "does it begin?",
)
PAIR_SWAPPED = mistake(
    "pair-in-the-wrong-order",
    "the two numbers of a pair are exchanged",
    "A pair is (for rows, for columns). Which of the two belongs to the rows?",
)
PAIR_FIRST_ONLY = mistake(
    "one-number-of-a-pair",
    "one number of a pair is used for both axes",
    "Which setting belongs to the columns?",
)
ONE_OUTPUT_TOO_FEW = mistake(
    "one-output-too-few",
    "the last window of a row or column is left out",
    "At which rows of a 4-row image can a kernel of 2 rows begin?",
)
ONE_AXIS_SIZE = mistake(
    "one-size-for-both-axes",
    "one axis's size is used for both",
    "The image need not be square: what do H and W each decide?",
)
ONE_KERNEL_SIZE = mistake(
    "one-kernel-side-for-both",
    "one side of the kernel is used for both",
    "The kernel need not be square: does a later line overwrite its height?",
)
PADS_ALL_AXES = mistake(
    "pads-batch-and-channels",
    "zeros are added to the batch and channel axes as well",
    "Print x.shape before and after the padding.",
)
PADS_AFTER_2D = mistake(
    "pads-one-corner",
    "all the zeros stand on one side",
    "Where does the first pixel of x stand when padding is 1?",
)
ONE_IMAGE = mistake(
    "one-image-for-all",
    "every output comes from the same image",
    "From which image does the second image's result come?",
)
SINGLE_OUTPUT = mistake(
    "single-precision-output",
    "the result is computed or kept in float32",
    "Which dtype has the array that you fill, and which has the input?",
)
DILATED_GAPS = mistake(
    "dilation-one-too-wide",
    "the taps stand one pixel too far apart",
    "Dilation 1 is the plain kernel: how far is it from its first tap to its second?",
)

# geometry ----------------------------------------------------------------------------------------

VIEW = mistake(
    "returns-a-view",
    "the result is the argument itself, or a view of it",
    "With padding 0, change an entry of the result and look at x.",
)

# backward passes in two dimensions ---------------------------------------------------------------

NOT_CROPPED = mistake(
    "padding-not-cropped",
    "dx still has the padding around it",
    "A gradient has the shape of what it belongs to. Do the zeros around x need one?",
)
CROPPED_TO_NOTHING = mistake(
    "cropped-to-nothing",
    "with padding 0 nothing is left of dx",
    "What does the slice [0:-0] give?",
)
CROPPED_AT_CORNER = mistake(
    "cropped-at-the-corner",
    "dx is cut from the top left corner, so that it is shifted by the padding",
    "At which row of the padded image does x itself begin?",
)
LAST_FILTER_WINS = mistake(
    "one-filter-reaches-dx",
    "only one filter's gradient reaches x",
    "A pixel is read by every filter. Are their parts added?",
)
CHANNELS_ALIKE = mistake(
    "channels-of-dx-alike",
    "every channel of dx gets the same",
    "Which weights did channel 1 meet?",
)
ONE_CHANNEL_OF_DX = mistake(
    "one-channel-of-dx",
    "only one channel of dx is filled",
    "Which channels did a window read?",
)
FILTERS_FOR_CHANNELS = mistake(
    "filters-and-channels-exchanged",
    "filters and channels are exchanged",
    "Which axis of w is summed over for dx: F or C? Try shapes with F and C different.",
)
ONE_IMAGE_OF_DX = mistake(
    "one-image-back",
    "the gradients of all images come from one of them",
    "Which image of dy does dx[1] belong to?",
)
DX_BATCH_MEAN = mistake(
    "dx-divided-by-the-batch",
    "dx is divided by the number of images",
    "Where would a division come from? dy says already how the loss weighs each output.",
)
WITHOUT_DY = mistake(
    "gradient-without-dy",
    "dy has no effect on the values",
    "By how much should dx grow when dy doubles?",
)
DW_TURNED = mistake(
    "dw-turned",
    "dw is turned by 180 degrees: this is the gradient of the layer that flips its kernel",
    "Which pixel did the kernel's top left entry meet in the first window? That product belongs "
    "to dw's top left entry.",
)
DW_ONE_WINDOW = mistake(
    "dw-of-one-window",
    "dw is that of a single window",
    "A weight was used in every window. Is each window's part added?",
)
DB_EACH_POSITION = mistake(
    "db-for-each-position",
    "there are more bias gradients than biases",
    "How many numbers does b hold? A bias gradient has its shape.",
)
DB_MEAN = mistake(
    "db-averaged",
    "db is averaged",
    "When b[f] rises by 1, every entry of map f rises by 1. What happens to the sum of y times dy?",
)
DB_COUNTS = mistake(
    "db-counts-the-positions",
    "db counts the positions, whatever dy is",
    "Where does dy enter?",
)

# im2col ------------------------------------------------------------------------------------------

PATCHES_AS_ROWS = mistake(
    "patches-as-rows",
    "each patch is a row, not a column",
    "The kernels, as rows, multiply from the left. Along which axis does a patch have to lie?",
)
PATCH_BY_COLUMNS = mistake(
    "patch-read-by-columns",
    "each patch is read down its columns",
    "Which entry of the patch stands at place 1: the one to the right of the first, or the one "
    "below it?",
)
CHANNEL_FASTEST = mistake(
    "channel-fastest",
    "a patch's rows go pixel by pixel with the channel fastest",
    "How do the weights of one filter, (C, KH, KW), lie once they are flattened?",
)
POSITIONS_BY_COLUMNS = mistake(
    "positions-down-the-columns",
    "the windows are taken down the columns of the image",
    "Which window is the second one: the next to the right, or the next below?",
)
IMAGE_SLOWEST = mistake(
    "image-index-slowest",
    "all windows of one image come before those of the next",
    "The convention here is that the image index runs fastest: which image is in column 1?",
)
PATCHES_TURNED = mistake(
    "patches-turned",
    "each patch is turned by 180 degrees",
    "Which pixel of the first window stands in the first row?",
)
RESHAPED_STRAIGHT = mistake(
    "product-reshaped-straight",
    "the product (F, OH*OW*N) is reshaped to (N, F, OH, OW) without moving its axes",
    "A reshape never moves a number. In which order do F, OH, OW and N stand in the product?",
)
KERNELS_MIXED = mistake(
    "kernels-mixed-in-a-row",
    "a row of the flattened kernels holds weights of several filters",
    "w has the shape (F, C, KH, KW). Which reshape keeps the weights of one filter together?",
)

# conv2d_layer ------------------------------------------------------------------------------------

MEAN_POOL = mistake(
    "mean-for-max",
    "the pooling averages",
    "Which number of each window does max-pooling keep?",
)
