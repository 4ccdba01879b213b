"""One scan from top to bottom: a session? who is held? one look; kept, told where it changed, shown.

It exists so that what a holiday, a dry run and somebody who only tries something out each leave undone is read in one place.
"""

from __future__ import annotations

import sys
from datetime import date, datetime
from typing import Any, Dict, Optional

from nas.running import Outcome, Turn, skipped
from nas.scanning.announcing import announced
from nas.scanning.document import document_of, signals_file
from nas.scanning.holdings import holdings_of
from nas.scanning.looking import Look, Question, look
from nas.scanning.plan import plan_of
from nas.scanning.text import text_of
from nas.scanning.wording import words
from shared import clock
from shared.disk import Disk
from shared.kept import keep
from shared.krx_calendar import open_calendar


def scan(turn: Turn) -> Outcome:
    """What to buy, sell and hold at its moment."""
    settings, at = turn.settings, _moment(turn)
    plan = plan_of(settings, turn.options)
    if open_calendar(settings.data).session_bounds(at.date()) is None:
        return _closed(turn, at.date())
    held = holdings_of(settings.data, at.date(), plan.strategy, settings.prices == "synthetic")
    question = Question(plan, at, held)
    if turn.is_dry and not _is_ready(turn):
        return Outcome(facts={"strategy": plan.strategy, "universe": plan.universe, "prices": "not opened yet"})
    return _told(turn, look(settings, question))


def _moment(turn: Turn) -> datetime:
    """Of an earlier day its end: then all of its prices were known."""
    asked: Optional[date] = turn.options.date
    return turn.at if asked in (None, turn.at.date()) else datetime.combine(asked, datetime.max.time(), clock.KST)


def _closed(turn: Turn, day: date) -> Outcome:
    closed = words("closed", turn.settings.language, day=day)
    print(closed, file=sys.stderr if turn.options.json else sys.stdout)
    return skipped(closed)._replace(facts={"day": day})


def _is_ready(turn: Turn) -> bool:
    """Whether the prices can be opened without making a file: dropped ones, and made-up ones at first, are made into a panel."""
    prices = turn.settings.data / "prices"
    made_up = turn.settings.prices == "synthetic"
    return (prices / "synthetic").is_dir() if made_up else (prices / "local" / "index.json").is_file()


def _told(turn: Turn, seen: Look) -> Outcome:
    settings, document = turn.settings, document_of(seen, turn.settings.language)
    facts: Dict[str, Any] = {"day": document["day"], "prices": document["prices_to"], "regime": document["regime"]}
    facts.update({name: len(document[name]) for name in ("buy", "sell", "hold")})
    if not (turn.is_dry or seen.question.plan.is_tried):
        keep(Disk(settings.durable), signals_file(settings.data, seen.question.at.date()), document)
        facts["told"] = int(announced(settings, seen, document).is_any)
    if not turn.options.json:
        print("\n".join(text_of(seen, settings.language)))
    return Outcome(facts=facts, document=document)
