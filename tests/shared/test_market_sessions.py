"""Ends of weeks and months told by the calendar and never by the rows that follow; and the sessions of New York."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from shared.krx_calendar import NO_CHANGES, Note, shipped_calendar
from shared.market import first_unverified, month_ends, us_sessions, week_ends
from shared.market.prices import Days

TRIAL = "RELAY_TRIAL_PRICES"
KNOWN = shipped_calendar()


def days(*texts: str) -> Days:
    """Some days."""
    return np.array(texts, dtype="datetime64[D]")


def every_session() -> Days:
    """All there are."""
    return np.array(KNOWN.sessions(KNOWN.first, KNOWN.verified_through), dtype="datetime64[D]")


def test_the_weeks_end_is_thursday_where_friday_is_a_holiday() -> None:
    rows = days("2026-07-15", "2026-07-16", "2026-07-20", "2026-07-24")
    assert week_ends(rows).tolist() == [False, True, False, True]


def test_a_month_ends_with_its_last_session() -> None:
    rows = days("2026-12-29", "2026-12-30", "2026-05-29", "2027-05-31")
    assert month_ends(rows).tolist() == [False, True, True, True]


@pytest.mark.parametrize("ends", [week_ends, month_ends])
def test_what_a_row_is_does_not_depend_on_the_rows_around_it(ends: object) -> None:
    """Cut the panel anywhere, take any rows out: the others stay what they were. So nothing is looked up in what follows."""
    rows, whole = every_session(), ends(every_session())  # type: ignore[operator]
    for stop in (1, 2, 3, 4, 5, 400, 401, 402, 403, 404, len(rows)):
        assert (ends(rows[:stop]) == whole[:stop]).all()  # type: ignore[operator]
    some = np.arange(len(rows)) % 7 != 3
    assert (ends(rows[some]) == whole[some]).all()  # type: ignore[operator]


def test_every_week_and_month_with_a_session_has_one_end() -> None:
    rows = every_session()
    weeks = {date.fromisoformat(str(day)).isocalendar()[:2] for day in rows}
    months = {str(day)[:7] for day in rows}
    assert (int(week_ends(rows).sum()), int(month_ends(rows).sum())) == (len(weeks), len(months))


def test_a_row_on_a_day_without_a_session_ends_nothing() -> None:
    assert week_ends(days("2026-07-17", "2026-07-18", "2026-07-19")).tolist() == [False, False, False]
    assert week_ends(days()).tolist() == []


def test_past_what_was_verified_weekdays_decide_and_it_can_be_told() -> None:
    rows = days("2027-12-30", "2028-01-06", "2028-01-07", "2028-01-31")
    assert week_ends(rows).tolist() == [True, False, True, False]
    assert month_ends(rows).tolist() == [True, False, False, True]
    assert first_unverified(rows) == date(2028, 1, 6)
    assert first_unverified(rows[:1]) is None
    assert first_unverified(days("1999-12-30", "2000-01-04")) == date(1999, 12, 30)


def test_a_holiday_an_operator_added_moves_the_end_of_its_week() -> None:
    note = Note("임시공휴일", "2026-11-20T18:00:00.000+09:00")
    changed = shipped_calendar(NO_CHANGES._replace(closed={date(2027, 6, 4): note}))
    rows = days("2027-06-03", "2027-06-04")
    assert week_ends(rows).tolist() == [False, True]
    assert week_ends(rows, changed).tolist() == [True, False]


def test_new_york_has_its_own_sessions() -> None:
    """Thanksgiving, a day of mourning, and a Korean holiday that is none there."""
    found = {str(day) for day in us_sessions(date(2025, 1, 2), date(2025, 12, 31))}
    assert len(found) == 250
    assert found.isdisjoint({"2025-11-27", "2025-01-09", "2025-07-04"})
    assert "2025-10-06" in found


@pytest.mark.skipif(not os.environ.get(TRIAL), reason=f"{TRIAL} names no folder with real prices")
def test_in_real_prices_the_end_of_a_week_is_its_last_row() -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    column = pandas.read_parquet(Path(os.environ[TRIAL], "krx_etf_daily.parquet"), columns=["date"])["date"]
    rows = np.unique(column.to_numpy().astype("datetime64[D]"))
    week = (rows - np.datetime64("1969-12-29", "D")) // np.timedelta64(7, "D")
    last = np.append(week[1:] != week[:-1], False)
    assert (week_ends(rows)[:-1] == last[:-1]).all()
    assert (month_ends(rows)[:-1] == (rows[1:].astype("M8[M]") != rows[:-1].astype("M8[M]"))).all()
