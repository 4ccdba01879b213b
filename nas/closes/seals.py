"""Whether a session's closes are those somebody sealed for that very day: by the prices in use, else by what came along.

It exists so that a table that was edited, copied from another day or put there by hand is told to nobody.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any, Dict, NamedTuple, Optional

from shared.cache import CLOSES, DAY_FACTS, INDEX, Index, PricesDamaged, closes_file, read_index, shelf_of
from shared.config import Settings
from shared.disk import Disk

LARGEST = 1 << 26
Facts = Dict[str, Any]


class Laid(NamedTuple):
    """As the two files lie there, not believed yet; `beside`: what goes with the table, None where nothing does."""

    table: bytes
    beside: Optional[bytes]


def laid_out(disk: Disk, data: Path, day: date) -> Laid:
    """That day's; OSError where the table cannot be read. What goes with it and cannot be read says nothing."""
    table = disk.read(closes_file(data, day), LARGEST).data
    try:
        return Laid(table, disk.read(closes_file(data, day, DAY_FACTS), LARGEST).data)
    except FileNotFoundError:
        return Laid(table, None)
    except OSError:
        return Laid(table, b"")


def facts_of(laid: Laid) -> Facts:
    """What goes with the table; empty where nothing does, or it is damaged."""
    try:
        facts = json.loads(laid.beside or b"")
    except (ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}


def not_as_sealed(disk: Disk, settings: Settings, day: date, laid: Laid) -> str:
    """Why they are not to be believed; empty where they are. PricesDamaged where the index in use cannot be read."""
    facts, digest = facts_of(laid), _sha256(laid.table)
    if laid.beside is not None and facts.get("day") != str(day):
        return f"what goes with it, {day}.json, is damaged or of another day"
    if laid.beside is not None and not isinstance(facts.get("synthetic"), bool):
        return f"what goes with it, {day}.json, does not say whether its prices are made up"
    if facts.get("closes_sha256", digest) != digest:
        return "it is not the table that was sealed"
    index = _in_use(disk, settings)
    sealed = {shard.name: shard.sha256 for shard in index.shards} if index and index.last == str(day) else {}
    if CLOSES in sealed:
        return _not_in(sealed, day, laid)
    last = f"the prices in use end on {index.last}" if index else "there are no prices in use"
    return "" if "closes_sha256" in facts else f"nobody sealed it: {last}"


def _not_in(sealed: Dict[str, str], day: date, laid: Laid) -> str:
    """By the prices in use."""
    if _sha256(laid.table) != sealed[CLOSES]:
        return "it is not the table that was sealed"
    beside = None if laid.beside is None else _sha256(laid.beside)
    return "" if beside == sealed.get(DAY_FACTS) else f"what goes with it, {day}.json, is not what was sealed"


def _in_use(disk: Disk, settings: Settings) -> Optional[Index]:
    """The index in use; None where none ever was."""
    shelf = shelf_of(disk, settings.data)
    try:
        return read_index(shelf)
    except (PricesDamaged, OSError) as error:
        why = error.why if isinstance(error, PricesDamaged) else error.strerror or str(error)
        fix = f"the next version of the prices replaces it: on the side that fetches, python -m {settings.prices_from} ingest"
        found = f"the index of the prices in use is damaged, and nobody can say what was sealed: {why}"
        raise PricesDamaged(f"looking into {shelf.folder / INDEX}", found, fix) from error


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
