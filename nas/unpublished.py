"""Which answers nobody was shown yet, as doctor tells it.

It exists because without `nas publish` in the crontab nobody hears of a failure, and nothing else would say so.
"""

from __future__ import annotations

import contextlib
from typing import Iterator, Optional, Set, Tuple

from nas.marks import Marks, published_ids, refusals
from outbox import Outbox, answers, manifest_of, sealed_at
from shared import clock
from shared.completion import is_real
from shared.errors import RelayError
from shared.found import OK, WARN, Found
from shared.sayings import say

_LATE = 3600.0  # seconds; cron calls every minute
_LOOKED_AT = 500  # manifests: doctor has three seconds


def published(outbox: Outbox, marks: Marks, now: Optional[float]) -> Found:
    """Whether all there is was shown or refused, and when last; `now` is the file server's time, where it tells one."""
    left = set(answers(outbox)) - published_ids(marks) - set(refusals(marks))
    late = sorted(one for one in _sealed(outbox, left) if now and now - one[0] > _LATE)
    missed = [one for one in late[:_LOOKED_AT] if _is_to_be_shown(outbox, one[1])]
    if now and missed:
        said = say("unpublished", count=len(missed) + len(late[_LOOKED_AT:]), age=clock.age(now - missed[0][0]))
        return Found("published", WARN, said, say("unpublished_fix"))
    if not now or not marks.files.exists(marks.published):
        return Found("published", OK, say("published_none", count=len(left)))
    return Found("published", OK, say("published", age=clock.age(max(0.0, now - marks.files.mtime(marks.published)))))


def _sealed(outbox: Outbox, ids: Set[str]) -> Iterator[Tuple[float, str]]:
    """When each was; what is no answer has no such time."""
    for request_id in ids:
        with contextlib.suppress(OSError):
            yield sealed_at(outbox, request_id), request_id


def _is_to_be_shown(outbox: Outbox, request_id: str) -> bool:
    """Not where its prices are made up: publish would refuse it. What cannot be read somebody should look at."""
    try:
        return is_real(manifest_of(outbox, request_id))
    except (RelayError, OSError):
        return True
