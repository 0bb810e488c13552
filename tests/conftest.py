"""The lessons and labs as namespaces: what a test needs of a lesson, it takes from there."""

import concurrent.futures
import functools
from unittest import mock

import ipywidgets as widgets
import matplotlib
import matplotlib.pyplot as plt
import nbformat
import pytest
import torch

from rnn_helpers.publish.sources import LESSONS, ROOT

LABS = ("was_it_luck", "remembering_longer")
NOTEBOOKS = LESSONS + LABS
PATHS = {path.stem: path for path in sorted((ROOT / "notebooks").rglob("[!.]*.ipynb"))}

matplotlib.use("agg")


def read_notebook(name):
    return nbformat.read(PATHS[name], as_version=4)


def code_cells(name):
    return [cell for cell in read_notebook(name).cells if cell.cell_type == "code"]


def has_tag(cell, *tags):
    return bool(set(tags) & set(cell.metadata.get("tags", [])))


@functools.cache
def run_lesson(name):
    """Run a lesson's code cells in one namespace; give it back with its dtype."""
    show_figure = mock.patch("rnn_helpers.show_figure", close_unseen)  # nbval looks
    with show_figure:
        return run_cells(name, [cell.source for cell in code_cells(name)])


def run_cells(name, sources):
    """Run these sources in one namespace; give it back with its dtype."""
    namespace, threads = {"print": lambda *words, **how: None}, torch.get_num_threads()
    torch.set_default_dtype(torch.float32)
    try:
        with matplotlib.rc_context():
            for number, source in enumerate(sources, 1):
                exec(compile(source, f"{name}, cell {number}", "exec"), namespace)
        return namespace, torch.get_default_dtype()
    finally:
        torch.set_default_dtype(torch.float32)
        torch.set_num_threads(threads)


def close_unseen(figure, alt):
    plt.close(figure.figure)


# While nbval waits for a notebook's kernel, this process is idle: a second thread then
# runs the lessons that the tests ask for, one after the other.

worker = concurrent.futures.ThreadPoolExecutor(max_workers=1)
running = {}


def pytest_collection_finish(session):
    collected = {item.path.stem for item in session.items if is_notebook(item)}
    wanted = any(
        "lesson" in getattr(item, "fixturenames", ()) for item in session.items
    )
    if wanted and collected == set(NOTEBOOKS):
        running.update({name: worker.submit(run_lesson, name) for name in NOTEBOOKS})


def pytest_runtest_setup(item):
    if not is_notebook(item):  # a lesson changes torch's defaults while it runs
        concurrent.futures.wait(running.values())


def pytest_sessionfinish():
    worker.shutdown(wait=False, cancel_futures=True)


def is_notebook(item):
    return item.path.suffix == ".ipynb"


@pytest.fixture
def lesson():
    """lesson(name) gives that notebook's names; its cells run once a test run."""

    def enter(name):
        namespace, dtype = (
            running[name].result() if name in running else run_lesson(name)
        )
        torch.set_default_dtype(dtype)
        torch.set_num_threads(1)  # as in the lessons
        return namespace

    threads = torch.get_num_threads()
    yield enter
    torch.set_default_dtype(torch.float32)
    torch.set_num_threads(threads)


def ends_of(control):
    """The first and the last value that a control allows; none if it takes text."""
    if hasattr(control, "options"):
        values = [value for _, value in control._options_full]
        return [values[0], values[-1]]
    if isinstance(control, widgets.FloatLogSlider):
        return [control.base**control.min, control.base**control.max]
    return [control.min, control.max] if hasattr(control, "min") else []
