"""What nbval does not look at: stripped or skipped cells, pictures, the set itself."""

import ast
import base64
import collections
import io
import json
import re

import matplotlib.image
import nbformat
import pytest
from course import (
    LABS,
    METADATA,
    NOTEBOOKS,
    PATHS,
    ROOT,
    TAGS,
    VIEW,
    code_cells,
    every_notebook,
    has_tag,
    read_notebook,
    sign_of_work,
    tried,
    work_in,
)

from teaching.publish.sources import title_of

SLIDE_TYPES = {"slide", "notes", "skip"}


def outputs(name):
    return [output for cell in code_cells(name) for output in cell.outputs]


def test_every_code_cell_of_four_lessons_and_the_labs_is_compared(
    request, pytestconfig
):
    options = pytestconfig.option
    assert options.nbval and options.nbval_current_env and options.doctestmodules
    assert not options.nbval_lax and not options.nbval_sanitize_with
    assert pytestconfig.getini("testpaths")[0] == "notebooks"
    if pytestconfig.args != pytestconfig.getini("testpaths"):
        pytest.skip("only the bare word pytest collects everything")
    collected = collections.Counter(
        item.path.stem for item in request.session.items if item.path in PATHS.values()
    )
    assert collected == {n: len(code_cells(n)) for n in NOTEBOOKS if not work_in(n)}


@every_notebook
def test_the_notebook_is_as_it_came(name):
    if work_in(name):
        pytest.fail(work_in(name), pytrace=False)


SIGNS = {
    "without id": lambda notebook: notebook.cells[2].pop("id"),
    "'Xk3jQ9-a'": lambda notebook: notebook.cells[2].update(id="Xk3jQ9-a"),
    "stopped with an error": lambda notebook: notebook.cells[1].outputs.append(
        nbformat.v4.new_output("error", ename="NameError", evalue="", traceback=[])
    ),
    "exercise answer was answered": lambda notebook: (
        notebook.cells[2].outputs[0].update(text="correct: so it is.\n")
    ),
    "not run once": lambda notebook: notebook.cells[2].update(execution_count=7),
    "was cleared": lambda notebook: notebook.cells[1].update(execution_count=None),
    "lost its picture": lambda notebook: notebook.cells[1].update(
        source="rh.show_figure(figure, alt='A line.')"
    ),
    "run and saved": lambda notebook: notebook.cells[1].outputs.append(
        nbformat.v4.new_output("display_data", {VIEW: {}, "image/png": ""})
    ),
}


@pytest.mark.parametrize("sign", SIGNS)
def test_work_in_a_notebook_is_seen(sign):
    answer = nbformat.v4.new_output("stream", text="not answered yet\n")
    tags = {"tags": ["exercise"]}
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# 1", id="title"),
            nbformat.v4.new_code_cell("import torch", id="imports", execution_count=1),
            nbformat.v4.new_code_cell(
                "x", id="answer", execution_count=2, outputs=[answer], metadata=tags
            ),
        ],
    )
    notebook.metadata.widgets = {}  # as when it is only opened and saved
    notebook.cells[1].metadata.scrolled = True
    assert sign_of_work(notebook) is None
    SIGNS[sign](notebook)
    assert sign in sign_of_work(notebook)


@pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"cells": null}', "{", "\xff"])
def test_what_is_no_notebook_any_more_cannot_be_read(monkeypatch, text):
    name = "03_char_hihell"
    lost = ROOT / "tests" / f"{name}.ipynb"
    monkeypatch.setitem(PATHS, name, lost)
    if text is not None:
        monkeypatch.setattr(nbformat, "read", lambda *_, **__: nbformat.reads(text, 4))
    assert "it cannot be read" in work_in.__wrapped__(name)


@every_notebook
def test_the_first_cell_is_short_and_leads_to_the_course_by_one_name(name):
    first, *others = (cell.source for cell in code_cells(name))
    assert len([line for line in first.splitlines() if line.strip()]) <= 14
    line = "\nimport rnn_helpers as rh  # the course's data, pictures and checks\n"
    assert line in first
    dtype = "float32" if name.startswith("03") else "float64"  # as published, there
    assert f"\ntorch.set_default_dtype(torch.{dtype})" in first
    for source in (first.replace(line, ""), *others):
        assert "rnn_helpers" not in source
        tree = ast.parse(source)
        kinds = {type(node) for node in ast.walk(tree)}
        assert source == first.replace(line, "") or not kinds & {
            ast.Import,
            ast.ImportFrom,
        }


@every_notebook
def test_no_cell_escapes_comparison(name):
    for cell in read_notebook(name).cells:
        assert "nbval" not in cell.source.lower()
        assert set(cell.metadata.get("tags", [])) <= TAGS, cell.id
        slide = cell.metadata.get("slideshow", {"slide_type": "slide"})
        assert slide.keys() == {"slide_type"}, cell.id
        assert slide["slide_type"] in SLIDE_TYPES, cell.id


@every_notebook
@pytest.mark.portable
def test_no_program_has_left_its_notes_in_the_notebook(name):
    """A reader's JupyterLab does when it saves; what is published is clean."""
    notebook = read_notebook(name)
    assert notebook.metadata == METADATA and notebook.nbformat_minor == 5
    assert len(notebook.cells) == len(json.loads(PATHS[name].read_bytes())["cells"])
    for cell in notebook.cells:
        assert cell.metadata.keys() <= {"tags", "slideshow", "frames"}, cell.id


@every_notebook
def test_no_errors_warnings_or_machine_dependent_text_are_stored(name):
    for output in outputs(name):
        assert output.output_type in ("stream", "display_data", "execute_result")
        assert output.get("name") != "stderr"
        text = output.get("text") or output.data.get("text/plain", "")
        assert not re.search(r"/home/|/root/|/tmp/|\b0x[0-9a-f]{6,}|<Figure size", text)


@every_notebook
def test_every_figure_is_stored_as_picture_description_and_sentence(name):
    cells = read_notebook(name).cells
    figures = 0
    for cell, following in zip(cells, [*cells[1:], None]):
        if cell.cell_type != "code":
            continue
        assert "plt.show" not in cell.source
        for output in cell.outputs:
            data = output.get("data", {})
            described = data.get("text/plain", "").startswith("figure of ")
            assert described == ("image/png" in data), cell.id
            if described:
                figures += 1
                png = base64.b64decode(data["image/png"])
                picture = matplotlib.image.imread(io.BytesIO(png))
                shown_at = output.metadata["image/png"]
                width, height = shown_at["width"], shown_at["height"]  # in CSS pixels
                assert picture.shape[:2] == (2 * height, 2 * width), cell.id
                assert 200 <= height <= 1000 and 400 <= width <= 1200, cell.id
                assert picture[..., :3].std() > 0.01, cell.id
                assert shown_at["alt"].endswith("."), cell.id
                assert following.cell_type == "markdown", cell.id
        shown = sum("image/png" in output.get("data", {}) for output in cell.outputs)
        makers = ("rh.show_figure(", "= rh.explore(")
        assert shown == sum(cell.source.count(maker) for maker in makers), cell.id
    assert figures >= 3


def texts_given(source):
    """The alternative texts that code gives to `rh.show_figure`."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        ast.literal_eval(keyword.value)
        for call in calls
        for keyword in call.keywords
        if keyword.arg == "alt"
    ]


@every_notebook
def test_alternative_texts_are_those_of_the_code_and_each_is_of_one_figure(name):
    """That of an explorer is its sentence: `test_every_explorer.py` runs it."""
    texts = []
    for cell in code_cells(name):
        shown = [output.get("metadata", {}).get("image/png") for output in cell.outputs]
        texts.append([picture["alt"] for picture in shown if picture])
        assert "= rh.explore(" in cell.source or texts[-1] == texts_given(cell.source)
    texts = sum(texts, [])
    assert len(texts) == len(set(texts)) >= 3


def visible_lines(source):
    """The lines of code that are not blank, comments or imports."""
    imports = {
        line
        for node in ast.parse(source).body
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for line in range(node.lineno, node.end_lineno + 1)
    }
    return [
        line
        for number, line in enumerate(source.splitlines(), 1)
        if line.strip() and not line.strip().startswith("#") and number not in imports
    ]


def minutes(name):
    """Honest minutes: words / 100 + lines / 5.5 + 1.5 * figures; fits eleven readings.

    Exercises and what is folded do not count.
    """
    cells = [c for c in read_notebook(name).cells if not has_tag(c, *TAGS)]
    prose = "\n".join(c.source for c in cells if c.cell_type == "markdown")
    words = len(re.sub(r"<details.*?</details>", " ", prose, flags=re.S).split())
    code = [c for c in cells if c.cell_type == "code"]
    lines = sum(len(visible_lines(c.source)) for c in code)
    figures = sum("image/png" in o.get("data", {}) for c in code for o in c.outputs)
    return words / 100 + lines / 5.5 + 1.5 * figures


MOST_MINUTES = {
    "04_sentence_completion": 65,  # with the end of the course
}


def prose_around_code(name):
    """The prose before the first cell of code, and the prose after the last one."""
    cells = read_notebook(name).cells
    places = [place for place, cell in enumerate(cells) if cell.cell_type == "code"]
    around = cells[: places[0]], cells[places[-1] + 1 :]
    return tuple("\n\n".join(cell.source for cell in part) for part in around)


@every_notebook
def test_readme_gives_honest_minutes(name):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (row,) = re.findall(rf"^\|.*{name}\.ipynb.*\| (\d+) \+ (\d+) \|$", readme, re.M)
    lesson_minutes, exercise_minutes = map(int, row)
    assert abs(minutes(name) - lesson_minutes) <= 5
    assert minutes(name) <= MOST_MINUTES.get(name, 70 if name in LABS else 60)
    assert (15 if name in LABS else 30) <= exercise_minutes <= 40
    opening, _ = prose_around_code(name)
    words = f"about {lesson_minutes} minutes, the exercises {exercise_minutes} more"
    assert words in opening


@every_notebook
def test_cells_are_short(name):
    for cell in code_cells(name):
        assert len(visible_lines(cell.source)) <= 20, cell.id
        most = 16 if cell.id == "published" else 10  # its fifteen rows
        for output in cell.outputs:
            assert output.get("text", "").count("\n") <= most, cell.id


@every_notebook
def test_asserts_are_left_to_the_tests_but_for_identities(name):
    for cell in code_cells(name):
        nodes = list(ast.walk(ast.parse(cell.source)))
        assert not any(isinstance(node, ast.Assert) for node in nodes), cell.id
        if "assert_close" in cell.source:
            assert re.search(r"nn\.(RNN|GRU)\(", cell.source), cell.id


@every_notebook
def test_notebook_opens_with_a_question_and_ends_with_the_next(name):
    opening, ending = prose_around_code(name)
    number = "Lab" if name in LABS else int(name[:2])
    assert re.match(rf"# {number} · .*\n\n\*\*.*\?\*\*", opening)
    ending = ending[ending.index("## What you can do now\n") :]
    box = ending.index("<details><summary><b>How sure are we?</b></summary>\n\n")
    assert box < ending.index("\n\n**Read on.**") < ending.index("\n\n**Next:** ")


LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
WORKS = {  # what the notebooks cite, by address
    "arxiv.org/abs/1211.5063": "On the difficulty of training recurrent neural networks",
    "arxiv.org/abs/1409.0473": "on attention",
    "arxiv.org/abs/1707.05589": "On the state of the art of evaluation in neural"
    " language models",
    "arxiv.org/abs/1709.04057": "Parallelizing linear recurrent neural nets over"
    " sequence length",
    "arxiv.org/abs/1709.06560": "Deep reinforcement learning that matters",
    "arxiv.org/abs/1804.11188": "Can recurrent neural networks warp time?",
    "arxiv.org/abs/1805.04908": "On the practical computational power of finite"
    " precision RNNs",
    "arxiv.org/abs/2103.03098": "Accounting for variance in machine learning benchmarks",
    "arxiv.org/abs/2109.08203": "Torch.manual_seed(3407) is all you need",
    "arxiv.org/abs/2303.06349": "Resurrecting recurrent neural networks for long"
    " sequences",
    "arxiv.org/abs/2309.12252": "Parallelizing non-linear sequential models over the"
    " sequence length",
    "arxiv.org/abs/2402.19427": "Griffin",
    "arxiv.org/abs/2410.01201": "Were RNNs all we needed?",
    "arxiv.org/abs/2411.12537": "Unlocking state-tracking in linear RNNs through"
    " negative eigenvalues",
    "colah.github.io/posts/2015-08-Understanding-LSTMs/": "Understanding LSTM networks",
    "colah.github.io/posts/2015-09-Visual-Information/": "Visual information theory",
    "d2l.ai/chapter_recurrent-neural-networks/index.html": "Dive into Deep Learning",
    "d2l.ai/chapter_recurrent-neural-networks/language-model.html": "Dive into Deep"
    " Learning",
    "doi.org/10.1109/72.279181": "Learning long-term dependencies with gradient descent"
    " is difficult",
    "doi.org/10.1162/089976600300015015": "Learning to forget",
    "doi.org/10.1207/s15516709cog1402_1": "Finding structure in time",
    "github.com/ethen8181/machine-learning": "machine-learning",
    "github.com/gabrielloye/RNN-walkthrough": "RNN-walkthrough",
    "github.com/hunkim/PyTorchZeroToAll": "PyTorchZeroToAll",
    "github.com/karpathy/makemore": "makemore",
    "karpathy.github.io/2015/05/21/rnn-effectiveness/": "The unreasonable effectiveness"
    " of recurrent neural networks",
    "nbviewer.org/gist/yoavg/d76121dfde2618422139": "counting",
    "peterroelants.github.io/posts/rnn-implementation-part01/": "How to implement a"
    " recurrent neural network",
    "proceedings.mlr.press/v37/jozefowicz15.html": "An empirical exploration of recurrent"
    " network architectures",
}


@every_notebook
def test_links_lead_to_what_they_name(name):
    """To a work by its title, to a lesson by its number, to a lab by its title."""
    titles = {PATHS[other]: title_of(read_notebook(other)) for other in NOTEBOOKS}
    for cell in read_notebook(name).cells:
        prose = cell.source if cell.cell_type == "markdown" else ""
        prose = re.sub(r"```.*?```|`[^`]*`", "", prose, flags=re.S)
        for text, address in LINK.findall(prose):
            if address.startswith("https://"):
                assert text == WORKS[address.removeprefix("https://")]
            else:
                title = titles[(PATHS[name].parent / address).resolve()]
                number, _, question = title.partition(" · ")
                called = {f"Lesson {number}", f"lesson {number}", number, question}
                assert text in called, (cell.id, text)


def names_read(code):
    """The names that code reads, but for those that it only says in an f-string."""
    todo, found = [code], set()
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found.add(node.id)
        if not isinstance(node, ast.JoinedStr):
            todo += ast.iter_child_nodes(node)
    return found


@every_notebook
def test_what_can_be_changed_is_used_and_not_only_said(name):
    """A value that a mark offers, and each argument of a function but its name."""
    cells = [cell for cell in code_cells(name) if not has_tag(cell, "exercise")]
    code = ast.parse("\n".join(cell.source for cell in cells))
    marked = {change.new.split(" = ")[0].strip() for change in tried(name)}
    assert {mark for mark in marked if mark.isidentifier()} <= names_read(code)
    for node in ast.walk(code):
        if isinstance(node, ast.FunctionDef):
            arguments = {a.arg for a in [*node.args.args, *node.args.kwonlyargs]}
            assert arguments <= names_read(node) | {"self", "name"}, node.name


def test_picture_of_the_readme_is_the_one_in_lesson_4():
    (cell,) = [c for c in code_cells("04_sentence_completion") if c.id == "count"]
    stored = base64.b64decode(cell.outputs[0].data["image/png"])
    assert (ROOT / "notebooks/images/count.png").read_bytes() == stored
