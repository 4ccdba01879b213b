"""Answers that agree with their own hashes and still break whoever reads them: each is refused, and keeps no other waiting."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any, Dict, List

import pytest

from outbox import MANIFEST
from shared import clock
from tests.harness.answers import METRICS, on_day, seal
from tests.harness.public import Public
from tests.harness.road import Road


@pytest.fixture
def public(road: Road) -> Public:
    """Of an empty queue."""
    return Public(road)


def _resealed(road: Road, name: str, data: bytes) -> None:
    """The answer `odd` with other bytes in that file, its manifest as true as ever."""
    folder = road.outbox.done / "odd"
    (folder / name).write_bytes(data)
    manifest = json.loads((folder / MANIFEST).read_bytes())
    for entry in manifest["files"]:
        if entry["path"] == name:
            entry.update(bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def _changed(road: Road, **changes: Any) -> None:
    path = road.outbox.done / "odd" / MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **changes}), encoding="utf-8")


def _good_news(public: Public) -> List[str]:
    return [notice.identity.split()[0] for notice in public.heard if notice.event == "BACKTEST_COMPLETED"]


@pytest.mark.parametrize(
    "figures",
    [
        b"",
        b"[]",
        b'""',
        b"null",
        b"\xff",
        b"[" * 100_000,
        b'{"CAGR_like": NaN}',
        b'{"a": {"b": 1e999}}',
        b'{"a": 1' + b"0" * 400 + b"}",
    ],
    ids=["nothing", "list", "text", "null", "no text", "deep", "NaN", "infinite", "endless"],
)
def test_an_answer_whose_figures_are_no_object_is_refused_and_the_next_is_published(
    road: Road, public: Public, figures: bytes
) -> None:
    seal(road, "odd")
    _resealed(road, "metrics.json", figures)
    seal(road, "next", finished=on_day(21))

    outcome = public.publish()

    assert outcome.refused["odd"]["code"] == "E-ANSWER-DAMAGED"
    assert "metrics.json" in outcome.refused["odd"]["why"]
    assert "retry" in outcome.refused["odd"]["fix"]
    assert (outcome.rc, _good_news(public), public.latest()) == (1, ["next"], "next")
    assert len(public.shelves()) == 1
    again = public.publish()
    assert (again.rc, list(again.refused), again.published) == (0, ["odd"], [])


@pytest.mark.parametrize(
    "changes",
    [
        {"strategy": "\ud800"},
        {"degraded": ["\udfff"]},
        {"worker": "\ud800"},
        {"metrics": {**METRICS, "Sharpe": float("nan")}},
        {"timings": {"finished": "\ud800"}},
    ],
)
def test_half_a_character_or_no_number_in_a_manifest_stops_nobody(road: Road, public: Public, changes: Dict[str, Any]) -> None:
    """Refused before anything of it is shown, or shown as far as it goes."""
    seal(road, "odd")
    _changed(road, **changes)
    seal(road, "next", finished=on_day(21))

    outcome = public.publish()

    assert "next" in [entry["request_id"] for entry in outcome.published]
    assert len(outcome.published) + len(outcome.refused) == 2
    assert len(public.shelves()) == len(outcome.published)
    assert public.publish().published == []


def test_an_answer_restored_with_its_old_dates_is_published(road: Road, public: Public) -> None:
    """As `cp -a` does it from a backup; the bit that flipped had changed no date either."""
    seal(road, "a")
    folder, backup = road.outbox.done / "a", road.root.parent / "backup"
    shutil.copytree(folder, backup)
    _flip(folder / "metrics.json")
    assert public.publish().rc == 1

    shutil.rmtree(folder)
    shutil.copytree(backup, folder)
    shutil.copystat(backup, folder)

    assert [entry["request_id"] for entry in public.publish().published] == ["a"]


def _flip(path: Path) -> None:
    status, data = path.stat(), bytearray(path.read_bytes())
    data[5] ^= 1
    with open(path, "r+b") as file:
        file.write(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_a_clock_that_was_a_year_ahead_hides_no_newer_answer(road: Road, public: Public) -> None:
    """It is shown, and is the latest until something else is finished after it was published."""
    seal(road, "ahead", finished="2027-11-21T10:00:00.000+09:00")
    public.publish()
    assert public.latest() == "ahead"
    seal(road, "older", finished=on_day(20))
    public.publish()
    assert public.latest() == "ahead", "older than the moment at which the other was published"

    later = public.now + timedelta(hours=2)
    seal(road, "newer", finished=clock.iso(later))
    public.now = later + timedelta(minutes=1)
    public.publish()
    assert public.latest() == "newer"
    seal(road, "ahead-too", finished="2027-11-22T10:00:00.000+09:00")
    public.now = later + timedelta(minutes=2)
    public.publish()
    assert public.latest() == "ahead-too"
