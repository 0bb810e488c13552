"""The pages: lessons, labs, the lecturer's page, the glossary and a landing page."""

import os
import re

from jinja2 import Template
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from .frames import read_drawn
from .parts import parts_of, search_script
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
from .terms import terms_before
from .tools import copy, vendor, write
from .votes import LECTURER

COURSE = "Recurrent neural networks, measured"
PLAY = """
Three small networks have learned one wave, two of them from a gradient that was cut. Each sees
true values up to the line, then goes on alone. What do they do with a higher wave, or a faster
one? Move the knobs. [Lesson 1](notebooks/01_elman_sine.ipynb) builds them, and says what a cut is.
"""
# Of README: what the course is, for whom, and two of its sections.
README = re.compile(
    r"(?P<opening># .+?\n\n.+?)\n\n<img .+?\n\n(?P<readers>For .+?)\n\n"
    r"## Start\n\n(?P<start>.+?)\n\n## .+## Credits\n\n(?P<credits>.+)",
    re.S,
)
ROW = re.compile(r"^\| .*?\(notebooks/(.+?)\.ipynb\) \| (.+?) \| .+ \| (.+?) \|$", re.M)
GITHUB = "https://github.com"


def make_pages():
    """Write the pages of the site, and lay the notebooks beside them."""
    vendor()
    copy(ROOT / "CITATION.cff", SITE / "CITATION.cff")
    copy(ROOT / "LICENSE", SITE / "LICENSE.txt")
    notebooks = {name: read_drawn(name) for name in find_notebooks()}
    for name in notebooks:
        copy(ROOT / "notebooks" / f"{name}.ipynb", SITE / f"{name}.ipynb")
    pages = {
        "index": landing_page(moving_cell(notebooks["01_elman_sine"])),
        **notebooks,
        "glossary": as_notebook(glossary_page()),
        "lecturer": as_notebook(LECTURER.read_text(encoding="utf-8")),
    }
    searched = {name: pages[name] for name in (*notebooks, "lecturer", "index")}
    write(SITE / "search.js", search_script(searched))
    links = [("Start", "index.html")]
    links += [(title_of(pages[name]), f"{name}.html") for name in [*pages][1:]]
    exporter, cite = CourseExporter("course"), citation()
    for number, (name, page) in enumerate(pages.items()):
        is_notebook = name in notebooks
        text = exporter.convert(
            page,
            terms_before(name) if is_notebook else None,
            title=COURSE if name == "index" else f"{title_of(page)} · {COURSE}",
            course=COURSE,
            here=f"{name}.html",
            up="../" * name.count("/"),
            links=links,
            **neighbours(links, number),
            parts=parts_of(page)[1:],
            download=f"{name.rpartition('/')[2]}.ipynb" if is_notebook else None,
            run=run_links(name) if is_notebook else None,
            deck=f"slides/{name}.html" if name in find_lessons() else None,
            cite=cite,
            repository=repository(),
        )
        write(SITE / f"{name}.html", text)


def neighbours(links, number):
    """Give the links before and behind one of them; None where there is none.

    Examples
    --------
    >>> neighbours(["a", "b", "c"], 1)
    {'before': 'a', 'following': 'c'}
    >>> neighbours(["a"], 0)
    {'before': None, 'following': None}
    """
    padded = [None, *links, None]
    return {"before": padded[number], "following": padded[number + 2]}


def repository():
    """Give the address of the repository on the public host that publishes the site.

    None elsewhere.
    """
    host, name = map(os.environ.get, ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY"))
    return f"{host}/{name}" if host and name else None


def run_links(name):
    """Give where a notebook runs without installing, if GitHub publishes the site.

    Returns
    -------
    dict or None
        Addresses on `binder` and `colab`, and the line that `colab` needs to `install`.
    """
    host = repository()
    if not (host and host.startswith(f"{GITHUB}/")):
        return None
    place, path = host.removeprefix(f"{GITHUB}/"), f"notebooks/{name}.ipynb"
    colab = "https://colab.research.google.com/github"
    return {
        "binder": f"https://mybinder.org/v2/gh/{place}/main?urlpath=lab/tree/{path}",
        "colab": f"{colab}/{place}/blob/main/{path}",
        "install": f"%pip install --no-deps git+{host}",
    }


def citation():
    """Say in a line how to cite the course, from CITATION.cff."""
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    said = dict(re.findall(r"^\W*(name|title|version): (.+)$", text, re.M))
    return "{name}: {title}. Version {version}.".format_map(said)


def moving_cell(lesson_1):
    """Give the explorer of lesson 1 without its code: here one plays before one reads."""
    (cell,) = [cell for cell in lesson_1.cells if cell.id == "let-go-explorer"]
    return new_code_cell("", id=cell.id, outputs=cell.outputs)


def landing_page(moving):
    """Give README's words for readers, with the course's pages by their titles.

    Parameters
    ----------
    moving : cell of a notebook
        The explorer below the first sentence.

    Returns
    -------
    nbformat.NotebookNode
        Four cells: what the course is, what moves, the explorer, and all else.

    Raises
    ------
    ValueError
        If README has lost one of its parts.
    """
    text = read_readme()
    if host := repository():
        text = text.replace("this repository", f"[this repository]({host})", 1)
    found = README.fullmatch(text)
    if not found:
        raise ValueError("README.md needs a sentence, For …, ## Start and ## Credits")
    lessons = find_lessons()
    labs = [name for name in find_notebooks() if name not in lessons]
    template = Template((TEMPLATES / "landing.md").read_text(encoding="utf-8"))
    rest = template.render(
        found.groupdict(),
        lessons=table_of("lesson", lessons),
        labs=table_of("lab", labs),
        decks=lessons,
        run=run_links(lessons[0]),
    )
    words = [found["opening"], PLAY, rest]
    opening, play, rest = map(new_markdown_cell, words)
    return new_notebook(cells=[opening, play, moving, rest])


def table_of(kind, names):
    """Give the rows of README's tables for these notebooks, each by its title."""
    lines = [f"| {kind} | question | minutes: {kind} + exercises |", "|---|---|---|"]
    for name, question, minutes in ROW.findall(read_readme()):
        if name in names:
            title = title_of(read_published(name))
            lines.append(
                f"| [{title}](notebooks/{name}.ipynb) | {question} | {minutes} |"
            )
    return "\n".join(lines)


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
