"""Plots of many runs: how they spread, and how sure a share of them is."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import LogLocator, NullLocator

from rnn_helpers.arguments import check_array
from rnn_helpers.plotting import CUT, FORECAST, PLAIN, TRUTH, drawable

NUM_DOTS = 20
COLUMN = 0.25  # of a power of ten
SERIES = (("o", FORECAST), ("s", CUT), ("^", PLAIN), ("D", TRUTH))


def plot_spread(values, marks, xlabel, ax=None):
    """Draw many values as twenty dots on a log axis, each for a twentieth of them.

    The dots are the quantiles 1/40, 3/40 …, stacked in columns a quarter of a power of
    ten wide (M. Kay and others, 2016, call this a quantile dotplot).

    Parameters
    ----------
    values : array-like
        Shape (num_runs,), all above 0 but for those that are not finite: these are
        left out.
    marks : dict of str to float
        Values to draw as lines, by name.
    xlabel : str
        What the values are.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib.axes.Axes
    """
    values = check_array("values", values, ndim=1)
    values = values[np.isfinite(values)]
    ax = ax or plt.subplots(figsize=(9, 4))[1]
    ax.set_ylim(0, 7)
    if len(values):
        quantiles = np.quantile(values, (np.arange(NUM_DOTS) + 0.5) / NUM_DOTS)
        columns = np.floor(np.log10(quantiles) / COLUMN)
        heights = [(columns[:dot] == columns[dot]).sum() for dot in range(NUM_DOTS)]
        x, y = 10 ** (COLUMN * (columns + 0.5)), np.array(heights) + 0.5
        ax.plot(
            x, y, "o", color=PLAIN, ms=17, label=f"{len(values) / NUM_DOTS:g} networks"
        )
        ax.set_ylim(0, max(7, *y + 1))
    for (name, value), (style, color) in zip(
        marks.items(), (("--", FORECAST), ("-.", CUT))
    ):
        ax.axvline(float(value), color=color, linestyle=style, label=name)
    ax.set(xscale="log", xlabel=xlabel, yticks=[])
    ax.legend(markerscale=0.5)
    return ax


def plot_bands(epochs, losses, name, values):
    """Draw how the losses of many networks spread over the epochs, and one among them.

    The light band holds all networks, the dark band the middle half of them.

    Parameters
    ----------
    epochs : array-like
        Shape (num_epochs,).
    losses : dict of str to array-like
        By the title of a panel, each of shape (num_epochs, num_runs).
    name : str
        What the one is called.
    values : array-like
        Its losses, of shape (num_epochs,).

    Returns
    -------
    matplotlib.figure.Figure
    """
    width = 8 if len(losses) == 1 else 12
    figure, axes = plt.subplots(
        1, len(losses), figsize=(width, 4), sharey=True, squeeze=False
    )
    for ax, (title, rows) in zip(axes[0], losses.items()):
        rows = check_array("losses", rows, ndim=2).clip(1e-9)
        levels = np.quantile(rows, [0, 0.25, 0.5, 0.75, 1], axis=1)
        for low, high, shade, part in (
            (levels[0], levels[4], "0.85", "all networks"),
            (levels[1], levels[3], "0.65", "middle half"),
        ):
            ax.fill_between(epochs, low, high, color=shade, label=part)
        for level in levels:  # the edges, thin; the median
            ax.plot(epochs, level, color="0.45", lw=0.5)
        ax.lines[2].set(color=TRUTH, lw=2, label="median")
        ax.plot(epochs, values, "o", color=FORECAST, label=name)
        ax.set(title=title, xlabel="epoch", yscale="log")
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        ax.yaxis.set_major_formatter("{x:g}")
        ax.yaxis.set_minor_locator(NullLocator())
    axes[0, 0].set_ylabel("loss (log scale)")
    axes[0, 0].legend(loc="lower left")
    return figure


def plot_shares(labels, shares, margin, xlabel, ylabel, level=None, ax=None):
    """Draw shares of runs, each with its interval: the margin to both sides.

    Parameters
    ----------
    labels : sequence of float
        Shape (num_groups,): the number below each group of runs on the axis.
    shares : dict of str to array-like
        By name, each of shape (num_groups,), from 0 to 1; at most four.
    margin : float
        Half the width of an interval.
    xlabel, ylabel : str
        What the groups are, and what the share is of.
    level : pair of str and float, optional
        A share to compare with, and its name.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(9, 4))[1]
    places, apart = np.arange(len(labels)), 0.12 * (len(shares) > 1)
    if level:
        ax.axhline(float(level[1]), color=TRUTH, linestyle="--", lw=1.2, label=level[0])
    for number, (name, row) in enumerate(shares.items()):
        mark, color = SERIES[number]
        x = places + apart * (number - (len(shares) - 1) / 2)
        row = check_array(name, row, ndim=1)
        ends = np.clip([row - margin, row + margin], 0, 1)
        ax.vlines(x, *ends, color=color, lw=2)
        ax.plot(x, row, mark, color=color, label=name)
    ax.set(xlabel=xlabel, ylabel=ylabel, ylim=(-0.03, 1.03))
    ax.set_xticks(places, [f"{label:.3g}" for label in labels])
    ax.legend()
    return ax


def plot_factors(factors, ax=None):
    """Draw by how much a gradient shrinks in a step over what was computed for it.

    Parameters
    ----------
    factors : dict of str to pair of array-like
        By name, the computed and the measured factors, both of shape (num_runs,).
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(8, 4.4))[1]
    ax.plot([0, 1.2], [0, 1.2], color=TRUTH, lw=1.2, label="measured = computed")
    for (name, (computed, measured)), (mark, color) in zip(factors.items(), SERIES):
        ax.plot(computed, measured, mark, color=color, label=name)
    ax.set(xlabel="slope of tanh × spectral radius", ylabel="measured factor a step")
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return ax


def plot_norms(norms, limit, ax=None):
    """Draw the norm of a gradient over the updates, and the limit to which one is cut.

    Parameters
    ----------
    norms : dict of str to array-like
        By name, each of shape (num_updates,), above 0; what is not finite is left out.
    limit : float
        The norm at which gradients are cut.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(9, 4))[1]
    for (name, row), (mark, color) in zip(norms.items(), SERIES[1::-1]):
        ax.semilogy(drawable(row), f"{mark}-", color=color, ms=4, lw=1.2, label=name)
    ax.axhline(limit, color=TRUTH, linestyle="--", lw=1.2, label="limit")
    ax.set(xlabel="update", ylabel="norm of the gradient (log scale)")
    ax.set_ylim(top=min(ax.get_ylim()[1], 1e5 * limit))
    ax.legend()
    return ax


def plot_gates(updates, gates):
    """Draw how far open gates are, on average, over a training.

    Parameters
    ----------
    updates : array-like
        Shape (num_points,).
    gates : dict of str to dict of str to array-like
        By the title of a panel, then by the name of a gate: from 0 (shut) to 1 (open),
        each of shape (num_points,); at most four in a panel.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(
        1, len(gates), figsize=(11, 4), sharey=True, squeeze=False
    )
    for ax, (title, rows) in zip(axes[0], gates.items()):
        for (name, row), (mark, color) in zip(rows.items(), SERIES):
            ax.plot(updates, row, f"{mark}-", color=color, label=name)
        ax.set(title=title, xlabel="update", ylim=(0, 1))
    axes[0, 0].set_ylabel("mean of the gate")
    axes[0, 0].legend()
    return figure
