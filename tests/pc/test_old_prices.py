"""Prices that end long before the day wanted: the first line a person reads says so, wherever he reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inbox import Request
from pc.run import Ran, run
from shared import clock
from shared.cache import too_old
from shared.config import Settings
from shared.market import Prices, write_prices
from shared.market.providers import synthetic

SHORT = {"strategy": "krx_ma200", "start": "2024-01-02", "charts": False}


def real(days_ago: int) -> Prices:
    """Prices that are not said to be made up, and end that many days ago."""
    made = synthetic.make_prices()
    shift = np.datetime64(clock.now().date() - timedelta(days=days_ago), "D") - made.dates[-1]
    return replace(made, dates=made.dates + shift, synthetic=False, provider="by hand")


def ran(home: Path, prices: Prices, **changes: Any) -> tuple[Ran, Mapping[str, bytes]]:
    settings = Settings(data=home, prices="local", **{name: changes.pop(name) for name in ("language",) if name in changes})
    write_prices(home / "prices" / "local", prices)
    files: dict[str, bytes] = {}
    told = run(Request.model_validate({**SHORT, **changes}), settings, files.__setitem__, lambda phase, percent: None)
    return told, files


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ko", "※ 오래된 가격입니다: {}까지, 필요한 날보다 40일 전"),
        ("en", "※ OLD prices: they end on {}, 40 days before the day wanted"),
    ],
)
def test_the_first_line_of_the_report_says_that_prices_are_old(tmp_path: Path, language: str, said: str) -> None:
    prices = real(40)
    told, files = ran(tmp_path, prices, language=language)
    last = str(prices.dates[-1])
    assert files["report.txt"].decode().splitlines()[0] == said.format(last)
    assert told.degraded[0] == f"prices end on {last}, 40 days before this run"


def test_so_it_does_where_today_was_asked_for_by_its_date(tmp_path: Path) -> None:
    prices = real(40)
    today = clock.now().date()
    told, files = ran(tmp_path, prices, end=str(today))
    assert files["report.txt"].decode().startswith("※ 오래된 가격입니다: ")
    assert told.degraded[0] == f"prices end already on {prices.dates[-1]}, asked until {today}"


@pytest.mark.parametrize(
    ("last", "wanted", "is_old"),
    [
        ("2025-10-02", "2025-10-10", False),  # the longest holidays: eight days, one session
        ("2025-10-02", "2025-10-16", False),
        ("2025-10-02", "2025-10-17", True),
        ("2026-11-13", "2026-11-20", False),
        ("2026-11-12", "2026-11-20", True),
        ("2026-11-12", "2026-11-01", False),
        ("2027-12-24", "2028-01-04", False),  # past what the calendar knows days are counted
        ("2027-12-24", "2028-01-05", True),
    ],
)
def test_prices_are_old_after_more_sessions_than_a_week_has(last: str, wanted: str, is_old: bool) -> None:
    assert too_old(date.fromisoformat(last), date.fromisoformat(wanted)) is is_old


@pytest.mark.parametrize("days", [0, 5])
def test_prices_of_the_last_days_are_not_old(tmp_path: Path, days: int) -> None:
    told, files = ran(tmp_path, real(days))
    assert files["report.txt"].decode().splitlines()[0] == "백테스트 보고서: krx_ma200"
    assert not any("prices end" in one for one in told.degraded)


def test_who_asks_for_the_past_gets_the_past(tmp_path: Path) -> None:
    prices = real(400)
    asked = date.fromisoformat(str(prices.dates[-20]))
    told, files = ran(tmp_path, prices, end=str(asked), start=str(prices.dates[-300]))
    assert files["report.txt"].decode().splitlines()[0] == "백테스트 보고서: krx_ma200"
    assert not any("prices end" in one for one in told.degraded)


def test_made_up_prices_are_no_more_than_made_up(tmp_path: Path) -> None:
    told, files = ran(tmp_path, replace(real(40), synthetic=True))
    assert "합성" in files["report.txt"].decode().splitlines()[0]
    assert not any("prices end" in one for one in told.degraded)
