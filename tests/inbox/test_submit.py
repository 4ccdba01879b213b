"""Putting a request in: checked, complete when it appears, and named for its turn."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any, Dict

import pytest

import inbox
from inbox import request_again, submit
from shared import clock
from shared.errors import RequestInvalid, RequestUnsupported
from tests.harness.road import SMALL, Road


def test_what_was_submitted_lies_complete_in_pending_under_its_id(road: Road) -> None:
    request_id = submit(road.inbox, dict(SMALL))
    (path,) = road.inbox.pending.iterdir()
    assert path.name == f"4-0-{request_id}.json"
    asked = inbox.read_asked(road.inbox, path)
    assert asked is not None
    assert (asked.request_id, asked.refusal) == (request_id, None)
    content = json.loads(path.read_bytes())
    assert (content["schema"], content["request_id"]) == ("relay.request/1", request_id)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("strategy", ""),
        ("start", "2024-13-01"),
        ("capital", -5),
        ("priority", 10),
        ("max_attempts", 0),
        ("symbols", [660]),
        ("windw", 5),
        ("not_before", "0001-01-01T00:00:00"),
        ("expires_at", "9999-12-31T23:59:59Z"),
        ("request_id", 5),
        ("charts", "no"),
    ],
)
def test_a_wrong_value_is_refused_by_name_before_anything_is_written(road: Road, field: str, value: Any) -> None:
    with pytest.raises(RequestInvalid, match=field):
        submit(road.inbox, {**SMALL, field: value})
    assert list(road.inbox.pending.iterdir()) == []


def test_an_unknown_field_of_costs_and_rules_is_refused_with_the_nearest_one(road: Road) -> None:
    with pytest.raises(
        RequestInvalid, match=r"unknown field 'rules\.stoploss': did you mean 'stop_loss'\? there are: cash_floor"
    ):
        submit(road.inbox, {**SMALL, "rules": {"stoploss": 0.1}})
    with pytest.raises(RequestInvalid, match=r"unknown field 'costs\.comission_bps': did you mean 'commission_bps'"):
        submit(road.inbox, {**SMALL, "costs": {"comission_bps": 1}})


def test_half_a_character_is_refused_before_anything_is_written(road: Road) -> None:
    with pytest.raises(RequestInvalid):
        submit(road.inbox, {**SMALL, "params": {"name": "\udcff"}})
    assert list(road.inbox.pending.iterdir()) == []


def test_an_end_before_the_start_is_refused(road: Road) -> None:
    with pytest.raises(RequestInvalid, match="2024-06-30 is after end 2024-01-01"):
        submit(road.inbox, {**SMALL, "start": "2024-06-30", "end": "2024-01-01"})


def test_what_cannot_be_honoured_yet_is_refused_and_not_ignored(road: Road) -> None:
    with pytest.raises(RequestUnsupported, match="grid"):
        submit(road.inbox, {**SMALL, "grid": {"window": [50, 100]}})


def test_a_moment_without_a_zone_is_korean_time(road: Road) -> None:
    submit(road.inbox, {**SMALL, "not_before": "2030-01-01T09:00:00", "request_id": "kst"})
    submit(road.inbox, {**SMALL, "not_before": "2030-01-01T00:00:00Z", "request_id": "utc"})
    moments = {path.name.split("-")[1] for path in road.inbox.pending.iterdir()}
    assert moments == {"20300101t000000"}
    request = inbox.request_from({"strategy": "a", "expires_at": "2030-01-01 09:00:00"})
    assert request.expires_at == datetime(2030, 1, 1, tzinfo=timezone.utc)


def test_two_of_one_id_never_replace_each_other_and_are_answered_once(road: Road) -> None:
    moment = clock.iso(clock.now())
    for _ in range(2):
        assert submit(road.inbox, {**SMALL, "request_id": "same", "requested_at": moment}) == "same"
    assert len(list(road.inbox.pending.iterdir())) == 2
    assert road.drain() == 0
    assert road.answers() == {"same": "SUCCEEDED"}
    assert road.left() == []


def test_an_id_that_is_none_becomes_one_and_is_told(road: Road) -> None:
    request_id = submit(road.inbox, {**SMALL, "request_id": "My Request!"})
    assert inbox.is_id(request_id)
    road.drain()
    assert road.answers() == {request_id: "SUCCEEDED"}


def test_asking_again_keeps_the_question_and_drops_who_asked_when(road: Road) -> None:
    old = {**SMALL, "request_id": "old", "requested_by": "me", "requested_at": "2026-01-01T00:00:00Z", "params": {"window": 50}}
    old.update(not_before="2026-01-01T00:00:00Z", expires_at="2026-01-02T00:00:00Z", labels={"team": "quant"})
    again = request_again(b"\xef\xbb\xbf" + json.dumps(old).encode(), "old")
    assert again == {**SMALL, "params": {"window": 50}, "labels": {"team": "quant"}, "retry_of": "old"}
    request_id = submit(road.inbox, again)
    road.drain()
    assert road.answers() == {request_id: "SUCCEEDED"}


@pytest.mark.parametrize("data", [b"[]", b"null", b"5"])
def test_what_was_no_request_cannot_be_asked_again(data: bytes) -> None:
    with pytest.raises(RequestInvalid):
        request_again(data, "old")


def test_a_request_is_found_wherever_it_lies(road: Road) -> None:
    mine = road.submit()
    foreign = road.drop("누군가의 요청.json", {**SMALL, "request_id": "theirs"})
    [found] = inbox.find_requests(road.inbox, mine)
    assert mine in found.name
    assert inbox.find_requests(road.inbox, "theirs") == [foreign]
    assert inbox.find_requests(road.inbox, "nobodys") == []
    me = inbox.Incarnation(road.inbox, "w", 60.0)
    asked = inbox.read_asked(road.inbox, foreign)
    assert asked is not None
    claim = inbox.take(me, foreign, asked, "theirs")
    assert claim is not None
    assert inbox.find_requests(road.inbox, "theirs") == [claim.file]


def test_the_strategys_own_column_is_no_benchmark() -> None:
    with pytest.raises(RequestInvalid, match=r"benchmarks: .*'STRAT' is the strategy's own column"):
        inbox.request_from({"strategy": "a", "benchmarks": ["KOSPI", "STRAT"]})
    with pytest.raises(RequestInvalid, match="STRAT"):
        inbox.request_from({"strategy": "a", "benchmarks": "KOSPI, STRAT"})
    assert inbox.request_from({"strategy": "a", "benchmarks": ["strat"]}).benchmarks == ["strat"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"request_id": "My Request!"}, {"request_id": inbox.safe_id("My Request!")}),
        ({"run_id": "A", "ticker": "x"}, {"run_id": inbox.safe_id("A"), "ticker": "x"}),
        ({"symbols": "069500, 000660"}, {"symbols": ["069500", "000660"]}),
        ({"benchmarks": "KOSPI"}, {"benchmarks": ["KOSPI"]}),
        ({"required": "KOSPI,"}, {"required": ["KOSPI"]}),
        ({"start": "2020-01-01", "capital": 5}, {"capital": 5, "start": "2020-01-01"}),
    ],
)
def test_the_same_said_in_two_ways_is_the_same_request(one: Dict[str, Any], other: Dict[str, Any]) -> None:
    assert inbox.digest_of(one) == inbox.digest_of(other)


def test_what_is_not_said_is_no_part_of_the_content() -> None:
    """Or every answered request would become another one with the next change of a default."""
    assert inbox.digest_of({"strategy": "a"}) != inbox.digest_of({"strategy": "a", "benchmarks": ["KOSPI"]})
    assert inbox.digest_of({"symbols": "a,b"}) != inbox.digest_of({"symbols": ["b", "a"]})
    assert inbox.digest_of({"symbols": " , "}) != inbox.digest_of({"symbols": []})


def test_a_request_sent_again_in_other_words_is_answered_once(road: Road) -> None:
    road.drop("one.json", {**SMALL, "request_id": "My Request!", "symbols": "KOSPI"})
    road.drain()
    road.drop("two.json", {**SMALL, "request_id": inbox.safe_id("My Request!"), "symbols": ["KOSPI"]})
    road.drain()
    assert road.answers() == {inbox.safe_id("My Request!"): "SUCCEEDED"}
    assert road.left() == []
