"""What the prose of the rebuilt lessons claims about its stored run, in its order.

Claims over many initialisations and other data are in `test_wide.py`.
"""

import math

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from rnn_helpers import make_signals, make_sine_wave, next_step_pairs


@pytest.fixture
def sine(lesson):
    return lesson("01_elman_sine")


@pytest.fixture
def summing(lesson):
    return lesson("02_summing_rnn")


def rms(errors):
    return errors.square().mean().sqrt().item()


# Lesson 1: one input, two targets


def test_the_best_line_is_hardly_better_than_no_change(sine):
    assert 0.8 < sine["line_loss"] / sine["persistence_loss"] < 1


def test_two_moments_of_nearly_one_height_go_on_differently(sine):
    inputs, targets = sine["inputs"], sine["targets"]
    up, down = sine["rising"], sine["falling"]
    assert abs(inputs[up] - inputs[down]) < 0.1
    assert targets[up] > inputs[up] + 0.2 and targets[down] < inputs[down] - 0.2


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


# A hidden state


def test_elman_step_is_the_formula_of_two_matrices(sine):
    x_t, h_prev = torch.randn(()), torch.randn(6)
    W_h, W_hy = sine["make_weights"](seed=5)
    y_t, h_t = sine["elman_step"](x_t, h_prev, W_h, W_hy)
    torch.testing.assert_close(h_t, torch.tanh(x_t * W_h[0] + h_prev @ W_h[1:]))
    torch.testing.assert_close(y_t, h_t @ W_hy)


def test_weights_have_the_published_spread(sine):
    pairs = [sine["make_weights"](seed) for seed in range(300)]
    W_h, W_hy = map(torch.stack, zip(*pairs))
    assert W_h.shape[1:] == (7, 6) and W_hy.shape[1:] == (6,)
    assert W_h.std().item() == pytest.approx(0.4, rel=0.03)
    assert W_hy.std().item() == pytest.approx(0.3, rel=0.05)


def test_the_loop_is_the_two_steps_again_and_again(sine):
    outputs, states = sine["run"](sine["inputs"], *sine["weights"])
    torch.testing.assert_close(states[:3], torch.stack([sine[f"h_{t}"] for t in "012"]))
    torch.testing.assert_close(outputs[:2], torch.stack([sine["y_1"], sine["y_2"]]))


def test_without_memory_every_step_is_alone(sine):
    inputs = sine["inputs"]
    forward, _ = sine["run"](inputs, *sine["weights"], memory=False)
    backward, _ = sine["run"](inputs.flip(0), *sine["weights"], memory=False)
    torch.testing.assert_close(forward, backward.flip(0))


# Learning, and the scissors


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


def test_the_published_loss_is_a_tenth_of_ours(sine):
    assert 5 < sine["losses"][290] / sine["published"][290] < 15


def test_without_memory_it_ends_beside_the_forecasts_that_need_no_network(sine):
    levels = sine["persistence_loss"], sine["line_loss"]
    assert 0.95 * min(levels) < sine["without"] < 1.05 * max(levels)
    assert sine["losses_without"][-1] == pytest.approx(
        sine["losses_without"][50], rel=0.05
    )


def test_with_memory_it_gets_far_below_and_is_still_falling(sine):
    assert 10 * sine["with_memory"] < sine["line_loss"]
    assert sine["losses"][-1] < 0.7 * sine["losses"][-50]


def test_the_forecasts_lie_on_or_near_the_true_values(sine):
    assert (sine["outputs"] - sine["targets"]).abs().max() < 0.2


# Is it the state?


def test_swapped_states_swap_the_forecasts_and_go_a_little_further(sine):
    rising, falling = sine["targets"][sine["rising"]], sine["targets"][sine["falling"]]
    own, swapped = sine["own"], sine["swapped"]
    assert abs(own[0] - rising) < 0.1 and abs(own[1] - falling) < 0.1
    assert swapped[0] < falling and swapped[1] > rising


def test_they_go_further_because_the_two_heights_are_not_equal(sine):
    """The true next value at that height, if the wave went the other way."""
    step, here = sine["time_step"], sine["inputs"][[sine["rising"], sine["falling"]]]
    sideways = (1 - here**2).sqrt() * math.sin(step)
    other_way = here * math.cos(step) + torch.stack([-sideways[0], sideways[1]])
    assert (torch.stack(sine["swapped"]) - other_way).abs().max() < 0.1


def test_without_memory_both_moments_get_nearly_one_forecast(sine):
    first, second = sine["without_memory"]
    gap = abs(sine["targets"][sine["rising"]] - sine["targets"][sine["falling"]])
    assert abs(first - second) < 0.2 * gap


# The same network in PyTorch; let go


def test_a_piece_as_long_as_the_wave_cuts_nothing_that_matters(sine):
    layer, output_layer = sine["make_model"](seed=3)
    inputs = sine["inputs"][:, None].clone().requires_grad_()
    hidden, _ = layer(inputs)
    output_layer(hidden)[-1].sum().backward()
    assert (inputs.grad != 0).all()


def test_both_networks_begin_with_the_same_weights(sine):
    (one, _), (other, _) = (sine["make_model"](seed=0) for _ in range(2))
    torch.testing.assert_close(one.weight_hh_l0, other.weight_hh_l0)


def spans(sine, name):
    model, error = sine["models"][name], sine["error"]
    return error(model, 11, 20), error(model, 21, 30), error(model, 51, 60)


def test_yardsticks_of_the_errors(sine):
    phases = torch.linspace(0, 2 * math.pi, 10_001)[:-1]
    stays = rms((phases + sine["time_step"]).sin() - phases.sin())
    assert f"{stays:.2f}" == "0.28" and f"{rms(phases.sin()):.2f}" == "0.71"


def test_with_true_values_both_do_well(sine):
    cut, uncut = (spans(sine, name)[0] for name in sine["models"])
    assert 0.28 / cut == pytest.approx(3, abs=0.5) and uncut < cut


def test_let_go_the_cut_network_is_worse_than_always_zero(sine):
    _, soon, late = spans(sine, "cut after every step")
    assert 0.71 < soon and 0.71 < late


def test_let_go_the_uncut_network_stays_on_the_wave(sine):
    _, soon, late = spans(sine, "no cut")
    assert soon < 0.05 and late < 0.05


def test_the_places_where_we_let_go_are_no_training_points(sine):
    step, times = sine["time_step"], sine["times"]
    period = 2 * math.pi
    for k in range(50):
        visited = 0.13 + 0.125 * k + step * torch.arange(60)
        gaps = ((visited[:, None] - times) % period).minimum(
            (times - visited[:, None]) % period
        )
        assert gaps.min() > 1e-4


def test_the_explorer_says_the_error_of_the_last_ten_steps(sine):
    for name, model in sine["models"].items():
        forecast, truth = sine["roll_out"](model, 1.5, 12)
        figure, sentence = sine["let_go"](name, 12, 1.5)
        assert f"is {rms((forecast - truth)[50:]):.2f}." in sentence
        plt.close(figure)


def test_more_true_values_do_not_save_the_cut_network(sine):
    for num_true in (1, 20, 50):
        forecast, truth = sine["roll_out"](
            sine["models"]["cut after every step"], 2.2, num_true, num_true + 40
        )
        assert rms((forecast - truth)[-10:]) > 0.5


def test_ten_true_values_are_enough_for_the_other_and_sometimes_one(sine):
    def last_error(start, num_true):
        forecast, truth = sine["roll_out"](sine["models"]["no cut"], start, num_true)
        return rms((forecast - truth)[-10:])

    assert max(last_error(0.2 * k, 10) for k in range(32)) < 0.25
    assert last_error(2.2, 1) < 0.1
    assert last_error(0.0, 1) > 0.3


def test_two_weights_forecast_the_wave_without_an_error(sine):
    step = sine["time_step"]
    _, wave = make_sine_wave(50, 1, 1 + 49 * step)
    forecast = 2 * math.cos(step) * wave[1:-1] - wave[:-2]
    torch.testing.assert_close(forecast, wave[2:])


def test_persistence_at_twice_as_many_points_scores_half(sine):
    scores = []
    for num_points in (41, 21):
        pairs = next_step_pairs(make_sine_wave(num_points, 2, 10)[1])
        scores.append(sine["loss_of"](*pairs))
    assert scores[0] / scores[1] == pytest.approx(0.5, abs=0.01)


# Lesson 2: from a loop to a cell


@pytest.mark.parametrize("num_steps", [1, 2, 30])
def test_right_parameters_add_up_signals_of_any_length(summing, num_steps):
    signals, partial_sums = make_signals(num_steps, batch_size=3)
    outputs = summing["model"](signals, *summing["right"])
    torch.testing.assert_close(outputs, partial_sums)


# Zero loss, wrong parameters


def test_without_zero_grad_it_is_faster_at_first_and_never_rests(summing):
    with_it, without = summing["losses"], summing["losses_without"]
    assert without[:2] == pytest.approx(with_it[:2]) and without[2] < with_it[2]
    assert not without[-1] < 0.1


def test_without_zero_grad_every_update_repeats_those_before(summing):
    """The sum of all gradients: the same as a momentum of 1."""
    parameters = summing["start"].clone().requires_grad_()
    optimizer = torch.optim.SGD([parameters], lr=0.01, momentum=1)
    signal = summing["signal"]
    for loss_without in summing["losses_without"][:10]:
        loss = (summing["model"](signal, *parameters)[-1] - signal.sum()) ** 2
        assert loss.item() == pytest.approx(loss_without)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def test_the_loss_is_zero_after_ten_updates(summing):
    assert summing["losses"][10] < 0.005 and summing["losses"][-1] < 1e-9


def test_all_three_parameters_are_wrong(summing):
    _, learned = summing["fit"](summing["start"])
    assert ((learned - summing["right"]).abs() > 0.1).all()
    misses = (
        summing["model"](summing["signal"], *learned) - summing["one_sums"][:, 0]
    ).abs()
    assert misses[-1] < 1e-4 and misses[:-1].min() > 0.1


def equations(signal):
    sums = signal.cumsum(dim=0)
    return torch.stack([torch.ones(len(signal)), signal, sums - signal], dim=1)


def test_partial_sums_leave_one_answer_unless_all_frames_are_equal(summing):
    assert all(
        torch.linalg.matrix_rank(equations(torch.rand(5))) == 3 for _ in range(50)
    )
    assert torch.linalg.matrix_rank(equations(torch.full((5,), 0.4))) == 2


# One signal or a hundred, one sum or all


def found(summing, parameters):
    near = (parameters - summing["right"][:, None]).abs() < 0.1
    return near.all(dim=0).double().mean().item()


def test_more_signals_and_more_sums_find_more(summing):
    one_final, one_all, many_final, many_all = (
        found(summing, end) for end in summing["ends"].values()
    )
    assert one_final <= 0.005 and one_all < 0.1  # at most one of 200
    assert many_all > many_final + 0.1 and many_final > one_final + 0.1


def test_training_many_starts_is_training_each(summing):
    data, starts = summing["data_sets"]["one signal, partial sums"], summing["starts"]
    together = summing["train"](starts[:, :4], data, num_updates=20)
    for run in range(4):
        alone = summing["train"](starts[:, run : run + 1], data, num_updates=20)
        torch.testing.assert_close(together[:, run : run + 1], alone)


# The shape of the loss


def curvatures(summing, data):
    def loss(pair):
        return summing["landscape"](data, pair[:1], pair[1:], 1).squeeze()

    return torch.linalg.eigvalsh(
        torch.autograd.functional.hessian(loss, torch.zeros(2))
    )


def test_a_level_valley_a_tilted_one_and_a_bowl(summing):
    level, tilted, bowl = (
        curvatures(summing, summing["data_sets"][name]) for name in summing["surfaces"]
    )
    assert abs(level[0]) < 1e-9 < 0.01 < tilted[0] < 0.1 < bowl[0]
    assert tilted[1] / tilted[0] > 10 * bowl[1] / bowl[0]


def test_only_in_the_bowl_descent_arrives(summing):
    answer = torch.tensor([0.0, 1.0])
    level, tilted, bowl = ((path[-1] - answer).norm() for path in summing["paths"])
    assert bowl < 0.01 and 0.2 < tilted < level
    floor = summing["paths"][0]
    assert (floor[-1] - floor[500]).norm() < 1e-6  # it stops


# A power


def test_the_learned_cell_is_good_at_five_frames_and_ruinous_at_five_hundred(summing):
    learned = summing["learned"]
    assert ((learned[:, 0] - summing["right"]).abs() < 0.1).all()
    error = summing["relative_error"](learned)[:, 0]
    assert error[4] < 0.01 and error[499] == pytest.approx(20, rel=0.05)


def test_the_state_weight_alone_makes_the_error(summing):
    b_h, W_xh, W_hh = summing["learned"][:, 0]
    only_it = summing["relative_error"]((0, 1, W_hh))[-1, 0]
    all_else = summing["relative_error"]((b_h, W_xh, 1))[-1, 0]
    assert only_it > 15 and all_else < 0.05


def test_at_five_frames_bias_and_frame_weight_make_up_for_the_state_weight(summing):
    learned, repaired = summing["learned"], summing["learned"].clone()
    repaired[2] = 1
    before, after = (summing["relative_error"](cell)[4] for cell in (learned, repaired))
    assert before < after


def test_the_first_of_500_frames_counts_90_times_or_less_than_a_hundredth(summing):
    power = summing["learned"][2, 0].item() ** 499
    assert 85 < power < 95 and 0.99**499 < 0.01


def test_the_written_out_loop_is_the_loop(summing):
    signal, (b_h, W_xh, W_hh) = torch.randn(9), torch.randn(3)
    ages = torch.arange(9).flip(0)
    by_powers = (W_hh**ages * (W_xh * signal + b_h)).sum()
    torch.testing.assert_close(summing["model"](signal, b_h, W_xh, W_hh)[-1], by_powers)


def test_almost_none_passes_at_500_frames_but_the_longer_trained_cell(summing):
    for end in summing["ends"].values():
        assert (summing["relative_error"](end)[-1] < 0.05).double().mean() < 0.05
    assert summing["relative_error"](summing["longer"])[-1, 0] < 0.001


# The same power, backward


@pytest.mark.parametrize("state_weight", [0.9, 1.0, 1.1, -0.5])
def test_the_factor_of_the_gradient_is_the_power(summing, state_weight):
    measured = summing["factors_back"](state_weight, num_steps=60)
    torch.testing.assert_close(measured, state_weight ** torch.arange(60.0))


def test_the_gradient_of_the_state_weight_is_the_sum_in_the_text(summing):
    frames, parameters = torch.rand(7), torch.randn(3, requires_grad=True)
    outputs = summing["model"](frames, *parameters)
    outputs[-1].backward()
    before = torch.cat([torch.zeros(1), outputs.detach()[:-1]])
    powers = parameters[2].detach() ** torch.arange(7).flip(0)
    torch.testing.assert_close(parameters.grad[2], (powers * before).sum())


def test_the_lost_trainings_began_with_a_large_state_weight(summing):
    sizes, lost = summing["starts"][2].abs(), summing["lost"]
    assert 0 < lost.double().mean() < 0.2
    assert sizes[lost].mean() > 2 * sizes[~lost].mean()


def walked(summing, *values):
    figure, sentence = summing["walk"](*values)
    plt.close(figure)
    return sentence.rpartition("500 frames is ")[2]


def test_the_game_can_be_won_and_lost(summing):
    outcomes = {
        ("partial sums", "SGD", 0.01, 5, 100): False,
        ("partial sums", "SGD", 0.03, 5, 100): False,
        ("partial sums", "SGD", 0.05, 5, 100): True,
        ("partial sums", "SGD", 0.1, 5, 100): False,
        ("partial sums", "Adam", 0.05, 5, 100): True,
        ("partial sums", "Adam", 0.1, 5, 100): True,
        ("partial sums", "Adam", 0.3, 5, 100): True,
        ("final sums", "SGD", 0.05, 5, 100): False,
        ("partial sums", "SGD", 0.05, 10, 100): False,
    }
    for values, won in outcomes.items():
        said = walked(summing, *values)
        assert ("%" in said and float(said.partition("%")[0]) < 1) == won, values


def test_each_optimizer_at_its_own_rate(summing):
    data = summing["data_sets"]["many signals, partial sums"]
    optimizers = {"SGD": torch.optim.SGD, "Adam": torch.optim.Adam}
    shares = {
        (name, rate): found(
            summing, summing["train"](summing["starts"], data, optimizer, rate, 300)
        )
        for name, optimizer in optimizers.items()
        for rate in (0.01, 0.03, 0.1, 0.3)
    }
    sgd = {rate: share for (name, rate), share in shares.items() if name == "SGD"}
    adam = {rate: share for (name, rate), share in shares.items() if name == "Adam"}
    assert max(sgd, key=sgd.get) == 0.03 and max(adam, key=adam.get) == 0.3
    assert 0.4 < sgd[0.03] < 0.7 and adam[0.3] > 0.9 and adam[0.1] > adam[0.3] - 0.1
    assert sgd[0.01] < 0.3 and adam[0.01] < 0.3 and sgd[0.1] == 0
