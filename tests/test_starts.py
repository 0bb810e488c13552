"""Notebooks in a kernel that does not begin as a fresh one: another default dtype."""

import contextlib
import io
from unittest import mock

import pytest
import torch
from course import close_unseen, code_cells, every_notebook, run_cells

MARK = "\nimport sys; sys.stdout.write('\\0')"


def printed(name, dtype):
    """What each cell of a notebook prints, if its kernel begins with this dtype."""
    said = io.StringIO()
    sources = [cell.source + MARK for cell in code_cells(name)]
    with (
        mock.patch("rnn_helpers.show_figure", close_unseen),
        contextlib.redirect_stdout(said),
    ):
        run_cells(name, sources, dtype, quiet=False)
    return said.getvalue().split("\0")[:-1]


def stored_text(cell):
    return "".join(output.get("text", "") for output in cell.outputs)


def test_lesson_3_prints_the_published_rows_from_float64():
    name = "03_char_hihell"
    assert printed(name, torch.float64) == [stored_text(c) for c in code_cells(name)]


@pytest.mark.portable
@every_notebook
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_every_notebook_prints_the_same_from_both(name, dtype):
    assert printed(name, dtype) == [stored_text(cell) for cell in code_cells(name)]
