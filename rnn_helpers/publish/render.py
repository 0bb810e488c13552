"""Notebooks and Markdown as HTML: nbconvert with a template of the course's own."""

import html
import json
import re
import shutil
import subprocess

import nbformat
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from rnn_helpers.publish.sources import ROOT, SITE, TEMPLATES, is_term, slug

PACKAGES = ("reveal.js@5.2.1", "katex@0.16.22", "axe-core@4.14.1")  # axe: the tests'
TYPESET = """
const katex = require("katex");
const formulas = JSON.parse(require("fs").readFileSync(0, "utf8"));
const set = ({tex, ...how}) => katex.renderToString(tex, {...how, strict: true});
console.log(JSON.stringify(formulas.map(set)));
"""
PRE = re.compile(r"<pre([^>]*)>(.*?)</pre>", re.S)
PHONE = 30  # characters of code that fit on a narrow phone
MATH = re.compile(r'(<(span|div) class="math"[^>]*>)(.*?)(</\2>)', re.S)


class CourseRenderer(IPythonRenderer):
    """Markdown with addresses for headings and terms, and links within the site."""

    def heading(self, text, level, **attributes):
        plain = re.sub("<.*?>", "", text)
        return f'<h{level} id="{slug(html.unescape(plain))}">{text}</h{level}>\n'

    def strong(self, text):
        bold = f"<strong>{text}</strong>"
        return f'<dfn id="{slug(text)}">{bold}</dfn>' if is_term(text) else bold

    def inline_math(self, body):
        return f'<span class="math">{html.escape(body)}</span>'

    def block_math(self, body):
        return f'<div class="math" tabindex="0">{html.escape(body)}</div>'

    def link(self, text, url, title=None):
        url = address_in_site(url)
        return super().link(text, url, title) if url else text


def address_in_site(url):
    """Where a link of a notebook or of README leads in the site; None if nowhere.

    Examples
    --------
    >>> address_in_site("notebooks/01_elman_sine.ipynb#train")
    '01_elman_sine.html#cell-train'
    >>> address_in_site("LICENSE")
    """
    if re.match(r"https?://|#", url) or re.search(r"\.(html|pdf)(#|$)", url):
        return url
    if url.endswith("LECTURER.md"):
        return "lecturer.html"
    notebook, ending, cell = url.removeprefix("notebooks/").partition(".ipynb")
    return f"{notebook}.html{cell.replace('#', '#cell-')}" if ending else None


class CourseExporter(HTMLExporter):
    """nbconvert's HTML exporter with the templates beside this file."""

    def __init__(self, template):
        super().__init__(
            template_name=template,
            extra_template_basedirs=[str(TEMPLATES)],
            display_data_priority=["image/png", "text/plain"],
        )

    def markdown2html(self, source):
        return MarkdownWithMath(renderer=CourseRenderer(escape=False)).render(source)

    def convert(self, notebook, **resources):
        """Give the page of a notebook; `resources` are the template's."""
        page, _ = self.from_notebook_node(notebook, resources)
        return typeset(PRE.sub(reachable, page))


def reachable(pre):
    """Let a block of code be reached by keyboard, if it has to scroll on a phone."""
    lines = html.unescape(re.sub("<.*?>", "", pre[2])).splitlines()
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
    subprocess.CalledProcessError
        If KaTeX does not understand a formula; what it says is on the screen.
    """
    notes = [part.span() for part in re.finditer("<aside.*?</aside>", page, re.S)]
    formulas = [
        {
            "tex": html.unescape(found[3]),
            "displayMode": found[2] == "div",
            "output": "mathml" if is_within(found.start(), notes) else "htmlAndMathml",
        }
        for found in MATH.finditer(page)
    ]
    done = run(["node", "-e", TYPESET], input=json.dumps(formulas))
    ready = iter(json.loads(done))
    return MATH.sub(lambda found: f"{found[1]}{next(ready)}{found[4]}", page)


def is_within(place, spans):
    return any(first <= place < end for first, end in spans)


def run(command, **options):
    """Run one of node's programs in the checkout and give what it prints.

    Raises
    ------
    FileNotFoundError
        If it is not installed.
    """
    program = shutil.which(command[0])
    if program is None:
        raise FileNotFoundError(f"{command[0]} is not on the path: install Node.js")
    done = subprocess.run(
        [program, *command[1:]],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        **options,
    )
    return done.stdout


def vendor():
    """Bring reveal.js and KaTeX, and lay into the site what its pages need of them."""
    wanted = dict(package.split("@") for package in PACKAGES)
    modules = ROOT / "node_modules"
    for name, version in wanted.items():
        try:
            there = json.loads((modules / name / "package.json").read_text())
        except FileNotFoundError:
            there = {}
        if there.get("version") != version:
            run(["npm", "install", "--no-save", "--no-package-lock", *PACKAGES])
            break
    for path in (
        "katex/dist/katex.min.css",
        "katex/dist/fonts",
        "reveal.js/dist/reveal.js",
        "reveal.js/dist/reveal.css",
        "reveal.js/dist/reset.css",
        "reveal.js/plugin/notes/notes.js",
    ):
        copy(modules / path, SITE / "vendor" / path)
    for path in TEMPLATES.glob("*.css"):
        copy(path, SITE / path.name)


def copy(source, target):
    """Copy a file or a folder, with the folders above it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        shutil.copy(source, target)


def write(path, text):
    """Write a page of the site, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
