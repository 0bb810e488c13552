"""NGrams against a second way of computing them: lists, and from the top down."""

import collections
import functools
import math
import random

import pytest
import torch

from rnn_helpers import CharVocab, NGrams, costs_of, load_names, ngrams


class Counted:
    """Witten and Bell's mixture, or with a discount Kneser and Ney's.

    What followed a group is a list, one entry each time; for Kneser and Ney one for each
    different character before the group, unless the group is a longest or a first one.
    """

    def __init__(self, texts, size, look_back, discount=None):
        self.size, self.look_back, self.discount = size, look_back, discount
        self.mark = texts[0][0]
        self.seen = collections.defaultdict(list)  # (character before or "", follower)
        for text in texts:
            for end in range(1, len(text)):
                for start in range(end + 1):
                    before = text[start - 1] if start else ""
                    self.seen[text[start:end]].append((before, text[end]))
        self.chance = functools.cache(self._chance)

    def followers(self, group):
        pairs = self.seen.get(group, [])
        is_raw = len(group) == self.look_back or group[:1] == self.mark
        if self.discount and not is_raw:
            pairs = set(pairs)
        return [follower for _, follower in pairs]

    def _chance(self, group, char):
        if group is None:
            return 1 / self.size
        if len(group) > self.look_back:
            return self.chance(group[1:], char)
        shorter = self.chance(group[1:] if group else None, char)
        followers = self.followers(group)
        if not followers:
            return shorter
        number, kinds = len(followers), len(set(followers))
        if self.discount:
            own = max(followers.count(char) - self.discount, 0) / number
            return own + self.discount * kinds / number * shorter
        trust = number / (number + kinds)
        return trust * followers.count(char) / number + (1 - trust) * shorter


def random_texts(seed, mark, end):
    draw = random.Random(seed)
    return [
        mark
        + "".join(draw.choices("aab" if i % 2 else "abcd", k=draw.randint(0, 7)))
        + end
        for i in range(1 + 15 * (seed % 3))
    ]


def assert_the_same(texts, others, vocab, look_back, discount):
    forecasts = NGrams(texts, vocab, look_back, discount)(others)
    again = Counted(texts, len(vocab), look_back, discount)
    assert forecasts.shape == (len(others), max(map(len, others)), len(vocab))
    for text, rows in zip(others, forecasts):
        for end, row in enumerate(rows, 1):
            chances = [again.chance(text[:end], char) for char in vocab.chars]
            if end > len(text):
                chances = [0.0] * len(vocab)
            torch.testing.assert_close(row, torch.tensor(chances, dtype=row.dtype))


every_kind = pytest.mark.parametrize("discount", [None, 0.3, 0.75, 1])


@every_kind
@pytest.mark.parametrize("look_back", [0, 1, 2, 4])
@pytest.mark.parametrize("mark, end", [(".", "."), ("^", "$"), ("z", "a")])
def test_random_texts_are_forecast_as_counted_in_the_second_way(
    mark, end, look_back, discount
):
    vocab = CharVocab.from_text("abcde" + mark + end)  # the e is never seen
    for seed in range(6):
        texts = random_texts(seed, mark, end)
        others = [*random_texts(seed + 1, mark, end), mark + "eae", mark, "ba"]
        assert_the_same(texts, others, vocab, look_back, discount)


@every_kind
def test_the_real_names_are_forecast_as_counted_in_the_second_way(discount):
    texts = [f".{name}." for name in load_names()]
    vocab = CharVocab.from_text("".join(texts))
    others = [".roseanna.", ".q.", ".zzxq.", *texts[::2000]]
    assert_the_same(texts[::2], others, vocab, 4, discount)


@every_kind
@pytest.mark.parametrize("look_back", range(5))
def test_forecasts_are_probabilities_also_with_the_mark_within_a_text(
    look_back, discount
):
    texts = ["a.", "abab.", "aab", "aa"]
    vocab = CharVocab("abc.")
    rows = NGrams(texts, vocab, look_back, discount)(["abacaab.", "c", "."])
    lengths = rows.sum(dim=2).gt(0).sum(dim=1)
    assert lengths.tolist() == [8, 1, 1]
    sums = rows.sum(dim=2)[rows.sum(dim=2) > 0]
    torch.testing.assert_close(sums, torch.ones_like(sums))
    assert rows.min() >= 0
    if discount != 1:  # it may give up all
        assert rows[0].min() > 0


def test_by_hand_with_two_texts():
    """After a came b, b and c; over all came a three times, b twice and c once."""
    texts, vocab = [".ab", ".ab", ".ac"], CharVocab(".abc")
    of_all = [(count + 3 * 1 / 4) / (6 + 3) for count in (0, 3, 2, 1)]
    behind_a = [(count + 2 * p) / (3 + 2) for count, p in zip((0, 0, 2, 1), of_all)]
    row = NGrams(texts, vocab, look_back=1)([".a"])[0, 1]
    assert row.tolist() == pytest.approx(behind_a)


def test_without_looking_back_every_place_is_forecast_alike():
    rows = NGrams([".ab.", ".b."], CharVocab(".ab"), look_back=0)([".ba"])[0]
    assert torch.equal(rows[0], rows[1]) and torch.equal(rows[0], rows[2])
    assert rows[0].argmax() in (0, 2)  # the end and the b came twice


def test_a_text_may_be_a_mark_and_an_end():
    row = NGrams([".."], CharVocab(".a"), look_back=3)(["."])[0, 0]
    assert row[0] > 0.8 and row.sum().item() == pytest.approx(1)


GOOD = {"texts": [".ab."], "vocab": CharVocab(".ab"), "look_back": 2, "discount": 0.5}


@pytest.mark.parametrize(
    "wrong, error, message",
    [
        ({"texts": ".ab."}, TypeError, "texts must be a list of strings, got '.ab.'"),
        ({"texts": []}, ValueError, "texts must hold at least one string"),
        ({"texts": [".ab.", ""]}, ValueError, r"texts\[1\] must hold at least one"),
        ({"texts": [".ab.", 7]}, TypeError, r"texts\[1\] must be a string, got 7"),
        ({"texts": [".ab.", "."]}, ValueError, "begin with '.' and go on, got '.'"),
        ({"texts": [".ab.", "ab."]}, ValueError, "begin with '.' and go on, got 'ab.'"),
        ({"texts": [".ax."]}, ValueError, r"unknown characters \['x'\] in text '.ax.'"),
        ({"look_back": -1}, ValueError, "look_back must be 0 or more, got -1"),
        ({"look_back": 1.5}, TypeError, "look_back must be a whole number, got 1.5"),
        ({"discount": 0}, ValueError, "discount must be above 0, at most 1, got 0"),
        ({"discount": 2}, ValueError, "discount must be above 0, at most 1, got 2"),
        ({"discount": float("nan")}, ValueError, "discount must be above 0"),
    ],
)
def test_what_cannot_be_counted_is_refused_by_name(wrong, error, message):
    NGrams(**GOOD)
    with pytest.raises(error, match=message):
        NGrams(**{**GOOD, **wrong})


@pytest.mark.parametrize(
    "texts, error, message",
    [
        (".ab", TypeError, "texts must be a list of strings, got '.ab'"),
        ([], ValueError, "texts must hold at least one string"),
        ([".ab", ""], ValueError, r"texts\[1\] must hold at least one character"),
        ([".x"], ValueError, r"unknown characters \['x'\]"),
    ],
)
def test_what_cannot_be_forecast_is_refused_by_name(texts, error, message):
    with pytest.raises(error, match=message):
        NGrams(**GOOD)(texts)


@every_kind
def test_a_text_costs_what_its_characters_and_what_its_ends_cost(discount, monkeypatch):
    monkeypatch.setattr(ngrams, "AT_ONCE", 2)
    vocab, texts = CharVocab(".abcd"), random_texts(2, ".", ".")
    others, again = [".abba.", "..", ".d."], Counted(texts, 5, 2, discount)
    rows = []
    for text in others:
        whole = ends = 0.0
        for place in range(1, len(text)):
            chance = again.chance(text[:place], text[place])
            end = again.chance(text[:place], ".")
            whole -= math.log(chance)
            ends -= math.log(end if text[place] == "." else 1 - end)
        rows.append([whole, whole - ends, ends])
    costs = costs_of(NGrams(texts, vocab, 2, discount), others, vocab)
    torch.testing.assert_close(costs.T, torch.tensor(rows, dtype=costs.dtype))


def test_no_texts_cost_nothing_that_could_be_said():
    model = NGrams(**GOOD)
    with pytest.raises(
        ValueError, match=r"texts must hold at least one string, got \[\]"
    ):
        costs_of(model, [], GOOD["vocab"])
