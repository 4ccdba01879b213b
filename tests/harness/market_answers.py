"""What the exchange, Naver, Yahoo and a store of CSVs answer when they are well, three sessions of it.

It exists beside market_proxy.py, which spoils these answers.
"""

from __future__ import annotations

import json
import re
import secrets
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any, NamedTuple

ID, PASSWORD = "member-of-the-exchange", "sesame-of-the-exchange"
NOBODY, NO_INDEX = "999999", "1999"
KST = timezone(timedelta(hours=9))
# open, high, low, close
DAYS = {
    date(2024, 1, 2): (2_645.47, 2_675.80, 2_641.00, 2_669.81),
    date(2024, 1, 3): (2_643.54, 2_643.54, 2_607.31, 2_607.31),
    date(2024, 1, 4): (2_592.33, 2_602.63, 2_583.89, 2_587.02),
}
VOLUME, VALUE = 3_000_000_000, 9_000_000_000_000  # more shares than 2^31
CLOSES = [prices[3] for prices in DAYS.values()]
WON = {day: tuple(round(price) for price in prices) for day, prices in DAYS.items()}


class Asked(NamedTuple):
    """One question as it came in."""

    host: str
    path: str
    form: dict[str, str]
    cookies: str


@dataclass(frozen=True)
class Answer:
    """What a well server says."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def kind_of(asked: Asked) -> tuple[str, str]:
    """Whose question it is, and what about."""
    if asked.host == "data.krx.co.kr":
        if asked.path.endswith("getJsonData.cmd"):
            return "krx", asked.form["bld"].rsplit("/", 1)[-1]
        return ("login", "") if asked.path.endswith("D1.cmd") else ("page", "")
    if asked.host == "fchart.stock.naver.com":
        return "naver", asked.form["symbol"]
    if asked.host == "raw.githubusercontent.com":
        return "csv", asked.path.split("/index/")[-1]
    if asked.path.startswith("/v8/finance/chart/"):
        return "yahoo", asked.path.rsplit("/", 1)[-1]
    return "cookie", asked.host + asked.path


def right(kind: str, asked: Asked, proxy: Any, mode: str) -> Answer:
    """The answer of a server that is well; a login's is as the mode says."""
    answers: dict[str, Callable[[Asked, Any, str], Answer]] = {
        "krx": _of_the_exchange,
        "login": _of_a_login,
        "naver": _of_naver,
        "yahoo": _of_yahoo,
        "csv": _of_the_store,
    }
    return answers.get(kind, _anything)(asked, proxy, mode)


def _days(proxy: Any) -> list[date]:
    return [*DAYS, *([tomorrow()] if proxy.tomorrow else [])]


def tomorrow() -> date:
    """Of Korea: no exchange's session of that day is over."""
    return (datetime.now(KST) + timedelta(days=1)).date()


def _prices(day: date) -> tuple[float, ...]:
    return DAYS.get(day, (1.0, 1.0, 1.0, 1.0))


def _anything(asked: Asked, proxy: Any, mode: str) -> Answer:
    return Answer(b"crumb-of-yahoo" if asked.path.endswith("getcrumb") else b"<html></html>")


def _of_a_login(asked: Asked, proxy: Any, mode: str) -> Answer:
    """`CD011`: somebody is logged in already; asked again with skipDup, it is all right."""
    code = {"CD010": "CD010", "wrong password": "CD002"}.get(mode, "CD001")
    if mode == "CD011" and asked.form.get("skipDup") != "Y":
        code = "CD011"
    if (asked.form.get("mbrId"), asked.form.get("pw")) != (ID, PASSWORD):
        code = "CD002"
    cookie = secrets.token_hex(8)
    if code == "CD001":
        proxy.sessions.add(cookie)
    told = {"_error_code": code, "_error_message": f"{asked.form.get('mbrId')}: told in words"}
    return Answer(json.dumps(told).encode(), headers={"Set-Cookie": f"JSESSIONID={cookie}; Path=/"})


def _of_the_exchange(asked: Asked, proxy: Any, mode: str) -> Answer:
    """Of an index, between the days asked for, the latest first; nothing without a login."""
    if not any(session in asked.cookies for session in proxy.sessions):
        return Answer(b"LOGOUT", 400)
    names = ("OPNPRC_IDX", "HGPRC_IDX", "LWPRC_IDX", "CLSPRC_IDX")
    rows = []
    for day in reversed(_days(proxy)):
        if asked.form["strtDd"] <= f"{day:%Y%m%d}" <= asked.form["endDd"] and asked.form["indIdx2"] != NO_INDEX[1:]:
            bars = {name: f"{price:,.2f}" for name, price in zip(names, _prices(day), strict=True)}
            more = {"ACC_TRDVOL": f"{VOLUME:,}", "ACC_TRDVAL": f"{VALUE:,}", "MKTCAP": "2,000,000,000,000,000"}
            rows.append({"TRD_DD": f"{day:%Y/%m/%d}", **bars, **more})
    return Answer(json.dumps({"output": rows, "CURRENT_DATETIME": "2024.01.05 AM 09:00:00"}).encode())


def _of_naver(asked: Asked, proxy: Any, mode: str) -> Answer:
    known = asked.form["symbol"] != NOBODY
    days = [(day, [round(price) for price in _prices(day)]) for day in _days(proxy)] if known else []
    items = [f'<item data="{day:%Y%m%d}|{"|".join(map(str, prices))}|{VOLUME}" />' for day, prices in days]
    told = f'symbol="{asked.form["symbol"]}" name="이름" count="3"'
    head = f'<?xml version="1.0" encoding="EUC-KR" ?>\n<protocol>\n<chartdata {told}>'
    text = "\n".join([head, *items, "</chartdata>", "</protocol>", ""])
    return Answer(text.encode("euc-kr"), headers={"Content-Type": "text/xml;charset=EUC-KR"})


def _of_yahoo(asked: Asked, proxy: Any, mode: str) -> Answer:
    symbol = asked.path.rsplit("/", 1)[-1]
    if symbol in (NOBODY + ".KS", "NOPE"):
        told = {"code": "Not Found", "description": "No data found, symbol may be delisted"}
        return Answer(json.dumps({"chart": {"result": None, "error": told}}).encode(), 404)
    korean = symbol.endswith(".KS") or symbol == "^KS11"
    opens = (0, 0) if korean else (14, 30)  # in UTC, in winter
    moments = [datetime(day.year, day.month, day.day, *opens, tzinfo=timezone.utc) for day in _days(proxy)]
    kept = [moment for moment in moments if _is_asked_for(moment, asked.form)]
    rows = [(*_prices(moment.date()), VOLUME) for moment in kept]
    quote = {name: [row[place] for row in rows] for place, name in enumerate(_QUOTED)}
    adjusted = [row[3] * 0.9 for row in rows]  # a dividend was paid since
    zone = ("Asia/Seoul", 32_400, "KRW", "KSC") if korean else ("America/New_York", -18_000, "USD", "PCX")
    meta = {**_META, "symbol": symbol, "exchangeTimezoneName": zone[0], "gmtoffset": zone[1], "currency": zone[2]}
    result = {
        "meta": meta | {"exchangeName": zone[3], "instrumentType": "INDEX" if symbol.startswith("^") else "ETF"},
        "timestamp": [int(moment.timestamp()) for moment in kept],
        "indicators": {"quote": [quote], "adjclose": [{"adjclose": adjusted}]},
    }
    return Answer(json.dumps({"chart": {"result": [result], "error": None}}).encode())


def _is_asked_for(moment: datetime, form: dict[str, str]) -> bool:
    return "period1" not in form or int(form["period1"]) <= moment.timestamp() < int(form["period2"])


def _of_the_store(asked: Asked, proxy: Any, mode: str) -> Answer:
    """One year's file of an index."""
    year = int(asked.path.rsplit("/", 1)[-1][:4])
    days = [day for day in _days(proxy) if day.year == year]
    if not days:
        return Answer(b"404: Not Found", 404)
    lines = ["Date,Open,High,Low,Close,Volume,Amount"]
    lines += [f"{day},{','.join(map(str, _prices(day)))},{VOLUME},{VALUE}" for day in days]
    return Answer(("\n".join(lines) + "\n").encode())


_QUOTED = ("open", "high", "low", "close", "volume")
_META = {"priceHint": 2, "validRanges": ["1d", "5d", "1mo", "max"], "dataGranularity": "1d", "range": "", "fullExchangeName": "x"}
RENAMED = {
    "krx": (b"CLSPRC_IDX", b"CLOSE"),
    "naver": (b"<item data=", b"<item values="),
    "yahoo": (b'"close"', b'"last"'),
    "csv": (b"Close", b"Last"),
}
BARRED = {
    "krx": (b"2,669.81", b"many"),
    "naver": (b"|2670|", b"|many|"),
    "yahoo": (b"2669.81", b'"many"'),
    "csv": (b"2669.81", b"many"),
}
EMPTY: dict[str, tuple[int, bytes]] = {
    "krx": (200, b'{"output":[]}'),
    "naver": (
        200,
        b'<?xml version="1.0" encoding="EUC-KR" ?><protocol><chartdata symbol="069500" count="0"></chartdata></protocol>',
    ),
    "yahoo": (404, b'{"chart":{"result":null,"error":{"code":"Not Found","description":"No data found"}}}'),
    "csv": (200, b"Date,Open,High,Low,Close,Volume,Amount\n"),
}


def _no_prices(body: bytes) -> bytes:
    """A holiday as the exchange writes it."""
    told = json.loads(body)
    for row in told["output"]:
        row.update({name: "-" for name in row if name != "TRD_DD"})
    return json.dumps(told).encode()


def _zero_quotes(body: bytes) -> bytes:
    told = json.loads(body)
    indicators = told["chart"]["result"][0]["indicators"]
    for series in (indicators["quote"][0], indicators["adjclose"][0]):
        series.update({name: [0] * len(values) for name, values in series.items()})
    return json.dumps(told).encode()


def without_a_close(body: bytes) -> bytes:
    """Of the second day, as Yahoo writes what it does not know."""
    told = json.loads(body)
    quote = told["chart"]["result"][0]["indicators"]["quote"][0]
    quote["close"] = [None if place == 1 else price for place, price in enumerate(quote["close"])]
    return json.dumps(told).encode()


def in_four_bytes(body: bytes) -> bytes:
    """As Yahoo tells prices: what a number of four bytes makes of them."""
    told = json.loads(body)
    quote = told["chart"]["result"][0]["indicators"]["quote"][0]
    for name in ("open", "high", "low", "close"):
        quote[name] = [struct.unpack("f", struct.pack("f", price))[0] for price in quote[name]]
    return json.dumps(told).encode()


ZEROS: dict[str, Callable[[bytes], bytes]] = {
    "krx": _no_prices,
    "naver": lambda body: re.sub(rb'data="(\d+)\|[^"]*"', rb'data="\1|0|0|0|0|0"', body),
    "yahoo": _zero_quotes,
    "csv": lambda body: re.sub(rb"(?m)^(\d{4}-\d\d-\d\d),.*$", rb"\1,0,0,0,0,0,0", body),
}
