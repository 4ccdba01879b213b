"""Made-up prices: an index and ten ETFs that look Korean and are nobody's, the same bytes on every call.

They exist so that a fresh clone works offline; `synthetic` is true in them and follows every number made from them.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from shared.market import FIELDS, Days, Floats, Prices, fingerprint_of, open_prices, write_prices

SEED = 11
FIRST, LAST = "2016-01-04", "2025-12-30"
TICK = 5.0
LATE_SYMBOL, LATE_FROM = "9900Y0", "2019-03-04"
# symbol: name, first price in won, share of the index's move, daily noise, usual volume
ETFS = {
    "990010": ("합성 대형주200", 24_000.0, 1.00, 0.002, 4e6),
    "990020": ("합성 중소형주", 11_000.0, 0.95, 0.008, 9e5),
    "990030": ("합성 반도체", 14_000.0, 1.25, 0.013, 1.5e6),
    "990040": ("합성 은행", 7_500.0, 0.85, 0.011, 6e5),
    "990050": ("합성 헬스케어", 18_000.0, 0.80, 0.015, 4e5),
    "990060": ("합성 고배당", 9_800.0, 0.70, 0.005, 5e5),
    "990070": ("합성 해외주식", 10_500.0, 0.30, 0.010, 2e6),
    "990080": ("합성 금현물", 12_000.0, -0.05, 0.008, 3e5),
    "990090": ("합성 국고채10년", 60_000.0, -0.08, 0.003, 2e5),
    LATE_SYMBOL: ("합성 이차전지테마", 10_000.0, 1.30, 0.018, 2.5e6),
}
_FIXED = ("01-01", "03-01", "05-01", "05-05", "06-06", "08-15", "10-03", "10-09", "12-25")
_SEOLLAL = "2016-02-08 2017-01-28 2018-02-16 2019-02-05 2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29"
_CHUSEOK = "2016-09-15 2017-10-04 2018-09-24 2019-09-13 2020-10-01 2021-09-21 2022-09-10 2023-09-29 2024-09-17 2025-10-06"
_BUDDHA = "2016-05-14 2017-05-03 2018-05-22 2019-05-12 2020-04-30 2021-05-19 2022-05-08 2023-05-27 2024-05-15 2025-05-05"


def ensure(folder: Path) -> Prices:
    """The made-up panel in `folder`, made there first when it is absent; of two makers one wins and both use its files."""
    if not folder.exists():
        with suppress(FileExistsError):
            write_prices(folder, make_prices())
    return _complete(open_prices(folder).telling(synthetic=True))  # whatever its about.json says by now


def make_prices() -> Prices:
    """Ten years of daily bars from a fixed seed."""
    dates = sessions()
    # RandomState and not the newer generators: only its stream is promised never to change.
    dice = np.random.RandomState(SEED)
    index = _index_moves(dice, len(dates))
    bars = [_bars(dice, 2_000.0 * np.exp(np.cumsum(index)), (0.01, 4e8))]
    for _, price, share, noise, volume in ETFS.values():
        moves = np.clip(share * index + noise * dice.standard_normal(len(dates)), -0.2, 0.2)
        bars.append(_bars(dice, price * np.exp(np.cumsum(moves)), (TICK, volume)))
    late = 1 + list(ETFS).index(LATE_SYMBOL)
    bars[late][:, dates < np.datetime64(LATE_FROM)] = np.nan
    panel: list[Floats] = [np.ascontiguousarray(field) for field in np.stack(bars, axis=2)]
    names = {"KOSPI": "합성 코스피", **{symbol: about[0] for symbol, about in ETFS.items()}}
    arrays: dict[str, Any] = dict(zip(FIELDS, panel, strict=True))
    return _complete(Prices(dates, tuple(names), **arrays, synthetic=True, provider="synthetic", names=names))


def _complete(prices: Prices) -> Prices:
    """With what a panel did not say in earlier versions, so that an old folder gives what a new one does."""
    if prices.kinds:
        return prices
    kinds = {symbol: "INDEX" if symbol == "KOSPI" else "ETF" for symbol in prices.symbols}
    whole = replace(prices, value=np.round(prices.close * prices.volume), kinds=kinds, adjusted=True)
    return replace(whole, fingerprint=fingerprint_of(whole))


def sessions() -> Days:
    """The days on which the exchange is open: weekdays without the fixed and lunar holidays and the year's last weekday."""
    days = np.arange(np.datetime64(FIRST), np.datetime64(LAST) + np.timedelta64(1, "D"))
    weekdays = days[np.is_busday(days)]
    return weekdays[~np.isin(weekdays, _holidays())]


def _holidays() -> Days:
    years = range(int(FIRST[:4]), int(LAST[:4]) + 1)
    fixed = np.array([f"{year}-{day}" for year in years for day in _FIXED], dtype="datetime64[D]")
    lunar = np.array(f"{_SEOLLAL} {_CHUSEOK}".split(), dtype="datetime64[D]")
    year_ends = np.busday_offset(np.array([f"{year}-12-31" for year in years], dtype="datetime64[D]"), 0, "backward")
    buddha = np.array(_BUDDHA.split(), dtype="datetime64[D]")
    day = np.timedelta64(1, "D")
    return np.concatenate([fixed, lunar - day, lunar, lunar + day, year_ends, buddha])


def _index_moves(dice: np.random.RandomState, count: int) -> Floats:
    """Calm and stormy weeks, tied so that the index ends half as high again as it began."""
    storm = np.exp(0.35 * np.sin(np.arange(count) / 140.0) + 0.25 * np.repeat(dice.standard_normal(count // 20 + 1), 20)[:count])
    moves = np.clip(0.0085 * storm * dice.standard_normal(count), -0.09, 0.09)
    moves[0] = 0.0
    tied: Floats = moves + (np.log(1.5) - moves.sum()) / count
    return tied


def _bars(dice: np.random.RandomState, close: Floats, grain: tuple[float, float]) -> Floats:
    """open, high, low, close, volume (5 × rows) around these closes, on the tick, low ≤ open and close ≤ high."""
    tick, usual = grain
    before = np.concatenate([close[:1], close[:-1]])
    gap, reach_up, reach_down, crowd = dice.standard_normal((4, len(close)))
    open_ = before * np.exp(0.3 * np.log(close / before) + 0.002 * gap)
    high = np.maximum(open_, close) * (1 + 0.003 * np.abs(reach_up))
    low = np.minimum(open_, close) * (1 - 0.003 * np.abs(reach_down))
    volume = np.maximum(1.0, np.round(usual * np.exp(0.4 * crowd + 8 * np.abs(np.log(close / before)))))
    # Whole ticks first, divided back where a tick is a fraction: 0.01 × 200012 is not 2000.12, 200012 / 100 is.
    ticks = np.maximum(1.0, np.round(np.stack([open_, high, low, close]) / tick))
    money = ticks * tick if tick >= 1 else ticks / round(1 / tick)
    return np.concatenate([money, volume[None, :]])
