"""The questions for a show of hands, from the lecturer's page, as slides."""

import re
from typing import NamedTuple

from nbformat.v4 import new_markdown_cell

from .sources import ROOT

LECTURER = ROOT / "teaching" / "LECTURER.md"
LINE = re.compile(
    r"^\d\. (.+?[?:]) (A .+)\. "
    r"Cure: \[(.+)\]\(\.\./notebooks/(.+)\.ipynb#(.+)\)\.$",
    re.M,
)


class Vote(NamedTuple):
    """A question with its options, and the cell that shows the answer."""

    question: str
    options: list
    cure: str
    notebook: str
    cell: str


def find_votes(text):
    """Find the questions in the text of a lecturer's page.

    Returns
    -------
    list of Vote
        The options carry their marks, right or wrong.

    Examples
    --------
    >>> line = "1. How many? A One ✗, B Two ✓. Cure: [the table](../notebooks/03_x.ipynb#table)."
    >>> find_votes(line)
    [Vote(question='How many?', options=['A One ✗', 'B Two ✓'], cure='the table', notebook='03_x', cell='table')]
    """
    return [
        Vote(question, re.split(r", (?=[B-D] )", options), *place)
        for question, options, *place in LINE.findall(text)
    ]


def vote_slide(vote):
    """Give the two cells of a vote: what is asked, and the speaker's notes."""
    options = [
        f"<b>{text[0]}</b>&emsp;{text[2:].rstrip(' ✓✗')}" for text in vote.options
    ]
    asked = new_markdown_cell("\n\n".join([f"**{vote.question}**", *options]))
    asked.id = f"vote-{vote.cell}"
    lines = [*(f"- {text}" for text in vote.options), "", f"Cure: {vote.cure}."]
    return [asked, said("\n".join(lines))]


def said(text):
    """Give a cell of the speaker's notes."""
    return new_markdown_cell(text, metadata={"slideshow": {"slide_type": "notes"}})
