"""`previous` in a manifest: the run before, how this one stands to it, and which prices were revised."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

import numpy as np
import pytest

import outbox
from shared import cache
from shared.disk import Disk
from shared.market import FIELDS, Prices, open_prices, seal_prices, write_prices
from tests.harness.documents import codes, named, part
from tests.harness.interleave import Recorder
from tests.harness.road import Road

FEW = 20


def run(road: Road, request_id: str, at: str = "", **asked: Any) -> Optional[Dict[str, Any]]:
    """Ask, at that minute of an evening, run and seal; what the manifest says of the run before."""
    when = {"requested_at": f"2026-11-20T18:{at}:00+09:00"} if at else {}
    road.submit(request_id=request_id, **when, **asked)
    assert road.drain() in (0, 1)
    manifest = road.manifest(request_id)
    assert manifest["status"] != "SUCCEEDED" or "previous" in manifest
    previous: Optional[Dict[str, Any]] = manifest.get("previous")
    return previous


# ---- which one ----


def test_the_first_answer_to_a_question_has_none(road: Road) -> None:
    assert run(road, "first") is None
    assert run(road, "other", params={"window": 50}) is None
    assert run(road, "dearer", costs={"commission_bps": 9}) is None


def test_it_is_the_newest_answer_to_the_same_question(road: Road) -> None:
    run(road, "first", "01")
    run(road, "other", "02", params={"window": 50})
    run(road, "second", "03")
    found = run(road, "third", "04")

    assert found is not None
    assert (found["id"], found["verdict"], found["values"]) == ("second", "SAME", None)
    assert found["figures"]["CAGR"]["change"] == 0
    assert found["changed"] == {
        **{kind: [] for kind in ("parameters", "period", "code", "environment", "provider", "prices")},
        "symbols": 0,
    }


def test_every_word_of_it_is_documented(road: Road) -> None:
    run(road, "first", "01")
    found = run(road, "second", "02", params={})
    assert found is not None

    said = codes(named(part("files.md", "Manifest"))["previous"][2])
    parts = ("days", "figures", "changed")
    told = {*found, *(word for name in parts for word in found[name] if name != "figures"), *found["figures"]["CAGR"]}
    assert told <= said
    assert set(found["figures"]) <= codes(part("compare.md", "The days"))


def test_it_is_chosen_by_when_it_was_asked_for(road: Road) -> None:
    """Not by when it was answered, nor by any file's time."""
    run(road, "late", "30")
    run(road, "early", "10")
    os.utime(road.outbox.done / "early" / "manifest.json", (2e9, 2e9))

    after, between, before = run(road, "after", "40"), run(road, "between", "20"), run(road, "before", "05")
    assert after is not None
    assert between is not None
    assert (after["id"], between["id"], before) == ("late", "early", None)


def test_a_later_end_is_the_same_question(road: Road) -> None:
    run(road, "monday", end="2024-06-27")
    found = run(road, "tuesday", end="2024-06-28")

    assert found is not None
    assert (found["id"], found["verdict"], found["days"]["only_b"]) == ("monday", "SAME", 1)
    assert [one["name"] for one in found["changed"]["period"]] == ["period.end"]


def test_what_is_asked_in_the_same_words_is_the_same_question(road: Road) -> None:
    """Whoever asks, under whatever label; so a release with a new field of the terms, or another default, is compared too."""
    run(road, "first", "01")
    manifest = json.loads((road.outbox.done / "first" / "manifest.json").read_text(encoding="utf-8"))
    del manifest["terms"]["lot"]
    (road.outbox.done / "first" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    found = run(road, "second", "02", fresh=True, requested_by="cron", labels={"desk": "etf"})

    assert found is not None
    assert found["id"] == "first"
    assert [one["name"] for one in found["changed"]["parameters"]] == ["terms.lot"]


def test_an_answer_without_numbers_is_no_run_before(road: Road) -> None:
    run(road, "good", "01")
    assert run(road, "skipped", "02", required=["S&P500"]) is None
    found = run(road, "third", "03")

    assert found is not None
    assert found["id"] == "good"


def test_a_damaged_one_is_passed_over(road: Road) -> None:
    for name, at in (("first", "01"), ("second", "02")):
        run(road, name, at)
    (road.outbox.done / "second" / "metrics.json").write_text("{}", encoding="utf-8")
    found = run(road, "third", "03")

    assert found is not None
    assert found["id"] == "first"


def test_an_archived_one_is_found_where_it_lies(new_road: Callable[..., Road], tmp_path: Path) -> None:
    road = new_road(archive=tmp_path / "archive")
    run(road, "first", "01")
    outbox.archive(road.outbox, "first", tmp_path / "archive", has_claims=False)
    found = run(road, "second", "02")

    assert found is not None
    assert found["id"] == "first"


def test_answers_older_than_the_marks_are_found_too(road: Road) -> None:
    for name, at in (("first", "01"), ("second", "02")):
        run(road, name, at)
    (road.outbox.done / "half").mkdir()
    shutil.rmtree(road.root / "questions")
    found = run(road, "third", "03")

    assert found is not None
    assert found["id"] == "second"


def test_marks_do_not_grow_for_ever(road: Road) -> None:
    for number in range(FEW):
        run(road, f"r{number:02d}", f"{number:02d}")

    [marks] = (road.root / "questions").iterdir()
    assert sorted(path.name.partition("~")[2] for path in marks.iterdir()) == [f"r{number:02d}" for number in range(3, FEW)]


@pytest.mark.parametrize("stranger", ["questions", "a mark", "@eaDir"])
def test_marks_that_are_none_cost_no_answer(road: Road, stranger: str) -> None:
    run(road, "first", "01")
    folder = road.root / "questions"
    if stranger == "questions":
        shutil.rmtree(folder)
        folder.write_bytes(b"a file")
    elif stranger == "@eaDir":
        (next(folder.iterdir()) / ".DS_Store").write_bytes(b"")
        for number in range(FEW):
            (next(folder.iterdir()) / f"@eaDir{number}").mkdir()
    else:
        (next(folder.iterdir()) / "20261120t091500000~nobody").write_bytes(b"")

    found = run(road, "second", "30")
    assert (found or {"id": None})["id"] == (None if stranger == "questions" else "first")


# ---- the prices that were revised ----


class Shelf:
    """Real prices of a machine, in versions."""

    def __init__(self, road: Road, panel: Prices) -> None:
        self.road, self.panel = road, panel

    def bring(self, **changes: float) -> None:
        """A new version: the panel with one close each day named other by that factor."""
        fields: Dict[str, Any] = {name: np.array(getattr(self.panel, name)) for name in FIELDS}
        for day, by in changes.items():
            row = int(np.searchsorted(self.panel.dates, np.datetime64(day.replace("_", "-").strip("d"))))
            fields["close"][row, self.panel.column("KOSPI")] *= by
        fresh = replace(self.panel, synthetic=False, provider="by hand", fingerprint="", **fields)
        seal_prices(self.road.settings, fresh, self.road.settings.prices_from)


@pytest.fixture
def shelf(quick_folder: Path, synthetic_data: Path) -> Shelf:
    """A road whose prices are sealed."""
    road = Road(quick_folder / "reports", quick_folder / "data", prices="local", prices_from="pc")
    return Shelf(road, open_prices(synthetic_data / "prices" / "synthetic"))


def test_a_revised_price_is_told_with_its_day_and_both_values(shelf: Shelf) -> None:
    shelf.bring()
    run(shelf.road, "before", "01")
    shelf.bring(d2024_03_04=1.01, d2023_11_01=0.99)
    found = run(shelf.road, "after", "02")

    assert found is not None
    row = int(np.searchsorted(shelf.panel.dates, np.datetime64("2023-11-01")))
    old = float(shelf.panel.close[row, shelf.panel.column("KOSPI")])
    assert found["values"]["count"] == 2
    assert found["values"]["shown"][0] == {
        "symbol": "KOSPI", "date": "2023-11-01", "field": "close", "before": old, "now": pytest.approx(old * 0.99),
    }  # fmt: skip
    assert found["values"]["shown"][1]["date"] == "2024-03-04"
    assert [one["symbol"] for one in found["changed"]["prices"]] == ["KOSPI"]


def test_prices_of_a_dropped_file_are_told_alike(quick_folder: Path, synthetic_data: Path) -> None:
    """The panel made of the file before is kept for a while."""
    panel = open_prices(synthetic_data / "prices" / "synthetic")
    road = Road(quick_folder / "reports", quick_folder / "data", prices="local")
    folder = quick_folder / "data" / "prices" / "local"
    folder.mkdir(parents=True)
    rows = panel.rows(date(2023, 1, 2), date(2024, 6, 28))
    for name, by in (("before", 1.0), ("after", 1.01)):
        lines = ["symbol,date,open,high,low,close,volume"]
        for row in range(rows.start, rows.stop):
            bar = [float(getattr(panel, each)[row, panel.column("KOSPI")]) for each in FIELDS]
            bar[3] *= by if str(panel.dates[row]) == "2024-03-04" else 1.0
            bar[1:3] = [max(bar[:4]), min(bar[:4])]
            lines.append(",".join(["KOSPI", str(panel.dates[row]), *map(repr, bar)]))
        (folder / "bars.csv").write_text("\n".join(lines), encoding="utf-8")
        found = run(road, name, "01" if name == "before" else "02")

    assert found is not None
    assert {(one["date"], one["field"]) for one in found["values"]["shown"]} >= {("2024-03-04", "close")}
    assert {one["date"] for one in found["values"]["shown"]} == {"2024-03-04"}


def test_of_many_revised_prices_the_first_are_shown_and_all_are_counted(shelf: Shelf) -> None:
    shelf.bring()
    run(shelf.road, "before", "01", end=None)
    shelf.bring(**{f"d{str(day).replace('-', '_')}": 1.01 for day in shelf.panel.dates[-60:]})
    found = run(shelf.road, "after", "02", end=None)

    assert found is not None
    assert (found["values"]["count"], len(found["values"]["shown"])) == (60, FEW)


def test_where_the_earlier_prices_are_gone_that_is_said(shelf: Shelf) -> None:
    """The version before stays, the one before that does not."""
    shelf.bring()
    run(shelf.road, "before", "01")
    shelf.bring(d2024_03_04=1.01)
    shelf.bring(d2024_03_04=1.02)
    found = run(shelf.road, "after", "02")

    assert found is not None
    assert found["values"] == {"count": None, "shown": [], "why": "the earlier prices are no longer on this machine"}


def test_shards_of_a_version_that_is_only_coming_are_not_taken_for_earlier_prices(shelf: Shelf) -> None:
    shelf.bring()
    run(shelf.road, "before", "01")
    shelf.bring(d2024_03_04=1.01)
    shards = shelf.road.settings.data / "prices" / "local" / "shards"
    index = cache.read_index(cache.shelf_of(Disk(), shelf.road.settings.data))
    assert index is not None
    for path in [one for one in shards.iterdir() if one.name.endswith("-close.npy") and one.name not in index.files]:
        np.save(shards / "ffffffffffffffff-close.npy", np.load(path) * 2)
        path.unlink()
    found = run(shelf.road, "after", "02")

    assert found is not None
    assert found["values"]["count"] is None


def test_prices_with_one_day_more_leave_the_days_before_as_they_were(quick_folder: Path, synthetic_data: Path) -> None:
    panel = open_prices(synthetic_data / "prices" / "synthetic")
    found: List[Optional[Dict[str, Any]]] = []
    for name, rows in (("monday", len(panel.dates) - 1), ("tuesday", len(panel.dates))):
        fields: Dict[str, Any] = {each: np.array(getattr(panel, each)[:rows]) for each in FIELDS}
        cut = Prices(panel.dates[:rows].copy(), panel.symbols, **fields, synthetic=False, provider="by hand")
        write_prices(quick_folder / name / "prices" / "local", cut)
        road = Road(quick_folder / "reports", quick_folder / name, prices="local")
        found.append(run(road, name, start="2024-01-01", end=None))

    assert found[1] is not None
    assert (found[1]["verdict"], found[1]["hint"], found[1]["days"]["only_b"]) == ("SAME", None, 1)


# ---- what it costs ----


def test_the_run_before_is_found_without_looking_through_all_answers(road: Road) -> None:
    for number in range(9):
        run(road, f"other-{number}", params={"window": 20 + number})
    run(road, "first", "01")
    recorder = Recorder()
    road.submit(request_id="second", requested_at="2026-11-20T18:02:00+09:00")
    road.drain(Disk(False, calls=recorder))

    assert road.manifest("second")["previous"]["id"] == "first"
    touched = {path.partition("/done/")[2] for _, path in recorder.steps if "/done/" in path}
    assert "first/manifest.json" in touched
    assert not [path for path in touched if path.startswith("other-")]
