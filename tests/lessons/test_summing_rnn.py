"""Lesson 2: what its text claims, its exercises, explorer, pictures and numbers."""

import functools
import math

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from course import finding, run_lesson, stored

import rnn_helpers as rh

NAME = "02_summing_rnn"


@pytest.fixture
def summing(lesson):
    return lesson(NAME)


# From a loop to a cell


@finding("02_summing_rnn", "model-text", "model")
@pytest.mark.parametrize("num_steps", [1, 2, 30])
def test_right_parameters_add_up_signals_of_any_length(summing, num_steps):
    signals, partial_sums = rh.make_signals(num_steps, batch_size=3)
    outputs = summing["model"](signals, *summing["right"])
    torch.testing.assert_close(outputs, partial_sums)


# A loss of zero


@stored("02_summing_rnn", "fit-twice", "fit-read")
def test_without_zero_grad_it_is_faster_at_first_and_never_rests(summing):
    with_it, without = summing["losses"], summing["losses_without"]
    assert without[:2] == pytest.approx(with_it[:2]) and without[2] < with_it[2]
    assert not without[-1] < 0.1


@finding("02_summing_rnn", "sgd-text", "fit-read")
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


@stored("02_summing_rnn", "fit-twice", "learned-question")
def test_the_loss_is_zero_after_ten_updates(summing):
    assert summing["losses"][10] < 0.005 and summing["losses"][-1] < 1e-9


@stored("02_summing_rnn", "learned", "learned-read")
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


@finding("02_summing_rnn", "identifiable")
def test_partial_sums_leave_one_answer_unless_all_frames_are_equal(summing):
    assert all(
        torch.linalg.matrix_rank(equations(torch.rand(5))) == 3 for _ in range(50)
    )
    assert torch.linalg.matrix_rank(equations(torch.full((5,), 0.4))) == 2


# One signal or a hundred, one sum or all


@finding("02_summing_rnn", "starts-text")
def test_training_many_starts_is_training_each(summing):
    data, starts = summing["data_sets"]["one signal, partial sums"], summing["starts"]
    together = summing["train"](starts[:, :4], data, num_updates=20)
    for run in range(4):
        alone = summing["train"](starts[:, run : run + 1], data, num_updates=20)
        torch.testing.assert_close(together[:, run : run + 1], alone)


def found(parameters):
    near = (parameters - torch.tensor([0.0, 1.0, 1.0])[:, None]).abs() < 0.1
    return near.all(dim=0).double().mean().item()


@stored("02_summing_rnn", "grid", "grid-read")
def test_more_signals_and_more_sums_find_more(summing):
    one_final, one_all, many_final, many_all = (
        found(end) for end in summing["ends"].values()
    )
    assert one_final <= 0.005 and one_all < 0.1  # at most one of 200
    assert many_all > many_final + 0.1 and many_final > one_final + 0.1


def data_sets(seed):
    torch.manual_seed(seed)
    one, many = torch.rand(5, 1), torch.rand(5, 100)
    return {
        (number, sums): (frames, frames.cumsum(dim=0)[-kept:])
        for number, frames in (("one", one), ("many", many))
        for sums, kept in (("final", 1), ("partial", 5))
    }


@pytest.mark.wide
@finding("02_summing_rnn", "grid-read", "end-notes")
@pytest.mark.parametrize("num_updates, num_starts", [(1000, 200), (10_000, 60)])
@pytest.mark.parametrize("seed", range(5))
def test_so_they_do_with_other_signals_starts_and_updates(
    lesson, seed, num_updates, num_starts
):
    lesson(NAME)
    shares = {
        name: row[seed] for name, row in found_by(num_updates, num_starts).items()
    }
    assert shares["one", "final"] <= 0.02
    assert shares["many", "final"] > shares["one", "final"] + 0.1
    assert shares["many", "partial"] > shares["many", "final"] + 0.1


@functools.cache
def found_by(num_updates, num_starts):
    """For each kind of data set the shares of starts that find it, a share a seed."""
    drawn = [(data_sets(seed), torch.randn(3, num_starts)) for seed in range(5)]
    starts = torch.stack([starts for _, starts in drawn], dim=1)
    return {
        name: found_in_each(starts, [sets[name] for sets, _ in drawn], num_updates)
        for name in drawn[0][0]
        if name != ("one", "partial")
    }


def found_in_each(starts, sets, num_updates=1000, lr=0.01):
    """Train on several data sets at once, a third axis of frames, sums and starts.

    They share no number; so each is trained as it is alone. `starts` has the shape
    (3, num_sets, num_starts). The fixture `lesson` must have set the dtype.
    """
    train = run_lesson(NAME).names["train"]
    data = [torch.stack(parts, dim=-1) for parts in zip(*sets)]
    trained = train(starts, data, lr=lr, num_updates=num_updates)
    return [found(parameters) for parameters in trained.unbind(dim=1)]


@pytest.mark.wide
@finding("02_summing_rnn", "end-notes")
def test_several_data_sets_at_once_are_trained_as_each_alone(lesson):
    train, starts = lesson(NAME)["train"], torch.randn(3, 2, 4)
    sets = [data_sets(seed)["many", "partial"] for seed in (0, 1)]
    data = [torch.stack(parts, dim=-1) for parts in zip(*sets)]
    together = train(starts, data, num_updates=50)
    for number, one in enumerate(sets):
        alone = train(starts[:, number], one, num_updates=50)
        torch.testing.assert_close(together[:, number], alone)


@pytest.mark.wide
@finding("02_summing_rnn", "end-notes")
def test_so_does_each_data_set_at_its_best_rate(lesson):
    lesson(NAME)
    starts = [
        torch.randn(3, 100, generator=torch.Generator().manual_seed(seed))
        for seed in range(5)
    ]
    rates, seeds = (0.001, 0.003, 0.01, 0.02, 0.03, 0.05), range(5)
    best = {}
    for name in (("one", "final"), ("many", "final"), ("many", "partial")):
        sets = [data_sets(seed)[name] for seed in seeds]
        shares = [
            found_in_each(torch.stack(starts, dim=1), sets, lr=rate) for rate in rates
        ]
        best[name] = [max(row) for row in zip(*shares)]
    for seed in seeds:
        one, many, all_sums = (row[seed] for row in best.values())
        assert one < many < all_sums


@pytest.mark.wide
@finding("02_summing_rnn", "end-notes")
def test_patience_with_partial_sums_of_one_signal_depends_on_the_signal(lesson):
    lesson(NAME)
    starts = torch.randn(3, 1, 60, generator=torch.Generator().manual_seed(0))
    sets = [data_sets(seed)["one", "partial"] for seed in range(6)]
    shares = found_in_each(starts.repeat(1, 6, 1), sets, num_updates=10_000)
    assert min(shares) < 0.35 and max(shares) > 0.9


# The shape of the loss


def curvatures(summing, data):
    def loss(pair):
        return summing["landscape"](data, pair[:1], pair[1:], 1).squeeze()

    return torch.linalg.eigvalsh(
        torch.autograd.functional.hessian(loss, torch.zeros(2))
    )


@stored("02_summing_rnn", "landscapes", "landscapes-read", "condition")
def test_a_level_valley_a_tilted_one_and_a_bowl(summing):
    level, tilted, bowl = (
        curvatures(summing, summing["data_sets"][name]) for name in summing["surfaces"]
    )
    assert abs(level[0]) < 1e-9 < 0.01 < tilted[0] < 0.1 < bowl[0]
    assert tilted[1] / tilted[0] > 10 * bowl[1] / bowl[0]


@stored("02_summing_rnn", "landscapes", "landscapes-read")
def test_only_in_the_bowl_descent_arrives(summing):
    answer = torch.tensor([0.0, 1.0])
    level, tilted, bowl = ((path[-1] - answer).norm() for path in summing["paths"])
    assert bowl < 0.01 and 0.2 < tilted < level
    floor = summing["paths"][0]
    assert (floor[-1] - floor[500]).norm() < 1e-6  # it stops


# A power


@stored("02_summing_rnn", "long-text", "lengths", "lengths-read")
def test_the_learned_cell_is_good_at_five_frames_and_ruinous_at_five_hundred(summing):
    learned = summing["learned"]
    assert ((learned[:, 0] - summing["right"]).abs() < 0.1).all()
    error = summing["relative_error"](learned)[:, 0]
    assert error[4] < 0.01 and error[499] == pytest.approx(20, rel=0.05)


@stored("02_summing_rnn", "lengths-read")
def test_the_state_weight_alone_makes_the_error(summing):
    b_h, W_xh, W_hh = summing["learned"][:, 0]
    only_it = summing["relative_error"]((0, 1, W_hh))[-1, 0]
    all_else = summing["relative_error"]((b_h, W_xh, 1))[-1, 0]
    assert only_it > 15 and all_else < 0.05


@stored("02_summing_rnn", "lengths-read-notes")
def test_at_five_frames_bias_and_frame_weight_make_up_for_the_state_weight(summing):
    learned, repaired = summing["learned"], summing["learned"].clone()
    repaired[2] = 1
    before, after = (summing["relative_error"](cell)[4] for cell in (learned, repaired))
    assert before < after


@stored("02_summing_rnn", "lengths-read-notes")
def test_the_first_of_500_frames_counts_90_times_or_less_than_a_hundredth(summing):
    power = summing["learned"][2, 0].item() ** 499
    assert 85 < power < 95 and 0.99**499 < 0.01


@finding("02_summing_rnn", "power", "end")
def test_the_written_out_loop_is_the_loop(summing):
    signal, (b_h, W_xh, W_hh) = torch.randn(9), torch.randn(3)
    ages = torch.arange(9).flip(0)
    by_powers = (W_hh**ages * (W_xh * signal + b_h)).sum()
    torch.testing.assert_close(summing["model"](signal, b_h, W_xh, W_hh)[-1], by_powers)


@stored("02_summing_rnn", "rescore", "rescore-read")
def test_almost_none_passes_at_500_frames_but_the_longer_trained_cell(summing):
    for end in summing["ends"].values():
        assert (summing["relative_error"](end)[-1] < 0.05).double().mean() < 0.05
    assert summing["relative_error"](summing["longer"])[-1, 0] < 0.001


@pytest.mark.wide
@finding("02_summing_rnn", "rescore-read", "end")
def test_after_ten_times_the_updates_almost_all_pass_or_none(lesson):
    summing = lesson(NAME)
    starts = summing["starts"][:, :100]

    def passing(name):
        end = summing["train"](starts, summing["data_sets"][name], num_updates=10_000)
        return (summing["relative_error"](end)[-1] < 0.05).double().mean().item()

    assert passing("many signals, partial sums") == pytest.approx(0.96, abs=0.03)
    assert passing("one signal, final sum") == 0


# The same power, backward


@finding("02_summing_rnn", "back-read", "gradients-read", "end")
@pytest.mark.parametrize("state_weight", [0.9, 1.0, 1.1, -0.5])
def test_the_factor_of_the_gradient_is_the_power(summing, state_weight):
    measured = summing["factors_back"](state_weight, num_steps=60)
    torch.testing.assert_close(measured, state_weight ** torch.arange(60.0))


@finding("02_summing_rnn", "back-read")
def test_the_gradient_of_the_state_weight_is_the_sum_in_the_text(summing):
    frames, parameters = torch.rand(7), torch.randn(3, requires_grad=True)
    outputs = summing["model"](frames, *parameters)
    outputs[-1].backward()
    before = torch.cat([torch.zeros(1), outputs.detach()[:-1]])
    powers = parameters[2].detach() ** torch.arange(7).flip(0)
    torch.testing.assert_close(parameters.grad[2], (powers * before).sum())


@stored("02_summing_rnn", "lost", "lost-read")
def test_the_lost_trainings_began_with_a_large_state_weight(summing):
    sizes, lost = summing["starts"][2].abs(), summing["lost"]
    assert 0 < lost.double().mean() < 0.2
    assert sizes[lost].mean() > 2 * sizes[~lost].mean()


def walked(summing, *values):
    figure, sentence = summing["walk"](*values)
    plt.close(figure)
    return sentence.rpartition("500 frames is ")[2]


@pytest.mark.wide
@stored("02_summing_rnn", "walk-play", "walk-read")
def test_the_game_can_be_won_and_lost(lesson):
    summing = lesson(NAME)
    outcomes = {
        ("partial sums", "SGD", 0.01, 5, 100): False,
        ("partial sums", "SGD", 0.03, 5, 100): False,
        ("partial sums", "SGD", 0.05, 5, 100): True,
        ("partial sums", "SGD", 0.1, 5, 100): False,
        ("partial sums", "Adam", 0.05, 5, 100): True,
        ("partial sums", "Adam", 0.1, 5, 100): True,
        ("partial sums", "Adam", 0.3, 5, 100): True,
        ("final sums", "SGD", 0.05, 5, 100): False,
        ("final sums", "Adam", 0.05, 5, 100): False,
        ("final sums", "Adam", 0.1, 5, 100): True,
        ("final sums", "Adam", 0.3, 5, 100): True,
        ("partial sums", "SGD", 0.05, 10, 100): False,
    }
    for values, won in outcomes.items():
        said = walked(summing, *values)
        assert ("%" in said and float(said.partition("%")[0]) < 1) == won, values


@pytest.mark.wide
@stored("02_summing_rnn", "rates-solution")
def test_each_optimizer_at_its_own_rate(lesson):
    summing = lesson(NAME)
    data = summing["data_sets"]["many signals, partial sums"]
    optimizers = {"SGD": torch.optim.SGD, "Adam": torch.optim.Adam}
    shares = {
        (name, rate): found(
            summing["train"](summing["starts"], data, optimizer, rate, 300)
        )
        for name, optimizer in optimizers.items()
        for rate in (0.01, 0.03, 0.1, 0.3)
    }
    sgd = {rate: share for (name, rate), share in shares.items() if name == "SGD"}
    adam = {rate: share for (name, rate), share in shares.items() if name == "Adam"}
    assert max(sgd, key=sgd.get) == 0.03 and max(adam, key=adam.get) == 0.3
    assert 0.4 < sgd[0.03] < 0.7 and adam[0.3] > 0.9 and adam[0.1] > adam[0.3] - 0.1
    assert sgd[0.01] < 0.3 and adam[0.01] < 0.3 and sgd[0.1] == 0


# Exercises


def mean_of(says):
    """A cell that keeps sum and number of the frames, and says what it is told to."""

    def cell(x_t, state):
        total, count = state[0] + x_t, state[1] + 1
        return says(x_t, total, count), (total, count)

    return cell


def running_mean(x_t, state):
    mean, count = state
    mean = mean + (x_t - mean) / (count + 1)
    return mean, [mean, count + 1]


def appending(x_t, seen):
    seen.append(float(x_t))
    return sum(seen) / len(seen), seen


SIGNAL = torch.tensor([0.3, 0.9, 0.2, 0.4, 0.7])
TOTAL = SIGNAL.sum()

# Each foreseen mistake, and a word of the hint that is made for it.
MISTAKES = {
    "check_mean_cell": [
        ((mean_of(lambda x, total, n: total), (0, 0)), "That is the sum"),
        ((mean_of(lambda x, total, n: total / 5), (0, 0)), "divides by 5"),
        ((mean_of(lambda x, total, n: total / (n + 1)), (0, 0)), "one frame too many"),
        ((mean_of(lambda x, total, n: x), (0, 0)), "the frame itself"),
        ((lambda x, mean: ((x + mean) / 2, (x + mean) / 2), 0), "Half and half"),
        ((mean_of(lambda x, total, n: n), (0, 0)), "the number of frames"),
    ],
    "check_wrong_answer": [
        ((0, 1, 1, SIGNAL), "wrong ones"),
        ((TOTAL, 0, 1, SIGNAL), "at every frame"),
        ((TOTAL / 5, 0, 0, SIGNAL), "only the last step counts"),
        ((0, 1, 0, SIGNAL), "keeps the earlier ones"),
        ((3, 3, 0, SIGNAL), "the sum is 2.500"),
    ],
    "check_half_life": [
        ((lambda w: 0.5 / (1 - w),), "same amount"),
        ((lambda w: math.log(0.5) / math.log(w),), "whole steps"),
        ((lambda w: math.floor(math.log(0.5) / math.log(w)),), "Round up"),
        ((lambda w: math.log(w) / math.log(0.5),), "Upside down"),
        ((lambda w: 50,), "Count."),
    ],
    "check_best_rates": [
        ((0.01, 0.01), "its own best"),
        ((0.3, 0.03), "changed places"),
        ((0.1, 0.3), "finds nothing"),
        ((0.01, 0.3), "a little faster"),
        ((0.03, 0.01), "far higher rate"),
        ((0.3, 0.01), "Train at each rate"),
    ],
}
RIGHT = {
    "check_mean_cell": [
        (running_mean, (0.0, 0)),
        (appending, []),
        (mean_of(lambda x, total, n: total / n), torch.zeros(2)),
    ],
    "check_wrong_answer": [
        (TOTAL / 5, 0, 1, SIGNAL),
        (TOTAL, 0, 0, SIGNAL),
        (0, TOTAL / SIGNAL[-1], 0, SIGNAL),
        (1.5 - 1, 0, 1, SIGNAL),
    ],
    "check_half_life": [
        (lambda w: math.ceil(math.log(0.5, w)),),
        (lambda w: 1 + int(np.log(0.5) / np.log(w) - 1e-12),),
    ],
    "check_best_rates": [(0.03, 0.3), (0.03, 0.1), (torch.tensor(0.03), 0.3)],
}


def test_a_memory_outside_the_state_does_not_pass(said):
    seen = []

    def remembers_elsewhere(x_t, state):
        seen.append(float(x_t))
        recent = seen[-6:] if len(seen) > 6 else seen
        return sum(recent) / len(recent), state

    verdict = said(rh.check_mean_cell, remembers_elsewhere, 0)
    assert "in the state that it returns" in verdict


# Explorer

EXPLORERS = {"walk_explorer"}


def test_a_diverged_walk_says_so(summing):
    figure, sentence = summing["walk"]("final sums", "SGD", 0.3, 10, 100)
    assert sentence.endswith("is more than 100 times the sum.")
    plt.close(figure)


# Pictures


def test_sums_label_both_axes():
    row = np.array([3.0, 1.0, 4.0, 1.5, 9.0, 2.0])
    ax = rh.plot_sums(row, row + 1)
    assert ax.get_xlabel() and ax.get_ylabel()
    plt.close(ax.figure)


TABLE = np.arange(12.0).reshape(3, 4) ** 2
PATH = [[0, 0], [1, 2]]
AXES = (range(4), range(3))  # of the surfaces
NAMES = ("first", "second")


def test_loss_surfaces_share_their_scales_and_line_up():
    surfaces = {"one": TABLE, "ten times": 10 * TABLE}
    figure = rh.plot_loss_surfaces(*AXES, surfaces, [PATH, PATH], (1, 1), NAMES)
    left, right, colour_bar = figure.axes
    meshes = [ax.collections[0] for ax in (left, right)]
    assert meshes[0].get_clim() == meshes[1].get_clim()
    assert left.get_ylim() == right.get_ylim() and left.get_xlim() == right.get_xlim()
    figure.canvas.draw()
    assert left.get_position().height == pytest.approx(right.get_position().height)
    assert left.get_title() == "one" and right.get_xlabel() == "first"
    assert colour_bar.get_ylabel() == "log10 of the loss"
    drawn = {line.get_label(): line.get_xydata().tolist() for line in left.lines}
    assert drawn["path"] == PATH and drawn["right answer"] == [[1, 1]]
    assert drawn["start"] == PATH[:1] and drawn["end"] == PATH[-1:]
    dark, bright = (meshes[0].cmap(end)[:3] for end in (0.0, 1.0))
    assert sum(dark) < sum(bright)  # dark is low
    plt.close(figure)


def test_loss_surfaces_refuse_what_does_not_fit():
    with pytest.raises(
        ValueError, match=r"losses must have shape \(4, 3\), got \(3, 4\)"
    ):
        rh.plot_loss_surfaces(range(3), range(4), {"": TABLE}, [PATH], (1, 1), NAMES)
    with pytest.raises(ValueError, match=r"a row of pairs, got shape \(1, 3\)"):
        rh.plot_loss_surfaces(*AXES, {"": TABLE}, [[[0, 0, 0]]], (1, 1), NAMES)
    plt.close("all")


def test_way_back_names_the_power_at_every_step():
    ax = rh.draw_way_back(4)
    text = rh.describe_figure(ax.figure)
    assert "1 | $W_{hh}$ | $W_{hh}^2$ | $W_{hh}^3$" in text
    assert "loss" in text
    plt.close(ax.figure)


# Play: what stands in the code, and what a student puts in its place

CHANGES = [
    ("num_steps = 5", "num_steps = 1"),
    ("num_steps = 5", "num_steps = 2"),
    ("num_steps = 5", "num_steps = 12"),
    ("signal = torch.rand(num_steps)", "signal = torch.ones(num_steps)"),
    ("signal = torch.rand(num_steps)", "signal = torch.randn(num_steps)"),
    ("torch.manual_seed(1)", "torch.manual_seed(0)"),
    ("learning_rate = 0.01", "learning_rate = 0.1"),
    ("learning_rate = 0.01", "learning_rate = 10"),
    ("num_updates = 1000", "num_updates = 1"),
    ("num_updates=3000", "num_updates=30"),
    ("num_signals = 100", "num_signals = 1"),
    ("num_starts = 200", "num_starts = 1"),
    ("batch_size=4)", "batch_size=30)"),
    ("[1.5, 1.5, 1.0]", "[-1.0, 2.0, 1.3]"),
    ("[1.5, 1.5, 1.0]", "[1, 2, 1]"),
    ("(0.9, 1.0, 1.1)", "(0.5, -0.9, 2.0)"),
    ("num_steps=500", "num_steps=100"),
]
QUICK = {"num_updates=3000": "num_updates=200"}
REFUSED = []


# Numbers from elsewhere

PUBLISHED = {
    "4.6": "the tutorial's first loss in one run",
    "1.27": "its bias in another run",
    "0.19": "its frame weight there",
    "0.45": "its state weight there",
}
