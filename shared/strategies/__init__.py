"""The catalog of strategies, one file each: the NAS scanner and the PC backtest run the same file."""

from shared.strategies._loading import Strategy, Targets, decided, lookback_of, standing_of, strategy_of
from shared.strategies._reading import refuse_odd_weights, words_in
from shared.strategies._sleeves import by_signals

__all__ = [
    "Strategy",
    "Targets",
    "by_signals",
    "decided",
    "lookback_of",
    "refuse_odd_weights",
    "standing_of",
    "strategy_of",
    "words_in",
]
