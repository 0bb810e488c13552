"""What is published: the notebooks of the checkout, and the words they introduce."""

import re
from pathlib import Path
from typing import NamedTuple

import nbformat

ROOT = Path(__file__).parents[2]
SITE = ROOT / "site"
TEMPLATES = Path(__file__).with_name("templates")
PICTURE, CONTROLS = "image/png", "application/vnd.jupyter.widget-view+json"
# What the id of a cell is made of: words, and not the eight digits that programs give.
WORDS = re.compile(r"(?![a-f\d]{8}(-|$))[a-z]+\d*(-[a-z\d]+)*")


def read_readme():
    return (ROOT / "README.md").read_text(encoding="utf-8")


def find_notebooks():
    """Find the notebooks of the course: those that README's tables link to.

    Returns
    -------
    list of str
        Their paths under ``notebooks``, without the ending, in README's order.

    Raises
    ------
    ValueError
        If README's tables link to none.
    """
    link = r"^\|.*?\]\(notebooks/([^)#]+)\.ipynb\)"
    names = re.findall(link, read_readme(), re.M)
    if not names:
        raise ValueError("no table of README.md links to a notebook")
    return names


def find_lessons():
    """Find the notebooks that are no labs: each has a deck."""
    return [name for name in find_notebooks() if not name.startswith("labs/")]


def read_published(name):
    """Read a notebook by its path under ``notebooks``, without the ending.

    Cells without a word are left out: tools append one.

    Raises
    ------
    ValueError
        If it is not a notebook or cannot be published as it is: in one line its path,
        what is wrong, and the mend.
    """
    path = f"notebooks/{name}.ipynb"
    try:
        notebook = nbformat.v4.reads((ROOT / path).read_text(encoding="utf-8"))
        notebook.cells = [cell for cell in notebook.cells if cell.source.strip()]
    except (OSError, ValueError, TypeError, AttributeError):
        raise ValueError(
            f"{path} is lost, empty, cut off, holds conflict marks or is no notebook;"
            f" git restore --source HEAD {path}"
        ) from None
    check_notebook(name, notebook)
    return notebook


def check_notebook(name, notebook):
    """Refuse a notebook that a tool has touched so that something would be missing.

    Raises
    ------
    ValueError
        It names the notebook, the cell, what is wrong, and the mend.
    """
    path = f"notebooks/{name}.ipynb"
    foreign = find_foreign_ids(notebook)
    if foreign:
        raise ValueError(
            f"{path} has lost the ids of its cells ({foreign[0]}); git restore {path}, or"
            " give each new cell an id in words"
        )
    for cell in notebook.cells:
        fault = cell.cell_type == "code" and fault_of(cell)
        if fault:
            raise ValueError(
                f"{path}: cell {cell.id} {fault}; restart the kernel, run all cells and"
                f" save, or git restore {path}"
            )


def find_foreign_ids(notebook):
    """Give the ids that are not the course's: no words, there twice, or a first cell's."""
    ids = [cell.get("id", "without id") for cell in notebook.cells]
    first = [cell.get("id") for cell in notebook.cells if cell.cell_type == "code"][:1]
    foreign = [id for id in ids if not WORDS.fullmatch(id) or ids.count(id) > 1]
    return foreign or ([] if first == ["imports"] else ["imports is not the first"])


def fault_of(cell):
    """Say what is wrong with what is stored of a code cell; None if nothing is."""
    outputs = cell.get("outputs", [])
    data = [output.get("data", {}) for output in outputs]
    figures = [output for output in outputs if PICTURE in output.get("data", {})]
    if cell.get("execution_count") is None:
        return "was cleared or never run"
    if any(output.get("output_type") == "error" for output in outputs):
        return "has stopped with an error"
    if any(output.get("name") == "stderr" for output in outputs):
        return "has printed a warning"
    if any(CONTROLS in forms and PICTURE not in forms for forms in data):
        return "has controls without their picture"
    if len(figures) < len(re.findall(r"\brh\.(?:show_figure|explore)\(", cell.source)):
        return "has lost its picture"
    if not all(
        figure.get("metadata", {}).get(PICTURE, {}).get("alt") for figure in figures
    ):
        return "has a figure without alternative text"


def title_of(notebook):
    """The first heading of a notebook.

    Examples
    --------
    >>> title_of(read_published("03_char_hihell"))
    '3 · From "hihell" to "ihello"'
    """
    return notebook.cells[0].source.partition("\n")[0].removeprefix("# ")


def slug(text):
    """Turn a heading or a word into what an address may hold.

    Examples
    --------
    >>> slug("One signal or a hundred, one sum or all")
    'one-signal-or-a-hundred-one-sum-or-all'
    """
    return re.sub(r"\W+", "-", text.lower()).strip("-")


def is_term(bold):
    """Say whether bold words name something, and do not ask or state something.

    Examples
    --------
    >>> is_term("hidden state"), is_term("Play."), is_term("Where will it end?")
    (True, False, False)
    """
    return len(bold.split()) <= 4 and bold[-1] not in ".?:!"


class Term(NamedTuple):
    """A word, and the notebook and the section that introduce it."""

    word: str
    notebook: str
    section: str


def find_terms():
    """Find the bold terms of all notebooks, each where it first appears.

    Returns
    -------
    list of Term
        In the order of the course.

    Examples
    --------
    >>> find_terms()[4]
    Term(word='hidden state', notebook='01_elman_sine', section='A hidden state')
    """
    terms = {}
    for name in find_notebooks():
        notebook = read_published(name)
        section = title_of(notebook)
        prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
        for heading, bold in re.findall(
            r"^#+ (.*)|\*\*(.+?)\*\*", "\n\n".join(prose), re.M
        ):
            section = heading or section
            if bold and is_term(bold):
                terms.setdefault(bold.lower(), Term(bold, name, section))
    return list(terms.values())


def read_glossary():
    """Read what each term means.

    Returns
    -------
    dict of str to str
        The meanings, in Markdown, by the terms in small letters.

    Examples
    --------
    >>> read_glossary()["persistence"]
    'the forecast that nothing changes: next = now'
    """
    text = (TEMPLATES / "glossary.md").read_text(encoding="utf-8")
    lines = [line.split(": ", 1) for line in text.splitlines() if line]
    return {word.lower(): meaning for word, meaning in lines}
