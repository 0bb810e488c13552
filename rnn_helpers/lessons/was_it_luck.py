"""Lab *Was it luck?*: its pictures, and the checks of its exercises."""

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.ticker import LogLocator, NullLocator

from ..arguments import check_array
from ..exercises import as_numbers, call, compare, exercise
from ..plotting import CUT, FORECAST, PLAIN, SERIES, TRUTH

__all__ = [
    "check_best_of",
    "check_fair_share",
    "plot_bands",
    "plot_shares",
    "plot_spread",
]

NUM_DOTS = 20
COLUMN = 0.25  # of a power of ten


def plot_spread(values, marks, xlabel):
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
    """
    values = check_array("values", values, ndim=1)
    values = values[np.isfinite(values)]
    ax = plt.subplots(figsize=(9, 4))[1]
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


def plot_shares(labels, shares, margin, xlabel, ylabel, levels=None):
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
    levels : dict of str to float, optional
        Shares to compare with, by name; at most two.
    """
    ax = plt.subplots(figsize=(9, 4))[1]
    places, apart = np.arange(len(labels)), 0.12 * (len(shares) > 1)
    for (name, level), style in zip((levels or {}).items(), ("--", ":")):
        ax.axhline(float(level), color=TRUTH, linestyle=style, lw=1.2, label=name)
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


@exercise
def check_best_of(best_of):
    """The chance that the best of some runs is among the best tenth of all."""
    numbers = [1, 2, 5, 7, 20, 60]
    answers = torch.cat([as_numbers(call(best_of, number), 1) for number in numbers])
    numbers = torch.tensor(numbers).double()
    mistakes = [
        (0.1 * numbers, "Ten tenths are not certain: several may be good at once."),
        (
            (0.1 * numbers).clamp(max=1),
            "Two runs may both be good. Do not count it twice.",
        ),
        (0.1**numbers, "That is the chance that *all* runs are among the best tenth."),
        (0.9**numbers, "That is the chance that *none* of the runs is."),
        (1 - 0.1**numbers, "That is the chance that not all of them are."),
        (100 * (1 - 0.9**numbers), "Right, but as a number from 0 to 1."),
        (0.9**numbers - 1, "Right but for the sign."),
        (
            numbers * 0.1 * 0.9 ** (numbers - 1),
            "That is the chance that *exactly one* run is. Two may be, or more.",
        ),
    ]
    otherwise = "First: how probable is it that no run at all is among the best tenth?"
    if 1e-4 < (answers - (1 - 0.9**numbers)).abs().max() < 0.02:
        otherwise = "Nearly. Do not round or simulate: there is an exact formula."
    compare(answers, 1 - 0.9**numbers, mistakes, otherwise)
    return (
        "seven runs are enough for a chance of one half. So ask: the best of how many?"
    )


@exercise
def check_fair_share(fair_share):
    """The share at the best rate, chosen on one half of the runs, read on the other."""
    generator = torch.Generator().manual_seed(0)
    right, seen, others = [], [], {}
    for number in range(60):
        chances = torch.rand(2 + number % 5, 1, generator=generator)
        runs = 2 * (3 + number % 7)
        solved = torch.rand(len(chances), runs, generator=generator) < chances
        first, second = solved.double().split(runs // 2, dim=1)
        choice, other = first.mean(dim=1), second.mean(dim=1)
        if (choice == choice.max()).sum() > 1 or (other == other.max()).sum() > 1:
            continue  # which of two equal rates is taken is left open
        seen.append(as_numbers(call(fair_share, solved), 1))
        right.append(other[choice.argmax()])
        for name, value in {
            "same": choice.max(),
            "all": solved.double().mean(dim=1).max(),
            "both": solved.double().mean(dim=1)[choice.argmax()],
            "leak": other[solved.double().mean(dim=1).argmax()],
            "second": choice[other.argmax()],
            "tested": other.max(),
        }.items():
            others.setdefault(name, []).append(value)
    hints = {
        "same": "The runs that chose the rate are flattered. Read on the second half.",
        "all": "It chooses and reads on the same runs. Choose on the first half only.",
        "both": "Half of what you read has also chosen. Read on the second half only.",
        "leak": "The second half has also chosen. Choose on the first half only.",
        "second": "The halves have changed places: choose on the first.",
        "tested": "This chooses on the second half. Choose on the first.",
    }
    mistakes = [(torch.stack(others[name]), hint) for name, hint in hints.items()]
    otherwise = (
        "Find the row with the highest share in the first half of the columns; return"
        " that row's share in the second half, a number from 0 to 1."
    )
    compare(torch.cat(seen), torch.stack(right), mistakes, otherwise)
    return "what has chosen may not judge: as with training and held-out data."
