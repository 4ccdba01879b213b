"""`pc archive`: the PC's own answers out of the way, where the two machines have a folder each.

It exists because then the NAS has its own copy of every answer: what it confirmed need not stay here.
"""

from __future__ import annotations

import functools
import time

from inbox import claimed_ids, file_server_time, forget_confirmed, received_run, require_share
from outbox import Plan, archive_alone, close_archive
from pc.desk import open_desk
from shared.config import Settings
from shared.errors import UsageWrong
from shared.events import Log
from shared.notices import telling_log


def archive(settings: Settings, days: float | None, dry: bool, as_json: bool) -> int:
    """Archive what is old enough and confirmed by the NAS; 1 where an answer is damaged."""
    if not settings.is_carried:
        found = "both machines share one folder (carrier=same_folder), and the NAS archives it"
        raise UsageWrong("archiving on the PC", found, "on the NAS: python -m nas archive")
    began, desk = time.monotonic(), open_desk(settings, Log(quiet=True))
    require_share(desk.inbox)
    days = settings.archive_days if days is None else days
    now = file_server_time(desk.inbox)
    claimed, has_it = functools.partial(claimed_ids, desk.inbox), functools.partial(received_run, desk.inbox)
    plan = Plan(settings.archive, now, days, claimed, received_run=has_it, dry=dry)
    with telling_log(settings, settings.log_of("pc")) as log:
        done = archive_alone(desk.outbox, settings, plan, log)
    for request_id in [] if dry else done.archived:
        forget_confirmed(desk.inbox, request_id)
    return close_archive(done, settings.archive, time.monotonic() - began, as_json)
