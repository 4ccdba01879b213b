"""`publish`: every verified answer is shown once: on the shelves, in the index, by a notice.

It exists so that people and the old readers find results where they look for them, and none that cannot be believed.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import time
from typing import Dict, List, NamedTuple, Optional, Tuple

from nas.marks import (
    Entry,
    entries,
    forgive,
    kinds_in_words,
    kinds_of,
    make_marks,
    published_ids,
    refusals,
    refusals_listed,
    refuse,
    write_index,
)
from nas.press import WRONG, AnswerUnreadable, Press, count_refusal, open_press, publish_one
from nas.shelves import tidy
from outbox import answers, manifest_of, times_of
from shared import clock
from shared.closing import SKIPPED, close
from shared.completion import object_in
from shared.config import load
from shared.errors import AnswerDamaged, RelayError, RequestNotFound, in_words
from shared.lock import only_one
from shared.notices import deliver, is_due
from shared.outcome import FAILED, OK, TRY_LATER

_SENDING_SECONDS = 10.0
_FAILURES_OF_A_CALL = 3  # so many in a row may be the share's, not the answers'
_OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_OF_THE_ANSWER = (errno.EACCES, errno.EPERM, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ)  # no retry mends it
_POISON = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError)


class Outcome(NamedTuple):
    """What one call did, and what it left."""

    published: List[Entry]
    refused: Dict[str, Entry]  # all that are refused now
    damaged: List[str]  # those of them nobody was told of before
    waiting: Dict[str, str]  # what could not be done now, and why

    @property
    def rc(self) -> int:
        """A damaged answer fails the call that finds it, once; synthetic ones were never meant to be shown."""
        return FAILED if self.damaged else TRY_LATER if self.waiting else OK


def publish(options: argparse.Namespace) -> int:
    """Show what came since the last time; two at once are one."""
    began, press = time.monotonic(), open_press(load())
    with only_one(press.settings.lock_of("publish")) as ours:
        outcome = publish_answers(press) if ours else Outcome([], {}, [], {})
    with contextlib.suppress(OSError):  # what could not be sent waits for whoever sends next
        if is_due(press.post):
            deliver(press.post, _SENDING_SECONDS)
    return _close(outcome, ours, (time.monotonic() - began) * 1000, options.json)


def publish_answers(press: Press) -> Outcome:
    """Publish every answer that was not yet, in the order in which they were finished; what a killed call left is ended."""
    make_marks(press.marks)
    for folder in (press.shelves.backtests, press.shelves.latest):
        press.shelves.files.ensure_folder(folder)
    tidy(press.shelves)
    known = entries(press.marks)
    outcome = Outcome([], _still_refused(press), [], {})
    failures = 0
    for request_id in _in_order(press, outcome):
        trouble = _trouble_with(press, request_id, known, outcome)
        failures = failures + 1 if trouble else 0
        if trouble and failures == _FAILURES_OF_A_CALL:
            _raise_if_the_shares(press, trouble)
    write_index(press.marks, known, outcome.refused)
    return outcome


def _trouble_with(press: Press, request_id: str, known: List[Entry], outcome: Outcome) -> Optional[OSError]:
    """What stood in the way of that one, which waits: it keeps none of the others waiting."""
    try:
        _publish_or_refuse(press, request_id, known, outcome)
    except OSError as error:
        outcome.waiting[request_id] = str(error)
        return error
    return None


def _raise_if_the_shares(press: Press, trouble: OSError) -> None:
    """A full or lost disk ends the call. Of what else may be the share's fault, those after it are published."""
    if trouble.errno in _OF_THE_DISK:
        raise trouble
    press.shelves.files.mtime(press.outbox.done)  # raises where the share is away


def _still_refused(press: Press) -> Dict[str, Entry]:
    """What was refused before; of an answer that is gone, or was published since, nothing is remembered."""
    there, published = set(answers(press.outbox)), published_ids(press.marks)
    found = refusals(press.marks)
    for request_id in [one for one in found if one not in there or one in published]:
        forgive(press.marks, request_id)
        del found[request_id]
    return found


def _in_order(press: Press, outcome: Outcome) -> List[str]:
    """The answers to look at, the one finished first first."""
    published = published_ids(press.marks)
    found: List[Tuple[float, str]] = []
    for request_id in answers(press.outbox):
        is_done = request_id in published or _is_refused_still(press, request_id, outcome)
        if request_id.isprintable() and not is_done:  # a name nobody can print is no id
            found.append((_finished(press, request_id), request_id))
    return [request_id for _, request_id in sorted(found)]


def _is_refused_still(press: Press, request_id: str, outcome: Outcome) -> bool:
    """Nothing of it was brought again since: it would be refused for the same reason."""
    before = outcome.refused.get(request_id)
    with contextlib.suppress(OSError):  # what cannot be asked is looked at again
        return before is not None and before.get("times") == times_of(press.outbox, request_id)
    return False


def _finished(press: Press, request_id: str) -> float:
    """When it was, as far as can be read: what cannot be is refused soon enough."""
    try:
        moment = clock.moment_in(object_in(manifest_of(press.outbox, request_id), "timings").get("finished"))
    except (RelayError, OSError):
        return 0.0
    return moment.timestamp() if moment else 0.0


def _publish_or_refuse(press: Press, request_id: str, known: List[Entry], outcome: Outcome) -> None:
    times = _times(press, request_id)  # before it is read: what comes meanwhile is looked at again
    try:
        entry = _believed(press, request_id, known)
    except RequestNotFound:  # a folder without a manifest is no answer
        return
    except RelayError as error:
        known_as = "" if isinstance(error, AnswerUnreadable) else times  # its times may tell nothing: it is looked at again
        if not _is_told(outcome.refused.get(request_id), error, known_as):
            outcome.refused[request_id] = _refused(press, request_id, error, known_as)
            outcome.damaged.extend([request_id] if isinstance(error, WRONG) else [])
        return
    known.extend([entry] if entry else [])
    outcome.published.extend([entry] if entry else [])
    outcome.refused.pop(request_id, None)


def _refused(press: Press, request_id: str, error: RelayError, times: str) -> Entry:
    """Told, and remembered."""
    count_refusal(press, request_id, error)
    entry = refuse(press.marks, request_id, error, times)
    tell = press.log.error if isinstance(error, WRONG) else press.log.warning
    tell("PUBLICATION_REFUSED", request=request_id, code=error.code, why=error)
    return entry


def _is_told(before: Optional[Entry], error: RelayError, times: str) -> bool:
    """Whether it was refused as the same for the same reason."""
    return before is not None and (before.get("times"), before.get("code"), before.get("why")) == (times, error.code, error.why)


def _times(press: Press, request_id: str) -> str:
    """As what it is seen; nothing where that cannot be asked: then it is looked at by every call."""
    with contextlib.suppress(OSError):
        return times_of(press.outbox, request_id)
    return ""


def _is_the_answers(press: Press, request_id: str, error: OSError) -> bool:
    """Whether it is that folder which cannot be read, and not the share, nor a place where we write."""
    place = str(press.outbox.done / request_id)
    is_below = str(error.filename) == place or str(error.filename).startswith(f"{place}/")
    # Windows says of a file that somebody holds open that we have no right to it.
    return is_below and error.errno in _OF_THE_ANSWER and getattr(error, "winerror", None) is None


def _believed(press: Press, request_id: str, known: List[Entry]) -> Optional[Entry]:
    """What was published; a fault over what anybody may have sealed is the answer's, and stops none of the others."""
    try:
        return publish_one(press, request_id, known)
    except OSError as error:
        if not _is_the_answers(press, request_id, error):
            raise
        found, fix = f"{error.strerror} ({error.filename})", "mend its rights, or remove it: every call looks at it again"
        raise AnswerUnreadable(f"publishing {request_id!r}", found, fix) from error
    except _POISON as error:
        found = f"it holds what cannot be shown ({in_words(error)[:200]})"
        raise AnswerDamaged(f"publishing {request_id!r}", found, "`python -m nas retry` asks again") from error


def _close(outcome: Outcome, ours: bool, elapsed_ms: float, as_json: bool) -> int:
    """The closing line, and for programs the same as data."""
    word = {FAILED: "FAILED", TRY_LATER: "WAITING"}.get(outcome.rc, "OK") if ours else SKIPPED
    refused = kinds_in_words(kinds_of(outcome.refused.values()))  # for what: the refusal itself is said only once
    why = _why_waiting(outcome) if ours else "another publish is at work"
    facts = {"published": len(outcome.published), "refused": refused, "waiting": len(outcome.waiting), "why": why}
    told = {"rc": outcome.rc, "published": outcome.published, "refused": refusals_listed(outcome.refused)}
    waiting = [{"request_id": name, "why": why} for name, why in outcome.waiting.items()]
    document = {**told, "waiting": waiting, "at_work": not ours, "elapsed_ms": round(elapsed_ms)}
    close(word, facts, elapsed_ms / 1000, document if as_json else None)
    return outcome.rc


def _why_waiting(outcome: Outcome) -> Optional[str]:
    """Of the first that waits."""
    return next((why[:200] or None for why in outcome.waiting.values()), None)
