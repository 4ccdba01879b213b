"""Tells how the symbols of watchlist.yaml closed: their mean, and who moved most.

It exists so that who holds a few symbols reads of them before the next open, once for each session.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from nas.closes import Wish
from nas.reporting import report_watched
from nas.running import Outcome, Turn
from shared.command import day_or_auto


def add_options(parser: argparse.ArgumentParser) -> None:
    """As the earlier program had them."""
    parser.add_argument("--date", type=day_or_auto, default=None, metavar="auto|DAY", help="whose closes (default: auto)")
    parser.add_argument("--watchlist", type=Path, default=None, help="the list to be used")
    parser.add_argument("--config", type=Path, default=None, help="the config.yaml of the earlier systems to be used")


def run(turn: Turn) -> Outcome:
    """Once for each session and content, whoever starts it."""
    return report_watched(turn, Wish(turn.options.date))
