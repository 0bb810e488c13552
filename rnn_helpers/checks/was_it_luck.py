"""Checks for the exercises of the lab `was_it_luck`."""

import torch

from rnn_helpers.exercises import as_numbers, call, compare, exercise


@exercise
def check_best_of(best_of):
    """The chance that the best of some runs is among the best tenth of all."""
    numbers = [1, 2, 5, 7, 20, 60]
    answers = torch.cat([as_numbers(call(best_of, number), 1) for number in numbers])
    numbers = torch.tensor(numbers).double()
    mistakes = [
        (
            0.1 * numbers,
            "Ten tenths are not certain: several runs may be good at once.",
        ),
        (
            (0.1 * numbers).clamp(max=1),
            "Two runs may both be good. Do not count it twice.",
        ),
        (0.1**numbers, "That is the chance that *all* runs are among the best tenth."),
        (0.9**numbers, "That is the chance that *none* of the runs is."),
        (1 - 0.1**numbers, "That is the chance that not all of them are."),
        (100 * (1 - 0.9**numbers), "Right, but as a number from 0 to 1."),
        (0.9**numbers - 1, "Right but for the sign."),
        (
            numbers * 0.1 * 0.9 ** (numbers - 1),
            "That is the chance that *exactly one* run is. Two may be, or more.",
        ),
    ]
    otherwise = "First: how probable is it that no run at all is among the best tenth?"
    if 1e-4 < (answers - (1 - 0.9**numbers)).abs().max() < 0.02:
        otherwise = "Nearly. Do not round or simulate: there is an exact formula."
    compare(answers, 1 - 0.9**numbers, mistakes, otherwise)
    return (
        "seven runs are enough for a chance of one half. So ask: the best of how many?"
    )


@exercise
def check_fair_share(fair_share):
    """The share at the best rate, chosen on one half of the runs, read on the other."""
    generator = torch.Generator().manual_seed(0)
    right, seen, others = [], [], {}
    for number in range(60):
        chances = torch.rand(2 + number % 5, 1, generator=generator)
        runs = 2 * (3 + number % 7)
        solved = torch.rand(len(chances), runs, generator=generator) < chances
        first, second = solved.double().split(runs // 2, dim=1)
        choice, other = first.mean(dim=1), second.mean(dim=1)
        if (choice == choice.max()).sum() > 1 or (other == other.max()).sum() > 1:
            continue  # which of two equal rates is taken is left open
        seen.append(as_numbers(call(fair_share, solved), 1))
        right.append(other[choice.argmax()])
        for name, value in {
            "same": choice.max(),
            "all": solved.double().mean(dim=1).max(),
            "both": solved.double().mean(dim=1)[choice.argmax()],
            "leak": other[solved.double().mean(dim=1).argmax()],
            "second": choice[other.argmax()],
            "tested": other.max(),
        }.items():
            others.setdefault(name, []).append(value)
    hints = {
        "same": "The runs that chose the rate are flattered by it. Read the share on the"
        " second half.",
        "all": "This chooses and reads on the same runs. Choose on the first half only,"
        " and read on the second.",
        "both": "Half of the runs that you read have also chosen. Read on the second half"
        " only.",
        "leak": "The second half has also chosen. Choose on the first half only.",
        "second": "The halves have changed places: choose on the first.",
        "tested": "This chooses on the second half. Choose on the first.",
    }
    mistakes = [(torch.stack(others[name]), hint) for name, hint in hints.items()]
    otherwise = (
        "Find the row with the highest share in the first half of the columns; return"
        " that row's share in the second half, a number from 0 to 1."
    )
    compare(torch.cat(seen), torch.stack(right), mistakes, otherwise)
    return "what has chosen may not judge: as with training and held-out data."
