"""What healthcheck looks at, in the sections of the earlier one: git, disk, today's jobs, errors, locks; and what it could not
see: the PC, the road to it, notices, the last backup.

It exists so that one screen says whether this NAS does its day's work, by the very checks of doctor where it has them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Callable, List, NamedTuple

from nas.deployment import code_check
from nas.desk import Desk
from nas.doctor import plan
from nas.health.own import backup, errors, jobs, locks, notices, zone
from shared.checkup import Plan, examine_all
from shared.found import Found, cannot_tell

_OF_SHARE, _OF_MACHINE = ("workers", "waiting", "received", "published"), ("space", "sent", "prices", "calendar")


class Section(NamedTuple):
    """One part of the screen. `is_list`: what it found is one kind of thing, a line each, and needs no name before it."""

    name: str
    found: List[Found]
    is_list: bool = False


def examined(desk: Desk, at: datetime, but: str = "") -> List[Section]:
    """All of it, at that moment; `but` is the job that asks."""
    everything, settings = plan(desk), desk.settings
    of_share = {name: check for name, check in everything.of_share.items() if name in _OF_SHARE}
    of_machine = {name: check for name, check in everything.of_machine.items() if name in _OF_MACHINE}
    seen = examine_all(Plan("nas", everything.share, of_share, of_machine, {}))
    return [
        Section("git", _asked("code", lambda: [code_check(settings.data, at)]), True),
        Section("disk", [one for one in seen if one.check == "space"], True),
        Section("today", _asked("jobs", lambda: [*zone(), *jobs(settings, at, but)]), True),
        Section("errors", _asked("errors", lambda: errors(settings, at)), True),
        Section("locks", _asked("locks", lambda: locks(settings, at, but)), True),
        Section("road", [one for one in seen if one.check != "space"]),
        Section("keeping", [*_asked("notices", lambda: notices(settings)), *_asked("backup", lambda: backup(settings, at))]),
    ]


def _asked(name: str, ask: Callable[[], List[Found]]) -> List[Found]:
    try:
        return ask()
    except Exception as error:  # a check that cannot tell hides no other
        return [cannot_tell(name, error)]
