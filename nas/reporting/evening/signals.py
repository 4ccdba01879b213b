"""What the scanner wants bought, sold and kept, as its file of the day says: `data/signals/<date>.json`.

It exists so that a report tells what to act on without running a strategy, and says so where the file cannot be read.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, Dict, NamedTuple, Optional, Tuple

from shared.disk import Disk
from shared.one_line import one_line

_SIDES = ("buy", "sell", "hold")
_LARGEST = 1 << 24


class Wanted(NamedTuple):
    """One position to act on, or to keep."""

    code: str
    name: str
    score: Optional[float]
    reason: str


class Signals(NamedTuple):
    """Those of a day; `why`: what keeps them from being shown, empty where nothing does."""

    buy: Tuple[Wanted, ...] = ()
    sell: Tuple[Wanted, ...] = ()
    hold: Tuple[Wanted, ...] = ()
    at: str = ""
    why: str = ""  # damaged, synthetic


def signals_of(disk: Disk, data: Path, day: date) -> Optional[Signals]:
    """None where nobody scanned that day."""
    try:
        said: Dict[str, Any] = json.loads(disk.read(data / "signals" / f"{day}.json", _LARGEST).data)
        if said["day"] != str(day):
            raise ValueError(f"it is of {said['day']}")
        buy, sell, hold = (tuple(map(_wanted, said.get(side) or ())) for side in _SIDES)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Signals(why="damaged")
    return Signals(why="synthetic") if said.get("synthetic") else Signals(buy, sell, hold, str(said.get("at") or ""))


def _wanted(said: Dict[str, Any]) -> Wanted:
    score = said.get("score")
    number = float(score) if isinstance(score, (int, float)) and abs(score) < 1e300 else None
    return Wanted(
        one_line(str(said["code"])), one_line(str(said.get("name") or "")), number, one_line(str(said.get("reason") or ""))
    )
