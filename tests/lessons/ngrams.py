"""Opponents for the networks of lesson 4, smoothed in other ways than the lesson's.

Each has ``forecast(context)``: the probabilities of the next character, by character,
from a beginning that has its mark.
"""

import collections
import functools
import math


def count(texts, longest):
    """What follows each group of at most so many characters."""
    counts = collections.defaultdict(collections.Counter)
    for text in texts:
        for end in range(1, len(text)):
            for back in range(min(end, longest) + 1):
                counts[text[end - back : end]][text[end]] += 1
    return counts


class Additive:
    """Add the same small number to all counts behind one group of characters."""

    def __init__(self, texts, chars, look_back, added):
        self.counts, self.chars = count(texts, look_back), chars
        self.look_back, self.added = look_back, added

    def forecast(self, context):
        row = self.counts[context[max(0, len(context) - self.look_back) :]]
        total = row.total() + self.added * len(self.chars)
        return {char: (row[char] + self.added) / total for char in self.chars}


class WittenBell:
    """The lesson's opponent, over counts that are there."""

    def __init__(self, counts, chars, look_back):
        self.counts, self.chars, self.look_back = counts, chars, look_back

    def forecast(self, context):
        chances = dict.fromkeys(self.chars, 1 / len(self.chars))
        for back in range(min(len(context), self.look_back) + 1):
            row = self.counts.get(context[len(context) - back :])
            if row:
                total, kinds = row.total(), len(row)
                chances = {
                    char: (row[char] + kinds * chance) / (total + kinds)
                    for char, chance in chances.items()
                }
        return chances


class KneserNey:
    """Interpolated modified Kneser-Ney (S. Chen, J. Goodman, 1999).

    Shorter groups count in how many different places a character follows them, and
    every count gives up a discount of its order.
    """

    def __init__(self, texts, chars, look_back):
        self.chars, self.look_back = chars, look_back
        whole = count(texts, look_back + 1)
        self.counts = collections.defaultdict(collections.Counter)
        for context, row in whole.items():
            if len(context) == look_back or (
                len(context) < look_back and context.startswith(texts[0][0])
            ):
                self.counts[context].update(row)
        for context, row in whole.items():
            shorter = context[1:]
            if context and len(shorter) < look_back:
                if not shorter.startswith(texts[0][0]):
                    self.counts[shorter].update(row.keys())
        self.discounts = [self._discounts(order) for order in range(look_back + 1)]
        self.forecast = functools.cache(self._forecast)

    def _discounts(self, order):
        seen = collections.Counter(
            number
            for context, row in self.counts.items()
            if len(context) == order
            for number in row.values()
        )
        share = seen[1] / (seen[1] + 2 * seen[2]) if seen[1] else 0.5
        return [0] + [
            min(max(n - (n + 1) * share * seen[n + 1] / seen[n], 0.05), n)
            if seen[n] and seen[n + 1]
            else 0.7
            for n in (1, 2, 3)
        ]

    def _forecast(self, context):
        context = context[max(0, len(context) - self.look_back) :]
        chances = dict.fromkeys(self.chars, 1 / len(self.chars))
        for back in range(len(context) + 1):
            row = self.counts.get(context[len(context) - back :])
            if not row:
                continue
            discounts, total = self.discounts[back], row.total()
            given_up = sum(discounts[min(number, 3)] for number in row.values())
            chances = {
                char: (
                    max(row[char] - discounts[min(row[char], 3)], 0) + given_up * chance
                )
                / total
                for char, chance in chances.items()
            }
        return chances


def mean_costs(model, texts):
    """The mean cost of all characters, of the letters, and of the ends."""
    letters, ends = [], []
    for text in texts:
        costs = [
            -math.log(model.forecast(text[:end])[text[end]])
            for end in range(1, len(text))
        ]
        letters += costs[:-1]
        ends.append(costs[-1])
    both = letters + ends
    return [sum(row) / len(row) for row in (both, letters, ends)]
