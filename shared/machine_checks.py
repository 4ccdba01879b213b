"""What doctor asks of a machine, whichever side it is: its folders and disks, its way to the other side, its programs.

It exists so that both doctors ask the same in the same order, and a new question is asked on both.
"""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Mapping, NamedTuple, Sequence

from shared import clock, mounts, needs, permissions, surroundings, travel
from shared.cache import prices_check
from shared.calendar_check import calendar_check
from shared.config import Settings
from shared.disk import Disk
from shared.found import Check
from shared.notices import open_post
from shared.slack import slack
from shared.sleep import sleep


class Side(NamedTuple):
    """Which one is examined. `who`: its name at the other side; `own`: the folders it makes for itself; `more`: what only it
    is asked; `never_made`: of `own` those a person makes, as they may be a disk of their own."""

    name: str
    settings: Settings
    who: str
    own: List[Path]
    more: Mapping[str, Check] = {}
    never_made: Sequence[Path] = ()


def machine_checks(side: Side) -> Dict[str, Check]:
    """By name, in the order they are told."""
    settings, disk = side.settings, Disk(durable=True)
    return {
        "own_folders": lambda: permissions.own_folders(disk, side.own, settings.private, side.never_made),
        "space": lambda: mounts.space([settings.reports, *side.own]),
        "carrier": lambda: travel.carrier(disk, settings, side.who),
        "sent": lambda: travel.sent(disk, settings, side.name),
        "prices": lambda: prices_check(disk, settings, side.name),
        "calendar": lambda: calendar_check(disk, settings.data, clock.now().date()),
        "python": lambda: needs.python(side.name),
        "packages": lambda: needs.packages(side.name),
        "slack": lambda: slack(open_post(settings), side.name),
        **side.more,
        "console": surroundings.console,
        "sleep": sleep,
    }
