import matplotlib.pyplot as plt
import numpy as np
import pytest

from rnn_helpers import (
    plot_forecast,
    plot_hidden_states,
    plot_loss,
    plot_loss_surface,
    plot_next_char_probabilities,
)


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
