"""Which side fetches prices: what this side says, what the other side was last heard to say, and whether both agree.

It exists so that two machines never fetch the same day, whatever their settings say.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Dict, Optional

from shared.cache.failures import PricesDisputed, PricesNotOurs
from shared.config import Settings
from shared.disk import Disk
from shared.document import written
from shared.errors import RelayError

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


def say_side(disk: Disk, settings: Settings, side: str) -> bytes:
    """Keep what this side says where a sync finds it."""
    said = written({"side": side, "prices_from": settings.prices_from})
    _keep(disk, settings.data / "prices" / SIDE, said)
    return said


def hear(disk: Disk, data: Path, delivered: Path) -> None:
    """Keep what the other side says, where its word came."""
    with contextlib.suppress(FileNotFoundError):
        said = disk.read(delivered, 1 << 12).data
        if _understood(said):
            _keep(disk, data / "prices" / THERE, said)


def heard(disk: Disk, data: Path) -> Dict[str, str]:
    """What the other side was last heard to say; empty where nothing was."""
    with contextlib.suppress(OSError):
        return _understood(disk.read(data / "prices" / THERE, 1 << 12).data)
    return {}


def _understood(said: bytes) -> Dict[str, str]:
    with contextlib.suppress(ValueError, RecursionError):
        word = json.loads(said)
        if isinstance(word, dict) and {word.get("side"), word.get("prices_from")} <= {"pc", "nas"}:
            return {name: str(word[name]) for name in ("side", "prices_from")}
    return {}


def _keep(disk: Disk, path: Path, said: bytes) -> None:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        if disk.read(path, 1 << 12).data == said:
            return
    disk.ensure_folder(path.parent)
    disk.publish(path, said, replacing=True)
