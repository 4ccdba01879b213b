"""What lies in the folder in which answers arrive was put there by somebody else: none of it may cost an answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import List, Optional

import pytest

import inbox
import outbox
from shared.calls import Calls
from shared.disk import Disk
from shared.errors import AnswerDamaged
from tests.harness.answers import seal
from tests.harness.road import Road
from tests.harness.two_sides import TwoSides, nas_pulls, pc_pushes


@pytest.fixture
def sides(quick_folder: Path, synthetic_data: Path) -> TwoSides:
    """A PC that brings its answers to the NAS."""
    return pc_pushes(quick_folder, synthetic_data)


@pytest.fixture
def elsewhere(quick_folder: Path, synthetic_data: Path) -> Road:
    """A folder with an answer `a` in it that is none of the NAS's."""
    road = Road(quick_folder / "elsewhere" / "reports", synthetic_data)
    seal(road, "a")
    return road


def arrivals(sides: TwoSides, name: str = "") -> Path:
    """The PC's arrivals folder on the NAS, and what of it is asked for."""
    folder = sides.nas.root / inbox.ARRIVING / "pc-1" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def shown(sides: TwoSides) -> List[str]:
    """The ids the NAS shows, each verified."""
    return list(sides.nas.answers())


def rewrite(road: Road, request_id: str, **changes: object) -> None:
    """Another manifest for a sealed answer."""
    path = road.outbox.done / request_id / outbox.MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **changes}))


# ---- links ----


@pytest.mark.parametrize("name", ["done", "running", "again"])
def test_a_link_in_an_arrivals_folder_never_costs_an_answer(name: str, sides: TwoSides) -> None:
    for one in "abc":
        seal(sides.nas, one)
    (arrivals(sides) / name).symlink_to("../../done")
    for _ in range(3):
        assert sides.nas.sync().exit_code() == 0
    assert shown(sides) == ["a", "b", "c"]


def test_the_folder_for_what_is_fetched_may_be_a_link_and_costs_no_answer(quick_folder: Path, synthetic_data: Path) -> None:
    sides = nas_pulls(quick_folder, synthetic_data)
    seal(sides.nas, "a")
    seal(sides.pc, "b")
    (sides.nas.root / inbox.ARRIVING).mkdir()
    for arrive in (lambda: inbox.arriving(sides.nas.inbox, "pulled"), sides.nas.sync):
        link = sides.nas.root / inbox.ARRIVING / "pulled"
        if link.exists():
            link.rmdir()
        link.symlink_to("..")
        arrive()
        assert not link.is_symlink()
    assert shown(sides) == ["a", "b"]


@pytest.mark.parametrize("is_whole", [True, False])
def test_an_answer_that_is_a_link_is_neither_shown_nor_written_into(is_whole: bool, sides: TwoSides, elsewhere: Road) -> None:
    there = elsewhere.outbox.done / "a"
    if not is_whole:
        (there / "metrics.json").write_text("{}")
        (there / "WHY.txt").write_text("mine")
    before = {path.name: path.read_bytes() for path in there.iterdir()}
    for _ in range(2):
        (arrivals(sides, "done") / "a").symlink_to(there)
        sides.nas.sync()
    assert shown(sides) == []
    assert {path.name: path.read_bytes() for path in there.iterdir()} == before


def test_what_is_doubted_is_noted_in_no_folder_of_somebody_else(sides: TwoSides) -> None:
    """The mark of the doubt would lie where answers do."""
    seal(sides.pc, "a")
    (sides.pc.outbox.done / "a" / "metrics.json").write_text("{}")
    (sides.pc.outbox.done / "a").rename(arrivals(sides, "done") / "a")
    (arrivals(sides) / "again").symlink_to("../../done")
    sides.nas.sync()
    assert not (sides.nas.outbox.done / "a").exists()
    assert not (arrivals(sides) / "again").is_symlink()


def test_a_link_that_is_refused_is_not_set_aside(sides: TwoSides, elsewhere: Road) -> None:
    """Who brought it may have put it there since it was looked at."""
    there = elsewhere.outbox.done / "a"
    before = sorted(path.name for path in there.iterdir())
    (arrivals(sides, "done") / "a").symlink_to(there)
    place = outbox.refuse(sides.nas.outbox, arrivals(sides), "a", "it is odd")
    assert not place.is_symlink()
    assert [path.name for path in place.iterdir()] == ["WHY.txt"]
    assert sorted(path.name for path in there.iterdir()) == before


def test_signs_of_life_behind_a_link_are_nobodys(sides: TwoSides, elsewhere: Road) -> None:
    inbox.Incarnation(elsewhere.inbox, "ghost", 60.0)
    (arrivals(sides) / "running").symlink_to(elsewhere.inbox.running)
    sides.nas.sync()
    assert inbox.incarnations(sides.nas.inbox) == []


def test_what_lies_in_the_place_of_the_reason_is_set_aside_with_the_rest(quick_folder: Path, synthetic_data: Path) -> None:
    sides = nas_pulls(quick_folder, synthetic_data)
    seal(sides.pc, "a")
    (sides.pc.outbox.done / "a" / "WHY.txt").mkdir()
    (sides.pc.outbox.done / "a" / "WHY.txt" / "x").write_text("x")
    assert sides.nas.sync().exit_code() == 1
    assert "WHY.txt" in (sides.nas.outbox.aside / "a.refused" / "WHY.txt").read_text()
    assert sides.nas.sync().exit_code() == 0


# ---- names ----


def test_a_confirmation_is_never_taken_for_a_run(quick_folder: Path, synthetic_data: Path) -> None:
    """`received/m.1.json` is called as the file of a run of `m` would be."""
    sides = nas_pulls(quick_folder, synthetic_data)
    seal(sides.pc, "m.1.json")
    sides.nas.sync()
    assert inbox.confirmed(sides.pc.inbox) == ["m.1.json"]
    sides.nas.submit(request_id="m")
    assert sides.nas.sync().sent == 1
    [path] = sides.pc.inbox.pending.glob("*.json")
    assert json.loads(path.read_bytes())["request_id"] == "m"


def test_an_id_that_begins_like_our_names_travels_once(quick_folder: Path, synthetic_data: Path) -> None:
    sides = nas_pulls(quick_folder, synthetic_data)
    sides.nas.drop("foo.json", {"request_id": "3-0-z", "strategy": "krx_ma200"})
    assert [sides.nas.sync().sent for _ in range(3)] == [1, 0, 0]
    assert len(list(sides.pc.inbox.pending.iterdir())) == 1


# ---- lies ----


class Counted(Calls):
    """How many bytes were read."""

    def __init__(self) -> None:
        self.bytes = 0

    def read(self, fd: int, size: int) -> bytes:
        data = Calls.read(fd, size)
        self.bytes += len(data)
        return data


def test_of_a_file_larger_than_its_manifest_says_no_more_is_read(sides: TwoSides) -> None:
    """Read whole, one of 3 GB ended every sync for want of memory."""
    seal(sides.pc, "a")
    (sides.pc.outbox.done / "a").rename(arrivals(sides, "done") / "a")
    with open(arrivals(sides, "done") / "a" / "run.log", "r+b") as file:
        file.truncate(3 << 30)
    counted = Counted()
    sides.nas.sync(Disk(False, counted, patience=0.0))
    assert counted.bytes < 1 << 20
    assert shown(sides) == []


def test_a_manifest_longer_than_any_is_never_read_whole(sides: TwoSides) -> None:
    seal(sides.pc, "a")
    (sides.pc.outbox.done / "a").rename(arrivals(sides, "done") / "a")
    with open(arrivals(sides, "done") / "a" / outbox.MANIFEST, "r+b") as file:
        file.truncate(3 << 30)
    counted = Counted()
    sides.nas.sync(Disk(False, counted, patience=0.0))
    assert counted.bytes < 20 << 20
    assert shown(sides) == []


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"path": ".note", "bytes": 1, "sha256": "0"}, "hidden"),
        ({"path": "Thumbs.db", "bytes": 1, "sha256": "0"}, "hidden"),
        ({"path": "a\nb", "bytes": 1, "sha256": "0"}, "elsewhere"),
        ({"path": "../a", "bytes": 1, "sha256": "0"}, "elsewhere"),
        ({"path": "/etc/passwd", "bytes": 1, "sha256": "0"}, "elsewhere"),
        ({"path": "\ud800", "bytes": 1, "sha256": "0"}, "elsewhere"),
        ({"path": "x", "bytes": "many", "sha256": "0"}, "no number"),
        ({"path": "x", "bytes": True, "sha256": "0"}, "no number"),
        ({"path": "x", "bytes": 1, "sha256": None}, "no text"),
        ({"path": 7, "bytes": 1, "sha256": "0"}, "lists no files"),
    ],
)
def test_a_manifest_may_name_only_what_an_answer_can_have(entry: Optional[object], said: str, sides: TwoSides) -> None:
    seal(sides.nas, "a")
    files = json.loads((sides.nas.outbox.done / "a" / outbox.MANIFEST).read_bytes())["files"]
    rewrite(sides.nas, "a", files=[*files, entry])
    with pytest.raises(AnswerDamaged, match=said):
        outbox.verify(sides.nas.outbox, "a")


def test_an_answer_that_does_not_say_what_it_answers_ends_no_request(quick_folder: Path, synthetic_data: Path) -> None:
    sides = nas_pulls(quick_folder, synthetic_data)
    sides.nas.submit(request_id="a")
    seal(sides.pc, "a", request_sha256="")
    for _ in range(2):
        sides.nas.sync()
    assert shown(sides) == []
    assert outbox.refused(sides.nas.outbox) == {"a"}
    assert len(list(sides.nas.inbox.pending.glob("*.json"))) == 1


def test_an_answer_in_done_that_does_not_say_what_it_answers_ends_no_request(sides: TwoSides) -> None:
    """However it came there."""
    sides.nas.submit(request_id="a")
    seal(sides.nas, "a", request_sha256="")
    sides.nas.sync()
    assert len(list(sides.nas.inbox.pending.glob("*.json"))) == 1
