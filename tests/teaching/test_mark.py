"""Marking: a class of awkward hand-ins, whose rows are known beforehand."""

import codecs
import csv
import json
import os
import socket
import subprocess
import sys

import nbformat
import pytest
from course import LESSONS, NOTEBOOKS, ROOT, read_notebook
from test_every_exercise import check_line, exercises, solved

from teaching.mark import __main__ as marker
from teaching.mark import running
from teaching.mark.hand_ins import read_notebook as read_code
from teaching.publish.student import for_students

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")
MODULE = """
from rnn_helpers.exercises import TryAgain, as_numbers, call, compare, exercise


@exercise
def check_total(total, number):
    right = number * (number + 1) / 2
    compare(as_numbers(total, 1), right, [(number, "Not the last.")], "Add them up.")
    return "added."


@exercise
def check_twice(twice):
    values = [1.5, -2.0]
    answers = [as_numbers(call(twice, value), 1).item() for value in values]
    if answers != [3.0, -4.0]:
        raise TryAgain("Times two.")
    return "twice."


@exercise
def check_most(most, values):
    compare(as_numbers(most, 1), values.max(), [], "The largest.")
    return "found."
"""
GIVEN = [
    "import torch\n\nimport rnn_helpers as rh\nimport tiny as hw",
    "CLASS = 7  # yours",
    "limit = 3\nvalues = torch.arange(limit)\nprint(values)",
    "my_total = None\nhw.check_total(my_total, CLASS)",
    "def twice(x):\n    return None\n\n\nhw.check_twice(twice)",
    "my_most = None\nhw.check_most(my_most, values)",
]
CHECKS = "check_total", "check_twice", "check_most"
NOT = "not answered yet"
LOST = "not answered: its check is missing"


def total(*lines):
    """A hand-in with these lines above the first check, and no other check."""
    return [*GIVEN[:3], "\n".join([*lines, "hw.check_total(my_total, CLASS)"])]


def twice(*lines):
    """A hand-in with these lines in the function of the second exercise."""
    body = "".join(f"    {line}\n" for line in lines)
    return [*GIVEN[:3], f"import os, time\ndef twice(x):\n{body}hw.check_twice(twice)"]


def one(check, verdict):
    return {**dict.fromkeys(CHECKS, LOST), f"check_{check}": verdict}


# What is handed in, and the row that it must get.
ANSWERS = {
    "as it came": (GIVEN, dict.fromkeys(CHECKS, NOT)),
    "right": (total("my_total = 3 * 4 + 16"), one("total", "correct: added.")),
    "wrong": (total("my_total = 7"), one("total", "try again: Not the last.")),
    "of another class": (
        [GIVEN[0], "CLASS = 8", *total("my_total = 36")[2:]],
        one("total", "try again: Add them up."),
    ),
    "of another class in the call": (
        ["hw.check_total(36, 8)"],
        one("total", "try again: Add them up."),
    ),
    "with a byte order mark": (total("my_total = 28"), one("total", "correct: added.")),
    "with a copied cell, of which the last counts": (
        [*total("my_total = 28"), *total("my_total = 7")],
        one("total", "try again: Not the last."),
    ),
    "with two tries in a cell": (
        total("my_total = 7", "hw.check_total(my_total, CLASS)", "my_total = 28"),
        one("total", "correct: added."),
    ),
    "in another order": (total("my_total = 28")[::-1], one("total", "correct: added.")),
    "with its answer in a changed lesson": (
        ["values = torch.tensor([5])", "my_most = 5\nhw.check_most(my_most, values)"],
        one("most", "try again: The largest."),
    ),
    "that changes the data": (
        ["values.zero_()\nmy_most = 0\nhw.check_most(my_most, values)"],
        one("most", "try again: The largest."),
    ),
    "with magics": (
        total("%pip install x", "!ls", "if True:", "    %time", "my_total = 28", "x?"),
        one("total", "correct: added."),
    ),
    "with lines that end in a question": (
        total("%%time", "my_total = sum([", "    14,  # half?", "    14,", "])  # so?"),
        one("total", "correct: added."),
    ),
    "with magics that give values": (
        total("files = !ls", "time = %time 1", "assert 1 != 2", "my_total = 28"),
        one("total", "correct: added."),
    ),
    "with answer and check in a loop": (
        ["for my_total in 7, 28:\n    hw.check_total(my_total, CLASS)"],
        one("total", "correct: added."),
    ),
    "with answer and check in a with": (
        [
            "with torch.no_grad():\n    my_total = 28\n    hw.check_total(my_total, CLASS)"
        ],
        one("total", "correct: added."),
    ),
    "with answer and check in a while": (
        [
            "my_total = 0\nwhile my_total < 28:\n    my_total += 14\n"
            "    hw.check_total(my_total, CLASS)"
        ],
        one("total", "correct: added."),
    ),
    "with answer and check in an else": (
        [
            "if CLASS > 9: pass\nelse:\n    my_total = 28\n    hw.check_total(my_total, CLASS)"
        ],
        one("total", "correct: added."),
    ),
    "with answer and check in blocks": (
        [
            "try:\n  if __name__ == '__main__':\n    with torch.no_grad():\n"
            "      my_total = 28\n      hw.check_total(my_total, CLASS)\nfinally: pass"
        ],
        one("total", "correct: added."),
    ),
    "with answer and check in a function": (
        ["def main():\n    my_total = 28\n    hw.check_total(my_total, CLASS)\nmain()"],
        one("total", "stopped: its check stands in a function"),
    ),
    "with a future of its own": (
        [
            *GIVEN[:3],
            "n: int = 28",
            "from __future__ import annotations\nmy_total = n\nhw.check_total(my_total, CLASS)",
        ],
        one("total", "correct: added."),
    ),
    "with a star of another cell": (
        ["from math import *", *total("my_total = 28 * int(sqrt(1))")],
        one("total", "correct: added."),
    ),
    "with Jupyter's shell": (
        total("get_ipython().run_line_magic('time', '')", "my_total = 28"),
        one("total", "correct: added."),
    ),
    "with keywords in the call": (
        ["hw.check_total(28, number=CLASS)"],
        one("total", "correct: added."),
    ),
    "with a star in the call": (
        ["both = 28, 7\nhw.check_total(*both)"],
        one("total", "stopped: its check is called with *"),
    ),
    "with a scratch cell that cannot be read": (
        [*total("my_total = 28"), "so hw.check_total(my_total, CLASS) was right"],
        one("total", "correct: added."),
    ),
    "with its answer in the call": (
        ["hw.check_total(28, CLASS)"],
        one("total", "correct: added."),
    ),
    "with names of its own": (
        ["from tiny import check_twice\ndouble = lambda x: 2 * x\ncheck_twice(double)"],
        one("twice", "correct: twice."),
    ),
    "with helpers in cells above": (
        [
            "factor = 2",
            "import math\ndef product(x): return math.prod([factor, x])",
            *twice("return product(x)"),
            "syntax error",
        ],
        one("twice", "correct: twice."),
    ),
    "with a helper whose name a later cell takes": (
        ["steps = 14", *total("my_total = 2 * steps"), "steps = 1"],
        one("total", "correct: added."),
    ),
    "with a helper that was mended further down": (
        [
            "def half(): return 1",
            "def half(): return 14",
            *total("my_total = 2 * half()"),
        ],
        one("total", "correct: added."),
    ),
    "with its answer summed over cells": (
        ["my_total = 0", "for n in range(8):\n    my_total += n", *total()],
        one("total", "correct: added."),
    ),
    "with its answer summed where its check stands": (
        ["my_total = 14", *total("my_total += 14")],
        one("total", "correct: added."),
    ),
    "with a list that grows, and a slip": (
        [
            "n = []",
            "n.append(28)",
            "n[9]",
            "import math",
            "math.z",
            *total("my_total = n[0]"),
        ],
        one("total", "correct: added."),
    ),
    "with an item and an attribute set later": (
        [
            "class N: pass\nn, m = N(), {}",
            "n.half = 14",
            "m['half'] = 14",
            *total("my_total = n.half + m['half']"),
        ],
        one("total", "correct: added."),
    ),
    "with an answer built on another": (
        [
            *total("my_total = 28"),
            "my_most = my_total - 26\nhw.check_most(my_most, values)",
        ],
        {**one("total", "correct: added."), "check_most": "correct: found."},
    ),
    "that is the word": (
        total("my_total = 'correct'"),
        one(
            "total",
            "try again: A number is asked for, without quotes, and this is 'correct'.",
        ),
    ),
    "that prints a verdict": (
        total("my_total = None", "print('correct: yes')"),
        one("total", NOT),
    ),
    "with a name that nobody has": (
        total("my_total = nobody"),
        one("total", "stopped: NameError(\"name 'nobody' is not defined\")"),
    ),
    "with a faulty line": (
        total("my_total = = 28"),
        one("total", "stopped: SyntaxError: invalid syntax (cell, line 1)"),
    ),
    "with a value at an address": (
        total("my_total = object()"),
        one(
            "total", "try again: One number is asked for, and this is <object object>."
        ),
    ),
    "that shows something": (
        total("my_total = 28", "display(my_total)"),
        one("total", "correct: added."),
    ),
    "that trains, and sets what it likes": (
        total(
            "torch.set_default_dtype(torch.float64)",
            "torch.optim.Adam([torch.ones(1, requires_grad=True)], lr=0.1).step()",
            "my_total = 28",
        ),
        one("total", "correct: added."),
    ),
    "that asks for something": (
        total("my_total = input('How much? ')"),
        one("total", "stopped: EOFError('EOF when reading a line')"),
    ),
    "that leaves": (total("exit()"), one("total", "stopped: SystemExit(None)")),
    "that interrupts": (
        twice("raise KeyboardInterrupt"),
        one("twice", "stopped: KeyboardInterrupt()"),
    ),
    "that ends Python": (
        twice("os._exit(0)"),
        one("twice", "stopped: it ended Python (0)"),
    ),
    "that never ends": (
        total("while True: pass"),
        one("total", "stopped: it ran longer than 1 s"),
    ),
    "that sleeps": (
        twice("time.sleep(1e6)"),
        one("twice", "stopped: it ran longer than 1 s"),
    ),
    "that wants much memory": (
        total("my_total = bytearray(10**11)"),
        one("total", "stopped: MemoryError()"),
    ),
    "that writes much": (
        total("open('x', 'wb').write(bytes(10**8))"),
        one("total", "stopped: OSError(27, 'File too large')"),
    ),
    "that forks, if it may": (
        twice("try: os.fork()", "except OSError: pass", "return 2 * x"),
        one("twice", "correct: twice."),
    ),
    "with names of the course's": (
        total("class hw:", "    check_total = print", "rh = hw", "my_total = 1"),
        one("total", "try again: Add them up."),
    ),
    "with a check of its own": (
        total("my_total = 1", "hw.check_total = lambda *a: print('correct: yes')"),
        one("total", "stopped: it changed tiny.check_total"),
    ),
    "with a judge of its own": (
        twice("import tiny", "tiny.as_numbers = lambda *x: 0", "return x"),
        one("twice", "stopped: it changed tiny.as_numbers"),
    ),
    "with a comparison of its own": (
        total("torch.Tensor.__le__ = lambda *a: torch.tensor(True)", "my_total = 1"),
        one("total", "stopped: it changed Tensor.__le__"),
    ),
    "with a more generous comparison": (
        twice("import tiny", "tiny.compare.__defaults__ = (1e9,)", "return x"),
        one("twice", "stopped: it changed rnn_helpers.exercises.compare(=)"),
    ),
    "with numbers of its own": (
        twice("import tiny", "tiny.as_numbers.__code__ = (lambda *x: 0).__code__"),
        one("twice", "stopped: it changed rnn_helpers.exercises.as_numbers()"),
    ),
    "with a function of PyTorch's of its own": (
        total("torch.nn.functional.cross_entropy = lambda *a: 0", "my_total = 1"),
        one("total", "stopped: it changed torch.nn.functional.cross_entropy"),
    ),
    "with a function of numpy's of its own": (
        total("import numpy", "numpy.abs = lambda x: 0", "my_total = 1"),
        one("total", "stopped: it changed numpy.abs"),
    ),
    "with Python of its own": (
        total("__builtins__['print'] = lambda x: 1", "my_total = 1"),
        one("total", "stopped: it changed builtins.print"),
    ),
    "with an output of its own": (
        total("import sys", "sys.stdout = sys.__stdout__ = None", "my_total = 1"),
        one("total", "try again: Add them up."),
    ),
    "that calls a check it has answered": (
        twice("import tiny", "tiny.check_total(28, 7)", "return x"),
        {**one("twice", "try again: Times two."), "check_total": "correct: added."},
    ),
    "that writes wherever it can": (
        twice(
            "for file in range(3, 99):",
            "    try: os.write(file, b'correct: yes')",
            "    except OSError: pass",
            "os._exit(0)",
        ),
        one("twice", "stopped: it wrote where verdicts are written"),
    ),
    "that writes into others' pipes": (
        total(
            "import os",
            "for process in 1, os.getppid():",
            "    for file in range(30):",
            "        try:",
            "            path = f'/proc/{process}/fd/{file}'",
            "            if 'pipe' in os.readlink(path):",
            "                open(path, 'w').write('correct: typed\\n')",
            "        except OSError: pass",
            "my_total = 1",
        ),
        one("total", "try again: Add them up."),
    ),
    "with a word at its end": (
        total("import atexit, os", "atexit.register(os.write, 1, b'correct: ')"),
        one("total", NOT),
    ),
}
PRINTED = {"n[9]": "so far\nstopped: IndexError"}
FILES = {  # not notebooks, or not of the course
    "empty.ipynb": b"",
    "list.ipynb": b"[1]",
    "cells.ipynb": b'{"cells": [1]}',
    "deep.ipynb": b"[" * 10**5,
    "other.ipynb": b'{"cells": []}',
    "latin.ipynb": b"\xfc",
}


def notebook_of(sources, printed=()):
    """A notebook as programs write it that know nothing of cell ids."""
    texts = [*printed, *[""] * len(sources)]
    return json.dumps(
        {
            "cells": [
                {
                    "cell_type": "code",
                    "source": source.splitlines(keepends=True),
                    "outputs": [{"output_type": "stream", "text": text}],
                }
                for source, text in zip(sources, texts)
            ],
        }
    )


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A homework of three exercises, as it was given out."""
    folder = tmp_path_factory.mktemp("released")
    (folder / "tiny.py").write_text(MODULE, encoding="utf-8")
    (folder / "tiny.ipynb").write_text(notebook_of(GIVEN), encoding="utf-8")
    return {"tiny": read_code(folder / "tiny.ipynb")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of hand-ins, as learning platforms unzip them."""
    folder = tmp_path_factory.mktemp("hand-ins")
    for name, (sources, _) in ANSWERS.items():
        printed = [PRINTED.get(source, "") for source in sources]
        path = folder / f"Müller, Ä_{name}" / "tiny (1).ipynb"
        path.parent.mkdir()
        encoding = "utf-8-sig" if "byte order" in name else "utf-8"
        path.write_text(notebook_of(sources, printed), encoding=encoding)
    for name, text in FILES.items():
        (folder / name).write_bytes(text)
    os.mkfifo(folder / "pipe.ipynb")
    (folder / "lost.ipynb").symlink_to("nowhere")
    (folder / "a folder.ipynb").mkdir()
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / "x.ipynb").write_text("{}", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def rows(folder, tiny):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "SECONDS", 1)
        return {row.file: row for row in marker.mark(folder, tiny)}


@needs_fork
@pytest.mark.parametrize("name", ANSWERS)
def test_an_awkward_hand_in_gets_its_row(rows, name):
    assert rows[f"Müller, Ä_{name}/tiny (1).ipynb"].verdicts == ANSWERS[name][1]


@needs_fork
def test_what_is_no_hand_in_is_said_and_the_others_are_marked(rows):
    assert not any(file.startswith(".") for file in rows)
    others = {file: row for file, row in rows.items() if "/" not in file}
    assert {*others} == {*FILES, "lost.ipynb", "pipe.ipynb"}
    assert not any(row.verdicts for row in others.values())
    reasons = {
        file.removesuffix(".ipynb"): row.notebook for file, row in others.items()
    }
    assert reasons.pop("other") == "stopped: no check of the course"
    assert {reasons.pop(name) for name in ("lost", "pipe")} == {"stopped: no file"}
    assert {*reasons.values()} == {"stopped: not a notebook"}


@needs_fork
def test_table_and_spreadsheet_have_a_row_for_each_file(rows, tiny, tmp_path):
    lines = [*marker.table(rows.values(), tiny)]
    assert lines[0].split() == ["tiny", "total", "twice", "most", "correct"]
    assert all(sum(line.startswith(file) for line in lines) == 1 for file in rows)
    marker.write_marks(tmp_path / "marks.csv", rows.values(), tiny)
    with (tmp_path / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        written = {row["file"]: row for row in csv.DictReader(file)}
    assert [*written] == [*rows]
    for name, row in rows.items():
        line = written[name]
        assert line["notebook"] == row.notebook
        assert {check: line[check] for check in row.verdicts} == row.verdicts
        right = [verdict.startswith("correct: ") for verdict in row.verdicts.values()]
        assert line["correct"] == str(sum(right))


@pytest.mark.parametrize("name", ["=1+1.ipynb", "+1.ipynb", "-1.ipynb", "@A1.ipynb"])
def test_spreadsheet_takes_no_name_for_a_formula_and_knows_its_letters(tmp_path, name):
    rows = [marker.Row(name, "stopped: Ä", None, {})]
    marker.write_marks(tmp_path / "marks.csv", rows, {})
    written = (tmp_path / "marks.csv").read_bytes()
    assert written.startswith(codecs.BOM_UTF8)
    assert f"\n'{name},stopped: Ä,".encode() in written


def test_reading_runs_nothing_and_takes_what_was_printed_last(tiny, tmp_path):
    printed = ["", "", "", "try again: no\ncorrect: yes\n", "not answered yet\n"]
    (tmp_path / "x.ipynb").write_text(notebook_of(GIVEN, printed), encoding="utf-8")
    (row,) = marker.mark(tmp_path, tiny, run=False)
    verdicts = ["correct: yes", NOT, "not answered: it was not run"]
    assert row.verdicts == dict(zip(CHECKS, verdicts))


def test_outputs_that_lack_something_are_read(tiny, tmp_path):
    notebook = json.loads(notebook_of(GIVEN))
    outputs = [{"text": "correct: \ud800"}, {"output_type": "error"}]
    for cell, output in zip(notebook["cells"][3:], outputs):
        cell["outputs"] = [output]
    (tmp_path / "=1+1.ipynb").write_text(json.dumps(notebook))
    rows = marker.mark(tmp_path, tiny, run=False)
    (tmp_path / "kept").write_text("mine")
    (tmp_path / "marks.csv").symlink_to("kept")
    marker.write_marks(tmp_path / "marks.csv", rows, tiny)
    assert (tmp_path / "kept").read_text() == "mine"
    (line,) = csv.DictReader((tmp_path / "marks.csv").open(encoding="utf-8-sig"))
    assert line["file"] == "'=1+1.ipynb"
    assert line["check_total"] == "correct: \\ud800"
    assert line["check_twice"] == "stopped: None: None"


def test_every_exercise_of_the_released_notebooks_is_found():
    released = marker.find_released()
    for name in NOTEBOOKS:
        asked = [
            check_line(answer).partition("(")[0] for _, answer, _ in exercises(name)
        ]
        assert [call.check for call in released[name].calls.values()] == asked


def test_the_class_number_goes_into_the_released_notebook(tiny):
    path = tiny["tiny"].folder / "tiny.ipynb"
    for number in (0, 12):
        assert read_code(path, number).cells[1] == f"CLASS = {number}  # yours"
    assert read_code(path).cells == GIVEN


def test_main_prints_the_table_and_writes_it_beside_the_hand_ins(
    tiny, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(marker, "find_released", lambda number: tiny)
    (tmp_path / "x.ipynb.txt").write_text(notebook_of(GIVEN), encoding="utf-8")
    (tmp_path / "report.pdf").touch()
    for _ in range(2):  # the second time marks.csv is there
        marker.main([str(tmp_path), "--read"])
        words = capsys.readouterr().out.split()
        assert "x.ipynb.txt" in words and words[-1] == "report.pdf"
        assert (tmp_path / "marks.csv").read_bytes().count(b"\r\n") == 2


def test_a_folder_that_cannot_be_marked_is_said_in_a_line(tmp_path, capsys):
    for words, line in (
        ([str(tmp_path / "none")], "none is no folder"),
        ([str(ROOT)], "holds the course itself"),
        ([str(tmp_path), "--class", "seven"], "invalid int value: 'seven'"),
    ):
        with pytest.raises(SystemExit):
            marker.main(words)
        assert line in capsys.readouterr().err


@needs_fork
def test_a_released_notebook_that_does_not_run_leaves_the_others_their_rows(
    tiny, tmp_path, capfd
):
    broken = tiny["tiny"]._replace(cells=[*GIVEN[:3], "1 / 0", *GIVEN[4:]])
    (tmp_path / "x.ipynb").write_text(notebook_of(total("my_total = 28")))
    (tmp_path / "y.ipynb").write_text(notebook_of(twice("return 2 * x")))
    rows = marker.mark(tmp_path, {"tiny": broken})
    found = [verdict for row in rows for verdict in row.verdicts.values()]
    told = "stopped: tiny does not run: see above"
    assert found == ["correct: added.", *[LOST] * 3, told, LOST]
    assert "ZeroDivisionError" in capfd.readouterr().err


@needs_fork
def test_no_answer_sees_what_comes_later_in_the_notebook(tiny, tmp_path):
    """Whoever has handed in more before it."""
    early = total("my_total = 7 if 'twice' in globals() else 28")
    (tmp_path / "x.ipynb").write_text(notebook_of([GIVEN[5].replace("None", "2")]))
    (tmp_path / "y.ipynb").write_text(notebook_of(early))
    found = [row.verdicts for row in marker.mark(tmp_path, tiny)]
    assert found == [one("most", "correct: found."), one("total", "correct: added.")]


@needs_fork
def test_an_answer_that_ends_its_judge_loses_its_own_row_only(
    tiny, tmp_path, monkeypatch
):
    monkeypatch.setattr(running, "has_bubblewrap", lambda: False)
    ends = total("import os, time", "os.kill(os.getppid(), 9)", "time.sleep(9)")
    (tmp_path / "x.ipynb").write_text(notebook_of(ends))
    (tmp_path / "y.ipynb").write_text(notebook_of(total("my_total = 28")))
    rows = marker.mark(tmp_path, tiny)
    ended = "stopped: it ended the process that judges"
    assert [r.verdicts["check_total"] for r in rows] == [ended, "correct: added."]


@needs_fork
@pytest.mark.parametrize("line", ["correct: yes", '"correct: yes"', "", "\xff"])
def test_what_comes_without_its_word_is_no_verdict(line):
    typed = f"import sys; input(); sys.stdout.buffer.write({line!r}.encode('latin-1'))"
    with subprocess.Popen(
        [sys.executable, "-c", typed],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert running.ask(process, {}) is None


@needs_fork
@pytest.mark.wide
def test_a_second_pass_says_the_same(rows, folder, tiny, monkeypatch):
    monkeypatch.setattr(running, "SECONDS", 1)
    assert marker.mark(folder, tiny) == [*rows.values()]


def test_bubblewrap_is_asked_to_share_nothing(tmp_path, tiny, monkeypatch):
    monkeypatch.setattr(running, "has_bubblewrap", lambda: True)
    others = tmp_path / "hand-ins"
    words = running.walls(next(iter(tiny.values())), str(tmp_path), others)
    assert "--unshare-all" in words
    hidden = words[words.index(str(others)) - 1]
    assert hidden == "--tmpfs" and "--ro-bind" in words[:3]
    assert not any(word.startswith("--share") for word in words)


@needs_fork
@pytest.mark.wide
@pytest.mark.parametrize("walls", [True, False])
def test_bubblewrap_is_what_keeps_an_answer_in(tmp_path, tiny, monkeypatch, walls):
    if not running.has_bubblewrap():
        pytest.skip("bubblewrap is not installed, or not allowed here")
    monkeypatch.setattr(running, "has_bubblewrap", lambda: walls)
    with socket.create_server(("127.0.0.1", 0)) as server:
        ways_out = {
            "network": f"socket.create_connection({server.getsockname()})",
            "course": "open(tiny.__file__, 'a')",
            "others": f"open({str(tmp_path / 'others.ipynb')!r})",
        }
        for name, way in ways_out.items():
            cells = twice(
                "import socket, tiny", f"try: {way}", "except OSError: return 2 * x"
            )
            (tmp_path / f"{name}.ipynb").write_text(
                notebook_of(cells), encoding="utf-8"
            )
        rows = marker.mark(tmp_path, tiny)
    wanted = "correct: twice." if walls else NOT  # it returns None where it gets out
    assert {row.file: row.verdicts["check_twice"] for row in rows} == {
        f"{name}.ipynb": wanted for name in ways_out
    }


@needs_fork
@pytest.mark.wide
def test_published_solutions_are_correct_and_what_is_handed_out_is_not_answered(
    tmp_path,
):
    for name in LESSONS:
        nbformat.write(solved(name), tmp_path / f"solved {name}.ipynb")
        given = for_students(read_notebook(name))
        nbformat.write(given, tmp_path / f"{name} as given.ipynb")
    marker.main([str(tmp_path)])
    with (tmp_path / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [*csv.DictReader(file)]
    assert len(rows) == 2 * len(LESSONS)
    for row in rows:
        verdicts = [row[check] for check in row if check.startswith("check_")]
        wanted = "correct: " if row["file"].startswith("solved") else NOT
        given = [verdict for verdict in verdicts if verdict]
        assert all(verdict.startswith(wanted) for verdict in given)
        assert len(given) == len(exercises(row["notebook"]))
