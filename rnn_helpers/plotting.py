"""Plots for the lessons: arrays in, axes out."""

import matplotlib.pyplot as plt
import numpy as np

from rnn_helpers.arguments import check_array

# One colour for one thing, in every figure of the course.
TRUTH, FORECAST, HIDDEN, CUT = "#000000", "#0072B2", "#009E73", "#D55E00"
RISING, FALLING, PLAIN = "#882255", "#B8860B", "#777777"


def new_axes():
    """Make a figure of one axes; give the axes."""
    return plt.subplots()[1]


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
    losses = drawable(losses)
    ax.semilogy(range(first_epoch, first_epoch + len(losses)), losses, label=label)
    ax.set(xlabel="epoch", ylabel="loss (log scale)")
    if label:
        ax.legend()
    return ax


def plot_losses(losses, levels, first_epoch=0, log=True, ax=None):
    """Draw several losses against the epoch, and levels to compare them with.

    Parameters
    ----------
    losses : dict of str to sequence of float
        By name, each of shape (num_epochs,), all above 0: one or two, or up to three
        pairs. A pair shares its colour, and its second line is dotted.
    levels : dict of str to float
        Losses that need no training, by name.
    first_epoch : int, optional
        Number of the first epoch, as the lesson counts.
    log : bool, optional
        Whether the losses are drawn on a log axis.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or new_axes()
    styles = [(FORECAST, "-"), (PLAIN, "-")]
    if len(losses) > 2:
        colors = (PLAIN, FORECAST, HIDDEN)
        styles = [(color, style) for color in colors for style in ("-", ":")]
    for (name, row), (color, style) in zip(losses.items(), styles):
        line = plot_loss(row, name, first_epoch, ax).lines[-1]
        line.set(color=color, linestyle=style)
    for (name, level), style in zip(levels.items(), ("--", ":", "-.")):
        ax.axhline(level, color=TRUTH, linestyle=style, linewidth=1.2, label=name)
    if not log:
        ax.set(yscale="linear", ylabel="loss")
    ax.legend()
    return ax


def plot_loss_surfaces(xs, ys, surfaces, paths, answer, names):
    """Draw losses over two parameters as heat maps, each with a path down on it.

    All panels have one colour scale, over the log of the loss.

    Parameters
    ----------
    xs, ys : array-like
        The values of the two parameters, of shapes (num_xs,) and (num_ys,).
    surfaces : dict of str to array-like
        By title, each of shape (num_ys, num_xs), not negative.
    paths : sequence of array-like
        One for each surface: the two parameters after each update, (num_updates, 2).
    answer : pair of float
        The right values of the two parameters.
    names : sequence of str
        The names of the two parameters.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If a surface does not fit `xs` and `ys`, or a path is not a row of pairs.
    """
    size = 12 if len(surfaces) > 1 else 8
    figure, axes = plt.subplots(
        1, len(surfaces), figsize=(size, 4), sharey=True, squeeze=False
    )
    for ax, (title, losses), path in zip(axes[0], surfaces.items(), paths):
        mesh = _surface(ax, xs, ys, losses)
        _path(ax, path)
        star = {"color": "white", "mec": TRUTH, "markersize": 14, "zorder": 3}
        ax.plot(*answer, "*", label="right answer", **star)
        ax.set(title=title, xlabel=names[0], xlim=(xs[0], xs[-1]), ylim=(ys[0], ys[-1]))
    axes[0, 0].set_ylabel(names[1])
    axes[0, 0].legend(loc="lower left", fontsize=10)
    figure.colorbar(mesh, ax=list(axes[0]), label="log10 of the loss", pad=0.02)
    return figure


def _surface(ax, xs, ys, losses):
    xs, ys = check_array("xs", xs, ndim=1), check_array("ys", ys, ndim=1)
    losses = check_array("losses", losses, ndim=2)
    if losses.shape != (len(ys), len(xs)):
        raise ValueError(
            f"losses must have shape {(len(ys), len(xs))}, got {losses.shape}"
        )
    ax.grid(False)
    shown = np.log10(np.clip(losses, 1e-2, None))
    style = {"cmap": "viridis", "vmin": -2, "vmax": 1.5, "shading": "gouraud"}
    return ax.pcolormesh(xs, ys, shown, **style)


def _path(ax, path):
    path = check_array("path", path, ndim=2)
    if path.shape[1] != 2:
        raise ValueError(f"path must be a row of pairs, got shape {path.shape}")
    ax.plot(*path.T, color="white", linewidth=4)
    ax.plot(*path.T, color=CUT, label="path")
    ax.plot(*path[0], "o", color="white", mec=TRUTH, markersize=9, label="start")
    ax.plot(*path[-1], "s", color=CUT, mec="white", markersize=10, label="end")


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


def plot_cost_of_sharing(chances, costs, ax=None):
    """Draw what two outcomes cost over the chance given to the first, and their mean.

    Parameters
    ----------
    chances : array-like
        Shape (num_points,), each between 0 and 1.
    costs : dict of str to array-like
        By the name of the outcome, each of shape (num_points,); two of them.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or new_axes()
    chances = check_array("chances", chances, ndim=1)
    rows = [check_array(name, row, ndim=1) for name, row in costs.items()]
    for name, row, style in zip(costs, rows, ("--", "-.")):
        ax.plot(chances, row, style, label=name)
    mean = np.mean(rows, axis=0)
    ax.plot(chances, mean, color=TRUTH, label="mean of the two")
    lowest = mean.argmin()
    ax.plot(chances[lowest], mean[lowest], "o", color=TRUTH, label="lowest mean")
    ax.set(xlim=(0, 1), ylim=(0, 3), xlabel="chance of the first", ylabel="cost")
    ax.legend()
    return ax


def plot_end_chances(truth, forecasts, ax=None):
    """Draw how often texts end after each length, and how probable models find it.

    Parameters
    ----------
    truth : array-like
        Shape (longest,): of the texts with at least 1, 2 … characters, the share that
        ends there.
    forecasts : dict of str to array-like
        By the name of the model, each of shape (longest,); at most four.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or new_axes()
    truth = check_array("truth", truth, ndim=1)
    lengths = range(1, len(truth) + 1)
    ax.plot(lengths, truth, "o", color=TRUTH, fillstyle="none", ms=9, label="truth")
    styles = (("s--", TRUTH), ("x-", PLAIN), ("^-", FORECAST), ("v-", HIDDEN))
    for (name, row), (style, color) in zip(forecasts.items(), styles):
        ax.plot(lengths, row, style, color=color, ms=6, lw=1.5, label=name)
    ax.set(xlabel="letters so far", ylabel="chance of the end", xticks=lengths)
    ax.set_ylim(-0.02, 1)
    ax.legend()
    return ax


def drawable(values):
    """Leave out what has diverged: no axis can show it."""
    array = np.asarray(values, dtype=float)
    return np.where(np.abs(array) < 1e100, array, np.nan)


def plot_two_targets(times, wave, line, rising, falling):
    """Draw a wave with two moments of like height, and each next value over the last.

    Parameters
    ----------
    times, wave : Tensor
        Both of shape (num_points,).
    line : Tensor
        Shape (num_points - 1,): the forecasts of the best line.
    rising, falling : int
        The steps of the two moments, at most num_points - 2.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.4), width_ratios=[3, 2])
    now, later = wave[:-1], wave[1:]
    up = later > now
    left.plot(times, wave, "o-", color="0.75")
    for step, side, color, mark, name in (
        (rising, up, RISING, "^", "rising"),
        (falling, ~up, FALLING, "v", "falling"),
    ):
        style = {"color": color, "marker": mark, "linestyle": "none", "mew": 2}
        big = {**style, "markersize": 12}
        left.plot(times[step], now[step], label=f"{name}, now", **big)
        big["fillstyle"] = "none"
        left.plot(times[step + 1], later[step], label=f"{name}, next", **big)
        right.plot(now[side], later[side], label=name, **style)
        right.plot(now[step], later[step], "o", color=color, ms=20, fillstyle="none")
    left.set(xlabel="time (radians)", ylabel="value", ylim=(-1.2, 2.2))
    left.set_title("Nearly the same height, and what comes next")
    left.legend(ncols=2, loc="upper center")
    right.plot(now, line, color=PLAIN, label="best line")
    right.set(xlabel="value now", ylabel="value next", title="Each mark: now and next")
    right.legend()
    return figure


def plot_swap(own, swapped, without, targets, ax=None):
    """Draw what two steps forecast with their own state, each other's, and none.

    Parameters
    ----------
    own, swapped, without : sequence of float
        Two forecasts each, for the rising and the falling step.
    targets : sequence of float
        The two true next values.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(9, 4))[1]
    for step, (color, mark, name) in enumerate(
        ((RISING, "^", "rising"), (FALLING, "v", "falling"))
    ):
        style = {"color": color, "markersize": 12}
        truth = [targets[step]] * 2  # beside the forecast that should be there
        ax.plot([-0.3, 0.3], truth, ":", color=color, label=f"{name}: truth")
        ax.plot([0, 1], [own[step], swapped[step]], f"{mark}-", **style)
        ax.plot(2, without[step], mark, label=f"{name}: forecast", **style)
    states = ["own state", "the other's state", "network without\na memory"]
    ax.set_xticks(range(3), states)
    ax.set(xlim=(-0.4, 3.7), ylabel="forecast of the next value")
    ax.legend(loc="center right")
    return ax


def plot_rollouts(truth, forecasts, num_true, ax=None):
    """Draw forecasts that were let go after some true values, over the truth.

    Parameters
    ----------
    truth : array-like
        Shape (num_steps,).
    forecasts : dict of str to array-like
        By name, each of shape (num_steps,); "cut …" is drawn in the cut's colour.
    num_true : int
        How many true values were read before.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(10, 4))[1]
    steps = range(1, len(truth) + 1)
    ax.plot(steps, truth, color="0.75", linewidth=5, label="truth")
    for name, row in forecasts.items():
        style = "o-" if name.startswith("cut") else "s-"
        color = CUT if name.startswith("cut") else FORECAST
        ax.plot(steps, row, style, color=color, ms=4, lw=1.2, label=name)
    ax.axvline(num_true + 0.5, ymax=0.85, color=TRUTH, linewidth=1.2)
    ax.text(num_true + 1, -1.45, "let go →")
    ax.set(xlabel="step", ylabel="value", ylim=(-1.6, 2.1))
    ax.legend(ncols=3, loc="upper center")
    return ax


def plot_sums(partial_sums, outputs, ax=None):
    """Draw what a cell says after each frame, and the true sum so far.

    Parameters
    ----------
    partial_sums, outputs : array-like
        Both of shape (num_steps,).
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib.axes.Axes
    """
    frames = range(1, len(partial_sums) + 1)
    ax = plot_forecast(frames, partial_sums, outputs, ax)
    ax.lines[-1].set_color(HIDDEN)
    ax.set(xlabel="frame", ylabel="sum so far", xticks=frames)
    ax.set_ylim(bottom=0)
    ax.legend(["true sum so far", "state of the cell"])
    return ax


def plot_powers(curves, first, xlabel, ylabel, ax=None):
    """Draw curves that grow or shrink by powers, on a log axis, each named at its end.

    Parameters
    ----------
    curves : dict of str to array-like
        By name, each of shape (num_steps,): its values after `first` steps, one more …
    first : int
        The number of steps of the first value.
    xlabel, ylabel : str
        What is drawn over what.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(9, 4))[1]
    names = []
    for (name, row), style in zip(curves.items(), ("-", "--", "-.", ":")):
        steps, row = range(first, first + len(row)), drawable(row)
        (line,) = ax.semilogy(steps, row, style, label=name)
        shown = np.flatnonzero(np.isfinite(row))
        if len(shown):
            end = 1.01 * steps[shown[-1]], row[shown[-1]]
            names.append(ax.text(*end, name, color=line.get_color(), va="center"))
    ax.set(xlabel=xlabel, ylabel=ylabel, xlim=(0, steps[-1]))
    ax.xaxis.get_major_locator().set_params(integer=True)
    _part(names, ax)
    return ax


def _part(names, ax):
    """Move names apart that stand at nearly the same height on a log axis."""
    low, high = np.log(ax.get_ylim())
    names = sorted(names, key=lambda name: name.get_position()[1])
    for lower, upper in zip(names, names[1:]):
        ends = [np.log(name.get_position()[1]) for name in (lower, upper)]
        if ends[1] - ends[0] < 0.05 * (high - low):
            lower.set_va("top")
            upper.set_va("bottom")
