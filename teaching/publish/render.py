"""Notebooks and Markdown as HTML: nbconvert with a template of the course's own."""

import html
import json
import re

import nbformat
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from traitlets.config import Config

from .sources import TEMPLATES, is_term, slug
from .terms import link_terms
from .tools import run

TYPESET = """
const katex = require("katex");
const formulas = JSON.parse(require("fs").readFileSync(0, "utf8"));
const set = ({tex, ...how}) => {
    try { return katex.renderToString(tex, {...how, strict: true}); }
    catch ({message}) { console.error(`${message}, in ${tex}`); process.exit(1); }
};
console.log(JSON.stringify(formulas.map(set)));
"""
PRE = re.compile(r"<pre([^>]*)>(.*?)</pre>", re.S)
BESIDE = {"LICENSE": "LICENSE.txt", "CITATION.cff": "CITATION.cff"}
PHONE = 30  # characters of code that fit on a narrow phone
EXERCISE = re.compile(r"(Exercise \d+) · \w+(?=\.)")  # how its text begins, in bold
LONG_ALT = re.compile(r'(?<=\balt=")[^"\n]{60,}(?=")')
MATH = re.compile(r'(<span class="math( display)?"[^>]*>)(.*?)(</span>)', re.S)


class CourseRenderer(IPythonRenderer):
    """Markdown with addresses for headings and terms, and links within the site."""

    def heading(self, text, level, **attributes):
        return f'<h{level} id="{slug(plain(text))}">{text}</h{level}>\n'

    def strong(self, text):
        if found := EXERCISE.match(text):
            return f'<strong id="{slug(found[1])}">{text}</strong>'
        bold = f"<strong>{text}</strong>"
        address = slug(plain(text))
        return f'<dfn id="{address}">{bold}</dfn>' if is_term(plain(text)) else bold

    def def_list_head(self, text):
        return f'<dt id="{slug(plain(text))}">{text}</dt>\n'

    def inline_math(self, body):
        return f'<span class="math">{html.escape(body)}</span>'

    def block_math(self, body):
        shown = f'class="math display" tabindex="0">{html.escape(body)}'
        return f"<span {shown}</span>"

    def latex_environment(self, name, body):
        return self.block_math(rf"\begin{{{name}}}{body}\end{{{name}}}")

    def link(self, text, url, title=None):
        url = address_in_site(url)
        return super().link(text, url, title) if url else text


def plain(text):
    """Give the words of a piece of HTML.

    Examples
    --------
    >>> plain("<em>h</em> &amp; <code>x</code>")
    'h & x'
    """
    return html.unescape(re.sub("<.*?>", "", text))


def address_in_site(url):
    """Where a link of the course leads in the site; None if nowhere.

    It stands in a notebook, in README or on the lecturer's page.

    Examples
    --------
    >>> address_in_site("notebooks/01_elman_sine.ipynb#train")
    '01_elman_sine.html#cell-train'
    >>> address_in_site("../notebooks/labs/was_it_luck.ipynb")
    'labs/was_it_luck.html'
    >>> address_in_site("LICENSE")
    'LICENSE.txt'
    >>> address_in_site("CONTRIBUTING.md")
    """
    if re.match(r"https?://|#", url) or re.search(r"\.(html|pdf)(#|$)", url):
        return url
    if url.endswith("LECTURER.md"):
        return "lecturer.html"
    if url in BESIDE:
        return BESIDE[url]
    path = re.sub(r"^(\.\./)?notebooks/", "", url)
    notebook, ending, cell = path.partition(".ipynb")
    return f"{notebook}.html{cell.replace('#', '#cell-')}" if ending else None


class CourseExporter(HTMLExporter):
    """nbconvert's HTML exporter with the templates beside this file.

    Of an output that has a picture the picture is shown, also where live controls are
    stored beside it. nbconvert chooses by its configuration and by nothing else.
    """

    def __init__(self, template):
        forms = ["image/png", "text/plain"]
        super().__init__(
            config=Config({"NbConvertBase": {"display_data_priority": forms}}),
            template_name=template,
            extra_template_basedirs=[str(TEMPLATES)],
            filters={"short_alt": short_alt},
        )

    def markdown2html(self, source):
        return MarkdownWithMath(renderer=CourseRenderer(escape=False)).render(source)

    def convert(self, notebook, terms=None, **resources):
        """Give the page of a notebook; `resources` are the template's.

        `terms`, by their meanings, are linked to the glossary where they are used first.

        Raises
        ------
        RuntimeError
            If KaTeX does not understand a formula.
        """
        page, _ = self.from_notebook_node(notebook, resources)
        if terms:
            page = link_terms(page, terms, f"{resources['up']}glossary.html")
        try:
            return typeset(PRE.sub(reachable, page))
        except RuntimeError as error:
            raise RuntimeError(f"{resources['title']}: {error}") from None


def short_alt(source):
    """Give code without the long alternative texts, which the pictures carry.

    Examples
    --------
    >>> short_alt(f'show(figure, alt="{70 * "a"}")')
    'show(figure, alt="…")'
    """
    return LONG_ALT.sub("…", source)


def reachable(pre):
    """Let a block of code be reached by keyboard, if it has to scroll on a phone."""
    lines = plain(pre[2]).splitlines()
    if max(map(len, lines), default=0) <= PHONE:
        return pre[0]
    return f'<pre{pre[1]} tabindex="0">{pre[2]}</pre>'


def as_notebook(text):
    """Give a notebook that holds this Markdown text and nothing else."""
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])


def typeset(page):
    """Replace the formulas of a page, TeX so far, by what KaTeX makes of them.

    The speaker's notes are shown in a window without KaTeX's style: plain MathML.

    Raises
    ------
    RuntimeError
        If KaTeX does not understand a formula; the message holds it.
    """
    notes = [part.span() for part in re.finditer("<aside.*?</aside>", page, re.S)]
    formulas = [
        {
            "tex": html.unescape(found[3]),
            "displayMode": bool(found[2]),
            "output": "mathml" if is_within(found.start(), notes) else "htmlAndMathml",
        }
        for found in MATH.finditer(page)
    ]
    done = run(["node", "-e", TYPESET], input=json.dumps(formulas))
    ready = iter(json.loads(done))
    return MATH.sub(lambda found: f"{found[1]}{next(ready)}{found[4]}", page)


def is_within(place, spans):
    return any(first <= place < end for first, end in spans)
