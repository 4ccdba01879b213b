"""The stories of the archive: put away, onto this disk or another one, brought back, asked for again.

It exists beside scenarios.py so that each is read at once; all of them together are in all_stories.py.
"""

from __future__ import annotations

from typing import Any

import inbox
import outbox
from tests.faults.scenarios import Expected, Place, Scenario, answered, plain
from tests.harness.archive import other_disk


def archived(place: Place) -> Expected:
    """One answer, put away in peace."""
    expected = answered(place)
    archive(place, plain())
    return expected


def archive(place: Place, calls: Any) -> None:
    """A person archives the one answer, where it is in done."""
    if (place.road.outbox.done / "a").exists():
        has_claims = bool(inbox.claimed_ids(place.road.inbox))
        outbox.archive(_outbox(place, calls), "a", place.home / "archive", has_claims)


def bring_back(place: Place, calls: Any) -> None:
    """A person brings it back."""
    outbox.bring_back(_outbox(place, calls), "a", place.home / "archive")


def _to_another_disk(place: Place, calls: Any) -> None:
    archive(place, other_disk(calls))


def _from_another_disk(place: Place, calls: Any) -> None:
    bring_back(place, other_disk(calls))


def _archive_again(place: Place, calls: Any) -> None:
    """The archive is made complete, and the same request sent once more is nobody's new run."""
    archive(place, calls)
    place.submit("a")
    place.drain(calls)


def _to_another_disk_again(place: Place, calls: Any) -> None:
    _archive_again(place, other_disk(calls))


def _asked_again(place: Place) -> Expected:
    expected = archived(place)
    place.submit("a")
    return expected


def _settle_apart(place: Place, calls: Any) -> int:
    """A worker whose other side has a folder of its own: it brings the answer out again."""
    return place.drain(calls, carrier="rsync", archive=place.home / "archive")


def _settle_far_apart(place: Place, calls: Any) -> int:
    return _settle_apart(place, other_disk(calls))


def _outbox(place: Place, calls: Any) -> outbox.Outbox:
    return outbox.open_outbox(place.road.root, place.disk(calls, durable=True))


ARCHIVE_STORIES = (
    Scenario("archive", answered, archive, end=_archive_again, is_a_drain=False),
    Scenario("archive onto another disk", answered, _to_another_disk, end=_to_another_disk_again, is_a_drain=False),
    Scenario("bring an archived answer back", archived, bring_back, end=bring_back, is_a_drain=False),
    Scenario("bring it back from another disk", archived, _from_another_disk, end=_from_another_disk, is_a_drain=False),
    Scenario("bring it out again for the other side", _asked_again, _settle_apart),
    Scenario("bring it out again from another disk", _asked_again, _settle_far_apart, stride=3),
)
