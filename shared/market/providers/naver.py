"""Naver's chart of daily bars: adjusted for splits, without the traded value, and without a key or a login.

It exists because it is the one source of adjusted Korean prices that answers anybody; nobody promised that it stays.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from shared import clock
from shared.market.bars import Bars, bars_from, believed
from shared.market.outage import ExternalDataUnavailable
from shared.market.providers._web import answer_of
from shared.market.sessions import last_final_day
from shared.market.tables import day_in, text_of

SECONDS = 20.0
_ADDRESS = "http://fchart.stock.naver.com/sise.nhn"
_INDEXES = ("KOSPI", "KOSDAQ")
_COLUMNS = ("open", "high", "low", "close", "volume")
_SYMBOL = re.compile(r"[0-9][0-9A-Z]{5}")
_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")  # it names an encoding, and the text is none any more
_MORE = 10  # bars beyond those counted


def fetch(symbol: str, start: date, end: date) -> Bars:
    """Its bars between these days; that of a session which is not over is not among them."""
    doing, now = f"asking Naver for {symbol}", clock.now()
    if not _SYMBOL.fullmatch(symbol) and symbol not in _INDEXES:
        raise ExternalDataUnavailable(doing, "it knows Korean codes, KOSPI and KOSDAQ", "empty")
    address = os.environ.get("NAVER_CHART_URL", _ADDRESS)
    asked = f"symbol={quote(symbol)}&timeframe=day&count={_count(start, now)}&requestType=0"
    bars = bars_in(answer_of(f"{address}?{asked}", {"User-Agent": "Mozilla/5.0"}, SECONDS, doing), symbol, now)
    return believed(bars, doing, start, end)


def bars_in(body: bytes, symbol: str, now: datetime) -> Bars:
    """All bars of an answer that came at that moment; ExternalDataUnavailable where it is none to this question."""
    doing = f"reading Naver's answer for {symbol}"
    chart = _chart(body, doing)
    if chart.get("symbol") != symbol:
        raise ExternalDataUnavailable(doing, f"it is one for {chart.get('symbol')!r:.40}", "schema_drift")
    rows = list(_rows(chart, doing))
    last, today = last_final_day(now), now.astimezone(clock.KST).date()
    ahead = next((row["date"] for row in rows if row["date"] > today), None)
    if ahead:
        raise ExternalDataUnavailable(doing, f"{ahead} is yet to come", "schema_drift")
    if symbol in _INDEXES:  # its volume is in thousands, of what, nobody says
        rows = [{**row, "volume": float("nan")} for row in rows]
    kept = [row for row in rows if row["date"] <= last]
    return bars_from(symbol, kept, adjusted=True, name=chart.get("name", ""), raw={f"{symbol}.xml": body})


def _count(start: date, now: datetime) -> int:
    """It is asked for so many bars back from today: the weekdays since then, and some more."""
    days = now.astimezone(clock.KST).date() - start
    return max(days // timedelta(days=1), 0) * 5 // 7 + _MORE


def _chart(body: bytes, doing: str) -> ElementTree.Element:
    try:
        text = text_of(body)
        if "<!" in text:  # an answer that defines words of its own may grow without end
            raise ExternalDataUnavailable(doing, "it is not the XML of a chart", "schema_drift")
        chart = ElementTree.fromstring(_DECLARED.sub("", text)).find("chartdata")  # noqa: S314 - nothing in it is defined
    except (UnicodeDecodeError, ElementTree.ParseError) as error:
        raise ExternalDataUnavailable(doing, f"it is no whole XML ({error})"[:200], "schema_drift") from None
    if chart is None:
        raise ExternalDataUnavailable(doing, "it has no chartdata", "schema_drift")
    return chart


def _rows(chart: ElementTree.Element, doing: str) -> Iterator[dict[str, Any]]:
    for item in chart:
        told = item.get("data", "")
        day, *numbers = told.split("|")
        try:
            values = dict(zip(_COLUMNS, map(float, numbers), strict=True))
            yield {"date": day_in(day), **values}
        except ValueError:
            raise ExternalDataUnavailable(doing, f"{told!r:.60} is no day with five numbers", "schema_drift") from None
