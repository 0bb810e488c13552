"""Are the tests awake? A canary for nbval, and the faults that `mutants.py` puts in."""

import ast
import inspect
import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from course import METADATA, NOTEBOOKS, ROOT, every_notebook, module_of
from faults import Fault, read_faults, with_fault
from mutants import RED, Outcome, stages_of, unexpected
from nbformat.v4 import new_code_cell, new_notebook, new_output
from test_claims import claims_in

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
        [sys.executable, "-m", "pytest", "-n", "0", "-v", "-rf", "notebooks"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    numbers = [number for number, id in enumerate(CELLS) if id in WRONG]
    red = [f"notebooks/{wrong}.ipynb::Cell {number}" for number in numbers]
    assert [*dict(RED.findall(done.stdout))] == red, done.stdout
    ran = re.findall(r"^notebooks/(\w+)\W+ipynb::Cell (\d+) ", done.stdout, re.M)
    assert ran == [(name, str(n)) for name in (right, wrong) for n in range(len(CELLS))]
    assert f"{len(red)} failed, {2 * len(CELLS) - len(red)} passed" in done.stdout


def apply(faults):
    for fault in faults:
        with_fault(fault, (ROOT / fault.path).read_text(encoding="utf-8"))
        assert stages_of(fault), fault
        assert not (fault.tests and fault.claims), fault  # only the claims would run


@every_notebook
def test_the_faults_of_a_notebook_still_apply(name):
    faults = [fault for fault in read_faults() if fault.notebook == name]
    assert len(faults) > 10
    apply(faults)


def test_all_other_faults_still_apply():
    apply(fault for fault in read_faults() if not fault.notebook)


@pytest.mark.parametrize("old", ["print", "nowhere"])
def test_a_fault_that_does_not_apply_once_is_refused(old):
    fault = Fault("tests/course.py", "stale", old, "pass", (), (), "")
    with pytest.raises(ValueError, match=f"stale: '{old}' stands there [02] times"):
        with_fault(fault, "print(1)\nprint(2)\n")


READERS = {"lesson", "run_lesson", "code_cells", "read_notebook"}  # of notebooks


def names_by(module):
    """The names that each thing of a module uses, itself or by what it uses."""
    names = {}
    for node in ast.parse(inspect.getsource(module)).body:
        inner = [*ast.walk(node)]
        used = {n.id for n in inner if isinstance(n, ast.Name)}
        used |= {n.arg for n in inner if isinstance(n, ast.arg)}
        own = [n for n in inner if isinstance(getattr(n, "ctx", None), ast.Store)]
        own = [n.id for n in own if isinstance(n, ast.Name)]
        for name in [node.name] if hasattr(node, "name") else own:
            names[name] = used
    for _ in names:
        for name, used in names.items():
            names[name] = used.union(*(names.get(other, ()) for other in used))
    return names


@every_notebook
def test_every_claim_has_a_fault_that_must_turn_it_red(name):
    """But for those of PyTorch and of arithmetic alone, and the grid's."""
    module = module_of(name)
    used, claims, must = names_by(module), set(), set()
    for test, kind, notebook, _ in claims_in(module):
        marks = {mark.name for mark in getattr(module, test).pytestmark}
        if kind != "announced" and "grid" not in marks:
            claims.add(test)
            must |= {test} if notebook == name and used[test] & READERS else set()
    faults = [fault for fault in read_faults() if fault.notebook == name]
    assert must <= {claim for fault in faults for claim in fault.claims} <= claims


def test_a_claim_that_a_fault_does_not_make_wrong_is_named():
    fault = read_faults()[0]._replace(claims=("test_a", "test_ab", "test_c"))
    red = {"m.py::test_a[as it came]": "assert 1 == 2", "m.py::test_ab": "KeyError"}
    left = unexpected(fault, Outcome(red, 1.0))
    assert [*left] == [
        f"stays green: {name}: {fault}" for name in ("test_ab", "test_c")
    ]
