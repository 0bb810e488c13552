"""Homework after lesson 1: sunspots, drawn by the number of the class, and the checks.

`sunspots.csv` holds 309 yearly numbers, 1700 to 2008: U.S. National Geophysical Data
Center (NOAA), public domain.
"""

import random
import re
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch

from rnn_helpers.arguments import check_count, short
from rnn_helpers.exercises import TryAgain, as_numbers, call, compare, exercise
from rnn_helpers.plotting import FORECAST, TRUTH

FILE = Path(__file__).with_name("sunspots.csv")


def make_sunspots(number):
    """Give the yearly sunspots of a class: other years for another number.

    Parameters
    ----------
    number : int
        The number of the class, at least 0.

    Returns
    -------
    years : list of int
        One for each value.
    values : Tensor
        Shape (num_years,): the square root of a hundredth of each yearly number.
    split : int
        ``values[:split]`` are the training years, ``values[split:]`` the test years.

    Examples
    --------
    >>> years, values, split = make_sunspots(7)
    >>> len(years) == len(values) and 140 <= split < len(values) - 50
    True
    """
    draw = random.Random(check_count("number", number, least=0))
    first, split, last = (
        draw.randrange(*ends) for ends in ((0, 40), (180, 230), (280, 310))
    )
    years, spots = np.loadtxt(FILE, delimiter=",", skiprows=1, unpack=True)
    values = torch.as_tensor(spots[first:last] / 100).sqrt()
    return years[first:last].astype(int).tolist(), values, split - first


def plot_sunspots(years, values, split, alone=None):
    """Draw the values over the years, the test years apart, and a forecast of these.

    Parameters
    ----------
    years, values, split
        As `make_sunspots` gives them.
    alone : Tensor, optional
        Shape (num_years - split,): forecasts of the test years.
    """
    ax = plt.subplots(figsize=(11, 3.6))[1]
    begin = 0 if alone is None else split - 40
    ax.plot(years[begin:], values[begin:], color=TRUTH, lw=1.2, label="sunspots")
    if alone is not None:
        ax.plot(years[split:], alone, "o-", color=FORECAST, ms=4, lw=1.2, label="alone")
    ax.axvspan(years[split] - 0.5, years[-1] + 0.5, color="0.9", label="test years")
    ax.set(xlabel="year", ylabel="root of spots / 100", ylim=(0, 2))
    ax.legend(ncols=3, loc="upper left")
    return ax


def _rmse(misses):
    return np.sqrt(np.mean(np.square(np.asarray(misses)))).item()


def _error_of_weights(values, num_weights, fitted, scored):
    """Fit weights and a constant to the values of some years, score them in others."""
    windows = np.lib.stride_tricks.sliding_window_view(values, num_weights + 1)
    past, targets = np.insert(windows[:, :-1], 0, 1, axis=1), windows[:, -1]
    fitted, scored = (  # the window of a year begins num_weights years before it
        [year - num_weights for year in years if year >= num_weights]
        for years in (fitted, scored)
    )
    normal = past[fitted].T @ past[fitted]
    weights = np.linalg.solve(normal, past[fitted].T @ targets[fitted])
    return _rmse(past[scored] @ weights - targets[scored])


@exercise
def check_next_is_now(error, number):
    """The error of persistence in the test years."""
    _, values, split = make_sunspots(number)
    rises = np.diff(values.numpy())  # rises[t - 1] leads to year t
    test = rises[split - 1 :]
    mistakes = [
        (np.mean(test**2), "That is the mean squared error. Take its root."),
        (_rmse(rises[: split - 1]), "Those are the training years. Take the others."),
        (_rmse(rises), "That is over all years. Only the test years count."),
        (
            _rmse(rises[split:]),
            "The first test year has a year before it: forecast it.",
        ),
        (np.mean(abs(test)), "That is the mean of the absolute misses. Square them."),
        (np.sum(test**2) / 2, "That is the lesson's loss, a sum. Use `error`."),
    ]
    otherwise = "The forecasts are values[split - 1 : -1]. What are their targets?"
    compare(as_numbers(error, 1), _rmse(test), mistakes, otherwise)
    return "whoever wants to forecast the sun must beat this."


@exercise
def check_weights(error_two, error_nine, number):
    """The errors of two and of nine weights, fitted to the training years."""
    _, values, split = make_sunspots(number)
    train, test = range(split), range(split, len(values))

    def errors(fitted=train, scored=test):
        return [_error_of_weights(values.numpy(), k, fitted, scored) for k in (2, 9)]

    right = errors()
    mistakes = [
        (right[::-1], "Have the two changed places?"),
        (errors(scored=train), "Those are errors in the training years."),
        (
            errors(fitted=range(len(values))),
            "The test years were fitted, too. Fit the others.",
        ),
        (
            errors(fitted=train[9:]),
            "Two weights can use earlier training years than nine.",
        ),
    ]
    otherwise = (
        "Is there a constant, and is each target the year after the last value of its"
        " row? Fit the training years, score the test years."
    )
    both = torch.cat([as_numbers(error_two, 1), as_numbers(error_nine, 1)])
    if abs(both - torch.tensor(right)).max() < 0.0006:
        otherwise = "Nearly: hand in the numbers themselves, or four decimals."
    compare(both, right, mistakes, otherwise)
    return "this is the opponent that a network has to beat."


@torch.no_grad()
def _misses(model, values, ends, length, late=0):
    """Forecast years from the last `length` values; shape (length, number of years)."""
    windows = torch.stack([values[ends - length + late + n] for n in range(length)])
    return model(windows[:, :, None])[0][:, :, 0] - values[ends]


@exercise
def check_memory(memory_error, model, number):
    """The error of a network, whatever it has learned, that reads only the last years."""
    _, values, split = make_sunspots(number)
    tried = [1, 2, 5, 12]
    training, test = torch.arange(12, split), torch.arange(split, len(values))

    def errors(ends=test, longer=0, late=0, last=-1):
        lengths = [length + longer for length in tried]
        return [_rmse(_misses(model, values, ends, n, late)[last]) for n in lengths]

    with torch.no_grad():
        forecasts = model(values[:-1, None, None])[0][split - 1 :, 0, 0]
    full, now = _rmse(forecasts - values[test]), _rmse(values[test - 1] - values[test])
    if full > now:
        raise TryAgain(f"Next = now has {now:.2f}, the network {full:.2f}: train it.")
    mistakes = [
        ([full] * 4, "The same for all: the state still holds the years before."),
        (errors(late=-1), "The windows end a year early: read the year before, too."),
        (errors(late=1), "It reads the year that it should forecast."),
        (errors(ends=training), "Those are the training years. Take the test years."),
        (errors(longer=1), "It reads a year too many."),
        (errors(last=slice(None)), "Only the last forecast of each year counts."),
        (np.square(errors()), "That is the mean squared error. Take its root."),
    ]
    otherwise = "Read values[year - k : year] from an empty state, for each test year."
    answers = [as_numbers(call(memory_error, length), 1) for length in tried]
    compare(torch.cat(answers), errors(), mistakes, otherwise)
    said = ", ".join(f"{answer.item():.2f}" for answer in answers)
    return f"with 1, 2, 5 and 12 years it is {said}; with all years {full:.2f}."


@exercise
def check_doubt(doubt):
    """Some sentences with two numbers; what they are worth is for a human to say."""
    if not isinstance(doubt, str):
        raise TryAgain(f"Write it between quotes; this is {short(doubt)}.")
    if len(re.findall(r"\d[.,]\d", doubt)) < 2:
        raise TryAgain("Name two of your errors in it, as numbers with a point.")
    return f"handed in. Four lines of the rubric mark it: {short(doubt, most=600)}"
