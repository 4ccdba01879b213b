"""Indexes of the Korean exchange from its own site, by pykrx: "1001" is KOSPI, "2001" KOSDAQ.

It exists as the free way to the exchange's own numbers. It needs a login of a member (KRX_ID, KRX_PW), and one at a time:
logging in here ends a session of the same member elsewhere.
"""

from __future__ import annotations

import importlib
import json
from dataclasses import replace
from datetime import date
from typing import Any

from shared import clock
from shared.market.bars import Bars, believed
from shared.market.providers._finished import SEOUL, last_finished
from shared.market.providers._frames import KOREAN, bars_in
from shared.market.providers._pykrx import Site, load_pykrx

INDEXES_OF_KOREA = True
NAMES = {"1001": "코스피", "1028": "코스피 200", "2001": "코스닥"}
_COLUMNS = ("TRD_DD", "OPNPRC_IDX", "HGPRC_IDX", "LWPRC_IDX", "CLSPRC_IDX", "ACC_TRDVOL", "ACC_TRDVAL", "MKTCAP")


def prepare() -> None:
    """pykrx takes seconds to load."""
    load_pykrx()


def fetch(symbol: str, start: date, end: date) -> Bars:
    """Its bars between these days; an index is chained over whatever happens to its members, so they are adjusted."""
    doing = f"asking the exchange's site for the index {symbol}"
    stock: Any = importlib.import_module("pykrx.stock")
    days = f"{start:%Y%m%d}", f"{end:%Y%m%d}"
    table = _SITE.asked(lambda: stock.get_index_ohlcv_by_date(*days, symbol, name_display=False), _rows_in, doing)
    columns = {**KOREAN, "value": "거래대금"}
    bars = replace(bars_in(table, symbol, columns, doing), adjusted=True, name=NAMES.get(symbol, symbol))
    return believed(bars, doing, start, min(end, last_finished(SEOUL, clock.now())))


def _rows_in(body: bytes) -> int:
    told = json.loads(body)
    rows = told.get("output") if isinstance(told, dict) else None
    if not isinstance(rows, list):
        raise ValueError("it has no output")
    missing = sorted({name for row in rows for name in _COLUMNS if name not in row})
    if missing:
        raise ValueError(f"it has no {', '.join(missing)}")
    return len(rows)


_SITE = Site(with_login=True)
