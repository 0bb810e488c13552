"""The exercises: what their checks say to right, wrong and odd answers."""

import fractions
import inspect
import math
import re

import numpy as np
import pytest
import torch
from conftest import REBUILT, has_tag, read_notebook

from rnn_helpers.checks import elman_sine, summing_rnn
from rnn_helpers.exercises import TryAgain, exercise

VERDICTS = ("correct: ", "try again: ", "not answered yet\n")
MODULES = {"01_elman_sine": elman_sine, "02_summing_rnn": summing_rnn}
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
    [(name, number) for name in REBUILT for number in range(len(exercises(name)))],
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


@pytest.mark.parametrize("name", REBUILT)
def test_three_or_four_exercises_of_text_answer_and_folded_solution(name):
    found = exercises(name)
    assert 3 <= len(found) <= 4
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


@pytest.mark.parametrize("name", REBUILT)
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
}


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
