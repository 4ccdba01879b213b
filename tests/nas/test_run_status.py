"""`reports/run_status.json`: the day's runs for whoever asks "did everything run today, and on what"."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, Dict

from nas.run_status import RUN_STATUS, run_status, write_run_status
from shared.completion.reading import odd_prices
from shared.disk import Disk

DAY = date(2026, 11, 20)


def entry(name: str, finished: str = "2026-11-20T18:12:00+09:00", **more: Any) -> Dict[str, Any]:
    return {"request_id": name, "status": "SUCCEEDED", "finished": finished, "degraded": [], **more}


def test_it_tells_only_the_runs_of_the_korean_day() -> None:
    late, early = entry("late", "2026-11-20T23:59:59+09:00"), entry("early", "2026-11-19T15:00:00+00:00")
    others = [entry("before", "2026-11-19T14:59:59+00:00"), entry("after", "2026-11-21T00:00:00+09:00"), entry("torn", "?")]
    told = run_status([late, early, *others], DAY)
    assert [run["request_id"] for run in told["runs"]] == ["late", "early"]
    assert (told["day"], told["statuses"], told["schema"]) == ("2026-11-20", {"SUCCEEDED": 2}, "relay.run-status/1")


def test_a_symbol_is_told_once_with_every_reason() -> None:
    old, odd = {"069500": "old: its prices end on 2026-11-19"}, {"069500": "providers differ"}
    runs = [entry(str(place), odd_prices=notes, degraded=["x"]) for place, notes in enumerate((old, old, odd))]
    told = run_status(
        [*runs, entry("plain"), entry("skipped", status="SKIPPED", code="E-REQUIRED-UNAVAILABLE", why="KOSPI: …")], DAY
    )
    assert told["symbols"] == {"069500": ["old: its prices end on 2026-11-19", "providers differ"]}
    assert (told["degraded"], told["statuses"]) == (3, {"SKIPPED": 1, "SUCCEEDED": 4})
    assert told["runs"][-1]["why"] == "KOSPI: …"


def test_what_is_odd_is_of_a_symbol_of_a_benchmark_that_was_not_there_or_of_all_prices() -> None:
    quality = [
        {"symbol": "069500", "severity": "WARNING", "text": "old"},
        {"symbol": "069500", "severity": "ERROR", "text": "providers\ndiffer"},
        {"symbol": "229200", "severity": "INFO", "text": "good to know"},
        {"symbol": "", "severity": "WARNING", "text": "all end early"},
    ]
    manifest = {"data": {"quality": quality}, "benchmarks": {"used": [], "skipped": {"KOSPI": "naver: gone (network)"}}}
    assert odd_prices(manifest) == {
        "069500": "old; providers differ",
        "prices": "all end early",
        "KOSPI": "unavailable: naver: gone (network)",
    }
    assert odd_prices({"data": {"quality": None}, "benchmarks": []}) == {}


def test_nobody_sees_it_change_where_nothing_did(tmp_path: Path) -> None:
    disk, file = Disk(), tmp_path / RUN_STATUS
    assert write_run_status(disk, tmp_path, [entry("one")], DAY)
    before = file.stat().st_mtime_ns
    assert not write_run_status(disk, tmp_path, [entry("one")], DAY)
    assert file.stat().st_mtime_ns == before
    assert write_run_status(disk, tmp_path, [entry("one"), entry("two")], DAY)
    assert len(json.loads(file.read_text(encoding="utf-8"))["runs"]) == 2
