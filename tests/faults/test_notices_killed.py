"""Whichever file operation a teller or a sender is killed or fails at, no notice is lost and none is told twice more than once.

The sender speaks to a Slack of the test's over a real socket, so "killed between sending and noting" is among the kills.
"""

from __future__ import annotations

import copy
import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any, Callable, Dict, List

import pytest

from shared.calls import Calls
from shared.disk import Disk
from shared.notices import Notice, Post, deliver, standing, tell
from tests.faults.fault_calls import KINDS, FaultyCalls, die, die_torn, failing, failing_afterwards, failing_half_way
from tests.faults.forks import can_fork, in_a_child
from tests.harness.dose import spread
from tests.harness.sample_notices import COMPLETED, FAILED, INGEST, post_in
from tests.harness.slack_server import SlackServer

pytestmark = pytest.mark.skipif(not can_fork(), reason="needs fork and SIGKILL, which Windows has not")

OVER = INGEST.model_copy(update={"level": "INFO", "recovers": True})
OTHER = INGEST.model_copy(update={"key": "yfinance"})
SHORT = FAILED.model_copy(update={"tail": FAILED.tail[:3]})  # one message: the longer log would be a second, below it
STORIES: Dict[str, List[Notice]] = {
    "three kinds": [SHORT, COMPLETED, COMPLETED, COMPLETED.model_copy(update={"identity": "bt-1"})],
    "an incident counted": [INGEST, INGEST, INGEST],
    "an incident counted and closed": [INGEST, INGEST, OTHER, OVER],
    "an incident that comes back": [INGEST, OVER, INGEST],
    "an incident that comes and goes": [INGEST, OVER, INGEST, OVER],
}
FAULTS = {"killed": die, "killed in the middle of a write": die_torn}
OPERATIONS_AT_MOST = 400
_EVERY_DAY = 20  # places, spread over all operations


def post_at(home: Path, slack: SlackServer, calls: Any = Calls) -> Post:
    post = post_in(home, {**slack.bot(), **slack.alert()})
    return post._replace(disk=Disk(durable=True, calls=calls, patience=0.0))


def _fresh(slack: SlackServer) -> None:
    for kept in (slack.messages, slack.calls, slack.alerts):
        kept.clear()


def _operations(act: Callable[[FaultyCalls], Any], fault: str = "killed") -> List[int]:
    """Where that fault can strike: only a write has a middle."""
    calls = FaultyCalls()
    act(calls)
    return spread([at for at, one in enumerate(calls.reached, 1) if fault == "killed" or one.name == "write"], _EVERY_DAY)


@pytest.mark.parametrize("fault", list(FAULTS))
@pytest.mark.parametrize("story", list(STORIES))
def test_a_sender_killed_anywhere_loses_nothing_and_repeats_at_most_one(
    story: str, fault: str, quick_folder: Path, slack: SlackServer
) -> None:
    prepared = quick_folder / "prepared"
    for notice in STORIES[story]:
        tell(post_at(prepared, slack), notice)
    expected = _in_peace(prepared, quick_folder / "peace", slack)
    places = _operations(lambda calls: deliver(post_at(_copy(prepared, quick_folder / "count"), slack, calls), 20.0), fault)
    assert 3 < len(places) < OPERATIONS_AT_MOST
    wrong, killed = [], 0
    for at in places:
        _fresh(slack)
        home = _copy(prepared, quick_folder / "killed")
        killed += in_a_child(lambda home=home, at=at: deliver(post_at(home, slack, FaultyCalls(FAULTS[fault], at)), 20.0)) != 0  # type: ignore[misc]
        deliver(post_at(home, slack), 20.0)
        wrong += [f"{fault} at {at}: {each}" for each in what_is_wrong(home, slack, expected)]
    assert not wrong, "\n".join(wrong[:20])
    assert killed >= 0.9 * len(places)


@pytest.mark.parametrize("fault", list(FAULTS))
@pytest.mark.parametrize("before", [1, 2, 3])
def test_an_incident_that_comes_and_goes_is_two_messages_wherever_a_sender_is_killed(
    before: int, fault: str, quick_folder: Path, slack: SlackServer
) -> None:
    """Every notice is sent by a sender of its own; the one after `before` of them is killed, and at most one message is more."""
    prepared, story = quick_folder / "prepared", STORIES["an incident that comes and goes"]
    for notice in story[:before]:
        _sent(post_at(prepared, slack), notice)
    tell(post_at(prepared, slack), story[before])
    had = copy.deepcopy(slack.messages)
    places = _operations(lambda calls: deliver(post_at(_copy(prepared, quick_folder / "count"), slack, calls), 20.0), fault)
    wrong = []
    for at in places:
        slack.messages.clear()
        slack.messages.update(copy.deepcopy(had))
        home = _copy(prepared, quick_folder / "killed")
        in_a_child(lambda home=home, at=at: deliver(post_at(home, slack, FaultyCalls(FAULTS[fault], at)), 20.0))  # type: ignore[misc]
        for notice in story[before + 1 :]:
            _sent(post_at(home, slack), notice)
        deliver(post_at(home, slack), 20.0)
        shown, last = slack.channel(), "복구됨 (0초 동안 2번 중단)"
        is_right = sum(last in text for text in shown) >= 2 and len(shown) <= 3 and not standing(post_at(home, slack)).incidents
        wrong += [] if is_right else [f"{fault} at {at}: {shown}"]
    assert not wrong, "\n".join(wrong[:20])


@pytest.mark.parametrize("kind", ["ENOSPC", "EIO", "winerror 32"])
@pytest.mark.parametrize("manner", [failing, failing_half_way, failing_afterwards])
@pytest.mark.parametrize("story", ["an incident counted and closed", "an incident that comes and goes"])
def test_a_disk_that_fails_anywhere_loses_nothing_and_repeats_at_most_one(
    story: str, kind: str, manner: Callable[..., Any], quick_folder: Path, slack: SlackServer
) -> None:
    """And raises nothing but what it was: whoever calls has told it already."""
    prepared = quick_folder / "prepared"
    for notice in STORIES[story]:
        tell(post_at(prepared, slack), notice)
    expected = _in_peace(prepared, quick_folder / "peace", slack)
    places = _operations(lambda calls: deliver(post_at(_copy(prepared, quick_folder / "count"), slack, calls), 20.0))
    wrong = []
    for at in places:
        _fresh(slack)
        home = _copy(prepared, quick_folder / "failed")
        try:
            deliver(post_at(home, slack, FaultyCalls(manner(KINDS[kind].make), at)), 20.0)
        except OSError:
            pass
        deliver(post_at(home, slack), 20.0)
        wrong += [f"{kind} at {at}: {each}" for each in what_is_wrong(home, slack, expected)]
    assert not wrong, "\n".join(wrong[:20])


@pytest.mark.parametrize("fault", list(FAULTS))
@pytest.mark.parametrize("identity", ["", "bt-1"])
def test_a_teller_killed_anywhere_leaves_a_whole_notice_or_none(
    identity: str, fault: str, quick_folder: Path, slack: SlackServer
) -> None:
    """Whoever tells it again by its identity has told it once."""
    told = COMPLETED.model_copy(update={"identity": identity})
    places = _operations(lambda calls: tell(post_at(quick_folder / "count", slack, calls), told), fault)
    for at in places:
        _fresh(slack)
        home = quick_folder / f"told-{at}"
        in_a_child(lambda home=home, at=at: tell(post_at(home, slack, FaultyCalls(FAULTS[fault], at)), told))  # type: ignore[misc]
        if identity:
            tell(post_at(home, slack), told)
        deliver(post_at(home, slack), 20.0)
        assert len(slack.channel()) in ((1,) if identity else (0, 1)), f"{fault} at {at}"
        assert standing(post_at(home, slack)).aside == 0


def _sent(post: Post, notice: Notice) -> None:
    tell(post, notice)
    deliver(post, 20.0)


def _copy(source: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    return Path(shutil.copytree(source, target))


def _in_peace(prepared: Path, home: Path, slack: SlackServer) -> "Counter[str]":
    """What is shown when nothing happens."""
    deliver(post_at(_copy(prepared, home), slack), 20.0)
    found = shown_in(slack)
    _fresh(slack)
    return found


def shown_in(slack: SlackServer) -> "Counter[str]":
    """Everything that was posted anywhere, by the way it went."""
    alerts = Counter(f"alert: {one['text']}" for one in slack.alerts)
    return alerts + Counter(f"slack: {one['text']}" for one in slack.messages.values())


def what_is_wrong(home: Path, slack: SlackServer, expected: "Counter[str]") -> List[str]:
    """Lost, or repeated more than once in all; a repeated beginning of an incident is edited no further: it may differ."""
    shown = shown_in(slack)
    wrong = [f"lost: {text!r} ({shown[text]} of {times})" for text, times in expected.items() if shown[text] < times]
    more = sum(shown.values()) - sum(expected.values())
    wrong += [f"{more} too many: {shown - expected}"] if more > 1 else []
    post = post_at(home, slack)
    lines = [json.loads(text)["id"] for file in post.alerts.glob("*.jsonl") for text in file.read_text("utf-8").splitlines()]
    wrong += [f"the record has {len(lines)} lines of {len(set(lines))} notices"] if len(lines) - len(set(lines)) > 1 else []
    now = standing(post)
    wrong += [f"still: {now}"] if now.waiting or now.aside else []
    return wrong
