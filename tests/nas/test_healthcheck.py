"""`healthcheck`: one screen in the old sections; what is broken is told once, and what nobody else can tell is seen."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import List

import pytest

from nas.backup.known import note_backup
from nas.day import besides
from nas.deployment import Deployment, note_deployment
from nas.health import jobs_today
from nas.health.errors import errors_since
from nas.health.news import news_of
from nas.health.own import backup, jobs, locks, notices
from nas.running import LATER
from nas.running.memory import remember
from shared import clock
from shared.config import HOME, Settings, load
from shared.disk import Disk
from shared.found import BAD, OK, WARN
from tests.harness.slack_server import REFUSED, SlackServer
from tests.harness.typed import Typed

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=clock.KST)  # a Friday on which the exchange trades
SECTIONS = ["Git", "Disk", "Today's jobs", "Recent errors", "Locks", "PC and sync", "Notices and backup"]


@pytest.fixture
def typed(tmp_path: Path, slack: SlackServer) -> Typed:
    made = Typed(tmp_path, **slack.bot())
    made("init")
    return made


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """With a schedule of the test's own: of the shipped jobs only two are started by the clock."""
    from shared.catalog import Catalog

    own = tmp_path / "jobs.yaml"
    quiet = "".join(
        f"{name}: {{at: []}}\n" for name in Catalog("nas.jobs").names() if name not in ("sync_reports", "publish_results")
    )
    own.write_text(quiet + 'sync_reports: {at: "0 10 * * *", guard: td}\npublish_results: {at: "* * * * *"}\n', encoding="utf-8")
    folders = {f"RELAY_{name}": str(tmp_path / name.lower()) for name in ("DATA", "LOGS", "REPORTS", "PRIVATE")}
    return load({**folders, "RELAY_JOBS": str(own), "RELAY_LANGUAGE": "en"})


def states(settings: Settings, at: datetime = NOON) -> "dict[str, str]":
    return {one.job: one.state.name for one in jobs_today(settings, at)}


def ends(tmp_path: Path) -> List[str]:
    """The titles of the ends that were told, in their order."""
    [file] = (tmp_path / "logs").rglob("alerts_*.jsonl")
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [row["title"] for row in rows if row.get("recovers")]


def troubled(slack: SlackServer) -> List[str]:
    return [line for line in slack.channel() if "Health" in line]


def test_one_screen_has_the_old_sections_and_what_they_could_not_see(typed: Typed) -> None:
    done = typed("run", "healthcheck", "--at", "2026-11-20T12:00")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [line[4:] for line in lines if line.startswith("[")] == SECTIONS
    assert lines[1].startswith(" - OK: "), "branch and head"
    assert lines[-1].startswith("OK checks=")
    assert all(line.startswith((" - OK: ", " - MISS: ", " - WARN: ", "     → ", "[", "OK ")) for line in lines), lines
    told = json.loads(typed("run", "healthcheck", "--json", "--at", "2026-11-20T12:00").stdout)
    assert [len(found) > 0 for found in told["sections"].values()] == [True] * len(SECTIONS)
    assert "오늘 작업" in typed("run", "healthcheck", "--dry-run", RELAY_LANGUAGE="ko").stdout


def test_a_job_that_ran_is_told_from_one_that_did_not(settings: Settings) -> None:
    assert states(settings) == {"sync_reports": "never", "publish_results": "never"}
    remember(settings, "sync_reports", word="OK", at=NOON - timedelta(hours=1))
    remember(settings, "publish_results", word="OK", at=NOON - timedelta(minutes=40))
    assert states(settings) == {"sync_reports": "ran", "publish_results": "missing"}
    missed = [one for one in jobs(settings, NOON, "") if one.verdict == BAD]
    assert [one.said.en for one in missed] == ["publish_results was not started at 11-20 11:50 (last 11-20 11:20)"]
    assert missed[0].fix.en.endswith("python -m nas run publish_results")
    remember(settings, "publish_results", skipped="already running", skipped_at=NOON - timedelta(minutes=3))
    remember(settings, "sync_reports", word="FAILED", rc=3, why="no room", at=NOON - timedelta(minutes=5))
    assert states(settings) == {"sync_reports": "failed", "publish_results": "shut_out"}
    remember(settings, "publish_results", word="OK", at=NOON - timedelta(minutes=9))
    assert states(settings) == {"sync_reports": "failed", "publish_results": "ran"}, "its own start was the one it met"
    assert [one.verdict for one in jobs(settings, NOON, "")] == [OK, WARN], "it has told that itself"
    remember(settings, "sync_reports", word="LATER", rc=2)
    assert states(settings)["sync_reports"] == "put_off"


def test_in_korean_a_failure_begins_with_what_it_is_called(settings: Settings) -> None:
    why = "reaching the PC: no route"
    remember(settings, "sync_reports", word=LATER, rc=2, why=why, code="E-THERE-AWAY", at=NOON - timedelta(minutes=5))
    [said] = [one.said for one in jobs(settings, NOON, "") if "sync_reports" in one.check]
    assert said.ko.endswith("미뤄짐: 상대에 닿지 않음: reaching the PC: no route")
    assert said.en.endswith("put off: reaching the PC: no route")
    korean = settings.model_copy(update={"language": "ko"})
    assert any("상대에 닿지 않음: reaching the PC" in one for one in besides(korean, NOON, "").remarks)


def test_no_job_is_missed_before_its_time_or_where_its_guard_is_closed(settings: Settings) -> None:
    remember(settings, "sync_reports", word="OK", at=NOON - timedelta(days=1))
    assert states(settings, NOON.replace(hour=10, minute=9))["sync_reports"] == "not_due"
    assert states(settings, NOON.replace(hour=10, minute=10))["sync_reports"] == "missing"
    saturday, christmas, unknown = NOON + timedelta(days=1), NOON.replace(month=12, day=25), NOON.replace(year=2099)
    for day in (saturday, christmas, unknown):
        remember(settings, "sync_reports", word="OK", at=day - timedelta(days=1))
        assert states(settings, day)["sync_reports"] == "not_due"
    remember(settings, "sync_reports", word="OK", at=NOON - timedelta(days=1))
    assert states(settings, NOON.replace(day=19))["sync_reports"] == "ran", "the CSAT day is a short one, and one"


def test_who_was_shut_out_by_anothers_lock_and_has_not_run_since_is_told(settings: Settings) -> None:
    remember(settings, "sync_reports", word="OK", at=NOON - timedelta(days=1))
    remember(settings, "sync_reports", skipped="already running: pid 7", skipped_at=NOON.replace(hour=10))
    [told] = [one for one in jobs(settings, NOON, "") if one.check == "missed sync_reports"]
    assert (told.verdict, told.fix.en.split(" (")[0]) == (BAD, "python -m nas run sync_reports")
    assert told.said.en == "sync_reports was shut out at 11-20 10:00 (already running: pid 7) and has not run since"


def test_the_last_start_of_a_trading_day_is_too_late_by_a_second_and_not_missed(settings: Settings) -> None:
    assert settings.jobs is not None
    others = [line for line in settings.jobs.read_text(encoding="utf-8").splitlines() if not line.startswith("scan")]
    settings.jobs.write_text("\n".join([*others, 'scan: {at: "*/5 9-15 * * 1-5", guard: th}']), encoding="utf-8")
    evening = NOON.replace(hour=18)
    remember(settings, "scan", word="OK", at=evening.replace(hour=15, minute=25, second=5))
    remember(settings, "scan", skipped="outside trading hours", skipped_at=evening.replace(hour=15, minute=55))
    assert states(settings, evening)["scan"] == "ran"
    remember(settings, "scan", word="OK", at=evening.replace(hour=15, minute=20))
    assert states(settings, evening)["scan"] == "ran", "started at 15:25, it came when trading was over"
    remember(settings, "scan", skipped_at=evening + timedelta(days=1))
    assert states(settings, evening + timedelta(days=1))["scan"] == "missing", (
        "what a closed guard says on another day is nothing"
    )


def test_who_was_missed_is_missed_until_it_ran(settings: Settings) -> None:
    remember(settings, "sync_reports", word="OK", at=NOON - timedelta(days=1))
    for later in (NOON, NOON.replace(hour=23), NOON + timedelta(hours=13), NOON + timedelta(days=2, hours=21)):
        assert states(settings, later)["sync_reports"] == "missing", "in the night, over Saturday and Sunday, on Monday at nine"
    remember(settings, "sync_reports", word="OK", at=NOON + timedelta(days=1))
    assert states(settings, NOON + timedelta(days=2))["sync_reports"] == "not_due"
    (settings.data / "jobs" / "sync_reports.json").unlink()
    assert states(settings, NOON + timedelta(days=1))["sync_reports"] == "not_due", "it may have come here today"
    remember(settings, "sync_reports", skipped="no trading day", skipped_at=NOON + timedelta(days=1))
    assert states(settings, NOON + timedelta(days=1))["sync_reports"] == "not_due", "and been skipped since"


@pytest.mark.parametrize("noted", ["at", "skipped_at"])
def test_what_a_clock_noted_that_was_ahead_hides_no_job_that_was_not_started(noted: str, settings: Settings) -> None:
    remember(settings, "sync_reports", word="OK", at=NOON - timedelta(days=1))
    remember(settings, "sync_reports", **{noted: clock.now() + timedelta(days=700)})
    assert states(settings)["sync_reports"] == "missing"


def test_a_job_that_was_killed_is_told_as_that_and_once(settings: Settings) -> None:
    remember(settings, "publish_results", word="OK", at=clock.now() - timedelta(hours=1))
    sits = "import sys; from pathlib import Path; from nas.running import seat; from shared.clock import now\n"
    sits += "with seat(Path(sys.argv[1]), 'publish_results', now()): print('begun', flush=True); input()"
    words = [sys.executable, "-c", sits, str(settings.lock_of("job-publish_results"))]
    going = subprocess.Popen(words, cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert going.stdout is not None
    assert going.stdout.readline() == "begun\n"
    going.kill()
    going.communicate(timeout=30)
    now = clock.now()
    [told] = [one for one in jobs(settings, now, "") if "publish_results" in one.check]
    assert told.verdict == BAD
    assert re.fullmatch(r"publish_results was cut off, begun \d\d-\d\d \d\d:\d\d", told.said.en)
    assert told.fix.en.startswith("python -m nas run publish_results (")
    assert [one.said.en for one in locks(settings, now, "")] == ["none"]


def test_errors_are_those_since_the_last_deployment(settings: Settings) -> None:
    logs = settings.logs
    logs.mkdir()
    line = '[2026-11-20 {}] [{}] [{}] rc=1 details="job=x" elapsed=1ms\n'
    trace = "Traceback (most recent call last):\n  File x\n"
    early = trace + line.format("09:00:00", "ERROR", "JOB_FAILED")
    late = trace + line.format("11:00:00", "ERROR", "JOB_FAILED") + line.format("11:01:00", "INFO", "JOB_ENDED")
    (logs / "x_2026-11-20.log").write_text(early + late + "[ERROR] of a foreign program\n", encoding="utf-8")
    (logs / "x_2026-11-19.log").write_text(early.replace("11-20", "11-19"), encoding="utf-8")
    (logs / "notes.log").write_text(early, encoding="utf-8")
    deployed = NOON.replace(hour=10)
    found = {one.what: one.times for one in errors_since(logs, deployed, NOON)}
    assert found == {"Traceback": 1, "JOB_FAILED": 1, "[ERROR] of a foreign program": 1}
    assert {one.what: one.times for one in errors_since(logs, None, NOON)}["JOB_FAILED"] == 2, "today's, where nobody knows"
    assert sum(one.times for one in errors_since(logs, NOON - timedelta(days=90), NOON) if one.what == "Traceback") == 3


def test_what_cron_kept_of_an_error_is_not_another_one(settings: Settings) -> None:
    settings.logs.mkdir()
    trace = "Traceback (most recent call last):\n  File x\n"
    failed = trace + '[2026-11-20 11:00:00] [ERROR] [JOB_FAILED] rc=1 details="job=x" elapsed=1ms\n'
    (settings.logs / "x_2026-11-20.log").write_text(failed, encoding="utf-8")
    (settings.logs / "cron_2026-11-20.log").write_text(failed + trace, encoding="utf-8")
    found = {(one.what, one.file): one.times for one in errors_since(settings.logs, None, NOON)}
    mine, crons = "x_2026-11-20.log", "cron_2026-11-20.log"
    assert found == {("Traceback", mine): 1, ("JOB_FAILED", mine): 1, ("Traceback", crons): 1}, "the last never came to a log"


def test_what_is_broken_is_news_once_and_again_after_it_was_mended() -> None:
    first = news_of({}, ["disk", "share"], NOON)
    assert (first.begun, first.over) == (["disk", "share"], [])
    again = news_of(first.still, ["disk", "share"], NOON + timedelta(hours=1))
    assert (again.begun, again.over, again.still) == ([], [], first.still)
    more = news_of(again.still, ["disk", "locks"], NOON + timedelta(hours=2))
    assert (more.begun, more.over) == (["locks"], [])
    back = news_of(more.still, ["share", "locks"], NOON + timedelta(hours=3))
    assert (back.begun, back.over) == (["share"], [first.key]), "it was mended and is broken again"
    assert sorted(news_of(back.still, [], NOON + timedelta(hours=4)).over) == sorted([more.key, back.key])


def test_two_that_break_one_after_the_other_within_an_hour_are_two_incidents() -> None:
    first = news_of({}, ["disk"], NOON)
    second = news_of(first.still, ["disk", "locks"], NOON)
    assert first.key != second.key
    assert news_of({}, ["disk"], NOON).key == first.key, "killed before it was kept: the same once more is one message"


def test_a_share_that_is_away_is_told_once_and_so_is_its_return(typed: Typed, slack: SlackServer, tmp_path: Path) -> None:
    away = tmp_path / "reports" / "pending"
    away.rename(tmp_path / "elsewhere")
    for _ in range(3):
        done = typed("run", "healthcheck")
        assert done.returncode == 1
        assert "[ERROR] [JOB_FAILED] rc=1" in done.stderr
    [told] = slack.channel()
    assert told.startswith("[ERROR] Health check: 1 wrong — ")
    assert "times" not in told
    (tmp_path / "elsewhere").rename(away)
    assert typed("run", "healthcheck").returncode == 0
    assert len(slack.channel()) == 2
    assert "Recovered" in slack.channel()[-1]


def test_where_something_is_broken_still_the_end_of_another_is_named(typed: Typed, tmp_path: Path) -> None:
    away = tmp_path / "reports" / "pending"
    away.rename(tmp_path / "elsewhere")
    assert typed("run", "healthcheck").returncode == 1
    note_backup(Disk(), tmp_path / "data", name="x", at=clock.now() - timedelta(days=9), files=1)
    assert typed("run", "healthcheck").returncode == 1
    (tmp_path / "elsewhere").rename(away)
    assert typed("run", "healthcheck").returncode == 1
    [over] = ends(tmp_path)
    assert over.startswith("Health check: over: ")
    assert "backup" not in over
    note_backup(Disk(), tmp_path / "data", name="x", at=clock.now(), files=1)
    assert typed("run", "healthcheck").returncode == 0
    assert ends(tmp_path) == [over, "Health check: nothing wrong"]


def test_slack_that_is_down_changes_nothing_and_is_told_when_it_is_back(typed: Typed, slack: SlackServer, tmp_path: Path) -> None:
    (tmp_path / "reports" / "pending").rename(tmp_path / "elsewhere")
    slack.then(REFUSED)
    assert typed("run", "healthcheck").returncode == 1
    assert slack.channel() == []
    assert "invalid_auth" in typed("run", "healthcheck", "--dry-run").stdout, "that nothing leaves is on the screen"
    typed("notify", "test")
    typed("notify", "send")
    assert len(troubled(slack)) == 1


def test_a_notice_nobody_can_keep_is_told_by_the_log_and_the_exit_code(typed: Typed, tmp_path: Path) -> None:
    """A full disk."""
    (tmp_path / "reports" / "pending").rename(tmp_path / "elsewhere")
    (tmp_path / "data" / "notices").write_text("no folder", encoding="utf-8")
    done = typed("run", "healthcheck")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "[JOB_FAILED]" in typed.log("healthcheck")[-1]


def test_a_dry_run_tells_and_remembers_nothing(typed: Typed, slack: SlackServer, tmp_path: Path) -> None:
    (tmp_path / "reports" / "pending").rename(tmp_path / "elsewhere")
    assert typed("run", "healthcheck", "--dry-run").returncode == 1
    assert (slack.channel(), (tmp_path / "data" / "health.json").exists()) == ([], False)


def test_a_lock_names_its_holder_and_one_that_is_stuck_is_bad(typed: Typed, settings: Settings, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    going = typed.begin("run", "--log", "mine", "--", "sh", "-c", f"echo begun; cat {gate}")
    assert going.stdout is not None
    assert going.stdout.readline() == "begun\n"
    [held] = locks(settings, clock.now(), "")
    assert (held.check, held.verdict) == ("locks job-mine", OK)
    assert f"pid {going.pid}, for " in held.said.en
    assert locks(settings, clock.now(), "mine")[0].said.en == "none", "who asks is not in its own way"
    os.link(settings.data / "locks" / "job-mine", settings.data / "locks" / "job-sync_reports")
    (settings.data / "locks" / "job-sync_reports.held").write_bytes((settings.data / "locks" / "job-mine.held").read_bytes())
    later = locks(settings, clock.now() + timedelta(days=1), "mine")
    assert [(one.check, one.verdict, one.fix.en) for one in later] == [
        ("locks job-sync_reports", BAD, f"if it hangs, end it: kill {going.pid}")
    ]
    going.kill()
    going.communicate(timeout=30)
    left = {one.check: one.said.en for one in locks(settings, clock.now(), "")}
    assert left["locks mine"] == "mine: its last start was cut off"
    fixes = {one.check: one.fix.en for one in locks(settings, clock.now(), "")}
    assert fixes["locks mine"] == "start its command again under the same --log: python -m nas run --log mine -- COMMAND"


def test_of_jobs_that_share_a_lock_the_longest_may_hold_it(typed: Typed, settings: Settings, tmp_path: Path) -> None:
    assert settings.jobs is not None
    mine = "prune: {at: [], lock: both, timeout: 60}\nback_up: {at: [], lock: both, timeout: 7200}\n"
    others = [
        line for line in settings.jobs.read_text(encoding="utf-8").splitlines() if not line.startswith(("prune", "back_up"))
    ]
    settings.jobs.write_text("\n".join(others) + "\n" + mine, encoding="utf-8")
    os.mkfifo(tmp_path / "gate")
    going = typed.begin("run", "--log", "both", "--", "sh", "-c", f"echo begun; cat {tmp_path / 'gate'}")
    assert going.stdout is not None
    assert going.stdout.readline() == "begun\n"
    told = [locks(settings, clock.now() + timedelta(hours=hours), "")[0].verdict for hours in (1, 3)]
    assert told == [OK, BAD]
    going.terminate()
    going.communicate(timeout=30)


def test_of_jobs_that_share_a_lock_the_one_that_was_cut_off_is_named(typed: Typed, settings: Settings) -> None:
    assert settings.jobs is not None
    settings.jobs.write_text("prune: {at: [], lock: keeping}\nback_up: {at: [], lock: keeping}\n", encoding="utf-8")
    lock = settings.lock_of("job-keeping")
    code = (
        "import sys; from pathlib import Path; from nas.running import seat; from shared import clock\n"
        "with seat(Path(sys.argv[1]), 'back_up', clock.now()): print('begun', flush=True); sys.stdin.read()"
    )
    words = [sys.executable, "-c", code, str(lock)]
    with subprocess.Popen(words, cwd=typed.checkout, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as going:
        assert going.stdout is not None
        assert going.stdout.readline() == "begun\n"
        going.kill()
    [left] = locks(settings, clock.now(), "")
    assert (left.said.en, left.fix.en) == ("back_up: its last start was cut off", "python -m nas run back_up")
    note = lock.with_name("job-keeping.held")
    old = {name: value for name, value in json.loads(note.read_text(encoding="utf-8")).items() if name != "job"}
    done = typed("run", "prune", RELAY_JOBS=str(settings.jobs))
    assert '[JOB_CUT_OFF] rc=0 details="job=back_up ' in done.stderr
    note.write_text(json.dumps(old), encoding="utf-8")
    assert locks(settings, clock.now(), "")[0].said.en == "keeping: its last start was cut off", "one of an earlier version"


def test_a_refused_token_is_broken_and_a_slow_slack_is_not(settings: Settings) -> None:
    [found] = notices(settings)
    assert (found.verdict, found.said.en) == (OK, "all sent")
    settings.private.mkdir()
    (settings.private / "SLACK_BOT_TOKEN").write_text("xoxb-1234-5678-abcdefgh", encoding="utf-8")
    (settings.private / "SLACK_BOT_TOKEN").chmod(0o644)
    [found] = notices(settings)
    assert (found.verdict, found.fix.en) == (BAD, "python -m nas notify status")


def test_a_backup_is_told_with_its_age_and_an_old_one_is_broken(settings: Settings) -> None:
    assert [one.verdict for one in backup(settings, NOON)] == [WARN]
    settings.data.mkdir()
    note_backup(Disk(), settings.data, name="krx-relay-x.tar.gz", at=NOON - timedelta(hours=9), files=12)
    [found] = backup(settings, NOON)
    assert (found.verdict, found.said.en) == (OK, "9h ago, 12 files verified: krx-relay-x.tar.gz")
    note_backup(Disk(), settings.data, copied=NOON - timedelta(days=5))
    note_backup(Disk(), settings.data, at=clock.now() + timedelta(days=700))
    assert [one.verdict for one in backup(settings, NOON)] == [WARN], "a clock that was wrong is no backup"
    note_backup(Disk(), settings.data, at=NOON - timedelta(hours=9))
    assert backup(settings, NOON)[0].said.en.endswith("; external disk 5d ago")
    assert backup(settings, NOON + timedelta(days=2))[0].verdict == BAD


def test_old_code_and_a_failed_update_are_told(typed: Typed, tmp_path: Path) -> None:
    at = clock.now() - timedelta(days=3)
    failed = Deployment("main", "0" * 40, at, at, clock.now(), "the remote cannot be reached")
    note_deployment(Disk(), tmp_path / "data", failed)
    shown = typed("run", "healthcheck").stdout
    assert "the code is 3d old: the last update (" in shown
    assert ") failed: the remote cannot be reached" in shown
    assert "the code is 3d old" in typed("doctor").stdout


def test_a_clock_of_another_zone_is_told_as_cron_goes_by_it(typed: Typed) -> None:
    at = ("run", "healthcheck", "--dry-run", "--at", "2026-11-20T12:00")
    assert "this machine is at UTC+0000: cron starts jobs of Korean times at others" in typed(*at, TZ="UTC0").stdout
    assert "this machine is at" not in typed(*at).stdout


def test_started_twice_it_is_one(typed: Typed) -> None:
    first, second = typed.begin("run", "healthcheck"), typed.begin("run", "healthcheck")
    ended = [one.communicate(timeout=60)[1] for one in (first, second)]
    assert (first.returncode, second.returncode) == (0, 0)
    assert all("[JOB_ENDED]" in said or "already running" in said for said in ended)
