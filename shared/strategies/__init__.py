"""The catalog of strategies, one file each: the NAS scanner and the PC backtest run the same file."""

from shared.strategies._loading import Strategy, Targets, decided, strategy_of

__all__ = ["Strategy", "Targets", "decided", "strategy_of"]
