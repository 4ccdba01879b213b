"""Slack's bad days, each as the person reading the channel and the one who told the notice see them."""

from __future__ import annotations

import dataclasses
import time
from datetime import timedelta
from pathlib import Path
from typing import Callable, Dict, List

import pytest

from shared.notices import Asked, Notice, Post, asked_slack, deliver, is_due, standing, tell
from tests.harness import slack_server as server
from tests.harness.sample_notices import AT, post_in
from tests.harness.slack_server import SlackServer

MODES = ("bot", "hook", "alert")


@dataclasses.dataclass
class Watch:
    """A clock that goes on when it is told to, and how long was rested by it."""

    moment = AT
    rested: List[float] = dataclasses.field(default_factory=list)

    def rest(self, seconds: float) -> None:
        """Nobody waits, the clock goes on."""
        self.rested.append(seconds)
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def watch() -> Watch:
    """The clock of the test."""
    return Watch()


@pytest.fixture(params=MODES)
def environment(request: pytest.FixtureRequest, slack: SlackServer) -> Dict[str, str]:
    """By a bot's token, by Slack's webhook, and by any other webhook."""
    found: Dict[str, str] = getattr(slack, request.param)()
    return found


@pytest.fixture
def new_post(tmp_path: Path, watch: Watch) -> Callable[[Dict[str, str]], Post]:
    """A post on the watch's time."""
    return lambda environment: post_in(tmp_path, environment)._replace(now=lambda: watch.moment, rest=watch.rest)


def _notice(title: str) -> Notice:
    return Notice(event="JOB_FAILED", level="ERROR", title=title, day="2026-11-20")


def _seen(slack: SlackServer) -> List[str]:
    """What a person sees, whichever way it came."""
    texts = slack.channel() or [one["text"] for one in slack.alerts]
    return [text.splitlines()[0].replace("[ERROR] ", "").replace(" (2026-11-20)", "") for text in texts]


def test_ok_is_one_message_each_in_the_order_told(environment: Dict[str, str], slack: SlackServer, new_post: Callable) -> None:
    post = new_post(environment)
    for title in ("first", "second", "third"):
        tell(post, _notice(title))
    done = deliver(post, 5.0)
    assert (done.sent, done.left, done.why) == (3, 0, {})
    assert _seen(slack) == ["first", "second", "third"]
    assert standing(post).waiting == 0


def test_a_short_retry_after_is_awaited(
    environment: Dict[str, str], slack: SlackServer, watch: Watch, new_post: Callable
) -> None:
    """The reader sees it a second later, once."""
    post = new_post(environment)
    tell(post, _notice("first"))
    slack.then(server.SLOW_DOWN)
    assert deliver(post, 5.0).sent == 1
    assert watch.rested == [1.0]
    assert _seen(slack) == ["first"]


def test_slow_down_without_saying_how_long_is_awaited_for_five_seconds(
    environment: Dict[str, str], slack: SlackServer, watch: Watch, new_post: Callable
) -> None:
    post = new_post(environment)
    tell(post, _notice("first"))
    slack.then(server.SLOW_DOWN_UNSAID)
    assert deliver(post, 20.0).sent == 1
    assert watch.rested == [5.0]


def test_a_long_retry_after_waits_on_the_disk_and_blocks_nobody(
    environment: Dict[str, str], slack: SlackServer, watch: Watch, new_post: Callable
) -> None:
    """Two minutes: the command ends at once, nothing more is asked of Slack meanwhile, then all go in order."""
    post = new_post(environment)
    tell(post, _notice("first"))
    tell(post, _notice("second"))
    slack.then(server.SLOW_DOWN_LONG)
    assert deliver(post, 60.0).left == 2
    assert (watch.rested, len(slack.calls)) == ([], 1)
    watch.rest(119.0)
    assert not is_due(post)
    assert deliver(post, 60.0).left == 2
    assert len(slack.calls) == 1
    watch.rest(2.0)
    assert is_due(post)
    assert deliver(post, 60.0).sent == 2
    assert _seen(slack) == ["first", "second"]


def test_being_slowed_down_for_ever_is_given_up_after_thirty_seconds(
    environment: Dict[str, str], slack: SlackServer, watch: Watch, new_post: Callable
) -> None:
    post = new_post(environment)
    tell(post, _notice("first"))
    slack.then(*[server.SLOW_DOWN_UNSAID] * 20)
    assert deliver(post, 600.0).left == 1
    assert sum(watch.rested) <= 30.0


@pytest.mark.parametrize("day", [server.BROKEN, server.Answer(503, "service_unavailable")])
def test_a_broken_slack_is_tried_again_later_and_ever_more_rarely(
    environment: Dict[str, str], slack: SlackServer, watch: Watch, new_post: Callable, day: server.Answer
) -> None:
    """5 s, 10 s, 20 s …; what waited comes first."""
    post = new_post(environment)
    tell(post, _notice("first"))
    for wait in (5.0, 10.0, 20.0):
        slack.then(day)
        assert deliver(post, 5.0).left == 1
        watch.rest(wait - 1.0)
        assert not is_due(post)
        watch.rest(1.5)
        assert is_due(post)
    tell(post, _notice("second"))
    assert deliver(post, 5.0).sent == 2
    assert _seen(slack) == ["first", "second"]
    assert standing(post).why == {}


def test_a_rejected_token_stops_trying_loses_nothing_and_is_shown(
    environment: Dict[str, str], slack: SlackServer, watch: Watch, new_post: Callable, tmp_path: Path
) -> None:
    """A week later, with a new token, the reader gets all of it in order."""
    post = new_post(environment)
    tell(post, _notice("first"))
    slack.then(server.REFUSED, server.REFUSED)
    done = deliver(post, 5.0)
    assert (done.left, len(done.refused)) == (1, 1)
    asked = len(slack.calls)
    for _ in range(5):
        watch.rest(86400.0)
        tell(post, _notice("more"))
        assert deliver(post, 5.0).sent == 0
        assert not is_due(post)
    assert len(slack.calls) == asked
    [why] = standing(post).refused.values()
    assert why
    assert "xox" not in why
    assert standing(post).waiting == 6

    fresh = {name: value if name == "SLACK_API_URL" else _another(value) for name, value in environment.items()}
    slack.token = fresh.get("SLACK_BOT_TOKEN", slack.token)
    slack.then()
    assert deliver(new_post(fresh), 5.0).sent == 6
    assert _seen(slack) == ["first", *["more"] * 5]
    assert standing(new_post(fresh)).refused == {}


def _another(secret: str) -> str:
    return f"{secret}?2" if "://" in secret else f"{secret}9"


def test_a_hang_costs_no_more_than_the_time_given(environment: Dict[str, str], slack: SlackServer, new_post: Callable) -> None:
    post = new_post(environment)
    tell(post, _notice("first"))
    slack.then(server.HANG)
    began = time.monotonic()
    assert deliver(post, 1.0).left == 1
    assert time.monotonic() - began < 4.0
    assert all(standing(post).why.values())
    assert standing(post).why


def test_a_connection_closed_after_receiving_is_at_most_one_repeat(
    environment: Dict[str, str], slack: SlackServer, watch: Watch, new_post: Callable
) -> None:
    """Nobody can know whether it arrived: it is told again, once, and never lost."""
    post = new_post(environment)
    tell(post, _notice("first"))
    tell(post, _notice("second"))
    slack.then(server.CLOSE)
    assert deliver(post, 5.0).left == 2
    watch.rest(6.0)
    assert deliver(post, 5.0).sent == 2
    assert _seen(slack) == ["first", "first", "second"]


def test_nobody_listening_is_an_outage_like_any_other(
    environment: Dict[str, str], slack: SlackServer, watch: Watch, new_post: Callable
) -> None:
    away = {name: "http://127.0.0.1:9/" if "127.0.0.1" in value else value for name, value in environment.items()}
    post = new_post(away)
    tell(post, _notice("first"))
    assert deliver(post, 5.0).left == 1
    [why] = standing(post).why.values()
    assert why == "127.0.0.1에 닿지 못함 (Connection refused): 이 기계의 네트워크, DNS, 프록시를 살펴보세요"
    watch.rest(6.0)
    back = new_post(environment)
    assert deliver(back, 5.0).sent == 1
    assert _seen(slack) == ["first"]


# ---- what only a bot meets ----


def test_a_message_whose_blocks_are_not_taken_is_sent_as_plain_text(slack: SlackServer, new_post: Callable) -> None:
    post = new_post(slack.bot())
    tell(post, Notice(event="JOB_FAILED", level="ERROR", title="first", opening="why it did", day="2026-11-20"))
    slack.then(server.Answer(error="invalid_blocks"))
    assert deliver(post, 5.0).sent == 1
    [message] = slack.messages.values()
    assert message["blocks"] == []
    assert "why it did" in message["text"]


def test_a_message_that_is_not_taken_at_all_is_kept_aside_and_stops_no_other(slack: SlackServer, new_post: Callable) -> None:
    post = new_post(slack.bot())
    tell(post, _notice("first"))
    tell(post, _notice("second"))
    slack.then(server.Answer(error="invalid_blocks"), server.Answer(error="msg_too_long"))
    assert deliver(post, 5.0).left == 0
    assert _seen(slack) == ["second"]
    assert standing(post).aside == 1
    assert "msg_too_long" in standing(post).why["slack"]


def test_a_channel_that_is_not_there_is_tried_again_every_ten_minutes(
    slack: SlackServer, watch: Watch, new_post: Callable
) -> None:
    """Somebody only has to invite the bot: no token changes then."""
    post = new_post(slack.bot())
    tell(post, _notice("first"))
    slack.then(server.Answer(error="not_in_channel"))
    assert deliver(post, 5.0).left == 1
    assert "not_in_channel" in standing(post).why["slack"]
    watch.rest(599.0)
    assert not is_due(post)
    watch.rest(2.0)
    assert deliver(post, 5.0).sent == 1


def test_a_message_somebody_removed_is_posted_anew(slack: SlackServer, new_post: Callable) -> None:
    post = new_post(slack.bot())
    told = _notice("first").model_copy(update={"key": "it"})
    tell(post, told)
    deliver(post, 5.0)
    slack.messages.clear()
    tell(post, told)
    deliver(post, 5.0)
    assert [text.rpartition(" · ")[2] for text in slack.channel()] == ["2번"]


def test_the_token_is_looked_at_without_posting_anything(slack: SlackServer, new_post: Callable) -> None:
    assert asked_slack(new_post(slack.bot()), 2.0) == Asked(True, "relay @ house")
    slack.token = "xoxb-another"
    assert asked_slack(new_post(slack.bot()), 2.0) == Asked(False, "Slack이 거절함: invalid_auth")
    assert asked_slack(new_post(slack.hook()), 2.0) == Asked(True, "")
    assert set(slack.calls) == {"auth.test"}


def test_one_way_that_is_closed_keeps_no_other_waiting(slack: SlackServer, watch: Watch, new_post: Callable) -> None:
    """And is not repeated where it went already."""
    post = new_post({**slack.bot(), **slack.alert()})
    tell(post, _notice("first"))
    slack.then(server.BROKEN)  # Slack comes first, in the order of names
    assert deliver(post, 5.0).left == 1
    assert (slack.channel(), len(slack.alerts)) == ([], 1)
    watch.rest(6.0)
    assert deliver(post, 5.0).left == 0
    assert (len(slack.channel()), len(slack.alerts)) == (1, 1)
