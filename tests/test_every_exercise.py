"""The exercises: what their checks say to right, wrong and odd answers."""

import ast
import contextlib
import inspect
import io
import math
import re
from importlib import import_module

import numpy as np
import pytest
import torch
from course import (
    LABS,
    NOTEBOOKS,
    every_notebook,
    has_tag,
    module_of,
    read_notebook,
    room_of,
)

from teaching.publish.student import for_students

MOST = 4  # exercises in a notebook


def checks_of(name):
    """The checks in a notebook's room, by their names."""
    room = import_module(f"rnn_helpers.lessons.{room_of(name)}")
    names = [name for name in room.__all__ if name.startswith("check_")]
    return {name: getattr(room, name) for name in names}


every_check = pytest.mark.parametrize(
    "name, check", [(name, check) for name in NOTEBOOKS for check in checks_of(name)]
)


LONG = {"check_best_rates"}  # whose solution trains for ten seconds


def exercises(name):
    """The exercises of a notebook: text, answer cell, solution, one after the other."""
    cells = read_notebook(name).cells
    tagged = [cell for cell in cells if has_tag(cell, "exercise", "solution")]
    return [tagged[i : i + 3] for i in range(0, len(tagged), 3)]


def code_of(solution):
    (code,) = re.findall(r"```python\n(.*?)```", solution.source, re.S)
    return code


def given_in(code):
    """The lines of code that assign to a name, by that name, but for None."""
    lines = [node for node in ast.parse(code).body if isinstance(node, ast.Assign)]
    lines = [map(ast.unparse, (node.targets[0], node.value)) for node in lines]
    return {target: value for target, value in lines if "None" not in value}


HINTS = {  # code in exercises' texts that is neither in the answer nor in the solution
    "exp(100)",
    "ignore_index",
    "says(model, text)",
    "solved.double().mean(dim=1).max()",
    "table.sum(dim=1, keepdim=True)",
    "table[torch.arange(len(table)), target_ids]",
    "wave[2:]",
    "a, b",
}


@every_notebook
def test_what_an_exercise_gives_is_what_its_solution_uses(name):
    for text, answer, solution in exercises(name):
        code = f"{answer.source}\n{code_of(solution)}"
        spans = re.findall(r"`([^`\n]+)`", text.source)
        assert {span for span in spans if span not in code} <= HINTS
        given, used = given_in(answer.source), given_in(code_of(solution))
        assert given == {target: used.get(target, given[target]) for target in given}


@every_notebook
def test_exercises_are_text_answer_and_folded_solution(name):
    found = exercises(name)
    assert (2 if name in LABS else 3) <= len(found) <= MOST
    for number, (text, answer, solution) in enumerate(found, 1):
        assert re.match(rf"> \*\*Exercise {number} · \w+\.\*\* ", text.source)
        kinds = [cell.cell_type for cell in (text, answer, solution)]
        assert kinds == ["markdown", "code", "markdown"]
        assert has_tag(text, "exercise") and has_tag(answer, "exercise")
        assert has_tag(solution, "solution")
        assert solution.source.startswith("<details><summary>Solution</summary>\n\n")
        assert solution.source.endswith("\n\n</details>")


@pytest.mark.parametrize(
    "name, check",
    [
        pytest.param(*pair, marks=[pytest.mark.play] if pair[1] in LONG else [])
        for pair in every_check.args[1]
    ],
)
def test_solution_is_correct(lesson, capsys, name, check):
    ((answer, solution),) = (
        exercise[1:]
        for exercise in exercises(name)
        if check_line(exercise[1]).startswith(f"rh.{check}(")
    )
    namespace = {**lesson(name), "print": lambda *words: None}
    capsys.readouterr()  # what the lesson's own, unanswered checks say
    exec(answered(answer, solution), namespace)
    assert capsys.readouterr().out.startswith("correct: ")


def wrong_solutions(name, names):
    """What checks say against the published solutions, but for the one that trains long."""
    said = []
    for _, answer, solution in exercises(name):
        if not any(check in check_line(answer) for check in LONG):
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(answered(answer, solution), {**names, "print": lambda *_: None})
            said.append(out.getvalue())
    return [verdict for verdict in said if not verdict.startswith("correct: ")]


def check_line(answer):
    return answer.source.splitlines()[-1]


def answered(answer, solution):
    """The code of an answer cell with the published solution in it."""
    return f"{code_of(solution)}\n\n{check_line(answer)}"


def solved(name):
    """A notebook as it is handed out, with the published solutions in it."""
    page = for_students(read_notebook(name))
    cells = {cell.id: cell for cell in page.cells}
    for _, answer, solution in exercises(name):
        cells[answer.id].source = answered(answer, solution)
    return page


@every_notebook
def test_every_check_is_used_in_its_notebook(name):
    used = [check_line(answer).split("(")[0] for _, answer, _ in exercises(name)]
    assert sorted(used) == sorted(f"rh.{check}" for check in checks_of(name))


# What a check says of answers that are not in the lists, with tests of their own.
SAID_ELSEWHERE = {
    "What it remembers must be in the state that it returns.",
    ". Most misprints change what it says.",
    ". More often than not it reads over it.",
}


def sentences_in(judge):
    """The hints and reasons that stand in the code of a check."""
    (function,) = ast.parse(inspect.getsource(judge)).body
    for statement in function.body[1:]:  # without the docstring
        for node in ast.walk(statement):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and len(text.split()) > 3:
                yield text


@every_check
def test_each_foreseen_mistake_gets_its_own_hint(said, name, check):
    """And no hint is without its mistake."""
    judge, mistakes = checks_of(name)[check], module_of(name).MISTAKES[check]
    verdicts = [said(judge, *answers) for answers, _ in mistakes]
    for verdict, (_, word) in zip(verdicts, mistakes):
        assert verdict.startswith("try again: ") and word in verdict
    hints = {word for _, word in mistakes}
    assert len(set(verdicts)) == len(hints) >= 3
    verdicts += [said(judge, *answers) for answers in module_of(name).RIGHT[check]]
    for text in {*sentences_in(judge)} - SAID_ELSEWHERE:
        assert text.strip() in "".join(verdicts), text


@every_check
def test_an_odd_right_answer_passes(said, name, check):
    for answers in module_of(name).RIGHT[check]:
        assert said(checks_of(name)[check], *answers).startswith("correct: ")


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


@every_check
def test_no_answer_raises(said, name, check):
    judge, good = checks_of(name)[check], module_of(name).RIGHT[check][0]
    count = len(inspect.signature(judge).parameters)
    for position in range(count):
        for odd in [*ODD, None]:
            answers = [*good]
            answers[position] = odd
            verdict = said(judge, *answers)
            assert odd is not None or verdict == "not answered yet\n"
    for odd in ODD:
        said(judge, *[odd] * count)
    said(judge)  # and none at all


@every_check
def test_a_check_leaves_the_random_numbers_alone(said, name, check):
    judge, right = checks_of(name)[check], module_of(name).RIGHT[check][0]
    torch.manual_seed(0)
    said(judge, *right)
    after = torch.rand(3)
    torch.manual_seed(0)
    assert torch.equal(after, torch.rand(3))
