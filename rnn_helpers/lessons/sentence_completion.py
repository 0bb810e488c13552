"""Lesson 4: its data and pictures, and the checks of its exercises."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.colors import to_rgb
from matplotlib.patches import FancyArrowPatch, Rectangle

from ..arguments import check_array, short
from ..drawing import GREY, arrow, as_drawing, box, boxes_of_step, draw_unrolled, frame
from ..exercises import NotAnswered, TryAgain, as_numbers, compare, exercise
from ..plotting import FORECAST, HIDDEN, PLAIN, RIGHT, TRUTH, show_char, write_char

__all__ = [
    "check_likelier",
    "check_padding",
    "check_prediction",
    "check_shortest",
    "draw_attention",
    "draw_patterns",
    "load_names",
    "plot_end_chances",
    "plot_enough",
    "plot_right_chars",
    "plot_written",
]

FIRST_NAMES = Path(__file__).parents[1] / "data" / "first_names.txt"


def load_names():
    """Give the 5,163 first names of `data/first_names.txt`.

    They are the U.S. Census Bureau's lists of frequently occurring first names (1990
    Census), female and male joined: lower case, a to z, sorted. As a work of the U.S.
    government they are in the public domain.

    Returns
    -------
    list of str

    Examples
    --------
    >>> names = load_names()
    >>> len(names), names[0], names[-1]
    (5163, 'aaron', 'zulma')
    """
    return FIRST_NAMES.read_text(encoding="utf-8").split()


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


def _draw_written(ax, corner, char, chance):
    """Draw one character in its cell, with the probability that it had, if any."""
    face = "0.85" if chance is None else plt.get_cmap("Blues")(chance)
    colour = readable_on(face)
    ax.add_patch(Rectangle(corner, 0.94, 0.94, fc=face, ec="0.6"))
    x, y = corner[0] + 0.47, corner[1] + 0.47
    write_char(
        ax, (x, y - (chance is not None) * 0.16), char, fontsize=15, color=colour
    )
    if chance is not None:
        write_char(ax, (x, y + 0.27), f"{100 * chance:.0f}", fontsize=11, color=colour)


def readable_on(color):
    """Black or white, whichever reads better on a colour: at least 4.5 : 1 (WCAG 2)."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in to_rgb(color)
    ]
    luminance = np.dot(linear, (0.2126, 0.7152, 0.0722))
    return "white" if 1.05 / (luminance + 0.05) > 4.5 else TRUTH


def plot_enough(sentences, enough):
    """Draw sentences, and which of their beginnings are enough to get the rest right.

    A character has a tick and is green if the text up to it is enough.

    Parameters
    ----------
    sentences : sequence of str
        At least one.
    enough : sequence of sequence of bool
        For each sentence one entry a beginning: its first character, its first two …

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
            write_char(ax, (step + 0.47, row + 0.3), char)
            if tick:
                write_char(ax, (step + 0.47, row + 0.72), "✓", fontsize=11)
    ax.set(
        xlim=(-0.1, max(24, *map(len, sentences))), ylim=(max(3, len(sentences)), -0.1)
    )
    ax.axis("off")
    return ax


def plot_end_chances(truth, forecasts):
    """Draw how often texts end after each length, and how probable models find it.

    Parameters
    ----------
    truth : array-like
        Shape (longest,): of the texts with at least 1, 2 … characters, the share that
        ends there.
    forecasts : dict of str to array-like
        By the name of the model, each of shape (longest,); at most four.
    """
    ax = plt.subplots()[1]
    truth = check_array("truth", truth, ndim=1)
    lengths = range(1, len(truth) + 1)
    ax.plot(lengths, truth, "o", color=TRUTH, fillstyle="none", ms=9, label="truth")
    styles = (("s--", TRUTH), ("x-", PLAIN), ("^-", FORECAST), ("v-", HIDDEN))
    for (name, row), (style, color) in zip(forecasts.items(), styles):
        ax.plot(lengths, row, style, color=color, ms=6, lw=1.5, label=name)
    ax.set(xlabel="letters so far", ylabel="chance of the end", xticks=lengths)
    ax.set_ylim(-0.02, 1)
    ax.legend()
    return ax


def plot_right_chars(chars, probabilities):
    """Draw the probability that each of two models gave to the right characters.

    Parameters
    ----------
    chars : sequence of str
        The right characters, one a step.
    probabilities : dict of str to array-like
        By the name of the model, each of shape (num_steps,); at most two.
    """
    ax = plt.subplots(figsize=(9, 4))[1]
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


PATTERNS = [
    ("one to many:\na caption", ["photo", None, None], ["a", "red", "cat"]),
    ("many to one:\nsentiment", ["not", "bad", "at all"], [None, None, "good"]),
    (
        "many to many, unequal:\ntranslation",
        ["te", "amo", None, None, None],
        [None, None, "I", "love", "you"],
    ),
    (
        "many to many, step by step:\nvideo frames",
        ["1st", "2nd", "3rd"],
        ["run", "run", "jump"],
    ),
]


def draw_patterns():
    """Draw what a network may read and write: one or many inputs, one or many outputs.

    Five panels; all but the first, which has no recurrence, by `draw_unrolled`.
    """
    figure = plt.figure(figsize=(11, 6.8))
    top, bottom = figure.subfigures(2, 1)
    single, *others = top.subplots(1, 3, width_ratios=[3, 5.8, 5.8])
    _draw_without_recurrence("photo", "cat", single)
    single.set_title("one to one:\nno recurrence")
    others += list(bottom.subplots(1, 2, width_ratios=[9, 5.8]))
    for ax, (title, inputs, outputs) in zip(others, PATTERNS):
        draw_unrolled(inputs, outputs, ax=ax).set_title(title)
    return figure


def _draw_without_recurrence(label_in, label_out, ax):
    """Draw a network that keeps no state: input, hidden layer, output."""
    for start, end, *_ in boxes_of_step(ax, 0, "$h$", label_in, label_out):
        ax.add_patch(arrow(start, end))
    as_drawing(ax, (-0.8, 0.8), (-0.6, 3.6))


def draw_attention():
    """Draw how a last step reads what came before: through one state, or by attention.

    Above, a recurrent network without attention: all that it has read reaches the
    output through the last state. Below, with attention: the last step looks back at
    every state directly and takes their weighted mean, through arrows that are the
    thicker the greater the weight. The weights are made up.
    """
    words, output = ["the", "cat", "that", "we", "saw"], "is"
    weights, none = [0.05, 0.7, 0.1, 0.05, 0.1], [None] * len(words)
    figure, axes = plt.subplots(2, 1, figsize=(11, 7.4), height_ratios=[4.2, 5.2])
    without, attention = axes
    draw_unrolled(words, [*none[1:], output], ax=without)
    draw_unrolled(words, none, ax=attention)
    _draw_look_back(attention, weights, output)
    right = 1.6 * len(words) - 0.9
    without.set_title("Without attention: everything passes through the last state")
    _note(without, (right, 1.5), "one state of fixed size\nholds all that was read")
    attention.set_title("With attention: the last step looks back at every state")
    _note(attention, (right, 2.4), "weighted mean of all states\n(made-up weights)")
    for ax, top in ((without, 3.6), (attention, 4.6)):
        as_drawing(ax, (-1.8, right + 4.1), (-0.6, top))
    return figure


def _note(ax, place, text):
    ax.text(*place, text, color=GREY, va="center")


def _draw_look_back(ax, weights, output):
    """Draw arrows from all states of a network to their mean, and what comes of it."""
    *before, last = 1.6 * np.arange(len(weights))
    middle = 3.55
    ax.add_patch(frame((last - 0.3, 2.7), 0.6, 1.7, HIDDEN, lw=2))
    label = {"ha": "center", "va": "center", "color": HIDDEN}
    ax.text(last, middle, "mean", fontsize=11, **label)
    entries = np.linspace(4.2, 2.9, len(before))  # the longest way ends on top
    ends = [*((last - 0.42, entry) for entry in entries), (last, 2.58)]
    for x, end, weight in zip([*before, last], ends, weights):
        ax.add_patch(_thick_arrow((x, 1.92), end, weight))
        ax.text(x - 0.5, 2.2, f"{weight:.2f}", **label)
    box(ax, (last + 1.6, middle), output, FORECAST)
    ax.add_patch(arrow((last + 0.4, middle), (last + 1.2, middle)))


def _thick_arrow(start, end, weight):
    """Give an arrow that goes up and turns right, the thicker the greater its weight."""
    width = 1 + 12 * weight
    style = f"simple,tail_width={width},head_width={width + 7},head_length=9"
    way = "arc3" if start[0] == end[0] else "angle3,angleA=90,angleB=0"
    ends = {"mutation_scale": 1, "shrinkA": 0, "shrinkB": 0}
    how = {"arrowstyle": style, "connectionstyle": way, "color": HIDDEN, "lw": 0}
    return FancyArrowPatch(start, end, **how, **ends)


@exercise
def check_padding(num_targets, num_padding):
    """How many targets three sentences of 5, 9 and 12 characters have in a batch."""
    answer = torch.cat([as_numbers(num_targets, 1), as_numbers(num_padding, 1)])
    mistakes = [
        ([36, 10], "The first character of a sentence is nobody's target."),
        ([36, 13], "The first character of a sentence is nobody's target."),
        ([33, 23], "23 are real. How many are padding?"),
        ([26, 10], "The batch is a block: padding has its places in it, too."),
        ([23, 10], "23 are real; the block has places for padding as well."),
        ([23, 0], "23 are real; the block has places for padding as well."),
        ([26, 0], "The batch is a block: padding has its places in it, too."),
        ([10, 33], "First all targets, then the padding."),
        ([11, 10], "That is for one sentence. There are three."),
        ([33, 7], "The longest sentence needs none. Add up the two others."),
        ([33, 3], "The longest sentence needs none. Add up the two others."),
    ]
    otherwise = "The longest has 12 characters: how many of them are targets?"
    if answer[0] == 33:
        otherwise = "33 is right. The shorter two are filled up to 12: how many places?"
    compare(answer, torch.tensor([33.0, 10.0]), mistakes, otherwise)
    return "three rows of eleven, and 7 + 3 places of padding."


@exercise
def check_shortest(shortest_beginning, model, sentences):
    """The shortest beginning from which greedy decoding gives the whole sentence."""
    if not callable(shortest_beginning):
        raise TryAgain(
            f"Hand in the function itself, and not {short(shortest_beginning)}."
        )
    tried = [*sentences, *_slips(model, sentences)]
    answers = [shortest_beginning(model, sentence) for sentence in tried]
    if all(answer is None for answer in answers):
        raise NotAnswered
    for answer, sentence in zip(answers, tried):
        _check_beginning(answer, sentence, sentence[: _num_needed(model, sentence)])
    return "so much of each picks out the rest, and of what follows a slip, too."


def _check_beginning(answer, sentence, wanted):
    if answer == wanted:
        return
    if answer is None:
        raise TryAgain(
            f"For {sentence!r} it returns None. If no shorter beginning is enough,"
            " return the sentence."
        )
    if not isinstance(answer, str):
        raise TryAgain(f"Return a beginning, a string; this is {short(answer)}.")
    where = f"For {sentence!r} it gives {short(answer)}."
    if wanted == sentence:
        raise TryAgain(f"{where} No shorter beginning is enough: return it whole.")
    if not answer or not sentence.startswith(answer):
        raise TryAgain(f"{where} That is no beginning of it.")
    if len(answer) == len(wanted) + 1:
        raise TryAgain(f"{where} One character fewer is enough, too.")
    if len(answer) > len(wanted):
        raise TryAgain(
            f"{where} A shorter one is enough. Begin with one character, and compare as"
            " many characters as the sentence has."
        )
    raise TryAgain(f"{where} From there the network writes something else.")


def _slips(model, sentences):
    """What the model writes after a slip early in a sentence, and slips at the end."""
    for sentence, place in zip(sentences * 4, (1, 3, 5, 8)):
        text = sentence[:place] + _other(model, sentence[place : place + 1])
        while len(text) < len(sentence):
            text += _next_char(model, text)
        yield text
    for sentence in sentences:
        if len(sentence) > 1:
            yield sentence[:-1] + _other(model, _next_char(model, sentence[:-1]))


def _other(model, char):
    return [c for c in model.vocab.chars if c != char][-1]


def _next_char(model, text):
    with torch.no_grad():
        logits, _ = model(model.vocab.encode(text)[None])
    return model.vocab.chars[logits[0, -1].argmax()]


def _num_needed(model, sentence):
    """The length of the shortest beginning after which every next character is right."""
    if len(sentence) < 2:
        return len(sentence)
    ids = model.vocab.encode(sentence)
    with torch.no_grad():
        logits, _ = model(ids[None, :-1])
    wrong = (logits[0].argmax(dim=1) != ids[1:]).nonzero()
    return 1 if len(wrong) == 0 else wrong[-1].item() + 2


@exercise
def check_prediction(five_gram, gru):
    """What random letters before the last four do to the probability of the end."""
    words = ("rise", "fall", "stay")
    said = []
    for answer in (five_gram, gru):
        text = answer.lower() if isinstance(answer, str) else ""
        said.append([word for word in words if word in text])
        if len(said[-1]) != 1:
            raise TryAgain(f'Say "rise", "fall" or "stay", not {short(answer)}.')
    (five_gram,), (gru,) = said
    if five_gram != "stay":
        raise TryAgain("The five-gram sees four letters. Do these change?")
    if gru == "stay":
        raise TryAgain("The GRU has read all letters. Does a longer name end sooner?")
    if gru == "fall":
        raise TryAgain(
            "Look at the figure: is the end more probable after more letters?"
        )
    return "now run the next cell, and see by how much."


@exercise
def check_likelier(name, greedy, forecasts, vocab):
    """A name to which the network gives a higher probability than to the greedy one."""
    if not isinstance(name, str):
        raise TryAgain(f"A name is asked for, a string, and this is {short(name)}.")
    unknown = set(name) - set(vocab.chars) | set(name) & {"."}
    if unknown or not name:
        raise TryAgain(
            f"A name of the characters {short(vocab.chars[1:])}, without the dots, is"
            f" asked for, not {short(name)}."
        )
    if name == greedy:
        raise TryAgain("That is the greedy name itself. Look for another one.")
    costs = [_cost(forecasts, vocab, text) for text in (name, greedy)]
    if costs[0] >= costs[1]:
        raise TryAgain(
            f"{short(name)} costs {costs[0]:.2f} in all, {greedy!r} only {costs[1]:.2f}."
            " Add up the costs of all characters, with both dots; search the whole list."
        )
    return f"it costs {costs[0]:.2f}, the greedy one {costs[1]:.2f}. Best first is not best."


def _cost(forecasts, vocab, name):
    text = f".{name}."
    chances = forecasts(text[:-1])[torch.arange(len(text) - 1), vocab.encode(text[1:])]
    return -chances.log().sum().item()
