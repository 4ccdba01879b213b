"""A panel looked at as a whole: what rotted in it, and how many bars of it were no trades."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from shared.market import FIELDS, NUMBERS, Prices, bars_of, open_prices, what_changed, write_prices
from tests.harness.dropped import rot

NAN = float("nan")


def panel() -> Prices:
    """Three days of two symbols; the second halts on the second day and misses the third of four."""
    closes = np.array([[5, 7], [6, 7], [7, NAN], [8, 9.0]])
    bars = {name: closes.copy() for name in FIELDS}
    bars["volume"] = np.array([[1, 1], [1, 0], [1, NAN], [1, 1.0]])
    days = np.datetime64("2024-01-02") + np.arange(4)
    given = (bars["open"], bars["high"], bars["low"], bars["close"], bars["volume"])
    return Prices(days, ("A", "B"), *given, False, "test", value=closes * 10)


def test_halts_and_gaps_are_counted() -> None:
    assert bars_of(panel()) == {"A": {"halted": 0, "gaps": 0}, "B": {"halted": 1, "gaps": 1}}


@pytest.mark.parametrize("name", [*NUMBERS, "tradable", "marks", "by_month"])
def test_whatever_bit_turned_is_found(name: str, tmp_path: Path) -> None:
    write_prices(tmp_path / "panel", panel())
    assert what_changed(open_prices(tmp_path / "panel")) == []
    rot(tmp_path / "panel", name)
    assert ("bars" if name in NUMBERS else name) in what_changed(open_prices(tmp_path / "panel"))
