"""Hundreds of odd calls: each is served well, or refused by a check of our own.

Every argument of every public function of `data` and `explorers` is replaced, in turn, by
every odd value. What is listed as fit must be served; all else must be refused by a
`raise` in the package whose message names the argument and its value.
"""

import fractions
import linecache
import traceback
from collections import namedtuple
from pathlib import Path

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

import rnn_helpers
from rnn_helpers import (
    BadInput,
    CharVocab,
    Explorer,
    choice,
    data,
    explore,
    explorers,
    make_signals,
    next_step_pairs,
    one_hot,
    stack_runs,
)
from rnn_helpers.arguments import short
from rnn_helpers.lessons.char_hihell import conflicting_steps

PACKAGE = Path(rnn_helpers.__file__).parent


class Unprintable:
    def __repr__(self):
        raise RuntimeError("no words for it")


ODD = {
    "None": None,
    "''": "",
    "' '": " ",
    "'abc'": "abc",
    "long text": "abc" * 1000,
    "b'x'": b"x",
    "7": 7,
    "-1": -1,
    "0": 0,
    "1": 1,
    "True": True,
    "False": False,
    "2.5": 2.5,
    "2.0": 2.0,
    "nan": float("nan"),
    "inf": float("inf"),
    "-inf": float("-inf"),
    "1j": 1j,
    "1/3": fractions.Fraction(1, 3),
    "1e300": 1e300,
    "2**40": 2**40,
    "2**63": 2**63,
    "10**5000": 10**5000,
    "-(10**400)": -(10**400),
    "np.int64(5)": np.int64(5),
    "np.uint8(2)": np.uint8(2),
    "np.float32(2.5)": np.float32(2.5),
    "np.float64(nan)": np.float64("nan"),
    "np.True_": np.True_,
    "np.str_('abc')": np.str_("abc"),
    "[]": [],
    "()": (),
    "{}": {},
    "set()": set(),
    "[0, 2]": [0, 2],
    "(0, 2)": (0, 2),
    "range(3)": range(3),
    "[0, -1]": [0, -1],
    "[0, 9]": [0, 9],
    "[0, 2**70]": [0, 2**70],
    "[0.0, 1.0]": [0.0, 1.0],
    "[True, False]": [True, False],
    "[None]": [None],
    "[[]]": [[]],
    "[[0, 1], [2, 0]]": [[0, 1], [2, 0]],
    "[[0, 1], [2]]": [[0, 1], [2]],
    "['ab', 'ca']": ["ab", "ca"],
    "('ab', 'ca')": ("ab", "ca"),
    "['ab', 'abc']": ["ab", "abc"],
    "['ab', '']": ["ab", ""],
    "['ab', 7]": ["ab", 7],
    "['xy', 'yz']": ["xy", "yz"],
    "[b'ab']": [b"ab"],
    "{0: 1}": {0: 1},
    "{'a': 1}": {"a": 1},
    "{0, 1}": {0, 1},
    "generator": (text for text in ("ab", "ca")),
    "object()": object(),
    "Unprintable()": Unprintable(),
    "int": int,
    "lambda": lambda: 7,
    "lambda height": lambda height: height,
    "slice": slice(3),
    "array of int": np.array([0, 2]),
    "array of int, reversed": np.array([2, 0, 1])[::-1],
    "array of uint16": np.array([0, 2], dtype=np.uint16),
    "array of float": np.array([0.5, 2.0]),
    "array of object": np.array([None, "a"], dtype=object),
    "array of text": np.array(["ab", "ca"]),
    "empty array": np.array([]),
    "tensor(2)": torch.tensor(2),
    "tensor(2.5)": torch.tensor(2.5),
    "tensor of int64": torch.tensor([0, 2]),
    "tensor of uint8": torch.tensor([0, 2], dtype=torch.uint8),
    "tensor of bool": torch.tensor([True, False]),
    "tensor of complex": torch.tensor([0j, 1j]),
    "tensor of float": torch.tensor([0.0, 1.0]),
    "tensor of half": torch.ones(2, dtype=torch.half),
    "tensor that requires grad": torch.ones(3, requires_grad=True),
    "tensor of nan": torch.full((2,), torch.nan),
    "empty tensor": torch.tensor([]),
    "empty tensor of int64": torch.tensor([], dtype=torch.int64),
    "tensor of shape (2, 0)": torch.zeros(2, 0),
    "tensor of shape (0, 2)": torch.zeros(0, 2),
    "tensor of shape (3, 1)": torch.zeros(3, 1),
    "tensor of shape (2, 2)": torch.zeros(2, 2, dtype=torch.int64),
    "tensor of shape (2, 1, 2)": torch.zeros(2, 1, 2, dtype=torch.int64),
    "tensor of -1": torch.tensor([-1]),
    "tensor of 2**62": torch.tensor([2**62]),
    "large tensor": torch.zeros(50, 50),
    "sparse tensor": torch.eye(3).to_sparse(),
    "sparse tensor of int64": torch.tensor([0, 1]).to_sparse(),
    "[tensor(0), tensor(2)]": [torch.tensor(0), torch.tensor(2)],
    "dtype": torch.float32,
    "slider": widgets.IntSlider(2, description="height"),
    "slider without a label": widgets.IntSlider(2),
    "button": widgets.Button(description="height"),
    "{'height': 7}": {"height": 7},
    "{7: slider}": {7: widgets.IntSlider(2, description="height")},
    "{'width': slider}": {"width": widgets.IntSlider(2, description="width")},
    "{'height': slider}": {"height": widgets.IntSlider(2, description="height")},
}


def draw(height):
    figure, ax = plt.subplots(figsize=(2, 1))
    ax.plot([0, height])
    return figure, "A line."


def slider():
    return widgets.IntSlider(2, 0, 9, description="height")


def explore_height(draw, height):
    return explore(draw, height=height)


def explore_drawn(draw):
    """An explorer whose function gives this, whatever the height."""
    return explore(lambda height: draw, height=slider())


VOCAB = CharVocab("abc")
COUNTS = {"1", "7", "np.int64(5)", "np.uint8(2)"}
TEXTS = {"'abc'", "np.str_('abc')", "long text"}
BATCHES = {"['ab', 'ca']", "('ab', 'ca')"}
ROWS = {
    "[0, 2]",
    "(0, 2)",
    "range(3)",
    "array of int",
    "array of int, reversed",
    "array of uint16",
    "tensor of int64",
    "tensor of uint8",
    "sparse tensor of int64",
    "[tensor(0), tensor(2)]",
}
TABLES = {"[[0, 1], [2, 0]]", "tensor of shape (2, 2)", "tensor of shape (2, 1, 2)"}
SEQUENCES = {
    "tensor of int64",
    "tensor of uint8",
    "tensor of bool",
    "tensor of complex",
    "tensor of float",
    "tensor of half",
    "tensor of nan",
    "tensor of shape (0, 2)",
    "tensor of shape (2, 2)",
    "tensor of shape (2, 1, 2)",
    "tensor that requires grad",
    "large tensor",
}

# For each function: the arguments of a call that is right, what is odd and yet fits each
# of them, and what must hold of the result.
Case = namedtuple("Case", "function right fit holds")
CASES = [
    Case(
        next_step_pairs,
        {"sequence": torch.arange(4)},
        {"sequence": SEQUENCES},
        lambda result, sequence: result[0].shape == result[1].shape,
    ),
    Case(
        make_signals,
        {"num_steps": 4, "batch_size": 2},
        {"num_steps": COUNTS, "batch_size": COUNTS},
        lambda result, **sizes: (
            [tensor.shape for tensor in result] == 2 * [tuple(sizes.values())]
        ),
    ),
    Case(
        CharVocab,
        {"chars": "abc"},
        {"chars": TEXTS - {"long text"} | {"' '"}},
        lambda result, chars: result.chars == chars,
    ),
    Case(
        CharVocab.from_text,
        {"text": "abcab"},
        {"text": TEXTS | {"' '"}},
        lambda result, text: set(result.chars) == set(text),
    ),
    Case(
        CharVocab.in_order,
        {"text": "abcab"},
        {"text": TEXTS | {"' '"}},
        lambda result, text: result.encode(text[:1]).tolist() == [0],
    ),
    Case(
        conflicting_steps,
        {"word": "hihello"},
        {"word": TEXTS},
        lambda result, word: 0 <= result[0] <= result[1] < len(word),
    ),
    Case(
        VOCAB.encode,
        {"text": "abcab"},
        {"text": TEXTS},
        lambda result, text: VOCAB.decode(result) == text,
    ),
    Case(
        VOCAB.decode,
        {"indices": [0, 2]},
        {"indices": ROWS},
        lambda result, indices: len(result) == len(indices),
    ),
    Case(
        one_hot,
        {"indices": [0, 2], "vocab_size": 3},
        {
            "indices": ROWS | TABLES | {"0", "1", "np.uint8(2)", "tensor(2)"},
            "vocab_size": {"7", "np.int64(5)"},
        },
        lambda result, indices, vocab_size: (
            result.shape[-1] == vocab_size and result.sum(dim=-1).eq(1).all()
        ),
    ),
    Case(
        Explorer,
        {"draw": draw, "controls": {"height": slider()}},
        {"draw": set(), "controls": {"{'height': slider}"}},
        lambda result, draw, controls: result.values == {"height": 2},
    ),
    Case(
        explore_height,
        {"draw": draw, "height": slider()},
        {"draw": set(), "height": {"slider"}},
        lambda result, draw, height: result.values == {"height": 2},
    ),
    Case(explore_drawn, {"draw": None}, {"draw": set()}, None),
    Case(
        choice,
        {"description": "rate", "options": [1, 7], "value": None},
        {
            "description": TEXTS | {"' '"},
            "options": BATCHES
            | {"[0, 2]", "(0, 2)", "[0, -1]", "[0, 9]", "[0, 2**70]", "[0.0, 1.0]"}
            | {"[True, False]", "['ab', 'abc']", "['ab', '']", "['ab', 7]"}
            | {"['xy', 'yz']"},
            "value": {"None", "1", "7", "True"},
        },
        lambda result, description, options, value: result.value in options,
    ),
]
ARGUMENTS = [
    pytest.param(case, name, id=f"{case.function.__qualname__}-{name}")
    for case in CASES
    for name in case.right
]


def test_every_public_function_gets_odd_calls():
    called = {case.function.__qualname__.partition(".")[0] for case in CASES}
    called |= {explore.__name__}  # by explore_height and explore_drawn
    called |= {BadInput.__name__}  # an error: it takes any message
    called |= {stack_runs.__name__}  # it calls a function and leaves all to it
    for module in (data, explorers):
        for name, thing in vars(module).items():
            if getattr(thing, "__module__", "") == module.__name__ and name[0] != "_":
                assert name in called, name


@pytest.mark.parametrize("case, name", ARGUMENTS)
def test_an_odd_call_is_served_or_refused_by_name(case, name):
    for label, value in ODD.items():
        arguments = {**case.right, name: value}
        try:
            result = case.function(**arguments)
        except Exception as error:
            assert label not in case.fit[name], f"{label}: {error!r}"
            assert_is_our_own(error, name, value)
        else:
            assert label in case.fit[name], f"{label} gave {short(result)}"
            assert case.holds(result, **arguments), label


def assert_is_our_own(error, name, value):
    assert type(error) in (TypeError, ValueError), repr(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    assert Path(frame.filename).is_relative_to(PACKAGE), repr(error)
    line = linecache.getline(frame.filename, frame.lineno).strip()
    assert line.startswith("raise "), f"{line}: {error!r}"
    assert error.__suppress_context__ or error.__context__ is None, repr(error)
    named = name in str(error) and any(part in str(error) for part in written(value))
    assert named and len(str(error)) < 400, str(error)


def written(value):
    """The words that may stand for a value, or for the part of it that is at fault."""
    parts = [value]
    if isinstance(value, list | tuple):
        parts += value
    elif isinstance(value, dict):
        parts += [*value, *value.values()]
    elif isinstance(value, np.generic):
        parts += [value.item()]
    return [short(part) for part in parts]


def test_values_are_written_in_one_short_line():
    assert short("a  b\n") == r"'a  b\n'"
    assert short(torch.zeros(2, 2)) == "tensor([[0., 0.], [0., 0.]])"
    assert short([0] * 1000) == str([0] * 1000)[:79] + "…"
    assert short(10**5000) == "<int that cannot be written down>"


def test_nothing_is_half_done():
    control, figures = slider(), plt.get_fignums()
    layout = control.layout.width, control.style.description_width, control.tooltip
    for odd in (7, widgets.IntSlider(1)):
        with pytest.raises((TypeError, ValueError), match="controls"):
            explore(lambda height, odd: draw(height), height=control, odd=odd)
    with pytest.raises(TypeError, match="draw must return"):
        explore(lambda height: draw(height)[0], height=control)
    assert layout == (
        control.layout.width,
        control.style.description_width,
        control.tooltip,
    )
    assert plt.get_fignums() == figures
