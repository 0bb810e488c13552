"""The claims: each is sorted, and names a notebook and cells of it that are there.

No test reads a sentence. But `sentences.txt` has a checksum of each text that claims name, and
of README, CONTRIBUTING, homework and the lecturer's pages: whoever changes one reads again what
holds it, and notes the new line.
"""

import functools
import re
from collections import defaultdict
from hashlib import sha256
from pathlib import Path

import nbformat
import pytest
from course import (
    NOTEBOOKS,
    ROOT,
    TRIED,
    every_notebook,
    has_tag,
    module_of,
    read_notebook,
    tried,
)

HOMEWORK = ROOT / "teaching" / "homework"
WORDS = ("glossary", "landing", "other_words", "sheet/sheet", "slides")
KINDS = ("stored", "finding", "announced")


def claims_in(module):
    """Give the claims of a module: the test's name, its kind, the notebook, the cells."""
    for test, function in vars(module).items():
        for mark in getattr(function, "pytestmark", []):
            if test.startswith("test_") and mark.name in KINDS:
                notebook, *cells = mark.args
                yield test, mark.name, notebook, cells


@functools.cache
def cells_of(name):
    return {cell.id: cell for cell in read_notebook(name).cells}


@every_notebook
def test_every_claim_names_cells_that_are_there(name):
    for test, _, notebook, cells in claims_in(module_of(name)):
        assert cells and set(cells) <= set(cells_of(notebook)), test


@every_notebook
def test_a_claim_is_of_one_kind(name):
    tests = [test for test, *_ in claims_in(module_of(name))]
    assert len(tests) == len(set(tests)) > 10


@every_notebook
def test_how_sure_are_we_has_its_findings(name):
    (box,) = (i for i, c in cells_of(name).items() if "How sure are we?" in c.source)
    found = [
        test
        for other in NOTEBOOKS
        for test, kind, notebook, cells in claims_in(module_of(other))
        if kind == "finding" and notebook == name and box in cells
    ]
    assert found


def unread(page, texts):
    """Compare the texts of a page, by their ids, with what `sentences.txt` has of it.

    Gives the lines of texts that are others now, each with its id, and those of no text.
    """
    noted = Path(__file__).with_name("sentences.txt").read_text(encoding="utf-8")
    noted = {line for line in noted.splitlines() if line.startswith(f"{page}#")}
    lines = {}
    for id, text in texts.items():
        words = " ".join(text.split()).encode()
        lines[f"{page}#{id} {sha256(words).hexdigest()[:8]}"] = id
    return {line: lines.get(line, "gone") for line in lines.keys() ^ noted}


@every_notebook
def test_sentences_that_claims_hold_are_those_that_were_looked_at(name):
    claims = defaultdict(list)
    for module in map(module_of, NOTEBOOKS):
        for test, _, notebook, cells in claims_in(module):
            for id in cells if notebook == name else ():
                claims[id].append(test)
    cells = [c for c in cells_of(name).values() if c.cell_type == "markdown"]
    texts = {cell.id: cell.source for cell in cells if cell.id in claims}
    changed = unread(name, texts).items()
    assert {line: claims.get(id, id) for line, id in changed} == {}


PAGES = (  # what says again, outside the notebooks, what they hold
    "README.md",
    "CONTRIBUTING.md",
    *(f"teaching/{name}.md" for name in ("EXAM", "LECTURER", "PROJECT")),
    *(f"teaching/homework/{path.name}" for path in sorted(HOMEWORK.glob("*.ipynb"))),
    *(f"teaching/publish/templates/{name}.md" for name in WORDS),
)


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_those_that_were_looked_at(page):
    """By their headings, or their cells: does what is said there stand in the lessons?"""
    if page.endswith(".ipynb"):
        cells = nbformat.read(ROOT / page, as_version=4).cells
        asked = [
            c for c in cells if c.cell_type == "markdown" or has_tag(c, "exercise")
        ]
        texts = {cell.id: cell.source for cell in asked}
    else:
        text, texts = (ROOT / page).read_text(encoding="utf-8"), defaultdict(str)
        _, *parts = re.split(r"^#+ (.+)\n", f"# top\n{text}", flags=re.M)
        for heading, part in zip(parts[::2], parts[1::2]):
            texts[heading] += part  # the slides of two lessons may begin alike
    assert unread(page, texts) == {}


BOLD = re.compile(r"\*\*([^*]+\.)\*\*")
FOLDED = "What you may have found"


@pytest.mark.parametrize("name", TRIED)
def test_bold_sentences_and_closing_lines_are_findings_and_folded_answers_claims(name):
    held = {kind: set() for kind in KINDS}
    for _, kind, notebook, cells in claims_in(module_of(name)):
        held[kind] |= {*cells} if notebook == name else set()
    cells = cells_of(name).values()
    bold = {
        c.id for c in cells if any(len(s.split()) > 4 for s in BOLD.findall(c.source))
    }
    assert bold and bold | {"end"} <= held["finding"]
    folded = {c.id for c in cells if FOLDED in c.source}
    assert folded or not module_of(name).EXPLORERS  # what one may find with them
    assert folded <= set.union(*held.values())


@every_notebook
def test_wide_tests_are_claims(name):
    sorted_tests = {test for test, *_ in claims_in(module_of(name))}
    for test, function in vars(module_of(name)).items():
        marks = {mark.name for mark in getattr(function, "pytestmark", [])}
        assert "wide" not in marks or test in sorted_tests, test


def values_of(name, key):
    """Give the pieces of changed lines that claims name, under `but` or under `at`."""
    for function in vars(module_of(name)).values():
        for mark in getattr(function, "pytestmark", []):
            pieces = mark.kwargs.get(key, ())
            yield from [pieces] if isinstance(pieces, str) else pieces


def changes_at(name, pieces):
    return {
        change
        for piece in pieces
        for change in [one for one in tried(name) if piece in one.new] or [piece]
    }


@every_notebook
def test_a_mark_that_asks_what_changes_is_answered_and_no_other(name):
    """What a finding leaves out (`but`) is announced there: by the mark and a claim."""
    asked = {change for change in tried(name) if change.question}
    assert all(change.question.endswith("?") for change in asked)
    announced = changes_at(name, values_of(name, "at"))
    assert announced == asked
    assert changes_at(name, values_of(name, "but")) <= announced
