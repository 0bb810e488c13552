"""Lesson 3: its data and pictures, and the checks of its exercises."""

import math

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.patches import Rectangle
from torch import nn
from torch.nn import functional

from ..arguments import check_array, check_text
from ..data import CharVocab, one_hot
from ..drawing import draw_unrolled
from ..exercises import NotAnswered, TryAgain, as_numbers, call, compare, exercise
from ..plotting import CUT, RIGHT, TRUTH, show_char, write_char

__all__ = [
    "check_cross_entropy",
    "check_misprints",
    "check_read_by_letter",
    "check_two_letters",
    "conflicting_steps",
    "draw_word",
    "plot_answers",
    "plot_cost_of_sharing",
    "plot_next_char_probabilities",
    "print_parts",
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
            if word[first] == word[second] and word[first + 1] != word[second + 1]:
                return first, second
    return 0, len(word) - 2


def draw_word(word, steps):
    """Draw a network unrolled over a word, with its rows named and some steps framed.

    Parameters
    ----------
    word : str
        What is read; each letter's answer is the next one, so the last is only said.
    steps : sequence of int
        The steps whose letter gets a frame, counted from 0.
    """
    ax = draw_unrolled([*word[:-1]], [*word[1:]])
    ax.figure.set_size_inches(min(1.3 * len(word) + 0.6, 12), 3.5)
    for step in steps:
        ax.add_patch(Rectangle((1.6 * step - 0.55, -0.55), 1.1, 1.1, **FRAME))
    for height, name in ((0, "reads"), (1.5, "state"), (3, "should say")):
        ax.text(-2, height, name, ha="right", va="center")
    ax.set(xlim=(-4.2, ax.get_xlim()[1]), ylim=(-0.7, 3.6))
    return ax


def print_parts(word, steps, from_input, from_memory, states):
    """Print the two parts of the sum in tanh at some steps, and the state they make.

    Parameters
    ----------
    word : str
        What is read.
    steps : sequence of int
        Which steps to print, counted from 0.
    from_input, from_memory, states : Tensor
        A row for each step. One line says so if the parts do not make the states, as
        with more layers, with gates or without tanh.
    """
    made = torch.tanh(from_input + from_memory)
    if made.shape != states.shape or not torch.allclose(made, states, atol=1e-3):
        print("The formula is that of nn.RNN with tanh and one layer; here is another.")
        return
    parts = {"from the input: ": from_input, "from the memory:": from_memory}
    for step in steps:
        print(f"step {step + 1}, letter {word[step]}")
        for name, rows in {**parts, "the new state:  ": states}.items():
            print(" ", name, rows[step].detach().numpy().round(1))


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
    ax.set(xlim=(0, 1), ylim=(0, 3), ylabel="cost")
    ax.set_xlabel("p, the probability given to the first")
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
            f"probabilities of shape {probabilities.shape} do not fit, got {len(labels)}"
            f" labels, {len(targets)} targets and {len(chars)} characters"
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
    ax.set_title(
        "green: right at this step; framed: the letter that the word has here",
        fontsize=12,
    )
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
    steps_not_letters = logits.softmax(dim=0)[rows, target_ids].log()
    one_sum = logits.exp().sum().log() - logits[rows, target_ids].mean()
    twice = functional.cross_entropy(shares, target_ids)
    mistakes = [
        (7 * right, "That is the sum over the steps. The mean is asked for."),
        (-right, "A cost is never negative. Where does the minus sign belong?"),
        (right / math.log(2), "That is the logarithm to base 2. Take the natural one."),
        (-of_targets.mean().log(), "First the logarithm of each step, then the mean."),
        (of_targets.mean(), "Those are probabilities. Take minus the logarithm."),
        (-of_targets.mean(), "The logarithm is missing."),
        (twice, "The softmax was taken twice: PyTorch's function takes logits."),
        (-steps_not_letters.mean(), "The probabilities must add up to 1 in each row."),
        (one_sum, "Each row is one step: divide by the sum of its own row."),
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
        ([5, one_letter], "That is with one letter. What follows each *pair*?"),
        ([5, 2 * log_2], "That is the sum over the six steps. Take the mean."),
        ([5, log_2 / 6], "After 'na' come n and s. Each of these steps costs ln 2."),
        ([5, log_2], "Two steps cost ln 2, and the other four cost nothing."),
        ([5, 2 / 6], "That is the logarithm to base 2. Take the natural one."),
    ]
    right = torch.tensor([5, log_2 / 3], dtype=torch.float64)
    if answer[0] != 5 and abs(answer[1] - right[1]) < 0.005:
        raise TryAgain("Count the right ones again: after one pair, one of two is.")
    otherwise = "Write each pair of letters down, and below it what follows it."
    compare(answer, right, mistakes, otherwise, within=0.005)
    return "with one letter 5 can be right, too. Only the cost sees the difference."


@exercise
def check_read_by_letter(read_by_letter):
    """A word read letter by letter gives the same logits as read at once."""
    torch.manual_seed(5)
    layer, output_layer = nn.RNN(3, 4, batch_first=True), nn.Linear(4, 3)
    words = one_hot([[0, 1, 2, 0, 2, 1], [2, 0, 1, 1, 0, 2]], 3)
    lengths, begun = [1], []  # of what the model reads at a time; the states before
    nothing = object()

    def model(x, h_prev=nothing):
        lengths.append(x.numel() // 3)
        begun.append(h_prev)
        states, h_t = layer(x, None if h_prev is nothing else h_prev)
        return output_layer(states), h_t

    model.layer, model.output_layer = layer, output_layer
    with torch.no_grad():
        rows = [_as_table(call(read_by_letter, model, word)) for word in words]
        at_once, before = max(lengths), [*begun]
        right = model(words)[0].double()
        alone = model(words.flatten(0, 1)[:, None])[0].double().reshape(2, 6, 3)
    rows = torch.stack(rows)
    if torch.allclose(rows, alone, atol=1e-4):
        if before and {*map(id, before)} == {id(nothing)} and at_once == 1:
            raise NotAnswered
        raise TryAgain("Each letter gets the same state. Pass on what came back last.")
    if torch.allclose(rows[0], right[0], atol=1e-4) and at_once > 1:
        raise TryAgain(f"The model got {at_once} letters at once. Give it one.")
    left_over = torch.stack([right[0], rows[1]])
    mistakes = [
        (right.softmax(dim=2), "Those are probabilities. The logits are asked for."),
        (left_over, "The second word begins with what the first one left behind."),
        (right[:, -1:].expand(-1, 6, -1), "It says the last answer six times."),
    ]
    otherwise = "Give each call the state that the last one returned."
    if before and torch.is_tensor(before[0]) and before[0].any():
        otherwise = "Nothing was read before the first letter: begin with zeros."
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
    if size == 6:
        raise TryAgain("Those are letters. The logits are asked for.")
    return as_numbers(answer, 18).reshape(6, 3)


@exercise
def check_misprints(count, model, word):
    """After how many misprints the network says what it says of the word itself."""
    answer = as_numbers(count, 1)
    ids = CharVocab.in_order(word).encode(word)
    num_steps, num_letters = len(word) - 1, len(set(word))

    def said(read):
        with torch.no_grad():
            return model(one_hot(read, num_letters)[None])[0][0].argmax(dim=1)

    right, unnoticed, later, there = said(ids[:-1]), 0, 0, 0
    for step in range(num_steps):
        for letter in {*range(num_letters)} - {ids[step].item()}:
            misprint = ids[:-1].clone()
            misprint[step] = letter
            wrong = said(misprint) != right
            unnoticed += not wrong.any()
            later += not wrong[step + 1 :].any()
            there += not wrong[step]
    others = num_steps * (num_letters - 1)
    mistakes = [
        ([unnoticed + num_steps], "That counts the word itself, once at each step."),
        ([there], "That looks only at the misprint's own step. All steps count."),
        ([unnoticed + 1], "That counts the word itself as a misprint."),
        ([others - unnoticed], "That is how many it notices."),
        ([later], "At the misprint itself, too, it must say what belongs there."),
        ([others], "Then it would not read the letters at all. Try all of them."),
        ([num_steps * num_letters], f"There are only {others} misprints."),
    ]
    otherwise = "Two loops: over the steps, and over the letters. Compare all answers."
    compare(answer, torch.tensor([float(unnoticed)]), mistakes, otherwise)
    if not torch.equal(right, ids[1:]):
        return f"{unnoticed} of {others}. But {word!r} itself it does not spell."
    if 2 * unnoticed > others:
        return f"{unnoticed} of {others}. More often than not it reads over it."
    return f"{unnoticed} of {others}. Most misprints change what it says."
