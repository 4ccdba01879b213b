"""A small market for the scanner: four ETFs and the sessions up to a Thursday, dropped as files; one of them surges.

It exists so that a test of a scan says what happens to one symbol, and everything else stays as it was.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, Dict, List

from nas.running import Outcome, one_job
from shared.krx_calendar import shipped_calendar

THURSDAY, FRIDAY = date(2026, 11, 19), date(2026, 11, 20)
MARKET, SURGING, FALLING, CALM = "069500", "091160", "305720", "229200"
HEAD = "date,symbol,open,high,low,close,volume,value\n"
PLAN = (
    "params: {mfi_max: 100, min_liquidity: 0, sectors: {'091160': 반도체, '305720': 2차전지, '229200': 코스닥}, "
    "sector_top_k: 4}\n"
)


def closes(days: int) -> Dict[str, List[float]]:
    """Up a little every day, but for one that falls; on the last day one jumps."""
    told = {name: [10_000 * (1 + step) ** day for day in range(days)] for name, step in _STEPS.items()}
    told[SURGING][-1] = told[SURGING][-2] * 1.03
    return told


_STEPS = {MARKET: 0.001, SURGING: 0.001, FALLING: -0.002, CALM: 0.0005}


def drop_market(data: Path, last: date = THURSDAY) -> None:
    """Files as a person drops them, and what to scan."""
    days = shipped_calendar().sessions(date(2025, 10, 1), last)
    rows = [
        _row(day, name, told[place], place == len(days) - 1)
        for name, told in closes(len(days)).items()
        for place, day in enumerate(days)
    ]
    local = data / "prices" / "local"
    local.mkdir(parents=True, exist_ok=True)
    (local / "bars.csv").write_text(HEAD + "".join(rows), encoding="utf-8")
    (data / "scan.yaml").write_text(PLAN, encoding="utf-8")


def drop_today(data: Path, change: float) -> None:
    """Friday's bars so far: the one that surged is so far from its close of Thursday, the others do not move."""
    days = len(shipped_calendar().sessions(date(2025, 10, 1), THURSDAY))
    rows = [
        _row(FRIDAY, name, told[-1] * (1 + (change if name == SURGING else 0)), change > 0) for name, told in closes(days).items()
    ]
    (data / "prices" / "local" / "today.csv").write_text(HEAD + "".join(rows), encoding="utf-8")


def _row(day: date, name: str, close: float, is_busy: bool) -> str:
    shares = 3000 if is_busy and name == SURGING else 1000 + day.toordinal() % 7
    price = f"{close:.2f}"
    return f"{day},{name},{price},{price},{price},{price},{shares},{close * shares:.0f}\n"


class Scanner:
    """The job in the process the runner would start for it, which here is this one; its environment is the test's."""

    def __init__(self, root: Path) -> None:
        self.root, self.data = root, root / "data"

    def __call__(self, at: str, *words: str, dry: bool = False) -> Outcome:
        """How it ended."""
        told = self.root / "outcome.json"
        one_job.main(["scan", f"{at}+09:00", "dry" if dry else "real", *words, "--outcome", str(told)])
        return Outcome(**json.loads(told.read_text(encoding="utf-8")))

    def plan(self, text: str) -> None:
        """What it looks at."""
        (self.data / "scan.yaml").write_text(text + "\n", encoding="utf-8")

    def own(self, *lines: str) -> None:
        """What is held."""
        (self.data / "holdings.csv").write_text("\n".join(["종목코드,비중", *lines]) + "\n", encoding="utf-8")

    def signals(self, day: date = FRIDAY) -> Dict[str, Any]:
        """What it kept of that day."""
        found: Dict[str, Any] = json.loads((self.data / "signals" / f"{day}.json").read_text(encoding="utf-8"))
        return found
