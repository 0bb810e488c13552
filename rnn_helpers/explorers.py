"""Explorers: a figure with its knobs in the reader's hand, and a picture elsewhere."""

import html
import inspect

import ipywidgets as widgets
import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from .arguments import check_text, short
from .show import SHARPNESS, as_output

__all__ = ["BadInput", "Explorer", "choice", "explore"]

# After the first picture nothing moves, and no time goes into a layout.
SAME_PLACES = {"figure.constrained_layout.use": False, "axes.titley": 1.0}

WIDGET = "application/vnd.jupyter.widget-view+json"  # the live form of an output


class BadInput(ValueError):
    """What the reader typed cannot be drawn; the message says kindly what can."""


class Explorer(widgets.VBox):
    """Controls, the picture drawn from their values, and its finding in words.

    The promise: what is shown was drawn from the values that the controls have, or the
    line under the controls says why not. In Jupyter, with ipywidgets 8 or 7, it is
    live; elsewhere it is the first picture, with its alternative text; to nbval, that
    picture's description.

    Parameters
    ----------
    draw : callable
        ``draw(**values)``, with one value for each control, gives a figure and one
        sentence that says what it shows. All pictures keep the layout of the first,
        and only that one is sharp: the others must come at once.
        It may raise `BadInput`.
    controls : dict of str to ipywidgets control
        By the names of the arguments of `draw`, at least one; each with a description.

    Raises
    ------
    TypeError
        If `draw` is not a function of these arguments or gives something else than a
        figure and a sentence, or if `controls` holds something else than controls.
    ValueError
        If there is no control, or if one has no description: it would have no label.
    Exception
        Whatever `draw` raises from the first values.

    Examples
    --------
    >>> def draw(height):
    ...     figure, ax = plt.subplots()
    ...     _ = ax.plot([0, height])
    ...     return figure, f"A line of height {height}."
    >>> explorer = explore(draw, height=widgets.IntSlider(2, 0, 9, description="height"))
    >>> explorer.sentence
    'A line of height 2.'
    >>> explorer.controls["height"].value = 5
    >>> explorer.sentence
    'A line of height 5.'
    """

    def __init__(self, draw, controls):
        _check_controls(controls)
        _check_draw(draw, controls)
        self.draw, self.controls = draw, dict(controls)
        two_lines = {"min_height": "56px"}  # lest a longer sentence push the picture
        self.status, self.picture = widgets.HTML(layout=two_lines), widgets.HTML()
        self.places = []  # of the picture's axes
        self.first_output = self._draw()
        super().__init__([*controls.values(), self.status, self.picture])
        for control in controls.values():
            _lay_out(control)
            control.observe(self._update, "value")

    @property
    def values(self):
        """The values of the controls, by name."""
        return {name: control.value for name, control in self.controls.items()}

    def draw_at(self, values):
        """Give the figure and the sentence at these values, in the first one's places."""
        with plt.rc_context(SAME_PLACES if self.places else {}):
            figure, sentence = _check_drawn(self.draw, self.draw(**values))
            for ax, place in zip(figure.axes, self.places):
                ax.set_position(place)
        return figure, sentence

    def _draw(self):
        others = plt.get_fignums()
        try:
            figure, sentence = self.draw_at(self.values)
            sharpness = 1 if self.places else SHARPNESS  # at once before sharp
            data, metadata = as_output(figure, sentence, sharpness)
        finally:
            for number in set(plt.get_fignums()) - set(others):
                plt.close(number)  # also what a failing draw left open
        self.places = [ax.get_position(original=True) for ax in figure.axes]
        self.picture.value = _as_html(data["image/png"], **metadata["image/png"])
        self.sentence = sentence
        self._say(sentence)
        return data, metadata

    def _update(self, change):
        self._say("training…")
        try:
            self._draw()
        except BadInput as refusal:  # the last good picture stays
            self._say(f"{refusal} (A picture still there shows the values before.)")
        except Exception as error:
            self.picture.value = ""
            self._say(f"{type(error).__name__}: {error}")

    def _say(self, text):
        shown = f'role="status" style="white-space: pre-wrap">{html.escape(text)}'
        self.status.value = f"<span {shown}</span>"

    # By this method a widget of ipywidgets 7 displays itself, without our picture.
    _ipython_display_ = None  # so IPython asks for the bundle, as with ipywidgets 8

    def _repr_mimebundle_(self, **options):
        data, metadata = self.first_output
        return {WIDGET: self.get_view_spec(), **data}, metadata


def explore(draw, /, **controls):
    """Make an `Explorer` of `draw` and its controls; let it stand last in a cell."""
    return Explorer(draw, controls)


def _check_controls(controls):
    if not isinstance(controls, dict):
        raise TypeError(f"controls must be a dict of controls, got {short(controls)}")
    if not controls:
        raise ValueError(f"controls must hold at least one control, got {controls!r}")
    for name, control in controls.items():
        if not isinstance(name, str):
            raise TypeError(f"controls must have names, strings, got {short(name)}")
        _check_control(f"controls[{name!r}]", control)


def _check_control(name, control):
    is_control = isinstance(control, widgets.DOMWidget) and all(
        control.has_trait(trait) for trait in ("value", "description")
    )
    if not is_control:
        raise TypeError(f"{name} must be a control of ipywidgets, got {short(control)}")
    if not control.description.strip():
        raise ValueError(
            f"{name} needs a description, its label, got {short(control)} without"
        )


def _check_draw(draw, controls):
    try:
        inspect.signature(draw).bind(**controls)
    except Exception:  # not to be called, or not with these
        raise TypeError(
            f"draw must be a function of the controls {short(list(controls))},"
            f" got {short(draw)}"
        ) from None


def _check_drawn(draw, drawn):
    """Give what `draw` returned; refuse all but a figure and one sentence."""
    match drawn:
        case Figure(), str(sentence) if sentence.strip():
            return drawn
    raise TypeError(
        f"draw must return a figure and a sentence on it, got {short(drawn)}"
        f" from {short(draw)}"
    )


def _lay_out(control):
    control.style.description_width = "9em"
    control.layout.width = "min(36em, 100%)"
    control.add_class("widget-inline-hbox")  # the label beside, not above
    control.tooltip = control.description  # without one, it reads "null"
    if isinstance(control, widgets.ToggleButtons):
        control.style.button_width = "auto"  # as wide as its word: three in a row
    if hasattr(control, "continuous_update"):
        control.continuous_update = False  # no training for values passed by


def _as_html(png, alt, width, height):
    return (
        f'<img src="data:image/png;base64,{png}" alt="{html.escape(alt)}"'
        f' width="{width}" height="{height}" style="max-width: 100%; height: auto">'
    )


def choice(description, options, value=None):
    """Make a control to choose among some values: up to three buttons, or a slider.

    Parameters
    ----------
    description : str
        Its label.
    options : list of str or of numbers
        At least one.
    value : optional
        The one that is chosen at first; the first of the options without it.

    Returns
    -------
    ipywidgets.ToggleButtons or ipywidgets.SelectionSlider

    Raises
    ------
    TypeError
        If an argument is of another type.
    ValueError
        If `description` or `options` is empty, or `value` is not among the options.

    Examples
    --------
    >>> choice("rate", [0.01, 0.03, 0.1, 0.3], 0.1).value
    0.1
    """
    check_text("description", description)
    if not isinstance(options, list | tuple):
        raise TypeError(f"options must be a list, got {short(options)}")
    if not options:
        raise ValueError(f"options must hold at least one value, got {options!r}")
    value = options[0] if value is None else value
    for name, one in (*(("options", option) for option in options), ("value", value)):
        if not isinstance(one, str | int | float):
            raise TypeError(f"{name} must be strings or numbers, got {short(one)}")
    if value not in options:
        raise ValueError(f"value must be one of {short(options)}, got {short(value)}")
    kind = widgets.ToggleButtons if len(options) <= 3 else widgets.SelectionSlider
    return kind(options=options, value=value, description=description)
