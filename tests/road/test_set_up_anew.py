"""A machine set up anew has lost its folder: what the other one still knows answers every request, once."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import inbox
import outbox
from tests.harness.road import SMALL, Road
from tests.harness.two_sides import TwoSides, by_git, nas_pulls, pc_pushes

WAYS = pytest.mark.parametrize("way", [nas_pulls, pc_pushes, by_git])
OTHER = {**SMALL, "request_id": "daily", "start": "2024-02-01"}


@pytest.fixture
def sides(way: Any, quick_folder: Path, synthetic_data: Path) -> TwoSides:
    """Both, and one request answered."""
    made: TwoSides = way(quick_folder, synthetic_data)
    made.nas.submit(request_id="daily")
    made.settle()
    assert list(made.nas.answers()) == ["daily"]
    return made


def anew(road: Road) -> None:
    """Its disk was changed."""
    shutil.rmtree(road.root)
    inbox.make_inbox(road.inbox)
    inbox.arriving(road.inbox, "")
    outbox.make_outbox(road.outbox)


def waiting(sides: TwoSides) -> int:
    return len(list(sides.nas.inbox.pending.glob("*.json")))


@WAYS
def test_a_pc_set_up_anew_leaves_no_conflicting_request_waiting(sides: TwoSides) -> None:
    """What is asked under an id that has its answer on the NAS is refused there, and runs for nobody."""
    anew(sides.pc)
    sides.nas.drop("again.json", OTHER)
    sides.settle(rounds=4)
    [other] = [one for one in sides.nas.answers() if one != "daily"]
    manifest = sides.nas.manifest(other)
    assert (manifest["status"], manifest["error"]["code"]) == ("REJECTED", "E-REQUEST-CONFLICT")
    assert json.loads((sides.nas.outbox.done / other / "request.json").read_bytes()) == OTHER
    outbox.verify(sides.nas.outbox, other)
    assert waiting(sides) == 0
    assert "daily" not in sides.pc.answers(), "it never ran"
    trips = [sides.nas.sync(), sides.pc.sync()]
    assert [(trip.sent, trip.brought, trip.troubles) for trip in trips] == [(0, 0, [])] * 2


@WAYS
def test_a_nas_set_up_anew_is_told_of_a_conflict_with_what_the_pc_answered(sides: TwoSides) -> None:
    """Whether the PC still has that answer or put it away."""
    for request_id in list(sides.pc.answers()):
        outbox.archive(sides.pc.outbox, request_id, sides.pc.settings.archive, False)
    anew(sides.nas)
    sides.nas.drop("again.json", OTHER)
    sides.settle(rounds=5)
    refused = [one for one in sides.nas.answers() if sides.nas.manifest(one)["status"] == "REJECTED"]
    assert len(refused) == 1
    assert waiting(sides) == 0


@WAYS
def test_a_wish_for_what_the_pc_put_away_brings_its_answer_out(sides: TwoSides) -> None:
    for request_id in list(sides.pc.answers()):
        outbox.archive(sides.pc.outbox, request_id, sides.pc.settings.archive, False)
    anew(sides.nas)
    sides.nas.drop("daily.cancel", b"no longer needed")
    sides.settle(rounds=5)
    assert sides.nas.manifest("daily")["status"] == "SUCCEEDED", "it was answered before"
    assert inbox.wishes(sides.nas.inbox) == []
