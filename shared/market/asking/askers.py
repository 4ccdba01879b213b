"""Everybody who may be asked for prices in one go: each in a process of its own, politely, and no longer than there is time.

It exists so that whoever walks a chain of providers asks one question and gets bars or the kind of outage, whoever it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from types import TracebackType

from pydantic import BaseModel, ConfigDict, Field

from shared.market.asking.breaker import MOST, Breaker, Pace
from shared.market.asking.provider import Provider, ProviderFaulty
from shared.market.bars import Bars
from shared.market.outage import ExternalDataUnavailable, OutOfTime


class Manners(BaseModel):
    """How a provider is asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seconds: float = Field(60.0, gt=0, le=600)
    apart: float = Field(0.0, ge=0, le=3600)
    sessions_at_once: int = Field(0, ge=0, le=10_000)  # 0: all


class Askers:
    """Processes are made when their provider is first asked; all of them end with this.

    `faults`: by provider how our own code, or its library, failed there. That is no outage."""

    def __init__(self, manners: Callable[[str], Manners], notes: Path, pace: Pace) -> None:
        """`manners`: of a provider by its name; `notes`: the folder of who is left alone today."""
        self._manners, self._notes, self._pace = manners, notes, pace
        self.faults: dict[str, str] = {}
        self._open: dict[str, Provider] = {}
        self._faulty: dict[str, int] = {}  # times in a row
        self._breakers: dict[str, Breaker] = {}
        self._last: dict[str, float] = {}
        self._ends = self._most = float("inf")
        self._stack = ExitStack()

    def __enter__(self) -> Askers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._stack.close()

    def limit(self, seconds: float) -> None:
        """No question takes longer, and none begins once so many seconds from now are over."""
        self._ends, self._most = time.monotonic() + seconds, seconds

    def ask(self, provider: str, symbol: str, days: tuple[date, date]) -> Bars:
        """Its bars; ExternalDataUnavailable where it has none, is left alone today, or the time is over; ProviderFaulty where
        its code failed, and from the third time in a row on without asking it."""
        if self._faulty.get(provider, 0) >= MOST:
            why = f"left alone by this ingest, it failed {MOST} times in a row: {self.faults[provider]}"
            raise ProviderFaulty(f"asking {provider} for {symbol}", why, "keep the log and report it")
        return self._breaker(provider).asked(lambda: self._asked(provider, symbol, days))

    def _breaker(self, provider: str) -> Breaker:
        pace = self._pace._replace(pause=lambda seconds: self._wait(provider, seconds))
        return self._breakers.setdefault(provider, Breaker(self._notes, provider, pace))

    def _asked(self, provider: str, symbol: str, days: tuple[date, date]) -> Bars:
        manners = self._manners(provider)
        self._wait(provider, self._last.get(provider, -manners.apart) + manners.apart - time.monotonic())
        self._refuse_late(provider)
        one = self._open.get(provider) or self._stack.enter_context(Provider(provider, min(manners.seconds, self._most)))
        self._open[provider] = one
        try:
            bars = one.fetch(symbol, *days)
        except ProviderFaulty as error:
            self.faults.setdefault(provider, error.why)
            self._faulty[provider] = self._faulty.get(provider, 0) + 1
            raise
        except ExternalDataUnavailable as error:
            if error.kind != "disabled":  # who was not asked needs no rest
                self._last[provider] = time.monotonic()
            raise
        self._last[provider] = time.monotonic()
        self._faulty.pop(provider, None)
        return bars

    def _wait(self, provider: str, seconds: float) -> None:
        """Not beyond the end: who would have to wait for longer is not asked any more."""
        if seconds > 0:
            self._refuse_late(provider, seconds)
            self._pace.pause(seconds)

    def _refuse_late(self, provider: str, seconds: float = 0.0) -> None:
        """Where the end has come once so many seconds are over."""
        if time.monotonic() + seconds >= self._ends:
            raise OutOfTime(f"asking {provider}", "there is no time left for it", "timeout")
