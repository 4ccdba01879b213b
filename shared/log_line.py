"""The log line, as it is written and as it is read back: `[time] [LEVEL] [EVENT] rc=0 details="k=v …" elapsed=12ms`.

It exists so that one place knows its shape, for whoever writes one, shows it, counts errors or tells an old program's to people.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Dict, NamedTuple, Optional

from shared import clock
from shared.masking import masked
from shared.one_line import one_line

_TIME = "%Y-%m-%d %H:%M:%S"
_WHEN = re.compile(r"\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\]")
_HEAD = re.compile(_WHEN.pattern + r" \[([A-Z]+)\] \[(\w+)\]")
_LINE = re.compile(_WHEN.pattern + r' \[([A-Z]+)\] \[([A-Z]+(?:_[A-Z]+)+)\] rc=(-?\d+) details="(.*)" elapsed=(\d+)ms')
_FACT = re.compile(r"(?:^| )([a-z_]+)=")


class Said(NamedTuple):
    """The parts of a line."""

    level: str
    event: str
    rc: int
    details: Dict[str, str]
    elapsed_ms: int


def line(level: str, event: str, facts: Dict[str, object], at: Optional[datetime] = None) -> str:
    """The line itself, without secrets; `rc` and `elapsed_ms` have their own places, all else goes into details."""
    shown = dict(facts)
    rc, elapsed = shown.pop("rc", 0), shown.pop("elapsed_ms", 0)
    details = masked(" ".join(f"{key}={_plain(value)}" for key, value in shown.items() if value is not None))
    moment = (at or clock.now()).strftime(_TIME)
    return f'[{moment}] [{level}] [{event}] rc={rc} details="{details}" elapsed={int(float(str(elapsed)))}ms'


def said_in(text: str) -> Optional[Said]:
    """Its parts; None where it is no line of ours, but what some program printed."""
    found = _LINE.fullmatch(text)
    return Said(found[2], found[3], int(found[4]), _facts_in(found[5]), int(found[6])) if found else None


def moment_in(text: str) -> Optional[datetime]:
    """When it was written; None where it does not say so at its beginning."""
    found = _WHEN.match(text)
    try:
        return datetime.strptime(found[1], _TIME).replace(tzinfo=clock.KST) if found else None
    except ValueError:
        return None


def error_in(text: str) -> str:
    """The event of a line that tells an error, whatever stands behind it; else empty."""
    found = _HEAD.match(text)
    return found[3] if found and found[2] == "ERROR" else ""


def _plain(value: object) -> str:
    """One line, no double quotes: the reader may split on both. Nothing in it moves the cursor of whoever reads the log."""
    return one_line(" ".join(str(value).replace('"', "'").split()))


def _facts_in(details: str) -> Dict[str, str]:
    """By name. What comes a second time stands in the sentence of the one before it."""
    found: Dict[str, "re.Match[str]"] = {}
    for place in _FACT.finditer(details):
        found.setdefault(place[1], place)
    ends = [*[place.start() for place in found.values()][1:], len(details)]
    return {name: details[place.end() : end] for (name, place), end in zip(found.items(), ends)}
