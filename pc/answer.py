"""Making an answer: of a run, or in place of one.

It exists so that every request ends the same way, in one sealed folder with a manifest, whatever became of it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import traceback
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pc.run
from inbox import Asked, Claim, Request, is_still_ours
from outbox import REPORT, REQUEST, Draft, is_answered, note_result, remember, report_of
from pc.desk import Desk
from pc.ending import Sealed
from pc.facts import Fate, facts_of, facts_of_cancelled
from pc.patience import MENDS_ITSELF, share_trouble
from pc.phases import Phases, Tell
from pc.previous import Previous, previous_of
from pc.reuse import key_of, told_again
from shared import clock
from shared.errors import RelayError, RunFaulty, RunOutOfMemory, ShareUnreachable, in_words

_OF_THIS_PROCESS = (errno.EMFILE, errno.EBADF, errno.EFBIG)


def perform(desk: Desk, claim: Claim, tell: Tell) -> Sealed:
    """Run a claimed request and seal whatever comes of it. Only trouble with the reports folder is raised (ShareUnreachable)."""
    with _share_trouble(claim.request_id):
        draft = Draft(desk.outbox, claim.request_id, claim.attempt, claim.nonce)
        log = draft.open_log("run.log")
    started = clock.now()
    try:
        with _output_into(log):
            _say(f"{clock.for_people(started)} request={claim.request_id} attempt={claim.attempt} run={draft.run_id}")
            told = _run(desk, claim, draft, tell)
            _say(f"{clock.for_people(clock.now())} {told.status}")
        with _share_trouble(claim.request_id):
            draft.write(REQUEST, claim.asked.data)
            draft.adopt("run.log")
            tell("seal", 97)
            return _seal(desk, claim, draft, Fate(started, told))
    except ShareUnreachable as error:
        _drop(draft, error)
        raise


def own_limit(error: ShareUnreachable) -> OSError | None:
    """The system's word where it is this process that may not go on; no share ever says so."""
    cause = error.__cause__
    return cause if isinstance(cause, OSError) and cause.errno in _OF_THIS_PROCESS else None


def refuse(desk: Desk, claim: Claim, error: RelayError, log: bytes = b"") -> Sealed:
    """Seal the answer to a request that is not run, or whose run ended without a word; `log` is what it had printed."""
    draft = Draft(desk.outbox, claim.request_id, claim.attempt, claim.nonce)
    draft.write(REQUEST, claim.asked.data)
    draft.write(REPORT, report_of(claim.request_id, error, desk.settings.language))
    if log:
        draft.write("run.log", log)
    return _seal(desk, claim, draft, Fate(clock.now(), error))


def cancel_answer(desk: Desk, request_id: str, error: RelayError, asked: Asked | None) -> str:
    """Seal CANCELLED for an id that has no answer yet, and the run it is told under; empty if somebody answered it meanwhile.

    The cancel may come before its request does: then there is nothing to keep of it."""
    draft = Draft(desk.outbox, request_id, 0)
    draft.write(REQUEST, asked.data if asked else b"{}\n")
    draft.write(REPORT, report_of(request_id, error, desk.settings.language))
    facts = facts_of_cancelled(desk, asked, error)
    # RACE: asked again after the draft is complete: a run that finished meanwhile has the better answer.
    return draft.run_id if draft.seal(facts, lambda: not is_answered(desk.outbox, request_id)) else ""


def _drop(draft: Draft, error: ShareUnreachable) -> None:
    """What it holds may be the very room that is missing; where the run is to blame, its last words are wanted."""
    if own_limit(error) is None:
        with contextlib.suppress(OSError):
            draft.drop()


def _run(desk: Desk, claim: Claim, draft: Draft, tell: Tell) -> pc.run.Ran | RelayError:
    """What came of the run. Everything it can do wrong becomes an error here."""
    assert claim.asked.request is not None
    request = claim.asked.request.model_copy(update={"request_id": claim.request_id})

    def write(name: str, data: bytes) -> None:
        with _share_trouble(claim.request_id):
            draft.write(name, data)

    try:
        before = partial(_before, desk, claim, draft)
        return _result(desk, request, pc.run.Into(write, before), tell)
    except ShareUnreachable:
        raise
    except RelayError as error:
        told = type(error)(*error.args)  # without the frames it came through: they hold all the run had in memory
    except MemoryError:
        told = _out_of_memory(desk, request)
    except Exception as error:
        traceback.print_exc()
        told = RunFaulty(f"running {claim.request_id!r}", in_words(error), "run.log has the traceback")
    _say(f"[{told.code}] {told}")
    write(REPORT, report_of(claim.request_id, told, desk.settings.language))
    return told


def _result(desk: Desk, request: Request, into: pc.run.Into, tell: Tell) -> pc.run.Ran:
    """An earlier result of the very same, unless the request wants a fresh one; else that of the run."""
    phases = Phases(tell)
    scope = pc.run.prepared(request, desk.settings, phases)
    key = key_of(scope)
    with _share_trouble(str(request.request_id)):
        earlier = None if request.fresh else told_again(desk.outbox, key, scope, into)
    return earlier or replace(pc.run.carry_out(scope, into, phases), key=key)


def _before(desk: Desk, claim: Claim, draft: Draft, ran: pc.run.Ran) -> Previous | None:
    """How this result, whose tables are written, stands to the one before."""
    facts = facts_of(desk, claim, Fate(clock.now(), ran))
    return previous_of(desk, {**facts, "request_id": claim.request_id}, {**draft.tables, REQUEST: claim.asked.data})


def _out_of_memory(desk: Desk, request: Request) -> RelayError:
    limit = request.memory_mb or desk.settings.memory_mb
    return RunOutOfMemory(f"running {request.strategy!r}", f"it wanted more than {limit} MB", "give it more with memory_mb")


def _seal(desk: Desk, claim: Claim, draft: Draft, fate: Fate) -> Sealed:
    def still_ours() -> bool:
        return is_still_ours(desk.inbox, claim)

    facts = facts_of(desk, claim, fate)
    try:
        ours = draft.seal(facts, still_ours)
    except ValueError as error:  # something in it that no JSON can say: no answer may be lost over that
        fate = Fate(fate.started, RunFaulty(f"writing the manifest of {claim.request_id!r}", str(error), "report it"))
        facts = facts_of(desk, claim, fate)
        ours = draft.seal(facts, still_ours)
    if ours:
        _remember(desk, claim, facts, fate)
    return Sealed(ours, fate.status, fate.error)


def _remember(desk: Desk, claim: Claim, facts: dict[str, Any], fate: Fate) -> None:
    """For whoever asks the same again: to be compared with, and not to wait. The answer is sealed, whatever becomes of this."""
    told = fate.told
    with contextlib.suppress(OSError):
        remember(desk.outbox, {**facts, "request_id": claim.request_id}, claim.asked.data)
    if isinstance(told, pc.run.Ran) and told.key and not told.reused_from and told.is_complete:
        with contextlib.suppress(OSError):
            note_result(desk.outbox, told.key, claim.request_id)


@contextlib.contextmanager
def _share_trouble(request_id: str) -> Iterator[None]:
    """An OSError here is the folder's, not the run's: the request is given back, not failed."""
    try:
        yield
    except OSError as error:
        raise ShareUnreachable(
            f"writing the answer to {request_id!r}", f"{share_trouble(error)} ({error})", MENDS_ITSELF
        ) from error


@contextlib.contextmanager
def _output_into(log: int) -> Iterator[None]:
    """Everything printed, by Python or by C, goes into the run's log."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = os.dup(1), os.dup(2)
    os.dup2(log, 1)
    os.dup2(log, 2)
    try:
        yield
    finally:
        _flush_quietly()
        for fd, original in enumerate(kept, start=1):
            os.dup2(original, fd)
            os.close(original)
        os.close(log)


def _say(text: str) -> None:
    """Into the run's log; a full disk must not turn what is said of a run into its failure."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


def _flush_quietly() -> None:
    """A full disk must not turn what a run printed into its failure."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            continue
