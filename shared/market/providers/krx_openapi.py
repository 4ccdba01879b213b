"""The exchange's own open API: one answer has every symbol of a day, as traded and not adjusted.

It exists as the only source with a contract. It needs a key (KRX_OPENAPI_KEY) to which each of its services was granted.
"""

from __future__ import annotations

import functools
import json
import os
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from shared.codes import is_code
from shared.krx_calendar import shipped_calendar
from shared.market.bars import Bars, bars_from, believed
from shared.market.outage import ExternalDataUnavailable
from shared.market.providers._web import answer_of

INDEXES_OF_KOREA = True
SECONDS = 20.0  # of one question
_ADDRESS = "https://data-dbg.krx.co.kr/svc/apis"
_OF_CODES = ("etp/etf_bydd_trd", "sto/stk_bydd_trd", "sto/ksq_bydd_trd")
_INDEXES = {
    "KOSPI": ("idx/kospi_dd_trd", "코스피"),
    "1001": ("idx/kospi_dd_trd", "코스피"),
    "KOSDAQ": ("idx/kosdaq_dd_trd", "코스닥"),
    "2001": ("idx/kosdaq_dd_trd", "코스닥"),
}
_OF_AN_INDEX = {"open": "OPNPRC_IDX", "high": "HGPRC_IDX", "low": "LWPRC_IDX", "close": "CLSPRC_IDX"}
_OF_A_CODE = {"open": "TDD_OPNPRC", "high": "TDD_HGPRC", "low": "TDD_LWPRC", "close": "TDD_CLSPRC"}
_SATURDAY = 5
_OF_BOTH = {"volume": "ACC_TRDVOL", "value": "ACC_TRDVAL"}

Row = dict[str, Any]
_asked_at = [0.0]
_came: dict[str, bytes] = {}  # answers since the last bars were given: they go along with the next, each once


def fetch(symbol: str, start: date, end: date) -> Bars:
    """Its bars between these days; a day the exchange has no answer for yet is not among them."""
    doing = f"asking the exchange's open API for {symbol}"
    found = list(_rows(symbol, _days(start, end), doing))
    name = str(found[-1][1].get("ISU_NM", symbol)) if found else symbol
    columns = (_OF_AN_INDEX if symbol in _INDEXES else _OF_A_CODE) | _OF_BOTH
    rows = [{"date": day, **{ours: _number(row, theirs, doing) for ours, theirs in columns.items()}} for day, row in found]
    raw = {name: _came.pop(name) for name in list(_came)}
    bars = bars_from(symbol, rows, adjusted=symbol in _INDEXES, name=name, raw=raw)
    return believed(bars, doing, start, end)


def _days(start: date, end: date) -> list[date]:
    """The sessions between these days; before the first one the calendar knows there are none, after its last one every
    weekday may be one."""
    calendar = shipped_calendar()
    known = calendar.verified_through
    beyond = [known + timedelta(days=number) for number in range(1, (end - known).days + 1)]
    later = [day for day in beyond if day >= start and day.weekday() < _SATURDAY]
    return [*calendar.sessions(min(max(start, calendar.first), known), min(end, known)), *later]


def _rows(symbol: str, days: list[date], doing: str) -> Iterator[tuple[date, Row]]:
    """Of each day the symbol's row, from the service that has it."""
    key, found = _INDEXES[symbol][1] if symbol in _INDEXES else symbol, None
    for day in days:
        found = found or _service_of(key, day, _services(symbol, doing))
        row = _day(found, day).get(key) if found else None
        if row:
            yield day, row


def _service_of(key: str, day: date, services: list[str]) -> str | None:
    """The first of these that has it on that day; None where none has. A key is granted service by service: one that is
    refused is the reason only where no other has the symbol."""
    refused = list[ExternalDataUnavailable]()
    for service in services:
        if key in _granted(service, day, refused):
            return service
    if refused:
        raise refused[0]
    return None


def _granted(service: str, day: date, refused: list[ExternalDataUnavailable]) -> dict[str, Row]:
    try:
        return _day(service, day)
    except ExternalDataUnavailable as error:
        if error.kind != "auth":
            raise
        refused.append(error)
        return {}


def _services(symbol: str, doing: str) -> list[str]:
    if symbol in _INDEXES:
        return [_INDEXES[symbol][0]]
    if not is_code(symbol):
        raise ExternalDataUnavailable(doing, "it knows Korean codes, KOSPI and KOSDAQ", "empty")
    return list(_OF_CODES)


@functools.lru_cache(maxsize=64)
def _day(service: str, day: date) -> dict[str, Row]:
    """Everything of that day by its code or name: one question for however many symbols."""
    doing = f"asking the exchange's open API for {service} of {day}"
    key = os.environ.get("KRX_OPENAPI_KEY", "").strip()  # a file of settings that was written on Windows ends it with \r
    if not (key and key.isascii() and key.isprintable()):
        raise ExternalDataUnavailable(doing, "KRX_OPENAPI_KEY is not set, or no key", "disabled")
    address = os.environ.get("KRX_OPENAPI_URL", _ADDRESS).rstrip("/")
    _rest()
    body = answer_of(f"{address}/{service}?basDd={day:%Y%m%d}", {"AUTH_KEY": key}, SECONDS, doing)
    try:
        told = json.loads(body.decode("utf-8"))
    except ValueError as error:
        raise ExternalDataUnavailable(doing, f"{service} did not answer in JSON ({error})"[:200], "schema_drift") from None
    rows = told.get("OutBlock_1") if isinstance(told, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ExternalDataUnavailable(doing, f"{service} answered without OutBlock_1", "schema_drift")
    named = _named(rows, day, doing)
    _came[f"{service.replace('/', '-')}-{day:%Y%m%d}.json"] = body
    return named


def _rest() -> None:
    """So long between two of its answers: a backfill is thousands of them, and an address that hurries is blocked."""
    apart = float(os.environ.get("KRX_OPENAPI_APART", "0.2"))
    time.sleep(max(0.0, _asked_at[0] + apart - time.monotonic()))
    _asked_at[0] = time.monotonic()


def _named(rows: list[Row], day: date, doing: str) -> dict[str, Row]:
    """Each by its code or name; another day's answer is not taken for this one's."""
    found = dict[str, Row]()
    for row in rows:
        name, told = str(row.get("ISU_CD") or row.get("IDX_NM")), str(row.get("BAS_DD"))
        if told != f"{day:%Y%m%d}":
            raise ExternalDataUnavailable(doing, f"its answer is one of {told!r:.40}", "schema_drift")
        if found.setdefault(name, row) != row:
            raise ExternalDataUnavailable(doing, f"it has {name!r:.40} twice, and they differ", "schema_drift")
    return found


def _number(row: Row, column: str, doing: str) -> float:
    if column not in row:
        raise ExternalDataUnavailable(doing, f"its answer has no {column}", "schema_drift")
    text = str(row[column]).replace(",", "").strip()
    if text in ("", "-"):
        return float("nan")
    try:
        return float(text)
    except ValueError:
        raise ExternalDataUnavailable(doing, f"{column} is {text!r:.40}", "schema_drift") from None
