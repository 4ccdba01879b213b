"""`pc cache`: what providers of prices were asked for and answered, whether it is sound, and away with what is not wanted.

It exists so that a person who doubts a price sees when it was fetched and what its provider changed of it since.
"""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared import clock
from shared.closing import close
from shared.config import Settings
from shared.errors import DataMissing, UsageWrong, nearest
from shared.one_line import one_line
from shared.text import Table, wording

if TYPE_CHECKING:
    from shared.market.cache import Cache, Revision, Series

_MOST = 40  # series a screen shows
_WORDS: Table = {
    "series": (
        "{provider} {symbol} {name} {start} ~ {end}: {rows}봉, 물은 날 {asked_from} ~ {asked_to}, 수정주가: {adjusted}, {age} 전",
        (
            "{provider} {symbol} {name} {start} to {end}: {rows} bars, asked {asked_from} to {asked_to}, "
            "adjusted: {adjusted}, {age} ago"
        ),
    ),
    "lost": ("※ 손상되어 다시 받을 날: {days}", "※ damaged, to be fetched again: {days}"),
    "revision": (
        "{provider} {symbol} {day} ~ {until}: 공급자가 {days}일의 {field}을(를) 고침, 첫날 {before} → {now} ({seen_at})",
        "{provider} {symbol} {day} to {until}: its provider revised {field} of {days} days, first {before} → {now} ({seen_at})",
    ),
    "more": ("그 밖에 {count}개: --json", "and {count} more: --json"),
    "yes": ("예", "yes"),
    "no": ("아니요", "no"),
    "unknown": ("모름", "unknown"),
    "sound": ("파트 {parts}개를 끝까지 읽음: 모두 온전함", "{parts} parts read to the last byte: all sound"),
    "damaged": ("손상됨, 치워 두고 다시 받음: {what}", "damaged, set aside, to be fetched again: {what}"),
    "litter": ("쓰이지 않는 파일을 지움: {what}", "files that nothing names are gone: {what}"),
    "purged": ("지움: {provider} {symbol} {start} ~ {end}, {rows}봉", "gone: {provider} {symbol} {start} to {end}, {rows} bars"),
    "stats": (
        "{provider}: 종목 {series}개, 파트 {parts}개, {rows}봉, {bytes:,} 바이트, 다시 받을 파트 {lost}개",
        "{provider}: {series} symbols, {parts} parts, {rows} bars, {bytes:,} bytes, {lost} parts to be fetched again",
    ),
}


def cache(settings: Settings, what: str, only: tuple[str | None, str | None], as_json: bool) -> int:
    """`list`, `verify`, `purge` or `stats`; `only`: of that provider and that symbol, both exact, None being whichever."""
    from shared.disk import Disk
    from shared.market.cache import open_cache

    if only != (None, None) and what in ("verify", "stats"):
        raise UsageWrong(f"cache {what}", f"{what} takes neither --provider nor --symbol", f"python -m pc cache {what}")
    there, act = open_cache(settings.data / "cache", Disk(settings.durable)), _ACTS[what]
    began = time.monotonic()
    word, facts, document, lines = act(there, only, settings.language)
    for line in [] if as_json else lines:
        print(one_line(" ".join(line.split())))
    close(word, facts, time.monotonic() - began, document if as_json else None)
    return 0 if word == "OK" else 1


Told = tuple[str, dict[str, Any], dict[str, Any], list[str]]  # a word, its facts, the document, the lines
Only = tuple[str | None, str | None]


def _list(there: Cache, only: Only, language: str) -> Told:
    from shared.market.cache import is_fresh

    now = clock.now()
    series = [one for one in there.all_series() if only[0] in (None, one.provider) and only[1] in (None, one.symbol)]
    revised = there.revisions(*only)
    stale = [one for one in series if not is_fresh(one, now)]
    lines = [_series(one, now, language) for one in series[:_MOST]]
    lines += [_revision(one, language) for one in revised[-_MOST:]] if only[1] else []
    lines += [_said("more", language, count=len(series) - _MOST)] if len(series) > _MOST else []
    facts = {"series": len(series), "stale": len(stale), "lost": sum(len(one.lost) for one in series), "revisions": len(revised)}
    document = {"series": [_plain(one) | {"fresh": one not in stale} for one in series]}
    return "OK", facts, document | {"revisions": [_plain(one) for one in revised]}, lines


def _verify(there: Cache, _: Only, language: str) -> Told:
    found = there.verify()
    lines = [_said("damaged", language, what=one) for one in found.damaged]
    lines += [_said("litter", language, what=one) for one in found.litter]
    lines += [] if found.damaged else [_said("sound", language, parts=found.parts)]
    facts = {"series": found.series, "parts": found.parts, "damaged": len(found.damaged), "litter": len(found.litter)}
    return "FAILED" if found.damaged else "OK", facts, found._asdict(), lines


def _purge(there: Cache, only: Only, language: str) -> Told:
    if only == (None, None):
        fix = "python -m pc cache purge --provider NAME --symbol CODE, or one of the two"
        raise UsageWrong("cache purge", "it was not said what", fix)
    gone = there.purge(*only)
    if not gone:
        _refuse(there, only)
    lines = [_said("purged", language, **_plain(one)) for one in gone]
    return "OK", {"purged": len(gone)}, {"purged": [_plain(one) for one in gone]}, lines


def _stats(there: Cache, _: Only, language: str) -> Told:
    told = there.stats()
    lines = [_said("stats", language, provider=provider, **facts) for provider, facts in told.items()]
    names = ("series", "parts", "rows", "bytes", "lost")
    facts = {name: sum(one[name] for one in told.values()) for name in names}
    return "OK", facts, {"providers": told}, lines


_ACTS = {"list": _list, "verify": _verify, "purge": _purge, "stats": _stats}
WHAT = tuple(_ACTS)


def _refuse(there: Cache, only: Only) -> None:
    """With the nearest there is: a name is never taken for the beginning of another."""
    series = [one for one in there.all_series() if only[1] is None or only[0] in (None, one.provider)]
    known = [one.provider if only[1] is None else one.symbol for one in series]
    asked = " ".join(one for one in only if one)
    raise DataMissing(f"purging {asked} from the cache", "it has no such series", nearest(only[1] or only[0] or "", set(known)))


def _series(one: Series, now: datetime, language: str) -> str:
    word = {True: "yes", False: "no", None: "unknown"}[one.adjusted]
    facts = {**_plain(one), "adjusted": _said(word, language), "age": clock.age_of(one.updated_at, now)}
    lost = ", ".join(f"{span.start} ~ {span.end}" for span in one.lost)
    return _said("series", language, **facts) + (f" {_said('lost', language, days=lost)}" if lost else "")


def _revision(one: Revision, language: str) -> str:
    shown = {name: "–" if number is None else f"{number:g}" for name, number in (("before", one.before), ("now", one.now))}
    return _said("revision", language, **{**one._asdict(), **shown, "seen_at": clock.to_the_minute(one.seen_at)})


def _plain(one: Series | Revision) -> dict[str, Any]:
    """As JSON takes it."""
    facts = one._asdict() if isinstance(one, tuple) else asdict(one)
    told = {name: clock.iso(value) if isinstance(value, datetime) else value for name, value in facts.items()}
    days = {name: str(value) for name, value in told.items() if hasattr(value, "isoformat")}
    spans = {"lost": [[str(day) for day in span] for span in told["lost"]]} if "lost" in told else {}
    return {**told, **days, **spans}


def _said(word: str, language: str, **facts: Any) -> str:
    return wording(_WORDS, word, **facts).in_language(language)
