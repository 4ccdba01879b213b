"""What may follow `ingest` and `precache` on either machine.

It exists beside the market's room and not in it so that the help of a program loads nothing of it.
"""

from __future__ import annotations

import argparse
from datetime import date
from typing import Optional


def add_ingest_options(parser: argparse.ArgumentParser) -> None:
    """Which day, of what, since when."""
    add = parser.add_argument
    add("--date", default="auto", type=_day, metavar="DAY", help="up to that session (default: auto, the last one that is over)")
    add("--universe", action="append", default=[], metavar="NAME", help="only this list and the benchmarks; may be repeated")
    add("--symbols", default="", help='only these, like "069500,KOSPI"')
    add("--backfill", type=_day, metavar="DAY", help="from that day on, like 2016-01-01 (default: as far back as what is there)")
    add("--force-refresh", action="store_true", help="ask for all days of all of them again")


def add_precache_options(parser: argparse.ArgumentParser) -> None:
    """How gently, and how long for each."""
    add = parser.add_argument
    add("--jitter", type=float, default=300.0, metavar="S", help="wait up to so many seconds first (default 300)")
    add("--limit", type=float, default=90.0, metavar="S", help="no longer than this for each (default 90)")


def _day(text: str) -> Optional[date]:
    """A day, or None for auto."""
    return None if text == "auto" else date.fromisoformat(text)
