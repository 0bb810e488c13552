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
    draw_cell_and_unrolled,
    draw_cut,
    draw_elman_network,
    draw_sentences,
    draw_tree,
    draw_unrolled,
    draw_way_back,
)
from rnn_helpers.explore import BadInput, Explorer, choice, explore
from rnn_helpers.figures import describe_figure, show_figure, use_course_style
from rnn_helpers.plotting import (
    plot_forecast,
    plot_hidden_states,
    plot_loss,
    plot_loss_surfaces,
    plot_losses,
    plot_next_char_probabilities,
    plot_powers,
    plot_rollouts,
    plot_sums,
    plot_swap,
    plot_two_targets,
)

__all__ = [
    "BadInput",
    "CharVocab",
    "Explorer",
    "choice",
    "describe_figure",
    "draw_cell_and_unrolled",
    "draw_cut",
    "draw_elman_network",
    "draw_sentences",
    "draw_tree",
    "draw_unrolled",
    "draw_way_back",
    "explore",
    "make_signals",
    "make_sine_wave",
    "next_step_pairs",
    "one_hot",
    "pad_sentences",
    "plot_forecast",
    "plot_hidden_states",
    "plot_loss",
    "plot_loss_surfaces",
    "plot_losses",
    "plot_next_char_probabilities",
    "plot_powers",
    "plot_rollouts",
    "plot_sums",
    "plot_swap",
    "plot_two_targets",
    "show_figure",
    "use_course_style",
]
