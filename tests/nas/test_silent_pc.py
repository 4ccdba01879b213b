"""The NAS tells of a PC that is silent while it should be at work, once, and that it is back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, List

import pytest

import inbox
from inbox import Incarnation, Progress
from nas.listening import listen
from shared.events import Log
from shared.notices import Notice, open_post
from shared.notices.unsent import told_of, waiting
from tests.harness.answers import seal
from tests.harness.road import Road
from tests.harness.two_sides import desk_of

ALWAYS, NEVER = "Mon-Sun 00:00-24:00", "Mon 00:00-00:01"
SOON = 0.0001  # hours


@pytest.fixture
def at_work(quick_folder: Path) -> Road:
    """A queue in its working hours."""
    return Road(quick_folder / "reports", quick_folder / "data", working_hours=ALWAYS, silent_hours=SOON)


def told(road: Road, **changes: Any) -> List[Notice]:
    """One look of the NAS; all that was told up to now."""
    road.settings = road.settings.model_copy(update=changes)
    post = open_post(road.settings, {}, road.root / "none.yaml")
    listen(desk_of(road, road.disk), post, Log(quiet=True))
    return [told_of(post, name).notice for name in waiting(post)]


def asked_long_ago(road: Road, **content: Any) -> None:
    """A request that has waited for ten days."""
    road.submit(**content)
    for path in road.inbox.pending.iterdir():
        age(path, 864_000.0)


def age(path: Path, seconds: float) -> None:
    """As old as that."""
    moment = path.stat().st_mtime - seconds
    os.utime(path, (moment, moment))


def silent(road: Road, seconds: float, *runs: str) -> Incarnation:
    """A worker that was last seen so long ago, with these runs."""
    me = Incarnation(road.inbox, "pc-1", 60.0)
    me.beat([Progress(one, "decide", 25) for one in runs])
    age(me.folder / inbox.ALIVE, seconds)
    return me


def claimed(road: Road, seconds: float) -> Incarnation:
    """The same, and a request it took lies in its folder."""
    me = Incarnation(road.inbox, "pc-1", 60.0)
    path = next(road.inbox.pending.glob("*.json"))
    asked = inbox.read_asked(road.inbox, path)
    assert asked
    assert inbox.take(me, path, asked, asked.request_id)
    age(me.folder / inbox.ALIVE, seconds)
    return me


def test_requests_that_wait_for_nobody_are_told_once(at_work: Road) -> None:
    asked_long_ago(at_work)
    for _ in range(3):
        [notice] = told(at_work)
    assert (notice.event, notice.level, notice.title) == ("PC_SILENT", "WARNING", "PC 응답 없음")
    assert "1건" in notice.cause
    assert "python -m pc doctor" in notice.fix


def test_the_line_in_the_log_is_english_and_the_notice_the_readers(at_work: Road, capsys: pytest.CaptureFixture[str]) -> None:
    asked_long_ago(at_work)
    post = open_post(at_work.settings, {}, at_work.root / "none.yaml")
    listen(desk_of(at_work, at_work.disk), post, Log())
    said = capsys.readouterr().err
    assert "[PC_SILENT]" in said
    assert "why=1 waiting and no worker for" in said
    assert said.isascii()
    [name] = waiting(post)
    assert "가져가는 워커가 없음" in told_of(post, name).notice.cause


def test_a_pc_that_is_back_is_told_once(at_work: Road) -> None:
    asked_long_ago(at_work)
    told(at_work)
    Incarnation(at_work.inbox, "pc-1", 60.0)
    for _ in range(3):
        silence, over = told(at_work)
    assert (over.event, over.key, over.recovers) == (silence.event, silence.key, True)


def test_a_pc_that_is_never_silent_says_nothing(at_work: Road) -> None:
    asked_long_ago(at_work)
    me = Incarnation(at_work.inbox, "pc-1", 60.0)
    assert told(at_work) == []
    age(me.folder / inbox.ALIVE, 30.0)
    assert told(at_work) == [], "it lives for as long as its lease, however few the silent hours are"


def test_a_pc_may_sleep_while_nothing_waits(at_work: Road) -> None:
    silent(at_work, 86_400.0)
    assert told(at_work) == []


def test_a_pc_may_sleep_outside_working_hours(at_work: Road) -> None:
    asked_long_ago(at_work)
    claimed(at_work, 3600.0)
    assert told(at_work, working_hours=NEVER) == []
    assert len(told(at_work, working_hours=ALWAYS)) == 1


def test_who_comes_back_at_night_is_told_at_night(at_work: Road) -> None:
    asked_long_ago(at_work)
    told(at_work)
    assert len(told(at_work, working_hours=NEVER)) == 1
    Incarnation(at_work.inbox, "pc-1", 60.0)
    assert [one.recovers for one in told(at_work)] == [False, True]


def test_the_night_does_not_count(at_work: Road) -> None:
    """It has waited for ten days, and of the working day a hundred hours are never over."""
    asked_long_ago(at_work)
    assert told(at_work, silent_hours=100.0) == []


def test_a_worker_that_was_seen_a_moment_ago_is_not_silent_yet(at_work: Road) -> None:
    """It may be starting anew: only from its last sign on nobody was there."""
    asked_long_ago(at_work)
    silent(at_work, 61.0)
    assert told(at_work, silent_hours=1.0) == []


def test_a_worker_that_fell_silent_with_a_run_is_told_past_its_lease(at_work: Road) -> None:
    at_work.submit(request_id="a")
    claimed(at_work, 61.0)
    [notice] = told(at_work, silent_hours=100.0)
    assert "pc-1" in notice.cause
    assert "a" in notice.opening


def test_a_run_another_worker_can_take_over_is_no_silence(at_work: Road) -> None:
    at_work.submit(request_id="a")
    claimed(at_work, 61.0)
    Incarnation(at_work.inbox, "pc-2", 60.0)
    assert told(at_work) == []


def test_a_paused_queue_is_nobodys_silence(at_work: Road) -> None:
    asked_long_ago(at_work)
    inbox.pause(at_work.inbox, "maintenance")
    assert told(at_work) == []


def test_a_request_for_later_waits_for_nobody(at_work: Road) -> None:
    asked_long_ago(at_work, not_before="2099-01-01T00:00:00+09:00")
    assert told(at_work) == []
    asked_long_ago(at_work)
    assert "1건" in told(at_work)[0].cause


def test_a_request_that_is_answered_waits_for_nobody(at_work: Road) -> None:
    """Its file goes once a worker looks at it again."""
    asked_long_ago(at_work, request_id="a")
    seal(at_work, "a")
    assert told(at_work) == []


def test_on_two_folders_a_pc_that_sleeps_over_a_run_is_told_after_a_quarter_of_an_hour(at_work: Road) -> None:
    """What it ran is known from its last carried sign of life."""
    silent(at_work, 600.0, "a")
    assert told(at_work, carrier="rsync", silent_hours=100.0) == []
    [worker] = inbox.incarnations(at_work.inbox)
    age(at_work.inbox.running / worker / inbox.ALIVE, 400.0)
    assert "pc-1" in told(at_work)[0].cause


def test_it_is_in_english_where_that_is_set(at_work: Road) -> None:
    asked_long_ago(at_work)
    [notice] = told(at_work, language="en")
    assert notice.headline.startswith("[WARNING] PC Silent — 1 waiting and no worker for ")
