"""`daily_summary`: one line of the day and one of each strategy, in both languages; quiet only where everything ran."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from nas.deployment import Deployment, note_deployment
from nas.running.memory import remember
from shared.catalog import Catalog
from shared.clock import KST
from shared.config import Settings, load
from shared.disk import Disk
from shared.notices import Notice, deliver, open_post, tell
from tests.harness.slack_server import REFUSED, SlackServer
from tests.harness.typed import Typed

NOW = datetime.now(KST).replace(hour=18, minute=20, second=0, microsecond=0)
DAY = f"{NOW:%Y-%m-%d}"
AT = ("--at", f"{NOW:%Y-%m-%dT%H:%M}")

QUIET = """오늘 이상 없음 · 알린 실행 3건 · 데이터 11-20
 - krx_ma200: 완료 2
 - momentum_topN_v1: 완료 1
"""
QUIET_EN = """All quiet today · 3 runs told · data 11-20
 - krx_ma200: 2 completed
 - momentum_topN_v1: 1 completed
"""
BUSY = """하루 요약 · 알린 실행 1건 · 오류 1건 · 시작 안 된 작업 1개 · 미뤄진 작업 1개 · 코드 업데이트 실패
 - krx_ma200: 건너뜀 1
❌ 작업 실패 “Job Failed — no room”
⚠️ prune: 04:00에 시작하지 않음 · python -m nas run prune
⚠️ back_up: 미뤄짐, the disk is busy
⚠️ """


@pytest.fixture
def typed(tmp_path: Path, slack: SlackServer) -> Typed:
    """Two jobs are started by the clock, and ran."""
    own = tmp_path / "jobs.yaml"
    quiet = "".join(f"{name}: {{at: []}}\n" for name in Catalog("nas.jobs").names() if name not in ("prune", "back_up"))
    own.write_text(quiet, encoding="utf-8")
    made = Typed(tmp_path, RELAY_JOBS=str(own), RELAY_LANGUAGE="ko", **slack.bot())
    made("init")
    for job in ("prune", "back_up"):
        remember(settings_of(made), job, word="OK", at=NOW - timedelta(hours=10))
    return made


def settings_of(typed: Typed) -> Settings:
    return load({name: value for name, value in typed.environment.items() if name.startswith("RELAY_")})


def told(typed: Typed, *notices: Notice) -> None:
    post = open_post(settings_of(typed), {})
    for notice in notices:
        tell(post, notice)
    deliver(post, 5.0)


def ran(strategy: str, event: str = "BACKTEST_COMPLETED") -> Notice:
    return Notice(event=event, level="INFO", title=strategy, subject=strategy, data_to="2026-11-20", day=DAY)


def body(shown: str) -> str:
    """Without the closing line."""
    return shown.rpartition("OK day=")[0]


def test_a_quiet_day_is_one_line_and_one_of_each_strategy(typed: Typed, slack: SlackServer) -> None:
    told(typed, ran("krx_ma200"), ran("krx_ma200"), ran("momentum_topN_v1"))
    done = typed("run", "daily_summary", *AT)
    assert (done.returncode, body(done.stdout)) == (0, QUIET), done.stderr
    assert any("오늘 이상 없음 · 알린 실행 3건 · 데이터 11-20" in line for line in slack.channel())
    assert body(typed("run", "daily_summary", *AT, RELAY_LANGUAGE="en").stdout) == QUIET_EN


def test_what_failed_was_put_off_or_never_began_is_in_it(typed: Typed, tmp_path: Path) -> None:
    settings = settings_of(typed)
    told(typed, ran("krx_ma200", "BACKTEST_SKIPPED").model_copy(update={"data_to": ""}))
    told(typed, Notice(event="JOB_FAILED", level="ERROR", title="Job Failed", cause="no room", key="x", day=DAY))
    remember(settings, "prune", at=NOW - timedelta(days=2))
    remember(settings, "back_up", word="LATER", rc=2, why="the disk is busy")
    failed = Deployment("main", "0" * 40, NOW - timedelta(days=3), NOW - timedelta(days=3), NOW, "no way out")
    note_deployment(Disk(durable=False), tmp_path / "data", failed)
    done = typed("run", "daily_summary", *AT)
    assert body(done.stdout).startswith(BUSY), done.stdout
    assert "코드가 3d 지남: 마지막 업데이트(" in done.stdout
    english = typed("run", "daily_summary", *AT, RELAY_LANGUAGE="en").stdout
    assert "1 jobs not started · 1 jobs put off · code not updated" in english.splitlines()[0]
    assert "⚠️ prune: not started at 04:00 · python -m nas run prune" in english.splitlines()


def test_what_a_notice_told_or_the_next_minute_mends_is_no_trouble_of_the_day(typed: Typed, tmp_path: Path) -> None:
    settings = settings_of(typed)
    for job in ("prune", "back_up"):
        remember(settings, job, word="LATER", rc=2, why="the PC sleeps", at=NOW - timedelta(minutes=1))
    with open(tmp_path / "jobs.yaml", "a", encoding="utf-8") as lines:
        lines.write('prune: {at: "* * * * *"}\nback_up: {at: "30 3 * * *", notify: late}\n')
    assert typed("run", "daily_summary", *AT).stdout.startswith("오늘 이상 없음")
    (tmp_path / "jobs.yaml").write_text(
        (tmp_path / "jobs.yaml").read_text(encoding="utf-8").replace("notify: late", "notify: failed"), encoding="utf-8"
    )
    assert "미뤄진 작업 1개" in typed("run", "daily_summary", *AT).stdout


def test_who_was_shut_out_or_killed_is_in_it(typed: Typed, tmp_path: Path) -> None:
    settings = settings_of(typed)
    for job in ("prune", "back_up"):
        remember(settings, job, word="OK", at=NOW - timedelta(days=1))
    remember(settings, "prune", skipped="already running", skipped_at=NOW.replace(hour=4, minute=0))
    lock = tmp_path / "data" / "locks" / "job-back_up"
    lock.parent.mkdir(exist_ok=True)
    lock.touch()
    note = {"pid": 7, "host": "nas", "since": NOW.replace(hour=3, minute=30).isoformat()}
    lock.with_name("job-back_up.held").write_text(json.dumps(note), encoding="utf-8")
    english = typed("run", "daily_summary", *AT, RELAY_LANGUAGE="en").stdout.splitlines()
    assert "1 jobs not started · 1 jobs cut off" in english[0]
    assert "⚠️ prune: shut out at 04:00 · python -m nas run prune" in english
    assert "❌ back_up: cut off, begun 03:30 · python -m nas run back_up" in english


def test_where_the_other_side_tells_of_runs_the_days_answers_are_counted(typed: Typed, tmp_path: Path) -> None:
    run = {"strategy": "krx_ma200", "data_until": "2026-11-20"}
    runs = [{**run, "status": "SUCCEEDED"}, {**run, "status": "FAILED"}, {**run, "status": "EXPIRED"}]
    (tmp_path / "reports" / "run_status.json").write_text(json.dumps({"day": DAY, "runs": runs}), encoding="utf-8")
    shown = typed("run", "daily_summary", *AT).stdout
    assert shown.splitlines()[0] == "하루 요약 · 알린 실행 3건 · 데이터 11-20 · 실패 1", (
        "one that failed over there is no quiet day"
    )
    assert " - krx_ma200: 완료 1 · 실패 1 · 건너뜀 1" in shown.splitlines()
    (tmp_path / "reports" / "run_status.json").write_text(json.dumps({"day": "2020-01-01", "runs": runs}), encoding="utf-8")
    assert "알린 실행 0건" in typed("run", "daily_summary", *AT).stdout


def test_started_twice_it_is_told_once_and_a_dry_run_tells_nothing(typed: Typed, slack: SlackServer) -> None:
    assert typed("run", "daily_summary", "--dry-run", *AT).stdout.startswith("오늘 이상 없음")
    assert slack.channel() == []
    assert "told=yes" in typed("run", "daily_summary", *AT).stdout
    assert "told=before" in typed("run", "daily_summary", *AT).stdout
    assert len(slack.channel()) == 1
    document = json.loads(typed("run", "daily_summary", "--json", *AT).stdout)
    assert (document["line"], document["told"]) == ("오늘 이상 없음 · 알린 실행 0건", "before")


def test_without_slack_a_terminal_says_it_once(typed: Typed) -> None:
    done = typed("run", "daily_summary", *AT, SLACK_BOT_TOKEN="", SLACK_API_URL="")
    assert (done.returncode, (done.stdout + done.stderr).count("오늘 이상 없음")) == (0, 1)


def test_slack_down_share_away_or_disk_full_each_ends_as_it_should(typed: Typed, slack: SlackServer, tmp_path: Path) -> None:
    slack.then(REFUSED)
    assert typed("run", "daily_summary", *AT).returncode == 0
    assert slack.channel() == []
    typed("notify", "test")
    typed("notify", "send")
    assert any("오늘 이상 없음" in line for line in slack.channel()), "it waited"
    (tmp_path / "reports").rename(tmp_path / "away")
    assert typed("run", "daily_summary", *AT).returncode == 0
    (tmp_path / "data" / "notices").rename(tmp_path / "notices")
    (tmp_path / "data" / "notices").write_text("no folder", encoding="utf-8")
    full = typed("run", "daily_summary", *AT)
    assert full.returncode == 3
    assert "code=E-SHARE-UNREACHABLE" in full.stderr
