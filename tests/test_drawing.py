import matplotlib.pyplot as plt
import pytest
from test_figures import describe

from rnn_helpers import (
    describe_figure,
    draw_attention,
    draw_cell_and_unrolled,
    draw_cut,
    draw_elman_network,
    draw_gates,
    draw_patterns,
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


def test_patterns_begin_with_h_0_but_for_the_one_without_recurrence():
    figure = draw_patterns()
    single, *others = ([text.get_text() for text in ax.texts] for ax in figure.axes)
    assert single == ["$h$", "photo", "cat"]
    assert len(figure.axes[0].patches) == 5  # 3 boxes, 2 arrows
    assert [texts[0] for texts in others] == 4 * ["$h_0$"]
    words = [[text for text in texts if "$" not in text] for texts in others]
    assert [" ".join(texts) for texts in words] == [
        "photo a red cat",
        "not bad at all good",
        "te amo I love you",
        "1st run 2nd run 3rd jump",
    ]
    titles = [ax.get_title().partition(":")[0] for ax in figure.axes]
    assert titles[:3] == ["one to one", "one to many", "many to one"]
    assert titles[3:] == ["many to many, unequal", "many to many, step by step"]
    plt.close(figure)


def pixels_per_unit(figure):
    """How large the drawings of a figure are, in the look of the course."""
    figure.canvas.draw()
    return [ax.transData.get_matrix()[0, 0] for ax in figure.axes]


def test_boxes_are_as_large_in_every_panel():
    with plt.style.context("rnn_helpers.course"):
        for figure in (draw_patterns(), draw_attention()):
            scales = pixels_per_unit(figure)
            assert max(scales) / min(scales) < 1.03
            plt.close(figure)


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


def test_attention_draws_each_weight_as_thick_as_it_is():
    figure = draw_attention()
    without, attention = figure.axes
    texts = [text.get_text() for text in attention.texts]
    assert [
        text for text in texts if text[0] == "0"
    ] == "0.05 0.70 0.10 0.05 0.10".split()
    arrows = [patch for patch in attention.patches if patch.get_linewidth() == 0]
    widths = [arrow.get_arrowstyle().tail_width for arrow in arrows]
    assert widths == pytest.approx([1.6, 9.4, 2.2, 1.6, 2.2])
    for ax in figure.axes:
        texts = [text.get_text() for text in ax.texts]
        assert {"$h_0$", "$h_{5}$", "cat", "is"} <= set(texts)
    assert not [patch for patch in without.patches if patch.get_linewidth() == 0]
    plt.close(figure)


def test_gates_of_gru_and_lstm_stand_on_one_line():
    figure = draw_gates()
    gru, lstm = ({text.get_text() for text in ax.texts} for ax in figure.axes)
    assert {"$z_t$", "$1 - z_t$", "$n_t$", "$h_t$", "keep", "write"} <= gru
    assert {"$f_t$", "$i_t$", "$g_t$", "$o_t$", "$c_t$", "$h_t$", "tanh"} <= lstm
    plt.close(figure)
