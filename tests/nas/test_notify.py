"""`notify` as a person, a script and cron type it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Callable, Dict

import pytest

from shared.config import HOME
from tests.harness.slack_server import SlackServer

Typed = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def typed(tmp_path: Path, slack: SlackServer) -> Typed:
    """A command line with a bot's token in its environment, unless other secrets are given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RELAY_", "SLACK_", "ALERT_"))}
    own = {name: str(tmp_path / name.lower()) for name in ("DATA", "LOGS", "REPORTS", "PRIVATE")}
    kept.update({f"RELAY_{name}": path for name, path in own.items()})

    def run(*words: str, **more: str) -> "subprocess.CompletedProcess[str]":
        environment: Dict[str, str] = {**kept, "PYTHONUTF8": "1", **(more or slack.bot())}
        return subprocess.run(
            [sys.executable, "-m", "nas", "notify", *words],
            cwd=HOME,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    return run


INGEST = ("send", "KRX Ingest Failed", "--level", "ERROR", "--event", "INGEST_FAILED", "--cause", "pykrx Timeout")


def test_a_script_tells_a_failure_and_its_end(typed: Typed, slack: SlackServer) -> None:
    """The example of the old runbook, letter by letter."""
    told = typed(*INGEST, "--key", "pykrx", "--day", "2025-10-24")
    assert told.returncode == 0
    assert slack.channel() == ["[ERROR] KRX Ingest Failed — pykrx Timeout (2025-10-24)"]
    assert [one["channel"] for one in slack.messages.values()] == ["#invest_ops"]
    assert '[NOTICES_DELIVERED] rc=0 details="sent=1 left=0"' in told.stderr.splitlines()[-1]
    assert told.stdout == ""
    over = typed("send", "KRX Ingest", "--event", "INGEST_FAILED", "--key", "pykrx", "--recovers", "--level", "ERROR")
    assert over.stderr.splitlines()[0] == "✅ 복구됨 · KRX Ingest", "an end reads like one on the console too"
    assert slack.channel()[0].startswith("✅ 복구됨")


def test_a_script_whose_trouble_comes_and_goes_fills_no_channel(typed: Typed, slack: SlackServer) -> None:
    """One message and one line, each saying how it stands now; the console tells every time."""
    over = ("send", "KRX Ingest", "--event", "INGEST_FAILED", "--key", "pykrx", "--recovers")
    for _ in range(3):
        assert typed(*INGEST, "--key", "pykrx").stderr.startswith("[ERROR] KRX Ingest Failed")
        assert "열린 사고: [ERROR] KRX Ingest Failed" in typed("status").stdout
        assert typed(*over).stderr.startswith("✅ 복구됨")
        assert "열린 사고" not in typed("status").stdout
    message, line = slack.channel()
    assert message == line
    assert "동안 3번 중단) · KRX Ingest Failed" in line


def test_sending_what_waits_is_one_word(typed: Typed, slack: SlackServer) -> None:
    away = {"SLACK_BOT_TOKEN": slack.bot()["SLACK_BOT_TOKEN"], "SLACK_API_URL": "http://127.0.0.1:9/api/"}
    late = typed(*INGEST, "--json", **away)
    assert (late.returncode, json.loads(late.stdout)["left"]) == (2, 1)
    status = typed("status", **away)
    assert status.returncode == 2
    assert status.stdout.startswith("대기 1, 가장 오래된 것은 20")
    assert "! slack: 127.0.0.1에 닿지 못함 (" in status.stdout
    tried = typed("test", "--json")
    assert tried.returncode == 0, "somebody mended it: a test that arrives opens the way again"
    assert json.loads(tried.stdout)["slack"] == {"ok": True, "why": ""}
    assert typed("send").returncode == 0
    assert len(slack.channel()) == 2


def test_why_a_way_is_closed_is_kept_in_both_languages_with_the_next_try(typed: Typed, slack: SlackServer) -> None:
    """Who found it closed spoke Korean, who asks later speaks English; the log speaks English always."""
    away = {"SLACK_BOT_TOKEN": slack.bot()["SLACK_BOT_TOKEN"], "SLACK_API_URL": "http://127.0.0.1:9/api/"}
    closing = typed(*INGEST, **away).stderr.splitlines()[-1]
    assert "[NOTICES_DELIVERED]" in closing
    assert "slack: 127.0.0.1 cannot be reached" in closing
    assert " next_try=20" in closing
    assert closing.isascii()
    korean = typed("status", **away).stdout
    assert re.search(r"! slack: 127.0.0.1에 닿지 못함 .* · 다음 시도 \d\d:\d\d:\d\d KST", korean)
    english = typed("status", RELAY_LANGUAGE="en", **away).stdout
    assert re.search(r"! slack: 127.0.0.1 cannot be reached .* · next try \d\d:\d\d:\d\d KST", english)


def test_a_refused_token_is_named_by_every_command_and_a_test_tries_it_again(typed: Typed, slack: SlackServer) -> None:
    slack.token = "xoxb-another"
    assert typed(*INGEST).returncode == 1
    assert "✗ slack: Slack이 거절함: invalid_auth" in typed("status").stdout
    tried = typed("test")
    assert tried.returncode == 1
    assert "✓ alerts: ok" in tried.stdout
    assert "✗ slack: Slack이 거절함: invalid_auth" in tried.stdout
    assert slack.bot()["SLACK_BOT_TOKEN"] not in tried.stdout + tried.stderr


def test_the_digest_is_told_once(typed: Typed, slack: SlackServer) -> None:
    assert typed("digest").returncode == 0
    assert typed("digest").returncode == 0
    assert slack.channel() == ["오늘 이상 없음 · 알린 실행 0건"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("shout",), "invalid choice"),
        (("send", "x", "--event", "INGEST_FALED"), "did you mean 'INGEST_FAILED'"),
        (("digest", "--day", "yesterday"), "write it like 2026-11-20"),
    ],
)
def test_wrong_usage_is_told_with_what_is_right(typed: Typed, slack: SlackServer, words: "tuple[str, ...]", found: str) -> None:
    done = typed(*words)
    assert done.returncode == 64
    assert found in done.stderr
    assert slack.calls == []


def test_a_secret_that_others_may_read_is_refused_by_every_sending_command(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    file = tmp_path / "private" / "SLACK_BOT_TOKEN"
    file.write_text("xoxb-1-hunter2", encoding="utf-8")
    file.chmod(0o644)
    done = typed("send", "x", SLACK_CHANNEL="#x")
    assert done.returncode == 64
    assert f"chmod 600 {file}" in done.stderr
    assert "hunter2" not in done.stderr


def test_what_others_wrote_steers_no_terminal(typed: Typed) -> None:
    """Neither the lines of `status` nor its document, of a title with colours and signs that turn the line around."""
    assert typed("send", "red\x1b[31m \u202eback\x9b", "--level", "ERROR", "--key", "k").returncode == 0
    for words in (("status",), ("status", "--json")):
        said = typed(*words).stdout
        assert "red" in said
        assert not {"\x1b", "\u202e", "\x9b"} & set(said), words
