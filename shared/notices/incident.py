"""Incidents: what goes wrong again and again is one message, counted and edited, and closed when it is over.

It exists so that an outage of a night is one message in the morning and not four hundred.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Iterator, NamedTuple, Optional

from shared import clock
from shared.kept import Facts, all_kept, forget, keep, kept
from shared.notices.letter import Letter
from shared.notices.notice import Notice
from shared.notices.post import Post
from shared.notices.unsent import Told

_FORGOTTEN_DAYS = 30.0


class Incident(NamedTuple):
    """One that is open, as one way out has told it: how often it happened, and how often that was shown."""

    notice: Notice
    since: datetime
    last: datetime
    last_name: str  # of the notice counted last: none is counted twice, whenever somebody was killed
    times: int
    shown: int
    mark: str

    def again(self, told: Told) -> "Incident":
        """It happened once more."""
        if told.name <= self.last_name:
            return self
        return self._replace(notice=told.notice, last=told.at, last_name=told.name, times=self.times + 1)

    def letter(self, post: Post, kind: str) -> Letter:
        """What is to be shown of it."""
        return Letter(
            self.notice,
            self.last_name,
            self.last,
            post.language,
            kind,
            self.times,
            self.since,
            edit="" if kind == "over" else self.mark,
        )

    def is_to_be_shown(self, edits: bool) -> bool:
        """An edit disturbs nobody. A new message does: it comes at the 2nd, 4th, 8th … time."""
        return self.times > self.shown if edits else self.times >= 2 * self.shown


def begun(told: Told, mark: str) -> Incident:
    """The first of its kind, just shown."""
    return Incident(told.notice, told.at, told.at, told.name, 1, 1, mark)


def find(post: Post, way: str, notice: Notice) -> Optional[Incident]:
    """The open incident that notice belongs to."""
    return _from(kept(post.disk, _place(post, way, notice)))


def remember(post: Post, way: str, incident: Incident) -> None:
    """As it stands now."""
    facts: Facts = {
        **incident._asdict(),
        "notice": incident.notice.model_dump(mode="json", exclude_defaults=True),
        "since": clock.iso(incident.since),
        "last": clock.iso(incident.last),
    }
    keep(post.disk, _place(post, way, incident.notice), facts)


def close(post: Post, way: str, notice: Notice) -> None:
    """It is over."""
    forget(post.disk, _place(post, way, notice))


def open_incidents(post: Post, way: str) -> Iterator[Incident]:
    """All that way knows of. What nobody speaks of any more is forgotten."""
    for path in all_kept(post.disk, post.folder / "incidents" / way):
        incident = _from(kept(post.disk, path))
        if incident is None or (post.now() - incident.last).days > _FORGOTTEN_DAYS:
            forget(post.disk, path)
        else:
            yield incident


def may_be_open(post: Post, event: str) -> bool:
    """Whether anything of that event was told and is not known to be over: else its recovery is no news."""
    folder = post.folder / "incidents"
    known = (path for way in post.disk.names(folder) for path in all_kept(post.disk, folder / way))
    return bool(post.disk.names(post.waiting)) or any(path.name.startswith(f"{event}-") for path in known)


def _place(post: Post, way: str, notice: Notice) -> Path:
    name = f"{notice.event}-{hashlib.sha256(notice.key.encode()).hexdigest()[:16]}"
    return post.folder / "incidents" / way / f"{name}.json"


def _from(facts: Facts) -> Optional[Incident]:
    try:
        moments = {name: clock.moment_in(facts.get(name)) for name in ("since", "last")}
        notice = Notice.model_validate(facts.get("notice"))
        incident = Incident(**{**facts, **moments, "notice": notice})
    except (ValueError, TypeError):
        return None
    return incident if incident.since and incident.last else None
