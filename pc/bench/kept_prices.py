"""What an evening costs the cache: every symbol a day longer, and one sealed panel of all that is kept.

It exists because a series that is written again from its first day, or a panel that takes minutes, makes the evening long.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from pc.bench.data_cases import PROVIDER, Case, bars_of, case_on_disk, sealed_from_cache
from pc.bench.measure import Goal, Measured, Scale, interleaved, medians, ratio, seconds_of
from pc.bench.peers import TABLES, Peers
from shared.market.cache import what_to_ask

_WRITTEN, _READ = "pandas writing", "pandas reading"


def extended(scale: Scale, wanted: Path) -> Measured:
    """A day more of each in every round, in turn with pandas that writes as many tables of the same rows."""
    days = scale.rounds + 1  # of the first one nothing is counted but its parts
    with case_on_disk(scale, wanted, later=days) as case, Peers(case.root, TABLES) as peers:
        rows = itertools.count(len(case.whole.dates) - days + 1)
        written = list[int]()

        def ours() -> float:
            before, stop = parts_of(case), next(rows)
            seconds = _at_rest(lambda: _a_day_more(case, stop))
            written.append(most_per_symbol(before, parts_of(case)))
            return seconds

        found = interleaved(scale.rounds, {"ours": ours, **_peers(peers, _WRITTEN)})
    goal = Goal("parts written per symbol, at most", float(max(written)), 1.0, unit="")
    return Measured([goal], _figures(found, _WRITTEN), peers.why_not)


def assembled(scale: Scale, wanted: Path) -> Measured:
    """All parts read and verified, one panel of them, examined and sealed; in turn with pandas that only reads them."""
    with case_on_disk(scale, wanted) as case, Peers(case.root, TABLES) as peers:

        def ours() -> float:
            fresh = case.settings.model_copy(update={"data": case.root / "sealed"})
            seconds = _at_rest(lambda: sealed_from_cache(case, fresh))
            shutil.rmtree(fresh.data)
            return seconds

        found = interleaved(scale.rounds, {"ours": ours, **_peers(peers, _READ)})
    return Measured([], _figures(found, _READ), peers.why_not)


def _a_day_more(case: Case, stop: int) -> None:
    """Up to that row; a provider answers what it is asked: the new day, and the last days once more."""
    until = case.whole.dates[stop - 1].item()
    for symbol in case.whole.symbols:
        series = case.cache.series(PROVIDER, symbol)
        assert series is not None
        span = what_to_ask(series, series.asked_from, until)
        assert span is not None
        asked = case.whole.rows(span.start, span.end)
        change = case.cache.put(bars_of(case.whole, symbol, asked.start, asked.stop), PROVIDER, *span)
        assert change.added == (until,)


def parts_of(case: Case) -> dict[Path, int]:
    """Every file there is, and when it was written."""
    return {path: path.stat().st_mtime_ns for path in (case.settings.data / "cache" / PROVIDER).glob("*/*")}


def most_per_symbol(before: dict[Path, int], after: dict[Path, int]) -> int:
    """How many files one symbol has that were not there, or not as they are."""
    return max(Counter(path.parent for path, changed in after.items() if before.get(path) != changed).values())


def _at_rest(act: Callable[[], object]) -> float:
    """Once the disk has nothing left of what was written before."""
    _rest()
    return seconds_of(act)


def _peers(peers: Peers, name: str) -> dict[str, Callable[[], float]]:
    def theirs() -> float:
        _rest()
        return peers.way(name, 1)()

    return {name: theirs} if name in peers.names else {}


def _rest() -> None:
    if hasattr(os, "sync"):  # not on Windows
        os.sync()


def _figures(found: dict[str, list[float]], name: str) -> dict[str, float | str]:
    shown: dict[str, float | str] = {f"{way}, s": round(seconds, 3) for way, seconds in medians(found).items()}
    return {**shown, f"times {name}": round(ratio(found, "ours", name), 2)} if name in found else shown
