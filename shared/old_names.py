"""What strategies were called in the systems before this one.

It exists so that a request written for one of those reads as it is, on both machines, and its answer lies with the others
of that strategy.
"""

from __future__ import annotations

OLD_NAMES = {
    "RSI": "rsi",
    "MACD": "macd",
    "RSI_MACD": "rsi_macd",
    "RSIMACD": "rsi_macd",
    "RSI+MACD": "rsi_macd",
    "MOVING_AVERAGE_CROSS": "moving_average_cross",
    "MA_CROSS": "moving_average_cross",
    "BOLLINGER_BANDS": "bollinger_bands",
    "VOLUME_BREAKOUT": "volume_breakout",
    "TREND_FOLLOWING": "trend_following",
    "ATR_VOLATILITY": "atr_volatility",
}


def current_name(name: str) -> str:
    """What this strategy is called here; any other name stays as it is."""
    return OLD_NAMES.get(name, name)
