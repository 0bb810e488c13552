"""The checks of lesson 2's exercises."""

import math

import torch

from rnn_helpers.exercises import (
    TryAgain,
    as_numbers,
    call,
    compare,
    exercise,
    run_cell,
)


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
