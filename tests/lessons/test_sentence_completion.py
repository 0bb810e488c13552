"""Lesson 4, does it know, or only remember: all that is held of it."""

import collections
import functools
import hashlib
import math
import re

import matplotlib.pyplot as plt
import pytest
import torch
from course import announced, code_cells, finding, read_notebook, run_lesson, stored
from test_every_exercise import wrong_solutions
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset

import rnn_helpers as rh

NAME = "04_sentence_completion"


@pytest.fixture
def completion(lesson):
    return lesson(NAME)


def rows_printed_by(cell):
    """The numbers in the rows that a cell of the stored run printed, by their names."""
    number = [c.id for c in code_cells(NAME)].index(cell)
    rows = [row.split(": ") for row in run_lesson(NAME).printed[number].splitlines()]
    return {row[0]: list(map(float, row[1].split())) for row in rows}


# Sentences in a batch


@stored("04_sentence_completion", "sentences-text", "sentences")
def test_a_dozen_held_out_sentences_use_no_other_characters(completion):
    sentences, held_out = completion["sentences"], completion["held_out"]
    assert len(sentences) == 3 and len(set(held_out) - set(sentences)) == 12
    assert set("".join(held_out)) <= set("".join(sentences))
    assert len(completion["vocab"]) == 17


@stored("04_sentence_completion", "sentences", "padding-read")
def test_the_second_sentence_is_one_character_short(completion):
    targets = completion["target_ids"]
    assert targets.shape == (3, 14) and (targets == -100).nonzero().tolist() == [
        [1, 13]
    ]
    assert completion["inputs"][1, -1].argmax() == 0
    assert completion["vocab"].chars[0] == " "


@finding("04_sentence_completion", "padding-read", "aims")
def test_padding_has_no_part_in_the_loss_and_a_space_has(completion):
    vocab = rh.CharVocab(" abc")
    inputs, target_ids = completion["make_batch"](["a b", "ab", "c a b "], vocab)
    assert target_ids.tolist() == [
        [0, 2, -100, -100, -100],
        [2, -100, -100, -100, -100],
        [0, 1, 0, 2, 0],
    ]
    model = completion["make_model"](0, len(vocab), 3, nn.RNN)
    loss = completion["loss_of"](model, (inputs, target_ids))
    others = inputs.clone()
    others[target_ids == -100] = torch.rand(7, len(vocab))
    assert torch.equal(completion["loss_of"](model, (others, target_ids)), loss)
    target_ids[0, 0] = 3
    assert completion["loss_of"](model, (inputs, target_ids)) != loss


@pytest.mark.wide
@finding("04_sentence_completion", "cost-exercise", "cost-solution")
def test_spaces_that_count_make_the_loss_look_too_good(completion):
    texts = ["hey how are you", "good i am fine", "hi"]
    vocab = rh.CharVocab.from_text("".join(texts))
    batch = completion["make_batch"](texts, vocab)
    filled_up = completion["make_batch"]([text.ljust(15) for text in texts], vocab)
    assert (batch[1] == -100).double().mean().item() == pytest.approx(1 / 3)
    shown, real, left_out = [], [], []
    for seed in range(20):
        for batch_to_learn in (filled_up, batch):
            model = completion["make_model"](seed, len(vocab), 12, nn.RNN)
            losses, _ = completion["train"](model, [batch_to_learn], batch, 100, 0.01)
            loss = completion["loss_of"](model, batch).item()
            if batch_to_learn is filled_up:
                shown.append(completion["loss_of"](model, filled_up).item())
                real.append(loss)
            else:
                left_out.append(loss)
    for losses, median in ((shown, 0.19), (real, 0.27), (left_out, 0.13)):
        assert torch.tensor(losses).median().item() == pytest.approx(median, abs=0.01)


# A network that writes


@finding("04_sentence_completion", "model-text", "model")
@pytest.mark.parametrize("layer_class", [nn.RNN, nn.GRU])
def test_the_model_is_a_layer_from_zeros_and_an_output_layer(completion, layer_class):
    inputs = completion["inputs"]
    logits, h_t = completion["make_model"](3, 17, 12, layer_class)(inputs)
    torch.manual_seed(3)
    layer = layer_class(17, 12, batch_first=True)
    output_layer = nn.Linear(12, 17)
    states, h_n = layer(inputs, torch.zeros(1, 3, 12))
    torch.testing.assert_close(logits, output_layer(states))
    torch.testing.assert_close(h_t, h_n)


@finding("04_sentence_completion", "train-text", "train")
def test_nothing_is_learned_from_what_is_held_out(completion):
    batches = completion["batches"] * 2
    weights = []
    for held_out in (completion["held_out_batch"], completion["filled_up"]):
        model = completion["make_model"](1, 17, 4, nn.RNN)
        losses, held_out_losses = completion["train"](model, batches, held_out, 3, 0.1)
        assert (
            len(losses) == 6 and len(held_out_losses) == 3
        )  # an update for each batch
        weights.append(nn.utils.parameters_to_vector(model.parameters()))
    assert torch.equal(*weights)


@stored("04_sentence_completion", "published-text", "published", "generate-read")
def test_the_losses_come_close_to_the_published_ones_and_good_is_completed(completion):
    rows = rows_printed_by("published")
    for one, other in zip(rows["ours"], rows["published"]):
        assert abs(one - other) < 0.09
    vocab = completion["vocab"]
    assert vocab.chars[completion["filled_up"][1][1, -1]] == " "  # it counts
    text = completion["generate"](completion["recipe"], "good", 15, vocab)
    assert text == "good i am fine "


@pytest.mark.wide
@finding("04_sentence_completion", "published", "end-notes")
def test_the_published_losses_lie_within_those_of_sixty_networks(completion):
    batch, curves = completion["filled_up"], []
    for seed in range(60):
        model = completion["make_model"](seed, 17, 12, nn.RNN)
        curves.append(completion["train"](model, [batch], batch, 100, 0.01)[0][9::10])
    for losses, loss in zip(zip(*curves), rows_printed_by("published")["published"]):
        assert min(losses) < loss < max(losses)


@finding("04_sentence_completion", "writing", "generate-read")
@pytest.mark.parametrize("prompt", ["h", "how", "you are", "good i am fine and nice"])
def test_greedy_decoding_is_reading_again_and_always_the_same(completion, prompt):
    model, vocab = completion["recipe"], completion["vocab"]
    text = prompt
    while len(text) < 30:
        logits, _ = model(rh.one_hot(vocab.encode(text), len(vocab)))
        text += vocab.chars[logits[-1].argmax()]
    for _ in range(2):
        assert completion["generate"](model, prompt, 30, vocab) == text


@finding("04_sentence_completion", "writing", "generate")
def test_each_character_is_read_once(completion, monkeypatch):
    model, read = completion["recipe"], []
    forward = model.forward
    monkeypatch.setattr(
        model, "forward", lambda x, h=None: read.append(len(x)) or forward(x, h)
    )
    completion["generate"](model, "good", 15, completion["vocab"])
    assert sum(read) == 14


@finding("04_sentence_completion", "sampling", "generate-read", "temperature")
@pytest.mark.parametrize("temperature", [0.5, 1, 3])
def test_samples_follow_the_softmax_of_divided_logits(completion, temperature):
    model, vocab = completion["recipe"], completion["vocab"]
    with torch.no_grad():
        logits, _ = model(rh.one_hot(vocab.encode("h"), len(vocab)))
    expected = (logits[-1] / temperature).softmax(dim=0)
    texts = [
        completion["generate"](model, "h", 2, vocab, temperature) for _ in range(2000)
    ]
    for char, share in zip(vocab.chars, expected.tolist()):
        spread = 0.005 + 4 * (share / 2000) ** 0.5
        assert texts.count("h" + char) / 2000 == pytest.approx(share, abs=spread)


def chances_in(completion, temperature):
    """The probability of each right character behind the first of a sentence."""
    sentence, vocab = completion["sentence"], completion["vocab"]
    ids = vocab.encode(sentence)
    with torch.no_grad():
        logits, _ = completion["recipe"](rh.one_hot(ids[:-1], len(vocab)))
    return (logits / temperature).softmax(dim=1)[range(len(ids) - 1), ids[1:]]


@finding("04_sentence_completion", "sampling", "temperature-read")
def test_a_line_without_a_mistake_is_rarer_than_each_of_its_characters(completion):
    """And the rarer the higher the temperature; so it is with lines that are drawn."""
    faultless = [chances_in(completion, t).prod().item() for t in (0.5, 1, 2, 4)]
    assert faultless == sorted(faultless, reverse=True)
    assert faultless[1] < chances_in(completion, 1).min()
    sentence, vocab = completion["sentence"], completion["vocab"]
    drawn = [
        completion["generate"](completion["recipe"], sentence[0], 14, vocab, 0.5)
        for _ in range(300)
    ]
    share = drawn.count(sentence) / 300
    assert share == pytest.approx(faultless[0], abs=0.1)


@stored("04_sentence_completion", "temperature-read")
def test_at_1_each_character_is_rather_sure_and_most_lines_have_a_mistake(completion):
    chances = chances_in(completion, 1)
    assert len(chances) == 13 and chances.mean() > 0.8 and chances.prod() < 0.3


def spoiling_slips(completion, model):
    """The share of wrong letters in the sentences after which the rest is wrong, too."""
    vocab, spoiled = completion["vocab"], []
    for sentence in completion["sentences"]:
        for place in range(1, len(sentence) - 1):
            for char in vocab.chars.replace(sentence[place], ""):
                slip = sentence[:place] + char
                text = completion["generate"](model, slip, len(sentence), vocab)
                spoiled.append(text[place + 1 :] != sentence[place + 1 :])
    return sum(spoiled) / len(spoiled)


@stored("04_sentence_completion", "temperature-read")
def test_most_slips_spoil_what_follows(completion):
    assert 0.55 < spoiling_slips(completion, completion["recipe"]) < 0.75


@announced(
    "04_sentence_completion", "published", "temperature-read", at="num_hiddens = 24"
)
def test_a_larger_network_is_surer_and_gets_over_most_slips(completion):
    assert chances_in(completion, 1).prod() > 0.5
    assert spoiling_slips(completion, completion["recipe"]) < 0.5


class WithSlips:
    """The sentences as one batch, each time with other letters for a tenth of those read."""

    def __init__(self, batch):
        self.inputs, self.target_ids = batch

    def __iter__(self):
        places = torch.rand(self.inputs.shape[:2]) < 0.1
        letters = torch.randint(17, places.shape)
        slips = torch.where(places, letters, self.inputs.argmax(dim=2))
        yield rh.one_hot(slips, 17), self.target_ids


@pytest.mark.wide
@finding("04_sentence_completion", "temperature-read", "end-notes")
def test_who_has_read_slips_in_training_lets_less_than_half_as_many_spoil_the_rest(
    completion,
):
    batch, shares = completion["filled_up"], []
    for seed in range(4):
        pair = []
        for batches in ([batch], WithSlips(batch)):
            model = completion["make_model"](seed, 17, 12, nn.RNN)
            completion["train"](model, batches, batch, 300, 0.01)
            pair.append(spoiling_slips(completion, model))
        assert pair[1] < 0.7 * pair[0]
        shares.append(pair)
    true, slips = torch.tensor(shares).mean(dim=0)
    assert true > 0.55 and 0.3 < slips / true < 0.5


def shortest(generate, sentence):
    """The shortest beginning after which generate(text, length) gives the sentence."""
    ends = range(1, len(sentence))
    whole = (e for e in ends if generate(sentence[:e], len(sentence)) == sentence)
    return sentence[: next(whole, len(sentence))]


@stored(
    "04_sentence_completion", "shortest-solution", "masked-text", "temperature-read"
)
def test_one_or_two_letters_pick_out_each_sentence(completion):
    generate = functools.partial(
        completion["generate"], completion["recipe"], vocab=completion["vocab"]
    )
    found = [shortest(generate, sentence) for sentence in completion["sentences"]]
    assert found == ["he", "g", "h"]


@finding("04_sentence_completion", "shortest-solution")
def test_after_an_h_a_network_is_right_for_one_sentence_at_most(completion):
    vocab, with_h = completion["vocab"], ["hey how are you", "have a nice day"]
    for seed in range(5):
        model = completion["make_model"](seed, len(vocab), 12, nn.RNN)
        batch = completion["make_batch"](with_h, vocab)
        completion["train"](model, [batch], batch, 60, 0.05)
        written = {completion["generate"](model, "h", 15, vocab) for _ in range(3)}
        assert len(written & set(with_h)) <= 1 == len(written)


# Does it know English?


@finding("04_sentence_completion", "masked", "overfitting", "end")
def test_what_is_held_out_gets_better_first_then_worse_than_knowing_nothing(completion):
    held_out, losses = completion["held_out_losses"], completion["losses"]
    assert completion["levels"]["knowing nothing"] == pytest.approx(math.log(17))
    best = held_out.index(min(held_out))
    assert 10 <= best < 60 and held_out[best] < held_out[0] - 0.3
    assert held_out[-1] > math.log(17) + 1 and losses[-1] < losses[best] / 5


@finding("04_sentence_completion", "overfitting")
def test_at_its_best_it_knows_more_than_how_frequent_the_letters_are(completion):
    vocab, costs = completion["vocab"], []
    marked = [f" {sentence}" for sentence in completion["sentences"]]
    for look_back in (0, 1):
        model = rh.NGrams(marked, vocab, look_back)
        for text in completion["held_out"]:
            ids = vocab.encode(text)[1:]
            costs += (-model([text[:-1]])[0, range(len(ids)), ids].log()).tolist()
    letters, pairs = torch.tensor(costs).reshape(2, -1).mean(dim=1)
    assert pairs < letters - 0.2 and min(completion["held_out_losses"]) < letters - 0.1


@finding("04_sentence_completion", "overfitting")
def test_it_is_sure_and_wrong(completion):
    inputs, target_ids = completion["held_out_batch"]
    with torch.no_grad():
        chances = completion["overfitted"](inputs)[0].softmax(dim=2)
    wrong = (target_ids >= 0) & (chances.argmax(dim=2) != target_ids)
    assert wrong.sum() > 0.5 * (target_ids >= 0).sum()
    assert chances.amax(dim=2)[wrong].mean() > 0.6


@pytest.mark.wide
@finding("04_sentence_completion", "overfitting", "end", "end-notes")
def test_with_other_seeds_and_other_sentences_it_remembers_as_well(completion):
    """The three sentences and twelve seeds; then any three of the fifteen."""
    texts, vocab = completion["sentences"] + completion["held_out"], completion["vocab"]
    for seed in range(18):
        generator = torch.Generator().manual_seed(seed)
        order = range(15) if seed < 12 else torch.randperm(15, generator=generator)
        learned, others = (
            completion["make_batch"]([texts[i] for i in part], vocab)
            for part in (order[:3], order[3:])
        )
        model = completion["make_model"](seed, 17, 12, nn.RNN)
        losses, held_out = completion["train"](model, [learned], others, 300, 0.01)
        best = held_out.index(min(held_out)) + 1
        assert (19 <= best <= 49) if seed < 12 else best < 70
        assert min(held_out) < held_out[0] - 0.05 and losses[-1] < 0.2
        assert held_out[-1] > math.log(17) + 0.5 * (seed < 12)


# A fair opponent


@stored("04_sentence_completion", "names-text")
def test_first_names_are_those_of_the_census():
    names = rh.load_names()
    assert len(names) == len(set(names)) == 5163 and names == sorted(names)
    assert all(re.fullmatch("[a-z]{2,11}", name) for name in names)
    assert {"mary", "james", "jean"} <= set(names)  # female, male, both
    checksum = hashlib.sha256("\n".join(names).encode()).hexdigest()
    assert checksum.startswith("9323f70f58aca13b")
    assert names[999][0] == "c"  # unshuffled, validation and test would end there


@stored("04_sentence_completion", "names-text", "names")
def test_the_split_is_the_announced_one_and_has_no_name_twice(completion):
    parts = [completion[name] for name in ("training", "validation", "test")]
    assert [len(part) for part in parts] == [4163, 500, 500]
    assert len(set().union(*parts)) == 5163


@finding("04_sentence_completion", "bigram-text", "bigram")
def test_pairs_are_counted_and_those_that_never_came_get_a_little(completion):
    training, chars = completion["training"], completion["name_vocab"].chars
    rows = completion["count_bigrams"]([".an"])[0]
    followers = collections.Counter(re.findall("(?<=n).", " ".join(training)))
    total = followers.total() + len(chars)
    for char, chance in zip(chars, rows[-1].tolist()):
        assert chance == pytest.approx((followers[char] + 1) / total)
    assert 0 < rows[-1].min() and len(followers) < len(chars)


@stored("04_sentence_completion", "ngram-text")
@pytest.mark.parametrize("size", [4, 5])
def test_most_groups_of_four_and_of_five_come_only_once(completion, size):
    groups = collections.Counter(
        text[i : i + size]
        for text in completion["training"]
        for i in range(len(text) - size + 1)
    )
    assert list(groups.values()).count(1) > len(groups) / 2


@finding("04_sentence_completion", "costs-text", "costs")
def test_a_cost_is_that_of_two_questions(completion):
    model, text = completion["models"]["GRU"], ".roseanna."
    p = model([text[:-1]])[0]
    ids = completion["name_vocab"].encode(text[1:])
    letters = p[:-1] / (1 - p[:-1, [0]])  # given that it does not end
    of_letters = -letters[range(len(ids) - 1), ids[:-1]].log().sum()
    of_ends = -(1 - p[:-1, 0]).log().sum() - p[-1, 0].log()
    costs = completion["costs_of"](model, [text])[:, 0]
    wanted = torch.stack([of_letters + of_ends, of_letters, of_ends])
    torch.testing.assert_close(costs, wanted)
    assert completion["mean_cost"](model, [text]) == pytest.approx(costs[0].item() / 9)


def on_validation(completion):
    return {
        name: completion["mean_cost"](model, completion["validation"])
        for name, model in completion["models"].items()
    }


@finding("04_sentence_completion", "ngram-text", "learn-read")
def test_the_recurrent_layer_must_be_learned_and_kneser_ney_is_clearly_better(
    completion,
):
    costs = on_validation(completion)
    two, *n_grams, kneser_ney, unlearned, rnn, _, _ = costs.values()
    assert min(n_grams) > kneser_ney + 0.02
    assert unlearned > two - 0.15 and unlearned > rnn + 0.15 and rnn < two - 0.2
    assert kneser_ney < rnn - 0.03


# Gates


def left_of_the_first_letter(completion):
    """For random RNN, RNN, GRU and LSTM: what is left after 0 to 7 more letters."""
    networks = completion["networks"].values()
    return [
        list(map(float, completion["what_is_left"](network).split()))
        for network in networks
    ]


@finding("04_sentence_completion", "trouble-text", "trouble-read", "gated-read", "end")
def test_seven_letters_later_more_is_left_with_gates_than_without(completion):
    unlearned, rnn, gru, lstm = left_of_the_first_letter(completion)
    assert all(row[0] == 1 and len(row) == 8 for row in (unlearned, rnn, gru, lstm))
    assert unlearned[7] < 0.05 < rnn[7] < 0.2
    assert 1.3 * rnn[7] < min(gru[7], lstm[7])
    assert rnn[1] > max(gru[1], lstm[1])  # one letter later it keeps most
    for before, after in zip(unlearned[:5], unlearned[1:6]):
        assert 0.4 < after / before < 0.65


@finding("04_sentence_completion", "trouble-text", "trouble")
def test_only_the_first_letter_is_another_one(completion):
    pairs = zip(completion["long_names"], completion["exchanged"])
    differences = [
        [a == b for a, b in zip(own, other, strict=True)] for own, other in pairs
    ]
    assert all(places[0] and all(places[2:]) for places in differences)
    assert sum(not places[1] for places in differences) > 0.7 * len(differences)


def parts_of(layer, x_t, h_prev):
    """What a layer's blocks have from the input, and from the memory."""
    from_input = x_t @ layer.weight_ih_l0.T + layer.bias_ih_l0
    from_memory = h_prev @ layer.weight_hh_l0.T + layer.bias_hh_l0
    blocks = len(layer.bias_ih_l0) // layer.hidden_size
    return from_input.chunk(blocks, dim=-1), from_memory.chunk(blocks, dim=-1)


@finding("04_sentence_completion", "gates-read", "gru-exercise", "gru-solution")
def test_the_gru_of_the_library_is_the_formula_and_can_keep_whatever_comes_in():
    torch.manual_seed(0)
    layer = nn.GRU(4, 3, dtype=torch.float64).requires_grad_(False)
    x, h_prev = (torch.randn(1, n, dtype=torch.float64) for n in (4, 3))
    (r, z, n), (r_m, z_m, n_m) = parts_of(layer, x, h_prev)
    z_t, n_t = (z + z_m).sigmoid(), torch.tanh(n + (r + r_m).sigmoid() * n_m)
    expected = z_t * h_prev + (1 - z_t) * n_t
    torch.testing.assert_close(layer(x, h_prev)[1], expected)
    layer.bias_ih_l0[3:6] = 100  # z at 1
    torch.testing.assert_close(layer(5 * x, h_prev)[1], h_prev)
    way_back = torch.autograd.functional.jacobian(lambda h: layer(x, h)[1], h_prev)
    torch.testing.assert_close(way_back[0, :, 0], torch.eye(3, dtype=torch.float64))


@finding("04_sentence_completion", "lstm")
def test_the_lstm_of_the_library_is_the_formula_and_can_keep_whatever_comes_in():
    torch.manual_seed(0)
    layer = nn.LSTM(4, 3, dtype=torch.float64).requires_grad_(False)
    x, h_prev, c_prev = (torch.randn(1, n, dtype=torch.float64) for n in (4, 3, 3))
    summed = [a + b for a, b in zip(*parts_of(layer, x, h_prev))]
    i_t, f_t, _, o_t = (part.sigmoid() for part in summed)
    c_t = f_t * c_prev + i_t * summed[2].tanh()
    _, (h_n, c_n) = layer(x, (h_prev, c_prev))
    torch.testing.assert_close(c_n, c_t)
    torch.testing.assert_close(h_n, o_t * c_t.tanh())
    layer.bias_ih_l0[:3], layer.bias_ih_l0[3:6] = -100, 100  # nothing written, all kept
    _, (_, c_n) = layer(5 * x, (h_prev, c_prev))
    torch.testing.assert_close(c_n, c_prev)


# The table


def behind_the_gru(completion):
    """For each model, the mean and the ± of: all, letters, ends."""
    costs, number = completion["costs"], completion["num_chars"]
    found = {}
    for name, own in costs.items():
        behind = own - costs["GRU"]
        plus_minus = 2 * behind.std(dim=1) * behind.shape[1] ** 0.5 / number
        found[name] = (behind.sum(dim=1) / number).tolist(), plus_minus.tolist()
    return found


@finding("04_sentence_completion", "test-text")
def test_in_19_of_20_such_tests_the_true_difference_is_within_the_plus_minus(
    completion,
):
    """The 500 names taken for all names that there are; 2,000 tests of 500 of them."""
    behind = completion["costs"]["Kneser-Ney"][0] - completion["costs"]["GRU"][0]
    generator = torch.Generator().manual_seed(0)
    tests = behind[torch.randint(500, (2000, 500), generator=generator)]
    within = (tests.mean(dim=1) - behind.mean()).abs() < 2 * tests.std(dim=1) / 500**0.5
    assert 0.935 < within.double().mean() < 0.97


@finding("04_sentence_completion", "test", "test-read", "end")
def test_at_the_ends_gru_and_lstm_are_ahead_of_every_n_gram(completion):
    found = behind_the_gru(completion)
    *n_grams, _, _, _, (lstm, _) = found.values()
    assert len(n_grams) == 4
    for mean, plus_minus in n_grams:
        assert mean[2] - max(0, lstm[2]) > plus_minus[2] / 2
        assert mean[2] > plus_minus[2]


@finding("04_sentence_completion", "test-read")
def test_with_gates_a_network_is_better_than_without_and_mostly_with_letters(
    completion,
):
    found = behind_the_gru(completion)
    rnn, plus_minus = found["RNN"]
    lstm, of_lstm = found["LSTM"]
    assert rnn[0] > plus_minus[0] and rnn[0] > lstm[0] + 0.03
    assert rnn[1] > rnn[0] / 2
    assert abs(lstm[0]) < rnn[0] / 2  # the two with gates are near each other


@stored("04_sentence_completion", "test", "test-read")
def test_gru_or_lstm_is_not_decided(completion):
    mean, plus_minus = behind_the_gru(completion)["LSTM"]
    assert all(abs(m) < p for m, p in zip(mean, plus_minus))


@finding("04_sentence_completion", "test-read", "end", but=["longest_group = 4"])
def test_with_letters_kneser_ney_is_ahead_and_it_has_the_lowest_loss_of_all(completion):
    found = {name: mean for name, (mean, _) in behind_the_gru(completion).items()}
    for part in (0, 1):
        assert min(found, key=lambda name: found[name][part]) == "Kneser-Ney"


@announced("04_sentence_completion", "ngram", "end-notes", at="longest_group = 4")
def test_with_three_characters_in_sight_gates_lead_and_on_the_test_it_is_not_decided(
    completion,
):
    cost, models = completion["mean_cost"], completion["models"]
    names = ("GRU", "LSTM", "Kneser-Ney")
    gru, lstm, kn = (cost(models[name], completion["validation"]) for name in names)
    assert max(gru, lstm) < kn - 0.01
    found = behind_the_gru(completion)
    mean, plus_minus = found["Kneser-Ney"]
    assert abs(mean[0]) < plus_minus[0] < found["4-gram"][0][0]


@stored("04_sentence_completion", "test-text")
def test_the_rnn_is_probably_behind_by_5_to_9_hundredths(completion):
    (mean, *_), (plus_minus, *_) = behind_the_gru(completion)["RNN"]
    ends = [f"{mean + sign * plus_minus:.2f}" for sign in (-1, 1)]
    assert ends == ["0.05", "0.09"]


@finding("04_sentence_completion", "count-read", "ngram")
def test_kneser_ney_looks_as_far_back_as_the_longest_group(completion):
    models, longest = completion["models"], completion["longest_group"]
    for name in ("Kneser-Ney", f"{longest}-gram"):
        assert models[name].look_back == longest - 1


@stored("04_sentence_completion", "ngram-text", "ngram")
def test_of_a_count_of_9_the_discount_leaves_8_and_a_bit(completion):
    assert 9 - completion["models"]["Kneser-Ney"].discount == pytest.approx(8.1)


@stored("04_sentence_completion", "test-notes")
def test_the_gru_chooses_as_among_seven_characters(completion):
    loss = completion["costs"]["GRU"][0].sum() / completion["num_chars"]
    assert round(loss.exp().item()) == 7 and f"{loss:.2f}" == "1.93"
    assert len(completion["vocab"]) == 17 and len(completion["name_vocab"]) == 27


@functools.cache
def texts_of(split):
    """The lesson's names in another order: to learn from, validation, test.

    Split 101 is split 1 with every name backwards.
    """
    names = run_lesson(NAME).names["names"]
    generator = torch.Generator().manual_seed(split % 100)
    order = torch.randperm(len(names), generator=generator).tolist()
    texts = [f".{names[i]}."[:: -1 if split > 100 else 1] for i in order]
    return texts[1000:], texts[:500], texts[500:1000]


THIRD, TENFOLD = ((0.02, 1), (0.005, 1)), ((0.005, 60),)  # of the updates


@functools.cache
def learned(split, kind, seed=3, units=64, kept=(), stages=((0.02, 3), (0.005, 3))):
    """A network of the lesson's on another split, and its losses on validation names.

    Weights whose names begin like one of `kept` stay random.
    """
    lesson = run_lesson(NAME).names
    training, validation, _ = (
        lesson["make_batch"](texts, lesson["name_vocab"]) for texts in texts_of(split)
    )
    network = lesson["make_model"](seed, 27, units, getattr(nn, kind))
    for name, weights in network.layer.named_parameters():
        weights.requires_grad_(not name.startswith(kept))
    batches = DataLoader(TensorDataset(*training), 32, shuffle=True)
    curve = []
    for lr, num_epochs in stages:
        curve += lesson["train"](network, batches, validation, num_epochs, lr)[1]
    return functools.partial(lesson["network_chances"], network), curve


@functools.cache
def counted(split):
    """The n-grams of another split, and Kneser-Ney at its best on validation names."""
    lesson = run_lesson(NAME).names
    training, validation, _ = texts_of(split)
    count = functools.partial(rh.NGrams, training, lesson["name_vocab"])
    kneser_ney = [count(4, discount) for discount in (0.6, 0.7, 0.8, 0.9)]
    best = min(kneser_ney, key=lambda model: lesson["mean_cost"](model, validation))
    return {"2-gram": count(1), "5-gram": count(4), "4-gram": count(3), "KN": best}


def scored(model, split):
    """The mean cost of a character on the test names: all, letters, ends."""
    texts = texts_of(split)[2]
    costs = run_lesson(NAME).names["costs_of"](model, texts)
    return (costs.sum(dim=1) / sum(len(text) - 1 for text in texts)).tolist()


SPLITS = pytest.mark.parametrize("split", [1, 2, 3])
GATED = {  # kinds and seeds of networks, for each split
    split: [(kind, seed) for kind in ("GRU", "LSTM") for seed in seeds]
    for split, seeds in {1: (3, 4), 2: (3,), 3: (3,)}.items()
}


@pytest.mark.wide
@finding("04_sentence_completion", "ngram-text", "test-read", "learn-read", "end-notes")
@SPLITS
def test_the_table_on_other_splits(completion, split):
    n_grams = {name: scored(model, split) for name, model in counted(split).items()}
    gated = [scored(learned(split, *of)[0], split) for of in GATED[split]]
    rnn = scored(learned(split, "RNN", 3)[0], split)
    assert min(n_grams["4-gram"][0], n_grams["5-gram"][0]) > n_grams["KN"][0] + 0.04
    for (kind, _), (whole, letters, ends) in zip(GATED[split], gated):
        least, most = (0.015, 0.065) if kind == "GRU" else (0.005, 0.065)
        assert least < whole - n_grams["KN"][0] < most
        assert letters > n_grams["KN"][1] + 0.015
        assert ends < min(ends for *_, ends in n_grams.values()) - 0.005
        assert 0.045 < rnn[0] - whole < 0.105 and rnn[1] - letters > rnn[2] - ends


@pytest.mark.wide
@finding("04_sentence_completion", "ends-text", "end-notes")
@SPLITS
def test_told_the_number_of_letters_kneser_ney_is_nearly_as_good_at_the_ends(
    completion, split
):
    """One slope, and one number for each length, fitted on the validation names."""
    kneser_ney, (_, validation, test) = counted(split)["KN"], texts_of(split)

    def places(texts):
        p = kneser_ney([text[:-1] for text in texts])[:, :, 0]
        lengths = torch.tensor([len(text) - 1 for text in texts])
        number = torch.arange(p.shape[1]).expand(p.shape)
        real = number < lengths[:, None]
        ends = (number == lengths[:, None] - 1).double()
        return p[real].logit(), number[real], ends[real]

    slope = torch.ones(1, requires_grad=True)
    offsets = torch.zeros(12, requires_grad=True)
    optimizer = torch.optim.Adam([slope, offsets], lr=0.03)

    def cost_of(logits, number, ends):
        told = slope * logits + offsets[number]
        return functional.binary_cross_entropy_with_logits(told, ends)

    parts = places(validation)
    for _ in range(400):
        optimizer.zero_grad()
        cost_of(*parts).backward()
        optimizer.step()
    untold, network = (
        scored(model, split)[2] for model in (kneser_ney, learned(split, "GRU", 3)[0])
    )
    assert untold - cost_of(*places(test)).item() > 0.6 * (untold - network)


@pytest.mark.wide
@finding("04_sentence_completion", "test-read", "end-notes")
def test_with_the_names_backwards_the_lead_of_the_gru_at_the_ends_is_smaller(
    completion,
):
    forwards, backwards = (
        scored(counted(split)["KN"], split)[2]
        - scored(learned(split, "GRU", 3)[0], split)[2]
        for split in (1, 101)
    )
    assert -0.01 < backwards < forwards - 0.005


@pytest.mark.wide
@finding("04_sentence_completion", "trouble-read", "gated-read", "end-notes")
def test_keeping_is_learned_and_of_the_lstms_other_state_more_is_left(completion):
    for kind in (nn.RNN, nn.GRU, nn.LSTM):
        network = completion["make_model"](0, 27, 64, kind)
        assert float(completion["what_is_left"](network).split()[-1]) < 0.05
    layer, ends = completion["networks"]["LSTM"].layer, []
    for texts in (completion["long_names"][:-1], completion["exchanged"]):
        inputs, _ = completion["make_batch"](texts, completion["name_vocab"])
        with torch.no_grad():
            ends.append([layer(inputs[:, :number])[1][1] for number in (2, 9)])
    first, last = ((a - b).norm(dim=2).mean() for a, b in zip(*ends))
    assert last / first > left_of_the_first_letter(completion)[3][7] + 0.05


@pytest.mark.wide
@finding("04_sentence_completion", "test-read", "end-notes")
def test_gru_and_lstm_take_turns(completion):
    ahead = []
    for split in GATED:
        scores = [scored(learned(split, *of)[0], split)[0] for of in GATED[split]]
        grus, lstms = torch.tensor(scores).chunk(2)
        ahead += (lstms - grus).tolist()
    assert min(ahead) < 0 < max(ahead) and max(map(abs, ahead)) < 0.04


@pytest.mark.wide
@finding("04_sentence_completion", "test-read", "end-notes")
def test_the_rnn_is_behind_the_gru_with_other_sizes_and_as_many_weights(completion):
    def weights(kind, units):
        network = completion["make_model"](0, 27, units, kind)
        return sum(weights.numel() for weights in network.parameters())

    assert weights(nn.RNN, 112) == pytest.approx(weights(nn.GRU, 64), rel=0.05)
    for units, others in ((64, 112), (32, 32)):
        gru = scored(learned(1, "GRU", 3, units)[0], 1)
        rnn = scored(learned(1, "RNN", 3, others)[0], 1)
        assert rnn[0] > gru[0] + 0.03


@pytest.mark.wide
@finding("04_sentence_completion", "gated-read", "test-read", "end-notes")
def test_a_larger_rnn_that_learns_in_shorter_steps_keeps_as_much_and_is_behind(
    completion,
):
    rnn, curve = learned(1, "RNN", 3, 112, stages=((0.005, 14), (0.001, 4)))
    _, best = learned(1, "GRU", stages=TENFOLD)
    kept, kept_by_lstm = (
        float(completion["what_is_left"](model.args[0]).split()[-1])
        for model in (rnn, learned(1, "LSTM", 3)[0])
    )
    assert kept > kept_by_lstm and min(curve) > min(best) + 0.01


@pytest.mark.wide
@finding("04_sentence_completion", "test-read", "end-notes")
def test_with_twice_the_units_it_is_not_decided_whether_the_gru_or_kneser_ney_wins(
    completion,
):
    costs_of, test = completion["costs_of"], texts_of(1)[2]
    behind = costs_of(learned(1, "GRU", 3, 128)[0], test)[0]
    behind -= costs_of(counted(1)["KN"], test)[0]
    assert abs(behind.mean()) < 2 * behind.std() / 500**0.5


@pytest.mark.wide
@finding("04_sentence_completion", "early-stopping", "test-read", "end-notes")
def test_the_rnn_is_behind_the_gru_after_a_third_and_ten_times_the_updates(completion):
    """Each stopped at its best on validation names; by the end the order has turned."""
    for stages in (THIRD, TENFOLD):
        gru, rnn = (learned(1, kind, stages=stages)[1] for kind in ("GRU", "RNN"))
        assert min(rnn) > min(gru) + 0.02
    assert gru[-1] > min(gru) + 0.1 and rnn[-1] > min(rnn) + 0.02
    assert gru[-1] > rnn[-1] + 0.02


class OnlyTheOutput(nn.Module):
    """The output layer of a network whose states are there, since they stay the same."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, states):
        return self.layer(states), None


@pytest.mark.wide
@finding("04_sentence_completion", "learn-read", "end-notes")
def test_random_rnns_are_far_behind_and_with_only_w_hh_random_nearer_the_learned(
    completion,
):
    for split in (1, 2):
        rnn, only_state, unlearned = (
            scored(learned(split, "RNN", 3, kept=kept)[0], split)[0]
            for kept in ((), ("weight_hh",), ("weight", "bias"))
        )
        assert unlearned > rnn + 0.15
        assert 0.1 < (only_state - rnn) / (unlearned - rnn) < 0.5
    training, validation, _ = (
        completion["make_batch"](texts, completion["name_vocab"])
        for texts in texts_of(1)
    )
    network = completion["make_model"](3, 27, 64, nn.RNN)
    with torch.no_grad():
        training, validation = (
            (network.layer(inputs)[0], target_ids)
            for inputs, target_ids in (training, validation)
        )
    batches = DataLoader(TensorDataset(*training), 32, shuffle=True)
    losses = completion["train"](
        OnlyTheOutput(network.output_layer), batches, validation, 60, 0.05
    )[1]
    assert min(losses) > min(learned(1, "RNN", 3)[1]) + 0.1
    too_fast, slower = (
        learned(1, "RNN", 3, 256, stages=((lr, 2),))[1] for lr in (0.02, 0.002)
    )
    assert min(too_fast) > 2.3 > min(slower)


@pytest.mark.wide
@finding("04_sentence_completion", "trouble-read", "gated-read", "end", "end-notes")
@SPLITS
def test_on_other_splits_gates_keep_more_of_the_first_letter(completion, split):
    rnn, *gated = (
        float(completion["what_is_left"](learned(split, *of)[0].args[0]).split()[-1])
        for of in (("RNN", 3), *GATED[split])
    )
    assert 0.05 < rnn < min(gated) - 0.05


# What does it know?


@stored("04_sentence_completion", "ends-text", "count", "control")
def test_the_long_names_have_eight_letters_or_more(completion):
    assert min(len(text) - 2 for text in completion["long_names"]) >= 8


@finding(
    "04_sentence_completion",
    *("count", "count-read", "control-solution", "control", "control-read", "end"),
)
def test_they_count_letters_and_an_n_gram_does_not(completion):
    assert completion["compared"][0] == "Kneser-Ney"
    tables = (
        completion["chances"],
        [completion["end_after"](n, 8 - n) for n in range(5)],
    )
    longer, control = (
        torch.tensor([[float(p) for p in row] for row in table]).T for table in tables
    )
    torch.testing.assert_close(longer[0], longer[0, :1].expand(9))
    for more, eight in zip(longer[2:], control[2:]):  # those that have learned
        rise = more[-1] - more[0]
        assert rise > 0.3 and more[5] - more[0] > 0.75 * rise
        assert eight.max() - eight.min() < min(0.08, rise / 4)


@pytest.mark.wide
@finding("04_sentence_completion", "count-read", "control-read", "end", "end-notes")
@SPLITS
def test_on_other_splits_they_count_too(completion, split):
    """Random letters before the last four; then eight letters, more and more random."""
    names = [text for text in texts_of(split)[1] if len(text) >= 10]
    generator = torch.Generator().manual_seed(0)

    def end_after(model, num_random, num_own):
        letters = torch.randint(1, 27, (len(names), num_random), generator=generator)
        vocab = completion["name_vocab"]
        starts = ["".join(vocab.chars[i] for i in row) for row in letters.tolist()]
        texts = ["." + s + n[-1 - num_own : -1] for s, n in zip(starts, names)]
        return model(texts)[:, -1, 0].mean().item()

    last = []
    for of in (("RNN", 3), *GATED[split]):
        model = learned(split, *of)[0]
        rising = [end_after(model, number, 4) for number in (0, 2, 4)]
        assert rising == sorted(rising) and rising[2] > rising[0] + 0.3
        control = [end_after(model, number, 8 - number) for number in range(5)]
        assert max(control) - min(control) < 0.12
        of_six = [end_after(model, number, 6 - number) for number in range(3)]
        assert max(of_six) < of_six[0] + 0.05
        last.append(end_after(model, 8, 4))
    assert last[0] < min(last[1:])


# Does it know, or only remember?


def remembered(costs_of, models, learned_texts, others):
    """For each model: what share of its names is on the list, and what is by chance.

    The third number is the ± of what is by chance.
    """
    found = {}
    for name, model in models.items():
        share = (-costs_of(model, learned_texts)[0]).exp().sum()
        chances = len(learned_texts) * (-costs_of(model, others)[0]).exp()
        plus_minus = 2 * chances.std() / len(others) ** 0.5
        found[name] = share.item(), chances.mean().item(), plus_minus.item()
    return found


def remembered_by(completion, *names):
    models = {name: completion["models"][name] for name in names}
    others = completion["validation"] + completion["test"]
    return remembered(completion["costs_of"], models, completion["training"], others)


@finding("04_sentence_completion", "invent-text", "invent", "invent-read")
def test_n_grams_that_see_far_remember_more_than_networks_that_know_as_much(completion):
    found = remembered_by(completion, *completion["models"])
    two, _, longest, kneser_ney, unlearned, rnn, gru, lstm = (
        share - chance for share, chance, _ in found.values()
    )
    assert abs(two) < list(found.values())[0][2]  # not decided
    assert longest > kneser_ney > 1.5 * max(gru, lstm) and min(gru, lstm) > rnn
    for name in ("GRU", "LSTM"):
        share, chance, plus_minus = found[name]
        assert share > chance + plus_minus
    losses = completion["costs"]["GRU"][0] - completion["costs"]["Kneser-Ney"][0]
    assert losses.sum() / completion["num_chars"] < 0.1


@stored("04_sentence_completion", "invent", "invent-read")
def test_three_in_ten_two_in_ten_and_one_in_twenty_come_from_memory(completion):
    found = remembered_by(completion, "5-gram", "Kneser-Ney", "GRU")
    for (share, chance, _), memory in zip(found.values(), (0.3, 0.2, 0.05)):
        assert share - chance == pytest.approx(memory, abs=0.025)


@stored("04_sentence_completion", "invent-text", "invent")
def test_the_share_on_the_list_is_that_of_names_that_are_drawn(completion):
    training = set(completion["training"])
    assert len(training) == 4163
    for name, (share, *_) in remembered_by(completion, "5-gram", "GRU").items():
        torch.manual_seed(0)
        model = completion["models"][name]
        drawn = [f".{completion['write_name'](model)}." for _ in range(300)]
        on_list = sum(text in training for text in drawn) / 300
        assert on_list == pytest.approx(share, abs=0.08)


@pytest.mark.wide
@finding("04_sentence_completion", "invent-read", "end-notes")
@SPLITS
def test_on_other_splits_the_order_of_what_is_remembered_is_the_same(completion, split):
    training, validation, test = texts_of(split)
    n_grams = counted(split)
    models = {of: learned(split, *of)[0] for of in (("RNN", 3), *GATED[split])}
    models |= {name: n_grams[name] for name in ("2-gram", "5-gram", "KN")}
    found = remembered(completion["costs_of"], models, training, validation + test)
    memory = {name: share - chance for name, (share, chance, _) in found.items()}
    gated = [memory[of] for of in GATED[split]]
    assert memory["5-gram"] > memory["KN"] > 2 * max(gated)
    assert min(gated) > max(memory["RNN", 3], memory["2-gram"])


@pytest.mark.wide
@finding("04_sentence_completion", "invent-read", "end-notes")
def test_after_ten_times_the_updates_the_gru_remembers_more_than_the_five_gram(
    completion,
):
    training, validation, test = texts_of(1)
    models = {
        "5-gram": counted(1)["5-gram"],
        "GRU": learned(1, "GRU", stages=TENFOLD)[0],
    }
    found = remembered(completion["costs_of"], models, training, validation + test)
    n_gram, gru = (share - chance for share, chance, _ in found.values())
    assert gru > n_gram


# Exercises


@finding(
    "04_sentence_completion",
    "cost-solution",
    "shortest-solution",
    "gru-solution",
    "control-solution",
)
def test_published_solutions_are_correct(lesson):
    assert not wrong_solutions(NAME, lesson(NAME))


def by_places(mean=lambda kept, real: kept.sum() / real.sum()):
    """The mean cost from a cost for each place; padding taken for the character 0."""

    def cost(logits, target_ids):
        real = target_ids >= 0
        chances = logits.log_softmax(dim=2)
        costs = -chances.gather(2, target_ids.clamp(min=0)[..., None])[..., 0]
        return mean(costs * real, real) if mean else costs.mean()

    return cost


class Parrot:
    """A model that goes on as the first sentence goes on that began like this."""

    def __init__(self, sentences):
        self.sentences = sentences
        self.vocab = rh.CharVocab.from_text("".join(sentences))

    def next_char(self, text):
        for sentence in self.sentences:
            if sentence.startswith(text) and len(sentence) > len(text):
                return sentence[len(text)]
        return self.vocab.chars[0]

    def __call__(self, x, h_prev=None):
        text = self.vocab.decode(x.argmax(dim=1))
        chars = "".join(self.next_char(text[: end + 1]) for end in range(len(text)))
        return 5 * rh.one_hot(self.vocab.encode(chars), len(self.vocab)), None


SENTENCES = ["hey you", "good day", "have it", "good dan"]
PARROT = Parrot(SENTENCES)
OF_PARROT = (PARROT, SENTENCES, PARROT.vocab)
SLIPS_TWICE = Parrot(["aaaaa", "aabbb", "aabcd"])  # on the last: behind aa and aab


def of_parrot(model, sentence):
    def generate(text, length):
        while len(text) < length:
            text += model.next_char(text)
        return text

    return shortest(generate, sentence)


def gru(
    h_t=lambda r, z, x, m, h: z * h + (1 - z) * (x + r * m).tanh(), gate=torch.sigmoid
):
    """A step of the GRU, by a rule from r, z, the two parts of the new value, and h."""

    def step(from_input, from_memory, h_prev):
        (r, z, x), (r_m, z_m, m) = (
            parts.chunk(3, dim=-1) for parts in (from_input, from_memory)
        )
        return h_t(gate(r + r_m), gate(z + z_m), x, m, h_prev)

    return step


def gru_in_place(from_input, from_memory, h_prev):
    """By slices, in float32, from the new value on."""
    size = h_prev.shape[-1]
    gates = 1 / (1 + torch.exp(-(from_input + from_memory)[..., : 2 * size].float()))
    n_t = from_memory[..., 2 * size :]
    n_t *= gates[..., :size]
    n_t += from_input[..., 2 * size :]
    n_t = n_t.tanh()
    return n_t + gates[..., size:] * (h_prev - n_t)


def prints_it(*parts):
    print(parts[0].sum())


# Each foreseen mistake, and a word of the hint that is made for it.
MISTAKES = {
    "check_real_cost": [
        ((by_places(mean=None),), "as the character 0"),
        ((by_places(mean=lambda kept, _: kept.mean()),), "still counted"),
        (
            (by_places(mean=lambda kept, real: (kept.sum(1) / real.sum(1)).mean()),),
            "Each text counts the same",
        ),
        ((by_places(mean=lambda kept, _: kept.sum()),), "That is the sum"),
        ((by_places(mean=lambda kept, _: -kept.sum() / 13),), "The sign"),
        (
            (lambda x, t: functional.cross_entropy(x[t > 0], t[t > 0]),),
            "at the places where target_ids is not -100",
        ),
        ((lambda logits, _: logits,), "One number is asked for"),
        ((prints_it,), "end it with return"),
        ((2.5,), "A function is asked for"),
    ],
    "check_shortest": [
        (("he", *OF_PARROT), "function itself"),
        ((lambda m, s: s[1:], *OF_PARROT), "no beginning"),
        ((lambda m, s: "", *OF_PARROT), "gives ''. That is no beginning"),
        (
            (
                lambda m, s: s[:-1] if of_parrot(m, s) == s else of_parrot(m, s),
                *OF_PARROT,
            ),
            "return it whole",
        ),
        ((lambda m, s: s, *OF_PARROT), "Begin with one"),
        (
            (lambda m, s: s[: len(of_parrot(m, s)) + 1], *OF_PARROT),
            "One character fewer",
        ),
        ((lambda m, s: len(of_parrot(m, s)), *OF_PARROT), "Return a beginning"),
        (
            (
                lambda m, s: of_parrot(m, s) if of_parrot(m, s) != s else None,
                *OF_PARROT,
            ),
            "it returns None",
        ),
        (
            (lambda m, s: of_parrot(m, s) if s != "have it" else "h", *OF_PARROT),
            "something else",
        ),
    ],
    "check_gru_step": [
        ((gru(lambda r, z, x, m, h: (1 - z) * h + z * (x + r * m).tanh()),), "is kept"),
        (
            (gru(lambda r, z, x, m, h: r * h + (1 - r) * (x + z * m).tanh()),),
            "PyTorch's order",
        ),
        ((gru(lambda r, z, x, m, h: z * h + (1 - z) * (x + m).tanh()),), "is missing"),
        (
            (gru(lambda r, z, x, m, h: z * h + (1 - z) * (r * (x + m)).tanh()),),
            "only what the memory brings",
        ),
        ((gru(lambda r, z, x, m, h: z * h + (1 - z) * (x + r * m)),), "needs its tanh"),
        ((gru(lambda r, z, x, m, h: z * h + (x + r * m).tanh()),), "comes in whole"),
        ((gru(lambda r, z, x, m, h: (x + r * m).tanh()),), "Nothing is kept"),
        ((gru(gate=torch.tanh),), "as in the text"),
        ((lambda *parts: 2 * [gru()(*parts)],), "of the shape of h_prev"),
        ((0.5,), "A function is asked for"),
    ],
    "check_control": [
        (("rise", "rise"), "only counts"),
        (("fall", "rise"), "only counts"),
        (("stay", "stay"), "does not count"),
        (("stay", "fall"), "more of that, or less"),
        (("stay", "up"), "not 'up'"),
        (("stay", "rise or fall"), "not 'rise or fall'"),
        (("not rise", "rise"), "not 'not rise'"),
        ((0, "rise"), "not 0"),
    ],
}
RIGHT = {
    "check_real_cost": [
        (lambda x, t: functional.cross_entropy(x[t != -100], t[t != -100]),),
        (lambda x, t: functional.cross_entropy(x.flatten(0, 1), t.flatten()),),
        (by_places(),),
        (lambda x, t: functional.cross_entropy(x.mT, t).detach().numpy(),),
    ],
    "check_shortest": [
        (of_parrot, *OF_PARROT),
        (of_parrot, PARROT, tuple(SENTENCES[:1]), PARROT.vocab),
        (of_parrot, PARROT, ["a", "oo"], PARROT.vocab),
        (of_parrot, SLIPS_TWICE, SLIPS_TWICE.sentences, SLIPS_TWICE.vocab),
    ],
    "check_gru_step": [
        (gru(),),
        (gru(lambda r, z, x, m, h: (x + r * m).tanh().lerp(h, z)),),
        (gru_in_place,),
    ],
    "check_control": [("stay", "rise"), (" STAY the same.", "It will Rise")],
}


def test_the_exercise_names_the_blocks_as_they_are_cut():
    cells = {cell.id: cell.source for cell in read_notebook(NAME).cells}
    (named,) = re.findall(
        r"for (\w), (\w) and (\w) in this order", cells["gru-exercise"]
    )
    for part in ("input", "memory"):
        cut = ", ".join(f"{block}_{part}" for block in named)
        assert f"{cut} = from_{part}.chunk(3, dim=-1)" in cells["gru-solution"]


# It has no explorers

EXPLORERS = set()


# Pictures


def test_chances_of_the_end_are_drawn_over_the_number_of_random_letters():
    drawn = rh.plot_end_chances(["one", "two"], [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]])
    ax = drawn.figure.axes[0]
    assert ax.get_xlabel() and ax.get_ylabel() and ax.get_ylim() == (0, 1)
    assert ax.lines[1].get_xydata().tolist() == [[0, 0.2], [1, 0.4], [2, 0.6]]
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["one", "two"]
    assert len({(line.get_color(), line.get_marker()) for line in ax.lines}) == 2
    plt.close(drawn.figure)


def test_chances_of_the_end_are_a_table():
    with pytest.raises(
        ValueError, match=r"must be a table of numbers, got shape \(2,\)"
    ):
        rh.plot_end_chances(["one"], [0.1, 0.2])
    names = [f"model {number}" for number in range(7)]  # more than there are styles
    ax = rh.plot_end_chances(names, [[0.1 * number for number in range(7)]] * 2)
    assert [line.get_label() for line in ax.lines] == names
    assert [line.get_ydata()[0] for line in ax.lines] == [0.1 * n for n in range(7)]
    plt.close(ax.figure)
    plt.close("all")


def test_patterns_begin_with_h_0_but_for_the_one_without_recurrence():
    figure = rh.draw_patterns()
    single, *others = ([text.get_text() for text in ax.texts] for ax in figure.axes)
    assert single == ["$h$", "photo", "cat"]
    assert len(figure.axes[0].patches) == 5  # 3 boxes, 2 arrows
    assert [texts[0] for texts in others] == 4 * ["$h_0$"]
    words = [[text for text in texts if "$" not in text] for texts in others]
    assert [" ".join(texts) for texts in words] == [
        "photo a red cat",
        "not bad at all good",
        "te amo I love you",
        "1st run 2nd run 3rd jump",
    ]
    titles = [ax.get_title().partition(":")[0] for ax in figure.axes]
    assert titles[:3] == ["one to one", "one to many", "many to one"]
    assert titles[3:] == ["many to many, unequal", "many to many, step by step"]
    plt.close(figure)


def test_attention_draws_each_weight_as_thick_as_it_is():
    figure = rh.draw_attention()
    without, attention = figure.axes
    texts = [text.get_text() for text in attention.texts]
    assert [
        text for text in texts if text[0] == "0"
    ] == "0.05 0.70 0.10 0.05 0.10".split()
    arrows = [patch for patch in attention.patches if patch.get_linewidth() == 0]
    widths = [arrow.get_arrowstyle().tail_width for arrow in arrows]
    assert widths == pytest.approx([1.6, 9.4, 2.2, 1.6, 2.2])
    for ax in figure.axes:
        texts = [text.get_text() for text in ax.texts]
        assert {"$h_0$", "$h_{5}$", "cat", "is"} <= set(texts)
    assert not [patch for patch in without.patches if patch.get_linewidth() == 0]
    plt.close(figure)


def pixels_per_unit(figure):
    """How large the drawings of a figure are, in the look of the course."""
    figure.canvas.draw()
    return [ax.transData.get_matrix()[0, 0] for ax in figure.axes]


def test_boxes_are_as_large_in_every_panel():
    with plt.style.context("rnn_helpers.course"):
        for figure in (rh.draw_patterns(), rh.draw_attention()):
            scales = pixels_per_unit(figure)
            assert max(scales) / min(scales) < 1.03
            plt.close(figure)


# Play: what stands in the code, and what a student puts in its place

CHANGES = [
    (
        '"hey how are you", "good i am fine", "have a nice day"',
        '"to be or not to be"',
    ),
    ('"hey how are you", "good', '"Hé, où?", "שלום 👋", "ab", "ab", "a.b.", "good'),
    ("who can hear me, ", ""),
    ("over and over again, ", "ÜBER ALL, "),
    ("num_hiddens = 12", "num_hiddens = 1"),
    ("seed = 3", "seed = 12345"),
    ("num_epochs=100, lr=0.01", "num_epochs=40, lr=0.1"),
    ("300, lr=0.01", "10, lr=0.01"),
    ("num_hiddens, nn.RNN)\nlosses, _", "num_hiddens, nn.GRU)\nlosses, _"),
    ("num_hiddens, nn.RNN)\nlosses, _", "num_hiddens, nn.LSTM)\nlosses, _"),
    ("num_hiddens, nn.RNN)\nbatches", "num_hiddens, nn.GRU)\nbatches"),
    ('END = "."', 'END = "|"'),
    ('END = "."', 'END = "~"'),
    (
        "name.lower() for name in rh.load_names() if",
        "name.lower() for name in"
        ' "Anna,Ben,Chloé,Dora,Emil,Finn,Gerda,Hans,Ida,Jörg".split(",") if',
    ),
    (
        "name.lower() for name in rh.load_names() if",
        "name[::-1] for name in rh.load_names() if",
    ),
    (
        "name.lower() for name in rh.load_names() if",
        "name.title() for name in rh.load_names() if",
    ),
    (
        "name.lower() for name in rh.load_names() if",
        'name for name in "São Paulo,Ålesund,St. Ives,Å,New York,Łódź,Bonn,Ypern,Ulm".split(",") if',
    ),
    ("torch.manual_seed(0)\ntexts", "torch.manual_seed(3)\ntexts"),
    ("longest_group = 5", "longest_group = 3"),
    ("longest_group = 5", "longest_group = 2"),
    ("longest_group = 5", "longest_group = 9"),
    ("(0.6, 0.7, 0.8, 0.9)", "(1,)"),
    ("batch_size = 32", "batch_size = 5000"),
    ("name_hiddens = 64", "name_hiddens = 1"),
    ("(0.02, 0.005)", "(0.3,)"),
    ('learn_names("RNN", nn.RNN)', 'learn_names("RNN", nn.GRU)'),
    (
        'learn_names("GRU", nn.GRU)\nlearn_names("LSTM", nn.LSTM)',
        'learn_names("LSTM", nn.LSTM)\nlearn_names("GRU", nn.GRU)',
    ),
    ('beginning = ""', 'beginning = "christopher"'),
    ("torch.set_default_dtype(torch.float64)", "pass"),
]
QUICK = {  # where the change has no part in it
    "stage_epochs = 3": "stage_epochs = 1",
    "rh.load_names() if": "rh.load_names()[::4] if",
}
REFUSED = [('"good i am fine"', '""', "must hold at least one")]


# Numbers from elsewhere

HELD = "held by test_sentence_completion.py::"
OF_PADDING = HELD + "test_spaces_that_count_make_the_loss_look_too_good"
OF_THE_TABLE = HELD + "test_the_table_on_other_splits"
OF_THE_RNN = HELD + "test_the_rnn_is_probably_behind_by_5_to_9_hundredths"
PUBLISHED = {
    "20": HELD + "test_three_in_ten_two_in_ten_and_one_in_twenty_come_from_memory",
    "40": HELD
    + "test_after_ten_times_the_updates_the_gru_remembers_more_than_the_five_gram",
    **dict.fromkeys(("0.19", "0.27", "0.13"), OF_PADDING),
    "8.1": HELD + "test_of_a_count_of_9_the_discount_leaves_8_and_a_bit",
    "0.09": OF_THE_RNN,
    "0.05": OF_THE_TABLE,
}
