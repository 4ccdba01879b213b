"""`compare_results`: each strategy's newest answer beside the one before it, in the old lines; DRIFT is told once."""

from __future__ import annotations

import re
from argparse import Namespace
from datetime import datetime
from pathlib import Path
from typing import Callable, List, Optional

import pytest

from nas.jobs import compare_results
from nas.running import Outcome, Turn
from shared.config import load
from shared.errors import ShareUnreachable
from shared.events import Log
from tests.harness.answers import GROWTH
from tests.harness.road import Road
from tests.harness.slack_server import Answer, SlackServer
from tests.harness.typed import FRIDAY, Typed
from tests.nas.test_compare import HIGHER, REAL, run

SKIP = "[POST] prev run not found; compare skipped"
Job = Callable[..., Outcome]


@pytest.fixture
def job(road: Road, tmp_path: Path, slack: SlackServer, monkeypatch: pytest.MonkeyPatch) -> Job:
    """The job over the road's folder, as the runner calls it."""
    monkeypatch.setenv("RELAY_REPORTS", str(road.root))
    for name in ("DATA", "LOGS", "ARCHIVE", "PRIVATE"):
        monkeypatch.setenv(f"RELAY_{name}", str(tmp_path / name.lower()))
    monkeypatch.setenv("RELAY_LANGUAGE", "en")
    for name, value in slack.bot().items():
        monkeypatch.setenv(name, value)

    def started(strategy: Optional[str] = None, fail_on: Optional[str] = None, is_dry: bool = False) -> Outcome:
        options = Namespace(strategy=strategy, fail_on=fail_on, json=False)
        return compare_results.run(Turn(load(), datetime.fromisoformat(f"{FRIDAY}T18:40:00+09:00"), Log(), options, is_dry))

    return started


def report(tmp_path: Path, strategy: str = "krx_ma200") -> List[str]:
    return (tmp_path / "logs" / f"compare_{strategy}_{FRIDAY}.log").read_text(encoding="utf-8").splitlines()


def drifts(slack: SlackServer) -> List[str]:
    return [text for text in slack.channel() if "DRIFT" in text]


def test_the_same_numbers_are_ok_in_the_old_lines(job: Job, road: Road, tmp_path: Path, slack: SlackServer) -> None:
    run(road, "a", 11)
    run(road, "b", 12)
    outcome = job()
    assert (outcome.rc, outcome.facts) == (0, {"compared": 1, "drift": 0})
    assert report(tmp_path)[:7] == [
        f"[COMPARE] A(baseline)={road.outbox.done / 'a'}",
        f"[COMPARE] B(candidate)={road.outbox.done / 'b'}",
        " - hash_equal: True",
        " - Final_Return rel_diff: 0 (tol=0.0001)",
        " - CAGR_like rel_diff: 0 (tol=0.0001)",
        " - MDD rel_diff: 0 (tol=0.0001)",
        "[RESULT] OK",
    ]
    assert slack.channel() == []


def test_drift_is_told_once_with_both_figures_and_is_no_failure_of_the_job(
    job: Job, road: Road, tmp_path: Path, slack: SlackServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """Started twice, it says the same and tells nobody again."""
    run(road, "a", 11)
    run(road, "b", 12, HIGHER)
    for _ in range(2):
        outcome = job()
        assert (outcome.rc, outcome.facts) == (0, {"compared": 1, "drift": "krx_ma200"})
    lines = report(tmp_path)
    assert lines[2] == " - hash_equal: False"
    assert re.fullmatch(r" - Final_Return rel_diff: 0\.\d+ \(tol=0\.0001\)", lines[3])
    assert lines[6] == "[RESULT] DRIFT"
    said = capsys.readouterr()
    assert f"[POST] DRIFT detected (see {tmp_path / 'logs' / f'compare_krx_ma200_{FRIDAY}.log'})" in said.out
    assert "[WARNING] [BACKTEST_DRIFTED]" in said.err
    [told] = drifts(slack)
    assert "Backtest DRIFT: krx_ma200" in told
    whole = "\n".join(map(str, slack.messages.values()))
    assert "[DRIFT] krx_ma200 @ 2026-11-20" in whole
    figures = r"CAGR=\d+\.\d{4}, MDD=-0\.0500"
    assert re.search(rf"A: a\s+Final=0\.1400, {figures}\s+B: b\s+Final=0\.1514, {figures}", whole.replace("\\n", "\n")), whole


def test_a_day_that_only_the_newer_one_has_is_no_drift(job: Job, road: Road, tmp_path: Path) -> None:
    """To the earlier comparison any other byte was DRIFT, and so was every new evening."""
    run(road, "a", 11, GROWTH[:-1])
    run(road, "b", 12)
    assert job().facts["drift"] == 0
    assert report(tmp_path)[2] == " - hash_equal: False"
    assert report(tmp_path)[6] == "[RESULT] OK"


def test_each_strategy_is_compared_with_itself(job: Job, road: Road, tmp_path: Path) -> None:
    for name, day, strategy in (("a", 11, "krx_ma200"), ("b", 12, "momentum"), ("c", 13, "krx_ma200"), ("d", 14, "momentum")):
        run(road, name, day, strategy=strategy)
    assert job().facts["compared"] == 2
    assert report(tmp_path, "momentum")[1].endswith("d")
    assert job(strategy="momentum").facts["compared"] == 1


def test_fewer_than_two_are_a_skip_in_the_old_words(job: Job, road: Road, tmp_path: Path) -> None:
    assert (job().word, job().why) == ("SKIPPED", SKIP)
    run(road, "a", 11)
    assert (job().word, job().why) == ("SKIPPED", SKIP)
    assert not (tmp_path / "logs").exists()


def test_what_cannot_be_compared_is_neither_ok_nor_drift(job: Job, road: Road, tmp_path: Path, slack: SlackServer) -> None:
    run(road, "a", 11)
    run(road, "b", 12, data={**REAL, "synthetic": True})
    assert job().facts["drift"] == 0
    assert report(tmp_path)[6] == "[RESULT] SKIP"
    assert drifts(slack) == []


def test_made_up_prices_that_drift_are_nobodys_news(job: Job, road: Road, tmp_path: Path, slack: SlackServer) -> None:
    for name, day, growth in (("a", 11, GROWTH), ("b", 12, HIGHER)):
        run(road, name, day, growth, data={**REAL, "synthetic": True})
    assert job().facts["drift"] == "krx_ma200"
    assert drifts(slack) == []


def test_whoever_wants_it_gets_a_code_for_drift(job: Job, road: Road) -> None:
    run(road, "a", 11)
    run(road, "b", 12, HIGHER)
    outcome = job(fail_on="drift")
    assert (outcome.rc, outcome.told, outcome.why) == (1, True, "DRIFT: krx_ma200")


def test_a_damaged_answer_fails_and_hides_none_of_the_others(job: Job, road: Road, tmp_path: Path) -> None:
    for name, day, strategy in (("a", 11, "krx_ma200"), ("b", 12, "krx_ma200"), ("c", 13, "momentum"), ("d", 14, "momentum")):
        run(road, name, day, strategy=strategy)
    (road.outbox.done / "b" / "equity_curve.csv").write_bytes(b"other")
    outcome = job()
    assert (outcome.rc, outcome.code, outcome.facts["compared"]) == (1, "E-ANSWER-DAMAGED", 1)
    assert report(tmp_path, "momentum")[6] == "[RESULT] OK"


def test_a_dry_run_compares_and_leaves_nothing(job: Job, road: Road, tmp_path: Path, slack: SlackServer) -> None:
    run(road, "a", 11)
    run(road, "b", 12, HIGHER)
    assert job(is_dry=True).facts == {"compared": 1, "drift": "krx_ma200"}
    assert not (tmp_path / "logs").exists()
    assert slack.channel() == []


def test_with_slack_down_it_is_told_later_and_a_log_that_cannot_be_written_is_operational(
    job: Job, road: Road, tmp_path: Path, slack: SlackServer
) -> None:
    run(road, "a", 11)
    run(road, "b", 12, HIGHER)
    (tmp_path / "logs").write_text("a file", encoding="utf-8")
    with pytest.raises(ShareUnreachable):
        job()
    (tmp_path / "logs").unlink()
    slack.then(*[Answer(503)] * 20)
    assert job().rc == 0
    assert drifts(slack) == []
    assert list((tmp_path / "data" / "notices").rglob("*")), "it waits to be sent"


def test_the_runner_starts_it_after_the_evening(tmp_path: Path) -> None:
    typed = Typed(tmp_path)
    typed("init")
    done = typed("run", "compare_results", "--at", f"{FRIDAY}T18:40")
    assert done.returncode == 0
    assert SKIP in done.stderr
