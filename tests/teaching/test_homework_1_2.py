"""Homework after lessons 1 and 2: solved, solved wrongly, and last year's answers."""

import functools
import hashlib
from unittest import mock

import matplotlib.pyplot as plt
import nbformat
import pytest
import torch
from course import ROOT, close_unseen, has_tag, run_cells, sign_of_work
from test_every_exercise import ODD
from torch.autograd.functional import hessian

from teaching.homework import after_1_sunspots as sun
from teaching.homework import after_2_lake as lake

CLASS, LAST_YEAR = 7, 6
NUMBERS = range(20)  # of classes
HOMEWORK = ("after_1_sunspots", "after_2_lake")
FOLDER = ROOT / "teaching" / "homework"


@pytest.fixture(autouse=True)
def as_in_the_notebooks():
    threads = torch.get_num_threads()
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    yield
    torch.set_default_dtype(torch.float32)
    torch.set_num_threads(threads)


def read(name):
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


@pytest.mark.parametrize("name", HOMEWORK)
def test_homework_came_run_and_unanswered(name):
    notebook = read(name)
    assert sign_of_work(notebook) is None
    answers = [c for c in notebook.cells if has_tag(c, "exercise") and "outputs" in c]
    assert len(answers) == 4
    assert all(a.outputs[0].text == "not answered yet\n" for a in answers)
    assert not any(has_tag(cell, "solution") for cell in notebook.cells)
    (number,) = [cell.source for cell in notebook.cells if cell.id == "class"]
    assert number == f"CLASS = {CLASS}  # the number that your lecturer gave you"


@pytest.mark.parametrize("number, error", [(-1, ValueError), ("7", TypeError)])
def test_a_number_that_is_none_of_a_class_is_refused(number, error):
    for make in (sun.make_sunspots, lake.make_seasons):
        with pytest.raises(error, match=f"number must be .*, got {number!r}"):
            make(number)


def test_sunspots_are_those_of_the_data_center():
    lines = sun.FILE.read_text(encoding="utf-8").split()
    years = [int(line.partition(",")[0]) for line in lines[1:]]
    assert years == [*range(1700, 2009)]
    checksum = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    assert checksum.startswith("3ccf1f2c2ac64a09")


def error(forecasts, truth):
    return (forecasts - truth).square().mean().sqrt().item()


def next_is_now(number):
    _, values, split = sun.make_sunspots(number)
    return error(values[split - 1 : -1], values[split:])


def weights(
    number, num_weights, first=None, end=None, constant=1, scored="test", mixed=False
):
    """The error of weights that torch.linalg.lstsq finds, and some ways to err."""
    _, values, split = sun.make_sunspots(number)
    columns = values.unfold(0, num_weights, 1)[:-1]
    columns = torch.cat([columns, constant * torch.ones(len(columns), 1)], dim=1)
    targets = values[num_weights:, None]
    fitted = slice((first or num_weights) - num_weights, end or split - num_weights)
    solution = torch.linalg.lstsq(columns[fitted], targets[fitted], driver="gelsd")
    misses = columns @ solution.solution - targets
    rows = {
        "test": slice(split - num_weights, None),
        "training": fitted,
        "the rest": slice(fitted.stop, None),
        "all": slice(None),
    }
    if mixed:  # (n, 1) against (n,)
        truth = targets[rows["test"]]
        return (misses[rows["test"]] + truth - truth.T).square().mean().sqrt().item()
    return misses[rows[scored]].square().mean().sqrt().item()


def both(number, **changes):
    return [weights(number, count, **changes) for count in (2, 9)]


def test_from_next_is_now_to_nine_weights_it_gets_better_for_every_class():
    for number in NUMBERS:
        two, nine = both(number)
        assert nine < 0.95 * two < 0.95 * 0.75 * next_is_now(number)


class Forecaster:
    """Reads two values and, a little, all before: a network as the checks see it."""

    def __call__(self, x, h_prev=None):
        last, slow = h_prev if h_prev is not None else torch.zeros(2, *x.shape[1:])
        forecasts = []
        for x_t in x:
            slow = 0.7 * slow + x_t - 0.6
            forecasts.append(1.4 * x_t - 0.7 * last + 0.2 - 0.02 * slow)
            last = x_t
        return torch.stack(forecasts), (last, slow)


class Beginner(Forecaster):
    """It forecasts a little too much until it has read three values."""

    def __call__(self, x, h_prev=None):
        forecasts, states = super().__call__(x, h_prev)
        forecasts[:3] += 0.1
        return forecasts, states


class Tired(Beginner):
    """It does so again after it has read twenty."""

    def __call__(self, x, h_prev=None):
        forecasts, states = super().__call__(x, h_prev)
        forecasts[20:] += 0.1
        return forecasts, states


def memory_error(
    k,
    number=CLASS,
    late=0,
    root=True,
    last=slice(-1, None),
    ends=None,
    mixed=False,
    network=None,
):
    """The error of a forecaster as above, if it reads k values; and some ways to err."""
    _, values, split = sun.make_sunspots(number)
    ends = torch.arange(*(ends or (split, len(values))))
    windows = torch.stack([values[ends - k + late + step] for step in range(k)])
    forecasts = (network or Forecaster())(windows[:, :, None])[0][last, :, 0]
    misses = (forecasts.T if mixed else forecasts) - values[ends]
    return misses.square().mean().item() ** (0.5 if root else 1)


def enough(number):
    """From how many years on the error is at most 0.01 above that of 30 years."""
    most = memory_error(30, number) + 0.01
    return next(k for k in range(1, 31) if memory_error(k, number) <= most)


def full_error(number=CLASS):
    _, values, split = sun.make_sunspots(number)
    forecasts = Forecaster()(values[:-1, None, None])[0][split - 1 :, 0, 0]
    return error(forecasts, values[split:])


def ask_lake(number):
    """The three numbers, asked of the lake itself: no rain, and rain on one day."""
    dry, wet = (lake.measure_levels(torch.tensor([x, 0.0]), number) for x in (0, 1))
    return dry[0].item(), (wet - dry)[0].item(), (dry[1] / dry[0] - 1).item()


def long_rain(number):
    stream, lift, stays = ask_lake(number)
    level = 0
    for _ in range(365):
        level = stream + 0.5 * lift + stays * level
    return level


def line_loss(number, day=-1, constant=1, rows=slice(None)):
    rain, levels = lake.make_seasons(number)
    columns = torch.stack([rain[day], constant * torch.ones(50)], dim=1)
    line = torch.linalg.lstsq(columns, levels[-1, :, None], driver="gelsd").solution
    return (columns @ line - levels[-1, :, None]).square().mean().item()


TWO_DAYS = [0, 0, 0, 1, 1, 0, 0, 0]
RIGHT = {
    "next_is_now": lambda n: (sun.check_next_is_now, next_is_now(n)),
    "weights": lambda n: (sun.check_weights, *both(n)),
    "memory": lambda n: (
        sun.check_memory,
        lambda k: memory_error(k, n),
        enough(n),
        Forecaster(),
    ),
    "no_state": lambda n: (lake.check_no_state, line_loss(n)),
    "long_rain": lambda n: (lake.check_long_rain, long_rain(n)),
    "season": lambda n: (lake.check_season, TWO_DAYS, ask_lake(n)),
}


@pytest.mark.parametrize("task", RIGHT)
@pytest.mark.parametrize("number", [CLASS, LAST_YEAR])
def test_a_right_answer_is_correct(said, task, number):
    check, *answers = RIGHT[task](number)
    assert said(check, *answers, number).startswith("correct: ")


@pytest.mark.parametrize("task", [task for task in RIGHT if task != "memory"])
def test_numbers_of_another_class_are_rejected(said, task):
    passed = []
    for number in set(NUMBERS) - {CLASS}:
        check, *answers = RIGHT[task](number)
        if said(check, *answers, CLASS).startswith("correct: "):
            passed.append(number)
    assert len(passed) <= 1  # two classes may have nearly the same


@pytest.mark.parametrize("task", RIGHT)
def test_no_answer_is_not_answered(said, task):
    check, *answers = RIGHT[task](CLASS)
    for position in range(len(answers)):
        some = [None if i == position else a for i, a in enumerate(answers)]
        assert said(check, *some, CLASS) == "not answered yet\n"


@pytest.mark.parametrize("task", RIGHT)
def test_no_odd_answer_raises(said, task):
    check, *answers = RIGHT[task](CLASS)
    for position in range(len(answers)):
        for odd in ODD:
            said(check, *answers[:position], odd, *answers[position + 1 :], CLASS)


def mistakes():
    _, values, split = sun.make_sunspots(CLASS)
    rises = values.diff()
    size, last = len(values), rises[split - 1 :]
    bias, frame, state = ask_lake(CLASS)
    rain, _ = lake.make_seasons(CLASS)
    daily = bias + frame / 2
    network = Forecaster()
    now, (two, nine) = next_is_now(CLASS), both(CLASS)
    k = enough(CLASS)
    one_row_less = weights(CLASS, 2, end=split - 3)
    leaks = [weights(CLASS, count, end=split - 1) for count in (2, 9)]
    leaks = [round(leak, 4) for leak in leaks]  # the first is then just not right
    kept = [weights(CLASS, count, end=split - 1, scored="the rest") for count in (2, 9)]
    counted_once = weights(CLASS, 9, end=split - 2, scored="the rest")
    return [
        (sun.check_next_is_now, [next_is_now(CLASS) ** 2], "Take its root"),
        (
            sun.check_next_is_now,
            [error(values[: split - 1], values[1:split])],
            "others",
        ),
        (sun.check_next_is_now, [error(values[:-1], values[1:])], "over all years"),
        (
            sun.check_next_is_now,
            [error(values[split:-1], values[split + 1 :])],
            "first",
        ),
        (sun.check_next_is_now, [last.abs().mean()], "absolute"),
        (sun.check_next_is_now, [last.square().sum() / 2], "a sum"),
        (sun.check_next_is_now, [0.2], "Which year is the first"),
        (sun.check_next_is_now, [round(now, 3)], "Nearly"),
        (sun.check_next_is_now, [now - 1.5e-4], "Nearly"),
        (sun.check_weights, both(CLASS)[::-1], "changed places"),
        (sun.check_weights, both(CLASS, scored="training"), "error in the training"),
        (sun.check_weights, both(CLASS, scored="all"), "over all years"),
        (sun.check_weights, [two**2, nine**2], "Take its root"),
        (sun.check_weights, both(CLASS, mixed=True), "(n, 1) against (n,)"),
        (sun.check_weights, leaks, "error_two: Count the rows"),
        (sun.check_weights, [two, leaks[1]], "error_nine: Count the rows"),
        (sun.check_weights, kept, "with two values it is not split - 1"),
        (sun.check_weights, [two, kept[1]], "with nine values it is not split - 1"),
        (sun.check_weights, [two, counted_once], "error_nine: Count the rows"),
        (sun.check_weights, [one_row_less, nine], "error_two: Count the rows"),
        (sun.check_weights, [two, 0.3], "error_nine: Is each target"),
        (sun.check_weights, both(CLASS, end=size), "were fitted, too"),
        (sun.check_weights, both(CLASS, first=9), "earlier training years"),
        (sun.check_weights, both(CLASS, constant=0), "There is no constant"),
        (sun.check_weights, [round(e, 3) for e in both(CLASS)], "four decimals"),
        (sun.check_weights, [round(two, 4), round(nine, 2)], "error_nine: Nearly"),
        (sun.check_memory, [lambda k: full_error(), k, network], "still holds"),
        (sun.check_memory, [lambda k: memory_error(k, late=1), k, network], "should"),
        (sun.check_memory, [lambda k: memory_error(k, late=-1), k, network], "early"),
        (sun.check_memory, [lambda k: memory_error(k + 1), k, network], "too many"),
        (sun.check_memory, [lambda k: memory_error(k, root=False), k, network], "root"),
        (
            sun.check_memory,
            [lambda k: memory_error(k, last=slice(None)), k, network],
            "Only the last forecast",
        ),
        (
            sun.check_memory,
            [lambda k: memory_error(k, ends=(12, split)), k, network],
            "training years",
        ),
        (
            sun.check_memory,
            [memory_error, k, lambda x: (0 * x, None)],
            "train it",
        ),
        (
            sun.check_memory,
            [lambda k: memory_error(k, mixed=True), k, network],
            "(n, 1) against (n,)",
        ),
        (sun.check_memory, [lambda k: 0.5, k, network], "from a state of zeros"),
        (sun.check_memory, [memory_error, k - 1, network], "more than 0.01 above"),
        (sun.check_memory, [memory_error, k + 1, network], "smaller number is enough"),
        (sun.check_memory, [memory_error, 2.5, network], "whole number from 1 to 30"),
        (lake.check_no_state, [line_loss(CLASS) ** 0.5], "the root"),
        (lake.check_no_state, [50 * line_loss(CLASS)], "the sum"),
        (lake.check_no_state, [line_loss(CLASS) / 2], "half"),
        (lake.check_no_state, [line_loss(CLASS, constant=0)], "no bias"),
        (lake.check_no_state, [line_loss(CLASS, day=0)], "first day"),
        (lake.check_no_state, [0.9], "One column"),
        (lake.check_no_state, [round(line_loss(CLASS), 3)], "four decimals"),
        (lake.check_no_state, [round(line_loss(CLASS), 2)], "four decimals"),
        (lake.check_long_rain, [daily * (1 - state**8) / (1 - state)], "still rises"),
        (lake.check_long_rain, [frame / 2 / (1 - state)], "where is the bias"),
        (lake.check_long_rain, [bias / (1 - state)], "without rain"),
        (lake.check_long_rain, [(bias + frame) / (1 - state)], "rain of 1"),
        (lake.check_long_rain, [daily], "after one day"),
        (lake.check_long_rain, [long_rain(CLASS) - 0.012], "Nearly"),
        (lake.check_long_rain, [long_rain(CLASS) - 0.03], "what is its loss"),
        (lake.check_long_rain, [round(long_rain(CLASS), 1)], "Give two decimals"),
        (lake.check_season, [rain[:, 0], (bias, frame, state)], "condition number is"),
        (lake.check_season, [[0.5] * 8, (bias, frame, state)], "Equal rain"),
        (lake.check_season, [[3.0] + 7 * [0], (bias, frame, state)], "between 0 and 1"),
        (lake.check_season, [TWO_DAYS, (state, frame, bias)], "Other order"),
        (lake.check_season, [TWO_DAYS, (0.7, 1.2, -0.9)], "(8, 1), both?"),
        (lake.check_season, [TWO_DAYS, (0.7, 1.2, 0.9)], "Is their loss small"),
        (
            lake.check_season,
            [TWO_DAYS, (lake.measure_levels(TWO_DAYS, CLASS).mean(), 0, 0)],
            "Each day met all levels",
        ),
    ]


def test_each_foreseen_mistake_gets_its_own_hint(said):
    for check, answers, word in mistakes():
        verdict = said(check, *answers, CLASS)
        assert verdict.startswith("try again: ") and word in verdict


def test_too_few_years_are_too_few_even_if_little_is_lost(said):
    errors = functools.partial(memory_error, network=Beginner())
    assert 0.012 < errors(3) - errors(30) < 0.05
    assert "more than 0.01 above" in said(
        sun.check_memory, errors, 3, Beginner(), CLASS
    )
    assert said(sun.check_memory, errors, 4, Beginner(), CLASS).startswith("correct: ")


def test_enough_is_as_good_as_thirty_years_and_not_as_the_best(said):
    errors = functools.partial(memory_error, network=Tired())
    assert errors(4) < errors(30) - 0.012 and abs(errors(2) - errors(30)) < 0.009
    assert said(sun.check_memory, errors, 2, Tired(), CLASS).startswith("correct: ")


def test_an_answer_off_by_more_than_rounding_is_not_nearly_right(said):
    for check, right in [
        (sun.check_next_is_now, next_is_now(CLASS)),
        (lake.check_no_state, line_loss(CLASS)),
        (lake.check_long_rain, long_rain(CLASS)),
    ]:
        for off in (-0.03, 0.03):
            assert "Nearly" not in said(check, right + off, CLASS)


def test_the_memory_check_keeps_the_errors_to_itself(said):
    _, *answers = RIGHT["memory"](CLASS)
    verdict = said(sun.check_memory, *answers, CLASS)
    assert verdict.startswith("correct: ") and "0." not in verdict


def test_no_name_of_the_lake_gives_its_three_numbers():
    for name in set(dir(lake)) - set(dir(torch)):
        made = getattr(lake, name)
        if getattr(made, "__module__", "") == lake.__name__ and "check" not in name:
            try:
                found = torch.as_tensor(made(CLASS)).flatten()
            except Exception:  # it asks for more than the number of the class
                continue
            assert not (found - ask_lake(CLASS)[2]).abs().min() < 1e-9


def code_of(name, id):
    return next(cell.source for cell in read(name).cells if cell.id == id)


def test_errors_and_training_mix_no_shapes():
    measure = run_cells("error", [code_of(HOMEWORK[0], "error")]).names["error"]
    one, other = torch.rand(2, 9)
    assert measure(one[:, None], other) == pytest.approx(error(one, other))
    train = ["import torch", code_of(HOMEWORK[1], "train")]
    learn = run_cells("train", train).names["learn"]
    for rain, levels in [((8, 1), (8,)), ((8,), (8,)), ((8,), (8, 1))]:
        with pytest.raises(AssertionError, match="both need shape"):
            learn(torch.rand(rain), torch.rand(levels), 0.1)


def test_a_cell_that_diverged_is_not_the_best():
    train = run_cells("train", ["import torch", code_of(HOMEWORK[1], "train")]).names
    nothing = torch.tensor([torch.nan, 1, 2, *[3] * 17])
    train["loss_of"] = lambda parameters, *_: (parameters * nothing).square().sum(dim=0)
    best = train["learn"](torch.rand(8, 1), torch.rand(8, 1), 0.01, num_updates=9)
    assert best.isfinite().all()


@pytest.mark.parametrize("homework", [sun, lake])
@pytest.mark.parametrize(
    "numbers", [".111 and .12", "11 % and 12%", "1e-18 and 2e-3", "1,5 and 11 per cent"]
)
def test_a_doubt_may_write_its_numbers_in_any_way(said, homework, numbers):
    assert said(homework.check_doubt, numbers).startswith("correct: noted, not yet")
    one = numbers.split(" and ")[0]
    assert "two of your" in said(homework.check_doubt, one)


@pytest.mark.parametrize("homework", [sun, lake])
def test_a_doubt_has_two_numbers_and_600_characters_and_is_shown_whole(said, homework):
    long = "0.11, 0.12." + 590 * "a"
    assert "At most 600 characters; these are 601" in said(homework.check_doubt, long)
    assert repr(long[:600]) in said(homework.check_doubt, long[:600])
    assert said(homework.check_doubt, None) == "not answered yet\n"
    for few in ("It could be luck.", "0.1 it is", 0.5):
        assert said(homework.check_doubt, few).startswith("try again: ")
    doubt = "Mine has 0.11 and\nnine weights 0,12: not decided."
    assert repr(doubt) in said(homework.check_doubt, doubt)


@pytest.mark.parametrize("rain", [torch.zeros(9), torch.ones(8) * 2, [-1.0], [], 0.5])
def test_a_season_has_eight_days_and_rain_up_to_one(rain):
    with pytest.raises(ValueError, match="^rain must be "):
        lake.measure_levels(rain, CLASS)


def test_two_wet_days_in_a_dry_season_tell_more_than_fifty_seasons(said):
    for number in NUMBERS[:10]:
        answers = TWO_DAYS, ask_lake(number), number
        assert said(lake.check_season, *answers).startswith("correct: ")
        rain, _ = lake.make_seasons(number)
        drawn = said(lake.check_season, rain[:, 0], *answers[1:])
        assert "condition number is" in drawn


def test_about_a_third_of_the_seasons_of_zeros_and_ones_will_do():
    seasons = torch.cartesian_prod(*[torch.tensor([0.0, 1.0])] * 8)
    for number in NUMBERS[:5]:
        drawn = lake._condition(lake.make_seasons(number)[0], number)
        good = [lake._condition(rain, number) <= drawn for rain in seasons]
        assert 0.25 < sum(good) / len(good) < 0.42


def test_a_season_must_be_as_good_as_those_that_were_drawn(said):
    seasons = torch.cartesian_prod(*[torch.tensor([0.0, 1.0])] * 8)[1:-1]
    numbers = torch.tensor([lake._condition(rain, CLASS) for rain in seasons])
    drawn = lake._condition(lake.make_seasons(CLASS)[0], CLASS)
    worse = seasons[numbers.where(numbers > drawn, torch.inf).argmin()]
    better = seasons[numbers.where(numbers <= drawn, -torch.inf).argmax()]
    learned = ask_lake(CLASS)
    assert "condition number is" in said(lake.check_season, worse, learned, CLASS)
    assert said(lake.check_season, better, learned, CLASS).startswith("correct: ")


def test_the_condition_number_is_that_of_the_second_derivatives():
    rain, levels = lake.make_seasons(CLASS)

    def loss(numbers):
        h_t, outputs = torch.zeros(50), []
        for x_t in rain:
            h_t = numbers[0] + numbers[1] * x_t + numbers[2] * h_t
            outputs.append(h_t)
        return (torch.stack(outputs) - levels).square().mean()

    curvature = torch.linalg.eigvalsh(hessian(loss, torch.tensor(ask_lake(CLASS))))
    largest, smallest = curvature.max().item(), curvature.min().item()
    assert lake._condition(rain, CLASS) == pytest.approx(largest / smallest)


SOLVED = {
    "now-answer": "my_error = error(values[split - 1 : -1], values[split:])",
    "weights-answer": """
def error_of(count):
    rows = values.unfold(0, count, 1)[:-1]
    rows = torch.cat([rows, torch.ones(len(rows), 1)], dim=1)
    num_train = split - count
    found = torch.linalg.lstsq(rows[:num_train], values[count:split, None]).solution
    return error(rows[num_train:] @ found, values[split:, None])


error_two, error_nine = error_of(2), error_of(9)
""",
    "memory-answer": """
@torch.no_grad()
def memory_error(k):
    windows = values.unfold(0, k, 1)[split - k : -1].T
    return error(model(windows[:, :, None])[0][-1, :, 0], values[split:])


errors = [memory_error(k) for k in range(1, 31)]
my_k = 1 + [e <= errors[-1] + 0.01 for e in errors].index(True)
""",
    "line-answer": """
columns = torch.stack([rain[-1], torch.ones(50)], dim=1)
line = columns @ torch.linalg.lstsq(columns, levels[-1, :, None]).solution
my_loss = (line[:, 0] - levels[-1]).square().mean()
""",
    "limit-answer": """
mine = learn(rain, levels, 0.1, torch.optim.Adam, 1000)
my_level = model(torch.full((365,), 0.5), *mine)[-1]
""",
    "season-answer": """
my_rain = torch.tensor([0, 0, 0, 1.0, 1, 0, 0, 0])
my_levels = hw.measure_levels(my_rain, CLASS)
my_numbers = learn(my_rain[:, None], my_levels[:, None], 0.1, torch.optim.Adam)
""",
    "doubt-answer": "my_doubt = '0.11 against 0.12, from one seed.'",
}


@pytest.mark.play
@pytest.mark.parametrize("number, seed", [(CLASS, 0), (CLASS, 1), (1, 0), (12, 2)])
@pytest.mark.parametrize("name", HOMEWORK)
def test_an_honest_student_gets_it_right(monkeypatch, name, number, seed):
    monkeypatch.syspath_prepend(FOLDER)
    sources = []
    for cell in read(name).cells:
        if cell.cell_type == "code":
            source = cell.source.replace(f"CLASS = {CLASS}", f"CLASS = {number}")
            source = source.replace("seed = 0 ", f"seed = {seed} ")
            if cell.id in SOLVED:
                source = SOLVED[cell.id] + "\n" + source.splitlines()[-1]
            sources.append(source)
    with mock.patch("rnn_helpers.show_figure", close_unseen):
        printed = "".join(run_cells(name, sources).printed)
    assert printed.count("correct: ") == 4


def test_rain_and_level_of_a_season_are_drawn_by_their_names():
    ax = lake.plot_season([0.5, 0.25], [1, 2])
    bars, levels = ax.get_legend_handles_labels()[0][::-1]
    assert [bar.get_height() for bar in bars] == [0.5, 0.25]
    assert bars.get_label() == "rain of the day"
    assert levels.get_ydata().tolist() == [1, 2]
    assert levels.get_label() == "level in the evening"
    plt.close(ax.figure)
