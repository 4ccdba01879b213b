"""What each indicator is, in cases small enough to work out by hand, and what it makes of rows it does not know."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from shared.market import indicators as ours
from shared.market.indicators import Bars, last_signal, traded
from tests.harness.walks import NAN, of_closes, panel, same, walk, with_holes

CLOSE_ONLY: dict[str, Any] = {
    "sma": lambda x: ours.sma(x, 3),
    "ema": lambda x: ours.ema(x, 3),
    "wilder": lambda x: ours.wilder(x, 3),
    "macd": lambda x: ours.macd(x, 2, 3, 2).signal,
    "momentum": lambda x: ours.momentum(x, 2),
    "rsi": lambda x: ours.rsi(x, 3),
    "simple_rsi": lambda x: ours.simple_rsi(x, 3),
    "bollinger": lambda x: ours.bollinger(x, 3, 2).upper,
    "realised_volatility": lambda x: ours.realised_volatility(x, 3),
    "rolling_sum": lambda x: ours.rolling_sum(x, 3),
    "rolling_std": lambda x: ours.rolling_std(x, 3),
    "rolling_max": lambda x: ours.rolling_max(x, 3),
    "rolling_min": lambda x: ours.rolling_min(x, 3),
    "zscore": lambda x: ours.zscore(x, 3),
    "slope": lambda x: ours.slope(x, 3),
}
OF_BARS: dict[str, Any] = {
    "true_range": ours.true_range,
    "atr": lambda b: ours.atr(b, 3),
    "adx": lambda b: ours.adx(b, 3).adx,
    "plus": lambda b: ours.adx(b, 3).plus,
    "minus": lambda b: ours.adx(b, 3).minus,
    "mfi": lambda b: ours.mfi(b, 3),
}


def column(*values: float) -> Any:
    return np.array(values, dtype=np.float64)[:, None]


def told(found: Any) -> list[float]:
    return [round(value, 6) for value in found[:, 0].tolist()]


def test_averages_by_hand() -> None:
    values = column(1, 2, 3, 6, 5)
    assert np.allclose(ours.sma(values, 3), column(NAN, NAN, 2, 11 / 3, 14 / 3), rtol=1e-15, equal_nan=True)
    assert same(ours.ema(values, 3), column(NAN, NAN, 2, 4, 4.5))  # half of the way
    assert np.allclose(ours.wilder(values, 3), column(NAN, NAN, 2, 10 / 3, 35 / 9), equal_nan=True)


def test_macd_by_hand() -> None:
    """Fast 1 is the value itself, slow 3 moves half of the way, signal 1 is the line itself."""
    found = ours.macd(column(1, 2, 3, 6, 5), 1, 3, 1)
    assert same(found.line, column(NAN, NAN, 1, 2, 0.5))
    assert same(found.signal, found.line)
    assert same(found.histogram, column(NAN, NAN, 0, 0, 0))
    assert same(ours.macd(column(0, 0, 4, 6, 10), 2, 3, 1).line[2], [2 - 4 / 3]), "the fast one begins with its own last 2"


def test_both_kinds_of_rsi_by_hand() -> None:
    """Changes +2, -1, +3, 0: Wilder's average of gains goes 1, 2, 1, that of losses 1/2, 1/4, 1/8."""
    values = column(10, 12, 11, 14, 14)
    assert told(ours.rsi(values, 2)[2:]) == [round(100 * up / (up + down), 6) for up, down in ((1, 0.5), (2, 0.25), (1, 0.125))]
    assert told(ours.simple_rsi(values, 2)[2:]) == [round(100 * 2 / 3, 6), 75.0, 100.0]
    assert told(ours.simple_rsi(column(3, 2, 1), 2)[2:]) == [0.0]


def test_spread_bands_and_position_by_hand() -> None:
    values = column(2, 4, 6)
    assert told(ours.rolling_std(values, 3)[2:]) == [round((8 / 3) ** 0.5, 6)]
    assert told(ours.rolling_std(values, 3, 1)[2:]) == [2.0]
    assert told(ours.zscore(values, 3, ddof=1)[2:]) == [1.0]
    found = ours.bollinger(values, 3, 2)
    away = 2 * (8 / 3) ** 0.5
    assert [told(one[2:]) for one in found] == [[4.0], [round(4 + away, 6)], [round(4 - away, 6)], [round(0.5 + 1 / away, 6)]]


def test_a_slope_and_a_momentum_by_hand() -> None:
    assert told(ours.slope(column(1, 3, 5, 4), 3))[2:] == [2.0, 0.5]
    assert told(ours.momentum(column(2, 4, 3), 1))[1:] == [1.0, -0.25]
    returns = [1.0, -0.25]
    wanted = np.std(returns, ddof=1) * 16
    assert told(ours.realised_volatility(column(2, 4, 3), 2, 256.0))[2:] == [round(wanted, 6)]


def test_ranges_and_directions_by_hand() -> None:
    """A gap counts: the second bar's range begins at the first close."""
    bars = Bars(column(10, 14, 15), column(8, 12, 11), column(9, 13, 12), column(1, 1, 1))
    assert same(ours.true_range(bars), column(NAN, 5, 4))
    assert same(ours.atr(bars, 2), column(NAN, NAN, 4.5))
    # ups 4, 1; downs 0, 1 (not larger than the up of its day): sums (4 - 4/2) + 0, 0; range (5 - 5/2) + 4
    assert told(ours.adx(bars, 2).plus)[2:] == [round(100 * 2 / 6.5, 6)]
    assert told(ours.adx(bars, 2).minus)[2:] == [0.0]


def test_money_flow_by_hand() -> None:
    """Typical prices 1, 2, 2, 1; a day on which it stays is neither."""
    close = column(1, 2, 2, 1)
    assert told(ours.mfi(Bars(close, close, close, column(9, 3, 9, 2)), 3))[3:] == [75.0]


@pytest.mark.parametrize("name", CLOSE_ONLY)
def test_nothing_is_told_before_the_first_whole_window_and_everything_after(name: str) -> None:
    found = CLOSE_ONLY[name](np.array(walk(12, 2, 1).close))
    first = int(np.flatnonzero(np.isfinite(found[:, 0]))[0])
    assert first >= 2
    assert np.isnan(found[:first]).all()
    assert np.isfinite(found[first:]).all()


@pytest.mark.parametrize("name", CLOSE_ONLY)
def test_rows_not_known_are_as_if_they_were_not_there(name: str) -> None:
    """A late listing, a hole, an early end: each column is what its known values alone would be."""
    close = np.array(with_holes(walk(60, 4, 7), 7).close)
    found = CLOSE_ONLY[name](close)
    for place in range(4):
        known = np.isfinite(close[:, place])
        assert 0 < known.sum() < 60
        alone = CLOSE_ONLY[name](close[known][:, [place]])
        assert same(found[known, place], alone[:, 0])
        assert np.isnan(found[~known, place]).all()


@pytest.mark.parametrize("name", OF_BARS)
def test_halted_bars_are_as_if_they_were_not_there(name: str) -> None:
    bars = traded(with_holes(walk(80, 3, 8), 8))
    found = OF_BARS[name](bars)
    for place in range(3):
        known = np.isfinite(bars.close[:, place])
        assert 0 < known.sum() < 80
        alone = OF_BARS[name](Bars(*(one[known][:, [place]] for one in bars)))
        assert same(found[known, place], alone[:, 0])
        assert np.isnan(found[~known, place]).all()
        assert np.isfinite(found[:, place]).any()


def test_a_bar_counts_where_it_could_fill_an_order() -> None:
    """A carried close with volume 0, or 0 for its range, does not; what is only not known is no halt."""
    one, zero = column(5, 5, 5, 5), column(5, 0, 5, NAN)
    bars = traded(panel(one, one, zero, one, column(NAN, 1, 0, 1)))
    assert same(bars.close, column(5, NAN, NAN, 5))
    assert same(bars.low, column(5, NAN, NAN, NAN))
    assert same(bars.volume, column(NAN, NAN, NAN, 1))


def test_an_unknown_volume_hides_only_what_asks_for_it() -> None:
    bars = traded(walk(30, 1, 9))._replace(volume=np.full((30, 1), NAN))
    assert np.isfinite(ours.atr(bars, 3)[3:]).all()
    assert np.isfinite(ours.adx(bars, 3).plus[3:]).all()
    assert np.isfinite(ours.true_range(bars)[1:]).all()
    assert np.isnan(ours.mfi(bars, 3)).all()


def test_constant_prices_give_exactly_the_price_and_no_verdict() -> None:
    flat = traded(of_closes([2000.1] * 40))
    for name in ("sma", "ema", "wilder", "bollinger", "rolling_max", "rolling_min"):
        found = CLOSE_ONLY[name](flat.close)
        assert set(found[~np.isnan(found)].tolist()) == {2000.1}, name
    for name in ("macd", "momentum", "realised_volatility", "rolling_std", "slope"):
        found = CLOSE_ONLY[name](flat.close)
        assert set(found[~np.isnan(found)].tolist()) == {0.0}, name
    assert set(ours.rsi(flat.close, 3)[3:, 0]) == set(ours.simple_rsi(flat.close, 3)[3:, 0]) == {50.0}
    assert np.isnan(ours.zscore(flat.close, 3)).all()
    assert np.isnan(ours.bollinger(flat.close, 3, 2).position).all()
    assert set(ours.mfi(flat, 3)[3:, 0]) == {50.0}
    assert set(ours.adx(flat, 3).adx[5:, 0]) == {0.0}


def test_only_rising_prices_have_all_the_strength() -> None:
    rising = traded(of_closes([float(day) for day in range(1, 40)]))
    assert set(ours.rsi(rising.close, 14)[14:, 0]) == set(ours.simple_rsi(rising.close, 14)[14:, 0]) == {100.0}
    assert set(ours.mfi(rising, 14)[14:, 0]) == {100.0}


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_too_little_history_gives_no_value_at_all(rows: int) -> None:
    bars = Bars(*(np.array(getattr(walk(5, 2, 1), name)[:rows]) for name in ("high", "low", "close", "volume")))
    for name, reading in {**CLOSE_ONLY, **OF_BARS}.items():
        found = reading(bars.close if name in CLOSE_ONLY else bars)
        assert found.shape == (rows, 2)
        assert name in ("true_range", "rolling") or np.isnan(found).all(), name


@pytest.mark.parametrize(
    "wrong",
    [
        lambda x: ours.sma(x, 0),
        lambda x: ours.ema(x, 0),
        lambda x: ours.slope(x, 1),
        lambda x: ours.momentum(x, 0),
        lambda x: ours.rolling_std(x, 2, 2),
        lambda x: ours.macd(x, 5, 5, 2),
        lambda x: ours.adx(Bars(x, x, x, x), 1),
        lambda x: ours.atr(Bars(x, x[1:], x, x), 2),
        lambda x: ours.sma(x[:, 0], 2),
    ],
)
def test_a_window_or_a_shape_that_means_nothing_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"window|average|slope|change|deviation|directions|panels"):
        wrong(np.array(walk(9, 2, 1).close))


def test_the_last_signal_stands_until_the_next() -> None:
    buy, sell = np.array([[0, 1, 0, 0, 0, 1, 1]]).T > 0, np.array([[1, 0, 0, 1, 0, 0, 1]]).T > 0
    assert last_signal(buy, sell)[:, 0].tolist() == [False, True, True, False, False, True, False]


def test_twenty_years_of_one_column_take_milliseconds() -> None:
    """The slowest is the one with most recursions; a hundred times too slow would be noticed."""
    bars = traded(walk(5000, 1, 3))
    begun = time.perf_counter()
    ours.adx(bars, 14)
    assert time.perf_counter() - begun < 0.15
