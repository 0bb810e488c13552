"""Plots for the lessons: arrays in, axes out."""

import matplotlib.pyplot as plt
import numpy as np

from rnn_helpers.arguments import check_array

# One colour for one thing, in every figure of the course.
TRUTH, FORECAST, HIDDEN = "#000000", "#0072B2", "#009E73"


def new_axes():
    """Make a figure of one axes; give the axes."""
    return plt.subplots()[1]


def fill_cells(ax, array, **style):
    """Colour the cells of a table as imshow would, in a tenth of the memory."""
    rows, columns = (np.arange(size + 1) - 0.5 for size in array.shape)  # their edges
    mesh = ax.pcolormesh(columns, rows, array, **style)
    ax.set_aspect("equal")
    ax.invert_yaxis()
    ax.grid(False)
    return mesh


def show_space(label):
    """Give a label to print: the open box for a space, which nobody could see."""
    return "␣" if label == " " else label


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
    losses = check_array("losses", losses, ndim=1)
    ax = ax or new_axes()
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
    xs, ys = check_array("xs", xs, ndim=1), check_array("ys", ys, ndim=1)
    losses = check_array("losses", losses, ndim=2)
    if losses.shape != (len(ys), len(xs)):
        raise ValueError(
            f"losses must have shape {(len(ys), len(xs))}, got {losses.shape}"
        )
    ax = ax or new_axes()
    floor = 1e-4  # below it a loss is drawn as nothing
    mesh = ax.pcolormesh(xs, ys, np.log10(np.maximum(losses, floor)), cmap="viridis")
    ax.figure.colorbar(mesh, ax=ax, label="log10 of the loss")
    if path is not None:
        path = check_array("path", path, ndim=2)
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
    times = check_array("times", times, ndim=1)
    truth = check_array("truth", truth, ndim=1)
    forecast = check_array("forecast", forecast, ndim=1)
    if not len(times) == len(truth) == len(forecast):
        raise ValueError(
            "times, truth and forecast must have one length, got"
            f" {len(times)}, {len(truth)} and {len(forecast)}"
        )
    ax = ax or new_axes()
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
    states = check_array("states", states, ndim=2)
    num_steps, num_hiddens = states.shape
    ax = ax or new_axes()
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
    probabilities = check_array("probabilities", probabilities, ndim=2)
    ax = ax or new_axes()
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
    ax.set_yticks(range(array.shape[0]), [show_space(label) for label in row_labels])
    ax.set_xticks(range(array.shape[1]), [show_space(label) for label in column_labels])
    return fill_cells(ax, array, **style)
