"""The day's signals on disk: <data>/signals/<date>.json, what the reports and the next day read.

It exists so that one shape of them is written, and a kill leaves the signals of before or of now, never half of either.
"""

from __future__ import annotations

import contextlib
import gzip
import re
import zlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List, NamedTuple, Optional

from nas.scanning.wording import reason_of
from shared import clock
from shared.disk import Disk
from shared.kept import facts_in, kept

if TYPE_CHECKING:
    from nas.scanning.looking import Look
    from shared.market.picking import Signal

SCHEMA = "relay.signals/1"
_FILE = re.compile(r"\d{4}-\d\d-\d\d\.json(\.gz)?")  # what is old, prune compresses


class Place(NamedTuple):
    """Where the signals of a machine lie, of which day and strategy they are asked for, and whether of made-up prices."""

    data: Path
    day: date
    strategy: str
    synthetic: bool = False


def signals_file(data: Path, day: date) -> Path:
    """Of that day."""
    return data / "signals" / f"{day}.json"


def kept_signals(place: Place) -> Optional[Dict[str, Any]]:
    """The last ones of an earlier day, of that strategy and of such prices; None where there are none."""
    disk, folder = Disk(), place.data / "signals"
    days = [name for name in sorted(disk.names(folder), reverse=True) if _FILE.fullmatch(name) and name[:10] < str(place.day)]
    found = (_signals_in(disk, folder / name) for name in days)
    wanted = (place.strategy, place.synthetic)
    return next((one for one in found if (one.get("strategy"), one.get("synthetic") is True) == wanted and one.get("day")), None)


def _signals_in(disk: Disk, file: Path) -> Dict[str, Any]:
    """Empty where they are torn."""
    if file.suffix != ".gz":
        return kept(disk, file)
    packed = disk.read(file).data
    with contextlib.suppress(EOFError, OSError, zlib.error):
        return facts_in(gzip.decompress(packed))
    return {}


def document_of(look: Look, language: str) -> Dict[str, Any]:
    """All of it, for programs: figures as they were measured."""
    found, question = look.found, look.question
    return {
        "schema": SCHEMA,
        "day": str(question.at.date()),
        "at": clock.iso(question.at),
        "prices_to": str(found.day),
        "is_close": not look.is_unfinished,
        "session": look.session,
        "strategy": question.plan.strategy,
        "params": look.params,
        "universe": {"name": question.plan.universe, "size": found.universe, "fit": found.fit},
        "regime": None if found.regime is None else "ON" if found.regime else "OFF",
        "top_n": found.slots,
        **{name: _rows(look, getattr(found, name), language) for name in ("buy", "sell", "hold")},
        "held": {"symbols": list(question.holdings.symbols), "from": question.holdings.origin},
        "synthetic": look.synthetic,
        "degraded": list(look.degraded),
    }


def _rows(look: Look, signals: "tuple[Signal, ...]", language: str) -> List[Dict[str, Any]]:
    return [
        {
            "code": one.symbol,
            "name": one.name,
            "score": one.score,
            "reason": reason_of(one, look, language),
            "sector": one.sector,
            "core": one.is_core,
            "figures": one.figures,
        }
        for one in signals
    ]
