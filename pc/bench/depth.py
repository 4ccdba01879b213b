"""A deep folder: what one claim costs with 100,000 requests waiting, and what looking at them costs.

It exists because a queue that gets slower the more waits in it is slow exactly when it matters.
"""

from __future__ import annotations

import os
from pathlib import Path

from inbox import Claim, submit
from pc.bench.cycle import CONTENT, begin_shift
from pc.bench.measure import Goal, Measured, Scale, folder_in_memory, interleaved, medians, ratio, seconds_of
from pc.take import consider

_AT_A_TIME = 25


def deep_folder(scale: Scale, wanted: Path) -> Measured:
    """Claims at two depths in turn, the looks they need included; then whole looks against `os.listdir`."""
    with folder_in_memory() as root:
        shallow, deep = _Waiting(root / "shallow", scale.shallow), _Waiting(root / "deep", scale.deep)
        ways = {"shallow": shallow.claim_some, "deep": deep.claim_some}
        found = interleaved(-(-scale.claims // _AT_A_TIME), ways)
        folder = str(deep.inbox.pending)
        looks = {"listdir": lambda: seconds_of(lambda: os.listdir(folder)), "look": lambda: seconds_of(deep.shift.look)}
        looked = interleaved(scale.scans, looks)
    each = {name: seconds / _AT_A_TIME * 1e6 for name, seconds in medians(found).items()}
    scan, looking = medians(looked), deep.share_of_looking(medians(looked)["look"])
    cost = ratio(found, "deep", "shallow") * (1 + looking)
    goals = [Goal("of a claim at 100", cost, 1.1), Goal("of os.listdir", ratio(looked, "look", "listdir"), 3.0)]
    figures: dict[str, float | str] = {
        f"claim at {scale.shallow}, µs": round(each["shallow"], 1),
        f"claim at {scale.deep}, µs": round(each["deep"], 1),
        "share of time spent looking": f"{looking:.1%}",
        "look, ms": round(scan["look"] * 1000, 1),
        "listdir, ms": round(scan["listdir"] * 1000, 1),
    }
    return Measured(goals, figures)


class _Waiting:
    """A folder in which so many requests wait, and a worker that claims some and lets as many arrive again."""

    def __init__(self, root: Path, depth: int) -> None:
        self.shift = begin_shift(root)
        self.inbox = self.shift.desk.inbox
        self._arrive(depth)
        self.shift.look()

    def claim_some(self) -> float:
        """Seconds for some claims, exactly as the worker makes them; as many arrive again and are looked at, off the clock."""
        seconds = seconds_of(self._claims)
        self._arrive(_AT_A_TIME)
        self.shift.look()
        return seconds

    def share_of_looking(self, look: float) -> float:
        """How much of a busy worker's time its looks take."""
        self.shift.look()
        return look / (look + self.shift.seconds_to_look())

    def _claims(self) -> None:
        for _ in range(_AT_A_TIME):
            path = self.shift.next_file()
            assert path is not None
            assert isinstance(consider(self.shift, path), Claim)

    def _arrive(self, count: int) -> None:
        for _ in range(count):
            submit(self.inbox, CONTENT)
