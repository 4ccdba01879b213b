"""The story of a notice as its reader sees it: one message, counted, closed; and what Slack's bad days change about that."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest

from shared.notices import Notice, deliver, open_post, standing, tell
from tests.harness.road import settings_for
from tests.harness.slack_server import SlackServer

FAILED = Notice(
    event="INGEST_FAILED", level="ERROR", title="KRX Ingest Failed", cause="pykrx Timeout", day="2025-10-24", key="pykrx"
)
HEADLINE = "[ERROR] KRX Ingest Failed — pykrx Timeout (2025-10-24)"


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    """A Slack of the test's own."""
    with SlackServer() as running:
        yield running


def test_an_incident_is_one_message_counted_and_closed(tmp_path: Path, slack: SlackServer) -> None:
    """The night of an outage, as the channel shows it in the morning."""
    post = open_post(settings_for(tmp_path / "reports", tmp_path / "data"), slack.bot())
    tell(post, FAILED)
    assert deliver(post, 5.0).sent == 1
    assert slack.channel() == [HEADLINE]

    for _ in range(3):
        tell(post, FAILED)
    assert deliver(post, 5.0).left == 0
    assert slack.channel() == [f"{HEADLINE} · 4번"]

    tell(post, FAILED.model_copy(update={"level": "INFO", "recovers": True}))
    deliver(post, 5.0)
    assert [text.partition(" (")[0] for text in slack.channel()] == ["✅ 복구됨", "✅ 복구됨"]
    assert standing(post).incidents == ()
