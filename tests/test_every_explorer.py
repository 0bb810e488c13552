"""The explorers of all notebooks: their first values, all that they allow, their grids."""

import ipywidgets as widgets
import matplotlib.pyplot as plt
import pytest
from course import NOTEBOOKS, cell_of, ends_of, every_notebook, module_of

from rnn_helpers import BadInput, Explorer, describe_figure
from teaching.publish.frames import knobs_of

every_explorer = pytest.mark.parametrize(
    "name, explorer",
    [(name, e) for name in NOTEBOOKS for e in sorted(module_of(name).EXPLORERS)],
)


@every_notebook
def test_a_notebook_holds_these_explorers(lesson, name):
    found = {key for key, value in lesson(name).items() if isinstance(value, Explorer)}
    assert found == module_of(name).EXPLORERS


@every_explorer
def test_every_control_gets_its_keys_in_jupyterlab(lesson, name, explorer):
    """A Dropdown's keys are taken for commands to the notebook: "a" adds a cell."""
    kinds = (
        widgets.IntSlider,
        widgets.FloatSlider,
        widgets.FloatLogSlider,
        widgets.SelectionSlider,
        widgets.ToggleButtons,
        widgets.Text,
        widgets.Textarea,
    )
    for control in lesson(name)[explorer].controls.values():
        assert isinstance(control, kinds)


@every_explorer
def test_first_picture_says_what_it_shows(lesson, name, explorer):
    """And what is stored says the same, where nbval does not look."""
    outputs = cell_of(name, explorer).outputs
    shown = [output.metadata.get("image/png") for output in outputs if "data" in output]
    (stored,) = [picture["alt"] for picture in shown if picture]
    explorer = lesson(name)[explorer]
    assert explorer.sentence == stored and stored.endswith(".")
    assert "base64," in explorer.picture.value


# What the question beside an explorer, or its answer, needs to be seen on a page.
NEEDED = {
    "let_go_explorer": {"num_true": {8, 20}, "high": {1, 2}, "fast": {1, 2}},
    "walk_explorer": {
        "loss_on": {"partial sums", "final sums"},
        "optimizer": {"SGD", "Adam"},
        "rate": {0.01, 0.05},
        "first_weight": {-1.5, 0.5},
    },
    "epochs_explorer": {"epoch": {10, 12, 13, 14}},
    "word_explorer": {
        "word": {"bananas", "planet", "mississippi", "aaab", "aaaaaab", "aaaaaaab"},
        "num_hiddens": {4, 8, 16},
    },
    "count_explorer": {"count": {2, 3}, "num_bits": {8, 12, 16}},
    "memory_explorer": {"length": {15}, "rate": {0.03, 0.3}},
    "interval_explorer": {"num_drawn": {5, 20, 50, 200}, "epoch": {10, 15}},
}


@every_explorer
def test_pages_have_the_values_that_its_question_needs(lesson, name, explorer):
    grid = cell_of(name, explorer).metadata.get("frames", {})
    explorer_itself = lesson(name)[explorer]
    knobs = {knob.name: knob for knob in knobs_of(explorer_itself, grid)}
    assert [*knobs] == [*explorer_itself.controls]
    for control, needed in NEEDED[explorer].items():
        assert needed <= {*knobs[control].values}, control
    for control, first in explorer_itself.values.items():
        assert knobs[control].values[knobs[control].first] == first


def values_of(control):
    """Every value that the control allows, its ends among the first tried."""
    strategies = pytest.importorskip("hypothesis.strategies")
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
@pytest.mark.fuzz
@pytest.mark.filterwarnings("ignore:Glyph")
def test_no_value_of_any_control_breaks_it(lesson, name, explorer):
    hypothesis = pytest.importorskip("hypothesis")
    explorer = lesson(name)[explorer]
    values = {key: values_of(control) for key, control in explorer.controls.items()}

    @hypothesis.settings(
        max_examples=15, deadline=None, derandomize=True, database=None
    )
    @hypothesis.given(hypothesis.strategies.fixed_dictionaries(values))
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
@pytest.mark.fuzz
def test_every_control_at_its_ends_redraws(lesson, name, explorer):
    explorer = lesson(name)[explorer]
    for key, control in explorer.controls.items():
        first = control.value
        ends = ends_of(control) or [first + "e"]
        for value in [*ends, first]:
            control.value = value
            assert explorer.values[key] == value
            assert "base64," in explorer.picture.value
            assert "Error" not in explorer.status.value
