"""The answers by when they were asked for: `@latest` and `@prev` of one strategy.

It exists because a file's time says when somebody copied it: two results are put in order by their own words.
"""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import Collection, Dict, Iterator, List, NamedTuple, Optional

from nas.desk import Desk
from outbox import answers, archived_manifest, archived_request, newest_archived
from shared import clock
from shared.doctors_own import is_doctors
from shared.errors import RelayError, nearest
from shared.outcome import TRY_LATER

LATEST, PREVIOUS = "@latest", "@prev"


class NothingToCompare(RelayError):
    """There are not two answers yet that could be compared."""

    code = "E-NOTHING-TO-COMPARE"
    exit_code = TRY_LATER


class Submitted(NamedTuple):
    """An answer and when it was asked for."""

    moment: datetime
    request_id: str
    strategy: str
    succeeded: bool


def newest_submitted(desk: Desk, strategy: Optional[str], wanted: Collection[str]) -> Dict[str, str]:
    """The ids of the wanted ones of @latest and @prev: the answer asked for last, of that strategy where one is named, and the
    one before it of the same strategy that has results. NothingToCompare where there is none."""
    listed = _listed(desk)
    latest = next(_of(desk, strategy, listed), None)
    if latest is None:
        raise _nothing(strategy, f"there is no answer{f' of {strategy!r}' if strategy else ''}", listed)
    found = {LATEST: latest.request_id}
    if PREVIOUS in wanted:
        before = (one for one in _of(desk, latest.strategy, listed) if one.succeeded and one.request_id != latest.request_id)
        previous = next(before, None)
        if previous is None:
            raise _nothing(strategy, f"none of {latest.strategy!r} succeeded before {latest.request_id!r}", listed)
        found[PREVIOUS] = previous.request_id
    return found


def strategies_answered(desk: Desk) -> List[str]:
    """Every strategy that has an answer, without those by which only doctor tried the road."""
    listed = _listed(desk)
    return sorted(name for name in {one.strategy for one in listed} if next(_of(desk, name, listed), None))


def _of(desk: Desk, strategy: Optional[str], listed: List[Submitted]) -> Iterator[Submitted]:
    """Of that strategy, the newest first, without those by which doctor tried the road."""
    return (one for one in listed if strategy in (None, one.strategy) and not _is_doctors(desk, one.request_id))


def _listed(desk: Desk) -> List[Submitted]:
    """All in done and in the archive's newest month that can be read, the newest first; of two at once the later id."""
    ids = {*answers(desk.outbox), *newest_archived(desk.outbox, desk.settings.archive)}
    found = [one for one in (_submitted(desk, request_id) for request_id in ids) if one]
    return sorted(found, key=lambda one: (one.moment, one.request_id), reverse=True)


def _submitted(desk: Desk, request_id: str) -> Optional[Submitted]:
    with contextlib.suppress(RelayError, OSError):  # one odd folder hides none of the others
        manifest = archived_manifest(desk.outbox, desk.settings.archive, request_id)
        moment = clock.moment_in(manifest.get("timings", {}).get("submitted"))
        strategy = manifest.get("strategy")
        if moment and isinstance(strategy, str):
            return Submitted(moment, request_id, strategy, manifest["status"] == "SUCCEEDED")
    return None


def _is_doctors(desk: Desk, request_id: str) -> bool:
    with contextlib.suppress(RelayError, OSError):
        return is_doctors(archived_request(desk.outbox, desk.settings.archive, request_id))
    return False


def _nothing(strategy: Optional[str], found: str, listed: List[Submitted]) -> NothingToCompare:
    there = {one.strategy for one in listed}
    hint = nearest(strategy, there) if strategy and strategy not in there else "compare again once there are two"
    return NothingToCompare("choosing what to compare", found, hint)
