import math

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from rnn_helpers import (
    plot_answers,
    plot_bands,
    plot_cost_of_sharing,
    plot_end_chances,
    plot_enough,
    plot_factors,
    plot_forecast,
    plot_gates,
    plot_loss,
    plot_loss_surfaces,
    plot_losses,
    plot_next_char_probabilities,
    plot_norms,
    plot_powers,
    plot_right_chars,
    plot_rollouts,
    plot_shares,
    plot_spread,
    plot_sums,
    plot_swap,
    plot_two_targets,
    plot_written,
)
from rnn_helpers.plotting import CUT, FORECAST
from rnn_helpers.plotting_text import RIGHT, readable_on, show_char


@pytest.fixture
def ax():
    figure, ax = plt.subplots()
    yield ax
    plt.close(figure)


ROW = np.array([3.0, 1.0, 4.0, 1.5, 9.0, 2.0])
TABLE = np.arange(12.0).reshape(3, 4) ** 2


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax=None: plot_loss([3.0, 2.0], ax=ax),
        lambda ax=None: plot_losses({"one": ROW, "two": ROW}, {"level": 2}, ax=ax),
        lambda ax=None: plot_powers({"one": ROW}, 0, "steps", "size", ax),
        lambda ax=None: plot_rollouts(ROW, {"cut": ROW / 2}, 3, ax),
        lambda ax=None: plot_sums(ROW, ROW + 1, ax),
        lambda ax=None: plot_forecast([0, 1], [1, 2], [1, 3], ax),
        lambda ax=None: plot_cost_of_sharing(
            [0.1, 0.5], {"a": [1, 2], "b": [2, 1]}, ax
        ),
        lambda ax=None: plot_right_chars("ab", {"net": [0.1, 0.5]}, ax),
        lambda ax=None: plot_end_chances([0.1, 0.5], {"net": [0.1, 0.6]}, ax),
        lambda ax=None: plot_next_char_probabilities(TABLE / 121, "abc ", "xyz", ax=ax),
    ],
    ids="loss losses powers rollouts sums forecast sharing right ends chars".split(),
)
def test_plots_label_both_axes_and_return_them(draw, ax):
    assert draw(ax) is ax
    assert ax.get_xlabel() and ax.get_ylabel()
    own = draw()
    assert own is not ax
    plt.close(own.figure)


def test_plots_show_what_they_are_given(ax):
    plot_forecast([2.0, 2.4], [0.9, 0.7], [0.8, 0.6], ax)
    truth, forecast = ax.lines
    assert truth.get_xydata().tolist() == [[2.0, 0.9], [2.4, 0.7]]
    assert forecast.get_xydata().tolist() == [[2.0, 0.8], [2.4, 0.6]]


def test_heat_maps_have_a_column_a_step(ax):
    plot_next_char_probabilities(TABLE / 121, "abc ", "xyz", ax=ax)
    (mesh,) = ax.collections
    np.testing.assert_allclose(mesh.get_array(), TABLE.T / 121)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["x", "y", "z"]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["a", "b", "c", "␣"]


@pytest.mark.parametrize("num_steps", [1, 2, 7])
def test_cells_of_heat_maps_are_centred_on_their_steps(ax, num_steps):
    plot_next_char_probabilities(np.zeros((num_steps, 3)), "abc", ax=ax)
    assert ax.get_xlim() == (-0.5, num_steps - 0.5) and ax.get_ylim() == (2.5, -0.5)


def test_plots_refuse_wrong_shapes():
    with pytest.raises(
        ValueError, match=r"losses must be one row of numbers, got shape \(0,\)"
    ):
        plot_loss([])
    with pytest.raises(ValueError, match="one length, got 2, 2 and 1"):
        plot_forecast([0, 1], [0, 1], [0])
    with pytest.raises(
        ValueError, match=r"must be a table of numbers, got shape \(6,\)"
    ):
        plot_next_char_probabilities(ROW, "abc")
    with pytest.raises(ValueError, match="3 columns need as many labels, got 2"):
        plot_next_char_probabilities(TABLE, "abcd", labels="ab")
    with pytest.raises(ValueError, match="3 steps need as many targets, got 1"):
        plot_next_char_probabilities(TABLE, "abcd", targets=[0])
    with pytest.raises(ValueError, match="must have 2 rows of 3, got"):
        plot_answers(["abc"], "ab", "abca")
    with pytest.raises(ValueError, match="at least one"):
        plot_written([], [], 0)
    with pytest.raises(ValueError, match="1 written characters of 'ab' need as many"):
        plot_written(["ab"], [[0.1, 0.2]], 1)
    with pytest.raises(ValueError, match="at least one"):
        plot_enough([], [])
    with pytest.raises(ValueError, match="4 rows need as many labels, got 3"):
        plot_next_char_probabilities(TABLE, "abc")
    plt.close("all")


PATH = [[0, 0], [1, 2]]
AXES = (range(4), range(3))  # of the surfaces
NAMES = ("first", "second")


def test_loss_surfaces_share_their_scales_and_line_up():
    surfaces = {"one": TABLE, "ten times": 10 * TABLE}
    figure = plot_loss_surfaces(*AXES, surfaces, [PATH, PATH], (1, 1), NAMES)
    left, right, colour_bar = figure.axes
    meshes = [ax.collections[0] for ax in (left, right)]
    assert meshes[0].get_clim() == meshes[1].get_clim()
    assert left.get_ylim() == right.get_ylim() and left.get_xlim() == right.get_xlim()
    figure.canvas.draw()
    assert left.get_position().height == pytest.approx(right.get_position().height)
    assert left.get_title() == "one" and right.get_xlabel() == "first"
    assert colour_bar.get_ylabel() == "log10 of the loss"
    drawn = {line.get_label(): line.get_xydata().tolist() for line in left.lines}
    assert drawn["path"] == PATH and drawn["right answer"] == [[1, 1]]
    assert drawn["start"] == PATH[:1] and drawn["end"] == PATH[-1:]
    dark, bright = (meshes[0].cmap(end)[:3] for end in (0.0, 1.0))
    assert sum(dark) < sum(bright)  # dark is low
    plt.close(figure)


def test_loss_surfaces_refuse_what_does_not_fit():
    with pytest.raises(
        ValueError, match=r"losses must have shape \(4, 3\), got \(3, 4\)"
    ):
        plot_loss_surfaces(range(3), range(4), {"": TABLE}, [PATH], (1, 1), NAMES)
    with pytest.raises(ValueError, match=r"a row of pairs, got shape \(1, 3\)"):
        plot_loss_surfaces(*AXES, {"": TABLE}, [[[0, 0, 0]]], (1, 1), NAMES)
    plt.close("all")


def test_a_diverged_end_is_left_out_of_the_loss(ax):
    plot_loss([3.0, np.inf, np.nan], ax=ax)
    ax.figure.canvas.draw()
    assert np.isnan(ax.lines[0].get_ydata()[1:]).all()


def test_two_targets_marks_both_moments_in_both_panels():
    times = torch.arange(6.0)
    wave = torch.tensor([0.0, 1.0, 0.0, -1.0, 0.0, 1.0])
    figure = plot_two_targets(times, wave, wave[:-1], rising=4, falling=2)
    left, right = figure.axes
    marks = {line.get_label(): line.get_xydata().tolist() for line in left.lines}
    assert marks["rising, now"] == [[4, 0]] and marks["rising, next"] == [[5, 1]]
    assert marks["falling, now"] == [[2, 0]] and marks["falling, next"] == [[3, -1]]
    fills = {line.get_label(): line.get_fillstyle() for line in left.lines}
    assert fills["rising, now"] == "full" and fills["rising, next"] == "none"
    sides = {line.get_label(): line.get_xydata().tolist() for line in right.lines}
    assert sides["rising"] == [[0, 1], [-1, 0], [0, 1]]
    assert sides["falling"] == [[1, 0], [0, -1]]
    plt.close(figure)


def test_swap_joins_each_own_forecast_to_the_swapped_one(ax):
    assert plot_swap([0.8, 0.2], [0.1, 0.9], [0.5, 0.6], [0.7, 0.3], ax) is ax
    joined = [list(line.get_ydata()) for line in ax.lines if len(line.get_xdata()) == 2]
    assert [0.8, 0.1] in joined and [0.2, 0.9] in joined


def test_a_cut_rollout_has_a_colour_of_its_own(ax):
    plot_rollouts(ROW, {"no cut": ROW, "cut after every step": ROW}, 3, ax)
    _, uncut, cut, _ = ax.lines
    assert (uncut.get_color(), cut.get_color()) == (FORECAST, CUT)
    assert uncut.get_marker() != cut.get_marker()


def test_loss_starts_at_the_lessons_first_epoch(ax):
    plot_loss([3.0, 2.0], first_epoch=1, ax=ax)
    assert ax.lines[0].get_xdata().tolist() == [1, 2]


def cells_of(ax):
    return {patch.get_xy(): patch.get_facecolor() for patch in ax.patches if patch.fill}


def words_of(ax):
    return [text.get_text() for text in ax.texts]


def test_a_right_answer_is_framed_and_the_likeliest_has_a_dot(ax):
    shares = [[0.1, 0.7, 0.2], [0.6, 0.1, 0.3]]
    plot_next_char_probabilities(shares, "abc", "xy", targets=[1, 2], ax=ax)
    assert ax.lines[0].get_xydata().tolist() == [[0, 1], [1, 0]]
    frames = [patch.get_xy() for patch in ax.patches]
    assert frames == [(-0.5, 0.5), (0.5, 1.5)]


def test_answers_are_green_where_they_are_right_and_framed_where_they_were_read():
    ax = plot_answers(["ba", "aa"], "ab", "aba")
    green = matplotlib.colors.to_rgba(RIGHT)
    assert [xy for xy, colour in cells_of(ax).items() if colour == green] == [
        (-0.5, -0.5),
        (0.5, -0.5),
        (0.5, 0.5),
    ]
    framed = [patch.get_xy() for patch in ax.patches if not patch.fill]
    assert framed == [(-0.5, -0.5), (0.5, 0.5)]
    assert words_of(ax) == ["b", "a", "a", "a"]
    plt.close(ax.figure)


def test_written_characters_say_their_probability_and_given_ones_do_not():
    ax = plot_written([".ab"], [[0.25, 1.0]], num_given=1)
    assert words_of(ax) == [".", "a", "25", "b", "100"]
    shades = list(cells_of(ax).values())
    assert shades[0][:3] == (0.85, 0.85, 0.85) and sum(shades[1]) > sum(shades[2])
    plt.close(ax.figure)


def test_enough_has_a_tick_and_is_green():
    ax = plot_enough(["a $"], [[0, 1, 1]])
    assert words_of(ax) == ["a", "␣", "✓", "$", "✓"]
    green = matplotlib.colors.to_rgba(RIGHT)
    assert [colour == green for colour in cells_of(ax).values()] == [False, True, True]
    plt.close(ax.figure)


def test_the_lowest_mean_is_marked(ax):
    plot_cost_of_sharing([0.2, 0.5, 0.8], {"a": [3, 1, 1], "b": [1, 0.5, 3]}, ax)
    assert ax.lines[-1].get_xydata().tolist() == [[0.5, 0.75]]


def test_right_chars_stand_side_by_side(ax):
    plot_right_chars("a ", {"one": [0.1, 0.2], "two": [0.3, 0.4]}, ax)
    assert [bar.get_height() for bar in ax.patches] == [0.1, 0.2, 0.3, 0.4]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["a", "␣"]


def test_ends_are_drawn_over_the_number_of_letters(ax):
    plot_end_chances([0.0, 0.5], {"net": [0.1, 0.6]}, ax)
    truth, net = ax.lines
    assert truth.get_xydata().tolist() == [[1, 0.0], [2, 0.5]]
    assert net.get_ydata().tolist() == [0.1, 0.6]


def test_a_character_that_nobody_could_see_is_shown():
    assert [show_char(char) for char in ("a", " ", "\n", "\u200b")] == list("a␣��")


def contrast(one, other):
    lights = sorted(
        np.dot(
            [
                c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
                for c in matplotlib.colors.to_rgb(color)
            ],
            (0.2126, 0.7152, 0.0722),
        )
        for color in (one, other)
    )
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def test_text_can_be_read_on_every_shade():
    for chance in np.linspace(0, 1, 101):
        face = plt.get_cmap("Blues")(chance)
        assert contrast(face, readable_on(face)) >= 4.5
    assert contrast(RIGHT, "black") >= 4.5


def test_twenty_dots_stand_for_all_values(ax):
    values = 10 ** torch.linspace(-2, 0, 1001)
    plot_spread(values, {"mine": 0.5}, "loss", ax)
    x, y = ax.lines[0].get_data()
    assert len(x) == 20 and ax.lines[0].get_label() == "50.05 networks"
    columns, counts = np.unique(x.round(9), return_counts=True)
    assert len(columns) == 8 and set(counts) == {2, 3}
    assert y.min() == 0.5 and y.max() == 2.5
    assert list(ax.lines[1].get_xdata()) == [0.5, 0.5]


def test_values_that_are_not_finite_are_left_out(ax):
    plot_spread([1.0, math.nan, math.inf], {}, "loss", ax)
    assert ax.lines[0].get_label() == "0.05 networks"
    plot_spread([math.nan], {"mine": 1}, "loss", ax)


def test_bands_hold_all_networks_and_their_middle_half():
    losses = torch.arange(1.0, 102)[None] * torch.tensor([[1.0], [2.0]])
    figure = plot_bands([1, 2], {"one": losses, "other": losses}, "mine", [5, 6])
    left, right = figure.axes
    ends = [line.get_ydata()[0] for line in left.lines]
    assert ends == [1, 26, 51, 76, 101, 5]
    assert left.get_ylim() == right.get_ylim()
    plt.close(figure)


def test_shares_have_their_intervals_within_0_and_1(ax):
    plot_shares(
        [0.1, 0.30], {"a": [0.05, 0.5], "b": [1, 0]}, 0.1, "x", "y", ("half", 0.5), ax
    )
    bars = [segment[:, 1].tolist() for segment in ax.collections[0].get_segments()]
    assert bars == pytest.approx(np.array([[0, 0.15], [0.4, 0.6]]))
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0.1", "0.3"]
    assert ax.lines[0].get_label() == "half"


def test_factors_lie_beside_the_diagonal_and_norms_beside_their_limit(ax):
    plot_factors({"before": ([0.5], [0.6])}, ax)
    assert ax.lines[0].get_xdata()[1] == ax.lines[0].get_ydata()[1]
    ax.clear()
    plot_norms({"free": [1.0, 1e200, math.nan], "clipped": [1.0, 2, 1]}, 10, ax)
    assert ax.get_ylim()[1] <= 1e6
    assert math.isnan(ax.lines[0].get_ydata()[1])


def test_gates_share_one_scale_from_shut_to_open():
    figure = plot_gates([0, 20], {"a": {"f": [0.5, 1]}, "b": {"f": [0.5, 0]}})
    assert [ax.get_ylim() for ax in figure.axes] == [(0, 1), (0, 1)]
    plt.close(figure)


def test_names_at_nearly_one_height_are_moved_apart(ax):
    plot_powers({"a": [1, 1e-4], "b": [1, 1.1e-4], "c": [1, 0.1]}, 0, "x", "y", ax)
    assert [text.get_va() for text in ax.texts] == ["top", "bottom", "center"]
