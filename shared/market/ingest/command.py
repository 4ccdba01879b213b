"""`ingest` and `precache`: fetching as a person or cron calls it, what the screen shows of it and how it ends.

It exists so that who looks at a terminal sees how far it is, and who reads cron's mail sees what is old and why.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterable
from typing import Any

from shared.cache import PricesBusy, PricesNotOurs
from shared.closing import close
from shared.codes import is_code
from shared.config import Settings, load
from shared.errors import RelayError, SettingInvalid, UniverseUnknown, in_words
from shared.events import Log
from shared.market.asking import ProviderFaulty
from shared.market.ingest.fetching import Ingested, Means, ingest, refuse_other_side
from shared.market.ingest.found import Found
from shared.market.ingest.sources import read_sources
from shared.market.ingest.wish import Wish
from shared.market.outage import ExternalDataUnavailable
from shared.notices import telling_log
from shared.one_line import one_line
from shared.outcome import FAILED, OK, OPERATIONAL, TRY_LATER
from shared.text import Table, few_of, wording

_SHOWN_EVERY = 5.0  # seconds, where nobody watches a terminal
_NAMED = 8
_NOBODY = "nobody has newer ones"
_LACKING = ("old", "unavailable", "failed")
_REPORT = "keep the log and report it; the next provider was asked meanwhile"
_WORDS: Table = {
    "progress": (
        "{provider} {symbol}: {left}개 남음, 초당 {rate:.1f}, 앞으로 {eta}",
        "{provider} {symbol}: {left} left, {rate:.1f}/s, {eta} to go",
    ),
    "old": ("[WARN] {name}: {last}까지의 가격을 씀 ({why})", "[WARN] {name}: prices until {last} are used ({why})"),
    "ended": (
        "[INFO] {name}: {last} 이후 아무도 가격이 없음 (상장폐지?)",
        "[INFO] {name}: nobody has a price after {last} (delisted?)",
    ),
    "unavailable": (
        "[WARN] benchmark unavailable: {name} ({why}) (건너뜀)",
        "[WARN] benchmark unavailable: {name} ({why}) (skipped)",
    ),
    "nobody": ("[WARN] {name}: 가격을 줄 곳이 없음 ({why})", "[WARN] {name}: nobody has prices of it ({why})"),
    "stands_in": ("[WARN] {name}: {symbol} 가격이 대신함", "[WARN] {name}: prices of {symbol} stand in for it"),
    "revised": (
        "[INFO] {name}: {provider}가 지난 가격 {days}일치를 고침",
        "[INFO] {name}: {provider} revised prices of {days} day(s)",
    ),
    "fault": (
        "[ERROR] {name}: 제공처 장애가 아니라 프로그램 오류 ({why})",
        "[ERROR] {name}: a fault of this program, not an outage ({why})",
    ),
    "ignored": (
        "[INFO] data_sources: {names}: 옛 시스템의 항목, 쓰지 않음",
        "[INFO] data_sources: {names}: of an earlier system, not used",
    ),
    "synthetic": (
        "[WARN] prices: synthetic — 가져온 가격을 백테스트가 읽지 않음. RELAY_PRICES=local로 바꾸세요",
        "[WARN] prices: synthetic: no run reads what is fetched here; set RELAY_PRICES=local",
    ),
    "waiting": ("[INFO] 고르게 나누려고 {wait} 기다림", "[INFO] waiting {wait}, so that not everybody asks at once"),
    "ok": ("[OK] {name}", "[OK] {name}"),
    "failed": ("[WARN] {name} failed: {why}", "[WARN] {name} failed: {why}"),
    "timeout": ("[WARN] {name} timeout: {why}", "[WARN] {name} timeout: {why}"),
}


def ingest_now(options: argparse.Namespace, side: str) -> int:
    """0 where everything is as new as it can be, 2 where something is not: what there is, is used; 1 where our code failed."""
    named = tuple(filter(None, options.symbols.split(",")))
    wish = Wish(options.date, tuple(options.universe), named, options.backfill, options.force_refresh)
    settings, began = load(), time.monotonic()
    ignored = read_sources(settings.data_sources, settings.data).ignored
    if ignored:
        _say(settings, "ignored", names=", ".join(ignored))
    if settings.prices == "synthetic":
        _say(settings, "synthetic")
    done = _told(settings, side, wish)
    for line in _lines(done, settings.language):
        print(one_line(line), file=sys.stderr)
    _show_faults(settings, done)
    return _close(done, began, options.json)


def precache_now(options: argparse.Namespace, side: str) -> int:
    """The benchmarks before the open: 0 where all are there, 2 where one is not."""
    settings = load()
    benchmarks = tuple(read_sources(settings.data_sources, settings.data).benchmarks)
    refuse_other_side(settings, side)
    wait = random.random() * options.jitter
    _say(settings, "waiting", wait=_minutes(wait))
    time.sleep(wait)
    began = time.monotonic()
    done = _told(settings, side, Wish(options.date, symbols=benchmarks, seconds=options.limit))
    for found in (one for one in done.founds if one.instrument in benchmarks):
        is_late = "timeout" in {one.kind for one in found.silent}
        kind = "ok" if found.state == "current" else "timeout" if is_late else "failed"
        _say(settings, kind, name=found.instrument, why=found.why)
    _show_faults(settings, done)
    return _close(done, began, options.json)


class _Progress:
    """How far it is, on standard error: one line that changes on a terminal, one now and then elsewhere."""

    def __init__(self, language: str) -> None:
        self._language, self._done = language, 0
        self._began = self._shown = time.monotonic()

    def tell(self, symbol: str, provider: str, left: int) -> None:
        """That one is asked for now, and so many after it."""
        now, watched = time.monotonic(), sys.stderr.isatty()
        self._done += 1
        rate = self._done / max(now - self._began, 1e-3)
        if now - self._shown < (0.1 if watched else _SHOWN_EVERY):
            return
        self._shown = now
        facts = {"symbol": symbol, "provider": provider, "left": left, "rate": rate, "eta": _minutes(left / rate)}
        line = one_line(wording(_WORDS, "progress", **facts).in_language(self._language))
        print(f"\r\x1b[K{line}" if watched else line, end="" if watched else "\n", file=sys.stderr, flush=True)

    def over(self) -> None:
        """The line that changed is gone."""
        if sys.stderr.isatty():
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _told(settings: Settings, side: str, wish: Wish) -> Ingested:
    """Fetched, and told: one incident while anything is lacking, however much."""
    progress = _Progress(settings.language)
    with telling_log(settings, settings.log_of(side)) as log:
        try:
            done = ingest(settings, side, wish, Means(progress.tell))
        except (PricesBusy, PricesNotOurs, SettingInvalid, UniverseUnknown):
            raise
        except Exception as error:  # also a full disk and a fault of ours: nobody looks at cron's mail at night
            log.error("INGEST_FAILED", code=getattr(error, "code", None), why=_plainly(error), rc=_rc_of(error))
            raise
        finally:
            progress.over()
        _tell(log, done)
    return done


def _plainly(error: Exception) -> str:
    return str(error) if isinstance(error, RelayError) else in_words(error)


def _rc_of(error: Exception) -> int:
    return error.exit_code if isinstance(error, RelayError) else OPERATIONAL if isinstance(error, OSError) else FAILED


def _tell(log: Log, done: Ingested) -> None:
    lacking = [found for found in done.founds if found.state in _LACKING]
    if done.faults:
        told = "; ".join(f"{provider}: {why}" for provider, why in done.faults.items())
        log.error("INGEST_FAILED", code=ProviderFaulty.code, why=told, fix=_REPORT, rc=FAILED)
    elif not lacking:
        log.info("INGEST_ENDED", day=done.day, symbols=len(done.founds))
    else:
        why = f"{len(lacking)} of {len(done.founds)} lack {done.day}: {_named(lacking)}"
        log.error("INGEST_FAILED", code=ExternalDataUnavailable.code, why=why, fix="python -m pc data doctor", rc=TRY_LATER)


def _named(lacking: list[Found]) -> str:
    """The reasons, each once, with whom it concerns."""
    by_why: dict[str, list[str]] = {}
    for found in lacking:
        kinds = ", ".join(dict.fromkeys(f"{one.provider} {one.kind}" for one in found.silent))
        by_why.setdefault(kinds or "nobody has newer prices", []).append(found.instrument)
    return "; ".join(f"{few_of(names)} ({why})" for why, names in by_why.items())


def _lines(done: Ingested, language: str) -> Iterable[str]:
    """What is not as it should be, those with the same reason together."""
    alike: dict[tuple[str, str], list[str]] = {}
    for found in done.founds:
        for key, facts in _said_of(found):
            alike.setdefault((key, wording(_WORDS, key, name="{name}", **facts).in_language(language)), []).append(
                found.instrument
            )
    for (_, line), names in alike.items():
        yield line.replace("{name}", few_of(names, _NAMED))


def _said_of(found: Found) -> Iterable[tuple[str, dict[str, object]]]:
    used, series = found.used, found.series
    if found.state in ("old", "ended") and series:
        yield found.state, {"last": series.end, "why": found.why or _NOBODY}
    elif found.state in ("unavailable", "failed"):
        yield "nobody" if is_code(found.instrument) else "unavailable", {"why": found.why or _NOBODY}
    if used and used.stands_in:
        yield "stands_in", {"symbol": used.symbol}
    if used and found.revised:
        yield "revised", {"provider": used.provider, "days": len(found.revised)}


def _show_faults(settings: Settings, done: Ingested) -> None:
    for provider, why in done.faults.items():
        _say(settings, "fault", name=provider, why=why)


def _say(settings: Settings, key: str, **facts: object) -> None:
    print(one_line(wording(_WORDS, key, **facts).in_language(settings.language)), file=sys.stderr)


def _close(done: Ingested, began: float, as_json: bool) -> int:
    count = {state: sum(found.state == state for found in done.founds) for state in ("current", "ended", *_LACKING)}
    lacking = sum(count[state] for state in _LACKING)
    facts: dict[str, Any] = {"day": done.day, **count, "findings": len(done.findings)}
    word, rc = ("FAILED", FAILED) if done.faults else ("DEGRADED", TRY_LATER) if lacking else ("OK", OK)
    close(word, facts, time.monotonic() - began, facts | _document(done) if as_json else None)
    return rc


def _document(done: Ingested) -> dict[str, Any]:
    symbols = {
        found.instrument: {
            "state": found.state,
            "provider": found.used.provider if found.used else None,
            "last": str(found.series.end) if found.series else None,
            "silent": [one._asdict() for one in found.silent],
            "revised": sorted(found.revised),
        }
        for found in done.founds
    }
    return {"day": str(done.day), "symbols": symbols, "faults": done.faults}


def _minutes(seconds: float) -> str:
    return f"{int(seconds // 60)}:{int(seconds % 60):02d}"
