"""What waits, in the order of work: by priority, not before its time, whoever made the file."""

from __future__ import annotations

from datetime import timedelta
from typing import List, Optional

import pytest

import inbox
from inbox import NotNow, Waiting
from shared import clock
from tests.harness.interleave import Recorder, disk_with
from tests.harness.road import Road, until

NOW = 1_780_000_000.0


def _order(road: Road, now: float = NOW) -> List[str]:
    waiting = Waiting(road.inbox)
    waiting.look(now)
    for name in waiting.unread(64):
        asked = inbox.read_asked(road.inbox, road.inbox.pending / name)
        assert asked is not None
        if asked.request:
            waiting.order(name, asked.request.priority)
    found: List[str] = []
    while True:
        path = waiting.next(now)
        if path is None:
            return found
        found.append(path.name)


def _next(waiting: Waiting, now: float = NOW) -> Optional[str]:
    path = waiting.next(now)
    return path.name if path else None


def test_the_most_urgent_comes_first_and_then_the_oldest(road: Road) -> None:
    asked = [_submit_alone_in_its_millisecond(road, priority) for priority in (5, 0, 9, 5)]
    names = _order(road)
    assert [name.split("-", 2)[2][:-5] for name in names] == [asked[2], asked[0], asked[3], asked[1]]


def _submit_alone_in_its_millisecond(road: Road, priority: int) -> str:
    """Ids begin with the millisecond: of two in the same one neither is the older."""
    request_id = road.submit(priority=priority)
    until(lambda: not request_id.startswith(clock.stamp(clock.now())))
    return request_id


def test_a_request_waits_for_its_moment_and_is_ready_after_it(road: Road) -> None:
    moment = clock.at(NOW)
    road.submit(request_id="later", not_before=clock.iso(moment + timedelta(hours=1)))
    road.submit(request_id="past", not_before=clock.iso(moment - timedelta(hours=1)))
    assert ["past" in name for name in _order(road)] == [True]
    assert len(_order(road, NOW + 3601)) == 2


def test_a_foreign_file_stands_where_its_content_says(road: Road) -> None:
    road.submit(request_id="ours", priority=7)
    road.drop("내일.json", {"strategy": "krx_ma200", "priority": 9})
    road.drop("any time.json", {"strategy": "krx_ma200", "priority": 0})  # by its name it would come before the plain one
    road.drop("plain.json", {"strategy": "krx_ma200"})
    names = _order(road)
    assert [names[0], names[1].split("-")[0], *names[2:]] == ["내일.json", "2", "plain.json", "any time.json"]


def test_a_thousand_requests_for_later_do_not_hide_one_for_now(road: Road) -> None:
    for number in range(1000):
        (road.inbox.pending / f"0-20990101t000000-later{number}.json").write_bytes(b"{}")
    road.drop("now.json", {"strategy": "krx_ma200", "priority": 0})
    assert _order(road) == ["now.json"]
    assert road.drain() == 0
    assert list(road.answers().values()) == ["SUCCEEDED"]
    assert len(road.disk.names(road.inbox.pending)) == 1000


def test_what_is_put_off_comes_back_in_time_and_is_then_forgotten(road: Road) -> None:
    """A moment that has passed must not leave the worker looking without end."""
    path = road.drop("4-0-x.json", {"strategy": "krx_ma200"})
    waiting = Waiting(road.inbox)
    waiting.look(NOW)
    assert waiting.next(NOW) == path
    waiting.put_off(path, NOW + 5, NotNow.CLAIMED)
    waiting.look(NOW)
    assert waiting.next(NOW) is None
    assert waiting.next_due == NOW + 5
    waiting.look(NOW + 5)
    assert waiting.next(NOW + 5) == path
    path.unlink()
    waiting.look(NOW + 6)
    assert waiting.next_due == float("inf")


def test_a_name_with_an_impossible_moment_is_read_at_once_and_stays_put_off_when_asked_to(road: Road) -> None:
    path = road.drop("4-99999999t999999-x.json", {"strategy": "krx_ma200"})
    waiting = Waiting(road.inbox)
    waiting.look(NOW)
    assert waiting.next_due == float("inf")
    assert waiting.next(NOW) == path
    waiting.put_off(path, NOW + 5, NotNow.LATER)
    waiting.look(NOW + 1)
    assert waiting.next(NOW + 1) is None
    assert waiting.next_due == NOW + 5


def test_what_the_bell_names_is_ready_without_another_look(road: Road) -> None:
    waiting = Waiting(road.inbox)
    waiting.look(NOW)
    waiting.rung(["4-0-b.json", "0-0-a.json", "x.cancel", ".hidden.json", "notes.txt"], NOW)
    assert [_next(waiting), _next(waiting), _next(waiting)] == ["0-0-a.json", "4-0-b.json", None]
    assert (waiting.cancels(), waiting.cancels()) == (["x.cancel"], [])


def test_a_file_written_on_is_ready_again_when_the_bell_says_so(road: Road) -> None:
    path = road.drop("half.json", b'{"strat')
    waiting = Waiting(road.inbox)
    waiting.look(NOW)
    assert waiting.next(NOW) == path
    waiting.put_off(path, NOW + 5, NotNow.HALF_WRITTEN)
    waiting.look(NOW + 1)
    assert waiting.next(NOW + 1) is None
    waiting.rung([path.name], NOW + 1)
    assert waiting.next(NOW + 1) == path


@pytest.mark.parametrize("why", NotNow)
def test_a_drain_waits_for_what_mends_and_a_run_that_ends_frees_what_was_claimed(road: Road, why: NotNow) -> None:
    path = road.drop("4-0-x.json", {"strategy": "krx_ma200"})
    waiting = Waiting(road.inbox)
    waiting.put_off(path, NOW + 5, why)
    assert waiting.is_worth_waiting_for(NOW) == (why not in (NotNow.LATER, NotNow.CLAIMED))
    assert not waiting.is_worth_waiting_for(NOW + 5)
    assert waiting.run_ended() == (why is NotNow.CLAIMED)
    waiting.look(NOW)
    assert (waiting.next(NOW) == path) == (why is NotNow.CLAIMED)
    assert not waiting.run_ended()


def test_what_is_put_off_for_another_reason_is_not_freed_by_the_first(road: Road) -> None:
    """Claimed by somebody, then met by trouble: the end of a run mends no trouble."""
    path = road.drop("4-0-x.json", {"strategy": "krx_ma200"})
    waiting = Waiting(road.inbox)
    waiting.put_off(path, NOW + 1, NotNow.CLAIMED)
    waiting.put_off(path, NOW + 5, NotNow.TROUBLE)
    assert not waiting.run_ended()
    waiting.look(NOW + 2)
    assert waiting.next(NOW + 2) is None


def test_what_the_dead_left_comes_first_and_is_put_off_like_anything_else(road: Road) -> None:
    urgent = road.drop("0-0-x.json", {"strategy": "krx_ma200"})
    left = road.inbox.running / "other~12345678" / "y.1.json"
    waiting = Waiting(road.inbox)
    waiting.look(NOW, [left])
    assert [waiting.next(NOW), waiting.next(NOW), waiting.next(NOW)] == [left, urgent, None]
    waiting.put_off(left, NOW + 5, NotNow.CLAIMED)
    waiting.look(NOW, [left])
    assert waiting.next(NOW) == urgent
    assert waiting.next_due == NOW + 5
    waiting.look(NOW + 5, [left])
    assert waiting.next(NOW + 5) == left
    waiting.look(NOW + 1)
    assert waiting.next_due == float("inf")


def test_what_was_put_off_has_waited_once(road: Road) -> None:
    path = road.drop("x.json", {"strategy": "krx_ma200"})
    waiting = Waiting(road.inbox)
    said: List[bool] = []
    for now in (NOW, NOW + 1, NOW + 5, NOW + 6):
        waiting.look(now)
        said.append(waiting.has_waited(path, NotNow.UNREADABLE, now))
        waiting.put_off(path, NOW + 5, NotNow.UNREADABLE)
    assert said == [False, False, True, True]
    assert not waiting.has_waited(path, NotNow.TROUBLE, NOW + 9)


@pytest.mark.parametrize(
    "name",
    [
        ".x.json",
        "x.json.tmp",
        "x.part",
        "~$x.json",
        ".~tmp~",
        "._x.json",
        "x.json~",
        "notes.txt",
        "x.json.part",
        ".x.json.Ab12Cd",
    ],
)
def test_files_of_systems_and_editors_are_left_alone(road: Road, name: str) -> None:
    road.drop(name, {"strategy": "krx_ma200"})
    assert _order(road) == []
    assert road.drain() == 0
    assert road.answers() == {}
    assert (road.inbox.pending / name).exists()


@pytest.mark.parametrize("name", ["@eaDir", "#recycle", ".rsync-partial", "folder", "folder.json"])
def test_folders_of_systems_are_left_alone(road: Road, name: str) -> None:
    (road.inbox.pending / name).mkdir()
    (road.inbox.pending / name / "x.json").write_bytes(b'{"strategy": "krx_ma200"}')
    good = road.submit()
    assert road.drain() == 0
    assert road.answers() == {good: "SUCCEEDED"}
    assert (road.inbox.pending / name / "x.json").exists()


def test_a_look_is_one_listing_and_asks_about_no_file(road: Road) -> None:
    for number in range(20):
        road.submit(request_id=f"r{number}")
        road.drop(f"foreign {number}.json", {"strategy": "krx_ma200"})
    recorder = Recorder()
    waiting = Waiting(inbox.open_inbox(road.root, disk_with(recorder)))
    waiting.look(NOW)
    assert recorder.steps == [("listdir", str(road.inbox.pending))]


def test_a_foreign_file_is_read_for_its_priority_once(road: Road) -> None:
    road.drop("theirs.json", {"strategy": "krx_ma200", "priority": 9})
    waiting = Waiting(road.inbox)
    waiting.look(NOW)
    assert waiting.unread(64) == ["theirs.json"]
    waiting.order("theirs.json", 9)
    waiting.look(NOW)
    assert waiting.unread(64) == []
    waiting.rung(["4-0-a.json"], NOW)
    assert _next(waiting) == "theirs.json"


def test_an_urgent_foreign_file_is_handed_out_once_a_look(road: Road) -> None:
    """It stood among those of default priority until it was read: it stands there no longer."""
    road.drop("theirs.json", {"strategy": "krx_ma200", "priority": 9})
    road.drop("4-0-ours.json", {"strategy": "krx_ma200"})
    waiting = Waiting(road.inbox)
    for now in (NOW, NOW + 1):
        waiting.look(now)
        for name in waiting.unread(64):
            waiting.order(name, 9)
        assert [_next(waiting, now), _next(waiting, now), _next(waiting, now)] == ["theirs.json", "4-0-ours.json", None]


def test_a_name_of_ours_with_its_ending_in_capitals_is_found_too(road: Road) -> None:
    """Some copier on Windows wrote it so."""
    road.drop("4-0-x.JSON", {"strategy": "krx_ma200", "request_id": "x"})
    waiting = Waiting(road.inbox)
    waiting.look(NOW)
    assert _next(waiting) == "4-0-x.JSON"
