"""`python -m pc doctor`: what this side needs, one line each, with what to do about it.

It exists so that whoever set the worker up learns what is wrong before a night's requests do.
"""

from __future__ import annotations

import argparse
import functools

import inbox
import outbox
from pc import ringing
from pc.desk import Desk, open_desk
from shared import clock, permissions, probe, travel
from shared.checkup import Plan, examine_and_tell
from shared.config import load
from shared.disk import Disk
from shared.events import Log
from shared.found import OK, WARN, Check, Found
from shared.machine_checks import Side, machine_checks
from shared.other_room import Answers
from shared.sayings import say

SIDE = "pc"


def doctor(options: argparse.Namespace) -> int:
    """Examine this side; 0 fine, 2 a warning wants a hand, 3 something is bad."""
    desk = open_desk(load(), Log(quiet=True))
    return examine_and_tell(plan(desk, options.round_trip), desk.settings.language, options.json)


def plan(desk: Desk, with_round_trip: bool = False) -> Plan:
    """What is looked at here, in the order it is told."""
    settings, answers = desk.settings, outbox.answers_known(desk.outbox)
    side = Side(SIDE, settings, inbox.safe_id(settings.worker), [settings.data, settings.logs], {"font": font})
    trip = {"round_trip": lambda: inbox.round_trip(desk.inbox, settings.lease_seconds, answers)} if with_round_trip else {}
    return Plan(SIDE, functools.partial(inbox.share, desk.inbox), _of_share(desk, answers), machine_checks(side), trip)


def font() -> Found:
    """Whether pictures can be written on in Korean."""
    from pc.report.font import hangul_font

    found = hangul_font()
    if found is None:
        return Found("font", WARN, say("font_none"), say("font_fix"))
    return Found("font", OK, say("font_ok", font=found))


def _of_share(desk: Desk, answers: Answers) -> dict[str, Check]:
    settings, disk = desk.settings, Disk(durable=True)
    folders = [*inbox.folders_of(desk.inbox), *answers.folders]
    places = probe.Places(disk, settings.reports, desk.inbox.pending, answers.done)
    return {
        "folders": lambda: permissions.folders(disk, folders),
        **probe.checks(places, settings.durable),
        **inbox.queue_checks(desk.inbox, settings.lease_seconds, answers),
        "events": lambda: ringing.events(disk, desk.inbox.pending, settings.scan_seconds),
        "received": lambda: travel.received(settings, inbox.heard(desk.inbox)),
        "answers": lambda: outbox.answers_whole(desk.outbox, clock.now().toordinal()),
    }
