"""Every indicator that TA-Lib has agrees with it, over several seeded panels; the differences are those of docs/indicators.md."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from shared.market import Floats
from shared.market import indicators as ours
from shared.market.indicators import Bars, traded
from tests.harness.walks import of_closes, walk

talib = pytest.importorskip("talib", reason="TA-Lib, the second opinion, is not installed here (requirements/dev.txt)")

Reading = Callable[[Bars, int], Floats]
Opinion = Callable[[Bars, int], Any]
PAIRS: dict[str, tuple[Reading, Opinion]] = {
    "sma": (lambda b, n: ours.sma(b.close, n), lambda t, n: talib.SMA(t.close, n)),
    "ema": (lambda b, n: ours.ema(b.close, n), lambda t, n: talib.EMA(t.close, n)),
    "rsi": (lambda b, n: ours.rsi(b.close, n), lambda t, n: talib.RSI(t.close, n)),
    "macd signal": (lambda b, n: ours.macd(b.close, n, 2 * n, 9).signal, lambda t, n: talib.MACD(t.close, n, 2 * n, 9)[1]),
    "macd histogram": (
        lambda b, n: ours.macd(b.close, n, 2 * n, 9).histogram,
        lambda t, n: talib.MACD(t.close, n, 2 * n, 9)[2],
    ),
    "bollinger mid": (lambda b, n: ours.bollinger(b.close, n, 2).mid, lambda t, n: talib.BBANDS(t.close, n, 2, 2)[1]),
    "bollinger upper": (lambda b, n: ours.bollinger(b.close, n, 2).upper, lambda t, n: talib.BBANDS(t.close, n, 2, 2)[0]),
    "bollinger lower": (lambda b, n: ours.bollinger(b.close, n, 2).lower, lambda t, n: talib.BBANDS(t.close, n, 2, 2)[2]),
    "true range": (lambda b, n: ours.true_range(b), lambda t, n: talib.TRANGE(t.high, t.low, t.close)),
    "atr": (ours.atr, lambda t, n: talib.ATR(t.high, t.low, t.close, n)),
    "adx": (lambda b, n: ours.adx(b, n).adx, lambda t, n: talib.ADX(t.high, t.low, t.close, n)),
    "plus di": (lambda b, n: ours.adx(b, n).plus, lambda t, n: talib.PLUS_DI(t.high, t.low, t.close, n)),
    "minus di": (lambda b, n: ours.adx(b, n).minus, lambda t, n: talib.MINUS_DI(t.high, t.low, t.close, n)),
    "mfi": (ours.mfi, lambda t, n: talib.MFI(t.high, t.low, t.close, t.volume, n)),
    "rolling std": (lambda b, n: ours.rolling_std(b.close, n), lambda t, n: talib.STDDEV(t.close, n)),
    "rolling max": (lambda b, n: ours.rolling_max(b.close, n), lambda t, n: talib.MAX(t.close, n)),
    "rolling min": (lambda b, n: ours.rolling_min(b.close, n), lambda t, n: talib.MIN(t.close, n)),
    "rolling sum": (lambda b, n: ours.rolling_sum(b.close, n), lambda t, n: talib.SUM(t.close, n)),
    "slope": (lambda b, n: ours.slope(b.close, n), lambda t, n: talib.LINEARREG_SLOPE(t.close, n)),
    "momentum": (lambda b, n: ours.momentum(b.close, n), lambda t, n: talib.ROCP(t.close, n)),
}


def _columns(bars: Bars, opinion: Opinion, window: int) -> Floats:
    columns = [Bars(*(np.ascontiguousarray(one[:, place]) for one in bars)) for place in range(bars.close.shape[1])]
    return np.column_stack([opinion(one, window) for one in columns])


@pytest.mark.parametrize("window", [2, 5, 14, 20, 60])
@pytest.mark.parametrize("name", PAIRS)
def test_an_indicator_is_ta_libs_to_nine_digits_and_begins_at_the_same_row(name: str, window: int) -> None:
    reading, opinion = PAIRS[name]
    for seed in (1, 2, 3):
        bars = traded(walk(700, 3, seed))
        found, wanted = reading(bars, window), _columns(bars, opinion, window)
        assert np.array_equal(np.isnan(found), np.isnan(wanted)), "another first row"
        assert np.isfinite(wanted).sum() > 1000
        # TA-Lib's slope subtracts sums as large as the prices' own: it has nine digits of those, not of the slope.
        least = bars.close if name == "slope" else 1.0
        assert np.nanmax(np.abs(found - wanted) / np.maximum(np.abs(wanted), least)) <= 1e-9


def test_the_macd_line_is_shown_from_its_own_first_row() -> None:
    close = traded(walk(300, 1, 4)).close
    line, wanted = ours.macd(close, 12, 26, 9).line[:, 0], talib.MACD(close[:, 0].copy(), 12, 26, 9)[0]
    assert (np.flatnonzero(np.isfinite(line))[0], np.flatnonzero(np.isfinite(wanted))[0]) == (25, 33)
    assert np.nanmax(np.abs(line - wanted)) <= 1e-9


def test_without_any_movement_ours_is_neither_strong_nor_weak() -> None:
    """TA-Lib says 0 there, which a rule would take for oversold."""
    flat = traded(of_closes([1000.0] * 30))
    column = flat.close[:, 0].copy()
    assert (ours.rsi(flat.close, 14)[-1, 0], talib.RSI(column, 14)[-1]) == (50.0, 0.0)
    still = ours.mfi(flat, 14)[-1, 0], talib.MFI(column, column, column, flat.volume[:, 0].copy(), 14)[-1]
    assert still == (50.0, 0.0)
    assert (ours.adx(flat, 5).adx[-1, 0], talib.ADX(column, column, column, 5)[-1]) == (0.0, 0.0)
