import math

import matplotlib.pyplot as plt
import pytest
from matplotlib.patches import FancyArrowPatch
from matplotlib.text import Text
from test_show import describe

import rnn_helpers as rh
from rnn_helpers.drawing import draw_gates, draw_unrolled


def test_unrolled_drawing_has_a_box_for_each_label_and_begins_with_h_0():
    text = describe(lambda ax: draw_unrolled(["a", None], [None, "b"], ax=ax))
    assert "drawing of 8 patches" in text  # 4 boxes, 4 arrows
    assert "text: $h_0$ | $h_{1}$ | a | $h_{2}$ | b" in text
    with pytest.raises(ValueError, match="one entry a step each, got 1 and 2"):
        draw_unrolled(["a"], ["b", "c"])
    with pytest.raises(ValueError, match="got 0 and 0"):
        draw_unrolled([], [])


def test_arrows_of_an_unrolled_network_lead_up_and_on():
    ax = draw_unrolled(["a", "b"], ["c", "d"])
    ends = [a._posA_posB for a in ax.patches if isinstance(a, FancyArrowPatch)]
    moves = [(x_2 - x_1, y_2 - y_1) for (x_1, y_1), (x_2, y_2) in ends]
    assert len(moves) == 6 and all((x > 0) != (y > 0) for x, y in moves)
    assert all(x >= 0 and y >= 0 for x, y in moves)
    plt.close(ax.figure)


def test_gates_of_gru_and_lstm_stand_on_one_line():
    figure = draw_gates()
    gru, lstm = ({text.get_text() for text in ax.texts} for ax in figure.axes)
    assert {"$z_t$", "$1 - z_t$", "$n_t$", "$h_t$", "keep", "write"} <= gru
    assert {"$f_t$", "$i_t$", "$g_t$", "$o_t$", "$c_t$", "$h_t$", "tanh"} <= lstm
    for ax, gates in zip(figure.axes, (("$z_t$", "$1 - z_t$"), ("$f_t$", "$i_t$"))):
        places = {text.get_text(): text.get_position()[0] for text in ax.texts}
        for name, gate in zip(("keep", "write"), gates):  # beside the arrow from it
            assert abs(places[name] - places[gate]) < 0.3, name
        signs = [text for text in ax.texts if text.get_text() in ("×", "+")]
        spots = {sign: sign.get_position() for sign in signs}
        on_the_line = {s.get_text(): x for s, (x, y) in spots.items() if y == 2.2}
        new = {"$n_t$", "$g_t$"} & {*places}
        assert on_the_line == {"×": places[gates[0]], "+": places[new.pop()]}
        arrows = [a for a in ax.patches if isinstance(a, FancyArrowPatch)]
        for spot in spots.values():  # two arrows meet at each
            assert sum(math.dist(a._posA_posB[1], spot) < 0.35 for a in arrows) == 2
    plt.close(figure)


@pytest.mark.parametrize(
    "draw, values",
    [
        (rh.draw_cell_and_unrolled, [6]),
        (rh.draw_cut, [4]),
        (rh.draw_way_back, [5]),
        (rh.draw_word, ["hihello", [0, 2]]),
        (rh.draw_patterns, []),
        (rh.draw_gates, []),
        (rh.draw_attention, []),
    ],
)
def test_labels_of_drawings_can_be_read_on_a_slide(draw, values):
    """13 points are 17 pixels there: the site's tests hold how large a figure is."""
    with plt.rc_context():
        rh.use_course_style()
        figure = draw(*values).figure
        texts = [text for text in figure.findobj(Text) if text.get_text()]
        assert len(texts) > 5 and min(text.get_fontsize() for text in texts) >= 13
        plt.close(figure)
