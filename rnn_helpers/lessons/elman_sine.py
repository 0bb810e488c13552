"""Lesson 1: its pictures, and the checks of its exercises."""

import math

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.collections import LineCollection
from matplotlib.patches import Circle

from ..arguments import check_array, check_count
from ..drawing import arrow, as_drawing, draw_unrolled, frame, name_arrows
from ..exercises import TryAgain, as_numbers, call, compare, exercise, run_cell
from ..plotting import CUT, FORECAST, HIDDEN, PLAIN, TRUTH

__all__ = [
    "check_factor",
    "check_reach",
    "check_two_point_step",
    "check_two_weights",
    "draw_cell_and_unrolled",
    "draw_cut",
    "plot_rollouts",
    "plot_swap",
    "plot_two_targets",
]

RISING, FALLING = "#882255", "#B8860B"


def plot_two_targets(times, wave, line, rising, falling):
    """Draw a wave with two moments of like height, and each next value over the last.

    Parameters
    ----------
    times, wave : array-like
        Both of shape (num_points,).
    line : array-like
        Shape (num_points - 1,): the forecasts of the best line.
    rising, falling : int
        The steps of the two moments, at most num_points - 2.
    """
    times, wave = check_array("times", times, ndim=1), check_array("wave", wave, ndim=1)
    line = check_array("line", line, ndim=1)
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


def plot_swap(own, swapped, without, targets):
    """Draw what two steps forecast with their own state, each other's, and none.

    Parameters
    ----------
    own, swapped, without : sequence of float
        Two forecasts each, for the rising and the falling step.
    targets : sequence of float
        The two true next values.
    """
    own, swapped, without, targets = np.array([own, swapped, without, targets], float)
    ax = plt.subplots(figsize=(9, 4))[1]
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


def plot_rollouts(truth, forecasts, num_true):
    """Draw forecasts that were let go after some true values, over the truth.

    Parameters
    ----------
    truth : array-like
        Shape (num_steps,).
    forecasts : dict of str to array-like
        By name, each of shape (num_steps,); "cut …" is drawn in the cut's colour.
    num_true : int
        How many true values were read before.
    """
    ax = plt.subplots(figsize=(10, 4))[1]
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


def draw_cell_and_unrolled(num_hiddens):
    """Draw Elman's network, and beside it the same unrolled over three steps.

    Parameters
    ----------
    num_hiddens : int
        Number of hidden units, at least 1.
    """
    num_hiddens = check_count("num_hiddens", num_hiddens, least=1)
    shapes = [(num_hiddens + 8.5) / 6.1, 5.8 / 4.2]  # so that they line up
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4), width_ratios=shapes)
    _draw_elman_network(left, num_hiddens)
    left.set_title("Elman's network, one step")
    inputs, outputs = ([f"${name}_{t}$" for t in (1, 2, 3)] for name in "xy")
    draw_unrolled(inputs, outputs, name_weights=True, ax=right)
    right.set_title("The same, unrolled over three steps")
    return figure


def _draw_elman_network(ax, num_hiddens):
    """Draw input and state before, state after, an output unit."""
    inputs, before, after, outputs = _elman_layers(num_hiddens)
    layers = ((inputs, after), (before, after), (after, outputs))
    weights = [(a, b) for starts, ends in layers for a in starts for b in ends]
    ax.add_collection(LineCollection(weights, colors="#BBBBBB", lw=0.8, zorder=0))
    for centres, face, edge in (
        (inputs, TRUTH, TRUTH),
        (before, "white", HIDDEN),
        (after, HIDDEN, HIDDEN),
        (outputs, FORECAST, FORECAST),
    ):
        for centre in centres:
            ax.add_patch(Circle(centre, 0.3, facecolor=face, edgecolor=edge, lw=2))
    for row in (after, before):
        left, y = row[0]
        corner = left - 0.4, y - 0.4
        ax.add_patch(frame(corner, num_hiddens - 0.2, 0.8, HIDDEN, lw=1))
    right = num_hiddens + 2.1
    bend = {"connectionstyle": "arc3,rad=-0.35", "ls": "--"}
    ax.add_patch(arrow((right, 2), (right + 1.6, 0.6), **bend))
    _name_elman_layers(ax, num_hiddens)
    as_drawing(ax, (-2, num_hiddens + 6.5), (-1.5, 4.6))


def _elman_layers(num_hiddens):
    """The centres of the input, the state before and after, and the output."""
    before = [(unit + 4.5, 0) for unit in range(num_hiddens)]
    after = [(unit + 2.5, 2) for unit in range(num_hiddens)]
    return [(1, 0)], before, after, [(2 + num_hiddens / 2, 4)]


def _name_elman_layers(ax, num_hiddens):
    ax.text(1, -0.6, "input $x_t$", ha="center", va="top")
    middle = 4 + num_hiddens / 2
    ax.text(middle, -0.6, "state before, $h_{t-1}$", ha="center", va="top")
    ax.text(1.8, 2, "state after, $h_t$", ha="right", va="center")
    ax.text(1.6 + num_hiddens / 2, 4, "output $y_t$", ha="right", va="center")
    ax.text(num_hiddens + 3.7, 1.7, "copied for\nthe next step", va="center")


def draw_cut(num_steps):
    """Draw a network unrolled over time, its gradient cut between all steps.

    Parameters
    ----------
    num_steps : int
        At least 1.
    """
    inputs, outputs = ([f"${name}_{t + 1}$" for t in range(num_steps)] for name in "xy")
    ax = draw_unrolled(inputs, outputs)
    style = {"color": CUT, "fontsize": 22, "ha": "center", "va": "center"}
    for x in 1.6 * np.arange(num_steps):
        ax.add_patch(arrow((x + 0.12, 2.6), (x + 0.12, 1.9), CUT, ls="--"))
        if x > 0:
            ax.plot([x - 0.4, x - 0.7], [1.2, 1.2], "--", color=CUT, lw=1.5)
            ax.text(x - 0.8, 1.2, "✂", rotation=180, **style)
    name_arrows(ax, 1.6 * num_steps)
    return ax


@exercise
def check_factor(factor):
    """Persistence at 41 points scores about half of what it scores at 21."""
    mistakes = [
        (0.25, "The square of each error is about a quarter. How many are there now?"),
        (1, "Is each error as large as before, if the next value is only half as far?"),
        (2, "There are twice as many errors, but how large is each of them now?"),
        (4, "Is each error larger or smaller, when the next value is nearer?"),
    ]
    otherwise = "How large is one error now? And its square? And how many are there?"
    compare(as_numbers(factor, 1), 0.5, mistakes, otherwise, within=0.1)
    return "each error is halved, its square a quarter, and there are twice as many."


@exercise
def check_two_point_step(step):
    """A straight line through the last two values, by a state of one number."""
    wave, other = 4 * torch.rand(2, 6) - 2
    last = torch.cat([torch.zeros(1), wave[:-1]])  # the value before
    alternating = [sum((-1) ** k * wave[t - k] for k in range(t + 1)) for t in range(6)]
    mistakes = [
        (wave, "It says the present value. Does it return the forecast first?"),
        (
            2 * wave,
            "The state stays what it was: it should become the value just read.",
        ),
        (
            2 * torch.stack(alternating),
            "The state should be the value, not the forecast.",
        ),
        (
            wave - last,
            "That is the rise. The next value is the present one and the rise.",
        ),
        (last, "The other way: the rise is the value now less the value before."),
    ]
    otherwise = "Add to the present value what it has risen since the value before."
    zero = torch.zeros(())
    (answer,) = run_cell(step, [wave], zero)
    later = [(forecasts[1:], hint) for forecasts, hint in mistakes]
    compare(answer[1:], (2 * wave - last)[1:], later, otherwise)
    if not torch.allclose(run_cell(step, [wave, other], zero)[0], answer):
        raise TryAgain("What it remembers must be in the state that it returns.")
    return "the state is one number, the value before, and the forecast needs both."


@exercise
def check_reach(reach):
    """Through how many steps the gradient of the last error goes, cut into pieces."""
    asked = [(20, 1), (20, 3), (20, 5), (20, 8), (20, 20), (7, 30), (24, 6), (1, 4)]
    answers = [as_numbers(call(reach, *pair), 1) for pair in asked]
    mistakes = [
        ([n % p for n, p in asked], "Try 20 steps in pieces of 5: is 0 right?"),
        ([min(n, p) for n, p in asked], "Is the last piece always a whole one?"),
        ([n for n, _ in asked], "That is without a cut. Where is the last cut?"),
        ([1 for _ in asked], "That is a cut after every step. Pieces may be longer."),
        ([math.ceil(n / p) for n, p in asked], "That counts the pieces."),
        ([(n - 1) % p for n, p in asked], "The last step itself counts, too."),
    ]
    otherwise = (
        "Draw 20 steps in pieces of 8. Which is the last piece, and how long is it?"
    )
    right = torch.tensor([(n - 1) % p + 1 for n, p in asked])
    compare(torch.cat(answers), right, mistakes, otherwise)
    return "as many as are in the last piece; no gradient passes the cut before it."


@exercise
def check_two_weights(a, b, time_step):
    """The two weights that forecast a sine without an error: 2 cos(time_step) and -1."""
    a, b, step = (as_numbers(answer, 1) for answer in (a, b, time_step))
    right, line = 2 * step.cos(), step.cos()
    mistakes = [
        (
            [-1, right],
            "The two have changed places: a is the weight of the present value.",
        ),
        ([2, -1], "That is a straight line. Let least squares find something better."),
        ([1, 0], "That forecasts the present value. The target comes one step later."),
        ([0, 1], "That forecasts the value before. The target comes one step later."),
        ([right, 1], "The sign of b: try it on three values of the wave."),
        ([line, 0], "Two columns: the present value and the value before it."),
    ]
    otherwise = (
        "Columns: present value, value before it. Target: the value one step later."
    )
    compare(torch.cat([a, b]), torch.cat([right, -torch.ones(1)]), mistakes, otherwise)
    return "2 cos(time step) and -1. This wave needs no network: two numbers will do."
