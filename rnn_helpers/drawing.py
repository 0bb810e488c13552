"""Drawings for the lessons: networks, sentences and trees."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

from rnn_helpers.data import pad_sentences
from rnn_helpers.plotting import (
    CUT,
    FORECAST,
    HIDDEN,
    TRUTH,
    fill_cells,
    new_axes,
    show_space,
)


def draw_elman_network(num_hiddens, ax=None):
    """Draw Elman's network: input and state before, state after, an output unit.

    Parameters
    ----------
    num_hiddens : int
        Number of hidden units, at least 1.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If `num_hiddens` is under 1.
    """
    if num_hiddens < 1:
        raise ValueError(f"num_hiddens must be 1 or more, got {num_hiddens}")
    ax = ax or new_axes()
    inputs, before, after, outputs = _elman_layers(num_hiddens)
    layers = ((inputs, after), (before, after), (after, outputs))
    weights = [(a, b) for starts, ends in layers for a in starts for b in ends]
    ax.add_collection(LineCollection(weights, colors="#BBBBBB", lw=0.8, zorder=0))
    for unit in (
        *_units(inputs, TRUTH, TRUTH),
        *_units(before, "white", HIDDEN),
        *_units(after, HIDDEN, HIDDEN),
        *_units(outputs, FORECAST, FORECAST),
    ):
        ax.add_patch(unit)
    for row in (after, before):
        left, y = row[0]
        corner = left - 0.4, y - 0.4
        ax.add_patch(_frame(corner, num_hiddens - 0.2, 0.8, HIDDEN, lw=1))
    right = num_hiddens + 2.1
    bend = {"connectionstyle": "arc3,rad=-0.35", "ls": "--"}
    ax.add_patch(_arrow((right, 2), (right + 1.6, 0.6), **bend))
    _name_elman_layers(ax, num_hiddens)
    return _as_drawing(ax, (-2, num_hiddens + 6.5), (-1.5, 4.6))


def _elman_layers(num_hiddens):
    """The centres of the input, the state before and after, and the output."""
    before = [(unit + 4.5, 0) for unit in range(num_hiddens)]
    after = [(unit + 2.5, 2) for unit in range(num_hiddens)]
    return [(1, 0)], before, after, [(2 + num_hiddens / 2, 4)]


def _units(centres, face, edge):
    return [
        Circle(centre, 0.3, facecolor=face, edgecolor=edge, lw=2) for centre in centres
    ]


def _name_elman_layers(ax, num_hiddens):
    ax.text(1, -0.6, "input $x_t$", ha="center", va="top")
    middle = 4 + num_hiddens / 2
    ax.text(middle, -0.6, "state before, $h_{t-1}$", ha="center", va="top")
    ax.text(1.8, 2, "state after, $h_t$", ha="right", va="center")
    ax.text(1.6 + num_hiddens / 2, 4, "output $y_t$", ha="right", va="center")
    ax.text(num_hiddens + 3.7, 1.7, "copied for\nthe next step", va="center")


def draw_unrolled(inputs, outputs, name_weights=False, ax=None):
    """Draw a recurrent network unrolled over time, with the same cell at every step.

    Step t begins with the state h_(t-1), and h_t is the state after it; before the
    first step it is h_0.

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
    ax = ax or new_axes()
    ax.text(-1.45, 1.5, "$h_0$", ha="center", va="center", color=HIDDEN)
    for step, (label_in, label_out) in enumerate(zip(inputs, outputs)):
        x = 1.6 * step
        _box(ax, (x, 1.5), f"$h_{{{step + 1}}}$", HIDDEN)
        arrows = [((x - 1.2, 1.5), (x - 0.4, 1.5), "$W_{hh}$", HIDDEN, "center")]
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
    return _as_drawing(ax, (-1.8, 1.6 * len(inputs) - 0.8), (-0.6, 3.6))


def draw_cell_and_unrolled(num_hiddens):
    """Draw Elman's network, and beside it the same unrolled over three steps.

    Parameters
    ----------
    num_hiddens : int
        Number of hidden units, at least 1.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If `num_hiddens` is under 1.
    """
    shapes = [(num_hiddens + 8.5) / 6.1, 5.8 / 4.2]  # so that they line up
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4), width_ratios=shapes)
    draw_elman_network(num_hiddens, left).set_title("Elman's network, one step")
    inputs, outputs = ([f"${name}_{t}$" for t in (1, 2, 3)] for name in "xy")
    draw_unrolled(inputs, outputs, name_weights=True, ax=right)
    right.set_title("The same, unrolled over three steps")
    return figure


def draw_cut(num_steps, ax=None):
    """Draw a network unrolled over time, its gradient cut between all steps.

    Parameters
    ----------
    num_steps : int
        At least 1.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib.axes.Axes
    """
    inputs, outputs = ([f"${name}_{t + 1}$" for t in range(num_steps)] for name in "xy")
    ax = draw_unrolled(inputs, outputs, ax=ax)
    style = {"color": CUT, "fontsize": 22, "ha": "center", "va": "center"}
    for x in 1.6 * np.arange(num_steps):
        ax.add_patch(_arrow((x + 0.12, 2.6), (x + 0.12, 1.9), CUT, ls="--"))
        if x > 0:
            ax.plot([x - 0.4, x - 0.7], [1.2, 1.2], "--", color=CUT, lw=1.5)
            ax.text(x - 0.8, 1.2, "✂", rotation=180, **style)
    _key(ax, 1.6 * num_steps)
    return ax


def draw_way_back(num_steps, ax=None):
    """Draw the gradient's way back from the last output to all inputs.

    Parameters
    ----------
    num_steps : int
        At least 1.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib.axes.Axes
    """
    inputs = [f"$x_{t + 1}$" for t in range(num_steps)]
    outputs = [None] * (num_steps - 1) + ["loss"]
    ax = draw_unrolled(inputs, outputs, ax=ax)
    last = 1.6 * (num_steps - 1)
    style = {"color": CUT, "fontsize": 13, "ha": "center"}
    ax.add_patch(_arrow((last + 0.12, 2.6), (last + 0.12, 1.9), CUT, ls="--"))
    for back in range(num_steps):
        x = last - 1.6 * back
        if x > 0:
            ax.add_patch(_arrow((x - 0.4, 1.2), (x - 1.2, 1.2), CUT, ls="--"))
        power = ("1", "$W_{hh}$", f"$W_{{hh}}^{back}$")[min(back, 2)]
        ax.text(x + (0.45 if back == 0 else 0), 2.08, power, **style)
    _key(ax, 1.6 * num_steps)
    return ax


def _key(ax, x):
    """Say beside an unrolled network what its two kinds of arrow are."""
    ax.text(x - 0.7, 1.5, "→ forward", color="#555555", va="center")
    ax.text(x - 0.7, 1.15, "⇠ gradient", color=CUT, va="center")
    ax.set_xlim(right=x + 1)


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
    ax = ax or new_axes()
    is_padding = [
        [step >= len(sentence) for step in range(len(padded[0]))]
        for sentence in sentences
    ]
    fill_cells(ax, np.array(is_padding, dtype=float), cmap="Oranges", vmin=0, vmax=2)
    for row, sentence in enumerate(padded):
        for step, char in enumerate(sentence):
            label = "pad" if is_padding[row][step] else show_space(char)
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
    ax = ax or new_axes()
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
        label = text if text == first else show_space(text[-1])
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
