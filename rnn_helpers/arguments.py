"""Checks of arguments: each error names the argument, its value and what is allowed."""

import numbers
import re

import numpy as np

MOST = 10**8  # numbers in one tensor: more do not fit a laptop's memory


def short(value, most=80):
    """Write a value for an error message: its repr in one line, cut if it is long.

    Examples
    --------
    >>> short("ab")
    "'ab'"
    >>> short(list(range(100)), most=12)
    '[0, 1, 2, 3…'
    """
    try:
        text = re.sub(r"\s*\n\s*", " ", repr(value))
    except Exception:  # say, a whole number of more than 4,300 digits
        text = f"<{type(value).__name__} that cannot be written down>"
    return text if len(text) <= most else text[: most - 1] + "…"


def check_count(name, count, least, most=MOST):
    """Give `count` as an int; refuse what is no whole number from least to most."""
    if isinstance(count, bool) or not isinstance(count, numbers.Integral):
        raise TypeError(f"{name} must be a whole number, got {short(count)}")
    if count < least:
        raise ValueError(f"{name} must be {least} or more, got {short(count)}")
    if count > most:
        raise ValueError(f"{name} must be {most:,} or less, got {short(count)}")
    return int(count)


def check_text(name, text):
    """Refuse what is no string of one character or more."""
    if not isinstance(text, str):
        raise TypeError(f"{name} must be a string, got {short(text)}")
    if not text:
        raise ValueError(f"{name} must hold at least one character, got {text!r}")


def check_texts(name, texts):
    """Refuse what is no list (or tuple) of strings of one character or more."""
    if not isinstance(texts, list | tuple):
        raise TypeError(f"{name} must be a list of strings, got {short(texts)}")
    if not texts:
        raise ValueError(f"{name} must hold at least one string, got {texts!r}")
    for position, text in enumerate(texts):
        check_text(f"{name}[{position}]", text)


def check_array(name, values, ndim):
    """Give `values` as an array of floats; refuse an empty one or one of other axes."""
    array = np.asarray(values, dtype=float)
    if array.ndim != ndim or array.size == 0:
        wanted = {1: "one row of numbers", 2: "a table of numbers"}[ndim]
        raise ValueError(f"{name} must be {wanted}, got shape {array.shape}")
    return array
