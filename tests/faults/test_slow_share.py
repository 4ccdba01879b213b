"""A share that is slow to say what exists: SMB and NFS clients may say "no such file" for seconds after it was made."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict

import pytest

from pc.settle import conclude
from shared.calls import Calls
from shared.disk import Disk
from tests.harness.people import Person
from tests.harness.road import SMALL, Road

A = {**SMALL, "request_id": "a"}


class Stale(Calls):
    """Asked for a path that `hides` names, it says there is none; what is done to the path happens all the same."""

    def __init__(self, hides: Callable[[str], bool]) -> None:
        self._hides = hides

    def lstat(self, path: Any) -> Any:  # type: ignore[override]
        """As os.lstat, too late."""
        if self._hides(str(path)):
            raise FileNotFoundError(2, "not yet known here", str(path))
        return Calls.lstat(path)


def _disk(*parts: str) -> Disk:
    return Disk(False, calls=Stale(lambda path: any(part in path for part in parts)), patience=0.0)


def _tree(folder: Path) -> Dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("hidden", ["/done/a", "/done/a/manifest.json"])
def test_an_answer_not_yet_seen_costs_a_run_and_never_a_second_answer(road: Road, hidden: str) -> None:
    road.drop("a.json", A)
    road.drain()
    before = _tree(road.outbox.done)
    late = Person(road, disk=_disk(hidden))
    claim = late.take(road.drop("again.json", A))
    assert claim is not None, "it runs again: that is the price"

    assert late.run(claim).ours is False
    assert _tree(road.outbox.done) == before
    late.die()
    road.drain()
    assert _tree(road.outbox.done) == before
    assert road.left() == []


def test_an_answer_not_yet_seen_is_moved_by_nobody(road: Road) -> None:
    """Another worker could seal a second answer in the moment it is away."""
    road.drop("a.json", A)
    road.drain()
    answer = road.outbox.done / "a"
    identity, changed = answer.stat().st_ino, road.outbox.done.stat().st_mtime_ns
    late = Person(road, disk=_disk("/done/a/manifest.json"))
    claim = late.take(road.drop("again.json", A))
    assert claim is not None
    late.run(claim)
    assert (answer.stat().st_ino, road.outbox.done.stat().st_mtime_ns) == (identity, changed)


def test_a_claim_not_yet_seen_is_not_claimed_twice(road: Road) -> None:
    """Whether it exists is asked first, but creating it decides."""
    first, late = Person(road), Person(road, disk=_disk("/claims/"))
    path, copy = road.drop("a.json", A), road.drop("b.json", A)
    claim = first.take(path)
    assert claim is not None
    assert late.take(copy) is None
    sealed = first.run(claim)
    assert sealed.ours
    conclude(first.shift, claim, sealed)
    assert road.answers() == {"a": "SUCCEEDED"}
