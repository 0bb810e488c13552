"""Notebooks to hand out: without solutions, outputs and findings."""

import re

import nbformat

from .sources import ROOT, SITE, find_lessons, read_published
from .tools import copy, write

HOMEWORK = ROOT / "teaching" / "homework"
STUDENT = SITE / "student"
KEPT = "kernelspec", "language_info"  # of a notebook's metadata
FOUND = re.compile(
    r"\s*<details><summary>What you may have found</summary>.*?</details>", re.S
)
ANSWERED = re.compile(r"^(?:correct|try again): ", re.M)
TO_LABS = re.compile(r"\[([^\]]*)\]\((?:\.\./\.\./notebooks/)?labs/[^)]*\)")


def make_student(number=None):
    """Write lessons and homework to ``site/student/``, ready to hand out.

    Labs are left out: they go on from what the exercises ask for.

    Parameters
    ----------
    number : str, optional
        The class's number, for homework; without it the notebooks keep theirs.

    Raises
    ------
    ValueError
        If a notebook cannot be published as it is, or was answered in this checkout.
    """
    pages = {f"{name}.ipynb": read_published(name) for name in find_lessons()}
    beside = {}  # a homework's module, its data
    for path in sorted(HOMEWORK.glob("[!.]*")):
        name = f"homework/{path.name}"
        if path.suffix == ".ipynb":
            pages[name] = nbformat.read(path, as_version=4)
        elif path.is_file():
            beside[name] = path
    for name, page in pages.items():
        outputs = [output for cell in page.cells for output in cell.get("outputs", [])]
        refuse_answers(name, [output.get("text", "") for output in outputs])
    for name, path in beside.items():
        copy(path, STUDENT / name)
    for name, page in pages.items():
        write(STUDENT / name, nbformat.writes(for_students(page, number)))


def refuse_answers(name, printed):
    """Refuse a notebook in whose cells of this checkout an exercise was answered.

    Raises
    ------
    ValueError
        It names the notebook, and the mend.

    Examples
    --------
    >>> refuse_answers("01_elman_sine", ["not answered yet"])
    >>> refuse_answers("01_elman_sine", ["not answered yet", "try again: Half of it."])
    Traceback (most recent call last):
        ...
    ValueError: 01_elman_sine was answered in this checkout: git restore it
    """
    if any(ANSWERED.search(text) for text in printed):
        raise ValueError(f"{name} was answered in this checkout: git restore it")


def for_students(notebook, number=None):
    """Give a notebook as a student gets it; cell ids stay, other notes of tools do not.

    Examples
    --------
    >>> cells = [
    ...     nbformat.v4.new_code_cell("CLASS = 7  # yours", id="class", execution_count=1),
    ...     nbformat.v4.new_markdown_cell("7", id="s", metadata={"tags": ["solution"]}),
    ... ]
    >>> for_students(nbformat.v4.new_notebook(cells=cells), "12").cells
    [{'id': 'class', 'cell_type': 'code', 'metadata': {}, 'execution_count': None, 'source': 'CLASS = 12  # yours', 'outputs': []}]
    """
    told = {key: notebook.metadata[key] for key in KEPT if key in notebook.metadata}
    kept = nbformat.v4.new_notebook(metadata=told)
    for cell in notebook.cells:
        source = FOUND.sub("", with_class(cell.source, number)).strip()
        if "solution" in cell.metadata.get("tags", []) or not source:
            continue
        source = TO_LABS.sub(r"\1", source)
        source = source.replace("](../../notebooks/", "](../")  # from homework
        new = getattr(nbformat.v4, f"new_{cell.cell_type}_cell")
        kept.cells.append(new(source, id=cell.id))
    return kept


def with_class(source, number):
    """Put a class's number into the cell of a homework that sets it.

    Examples
    --------
    >>> with_class("CLASS = 7  # yours", 12)
    'CLASS = 12  # yours'
    """
    if number is None:
        return source
    return re.sub(r"^CLASS = \d+", f"CLASS = {number}", source, flags=re.M)
