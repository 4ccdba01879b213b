"""A report told once: however often a job is started, the same content is one notice, and a corrected one another.

It exists because cron, a retry and a person start the same job on the same day, and a reader wants to hear of it once.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Dict

from shared.completion import object_in
from shared.config import Settings
from shared.disk import Disk
from shared.kept import keep, kept
from shared.notices import Notice, open_post, tell

TOLD, ALREADY, KEPT_HERE = "yes", "already", "no (synthetic)"


def tell_once(settings: Settings, what: str, notice: Notice, shown: Dict[str, Any]) -> str:
    """Whether it was told, was told already, or is of made-up prices and told to nobody. `shown`: what counts as its content."""
    if notice.synthetic:
        return KEPT_HERE
    sign = hashlib.sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()[:16]
    disk, file = Disk(settings.durable), settings.data / "told" / f"{what}.json"
    days = kept(disk, file)
    before = object_in(days, notice.day)
    known = before.get("number")
    number = known if isinstance(known, int) else 0
    number += before.get("sign") != sign  # what is corrected, and back again, is told each time
    keep(disk, file, _newest({**days, notice.day: {"sign": sign, "number": number}}))
    identity = f"{what} {notice.day} {number} {sign}"  # killed in between, the next start tells it: the identity is the same
    printed = notice.model_copy(update={"identity": identity, "logged": True})  # the report itself: a console need not repeat it
    return TOLD if tell(open_post(settings), printed) else ALREADY


def _newest(days: Dict[str, Any]) -> Dict[str, Any]:
    """A month of them."""
    return {day: days[day] for day in sorted(days)[-31:]}
