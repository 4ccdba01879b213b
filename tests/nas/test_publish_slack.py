"""What people see in Slack of what was published: good news without a click, bad news with its remedy, skips not at all."""

from __future__ import annotations

import pytest

from shared.notices import deliver, open_post
from tests.harness.answers import on_day, seal, seal_bad
from tests.harness.public import Public
from tests.harness.road import Road
from tests.harness.slack_server import SlackServer


@pytest.fixture
def public(road: Road, slack: SlackServer) -> Public:
    """Of an empty queue, with that Slack."""
    watched = Public(road)
    watched.post = open_post(road.settings.model_copy(update={"data": road.root.parent}), slack.bot())
    return watched


def test_a_completion_is_one_message(road: Road, slack: SlackServer, public: Public) -> None:
    seal(road, "a")
    public.publish()
    public.publish()
    assert deliver(public.post, 5.0).left == 0
    [text] = slack.channel()
    assert "krx_ma200 완료 · CAGR +12.4% (KOSPI 대비 +5.0%p) · MDD −18.2%" in text


def test_skips_are_silent(road: Road, slack: SlackServer, public: Public) -> None:
    for day, status in enumerate(("SKIPPED", "CANCELLED", "EXPIRED"), 16):
        seal_bad(road, status.lower(), status, finished=on_day(day))
    assert len(public.publish().published) == 3
    assert deliver(public.post, 5.0).left == 0
    assert slack.channel() == []


def test_a_failure_is_not_over_because_something_else_succeeded(road: Road, slack: SlackServer, public: Public) -> None:
    """The same strategy for another symbol, both seen by one call; then the very same, whose period has moved on."""
    seal_bad(road, "bad", finished=on_day(17), asked={"symbols": ["005930"], "end": "2026-11-17"})
    seal(road, "other", finished=on_day(18), asked={"symbols": ["069500"]})
    public.publish()
    deliver(public.post, 5.0)
    assert not [text for text in slack.channel() if "복구됨" in text], slack.channel()
    seal(road, "same", finished=on_day(19), asked={"symbols": ["005930"], "end": "2026-11-19"})
    public.publish()
    deliver(public.post, 5.0)
    assert len([text for text in slack.channel() if "복구됨" in text]) == 2, slack.channel()


def test_a_strategy_that_fails_again_and_again_is_one_message_that_a_success_closes(
    road: Road, slack: SlackServer, public: Public
) -> None:
    for day in (16, 17, 18):
        seal_bad(road, f"bad-{day}", finished=on_day(day))
    public.publish()
    deliver(public.post, 5.0)
    assert len(slack.channel()) == 1
    seal(road, "good", finished=on_day(19))
    public.publish()
    deliver(public.post, 5.0)
    assert len([text for text in slack.channel() if "복구됨" in text]) == 2, slack.channel()
    assert len([text for text in slack.channel() if "krx_ma200 완료" in text]) == 1
