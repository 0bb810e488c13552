"""What tests share: a notebook's names, and what an exercise's check says."""

import matplotlib
import pytest
import torch
from course import run_lesson

matplotlib.use("agg")


@pytest.fixture
def lesson():
    """lesson(name) gives that notebook's names; its cells run once a test run."""
    threads = torch.get_num_threads()

    def enter(name):
        run = run_lesson(name)
        torch.set_default_dtype(run.dtype)
        torch.set_num_threads(1)  # as in the lessons
        return run.names

    yield enter
    torch.set_default_dtype(torch.float32)
    torch.set_num_threads(threads)


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
