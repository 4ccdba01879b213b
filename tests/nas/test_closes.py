"""A session's closes: which day's they are, and that a table is believed whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from nas.closes import Wish, chosen, closes_of, days_there
from shared.cache import PricesDamaged
from shared.errors import DataMissing, UsageWrong
from shared.krx_calendar import shipped_calendar
from tests.harness.closes import FRIDAY, HEAD, ROWS, THURSDAY, Office, at, on
from tests.harness.interleave import Between, disk_with


@pytest.fixture
def office(quick_folder: Path) -> Office:
    return Office(quick_folder)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-20T18:10", "2026-11-20"),
        ("2026-11-20T15:59", "2026-11-19"),  # half an hour after the close, and not before
        ("2026-11-22T18:10", "2026-11-20"),  # Sunday
        ("2026-12-25T18:10", "2026-12-24"),  # Christmas, a Friday: the earlier systems called every one of these late
        ("2026-11-19T16:45", "2026-11-18"),  # the day of the CSAT: the exchange closed at 16:30
        ("2026-11-19T17:00", "2026-11-19"),
    ],
)
def test_the_calendar_says_which_session_should_be_there(moment: str, day: str) -> None:
    there = [on(one) for one in ("2026-11-18", "2026-11-19", "2026-11-20", "2026-12-24")]
    picked = chosen(there, shipped_calendar(), at(moment), Wish())
    assert (str(picked.day), str(picked.expected), picked.is_stale) == (day, day, False)


@pytest.mark.parametrize(
    ("moment", "day", "found"),
    [
        ("2026-11-20T18:10", FRIDAY, (THURSDAY, FRIDAY, True)),
        ("2026-11-20T15:59", FRIDAY, (THURSDAY, FRIDAY, False)),  # before the close as after it: never Thursday's for Friday
        ("2026-11-20T09:10", FRIDAY, (THURSDAY, FRIDAY, False)),
        ("2026-11-23T08:00", FRIDAY, (THURSDAY, FRIDAY, True)),  # no session has been since: they may still come
        ("2026-11-20T09:10", THURSDAY, (THURSDAY, THURSDAY, True)),
    ],
)
def test_a_day_that_was_named_is_that_day_or_late(moment: str, day: str, found: "tuple[str, str, bool]") -> None:
    for expects in (True, False):
        picked = chosen([on(THURSDAY)], shipped_calendar(), at(moment), Wish(on(day), expects))
        assert (str(picked.day), str(picked.expected), picked.is_over) == found


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-11-21", "the exchange has no session on that day; the last session up to it is that of 2026-11-20"),
        ("2026-11-15", "the exchange has no session on that day; the last session up to it is that of 2026-11-13"),
        ("2026-11-24", "that day is yet to come; the last session up to it is that of 2026-11-20"),
        ("2099-01-01", "that day is yet to come; the last session up to it is that of 2026-11-20"),
    ],
)
def test_a_day_nobody_can_report_is_refused_and_the_last_session_named(day: str, why: str) -> None:
    with pytest.raises(UsageWrong, match=f"reporting {day}: {why}") as refused:
        chosen([on(FRIDAY)], shipped_calendar(), at("2026-11-23T09:10"), Wish(on(day)))
    assert refused.value.exit_code == 64


@pytest.mark.parametrize(
    ("day", "why"), [("2026-11-22", "has no session on that day"), ("2027-11-22", "that day is yet to come")]
)
def test_a_day_nobody_can_report_is_refused_also_where_a_file_has_its_name(day: str, why: str) -> None:
    for expects in (True, False):
        with pytest.raises(UsageWrong, match=f"{why}; the last session up to it is that of {FRIDAY}"):
            chosen([on(FRIDAY), on(day)], shipped_calendar(), at("2026-11-23T09:10"), Wish(on(day), expects))


def test_a_file_of_a_day_without_a_session_is_nobodys_closes() -> None:
    for expects in (True, False):
        picked = chosen([on(FRIDAY), on("2026-11-22")], shipped_calendar(), at("2026-11-23T18:10"), Wish(expects=expects))
        assert str(picked.day) == FRIDAY


def test_a_session_long_over_without_closes_is_missing_and_what_there_is_is_named() -> None:
    for day in ("2026-11-18", "1990-01-05"):  # the calendar knows nothing of 1990
        with pytest.raises(DataMissing, match="the newest there are: 2026-11-19, 2026-11-20"):
            chosen([on(THURSDAY), on(FRIDAY)], shipped_calendar(), at("2026-11-20T18:10"), Wish(on(day)))


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (HEAD + ROWS[:-4], "its last line is cut off"),
        (HEAD + ROWS + "069500,again,1,1,1,,\n", "one code stands there twice"),
        (HEAD.replace("flags", "remarks") + ROWS, "its columns are"),
        (HEAD + ROWS.replace("35600", "0"), "line 2: '0' is no price"),
        (HEAD + ROWS.replace("35600", "1e5"), "line 2: '1e5' is no price"),
        (HEAD + ROWS.replace("halted", "asleep"), "nobody knows the flag 'asleep'"),
        (HEAD + "069500,KODEX 200,,35500,10,,\n", "line 2 has no close and does not say why"),
        (HEAD + "069500,KODEX 200\n", "line 2 has 2 cells and not 7"),
        (HEAD + ROWS.replace("2600.5", "9" * 300), "line 9: '9999999999999999999999999999999999999999' is no price"),
        (HEAD + ROWS.replace("2600.5", "9" * 400), "line 9: '9999999999999999999999999999999999999999' is no price"),
        ("", "its last line is cut off"),
    ],
)
def test_a_table_that_came_alone_is_looked_at_line_by_line(table: str, why: str, office: Office) -> None:
    office.put(f"eod/{FRIDAY}.csv", table.encode())
    office.in_use(FRIDAY)
    with pytest.raises(PricesDamaged, match=why):
        closes_of(disk_with(Between("none", "", list)), office.settings, on(FRIDAY))


def test_a_version_that_is_just_coming_is_waited_for(office: Office) -> None:
    """Its facts are there, its table is not yet."""
    office.lay_out(FRIDAY, ROWS, sealed=ROWS.replace("35600", "35601"))
    comes = Between(
        "open", f"{FRIDAY}.json", lambda: office.put(f"eod/{FRIDAY}.csv", (HEAD + ROWS.replace("35600", "35601")).encode())
    )
    assert closes_of(disk_with(comes), office.settings, on(FRIDAY)).rows[0].close == 35601


def test_what_lies_beside_the_days_is_no_day(office: Office) -> None:
    office.lay_out(FRIDAY)
    for name in (".2026-11-21.csv.1234.tmp", "20261122.csv", "2026-11-31.csv", "2026-11-22.csv.bak", "@eaDir", "today.csv"):
        office.put(f"eod/{name}", b"x")
    assert days_there(disk_with(Between("none", "", list)), office.settings.data) == [on(FRIDAY)]
