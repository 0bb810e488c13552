"""The machinery that puts findings to the values of the marks: pytest -m tries"""

import os
import subprocess
import sys

import pytest
from course import ROOT, tried

FALSE_AT_ONE = """
from course import finding
import test_elman_sine

@finding("01_elman_sine", "title")
def test_a_claim_that_is_false_at_one_value(lesson):
    assert lesson("01_elman_sine")["num_hiddens"] != {value}

test_elman_sine.test_a_claim_that_is_false_at_one_value = (
    test_a_claim_that_is_false_at_one_value
)
"""


def test_marks_are_read_values_words_and_questions(monkeypatch):
    lines = [
        "x = 6  # try 2 or 12: what changes?",
        'word = "a b"  # try "c" or "d e"',
        "run(a=1, b=0.5)  # try -0.25",
        "y = 3  # no mark",
    ]
    monkeypatch.setitem(tried.__wrapped__.__globals__, "sources", lambda _: lines)
    changes = tried.__wrapped__("01_elman_sine")
    assert [(change.new, change.question) for change in changes] == [
        ("x = 2", "what changes?"),
        ("x = 12", "what changes?"),
        ('word = "c"', ""),
        ('word = "d e"', ""),
        ("run(a=1, b=-0.25)", ""),
    ]


@pytest.mark.tries
def test_a_finding_that_is_false_at_one_value_turns_red(tmp_path):
    offered = [one for one in tried("01_elman_sine") if "num_hiddens = " in one.new]
    value = offered[-1].new.split()[-1]
    (tmp_path / "false_at_one.py").write_text(FALSE_AT_ONE.format(value=value))
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-m", "tries"]
    command += ["-p", "false_at_one", "tests/lessons/test_elman_sine.py"]
    command += ["-k", "false_at_one_value and num_hiddens"]
    folders = [tmp_path, ROOT / "tests", ROOT / "tests" / "lessons", ROOT]
    path = os.pathsep.join(map(str, folders))
    run = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1, run.stdout + run.stderr
    assert f"1 failed, {len(offered) - 1} passed" in run.stdout
    row = f"0{'':11}{1:8}  test_elman_sine.py: {offered[-1].new}"
    assert row in run.stdout
