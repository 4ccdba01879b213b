"""The keeper: whoever started this worker and starts it again, told whether the worker is up, what it does and when it leaves.

It exists so that systemd ends a worker that hangs, waits for one that finishes its runs, and shows a line a person reads.
"""

from __future__ import annotations

import contextlib
import faulthandler
import math
import os
import socket
import time
from collections.abc import Callable, MutableMapping
from typing import NamedTuple

from shared.masking import masked
from shared.text import Table, wording

_SOCKET, _INTERVAL, _OF = "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"
_PINGS_AN_INTERVAL = 4  # half would do; a turn may be slow
_STATUS_EVERY = 1.0
_AFTER_THE_GRACE = 60.0  # giving back, on a slow share
_SHOWN_RUNS, _SHOWN_LETTERS = 3, 200
_SAYINGS: Table = {
    "idle": ("대기 중 (슬롯 {slots}개)", "idle ({slots} slots)"),
    "running": ("실행 중 {count}/{slots}: {ids}", "running {count} of {slots}: {ids}"),
    "more": (" 외 {count}개", " and {count} more"),
    "paused": ("일시 정지: {why}", "paused: {why}"),
    "trouble": ("공유 폴더를 쓸 수 없음: {why}", "the share cannot be used: {why}"),
    "stopping": ("끝내는 중", "stopping"),
}


class Doing(NamedTuple):
    """What a worker does just now."""

    slots: int
    running: list[str]  # ids
    paused: str | None = None
    trouble: str | None = None
    stopping: bool = False


class Keeper:
    """Without an address it is told all the same, at no cost, and tells nobody."""

    def __init__(self, address: str = "", ping: float = math.inf, language: str = "ko") -> None:
        self._address, self._ping, self._language = address, ping, language
        self._socket = _datagrams() if address else None
        self._is_ready, self._said = False, ""
        self._unheard: list[str] = []  # what must be heard once: it is said until it is
        self._due = 0.0 if self._socket else math.inf
        self._is_owed = False  # something may have changed since the last line: it is said as soon as one is due
        self._ping_due = -math.inf

    def turned(self, doing: Callable[[], Doing]) -> None:
        """A turn is over. After the first the worker is up, share or no share: it waits for a share as it waits for requests."""
        if not self._is_ready:
            self._is_ready = True
            self._must_hear("READY=1")
        self.pulse(doing)

    def pulse(self, doing: Callable[[], Doing]) -> None:
        """The worker's own loop is alive; asked as often as one likes, sent when due."""
        now = time.monotonic()
        self._is_owed = self._socket is not None and now < self._due
        if now < self._due:
            return
        self._due = now + min(_STATUS_EVERY, self._ping)
        said = in_words(doing(), self._language)
        news = self._unheard + (["WATCHDOG=1"] if now >= self._ping_due else [])
        news += [f"STATUS={said}"] if self._unheard or said != self._said else []
        if news and self._send(*news):
            self._said, self._unheard = said, []
            self._ping_due = now + self._ping

    def stopping(self, doing: Callable[[], Doing], grace: float) -> None:
        """No more is taken; what runs has that long, whatever time to stop the unit names."""
        self._must_hear("STOPPING=1", f"EXTEND_TIMEOUT_USEC={int((grace + _AFTER_THE_GRACE) * 1e6)}")
        self.pulse(doing)

    def seconds(self) -> float:
        """How long the worker may sleep before the next ping, or the line of what it does by now, is due."""
        owed = max(0.0, self._due - time.monotonic()) if self._is_owed or self._unheard else math.inf
        return min(self._ping, owed) if self._socket else math.inf

    def _must_hear(self, *news: str) -> None:
        if self._socket is not None:
            self._unheard += news
            self._due = 0.0

    def _send(self, *news: str) -> bool:
        if self._socket is None:
            return False
        with contextlib.suppress(OSError):  # nobody listens, or not now: the next pulse says it again
            self._socket.sendto("\n".join(news).encode(errors="replace"), self._address)
            return True
        return False


def open_keeper(environment: MutableMapping[str, str], language: str) -> Keeper:
    """The keeper the environment names, as systemd does. The names are taken out of it: they are not for a run to use."""
    named = environment.pop(_SOCKET, "")
    interval, whose = environment.pop(_INTERVAL, ""), environment.pop(_OF, "")
    if not named.startswith(("/", "@")):
        return Keeper()
    is_watched = interval.isdigit() and int(interval) > 0 and whose in ("", str(os.getpid()))
    if is_watched:
        faulthandler.enable()  # ended by SIGABRT, it says where it hung
    address = f"\0{named[1:]}" if named.startswith("@") else named
    return Keeper(address, int(interval) / 1e6 / _PINGS_AN_INTERVAL if is_watched else math.inf, language)


def in_words(doing: Doing, language: str) -> str:
    """One line for a person, without secrets."""
    said = [_say("stopping", language)] if doing.stopping else []
    said += [_say("trouble", language, why=doing.trouble)] if doing.trouble else []
    said += [_say("paused", language, why=doing.paused)] if doing.paused else []
    if doing.running or not said:
        said.append(_runs(doing, language))
    return masked(" ".join(" · ".join(said).split()))[:_SHOWN_LETTERS]


def _runs(doing: Doing, language: str) -> str:
    if not doing.running:
        return _say("idle", language, slots=doing.slots)
    ids, more = ", ".join(doing.running[:_SHOWN_RUNS]), len(doing.running) - _SHOWN_RUNS
    ids += _say("more", language, count=more) if more > 0 else ""
    return _say("running", language, count=len(doing.running), slots=doing.slots, ids=ids)


def _say(key: str, language: str, **facts: object) -> str:
    return wording(_SAYINGS, key, **facts).in_language(language)


def _datagrams() -> socket.socket | None:
    """Never waits: a reader that is behind costs a ping, not a claim."""
    if not hasattr(socket, "AF_UNIX"):
        return None
    made = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    made.setblocking(False)
    return made
