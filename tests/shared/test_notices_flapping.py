"""What comes and goes within the hour is one incident: edits for who can edit, ever rarer messages for who cannot."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import List

import pytest

from shared.events import Log
from shared.notices import Notice, Post, deliver, hears, is_due, standing, tell
from shared.notices.digest import digest_of
from tests.harness.sample_notices import AT, INGEST, post_in
from tests.harness.slack_server import BROKEN, OK, Answer, SlackServer

HEADLINE = "[WARNING] KRX Ingest Failed — pykrx Timeout (2025-10-24)"
OVER = INGEST.model_copy(update={"level": "INFO", "recovers": True})
FLAPPED = "✅ 복구됨 ({} 동안 {}번 중단) · KRX Ingest Failed"
BACK = "⚠️ 다시 발생 ({}번째) · KRX Ingest Failed"


def _said(post: Post, minute: float, *notices: Notice) -> None:
    at = post._replace(now=lambda: AT + timedelta(minutes=minute))
    for notice in notices:
        tell(at, notice)
    deliver(at, 5.0)


def _kept(post: Post) -> List[Path]:
    return list((post.folder / "incidents").rglob("*.json"))


def test_what_comes_and_goes_is_two_messages_however_often(tmp_path: Path, slack: SlackServer) -> None:
    """Down for two minutes, every five: the channel at each moment."""
    post = post_in(tmp_path, slack.bot())
    _said(post, 0, INGEST)
    _said(post, 2, OVER)
    assert slack.channel() == ["✅ 복구됨 (중단 2분) · KRX Ingest Failed"] * 2
    _said(post, 5, INGEST)
    assert slack.channel() == [f"{HEADLINE} · 2번", BACK.format(2)], "no line says it is over while it is not"
    _said(post, 7, OVER)
    assert slack.channel() == [FLAPPED.format("7분", 2)] * 2
    for flap in range(2, 20):
        _said(post, flap * 5, INGEST, INGEST)
        _said(post, flap * 5 + 2, OVER)
    assert slack.channel() == [FLAPPED.format("1시간 37분", 20)] * 2
    assert slack.calls.count("chat.postMessage") == 2
    assert standing(post).incidents == ()


def test_flaps_that_waited_together_are_as_many_messages(tmp_path: Path, slack: SlackServer) -> None:
    """Told while Slack was away for an hour: what counts is when it happened."""
    post = post_in(tmp_path, slack.bot())
    for minute, notice in ((0, INGEST), (5, OVER), (10, INGEST), (15, OVER), (20, INGEST)):
        tell(post._replace(now=lambda minute=minute: AT + timedelta(minutes=minute)), notice)  # type: ignore[misc]
    _said(post, 70)
    assert slack.channel() == [f"{HEADLINE} · 3번", BACK.format(3)]


def test_it_is_known_again_while_what_says_so_still_waits(tmp_path: Path, slack: SlackServer) -> None:
    """Its end reached Slack, then Slack was away for longer than the hour."""
    post = post_in(tmp_path, slack.bot())
    _said(post, 0, INGEST)
    slack.then(OK, OK, BROKEN)  # the message and the line; what is next waits
    for minute, notice in ((5, OVER), (10, INGEST.model_copy(update={"key": "another"})), (11, INGEST)):
        tell(post._replace(now=lambda minute=minute: AT + timedelta(minutes=minute)), notice)  # type: ignore[misc]
    _said(post, 12)
    assert standing(post).waiting == 2
    _said(post, 180)
    assert slack.channel() == [f"{HEADLINE} · 2번", BACK.format(2), HEADLINE, BACK.format(2)], "the last as it stays"


@pytest.mark.parametrize(("minutes", "messages"), [(59, 2), (60, 3)])
def test_an_hour_after_it_was_over_the_same_is_another(tmp_path: Path, slack: SlackServer, minutes: int, messages: int) -> None:
    post = post_in(tmp_path, slack.bot())
    _said(post, 0, INGEST)
    _said(post, 10, OVER)
    _said(post, 10 + minutes, INGEST)
    assert len(slack.channel()) == messages


def test_what_is_back_to_stay_is_told_by_a_line_of_its_own_after_an_hour(tmp_path: Path, slack: SlackServer) -> None:
    """Edits call nobody: whoever read in the evening that it is over would sleep through the night."""
    post = post_in(tmp_path, slack.bot())
    _said(post, 0, INGEST)
    _said(post, 2, OVER)
    _said(post, 5, INGEST)
    _said(post, 61, INGEST)
    assert slack.channel() == [f"{HEADLINE} · 3번", BACK.format(2)]
    later = post._replace(now=lambda: AT + timedelta(minutes=62))
    assert is_due(later)
    deliver(later, 5.0)
    assert slack.channel() == [f"{HEADLINE} · 3번", BACK.format(2), BACK.format(2)]
    assert not is_due(later), "and only once"
    _said(post, 90, OVER)
    assert slack.channel()[1:] == [BACK.format(2), BACK.format(2), FLAPPED.format("1시간 30분", 2)], "and its end by another"


def test_a_closed_incident_is_no_open_one_for_anybody(tmp_path: Path, slack: SlackServer) -> None:
    post = post_in(tmp_path, slack.bot())
    log = Log(quiet=True, hears=hears(post))
    log.error("SHARE_TROUBLED", reports="/nas", why="away")
    deliver(post, 5.0)
    log.info("SHARE_RETURNED", reports="/nas")
    deliver(post, 5.0)
    assert _kept(post), "it may come back"
    assert standing(post).incidents == ()
    assert "열린" not in digest_of(post, f"{AT:%Y-%m-%d}").summary
    log.info("SHARE_RETURNED", reports="/nas")
    assert not is_due(post), "its recovery is no news"


def test_a_closed_incident_is_forgotten_after_the_hour(tmp_path: Path, slack: SlackServer) -> None:
    post = post_in(tmp_path, slack.bot())
    _said(post, 0, INGEST)
    _said(post, 1, OVER)
    _said(post, 60)
    assert len(_kept(post)) == 1
    _said(post, 61)
    assert _kept(post) == []


def test_messages_somebody_removed_are_posted_anew_when_there_is_something_to_say(tmp_path: Path, slack: SlackServer) -> None:
    post = post_in(tmp_path, slack.bot())
    _said(post, 0, INGEST)
    _said(post, 1, OVER)
    message, line = list(slack.messages)
    slack.messages.pop(line)
    _said(post, 2, INGEST)
    assert slack.channel() == [f"{HEADLINE} · 2번"], "that it is back is said by the message"
    slack.messages.pop(message)
    _said(post, 3, OVER)
    assert slack.channel() == [FLAPPED.format("3분", 2)] * 2
    _said(post, 4, INGEST)
    assert slack.channel() == [f"{HEADLINE} · 3번", BACK.format(3)], "the new ones are edited from now on"


def test_an_edit_slack_does_not_take_stops_nobody(tmp_path: Path, slack: SlackServer) -> None:
    """What cannot be shown is left as it was, and told by `notify status`; others go on."""
    post = post_in(tmp_path, slack.bot())
    _said(post, 0, INGEST)
    slack.then(Answer(error="invalid_blocks"), Answer(error="msg_too_long"))
    _said(post, 1, INGEST)
    assert "msg_too_long" in standing(post).why["slack"]
    assert not is_due(post)
    _said(post, 2, INGEST)
    assert slack.channel() == [f"{HEADLINE} · 3번"]


@pytest.mark.parametrize("level", ["off", "digest"])
def test_what_was_turned_down_while_it_was_open_ends_quietly(tmp_path: Path, slack: SlackServer, level: str) -> None:
    """Else it would be called open for a month."""
    post = post_in(tmp_path, slack.bot())
    _said(post, 0, INGEST)
    rules = post.rules.model_copy(update={"events": {"INGEST_FAILED": level}})
    _said(post._replace(rules=rules), 1, OVER)
    assert standing(post).incidents == ()
    assert slack.channel() == [HEADLINE]


# ---- who cannot edit ----


def test_a_webhook_tells_of_what_comes_and_goes_ever_more_rarely(tmp_path: Path, slack: SlackServer) -> None:
    """And of its end as often as of its beginning: what was said last is so."""
    post = post_in(tmp_path, slack.hook())
    for flap in range(9):
        _said(post, flap * 5, INGEST)
        _said(post, flap * 5 + 2, OVER)
    told = [text if text.startswith("✅") else text[len(HEADLINE) :] for text in slack.channel()]
    ends = [FLAPPED.format("7분", 2), FLAPPED.format("17분", 4), FLAPPED.format("37분", 8)]
    first = "✅ 복구됨 (중단 2분) · KRX Ingest Failed"
    assert told == ["", first, " · 2번", ends[0], " · 4번", ends[1], " · 8번", ends[2]]


def test_a_webhook_leaves_nobody_to_believe_that_it_is_over(tmp_path: Path, slack: SlackServer) -> None:
    """The third time is not told, as it may be over in a minute; after an hour it is."""
    post = post_in(tmp_path, slack.hook())
    for flap in range(2):
        _said(post, flap * 5, INGEST)
        _said(post, flap * 5 + 2, OVER)
    _said(post, 10, INGEST)
    assert len(slack.channel()) == 4
    later = post._replace(now=lambda: AT + timedelta(minutes=67))
    assert is_due(later)
    deliver(later, 5.0)
    assert slack.channel()[4:] == [f"{HEADLINE} · 3번"]
    assert not is_due(later)
    _said(post, 70, OVER)
    assert slack.channel()[5:] == [FLAPPED.format("1시간 10분", 3)]
