"""Lab *What must be learned to remember?*: its pictures, and the checks of its exercises."""

import math

import matplotlib.pyplot as plt
import torch
from torch.nn import functional

from ..exercises import TryAgain, as_numbers, call, compare, exercise
from ..plotting import SERIES, TRUTH, drawable

__all__ = [
    "check_forget_bias",
    "check_random_memory",
    "plot_factors",
    "plot_gates",
    "plot_norms",
]


def plot_factors(factors):
    """Draw by how much a gradient shrinks in a step over what was computed for it.

    Parameters
    ----------
    factors : dict of str to pair of array-like
        By name, the computed and the measured factors, both of shape (num_runs,).
    """
    ax = plt.subplots(figsize=(8, 4.4))[1]
    ax.plot([0, 1.2], [0, 1.2], color=TRUTH, lw=1.2, label="measured = computed")
    for (name, (computed, measured)), (mark, color) in zip(factors.items(), SERIES):
        ax.plot(computed, measured, mark, color=color, label=name)
    ax.set(xlabel="slope of tanh × spectral radius", ylabel="measured factor a step")
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return ax


def plot_norms(norms, limit):
    """Draw the norm of a gradient over the updates, and the limit to which one is cut.

    Parameters
    ----------
    norms : dict of str to array-like
        By name, each of shape (num_updates,), above 0; what is not finite is left out.
    limit : float
        The norm at which gradients are cut.
    """
    ax = plt.subplots(figsize=(9, 4))[1]
    for (name, row), (mark, color) in zip(norms.items(), SERIES[1::-1]):
        ax.semilogy(drawable(row), f"{mark}-", color=color, ms=4, lw=1.2, label=name)
    ax.axhline(limit, color=TRUTH, linestyle="--", lw=1.2, label="limit")
    ax.set(xlabel="update", ylabel="norm of the gradient (log scale)")
    ax.set_ylim(top=min(ax.get_ylim()[1], 1e5 * limit))
    ax.legend()
    return ax


def plot_gates(updates, gates):
    """Draw how far open gates are, on average, over a training.

    Parameters
    ----------
    updates : array-like
        Shape (num_points,).
    gates : dict of str to dict of str to array-like
        By the title of a panel, then by the name of a gate: from 0 (shut) to 1 (open),
        each of shape (num_points,); at most four in a panel.
    """
    figure, axes = plt.subplots(
        1, len(gates), figsize=(11, 4), sharey=True, squeeze=False
    )
    for ax, (title, rows) in zip(axes[0], gates.items()):
        for (name, row), (mark, color) in zip(rows.items(), SERIES):
            ax.plot(updates, row, f"{mark}-", color=color, label=name)
        ax.set(title=title, xlabel="update", ylim=(0, 1))
    axes[0, 0].set_ylabel("mean of the gate")
    axes[0, 0].legend()
    return figure


NUM_STEPS, NUM_UNITS = 20, 100


@exercise
def check_random_memory(radius, input_scale):
    """The spectral radius and the scale of the inputs of a random layer that recalls."""
    radius, input_scale = (as_numbers(x, 1).item() for x in (radius, input_scale))
    if radius <= 0 or input_scale <= 0:
        raise TryAgain("Two numbers above 0 are asked for.")
    right = _random_recall(radius, input_scale)
    if right > 0.9:
        return f"{right:.0%} right, and no recurrent weight was learned."
    if radius <= 1:
        raise TryAgain(
            f"{right:.0%} right. At a radius of {radius:g} the first letter never grows:"
            " it can only be as loud as the later ones, or softer."
        )
    if input_scale > 0.3:
        raise TryAgain(
            f"{right:.0%} right. The distractors are too loud: let less of them in."
        )
    raise TryAgain(f"{right:.0%} right. Try a radius a little further above 1.")


def _random_recall(radius, input_scale):
    """Give the accuracy of a trained output layer on an untrained recurrent layer."""
    generator = torch.Generator().manual_seed(0)
    bound = NUM_UNITS**-0.5  # as PyTorch draws them
    W_xh, W_hh, b_h = (
        (2 * torch.rand(rows, NUM_UNITS, generator=generator).double() - 1) * bound
        for rows in (6, NUM_UNITS, 1)
    )
    W_hh *= radius / torch.linalg.eigvals(W_hh).abs().max()
    first = torch.randint(2, (1, 4980), generator=generator)
    others = torch.randint(2, 6, (NUM_STEPS - 1, 4980), generator=generator)
    h_t = torch.zeros(4980, NUM_UNITS, dtype=torch.float64)
    for ids in torch.cat([first, others]):
        h_t = torch.tanh(input_scale * (W_xh[ids] + b_h) + h_t @ W_hh)
    states, answers = h_t.split([4480, 500]), first[0].split([4480, 500])
    W_hy = torch.zeros(NUM_UNITS, 2, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([W_hy], lr=0.03)
    for batch, targets in zip(states[0].split(32), answers[0].split(32)):
        loss = functional.cross_entropy(batch @ W_hy, targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return ((states[1] @ W_hy).argmax(dim=1) == answers[1]).double().mean().item()


@exercise
def check_forget_bias(forget_bias):
    """The bias with which a forget gate leaves one half after some steps."""
    numbers = [1, 2, 5, 19, 40, 200]
    answers = torch.cat([as_numbers(call(forget_bias, n), 1) for n in numbers])
    gates = torch.tensor([0.5 ** (1 / n) for n in numbers]).double()
    right = (gates / (1 - gates)).log()
    counts = torch.tensor(numbers).double()
    mistakes = [
        (
            gates,
            "That is the gate itself. The bias goes through the sigmoid to give it.",
        ),
        (gates.sigmoid(), "Other way round: sigmoid(b) is to be the gate."),
        (-right, "Upside down: with this bias the gate is nearly shut."),
        (counts.log(), "Close for many steps. But just one half is asked for."),
        (
            (2 * counts - 1).log(),
            "Close. Each step keeps the same share of what is left.",
        ),
        (gates.log(), "The bias is log(f / (1 - f)), not log(f)."),
        (right / math.log(10), "Right, but for the natural logarithm, math.log."),
    ]
    otherwise = "First find f: f ** num_steps is one half. Then b with sigmoid(b) = f."
    compare(answers, right, mistakes, otherwise)
    return "3.3 for 19 steps: choose the bias by how long you want to remember."
