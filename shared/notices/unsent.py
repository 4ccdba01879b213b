"""Notices on their way: told, they lie on the disk, and lie there until every way out has taken them.

It exists so that a job tells and goes on, whether Slack answers today or tomorrow, and so that nothing told is lost.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
import time
from datetime import datetime
from typing import Dict, List, NamedTuple, Optional, Sequence

from pydantic import ValidationError

from shared import clock
from shared.document import written
from shared.notices.notice import Notice, ready
from shared.notices.post import Post

SCHEMA = "relay.notice/1"
_KNOWN_DAYS = 40.0  # so long an identity is remembered after it was sent
_TURN = threading.Lock()
_LAST = [0]


class Told(NamedTuple):
    """A notice as it waits: `name` orders, and is its own for ever."""

    name: str
    at: datetime
    notice: Notice


def tell(post: Post, notice: Notice) -> bool:
    """On the platter when this returns, in the order told. False: that identity has been told before."""
    _ensure(post)
    sign = _sign(notice)
    if notice.identity and _is_known(post, sign):
        return False
    clean = ready(notice).model_dump(mode="json", exclude_defaults=True)
    told = {"schema": SCHEMA, "told_at": clock.iso(post.now()), "notice": clean}
    post.disk.publish(post.waiting / f"{_next():020d}-{sign}.json", written(told))
    return True


def waiting(post: Post) -> Dict[str, List[str]]:
    """Of all that waits, the oldest first: the ways out that have taken it already."""
    there = post.disk.names(post.waiting)
    found: Dict[str, List[str]] = {name: [] for name in sorted(there) if name.endswith(".json") and name[0] != "."}
    for name, _, by in (one.partition("~") for one in there if "~" in one):
        if name in found:
            found[name].append(by)
    return found


def told_of(post: Post, name: str) -> Told:
    """One that waits; ValueError where it is none of ours."""
    document = json.loads(post.disk.read(post.waiting / name).data)
    try:
        at = clock.moment_in(document["told_at"])
        return Told(name, at or post.now(), Notice.model_validate(document["notice"]))
    except (ValidationError, TypeError, KeyError) as error:
        raise ValueError(f"{name} is no notice of ours") from error


def told_when(name: str) -> float:
    """The moment in its name, as this machine's clock told it."""
    return int(name.partition("-")[0]) / 1e9 if name[:20].isdigit() else 0.0


def last_told(post: Post, notice: Notice) -> Optional[Notice]:
    """What waits of that notice's incident and was told last; None where nothing does."""
    found = (_notice_in(post, name) for name in reversed(list(waiting(post))))
    return next((one for one in found if one and (one.event, one.key) == (notice.event, notice.key)), None)


def set_aside(post: Post, name: str) -> None:
    """What nobody can read or send is kept, and stops nobody."""
    post.disk.ensure_folder(post.folder / "aside")
    with contextlib.suppress(FileNotFoundError):
        post.disk.move(post.waiting / name, post.folder / "aside" / name)


def keep_copy(post: Post, name: str) -> None:
    """What one way cannot take is kept for a person, whatever the others make of it."""
    post.disk.ensure_folder(post.folder / "aside")
    with contextlib.suppress(FileExistsError):
        post.disk.create(post.folder / "aside" / name, post.disk.read(post.waiting / name).data)


def mark_taken(post: Post, name: str, by: str) -> None:
    """That way out has it: it is not shown there again."""
    with contextlib.suppress(FileExistsError):
        post.disk.create(post.waiting / f"{name}~{by}", b"")
        post.disk.flush_folder(post.waiting)


def sent_everywhere(post: Post, told: Told, marks: Sequence[str]) -> None:
    """Its way is over. Its identity is remembered first: killed in between, it only waits a little longer. Its marks go when
    it is gone for good: come back after a power cut, it is sent nowhere it has been, but by the last way."""
    if told.notice.identity:
        post.disk.ensure_folder(post.folder / "known")
        with contextlib.suppress(FileExistsError):
            post.disk.create(post.folder / "known" / _sign(told.notice), b"")
            post.disk.flush_folder(post.folder / "known")
    post.disk.remove(post.waiting / told.name)
    post.disk.flush_folder(post.waiting)
    for by in marks:
        post.disk.remove(post.waiting / f"{told.name}~{by}")


def sweep(post: Post) -> None:
    """Away with marks of what is gone, drafts of who was killed, and identities nobody tells again."""
    there = set(post.disk.names(post.waiting))
    for name in there:
        is_draft = name.startswith(".") and time.time() - told_when(name[1:]) > 3600.0
        if is_draft or ("~" in name and name.partition("~")[0] not in there):
            post.disk.remove(post.waiting / name)
    for path in [post.folder / "known" / name for name in post.disk.names(post.folder / "known")]:
        if time.time() - post.disk.mtime(path) > _KNOWN_DAYS * 86400.0:
            post.disk.remove(path)


def _notice_in(post: Post, name: str) -> Optional[Notice]:
    """None where it is none of ours, or was just sent."""
    with contextlib.suppress(ValueError, FileNotFoundError):
        return told_of(post, name).notice
    return None


def _ensure(post: Post) -> None:
    if not post.disk.exists(post.waiting):
        post.disk.ensure_folder(post.waiting)
        post.disk.flush_folder(post.folder)


def _sign(notice: Notice) -> str:
    """Of its identity, or of nothing else in the world."""
    text = f"{notice.event}\0{notice.identity}".encode()
    return hashlib.sha256(text).hexdigest()[:24] if notice.identity else os.urandom(4).hex()


def _is_known(post: Post, sign: str) -> bool:
    """Whether it waits, or was sent. RACE: looked at in this order, as it is remembered before it goes."""
    end = f"-{sign}.json"
    return any(name.endswith(end) for name in post.disk.names(post.waiting)) or post.disk.exists(post.folder / "known" / sign)


def _next() -> int:
    """Later than everything this process told, also where the clock stands still or goes back."""
    with _TURN:
        _LAST[0] = max(time.time_ns(), _LAST[0] + 1)
        return _LAST[0]
