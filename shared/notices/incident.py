"""Incidents: what goes wrong again and again is one message, counted and edited, closed when it is over, and opened again.

It exists so that an outage of a night is one message in the morning and not four hundred, also where it comes and goes.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Iterable, Iterator, List, NamedTuple, Optional

from shared import clock
from shared.kept import Facts, all_kept, forget, keep, kept
from shared.notices.letter import Letter
from shared.notices.notice import Notice
from shared.notices.post import Post
from shared.notices.unsent import Told

OPENED_AGAIN = timedelta(hours=1)  # what happens again so soon after it was over is the same incident
_FORGOTTEN_DAYS = 30.0
OPEN, OVER, BACK, ENDING = "open", "over", "back", "ending"


class Incident(NamedTuple):
    """One, as one way out has told it: how often it happened, and how often that was shown."""

    notice: Notice
    since: datetime
    last: datetime
    last_name: str  # of the notice counted last: none is counted twice, whenever somebody was killed
    times: int
    shown: int
    mark: str
    state: str = (
        OPEN  # open · over · back (open again, while what people see says that it is over) · ending (no line says so yet)
    )
    ended: Optional[datetime] = None  # when it was over last, as long as people may believe that it is
    flaps: int = 1  # how often it began
    line: str = ""  # the mark of the short line that says it is over

    def again(self, told: Told) -> "Incident":
        """It happened once more; where it was over, it has begun again."""
        if self.state != OVER and told.name <= self.last_name:
            return self
        counted = self._replace(notice=told.notice, last=told.at, last_name=told.name, times=self.times + 1)
        return counted._replace(state=BACK, flaps=self.flaps + 1) if self.state == OVER else counted

    def over(self, told: Told) -> "Incident":
        """It has come to an end."""
        return self._replace(last=told.at, last_name=told.name, state=OVER, ended=told.at)

    def may_come_back(self, moment: datetime) -> bool:
        """Whether the same at that moment is this incident still; a clock that was set back keeps none for years."""
        return self.state != OVER or self.ended is None or abs(moment - self.ended) < OPENED_AGAIN

    def letter(self, post: Post, kind: str) -> Letter:
        """What is to be shown of it."""
        mark = self.line if kind in ("over", "back") else self.mark
        told = (self.notice, self.last_name, self.last, post.language, kind)
        return Letter(*told, times=self.times, since=self.since, flaps=self.flaps, edit=mark)

    def is_to_be_shown(self, edits: bool, now: datetime) -> bool:
        """An edit disturbs nobody. A new message does: it comes at the 2nd, 4th, 8th … time."""
        is_news = self.times > self.shown if edits else self.times >= 2 * self.shown
        return self.state in (OPEN, BACK) and (is_news or self.is_back_to_stay(now))

    def is_back_to_stay(self, now: datetime) -> bool:
        """Whether it has been open again for so long that nobody should be left to believe that it is over."""
        return self.ended is not None and abs(now - self.ended) >= OPENED_AGAIN


def begun(told: Told, mark: str) -> Incident:
    """The first of its kind, just shown."""
    return Incident(told.notice, told.at, told.at, told.name, 1, 1, mark)


def find(post: Post, way: str, told: Told) -> Optional[Incident]:
    """The incident that notice belongs to: one that is open, or was not over for long when it was told."""
    found = _from(kept(post.disk, _place(post, way, told.notice)))
    return found if found and found.may_come_back(told.at) else None


def remember(post: Post, way: str, incident: Incident) -> None:
    """As it stands now."""
    facts: Facts = {
        **incident._asdict(),
        "notice": incident.notice.model_dump(mode="json", exclude_defaults=True),
        "since": clock.iso(incident.since),
        "last": clock.iso(incident.last),
        "ended": clock.iso(incident.ended) if incident.ended else None,
    }
    keep(post.disk, _place(post, way, incident.notice), facts)


def open_incidents(post: Post, way: str) -> Iterator[Incident]:
    """Those that are not over, as far as that way knows."""
    found = (_from(kept(post.disk, path)) for path in _all(post, way))
    return (one for one in found if one and one.state != OVER and not _is_old(one, post.now()))


def is_open(post: Post, notice: Notice) -> bool:
    """Whether the incident of that notice is not known to be over on any way: else its end is no news."""
    found = (_from(kept(post.disk, _place(post, way, notice))) for way in post.disk.names(post.folder / "incidents"))
    return any(one is not None and one.state != OVER for one in found)


def forget_old(post: Post, ways: Iterable[str]) -> None:
    """Away with those nobody speaks of any more, and those that were over too long ago to come back."""
    now = post.now()
    for path in [path for way in ways for path in _all(post, way)]:
        found = _from(kept(post.disk, path))
        if found is None or _is_old(found, now) or not found.may_come_back(now):
            forget(post.disk, path)


def _is_old(incident: Incident, now: datetime) -> bool:
    return (now - incident.last).days > _FORGOTTEN_DAYS


def _all(post: Post, way: str) -> List[Path]:
    return all_kept(post.disk, post.folder / "incidents" / way)


def _place(post: Post, way: str, notice: Notice) -> Path:
    name = f"{notice.event}-{hashlib.sha256(notice.key.encode()).hexdigest()[:16]}"
    return post.folder / "incidents" / way / f"{name}.json"


def _from(facts: Facts) -> Optional[Incident]:
    try:
        moments = {name: clock.moment_in(facts.get(name)) for name in ("since", "last", "ended")}
        notice = Notice.model_validate(facts.get("notice"))
        incident = Incident(**{**facts, **moments, "notice": notice})
    except (ValueError, TypeError):
        return None
    return incident if incident.since and incident.last else None
