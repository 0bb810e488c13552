"""Lab *What must be learned to remember?*: the checks of its exercises."""

import math

import torch

from ..exercises import TryAgain, as_numbers, call, compare, exercise

__all__ = ["check_forget_bias", "check_random_memory"]


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
    if input_scale >= 1:
        raise TryAgain(f"{right:.0%} right. The distractors are loud: let less in.")
    raise TryAgain(
        f"{right:.0%} right. At a radius of {radius:g} little of the first letter is"
        " left: take a larger one, or let the distractors in softer still."
    )


def _random_recall(radius, input_scale):
    """Give the accuracy of the best output layer on an untrained recurrent layer."""
    generator = torch.Generator().manual_seed(0)
    bound = NUM_UNITS**-0.5  # as PyTorch draws them
    W_xh, W_hh, b_h = (
        (2 * torch.rand(rows, NUM_UNITS, generator=generator).double() - 1) * bound
        for rows in (6, NUM_UNITS, 1)
    )
    W_hh *= radius / torch.linalg.eigvals(W_hh).abs().max()
    first = torch.randint(2, (1, 3000), generator=generator)
    others = torch.randint(2, 6, (NUM_STEPS - 1, 3000), generator=generator)
    h_t = torch.zeros(3000, NUM_UNITS, dtype=torch.float64)
    for ids in torch.cat([first, others]):
        h_t = torch.tanh(input_scale * (W_xh[ids] + b_h) + h_t @ W_hh)
    signs = 2.0 * first[0, :, None].double() - 1
    W_hy = torch.linalg.lstsq(h_t[:2500], signs[:2500]).solution
    return (h_t[2500:] @ W_hy * signs[2500:] > 0).double().mean().item()


@exercise
def check_forget_bias(forget_bias):
    """The bias with which a forget gate leaves one half after some steps."""
    numbers = [1, 2, 5, 19, 40, 200]
    answers = torch.cat([as_numbers(call(forget_bias, n), 1) for n in numbers])
    gates = torch.tensor([0.5 ** (1 / n) for n in numbers]).double()
    right = (gates / (1 - gates)).log()
    counts = torch.tensor(numbers).double()
    mistakes = [
        (gates, "That is the gate itself. The sigmoid of the bias is to give it."),
        (gates.sigmoid(), "Other way round: sigmoid(b) is to be the gate."),
        (-right, "Upside down: with this bias the gate is nearly shut."),
        (counts.log(), "Close for many steps. But just one half is asked for."),
        ((2 * counts - 1).log(), "Close. But each step keeps the same share."),
        (gates.log(), "The bias is log(f / (1 - f)), not log(f)."),
        (right / math.log(10), "Right, but for the natural logarithm, math.log."),
    ]
    otherwise = "First find f: f ** num_steps is one half. Then b with sigmoid(b) = f."
    compare(answers, right, mistakes, otherwise)
    return "3.3 for 19 steps: choose the bias by how long you want to remember."
