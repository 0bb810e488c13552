"""The checks of lesson 4's exercises."""

import torch

from rnn_helpers.arguments import short
from rnn_helpers.exercises import (
    NotAnswered,
    TryAgain,
    as_numbers,
    compare,
    exercise,
)


@exercise
def check_padding(num_targets, num_padding):
    """How many targets three sentences of 5, 9 and 12 characters have in a batch."""
    answer = torch.cat([as_numbers(num_targets, 1), as_numbers(num_padding, 1)])
    mistakes = [
        ([36, 10], "The first character of a sentence is nobody's target."),
        ([36, 13], "The first character of a sentence is nobody's target."),
        ([33, 23], "23 are real. How many are padding?"),
        ([26, 10], "The batch is a block: padding has its places in it, too."),
        ([23, 10], "23 are real; the block has places for padding as well."),
        ([23, 0], "23 are real; the block has places for padding as well."),
        ([26, 0], "The batch is a block: padding has its places in it, too."),
        ([10, 33], "First all targets, then the padding."),
        ([11, 10], "That is for one sentence. There are three."),
        ([33, 7], "The longest sentence needs none. Add up the two others."),
        ([33, 3], "The longest sentence needs none. Add up the two others."),
    ]
    otherwise = "The longest has 12 characters: how many of them are targets?"
    if answer[0] == 33:
        otherwise = "33 is right. The shorter two are filled up to 12: how many places?"
    compare(answer, torch.tensor([33.0, 10.0]), mistakes, otherwise)
    return "three rows of eleven, and 7 + 3 places of padding."


@exercise
def check_shortest(shortest_beginning, model, sentences):
    """The shortest beginning from which greedy decoding gives the whole sentence."""
    if not callable(shortest_beginning):
        raise TryAgain(
            f"Hand in the function itself, and not {short(shortest_beginning)}."
        )
    tried = [*sentences, *_slips(model, sentences)]
    answers = [shortest_beginning(model, sentence) for sentence in tried]
    if all(answer is None for answer in answers):
        raise NotAnswered
    for answer, sentence in zip(answers, tried):
        _check_beginning(answer, sentence, sentence[: _num_needed(model, sentence)])
    return "so much of each picks out the rest, and of what follows a slip, too."


def _check_beginning(answer, sentence, wanted):
    if answer == wanted:
        return
    if answer is None:
        raise TryAgain(
            f"For {sentence!r} it returns None. If no shorter beginning is enough,"
            " return the sentence."
        )
    if not isinstance(answer, str):
        raise TryAgain(f"Return a beginning, a string; this is {short(answer)}.")
    where = f"For {sentence!r} it gives {short(answer)}."
    if wanted == sentence:
        raise TryAgain(f"{where} No shorter beginning is enough: return it whole.")
    if not answer or not sentence.startswith(answer):
        raise TryAgain(f"{where} That is no beginning of it.")
    if len(answer) == len(wanted) + 1:
        raise TryAgain(f"{where} One character fewer is enough, too.")
    if len(answer) > len(wanted):
        raise TryAgain(
            f"{where} A shorter one is enough. Begin with one character, and compare as"
            " many characters as the sentence has."
        )
    raise TryAgain(f"{where} From there the network writes something else.")


def _slips(model, sentences):
    """What the model writes after a slip early in a sentence, and slips at the end."""
    for sentence, place in zip(sentences * 4, (1, 3, 5, 8)):
        text = sentence[:place] + _other(model, sentence[place : place + 1])
        while len(text) < len(sentence):
            text += _next_char(model, text)
        yield text
    for sentence in sentences:
        if len(sentence) > 1:
            yield sentence[:-1] + _other(model, _next_char(model, sentence[:-1]))


def _other(model, char):
    return [c for c in model.vocab.chars if c != char][-1]


def _next_char(model, text):
    with torch.no_grad():
        logits, _ = model(model.vocab.encode(text)[None])
    return model.vocab.chars[logits[0, -1].argmax()]


def _num_needed(model, sentence):
    """The length of the shortest beginning after which every next character is right."""
    if len(sentence) < 2:
        return len(sentence)
    ids = model.vocab.encode(sentence)
    with torch.no_grad():
        logits, _ = model(ids[None, :-1])
    wrong = (logits[0].argmax(dim=1) != ids[1:]).nonzero()
    return 1 if len(wrong) == 0 else wrong[-1].item() + 2


@exercise
def check_prediction(five_gram, gru):
    """What random letters before the last four do to the probability of the end."""
    words = ("rise", "fall", "stay")
    said = []
    for answer in (five_gram, gru):
        text = answer.lower() if isinstance(answer, str) else ""
        said.append([word for word in words if word in text])
        if len(said[-1]) != 1:
            raise TryAgain(f'Say "rise", "fall" or "stay", not {short(answer)}.')
    (five_gram,), (gru,) = said
    if five_gram != "stay":
        raise TryAgain("The five-gram sees four letters. Do these change?")
    if gru == "stay":
        raise TryAgain("The GRU has read all letters. Does a longer name end sooner?")
    if gru == "fall":
        raise TryAgain(
            "Look at the figure: is the end more probable after more letters?"
        )
    return "now run the next cell, and see by how much."


@exercise
def check_likelier(name, greedy, forecasts, vocab):
    """A name to which the network gives a higher probability than to the greedy one."""
    if not isinstance(name, str):
        raise TryAgain(f"A name is asked for, a string, and this is {short(name)}.")
    unknown = set(name) - set(vocab.chars) | set(name) & {"."}
    if unknown or not name:
        raise TryAgain(
            f"A name of the characters {short(vocab.chars[1:])}, without the dots, is"
            f" asked for, not {short(name)}."
        )
    if name == greedy:
        raise TryAgain("That is the greedy name itself. Look for another one.")
    costs = [_cost(forecasts, vocab, text) for text in (name, greedy)]
    if costs[0] >= costs[1]:
        raise TryAgain(
            f"{short(name)} costs {costs[0]:.2f} in all, {greedy!r} only {costs[1]:.2f}."
            " Add up the costs of all characters, with both dots; search the whole list."
        )
    return f"it costs {costs[0]:.2f}, the greedy one {costs[1]:.2f}. Best first is not best."


def _cost(forecasts, vocab, name):
    text = f".{name}."
    chances = forecasts(text[:-1])[torch.arange(len(text) - 1), vocab.encode(text[1:])]
    return -chances.log().sum().item()
