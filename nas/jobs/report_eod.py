"""Tells the day's closes: the market, who moved most, what to act on, the day's backtests.

It exists so that people hear of a session once, in the evening, and of closes that are late instead of old ones as if new.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from nas.closes import Wish
from nas.reporting import report_evening
from nas.running import Outcome, Turn
from shared.command import day_or_auto


def add_options(parser: argparse.ArgumentParser) -> None:
    """As the earlier program had them."""
    parser.add_argument("--date", type=day_or_auto, default=None, metavar="auto|DAY", help="whose closes (default: auto)")
    parser.add_argument("--no-expect-today", action="store_true", help="the newest closes there are, however old")
    parser.add_argument("--config", type=Path, default=None, help="the config.yaml of the earlier systems to be used")


def run(turn: Turn) -> Outcome:
    """Once a day and content, whoever starts it; LATER, to be tried again, while the closes are not there."""
    return report_evening(turn, Wish(turn.options.date, not turn.options.no_expect_today))
