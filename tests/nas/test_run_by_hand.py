"""`nas run` as a person types it: the help of a job, and slips, which are named and alarm nobody for nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Tuple

import pytest

from shared.config import HOME
from tests.harness.road import until
from tests.harness.slack_server import SlackServer
from tests.harness.typed import FRIDAY, SATURDAY, Typed


@pytest.mark.parametrize("day", [FRIDAY, SATURDAY])
@pytest.mark.parametrize("word", ["--help", "-h"])
def test_what_may_be_said_to_a_job_is_shown_on_any_day_and_nothing_of_it_is_kept_or_told(
    word: str, day: str, typed: Typed, slack: SlackServer
) -> None:
    done = typed("run", "report_eod", "--at", f"{day}T18:10", "--", word)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: python -m nas run report_eod -- [-h]")
    assert "--no-expect-today" in done.stdout
    assert typed.log("report_eod") == []
    assert slack.channel() == []
    assert not (typed.root / "data").exists(), "neither a lock nor how it ended"


def test_a_slip_after_the_dashes_is_named_where_the_failure_is_told(typed: Typed, slack: SlackServer) -> None:
    done = typed("run", "report_watchlist", "--", "--watchlst", "mine.yaml")
    assert done.returncode == 64
    assert "its last line: python -m nas run report_watchlist --: error: unrecognized arguments: --watchlst" in done.stderr
    assert "examples:" not in done.stderr, "there are none"
    [told] = slack.channel()
    assert told.startswith("[ERROR] Job Failed: report_watchlist — ")


def on_a_terminal(typed: Typed, *words: str) -> Tuple[int, str]:
    """How it ended, and what was read there."""
    if os.name == "nt":
        pytest.skip("no terminal of this kind there")
    ours, theirs = os.openpty()
    done = subprocess.run([sys.executable, "-m", "nas", *words], env=typed.environment, cwd=HOME, stderr=theirs, check=False)
    os.close(theirs)
    seen = os.read(ours, 65536).decode()
    os.close(ours)
    return done.returncode, seen


def test_who_looks_on_is_told_how_a_guarded_job_runs_all_the_same_and_cron_is_not(typed: Typed) -> None:
    words = ("run", "report_eod", "--at", f"{SATURDAY}T18:10")
    rc, seen = on_a_terminal(typed, *words)
    assert rc == 0
    assert "[JOB_SKIPPED]" in seen
    assert "fix=--guard none" in seen
    assert "fix=" not in typed(*words).stderr


def test_a_slip_of_who_looks_on_is_no_failure_of_the_job_and_nobody_elses_news(typed: Typed, slack: SlackServer) -> None:
    words = ("run", "report_eod", "--at", f"{FRIDAY}T18:10", "--", "--date", SATURDAY)
    rc, seen = on_a_terminal(typed, *words)
    assert rc == 64
    assert "that day is yet to come" in seen
    assert "[JOB_FAILED] rc=64" in typed.log("report_eod")[-1]
    assert slack.channel() == []
    assert not (typed.root / "data" / "jobs" / "report_eod.json").exists()

    assert typed(*words).returncode == 64
    assert len(slack.channel()) == 1, "of cron's nobody would read"


@pytest.mark.skipif(os.name == "nt", reason="no terminal of this kind there")
def test_who_stops_a_job_by_ctrl_c_has_seen_it_and_nobody_else_is_told(typed: Typed, slack: SlackServer) -> None:
    """While it waits for its next try; what cron started and somebody ends is told, as nobody would see it."""
    ours, theirs = os.openpty()
    words = [sys.executable, "-m", "nas", "run", "report_eod", "--at", f"{FRIDAY}T18:10"]
    going = subprocess.Popen(words, env={**typed.environment, "RELAY_PRICES": "local"}, cwd=HOME, stderr=theirs)
    os.close(theirs)
    until(lambda: "[JOB_RETRIED]" in " ".join(typed.log("report_eod")))
    going.send_signal(signal.SIGINT)
    assert going.wait(30) == 130
    os.close(ours)
    assert "[JOB_FAILED] rc=130" in typed.log("report_eod")[-1]
    assert slack.channel() == []
    assert not (typed.root / "data" / "jobs" / "report_eod.json").exists()


@pytest.mark.parametrize("said", ["yesterday", "2026-13-20", "18:10"])
def test_a_moment_nobody_can_read_is_named_with_how_it_is_written(said: str, typed: Typed) -> None:
    done = typed("run", "report_eod", "--at", said)
    assert done.returncode == 64
    assert f"argument --at: {said!r} is no moment like 2026-11-20T18:10" in done.stderr


def test_who_gave_a_command_too_little_time_is_told_how_it_gets_more(typed: Typed) -> None:
    done = typed("run", "--log", "mine", "--timeout", "0.5", "--", "sleep", "60")
    assert done.returncode == 124
    assert (
        "fix=give it more (--timeout, or `timeout` in your own file of jobs), or see in its log what it waited for" in done.stderr
    )


@pytest.mark.parametrize("words", [("--log", "twin2.held", "--", "true"), ("--", "./twin2.held")])
def test_no_log_is_called_like_the_note_beside_a_lock(words: Tuple[str, ...], typed: Typed) -> None:
    """Its lock would be the note of who has the seat `twin2`, and be taken away with it."""
    note = typed.root / "data" / "locks" / "job-twin2.held"
    note.parent.mkdir(parents=True)
    note.write_text("{}", encoding="utf-8")
    done = typed("run", *words)
    assert done.returncode == 64
    assert ".held ends the name of a note beside a lock; name another: --log twin2_log" in done.stderr
    assert note.read_text(encoding="utf-8") == "{}"
    assert typed.log("twin2.held") == []
