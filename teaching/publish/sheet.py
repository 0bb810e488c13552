"""The cheat sheet: one page, with the code and the messages of lesson 3."""

import re

from jinja2 import Template

from .render import CourseExporter, as_notebook
from .sources import SITE, TEMPLATES, read_glossary, read_published
from .tools import print_page, vendor, write

PAPERS = ("A4", "letter")


def sheet_text():
    """Give the sheet in Markdown, with what it takes from lesson 3."""
    glossary = read_glossary()
    cells = {cell.id: cell for cell in read_published("03_char_hihell").cells}

    def code(name):
        source = cells[name].source
        start = re.search(r"^(class|def) ", source, re.M).start()  # after the settings
        return source[start:].replace("\n\n\n", "\n")

    def messages():
        """Each message of the handout, and its cause."""
        folded = re.findall(
            r"<summary>(<code>.*?</code>)</summary>\s*(.*?)\s*</details>",
            cells["handout"].source,
            re.S,
        )
        return "\n\n".join(f"{message}<br>{cause}" for message, cause in folded)

    def words(terms):
        return "\n\n".join(f"**{w}**: {glossary[w]}" for w in terms.split(", "))

    text = (TEMPLATES / "sheet" / "sheet.md").read_text(encoding="utf-8")
    return Template(text).render(code=code, messages=messages, words=words)


def make_sheet():
    """Write ``site/cheat_sheet_a4.pdf`` and ``site/cheat_sheet_letter.pdf``."""
    vendor()
    exporter, sheet = CourseExporter("sheet"), as_notebook(sheet_text())
    for paper in PAPERS:
        target = SITE / f"cheat_sheet_{paper.lower()}.pdf"
        source = target.with_suffix(".html")  # beside its styles, while it is printed
        write(source, exporter.convert(sheet, title="Cheat sheet", paper=paper))
        try:
            print_page(source, target)
        finally:
            source.unlink()
