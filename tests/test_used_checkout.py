"""What pytest says in a checkout that somebody works in: pytest -m play

Readers run, save, copy and answer notebooks; contributors have plugins that shuffle.
"""

import json
import os
import shutil
import subprocess
import sys

import pytest
from course import PATHS, ROOT

pytestmark = pytest.mark.play
LESSON = "03_char_hihell"
EMPTY = {"cell_type": "code", "execution_count": None, "metadata": {}}
EMPTY |= {"outputs": [], "source": []}
SHUFFLED = "-p", "tests.shuffle"
SHUFFLE = """
import random

def pytest_collection_modifyitems(items):
    random.Random(0).shuffle(items)
"""


@pytest.fixture
def checkout(tmp_path):
    """A copy of what the tests of a notebook need."""
    for name in ("notebooks", "rnn_helpers", "teaching", "tests"):
        left_out = shutil.ignore_patterns("__pycache__", "images", ".*")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=left_out)
    for name in ("conftest.py", "pyproject.toml", "README.md", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "tests" / "shuffle.py").write_text(SHUFFLE)
    (tmp_path / "tests" / "__init__.py").touch()
    return tmp_path


def run_pytest(checkout, *words):
    """Run the notebook and what holds for each; give what pytest says."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", *words]
    places = ["notebooks", "tests/test_every_notebook.py", "-k", LESSON]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    options = {"cwd": checkout, "env": environment, "capture_output": True}
    return subprocess.run([*command, *places], **options, text=True).stdout


def opened_and_saved(cells):
    """What JupyterLab adds when nothing was run: notes, and an empty cell at the end."""
    cells[0]["metadata"]["scrolled"] = True
    cells[-1]["metadata"]["execution"] = {"iopub.status.busy": "2026-01-01"}


def change(checkout, function):
    path = checkout / PATHS[LESSON].relative_to(ROOT)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    function([c for c in notebook["cells"] if c["cell_type"] == "code"])
    notebook["metadata"]["language_info"]["version"] = "3.11.7"
    notebook["cells"].append({**EMPTY, "id": "0a1b2c3d"})
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_copies_checkpoints_own_files_and_a_shuffle_do_no_harm(checkout):
    folder, lesson = checkout / "notebooks", PATHS[LESSON].read_text(encoding="utf-8")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / f"{LESSON}-checkpoint.ipynb").write_text(lesson)
    (folder / f"{LESSON}-Copy1.ipynb").write_text(lesson)
    (folder / "mine.ipynb").write_text("{")
    (folder / "mine.py").write_text("raise SystemExit('run')")
    (folder / "mine").mkdir()
    (folder / "mine" / "conftest.py").write_text("raise SystemExit('run')")
    change(checkout, opened_and_saved)
    said = run_pytest(checkout, *SHUFFLED)
    assert " passed" in said and "failed" not in said and "error" not in said


def test_an_answered_exercise_is_one_sentence(checkout):
    def answer(cells):
        cells[-1]["outputs"] = [
            {"output_type": "stream", "name": "stdout", "text": "correct: so.\n"}
        ]
        cells[-1]["metadata"]["tags"] = ["exercise"]

    change(checkout, answer)
    said = run_pytest(checkout)
    assert "1 failed" in said and "1 error" not in said
    assert "was answered in it" in said
    assert f"git restore --source HEAD notebooks/{LESSON}.ipynb" in said


def test_a_notebook_with_a_failed_cell_is_run_again_as_a_whole(checkout):
    def spoil(cells):
        printing = (c["outputs"][0] for c in cells if "text" in str(c["outputs"][:1]))
        next(p for p in printing if p.get("name") == "stdout")["text"] = "odd\n"

    change(checkout, spoil)
    assert "1 failed" in run_pytest(checkout)
    again = run_pytest(checkout, *SHUFFLED, "--lf")
    number = sum('"cell_type": "code"' in line for line in open(PATHS[LESSON]))
    assert "1 failed" in again and f"{number - 1} passed" in again


def test_what_is_no_notebook_any_more_is_one_sentence(checkout):
    (checkout / PATHS[LESSON].relative_to(ROOT)).write_text("{\n<<<<<<< HEAD\n")
    said = run_pytest(checkout)
    assert "1 failed" in said and "error" not in said
    assert "it cannot be read" in said


def test_a_file_that_hides_a_module_is_named(checkout):
    (checkout / "notebooks" / "torch.py").touch()
    said = run_pytest(checkout)
    assert "1 failed" in said and "torch.py hides the module torch" in said
