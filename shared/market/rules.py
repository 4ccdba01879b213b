"""What the Korean market itself does to a price and a trade, by day and market: its limits and its tax, from a dated table.

It exists so that whoever fills orders and whoever looks at prices for what cannot be go by the same limits.
"""

from __future__ import annotations

import functools
import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from shared.codes import is_code
from shared.errors import SettingInvalid
from shared.market.prices import Days, Floats, Prices
from shared.settings_file import values_in
from shared.shipped import shipped

RULES = shipped("krx_market_rules.yaml", __file__)
_DOUBLE = re.compile(r"레버리지|2X", re.IGNORECASE)

Eras = list[tuple[date, dict[str, float]]]


def kind_of(prices: Prices, symbol: str) -> str:
    """What somebody said this symbol is, else what its name looks like."""
    return prices.kinds.get(symbol) or ("KOSPI" if is_code(symbol) else "FOREIGN")


def is_double(prices: Prices, symbol: str) -> bool:
    """Whether it moves twice the market, as its name says."""
    return _DOUBLE.search(prices.names.get(symbol, "")) is not None


@functools.cache
def sales_tax_bps(file: Path) -> Eras:
    """From which day on which market's sales pay how many basis points."""
    return _table(file, "sales_tax_bps")


@functools.cache
def price_limit_percent(file: Path) -> Eras:
    """From which day on which market's prices may move by how many per cent."""
    return _table(file, "price_limit_percent")


def rates_by_row(eras: Eras, market: str, dates: Days) -> Floats | None:
    """The rate in force on every row; None where this market has none at all."""
    rates = [rates.get(market, 0.0) for _, rates in eras]
    if not any(rates):
        return None
    begins = np.searchsorted(dates, np.array([day for day, _ in eras], dtype="datetime64[D]"))
    return np.repeat([0.0, *rates], np.diff([0, *begins, len(dates)]))


def _table(file: Path, name: str) -> Eras:
    doing, fix = "reading the rules of the market in", "take the file again from the repository"
    try:
        lines = values_in(file, doing).get(name)
    except OSError as error:
        raise SettingInvalid(f"{doing} {file}", str(error), fix) from error
    try:
        eras = [_era(dict(line)) for line in lines]  # type: ignore[attr-defined]
    except (TypeError, ValueError, KeyError) as error:
        raise SettingInvalid(f"{doing} {file}", f"{name} is no list of days and rates ({error})", fix) from error
    if not eras or any(one[0] >= other[0] for one, other in pairwise(eras)):
        raise SettingInvalid(f"{doing} {file}", f"the days of {name} do not ascend", fix)
    return eras


def _era(line: dict[str, Any]) -> tuple[date, dict[str, float]]:
    begins = line.pop("from")
    if type(begins) is not date:
        raise ValueError(f"{begins!r} is no day")
    return begins, {market: float(rate) for market, rate in line.items()}
