"""Whenever the power goes, a notice that was told is sent, and at most one is sent twice.

What Slack had by then it keeps: every state of the disk is sent from again to a Slack that remembers that moment.
"""

from __future__ import annotations

import copy
import shutil
from pathlib import Path
from typing import Any, Dict, List, Tuple

import pytest

from shared.calls import Calls
from shared.notices import Notice, deliver, tell
from tests.faults.power_cut import Recorded, State, states
from tests.faults.test_notices_killed import SHORT, STORIES, post_at, shown_in, what_is_wrong
from tests.harness.dose import spread
from tests.harness.slack_server import SlackServer

Remembered = Tuple[Dict[str, Any], List[Any]]


class _Moments(List[Any]):
    """The steps as they are taken, each with what Slack had just then."""

    def __init__(self, slack: SlackServer) -> None:
        super().__init__()
        self._slack, self.had = slack, [_had(slack)]

    def append(self, step: Any) -> None:
        """One step more."""
        self.had.append(_had(self._slack))
        super().append(step)


def _had(slack: SlackServer) -> Remembered:
    return copy.deepcopy(slack.messages), copy.deepcopy(slack.alerts)


def _back(slack: SlackServer, had: Remembered) -> None:
    messages, alerts = copy.deepcopy(had)
    slack.messages.clear()
    slack.messages.update(messages)
    slack.alerts[:] = alerts
    slack.calls.clear()


@pytest.mark.parametrize("story", list(STORIES))
def test_the_power_goes_while_notices_are_sent(story: str, quick_folder: Path, slack: SlackServer) -> None:
    home = quick_folder / "told"
    for notice in STORIES[story]:
        tell(post_at(home, slack), notice)
    recorded = Recorded(home)
    recorded.steps = moments = _Moments(slack)
    deliver(post_at(home, slack, recorded), 20.0)
    expected, at_last = shown_in(slack), _had(slack)
    found, wrong = states(recorded), []
    assert len(found) > 20
    for state in spread(found, 60):
        for had in (moments.had[state.cut], [*moments.had, at_last][state.cut + 1]):
            wrong += _complaints(state, slack, had, quick_folder, expected)
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong[:20])


@pytest.mark.parametrize("identity", ["", "bt-1"])
def test_the_power_goes_while_a_notice_is_told(identity: str, quick_folder: Path, slack: SlackServer) -> None:
    """Told is told: once `tell` has returned, no power cut takes it back. Before, it is there whole or not at all."""
    told: Notice = SHORT.model_copy(update={"identity": identity})
    home = quick_folder / "told"
    home.mkdir()
    recorded = Recorded(home)
    assert tell(post_at(home, slack, recorded), told)
    empty = _had(slack)
    for state in states(recorded):
        _back(slack, empty)
        deliver(post_at(_built(state, quick_folder), slack), 20.0)
        sent = len(slack.channel())
        assert sent in ((1,) if state.cut == len(recorded.steps) else (0, 1)), f"cut after step {state.cut} ({state.how})"


def _complaints(state: State, slack: SlackServer, had: Remembered, room: Path, expected: Any) -> List[str]:
    _back(slack, had)
    home = _built(state, room)
    deliver(post_at(home, slack, Calls), 20.0)
    return [f"cut after step {state.cut} ({state.how}): {each}" for each in what_is_wrong(home, slack, expected)]


def _built(state: State, room: Path) -> Path:
    shutil.rmtree(room / "cut", ignore_errors=True)
    state.build(room / "cut")
    return room / "cut"
