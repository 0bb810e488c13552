"""Counting what follows what: the opponents of networks that forecast characters."""

import collections

import numpy as np
import torch
from torch.nn.utils.rnn import pad_sequence

from .arguments import check_count, check_texts, short

__all__ = ["NGrams", "costs_of"]

AT_ONCE = 512  # texts that a model is asked for, so that little memory is needed


class NGrams:
    """Forecast the next character by counting what followed the last ones.

    An (n + 1)-gram model looks back at n characters. The counts of what followed them
    are mixed with the forecast from one character less, down to the same probability
    for all. Without a discount the mixture is that of I. Witten and T. Bell (1991): the
    more different characters followed a group, the less its counts are trusted. With one
    it is that of R. Kneser and H. Ney (1995), interpolated, as in S. Chen and J. Goodman
    (1999): each count gives up the discount, and a shorter group counts in how many
    different places a character followed it.

    Parameters
    ----------
    texts : list of str
        To learn from, each of 2 characters or more; all begin with the same mark.
    vocab : CharVocab
        Of all characters.
    look_back : int
        How many characters are looked at, at most; 0 or more.
    discount : float, optional
        Above 0, at most 1.

    Raises
    ------
    TypeError
        If `texts` is not a list of strings or `look_back` no whole number.
    ValueError
        If there is no text, one has fewer than 2 characters or another mark, or a
        character is not in the vocabulary; if `look_back` or `discount` is out of range.

    Examples
    --------
    >>> from rnn_helpers import CharVocab
    >>> model = NGrams([".an.", ".ann."], CharVocab(".an"), look_back=1)
    >>> model([".a"]).shape  # what comes after ".", and after ".a"
    torch.Size([1, 2, 3])
    >>> [round(p, 2) for p in model([".a"])[0, 1].tolist()]
    [0.1, 0.1, 0.8]
    """

    def __init__(self, texts, vocab, look_back, discount=None):
        check_texts("texts", texts)
        for text in texts:
            if len(text) < 2 or text[0] != texts[0][0]:
                raise ValueError(
                    f"texts must all begin with {texts[0][0]!r} and go on, got {short(text)}"
                )
        self.look_back = check_count("look_back", look_back, least=0)
        if discount is not None and not 0 < discount <= 1:
            raise ValueError(
                f"discount must be above 0, at most 1, got {short(discount)}"
            )
        self.vocab, self.discount, self._cache = vocab, discount, {}
        self._rows = self._count(texts)
        if discount is not None:
            self._rows = self._count_places(texts[0][0])

    def _count(self, texts):
        """Count what follows each group of at most `look_back` characters."""
        rows = collections.defaultdict(lambda: np.zeros(len(self.vocab)))
        for text in texts:
            ids = self.vocab.encode(text).tolist()
            for end in range(1, len(text)):
                for start in range(max(0, end - self.look_back), end + 1):
                    rows[text[start:end]][ids[end]] += 1
        return rows

    def _count_places(self, mark):
        """Count after how many different characters a group had each follower.

        The longest groups, and those at the beginning, have nothing before them: their
        counts stay.
        """
        rows = collections.defaultdict(lambda: np.zeros(len(self.vocab)))
        for group, row in self._rows.items():
            if len(group) == self.look_back or group.startswith(mark):
                rows[group] += row
            if group:
                rows[group[1:]] += row > 0
        return rows

    def __call__(self, texts):
        """Give the probabilities of what comes after each character of texts.

        Returns
        -------
        Tensor
            Shape (num_texts, longest, vocab_size): [i, t] is for the character behind
            `texts[i][: t + 1]`; zeros where a text has ended.
        """
        check_texts("texts", texts)
        chances = np.zeros((len(texts), max(map(len, texts)), len(self.vocab)))
        for row, text in zip(chances, texts):
            self.vocab.encode(text)  # names unknown characters
            for end in range(1, len(text) + 1):
                row[end - 1] = self._forecast(text[max(0, end - self.look_back) : end])
        return torch.tensor(chances)

    def _forecast(self, group):
        if group not in self._cache:
            self._cache[group] = self._mix(group)
        return self._cache[group]

    def _mix(self, group):
        """Mix what followed a group with the forecast from one character less."""
        size = len(self.vocab)
        shorter = self._forecast(group[1:]) if group else np.full(size, 1 / size)
        if group not in self._rows:
            return shorter
        row = self._rows[group]
        if self.discount is None:
            kinds = np.count_nonzero(row)
            return (row + kinds * shorter) / (row.sum() + kinds)
        kept = np.maximum(row - self.discount, 0)
        return (kept + (row.sum() - kept.sum()) * shorter) / row.sum()


def costs_of(model, texts, vocab):
    """Give what texts cost: minus the logarithms of the probabilities they got.

    A character costs in two parts: does the text end here or not, and if not, which
    other character comes?

    Parameters
    ----------
    model : callable
        As `NGrams`: gives the probabilities of what comes after each character.
    texts : list of str
        Each of 2 characters or more; all end with the same mark.
    vocab : CharVocab
        Of all characters.

    Returns
    -------
    Tensor
        Shape (3, num_texts): the cost of all characters but the first, the part of the
        letters, and the part of the ends.

    Raises
    ------
    ValueError
        If there is no text, or one has fewer than 2 characters or a character outside the
        vocabulary.

    Examples
    --------
    >>> from rnn_helpers import CharVocab
    >>> vocab = CharVocab(".an")
    >>> always_alike = NGrams([".an."], vocab, look_back=0, discount=1)
    >>> costs_of(always_alike, [".a.", ".an."], vocab).exp().round(decimals=2)
    tensor([[ 9.0000, 27.0000],
            [ 2.0000,  4.0000],
            [ 4.5000,  6.7500]], dtype=torch.float64)
    """
    check_texts("texts", texts)
    parts = [texts[start : start + AT_ONCE] for start in range(0, len(texts), AT_ONCE)]
    return torch.cat([_costs_of_few(model, part, vocab) for part in parts], dim=1)


def _costs_of_few(model, texts, vocab):
    end = vocab.encode(texts[0][-1]).item()
    rows = [vocab.encode(text)[1:] for text in texts]
    ids = pad_sequence(rows, batch_first=True, padding_value=-1)
    p = model([text[:-1] for text in texts])
    p_right = p.gather(2, ids.clamp(min=0)[:, :, None])[:, :, 0]
    p_answer = torch.where(ids == end, p[:, :, end], 1 - p[:, :, end])  # does it end?
    of_all, of_ends = (
        -torch.where(ids < 0, 1.0, chances).log().sum(dim=1)
        for chances in (p_right, p_answer)
    )
    return torch.stack([of_all, of_all - of_ends, of_ends])
