"""A student's changes, one at a time: every cell still runs. pytest -m play

The changes are those at the `# try` marks, and others where a student would put a hand.
"""

import re

import matplotlib.pyplot as plt
import pytest
from conftest import NOTEBOOKS, code_cells, run_cells

pytestmark = pytest.mark.play
LAST_VALUE = re.compile(r"(?:-?\d+(?:\.\d+)?|\"[^\"]*\")(?=[^\d\"]*$)")

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
    "03_char_hihell": [
        ('word = "hihello"', 'word = "ab"'),
        ('word = "hihello"', 'word = "aaaa"'),
        ('word = "hihello"', 'word = "planet"'),
        ('word = "hihello"', 'word = "Élève été"'),
        ('word = "hihello"', 'word = "$5 or $6 👋"'),
        ('word = "hihello"', 'word = "supercalifragilistic"'),
        ("[1.0, 2.0, 0.0, 0.0, -1.0]", "[0.0, 0.0, 50.0, 0.0, 0.0]"),
        ("num_hiddens = 4", "num_hiddens = 1"),
        ("num_hiddens = 4", "num_hiddens = 5"),
        ("num_hiddens = 4", "num_hiddens = 40"),
        ("learning_rate = 0.1", "learning_rate = 0"),
        ("learning_rate = 0.1", "learning_rate = 10"),
        ("num_epochs = 100", "num_epochs = 1"),
        ("num_epochs = 100", "num_epochs = 500"),
        ("seed = 777", "seed = 12345"),
        ("(3, num_steps)", "(1, num_steps)"),
        ("length=len(word)", "length=30"),
        ("nn.RNN(", "nn.GRU("),
    ],
    "04_sentence_completion": [
        (
            '"hey how are you", "good i am fine", "have a nice day"',
            '"to be or not to be"',
        ),
        ('"hey how are you", "good', '"Hé, où?", "שלום 👋", "ab", "ab", "a.b.", "good'),
        ("who can hear me, ", ""),
        ("over and over again, ", "ÜBER ALL, "),
        ("seed = 0", "seed = 7"),
        ("num_hiddens = 12", "num_hiddens = 1"),
        ("num_epochs=100, lr=0.01", "num_epochs=40, lr=0.1"),
        ("layer_class=nn.RNN", "layer_class=nn.GRU"),
        ("[batch], 300,", "[batch], 1,"),
        ("[batch], 300,", "[batch], 1000,"),
        ("load_names() if", "load_names()[::40] if"),
        (
            "load_names() if",
            '"São Paulo,Ålesund,St. Ives,Å,New York,Łódź".split(",") if',
        ),
        ("torch.manual_seed(0)", "torch.manual_seed(3)"),
        ("look_back=4", "look_back=2"),
        ("batch_size = 64", "batch_size = 5000"),
        ("(nn.RNN, nn.GRU)", "(nn.RNN, nn.LSTM)"),
        ("(nn.RNN, nn.GRU)", "(nn.GRU,)"),
        ("name_vocab, 96,", "name_vocab, 8,"),
        ("(0.02, 0.006, 0.002)", "(0.3,)"),
        ("range(100)", "range(5)"),
        ("torch.set_default_dtype(torch.float64)", "pass"),
    ],
    "was_it_luck": [
        ("num_hiddens = 6", "num_hiddens = 1"),
        ("num_runs = 1000", "num_runs = 1"),
        ("start=2, stop=10", "start=0, stop=4"),
        ("learning_rate=0.1", "learning_rate=3"),
        ("num_epochs=300", "num_epochs=1"),
        ('word = "hihello"', 'word = "ab"'),
        ('word = "hihello"', 'word = "aaaa"'),
        ('word = "hihello"', 'word = "Élève été"'),
        ("[777, *range(1000)]", "[0, 1, 2]"),
        ("lr=0.1, num_epochs=15", "lr=0.1, num_epochs=30"),
        ("lr=0.1, num_epochs=15", "lr=0.5, num_epochs=2"),
        ("0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)", "0.2, 2)"),
        ('"sigmoid": torch.sigmoid', '"ReLU": torch.relu'),
        ("num_compared = 200", "num_compared = 1"),
        ("units in (12, 8)", "units in (12, 4, 30)"),
        ('"have a nice day"', '"yes"'),
        ("for k in (10, 20)", "for k in (5, 7)"),
        ("1.6, 2.0, 2.4, 2.8)", "5)"),
        ("num_pairs = 100", "num_pairs = 1"),
        ("torch.set_default_dtype(torch.float64)", "pass"),
    ],
    "remembering_longer": [
        ("num_steps = 20", "num_steps = 2"),
        ("num_steps = 20", "num_steps = 25"),
        ("num_hiddens = 16", "num_hiddens = 1"),
        ("num_hiddens = 16", "num_hiddens = 32"),
        ("num_runs = 10", "num_runs = 1"),
        ("lr=0.03, num_fixed=4", "lr=0.3, num_fixed=0"),
        ("reach in (18, 19)", "reach in (1, 5)"),
        ("reach in (18, 19)", "reach in (30,)"),
        ("num_updates=140", "num_updates=70"),
        ("num_updates=140", "num_updates=180"),
        ("bias=3", "bias=-3"),
        ("torch.randn(3, 200)", "torch.randn(3, 2)"),
        ("lr=0.03)\n    for _", "lr=0.3)\n    for _"),
        ("limit = 10", "limit = 0.01"),
        ("torch.set_default_dtype(torch.float64)", "pass"),
    ],
}
QUICK = {  # where the change has no part in it
    "stage_epochs = 3": "stage_epochs = 1",
    "load_names() if": "load_names()[::4] if",
    "num_runs = 1000": "num_runs = 100",
    "*range(1000)]": "*range(100)]",
    "num_updates=300": "num_updates=20",
    "num_updates=140": "num_updates=60",
}


def tried(name):
    """The changes that the marks propose: of the last value before `# try a or b`.

    A value is a number or a word in double quotes.
    """
    for cell in code_cells(name):
        for line in cell.source.splitlines():
            code, mark, proposed = line.partition("  # try ")
            for value in proposed.split(" or ") if mark else []:
                yield line, LAST_VALUE.sub(value, code)


def changes():
    for name in NOTEBOOKS:
        for old, new in [*tried(name), *CHANGES[name]]:
            yield pytest.param(name, old, new, id=f"{name}: {new.strip()}")


@pytest.mark.parametrize("name, old, new", list(changes()))
@pytest.mark.filterwarnings("ignore")
def test_every_cell_runs_after(name, old, new):
    sources = [cell.source for cell in code_cells(name)]
    assert sum(old in source for source in sources) >= 1, "nothing to change"
    changed = [source.replace(old, new) for source in sources]
    for slow, quick in QUICK.items():
        changed = [source.replace(slow, quick) for source in changed]
    run_cells(name, changed)
    plt.close("all")


@pytest.mark.parametrize(
    "name, old, new, error",
    [
        ("03_char_hihell", '"hihello"', '""', "text must hold at least one character"),
        ("03_char_hihell", '"hihello"', '"a"', "2 or more points"),
        ("03_char_hihell", '"hihello"', "7", "text must be a string, got 7"),
        ("04_sentence_completion", '"good i am fine"', '""', r"must hold at least one"),
        ("04_sentence_completion", "load_names()", "load_names('x')", "no file 'x'"),
    ],
)
def test_what_cannot_be_taught_is_refused_by_name(name, old, new, error):
    sources = [cell.source.replace(old, new) for cell in code_cells(name)]
    with pytest.raises((TypeError, ValueError, FileNotFoundError), match=error):
        run_cells(name, sources)
    plt.close("all")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_six_marks_or_more_invite_to_play(name):
    assert len(list(tried(name))) >= 6
    assert all(old.partition("  #")[0] != new for old, new in tried(name))
