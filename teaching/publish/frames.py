"""Explorers drawn beforehand, for pages and decks: a picture for each choice of values.

Each explorer is a pure function of its controls. Which values are drawn stands in the
metadata of its cell, as slide types do: ``"frames": {"rate": [0.01, 0.1]}``. Of what is
not named there a choice is drawn whole, a slider at five values, a text as it is.
"""

import contextlib
import hashlib
import io
import itertools
import json
import math
import multiprocessing
import os
import shutil
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

import matplotlib.pyplot as plt
from ipywidgets import ToggleButtons
from PIL import Image

from rnn_helpers import Explorer

from .pictures import SHARPNESS, as_webp, with_files
from .sources import PICTURE, ROOT, SITE, find_notebooks, read_published
from .tools import write

MOST = 300  # pictures of one explorer
FRAMES = SITE / "frames"


class Knob(NamedTuple):
    """A control as pages have it: its argument, label, values and what each is called."""

    name: str
    label: str
    values: list
    called: list
    first: int
    buttons: bool


def make_frames():
    """Draw the explorers of all notebooks, but for those that are drawn already."""
    stale = [name for name in find_notebooks() if not is_drawn(name)]
    stale.reverse()  # labs take longest
    workers = {"max_workers": min(os.cpu_count(), 8), "max_tasks_per_child": 1}
    spawn = multiprocessing.get_context("spawn")  # a fresh PyTorch for each notebook
    with ProcessPoolExecutor(**workers, mp_context=spawn) as pool:
        for name in pool.map(draw_notebook, stale):
            print(f"frames: {name} is done", flush=True)


def is_drawn(name):
    """Say whether a notebook's explorers are drawn as they now are."""
    try:
        drawn = json.loads((FRAMES / f"{name}.json").read_text("utf-8"))
    except (FileNotFoundError, ValueError):  # never drawn, or the disk was full
        return False
    return drawn["of"] == state_of(name) and all(
        len([*(FRAMES / name / cell).glob("*.webp")]) == len(explorer["sentences"])
        for cell, explorer in drawn["explorers"].items()
    )


def read_frames(name):
    """Read what was drawn of a notebook's explorers.

    Returns
    -------
    dict of str to dict
        By the ids of their cells, as `draw_frames` gives them.

    Raises
    ------
    ValueError
        If it was not drawn, or if a notebook or the package has changed since.
    """
    if not is_drawn(name):
        raise ValueError(
            f"the explorers of notebooks/{name}.ipynb are not drawn as they now are;"
            " first python -m teaching.publish frames"
        )
    return json.loads((FRAMES / f"{name}.json").read_text("utf-8"))["explorers"]


def read_drawn(name):
    """Read a notebook with its pictures as files and its explorers as drawn.

    Raises
    ------
    ValueError
        As `read_published` and `read_frames` do.
    """
    return with_files(read_published(name), name, read_frames(name))


def state_of(name):
    """Give a number for all that the frames of a notebook depend on."""
    state = hashlib.sha256()
    for cell in code_of(read_published(name)):
        alts = [output.get("metadata", {}).get(PICTURE) for output in cell.outputs]
        grid = cell.metadata.get("frames")
        state.update(f"{cell.id}{cell.source}{grid}{alts}".encode())
    package = [path for path in (ROOT / "rnn_helpers").rglob("*.*") if path.is_file()]
    makers = [ROOT / "teaching" / "publish" / f"{n}.py" for n in ("frames", "pictures")]
    for path in sorted([*package, *makers]):
        if path.suffix != ".pyc":
            state.update(path.read_bytes())
    return state.hexdigest()


def code_of(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def draw_notebook(name):
    """Draw the explorers of a notebook into the site, and give its name."""
    state = state_of(name)
    (FRAMES / f"{name}.json").unlink(missing_ok=True)  # until all pictures are there
    shutil.rmtree(FRAMES / name, ignore_errors=True)  # what an older grid left, too
    explorers = draw_frames(read_published(name), FRAMES / name)
    drawn = json.dumps({"of": state, "explorers": explorers})
    write(FRAMES / f"{name}.json", drawn)
    return name


def draw_frames(notebook, folder):
    """Run a notebook and draw each of its explorers at all values of its grid.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        As it is stored, with the first picture of each explorer.
    folder : pathlib.Path
        For the pictures: those of a cell in a folder of its id, with numbers as names.
        The value of the last knob changes from one number to the next.

    Returns
    -------
    dict of str to dict
        By the ids of the cells: `knobs`, a sentence for each picture, `sentences`, and
        the number of the `first` that is shown.

    Raises
    ------
    ValueError
        If a grid holds a value that its control does not take, lacks the first, is too
        large or has two pictures that say the same; or if the first picture does not
        say what the stored one says.
    """
    names, drawn, known = {}, {}, []
    for cell in code_of(notebook):
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(cell.source, cell.id, "exec"), names)
        new = [e for e in names.values() if isinstance(e, Explorer) and e not in known]
        known += new
        check_cell(cell, new)
        for explorer in new:
            try:
                knobs = knobs_of(explorer, cell.metadata.get("frames", {}))
                sentences = draw_grid(explorer, knobs, folder / cell.id)
                check_sentences(sentences, first_of(knobs), cell)
            except ValueError as error:
                raise ValueError(f"cell {cell.id}: {error}") from None
            drawn[cell.id] = {
                "knobs": [knob._asdict() for knob in knobs],
                "sentences": sentences,
                "first": first_of(knobs),
            }
    return drawn


def check_cell(cell, explorers):
    """Refuse a cell whose explorer would stand still on pages without a word."""
    asked = cell.source.count("rh.explore(")
    if not len(explorers) == asked <= 1 or ("frames" in cell.metadata and not asked):
        raise ValueError(
            f"cell {cell.id} needs one explorer with a name of its own for its frames"
        )


def knobs_of(explorer, named):
    """Give the knobs of an explorer, with the values that are named for it."""
    for name in named:
        if name not in explorer.controls:
            controls = ", ".join(explorer.controls)
            raise ValueError(f"frames name {name!r}, no control of {controls}")
    knobs = [
        knob_of(name, control, named.get(name))
        for name, control in explorer.controls.items()
    ]
    size = math.prod(len(knob.values) for knob in knobs)
    if size > MOST:
        raise ValueError(f"frames ask for {size} pictures, at most {MOST} are drawn")
    return knobs


def knob_of(name, control, named):
    """Give the knob of a control with the named values, or with some of all.

    Examples
    --------
    >>> from ipywidgets import IntSlider
    >>> knob = knob_of("size", IntSlider(4, 0, 20, description="units"), None)
    >>> knob.label, knob.values, knob.first
    ('units', [0, 4, 5, 10, 15, 20], 1)
    """
    options = getattr(control, "_options_full", ())
    called, first = {value: text for text, value in options}, control.value
    if named is None:
        named = [*called] or some_of(control)
    for value in named:
        if not takes(control, value):
            raise ValueError(f"frames give {name} the value {value!r}, no value of it")
    if first not in named or len(set(named)) < len(named):
        raise ValueError(
            f"frames of {name} must hold {first!r}, each value once: {named}"
        )
    return Knob(
        name,
        control.description,
        [*named],
        [
            called.get(value) or (value if isinstance(value, str) else f"{value:g}")
            for value in named
        ],
        named.index(first),
        isinstance(control, ToggleButtons) or isinstance(first, str) and not options,
    )


def takes(control, value):
    """Say whether a control can have this value."""
    if hasattr(control, "options"):
        return value in [option for _, option in control._options_full]
    if hasattr(control, "min"):
        return isinstance(value, int | float) and control.min <= value <= control.max
    return isinstance(value, str)


def some_of(control):
    """Give five values of a slider, and its own; of a text its own alone."""
    if not hasattr(control, "min"):
        return [control.value]
    steps = (control.max - control.min) / control.step
    some = [control.min + round(steps * k / 4) * control.step for k in range(5)]
    return sorted({*(round(value, 10) for value in some), control.value})


def draw_grid(explorer, knobs, folder):
    """Draw an explorer at all values of the knobs, and give the sentences.

    Every tenth picture it says how far it is.
    """
    folder.mkdir(parents=True)
    names, values = [k.name for k in knobs], [k.values for k in knobs]
    grid, sentences = [*itertools.product(*values)], []
    for number, choice in enumerate(grid):
        picture, sentence = draw_frame(explorer, dict(zip(names, choice)))
        (folder / f"{number}.webp").write_bytes(picture)
        sentences.append(sentence)
        if number % 10 == 9 or number == len(grid) - 1:
            where = "/".join(folder.parts[-2:])
            print(f"frames: {where}, {number + 1} of {len(grid)}", flush=True)
    return sentences


def draw_frame(explorer, values):
    """Give the picture of an explorer at these values, a WebP, and its sentence."""
    figure, sentence = explorer.draw_at(values)
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=SHARPNESS * figure.dpi)
    plt.close(figure)
    return as_webp(Image.open(png)), sentence


def first_of(knobs):
    """Give the number of the picture that an explorer shows first."""
    number = 0
    for knob in knobs:
        number = number * len(knob.values) + knob.first
    return number


def check_sentences(sentences, first, cell):
    """Refuse sentences of which two are equal, or the first is not the stored one."""
    shown = [out for out in cell.outputs if PICTURE in out.get("data", {})]
    stored = shown[0].metadata[PICTURE].alt if shown else None
    if sentences[first] != stored:
        raise ValueError(f"the first picture says {sentences[first]!r}, not {stored!r}")
    for sentence in sentences:
        if sentences.count(sentence) > 1:
            raise ValueError(f"two pictures say the same: {sentence!r}")
