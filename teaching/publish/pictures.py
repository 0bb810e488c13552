"""Pictures of pages and decks: files in a small format, in place of stored base64."""

import base64
import io

from PIL import Image

from .sources import PICTURE, SITE

SHARPNESS = 1.5  # pixels for each CSS pixel that a picture is shown at


def with_files(notebook, name, explorers):
    """Write the pictures of a notebook into the site, and note where they are.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    name : str
        Its path under ``notebooks``, without the ending.
    explorers : dict of str to dict
        What was drawn of its explorers, by the ids of their cells.

    Returns
    -------
    nbformat.NotebookNode
        The same. The metadata of each picture has its `file`, from the top of the site;
        of an explorer it has the `player`: what was drawn, and its `longest` sentence.
    """
    for cell in notebook.cells:
        for number, output in enumerate(cell.get("outputs", [])):
            if PICTURE not in output.get("data", {}):
                continue
            shown = output.metadata[PICTURE]
            if cell.id in explorers:
                drawn = explorers[cell.id]
                longest = max(drawn["sentences"], key=len)
                shown.player = {**drawn, "longest": longest}
                shown.file = f"frames/{name}/{cell.id}/{drawn['first']}.webp"
            else:
                shown.file = f"pictures/{name}/{cell.id}-{number}.webp"
                write_picture(output.data[PICTURE], shown.width, SITE / shown.file)
    return notebook


def write_picture(stored, width, path):
    """Write a stored picture that is shown this wide, in CSS pixels."""
    picture = Image.open(io.BytesIO(base64.b64decode(stored)))
    picture.thumbnail((round(SHARPNESS * width), picture.height))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(as_webp(picture))


def as_webp(picture):
    """Give an opened picture as the smaller of two kinds of WebP."""
    kinds = [{"lossless": True}, {"quality": 80}]
    files = [io.BytesIO() for _ in kinds]
    for file, kind in zip(files, kinds):
        picture.convert("RGB").save(file, "webp", **kind)
    return min((file.getvalue() for file in files), key=len)
