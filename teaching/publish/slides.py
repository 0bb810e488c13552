"""The decks: what of a notebook is on which slide.

The choice is in the notebooks, as Jupyter's slide types: `slide` begins one, a cell
without a type goes on, `notes` are the speaker's, `skip` is left out. Three rules make
the rest: a cell that draws shows its figure and not its code, an exercise shows no
output, and what a slide cannot hold below the code goes on the next one.
"""

import copy
import re

import nbformat

from .render import CourseExporter
from .sources import SITE, find_lessons, read_published, title_of
from .tools import vendor, write
from .votes import LECTURER, find_votes, vote_slide

MOST_LINES = 21  # of code and printed text on one slide
FEW_LINES = 17  # are shown larger


def lay_out(notebook, votes=()):
    """Give the cells of a deck, with what its template needs to know about each.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    votes : sequence of Vote, optional
        Each gets a slide of its own, before the one with the cell that answers it.

    Returns
    -------
    nbformat.NotebookNode
        Each cell's metadata has `deck`: whether it is the `first` or the `last` of its
        slide, whether it is `notes`, or `live`, the picture of an explorer. The first
        also says whether the slide is `large`, having little on it, and gives the
        heading `above` a slide without one.
    """
    cells, above = [], title_of(notebook)
    for slide in with_votes(slides_of(notebook), votes):
        own = [
            line for cell in slide if not is_notes(cell) for line in headings_of(cell)
        ]
        for cell in slide:
            cell.metadata["deck"] = {
                "first": cell is slide[0],
                "last": cell is slide[-1],
                "notes": is_notes(cell),
                "live": cell.cell_type == "code" and "explorer" in cell.id,
                "large": fullness(slide) <= FEW_LINES,
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
            if kind == "slide" or number or not slides:
                slides.append([])
            slides[-1].append(part)
    return slides


def with_votes(slides, votes):
    """Give the slides with those of the votes among them."""
    waiting = {vote.cell for vote in votes}
    for slide in slides:
        now = waiting & {cell.id for cell in slide}
        yield from (vote_slide(vote) for vote in votes if vote.cell in now)
        yield slide
        waiting -= now
    if waiting:
        raise ValueError(f"no slide shows the cells {', '.join(waiting)} of the votes")


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


def fullness(slide):
    """Say how full a slide is, in lines of code that would take as much room."""
    shown = [cell for cell in slide if not is_notes(cell)]
    code = [cell for cell in shown if cell.cell_type == "code"]
    words = sum(len(c.source.split()) for c in shown if c.cell_type == "markdown")
    return sum(map(lines_of, code)) + words / (11 if code else 5)


def parts_of(cell):
    """Give a cell as its slides need it: code and output apart if both is too much."""
    cell = copy.deepcopy(cell)
    if cell.cell_type != "code":
        return [cell]
    if "exercise" in cell.metadata.get("tags", []):
        cell.outputs = []
    if any("image/png" in output.get("data", {}) for output in cell.outputs):
        cell.source = ""
    if not cell.outputs or not cell.source or lines_of(cell) <= MOST_LINES:
        return [cell]
    below = copy.deepcopy(cell)
    cell.outputs, below.source, below.id = [], "", f"{cell.id}-below"
    return [cell, below]


def make_slides():
    """Write the deck of each lesson to ``site/slides``."""
    vendor()
    exporter = CourseExporter("deck")
    votes = find_votes(LECTURER.read_text(encoding="utf-8"))
    for name in find_lessons():
        notebook = read_published(name)
        own = [vote for vote in votes if vote.notebook == name]
        page = exporter.convert(lay_out(notebook, own), title=title_of(notebook))
        page = page.replace('href="labs/', 'href="../labs/')
        write(SITE / "slides" / f"{name}.html", page)
