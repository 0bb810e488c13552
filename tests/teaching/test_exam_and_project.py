"""What a lecturer asks and hands out: the questions and the project."""

import math
import re
import textwrap

import pytest
import torch
from course import LESSONS, PATHS, ROOT, read_notebook
from test_every_number import NUMBER, WHOLE, sections
from torch import nn

import rnn_helpers as rh

EXAM, PROJECT = (
    (ROOT / "teaching" / name).read_text(encoding="utf-8")
    for name in ("EXAM.md", "PROJECT.md")
)
PARTS = re.split(r"^## (?:Lesson \d|Labs)\n", EXAM, flags=re.M)[1:]


def cells_of(text):
    """Give the notebook and the cell of each link; a link to no cell fails."""
    found = re.findall(r"\]\((.+?)\)", text)
    links = [link.partition("#")[::2] for link in found if not link.startswith("http")]
    for path, cell in links:
        name = (ROOT / "teaching" / path).resolve().stem
        assert (ROOT / "teaching" / path).resolve() == PATHS[name], path
        assert not cell or cell in [c.id for c in read_notebook(name).cells], cell
        yield name, cell


def test_twenty_questions_are_spread_over_lessons_and_labs():
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", EXAM, re.M)]
    assert numbers == [*range(1, 21)]
    assert len(PARTS) == len(LESSONS) + 1
    assert all(len(re.findall(r"^\d+\. ", part, re.M)) >= 3 for part in PARTS)


@pytest.mark.parametrize("name, part", [*zip([*LESSONS, "labs"], PARTS)])
def test_each_question_is_answered_and_its_answer_grows_in_a_cell_there(name, part):
    for question in re.split(r"^\d+\. ", part, flags=re.M)[1:]:
        asked, answered = question.split("*Answer:* ")
        assert "?" in asked and answered.strip()
        cells = list(cells_of(question))
        assert cells and all(cell for _, cell in cells), asked
        for notebook, _ in cells:
            assert notebook == name or (name == "labs" and notebook not in LESSONS)


# What a question gives to compute with, and what comes out.
COMPUTED = {"1.01", "499", "150", "17"} | {
    f"{1.01**499:.0f}",
    f"{math.log(17):.2f}",
    f"{1 - 0.9**10:.2f}",
}


@pytest.mark.parametrize("part", PARTS, ids=[*LESSONS, "labs"])
def test_numbers_of_a_question_stand_where_it_leads_or_are_computed(part):
    for question in re.split(r"^\d+\. ", part, flags=re.M)[1:]:
        known = [
            cell.source
            + "".join(out.get("text", "") for out in cell.get("outputs", []))
            for notebook, id in cells_of(question)
            for section in sections(notebook)
            if id in [cell.id for cell in section]
            for cell in section
        ]
        text = re.sub(r"\]\([^)]*\)|\$[^$]*\$", "", question)
        for number in {*NUMBER.findall(text), *WHOLE.findall(text)} - COMPUTED:
            found = rf"(?<![\d.]){re.escape(number)}(?!\d)"
            assert re.search(found, "\n".join(known)), number


def test_links_of_the_project_lead_to_cells():
    assert len(list(cells_of(PROJECT))) > 5


def test_marks_of_the_project_add_up_and_begin_with_the_checklist():
    points = re.findall(r"^\| (\d+) \|", PROJECT, re.M)
    (total,) = re.findall(r"^\| \*\*(\d+)\*\* \|", PROJECT, re.M)
    assert sum(map(int, points)) == int(total)
    (checklist,) = (
        c for c in read_notebook("was_it_luck").cells if c.id == "checklist"
    )
    assert len(points) > len(re.findall(r"^\| \d\. ", checklist.source, re.M)) == 6


def test_a_model_that_was_saved_and_loaded_gives_the_same(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (model,) = (c for c in read_notebook(LESSONS[-1]).cells if c.id == "model")
    blocks = re.findall(r"```python\n(.*?)```", PROJECT, re.S)
    save, load = map(textwrap.dedent, blocks)
    writer = {"torch": torch, "nn": nn, "num_hiddens": 5, "vocab": rh.CharVocab(".an")}
    exec(model.source, writer)
    writer["model"] = writer["make_model"](1, 3, 5, nn.GRU)
    exec(save, writer)
    reader = {"torch": torch, "nn": nn}
    exec(model.source, reader)
    exec(load, reader)
    inputs = torch.rand(2, 4, 3)
    assert reader["sizes"] == {"num_hiddens": 5, "chars": ".an"}
    assert torch.equal(reader["loaded"](inputs)[0], writer["model"](inputs)[0])
