"""The votes of the lecturer's page: what is marked right is what the cell shows."""

import math
import re

import pytest
from course import LESSONS, read_notebook

from teaching.publish.votes import LECTURER, find_votes

VOTES = find_votes(LECTURER.read_text(encoding="utf-8"))


def first_below(value, *limits):
    """A below the first limit, B below the second …"""
    return "ABC"[sum(value >= limit for limit in limits)]


def of_elman_sine(sine):
    step = sine["time_step"]
    present_only = math.sin(step) ** 2 / 2 / (1 - math.cos(step))  # by persistence
    stays = [sine["curves"][name][300] < 0.3 for name in ("no cut", "cut")]
    return {
        "two-targets": first_below(present_only, 0.2, 0.8),
        "train-with": first_below(sine["line_loss"] / sine["losses"][-1], 2),
        "let-go": {(True, True): "A", (False, False): "B", (True, False): "C"}[*stays],
    }


def of_summing_rnn(summing):
    signal, learned = summing["signal"], summing["learned"]
    misses = (summing["model"](signal, *learned) - signal.cumsum(dim=0)).abs()
    numbers = "A" if (learned - summing["right"]).abs().max() < 0.1 else "B"
    arrived = summing["arrived"]["many signals, final sums"]
    return {
        "learned": "C" if misses[-1] < 0.01 < misses[:-1].min() else numbers,
        "floors": first_below((arrived - summing["right"]).abs().max(), 0.1),
        "lengths": first_below(summing["curves"]["as learned"][499], 0.1, 10),
    }


def of_char_hihell(hihell):
    cheapest = sum(hihell["costs"].values()).argmin()
    floor = hihell["floor_of"]("bananas")
    said = hihell["says"](hihell["model"], "hiiiii")
    return {
        "sharing": "B" if hihell["p"][cheapest].item() == pytest.approx(0.5) else "A",
        "unused": first_below(hihell["banana_losses"][-1], floor / 2),
        "dictate": {"ihhhhh": "A", "ihello": "B"}.get(said, "C"),
    }


def of_sentence_completion(completion):
    behind = completion["costs"]["LSTM"][0] - completion["costs"]["GRU"][0]
    decided = behind.mean().abs() > 2 * behind.std() / len(behind) ** 0.5
    first, last = completion["chances"][0], completion["chances"][8]
    rises = {
        name: bool(later > before + 0.1)
        for name, before, later in zip(completion["compared"], first, last)
    }
    rises = rises["GRU"], rises["Kneser-Ney"]
    return {
        "masked": first_below(completion["held_out_losses"][299], 0.5, math.log(17)),
        "test": ("A" if behind.mean() > 0 else "B") if decided else "C",
        "count": {(True, False): "A", (True, True): "B", (False, False): "C"}[rises],
    }


SHOWN_BY = dict(
    zip(
        LESSONS, (of_elman_sine, of_summing_rnn, of_char_hihell, of_sentence_completion)
    )
)


@pytest.mark.parametrize("name", LESSONS)
def test_the_right_option_of_each_vote_is_what_the_lesson_shows(lesson, name):
    shown = SHOWN_BY[name](lesson(name))
    marked = {
        vote.cell: "".join(option[0] for option in vote.options if "✓" in option)
        for vote in VOTES
        if vote.notebook == name
    }
    assert marked == shown


@pytest.mark.parametrize("name", LESSONS)
def test_numbers_of_the_votes_stand_in_the_lesson(name):
    cells = read_notebook(name).cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    texts = [cell.source for cell in cells] + [out.get("text", "") for out in outputs]
    texts += [out.get("data", {}).get("text/plain", "") for out in outputs]
    known = "\n".join(texts)
    for vote in [vote for vote in VOTES if vote.notebook == name]:
        said = " ".join([vote.question, vote.cure])
        for number in re.findall(r"\d+\.\d+|\d\d+", said):
            assert re.search(rf"(?<![\d.]){re.escape(number)}", known), number
