"""Lesson 3: what its text claims, its data, exercises, explorers and pictures."""

import fractions
import functools
import math

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from course import finding, run_lesson, stored
from torch.nn import functional

import rnn_helpers as rh
from rnn_helpers.plotting import RIGHT as GREEN

NAME = "03_char_hihell"


@pytest.fixture
def hihell(lesson):
    return lesson(NAME)


# Letters as numbers


@stored("03_char_hihell", "letters-text", "letters")
def test_the_vocabulary_has_the_order_of_the_published_run(hihell):
    assert hihell["vocab"].chars == "hielo"
    assert hihell["input_ids"].tolist() == [0, 1, 0, 2, 3, 3]
    assert hihell["target_ids"].tolist() == [1, 0, 2, 3, 3, 4]
    assert torch.equal(hihell["inputs"].argmax(dim=1), hihell["input_ids"])


# The best without a memory


@finding("03_char_hihell", "sharing-text", "sharing-read", "entropy", "end")
def test_no_answer_without_a_memory_costs_less_than_the_floor(hihell):
    """Every function of the present letter gives one distribution to each letter."""
    _, most_right, floor = hihell["memoryless_best"]("hihello")
    assert most_right == 4 and floor == pytest.approx(4 / 6 * math.log(2))
    ids, targets = hihell["input_ids"], hihell["target_ids"]
    table = torch.zeros(5, 5)
    table[ids, targets] += 1
    shares = table / table.sum(dim=1, keepdim=True).clamp(min=1)
    assert -shares[ids, targets].log().mean().item() == pytest.approx(floor)
    for _ in range(200):
        logits = 3 * torch.randn(5, 5)[ids]
        assert functional.cross_entropy(logits, targets) > floor
        assert (logits.argmax(dim=1) == targets).sum() <= most_right


@finding("03_char_hihell", "sharing", "sharing-read")
def test_one_half_for_each_is_best(hihell):
    mean = torch.stack([*hihell["costs"].values()]).mean(dim=0)
    assert hihell["p"][mean.argmin()].item() == pytest.approx(0.5)
    assert mean.min().item() == pytest.approx(math.log(2), abs=1e-6)


@finding("03_char_hihell", "letters-two-solution")
def test_with_the_present_letter_5_of_bananas_can_be_right(hihell):
    _, most_right, floor = hihell["memoryless_best"]("bananas")
    assert most_right == 5 and f"{floor:.2f}" == "0.32"


@finding("03_char_hihell", "letters-two-solution")
def test_with_the_last_two_letters_bananas_costs_less_and_5_are_right():
    word, followers = "bananas", {}
    for now in range(6):
        pair = word[max(now - 1, 0) : now + 1]
        followers[pair] = followers.get(pair, "") + word[now + 1]
    assert followers == {"b": "a", "ba": "n", "an": "aa", "na": "ns"}
    assert f"{2 * math.log(2) / 6:.2f}" == "0.23"


# The model


@finding("03_char_hihell", "parts-text", "parts")
def test_the_layer_is_the_formula_of_the_text(hihell):
    torch.testing.assert_close(
        torch.tanh(hihell["from_input"] + hihell["from_memory"]), hihell["states"][1:]
    )


@finding("03_char_hihell", "shapes", "shapes-read", "attempt-read")
def test_a_first_state_has_layers_first_whatever_batch_first_says(hihell):
    words = hihell["words"]
    for layer, x in (
        (hihell["batch_layer"], words),
        (hihell["time_layer"], words.transpose(0, 1)),
    ):
        assert layer(x, torch.zeros(1, 3, 4))[1].shape == (1, 3, 4)
        with pytest.raises(RuntimeError, match="hidden size"):
            layer(x, torch.zeros(3, 1, 4))


# Fifteen epochs, to the letter


@stored("03_char_hihell", "memoryless", "published-text")
def test_the_network_without_a_memory_comes_down_to_the_floor(hihell):
    losses, floor = hihell["memoryless_losses"], hihell["floor"]
    assert floor < losses[-1] < floor + 0.001
    after_h = hihell["memoryless_history"][-1][0, 0].softmax(dim=0)
    torch.testing.assert_close(
        after_h[[1, 2]], torch.full((2,), 0.5), rtol=0.01, atol=0
    )


@finding("03_char_hihell", "memoryless-text")
def test_nothing_goes_from_letter_to_letter_in_words_of_one_letter(hihell):
    inputs = hihell["inputs"]
    logits, _ = hihell["run"](hihell["memoryless"], inputs[:, None])
    backward, _ = hihell["run"](hihell["memoryless"], inputs.flip(0)[:, None])
    torch.testing.assert_close(logits, backward.flip(0))


@stored("03_char_hihell", "published", "published-read")
def test_all_fifteen_published_rows_come_back(hihell):
    ours = [
        f"{loss:.3f} {string}"
        for loss, string in zip(hihell["losses"][:15], hihell["strings"])
    ]
    published = hihell["published"]
    assert ours == [" ".join(published[i : i + 2]) for i in range(0, 30, 2)]
    assert ours[0] == "1.756 eeeeee" and ours[14] == "0.322 ihello"


def right_letters(string):
    return sum(a == b for a, b in zip(string, "ihello"))


@stored("03_char_hihell", "published-read", "published-point")
def test_right_letters_and_loss_measure_different_things(hihell):
    losses, strings, floor = (hihell[name] for name in ("losses", "strings", "floor"))
    assert strings[3] == "llllll"
    assert right_letters(strings[8]) == 5 and losses[8] > 1.5 * floor
    assert losses[12] < floor and right_letters(strings[12]) == 5


@stored("03_char_hihell", "curve", "epochs-text")
def test_as_one_word_it_goes_through_the_floor(hihell):
    losses, floor = hihell["losses"], hihell["floor"]
    assert losses[0] > floor > 100 * losses[99]


@stored("03_char_hihell", "epochs-play", "epochs-read")
def test_both_h_are_right_first_in_epoch_10_and_for_good_from_14(hihell):
    both = [string[0] == "i" and string[2] == "e" for string in hihell["strings"]]
    assert both.index(True) + 1 == 10
    assert [epoch for epoch, ok in enumerate(both, 1) if not ok and epoch > 10] == [
        12,
        13,
    ]
    assert [hihell["strings"][epoch][2] for epoch in (11, 12)] == ["h", "h"]


@stored("03_char_hihell", "published", "epochs-play", "epochs-read")
def test_in_epoch_10_all_is_right_and_most_of_it_unsure(hihell):
    assert hihell["strings"][9] == "ihello" and hihell["losses"][9] > hihell["floor"]
    right = hihell["history"][9, 0].softmax(dim=1)[range(6), hihell["target_ids"]]
    assert (right < 0.6).sum() == 4


@functools.cache
def a_hundred_networks():
    """A hundred networks of this lesson, each with what it says at the end."""
    hihell = run_lesson(NAME).names
    inputs, targets = hihell["inputs"][None], hihell["target_ids"][None]
    models = [hihell["make_model"](seed, 5, 4) for seed in range(100)]
    trained = [hihell["train"](model, inputs, targets, 100) for model in models]
    return [(model, history[-1, 0]) for model, (_, history) in zip(models, trained)]


@pytest.mark.wide
@finding("03_char_hihell", "end-notes")
def test_from_each_of_100_seeds_it_spells_the_word(lesson):
    hihell = lesson(NAME)
    for _, logits in a_hundred_networks():
        assert torch.equal(logits.argmax(dim=1), hihell["target_ids"])


@pytest.mark.wide
@finding("03_char_hihell", "end-notes")
def test_with_random_recurrent_weights_40_of_40_spell_the_word_after_300(lesson):
    hihell = lesson(NAME)
    inputs, targets = hihell["inputs"][None], hihell["target_ids"][None]
    for seed in range(40):
        model = hihell["make_model"](seed, 5, 4)
        model[0].requires_grad_(False)
        _, history = hihell["train"](model, inputs, targets, 300)
        assert torch.equal(history[-1, 0].argmax(dim=1), targets[0])


# Where the memory is


@finding("03_char_hihell", "parts-read")
def test_the_part_from_the_input_is_the_same_row_at_both_h(hihell):
    from_input = hihell["from_input"]
    torch.testing.assert_close(from_input[0], from_input[2])


@stored("03_char_hihell", "parts", "parts-read")
def test_the_part_from_the_memory_is_zero_and_then_changes_three_signs(hihell):
    assert (hihell["from_memory"][0] == 0).all()
    signs = hihell["states"][[1, 3]].sign()
    assert (signs[0] != signs[1]).sum() == 3


@stored("03_char_hihell", "swap", "swap-read")
def test_the_answers_change_places_with_the_states(hihell):
    def likeliest(step, before):
        p = hihell["answer"](
            hihell["model"], hihell["inputs"][step], hihell["states"][before]
        )
        return hihell["vocab"].chars[p.argmax()]

    assert [likeliest(0, 0), likeliest(2, 2)] == ["i", "e"]
    assert [likeliest(0, 2), likeliest(2, 0)] == ["e", "i"]


@finding("03_char_hihell", "swap-read", "both-right", "end")
def test_in_an_untrained_network_they_change_places_too(hihell):
    model = hihell["make_model"](5, 5, 4)
    (layer, _), inputs, answer = model, hihell["inputs"], hihell["answer"]
    with torch.no_grad():
        before_second = layer(inputs[:2])[0][-1]
        own, _ = hihell["run"](model, inputs[None])
    zeros = torch.zeros(4)
    torch.testing.assert_close(
        answer(model, inputs[2], zeros), own[0, 0].softmax(dim=0)
    )
    torch.testing.assert_close(
        answer(model, inputs[0], before_second), own[0, 2].softmax(dim=0)
    )


@stored("03_char_hihell", "table", "table-read")
def test_with_three_states_all_letters_get_the_same_answer(hihell):
    columns = ["".join(column) for column in zip(*hihell["answers"])]
    assert columns[2:5] == ["eeeee", "lllll", "lllll"]
    assert columns[0] == "ihloo"  # the followers of h, i, e and l


@stored("03_char_hihell", "misprints-solution")
def test_17_green_cells_have_no_frame_and_16_of_24_misprints_go_unnoticed(hihell):
    word, letters = "hihello", hihell["vocab"].chars
    green = [
        (letter, step)
        for letter, row in zip(letters, hihell["answers"])
        for step, char in enumerate(row)
        if char == word[step + 1] and letter != word[step]
    ]
    assert len(green) == 17
    unnoticed = 0
    for letter, step in green:
        misprint = word[:step] + letter + word[step + 1 : 6]
        ids = hihell["vocab"].encode(misprint)
        logits, _ = hihell["run"](hihell["model"], torch.eye(5)[ids][None])
        unnoticed += hihell["vocab"].decode(logits[0].argmax(dim=1)) == "ihello"
    assert unnoticed == 16


@pytest.mark.wide
@finding("03_char_hihell", "end-notes")
def test_in_100_networks_2_to_19_misprints_go_unnoticed(lesson):
    hihell = lesson(NAME)
    ids, targets = hihell["input_ids"], hihell["target_ids"]
    counts = []
    for model, _ in a_hundred_networks():
        unnoticed = 0
        for step in range(6):
            for letter in range(5):
                misprint = ids.clone()
                misprint[step] = letter
                logits, _ = hihell["run"](model, torch.eye(5)[misprint][None])
                said = logits[0].argmax(dim=1)
                unnoticed += letter != ids[step].item() and torch.equal(said, targets)
        counts.append(unnoticed)
    assert min(counts) == 2 and max(counts) == 19


@stored("03_char_hihell", "generate", "generate-read")
def test_fed_its_own_letters_it_writes_the_word(hihell):
    assert hihell["generate"](hihell["model"], "h", 7) == "hihello"


@stored("03_char_hihell", "word-read")
def test_it_counts_to_six_in_100_epochs_and_to_seven_in_300(hihell, monkeypatch):
    def spelled(word):
        figure, sentence = hihell["learn_word"](word)
        plt.close(figure)
        return sentence.split(" of ")[0].rsplit(" ")[-1] == str(len(word) - 1)

    assert spelled("a" * 6 + "b") and not spelled("a" * 7 + "b")
    monkeypatch.setitem(hihell, "num_epochs", 300)
    assert spelled("a" * 7 + "b")


@finding("03_char_hihell", "word-read")
def test_a_word_without_a_letter_twice_has_a_floor_of_zero(hihell):
    assert hihell["memoryless_best"]("planet")[1:] == (5, 0)


# Handout: when PyTorch complains


@finding("03_char_hihell", "silent-read", "stuck")
def test_a_state_taken_for_logits_costs_at_least_the_least(hihell):
    best = torch.full((5,), -1.0)
    best[2] = 1
    loss = functional.cross_entropy(best, torch.tensor(2)).item()
    assert f"{loss:.3f}" == "0.433"
    for _ in range(100):
        state = 2 * torch.rand(5) - 1
        assert functional.cross_entropy(state, torch.tensor(2)) >= loss


@stored("03_char_hihell", "silent", "silent-read")
def test_without_batch_first_the_loss_stops_at_the_floor(hihell):
    assert hihell["floor"] < hihell["forgotten"][-1] < hihell["floor"] + 0.001


# Data


@pytest.mark.parametrize("word", ["ab", "aa", "hihello", "planet", np.str_("abc" * 99)])
def test_conflicting_steps_are_steps_of_the_word(word):
    first, second = rh.conflicting_steps(word)
    assert 0 <= first <= second < len(word) - 1
    if word[first] != word[second]:
        assert (first, second) == (0, len(word) - 2)


# Exercises


def by_hand(over=1, mean=True, sign=-1, log=torch.log):
    """The mean cross-entropy, or what comes out with something wrong in it."""

    def mean_cross_entropy(logits, target_ids):
        shares = logits.exp() / logits.exp().sum(dim=over, keepdim=True)
        rows = sign * log(shares[torch.arange(len(logits)), target_ids])
        return rows.mean() if mean else rows.sum()

    return mean_cross_entropy


def spelling(
    carry=True, first=None, last=lambda states, output_layer: output_layer(states)
):
    """Read a word letter by letter, or with something wrong in it."""
    kept = [first]

    def read_by_letter(layer, output_layer, inputs):
        rows, h_n = [], kept[0]
        for x_t in inputs:
            states, h_n = layer(x_t.reshape(1, 1, -1), h_n)
            rows.append(last(states[0, 0], output_layer))
        if not carry:
            kept[0] = h_n
        return torch.stack(rows)

    return read_by_letter


def whole_word(layer, output_layer, inputs):
    return output_layer(layer(inputs[None])[0])[0]


def from_the_end(layer, output_layer, inputs):
    return spelling()(layer, output_layer, inputs.flip(0))


def begins_anew(layer, output_layer, inputs):
    rows = [layer(x_t.reshape(1, 1, -1), None)[0][0, 0] for x_t in inputs]
    return output_layer(torch.stack(rows))


def with_keywords(layer, output_layer, inputs):
    rows, h_n = [], None
    for x_t in inputs:
        states, h_n = layer(hx=h_n, input=x_t[None])
        rows.append(output_layer(states[0]).detach())
    return rows


def with_own_recurrence(layer, output_layer, inputs):
    h_t, rows = torch.zeros(layer.hidden_size), []
    for x_t in inputs:
        fresh = x_t @ layer.weight_ih_l0.T + h_t @ layer.weight_hh_l0.T
        h_t = torch.tanh(fresh + layer.bias_ih_l0 + layer.bias_hh_l0)
        rows.append(output_layer(h_t))
    return rows  # a list


torch.manual_seed(269)  # every mistake gives another number there
NETWORK = torch.nn.RNN(3, 4, batch_first=True), torch.nn.Linear(4, 3)
LETTERS = torch.tensor([0, 1, 0, 2])


def unnoticed():
    """Misprints that change no answer of this network, counted in another way."""
    layer, output_layer = NETWORK
    words = torch.cartesian_prod(*4 * [torch.arange(3)])
    near = words[(words != LETTERS).sum(dim=1) == 1]
    with torch.no_grad():
        said = output_layer(layer(torch.eye(3)[near])[0]).argmax(dim=2)
        right = output_layer(layer(torch.eye(3)[LETTERS][None])[0]).argmax(dim=2)
    return (said == right).all(dim=1).sum().item()


UNNOTICED, ROWS = unnoticed(), torch.eye(3)[LETTERS]

# Each foreseen mistake, and a word of the hint that is made for it.
MISTAKES = {
    "check_cross_entropy": [
        ((by_hand(mean=False),), "sum over the steps"),
        ((by_hand(sign=1),), "never negative"),
        ((by_hand(log=torch.log2),), "base 2"),
        ((by_hand(log=torch.log10),), "base 10"),
        ((by_hand(over=0),), "in a row"),
        ((by_hand(over=(0, 1)),), "its own row"),
        (
            (lambda x, t: -x.softmax(1)[torch.arange(7), t].mean().log(),),
            "then the mean",
        ),
        ((lambda x, t: functional.cross_entropy(x.softmax(1), t),), "taken twice"),
        ((lambda x, t: -x[torch.arange(7), t].mean(),), "no probabilities yet"),
        ((lambda x, t: -x.log_softmax(1).mean(),), "Only the letter that came"),
        ((lambda x, t: 0.7,), "Softmax each row"),
    ],
    "check_two_letters": [
        ((5, 0.318), "That is with one letter"),
        ((5, 1.386), "the sum over the six"),
        ((5, 0.1155), "Each of these two steps"),
        ((5, 0.693), "the other four"),
        ((5, 0.333), "base 2"),
        ((4, 0.231), "Count the right ones again"),
        ((3, 0.9), "Write each pair"),
    ],
    "check_read_by_letter": [
        ((whole_word,), "letters at once"),
        ((begins_anew,), "Set it before the loop"),
        ((from_the_end,), "from its end"),
        ((spelling(last=lambda s, f: f(s).softmax(0)),), "probabilities"),
        ((spelling(last=lambda s, f: s),), "Those are the states"),
        ((spelling(carry=False),), "left behind"),
        ((lambda layer, f, x: spelling()(layer, f, x)[-1],), "one row of logits"),
        ((lambda layer, f, x: spelling()(layer, f, x)[-1:].expand(6, 3),), "six times"),
        ((lambda layer, f, x: torch.zeros(6, 3),), "Give each call the state"),
    ],
    "check_misprints": [
        ((UNNOTICED + 4, NETWORK, LETTERS, ROWS), "once at each step"),
        ((UNNOTICED + 1, NETWORK, LETTERS, ROWS), "as a misprint"),
        ((6, NETWORK, LETTERS, ROWS), "own step"),
        ((3, NETWORK, LETTERS, ROWS), "what belongs there"),
        ((8 - UNNOTICED, NETWORK, LETTERS, ROWS), "how many it notices"),
        ((8, NETWORK, LETTERS, ROWS), "Try all of them"),
        ((UNNOTICED, NETWORK, LETTERS.flip(0), ROWS), "change a clone"),
        ((-3, NETWORK, LETTERS, ROWS), "Two loops"),
    ],
}
RIGHT = {
    "check_cross_entropy": [
        (by_hand(),),
        (lambda x, t: (x.logsumexp(1) - x.gather(1, t[:, None])[:, 0]).mean(),),
        (lambda x, t: np.mean([-r.log_softmax(0)[i].item() for r, i in zip(x, t)]),),
        (lambda x, t: [by_hand()(x.float().requires_grad_(), t)],),
        (lambda x, t: -(torch.eye(5)[t] * x.float().log_softmax(1)).sum() / len(t),),
    ],
    "check_two_letters": [
        (5, 0.23),
        (5, math.log(2) / 3),
        (torch.tensor(5), np.float32(0.231)),
        (fractions.Fraction(5), 0.2310),
    ],
    "check_read_by_letter": [
        (spelling(),),
        (spelling(first=torch.zeros(1, 1, 4)),),
        (with_own_recurrence,),
        (with_keywords,),
        (lambda layer, f, x: spelling()(layer, f, x).detach().numpy(),),
    ],
    "check_misprints": [
        (UNNOTICED, NETWORK, LETTERS, ROWS),
        (torch.tensor([UNNOTICED]), NETWORK, LETTERS, ROWS),
        (np.int64(UNNOTICED), NETWORK, LETTERS, ROWS),
    ],
}


# Explorers

EXPLORERS = {"epochs_explorer", "word_explorer"}


def test_a_cell_each_for_the_shortest_word(hihell):
    figure, sentence = hihell["learn_word"]("ab")
    assert "1 of 1 right" in sentence
    assert figure.axes[0].get_xlim() == (-0.5, 0.5)
    plt.close(figure)


# Pictures


TABLE = np.arange(12.0).reshape(3, 4) ** 2


@pytest.mark.parametrize(
    "draw",
    [
        lambda: rh.plot_cost_of_sharing([0.1, 0.5], {"a": [1, 2], "b": [2, 1]}),
        lambda: rh.plot_next_char_probabilities(TABLE / 121, "abc ", "xyz", [0, 1, 2]),
    ],
    ids=["sharing", "chars"],
)
def test_plots_label_both_axes(draw):
    ax = draw()
    assert ax.get_xlabel() and ax.get_ylabel()
    plt.close(ax.figure)


def test_the_lowest_mean_is_marked():
    costs = {"a": [3, 1, 1], "b": [1, 0.5, 3]}
    ax = rh.plot_cost_of_sharing([0.2, 0.5, 0.8], costs)
    assert ax.lines[-1].get_xydata().tolist() == [[0.5, 0.75]]
    plt.close(ax.figure)


def test_heat_maps_have_a_column_a_step():
    ax = rh.plot_next_char_probabilities(TABLE / 121, "abc ", "xyz", [0, 1, 2])
    (mesh,) = ax.collections
    np.testing.assert_allclose(mesh.get_array(), TABLE.T / 121)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["x", "y", "z"]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["a", "b", "c", "␣"]
    plt.close(ax.figure)


@pytest.mark.parametrize("num_steps", [1, 2, 7])
def test_cells_of_heat_maps_are_centred_on_their_steps(num_steps):
    ax = rh.plot_next_char_probabilities(
        np.zeros((num_steps, 3)), "abc", "a" * num_steps, [0] * num_steps
    )
    assert ax.get_xlim() == (-0.5, num_steps - 0.5) and ax.get_ylim() == (2.5, -0.5)
    plt.close(ax.figure)


def test_a_right_answer_is_framed_and_the_likeliest_has_a_dot():
    shares = [[0.1, 0.7, 0.2], [0.6, 0.1, 0.3]]
    ax = rh.plot_next_char_probabilities(shares, "abc", "xy", [1, 2])
    assert ax.lines[0].get_xydata().tolist() == [[0, 1], [1, 0]]
    frames = [patch.get_xy() for patch in ax.patches]
    assert frames == [(-0.5, 0.5), (0.5, 1.5)]
    plt.close(ax.figure)


@pytest.mark.parametrize(
    "chars, labels, targets, message",
    [
        ("abcd", "ab", [0, 1, 2], "got 2 labels, 3 targets and 4 characters"),
        ("abcd", "xyz", [0], "got 3 labels, 1 targets and 4 characters"),
        ("abc", "xyz", [0, 1, 2], "got 3 labels, 3 targets and 3 characters"),
    ],
)
def test_heat_maps_refuse_what_does_not_fit(chars, labels, targets, message):
    with pytest.raises(ValueError, match=message):
        rh.plot_next_char_probabilities(TABLE, chars, labels, targets)


def test_heat_maps_refuse_a_row():
    with pytest.raises(
        ValueError, match=r"must be a table of numbers, got shape \(4,\)"
    ):
        rh.plot_next_char_probabilities(TABLE[0], "abcd", "x", [0])


def test_answers_are_green_where_they_are_right_and_framed_where_they_were_read():
    ax = rh.plot_answers(["ba", "aa"], "ab", "aba")
    cells = {
        patch.get_xy(): patch.get_facecolor() for patch in ax.patches if patch.fill
    }
    green = matplotlib.colors.to_rgba(GREEN)
    assert [xy for xy, colour in cells.items() if colour == green] == [
        (-0.5, -0.5),
        (0.5, -0.5),
        (0.5, 0.5),
    ]
    framed = [patch.get_xy() for patch in ax.patches if not patch.fill]
    assert framed == [(-0.5, -0.5), (0.5, 0.5)]
    assert [text.get_text() for text in ax.texts] == ["b", "a", "a", "a"]
    plt.close(ax.figure)


def test_answers_refuse_what_does_not_fit():
    with pytest.raises(ValueError, match="must have 2 rows of 3, got"):
        rh.plot_answers(["abc"], "ab", "abca")


# Play: what stands in the code, and what a student puts in its place

CHANGES = [
    ('word = "hihello"', 'word = "ab"'),
    ('word = "hihello"', 'word = "aaaa"'),
    ('word = "hihello"', 'word = "planet"'),
    ('word = "hihello"', 'word = "Élève été"'),
    ('word = "hihello"', 'word = "$5 or $6 👋"'),
    ('word = "hihello"', 'word = "supercalifragilistic"'),
    ("[1.0, 2.0, 0.0, 0.0, -1.0]", "[0.0, 0.0, 50.0, 0.0, 0.0]"),
    ("num_hiddens = 4", "num_hiddens = 1"),
    ("num_hiddens = 4", "num_hiddens = 5"),
    ("num_hiddens = 4", "num_hiddens = 40"),
    ("learning_rate = 0.1", "learning_rate = 0"),
    ("learning_rate = 0.1", "learning_rate = 10"),
    ("num_epochs = 100", "num_epochs = 1"),
    ("num_epochs = 100", "num_epochs = 500"),
    ("seed = 777", "seed = 12345"),
    ("(3, num_steps)", "(1, num_steps)"),
    ("length=len(word)", "length=30"),
    ("nn.RNN(", "nn.GRU("),
]
QUICK = {}
REFUSED = [
    ('"hihello"', '""', "text must hold at least one character"),
    ('"hihello"', '"a"', "2 or more points"),
    ('"hihello"', "7", "text must be a string, got 7"),
]


# Numbers from elsewhere

PUBLISHED = {
    "0.23": "held by test_char_hihell.py::"
    "test_with_the_last_two_letters_bananas_costs_less_and_5_are_right",
    "0.32": "held by test_char_hihell.py::"
    "test_with_the_present_letter_5_of_bananas_can_be_right",
}
