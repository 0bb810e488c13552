"""What is published: the notebooks of the checkout, and the words they introduce."""

import re
from pathlib import Path
from typing import NamedTuple

import nbformat

ROOT = Path(__file__).parents[2]
SITE = ROOT / "site"
LESSONS = (
    "01_elman_sine",
    "02_summing_rnn",
    "03_char_hihell",
    "04_sentence_completion",
)
NOTEBOOKS = (*LESSONS, "labs/was_it_luck", "labs/remembering_longer")
# How a sentence begins that cannot stand alone.
BACK = r"(This|That) (is|table|range|factor)\b|Such\b|They\b|We call it\b"
SENTENCE_END = r"(?:(?<=[.?!])|(?<=[.?!]\)))\s+(?=[A-Z*(`$])"


def read_notebook(name):
    """Read a notebook by its path under ``notebooks``, without the ending.

    Raises
    ------
    FileNotFoundError
        If it is not there, as in a package that was installed without the checkout.
    """
    path = ROOT / "notebooks" / f"{name}.ipynb"
    if not path.is_file():
        raise FileNotFoundError(
            f"no notebook {path}: publish from a clone of the course, installed there"
            " with `pip install -e .`"
        )
    return nbformat.read(path, as_version=4)


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
    """A word, the sentence that introduces it, and where that is."""

    word: str
    sentence: str
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
    >>> terms = find_terms()
    >>> terms[0].word, terms[0].notebook
    ('recurrent', '01_elman_sine')
    """
    terms = {}
    for name in NOTEBOOKS:
        notebook = read_notebook(name)
        section = title_of(notebook)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                for block in re.split(r"\n\n+", cell.source):
                    if block.startswith("#"):
                        section = block.partition("\n")[0].lstrip("# ")
                    for word in re.findall(r"\*\*(.+?)\*\*", block):
                        if is_term(word):
                            sentence = sentence_with(word, block)
                            term = Term(word, sentence, name, section)
                            terms.setdefault(word.lower(), term)
    return list(terms.values())


def sentence_with(word, block):
    """Give the sentence that holds a bold word, with the one before if it looks back.

    Examples
    --------
    >>> sentence_with("floor", "It is low. A network must stay above its **floor**.")
    'A network must stay above its **floor**.'
    >>> sentence_with("floor", "There is a least cost. This is the **floor**. It is 2.")
    'There is a least cost. This is the **floor**.'
    """
    if block.startswith("|"):
        return next(part.strip() for part in block.split("|") if f"**{word}**" in part)
    sentences = re.split(SENTENCE_END, " ".join(block.split()))
    place = next(i for i, text in enumerate(sentences) if f"**{word}**" in text)
    first = place - 1 if place and re.match(BACK, sentences[place]) else place
    found = " ".join(sentences[first : place + 1])
    return found.strip("()") if found.count("(") != found.count(")") else found
