"""When a failure is over: what ends it is told once, and what shows nothing ends nothing."""

from __future__ import annotations

from pathlib import Path
from typing import List

from tests.harness.slack_server import SlackServer
from tests.harness.typed import FRIDAY, Typed

MINE = ("--log", "mine")


def ends(slack: SlackServer) -> List[str]:
    return [text for text in slack.channel() if "Recovered" in text]


def test_a_job_that_failed_and_then_finds_nothing_to_do_is_told_as_over(typed: Typed, slack: SlackServer) -> None:
    """Else it is open in every digest for a month: each evening there is nothing to compare."""
    evening = ("run", "compare_results", "--at", f"{FRIDAY}T18:40")
    assert typed(*evening).returncode == 3, "the share is away"
    assert len(slack.channel()) == 1
    (typed.root / "reports").mkdir()
    typed("init")
    done = typed(*evening)
    assert done.returncode == 0
    assert done.stderr.count("[JOB_SKIPPED]") == 1
    assert "JOB_ENDED" not in done.stderr
    assert [text.partition(" · ")[2] for text in ends(slack)] == ["Job Failed: compare_results"] * 2, "the message and its line"


def test_neither_an_outage_nor_a_closed_guard_ends_a_failure_and_the_next_good_end_does(typed: Typed, slack: SlackServer) -> None:
    typed("run", *MINE, "--", "sh", "-c", "exit 7")
    assert "[JOB_SKIPPED]" in typed("run", *MINE, "--", "sh", "-c", "echo ReadTimeout; exit 1").stderr
    assert "[JOB_SKIPPED]" in typed("run", *MINE, "--guard", "th", "--at", f"{FRIDAY}T03:00", "--", "true").stderr
    assert ends(slack) == []
    typed("run", *MINE, "--", "true")
    assert len(ends(slack)) == 2, "the message and its line"


def test_while_nothing_can_be_sent_good_ends_fill_no_disk(typed: Typed, tmp_path: Path, slack: SlackServer) -> None:
    typed("run", "--log", "other", "--", "sh", "-c", "exit 7", SLACK_BOT_TOKEN="xoxb-refused")
    for _ in range(3):
        typed("run", *MINE, "--", "true", SLACK_BOT_TOKEN="xoxb-refused")
    assert slack.channel() == []
    waiting = list((tmp_path / "data").rglob("waiting/*.json"))
    assert len(waiting) == 1
