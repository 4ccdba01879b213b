"""What is refused: made-up prices, damage, a folder under another's name; said once, and looked at again when it changes."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any, Dict

import pytest

from outbox import MANIFEST
from tests.harness.answers import GOOD, files_of_good, on_day, seal, seal_bad
from tests.harness.interleave import Between, disk_with
from tests.harness.public import Public
from tests.harness.road import Road

MADE_UP: Dict[str, Any] = {"data": {**GOOD["data"], "synthetic": True}}


@pytest.fixture
def public(road: Road) -> Public:
    """Of an empty queue."""
    return Public(road)


def _shows_nothing(public: Public) -> bool:
    shelves = [*public.road.settings.backtests.iterdir(), *(public.road.root / "latest").iterdir()]
    told = [notice for notice in public.heard if notice.event != "PUBLICATION_REFUSED"]
    return not shelves and not told and not list((public.road.root / "published").iterdir())


@pytest.mark.parametrize("data", [MADE_UP["data"], {}, {"provider": "x"}, {"synthetic": None}, {"synthetic": "no"}])
def test_made_up_prices_are_refused_and_so_is_what_is_not_said_to_be_real(road: Road, public: Public, data: Any) -> None:
    seal(road, "a", data=data)
    outcome = public.publish()
    assert outcome.rc == 0
    assert outcome.refused["a"]["code"] == "E-ANSWER-SYNTHETIC"
    assert _shows_nothing(public)


def test_a_refusal_is_called_what_status_calls_it_and_names_the_worker_to_be_started_anew(road: Road, public: Public) -> None:
    """A running worker read the settings when it began."""
    seal(road, "a", **MADE_UP)
    public.publish()
    [notice] = public.heard
    assert notice.title == "게시 거부 · a"
    assert notice.fix == "set `prices: local` on the PC and start its worker anew, then `python -m nas retry a`"


def test_a_refusal_is_said_with_its_reason_and_listed(road: Road, public: Public, capsys: pytest.CaptureFixture[str]) -> None:
    seal(road, "a", **MADE_UP)
    public.publish()
    said = capsys.readouterr().err
    assert "[WARNING] [PUBLICATION_REFUSED]" in said
    run = road.manifest("a")["run_id"]
    assert f"request=a run={run} code=E-ANSWER-SYNTHETIC why=publishing 'a': its prices are synthetic" in said
    [refused] = public.index()["refused"]
    assert (refused["request_id"], refused["code"]) == ("a", "E-ANSWER-SYNTHETIC")
    assert "synthetic" in refused["why"]


def test_a_refusal_is_said_once_and_counted_every_time(road: Road, public: Public, capsys: pytest.CaptureFixture[str]) -> None:
    seal(road, "a", **MADE_UP)
    public.publish()
    index = (road.root / "index.json").read_bytes()
    capsys.readouterr()
    outcome = public.publish()
    assert list(outcome.refused) == ["a"]
    assert outcome.rc == 0
    assert "PUBLICATION_REFUSED" not in capsys.readouterr().err
    assert (road.root / "index.json").read_bytes() == index


def _lose(folder: Path) -> None:
    (folder / "report.txt").unlink()


def _flip(folder: Path) -> None:
    """One bit of it."""
    data = bytearray((folder / "metrics.json").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "metrics.json").write_bytes(data)


def _exchange(folder: Path) -> None:
    (folder / "metrics.json").write_bytes(b"{}")


def _add(folder: Path) -> None:
    (folder / "more.csv").write_bytes(b"x")


def _tear(folder: Path) -> None:
    (folder / MANIFEST).write_bytes((folder / MANIFEST).read_bytes()[:99])


def _name_no_path(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_bytes())
    (folder / MANIFEST).write_text(json.dumps({**manifest, "files": [{"bytes": 1}]}), encoding="utf-8")


@pytest.mark.parametrize("harm", [_lose, _flip, _exchange, _add, _tear, _name_no_path])
def test_publish_verifies_before_it_shows(road: Road, public: Public, harm: Any) -> None:
    seal(road, "a")
    harm(road.outbox.done / "a")
    outcome = public.publish()
    assert outcome.rc == 1
    assert outcome.refused["a"]["code"] == "E-ANSWER-DAMAGED"
    assert "Error" not in outcome.refused["a"]["why"], "an operator reads no Python"
    assert _shows_nothing(public)
    assert public.publish().rc == 0, "the call that finds it fails, the next ones only count it"


def test_a_damaged_answer_that_is_brought_again_is_published(road: Road, public: Public) -> None:
    """Under the very same manifest: only a file of it had been torn."""
    seal(road, "a")
    report = road.outbox.done / "a" / "report.txt"
    report.write_bytes(b"torn")
    assert public.publish().rc == 1
    report.with_name(".report.txt.tmp").write_bytes(files_of_good()["report.txt"])
    os.replace(report.with_name(".report.txt.tmp"), report)
    outcome = public.publish()
    assert [entry["request_id"] for entry in outcome.published] == ["a"]
    assert outcome.refused == {}
    assert public.index()["refused"] == []
    assert list((road.root / "refused").iterdir()) == []


def test_bad_news_of_a_machine_with_made_up_prices_is_news(road: Road, public: Public) -> None:
    """It holds no number anybody could believe."""
    seal_bad(road, "a")
    assert len(public.publish().published) == 1


def test_a_folder_copied_to_another_name_is_refused(road: Road, public: Public) -> None:
    seal(road, "a")
    shutil.copytree(road.outbox.done / "a", road.outbox.done / "a-copy")
    outcome = public.publish()
    assert [entry["request_id"] for entry in outcome.published] == ["a"]
    assert "is of request 'a'" in outcome.refused["a-copy"]["why"]


@pytest.mark.parametrize(
    "changes",
    [
        {"metrics": {}},
        {"timings": 7},
        {"period": None, "params": None, "universe": None},
        {"metrics": {"benchmarks": {"KOSPI": "much"}, "trades": "many", "Sharpe": None}},
        {"data": {"synthetic": False, "symbols": {"069500": "long"}}},
        {"attempts": 3, "worker": None},
    ],
)
def test_a_manifest_with_less_or_other_things_in_it_stops_nobody(road: Road, public: Public, changes: Dict[str, Any]) -> None:
    """Published with what it says, or refused with a reason; what comes after it is published."""
    seal(road, "odd", **{name: value for name, value in changes.items() if name != "timings"})
    seal(road, "good", finished=on_day(21))
    outcome = public.publish()
    assert "good" in [entry["request_id"] for entry in outcome.published]
    assert len(outcome.published) + len(outcome.refused) == 2


def test_what_is_no_answer_is_left_alone(road: Road, public: Public) -> None:
    (road.outbox.done / "half").mkdir()
    (road.outbox.done / "A stranger's folder").mkdir()
    (road.outbox.done / "notes.txt").write_text("x")
    outcome = public.publish()
    assert (outcome.published, outcome.refused, outcome.waiting) == ([], {}, {})


def test_a_refused_answer_that_is_gone_is_forgotten(road: Road, public: Public) -> None:
    seal(road, "a", **MADE_UP)
    public.publish()
    shutil.rmtree(road.outbox.done / "a")
    assert public.publish().refused == {}
    assert public.index()["refused"] == []


def test_one_that_is_in_trouble_keeps_none_of_the_others_waiting(road: Road, public: Public) -> None:
    """A folder of the shelf cannot be renamed: Windows, somebody reads in it."""

    def held() -> None:
        raise PermissionError(13, "held by somebody")

    seal(road, "a")
    seal(road, "b", finished=on_day(21))
    outcome = public.publish(disk_with(Between("rename", ".publish-", held)))
    assert list(outcome.waiting) == ["a"]
    assert [entry["request_id"] for entry in outcome.published] == ["b"]
    assert outcome.rc == 2
    assert [entry["request_id"] for entry in public.publish().published] == ["a"]
    assert public.told() == ["b", "a"]
    assert public.latest() == "b"


def test_a_share_that_fails_for_good_ends_the_call(road: Road, public: Public) -> None:
    class _Full(Between):
        def before(self, name: str, path: str) -> None:
            if name == "mkdir" and ".publish-" in path:
                raise OSError(28, "No space left on device")

    for number in range(5):
        seal(road, f"a{number}")
    with pytest.raises(OSError, match="No space left"):
        public.publish(disk_with(_Full("mkdir", "", lambda: None)))
    assert len(public.publish().published) == 5
    assert len(set(public.told())) == len(public.told()) == 5
