"""Lab, recurrence without waiting: all that is held of it."""

import functools
import math
import re

import matplotlib.pyplot as plt
import pytest
import torch
from course import code_cells, finding, run_cells, stored
from matplotlib.patches import FancyArrowPatch
from test_every_exercise import wrong_solutions

import rnn_helpers as rh
from rnn_helpers.plotting import HIDDEN

NAME = "recurrence_without_waiting"


@pytest.fixture
def linear(lesson):
    return lesson(NAME)


def pairs_of(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(2, *shape, generator=generator).requires_grad_()


# Two steps are one step

SHAPES = [(n, 3) for n in (1, 2, 3, 7, 8, 37, 1000)] + [(5, 4, 1, 6), (9, 2, 3, 16)]


@finding(NAME, "scan-text", "scan-read", "end")
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_scan_is_the_loop_in_values_and_gradients(linear, shape):
    pairs = pairs_of(*shape)
    states = [linear[name](*pairs) for name in ("loop", "scan")]
    torch.testing.assert_close(*states)
    torch.testing.assert_close(
        *(torch.autograd.grad(h.square().mean().sqrt(), pairs)[0] for h in states)
    )


@finding(NAME, "recall-text")
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_joined_two_by_two_the_last_state_is_the_loops(linear, shape):
    pairs = pairs_of(*shape)
    lasts = [linear["loop"](*pairs)[-1], linear["last_state"](*pairs)]
    torch.testing.assert_close(*lasts)
    torch.testing.assert_close(
        *(torch.autograd.grad(h.square().mean().sqrt(), pairs)[0] for h in lasts)
    )


@stored(NAME, "scan")
def test_the_lab_says_so(linear):
    assert torch.allclose(linear["by_loop"], linear["by_scan"])
    assert torch.allclose(*linear["back"]) and linear["added_up"]


@finding(NAME, "scan-figure-read", "end")
def test_a_thousand_steps_need_ten_rounds_and_a_million_twenty(linear, monkeypatch):
    rounds, cat = [], torch.cat
    monkeypatch.setattr(torch, "cat", lambda parts: rounds.append(1) or cat(parts))
    for length, number in ((8, 3), (1000, 10), (10**6, 20)):
        rounds.clear()
        linear["scan"](torch.ones(length), torch.ones(length))
        assert len(rounds) == 2 * number


@finding(NAME, "scan-read")
def test_two_tanh_are_no_tanh():
    h = torch.linspace(-2, 2, 41, dtype=torch.float64)
    for a_1, b_1, a_2, b_2 in torch.randn(20, 4).double():
        both = torch.tanh(a_2 * torch.tanh(a_1 * h + b_1) + b_2)
        bends = torch.atanh(both).diff().diff().abs().max()  # 0 if it were a tanh
        assert bends > 1e-9


@finding(NAME, "powers-read")
def test_a_letter_counts_a_power(linear):
    ax = [curve[-1] for curve in linear["curves"].values()]
    assert ax[0] < 1e-40 and ax[1] < 1e-4 and ax[2] > 1 / 3


# The open gate


def recall(linear, pairs, *args, **options):
    network = functools.partial(linear["run"], pairs, linear["last_state"])
    return recalled_by(linear, network, *args, **options)


def recalled_by(
    linear, network, weights, rate, data=1, updates=80, batch=8, letters=1000
):
    make_batch, generator = linear["make_recall"], torch.Generator().manual_seed(data)

    def make_other(_):  # the draw of the data is the test's
        return make_batch(letters, batch, generator)

    trained = linear["train"](network, weights, make_other, updates, lr=rate)
    test = make_batch(letters, 100, torch.Generator().manual_seed(2))
    return linear["number_right"](network, trained, test)


def draw(linear, number, opened=0.0, first=100):
    draw_one = functools.partial(linear["draw_weights"], 6, 2)
    weights = rh.stack_runs(draw_one, range(first, first + number))
    weights[1] = weights[1] - opened
    return weights


@stored(NAME, "opened", "opened-read")
def test_only_the_opened_gate_remembers_here(linear):
    assert list(linear["recalled"].values()) == [0, 4, 0]


@finding(NAME, "gated", "opened-read")
def test_a_fixed_a_is_the_same_for_all_letters_and_what_is_added_is_not(linear):
    a, b = linear["fixed"](torch.eye(6), *[W[0] for W in linear["drawn"][:4]])
    assert torch.equal(a, a[:1].expand_as(a))
    assert len(b.unique(dim=0)) == 6


@finding(NAME, "opened-text", "opened-read")
def test_as_drawn_nothing_is_left_and_opened_about_two_fifths(linear):
    inputs, _ = linear["make_recall"](1000, 20, torch.Generator().manual_seed(3))
    for opened, low, high in ((0, -320, -290), (math.log(1000), -0.5, -0.35)):
        a, _ = linear["gated"](inputs, *draw(linear, 20, opened)[:4])
        assert low < a[1:].log10().sum(dim=0).median() < high


@pytest.mark.wide
@finding(NAME, "opened-read", "table", "end")
@pytest.mark.parametrize("data", (21, 22))
def test_the_opened_gate_remembers_whatever_the_rate_and_the_drawn_one_never(
    linear, data
):
    for rate in (0.05, 0.3):
        opened = draw(linear, 4, math.log(1000))
        assert recall(linear, linear["gated"], opened, rate, data, 120) >= 3
    assert recall(linear, linear["gated"], draw(linear, 4), 0.1, data) == 0


def rnn_step(x_t, h_prev, c_prev, W_xh, W_hh, b_xh, b_hh):
    return torch.tanh(x_t @ W_xh + b_xh + h_prev @ W_hh + b_hh), c_prev


def gru_step(x_t, h_prev, c_prev, W_xh, W_hh, b_xh, b_hh, without=None):
    """A step of `nn.GRU`, or of one that lacks one of the things a minGRU lacks."""
    r_x, z_x, n_x = (x_t @ W_xh + b_xh).chunk(3, dim=-1)
    r_h, z_h, n_h = (h_prev @ W_hh + b_hh).chunk(3, dim=-1)
    r_t = 1 if without == "reset gate" else torch.sigmoid(r_x + r_h)
    z_t = torch.sigmoid(z_x if without == "state in the gate" else z_x + z_h)
    n_t = n_x if without == "state in the new value" else n_x + r_t * n_h
    n_t = n_t if without == "tanh" else torch.tanh(n_t)
    return z_t * h_prev + (1 - z_t) * n_t, c_prev


def lstm_step(x_t, h_prev, c_prev, W_xh, W_hh, b_xh, b_hh):
    sums = x_t @ W_xh + b_xh + h_prev @ W_hh + b_hh
    i_t, f_t, g_t, o_t = sums.chunk(4, dim=-1)
    c_t = torch.sigmoid(f_t) * c_prev + torch.sigmoid(i_t) * torch.tanh(g_t)
    return torch.sigmoid(o_t) * torch.tanh(c_t), c_t


STEPS = {"RNN": rnn_step, "GRU": gru_step, "LSTM": lstm_step}


def waiting(step, inputs, weights, every=False):
    """The answers of a network that takes its steps one by one."""
    *cell_weights, W_hy, b_y = weights
    h_t = c_t = torch.zeros_like(W_hy[..., :1, :1]).expand(len(W_hy), 1, 16)
    states = []
    for x_t in inputs:
        h_t, c_t = step(x_t, h_t, c_t, *cell_weights)
        states.append(h_t)
    return (torch.stack(states) if every else h_t) @ W_hy + b_y


def draw_waiting(kind, start, letters, number, first=100):
    """First weights; opened to keep, and for "closed" with writing closed as well."""
    weights = rh.stack_runs(
        functools.partial(draw_layer, getattr(torch.nn, kind)),
        range(first, first + number),
    )
    if start != "drawn":  # the second gate keeps, in GRU and LSTM
        weights[2][..., 16:32] += math.log(letters)
    if start == "closed":
        weights[2][..., :16] -= math.log(letters)
    return weights


@pytest.mark.wide
@finding(NAME, "table", "end")
@pytest.mark.parametrize("kind, start", [("GRU", "opened"), ("LSTM", "closed")])
def test_what_waits_remembers_as_well_with_the_same_start(linear, kind, start):
    """With 300 letters; the table's thousand take minutes for each of its numbers."""
    network = functools.partial(waiting, STEPS[kind])
    found = [
        recalled_by(linear, network, weights, 0.03, updates=100, batch=16, letters=300)
        for weights in (draw_waiting(kind, how, 300, 4) for how in ("drawn", start))
    ]
    assert found[0] <= 1 and found[1] >= 3, found


@pytest.mark.wide
@finding(NAME, "table")
@pytest.mark.parametrize(
    "without", ["reset gate", "state in the gate", "state in the new value", "tanh"]
)
def test_every_step_from_a_gru_to_the_mingru_remembers_if_opened(linear, without):
    network = functools.partial(waiting, functools.partial(gru_step, without=without))
    weights = draw_waiting("GRU", "opened", 300, 4)
    options = {"updates": 100, "batch": 16, "letters": 300}
    assert recalled_by(linear, network, weights, 0.03, **options) == 4


@pytest.mark.grid
@finding(NAME, "table", "end")
@pytest.mark.parametrize("data", (21, 22))
@pytest.mark.parametrize(
    "kind, start, rates, least, most",
    [
        ("RNN", "drawn", (0.003, 0.01, 0.03), 0, 3),
        ("GRU", "drawn", (0.03,), 0, 0),
        ("GRU", "drawn", (0.1, 0.3), 4, 8),
        ("GRU", "opened", (0.01, 0.03, 0.1), 8, 8),
        ("LSTM", "drawn", (0.01, 0.03), 0, 0),
        ("LSTM", "opened", (0.01, 0.03), 0, 1),
        ("LSTM", "closed", (0.01, 0.03), 8, 8),
        ("minGRU", "drawn", (0.03, 0.1, 0.3), 0, 0),
        ("minGRU", "opened", (0.03, 0.1), 8, 8),
    ],
)
def test_the_table_number_by_number(linear, kind, start, rates, least, most, data):
    if kind == "minGRU":
        opened = math.log(1000) if start == "opened" else 0
        weights = draw(linear, 8, opened)
        network = functools.partial(
            linear["run"], linear["gated"], linear["last_state"]
        )
    else:
        weights = draw_waiting(kind, start, 1000, 8)
        network = functools.partial(waiting, STEPS[kind])
    found = [
        recalled_by(linear, network, weights, rate, data, updates=300, batch=16)
        for rate in rates
    ]
    print(kind, start, dict(zip(rates, found)), "draw", data)
    assert least <= max(found) <= most, found


def draw_layer(layer_class, seed, vocab_size=6):
    torch.manual_seed(seed)
    layers = layer_class(vocab_size, 16), torch.nn.Linear(16, 2)
    weights = [W.detach() for layer in layers for W in layer.parameters()]
    return [W.T if W.ndim == 2 else W[None] for W in weights]


@pytest.mark.wide
@finding(NAME, "powers-read", "opened-read", "end")
@pytest.mark.parametrize("num_hiddens", (8, 16, 32))
def test_a_fixed_a_learns_it_too_but_later_than_the_gate(
    linear, monkeypatch, num_hiddens
):
    monkeypatch.setitem(linear, "num_hiddens", num_hiddens)
    weights = draw(linear, 8, math.log(100), first=200)
    for data, rate in ((21, 0.03), (22, 0.1)):
        soon, late = (
            recall(linear, linear["fixed"], weights, rate, data, updates, letters=100)
            for updates in (80, 300)
        )
        assert soon <= 1 and late >= 6
    assert recall(linear, linear["gated"], weights, 0.1, letters=100) >= 7


def test_the_changed_layer_is_the_labs(linear):
    """What the wide test puts into lesson 4 is the lab's gated layer."""
    layer = LinearRecurrence(linear["scan"], 6, linear["num_hiddens"], factor=1)
    x = torch.rand(5, 1, 3, 6)
    W, b = layer.cells[0].weight.T, layer.cells[0].bias
    n = linear["num_hiddens"]
    pairs = linear["gated"](x, W[:, :n], b[:n], W[:, n:], b[n:])
    states = layer(x[:, 0].transpose(0, 1))[0].transpose(0, 1)
    torch.testing.assert_close(states, linear["scan"](*pairs)[:, 0])


class LinearRecurrence(torch.nn.Module):
    """Layers of the lab's kind, with the signature of PyTorch's."""

    def __init__(
        self, scan, size, num_hiddens, batch_first=True, factor=1, num_layers=1
    ):
        super().__init__()
        sizes = [size, *(num_layers - 1) * [num_hiddens]]
        self.cells = torch.nn.ModuleList(
            torch.nn.Linear(size, 2 * num_hiddens) for size in sizes
        )
        self.scan, self.factor = scan, factor

    def forward(self, x, h_prev=None):
        for cell in self.cells:
            z, n = cell(x).transpose(0, 1).chunk(2, dim=-1)  # time first
            z = torch.sigmoid(z)
            x = self.scan(1 - self.factor * z, z * n).transpose(0, 1)
        return x, x[:, -1]


@pytest.mark.wide
@finding(NAME, "names-text")
def test_with_names_the_sign_and_a_second_layer_help_and_the_gru_is_ahead(linear):
    lesson_4 = "04_sentence_completion"
    cells = "imports sentences make-batch model train names bigram costs".split()
    wanted = [cell.source for cell in code_cells(lesson_4) if cell.id in cells]
    names = run_cells(lesson_4, wanted, torch.float64).names
    torch.set_default_dtype(torch.float64)  # which run_cells has set back
    torch.set_num_threads(1)
    chars = sum(len(text) - 1 for text in names["test"])
    vocab, make_batch = names["name_vocab"], names["make_batch"]
    dataset = torch.utils.data.TensorDataset(*make_batch(names["training"], vocab))
    held_out = make_batch(names["validation"], vocab)

    def cost(layer_class, seed):
        network = names["make_model"](seed, len(vocab), 64, layer_class)

        @torch.no_grad()
        def chances(texts):
            inputs, _ = make_batch([text + "." for text in texts], vocab)
            return network(inputs)[0].softmax(dim=2)

        batches = torch.utils.data.DataLoader(dataset, 32, shuffle=True)
        for lr in (0.02, 0.005):
            names["train"](network, batches, held_out, 3, lr)
        return names["costs_of"](chances, names["test"])[0].sum().item() / chars

    found = {
        (factor, layers): [
            cost(
                functools.partial(
                    LinearRecurrence, linear["scan"], factor=factor, num_layers=layers
                ),
                seed,
            )
            for seed in (10, 11)
        ]
        for factor in (1, 2)
        for layers in (1, 2)
    }
    means = {kind: sum(costs) / 2 for kind, costs in found.items()}
    printed = {(1, 1): 2.07, (2, 1): 2.02, (1, 2): 2.01, (2, 2): 1.97}
    assert means == pytest.approx(printed, abs=0.012)
    for layers in (1, 2):  # in every run
        assert all(one > two for one, two in zip(found[1, layers], found[2, layers]))
    assert cost(torch.nn.GRU, 10) < min(found[2, 2]) - 0.015


# One way only


LENGTHS = 12, 100, 500


def right(
    linear, kind, draw_name, rate, data=1, last_only=False, updates=400, lengths=LENGTHS
):
    """How many of eight networks are right after some numbers of bits."""
    make_batch, generator = linear["make_odd_even"], torch.Generator().manual_seed(data)

    def make_other(_):
        inputs, targets = make_batch(12, 32, generator)
        return inputs, targets[-1] if last_only else targets

    draw_one = functools.partial(linear[draw_name], 2, 2)
    weights = rh.stack_runs(draw_one, range(100, 108))
    network = linear["run_rnn"]
    if kind:
        network = functools.partial(linear["run"], kind, linear["scan"])

    def learns(inputs, weights):
        logits = network(inputs, weights)
        return logits[-1] if last_only else logits

    trained = linear["train"](learns, weights, make_other, updates, lr=rate)
    return [
        linear["number_right"](
            network, trained, make_batch(bits, 30, torch.Generator().manual_seed(2))
        )
        for bits in lengths
    ]


@stored(NAME, "learn", "learn-read", "sign", "sign-read")
def test_here_the_rnn_and_the_signed_clamp_last_and_the_gate_learns_nothing(linear):
    networks = {"RNN": (linear["run_rnn"], linear["rnn_weights"])}
    kinds = {"1 - z, sigmoid": linear["gated"], **linear["kinds"]}
    for name, kind in kinds.items():
        network = functools.partial(linear["run"], kind, linear["scan"])
        weights = linear["learned"].get(name, linear["gated_weights"])
        networks[name] = network, weights
    found = {}
    for name, (network, weights) in networks.items():
        found[name] = [
            linear["number_right"](
                network,
                weights,
                linear["make_odd_even"](bits, 50, torch.Generator().manual_seed(4)),
            )
            for bits in (12, 20, 100, 500)
        ]
    assert found == {
        "RNN": [8, 8, 8, 8],
        "1 - z, sigmoid": [0, 0, 0, 0],
        "1 - z, clamp": [0, 0, 0, 0],
        "1 - 2z, sigmoid": [8, 8, 0, 0],
        "1 - 2z, clamp": [8, 8, 8, 8],
    }


@pytest.mark.wide
@finding(NAME, "zigzag-read")
def test_grus_whose_gates_lie_between_0_and_1_learn_odd_and_even(linear):
    run_gru = functools.partial(waiting, gru_step, every=True)
    make_batch = functools.partial(linear["make_odd_even"], 12, 32)
    for rate in (0.01, 0.03):
        draw_one = functools.partial(draw_layer, torch.nn.GRU, vocab_size=2)
        weights = rh.stack_runs(draw_one, range(100, 108))
        weights = linear["train"](run_gru, weights, make_batch, 400, lr=rate)
        for bits in (12, 100):
            test = linear["make_odd_even"](bits, 30, torch.Generator().manual_seed(2))
            assert linear["number_right"](run_gru, weights, test) >= 7


@stored(NAME, "zigzag", "zigzag-read")
def test_along_ones_the_rnn_changes_999_times(linear):
    states = linear["states"]["RNN"] @ linear["rnn_weights"][-2]
    answers = (states + linear["rnn_weights"][-1]).argmax(dim=-1)
    assert ((answers[1:] != answers[:-1]).sum(dim=0) == 999).all()


@finding(NAME, "zigzag-read", "end")
@pytest.mark.parametrize("size", (1, 5, 30))
@pytest.mark.parametrize("gate", ("sigmoid", "clamp"))
def test_with_a_from_0_up_a_unit_goes_one_way(linear, size, gate):
    kind = linear["gated" if gate == "sigmoid" else "kinds"]
    kind = kind if gate == "sigmoid" else kind["1 - z, clamp"]
    draw_one = functools.partial(linear["draw_weights"], 2, 2)
    weights = [size * W for W in rh.stack_runs(draw_one, range(50))]
    ones = rh.one_hot(torch.ones(1000, 1, dtype=int), 2)[:, None]
    states = linear["scan"](*kind(ones, *weights[:4]))
    steps = states.diff(dim=0)
    assert ((steps > -1e-9).all(dim=0) | (steps < 1e-9).all(dim=0)).all()
    answers = (states @ weights[-2] + weights[-1]).argmax(dim=-1)
    changes = (answers[1:] != answers[:-1]).sum(dim=0)
    assert changes.max() <= states.shape[-1]


@pytest.mark.wide
@finding(NAME, "learn-read", "sign-read", "end")
@pytest.mark.parametrize("data", (21, 22))
def test_without_the_sign_nothing_with_it_all_and_only_the_clamp_lasts(linear, data):
    kinds = {"1 - z, sigmoid": linear["gated"], **linear["kinds"]}
    for rate in (0.01, 0.1):
        found = {
            name: right(linear, kind, "draw_weights", rate, data)
            for name, kind in kinds.items()
        }
        assert found["1 - z, sigmoid"] == found["1 - z, clamp"] == [0, 0, 0]
        assert found["1 - 2z, sigmoid"][0] == 8 and found["1 - 2z, sigmoid"][2] == 0
        assert min(found["1 - 2z, clamp"]) >= 7
    assert right(linear, None, "draw_rnn", 0.01, data)[2] >= 6


@pytest.mark.wide
@finding(NAME, "learn-read", "sign-read", "end")
def test_patience_teaches_the_gate_nothing_and_does_not_make_the_sigmoid_last(linear):
    long = {"updates": 4000, "rate": 0.01}
    assert right(linear, linear["gated"], "draw_weights", **long)[0] == 0
    signed = linear["kinds"]["1 - 2z, sigmoid"]
    assert right(linear, signed, "draw_weights", **long)[2] <= 1


@pytest.mark.wide
@finding(NAME, "sign-read", "end")
def test_at_thirty_times_the_rate_the_sigmoid_comes_so_near_that_it_lasts_long(linear):
    signed, clamp = (
        linear["kinds"][f"1 - 2z, {gate}"] for gate in ("sigmoid", "clamp")
    )
    lengths = {"lengths": (12, 500, 5000)}
    for data in (21, 22):
        found = right(linear, signed, "draw_weights", 0.3, data, **lengths)
        assert found[0] == 8 and found[1] >= 5 and found[2] <= 1, found
    found = right(linear, clamp, "draw_weights", 0.01, **lengths)
    assert min(found) == 8, found


@finding(NAME, "zigzag-read")
def test_numbers_that_fit_twelve_bits_exist_and_are_huge():
    """The answers along ones, as a constant and 16 powers: the least weights that fit."""
    steps = torch.arange(1, 13).double()
    answers = (-1.0) ** steps
    for a in (torch.arange(1, 17) / 17, (torch.arange(1, 17) / 17) ** 0.5):
        powers = torch.cat(
            [torch.ones(12, 1), a[None] ** steps[:, None]], dim=1
        ).double()
        weights = torch.linalg.pinv(powers, rtol=1e-14) @ answers
        assert (powers @ weights - answers).abs().max() < 0.1
        assert weights.abs().max() > 1000


@pytest.mark.wide
@finding(NAME, "end")
def test_the_rnn_is_less_sure_than_the_signed_clamp(linear, monkeypatch):
    clamp = linear["kinds"]["1 - 2z, clamp"]
    for rate in (0.01, 0.03):
        assert right(linear, None, "draw_rnn", rate, last_only=True)[0] == 0
    assert min(right(linear, clamp, "draw_weights", 0.01, last_only=True)) >= 7
    assert right(linear, None, "draw_rnn", 0.003)[0] <= 2
    assert right(linear, clamp, "draw_weights", 0.003)[0] >= 7
    at_a_high_rate = right(linear, None, "draw_rnn", 0.1)[0]
    monkeypatch.setitem(linear, "num_hiddens", 8)
    small = right(linear, None, "draw_rnn", 0.01)[0]
    assert 2 <= at_a_high_rate <= 7 and 2 <= small <= 7
    assert right(linear, clamp, "draw_weights", 0.01)[0] >= 7


@finding(NAME, "sign-read")
def test_the_clamp_is_still_right_after_5000_bits(linear):
    kind = linear["kinds"]["1 - 2z, clamp"]
    network = functools.partial(linear["run"], kind, linear["scan"])
    batch = linear["make_odd_even"](5000, 5, torch.Generator().manual_seed(5))
    assert (
        linear["number_right"](network, linear["learned"]["1 - 2z, clamp"], batch) >= 7
    )


@finding(NAME, "sign-text")
def test_a_power_of_099():
    assert f"{0.99**100:.2f}" == "0.37"


@pytest.mark.wide
@finding(NAME, "explorer-read")
def test_what_one_may_have_found_in_counting(linear):
    def tried(kind, count, bits):
        figure, sentence = linear["count_ones"](kind, count, bits)
        plt.close(figure)
        return int(re.search(r"(\d) of 4", sentence)[1])

    for bits in (8, 12, 16):
        assert tried("signed, clamp", 2, bits) == 4 and tried("gate", 2, bits) == 0
        assert tried("RNN", 2, bits) >= 3
        assert tried("signed", 3, bits) == tried("signed, clamp", 3, bits) == 0
        assert tried("turning", 3, bits) <= 1 and tried("RNN", 3, bits) == 4


# Exercises


@finding(NAME, "two-solution", "hand-solution")
def test_published_solutions_are_correct(lesson):
    assert not wrong_solutions(NAME, lesson(NAME))


# Each foreseen mistake, and a word of the hint that is made for it.
MISTAKES = {
    "check_two_steps": [
        ((lambda a, b, c, d: (a * c, a * d + b),), "second step first"),
        ((lambda a, b, c, d: (a * c, b + d),), "multiplies what"),
        ((lambda a, b, c, d: (a * c, a * c * b + d),), "only a_2"),
        ((lambda a, b, c, d: (a + c, c * b + d),), "product of both"),
        ((lambda a, b, c, d: (c, c * b + d),), "by a_1, too"),
        ((lambda a, b, c, d: (c * b + d, a * c),), "first, then b"),
        ((lambda a, b, c, d: c * b + d,), "2 numbers"),
        ((lambda a, b, c, d: (a, b),), "multiply out"),
    ],
    "check_odd_by_hand": [
        ((1, 0, 1, 1), "counts the ones"),
        ((1, 0, -1, 0), "never leaves 0"),
        ((1, 0, 0, 1), "was there a one"),
        ((-1, 1, 1, 0), "changed places"),
        ((-1, 1, -1, 1), "the same"),
        ((1, 0, 0.5, 1), "one way only"),
        ((0.99, 0, -1, 1), "exactly as it is"),
        ((1, 0, -1, 2), "two equations"),
    ],
}
RIGHT = {
    "check_two_steps": [
        (lambda a, b, c, d: (c * a, c * b + d),),
        (lambda *s: [s[0] * s[2], s[3] + s[1] * s[2]],),
    ],
    "check_odd_by_hand": [(1, 0, -1, 1), (1.0, -0.0, torch.tensor(-1.0), 1)],
}


# Explorers

EXPLORERS = {"count_explorer"}


def test_the_explorer_has_the_layers_that_were_trained_above(linear):
    for name, kind in (
        ("signed", "1 - 2z, sigmoid"),
        ("signed, clamp", "1 - 2z, clamp"),
    ):
        network, draw = linear["networks"][name]
        assert network.args == (linear["kinds"][kind], linear["scan"])
        assert draw is linear["draw_weights"]
    assert linear["networks"]["gate"][0].args == (linear["gated"], linear["scan"])


def test_a_turning_keeps_all_that_it_turns(linear):
    weights = [W[0] for W in linear["gated_weights"][:4]]
    a, _ = linear["turning"](linear["all_ones"][:5], *weights)
    torch.testing.assert_close(a.abs(), torch.ones(a.shape))
    assert (a.real < 0.99).any()


def test_the_lines_of_the_explorer_are_chance_and_the_trained_length(
    linear, monkeypatch
):
    def train(network, weights, make_batch, num_updates, lr):
        inputs, targets = make_batch(torch.Generator())
        assert len(inputs) == 8 and targets.max() == 3
        return weights

    monkeypatch.setitem(linear, "train", train)
    figure, _ = linear["count_ones"]("signed", 4, 8)
    lines = {line.get_label(): line for line in figure.axes[0].lines}
    assert set(lines["by chance"].get_ydata()) == {1 / 4}
    assert set(lines["trained on"].get_xdata()) == {8}
    plt.close(figure)


# Pictures


def test_in_the_last_round_every_box_of_a_scan_begins_with_step_1():
    ax = rh.draw_scan(8)
    labels = [text.get_text() for text in ax.texts]
    assert labels[-8:] == ["1", *(f"1–{n}" for n in range(2, 9))]
    assert labels.count("round 3") == 1 and "5–8" in labels and "round 4" not in labels
    green = [t.get_text() for t in ax.texts if t.get_color() == HIDDEN]
    assert green == [label for label in labels if re.match("1(–|$)", label)]
    plt.close(ax.figure)


def test_each_round_of_a_scan_joins_two_boxes_twice_as_far_apart():
    ax = rh.draw_scan(8)
    ends = [a._posA_posB for a in ax.patches if isinstance(a, FancyArrowPatch)]
    joined = {
        (round(-y / 1.5), round(x / 1.3), round((x - start) / 1.3, 1))
        for (start, _), (x, y) in ends
    }
    assert joined == {
        (number, step, back)
        for number in (1, 2, 3)
        for step in range(1, 9)
        for back in (0, 2 ** (number - 1))
        if back < step
    }
    plt.close(ax.figure)


def test_units_have_a_panel_for_each_network():
    figure = rh.plot_units({"a": torch.zeros(3, 2), "b": torch.ones(4, 1)}, "x", "y")
    assert [len(ax.lines) for ax in figure.axes] == [2, 1]
    assert figure.axes[0].lines[0].get_xydata().tolist() == [[1, 0], [2, 0], [3, 0]]
    plt.close(figure)


# Play

# what stands in the code, and what a student puts in its place
CHANGES = [
    ("num_steps = 1000", "num_steps = 2"),
    ("num_hiddens = 16", "num_hiddens = 1"),
    ("num_letters = 1000", "num_letters = 2"),
    ("num_letters, 4), 80, lr=0.1", "num_letters, 1), 80, lr=1.0"),
    ("400, lr=0.01", "400, lr=1.0"),
    ("trained_on = 12", "trained_on = 1"),
    ("(p + 0.5).clamp(0, 1)", "p.clamp(0, 1)"),
    ("range(8))", "range(1))"),
    ("torch.set_default_dtype(torch.float64)", "pass"),
]
QUICK = {  # where the change has no part in it
    "400, lr": "40, lr",
    "80, lr": "8, lr",
}
REFUSED = []


# Numbers

NAMES = (
    "held by test_recurrence_without_waiting.py"
    "::test_with_names_the_sign_and_a_second_layer_help_and_the_gru_is_ahead"
)
TABLE = "held by test_recurrence_without_waiting.py::test_the_table_number_by_number"
PUBLISHED = {
    "1,000": "steps and letters, as they are set",
    "999": "one less",
    **dict.fromkeys(("500", "250"), "a half, and half of it"),
    "32": "sequences whose seconds were measured",
    "200": "bits, on which the exercise is judged",
    "90%": "what counts as right in the code of number_right",
    "0.1": TABLE,
    "0.3": TABLE,
    "0.03": TABLE,
    "2.07": NAMES,
    "2.01": NAMES,
    "2.02": NAMES,
    "1.97": NAMES,
    "2.00": "printed by 04_sentence_completion#test",
    "1.93": "printed by 04_sentence_completion#test",
    "0.4": "10 ** -0.4",
    "0.99": "held by test_recurrence_without_waiting.py::test_a_power_of_099",
    "0.37": "held by test_recurrence_without_waiting.py::test_a_power_of_099",
}
