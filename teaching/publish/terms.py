"""Terms of the glossary, linked from where a page uses them first."""

import html
import re

from .sources import find_notebooks, find_terms, read_glossary, slug

PROSE = re.compile(r'<div class="prose.*?</div>', re.S)
# What gets no link: other links, headings, names, code, formulas, what is folded.
CLOSED = r"<(a|h\d|dfn|code|pre|span|details)\b.*?</\1>|<[^>]+>"
# Terms that are also words of every day, and are used as such.
EVERYDAY = {"cell", "floor", "model", "sample", "temperature", "test"}


def terms_before(name):
    """Give the terms that the notebooks before this one introduce, with their meanings.

    Returns
    -------
    dict of str to str
        By the terms in small letters, without the words of every day.

    Examples
    --------
    >>> [*terms_before("02_summing_rnn")][:3]
    ['recurrent', 'inputs', 'target']
    >>> terms_before("01_elman_sine")
    {}
    """
    names, meanings = find_notebooks(), read_glossary()
    before = names[: names.index(name)]
    words = [term.word.lower() for term in find_terms() if term.notebook in before]
    return {word: meanings[word] for word in words if word not in EVERYDAY}


def link_terms(page, meanings, glossary):
    """Link each term where the prose of a page uses it first, alone or in the plural.

    A term that the page names itself is left alone.

    Parameters
    ----------
    page : str
        HTML; its formulas are not yet typeset.
    meanings : dict of str to str
        By the terms in small letters.
    glossary : str
        The address of the glossary.

    Examples
    --------
    >>> page = '<div class="prose"><p>Two <em>Gates</em>, one gate.</p></div>'
    >>> link_terms(page, {"gate": "keeps $g$"}, "g.html")
    '<div class="prose"><p>Two <em><a class="term" href="g.html#gate" title="keeps g">Gates</a></em>, one gate.</p></div>'
    """
    waiting = {w: m for w, m in meanings.items() if f'<dfn id="{slug(w)}"' not in page}
    longest_first = sorted(waiting, key=len, reverse=True)
    words = "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in longest_first)
    pattern = re.compile(rf"{CLOSED}|\b(?P<word>{words})(?:e?s)?\b", re.S | re.I)

    def link(found):
        word = " ".join((found["word"] or "").lower().split())
        if word not in waiting:
            return found[0]
        meaning = html.escape(re.sub(r"[$`]", "", waiting.pop(word)))
        address = f"{glossary}#{slug(word)}"
        return f'<a class="term" href="{address}" title="{meaning}">{found[0]}</a>'

    return PROSE.sub(lambda prose: pattern.sub(link, prose[0]), page)
