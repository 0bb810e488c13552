"""The exercises: what their checks say to right, wrong and odd answers."""

import fractions
import inspect
import math
import re

import numpy as np
import pytest
import torch
from conftest import LABS, NOTEBOOKS, has_tag, read_notebook
from torch.nn import functional

from rnn_helpers import CharVocab, one_hot
from rnn_helpers.checks import (
    char_hihell,
    elman_sine,
    remembering_longer,
    sentence_completion,
    summing_rnn,
    was_it_luck,
)
from rnn_helpers.exercises import TryAgain, exercise

VERDICTS = ("correct: ", "try again: ", "not answered yet\n")
MODULES = dict(
    zip(
        NOTEBOOKS,
        (
            elman_sine,
            summing_rnn,
            char_hihell,
            sentence_completion,
            was_it_luck,
            remembering_longer,
        ),
    )
)
CHECKS = {
    name: check
    for module in MODULES.values()
    for name, check in vars(module).items()
    if name.startswith("check_")
}


def exercises(name):
    """The exercises of a notebook: text, answer cell, solution, one after the other."""
    cells = read_notebook(name).cells
    tagged = [cell for cell in cells if has_tag(cell, "exercise", "solution")]
    return [tagged[i : i + 3] for i in range(0, len(tagged), 3)]


def number_of_arguments(check):
    return len(inspect.signature(check).parameters)


every_exercise = pytest.mark.parametrize(
    "name, number",
    [(name, number) for name in NOTEBOOKS for number in range(len(exercises(name)))],
)


@pytest.fixture
def said(capsys):
    """said(check, *answers) gives the verdict that the check prints."""

    def say(check, *answers):
        assert check(*answers) is None
        verdict = capsys.readouterr().out
        assert verdict.startswith(VERDICTS) and verdict.count("\n") == 1
        return verdict

    return say


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_exercises_are_text_answer_and_folded_solution(name):
    found = exercises(name)
    assert (2 if name in LABS else 3) <= len(found) <= 4
    for number, (text, answer, solution) in enumerate(found, 1):
        assert re.match(rf"> \*\*Exercise {number} · \w+\.\*\* ", text.source)
        kinds = [cell.cell_type for cell in (text, answer, solution)]
        assert kinds == ["markdown", "code", "markdown"]
        assert has_tag(text, "exercise") and has_tag(answer, "exercise")
        assert has_tag(solution, "solution")
        assert solution.source.startswith("<details><summary>Solution</summary>\n\n")
        assert solution.source.endswith("\n\n</details>")
        assert answer.outputs[0].text == "not answered yet\n"


@every_exercise
def test_solution_is_correct(lesson, capsys, name, number):
    _, answer, solution = exercises(name)[number]
    namespace = {**lesson(name), "print": lambda *words: None}
    capsys.readouterr()  # what the lesson's own, unanswered checks say
    (code,) = re.findall(r"```python\n(.*?)```", solution.source, re.S)
    exec(code, namespace)
    check = answer.source.splitlines()[-1]
    assert check.startswith("check_")
    exec(check, namespace)
    assert capsys.readouterr().out.startswith("correct: ")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_check_is_used_in_its_notebook(name):
    used = {
        answer.source.splitlines()[-1].split("(")[0] for _, answer, _ in exercises(name)
    }
    assert used == {c for c in vars(MODULES[name]) if c.startswith("check_")}


def step_saying(says, keeps):
    return lambda x_t, h_prev: (says(x_t, h_prev), keeps(x_t, h_prev))


def mean_of(says):
    """A cell that keeps sum and number of the frames, and says what it is told to."""

    def cell(x_t, state):
        total, count = state[0] + x_t, state[1] + 1
        return says(x_t, total, count), (total, count)

    return cell


def by_hand(over=1, mean=True, sign=-1, log=torch.log):
    """The mean cross-entropy, or what comes out with something wrong in it."""

    def mean_cross_entropy(logits, target_ids):
        shares = logits.exp() / logits.exp().sum(dim=over, keepdim=True)
        rows = sign * log(shares[torch.arange(len(logits)), target_ids])
        return rows.mean() if mean else rows.sum()

    return mean_cross_entropy


def spelling(
    carry=True, first=None, last=lambda states, output_layer: output_layer(states)
):
    """Read a word letter by letter, or with something wrong in it."""
    kept = [first]

    def read_by_letter(layer, output_layer, inputs):
        rows, h_n = [], kept[0]
        for x_t in inputs:
            states, h_n = layer(x_t.reshape(1, 1, -1), h_n)
            rows.append(last(states[0, 0], output_layer))
        if not carry:
            kept[0] = h_n
        return torch.stack(rows)

    return read_by_letter


def whole_word(layer, output_layer, inputs):
    return output_layer(layer(inputs[None])[0])[0]


def from_the_end(layer, output_layer, inputs):
    return spelling()(layer, output_layer, inputs.flip(0))


def begins_anew(layer, output_layer, inputs):
    rows = [layer(x_t.reshape(1, 1, -1), None)[0][0, 0] for x_t in inputs]
    return output_layer(torch.stack(rows))


def with_keywords(layer, output_layer, inputs):
    rows, h_n = [], None
    for x_t in inputs:
        states, h_n = layer(hx=h_n, input=x_t[None])
        rows.append(output_layer(states[0]).detach())
    return rows


def with_own_recurrence(layer, output_layer, inputs):
    h_t, rows = torch.zeros(layer.hidden_size), []
    for x_t in inputs:
        fresh = x_t @ layer.weight_ih_l0.T + h_t @ layer.weight_hh_l0.T
        h_t = torch.tanh(fresh + layer.bias_ih_l0 + layer.bias_hh_l0)
        rows.append(output_layer(h_t))
    return rows  # a list


torch.manual_seed(269)  # every mistake gives another number there
NETWORK = torch.nn.RNN(3, 4, batch_first=True), torch.nn.Linear(4, 3)
LETTERS = torch.tensor([0, 1, 0, 2])


def unnoticed():
    """Misprints that change no answer of this network, counted in another way."""
    layer, output_layer = NETWORK
    words = torch.cartesian_prod(*4 * [torch.arange(3)])
    near = words[(words != LETTERS).sum(dim=1) == 1]
    with torch.no_grad():
        said = output_layer(layer(torch.eye(3)[near])[0]).argmax(dim=2)
        right = output_layer(layer(torch.eye(3)[LETTERS][None])[0]).argmax(dim=2)
    return (said == right).all(dim=1).sum().item()


UNNOTICED, ROWS = unnoticed(), torch.eye(3)[LETTERS]


class Parrot:
    """A model that goes on as the first sentence goes on that began like this."""

    def __init__(self, sentences):
        self.sentences, self.vocab = sentences, CharVocab.from_text("".join(sentences))

    def next_char(self, text):
        for sentence in self.sentences:
            if sentence.startswith(text) and len(sentence) > len(text):
                return sentence[len(text)]
        return self.vocab.chars[0]

    def __call__(self, ids, h_prev=None):
        texts = [self.vocab.decode(ids[0, : end + 1]) for end in range(ids.shape[1])]
        chars = "".join(map(self.next_char, texts))
        return 5 * one_hot(self.vocab.encode(chars), len(self.vocab))[None], None


SENTENCES = ["hey you", "good day", "have it", "good dan"]
PARROT = Parrot(SENTENCES)


def shortest(model, sentence, least=1, otherwise=None):
    for end in range(least, len(sentence)):
        text = sentence[:end]
        while len(text) < len(sentence):
            text += model.next_char(text)
        if text == sentence:
            return sentence[:end]
    return sentence if otherwise is None else otherwise


ALPHABET = CharVocab(".abcdefghijklmnopqrstuvwxyz")


def all_alike(text):
    return torch.full((len(text), 27), 1 / 27)


SIGNAL = torch.tensor([0.3, 0.9, 0.2, 0.4, 0.7])
TOTAL = SIGNAL.sum()
STEP = 0.4
RATE = 2 * math.cos(STEP)

# Each foreseen mistake, and a word of the hint that is made for it.
MISTAKES = {
    "check_factor": [
        ((0.25,), "How many are there now"),
        ((1,), "only half as far"),
        ((2,), "how large is each"),
        ((4,), "larger or smaller"),
        ((17,), "And its square"),
    ],
    "check_two_point_step": [
        ((step_saying(lambda x, h: x, lambda x, h: 2 * x - h),), "forecast first"),
        ((step_saying(lambda x, h: 2 * x - h, lambda x, h: h),), "stays what it was"),
        (
            (step_saying(lambda x, h: 2 * x - h, lambda x, h: 2 * x - h),),
            "not the forecast",
        ),
        ((step_saying(lambda x, h: x - h, lambda x, h: x),), "That is the rise"),
        ((step_saying(lambda x, h: h, lambda x, h: x),), "The other way"),
        ((step_saying(lambda x, h: x * h, lambda x, h: x),), "risen"),
        (
            (step_saying(lambda x, h: (2 * x - h).clamp(-1, 1), lambda x, h: x),),
            "risen",
        ),
        ((step_saying(lambda x, h: 2 * x - h, lambda x, h: abs(x)),), "risen"),
        ((lambda x_t, h_prev: 2 * x_t - h_prev,), "Return y_t, h_t"),
    ],
    "check_reach": [
        ((lambda n, p: n % p,), "is 0 right"),
        ((lambda n, p: min(n, p),), "always a whole one"),
        ((lambda n, p: n,), "without a cut"),
        ((lambda n, p: 1,), "after every step"),
        ((lambda n, p: math.ceil(n / p),), "counts the pieces"),
        ((lambda n, p: (n - 1) % p,), "last step itself"),
        ((lambda n, p: n + p,), "Which is the last piece"),
    ],
    "check_two_weights": [
        ((-1, RATE, STEP), "changed places"),
        ((2, -1, STEP), "a straight line"),
        ((1, 0, STEP), "forecasts the present value"),
        ((0, 1, STEP), "forecasts the value before"),
        ((RATE, 1, STEP), "The sign of b"),
        ((math.cos(STEP), 0, STEP), "Two columns"),
        ((5, 5, STEP), "Target: "),
    ],
    "check_wrong_answer": [
        ((0, 1, 1, SIGNAL), "wrong ones"),
        ((TOTAL, 0, 1, SIGNAL), "at every frame"),
        ((TOTAL / 5, 0, 0, SIGNAL), "only the last step counts"),
        ((0, 1, 0, SIGNAL), "keeps the earlier ones"),
        ((3, 3, 0, SIGNAL), "the sum is 2.500"),
    ],
    "check_mean_cell": [
        ((mean_of(lambda x, total, n: total), (0, 0)), "That is the sum"),
        ((mean_of(lambda x, total, n: total / 5), (0, 0)), "divides by 5"),
        ((mean_of(lambda x, total, n: total / (n + 1)), (0, 0)), "one frame too many"),
        ((mean_of(lambda x, total, n: x), (0, 0)), "the frame itself"),
        ((lambda x, mean: ((x + mean) / 2, (x + mean) / 2), 0), "Half and half"),
        ((mean_of(lambda x, total, n: n), (0, 0)), "the number of frames"),
    ],
    "check_half_life": [
        ((lambda w: 0.5 / (1 - w),), "same amount"),
        ((lambda w: math.log(0.5) / math.log(w),), "whole steps"),
        ((lambda w: math.floor(math.log(0.5) / math.log(w)),), "Round up"),
        ((lambda w: math.log(w) / math.log(0.5),), "Upside down"),
        ((lambda w: 50,), "Count."),
    ],
    "check_best_rates": [
        ((0.01, 0.01), "its own best"),
        ((0.3, 0.03), "changed places"),
        ((0.1, 0.3), "finds nothing"),
        ((0.01, 0.3), "a little faster"),
        ((0.03, 0.01), "far higher rate"),
        ((0.3, 0.01), "Train at each rate"),
    ],
    "check_cross_entropy": [
        ((by_hand(mean=False),), "sum over the steps"),
        ((by_hand(sign=1),), "never negative"),
        ((by_hand(log=torch.log2),), "base 2"),
        ((by_hand(log=torch.log10),), "base 10"),
        ((by_hand(over=0),), "in a row"),
        ((by_hand(over=(0, 1)),), "its own row"),
        (
            (lambda x, t: -x.softmax(1)[torch.arange(7), t].mean().log(),),
            "then the mean",
        ),
        ((lambda x, t: functional.cross_entropy(x.softmax(1), t),), "taken twice"),
        ((lambda x, t: -x[torch.arange(7), t].mean(),), "no probabilities yet"),
        ((lambda x, t: -x.log_softmax(1).mean(),), "Only the letter that came"),
        ((lambda x, t: 0.7,), "Softmax each row"),
    ],
    "check_two_letters": [
        ((5, 0.318), "That is with one letter"),
        ((5, 1.386), "the sum over the six"),
        ((5, 0.1155), "Each of these two steps"),
        ((5, 0.693), "the other four"),
        ((5, 0.333), "base 2"),
        ((4, 0.231), "Count the right ones again"),
        ((3, 0.9), "Write each pair"),
    ],
    "check_read_by_letter": [
        ((whole_word,), "letters at once"),
        ((begins_anew,), "Set it before the loop"),
        ((from_the_end,), "from its end"),
        ((spelling(last=lambda s, f: f(s).softmax(0)),), "probabilities"),
        ((spelling(last=lambda s, f: s),), "Those are the states"),
        ((spelling(carry=False),), "left behind"),
        ((lambda layer, f, x: spelling()(layer, f, x)[-1],), "one row of logits"),
        ((lambda layer, f, x: spelling()(layer, f, x)[-1:].expand(6, 3),), "six times"),
        ((lambda layer, f, x: torch.zeros(6, 3),), "Give each call the state"),
    ],
    "check_misprints": [
        ((UNNOTICED + 4, NETWORK, LETTERS, ROWS), "once at each step"),
        ((UNNOTICED + 1, NETWORK, LETTERS, ROWS), "as a misprint"),
        ((6, NETWORK, LETTERS, ROWS), "own step"),
        ((3, NETWORK, LETTERS, ROWS), "what belongs there"),
        ((8 - UNNOTICED, NETWORK, LETTERS, ROWS), "how many it notices"),
        ((8, NETWORK, LETTERS, ROWS), "Try all of them"),
        ((UNNOTICED, NETWORK, LETTERS.flip(0), ROWS), "change a clone"),
        ((-3, NETWORK, LETTERS, ROWS), "Two loops"),
    ],
    "check_prediction": [
        (("rise", "rise"), "sees four letters"),
        (("stay", "stay"), "has read all letters"),
        (("stay", "fall"), "Look at the figure"),
        (("stay", "up"), "not 'up'"),
        (("stay", "rise or fall"), "not 'rise or fall'"),
    ],
    "check_padding": [
        ((36, 10), "nobody's target"),
        ((33, 23), "23 are real. How many"),
        ((26, 10), "is a block"),
        ((23, 10), "has places"),
        ((11, 10), "for one sentence"),
        ((33, 7), "Add up the two"),
        ((33, 12), "how many places"),
        ((10, 33), "First all targets"),
        ((1, 1), "how many of them are targets"),
    ],
    "check_shortest": [
        ((lambda m, s: s[1:], PARROT, SENTENCES), "no beginning"),
        (("he", PARROT, SENTENCES), "function itself"),
        (
            (lambda m, s: shortest(m, s, otherwise=s[:-1]), PARROT, SENTENCES),
            "return it whole",
        ),
        ((lambda m, s: s, PARROT, SENTENCES), "Begin with one"),
        (
            (lambda m, s: shortest(m, s, least=2), PARROT, SENTENCES),
            "One character fewer",
        ),
        ((lambda m, s: 2, PARROT, SENTENCES), "Return a beginning"),
        (
            (
                lambda m, s: None if shortest(m, s) == s else shortest(m, s),
                PARROT,
                SENTENCES,
            ),
            "it returns None",
        ),
        (
            (
                lambda m, s: shortest(m, s)[:2] if s != "have it" else "h",
                PARROT,
                SENTENCES,
            ),
            "something else",
        ),
    ],
    "check_likelier": [
        (("anna", "anna", all_alike, ALPHABET), "the greedy name itself"),
        (("roseanna", "anna", all_alike, ALPHABET), "only 16.48"),
        ((7, "anna", all_alike, ALPHABET), "a string"),
        (("a.b", "anna", all_alike, ALPHABET), "without the dots"),
        (("zoë", "anna", all_alike, ALPHABET), "of the characters"),
    ],
}


def fair(solved, choose=0, read=1):
    """The share of the rate that is best in one half, read on another."""
    halves = [*solved.double().chunk(2, dim=1), solved.double()]
    return halves[read][halves[choose].mean(dim=1).argmax()].mean()


def left(num_steps):
    return 0.5 ** (1 / num_steps)


def forget_bias(num_steps):
    return math.log(left(num_steps) / (1 - left(num_steps)))


MISTAKES |= {
    "check_best_of": [
        ((lambda n: 0.1 * n,), "not certain"),
        ((lambda n: min(1, 0.1 * n),), "count it twice"),
        ((lambda n: 0.1**n,), "*all* runs"),
        ((lambda n: 0.9**n,), "*none*"),
        ((lambda n: 1 - 0.1**n,), "not all of them"),
        ((lambda n: 100 - 100 * 0.9**n,), "from 0 to 1"),
        ((lambda n: 0.9**n - 1,), "the sign"),
        ((lambda n: n * 0.1 * 0.9 ** (n - 1),), "*exactly one*"),
        ((lambda n: round(1 - 0.9**n, 2),), "Do not round"),
        ((lambda n: n,), "no run at all"),
    ],
    "check_fair_share": [
        ((lambda solved: fair(solved, 0, 0),), "flattered"),
        ((lambda solved: fair(solved, 2, 2),), "on the same runs"),
        ((lambda solved: fair(solved, 0, 2),), "second half only"),
        ((lambda solved: fair(solved, 2, 1),), "has also chosen"),
        ((lambda solved: fair(solved, 1, 0),), "changed places"),
        ((lambda solved: fair(solved, 1, 1),), "chooses on the second"),
        ((lambda solved: 0.5,), "Find the row"),
    ],
    "check_random_memory": [
        ((0.6, 1), "never grows"),
        ((1.3, 30), "too loud"),
        ((1.02, 0.1), "further above 1"),
        ((-1, 0.1), "above 0"),
    ],
    "check_forget_bias": [
        ((left,), "the gate itself"),
        ((lambda n: 1 / (1 + math.exp(-left(n))),), "Other way round"),
        ((lambda n: -forget_bias(n),), "Upside down"),
        ((math.log,), "just one half"),
        ((lambda n: math.log(2 * n - 1),), "same share"),
        ((lambda n: math.log(left(n)),), "not log(f)"),
        ((lambda n: forget_bias(n) / math.log(10),), "natural logarithm"),
        ((lambda n: 3,), "First find f"),
    ],
}


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_each_foreseen_mistake_gets_its_own_hint(said, check):
    verdicts = [said(CHECKS[check], *answers) for answers, _ in MISTAKES[check]]
    for verdict, (_, word) in zip(verdicts, MISTAKES[check]):
        assert verdict.startswith("try again: ") and word in verdict
    hints = {word for _, word in MISTAKES[check]}
    assert len(set(verdicts)) == len(hints) >= 3


def negated_state(x_t, h_prev):
    return 2 * x_t + h_prev, -x_t


def running_mean(x_t, state):
    mean, count = state
    mean = mean + (x_t - mean) / (count + 1)
    return mean, [mean, count + 1]


def appending(x_t, seen):
    seen.append(float(x_t))
    return sum(seen) / len(seen), seen


RIGHT = {
    "check_factor": [
        (0.5,),
        (0.503,),
        (torch.tensor([0.5], requires_grad=True),),
        (fractions.Fraction(1, 2),),
    ],
    "check_two_point_step": [
        (negated_state,),
        (lambda x, h: (x + (x - h), x),),
        (lambda x, h: [float(2 * x - h), x],),
    ],
    "check_reach": [
        (lambda n, p: n - (math.ceil(n / p) - 1) * p,),
        (lambda n, p: p if n % p == 0 else n % p,),
        (lambda n, p: len(torch.arange(n).split(p)[-1]),),
        (lambda n, p: np.int64((n - 1) % p + 1),),
    ],
    "check_two_weights": [(RATE, -1, STEP), (torch.tensor(RATE), -1.0, STEP)],
    "check_wrong_answer": [
        (TOTAL / 5, 0, 1, SIGNAL),
        (TOTAL, 0, 0, SIGNAL),
        (0, TOTAL / SIGNAL[-1], 0, SIGNAL),
        (1.5 - 1, 0, 1, SIGNAL),
    ],
    "check_mean_cell": [
        (running_mean, (0.0, 0)),
        (appending, []),
        (mean_of(lambda x, total, n: total / n), torch.zeros(2)),
    ],
    "check_half_life": [
        (lambda w: math.ceil(math.log(0.5, w)),),
        (lambda w: 1 + int(np.log(0.5) / np.log(w) - 1e-12),),
    ],
    "check_best_rates": [(0.03, 0.3), (0.03, 0.1), (torch.tensor(0.03), 0.3)],
    "check_cross_entropy": [
        (by_hand(),),
        (lambda x, t: (x.logsumexp(1) - x.gather(1, t[:, None])[:, 0]).mean(),),
        (lambda x, t: np.mean([-r.log_softmax(0)[i].item() for r, i in zip(x, t)]),),
        (lambda x, t: [by_hand()(x.float().requires_grad_(), t)],),
        (lambda x, t: -(torch.eye(5)[t] * x.float().log_softmax(1)).sum() / len(t),),
    ],
    "check_two_letters": [
        (5, 0.23),
        (5, math.log(2) / 3),
        (torch.tensor(5), np.float32(0.231)),
        (fractions.Fraction(5), 0.2310),
    ],
    "check_read_by_letter": [
        (spelling(),),
        (spelling(first=torch.zeros(1, 1, 4)),),
        (with_own_recurrence,),
        (with_keywords,),
        (lambda layer, f, x: spelling()(layer, f, x).detach().numpy(),),
    ],
    "check_misprints": [
        (UNNOTICED, NETWORK, LETTERS, ROWS),
        (torch.tensor([UNNOTICED]), NETWORK, LETTERS, ROWS),
        (np.int64(UNNOTICED), NETWORK, LETTERS, ROWS),
    ],
    "check_prediction": [("stay", "rise"), (" STAY the same.", "Rises ")],
    "check_padding": [(33, 10), (33.0, torch.tensor(10)), (3 * 11, [10])],
    "check_shortest": [(shortest, PARROT, SENTENCES)],
    "check_likelier": [
        ("al", "anna", all_alike, ALPHABET),
        ("zzz", "anna", all_alike, ALPHABET),
    ],
}


def fair_in_a_loop(solved):
    half = solved.shape[1] // 2
    rows = [[bool(run) for run in row] for row in solved]
    best = max(rows, key=lambda row: sum(row[:half]))
    return sum(best[half:]) / half


RIGHT |= {
    "check_best_of": [
        (lambda n: 1 - (1 - 0.1) ** n,),
        (lambda n: sum(0.1 * 0.9**k for k in range(n)),),
        (lambda n: 1 - fractions.Fraction(9, 10) ** n,),
        (lambda n: 1 - torch.tensor(0.9) ** n,),
    ],
    "check_fair_share": [
        (fair,),
        (fair_in_a_loop,),
        (lambda solved: np.float64(fair(solved)),),
        (lambda solved: solved.logical_not_() is None or 1 - fair_of_failures(solved),),
    ],
    "check_random_memory": [(1.3, 0.1), (torch.tensor(1.6), 0.03), (2, 0.1)],
    "check_forget_bias": [
        (forget_bias,),
        (lambda n: -math.log(2 ** (1 / n) - 1),),
        (lambda n: torch.tensor(left(n)).logit(),),
    ],
}


def fair_of_failures(failed):
    """The share of failures of the rate that fails least in the first half."""
    first, second = failed.double().chunk(2, dim=1)
    return second[first.mean(dim=1).argmin()].mean()


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_an_odd_right_answer_passes(said, check):
    for answers in RIGHT[check]:
        assert said(CHECKS[check], *answers).startswith("correct: ")


@pytest.mark.parametrize(
    "check, first_state", [("check_two_point_step", None), ("check_mean_cell", 0)]
)
def test_a_memory_outside_the_state_does_not_pass(said, check, first_state):
    seen = []

    def remembers_elsewhere(x_t, state):
        seen.append(float(x_t))
        if first_state is None:
            return 2 * seen[-1] - (seen[-2] if seen[1:] else 0), state
        recent = seen[-6:] if len(seen) > 6 else seen
        return sum(recent) / len(recent), state

    answers = [remembers_elsewhere] + ([first_state] if first_state is not None else [])
    assert "in the state that it returns" in said(CHECKS[check], *answers)


class Spiteful:
    """An answer that refuses whatever is asked of it."""

    def refuse(self, *_):
        raise RuntimeError("no")

    __repr__ = __str__ = __float__ = __len__ = __iter__ = __bool__ = __eq__ = refuse
    __array__ = __call__ = __getitem__ = __add__ = __radd__ = __mul__ = refuse


class Leave(BaseException):
    """Not even an Exception."""


def leave(*_):
    raise Leave


ODD = [
    *("", "0.5", b"x", True, -1, 0, 7, 1e300, 10**400, math.nan, math.inf, 1j, [], {}),
    *([1, 2, 3, 4], [[1], [2, 3]], (), object(), Spiteful(), Spiteful, int, leave),
    *(torch.zeros(0), torch.zeros(2, 3), torch.tensor(math.nan), torch.tensor(1j)),
    *(torch.tensor(0.5, requires_grad=True), torch.tensor(True), np.float32(0.5)),
    *(np.zeros(3), lambda: 1, lambda *_: None, lambda *_: "x", lambda *_: 1 / 0),
    *(lambda *_: (1, 2), lambda *_: (math.nan, None), lambda *_: [Spiteful()] * 2),
]


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_no_answer_raises(said, check):
    count = number_of_arguments(CHECKS[check])
    good = RIGHT[check][0]
    for position in range(count):
        for odd in [*ODD, None]:
            answers = [*good]
            answers[position] = odd
            verdict = said(CHECKS[check], *answers)
            assert odd is not None or verdict == "not answered yet\n"
    for odd in ODD:
        said(CHECKS[check], *[odd] * count)
    said(CHECKS[check])  # and none at all


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_a_check_leaves_the_random_numbers_alone(said, check):
    torch.manual_seed(0)
    said(CHECKS[check], *RIGHT[check][0])
    after = torch.rand(3)
    torch.manual_seed(0)
    assert torch.equal(after, torch.rand(3))


def test_reach_is_what_autograd_says():
    for num_steps, piece in ((20, 8), (20, 5), (7, 30), (9, 1)):
        inputs = torch.rand(num_steps, requires_grad=True)
        h_t = torch.zeros(())
        for x in inputs.split(piece):
            h_t = h_t.detach()
            for x_t in x:
                h_t = torch.tanh(x_t + h_t)
        h_t.backward()
        assert (inputs.grad != 0).sum() == (num_steps - 1) % piece + 1


def test_a_judge_may_say_that_the_answer_is_wrong(said):
    @exercise
    def check_even(number):
        if number % 2:
            raise TryAgain("It is odd.")
        return "it is even."

    assert said(check_even, 3) == "try again: It is odd.\n"
    assert said(check_even, 2) == "correct: it is even.\n"
    assert "TypeError" in said(check_even, "x y")
