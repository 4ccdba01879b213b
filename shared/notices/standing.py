"""How it stands with the notices: what waits, since when, and what is in the way.

It exists so that doctor, status and a person are told the same, without a word to the network.
"""

from __future__ import annotations

from typing import Dict, List, NamedTuple, Optional, Tuple

from shared import clock
from shared.catalog import Catalog
from shared.notices import unsent
from shared.notices.incident import open_incidents
from shared.notices.letter import Gone, Later, Refused, Unfit
from shared.notices.notice import Notice
from shared.notices.post import Post
from shared.notices.way import CATALOG, ways_of


class Standing(NamedTuple):
    """All of it."""

    waiting: int
    waiting_since: Optional[str]
    last_sent: Dict[str, Optional[str]]  # by way out
    refused: Dict[str, str]  # the ways whose token or address is not believed, and why; they are not tried
    why: Dict[str, str]  # what is wrong with the others
    next_try: Dict[str, str]  # until when those rest that will be tried again by themselves
    incidents: Tuple[str, ...]  # headlines of those still open
    aside: int  # notices nobody could read or take
    problems: Tuple[str, ...]  # with the settings and the secrets: mend them, nothing leaves before


def standing(post: Post) -> Standing:
    """As the folders tell it."""
    names = list(unsent.waiting(post))
    ways = ways_of(post)
    since = clock.iso(clock.at(unsent.told_when(names[0]))) if names else None
    return Standing(
        waiting=len(names),
        waiting_since=since,
        last_sent={way.name: way.last_sent for way in ways if way.part.OUTSIDE},
        refused={way.name: way.why.in_language(post.language) for way in ways if way.is_refused},
        why={way.name: way.why.in_language(post.language) for way in ways if any(way.why) and not way.is_refused},
        next_try={way.name: clock.iso(way.rests_until) for way in ways if way.rests_until},
        incidents=tuple(dict.fromkeys(notice.headline for notice in still_open(post))),
        aside=len(post.disk.names(post.folder / "aside")),
        problems=tuple(f"[{one.code}] {one}" for one in post.problems),
    )


def still_open(post: Post) -> List[Notice]:
    """What was told last of every incident that is not over, by whichever way out."""
    outside = [way.name for way in ways_of(post) if way.part.OUTSIDE]
    found = [one.notice for way in outside for one in open_incidents(post, way)]
    return list({(notice.event, notice.key): notice for notice in found}.values())


class Asked(NamedTuple):
    """What Slack said to our token; `is_away`: nothing, which is not the token's fault."""

    is_good: bool
    said: str
    is_away: bool = False


def asked_slack(post: Post, seconds: float) -> Asked:
    """Whether Slack believes our token, without posting anything, and what it said. No token: nothing to ask, and well."""
    part = Catalog(CATALOG).load("slack")
    try:
        return Asked(True, str(part.probe(post, seconds)))
    except (Later, Refused, Unfit, Gone) as error:
        return Asked(False, error.why.in_language(post.language), isinstance(error, Later))
