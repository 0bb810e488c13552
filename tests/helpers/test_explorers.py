"""The explorers: their promise, on a toy."""

import base64
import io
import re

import ipywidgets as widgets
import matplotlib.image
import matplotlib.pyplot as plt
import pytest
from IPython.core.formatters import DisplayFormatter

from rnn_helpers import BadInput, choice, describe_figure, explore


def draw(height, word):
    if not word:
        raise BadInput("Write a word.")
    figure, ax = plt.subplots()
    ax.plot([0, 1 / height])
    return figure, f"<{word}> & {height}."


@pytest.fixture
def toy():
    return explore(
        draw,
        height=widgets.IntSlider(2, 0, 9, description="height"),
        word=widgets.Text("one", description="word"),
    )


def picture_of(explorer):
    return re.search('base64,([^"]*)', explorer.picture.value)


def test_bundle_is_live_and_a_picture_and_its_description(toy):
    data, metadata = DisplayFormatter().format(toy)
    live = "application/vnd.jupyter.widget-view+json"
    assert data.keys() == {live, "image/png", "text/plain"}
    assert data[live]["model_id"] == toy.model_id
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    alt_and_size = {"alt": "<one> & 2.", "width": 640, "height": 480}
    assert metadata["image/png"] == alt_and_size
    figure, _ = draw(2, "one")
    assert data["text/plain"] == describe_figure(figure)
    plt.close(figure)


def test_with_ipywidgets_7_it_is_the_same_bundle(toy, monkeypatch):
    """There a widget gives no bundle: it displays itself, without our picture."""
    bundle = DisplayFormatter().format(toy)
    monkeypatch.delattr(widgets.Widget, "_repr_mimebundle_")
    name, alone = "_ipython_display_", lambda widget: None
    monkeypatch.setattr(widgets.Widget, name, alone, raising=False)
    assert DisplayFormatter().format(toy.status) == ({}, {})
    assert DisplayFormatter().format(toy) == bundle


def test_a_control_changes_picture_alternative_text_and_status(toy):
    before = toy.picture.value
    toy.controls["height"].value = 4
    assert picture_of(toy)[1] not in before
    assert 'alt="&lt;one&gt; &amp; 4."' in toy.picture.value
    assert 'role="status"' in toy.status.value
    assert toy.status.value.endswith(">&lt;one&gt; &amp; 4.</span>")
    assert toy.values == {"height": 4, "word": "one"}
    assert not plt.get_fignums()


def test_a_figure_of_someone_else_stays_open(toy):
    other = plt.figure()
    toy.controls["height"].value += 1
    assert plt.get_fignums() == [other.number]


def test_later_pictures_keep_the_layout_of_the_first(toy):
    figures, engines, draw = [], [], toy.draw

    def see(**values):
        figure, sentence = draw(**values)
        figure.axes[0].set_ylabel(f"{10 ** values['height']}\nabove 1")
        figures.append(figure)
        engines.append(figure.get_layout_engine())
        return figure, sentence

    with plt.rc_context({"figure.constrained_layout.use": True}):
        explorer = explore(see, **toy.controls)
        explorer.controls["height"].value = 8
    before, after = (figure.axes[0].get_position().bounds for figure in figures[-2:])
    assert len(figures) == 2 and before == pytest.approx(after, abs=1e-12)
    assert engines[1] is None  # it would cost half the time


def test_only_the_first_picture_is_sharp_and_all_have_one_size(toy):
    """Twice the resolution takes too long for pictures that must come at once."""
    for sharpness in (2, 1, 1):
        png = io.BytesIO(base64.b64decode(picture_of(toy)[1]))
        assert matplotlib.image.imread(png).shape[1] == 640 * sharpness
        assert ' width="640" height="480" ' in toy.picture.value
        toy.controls["height"].value += 1


def test_work_is_announced_while_it_lasts(toy):
    said = []
    toy.status.observe(lambda change: said.append(change["new"]), "value")
    toy.controls["height"].value = 4
    assert "training…" in said[0] and "&amp; 4." in said[-1]


def test_bad_input_leaves_the_last_good_picture(toy):
    before = toy.picture.value
    toy.controls["word"].value = ""
    assert toy.picture.value == before
    assert "Write a word." in toy.status.value
    toy.controls["word"].value = "two"
    assert "two" in toy.status.value and toy.picture.value != before


def test_failing_draw_shows_its_error_and_drops_the_picture(toy):
    toy.controls["height"].value = 0
    assert toy.picture.value == ""
    assert "ZeroDivisionError: division by zero" in toy.status.value
    assert not plt.get_fignums()
    toy.controls["height"].value = 1
    assert picture_of(toy)


@pytest.mark.parametrize(
    "height, word, error", [(0, "a", ZeroDivisionError), (1, "", BadInput)]
)
def test_failing_draw_raises_when_the_cell_runs(height, word, error):
    with pytest.raises(error):
        explore(
            draw,
            height=widgets.IntSlider(height, 0, 9, description="height"),
            word=widgets.Text(word, description="word"),
        )


def test_every_control_needs_a_label_and_waits_for_its_release(toy):
    assert not toy.controls["height"].continuous_update
    assert not toy.controls["word"].continuous_update
    assert toy.controls["word"].tooltip == "word"  # without one the page says "null"
    with pytest.raises(ValueError, match=r"\['height'\] needs a description"):
        explore(draw, height=widgets.IntSlider(1), word=widgets.Text("a"))


def test_a_choice_is_buttons_or_a_slider_and_starts_where_it_is_told():
    assert isinstance(choice("loss on", ["all", "last"]), widgets.ToggleButtons)
    rate = choice("rate", [0.01, 0.03, 0.1, 0.3], 0.1)
    assert isinstance(rate, widgets.SelectionSlider)
    assert rate.value == 0.1 and rate.description == "rate"
    assert choice("word", ["one", "two"]).value == "one"
    assert choice("noise", [1, 0], 0).value == 0
