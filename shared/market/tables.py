"""What the tables people have are like: their encodings, what their columns are called, how they write a day.

It exists so that a spreadsheet that reads as prices reads as a list of symbols too, by the same names and the same days.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

COLUMNS = {
    "symbol": ["symbol", "ticker", "code", "종목코드", "단축코드", "티커"],
    "name": ["name", "종목명", "한글종목약명"],
    "kind": ["kind", "market", "구분", "시장구분"],
    "delisted": ["delisted", "상장폐지일"],
    "from": ["from", "listed", "상장일"],
    "to": ["to", "delisted", "상장폐지일"],
    "date": ["date", "날짜", "일자", "거래일", "거래일자"],
    "open": ["open", "시가"],
    "high": ["high", "고가"],
    "low": ["low", "저가"],
    "close": ["close", "종가"],
    "volume": ["volume", "거래량"],
    "value": ["value", "거래대금"],
}


def columns_called(ours: str, names: Iterable[str]) -> list[str]:
    """Those of a table's columns that are ours by another name, as they are written there."""
    return [name for name in names if name.strip().lower() in COLUMNS[ours]]


def text_of(content: bytes, errors: str = "strict") -> str:
    """As UTF-8, with a mark before it or not, else as Korean spreadsheets write it; UnicodeDecodeError where it is neither."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp949", errors)


def day_in(text: str) -> date:
    """The day of `2024-01-02`, `2024/01/02`, `2024.01.02` or `20240102`; ValueError where it is none of them."""
    return date.fromisoformat(text.strip().replace("/", "-").replace(".", "-"))
