"""Notebooks under pytest: which ones are collected, and their cells kept in order."""

import collections
import re

import pytest
from course import (
    LABS,
    NOTEBOOKS,
    PATHS,
    ROOT,
    code_cells,
    room_of,
    sign_of_work,
    work_in,
)
from nbformat import read
from xdist.scheduler import LoadScopeScheduling

COURSE = {path: name for name, path in PATHS.items()}
CHANGE = re.compile(r"<.+>")  # in the name of a test that runs a changed notebook
RUN_CELLS_ANEW = {f"tests/test_{name}.py" for name in ("play", "portable")}
SLOW = {"play", "tries", "wide", "portable", "fuzz", "beside"}
# Homework and hand-ins: files whose tests share what is run for them.
BESIDE = re.compile(r"teaching/(homework/|test_homework_|test_mark\.)")


def pytest_ignore_collect(collection_path):
    """Leave out a reader's own files, and notebooks of the course that were worked in."""
    if ROOT / "notebooks" in collection_path.parents:
        name = COURSE.get(collection_path)
        is_ours = collection_path.name == "labs" if name is None else not work_in(name)
        return None if is_ours else True
    if collection_path.match("teaching/homework/*.ipynb"):
        return sign_of_work(read(collection_path, as_version=4)) and True


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items):
    """Keep the cells of a notebook together and in order, whatever shuffles the tests."""
    for item in items:
        marks = {mark.name for mark in item.iter_markers()}
        if not marks & (SLOW | {"grid", "browser"}) and is_beside(item):
            item.add_marker("beside")
            marks.add("beside")
        if marks & SLOW:
            item.add_marker("slow")
    yield
    cells = [item for item in items if item.path in COURSE and item.cell.source.strip()]
    cells.sort(key=lambda cell: (NOTEBOOKS.index(COURSE[cell.path]), cell.cell_num))
    items[:] = cells + [item for item in items if item.path not in COURSE]


def is_beside(item):
    """Say whether a test is of homework and hand-ins, or runs a lab's cells."""
    runs = "lesson" in getattr(item, "fixturenames", ())
    runs = runs or item.path.name == "test_float64_start.py"
    return BESIDE.search(item.nodeid) or (
        runs and any(room_of(name) in item.nodeid for name in LABS)
    )


def pytest_runtest_setup(item):
    """Leave out the tests of a notebook that was worked in."""
    name = getattr(getattr(item, "module", None), "NAME", None)
    if hasattr(item, "callspec"):
        name = item.callspec.params.get("name", name)
    says_so = item.name.startswith("test_the_notebook_is_as_it_came")
    publishes = "teaching" in item.path.relative_to(ROOT).parts
    needed = NOTEBOOKS if publishes else [name]
    for name in {*needed} & {*NOTEBOOKS}:
        if work_in(name) and not says_so:
            pytest.skip(work_in(name))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Say the id of a cell that failed: nbval has only its number."""
    report = yield
    if report.failed and item.path in COURSE:
        report.sections.append(("the cell's id", item.cell.id))
    return report


@pytest.hookimpl(trylast=True)  # once pytest has noted what failed
def pytest_sessionfinish(session):
    """Let --lf run a notebook as a whole: a cell needs those before it."""
    cache = getattr(session.config, "cache", None)
    if cache is None or hasattr(session.config, "workerinput"):
        return
    failed = cache.get("cache/lastfailed", {})
    for path, name in COURSE.items():
        start = f"{path.relative_to(session.config.rootpath).as_posix()}::Cell "
        if not work_in(name) and any(test.startswith(start) for test in failed):
            failed.update({f"{start}{n}": True for n in range(len(code_cells(name)))})
    cache.set("cache/lastfailed", failed)


def pytest_terminal_summary(terminalreporter):
    """Print what was held at each value that a mark offers."""
    rows = collections.defaultdict(collections.Counter)
    reports = [
        report
        for kind in ("passed", "failed", "error")
        for report in terminalreporter.getreports(kind)
        if isinstance(report, pytest.TestReport)  # and not of a collection
    ]
    for report in reports:
        change = CHANGE.search(report.nodeid) if "tries" in report.keywords else None
        if change and (report.when == "call" or report.failed):
            file = report.nodeid.partition("::")[0].removeprefix("tests/lessons/")
            kind = "announced" if "announced" in report.keywords else "finding"
            rows[file, change.group()][kind if report.passed else "failed"] += 1
    if rows:
        terminalreporter.section("findings at the values that the marks offer")
        terminalreporter.line("held  announced  failed  value")
    for (file, value), row in sorted(rows.items()):
        held = f"{row['finding']:4}{row['announced'] or '':11}{row['failed'] or '':8}"
        terminalreporter.line(f"{held}  {file}: {value[1:-1]}")


def pytest_xdist_make_scheduler(config, log):
    """Give a worker all tests that share what was run for them: a kernel, a notebook."""

    class ByNotebook(LoadScopeScheduling):
        def _split_scope(self, test):
            file = test.partition("::")[0]
            if file.endswith(".ipynb") or "/browser/" in file or BESIDE.search(file):
                return file
            if file in RUN_CELLS_ANEW:
                return test
            name = next((name for name in NOTEBOOKS if room_of(name) in test), test)
            change = CHANGE.search(test)
            return name + change.group() if change else name

    return ByNotebook(config, log)
