import matplotlib.pyplot as plt
import pytest
from test_figures import describe

from rnn_helpers import (
    describe_figure,
    draw_cell_and_unrolled,
    draw_cut,
    draw_elman_network,
    draw_sentences,
    draw_tree,
    draw_unrolled,
    draw_way_back,
)


def test_elman_drawing_has_its_units_and_names():
    text = describe(lambda ax: draw_elman_network(6, ax))
    assert "drawing of 17 patches" in text  # 14 units, 2 frames and the arrow back
    for word in ("input $x_t$", "before, $h_{t-1}$", "after, $h_t$", "output $y_t$"):
        assert word in text
    with pytest.raises(ValueError, match="num_hiddens must be 1 or more, got 0"):
        draw_elman_network(0)


def test_unrolled_drawing_has_a_box_for_each_label_and_begins_with_h_0():
    text = describe(lambda ax: draw_unrolled(["a", None], [None, "b"], ax=ax))
    assert "drawing of 8 patches" in text  # 4 boxes, 4 arrows
    assert "text: $h_0$ | $h_{1}$ | a | $h_{2}$ | b" in text
    with pytest.raises(ValueError, match="one entry a step each, got 1 and 2"):
        draw_unrolled(["a"], ["b", "c"])
    with pytest.raises(ValueError, match="got 0 and 0"):
        draw_unrolled([], [])


def test_cell_and_unrolled_stand_side_by_side():
    figure = draw_cell_and_unrolled(2)
    cell, unrolled = (ax.get_title() for ax in figure.axes)
    assert "one step" in cell and "unrolled" in unrolled
    assert "$W_{hh}$" in describe_figure(figure)
    plt.close(figure)


def test_scissors_stand_between_all_steps():
    text = describe(lambda ax: draw_cut(4, ax))
    assert text.count("✂") == 3 and "gradient" in text


def test_way_back_names_the_power_at_every_step():
    text = describe(lambda ax: draw_way_back(4, ax))
    assert "1 | $W_{hh}$ | $W_{hh}^2$ | $W_{hh}^3$" in text
    assert "loss" in text


def test_sentence_drawing_marks_the_padding():
    text = describe(lambda ax: draw_sentences(["a b", "c"], ax))
    assert "text: a | ␣ | b | c | pad | pad" in text
    with pytest.raises(ValueError, match="at least one string"):
        draw_sentences([])


def test_tree_joins_each_text_to_its_beginning():
    branches = {"a": 1.0, "ab": 0.75, "ab ": 0.5, "ac": 0.25}
    figure, ax = plt.subplots()
    assert draw_tree(branches, ax) is ax
    (lines,) = ax.collections
    joined = {tuple(map(tuple, path.vertices)) for path in lines.get_paths()}
    assert joined == {
        ((1.0, -0.5), (2.0, 0.0)),
        ((2.0, 0.0), (3.0, 0.0)),
        ((1.0, -0.5), (2.0, -1.0)),
    }
    assert list(lines.get_linewidths()) == [10, 7, 4]
    assert [text.get_text() for text in ax.texts] == "a b ␣ c 0.50 0.25".split()
    plt.close(figure)


def test_tree_refuses_texts_without_their_beginning():
    with pytest.raises(ValueError, match="at least one text"):
        draw_tree({})
    with pytest.raises(ValueError, match="'abc' stands in branches without 'ab'"):
        draw_tree({"a": 1.0, "abc": 0.5})
