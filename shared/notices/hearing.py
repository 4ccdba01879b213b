"""From a log line to a notice: ERROR lines are told, and what says that an incident is over.

It exists so that whoever logs an error need not think of Slack, and is never stopped or slowed down by it.
"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Any, Dict, Iterator, Optional

from shared.config import Settings, load
from shared.errors import RelayError
from shared.events import Hears, Log, line
from shared.notices.deliver import deliver, is_due
from shared.notices.incident import may_be_open
from shared.notices.notice import Notice
from shared.notices.post import Post, open_post
from shared.notices.unsent import tell

RECOVERIES = {"SHARE_RETURNED": "SHARE_TROUBLED", "SYNC_ENDED": "SYNC_FAILED", "PRICES_CARRIED": "PRICES_NOT_CARRIED"}
_LINE = re.compile(r'\[[\d: -]+\] \[(\w+)\] \[([A-Z]+(?:_[A-Z]+)+)\] rc=\d+ details="(.*)" elapsed=\d+ms')
_OF_AN_INCIDENT = ("job", "provider", "reports", "request", "strategy", "file", "there")  # what its lines have alike
_TOLD_OTHERWISE = ("RESULT_SEALED",)  # whoever publishes the answer, or `completion_from: pc`, tells the whole story: once
_CAUSE, _LONGEST = ("why", "found", "reason", "code"), 500


def send_verbose_log_to_slack(
    message: str, level: str = "ERROR", channel: Optional[str] = None, post: Optional[Post] = None
) -> bool:
    """Tell a log line, or any text: it is on the disk when this returns, and is sent by whoever sends next. Never raises.

    `channel` is what the old programs said; where notices go, configs/notify.yaml says.
    """
    with contextlib.suppress(OSError, RelayError):
        return tell(post or open_post(load()), _notice_of(message, level))
    return False


def hears(post: Post) -> Hears:
    """What a Log tells its lines to: errors, and the ends of incidents."""

    def hear(level: str, event: str, facts: Dict[str, object]) -> None:
        if event in _TOLD_OTHERWISE:
            return
        if level == "ERROR" or (event in RECOVERIES and may_be_open(post, RECOVERIES[event])):
            send_verbose_log_to_slack(line(level, event, facts), level, post=post)

    return hear


@contextlib.contextmanager
def telling_log(settings: Settings, file: Path, seconds: float = 5.0) -> Iterator[Log]:
    """A log whose errors are told. What waits is sent at its end, within these seconds, whatever Slack does."""
    post = open_post(settings)
    try:
        yield Log(file, hears=hears(post))
    finally:
        send_due(post, seconds)


def send_due(post: Post, seconds: float) -> None:
    """Send what can be sent now. That it could not be is never the trouble of whoever calls."""
    with contextlib.suppress(OSError, RelayError):
        if is_due(post):
            deliver(post, seconds)


def _notice_of(message: str, level: str) -> Notice:
    found = _LINE.fullmatch(message)
    level = level if level in ("INFO", "WARNING", "ERROR") else "ERROR"
    if not found:
        return Notice(event="NOTICE_TOLD", level=level, title=message[:_LONGEST], logged=True)
    event, facts = found[2], _facts_in(found[3])
    key = " ".join([event, *(facts[name] for name in _OF_AN_INCIDENT if name in facts)])
    shown: Dict[str, Any] = {"fix": facts.pop("fix", ""), "cause": next((facts.pop(one) for one in _CAUSE if one in facts), "")}
    is_over, event = event in RECOVERIES, RECOVERIES.get(event, event)
    key = key.replace(found[2], event, 1)
    title = event.replace("_", " ").title()
    context = " · ".join(f"{name}={value}" for name, value in facts.items())
    return Notice(event=event, level=level, title=title, key=key, recovers=is_over, logged=True, context=context, **shown)


def _facts_in(details: str) -> Dict[str, str]:
    """`k=v k=v …`: a value goes on to the next `k=`."""
    parts = re.split(r"(?:^|\s)([a-z_]+)=", details)
    return {name: value.strip()[:_LONGEST] for name, value in zip(parts[1::2], parts[2::2])}
