"""`python -m nas doctor`: what this side needs, one line each, with what to do about it.

It exists so that whoever set the queue up on the NAS learns what is wrong before a night's requests do.
"""

from __future__ import annotations

import argparse
import functools
from pathlib import Path
from typing import Dict, List

import inbox
import outbox
from inbox import Answers, Watched
from nas.desk import Desk, see_desk
from shared import mounts, needs, permissions, probe, surroundings, travel
from shared.cache import prices_check
from shared.checkup import Check, Plan
from shared.checkup import doctor as examine_and_tell
from shared.disk import Disk
from shared.found import Found
from shared.notices import open_post
from shared.slack import slack
from shared.sleep import sleep

SIDE = "nas"


def doctor(options: argparse.Namespace) -> int:
    """Examine this side; 0 fine, 2 a warning wants a hand, 3 something is bad."""
    desk = see_desk()
    return examine_and_tell(plan(desk, options.round_trip), desk.settings.language, options.json)


def plan(desk: Desk, with_round_trip: bool = False) -> Plan:
    """What is looked at here, in the order it is told."""
    trip = {"round_trip": lambda: inbox.round_trip(desk.inbox, desk.settings.lease_seconds, _watched(desk))}
    share = functools.partial(inbox.share, desk.inbox)
    return Plan(SIDE, share, _of_share(desk), _of_machine(desk), trip if with_round_trip else {})


def _of_share(desk: Desk) -> Dict[str, Check]:
    settings, disk, lease = desk.settings, Disk(durable=True), desk.settings.lease_seconds
    places = probe.Places(disk, settings.reports, desk.inbox.pending, desk.outbox.done)
    return {
        "folders": lambda: permissions.folders(disk, _folders(desk)),
        "exclusive": lambda: probe.exclusive(places),
        "rename": lambda: probe.rename(places),
        "flush": lambda: probe.flush(places, settings.durable),
        "names": lambda: probe.names(places),
        "clock": lambda: surroundings.clock_difference(lambda: inbox.server_now(desk.inbox)),
        "workers": lambda: inbox.workers(desk.inbox, lease),
        "versions": lambda: inbox.versions(desk.inbox, lease),
        "waiting": lambda: inbox.unattended(desk.inbox, lease),
        "litter": lambda: _litter(desk),
        "conflicts": lambda: inbox.conflicts(desk.inbox, _answers(desk)),
        "events": lambda: mounts.events(desk.inbox.pending, settings.scan_seconds),
        "received": lambda: travel.received(settings, inbox.heard(desk.inbox)),
    }


def _of_machine(desk: Desk) -> Dict[str, Check]:
    settings, disk = desk.settings, Disk(durable=True)
    own = [settings.data, settings.logs, settings.backtests, settings.archive]
    return {
        "own_folders": lambda: permissions.own_folders(disk, own, settings.private),
        "space": lambda: mounts.space([settings.reports, *own]),
        "carrier": lambda: travel.carrier(disk, settings, SIDE),
        "sent": lambda: travel.sent(disk, settings, SIDE),
        "prices": lambda: prices_check(disk, settings, SIDE),
        "python": lambda: needs.python(SIDE),
        "packages": lambda: needs.packages(SIDE),
        "slack": lambda: slack(open_post(settings), SIDE),
        "console": surroundings.console,
        "sleep": sleep,
    }


def _litter(desk: Desk) -> Found:
    """What a killed doctor left is no word worth: it is swept."""
    now = inbox.server_now(desk.inbox)
    if now is not None:
        probe.sweep(Disk(), _folders(desk), now)
    return inbox.litter(desk.inbox, desk.settings.lease_seconds, _answers(desk))


def _folders(desk: Desk) -> List[Path]:
    return inbox.folders_of(desk.inbox) + outbox.folders_of(desk.outbox)


def _answers(desk: Desk) -> Answers:
    is_answered = functools.partial(outbox.is_answered, desk.outbox)
    return Answers(is_answered, lambda: outbox.drafts(desk.outbox), desk.outbox.done, desk.outbox.aside)


def _watched(desk: Desk) -> Watched:
    return Watched(functools.partial(outbox.is_answered, desk.outbox), functools.partial(outbox.manifest_of, desk.outbox))
