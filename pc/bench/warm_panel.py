"""A sealed panel opened and every number in it read, against reading the same bars from parquet with pandas.

It exists because a run begins with its prices: what they cost is paid by every request.
"""

from __future__ import annotations

from mmap import PAGESIZE
from pathlib import Path
from typing import TYPE_CHECKING

from pc.bench.data_cases import case_on_disk, sealed_from_cache
from pc.bench.measure import Goal, Measured, Scale, interleaved, medians, ratio, seconds_of
from pc.bench.peers import TABLES, Peers

if TYPE_CHECKING:
    from shared.market import Prices

_FILES = ("one long file", "one file per symbol")  # whichever pandas reads quicker is the peer
_SUMMED = ", summed"
_THEIRS = (*_FILES, *(name + _SUMMED for name in _FILES), "one long file, as a panel")
_LIMIT = 20.0


def warm_panel(scale: Scale, wanted: Path) -> Measured:
    """Ours by the road a run takes, both in warm processes: until every number lies in memory, and until each was summed."""
    with case_on_disk(scale, wanted) as case:
        sealed_from_cache(case, case.settings)
        folder, expected = case.settings.data / "prices" / "local", float(case.whole.close.sum())
        ours = {
            "opened": lambda: seconds_of(lambda: _opened(folder)),
            "in memory": lambda: seconds_of(lambda: _bring_into_memory(_opened(folder))),
            "summed": lambda: seconds_of(lambda: sum_up(_opened(folder), expected)),
        }
        with Peers(case.root, TABLES) as peers:
            found = interleaved(scale.starts, ours | {name: peers.way(name, 1) for name in _THEIRS if name in peers.names})
    middle = medians(found)
    figures: dict[str, float | str] = {f"{name}, ms": round(seconds * 1000, 2) for name, seconds in middle.items()}
    quicker = min(_FILES, key=lambda name: middle.get(name, 0.0))
    times = {name: ratio(found, quicker + after, name) if peers.names else None for name, after in _PAIRS.items()}
    goals = [Goal(f"faster than pandas, every number {name}", times[name], _LIMIT, True, why=peers.why_not) for name in times]
    return Measured(goals, {**figures, **({"quicker of pandas": quicker} if peers.names else {})})


_PAIRS = {"summed": _SUMMED, "in memory": ""}  # ours, and what pandas does beside it


def sum_up(prices: Prices, expected: float) -> None:
    """Every number of every bar, and what runs read besides: the marks, and which bars can fill an order."""
    from shared.market import NUMBERS

    sums = {name: float(getattr(prices, name).sum()) for name in (*NUMBERS, "marks", "tradable")}
    assert abs(sums["close"] / expected - 1) < 1e-12


def _bring_into_memory(prices: Prices) -> None:
    """The same arrays, one number of each page: the system brings all of that page."""
    from shared.market import NUMBERS

    for name in (*NUMBERS, "marks", "tradable"):
        numbers = getattr(prices, name).ravel()
        numbers[:: PAGESIZE // numbers.itemsize].sum()


def _opened(folder: Path) -> Prices:
    from shared.market import open_prices

    return open_prices(folder)
