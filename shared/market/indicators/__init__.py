"""The door of the indicators: columns in, columns out, nothing looks ahead (docs/indicators.md says how each is defined)."""

from shared.market.indicators.bars import Bars, traded
from shared.market.indicators.rolling import rolling_max, rolling_mean, rolling_min, rolling_std, rolling_sum, slope, zscore
from shared.market.indicators.signals import last_signal
from shared.market.indicators.strength import Direction, adx, mfi, rsi, simple_rsi
from shared.market.indicators.trend import Macd, ema, macd, momentum, sma, wilder
from shared.market.indicators.volatility import Bands, atr, bollinger, realised_volatility, true_range

__all__ = [
    "Bands",
    "Bars",
    "Direction",
    "Macd",
    "adx",
    "atr",
    "bollinger",
    "ema",
    "last_signal",
    "macd",
    "mfi",
    "momentum",
    "realised_volatility",
    "rolling_max",
    "rolling_mean",
    "rolling_min",
    "rolling_std",
    "rolling_sum",
    "rsi",
    "simple_rsi",
    "slope",
    "sma",
    "traded",
    "true_range",
    "wilder",
    "zscore",
]
