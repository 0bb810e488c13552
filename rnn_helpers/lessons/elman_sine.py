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
from ..plotting import CUT, FORECAST, HIDDEN, PLAIN, TRUTH, drawable

__all__ = [
    "check_factor",
    "check_reach",
    "check_two_point_step",
    "check_two_weights",
    "draw_cell_and_unrolled",
    "draw_cut",
    "plot_late_errors",
    "plot_rollouts",
    "plot_two_targets",
]

RISING, FALLING = "#882255", "#B8860B"
COLORS = CUT, FORECAST  # of networks trained with the cut, and without
_CORNERS = (4.5, 0), (2.5, 2)  # the first unit of the state before, and after


def plot_two_targets(times, wave, line, ellipse, rising, falling):
    """Draw a wave with two moments of like height, and each next value over the last.

    Parameters
    ----------
    times, wave : array-like
        Both of shape (num_points,).
    line : array-like
        Shape (num_points - 1,): the forecasts of the best line.
    ellipse : pair of array-like
        Two rows of one length: values, and the values one step later, all along a wave.
    rising, falling : int
        The steps of the two moments, at most num_points - 2.
    """
    times, wave = check_array("times", times, ndim=1), check_array("wave", wave, ndim=1)
    line = check_array("line", line, ndim=1)
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.4), width_ratios=[3, 2])
    now, later = wave[:-1], wave[1:]
    up, height = later > now, 1.2 * abs(wave).max()
    right.plot(*map(np.asarray, ellipse), color="0.85", zorder=0)
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
    right.plot(now, line, color=PLAIN, label="best line")
    left.set(xlabel="time (radians)", ylabel="value", ylim=(-height, 1.8 * height))
    left.set_title("Nearly the same height, and what comes next")
    left.legend(ncols=2, loc="upper center")
    right.set(xlabel="value now", ylabel="value next", title="Each mark: now and next")
    right.legend()
    return figure


def plot_rollouts(truth, forecasts, num_true):
    """Draw forecasts that go on alone after some true values, each over the truth.

    Parameters
    ----------
    truth : array-like
        Shape (num_steps,).
    forecasts : dict of str to array-like
        By name, each of shape (num_steps,), a panel each; "no …" has another colour.
    num_true : int
        How many true values were read before.
    """
    truth = check_array("truth", truth, ndim=1)
    size = len(forecasts), (10, 1.3 + len(forecasts))
    figure, rows = plt.subplots(size[0], figsize=size[1], sharex=True, squeeze=False)
    steps, height = range(1, len(truth) + 1), 1.8 * abs(truth).max()
    for ax, (name, row) in zip(rows[:, 0], forecasts.items()):
        color, row = COLORS[name.startswith("no")], drawable(row)
        ax.plot(steps, truth, color="0.75", linewidth=5, label="truth")
        ax.plot(steps, row, "o-", color=color, ms=4, lw=1.2, label="forecast")
        ax.axvline(num_true + 0.5, color=TRUTH, linewidth=1.2)
        ax.set(ylabel="value", ylim=(-height, height))
        ax.set_title(name, loc="left", color=color)
    ax.set(xlabel="step (up to the line true values go in, then its own forecasts)")
    rows[0, 0].legend(ncols=2, loc="lower right", bbox_to_anchor=(1, 1))
    return figure


def plot_late_errors(curves, level):
    """Draw over the epochs of training how far networks are off that went on alone.

    Parameters
    ----------
    curves : dict of str to dict of int to float
        By name: the error after so many epochs, drawn to two decimals and at least as
        0.01; "no …" has another colour.
    level : float
        The error of a constant.
    """
    ax = plt.subplots(figsize=(9, 4.4))[1]
    for (name, errors), mark in zip(curves.items(), ("o-", "s-")):
        row = np.maximum(drawable([*errors.values()]).round(2), 0.01)
        color = COLORS[name.startswith("no")]
        ax.loglog([*errors], row, mark, color=color, label=name)
    level = float(level)  # from a tensor, too
    ax.axhline(level, color=TRUTH, ls="--", lw=1.2, label="always 0")
    ax.set(xlabel="epochs of training (log scale)", ylim=(0.003 * level, 5 * level))
    ax.set_ylabel("error when left alone (log scale)")
    ax.set_xticks([*errors], [f"{epoch:,}" for epoch in errors])
    ax.minorticks_off()
    ax.legend(loc="lower left")
    return ax


def draw_cell_and_unrolled(num_hiddens):
    """Draw Elman's network, and beside it the same unrolled over three steps.

    Parameters
    ----------
    num_hiddens : int
        Number of hidden units, at least 1.
    """
    num_hiddens = check_count("num_hiddens", num_hiddens, least=1)
    shapes = [(num_hiddens + 8.5) / 6.1, 5.8 / 4]  # so that they line up
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4), width_ratios=shapes)
    _draw_elman_network(left, num_hiddens)
    left.set_title("Elman's network, one step")
    inputs, outputs = ([f"${name}_{t}$" for t in (1, 2, 3)] for name in "xy")
    draw_unrolled(inputs, outputs, name_weights=True, ax=right)
    right.set_title("The same, unrolled over three steps")
    return figure


def _draw_elman_network(ax, num_hiddens):
    """Draw input and state before, state after, an output unit."""
    inputs, outputs, right = [(1, 0)], [(2 + num_hiddens / 2, 4)], num_hiddens + 2.1
    before, after = ([(u + x, y) for u in range(num_hiddens)] for x, y in _CORNERS)
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
    for x, y in _CORNERS:
        ax.add_patch(frame((x - 0.4, y - 0.4), num_hiddens - 0.2, 0.8, HIDDEN, lw=1))
    bend = {"connectionstyle": "arc3,rad=-0.35", "ls": "--"}
    ax.add_patch(arrow((right, 2), (right + 1.6, 0.6), **bend))
    ax.text(1, -0.6, "input $x_t$", ha="center", va="top")
    ax.text(right / 2 + 3, -0.6, "state before, $h_{t-1}$", ha="center", va="top")
    ax.text(1.8, 2, "state after, $h_t$", ha="right", va="center")
    ax.text(1.6 + num_hiddens / 2, 4, "output $y_t$", ha="right", va="center")
    ax.text(right + 1.6, 1.7, "copied for\nthe next step", va="center")
    as_drawing(ax, (-2, num_hiddens + 6.5), (-1.5, 4.6))


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
        (0.44, "That is the new score itself. Divide it by the old one."),
        (0.87, "That is the old score. What becomes of it with 41 points?"),
    ]
    otherwise = "How large is one error now? And its square? And how many are there?"
    compare(as_numbers(factor, 1), 0.5, mistakes, otherwise, within=0.04)
    return "each error is halved, its square a quarter, and there are twice as many."


@exercise
def check_two_point_step(step):
    """A straight line through the last two values, by a state of one number."""
    wave, other = 4 * torch.rand(2, 6) - 2
    last = torch.cat([torch.zeros(1), wave[:-1]])  # the value before
    signs = (-1.0) ** (torch.arange(6) - torch.arange(6)[:, None])
    mistakes = [
        (wave, "It says x_t. Is h_prev the old value still? Is the forecast first?"),
        (2 * wave, "The state stays 0: it should become the value just read."),
        (2 * (wave @ signs.triu()), "The state should be the value, not the forecast."),
        (wave - last, "That is the rise. The next value is x_t and the rise."),
        (last, "The other way: the rise is the value now less the value before."),
    ]
    otherwise = "Add to the present value what it has risen since the value before."
    zero = torch.zeros(())
    (answer,) = run_cell(step, [wave], zero)
    later = [(forecasts[1:], hint) for forecasts, hint in mistakes]
    compare(answer[1:], (2 * wave - last)[1:], later, otherwise)
    if abs(answer[0] - 2 * wave[0]) > 1e-4:
        raise TryAgain("Before the first step the state is 0: so is the value before.")
    if not torch.allclose(run_cell(step, [wave, other], zero)[0], answer):
        raise TryAgain("What it remembers must be in the state that it returns.")
    return "the state holds the value before, and the forecast needs both."


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
    otherwise = "Draw 20 steps in pieces of 8. Which is the last piece? How long is it?"
    right = torch.tensor([(n - 1) % p + 1 for n, p in asked])
    compare(torch.cat(answers), right, mistakes, otherwise)
    return "as many as are in the last piece; no gradient passes the cut before it."


@exercise
def check_two_weights(a, b, forecast, wave):
    """The two weights of least squares, and what they forecast in 40 steps alone."""

    def alone(a, b):
        values = [wave[0], wave[1]]
        for _ in range(40):
            values.append(a * values[-1] + b * values[-2])
        return torch.stack(values)

    mine = torch.cat([as_numbers(a, 1), as_numbers(b, 1)])
    columns = torch.stack([wave[1:-1], wave[:-2]], dim=1)
    right = torch.linalg.lstsq(columns, wave[2:, None]).solution[:, 0]
    cost = (alone(*mine) - alone(*right)).abs().max()
    near = mine if (mine - right).abs().max() < 0.05 else right  # such as rounded
    mistakes = [
        (right.flip(0), "They have changed places: a is for the present value."),
        ([2, -1], "That is a straight line. Let least squares find something better."),
        ([1, 0], "That forecasts the present value. The target comes one step later."),
        ([0, 1], "That forecasts the value before. The target comes one step later."),
        ([right[0], -right[1]], "The sign of b: try it on three values of the wave."),
        (near, f"Nearly. The rest costs {cost:.1g} in 40 steps: keep all digits."),
    ]
    otherwise = "Columns: present value, value before. Target: the value a step later."
    compare(mine, right, mistakes, otherwise)
    otherwise = "The weights are right. Append a * forecast[-1] + b * forecast[-2]."
    compare(as_numbers(forecast, 42), alone(*right), [], otherwise)
    return "they are the best for one step; without noise, 2 cos(time step) and -1."
