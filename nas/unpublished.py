"""Which answers nobody was shown yet, as doctor tells it.

It exists because without `nas publish` in the crontab nobody hears of a failure, and nothing else would say so.
"""

from __future__ import annotations

import contextlib
from typing import Iterator, Optional, Set

from nas.marks import Marks, published_ids
from outbox import Outbox, answers, sealed_at
from shared import clock
from shared.found import OK, WARN, Found
from shared.sayings import say

_LATE = 3600.0  # seconds; cron calls every minute


def published(outbox: Outbox, marks: Marks, now: Optional[float]) -> Found:
    """Whether all there is was shown or refused, and when last; `now` is the file server's time, where it tells one."""
    left = set(answers(outbox)) - published_ids(marks) - set(marks.files.names(marks.refused))
    oldest = min(_sealed(outbox, left), default=None) if now else None
    if now and oldest and now - oldest > _LATE:
        said = say("unpublished", count=len(left), age=clock.age(now - oldest))
        return Found("published", WARN, said, say("unpublished_fix"))
    if not now or not marks.files.exists(marks.published):
        return Found("published", OK, say("published_none", count=len(left)))
    return Found("published", OK, say("published", age=clock.age(max(0.0, now - marks.files.mtime(marks.published)))))


def _sealed(outbox: Outbox, ids: Set[str]) -> Iterator[float]:
    """When each was; what is no answer has no such time."""
    for request_id in ids:
        with contextlib.suppress(OSError):
            yield sealed_at(outbox, request_id)
