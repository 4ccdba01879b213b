"""Every notice as one line of `logs/alerts/alerts_<date>.jsonl`: this machine's own record, which the digest reads.

It exists so that what happened can be looked up without Slack, and so that a day can be summed up.
"""

from __future__ import annotations

import json
import os

from shared import clock
from shared.notices import Later, Letter, Post
from shared.text import same

OUTSIDE = False


def is_on(post: Post) -> bool:
    """Always."""
    return True


def address(post: Post) -> str:
    """Nowhere."""
    return ""


def edits(post: Post) -> bool:
    """What is written stays."""
    return False


def notify(letter: Letter, post: Post) -> str:
    """Add the line, of the day it was told; whole or, after a kill in the midst of it, followed by a whole one."""
    notice = letter.notice.model_dump(mode="json", exclude_defaults=True)
    told = {"id": letter.name.partition(".")[0], "told_at": clock.iso(letter.at), "level": letter.notice.level}
    line = json.dumps({**told, "loudness": post.rules.loudness(letter.notice), **notice}, ensure_ascii=False)
    try:
        post.alerts.mkdir(parents=True, exist_ok=True)
        file = post.alerts / f"alerts_{letter.at:%Y-%m-%d}.jsonl"
        with open(file, "ab") as lines:
            torn = lines.tell() > 0 and _last_of(file) != b"\n"
            lines.write((b"\n" if torn else b"") + line.encode() + b"\n")
    except OSError as error:
        raise Later(same(f"{error.filename or post.alerts}: {error.strerror}")) from error
    return ""


def _last_of(file: "os.PathLike[str]") -> bytes:
    with open(file, "rb") as there:
        there.seek(-1, os.SEEK_END)
        return there.read(1)
