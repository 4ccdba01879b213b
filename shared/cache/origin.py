"""Which side fetches prices: what this side says, what the other side was last heard to say, and whether both agree.

It exists so that two machines never fetch the same day, whatever their settings say.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Dict, Optional

from shared.cache.failures import PricesDisputed, PricesNotOurs
from shared.config import Settings
from shared.disk import Disk
from shared.errors import RelayError
from shared.kept import Facts, keep, kept

SIDE, THERE = "side.json", "there.json"


def may_fetch(disk: Disk, settings: Settings, side: str) -> Optional[RelayError]:
    """Why that side must not fetch prices now; None where it may. Whoever fetches asks first."""
    if settings.prices_from != side:
        found = f"prices_from is {settings.prices_from!r}: that side fetches"
        return PricesNotOurs(f"fetching prices on the {side}", found, f"fetch there, or set prices_from: {side} on both sides")
    return disputed(settings, side, heard(disk, settings.data))


def disputed(settings: Settings, side: str, said: Dict[str, str]) -> Optional[PricesDisputed]:
    """What is wrong where the other side was heard to say something else."""
    if not said or (said.get("prices_from") == settings.prices_from and said.get("side") != side):
        return None
    doing = "agreeing on who fetches prices"
    found = f"here ({side}) prices_from is {settings.prices_from}, there ({said.get('side')}) it is {said.get('prices_from')}"
    fix = "set prices_from to the same side on both, then sync on both; is that side no more, remove prices/there.json here"
    return PricesDisputed(doing, found, fix)


def say_side(disk: Disk, settings: Settings, side: str) -> Facts:
    """Keep what this side says where a sync finds it."""
    said: Facts = {"side": side, "prices_from": settings.prices_from}
    keep(disk, settings.data / "prices" / SIDE, said)
    return said


def own_side(disk: Disk, settings: Settings, asked: str) -> str:
    """Which side this machine is, whichever side's program looks: what its last sync said; `asked` where none was."""
    return _understood(kept(disk, settings.data / "prices" / SIDE)).get("side", asked)


def hear(disk: Disk, data: Path, arrived: Path) -> None:
    """Keep what the other side says, where its word came."""
    said = _understood(kept(disk, arrived))
    if said:
        keep(disk, data / "prices" / THERE, said)


def heard(disk: Disk, data: Path) -> Dict[str, str]:
    """What the other side was last heard to say; empty where nothing was."""
    with contextlib.suppress(OSError):
        return _understood(kept(disk, data / "prices" / THERE))
    return {}


def _understood(word: Facts) -> Dict[str, str]:
    said = {name: str(word.get(name)) for name in ("side", "prices_from")}
    return said if set(said.values()) <= {"pc", "nas"} else {}
