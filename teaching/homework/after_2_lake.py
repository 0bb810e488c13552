"""Homework after lesson 2: a lake, made from the number of the class, and the checks."""

import random
import re

import matplotlib.pyplot as plt
import numpy as np
import torch

from rnn_helpers.arguments import check_array, check_count, short
from rnn_helpers.exercises import TryAgain, as_numbers, compare, exercise
from rnn_helpers.plotting import CUT, FORECAST, HIDDEN, TRUTH

NUM_DAYS = 8  # in a season; then the lake is emptied
NUM_SEASONS = 50
NUMBER = re.compile(r"\d*[.,]\d+|\d+(?:e[-+]?\d+|\s?%|\s?per ?cent)", re.I)


def make_seasons(number):
    """Give the rain and the levels of the seasons of a class.

    Parameters
    ----------
    number : int
        The number of the class, at least 0.

    Returns
    -------
    rain, levels : Tensor, Tensor
        Both of shape (8, 50): days, seasons. The rain is between 0 and 1.

    Examples
    --------
    >>> rain, levels = make_seasons(7)
    >>> levels.shape
    torch.Size([8, 50])
    >>> bool((measure_levels(rain, 7) == levels).all())
    True
    """
    generator = torch.Generator().manual_seed(check_count("number", number, least=0))
    shape = NUM_DAYS, NUM_SEASONS
    rain = torch.rand(shape, generator=generator, dtype=torch.float64)
    return rain, measure_levels(rain, number)


def measure_levels(rain, number):
    """Give the level of a class's lake in the evenings of a season, from empty.

    Parameters
    ----------
    rain : Tensor
        Shape (num_days,) or (num_days, num_seasons), at most 8 days, from 0 to 1.
    number : int
        The number of the class.

    Returns
    -------
    Tensor
        The levels, of the shape of `rain`.

    Raises
    ------
    ValueError
        If there are more than 8 days, or rain below 0 or above 1.
    """
    rain = torch.as_tensor(rain, dtype=torch.float64)
    if rain.dim() not in (1, 2) or not 1 <= len(rain) <= NUM_DAYS:
        raise ValueError(
            f"rain must be 1 to {NUM_DAYS} days (then the lake is emptied), or days and"
            f" seasons, got shape {tuple(rain.shape)}"
        )
    wrong = rain[~((rain >= 0) & (rain <= 1))]
    if len(wrong):
        raise ValueError(f"rain must be between 0 and 1, got {wrong[0]:g}")
    draw = random.Random(check_count("number", number, least=0))
    stream, lift = draw.uniform(0.1, 0.4), draw.uniform(0.8, 1.2)
    stays = draw.uniform(0.75, 0.88)  # the share that is there on the next day
    age = torch.arange(len(rain)) - torch.arange(len(rain))[:, None]
    return (stays**age).triu().double().T @ (stream + lift * rain)


def plot_season(rain, levels):
    """Draw the rain of one season, and the level in each evening.

    Parameters
    ----------
    rain, levels : array-like
        Both of shape (num_days,).
    """
    rain, levels = check_array("rain", rain, 1), check_array("levels", levels, 1)
    ax = plt.subplots(figsize=(9, 3.6))[1]
    days = np.arange(1, len(rain) + 1)
    ax.bar(days, rain, color=FORECAST, width=0.5, label="rain of the day")
    ax.plot(days, levels, "o-", color=TRUTH, label="level in the evening")
    ax.set(xlabel="day", ylabel="rain, level", ylim=(0, 1.3 * levels.max()))
    ax.legend(loc="upper left", ncols=2)
    return ax


def plot_long(curves):
    """Draw levels over many days, with a mark at the end of a season.

    Parameters
    ----------
    curves : dict of str to array-like
        By name, at most three, each of shape (num_days,). What is far above the last
        one is cut off.
    """
    ax = plt.subplots(figsize=(9, 4))[1]
    for (name, levels), color, style in zip(
        curves.items(), (CUT, FORECAST, HIDDEN), ("-", "--", ":")
    ):
        days = range(1, len(levels) + 1)
        ax.plot(days, levels, color=color, ls=style, lw=2.5, label=name)
    ax.axvline(NUM_DAYS, color="grey", lw=1.2)
    ax.set(xlabel="day (grey line: the end of a season)", ylabel="level")
    ax.set_ylim(0, 1.3 * float(max(levels)))
    ax.legend(loc="lower right")
    return ax


def _condition(rain, number):
    """The condition number at the answer, from the slopes of the levels.

    Where the errors are zero, the curvature is that of the squared slopes.
    """
    rain = np.asarray(rain).reshape(len(rain), -1)
    first, second = measure_levels([0, 0], number).numpy()
    stays = second / first - 1
    before = np.vstack([np.zeros_like(rain[:1]), measure_levels(rain, number)[:-1]])
    slopes = np.zeros((3, rain.shape[1]))
    rows = []
    for x_t, h_prev in zip(rain, before):
        slopes = np.stack([np.ones_like(x_t), x_t, h_prev]) + stays * slopes
        rows.append(slopes)
    lengths = np.linalg.svd(np.concatenate(rows, axis=1), compute_uv=False)
    return (lengths[0] / max(lengths[-1], 1e-9)) ** 2


def _is_cut(answer, right):
    """Say whether a number is the right one with too few decimals, at most four."""
    sizes = [10**digits for digits in (2, 3, 4)]
    shorter = [f(right * n) / n for n in sizes for f in (np.floor, np.round)]
    return bool(np.isclose(answer, shorter, rtol=0, atol=1e-9).any())


@exercise
def check_no_state(loss, number):
    """The least squared error of the last levels without a state."""
    rain, levels = (part.numpy() for part in make_seasons(number))

    def left(rain, levels):
        """The mean squared error that a line leaves, by the correlation."""
        return np.var(levels) * (1 - np.corrcoef(rain, levels)[0, 1] ** 2)

    right = left(rain[-1], levels[-1])
    through_zero = levels[-1] - rain[-1] * (rain[-1] @ levels[-1]) / sum(rain[-1] ** 2)
    mistakes = [
        (
            np.sqrt(right),
            "That is the root. Here the mean of the squares is asked for.",
        ),
        (NUM_SEASONS * right, "That is the sum over the seasons. Take the mean."),
        (right / 2, "That is half of it. Here there is no one half."),
        (np.var(levels[-1]), "That is a constant's. The line knows the rain, too."),
        (np.mean(through_zero**2), "That line has no bias."),
        (left(rain.ravel(), levels.ravel()), "That is over all days. Take the last."),
        (
            left(rain[0], levels[-1]),
            "That is the rain of the first day. Take the last.",
        ),
    ]
    otherwise = "One column for the rain of the last day, and one of ones."
    loss = as_numbers(loss, 1)
    if _is_cut(loss.item(), right):
        otherwise = "Nearly: give four decimals."
    compare(loss, right, mistakes, otherwise)
    return "today's rain says little of the level: most of it came on other days."


@exercise
def check_long_rain(level, number):
    """The level at which a lake stops rising under the same rain every day."""
    daily, second = measure_levels([0.5, 0.5], number).tolist()
    stream, stays = measure_levels([0], number).item(), second / daily - 1
    from_rain, right = daily - stream, daily / (1 - stays)
    mistakes = [
        (right * (1 - stays**NUM_DAYS), "There it still rises. Let it rain on."),
        (from_rain / (1 - stays), "The stream flows, too: where is the bias?"),
        (stream / (1 - stays), "That is without rain."),
        ((daily + from_rain) / (1 - stays), "That is for a rain of 1 a day."),
        (daily, "That is the level after one day."),
    ]
    level = as_numbers(level, 1)
    otherwise = (
        "Take a cell that you can trust: what is its loss on all seasons? Let it run"
        " for 365 days. Or: what stays, plus what comes."
    )
    if level.item() in (round(right), round(right, 1)):
        otherwise = "Give two decimals."
    elif abs(level - right) < 0.02:
        otherwise = "Nearly, but not to two decimals: what is the loss of your cell?"
    compare(level, right, mistakes, otherwise, within=0.006)
    return "what comes in a day is then what flows away in a day."


@exercise
def check_season(my_rain, my_numbers, number):
    """One season that tells the three numbers apart, and what was learned from it."""
    rain = as_numbers(my_rain, NUM_DAYS)
    if rain.min() < 0 or rain.max() > 1:
        raise TryAgain("The rain of a day must be between 0 and 1.")
    mine, drawn = _condition(rain, number), _condition(make_seasons(number)[0], number)
    if rain.max() - rain.min() < 1e-6:
        raise TryAgain("Equal rain every day: what tells the stream from the rain?")
    if mine > drawn:
        raise TryAgain(
            f"Its condition number is {mine:,.0f}; the {NUM_SEASONS} seasons have"
            f" {drawn:,.0f}. On which days would you see one of the three numbers alone?"
        )
    dry, wet = measure_levels([[0, 1], [0, 0]], number).T
    right = torch.stack([dry[0], wet[0] - dry[0], dry[1] / dry[0] - 1])
    numbers, mean = as_numbers(my_numbers, 3), measure_levels(rain, number).mean()
    mistakes = [
        (right.flip(0), "Other order: bias, frame weight, state weight."),
        (
            [mean, 0, 0],
            "Each day met all levels: give rain and levels the shape (8, 1), both.",
        ),
    ]
    otherwise = (
        "The season is good, the numbers are not. Is their loss small on this season?"
        " Try Adam, or more updates."
    )
    if numbers[2] < 0:
        otherwise = (
            "The state weight is negative: nothing stays. Have rain and levels the shape"
            " (8, 1), both? Is the loss of these numbers small on this season?"
        )
    compare(numbers, right, mistakes, otherwise, within=0.02)
    return f"a condition number of {mine:,.0f}, and {drawn:,.0f} for {NUM_SEASONS} seasons."


@exercise
def check_doubt(doubt):
    """Some sentences with two numbers; what they are worth is for a human to say."""
    if not isinstance(doubt, str):
        raise TryAgain(f"Write it between quotes; this is {short(doubt)}.")
    if len(NUMBER.findall(doubt)) < 2:
        raise TryAgain("Name two of your results in it, as numbers such as 0.123.")
    if len(doubt) > 600:
        raise TryAgain(f"At most 600 characters; these are {len(doubt)}.")
    return (
        "noted, not yet marked. A person marks it by the four lines below:"
        f" {short(doubt, most=1300)}"
    )
