"""What nbval does not look at: stripped or skipped cells, pictures, the set itself."""

import base64
import collections
import io
import re

import matplotlib.image
import pytest
from conftest import LESSONS, ROOT, code_cells, read_notebook

every_lesson = pytest.mark.parametrize("name", LESSONS)


def outputs(name):
    return [output for cell in code_cells(name) for output in cell.outputs]


def test_every_code_cell_of_exactly_four_lessons_is_compared(request, pytestconfig):
    options = pytestconfig.option
    assert options.nbval and options.nbval_current_env and options.doctestmodules
    assert not options.nbval_lax and not options.nbval_sanitize_with
    assert {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")} == set(LESSONS)
    assert pytestconfig.getini("testpaths") == ["notebooks", "rnn_helpers", "tests"]
    if pytestconfig.args != pytestconfig.getini("testpaths"):
        pytest.skip("only the bare word pytest collects everything")
    collected = collections.Counter(
        item.path.stem for item in request.session.items if item.path.suffix == ".ipynb"
    )
    assert collected == {name: len(code_cells(name)) for name in LESSONS}


@every_lesson
def test_cells_ran_in_order_from_a_fresh_kernel(name):
    counts = [cell.execution_count for cell in code_cells(name)]
    assert counts == list(range(1, len(counts) + 1))


@every_lesson
def test_no_cell_escapes_comparison(name):
    for cell in read_notebook(name).cells:
        assert "nbval" not in cell.source.lower()
        assert not cell.metadata, f"{cell.id} has metadata {cell.metadata}"


@every_lesson
def test_no_errors_warnings_or_machine_dependent_text_are_stored(name):
    for output in outputs(name):
        assert output.output_type in ("stream", "display_data", "execute_result")
        assert output.get("name") != "stderr"
        text = output.get("text") or output.data.get("text/plain", "")
        assert not re.search(r"/home/|/root/|/tmp/|\b0x[0-9a-f]{6,}|<Figure size", text)


@every_lesson
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
        makers = ("show_figure(", "= explore(", "= guess_share(")
        assert shown == sum(cell.source.count(maker) for maker in makers), cell.id
    assert figures >= 3


@every_lesson
def test_explorers_are_stored_as_pictures(name):
    """A stored view of a widget whose kernel is gone would hide the picture."""
    for output in outputs(name):
        assert "application/vnd.jupyter.widget-view+json" not in output.get("data", {})
    assert "widgets" not in read_notebook(name).metadata


@every_lesson
def test_lesson_keeps_to_an_hour(name):
    cells = read_notebook(name).cells
    headings = [
        index for index, cell in enumerate(cells) if "## Going further" in cell.source
    ]
    main_line = cells[: headings[0]] if headings else cells
    words = sum(
        len(cell.source.split()) for cell in main_line if cell.cell_type == "markdown"
    )
    assert len(main_line) <= 60 and words <= 2500


@every_lesson
def test_lesson_opens_with_a_question_and_ends_with_exercises(name):
    prose = [
        cell.source
        for cell in read_notebook(name).cells
        if cell.cell_type == "markdown"
    ]
    assert re.match(rf"# {int(name[:2])} · .*\n\n\*\*.*\?\*\*", prose[0])
    (exercises,) = [text for text in prose if text.startswith("## Exercises")]
    assert re.findall(r"^\d\. \*\*", exercises, re.M) == ["1. **", "2. **", "3. **"]
    assert "What we have seen" in "".join(prose)


def test_links_between_lessons_lead_somewhere():
    for name in LESSONS:
        for cell in read_notebook(name).cells:
            for link in re.findall(r"\]\(([^)]+\.ipynb)\)", cell.source):
                assert (ROOT / "notebooks" / link).is_file(), link


def test_picture_of_the_readme_is_the_one_in_lesson_3():
    (cell,) = [cell for cell in code_cells("03_char_hihell") if cell.id == "heat"]
    stored = base64.b64decode(cell.outputs[0].data["image/png"])
    assert (ROOT / "notebooks/images/ihello.png").read_bytes() == stored
