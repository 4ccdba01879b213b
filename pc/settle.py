"""The steps that end a request's stay: conclude, settle and cancel (5 to 7 of the protocol).

It exists because everything may be removed once an id is answered, and nothing before.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from inbox import (
    Asked,
    Claim,
    bring_in,
    cancel_reason,
    conflict_id,
    find_requests,
    forget_confirmed,
    id_to_cancel,
    is_pending,
    let_go,
    read_asked,
    requests_by_id,
    safe_id,
    sweep_own_claims,
    take,
    withdraw_cancel,
)
from outbox import answer_of, bring_back, conflict_with, is_answered, make_lasting, set_aside
from pc.answer import cancel_answer, refuse
from pc.desk import Desk
from pc.ending import Sealed
from pc.shift import Shift
from pc.sweep import sweep
from shared.errors import RelayError, RequestCancelled
from shared.outcome import TRY_LATER


def answer_without_run(shift: Shift, claim: Claim, error: RelayError, log: bytes = b"") -> None:
    """Seal the refusal; `log` is what a run had printed that ended without a word."""
    conclude(shift, claim, refuse(shift.desk, claim, error, log))


def conclude(shift: Shift, claim: Claim, sealed: Sealed) -> None:
    """What follows an attempt to answer: ours is counted, and whoever's it is settles the request; no answer, nothing."""
    desk = shift.desk
    # Asked even if it is said to be ours: a strategy that got hold of its pipe can say so too.
    if not is_answered(desk.outbox, claim.request_id):
        return
    if sealed.ours:  # the content of its file is known to be the answer's
        _keep_what_the_answer_has_not(desk, claim.file, claim.asked, claim.request_id)
        sweep_own_claims(desk.inbox, claim)
        shift.given.sealed(claim, sealed, shift.me.now())
    else:
        settle(shift, claim.file, claim.asked)


def settle(shift: Shift, path: Path, asked: Asked) -> None:
    """A request file whose id is answered: remove it if it asks the same, else refuse it under an id of its own."""
    desk = shift.desk
    brought = bring_in(shift.me, path, asked)
    answer = answer_of(desk.outbox, brought[1].request_id) if brought else None
    if brought is None or answer is None:
        return
    mine, held = brought
    if answer.status == "DAMAGED":
        held = held._replace(whole=False)  # nobody can tell any more whether it asks the same: it is kept aside
    if answer.digest in ("", held.digest):  # none: cancelled before anybody knew what it asks
        _put_away(desk, mine, held, held.request_id)
        log = desk.log.about(request=held.request_id, run=answer.run_id or None)
        log.info("REQUEST_SETTLED", file=path.name, why=f"answered already: {answer.status}")
    else:
        _refuse_as_other(shift, mine, held)


def cancel_all(shift: Shift, wishes: list[str]) -> Iterator[None]:
    """Carry out `.cancel` files, one each time it is asked to go on; many of them look at the waiting requests once."""
    inbox = shift.desk.inbox
    where = requests_by_id(inbox) if len(wishes) > 1 else None
    for name in wishes:
        request_id = safe_id(id_to_cancel(name))
        cancel(shift, name, find_requests(inbox, request_id) if where is None else where.get(request_id, []))
        yield


def cancel(shift: Shift, name: str, paths: list[Path]) -> None:
    """Carry out one `.cancel` file: it goes once its id is answered, by us or by whoever was first.

    `paths` is where its request lies, as far as anybody knows; what of it waits goes too, also what is for later."""
    desk, inbox, request_id = shift.desk, shift.desk.inbox, safe_id(id_to_cancel(name))
    reason = cancel_reason(inbox, name)
    if reason is None:
        return
    asked = read_asked(inbox, paths[0], request_id) if paths else None
    if asked and asked.request_id != request_id:
        asked = None  # its name says this id, its content another: content is truth
    if not is_answered(desk.outbox, request_id):
        error = RequestCancelled(f"request {request_id!r}", reason or "no reason given", "`python -m nas retry` asks again")
        # What cannot be read now may be readable in a moment: then the answer holds for whatever it asks.
        run = cancel_answer(desk, request_id, error, asked if asked and asked.is_readable else None)
        if run:
            shift.given.cancelled(request_id, run)
    if is_answered(desk.outbox, request_id):
        make_lasting(desk.outbox, request_id)
        if desk.settings.is_carried:
            _bring_out_again(desk, request_id)
        withdraw_cancel(inbox, name)
        for path in paths:
            _settle_waiting(shift, path, request_id)
        sweep(desk, request_id)


def _settle_waiting(shift: Shift, path: Path, request_id: str) -> None:
    asked = read_asked(shift.desk.inbox, path, request_id) if is_pending(shift.desk.inbox, path) else None
    if asked:
        settle(shift, path, asked)


def _refuse_as_other(shift: Shift, path: Path, held: Asked) -> None:
    desk = shift.desk
    other = conflict_id(held.request_id, held.digest)
    answer = answer_of(desk.outbox, other)
    if answer and answer.digest != held.digest:  # somebody chose that very id for a request of theirs
        other = conflict_id(held.request_id, held.digest, 40)
    if is_answered(desk.outbox, other):
        _put_away(desk, path, held, other)
        return
    claim = take(shift.me, path, held, other)
    if claim is None:
        return
    answer_without_run(shift, claim, conflict_with(held.request_id))


def _put_away(desk: Desk, path: Path, asked: Asked, request_id: str) -> None:
    # Whoever sealed it may have died before the answer was on the platter: then a power cut now would take both.
    make_lasting(desk.outbox, request_id)
    if desk.settings.is_carried:
        _bring_out_again(desk, request_id)
    _keep_what_the_answer_has_not(desk, path, asked, request_id)
    sweep(desk, request_id)


def _bring_out_again(desk: Desk, request_id: str) -> None:
    """Whoever asks again for what is archived here has lost it: between two folders only what lies in done is carried.

    Where that cannot be, its request goes all the same: the other side sends it again until it has the answer."""
    try:
        if bring_back(desk.outbox, request_id, desk.settings.archive):
            forget_confirmed(desk.inbox, request_id)  # what is asked for again is not there any more
            desk.log.info("ANSWER_BROUGHT_BACK", request=request_id, where=desk.outbox.done / request_id, why="asked for again")
    except (RelayError, OSError) as error:
        desk.log.warning("ANSWER_NOT_BROUGHT_BACK", request=request_id, why=error, rc=TRY_LATER)


def _keep_what_the_answer_has_not(desk: Desk, path: Path, asked: Asked, request_id: str) -> None:
    """The file goes; one whose content could not be copied into the answer is kept aside."""
    if asked.whole:
        let_go(desk.inbox, path)
    else:
        set_aside(desk.outbox, path, request_id)
