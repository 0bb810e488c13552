"""Data for the lessons: a wave, signals to add up, and text as numbers."""

import torch
from torch.nn import functional


def make_sine_wave(num_points, start, stop):
    """Sample the sine at evenly spaced times.

    Parameters
    ----------
    num_points : int
        How many samples, at least 2.
    start, stop : float
        First and last time, in radians; `start` comes before `stop`.

    Returns
    -------
    times, wave : Tensor, Tensor
        Both of shape (num_points,), in the default dtype.

    Raises
    ------
    TypeError
        If `num_points` is not a whole number.
    ValueError
        If `num_points` is under 2 or `start` is not before `stop`.

    Examples
    --------
    >>> times, wave = make_sine_wave(3, 0, torch.pi / 2)
    >>> [round(value, 3) for value in wave.tolist()]
    [0.0, 0.707, 1.0]
    """
    _check_count("num_points", num_points, least=2)
    if not start < stop:
        raise ValueError(f"start must come before stop, got {start} and {stop}")
    times = torch.linspace(start, stop, num_points)
    return times, torch.sin(times)


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
        If `sequence` is not a tensor.
    ValueError
        If there are fewer than 2 points in time.

    Examples
    --------
    >>> inputs, targets = next_step_pairs(torch.tensor([1, 2, 3, 4]))
    >>> inputs.tolist(), targets.tolist()
    ([1, 2, 3], [2, 3, 4])
    """
    if not isinstance(sequence, torch.Tensor):
        raise TypeError(f"sequence must be a tensor, got {type(sequence).__name__}")
    if sequence.dim() == 0 or sequence.shape[-1] < 2:
        shape = tuple(sequence.shape)
        raise ValueError(
            f"sequence needs 2 or more points along its last axis, got shape {shape}"
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
        If a size is under 1.

    Examples
    --------
    >>> signals, partial_sums = make_signals(num_steps=5, batch_size=100)
    >>> signals.shape
    torch.Size([5, 100])
    >>> bool(torch.isclose(partial_sums[-1], signals.sum(dim=0)).all())
    True
    """
    _check_count("num_steps", num_steps, least=1)
    _check_count("batch_size", batch_size, least=1)
    signals = torch.rand(num_steps, batch_size)
    return signals, signals.cumsum(dim=0)


class CharVocab:
    """A table of distinct characters, each with its index.

    The promise: the same characters give the same table in every run. Given in an
    order, they keep it; taken from a text, they are sorted.

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
    """

    def __init__(self, chars):
        _check_text("chars", chars)
        repeated = sorted({char for char in chars if chars.count(char) > 1})
        if repeated:
            raise ValueError(f"chars must be distinct, {repeated} repeat in {chars!r}")
        self.chars = chars
        self._index = {char: index for index, char in enumerate(chars)}

    @classmethod
    def from_text(cls, text):
        """Make the vocabulary of a text: its distinct characters, sorted."""
        _check_text("text", text)
        return cls("".join(sorted(set(text))))

    def __len__(self):
        return len(self.chars)

    def encode(self, text):
        """Translate text to indices: an int64 tensor of shape (num_steps,).

        Raises TypeError if `text` is not a string, ValueError if it is empty or has
        a character outside the vocabulary.
        """
        _check_text("text", text)
        unknown = sorted(set(text) - set(self.chars))
        if unknown:
            raise ValueError(
                f"unknown characters {unknown} in {text!r}; the vocabulary is {self.chars!r}"
            )
        return torch.tensor([self._index[char] for char in text])

    def encode_batch(self, texts):
        """Translate texts of one length to indices of shape (batch_size, num_steps).

        Raises as `encode` does, and ValueError if the texts' lengths differ.
        """
        _check_texts("texts", texts)
        lengths = [len(text) for text in texts]
        if len(set(lengths)) > 1:
            raise ValueError(
                f"texts must have one length, got {lengths}; pad_sentences makes them equal"
            )
        return torch.stack([self.encode(text) for text in texts])

    def decode(self, indices):
        """Translate a row of indices (a tensor or a list of int) back to text.

        Raises TypeError if an index is not a whole number, ValueError if it is outside
        0 … len(vocab) - 1 or if the row has another shape than (num_steps,).
        """
        indices = _check_indices(indices, len(self))
        if indices.dim() != 1:
            raise ValueError(
                f"indices must be one row, got shape {tuple(indices.shape)}"
            )
        return "".join(self.chars[index] for index in indices.tolist())


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
        If an index is out of range or `vocab_size` is under 1.

    Examples
    --------
    >>> one_hot([0, 2], vocab_size=3)
    tensor([[1., 0., 0.],
            [0., 0., 1.]])
    """
    _check_count("vocab_size", vocab_size, least=1)
    indices = _check_indices(indices, vocab_size)
    return functional.one_hot(indices, vocab_size).to(torch.get_default_dtype())


def pad_sentences(sentences):
    """Pad sentences with blanks to the length of the longest; the originals stay.

    Parameters
    ----------
    sentences : list of str
        At least one; none empty.

    Returns
    -------
    list of str
        The padded sentences, all of one length, in the same order.

    Raises
    ------
    TypeError
        If `sentences` is a single string or holds something else than strings.
    ValueError
        If the list or a sentence is empty.

    Examples
    --------
    >>> pad_sentences(["good", "i am", "fine"])
    ['good', 'i am', 'fine']
    >>> pad_sentences(["hey", "hello"])
    ['hey  ', 'hello']
    """
    _check_texts("sentences", sentences)
    longest = max(len(sentence) for sentence in sentences)
    return [sentence.ljust(longest) for sentence in sentences]


def _check_count(name, count, least):
    if isinstance(count, bool) or not isinstance(count, int):
        raise TypeError(f"{name} must be a whole number, got {count!r}")
    if count < least:
        raise ValueError(f"{name} must be {least} or more, got {count}")


def _check_text(name, text):
    if not isinstance(text, str):
        raise TypeError(f"{name} must be a string, got {text!r}")
    if not text:
        raise ValueError(f"{name} must hold at least one character, got {text!r}")


def _check_texts(name, texts):
    if isinstance(texts, str):
        raise TypeError(f"{name} must be a list of strings, got the string {texts!r}")
    if len(texts) == 0:
        raise ValueError(f"{name} must hold at least one string, got {texts!r}")
    for position, text in enumerate(texts):
        _check_text(f"{name}[{position}]", text)


def _check_indices(indices, vocab_size):
    indices = torch.as_tensor(indices)
    if indices.numel() == 0:
        raise ValueError("indices must hold at least one index, got none")
    if (
        indices.is_floating_point()
        or indices.is_complex()
        or indices.dtype == torch.bool
    ):
        raise TypeError(f"indices must be whole numbers, got dtype {indices.dtype}")
    wrong = indices[(indices < 0) | (indices >= vocab_size)]
    if wrong.numel():
        raise ValueError(
            f"indices must lie in 0 … {vocab_size - 1}, got {sorted(set(wrong.tolist()))}"
        )
    return indices.long()
