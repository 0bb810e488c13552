"""Lesson 1, one input and two targets: all that is held of it."""

import fractions
import math

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from course import finding, stored

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


@stored("01_elman_sine", "baseline", "two-targets-text")
def test_the_best_line_is_hardly_better_than_no_change(sine):
    assert 0.8 < sine["line_loss"] / sine["persistence_loss"] < 1


@stored("01_elman_sine", "two-targets", "two-targets-read")
def test_two_moments_of_nearly_one_height_go_on_differently(sine):
    inputs, targets = sine["inputs"], sine["targets"]
    up, down = sine["rising"], sine["falling"]
    assert abs(inputs[up] - inputs[down]) < 0.1
    assert targets[up] > inputs[up] + 0.2 and targets[down] < inputs[down] - 0.2


@finding("01_elman_sine", "two-targets-read", "not-enough")
def test_no_function_of_the_value_gets_below_the_number_given(sine):
    """The mean target at one height is cos(step) times the height, for any sine."""
    step = sine["time_step"]
    least = 20 * 0.5 * math.sin(step) ** 2 / 2
    assert f"{least:.2f}" == "0.76"
    phases = torch.linspace(0, 2 * math.pi, 20_001)[:-1]
    now, later = phases.sin(), (phases + step).sin()
    curve = np.polynomial.Polynomial.fit(now.numpy(), later.numpy(), 15)
    loss = 20 * 0.5 * ((curve(now.numpy()) - later.numpy()) ** 2).mean()
    assert loss == pytest.approx(least, rel=1e-3)


@finding("01_elman_sine", "factor-solution")
def test_persistence_at_twice_as_many_points_scores_half(sine):
    scores = []
    for num_points in (41, 21):
        pairs = rh.next_step_pairs(rh.make_sine_wave(num_points, 2, 10)[1])
        scores.append(sine["loss_of"](*pairs))
    assert scores[0] / scores[1] == pytest.approx(0.5, abs=0.01)


# A hidden state


@finding("01_elman_sine", "cell-formula", "cell-formula-notes", "step")
def test_elman_step_is_the_formula_of_two_matrices(sine):
    x_t, h_prev = torch.randn(()), torch.randn(6)
    W_h, W_hy = sine["make_weights"](seed=5)
    y_t, h_t = sine["elman_step"](x_t, h_prev, W_h, W_hy)
    torch.testing.assert_close(h_t, torch.tanh(x_t * W_h[0] + h_prev @ W_h[1:]))
    torch.testing.assert_close(y_t, h_t @ W_hy)


@finding("01_elman_sine", "step", "train-text")
def test_weights_have_the_published_spread(sine):
    pairs = [sine["make_weights"](seed) for seed in range(300)]
    W_h, W_hy = map(torch.stack, zip(*pairs))
    assert W_h.shape[1:] == (7, 6) and W_hy.shape[1:] == (6,)
    assert W_h.std().item() == pytest.approx(0.4, rel=0.03)
    assert W_hy.std().item() == pytest.approx(0.3, rel=0.05)


@finding("01_elman_sine", "run-text", "run")
def test_the_loop_is_the_two_steps_again_and_again(sine):
    outputs, states = sine["run"](sine["inputs"], *sine["weights"])
    torch.testing.assert_close(states[:3], torch.stack([sine[f"h_{t}"] for t in "012"]))
    torch.testing.assert_close(outputs[:2], torch.stack([sine["y_1"], sine["y_2"]]))


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
    _, h_1 = sine["elman_step"](x_1, torch.zeros(6), W_h, W_hy)
    for h_prev, passes in ((h_1, True), (h_1.detach(), False)):
        y_2, _ = sine["elman_step"](x_2, h_prev, W_h, W_hy)
        (gradient,) = torch.autograd.grad(
            y_2, x_1, allow_unused=True, retain_graph=True
        )
        assert (gradient is not None) == passes


@stored("01_elman_sine", "train-without-text")
def test_the_published_loss_is_a_tenth_of_ours(sine):
    assert 5 < sine["losses"][290] / sine["published"][290] < 15


@stored("01_elman_sine", "train-read")
def test_without_memory_it_ends_beside_the_forecasts_that_need_no_network(sine):
    levels = sine["persistence_loss"], sine["line_loss"]
    assert 0.95 * min(levels) < sine["without"] < 1.05 * max(levels)
    assert sine["losses_without"][-1] == pytest.approx(
        sine["losses_without"][50], rel=0.05
    )


@stored("01_elman_sine", "train-read")
def test_with_memory_it_gets_far_below_and_is_still_falling(sine):
    assert 10 * sine["with_memory"] < sine["line_loss"]
    assert sine["losses"][-1] < 0.7 * sine["losses"][-50]


@stored("01_elman_sine", "forecast-read")
def test_the_forecasts_lie_on_or_near_the_true_values(sine):
    assert (sine["outputs"] - sine["targets"]).abs().max() < 0.2


# Is it the state?


@stored("01_elman_sine", "swap", "swap-read")
def test_swapped_states_swap_the_forecasts_and_go_a_little_further(sine):
    rising, falling = sine["targets"][sine["rising"]], sine["targets"][sine["falling"]]
    own, swapped = sine["own"], sine["swapped"]
    assert abs(own[0] - rising) < 0.1 and abs(own[1] - falling) < 0.1
    assert swapped[0] < falling and swapped[1] > rising


@pytest.mark.wide
@finding("01_elman_sine", "swap-read", "intervention", "end")
@pytest.mark.parametrize("start, length", WAVES)
def test_swapped_states_swap_the_forecasts(lesson, monkeypatch, start, length):
    sine = lesson(NAME)
    inputs, targets = rh.next_step_pairs(
        rh.make_sine_wave(21, start, start + length)[1]
    )
    monkeypatch.setitem(sine, "inputs", inputs)
    monkeypatch.setitem(sine, "targets", targets)
    up, down = closest(inputs, targets)
    weights, step = hand_made_side_by_side(sine, range(20))
    monkeypatch.setitem(sine, "elman_step", step)
    _, trained = sine["train_by_hand"](*weights)
    _, states = sine["run"](inputs, *trained)
    rising, _ = step(inputs[up], states[down], *trained)
    falling, _ = step(inputs[down], states[up], *trained)
    assert (rising < falling).sum() >= 18


def hand_made_side_by_side(sine, seeds):
    """The weights of many networks as those of one, and its step: an output for each.

    No weight leads from one to another; so each is trained as it is alone.
    """
    each = [sine["make_weights"](seed) for seed in seeds]
    from_input = torch.cat([W_h[:1] for W_h, _ in each], dim=1)
    W_h = torch.cat([from_input, torch.block_diag(*(W_h[1:] for W_h, _ in each))])
    W_hy = torch.block_diag(*(W_hy[:, None] for _, W_hy in each))
    own_h, own_y, step_of_one = W_h != 0, W_hy != 0, sine["elman_step"]

    def step(x_t, h_prev, W_h, W_hy):
        return step_of_one(x_t, h_prev, W_h * own_h, W_hy * own_y)

    return (W_h, W_hy), step


@pytest.mark.wide
@finding("01_elman_sine", "swap-read")
def test_side_by_side_each_is_trained_as_alone(sine, monkeypatch):
    _, (alone_h, alone_y) = sine["train_by_hand"](*sine["make_weights"](seed=1))
    weights, step = hand_made_side_by_side(sine, range(3))
    monkeypatch.setitem(sine, "elman_step", step)
    _, (W_h, W_hy) = sine["train_by_hand"](*weights)
    torch.testing.assert_close(W_h[[0, *range(7, 13)], 6:12], alone_h)
    torch.testing.assert_close(W_hy[6:12, 1], alone_y)
    together = models_side_by_side(sine, range(3))
    model = sine["train"](sine["make_model"](1), piece=5)
    monkeypatch.setitem(sine, "targets", sine["targets"][:, None])
    _, other, _ = taken_apart(sine, sine["train"](together, piece=5))
    for one, same in zip(model, other):
        for parameter, twin in zip(one.parameters(), same.parameters()):
            torch.testing.assert_close(twin, parameter)


def closest(inputs, targets):
    """A rising and a falling step of the most similar height, with a past each."""
    rising = targets > inputs
    gaps = (inputs[:, None] - inputs[None, :]).abs()
    alike = (targets[:, None] - targets[None, :]).abs() < 0.4
    gaps[~rising] = gaps[:, rising] = gaps[alike] = torch.inf
    gaps[0] = gaps[:, 0] = torch.inf
    return divmod(gaps.argmin().item(), len(inputs))


@stored("01_elman_sine", "swap-read")
def test_they_go_further_because_the_two_heights_are_not_equal(sine):
    """The true next value at that height, if the wave went the other way."""
    step, here = sine["time_step"], sine["inputs"][[sine["rising"], sine["falling"]]]
    sideways = (1 - here**2).sqrt() * math.sin(step)
    other_way = here * math.cos(step) + torch.stack([-sideways[0], sideways[1]])
    assert (torch.stack(sine["swapped"]) - other_way).abs().max() < 0.1


@stored("01_elman_sine", "swap")
def test_without_memory_both_moments_get_nearly_one_forecast(sine):
    first, second = sine["without_memory"]
    gap = abs(sine["targets"][sine["rising"]] - sine["targets"][sine["falling"]])
    assert abs(first - second) < 0.2 * gap


# The same network in PyTorch


@finding("01_elman_sine", "pieces-choice-notes")
def test_a_piece_as_long_as_the_wave_cuts_nothing_that_matters(sine):
    layer, output_layer = sine["make_model"](seed=3)
    inputs = sine["inputs"][:, None].clone().requires_grad_()
    hidden, _ = layer(inputs)
    output_layer(hidden)[-1].sum().backward()
    assert (inputs.grad != 0).all()


@finding("01_elman_sine", "reach-solution")
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


# Let go


@finding("01_elman_sine", "let-go-question")
def test_both_networks_begin_with_the_same_weights(sine):
    (one, _), (other, _) = (sine["make_model"](seed=0) for _ in range(2))
    torch.testing.assert_close(one.weight_hh_l0, other.weight_hh_l0)


def spans(sine, name):
    model, error = sine["models"][name], sine["error"]
    return error(model, 11, 20), error(model, 21, 30), error(model, 51, 60)


@finding("01_elman_sine", "errors-text")
def test_yardsticks_of_the_errors(sine):
    phases = torch.linspace(0, 2 * math.pi, 10_001)[:-1]
    stays = rms((phases + sine["time_step"]).sin() - phases.sin())
    assert f"{stays:.2f}" == "0.28" and f"{rms(phases.sin()):.2f}" == "0.71"


@stored("01_elman_sine", "let-go-read", "errors-read")
def test_with_true_values_both_do_well(sine):
    cut, uncut = (spans(sine, name)[0] for name in sine["models"])
    assert 0.28 / cut == pytest.approx(3, abs=0.5) and uncut < cut


@stored("01_elman_sine", "errors-read")
def test_let_go_the_cut_network_is_worse_than_always_zero(sine):
    _, soon, late = spans(sine, "cut after every step")
    assert 0.71 < soon and 0.71 < late


@stored("01_elman_sine", "let-go", "let-go-read")
def test_let_go_the_uncut_network_stays_on_the_wave(sine):
    _, soon, late = spans(sine, "no cut")
    assert soon < 0.05 and late < 0.05


@pytest.mark.wide
@finding("01_elman_sine", "let-go-read", "cut-cost", "end-notes")
@pytest.mark.parametrize("start, length", WAVES)
def test_without_a_cut_eight_in_ten_stay_close_and_with_it_three_at_most(
    lesson, monkeypatch, start, length
):
    sine = lesson(NAME)
    times, wave = rh.make_sine_wave(21, start, start + length)
    inputs, targets = rh.next_step_pairs(wave)
    for name, value in {
        "inputs": inputs,
        "targets": targets,
        "time_step": (times[1] - times[0]).item(),
    }.items():
        monkeypatch.setitem(sine, name, value)
    monkeypatch.setitem(sine, "targets", targets[:, None])  # the same for all networks
    close = {}
    for piece in (1, 20):
        together = sine["train"](models_side_by_side(sine, range(24)), piece)
        models = taken_apart(sine, together)
        errors = torch.tensor([sine["error"](model, 51, 60) for model in models])
        close[piece] = (errors < 0.2).double().mean().item()
    assert close[20] >= 0.75 and close[1] <= 0.3


class Outputs(torch.nn.Linear):
    """A row of outputs, one for each network, where a lesson's layer has one number."""

    def forward(self, hidden):
        return super().forward(hidden)[:, None]


def models_side_by_side(sine, seeds):
    """Many models as one; no weight leads from one to another, nor learns to."""
    layers, output_layers = zip(*(sine["make_model"](seed) for seed in seeds))
    units = layers[0].hidden_size
    layer = torch.nn.RNN(1, units * len(layers))
    output_layer = Outputs(units * len(layers), len(layers))
    for together, each in ((layer, layers), (output_layer, output_layers)):
        for name, parameter in together.named_parameters():
            parts = [dict(one.named_parameters())[name].data for one in each]
            if name in ("weight_hh_l0", "weight"):
                parameter.data = torch.block_diag(*parts)
                own = parameter.data != 0
                parameter.register_hook(lambda gradient, own=own: gradient * own)
            else:
                parameter.data = torch.cat(parts)
    return layer, output_layer


def taken_apart(sine, together):
    """The models that were trained side by side, each by itself."""
    layer, output_layer = together
    number = output_layer.out_features
    models = [sine["make_model"](seed=0) for _ in range(number)]
    for parts, trained in zip(zip(*models), together):
        for name, parameter in trained.named_parameters():
            rows = parameter.data.chunk(number)
            for place, (part, row) in enumerate(zip(parts, rows)):
                if name in ("weight_hh_l0", "weight"):
                    row = row.chunk(number, dim=1)[place]
                dict(part.named_parameters())[name].data = row
    return models


@finding("01_elman_sine", "errors-text")
def test_the_places_where_we_let_go_are_no_training_points(sine):
    step, times = sine["time_step"], sine["times"]
    period = 2 * math.pi
    for k in range(50):
        visited = 0.13 + 0.125 * k + step * torch.arange(60)
        gaps = ((visited[:, None] - times) % period).minimum(
            (times - visited[:, None]) % period
        )
        assert gaps.min() > 1e-4


def late_error(sine, name, start, num_true):
    """The error 31 to 40 steps after the last true value."""
    forecast, truth = sine["roll_out"](
        sine["models"][name], start, num_true, num_true + 40
    )
    return rms((forecast - truth)[-10:])


@stored("01_elman_sine", "explorer-read")
def test_more_true_values_do_not_save_the_cut_network(sine):
    for num_true in (1, 10, 20, 30, 40, 50):
        for start in range(7):
            assert late_error(sine, "cut after every step", start, num_true) > 0.5


@stored("01_elman_sine", "explorer-read")
def test_ten_true_values_are_enough_for_the_other_and_sometimes_one(sine):
    assert max(late_error(sine, "no cut", 0.2 * k, 10) for k in range(32)) < 0.2
    assert late_error(sine, "no cut", 2.2, 1) < 0.1
    assert late_error(sine, "no cut", 0.0, 1) > 0.3


@finding("01_elman_sine", "two-weights-solution", "good-for")
def test_two_weights_forecast_the_wave_without_an_error(sine):
    step = sine["time_step"]
    _, wave = rh.make_sine_wave(50, 1, 1 + 49 * step)
    forecast = 2 * math.cos(step) * wave[1:-1] - wave[:-2]
    torch.testing.assert_close(forecast, wave[2:])


# Exercises

STEP = 0.4
RATE = 2 * math.cos(STEP)


def step_saying(says, keeps):
    return lambda x_t, h_prev: (says(x_t, h_prev), keeps(x_t, h_prev))


def negated_state(x_t, h_prev):
    return 2 * x_t + h_prev, -x_t


# Each foreseen mistake, and a word of the hint that is made for it.
MISTAKES = {
    "check_factor": [
        ((0.25,), "How many are there now"),
        ((1,), "only half as far"),
        ((2,), "how large is each"),
        ((4,), "larger or smaller"),
        ((17,), "And its square"),
    ],
    "check_two_point_step": [
        ((step_saying(lambda x, h: x, lambda x, h: 2 * x - h),), "forecast first"),
        ((step_saying(lambda x, h: 2 * x - h, lambda x, h: h),), "stays what it was"),
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
    ],
    "check_reach": [
        ((lambda n, p: n % p,), "is 0 right"),
        ((lambda n, p: min(n, p),), "always a whole one"),
        ((lambda n, p: n,), "without a cut"),
        ((lambda n, p: 1,), "after every step"),
        ((lambda n, p: math.ceil(n / p),), "counts the pieces"),
        ((lambda n, p: (n - 1) % p,), "last step itself"),
        ((lambda n, p: n + p,), "Which is the last piece"),
    ],
    "check_two_weights": [
        ((-1, RATE, STEP), "changed places"),
        ((2, -1, STEP), "a straight line"),
        ((1, 0, STEP), "forecasts the present value"),
        ((0, 1, STEP), "forecasts the value before"),
        ((RATE, 1, STEP), "The sign of b"),
        ((math.cos(STEP), 0, STEP), "Two columns"),
        ((5, 5, STEP), "Target: "),
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
    "check_two_weights": [(RATE, -1, STEP), (torch.tensor(RATE), -1.0, STEP)],
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


@finding("01_elman_sine", "let-go-explorer")
def test_the_explorer_says_the_error_31_to_40_steps_after_the_true_values(sine):
    for name in sine["models"]:
        figure, sentence = sine["let_go"](name, 12, 1.5)
        assert f"is {late_error(sine, name, 1.5, 12):.2f}." in sentence
        plt.close(figure)


# Pictures

ROW = np.array([3.0, 1.0, 4.0, 1.5, 9.0, 2.0])


def test_two_targets_marks_both_moments_in_both_panels():
    times = torch.arange(6.0)
    wave = torch.tensor([0.0, 1.0, 0.0, -1.0, 0.0, 1.0])
    figure = rh.plot_two_targets(times, wave, wave[:-1], rising=4, falling=2)
    left, right = figure.axes
    marks = {line.get_label(): line.get_xydata().tolist() for line in left.lines}
    assert marks["rising, now"] == [[4, 0]] and marks["rising, next"] == [[5, 1]]
    assert marks["falling, now"] == [[2, 0]] and marks["falling, next"] == [[3, -1]]
    fills = {line.get_label(): line.get_fillstyle() for line in left.lines}
    assert fills["rising, now"] == "full" and fills["rising, next"] == "none"
    sides = {line.get_label(): line.get_xydata().tolist() for line in right.lines}
    assert sides["rising"] == [[0, 1], [-1, 0], [0, 1]]
    assert sides["falling"] == [[1, 0], [0, -1]]
    plt.close(figure)


def test_swap_joins_each_own_forecast_to_the_swapped_one():
    ax = rh.plot_swap([0.8, 0.2], [0.1, 0.9], [0.5, 0.6], [0.7, 0.3])
    joined = [list(line.get_ydata()) for line in ax.lines if len(line.get_xdata()) == 2]
    assert [0.8, 0.1] in joined and [0.2, 0.9] in joined
    plt.close(ax.figure)


def test_rollouts_label_both_axes():
    ax = rh.plot_rollouts(ROW, {"cut": ROW / 2}, 3)
    assert ax.get_xlabel() and ax.get_ylabel()
    plt.close(ax.figure)


def test_a_cut_rollout_has_a_colour_of_its_own():
    ax = rh.plot_rollouts(ROW, {"no cut": ROW, "cut after every step": ROW}, 3)
    _, uncut, cut, _ = ax.lines
    assert (uncut.get_color(), cut.get_color()) == (FORECAST, CUT)
    assert uncut.get_marker() != cut.get_marker()
    plt.close(ax.figure)


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
    ("start=2, stop=10", "start=0, stop=30"),
    ("start=2, stop=10", "start=2, stop=4"),
    ("height = 0.5", "height = 0.95"),
    ("num_hiddens = 6", "num_hiddens = 1"),
    ("num_hiddens = 6", "num_hiddens = 30"),
    ("make_weights(seed=0)", "make_weights(seed=7)"),
    ("0.4 * torch.randn", "3 * torch.randn"),
    ("learning_rate = 0.1", "learning_rate = 5"),
    ("learning_rate = 0.1", "learning_rate = 0"),
    ("num_epochs = 300", "num_epochs = 1"),
    ("lr=0.02", "lr=2"),
    ("piece=1)", "piece=7)"),
    ("make_model(seed=0)", "make_model(seed=2)"),
    ("num_true=20, num_steps=60", "num_true=1, num_steps=90"),
]
QUICK, REFUSED = {}, []


# Numbers in the prose that no cell prints or sets
PUBLISHED = {
    "0.76": "20 sin(0.4) ** 2 / 4, held by test_elman_sine.py::test_no_function_of_the_value_gets_below_the_number_given",
    "0.28": "held by test_elman_sine.py::test_yardsticks_of_the_errors",
    "0.71": "held by test_elman_sine.py::test_yardsticks_of_the_errors",
}
