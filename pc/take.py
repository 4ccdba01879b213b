"""One request file, considered: left, put off, settled, refused, or claimed for a run (steps 2 to 4 of the protocol).

It exists so that what happens to a file is told in one place, top to bottom.
"""

from __future__ import annotations

from pathlib import Path

from inbox import DIED, STOPPED, Asked, Claim, Held, NotNow, give_back, id_of_held, is_pending, read_asked, run_of, take
from outbox import is_answered
from pc.settle import answer_without_run, settle
from pc.shift import Shift
from shared import clock
from shared.errors import AttemptsUsedUp, RelayError, RequestExpired

_CLAIMED_BY_OTHERS = 1.0
_LOOKED_AT_AGAIN = 60.0
_REST_LOOKED_FOR = 0.5
_IS_A_FOLDER = 3600.0
_MOST_STOPS = 20  # a run that is always stopped is too long for its worker, or stops it itself


def consider(shift: Shift, path: Path) -> Claim | None:
    """A claim that is to be run, or None: answered without a run, settled, put off, or none of ours."""
    desk = shift.desk
    try:
        asked = read_asked(desk.inbox, path, id_of_held(desk.inbox, path))
    except IsADirectoryError:
        shift.put_off(path, _IS_A_FOLDER, NotNow.LATER)
        desk.log.warning("REQUEST_IGNORED", file=path.name, why="it is a folder", fix="requests are files")
        return None
    if asked is None or not _is_believed(shift, path, asked):
        return None
    if is_answered(desk.outbox, asked.request_id):
        settle(shift, path, asked)
        return None
    if _is_for_later(shift, path, asked):
        return None
    claim = take(shift.me, path, asked, asked.request_id)
    if claim is None:
        shift.put_off(path, _CLAIMED_BY_OTHERS, NotNow.CLAIMED)
        return None
    return claim if _is_to_run(shift, claim) else None


def put_back(shift: Shift, held: Held) -> None:
    """A file in our own folder that no run belongs to, because a step of ours failed half-way: settled, or everybody's again."""
    desk = shift.desk
    try:
        asked = read_asked(desk.inbox, held.path, held.request_id)
    except IsADirectoryError:
        return
    if asked is None:
        return
    # A claimed file answers to the id it was claimed under: an unanswered claim must be given back, whatever its content says.
    if is_answered(desk.outbox, asked.request_id if held.attempt is None else held.request_id):
        settle(shift, held.path, asked)
    else:
        give_back(desk.inbox, held)
        whose = {"request": held.request_id, "run": run_of(desk.inbox, held.request_id, held.attempt), "attempt": held.attempt}
        desk.log.about(**whose).info("REQUEST_GIVEN_BACK", why="a step failed half-way")


def _is_believed(shift: Shift, path: Path, asked: Asked) -> bool:
    """Put off what cannot be read. A share may refuse a file for a moment: only one that stays unreadable is acted on."""
    stayed_so = shift.waiting.has_waited(path, NotNow.UNREADABLE, shift.me.now())
    if asked.is_readable or stayed_so:
        return True
    shift.put_off(path, shift.desk.settings.settle_seconds, NotNow.UNREADABLE)
    return False


def _is_for_later(shift: Shift, path: Path, asked: Asked) -> bool:
    """Put off a request that asks for a later moment, and a file that may still be being written."""
    now = shift.me.now()
    if not is_pending(shift.desk.inbox, path):
        return False
    not_before = asked.request.not_before.timestamp() if asked.request and asked.request.not_before else 0.0
    if not_before > now:
        shift.put_off(path, min(not_before - now, _LOOKED_AT_AGAIN), NotNow.LATER)
        return True
    settled = asked.mtime + shift.desk.settings.settle_seconds
    # A time in the future was set by whoever copied the file: it is whole.
    if not asked.parsed and asked.mtime - clock.SKEW < now < settled:
        shift.put_off(path, min(settled - now, _REST_LOOKED_FOR), NotNow.HALF_WRITTEN)
        return True
    return False


def _is_to_run(shift: Shift, claim: Claim) -> bool:
    # RACE: the id may have been answered between the first look and our claim; its runs must not start again.
    if is_answered(shift.desk.outbox, claim.request_id):
        settle(shift, claim.file, claim.asked)
        return False
    why_not = _reason_against(claim, shift.me.now())
    if why_not:
        answer_without_run(shift, claim, why_not)
    return why_not is None


def _reason_against(claim: Claim, now: float) -> RelayError | None:
    """Why this claimed request is answered without a run, None if it is to run."""
    request = claim.asked.request
    if request is None:
        return claim.asked.refusal
    deaths, stops = claim.how_often(DIED), claim.how_often(STOPPED)
    if deaths >= request.max_attempts or stops >= _MOST_STOPS:
        found = f"{deaths} workers died while they had it, {stops} were told to stop before it was done"
        fix = f"look into their logs, then `python -m nas retry {claim.request_id}`"
        return AttemptsUsedUp(f"running {claim.request_id!r}", found, fix)
    if request.expires_at and request.expires_at.timestamp() < now:
        return RequestExpired(
            f"taking {claim.request_id!r}", f"it was good until {request.expires_at.isoformat()}", "`retry` asks again"
        )
    return None
