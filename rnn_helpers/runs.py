"""Many networks at once, along an axis of runs; the lab `was_it_luck` teaches it."""

import torch

from rnn_helpers.arguments import short


def stack_runs(draw_weights, seeds):
    """Draw the weights of one network for each seed, and stack them.

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
