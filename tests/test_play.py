"""A student's changes, one at a time: every cell still runs. pytest -m play

The changes are those at the `# try` marks, and others where a student would put a hand.
"""

import re

import matplotlib.pyplot as plt
import pytest
from conftest import REBUILT, code_cells, run_cells

pytestmark = pytest.mark.play
LAST_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?=\D*$)")

# what stands in the code, and what a student puts in its place
CHANGES = {
    "01_elman_sine": [
        ("num_points = 21", "num_points = 5"),
        ("num_points = 21", "num_points = 11"),
        ("num_points = 21", "num_points = 41"),
        ("start=2, stop=10", "start=0, stop=30"),
        ("start=2, stop=10", "start=2, stop=4"),
        ("height = 0.5", "height = 0.95"),
        ("num_hiddens = 6", "num_hiddens = 1"),
        ("num_hiddens = 6", "num_hiddens = 30"),
        ("make_weights(seed=0)", "make_weights(seed=7)"),
        ("0.4 * torch.randn", "3 * torch.randn"),
        ("learning_rate = 0.1", "learning_rate = 5"),
        ("learning_rate = 0.1", "learning_rate = 0"),
        ("num_epochs = 300", "num_epochs = 1"),
        ("lr=0.02", "lr=2"),
        ("piece=1)", "piece=7)"),
        ("make_model(seed=0)", "make_model(seed=2)"),
        ("num_true=20, num_steps=60", "num_true=1, num_steps=90"),
    ],
    "02_summing_rnn": [
        ("num_steps = 5", "num_steps = 1"),
        ("num_steps = 5", "num_steps = 2"),
        ("num_steps = 5", "num_steps = 12"),
        ("signal = torch.rand(num_steps)", "signal = torch.ones(num_steps)"),
        ("signal = torch.rand(num_steps)", "signal = torch.randn(num_steps)"),
        ("torch.manual_seed(1)", "torch.manual_seed(0)"),
        ("learning_rate = 0.01", "learning_rate = 0.1"),
        ("learning_rate = 0.01", "learning_rate = 10"),
        ("num_updates = 1000", "num_updates = 1"),
        ("num_updates=3000", "num_updates=30"),
        ("num_signals = 100", "num_signals = 1"),
        ("num_starts = 200", "num_starts = 1"),
        ("batch_size=4)", "batch_size=30)"),
        ("[1.5, 1.5, 1.0]", "[-1.0, 2.0, 1.3]"),
        ("[1.5, 1.5, 1.0]", "[1, 2, 1]"),
        ("(0.9, 1.0, 1.1)", "(0.5, -0.9, 2.0)"),
        ("num_steps=500", "num_steps=100"),
    ],
}


def tried(name):
    """The changes that the marks propose: of the last number before `# try a or b`."""
    for cell in code_cells(name):
        for line in cell.source.splitlines():
            code, mark, proposed = line.partition("  # try ")
            for value in proposed.split(" or ") if mark else []:
                yield line, LAST_NUMBER.sub(value, code)


def changes():
    for name in REBUILT:
        for old, new in [*tried(name), *CHANGES[name]]:
            yield pytest.param(name, old, new, id=f"{name}: {new.strip()}")


@pytest.mark.parametrize("name, old, new", list(changes()))
@pytest.mark.filterwarnings("ignore")
def test_every_cell_runs_after(name, old, new):
    sources = [cell.source for cell in code_cells(name)]
    assert sum(old in source for source in sources) >= 1, "nothing to change"
    run_cells(name, [source.replace(old, new) for source in sources])
    plt.close("all")


@pytest.mark.parametrize("name", REBUILT)
def test_six_marks_or_more_invite_to_play(name):
    assert len(list(tried(name))) >= 6
    assert all(old.partition("  #")[0] != new for old, new in tried(name))
