"""`publish`: every verified answer is shown once: on the shelves, in the index, by a notice.

It exists so that people and the old readers find results where they look for them, and none that cannot be believed.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import time
from typing import Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

from nas.marks import (
    Entry,
    entries,
    is_listed,
    kinds_in_words,
    kinds_of,
    make_marks,
    published_ids,
    refusals_listed,
    write_index,
)
from nas.press import Press, open_press, publish_one, refuse_one
from nas.refusing import Refusal, is_unchanged, refused_before
from nas.run_status import write_run_status
from nas.shelves import tidy
from outbox import answers, manifest_of
from shared import clock
from shared.closing import SKIPPED, close
from shared.completion import object_in
from shared.config import load
from shared.errors import RelayError
from shared.lock import only_one
from shared.notices import deliver, is_due
from shared.outcome import FAILED, OK, TRY_LATER

_SENDING_SECONDS = 10.0
_FAILURES_OF_A_CALL = 3  # so many in a row may be the share's, not the answers'
_OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
Ending = Union[Entry, Refusal, OSError, None]  # shown, refused, waiting; or nothing new


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
        outcome = publish_answers(press) if ours else _outcome_of({}, {})
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
    known, before = entries(press.marks), refused_before(press.outbox, press.marks)
    outcome = _outcome_of(_endings(press, known, before), before)
    write_index(press.marks, [*known, *outcome.published], outcome.refused)
    write_run_status(press.marks.files, press.settings.reports, [*known, *outcome.published], press.now().date())
    return outcome


def _endings(press: Press, known: Sequence[Entry], before: Mapping[str, Entry]) -> Dict[str, Ending]:
    """What became of each, one after the other: an answer may be compared with those shown before it."""
    endings: Dict[str, Ending] = {}
    shown, failures = list(known), 0
    for request_id in _in_order(press, before):
        ending = endings[request_id] = _ending_of(press, request_id, shown, before.get(request_id))
        if isinstance(ending, dict) and is_listed(ending):
            shown.append(ending)
        failures = failures + 1 if isinstance(ending, OSError) else 0
        if isinstance(ending, OSError) and failures == _FAILURES_OF_A_CALL:
            _raise_if_the_shares(press, ending)
    return endings


def _ending_of(press: Press, request_id: str, known: Sequence[Entry], before: Optional[Entry]) -> Ending:
    """Where something stood in its way, that: it waits, and keeps none of the others waiting."""
    try:
        ending = publish_one(press, request_id, known)
        return refuse_one(press, ending, before) if isinstance(ending, Refusal) else ending
    except OSError as error:
        return error


def _outcome_of(endings: Mapping[str, Ending], before: Mapping[str, Entry]) -> Outcome:
    """What all of it comes to, after what was refused before."""
    shown = {name: one for name, one in endings.items() if isinstance(one, dict)}
    refused = {name: one for name, one in endings.items() if isinstance(one, Refusal)}
    all_refused = {**before, **{name: one.entry for name, one in refused.items()}}
    return Outcome(
        [entry for entry in shown.values() if is_listed(entry)],
        {name: entry for name, entry in all_refused.items() if name not in shown},
        [name for name, one in refused.items() if one.is_wrong],
        {name: str(one) for name, one in endings.items() if isinstance(one, OSError)},
    )


def _raise_if_the_shares(press: Press, trouble: OSError) -> None:
    """A full or lost disk ends the call. Of what else may be the share's fault, those after it are published."""
    if trouble.errno in _OF_THE_DISK:
        raise trouble
    press.shelves.files.mtime(press.outbox.done)  # raises where the share is away


def _in_order(press: Press, before: Mapping[str, Entry]) -> List[str]:
    """The answers to look at, the one finished first first."""
    published = published_ids(press.marks)
    found: List[Tuple[float, str]] = []
    for request_id in answers(press.outbox):
        is_done = request_id in published or is_unchanged(press.outbox, request_id, before.get(request_id))
        if request_id.isprintable() and not is_done:  # a name nobody can print is no id
            found.append((_finished(press, request_id), request_id))
    return [request_id for _, request_id in sorted(found)]


def _finished(press: Press, request_id: str) -> float:
    """When it was, as far as can be read: what cannot be is refused soon enough."""
    try:
        moment = clock.moment_in(object_in(manifest_of(press.outbox, request_id), "timings").get("finished"))
    except (RelayError, OSError):
        return 0.0
    return moment.timestamp() if moment else 0.0


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
