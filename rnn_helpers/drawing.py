"""Drawings for the lessons: networks, sentences and trees."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

from rnn_helpers.plotting import (
    CUT,
    FORECAST,
    HIDDEN,
    TRUTH,
    new_axes,
)

# Title, inputs and outputs of the recurrent patterns.
PATTERNS = [
    ("one to many:\na caption", ["photo", None, None], ["a", "red", "cat"]),
    ("many to one:\nsentiment", ["not", "bad", "at all"], [None, None, "good"]),
    (
        "many to many, unequal:\ntranslation",
        ["te", "amo", None, None, None],
        [None, None, "I", "love", "you"],
    ),
    (
        "many to many, step by step:\nvideo frames",
        ["1st", "2nd", "3rd"],
        ["run", "run", "jump"],
    ),
]


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
        arrows = [((x - 1.2, 1.5), (x - 0.4, 1.5), "$W_{hh}$", HIDDEN, "center")]
        arrows += _boxes_of_step(ax, x, f"$h_{{{step + 1}}}$", label_in, label_out)
        for start, end, name, colour, side in arrows:
            ax.add_patch(_arrow(start, end, colour))
            if name_weights:
                middle = np.mean([start, end], axis=0) + (0.1 * (side == "left"), 0.12)
                ax.text(*middle, name, fontsize=11, ha=side)
    return _as_drawing(ax, (-1.8, 1.6 * len(inputs) - 0.8), (-0.6, 3.6))


def _boxes_of_step(ax, x, state, label_in, label_out):
    """Draw the boxes of a step, one above the other; give the arrows between them."""
    arrows = []
    _box(ax, (x, 1.5), state, HIDDEN)
    if label_in is not None:
        _box(ax, (x, 0), label_in, TRUTH)
        arrows.append(((x, 0.4), (x, 1.1), "$W_{xh}$", "#555555", "left"))
    if label_out is not None:
        _box(ax, (x, 3), label_out, FORECAST)
        arrows.append(((x, 1.9), (x, 2.6), "$W_{hy}$", "#555555", "left"))
    return arrows


def draw_patterns():
    """Draw what a network may read and write: one or many inputs, one or many outputs.

    Returns
    -------
    matplotlib.figure.Figure
        Five panels; all but the first, which has no recurrence, by `draw_unrolled`.
    """
    figure = plt.figure(figsize=(11, 6.8))
    top, bottom = figure.subfigures(2, 1)
    single, *others = top.subplots(1, 3, width_ratios=[3, 5.8, 5.8])
    _draw_without_recurrence("photo", "cat", single)
    single.set_title("one to one:\nno recurrence")
    others += list(bottom.subplots(1, 2, width_ratios=[9, 5.8]))
    for ax, (title, inputs, outputs) in zip(others, PATTERNS):
        draw_unrolled(inputs, outputs, ax=ax).set_title(title)
    return figure


def _draw_without_recurrence(label_in, label_out, ax):
    """Draw a network that keeps no state: input, hidden layer, output."""
    for start, end, *_ in _boxes_of_step(ax, 0, "$h$", label_in, label_out):
        ax.add_patch(_arrow(start, end))
    _as_drawing(ax, (-0.8, 0.8), (-0.6, 3.6))


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


def draw_attention():
    """Draw how a last step reads what came before: through one state, or by attention.

    Above, a recurrent network without attention: all that it has read reaches the
    output through the last state. Below, with attention: the last step looks back at
    every state directly and takes their weighted mean, through arrows that are the
    thicker the greater the weight. The weights are made up.

    Returns
    -------
    matplotlib.figure.Figure
    """
    words, output = ["the", "cat", "that", "we", "saw"], "is"
    weights, none = [0.05, 0.7, 0.1, 0.05, 0.1], [None] * len(words)
    figure, axes = plt.subplots(2, 1, figsize=(11, 7.4), height_ratios=[4.2, 5.2])
    without, attention = axes
    draw_unrolled(words, [*none[1:], output], ax=without)
    draw_unrolled(words, none, ax=attention)
    _draw_look_back(attention, weights, output)
    right = 1.6 * len(words) - 0.9
    without.set_title("Without attention: everything passes through the last state")
    _note(without, (right, 1.5), "one state of fixed size\nholds all that was read")
    attention.set_title("With attention: the last step looks back at every state")
    _note(attention, (right, 2.4), "weighted mean of all states\n(made-up weights)")
    for ax, top in ((without, 3.6), (attention, 4.6)):
        _as_drawing(ax, (-1.8, right + 4.1), (-0.6, top))
    return figure


def _note(ax, place, text):
    ax.text(*place, text, color="#555555", va="center")


def _draw_look_back(ax, weights, output):
    """Draw arrows from all states of a network to their mean, and what comes of it."""
    *before, last = 1.6 * np.arange(len(weights))
    middle = 3.55
    ax.add_patch(_frame((last - 0.3, 2.7), 0.6, 1.7, HIDDEN, lw=2))
    label = {"ha": "center", "va": "center", "color": HIDDEN}
    ax.text(last, middle, "mean", fontsize=11, **label)
    entries = np.linspace(4.2, 2.9, len(before))  # the longest way ends on top
    ends = [*((last - 0.42, entry) for entry in entries), (last, 2.58)]
    for x, end, weight in zip([*before, last], ends, weights):
        ax.add_patch(_thick_arrow((x, 1.92), end, weight))
        ax.text(x - 0.5, 2.2, f"{weight:.2f}", **label)
    _box(ax, (last + 1.6, middle), output, FORECAST)
    ax.add_patch(_arrow((last + 0.4, middle), (last + 1.2, middle)))


def _thick_arrow(start, end, weight):
    """Give an arrow that goes up and turns right, the thicker the greater its weight."""
    width = 1 + 12 * weight
    return FancyArrowPatch(
        start,
        end,
        connectionstyle="arc3" if start[0] == end[0] else "angle3,angleA=90,angleB=0",
        arrowstyle=f"simple,tail_width={width},head_width={width + 7},head_length=9",
        mutation_scale=1,
        shrinkA=0,
        shrinkB=0,
        color=HIDDEN,
        lw=0,
    )


def draw_gates():
    """Draw the way of the state through one step of a GRU and of an LSTM.

    In both, the state goes along a line: it is multiplied by a gate that keeps, then
    something new is added, multiplied by a gate that writes. The GRU has one gate for
    both, z and 1 - z; the LSTM has two, f and i.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(1, 2, figsize=(12, 3.6), width_ratios=[7.3, 8.7])
    _draw_state_line(axes[0], "h", "$z_t$", "$1 - z_t$", "$n_t$")
    _draw_state_line(axes[1], "c", "$f_t$", "$i_t$", "$g_t$")
    axes[0].set_title("GRU: one gate keeps and writes")
    axes[1].set_title("LSTM: one gate keeps, another one writes")
    _join(axes[1], [(5.4, 2.2), (5.9, 2.2)])
    _box(axes[1], (6.3, 2.2), "tanh", TRUTH)
    _join(axes[1], [(6.3, 1.8), (6.3, 1.15)])
    _operation(axes[1], (6.3, 0.85), "×")
    _box(axes[1], (5.2, 0), "$o_t$", FORECAST)
    _join(axes[1], [(5.6, 0.25), (6.08, 0.68)])
    _join(axes[1], [(6.57, 0.85), (7.2, 0.85)])
    axes[1].text(7.3, 0.85, "$h_t$", va="center")
    for ax, right in zip(axes, (6.3, 7.9)):
        _as_drawing(ax, (-1.1, right), (-0.6, 3.2))
    return figure


def _draw_state_line(ax, name, keep, write, new):
    """Draw a state that is multiplied, then added to; and what is multiplied where."""
    ax.text(-0.3, 2.2, f"${name}_{{t-1}}$", ha="right", va="center")
    for start, end in ((-0.2, 0.92), (1.48, 3.12), (3.68, 5.4)):
        ax.add_patch(_arrow((start, 2.2), (end, 2.2), HIDDEN))
    ax.text(5.1, 2.4, f"${name}_t$", ha="center")
    _operation(ax, (1.2, 2.2), "×")
    _operation(ax, (3.4, 2.2), "+")
    _operation(ax, (3.4, 1.15), "×")
    _box(ax, (1.2, 0), keep, FORECAST)
    ax.text(1.05, 0.6, "keep", ha="right", color=FORECAST)
    _box(ax, (2.3, 0), write, FORECAST)
    ax.text(2.2, 0.6, "write", ha="right", color=FORECAST)
    _box(ax, (3.4, 0), new, TRUTH)
    ax.text(3.9, 0, "new", va="center")
    _join(ax, [(1.2, 0.4), (1.2, 1.92)])
    _join(ax, [(2.55, 0.4), (3.16, 0.98)])
    _join(ax, [(3.4, 0.4), (3.4, 0.87)])
    _join(ax, [(3.4, 1.43), (3.4, 1.92)])


def _operation(ax, centre, sign):
    ax.add_patch(Circle(centre, 0.25, facecolor="white", edgecolor=TRUTH, lw=1.5))
    ax.text(*centre, sign, ha="center", va="center", fontsize=14)


def _join(ax, ends):
    ax.add_patch(_arrow(*ends))


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
