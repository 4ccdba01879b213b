"""Doctor asks Slack about its token and posts nothing, over a real socket."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, Iterator

import pytest

from shared.found import OK, WARN, Found
from shared.notices import Notice, open_post, tell
from shared.slack import slack
from tests.harness.road import settings_for
from tests.harness.slack_server import REFUSED, SlackServer


@pytest.fixture
def server() -> Iterator[SlackServer]:
    """A Slack of the test's own."""
    with SlackServer() as running:
        yield running


def asked(folder: Path, environment: Dict[str, str]) -> Found:
    """What doctor says there."""
    return slack(open_post(settings_for(folder / "reports", folder / "data", private=folder / "secret"), environment), "nas")


def test_a_good_token_is_told_and_nothing_is_posted(tmp_path: Path, server: SlackServer) -> None:
    found = asked(tmp_path, server.bot())
    assert (found.verdict, "the token is good" in found.said.en) == (OK, True), found
    assert server.calls == ["auth.test"]
    assert server.channel() == []


def test_a_rejected_token_is_told_with_what_to_do_and_never_shown(tmp_path: Path, server: SlackServer) -> None:
    server.then(REFUSED)
    found = asked(tmp_path, server.bot())
    assert (found.verdict, found.wants_a_hand, "nas notify test" in found.fix.en) == (WARN, True, True)
    assert "goodgood" not in str(found)
    assert server.channel() == []


def test_a_slack_that_is_away_is_told(tmp_path: Path) -> None:
    found = asked(tmp_path, {"SLACK_BOT_TOKEN": "xoxb-1111-2222-goodgoodgood", "SLACK_API_URL": "http://127.0.0.1:1/api/"})
    assert (found.verdict, found.wants_a_hand) == (WARN, True)
    assert "127.0.0.1" in found.said.en
    assert "URLError" not in found.said.en
    assert "token's fault" in found.fix.en, "a token that is right is not to be replaced"


def test_without_a_token_nothing_is_asked(tmp_path: Path, server: SlackServer) -> None:
    assert asked(tmp_path, {}).said.en == "not set up: notices stay on this machine"
    hook = asked(tmp_path, server.hook())
    assert (hook.verdict, "cannot be asked without posting" in hook.said.en) == (OK, True)
    assert server.calls == []


def test_what_waits_for_slack_is_counted(tmp_path: Path, server: SlackServer) -> None:
    post = open_post(settings_for(tmp_path / "reports", tmp_path / "data"), {})
    tell(post, Notice(event="INGEST_FAILED", level="ERROR", title="KRX Ingest Failed"))
    assert "1 waiting" in asked(tmp_path, server.bot()).said.en


def test_a_secret_that_others_may_read_is_told_with_the_line_that_mends_it(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "SLACK_BOT_TOKEN").write_text("xoxb-1111-2222-goodgoodgood")
    (secret / "SLACK_BOT_TOKEN").chmod(0o644)
    found = asked(tmp_path, {})
    assert (found.verdict, found.fix.en) == (WARN, f"chmod 600 {secret / 'SLACK_BOT_TOKEN'}")
    assert "goodgood" not in str(found)
