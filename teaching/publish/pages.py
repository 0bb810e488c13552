"""The pages: lessons, labs, the lecturer's page, the glossary and a landing page."""

import os
import re

from .frames import read_drawn
from .render import CourseExporter, as_notebook
from .sources import (
    ROOT,
    SITE,
    TEMPLATES,
    find_lessons,
    find_notebooks,
    find_terms,
    read_glossary,
    read_published,
    read_readme,
    slug,
    title_of,
)
from .tools import copy, vendor, write
from .votes import LECTURER

COURSE = "Recurrent neural networks, measured"
README_SECTIONS = ("The lessons", "Start", "Credits")
MATERIAL = """
These pages are for reading. In the notebooks, which you run in JupyterLab, the explorers move
and the exercises are checked.

## To look up, to print, to show

The [glossary](glossary.html); the cheat sheet on [A4](cheat_sheet_a4.pdf) or
[letter](cheat_sheet_letter.pdf); for lecturers [a page](lecturer.html) and the slides of lessons
{decks}.

"""


def make_pages():
    """Write the pages of the site."""
    vendor()
    copy(ROOT / "notebooks" / "images", SITE / "images")
    pages = {
        "index": as_notebook(landing_page()),
        **{name: read_drawn(name) for name in find_notebooks()},
        "glossary": as_notebook(glossary_page()),
        "lecturer": as_notebook(LECTURER.read_text(encoding="utf-8")),
    }
    links = [("Start", "index.html")]
    links += [(title_of(pages[name]), f"{name}.html") for name in [*pages][1:]]
    exporter = CourseExporter("course")
    for (name, page), following in zip(pages.items(), [*links[1:], links[0]]):
        text = exporter.convert(
            page,
            title=COURSE if name == "index" else f"{title_of(page)} · {COURSE}",
            here=f"{name}.html",
            up="../" * name.count("/"),
            links=links,
            following=following,
            sections=sections_of(page) if name != "index" else [],
        )
        write(SITE / f"{name}.html", text)


def sections_of(notebook):
    """Give the second headings of a notebook with their addresses."""
    prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    headings = re.findall(r"^## (.*)", "\n".join(prose), re.M)
    return [(heading, slug(heading)) for heading in headings]


def landing_page():
    """Give README's beginning and its sections for readers, with the course's pages.

    Raises
    ------
    ValueError
        If README has lost one of the sections.
    """
    beginning, *sections = re.split(r"^(?=## )", read_readme(), flags=re.M)
    sections = {part.partition("\n")[0].removeprefix("## "): part for part in sections}
    missing = set(README_SECTIONS) - set(sections)
    if missing:
        raise ValueError(f"README.md needs sections {README_SECTIONS}, not {missing}")
    lessons, start, credits = (sections[heading] for heading in README_SECTIONS)
    lessons, _, _ = lessons.partition("**Without installing")
    names = enumerate(find_lessons(), 1)
    decks = ", ".join(
        f"[{number}](slides/{name}.html) ([PDF](slides/{name}.pdf),"
        f" [with notes](slides/{name}_notes.pdf))"
        for number, name in names
    )
    material = MATERIAL.format(decks=decks)
    text = "".join([beginning, lessons, material, start, credits])
    host, name = (
        os.environ.get("GITHUB_SERVER_URL"),
        os.environ.get("GITHUB_REPOSITORY"),
    )
    if host and name:  # on the public host that publishes the site
        text = text.replace("this repository", f"[this repository]({host}/{name})", 1)
    return text.replace('src="notebooks/', 'src="')


def glossary_page():
    """Give all terms in the order of the alphabet, each linked to where it appears.

    Behind them, what the same things are called elsewhere.
    """
    lines, meanings = ["# Glossary", ""], read_glossary()
    titles = {name: title_of(read_published(name)) for name in find_notebooks()}
    for term in sorted(find_terms(), key=lambda term: term.word.lower()):
        lines += [
            f"[{term.word}]({term.notebook}.html#{slug(term.word)})",
            f": {meanings[term.word.lower()]} *({titles[term.notebook]}: {term.section})*",
            "",
        ]
    lines += ["## Other words for the same", ""]
    lines += [(TEMPLATES / "other_words.md").read_text(encoding="utf-8")]
    return "\n".join(lines)
