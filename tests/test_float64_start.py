"""Notebooks in a kernel that stands at another dtype than a fresh one."""

from course import code_cells, every_notebook, run_lesson


@every_notebook
def test_from_float64_every_cell_prints_what_is_stored(name):
    stored = [
        "".join(output.get("text", "") for output in cell.outputs)
        for cell in code_cells(name)
    ]
    assert run_lesson(name).printed == stored
