"""Lab *Recurrence without waiting*: its pictures, and the checks of its exercises."""

import matplotlib.pyplot as plt
import torch

from ..arguments import check_array
from ..drawing import GREY, arrow, as_drawing, box
from ..exercises import TryAgain, as_numbers, call, compare, exercise
from ..plotting import HIDDEN, TRUTH

__all__ = ["check_odd_by_hand", "check_two_steps", "draw_scan", "plot_units"]


def draw_scan(num_steps=8):
    """Draw how a scan joins steps, a row of boxes for each round.

    Each box says which steps it stands for; green ones reach back to the first.
    """
    ax = plt.subplots(figsize=(11, 5.4))[1]
    rounds = (num_steps - 1).bit_length()
    for number in range(rounds + 1):
        y, reach = -1.5 * number, 2**number
        name = f"round {number}" if number else "the steps"
        ax.text(0.2, y, name, ha="right", va="center", color=GREY)
        for step in range(1, num_steps + 1):
            first = max(1, step - reach + 1)
            label = f"{first}–{step}" if first < step else f"{step}"
            box(ax, (1.3 * step, y), label, TRUTH if first > 1 else HIDDEN)
            for other in {step, step - reach // 2} if number else ():
                if other > 0:
                    start, end = (1.3 * other, y + 1.1), (1.3 * step, y + 0.4)
                    ax.add_patch(arrow(start, end))
    return as_drawing(ax, (-1.2, 1.3 * num_steps + 0.6), (-1.5 * rounds - 0.5, 0.5))


def plot_units(panels, xlabel, ylabel, ylim=None):
    """Draw several lines over the steps, in a panel each.

    Parameters
    ----------
    panels : dict of str to array-like
        By the title of a panel, each of shape (num_steps, num_lines).
    xlabel, ylabel : str
        What is drawn over what.
    ylim : pair of float, optional
        The limits of the vertical axis.
    """
    figure, axes = plt.subplots(1, len(panels), figsize=(11, 4), squeeze=False)
    for ax, (title, rows) in zip(axes[0], panels.items()):
        rows = check_array("panels", rows, ndim=2)
        ax.plot(range(1, len(rows) + 1), rows, color=HIDDEN, lw=1, alpha=0.8)
        ax.set(title=title, xlabel=xlabel, ylim=ylim)
    axes[0, 0].set_ylabel(ylabel)
    return figure


@exercise
def check_two_steps(two_steps):
    """The pair of one step that does what two steps do."""
    rows = torch.rand(12, 4, generator=torch.Generator().manual_seed(0)).double() + 0.2
    answers = [as_numbers(call(two_steps, *row), 2) for row in rows.tolist()]
    a_1, b_1, a_2, b_2 = rows.T
    a, b = a_2 * a_1, a_2 * b_1 + b_2
    mistakes = [
        ((a, a_1 * b_2 + b_1), "That does the second step first."),
        ((a, b_1 + b_2), "The second step multiplies what the first one has added."),
        ((a, a * b_1 + b_2), "b_1 comes after a_1: only a_2 multiplies it."),
        ((a_1 + a_2, b), "Multiplied twice is multiplied by the product of both."),
        ((a_2, b), "The old state is multiplied by a_1, too."),
        ((b, a), "The right two numbers. Return a first, then b."),
    ]
    mistakes = [(torch.stack(pair, 1).flatten(), hint) for pair, hint in mistakes]
    otherwise = "Put h_1 = a_1 h_0 + b_1 into h_2 = a_2 h_1 + b_2, and multiply out."
    right = torch.stack([a, b], 1).flatten()
    compare(torch.cat(answers), right, mistakes, otherwise)
    return "two steps are one step of the same kind. So are four, and a thousand."


@exercise
def check_odd_by_hand(a_0, b_0, a_1, b_1):
    """The numbers with which one unit says whether the number of ones is odd."""
    a_0, b_0, a_1, b_1 = (as_numbers(x, 1).item() for x in (a_0, b_0, a_1, b_1))
    bits = torch.randint(2, (200, 20), generator=torch.Generator().manual_seed(0))
    h_t, farthest = torch.zeros(20).double(), 0.0
    for row, odd in zip(bits, bits.cumsum(0) % 2):
        h_t = torch.where(row == 1, a_1 * h_t + b_1, a_0 * h_t + b_0)
        farthest = max(farthest, (h_t - odd).abs().max().item())
    if farthest < 1e-6:
        return "right after 200 bits, with one unit, and no tanh."
    hints = [
        ((a_0, b_0, a_1, b_1) == (-1, 1, 1, 0), "The two bits have changed places."),
        ((a_0, b_0) == (a_1, b_1), "Both bits do the same, so it cannot see the ones."),
        (b_0 == b_1 == 0, "With nothing added, the state never leaves 0."),
        ((a_0, b_0) != (1, 0), "A zero must leave the state exactly as it is."),
        (a_1 == 1, "This counts the ones: after two it says 2 times b_1."),
        (a_1 == 0, "After a one this always says b_1: was there a one at all?"),
        (a_1 > 0, "With a_1 above 0, ones push the state one way only."),
    ]
    otherwise = "A one must turn 0 into 1, and 1 into 0: two equations for a_1 and b_1."
    raise TryAgain(next((hint for fits, hint in hints if fits), otherwise))
