"""The checks of lesson 3's exercises."""

import math

import torch
from torch import nn
from torch.nn import functional

from rnn_helpers.data import one_hot
from rnn_helpers.exercises import (
    NotAnswered,
    TryAgain,
    as_numbers,
    call,
    compare,
    exercise,
)


@exercise
def check_cross_entropy(mean_cross_entropy):
    """The mean cost of the right letters, from logits and the letters' indices."""
    torch.manual_seed(5)
    logits, target_ids = 2 * torch.randn(7, 5).double(), torch.randint(5, (7,))
    answer = as_numbers(call(mean_cross_entropy, logits, target_ids), 1)
    rows = torch.arange(7)
    right = functional.cross_entropy(logits, target_ids)
    shares = logits.softmax(dim=1)
    of_targets = shares[rows, target_ids]
    steps_not_letters = logits.softmax(dim=0)[rows, target_ids]
    mistakes = [
        (7 * right, "That is the sum over the steps. The mean is asked for."),
        (-right, "A cost is never negative. Where does the minus sign belong?"),
        (right / math.log(2), "That is the logarithm to base 2. Take the natural one."),
        (
            right / math.log(10),
            "That is the logarithm to base 10. Take the natural one.",
        ),
        (-of_targets.mean().log(), "First the logarithm of each step, then the mean."),
        (
            functional.cross_entropy(shares, target_ids),
            "The softmax was taken twice: PyTorch's cross_entropy takes logits.",
        ),
        (
            -steps_not_letters.log().mean(),
            "Each row is one step: the probabilities must add up to 1 in a row.",
        ),
        (
            logits.exp().sum().log() - logits[rows, target_ids].mean(),
            "Each row is one step: divide by the sum of its own row.",
        ),
        (-logits[rows, target_ids].mean(), "Logits are no probabilities yet: softmax."),
        (-shares.log().mean(), "Only the letter that came counts, in each row."),
    ]
    otherwise = "Softmax each row, pick the right letter's probability, -log, mean."
    compare(answer, right, mistakes, otherwise)
    return "minus the log of what the right letter got, and the mean over the steps."


@exercise
def check_two_letters(most_right, least_loss):
    """What is possible on "bananas" if the last two letters are known."""
    answer = torch.cat([as_numbers(most_right, 1), as_numbers(least_loss, 1)])
    one_letter = (2 * math.log(1.5) + math.log(3)) / 6
    log_2 = math.log(2)
    mistakes = [
        (
            [5, one_letter],
            "That is with one letter. What follows each *pair* of letters?",
        ),
        ([5, 2 * log_2], "That is the sum over the six steps. Take the mean."),
        (
            [5, log_2 / 6],
            "After 'na' come n and s. Each of these two steps costs ln 2.",
        ),
        ([5, log_2], "Two steps cost ln 2, and the other four cost nothing."),
        ([5, 2 / 6], "That is the logarithm to base 2. Take the natural one."),
    ]
    right = torch.tensor([5, log_2 / 3], dtype=torch.float64)
    if answer[0] != 5 and abs(answer[1] - right[1]) < 0.005:
        raise TryAgain(
            "Count the right ones again: one of two is wrong after one pair."
        )
    otherwise = "Write each pair of letters down, and below it what follows it."
    compare(answer, right, mistakes, otherwise, within=0.005)
    return "with one letter 5 can be right, too. Only the cost sees the difference."


@exercise
def check_read_by_letter(read_by_letter):
    """A word read letter by letter gives the same logits as read at once."""
    torch.manual_seed(5)
    layer, output_layer = nn.RNN(3, 4, batch_first=True), nn.Linear(4, 3)
    words = one_hot([[0, 1, 2, 0, 2, 1], [2, 0, 1, 1, 0, 2]], 3)
    numbers, with_state = [1], []  # of letters at a time; what else the layer gets

    def note(_, given, named):
        x = given[0] if given else named["input"]
        numbers.append(x.shape[-2])
        with_state.append(len(given) + len(named) > 1)

    layer.register_forward_pre_hook(note, with_kwargs=True)
    with torch.no_grad():
        answers = [call(read_by_letter, layer, output_layer, word) for word in words]
        at_once, has_state = max(numbers), any(with_state)
        right, backward, alone = (
            output_layer(layer(x)[0]).double()
            for x in (words, words.flip(1), words.flatten(0, 1)[:, None])
        )
    rows = torch.stack([_as_table(answer) for answer in answers])
    if torch.allclose(rows, alone.reshape(2, 6, 3), atol=1e-4):
        if not has_state:
            raise NotAnswered
        raise TryAgain("The state begins anew at each letter. Set it before the loop.")
    if torch.allclose(rows[0], right[0], atol=1e-4) and at_once > 1:
        raise TryAgain(f"The layer got {at_once} letters at once. Give it one.")
    mistakes = [
        (backward, "It reads the word from its end."),
        (right.softmax(dim=2), "Those are probabilities. The logits are asked for."),
        (right[:, -1:].expand(-1, 6, -1), "It says the last answer six times."),
        (
            torch.stack([right[0], rows[1]]),
            "The second word begins with what the first one left behind.",
        ),
    ]
    otherwise = "Give each call the state that the last one returned."
    compare(rows, right, mistakes, otherwise)
    return "the state is all that goes from letter to letter."


def _as_table(answer):
    """Give logits as a table of shape (6, 3), whether stacked or in a list of rows."""
    if isinstance(answer, list | tuple):
        answer = torch.stack([torch.as_tensor(row).detach() for row in answer])
    size = torch.as_tensor(answer).numel()
    if size == 24:
        raise TryAgain("Those are the states. The output layer makes logits of them.")
    if size == 3:
        raise TryAgain("That is one row of logits. There is one for each letter.")
    return as_numbers(answer, 18).reshape(6, 3)


@exercise
def check_misprints(count, model, input_ids, inputs):
    """After how many misprints the network says what it says of the word itself."""
    answer = as_numbers(count, 1)
    if not torch.equal(inputs.argmax(dim=1), input_ids):
        raise TryAgain(
            "input_ids itself has been changed: change a clone of it. Run the cell with"
            " the word again, then this one."
        )
    layer, output_layer = model
    num_letters, num_steps = layer.input_size, len(input_ids)

    def said(ids):
        with torch.no_grad():
            states, _ = layer(one_hot(ids, num_letters))
            return output_layer(states).argmax(dim=1)

    right, unnoticed, later, there = said(input_ids), -num_steps, -num_steps, -num_steps
    for step in range(num_steps):
        for letter in range(num_letters):
            misprint = input_ids.clone()
            misprint[step] = letter
            wrong = said(misprint) != right
            unnoticed += not wrong.any()
            later += not wrong[step + 1 :].any()
            there += not wrong[step]
    others = num_steps * (num_letters - 1)
    mistakes = [
        ([unnoticed + num_steps], "That counts the word itself, once at each step."),
        (
            [there],
            "That looks only at the misprint's own step. What comes later counts.",
        ),
        ([unnoticed + 1], "That counts the word itself as a misprint."),
        ([others - unnoticed], "That is how many it notices."),
        ([later], "At the misprint itself, too, it must say what belongs there."),
        ([others], "Then it would not listen to the letters at all. Try all of them."),
        ([num_steps * num_letters], f"There are only {others} misprints."),
    ]
    otherwise = "Two loops: over the steps, and over the letters. Compare all answers."
    compare(answer, torch.tensor([float(unnoticed)]), mistakes, otherwise)
    return f"{unnoticed} of {others}. It has its word by heart, and hardly looks."
