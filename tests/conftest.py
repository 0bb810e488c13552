"""What tests share: a notebook's names, and what an exercise's check says."""

import matplotlib
import matplotlib.pyplot as plt
import pytest
import torch
from course import TRIED, run_lesson, tried

matplotlib.use("agg")
collect_ignore = ["hub"]  # rehearse_class.py's, for Linux and JupyterHub


def pytest_generate_tests(metafunc):
    """Put a notebook's findings to every value that its marks offer as well.

    Not the wide ones and not the grid: they train networks of their own.
    """
    marks = {mark.name: mark for mark in metafunc.definition.iter_markers()}
    claim = marks.get("finding") or marks.get("announced")
    if (
        not claim
        or {"wide", "grid"} & {*marks}
        or "lesson" not in metafunc.fixturenames
    ):
        return
    changes = [
        pytest.param(change, id=str(change), marks=pytest.mark.tries)
        for change in (tried(claim.args[0]) if claim.args[0] in TRIED else ())
        if is_put_to(claim, change.new)
    ]
    if claim.name == "finding":
        changes.insert(0, pytest.param(None, id="as it came"))
    metafunc.parametrize("change", changes, indirect=True, scope="module")


def is_put_to(claim, line):
    if claim.name == "announced":
        return claim.kwargs["at"] in line
    return not any(piece in line for piece in claim.kwargs.get("but", ()))


@pytest.fixture(scope="module")
def change(request):
    """The value that is put into the notebook; None if it is as it came."""
    return getattr(request, "param", None)


@pytest.fixture
def lesson(change):
    """lesson(name) gives that notebook's names; its cells run once a test run."""
    threads = torch.get_num_threads()

    def enter(name):
        changed = change and change.name == name
        run = run_lesson(name, change) if changed else run_lesson(name)
        torch.set_default_dtype(run.dtype)
        torch.set_num_threads(1)  # as in the lessons
        return run.names

    yield enter
    torch.set_default_dtype(torch.float32)
    torch.set_num_threads(threads)


@pytest.fixture(autouse=True)
def no_figures():
    """Whatever a test leaves open, the next one begins without."""
    yield
    plt.close("all")


@pytest.fixture
def said(capsys):
    """said(check, *answers) gives the verdict that an exercise's check prints."""

    def say(check, *answers):
        capsys.readouterr()  # what a notebook's own, unanswered checks say
        assert check(*answers) is None
        verdict = capsys.readouterr().out
        assert verdict.startswith(("correct: ", "try again: ", "not answered yet\n"))
        assert verdict.count("\n") == 1
        return verdict

    return say
