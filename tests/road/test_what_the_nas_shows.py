"""What `status` says on the NAS of a PC that has a folder of its own: how it stands there, and how old that is."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, Dict, Iterator

import pytest

import inbox
from inbox import Incarnation, Progress
from nas.seen import Seen, look
from nas.wording import data, lines
from tests.harness.processes import Machine
from tests.harness.two_sides import TwoSides, by_git, desk_of, nas_pulls, pc_pushes

NEVER = "sync: the other side was never seen yet (python -m nas sync)"
WAYS = pytest.mark.parametrize("way", [nas_pulls, pc_pushes, by_git])


@pytest.fixture
def sides(way: Any, quick_folder: Path, synthetic_data: Path) -> TwoSides:
    """Both machines."""
    return way(quick_folder, synthetic_data)


def seen_on(sides: TwoSides) -> Seen:
    """One look of the NAS."""
    return look(desk_of(sides.nas, sides.nas.disk))


def claimed(sides: TwoSides, request_id: str) -> Incarnation:
    """A worker of the PC has that request."""
    me = Incarnation(sides.pc.inbox, "pc-1", 60.0)
    path = next(sides.pc.inbox.pending.glob("*.json"))
    asked = inbox.read_asked(sides.pc.inbox, path)
    assert asked
    assert inbox.take(me, path, asked, request_id)
    me.beat([Progress(request_id, "decide", 25)])
    return me


@WAYS
def test_what_runs_over_there_is_shown_as_running(sides: TwoSides) -> None:
    sides.nas.submit(request_id="a")
    sides.nas.sync()
    if sides.pc.settings.there:
        sides.pc.sync()
        sides.nas.sync()
    claimed(sides, "a")
    if sides.pc.settings.there:
        sides.nas.sync()
        assert sides.pc.sync().troubles == []
    assert sides.nas.sync().troubles == []
    seen = seen_on(sides)
    assert [(run.request_id, run.phase, run.percent, run.worker) for run in seen.running] == [("a", "decide", 25, "pc-1")]
    assert (seen.pending, [worker.is_alive for worker in seen.workers]) == (0, [True])


@pytest.fixture
def typed(quick_folder: Path) -> Iterator[Machine]:
    """The NAS of `nas_pulls` as a person types there."""
    with Machine(quick_folder / "nas", quick_folder / "nas" / "data") as machine:
        yield machine


def test_what_is_shown_of_one_request_says_how_old_it_is(quick_folder: Path, synthetic_data: Path, typed: Machine) -> None:
    """Whether it runs over there or waits: `show`, its JSON, `submit --wait` and `status` know it from the last sync."""
    sides = nas_pulls(quick_folder, synthetic_data)
    asked: Dict[str, Any] = {"carrier": "same_folder", "there": str(sides.pc.root), "language": "en"}
    sides.nas.submit(request_id="a")
    assert NEVER in typed.run("nas", "show", "a", **asked).out.splitlines()
    sides.nas.sync()
    me = claimed(sides, "a")
    sides.nas.sync()
    five_minutes_old(sides, sides.nas.inbox.running / me.name / inbox.ALIVE, sides.nas.root / inbox.ARRIVING / ".seen")

    run, sync = typed.run("nas", "show", "a", **asked).out.splitlines()[:2]
    assert run.endswith("25% decide  (pc-1)  (as told 5m ago)")
    assert sync == "sync: the other side was last seen  5m"
    facts = json.loads(typed.run("nas", "show", "a", "--json", **asked).out)
    assert [300 <= age < 360 for age in (facts["running"]["age"], facts["synced"]["age"])] == [True, True]
    assert run in [line.strip() for line in typed.run("nas", "status", **asked).out.splitlines()]
    waited = typed.run("nas", "submit", "krx_ma200", "--id", "b", "--wait", "--timeout", "0.1", **asked)
    assert "sync: the other side was last seen" in waited.err


def five_minutes_old(sides: TwoSides, *paths: Path) -> None:
    """By the file server's own clock."""
    for path in paths:
        moment = inbox.file_server_time(sides.nas.inbox) - 300
        os.utime(path, (moment, moment))


def test_a_clock_an_hour_off_makes_nobody_dead(quick_folder: Path, synthetic_data: Path) -> None:
    """The dates over there are not compared with ours: a sign of life counts from when its content was seen to change."""
    sides = nas_pulls(quick_folder, synthetic_data)
    me = Incarnation(sides.pc.inbox, "pc-1", 60.0)
    for hours in (-1, 1):
        me.beat()
        moment = (me.folder / inbox.ALIVE).stat().st_mtime + hours * 3600
        os.utime(me.folder / inbox.ALIVE, (moment, moment))
        sides.nas.sync()
        [worker] = seen_on(sides).workers
        assert worker.is_alive
        assert worker.age is not None
        assert worker.age < 60


def test_a_worker_that_is_silent_grows_old_here_too(quick_folder: Path, synthetic_data: Path) -> None:
    sides = nas_pulls(quick_folder, synthetic_data)
    me = Incarnation(sides.pc.inbox, "pc-1", 60.0)
    sides.nas.sync()
    mine = sides.nas.inbox.running / me.name / inbox.ALIVE
    long_ago = mine.stat().st_mtime - 1000
    os.utime(mine, (long_ago, long_ago))
    sides.nas.sync()
    [worker] = seen_on(sides).workers
    assert worker.is_over


@WAYS
def test_a_worker_that_left_is_gone_here_too(sides: TwoSides) -> None:
    """Another of that machine stays."""
    me, other = Incarnation(sides.pc.inbox, "pc-1", 60.0), Incarnation(sides.pc.inbox, "pc-2", 60.0)
    _carried(sides)
    assert {worker.incarnation for worker in seen_on(sides).workers} == {me.name, other.name}
    me.leave()
    _carried(sides)
    assert [worker.incarnation for worker in seen_on(sides).workers] == [other.name]
    _carried(sides)
    assert [worker.incarnation for worker in seen_on(sides).workers] == [other.name], "nothing brings it back"


def _carried(sides: TwoSides) -> None:
    """One round, whoever carries."""
    if sides.pc.settings.there:
        sides.nas.sync()
        assert sides.pc.sync().troubles == []
    assert sides.nas.sync().troubles == []


@pytest.mark.skipif(sys.platform == "win32", reason="Linux: a folder is renamed while it is in use")
def test_everything_shown_says_how_old_it_is(quick_folder: Path, synthetic_data: Path) -> None:
    sides = nas_pulls(quick_folder, synthetic_data)
    told = [line.whole for line in lines(seen_on(sides), "en")]
    assert NEVER in told
    sides.nas.sync()
    assert any(
        line.startswith("sync: the other side was last seen  0s") for line in [one.whole for one in lines(seen_on(sides), "en")]
    )
    sides.pc.root.rename(sides.pc.root.with_name("away"))
    trip = sides.nas.sync()
    assert trip.exit_code() == 2
    [line] = [one.whole for one in lines(seen_on(sides), "en") if one.about == "sync"]
    assert line.startswith("sync does not get through: opening ")
    synced: Dict[str, Any] = data(seen_on(sides))["synced"]
    assert synced["age"] is not None
    assert "no such folder" in synced["why"]
