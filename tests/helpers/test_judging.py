"""What every exercise's check is made of, on toys."""

import numpy as np
import pytest
import torch

from rnn_helpers.exercises import (
    TryAgain,
    as_numbers,
    call,
    compare,
    exercise,
    run_cell,
)


def test_a_judge_may_say_that_the_answer_is_wrong(said):
    @exercise
    def check_even(number):
        if number % 2:
            raise TryAgain("It is odd.")
        return "it is even."

    assert said(check_even, 3) == "try again: It is odd.\n"
    assert said(check_even, 2) == "correct: it is even.\n"
    assert "TypeError" in said(check_even, "x y")


def test_a_function_that_prints_instead_of_returning_is_told_so(said):
    @exercise
    def check_twice(function):
        if call(function, 2) != 4:
            raise TryAgain("It is not twice.")
        return "it is twice."

    hint = "try again: It prints its answer, and returns None: end it with return.\n"
    assert said(check_twice, lambda x: print(2 * x)) == hint
    assert said(check_twice, lambda x: None) == "not answered yet\n"
    assert said(check_twice, lambda x: print("x is", x) or 2 * x).startswith("correct")


def test_each_sequence_has_a_state_of_its_own():
    def sum_so_far(x_t, h_prev):
        h_t = h_prev + x_t
        return h_t, h_t

    seen = []

    def remembers_elsewhere(x_t, h_prev):
        seen.append(x_t)
        return sum(seen), h_prev

    ones, twos = torch.ones(3), torch.full((3,), 2)
    rows = [row.tolist() for row in run_cell(sum_so_far, [ones, twos], 0)]
    assert rows == [[1, 2, 3], [2, 4, 6]]
    rows = [row.tolist() for row in run_cell(remembers_elsewhere, [ones, twos], 0)]
    assert rows == [[1, 4, 7], [3, 6, 9]]


def test_a_cell_that_changes_its_state_in_place_keeps_the_sequences_apart():
    def appends(x_t, seen):
        seen.append(x_t)
        return sum(seen), seen

    first_state = []
    rows = run_cell(appends, [torch.ones(2), torch.zeros(2)], first_state)
    assert [row.tolist() for row in rows] == [[1, 2], [0, 0]] and first_state == []


def test_tensors_in_a_state_of_several_are_apart_too():
    def adds_in_place(x_t, state):
        total, count = state
        total += x_t
        count += 1
        return total / count, (total, count)

    first_state = torch.zeros(()), torch.zeros(())
    rows = run_cell(adds_in_place, [torch.ones(2), torch.zeros(2)], first_state)
    assert [row.tolist() for row in rows] == [[1, 1], [0, 0]]
    assert first_state == (0, 0)


def test_a_cell_must_return_output_and_state():
    with pytest.raises(TryAgain, match=r"Return y_t, h_t; this returned tensor\(1.\)"):
        run_cell(lambda x_t, h_prev: x_t, [torch.ones(2)], 0)


def test_each_number_of_an_answer_must_be_near():
    right = torch.tensor([2.0, 3.0])
    for off in (0.009, 0.0), (-0.009, 0.009):
        compare(right + torch.tensor(off), right, [], "Not near.", within=0.01)
    for off in (0.011, 0.0), (0.0, -0.011):
        with pytest.raises(TryAgain, match="Not near."):
            compare(right + torch.tensor(off), right, [], "Not near.", within=0.01)


def test_of_two_mistakes_that_fit_the_first_is_named():
    mistakes = [([2.1], "Give two decimals."), ([2.1], "Half of it.")]
    with pytest.raises(TryAgain, match="Give two decimals."):
        compare(torch.tensor([2.1]), torch.tensor([2.15]), mistakes, "Not near.")


@pytest.mark.parametrize("answer", [True, np.True_, np.float32(1) > 0])
def test_a_truth_is_no_number(answer):
    with pytest.raises(TryAgain, match="One number is asked for, and this is .*True"):
        as_numbers(answer, 1)
