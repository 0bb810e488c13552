"""Lesson 3: its data and pictures, and the checks of its exercises."""

import math

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.patches import Rectangle
from torch import nn
from torch.nn import functional

from ..arguments import check_array, check_text
from ..data import one_hot
from ..exercises import NotAnswered, TryAgain, as_numbers, call, compare, exercise
from ..plotting import CUT, RIGHT, TRUTH, show_char, write_char

__all__ = [
    "check_cross_entropy",
    "check_misprints",
    "check_read_by_letter",
    "check_two_letters",
    "conflicting_steps",
    "plot_answers",
    "plot_cost_of_sharing",
    "plot_next_char_probabilities",
]

FRAME = {"fill": False, "ec": CUT, "lw": 2.5, "zorder": 3, "clip_on": False}


def conflicting_steps(word):
    """Find two steps of a word with the same letter and different letters after it.

    Parameters
    ----------
    word : str
        At least 2 characters; its last one is no step.

    Returns
    -------
    first, second : int, int
        Counted from 0. The first and the last step if no two are in conflict.

    Raises
    ------
    TypeError
        If `word` is not a string.
    ValueError
        If it has fewer than 2 characters.

    Examples
    --------
    >>> conflicting_steps("hihello")
    (0, 2)
    >>> conflicting_steps("planet")
    (0, 4)
    """
    check_text("word", word)
    if len(word) < 2:
        raise ValueError(f"word must have 2 or more characters, got {word!r}")
    for second in range(1, len(word) - 1):
        for first in range(second):
            same, after = word[first] == word[second], word[first + 1]
            if same and after != word[second + 1]:
                return first, second
    return 0, len(word) - 2


def plot_cost_of_sharing(chances, costs):
    """Draw what two outcomes cost over the chance given to the first, and their mean.

    Parameters
    ----------
    chances : array-like
        Shape (num_points,), each between 0 and 1.
    costs : dict of str to array-like
        By the name of the outcome, each of shape (num_points,); two of them.
    """
    ax = plt.subplots()[1]
    chances = check_array("chances", chances, ndim=1)
    rows = [check_array(name, row, ndim=1) for name, row in costs.items()]
    for name, row, style in zip(costs, rows, ("--", "-.")):
        ax.plot(chances, row, style, label=name)
    mean = np.mean(rows, axis=0)
    ax.plot(chances, mean, color=TRUTH, label="mean of the two")
    lowest = mean.argmin()
    ax.plot(chances[lowest], mean[lowest], "o", color=TRUTH, label="lowest mean")
    ax.set(xlim=(0, 1), ylim=(0, 3), xlabel="chance of the first", ylabel="cost")
    ax.legend()
    return ax


def plot_next_char_probabilities(probabilities, chars, labels, targets):
    """Draw the probability of each next character: a row a character, a column a step.

    A dot marks the likeliest character of each step, a frame the right one.

    Parameters
    ----------
    probabilities : array-like
        Shape (num_steps, vocab_size), each row a distribution.
    chars : str
        The vocabulary, in the order of the columns.
    labels : sequence of str
        One for each step: its input.
    targets : array-like of int
        Shape (num_steps,): the index of the right character of each step.
    """
    probabilities = check_array("probabilities", probabilities, ndim=2)
    if probabilities.shape != (len(targets), len(chars)) or len(labels) != len(targets):
        raise ValueError(
            f"probabilities of shape {probabilities.shape} need a label and a target for"
            f" each step and a character for each column, got {len(labels)} labels,"
            f" {len(targets)} targets and {len(chars)} characters"
        )
    ax = plt.subplots()[1]
    steps, rows = (np.arange(size + 1) - 0.5 for size in probabilities.shape)  # edges
    mesh = ax.pcolormesh(steps, rows, probabilities.T, cmap="Blues", vmin=0, vmax=1)
    ax.figure.colorbar(mesh, ax=ax, label="probability")
    dot = {"color": "white", "mec": TRUTH, "ms": 8}
    ax.plot(range(len(labels)), probabilities.argmax(axis=1), "o", **dot)
    for step, target in enumerate(np.asarray(targets)):
        ax.add_patch(Rectangle((step - 0.5, target - 0.5), 1, 1, **FRAME))
    plain = {"parse_math": False}  # a $ is a character here
    ax.set_xticks(range(len(labels)), [show_char(label) for label in labels], **plain)
    ax.set_yticks(range(len(chars)), [show_char(char) for char in chars], **plain)
    ax.set(xlabel="input at each step", ylabel="next character")
    ax.invert_yaxis()
    ax.grid(False)
    return ax


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
            write_char(ax, (step, row), char)
            if word[step] == letter:
                ax.add_patch(Rectangle(corner, 1, 1, **FRAME))
    ax.set_xticks(range(sizes[0]), [f"$h_{{{step}}}$" for step in range(sizes[0])])
    ax.set_yticks(range(len(letters)), [show_char(letter) for letter in letters])
    ax.set(xlim=(-0.5, sizes[0] - 0.5), ylim=(len(letters) - 0.5, -0.5))
    ax.set(xlabel="state before", ylabel="letter read", aspect="equal")
    ax.set_title("answers (green: right at this place; framed: the word)", fontsize=12)
    ax.grid(False)
    return ax


@exercise
def check_cross_entropy(mean_cross_entropy):
    """The mean cost of the right letters, from logits and the letters' indices."""
    torch.manual_seed(5)
    logits, target_ids = 2 * torch.randn(7, 5).double(), torch.randint(5, (7,))
    answer = as_numbers(call(mean_cross_entropy, logits, target_ids), 1)
    rows = torch.arange(7)
    right = functional.cross_entropy(logits, target_ids)
    shares = logits.softmax(dim=1)
    of_targets = shares[rows, target_ids]
    steps_not_letters = logits.softmax(dim=0)[rows, target_ids]
    mistakes = [
        (7 * right, "That is the sum over the steps. The mean is asked for."),
        (-right, "A cost is never negative. Where does the minus sign belong?"),
        (right / math.log(2), "That is the logarithm to base 2. Take the natural one."),
        (
            right / math.log(10),
            "That is the logarithm to base 10. Take the natural one.",
        ),
        (-of_targets.mean().log(), "First the logarithm of each step, then the mean."),
        (
            functional.cross_entropy(shares, target_ids),
            "The softmax was taken twice: PyTorch's cross_entropy takes logits.",
        ),
        (
            -steps_not_letters.log().mean(),
            "Each row is one step: the probabilities must add up to 1 in a row.",
        ),
        (
            logits.exp().sum().log() - logits[rows, target_ids].mean(),
            "Each row is one step: divide by the sum of its own row.",
        ),
        (-logits[rows, target_ids].mean(), "Logits are no probabilities yet: softmax."),
        (-shares.log().mean(), "Only the letter that came counts, in each row."),
    ]
    otherwise = "Softmax each row, pick the right letter's probability, -log, mean."
    compare(answer, right, mistakes, otherwise)
    return "minus the log of what the right letter got, and the mean over the steps."


@exercise
def check_two_letters(most_right, least_loss):
    """What is possible on "bananas" if the last two letters are known."""
    answer = torch.cat([as_numbers(most_right, 1), as_numbers(least_loss, 1)])
    one_letter = (2 * math.log(1.5) + math.log(3)) / 6
    log_2 = math.log(2)
    mistakes = [
        (
            [5, one_letter],
            "That is with one letter. What follows each *pair* of letters?",
        ),
        ([5, 2 * log_2], "That is the sum over the six steps. Take the mean."),
        (
            [5, log_2 / 6],
            "After 'na' come n and s. Each of these two steps costs ln 2.",
        ),
        ([5, log_2], "Two steps cost ln 2, and the other four cost nothing."),
        ([5, 2 / 6], "That is the logarithm to base 2. Take the natural one."),
    ]
    right = torch.tensor([5, log_2 / 3], dtype=torch.float64)
    if answer[0] != 5 and abs(answer[1] - right[1]) < 0.005:
        raise TryAgain(
            "Count the right ones again: one of two is wrong after one pair."
        )
    otherwise = "Write each pair of letters down, and below it what follows it."
    compare(answer, right, mistakes, otherwise, within=0.005)
    return "with one letter 5 can be right, too. Only the cost sees the difference."


@exercise
def check_read_by_letter(read_by_letter):
    """A word read letter by letter gives the same logits as read at once."""
    torch.manual_seed(5)
    layer, output_layer = nn.RNN(3, 4, batch_first=True), nn.Linear(4, 3)
    words = one_hot([[0, 1, 2, 0, 2, 1], [2, 0, 1, 1, 0, 2]], 3)
    numbers, with_state = [1], []  # of letters at a time; what else the layer gets

    def note(_, given, named):
        x = given[0] if given else named["input"]
        numbers.append(x.shape[-2])
        with_state.append(len(given) + len(named) > 1)

    layer.register_forward_pre_hook(note, with_kwargs=True)
    with torch.no_grad():
        answers = [call(read_by_letter, layer, output_layer, word) for word in words]
        at_once, has_state = max(numbers), any(with_state)
        right, backward, alone = (
            output_layer(layer(x)[0]).double()
            for x in (words, words.flip(1), words.flatten(0, 1)[:, None])
        )
    rows = torch.stack([_as_table(answer) for answer in answers])
    if torch.allclose(rows, alone.reshape(2, 6, 3), atol=1e-4):
        if not has_state:
            raise NotAnswered
        raise TryAgain("The state begins anew at each letter. Set it before the loop.")
    if torch.allclose(rows[0], right[0], atol=1e-4) and at_once > 1:
        raise TryAgain(f"The layer got {at_once} letters at once. Give it one.")
    mistakes = [
        (backward, "It reads the word from its end."),
        (right.softmax(dim=2), "Those are probabilities. The logits are asked for."),
        (right[:, -1:].expand(-1, 6, -1), "It says the last answer six times."),
        (
            torch.stack([right[0], rows[1]]),
            "The second word begins with what the first one left behind.",
        ),
    ]
    otherwise = "Give each call the state that the last one returned."
    compare(rows, right, mistakes, otherwise)
    return "the state is all that goes from letter to letter."


def _as_table(answer):
    """Give logits as a table of shape (6, 3), whether stacked or in a list of rows."""
    if isinstance(answer, list | tuple):
        answer = torch.stack([torch.as_tensor(row).detach() for row in answer])
    size = torch.as_tensor(answer).numel()
    if size == 24:
        raise TryAgain("Those are the states. The output layer makes logits of them.")
    if size == 3:
        raise TryAgain("That is one row of logits. There is one for each letter.")
    return as_numbers(answer, 18).reshape(6, 3)


@exercise
def check_misprints(count, model, input_ids, inputs):
    """After how many misprints the network says what it says of the word itself."""
    answer = as_numbers(count, 1)
    if not torch.equal(inputs.argmax(dim=1), input_ids):
        raise TryAgain(
            "input_ids itself has been changed: change a clone of it. Run the cell with"
            " the word again, then this one."
        )
    layer, output_layer = model
    num_letters, num_steps = layer.input_size, len(input_ids)

    def said(ids):
        with torch.no_grad():
            states, _ = layer(one_hot(ids, num_letters))
            return output_layer(states).argmax(dim=1)

    right, unnoticed, later, there = said(input_ids), -num_steps, -num_steps, -num_steps
    for step in range(num_steps):
        for letter in range(num_letters):
            misprint = input_ids.clone()
            misprint[step] = letter
            wrong = said(misprint) != right
            unnoticed += not wrong.any()
            later += not wrong[step + 1 :].any()
            there += not wrong[step]
    others = num_steps * (num_letters - 1)
    mistakes = [
        ([unnoticed + num_steps], "That counts the word itself, once at each step."),
        (
            [there],
            "That looks only at the misprint's own step. What comes later counts.",
        ),
        ([unnoticed + 1], "That counts the word itself as a misprint."),
        ([others - unnoticed], "That is how many it notices."),
        ([later], "At the misprint itself, too, it must say what belongs there."),
        ([others], "Then it would not listen to the letters at all. Try all of them."),
        ([num_steps * num_letters], f"There are only {others} misprints."),
    ]
    otherwise = "Two loops: over the steps, and over the letters. Compare all answers."
    compare(answer, torch.tensor([float(unnoticed)]), mistakes, otherwise)
    return f"{unnoticed} of {others}. It has its word by heart, and hardly looks."
