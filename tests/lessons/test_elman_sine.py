"""Lesson 1, one input and two targets: all that is held of it."""

import fractions
import math

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from course import announced, code_cells, finding, run_lesson, stored
from matplotlib.patches import FancyArrowPatch
from test_every_exercise import wrong_solutions

import rnn_helpers as rh
from rnn_helpers.plotting import CUT, FORECAST

NAME = "01_elman_sine"
WAVES = ((2, 8), (0.5, 8), (3.3, 9), (5, 10))  # first time, length: over a period each


@pytest.fixture
def sine(lesson):
    return lesson(NAME)


def rms(errors):
    return errors.square().mean().sqrt().item()


# One input, two targets


@finding("01_elman_sine", "baseline", "two-targets-text")
def test_the_best_line_is_hardly_better_than_no_change(sine):
    assert 0.8 < sine["line_loss"] / sine["persistence_loss"] < 1


@finding("01_elman_sine", "two-targets", "two-targets-read")
def test_two_moments_of_nearly_one_value_go_on_differently(sine):
    inputs, targets = sine["inputs"], sine["targets"]
    up, down = sine["rising"], sine["falling"]
    assert targets[up] > inputs[up] and targets[down] < inputs[down]
    assert targets[up] - targets[down] > 2 * abs(inputs[up] - inputs[down])


@finding("01_elman_sine", "two-targets", "two-targets-read", but=["noise = 0.1"])
def test_the_marks_lie_on_the_ellipse(sine):
    marks = torch.stack([sine["inputs"], sine["targets"]], dim=1)
    ellipse = torch.stack(sine["ellipse"], dim=1)
    assert torch.cdist(marks, ellipse).min(dim=1).values.max() < 0.05


@finding("01_elman_sine", "not-enough")
def test_no_function_of_the_value_does_much_better_than_no_change(sine):
    """The mean target at one height is cos(step) times the height, for any sine."""
    step = sine["time_step"]
    least, persistence = math.sin(step) ** 2 / 2, 1 - math.cos(step)
    assert 0.9 < least / persistence < 1
    phases = torch.linspace(0, 2 * math.pi, 20_001)[:-1]
    now, later = phases.sin(), (phases + step).sin()
    curve = np.polynomial.Polynomial.fit(now.numpy(), later.numpy(), 15)
    loss = ((curve(now.numpy()) - later.numpy()) ** 2).mean()
    assert loss == pytest.approx(least, rel=1e-3)


@finding("01_elman_sine", "not-enough")
def test_a_curve_through_the_marks_misses_the_next_ones(sine):
    """As a table that says what followed the nearest value, or joined by lines."""
    inputs, targets, step = (sine[name] for name in ("inputs", "targets", "time_step"))
    coming = sine["make_wave"](
        10 + step * torch.arange(len(inputs) + 1), sine["height"]
    )
    order = inputs.argsort()
    nearest = targets[(coming[:-1, None] - inputs).abs().argmin(dim=1)]
    joined = np.interp(coming[:-1], inputs[order], targets[order])
    assert len(set(inputs.tolist())) == len(inputs)
    for forecasts in (nearest, torch.tensor(joined)):
        loss = sine["loss_of"](forecasts, coming[1:])
        assert loss > 0.7 * sine["loss_of"](coming[:-1], coming[1:])


@finding("01_elman_sine", "factor-exercise", "factor-solution")
def test_persistence_at_twice_as_many_points_scores_half(sine):
    scores = []
    for num_points in (41, 21):
        wave = sine["make_wave"](torch.linspace(2, 10, num_points), sine["height"])
        scores.append(sine["loss_of"](wave[:-1], wave[1:]))
    assert scores[0] / scores[1] == pytest.approx(0.5, abs=0.01)


# A hidden state


@finding("01_elman_sine", "cell-formula", "cell-formula-notes", "step")
def test_elman_step_is_the_formula_of_two_matrices(sine):
    x_t, h_prev = torch.randn(()), torch.randn(sine["num_hiddens"])
    W_h, W_hy = sine["make_weights"](5, sine["num_hiddens"])
    y_t, h_t = sine["elman_step"](x_t, h_prev, W_h, W_hy)
    torch.testing.assert_close(h_t, torch.tanh(x_t * W_h[0] + h_prev @ W_h[1:]))
    torch.testing.assert_close(y_t, h_t @ W_hy)


@finding("01_elman_sine", "cell-formula-notes", "pieces-text")
def test_with_six_units_48_numbers_are_learned_by_hand_and_61_in_pytorch(sine):
    assert sum(W.numel() for W in sine["make_weights"](0, 6)) == 48
    assert sum(W.numel() for W in sine["make_model"](0, 6).parameters()) == 61


@finding("01_elman_sine", "cell-formula-notes")
def test_without_tanh_the_state_can_grow_without_end():
    W_hh = 1.5 * torch.linalg.qr(torch.randn(6, 6, dtype=torch.float64)).Q
    state = with_tanh = torch.ones(6, dtype=torch.float64)
    for _ in range(1000):
        state, with_tanh = state @ W_hh, torch.tanh(with_tanh @ W_hh)
    assert state.abs().max() > 1e100 and with_tanh.abs().max() <= 1


@finding("01_elman_sine", "step", "train-read")
def test_weights_have_the_published_spread(sine):
    pairs = [sine["make_weights"](seed, 6) for seed in range(300)]
    W_h, W_hy = map(torch.stack, zip(*pairs))
    assert W_h.shape[1:] == (7, 6) and W_hy.shape[1:] == (6,)
    assert W_h.std().item() == pytest.approx(0.4, rel=0.03)
    assert W_hy.std().item() == pytest.approx(0.3, rel=0.05)


@finding("01_elman_sine", "run-text", "run")
def test_the_loop_is_the_same_step_again_and_again(sine):
    inputs, weights = sine["inputs"], sine["weights"]
    outputs, states = sine["run"](inputs, *weights)
    h_t = torch.zeros(sine["num_hiddens"])
    for step in range(3):
        torch.testing.assert_close(states[step], h_t)
        y_t, h_t = sine["elman_step"](inputs[step], h_t, *weights)
        torch.testing.assert_close(outputs[step], y_t)


@finding("01_elman_sine", "run-text", "swap-read")
def test_without_memory_every_step_is_alone(sine):
    inputs = sine["inputs"]
    forward, _ = sine["run"](inputs, *sine["weights"], memory=False)
    backward, _ = sine["run"](inputs.flip(0), *sine["weights"], memory=False)
    torch.testing.assert_close(forward, backward.flip(0))


# Learning, and the scissors


@finding("01_elman_sine", "cut-cure", "cut-read", "cut-cost")
def test_detach_keeps_the_values_and_stops_the_gradient(sine):
    W_h, W_hy = (W.clone().requires_grad_() for W in sine["weights"])
    x_1, x_2 = torch.tensor([0.3, 0.8], requires_grad=True)
    _, h_1 = sine["elman_step"](x_1, torch.zeros(sine["num_hiddens"]), W_h, W_hy)
    for h_prev, passes in ((h_1, True), (h_1.detach(), False)):
        y_2, _ = sine["elman_step"](x_2, h_prev, W_h, W_hy)
        (gradient,) = torch.autograd.grad(
            y_2, x_1, allow_unused=True, retain_graph=True
        )
        assert (gradient is not None) == passes


@finding("01_elman_sine", "cut-read", "cut-cost")
def test_with_the_cut_the_weights_still_get_a_gradient_but_another_one(sine):
    """Of an error at step 2: all weights through its own step, step 1 only uncut."""
    gradients = []
    for cut in (True, False):
        W_h, W_hy = (W.clone().requires_grad_() for W in sine["weights"])
        h_0 = torch.zeros(sine["num_hiddens"])
        _, h_1 = sine["elman_step"](torch.tensor(0.3), h_0, W_h, W_hy)
        y_2, _ = sine["elman_step"](
            torch.tensor(0.8), h_1.detach() if cut else h_1, W_h, W_hy
        )
        gradients.append(torch.autograd.grad(y_2, W_h)[0])
    assert (gradients[0] != 0).all()
    assert (gradients[0] - gradients[1]).abs().max() > 0.01


@finding("01_elman_sine", "train-text")
def test_without_detach_pytorch_stops_at_the_second_point(sine):
    (source,) = (cell.source for cell in code_cells(NAME) if cell.id == "train")
    points = []
    names = {
        **sine,
        "loss_of": lambda *pair: points.append(0) or sine["loss_of"](*pair),
    }
    exec(source.replace("h_t.detach()", "h_t"), names)
    with pytest.raises(RuntimeError, match="Trying to backward through the graph a se"):
        names["train_by_hand"](*sine["weights"])
    assert len(points) == 2


@stored("01_elman_sine", "train-with", "train-read")
def test_the_published_loss_is_a_tenth_of_ours(sine):
    assert 5 < sine["losses"][290] / 0.0052 < 15


@finding("01_elman_sine", "train-read")
def test_without_memory_it_ends_beside_the_forecasts_that_need_no_network(sine):
    """And while it learns, above the line: it has no bias."""
    last = sine["losses_without"][-1]
    assert sine["line_loss"] < last < 1.1 * sine["persistence_loss"]
    nothing, _ = sine["run"](torch.zeros(1), *sine["trained_without"])
    assert nothing.item() == 0


@finding("01_elman_sine", "train-with", "train-read")
def test_with_memory_it_gets_far_below(sine):
    assert 2 * sine["losses"][-1] < sine["line_loss"]


# Is it the state?


def exchanged(sine):
    """What the two steps forecast with their own state, and with the other's."""
    up, down, states = sine["rising"], sine["falling"], sine["states"]
    forecasts = [
        sine["elman_step"](sine["inputs"][here], states[there], *sine["trained"])[0]
        for here, there in ((up, up), (down, down), (up, down), (down, up))
    ]
    return forecasts, sine["targets"][up], sine["targets"][down]


@finding("01_elman_sine", "swap", "swap-read", "intervention")
def test_swapped_states_swap_the_forecasts_here(sine):
    forecasts, rising, falling = exchanged(sine)
    answers = [(y_t - rising).abs() < (y_t - falling).abs() for y_t in forecasts]
    assert answers == [True, False, False, True]
    up, down = sine["inputs"][sine["rising"]], sine["inputs"][sine["falling"]]
    assert forecasts[2] < up and forecasts[3] > down


@stored("01_elman_sine", "swap", "swap-read")
def test_with_its_own_state_it_comes_close(sine):
    (own_up, own_down, *_), rising, falling = exchanged(sine)
    assert abs(own_up - rising) < 0.1 and abs(own_down - falling) < 0.1


@pytest.mark.wide
@finding("01_elman_sine", "swap-read", "intervention", "train-read", "end")
@pytest.mark.parametrize(
    "start, length, num_hiddens, num_epochs",
    [(*wave, 6, 300) for wave in WAVES]
    + [(*WAVES[0], 3, 300), (*WAVES[0], 12, 300), (*WAVES[0], 6, 100)],
)
def test_swapped_states_swap_the_forecasts(
    lesson, monkeypatch, start, length, num_hiddens, num_epochs
):
    """In nine of ten networks; and most are far better with a memory than without."""
    sine = lesson(NAME)
    wave = sine["make_wave"](torch.linspace(start, start + length, 21), 1)
    inputs, targets = wave[:-1], wave[1:]
    settings = {"num_hiddens": num_hiddens, "num_epochs": num_epochs}
    for name, value in {**settings, "inputs": inputs, "targets": targets}.items():
        monkeypatch.setitem(sine, name, value)
    up, down = closest(inputs, targets)
    weights, step = hand_made_side_by_side(sine, range(20))
    monkeypatch.setitem(sine, "elman_step", step)
    _, trained = sine["train_by_hand"](*weights)
    outputs, states = sine["run"](inputs, *trained)
    rising, _ = step(inputs[up], states[down], *trained)
    falling, _ = step(inputs[down], states[up], *trained)
    assert (rising < falling).sum() >= 18
    losses = 0.5 * (outputs - targets[:, None]).square().sum(dim=0)
    least = 20 * math.sin(length / 20) ** 2 / 4  # of a function of the value
    assert (losses < least / 2).sum() >= 16


def hand_made_side_by_side(sine, seeds):
    """The weights of many networks as those of one, and its step: an output for each.

    No weight leads from one to another; so each is trained as it is alone.
    """
    each = [sine["make_weights"](seed, sine["num_hiddens"]) for seed in seeds]
    from_input = torch.cat([W_h[:1] for W_h, _ in each], dim=1)
    W_h = torch.cat([from_input, torch.block_diag(*(W_h[1:] for W_h, _ in each))])
    W_hy = torch.block_diag(*(W_hy[:, None] for _, W_hy in each))
    own_h, own_y, step_of_one = W_h != 0, W_hy != 0, sine["elman_step"]

    def step(x_t, h_prev, W_h, W_hy):
        return step_of_one(x_t, h_prev, W_h * own_h, W_hy * own_y)

    return (W_h, W_hy), step


@pytest.mark.wide
@finding("01_elman_sine", "swap-read", "end-notes")
def test_side_by_side_each_is_trained_as_alone(sine, monkeypatch):
    _, (alone_h, alone_y) = sine["train_by_hand"](*sine["make_weights"](1, 6))
    weights, step = hand_made_side_by_side(sine, range(3))
    monkeypatch.setitem(sine, "elman_step", step)
    _, (W_h, W_hy) = sine["train_by_hand"](*weights)
    torch.testing.assert_close(W_h[[0, *range(7, 13)], 6:12], alone_h)
    torch.testing.assert_close(W_hy[6:12, 1], alone_y)
    model, models = sine["make_model"](1, 6), [sine["make_model"](k, 6) for k in (0, 1)]
    together = SideBySide(models)
    inputs, targets = sine["input_waves"], sine["target_waves"]
    sine["train"](model, inputs, targets, 40, 0.02, piece=3)
    sine["train"](
        together, inputs.expand(-1, 1, 2), targets.expand(-1, 1, 2), 40, 0.02, piece=3
    )
    for parameter, twins in zip(model.parameters(), together.weights):
        torch.testing.assert_close(twins[1], parameter)
    waves = sine["waves"]
    rows = sine["roll_out"](together, waves.expand(-1, -1, 2))[..., 1:]
    torch.testing.assert_close(rows, sine["roll_out"](model, waves))


def closest(inputs, targets):
    """A rising and a falling step of the most similar height, with a past each."""
    rising = targets > inputs
    gaps = (inputs[:, None] - inputs[None, :]).abs()
    alike = (targets[:, None] - targets[None, :]).abs() < 0.4
    gaps[~rising] = gaps[:, rising] = gaps[alike] = torch.inf
    gaps[0] = gaps[:, 0] = torch.inf
    return divmod(gaps.argmin().item(), len(inputs))


# The same network in PyTorch


@finding("01_elman_sine", "nn-rnn-text", "shapes-text", "by-hand")
def test_with_our_weights_the_model_gives_the_states_and_forecasts_of_our_loop(sine):
    states, last_state = sine["by_hand"].layer(sine["input_waves"])
    torch.testing.assert_close(states[:, 0], sine["states"][1:])
    torch.testing.assert_close(last_state[0, 0], sine["states"][-1])
    forecasts, _ = sine["by_hand"](sine["input_waves"])
    torch.testing.assert_close(forecasts[:, 0, 0], sine["outputs"])


@finding("01_elman_sine", "by-hand")
def test_the_cell_would_say_so_if_one_forecast_were_another(sine, capsys):
    (cell,) = (cell for cell in code_cells(NAME) if cell.id == "by-hand")
    others = sine["outputs"].clone()
    others[-1] += 0.01
    exec(cell.source, {**sine, "outputs": others})
    assert capsys.readouterr().out == "the same forecasts: False\n"


@finding("01_elman_sine", "shapes-text", "roll-out-text")
def test_waves_side_by_side_are_read_as_alone(sine):
    model, waves = sine["networks"]["no cut"], sine["waves"]
    together, _ = model(waves)
    alone, _ = model(waves[:, 7:8])
    torch.testing.assert_close(together[:, 7:8], alone)


@finding("01_elman_sine", "pieces-choice-notes")
def test_a_piece_as_long_as_the_wave_cuts_nothing(sine):
    inputs = sine["input_waves"].clone().requires_grad_()
    forecasts, _ = sine["make_model"](3, sine["num_hiddens"])(inputs)
    forecasts[-1].sum().backward()
    assert (inputs.grad != 0).all()
    assert sine["pieces"] == {"no cut": len(inputs), "cut": 1}


@finding("01_elman_sine", "reach-exercise", "reach-solution")
def test_reach_is_what_autograd_says():
    for num_steps, piece in ((20, 8), (20, 5), (7, 30), (9, 1)):
        inputs = torch.rand(num_steps, requires_grad=True)
        h_t = torch.zeros(())
        for x in inputs.split(piece):
            h_t = h_t.detach()
            for x_t in x:
                h_t = torch.tanh(x_t + h_t)
        h_t.backward()
        assert (inputs.grad != 0).sum() == (num_steps - 1) % piece + 1


# On its own


@finding("01_elman_sine", "let-go-question", "two-models")
def test_both_models_begin_with_the_same_weights_and_only_piece_differs(sine):
    (source,) = (cell.source for cell in code_cells(NAME) if cell.id == "two-models")
    begun = []
    train = sine["train"]

    def note(model, *settings):
        begun.append(([W.clone() for W in model.parameters()], settings[:-1]))
        return train(model, *settings[:2], 1, *settings[3:])

    exec(source, {**sine, "train": note})
    (one, settings), (other, same) = begun
    assert all(map(torch.equal, one, other))
    assert settings[2:] == same[2:] and all(map(torch.equal, settings[:2], same[:2]))


def spans(sine, name):
    """The errors of a network with true values, soon after them, and late."""
    forecast, waves = sine["forecasts"][name], sine["waves"]
    steps = (11, 20), (21, 30), (51, 60)
    return [sine["error"](forecast, waves, *span) for span in steps]


@finding("01_elman_sine", "roll-out-text")
def test_always_saying_0_has_the_error_that_is_given():
    phases = torch.linspace(0, 2 * math.pi, 10_001)[:-1]
    assert f"{rms(phases.sin()):.2f}" == "0.71"


@finding("01_elman_sine", "roll-out-text")
def test_the_places_where_they_go_on_alone_are_no_training_points(sine):
    times, period = sine["times"], 2 * math.pi
    visited = (sine["starts"] + sine["time_step"] * sine["steps"])[:-1, :, None]
    gaps = ((visited - times) % period).minimum((times - visited) % period)
    assert gaps.min() > 1e-4


@stored("01_elman_sine", "let-go", "let-go-read")
def test_alone_only_the_uncut_network_stays_and_the_others_end_near_a_constant(sine):
    for name, row in sine["one_wave"].items():
        assert (spans(sine, name)[2] < 0.05) == (name == "no cut")
        assert (row[-10:].std() < 0.03) == (name != "no cut")
    assert sine["one_wave"]["cut"][30:].std() < 0.01  # at once


@stored("01_elman_sine", "let-go", "let-go-read")
def test_with_true_values_the_cut_model_is_ten_times_worse(sine):
    uncut, cut, by_hand = (spans(sine, name)[0] for name in sine["networks"])
    assert 8 < cut / uncut < 20 and by_hand < 0.05


@stored("01_elman_sine", "let-go-read")
def test_at_first_all_three_miss(sine):
    truth = sine["waves"][1:]
    for forecast in sine["forecasts"].values():
        first, later = rms((forecast - truth)[:2]), rms((forecast - truth)[10:20])
        assert first > 0.15 and first > 1.2 * later


@stored("01_elman_sine", "curve", "curve-read")
def test_the_curves_are_as_they_are_read(sine):
    uncut, cut = sine["curves"]["no cut"], sine["curves"]["cut"]
    assert uncut[30] > 0.5 and uncut[100] < 0.1 and uncut[1000] < 0.03
    assert min(cut[epoch] for epoch in (10, 30, 100, 300)) > 0.7
    assert 3 * uncut[100] < cut[1000] < 0.5


@finding("01_elman_sine", "let-go-read", "curve-read", "cut-cost", "end")
def test_equally_long_trained_the_uncut_model_is_nearer(sine):
    """At the epochs of the figure, and at the last ones."""
    uncut, cut = sine["curves"]["no cut"], sine["curves"]["cut"]
    for epochs in (sine["num_epochs"], max(sine["checkpoints"])):
        assert uncut[epochs] < cut[epochs]
    assert spans(sine, "no cut")[0] < spans(sine, "cut")[0]


@stored("01_elman_sine", "let-go-read", "curve-read")
def test_the_cut_model_loses_the_wave_and_the_uncut_one_does_not(sine):
    always_0 = 0.71 * sine["height"]
    assert spans(sine, "no cut")[2] < 0.3 * always_0
    assert spans(sine, "cut")[2] > 0.7 * always_0


@announced("01_elman_sine", "cell-figure", "explorer-read", at="num_hiddens = 12")
def test_with_12_units_the_cut_model_stays_near_too_and_the_other_is_nearer(sine):
    uncut, cut = (spans(sine, name)[2] for name in ("no cut", "cut"))
    assert uncut < cut < 0.3


@announced("01_elman_sine", "cell-figure", "explorer-read", at="num_hiddens = 2")
def test_with_2_units_the_uncut_model_needs_300_epochs_and_not_100(sine):
    uncut = sine["curves"]["no cut"]
    assert uncut[100] > 0.5 and uncut[300] < 0.3


@announced("01_elman_sine", "wave", "explorer-read", at="height = 2")
def test_at_height_2_the_network_by_hand_stays_and_the_cut_model_does_not(sine):
    uncut, cut, by_hand = (spans(sine, name)[2] for name in sine["networks"])
    assert uncut < 0.3 and by_hand < 0.3 and cut > 1


@announced("01_elman_sine", "two-models", "explorer-read", at="adam_rate = 0.01")
def test_at_a_rate_of_001_the_cut_model_is_lost_after_1000_epochs_too(sine):
    assert sine["curves"]["cut"][1000] > 0.6 and sine["curves"]["no cut"][1000] < 0.1


@announced("01_elman_sine", "wave", "explorer-read", at="noise = 0.1")
def test_with_noise_the_uncut_model_is_farther_off_and_learns_the_noise_by_heart(sine):
    torch.manual_seed(0)  # so that it is the same noise in each run
    drawn = 0.1 * torch.randn_like(sine["times"])
    torch.testing.assert_close(sine["wave"], torch.sin(sine["times"]) + drawn)
    as_it_came = run_lesson(NAME).names
    assert spans(sine, "no cut")[0] > 2 * spans(as_it_came, "no cut")[0]
    model = sine["snapshots"]["no cut"][1000]
    forecasts, _ = model(sine["input_waves"])
    loss = sine["loss_of"](forecasts, sine["target_waves"])
    assert loss < 20 * 0.5 * 0.1**2  # what the noise alone would cost on other points


class SideBySide(torch.nn.Module):
    """Many models as one: the last axis of what it reads has a number for each."""

    def __init__(self, models):
        super().__init__()
        weights = zip(*(model.parameters() for model in models))
        self.weights = torch.nn.ParameterList(
            torch.stack([part.data for part in parts]) for parts in weights
        )

    def forward(self, x, h_prev=None):
        W_xh, W_hh, b_ih, b_hh, W_hy, b_y = self.weights
        read = torch.einsum("tbn,nh->tnbh", x, W_xh[:, :, 0]) + (b_ih + b_hh)[:, None]
        h_t = torch.zeros_like(read[0]) if h_prev is None else h_prev
        states = []
        for x_t in read:
            h_t = torch.tanh(torch.baddbmm(x_t, h_t, W_hh.mT))
            states.append(h_t)
        outputs = torch.einsum("tnbh,nh->tbn", torch.stack(states), W_hy[:, 0])
        return outputs + b_y[:, 0], h_t


def late_errors(sine, piece, num_hiddens, lr, epochs, kind=SideBySide, waves=WAVES):
    """Train 24 networks on each wave; how far off they are alone, late.

    After so many epochs each: shape (len(epochs), len(waves), 24).
    """
    pairs, tests = [], []
    for start, length in waves:
        wave = sine["make_wave"](torch.linspace(start, start + length, 21), 1)
        moments = sine["starts"] + length / 20 * sine["steps"]
        pairs += [wave] * 24
        tests += [sine["make_wave"](moments, 1)] * 24
    read, tests = torch.stack(pairs, dim=1)[:, None], torch.stack(tests, dim=2)
    models = [
        sine["make_model"](24 * (wave in waves[:at]) * at + k, num_hiddens)
        for at, wave in enumerate(waves)
        for k in range(24)
    ]  # the same ones for other waves, others for the same wave
    _, snapshots = sine["train"](
        kind(models), read[:-1], read[1:], max(epochs), lr, piece
    )
    errors = []
    for epoch in epochs:
        late = (sine["roll_out"](snapshots[epoch], tests) - tests[1:])[50:60]
        errors.append(late.square().mean(dim=(0, 1)).sqrt().reshape(len(waves), 24))
    return torch.stack(errors)


def shares_close(*settings, **how):
    """The share of the 24 that is close to its wave: (len(epochs), len(waves))."""
    return (late_errors(*settings, **how) < 0.3).double().mean(dim=2)


@pytest.mark.wide
@finding("01_elman_sine", "cut-cost", "cut-cost-notes", "end", "end-notes")
def test_the_cut_makes_learning_slow_on_every_wave_each_at_its_best_rate(
    sine, monkeypatch
):
    monkeypatch.setitem(sine, "checkpoints", (100, 300, 1000, 3000))
    rates = (0.01, 0.02, 0.05)
    uncut_late = [late_errors(sine, 20, 6, lr, (100, 300)) for lr in rates]
    uncut = [(errors < 0.3).double().mean(dim=2) for errors in uncut_late]
    cut = [shares_close(sine, 1, 6, lr, (300, 1000)) for lr in (0.01, 0.05)]
    late = late_errors(sine, 1, 6, 0.02, (300, 1000, 3000))
    longest = (late < 0.3).double().mean(dim=2)
    uncut_100, uncut_300 = torch.stack(uncut).amax(dim=0)
    cut_300, cut_1000 = torch.stack([*cut, longest[:2]]).amax(dim=0)
    assert uncut_100.min() >= 0.7 and uncut_300.min() >= 0.85
    assert 0.1 < cut_300.min() and cut_300.max() <= 0.5
    assert 0.2 < cut_1000.min() and cut_1000.max() <= 0.7
    assert (cut_1000 < uncut_100).all()
    assert 0.35 < longest[2].mean() < 0.65 and longest[2].max() <= 0.7
    better = [  # on the wave of the lesson, the share that is better than our seed
        (errors < errors[5]).double().mean().item()
        for errors in (uncut_late[1][1, 0], late[0, 0], late[1, 0])
    ]
    assert 0.3 < better[0] < 0.7 and 0.3 < better[1] < 0.7 and better[2] < 0.45


@pytest.mark.wide
@finding("01_elman_sine", "cut-cost", "end-notes", "explorer-read")
def test_with_half_and_with_twice_the_units_the_order_stays(sine, monkeypatch):
    monkeypatch.setitem(sine, "checkpoints", (100, 300, 1000))
    for num_hiddens in (3, 12):
        (uncut,) = shares_close(sine, 20, num_hiddens, 0.02, (100,))
        cut_300, cut_1000 = shares_close(sine, 1, num_hiddens, 0.02, (300, 1000))
        assert (cut_1000 < uncut).all()
    six = shares_close(sine, 1, 6, 0.02, (300,))[0]
    assert (six < cut_300).all()  # of twelve
    two_100, two_300 = shares_close(sine, 20, 2, 0.02, (100, 300))
    assert two_100.max() < 0.3 and (two_300 > two_100 + 0.1).all()
    assert two_300.mean() == pytest.approx(0.5, abs=0.15)
    ours = {"waves": 4 * WAVES[:1]}  # 96 networks on the wave of the lesson
    six, twelve = (shares_close(sine, 1, n, 0.02, (300,), **ours) for n in (6, 12))
    assert 0.05 < six.mean() < 0.22 and twelve.mean() == pytest.approx(0.3, abs=0.1)


class OutputLayerOnly(SideBySide):
    """Many models of which only the output layer is trained."""

    def __init__(self, models):
        super().__init__(models)
        for weights in self.weights[:4]:
            weights.requires_grad_(False)


@pytest.mark.wide
@finding("01_elman_sine", "cut-cost", "end", "end-notes")
def test_with_24_units_untrained_hidden_weights_do_better_than_blind_changes(
    sine, monkeypatch
):
    monkeypatch.setitem(sine, "checkpoints", (300, 1000))
    for lr, least in ((0.1, 0.9), (0.3, 0.9)):
        as_begun = shares_close(sine, 20, 24, lr, (300, 1000), kind=OutputLayerOnly)
        assert as_begun[0].min() > 0.7 and as_begun[1].min() >= least
    cut = torch.stack(
        [shares_close(sine, 1, 24, lr, (300, 1000)) for lr in (0.01, 0.02)]
    )
    assert (cut.amax(dim=0)[1] < as_begun[1] - 0.2).all()
    assert cut.amax(dim=0)[1].mean() < 0.65


# Another wave


def ends_like(sine, high, fast):
    """The height, and the steps of a period, that the uncut network goes back to."""
    moments = sine["starts"] + sine["time_step"] * torch.arange(200)[:, None]
    truth = sine["make_wave"](moments, high * sine["height"], fast)[:, :, None]
    row = sine["roll_out"](sine["networks"]["no cut"], truth)[100:, :, 0]
    signs = (row[1:] > 0) != (row[:-1] > 0)
    return row.abs().amax(dim=0), 2 * len(signs) / signs.sum(dim=0)


@stored("01_elman_sine", "let-go-explorer", "explorer-read")
def test_alone_it_goes_back_to_its_own_wave(sine):
    for high, fast in ((2, 1), (1, 2), (0.5, 1), (1, 0.5)):
        heights, periods = ends_like(sine, high, fast)
        assert (heights - 1).abs().max() < 0.1
        assert (periods / (2 * math.pi / 0.4) - 1).abs().max() < 0.1


@finding("01_elman_sine", "explorer-read")
def test_another_wave_is_lost(sine):
    """By the model that was best on its own wave, and the longer the surer."""
    own = sine["error"](sine["forecasts"]["no cut"], sine["waves"], 51, 60)
    moments = sine["starts"] + sine["time_step"] * sine["steps"]
    for high, fast in ((2, 1), (1, 2)):
        truth = sine["make_wave"](moments, high * sine["height"], fast)[:, :, None]
        forecast = sine["roll_out"](sine["networks"]["no cut"], truth)
        assert sine["error"](forecast, truth, 51, 60) > 2 * own


def late_error(sine, name, num_true):
    """The error 31 to 40 steps after the last true value, from each place."""
    waves = sine["waves"]
    forecast = sine["roll_out"](sine["networks"][name], waves, num_true)
    late = (forecast - waves[1:])[num_true + 30 : num_true + 40]
    return late.square().mean(dim=(0, 2)).sqrt()


@stored("01_elman_sine", "explorer-read")
def test_eight_true_values_are_enough(sine):
    assert late_error(sine, "no cut", 8).max() < 0.15
    assert late_error(sine, "no cut", 7).max() > 0.1


@finding("01_elman_sine", "two-weights-solution")
def test_two_weights_forecast_the_wave_without_an_error(sine):
    step = sine["time_step"]
    wave = sine["make_wave"](1 + step * torch.arange(50), sine["height"])
    forecast = 2 * math.cos(step) * wave[1:-1] - wave[:-2]
    torch.testing.assert_close(forecast, wave[2:])


@stored("01_elman_sine", "two-weights-solution")
def test_a_rounded_weight_costs_a_tenth_in_40_steps(sine):
    values = [sine["wave"][0], sine["wave"][1]]
    for _ in range(40):
        values.append(1.84 * values[-1] - values[-2])
    truth = sine["make_wave"](2 + 0.4 * torch.arange(42), 1)
    assert 0.05 < (torch.stack(values) - truth).abs().max() < 0.15


# Exercises


@finding(
    "01_elman_sine",
    "factor-solution",
    "two-point-solution",
    "reach-solution",
    "two-weights-solution",
)
def test_published_solutions_are_correct(lesson):
    assert not wrong_solutions(NAME, lesson(NAME))


WAVE = torch.sin(torch.linspace(2, 10, 21, dtype=torch.float64))
RATE = 2 * math.cos(0.4)  # of the time step
ALONE = torch.sin(2 + 0.4 * torch.arange(42, dtype=torch.float64))
START = [WAVE[0], WAVE[1]]


def step_saying(says, keeps):
    return lambda x_t, h_prev: (says(x_t, h_prev), keeps(x_t, h_prev))


def negated_state(x_t, h_prev):
    return 2 * x_t + h_prev, -x_t


def overwritten(x_t, h_prev):
    h_prev = x_t
    return x_t + (x_t - h_prev), h_prev


# Each foreseen mistake, and a word of the hint that is made for it.
MISTAKES = {
    "check_factor": [
        ((0.25,), "How many are there now"),
        ((1,), "only half as far"),
        ((2,), "how large is each"),
        ((4,), "larger or smaller"),
        ((0.44,), "the new score itself"),
        ((0.87,), "the old score"),
        ((17,), "And its square"),
    ],
    "check_two_point_step": [
        ((step_saying(lambda x, h: x, lambda x, h: 2 * x - h),), "the old value still"),
        ((overwritten,), "the old value still"),
        ((step_saying(lambda x, h: 2 * x - h, lambda x, h: h),), "stays 0"),
        (
            (step_saying(lambda x, h: 2 * x - h, lambda x, h: 2 * x - h),),
            "not the forecast",
        ),
        ((step_saying(lambda x, h: x - h, lambda x, h: x),), "That is the rise"),
        ((step_saying(lambda x, h: h, lambda x, h: x),), "The other way"),
        ((step_saying(lambda x, h: x * h, lambda x, h: x),), "risen"),
        (
            (step_saying(lambda x, h: (2 * x - h).clamp(-1, 1), lambda x, h: x),),
            "risen",
        ),
        ((step_saying(lambda x, h: 2 * x - h, lambda x, h: abs(x)),), "risen"),
        ((lambda x_t, h_prev: 2 * x_t - h_prev,), "Return y_t, h_t"),
        (
            (step_saying(lambda x, h: 2 * x - h if h else x, lambda x, h: x),),
            "so is the value before",
        ),
    ],
    "check_reach": [
        ((lambda n, p: n % p,), "is 0 right"),
        ((lambda n, p: min(n, p),), "always a whole one"),
        ((lambda n, p: n,), "without a cut"),
        ((lambda n, p: 1,), "after every step"),
        ((lambda n, p: math.ceil(n / p),), "counts the pieces"),
        ((lambda n, p: (n - 1) % p,), "last step itself"),
        ((lambda n, p: n + p,), "How long is it"),
    ],
    "check_two_weights": [
        ((-1, RATE, START, WAVE), "changed places"),
        ((2, -1, START, WAVE), "a straight line"),
        ((1, 0, START, WAVE), "forecasts the present value"),
        ((0, 1, START, WAVE), "forecasts the value before"),
        ((RATE, 1, START, WAVE), "The sign of b"),
        ((1.84, -1, START, WAVE), "costs 0.1 in 40 steps"),
        ((5, 5, START, WAVE), "Target: "),
        ((RATE, -1, START, WAVE), "42 numbers"),
        ((RATE, -1, ALONE.flip(0), WAVE), "The weights are right"),
    ],
}


RIGHT = {
    "check_factor": [
        (0.5,),
        (0.503,),
        (torch.tensor([0.5], requires_grad=True),),
        (fractions.Fraction(1, 2),),
    ],
    "check_two_point_step": [
        (negated_state,),
        (lambda x, h: (x + (x - h), x),),
        (lambda x, h: [float(2 * x - h), x],),
    ],
    "check_reach": [
        (lambda n, p: n - (math.ceil(n / p) - 1) * p,),
        (lambda n, p: p if n % p == 0 else n % p,),
        (lambda n, p: len(torch.arange(n).split(p)[-1]),),
        (lambda n, p: np.int64((n - 1) % p + 1),),
    ],
    "check_two_weights": [
        (RATE, -1, ALONE, WAVE),
        (torch.tensor(RATE), -1.0, list(ALONE), WAVE),
        (np.float64(RATE), -1, ALONE.tolist(), WAVE),
    ],
}


def test_a_memory_outside_the_state_does_not_pass(said):
    seen = []

    def remembers_elsewhere(x_t, state):
        seen.append(float(x_t))
        return 2 * seen[-1] - (seen[-2] if seen[1:] else 0), state

    verdict = said(rh.check_two_point_step, remembers_elsewhere)
    assert "in the state that it returns" in verdict


# The explorer

EXPLORERS = {"let_go_explorer"}


def test_its_height_is_a_multiple_of_the_waves(sine, monkeypatch):
    monkeypatch.setitem(sine, "height", 2)
    figure, _ = sine["let_go"]("no cut", 20, 1.5, 1)
    truth = figure.axes[0].lines[0].get_ydata()
    assert truth.max() == pytest.approx(3, abs=0.1)
    plt.close(figure)


@finding("01_elman_sine", "let-go-explorer")
def test_the_explorer_says_the_error_31_to_40_steps_after_the_true_values(sine):
    for name, network in sine["networks"].items():
        figure, sentence = sine["let_go"](name, 12, 0.5, 2)
        moments = 2 + sine["time_step"] * torch.arange(61)
        truth = 0.5 * sine["height"] * torch.sin(2 * moments)[:, None, None]
        forecast = sine["roll_out"](network, truth, 12)
        assert f"is {rms((forecast - truth[1:])[42:52]):.2f}." in sentence
        curves = [line.get_ydata() for line in figure.axes[0].lines[:2]]
        np.testing.assert_allclose(
            curves, [truth[1:, 0, 0], forecast[:, 0, 0]], atol=1e-5
        )
        assert figure.axes[0].lines[2].get_xdata() == [12.5, 12.5]  # between two steps
        plt.close(figure)


# Pictures

ROW = np.array([3.0, 1.0, 4.0, 1.5, 9.0, 2.0])


def test_two_targets_marks_both_moments_in_both_panels():
    times = torch.arange(6.0)
    wave = torch.tensor([0.0, 1.0, 0.0, -1.0, 0.0, 1.0])
    figure = rh.plot_two_targets(times, wave, wave[:-1], (wave, -wave), 4, 2)
    left, right = figure.axes
    assert right.lines[0].get_ydata().tolist() == (-wave).tolist()
    marks = {line.get_label(): line.get_xydata().tolist() for line in left.lines}
    assert marks["rising, now"] == [[4, 0]] and marks["rising, next"] == [[5, 1]]
    assert marks["falling, now"] == [[2, 0]] and marks["falling, next"] == [[3, -1]]
    fills = {line.get_label(): line.get_fillstyle() for line in left.lines}
    assert fills["rising, now"] == "full" and fills["rising, next"] == "none"
    sides = {line.get_label(): line.get_xydata().tolist() for line in right.lines}
    assert sides["rising"] == [[0, 1], [-1, 0], [0, 1]]
    assert sides["falling"] == [[1, 0], [0, -1]]
    plt.close(figure)


def test_rollouts_have_a_panel_and_a_colour_for_each_kind():
    figure = rh.plot_rollouts(
        ROW, {"no cut": ROW, "cut": ROW / 2, "cut, by hand": ROW}, 3
    )
    colors = [ax.lines[1].get_color() for ax in figure.axes]
    assert colors == [FORECAST, CUT, CUT]
    assert all(ax.get_ylabel() for ax in figure.axes)
    titles = [ax.get_title("left") for ax in figure.axes]
    assert titles == ["no cut", "cut", "cut, by hand"]
    assert figure.axes[-1].get_xlabel()
    assert {ax.get_ylim() for ax in figure.axes} == {(-1.8 * 9, 1.8 * 9)}
    plt.close(figure)


def test_late_errors_are_drawn_over_their_epochs_also_where_one_diverged():
    curves = {"no cut": {10: 0.7, 100: 0.1}, "cut": {10: 0.8, 100: math.nan}}
    ax = rh.plot_late_errors(curves, level=0.71)
    uncut, cut, _ = ax.lines
    assert (uncut.get_color(), cut.get_color()) == (FORECAST, CUT)
    assert uncut.get_marker() != cut.get_marker()
    assert uncut.get_xydata().tolist() == [[10, 0.7], [100, 0.1]]
    assert ax.get_xscale() == ax.get_yscale() == "log"
    assert ax.get_xlabel() and ax.get_ylabel()
    low, high = ax.get_ylim()  # 0.01 is the least that is drawn
    assert low < 0.01 and high > 1
    plt.close(ax.figure)


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -math.inf, 1e9, torch.tensor(1e9)]
)
def test_what_diverged_is_told_in_a_word(value):
    assert rh.write(value) in ("huge", "lost")
    assert rh.write(torch.tensor(0.871)) == "0.87"


def described(figure):
    description = rh.describe_figure(figure)
    plt.close(figure)
    return description


def test_elman_drawing_has_its_units_and_names():
    text = described(rh.draw_cell_and_unrolled(6))
    assert "drawing of 17 patches" in text  # 14 units, 2 frames and the arrow back
    for word in ("input $x_t$", "before, $h_{t-1}$", "after, $h_t$", "output $y_t$"):
        assert word in text
    with pytest.raises(ValueError, match="num_hiddens must be 1 or more, got 0"):
        rh.draw_cell_and_unrolled(0)


def test_the_state_after_is_copied_down_to_the_state_before():
    ax = rh.draw_cell_and_unrolled(4).axes[0]
    (back,) = [a for a in ax.patches if isinstance(a, FancyArrowPatch)]
    words = {t.get_text(): t.get_position() for t in ax.texts}
    (copied,) = [place for text, place in words.items() if "copied" in text]
    (left, above), (right, below) = back._posA_posB
    assert above == words["state after, $h_t$"][1] > copied[1] > below > 0
    assert left < copied[0] == right
    plt.close(ax.figure)


def test_cell_and_unrolled_stand_side_by_side():
    figure = rh.draw_cell_and_unrolled(2)
    cell, unrolled = (ax.get_title() for ax in figure.axes)
    assert "one step" in cell and "unrolled" in unrolled
    assert "$W_{hh}$" in described(figure)


def test_scissors_stand_between_all_steps():
    text = described(rh.draw_cut(4).figure)
    assert text.count("✂") == 3 and "gradient" in text


# A student's changes: what stands in the code, and what is put in its place
CHANGES = [
    ("num_points = 21", "num_points = 5"),
    ("num_points = 21", "num_points = 11"),
    ("num_points = 21", "num_points = 41"),
    ("torch.linspace(2, 10", "torch.linspace(0, 30"),
    ("torch.linspace(2, 10", "torch.linspace(2, 4"),
    ("height = 1", "height = 0.01"),
    ("level = 0.5", "level = 0.95"),
    ("num_hiddens = 6", "num_hiddens = 1"),
    ("num_hiddens = 6", "num_hiddens = 30"),
    ("make_weights(0", "make_weights(7"),
    ("0.4 * torch.randn", "3 * torch.randn"),
    ("learning_rate = 0.1", "learning_rate = 5"),
    ("learning_rate = 0.1", "learning_rate = 0"),
    ("num_epochs = 300", "num_epochs = 1"),
    ("adam_rate = 0.02", "adam_rate = 2"),
    ('"cut": 1}', '"cut": 7}'),
    ("make_model(5", "make_model(2"),
    ("num_true=20):", "num_true=1):"),
    ("torch.arange(61)", "torch.arange(101)"),
]
QUICK, REFUSED = {}, []


# Numbers in the prose that no cell prints or sets
PUBLISHED = {
    "15": "degrees, for example",
    "10": "of ten networks, held by test_elman_sine.py::test_the_cut_makes_learning_slow_on_every_wave_each_at_its_best_rate",
    "0.0052": "published by the cpuheater blog for epoch 290",
    "0.71": "held by test_elman_sine.py::test_always_saying_0_has_the_error_that_is_given",
    "0.1": "held by test_elman_sine.py::test_a_rounded_weight_costs_a_tenth_in_40_steps",
    "0.3": "held by test_elman_sine.py::test_the_cut_makes_learning_slow_on_every_wave_each_at_its_best_rate",
    "1.84": "held by test_elman_sine.py::test_a_rounded_weight_costs_a_tenth_in_40_steps",
}
