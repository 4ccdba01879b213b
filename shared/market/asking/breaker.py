"""How often a provider is asked again, and when it is left alone for the rest of the day.

It exists because an address that asks too often is blocked for weeks: what a provider refused is not asked all day long.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, get_args

from shared import clock
from shared.market.outage import PASSING, ExternalDataUnavailable, Kind, OutOfTime

WAITS = (1.0, 2.0, 4.0, 8.0, 16.0)  # seconds before each further question
LONGEST = 60.0  # also where a provider asks for longer: then the next one is asked
MOST = 3  # questions in a row, each asked again and again, that failed
_AT_ONCE: frozenset[Kind] = frozenset(("rate_limit", "auth"))
_COUNTED = PASSING | _AT_ONCE  # of one symbol that is empty or odd nothing follows for the next

Found = TypeVar("Found")


class Pace(NamedTuple):
    """How waiting is done: a test's clock goes as it says."""

    now: Callable[[], datetime]
    pause: Callable[[float], object]
    dice: Callable[[], float]  # 0 to 1


class Failed(NamedTuple):
    """What failed of a provider today; `open`: it is left alone for the rest of the day."""

    open: bool
    kind: str
    why: str
    failures: int


def failed_today(folder: Path, now: datetime) -> dict[str, Failed]:
    """By provider, as every process of this machine noted it in that folder."""
    found = {}
    for file in sorted(folder.glob("[!.]*.json")):
        told = _told_in(file, now)
        if told:
            found[file.stem] = Failed(told["open"], told["kind"], told["why"], told["failures"])
    return found


class Breaker:
    """Of one provider: a file that says what failed today; another day it is closed again by itself."""

    def __init__(self, folder: Path, provider: str, pace: Pace) -> None:
        self._file, self._provider, self._pace = folder / f"{provider}.json", provider, pace
        self._noted: dict[str, Any] = {}  # where the file cannot be written, this process at least remembers

    def asked(self, ask: Callable[[], Found]) -> Found:
        """What `ask` gives, asked again where an outage may pass; ExternalDataUnavailable at once while it is left alone."""
        self._refuse_if_open()
        try:
            found = self._persistently(ask)
        except ExternalDataUnavailable as error:
            if error.kind in _COUNTED and not isinstance(error, OutOfTime):
                self._failed(error)
            raise
        self._noted = {}
        with suppress(OSError):
            self._file.unlink()
        return found

    def why_open(self) -> str:
        """Why this provider is left alone today, or nothing."""
        told = self._told()
        return str(told["why"]) if told and told["open"] else ""

    def _refuse_if_open(self) -> None:
        told = self._told()
        if told and told["open"]:
            kind, said = told["kind"], str(told["why"])
            why = f"left alone for the rest of {told['day']}: {said.removesuffix(f' ({kind})')}"
            raise ExternalDataUnavailable(f"asking {self._provider}", why, kind)

    def _persistently(self, ask: Callable[[], Found]) -> Found:
        for wait in WAITS:
            try:
                return ask()
            except ExternalDataUnavailable as error:
                self._wait(error, wait)
        return ask()

    def _wait(self, error: ExternalDataUnavailable, seconds: float) -> None:
        """Until it is asked again; the outage itself where that would be of no use."""
        asked_for = error.retry_after or 0.0
        if error.kind not in PASSING or asked_for > LONGEST:
            raise error
        self._pace.pause(max(asked_for, seconds * (0.5 + self._pace.dice())))

    def _failed(self, error: ExternalDataUnavailable) -> None:
        failures = int(self._told().get("failures", 0)) + 1
        is_open = error.kind in _AT_ONCE or failures >= MOST
        told = {"day": self._today(), "failures": failures, "open": is_open, "kind": error.kind, "why": error.why}
        self._noted = told
        with suppress(OSError):  # another user's folder, a full disk: no reason to have no prices
            self._note(json.dumps(told, ensure_ascii=False))

    def _note(self, told: str) -> None:
        """Whole, or as it was before."""
        fresh = self._file.with_name(f".{self._file.name}.{uuid.uuid4().hex}.tmp")
        self._file.parent.mkdir(parents=True, exist_ok=True)
        try:
            fresh.write_text(told, encoding="utf-8")
            os.replace(fresh, self._file)
        finally:
            fresh.unlink(missing_ok=True)

    def _told(self) -> dict[str, Any]:
        noted = self._noted if self._noted.get("day") == self._today() else {}
        return max(_told_in(self._file, self._pace.now()), noted, key=lambda told: int(told.get("failures", 0)))

    def _today(self) -> str:
        return _day_of(self._pace.now())


def _told_in(file: Path, now: datetime) -> dict[str, Any]:
    """What the file says of today; nothing where it is torn, not as we write it, or of another day."""
    with suppress(OSError, ValueError, RecursionError):
        told = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(told, dict) and told.get("day") == _day_of(now) and _is_ours(told):
            return told
    return {}


def _is_ours(told: dict[str, Any]) -> bool:
    types = {"failures": int, "open": bool, "kind": str, "why": str}
    return all(type(told.get(name)) is kind for name, kind in types.items()) and told["kind"] in get_args(Kind)


def _day_of(now: datetime) -> str:
    return f"{now.astimezone(clock.KST):%Y-%m-%d}"
