"""Shares and ETFs of the Korean exchange by their code, adjusted, by pykrx: it asks Naver's chart, without a login.

It exists beside `naver` for whoever holds to pykrx. Of pykrx's ways only this one is adjusted and knows ETFs too; it does not
tell the traded value.
"""

from __future__ import annotations

import importlib
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from xml.etree import ElementTree

from shared import clock
from shared.codes import is_code
from shared.market.bars import Bars, believed
from shared.market.outage import ExternalDataUnavailable
from shared.market.providers._finished import SEOUL, last_finished
from shared.market.providers._frames import KOREAN, bars_in
from shared.market.providers._pykrx import Site, load_pykrx

SOURCE = "naver"
_FIELDS = 6


def prepare() -> None:
    """pykrx takes seconds to load."""
    load_pykrx()


def fetch(symbol: str, start: date, end: date) -> Bars:
    """Its bars between these days, splits and rights in the prices, dividends not."""
    doing = f"asking Naver's chart for {symbol}"
    if not is_code(symbol):
        raise ExternalDataUnavailable(doing, "it knows Korean codes alone", "empty")
    stock: Any = importlib.import_module("pykrx.stock")
    days = f"{start:%Y%m%d}", f"{end:%Y%m%d}"
    table = _SITE.asked(lambda: stock.get_market_ohlcv_by_date(*days, symbol, adjusted=True), partial(_rows_in, symbol), doing)
    bars = replace(bars_in(table, symbol, KOREAN, doing), adjusted=True)
    return believed(bars, doing, start, min(end, last_finished(SEOUL, clock.now())))


def _rows_in(symbol: str, body: bytes) -> int:
    """Its days are those not asked for too: how many there are says nothing."""
    try:
        # The names in it are in EUC-KR, which the parser cannot do; numbers are the same in either.
        told = ElementTree.fromstring(body.decode("latin-1"))  # noqa: S314 - expat itself limits what entities may grow to
    except ElementTree.ParseError as error:
        raise ValueError(str(error)) from None
    chart = told.find("chartdata")
    if chart is None or chart.get("symbol") != symbol:
        raise ValueError(f"it is no chart of {symbol}")
    for item in told.iter("item"):
        fields = (item.get("data") or "").split("|")
        if len(fields) != _FIELDS or not all(field.isdigit() for field in fields):
            raise ValueError(f"a day is {'|'.join(fields)!r:.60}")
    return 0


_SITE = Site(with_login=False)
