"""Put single faults into copies of the course, one by one: does a test see each?

python tests/mutants.py [WORD ...]         all faults, or those whose line has a word
python tests/mutants.py --list [WORD ...]  a line for each, and nothing is run

The faults stand in `faults.txt`. For each only the tests run that can see it, until one is red.
Those that saw one run again at the end without a fault, and must be green. What no test sees is
a survivor: it gets a test, or a reason in the list why nothing has changed. A fault can name
claims (`@stored`, `@finding`): they run instead, and in each of them an assertion must fail;
that a notebook no longer runs does not count.
"""

import json
import os
import queue
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from course import PATHS, ROOT, room_of
from faults import read_faults, where, with_fault

WORKERS = 2
LEFT_OUT = (".git", ".venv", "__pycache__", "node_modules", "site", "build")
ENDLESS = "tries or portable or fuzz or browser or grid"
QUICK = f"not (wide or play or {ENDLESS})"
KINDS = {  # of tests of a notebook, which has a {path}, a {name} and a {room}
    "claims": f"-x tests/lessons/test_{{room}}.py -m '(stored or finding) and {QUICK}'",
    "room": "-x tests/test_every_exercise.py tests/lessons/test_{room}.py"
    f" -k '{{room}} and not solution' -m 'not (stored or finding) and {QUICK}'",
    "words": "-x tests/test_every_notebook.py tests/test_every_number.py"
    " tests/test_claims.py -k {name}",
    "solutions": "-x tests/test_every_exercise.py -k {name}",
    "cells": "-x {path} tests/test_every_explorer.py -k {name}",
}
SEEN_BY = {  # what is no notebook, and no room of one: the first that fits
    "rnn_helpers/exercises": "-x {path} tests/helpers/test_judging.py"
    " tests/test_every_exercise.py -k 'not solution'",
    ("rnn_helpers/plotting", "rnn_helpers/drawing"): "-x tests/helpers/test_{stem}.py"
    " notebooks/01_elman_sine.ipynb notebooks/02_summing_rnn.ipynb"
    " notebooks/03_char_hihell.ipynb",
    "rnn_helpers/arguments": "-x tests/helpers tests/test_every_exercise.py",
    "rnn_helpers/": "-x tests/helpers/test_{stem}.py {path}",
    "teaching/mark/": "-x tests/teaching/test_mark.py",
    "teaching/publish/templates/": "-x tests/teaching/test_publish.py",
    "teaching/publish/student": "-x tests/teaching/test_student.py {path}",
    "teaching/publish/": "-x tests/teaching/test_publish.py {path}",
    ("teaching/homework/after_1", "teaching/homework/after_2"): "-x"
    " tests/teaching/test_homework_1_2.py",
    ("teaching/homework/after_3", "teaching/homework/after_4"): "-x"
    " tests/teaching/test_homework_3_4.py",
    "teaching/LECTURER": "-x tests/teaching/test_publish.py tests/teaching/test_votes.py",
    "teaching/": "-x tests/teaching/test_exam_and_project.py",
}
RED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - (.*))?$", re.M)
WRONG = "assert", "AssertionError", "Failed: "  # and not a notebook that runs no more


class Outcome(NamedTuple):
    """The tests that a fault turned red, each with its reason, and the seconds of all."""

    red: dict
    seconds: float

    def wrong(self):
        """The tests that found something wrong, by name, in a notebook that still runs."""
        red = [name for name, why in self.red.items() if why.startswith(WRONG)]
        return {*re.findall(r"::(test_\w+)", "\n".join(red))}


def kinds_of(fault):
    """Give the kinds of tests that can see a fault of a notebook.

    Of code the cells come first: they end where what is stored is something else.
    """
    id, _, part = fault.cell.partition(":")
    if not id:
        return ("room", "cells")
    cells = json.loads((ROOT / fault.path).read_text(encoding="utf-8"))["cells"]
    (cell,) = [cell for cell in cells if cell["id"] == id]
    if {"exercise", "solution"} & {*cell["metadata"].get("tags", [])}:
        return ("words", "solutions", "room")
    if cell["cell_type"] == "markdown":
        return ("words",)
    return ("words", "cells") if part else ("cells", "claims", "words", "room")


def stages_of(fault):
    """Give the tests that can see a fault as words for pytest, a few at a time.

    Each stage runs if those before it are green.
    """
    name, stages, path = fault.notebook, fault.tests, fault.path.as_posix()
    if fault.claims:
        file = f"tests/lessons/test_{room_of(name)}.py"
        claims = " ".join(f"{file}::{claim}" for claim in fault.claims)
        return [f"{claims} -m 'not ({ENDLESS})'"]
    words = {"path": path, "stem": fault.path.stem}
    if name:
        path = PATHS[name].relative_to(ROOT).as_posix()
        words = {"path": path, "name": name, "room": room_of(name)}
        stages = stages or kinds_of(fault)
    fitting = [SEEN_BY[start] for start in SEEN_BY if path.startswith(start)]
    stages = [KINDS.get(s, s).format(**words) for s in stages or fitting[:1]]
    return [s if " -m " in s else f"{s} -m '{QUICK}'" for s in stages]


class Copy:
    """A copy of the course, and a process that runs pytest in it."""

    def __init__(self, folder):
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
        once = {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
        once |= {"OMP_NUM_THREADS": "1", "COLUMNS": "1000"}  # wide: reasons are whole
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, folder / "tests" / "pytest_again.py"],
            cwd=folder,
            env={**os.environ, **once},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def end(self):
        self.process.stdin.close()
        self.process.wait()

    def run(self, asked):
        """Run pytest with these words; give the names of tests that are red, and why."""
        words = "-n 0 -q -rfE --tb=no -p no:cacheprovider".split() + asked
        print(json.dumps(words), file=self.process.stdin, flush=True)
        code = int(self.process.stdout.readline())
        if code < 0:
            return {"it hangs": ""}
        said = (self.folder / "said.txt").read_text("utf-8", errors="replace")
        red = dict(RED.findall(said))
        if code != bool(red) and (code != 2 or not red):
            raise RuntimeError(f"pytest {shlex.join(asked)}\n{said}")
        return red

    def judge(self, fault):
        """Put a fault in, run its tests, and take it out again."""
        path, begun, red = self.folder / fault.path, time.monotonic(), {}
        text = path.read_text(encoding="utf-8")
        path.write_text(with_fault(fault, text), encoding="utf-8")
        try:
            for stage in stages_of(fault):
                red = red or self.run(shlex.split(stage))
        finally:
            path.write_text(text, encoding="utf-8")
        return Outcome(red, time.monotonic() - begun)


def in_copies(function, tasks):
    """Give function(copy, task) for each task in turn; each worker has its own copy."""
    copies = queue.SimpleQueue()

    def work(task):
        copy = copies.get()
        try:
            return function(copy, task)
        finally:
            copies.put(copy)

    with tempfile.TemporaryDirectory() as home:
        for number in range(WORKERS):
            copies.put(Copy(Path(home) / str(number)))
        pool = ThreadPoolExecutor(WORKERS)
        try:
            yield from pool.map(work, tasks)
        finally:
            pool.shutdown(cancel_futures=True)
            while not copies.empty():
                copies.get().end()


def try_all(faults):
    """Try faults, say what becomes of each, and give the outcomes."""
    outcomes = []
    for fault, outcome in zip(faults, in_copies(Copy.judge, faults)):
        outcomes.append(outcome)
        state = "caught  " if outcome.red else "survived"
        said = next(iter(outcome.red), fault.equivalent)
        start = f"{len(outcomes):3} {state} {outcome.seconds:4.0f} s"
        lines = f"{start}  {fault}  [{said}]", *unexpected(fault, outcome)
        print(*lines, sep="\n", flush=True)
    return outcomes


def unexpected(fault, outcome):
    """Say that a fault survived, or was caught and is equivalent; name green claims."""
    if bool(outcome.red) == bool(fault.equivalent):
        state = "caught" if outcome.red else "survived"
        yield f"{state}: {where(fault)}: {fault.old!r} -> {fault.new!r}"
    for claim in fault.claims:
        if claim not in outcome.wrong():
            yield f"stays green: {claim}: {fault}"


def red_without_a_fault(outcomes):
    """Run the tests that saw a fault in copies that have none; give those still red."""
    files = defaultdict(set)
    for name in [name for outcome in outcomes for name in [*outcome.red][:1]]:
        path, is_test, _ = name.partition("::")
        if is_test:
            whole = path if path.endswith(".ipynb") else name.partition("[")[0]
            files[path].add(whole)
    tasks = [[*sorted(names), "-m", f"not ({ENDLESS})"] for names in files.values()]
    for red in in_copies(Copy.run, tasks):
        yield from (f"red without a fault: {name}" for name in red)


def main(words):
    """List the faults or try them; end with 1 if one is left."""
    every, asked = read_faults(), [word for word in words if word != "--list"]
    faults = [f for f in every if not asked or any(word in str(f) for word in asked)]
    if not faults:
        sys.exit(f"no fault's line in faults.txt has a word of these: {asked}")
    try:
        for fault in every:
            with_fault(fault, (ROOT / fault.path).read_text(encoding="utf-8"))
    except ValueError as error:
        sys.exit(str(error))
    if "--list" in words:
        return print(*faults, f"{len(faults)} faults", sep="\n")
    outcomes = try_all(faults)
    left = [line for pair in zip(faults, outcomes) for line in unexpected(*pair)]
    left += red_without_a_fault(outcomes)
    caught = sum(bool(outcome.red) for outcome in outcomes)
    equal = sum(bool(fault.equivalent) for fault in faults)
    said = f"caught: {caught} of {len(faults)}; {equal} are equivalent"
    print(*left, said, sep="\n")
    sys.exit(bool(left))


if __name__ == "__main__":
    sys.path.append(str(ROOT / "tests" / "lessons"))
    main(sys.argv[1:])
