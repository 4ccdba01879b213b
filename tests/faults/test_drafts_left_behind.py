"""What becomes of a complete draft whose worker died, or could not bring it out: never an answer that nobody vouches for."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

import outbox
from outbox import Draft
from shared.disk import Disk
from shared.errors import ShareUnreachable
from tests.harness.interleave import Recorder
from tests.harness.people import Person
from tests.harness.road import SMALL, Road

A = {**SMALL, "request_id": "r"}


class _Died(BaseException):
    """Its worker, at this very line."""


def _die() -> bool:
    raise _Died


def test_a_complete_draft_of_a_dead_worker_is_never_brought_out(road: Road) -> None:
    """It lacks nothing but the rename, and says what no run of ours would: the request is run anew."""
    killed = Person(road)
    claim = killed.take(road.drop("r.json", A))
    assert claim is not None
    draft = Draft(road.outbox, "r", claim.attempt)
    draft.write("request.json", claim.asked.data)
    draft.write("report.txt", b"riches")
    with pytest.raises(_Died):
        draft.seal({"schema": "relay.manifest/1", "status": "SUCCEEDED", "request_sha256": claim.asked.digest}, _die)
    assert (Path(draft.folder) / outbox.MANIFEST).is_file()
    killed.die()

    assert road.drain() == 0
    answer = road.manifest("r")
    assert [attempt["ended"] for attempt in answer["attempts"]] == ["died", "answered"]
    assert answer["run_id"] != draft.run_id
    assert answer["metrics"]
    assert (road.outbox.done / "r" / "report.txt").read_bytes() != b"riches"
    assert road.left() == []


class _Held(Recorder):
    """As on Windows: somebody has a file open in the draft, for as long as it takes."""

    def before(self, name: str, path: str) -> None:
        super().before(name, path)
        if name == "rename" and "/building/" in path:
            error = PermissionError(errno.EACCES, "held by somebody")
            error.winerror = 32  # type: ignore[attr-defined]
            raise error


def test_a_draft_held_for_longer_than_we_try_fills_nothing_and_is_sealed_later(road: Road) -> None:
    """It is not copied either: the request goes back, and whoever takes it next answers it."""
    held = _Held()
    unlucky = Person(road, disk=Disk(False, calls=held, patience=0.05))
    claim = unlucky.take(road.drop("r.json", A))
    assert claim is not None
    with pytest.raises(ShareUnreachable, match="held by somebody"):
        unlucky.run(claim)
    assert sum(name == "rename" and "/building/" in path for name, path in held.steps) > 1, "it was tried again"
    assert not [path for name, path in held.steps if "/done/r" in path and name not in ("lstat", "rename")]
    assert list(road.outbox.done.iterdir()) == []

    unlucky.give_back(claim)
    unlucky.die()
    assert road.drain() == 0
    assert road.answers() == {"r": "SUCCEEDED"}
    assert road.left() == []
