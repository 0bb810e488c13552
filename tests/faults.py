"""The single faults of `faults.txt`: what is wrong, where, and how it is put into a text."""

import functools
import json
import re
from pathlib import Path
from typing import NamedTuple

from course import NOTEBOOKS, PATHS, ROOT, room_of


class Fault(NamedTuple):
    """One thing that is wrong, as `faults.txt` has it."""

    place: str
    what: str
    old: str
    new: str
    tests: tuple
    claims: tuple
    equivalent: str

    def __str__(self):
        return f"{self.place}: {self.what}"

    @property
    def path(self):
        name = self.place.partition("#")[0]
        return PATHS.get(name, ROOT / name).relative_to(ROOT)

    @property
    def cell(self):
        """The id of its cell, with :out for the outputs; nothing if it is in no notebook."""
        return self.place.partition("#")[2]

    @property
    def notebook(self):
        """The notebook of its cell or its room; None if it is of none."""
        rooms = {f"rnn_helpers/lessons/{room_of(name)}.py": name for name in NOTEBOOKS}
        return self.place.partition("#")[0] if self.cell else rooms.get(self.place)


@functools.cache
def read_faults():
    """Read the list.

    Returns
    -------
    list of Fault
    """
    text = Path(__file__).with_name("faults.txt").read_text(encoding="utf-8")
    faults = []
    for block in re.split(r"\n{2,}", text):
        lines = [x for x in block.splitlines() if x and not x.startswith("#")]
        if lines:
            place, what = lines[0].split(": ", 1)
            parts = {sign: [x[2:] for x in lines if x[0] == sign] for sign in "-+@!="}
            old, new, equivalent = ("\n".join(parts[sign]) for sign in "-+=")
            tests, claims = (tuple(parts[sign]) for sign in "@!")
            faults.append(Fault(place, what, old, new, tests, claims, equivalent))
    return faults


def pieces_of(cell, part):
    """Give where the text of a cell stands, or that of its outputs: dicts, each with a key."""
    if not part:
        return [(cell, "source")]
    pieces = []
    for output in cell["outputs"]:
        shown = output.get("metadata", {}).get("image/png", {})
        pieces += [
            (output, "text"),
            (output.get("data", {}), "text/plain"),
            (shown, "alt"),
        ]
    return [(piece, key) for piece, key in pieces if key in piece]


def with_fault(fault, text):
    """Give the text of a file with a fault in it.

    Raises
    ------
    ValueError
        If the fault does not apply any more: what it replaces must stand there once.
    """
    id, _, part = fault.cell.partition(":")
    content = json.loads(text) if id else {"cells": [], "": text}
    cells = [cell for cell in content["cells"] if cell["id"] == id]
    pieces = [piece for cell in cells for piece in pieces_of(cell, part)]
    pieces = pieces if id else [(content, "")]
    count = sum("".join(piece[key]).count(fault.old) for piece, key in pieces)
    if count != 1 or fault.old == fault.new:
        raise ValueError(f"{fault}: {fault.old!r} stands there {count} times, not once")
    for piece, key in pieces:
        piece[key] = "".join(piece[key]).replace(fault.old, fault.new)
    return json.dumps(content, ensure_ascii=False) if id else content[""]


def where(fault):
    """Give the place of a fault for whoever looks for it: a file, and its cell or line."""
    text = (ROOT / fault.path).read_text(encoding="utf-8")
    line = text.partition(fault.old)[0].count("\n") + 1
    return f"{fault.path}, {f'cell {fault.cell}' if fault.cell else f'line {line}'}"
