"""What the course costs, measured in one run: python tests/benchmark.py [PART ...]

Parts: nbval memory marking thousand completion explorers publishing green; all without a
word, in half an hour on two cores. Ratios are of the same run. Publishing and "green" (from
a clone to README's tests) use clones of what is committed, and need what those need; the
explorers need what the browser tests need. Nothing here fails on a slow day; the goals are
for the maintainer to read.
"""

import contextlib
import io
import math
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import torch
from course import LABS, LESSONS, NOTEBOOKS, PATHS, ROOT, read_notebook, run_lesson
from nbclient import NotebookClient
from test_every_exercise import solved

import rnn_helpers as rh

BARE = """
import matplotlib.pyplot as plt
import torch
_ = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
"""
ROUNDS = 3  # of which the median counts
README = ROOT / "README.md"
OURS = "PYTHONPATH", "VIRTUAL_ENV"
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


def seconds_in_kernel(name):
    return seconds_of(NotebookClient(read_notebook(name), timeout=600).execute)


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


def seconds_of(function, *arguments, **options):
    start = time.perf_counter()
    function(*arguments, **options)
    return time.perf_counter() - start


def thousand_to_one():
    """A thousand networks with an axis of runs / one in the plain loop of lesson 1."""
    sine, luck = (run_lesson(name).names for name in ("01_elman_sine", "was_it_luck"))
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)  # as in the lessons
    task = sine["inputs"], sine["targets"]
    many = seconds_of(luck["train_online"], luck["sine_weights"], *task)
    return many / seconds_of(sine["train_by_hand"], *sine["weights"])


def run(command, folder, **environment):
    """Run a command of a clone, with nothing of this checkout's environment in it."""
    kept = {k: v for k, v in os.environ.items() if k not in OURS}
    subprocess.run(
        command,
        shell=isinstance(command, str),
        cwd=folder,
        env={**kept, **environment},
        check=True,
        capture_output=True,
    )


def clone(folder):
    run(["git", "clone", "--quiet", ROOT, folder], ROOT)


def report(name, ratio, goal=None, rest=""):
    goal = f"   goal: {goal}" if goal else ""
    print(f"{name:55} {ratio:6.2f}{goal}{rest}", flush=True)


def median_of(ratio, *arguments):
    return statistics.median(ratio(*arguments) for _ in range(ROUNDS))


def report_machine():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    print(f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.platform()}")
    print(f"Python {platform.python_version()}, PyTorch {torch.__version__}")
    print(f"busy before: {os.getloadavg()[0]:.1f}", flush=True)


def report_nbval():
    with tempfile.TemporaryDirectory() as folder:
        bare_paths = [
            Path(folder) / f"bare_{number}.ipynb" for number in range(len(LESSONS))
        ]
        for path in bare_paths:
            nbformat.write(bare_notebook(), path)

        def ratio(*paths):
            return nbval_seconds(paths) / nbval_seconds(bare_paths[: len(paths)])

        lessons = [PATHS[name] for name in LESSONS]
        name = "nbval of the lessons / of bare notebooks"
        report(name, median_of(ratio, *lessons), "at most 2.5")
        for lab in LABS:
            name = f"nbval of {lab} / of a bare notebook"
            report(name, median_of(ratio, PATHS[lab]), "at most 6")


def report_memory():
    bare_peak = peak_memory(bare_notebook())
    unit = 2**20 if sys.platform == "darwin" else 2**10  # what getrusage counts in
    print(f"peak memory of a bare kernel: {bare_peak / unit:.0f} MiB")
    for name in NOTEBOOKS:
        peak = peak_memory(read_notebook(name))
        goal = "at most 1.3" if name in LABS else "at most 1.15"
        report(f"peak memory of {name} / of a bare kernel", peak / bare_peak, goal)


def report_marking():
    """One hand-in of each notebook, answered, beside that notebook's run in a kernel."""
    for name in NOTEBOOKS:
        with tempfile.TemporaryDirectory() as folder:
            nbformat.write(solved(name), Path(folder) / "hand-in.ipynb")
            command = [sys.executable, "-m", "teaching.mark", folder]
            marking = seconds_of(run, command, ROOT)
        running = seconds_in_kernel(name)
        rest = f"   {marking:.0f} s / {running:.0f} s"
        report(f"marking {name} / running it", marking / running, "at most 1.3", rest)


def report_thousand():
    with contextlib.redirect_stdout(io.StringIO()):
        ratio = median_of(thousand_to_one)
    report("a thousand networks of lesson 1 / one", ratio, "at most 5")


def report_completion():
    with contextlib.redirect_stdout(io.StringIO()):
        sentences = run_lesson("04_sentence_completion").names
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)  # as in the lessons
    for complete, goal in ((carried, 1), (re_read, 2)):
        exponent = completion_exponent(sentences, complete)
        name = f"exponent of completing n characters, {complete.__name__}"
        report(name, exponent, f"about {goal}")


def report_explorers():
    """In a process of its own: a browser's driver and torch's settings stay there."""
    script = Path(__file__).with_name("benchmark_explorers.py")
    subprocess.run([sys.executable, script], check=True)


def report_publishing():
    """Each word of `teaching.publish`, beside one run of all notebooks."""
    running = sum(map(seconds_in_kernel, NOTEBOOKS))
    with tempfile.TemporaryDirectory() as folder:
        clone(folder)
        for word in ("frames", "slides", "pages", "sheet"):
            command = [sys.executable, "-m", "teaching.publish", word]
            seconds = seconds_of(run, command, folder, PYTHONPATH=folder)
            name = f"publishing {word} / running all notebooks"
            report(name, seconds / running, rest=f"   {seconds:.0f} s")


def report_green():
    """README's test line, part by part, in a clone."""
    (line,) = re.findall(r"^python3 -m venv .*pytest$", README.read_text("utf-8"), re.M)
    with tempfile.TemporaryDirectory() as folder:
        parts = [("git clone", seconds_of(clone, folder))]
        parts += [(part, seconds_of(run, part, folder)) for part in line.split(" && ")]
    for part, seconds in parts:
        goal = "   goal: at most 120" if part.endswith("pytest") else ""
        print(f"{part:55} {seconds:4.0f} s{goal}")
    print(f"from clone to green: {sum(seconds for _, seconds in parts):.0f} s")


PARTS = {
    "nbval": report_nbval,
    "memory": report_memory,
    "marking": report_marking,
    "thousand": report_thousand,
    "completion": report_completion,
    "explorers": report_explorers,
    "publishing": report_publishing,
    "green": report_green,
}


def main(words):
    unknown = [word for word in words if word not in PARTS]
    if unknown:
        sys.exit(f"unknown: {', '.join(unknown)}; choose from {', '.join(PARTS)}")
    report_machine()
    for part in words or PARTS:
        PARTS[part]()


if __name__ == "__main__":
    main(sys.argv[1:])
