"""What is started for a job, one of ours or any command, and what is known of its end before anybody judges it.

It exists so that starting a process and saying what its end means are two things, and the second can be tried without the first.
"""

from __future__ import annotations

import sys
from datetime import datetime
from typing import List, NamedTuple, Optional, Sequence

from nas.running.outcome import Outcome
from shared.outcome import TRY_LATER


class Work(NamedTuple):
    """It has so many seconds, and is late where it ends with `late_rc`. `tells`: it is a job of ours, and says itself how it
    ended, in a file whose name it is given last."""

    command: Sequence[str]
    seconds: float
    late_rc: int = TRY_LATER
    tells: bool = False


class Exit(NamedTuple):
    """Of one process: its code as the system has it, the last it printed, and what it said itself of how it ended."""

    rc: int
    printed: str = ""
    said: Optional[Outcome] = None
    is_cut: bool = False  # ended by us: its time was over


def command_of(job: str, words: Sequence[str], at: datetime, is_dry: bool) -> List[str]:
    """What is started for a job of ours; the file in which the outcome is to be told is named after it."""
    way = "dry" if is_dry else "real"
    return [sys.executable, "-m", "nas.running.one_job", job, at.isoformat(), way, *words, "--outcome"]
