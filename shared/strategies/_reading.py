"""Parameters that several strategies read alike: lists of words, and weights that belong to something.

It exists so that `"069500,091170"` is a list everywhere, and 000660 without quotes is refused everywhere.
"""

from __future__ import annotations

from typing import Sequence


def words_in(value: object) -> object:
    """`"069500, 091170"` as the list it is, each word once; a number is no word."""
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, (list, tuple)):
        raise ValueError(f"{value!r} is no list of words")
    for word in words:
        if not isinstance(word, str):
            raise ValueError(f'{word!r} is not a string: write tickers in quotes, like "000660"')
    return tuple(dict.fromkeys(word.strip() for word in words if word.strip()))


def refuse_odd_weights(lookbacks: Sequence[int], weights: Sequence[float]) -> None:
    """One weight per lookback, adding up to 1; a lookback is 1 to 2000 sessions."""
    if not all(1 <= one <= 2000 for one in lookbacks):
        raise ValueError(f"lookbacks {list(lookbacks)}: each is 1 to 2000 sessions")
    if len(lookbacks) != len(weights):
        raise ValueError(f"{len(lookbacks)} lookbacks and {len(weights)} weights: give one weight per lookback")
    if abs(sum(weights) - 1) > 0.001 + 1e-12:
        raise ValueError(f"weights {list(weights)} add up to {sum(weights):g}, not to 1 (± 0.001)")
