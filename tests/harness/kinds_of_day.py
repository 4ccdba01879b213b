"""Kinds of day on a NAS, each made by what really happens on it: for the table of how every job ends.

It exists so that docs/job-outcomes.md is a table of facts.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Callable, Dict, Iterator, Tuple

import pytest

from nas.running import Cron, policies
from shared.clock import KST
from shared.config import HOME
from tests.harness.exchange import Exchange
from tests.harness.road import until
from tests.harness.slack_server import SlackServer
from tests.harness.typed import FRIDAY, SATURDAY, Typed

HALF_DAY = "2026-11-19"  # of the university entrance examination: 10:00 to 16:30
BEFORE = date(2026, 11, 19)
FIRST = date(2025, 9, 1)
CODES = ("069500", "102110", "114800", "229200", "305720")
SOURCES = """
benchmarks:
  KOSPI: {providers: [local_cache, krx_openapi]}
codes: {providers: [local_cache, naver]}
providers:
  krx_openapi: {seconds: 8, sessions_at_once: 60}
  naver: {seconds: 8}
"""
WORDS = {
    "precache": ("--", "--jitter", "0"),  # nobody waits for others to ask first
    "ingest_eod": ("--", "--symbols", ",".join(("KOSPI", *CODES))),  # what this market has
}
_WORDS = {"JOB_ENDED": "done", "JOB_SKIPPED": "skipped", "JOB_PUT_OFF": "put off", "JOB_FAILED": "failed"}


class Nas:
    """One, with a market before its door and a Slack behind it."""

    def __init__(self, root: Path, exchange: Exchange, slack: SlackServer, checkout: Path = HOME) -> None:
        self.exchange, self.slack = exchange, slack
        sources = str(root / "sources.yaml")
        quick = {"RELAY_DURABLE": "0", "RELAY_PRICES": "local", "RELAY_PRICES_FROM": "nas", "ALLOW_NET_FETCH": "1"}
        self.typed = Typed(root, RELAY_DATA_SOURCES=sources, NO_PROXY="127.0.0.1", **quick, **slack.bot())
        self.typed.checkout = checkout

    def fetches(self, until: date) -> None:
        """The evening of that day, as it ends well."""
        self.exchange.until = until
        names = ",".join(("KOSPI", *CODES))
        done = self.typed("ingest", "--date", str(until), "--symbols", names, "--backfill", str(FIRST))
        assert done.returncode == 0, done.stdout + done.stderr

    def ends(self, job: str, day: str = FRIDAY, **more: str) -> str:
        """How it ends when it is due on that day, and with which code where that is not 0."""
        done = self.typed(*start_of(job, day), **more)
        return outcome_of(done.returncode, done.stderr)


def start_of(job: str, day: str) -> Tuple[str, ...]:
    """What cron types, but that nothing is tried again and nobody waits for others to ask first."""
    return ("run", job, "--retry-max", "0", "--at", f"{day}T{_due(job)}", *WORDS.get(job, ()))


def _due(job: str) -> str:
    """The hour of its first start on a Friday; a job nobody starts by the clock is started at noon."""
    begin = datetime.combine(date.fromisoformat(FRIDAY), datetime.min.time(), KST)
    times = [next(Cron(text).times(begin)) for text in policies()[job].at]
    found = [moment for moment in times if str(moment.date()) == FRIDAY]
    return f"{min(found):%H:%M}" if found else "12:00"


def outcome_of(rc: int, shown: str) -> str:
    """Of what a start said at last."""
    said = [word for line in shown.splitlines() for event, word in _WORDS.items() if f"[{event}]" in line]
    word = said[-1] if said else "silent"
    return word if rc == 0 else f"{word} {rc}"


# ---- the kinds: each is given the NAS as it stands on Friday, and gives how the job ends ----


def trading_day(nas: Nas, job: str) -> str:
    return nas.ends(job)


def holiday(nas: Nas, job: str) -> str:
    return nas.ends(job, SATURDAY)


def half_day(nas: Nas, job: str) -> str:
    return nas.ends(job, HALF_DAY)


def stale_data(nas: Nas, job: str) -> str:
    """Friday's prices are nowhere yet."""
    nas.exchange.until = BEFORE
    return nas.ends(job)


def provider_outage(nas: Nas, job: str) -> str:
    nas.exchange.failing = dict.fromkeys(("naver", "krx_openapi"), "auth")  # nobody asks such a one again and again
    return nas.ends(job)


def disk_full(nas: Nas, job: str) -> str:
    with _full(nas.typed.root / "data"), _full(nas.typed.root / "logs"):
        return nas.ends(job)


def share_gone(nas: Nas, job: str) -> str:
    (nas.typed.root / "reports").rename(nas.typed.root / "elsewhere")
    return nas.ends(job)


def slack_down(nas: Nas, job: str) -> str:
    return nas.ends(job, SLACK_API_URL="http://127.0.0.1:9/api/")


def killed(nas: Nas, job: str) -> str:
    """The next start's end; that the one before was cut off, it says."""
    held = nas.typed.root / "data" / "locks" / f"job-{job}.held"
    going = nas.typed.begin(*start_of(job, FRIDAY))
    until(lambda: held.exists() or going.poll() is not None)
    going.send_signal(signal.SIGKILL)
    going.communicate(timeout=30)
    done = nas.typed(*start_of(job, FRIDAY))
    assert not held.exists()
    assert "JOB_CUT_OFF" in done.stderr
    return outcome_of(done.returncode, done.stderr)


def started_twice(nas: Nas, job: str) -> str:
    command, pipe = [sys.executable, "-c", _HOLDS_A_SEAT, job], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=nas.typed.environment, cwd=HOME) as going:
        assert going.stdout is not None
        assert going.stdout.readline() == b"held\n"
        return nas.ends(job)  # with this the pipe is closed, and the seat is free


_HOLDS_A_SEAT = """
import sys
from nas.running import seat
from shared import clock
from shared.config import load
with seat(load().lock_of(f"job-{sys.argv[1]}"), sys.argv[1], clock.now()):
    print("held", flush=True)
    sys.stdin.read()
"""
KINDS: Dict[str, Callable[[Nas, str], str]] = {
    "trading day": trading_day,
    "holiday": holiday,
    "half day": half_day,
    "stale data": stale_data,
    "provider outage": provider_outage,
    "disk full": disk_full,
    "share gone": share_gone,
    "Slack down": slack_down,
    "killed in the middle": killed,
    "started twice": started_twice,
}


@contextlib.contextmanager
def _full(folder: Path) -> Iterator[None]:
    """The folder as it is, on a disk without any room."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("mounts a small disk: Linux, and root only")
    aside = folder.with_name(f"{folder.name}.aside")
    if folder.exists():
        folder.rename(aside)
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)], check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        if aside.exists():
            shutil.copytree(aside, folder, dirs_exist_ok=True, symlinks=True)
        with open(folder / "somebody's film", "wb", buffering=0) as film, contextlib.suppress(OSError):
            while True:
                film.write(b"x" * 4096)
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


WITHOUT_THE_DAY = ("stale data", "provider outage")  # there the evening before was the last one that ended well
