"""The calendar of the Korean exchange: its days and hours, what it does not know, and what an operator changed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Callable, Dict

import pytest

from shared.clock import KST
from shared.config import HOME
from shared.disk import Disk
from shared.krx_calendar import (
    Calendar,
    CalendarDamaged,
    DayUnknown,
    Unknown,
    open_calendar,
    own_file,
    read_changes,
    shipped_calendar,
)

FILE = HOME / "configs" / "krx_calendar.json"
KNOWN = shipped_calendar()
CSAT = date(2026, 11, 19)


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A moment in Korea."""
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=KST)


def changed(data: Path, **kinds: Any) -> Calendar:
    """The calendar of a machine whose operator's file says that."""
    own_file(data).write_text(json.dumps({"schema": "relay.calendar-own/1", **kinds}), encoding="utf-8")
    return open_calendar(data)


def note(**hours: str) -> Dict[str, str]:
    return {"reason": "임시공휴일", "added": "2026-11-20T18:00:00.000+09:00", **hours}


# ---- days ----


@pytest.mark.parametrize(
    "day",
    [
        "2000-04-13",
        "2002-07-01",
        "2020-08-17",
        "2024-10-01",
        "2025-01-27",
        "2025-06-03",
        "2026-06-03",
        "2026-07-17",
        "2027-05-03",
    ],
)
def test_elections_and_holidays_that_were_decreed_are_no_trading_days(day: str) -> None:
    assert KNOWN.is_trading_day(date.fromisoformat(day)) is False
    assert KNOWN.closures[date.fromisoformat(day)].source in KNOWN.sources


@pytest.mark.parametrize(("year", "sessions"), [(2000, 241), (2024, 244), (2025, 242), (2026, 244)])
def test_a_year_has_as_many_sessions_as_it_had(year: int, sessions: int) -> None:
    assert len(KNOWN.sessions(date(year, 1, 1), date(year, 12, 31))) == sessions


def test_a_weekend_is_no_trading_day_and_stands_nowhere_in_the_file() -> None:
    assert KNOWN.is_trading_day(date(2026, 11, 21)) is False
    assert [day for day in {*KNOWN.closures, *KNOWN.specials} if day.weekday() >= 5] == []


def test_the_next_and_the_previous_trading_day_jump_over_a_whole_closure() -> None:
    assert KNOWN.next_trading_day(date(2025, 10, 2)) == date(2025, 10, 10)
    assert KNOWN.previous_trading_day(date(2025, 10, 10)) == date(2025, 10, 2)
    assert KNOWN.next_trading_day(date(2025, 10, 4)) == date(2025, 10, 10)


def test_the_sessions_between_two_days_include_both() -> None:
    assert KNOWN.sessions(CSAT, CSAT) == [CSAT]
    assert KNOWN.sessions(date(2026, 11, 20), date(2026, 11, 23)) == [date(2026, 11, 20), date(2026, 11, 23)]
    assert KNOWN.sessions(date(2026, 11, 21), date(2026, 11, 22)) == []
    assert KNOWN.sessions(date(2026, 11, 23), date(2026, 11, 20)) == []


def test_a_moment_belongs_to_its_day_in_korea() -> None:
    """23:30 UTC on a Sunday is Monday morning there; a moment without a time zone is refused, never guessed."""
    assert KNOWN.is_trading_day(datetime(2026, 11, 22, 23, 30, tzinfo=timezone.utc)) is True
    assert KNOWN.is_trading_day(at(date(2027, 5, 3), 10)) is False
    with pytest.raises(ValueError, match="time zone"):
        KNOWN.is_trading_day(datetime(2026, 11, 20, 10))  # noqa: DTZ001 - that is the point


# ---- what it does not know ----

OUTSIDE = [date(1999, 12, 31), date(2028, 1, 1), date(2099, 6, 1)]


@pytest.mark.parametrize("day", OUTSIDE)
def test_past_what_was_verified_the_answer_is_neither_yes_nor_no(day: date) -> None:
    for answer in (KNOWN.is_trading_day(day), KNOWN.in_trading_hours(at(day, 10))):
        told: object = answer
        assert isinstance(answer, Unknown)
        assert told is not True
        assert told is not False
        assert told not in (True, False, None, 0, 1)
        for ask in (bool, lambda unknown: not unknown):
            with pytest.raises(DayUnknown, match=f"{day}.*verified from 2000-01-01 through 2027-12-31"):
                ask(answer)


@pytest.mark.parametrize("day", [date(1999, 6, 1), date(2099, 6, 1)])
def test_nothing_is_counted_or_found_where_a_day_is_unknown(day: date) -> None:
    for ask in (KNOWN.next_trading_day, KNOWN.previous_trading_day, KNOWN.session_bounds):
        with pytest.raises(DayUnknown):
            ask(day)
    with pytest.raises(DayUnknown):
        KNOWN.sessions(min(day, CSAT), max(day, CSAT))


def test_the_last_days_it_knows_have_neighbours_only_on_one_side() -> None:
    assert KNOWN.previous_trading_day(date(2028, 1, 1)) == date(2027, 12, 30)
    assert KNOWN.next_trading_day(date(1999, 12, 31)) == date(2000, 1, 4)
    with pytest.raises(DayUnknown, match="2028-01-01"):
        KNOWN.next_trading_day(date(2027, 12, 30))
    with pytest.raises(DayUnknown, match="1999-12-31"):
        KNOWN.previous_trading_day(date(2000, 1, 4))


# ---- hours ----


@pytest.mark.parametrize(
    ("day", "opens", "closes"),
    [
        ("2000-05-22", "09:00", "15:00"),
        ("2016-07-29", "09:00", "15:00"),
        ("2016-08-01", "09:00", "15:30"),
        ("2001-09-12", "12:00", "15:00"),
        ("2016-01-04", "10:00", "15:00"),
        ("2026-01-02", "10:00", "15:30"),
        ("2008-11-13", "10:00", "16:00"),
        ("2017-11-16", "10:00", "16:30"),
        ("2026-11-19", "10:00", "16:30"),
        ("2026-11-20", "09:00", "15:30"),
    ],
)
def test_a_session_has_the_hours_of_its_day(day: str, opens: str, closes: str) -> None:
    session = KNOWN.session_bounds(date.fromisoformat(day))
    assert session is not None
    assert (session.open.isoformat(), session.close.isoformat()) == (f"{day}T{opens}:00+09:00", f"{day}T{closes}:00+09:00")


def test_a_day_without_a_session_has_no_bounds() -> None:
    assert KNOWN.session_bounds(date(2027, 5, 3)) is None


def test_trading_hours_are_from_the_open_to_the_close_of_that_day() -> None:
    day = date(2026, 11, 20)
    asked = [at(day, 8, 59, 59), at(day, 9), at(day, 15, 30), at(day, 15, 30, 1)]
    assert [KNOWN.in_trading_hours(moment) for moment in asked] == [False, True, True, False]
    assert [KNOWN.in_trading_hours(at(CSAT, 9, 30)), KNOWN.in_trading_hours(at(CSAT, 16, 15))] == [False, True]
    assert KNOWN.in_trading_hours(at(date(2026, 11, 21), 10)) is False
    assert KNOWN.in_trading_hours(at(day, 9).astimezone(timezone.utc)) is True


def test_lunch_was_a_break_until_may_2000() -> None:
    asked = [
        at(date(2000, 5, 19), 11, 59),
        at(date(2000, 5, 19), 12, 30),
        at(date(2000, 5, 19), 13),
        at(date(2000, 5, 22), 12, 30),
    ]
    assert [KNOWN.in_trading_hours(moment) for moment in asked] == [True, False, True, True]


@pytest.mark.parametrize("year", range(2000, 2028))
def test_every_year_opens_late_and_has_a_csat_day_an_hour_later(year: int) -> None:
    special = [one for one in KNOWN.specials.values() if one.day.year == year]
    first = KNOWN.next_trading_day(date(year, 1, 1))
    assert KNOWN.specials[first].open.hour == 10
    csat = [one for one in special if "수학능력" in one.name]
    assert len(csat) == (2 if year == 2017 else 1)
    closes = "16:00" if year < 2016 else "16:30"
    assert {(f"{one.open:%H:%M}", f"{one.close:%H:%M}") for one in csat} == {("10:00", closes)}


def test_sessions_before_and_after_the_regular_one_are_data_and_off(tmp_path: Path) -> None:
    moments = [at(CSAT + timedelta(days=1), hour, 30) for hour in (7, 18)]
    assert {one.name: one.is_on for one in KNOWN.extras} == {"pre": False, "after": False}
    assert [KNOWN.in_trading_hours(moment) for moment in moments] == [False, False]
    put_on = changed(tmp_path, extra={"pre": note()})
    assert [put_on.in_trading_hours(moment) for moment in moments] == [True, False]
    assert put_on.in_trading_hours(at(date(2026, 6, 26), 7, 30)) is False, "before the day from which it is"


# ---- what an operator changed ----


def test_what_an_operator_added_counts_and_nothing_else_changes(tmp_path: Path) -> None:
    day, short = date(2027, 6, 4), date(2027, 6, 7)
    known = changed(
        tmp_path,
        closed={str(day): note()},
        special={str(short): note(open="10:00", close="12:00")},
        opened={"2026-07-17": note()},
    )
    assert known.is_trading_day(day) is False
    assert known.closures[day].is_own
    assert known.in_trading_hours(at(short, 13)) is False
    assert known.is_trading_day(date(2026, 7, 17)) is True
    others = set(known.sessions(date(2000, 1, 1), date(2027, 12, 31))) ^ set(KNOWN.sessions(date(2000, 1, 1), date(2027, 12, 31)))
    assert others == {day, date(2026, 7, 17)}
    assert KNOWN.is_trading_day(day) is True, "the calendar that came with the code stays as it came"
    assert known.fingerprint != KNOWN.fingerprint == shipped_calendar().fingerprint


def test_a_file_that_changes_is_read_again_and_one_that_goes_is_forgotten(tmp_path: Path) -> None:
    day = date(2027, 6, 4)
    assert open_calendar(tmp_path).is_trading_day(day) is True
    assert open_calendar(tmp_path) is open_calendar(tmp_path)
    assert changed(tmp_path, closed={str(day): note()}).is_trading_day(day) is False
    own_file(tmp_path).unlink()
    assert open_calendar(tmp_path).is_trading_day(day) is True


BACKWARDS = b'{"reason": "x", "added": "2026-11-20", "open": "15:00", "close": "10:00"}'


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (b'{"schema": "relay.cal', "line 1"),
        (b"[]", "schema 'relay.calendar-own/1'"),
        (b"\xff\xfe", "decode"),
        (b'{"schema": "relay.calendar-own/1", "close": {}}', "nobody knows 'close'"),
        (b'{"schema": "relay.calendar-own/1", "closed": {"2027-5-3": {"reason": "x", "added": "2026-11-20"}}}', "2027-5-3"),
        (b'{"schema": "relay.calendar-own/1", "closed": {"2027-05-03": {"added": "2026-11-20"}}}', "reason"),
        (b'{"schema": "relay.calendar-own/1", "closed": {"2027-05-03": {"reason": " ", "added": "2026-11-20"}}}', "reason"),
        (b'{"schema": "relay.calendar-own/1", "extra": {"night": {"reason": "x", "added": "2026-11-20"}}}', "night"),
        (b'{"schema": "relay.calendar-own/1", "special": {"2027-06-07": ' + BACKWARDS + b"}}", "opens 15:00"),
        (b'{"schema": "relay.calendar-own/1", "closed": {}, "closed": {}}', "'closed': a name that stood there before"),
        (b'{"schema": "relay.calendar-own/1", "closed": {"2027-05-04": 1, "2027-05-04": 2}}', "'2027-05-04': a name that"),
    ],
)
def test_a_torn_or_wrong_file_is_told_by_its_name_and_never_half_believed(tmp_path: Path, wrong: bytes, told: str) -> None:
    own_file(tmp_path).write_bytes(wrong)
    with pytest.raises(CalendarDamaged, match=told) as refused:
        open_calendar(tmp_path)
    assert str(own_file(tmp_path)) in refused.value.what
    assert "nas calendar add" in refused.value.fix


def test_a_file_that_cannot_be_read_now_is_not_taken_for_none(tmp_path: Path) -> None:
    class Stale:
        """A disk that answers with an error of the network."""

        def read(self, path: Path, limit: int) -> None:
            raise OSError(116, "Stale file handle", str(path))

    with pytest.raises(OSError, match="Stale"):
        read_changes(Stale(), tmp_path)  # type: ignore[arg-type]
    assert read_changes(Disk(durable=False), tmp_path).closed == {}


# ---- the file that came with the code ----


def _spoilt(change: Callable[[Dict[str, Any]], Any]) -> bytes:
    document = json.loads(FILE.read_text(encoding="utf-8"))
    change(document)
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda one: one.pop("verified_through"), "no 'verified_through'"),
        (lambda one: one["closures"][0].update(source="hearsay"), "hearsay"),
        (lambda one: one["hours"].reverse(), "ascend"),
        (lambda one: one["special"].append({**one["special"][0], "day": "2027-05-03"}), "2027-05-03 is closed and"),
        (lambda one: one["closures"].append({**one["closures"][0], "day": "2028-01-03"}), "2028-01-03 is not between"),
        (lambda one: one["extra"][0].update(on="no"), "neither true nor false"),
        (lambda one: one.update(closures={}), "'closures' is no list"),
        (lambda one: one.update(closures=""), "'closures' is no list"),
        (lambda one: one.update(special={}), "'special' is no list"),
        (lambda one: one.update(closures=[]), "no closure in 2000"),
        (lambda one: one["closures"].__delitem__(slice(-40, None)), "no closure in 2026"),
        (lambda one: one.update(verified_through="2029-12-31"), "no closure in 2028"),
        (lambda one: one.update(verified_through="2028-03-01"), "no closure in 2028"),
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(change: Callable[[Dict[str, Any]], Any], told: str) -> None:
    from shared.krx_calendar.entries import entries_in

    with pytest.raises(CalendarDamaged, match=told) as refused:
        entries_in(_spoilt(change), "here.json")
    assert "here.json" in refused.value.what


def test_a_part_of_a_year_too_short_to_tell_may_be_without_a_closure() -> None:
    """New year's first day of 2028 is a Saturday, and the lunar one comes later."""
    from shared.krx_calendar.entries import entries_in

    known = entries_in(_spoilt(lambda one: one.update(verified_through="2028-01-20")), "here.json")
    assert known.verified_through == date(2028, 1, 20)


@pytest.mark.parametrize("again", ['"closures": []', '"verified_through": "2029-12-31"', '"sources": {"x": "y", "x": "z"}'])
def test_a_name_that_stands_twice_in_the_calendar_is_refused(again: str) -> None:
    """JSON takes the last one, and nobody would know of the first."""
    from shared.krx_calendar.entries import entries_in

    twice = FILE.read_text(encoding="utf-8").rstrip()[:-1] + f", {again}}}"
    with pytest.raises(CalendarDamaged, match="a name that stood there before"):
        entries_in(twice.encode(), "here.json")


def test_its_entries_ascend_and_every_source_is_used() -> None:
    document = json.loads(FILE.read_text(encoding="utf-8"))
    for kind in ("closures", "special"):
        days = [one["day"] for one in document[kind]]
        assert days == sorted(set(days))
    named = {one["source"] for kind in ("closures", "special", "hours", "extra") for one in document[kind]}
    assert named == set(document["sources"])
    assert all(one["name"] and KNOWN.is_trading_day(date.fromisoformat(one["day"])) for one in document["special"])


# ---- how well ----


def test_one_answer_takes_less_than_a_millisecond(tmp_path: Path) -> None:
    """Each asked as a guard asks: the files looked at first. The quickest of several, for this machine may be busy."""
    day = CSAT
    asks: Dict[str, Callable[[Calendar], object]] = {
        "is_trading_day": lambda known: known.is_trading_day(day),
        "in_trading_hours": lambda known: known.in_trading_hours(at(day, 10)),
        "next_trading_day": lambda known: known.next_trading_day(date(2017, 9, 29)),
        "previous_trading_day": lambda known: known.previous_trading_day(date(2017, 10, 10)),
        "sessions": lambda known: known.sessions(date(2000, 1, 1), date(2027, 12, 31)),
        "session_bounds": lambda known: known.session_bounds(day),
    }
    open_calendar(tmp_path).sessions(day, day)
    assert {name: took for name, ask in asks.items() if (took := _quickest(ask, tmp_path)) >= 0.001} == {}


def _quickest(ask: Callable[[Calendar], object], data: Path) -> float:
    def once() -> float:
        began = time.perf_counter()
        ask(open_calendar(data))
        return time.perf_counter() - began

    return min(once() for _ in range(20))


def test_it_is_imported_and_asked_without_third_parties() -> None:
    """`-S`: no site-packages at all."""
    program = (
        f"import sys; sys.path.insert(0, {str(HOME)!r})\n"
        "from datetime import date\nfrom shared.krx_calendar import shipped_calendar\n"
        "print(shipped_calendar().next_trading_day(date(2026, 12, 30)))"
    )
    done = subprocess.run([sys.executable, "-S", "-I", "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout.strip(), done.stderr) == ("2027-01-04", "")
