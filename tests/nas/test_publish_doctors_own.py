"""The answer to `doctor --round-trip` is a real one, and no news: it is on no shelf, in no index, and told to nobody."""

from __future__ import annotations

from typing import Any, Dict

import pytest

from shared.doctors_own import LABELS, is_doctors
from tests.harness.answers import FINISHED, GOOD, on_day, seal, seal_bad
from tests.harness.public import Public
from tests.harness.road import Road

OF_DOCTOR: Dict[str, Any] = {"asked": {"labels": LABELS}}
MADE_UP: Dict[str, Any] = {"data": {**GOOD["data"], "synthetic": True}}


@pytest.fixture
def public(road: Road) -> Public:
    """Of an empty queue."""
    return Public(road)


def test_doctors_own_answer_is_neither_shelved_nor_told(road: Road, public: Public, capsys: pytest.CaptureFixture) -> None:
    """Finished after a person's, of the same strategy, from real prices; also failed, also from made-up ones."""
    seal(road, "mine")
    seal(road, "doctors", finished=on_day(21), **OF_DOCTOR)
    seal(road, "made-up", finished=on_day(21), **OF_DOCTOR, **MADE_UP)
    seal_bad(road, "failed", finished=on_day(21), **OF_DOCTOR)
    for published in (["mine"], [], []):
        outcome = public.publish()
        assert ([one["request_id"] for one in outcome.published], outcome.refused, outcome.rc) == (published, {}, 0)
    assert (public.latest(), len(public.shelves()), public.told()) == ("mine", 1, ["mine"])
    assert [one["request_id"] for one in public.index()["published"]] == ["mine"]
    said = capsys.readouterr().err
    assert [name for name in ("doctors", "made-up", "failed") if f"request={name}" in said] == []


def test_it_is_looked_at_once_also_where_the_index_is_gone(road: Road, public: Public) -> None:
    seal(road, "doctors", **OF_DOCTOR)
    public.publish()
    report = road.outbox.done / "doctors" / "report.txt"
    report.write_bytes(b"torn")
    (road.root / "index.json").unlink()
    outcome = public.publish()
    assert (outcome.published, outcome.refused) == ([], {}), "it was verified when it was new, and not again"
    assert public.index()["published"] == []


def test_nothing_is_compared_with_it_nor_recovers_by_it(road: Road, public: Public) -> None:
    seal_bad(road, "bad", finished=on_day(17))
    seal(road, "doctors", finished=on_day(18), **OF_DOCTOR)
    public.publish()
    seal(road, "good", finished=FINISHED)
    public.publish()
    assert [(notice.event, notice.recovers) for notice in public.heard] == [
        ("BACKTEST_FAILED", False),
        ("BACKTEST_FAILED", True),
        ("BACKTEST_COMPLETED", False),
    ]
    assert "doctors" not in " ".join(public.heard[-1].facts.values())


@pytest.mark.parametrize("request_", [b"", b"{", b"[]", b"7", b'{"labels": null}', b'{"labels": {"doctor": "no"}}', b"[" * 99999])
def test_any_other_request_is_a_persons(request_: bytes) -> None:
    assert not is_doctors(request_)
