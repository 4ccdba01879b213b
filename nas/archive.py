"""`archive` and `bring-back`: old answers out of the way, and back again.

It exists so that done stays a folder a person can look through, and no answer is ever out of reach for it.
"""

from __future__ import annotations

import argparse
import functools
import time
from typing import Optional, Set

import outbox
from inbox import claimed_ids, file_server_time
from nas.desk import Desk, open_desk
from nas.find import resolve
from nas.marks import open_marks, published_ids, refusals
from outbox import Plan, Round, archive_alone, archive_old, close_archive, kept
from shared.closing import acknowledge
from shared.events import Log
from shared.notices import telling_log


def archive(options: argparse.Namespace) -> int:
    """Archive what is old enough; 1 where an answer is damaged."""
    began, desk = time.monotonic(), open_desk()
    done = put_away(desk, desk.settings.archive_days if options.older_than is None else options.older_than, options.dry_run)
    return close_archive(done, desk.settings.archive, time.monotonic() - began, options.json)


def put_away(desk: Desk, days: float, dry: bool) -> Round:
    """One round over what is older than so many days; what went wrong is told."""
    with telling_log(desk.settings, desk.settings.log_of("nas")) as log:
        return archive_alone(desk.outbox, desk.settings, _plan(desk, days, dry), log)


def would_put_away(desk: Desk, days: float) -> Round:
    """What it would be, without a lock, a log or an archive."""
    return archive_old(desk.outbox, _plan(desk, days, True), Log(quiet=True))


def _plan(desk: Desk, days: float, dry: bool) -> Plan:
    now, claimed = file_server_time(desk.inbox), functools.partial(claimed_ids, desk.inbox)
    return Plan(desk.settings.archive, now, days, claimed, shown=_shown(desk), dry=dry)


def _shown(desk: Desk) -> Optional[Set[str]]:
    """What was published or refused; None where nothing ever was: then nobody publishes here, and no answer waits for it."""
    marks = open_marks(desk.outbox.done.parent, desk.own)
    return {*published_ids(marks), *refusals(marks)} if marks.files.exists(marks.published) else None


def bring_back(options: argparse.Namespace) -> int:
    """Bring one archived answer out again, verified."""
    desk = open_desk()
    request_id = resolve(desk, options.id)
    moved = outbox.bring_back(desk.outbox, request_id, desk.settings.archive)
    place = kept(desk.outbox, desk.settings.archive, request_id).folder
    why = "it counts as new from now on" if moved else "it was not archived"
    document = {"request_id": request_id, "folder": str(place), "moved": moved}
    acknowledge("ANSWER_BROUGHT_BACK", {"request": request_id, "where": place, "why": why}, document if options.json else None)
    return 0
