"""The cache of prices: every provider's bars of every symbol, extended by the days that are missing.

It exists so that a provider is asked only for what is not known, and so that whatever dies, fills up or rots meanwhile, what
comes out is what was put in, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from shared import clock
from shared.disk import Disk
from shared.market.bars import Bars
from shared.market.cache import raw
from shared.market.cache.ledger import Ledger
from shared.market.cache.names import safe_name, symbol_in
from shared.market.cache.parts import PartDamaged, joined, picked, within
from shared.market.cache.plan import answered, planned, series_of, touched
from shared.market.cache.rows import Held
from shared.market.cache.series import Change, Part, Revision, Series, Span
from shared.market.cache.shelves import PATIENCE, RAW, CacheBusy, Shelves

_TRIES = 20  # somebody else puts that series in place again and again
Now = Callable[[], datetime]


class Verified(NamedTuple):
    """What was found when every part was read to its last byte. `damaged`: `provider/symbol year: why`, set aside by now;
    `litter`: series of which files lay there that nothing names, gone by now."""

    series: int
    parts: int
    damaged: tuple[str, ...]
    litter: tuple[str, ...]


class Cache:
    """Of one folder. Several processes may read and put at once; whoever reads needs no lock."""

    def __init__(self, folder: Path, disk: Disk, now: Now, patience: float) -> None:
        self._folder, self._disk, self._now = folder, disk, now
        self._ledger, self._shelves = Ledger(folder, disk), Shelves(folder, disk, patience)

    def series(self, provider: str, symbol: str) -> Series | None:
        """What is known of that provider's bars of that symbol."""
        held = self._ledger.held(provider, symbol)
        return held.series if held else None

    def all_series(self) -> list[Series]:
        """Of every series there is, by provider and symbol."""
        return [held.series for held in self._ledger.all()]

    def bars(self, provider: str, symbol: str) -> Bars | None:
        """Its bars, each part verified; a damaged one is set aside: its days are missing then, and are to be asked for again."""
        for _ in range(_TRIES):
            held = self._ledger.held(provider, symbol)
            if held is None:
                return None
            found, damaged = self._read(held, held.parts)
            if not damaged:
                return replace(joined(symbol, found), adjusted=held.series.adjusted, name=held.series.name)
            self._examined(held)  # where somebody has put newer parts in place of these, that finds nothing
        raise CacheBusy(f"reading {symbol} of {provider}", "it changes all the time", "try again in a moment")

    def put(self, bars: Bars, provider: str, asked_from: date, asked_to: date) -> Change:
        """The provider's answer for these days takes the place of what was kept of them, and every day of the past that
        changed is recorded. Where the past has other prices, and this is not all of it, nothing changes: see Change.again.
        ExternalDataUnavailable, and nothing changes, where more than a tenth of the days that were there are in it no more."""
        asked = Span(asked_from, asked_to)
        new = _answer(bars, asked)
        with self._shelves.alone(self._shelves.place(provider, new.symbol)):
            # Twice, for the ledger may have been mended the first time, and be empty the second.
            change = self._put(provider, (new, asked)) or self._put(provider, (new, asked))
        if change is None:
            raise CacheBusy(f"keeping bars of {new.symbol} from {provider}", "they changed meanwhile", "try again in a moment")
        return change

    def revisions(self, provider: str | None = None, symbol: str | None = None) -> list[Revision]:
        """What providers changed of the past, in the order in which it was seen."""
        return self._ledger.revisions(provider, symbol)

    def keep_raw(self, provider: str, answer: Mapping[str, bytes], now: datetime) -> int:
        """What it answered, word for word and compressed, for RAW_DAYS days; how many bytes that takes."""
        self._shelves.place(provider, "")
        return raw.keep_raw(self._disk, self._folder / RAW / provider, answer, now)

    def sweep_raw(self, older_than: date) -> int:
        """Away with the answers of the days before that one, and with what was set aside then."""
        return raw.sweep_raw(self._disk, self._folder, older_than)

    def verify(self) -> Verified:
        """Every part read; what is damaged is set aside, what is litter goes."""
        there = self._ledger.all()
        damaged = [told for held in there if self._read(held, held.parts)[1] for told in self._examined(held)]
        return Verified(len(there), sum(len(held.files) for held in there), tuple(damaged), tuple(self._swept()))

    def purge(self, provider: str | None = None, symbol: str | None = None) -> list[Series]:
        """Away with these series, both names exact; None: whichever. What was revised of them is still told."""
        wanted = [one for one in self.all_series() if provider in (None, one.provider) and symbol in (None, one.symbol)]
        for series in wanted:
            place = self._shelves.place(series.provider, series.symbol)
            with self._shelves.alone(place):
                self._ledger.forget(series.provider, series.symbol)
                self._shelves.sweep(place, ())
        return wanted

    def stats(self) -> dict[str, dict[str, int]]:
        """By provider: series, parts, rows and bytes; lost: parts to be asked for again."""
        told: dict[str, dict[str, int]] = {}
        for held in self._ledger.all():
            size = self._shelves.size(self._place(held), held.files)
            facts = {
                "series": 1,
                "parts": len(held.files),
                "rows": held.series.rows,
                "bytes": size,
                "lost": len(held.series.lost),
            }
            before = told.setdefault(held.series.provider, dict.fromkeys(facts, 0))
            told[held.series.provider] = {name: before[name] + number for name, number in facts.items()}
        return told

    # ---- parts ----

    def _place(self, held: Held) -> Path:
        return self._shelves.place(held.series.provider, held.series.symbol)

    def _read(self, held: Held, parts: tuple[Part, ...]) -> tuple[list[Bars], dict[Part, str]]:
        """The bars of the parts that are sound, and why the others are not."""
        found, damaged, place = [], {}, self._place(held)
        for part in [part for part in parts if part.file]:
            try:
                found.append(self._shelves.read(place, part, held.series.symbol))
            except PartDamaged as error:
                damaged[part] = str(error)
        return found, damaged

    def _sound(self, provider: str, symbol: str, asked: Span) -> tuple[Held | None, list[Bars]]:
        """The series and the bars of the parts that an answer touches; what is damaged of these is set aside before."""
        while True:
            held = self._ledger.held(provider, symbol)
            if held is None:
                return None, []
            found, damaged = self._read(held, tuple(touched(held, asked)))
            if not damaged:
                return held, found
            self._set_aside(held)

    def _put(self, provider: str, answer: tuple[Bars, Span]) -> Change | None:
        """What it changed; None, and nothing happened, where the ledger does not say what it said."""
        new, asked = answer
        held, old = self._sound(provider, new.symbol, asked)
        plan = planned(provider, held, old, answer)
        if plan.change.again:
            return plan.change
        place = self._shelves.place(provider, new.symbol)
        for packed in plan.writes:
            self._shelves.write(place, packed)
        series = series_of(answered(provider, held and held.series, answer, self._now()), plan.parts)
        if not self._ledger.commit(held, (series, plan.parts), plan.records):
            return None
        self._shelves.sweep(place, [part.file for part in plan.parts])
        return plan.change

    def _set_aside(self, held: Held) -> dict[Part, str]:
        """Of a series that nobody else changes now: its damaged parts, and why; from now on their days are missing."""
        if self._ledger.held(held.series.provider, held.series.symbol) != held:
            return {}
        _, damaged = self._read(held, held.parts)
        parts = tuple(
            part._replace(file="", sha256="", bars_sha256="", rows=0, tail=()) if part in damaged else part for part in held.parts
        )
        if not damaged:
            return {}
        if any(part.file for part in parts):
            self._ledger.commit(held, (series_of(held.series, parts), parts))
        else:
            self._ledger.forget(held.series.provider, held.series.symbol)
        for part in damaged:
            self._shelves.set_aside(self._place(held), part, self._now())
        return damaged

    def _examined(self, held: Held) -> list[str]:
        """What is damaged of a series, unless it is another by now; set aside."""
        with self._shelves.alone(self._place(held)):
            found = self._set_aside(held)
        return [f"{held.series.provider}/{held.series.symbol} {part.year}: {why}" for part, why in found.items()]

    def _swept(self) -> list[str]:
        """The series of which there was litter."""
        return [f"{place.parent.name}/{symbol_in(place.name)}" for place in self._shelves.all() if self._swept_at(place)]

    def _swept_at(self, place: Path) -> int:
        with self._shelves.alone(place):
            return self._shelves.sweep(place, self._files_at(place))

    def _files_at(self, place: Path) -> set[str]:
        """What is in force there; of a name that was cut only the ledger knows the symbol."""
        symbol = symbol_in(place.name)
        whole = [self._ledger.held(place.parent.name, symbol)] if safe_name(symbol) == place.name else self._ledger.all()
        return {file for held in whole if held and self._place(held) == place for file in held.files}


def _answer(bars: Bars, asked: Span) -> Bars:
    """Its bars within the days asked for; ValueError where nobody looked whether they are bars at all."""
    new = picked(bars, within(bars, asked))
    if not len(new) or (new.dates[1:] <= new.dates[:-1]).any():
        raise ValueError(f"bars of {bars.symbol} from {asked.start} to {asked.end}: none, or not one for each day in order")
    return new


def open_cache(folder: Path, disk: Disk | None = None, now: Now = clock.now, patience: float = PATIENCE) -> Cache:
    """The cache in that folder, `<data>/cache`; nothing is made or asked yet. `patience`: seconds for others to be done."""
    return Cache(folder, disk or Disk(), now, patience)
