"""A NAS with closes of days: what the side that fetches lays out there, and a report job's turn at a moment.

It exists so that a test of a report says which closes there are, and reads what was printed, kept and told.
"""

from __future__ import annotations

import hashlib
import json
from argparse import Namespace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Dict, List, Optional

from nas.running import Turn
from shared.cache import Index
from shared.cache.index import Shard
from shared.clock import KST
from shared.config import Settings
from shared.events import Log
from tests.harness.road import settings_for

THURSDAY, FRIDAY = "2026-11-19", "2026-11-20"
EVENING = datetime(2026, 11, 20, 18, 10, tzinfo=KST)
HEAD = "\ufeffcode,name,close,previous_close,volume,value,flags\n"
ROWS = """\
069500,KODEX 200,35600,35500,10,,
091160,KODEX 반도체,41000,39000,10,,
114800,KODEX 인버스,4000,4000,0,,halted
122630,KODEX 레버리지,20000,20000,7,,
229200,KODEX 코스닥150,9000,9500,1,,
252670,KODEX 200선물인버스2X,1999,2000,0,,old:2026-11-18
0000J0,신규상장,10000,,5,,
KOSPI,KOSPI,2600.5,2590.1,1,,
S&P500,S&P 500,6000,5990,1,,old:2026-11-19
900110,,,,,,missing
000660,SK하이닉스,,,,,unavailable
"""
REGIME = {"symbol": "069500", "name": "KODEX 200", "window": 200, "on": True, "close": 35600.0, "mean": 33120.4}


class Office:
    """A NAS's folders below one, and what a job does in them."""

    def __init__(self, root: Path, **changes: Any) -> None:
        self.settings: Settings = settings_for(root / "reports", root / "data", **{"prices": "local", **changes})
        for folder in (self.settings.reports / "pending", self.settings.data, self.settings.private):
            folder.mkdir(parents=True, exist_ok=True)

    def lay_out(self, day: str, rows: str = ROWS, sealed: Optional[str] = None, **facts: Any) -> None:
        """That day's closes as they come with a version of the prices; `sealed`: what the version says they are."""
        table = (HEAD + rows).encode()
        digest = hashlib.sha256(table if sealed is None else (HEAD + sealed).encode()).hexdigest()
        told = {"day": day, "before": THURSDAY, "synthetic": False, "regime": REGIME, "closes_sha256": digest, **facts}
        self.put(f"eod/{day}.csv", table)
        self.put(f"eod/{day}.json", json.dumps(told).encode())

    def in_use(self, last: str) -> Path:
        """The index of prices up to that day, in use: it seals what lies there of that day's closes."""
        found = {kind: self.settings.data / "eod" / f"{last}.{kind}" for kind in ("csv", "json")}
        there = {f"eod.{kind}": path.read_bytes() for kind, path in found.items() if path.exists()}
        shards = tuple(Shard(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in there.items())
        index = Index("local", "pc", EVENING.isoformat(), "2026-01-02", last, 1, shards, {})
        return self.put("prices/local/index.json", index.as_bytes())

    def put(self, name: str, content: "bytes | Dict[str, Any]") -> Path:
        """A file below data."""
        path = self.settings.data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode())
        return path

    def turn(self, at: datetime = EVENING, is_dry: bool = False, **options: Any) -> Turn:
        """A job's."""
        said = {"json": False, "config": None, "watchlist": None, **options}
        return Turn(self.settings, at, Log(quiet=True), Namespace(**said), is_dry)

    def told(self) -> List[Dict[str, Any]]:
        """The notices that wait."""
        files = sorted((self.settings.data / "notices" / "waiting").glob("*.json"))
        return [json.loads(file.read_text(encoding="utf-8"))["notice"] for file in files]

    def shelved(self, name: str) -> str:
        """A report as it lies on the share."""
        return (self.settings.reports / name).read_text(encoding="utf-8")


def at(text: str) -> datetime:
    """`2026-11-20T18:10`, Korean time."""
    return datetime.fromisoformat(text).replace(tzinfo=KST)


def on(text: str) -> date:
    """`2026-11-20`."""
    return date.fromisoformat(text)
