"""Which code is deployed here, since when, and how its last update went: `<data>/deploy.json`.

It exists so that a failed update is told by whatever looks at this machine, and old code never passes for new.
"""

from __future__ import annotations

import contextlib
import subprocess
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Optional

from shared import clock
from shared.config import HOME
from shared.disk import Disk
from shared.found import OK, WARN, Found
from shared.kept import facts_of, keep, kept, note_in
from shared.text import Table, wording

_WORDS: Table = {
    "unknown": ("{branch} {head}, 업데이트한 기록 없음", "{branch} {head}, never updated from here"),
    "current": ("{branch} {head}, {age} 전에 최신 확인", "{branch} {head}, found current {age} ago"),
    "failed": (
        "{branch} {head}, 코드가 {age} 지남: 마지막 업데이트({when}) 실패: {why}",
        "{branch} {head}, the code is {age} old: the last update ({when}) failed: {why}",
    ),
    "failed_fix": (
        "고친 뒤 다시: python -m nas run update_from_git",
        "mend that, then once more: python -m nas run update_from_git",
    ),
    "no_git": ("git 없이 설치된 코드", "code that came without git"),
}


class Deployment(NamedTuple):
    """`head` is in force since `at`, and was found to be the newest at `current`. `why`: how the last try failed, at `tried`."""

    branch: str = ""
    head: str = ""
    at: Optional[datetime] = None
    current: Optional[datetime] = None
    tried: Optional[datetime] = None
    why: str = ""
    installed: str = ""  # the requirements that were installed last: their name and sha256


def deployment(data: Path) -> Deployment:
    """All empty where nothing was ever updated here, or the note of it is torn."""
    with contextlib.suppress(OSError):
        return note_in(Deployment, kept(Disk(durable=False), _file(data)))
    return Deployment()


def note_deployment(disk: Disk, data: Path, now: Deployment) -> None:
    """From now on that is so."""
    keep(disk, _file(data), facts_of(now))


def code_check(data: Path, now: datetime) -> Found:
    """Which code this is, and whether it is what it should be."""
    known = deployment(data)
    branch, head = _in_force(known)
    if not head:
        return Found("code", OK, wording(_WORDS, "no_git"))
    age = clock.age_of(known.current, now) if known.current else "?"
    facts = {"branch": branch or "-", "head": head[:7], "age": age}
    if known.why:
        facts.update(when=clock.to_the_minute(known.tried) if known.tried else "-", why=known.why)
        return Found("code", WARN, wording(_WORDS, "failed", **facts), wording(_WORDS, "failed_fix"))
    if not known.current:
        return Found("code", OK, wording(_WORDS, "unknown", **facts))
    return Found("code", OK, wording(_WORDS, "current", **facts))


def _in_force(known: Deployment) -> "tuple[str, str]":
    """As git says it now: somebody may have pulled by hand. As it was noted where git cannot be asked."""
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        branch, head = asked("rev-parse", "--abbrev-ref", "HEAD"), asked("rev-parse", "HEAD")
        if head:
            return branch, head
    return known.branch, known.head


def asked(*words: str) -> str:
    """What git says of this checkout; nothing where it does not."""
    done = subprocess.run(["git", "-C", str(HOME), *words], capture_output=True, check=False, timeout=10)
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""


def _file(data: Path) -> Path:
    return data / "deploy.json"
