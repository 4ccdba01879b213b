"""What a child tells its worker, each piece of news a small value of its own.

It exists so that both ends of the pipe agree on what is said, and nothing but this is sent back.
"""

from __future__ import annotations

from typing import NamedTuple

from pc.ending import Came


class Started(NamedTuple):
    """The run begins: its time and its memory count from here."""


class Phase(NamedTuple):
    """How far the run is."""

    name: str
    percent: int


class Ended(NamedTuple):
    """The run is over. `leaving`: something of it stayed behind, so its process goes too."""

    came: Came
    leaving: bool = False
