"""What somebody else put into the archive, or onto a tombstone, leads nowhere and hides nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Callable

import pytest

import outbox
from outbox import ArchiveAway
from outbox.archived import find_archived
from outbox.retention import NotYetArchivable
from outbox.sealed import tombstone
from shared.errors import AnswerDamaged, RequestNotFound
from tests.harness.archive import FACTS, OtherDisk, archive_of, opened, sealed
from tests.harness.road import Road


def _precious(road: Road) -> Path:
    folder = road.root.parent / "precious"
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps({**FACTS, "request_id": "r", "run_id": "x", "files": []}))
    return folder


def test_a_tombstone_that_points_elsewhere_is_not_followed(road: Road) -> None:
    precious = _precious(road)
    stone = tombstone(road.outbox, "r")
    stone.parent.mkdir()
    stone.write_text(json.dumps({"request_id": "r", "where": str(precious)}))
    with pytest.raises(ArchiveAway, match="precious"):
        outbox.bring_back(road.outbox, "r", archive_of(road))
    assert (precious / "manifest.json").is_file()
    assert outbox.answers(road.outbox) == []


def _link_for_answer(road: Road, precious: Path) -> None:
    (archive_of(road) / "2026-10").mkdir(parents=True)
    (archive_of(road) / "2026-10" / "r").symlink_to(precious)


def _link_for_month(road: Road, precious: Path) -> None:
    precious.rename(road.root.parent / "r")
    archive_of(road).mkdir()
    (archive_of(road) / "2026-10").symlink_to(road.root.parent)


@pytest.mark.parametrize("link", [_link_for_answer, _link_for_month])
def test_a_link_in_the_archive_leads_nowhere(road: Road, link: Callable[[Road, Path], None]) -> None:
    link(road, _precious(road))
    assert find_archived(road.outbox, archive_of(road), "r") is None
    with pytest.raises(RequestNotFound):
        outbox.kept(road.outbox, archive_of(road), "r")
    sealed(road, "r")
    with pytest.raises(NotYetArchivable, match="elsewhere"):
        outbox.archive(road.outbox, "r", archive_of(road), False)
    assert outbox.verify(road.outbox, "r")
    assert len(list(road.root.parent.rglob("precious/manifest.json")) + list(road.root.parent.glob("r/manifest.json"))) == 1


def test_a_link_in_done_is_not_archived(road: Road) -> None:
    (road.outbox.done / "r").symlink_to(_precious(road))
    with pytest.raises(AnswerDamaged, match="link"):
        outbox.archive(road.outbox, "r", archive_of(road), False)


def test_the_answer_to_something_else_under_that_name_is_not_believed(road: Road) -> None:
    sealed(road, "r")
    (road.outbox.done / "r").rename(road.outbox.done / "q")
    with pytest.raises(AnswerDamaged, match="the answer to 'r'"):
        outbox.archive(road.outbox, "q", archive_of(road), False)


@pytest.mark.parametrize("name", ["한글-요청", "a.b", "r~0123abcd", "x" * 80, "-rf"])
def test_any_id_goes_there_and_back(road: Road, name: str) -> None:
    sealed(road, name)
    outbox.archive(opened(road, OtherDisk()), name, archive_of(road), False)
    assert outbox.tombstones(road.outbox) == [name]
    assert outbox.bring_back(opened(road, OtherDisk()), name, archive_of(road))
    assert outbox.verify(road.outbox, name)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"where": 5}', b"[" * 100000])
def test_a_torn_tombstone_still_says_that_it_is_answered(road: Road, content: bytes) -> None:
    sealed(road, "r")
    outbox.archive(road.outbox, "r", archive_of(road), False)
    tombstone(road.outbox, "r").write_bytes(content)
    assert outbox.is_answered(road.outbox, "r")
    answer = outbox.answer_of(road.outbox, "r")
    assert answer is not None
    assert answer.status == "DAMAGED"
    assert outbox.kept(road.outbox, archive_of(road), "r").is_archived
    assert outbox.bring_back(road.outbox, "r", archive_of(road))


def test_a_folder_for_a_tombstone_says_so_too_and_is_no_trouble_of_the_share(road: Road) -> None:
    tombstone(road.outbox, "r").mkdir(parents=True)
    answer = outbox.answer_of(road.outbox, "r")
    assert answer is not None
    assert answer.status == "DAMAGED"


def test_a_file_where_the_archive_should_be_is_said(road: Road) -> None:
    sealed(road, "r")
    archive_of(road).write_text("a file")
    with pytest.raises(OSError):  # noqa: PT011  its name is in it, and every command says so
        outbox.archive(road.outbox, "r", archive_of(road), False)
    assert outbox.verify(road.outbox, "r")
