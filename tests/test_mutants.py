"""Are the tests awake? A canary for nbval, and the faults that `mutants.py` puts in."""

import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from course import METADATA, NOTEBOOKS, ROOT, every_notebook
from faults import Fault, read_faults, with_fault
from mutants import RED, never_red, stages_of
from nbformat.v4 import new_code_cell, new_notebook, new_output

SHOWN = "from IPython.display import display\ndisplay({'text/plain': %r}, raw=True)"
# The canary's cells, each with what is stored below it; beneath, what it does not give.
CELLS = {
    "imports": ("import math", []),
    "prints": ("print(round(math.pi, 2))", [new_output("stream", text="3.14\n")]),
    "figure": (
        SHOWN % "figure of 1 axes",
        [new_output("display_data", {"text/plain": "figure of 1 axes"})],
    ),
    "silent": ("x = 1", []),
    "value": ("x + 1", [new_output("execute_result", {"text/plain": "2"})]),
}
WRONG = {
    "prints": [new_output("stream", text="3.15\n")],
    "figure": [new_output("display_data", {"text/plain": "figure of 2 axes"})],
    "silent": [new_output("stream", text="3.14\n")],
    "value": [],
}


def write_canary(path, wrong):
    cells = [
        new_code_cell(
            source,
            id=id,
            execution_count=number,
            outputs=wrong.get(id, outputs),
        )
        for number, (id, (source, outputs)) in enumerate(CELLS.items(), 1)
    ]
    path.parent.mkdir(exist_ok=True)
    notebook = new_notebook(cells=cells, metadata=METADATA)
    notebook.nbformat_minor = 5
    nbformat.write(notebook, path)


@pytest.mark.beside
def test_what_is_stored_wrong_turns_its_cell_red_and_no_other(tmp_path):
    """In a small checkout with the course's own pytest options and conftest."""
    for name in ("pyproject.toml", "conftest.py"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("tests/course.py", "teaching/__init__.py", "teaching/publish/"):
        source, target = ROOT / name, tmp_path / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        target.parent.mkdir(exist_ok=True)
        copy(source, target)
    right, wrong = NOTEBOOKS[:2]
    write_canary(tmp_path / "notebooks" / f"{right}.ipynb", {})
    write_canary(tmp_path / "notebooks" / f"{wrong}.ipynb", WRONG)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "0", "-q", "-rf", "notebooks"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    numbers = [number for number, id in enumerate(CELLS) if id in WRONG]
    red = [f"notebooks/{wrong}.ipynb::Cell {number}" for number in numbers]
    assert [*dict(RED.findall(done.stdout))] == red, done.stdout
    assert f"{len(red)} failed, {2 * len(CELLS) - len(red)} passed" in done.stdout


def apply(faults):
    for fault in faults:
        with_fault(fault, (ROOT / fault.path).read_text(encoding="utf-8"))
        assert stages_of(fault), fault


@every_notebook
def test_the_faults_of_a_notebook_still_apply(name):
    faults = [fault for fault in read_faults() if fault.notebook == name]
    assert len(faults) > 10
    apply(faults)


def test_all_other_faults_still_apply():
    apply(fault for fault in read_faults() if not fault.notebook)


@pytest.mark.parametrize("old", ["print", "nowhere"])
def test_a_fault_that_does_not_apply_once_is_refused(old):
    fault = Fault("tests/course.py", "stale", old, "pass", (), "")
    with pytest.raises(ValueError, match=f"stale: '{old}' stands there [02] times"):
        with_fault(fault, "print(1)\nprint(2)\n")


def test_claims_that_stayed_green_are_listed_but_for_those_without_a_notebook():
    red = ["test_elman_sine.py::test_the_marks_lie_on_the_ellipse[as it came]"]
    left = "\n".join(never_red(NOTEBOOKS[0], red))
    assert "test_two_moments_of_nearly_one_value" in left and "ellipse" not in left
    assert "test_reach_is_what_autograd_says" not in left  # of PyTorch alone
