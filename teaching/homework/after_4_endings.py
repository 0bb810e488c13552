"""Homework after lesson 4: the words of the class's own language, and its checks."""

import functools
import math
import random
import re

import matplotlib.pyplot as plt
import torch

from rnn_helpers import CharVocab, NGrams
from rnn_helpers.arguments import check_count, short
from rnn_helpers.exercises import (
    NotAnswered,
    TryAgain,
    as_numbers,
    compare,
    exercise,
)
from rnn_helpers.plotting import CUT, FORECAST, PLAIN

__all__ = [
    "check_counting",
    "check_doubt",
    "check_exchange",
    "check_rule",
    "make_long_words",
    "make_words",
    "plot_lengths",
]

END = "."
SYLLABLES = (2, 3, 4)  # of the stems to learn from
NUM_WORDS, FEW = 1200, 200  # in all; to choose with, and to test with


class _Language:
    """What the number decides: letters, endings, the rule, how common each vowel is."""

    def __init__(self, number):
        draw = random.Random(check_count("CLASS", number, least=0))
        self.consonants = draw.sample("bdfgklmnprstv", 5)
        vowels = draw.sample("aeiou", 4)
        endings = [first + draw.choice("aeiou") for first in draw.sample("chjqwxyz", 2)]
        few = draw.choice((1, 2))
        self.rule = {v: endings[place < few] for place, v in enumerate(vowels)}
        self.weights, share = [], 0.5
        while abs(share - 0.5) < 0.07:  # else the floor would be ln 2 in every class
            self.weights = [draw.uniform(1, 2) for _ in vowels]
            share = sum(self.weights[:few]) / sum(self.weights)
        self.draw = draw

    def draw_word(self, num_syllables, draw):
        first = draw.choices([*self.rule], self.weights)
        others = draw.choices([*self.rule], k=num_syllables - 1)
        stem = "".join(draw.choice(self.consonants) + v for v in first + others)
        return f"{stem}-{self.rule[first[0]]}"


def make_words(number):
    """Draw the words of a class's language, in no order, none twice.

    Parameters
    ----------
    number : int
        The number of the class, 0 or more.

    Returns
    -------
    list of str
        1,200 words: a stem of two to four syllables, a hyphen, an ending.

    Raises
    ------
    TypeError, ValueError
        If the number is no whole number, or below 0.

    Examples
    --------
    >>> len(set(make_words(0)))
    1200
    """
    language, words = _Language(number), {}
    while len(words) < NUM_WORDS:
        num_syllables = language.draw.choice(SYLLABLES)
        words[language.draw_word(num_syllables, language.draw)] = True
    return list(words)


def make_long_words(number, num_syllables):
    """Draw 200 words whose stems have as many syllables as you say.

    Parameters
    ----------
    number : int
        The number of the class, 0 or more.
    num_syllables : int
        2 to 50.

    Returns
    -------
    list of str

    Raises
    ------
    TypeError, ValueError
        If one of the two is no whole number, or out of range.

    Examples
    --------
    >>> {word.index("-") for word in make_long_words(0, num_syllables=6)}
    {12}
    """
    num_syllables = check_count("num_syllables", num_syllables, least=2, most=50)
    language, draw = _Language(number), random.Random(num_syllables)
    return [language.draw_word(num_syllables, draw) for _ in range(FEW)]


def plot_lengths(syllables, hyphens, rights):
    """Draw two things over the length of the stem: how likely "-" is, how many are right.

    Parameters
    ----------
    syllables : sequence of int
        The lengths.
    hyphens, rights : dict of str to sequence of float
        By the name of the model, one for each length: the chance of the hyphen behind
        the stem, and the share of right endings. At most three models.
    """
    figure, axes = plt.subplots(1, 2, figsize=(11, 4), sharex=True)
    panels = {"chance of the hyphen": hyphens, "share of right endings": rights}
    for ax, (title, rows) in zip(axes, panels.items()):
        ax.axvspan(min(SYLLABLES) - 0.4, max(SYLLABLES) + 0.4, color="0.9", zorder=0)
        styles = (("x--", PLAIN), ("o-", CUT), ("^-", FORECAST))
        for (name, row), (style, color) in zip(rows.items(), styles):
            ax.plot(syllables, row, style, color=color, label=name)
        ax.set(title=title, xlabel="syllables in the stem (grey: trained)")
        ax.set(ylim=(-0.03, 1.03), xticks=syllables)
    axes[0].legend()
    return figure


@exercise
def check_rule(rule, floor, number):
    """Which first vowel takes which ending, and what an ending costs without it."""
    words = make_words(number)
    _check_rule(rule, words, _Language(number).rule)
    answer, training = as_numbers(floor, 1), words[2 * FEW :]
    share, of_all = (
        sum(word.endswith(words[0][-2:]) for word in some) / len(some)
        for some in (training, words)
    )
    cost, of_all = (
        torch.distributions.Bernoulli(torch.tensor(p).double()).entropy()
        for p in (share, of_all)
    )
    commoner = max(share, 1 - share)
    mistakes = [
        (math.log(2), "That is for two endings that are equally common. Count them."),
        (cost / math.log(2), "That is the logarithm to base 2. Take the natural one."),
        (-cost, "A cost is never negative: minus the logarithm."),
        (cost * len(training), "That is the sum over the words. Take the mean."),
        (-math.log(commoner), "That is the cost of the commoner ending only."),
        (-math.log(1 - commoner), "That is the cost of the rarer ending only."),
        (1 - commoner, "That is the share of errors. What does an ending cost?"),
        (commoner, "That is the share of the commoner ending. What does it cost?"),
        (-math.log(share * (1 - share)) / 2, "The commoner ending is paid more often."),
        (of_all, "That is for all words. Count the endings of the training words."),
    ]
    otherwise = (
        "Give each ending its share of the training words, and take the mean cost."
        " Is CLASS yours?"
    )
    compare(answer, cost, mistakes, otherwise, within=0.0011)
    return (
        "the rule holds for every word, and without the first vowel no one pays less."
    )


def _check_rule(rule, words, right):
    if not isinstance(rule, dict):
        raise TryAgain(f'Write {{"a": "…", …}}, a dictionary, not {short(rule)}.')
    if any(ending is None for ending in rule.values()):
        raise NotAnswered
    if not all(isinstance(part, str) for pair in rule.items() for part in pair):
        raise TryAgain("Vowels and endings go into quotes.")
    if {*rule} != {*right}:
        raise TryAgain(
            f"The vowels are {', '.join(sorted(right))}: one entry for each."
        )
    given = {vowel: ending.strip(" -.") for vowel, ending in rule.items()}
    if not {*given.values()} <= {*right.values()}:
        raise TryAgain(
            "An ending is what stands behind the hyphen, whole. Is CLASS yours?"
        )
    if all(given[vowel] != right[vowel] for vowel in right):
        raise TryAgain("Just the other way round.")
    for word in words:
        if given[word[1]] != word.partition("-")[2]:
            raise TryAgain(f"{word} breaks your rule. Look at first vowels only.")


@exercise
def check_counting(n, cost, longest_cost, number):
    """The n that validation chooses, and what endings cost on the test."""
    chosen = as_numbers(n, 1)
    answer = torch.cat([as_numbers(cost, 1), as_numbers(longest_cost, 1)])
    validation, test, known = _costs_of_counting(number)
    best, by_test, by_heart = (
        row.argmin().item() + 2 for row in (validation, test, known)
    )
    mistakes = [
        (
            [by_test],
            "Chosen on the test, the winner may only be lucky. Use validation.",
        ),
        ([by_heart], "On the training words the one wins that knows them by heart."),
        ([best - 1], "An n-gram looks back at n - 1 characters. How large is n?"),
    ]
    otherwise = (
        "For each n from 2 to 9, take the mean cost of the validation words' endings."
    )
    compare(chosen, torch.tensor([best]), mistakes, otherwise)
    right = test[[best - 2, -1]]
    mistakes = [
        (validation[[best - 2, -1]], "Those are validation costs. Open the test now."),
        (known[[best - 2, -1]], "Those are the costs of words it has learned from."),
        (right.flip(0), "First the n-gram that you chose, then the 9-gram."),
        (right * FEW, "Those are sums. Take the mean over the words."),
        (-right, "A cost is never negative: minus the logarithm."),
        (right / math.log(2), "That is the logarithm to base 2. Take the natural one."),
    ]
    otherwise = (
        "The n is right. Both costs are means over the test words. Three decimals."
    )
    compare(answer, right, mistakes, otherwise, within=0.0011)
    return (
        f"and on its own words the 9-gram pays {known[-1]:.2f}: it remembers them, and"
        " does not know the rule."
    )


@functools.cache
def _costs_of_counting(number):
    """Give the costs of validation, test and training endings: a column for each n."""
    words = make_words(number)
    training = words[2 * FEW :]
    vocab = _vocab_of(number)
    texts = [END + word + END for word in training]
    models = [NGrams(texts, vocab, n - 1) for n in range(2, 10)]
    return torch.tensor(
        [
            [_ending_cost(model, some, vocab) for model in models]
            for some in (words[:FEW], words[FEW : 2 * FEW], training)
        ]
    )


@functools.cache
def _vocab_of(number):
    return CharVocab.from_text(END + "".join(make_words(number)))


def _ending_cost(model, words, vocab):
    """Give the mean cost of the first letter of the ending."""
    chances = _after_hyphen(model, [word.partition("-")[0] for word in words])
    right_ids = vocab.encode("".join(word[-2] for word in words))
    return -chances.log()[torch.arange(len(words)), right_ids].mean().item()


def _after_hyphen(model, stems):
    """Give the chances of the character after each stem's hyphen: a row for each."""
    with torch.no_grad():
        chances = model([f"{END}{stem}-" for stem in stems])
    return torch.stack([row[len(stem) + 1] for row, stem in zip(chances, stems)])


@exercise
def check_exchange(shares, rnn, gru, number):
    """How often the ending changes with the first vowel, and with the second."""
    answer = as_numbers(shares, 4)
    table = [
        _exchange(model, place, number) for model in (rnn, gru) for place in (0, 1)
    ]
    right, wrong, short_words = torch.tensor(table, dtype=torch.float64).T
    mistakes = [
        (1 - right, "Those are the shares that stay. Count the endings that change."),
        (right[[1, 0, 3, 2]], "First the first vowel, then the second one."),
        (right[[2, 3, 0, 1]], "First the RNN, then the GRU."),
        (right[[0, 2, 1, 3]], "The RNN's two shares come first, then the GRU's."),
        (right * FEW, "Those are counts. Divide by the number of words."),
        (
            wrong,
            "Compare with what the model said before the exchange, not with the rule.",
        ),
        (short_words, "Those are words of four syllables. Take eight."),
    ]
    otherwise = (
        "Exchange one vowel in the stem, leave the rest, and compare which of the two"
        " endings is likelier, before and after. Of several vowels take the first one in"
        " the alphabet."
    )
    compare(answer, right, mistakes, otherwise, within=0.006)
    if right[2] > 0.9 and right[3] < 0.1:
        return (
            "twice as far as it was trained, the GRU asks the first vowel, and not the"
            " second."
        )
    return "so far away the first vowel does not always decide, not even for the GRU."


def _exchange(model, place, number):
    """Exchange a vowel in words of eight syllables.

    Returns the share of likelier endings that change; of those after the exchange that
    are not the rule's for the word; of those that change in words of four syllables.
    """
    rule, long_words = _Language(number).rule, make_long_words(number, 8)
    vocab = _vocab_of(number)
    endings = vocab.encode("".join(ending[0] for ending in sorted({*rule.values()})))

    def likelier(words, exchanged):
        stems = [word.partition("-")[0] for word in words]
        if exchanged:
            stems = [_with_other_vowel(stem, 2 * place + 1, rule) for stem in stems]
        return endings[_after_hyphen(model, stems)[:, endings].argmax(dim=1)]

    before, after = likelier(long_words, False), likelier(long_words, True)
    by_rule = vocab.encode("".join(word[-2] for word in long_words))
    short_words = make_long_words(number, 4)
    short = likelier(short_words, False) != likelier(short_words, True)
    changes = torch.stack([after != before, after != by_rule, short])
    return changes.double().mean(dim=1).tolist()


def _with_other_vowel(stem, place, rule):
    """Exchange the vowel at a place by the first one that takes the other ending."""
    other = min(vowel for vowel in rule if rule[vowel] != rule[stem[place]])
    return stem[:place] + other + stem[place + 1 :]


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
