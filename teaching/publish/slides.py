"""The decks: what of a notebook is on which slide.

The choice is in the notebooks, as Jupyter's slide types: `slide` begins one, a cell
without a type goes on, `notes` are the speaker's, `skip` is left out. Four rules make
the rest: a cell that draws shows its figure and not its code, an exercise shows no
output, what a slide cannot hold below the code goes on the next one, and what is folded
in the notebook is said. The lecturer's page adds its votes and the minutes of its plan,
`slides.md` beside the templates a sentence for what does not stand alone, and what to
say.
"""

import copy
import re
from typing import NamedTuple

import nbformat
from nbformat.v4 import new_markdown_cell

from .frames import read_drawn
from .plan import Plan, find_plans, place_rows, row_notes
from .render import CourseExporter
from .sizes import sizes_of
from .sources import SITE, TEMPLATES, find_lessons, title_of
from .tools import print_page, vendor, write
from .votes import LECTURER, said, vote_slide

MOST_LINES = 21  # of code and printed text on one slide
FOLDED = re.compile(r"\s*<details>.*?</details>", re.S)
ASKED = re.compile(r"\s*\*\*[^*]+\?\*\*$")
NO_PLAN = Plan([], [])


class Words(NamedTuple):
    """A sentence for a slide that does not stand alone, and what is said with it."""

    shown: str
    said: str


def lay_out(notebook, plan=NO_PLAN, words=None):
    """Give the cells of a deck, with what its template needs to know about each.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    plan : Plan, optional
        Each vote stands before the slide with the cell that answers it, and each row in
        the notes of the first slide that it is about.
    words : dict of str to Words, optional
        By the first cell of their slide.

    Returns
    -------
    nbformat.NotebookNode
        The notes of a slide are its last cells. Each cell's metadata has `deck`: whether
        it is the `first`, the `last` or the last to be `shown` of its slide, whether it
        is `notes`; how large `prose` and `code` of its slide are; and the heading
        `above` a slide without one.
    """
    slides = with_votes(slides_of(notebook), plan.votes)
    slides = with_words(slides, words or {})
    for number, row in place_rows(plan.rows, slides).items():
        slides[number].insert(0, row_notes(row, plan.votes))
    cells, above = [], title_of(notebook)
    for slide in slides:
        slide.sort(key=is_notes)
        shown = [cell for cell in slide if not is_notes(cell)]
        own = [line for cell in shown for line in headings_of(cell)]
        prose, code = sizes_of(shown)
        for cell in slide:
            cell.metadata["deck"] = {
                "first": cell is slide[0],
                "shown": cell is shown[-1],
                "last": cell is slide[-1],
                "notes": is_notes(cell),
                "prose": prose,
                "code": code,
                "above": None if own else above,
            }
        cells += slide
        above = own[-1] if own else above
    return nbformat.v4.new_notebook(cells=cells, metadata=notebook.metadata)


def slides_of(notebook):
    """Give the slides of a notebook, each a list of cells."""
    slides = []
    for cell in notebook.cells:
        kind = slide_type(cell)
        for number, part in enumerate([] if kind == "skip" else parts_of(cell)):
            begins = kind == "slide" or number
            if not slides or begins and not is_notes(part):
                slides.append([])
            slides[-1].append(part)
    return slides


def with_votes(slides, votes):
    """Give the slides with those of the votes among them.

    A slide of words that ends in a question, just before a vote, becomes the vote.
    """
    done, waiting = [], {vote.cell: vote for vote in votes}
    for slide in slides:
        for vote in [waiting.pop(c.id) for c in slide if c.id in waiting]:
            asking = done.pop() if done and asks(done[-1]) else []
            done.append([*map(without_question, asking), *vote_slide(vote)])
        done.append(slide)
    if waiting:
        raise ValueError(f"no slide shows the cells {', '.join(waiting)} of the votes")
    return done


def asks(slide):
    """Say whether a slide of words ends in a question."""
    shown = [cell for cell in slide if not is_notes(cell)]
    words = all(cell.cell_type == "markdown" for cell in shown)
    return words and ASKED.search(shown[-1].source)


def without_question(cell):
    """Give a cell without the bold question that it ends in."""
    if not is_notes(cell):
        cell.source = ASKED.sub("", cell.source)
    return cell


def with_words(slides, words):
    """Give the slides with the sentences that are not in the notebook."""
    unused = dict(words)
    for slide in slides:
        shown, text = unused.pop(slide[0].id, ("", ""))
        if shown and not slide[0].source.startswith("## "):
            slide.insert(0, new_markdown_cell(shown))
        elif shown:
            heading, rest = slide[0].source.split("\n", 1)
            slide[0].source = f"{heading}\n\n{shown}\n{rest}"
        slide[:0] = [said(text)] if text else []
        slide.sort(key=is_notes)
    if unused:
        raise ValueError(f"slides.md: no slide begins with {', '.join(unused)}")
    return slides


def read_words():
    """Read the sentences of slides that are not in the notebooks.

    Returns
    -------
    dict of str to dict of str to Words
        By the names of the lessons, then by the first cell of the slide.

    Examples
    --------
    >>> read_words()["01_elman_sine"]["run-text"].shown
    ''
    """
    text = (TEMPLATES / "slides.md").read_text(encoding="utf-8")
    _, *parts = re.split(r"^# (.+)\n", text, flags=re.M)
    entry = re.compile(r"^## (.+)\n(?:> (.+)\n)?((?:[^#\n].*\n|\n)*)", re.M)
    return {
        name: {
            cell: Words(shown, text.strip())
            for cell, shown, text in entry.findall(part)
        }
        for name, part in zip(parts[::2], parts[1::2])
    }


def slide_type(cell):
    """Give Jupyter's slide type of a cell; None if it goes on with the slide."""
    return cell.metadata.get("slideshow", {}).get("slide_type")


def is_notes(cell):
    return slide_type(cell) == "notes"


def headings_of(cell):
    prose = cell.source if cell.cell_type == "markdown" else ""
    return re.findall(r"^#+ (.*)", prose, re.M)


def lines_of(cell):
    """Count the lines of code and of printed text."""
    printed = "".join(output.get("text", "") for output in cell.outputs)
    return len(cell.source.splitlines()) + len(printed.splitlines())


def parts_of(cell):
    """Give a cell as its slides need it, in one part or in two.

    Apart are what is folded, which is said, and output if it is too much with the code.
    """
    cell = copy.deepcopy(cell)
    if cell.cell_type != "code":
        return [cell] if is_notes(cell) else unfolded(cell)
    cell.source = cell.source.replace("\n\n\n", "\n\n")
    if "exercise" in cell.metadata.get("tags", []):
        cell.outputs = []
    if any("image/png" in output.get("data", {}) for output in cell.outputs):
        cell.source = ""
    if not cell.outputs or not cell.source or lines_of(cell) <= MOST_LINES:
        return [cell]
    below = copy.deepcopy(cell)
    cell.outputs, below.source, below.id = [], "", f"{cell.id}-below"
    return [cell, below]


def unfolded(cell):
    folded = FOLDED.findall(cell.source)
    cell.source = FOLDED.sub("", cell.source)
    return [cell, *map(said, folded)]


def make_slides():
    """Write the deck of each lesson to ``site/slides``, as a page and for paper.

    The PDFs are the slides, to hand out, and the slides with their notes, to speak from.
    """
    vendor()
    exporter, words = CourseExporter("deck"), read_words()
    plans = find_plans(LECTURER.read_text(encoding="utf-8"))
    for name in find_lessons():
        notebook = read_drawn(name)
        cells = lay_out(notebook, plans[name], words[name])
        page = exporter.convert(cells, title=title_of(notebook), up="../")
        page = page.replace('href="labs/', 'href="../labs/')
        page = page.replace("<details>", "<details open>")
        target = SITE / "slides" / f"{name}.html"
        write(target, page)
        print_page(target, target.with_suffix(".pdf"), "?slides")
        print_page(target, target.with_name(f"{name}_notes.pdf"), "?notes")
