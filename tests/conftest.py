"""The lessons as namespaces: what a test needs of a lesson, it takes from there."""

import functools
from pathlib import Path
from unittest import mock

import matplotlib
import matplotlib.pyplot as plt
import nbformat
import pytest
import torch

ROOT = Path(__file__).parents[1]
LESSONS = (
    "01_elman_sine",
    "02_summing_rnn",
    "03_char_hihell",
    "04_sentence_completion",
)

matplotlib.use("agg")


def read_notebook(name):
    return nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)


def code_cells(name):
    return [cell for cell in read_notebook(name).cells if cell.cell_type == "code"]


@functools.cache
def run_lesson(name):
    torch.set_default_dtype(torch.float32)
    namespace = {}
    with mock.patch(
        "rnn_helpers.show_figure", close_unseen
    ):  # nbval looks at the figures
        for cell in code_cells(name):
            exec(compile(cell.source, f"{name}: {cell.id}", "exec"), namespace)
    return namespace, torch.get_default_dtype()


def close_unseen(figure, alt):
    plt.close(figure)


@pytest.fixture
def lesson():
    """lesson(name) gives that notebook's names; its cells run once a test run."""
    threads = torch.get_num_threads()

    def enter(name):
        namespace, dtype = run_lesson(name)
        torch.set_default_dtype(dtype)
        return namespace

    with matplotlib.rc_context():
        yield enter
    torch.set_default_dtype(torch.float32)
    torch.set_num_threads(threads)
