"""The options of `run`, under the words of the earlier runner.

It exists so that the help of `python -m nas` loads nothing of what runs jobs.
"""

from __future__ import annotations

import argparse
from datetime import datetime

from shared import clock

_YEARS = (1990, 2199)  # what is outside of them is a slip


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """The options of `run`, under the words of the earlier runner."""
    add = parser.add_argument
    add(
        "job",
        nargs="?",
        default="",
        metavar="JOB",
        help="as `list jobs` names it; what stands after -- is for it. Without one it is the command",
    )
    add(
        "--guard",
        choices=["none", "td", "th"],
        help="none; td: trading days only; th: trading hours only (default: configs/jobs.yaml)",
    )
    add("--retry-rc", type=int, metavar="RC", help="tried again where it ends with this code")
    add("--retry-max", type=int, metavar="N", help="so many times")
    add("--retry-sleep", type=float, metavar="S", help="so many seconds apart")
    add("--timeout", type=float, metavar="S", help="ended after so many seconds")
    add("--log", "--log-prefix", metavar="NAME", help="of a command: the name of its log and lock (default: its own)")
    add("--at", type=_moment, metavar="MOMENT", help="the moment it is for, like 2026-11-20T18:10 (default: now)")
    add("--legacy-rc", action="store_true", help="closed guards end with 200 and 201, as they did")
    add("--dry-run", action="store_true", help="say what it would do; nothing is changed, told or sent")


def _moment(text: str) -> datetime:
    """A moment; one without a zone is Korean time."""
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(clock.KST) if moment.tzinfo else moment.replace(tzinfo=clock.KST)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"{text!r} is no moment like 2026-11-20T18:10") from None
    if not _YEARS[0] <= moment.year <= _YEARS[1]:
        raise argparse.ArgumentTypeError(f"{text} is of no year between {_YEARS[0]} and {_YEARS[1]}")
    return moment
