"""What every test of the NAS may ask for beside that: a command line below a folder of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest

from tests.harness.slack_server import SlackServer
from tests.harness.typed import Typed


@pytest.fixture
def typed(tmp_path: Path, slack: SlackServer) -> Iterator[Typed]:
    """With a bot of the test's Slack; nothing that it began goes on after the test."""
    made = Typed(tmp_path, **slack.bot())
    yield made
    made.end()
