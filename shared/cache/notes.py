"""What is kept from one round to the next: how the last one went, and which version came damaged.

It exists so that status and doctor can say why prices grow old, and so that no damaged version is fetched for ever.
"""

from __future__ import annotations

import contextlib
from datetime import date
from pathlib import Path
from typing import Dict, NamedTuple, Optional

from shared import clock
from shared.cache.failures import PricesDamaged
from shared.cache.index import Index, is_ahead
from shared.cache.shelf import Shelf, is_in_use
from shared.disk import Disk
from shared.kept import Facts, keep, kept

REFUSED = "refused.json"
_CARRIED = "carried.json"


class Ride(NamedTuple):
    """`why`: None where all was well."""

    at: str
    why: Optional[str]


def note_ride(disk: Disk, data: Path, why: Optional[str]) -> None:
    """Keep it for who asks later."""
    keep(disk, data / "prices" / _CARRIED, Ride(clock.iso(clock.now()), why)._asdict())


def last_ride(disk: Disk, data: Path) -> Optional[Ride]:
    """The last one; None where there was none, or its note is torn."""
    with contextlib.suppress(OSError, TypeError):
        return Ride(**kept(disk, data / "prices" / _CARRIED))
    return None


def doubt(shelf: Shelf, index: Index, wrong: Dict[str, str]) -> None:
    """This version came damaged: it may come once more."""
    _note(shelf, index, wrong, {"times": 1})


def refuse(shelf: Shelf, index: Index, wrong: Dict[str, str]) -> None:
    """This version came damaged twice: it is not fetched again."""
    _note(shelf, index, wrong, {"times": 2})


def put_off(shelf: Shelf, index: Index, wrong: Dict[str, str]) -> None:
    """This version is of a day to come: it is not fetched again before that day, by whichever clock is wrong."""
    _note(shelf, index, wrong, {"times": 2, "ahead": True})


def is_doubted(shelf: Shelf, index: Index) -> bool:
    """Whether that very version came damaged before."""
    return refusal(shelf).get("sha256") == index.digest


def is_settled(shelf: Shelf, index: Index, today: date) -> bool:
    """Whether there is nothing to do about it: it is in use, or was refused, and not only until a day that has come."""
    noted = refusal(shelf)
    has_come = noted.get("ahead") is True and not is_ahead(index.last, today)
    return is_in_use(shelf, index) or (is_doubted(shelf, index) and noted.get("times") == 2 and not has_come)


def refusal(shelf: Shelf) -> Facts:
    """What is known of the last damaged version; empty where there is none."""
    with contextlib.suppress(OSError):
        return kept(shelf.disk, shelf.folder / REFUSED)
    return {}


def damaged_twice(shelf: Shelf, wrong: Dict[str, str]) -> PricesDamaged:
    """Of a version that is refused from now on."""
    fix = "what is in use stays; seal the prices again on the side that fetches them"
    return PricesDamaged(f"bringing prices into {shelf.folder}", f"{listed(wrong)}, fetched twice", fix)


def listed(wrong: Dict[str, str]) -> str:
    """The first three, and how many more."""
    shown = [f"{name}: {why}" for name, why in sorted(wrong.items())[:3]]
    return "; ".join(shown) + (f" and {len(wrong) - 3} more" if len(wrong) > 3 else "")


def _note(shelf: Shelf, index: Index, wrong: Dict[str, str], how: Facts) -> None:
    facts = {"sha256": index.digest, "why": listed(wrong), "last": index.last, **how}
    keep(shelf.disk, shelf.folder / REFUSED, facts)
