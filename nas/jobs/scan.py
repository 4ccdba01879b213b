"""Says what to buy, sell and hold now, by the very strategy a backtest runs; what changed is told.

It exists so that the house sees its signals in trading hours, in the words and the order it has always read them.
"""

from __future__ import annotations

import argparse

from nas.newer_python import refuse_old_python
from nas.running import Outcome, Turn
from shared.command import past_day


def add_options(parser: argparse.ArgumentParser) -> None:
    """Something else than configs/scan.yaml: then it is shown, and neither kept nor told."""
    add = parser.add_argument
    add("--strategy", help="another strategy")
    add("--universe", help="another universe")
    add("--set", action="append", default=[], metavar="NAME=VALUE", help="a parameter of it; may be repeated")
    add("--date", "--asof", type=past_day, metavar="DAY", help="as it stood at the end of that day (default: auto, now)")


def run(turn: Turn) -> Outcome:
    """One look; what changed is told, the day's signals are kept."""
    refuse_old_python("scanning", "let a NAS without it show what the PC carries here, or install one beside it")
    from nas.scanning import scan

    return scan(turn)
