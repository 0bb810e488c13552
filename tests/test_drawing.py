import matplotlib.pyplot as plt
import pytest
from matplotlib.patches import Circle
from test_figures import describe

from rnn_helpers import (
    draw_elman_network,
    draw_sentences,
    draw_tree,
    draw_unrolled,
)


def test_elman_drawing_has_its_units_and_names():
    text = describe(lambda ax: draw_elman_network(6, ax))
    assert "drawing of 17 patches" in text  # 14 units, 2 frames and the arrow back
    for word in ("input", "context", "hidden", "output"):
        assert word in text
    with pytest.raises(ValueError, match="num_hiddens must be 1 or more, got 0"):
        draw_elman_network(0)


def test_unrolled_drawing_has_a_box_for_each_label():
    text = describe(lambda ax: draw_unrolled(["a", None], [None, "b"], ax=ax))
    assert "drawing of 7 patches" in text  # 4 boxes, 3 arrows
    assert "text: $h_{1}$ | a | $h_{2}$ | b" in text
    with pytest.raises(ValueError, match="one entry a step each, got 1 and 2"):
        draw_unrolled(["a"], ["b", "c"])
    with pytest.raises(ValueError, match="got 0 and 0"):
        draw_unrolled([], [])


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


def test_elman_network_is_coloured_by_activities():
    figure, ax = plt.subplots()
    draw_elman_network(2, ax, [-1, 0, 0, 0, 1, 0])
    circles = [patch for patch in ax.patches if isinstance(patch, Circle)]
    red, _, blue, _ = zip(*(circle.get_facecolor() for circle in circles))
    assert len(circles) == 6
    assert blue[0] > red[0] and red[4] > blue[4] and min(red[1], blue[1]) > 0.9
    plt.close(figure)
    with pytest.raises(ValueError, match="each of the 6 units, got 5"):
        draw_elman_network(2, activities=[0] * 5)
