import os
import subprocess
import sys

import pytest
import torch

from rnn_helpers import (
    CharVocab,
    make_signals,
    next_step_pairs,
    one_hot,
    stack_runs,
)


def test_pairs_are_one_step_apart_along_the_last_axis():
    batch = torch.arange(10).reshape(2, 5)
    inputs, targets = next_step_pairs(batch)
    assert inputs.tolist() == [[0, 1, 2, 3], [5, 6, 7, 8]]
    assert targets.tolist() == [[1, 2, 3, 4], [6, 7, 8, 9]]


@pytest.mark.parametrize("shape", [(), (0,), (1,), (3, 1)])
def test_pairs_need_two_points(shape):
    with pytest.raises(ValueError, match="2 or more points"):
        next_step_pairs(torch.zeros(shape))


def test_pairs_refuse_what_is_no_tensor():
    with pytest.raises(TypeError, match=r"must be a dense tensor, got \[1, 2, 3\]"):
        next_step_pairs([1, 2, 3])


def test_signals_are_uniform_and_their_sums_partial():
    torch.manual_seed(0)
    signals, partial_sums = make_signals(num_steps=4, batch_size=50_000)
    assert signals.shape == partial_sums.shape == (4, 50_000)
    assert 0 <= signals.min() and signals.max() < 1
    assert signals.mean().item() == pytest.approx(1 / 2, abs=0.01)
    assert signals.var().item() == pytest.approx(1 / 12, abs=0.01)
    for step in range(4):
        torch.testing.assert_close(partial_sums[step], signals[: step + 1].sum(dim=0))


def test_signals_follow_the_seed():
    torch.manual_seed(1)
    first, _ = make_signals(2, 3)
    torch.manual_seed(1)
    again, _ = make_signals(2, 3)
    assert torch.equal(first, again)


@pytest.mark.parametrize("sizes", [(0, 1), (1, 0), (-1, 5)])
def test_signals_refuse_sizes_under_one(sizes):
    with pytest.raises(ValueError, match=f"must be 1 or more, got {min(sizes)}"):
        make_signals(*sizes)


def test_vocab_keeps_a_given_order_and_sorts_a_text():
    assert CharVocab("hielo").chars == "hielo"
    assert CharVocab.from_text("hihello").chars == "ehilo"
    assert len(CharVocab("hielo")) == 5


def test_vocab_is_the_same_in_every_process():
    code = "from rnn_helpers import CharVocab; print(CharVocab.from_text('good i am').chars)"
    other_process = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (
        other_process.stdout
        == CharVocab.from_text("good i am").chars + "\n"
        == " adgimo\n"
    )


def test_decode_undoes_encode():
    vocab = CharVocab.from_text("hey how are you")
    ids = vocab.encode("you are how")
    assert ids.dtype == torch.int64 and ids.shape == (11,)
    assert vocab.decode(ids) == "you are how"
    assert vocab.decode(ids.tolist()) == "you are how"
    assert vocab.decode(ids.numpy()[::-1]) == "woh era uoy"


def test_encode_refuses_unknown_characters_by_name():
    with pytest.raises(
        ValueError,
        match=r"unknown characters \['!', 'x'\] in text 'hix!'.*'hielo'",
    ):
        CharVocab("hielo").encode("hix!")


@pytest.mark.parametrize(
    "make", [CharVocab, CharVocab.from_text, CharVocab("a").encode]
)
def test_empty_text_and_what_is_no_text_are_refused(make):
    with pytest.raises(ValueError, match="at least one character, got ''"):
        make("")
    with pytest.raises(TypeError, match="must be a string, got 7"):
        make(7)


def test_vocab_refuses_repeated_characters():
    with pytest.raises(ValueError, match=r"distinct, \['l'\] repeat"):
        CharVocab("hello")


@pytest.mark.parametrize("index", [-1, 3])
def test_indices_outside_the_vocabulary_are_refused(index):
    with pytest.raises(ValueError, match=rf"0 … 2, got \[{index}\]"):
        CharVocab("abc").decode([0, index])
    with pytest.raises(ValueError, match=rf"0 … 2, got \[{index}\]"):
        one_hot([0, index], vocab_size=3)


def test_decode_refuses_a_batch_no_indices_and_fractions():
    with pytest.raises(ValueError, match=r"one row, got shape \(1, 2\)"):
        CharVocab("abc").decode([[0, 1]])
    with pytest.raises(ValueError, match=r"one row, got shape \(\) of tensor\(1\)"):
        CharVocab("abc").decode(torch.tensor(1))
    with pytest.raises(ValueError, match="at least one index"):
        CharVocab("abc").decode([])
    with pytest.raises(TypeError, match=r"whole numbers, got \[0.0, 1.0\] of dtype"):
        CharVocab("abc").decode([0.0, 1.0])


def test_one_hot_rows_point_at_their_index():
    rows = one_hot(torch.tensor([[2, 0], [1, 2]]), vocab_size=4)
    assert rows.shape == (2, 2, 4) and rows.dtype == torch.get_default_dtype()
    assert rows.sum(dim=-1).eq(1).all()
    assert rows.argmax(dim=-1).tolist() == [[2, 0], [1, 2]]


def test_one_hot_refuses_bad_sizes_and_dtypes():
    with pytest.raises(ValueError, match="vocab_size must be 1 or more, got 0"):
        one_hot([0], vocab_size=0)
    with pytest.raises(TypeError, match="vocab_size must be a whole number, got 2.5"):
        one_hot([0], vocab_size=2.5)
    with pytest.raises(TypeError, match=r"got tensor\(\[True\]\) of dtype torch.bool"):
        one_hot(torch.tensor([True]), vocab_size=2)


def test_runs_are_stacked_in_the_order_of_their_seeds():
    W, b = stack_runs(lambda seed: (torch.full((2, 3), seed), torch.zeros(3)), (5, 7))
    assert W[:, 0, 0].tolist() == [5, 7] and b.shape == (2, 3)
    with pytest.raises(ValueError, match="at least one seed"):
        stack_runs(lambda seed: (torch.zeros(1),), [])
