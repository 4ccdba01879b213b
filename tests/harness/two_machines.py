"""A NAS and a PC as they stand in a flat: folders of their own, rsync between them, cron on the one, a worker on the other.

It exists so that a test lets a day pass as cron does: by what configs/jobs.yaml says, at the moments it says.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Tuple

from nas.running import Cron, policies
from shared import clock
from shared.clock import KST
from shared.config import HOME

NEEDS_311 = ("ingest_eod", "scan", "precache")
EVERY_MINUTE = ("sync_reports", "publish_results")
_VARIES = [
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?( KST)?"), "<moment>"),
    (re.compile(r"\b\d\d:\d\d KST"), "<time>"),
    (re.compile(r"\b\d{8}[t-]\d{6,9}\b"), "<stamp>"),
    (re.compile(r"\b[0-9a-f]{7,64}\b"), "<hash>"),
    (re.compile(r"\b\d+(\.\d+)?(ms|초|s)\b"), "<took>"),
]


class Typed(NamedTuple):
    """What came of one start."""

    rc: int
    out: str
    err: str


class TwoMachines:
    """`old`: the NAS's own Python where there is one; else this one."""

    def __init__(self, root: Path, old: str, checkout: Path, **more: str) -> None:
        self.root, self.old, self.checkout = root, old, checkout
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("RELAY_", "SLACK_", "ALERT_"))}
        self._shared = {**kept, "PYTHONUTF8": "1", "TZ": "KST-9", "RELAY_PRICES": "local", "RELAY_PRICES_FROM": "nas", **more}
        there = {"RELAY_THERE": str(root / "pc" / "reports"), "RELAY_THERE_DATA": str(root / "pc" / "data")}
        self.of_nas = {**self._shared, **_folders(root / "nas"), "RELAY_CARRIER": "rsync", **there}
        self.of_pc = {**self._shared, **_folders(root / "pc"), "RELAY_CARRIER": "rsync", "RELAY_WORKER": "PC-1"}
        self._off = 0.0
        for machine in ("nas", "pc"):
            (root / machine / "data").mkdir(parents=True)

    def turn_clocks(self, moment: datetime) -> None:
        """For every program that is started from now on it is that moment."""
        self._off = (moment - clock.now()).total_seconds()

    def begin(self) -> None:
        """The queue of each is made."""
        for environment in (self.of_nas, self.of_pc):
            Path(environment["RELAY_ARCHIVE"]).mkdir()
            done = self._typed(self.old, ["nas", "init"], environment)
            assert done.rc == 0, done.err

    def nas(self, *words: str) -> Typed:
        """Typed on the NAS."""
        data_job = words[:1] == ("run",) and words[1] in NEEDS_311
        return self._typed(sys.executable if data_job else self.old, ["nas", *words], self.of_nas, self.checkout)

    def ingest(self, *words: str) -> Typed:
        """Prices fetched on the NAS, by hand."""
        return self._typed(sys.executable, ["nas", "ingest", *words], self.of_nas, self.checkout)

    def pc(self, *words: str) -> Typed:
        """Typed on the PC; `drain` is a worker that answers what waits."""
        return self._typed(sys.executable, ["pc", *words], self.of_pc)

    def _typed(self, python: str, words: List[str], environment: Dict[str, str], checkout: Path = HOME) -> Typed:
        clocks = {"PYTHONPATH": str(Path(__file__).with_name("other_time")), "TEST_CLOCK_IS_OFF": str(self._off)}
        done = subprocess.run(
            [python, "-m", *words],
            cwd=checkout,
            env={**environment, **clocks},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=180,
            check=False,
        )
        return Typed(done.returncode, done.stdout, done.stderr)


def _folders(home: Path) -> Dict[str, str]:
    names = ("DATA", "LOGS", "REPORTS", "PRIVATE", "BACKTESTS", "ARCHIVE", "BACKUPS")
    return {f"RELAY_{name}": str(home / name.lower()) for name in names}


def schedule_of(day: date, own: Path) -> Iterator[Tuple[datetime, str]]:
    """Every start of that day, in order, but for the jobs of every minute: these follow each of the others."""
    begin = datetime.combine(day, time(0), KST) - timedelta(seconds=1)
    found = []
    for job, policy in policies(own).items():
        for text in policy.at if job not in EVERY_MINUTE else ():
            moments = Cron(text).times(begin)
            found += [(moment, job) for moment in _until(moments, begin + timedelta(days=1))]
    return iter(sorted(found))


def _until(moments: Iterator[datetime], end: datetime) -> Iterator[datetime]:
    for moment in moments:
        if moment > end:
            return
        yield moment


def as_golden(text: str) -> str:
    """The text with everything that is another on each day or machine put out of it."""
    for pattern, word in _VARIES:
        text = pattern.sub(word, text)
    return text
