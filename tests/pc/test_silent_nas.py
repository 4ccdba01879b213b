"""The PC tells that it has not heard from the NAS for long, once, and that it hears it again, whichever side carries."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Iterator, List

import pytest

import inbox
from pc.desk import open_desk
from pc.listening import Wakefulness, listen
from shared.events import Log
from shared.notices import Notice, open_post
from shared.notices.unsent import told_of, waiting
from tests.harness.processes import Machine
from tests.harness.road import until
from tests.harness.two_sides import TwoSides, by_git, nas_pulls, pc_pushes

WAYS = pytest.mark.parametrize("way", [nas_pulls, pc_pushes, by_git])
HOURS = 3600.0


@pytest.fixture
def sides(way: Any, quick_folder: Path, synthetic_data: Path) -> TwoSides:
    """Both machines."""
    return way(quick_folder, synthetic_data)


def told(sides: TwoSides, awake: float = HOURS) -> List[Notice]:
    """What the PC has told up to now, asked once more."""
    pc = sides.pc
    post = open_post(pc.settings, {}, pc.root / "none.yaml")
    listen(open_desk(pc.settings, Log(quiet=True), pc.disk), post, awake)
    return [told_of(post, name).notice for name in waiting(post)]


def hours_pass(sides: TwoSides, hours: float = 2.0) -> None:
    """Since the NAS was heard."""
    mark = sides.pc.root / inbox.ARRIVING / ".heard"
    moment = mark.stat().st_mtime - hours * HOURS
    os.utime(mark, (moment, moment))


def sync(sides: TwoSides) -> None:
    """What cron and a running worker do."""
    sides.nas.sync()
    if sides.pc.settings.there:
        sides.pc.sync()


@WAYS
def test_a_nas_that_is_silent_is_told_once_and_once_that_it_is_heard_again(sides: TwoSides) -> None:
    sync(sides)
    assert told(sides) == []
    hours_pass(sides)
    for _ in range(3):
        [notice] = told(sides)
    assert (notice.event, notice.cause) == ("NAS_SILENT", "2시간 동안 소식이 없음")
    (sides.nas.settings.data / "sync.json").unlink()  # by git a sign is sent every ten minutes
    sync(sides)
    for _ in range(3):
        silence, over = told(sides)
    assert (over.event, over.key, over.recovers) == (silence.event, silence.key, True)


@pytest.mark.parametrize("way", [pc_pushes])
def test_a_nas_that_is_reached_and_does_nothing_is_silent(sides: TwoSides) -> None:
    """Its folder answers, its cron does not run: nobody takes in what is sent there."""
    sync(sides)
    for _ in range(2):  # its last sign is news once
        assert told(sides) == []
        hours_pass(sides)
        sides.pc.sync()
    [notice] = told(sides)
    assert "nas sync" in notice.opening


@pytest.mark.parametrize("way", [pc_pushes])
def test_a_nas_that_cannot_be_reached_is_told_with_the_reason(sides: TwoSides) -> None:
    sync(sides)
    told(sides)
    hours_pass(sides)
    sides.nas.root.rename(sides.nas.root.with_name("away"))
    sides.pc.sync()
    [notice] = told(sides)
    assert "there is no such folder" in notice.opening


@pytest.mark.parametrize("way", [nas_pulls])
def test_who_just_woke_waits_before_calling_the_nas_silent(sides: TwoSides) -> None:
    sync(sides)
    told(sides)
    hours_pass(sides, 60.0)
    assert told(sides, awake=30.0) == []
    assert len(told(sides, awake=601.0)) == 1


@pytest.mark.parametrize("way", [nas_pulls])
def test_a_nas_that_was_never_heard_is_silent_from_the_first_question_on(sides: TwoSides) -> None:
    assert told(sides) == []
    hours_pass(sides, 0.5)
    assert told(sides) == []
    hours_pass(sides, 1.0)
    assert len(told(sides)) == 1


def test_a_sleep_begins_wakefulness_anew() -> None:
    moments = iter([0.0, 60.0, 120.0, 120.0 + 8 * HOURS, 180.0 + 8 * HOURS, 0.0])
    awake = Wakefulness(10.0, lambda: next(moments))
    assert [awake.seconds() for _ in range(5)] == [60.0, 120.0, 0.0, 60.0, 0.0]


@pytest.fixture
def machine(sides: TwoSides) -> Iterator[Machine]:
    """The PC's programs."""
    pc = sides.pc.settings
    asked = {"carrier": pc.carrier, "there": pc.there, "carry_every": 0.3, "silent_hours": 0.001, "worker": "pc-1"}
    with Machine(pc.reports.parent, pc.data, reports=pc.reports, **asked) as running:
        yield running


@pytest.mark.parametrize("way", [pc_pushes])
def test_a_running_worker_tells_it_and_its_end(sides: TwoSides, machine: Machine) -> None:
    """A NAS is silent after four seconds here."""
    sides.nas.sync()
    worker = machine.watch()
    worker.until_event("NAS_SILENT")

    def heard() -> bool:
        sides.nas.submit()  # with a request its sign is fetched at once, alone once a minute
        sides.nas.sync()
        return "NAS_HEARD" in worker.events()

    until(heard, 90.0)
    assert worker.stop() == 0
    assert worker.events().count("NAS_SILENT") == 1
