"""What is to be fetched: the benchmarks, the universes, and what the prices in use have already.

It exists so that cron asks for nothing by name, and a day's ingest renews everything that runs read.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from shared.codes import trouble_with
from shared.config import HOME
from shared.errors import SettingInvalid, nearest
from shared.market.ingest.assembling import Listed
from shared.market.ingest.sources import Sources
from shared.market.prices import Prices
from shared.market.providers import synthetic
from shared.market.universe import universe_of

UNIVERSES = HOME / "configs" / "universes"
_YEARS = 5  # of a symbol nobody asked for before, where nobody says since when


class Wish(NamedTuple):
    """As a person or cron said it; nothing said: everything, up to the last session that is over."""

    day: date | None = None
    universes: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    since: date | None = None
    force: bool = False
    seconds: float | None = None  # for one instrument, all its providers together


def instruments_of(wish: Wish, sources: Sources, before: Prices | None, folder: Path = UNIVERSES) -> list[str]:
    """Those to ask for, each once; SettingInvalid where nobody may be asked for one of them."""
    named = [sources.named(one) for one in wish.symbols]
    for one in named:
        if not sources.knows(one):
            fix = nearest(
                one, [*sources.benchmarks, *(alias for entry in sources.benchmarks.values() for alias in entry.aliases)]
            )
            why = trouble_with(one) or "is no code of the exchange and no benchmark"
            raise SettingInvalid(f"fetching prices of {one!r}", f"it {why}", fix)
    listed = [symbol for name in wish.universes or _own(folder, wish) for symbol in _symbols(name, folder)]
    everything = not (wish.universes or wish.symbols)
    known = [*before.symbols, *before.unavailable] if before and everything else []
    there = [name for name in known if sources.knows(name)]
    return list(dict.fromkeys([*(sources.benchmarks if not wish.symbols else ()), *named, *listed, *there]))


def since_of(wish: Wish, before: Prices | None, until: date) -> date:
    """From which day on: as said, else as far back as the prices in use, else some years."""
    if wish.since:
        return wish.since
    return before.dates[0].item() if before else until.replace(year=until.year - _YEARS, day=1)


def listed_in(universes: Iterable[str], folder: Path = UNIVERSES) -> dict[str, Listed]:
    """What the universes say of their symbols."""
    found = [universe_of(name, folder) for name in universes]
    return {entry.symbol: Listed(entry.name, one.kind or "") for one in found for entry in one.entries}


def real_universes(folder: Path = UNIVERSES) -> list[str]:
    """All but those of made-up symbols."""
    return [file.stem for file in sorted(folder.glob("*.yaml")) if not set(_symbols(file.stem, folder)) <= set(synthetic.ETFS)]


def _own(folder: Path, wish: Wish) -> list[str]:
    return [] if wish.symbols else real_universes(folder)


def _symbols(name: str, folder: Path) -> dict[str, None]:
    return dict.fromkeys(entry.symbol for entry in universe_of(name, folder).entries)
