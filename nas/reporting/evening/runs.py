"""The backtests that were finished on a day, and how each moved since the one before it, from the index of what was published.

It exists so that the evening's report says what the night's and the day's runs brought, and never compares two that were asked
otherwise.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Dict, List, Mapping, NamedTuple, Optional

from inbox import is_there, open_inbox
from shared import clock
from shared.completion import INDEX, previous_among
from shared.config import Settings
from shared.disk import Disk

_MOST = 8


class Run(NamedTuple):
    """One of them. `step`: how far its CAGR is from that of the run before; None where there is none to compare with."""

    request_id: str
    strategy: str
    status: str
    code: str
    cagr: Optional[float]
    mdd: Optional[float]
    step: Optional[float]


class Runs(NamedTuple):
    """Of a day: how many of each status, and the newest of each question, at most eight."""

    counts: Dict[str, int]
    shown: List[Run]


def runs_of(disk: Disk, settings: Settings, day: date) -> Optional[Runs]:
    """None where that cannot be known: the share is away, or its index is damaged."""
    try:
        if not is_there(open_inbox(settings.reports, disk)):
            return None
        entries = json.loads(disk.read(settings.reports / INDEX).data)["published"]
        return _runs([one for one in entries if isinstance(one, dict)], day)
    except FileNotFoundError:
        return Runs({}, [])  # nothing was ever published
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _runs(entries: List[Dict[str, Any]], day: date) -> Runs:
    of_day = [one for one in entries if _finished_on(one, day)]
    counts: Dict[str, int] = {}
    newest: Dict[Any, Dict[str, Any]] = {}
    for one in sorted(of_day, key=lambda each: str(each.get("finished")), reverse=True):
        counts[str(one.get("status"))] = counts.get(str(one.get("status")), 0) + 1
        newest.setdefault(one.get("question") or one.get("asked") or one.get("request_id"), one)
    return Runs(counts, [_run(one, entries) for one in list(newest.values())[:_MOST]])


def _run(entry: Dict[str, Any], entries: List[Dict[str, Any]]) -> Run:
    before = previous_among(entries, entry)
    cagr, then = _figure(entry, "cagr"), _figure(before or {}, "cagr")
    told = {name: str(entry.get(name) or "") for name in ("request_id", "strategy", "status", "code")}
    step = None if cagr is None or then is None else cagr - then
    return Run(cagr=cagr, mdd=_figure(entry, "mdd"), step=step, **told)


def _figure(entry: Mapping[str, Any], name: str) -> Optional[float]:
    found = entry.get(name)
    is_one = isinstance(found, (int, float)) and not isinstance(found, bool) and abs(found) < 1e300
    return float(found) if is_one and found is not None else None


def _finished_on(entry: Dict[str, Any], day: date) -> bool:
    moment = clock.moment_in(entry.get("finished"))
    return moment is not None and moment.astimezone(clock.KST).date() == day
