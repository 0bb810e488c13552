"""Explorers: a figure with its knobs in the reader's hand, and a picture elsewhere."""

import html

import ipywidgets as widgets
import matplotlib.pyplot as plt

from rnn_helpers.plotting import describe_figure, encode_png


class BadInput(ValueError):
    """What the reader typed cannot be drawn; the message says kindly what can."""


class Explorer(widgets.VBox):
    """Controls, the picture drawn from their values, and its finding in words.

    The promise: what is shown was drawn from the values that the controls have, or the
    line under the controls says why not. In JupyterLab it is live; in a saved notebook
    and wherever there are no widgets it is the first picture, with its alternative
    text; to nbval it is that picture's description.

    Parameters
    ----------
    draw : callable
        ``draw(**values)``, with one value for each control, gives a figure and one
        sentence that says what it shows. It may raise `BadInput`.
    controls : dict of str to ipywidgets control
        By the names of the arguments of `draw`; each with a description.

    Raises
    ------
    ValueError
        If a control has no description: it would have no label.
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
        for name, control in controls.items():
            if not control.description:
                raise ValueError(f"the control {name!r} needs a description")
            control.style.description_width = "9em"
            control.layout.width = "min(36em, 100%)"
            if hasattr(control, "continuous_update"):
                control.continuous_update = False  # no training for values passed by
        self.draw, self.controls = draw, controls
        self.status, self.picture = widgets.HTML(), widgets.HTML()
        self.first_figure, self.first_alt = self._draw()
        super().__init__([*controls.values(), self.status, self.picture])
        for control in controls.values():
            control.observe(self._update, "value")

    @property
    def values(self):
        """The values of the controls, by name."""
        return {name: control.value for name, control in self.controls.items()}

    def _draw(self):
        others = plt.get_fignums()
        try:
            figure, sentence = self.draw(**self.values)
            png, description = encode_png(figure), describe_figure(figure)
        finally:
            for number in set(plt.get_fignums()) - set(others):
                plt.close(number)  # also what a failing draw left open
        width, height = (
            int(inches * figure.dpi) for inches in figure.get_size_inches()
        )
        self.picture.value = (
            f'<img src="data:image/png;base64,{png}" alt="{html.escape(sentence)}"'
            f' width="{width}" height="{height}" style="max-width: 100%; height: auto">'
        )
        self.sentence = sentence
        self._say(sentence)
        return {"image/png": png, "text/plain": description}, {"alt": sentence}

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
        self.status.value = f'<span role="status">{html.escape(text)}</span>'

    def _repr_mimebundle_(self, **options):
        live = super()._repr_mimebundle_(**options)
        return {**live, **self.first_figure}, {"image/png": self.first_alt}


def explore(draw, **controls):
    """Make an `Explorer` of `draw` and its controls; let it stand last in a cell."""
    return Explorer(draw, controls)


def guess_share(question):
    """Ask the reader for a guess in per cent, before the truth is shown.

    Parameters
    ----------
    question : str

    Returns
    -------
    Explorer
        Its ``values["guess"]`` is -1 until the reader has chosen.
    """

    def draw(guess):
        figure, ax = plt.subplots(figsize=(8, 2))
        ax.set(xlim=(0, 100), ylim=(0, 1), yticks=[], xlabel="per cent", title=question)
        if guess < 0:
            ax.text(50, 0.5, "your guess goes here", ha="center", color="0.4")
            return figure, "No guess yet. Choose one, then run the next cells."
        ax.axvline(guess, color="#CC79A7", linewidth=4)
        return figure, f"Your guess is {guess} %. Now run the next cells."

    options = [("no guess yet", -1), *((f"{p} %", p) for p in range(0, 101, 5))]
    return explore(
        draw, guess=widgets.Dropdown(options=options, description="your guess")
    )
