import base64
import io

import matplotlib.image
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Circle

import rnn_helpers.plotting as plotting
from rnn_helpers import (
    describe_figure,
    draw_elman_network,
    draw_sentences,
    draw_tree,
    draw_unrolled,
    plot_forecast,
    plot_hidden_states,
    plot_loss,
    plot_loss_surface,
    plot_next_char_probabilities,
    show_figure,
    use_course_style,
)


@pytest.fixture
def ax():
    figure, ax = plt.subplots()
    yield ax
    plt.close(figure)


def describe(draw):
    figure, ax = plt.subplots()
    draw(ax)
    description = describe_figure(figure)
    plt.close(figure)
    return description


ROW = np.array([3.0, 1.0, 4.0, 1.5, 9.0, 2.0])
TABLE = np.arange(12.0).reshape(3, 4) ** 2


def test_description_names_labels_and_values():
    def draw(ax):
        ax.plot([0, 1, 2], [-1e-9, 0.5, 1], label="curve")
        ax.set(title="Title", xlabel="time", ylabel="height")
        ax.legend()

    assert describe(draw) == (
        "figure of 1 axes\n"
        "axes: title 'Title' | x 'time' | y 'height'\n"
        "  legend: curve\n"
        "  line 'curve'\n"
        "    x: 3 values, 0.000 to 2.000, mean 1.000, first 0.000, last 2.000,"
        " weighted 1.333\n"
        "    y: 3 values, 0.000 to 1.000, mean 0.500, first 0.000, last 1.000,"
        " weighted 0.667"
    )


@pytest.mark.parametrize("kind", ["plot", "scatter", "bar", "semilogy"])
@pytest.mark.parametrize(
    "change",
    [
        np.flip,
        lambda row: row[[0, 2, 1, 3, 4, 5]],
        lambda row: row * 1.001,
        lambda row: row[1:],
    ],
    ids=["reversed", "inner two swapped", "0.1 % larger", "one less"],
)
def test_description_changes_with_a_row(kind, change):
    def draw(row):
        return describe(lambda ax: getattr(ax, kind)(range(len(row)), row))

    assert draw(ROW) == draw(ROW.copy())
    assert draw(ROW) != draw(change(ROW))


@pytest.mark.parametrize("kind", ["imshow", "pcolormesh"])
@pytest.mark.parametrize(
    "change",
    [
        lambda table: table.T,
        np.flipud,
        np.fliplr,
        lambda table: table[[0, 2, 1]],
        lambda table: table[:, [0, 2, 1, 3]],
    ],
    ids=["transposed", "upside down", "mirrored", "rows swapped", "columns swapped"],
)
def test_description_changes_with_an_image(kind, change):
    def draw(table):
        return describe(lambda ax: getattr(ax, kind)(table))

    assert draw(TABLE) != draw(change(TABLE))


def test_a_square_image_is_told_from_its_transpose():
    square = TABLE[:, :3]
    assert describe(lambda ax: ax.imshow(square)) != describe(
        lambda ax: ax.imshow(square.T)
    )


def test_log_axis_shows_small_values():
    small, smaller = (
        describe(lambda ax, v=v: ax.semilogy([v, 1])) for v in (1e-5, 1e-6)
    )
    assert "log10 y: 2 values, -5.000 to 0.000" in small
    assert small != smaller


def test_missing_values_are_counted():
    text = describe(lambda ax: ax.plot([1.0, np.nan, 3.0]))
    assert "y: 3 values (1 not finite), 1.000 to 3.000" in text
    assert "y: 2 values, none finite" in describe(lambda ax: ax.plot([np.nan, np.inf]))


def test_ticks_words_shapes_and_other_collections_are_described():
    def draw(ax):
        ax.set_xticks([0, 1], ["left", "right"])
        ax.text(0, 0, "a word")
        ax.add_patch(plt.Circle((0, 0), 1))
        ax.fill_between([0, 1], [0, 0], [2, 3], label="band")
        ax.hist([1, 1, 2], bins=2, histtype="step", label="steps")

    text = describe(draw)
    assert "x ticks: left right" in text
    assert "text: a word" in text
    assert "drawing of 1 patches" in text
    assert "points 'band'" in text
    assert "outline 'steps'" in text and "0.000 to 2.000" in text


def test_show_displays_one_bundle_and_closes(monkeypatch):
    shown = []
    monkeypatch.setattr(plotting, "display", lambda *a, **k: shown.append((a, k)))
    figure, ax = plt.subplots()
    ax.plot([1, 2])
    description = describe_figure(figure)
    assert show_figure(figure, alt="A rising line.") is None
    ((bundle,), options) = shown[0]
    assert len(shown) == 1 and options["raw"]
    assert bundle["text/plain"] == description
    picture = matplotlib.image.imread(io.BytesIO(base64.b64decode(bundle["image/png"])))
    assert picture.std() > 0
    assert options["metadata"] == {"image/png": {"alt": "A rising line."}}
    assert not plt.fignum_exists(figure.number)


def test_show_wants_an_alternative_text(ax):
    with pytest.raises(ValueError, match="alt must say what the figure shows"):
        show_figure(ax.figure, alt=" ")
    with pytest.raises(TypeError, match="alt must be a string, got None"):
        show_figure(ax.figure, alt=None)


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax=None: plot_loss([3.0, 2.0], ax=ax),
        lambda ax=None: plot_loss_surface(
            range(4), range(3), TABLE, [[0, 0], [1, 2]], ax
        ),
        lambda ax=None: plot_forecast([0, 1], [1, 2], [1, 3], ax),
        lambda ax=None: plot_hidden_states(TABLE / 121, ax=ax),
        lambda ax=None: plot_next_char_probabilities(TABLE / 121, "abc ", "xyz", ax),
    ],
    ids=["loss", "surface", "forecast", "states", "probabilities"],
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
    plot_next_char_probabilities(TABLE / 121, "abc ", "xyz", ax)
    (mesh,) = ax.collections
    np.testing.assert_allclose(mesh.get_array(), TABLE.T / 121)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["x", "y", "z"]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["a", "b", "c", "␣"]


@pytest.mark.parametrize("num_steps", [1, 2, 7])
def test_cells_of_heat_maps_are_centred_on_their_steps(ax, num_steps):
    plot_hidden_states(np.zeros((num_steps, 3)), ax=ax)
    assert ax.get_xlim() == (-0.5, num_steps - 0.5) and ax.get_ylim() == (2.5, -0.5)


def test_plots_refuse_wrong_shapes():
    with pytest.raises(
        ValueError, match=r"losses must be one row of numbers, got shape \(0,\)"
    ):
        plot_loss([])
    with pytest.raises(ValueError, match="one length, got 2, 2 and 1"):
        plot_forecast([0, 1], [0, 1], [0])
    with pytest.raises(
        ValueError, match=r"states must be a table of numbers, got shape \(6,\)"
    ):
        plot_hidden_states(ROW)
    with pytest.raises(ValueError, match="3 columns need as many labels, got 2"):
        plot_hidden_states(TABLE, labels="ab")
    with pytest.raises(ValueError, match="4 rows need as many labels, got 3"):
        plot_next_char_probabilities(TABLE, "abc")
    plt.close("all")


def test_loss_surface_refuses_what_does_not_fit():
    with pytest.raises(
        ValueError, match=r"losses must have shape \(4, 3\), got \(3, 4\)"
    ):
        plot_loss_surface(range(3), range(4), TABLE)
    with pytest.raises(ValueError, match=r"a row of pairs, got shape \(1, 3\)"):
        plot_loss_surface(range(4), range(3), TABLE, path=[[0, 0, 0]])
    plt.close("all")


def test_loss_starts_at_the_lessons_first_epoch(ax):
    plot_loss([3.0, 2.0], first_epoch=1, ax=ax)
    assert ax.lines[0].get_xdata().tolist() == [1, 2]


def test_elman_drawing_has_its_units_and_names(ax):
    text = describe(lambda ax: draw_elman_network(6, ax))
    assert "drawing of 17 patches" in text  # 14 units, 2 frames and the arrow back
    for word in ("input", "context", "hidden", "output"):
        assert word in text
    with pytest.raises(ValueError, match="num_hiddens must be 1 or more, got 0"):
        draw_elman_network(0, ax)


def test_unrolled_drawing_has_a_box_for_each_label(ax):
    text = describe(lambda ax: draw_unrolled(["a", None], [None, "b"], ax=ax))
    assert "drawing of 7 patches" in text  # 4 boxes, 3 arrows
    assert "text: $h_{1}$ | a | $h_{2}$ | b" in text
    with pytest.raises(ValueError, match="one entry a step each, got 1 and 2"):
        draw_unrolled(["a"], ["b", "c"], ax=ax)
    with pytest.raises(ValueError, match="got 0 and 0"):
        draw_unrolled([], [], ax=ax)


def test_sentence_drawing_marks_the_padding():
    text = describe(lambda ax: draw_sentences(["a b", "c"], ax))
    assert "text: a | ␣ | b | c | pad | pad" in text
    with pytest.raises(ValueError, match="at least one string"):
        draw_sentences([])


def test_style_is_opaque_white():
    with matplotlib.rc_context():
        use_course_style()
        assert plt.rcParams["figure.facecolor"] == "white"
        assert plt.rcParams["savefig.facecolor"] == "white"


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
