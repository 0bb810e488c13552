"""Pictures for the lessons, and the one way in which the course shows them."""

import base64
import io

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.collections import LineCollection, PathCollection, QuadMesh
from matplotlib.container import BarContainer
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Polygon
from matplotlib.ticker import FixedLocator

from rnn_helpers.data import pad_sentences

TRUTH, FORECAST, HIDDEN = "#000000", "#0072B2", "#009E73"


def use_course_style():
    """Set the look of every later figure to the course's `course.mplstyle`."""
    plt.style.use("rnn_helpers.course")


# Showing a figure: a picture for the reader, a description for the tests.


def show_figure(figure, alt):
    """Display a figure as one output in two forms, then close it.

    The reader sees the PNG (with `alt` as its alternative text); the text form is
    `describe_figure`, so that a test that compares text outputs compares what the
    figure shows, on any version of matplotlib.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
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
        raise TypeError(f"alt must be a string, got {alt!r}")
    if not alt.strip():
        raise ValueError(f"alt must say what the figure shows, got {alt!r}")
    bundle = {"image/png": encode_png(figure), "text/plain": describe_figure(figure)}
    display(bundle, raw=True, metadata={"image/png": {"alt": alt}})
    plt.close(figure)


def encode_png(figure):
    """Give a figure's PNG as base64 text, as notebooks store it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure

    Returns
    -------
    str
    """
    png = io.BytesIO()
    # hardly larger than at the default level, and sooner done
    figure.savefig(png, format="png", pil_kwargs={"compress_level": 1})
    return base64.b64encode(png.getvalue()).decode("ascii")


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
    lines = [
        f"axes: title {ax.get_title()!r} | x {ax.get_xlabel()!r} | y {ax.get_ylabel()!r}"
    ]
    for name, axis in (("x", ax.xaxis), ("y", ax.yaxis)):
        if isinstance(axis.get_major_locator(), FixedLocator):
            ticks = [tick.get_text() for tick in axis.get_ticklabels()]
            lines.append(f"  {name} ticks: {' '.join(ticks)}")
    if ax.get_legend():
        lines += ["  " + text for text in _legend_lines(ax.get_legend())]
    for line in ax.lines:
        lines += _describe_points(ax, "line", line.get_label(), line.get_xydata())
    for collection in ax.collections:
        if isinstance(collection, QuadMesh):
            lines += _describe_image(collection)
        else:
            lines += _describe_points(
                ax, "points", collection.get_label(), _vertices(collection)
            )
    for image in ax.images:
        lines += _describe_image(image)
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
    words = [text.get_text() for text in ax.texts if text.get_visible()]
    if words:
        lines.append(f"  text: {' | '.join(words)}")
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


# Plots: arrays in, `ax` out.


def plot_loss(losses, label=None, first_epoch=0, ax=None):
    """Draw a loss against the epoch, on a log axis.

    Parameters
    ----------
    losses : sequence of float
        Shape (num_epochs,), all above 0.
    label : str, optional
        Name of the curve in the legend.
    first_epoch : int, optional
        Number of the first epoch, as the lesson counts.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If `losses` is empty or not one row.
    """
    losses = _check_array("losses", losses, ndim=1)
    ax = ax or _new_axes()
    ax.semilogy(range(first_epoch, first_epoch + len(losses)), losses, label=label)
    ax.set(xlabel="epoch", ylabel="loss (log scale)")
    if label:
        ax.legend()
    return ax


def plot_loss_surface(xs, ys, losses, path=None, ax=None):
    """Draw a loss over two parameters as a heat map of its log, with a path on it.

    Parameters
    ----------
    xs, ys : array-like
        The values of the two parameters, of shapes (num_xs,) and (num_ys,).
    losses : array-like
        Shape (num_ys, num_xs), not negative.
    path : array-like, optional
        The parameters after each epoch of the training, shape (num_epochs, 2).
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If `losses` does not fit `xs` and `ys`, or if `path` is not a row of pairs.
    """
    xs, ys = _check_array("xs", xs, ndim=1), _check_array("ys", ys, ndim=1)
    losses = _check_array("losses", losses, ndim=2)
    if losses.shape != (len(ys), len(xs)):
        raise ValueError(
            f"losses must have shape {(len(ys), len(xs))}, got {losses.shape}"
        )
    ax = ax or _new_axes()
    floor = 1e-4  # below it a loss is drawn as nothing
    mesh = ax.pcolormesh(xs, ys, np.log10(np.maximum(losses, floor)), cmap="viridis")
    ax.figure.colorbar(mesh, ax=ax, label="log10 of the loss")
    if path is not None:
        path = _check_array("path", path, ndim=2)
        if path.shape[1] != 2:
            raise ValueError(f"path must be a row of pairs, got shape {path.shape}")
        ax.plot(*path.T, color="white", linewidth=3)
        ax.plot(*path.T, color="#D55E00", label="path")
        ax.plot(*path[-1], "o", color="#D55E00")
    ax.set(xlabel="first parameter", ylabel="second parameter")
    ax.grid(False)
    return ax


def plot_forecast(times, truth, forecast, ax=None):
    """Draw the truth and a forecast of it as points over time.

    Parameters
    ----------
    times, truth, forecast : array-like
        All of shape (num_steps,).
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If the three differ in shape, are empty or not one row.
    """
    times = _check_array("times", times, ndim=1)
    truth = _check_array("truth", truth, ndim=1)
    forecast = _check_array("forecast", forecast, ndim=1)
    if not len(times) == len(truth) == len(forecast):
        raise ValueError(
            "times, truth and forecast must have one length, got"
            f" {len(times)}, {len(truth)} and {len(forecast)}"
        )
    ax = ax or _new_axes()
    ax.plot(times, truth, "o", color=TRUTH, fillstyle="none", label="truth")
    ax.plot(times, forecast, "x", color=FORECAST, mew=2, label="forecast")
    ax.set(xlabel="time", ylabel="value")
    ax.legend()
    return ax


def plot_hidden_states(states, labels=None, ax=None):
    """Draw a hidden state over time as a heat map: a row a unit, a column a step.

    Parameters
    ----------
    states : array-like
        Shape (num_steps, num_hiddens), activities in -1 … 1.
    labels : sequence of str, optional
        One for each step, say its input; the steps are numbered without it.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If `states` is empty or not a table, or if `labels` has another length.
    """
    states = _check_array("states", states, ndim=2)
    num_steps, num_hiddens = states.shape
    ax = ax or _new_axes()
    units = [str(unit + 1) for unit in range(num_hiddens)]
    image = _heat_map(ax, states.T, units, labels, cmap="RdBu_r", vmin=-1, vmax=1)
    ax.figure.colorbar(image, ax=ax, label="value of the unit")
    ax.set(xlabel="step", ylabel="hidden unit")
    return ax


def plot_next_char_probabilities(probabilities, chars, labels=None, ax=None):
    """Draw the probability of each next character: a row a character, a column a step.

    Parameters
    ----------
    probabilities : array-like
        Shape (num_steps, vocab_size), each row a distribution.
    chars : str
        The vocabulary, in the order of the columns.
    labels : sequence of str, optional
        One for each step, say its input; the steps are numbered without it.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If `probabilities` is empty or not a table, or if `chars` or `labels` has
        another length than it.
    """
    probabilities = _check_array("probabilities", probabilities, ndim=2)
    ax = ax or _new_axes()
    image = _heat_map(ax, probabilities.T, chars, labels, cmap="Blues", vmin=0, vmax=1)
    ax.figure.colorbar(image, ax=ax, label="probability")
    ax.set(xlabel="input at each step", ylabel="next character")
    return ax


def _heat_map(ax, array, row_labels, column_labels, **style):
    if column_labels is None:
        column_labels = [str(step) for step in range(array.shape[1])]
    for axis, labels, size in zip(
        ("row", "column"), (row_labels, column_labels), array.shape
    ):
        if len(labels) != size:
            raise ValueError(f"{size} {axis}s need as many labels, got {len(labels)}")
    ax.set_yticks(range(array.shape[0]), [_visible(label) for label in row_labels])
    ax.set_xticks(range(array.shape[1]), [_visible(label) for label in column_labels])
    return _cells(ax, array, **style)


def _cells(ax, array, **style):
    """Draw a table as imshow would, in a tenth of the memory."""
    rows, columns = (np.arange(size + 1) - 0.5 for size in array.shape)  # their edges
    mesh = ax.pcolormesh(columns, rows, array, **style)
    ax.set_aspect("equal")
    ax.invert_yaxis()
    ax.grid(False)
    return mesh


def _visible(label):
    return "␣" if label == " " else label


def _check_array(name, values, ndim):
    array = np.asarray(values, dtype=float)
    if array.ndim != ndim or array.size == 0:
        wanted = {1: "one row of numbers", 2: "a table of numbers"}[ndim]
        raise ValueError(f"{name} must be {wanted}, got shape {array.shape}")
    return array


def _new_axes():
    return plt.subplots()[1]


# Drawings of networks.


def draw_elman_network(num_hiddens, ax=None, activities=None):
    """Draw Elman's network: input and context units, hidden units, an output unit.

    Parameters
    ----------
    num_hiddens : int
        Number of hidden units, and of context units, at least 1.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.
    activities : sequence of float, optional
        What to colour the units by, from blue at -1 to red at 1: the input, the
        context units, the hidden units, the output, 2 + 2 * `num_hiddens` in all.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If `num_hiddens` is under 1, or if `activities` has another length.
    """
    if num_hiddens < 1:
        raise ValueError(f"num_hiddens must be 1 or more, got {num_hiddens}")
    num_units = 2 + 2 * num_hiddens
    if activities is not None and len(activities) != num_units:
        raise ValueError(
            f"activities must be one for each of the {num_units} units,"
            f" got {len(activities)}"
        )
    ax = ax or _new_axes()
    hidden = [(unit + 2.5, 2) for unit in range(num_hiddens)]
    context = [(unit + 4.5, 0) for unit in range(num_hiddens)]
    inputs, outputs = [(1, 0)], [(2 + num_hiddens / 2, 4)]
    layers = ((inputs, hidden), (context, hidden), (hidden, outputs))
    weights = [(a, b) for starts, ends in layers for a in starts for b in ends]
    ax.add_collection(LineCollection(weights, colors="#BBBBBB", lw=0.8, zorder=0))
    units = [
        (centre, face, edge)
        for centres, face, edge in (
            (inputs, TRUTH, TRUTH),
            (context, "white", HIDDEN),
            (hidden, HIDDEN, HIDDEN),
            (outputs, FORECAST, FORECAST),
        )
        for centre in centres
    ]
    colours = plt.get_cmap("RdBu_r")
    for number, (centre, face, edge) in enumerate(units):
        if activities is not None:
            face = colours((float(activities[number]) + 1) / 2)
        ax.add_patch(Circle(centre, 0.3, facecolor=face, edgecolor=edge, lw=2))
    for row in (hidden, context):
        left, y = row[0]
        corner = left - 0.4, y - 0.4
        ax.add_patch(_frame(corner, num_hiddens - 0.2, 0.8, HIDDEN, lw=1))
    right = num_hiddens + 2.1
    bend = {"connectionstyle": "arc3,rad=-0.35", "ls": "--"}
    ax.add_patch(_arrow((right, 2), (right + 1.6, 0.6), **bend))
    ax.text(1, -0.6, "input xₜ", ha="center", va="top")
    ax.text(4 + num_hiddens / 2, -0.6, "context hₜ₋₁", ha="center", va="top")
    ax.text(1.8, 2, "hidden hₜ", ha="right", va="center")
    ax.text(1.6 + num_hiddens / 2, 4, "output yₜ", ha="right", va="center")
    ax.text(right + 1.6, 1.7, "copied for\nthe next step", va="center")
    return _as_drawing(ax, (-0.5, num_hiddens + 6.5), (-1.5, 4.6))


def draw_unrolled(inputs, outputs, name_weights=False, ax=None):
    """Draw a recurrent network unrolled over time, with the same cell at every step.

    Parameters
    ----------
    inputs, outputs : sequence of str or None
        One entry a step: the label of what goes in and of what comes out there, or
        None for a step without. Both of one length, at least 1.
    name_weights : bool, optional
        Whether to write W_xh, W_hh and W_hy beside their arrows.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If the two differ in length or are empty.
    """
    if len(inputs) != len(outputs) or len(inputs) == 0:
        raise ValueError(
            "inputs and outputs need one entry a step each, got"
            f" {len(inputs)} and {len(outputs)}"
        )
    ax = ax or _new_axes()
    for step, (label_in, label_out) in enumerate(zip(inputs, outputs)):
        x = 1.6 * step
        _box(ax, (x, 1.5), f"$h_{{{step + 1}}}$", HIDDEN)
        arrows = []
        if step > 0:
            start, end = (x - 1.2, 1.5), (x - 0.4, 1.5)
            arrows.append((start, end, "$W_{hh}$", HIDDEN, "center"))
        if label_in is not None:
            _box(ax, (x, 0), label_in, TRUTH)
            arrows.append(((x, 0.4), (x, 1.1), "$W_{xh}$", "#555555", "left"))
        if label_out is not None:
            _box(ax, (x, 3), label_out, FORECAST)
            arrows.append(((x, 1.9), (x, 2.6), "$W_{hy}$", "#555555", "left"))
        for start, end, name, colour, side in arrows:
            ax.add_patch(_arrow(start, end, colour))
            if name_weights:
                middle = np.mean([start, end], axis=0) + (0.1 * (side == "left"), 0.12)
                ax.text(*middle, name, fontsize=11, ha=side)
    return _as_drawing(ax, (-0.8, 1.6 * len(inputs) - 0.8), (-0.6, 3.6))


def draw_sentences(sentences, ax=None):
    """Draw sentences of unequal length as a block, a row each, the padding shaded.

    Parameters
    ----------
    sentences : list of str
        The sentences before padding, as `pad_sentences` takes them.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    TypeError, ValueError
        As `pad_sentences` does.
    """
    padded = pad_sentences(sentences)
    ax = ax or _new_axes()
    is_padding = [
        [step >= len(sentence) for step in range(len(padded[0]))]
        for sentence in sentences
    ]
    _cells(ax, np.array(is_padding, dtype=float), cmap="Oranges", vmin=0, vmax=2)
    for row, sentence in enumerate(padded):
        for step, char in enumerate(sentence):
            label = "pad" if is_padding[row][step] else _visible(char)
            ax.text(step, row, label, ha="center", va="center")
    ax.set_xticks(range(len(padded[0])))
    ax.set_yticks(range(len(padded)))
    ax.set(xlabel="step", ylabel="sentence")
    return ax


def draw_tree(branches, ax=None):
    """Draw texts that grow from a first one, a character each, the probable ones thick.

    Parameters
    ----------
    branches : dict of str to float
        The probability of each text. With every text but the first, shortest one its
        beginning, shorter by a character, must be there, too.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If `branches` is empty, or if a text stands there without its beginning.
    """
    if not branches:
        raise ValueError("branches must hold at least one text, got none")
    first = min(branches, key=len)
    for text in branches:
        if text != first and text[:-1] not in branches:
            raise ValueError(f"{text!r} stands in branches without {text[:-1]!r}")
    ax = ax or _new_axes()
    grown = [text for text in branches if text != first]
    parents = {text[:-1] for text in grown}
    leaves = [text for text in branches if text not in parents]
    rows = {
        text: -np.mean([i for i, leaf in enumerate(leaves) if leaf.startswith(text)])
        for text in branches
    }
    points = {text: (len(text), row) for text, row in rows.items()}
    lines = [(points[text[:-1]], points[text]) for text in grown]
    widths = [1 + 12 * branches[text] for text in grown]
    ax.add_collection(LineCollection(lines, colors="#9ecae1", linewidths=widths))
    for text, point in points.items():
        label = text if text == first else _visible(text[-1])
        ax.text(*point, label, ha="center", va="center")
    right = max(map(len, branches)) + 0.6
    for leaf in leaves:
        ax.text(right, rows[leaf], f"{branches[leaf]:.2f}", va="center")
    ax.set(xlim=(len(first) - 0.6, right + 1), ylim=(0.6 - len(leaves), 0.6))
    ax.axis("off")
    return ax


def _box(ax, centre, label, colour):
    x, y = centre
    ax.add_patch(_frame((x - 0.3, y - 0.3), 0.6, 0.6, colour, lw=2))
    size = 13 if len(label) < 4 or label.startswith("$") else 11
    ax.text(x, y, label, ha="center", va="center", color=colour, fontsize=size)


def _frame(corner, width, height, colour, lw):
    style = "round,pad=0.1"
    return FancyBboxPatch(
        corner, width, height, boxstyle=style, facecolor="none", edgecolor=colour, lw=lw
    )


def _arrow(start, end, color="#555555", **style):
    return FancyArrowPatch(
        start, end, arrowstyle="-|>", mutation_scale=14, color=color, lw=1.5, **style
    )


def _as_drawing(ax, xlim, ylim):
    ax.set(xlim=xlim, ylim=ylim, aspect="equal")
    ax.axis("off")
    return ax
