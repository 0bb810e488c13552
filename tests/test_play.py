"""A student's changes: every cell still runs. pytest -m play

The changes are those at the `# try` marks, and others where a student would put a hand,
listed in each notebook's tests. Changes of different cells are made together, and one by
one if a cell then fails.
"""

import matplotlib.pyplot as plt
import pytest
from course import (
    NOTEBOOKS,
    TRIED,
    every_notebook,
    module_of,
    run_cells,
    sources,
    tried,
)

PARTS = 4  # of a notebook's bundles, a test each


def every_change(name):
    return [*((one.old, one.new) for one in tried(name)), *module_of(name).CHANGES]


def cells_with(name, old):
    """The numbers of the cells that hold a piece of code."""
    return {number for number, source in enumerate(sources(name)) if old in source}


def bundle(name, changes):
    """Put changes together whose cells do not meet, each in the first such bundle."""
    bundles = []  # each: the cells that are changed, and the changes
    for change in changes:
        cells = cells_with(name, change[0])
        assert cells, f"nothing to change: {change[0]}"
        free = (one for one in bundles if not one[0] & cells)
        taken, together = next(free, (set(), []))
        if not together:
            bundles.append((taken, together))
        taken |= cells
        together.append(change)
    return [together for _, together in bundles]


def run_changed(name, changes):
    """Run the cells with these changes made; what takes long and is not meant, shorter."""
    changed = sources(name)
    for old, new in [*changes, *module_of(name).QUICK.items()]:
        changed = [source.replace(old, new) for source in changed]
    try:
        run_cells(name, changed)
    finally:
        plt.close("all")


@every_notebook
@pytest.mark.play
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.filterwarnings("ignore")
def test_every_cell_runs_after_any_change(name, part):
    failed = []
    for changes in bundle(name, every_change(name))[part::PARTS]:
        try:
            run_changed(name, changes)
        except Exception:
            failed += [change for change in changes if fails_alone(name, change)]
    assert failed == []


def fails_alone(name, change):
    try:
        run_changed(name, [change])
    except Exception:
        return True


def test_changes_of_one_cell_are_not_bundled():
    name = "01_elman_sine"
    changes = every_change(name)
    bundles = bundle(name, changes)
    assert sum(map(len, bundles)) == len(changes) > 2 * len(bundles)
    for together in bundles:
        cells = [cells_with(name, old) for old, _ in together]
        assert len(set.union(*cells)) == sum(map(len, cells))


@pytest.mark.play
def test_a_change_that_breaks_a_cell_is_found_in_its_bundle(monkeypatch):
    name = "01_elman_sine"
    bad = ("num_hiddens = 6", "num_hiddens = 0")
    good = ("num_points = 21", "num_points = 11")
    with pytest.raises(ValueError, match="num_hiddens must be 1 or more, got 0"):
        run_changed(name, [bad, good])
    monkeypatch.setattr(module_of(name), "CHANGES", [bad, good])
    monkeypatch.setitem(globals(), "tried", lambda name: [])
    with pytest.raises(AssertionError, match="num_hiddens = 0"):
        test_every_cell_runs_after_any_change(name, 0)


@pytest.mark.play
@pytest.mark.parametrize(
    "name, old, new, error",
    [(name, *refused) for name in NOTEBOOKS for refused in module_of(name).REFUSED],
)
def test_what_cannot_be_taught_is_refused_by_name(name, old, new, error):
    with pytest.raises((TypeError, ValueError), match=error):
        run_changed(name, [(old, new)])


@pytest.mark.play
@pytest.mark.parametrize("name", TRIED)
def test_a_cell_that_is_run_twice_prints_the_same(name):
    run = run_cells(name, [source for source in sources(name) for _ in range(2)])
    plt.close("all")
    assert run.printed[::2] == run.printed[1::2]


@every_notebook
def test_six_marks_or_more_invite_to_play(name):
    assert len(tried(name)) >= 6
    assert all(one.old.partition("  #")[0] != one.new for one in tried(name))
