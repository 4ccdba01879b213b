"""Answers on their way home: fetched, believed or refused, shown, and confirmed.

It exists because an answer counts here only once every byte of it agrees with its manifest, however it came.
"""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, NamedTuple, Set, Tuple

import inbox
import outbox
from nas.desk import Desk
from outbox import Arrivals
from shared.carriers import Carrier, CarryBroken
from shared.events import Log
from shared.other_side import OtherSide
from shared.trips import Trip

PULLED = "pulled"
_TOLD = 3


class Homecoming(NamedTuple):
    """What every step of it needs."""

    desk: Desk
    over: OtherSide
    trip: Trip
    log: Log
    stuck: Dict[str, str]  # what the disk says of answers that can be neither believed nor doubted now


def come_home(home: Homecoming) -> None:
    """Show what is fetched from there and what was brought here, and let the other side know that it arrived."""
    if home.over.carrier:
        with home.trip.going_on("taking in what was fetched"):
            _fetch_all(home, home.over.carrier)
    with home.trip.going_on("looking for what was brought"):
        for folder in _brought_here(home.desk):
            _take(home, folder)
    with home.trip.going_on("confirming what arrived"):
        _confirm_late(home)
    if home.stuck:
        why = "; ".join(f"{one}: {said}" for one, said in sorted(home.stuck.items())[:_TOLD])
        home.trip.troubles.append(CarryBroken(f"taking in {len(home.stuck)} answers", why, "look for room and rights there"))


# ---- fetched by us ----


def _fetch_all(home: Homecoming, carrier: Carrier) -> None:
    desk, arriving = home.desk, inbox.arriving(home.desk.inbox, PULLED)
    wanted = _wanted(home)
    for one in set(outbox.arrived(desk.outbox, arriving)) - set(wanted):
        with home.trip.going_on(f"sweeping {one!r} out of {arriving}"):
            outbox.drop_arrival(desk.outbox, arriving, one)  # it came another way meanwhile, or is gone over there
    came, _ = _fetch(home, carrier, wanted, home.over.ending("running", inbox.ALIVE))
    _fetch_again(home, carrier, [*came.damaged, *came.half])
    is_news = inbox.mirror(desk.inbox, arriving)
    if is_news or not home.trip.troubles:  # what did not come tells nothing of now
        inbox.mark_seen(desk.inbox)
    inbox.forget_incarnations(desk.inbox, arriving, home.over.under("running"))


def _fetch_again(home: Homecoming, carrier: Carrier, ids: List[str]) -> None:
    """All of these from nothing, and then from everybody else who has them; what is bad each time, though it was read to its
    end, is bad over there."""
    arriving, is_another = inbox.arriving(home.desk.inbox, PULLED), True
    why: Dict[str, str] = {}
    while ids and is_another and not home.trip.troubles:
        for one in ids:
            outbox.drop_arrival(home.desk.outbox, arriving, one)
        came, is_another = _fetch(home, carrier, ids, [])
        ids, why, carrier = [*came.damaged, *came.half], came.damaged, carrier.other()
    if not home.trip.troubles:
        there = outbox.arrived(home.desk.outbox, arriving)
        for one in [one for one in ids if one in why or one in there]:  # what is gone over there is not damaged
            _refuse(home, arriving, one, why.get(one, "files its manifest names are missing"))


def _fetch(home: Homecoming, carrier: Carrier, ids: List[str], more: List[str]) -> Tuple[Arrivals, bool]:
    """What came of it, and whether another one of something may be had."""
    arriving, is_another = inbox.arriving(home.desk.inbox, PULLED), False
    with home.trip.going_on():
        is_another = carrier.bring([*(f"done/{one}/" for one in ids), *more], arriving)
    return _admit(home, arriving, ids), is_another


def _wanted(home: Homecoming) -> List[str]:
    found = home.over.answers() - outbox.refused(home.desk.outbox)
    return sorted(one for one in found if inbox.is_id(one) and not outbox.is_answered(home.desk.outbox, one))


# ---- brought by the other side ----


def _brought_here(desk: Desk) -> List[Path]:
    return [folder for folder in inbox.all_arriving(desk.inbox) if folder.name != PULLED]


def _take(home: Homecoming, arriving: Path) -> None:
    """Half an answer is still on its way; a damaged one may be brought once more."""
    with home.trip.going_on(f"taking in what lies in {arriving}"):
        came = _admit(home, arriving, [one for one in outbox.arrived(home.desk.outbox, arriving) if inbox.is_id(one)])
        for one, why in came.damaged.items():
            _doubt(home, arriving, one, why)
    with home.trip.going_on(f"reading the signs of life in {arriving}"):
        if inbox.mirror(home.desk.inbox, arriving):
            inbox.mark_seen(home.desk.inbox)
        inbox.forget_absent(home.desk.inbox, arriving)


def _doubt(home: Homecoming, arriving: Path, request_id: str, why: str) -> None:
    with home.trip.going_on(f"dropping the damaged answer {request_id!r}"):
        if outbox.is_doubted(home.desk.outbox, arriving, request_id):
            _refuse(home, arriving, request_id, why)
        else:
            outbox.doubt(home.desk.outbox, arriving, request_id)


# ---- either ----


def _admit(home: Homecoming, arriving: Path, ids: List[str]) -> Arrivals:
    carrier = home.over.carrier
    came = outbox.admit(home.desk.outbox, arriving, ids, carrier.carries if carrier else (lambda name, size: True))
    home.trip.brought += len(came.shown)
    home.stuck.update(came.stuck)
    for one in came.shown:
        _log_of(home, one).info("ANSWER_BROUGHT")
        if one in came.lacking:
            _tell_lacking(home, one, came.lacking[one])
    _confirm(home, {*came.shown, *came.known})
    return came


def _tell_lacking(home: Homecoming, request_id: str, names: List[str]) -> None:
    """Its manifest and its figures are here and it counts; but nobody should find out by looking for the table."""
    why = f"too large for carrier {home.desk.settings.carrier}: {', '.join(names)}"
    fix = f"they lie in done/{request_id} on the PC; `carrier: rsync` carries tables of any size"
    _log_of(home, request_id).error("TABLES_LEFT_OUT", why=why, fix=fix)


def _refuse(home: Homecoming, arriving: Path, request_id: str, why: str) -> None:
    home.trip.just_refused[request_id] = why
    with home.trip.going_on(f"setting the answer {request_id!r} aside"):
        place = outbox.refuse(home.desk.outbox, arriving, request_id, why)
        fix = f"look at {place}; mended over there and that folder removed, it is fetched again"
        home.log.error("ANSWER_REFUSED", request=request_id, why=why, fix=fix, rc=1)


def _log_of(home: Homecoming, request_id: str) -> Log:
    """What is said of an answer that is shown here says whose run it is."""
    return home.log.about(request=request_id, run=outbox.run_of_answer(home.desk.outbox, request_id))


def _confirm_late(home: Homecoming) -> None:
    """What was shown by a sync that did not come to say so, or could not make it lasting."""
    shown = {one for one in home.over.answers() if outbox.is_answered(home.desk.outbox, one)}
    for one in (late := shown - set(inbox.confirmed(home.desk.inbox))):
        outbox.make_lasting(home.desk.outbox, one)
    _confirm(home, late)


def _confirm(home: Homecoming, ids: Set[str]) -> None:
    """The other side may archive what we have."""
    news = sorted(ids - set(inbox.confirmed(home.desk.inbox)))
    inbox.confirm(home.desk.inbox, [_received(home.desk, one) for one in news])


def _received(desk: Desk, request_id: str) -> inbox.Received:
    answer = outbox.answer_of(desk.outbox, request_id)
    return inbox.Received(request_id, answer and answer.status, answer and answer.run_id)
