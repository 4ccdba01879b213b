"""Korean and US prices by FinanceDataReader, the last resort: "KS11", "069500", "SPY".

It exists for whoever puts it into a chain; no chain that is shipped has it. Its indexes come from a copy that one person keeps,
year by year, and of a year it cannot have it says nothing: here every year that was asked for must be there.
"""

from __future__ import annotations

import importlib
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from shared import clock
from shared.codes import is_code
from shared.market.bars import Bars, believed
from shared.market.outage import ExternalDataUnavailable
from shared.market.providers._finished import NEW_YORK, SEOUL, last_finished
from shared.market.providers._frames import ENGLISH, bars_in
from shared.market.providers._heard import limit, loaded, outage_of
from shared.market.providers._web import refusal

_INDEXES = {"KS11": "ks11", "KOSPI": "ks11", "KQ11": "kq11", "KOSDAQ": "kq11", "KS200": "ks200", "KPI200": "ks200"}
_COPY = "https://raw.githubusercontent.com/FinanceData/fdr_krx_data_cache/refs/heads/master/data/index/year_{}/{}.csv"
_NAVER = "https://fchart.stock.naver.com/sise.nhn?timeframe=day&count=6000&requestType=0&symbol={}"
_UNKNOWN, _ODD = 404, "its answer is another than it was"
_MISREAD = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)  # how a library fails over an odd answer


def prepare() -> None:
    """FinanceDataReader takes seconds to load."""
    loaded("FinanceDataReader", "fdr", "loading FinanceDataReader")


def fetch(symbol: str, start: date, end: date) -> Bars:
    """Its bars between these days, splits in the prices and dividends not; the traded value of an index alone."""
    doing = f"asking FinanceDataReader for {symbol}"
    if ":" in symbol or (symbol[:4].isdigit() and not is_code(symbol)):
        raise ExternalDataUnavailable(doing, "it is asked for Korean codes, KOSPI, KOSDAQ and US symbols alone", "empty")
    table = _table(symbol, start, end + timedelta(days=1), doing)
    if not len(table):
        _look_again(symbol, start.year, doing)
    columns = ENGLISH | ({"value": "Amount"} if symbol in _INDEXES else {})
    bars = replace(bars_in(table, symbol, columns, doing), adjusted=True)
    zone = SEOUL if symbol in _INDEXES or is_code(symbol) else NEW_YORK
    bars = believed(bars, doing, start, min(end, last_finished(zone, clock.now())))
    if symbol in _INDEXES:
        _refuse_half_a_copy(bars, symbol, start.year, doing)
    return bars


def _table(symbol: str, start: date, end: date, doing: str) -> Any:
    """It asks Yahoo up to the midnight before the last day: whoever wants that day says the next."""
    library: Any = importlib.import_module("FinanceDataReader")
    try:
        return library.DataReader(symbol, start.isoformat(), end.isoformat())
    except _MISREAD as error:  # it looks at no answer before it takes it apart
        why = f"{_ODD} ({type(error).__name__}: {error})"[:200]
        raise ExternalDataUnavailable(doing, why, "schema_drift") from None
    except OSError as error:
        answer = getattr(error, "response", None)
        if answer is not None and answer.status_code >= 400:
            raise _refused(answer, doing) from None
        raise outage_of(error, doing) or error from None


def _look_again(symbol: str, year: int, doing: str) -> None:
    """An empty table is also what it makes of a refusal, and of a busy server: that is seen where it had asked."""
    if symbol in _INDEXES:
        address, begins = _COPY.format(_INDEXES[symbol], year), b"Date,"
    elif is_code(symbol):
        address, begins = _NAVER.format(symbol), b"<?xml"
    else:
        return
    asking: Any = importlib.import_module("requests")
    try:
        answer = asking.get(address, headers={"User-Agent": "Mozilla/5.0"}, timeout=limit() / 2)
    except OSError as error:
        raise outage_of(error, doing) or error from None
    if answer.status_code >= 400:
        raise _refused(answer, doing)
    if not answer.content.startswith(begins) or b"<item" in answer.content:
        raise ExternalDataUnavailable(doing, _ODD, "schema_drift")


def _refused(answer: Any, doing: str) -> ExternalDataUnavailable:
    """The symbol, or the year, is a part of the address: what is not there is not known."""
    if answer.status_code == _UNKNOWN:
        return ExternalDataUnavailable(doing, "it is not known there", "empty")
    return refusal(answer.status_code, answer.headers.get("Retry-After"), doing)


def _refuse_half_a_copy(bars: Bars, symbol: str, first: int, doing: str) -> None:
    """A year that did not come is left out of its table without a word; a file cut off ends within a line."""
    there = {day.year for day in bars.dates.tolist()}
    for year in range(first, max(there)):
        if year not in there:
            _look_again(symbol, year, doing)
            raise ExternalDataUnavailable(doing, f"nothing of {year} came, and later years did", "empty")
    if any(np.isnan(array[-1]) for array in bars.numbers.values()):
        raise ExternalDataUnavailable(doing, f"its line of {bars.dates[-1]} is not whole", "schema_drift")
