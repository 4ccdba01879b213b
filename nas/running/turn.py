"""A job's turn: what it is given when it is started.

It exists so that every job reads the same clock and settings, and changes nothing when it is only asked what it would do.
"""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import NamedTuple

from shared.config import Settings
from shared.events import Log


class Turn(NamedTuple):
    """`at`: the moment it is for; `is_dry`: it says what it would do, and changes nothing, here or elsewhere."""

    settings: Settings
    at: datetime
    log: Log
    options: argparse.Namespace
    is_dry: bool = False
