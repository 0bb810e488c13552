import matplotlib.pyplot as plt
import pytest
from test_show import describe

from rnn_helpers.drawing import draw_gates, draw_unrolled


def test_unrolled_drawing_has_a_box_for_each_label_and_begins_with_h_0():
    text = describe(lambda ax: draw_unrolled(["a", None], [None, "b"], ax=ax))
    assert "drawing of 8 patches" in text  # 4 boxes, 4 arrows
    assert "text: $h_0$ | $h_{1}$ | a | $h_{2}$ | b" in text
    with pytest.raises(ValueError, match="one entry a step each, got 1 and 2"):
        draw_unrolled(["a"], ["b", "c"])
    with pytest.raises(ValueError, match="got 0 and 0"):
        draw_unrolled([], [])


def test_gates_of_gru_and_lstm_stand_on_one_line():
    figure = draw_gates()
    gru, lstm = ({text.get_text() for text in ax.texts} for ax in figure.axes)
    assert {"$z_t$", "$1 - z_t$", "$n_t$", "$h_t$", "keep", "write"} <= gru
    assert {"$f_t$", "$i_t$", "$g_t$", "$o_t$", "$c_t$", "$h_t$", "tanh"} <= lstm
    plt.close(figure)
