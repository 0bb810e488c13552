"""What stands in a notebook's cells: the calls of checks, and what belongs to them."""

import ast
import builtins
import functools
import json
import re
import symtable
from pathlib import Path
from typing import NamedTuple

from ..publish.student import with_class

LARGEST = 50 * 2**20  # bytes of a file
CHECK = re.compile(r"\b(check_\w+)\s*\(")
MAGIC = re.compile(r"^([ \t]*)(?:[%!?].*|[\w.]+\?{1,2}[ \t]*)$", re.M)  # only Jupyter's
ASSIGNED = re.compile(r"^([ \t]*[\w., \t]+=[ \t]*)[%!].*$", re.M)  # x = !ls
STAR = re.compile(r"^[ \t]*from .* import \*", re.M)
ADDS = re.compile(r"^( *\w+) [^\w\s=]{1,2}= ", re.M)  # n += 1
BLOCKS = ast.If, ast.With, ast.For, ast.While, ast.Try
UNREADABLE = SyntaxError, ValueError, RecursionError, MemoryError


class Call(NamedTuple):
    """The call of a check: in which cell, what stands above it, what the check gets."""

    cell: int
    above: str = ""
    check: str = ""
    arguments: tuple = ()
    fault: str = ""


class Notebook(NamedTuple):
    """A notebook's code: its cells, what each printed, the last call of each check."""

    name: str
    folder: Path
    cells: list
    printed: list
    calls: dict


def read_notebook(path, number=None):
    """Read a notebook's code, with a class's number if one is given.

    Raises
    ------
    ValueError
        If it is no notebook.
    """
    if not path.is_file():
        raise ValueError("no file")
    if path.stat().st_size > LARGEST:
        raise ValueError("too large")
    try:
        cells = json.loads(path.read_text(encoding="utf-8-sig"))["cells"]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        sources = [with_class("".join(cell["source"]), number) for cell in code]
        printed = [what_printed(cell.get("outputs", [])) for cell in code]
    except (OSError, *UNREADABLE, TypeError, KeyError, AttributeError):
        raise ValueError("not a notebook") from None
    return Notebook(path.stem, path.parent, sources, printed, find_calls(sources))


def what_printed(outputs):
    """Give what a cell printed, and after it the error that it ended in."""
    lines = ["".join(output.get("text", [])) for output in outputs]
    errors = [output for output in outputs if output.get("output_type") == "error"]
    lines += [
        f"stopped: {error.get('ename')}: {error.get('evalue')}" for error in errors
    ]
    return "\n".join(lines)


def parse(source):
    """Parse a cell without the lines that only Jupyter understands.

    Examples
    --------
    >>> ast.unparse(parse("%matplotlib inline\\nx = 1"))
    'pass\\nx = 1'
    """
    try:
        return ast.parse(source, "cell")
    except SyntaxError:
        source = ASSIGNED.sub(r"\1None", MAGIC.sub(r"\1pass", source))
        return ast.parse(source, "cell")


def find_calls(sources):
    """Find the calls of checks in the cells of a notebook: of each check the last.

    Examples
    --------
    >>> find_calls(["x = 1\\nrh.check_x(x, 2)"])
    {'check_x': Call(cell=0, above='x = 1', check='rh.check_x', arguments=('x', '2'), fault='')}
    """
    calls = {}
    for cell, source in enumerate(sources):
        try:
            body = parse(source).body
            for place, node in (
                (place, node)
                for place, statement in enumerate(body)
                for node in ast.walk(statement)
                if isinstance(node, ast.Call) and CHECK.match(f"{name_of(node)}(")
            ):
                named = [keyword.value for keyword in node.keywords]
                given = tuple(map(ast.unparse, [*node.args, *named]))
                local = set()
                if isinstance(body[place], ast.FunctionDef):
                    local = names_in(ast.unparse(body[place].body))[0]
                inside = local & names_in("\n".join(given))[1]
                fault = "stopped: its check stands in a function" if inside else ""
                if any(isinstance(n, ast.Starred) for n in node.args):
                    fault = "stopped: its check is called with *"
                place += isinstance(body[place], BLOCKS)  # where its answer may stand
                above = ast.unparse(ast.Module(body[:place], []))
                check = ast.unparse(node.func)
                calls[name_of(node)] = Call(cell, above, check, given, fault)
        except UNREADABLE as error:
            fault = f"stopped: {type(error).__name__}: {error}"
            unread = dict.fromkeys(CHECK.findall(source), Call(cell, fault=fault))
            calls = unread | calls
    return calls


def name_of(call):
    """Give the last part of what is called."""
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


@functools.cache
def names_in(source):
    """Give the names that code binds, that it needs from elsewhere, that it defines.

    What it only adds to, as in ``n += 1``, it needs; functions and imports it defines.

    Examples
    --------
    >>> names_in("x = y\\ndef f(a): return a + b")[0] == {"x", "f"}
    True
    >>> names_in("x = y\\ndef f(a): return a + b")[1] == {"y", "b"}
    True
    """
    try:
        code = ADDS.sub(r"\1, ", ast.unparse(parse(source)))
        tables = [symtable.symtable(code, "cell", "exec")]
    except UNREADABLE:
        return set(), set(), set()
    own = tables[0].get_symbols()
    bound = {s.get_name() for s in own if s.is_assigned() or s.is_imported()}
    defined = {s.get_name() for s in own if s.is_imported() or s.is_namespace()}
    for table in tables:
        tables += table.get_children()
    needed = {
        symbol.get_name()
        for table in tables
        for symbol in table.get_symbols()
        if symbol.is_referenced() and symbol.is_global()
    }
    return bound, needed - bound, defined


def make_job(check, hand_in, released):
    """Put an answer into its cell of the released notebook: what `judging` is asked.

    What stood in that cell runs before it: an answer may have left out a part of it.
    """
    call, place = hand_in.calls[check], released.calls[check]
    given = names_given(released, place.cell)
    theirs = call.arguments
    if len(theirs) != len(place.arguments):
        theirs = place.arguments
    own = names_in(released.cells[place.cell])[0]

    def is_answer(argument):
        needed = names_in(argument)[1]
        return bool(needed & own or needed - given)

    arguments = [
        (mine, True) if is_answer(asked) else (asked, False)
        for asked, mine in zip(place.arguments, theirs)
    ]
    wanted = "\n".join([call.above, *(source for source, _ in arguments)])
    before = cells_needed(wanted, hand_in, given, call.cell)
    return {
        "cell": place.cell,
        "answer": [place.above, *before, call.above],
        "check": place.check,
        "arguments": arguments,
    }


def names_given(released, cell):
    """Give what an answer finds before its cell: Python's names, and the lesson's.

    A name that an answer cell binds is no lesson's: the hand-in has it, answered.
    """
    answers = {call.cell for call in released.calls.values()}
    lesson = [released.cells[n] for n in range(cell) if n not in answers]
    return set(dir(builtins)).union(*(names_in(source)[0] for source in lesson))


def cells_needed(answer, hand_in, given, cell):
    """Give the cells of a hand-in that make what an answer needs and is not given.

    Of several that bind a name, the last one above the answer counts.
    """
    names, chosen, open_ends = [names_in(c) for c in hand_in.cells], set(), [answer]
    left_out = {n for n, said in enumerate(hand_in.printed) if "stopped: " in said}
    left_out |= {call.cell for call in hand_in.calls.values()}  # or another answer's
    while open_ends:
        for name in names_in(open_ends.pop())[1] - given:
            found = [n for n, own in enumerate(names) if name in own[0] and n != cell]
            found = [n for n in found if n < cell][-1:] or found[-1:]
            if not found:
                found = [n for n in range(cell) if STAR.search(hand_in.cells[n])]
            elif name not in names[found[0]][2]:
                later = {*range(found[0] + 1, cell)} - left_out  # may add to it
                found += [n for n in later if name in names[n][1]]
            open_ends += [hand_in.cells[n] for n in found if n not in chosen]
            chosen.update(found)
    return [ast.unparse(parse(hand_in.cells[n])) for n in sorted(chosen)]
