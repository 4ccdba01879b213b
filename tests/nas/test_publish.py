"""Publishing: every verified answer is shown once, whole, and none that cannot be believed."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from nas.publish import Outcome
from outbox import PICTURES
from tests.harness.answers import GROWTH, METRICS, files_of_good, on_day, seal, seal_bad
from tests.harness.public import Public
from tests.harness.road import Road

OLD_READERS = {"daily_returns.csv", "equity_curve.csv", "equity_curve.png", "metrics.json", "manifest.json", "report.txt"}


@pytest.fixture
def public(road: Road) -> Public:
    """Of an empty queue."""
    return Public(road)


def test_every_answer_is_published_once(road: Road, public: Public) -> None:
    seal(road, "a")
    assert [entry["request_id"] for entry in public.publish().published] == ["a"]
    seal(road, "b", finished=on_day(21))
    assert [entry["request_id"] for entry in public.publish().published] == ["b"]
    assert public.publish() == Outcome([], {}, [], {})
    assert public.told() == ["a", "b"]
    assert sorted(path.name for path in (road.root / "published").iterdir()) == ["a", "b"]


def test_the_old_readers_find_the_folder_they_know(road: Road, public: Public) -> None:
    seal(road, "a")
    public.publish()
    assert public.shelves() == ["20261120_181203_krx_ma200"]
    folder = road.settings.backtests / "20261120_181203_krx_ma200"
    assert {path.name for path in folder.iterdir()} == {*OLD_READERS, "trades.csv"}
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert manifest["run_dir"] == str(folder)
    assert manifest["strategy"] == "krx_ma200"
    assert manifest["period"] == METRICS["period"]
    for name in ("metrics.json", "equity_curve.csv"):
        assert manifest["hashes"][name] == hashlib.sha256((folder / name).read_bytes()).hexdigest()
    assert manifest["metrics"] == {"Final_Return": 0.14, "CAGR_like": 0.124, "MDD": -0.182}
    assert manifest["generated_at"] == "2026-11-20T18:12:03"
    assert (manifest["request_id"], manifest["run_id"]) == ("a", road.manifest("a")["run_id"])


def test_the_tables_are_those_of_the_answer_and_fit_the_old_formulas(road: Road, public: Public) -> None:
    seal(road, "a")
    public.publish()
    [folder] = road.settings.backtests.iterdir()
    for name, data in files_of_good().items():
        assert name == "run.log" or (folder / name).read_bytes() == data
    for name in ("daily_returns.csv", "equity_curve.csv"):
        assert (folder / name).read_bytes().startswith(b"\xef\xbb\xbfdate,STRAT,KOSPI\n")
    grown, curve = 1.0, []
    for row in (folder / "daily_returns.csv").read_text(encoding="utf-8-sig").splitlines()[1:]:
        grown *= 1 + float(row.split(",")[1])
        curve.append(grown)
    assert curve == pytest.approx(GROWTH)


def test_every_picture_of_an_answer_is_on_its_shelf(road: Road, public: Public) -> None:
    seal(road, "a", files={name: name.encode() for name in PICTURES})
    public.publish()
    [folder] = road.settings.backtests.iterdir()
    for home in (folder, road.settings.reports / "latest" / "krx_ma200"):
        assert [(home / name).read_bytes() for name in PICTURES] == [name.encode() for name in PICTURES]


def test_a_picture_that_was_left_out_is_no_failure(road: Road, public: Public) -> None:
    seal(road, "a", without="equity_curve.png")
    assert public.publish().rc == 0
    [folder] = road.settings.backtests.iterdir()
    assert {path.name for path in folder.iterdir()} == {*OLD_READERS, "trades.csv"} - {"equity_curve.png"}
    assert public.heard[0].picture == ""


def test_two_answers_of_one_strategy_in_one_second_have_folders_of_their_own(road: Road, public: Public) -> None:
    seal(road, "a")
    seal(road, "b")
    public.publish()
    sign = hashlib.sha256(b"b").hexdigest()[:6]
    assert public.shelves() == ["20261120_181203_krx_ma200", f"20261120_181203_krx_ma200_{sign}"]
    owners = [
        json.loads((road.settings.backtests / name / "manifest.json").read_bytes())["request_id"] for name in public.shelves()
    ]
    assert owners == ["a", "b"]


def test_a_folder_of_somebody_elses_is_never_replaced(road: Road, public: Public) -> None:
    theirs = road.settings.backtests / "20261120_181203_krx_ma200"
    theirs.mkdir(parents=True)
    (theirs / "metrics.json").write_text("{}")
    seal(road, "a")
    public.publish()
    assert [path.name for path in theirs.iterdir()] == ["metrics.json"]
    assert len(public.shelves()) == 2


def test_the_latest_is_the_one_finished_last_whenever_it_came(road: Road, public: Public) -> None:
    seal(road, "tuesday", finished=on_day(17))
    seal(road, "other", strategy="momentum")
    public.publish()
    assert public.latest() == "tuesday"
    seal(road, "thursday", finished=on_day(19))
    public.publish()
    assert public.latest() == "thursday"
    seal(road, "wednesday", finished=on_day(18))
    public.publish()
    assert public.latest() == "thursday"
    assert public.latest("momentum") == "other"
    assert len(public.shelves()) == 4
    assert sorted(path.name for path in (road.root / "latest").iterdir()) == ["krx_ma200", "momentum"]


def test_the_latest_is_replaced_as_a_whole(road: Road, public: Public) -> None:
    """Nothing of the older one stays, not even a picture the newer one has not."""
    seal(road, "old", finished=on_day(17))
    public.publish()
    seal(road, "new", without="equity_curve.png")
    public.publish()
    latest = road.root / "latest" / "krx_ma200"
    assert not (latest / "equity_curve.png").exists()
    assert json.loads((latest / "manifest.json").read_bytes())["run_dir"].endswith("20261120_181203_krx_ma200")


def test_who_edits_what_is_shown_does_not_damage_the_answer(road: Road, public: Public) -> None:
    seal(road, "a")
    public.publish()
    with open(road.root / "latest" / "krx_ma200" / "report.txt", "ab") as file:
        file.write(b"a remark")
    assert road.manifest("a")


@pytest.mark.parametrize("status", ["FAILED", "REJECTED", "SKIPPED", "CANCELLED", "EXPIRED"])
def test_an_answer_without_results_is_told_and_listed_and_on_no_shelf(road: Road, public: Public, status: str) -> None:
    seal_bad(road, "a", status)
    assert public.publish().rc == 0
    assert public.shelves() == []
    assert list((road.root / "latest").iterdir()) == []
    [entry] = public.index()["published"]
    assert (entry["status"], entry["where"]) == (status, str(road.outbox.done / "a"))
    assert public.told() == ["a"]


def test_the_index_lists_what_was_published_the_newest_first(road: Road, public: Public) -> None:
    seal(road, "old", finished=on_day(17))
    seal(road, "new", finished=on_day(19), degraded=["benchmark unavailable: S&P500"])
    public.publish()
    index = public.index()
    assert [entry["request_id"] for entry in index["published"]] == ["new", "old"]
    entry = index["published"][0]
    assert entry["where"] == str(road.settings.backtests / "20261119_181203_krx_ma200")
    assert entry["run_id"] == road.manifest("new")["run_id"]
    assert (entry["cagr"], entry["mdd"], entry["sharpe"]) == (0.124, -0.182, 0.91)
    assert entry["degraded"] == ["benchmark unavailable: S&P500"]
    assert entry["data_until"] == "2026-11-20"


@pytest.mark.parametrize("harm", ["gone", "torn", "not ours"])
def test_an_index_that_cannot_be_read_is_simply_made_again(road: Road, public: Public, harm: str) -> None:
    seal(road, "a")
    seal_bad(road, "b", finished=on_day(21))
    public.publish()
    file = road.root / "index.json"
    whole = file.read_bytes()
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(whole[: len(whole) // 2] if harm == "torn" else b'["an", "other"]')
    assert public.publish().published == []
    assert file.read_bytes() == whole
    assert public.told() == ["a", "b"]


def test_an_index_that_is_true_is_not_written_again(road: Road, public: Public) -> None:
    seal(road, "a")
    public.publish()
    before = (road.root / "index.json").stat()
    public.publish()
    after = (road.root / "index.json").stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)


def test_what_was_archived_since_stays_in_the_index_and_on_its_shelf(road: Road, public: Public) -> None:
    seal(road, "a")
    public.publish()
    shutil.rmtree(road.outbox.done / "a")
    public.publish()
    [entry] = public.index()["published"]
    assert Path(entry["where"]).is_dir()


def test_what_a_killed_call_left_on_the_shelves_is_tidied_up(road: Road, public: Public) -> None:
    """Killed between the two moves: the old latest is brought back; halves go."""
    seal(road, "a")
    public.publish()
    latest = road.root / "latest"
    (latest / "krx_ma200").rename(latest / ".krx_ma200.old")
    (latest / ".krx_ma200.new").mkdir()
    (road.settings.backtests / ".publish-0123").mkdir()
    (road.root / "published" / ".b.0badf00d.tmp").write_bytes(b"{")
    public.publish()
    assert public.latest() == "a"
    assert [path.name for path in latest.iterdir()] == ["krx_ma200"]
    assert public.shelves() == ["20261120_181203_krx_ma200"]
    assert [path.name for path in (road.root / "published").iterdir()] == ["a"]


def test_a_name_that_can_be_no_folders_is_made_one(road: Road, public: Public) -> None:
    seal(road, "a", strategy="../../etc/passwd")
    public.publish()
    [name] = public.shelves()
    assert "/" not in name
    assert name.startswith("20261120_181203_etc-passwd~")
    assert len(list((road.root / "latest").iterdir())) == 1


def test_who_is_not_to_tell_publishes_in_silence(road: Road, public: Public) -> None:
    road.settings = road.settings.model_copy(update={"completion_from": "pc"})
    seal(road, "a")
    assert len(public.publish().published) == 1
    assert public.heard == []
    assert public.index()["published"][0]["told"] is False
