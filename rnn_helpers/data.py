"""Data for two notebooks or more: signals to add up, text as numbers, many runs."""

import collections

import numpy as np
import torch
from torch.nn import functional

from .arguments import MOST, check_count, check_text, short

__all__ = [
    "CharVocab",
    "make_signals",
    "next_step_pairs",
    "one_hot",
    "stack_runs",
]


def next_step_pairs(sequence):
    """Split a sequence into inputs and the targets one step ahead of them.

    Parameters
    ----------
    sequence : Tensor
        Shape (..., num_points): time runs along the last axis, at least 2 long.

    Returns
    -------
    inputs, targets : Tensor, Tensor
        Both of shape (..., num_points - 1): all but the last, all but the first.

    Raises
    ------
    TypeError
        If `sequence` is not a (dense) tensor.
    ValueError
        If there are fewer than 2 points in time.

    Examples
    --------
    >>> inputs, targets = next_step_pairs(torch.tensor([1, 2, 3, 4]))
    >>> inputs.tolist(), targets.tolist()
    ([1, 2, 3], [2, 3, 4])
    """
    if not isinstance(sequence, torch.Tensor) or sequence.layout != torch.strided:
        raise TypeError(f"sequence must be a dense tensor, got {short(sequence)}")
    if sequence.dim() == 0 or sequence.shape[-1] < 2:
        raise ValueError(
            "sequence needs 2 or more points along its last axis, got shape"
            f" {tuple(sequence.shape)} of {short(sequence)}"
        )
    return sequence[..., :-1], sequence[..., 1:]


def make_signals(num_steps, batch_size):
    """Draw random signals to add up, and their partial sums.

    Parameters
    ----------
    num_steps : int
        Frames in each signal, at least 1.
    batch_size : int
        How many signals, at least 1.

    Returns
    -------
    signals, partial_sums : Tensor, Tensor
        Both of shape (num_steps, batch_size), time first. The frames are uniform
        on [0, 1), drawn from PyTorch's global generator; `partial_sums[t]` is the
        sum of frames 0 to t of each signal.

    Raises
    ------
    TypeError
        If a size is not a whole number.
    ValueError
        If a size is under 1, or if that is more numbers than a laptop can hold.

    Examples
    --------
    >>> signals, partial_sums = make_signals(num_steps=5, batch_size=100)
    >>> signals.shape
    torch.Size([5, 100])
    >>> bool(torch.isclose(partial_sums[-1], signals.sum(dim=0)).all())
    True
    """
    num_steps = check_count("num_steps", num_steps, least=1)
    batch_size = check_count("batch_size", batch_size, least=1, most=MOST // num_steps)
    signals = torch.rand(num_steps, batch_size)
    return signals, signals.cumsum(dim=0)


class CharVocab:
    """A table of distinct characters, each with its index.

    The promise: the same characters give the same table in every run. Given in an
    order, they keep it; taken from a text, they are sorted, or as they first come.

    Parameters
    ----------
    chars : str
        The distinct characters, in the order of their indices.

    Raises
    ------
    TypeError
        If `chars` is not a string.
    ValueError
        If `chars` is empty or repeats a character.

    Examples
    --------
    >>> vocab = CharVocab("hielo")
    >>> vocab.encode("hihell")
    tensor([0, 1, 0, 2, 3, 3])
    >>> vocab.decode([1, 0, 2, 3, 3, 4])
    'ihello'
    >>> CharVocab.from_text("hihello").chars
    'ehilo'
    >>> CharVocab.in_order("hihello").chars
    'hielo'
    """

    def __init__(self, chars):
        check_text("chars", chars)
        counts = collections.Counter(chars)
        repeated = sorted(char for char, count in counts.items() if count > 1)
        if repeated:
            raise ValueError(
                f"chars must be distinct, {short(repeated)} repeat in {short(chars)}"
            )
        self.chars = chars
        self._index = {char: index for index, char in enumerate(chars)}

    @classmethod
    def from_text(cls, text):
        """Make the vocabulary of a text: its distinct characters, sorted.

        Raises TypeError if `text` is not a string, ValueError if it is empty.
        """
        check_text("text", text)
        return cls("".join(sorted(set(text))))

    @classmethod
    def in_order(cls, text):
        """Make the vocabulary of a text: its distinct characters, as they first come.

        Raises TypeError if `text` is not a string, ValueError if it is empty.
        """
        check_text("text", text)
        return cls("".join(dict.fromkeys(text)))

    def __len__(self):
        return len(self.chars)

    def encode(self, text):
        """Translate text to indices: an int64 tensor of shape (num_steps,).

        Raises TypeError if `text` is not a string, ValueError if it is empty or has
        a character outside the vocabulary.
        """
        check_text("text", text)
        unknown = sorted(set(text) - set(self.chars))
        if unknown:
            raise ValueError(
                f"unknown characters {short(unknown)} in text {short(text)};"
                f" the vocabulary is {short(self.chars)}"
            )
        return torch.tensor([self._index[char] for char in text])

    def decode(self, indices):
        """Translate a row of indices (a tensor or a list of int) back to text.

        Raises TypeError if an index is not a whole number, ValueError if it is outside
        0 … len(vocab) - 1 or if the row has another shape than (num_steps,).
        """
        tensor = _check_indices(indices, len(self))
        if tensor.dim() != 1:
            raise ValueError(
                f"indices must be one row, got shape {tuple(tensor.shape)}"
                f" of {short(indices)}"
            )
        return "".join(self.chars[index] for index in tensor.tolist())


def one_hot(indices, vocab_size):
    """Turn indices into rows that are 0 but for a 1 at the index.

    Parameters
    ----------
    indices : Tensor or list of int
        Shape (...), each between 0 and vocab_size - 1.
    vocab_size : int
        Length of a row, at least 1.

    Returns
    -------
    Tensor
        Shape (..., vocab_size), in the default dtype (`torch.nn.functional.one_hot`
        gives integers, which layers refuse).

    Raises
    ------
    TypeError
        If the indices or `vocab_size` are not whole numbers.
    ValueError
        If there is no index, one is out of range, `vocab_size` is under 1, or the
        rows are more than a laptop can hold.

    Examples
    --------
    >>> one_hot([0, 2], vocab_size=3)
    tensor([[1., 0., 0.],
            [0., 0., 1.]])
    """
    vocab_size = check_count("vocab_size", vocab_size, least=1)
    tensor = _check_indices(indices, vocab_size)
    check_count("vocab_size", vocab_size, least=1, most=MOST // tensor.numel())
    return functional.one_hot(tensor, vocab_size).to(torch.get_default_dtype())


def stack_runs(draw_weights, seeds):
    """Draw the weights of one network for each seed, and stack them.

    The lab `was_it_luck` teaches it; a test holds the two equal.

    Parameters
    ----------
    draw_weights : callable
        ``draw_weights(seed)`` gives a sequence of tensors, of the same shapes for
        every seed.
    seeds : iterable
        At least one.

    Returns
    -------
    list of Tensor
        One for each weight, with the runs as its first axis: (num_runs, …).

    Raises
    ------
    ValueError
        If there is no seed.

    Examples
    --------
    >>> def draw_weights(seed):
    ...     return torch.full((2, 3), float(seed)), torch.zeros(3)
    >>> W, b = stack_runs(draw_weights, seeds=range(5))
    >>> W.shape, b.shape
    (torch.Size([5, 2, 3]), torch.Size([5, 3]))
    """
    drawn = [draw_weights(seed) for seed in seeds]
    if not drawn:
        raise ValueError(f"seeds must hold at least one seed, got {short(seeds)}")
    return [torch.stack(weights) for weights in zip(*drawn)]


def _check_indices(indices, vocab_size):
    """Give indices as an int64 tensor; refuse all but whole numbers in the range."""
    tensor = _as_tensor(indices)
    if tensor.numel() == 0:
        raise ValueError(f"indices must hold at least one index, got {short(indices)}")
    if tensor.is_floating_point() or tensor.is_complex() or tensor.dtype == torch.bool:
        raise TypeError(
            f"indices must be whole numbers, got {short(indices)} of dtype {tensor.dtype}"
        )
    tensor = tensor.long()
    wrong = tensor[(tensor < 0) | (tensor >= vocab_size)]
    if wrong.numel():
        raise ValueError(
            f"indices must lie in 0 … {vocab_size - 1}, got"
            f" {short(wrong.unique().tolist())} in {short(indices)}"
            f" (vocab_size is {vocab_size})"
        )
    return tensor


def _as_tensor(indices):
    try:
        if isinstance(indices, torch.Tensor):
            return indices.to_dense()
        return torch.as_tensor(np.array(indices))
    except Exception:  # whatever numpy and PyTorch make of a thing that is no table
        raise TypeError(
            f"indices must be a tensor or a list of whole numbers, got {short(indices)}"
        ) from None
