"""Lesson 3: what its text claims, its data, exercises, explorers and pictures."""

import fractions
import functools
import math

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from course import announced, finding, read_notebook, run_lesson, stored
from test_every_exercise import wrong_solutions
from torch import nn
from torch.nn import functional

import rnn_helpers as rh
from rnn_helpers.plotting import RIGHT as GREEN

NAME = "03_char_hihell"


@pytest.fixture
def hihell(lesson):
    return lesson(NAME)


@pytest.fixture(autouse=True)
def one_thread():
    """Networks this small are fastest on one core."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


# Many networks side by side: all weights have the networks as their first axis


class Networks:
    """Networks of this lesson, from its own first weights, trained on one word."""

    def __init__(self, word, num_hiddens, seeds=100, heard=None, index=False, scale=1):
        hihell = run_lesson(NAME).names
        self.vocab, self.inputs, self.targets = hihell["encode_word"](word)
        if index:
            self.inputs = self.inputs.argmax(dim=1, keepdim=True).float() / scale
        if heard is not None:
            self.inputs[heard:] = 0
        self.letters = torch.eye(len(self.vocab))
        models = [self.first(hihell, s, num_hiddens, index) for s in range(seeds)]
        self.weights = [torch.stack(w) for w in zip(*(m.parameters() for m in models))]
        self.weights = [w.detach().clone() for w in self.weights]

    def first(self, hihell, seed, num_hiddens, index):
        if not index:
            return hihell["make_model"](seed, len(self.vocab), num_hiddens)
        torch.manual_seed(seed)
        layer = nn.RNN(1, num_hiddens)
        return nn.ModuleList([layer, nn.Linear(num_hiddens, len(self.vocab))])

    def run(self, inputs, state=None):
        """Give logits and states, each (networks, steps, ...); inputs as one word or each."""
        W_xh, W_hh, b_x, b_h, W_hy, b_y = self.weights
        inputs = inputs.expand(len(W_xh), *inputs.shape[-2:])
        summed, states = inputs @ W_xh.mT + (b_x + b_h)[:, None], []
        h_t = torch.zeros_like(b_h) if state is None else state
        for t in range(inputs.shape[1]):
            h_t = torch.tanh(summed[:, t] + (h_t[:, None] @ W_hh.mT)[:, 0])
            states.append(h_t)
        states = torch.stack(states, dim=1)
        return states @ W_hy.mT + b_y[:, None], states

    def train(
        self, num_epochs=100, lr=0.1, optimizer=torch.optim.Adam, trained=range(6)
    ):
        for number, w in enumerate(self.weights):
            w.requires_grad_(number in trained)
        optimizer = optimizer([w for w in self.weights if w.requires_grad], lr)
        for _ in range(num_epochs):
            optimizer.zero_grad()
            self.losses().sum().backward()
            optimizer.step()
        self.weights = [w.detach() for w in self.weights]
        return self

    def losses(self):
        logits, _ = self.run(self.inputs)
        chances = logits.log_softmax(dim=2)
        return -chances[:, range(len(self.targets)), self.targets].mean(dim=1)

    def said(self, text):
        logits, _ = self.run(self.letters[self.vocab.encode(text)])
        return logits.argmax(dim=2)

    def spelled(self):
        logits, _ = self.run(self.inputs)
        return (logits.argmax(dim=2) == self.targets).all(dim=1)

    def share(self):
        return self.spelled().float().mean().item()

    def slope(self):
        """How steep tanh is where the units stand, as a mean of each network."""
        _, states = self.run(self.inputs)
        return (1 - states**2).mean(dim=(1, 2))

    def gradients(self):
        """How large the gradient of the state weights is, in each network."""
        W_hh = self.weights[1].requires_grad_()
        (gradient,) = torch.autograd.grad(self.losses().sum(), W_hh)
        W_hh.requires_grad_(False)
        return gradient.flatten(1).norm(dim=1)

    def only(self, chosen, smaller=1.0):
        """Keep some of the networks, with smaller weights of the recurrent layer."""
        factors = [smaller] * 4 + [1.0] * 2
        self.weights = [f * w[chosen] for f, w in zip(factors, self.weights)]
        return self


@functools.cache
def learned(word, num_hiddens, num_epochs=100, lr=0.1, **how):
    return Networks(word, num_hiddens, **how).train(num_epochs, lr)


@finding("03_char_hihell", "end-notes")
def test_side_by_side_they_learn_as_in_the_lesson(hihell):
    networks = Networks("hihello", 4, seeds=2).train(20)
    for seed in range(2):
        model = hihell["make_model"](seed, 5, 4)
        inputs, targets = networks.inputs[None], networks.targets[None]
        hihell["train"](model, inputs, targets, 20, 0.1)
        logits, _ = model(inputs)
        torch.testing.assert_close(
            networks.run(inputs)[0][seed], logits[0].detach(), rtol=0.01, atol=0.01
        )


# Letters as numbers


@stored("03_char_hihell", "letters-text", "letters")
def test_the_vocabulary_has_the_order_of_the_published_run(hihell):
    assert hihell["vocab"].chars == "hielo"
    assert hihell["inputs"].argmax(dim=1).tolist() == [0, 1, 0, 2, 3, 3]
    assert hihell["targets"].tolist() == [1, 0, 2, 3, 3, 4]


@pytest.mark.wide
@finding("03_char_hihell", "letters-index")
def test_the_index_serves_a_short_word_and_not_one_of_16_letters():
    long = "entscheidungsproblem"
    assert len(set(long)) == 16
    assert learned("hihello", 4, index=True).share() > 0.9
    assert learned(long, 4, seeds=60).share() == pytest.approx(0.6, abs=0.1)
    assert learned(long, 4, seeds=60, index=True).share() < 0.1
    for num_hiddens, lr in ((4, 0.1), (4, 0.03), (8, 0.1)):
        one_hot, index = (
            Networks(long, num_hiddens, seeds=30, index=index).train(300, lr).share()
            for index in (False, True)
        )
        assert index < one_hot
    smaller = learned(long, 4, seeds=60, index=True, scale=16).share()
    assert smaller == pytest.approx(0.5, abs=0.12)
    for index in (False, True):
        assert learned(long, 8, seeds=60, index=index).share() > 0.85


# The best without a memory


@finding("03_char_hihell", "entropy-solution")
def test_exp_of_100_is_too_large_for_float32_and_cross_entropy_does_without():
    logits = torch.tensor([[100.0, 0.0]], dtype=torch.float32)
    assert logits.exp()[0, 0].isinf()
    assert functional.cross_entropy(logits, torch.tensor([1])) == 100


@finding("03_char_hihell", "sharing-text", "sharing-read", "entropy", "end")
def test_no_answer_without_a_memory_costs_less_than_the_floor(hihell):
    """Every function of the present letter gives one distribution to each letter."""
    ids, targets = hihell["inputs"].argmax(dim=1), hihell["targets"]
    size, floor = hihell["vocab_size"], hihell["floor"]
    table = torch.zeros(size, size)
    table.index_put_((ids, targets), torch.ones(len(ids)), accumulate=True)
    shares = table / table.sum(dim=1, keepdim=True).clamp(min=1)
    assert -shares[ids, targets].log().mean().item() == pytest.approx(floor)
    for _ in range(200):
        logits = 3 * torch.randn(size, size)[ids]
        assert functional.cross_entropy(logits, targets) > floor
        assert (logits.argmax(dim=1) == targets).sum() <= table.amax(dim=1).sum()


@stored("03_char_hihell", "sharing-text", "sharing-read", "floor")
def test_of_hihell_4_can_be_right_and_the_floor_is_two_thirds_of_ln_2(hihell):
    assert hihell["followers_of"]("hihello") == {
        "h": "ie",
        "i": "h",
        "e": "l",
        "l": "lo",
    }
    assert hihell["floor"] == pytest.approx(4 / 6 * math.log(2))


@finding("03_char_hihell", "sharing", "sharing-read")
def test_one_half_for_each_is_best(hihell):
    mean = torch.stack([*hihell["costs"].values()]).mean(dim=0)
    assert hihell["p"][mean.argmin()].item() == pytest.approx(0.5)
    assert mean.min().item() == pytest.approx(math.log(2), abs=1e-6)


@finding("03_char_hihell", "letters-two-solution")
def test_with_the_present_letter_5_of_bananas_can_be_right(hihell):
    followers = hihell["followers_of"]("bananas")
    assert followers == {"b": "a", "a": "nns", "n": "aa"}  # all but one
    assert f"{hihell['floor_of']('bananas'):.2f}" == "0.32"


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


@finding("03_char_hihell", "shapes", "shapes-read", "handout", "end")
def test_a_first_state_has_layers_first_whatever_batch_first_says(hihell):
    words, size = hihell["words"], hihell["num_hiddens"]
    for layer, x in (
        (hihell["batch_layer"], words),
        (hihell["time_layer"], words.transpose(0, 1)),
    ):
        assert layer(x)[1].shape == (1, 3, size)
        layer(x, torch.zeros(1, 3, size))
        with pytest.raises(RuntimeError, match="hidden size"):
            layer(x, torch.zeros(3, 1, size))


@pytest.mark.wide
@finding("03_char_hihell", "model-why", "end-notes")
def test_eight_units_learn_the_word_as_four_do_two_less_often_and_one_hardly_ever():
    for num_epochs, lr in ((100, 0.1), (300, 0.03)):
        sizes = (1, 2, 3, 4, 8)
        shares = {n: learned("hihello", n, num_epochs, lr).share() for n in sizes}
        assert shares[1] < 0.15 and shares[3] > 0.9
        assert shares[4] > 0.98 and shares[8] > 0.98
        assert shares[2] == pytest.approx(0.75, abs=0.1)


# Fifteen epochs, to the letter


@pytest.mark.wide
@finding("03_char_hihell", "train-adam")
def test_plain_descent_learns_the_word_too_at_a_rate_near_one():
    def share(optimizer, lr):
        return Networks("hihello", 4, 60).train(100, lr, optimizer).share()

    slow, fast = (share(torch.optim.SGD, lr) for lr in (0.1, 1))
    assert slow < 0.6 and fast > 0.9 and share(torch.optim.Adam, 0.1) > 0.95


@stored("03_char_hihell", "memoryless", "published-text")
def test_the_network_without_a_memory_comes_down_to_the_floor(hihell):
    losses, floor = hihell["single_losses"], hihell["floor"]
    assert floor < losses[-1] < floor + 0.001
    after_h = hihell["single_snapshots"][-1, 0, 0].softmax(dim=0)
    torch.testing.assert_close(
        after_h[[1, 2]], torch.full((2,), 0.5), rtol=0.01, atol=0
    )


@finding("03_char_hihell", "memoryless-text", "handout")
def test_nothing_goes_from_letter_to_letter_in_words_of_one_letter(hihell):
    inputs = hihell["inputs"]
    logits, _ = hihell["single"](inputs[:, None])
    backward, _ = hihell["single"](inputs.flip(0)[:, None])
    torch.testing.assert_close(logits, backward.flip(0))
    assert all(loss > hihell["floor"] for loss in hihell["single_losses"])


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
    assert right_letters(strings[8]) == 5 and losses[8] > 1.5 * floor
    assert losses[12] < floor and right_letters(strings[12]) == 5


@finding("03_char_hihell", "epochs-text", but=["learning_rate = 1"])
def test_as_one_word_it_goes_through_the_floor(hihell):
    losses, floor = hihell["losses"], hihell["floor"]
    assert losses[0] > floor > 2 * losses[-1]
    assert hihell["strings"][-1] == hihell["word"][1:]


@stored("03_char_hihell", "curve")
def test_the_curves_are_as_the_picture_says(hihell):
    assert hihell["floor"] > 100 * hihell["losses"][99]


@announced("03_char_hihell", "train", "word-read", at="learning_rate = 0.03")
def test_at_a_lower_rate_the_word_is_learned_more_slowly(hihell):
    assert hihell["strings"][-1] == "ihello"
    assert hihell["losses"][-1] > 3 * run_lesson(NAME).names["losses"][-1]


@announced("03_char_hihell", "train", "word-read", at="learning_rate = 1")
def test_at_a_rate_of_1_all_units_stand_at_their_ends_and_the_loss_at_the_floor(hihell):
    assert abs(hihell["losses"][-1] - hihell["floor"]) < 0.05
    assert (hihell["states"][1:].abs() > 0.99).all()


@pytest.mark.wide
@finding("03_char_hihell", "word-read")
def test_at_a_rate_of_1_one_seed_in_five_learns_the_word():
    networks = learned("hihello", 4, lr=1)
    assert networks.share() == pytest.approx(0.2, abs=0.1)
    assert networks.slope().median() < 0.01


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
def test_in_epoch_10_all_is_right_and_two_of_six_are_sure(hihell):
    assert hihell["strings"][9] == "ihello" and hihell["losses"][9] > hihell["floor"]
    right = hihell["snapshots"][9, 0].softmax(dim=1)[range(6), hihell["targets"]]
    assert (right > 0.7).sum() == 2 and (right < 0.6).sum() == 4


@pytest.mark.wide
@finding("03_char_hihell", "end-notes", "epochs-text")
def test_from_each_of_100_seeds_it_spells_the_word():
    assert learned("hihello", 4).share() == 1
    assert learned("hihello", 4, lr=0.03).share() == 1
    for num_hiddens, num_epochs in ((4, 30), (4, 1000), (8, 100)):
        assert learned("hihello", num_hiddens, num_epochs).share() > 0.95
    for networks in (learned("hihello", 4), learned("anagram", 4)):
        floor = run_lesson(NAME).names["floor_of"]("hihello")
        assert (networks.losses() < floor / 2).float().mean() > 0.98


@pytest.mark.wide
@finding("03_char_hihell", "end-notes")
def test_with_random_recurrent_weights_40_of_40_spell_the_word_after_300():
    networks = Networks("hihello", 4, seeds=40).train(300, trained=(4, 5))
    assert networks.share() == 1


# A memory that is not used


@stored("03_char_hihell", "unused", "unused-read", "unused-why")
def test_ours_stays_on_the_floor_with_bananas_and_its_units_at_their_ends(hihell):
    floor = hihell["floor_of"]("bananas")
    assert floor < hihell["banana_losses"][-1] < floor + 0.001
    states = hihell["banana_states"].detach()
    torch.testing.assert_close(states[[1, 3]], states[[3, 5]], rtol=0, atol=0.01)
    assert (states.abs() > 0.9).all() and (states[1:].abs() > 0.99).all()


@finding("03_char_hihell", "unused-why", "end")
def test_on_the_way_back_each_unit_multiplies_the_gradient_by_its_slope(hihell):
    layer, inputs = hihell["model"].layer, hihell["inputs"][:1]
    h_prev = torch.zeros(1, layer.hidden_size, requires_grad=True)
    h_t, _ = layer(inputs, h_prev)
    above = torch.randn_like(h_t)
    (arrived,) = torch.autograd.grad(h_t, h_prev, above)
    expected = (above * (1 - h_t**2)) @ layer.weight_hh_l0
    torch.testing.assert_close(arrived, expected)


@announced("03_char_hihell", "unused", "word-read", at="banana_units = 8")
def test_with_eight_units_ours_learns_bananas(hihell):
    assert hihell["banana_losses"][-1] < hihell["floor_of"]("bananas") / 10
    states = hihell["banana_states"].detach()[1::2]  # after the three a
    assert torch.pdist(states).min() > 0.5


@pytest.mark.wide
@finding("03_char_hihell", "unused-cure", "word-read", "end")
def test_more_units_or_smaller_steps_learn_bananas_and_other_words():
    four, eight, patient = (
        learned("bananas", num_hiddens, num_epochs, lr).share()
        for num_hiddens, num_epochs, lr in (
            (4, 100, 0.1),
            (8, 100, 0.1),
            (4, 1000, 0.03),
        )
    )
    assert four == pytest.approx(0.5, abs=0.12) and min(eight, patient) > 0.9
    assert learned("bananas", 8, 30).share() > learned("bananas", 4, 30).share() + 0.2
    assert learned("mississippi", 4).share() == pytest.approx(0.7, abs=0.08)
    assert learned("mississippi", 8).share() > 0.9
    assert learned("mississippi", 4, 1000, 0.03).share() > 0.9
    assert learned("a" * 6 + "b", 4).share() > 0.9
    assert learned("a" * 7 + "b", 4).share() == pytest.approx(0.7, abs=0.08)
    assert learned("a" * 7 + "b", 8).share() == pytest.approx(0.88, abs=0.06)


@pytest.mark.wide
@finding("03_char_hihell", "word-read", "end", "end-notes")
def test_sixteen_units_are_not_better_than_eight_and_smaller_steps_always_help():
    six, seven = "a" * 6 + "b", "a" * 7 + "b"
    assert learned(six, 16).share() < learned(six, 8).share() - 0.05
    assert learned(seven, 16).share() < learned(seven, 8).share() + 0.05
    for word, share in ((six, 0.88), (seven, 0.82), ("bananas", 1), ("mississippi", 1)):
        assert learned(word, 16).share() == pytest.approx(share, abs=0.08)
    for word in (six, seven, "bananas", "mississippi"):
        for num_hiddens in (4, 8):
            careful = learned(word, num_hiddens, 1000, 0.03, seeds=40).share()
            assert careful > 0.95
            assert careful >= learned(word, num_hiddens).share() - 0.02


@pytest.mark.wide
@finding("03_char_hihell", "unused-why", "word-read")
def test_of_the_stuck_a_new_adam_frees_many_and_the_old_one_few():
    for lr in (0.1, 0.05):
        stuck = ~learned("bananas", 4, 100, lr).spelled()
        anew = Networks("bananas", 4).train(100, lr).only(stuck).train(100, lr).share()
        going_on = learned("bananas", 4, 200, lr).spelled()[stuck].float().mean()
        assert anew > going_on + 0.3
    late = learned("bananas", 4, 1000).share()
    assert late == pytest.approx(0.75, abs=0.08)


@pytest.mark.wide
@finding("03_char_hihell", "unused-why", "end", "end-notes")
def test_those_that_do_not_learn_stand_where_tanh_is_flat_and_smaller_weights_free_them():
    for word, num_hiddens, num_epochs, lr in (
        ("bananas", 4, 100, 0.1),
        ("bananas", 4, 100, 0.03),
        ("bananas", 4, 1000, 0.1),
        ("mississippi", 4, 100, 0.1),
        ("mississippi", 4, 100, 0.03),
    ):
        networks = learned(word, num_hiddens, num_epochs, lr)
        slope, right = networks.slope(), networks.spelled()
        assert slope[~right].median() < 0.7 * slope[right].median()
    for num_hiddens, lr in ((4, 0.1), (4, 0.03), (8, 0.1)):
        early = learned("bananas", num_hiddens, 25, lr)
        right = learned("bananas", num_hiddens, 100, lr).spelled()
        gradients = early.gradients()
        assert gradients[~right].median() < 0.5 * gradients[right].median()
    right = learned("bananas", 4).spelled()
    as_they_are, smaller = (
        Networks("bananas", 4).train().only(~right, factor).train().share()
        for factor in (1, 0.3)
    )
    assert 0.65 < as_they_are < 0.92 and smaller > 0.98


@finding("03_char_hihell", "word-read")
def test_a_word_without_a_letter_twice_has_a_floor_of_zero(hihell):
    assert hihell["floor_of"]("planet") == 0


# Where the memory is


@finding("03_char_hihell", "parts-read", "model-text", "model-read")
def test_the_part_from_the_input_is_the_same_row_at_both_h(hihell):
    from_input, steps = hihell["from_input"], [hihell["first"], hihell["second"]]
    assert len({hihell["word"][step] for step in steps}) == 1
    torch.testing.assert_close(from_input[steps[0]], from_input[steps[1]])


@stored("03_char_hihell", "parts", "parts-read")
def test_the_part_from_the_memory_is_zero_and_then_turns_three_signs(hihell):
    assert (hihell["from_memory"][0] == 0).all()
    signs = hihell["states"][[1, 3]].sign()
    assert (signs[0] != signs[1]).sum() == 3


@finding("03_char_hihell", "model-read", "both-right", "end")
def test_exchanged_states_exchange_the_answers_in_any_network(hihell):
    first, second, inputs = (hihell[key] for key in ("first", "second", "inputs"))
    untrained = hihell["make_model"](5, hihell["vocab_size"], hihell["num_hiddens"])
    for model in (hihell["model"], untrained):
        with torch.no_grad():
            own, _ = model(inputs)
            before = [
                model(inputs[:step])[1] if step else None for step in (first, second)
            ]
            at_first, _ = model(inputs[first : first + 1], before[1])
            at_second, _ = model(inputs[second : second + 1], before[0])
        torch.testing.assert_close(at_first[0], own[second])
        torch.testing.assert_close(at_second[0], own[first])


@stored("03_char_hihell", "table", "table-read")
def test_with_three_states_all_letters_get_the_same_answer(hihell):
    columns = ["".join(column) for column in zip(*hihell["answers"])]
    assert columns[2:5] == ["eeeee", "lllll", "lllll"]
    assert columns[0] == "ihloo"  # the followers of h, i, e and l


# Let it write


@stored("03_char_hihell", "generate", "generate-read")
def test_it_writes_its_word_then_goes_round_and_after_hell_says_l(hihell):
    text = hihell["generate"](hihell["model"], "h", 60)
    assert text.startswith("hihello") and text[10:53] == text[17:60]
    assert hihell["generate"](hihell["model"], "hell", 5) == "helll"


@stored("03_char_hihell", "dictate", "dictate-read", "deaf-read", "end-notes")
def test_whatever_it_hears_ours_goes_on_with_its_word(hihell):
    model, says = hihell["model"], hihell["says"]
    assert says(model, "hihell") == says(model, "hiiiii") == "ihello"
    assert says(model, "hioooo") == "ihello" != says(model, "hihhhh")
    assert says(model, "hihe")[-1] == says(model, "hell")[-1] == "l"


@stored("03_char_hihell", "deaf", "deaf-read", "dictate-read")
def test_another_seed_spells_the_word_from_its_first_letter_and_777_misses_one(hihell):
    logits = hihell["deaf_logits"][-1, 0]
    assert hihell["vocab"].decode(logits.argmax(dim=1)) == "ihello"
    ours = hihell["make_model"](777, 5, 4)
    heard, targets = hihell["heard"][None], hihell["targets"][None]
    _, snapshots = hihell["train"](ours, heard, targets, 100, 0.1)
    assert hihell["vocab"].decode(snapshots[-1, 0].argmax(dim=1)) == "ihelll"


@pytest.mark.wide
@finding("03_char_hihell", "deaf-read", "end", "end-notes")
def test_from_the_first_letter_alone_nearly_all_networks_spell_the_word():
    for num_hiddens, num_epochs, lr in (
        (4, 100, 0.1),
        (8, 100, 0.1),
        (4, 1000, 0.1),
        (4, 300, 0.03),
    ):
        networks = learned("hihello", num_hiddens, num_epochs, lr, heard=1)
        assert networks.share() > 0.95
    assert learned("anagram", 4, heard=1).share() > 0.95
    assert learned("bananas", 8, heard=1).share() > 0.85
    assert learned("mississippi", 8, 1000, 0.03, heard=1, seeds=40).share() > 0.9


@pytest.mark.wide
@finding("03_char_hihell", "dictate-read")
def test_few_networks_say_the_word_to_hiiiii_more_with_eight_units():
    few, more = (
        (learned("hihello", n).said("hiiiii") == learned("hihello", n).targets)
        .all(dim=1)
        .float()
        .mean()
        .item()
        for n in (4, 8)
    )
    assert few <= 0.06 and more == pytest.approx(0.3, abs=0.12)


@pytest.mark.wide
@finding("03_char_hihell", "end-notes")
def test_after_two_right_letters_many_answers_are_those_of_the_word_anyway():
    for num_hiddens, expected in ((4, 0.5), (8, 0.75)):
        networks = learned("hihello", num_hiddens, seeds=60)
        generator, shares = torch.Generator().manual_seed(0), []
        for _ in range(60):
            ids = torch.randint(5, (6,), generator=generator)
            ids[:2] = torch.tensor([0, 1])
            right = networks.run(torch.eye(5)[ids])[0].argmax(dim=2) == networks.targets
            shares.append(right[:, 2:].float().mean().item())
        assert np.mean(shares) == pytest.approx(expected, abs=0.06)
    commonest = networks.targets[2:].bincount().max() / 4
    assert commonest == 0.5


@pytest.mark.wide
@finding("03_char_hihell", "end-notes", "deaf-read")
def test_after_hell_a_quarter_and_with_eight_units_half_say_something_else():
    for num_hiddens, expected in ((4, 0.25), (8, 0.5)):
        networks = learned("hihello", num_hiddens)
        other = networks.said("hell")[:, -1] != networks.vocab.encode("o")
        assert other.float().mean().item() == pytest.approx(expected, abs=0.1)


def misprints(word, letters):
    return [
        word[:step] + letter + word[step + 1 : -1]
        for step in range(len(word) - 1)
        for letter in letters
        if letter != word[step]
    ]


@stored("03_char_hihell", "misprints-exercise", "misprints-solution")
def test_17_green_cells_have_no_frame_and_16_of_24_misprints_go_unnoticed(hihell):
    word, letters = "hihello", hihell["vocab"].chars
    green = [
        (letter, step)
        for letter, row in zip(letters, hihell["answers"])
        for step, char in enumerate(row)
        if char == word[step + 1] and letter != word[step]
    ]
    assert len(green) == 17
    said = [hihell["says"](hihell["model"], text) for text in misprints(word, letters)]
    assert len(said) == 24 and said.count("ihello") == 16


@pytest.mark.wide
@finding("03_char_hihell", "misprints-solution")
def test_in_100_networks_the_median_of_unnoticed_misprints_is_11_and_more_with_8():
    for num_hiddens, expected in ((4, 11), (8, 18)):
        networks = learned("hihello", num_hiddens)
        counts = sum(
            (networks.said(text) == networks.targets).all(dim=1).int()
            for text in misprints("hihello", networks.vocab.chars)
        )
        assert counts.median().item() == pytest.approx(expected, abs=1)
        assert counts.min() <= 0.7 * expected and counts.max() >= 1.2 * expected


# Handout: when PyTorch complains


@finding("03_char_hihell", "handout")
def test_pytorch_complains_in_the_words_of_the_handout():
    (handout,) = (c.source for c in read_notebook(NAME).cells if c.id == "handout")
    ids = torch.tensor([[0, 1, 0, 2, 3, 3], [1, 0, 2, 3, 3, 4], [4, 3, 2, 1, 0, 4]])
    layer, output_layer = nn.RNN(5, 4, batch_first=True), nn.Linear(4, 5)
    words, cost = rh.one_hot(ids, 5), functional.cross_entropy
    states, h_n = layer(words)
    logits = output_layer(states)
    states.sum().backward()
    for wrong in (
        lambda: layer(rh.one_hot(ids, 6)),
        lambda: layer(words, torch.zeros(3, 1, 4)),
        lambda: cost(logits, ids),
        lambda: cost(states.flatten(0, 1), ids.flatten()),
        lambda: layer(words, h_n)[0].sum().backward(),
    ):
        with pytest.raises((RuntimeError, IndexError)) as complaint:
            wrong()
        assert str(complaint.value).partition(" (or directly")[0] in handout
    layer(words, torch.zeros(1, 3, 4))
    cost(logits.flatten(0, 1), ids.flatten())
    layer(words, h_n.detach())[0].sum().backward()


@finding("03_char_hihell", "handout")
def test_with_as_many_steps_as_letters_there_is_only_a_wrong_loss():
    logits, ids = torch.randn(3, 5, 5), torch.randint(5, (3, 5))
    right = functional.cross_entropy(logits.flatten(0, 1), ids.flatten())
    assert abs(functional.cross_entropy(logits, ids) - right) > 0.01


@finding("03_char_hihell", "handout")
def test_a_state_taken_for_logits_costs_at_least_the_least():
    best = torch.full((5,), -1.0)
    best[2] = 1
    loss = functional.cross_entropy(best, torch.tensor(2)).item()
    assert f"{loss:.3f}" == "0.433"
    for _ in range(100):
        state = 2 * torch.rand(5) - 1
        assert functional.cross_entropy(state, torch.tensor(2)) >= loss


@finding("03_char_hihell", "handout")
def test_without_batch_first_a_word_is_taken_for_words_of_one_letter():
    layer, inputs = nn.RNN(5, 4), rh.one_hot([0, 1, 0, 2, 3, 3], 5)
    states, _ = layer(inputs[None])
    alone = [layer(x[None, None])[0][0, 0] for x in inputs]
    torch.testing.assert_close(states[0], torch.stack(alone))


# Data


@pytest.mark.parametrize("word", ["ab", "aa", "hihello", "planet", np.str_("abc" * 99)])
def test_conflicting_steps_are_steps_of_the_word(word):
    first, second = rh.conflicting_steps(word)
    assert 0 <= first <= second < len(word) - 1
    if word[first] != word[second]:
        assert (first, second) == (0, len(word) - 2)


# Exercises


@finding(
    "03_char_hihell",
    "entropy-solution",
    "letters-two-solution",
    "by-letter-solution",
    "misprints-solution",
)
def test_published_solutions_are_correct(lesson):
    assert not wrong_solutions(NAME, lesson(NAME))


def by_hand(over=1, mean=True, sign=-1, log=torch.log):
    """The mean cross-entropy, or what comes out with something wrong in it."""

    def mean_cross_entropy(logits, target_ids):
        shares = logits.exp() / logits.exp().sum(dim=over, keepdim=True)
        rows = sign * log(shares[torch.arange(len(logits)), target_ids])
        return rows.mean() if mean else rows.sum()

    return mean_cross_entropy


def reading(carry=True, first=None, pass_on=True, last=lambda logits: logits):
    """Read a word letter by letter, or with something wrong in it."""
    kept = [first]

    def read_by_letter(model, inputs):
        rows, h_t = [], kept[0]
        for x_t in inputs:
            logits, h_new = model(x_t.reshape(1, 1, -1), h_t)
            h_t = h_new if pass_on else h_t
            rows.append(last(logits[0, 0]))
        if not carry:
            kept[0] = h_t
        return torch.stack(rows)

    return read_by_letter


def whole_word(model, inputs):
    return model(inputs[None])[0][0]


def in_pairs(model, inputs):
    rows, h_t = [], None
    for pair in inputs.split(2):
        logits, h_t = model(pair[None], h_t)
        rows.append(logits[0])
    return torch.cat(rows)


def states_only(model, inputs):
    rows, h_t = [], None
    for x_t in inputs:
        states, h_t = model.layer(x_t.reshape(1, 1, -1), h_t)
        rows.append(states[0, 0])
    return torch.stack(rows)


def with_keywords(model, inputs):
    rows, h_t = [], None
    for x_t in inputs:
        logits, h_t = model(h_prev=h_t, x=x_t[None])
        rows.append(logits[0].detach())
    return rows


def with_own_recurrence(model, inputs):
    layer = model.layer
    h_t, rows = torch.zeros(layer.hidden_size), []
    for x_t in inputs:
        fresh = x_t @ layer.weight_ih_l0.T + h_t @ layer.weight_hh_l0.T
        h_t = torch.tanh(fresh + layer.bias_ih_l0 + layer.bias_hh_l0)
        rows.append(model.output_layer(h_t))
    return rows  # a list


torch.manual_seed(269)  # every mistake gives another number there
LAYER, OUTPUT_LAYER = nn.RNN(3, 4, batch_first=True), nn.Linear(4, 3)


def network(x, h_prev=None):
    states, h_t = LAYER(x, h_prev)
    return OUTPUT_LAYER(states), h_t


def count_unnoticed(letters):
    """Misprints that change no answer of this network, counted in another way."""
    letters = torch.tensor(letters)
    words = torch.cartesian_prod(*len(letters) * [torch.arange(3)])
    near = words[(words != letters).sum(dim=1) == 1]
    with torch.no_grad():
        said = network(torch.eye(3)[near])[0].argmax(dim=2)
        right = network(torch.eye(3)[letters][None])[0].argmax(dim=2)
    return (said == right).all(dim=1).sum().item()


UNNOTICED = count_unnoticed([0, 1, 0, 2])  # of "abacb", read but for its last letter

# Each foreseen mistake, and a word of the hint that is made for it.
MISTAKES = {
    "check_cross_entropy": [
        ((by_hand(mean=False),), "sum over the steps"),
        ((by_hand(sign=1),), "never negative"),
        ((by_hand(log=torch.log2),), "base 2"),
        ((by_hand(over=0),), "in each row"),
        ((by_hand(over=(0, 1)),), "its own row"),
        (
            (lambda x, t: -x.softmax(1)[torch.arange(7), t].mean().log(),),
            "then the mean",
        ),
        ((by_hand(sign=1, log=lambda p: p),), "Those are probabilities"),
        ((by_hand(log=lambda p: p),), "logarithm is missing"),
        ((lambda x, t: functional.cross_entropy(x.softmax(1), t),), "taken twice"),
        ((lambda x, t: -x[torch.arange(7), t].mean(),), "no probabilities yet"),
        ((lambda x, t: -x.log_softmax(1).mean(),), "Only the letter that came"),
        ((lambda x, t: 0.7,), "Softmax each row"),
    ],
    "check_two_letters": [
        ((5, 0.318), "That is with one letter"),
        ((5, 1.386), "the sum over the six"),
        ((5, 0.1155), "Each of these steps"),
        ((5, 0.693), "the other four"),
        ((5, 0.333), "base 2"),
        ((4, 0.231), "Count the right ones again"),
        ((3, 0.9), "Write each pair"),
    ],
    "check_read_by_letter": [
        ((whole_word,), "6 letters at once"),
        ((in_pairs,), "2 letters at once"),
        ((reading(first=torch.zeros(1, 1, 4), pass_on=False),), "Pass on what"),
        ((reading(pass_on=False),), "Pass on what"),
        ((lambda model, x: model(x[:, None])[0][:, 0],), "Pass on what"),
        ((reading(first=torch.ones(1, 1, 4)),), "begin with zeros"),
        ((reading(first=torch.ones(1, 1, 4), pass_on=False),), "begin with zeros"),
        ((reading(last=lambda logits: logits.softmax(0)),), "probabilities"),
        ((states_only,), "Those are the states"),
        ((reading(carry=False),), "left behind"),
        ((lambda model, x: reading()(model, x)[-1],), "one row of logits"),
        ((lambda model, x: reading()(model, x)[-1:].expand(6, 3),), "six times"),
        ((lambda model, x: torch.zeros(6, 3),), "Give each call the state"),
        ((lambda model, x: reading()(model, x).argmax(dim=1),), "Those are letters"),
    ],
    "check_misprints": [
        ((UNNOTICED + 4, network, "abacb"), "once at each step"),
        ((UNNOTICED + 1, network, "abacb"), "as a misprint"),
        ((6, network, "abacb"), "own step"),
        ((3, network, "abacb"), "what belongs there"),
        ((8 - UNNOTICED, network, "abacb"), "how many it notices"),
        ((8, network, "abacb"), "Try all of them"),
        ((12, network, "abacb"), "only 8 misprints"),
        ((-3, network, "abacb"), "Two loops"),
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
        (reading(),),
        (reading(first=torch.zeros(1, 1, 4)),),
        (with_own_recurrence,),
        (with_keywords,),
        (lambda model, x: reading()(model, x).detach().numpy(),),
    ],
    "check_misprints": [
        (UNNOTICED, network, "abacb"),
        (torch.tensor([UNNOTICED]), network, "abacb"),
        (np.int64(UNNOTICED), network, "abacb"),
    ],
}


class Parrot:
    """A network that says a word, at any letters, or only at the right ones."""

    def __init__(self, word, reads):
        vocab = rh.CharVocab.in_order(word)
        ids = vocab.encode(word)
        self.right = rh.one_hot(ids[1:], len(vocab))
        self.inputs, self.reads = rh.one_hot(ids[:-1], len(vocab)), reads

    def __call__(self, x, h_prev=None):
        if self.reads and not torch.equal(x[0], self.inputs):
            return torch.zeros_like(self.right)[None], None
        return self.right[None], None


def test_the_reason_of_the_misprints_is_that_of_the_count(said):
    check = rh.check_misprints
    assert "reads over it" in said(check, 24, Parrot("hihello", reads=False), "hihello")
    assert "Most misprints change" in said(check, 0, Parrot("hihello", True), "hihello")
    assert "it does not spell" in said(check, UNNOTICED, network, "abacb")


# Explorers

EXPLORERS = {"epochs_explorer", "word_explorer"}


def test_an_epoch_is_shown_with_its_own_letters_and_loss(hihell):
    for epoch in (1, 9, 40):
        figure, sentence = hihell["show_epoch"](epoch)
        likeliest = hihell["snapshots"][epoch - 1, 0].argmax(dim=1)
        spelled = hihell["vocab"].decode(likeliest)
        assert figure.axes[0].get_title() == f"epoch {epoch}: {spelled}"
        loss = hihell["losses"][epoch - 1]
        assert f"it spells {spelled}. Loss {loss:.3f}, " in sentence
        plt.close(figure)


def test_a_cell_each_for_the_shortest_word(hihell):
    figure, sentence = hihell["learn_word"]("ab", 4)
    assert "4 units: 'a' gives 'b'; right: 'b'." in sentence
    assert figure.axes[0].get_xlim() == (-0.5, 0.5)
    plt.close(figure)


def test_the_seed_of_the_lesson_is_that_of_your_word_too(hihell, monkeypatch):
    learn_word = hihell["learn_word"]
    for seed in (hihell["seed"], 5):
        monkeypatch.setitem(learn_word.__globals__, "seed", seed)
        figure, sentence = learn_word("bananas", 4)
        plt.close(figure)
        own, x, ids = hihell["encode_word"]("bananas")
        model, how = hihell["make_model"](seed, len(own), 4), (x[None], ids[None])
        losses, _ = hihell["train"](
            model, *how, hihell["num_epochs"], hihell["learning_rate"]
        )
        assert f"Loss {losses[-1]:.3f}, " in sentence


# Pictures


def test_the_two_conflicting_steps_are_framed_in_the_drawing():
    ax = rh.draw_word("hihello", [0, 2])
    frames = [
        patch for patch in ax.patches if type(patch) is matplotlib.patches.Rectangle
    ]
    centres = [patch.get_x() + patch.get_width() / 2 for patch in frames]
    assert centres == pytest.approx([0, 3.2])
    names = {text.get_text() for text in ax.texts}
    assert {"reads", "state", "should say"} <= names
    plt.close(ax.figure)


@pytest.mark.parametrize(
    "layer",
    [nn.RNN(5, 4), nn.GRU(5, 4), nn.LSTM(5, 4), nn.RNN(5, 4, num_layers=2)],
    ids=["RNN", "GRU", "LSTM", "two layers"],
)
def test_parts_are_printed_only_if_they_make_the_state(capsys, layer):
    inputs = torch.eye(5)[[0, 1, 0]]
    states, _ = layer(inputs)
    before = torch.cat([torch.zeros(1, 4), states[:-1]])
    from_input = inputs @ layer.weight_ih_l0.T + layer.bias_ih_l0 + layer.bias_hh_l0
    rh.print_parts("aba", [0, 2], from_input, before @ layer.weight_hh_l0.T, states)
    printed = capsys.readouterr().out
    is_right = type(layer) is nn.RNN and layer.num_layers == 1
    assert ("step 3, letter a" in printed) == is_right
    assert ("here is another" in printed) != is_right


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
    assert mesh.get_clim() == (0, 1)  # the same colours, however sure it is
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
    names = [*ax.get_xticklabels(), *ax.get_yticklabels()]
    assert [x.get_text() for x in names] == ["$h_{0}$", "$h_{1}$", "a", "b"]
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
    ("length=30", "length=3"),
    ("self.layer = nn.RNN(", "self.layer = nn.GRU("),
    ("self.layer = nn.RNN(", "self.layer = nn.LSTM("),
    (
        "num_hiddens, batch_first=True)\n        self",
        "num_hiddens, 2, batch_first=True)\n        self",
    ),
    ('encode_word("bananas")', 'encode_word("mississippi")'),
    ("banana_units = 4", "banana_units = 1"),
    ("seed + 1", "seed"),
]
QUICK = {}
REFUSED = [
    ('"hihello"', '""', "text must hold at least one character"),
    ('"hihello"', '"a"', "2 or more points"),
    ('"hihello"', "7", "text must be a string, got 7"),
]


# Numbers from elsewhere

PUBLISHED = {
    "777": "the seed, as it is set",
    "12": "of the one that is followed",
    "0.23": "held by test_char_hihell.py::"
    "test_with_the_last_two_letters_bananas_costs_less_and_5_are_right",
    "0.3": "held by test_char_hihell.py::"
    "test_those_that_do_not_learn_stand_where_tanh_is_flat_and_smaller_weights_free_them",
    "0.03": "held by test_char_hihell.py::"
    "test_more_units_or_smaller_steps_learn_bananas_and_other_words",
    "0.433": "held by test_char_hihell.py::"
    "test_a_state_taken_for_logits_costs_at_least_the_least",
    "0.32": "held by test_char_hihell.py::"
    "test_with_the_present_letter_5_of_bananas_can_be_right",
}
