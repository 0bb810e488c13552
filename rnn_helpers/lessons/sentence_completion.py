"""Lesson 4: its data and pictures, and the checks of its exercises."""

from itertools import cycle
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.patches import FancyArrowPatch
from torch.nn import functional

from ..arguments import check_array, short
from ..data import one_hot
from ..drawing import GREY, arrow, as_drawing, box, boxes_of_step, draw_unrolled, frame
from ..exercises import NotAnswered, TryAgain, as_numbers, call, compare, exercise
from ..plotting import CUT, FORECAST, HIDDEN, PLAIN, TRUTH

__all__ = [
    "check_control",
    "check_gru_step",
    "check_real_cost",
    "check_shortest",
    "draw_attention",
    "draw_patterns",
    "load_names",
    "plot_end_chances",
]

FIRST_NAMES = Path(__file__).parents[1] / "data" / "first_names.txt"


def load_names():
    """Give the 5,163 first names of `data/first_names.txt`.

    They are the U.S. Census Bureau's lists of frequently occurring first names (1990
    Census), female and male joined: lower case, a to z, sorted. As a work of the U.S.
    government they are in the public domain.

    Returns
    -------
    list of str

    Examples
    --------
    >>> names = load_names()
    >>> len(names), names[0], names[-1]
    (5163, 'aaron', 'zulma')
    """
    return FIRST_NAMES.read_text(encoding="utf-8").split()


STYLES = (("s--", TRUTH), ("x--", PLAIN), ("o-", CUT), ("^-", FORECAST), ("v-", HIDDEN))


def plot_end_chances(names, chances):
    """Draw the chance of the end over the number of random letters before the last ones.

    Parameters
    ----------
    names : sequence of str
        Of the models; from the sixth on, styles are used again.
    chances : array-like
        Shape (num_points, num_models): row i with i random letters.
    """
    ax = plt.subplots(figsize=(9, 4.4))[1]
    chances = check_array("chances", chances, ndim=2)
    for name, row, (style, color) in zip(names, chances.T, cycle(STYLES)):
        ax.plot(range(len(row)), row, style, color=color, label=name)
    ax.set(xlabel="random letters before the last ones", ylabel="chance of the end")
    ax.set(xticks=range(len(chances)), ylim=(0, 1))
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return ax


PATTERNS = [
    ("one to many:\na caption", ["photo", None, None], ["a", "red", "cat"]),
    ("many to one:\nsentiment", ["not", "bad", "at all"], [None, None, "good"]),
    (
        "many to many, unequal:\ntranslation",
        ["te", "amo", None, None, None],
        [None, None, "I", "love", "you"],
    ),
    (
        "many to many, step by step:\nvideo frames",
        ["1st", "2nd", "3rd"],
        ["run", "run", "jump"],
    ),
]


def draw_patterns():
    """Draw what a network may read and write: one or many inputs, one or many outputs.

    Five panels; all but the first, which has no recurrence, by `draw_unrolled`.
    """
    figure = plt.figure(figsize=(11, 6.1))
    top, bottom = figure.subfigures(2, 1)
    single, *others = top.subplots(1, 3, width_ratios=[3, 5.8, 5.8])
    _draw_without_recurrence("photo", "cat", single)
    single.set_title("one to one:\nno recurrence")
    others += list(bottom.subplots(1, 2, width_ratios=[9, 5.8]))
    for ax, (title, inputs, outputs) in zip(others, PATTERNS):
        draw_unrolled(inputs, outputs, ax=ax).set_title(title)
    return figure


def _draw_without_recurrence(label_in, label_out, ax):
    """Draw a network that keeps no state: input, hidden layer, output."""
    for start, end, *_ in boxes_of_step(ax, 0, "$h$", label_in, label_out):
        ax.add_patch(arrow(start, end))
    as_drawing(ax, (-0.8, 0.8), (-0.5, 3.5))


def draw_attention():
    """Draw how a last step reads what came before: through one state, or by attention.

    Above, a recurrent network without attention: all that it has read reaches the
    output through the last state. Below, with attention: the last step looks back at
    every state directly and takes their weighted mean, through arrows that are the
    thicker the greater the weight. The weights are made up.
    """
    words, output = ["the", "cat", "that", "we", "saw"], "is"
    weights, none = [0.05, 0.7, 0.1, 0.05, 0.1], [None] * len(words)
    figure, axes = plt.subplots(2, 1, figsize=(11, 6.1), height_ratios=[4.2, 5.2])
    without, attention = axes
    draw_unrolled(words, [*none[1:], output], ax=without)
    draw_unrolled(words, none, ax=attention)
    _draw_look_back(attention, weights, output)
    right = 1.6 * len(words) - 0.9
    without.set_title("Without attention: everything passes through the last state")
    _note(without, (right, 1.5), "one state of fixed size\nholds all that was read")
    attention.set_title("With attention: the last step looks back at every state")
    _note(attention, (right, 2.4), "weighted mean of all states\n(made-up weights)")
    for ax, top in ((without, 3.6), (attention, 4.6)):
        as_drawing(ax, (-1.8, right + 4.1), (-0.6, top))
    return figure


def _note(ax, place, text):
    ax.text(*place, text, color=GREY, va="center")


def _draw_look_back(ax, weights, output):
    """Draw arrows from all states of a network to their mean, and what comes of it."""
    *before, last = 1.6 * np.arange(len(weights))
    middle = 3.55
    ax.add_patch(frame((last - 0.4, 2.7), 0.8, 1.7, HIDDEN, lw=2))
    label = {"ha": "center", "va": "center", "color": HIDDEN}
    ax.text(last, middle, "mean", **label)
    entries = np.linspace(4.2, 2.9, len(before))  # the longest way ends on top
    ends = [*((last - 0.52, entry) for entry in entries), (last, 2.58)]
    for x, end, weight in zip([*before, last], ends, weights):
        ax.add_patch(_thick_arrow((x, 1.92), end, weight))
        ax.text(x - 0.5, 2.2, f"{weight:.2f}", **label)
    box(ax, (last + 1.6, middle), output, FORECAST)
    ax.add_patch(arrow((last + 0.5, middle), (last + 1.2, middle)))


def _thick_arrow(start, end, weight):
    """Give an arrow that goes up and turns right, the thicker the greater its weight."""
    width = 1 + 12 * weight
    style = f"simple,tail_width={width},head_width={width + 7},head_length=9"
    way = "arc3" if start[0] == end[0] else "angle3,angleA=90,angleB=0"
    ends = {"mutation_scale": 1, "shrinkA": 0, "shrinkB": 0}
    how = {"arrowstyle": style, "connectionstyle": way, "color": HIDDEN, "lw": 0}
    return FancyArrowPatch(start, end, **how, **ends)


@exercise
def check_shortest(shortest_beginning, model, sentences, vocab):
    """The shortest beginning from which greedy decoding gives the whole sentence."""
    if not callable(shortest_beginning):
        raise TryAgain(f"Hand in the function itself, not {short(shortest_beginning)}.")
    tried = [*sentences, *_fresh(model, vocab)]
    answers = [shortest_beginning(model, sentence) for sentence in tried]
    if all(answer is None for answer in answers):
        raise NotAnswered
    for answer, sentence in zip(answers, tried):
        wanted = sentence[: _num_needed(model, sentence, vocab)]
        _check_beginning(answer, sentence, wanted)
    return "so much of each picks out the rest, and of what follows a slip, too."


def _check_beginning(answer, sentence, wanted):
    if answer == wanted:
        return
    if answer is None:
        raise TryAgain(
            f"For {sentence!r} it returns None. If no shorter beginning is enough,"
            " return the sentence."
        )
    if not isinstance(answer, str):
        raise TryAgain(f"Return a beginning, a string; this is {short(answer)}.")
    where = f"For {sentence!r} it gives {short(answer)}."
    if wanted == sentence:
        raise TryAgain(f"{where} No shorter beginning is enough: return it whole.")
    if not answer or not sentence.startswith(answer):
        raise TryAgain(f"{where} That is no beginning of it.")
    if len(answer) == len(wanted) + 1:
        raise TryAgain(f"{where} One character fewer is enough, too.")
    if len(answer) > len(wanted):
        raise TryAgain(
            f"{where} A shorter one is enough. Begin with one character, and compare as"
            " many characters as the sentence has."
        )
    raise TryAgain(f"{where} From there the network writes something else.")


def _fresh(model, vocab):
    """What the model writes after each of four characters, and slips at its end."""
    for text in vocab.chars[:4]:
        while len(text) < 12:
            text += vocab.chars[_likeliest(model, text, vocab)[-1]]
        yield text
        yield text[:-1] + [char for char in vocab.chars if char != text[-1]][-1]


def _likeliest(model, text, vocab):
    """The likeliest next index after each character of a text."""
    with torch.no_grad():
        logits, _ = model(one_hot(vocab.encode(text), len(vocab)))
    return logits.argmax(dim=1)


def _num_needed(model, sentence, vocab):
    """The length of the shortest beginning after which every next character is right."""
    if len(sentence) < 2:
        return len(sentence)
    ids = vocab.encode(sentence)
    wrong = (_likeliest(model, sentence[:-1], vocab) != ids[1:]).nonzero()
    return 1 if len(wrong) == 0 else wrong[-1].item() + 2


@exercise
def check_real_cost(real_cost):
    """The mean cost of the real characters of a batch, where padding is -100."""
    torch.manual_seed(0)
    logits = torch.randn(3, 6, 5, dtype=torch.float64)
    target_ids = torch.randint(5, (3, 6))
    target_ids[0, 2:] = target_ids[1, 5:] = -100
    real = target_ids != -100
    costs = functional.cross_entropy(
        logits.transpose(1, 2), target_ids.clamp(min=0), reduction="none"
    )
    kept = costs * real
    means = kept.sum(dim=1) / real.sum(dim=1)
    mistakes = [
        (costs.mean(), "Padding counts in it, as the character 0."),
        (
            kept.sum() / 18,
            "Padding costs nothing in it, but it is still counted: divide by the real characters only.",
        ),
        (means.mean(), "Each text counts the same in it. Each character should."),
        (kept.sum(), "That is the sum. The mean is asked for."),
        (-kept.sum() / 13 + 0, "The sign: a cost is minus the logarithm."),
    ]
    otherwise = "Take the mean of costs at the places where target_ids is not -100."
    answer = as_numbers(call(real_cost, logits, target_ids), 1)
    compare(answer, kept.sum() / real.sum(), mistakes, otherwise)
    return "every real character counts once, and padding not at all."


@exercise
def check_gru_step(gru_step):
    """One step of a GRU from its two sums, against the library's over five steps."""
    torch.manual_seed(0)
    layer = torch.nn.GRU(4, 3, dtype=torch.float64).requires_grad_(False)
    x = 2 * torch.randn(5, 2, 4, dtype=torch.float64)
    from_input = x @ layer.weight_ih_l0.T + layer.bias_ih_l0
    h_prev = torch.cat([torch.zeros_like(x[:1, :, :3]), layer(x)[0][:-1]])
    from_memory = h_prev @ layer.weight_hh_l0.T + layer.bias_hh_l0
    answer = call(gru_step, from_input, from_memory, h_prev)
    if not torch.is_tensor(answer) or answer.shape != h_prev.shape:
        raise TryAgain(f"Return h_t, of the shape of h_prev, not {short(answer)}.")
    (r, z, in_sum), (r_m, z_m, memory) = (
        sums.chunk(3, dim=-1) for sums in (from_input, from_memory)
    )
    r, z, h, n_sum = (r + r_m).sigmoid(), (z + z_m).sigmoid(), h_prev, in_sum + memory
    new_sum = in_sum + r * memory
    new, other, write = new_sum.tanh(), (in_sum + z * memory).tanh(), 1 - z
    mistakes = [
        (write * h + z * new, "z_t says how much is kept, 1 - z_t what is written."),
        (r * h + (1 - r) * other, "The blocks come in PyTorch's order: r, z, n."),
        (z * h + write * n_sum.tanh(), "r_t is missing: it multiplies the memory."),
        (
            z * h + write * (r * n_sum).tanh(),
            "r_t multiplies only what the memory brings.",
        ),
        (z * h + write * new_sum, "n_t lies between -1 and 1: it needs its tanh."),
        (z * h + new, "What is new comes in whole. Write only 1 - z_t of it."),
        (new, "Nothing is kept: z_t times h_prev is missing."),
    ]
    otherwise = "h_t is z_t * h_prev + (1 - z_t) * n_t, each as in the text."
    compare(answer, layer(x)[0], mistakes, otherwise)
    return "your step gives what the library's gives."


@exercise
def check_control(counter, confused):
    """What the control does if a network counts, and if it only is confused."""
    words = ("rise", "fall", "stay")
    said = []
    for answer in (counter, confused):
        text = answer.lower() if isinstance(answer, str) else ""
        said.append([word for word in words if word in text and "not" not in text])
        if len(said[-1]) != 1:
            raise TryAgain(f'Say "rise", "fall" or "stay", not {short(answer)}.')
    (counter,), (confused,) = said
    if counter != "stay":
        raise TryAgain("The first one only counts. How many letters are there?")
    if confused == "stay":
        raise TryAgain(
            "The second one does not count. Each time more is strange to it."
        )
    if confused == "fall":
        raise TryAgain("It ends what is strange. Is there more of that, or less?")
    return "so the control tells the two apart. Now run the next cell."
