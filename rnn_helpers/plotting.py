"""Plots that two notebooks or more share, and the colours of all.

The contract of every plot and drawing, here and in `lessons`: arrays in, matplotlib's axes
out; several panels are a figure of their own size. Axes are labelled. Nothing is shown,
trained, fitted, drawn at random or set for later figures. What has another shape than the
docstring gives is refused by a ValueError.
"""

import matplotlib.pyplot as plt
import numpy as np

from .arguments import check_array

__all__ = ["plot_losses", "plot_powers"]

# One colour for one thing, in every figure of the course.
TRUTH, FORECAST, HIDDEN, CUT = "#000000", "#0072B2", "#009E73", "#D55E00"
PLAIN = "#777777"
RIGHT = "#9BD8B9"  # behind what is right
SERIES = (("o", FORECAST), ("s", CUT), ("^", PLAIN), ("D", TRUTH))


def plot_losses(losses, levels, first_epoch=0, log=True):
    """Draw losses against the epoch, and levels to compare them with.

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
    """
    ax = plt.subplots()[1]
    styles = [(FORECAST, "-"), (PLAIN, "-")]
    if len(losses) > 2:
        colors = (PLAIN, FORECAST, HIDDEN)
        styles = [(color, style) for color in colors for style in ("-", ":")]
    for (name, row), (color, style) in zip(losses.items(), styles):
        row = drawable(check_array("losses", row, ndim=1))
        epochs = range(first_epoch, first_epoch + len(row))
        ax.plot(epochs, row, style, color=color, label=name)
    for (name, level), style in zip(levels.items(), ("--", ":", "-.")):
        level = float(level)
        ax.axhline(level, color=TRUTH, linestyle=style, linewidth=1.2, label=name)
    ax.set(xlabel="epoch", ylabel="loss (log scale)" if log else "loss")
    ax.set_yscale("log" if log else "linear")
    ax.legend()
    return ax


def plot_powers(curves, first, xlabel, ylabel):
    """Draw curves that grow or shrink by powers, on a log axis, each named at its end.

    Parameters
    ----------
    curves : dict of str to array-like
        By name, each of shape (num_steps,): its values after `first` steps, one more …
    first : int
        The number of steps of the first value.
    xlabel, ylabel : str
        What is drawn over what.
    """
    ax = plt.subplots(figsize=(9, 4))[1]
    names = []
    for (name, row), style in zip(curves.items(), ("-", "--", "-.", ":")):
        steps, row = range(first, first + len(row)), drawable(row)
        (line,) = ax.semilogy(steps, row, style, label=name)
        shown = np.flatnonzero(row > 0)  # what a log axis can show
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


def drawable(values):
    """Leave out what has diverged: no axis can show it."""
    array = np.asarray(values, dtype=float)
    return np.where(np.abs(array) < 1e100, array, np.nan)


def show_char(label):
    """Give a label to print: a sign for a space and for what nobody could see."""
    if label == " ":
        return "␣"
    return label if label.isprintable() else "�"


def write_char(ax, place, char, **style):
    """Write one character, whatever it is, where a reader can see it."""
    style = {"ha": "center", "va": "center", "parse_math": False, **style}
    ax.text(*place, show_char(char), **style)
