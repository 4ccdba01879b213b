"""Which two answers may be compared, the same strategy, parameters, terms, symbols and period asked for; and which failures
an answer ends.

It exists so that "since the last run" never sets a number against one that was asked otherwise, and nothing is called over
that is not.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Optional

from shared import clock
from shared.completion.asked import asked_in, sign_of
from shared.completion.reading import data_until, growth_a_year, object_in, odd_prices

INDEX = "index.json"  # in a reports folder whose answers are published: the entries of all of them


def question_of(manifest: Mapping[str, Any]) -> str:
    """What was asked, in a few signs: equal where two answers may be compared. Not the data: that is what moves on."""
    universe, period = object_in(manifest, "universe"), object_in(manifest, "period")
    asked = [
        manifest.get("strategy"),
        manifest.get("params"),
        manifest.get("terms"),
        universe.get("symbols"),
        period.get("asked"),
    ]
    return hashlib.sha256(json.dumps(asked, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()[:16]


def entry_of(manifest: Mapping[str, Any], request: bytes = b"") -> Dict[str, Any]:
    """An answer in a few facts: what the index of the published ones holds of it. `request` as the answer holds it."""
    asked = asked_in(request)
    metrics = object_in(manifest, "metrics")
    figures = {"cagr": growth_a_year(metrics), "mdd": metrics.get("MDD"), "sharpe": metrics.get("Sharpe")}
    return {
        "request_id": manifest.get("request_id"),
        "run_id": manifest.get("run_id"),
        "status": manifest.get("status"),
        "strategy": manifest.get("strategy"),
        "finished": object_in(manifest, "timings").get("finished"),
        "degraded": manifest.get("degraded") or [],
        "code": object_in(manifest, "error").get("code"),
        "why": object_in(manifest, "error").get("why"),
        "odd_prices": odd_prices(manifest),
        "data_until": data_until(manifest),
        "question": question_of(manifest) if manifest.get("status") == "SUCCEEDED" else None,
        "asked": sign_of(asked) or None,
        "retry_of": asked.get("retry_of"),
        **figures,
    }


def previous_among(entries: Iterable[Mapping[str, Any]], entry: Mapping[str, Any]) -> Optional[Mapping[str, Any]]:
    """The newest of them that was asked the same and finished before it; None where there is none to compare with."""
    finished = clock.moment_in(entry.get("finished"))
    if finished is None or entry.get("question") is None:
        return None
    asked_the_same = [one for one in entries if one.get("question") == entry["question"]]
    times = [(clock.moment_in(one.get("finished")), str(one.get("request_id")), one) for one in asked_the_same]
    before = [(moment, name, one) for moment, name, one in times if moment and moment < finished]
    return max(before, key=lambda each: each[:2])[2] if before else None


def failed_before(entries: Iterable[Mapping[str, Any]], entry: Mapping[str, Any]) -> List[str]:
    """The incidents that are over with this answer: of what failed since the very same succeeded last, and of what it is a
    retry of."""
    before = [one for one in entries if _is_before(one, entry)]
    ended = [*_since_success([one for one in before if _asks_the_same(one, entry)]), *_retried(before, entry)]
    return sorted({incident_of(one) for one in ended if one.get("status") == "FAILED"})


def incident_of(entry: Mapping[str, Any]) -> str:
    """Failures of the very same for one reason are one message, counted; what nobody can read is only ever its own."""
    return f"{entry.get('strategy')} {entry.get('code')} {entry.get('asked') or entry.get('request_id')}"


def _asks_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return bool(other.get("asked")) and one.get("asked") == other["asked"]


def _since_success(entries: List[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The newest of them, back to one that succeeded."""
    for one in sorted(entries, key=lambda each: str(each.get("finished")), reverse=True):
        if one.get("status") == "SUCCEEDED":
            return
        yield one


def _retried(entries: List[Mapping[str, Any]], entry: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What it was asked again for, and what that was; each once, as people may write a circle."""
    known = {str(one.get("request_id")): one for one in entries}
    one = known.pop(str(entry.get("retry_of")), None)
    while one is not None and one.get("status") != "SUCCEEDED":
        yield one
        one = known.pop(str(one.get("retry_of")), None)


def _is_before(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    earlier, later = (clock.moment_in(each.get("finished")) for each in (one, other))
    return earlier is not None and later is not None and earlier < later
