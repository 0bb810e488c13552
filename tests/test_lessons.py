"""What the lessons teach, tried on other inputs than theirs."""

import math

import pytest
import torch
from torch import nn

from rnn_helpers import CharVocab, make_signals, make_sine_wave, next_step_pairs


def test_elman_cell_is_the_formula(lesson):
    elman = lesson("01_elman_sine")
    x_t, h_prev = torch.randn(1, 1), torch.randn(1, 6)
    W_h, W_hy = elman["make_weights"](seed=5)
    y_t, h_t = elman["elman_step"](x_t, h_prev, W_h, W_hy)
    torch.testing.assert_close(h_t, torch.tanh(x_t @ W_h[:1] + h_prev @ W_h[1:]))
    torch.testing.assert_close(y_t, h_t @ W_hy)


def test_elman_weights_have_the_published_spread(lesson):
    make_weights = lesson("01_elman_sine")["make_weights"]
    W_h, W_hy = (
        torch.stack(W) for W in zip(*(make_weights(seed) for seed in range(300)))
    )
    assert W_h.shape[1:] == (7, 6) and W_hy.shape[1:] == (6, 1)
    assert W_h.std().item() == pytest.approx(0.4, rel=0.03)
    assert W_hy.std().item() == pytest.approx(0.3, rel=0.05)


@pytest.mark.parametrize("seed", [1, 2])
def test_training_many_is_training_each(lesson, seed):
    elman = lesson("01_elman_sine")
    inputs, targets = next_step_pairs(make_sine_wave(8, 0, 3)[1])
    W_h, W_hy = elman["make_weights"](seed)
    losses, _, _ = elman["train"](inputs, targets, W_h, W_hy, num_epochs=5)
    many, *_ = elman["train_many"](
        inputs, targets, W_h.unsqueeze(2), W_hy, num_epochs=5
    )
    torch.testing.assert_close(many[:, 0], torch.tensor(losses))


@pytest.mark.parametrize("horizon", [1, 2, 5, 7])
def test_elman_gradient_by_hand_is_autograds(lesson, horizon):
    elman = lesson("01_elman_sine")
    inputs, targets = next_step_pairs(make_sine_wave(8, 1, 4)[1])
    W_h, W_hy = elman["make_weights"](seed=3)
    by_hand = elman["losses_and_gradients"](
        inputs, targets, W_h.unsqueeze(2), W_hy, torch.tensor([horizon])
    )
    by_autograd = elman["losses_and_gradients_by_autograd"](
        inputs, targets, W_h, W_hy, horizon
    )
    for ours, theirs in zip(by_hand, by_autograd):
        torch.testing.assert_close(ours.reshape(theirs.shape), theirs)


def test_free_run_on_truth_alone_is_the_one_step_forecast(lesson):
    elman = lesson("01_elman_sine")
    weights = elman["W_h"], elman["W_hy"]
    start_times = torch.tensor([2.0, 0.5])
    forecasts, truths = elman["free_run"](
        start_times, *weights, num_warm_up=20, num_steps=20
    )
    outputs, _ = elman["run"](elman["inputs"], *weights)
    torch.testing.assert_close(forecasts[0], outputs)
    torch.testing.assert_close(truths[0], elman["targets"])
    freed, _ = elman["free_run"](start_times, *weights, num_warm_up=5, num_steps=20)
    torch.testing.assert_close(freed[:, :5], forecasts[:, :5])
    assert (freed[:, 5:] != forecasts[:, 5:]).all()


def test_training_leaves_the_first_weights_as_they_were(lesson):
    elman = lesson("01_elman_sine")
    W_h, W_hy = elman["make_weights"](seed=0)
    assert torch.equal(W_h, elman["W_h_start"]) and torch.equal(
        W_hy, elman["W_hy_start"]
    )


@pytest.mark.parametrize("num_steps", [1, 2, 30])
def test_right_parameters_add_up_signals_of_any_length(lesson, num_steps):
    summing = lesson("02_summing_rnn")
    signals, partial_sums = make_signals(num_steps, batch_size=3)
    outputs = summing["model"](signals, *summing["right"])
    torch.testing.assert_close(outputs, partial_sums)


def test_fitting_many_starts_is_fitting_each(lesson):
    fit = lesson("02_summing_rnn")["fit"]
    frames = torch.rand(4, 2, 1)
    partial_sums = frames.cumsum(dim=0)
    starts = 0.3 * torch.randn(3, 5)
    together = fit(frames, partial_sums, starts, num_epochs=20)
    for run in range(5):
        alone = fit(frames, partial_sums, starts[:, run : run + 1], num_epochs=20)
        torch.testing.assert_close(together[:, run : run + 1], alone)


@pytest.mark.parametrize("num_compared", [1, 3, 6])
def test_gradient_by_hand_is_autograds(lesson, num_compared):
    summing = lesson("02_summing_rnn")
    frames = torch.rand(6, 3, 1)
    targets = frames.cumsum(dim=0)[-num_compared:]
    parameters = torch.randn(3, 2, requires_grad=True)
    outputs = summing["model"](frames, *parameters)[-num_compared:]
    ((outputs - targets) ** 2).mean(dim=(0, 1)).sum().backward()
    by_hand = summing["gradient_by_hand"](frames, targets, parameters.detach())
    torch.testing.assert_close(by_hand, parameters.grad)


def test_closed_form_holds_for_other_parameters(lesson):
    summing = lesson("02_summing_rnn")
    signal, parameters = torch.randn(9), torch.randn(3)
    unrolled = summing["model"](signal, *parameters)[-1]
    torch.testing.assert_close(unrolled, summing["closed_form"](signal, *parameters))


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
