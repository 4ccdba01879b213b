"""What goes with a day's closes: which table it is of, the session before, and the market's regime by the strategies' rule."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
import pytest

from shared.market import Prices
from shared.market.ingest.eod import closes_csv, day_facts

DAYS = 230


def prices_of(**closes: "np.ndarray[Any, Any]") -> Prices:
    """Days in a row, these symbols."""
    numbers = np.column_stack(list(closes.values()))
    dates = np.datetime64("2026-01-01") + np.arange(len(numbers)).astype("timedelta64[D]")
    fields: dict[str, Any] = dict.fromkeys(("open", "high", "low", "close"), numbers)
    names = tuple(name.strip("_") for name in closes)
    return Prices(
        dates, names, volume=np.ones_like(numbers), **fields, synthetic=False, provider="test", names={"069500": "KODEX 200"}
    )


def facts_of(prices: Prices) -> Any:
    return json.loads(day_facts(prices, closes_csv(prices, {})))


def test_they_say_which_table_they_are_of_and_since_when_its_changes_are() -> None:
    prices = prices_of(_069500=np.arange(1.0, DAYS + 1))
    table = closes_csv(prices, {})
    facts = json.loads(day_facts(prices, table))
    assert facts["closes_sha256"] == hashlib.sha256(table).hexdigest()
    assert (facts["day"], facts["before"], facts["synthetic"]) == ("2026-08-18", "2026-08-17", False)


@pytest.mark.parametrize("is_on", [True, False])
def test_the_regime_is_the_close_against_the_mean_of_200(is_on: bool) -> None:
    closes = np.full(DAYS, 1000.0)
    closes[: DAYS - 200] = 5.0  # older than the mean looks
    closes[-1] = 1200.0 if is_on else 1000.0  # level with its mean is not above it
    regime = facts_of(prices_of(_069500=closes, KOSPI=closes[::-1]))["regime"]
    assert regime == {
        "symbol": "069500",
        "name": "KODEX 200",
        "window": 200,
        "on": is_on,
        "close": closes[-1],
        "mean": pytest.approx(closes[-200:].mean()),
    }


def test_where_the_etf_is_too_young_the_index_says_it_and_where_nobody_can_nobody_does() -> None:
    young = np.full(DAYS, np.nan)
    young[-100:] = 10.0
    assert facts_of(prices_of(_069500=young, KOSPI=np.arange(1.0, DAYS + 1)))["regime"]["symbol"] == "KOSPI"
    assert facts_of(prices_of(_069500=young))["regime"] is None
    assert facts_of(prices_of(_229200=np.arange(1.0, DAYS + 1)))["regime"] is None


def test_a_day_on_which_the_market_stood_still_keeps_the_regime_of_the_last_trade() -> None:
    closes = np.arange(1.0, DAYS + 1)
    closes[-1] = np.nan
    regime = facts_of(prices_of(_069500=closes))["regime"]
    assert (regime["on"], regime["close"], regime["mean"]) == (True, DAYS - 1, closes[-201:-1].mean())
