"""The lecturer's plan, from the lecturer's page: what to do in which minute of a deck."""

import re
from typing import NamedTuple

from .votes import find_votes, said

NOTEBOOK = re.compile(r"^\[Notebook\]\(\.\./notebooks/(.+)\.ipynb\)", re.M)
ROW = re.compile(r"^\| *(\d+) *(†?) *\| *(.+?) *\| *(.+?) *\|", re.M)
CLOSING = "What you can do now"
END = 90  # minutes


class Row(NamedTuple):
    """A row of a plan: when, whether it may be left out, at which slides, and what."""

    start: int
    end: int
    late: bool
    place: str
    do: str


class Plan(NamedTuple):
    """What the lecturer's page says of one lesson."""

    rows: list
    votes: list


def find_plans(text):
    """Find the plans of the lessons in the text of a lecturer's page.

    Returns
    -------
    dict of str to Plan
        By the names of their notebooks.

    Examples
    --------
    >>> text = "## One\\n[Notebook](../notebooks/01_x.ipynb).\\n|0†|opening|Talk|"
    >>> find_plans(text)["01_x"].rows
    [Row(start=0, end=90, late=True, place='opening', do='Talk')]
    """
    votes, plans = find_votes(text), {}
    for part in re.split(r"^## ", text, flags=re.M):
        if found := NOTEBOOK.search(part):
            own = [vote for vote in votes if vote.notebook == found[1]]
            plans[found[1]] = Plan(find_rows(part), own)
    return plans


def find_rows(text):
    rows = ROW.findall(text)
    ends = [*(int(start) for start, *_ in rows[1:]), END]
    return [
        Row(int(start), end, bool(late), place, do)
        for (start, late, place, do), end in zip(rows, ends)
    ]


def place_rows(rows, slides):
    """Say on which slide each row begins.

    Parameters
    ----------
    rows : sequence of Row
    slides : sequence of list of cells

    Returns
    -------
    dict of int to Row
        By the numbers of slides: the first begins on the first slide, each other one
        behind that before.

    Raises
    ------
    ValueError
        If no slide behind that of the row before is meant.
    """
    places, after = {}, 0
    for row in rows:
        fitting = (k for k in range(after, len(slides)) if begins(row, slides[k]))
        place = next(fitting, None) if row.start else 0
        if place is None:
            raise ValueError(
                f"LECTURER.md: no slide for minute {row.start}, {row.place}: name a section"
                " in italics, same (and an exercise), explorer or closing"
            )
        places[place], after = row, place + 1
    return places


def begins(row, slide):
    """Say whether a row may begin on a slide: its section, explorer or exercise."""
    prose = "\n".join(cell.source for cell in slide if cell.cell_type == "markdown")
    if row.place == "explorer":
        return any(cell.cell_type == "code" and "explorer" in cell.id for cell in slide)
    if row.place == "same":
        exercise = re.search(r"Exercise \d", row.do)
        return exercise and f"**{exercise[0]} " in prose
    heading = CLOSING if row.place == "closing" else row.place.strip("*")
    return f"{prose}\n".startswith(f"## {heading}\n")


def row_notes(row, votes):
    """Give what the speaker reads where a row begins, with the votes that it names."""
    late = " Twenty minutes late? Leave it out." if row.late else ""
    lines = [f"<b>Minute {row.start} to {row.end}.</b>{late} {row.do}"]
    for number in re.findall(r"\bQ(\d)", row.do):
        wrong = [text for text in votes[int(number) - 1].options if "✗" in text]
        lines.append(f"At Q{number} expect {'; '.join(wrong)}.")
    return said("\n\n".join(lines))
