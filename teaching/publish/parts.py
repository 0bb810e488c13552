"""The parts of a page, its sections and exercises: for its sidebar and for the search."""

import json
import re
from typing import NamedTuple

from .render import EXERCISE, plain, short_alt
from .sources import TEMPLATES, find_lessons, find_terms, read_glossary, slug, title_of
from .student import FOUND

# Of Markdown and TeX, what is neither a word nor a sign that is read.
SIGNS = re.compile(
    r"\$\$.*?\$\$|\]\([^)\s]*\)|^#+ [^\n]*|^> |[*`$\\{}\[\]]|--+", re.S | re.M
)


class Part(NamedTuple):
    """A section or an exercise, which has the heading above it as its `section`.

    The first part of a page is what stands before its sections; it has no address.
    """

    title: str
    address: str
    section: str
    words: list


def parts_of(notebook):
    """Give the parts of a page in its order, without solutions and findings.

    Examples
    --------
    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> texts = "# Page", "## One\\n\\nFirst.", "> **Exercise 1 · write.** Do.", "Next."
    >>> for part in parts_of(new_notebook(cells=[*map(new_markdown_cell, texts)])):
    ...     print(part)
    Part(title='Page', address='', section='', words=[])
    Part(title='One', address='one', section='', words=['First.', 'Next.'])
    Part(title='Exercise 1 · write', address='exercise-1', section='One', words=['Do.'])
    """
    section = Part(title_of(notebook), "", "", [])
    parts = [section]
    for cell in notebook.cells:
        if "solution" in cell.metadata.get("tags", []):
            continue
        if cell.cell_type == "code":
            section.words.append(one_line(short_alt(cell.source)))
            continue
        prose = FOUND.sub("", cell.source)
        if found := EXERCISE.search(prose):
            words = [words_of(prose[found.end() :]).lstrip(". ")]
            parts.append(Part(found[0], slug(found[1]), section.title, words))
            continue
        for text in re.split(r"^(?=## )", prose, flags=re.M):
            if found := re.match("## (.*)", text):
                section = Part(found[1], slug(found[1]), "", [])
                parts.append(section)
            section.words.extend(filter(None, [words_of(text)]))
    return parts


def words_of(text):
    """Give the words of Markdown, without formulas of their own and headings.

    Examples
    --------
    >>> words_of("## Gates\\n\\nA **gate** $z_t$ keeps [much](lab.ipynb).\\n\\n$$x$$")
    'A gate z_t keeps much.'
    """
    return one_line(plain(SIGNS.sub("", text).replace("|", " ")))


def one_line(text):
    return " ".join(text.split())


def search_script(pages):
    """Give the script with what the search looks through.

    Parameters
    ----------
    pages : dict of str to NotebookNode
        By their paths in the site, without the ending.

    Returns
    -------
    str
        Pages of their own, terms, then parts. Each has four strings: its title, its page and section,
        its address in the site, and its words. A lesson is found by that word, too.
    """
    rows = [
        ("Glossary", "", "glossary.html", "all terms"),
        ("How to cite", "", "index.html#cite", "citation licence license"),
        *(
            (f"Slides of lesson {k}", "", f"slides/{name}.html", "deck")
            for k, name in enumerate(find_lessons(), 1)
        ),
        *term_entries(),
    ]
    for name, page in pages.items():
        title = re.sub(r"^(?=\d)", "Lesson ", title_of(page))
        for part in parts_of(page):
            address = f"{name}.html" + (part.address and f"#{part.address}")
            where = f"{title} › {part.section}" if part.section else title
            rows.append((part.title, where, address, " ".join(part.words)))
    return f"const ENTRIES = {json.dumps(rows, ensure_ascii=False, indent=0)};\n"


def term_entries():
    """Give the entries of the terms, each with its meaning and its names elsewhere.

    Examples
    --------
    >>> [entry for entry in term_entries() if entry[0] == "output layer"][0][3]
    'a linear layer that turns a hidden state into the answer. Elsewhere: read-out, head, decoder, projection'
    """
    text = (TEMPLATES / "other_words.md").read_text(encoding="utf-8")
    elsewhere = dict(re.findall(r"^\| (.+?) \| (.+) \|$", text, re.M))
    meanings = read_glossary()
    for word in [term.word for term in find_terms()]:
        said = meanings[word.lower()]
        if word in elsewhere:
            said += f". Elsewhere: {elsewhere[word]}"
        yield word, "Glossary", f"glossary.html#{slug(word)}", words_of(said)
