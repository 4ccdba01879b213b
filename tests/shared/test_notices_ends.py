"""An end that is told on a bad day: by a slow Slack, by one that takes nothing, and never before its beginning."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import List

import pytest

from shared.notices import Notice, Post, deliver, is_due, standing, tell
from tests.harness.sample_notices import AT, INGEST, post_in
from tests.harness.slack_server import BROKEN, LATE, OK, Answer, SlackServer

HEADLINE = "[WARNING] KRX Ingest Failed — pykrx Timeout (2025-10-24)"
OVER = INGEST.model_copy(update={"level": "INFO", "recovers": True})
ENDED = "✅ 복구됨 (중단 {}분) · KRX Ingest Failed"
UNFIT = Answer(400, "invalid_blocks")


def _at(post: Post, minute: float) -> Post:
    return post._replace(now=lambda: AT + timedelta(minutes=minute))


def _said(post: Post, minute: float, *notices: Notice, seconds: float = 5.0) -> None:
    for notice in notices:
        tell(_at(post, minute), notice)
    deliver(_at(post, minute), seconds)


def test_a_slow_slack_is_told_an_end_once(tmp_path: Path, slack: SlackServer) -> None:
    """Each answer takes a second and a half, of the not quite three there are: what was begun with one left would have come,
    and not be known to have."""
    post = post_in(tmp_path, slack.bot())
    _said(post, 0, INGEST)
    slack.then(*[LATE] * 8)
    _said(post, 2, OVER, seconds=2.9)
    assert slack.channel() == [ENDED.format(2)], "the message; its line has to wait"
    assert is_due(_at(post, 14))
    _said(post, 14, seconds=2.9)
    assert slack.channel() == [ENDED.format(2)] * 2
    _said(post, 26, seconds=2.9)
    assert slack.channel() == [ENDED.format(2)] * 2
    assert standing(post).incidents == ()


def test_what_begins_anew_is_not_told_before_the_end_that_waits(tmp_path: Path, slack: SlackServer) -> None:
    post = post_in(tmp_path, slack.bot())
    _said(post, 0, INGEST)
    slack.then(OK, BROKEN)  # the message, and not its line
    _said(post, 2, OVER, INGEST)
    _said(post, 20)
    assert standing(post).incidents == (INGEST.headline,)
    assert slack.channel()[0] == f"{HEADLINE} · 2번"


@pytest.mark.parametrize(("way", "tries"), [("hook", 2), ("alert", 1)])  # Slack is tried without blocks, too
def test_a_hook_that_no_longer_takes_what_is_counted_fails_no_job_and_hides_no_other(
    tmp_path: Path, slack: SlackServer, way: str, tries: int
) -> None:
    post = post_in(tmp_path, getattr(slack, way)())
    other = INGEST.model_copy(update={"key": "another", "title": "Disk Full"})
    _said(post, 0, INGEST, other)
    before = len(_shown(slack))
    slack.then(*[UNFIT] * tries)
    _said(post, 1, INGEST, other)
    assert len(_shown(slack)) == before + 1, "one of the two was not taken"
    assert not is_due(_at(post, 1))
    _said(post, 2, INGEST, INGEST, other, other)
    assert len(_shown(slack)) == before + 3, "and is told again when there is more to say"


def test_an_end_that_is_not_taken_is_an_end(tmp_path: Path, slack: SlackServer) -> None:
    post = post_in(tmp_path, slack.hook())
    _said(post, 0, INGEST)
    slack.then(UNFIT, UNFIT)
    _said(post, 1, OVER)
    assert standing(post).incidents == ()
    assert len(list((post.folder / "aside").iterdir())) == 1, "what could not be told is kept"


def _shown(slack: SlackServer) -> List[object]:
    return [*slack.channel(), *slack.alerts]
