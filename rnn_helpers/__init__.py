"""Data and pictures for the course; what is taught stays in the notebooks.

A name is imported when it is first asked for. So ``python -m rnn_helpers`` can look at an
installation from which a package is missing.
"""

import sys
from importlib import import_module
from types import ModuleType

_NAMES = {
    "data": [
        "CharVocab",
        "conflicting_steps",
        "load_names",
        "make_signals",
        "make_sine_wave",
        "next_step_pairs",
        "one_hot",
        "pad_sentences",
    ],
    "drawing": [
        "draw_attention",
        "draw_cell_and_unrolled",
        "draw_cut",
        "draw_elman_network",
        "draw_gates",
        "draw_patterns",
        "draw_unrolled",
        "draw_way_back",
    ],
    "explore": ["BadInput", "Explorer", "choice", "explore"],
    "figures": ["describe_figure", "show_figure", "use_course_style"],
    "plotting": [
        "plot_cost_of_sharing",
        "plot_end_chances",
        "plot_forecast",
        "plot_loss",
        "plot_loss_surfaces",
        "plot_losses",
        "plot_powers",
        "plot_rollouts",
        "plot_sums",
        "plot_swap",
        "plot_two_targets",
    ],
    "plotting_runs": [
        "plot_bands",
        "plot_factors",
        "plot_gates",
        "plot_norms",
        "plot_shares",
        "plot_spread",
    ],
    "plotting_text": [
        "plot_answers",
        "plot_enough",
        "plot_next_char_probabilities",
        "plot_right_chars",
        "plot_written",
    ],
    "runs": ["stack_runs"],
}
_HOMES = {name: module for module, names in _NAMES.items() for name in names}

__all__ = sorted(_HOMES)


def __getattr__(name):
    """Import a name of the table; Python asks here for what the package has not yet."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        module = import_module(f"{__name__}.{_HOMES[name]}")
    except AttributeError as error:  # of a broken package; as such it would get lost
        raise ImportError(str(error)) from error
    globals()[name] = getattr(module, name)
    return globals()[name]


def __dir__():
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """The package: here `explore` is the function, also once its module is imported."""

    def __setattr__(self, name, value):
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
