"""The post: the folder notices wait in, and all that is needed to send them.

It exists so that telling, sending and looking at it take one argument, made in one place without touching the network.
"""

from __future__ import annotations

import os
import time
from datetime import datetime
from pathlib import Path
from typing import Callable, List, Mapping, NamedTuple, Optional

from shared import clock
from shared.config import Settings
from shared.disk import Disk
from shared.errors import RelayError
from shared.home import own_or_shipped
from shared.notices.loudness import Rules, rules_from
from shared.notices.private import Secrets, secrets_from

_RULES = "notify"


class Post(NamedTuple):
    """Where notices wait, what is known of the ways out, and by which clock. A test brings its own clock and disk."""

    folder: Path
    alerts: Path
    disk: Disk
    language: str
    rules: Rules
    secrets: Secrets
    problems: List[RelayError]
    now: Callable[[], datetime] = clock.now
    rest: Callable[[float], None] = time.sleep

    @property
    def waiting(self) -> Path:
        """One file for each notice not yet sent everywhere it goes."""
        return self.folder / "waiting"


def open_post(settings: Settings, environment: Optional[Mapping[str, str]] = None, rules: Optional[Path] = None) -> Post:
    """The post of this machine. What is wrong with its settings is among its `problems`: no job fails over it."""
    problems: List[RelayError] = []
    try:
        wanted = rules_from(rules or own_or_shipped(_RULES))
    except RelayError as error:
        problems.append(error)
        wanted = Rules(notifiers=("console",))  # nothing leaves this machine by rules nobody wrote
    secrets, refused = secrets_from(settings.private, os.environ if environment is None else environment)
    folder = settings.data / "notices"
    alerts = settings.logs / "alerts"
    return Post(folder, alerts, Disk(settings.durable), settings.language, wanted, secrets, problems + refused)
