"""Showing a figure, for readers and for the tests, and a number that may diverge."""

import base64
import io
import math

import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from IPython.display import display
from matplotlib.collections import PathCollection, QuadMesh
from matplotlib.container import BarContainer
from matplotlib.patches import Polygon
from matplotlib.ticker import FixedLocator

from .arguments import short

__all__ = ["describe_figure", "show_figure", "use_course_style", "write"]

SHARPNESS = 2  # pixels of a stored picture for each CSS pixel that it is shown at


def use_course_style():
    """Set the look of every later figure to the course's `course.mplstyle`.

    It begins from matplotlib's defaults, so that a style of the user's own cannot hide
    a label or ask for a program that is not there.
    """
    plt.style.use(["default", "rnn_helpers.course"])


def show_figure(figure, alt):
    """Display a figure as one output in two forms, then close it.

    The reader sees the PNG (with `alt` as its alternative text); the text form is
    `describe_figure`, so that a test that compares text outputs compares what the
    figure shows, on any version of matplotlib.

    Parameters
    ----------
    figure : matplotlib.figure.Figure or matplotlib.axes.Axes
        The figure, or axes of it.
    alt : str
        One sentence for readers who cannot see the picture.

    Raises
    ------
    TypeError
        If `alt` is not a string.
    ValueError
        If `alt` is empty.
    """
    if not isinstance(alt, str):
        raise TypeError(f"alt must be a string, got {short(alt)}")
    if not alt.strip():
        raise ValueError(f"alt must say what the figure shows, got {alt!r}")
    data, metadata = as_output(figure.figure, alt)
    if get_ipython():
        display(data, raw=True, metadata=metadata)
    else:  # a notebook that was exported and is run by plain Python
        print(alt)
    plt.close(figure.figure)


def as_output(figure, alt, sharpness=SHARPNESS):
    """Give a figure as notebooks store it: sharp, with the size to show it at.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    alt : str
        Its alternative text.
    sharpness : float, optional
        Pixels of the picture for each CSS pixel.

    Returns
    -------
    data, metadata : dict, dict
        By their MIME types the picture as base64 text and its description; then the
        alternative text and the size to show it at: width and height in CSS pixels.
    """
    png, dpi = io.BytesIO(), sharpness * figure.dpi
    options = {"compress_level": 1}  # hardly larger than by default, and sooner done
    figure.savefig(png, format="png", dpi=dpi, pil_kwargs=options)
    picture = base64.b64encode(png.getvalue()).decode("ascii")
    data = {"image/png": picture, "text/plain": describe_figure(figure)}
    width, height = figure.canvas.get_width_height()
    return data, {"image/png": {"alt": alt, "width": width, "height": height}}


def describe_figure(figure):
    """Say in text what a figure shows: labels, and its data in a few numbers each.

    Every row of data gives its count, least, greatest, mean, first and last value,
    and `weighted`: the mean with weights 1, 2, 3 …, which a reversed or shuffled row
    changes. A log axis gives log10 of its values; an image gives its shape, and
    `weighted` by row and by column. Negative zero is written as zero.

    Parameters
    ----------
    figure : matplotlib.figure.Figure

    Returns
    -------
    str
        One line for the figure, one for each of its axes, and one for each line, set
        of points, image, row of bars and drawing in it.

    Examples
    --------
    >>> figure, ax = plt.subplots()
    >>> _ = ax.plot([0, 1, 2], [3, 5, 4], label="height")
    >>> print(describe_figure(figure))
    figure of 1 axes
    axes: title '' | x '' | y ''
      line 'height'
        x: 3 values, 0.000 to 2.000, mean 1.000, first 0.000, last 2.000, weighted 1.333
        y: 3 values, 3.000 to 5.000, mean 4.000, first 3.000, last 4.000, weighted 4.167
    >>> plt.close(figure)
    """
    parts = [f"figure of {len(figure.axes)} axes"]
    if figure.get_suptitle():
        parts.append(f"title {figure.get_suptitle()!r}")
    parts += [text for legend in figure.legends for text in _legend_lines(legend)]
    for ax in figure.axes:
        if ax.get_label() == "<colorbar>":
            parts.append(f"colour bar: {ax.get_ylabel()!r}")
        else:
            parts += _describe_axes(ax)
    return "\n".join(parts)


def _describe_axes(ax):
    title = ax.get_title() or ax.get_title("left")
    lines = [f"axes: title {title!r} | x {ax.get_xlabel()!r} | y {ax.get_ylabel()!r}"]
    lines += _describe_ticks(ax)
    if ax.get_legend():
        lines += ["  " + text for text in _legend_lines(ax.get_legend())]
    for line in ax.lines:
        lines += _describe_points(ax, "line", line.get_label(), line.get_xydata())
    for collection in ax.collections:
        lines += _describe_collection(ax, collection)
    for image in ax.images:
        lines += _describe_image(image)
    lines += _describe_patches(ax)
    words = [text.get_text() for text in ax.texts if text.get_visible()]
    if words:
        lines.append(f"  text: {' | '.join(words)}")
    return lines


def _describe_ticks(ax):
    lines = []
    for name, axis in (("x", ax.xaxis), ("y", ax.yaxis)):
        if isinstance(axis.get_major_locator(), FixedLocator):
            ticks = [tick.get_text() for tick in axis.get_ticklabels()]
            lines.append(f"  {name} ticks: {' '.join(ticks)}")
    return lines


def _describe_collection(ax, collection):
    if isinstance(collection, QuadMesh):
        return _describe_image(collection)
    label = collection.get_label()
    return _describe_points(ax, "points", label, _vertices(collection))


def _describe_patches(ax):
    lines = []
    bars = [bar for bar in ax.containers if isinstance(bar, BarContainer)]
    for container in bars:
        boxes = [bar.get_bbox() for bar in container]
        middles_and_tops = [((box.x0 + box.x1) / 2, box.y1) for box in boxes]
        lines += _describe_points(ax, "bars", container.get_label(), middles_and_tops)
    outlines = [patch for patch in ax.patches if isinstance(patch, Polygon)]
    for outline in outlines:  # such as a histogram's
        lines += _describe_points(ax, "outline", outline.get_label(), outline.get_xy())
    drawn = len(ax.patches) - len(outlines) - sum(len(container) for container in bars)
    if drawn:
        lines.append(f"  drawing of {drawn} patches")
    return lines


def _legend_lines(legend):
    return [f"legend: {' | '.join(text.get_text() for text in legend.get_texts())}"]


def _vertices(collection):
    if isinstance(collection, PathCollection):
        return collection.get_offsets()
    return np.concatenate([path.vertices for path in collection.get_paths()])


def _describe_points(ax, kind, label, points):
    name = "" if label.startswith("_") else f" {label!r}"
    lines = [f"  {kind}{name}"]
    columns = np.ma.filled(np.ma.asarray(points, dtype=float), np.nan).T
    for axis, scale, values in zip("xy", (ax.get_xscale(), ax.get_yscale()), columns):
        if scale == "log":
            # what has no logarithm is counted as not finite
            with np.errstate(all="ignore"):
                axis, values = f"log10 {axis}", np.log10(values)
        lines.append(f"    {axis}: {_describe_row(values)}")
    return lines


def _describe_image(image):
    array = np.ma.filled(np.ma.asarray(image.get_array(), dtype=float), np.nan)
    low, high = image.get_clim()
    return [
        f"  image of shape {' × '.join(str(size) for size in array.shape)},"
        f" colours from {low:z.3f} to {high:z.3f}",
        f"    all: {_describe_row(array.ravel())}",
        f"    weighted by row: {_weighted_mean(array.mean(axis=1)):z.3f},"
        f" by column: {_weighted_mean(array.mean(axis=0)):z.3f}",
    ]


def _describe_row(values):
    finite = values[np.isfinite(values)]
    if len(finite) == 0:
        return f"{len(values)} values, none finite"
    lost = len(values) - len(finite)
    return (
        f"{len(values)} values{f' ({lost} not finite)' if lost else ''},"
        f" {finite.min():z.3f} to {finite.max():z.3f}, mean {finite.mean():z.3f},"
        f" first {finite[0]:z.3f}, last {finite[-1]:z.3f},"
        f" weighted {_weighted_mean(finite):z.3f}"
    )


def _weighted_mean(values):
    return np.average(values, axis=0, weights=np.arange(1, len(values) + 1))


def write(number, form=".2f"):
    """Write a number in a form, or a word where it has diverged.

    Examples
    --------
    >>> [write(x, ".1%") for x in (0.0072, 19.1, -100.0, float("nan"))]
    ['0.7%', '1910.0%', 'huge', 'lost']
    """
    if math.isnan(number):
        return "lost"
    return format(float(number), form) if abs(number) < 100 else "huge"
