"""`python -m nas doctor`: what this side needs, one line each, with what to do about it.

It exists so that whoever set the queue up on the NAS learns what is wrong before a night's requests do.
"""

from __future__ import annotations

import argparse
import functools
from typing import Dict

import inbox
import outbox
from nas.deployment import code_check
from nas.desk import Desk, see_desk
from nas.marks import open_marks
from nas.unpublished import published
from shared import clock, mounts, permissions, probe, travel
from shared.checkup import Plan, examine_and_tell
from shared.config import is_named
from shared.disk import Disk
from shared.found import Check
from shared.machine_checks import Side, machine_checks
from shared.other_room import Answers

SIDE = "nas"


def doctor(options: argparse.Namespace) -> int:
    """Examine this side; 0 fine, 2 a warning wants a hand, 3 something is bad."""
    desk = see_desk()
    return examine_and_tell(plan(desk, options.round_trip), desk.settings.language, options.json)


def plan(desk: Desk, with_round_trip: bool = False) -> Plan:
    """What is looked at here, in the order it is told."""
    settings, answers = desk.settings, outbox.answers_known(desk.outbox)
    own = [settings.data, settings.logs, settings.backtests, settings.archive]
    code = {"code": lambda: code_check(settings.data, clock.now())}
    side = Side(SIDE, settings, SIDE, own, code, [settings.archive] if is_named("archive") else [])
    trip = {"round_trip": lambda: inbox.round_trip(desk.inbox, settings.lease_seconds, answers)} if with_round_trip else {}
    return Plan(SIDE, functools.partial(inbox.share, desk.inbox), _of_share(desk, answers), machine_checks(side), trip)


def _of_share(desk: Desk, answers: Answers) -> Dict[str, Check]:
    settings, disk = desk.settings, Disk(durable=True)
    folders = [*inbox.folders_of(desk.inbox), *answers.folders]
    places = probe.Places(disk, settings.reports, desk.inbox.pending, answers.done)
    return {
        "folders": lambda: permissions.folders(disk, folders),
        **probe.checks(places, settings.durable),
        **inbox.queue_checks(desk.inbox, settings.lease_seconds, answers),
        "events": lambda: mounts.events(desk.inbox.pending, settings.scan_seconds),
        "received": lambda: travel.received(settings, inbox.heard(desk.inbox)),
        "answers": lambda: outbox.answers_whole(desk.outbox, clock.now().toordinal()),
        "published": lambda: published(desk.outbox, open_marks(settings.reports, disk), inbox.server_now(desk.inbox)),
    }
