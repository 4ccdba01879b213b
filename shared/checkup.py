"""Examining a machine: every check at the same time, none waited for longer than its share, all told in one shape.

It exists because the very things doctor looks for (a share that hangs, a host that does not answer) would hang doctor.
"""

from __future__ import annotations

import functools
import queue
import sys
import threading
import time
from typing import Any, Dict, List, Mapping, NamedTuple, Tuple

from shared.closing import close
from shared.found import BAD, OK, WARN, Check, Found, cannot_tell, exit_code
from shared.masking import masked
from shared.one_line import one_line
from shared.sayings import called, say

SECONDS = 2.5  # for all checks together; the rest of the three seconds is Python's own start
_SHARE_SECONDS = 1.0
_SIGNS = {OK: "✓", WARN: "!", BAD: "✗"}
_PLAIN_SIGNS = {OK: "o", WARN: "!", BAD: "x"}


class Plan(NamedTuple):
    """What one side looks at. `afterwards` has no limit and is asked only where the share is there."""

    side: str
    share: Check
    of_share: Mapping[str, Check]
    of_machine: Mapping[str, Check]
    afterwards: Mapping[str, Check]


def examine_and_tell(plan: Plan, language: str, as_json: bool) -> int:
    """Both; the exit code."""
    began = time.monotonic()
    found = examine_all(plan)
    _tell(plan.side, found, (language, as_json), round((time.monotonic() - began) * 1000))
    return exit_code(found)


def examine_all(plan: Plan) -> List[Found]:
    """What is known of a machine and its share, in order; nothing is asked of a share that is not there or does not answer."""
    began = time.monotonic()
    found = examine({"share": plan.share}, _SHARE_SECONDS)
    there = found[0].verdict != BAD
    found += examine({**(plan.of_share if there else {}), **plan.of_machine}, SECONDS - (time.monotonic() - began))
    return found + [_answer(name, check) for name, check in plan.afterwards.items() if there]


def examine(checks: Mapping[str, Check], seconds: float) -> List[Found]:
    """What each found, in order. One that raises could not tell; one that is not done in time is left behind, and said so."""
    done: "queue.Queue[Tuple[str, Found]]" = queue.Queue()
    began = time.monotonic()
    found: Dict[str, Found] = {}
    for name, check in checks.items():
        # A daemon: a call that hangs on a dead share cannot be ended, and must not keep the command from ending.
        ask = functools.partial(_put, done, name, check)
        threading.Thread(target=ask, name=f"doctor-{name}", daemon=True).start()
    while len(found) < len(checks):
        try:
            name, one = done.get(timeout=max(0.0, seconds - (time.monotonic() - began)))
        except queue.Empty:
            break
        found[name] = one
    return [found.get(name) or _late(name, seconds) for name in checks]


def _answer(name: str, check: Check) -> Found:
    try:
        found = check()
    except Exception as error:  # the one place where a check's fault becomes a finding
        found = cannot_tell(name, error)
    return found._replace(check=name)


def _put(done: "queue.Queue[Tuple[str, Found]]", name: str, check: Check) -> None:
    done.put((name, _answer(name, check)))


def _late(name: str, seconds: float) -> Found:
    verdict = BAD if name == "share" else WARN
    return Found(name, verdict, say("late", seconds=f"{seconds:.1f}"), say("late_fix"))


def _tell(side: str, found: List[Found], how: Tuple[str, bool], elapsed: int) -> None:
    rc, (language, as_json) = exit_code(found), how
    word = {0: "OK", 2: "WARN", 3: "BAD"}[rc]
    counts = {name: sum(one.verdict == verdict for one in found) for name, verdict in (("warnings", WARN), ("bad", BAD))}
    document = {"side": side, "rc": rc, "elapsed_ms": elapsed, "checks": [_as_data(one, language) for one in found]}
    if not as_json:
        print("\n".join(_lines(found, language)))
    close(word, {"checks": len(found), **counts}, elapsed / 1000, document if as_json else None)


def _as_data(found: Found, language: str) -> Dict[str, str]:
    return {name: masked(text) for name, text in found.as_data(language).items()}


def _lines(found: List[Found], language: str) -> List[str]:
    signs = _SIGNS if _shows(sys.stdout, "✓✗") else _PLAIN_SIGNS
    lines = []
    for one in found:
        lines.append(_whole(f"{signs[one.verdict]} {called(one.check, language)}: {one.said.in_language(language)}"))
        fix = one.fix.in_language(language)
        if fix:
            lines.append(_whole(f"    {fix}"))
    return lines


def _shows(stream: Any, text: str) -> bool:
    """Whether that stream's encoding has these letters."""
    try:
        text.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _whole(text: str) -> str:
    """One line without secrets, whatever an error's text or a worker's name holds."""
    return text[: len(text) - len(text.lstrip())] + " ".join(one_line(masked(text)).split())
