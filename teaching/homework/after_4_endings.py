"""Homework after lesson 4: the words of the class's own language, and its checks."""

import functools
import itertools
import math
import random
import re

import matplotlib.pyplot as plt
import torch

from rnn_helpers import CharVocab, NGrams, costs_of
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
        self.vowels = draw.sample("aeiou", 4)
        self.endings = [
            first + draw.choice("aeiou") for first in draw.sample("chjqwxyz", 2)
        ]
        self.few = draw.choice((1, 2))  # so many vowels take the second ending
        self.weights, share = [], 0.5
        while abs(share - 0.5) < 0.07:  # else the floor would be ln 2 in every class
            self.weights = [draw.uniform(1, 2) for _ in self.vowels]
            share = sum(self.weights[: self.few]) / sum(self.weights)
        self.draw = draw

    def draw_word(self, num_syllables, draw):
        first = draw.choices(self.vowels, self.weights)
        others = draw.choices(self.vowels, k=num_syllables - 1)
        stem = "".join(draw.choice(self.consonants) + v for v in first + others)
        ending = self.endings[first[0] in self.vowels[: self.few]]
        return f"{stem}-{ending}"


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
    _check_rule(rule, words)
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
    if answer == round(cost.item(), 2):
        mistakes.insert(0, (answer, "Give the floor with three decimals."))
    otherwise = (
        "Give each ending its share of the training words, and take the mean cost."
        " Is CLASS yours?"
    )
    compare(answer, cost, mistakes, otherwise, within=0.0011)
    return (
        "the rule holds for every word. Who sees nothing of the stem pays at least"
        " this, on average."
    )


def _check_rule(rule, words):
    right = {word[1]: word[-2:] for word in words}
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
    chosen = as_numbers(n, 1).item()
    answer = torch.cat([as_numbers(cost, 1), as_numbers(longest_cost, 1)])
    if chosen not in range(2, 10):
        raise TryAgain("n is a whole number from 2 to 9.")
    words, vocab, models = make_words(number), _vocab_of(number), _ngrams_of(number)
    test_words, at = words[FEW : 2 * FEW], [int(chosen) - 2, 7]
    validation, test, known = (
        torch.stack([_costs_of_ends(model, some, vocab)[0] for model in models])
        for some in (words[:FEW], test_words, words[2 * FEW :])
    )
    texts = [END + word + END for word in test_words]
    mine = [models[place] for place in at]
    right, later = test[at], test[[at[0] + 1, 8]]
    mistakes = [
        (validation[at], "Those are validation costs. Open the test now."),
        (known[at], "Those are the costs of words it has learned from."),
        (later, "An n-gram looks back at n - 1 characters. Is `look_back` n - 1?"),
        (
            [costs_of(model, texts, vocab)[0].mean() for model in mine],
            "Of which letter is this cost? Those are whole words.",
        ),
        (
            [_costs_of_ends(model, test_words, vocab)[1] for model in mine],
            "Of which letter is this cost? Take the first one after the hyphen.",
        ),
        (right.flip(0), "First the n-gram that you chose, then the 9-gram."),
        (right * FEW, "Those are sums. Take the mean over the words."),
        (-right, "A cost is never negative: minus the logarithm."),
        (right / math.log(2), "That is the logarithm to base 2. Take the natural one."),
    ]
    if torch.equal(answer, right.round(decimals=2)):
        mistakes.insert(0, (answer, "Give the costs with three decimals."))
    otherwise = (
        "One of the three numbers is not right, or more. Choose n on the validation"
        " words. Both costs are means over the test words, for this n and for n = 9."
        " Is CLASS yours?"
    )
    compare(answer, right, mistakes, otherwise, within=0.0011)
    _check_n(
        chosen, *(row[:8].argmin().item() + 2 for row in (validation, test, known))
    )
    return _what_counting_can(right[0], words[2 * FEW :], known[7])


def _check_n(chosen, best, by_test, by_heart):
    """Say how another n than the best may have been chosen; its costs are right."""
    mistakes = [
        (
            by_test,
            "Did you choose on the test? There the winner may only be lucky. Use"
            " validation.",
        ),
        (
            by_heart,
            "Did you choose on the training words? There the one wins that knows them"
            " by heart.",
        ),
        (
            best - 1,
            f"Not n = {chosen:g}. Is `look_back` n - 1? And did you take only the first"
            " letter of the ending?",
        ),
    ]
    otherwise = (
        f"Those are the costs for n = {chosen:g}. But another n is cheaper on the"
        " validation words."
    )
    compare(torch.tensor(chosen), best, mistakes, otherwise)


def _what_counting_can(cost, training, by_heart):
    share = sum(word.endswith(training[0][-2:]) for word in training) / len(training)
    floor = torch.distributions.Bernoulli(torch.tensor(share).double()).entropy()
    if cost > floor:
        verdict = (
            f"Yours is above the floor of {floor:.3f}, and that is no error: n was"
            f" chosen on only {FEW} words, and its lead there may be luck."
        )
    else:
        verdict = (
            f"Yours is below the floor of {floor:.3f}. With only {FEW} words to test on,"
            " that may be luck."
        )
    return (
        f"{verdict} On its own words the 9-gram pays {by_heart:.2f}: it remembers them,"
        " and does not know the rule."
    )


@functools.cache
def _ngrams_of(number):
    """Count with n from 2 to 9, and with 10, which is one too many."""
    texts = [END + word + END for word in make_words(number)[2 * FEW :]]
    return [NGrams(texts, _vocab_of(number), n - 1) for n in range(2, 11)]


@functools.cache
def _vocab_of(number):
    return CharVocab.from_text(END + "".join(make_words(number)))


def _costs_of_ends(model, words, vocab):
    """Give the mean costs of an ending's first letter and of its second, shape (2,)."""
    rows = model([END + word for word in words])
    last = torch.stack([row[len(w) - 2 : len(w)] for row, w in zip(rows, words)])
    ids = torch.stack([vocab.encode(word[-2:]) for word in words])
    return -last.gather(2, ids[..., None]).log().mean(dim=(0, 2))


@exercise
def check_exchange(shares, rnn, gru, number):
    """How often the ending changes with the first vowel, and with the second."""
    if isinstance(shares, str):
        raise TryAgain("Four numbers in a list, without quotes: [0.12, 0.34, …].")
    answer = as_numbers(shares, 4)
    rule = {word[1]: word[-2:] for word in make_words(number)}
    endings = sorted({*rule.values()})
    firsts = _vocab_of(number).encode("".join(ending[0] for ending in endings))

    def likelier(model, words, place=None):
        texts = [END + word[:-2] for word in words]
        if place is not None:
            texts = [_with_other_vowel(text, place, rule) for text in texts]
        with torch.no_grad():
            return model(texts)[:, len(texts[0]) - 1, firsts].argmax(dim=1)

    table = []
    long_words, short_words = (make_long_words(number, k) for k in (8, 4))
    by_rule = torch.tensor([endings.index(word[-2:]) for word in long_words])
    for model, place in itertools.product((rnn, gru), (2, 4)):
        after, before = likelier(model, long_words, place), likelier(model, long_words)
        in_short = likelier(model, short_words, place) != likelier(model, short_words)
        table.append(torch.stack([after != before, after != by_rule, in_short]))
    right, wrong, in_short = torch.stack(table).double().mean(dim=2).T
    mistakes = [
        (1 - right, "Those are the shares that stay. Count the endings that change."),
        (right[[1, 0, 3, 2]], "First the first vowel, then the second one."),
        (right[[2, 3, 0, 1]], "First the RNN, then the GRU."),
        (right[[0, 2, 1, 3]], "The RNN's two shares come first, then the GRU's."),
        (right * FEW, "Those are counts. Divide by the number of words."),
        (right * 100, "Those are per cent. Give shares, from 0 to 1."),
        (
            wrong,
            "Compare with what the model said before the change, not with the rule.",
        ),
        (in_short, "Are those words of four syllables? Take eight."),
    ]
    if torch.equal(answer, right.round(decimals=1)):
        mistakes.insert(0, (answer, "Give the shares with two decimals."))
    otherwise = (
        "Replace one vowel in the stem, leave the rest, and compare which of the two"
        " endings is likelier, before and after. Of several vowels take the first one in"
        " the alphabet."
    )
    compare(answer, right, mistakes, otherwise, within=0.006)
    seeds = " The RNN's shares depend on its seed: another one may give quite others."
    if right[2] > 0.9 and right[3] < 0.1:
        return (
            "twice as far as it was trained, the GRU asks the first vowel, and not the"
            f" second.{seeds}"
        )
    return (
        "so far away the first vowel does not always decide, not even for the GRU."
        f"{seeds}"
    )


def _with_other_vowel(text, place, rule):
    """Replace the vowel at a place by the first one that takes the other ending."""
    other = min(vowel for vowel in rule if rule[vowel] != rule[text[place]])
    return text[:place] + other + text[place + 1 :]


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
