"""Doctor's look at the answers: to the last byte, a share of them a day."""

from __future__ import annotations

from pathlib import Path

import pytest

from outbox import Draft, Outbox, answers_whole, make_outbox, open_outbox
from shared.disk import Disk
from shared.found import OK, WARN


@pytest.fixture
def room(tmp_path: Path) -> Outbox:
    made = open_outbox(tmp_path, Disk(durable=False))
    make_outbox(made)
    return made


def _seal(room: Outbox, name: str) -> None:
    draft = Draft(room, name, 1)
    draft.write("request.json", b"{}\n")
    assert draft.seal({"schema": "relay.manifest/1", "status": "SKIPPED", "request_sha256": "d"}, lambda: True)


def test_whole_answers_are_read_to_the_end_and_said_to_be_whole(room: Outbox) -> None:
    for name in ("a", "b"):
        _seal(room, name)
    found = answers_whole(room, 1)
    assert (found.verdict, found.said.en) == (OK, "2 of 2 read to the end: whole")


def test_a_damaged_answer_is_named_with_the_remedy(room: Outbox) -> None:
    for name in ("a", "b"):
        _seal(room, name)
    file = room.done / "b" / "request.json"
    file.write_bytes(file.read_bytes() + b" ")
    found = answers_whole(room, 1)
    assert (found.verdict, found.said.en) == (WARN, "damaged: b")
    assert "python -m nas retry b" in found.fix.en


def test_a_folder_that_is_no_answer_is_nobodys_damage(room: Outbox) -> None:
    (room.done / "a").mkdir()
    assert answers_whole(room, 1).verdict == OK


def test_each_day_another_share_has_its_turn(room: Outbox) -> None:
    """A share of one byte is one answer."""
    for number in range(4):
        _seal(room, f"n{number}")
    (room.done / "n2" / "request.json").write_bytes(b"{}")
    told = {day: answers_whole(room, day, share=1).verdict for day in range(60)}
    assert {OK, WARN} == set(told.values())
    assert answers_whole(room, 1, share=1).said.en in ("1 of 4 read to the end: whole", "damaged: n2")
