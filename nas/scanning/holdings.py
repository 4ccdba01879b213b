"""What is held: as a person wrote it down in <data>/holdings.yaml or .csv, else as the signals of the last day had it.

It exists so that SELL and HOLD speak of somebody's real positions, and of those the signals led to where nobody says.
"""

from __future__ import annotations

import contextlib
import csv
import io
from datetime import date
from pathlib import Path
from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Tuple

from nas.scanning.document import Place, kept_signals
from shared.codes import code_in, trouble_with
from shared.errors import SettingInvalid
from shared.settings_file import words_in

_DOING = "reading the holdings in"
_LISTS = ("holdings", "positions", "codes", "tickers", "basket")
_CODES = ("code", "ticker", "symbol", "종목코드", "티커")
_AMOUNTS = ("weight", "shares", "quantity", "비중", "수량")
_NO = ("false", "no", "n", "off")
_FIX = 'write `holdings: ["069500", "000660"]`, or a CSV with the columns code and weight (docs/jobs.md)'


class Holdings(NamedTuple):
    """Who is held; `origin`: file, signals or nobody; `day`: of which signals."""

    symbols: Tuple[str, ...]
    origin: str
    day: str = ""


def holdings_of(data: Path, day: date, strategy: str, synthetic: bool = False) -> Holdings:
    """A file wins, also one that says that nothing is held; SettingInvalid where it cannot be read for sure. What made-up prices
    led to is held by nobody who scans real ones."""
    files = [file for file in (data / "holdings.yaml", data / "holdings.csv") if file.is_file()]
    if len(files) > 1:
        raise SettingInvalid(f"{_DOING} {data}", "holdings.yaml and holdings.csv are both there", "remove the older one")
    if files:
        return Holdings(tuple(dict.fromkeys(_in_file(files[0]))), "file")
    before = kept_signals(Place(data, day, strategy, synthetic))
    if before is None:
        return Holdings((), "nobody")
    rows = [*before.get("buy", []), *before.get("hold", [])]
    return Holdings(tuple(str(row["code"]) for row in rows if isinstance(row, dict) and "code" in row), "signals", before["day"])


def _in_file(file: Path) -> Iterable[str]:
    rows = _rows_of_yaml(file) if file.suffix == ".yaml" else _rows_of_csv(file)
    for place, row in enumerate(rows, 1):
        code = _code_of(row) if isinstance(row, dict) else row
        if not isinstance(row, dict) or _is_held(row):
            yield _checked(file, place, code)


def _rows_of_yaml(file: Path) -> List[Any]:
    """A list, or one below any of its usual names; read as it is written, so that 000660 keeps its zeros."""
    said = words_in(file, _DOING)
    if isinstance(said, dict):
        names = [name for name in _LISTS if name in said]
        said = said[names[0]] if len(names) == 1 else ""
    if not isinstance(said, list) and said is not None:
        raise SettingInvalid(f"{_DOING} {file}", "it holds no list of codes", _FIX)
    return said or []


def _rows_of_csv(file: Path) -> List[Dict[str, str]]:
    content = file.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp949", "replace")  # as Korean spreadsheets write it
    rows = list(csv.DictReader(io.StringIO(text)))
    if rows and not any(_said(rows[0], name) is not None for name in _CODES):
        raise SettingInvalid(f"{_DOING} {file}", f"there is no column of codes in {', '.join(filter(None, rows[0]))}", _FIX)
    return rows


def _code_of(row: Dict[str, Any]) -> object:
    return next((value for name in _CODES if (value := _said(row, name)) is not None), None)


def _is_held(row: Dict[str, Any]) -> bool:
    """Not where is_active says no, nor where every amount that is told is none; an empty cell tells nothing of the others."""
    if _is_nothing(_said(row, "is_active"), or_empty=False):
        return False
    amounts = [value for name in _AMOUNTS if (value := _said(row, name)) is not None]
    return not amounts or any(not _is_nothing(value, or_empty=True) for value in amounts)


def _is_nothing(value: object, or_empty: bool) -> bool:
    text = "" if value is None else str(value).strip().lower()
    if not text:
        return or_empty
    with contextlib.suppress(ValueError):
        return float(text.rstrip("%").replace(",", "")) == 0
    return text in _NO


def _said(row: Dict[str, Any], name: str) -> Optional[Any]:
    return next((value for key, value in row.items() if str(key).strip().lower() == name), None)


def _checked(file: Path, place: int, code: object) -> str:
    """As the exchange writes it; a code that lost its zeros is nobody's."""
    text = str(code or "").strip()
    text = code_in(text) or text
    trouble = trouble_with(text)
    if trouble:
        raise SettingInvalid(f"{_DOING} {file}", f"number {place} {trouble}", "save the codes as text, with their zeros")
    return text
