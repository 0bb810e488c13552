"""What is published: the notebooks of the checkout, and the words they introduce."""

import re
from pathlib import Path
from typing import NamedTuple

import nbformat

ROOT = Path(__file__).parents[2]
SITE = ROOT / "site"
TEMPLATES = ROOT / "rnn_helpers" / "publish" / "templates"
LESSONS = (
    "01_elman_sine",
    "02_summing_rnn",
    "03_char_hihell",
    "04_sentence_completion",
)
NOTEBOOKS = (*LESSONS, "labs/was_it_luck", "labs/remembering_longer")


def read_notebook(name):
    """Read a notebook by its path under ``notebooks``, without the ending."""
    return nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)


def title_of(notebook):
    """The first heading of a notebook.

    Examples
    --------
    >>> title_of(read_notebook("03_char_hihell"))
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
    for name in NOTEBOOKS:
        notebook = read_notebook(name)
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
