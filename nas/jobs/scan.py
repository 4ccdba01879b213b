"""Says what to buy, sell and hold now, by the very strategy a backtest runs; what changed is told.

It exists so that the house sees its signals in trading hours, in the words and the order it has always read them.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Dict, Optional

from nas.newer_python import refuse_old_python
from nas.outcome import Outcome, skipped
from nas.turn import Turn
from shared import clock
from shared.command import past_day

if TYPE_CHECKING:
    from nas.scanning import Look


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
    from nas.scanning import Question, holdings_of, look, plan_of, session_of, words
    from shared.krx_calendar import open_calendar

    settings, at = turn.settings, _moment(turn)
    plan = plan_of(settings, turn.options)
    if session_of(open_calendar(settings.data), at) == "closed":
        closed = words("closed", settings.language, day=at.date())
        print(closed, file=sys.stderr if turn.options.json else sys.stdout)
        return skipped(closed)._replace(facts={"day": at.date()})
    question = Question(plan, at, holdings_of(settings.data, at.date(), plan.strategy))
    if turn.is_dry and not _is_ready(turn):
        return Outcome(facts={"strategy": plan.strategy, "universe": plan.universe, "prices": "not opened yet"})
    return _told(turn, look(settings, question))


def _told(turn: Turn, seen: Look) -> Outcome:
    from nas.scanning import announced, document_of, signals_file, text_of
    from shared.disk import Disk
    from shared.kept import keep

    settings, document = turn.settings, document_of(seen, turn.settings.language)
    facts: Dict[str, Any] = {"day": document["day"], "prices": document["prices_to"], "regime": document["regime"]}
    facts.update({name: len(document[name]) for name in ("buy", "sell", "hold")})
    if not (turn.is_dry or seen.question.plan.is_tried):
        keep(Disk(settings.durable), signals_file(settings.data, seen.question.at.date()), document)
        facts["told"] = int(announced(settings, seen, document).is_any)
    if not turn.options.json:
        print("\n".join(text_of(seen, settings.language)))
    return Outcome(facts=facts, document=document)


def _moment(turn: Turn) -> datetime:
    """Of an earlier day its end: then all of its prices were known."""
    asked: Optional[date] = turn.options.date
    return turn.at if asked in (None, turn.at.date()) else datetime.combine(asked, datetime.max.time(), clock.KST)


def _is_ready(turn: Turn) -> bool:
    """Whether the prices can be opened without making a file: dropped ones, and made-up ones at first, are made into a panel."""
    prices = turn.settings.data / "prices"
    made_up = turn.settings.prices == "synthetic"
    return (prices / "synthetic").is_dir() if made_up else (prices / "local" / "index.json").is_file()
