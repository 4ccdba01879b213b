"""Notices as their reader sees them: one message per incident, a thread a day, a line in the evening; and how they wait."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, List

import pytest

from shared.calls import Calls
from shared.config import HOME
from shared.disk import Disk
from shared.events import Log
from shared.notices import Notice, Post, deliver, hears, is_due, send_verbose_log_to_slack, standing, tell
from shared.notices.digest import digest_of
from tests.harness.sample_notices import AT, COMPLETED, FAILED, INGEST, SKIPPED, post_in
from tests.harness.slack_server import BROKEN, OK, SlackServer

HEADLINE = "[WARNING] KRX Ingest Failed — pykrx Timeout (2025-10-24)"
HOLDING = """
import sys
from pathlib import Path
from shared.lock import only_one
with only_one(Path(sys.argv[1])) as alone:
    print(alone, flush=True)
    sys.stdin.readline()
"""
OVER = INGEST.model_copy(update={"level": "INFO", "recovers": True})


def _at(post: Post, moment: datetime) -> Post:
    return post._replace(now=lambda: moment)


def _said(post: Post, *notices: Notice) -> None:
    for notice in notices:
        tell(post, notice)
    deliver(post, 5.0)


def _delivered(post: Post) -> Post:
    deliver(post, 5.0)
    return post


# ---- the way out ----


def test_what_waits_for_slack_waits_on_where_the_token_is_gone(tmp_path: Path, slack: SlackServer) -> None:
    """A person's shell knows the token, cron does not: neither loses what waits, nor calls it sent."""
    slack.then(BROKEN)
    _said(post_in(tmp_path, slack.bot()), INGEST)
    without = post_in(tmp_path)
    tell(without, FAILED)
    delivered = deliver(without, 5.0)
    assert (delivered.sent, delivered.left) == (0, 2)
    assert "slack" in delivered.why
    assert "notify.yaml" in standing(without).why["slack"]
    assert not is_due(without)
    later = _at(post_in(tmp_path, slack.bot()), AT + timedelta(minutes=20))
    deliver(later, 5.0)
    assert HEADLINE in slack.channel()
    assert standing(later).waiting == 0


def test_who_never_had_slack_waits_for_nothing(tmp_path: Path) -> None:
    post = post_in(tmp_path)
    _said(post, INGEST)
    assert (standing(post).waiting, standing(post).why) == (0, {})


# ---- incidents ----


def test_an_incident_is_one_message_counted_and_closed(tmp_path: Path, slack: SlackServer) -> None:
    """An outage of 42 minutes, as the channel shows it at each moment."""
    post = post_in(tmp_path, slack.bot())
    _said(post, INGEST)
    assert slack.channel() == [HEADLINE]
    later = _at(post, AT + timedelta(minutes=30))
    _said(later, INGEST, INGEST, INGEST)
    assert slack.channel() == [f"{HEADLINE} · 4번"]
    assert slack.calls == ["chat.postMessage", "chat.update"], "three more are one edit"
    _said(_at(post, AT + timedelta(minutes=42)), OVER)
    assert slack.channel() == ["✅ 복구됨 (중단 42분) · KRX Ingest Failed"] * 2, "the message itself, and one line at the end"
    assert standing(post).incidents == ()
    _said(_at(post, AT + timedelta(minutes=103)), INGEST)
    assert slack.channel()[2:] == [HEADLINE], "the next one is another"


def test_a_recovery_of_what_was_never_told_says_nothing(tmp_path: Path, slack: SlackServer) -> None:
    post = post_in(tmp_path, slack.bot())
    _said(post, OVER)
    assert slack.calls == []


def test_a_webhook_cannot_edit_so_the_same_is_told_at_growing_distances(tmp_path: Path, slack: SlackServer) -> None:
    post = post_in(tmp_path, slack.hook())
    for _ in range(20):
        _said(post, INGEST)
    assert slack.channel() == [HEADLINE, *(f"{HEADLINE} · {times}번" for times in (2, 4, 8, 16))]
    _said(post, OVER)
    assert slack.channel()[5:] == ["✅ 복구됨 (중단 0초) · KRX Ingest Failed"]


def test_two_keys_are_two_incidents_and_no_key_is_always_its_own(tmp_path: Path, slack: SlackServer) -> None:
    other, alone = INGEST.model_copy(update={"key": "yfinance"}), INGEST.model_copy(update={"key": ""})
    _said(post_in(tmp_path, slack.bot()), INGEST, other, alone, alone)
    assert slack.channel() == [HEADLINE] * 4


# ---- the day's thread and the digest ----


def test_the_first_completion_of_a_strategy_and_day_is_in_the_channel_the_rest_in_one_thread(
    tmp_path: Path, slack: SlackServer
) -> None:
    other = COMPLETED.model_copy(update={"subject": "krx_ma200", "summary": "✅ krx_ma200 완료"})
    again = COMPLETED.model_copy(update={"summary": "✅ momentum 다시"})
    post = post_in(tmp_path, slack.bot())
    _said(post, COMPLETED, again, other, again)
    assert slack.channel() == [COMPLETED.summary, "🧵 2026-11-20(금) 알림", "✅ krx_ma200 완료"]
    assert slack.threads() == {"🧵 2026-11-20(금) 알림": ["✅ momentum 다시"] * 2}
    _said(_at(post, AT + timedelta(days=1)), again, again)
    assert slack.channel()[3:] == ["✅ momentum 다시", "🧵 2026-11-21(토) 알림"]


def test_a_webhook_shows_completions_in_the_channel(tmp_path: Path, slack: SlackServer) -> None:
    _said(post_in(tmp_path, slack.hook()), COMPLETED, COMPLETED)
    assert slack.channel() == [COMPLETED.summary] * 2


def test_the_whole_log_and_the_picture_are_below_the_message(tmp_path: Path, slack: SlackServer) -> None:
    (tmp_path / "equity.png").write_bytes(b"\x89PNG picture")
    failed = FAILED.model_copy(update={"picture": str(tmp_path / "equity.png")})
    post = post_in(tmp_path, slack.bot())
    _said(post, failed)
    [[below]] = slack.threads().values()
    assert below.count("\n") == 3
    assert slack.files == [b"\x89PNG picture"]


def test_a_picture_that_cannot_be_sent_is_no_reason_to_repeat_its_message(tmp_path: Path, slack: SlackServer) -> None:
    (tmp_path / "equity.png").write_bytes(b"\x89PNG picture")
    completed = COMPLETED.model_copy(update={"picture": str(tmp_path / "equity.png")})
    post = post_in(tmp_path, slack.bot())
    tell(post, completed)
    slack.then(OK, BROKEN)
    assert deliver(post, 5.0).left == 0
    assert slack.channel() == [COMPLETED.summary]


def test_the_digest_says_that_all_is_quiet_or_what_was_not(tmp_path: Path, slack: SlackServer) -> None:
    post = post_in(tmp_path, slack.bot())
    assert digest_of(post, "2026-11-20").summary == "오늘 이상 없음 · 알린 실행 0건"
    _said(post, *[COMPLETED] * 6, SKIPPED)
    assert digest_of(post, "2026-11-20").summary == "오늘 이상 없음 · 알린 실행 7건 · 데이터 11-20"
    _said(post, FAILED, INGEST)
    digest = digest_of(post, "2026-11-20")
    assert digest.summary == "하루 요약 · 알린 실행 8건 · 데이터 11-20 · 실패 1 · 경고 1건 · 아직 열린 사고: 가격 수집 실패"
    assert digest.remarks == (
        "❌ 백테스트 실패 “momentum_topN_v1 — 069500의 시세가 없습니다” · python -m nas show bt-7f3a",
        "⚠️ 가격 수집 실패 “KRX Ingest Failed — pykrx Timeout”",
    )
    assert digest.facts == {"momentum_topN_v1": "완료 6 · 실패 1 · 건너뜀 1"}


@pytest.mark.parametrize("has_slack", [True, False], ids=["with Slack", "without"])
def test_the_digest_says_what_wants_a_hand_and_counts_what_is_over(tmp_path: Path, slack: SlackServer, has_slack: bool) -> None:
    """Two incidents came and went, one of them twice; a job failed after the share was away, and an answer did."""
    post = post_in(tmp_path, slack.bot() if has_slack else {})
    log = Log(quiet=True, hears=hears(post))
    for _ in range(2):
        log.error("SHARE_TROUBLED", reports="/nas", why="away")
        deliver(post, 5.0)
        log.info("SHARE_RETURNED", reports="/nas")
        deliver(post, 5.0)
    _said(post, INGEST, OVER)
    assert digest_of(post, "2026-11-20").summary == "오늘 이상 없음 · 알린 실행 0건 · 지나간 사고 2건"
    assert digest_of(post, "2026-11-20").level == "INFO"
    log.error("JOB_FAILED", job="eod", why="no such file")
    _said(post, FAILED)
    digest = digest_of(post, "2026-11-20")
    assert digest.summary.startswith("하루 요약 · 알린 실행 1건 · 실패 1 · 오류 1건")
    assert digest.summary.endswith(" · 지나간 사고 2건")
    assert [remark[:9] for remark in digest.remarks] == ["❌ 백테스트 실패", "❌ 작업 실패 “", "✅ 지나간 사고 "]


def test_an_incident_that_happened_again_after_its_end_is_open(tmp_path: Path) -> None:
    post = post_in(tmp_path)
    _said(post, INGEST, OVER, INGEST)
    assert "경고 2건" in digest_of(post, "2026-11-20").summary
    _said(_at(post, AT + timedelta(days=1)), OVER)
    assert digest_of(post, "2026-11-20").summary.endswith("알린 실행 0건 · 지나간 사고 1건"), "it ended the day after"


def test_a_damaged_answer_is_over_in_the_digest_once_it_is_whole(tmp_path: Path) -> None:
    post = post_in(tmp_path)
    for request in ("mended", "torn"):
        Log(quiet=True, hears=hears(post)).error("ANSWER_REFUSED", request=request, why="a byte is wrong")
    deliver(post, 5.0)
    digest = digest_of(post, "2026-11-20", lambda request_id: request_id == "mended")
    assert digest.summary == "하루 요약 · 알린 실행 0건 · 오류 1건 · 지나간 사고 1건"
    assert digest.remarks[0].endswith("python -m nas show torn")


@pytest.mark.parametrize(
    ("language", "job", "other"), [("ko", "작업 실패", "오류"), ("en", "Job Failed", "Error")], ids=["ko", "en"]
)
def test_the_digest_quotes_what_was_told_and_speaks_the_readers_language(
    tmp_path: Path, language: str, job: str, other: str
) -> None:
    post = post_in(tmp_path, language=language)
    log = Log(quiet=True, hears=hears(post))
    for _ in range(3):
        log.error("JOB_FAILED", job="eod", why="no such file")
    log.error("ANSWER_REFUSED", request="bt-1", why="a byte is wrong")
    log.error("WORKER_LOST", why="a cable")
    told = [*digest_of(_delivered(post), "2026-11-20").remarks]
    assert told[0].startswith(f"❌ {job} “eod — no such file”")
    assert "3" in told[0][-8:]
    assert told[1].endswith("“a byte is wrong” · python -m nas show bt-1")
    assert told[2] == f"❌ {other} “Worker Lost — a cable”"


def test_the_digest_of_one_day_is_told_once_unless_something_is_new(tmp_path: Path, slack: SlackServer) -> None:
    """A scheduler may call twice."""
    post = post_in(tmp_path, slack.bot())
    assert [tell(post, digest_of(post, "2026-11-20")) for _ in range(2)] == [True, False]
    deliver(post, 5.0)
    assert not tell(post, digest_of(post, "2026-11-20"))
    _said(post, COMPLETED)
    assert tell(post, digest_of(post, "2026-11-20"))


# ---- log lines ----


def test_an_error_line_of_a_log_reaches_slack_and_its_recovery_closes_it(tmp_path: Path, slack: SlackServer) -> None:
    post = post_in(tmp_path, slack.bot())
    log = Log(quiet=True, hears=hears(post))
    log.info("SHARE_RETURNED", reports="/nas")
    log.warning("WORKER_BURIED", worker="pc")
    assert not is_due(post), "neither a good line nor a recovery of nothing is told"
    for _ in range(2):
        log.error("SHARE_TROUBLED", reports="/nas", why="the share is away", fix="mount it", rc=3)
    deliver(post, 5.0)
    assert [text.partition(" (")[0] for text in slack.channel()] == ["[ERROR] 공유 폴더 문제 — the share is away"]
    assert slack.channel()[0].endswith("2번")
    log.info("SHARE_RETURNED", reports="/nas")
    deliver(post, 5.0)
    assert slack.channel() == ["✅ 복구됨 (중단 0초) · 공유 폴더 문제"] * 2


def test_the_old_call_of_the_old_programs_still_tells(tmp_path: Path, slack: SlackServer) -> None:
    post = post_in(tmp_path, slack.bot())
    assert send_verbose_log_to_slack("ingest: pykrx gave up", level="ERROR", channel="invest_ops", post=post)
    deliver(post, 5.0)
    assert slack.channel()[0].startswith("[ERROR] ingest: pykrx gave up (")


def test_telling_an_error_never_raises_and_asks_no_network(tmp_path: Path) -> None:
    """Not even where nothing can be written."""
    (tmp_path / "data").write_bytes(b"a file where a folder should be")
    post = post_in(tmp_path)
    Log(quiet=True, hears=hears(post)).error("JOB_FAILED", job="eod")
    assert not send_verbose_log_to_slack("text", post=post)


# ---- waiting ----


def test_one_identity_is_told_once_while_it_waits_and_after_it_was_sent(tmp_path: Path, slack: SlackServer) -> None:
    post = post_in(tmp_path, slack.bot())
    once = COMPLETED.model_copy(update={"identity": "bt-7f3a"})
    assert [tell(post, once), tell(post, once)] == [True, False]
    deliver(post, 5.0)
    assert not tell(post, once)
    assert tell(post, once.model_copy(update={"identity": "bt-7f3b"}))
    assert tell(post, once.model_copy(update={"event": "BACKTEST_FAILED"}))


def test_two_senders_at_once_are_one(tmp_path: Path, slack: SlackServer) -> None:
    post = post_in(tmp_path, slack.bot())
    for _ in range(20):
        tell(post, FAILED)
    senders = [threading.Thread(target=deliver, args=(post, 20.0)) for _ in range(4)]
    for one in senders:
        one.start()
    for one in senders:
        one.join()
    deliver(post, 5.0)
    assert len(slack.channel()) == 20


def test_a_sender_leaves_it_to_another_process_that_is_sending(tmp_path: Path, slack: SlackServer) -> None:
    post = post_in(tmp_path, slack.bot())
    _said(post, FAILED)
    holding = [sys.executable, "-c", HOLDING, str(post.folder / "sending.lock")]
    with subprocess.Popen(holding, cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline().strip() == b"True"
        tell(post, FAILED)
        done = deliver(post, 5.0)
        other.communicate(b"\n", timeout=20)
    assert (done.busy, done.left) == (True, 1)
    assert deliver(post, 5.0).sent == 1


def test_several_tellers_at_once_lose_nothing_and_keep_their_own_order(tmp_path: Path, slack: SlackServer) -> None:
    post = post_in(tmp_path, slack.bot())

    def tells(teller: int) -> None:
        for number in range(25):
            tell(post, FAILED.model_copy(update={"tail": (), "summary": f"{teller} {number}"}))

    tellers = [threading.Thread(target=tells, args=(number,)) for number in range(4)]
    for one in tellers:
        one.start()
    for one in tellers:
        one.join()
    deliver(post, 30.0)
    told: List[List[int]] = [[int(word) for word in text.split()] for text in slack.channel()]
    assert len(told) == 100
    for teller in range(4):
        assert [number for who, number in told if who == teller] == list(range(25))


def test_what_nobody_can_read_is_set_aside_and_stops_nobody(tmp_path: Path, slack: SlackServer) -> None:
    post = post_in(tmp_path, slack.bot())
    tell(post, FAILED)
    for number, content in enumerate((b"", b"{", b"[]", b'{"notice": {"event": "x"}}', b"\xff\xfe")):
        (post.waiting / f"{number:020d}-00.json").write_bytes(content)
    assert deliver(post, 5.0).left == 0
    assert standing(post).aside == 5
    assert len(slack.channel()) == 1


def test_how_it_stands_is_told_without_a_word_to_the_network(tmp_path: Path, slack: SlackServer) -> None:
    post = post_in(tmp_path, slack.bot())
    tell(post, INGEST)
    now = standing(post)
    assert (now.waiting, now.last_sent, now.problems) == (1, {"slack": None}, ())
    assert now.waiting_since
    assert slack.calls == []
    deliver(post, 5.0)
    now = standing(post)
    assert (now.waiting, now.waiting_since, now.incidents) == (0, None, (HEADLINE,))
    assert now.last_sent["slack"]


def test_a_thousand_notices_cost_two_flushes_each(tmp_path: Path) -> None:
    """A flush for the notice and one for its folder; how long that takes is the disk's, and the bench's to say."""
    flushed: List[int] = []

    class Counting(Calls):
        """Counts."""

        @staticmethod
        def fsync(fd: Any) -> None:
            """One more."""
            flushed.append(fd)
            os.fsync(fd)

    post = post_in(tmp_path)._replace(disk=Disk(durable=True, calls=Counting))
    for number in range(1000):
        tell(post, FAILED.model_copy(update={"identity": str(number)}))
    assert len(list(post.waiting.glob("*.json"))) == 1000
    assert len(flushed) <= 2 * 1000 + 10, "and a few for the folders"
    assert json.loads(sorted(post.waiting.glob("*.json"))[0].read_bytes())["notice"]["identity"] == "0"
