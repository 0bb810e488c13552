"""What a student gets: notebooks without solutions, ready to be handed out."""

import re

import nbformat
import pytest
from course import LESSONS, ROOT, has_tag, read_notebook
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from teaching.publish import __main__ as publish
from teaching.publish import student

HOMEWORK = [*student.HOMEWORK.glob("*.ipynb")]
every_lesson = pytest.mark.parametrize("name", LESSONS)


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory):
    """The folder of a class whose number is 12."""
    folder = tmp_path_factory.mktemp("student")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(student, "STUDENT", folder)
        publish.main(["student", "12"])
    return folder


def copies(folder):
    """The notebooks of a folder, by their paths in it."""
    return {
        path.relative_to(folder).as_posix(): nbformat.read(path, as_version=4)
        for path in folder.rglob("*.ipynb")
    }


def solutions(name):
    """Of each solution of a lesson the lines that stand in no other of its cells."""
    cells = read_notebook(name).cells
    others = "\n".join(cell.source for cell in cells if not has_tag(cell, "solution"))
    return [
        [
            line
            for line in cell.source.splitlines()
            if len(line) > 20 and not line.endswith(":") and line not in others
        ]
        for cell in cells
        if has_tag(cell, "solution")
    ]


@every_lesson
def test_nothing_of_a_solution_is_in_what_is_handed_out(handed_out, name):
    texts = [path.read_text(encoding="utf-8") for path in handed_out.rglob("*.*")]
    pages = copies(handed_out).values()
    texts += [cell.source for page in pages for cell in page.cells]
    for lines in solutions(name):
        assert lines and [x for x in lines if any(x in text for text in texts)] == []


@every_lesson
def test_no_solution_is_in_the_package(name):
    """Its judges know what is right, and say it in another way."""
    for path in (ROOT / "rnn_helpers").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for lines in solutions(name):
            code = [
                line for line in lines if line.startswith((" ", "my_")) or " = " in line
            ]
            assert code and not all(line in text for line in code)


def test_a_student_gets_every_lesson_and_nothing_that_was_run(handed_out):
    pages = copies(handed_out)
    homework = {f"homework/{path.name}" for path in HOMEWORK}
    assert {*pages} == {f"{name}.ipynb" for name in LESSONS} | homework
    for page in pages.values():
        nbformat.validate(page)
        assert {*page.metadata} == {"kernelspec", "language_info"}
        for cell in page.cells:
            assert cell.metadata == {} and cell.source.strip()
            if cell.cell_type == "code":
                assert cell.outputs == [] and cell.execution_count is None


@every_lesson
def test_cells_keep_their_ids_order_and_code(handed_out, name):
    before = [c for c in read_notebook(name).cells if not has_tag(c, "solution")]
    after = copies(handed_out)[f"{name}.ipynb"].cells
    ids = [cell.id for cell in after]
    assert ids == [cell.id for cell in before if cell.id in ids]
    code = [cell for cell in before if cell.cell_type == "code"]
    assert [(c.id, c.source) for c in after if c.cell_type == "code"] == [
        (cell.id, cell.source) for cell in code
    ]
    for cell in before:  # what is missing is what there was to find, and the labs
        kept = [other.source for other in after if other.id == cell.id]
        if "<summary>What you may have found</summary>" in cell.source:
            assert "<details>" not in "".join(kept)
        elif "](labs/" in cell.source:
            assert (
                kept[0].split()
                == re.sub(r"\[(.*?)\]\(labs/.*?\)", r"\1", cell.source).split()
            )
        else:
            assert kept == [cell.source]


def test_links_between_notebooks_lead_to_a_file_and_a_cell(handed_out):
    pages, count = copies(handed_out), 0
    for name, page in pages.items():
        for cell in page.cells:
            for path, id in re.findall(r"\]\(([^):#]+\.ipynb)#?([^)]*)\)", cell.source):
                target = ((handed_out / name).parent / path).resolve()
                found = pages[target.relative_to(handed_out.resolve()).as_posix()]
                assert not id or id in [cell.id for cell in found.cells]
                count += 1
    assert count >= 5


def test_homework_comes_with_its_module_its_data_and_the_number(tmp_path, monkeypatch):
    folder = tmp_path / "homework"
    (folder / "__pycache__").mkdir(parents=True)
    cells = [
        new_code_cell("CLASS = 7  # yours", outputs=[new_output("stream", text="7")]),
        new_markdown_cell("See [lesson 1](../../notebooks/01_elman_sine.ipynb)."),
        new_markdown_cell("secret", metadata={"tags": ["solution"]}),
    ]
    nbformat.write(new_notebook(cells=cells), folder / "after_1.ipynb")
    for name in ("after_1.py", "spots.csv", ".hidden"):
        (folder / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(student, "HOMEWORK", folder)
    monkeypatch.setattr(student, "STUDENT", tmp_path / "student")
    monkeypatch.setattr(student, "find_lessons", lambda: [])
    student.make_student("12")
    made = tmp_path / "student" / "homework"
    assert {p.name for p in made.iterdir()} == {
        "after_1.ipynb",
        "after_1.py",
        "spots.csv",
    }
    sources = [cell.source for cell in nbformat.read(made / "after_1.ipynb", 4).cells]
    assert sources == ["CLASS = 12  # yours", "See [lesson 1](../01_elman_sine.ipynb)."]


def test_the_course_hands_out_without_homework_and_without_a_number(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(student, "HOMEWORK", tmp_path / "none")
    monkeypatch.setattr(student, "STUDENT", tmp_path / "student")
    publish.main(["student"])
    assert {*copies(tmp_path / "student")} == {f"{name}.ipynb" for name in LESSONS}


def test_a_number_that_is_none_is_refused():
    with pytest.raises(SystemExit, match="^unknown: -3; choose from frames, "):
        publish.main(["student", "-3"])


@pytest.mark.parametrize(
    "verdict", ["correct: yes.", "try again: no.", "so far 7\ntry again: no."]
)
def test_what_was_answered_in_the_checkout_is_not_handed_out(
    tmp_path, monkeypatch, verdict
):
    page = read_notebook(LESSONS[0])
    (_, answer, *_) = [cell for cell in page.cells if has_tag(cell, "exercise")]
    answer.outputs[0].text = f"{verdict}\n"
    monkeypatch.setattr(student, "read_published", lambda name: page)
    monkeypatch.setattr(student, "STUDENT", tmp_path)
    with pytest.raises(SystemExit, match="01_elman_sine.ipynb was answered in this"):
        publish.main(["student"])
    assert [*tmp_path.iterdir()] == []
