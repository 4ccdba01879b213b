"""`python -m pc sync`: requests come in, answers go home, for a PC that reaches the NAS and not the other way round.

It exists so that either machine may do the carrying, or both at once, and the queue never notices.
"""

from __future__ import annotations

import argparse

import inbox
import outbox
from inbox import safe_id
from pc.desk import Desk, enter, open_desk
from shared.cache import Road, carry_prices
from shared.config import load
from shared.errors import AnswerDamaged, RequestNotFound
from shared.events import Log
from shared.last_trip import is_time_for_signs, last_trip
from shared.other_side import OtherSide, look_over
from shared.sync import Side, sync_once
from shared.trips import Trip

_SIGN_FETCHED = 60.0


def sync(options: argparse.Namespace) -> int:
    """One round by hand, or by a scheduler."""
    settings = load()

    def open_side(log: Log) -> Side:
        desk = open_desk(settings, log)
        enter(desk)
        return side_of(desk)

    return sync_once(settings, "pc", open_side, options.json)


def side_of(desk: Desk, aloud: bool = True) -> Side:
    """The PC's side of a sync. Not `aloud`, an answer that was told as damaged is not told again."""
    road = Road(desk.settings, "pc", safe_id(desk.settings.worker), desk.own, desk.log)
    return Side(
        settings=desk.settings,
        disk=desk.own,
        log=desk.log,
        round=lambda trip: _round(desk, trip, aloud),
        prices=lambda can_reach: carry_prices(road, can_reach),
        age=lambda: inbox.seen_ago(desk.inbox),
        aloud=aloud,
    )


def _round(desk: Desk, trip: Trip, aloud: bool) -> None:
    over = look_over(desk.settings, safe_id(desk.settings.worker), desk.own, trip)
    if over.carrier:
        with trip.going_on("fetching requests"):
            _bring(desk, over, trip)
        if not trip.troubles:  # what did not come tells nothing of now
            inbox.mark_seen(desk.inbox)
        with trip.going_on("sending answers"):
            _send(desk, over, trip)
        _tell(desk, trip, aloud)
    if desk.settings.is_carried:  # else the NAS has them already
        unconfirmed = set(outbox.answers(desk.outbox)) - set(inbox.confirmed(desk.inbox))
        trip.waiting = sum(outbox.is_answered(desk.outbox, one) and not outbox.is_link(desk.outbox, one) for one in unconfirmed)


def _bring(desk: Desk, over: OtherSide, trip: Trip) -> None:
    """Requests nobody here knows, wishes to cancel what has no answer, and the word of what arrived over there."""
    assert over.carrier
    known, pending = inbox.known_ids(desk.inbox), over.under("pending")
    new = [one for one in sorted(pending - set(inbox.wishes(desk.inbox))) if _is_wanted(desk, over, one, known)]
    kept = set(outbox.answers(desk.outbox)) - set(inbox.confirmed(desk.inbox))
    told = sorted(over.under(inbox.RECEIVED) & kept)
    asked = [name for name in new if not inbox.is_wish(name)]
    wishes = [name for name in new if inbox.is_wish(name) and _may_come(name, known, pending, asked)]
    first = [*(f"pending/{name}" for name in asked), *(f"{inbox.RECEIVED}/{one}" for one in told)]
    with trip.going_on():
        over.carrier.bring([*first, *_sign(desk, over, bool(first or wishes))], desk.inbox.root)
        # RACE: a wish that is here before its request is answered for a request nobody knows: it comes when that is here.
        over.carrier.bring([f"pending/{name}" for name in wishes], desk.inbox.root)
        trip.brought += len(asked) + len(wishes)


def _may_come(wish: str, known: set[str], pending: set[str], asked: list[str]) -> bool:
    """Whether no request it may be about is left over there: a name that tells no id was not made ready by the NAS yet."""
    is_here = inbox.told_id(wish) in {*known, *map(inbox.told_id, asked)}
    return is_here or all(inbox.told_id(name) is not None for name in pending if name.endswith(".json"))


def _sign(desk: Desk, over: OtherSide, is_on_the_way: bool) -> list[str]:
    """The NAS's sign of life; now and then it is worth a journey of its own."""
    inbox.note_sign(desk.inbox)
    ago = inbox.heard_ago(desk.inbox)
    is_wanted = is_on_the_way or ago is None or ago > _SIGN_FETCHED
    return [inbox.SIGN] if inbox.SIGN in over.names and is_wanted else []


def _is_wanted(desk: Desk, over: OtherSide, name: str, known: set[str]) -> bool:
    """Only what the NAS made ready: such a name tells whose it is, and that it is whole."""
    request_id = inbox.told_id(name)
    if request_id is None:
        return False
    is_wish, is_answered = inbox.is_wish(name), outbox.is_answered(desk.outbox, request_id)
    # It is archived here, and the NAS asks for it all the same: it has our answer no more. Then it is to be brought out again.
    # What asks something else under an id the NAS has an answer to, the NAS refuses by itself.
    is_lost = request_id not in outbox.answers(desk.outbox) and request_id not in over.answers()
    return (is_lost or not is_answered) and (is_wish or request_id not in known)


def _send(desk: Desk, over: OtherSide, trip: Trip) -> None:
    """Whole answers the NAS has not confirmed, and our workers' signs of life, to where half of one harms nobody."""
    assert over.carrier
    has = over.answers() | over.under(inbox.RECEIVED) | outbox.refused_in(over.under("aside"))
    answers = [f"done/{one}" for one in sorted(outbox.answers(desk.outbox)) if one not in has and _is_whole(desk, trip, one)]
    inbox.name_present(desk.inbox)
    signs = [inbox.PRESENT, *(f"running/{name}/{inbox.ALIVE}" for name in inbox.incarnations(desk.inbox))]
    landing = over.carrier.landing(f"{inbox.ARRIVING}/{safe_id(desk.settings.worker)}")
    with trip.going_on():
        news = landing.unsent([*answers, inbox.PRESENT], desk.inbox.root)  # who left, or came, is news
        if news or is_time_for_signs(desk.own, desk.settings.data, over.carrier.pace):
            trip.sent += len(set(landing.send(sorted({*news, *signs}), desk.inbox.root)).intersection(answers))
            trip.sent_signs = True


def _is_whole(desk: Desk, trip: Trip, request_id: str) -> bool:
    if outbox.is_link(desk.outbox, request_id):
        trip.links.append(request_id)
        return False
    with trip.going_on(f"verifying the answer {request_id!r}"):
        try:
            outbox.verify(desk.outbox, request_id)
            return True
        except RequestNotFound:
            return False  # a folder without a manifest is nobody's answer
        except AnswerDamaged as damage:
            trip.just_refused[request_id] = str(damage)
    return False


def _tell(desk: Desk, trip: Trip, aloud: bool) -> None:
    """What is damaged lies here, where it can be mended: told in every round until it is, if not by a worker. A link is told
    once: nothing is lost, but nobody over there ever has that answer."""
    before = last_trip(desk.own, desk.settings.data)
    damaged, links = (before.refused, before.links) if before else ((), ())
    for request_id in [one for one in trip.just_refused if aloud or one not in damaged]:
        desk.log.error("ANSWER_REFUSED", request=request_id, why=trip.just_refused[request_id], fix="it is not sent", rc=1)
    for request_id in [one for one in trip.links if one not in links]:
        why, fix = "a link lies in its place, which is no answer", "put the folder itself there, or remove it"
        desk.log.warning("ANSWER_NOT_SENT", request=request_id, why=why, fix=f"{fix}: {desk.outbox.done / request_id}")
    trip.all_refused = len(trip.just_refused)
