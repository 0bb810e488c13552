import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from rnn_helpers import plot_losses, plot_powers
from rnn_helpers.plotting import FORECAST, HIDDEN, PLAIN, drawable, show_char


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


ROW = np.array([3.0, 1.0, 4.0, 1.5, 9.0, 2.0])
PLOTS = {
    "losses": lambda row: plot_losses({"one": row, "two": row}, {"level": row[0]}),
    "powers": lambda row: plot_powers({"one": row, "two": row}, 0, "steps", "size"),
}
every_plot = pytest.mark.parametrize("draw", PLOTS.values(), ids=PLOTS)


@every_plot
def test_plots_label_both_axes_and_return_them(draw):
    before = plt.gca()
    ax = draw(ROW)
    assert ax is not before and not before.lines
    assert ax.lines and ax.get_xlabel() and ax.get_ylabel()


@every_plot
def test_tensors_are_drawn_without_a_warning(draw):
    with warnings.catch_warnings():
        warnings.filterwarnings("error", "__array_wrap__")
        draw(torch.tensor(ROW)).figure.canvas.draw()


def test_plots_show_what_they_are_given():
    line, level = plot_losses({"one": [3.0, 2.0]}, {"level": 1.0}).lines
    assert line.get_xydata().tolist() == [[0, 3], [1, 2]]
    assert list(level.get_ydata()) == [1, 1]


def test_plots_refuse_wrong_shapes():
    with pytest.raises(
        ValueError, match=r"losses must be one row of numbers, got shape \(0,\)"
    ):
        plot_losses({"one": []}, {})


def test_a_diverged_end_is_left_out_of_the_loss():
    ax = plot_losses({"one": [3.0, np.inf, np.nan]}, {})
    ax.figure.canvas.draw()
    assert np.isnan(ax.lines[0].get_ydata()[1:]).all()


def test_what_has_diverged_cannot_be_drawn():
    drawn = drawable([1.0, -2, 1e99, 1e100, -np.inf, np.nan])
    assert drawn[:3].tolist() == [1, -2, 1e99] and np.isnan(drawn[3:]).all()


def test_loss_starts_at_the_lessons_first_epoch():
    ax = plot_losses({"one": [3.0, 2.0]}, {}, first_epoch=1)
    assert ax.lines[0].get_xdata().tolist() == [1, 2]


def test_two_losses_have_a_colour_each_and_a_pair_shares_one():
    def looks(names):
        lines = plot_losses({name: ROW for name in names}, {}).lines
        return [(line.get_color(), line.get_linestyle()) for line in lines]

    assert looks("ab") == [(FORECAST, "-"), (PLAIN, "-")]
    assert looks("abcdef") == [
        (color, style) for color in (PLAIN, FORECAST, HIDDEN) for style in ("-", ":")
    ]


def test_names_at_nearly_one_height_are_moved_apart():
    ax = plot_powers({"a": [1, 1e-4], "b": [1, 1.1e-4], "c": [1, 0.1]}, 0, "x", "y")
    assert [text.get_va() for text in ax.texts] == ["top", "bottom", "center"]


def test_a_character_that_nobody_could_see_is_shown():
    assert [show_char(char) for char in ("a", " ", "\n", "\u200b")] == list("a␣��")


@pytest.mark.filterwarnings("error")
def test_a_name_stands_where_a_log_axis_still_shows_its_line():
    ax = plot_powers({"gone": [1, 0.1, 0], "there": [1, 0.5, 0.2]}, 0, "x", "y")
    heights = {text.get_text(): text.get_position()[1] for text in ax.texts}
    assert heights == {"gone": 0.1, "there": 0.2}
