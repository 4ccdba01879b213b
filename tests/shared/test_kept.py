"""Small facts on disk: kept whole, written once, forgotten for good."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Optional

import pytest

from shared.clock import KST
from shared.disk import Disk
from shared.kept import all_kept, facts_of, forget, keep, kept, note_in
from tests.faults.fault_calls import FaultyCalls

DISK = Disk(durable=False)


def test_what_was_kept_is_read_again_and_forgotten_when_told(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "fact.json"
    assert kept(DISK, path) == {}
    keep(DISK, path, {"말": 1})
    assert kept(DISK, path) == {"말": 1}
    forget(DISK, path)
    assert kept(DISK, path) == {}


@pytest.mark.parametrize("data", [b"", b"{", b"[1]", b"\xff", b"[" * 100_000])
def test_what_is_torn_or_somebody_elses_says_nothing(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "fact.json").write_bytes(data)
    assert kept(DISK, tmp_path / "fact.json") == {}


def test_a_folder_in_its_place_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "fact.json").mkdir()
    assert kept(DISK, tmp_path / "fact.json") == {}


def test_what_cannot_be_read_now_is_not_taken_for_nothing(tmp_path: Path) -> None:
    keep(DISK, tmp_path / "fact.json", {"one": 1})
    with pytest.raises(OSError, match="stale"):
        kept(Disk(False, _Stale()), tmp_path / "fact.json")


def test_what_is_so_already_is_not_written_again_but_made_to_last(tmp_path: Path) -> None:
    keep(DISK, tmp_path / "fact.json", {"one": 1})
    calls = FaultyCalls()
    keep(Disk(True, calls), tmp_path / "fact.json", {"one": 1})
    assert not [one for one in calls.reached if one.name in ("write", "replace", "rename")]
    assert [one.name for one in calls.reached if one.changes] == ["fsync"]


def test_only_facts_are_listed_and_no_half_written_one(tmp_path: Path) -> None:
    for name in ("b.json", "a.json", ".a.json.0123abcd.tmp", ".c.json", "note.txt"):
        (tmp_path / name).write_bytes(b"{}")
    assert all_kept(DISK, tmp_path) == [tmp_path / "a.json", tmp_path / "b.json"]


class Visit(NamedTuple):
    """Any note: of the four kinds of facts that there are."""

    name: str = ""
    times: int = 0
    seconds: float = 0.5
    at: Optional[datetime] = None


def test_a_note_is_read_as_it_was_kept(tmp_path: Path) -> None:
    visit = Visit("가", 3, 2.25, datetime(2026, 11, 20, 15, 30, tzinfo=KST))
    keep(DISK, tmp_path / "visit.json", facts_of(visit))
    assert note_in(Visit, kept(DISK, tmp_path / "visit.json")) == visit


def test_of_a_note_somebody_wrote_by_hand_only_what_fits_is_believed() -> None:
    told = {"name": 7, "times": "3", "seconds": 2, "at": "yesterday", "weather": "fine"}
    assert note_in(Visit, told) == Visit(seconds=2)
    assert note_in(Visit, {}) == Visit()


class _Stale:
    """A share that went away."""

    def open(self, *_: object) -> int:
        """Never again."""
        raise OSError(116, "stale")
