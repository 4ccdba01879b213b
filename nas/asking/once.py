"""Asking a question once a day: its id is made of its name and the session's day.

It exists so that whoever starts the job twice, or kills it in between, has asked once.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, Dict

import inbox
from nas.ask import check_strategy
from nas.asking.question import Question, naming_the_line
from nas.desk import Desk
from outbox import answer_of
from shared import clock
from shared.krx_calendar import Calendar, DayUnknown, expected_session

ASKED, ALREADY, CHANGED = "asked", "already", "changed"
_WHO = "nas/request_backtest"


def session_of(calendar: Calendar, moment: datetime) -> date:
    """The day of the last session whose prices could be there; the day itself where the calendar does not reach it. Asked in
    the morning, it is yesterday's question, and the evening's is still to come."""
    try:
        return expected_session(calendar, moment)
    except DayUnknown:
        return moment.astimezone(clock.KST).date()


def id_on(name: str, day: date) -> str:
    """What the question of that name is called on that day."""
    return inbox.safe_id(f"{name}-{day:%Y%m%d}")


def ask_once(desk: Desk, question: Question, file: Path, day: date) -> str:
    """Whether it was asked now, already, or already in other words."""
    found = would_ask(desk, question, file, day)
    if found == ASKED:
        inbox.submit(desk.inbox, _content(question, day))
    return found


def would_ask(desk: Desk, question: Question, file: Path, day: date) -> str:
    """The same, and nothing is asked."""
    if question.is_checked:
        with naming_the_line(file):
            check_strategy(desk, inbox.request_from(question.content))
    content = _content(question, day)
    request_id = content["request_id"]
    answer = answer_of(desk.outbox, request_id)
    waiting = [inbox.read_asked(desk.inbox, path) for path in inbox.find_requests(desk.inbox, request_id)]
    known = [one.digest for one in (answer, *waiting) if one]
    if not known:
        return ASKED
    return ALREADY if inbox.digest_of(content) in known else CHANGED


def _content(question: Question, day: date) -> Dict[str, Any]:
    told = {"schema": inbox.SCHEMA, "requested_by": _WHO, **question.content}
    return {**told, "request_id": id_on(question.name, day)}
