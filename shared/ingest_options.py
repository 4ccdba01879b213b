"""What may follow `ingest` and `precache` on either machine.

It exists beside the market's room and not in it so that the help of a program loads nothing of it.
"""

from __future__ import annotations

import argparse

from shared.command import past_day


def add_ingest_options(parser: argparse.ArgumentParser) -> None:
    """Which day, of what, since when."""
    add = parser.add_argument
    add(
        "--date",
        default="auto",
        type=past_day,
        metavar="DAY",
        help="up to that session (default: auto, the last that is over)",
    )
    add("--universe", action="append", default=[], metavar="NAME", help="only this list and the benchmarks; may be repeated")
    add("--symbols", default="", help='only these, like "069500,KOSPI"')
    add(
        "--backfill",
        type=past_day,
        metavar="DAY",
        help="from that day on, like 2016-01-01 (default: as far back as there is)",
    )
    add("--force-refresh", action="store_true", help="ask for all days of all of them again")


def add_precache_options(parser: argparse.ArgumentParser) -> None:
    """How gently, and how long for each."""
    add = parser.add_argument
    add("--jitter", type=_seconds, default=300.0, metavar="S", help="wait up to so many seconds first (default 300)")
    parser.set_defaults(date=None)  # up to the last session that is over
    add("--limit", type=_seconds, default=90.0, metavar="S", help="no longer than this for each (default 90)")


def _seconds(text: str) -> float:
    """A number of seconds."""
    seconds = float(text)
    if not 0 <= seconds <= 86400:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds from 0 to a day")
    return seconds
