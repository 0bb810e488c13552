"""Mark hand-ins: python -m teaching.mark FOLDER [--class NUMBER] [--read].

Good for "hand in twelve of sixteen", and not for an exam. Each notebook below FOLDER gets a
row, each exercise a column, on the screen and in FOLDER/marks.csv:

  correct        in the CSV with what the check says
  try again      in the CSV with the hint
  not answered   as it was given out, or without its check
  stopped        in the CSV with the reason

The answer is what stands above a check's call in its cell, and what the call is given. It is
put into the notebook that you gave out, as it lies in this checkout, and that one's check
judges. Checks are found by name; of several calls of one check the last one counts. If an
answer needs a name that only another cell of the student's has, that cell is run before it.
All else is the released notebook's: its data, its settings, its functions.

Answers are programs, and here they run: each in a process of its own, for a minute at most,
with a limit of memory and of what a file may hold. With bubblewrap (`bwrap`, Linux) they
see no network, no hand-ins, and of your home only the course; they can change and end
nothing of yours. Without it they can do whatever you can. With it, too, an answer shares a
process with its judge, and one that is written to deceive this program can get "correct".
So read what surprises you.

--read runs nothing and believes what the checks have printed; anyone can type that.
"""

import argparse
import csv
import itertools
import os
import re
import sys
import warnings
from pathlib import Path
from typing import NamedTuple

from ..publish.sources import ROOT, find_notebooks
from ..publish.student import HOMEWORK, refuse_answers
from .hand_ins import Notebook, make_job, read_notebook
from .running import has_bubblewrap, judged

SAID = re.compile(r"^(?:correct: |try again: |not answered yet|stopped: ).*", re.M)
MARKS = "marks.csv"
WALLS = {
    True: "with bubblewrap: answers see no network and not your home",
    False: "without bubblewrap: answers can do whatever you can; see --help",
}


class Row(NamedTuple):
    """A hand-in: its file, the notebook that it is or what is wrong, verdicts by check."""

    file: str
    notebook: str
    hand_in: Notebook | None
    verdicts: dict


def main(words):
    """Mark a folder; end with a line if that cannot be done."""
    warnings.simplefilter("ignore", SyntaxWarning)  # in what is handed in
    sys.stdout.reconfigure(errors="replace")  # names that a terminal cannot show
    parser = argparse.ArgumentParser(
        "python -m teaching.mark",
        description=__doc__.partition("\n\n")[2],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, help="all notebooks below it are marked")
    parser.add_argument("--class", type=int, dest="number", help="for homework")
    parser.add_argument("--read", action="store_true", help="run nothing")
    asked = parser.parse_args(words)
    folder = asked.folder.resolve()
    if not folder.is_dir():
        parser.error(f"{asked.folder} is no folder")
    if folder in [ROOT, *ROOT.parents]:
        parser.error(
            f"{asked.folder} holds the course itself: name that of the hand-ins"
        )
    if not asked.read:
        if not hasattr(os, "fork"):
            parser.error("Windows cannot run answers within limits: use WSL, or --read")
        print(WALLS[has_bubblewrap()], file=sys.stderr)
    try:
        released = find_released(asked.number)
        rows = mark(folder, released, run=not asked.read)
        print(*table(rows, released), sep="\n")
        others = [f for f in find_files(folder) if not is_notebook(f) and f != MARKS]
        if others:
            print("no notebooks, left out:", ", ".join(others))
        write_marks(folder / MARKS, rows, released)
    except (OSError, RuntimeError, ValueError) as error:
        sys.exit(str(error))


def find_released(number=None):
    """Read what was given out, lessons, labs and homework, with a class's number."""
    paths = [ROOT / "notebooks" / f"{name}.ipynb" for name in find_notebooks()]
    paths += sorted(HOMEWORK.glob("*.ipynb"))
    released = {path.stem: read_notebook(path, number) for path in paths}
    for name, notebook in released.items():
        refuse_answers(name, notebook.printed)
    return released


def find_files(folder):
    """Find the files below a folder, by their names as they can be written.

    What begins with a point is a program's, as in `.ipynb_checkpoints`.
    """
    return {
        os.fsencode(name.as_posix()).decode(errors="backslashreplace"): folder / name
        for name in sorted(path.relative_to(folder) for path in folder.rglob("*"))
        if not any(part.startswith(".") for part in name.parts)
        and not (folder / name).is_dir()
    }


def is_notebook(file):
    """Say whether a file is meant as a notebook; some browsers add an ending.

    Examples
    --------
    >>> is_notebook("Anna/lesson 1.ipynb.txt"), is_notebook("Anna.ipynb/report.pdf")
    (True, False)
    """
    return ".ipynb" in file.rpartition("/")[2].lower()


def mark(folder, released, run=True):
    """Mark all hand-ins of a folder.

    Parameters
    ----------
    folder : Path
    released : dict of str to Notebook
        By their names, as `find_released` gives them.
    run : bool, optional
        Whether answers are judged; if not, what the checks have printed counts.

    Returns
    -------
    list of Row
        One for each file, in the order of their names. If a released notebook does not
        run, that stands where its verdicts are missing.
    """
    files = find_files(folder).items()
    rows = [place(file, path, released) for file, path in files if is_notebook(file)]
    for name, notebook in released.items():
        todo = []
        for check, row in itertools.product(notebook.calls, rows):
            if row.notebook == name:
                row.verdicts[check] = known(check, row.hand_in, run)
                todo += [] if row.verdicts[check] else [(check, row)]
        jobs = (make_job(check, row.hand_in, notebook) for check, row in todo)
        done = zip(judged(notebook, jobs, folder), todo)
        try:
            for count, (verdict, (check, row)) in enumerate(done, 1):
                row.verdicts[check] = verdict
                end = "\n" if count == len(todo) else "\r"
                print(
                    f"{name}: {count} of {len(todo)} answers", end=end, file=sys.stderr
                )
        except (OSError, RuntimeError) as error:  # the other rows are worth having
            for check, row in todo:
                row.verdicts[check] = row.verdicts[check] or f"stopped: {error}"
    return rows


def place(file, path, released):
    """Begin the row of a file: find the released notebook that it has most checks of."""
    try:
        hand_in = read_notebook(path)
    except ValueError as error:
        return Row(file, f"stopped: {error}", None, {})

    def shared(name):
        return len(released[name].calls.keys() & hand_in.calls.keys())

    best = max(released, key=shared)
    name = best if shared(best) else "stopped: no check of the course"
    return Row(file, name, hand_in, {})


def known(check, hand_in, run):
    """Give the verdict on an answer that is not to be run; None if it must be."""
    call = hand_in.calls.get(check)
    if call is None:
        return "not answered: its check is missing"
    if run:
        return call.fault
    said = SAID.findall(hand_in.printed[call.cell])
    return said[-1] if said else "not answered: it was not run"


def table(rows, released):
    """Give the lines of the table: a part for each notebook, its rows and columns."""
    for name in [n for n in released if any(row.notebook == n for row in rows)]:
        checks = list(released[name].calls)
        lines = [[name, *(check.removeprefix("check_") for check in checks), "correct"]]
        for row in rows:
            if row.notebook == name:
                kinds = [kind_of(row.verdicts[check]) for check in checks]
                right = f"{kinds.count('correct')} of {len(kinds)}"
                lines.append([row.file, *kinds, right])
        widths = [max(map(len, column)) for column in zip(*lines)]
        for line in lines:
            yield "  ".join(word.ljust(width) for word, width in zip(line, widths))
        yield ""
    for row in rows:
        if row.notebook not in released:
            yield f"{row.file}  {row.notebook}"


def kind_of(verdict):
    """Give the kind of a verdict.

    Examples
    --------
    >>> kind_of("try again: The other way round."), kind_of("not answered yet")
    ('try again', 'not answered')
    """
    return verdict.partition(":")[0].removesuffix(" yet")


def write_marks(path, rows, released):
    """Write a row for each file, a column for each check, as spreadsheets read it."""
    used = [name for name in released if any(row.notebook == name for row in rows)]
    checks = dict.fromkeys(check for name in used for check in released[name].calls)
    new = path.with_name(f".{path.name}.new")
    new.unlink(
        missing_ok=True
    )  # neither it nor marks.csv may be a link that leads away
    with new.open(
        "x", encoding="utf-8-sig", errors="backslashreplace", newline=""
    ) as file:
        writer = csv.writer(file)
        writer.writerow(["file", "notebook", "correct", *checks])
        for row in rows:
            verdicts = [row.verdicts.get(check, "") for check in checks]
            right = [kind_of(verdict) for verdict in verdicts].count("correct")
            name = f"'{row.file}" if row.file[0] in "=+-@" else row.file  # no formula
            writer.writerow([name, row.notebook, right, *verdicts])
    os.replace(new, path)


if __name__ == "__main__":
    main(sys.argv[1:])
