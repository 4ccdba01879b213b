"""What the data's rows are measured on: random bars on real sessions, put into a cache and sealed as an ingest does it.

It exists so that every row reads the same numbers, in the files that a machine which fetches has.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pc.bench.engine_cases import panel_of
from pc.bench.measure import Scale, folder_on_disk, settings_in
from shared import clock
from shared.config import Settings
from shared.krx_calendar import Calendar, open_calendar

if TYPE_CHECKING:
    from shared.market import Bars, Prices
    from shared.market.cache import Cache

PROVIDER = "naver"  # whose bars these pass for; nobody is asked
PANEL = "panel"  # the same bars in a folder of their own: of it the peers make theirs
LAST = datetime(2026, 11, 20, 20, 0, tzinfo=clock.KST)
_SIZE = (2_460, 500)  # ten years of sessions


class Case(NamedTuple):
    """A data folder of the bench's own; `whole` are all bars there are, of which the cache may have fewer days."""

    root: Path
    settings: Settings
    calendar: Calendar
    whole: Prices
    cache: Cache


@contextmanager
def case_on_disk(scale: Scale, wanted: Path, later: int = 0) -> Iterator[Case]:
    """Every symbol kept up to the last day but `later`."""
    from shared.market import write_prices
    from shared.market.cache import open_cache

    rows, width = scale.panel or _SIZE
    with folder_on_disk(wanted) as root:
        settings = settings_in(root, prices="local", prices_from="pc")
        calendar = open_calendar(settings.data)
        whole = _prices(calendar, rows + later, width)
        write_prices(root / PANEL, whole)
        case = Case(root, settings, calendar, whole, open_cache(settings.data / "cache", now=lambda: LAST))
        for symbol in whole.symbols:
            bars = bars_of(whole, symbol, 0, rows)
            case.cache.put(bars, PROVIDER, bars.dates[0].item(), bars.dates[-1].item())
        yield case


def bars_of(prices: Prices, symbol: str, first: int, stop: int) -> Bars:
    """As a provider gives them: these rows of one symbol."""
    from shared.market import NUMBERS, Bars

    column = prices.column(symbol)
    numbers = {name: getattr(prices, name)[first:stop, column].copy() for name in NUMBERS}
    return Bars(symbol, prices.dates[first:stop], numbers, adjusted=True, name=f"name of {symbol}")


def sealed_from_cache(case: Case, settings: Settings) -> Prices:
    """The panel of all that is kept: assembled, looked at and sealed, by the functions an ingest calls."""
    from shared.market import examined, seal_prices
    from shared.market.ingest import About, Before, Found, Step, panel_of

    steps = [Step(PROVIDER, symbol) for symbol in case.whole.symbols]
    founds = [
        Found(one.symbol, True, (one,), "current", one, case.cache.series(PROVIDER, one.symbol), is_new=True) for one in steps
    ]
    nothing = Before(None, frozenset(case.whole.symbols))  # as at the first ingest, or where all of them are asked for
    panel = panel_of(founds, nothing, case.cache, About({}, case.calendar))
    assert panel is not None
    prices, _ = examined(panel, panel.dates[-1].item(), case.calendar)
    seal_prices(settings, prices, "pc")
    return prices


def _prices(calendar: Calendar, rows: int, width: int) -> Prices:
    """The walk that the engine is measured on, on the last sessions, with volumes as uneven as real ones."""
    import numpy as np

    walk = panel_of(rows, width)
    sessions = calendar.sessions(calendar.first, LAST.date())[-rows:]
    traded = np.random.default_rng(2).lognormal(11, 1.5, (rows, width)).round()
    volume = np.where(walk.volume > 0, traded, 0.0)
    return replace(walk, dates=np.array(sessions, dtype="datetime64[D]"), volume=volume, value=walk.close * volume)
