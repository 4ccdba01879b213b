"""`list jobs`: every job, its guard, how it ended last, and when it is due next.

It exists so that one look tells which job failed, which is at work, and when the next one comes.
"""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Any, Dict, List, NamedTuple, Optional

from nas.guards import passage
from nas.job_words import what_it_does
from nas.running import Cron, Holder, Last, Policy, holder_of, last_of, policies
from shared import clock
from shared.config import Settings
from shared.krx_calendar import Calendar, open_calendar
from shared.one_line import clean_lines, json_line
from shared.text import Table, columns, wording

_MOST_TIMES = 4000  # a job that is due each minute, and a guard that is closed over a long holiday
_WORDS: Table = {
    "head": ("작업|가드|마지막|다음|하는 일", "job|guard|last|next|what it does"),
    "never": ("아직 없음", "never"),
    "running": ("실행 중 (pid {pid}, {age} 전부터)", "running (pid {pid}, for {age})"),
    "last": ("{word} rc={rc} ({age} 전)", "{word} rc={rc} ({age} ago)"),
    "none": ("-", "-"),
}


class _Row(NamedTuple):
    name: str
    policy: Policy
    last: Last
    holder: Optional[Holder]
    due: Optional[datetime]
    what: str


def list_jobs(settings: Settings, as_json: bool) -> int:
    """All of them."""
    now = clock.now()
    rows = _rows(settings, now)
    if as_json:
        print(json_line({row.name: _plain(row) for row in rows}))
        return 0
    table = [_said("head", settings).split("|"), *(_cells(row, settings, now) for row in rows)]
    widths = [max(map(columns, column)) for column in zip(*table)]
    for cells in table:
        padded = [cell + " " * (width - columns(cell)) for cell, width in zip(cells, widths)]
        print(clean_lines("  ".join(padded).rstrip()))
    return 0


def next_due(policy: Policy, calendar: Calendar, after: datetime) -> Optional[datetime]:
    """The next time its guard lets it through, as far as the calendar knows; None where nobody starts it by the clock."""
    found = [_next_open(Cron(text), policy.guard, calendar, after) for text in policy.at]
    return min((moment for moment in found if moment), default=None)


def _rows(settings: Settings, now: datetime) -> List[_Row]:
    calendar, found = open_calendar(settings.data), []
    for name, policy in sorted(policies(settings.jobs).items()):
        holder = holder_of(settings.lock_of(f"job-{policy.lock or name}"))
        what = what_it_does(name, settings.language)
        found.append(_Row(name, policy, last_of(settings, name), holder, next_due(policy, calendar, now), what))
    return found


def _next_open(cron: Cron, guard: str, calendar: Calendar, after: datetime) -> Optional[datetime]:
    times = islice(cron.times(after), _MOST_TIMES)
    return next((moment for moment in times if passage(guard, calendar, moment).is_open), None)


def _cells(row: _Row, settings: Settings, now: datetime) -> List[str]:
    due = f"{row.due:%m-%d %H:%M}" if row.due else _said("none", settings)
    return [row.name, row.policy.guard, _how(row, settings, now), due, row.what]


def _how(row: _Row, settings: Settings, now: datetime) -> str:
    if row.holder:
        return _said("running", settings, pid=row.holder.pid, age=clock.age_of(row.holder.since, now))
    if not row.last.at:
        return _said("never", settings)
    return _said("last", settings, word=row.last.word, rc=row.last.rc, age=clock.age_of(row.last.at, now))


def _plain(row: _Row) -> Dict[str, Any]:
    last = {name: clock.iso(one) if isinstance(one, datetime) else one for name, one in row.last._asdict().items()}
    holder = {"pid": row.holder.pid, "host": row.holder.host, "since": clock.iso(row.holder.since)} if row.holder else None
    told = {"at": row.policy.at, "guard": row.policy.guard, "last": last, "running": holder}
    return {**told, "next": clock.iso(row.due) if row.due else None, "what": row.what}


def _said(key: str, settings: Settings, **facts: object) -> str:
    return wording(_WORDS, key, **facts).in_language(settings.language)
