"""Files of others: half written, copied, sent twice, made by a sync tool."""

from __future__ import annotations

import json
import os
import time
from typing import Callable

import pytest

from tests.harness.road import SMALL, Road

NewRoad = Callable[..., Road]
WHOLE = json.dumps({**SMALL, "request_id": "r"}, indent=1).encode()


def test_a_half_written_file_is_awaited_and_then_refused(new_road: NewRoad) -> None:
    road = new_road(settle_seconds=0.4)
    road.drop("half.json", WHOLE[:40])
    began = time.monotonic()
    assert road.drain() == 1
    assert time.monotonic() - began > 0.3
    assert list(road.answers().values()) == ["REJECTED"]
    assert road.left() == []


def test_a_file_younger_than_the_settle_time_is_left_alone(new_road: NewRoad) -> None:
    from tests.harness.people import Person

    road = new_road(settle_seconds=60.0)
    path = road.drop("half.json", WHOLE[:40])
    person = Person(road)
    assert person.take(path) is None
    assert path.read_bytes() == WHOLE[:40]
    path.write_bytes(WHOLE)
    claim = person.take(path)
    assert claim is not None
    assert claim.request_id == "r"


def test_a_file_that_is_whole_is_not_awaited(new_road: NewRoad) -> None:
    road = new_road(settle_seconds=60.0)
    road.drop("whole.json", WHOLE)
    assert road.drain() == 0
    assert road.answers() == {"r": "SUCCEEDED"}


def test_a_broken_file_from_the_future_is_not_awaited_for_ever(new_road: NewRoad) -> None:
    road = new_road(settle_seconds=60.0)
    path = road.drop("future.json", WHOLE[:40])
    os.utime(path, (time.time() + 86_400, time.time() + 86_400))
    assert road.drain() == 1
    assert list(road.answers().values()) == ["REJECTED"]


@pytest.mark.parametrize(
    "copy",
    [
        "x.sync-conflict-20261120-181203-ABCDEF7.json",
        "x_Conflict.json",
        "x_NAS_Nov-20-181203-2026_Conflict.json",
        "x (conflicted copy).json",
        "x (1).json",
        "x - Copy.json",
        "복사본 x.json",
    ],
)
def test_a_copy_of_the_same_content_is_answered_once_and_other_content_refused_apart(road: Road, copy: str) -> None:
    road.drop("x.json", WHOLE)
    road.drop(copy, WHOLE)
    assert road.drain() == 0
    assert road.answers() == {"r": "SUCCEEDED"}
    road.drop(copy, {**SMALL, "request_id": "r", "capital": 1_234_567})
    assert road.drain() == 1
    other = next(name for name in road.answers() if name != "r")
    assert other.startswith("r~")
    assert road.manifest(other)["error"]["code"] == "E-REQUEST-CONFLICT"
    assert b"1234567" in (road.outbox.done / other / "request.json").read_bytes()
    assert road.left() == []


def test_a_conflict_copy_of_a_file_without_an_id_is_the_same_request(road: Road) -> None:
    road.drop("momentum.json", SMALL)
    road.drop("momentum.sync-conflict-20261120-181203-ABCDEF7.json", SMALL)
    assert road.drain() == 0
    assert list(road.answers().values()) == ["SUCCEEDED"]
    assert road.left() == []


def test_a_request_sent_again_in_other_writing_is_answered_once(road: Road) -> None:
    road.drop("a.json", WHOLE)
    road.drop("b.json", b"\xef\xbb\xbf" + WHOLE.replace(b"\n", b"\r\n"))
    road.drop("c.json", dict(reversed([*SMALL.items(), ("request_id", "r"), ("requested_by", "someone else")])))
    assert road.drain() == 0
    assert road.answers() == {"r": "SUCCEEDED"}
    assert road.left() == []
    road.drop("d.json", WHOLE)
    assert road.drain() == 0
    assert road.answers() == {"r": "SUCCEEDED"}
    assert road.left() == []


def test_the_second_other_content_under_one_id_is_known_again(road: Road) -> None:
    other = {**SMALL, "request_id": "r", "capital": 1_234_567}
    road.drop("a.json", WHOLE)
    road.drain()
    for name in ("b.json", "c.json"):
        road.drop(name, other)
    assert road.drain() == 1
    assert sorted(road.answers().values()) == ["REJECTED", "SUCCEEDED"]
    road.drop("d.json", other)
    assert road.drain() == 0
    assert len(road.answers()) == 2
    assert road.left() == []
