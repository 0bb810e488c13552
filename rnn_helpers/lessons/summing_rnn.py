"""Lesson 2: its pictures, and the checks of its exercises."""

import math

import matplotlib.pyplot as plt
import numpy as np
import torch

from ..arguments import check_array
from ..drawing import arrow, draw_unrolled, name_arrows
from ..exercises import TryAgain, as_numbers, call, compare, exercise, run_cell
from ..plotting import CUT, HIDDEN, TRUTH, drawable

RATES = (0.01, 0.03, 0.05, 0.1, 0.3)  # to be tried in Exercise 4

__all__ = [
    "check_best_rates",
    "check_half_life",
    "check_mean_cell",
    "check_wrong_answer",
    "draw_way_back",
    "find_floor",
    "plot_floors",
]


def find_floor(model, frames, targets, state_weights):
    """Find the lowest loss that bias and frame weight can reach at each state weight.

    What the model says is linear in these two, so least squares finds the best.

    Parameters
    ----------
    model : callable
        ``model(frames, b_h, W_xh, W_hh)`` gives the outputs, of the shape of `frames`.
    frames, targets : Tensor
        Shapes (num_steps, batch_size) and (num_targets, batch_size): the targets of the
        last steps.
    state_weights : Tensor
        Shape (num_weights,).

    Returns
    -------
    Tensor
        The mean squared errors, of shape (num_weights,).
    """
    floor = []
    for W_hh in state_weights:
        sides = [model(frames, 1, 0, W_hh), model(frames, 0, 1, W_hh)]
        columns = torch.stack([s[-len(targets) :].flatten() for s in sides], dim=1)
        best = torch.linalg.lstsq(columns, targets.reshape(-1, 1)).solution
        floor.append(((columns @ best - targets.reshape(-1, 1)) ** 2).mean())
    return torch.stack(floor)


def plot_floors(state_weights, floors, paths):
    """Draw floors of the loss over the state weight, each with a descent on it.

    Each loss is divided by the highest point of its floor: by the hilltop.

    Parameters
    ----------
    state_weights : array-like
        Shape (num_weights,).
    floors : dict of str to array-like
        By title, the lowest losses, each of the shape of `state_weights`.
    paths : dict of str to pair of array-like
        By the same titles: state weight and loss after each update.
    """
    state_weights = check_array("state_weights", state_weights, ndim=1)
    size = (11, 4) if len(floors) > 1 else (8, 4)
    panels = {"figsize": size, "sharey": True, "squeeze": False}
    figure, axes = plt.subplots(1, len(floors), **panels)
    for ax, (title, floor) in zip(axes[0], floors.items()):
        floor = check_array("floors", floor, ndim=1)
        top = max(floor.max(), 0.1)  # of one final sum, a floor of zero
        ax.plot(state_weights, floor / top, color=HIDDEN, label="floor")
        weights, losses = (drawable(row) for row in paths[title])
        heights = np.clip(losses / top, 0, 1.25)
        ax.plot(weights, heights, color=CUT, label="path", zorder=3)
        ends = {"color": CUT, "mec": "white", "markersize": 9, "zorder": 4}
        for place, marker, name in ((0, "o", "start"), (-1, "s", "end")):
            ax.plot(weights[place], heights[place], marker, label=name, **ends)
        ax.plot(1, 0, "*", color=TRUTH, mec="white", ms=15, label="answer", zorder=5)
        ax.set(title=title, xlabel="state weight", ylim=(-0.1, 1.35))
        ax.set_xlim(state_weights[0], state_weights[-1])
    axes[0, 0].set_ylabel("loss (hilltop = 1)")
    axes[0, -1].legend(loc="lower left")
    return figure


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
        (total / len(signal), "With a state weight of 0 only the last step counts."),
        (signal[-1], "Only the last frame is left. What keeps the earlier ones?"),
    ]
    if W_hh != 0:
        mistakes = [(total * len(signal), "The bias is added at every frame.")]
        mistakes *= int(b_h != 0)
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
        (sums / 5, "It divides by 5 at every frame. How many were there so far?"),
        (sums / (counts + 1), "It counts one frame too many."),
        (torch.stack(halves), "Half and half: so the last frame counts most."),
        (frames, "That is the frame itself. What must the state keep?"),
    ]
    (answer,) = run_cell(mean_cell, [frames], first_state)
    otherwise = "Keep the sum so far and the number of frames."
    compare(answer, sums / counts, mistakes, otherwise)
    both = run_cell(mean_cell, [frames, others], first_state)
    if not torch.allclose(both[0], answer):
        raise TryAgain("What it remembers must be in the state that it returns.")
    return "it remembers more than it says: the output is not the state."


@exercise
def check_half_life(half_life):
    """After how many steps at most half of a frame is left in the state."""
    weights = [0.99, 0.9, 0.5, 0.999, 0.7, 0.1]
    answers = [as_numbers(call(half_life, weight), 1) for weight in weights]
    exact = [math.log(0.5) / math.log(weight) for weight in weights]
    amounts = [0.5 / (1 - weight) for weight in weights]
    mistakes = [
        (amounts, "A step does not take the same amount away, but the same share."),
        ([*map(math.ceil, amounts)], "Not the same amount: the same share is lost."),
        (exact, "Almost. How many whole steps are that?"),
        ([*map(math.floor, exact)], "One step fewer leaves more than half. Round up."),
        ([1 / e for e in exact], "Upside down: state_weight ** steps is a half."),
    ]
    right = torch.tensor([math.ceil(e) for e in exact])
    otherwise = "Multiply 1 by the state weight until it is 0.5 or less. Count."
    compare(torch.cat(answers), right, mistakes, otherwise)
    return "69 steps at 0.99, 7 at 0.9: a little less than 1 is a lot, again and again."


@exercise
def check_best_rates(sgd_rate, adam_rate, share_passing):
    """The rate at which each optimizer brings most cells to a small error."""
    optimizers = (torch.optim.SGD, torch.optim.Adam)
    answers = [round(as_numbers(r, 1).item(), 6) for r in (sgd_rate, adam_rate)]
    shares = [
        {rate: call(share_passing, kind, rate) for rate in {*RATES, answer}}
        for kind, answer in zip(optimizers, answers)
    ]
    best = [max(row, key=row.get) for row in shares]
    for kind, row, answer, top in zip(optimizers, shares, answers, best):
        if row[top] < 0.2:
            raise TryAgain(
                f"{kind.__name__} brings hardly any cell there: nothing can be compared."
            )
        if row[answer] < row[top] - 0.05 and answers == best[::-1]:
            raise TryAgain("Have the two changed places?")
        if row[answer] < row[top] - 0.05:
            way = "lower" if top < answer else "higher"
            raise TryAgain(
                f"{kind.__name__} at {answer:g}: {row[answer]:.0%} pass. A {way} rate of"
                " the list does better."
            )
    return "each at its own best rate: now they can be compared."
