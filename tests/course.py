"""The course as its tests see it: the notebooks, where they are, how their cells run.

This is THE list of notebooks; the publisher takes what README links to.
"""

import contextlib
import functools
import importlib.util
import io
import re
import sys
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import ipywidgets as widgets
import matplotlib
import matplotlib.pyplot as plt
import nbformat
import pytest
import torch

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT))  # for `teaching`, which is not installed

from teaching.publish.sources import fault_of, find_foreign_ids  # noqa: E402

LESSONS = (
    "01_elman_sine",
    "02_summing_rnn",
    "03_char_hihell",
    "04_sentence_completion",
)
LABS = ("was_it_luck", "remembering_longer", "recurrence_without_waiting")
NOTEBOOKS = LESSONS + LABS
PATHS = {
    name: ROOT / "notebooks" / ("labs" if name in LABS else "") / f"{name}.ipynb"
    for name in NOTEBOOKS
}
TAGS = {"exercise", "solution"}
METADATA = {  # of every notebook
    "kernelspec": {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    },
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}
VIEW = "application/vnd.jupyter.widget-view+json"

every_notebook = pytest.mark.parametrize("name", NOTEBOOKS)

# What a test holds: @stored("01_elman_sine", "swap") is what the stored run of that cell
# showed, @finding("01_elman_sine", "let-go-read") what the text says of networks in
# general. A claim names the notebook and the cells that make it, by their ids.
# A finding holds at every value that a mark offers, but where the text says what changes:
# @finding(..., but=["num_hiddens = 2"]), and there @announced(..., at="num_hiddens = 2").
stored, finding = pytest.mark.stored, pytest.mark.finding
announced = pytest.mark.announced

LAST_VALUE = re.compile(r"(?:-?\d+(?:\.\d+)?|\"[^\"]*\")(?=[^\d\"]*$)")
# Whose findings hold at their marks.
TRIED = LESSONS + ("remembering_longer", "recurrence_without_waiting")


def room_of(name):
    """Give the name of a notebook's room and tests: without the lesson's number."""
    return re.sub(r"^\d+_", "", name)


def read_notebook(name):
    """Read a notebook; skip the test that wants it if it was worked in."""
    if work_in(name):
        pytest.skip(work_in(name))
    return load_notebook(name)


def load_notebook(name):
    """Read a notebook without the empty cells that programs add at its end."""
    notebook = nbformat.read(PATHS[name], as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.source.strip()]
    return notebook


def code_cells(name):
    return [cell for cell in read_notebook(name).cells if cell.cell_type == "code"]


def sources(name):
    return [cell.source for cell in code_cells(name)]


def has_tag(cell, *tags):
    return bool(set(tags) & set(cell.metadata.get("tags", [])))


class Change(NamedTuple):
    """A value that a mark offers: the line as it stands, and with that value in it."""

    name: str
    old: str
    new: str
    question: str  # what the mark asks, if it announces that something will change

    def __str__(self):
        return f"<{self.new.strip()}>"


@functools.cache
def tried(name):
    """The changes that the marks propose: of the last value before `# try a or b`.

    A value is a number or a word in double quotes. A mark may ask what will change:
    `# try 12: what does the cut cost now?`
    """
    changes = []
    for source in () if work_in(name) else sources(name):
        for line in source.splitlines():
            code, _, mark = line.partition("  # try ")
            values, _, question = mark.partition(": ")
            for value in values.split(" or ") if mark else []:
                new = LAST_VALUE.sub(lambda _, value=value: value, code)
                changes.append(Change(name, line, new, question))
    return changes


class Run(NamedTuple):
    """What a run of cells leaves: the names, the default dtype, what each cell printed."""

    names: dict
    dtype: torch.dtype
    printed: list


@functools.lru_cache(len(NOTEBOOKS) + 1)  # as they came, and the last change
def run_lesson(name, change=None):
    """Run a notebook's code cells, as in a kernel that stands at float64.

    nbval runs them in a fresh one, which stands at float32, and looks at the figures.
    """
    cells = sources(name)
    if change:
        cells = [cell.replace(change.old, change.new) for cell in cells]
    with mock.patch("rnn_helpers.show_figure", close_unseen):
        return run_cells(name, cells, torch.float64)


def run_cells(name, sources, dtype=torch.float32):
    """Run these sources in one namespace, with this default dtype when they begin."""
    names, printed, threads = {}, [], torch.get_num_threads()
    torch.set_default_dtype(dtype)
    try:
        with matplotlib.rc_context():
            for number, source in enumerate(sources, 1):
                code = compile(source, f"{name}, cell {number}", "exec")
                with contextlib.redirect_stdout(io.StringIO()) as said:
                    exec(code, names)
                printed.append(said.getvalue())
        return Run(names, torch.get_default_dtype(), printed)
    finally:
        torch.set_default_dtype(torch.float32)
        torch.set_num_threads(threads)


def close_unseen(figure, alt):
    plt.close(figure.figure)


def module_of(name):
    """Give the module that holds a notebook's claims, answers, changes and numbers."""
    return importlib.import_module(f"test_{room_of(name)}")


@functools.cache
def work_in(name):
    """Say how a notebook differs from one that came with the course; None if it does not.

    A reader who has run, answered and saved it gets this sentence and nothing else.
    """
    path = PATHS[name].relative_to(ROOT).as_posix()
    try:
        sign = sign_of_work(load_notebook(name))
    except Exception:  # whatever nbformat makes of what is no notebook any more
        sign = "it cannot be read"
    if sign:
        return (
            f"{path} is not as it came with the course ({sign}), so its tests are left"
            f" out: keep a copy of your work, then `git restore --source HEAD {path}` or"
            " download it again; to change the course, see CONTRIBUTING.md."
        )
    for file in PATHS[name].parent.glob("*.py"):
        spec = file.stem.isidentifier() and importlib.util.find_spec(file.stem)
        if spec and ROOT not in Path(spec.origin or ROOT / "here").parents:
            return f"{file} hides the module {file.stem} from {path}: rename it."


def sign_of_work(notebook):
    """Say what shows that a notebook was run, answered or rewritten; None if nothing.

    What programs note when a notebook is only opened and saved does not count.
    """
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    foreign = find_foreign_ids(notebook)
    if foreign:
        return f"{foreign[0]!r} is the id of a cell, and not one in words"
    for cell in code:
        said = "".join(output.get("text", "") for output in cell.outputs)
        if has_tag(cell, "exercise") and said not in ("", "not answered yet\n"):
            return f"the exercise {cell.id} was answered in it"
    if any(VIEW in output.get("data", {}) for cell in code for output in cell.outputs):
        return "it was run and saved"
    for cell in code:
        if fault_of(cell):
            return f"the cell {cell.id} {fault_of(cell)}"
    if [cell.execution_count for cell in code] != list(range(1, len(code) + 1)):
        return "its cells were not run once, from the first to the last"


def ends_of(control):
    """The first and the last value that a control allows; none if it takes text."""
    if hasattr(control, "options"):
        values = [value for _, value in control._options_full]
        return [values[0], values[-1]]
    if isinstance(control, widgets.FloatLogSlider):
        return [control.base**control.min, control.base**control.max]
    return [control.min, control.max] if hasattr(control, "min") else []


def cell_of(name, explorer):
    """Give the cell that makes an explorer of this name."""
    (cell,) = [c for c in code_cells(name) if f"{explorer} = rh.explore(" in c.source]
    return cell
