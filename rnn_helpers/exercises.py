"""Exercises: what is said of an answer, whatever it is; the checks are in the rooms."""

import contextlib
import copy
import functools
import io

import numpy as np
import torch

from .arguments import short


class NotAnswered(Exception):
    """What stood in the answer cell, None, still stands there."""


class TryAgain(Exception):
    """The answer is not right yet; the message is the hint."""


def exercise(judge):
    """Turn a judge of answers into a check: it prints the verdict and never raises.

    Parameters
    ----------
    judge : callable
        ``judge(*answers)`` gives the reason why the answers are right, or raises
        `TryAgain` or `NotAnswered`. The notebook's random numbers stay as they are.

    Examples
    --------
    >>> @exercise
    ... def check_half(answer):
    ...     mistakes = [(2.0, "The other way round.")]
    ...     compare(as_numbers(answer, 1), 0.5, mistakes, "Divide one by two.")
    ...     return "one of two."
    >>> check_half(None)
    not answered yet
    >>> check_half(2)
    try again: The other way round.
    >>> check_half("0.5")
    try again: A number is asked for, without quotes, and this is '0.5'.
    >>> check_half((0, 5))  # as in my_answer = 0,5
    try again: 0,5 is two numbers; Python's decimal sign is the point: 0.5.
    >>> check_half(torch.tensor(0.5, requires_grad=True))
    correct: one of two.
    """

    @functools.wraps(judge)
    def check(*answers):
        try:
            if any(answer is None for answer in answers):
                raise NotAnswered
            with torch.random.fork_rng(devices=[]), torch.enable_grad():
                verdict = f"correct: {judge(*answers)}"
        except NotAnswered:
            verdict = "not answered yet"
        except TryAgain as hint:
            verdict = f"try again: {hint}"
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # whatever an answer may raise
            verdict = f"try again: Your answer raised {short(error)}."
        print(verdict)

    return check


def as_numbers(answer, count):
    """Give an answer as `count` float64 numbers, shape (count,), or say what it is."""
    if isinstance(answer, str):
        raise TryAgain(
            f"A number is asked for, without quotes, and this is {short(answer)}."
        )
    if count == 1 and isinstance(answer, tuple) and len(answer) == 2:
        comma = "{},{}".format(*map(short, answer))
        point = comma.replace(",", ".")
        raise TryAgain(
            f"{comma} is two numbers; Python's decimal sign is the point: {point}."
        )
    asked = "One number is" if count == 1 else f"{count} numbers are"
    try:
        values = torch.as_tensor(_as_float(answer) if count == 1 else answer).detach()
    except Exception:
        raise TryAgain(f"{asked} asked for, and this is {short(answer)}.") from None
    if values.numel() != count or values.dtype == torch.bool or values.is_complex():
        raise TryAgain(f"{asked} asked for, and this is {short(answer)}.")
    values = values.double().flatten()
    if not values.isfinite().all():
        raise TryAgain(
            f"No number may be infinite or NaN, and this is {short(answer)}."
        )
    return values


def _as_float(answer):
    """Give a number of any other kind, say a fraction, as a float."""
    known = (torch.Tensor, np.ndarray, np.generic, bool, list, tuple, complex)
    return answer if isinstance(answer, known) else float(answer)


def call(function, *inputs):
    """Call a function that was handed in, on copies; what is None is not answered.

    What it prints is not shown: it may be called many times.
    """
    if not callable(function):
        raise TryAgain(f"A function is asked for, and this is {short(function)}.")
    with contextlib.redirect_stdout(io.StringIO()) as said:
        answer = function(*(x.clone() if torch.is_tensor(x) else x for x in inputs))
    parts = answer if isinstance(answer, (tuple, list)) else [answer]
    if any(part is None for part in parts):
        if said.getvalue().strip():
            raise TryAgain(
                "It prints its answer, and returns None: end it with return."
            )
        raise NotAnswered
    return answer


def run_cell(cell, sequences, first_state):
    """Run a cell that was handed in over several sequences, read in turn.

    Each sequence has a state of its own, so what the cell keeps elsewhere goes wrong.

    Returns
    -------
    list of Tensor
        The outputs for each sequence, of its shape (num_steps,).
    """
    states = [copy.deepcopy(first_state) for _ in sequences]
    outputs = [[] for _ in sequences]
    for frames in zip(*sequences):
        for number, x_t in enumerate(frames):
            answer = call(cell, x_t, states[number])
            if not (isinstance(answer, tuple | list) and len(answer) == 2):
                raise TryAgain(f"Return y_t, h_t; this returned {short(answer)}.")
            y_t, states[number] = answer
            if isinstance(y_t, tuple | list):
                raise TryAgain(
                    f"First y_t, then h_t: {short(y_t)} is no single number."
                )
            outputs[number].append(as_numbers(y_t, 1))
    return [torch.cat(row) for row in outputs]


def compare(answer, right, mistakes, otherwise, within=1e-4):
    """Pass a right answer; else raise the hint of the mistake that would give it.

    Parameters
    ----------
    answer, right : Tensor
        Numbers, of one shape.
    mistakes : sequence of (array-like, str)
        What each foreseen mistake gives, and the hint for it.
    otherwise : str
        The hint for all other answers.
    within : float, optional
        How far an answer may be off, in each number.
    """

    def is_near(numbers):
        return (answer - torch.as_tensor(numbers)).abs().max() <= within

    if not is_near(right):
        hints = [hint for wrong, hint in mistakes if is_near(wrong)]
        raise TryAgain([*hints, otherwise][0])
