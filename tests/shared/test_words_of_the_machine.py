"""The log line, exit codes, errors and times: what machines and operators read everywhere."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from shared import clock, machine
from shared.catalog import Catalog
from shared.errors import StrategyUnknown, nearest
from shared.events import Log
from shared.log_line import line
from shared.outcome import STATUSES, exit_code

LINE = re.compile(
    r'\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] \[(INFO|WARNING|ERROR)\] \[[A-Z_]+\] rc=\d+ details="[^"\n]*" elapsed=\d+ms'
)


def test_a_log_line_has_exactly_the_agreed_shape() -> None:
    """Whatever the values hold."""
    text = line("ERROR", "RUN_FAILED", {"why": 'he said "no"\nand left', "rc": 1, "elapsed_ms": 12.7, "nothing": None})
    assert LINE.fullmatch(text)
    assert "why=he said 'no' and left" in text
    assert text.endswith("elapsed=12ms")
    assert "rc=1 " in text
    assert "nothing" not in text


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The folder is a file."""
    (tmp_path / "logs").write_text("")
    Log(tmp_path / "logs" / "pc.log").info("WORKER_STARTED")
    assert "cannot be written" in capsys.readouterr().err


def test_a_log_file_holds_what_the_terminal_showed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Line by line."""
    log = Log(tmp_path / "logs" / "pc.log")
    log.info("WORKER_STARTED", worker="pc")
    log.warning("BELL_MUTED")
    assert (tmp_path / "logs" / "pc.log").read_text(encoding="utf-8") == capsys.readouterr().err


def test_each_line_goes_into_the_file_of_its_own_day(tmp_path: Path) -> None:
    """A worker that runs for weeks leaves one file a day, by Korean time, as the runbook says."""
    log = Log(tmp_path / "pc-%Y-%m-%d.log", quiet=True)
    log.info("WORKER_STARTED")
    [file] = tmp_path.iterdir()
    text = file.read_text(encoding="utf-8").strip()
    assert LINE.fullmatch(text)
    assert file.name == f"pc-{text[1:11]}.log"


def test_only_failed_and_rejected_answers_fail_a_command() -> None:
    """Skipped, cancelled and expired are 0."""
    assert {status: exit_code([status]) for status in STATUSES} == {
        "SUCCEEDED": 0,
        "SKIPPED": 0,
        "FAILED": 1,
        "REJECTED": 1,
        "CANCELLED": 0,
        "EXPIRED": 0,
    }
    assert exit_code([]) == 0


def test_an_error_says_what_was_being_done_what_was_found_and_what_to_do() -> None:
    """In one sentence, and the same as data."""
    error = StrategyUnknown("looking for strategy 'krx_ma20'", "no catalog has such a file", nearest("krx_ma20", ["krx_ma200"]))
    assert (
        str(error)
        == "looking for strategy 'krx_ma20': no catalog has such a file; did you mean 'krx_ma200'? there are: krx_ma200"
    )
    assert set(error.as_dict()) == {"code", "what", "why", "fix"}


def test_moments_are_written_in_korean_time_and_sorted_in_utc() -> None:
    """Late in the evening in Seoul is another day than in Greenwich."""
    moment = datetime(2026, 11, 20, 15, 30, 5, 123_456, timezone.utc)
    assert clock.iso(moment) == "2026-11-21T00:30:05.123+09:00"
    assert clock.for_people(moment) == "2026-11-21 00:30:05 KST"
    assert clock.stamp(moment) == "20261120t153005123"
    assert clock.seconds_of(clock.compact(moment)) == moment.replace(microsecond=0).timestamp()
    assert clock.compact(None) == "0"


@pytest.mark.parametrize(("seconds", "word"), [(-1, "0s"), (59, "59s"), (60, "1m"), (3600, "1h"), (90_000, "1d")])
def test_an_age_is_one_word(seconds: float, word: str) -> None:
    """As old as it sounds."""
    assert clock.age(timedelta(seconds=seconds).total_seconds()) == word


def test_a_catalog_lists_without_importing_and_a_persons_own_file_wins(tmp_path: Path) -> None:
    """A file that would raise when imported is listed all the same."""
    (tmp_path / "krx_ma200.py").write_text("MINE = True\n")
    (tmp_path / "explodes.py").write_text("raise RuntimeError\n")
    (tmp_path / "_private.py").write_text("")
    catalog = Catalog("shared.strategies", tmp_path)
    assert {"krx_ma200", "explodes"} <= set(catalog.names())
    assert "_private" not in catalog.names()
    assert vars(catalog.load("krx_ma200"))["MINE"] is True


def test_this_process_lives_and_a_pid_that_started_at_another_time_does_not() -> None:
    """A pid alone is reused."""
    me = machine.this_process()
    assert not machine.is_gone(me)
    assert machine.is_gone(me._replace(start=me.start - 3600))
    assert machine.is_gone(me._replace(pid=2**22 + 1))
    assert not machine.is_gone(me._replace(pid=2**22 + 1, host="elsewhere"))
