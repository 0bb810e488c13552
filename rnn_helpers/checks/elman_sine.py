"""The checks of lesson 1's exercises."""

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
