"""What the course costs, as ratios measured in one run: python tests/benchmark.py

Nothing here fails on a slow day; the goals are for the maintainer to read.
"""

import contextlib
import io
import math
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import torch
from course import LABS, LESSONS, PATHS, run_lesson
from nbclient import NotebookClient

import rnn_helpers as rh

BARE = """
import matplotlib.pyplot as plt
import torch
_ = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
"""
PEAK = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"


def bare_notebook():
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(BARE, execution_count=1)]
    return notebook


def nbval_seconds(paths):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    options = ["--nbval", "--nbval-current-env", "--noconftest", "-c", "/dev/null"]
    start = time.perf_counter()
    subprocess.run(
        [*command, *options, *map(str, paths)], check=True, capture_output=True
    )
    return time.perf_counter() - start


def peak_memory(notebook):
    notebook.cells.append(nbformat.v4.new_code_cell(PEAK))
    NotebookClient(notebook, timeout=600).execute()
    return int(notebook.cells[-1].outputs[0].text)


def carried(lesson, number):
    """Complete a text by `number` characters as the lesson does, each read once."""
    lesson["generate"](lesson["recipe"], "h", 1 + number, lesson["vocab"])


def re_read(lesson, number):
    """The same, reading the whole text again for each character."""
    model, vocab, text = lesson["recipe"], lesson["vocab"], "h"
    with torch.no_grad():
        while len(text) < 1 + number:
            logits, _ = model(rh.one_hot(vocab.encode(text), len(vocab)))
            text += vocab.chars[logits[-1].argmax()]


def completion_exponent(lesson, complete):
    """Fit seconds ~ n ** exponent to the completion of n characters."""
    numbers, seconds = (240, 480, 960, 1920), []
    for number in numbers:
        start = time.perf_counter()
        complete(lesson, number)
        seconds.append(time.perf_counter() - start)
    logs = [[math.log(value) for value in values] for values in (numbers, seconds)]
    return statistics.linear_regression(*logs).slope


def seconds_of(function, *arguments):
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start


def thousand_to_one():
    """A thousand networks with an axis of runs / one in the plain loop of lesson 1."""
    sine, luck = (run_lesson(name).names for name in ("01_elman_sine", "was_it_luck"))
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)  # as in the lessons
    task = sine["inputs"], sine["targets"]
    many = seconds_of(luck["train_online"], luck["sine_weights"], *task)
    return many / seconds_of(sine["train_by_hand"], *sine["weights"])


def report(name, ratio, goal):
    print(f"{name:55} {ratio:6.2f}   goal: {goal}", flush=True)


def main(rounds=3):
    with tempfile.TemporaryDirectory() as folder:
        bare_paths = [
            Path(folder) / f"bare_{number}.ipynb" for number in range(len(LESSONS))
        ]
        for path in bare_paths:
            nbformat.write(bare_notebook(), path)
        paths = [PATHS[name] for name in LESSONS]
        ratios = [
            nbval_seconds(paths) / nbval_seconds(bare_paths) for _ in range(rounds)
        ]
        report(
            "nbval of the lessons / of bare notebooks",
            statistics.median(ratios),
            "at most 2.5",
        )
        for name in LABS:
            ratios = [
                nbval_seconds([PATHS[name]]) / nbval_seconds(bare_paths[:1])
                for _ in range(rounds)
            ]
            ratio = statistics.median(ratios)
            report(f"nbval of {name} / of a bare notebook", ratio, "at most 6")

    bare_peak = peak_memory(bare_notebook())
    for name in LESSONS + LABS:
        peak = peak_memory(nbformat.read(PATHS[name], as_version=4))
        goal = "at most 1.3" if name in LABS else "at most 1.15"
        report(f"peak memory of {name} / of a bare kernel", peak / bare_peak, goal)

    with contextlib.redirect_stdout(io.StringIO()):
        ratio = statistics.median(thousand_to_one() for _ in range(rounds))
    report("a thousand networks of lesson 1 / one", ratio, "at most 5")
    with contextlib.redirect_stdout(io.StringIO()):
        sentences = run_lesson("04_sentence_completion").names
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)  # as in the lessons
    for complete, goal in ((carried, 1), (re_read, 2)):
        exponent = completion_exponent(sentences, complete)
        report(
            f"exponent of completing n characters, {complete.__name__}",
            exponent,
            f"about {goal}",
        )


if __name__ == "__main__":
    main()
