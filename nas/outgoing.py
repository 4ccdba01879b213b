"""What leaves for the other side: requests it does not know, wishes to cancel, and the word that answers arrived.

It exists because a request is kept here until its answer is: whatever was lost over there is simply sent again.
"""

from __future__ import annotations

from typing import List, Set

import inbox
import outbox
from inbox import Asked, Ready
from nas.conflict import refuse_as_other
from nas.desk import Desk
from shared.carriers import Carrier
from shared.events import Log
from shared.last_trip import is_time_for_signs
from shared.other_side import OtherSide
from shared.trips import Trip

_SIGNS_EVERY, _SIGNS_IN_A_SILENCE = 300.0, 6  # a sign of life alone is not worth a connection with every call of cron's


def still_open(desk: Desk, log: Log, trip: Trip) -> List[Ready]:
    """Every request file that needs an answer still; those that have one are over, and so are their wishes to cancel."""
    ready, forbidden = inbox.make_ready(desk.inbox, desk.settings.settle_seconds)
    for path in forbidden:
        log.warning("REQUEST_NOT_SENT", file=path.name, why="this user may not read it", fix=f"chmod a+r {path}")
    for name in inbox.wishes(desk.inbox):
        with trip.going_on(f"looking at {name!r}"):
            _withdraw_if_over(desk, name)
    refused = {one.rpartition("~")[0] for one in outbox.answers(desk.outbox) if "~" in one}
    found: List[Ready] = []
    for one in ready:
        with trip.going_on(f"ending {one.path.name!r}"):
            found += [] if _is_over(desk, one, refused) else [one]
    return found


def send_out(desk: Desk, over: OtherSide, trip: Trip, ready: List[Ready]) -> None:
    """Send what the other side lacks; while somebody paused the queue only wishes to cancel, and what they are about."""
    if over.carrier is None or trip.is_cut_off:
        return
    wishes = inbox.wishes(desk.inbox)
    new = _unknown(over, _not_held_back(desk, ready, wishes))
    late = [f"pending/{name}" for name in sorted(set(wishes) - over.under("pending"))]
    asked = [*(f"pending/{name}" for name in new), *late]
    with trip.going_on():
        news = over.carrier.unsent([*asked, *(f"{inbox.RECEIVED}/{one}" for one in _received(desk, over))], desk.inbox.root)
        if news or is_time_for_signs(desk.own, desk.settings.data, _pace(desk, over.carrier)):
            # RACE: a wish that is there before its request is answered for a request nobody knows: it goes when that is there.
            trip.sent += _sent(desk, over.carrier, [*(name for name in news if name not in late), inbox.SIGN], asked)
            trip.sent += _sent(desk, over.carrier, [name for name in news if name in late], asked)
            trip.sent_signs = True


def _sent(desk: Desk, carrier: Carrier, names: List[str], asked: List[str]) -> int:
    """How many requests and wishes of these went."""
    return len(set(carrier.send(names, desk.inbox.root)).intersection(asked))


def _not_held_back(desk: Desk, ready: List[Ready], wishes: List[str]) -> List[Ready]:
    """All of them; of a paused queue those that are to be cancelled: a cancel alone would answer what nobody over there read."""
    if inbox.paused_because(desk.inbox) is None:
        return ready
    unwanted = {inbox.safe_id(inbox.id_to_cancel(name)) for name in wishes}
    return [one for one in ready if one.request_id in unwanted]


def _pace(desk: Desk, carrier: Carrier) -> float:
    """How many seconds lie between two signs of life: few of what makes the PC call us silent."""
    return max(carrier.pace, min(_SIGNS_EVERY, desk.settings.silent_hours * 3600.0 / _SIGNS_IN_A_SILENCE))


def _withdraw_if_over(desk: Desk, name: str) -> None:
    if outbox.is_answered(desk.outbox, inbox.safe_id(inbox.id_to_cancel(name))):
        inbox.withdraw_cancel(desk.inbox, name)


def _is_over(desk: Desk, ready: Ready, refused: Set[str]) -> bool:
    """Whether it has its answer; then its file goes. One that asks something else under an id that is answered is refused."""
    if not (outbox.is_answered(desk.outbox, ready.request_id) or ready.request_id in refused):
        return False
    own, answer = inbox.own_again(desk.inbox, ready), outbox.answer_of(desk.outbox, ready.request_id)
    if own is None:
        return True
    mine, asked = own
    if answer is None:  # the other side, which has an answer to that id, refused this as another
        return outbox.is_answered(desk.outbox, inbox.conflict_id(asked.request_id, asked.digest)) and _put_away(desk, mine, asked)
    # Only a cancel may come before anybody knows what is asked; of a damaged answer nobody can tell any more.
    is_same = answer.digest == asked.digest or (not answer.digest and answer.status in ("CANCELLED", "DAMAGED"))
    if not is_same and not answer.digest:  # nobody can tell whether it asks something else
        return False
    if not is_same:
        refuse_as_other(desk, asked)
    return _put_away(desk, mine, asked._replace(whole=asked.whole and bool(answer.digest)))


def _put_away(desk: Desk, ready: Ready, asked: Asked) -> bool:
    """The file goes; one whose content the answer does not hold is kept aside."""
    if asked.whole:
        inbox.let_go(desk.inbox, ready.path)
    else:
        outbox.set_aside(desk.outbox, ready.path, ready.request_id)
    return True


def _unknown(over: OtherSide, ready: List[Ready]) -> List[str]:
    """Files of ids the other side has nowhere."""
    known, there = {*inbox.ids_in(over.names), *over.answers()}, over.under("pending")
    return sorted({one.path.name for one in ready if one.request_id not in known and one.path.name not in there})


def _received(desk: Desk, over: OtherSide) -> List[str]:
    """The word of what arrived, as long as the other side keeps the answer and does not know."""
    kept, told = over.answers(), over.under(inbox.RECEIVED)
    for one in inbox.confirmed(desk.inbox):
        if one not in kept:
            inbox.forget_confirmed(desk.inbox, one)
    return [one for one in inbox.confirmed(desk.inbox) if one not in told]
