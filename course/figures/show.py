"""Show a matplotlib figure with alt text."""

import base64
import io

import matplotlib.pyplot as plt

# As in the widgets, positive is purple and negative is orange, as matplotlib's scale PuOr runs from
# low to high: never told apart by colour alone.
COLOURS = {"positive": "#5e3c99", "negative": "#b35806", "neutral": "#555555"}


def show(figure: plt.Figure, alt: str) -> None:
    """Display a figure as a picture with alt text, and close it.

    Parameters
    ----------
    figure : the finished figure
    alt : one sentence that says what a reader who cannot see it should know

    Examples
    --------
    >>> figure, axes = plt.subplots()
    >>> show(figure, alt="An empty pair of axes.")
    An empty pair of axes.
    """
    from IPython import get_ipython
    from IPython.display import display

    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, bbox_inches="tight", metadata={"Software": None})
    plt.close(figure)
    if get_ipython() is None:
        print(alt)
        return
    picture = base64.b64encode(buffer.getvalue()).decode("ascii")
    bundle = {"image/png": picture, "text/plain": alt}
    display(bundle, metadata={"image/png": {"alt": alt}}, raw=True)
