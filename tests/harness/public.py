"""The people who look at what is published: the shelves, the index, the notices.

It exists so that a test publishes as cron does and looks where people look.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Dict, List, Optional

from nas.press import open_press
from nas.publish import Outcome, publish_answers
from shared import clock
from shared.disk import Disk
from shared.notices import Notice, open_post
from tests.harness.road import Road


class Public:
    """The people who look at what is published, and hear the notices."""

    def __init__(self, road: Road) -> None:
        self.road, self.now = road, datetime(2026, 11, 30, 9, tzinfo=clock.KST)
        settings = road.settings.model_copy(update={"data": road.root.parent})
        self.post = open_post(settings, environment={})

    @property
    def heard(self) -> List[Notice]:
        """The notices that wait to be sent, in order."""
        files = sorted(self.post.waiting.glob("[!.]*.json"))
        return [Notice.model_validate(json.loads(file.read_bytes())["notice"]) for file in files]

    def publish(self, files: Optional[Disk] = None) -> Outcome:
        """One call, as cron makes it."""
        press = open_press(self.road.settings, files or self.road.disk, self.post)
        return publish_answers(press._replace(now=lambda: self.now))

    def shelves(self) -> List[str]:
        """The folders under backtests."""
        return sorted(path.name for path in self.road.settings.backtests.iterdir())

    def latest(self, strategy: str = "krx_ma200") -> str:
        """Whose result is the latest of that strategy."""
        return str(json.loads((self.road.root / "latest" / strategy / "manifest.json").read_bytes())["request_id"])

    def index(self) -> Dict[str, Any]:
        """The index."""
        document: Dict[str, Any] = json.loads((self.road.root / "index.json").read_bytes())
        return document

    def told(self) -> List[str]:
        """Of which requests there were notices."""
        return [notice.identity.split()[0] for notice in self.heard]
