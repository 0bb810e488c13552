"""Homework after lesson 3: the class's own word, and the checks of what is found in it."""

import collections
import math
import random
import re

import matplotlib.pyplot as plt
import torch

from rnn_helpers import CharVocab, one_hot
from rnn_helpers.arguments import check_count, short
from rnn_helpers.exercises import TryAgain, as_numbers, call, compare, exercise
from rnn_helpers.plotting import FORECAST, TRUTH

__all__ = [
    "check_baselines",
    "check_doubt",
    "check_exchange",
    "check_floor",
    "make_word",
    "plot_last_losses",
]

CLEARLY = 0.02  # below a level; less may be counted or not


def make_word(number):
    """Draw a word of five different letters, in which letters and pairs come back.

    Parameters
    ----------
    number : int
        The number of the class, 0 or more.

    Returns
    -------
    str
        10, 12 or 14 letters. Neither the last letter nor the last two say for sure
        what comes next.

    Raises
    ------
    TypeError, ValueError
        If the number is no whole number, or below 0.

    Examples
    --------
    >>> make_word(0) == make_word(0) != make_word(1)
    True
    """
    draw = random.Random(check_count("CLASS", number, least=0))
    while True:
        consonants, vowels = draw.sample("lmnrstv", 3), draw.sample("aeiou", 2)
        word = "".join(
            draw.choice(consonants) + draw.choice(vowels)
            for _ in range(draw.choice((5, 6, 7)))
        )
        one, two = (_mean(_bits(_followers(word, back)), word) for back in (1, 2))
        if len(set(word)) == 5 and two > 0.12 and one > max(0.4, two + 0.12):
            return word


def _followers(word, look_back):
    """Give what follows each group of at most `look_back` letters, step by step."""
    groups = [word[max(0, end - look_back) : end] for end in range(1, len(word))]
    return list(zip(groups, word[1:]))


def _bits(followers):
    """Give the bits that all followers cost together, if their groups are seen."""
    groups = collections.Counter(group for group, _ in followers)
    pairs = collections.Counter(followers).items()
    return sum(count * math.log2(groups[group] / count) for (group, _), count in pairs)


def _mean(bits, word):
    """Turn the bits of a whole word to natural logarithms, for one step."""
    return bits * math.log(2) / (len(word) - 1)


def plot_last_losses(losses, levels):
    """Draw the last loss of each network, and the levels that have been found.

    Parameters
    ----------
    losses : sequence of float
        One for each network.
    levels : dict of str to float or None
        What a network must get below, by name; None is left out.
    """
    ax = plt.subplots(figsize=(9, 4))[1]
    ax.plot(range(len(losses)), losses, "o", color=FORECAST, label="last loss")
    for (name, level), style in zip(levels.items(), ("--", ":")):
        if level is not None:
            ax.axhline(level, color=TRUTH, linestyle=style, lw=1.2, label=name)
    ax.set(xlabel="random seed", ylabel="loss", xticks=range(len(losses)))
    ax.set_ylim(bottom=0)
    ax.legend()
    return ax


@exercise
def check_floor(most_right, floor, number):
    """How good a network can be that sees the present letter only."""
    word = make_word(number)
    answer = torch.cat([as_numbers(most_right, 1), as_numbers(floor, 1)])
    pairs, steps = _followers(word, 1), len(word) - 1
    followers = collections.defaultdict(list)
    for letter, later in pairs:
        followers[letter].append(later)
    right = sum(max(map(row.count, row)) for row in followers.values())
    kinds = [len({*followers[letter]}) for letter, _ in pairs]
    cost = _mean(_bits(pairs), word)
    counts = [
        (steps, "All can be right only with a memory."),
        (kinds.count(1), "Those are the certain ones. Some others can be right."),
        (steps - right, "So many must be wrong. How many can be right?"),
        (len(word), "There is one step less than letters: the last is not read."),
    ]
    costs = [
        (cost * steps, "That is the sum over the steps. Take the mean."),
        (cost / math.log(2), "That is the logarithm to base 2. Take the natural one."),
        (cost * steps / len(word), "Divide by the steps: one less than letters."),
        (-cost, "A cost is never negative: minus the logarithm."),
        (
            sum(map(math.log, kinds)) / steps,
            "That gives all followers of a letter the same chance. Count them.",
        ),
        (1 - right / steps, "That is the share of errors. What do the answers cost?"),
    ]
    if answer[1] == round(cost, 1):
        costs.insert(0, (round(cost, 1), "Give the cost with two decimals."))
    mistakes = [
        ([wrong, answer[1]], hint) for wrong, hint in counts if wrong != right
    ] + [
        ([answer[0], wrong], hint) for wrong, hint in costs if abs(wrong - cost) > 0.012
    ]
    otherwise = (
        f"One of the two is not right, or both. Write down what follows each letter of"
        f" {word!r}. How often is the best guess right? And what does each step cost?"
        " Is CLASS yours?"
    )
    compare(answer, torch.tensor([right, cost]), mistakes, otherwise, within=0.006)
    return "without a memory, no network pays less."


@exercise
def check_baselines(least_cost, used, more, models, number):
    """The least cost with some letters in view, and who is below it."""
    word = make_word(number)
    _check_least_cost(least_cost, word)
    answer = torch.cat([as_numbers(used, 1), as_numbers(more, 1)])
    losses = torch.tensor([_loss_of(model, word) for model in models])
    levels = [_mean(_bits(_followers(word, back)), word) for back in (1, 2)]
    least, most = torch.tensor([_count_below(losses, level) for level in levels]).T

    def fits(counts):
        return ((least <= counts) & (counts <= most)).all()

    if fits(answer):
        others = "The tenth" if answer[0] == 9 else "The others"
        badly = f" {others} may use one, too, and use it badly."
        return (
            f"{answer[0]:g} of {len(losses)} are below the floor: they use a memory."
            f"{badly if answer[0] < len(losses) else ''} {answer[1]:g} of {len(losses)}"
            " are below least_cost(word, 2)"
            f"{': they know more than the last two letters tell' * bool(answer[1])}."
        )
    if fits(len(losses) - answer):
        raise TryAgain("That is how many are not below. Count the others.")
    if answer[1] > answer[0]:
        raise TryAgain("Who is below the lower level is below the higher one, too.")
    raise TryAgain(
        "One of the two counts is not right, or both. Compare each number in losses"
        " with least_cost(word, 1), then each with least_cost(word, 2). Is CLASS yours?"
    )


def _check_least_cost(least_cost, word):
    """Put the function to three words, with one to three letters in view."""
    texts = ("bananas", "abcabdabc", word)
    asked = [(text, back) for text in texts for back in (1, 2, 3)]
    answer = torch.cat([as_numbers(call(least_cost, *one), 1) for one in asked])

    def costs(view):
        rows = []
        for text, back in asked:
            groups = [view(text, end, back) for end in range(1, len(text))]
            rows.append(_mean(_bits([*zip(groups, text[1:])]), text))
        return torch.tensor(rows)

    right = costs(lambda text, end, back: text[max(0, end - back) : end])
    steps = torch.tensor([len(text) - 1 for text, _ in asked])
    late = right * steps / (steps + 1 - torch.tensor([back for _, back in asked]))
    mistakes = [
        (right[::3].repeat_interleave(3), "look_back changes nothing."),
        (
            right[-3:].repeat(3),
            f"Other words cost the same as {word!r}. Does the function look at the"
            " word that it is given?",
        ),
        (right * steps, "That is the sum over the steps. Take the mean."),
        (-right, "A cost is never negative: minus the logarithm."),
        (right / math.log(2), "That is the logarithm to base 2. Take the natural one."),
        (right * steps / (steps + 1), "Divide by the steps: one less than letters."),
        (
            costs(lambda text, end, back: text[max(0, end - back - 1) : end]),
            "It sees one letter more than look_back says.",
        ),
        (
            costs(lambda text, end, back: text[max(0, end - back + 1) : end]),
            "It sees one letter less than look_back says.",
        ),
        (late, "Divide by all steps, also by the first ones, with fewer letters."),
        (
            costs(lambda text, end, back: text[end - back : end]),
            "At the first steps an index is negative, and counts from the end. Which"
            " letters are seen there?",
        ),
    ]
    failed = int(((answer - right).abs() > 1e-3).double().argmax())
    text, back = asked[failed]
    otherwise = (
        f"least_cost({text!r}, {back}) gives {answer[failed]:.3f}, and"
        f" {right[failed]:.3f} is right. Write down what follows each group of letters."
    )
    compare(answer, right, mistakes, otherwise, within=1e-3)


def _loss_of(model, word):
    logits, targets = _answers(model, word[:-1], word)
    return torch.nn.functional.cross_entropy(logits, targets).item()


def _answers(model, text, word):
    """Give a model's logits after each letter of a text, and the word's own letters."""
    vocab = CharVocab.in_order(word)
    x = one_hot(vocab.encode(text), len(vocab)).to(next(model.parameters()))
    with torch.no_grad():
        return model(x[None])[0][0], vocab.encode(word)[1:]


def _count_below(losses, level):
    """Give the least and the most that may be counted as below."""
    return [int((losses < level + side).sum()) for side in (-CLEARLY, 0)]


@exercise
def check_exchange(shares, model, number):
    """In what share of cases a replaced letter changes the answer, by distance."""
    word = make_word(number)
    if isinstance(shares, str):
        raise TryAgain("Five numbers in a list, without quotes: [0.12, 0.34, …].")
    answer = as_numbers(shares, 5)
    places, changed, wrong = _replace_letters(model, word)
    table = []
    for distance in range(5):
        cases = (places + distance < len(word) - 1).nonzero().flatten()
        at = places[cases]
        there, in_place = changed[cases, at + distance], changed[cases, at]
        anywhere, errors = changed[cases].any(dim=1), wrong[cases, at + distance]
        rows = torch.stack([there, anywhere, in_place, errors]).double()
        table.append([*rows.mean(dim=1), there.sum()])
    right, anywhere, in_place, errors, counts = torch.tensor(table).T
    num_others = len(set(word)) - 1
    mistakes = [
        (1 - right, "Those are the shares that stay. Count the answers that change."),
        (counts, "Those are counts. Divide by the number of cases."),
        (100 * right, "Those are per cent. Give shares, from 0 to 1."),
        (
            right * num_others / (num_others + 1),
            "Leave out the letter that stands there.",
        ),
        (
            anywhere,
            "That asks whether any answer changes. Look at the one answer, `distance`"
            " steps after the replaced letter.",
        ),
        (
            in_place,
            "That is the answer at the replaced letter itself. Look at the one that"
            " comes `distance` steps later.",
        ),
        (errors, "Compare with what the network says of its word, not with the word."),
        (right.flip(0), "From the nearest to the farthest: distance 0 comes first."),
    ]
    if torch.equal(answer, right.round(decimals=1)):
        mistakes.insert(0, (answer, "Give the shares with two decimals."))
    otherwise = (
        "Replace one letter, leave the rest, and compare one answer, `distance` steps"
        " later, before and after."
    )
    compare(answer, right, mistakes, otherwise, within=0.006)
    return (
        "who only counts steps has five zeros, and who has no memory has zeros from"
        " distance 1 on."
    )


def _replace_letters(model, word):
    """Replace each letter that is read by each other letter, one at a time.

    Returns the place of each case, and two tables of a row for each case and a column
    for each answer: does it change, and is it another than the word's?
    """
    logits, targets = _answers(model, word[:-1], word)
    own, places, said = logits.argmax(dim=1), [], []
    for place in range(len(word) - 1):
        for letter in sorted(set(word) - {word[place]}):
            text = word[:place] + letter + word[place + 1 : -1]
            said.append(_answers(model, text, word)[0].argmax(dim=1))
            places.append(place)
    answers = torch.stack(said)
    return torch.tensor(places), answers != own, answers != targets


@exercise
def check_doubt(doubt):
    """That sentences are there, with a number in them; a person marks what they say."""
    if not isinstance(doubt, str):
        raise TryAgain(f"Write it between quotes; this is {short(doubt)}.")
    if not re.search(r"\d", doubt):
        raise TryAgain("Which number of yours do you doubt? Write it in digits.")
    if "Our network's error of 0.05" in doubt:
        raise TryAgain("That is the example. Doubt a number of your own.")
    if len(doubt.split()) < 12:
        raise TryAgain("What else may be the reason, and how would you find out?")
    return (
        "noted, not yet marked. A person marks it by the four lines below:"
        f" {short(doubt, most=600)}"
    )
