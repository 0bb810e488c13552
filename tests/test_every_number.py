"""Every number typed into the prose is one that the notebook prints or sets nearby.

A number with a point or a per cent sign is held if it stands in its section, or the one
before, in a printed output (rounded, at most) or in the code as a setting; or if it is
`PUBLISHED` in the notebook's tests, with its origin. What a figure's description says does
not count. A whole number of two digits or more is held by these, and by the claims that name
its cell: it stands in the code of one of them. (Years are not looked at, nor the minutes.)

Numbers that have changed places are still held. So `numbers.txt` has all of them once more,
in their order: whoever changes one changes it there, too, and looks at what holds it.
"""

import ast
import functools
import inspect
import re
from collections import defaultdict
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
from course import NOTEBOOKS, ROOT, every_notebook, has_tag, module_of, read_notebook
from test_claims import claims_in

NUMBER = re.compile(
    r"(?<![\w.])(\d+(?:,\d{3})*\.\d+(?:\s?%| per cent)?|\d+(?:\s?%| per cent))"
)
WHOLE = re.compile(
    r"(?<![\w.,/#−-])(?!(?:19|20)\d\d\b)(\d{1,3}(?:,\d{3})+|\d{2,})"
    r"(?![\w,]*\d|\.\d|\s?%| per cent|\w)"
)


def published(name):
    """The numbers that the prose takes from elsewhere, each with its origin."""
    return module_of(name).PUBLISHED


def sections(name):
    """The cells of a notebook, from one heading to the next."""
    found = [[]]
    for cell in read_notebook(name).cells:
        if cell.cell_type == "markdown" and "## " in cell.source and found[-1]:
            found.append([])
        found[-1].append(cell)
    return found


def numbers_in(cells):
    """The numbers in the prose of some cells, without addresses and code."""
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    text = re.sub(r"```.*?```|\]\([^)]*\)", "", text, flags=re.S)
    return NUMBER.findall(text)


def as_number(text):
    """A typed or printed number, and whether it is in per cent."""
    digits = re.sub(r"[,%\s]|per cent", "", text)
    return Decimal(digits), "%" in text or "per cent" in text


def printed(cells):
    texts = [
        output.text
        for cell in cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream"
    ]
    return [as_number(found) for found in re.findall(r"\d+\.\d+%?|\d+%", str(texts))]


def settings(cells):
    """The numbers with a point in the code, but for 0.0 and 1.0, which say little."""
    code = [c for c in cells if c.cell_type == "code" and not has_tag(c, "exercise")]
    literals = [
        str(node.value)
        for cell in code
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, float)
        and node.value not in (0, 1)
    ]
    return {as_number(text) for text in literals}


def is_held(text, cells, name):
    number, per_cent = as_number(text)
    if (number, per_cent) in settings(cells) | set(map(as_number, published(name))):
        return True
    return is_printed(number, per_cent, cells)


def is_printed(number, per_cent, cells):
    half = Decimal(5) * Decimal(10) ** (number.as_tuple().exponent - 1)
    may_be_rounded = len(number.as_tuple().digits) > 1 or per_cent
    return any(
        kind == per_cent and abs(value - number) <= half * may_be_rounded
        for value, kind in printed(cells)
    )


def typed(name):
    """Every number in the prose, with the cells that may hold it."""
    parts = sections(name)
    for number, part in enumerate(parts):
        for text in numbers_in(part):
            yield text, [*(parts[number - 1] if number else []), *part]


def near(text):
    """The number with its last digit one higher, and one lower."""
    digits = re.match(r"[\d,.]+", text)[0]
    number, _ = as_number(text)
    step = Decimal(10) ** number.as_tuple().exponent
    return [text.replace(digits, str(number + s)) for s in (step, -step)]


@every_notebook
def test_every_number_in_the_prose_is_printed_set_or_published(name):
    assert [text for text, cells in typed(name) if not is_held(text, cells, name)] == []


def wholes_in(code):
    """The whole numbers in code or in what it printed, without their commas."""
    found = re.findall(r"(?<![\w.])\d+(?:[,_]\d{3})*(?![\w.]*\d)", code)
    return {re.sub("[,_]", "", number) for number in found}


@functools.cache
def wholes_of_claims(name):
    """The whole numbers in the code of the claims that name a cell, for each cell."""
    found = defaultdict(set)
    for module in map(module_of, NOTEBOOKS):
        for test, _, notebook, cells in claims_in(module):
            for cell in cells if notebook == name else ():
                found[cell] |= wholes_in(inspect.getsource(getattr(module, test)))
    return found


def typed_wholes(name):
    """Every whole number in the prose behind the first code, and those that hold it."""
    parts, before = sections(name), set()
    for part in parts:
        code = [cell for cell in part if cell.cell_type == "code"]
        texts = [out.get("text", "") for cell in code for out in cell.outputs]
        own = wholes_in("\n".join([*(cell.source for cell in code), *texts]))
        for cell in part:
            text = cell.source if cell.cell_type == "markdown" else ""
            text = re.sub(r"```.*?```|\]\([^)]*\)|\$[^$]*\$", "", text, flags=re.S)
            text = re.sub(r"about \d+ minutes, the exercises \d+ more", "", text)
            for number in WHOLE.findall(text):
                yield number, own | before | wholes_of_claims(name)[cell.id]
        before = own


@every_notebook
def test_every_whole_number_in_the_prose_is_held_too(name):
    assert [
        number
        for number, holding in typed_wholes(name)
        if number.replace(",", "") not in holding and number not in published(name)
    ] == []


@every_notebook
def test_every_published_number_is_in_the_prose(name):
    found = {text for text, _ in typed(name)} | {text for text, _ in typed_wholes(name)}
    assert set(published(name)) <= found


HELD = re.compile(r"held by (test_\w+\.py)::(\w+)")
PRINTED = re.compile(r"printed by (\w+)#([\w-]+)")


@every_notebook
def test_origins_lead_to_a_test_or_to_a_printed_output(name):
    for text, origin in published(name).items():
        for file, function in HELD.findall(origin):
            assert hasattr(import_module(file.removesuffix(".py")), function), origin
        for notebook, cell in PRINTED.findall(origin):
            cells = [c for c in read_notebook(notebook).cells if c.id == cell]
            assert is_printed(*as_number(text), cells), (text, origin)
        of_the_course = re.search(r"test_|notebook|\blab\b|lesson \d", origin)
        assert not of_the_course or HELD.search(origin) or PRINTED.search(origin), (
            origin
        )


def test_a_near_number_would_be_found_nine_times_in_ten():
    wrong = [
        (text, is_held(text, cells, name))
        for name in NOTEBOOKS
        for right, cells in typed(name)
        for text in near(right)
    ]
    passed = [text for text, held in wrong if held]
    assert len(wrong) > 40 and len(passed) <= len(wrong) / 10, passed


def test_of_near_whole_numbers_most_would_be_found():
    wrong = [
        (number, f"{near}" in holding or {f"{near}", f"{near:,}"} & {*published(name)})
        for name in NOTEBOOKS
        for number, holding in typed_wholes(name)
        for near in (int(number.replace(",", "")) + step for step in (1, -1))
    ]
    passed = [number for number, held in wrong if held]
    assert len(wrong) > 400 and len(passed) <= len(wrong) / 3, passed


def test_numbers_are_found_in_prose():
    text = "At 0.5, 3 % or 12% of 1,000.5 (not 7 or W_2.5), 2 per cent."
    found = ["0.5", "3 %", "12%", "1,000.5", "2 per cent"]
    assert NUMBER.findall(text) == found
    text = "In 1990, 12 of 1,000 (not 7, 0.25, 30%, W_22 or 2/30): 300."
    assert WHOLE.findall(text) == ["12", "1,000", "300"]


FIGURES = re.compile(r"(?<=\.ipynb)#[\w-]+|\d(?:[\d,]*\d)?(?:\.\d+)?%?")
PAGES = ("README.md", "teaching/EXAM.md", "teaching/LECTURER.md", "teaching/PROJECT.md")


def in_their_order(page):
    """All numbers of a page, or of each cell of prose, and the cells that links lead to.

    Those of code and of addresses are among them.
    """
    texts = {page: (ROOT / page).read_text("utf-8")} if page in PAGES else {}
    for cell in read_notebook(page).cells if page in NOTEBOOKS else ():
        if cell.cell_type == "markdown":
            texts[f"{page}#{cell.id}"] = cell.source
    lines = {
        place: [f"{place}:", *FIGURES.findall(text)] for place, text in texts.items()
    }
    return [" ".join(line) for line in lines.values() if len(line) > 1]


@pytest.mark.parametrize("page", [*NOTEBOOKS, *PAGES])
def test_all_numbers_are_those_that_were_looked_at(page):
    noted = Path(__file__).with_name("numbers.txt").read_text(encoding="utf-8")
    noted = [line for line in noted.splitlines() if re.match(rf"{page}[#:]", line)]
    assert in_their_order(page) == noted
