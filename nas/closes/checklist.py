"""Why a session's closes are not there: what is so on this machine, line by line, the cause first seen named in one sentence.

It exists so that a late report says what to mend, and not a list of everything that was ever the cause.
"""

from __future__ import annotations

import contextlib
import shutil
from datetime import date, datetime
from typing import List, NamedTuple, Optional

from nas.closes.day import Chosen
from nas.running import last_of
from shared import clock
from shared.cache import prices_seen
from shared.config import Settings
from shared.disk import Disk
from shared.last_trip import last_trip
from shared.text import Table, wording

_LEAST_ROOM = 100 << 20
_WORDS: Table = {
    "closes": ("종가 파일: {there} (있어야 할 날 {expected})", "closes: {there} (wanted: {expected})"),
    "none": ("없음", "none"),
    "not_over": ("장: {day} 장이 끝난 지 30분이 되지 않았습니다", "session: that of {day} has not been over for half an hour"),
    "prices_none": ("가격: 이 기계에 아직 한 번도 오지 않았습니다", "prices: none ever came to this machine"),
    "prices": ("가격: {last}까지, {origin}에서", "prices: up to {last}, from {origin}"),
    "prices_stuck": ("가격: 새 가격이 오지 않음: {why}", "prices: newer ones do not come: {why}"),
    "prices_without": (
        "가격은 {last}까지 있으나 종가 표가 함께 오지 않았습니다",
        "prices are there up to {last}, their table of closes did not come along",
    ),
    "sync_never": ("동기화: 아직 한 번도 되지 않았습니다", "sync: it never got through"),
    "sync": ("동기화: 마지막 성공 {at}", "sync: last got through {at}"),
    "sync_failed": ("동기화 안 됨: {why}", "sync does not get through: {why}"),
    "ingest_never": ("가격 수집(ingest_eod): 아직 한 번도 하지 않았습니다", "ingest_eod: it never ran here"),
    "ingest": ("가격 수집(ingest_eod): {word} rc={rc} ({at}) {why}", "ingest_eod: {word} rc={rc} ({at}) {why}"),
    "room": ("디스크: {mb} MB 남음", "disk: {mb} MB left"),
    "wait": ("장이 끝나고 30분 뒤에 다시 실행", "run it again half an hour after the close"),
    "fetch_here": ("python -m nas run ingest_eod", "python -m nas run ingest_eod"),
    "fetch_there": (
        "PC에서 python -m pc ingest, 그다음 python -m nas sync",
        "python -m pc ingest on the PC, then python -m nas sync",
    ),
}


class Item(NamedTuple):
    """One line of it; `ok`: it is not why."""

    ok: bool
    text: str


def checklist(settings: Settings, found: Chosen) -> List[Item]:
    """What is so now."""
    disk = Disk(settings.durable)
    facts = {"there": found.day or _said("none", settings), "expected": found.expected}
    items = [Item(False, _said("closes", settings, **facts))]
    items += [] if found.is_over else [Item(False, _said("not_over", settings, day=found.expected))]
    items += [_prices(disk, settings, found.expected)]
    items += [_ingest(settings, found.expected)] if settings.prices_from == "nas" else _sync(disk, settings)
    return [*items, *_room(settings)]


def cause_in(items: List[Item]) -> str:
    """The likeliest one: what is wrong beyond that the closes are not there."""
    return next((item.text for item in items[1:] if not item.ok), items[0].text)


def fix_of(settings: Settings, found: Chosen) -> str:
    """The command that brings them; before the session is over none does."""
    if not found.is_over:
        return _said("wait", settings)
    return _said("fetch_here" if settings.prices_from == "nas" else "fetch_there", settings)


def _prices(disk: Disk, settings: Settings, expected: date) -> Item:
    seen = prices_seen(disk, settings, "nas")
    if seen is None or (seen.last is None and not seen.why):
        return Item(False, _said("prices_none", settings))
    if seen.why:
        return Item(False, _said("prices_stuck", settings, why=seen.why))
    if str(seen.last) >= str(expected):
        return Item(False, _said("prices_without", settings, last=seen.last))
    return Item(False, _said("prices", settings, last=seen.last, origin=seen.origin))


def _sync(disk: Disk, settings: Settings) -> List[Item]:
    """Nothing where the two machines see one folder: there is none."""
    trip = last_trip(disk, settings.data)
    if trip is None:
        return [Item(False, _said("sync_never", settings))] if settings.is_carried else []
    if trip.why:
        return [Item(False, _said("sync_failed", settings, why=trip.why))]
    return [Item(True, _said("sync", settings, at=_when(clock.moment_in(trip.last_ok))))]


def _ingest(settings: Settings, expected: date) -> Item:
    last = last_of(settings, "ingest_eod")
    if last.at is None:
        return Item(False, _said("ingest_never", settings))
    is_done = last.word == "OK" and last.at.astimezone(clock.KST).date() >= expected
    return Item(is_done, _said("ingest", settings, word=last.word, rc=last.rc, at=_when(last.at), why=last.why).rstrip())


def _room(settings: Settings) -> List[Item]:
    with contextlib.suppress(OSError):
        free = shutil.disk_usage(settings.data).free
        return [Item(free >= _LEAST_ROOM, _said("room", settings, mb=f"{free >> 20:,}"))]
    return []


def _when(moment: Optional[datetime]) -> str:
    return clock.to_the_minute(moment) if moment else "-"


def _said(key: str, settings: Settings, **facts: object) -> str:
    return wording(_WORDS, key, **facts).in_language(settings.language)
