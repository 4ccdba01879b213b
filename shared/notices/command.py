"""`notify`: send, test, digest and status, the same on both machines.

It exists so that a person, a script and cron tell something, try the ways out, and see what waits.
"""

from __future__ import annotations

import argparse
import re
import time
from typing import Any, List, Mapping, Optional

from shared import clock
from shared.closing import acknowledge
from shared.config import load
from shared.errors import UsageWrong, nearest
from shared.notices.deliver import Delivered, deliver, try_ways
from shared.notices.digest import digest_of
from shared.notices.loudness import OF_EVENTS
from shared.notices.notice import Notice
from shared.notices.post import Post, open_post
from shared.notices.record import IsWhole
from shared.notices.standing import Standing, standing
from shared.notices.unsent import tell
from shared.notices.words import word
from shared.one_line import clean_lines
from shared.outcome import FAILED, OK, TRY_LATER


def notify(options: argparse.Namespace, is_whole: IsWhole) -> int:
    """The exit code: 0 all sent, 1 a token or an address is refused, 2 something waits; `status`, which tries nothing, ends
    with 2 for either. `is_whole` says of an answer that was
    damaged whether it is whole by now."""
    began = time.monotonic()
    post = open_post(load())
    if options.what == "status":
        return _status(post, options.json)
    if post.problems:
        raise post.problems[0]
    if options.day and not re.fullmatch(r"\d{4}-\d\d-\d\d", options.day):
        raise UsageWrong("reading the command", f"--day {options.day!r} is no day", "write it like 2026-11-20")
    if options.what == "test":
        return _test(post, options, began)
    if options.what == "digest":
        tell(post, digest_of(post, options.day or f"{clock.now():%Y-%m-%d}", is_whole))
    elif options.title:
        tell(post, _asked(options))
    delivered = deliver(post, options.seconds)
    return _close(delivered, options.json, began)


def _asked(options: argparse.Namespace) -> Notice:
    if options.event not in OF_EVENTS:
        raise UsageWrong("reading the command", f"no event {options.event!r}", nearest(options.event, OF_EVENTS))
    words = ("event", "level", "title", "cause", "fix", "key", "recovers", "day")
    return Notice(**{name: getattr(options, name) for name in words})


def _test(post: Post, options: argparse.Namespace, began: float) -> int:
    """Each way by itself: one that is refused hides no other."""
    found = try_ways(post, min(options.seconds, 10.0))
    lines = [f"{'✗' if why else '✓'} {name}: {why or 'ok'}" for name, why in found.items()]
    if not options.json:
        print(clean_lines("\n".join(lines)))
    wrong = [name for name, why in found.items() if why]
    rc = FAILED if wrong else OK
    facts = {"ways": ",".join(found) or "none: somebody is sending", "wrong": ",".join(wrong) or None}
    document = {name: {"ok": not why, "why": why} for name, why in found.items()}
    return _ended("NOTICES_TRIED", {**facts, "rc": rc, "elapsed_ms": _ms_since(began)}, document if options.json else None)


def _close(delivered: Delivered, as_json: bool, began: float) -> int:
    rc = FAILED if delivered.refused else TRY_LATER if delivered.left and not delivered.busy else OK
    why = "; ".join(f"{name}: {why}" for name, why in delivered.why.items()) or ("being sent" if delivered.busy else None)
    told = {"sent": delivered.sent, "left": delivered.left, "why": why, "next_try": delivered.next_try}
    facts = {**told, "rc": rc, "elapsed_ms": _ms_since(began)}
    return _ended("NOTICES_DELIVERED", facts, {**delivered._asdict(), "rc": rc} if as_json else None)


def _status(post: Post, as_json: bool) -> int:
    found = standing(post)
    if not as_json:
        print(clean_lines("\n".join(_lines(found, post.language))))
    rc = TRY_LATER if found.refused or found.problems or found.why else OK
    facts = {"waiting": found.waiting, "aside": found.aside or None, "refused": ",".join(found.refused) or None, "rc": rc}
    return _ended("NOTICES_SHOWN", facts, found._asdict() if as_json else None)


def _lines(found: Standing, say: str) -> List[str]:
    key, values = ("waiting_since", [found.waiting, found.waiting_since]) if found.waiting_since else ("waiting", [found.waiting])
    lines = [word(key, say, *values)]
    for name, when in found.last_sent.items():
        lines.append(word("last_sent", say, name, when) if when else word("never_sent", say, name))
    lines += [f"✗ {word('put_right', say, name, why)}" for name, why in found.refused.items()]
    lines += [f"! {name}: {_until(why, found.next_try.get(name), say)}" for name, why in found.why.items()]
    lines += [f"! {word('is_open', say, headline)}" for headline in found.incidents]
    lines += [f"! {word('aside', say, found.aside)}"] if found.aside else []
    return lines + [f"✗ {problem}" for problem in found.problems]


def _until(why: str, next_try: Optional[str], language: str) -> str:
    """And when it is tried again, where that is known."""
    moment = clock.moment_in(next_try)
    return word("next_try", language, why, f"{moment:%H:%M:%S} KST") if moment else why


def _ended(event: str, facts: Mapping[str, Any], document: Optional[Mapping[str, Any]]) -> int:
    """Its last line, for programs its document; the exit code."""
    acknowledge(event, facts, document)
    return int(facts["rc"])


def _ms_since(began: float) -> float:
    return (time.monotonic() - began) * 1000
