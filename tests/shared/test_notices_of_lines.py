"""Log lines as notices: an error is told as it was said, and what ends it closes it."""

from __future__ import annotations

from pathlib import Path
from typing import List

import pytest

from shared.errors import RelayError
from shared.events import Log
from shared.log_line import line
from shared.notices import Notice, Post, deliver, digest_of, event_name, hears, send_verbose_log_to_slack, standing
from shared.notices.unsent import told_of, waiting
from tests.harness.sample_notices import post_in
from tests.harness.slack_server import SlackServer

TRICKY = "module refused: strategy=foo is unknown fix=none request=x"


def _log(post: Post) -> Log:
    return Log(quiet=True, hears=hears(post))


def _told(post: Post) -> List[Notice]:
    return [told_of(post, name).notice for name in waiting(post)]


def test_a_cause_that_looks_like_facts_is_told_whole_and_is_closed(tmp_path: Path, slack: SlackServer) -> None:
    """Other programs' errors hold whatever they like: `strategy=`, `fix=`, quotes, line breaks."""
    post = post_in(tmp_path, slack.bot())
    _log(post).error("SYNC_FAILED", code="E-CARRY-BROKEN", why=TRICKY, sent=0, fix="mend it", rc=3)
    [notice] = _told(post)
    assert (notice.cause, notice.fix, notice.key) == (f"전송할 수 없음: {TRICKY}", "mend it", "SYNC_FAILED")
    assert notice.context == "code=E-CARRY-BROKEN · sent=0"
    deliver(post, 5.0)
    assert slack.channel()[0].startswith(f"[ERROR] 동기화 실패 — 전송할 수 없음: {TRICKY} (")
    _log(post).info("SYNC_ENDED", sent=1, rc=0)
    deliver(post, 5.0)
    assert slack.channel() == ["✅ 복구됨 (중단 0초) · 동기화 실패"] * 2
    assert standing(post).incidents == ()


def test_a_cause_that_is_an_error_or_has_many_lines_is_one_line(tmp_path: Path) -> None:
    post = post_in(tmp_path)
    _log(post).error("JOB_FAILED", job="eod", why=RelayError("reading 'x'", 'two\nlines of "it"', "mend it"), found=None)
    [notice] = _told(post)
    assert "\n" not in notice.cause
    assert 'two lines of "it"' in notice.cause
    assert notice.key == "JOB_FAILED eod"
    assert notice.context == "job=eod"


def test_what_is_longer_than_anybody_reads_is_seen_to_be_cut(tmp_path: Path) -> None:
    post = post_in(tmp_path)
    _log(post).error("JOB_FAILED", job="eod", why="x" * 9999)
    assert send_verbose_log_to_slack("y" * 9999, post=post)
    assert [(notice.cause + notice.title)[-2:] for notice in _told(post)][1] == "y…"
    assert _told(post)[0].cause == "x" * 499 + "…"


def test_the_old_call_tells_a_line_as_the_log_does(tmp_path: Path) -> None:
    post = post_in(tmp_path)
    facts = {"job": "eod", "why": "pykrx gave up", "fix": "look at it", "day": "2026-11-20"}
    _log(post).error("JOB_FAILED", **facts, rc=1)
    assert send_verbose_log_to_slack(line("ERROR", "JOB_FAILED", {**facts, "rc": 1}), post=post)
    first, second = _told(post)
    assert first == second


@pytest.mark.parametrize("event", ["ANSWER_REFUSED", "ANSWER_NOT_ARCHIVED", "PUBLICATION_REFUSED"])
def test_a_damaged_answer_is_told_once_and_stays_no_open_incident(event: str, tmp_path: Path, slack: SlackServer) -> None:
    """Every archiving finds it again, and nothing ends it but a person: it is no incident that is open for a month."""
    post = post_in(tmp_path, slack.bot())
    for request, why in (("a", "report.txt is torn"), ("a", "report.txt is torn"), ("b", "report.txt is torn"), ("a", "no JSON")):
        _log(post).error(event, request=request, code="E-ANSWER-DAMAGED", why=why, fix="mend it", rc=1)
        deliver(post, 5.0)
    title = event_name(event, "ko")
    causes = [text.partition(" (")[0] for text in slack.channel()]
    assert causes == [f"[ERROR] {title} — 손상된 답: {why}" for why in ("report.txt is torn", "report.txt is torn", "no JSON")]
    assert standing(post).incidents == ()


def test_trouble_with_prices_is_over_when_prices_are_well(tmp_path: Path, slack: SlackServer) -> None:
    post = post_in(tmp_path, slack.bot())
    for over in ("PRICES_CARRIED", "PRICES_MENDED"):
        _log(post).error("PRICES_NOT_CARRIED", code="E-PRICES-DISPUTED", why="both fetch", rc=1)
        deliver(post, 5.0)
        assert len(standing(post).incidents) == 1
        _log(post).info(over)
        deliver(post, 5.0)
        assert standing(post).incidents == ()


def test_whose_failure_it_is_stands_in_every_line_a_telephone_shows(tmp_path: Path, slack: SlackServer) -> None:
    post = post_in(tmp_path, slack.bot())
    _log(post).error("JOB_FAILED", job="prune", why="no such folder", rc=3)
    _log(post).error("JOB_PUT_OFF", job="report_eod", why="no closes", rc=2)
    deliver(post, 5.0)
    starts = ["[ERROR] 작업 실패: prune — no such folder (", "[ERROR] 작업 미뤄짐: report_eod — no closes ("]
    assert [told[: told.find("(") + 1] for told in slack.channel()] == starts
    digest = digest_of(post, "2026-11-20")
    assert "아직 열린 사고: 작업 실패: prune, 작업 미뤄짐: report_eod" in digest.summary
    assert digest.remarks == ("❌ 작업 실패 “prune — no such folder”", "❌ 작업 미뤄짐 “report_eod — no closes”")
    _log(post).info("JOB_ENDED", job="prune", rc=0)
    deliver(post, 5.0)
    assert slack.channel()[-1] == "✅ 복구됨 (중단 0초) · 작업 실패: prune"


def test_an_end_that_waits_already_breeds_no_other_and_nobody_elses_trouble_does(tmp_path: Path, slack: SlackServer) -> None:
    """A token that is refused from Friday to Monday, and jobs that end well each minute: that fills no disk."""
    post = post_in(tmp_path, slack.bot())
    _log(post).error("JOB_FAILED", job="prune", why="no such folder", rc=3)
    _log(post).error("SYNC_FAILED", code="E-CARRY-BROKEN", why="no route", rc=3)
    for _ in range(3):
        _log(post).info("JOB_ENDED", job="publish_results", rc=0)
        _log(post).info("JOB_ENDED", job="prune", rc=0)
        _log(post).info("SYNC_ENDED", sent=0, rc=0)
    told = [(notice.key, notice.recovers) for notice in _told(post)]
    begun = [("JOB_FAILED prune", False), ("SYNC_FAILED", False)]
    assert told == [*begun, ("JOB_FAILED prune", True), ("SYNC_FAILED", True)]
    _log(post).error("JOB_FAILED", job="prune", why="no such folder", rc=3)
    _log(post).info("JOB_ENDED", job="prune", rc=0)
    assert [notice.recovers for notice in _told(post)[4:]] == [False, True], "what began anew ends anew"
    deliver(post, 5.0)
    assert (standing(post).incidents, _told(post)) == ((), [])
    _log(post).info("JOB_ENDED", job="prune", rc=0)
    assert _told(post) == [], "it is over"
