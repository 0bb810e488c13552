"""Lesson 2: its pictures, and the checks of its exercises."""

import math

import matplotlib.pyplot as plt
import numpy as np
import torch

from ..arguments import check_array
from ..drawing import arrow, draw_unrolled, name_arrows
from ..exercises import TryAgain, as_numbers, call, compare, exercise, run_cell
from ..plotting import CUT, HIDDEN, TRUTH, plot_forecast

__all__ = [
    "check_best_rates",
    "check_half_life",
    "check_mean_cell",
    "check_wrong_answer",
    "draw_way_back",
    "plot_loss_surfaces",
    "plot_sums",
]


def plot_sums(partial_sums, outputs):
    """Draw what a cell says after each frame, and the true sum so far.

    Parameters
    ----------
    partial_sums, outputs : array-like
        Both of shape (num_steps,).
    """
    frames = range(1, len(partial_sums) + 1)
    ax = plot_forecast(frames, partial_sums, outputs)
    ax.lines[-1].set_color(HIDDEN)
    ax.set(xlabel="frame", ylabel="sum so far", xticks=frames)
    ax.set_ylim(bottom=0)
    ax.legend(["true sum so far", "state of the cell"])
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

    Raises
    ------
    ValueError
        If a surface does not fit `xs` and `ys`, or a path is not a row of pairs.
    """
    xs, ys = check_array("xs", xs, ndim=1), check_array("ys", ys, ndim=1)
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


def draw_way_back(num_steps):
    """Draw the gradient's way back from the last output to all inputs.

    Parameters
    ----------
    num_steps : int
        At least 1.
    """
    inputs = [f"$x_{t + 1}$" for t in range(num_steps)]
    outputs = [None] * (num_steps - 1) + ["loss"]
    ax = draw_unrolled(inputs, outputs)
    last = 1.6 * (num_steps - 1)
    style = {"color": CUT, "fontsize": 13, "ha": "center"}
    ax.add_patch(arrow((last + 0.12, 2.6), (last + 0.12, 1.9), CUT, ls="--"))
    for back in range(num_steps):
        x = last - 1.6 * back
        if x > 0:
            ax.add_patch(arrow((x - 0.4, 1.2), (x - 1.2, 1.2), CUT, ls="--"))
        power = ("1", "$W_{hh}$", f"$W_{{hh}}^{back}$")[min(back, 2)]
        ax.text(x + (0.45 if back == 0 else 0), 2.08, power, **style)
    name_arrows(ax, 1.6 * num_steps)
    return ax


@exercise
def check_wrong_answer(b_h, W_xh, W_hh, signal):
    """Three numbers, not 0, 1, 1, that give the right sum of one signal."""
    b_h, W_xh, W_hh = (as_numbers(number, 1) for number in (b_h, W_xh, W_hh))
    signal = as_numbers(signal, len(signal))
    h_t = torch.zeros(1)
    for x_t in signal:
        h_t = b_h + W_xh * x_t + W_hh * h_t
    if (torch.cat([b_h, W_xh - 1, W_hh - 1]).abs() < 0.01).all():
        raise TryAgain("Those are the right numbers. Find wrong ones that add up.")
    total = signal.sum()
    mistakes = [
        (total * len(signal), "The bias is added at every frame, not once."),
        (total / len(signal), "With a state weight of 0 only the last step counts."),
        (signal[-1], "Only the last frame is left. What keeps the earlier ones?"),
    ]
    otherwise = f"It says {h_t.item():.3f}, and the sum is {total:.3f}."
    compare(h_t, total, mistakes, otherwise, within=0.005)
    return "the right sum from wrong numbers. One sum cannot tell them apart."


@exercise
def check_mean_cell(mean_cell, first_state):
    """A cell that says the mean of the frames so far."""
    frames, others = 2 * torch.rand(2, 6) - 1
    counts = torch.arange(1, 7)
    sums = frames.cumsum(dim=0)
    halves = []
    for x_t in frames:  # the mean of the last mean and the frame
        halves.append((x_t + (halves[-1] if halves else 0)) / 2)
    mistakes = [
        (sums, "That is the sum. By what must it be divided, at each frame?"),
        (
            sums / 5,
            "It divides by 5 at every frame. How many frames were there so far?",
        ),
        (sums / (counts + 1), "It counts one frame too many."),
        (torch.stack(halves), "Half and half: so the last frame counts most."),
        (frames, "That is the frame itself. What must the state keep?"),
    ]
    answer = run_cell(mean_cell, [frames], first_state)[0]
    compare(
        answer, sums / counts, mistakes, "Keep the sum so far and the number of frames."
    )
    if not torch.allclose(
        run_cell(mean_cell, [frames, others], first_state)[0], answer
    ):
        raise TryAgain("What it remembers must be in the state that it returns.")
    return "it says one number and remembers two: the output is not the state."


@exercise
def check_half_life(half_life):
    """After how many steps at most half of a frame is left in the state."""
    weights = [0.99, 0.9, 0.5, 0.999, 0.7, 0.1]
    answers = [as_numbers(call(half_life, weight), 1) for weight in weights]
    exact = [math.log(0.5) / math.log(weight) for weight in weights]
    mistakes = [
        (
            [0.5 / (1 - w) for w in weights],
            "As if each step took the same amount away. It takes the same share.",
        ),
        (
            [math.ceil(0.5 / (1 - w)) for w in weights],
            "As if each step took the same amount away. It takes the same share.",
        ),
        (exact, "Almost. How many whole steps are that?"),
        (
            [math.floor(e) for e in exact],
            "One step fewer leaves more than half. Round up.",
        ),
        ([1 / e for e in exact], "Upside down: state_weight ** steps is a half."),
    ]
    right = torch.tensor([math.ceil(e) for e in exact])
    otherwise = "Multiply 1 by the state weight until it is 0.5 or less. Count."
    compare(torch.cat(answers), right, mistakes, otherwise)
    return "69 steps at 0.99, 7 at 0.9: a little less than 1 is a lot, again and again."


@exercise
def check_best_rates(sgd_rate, adam_rate):
    """The rate at which each optimizer finds most within 300 updates."""
    rates = torch.cat([as_numbers(sgd_rate, 1), as_numbers(adam_rate, 1)])
    if rates[0] == rates[1]:
        raise TryAgain("One rate for both is no comparison. Give each its own best.")
    mistakes = [
        ([0.3, 0.03], "Have the two changed places?"),
        ([0.1, 0.03], "Have the two changed places?"),
        ([0.1, 0.3], "At 0.1 descent finds nothing here. Look at its other rates."),
        ([0.01, 0.3], "Adam is right. Descent can go a little faster than 0.01."),
        ([0.01, 0.1], "Adam is right. Descent can go a little faster than 0.01."),
        ([0.03, 0.01], "Descent is right. Adam bears a far higher rate."),
    ]
    near = rates.clone()
    if abs(near[1] - 0.1) < 1e-4:  # as good as 0.3, within the luck of the draw
        near[1] = 0.3
    otherwise = "Train at each rate of the list, and print the share that is found."
    compare(near, torch.tensor([0.03, 0.3]), mistakes, otherwise)
    return "each at its own best rate: now they can be compared."
