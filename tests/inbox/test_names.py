"""Every name the inbox writes is read back as what was written: the names are the protocol."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Optional

from hypothesis import given
from hypothesis import strategies as st

from inbox import ids, names

IDS = st.text("abz019._-~가힣", min_size=1, max_size=40).map(ids.safe_id)
ATTEMPTS = st.integers(1, 10_000)
MOMENTS = st.none() | st.integers(0, 2**37).map(lambda seconds: datetime.fromtimestamp(seconds, timezone.utc))


@given(IDS, ATTEMPTS)
def test_a_held_name_says_id_and_attempt(request_id: str, attempt: int) -> None:
    assert names.held_in(names.held_name(request_id, attempt)) == (request_id, attempt)


@given(IDS)
def test_a_compared_name_says_its_id_and_no_attempt(request_id: str) -> None:
    assert names.held_in(names.compared_name(request_id)) == (request_id, None)


@given(IDS, ATTEMPTS)
def test_a_claim_and_its_mark_say_the_same(request_id: str, attempt: int) -> None:
    assert names.claim_in(names.claim_name(request_id, attempt)) == (request_id, attempt)
    assert names.claim_in(names.mark_name(request_id, attempt)) == (request_id, attempt)


@given(IDS, ATTEMPTS)
def test_a_returned_name_gives_its_id_back(request_id: str, attempt: int) -> None:
    name = names.returned_name(request_id, attempt)
    assert names.id_returned(name[: -len(names.JSON)]) == request_id
    assert names.is_request(name) or request_id[0] in ".~"


@given(IDS)
def test_a_cancel_says_whose_it_is(request_id: str) -> None:
    assert names.id_to_cancel(names.cancel_name(request_id)) == request_id


@given(st.integers(0, 9), MOMENTS, IDS)
def test_a_pending_name_says_its_moment_and_is_its_own_order(priority: int, moment: Optional[datetime], request_id: str) -> None:
    name = names.pending_name(priority, moment, request_id)
    place = names.place_of(name)
    assert (place.key, names.is_ours(name), names.is_plain(name)) == (name, True, moment is None)
    assert place.not_before == ("" if moment is None else moment.strftime("%Y%m%dt%H%M%S"))
    assert names.id_in(name) in (request_id, None)
    assert (names.id_in(name) is None) == ("~" in request_id)


@given(IDS)
def test_an_incarnation_says_its_worker(worker: str) -> None:
    name = names.incarnation_name(worker)
    assert names.worker_of(name) == worker
    assert names.is_incarnation(name) or worker[0] in ".~"


@given(st.integers(0, 9), st.integers(0, 9), IDS)
def test_what_is_more_urgent_sorts_first(one: int, other: int, request_id: str) -> None:
    ours, foreign = names.pending_name(one, None, request_id), names.foreign_key("요청.json", other)
    assert (ours < foreign) == (one > other) or one == other
