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
        one, two = _least_cost(word, 1), _least_cost(word, 2)
        if len(set(word)) == 5 and two > 0.12 and one > max(0.4, two + 0.12):
            return word


def _followers(word, look_back):
    """Give what follows each group of at most `look_back` letters, step by step."""
    groups = [word[max(0, end - look_back) : end] for end in range(1, len(word))]
    return list(zip(groups, word[1:]))


def _least_cost(word, look_back):
    """Give the conditional entropy: that of groups and followers, less that of groups."""
    followers = _followers(word, look_back)
    return _entropy(followers) - _entropy(group for group, _ in followers)


def _entropy(things):
    counts = collections.Counter(things).values()
    return sum(n * math.log(sum(counts) / n) for n in counts) / sum(counts)


def _most_right(word):
    best = collections.defaultdict(int)
    for (group, _), count in collections.Counter(_followers(word, 1)).items():
        best[group] = max(best[group], count)
    return sum(best.values())


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
    count, cost = as_numbers(most_right, 1), as_numbers(floor, 1)
    right, steps = _most_right(word), len(word) - 1
    followers = collections.defaultdict(set)
    for letter, later in _followers(word, 1):
        followers[letter].add(later)
    choices = [len(followers[letter]) for letter in word[:-1]]
    mistakes = [
        ([steps], "All can be right only with a memory."),
        ([choices.count(1)], "Those are the certain ones. Some others can be right."),
        ([steps - right], "So many must be wrong. How many can be right?"),
        ([len(word)], "There is one step less than letters: the last is not read."),
    ]
    otherwise = (
        f"Not {count.item():g} of {steps}. Write down what follows each letter of"
        f" {word!r}, and take what comes most often. Is CLASS yours?"
    )
    compare(count, torch.tensor([right]), mistakes, otherwise)
    least = _least_cost(word, 1)
    mistakes = [
        (least * steps, "That is the sum over the steps. Take the mean."),
        (least / math.log(2), "That is the logarithm to base 2. Take the natural one."),
        (least * steps / len(word), "Divide by the steps: one less than letters."),
        (-least, "A cost is never negative: minus the logarithm."),
        (
            sum(map(math.log, choices)) / steps,
            "That gives all followers of a letter the same chance. Count them.",
        ),
        (1 - right / steps, "That is the share of errors. What do the answers cost?"),
    ]
    otherwise = (
        "The count is right. Each step costs minus the logarithm of the share that its"
        " letter has among the followers. Take the mean."
    )
    compare(cost, least, mistakes, otherwise, within=0.006)
    return "without a memory, no network pays less."


@exercise
def check_baselines(least_cost, used, more, models, number):
    """The least cost with some letters in view, and who is below it."""
    word = make_word(number)
    _check_least_cost(least_cost, word)
    answer = torch.cat([as_numbers(used, 1), as_numbers(more, 1)])
    losses = torch.tensor([_loss_of(model, word) for model in models])
    below = [_count_below(losses, _least_cost(word, back)) for back in (1, 2)]
    if answer[1] > answer[0]:
        raise TryAgain("Who is below the lower level is below the higher one, too.")
    for count, (least, most), back in zip(answer, below, (1, 2)):
        if least <= count <= most:
            continue
        if len(losses) - most <= count <= len(losses) - least:
            raise TryAgain("That is how many are not below. Count the others.")
        raise TryAgain(
            f"{count:g} is not how many are below least_cost(word, {back}). Compare each"
            " number in losses with it."
        )
    return (
        f"{used} of {len(losses)} use a memory, and {more} know more than the last two"
        " letters can tell."
    )


def _check_least_cost(least_cost, word):
    """Put the function to three words, with one to three letters in view."""
    texts = ("bananas", "abcabdabc", word)
    asked = [(text, back) for text in texts for back in (1, 2, 3)]
    answer = torch.cat([as_numbers(call(least_cost, *one), 1) for one in asked])

    def costs(changed=0):
        return torch.tensor([_least_cost(text, back + changed) for text, back in asked])

    right, steps = costs(), torch.tensor([len(text) - 1 for text, _ in asked])
    late = right * steps / (steps + 1 - torch.tensor([back for _, back in asked]))
    mistakes = [
        (right[::3].repeat_interleave(3), "look_back changes nothing."),
        (right * steps, "That is the sum over the steps. Take the mean."),
        (-right, "A cost is never negative: minus the logarithm."),
        (right / math.log(2), "That is the logarithm to base 2. Take the natural one."),
        (right * steps / (steps + 1), "Divide by the steps: one less than letters."),
        (costs(changed=1), "It sees one letter more than look_back says."),
        (costs(changed=-1), "It sees one letter less than look_back says."),
        (late, "Divide by all steps, also by the first ones, with fewer letters."),
    ]
    otherwise = "Write down what follows each group of `look_back` letters, then as in floor_of."
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
    """In what share of cases an exchanged letter changes the answer, by distance."""
    word = make_word(number)
    answer = as_numbers(shares, 5)
    tables = [_exchange(model, word, distance) for distance in range(5)]
    right, anywhere, in_place, counts, wrong = torch.tensor(tables).T
    num_others = len(set(word)) - 1
    mistakes = [
        (1 - right, "Those are the shares that stay. Count the answers that change."),
        (counts, "Those are counts. Divide by the number of cases."),
        (
            right * num_others / (num_others + 1),
            "Leave out the letter that stands there.",
        ),
        (
            anywhere,
            "That asks whether any answer changes. Look at the one answer, `distance`"
            " steps after the exchanged letter.",
        ),
        (
            in_place,
            "That is the answer at the exchanged letter itself. Look at the one that"
            " comes `distance` steps later.",
        ),
        (wrong, "Compare with what the network says of its word, not with the word."),
        (right.flip(0), "From the nearest to the farthest: distance 0 comes first."),
    ]
    otherwise = (
        "Exchange one letter, leave the rest, and compare one answer, `distance` steps"
        " later, before and after."
    )
    compare(answer, right, mistakes, otherwise, within=0.006)
    return (
        "who only counts steps has five zeros, and who has no memory has zeros from"
        " distance 1 on."
    )


def _exchange(model, word, distance):
    """Exchange one letter by each other, and compare the answer `distance` later.

    Returns the share of answers that change there; of cases in which any answer
    changes, and that at the letter itself; how many change there; the share of answers
    there that are not the word's.
    """
    logits, targets = _answers(model, word[:-1], word)
    own, cases = logits.argmax(dim=1), []
    for place in range(len(word) - 1 - distance):
        for letter in sorted(set(word) - {word[place]}):
            text = word[:place] + letter + word[place + 1 : -1]
            said = _answers(model, text, word)[0].argmax(dim=1)
            changed, wrong, there = said != own, said != targets, place + distance
            cases.append([changed[there], changed.any(), changed[place], wrong[there]])
    there, anywhere, in_place, wrong = torch.tensor(cases).double().mean(dim=0).tolist()
    return there, anywhere, in_place, there * len(cases), wrong


@exercise
def check_doubt(doubt):
    """That sentences are there, with a number in them; a person marks what they say."""
    if not isinstance(doubt, str):
        raise TryAgain(f"Write it between quotes; this is {short(doubt)}.")
    if not re.search(r"\d", doubt):
        raise TryAgain("Which number of yours do you doubt? Name it.")
    if len(doubt.split()) < 12:
        raise TryAgain("What else may be the reason, and how would you find out?")
    return f"handed in. Four lines of the rubric mark it: {short(doubt, most=600)}"
