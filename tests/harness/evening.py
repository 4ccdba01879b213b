"""The evening after a session, on a machine that fetches: an exchange of the test's, and an ingest that waits for nothing.

It exists so that a test of fetching says what providers have and what becomes of it.
"""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from shared import clock
from shared.config import Settings
from shared.events import Log
from shared.krx_calendar import shipped_calendar
from shared.market import open_prices
from shared.market.asking import Askers, Pace
from shared.market.cache import open_cache
from shared.market.ingest import Ingested, Means, Wish, ingest, read_sources
from shared.market.ingest.series import Desk, Wanted
from tests.harness.exchange import SOURCES, Exchange
from tests.harness.road import settings_for

SYMBOLS = ("069500", "229200")
EVERYBODY = ("KOSPI", *SYMBOLS)
FIRST, TODAY = date(2024, 11, 1), date(2025, 3, 14)
TOMORROW = date(2025, 3, 17)
WISH = Wish(symbols=EVERYBODY, since=FIRST)


class Evening:
    """After the close of a session, on a machine of its own: `ingest` fetches as the command does, and waits for nothing."""

    def __init__(self, home: Path, exchange: Exchange) -> None:
        (home / "sources.yaml").write_text(SOURCES, encoding="utf-8")
        self.exchange, self.day = exchange, TODAY
        self.settings: Settings = settings_for(
            home / "reports", home / "data", prices="local", logs=home / "logs", data_sources=home / "sources.yaml"
        )
        self.waited: list[float] = []

    def now(self) -> datetime:
        return datetime.combine(self.day, datetime.min.time(), clock.KST) + timedelta(hours=18)

    def goes_on_from(self, data: Path) -> None:
        """From a copy of what was fetched before."""
        shutil.copytree(data, self.settings.data, dirs_exist_ok=True)

    def ingest(self, wish: Wish = WISH) -> Ingested:
        return ingest(self.settings, "pc", wish, Means(lambda *_: None, Pace(self.now, self.waited.append, lambda: 0.5)))

    def desk(self) -> tuple[Desk, Wanted]:
        """What a round works with, where nobody is asked."""
        sources, pace = read_sources(self.settings.data_sources), Pace(self.now, self.waited.append, lambda: 0.5)
        askers = Askers(sources.manners, self.settings.data / "providers", pace)
        desk = Desk(sources, askers, open_cache(self.settings.data / "cache"), Log(quiet=True), lambda *_: None)
        return desk, Wanted(FIRST, TODAY, self.now(), shipped_calendar())

    def next_day(self) -> None:
        self.day = self.exchange.until = TOMORROW

    @property
    def prices(self) -> Any:
        return open_prices(self.settings.data / "prices" / "local")

    def log(self) -> str:
        return (self.settings.logs / "ingestion.log").read_text(encoding="utf-8")


def states(done: Ingested) -> dict[str, tuple[str, str | None]]:
    return {found.instrument: (found.state, found.used.provider if found.used else None) for found in done.founds}
