"""What lessons 3 and 4 teach, tried on other inputs than theirs."""

import math

import pytest
import torch
from torch import nn

from rnn_helpers import CharVocab


def test_loop_by_hand_is_nn_rnn_for_a_batch(lesson):
    hihell = lesson("03_char_hihell")
    layer = nn.RNN(5, 4, batch_first=True)
    inputs, h_0 = torch.randn(3, 7, 5), torch.randn(1, 3, 4)
    states = hihell["rnn_by_hand"](
        inputs,
        h_0[0],
        layer.weight_ih_l0.T,
        layer.weight_hh_l0.T,
        layer.bias_ih_l0 + layer.bias_hh_l0,
    )
    torch.testing.assert_close(states, layer(inputs, h_0)[0])


def test_seed_777_is_the_published_run(lesson):
    hihell = lesson("03_char_hihell")
    assert f"{hihell['losses'][14]:.3f} {hihell['strings'][14]}" == "0.322 ihello"
    assert f"{hihell['losses'][11]:.3f} {hihell['strings'][11]}" == "0.535 ihhllo"


@pytest.mark.parametrize(
    "prompt", ["h", "how", "you are", "good i am fine and nice day"]
)
def test_carrying_the_state_is_rereading(lesson, prompt):
    sentences = lesson("04_sentence_completion")
    for model in (sentences["untrained"], sentences["model"]):
        carried, carried_logits = sentences["complete"](model, prompt)
        reread, reread_logits = sentences["complete"](model, prompt, carry=False)
        assert carried == reread and carried.startswith(prompt)
        torch.testing.assert_close(carried_logits, reread_logits)


def test_completion_refuses_bad_prompts_by_name(lesson):
    sentences = lesson("04_sentence_completion")
    for prompt in ("xyz", "good i am fine!!"):
        with pytest.raises(ValueError, match="unknown characters"):
            sentences["complete"](sentences["model"], prompt)
    with pytest.raises(ValueError, match="at least one character"):
        sentences["complete"](sentences["model"], "")


@pytest.mark.parametrize("layer_class", [nn.RNN, nn.GRU, nn.LSTM])
def test_state_has_layers_first_and_starts_at_zero(lesson, layer_class):
    CharRNN = lesson("04_sentence_completion")["CharRNN"]
    model = CharRNN(CharVocab("abcdefg"), num_hiddens=5, layer_class=layer_class)
    zeros = torch.zeros(1, 3, 5)
    h_0 = (zeros, zeros) if layer_class is nn.LSTM else zeros
    inputs = torch.rand(3, 4, 7)
    logits, h_t = model(inputs)
    torch.testing.assert_close((logits, h_t), model(inputs, h_0))
    last = h_t[0] if layer_class is nn.LSTM else h_t
    assert logits.shape == (3, 4, 7) and last.shape == (1, 3, 5)


@pytest.mark.parametrize("max_norm", [math.inf, 1e-2])
def test_training_sentences_together_is_training_each(lesson, max_norm):
    sentences = lesson("04_sentence_completion")
    vocab, inputs, _, targets = sentences["make_batch"](["abc", "b", "ca ab c"])
    losses = sentences["train_together"](
        [sentences["make_model"](seed, vocab) for seed in (3, 8)],
        inputs,
        targets,
        make_optimizer=torch.optim.SGD,
        lr=0.5,
        max_norm=max_norm,
    )
    model = sentences["make_model"](8, vocab)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    for loss_together in losses[:, 1]:
        loss = sentences["sequence_loss"](model(inputs)[0], targets)
        # clip_grad_norm_ adds 1e-6 to the norm
        torch.testing.assert_close(loss_together, loss, rtol=1e-4, atol=0)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        optimizer.step()


def test_padding_is_masked_by_position_alone(lesson):
    make_batch = lesson("04_sentence_completion")["make_batch"]
    vocab, inputs, counted, masked = make_batch(["a b", "ab", "b a b "])
    assert vocab.chars == " ab" and inputs.shape == (3, 5, 3)
    assert counted.tolist() == [[0, 2, 0, 0, 0], [2, 0, 0, 0, 0], [0, 1, 0, 2, 0]]
    assert masked.tolist() == [
        [0, 2, -100, -100, -100],
        [2, -100, -100, -100, -100],
        [0, 1, 0, 2, 0],
    ]


@pytest.mark.parametrize("layer_class", [nn.RNN, nn.GRU, nn.LSTM])
def test_layers_side_by_side_are_the_layers(lesson, layer_class):
    side_by_side = lesson("04_sentence_completion")["side_by_side"]
    layers = [layer_class(3, 4, batch_first=True) for _ in range(3)]
    inputs = torch.randn(2, 5, 3)
    joint, _ = side_by_side(layers)(inputs)
    for layer, states in zip(layers, joint.split(4, dim=2)):
        torch.testing.assert_close(states, layer(inputs)[0])


def test_tree_of_all_continuations_sums_to_one(lesson):
    sentences = lesson("04_sentence_completion")
    model = sentences["make_model"](0, CharVocab("ab "))
    branches = sentences["grow_tree"](model, "b", length=4, least=0)
    assert len(branches) == 1 + 3 + 9 + 27
    for length in (1, 2, 3, 4):
        shares = [p for text, p in branches.items() if len(text) == length]
        assert sum(shares) == pytest.approx(1)


@pytest.mark.parametrize("temperature", [0.5, 1, 3])
def test_samples_follow_the_softmax_of_scaled_logits(lesson, temperature):
    sentences = lesson("04_sentence_completion")
    model = sentences["model"]
    with torch.no_grad():
        logits, _ = sentences["read"](model, "h")
    expected = (logits / temperature).softmax(dim=0)
    texts, perplexity = sentences["sample"](
        model, "h", temperature, num_texts=4000, length=2
    )
    entropy = -(expected * expected.log()).sum()
    assert perplexity == pytest.approx(entropy.exp().item())
    for char, share in zip(model.vocab.chars, expected.tolist()):
        drawn = texts.count("h" + char) / 4000
        assert drawn == pytest.approx(share, abs=0.005 + 4 * (share / 4000) ** 0.5)
