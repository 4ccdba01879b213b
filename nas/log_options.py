"""What may be said to `logs`.

It exists so that the page of all commands stays one page.
"""

from __future__ import annotations

import argparse
from datetime import date


def add_log_options(parser: argparse.ArgumentParser) -> None:
    """Of `logs`."""
    add = parser.add_argument
    add("--request", metavar="ID", help="of this one, on both machines; an id, its unique beginning, @latest or @prev")
    add("--job", metavar="NAME", help="only of this log: a job's name, nas, pc, ingestion")
    add("--day", type=_day, metavar="DAY", help="of this day, like 2026-11-20 (default: today; with --request any)")
    add("--follow", "-f", action="store_true", help="and what is written from now on, until Ctrl-C")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day like 2026-11-20") from None
