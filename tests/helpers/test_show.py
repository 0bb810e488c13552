import base64
import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path

import matplotlib.image
import matplotlib.pyplot as plt
import numpy as np
import pytest

from rnn_helpers import describe_figure, show, show_figure, use_course_style
from rnn_helpers.show import as_output


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


def read_picture(base64_text):
    return matplotlib.image.imread(io.BytesIO(base64.b64decode(base64_text)))


@pytest.fixture
def shown(monkeypatch):
    """What show_figure displays, arguments and options, as in a notebook."""
    shown = []
    monkeypatch.setattr(show, "get_ipython", object)
    monkeypatch.setattr(show, "display", lambda *a, **k: shown.append((a, k)))
    return shown


def test_show_displays_one_bundle_and_closes(shown):
    figure, ax = plt.subplots(figsize=(5, 3))
    ax.plot([1, 2])
    description = describe_figure(figure)
    newer = plt.figure()
    assert show_figure(figure, alt="A rising line.") is None
    ((bundle,), options) = shown[0]
    assert len(shown) == 1 and options["raw"]
    assert bundle["text/plain"] == description
    picture = read_picture(bundle["image/png"])
    assert picture.std() > 0
    height, width, _ = picture.shape
    assert options["metadata"] == {
        "image/png": {"alt": "A rising line.", "width": width / 2, "height": height / 2}
    }
    assert plt.get_fignums() == [newer.number]


def test_without_a_notebook_show_prints_the_alternative_text(
    shown, monkeypatch, capsys
):
    """As in a notebook that was exported to a script and is run by plain Python."""
    monkeypatch.setattr(show, "get_ipython", lambda: None)
    figure, ax = plt.subplots()
    ax.plot([1, 2])
    show_figure(ax, alt="A rising line.")
    assert capsys.readouterr().out == "A rising line.\n" and not shown
    assert not plt.fignum_exists(figure.number)


def test_show_wants_an_alternative_text():
    figure = plt.figure()
    with pytest.raises(ValueError, match="alt must say what the figure shows"):
        show_figure(figure, alt=" ")
    with pytest.raises(TypeError, match="alt must be a string, got None"):
        show_figure(figure, alt=None)
    plt.close(figure)


def test_style_is_opaque_white():
    with matplotlib.rc_context():
        use_course_style()
        assert plt.rcParams["figure.facecolor"] == "white"
        assert plt.rcParams["savefig.facecolor"] == "white"


def picture_in_course_style():
    """The pixels, as a notebook stores them, of a small figure with a bit of all."""
    use_course_style()
    figure, ax = plt.subplots(figsize=(4, 2))
    ax.plot([-2, 0, 1], [-1.5, 0.5, 2], label="a line")
    ax.bar([0, 1], [1, 2], label="bars")
    ax.text(-1, 1, "before, $h_{t-1}$")
    ax.set(title="A title", xlabel="time", ylabel="height")
    ax.legend()
    data, _ = as_output(figure, "A line and two bars.")
    plt.close(figure)
    return read_picture(data["image/png"])


@pytest.fixture(scope="module")
def plain():
    with matplotlib.rc_context():
        return picture_in_course_style()


# Settings of a user's own: each would hide, move or change something in the figure.
FOREIGN = [
    {"text.usetex": True},
    {"savefig.bbox": "tight"},
    {"savefig.transparent": True},
    {"savefig.facecolor": "none"},
    {"figure.facecolor": "none"},
    {"axes.labelcolor": "white"},
    {"text.color": "white"},
    {"font.size": 40},
    {"font.family": "monospace"},
    {"path.sketch": (1, 100, 2)},  # as plt.xkcd
    {"axes.unicode_minus": False},
    {"axes.formatter.use_locale": True},
    {"figure.dpi": 40},
    {"figure.autolayout": True},
    # what no style may set: it makes no difference to a picture
    {"interactive": True},
    {"timezone": "Asia/Tokyo", "savefig.directory": "", "toolbar": "None"},
]


@pytest.mark.parametrize("settings", FOREIGN, ids=" ".join)
def test_a_foreign_setting_changes_no_pixel(plain, settings):
    with matplotlib.rc_context():
        plt.rcParams.update(settings)
        assert np.array_equal(picture_in_course_style(), plain)


@pytest.mark.portable
def test_no_style_that_was_set_before_changes_a_pixel(plain):
    assert "dark_background" in plt.style.available
    for style in plt.style.available:
        with matplotlib.rc_context():
            plt.style.use(style)
            assert np.array_equal(picture_in_course_style(), plain), style


IN_THIS_FOLDER = """
import hashlib, matplotlib, pathlib, test_show
print(pathlib.Path(matplotlib.matplotlib_fname()).resolve())
print(hashlib.sha256(test_show.picture_in_course_style().tobytes()).hexdigest())
"""


@pytest.mark.portable
def test_a_matplotlibrc_in_the_folder_changes_no_pixel(plain, tmp_path):
    settings = tmp_path / "matplotlibrc"
    settings.write_text("axes.facecolor: black\nfont.size: 40\nsavefig.bbox: tight\n")
    path = {"PYTHONPATH": str(Path(__file__).parent), "MPLBACKEND": "agg"}
    done = subprocess.run(
        [sys.executable, "-c", IN_THIS_FOLDER],
        cwd=tmp_path,
        env={**os.environ, **path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    read, pixels = done.stdout.splitlines()
    assert Path(read).samefile(settings)
    assert pixels == hashlib.sha256(plain.tobytes()).hexdigest()
