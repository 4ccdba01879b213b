"""Compares the newest answer of each strategy with the one before it, and tells of DRIFT once.

It exists so that numbers that changed overnight are news in the morning, whoever changed them.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import List, Optional

from nas.drift import SKIPPED, Pair, has_drifted, lines_of, notice_of, pair_of, strategies_of
from nas.running import BROKEN, Outcome, Turn, skipped
from shared import clock
from shared.error_names import line_of
from shared.errors import RelayError, ShareUnreachable
from shared.one_line import one_line
from shared.outcome import FAILED


def add_options(parser: argparse.ArgumentParser) -> None:
    """One strategy alone; and for whoever wants it, a code."""
    parser.add_argument("--strategy", metavar="NAME", help="only this one")
    parser.add_argument("--fail-on", choices=["drift"], help="end with 1 where something drifted")


def run(turn: Turn) -> Outcome:
    """Each pair has its report in a file of the day; what drifted is told. One that is damaged hides none of the others."""
    from nas.desk import open_desk

    desk, found = open_desk(), _Found()
    for strategy in strategies_of(desk, turn.options.strategy):
        try:
            _compare(turn, pair_of(desk, strategy), found)
        except RelayError as error:
            found.wrong.append(error)
            print(line_of(error, turn.settings.language, strategy), file=sys.stderr)
        except OSError as error:
            raise ShareUnreachable(f"comparing {strategy!r}", str(error), "make room, or mount the share") from error
    return found.outcome(turn.options.fail_on == "drift")


class _Found:
    """What came of all of them."""

    def __init__(self) -> None:
        self.compared: List[str] = []
        self.drifted: List[str] = []
        self.wrong: List[RelayError] = []

    def outcome(self, fails: bool) -> Outcome:
        """DRIFT is no failure of the job, unless somebody wants it to be one; and it was told."""
        facts = {"compared": len(self.compared), "drift": ",".join(self.drifted) or 0}
        if self.wrong:
            first = self.wrong[0]
            return Outcome(BROKEN, first.exit_code or FAILED, first.in_short, first.fix, first.code, facts)
        if not self.compared:
            return skipped(SKIPPED)
        if self.drifted and fails:
            why, fix = f"DRIFT: {', '.join(self.drifted)}", "python -m nas compare --strategy NAME"
            return Outcome(BROKEN, FAILED, why, fix, facts=facts, told=True)
        return Outcome(facts=facts)


def _compare(turn: Turn, pair: Optional[Pair], found: _Found) -> None:
    if pair is None:
        return
    has_moved = has_drifted(pair.found)
    if not turn.is_dry:
        _report(turn, pair)
    found.compared.append(pair.strategy)
    found.drifted += [pair.strategy] if has_moved else []


def _report(turn: Turn, pair: Pair) -> None:
    day = turn.at.astimezone(clock.KST).date()
    file = turn.settings.logs / f"compare_{pair.strategy}_{day}.log"
    lines = [one_line(line) for line in lines_of(pair, turn.settings.language)]
    _write(file, lines)
    if not turn.options.json:
        print("\n".join([*lines, _last(pair, file)]))
    if has_drifted(pair.found):
        _tell(turn, pair, day)


def _last(pair: Pair, file: Path) -> str:
    return f"[POST] DRIFT detected (see {file})" if has_drifted(pair.found) else "[POST] compare OK"


def _write(file: Path, lines: List[str]) -> None:
    """Whole, in the place of what an earlier start wrote that day."""
    from shared.disk import Disk

    disk = Disk(durable=False)
    disk.ensure_folder(file.parent)
    disk.publish(file, ("\n".join(lines) + "\n").encode("utf-8", "replace"), replacing=True)


def _tell(turn: Turn, pair: Pair, day: date) -> None:
    from shared.notices import open_post, send_due, tell

    turn.log.warning("BACKTEST_DRIFTED", request=pair.ids[1], strategy=pair.strategy, verdict=pair.found.verdict)
    post = open_post(turn.settings)
    tell(post, notice_of(pair, day, turn.settings.language))
    send_due(post, 5.0)
