"""`python -m nas calendar`, as an operator types it, and the guards that ask the same calendar."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Iterator

import pytest

from nas.__main__ import main
from nas.calendar_changes import CalendarBusy, Wish, added, change, removed
from nas.guards import passage
from shared.clock import KST
from shared.config import HOME, Settings
from shared.disk import Disk
from shared.errors import UsageWrong
from shared.krx_calendar import NO_CHANGES, DayUnknown, open_calendar, own_file, shipped_calendar
from tests.faults.fault_calls import FaultyCalls, failing_half_way
from tests.harness.processes import LOG_LINE, Machine

DAY = date(2027, 6, 4)
KNOWN = shipped_calendar()


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """A machine of the test; its data folder is its own."""
    with Machine(tmp_path, tmp_path / "own") as running:
        yield running


@pytest.fixture
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a command in this process."""
    monkeypatch.setenv("RELAY_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Where a change is kept."""
    return Settings(data=tmp_path, reports=tmp_path / "reports")


def keep(settings: Settings, wish: Wish) -> None:
    """That wish, kept as the command keeps it."""
    change(settings, Disk(durable=False), added, wish)


# ---- the command ----


def test_a_temporary_holiday_is_added_shown_and_removed(machine: Machine) -> None:
    told = machine.run("nas", "calendar", "add", "2027-06-04", "--reason", "임시공휴일")
    line = LOG_LINE.fullmatch(told.err.strip())
    assert (told.rc, told.out) == (0, "")
    assert line
    assert (line["event"], line["details"]) == ("CALENDAR_CHANGED", "day=2027-06-04 change=add why=임시공휴일")

    shown = machine.run("nas", "calendar", "show", "2027-06")
    assert "2027-06-04 (금)  휴장  임시공휴일 (이 기계에서 추가)" in shown.out
    assert shown.out.splitlines()[0] == "2027-06  거래일 21일"
    assert shown.out.splitlines()[-1].startswith("OK sessions=21 verified_through=2027-12-31 elapsed=")

    assert machine.run("nas", "calendar", "remove", "2027-06-04").rc == 0
    document = json.loads(machine.run("nas", "calendar", "show", "2027-06-04", "--json").out)
    assert (document["sessions"], document["closures"]) == (1, [])


def test_a_year_shows_every_closure_and_special_session_and_how_far_it_reaches(machine: Machine) -> None:
    shown = machine.run("nas", "calendar", "show", "2026").out
    assert shown.splitlines()[0] == "2026  거래일 244일"
    assert "2026-07-17 (금)  휴장  제헌절" in shown
    assert "2026-11-19 (목)  10:00–16:30  대학수학능력시험" in shown
    assert "2027-12-31까지 확인된 캘린더입니다" in shown
    assert "장전(pre)  07:00–08:00  꺼짐" in shown


def test_it_speaks_english_where_that_is_asked_for(machine: Machine) -> None:
    shown = machine.run("nas", "calendar", "show", "2026-07-17", language="en").out
    assert "2026-07-17 (Fri)  closed  제헌절" in shown
    assert "verified through 2027-12-31" in shown


def test_programs_are_told_whether_the_exchange_trades_now(own_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words, told in (
        (["add", "2027-06-04", "--reason", "임시공휴일"], {"day": "2027-06-04", "trades": False}),
        (["remove", "2027-06-04"], {"day": "2027-06-04", "trades": True}),
        (["add", "after", "--reason", "시작됨"], {"day": "after", "trades": None}),
    ):
        assert main(["calendar", *words, "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == told
    assert json.loads((own_data / "calendar.json").read_text(encoding="utf-8"))["extra"]["after"]["reason"] == "시작됨"


@pytest.mark.parametrize(
    ("words", "rc", "told"),
    [
        (["add", "2027-06-04"], 64, "no reason"),
        (["add"], 64, "without a day"),
        (["add", "2027-6"], 64, "no day like 2027-05-03"),
        (["add", "2027-06-05", "--reason", "x"], 64, "a weekend"),
        (["add", "2027-05-03", "--reason", "x"], 64, "closed already"),
        (["add", "2027-06-04", "--open", "10:00", "--reason", "x"], 64, "go together"),
        (["add", "2027-06-04", "--open", "15:00", "--close", "10:00", "--reason", "x"], 64, "not in that order"),
        (["add", "pre", "--open", "07:00", "--close", "07:30", "--reason", "x"], 64, "hours for pre"),
        (["add", "2099-06-04", "--reason", "x"], 2, "verified from 2000-01-01 through 2027-12-31"),
        (["remove", "2027-06-04"], 64, "nobody added"),
        (["remove", "2027-05-03"], 64, "came with the calendar"),
        (["show", "2026-13"], 64, "no year, month or day"),
        (["show", "2028-01"], 2, "2028-01-01"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(
    own_data: Path, capsys: pytest.CaptureFixture[str], words: "list[str]", rc: int, told: str
) -> None:
    assert main(["calendar", *words]) == rc
    said = capsys.readouterr()
    assert (said.out, told in said.err) == ("", True), said.err
    assert not (own_data / "calendar.json").exists()


def test_a_torn_file_is_told_by_its_name(machine: Machine) -> None:
    (machine.folder / "own").mkdir()
    (machine.folder / "own" / "calendar.json").write_text('{"schema', encoding="utf-8")
    done = machine.run("nas", "calendar", "show")
    assert (done.rc, done.out) == (3, "")
    assert "[E-CALENDAR-FILE]" in done.err
    assert str(machine.folder / "own" / "calendar.json") in done.err


def test_a_guard_is_closed_where_a_holiday_was_lost_to_a_name_that_stands_twice(machine: Machine, tmp_path: Path) -> None:
    own = own_file(tmp_path / "own")
    own.parent.mkdir(exist_ok=True)
    closed = '"closed": {"2026-12-24": {"reason": "x", "added": "2026-11-01"}}'
    own.write_text(f'{{"schema": "relay.calendar-own/1", {closed}, "closed": {{}}}}', encoding="utf-8")
    done = machine.run("nas", "run", "--guard", "td", "--at", "2026-12-24T10:00", "--", "echo", "it ran")
    assert "it ran" not in done.out
    assert (done.rc, "[E-CALENDAR-FILE]" in done.err or "code=E-CALENDAR-FILE" in done.err) == (3, True)


# ---- what may be changed ----


def test_a_closure_that_came_with_the_code_is_lifted_only_by_its_own_word_and_with_a_reason(settings: Settings) -> None:
    day, disk = date(2026, 7, 17), Disk(durable=False)
    for wish in (Wish(day, "열린다"), Wish(day, built_in=True), Wish(day, " ", built_in=True)):
        with pytest.raises(UsageWrong, match="came with the calendar"):
            change(settings, disk, removed, wish)
    change(settings, disk, removed, Wish(day, "열린다", built_in=True))
    assert open_calendar(settings.data).is_trading_day(day) is True
    change(settings, disk, removed, Wish(day))
    assert open_calendar(settings.data).is_trading_day(day) is False


def test_a_day_that_was_lifted_and_is_added_again_is_closed_as_it_came(settings: Settings) -> None:
    day, disk = date(2026, 7, 17), Disk(durable=False)
    change(settings, disk, removed, Wish(day, "열린다", built_in=True))
    assert change(settings, disk, added, Wish(day, "아니다")) == NO_CHANGES
    assert not open_calendar(settings.data).closures[day].is_own


def test_a_day_that_is_closed_after_all_keeps_no_hours_of_its_own(settings: Settings) -> None:
    keep(settings, Wish(DAY, "행사", (datetime(2027, 6, 4, 10).time(), datetime(2027, 6, 4, 12).time())))  # noqa: DTZ001
    session = open_calendar(settings.data).session_bounds(DAY)
    assert session is not None
    assert (session.name, session.close.hour) == ("행사", 12)
    keep(settings, Wish(DAY, "휴장"))
    assert open_calendar(settings.data).is_trading_day(DAY) is False
    change(settings, Disk(durable=False), removed, Wish(DAY))
    session = open_calendar(settings.data).session_bounds(DAY)
    assert session is not None
    assert session.name is None


def test_an_unknown_day_cannot_be_changed(settings: Settings) -> None:
    with pytest.raises(DayUnknown):
        keep(settings, Wish(date(2028, 1, 4), "임시공휴일"))


def test_who_comes_while_another_changes_it_is_told_so_and_loses_nothing(settings: Settings) -> None:
    """The other is a process of its own: a lock is its process's."""
    holds = (
        "import sys; from pathlib import Path; from shared.lock import only_one\n"
        "with only_one(Path(sys.argv[1])) as held: print(held, flush=True); sys.stdin.read()"
    )
    words = [sys.executable, "-c", holds, str(settings.lock_of("calendar"))]
    with subprocess.Popen(words, cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        with pytest.raises(CalendarBusy, match="call this again"):
            keep(settings, Wish(DAY, "임시공휴일"))
        other.communicate()
    keep(settings, Wish(DAY, "임시공휴일"))
    assert open_calendar(settings.data).is_trading_day(DAY) is False


def test_a_change_that_fails_at_any_file_operation_leaves_the_old_file_or_the_new_one(settings: Settings) -> None:
    keep(settings, Wish(DAY, "임시공휴일"))
    before = own_file(settings.data).read_bytes()
    calls = FaultyCalls()
    change(settings, Disk(True, calls), removed, Wish(DAY))
    after, operations = own_file(settings.data).read_bytes(), len(calls.reached)
    assert operations >= 4, "written, flushed, renamed, flushed"
    for number in range(1, operations + 1):
        own_file(settings.data).write_bytes(before)
        with pytest.raises(OSError, match="full"):
            change(settings, Disk(True, FaultyCalls(failing_half_way(_full), number)), removed, Wish(DAY))
        assert own_file(settings.data).read_bytes() in (before, after)
    assert sorted(one.name for one in settings.data.iterdir()) == ["calendar.json", "locks"]


def _full() -> OSError:
    return OSError(28, "the disk is full")


# ---- guards ----

MONDAY = datetime(2026, 11, 23, 10, tzinfo=KST)


@pytest.mark.parametrize(
    ("guard", "moment", "is_open"),
    [
        ("none", datetime(2099, 1, 1, tzinfo=KST), True),
        ("td", MONDAY, True),
        ("td", MONDAY.replace(hour=22), True),
        ("td", datetime(2026, 11, 22, 10, tzinfo=KST), False),
        ("th", MONDAY, True),
        ("th", MONDAY.replace(hour=8, minute=55), False),
        ("th", datetime(2027, 5, 3, 10, tzinfo=KST), False),
    ],
)
def test_a_guard_lets_through_what_its_day_and_hour_allow(guard: str, moment: datetime, is_open: bool) -> None:
    said = passage(guard, KNOWN, moment)
    assert (said.is_open, said.warns) == (is_open, False)


@pytest.mark.parametrize("guard", ["td", "th"])
def test_past_what_was_verified_guards_close_with_a_warning(guard: str) -> None:
    said = passage(guard, KNOWN, datetime(2028, 1, 4, 10, tzinfo=KST))
    assert (said.is_open, said.warns) == (False, True)
    assert "2028-01-04" in said.why.ko
    assert "verified through 2027-12-31" in said.why.en
