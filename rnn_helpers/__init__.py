"""Data and pictures for the course; what is taught stays in the notebooks."""

from rnn_helpers.data import (
    CharVocab,
    make_signals,
    make_sine_wave,
    next_step_pairs,
    one_hot,
    pad_sentences,
)
from rnn_helpers.drawing import (
    draw_elman_network,
    draw_sentences,
    draw_tree,
    draw_unrolled,
)
from rnn_helpers.explore import BadInput, Explorer, explore, guess_share
from rnn_helpers.figures import describe_figure, show_figure, use_course_style
from rnn_helpers.plotting import (
    plot_forecast,
    plot_hidden_states,
    plot_loss,
    plot_loss_surface,
    plot_next_char_probabilities,
)

__all__ = [
    "BadInput",
    "CharVocab",
    "Explorer",
    "describe_figure",
    "draw_elman_network",
    "draw_sentences",
    "draw_tree",
    "draw_unrolled",
    "explore",
    "guess_share",
    "make_signals",
    "make_sine_wave",
    "next_step_pairs",
    "one_hot",
    "pad_sentences",
    "plot_forecast",
    "plot_hidden_states",
    "plot_loss",
    "plot_loss_surface",
    "plot_next_char_probabilities",
    "show_figure",
    "use_course_style",
]
