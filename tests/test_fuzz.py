"""Explorers over the whole range of their controls: pytest -m fuzz"""

import ipywidgets as widgets
import matplotlib.pyplot as plt
import pytest
from conftest import ends_of
from test_explore import every_explorer, picture_of

from rnn_helpers import BadInput, describe_figure

hypothesis = pytest.importorskip("hypothesis")
strategies = pytest.importorskip("hypothesis.strategies")
pytestmark = pytest.mark.fuzz


def values_of(control):
    """Every value that the control allows, its ends among the first tried."""
    if hasattr(control, "options"):
        return strategies.sampled_from([value for _, value in control._options_full])
    if isinstance(control, widgets.FloatLogSlider):
        ends = strategies.floats(control.min, control.max)
        return ends.map(lambda power: control.base**power)
    if isinstance(control, widgets.IntSlider):
        return strategies.integers(control.min, control.max)
    if isinstance(control, widgets.FloatSlider):
        return strategies.floats(control.min, control.max)
    typed = [
        "",
        " ",
        "$x$",
        "\\frac",
        "h" * 10_000,
        "\n\n",
        "👋 hi",
        "שלום",
        "a\nab\nabc",
    ]
    return strategies.one_of(
        strategies.sampled_from(typed),
        strategies.text(max_size=40),
        strategies.text("acdefghimnoruvwy ", min_size=1, max_size=20),
    )


@every_explorer
@pytest.mark.filterwarnings("ignore:Glyph")
def test_no_value_of_any_control_breaks_it(lesson, name, explorer):
    explorer = lesson(name)[explorer]

    @hypothesis.settings(
        max_examples=15, deadline=None, derandomize=True, database=None
    )
    @hypothesis.given(
        strategies.fixed_dictionaries(
            {name: values_of(control) for name, control in explorer.controls.items()}
        )
    )
    def try_values(values):
        try:
            figure, sentence = explorer.draw(**values)
        except BadInput as refusal:
            assert 10 < len(str(refusal)) < 500
        else:
            assert sentence.endswith(".")
            figure.canvas.draw()
            describe_figure(figure)
        finally:
            plt.close("all")

    try_values()


@every_explorer
def test_every_control_at_its_ends_redraws(lesson, name, explorer):
    explorer = lesson(name)[explorer]
    for key, control in explorer.controls.items():
        first = control.value
        ends = ends_of(control) or [first + "e"]
        for value in [*ends, first]:
            control.value = value
            assert explorer.values[key] == value
            assert picture_of(explorer) and "Error" not in explorer.status.value
