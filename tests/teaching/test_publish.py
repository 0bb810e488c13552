"""What goes on slides, pages and the cheat sheet, before any of it is built."""

import json
import re
import shutil
import sys
from unittest import mock

import matplotlib.pyplot as plt
import pytest
import torch
from course import (
    LESSONS,
    NOTEBOOKS,
    PATHS,
    ROOT,
    VIEW,
    every_notebook,
    has_tag,
    read_notebook,
)
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image
from torch import nn

from teaching.publish import __main__ as publish
from teaching.publish import (
    frames,
    pages,
    parts,
    pictures,
    plan,
    render,
    sheet,
    sizes,
    slides,
    sources,
    terms,
    tools,
    votes,
)

LECTURER = votes.LECTURER.read_text(encoding="utf-8")
FOUND, WORDS = plan.find_plans(LECTURER), slides.read_words()
every_lesson = pytest.mark.parametrize("name", LESSONS)


def typed(cell, kind=None, *tags):
    cell.metadata = {
        "tags": [*tags],
        **({"slideshow": {"slide_type": kind}} if kind else {}),
    }
    return cell


def deck_of(*cells):
    return slides.lay_out(new_notebook(cells=[*cells])).cells


def printed(lines):
    return new_output("stream", text="line\n" * lines)


def drawn(width, height):
    data = {"image/png": "", "text/plain": ""}
    shown = {"image/png": {"width": width, "height": height}}
    return new_output("display_data", data=data, metadata=shown)


def full_deck(name):
    """The slides of a lesson with the lecturer's plan and words, each a list of cells."""
    found = []
    for cell in slides.lay_out(read_notebook(name), FOUND[name], WORDS[name]).cells:
        found += [[]] if cell.metadata.deck.first else []
        found[-1].append(cell)
    return found


def notes_of(slide):
    return "\n".join(cell.source for cell in slide if slides.is_notes(cell))


def test_types_say_what_begins_a_slide_what_is_said_and_what_is_left_out():
    cells = deck_of(
        typed(new_markdown_cell("# Title"), "slide"),
        typed(new_markdown_cell("said"), "notes"),
        typed(new_code_cell("import torch"), "skip"),
        typed(new_markdown_cell("## Section"), "slide"),
        typed(new_code_cell("x = 1")),
        typed(new_markdown_cell("text"), "slide"),
    )
    assert [c.source for c in cells] == [
        "# Title",
        "said",
        "## Section",
        "x = 1",
        "text",
    ]
    decks = [cell.metadata.deck for cell in cells]
    assert [deck.first for deck in decks] == [True, False, True, False, True]
    assert [deck.last for deck in decks] == [False, True, False, True, True]
    assert [deck.notes for deck in decks] == [False, True, False, False, False]
    assert [deck.above for deck in decks][2:] == [None, None, "Section"]


def test_a_figure_is_shown_without_its_code_and_an_exercise_without_output():
    figure = drawn(800, 400)
    drawing = typed(new_code_cell("plot()", outputs=[figure]), "slide")
    answer = typed(new_code_cell("x = None", outputs=[printed(1)]), "slide", "exercise")
    shown, asked = deck_of(drawing, answer)
    assert shown.source == "" and shown.outputs == [figure]
    assert asked.source == "x = None" and asked.outputs == []
    assert drawing.source and answer.outputs  # the notebook itself is as it was


def test_output_that_does_not_fit_below_the_code_goes_on_the_next_slide():
    most = slides.MOST_LINES
    for lines, count in ((most - 1, 1), (most, 2)):
        cell = new_code_cell("x = 1", outputs=[printed(lines)])
        cells = deck_of(typed(cell, "slide"))
        assert [c.metadata.deck.first for c in cells] == [True] * count
    assert [(c.source, len(c.outputs)) for c in cells] == [("x = 1", 0), ("", 1)]


@every_lesson
def test_deck_opens_with_the_question_and_shows_every_exercise_and_explorer(name):
    notebook = read_notebook(name)
    cells = slides.lay_out(notebook).cells
    assert re.match(r"# \d · .*\n\n\*\*.*\?\*\*", cells[0].source)
    ids = {cell.id: cell for cell in cells}
    for cell in notebook.cells:
        if has_tag(cell, "exercise"):
            assert not ids[cell.id].metadata.deck.notes, cell.id
        if has_tag(cell, "solution"):
            assert ids[cell.id].metadata.deck.notes, cell.id
        if any("image/png" in out.get("data", {}) for out in cell.get("outputs", [])):
            assert ids[cell.id].outputs, cell.id


def shown_on(slide):
    return [cell for cell in slide if not slides.is_notes(cell)]


@every_lesson
def test_a_slide_has_one_heading_at_most_and_it_stands_first(name):
    for slide in slides.slides_of(read_notebook(name)):
        headings = [slides.headings_of(cell) for cell in shown_on(slide)]
        assert len(headings[0]) <= 1 and not any(headings[1:]), slide[0].id


@every_lesson
def test_no_question_is_answered_on_its_own_slide(name):
    for slide in slides.slides_of(read_notebook(name)):
        asked = False
        for cell in shown_on(slide):
            asked = asked or (cell.cell_type == "markdown" and "?**" in cell.source)
            assert not (asked and cell.get("outputs")) or "explorer" in cell.id, cell.id


@every_lesson
def test_every_term_is_introduced_on_a_slide(name):
    """A word that only the speaker says is lost."""
    for cell in read_notebook(name).cells:
        if slides.is_notes(cell) and not has_tag(cell, "solution"):
            bold = re.findall(r"\*\*(.+?)\*\*", cell.source)
            assert not any(map(sources.is_term, bold)), cell.id


@every_lesson
def test_every_vote_stands_just_before_its_cure_and_says_what_to_expect(name):
    deck, own = full_deck(name), FOUND[name].votes
    assert len(own) == 3
    for vote in own:
        (number,) = [
            k for k, slide in enumerate(deck) if f"vote-{vote.cell}" in ids_of(slide)
        ]
        asked = "\n".join(cell.source for cell in shown_on(deck[number]))
        assert vote.question in asked and "<b>B</b>" in asked
        assert asked.count("?**") <= 1 and not {"✓", "✗"} & {*asked}
        assert all(option in notes_of(deck[number]) for option in vote.options)
        assert f"Cure: {vote.cure}." in notes_of(deck[number])
        assert vote.cell in ids_of(deck[number + 1])
    lost = plan.Plan([], [own[0]._replace(cell="imports")])
    with pytest.raises(ValueError, match="no slide shows the cells imports"):
        slides.lay_out(read_notebook(name), lost)


def ids_of(slide):
    return [cell.id for cell in slide]


def test_words_that_ask_become_the_vote_and_all_else_stays_before_it():
    vote = votes.Vote("Who?", ["A I ✗", "B You ✓"], "the answer", "x", "answer")
    answer = typed(new_code_cell("1", id="answer"), "slide")
    for before, is_vote in (
        (new_markdown_cell("Two of us. **Who is it?**"), True),
        (new_markdown_cell("Two of us. **Who?** Guess."), False),
        (new_markdown_cell("**Two of us.**"), False),
        (new_code_cell("'**Who?**'"), False),
    ):
        notebook = new_notebook(cells=[typed(before, "slide"), answer])
        first, *rest = slides.lay_out(notebook, plan.Plan([], [vote])).cells
        assert (first.source == "Two of us.") == is_vote
        assert first.metadata.deck.shown != is_vote
        assert rest[-1].metadata.deck.first and rest[-1].id == "answer"


@every_lesson
def test_each_row_of_the_plan_stands_in_the_notes_of_its_first_slide(name):
    deck = full_deck(name)
    rows, begun = FOUND[name].rows, []
    for number, slide in enumerate(deck):
        said = re.findall(r"<b>Minute (\d+) to (\d+)\.</b>", notes_of(slide))
        begun += [(number, int(start), int(end)) for start, end in said]
    assert [minutes for _, *minutes in begun] == [[r.start, r.end] for r in rows]
    assert begun[0][:2] == (0, 0) and rows[-1].end == 90
    for (number, *_), row in [*zip(begun, rows)][1:]:
        shown = "\n".join(cell.source for cell in shown_on(deck[number]))
        assert row.do in notes_of(deck[number])
        if row.place.startswith("*"):
            assert shown.startswith(f"## {row.place.strip('*')}\n")
        if row.place == "same":
            assert "> **Exercise" in shown
        for question in re.findall(r"Q(\d)", row.do):
            options = FOUND[name].votes[int(question) - 1].options
            wrong = [option for option in options if "✗" in option]
            assert wrong and all(text in notes_of(deck[number]) for text in wrong)
    lost = plan.Plan([*rows[:1], rows[1]._replace(place="*No such section*")], [])
    with pytest.raises(ValueError, match=r"no slide for minute \d+, \*No such section"):
        slides.lay_out(read_notebook(name), lost)


@every_lesson
def test_every_slide_has_words_and_notes(name):
    """What only a cell of code or a picture says does not stand alone."""
    for slide in full_deck(name):
        prose = [c.source for c in shown_on(slide) if c.cell_type == "markdown"]
        assert "".join(prose), ids_of(slide)
        said = re.sub(r"<b>Minute.*|At Q\d.*", "", notes_of(slide))
        assert len(said.split()) >= 12, ids_of(slide)


def test_what_is_folded_in_the_notebook_is_said():
    text = "Seen.\n\n<details><summary>Why?</summary>\n\nSo.\n\n</details>"
    seen, said = deck_of(typed(new_markdown_cell(text), "slide"))
    assert seen.source == "Seen." and not seen.metadata.deck.notes
    assert said.metadata.deck.notes and "So." in said.source


def test_words_of_the_deck_belong_to_a_slide():
    notebook = new_notebook(cells=[typed(new_code_cell("1", id="one"), "slide")])
    words = {"one": slides.Words("Look.", "Say."), "two": slides.Words("", "Lost.")}
    with pytest.raises(ValueError, match="slides.md: no slide begins with two$"):
        slides.lay_out(notebook, words=words)
    del words["two"]
    cells = slides.lay_out(notebook, words=words).cells
    assert [cell.source for cell in cells] == ["Look.", "1", "Say."]


@every_lesson
def test_numbers_that_only_the_speaker_says_stand_in_the_lesson(name):
    cells = read_notebook(name).cells
    texts = [cell.source for cell in cells] + [
        vote.question for vote in FOUND[name].votes
    ]
    texts += [out.get("text", "") for cell in cells for out in cell.get("outputs", [])]
    texts += ["0.9 1.1"]  # examples to compute with
    known = {*re.findall(r"\d+\.\d+", "\n".join(texts))}
    for cell, words in WORDS[name].items():
        assert {*re.findall(r"\d+\.\d+", f"{words}")} <= known, cell


def test_words_and_code_are_as_large_as_the_slide_allows():
    text, wide = new_markdown_cell("word " * 20), new_code_cell("x = 1  " + 80 * "#")
    assert sizes.sizes_of([text]) == (40, 28)
    assert sizes.sizes_of([text, new_code_cell("x = 1")]) == (30, 28)
    assert sizes.sizes_of([wide])[1] == 21  # by its width
    long = [new_code_cell("x = 1\n" * lines) for lines in (18, 22, 40)]
    sizes_of_long = [sizes.sizes_of([cell])[1] for cell in long]
    assert sizes_of_long == [26, 21, 18]  # by its height; the last does not fit
    assert sizes.sizes_of([new_markdown_cell("word " * 200)])[0] < 32
    formula = new_markdown_cell("$$" + "x + " * 22 + "x$$")
    assert sizes.sizes_of([formula])[0] == 32
    figure = new_code_cell("", outputs=[drawn(1100, 400)])
    many = new_markdown_cell("word " * 60)
    assert sizes.sizes_of([figure, many])[0] < sizes.sizes_of([text, many])[0]


@every_notebook
def test_headings_and_terms_of_a_page_have_different_addresses(name):
    prose = "\n".join(
        c.source for c in read_notebook(name).cells if c.cell_type == "markdown"
    )
    terms = {
        word.lower()
        for word in re.findall(r"\*\*(.+?)\*\*", prose)
        if sources.is_term(word)
    }
    addresses = [
        sources.slug(heading) for heading in re.findall(r"^#+ (.*)", prose, re.M)
    ]
    addresses += map(sources.slug, terms)
    assert len(addresses) == len(set(addresses))


def address_of(name):
    return PATHS[name].relative_to(ROOT / "notebooks").with_suffix("").as_posix()


def test_publisher_takes_the_notebooks_of_the_course_and_their_order_from_readme():
    assert sources.find_notebooks() == [address_of(name) for name in NOTEBOOKS]
    assert sources.find_lessons() == [*LESSONS]


def test_what_readme_does_not_link_to_is_not_published(tmp_path, monkeypatch):
    shutil.copy(ROOT / "README.md", tmp_path)
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    own = ("mine", f"{LESSONS[0]}-Copy1", f".ipynb_checkpoints/{LESSONS[0]}-checkpoint")
    for name in own:
        path = tmp_path / "notebooks" / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.touch()
    monkeypatch.setattr(sources, "ROOT", tmp_path)
    assert sources.find_notebooks() == [address_of(name) for name in NOTEBOOKS]
    assert sources.find_terms() and pages.glossary_page()
    (tmp_path / "README.md").write_text("[1](notebooks/mine.ipynb)\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no table of README.md links to a notebook"):
        sources.find_notebooks()


def test_what_cannot_be_published_is_said_in_a_line(tmp_path, monkeypatch):
    with pytest.raises(
        SystemExit, match="unknown: decks; choose from frames, slides, "
    ):
        publish.main(["decks"])
    monkeypatch.setattr(publish, "ROOT", tmp_path)
    with pytest.raises(SystemExit, match="no notebooks in .*: publish from a clone"):
        publish.main([])
    monkeypatch.undo()
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(tools, "installed", lambda name: None)
    with pytest.raises(SystemExit, match="^slides: npm is not on the path: install"):
        publish.main(["slides"])


def test_a_browser_must_be_there_and_must_print(tmp_path, monkeypatch):
    monkeypatch.setenv("CHROMIUM", "no-such-browser")
    with pytest.raises(FileNotFoundError, match="CHROMIUM=no-such-browser is no prog"):
        tools.find_browser()
    monkeypatch.setenv("CHROMIUM", sys.executable)  # it prints no page
    (tmp_path / "old.pdf").touch()
    with pytest.raises(RuntimeError, match="printed nothing: .*headless"):
        tools.print_page(tmp_path / "page.html", tmp_path / "old.pdf")
    monkeypatch.delenv("CHROMIUM")
    monkeypatch.setattr(tools, "BROWSERS", ())
    with pytest.raises(FileNotFoundError, match="no Chromium or Chrome"):
        tools.find_browser()


TOUCHED = "03_char_hihell"


@pytest.fixture
def read_touched(tmp_path, monkeypatch):
    """read_touched(change) reads a copy of lesson 3 whose stored JSON was changed."""
    path = tmp_path / "notebooks" / f"{TOUCHED}.ipynb"
    path.parent.mkdir()
    monkeypatch.setattr(sources, "ROOT", tmp_path)

    def read(change):
        content = json.loads(PATHS[TOUCHED].read_text(encoding="utf-8"))
        change(content)
        path.write_text(json.dumps(content), encoding="utf-8")
        return sources.read_published(TOUCHED)

    return read


def code_of(content, name=None):
    """The code cells of stored JSON, or the one with this id."""
    code = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
    return code if name is None else next(cell for cell in code if cell["id"] == name)


def outputs_of_explorers(content):
    return [o for c in code_of(content) if "explorer" in c["id"] for o in c["outputs"]]


def give_random_ids(content):
    for number, cell in enumerate(content["cells"]):
        cell["id"] = f"{number:x}fa7e{number:03d}"


def count_cells_as_ids(content):
    for number, cell in enumerate(content["cells"]):
        cell["id"] = f"cell-{number}"


def move_ids_as_colab_does(content):
    content["nbformat_minor"] = 0
    for cell in content["cells"]:
        cell["metadata"]["id"] = "kT3_hQz1v2Xb"
        del cell["id"]


def drop_ids(content):
    content["nbformat_minor"] = 4
    for cell in content["cells"]:
        del cell["id"]


def repeat_an_id(content):
    content["cells"][6]["id"] = content["cells"][5]["id"]


def insert_a_cell(content):
    cell = {"id": "3f2a91bc", "source": "1 + 1", "outputs": [], "metadata": {}}
    content["cells"].insert(4, {**cell, "cell_type": "code", "execution_count": 1})


@pytest.mark.parametrize(
    "change",
    [
        give_random_ids,
        count_cells_as_ids,
        move_ids_as_colab_does,
        drop_ids,
        repeat_an_id,
        insert_a_cell,
    ],
)
def test_lost_ids_are_named_with_the_notebook_and_the_mend(read_touched, change):
    with pytest.raises(ValueError) as refusal:
        read_touched(change)
    (line,) = str(refusal.value).splitlines()
    assert line.startswith(f"notebooks/{TOUCHED}.ipynb has lost the ids of its cells")
    assert f"; git restore notebooks/{TOUCHED}.ipynb, or give each new cell" in line


def clear_all(content):
    for cell in code_of(content):
        cell.update(outputs=[], execution_count=None)


def clear_a_figure(content):
    code_of(content, "sharing").update(outputs=[], execution_count=None)


def lose_a_figure(content):
    code_of(content, "sharing")["outputs"] = []


def lose_an_explorer(content):
    code_of(content, "epochs-explorer")["outputs"] = []


def store_an_error(content):
    error = {"ename": "NameError", "evalue": "name 'x' is not defined", "traceback": []}
    code_of(content, "sharing")["outputs"].append({"output_type": "error", **error})


def store_a_warning(content):
    warning = {"output_type": "stream", "name": "stderr", "text": "UserWarning: old\n"}
    code_of(content, "sharing")["outputs"].insert(0, warning)


def store_controls_alone(content):
    for output in outputs_of_explorers(content):
        output["data"] = {VIEW: {"model_id": "a"}, "text/plain": "Explorer(children=…"}


def drop_alternative_text(content):
    for output in code_of(content, "sharing")["outputs"]:
        output["metadata"] = {}


@pytest.mark.parametrize(
    "change, fault",
    [
        (clear_all, "imports was cleared or never run"),
        (clear_a_figure, "sharing was cleared or never run"),
        (lose_a_figure, "sharing has lost its picture"),
        (lose_an_explorer, "epochs-explorer has lost its picture"),
        (store_an_error, "sharing has stopped with an error"),
        (store_a_warning, "sharing has printed a warning"),
        (store_controls_alone, "epochs-explorer has controls without their picture"),
        (drop_alternative_text, "sharing has a figure without alternative text"),
    ],
)
def test_what_is_stored_wrong_is_named_with_its_cell_and_the_mend(
    read_touched, change, fault
):
    with pytest.raises(ValueError) as refusal:
        read_touched(change)
    path = f"notebooks/{TOUCHED}.ipynb"
    assert str(refusal.value) == (
        f"{path}: cell {fault}; restart the kernel, run all cells and save,"
        f" or git restore {path}"
    )


@pytest.mark.parametrize(
    "text",
    ["", '{"cells": [', "[]", "{}", '{"nbformat": 3, "worksheets": []}', b"\xff\xfe"]
    + ['{\n<<<<<<< HEAD\n "cells": []\n=======\n>>>>>>> theirs\n}'],
)
def test_a_file_that_is_no_notebook_is_named_with_the_mend(
    tmp_path, monkeypatch, capsys, text
):
    """The mend names HEAD: while a conflict lasts, git refuses to restore without."""
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    shutil.copy(ROOT / "README.md", tmp_path)
    path = tmp_path / "notebooks" / f"{TOUCHED}.ipynb"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    monkeypatch.setattr(sources, "ROOT", tmp_path)
    monkeypatch.setitem(publish.MAKERS, "pages", pages.glossary_page)
    with pytest.raises(SystemExit) as refusal:
        publish.main(["pages"])
    path = f"notebooks/{TOUCHED}.ipynb"
    assert str(refusal.value) == (
        f"pages: {path} is lost, empty, cut off, holds conflict marks or is no"
        f" notebook; git restore --source HEAD {path}"
    )


def store_controls(content):
    for output in outputs_of_explorers(content):
        output["data"][VIEW] = {"model_id": "a"}


def store_controls_and_their_state(content):
    store_controls(content)
    state = {"state": {"a": {}}, "version_major": 2, "version_minor": 0}
    kind = VIEW.replace("view", "state")
    content["metadata"]["widgets"] = {kind: state}


def store_an_older_minor_version(content):
    content["nbformat_minor"] = 4


def append_an_empty_cell(content):
    cell = {"id": "3f2a91bc", "source": [], "outputs": [], "metadata": {}}
    content["cells"].append({**cell, "cell_type": "code", "execution_count": None})


def pictures_shown(template, notebook):
    """The pictures on a page or in a deck, whose formulas are not yet typeset."""
    with mock.patch.object(pictures, "write_picture"):
        notebook = pictures.with_files(notebook, TOUCHED, {})
    rest = {"here": "", "up": "", "links": [], "following": "ab", "sections": []}
    exporter = render.CourseExporter(template)
    page, _ = exporter.from_notebook_node(notebook, {"title": "t", **rest})
    return re.findall(r'<img alt=".+?src="[^"]+\.webp"', page)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "change",
    [
        store_controls,
        store_controls_and_their_state,
        store_an_older_minor_version,
        append_an_empty_cell,
    ],
)
def test_what_tools_add_takes_no_picture_away(read_touched, change):
    notebook = read_touched(change)
    assert [cell.id for cell in notebook.cells] == [
        cell.id for cell in read_notebook(TOUCHED).cells
    ]
    stored = re.findall('image/png": "', PATHS[TOUCHED].read_text(encoding="utf-8"))
    assert len(pictures_shown("course", notebook)) == len(stored) > 3
    assert len(pictures_shown("deck", slides.lay_out(notebook))) == len(stored)


def small_explorer(code, stored, **metadata):
    """A notebook of one explorer, as it is stored with this sentence."""
    shown = {"image/png": {"alt": stored, "width": 320, "height": 240}}
    output = new_output("display_data", data={"image/png": ""}, metadata=shown)
    cell = new_code_cell(SMALL + code, id="small", outputs=[output], metadata=metadata)
    return new_notebook(cells=[cell])


SMALL = """
import ipywidgets as widgets
import matplotlib.pyplot as plt
import rnn_helpers as rh


def draw(size, kind, text):
    figure, ax = plt.subplots(figsize=(3.2, 2.4), dpi=100)
    ax.plot([0, size])
    return figure, f"{kind}, {size}, {text}."


size = widgets.IntSlider(4, 0, 20, description="units")
kind = rh.choice("kind", ["a line", "a row"], "a row")
text = widgets.Text("ab", description="word")
"""
EXPLORE = "explorer = rh.explore(draw, size=size, kind=kind, text=text)\n"


def test_frames_are_every_choice_of_the_named_values_with_its_sentence(tmp_path):
    grid = {"size": [2, 4, 7], "text": ["ab", "c"]}
    notebook = small_explorer(EXPLORE, "a row, 4, ab.", frames=grid)
    drawn = frames.draw_frames(notebook, tmp_path)["small"]
    assert drawn["sentences"] == [
        f"{kind}, {size}, {text}."
        for size in grid["size"]
        for kind in ("a line", "a row")
        for text in grid["text"]
    ]
    assert drawn["sentences"][drawn["first"]] == "a row, 4, ab."
    assert [knob["label"] for knob in drawn["knobs"]] == ["units", "kind", "word"]
    assert [knob["called"] for knob in drawn["knobs"]][0] == ["2", "4", "7"]
    assert [knob["buttons"] for knob in drawn["knobs"]] == [False, True, True]
    files = [tmp_path / "small" / f"{number}.webp" for number in range(12)]
    assert sorted(files) == sorted((tmp_path / "small").iterdir())
    sizes_of_pictures = {Image.open(file).size for file in files}
    assert sizes_of_pictures == {(480, 360)}
    assert len({file.read_bytes() for file in files}) == 3  # a line for each size
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    "grid, stored, fault",
    [
        ({"sizes": [4]}, "a row, 4, ab.", "frames name 'sizes', no control of size, k"),
        ({"size": [4, 21]}, "a row, 4, ab.", "frames give size the value 21, n"),
        ({"kind": ["a row", "a"]}, "a row, 4, ab.", "give kind the value 'a', n"),
        ({"text": ["ab", 3]}, "a row, 4, ab.", "give text the value 3, n"),
        ({"size": [2, 6]}, "a row, 4, ab.", "frames of size must hold 4, each value o"),
        ({"size": [4, 4]}, "a row, 4, ab.", "frames of size must hold 4, each value o"),
        (
            {"text": ["ab", *map(str, range(99))]},
            "",
            "ask for 1200 pictures, at most 300",
        ),
        (
            {},
            "a row, 5, ab.",
            "first picture says 'a row, 4, ab.', not 'a row, 5, ab.'",
        ),
    ],
)
def test_a_grid_that_cannot_be_is_named_with_its_cell(tmp_path, grid, stored, fault):
    notebook = small_explorer(EXPLORE, stored, frames=grid)
    with pytest.raises(ValueError, match=f"^cell small: .*{fault}"):
        frames.draw_frames(notebook, tmp_path)


@pytest.mark.parametrize(
    "code",
    [f"[{EXPLORE.split(' = ')[1]}]", EXPLORE + EXPLORE.replace("r =", "s ="), ""],
)
def test_an_explorer_that_would_stand_still_is_refused(tmp_path, code):
    notebook = small_explorer(code, "a row, 4, ab.", frames={})
    with pytest.raises(ValueError, match="cell small needs one explorer with a name"):
        frames.draw_frames(notebook, tmp_path)


def test_two_pictures_that_say_the_same_are_refused(tmp_path):
    same = EXPLORE.replace("draw,", "lambda **all: (draw(**all)[0], 'A line.'),")
    with pytest.raises(ValueError, match="two pictures say the same: 'A line.'"):
        frames.draw_frames(small_explorer(same, "A line."), tmp_path)


def change_code(content):
    code_of(content, "sharing")["source"] += "\n1"


def change_a_grid(content):
    code_of(content, "word-explorer")["metadata"]["frames"]["word"] += ["ananas"]


def change_a_sentence_of_a_picture(content):
    code_of(content, "sharing")["outputs"][0]["metadata"]["image/png"]["alt"] += "."


def rename_a_cell(content):
    code_of(content, "word-explorer")["id"] = "own-word-explorer"


def change_prose(content):
    content["cells"][0]["source"] += " More words."


@pytest.mark.parametrize(
    "part",
    [
        "rnn_helpers/plotting.py",
        "rnn_helpers/lessons/elman_sine.py",
        "rnn_helpers/course.mplstyle",
        "rnn_helpers/data/first_names.txt",
        "teaching/publish/frames.py",
        "teaching/publish/pictures.py",
    ],
)
def test_frames_depend_on_each_part_of_the_package(tmp_path, monkeypatch, part):
    for folder in ("rnn_helpers", "teaching/publish"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.setattr(frames, "ROOT", tmp_path)
    before = frames.state_of(TOUCHED)
    assert frames.state_of(TOUCHED) == before
    with (tmp_path / part).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert frames.state_of(TOUCHED) != before


def test_frames_of_another_state_are_not_published(read_touched, tmp_path, monkeypatch):
    monkeypatch.setattr(frames, "FRAMES", tmp_path)
    read_touched(lambda content: None)
    not_drawn = f"the explorers of notebooks/{TOUCHED}.ipynb are not drawn as they now"
    with pytest.raises(ValueError, match=not_drawn):
        frames.read_frames(TOUCHED)
    explorers = {"small": {"sentences": ["one."]}}
    drawn = json.dumps({"of": frames.state_of(TOUCHED), "explorers": explorers})
    (tmp_path / f"{TOUCHED}.json").write_text(drawn[:-9], encoding="utf-8")
    assert not frames.is_drawn(TOUCHED)  # the disk was full
    (tmp_path / f"{TOUCHED}.json").write_text(drawn, encoding="utf-8")
    assert not frames.is_drawn(TOUCHED)  # a picture is lost
    picture = tmp_path / TOUCHED / "small" / "0.webp"
    picture.parent.mkdir(parents=True)
    picture.touch()
    read_touched(change_prose)
    assert frames.read_frames(TOUCHED) == explorers
    changes = change_code, change_a_grid, change_a_sentence_of_a_picture, rename_a_cell
    for change in changes:
        read_touched(change)
        with pytest.raises(ValueError, match=not_drawn):
            frames.read_frames(TOUCHED)


def test_a_picture_is_a_small_file_at_its_place(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "SITE", tmp_path)
    notebook = pictures.with_files(read_notebook(TOUCHED), TOUCHED, {})
    stored = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    for output in stored:
        shown = output.metadata["image/png"]
        path = tmp_path / shown.file
        assert Image.open(path).size == (1.5 * shown.width, 1.5 * shown.height)
        assert path.stat().st_size < len(output.data["image/png"]) / 2
    assert len(stored) == len([*tmp_path.rglob("*.webp")]) > 3


def test_an_explorer_begins_with_its_first_frame_and_has_room_for_all_sentences():
    notebook, id = read_notebook(TOUCHED), "epochs-explorer"
    notebook.cells = [cell for cell in notebook.cells if cell.id == id]
    drawn = {"sentences": ["ab", "abc", "a"], "first": 2}
    (cell,) = pictures.with_files(notebook, TOUCHED, {id: drawn}).cells
    (shown,) = [out.metadata["image/png"] for out in cell.outputs if "data" in out]
    assert shown.file == f"frames/{TOUCHED}/{id}/2.webp"
    assert shown.player == {**drawn, "longest": "abc"}


def test_glossary_explains_every_term_of_the_course_and_no_other():
    words = [term.word.lower() for term in sources.find_terms()]
    assert len(words) == len(set(words)) > 60
    assert set(words) == set(sources.read_glossary())
    assert "play." not in words and "hidden state" in words
    page = pages.glossary_page()
    assert "[logits](03_char_hihell.html#logits)\n: the numbers, one for each" in page
    assert "How good is a forecast of a letter?)*\n" in page
    pairs = re.findall(
        r"^\| (.+?) \| .+ \|$", page.partition("## Other words")[2], re.M
    )
    assert len(pairs) > 20 and set(pairs[1:]) <= set(words)


def test_a_term_is_explained_where_it_first_stands():
    prose, again = {}, 0
    for name in NOTEBOOKS:
        cells = [
            c.source for c in read_notebook(name).cells if c.cell_type == "markdown"
        ]
        prose[address_of(name)] = "\n".join(cells).lower()
    for term in sources.find_terms():
        found = [name for name in prose if f"**{term.word.lower()}**" in prose[name]]
        assert term.notebook == found[0], term
        again += len(found) > 1
    assert again


NOTHING = new_code_cell()


def landing_text():
    return "\n\n".join(cell.source for cell in pages.landing_page(NOTHING).cells)


def test_landing_page_leads_to_all_lessons_and_to_the_material(monkeypatch):
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    text = landing_text()
    for name in sources.find_notebooks():
        title = sources.title_of(sources.read_published(name))
        assert f"| [{title}](notebooks/{name}.ipynb) | " in text
    assert text.count("| 60 + 35 |") == 3
    decks = re.findall(r"\[(\d)\]\(slides/(.+?)\.html\)", text)
    assert decks == [(name[1], name) for name in LESSONS]
    for kind, end in (("PDF", ""), ("with notes", "_notes")):
        printed = re.findall(rf"\[{kind}\]\(slides/(.+?)\.pdf\)", text)
        assert printed == [f"{name}{end}" for name in LESSONS]
    for part in ("cheat_sheet_a4.pdf", "glossary.html", "lecturer.html"):
        assert part in text
    assert "OWNER/REPO" not in text and "[this repository]" not in text
    assert "mybinder" not in text and pages.run_links(LESSONS[0]) is None
    monkeypatch.setenv("GITHUB_REPOSITORY", "jane/course")
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://host")
    assert "a clone of [this repository](https://host/jane/course)" in landing_text()
    assert pages.run_links(LESSONS[0]) is None  # Binder and Colab cannot see that host
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.com")
    path = f"notebooks/{LESSONS[0]}.ipynb"
    assert f"gh/jane/course/main?urlpath=lab/tree/{path})" in landing_text()
    assert f"com/github/jane/course/blob/main/{path})" in landing_text()


def test_landing_page_shows_an_explorer_of_lesson_1_without_its_code():
    moving = pages.moving_cell(read_notebook(LESSONS[0]))
    assert moving.source == "" and "image/png" in moving.outputs[0].data
    opening, _, shown, rest = pages.landing_page(moving).cells
    assert opening.source.startswith("# ") and shown is moving
    assert "## Lessons" in rest.source


def test_landing_page_says_what_readme_has_lost(monkeypatch):
    readme = sources.read_readme().replace("## Credits", "## Thanks")
    monkeypatch.setattr(pages, "read_readme", lambda: readme)
    with pytest.raises(ValueError, match="README.md needs .*## Start and ## Credits"):
        pages.landing_page(NOTHING)


def test_search_holds_every_section_exercise_and_term_and_no_solution():
    notebooks = {
        name: sources.read_published(name) for name in sources.find_notebooks()
    }
    script = parts.search_script(notebooks)
    entries = json.loads(script.removeprefix("const ENTRIES = ").removesuffix(";\n"))
    texts = "\n".join(text for *_, text in entries)
    addresses = [address for _, _, address, _ in entries]
    assert len(addresses) == len({*addresses})
    for term in sources.find_terms():
        assert f"glossary.html#{sources.slug(term.word)}" in addresses
    for name, notebook in notebooks.items():
        for cell in notebook.cells:
            if has_tag(cell, "solution"):
                assert parts.words_of(cell.source)[-60:] not in texts, cell.id
            elif cell.cell_type == "markdown":
                found = re.findall(r"^## (.+)|\*\*(Exercise \d)", cell.source, re.M)
                for words in map("".join, found):
                    assert f"{name}.html#{sources.slug(words)}" in addresses
                folded = re.search(r"may have found(.*?)</details>", cell.source, re.S)
                if folded:
                    assert parts.words_of(folded[1])[-60:] not in texts, cell.id


@pytest.mark.parametrize(
    "text, linked",
    [
        ("a language model, a model, models", ["language model", "model"]),
        ("two <em>Language\nmodels</em>", ["Language\nmodels"]),
        ("batches, batch", ["batches"]),
        ("remodel, modeling, <code>model</code>", []),
        (
            '<a href="x">model</a> <img alt="model"/> <span class="math">model</span>',
            [],
        ),
        ("<h2>Model</h2> <pre>model</pre>", []),
        ("<details><summary>model</summary> batch</details> batch", ["batch"]),
        ('a <dfn id="model">model</dfn>, models, batch', ["batch"]),
    ],
)
def test_term_is_linked_where_the_prose_uses_it_first(text, linked):
    meanings = {"model": "m", "batch": "b", "language model": "l"}
    page = f'<p>model batch</p><div class="prose">{text}</div><pre>batch</pre>'
    done = terms.link_terms(page, meanings, "glossary.html")
    assert re.findall(r'<a class="term".*?>(.*?)</a>', done, re.S) == linked
    assert re.sub(r'<a class="term".*?>(.*?)</a>', r"\1", done, flags=re.S) == page


def test_words_of_every_day_are_terms_and_get_no_link():
    words = {term.word.lower() for term in sources.find_terms()}
    last = sources.find_notebooks()[-1]
    assert terms.EVERYDAY < words and not terms.EVERYDAY & {*terms.terms_before(last)}


def test_words_of_the_sheet_are_explained_as_in_the_glossary():
    _, words = sheet.sheet_text().split("## Words\n")
    lines = re.findall(r"^\*\*(.+?)\*\*: (.+)$", words, re.M)
    assert len(lines) > 20 and dict(lines).items() <= sources.read_glossary().items()


def test_gates_on_the_sheet_are_those_of_lesson_4():
    gates = sheet.sheet_text().partition("## Gates\n")[2].partition("## ")[0]
    formulas = re.findall(r"[ch]_t = .+?(?= \\q|\$\$)", gates)
    lesson = "\n".join(cell.source for cell in read_notebook(LESSONS[3]).cells)
    assert len(formulas) == 3 and all(formula in lesson for formula in formulas)


def test_sheet_takes_code_and_messages_from_lesson_3():
    text = sheet.sheet_text()
    assert "retain_graph" not in text  # the message's advice is no cure
    assert "# try" not in text and "optimizer.zero_grad()" in text
    for message, cause in (
        ("Expected 5, got 6", "Has the vocabulary changed?"),
        ("Target 4 is out of bounds.", "The output layer was forgotten."),
        ("a second time", "The cure is lesson 1's `detach`"),
    ):
        assert 0 < text.index(message) < text.index(cause) < text.index(message) + 200


def test_shapes_on_the_sheet_are_pytorchs():
    rows = re.findall(
        r"^\| (.+) \| \((.+)\) \| \((.+)\) \| \((.+)\) \|$", sheet.sheet_text(), re.M
    )
    assert len(rows) == 3
    sizes = {"T": 5, "B": 3, "I": 2, "H": 4, "1": 1}
    for name, *shapes in rows:
        read, states, last = ([sizes[s] for s in shape.split(", ")] for shape in shapes)
        layer = nn.RNN(2, 4, batch_first="batch_first" in name)
        out, h_n = layer(torch.zeros(read), torch.zeros(last))
        assert [*out.shape] == states and [*h_n.shape] == last


PLANS = dict(zip(LESSONS, re.split(r"^## ", LECTURER, flags=re.M)[3:]))


def test_lecturers_page_is_short():
    assert len(LECTURER.split()) <= 1100


def test_links_of_the_lecturers_page_lead_to_cells_and_to_pages_of_the_site():
    links = re.findall(r"\]\((.+?)\)", LECTURER)
    assert len(links) > len(NOTEBOOKS)
    for link in links:
        path, _, cell = link.partition("#")
        path = (ROOT / "teaching" / path).resolve()
        if path.parent == ROOT / "teaching":  # for lecturers only
            assert path.exists() and render.address_in_site(link) is None, link
            continue
        assert path == PATHS[path.stem], link
        ids = [c.id for c in read_notebook(path.stem).cells]
        assert not cell or cell in ids, link
        place = f"#cell-{cell}" if cell else ""
        assert render.address_in_site(link) == f"{address_of(path.stem)}.html{place}"


@every_lesson
def test_plan_of_a_lesson_fills_90_minutes_and_can_lose_20(name):
    plan = PLANS[name]
    assert (
        plan.startswith(f"Lesson {int(name[:2])}\n")
        and f"](../notebooks/{name}.ipynb)" in plan
    )
    rows = re.findall(r"^\|(\d+)(†?)\|", plan, re.M)
    starts = [int(start) for start, _ in rows] + [90]
    spans = [after - before for before, after in zip(starts, starts[1:])]
    assert starts[0] == 0 and min(spans) >= 2
    assert sum(span for span, (_, late) in zip(spans, rows) if late) == 20


@every_lesson
def test_plan_names_sections_exercises_and_three_questions(name):
    plan, notebook = PLANS[name], read_notebook(name)
    prose = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    for section in re.findall(r"^\|\d+†?\|\*(.+?)\*\|", plan, re.M):
        assert f"## {section}\n" in prose, section
    exercises = re.findall(r"Exercises? ([\d, ]+)", plan)
    numbers = {int(n) for row in exercises for n in re.findall(r"\d", row)}
    assert numbers == {1, 2, 3, 4}
    questions = re.findall(r"^\d\. (.*)$", plan, re.M)
    assert len(questions) == 3
    for number, question in enumerate(questions, 1):
        assert question.count("✓") == 1 and "✗" in question
        assert f"Q{number}" in plan
    assert "Hand out: " in plan
