"""How large the words and the code of a slide can be, from what stands on it.

The room is that of deck.css. The widths are those of DejaVu, the widest of the fonts
that deck.css names, so that a slide fits in the others as well. They are estimates; that
every slide fits is seen in a browser.
"""

import re

WIDTH, HEIGHT, GAP = 1152, 636, 14  # pixels
PROSE, PROSE_ALONE, CODE = range(30, 25, -1), range(40, 25, -1), range(28, 17, -1)
LETTER, BOLD, SIGN, CODED = 0.53, 0.61, 0.78, 0.602  # mean widths, in sizes
HEADINGS = {"#": (54, 20), "##": (38, 14)}  # size, and pixels below
FIGURE = 1.05  # times the size that it was drawn for
SAID, KNOB = 64, 34  # two lines above an explorer, and a row of its knobs


def sizes_of(shown):
    """Give the sizes of prose and of code on a slide: the largest that fit.

    Code comes first. If nothing fits, the smallest are given.

    Parameters
    ----------
    shown : list of cells

    Returns
    -------
    prose, code : int, int
        In pixels.
    """
    alone = all(cell.cell_type == "markdown" for cell in shown)
    sizes = PROSE_ALONE if alone else PROSE
    code = next((c for c in CODE if fits(shown, sizes[-1], c)), CODE[-1])
    return next((p for p in sizes if fits(shown, p, code)), sizes[-1]), code


def fits(shown, prose, code):
    height = sum(height_of(cell, prose, code) + GAP for cell in shown) - GAP
    width = max(width_of(cell, prose, code) for cell in shown)
    return height <= HEIGHT and width <= WIDTH


def width_of(cell, prose, code):
    """Give the width of the longest line that cannot be broken, in pixels."""
    if cell.cell_type == "code":
        lines = [line for block in blocks_of(cell) for line in block]
        return max(map(len, lines), default=0) * CODED * code + 32 + indent(cell)
    formulas = re.findall(r"\$\$(.*?)\$\$", cell.source, re.S)
    return max(map(count_signs, formulas), default=0) * SIGN * prose


def height_of(cell, prose, code):
    """Give the height of a cell in pixels."""
    if cell.cell_type == "markdown":
        parts = re.split(r"\n\n+", cell.source.strip())
        width = WIDTH - indent(cell)
        return sum(height_of_paragraph(part, prose, width) for part in parts) - 12
    heights = [len(block) * 1.3 * code + 20 for block in blocks_of(cell)]
    heights += [height_of_figure(output) for output in cell.outputs if "data" in output]
    return sum(heights) + 12 * (len(heights) - 1)


def height_of_figure(output):
    shown = output.metadata["image/png"]
    rows = (len(shown["player"]["knobs"]) + 1) // 2 if "player" in shown else 0
    above = SAID + KNOB * rows if rows else 0
    return above + shown["height"] * min(FIGURE, WIDTH / shown["width"])


def height_of_paragraph(text, size, width):
    """Give the height of a paragraph, heading, list, formula or table in pixels."""
    if text.startswith("#"):
        heading, _, text = text.partition("\n")
        size_of_heading, below = HEADINGS[heading.split(" ")[0]]
        below += height_of_paragraph(text, size, width) if text else 0
        return size_of_heading * 1.2 + below
    if text.startswith("$$"):
        return size * (5.2 if re.search(r"\\(sum|frac|under)", text) else 3.6) + 12
    if text.startswith("|"):
        return 70 * text.count("\n")
    width -= 34 * bool(re.match(r"- |\d\. ", text))
    lines = sum(count_lines(line, size, width) for line in text.split("\n"))
    return lines * 1.4 * size + 12


def blocks_of(cell):
    """Give the code and the printed texts of a cell, each as a list of lines."""
    texts = [cell.source, *(output.get("text", "") for output in cell.outputs)]
    return [text.rstrip("\n").split("\n") for text in texts if text]


def indent(cell):
    """Give the pixels that an exercise is moved to the right."""
    return 26 * ("exercise" in cell.metadata.get("tags", []))


def count_lines(text, size, width):
    """Count the lines that a paragraph takes.

    Examples
    --------
    >>> count_lines("four words, two lines", size=40, width=250)
    2
    """
    letter = BOLD if text.startswith("**") and text.endswith("**") else LETTER
    text = re.sub(r"\]\(.*?\)|</?\w+>|[*`\[]", "", text)
    text = re.sub(r"\\[a-z]+", "x", text).replace("&emsp;", "   ")
    letters = room = int(width / (size * letter))
    lines = 1
    for word in text.split():
        if len(word) > room:
            lines, room = lines + 1, letters
        room -= len(word) + 1
    return lines


def count_signs(formula):
    """Count the signs of a formula; a word below a brace takes no room of its own.

    Examples
    --------
    >>> count_signs(r"h_t = \\tanh(x_t W_{xh})")
    11
    """
    formula = re.sub(r"\\text\{.*?\}", "", formula).replace(r"\qquad", "xxx")
    return len(re.sub(r"\\.|[{}_^\s]", "", re.sub(r"\\[a-zA-Z]+", "x", formula)))
