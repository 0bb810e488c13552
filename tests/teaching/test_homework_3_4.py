"""Homework after lessons 3 and 4: solved, with mistakes, and with another class's answers.

The right answers are computed here, in the way that the tasks ask for.
"""

import inspect
import math
import re

import matplotlib.pyplot as plt
import nbformat
import pytest
import torch
from course import METADATA, ROOT, TAGS, has_tag, run_cells, sign_of_work
from test_every_exercise import ODD
from torch import nn

import rnn_helpers as rh
from teaching.homework import after_3_your_word as word_hw
from teaching.homework import after_4_endings as endings_hw

HOMEWORK = {
    name: ROOT / "teaching" / "homework" / f"{name}.ipynb"
    for name in ("after_3_your_word", "after_4_endings")
}
CLASS, OTHERS = 7, range(8, 20)

every_homework = pytest.mark.parametrize("name", HOMEWORK)


@pytest.fixture(autouse=True)
def as_in_the_notebooks():
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def passes(said, check, *answers):
    return said(check, *answers).startswith("correct: ")


def put(said, check, answers, word):
    """Put a wrong answer to a check, and look for a word of its hint."""
    verdict = said(check, *answers)
    assert verdict.startswith("try again: ") and word in verdict, (word, verdict)


# After lesson 3: a word of your own


def count_followers(word, look_back):
    followers = {}
    for step in range(1, len(word)):
        group = word[max(0, step - look_back) : step]
        followers[group] = followers.get(group, "") + word[step]
    return followers


def least_cost(word, look_back):
    cost = 0.0
    for letters in count_followers(word, look_back).values():
        for letter in letters:
            cost -= math.log(letters.count(letter) / len(letters))
    return cost / (len(word) - 1)


def most_right(word):
    groups = count_followers(word, 1).values()
    return sum(max(map(letters.count, letters)) for letters in groups)


class Spelling(nn.Module):
    """A network of lesson 3, with random weights: each check judges what it does."""

    def __init__(self, word, seed):
        super().__init__()
        torch.manual_seed(seed)
        size = len(set(word))
        self.layer = nn.RNN(size, 4, batch_first=True)
        self.output_layer = nn.Linear(4, size)
        self.layer.weight_ih_l0.data *= 4  # other answers to other letters
        self.output_layer.bias.data *= 0

    def forward(self, x, h_prev=None):
        states, h_t = self.layer(x, h_prev)
        return self.output_layer(states), h_t


class Table(nn.Module):
    """What letters alone, or pairs, can tell: as sure as the counts, or surer by `far`."""

    def __init__(self, word, look_back, far=0.0):
        super().__init__()
        self.word, self.look_back, self.far = word, look_back, far
        self.dtype = nn.Parameter(torch.zeros(1))

    def forward(self, x, h_prev=None):
        vocab = rh.CharVocab.in_order(self.word)
        text = vocab.decode(x[0].argmax(dim=1))
        followers = count_followers(self.word, self.look_back)
        rows = []
        for end in range(1, len(text) + 1):
            letters = followers.get(text[max(0, end - self.look_back) : end], "")
            row = torch.tensor([float(letters.count(char)) for char in vocab.chars])
            if text == self.word[:-1] and self.far:
                row[vocab.encode(self.word[end])] += self.far
            rows.append((row + 1e-9).log())
        return torch.stack(rows)[None], None


WORD = word_hw.make_word(CLASS)


def test_another_class_has_another_word_floor_and_shares(said):
    floors = {number: least_cost(word_hw.make_word(number), 1) for number in range(100)}
    near = sum(
        passes(said, word_hw.check_floor, most_right(word), floors[number], CLASS)
        for number in OTHERS
        for word in [word_hw.make_word(number)]
    )
    assert near <= 1  # one in twenty-five: a floor has few values
    assert len({round(floor, 3) for floor in floors.values()}) >= 25
    assert len({word_hw.make_word(number) for number in range(100)}) == 100


def test_letters_and_pairs_come_back_in_every_word():
    for number in range(100):
        word = word_hw.make_word(number)
        assert len(set(word)) == 5 and 10 <= len(word) <= 14
        assert 0.1 < least_cost(word, 2) < least_cost(word, 1) - 0.1


def test_the_floor_is_passed_by_counting_and_its_mistakes_get_hints(said):
    check, right, floor = word_hw.check_floor, most_right(WORD), least_cost(WORD, 1)
    steps = len(WORD) - 1
    followers = count_followers(WORD, 1)
    sure = sum(len(row) for row in followers.values() if len(set(row)) == 1)
    coins = sum(len(row) * math.log(len(set(row))) for row in followers.values())
    for answer in (floor, round(floor, 2), torch.tensor(floor)):
        assert passes(said, check, right, answer, CLASS)
    for answers, hint in [
        ((steps, floor), "with a memory"),
        ((sure, floor), "certain ones"),
        ((steps - right, floor), "must be wrong"),
        ((len(WORD), floor), "last is not read"),
        ((steps, 0.05), "with a memory"),
        ((right, round(floor, 1)), "two decimals"),
        ((right, floor * steps), "the mean"),
        ((right, floor / math.log(2)), "base 2"),
        ((right, floor * steps / len(WORD)), "Divide by the steps"),
        ((right, -floor), "never negative"),
        ((right, coins / steps), "same chance"),
        ((right, 1 - right / steps), "share of errors"),
        ((right, 0.05), "Is CLASS yours"),
        ((right, "0.5"), "without quotes"),
    ]:
        put(said, check, (*answers, CLASS), hint)
    assert said(check, None, None, CLASS) == "not answered yet\n"
    foreseen = {steps, sure, steps - right, len(WORD)}
    hints = {said(check, k, 0.05, CLASS) for k in range(steps) if k not in foreseen}
    (hint,) = hints  # no number can be tried until the hint says that it is right
    assert "best guess right" in hint and right not in foreseen
    put(
        said,
        check,
        (right + 1 if right + 1 < steps else right - 1, floor, 7),
        "or both",
    )


MODELS = [
    Table(WORD, 1),
    Table(WORD, 1, far=0.5),
    Table(WORD, 2),
    Table(WORD, 2, far=2.0),
    Table(WORD, 2, far=5.0),
]


def test_the_baselines_are_a_function_and_two_counts(said):
    check = word_hw.check_baselines
    assert passes(said, check, least_cost, 4, 2, MODELS, CLASS)
    assert passes(said, check, lambda *a: torch.tensor(least_cost(*a)), 4, 2, MODELS, 7)
    for answers, hint in [
        ((least_cost, 2, 4), "the higher one, too"),
        ((least_cost, 1, 3), "not below"),
        ((least_cost, 4, 1), "Is CLASS yours"),
        ((least_cost, 3, 2), "Is CLASS yours"),
        ((lambda w, n: least_cost(w, 1), 4, 2), "changes nothing"),
        ((total_cost, 4, 2), "the sum"),
        ((lambda w, n: -least_cost(w, n), 4, 2), "never negative"),
        ((lambda w, n: least_cost(w, n) / math.log(2), 4, 2), "base 2"),
        ((lambda w, n: least_cost(w, n) * (1 - 1 / len(w)), 4, 2), "by the steps"),
        ((lambda w, n: least_cost(w, n + 1), 4, 2), "one letter more"),
        ((lambda w, n: least_cost(w, n - 1), 4, 2), "one letter less"),
        ((lambda w, n: total_cost(w, n) / (len(w) - n), 4, 2), "the first ones"),
        ((lambda w, n: least_cost(WORD, n), 4, 2), "it is given"),
        ((lambda w, n: cost_from_the_end(w, n), 4, 2), "index is negative"),
        ((lambda w, n: {1: 0, 2: 0}[n], 4, 2), "KeyError(3)"),
        (
            (lambda w, n: 0.3, 4, 2),
            "least_cost('bananas', 1) gives 0.300, and 0.318 is",
        ),
        ((only_of_bananas, 4, 2), "least_cost('abcabdabc', 1) gives 0.300, and 0."),
        ((0.3, 4, 2), "A function"),
    ]:
        put(said, check, (*answers, MODELS, CLASS), hint)
    for answers in ((lambda *_: None, 4, 2), (least_cost, None, 2)):
        assert said(check, *answers, MODELS, CLASS) == "not answered yet\n"


def only_of_bananas(word, look_back):
    return least_cost(word, look_back) if word == "bananas" else 0.3


def cost_from_the_end(word, look_back):
    """The commonest slip: word[-1:1] is empty, where the first letter is seen."""
    groups = {}
    for t in range(len(word) - 1):
        group = word[t - look_back + 1 : t + 1]
        groups[group] = groups.get(group, "") + word[t + 1]
    cost = sum(-math.log(g.count(x) / len(g)) for g in groups.values() for x in g)
    return cost / (len(word) - 1)


def test_above_the_floor_may_be_a_memory_badly_used(said):
    check, able, unable = word_hw.check_baselines, MODELS[4], MODELS[0]
    for below, words in [
        (
            9,
            "9 of 10 are below the floor: they use a memory. The tenth may use one, too",
        ),
        (6, "6 of 10 are below the floor: they use a memory. The others may use one"),
    ]:
        models = [able] * below + [unable] * (10 - below)
        verdict = said(check, least_cost, below, below, models, CLASS)
        assert words in verdict and "badly" in verdict
        assert f"{below} of 10 are below least_cost(word, 2): they know" in verdict
    assert "badly" not in said(check, least_cost, 10, 10, [able] * 10, CLASS)


def total_cost(word, look_back):
    return least_cost(word, look_back) * (len(word) - 1)


def says(model, text, word):
    vocab = rh.CharVocab.in_order(word)
    with torch.no_grad():
        logits, _ = model(rh.one_hot(vocab.encode(text), len(vocab))[None])
    return vocab.decode(logits[0].argmax(dim=1))


def exchange(model, word, distance):
    """The share of changes, and what some mistakes give instead."""
    own, there, anywhere, in_place, wrong = says(model, word[:-1], word), [], [], [], []
    for step in range(distance, len(word) - 1):
        for letter in dict.fromkeys(word):
            if letter != word[step - distance]:
                text = word[: step - distance] + letter + word[step - distance + 1 : -1]
                said = says(model, text, word)
                there.append(said[step] != own[step])
                anywhere.append(said != own)
                in_place.append(said[step - distance] != own[step - distance])
                wrong.append(said[step] != word[step + 1])
    share = sum(there) / len(there)
    others = [sum(row) / len(row) for row in (anywhere, in_place, wrong)]
    return (share, sum(there), *others)


def test_the_shares_are_those_of_the_network_at_hand(said):
    check, model = word_hw.check_exchange, Spelling(WORD, seed=1)
    rows = zip(*(exchange(model, WORD, distance) for distance in range(5)))
    shares, counts, anywhere, in_place, wrong = map(list, rows)
    assert passes(said, check, shares, model, CLASS)
    assert passes(said, check, [round(share, 2) for share in shares], model, CLASS)
    for answer, hint in [
        ([1 - share for share in shares], "that stay"),
        (counts, "counts"),
        ([100 * share for share in shares], "per cent"),
        ([round(share, 1) for share in shares], "two decimals"),
        (" ".join(map(str, shares)), "in a list"),
        ([share * 4 / 5 for share in shares], "stands there"),
        (anywhere, "any answer"),
        (in_place, "itself"),
        (wrong, "not with the word"),
        (shares[::-1], "nearest"),
        ([0.5] * 5, "before and after"),
        (shares[:4], "5 numbers"),
    ]:
        put(said, check, (answer, model, CLASS), hint)
    assert not passes(said, check, shares, Spelling(WORD, seed=2), CLASS)


# After lesson 4: a language of your own


def split(number):
    words = endings_hw.make_words(number)
    return words[:200], words[200:400], words[400:]


def rule_of(number):
    return {word[1]: word[word.index("-") + 1 :] for word in split(number)[2]}


def entropy(words):
    endings = [word.partition("-")[2] for word in words]
    return -sum(math.log(endings.count(e) / len(endings)) for e in endings) / len(words)


def test_every_language_has_a_rule_and_lengths_of_two_to_four():
    for number in range(6):
        words = endings_hw.make_words(number)
        rule = rule_of(number)
        assert len(rule) == 4 and len({*rule.values()}) == 2
        assert len({*words}) == 1200
        long_words = endings_hw.make_long_words(number, 8)
        assert all(rule[w[1]] == w.partition("-")[2] for w in words + long_words)
        assert {w.index("-") for w in words} == {4, 6, 8}
        assert {w.index("-") for w in long_words} == {16}
        assert 0.4 < entropy(words[400:]) < math.log(2) - 0.002
    assert len({(*rule_of(number).items(),) for number in range(20)}) == 20


def test_the_rule_and_the_floor_are_found_by_counting(said):
    check, (_, _, training), rule = endings_hw.check_rule, split(CLASS), rule_of(CLASS)
    floor = entropy(training)
    one, two = sorted({*rule.values()})
    shares = sorted(
        sum(word.endswith(ending) for word in training) / 800 for ending in (one, two)
    )
    assert passes(said, check, rule, floor, CLASS)
    dashed = {vowel: f"-{ending}" for vowel, ending in rule.items()}
    assert passes(said, check, dashed, round(floor, 3), CLASS)
    turned = {v: one if ending == two else two for v, ending in rule.items()}
    first_letters = {vowel: ending[0] for vowel, ending in rule.items()}
    for answers, hint in [
        ((turned, floor), "other way round"),
        ((dict.fromkeys(rule, one), floor), "breaks your rule"),
        ((first_letters, floor), "whole"),
        ((dict([*rule.items()][:3]), floor), "one entry for each"),
        ((dict.fromkeys(rule, 1), floor), "quotes"),
        (([*rule], floor), "dictionary"),
        ((rule, math.log(2)), "equally common"),
        ((rule, floor / math.log(2)), "base 2"),
        ((rule, -floor), "never negative"),
        ((rule, floor * 800), "the sum"),
        ((rule, -math.log(shares[1])), "commoner ending only"),
        ((rule, -math.log(shares[0])), "rarer ending only"),
        ((rule, shares[0]), "share of errors"),
        ((rule, shares[1]), "share of the commoner"),
        ((rule, -sum(map(math.log, shares)) / 2), "paid more often"),
        ((rule, entropy(endings_hw.make_words(CLASS))), "all words"),
        ((rule, round(floor, 2)), "three decimals"),
        ((rule, 0.3), "its share"),
    ]:
        put(said, check, (*answers, CLASS), hint)
    for answers in ((None, None), (dict.fromkeys(rule), floor)):
        assert said(check, *answers, CLASS) == "not answered yet\n"
    for number in OTHERS:
        last_years = rule_of(number), entropy(split(number)[2])
        assert not passes(said, check, *last_years, CLASS)


def vocab_of(number):
    return rh.CharVocab.from_text("." + "".join(endings_hw.make_words(number)))


def last_chances(model, texts):
    return [row[len(text) - 1] for row, text in zip(model(texts), texts)]


def up_to_hyphen(words):
    return ["." + word[: word.index("-") + 1] for word in words]


def ending_cost(model, words, vocab):
    ids = vocab.encode("".join(word[-2] for word in words))
    rows = last_chances(model, up_to_hyphen(words))
    return -sum(math.log(row[i]) for row, i in zip(rows, ids)) / len(words)


def counted(number):
    """Costs of endings: a row for validation, test and training, a column for n."""
    validation, test, training = split(number)
    texts, vocab = ["." + word + "." for word in training], vocab_of(number)
    models = [rh.NGrams(texts, vocab, n - 1) for n in range(2, 10)]
    return [
        [ending_cost(model, words, vocab) for model in models]
        for words in (validation, test, training)
    ]


def chosen(costs):
    validation, test, _ = costs
    n = validation.index(min(validation)) + 2
    return n, test[n - 2], test[-1]


def test_the_counting_opponent_is_chosen_on_validation_and_scored_on_the_test(
    said, monkeypatch
):
    remembered, real = {}, endings_hw._costs_of_ends

    def costs_of_ends(model, words, vocab):  # as it is, but once for each
        key = id(model), *words
        if key not in remembered:
            remembered[key] = real(model, words, vocab)
        return remembered[key]

    monkeypatch.setattr(endings_hw, "_costs_of_ends", costs_of_ends)
    check, costs = endings_hw.check_counting, counted(CLASS)
    validation, test, training = costs
    n, cost, longest = chosen(costs)
    assert passes(said, check, n, cost, longest, CLASS)
    assert passes(said, check, n, round(cost, 3), round(longest, 3), CLASS)
    best_on_test = test.index(min(test)) + 2
    assert len({n, n - 1, best_on_test, 9, 6}) == 5
    for answers, hint in [
        ((9, longest, longest), "by heart"),
        ((best_on_test, min(test), longest), "Did you choose on the test?"),
        ((n - 1, test[n - 3], longest), "only the first letter"),
        ((6, test[4], longest), "another n is cheaper"),
        ((n - 1, cost, ending_cost_on_test(10)), "Is `look_back` n - 1?"),
        ((0, cost, longest), "from 2 to 9"),
        ((n, *(whole_cost_on_test(k) for k in (n, 9))), "whole words"),
        ((n - 1, *(whole_cost_on_test(k) for k in (n - 1, 9))), "whole words"),
        ((n, *(second_cost_on_test(k) for k in (n, 9))), "after the hyphen"),
        ((n, round(cost, 2), round(longest, 2)), "three decimals"),
        ((n, validation[n - 2], validation[-1]), "validation costs"),
        ((n, training[n - 2], training[-1]), "has learned from"),
        ((n, longest, cost), "then the 9-gram"),
        ((n, cost * 200, longest * 200), "sums"),
        ((n, -cost, -longest), "never negative"),
        ((n, cost / math.log(2), longest / math.log(2)), "base 2"),
    ]:
        put(said, check, (*answers, CLASS), hint)
    (hint,) = {said(check, k, 0.5, 0.5, CLASS) for k in range(2, 10)}
    assert "One of the three numbers" in hint  # so n cannot be guessed alone
    for number in OTHERS[:1]:
        assert not passes(said, check, *chosen(counted(number)), CLASS)


@pytest.mark.parametrize("number", [CLASS, 30])
def test_the_n_that_was_chosen_may_come_out_above_the_floor(said, number):
    n, cost, longest = chosen(counted(number))
    verdict = said(endings_hw.check_counting, n, cost, longest, number)
    above = cost > entropy(split(number)[2])
    assert ("above the floor" in verdict and "no error" in verdict) == above
    assert ("below the floor" in verdict and "may be luck" in verdict) != above
    assert above == (number == CLASS)


def ngram_and_test(n):
    _, test, training = split(CLASS)
    vocab = vocab_of(CLASS)
    return rh.NGrams([f".{word}." for word in training], vocab, n - 1), test, vocab


def ending_cost_on_test(n):
    return ending_cost(*ngram_and_test(n))


def whole_cost_on_test(n):
    model, test, vocab = ngram_and_test(n)
    return rh.costs_of(model, [f".{word}." for word in test], vocab)[0].mean().item()


def second_cost_on_test(n):
    model, test, vocab = ngram_and_test(n)
    ids = vocab.encode("".join(word[-1] for word in test))
    rows = last_chances(model, ["." + word[:-1] for word in test])
    return -sum(math.log(row[i]) for row, i in zip(rows, ids)) / len(test)


def asks(*places):
    """A model that knows the rule; the last vowel says at which place it asks."""
    rule, vocab = rule_of(CLASS), vocab_of(CLASS)
    asked = {vowel: places[i % len(places)] for i, vowel in enumerate(sorted(rule))}

    def model(texts):
        chances = torch.full((len(texts), max(map(len, texts)), len(vocab)), 0.01)
        for row, text in zip(chances, texts):
            ending = rule[text[asked[text[-2]]]]
            row[len(text) - 1, vocab.chars.index(ending[0])] = 0.9
        return chances

    return model


def shares_of(model, words):
    """The share of changes for the first and the second vowel; against the rule."""
    rule, vocab, shares, wrong = rule_of(CLASS), vocab_of(CLASS), [], []
    ids = [vocab.chars.index(ending[0]) for ending in {*rule.values()}]
    own = [vocab.chars.index(word[-2]) for word in words]
    texts = up_to_hyphen(words)

    def likelier(texts):
        return [max(ids, key=row.__getitem__) for row in last_chances(model, texts)]

    def other(vowel):
        return min(v for v in rule if rule[v] != rule[vowel])

    for place in (2, 4):
        after = likelier([t[:place] + other(t[place]) + t[place + 1 :] for t in texts])
        shares.append(sum(map(int.__ne__, after, likelier(texts))) / len(words))
        wrong.append(sum(map(int.__ne__, after, own)) / len(words))
    return shares, wrong


def test_the_exchange_tells_who_asks_the_first_vowel(said):
    check = endings_hw.check_exchange
    words = endings_hw.make_long_words(CLASS, 8)
    short_words = endings_hw.make_long_words(CLASS, 4)
    rnn, gru = asks(2, 4, 6), asks(2)
    (a, b), wrong = shares_of(rnn, words)
    (c, d), gru_wrong = shares_of(gru, words)
    shares = [a, b, c, d]
    assert (c, d) == (1, 0) and 0 < b < 1
    assert passes(said, check, shares, rnn, gru, CLASS)
    assert "and not the second. The RNN's" in said(check, shares, rnn, gru, CLASS)
    assert "not even for the GRU. The RNN's" in said(
        check, [c, d, a, b], gru, rnn, CLASS
    )
    on_short = [*shares_of(rnn, short_words)[0], *shares_of(gru, short_words)[0]]
    for answer, hint in [
        ([1 - share for share in shares], "that stay"),
        ([b, a, d, c], "then the second one"),
        ([c, d, a, b], "First the RNN"),
        ([a, c, b, d], "two shares come first"),
        ([200 * share for share in shares], "counts"),
        ([100 * share for share in shares], "per cent"),
        ([round(share, 1) for share in shares], "two decimals"),
        ("1 0 1 0", "in a list"),
        ([*wrong, *gru_wrong], "not with the rule"),
        (on_short, "Are those words of four"),
        ([0.4] * 4, "before and after"),
        ([c, d], "4 numbers"),
    ]:
        put(said, check, (answer, rnn, gru, CLASS), hint)
    assert passes(said, check, [c, d, a, b], gru, rnn, CLASS)


# Both


@pytest.mark.parametrize("hw", [word_hw, endings_hw])
def test_a_doubt_is_handed_in_and_left_to_a_person(said, hw):
    doubt = "Our 0.3 may be luck of the seed; I would train ten others and look again."
    verdict = said(hw.check_doubt, doubt)
    assert verdict.startswith("correct: noted, not yet marked.") and doubt in verdict
    (example,) = re.findall('An example.*: "(.*)"', read_marks(hw))
    for answer, hint in [
        (0.3, "between quotes"),
        ("**Nine of ten** networks use a memory, and I am not sure", "in digits"),
        (example, "the example"),
        ("0.3 may be luck", "how would you"),
    ]:
        put(said, hw.check_doubt, (answer,), hint)


def read_marks(hw):
    (marks,) = [c for c in read(hw.__name__.split(".")[-1]).cells if c.id == "marks"]
    return marks.source


def test_no_helper_of_a_check_is_an_answer():
    floor, most = least_cost(WORD, 1), most_right(WORD)
    model = Spelling(WORD, seed=1)
    shares = [exchange(model, WORD, distance)[0] for distance in range(5)]
    answers = [floor, least_cost(WORD, 2), most, *shares]
    for name, helper in vars(word_hw).items():
        if name.startswith("_") and inspect.isfunction(helper):
            for given in [
                (WORD,),
                (WORD, 1),
                (WORD, 2),
                (model, WORD),
                (model, WORD, 1),
            ]:
                if len(inspect.signature(helper).parameters) == len(given):
                    assert not is_one_of(answers, helper, given), name
    answers = [rule_of(CLASS), entropy(split(CLASS)[2])]
    for name, helper in vars(endings_hw).items():
        if name.startswith("_") and callable(helper):
            if len(inspect.signature(helper).parameters) == 1:
                assert not is_one_of(answers, helper, (CLASS,)), name
    assert rule_of(CLASS) not in vars(endings_hw._Language(CLASS)).values()


def is_one_of(answers, helper, given):
    try:
        result = helper(*given)
    except Exception:  # asked for something else
        return False
    if isinstance(result, dict):
        return result in answers
    return isinstance(result, (int, float)) and any(
        abs(result - answer) < 1e-6
        for answer in answers
        if not isinstance(answer, dict)
    )


CHECKS = [
    getattr(hw, name)
    for hw in (word_hw, endings_hw)
    for name in hw.__all__
    if name.startswith("check_")
]


@pytest.mark.parametrize("check", CHECKS)
def test_no_answer_raises(said, check):
    names = [*inspect.signature(check).parameters]
    for odd in ODD:
        answers = [CLASS if name == "number" else odd for name in names]
        assert not passes(said, check, *answers)


@pytest.mark.parametrize("number", [-1, 7.5, "7", None, True])
@pytest.mark.parametrize("make", [word_hw.make_word, endings_hw.make_words])
def test_a_number_that_is_none_is_refused_in_one_line(make, number):
    with pytest.raises((TypeError, ValueError), match=r"^CLASS must be .*, got "):
        make(number)


def read(name):
    return nbformat.read(HOMEWORK[name], as_version=4)


@every_homework
def test_the_homework_is_as_it_came_and_holds_no_answer(name):
    notebook = read(name)
    assert sign_of_work(notebook) is None and notebook.metadata == METADATA
    (number,) = [cell.source for cell in notebook.cells if cell.id == "class"]
    assert re.fullmatch(r"CLASS = 7  # .*", number)
    answers = [c for c in notebook.cells if c.cell_type == "code" and has_tag(c, *TAGS)]
    assert len(answers) == 4
    for cell in answers:
        assert "None" in cell.source and "hw.check_" in cell.source.splitlines()[-1]
        assert [output.text for output in cell.outputs] == ["not answered yet\n"]


SOLUTIONS = {
    "floor-answer": "my_most_right, my_floor = most_right(word), least_cost(word, 1)",
    "baseline-answer": """
my_below_one, my_below_two = (
    sum(loss < least_cost(word, back) for loss in losses) for back in (1, 2)
)""",
    "exchange-answer": """
def share_changed(distance):
    changed = []
    for step in range(distance, num_steps):
        for letter in vocab.chars:
            place = step - distance
            if letter != word[place]:
                text = word[:place] + letter + word[place + 1 : -1]
                changed.append(says(model, text)[step] != says(model, word[:-1])[step])
    return sum(changed) / len(changed)


my_shares = [share_changed(distance) for distance in range(5)]""",
    "rule-answer": """
my_rule = {word[1]: word.partition("-")[2] for word in training}
my_floor = entropy(training)""",
    "counting-answer": """
def cost_of(model, words):
    ids = vocab.encode("".join(word[-2] for word in words))
    chances = chances_after(model, up_to_hyphen(words))
    return -chances[torch.arange(len(words)), ids].log().mean().item()


ngrams = {n: rh.NGrams(training_texts, vocab, look_back=n - 1) for n in range(2, 10)}
my_n = min(ngrams, key=lambda n: cost_of(ngrams[n], validation))
my_cost, my_9gram_cost = cost_of(ngrams[my_n], test), cost_of(ngrams[9], test)""",
    "exchange-answer-4": """
ending_ids = vocab.encode("".join(end[0] for end in sorted({*my_rule.values()})))


def exchanged(text, place):
    others = [v for v in my_rule if my_rule[v] != my_rule[text[place]]]
    return text[:place] + min(others) + text[place + 1 :]


def share_of_changes(model, place):
    texts = up_to_hyphen(hw.make_long_words(CLASS, 8))
    before, after = (
        chances_after(model, some)[:, ending_ids].argmax(dim=1)
        for some in (texts, [exchanged(text, place) for text in texts])
    )
    return (before != after).double().mean().item()


my_shares = [share_of_changes(models[name], p) for name in ("RNN", "GRU") for p in (2, 4)]
""",
    "doubt-answer": "my_doubt = 'The ' + 'number 7 ' * 10",
}


@every_homework
@pytest.mark.parametrize("number", [7, 12, 2027])
@pytest.mark.play
def test_it_is_solved_with_its_own_code_for_any_class(monkeypatch, name, number):
    """A student's answers, put where the answers belong."""
    sources = []
    for cell in read(name).cells:
        if cell.cell_type == "code":
            source = cell.source.replace("CLASS = 7", f"CLASS = {number}")
            if has_tag(cell, "exercise"):
                key = f"{cell.id}-4" if "models[" in source else cell.id
                source = SOLUTIONS[key] + "\n" + source.splitlines()[-1]
            sources.append(source)
    monkeypatch.syspath_prepend(HOMEWORK[name].parent)
    counting = "from test_homework_3_4 import entropy, least_cost, most_right"
    printed = run_cells(name, [counting, *sources], torch.float64).printed
    verdicts = [text for text in printed if text.startswith(("correct", "try", "not"))]
    assert len(verdicts) == 4
    assert all(verdict.startswith("correct: ") for verdict in verdicts), verdicts


@pytest.mark.wide
def test_what_the_rnn_asks_depends_on_its_seed_and_what_the_gru_asks_does_not(
    monkeypatch,
):
    cells = {cell.id: cell.source for cell in read("after_4_endings").cells}
    ids = ["imports", "class", "words", "counting", "networks", "train"]
    sources = [cells[name] for name in ids]
    sources.append(SOLUTIONS["rule-answer"].splitlines()[1])
    sources.append(SOLUTIONS["exchange-answer-4"])
    sources.append("""
for name, layer_class, seeds in [("RNN", nn.RNN, (1, 2, 3)), ("GRU", nn.GRU, (1, 2))]:
    some = [share_of_changes(train(layer_class, seed), 2) for seed in seeds]
    print(name, min(some), max(some))
""")
    monkeypatch.syspath_prepend(HOMEWORK["after_4_endings"].parent)
    printed = "\n".join(run_cells("after_4_endings", sources, torch.float64).printed)
    ends = dict(re.findall(r"(RNN|GRU) (.*)", printed))
    low, high = map(float, ends["RNN"].split())
    assert high > low + 0.3
    assert min(map(float, ends["GRU"].split())) > 0.9


def test_the_first_vowel_of_the_other_ending_is_put_in():
    rule = {"a": "la", "e": "le", "i": "le", "o": "la"}
    assert endings_hw._with_other_vowel("kato", 1, rule) == "keto"
    assert endings_hw._with_other_vowel("kito", 1, rule) == "kato"


def test_chances_and_shares_over_the_length_have_a_panel_each():
    figure = endings_hw.plot_lengths([2, 4], {"GRU": [0.1, 0.2]}, {"GRU": [0.7, 0.8]})
    shown = {
        ax.get_title(): [line.get_ydata().tolist() for line in ax.lines]
        for ax in figure.axes
    }
    assert shown == {
        "chance of the hyphen": [[0.1, 0.2]],
        "share of right endings": [[0.7, 0.8]],
    }
    for ax in figure.axes:
        (grey,) = ax.patches
        trained = [n for n in range(1, 9) if 0 < n - grey.get_x() < grey.get_width()]
        assert tuple(trained) == endings_hw.SYLLABLES
    plt.close(figure)
