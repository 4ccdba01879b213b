"""A notice: what happened, once, in plain words; every notifier shows the same one in its own way.

It exists so that whoever has something to tell says what it is, and never how it looks in Slack.
"""

from __future__ import annotations

from typing import Any, Dict, Tuple

from pydantic import BaseModel, ConfigDict, Field

from shared import clock
from shared.masking import masked


class Notice(BaseModel):
    """What one reader must know without opening anything. All of it plain text; no notifier's own signs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    event: str = Field(pattern=r"^[A-Z]+(_[A-Z]+)+$")  # its name in docs/notices.md; configs/notify.yaml says how loud it is
    level: str = Field(pattern="^(INFO|WARNING|ERROR)$")
    title: str  # of what, in a few words and without a sign before it: "KRX Ingest Failed"
    cause: str = ""  # why, in one sentence: "pykrx Timeout"
    day: str = ""  # the day it is about, like 2025-10-24; empty: today, in Seoul
    key: str = ""  # which incident: notices of one event and key are one message; empty: always one of its own
    recovers: bool = False  # the incident of that event and key is over
    identity: str = ""  # what it is told of, once: a second notice of one identity is not told; empty: always told
    subject: str = ""  # a strategy's name: the first of a subject and day is told in the channel, the rest in the day's thread
    about: str = ""  # the id of the request it speaks of: the digest says how to look at it
    synthetic: bool = False  # it speaks of made-up prices: it never leaves this machine
    logged: bool = False  # a log line has said it, or a job printed it: the console does not repeat it
    summary: str = ""  # what a telephone shows, at most 150 characters; empty: the headline
    opening: str = ""  # the sentence under the headline
    facts: Dict[str, str] = {}  # label → value, at most 10
    remarks: Tuple[str, ...] = ()  # further sentences, warnings first
    fix: str = ""  # what to do: the exact command
    tail: Tuple[str, ...] = ()  # the last lines of a log: three are shown, the rest where there is room
    context: str = ""  # the small line at the end: id, who asked, how long, where, when
    picture: str = ""  # a PNG's path, shown where a notifier can
    data_to: str = ""  # the last day of the prices behind it, like 2026-11-20: the digest names the latest

    @property
    def headline(self) -> str:
        """`[ERROR] KRX Ingest Failed — pykrx Timeout (2025-10-24)`."""
        cause = f" — {self.cause}" if self.cause else ""
        return f"[{self.level}] {self.title}{cause}" + (f" ({self.day})" if self.day else "")


def ready(notice: Notice) -> Notice:
    """The same with its day, and without any secret: as it may lie on a disk."""
    clean = {name: _clean(value) for name, value in notice.model_dump().items()}
    return Notice.model_validate({**clean, "day": notice.day or f"{clock.now():%Y-%m-%d}"})


def _clean(value: Any) -> Any:
    """Without secrets, and without half characters, which no file can hold."""
    if isinstance(value, str):
        return masked(value.encode("utf-8", "replace").decode())
    if isinstance(value, dict):
        return {_clean(name): _clean(one) for name, one in value.items()}
    return tuple(_clean(one) for one in value) if isinstance(value, (tuple, list)) else value
