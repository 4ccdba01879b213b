"""From a log line to a notice: ERROR lines are told, and what says that an incident is over.

It exists so that whoever logs an error need not think of Slack, and is never stopped or slowed down by it.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Dict, Iterator, Optional, Tuple

from shared.config import Settings, load
from shared.error_names import named_first
from shared.errors import RelayError
from shared.events import Hears, Log
from shared.log_line import said_in
from shared.notices.deliver import deliver, is_due
from shared.notices.incident import is_open
from shared.notices.layout import cut
from shared.notices.loudness import OF_EVENTS
from shared.notices.notice import Notice, ready
from shared.notices.post import Post, open_post
from shared.notices.record import OF_ONE_ANSWER, is_told_open
from shared.notices.unsent import last_told, tell
from shared.notices.words import event_name

RECOVERIES: Dict[str, Tuple[str, ...]] = {
    "SHARE_RETURNED": ("SHARE_TROUBLED",),
    "SYNC_ENDED": ("SYNC_FAILED",),
    "PRICES_CARRIED": ("PRICES_NOT_CARRIED",),
    "PRICES_MENDED": ("PRICES_NOT_CARRIED",),
    "INGEST_ENDED": ("INGEST_FAILED",),
    "JOB_ENDED": ("JOB_FAILED", "JOB_PUT_OFF"),
}
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
        return _tell_text(post or open_post(load()), message, level)
    return False


def hears(post: Post) -> Hears:
    """What a Log tells its lines to: errors, and the ends of incidents."""

    def hear(level: str, event: str, facts: Dict[str, object]) -> None:
        if event in _TOLD_OTHERWISE:
            return
        shown = {name: _plain(fact) for name, fact in facts.items() if _is_shown(name, fact)}
        over = [_notice_from(level, told, dict(shown), post.language) for told in RECOVERIES.get(event, ())]
        for notice in [one for one in over if _may_be_open(post, one)]:
            _tell(post, notice.model_copy(update={"recovers": True}))
        if level == "ERROR":
            _tell(post, _notice_from(level, event, shown, post.language))

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


def _may_be_open(post: Post, over: Notice) -> bool:
    """Asked of what waits, then of whoever counts incidents, and, where nobody does, of the record: the digest wants to know of
    its end. An end that waits already is told no second time: while nothing can be sent, a job that runs each minute ends often.
    """
    with contextlib.suppress(OSError, RelayError):  # what cannot be read now stops nobody who only says that he is done
        notice = ready(over)
        last = last_told(post, notice)
        return not last.recovers if last else is_open(post, notice) or is_told_open(post, notice)
    return False


def _tell(post: Post, notice: Notice) -> bool:
    """False where it was told before, or cannot be kept: whoever logs is not stopped by that."""
    with contextlib.suppress(OSError, RelayError):
        return tell(post, notice)
    return False


def _notice_from(level: str, told: str, facts: Dict[str, str], language: str) -> Notice:
    """What a line of a log says, as a notice of its incident; `facts` are used up."""
    about = [facts[name] for name in _OF_AN_INCIDENT if name in facts]
    fix, code = facts.pop("fix", ""), facts.get("code")
    cause = next((facts.pop(one) for one in _CAUSE if one in facts), "")
    is_single = told in OF_ONE_ANSWER
    return Notice(
        event=told,
        level=level,
        title=_title(told, facts.get("job", ""), language),
        cause=named_first(code, cause).in_language(language),
        fix=fix,
        key="" if is_single else " ".join([told, *about]),
        identity=" ".join([*about, cause]) if is_single else "",
        about=facts.get("request", ""),
        logged=True,
        context=" · ".join(f"{name}={value}" for name, value in facts.items()),
    )


def _title(told: str, job: str, language: str) -> str:
    """What happened, and to which job: a telephone shows no more than this and the cause."""
    name = event_name(told, language) if told in OF_EVENTS else told.replace("_", " ").title()
    return f"{name}: {job}" if job else name


def _is_shown(name: str, fact: object) -> bool:
    return fact is not None and name not in ("rc", "elapsed_ms")


def _plain(fact: object) -> str:
    """On one line, and no longer than one reads."""
    return cut(" ".join(str(fact).split()), _LONGEST)


# ---- the old programs' call ----


def _tell_text(post: Post, message: str, level: str) -> bool:
    return _tell(post, _notice_of(message, level, post.language))


def _notice_of(message: str, level: str, language: str) -> Notice:
    said = said_in(message)
    level = level if level in ("INFO", "WARNING", "ERROR") else "ERROR"
    if said is None:
        return Notice(event="NOTICE_TOLD", level=level, title=cut(message, _LONGEST), logged=True)
    over = RECOVERIES.get(said.event, ())
    facts = {name: _plain(fact) for name, fact in said.details.items()}
    notice = _notice_from(level, over[0] if over else said.event, facts, language)
    return notice.model_copy(update={"recovers": bool(over)})
