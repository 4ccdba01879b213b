"""A day in the life: everything cron starts on one trading day and one holiday, on two machines, as people see it in Slack.

What they see is tests/nas/golden/: read these files as a tired person would, and change the code until you are glad.
"""

from __future__ import annotations

import os
import shutil
import sys
from datetime import date, datetime, time
from pathlib import Path
from typing import Dict, Iterator, List, Tuple

import pytest

from shared.clock import KST
from tests.harness.checkout import checkout, repository
from tests.harness.exchange import Exchange
from tests.harness.kinds_of_day import BEFORE, CODES, FIRST, SOURCES, WORDS
from tests.harness.oldest_python import oldest_python
from tests.harness.slack_server import SlackServer
from tests.harness.two_machines import TwoMachines, as_golden, schedule_of
from tests.harness.typed import FRIDAY, SATURDAY

GOLDEN = Path(__file__).with_name("golden")
ASLEEP = (time(11, 30), time(13, 30))  # the PC
ASKED = time(12, 0)  # by a person, who wants to know at noon
CLOSED = time(15, 30)  # what the exchange has of a day is there from then on
pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.version_info < (3, 11), reason="the PC has Python 3.11 or newer"),
    pytest.mark.skipif(not shutil.which("rsync"), reason="there is no rsync here"),
]


# The shipped schedule, but for what would only be done once more: the scanner three times instead of seventy.
THINNED = 'scan: {at: "0 9,12,15 * * *"}\nhealthcheck: {at: "5 9,19 * * *"}\n'
CARRIED_AFTER = ("asked", "awake", "request_backtest")  # there is nothing to carry or show after the others
LOOKING = ("healthcheck", "update_from_git", "daily_summary")  # they see whether everything ran a moment ago


class Flat:
    """Where both machines stand; `codes` is how each start of a job ended."""

    def __init__(self, machines: TwoMachines, exchange: Exchange, slack: SlackServer) -> None:
        self.machines, self.exchange, self.slack = machines, exchange, slack
        self.codes: List[Tuple[str, str, int]] = []

    def passes(self, day: date) -> None:
        """Everything of that day, in order; after each start what is done every minute."""
        starts = list(schedule_of(day, self.machines.root / "jobs.yaml"))
        others = [(datetime.combine(day, ASKED, KST), "asked"), (datetime.combine(day, ASLEEP[1], KST), "awake")]
        for moment, job in sorted([*starts, *others]):
            if moment.time() >= CLOSED:
                self.exchange.until = max(self.exchange.until, day)
            self.machines.turn_clocks(moment)
            if job in LOOKING:
                self._carried()
            if job == "asked":
                self.machines.nas("submit", "krx_ma200", "--id", f"noon-{day:%m%d}", "--start", "2026-07-01", "--no-charts")
            elif job != "awake":
                self._starts(job, moment)
            if job in CARRIED_AFTER:
                self._minute(moment)

    def _starts(self, job: str, moment: datetime) -> None:
        done = self.machines.nas("run", job, "--retry-sleep", "0", *WORDS.get(job, ()))
        self.codes.append((f"{moment:%H:%M}", job, done.rc))
        assert "Traceback" not in done.err, done.err

    def _minute(self, moment: datetime) -> None:
        is_asleep = ASLEEP[0] <= moment.time() < ASLEEP[1]
        if not is_asleep:
            self.machines.nas("run", "sync_reports")
            self.machines.pc("drain")
        self._carried()
        self.machines.nas("notify", "send")

    def _carried(self) -> None:
        self.machines.nas("run", "sync_reports")
        self.machines.nas("run", "publish_results")


@pytest.fixture
def flat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flat]:
    """On the evening before; the NAS has its own Python where this machine has such a one."""
    try:
        old = str(oldest_python().path)
    except pytest.skip.Exception:
        old = sys.executable
    exchange = Exchange(("KOSPI", *CODES), FIRST, date.fromisoformat(FRIDAY))
    exchange.until = BEFORE
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (tmp_path / "jobs.yaml").write_text(THINNED, encoding="utf-8")
    with SlackServer() as slack, exchange.open(monkeypatch):
        more = {"RELAY_DATA_SOURCES": str(tmp_path / "sources.yaml"), "NO_PROXY": "127.0.0.1", "RELAY_DURABLE": "0"}
        more["RELAY_JOBS"] = str(tmp_path / "jobs.yaml")
        machines = TwoMachines(
            tmp_path,
            old,
            checkout(repository(tmp_path / "origin"), tmp_path / "checkout"),
            **more,
            **slack.bot(),
            ALLOW_NET_FETCH="1",
        )
        machines.turn_clocks(datetime.combine(BEFORE, time(20), KST))
        machines.begin()
        flat = Flat(machines, exchange, slack)
        names = ",".join(("KOSPI", *CODES))
        done = machines.ingest("--date", str(BEFORE), "--symbols", names, "--backfill", str(FIRST))
        assert done.rc == 0, done.err
        yield flat


def as_people_see_it(slack: SlackServer) -> str:
    """Every message of the channel in order, each with what is below it."""
    threads, told = slack.threads(), []
    for text in slack.channel():
        told.append("\n".join([text, *(f"    ↳ {line}" for reply in threads.get(text, []) for line in reply.splitlines())]))
    return as_golden("\n\n".join(told)) + "\n"


@pytest.mark.parametrize("day", [FRIDAY, SATURDAY])
def test_a_day_is_told_as_a_person_would_like_to_read_it(day: str, flat: Flat) -> None:
    flat.passes(date.fromisoformat(day))
    seen = as_people_see_it(flat.slack)
    golden = GOLDEN / f"a_day_{day}.txt"
    if os.environ.get("KRX_RELAY_GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(seen, encoding="utf-8")
    assert seen == golden.read_text(encoding="utf-8")
    failed: Dict[str, int] = {job: rc for _, job, rc in flat.codes if rc not in (0, 2)}
    assert failed == {}
