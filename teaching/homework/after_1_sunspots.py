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
NUMBER = re.compile(r"\d*[.,]\d+|\d+(?:e[-+]?\d+|\s?%|\s?per ?cent)", re.I)


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


def _is_cut(answer, right):
    """Say whether a number is the right one with too few decimals, at most four."""
    sizes = [10**digits for digits in (2, 3, 4)]
    shorter = [f(right * n) / n for n in sizes for f in (np.floor, np.round)]
    return bool(np.isclose(answer, shorter, rtol=0, atol=1e-9).any())


def _forecast(values, num_weights, fitted, scored, constant=1):
    """Fit weights and a constant in some years; give forecasts and truth in others."""
    windows = np.lib.stride_tricks.sliding_window_view(values, num_weights + 1)
    past, targets = np.insert(windows[:, :-1], 0, constant, axis=1), windows[:, -1]
    fitted, scored = (  # the window of a year begins num_weights years before it
        [year - num_weights for year in years if num_weights <= year < len(values)]
        for years in (fitted, scored)
    )
    weights = np.linalg.lstsq(past[fitted], targets[fitted], rcond=None)[0]
    return past[scored] @ weights, targets[scored]


def _mistakes_with_weights(values, num_weights, split):
    """Give the right error of so many weights, and the errors of foreseen mistakes."""
    everywhere, train, test = (
        range(*ends) for ends in ((0, len(values)), (0, split), (split, len(values)))
    )

    def error_of(fitted, scored, **changes):
        return _rmse(
            np.subtract(*_forecast(values, num_weights, fitted, scored, **changes))
        )

    forecasts, truth = _forecast(values, num_weights, train, test)
    right = _rmse(forecasts - truth)
    mistakes = [
        (right**2, "That is the mean squared error. Take its root."),
        (error_of(train, train), "That is the error in the training years."),
        (
            error_of(train, everywhere),
            "That is over all years. Only the test years count.",
        ),
        (
            error_of(everywhere, test),
            "The test years were fitted, too. Fit the others.",
        ),
        (
            error_of(train, test, constant=0),
            "There is no constant: add a column of ones.",
        ),
        (
            _rmse(forecasts[:, None] - truth),
            "Each forecast met each year: shape (n, 1) against (n,). Use `error`.",
        ),
    ]
    if num_weights < 9:
        hint = "Two weights can use earlier training years than nine."
        mistakes.append((error_of(train[9:], test), hint))
    count = {2: "two", 9: "nine"}[num_weights]
    hint = (
        "Count the rows whose target is a training year: with"
        f" {count} values it is not split - 1 any more."
    )
    for end in (split + rows for rows in range(-9, 10) if rows):
        rest = range(end, len(values))  # scored by those who count on from there
        mistakes += [(error_of(range(end), years), hint) for years in (test, rest)]
    return right, mistakes


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
    otherwise = (
        "Each test year's forecast is the value one year earlier. Which year is the"
        " first forecast from?"
    )
    error, right = as_numbers(error, 1), _rmse(test)
    if _is_cut(error.item(), right) or abs(error - right) < 2e-4:
        otherwise = "Nearly: give four decimals."
    compare(error, right, mistakes, otherwise, within=6e-5)
    return "whoever wants to forecast the sun must beat this."


@exercise
def check_weights(error_two, error_nine, number):
    """The errors of two and of nine weights, fitted to the training years."""
    _, values, split = make_sunspots(number)
    answers = [as_numbers(error_two, 1), as_numbers(error_nine, 1)]
    known = [_mistakes_with_weights(values.numpy(), count, split) for count in (2, 9)]
    (two, _), (nine, _) = known
    if abs(torch.cat(answers) - torch.tensor([nine, two])).max() <= 6e-5:
        raise TryAgain("Have the two changed places?")
    names = "error_two", "error_nine"
    for name, answer, (right, mistakes) in zip(names, answers, known):
        otherwise = (
            "Is each target the year after the last value of its row? Fit the training"
            " years, score the test years."
        )
        if _is_cut(answer.item(), right):
            mistakes, otherwise = [], "Nearly: give four decimals."
        mistakes = [(wrong, f"{name}: {hint}") for wrong, hint in mistakes]
        compare(answer, right, mistakes, f"{name}: {otherwise}", within=6e-5)
    return "this is what a network has to beat."


@torch.no_grad()
def _misses(model, values, ends, length, late=0):
    """Forecast years from the last `length` values; shape (length, number of years)."""
    windows = torch.stack([values[ends - length + late + n] for n in range(length)])
    return model(windows[:, :, None])[0][:, :, 0] - values[ends]


@exercise
def check_memory(memory_error, my_k, model, number):
    """The error of a network that reads only the last years, and how many are enough."""
    _, values, split = make_sunspots(number)
    tried = [1, 2, 5, 12]
    training, test = torch.arange(12, split), torch.arange(split, len(values))

    def errors(ends=test, longer=0, late=0, last=-1):
        lengths = [length + longer for length in tried]
        return [_rmse(_misses(model, values, ends, n, late)[last]) for n in lengths]

    def mixed(length):
        misses = _misses(model, values, test, length)[-1]
        return _rmse((misses + values[test])[:, None] - values[test])

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
        (
            [mixed(length) for length in tried],
            "Each forecast met each year: shape (n, 1) against (n,). Use `error`.",
        ),
        (np.square(errors()), "That is the mean squared error. Take its root."),
    ]
    otherwise = (
        "Read values[year - k : year] from a state of zeros, for each test year."
    )
    answers = [as_numbers(call(memory_error, length), 1) for length in tried]
    compare(torch.cat(answers), errors(), mistakes, otherwise)
    k = as_numbers(my_k, 1).item()
    if k not in range(1, 31):
        raise TryAgain("my_k is a whole number from 1 to 30.")
    above = [_rmse(_misses(model, values, test, n)[-1]) for n in range(1, 31)]
    above = np.array(above) - above[-1]
    if above[int(k) - 1] > 0.0105:  # printed with three decimals, it may be 0.010
        raise TryAgain(f"With k = {k:g} the error is more than 0.01 above that of 30.")
    if (above[: int(k) - 1] < 0.0095).any():
        raise TryAgain("The function is right. For my_k a smaller number is enough.")
    return "each test year is forecast from its last k years, and from nothing else."


@exercise
def check_doubt(doubt):
    """Some sentences with two numbers; what they are worth is for a human to say."""
    if not isinstance(doubt, str):
        raise TryAgain(f"Write it between quotes; this is {short(doubt)}.")
    if len(NUMBER.findall(doubt)) < 2:
        raise TryAgain("Name two of your errors in it, as numbers such as 0.123.")
    if len(doubt) > 600:
        raise TryAgain(f"At most 600 characters; these are {len(doubt)}.")
    return (
        "noted, not yet marked. A person marks it by the four lines below:"
        f" {short(doubt, most=1300)}"
    )
