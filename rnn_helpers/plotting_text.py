"""Plots of text: characters, with what a network makes of them."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from rnn_helpers.arguments import check_array
from rnn_helpers.plotting import CUT, FORECAST, TRUTH, new_axes

# Behind what is right, and round it.
RIGHT = "#9BD8B9"
FRAME = {"fill": False, "ec": CUT, "lw": 2.5, "zorder": 3, "clip_on": False}


def show_char(label):
    """Give a label to print: a sign for a space and for what nobody could see."""
    if label == " ":
        return "␣"
    return label if label.isprintable() else "�"


def plot_next_char_probabilities(
    probabilities, chars, labels=None, targets=None, ax=None
):
    """Draw the probability of each next character: a row a character, a column a step.

    A dot marks the likeliest character of each step.

    Parameters
    ----------
    probabilities : array-like
        Shape (num_steps, vocab_size), each row a distribution.
    chars : str
        The vocabulary, in the order of the columns.
    labels : sequence of str, optional
        One for each step, say its input; the steps are numbered without it.
    targets : sequence of int, optional
        Shape (num_steps,): the index of the right character of each step, to frame it.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If `probabilities` is empty or not a table, or if `chars`, `labels` or `targets`
        has another length than it.
    """
    probabilities = check_array("probabilities", probabilities, ndim=2)
    num_steps = len(probabilities)
    ax = ax or new_axes()
    image = _heat_map(ax, probabilities.T, chars, labels, cmap="Blues", vmin=0, vmax=1)
    ax.figure.colorbar(image, ax=ax, label="probability")
    dot = {"color": "white", "mec": TRUTH, "ms": 8}
    ax.plot(range(num_steps), probabilities.argmax(axis=1), "o", **dot)
    if targets is not None:
        if len(targets) != num_steps:
            raise ValueError(
                f"{num_steps} steps need as many targets, got {len(targets)}"
            )
        for step, target in enumerate(targets):
            corner = step - 0.5, target - 0.5
            ax.add_patch(Rectangle(corner, 1, 1, **FRAME))
    ax.set(xlabel="input at each step", ylabel="next character", aspect="auto")
    return ax


def _heat_map(ax, array, row_labels, column_labels, **style):
    if column_labels is None:
        column_labels = [str(step) for step in range(array.shape[1])]
    for axis, labels, size in zip(
        ("row", "column"), (row_labels, column_labels), array.shape
    ):
        if len(labels) != size:
            raise ValueError(f"{size} {axis}s need as many labels, got {len(labels)}")
    plain = {"parse_math": False}  # a $ is a character here
    ax.set_yticks(
        range(array.shape[0]), [show_char(label) for label in row_labels], **plain
    )
    ax.set_xticks(
        range(array.shape[1]), [show_char(label) for label in column_labels], **plain
    )
    return _fill_cells(ax, array, **style)


def _fill_cells(ax, array, **style):
    """Colour the cells of a table as imshow would, in a tenth of the memory."""
    rows, columns = (np.arange(size + 1) - 0.5 for size in array.shape)  # their edges
    mesh = ax.pcolormesh(columns, rows, array, **style)
    ax.set_aspect("equal")
    ax.invert_yaxis()
    ax.grid(False)
    return mesh


def plot_answers(answers, letters, word):
    """Draw what a network answers to every letter, read in every state.

    The letters that the word has at its steps are framed, with its next letters as
    the right answers; a cell is green if it holds the answer that is right in its
    column.

    Parameters
    ----------
    answers : sequence of sequence of str
        A row for each letter, a column for each state: h_0, h_1 …
    letters : str
        The letters read, in the order of the rows.
    word : str
        One letter more than there are columns.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If the table does not fit the letters and the word.
    """
    sizes = [len(row) for row in answers]
    if sizes != [len(word) - 1] * len(letters):
        raise ValueError(
            f"answers must have {len(letters)} rows of {len(word) - 1}, got {sizes}"
        )
    width, height = 1.6 + 0.7 * sizes[0], 1.2 + 0.6 * len(letters)
    ax = plt.subplots(figsize=(max(6, width), max(3, height)))[1]
    for row, (letter, line) in enumerate(zip(letters, answers)):
        for step, char in enumerate(line):
            face = RIGHT if char == word[step + 1] else "white"
            corner = step - 0.5, row - 0.5
            ax.add_patch(Rectangle(corner, 1, 1, fc=face, ec="0.6"))
            _write(ax, (step, row), char)
            if word[step] == letter:
                ax.add_patch(Rectangle(corner, 1, 1, **FRAME))
    ax.set_xticks(range(sizes[0]), [f"$h_{{{step}}}$" for step in range(sizes[0])])
    ax.set_yticks(range(len(letters)), [show_char(letter) for letter in letters])
    ax.set(xlim=(-0.5, sizes[0] - 0.5), ylim=(len(letters) - 0.5, -0.5))
    ax.set(xlabel="state before", ylabel="letter read", aspect="equal")
    ax.set_title("answers (green: right at this place; framed: the word)", fontsize=12)
    ax.grid(False)
    return ax


def _write(ax, place, char, **style):
    """Write one character, whatever it is, where a reader can see it."""
    style = {"ha": "center", "va": "center", "parse_math": False, **style}
    ax.text(*place, show_char(char), **style)


def plot_written(texts, probabilities, num_given, labels=None):
    """Draw texts, a row each: every character with the probability that it had.

    The darker a character, the more probable it was, and the number below it says so
    in per cent; grey and without a number is what was given.

    Parameters
    ----------
    texts : sequence of str
        At least one.
    probabilities : sequence of sequence of float
        For each text, those of its characters behind the first `num_given`.
    num_given : int
        How many characters of each text were given.
    labels : sequence of str, optional
        What to write before each text.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If there is no text, or if a row of probabilities has another length than the
        characters that were written.
    """
    if not texts:
        raise ValueError(f"texts must hold at least one text, got {texts!r}")
    width = max(16, *map(len, texts))
    ax = plt.subplots(figsize=(11, max(2, 0.3 + 0.7 * len(texts))))[1]
    for row, (text, chances) in enumerate(zip(texts, probabilities)):
        if len(chances) != len(text) - num_given:
            raise ValueError(
                f"{len(text) - num_given} written characters of {text!r} need as many"
                f" probabilities, got {len(chances)}"
            )
        for step, char in enumerate(text):
            chance = chances[step - num_given] if step >= num_given else None
            _draw_written(ax, (step, row), char, chance)
        if labels:
            ax.text(-0.2, row + 0.47, labels[row], ha="right", va="center")
    ax.set(xlim=(-2.6 if labels else -0.1, width), ylim=(max(2, len(texts)), -0.1))
    ax.axis("off")
    return ax


def readable_on(color):
    """Black or white, whichever reads better on a colour: at least 4.5 : 1 (WCAG 2)."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in to_rgb(color)
    ]
    luminance = np.dot(linear, (0.2126, 0.7152, 0.0722))
    return "white" if 1.05 / (luminance + 0.05) > 4.5 else TRUTH


def _draw_written(ax, corner, char, chance):
    """Draw one character in its cell, with the probability that it had, if any."""
    face = "0.85" if chance is None else plt.get_cmap("Blues")(chance)
    colour = readable_on(face)
    ax.add_patch(Rectangle(corner, 0.94, 0.94, fc=face, ec="0.6"))
    x, y = corner[0] + 0.47, corner[1] + 0.47
    _write(ax, (x, y - (chance is not None) * 0.16), char, fontsize=15, color=colour)
    if chance is not None:
        _write(ax, (x, y + 0.27), f"{100 * chance:.0f}", fontsize=11, color=colour)


def plot_enough(sentences, enough):
    """Draw sentences, and which of their beginnings are enough to get the rest right.

    A character has a tick and is green if the text up to it is enough.

    Parameters
    ----------
    sentences : sequence of str
        At least one.
    enough : sequence of sequence of bool
        For each sentence one entry a beginning: its first character, its first two …

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If there is no sentence.
    """
    if not sentences:
        raise ValueError(f"sentences must hold at least one, got {sentences!r}")
    ax = plt.subplots(figsize=(11, 0.3 + 0.7 * max(3, len(sentences))))[1]
    for row, (sentence, ticks) in enumerate(zip(sentences, enough)):
        for step, (char, tick) in enumerate(zip(sentence, ticks)):
            face = RIGHT if tick else "white"
            ax.add_patch(Rectangle((step, row), 0.94, 0.94, fc=face, ec="0.6"))
            _write(ax, (step + 0.47, row + 0.3), char)
            if tick:
                _write(ax, (step + 0.47, row + 0.72), "✓", fontsize=11)
    ax.set(
        xlim=(-0.1, max(24, *map(len, sentences))), ylim=(max(3, len(sentences)), -0.1)
    )
    ax.axis("off")
    return ax


def plot_right_chars(chars, probabilities, ax=None):
    """Draw the probability that each of two models gave to the right characters.

    Parameters
    ----------
    chars : sequence of str
        The right characters, one a step.
    probabilities : dict of str to array-like
        By the name of the model, each of shape (num_steps,); at most two.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.subplots(figsize=(9, 4))[1]
    steps = np.arange(len(chars))
    styles = (
        {"color": FORECAST},
        {"color": "white", "hatch": "//", "edgecolor": TRUTH},
    )
    for number, (name, row) in enumerate(probabilities.items()):
        row = check_array(name, row, ndim=1)
        ax.bar(steps + 0.38 * number - 0.19, row, 0.36, label=name, **styles[number])
    ax.set_xticks(steps, [show_char(char) for char in chars])
    ax.set(xlabel="right next character", ylabel="its probability", ylim=(0, 1))
    ax.legend()
    return ax
