"""`compare`: how one answer stands to another, and why.

It exists so that "did anything change since the last run, and whose fault is it" is one command, for a person and for cron.
"""

from __future__ import annotations

import argparse
import time
from typing import Any, Dict, List, Tuple

import outbox
from nas.desk import Desk, open_desk
from nas.find import resolve
from nas.labels import word
from nas.submitted import LATEST, PREVIOUS, newest_submitted
from outbox import Comparison, Kept, Side, is_answered, kept
from shared.closing import close
from shared.errors import StillWaiting, UsageWrong
from shared.one_line import one_line
from shared.outcome import FAILED, OK

FAIL_ON = {
    "drift": (outbox.DRIFT, outbox.REGRESSION),
    "regression": (outbox.REGRESSION,),
    "any": (outbox.DRIFT, outbox.REGRESSION, outbox.IMPROVED, outbox.NOT_COMPARABLE),
}
_NAMED = (PREVIOUS, LATEST)


def compare(options: argparse.Namespace) -> int:
    """Compare two verified answers; 1 where the verdict is one of those named by --fail-on."""
    began, desk = time.monotonic(), open_desk()
    ids = _pair(desk, options)
    answers = [_answer(desk, request_id) for request_id in ids]
    found = outbox.compare(
        *(Side(one.manifest, one.files.get(outbox.CURVE, b""), one.files.get(outbox.TRADES)) for one in answers)
    )
    notes = _notes(answers, desk.settings.language)
    told = {"a": ids[0], "b": ids[1], "notes": notes, **found.as_dict()}
    if not options.json:
        print("\n".join(map(one_line, _lines(found, ids, notes, desk.settings.language))))
    close(found.verdict, {"a": ids[0], "b": ids[1]}, time.monotonic() - began, told if options.json else None)
    return FAILED if found.verdict in FAIL_ON.get(options.fail_on, ()) else OK


def _pair(desk: Desk, options: argparse.Namespace) -> Tuple[str, str]:
    wanted = tuple(one for one in (options.a, options.b) if one is not None) or _NAMED
    doing, fix = "choosing what to compare", "for example: python -m nas compare @prev @latest"
    if len(wanted) == 1:
        raise UsageWrong(doing, f"only {wanted[0]!r} is named", f"name two answers, or none; {fix}")
    if options.strategy and not set(wanted) & set(_NAMED):
        raise UsageWrong(doing, "--strategy chooses among @prev and @latest, and both ids are named", fix)
    recent = newest_submitted(desk, options.strategy, wanted) if set(wanted) & set(_NAMED) else {}
    first, second = (recent.get(one) or resolve(desk, one) for one in wanted)
    if first == second:
        raise UsageWrong(doing, f"both are {first!r}", fix)
    return first, second


def _answer(desk: Desk, request_id: str) -> Kept:
    if not is_answered(desk.outbox, request_id):
        found = "it has no answer yet"
        raise StillWaiting(f"comparing {request_id!r}", found, f"`python -m nas show {request_id}` says where it is")
    return kept(desk.outbox, desk.settings.archive, request_id, (outbox.CURVE, outbox.TRADES))


def _notes(answers: List[Kept], language: str) -> List[str]:
    """What makes a reader look twice, said in the first line: made-up prices, degraded answers."""
    made_up = any((one.manifest.get("data") or {}).get("synthetic") for one in answers)
    degraded = [name for name, one in zip("AB", answers) if one.manifest.get("degraded")]
    notes = [word("synthetic", language)] if made_up else []
    return notes + ([word("with_care", language).format("·".join(degraded))] if degraded else [])


def _lines(found: Comparison, ids: Tuple[str, str], notes: List[str], language: str) -> List[str]:
    first = [f"※ {note}" for note in notes]
    verdict = f"{outbox.called(found.verdict, language)}  {outbox.verdict_in_words(found, language)}"
    named: Dict[str, Any] = dict(zip("AB", ids))
    return [
        "  ".join([*first, verdict]),
        *(f"  {name}  {request_id}" for name, request_id in named.items()),
        *outbox.figures_in_words(found, language),
        *outbox.causes_in_words(found, language),
    ]
