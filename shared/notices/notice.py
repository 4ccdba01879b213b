"""A notice: what happened, once, in plain words; every notifier shows the same one in its own way.

It exists so that whoever has something to tell says what it is, and never how it looks in Slack.
"""

from __future__ import annotations

from typing import Dict, Tuple

from pydantic import BaseModel, ConfigDict


class Notice(BaseModel):
    """What one reader must know without opening anything. All of it plain text; no notifier's own signs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    event: str  # its name in docs/events.md; configs/notify.yaml says how loud it is
    level: str  # INFO, WARNING or ERROR
    title: str  # of what, in a few words: "KRX Ingest Failed"
    cause: str = ""  # why, in one sentence: "pykrx Timeout"
    day: str = ""  # the day it is about, like 2025-10-24; empty: today, in Seoul
    key: str = ""  # which incident: notices of one event and key are one message; empty: always one of its own
    recovers: bool = False  # the incident of that event and key is over
    summary: str = ""  # what a telephone shows, at most 150 characters; empty: the headline
    opening: str = ""  # the sentence under the headline
    facts: Dict[str, str] = {}  # label → value, at most 10
    remarks: Tuple[str, ...] = ()  # further sentences, warnings first
    fix: str = ""  # what to do: the exact command
    tail: Tuple[str, ...] = ()  # the last lines of a log
    context: str = ""  # the small line at the end: id, who asked, how long, where, when
    picture: str = ""  # a PNG's path, shown where a notifier can
