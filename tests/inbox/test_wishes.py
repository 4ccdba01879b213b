"""Cancel, pause, expire, wait: what people and moments may ask of a queue."""

from __future__ import annotations

import json
import time
from typing import Any, Callable, List

import pytest

import inbox
from shared import clock
from tests.harness.file_server import Client, FileServer
from tests.harness.interleave import Between, disk_with
from tests.harness.road import SMALL, Road

NewRoad = Callable[..., Road]


def test_a_cancelled_request_is_answered_so_with_the_reason_and_never_runs(road: Road) -> None:
    request_id = road.submit()
    inbox.cancel(road.inbox, request_id, "wrong\n  window")
    inbox.cancel(road.inbox, request_id, "said twice")
    assert road.drain() == 0
    manifest = road.manifest(request_id)
    assert (manifest["status"], manifest["error"]["why"]) == ("CANCELLED", "wrong window")
    assert b"krx_ma200" in (road.outbox.done / request_id / "request.json").read_bytes()
    assert road.left() == []


def test_a_cancel_that_comes_before_its_request_holds(road: Road) -> None:
    inbox.cancel(road.inbox, "early", "")
    assert road.drain() == 0
    road.submit(request_id="early")
    assert road.drain() == 0
    assert road.answers() == {"early": "CANCELLED"}
    assert road.left() == []


def test_a_cancel_of_an_answered_request_changes_nothing(road: Road) -> None:
    request_id = road.submit()
    road.drain()
    before = road.manifest(request_id)
    inbox.cancel(road.inbox, request_id, "too late")
    assert road.drain() == 0
    assert road.manifest(request_id) == before
    assert road.left() == []


def test_a_wish_to_cancel_is_whole_when_it_appears(road: Road) -> None:
    """A worker's bell rings at once: a wish created and then filled was carried out without its reason."""
    seen: List[bytes] = []
    late = Between("rename", "x.cancel", lambda: seen.extend(path.read_bytes() for path in road.inbox.pending.iterdir()))
    inbox.cancel(inbox.open_inbox(road.root, disk_with(late)), "x", "too long")
    assert seen == [b"too long"], "under a name that nobody looks at"
    assert (road.inbox.pending / "x.cancel").read_bytes() == b"too long"


def test_a_cancel_means_the_id_inside_whatever_the_name_says(road: Road) -> None:
    road.drop("4-0-tomorrow.json", {**SMALL, "request_id": "today"})
    inbox.cancel(road.inbox, "tomorrow", "")
    assert road.drain() == 0
    assert road.answers() == {"tomorrow": "CANCELLED", "today": "SUCCEEDED"}


def test_a_web_request_can_be_asked_again(road: Road) -> None:
    web = {"ticker": "990010", "rule_type": "krx_ma200", "start_date": "2024-01-02", "end_date": "2024-03-29"}
    again = inbox.request_again(json.dumps(web).encode(), "first")
    assert inbox.request_from(again).retry_of == "first"


def test_a_cancel_of_a_foreign_file_finds_it_by_its_content(road: Road) -> None:
    road.drop("theirs.json", {**SMALL, "request_id": "Their Request"})
    road.drop("Their Request.cancel", b"")
    assert road.drain() == 0
    assert list(road.answers().values()) == ["CANCELLED"]
    assert road.left() == []


@pytest.mark.parametrize("wishes", [1, 3], ids=["one", "many at once"])
def test_a_cancel_takes_every_copy_with_it_also_those_for_later(road: Road, wishes: int) -> None:
    ids = [f"r{number}" for number in range(wishes)]
    for request_id in ids * 3:
        road.submit(request_id=request_id, not_before="2100-01-01T00:00:00Z")
    for request_id in ids:
        road.drop(f"{request_id} by hand.json", {**SMALL, "request_id": request_id, "not_before": "2100-01-01T00:00:00Z"})
        inbox.cancel(road.inbox, request_id, "")
    road.drain()
    assert [road.answers()[request_id] for request_id in ids] == ["CANCELLED"] * wishes
    assert list(road.inbox.pending.iterdir()) == []
    assert road.left() == []


@pytest.mark.parametrize(
    "data",
    ["점검 중", "점검\r\n중\r\n"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_pause_says_why_however_it_was_written(road: Road, data: str, encoding: str) -> None:
    (road.root / "PAUSED").write_bytes(data.encode(encoding))
    assert inbox.paused_because(road.inbox) == "점검 중"


def test_a_pause_without_a_reason_is_a_pause_too(road: Road) -> None:
    assert inbox.paused_because(road.inbox) is None
    inbox.pause(road.inbox, "")
    assert inbox.paused_because(road.inbox) == "no reason given"
    inbox.resume(road.inbox)
    (road.root / "PAUSED").mkdir()
    assert inbox.paused_because(road.inbox) == "no reason given"


def test_nothing_is_taken_while_paused_and_all_of_it_after(road: Road) -> None:
    request_id = road.submit()
    inbox.pause(road.inbox, "점검 중")
    assert road.drain() == 2
    assert road.answers() == {}
    inbox.resume(road.inbox)
    assert road.drain() == 0
    assert road.answers() == {request_id: "SUCCEEDED"}


@pytest.mark.parametrize(("server_is_off_by", "status"), [(-7200.0, "SUCCEEDED"), (7200.0, "EXPIRED")])
def test_a_request_expires_by_the_servers_clock_alone(road: Road, server_is_off_by: float, status: str) -> None:
    """Good for an hour from now by this machine: the server is two hours behind, or ahead."""
    road.submit(request_id="r", expires_at=clock.iso(clock.at(time.time() + 3600)))
    server = FileServer(time.time() + server_is_off_by)
    from shared.disk import Disk

    assert road.drain(Disk(durable=False, calls=Client(server), patience=0.0)) == 0
    assert road.answers() == {"r": status}
    assert road.left() == []


@pytest.mark.parametrize(("server_is_off_by", "answers"), [(-7200.0, {}), (7200.0, {"r": "SUCCEEDED"})])
def test_a_request_for_later_is_taken_by_the_servers_clock_alone(road: Road, server_is_off_by: float, answers: Any) -> None:
    road.submit(request_id="r", not_before=clock.iso(clock.at(time.time() + 3600)))
    server = FileServer(time.time() + server_is_off_by)
    from shared.disk import Disk

    assert road.drain(Disk(durable=False, calls=Client(server), patience=0.0)) == 0
    assert road.answers() == answers


def test_the_content_says_when_whatever_the_name_says(road: Road) -> None:
    road.drop("0-0-now.json", {**SMALL, "not_before": "2100-01-01T00:00:00Z"})
    assert road.drain() == 0
    assert road.answers() == {}
    assert (road.inbox.pending / "0-0-now.json").exists()
