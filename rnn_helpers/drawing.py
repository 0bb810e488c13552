"""Networks and gates as drawings, and what the drawings of all notebooks are made of."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

from .plotting import CUT, FORECAST, HIDDEN, TRUTH

__all__ = ["draw_gates"]

GREY = "#555555"


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
    ax = ax or plt.subplots()[1]
    ax.text(-1.45, 1.5, "$h_0$", ha="center", va="center", color=HIDDEN)
    for step, (label_in, label_out) in enumerate(zip(inputs, outputs)):
        x = 1.6 * step
        arrows = [((x - 1.2, 1.5), (x - 0.4, 1.5), "$W_{hh}$", HIDDEN, "center")]
        arrows += boxes_of_step(ax, x, f"$h_{{{step + 1}}}$", label_in, label_out)
        for start, end, name, colour, side in arrows:
            ax.add_patch(arrow(start, end, colour))
            if name_weights:
                middle = np.mean([start, end], axis=0) + (0.1 * (side == "left"), 0.12)
                ax.text(*middle, name, ha=side)
    return as_drawing(ax, (-1.8, 1.6 * len(inputs) - 0.8), (-0.5, 3.5))


def boxes_of_step(ax, x, state, label_in, label_out):
    """Draw the boxes of a step, one above the other; give the arrows between them."""
    arrows = []
    box(ax, (x, 1.5), state, HIDDEN)
    if label_in is not None:
        box(ax, (x, 0), label_in, TRUTH)
        arrows.append(((x, 0.4), (x, 1.1), "$W_{xh}$", GREY, "left"))
    if label_out is not None:
        box(ax, (x, 3), label_out, FORECAST)
        arrows.append(((x, 1.9), (x, 2.6), "$W_{hy}$", GREY, "left"))
    return arrows


def name_arrows(ax, x):
    """Say beside an unrolled network what its two kinds of arrow are."""
    ax.text(x - 0.7, 1.5, "→ forward", color=GREY, va="center")
    ax.text(x - 0.7, 1.15, "⇠ gradient", color=CUT, va="center")
    ax.set_xlim(right=x + 1)


def box(ax, centre, label, colour):
    x, y = centre
    half = 0.3 if len(label) < 4 or label.startswith("$") else 0.4
    ax.add_patch(frame((x - half, y - 0.3), 2 * half, 0.6, colour, lw=2))
    ax.text(x, y, label, ha="center", va="center", color=colour)


def frame(corner, width, height, colour, lw):
    style = "round,pad=0.1"
    return FancyBboxPatch(
        corner, width, height, boxstyle=style, facecolor="none", edgecolor=colour, lw=lw
    )


def arrow(start, end, color=GREY, **style):
    return FancyArrowPatch(
        start, end, arrowstyle="-|>", mutation_scale=14, color=color, lw=1.5, **style
    )


def as_drawing(ax, xlim, ylim):
    ax.set(xlim=xlim, ylim=ylim, aspect="equal")
    ax.axis("off")
    return ax


def draw_gates():
    """Draw the way of the state through one step of a GRU and of an LSTM.

    In both, the state goes along a line: it is multiplied by a gate that keeps, then
    something new is added, multiplied by a gate that writes. The GRU has one gate for
    both, z and 1 - z; the LSTM has two, f and i.
    """
    figure, axes = plt.subplots(1, 2, figsize=(12, 3.6), width_ratios=[7.3, 8.7])
    _draw_state_line(axes[0], "h", "$z_t$", "$1 - z_t$", "$n_t$")
    _draw_state_line(axes[1], "c", "$f_t$", "$i_t$", "$g_t$")
    axes[0].set_title("GRU: one gate keeps and writes")
    axes[1].set_title("LSTM: one gate keeps, another one writes")
    _join(axes[1], [(5.4, 2.2), (5.8, 2.2)])
    box(axes[1], (6.3, 2.2), "tanh", TRUTH)
    _join(axes[1], [(6.3, 1.8), (6.3, 1.15)])
    _operation(axes[1], (6.3, 0.85), "×")
    box(axes[1], (5.2, 0), "$o_t$", FORECAST)
    _join(axes[1], [(5.6, 0.25), (6.08, 0.68)])
    _join(axes[1], [(6.57, 0.85), (7.2, 0.85)])
    axes[1].text(7.3, 0.85, "$h_t$", va="center")
    for ax, right in zip(axes, (6.3, 7.9)):
        ax.text(0.8, -0.95, "lower boxes: from $x_t$ and $h_{t-1}$", color=GREY)
        as_drawing(ax, (-1.1, right), (-1.1, 3.2))
    return figure


def _draw_state_line(ax, name, keep, write, new):
    """Draw a state that is multiplied, then added to; and what is multiplied where."""
    ax.text(-0.3, 2.2, f"${name}_{{t-1}}$", ha="right", va="center")
    for start, end in ((-0.2, 0.92), (1.48, 3.12), (3.68, 5.4)):
        ax.add_patch(arrow((start, 2.2), (end, 2.2), HIDDEN))
    ax.text(5.1, 2.4, f"${name}_t$", ha="center")
    _operation(ax, (1.2, 2.2), "×")
    _operation(ax, (3.4, 2.2), "+")
    _operation(ax, (3.4, 1.15), "×")
    box(ax, (1.2, 0), keep, FORECAST)
    ax.text(1.05, 0.6, "keep", ha="right", color=FORECAST)
    box(ax, (2.3, 0), write, FORECAST)
    ax.text(2.2, 0.6, "write", ha="right", color=FORECAST)
    box(ax, (3.4, 0), new, TRUTH)
    ax.text(3.9, 0, "new", va="center")
    _join(ax, [(1.2, 0.4), (1.2, 1.92)])
    _join(ax, [(2.55, 0.4), (3.16, 0.98)])
    _join(ax, [(3.4, 0.4), (3.4, 0.87)])
    _join(ax, [(3.4, 1.43), (3.4, 1.92)])


def _operation(ax, centre, sign):
    ax.add_patch(Circle(centre, 0.25, facecolor="white", edgecolor=TRUTH, lw=1.5))
    ax.text(*centre, sign, ha="center", va="center", fontsize=14)


def _join(ax, ends):
    ax.add_patch(arrow(*ends))
