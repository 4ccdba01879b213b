"""A worker tells what fails by itself, and no claim ever waits for Slack."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Iterator

import pytest

from tests.harness.processes import Machine
from tests.harness.road import until
from tests.harness.slack_server import BROKEN, HANG, SlackServer


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlackServer]:
    """A Slack of the test's own, which the programs of the test find in their environment."""
    with SlackServer() as running:
        for name, value in running.bot().items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def machine(tmp_path: Path, synthetic_data: Path) -> Iterator[Machine]:
    """A machine with notices of its own."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "prices").symlink_to(synthetic_data / "prices")
    with Machine(tmp_path, tmp_path / "data", completion_from="pc") as running:
        yield running


def test_a_watching_worker_sends_its_errors_by_itself(machine: Machine, slack: SlackServer) -> None:
    worker = machine.watch()
    machine.road.submit(request_id="bad", strategy="raises")
    machine.answered("bad")
    until(lambda: bool(slack.messages), 30.0)
    assert worker.stop() == 0
    [told] = slack.messages.values()
    assert told["text"].startswith("❌ raises 실패 · E-STRATEGY-FAILED")


def test_a_drain_sends_its_errors_at_its_end(machine: Machine, slack: SlackServer) -> None:
    machine.road.submit(request_id="bad", strategy="raises")
    assert machine.run("pc", "drain").rc == 1
    assert len(slack.messages) == 1


def test_a_failed_answer_is_one_message_and_it_is_its_publishers(machine: Machine, slack: SlackServer) -> None:
    """The worker's own ERROR line says nothing more: told by the PC or by the NAS, it is told once."""
    machine.road.submit(request_id="bad", strategy="raises")
    assert machine.run("pc", "drain", completion_from="nas").rc == 1
    assert slack.calls == []
    for _ in range(2):
        assert machine.run("nas", "publish", completion_from="nas").rc == 0
    assert [one["text"][:10] for one in slack.messages.values()] == ["❌ raises 실"]


def test_no_claim_waits_for_a_slack_that_hangs(machine: Machine, slack: SlackServer) -> None:
    """Ten requests are answered while a sender hangs as fast as before; the worker leaves at once when it is told to."""
    slack.then(*[HANG] * 50)
    worker = machine.watch()
    calm = _longest_wait(machine, "calm")
    machine.road.submit(request_id="bad", strategy="raises")
    until(lambda: bool(slack.calls), 30.0)
    began = time.monotonic()
    hung = _longest_wait(machine, "hung")
    assert len(slack.calls) <= 2, "the sender hangs still"
    assert hung < 3.0 * calm + 2.0, (hung, calm)  # a claim that waits for a call that hangs waits ten seconds
    assert worker.stop() == 0
    assert time.monotonic() - began < 40.0


def _longest_wait(machine: Machine, name: str) -> float:
    """Seconds one of ten requests, put there one after the other's answer, waited for its claim."""
    waited = []
    for number in range(10):
        machine.road.submit(request_id=f"{name}-{number}")
        manifest = machine.answered(f"{name}-{number}")
        assert manifest["status"] == "SUCCEEDED"
        waited.append(manifest["timings"]["wait_ms"] / 1000)
    return max(waited)


def test_an_outage_of_slack_changes_no_exit_code_and_loses_nothing(machine: Machine, slack: SlackServer) -> None:
    slack.then(*[BROKEN] * 50)
    machine.road.submit(request_id="good")
    assert machine.run("pc", "drain").rc == 0
    machine.road.submit(request_id="bad", strategy="raises")
    assert machine.run("pc", "drain").rc == 1
    told = json.loads(machine.run("pc", "notify", "status", "--json").out)
    assert told["waiting"] == 1
    assert "internal_error" in told["why"]["slack"]


def test_a_refused_token_is_shown_and_fails_no_job(machine: Machine, slack: SlackServer) -> None:
    slack.token = "xoxb-another"
    machine.road.submit(request_id="bad", strategy="raises")
    assert machine.run("pc", "drain").rc == 1, "the answer is a failure, the token none of it"
    machine.road.submit(request_id="good")
    assert machine.run("pc", "drain").rc == 0
    assert slack.calls == ["chat.postMessage"], "it was asked once"
    shown = machine.run("pc", "notify", "status")
    assert shown.rc == 2
    assert "invalid_auth" in shown.out
