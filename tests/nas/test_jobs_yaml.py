"""What is set for each job: shipped, an operator's own over it, and a slip refused by name; when each is due next."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import List

import pytest

from nas.list_jobs import next_due
from nas.running import Cron, Outcome, Policy, Work, policies, policy_of
from nas.running.judging import judged
from nas.running.work import Exit
from shared.catalog import Catalog
from shared.clock import KST
from shared.errors import SettingInvalid
from shared.krx_calendar import shipped_calendar
from tests.harness.typed import Typed


def moments(text: str, after: str, count: int = 3) -> List[str]:
    times = Cron(text).times(datetime.fromisoformat(after).replace(tzinfo=KST))
    return [f"{next(times):%m-%d %H:%M}" for _ in range(count)]


def test_every_job_there_is_has_what_is_set_for_it() -> None:
    assert set(policies()) == set(Catalog("nas.jobs").names())
    assert policy_of("sync_reports").at == ["* * * * *"]


def test_an_own_file_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    own = tmp_path / "jobs.yaml"
    own.write_text("sync_reports: {guard: td, retry: {max: 3}, notify: off}\n", encoding="utf-8")
    changed = policy_of("sync_reports", own)
    assert (changed.guard, changed.retry.max, changed.retry.rc, changed.notify) == ("td", 3, 2, "off")
    assert changed.at == policy_of("sync_reports").at
    assert policy_of("publish_results", own) == policy_of("publish_results")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("sync_report: {guard: td}", "there is no job 'sync_report'.*did you mean 'sync_reports'"),
        ("sync_reports: {gard: td}", "sync_reports.gard: .*did you mean 'guard'"),
        ("sync_reports: {guard: always}", "sync_reports.guard: "),
        ("sync_reports: {retry: {times: 3}}", "sync_reports.retry.times: "),
        ("sync_reports: {retry: {rc: 3, max: 5}}", "sync_reports.retry.rc: 3, .*; leave rc out: max says how often"),
        ("sync_reports: {at: '61 * * * *'}", "sync_reports.at.*'61' is no minute: it goes from 0 to 59"),
        ("sync_reports: {at: '* * *'}", "has 3 fields and not five"),
        ("sync_reports: daily", "found 'daily'"),
        ("sync_reports: {lock: '../x'}", "sync_reports.lock: "),
        ("sync_reports: {timeout: 0}", "sync_reports.timeout: "),
    ],
)
def test_a_slip_is_refused_by_name(said: str, told: str, tmp_path: Path) -> None:
    own = tmp_path / "jobs.yaml"
    own.write_text(said + "\n", encoding="utf-8")
    with pytest.raises(SettingInvalid, match=told):
        policies(own)


def test_an_own_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingInvalid, match="there is no such file"):
        policies(tmp_path / "none.yaml")


def test_crons_five_fields_are_read_as_cron_reads_them() -> None:
    assert moments("10 18 * * 1-5", "2026-11-20T18:10") == ["11-23 18:10", "11-24 18:10", "11-25 18:10"]
    assert moments("*/20 9-10 * * *", "2026-11-20T09:30") == ["11-20 09:40", "11-20 10:00", "11-20 10:20"]
    assert moments("0 0 1,15 * *", "2026-11-20T00:00") == ["12-01 00:00", "12-15 00:00", "01-01 00:00"]
    assert moments("0 0 29 2 *", "2026-11-20T00:00", 1) == ["02-29 00:00"]
    assert moments("0 6 * * 7", "2026-11-20T00:00", 1) == moments("0 6 * * 0", "2026-11-20T00:00", 1) == ["11-22 06:00"]


def test_where_day_and_weekday_are_both_named_either_will_do() -> None:
    """The thirteenth, and every Friday: cron's own odd rule."""
    assert moments("0 0 13 * 5", "2026-12-04T00:00", 3) == ["12-11 00:00", "12-13 00:00", "12-18 00:00"]


def test_the_next_time_is_one_the_guard_lets_through() -> None:
    """20 November 2026 is a Friday; Christmas is none of the exchange's days."""
    calendar = shipped_calendar()

    def due(after: str, **words: object) -> str:
        moment = next_due(Policy.model_validate(words), calendar, datetime.fromisoformat(after).replace(tzinfo=KST))
        return f"{moment:%m-%d %H:%M}" if moment else "-"

    assert due("2026-11-20T18:10", at="10 18 * * *", guard="td") == "11-23 18:10"
    assert due("2026-12-24T18:10", at="10 18 * * *", guard="td") == "12-28 18:10"
    assert due("2026-11-20T18:10", at="*/5 * * * *", guard="th") == "11-23 09:00"
    assert due("2026-11-20T18:10", at=["10 18 * * *", "0 7 * * *"]) == "11-21 07:00"
    assert due("2026-11-20T18:10") == "-"


def test_the_list_of_jobs_says_how_each_ended_and_when_it_is_next(tmp_path: Path) -> None:
    typed = Typed(tmp_path)
    typed("init")
    assert typed("run", "publish_results").returncode == 0
    rows = {line.split()[0]: line for line in typed("list", "jobs").stdout.splitlines()}
    assert "OK rc=0 (" in rows["publish_results"]
    assert " never " in rows["sync_reports"]
    told = json.loads(typed("list", "jobs", "--json").stdout)
    assert told["publish_results"]["last"]["word"] == "OK"
    assert told["publish_results"]["next"] > told["publish_results"]["last"]["at"]
    assert "요청을 보내고 결과를 받아 옴" in typed("list", "jobs", RELAY_LANGUAGE="ko").stdout


def test_a_job_of_ours_tells_its_failure_by_type(tmp_path: Path) -> None:
    """A share that is away is operational: its own code, and why, in log and list."""
    typed = Typed(tmp_path)
    done = typed("run", "publish_results")
    assert done.returncode == 3
    assert "[ERROR] [JOB_FAILED] rc=3" in done.stderr
    assert "code=E-SHARE-UNREACHABLE" in typed.log("publish_results")[-1]
    assert json.loads(typed("list", "jobs", "--json").stdout)["publish_results"]["last"]["rc"] == 3


def test_a_job_of_ours_that_ends_without_saying_how_has_failed() -> None:
    """Somebody ended its process from within: `os._exit(0)` in a library is no success."""
    ours, foreign = Work(["job"], 60.0, tells=True), Work(["job"], 60.0)
    assert judged(Exit(0, "its last word"), ours) == Outcome(
        "FAILED", 1, "it ended with rc=0, without saying why; its last line: its last word"
    )
    assert judged(Exit(2, "502 Bad Gateway"), ours).word == "FAILED"
    assert judged(Exit(0), foreign).word == "OK"


def test_a_dry_run_of_a_job_of_ours_changes_nothing(tmp_path: Path) -> None:
    typed = Typed(tmp_path)
    typed("init")
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    for job in Catalog("nas.jobs").names():
        done = typed("run", job, "--dry-run")
        assert done.returncode in (0, 2) or "needs Python 3.11" in done.stderr, (job, done.stderr)
        assert f"dry run of {job}" in done.stderr
    assert sorted(str(path) for path in tmp_path.rglob("*")) == before
