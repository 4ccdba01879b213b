"""yfinance, told not to hide its errors, asked over a session of ours and never out of its memory.

It exists because it takes a busy Yahoo, a refusal and a changed answer for a symbol that is "possibly delisted".
"""

from __future__ import annotations

import functools
import importlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from shared import clock
from shared.market.bars import Bars, believed
from shared.market.outage import ExternalDataUnavailable
from shared.market.prices import Floats
from shared.market.providers._finished import last_finished
from shared.market.providers._frames import bars_in
from shared.market.providers._heard import Answer, Line, limit, loaded, outage_of
from shared.market.providers._web import refusal

_CHART = "/v8/finance/chart/"
_SHARE = 0.4  # of the limit: it asks for a chart twice
_MISREAD = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)  # how a library fails over an odd answer
_QUOTED = ("open", "high", "low", "close", "volume")
_ODD = "its answer is another than it was"


def load_yfinance() -> None:
    """Loaded; what it keeps of cookies and time zones goes with the process, and no error is hidden."""
    library: Any = loaded("yfinance", "market", "loading yfinance")
    library.set_tz_cache_location(tempfile.mkdtemp(prefix="yfinance-"))
    library.config.debug.hide_exceptions = False
    library.config.network.retries = 0  # whoever asks us knows how often
    _line()


def bars_of_yahoo(symbol: str, days: tuple[date, date], columns: Mapping[str, str], doing: str) -> Bars:
    """Its bars from one day to the other: splits are in the prices and dividends are not, as exchanges show them."""
    line = _line()
    line.begin(doing)
    table = _table(symbol, days, line, doing)
    told = _told(line.answers[-1], symbol, doing)
    found = bars_in(table, symbol, columns, doing)
    numbers = {name: array if name == "volume" else _as_told(array) for name, array in found.numbers.items()}
    bars = replace(found, numbers=numbers, adjusted=True, name=str(told.get("shortName") or ""))
    return believed(bars, doing, days[0], min(days[1], _last_finished(str(told["exchangeTimezoneName"]), doing)))


def _table(symbol: str, days: tuple[date, date], line: Line, doing: str) -> Any:
    library, data = importlib.import_module("yfinance"), importlib.import_module("yfinance.data")
    data.YfData.cache_get.cache_clear()  # else it answers out of its memory, also what was no answer
    end = days[1] + timedelta(days=1)
    try:
        asked = library.Ticker(symbol, session=line.session)
        return asked.history(start=days[0], end=end, auto_adjust=False, actions=False, timeout=limit())
    except library.exceptions.YFRateLimitError:
        raise ExternalDataUnavailable(doing, "Yahoo is asked too often", "rate_limit") from None
    except (library.exceptions.YFException, OSError, *_MISREAD) as error:
        if line.answers:
            _told(line.answers[-1], symbol, doing)
        if isinstance(error, library.exceptions.YFPricesMissingError):
            raise ExternalDataUnavailable(doing, "Yahoo has no price of these days", "empty") from None
        raise (outage_of(error, doing) if isinstance(error, OSError) else None) or error from None


def _told(answer: Answer, symbol: str, doing: str) -> dict[str, Any]:
    """What the answer says of the symbol; ExternalDataUnavailable where it is a refusal, or has not its usual shape."""
    try:
        chart = json.loads(answer.body)["chart"]
        if answer.status in (401, 403):
            raise refusal(answer.status, answer.retry_after, doing)
        if chart["error"]:
            why = f"Yahoo says: {chart['error']['description']}"[:200]
            raise ExternalDataUnavailable(doing, why, "empty")
        result = chart["result"][0]
        told: dict[str, Any] = result["meta"]
        odd = _oddity(result)
    except _MISREAD as error:
        if answer.status >= 400:
            raise refusal(answer.status, answer.retry_after, doing) from None
        raise ExternalDataUnavailable(doing, f"{_ODD} ({type(error).__name__}: {error})"[:200], "schema_drift") from None
    if not odd and str(told["symbol"]).upper() != symbol.upper():
        odd = f"it is one of {told['symbol']!r:.40}"
    if odd:
        raise ExternalDataUnavailable(doing, f"{_ODD}: {odd}", "schema_drift")
    return told


def _oddity(result: dict[str, Any]) -> str:
    """What is not as yfinance takes it for granted, or nothing. A symbol without bars in those days has an empty quote."""
    quote = result["indicators"]["quote"][0]
    missing = [name for name in _QUOTED if quote and name not in quote]
    missing += [name for name in ("symbol", "exchangeTimezoneName") if name not in result["meta"]]
    if missing:
        return f"it has no {', '.join(missing)}"
    for name in _QUOTED if quote else ():
        if len(quote[name]) != len(result["timestamp"]):
            return f"it has {len(result['timestamp'])} days and of {name} {len(quote[name])}"
        words = [value for value in quote[name] if not isinstance(value, (int, float, type(None)))]
        if words:
            return f"{name} is {words[0]!r:.40}"
    return ""


def _as_told(prices: Floats) -> Floats:
    """Yahoo's prices are numbers of four bytes: 2669.81 arrives as 2669.81005859375. Shown as they were meant."""
    short = prices.astype(np.float32)
    meant: Floats = np.where(short == prices, short.astype(str).astype(np.float64), prices)
    return meant


def _last_finished(zone: str, doing: str) -> date:
    try:
        return last_finished(zone, clock.now())
    except (LookupError, ValueError):
        raise ExternalDataUnavailable(doing, f"{_ODD}: nobody knows the zone {zone!r:.40}", "schema_drift") from None


@functools.cache
def _line() -> Line:
    """To Yahoo: a browser's way of speaking where curl_cffi is there, else that of requests. Of what is no chart, cookies and
    the like, nothing is an outage: without them it gives charts too."""
    try:
        session = loaded("curl_cffi.requests", "market", "loading yfinance").Session(impersonate="chrome")
    except ExternalDataUnavailable:
        session = loaded("requests", "market", "loading yfinance").Session()
    return Line(session, lambda url: _SHARE * limit() if _CHART in url else None)
