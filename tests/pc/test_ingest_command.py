"""`ingest` and `precache` as cron and people type them: what the screen shows, how they end, and what a killed one leaves."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pc.__main__ import main
from shared import clock
from shared.config import HOME
from shared.krx_calendar import shipped_calendar
from shared.market import open_prices
from tests.harness.exchange import Exchange
from tests.harness.house import CODE, FIRST, TODAY, TOMORROW, YESTERDAY, House, a_house, data_of_yesterday
from tests.harness.processes import Machine
from tests.harness.road import until

ONLY_NAVER = "codes: {providers: [local_cache, naver]}\n"
EVERYTHING = """
benchmarks:
  STANDIN: {providers: [csv_folder], symbols: {local_keys: ["069500"]}}
  NOBODYS: {providers: [local_cache, krx_openapi]}
codes: {providers: [local_cache, naver]}
folders: [files]
"""
OLD, ENDED = "229200", "091160"


@pytest.fixture(scope="module")
def yesterday(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One evening on which nothing happens, for all that go on from it."""
    return data_of_yesterday(tmp_path_factory.mktemp("yesterday"), CODE, sources=ONLY_NAVER)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with a_house(tmp_path, monkeypatch) as one:
        one.sources.write_text(ONLY_NAVER, encoding="utf-8")
        yield one


def last_close(house: House) -> str:
    """The last day of the prices in use."""
    return str(open_prices(house.data / "prices" / "local").dates[-1])


def split(house: House, day: date, times: int) -> None:
    """From that day on a share is so many."""
    opened, high, low, close, volume = house.exchange.bars[CODE][day]
    house.exchange.bars[CODE][day] = (opened // times, high // times, low // times, close // times, volume * times)
    house.exchange.splits[CODE] = (day, times)


def test_the_screen_says_what_is_old_ended_unavailable_revised_or_stood_in_for_in_both_languages(house: House) -> None:
    bars = house.exchange.bars[CODE]
    house.exchange.bars[OLD] = {day: bar for day, bar in bars.items() if day <= YESTERDAY}
    house.exchange.bars[ENDED] = {day: bar for day, bar in bars.items() if day <= date(2023, 10, 4)}
    house.sources.write_text(EVERYTHING, encoding="utf-8")
    (house.machine.folder / "files").mkdir()
    file = house.machine.folder / "files" / f"{CODE}.csv"
    file.write_text("date,close\n" + "".join(f"{day},{bar[3]}\n" for day, bar in bars.items()), encoding="utf-8")
    every = (CODE, OLD, ENDED, "STANDIN", "NOBODYS")
    house.exchange.until = YESTERDAY
    with house.at_home():
        assert main(house.typed(YESTERDAY, *every)[1:]) == 2
    split(house, TODAY, 5)
    korean = house.ingest(TODAY, *every, language="ko")
    for said in (
        "[WARN] 229200: 2024-01-03까지의 가격을 씀 (naver: its prices end on 2024-01-03, not on 2024-01-04)",
        "[INFO] 091160: 2023-10-04 이후 아무도 가격이 없음 (상장폐지?)",
        "[WARN] benchmark unavailable: NOBODYS (krx_openapi: ",
        "(건너뜀)",
        "[WARN] STANDIN: 069500 가격이 대신함",
        "[INFO] 069500: naver가 지난 가격 ",
    ):
        assert said in korean.err
    split(house, TOMORROW, 10)
    english = house.ingest(TOMORROW, *every, words=("--json",))
    for said in (
        "[WARN] 229200: prices until 2024-01-03 are used (",
        "[INFO] 091160: nobody has a price after 2023-10-04 (delisted?)",
        "[WARN] benchmark unavailable: NOBODYS (krx_openapi: ",
        "(skipped)",
        "[WARN] STANDIN: prices of 069500 stand in for it",
        "[INFO] 069500: naver revised prices of ",
    ):
        assert said in english.err
    told = json.loads(english.out)
    assert {name: one["state"] for name, one in told["symbols"].items()} == {
        CODE: "current",
        OLD: "old",
        ENDED: "ended",
        "STANDIN": "current",
        "NOBODYS": "unavailable",
    }
    assert "2024-01-03" in told["symbols"][CODE]["revised"]
    assert (told["old"], told["unavailable"], told["faults"]) == (1, 1, {})


def test_a_past_that_changed_is_the_cause_a_comparison_names(house: House, yesterday: Path) -> None:
    asked = {
        "strategy": "krx_ma200",
        "start": "2023-11-01",
        "end": "2024-01-03",
        "charts": False,
        "params": {"window": 20},
        "symbols": [CODE],
    }
    house.moves_in(yesterday)
    before = house.answers({"before": {**asked, "benchmarks": []}})["before"]
    split(house, TODAY, 5)
    assert house.ingest(TODAY, CODE).rc == 0
    after = house.answers({"after": {**asked, "benchmarks": [], "fresh": True}})["after"]
    revised = [one for one in after["data"]["quality"] if one["code"] == "Q-REVISED"]
    assert [(one["symbol"], one["first"], one["last"]) for one in revised] == [(CODE, str(FIRST), str(YESTERDAY))]
    assert not any(one["code"] == "Q-REVISED" for one in before["data"]["quality"])
    compared = json.loads(house.machine.run("nas", "compare", "before", "after", "--json").out)
    assert compared["verdict"] == "DRIFT"
    (changed,) = compared["changed"]["prices"]
    assert (changed["symbol"], changed["months"][0], changed["months"][-1]) == (CODE, "2023-09", "2024-01")
    assert all(compared["changed"][other] == [] for other in ("parameters", "period", "code", "environment", "provider"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "kill -9"])
def test_an_ingest_ended_in_the_middle_leaves_yesterdays_prices_and_the_next_one_goes_on(
    number: int, house: House, yesterday: Path
) -> None:
    house.moves_in(yesterday)
    house.exchange.failing["naver"], house.exchange.until = "hang", TODAY
    house.exchange.asked.clear()
    program = house.machine.start(*house.typed(TODAY, CODE))
    until(lambda: house.exchange.asked)
    assert program.stop(number) == (130 if number == signal.SIGINT else -signal.SIGKILL)
    assert "Traceback" not in program.err()
    if number == signal.SIGINT:
        until(lambda: not program.children())
    assert last_close(house) == str(YESTERDAY)
    house.exchange.failing.clear()
    done = house.ingest(TODAY, CODE)
    assert (done.rc, last_close(house)) == (0, str(TODAY)), done.err


def test_a_full_disk_ends_it_with_3_and_the_old_prices_stay_in_use(house: House, yesterday: Path) -> None:
    """A limit on every file of it stands for the disk."""
    house.moves_in(yesterday)
    house.exchange.until = TODAY
    program = house.machine.start(*house.typed(TODAY, CODE), before=("bash", "-c", 'ulimit -f 1; exec "$@"', "-"))
    assert program.ended() == 3, program.err()
    assert "Traceback" not in program.err()
    assert "[INGEST_FAILED] rc=3" in program.err()
    assert last_close(house) == str(YESTERDAY)
    assert house.ingest(TODAY, CODE).rc == 0
    assert last_close(house) == str(TODAY)


def test_on_a_terminal_one_line_says_how_far_it_is_and_how_long_it_takes(house: House) -> None:
    house.sources.write_text(
        "benchmarks: {KOSPI: {providers: [krx_openapi]}}\nproviders: {krx_openapi: {sessions_at_once: 20}}\n"
    )
    house.exchange.until = TODAY
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", *house.typed(TODAY, "KOSPI")]
    with subprocess.Popen(words, env=house.machine.environment(), stderr=theirs, stdout=subprocess.DEVNULL, cwd=HOME) as program:
        os.close(theirs)
        shown = b"".join(iter(lambda: _read(ours), b"")).decode()
    os.close(ours)
    assert program.returncode == 0, shown
    told = re.findall(r"\r\x1b\[Kkrx_openapi KOSPI: (\d+) left, \d+\.\d/s, \d+:\d\d to go", shown)
    assert len(told) > 1
    assert [int(one) for one in told] == sorted(map(int, told), reverse=True)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # everybody has closed it
        return b""


TYPED = {
    "no day": (("--date", "tomorrow"), ONLY_NAVER, 64, "--date"),
    "no symbol": (("--symbols", "KOSPY"), "benchmarks: {KOSPI: {providers: [naver]}}", 64, "did you mean 'KOSPI'?"),
    "no universe": (("--universe", "KOR_ETF_CORR"), ONLY_NAVER, 1, "did you mean 'KOR_ETF_CORE'?"),
    "no provider": ((), "codes: {providers: [navr]}", 64, "'navr', which is no provider; did you mean 'naver'?"),
    "the other side": ((), ONLY_NAVER, 3, "prices_from"),
}


@pytest.mark.parametrize("what", TYPED)
def test_what_is_typed_wrong_or_is_not_ours_to_do_is_said_and_nobody_is_asked(
    what: str, house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nor is it an incident: whoever typed it sees it."""
    words, sources, rc, said = TYPED[what]
    house.sources.write_text(sources, encoding="utf-8")
    with house.at_home(prices_from="nas" if what == "the other side" else "pc"):
        assert main(["ingest", *words]) == rc
    assert said in capsys.readouterr().err
    assert house.exchange.asked == []
    assert house.outages() == []


def test_precache_fetches_the_benchmarks_by_the_clock_each_in_its_time(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before the open: `[OK] name`, `[WARN] name failed` and `[WARN] name timeout`, as the old logs had it."""
    calendar, today = shipped_calendar(), clock.now().date()
    if today > calendar.verified_through:
        pytest.skip(f"the calendar that came along ends on {calendar.verified_through}")
    exchange = Exchange(("KOSPI", "KOSDAQ"), today - timedelta(days=20), today)
    exchange.slow = {"KOSDAQ"}
    with exchange.open(monkeypatch):
        entries = "".join(f"  {name}: {{providers: [naver]}}\n" for name in ("KOSPI", "NOBODYS", "KOSDAQ"))
        house.sources.write_text(f"benchmarks:\n{entries}", encoding="utf-8")
        began = time.monotonic()
        with house.at_home():
            rc = main(["precache", "--jitter", "0", "--limit", "2"])
        took = time.monotonic() - began
    said = capsys.readouterr()
    assert rc == 2, said.err
    lines = [line for line in said.err.splitlines() if line.startswith(("[OK]", "[WARN]"))]
    assert lines[0] == "[OK] KOSPI"
    assert lines[1].startswith("[WARN] NOBODYS failed: naver: ")
    assert lines[2].startswith("[WARN] KOSDAQ timeout: naver: ")
    assert took < 3 * (2 + 5), "the limit holds for each, and a process may take a while to begin"
    assert said.out.startswith("DEGRADED day=")


@pytest.mark.parametrize("side", ["pc", "nas"])
def test_whichever_side_fetches_the_nas_has_the_days_closes_after_its_sync(side: str, house: House) -> None:
    own = {"prices_from": side, "language": "en", "carrier": "same_folder", "there": house.machine.reports}
    house.exchange.until = TODAY
    house.data.mkdir(exist_ok=True)
    with Machine(house.machine.folder / "nas", house.machine.folder / "nas" / "data", **own, there_data=house.data) as nas:
        fetching = nas if side == "nas" else house.machine
        same: dict[str, Any] = {"data_sources": house.sources, "prices": "local", "ALLOW_NET_FETCH": "1"}
        done = fetching.run(side, *house.typed(TODAY, CODE)[1:], seconds=60, **same)
        assert done.rc == 0, done.err
        synced = nas.run("nas", "sync")
        assert synced.rc == 0, synced.err
        table = (nas.folder / "data" / "eod" / f"{TODAY}.csv").read_text(encoding="utf-8-sig").splitlines()
    bars = house.exchange.bars[CODE]
    assert table[1] == f"{CODE},KODEX 200,{bars[TODAY][3]},{bars[YESTERDAY][3]},{bars[TODAY][4]},,"
