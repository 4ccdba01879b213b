"""Wishes to cancel between two folders: whatever comes first, what was asked is never lost."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any, Callable, Dict

import pytest

import inbox
import outbox
from shared.disk import Disk
from tests.faults.fault_calls import FaultyCalls, failing
from tests.harness.processes import Machine
from tests.harness.road import SMALL, Road
from tests.harness.two_sides import TwoSides, by_git, nas_pulls, pc_pushes

Way = Callable[..., TwoSides]
WAYS = pytest.mark.parametrize("way", [nas_pulls, pc_pushes, by_git])


@pytest.fixture
def sides(way: Way, quick_folder: Path, synthetic_data: Path) -> TwoSides:
    """Both machines, with the one or the other doing the carrying."""
    return way(quick_folder, synthetic_data)


def asked_in(sides: TwoSides, request_id: str) -> Dict[str, Any]:
    """The request as its answer on the NAS keeps it."""
    content: Dict[str, Any] = json.loads((sides.nas.outbox.done / request_id / "request.json").read_bytes())
    return content


@WAYS
def test_a_request_cancelled_while_the_queue_is_paused_is_in_its_answer(sides: TwoSides) -> None:
    inbox.pause(sides.nas.inbox, "a test says so")
    sides.nas.submit(request_id="cp")
    inbox.cancel(sides.nas.inbox, "cp", "a typo")
    sides.settle()
    assert sides.nas.answers() == {"cp": "CANCELLED"}
    assert asked_in(sides, "cp")["strategy"] == "krx_ma200"
    assert sides.nas.left() == sides.pc.left() == []


@pytest.mark.parametrize("way", [nas_pulls, by_git])
def test_a_paused_queue_sends_nobody_elses_request(sides: TwoSides) -> None:
    inbox.pause(sides.nas.inbox, "a test says so")
    for name in ("cp", "waits"):
        sides.nas.submit(request_id=name)
    inbox.cancel(sides.nas.inbox, "cp", "a typo")
    sides.settle()
    assert sides.nas.answers() == sides.pc.answers() == {"cp": "CANCELLED"}


@WAYS
def test_a_request_dropped_after_the_wish_is_kept_aside_and_can_be_asked_again(sides: TwoSides) -> None:
    inbox.cancel(sides.nas.inbox, "late", "too early")
    sides.nas.sync()
    sides.pc.sync()
    sides.pc.drain()
    sides.nas.drop("late.json", {**SMALL, "request_id": "late"})
    sides.settle()
    assert sides.nas.answers() == {"late": "CANCELLED"}
    assert asked_in(sides, "late") == {}
    kept = outbox.kept_aside(sides.nas.outbox, "late")
    assert kept
    assert json.loads(kept)["strategy"] == "krx_ma200"
    assert sides.nas.left() == []


def test_a_wish_does_not_travel_before_its_request_wherever_a_sync_is_cut_off(quick_folder: Path, synthetic_data: Path) -> None:
    """Its name sorts before the request's; whoever carries, a worker that looks after the cut must not answer for nothing."""
    for way in (nas_pulls, pc_pushes):
        for at in range(1, 200):
            sides = way(quick_folder / f"{way.__name__}-{at}", synthetic_data)
            sides.nas.submit(request_id="0")
            inbox.cancel(sides.nas.inbox, "0", "a typo")
            calls = FaultyCalls(failing(lambda: OSError(errno.EIO, "the connection is cut")), at, forever=True)
            (sides.nas if way is nas_pulls else sides.pc).sync(Disk(False, calls, patience=0.0))
            sides.pc.drain()
            sides.settle(2)  # the NAS made nothing ready before: so a wish may lie beside a name that tells no id
            assert asked_in(sides, "0").get("strategy"), f"{way.__name__}, cut at operation {at}"
            if not calls.struck:
                break


def test_what_came_after_its_cancel_is_asked_again_by_retry(tmp_path: Path, synthetic_data: Path) -> None:
    """As a person types it: the wish was answered over there before anybody dropped the request here."""
    pc = Road(tmp_path / "pc" / "reports", synthetic_data, carrier="rsync", worker="pc-1")
    there = {"CARRIER": "same_folder", "THERE": str(pc.root)}
    with Machine(tmp_path / "nas", synthetic_data, **there) as nas:
        (nas.reports / "pending" / "late.cancel").write_bytes(b"too early")
        nas.run("nas", "sync")
        pc.drain()
        (nas.reports / "pending" / "late.json").write_text(json.dumps({**SMALL, "request_id": "late"}), encoding="utf-8")
        assert nas.run("nas", "sync").rc == nas.run("nas", "sync").rc == 0
        done = nas.run("nas", "retry", "late")
        assert done.rc == 0, done.err
        [waits] = (nas.reports / "pending").glob("*.json")
        again = json.loads(waits.read_text(encoding="utf-8"))
        assert (again["retry_of"], again["strategy"], again["start"]) == ("late", SMALL["strategy"], SMALL["start"])
