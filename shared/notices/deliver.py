"""Sending what waits: in order, one sender at a time on a machine, never longer than asked.

It exists so that a job, a worker's child and cron all send in the same way, and an outage costs none of them anything.
"""

from __future__ import annotations

import contextlib
import threading
import time
from typing import Dict, Iterator, List, NamedTuple, Optional, Tuple

from shared import clock
from shared.lock import only_one
from shared.notices import unsent
from shared.notices.incident import forget_old, open_incidents
from shared.notices.letter import Gone, Letter, Unfit
from shared.notices.notice import Notice
from shared.notices.post import Post
from shared.notices.telling import Teller
from shared.notices.unsent import Told
from shared.notices.way import Way, ways_of
from shared.notices.words import word

_SENDING = threading.Lock()


class Delivered(NamedTuple):
    """How many notices went everywhere they were to go, how many wait on, the ways that are refused, and why others failed."""

    sent: int
    left: int
    refused: Tuple[str, ...] = ()
    why: Dict[str, str] = {}  # in English, as log lines are
    next_try: Optional[str] = None  # of the ways that rest, the first to be tried again
    busy: bool = False  # somebody else on this machine is sending just now: nothing was tried


def deliver(post: Post, seconds: float) -> Delivered:
    """Send what waits, at most about that long. Whatever Slack does, this only tells it."""
    post.disk.ensure_folder(post.waiting)
    with _alone(post) as alone:
        if not alone:
            return Delivered(0, len(unsent.waiting(post)), busy=True)
        unsent.sweep(post)
        ways = ways_of(post)
        sent = _all(post, [Teller(way, time.monotonic() + seconds, set()) for way in ways])
        if not unsent.waiting(post):  # what waits may be of an incident that was over when it was told, and not for long
            forget_old(post, [way.name for way in ways if way.part.OUTSIDE])
    refused = tuple(way.name for way in ways if way.is_refused)
    why = {way.name: way.why.en for way in ways if any(way.why)}
    rests = [way.rests_until for way in ways if way.rests_until]
    return Delivered(sent, len(unsent.waiting(post)), refused, why, clock.iso(min(rests)) if rests else None)


def try_ways(post: Post, seconds: float) -> Dict[str, str]:
    """One line on every way out, at once and past all that waits, also where we were refused: what is in its way, or nothing."""
    notice = Notice(
        event="NOTICE_TOLD", level="INFO", title=word("test_title", post.language), opening=word("test_opening", post.language)
    )
    found: Dict[str, str] = {}
    with _alone(post) as alone:
        for way in ways_of(post) if alone else []:
            way.reopen()
            letter = Letter(notice, "test", post.now(), post.language)
            found[way.name] = _tried(way, letter, time.monotonic() + seconds)
    return found


def is_due(post: Post) -> bool:
    """Whether a delivery would find something to do now; the network is not asked."""
    waiting = list(unsent.waiting(post).values())
    for way in [one for one in ways_of(post) if one.is_open()]:
        counted = open_incidents(post, way.name) if way.part.OUTSIDE else ()
        if any(way.name not in marks for marks in waiting) or any(
            one.is_to_be_shown(way.part.edits(post), post.now()) for one in counted
        ):
            return True
    return False


def _all(post: Post, tellers: List[Teller]) -> int:
    """Twice what came meanwhile would be for ever: what is told while we send is sent by whoever comes next."""
    sent = 0
    for name, marks in unsent.waiting(post).items():
        if all(time.monotonic() >= teller.deadline for teller in tellers):
            break
        told = _read(post, name)
        if told:
            _through(post, told, tellers, marks)
            sent += not post.disk.exists(post.waiting / name)
    for teller in tellers:
        if teller.way.part.OUTSIDE and teller.way.is_open():
            teller.show_counted()
        teller.way.rest()
    return sent


@contextlib.contextmanager
def _alone(post: Post) -> Iterator[bool]:
    """Whether nobody else on this machine is sending. A file's lock is a process's: threads have their own, taken first."""
    if not _SENDING.acquire(blocking=False):
        yield False
        return
    try:
        with only_one(post.folder / "sending.lock") as alone:
            yield alone
    finally:
        _SENDING.release()


def _tried(way: Way, letter: Letter, deadline: float) -> str:
    try:
        is_shown = way.show(letter, deadline) is not None
    except (Unfit, Gone) as error:
        return error.why.in_language(letter.language)
    way.rest()
    return "" if is_shown else way.why.in_language(letter.language)


def _read(post: Post, name: str) -> Optional[Told]:
    try:
        return unsent.told_of(post, name)
    except FileNotFoundError:
        return None
    except ValueError:
        unsent.set_aside(post, name)
        return None


def _through(post: Post, told: Told, tellers: List[Teller], marks: List[str]) -> None:
    """Every way that has not had it and is open. What is wrong with the settings is mended before it goes: none is lost."""
    had = set(marks)
    wanted = {teller.way.name for teller in tellers} | ({"mended settings"} if post.problems else set())
    for teller in [one for one in tellers if one.way.name not in had and one.way.is_open()]:
        if _take(post, told, teller):
            had.add(teller.way.name)
            _note(post, told, teller.way.name, had >= wanted)
    if had >= wanted:
        unsent.sent_everywhere(post, told, sorted(had))


def _note(post: Post, told: Told, by: str, is_last: bool) -> None:
    """Shown there; the last to show it needs no mark of its own, as the notice goes."""
    if not is_last:
        unsent.mark_taken(post, told.name, by)


def _take(post: Post, told: Told, teller: Teller) -> bool:
    try:
        return teller.take(told)
    except (Unfit, Gone) as error:
        unsent.keep_copy(post, told.name)
        teller.way.could_not_take(error)
        return True
