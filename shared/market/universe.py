"""A universe: the symbols one name stands for, each with its days, written in `configs/universes/<name>.yaml`.

It exists so that a request can name a list instead of carrying it, and so that `000660` never becomes 432.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from shared.codes import trouble_with
from shared.errors import SettingInvalid, UniverseUnknown, nearest
from shared.market.listing import KINDS
from shared.market.tables import columns_called, day_in, text_of

_WRITE = 'write `symbols: ["069500", "000660"]`, or see docs/how-to/write-a-universe.md'
_PAGE = "see docs/how-to/write-a-universe.md"
_QUOTES = 'write symbols in quotes, like "000660"'
_COLUMNS = ("symbol", "name", "from", "to")


class Entry(NamedTuple):
    """One symbol of the list: it belongs from `first` to `last`, both included; None: without an end on that side."""

    symbol: str
    name: str
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Universe:
    """What a file of configs/universes says; who belongs on which day follows from it and from prices (membership.py)."""

    name: str
    entries: tuple[Entry, ...]
    point_in_time: bool  # not only those that are listed today: those that died since are in it, with their days
    include: tuple[str, ...] = ()  # a name holds one of these words
    exclude: tuple[str, ...] = ()  # and none of these
    kind: str | None = None
    min_value: float = 0.0  # won traded a day, in the mean of as many days
    days: int = 20


def universe_of(name: str, folder: Path) -> Universe:
    """The universe `name`; UniverseUnknown where there is none, SettingInvalid where its file is wrong."""
    files = {file.stem: file for file in folder.glob("*.yaml")}
    if name not in files:
        raise UniverseUnknown(f"looking for universe {name!r}", f"{folder} has no {name}.yaml", nearest(name, files))
    return _universe_in(files[name])


def symbols_of(name: str, folder: Path) -> list[str]:
    """The symbols of universe `name`, in the file's order, whenever they belong to it."""
    return list(dict.fromkeys(entry.symbol for entry in universe_of(name, folder).entries))


def _universe_in(file: Path) -> Universe:
    said = _Said(f"reading the universe {file}", _content_of(file))
    said.refuse_unknown({"symbols", "csv", "blacklist", "point_in_time", "include", "exclude", "kind", "liquidity"})
    listed = [_entry(said, place, item) for place, item in enumerate(said.some("symbols", list, []), 1)]
    listed += [entry for source in said.some("csv", list, []) for entry in _in_csv(said, source, file.parent)]
    barred = set(_words(said, "blacklist"))
    entries = tuple(entry for entry in dict.fromkeys(listed) if entry.symbol not in barred)
    if not entries:
        raise SettingInvalid(said.doing, "it lists no symbols", _WRITE)
    dated = all(entry.first for entry in entries)
    found = Universe(file.stem, entries, said.some("point_in_time", bool, dated))
    return _with_filters(said, found)


def _with_filters(said: _Said, found: Universe) -> Universe:
    kind, liquidity = said.some("kind", str, None), _Said(f"{said.doing}: liquidity", said.some("liquidity", dict, {}))
    if kind is not None and kind not in KINDS:
        raise SettingInvalid(said.doing, f"kind is {kind!r}", f"one of {', '.join(KINDS)}")
    liquidity.refuse_unknown({"min_value", "days"})
    days = liquidity.number("days", 20)
    if not 1 <= days <= 1000 or days != int(days):
        raise SettingInvalid(liquidity.doing, f"days is {days:g}", "a number of sessions from 1 to 1000")
    words = _words(said, "include"), _words(said, "exclude")
    return Universe(found.name, found.entries, found.point_in_time, *words, kind, liquidity.number("min_value", 0.0), int(days))


def _content_of(file: Path) -> dict[str, Any]:
    doing = f"reading the universe {file}"
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SettingInvalid(doing, f"not YAML: {' '.join(str(error).split())}", _WRITE) from error
    if not isinstance(content, dict):
        raise SettingInvalid(doing, "it lists no symbols", _WRITE)
    return content


class _Said(NamedTuple):
    """A table of the file, and what was being done when it was read."""

    doing: str
    table: dict[Any, Any]

    def refuse_unknown(self, known: set[str]) -> None:
        """A misspelt word is never silently without effect."""
        for word in self.table.keys() - known:
            raise SettingInvalid(self.doing, f"it says {word!r}", nearest(str(word), known))

    def some(self, name: str, kind: type, otherwise: Any) -> Any:
        """What it says under that name; a list may be one word alone."""
        said = self.table.get(name)
        if said is None:
            return otherwise
        if kind is list and isinstance(said, (str, dict)):
            return [said]
        if not isinstance(said, kind):
            raise SettingInvalid(self.doing, f"{name} is {said!r}", _PAGE)
        return said

    def number(self, name: str, otherwise: float) -> float:
        """YAML reads 3e8 as a text: it is a number all the same."""
        said = self.table.get(name, otherwise)
        try:
            found = float(said.replace(",", "").replace("_", "") if isinstance(said, str) else said)
        except (TypeError, ValueError):
            found = -1.0
        if isinstance(said, bool) or not 0 <= found < float("inf"):
            raise SettingInvalid(self.doing, f"{name} is {said!r}", "a number, at least 0, such as 300000000 or 3e8")
        return found

    def day(self, name: str) -> date | None:
        """The day under that name; None where nothing is said."""
        said = self.table.get(name)
        if isinstance(said, datetime):
            return said.date()
        if said is None or said == "" or isinstance(said, date):
            return said or None
        try:
            return day_in(str(said))
        except ValueError as error:
            raise SettingInvalid(self.doing, f"{name} is {said!r}", "write the day as 2024-01-02") from error


def _words(said: _Said, name: str) -> tuple[str, ...]:
    words = said.some(name, list, [])
    trouble: Callable[[Any], str] = (lambda word: trouble_with(word, True)) if name == "blacklist" else _no_word
    for word in words:
        if trouble(word):
            raise SettingInvalid(said.doing, f"a word under {name} {trouble(word)}", _QUOTES)
    return tuple(words)


def _no_word(word: object) -> str:
    return "" if isinstance(word, str) and word.strip() else f"is {word!r}"


def _entry(said: _Said, place: int, item: object) -> Entry:
    one = _Said(f"{said.doing}, symbol {place}", item if isinstance(item, dict) else {"symbol": item})
    one.refuse_unknown({"symbol", "name", "from", "to"})
    trouble = trouble_with(one.table.get("symbol"), in_yaml=True)
    if trouble:
        raise SettingInvalid(said.doing, f"symbol {place} {trouble}", _QUOTES)
    return _ordered(one, Entry(one.table["symbol"], str(one.table.get("name") or ""), one.day("from"), one.day("to")))


def _ordered(one: _Said, entry: Entry) -> Entry:
    if entry.first and entry.last and entry.last < entry.first:
        raise SettingInvalid(one.doing, f"{entry.symbol} ends on {entry.last}, before {entry.first}", "change from and to")
    return entry


def _in_csv(said: _Said, source: object, folder: Path) -> list[Entry]:
    """The rows of one file whose names hold the words of that source."""
    given = _Said(f"{said.doing}: csv", source if isinstance(source, dict) else {"file": source})
    given.refuse_unknown({"file", *_COLUMNS, "include_if", "exclude_if", "strip_prefix"})
    file = folder / given.some("file", str, "")
    try:
        rows = list(csv.DictReader(io.StringIO(text_of(file.read_bytes(), "replace"))))
    except OSError as error:
        raise SettingInvalid(given.doing, f"{file} cannot be read: {error.strerror}", _PAGE) from error
    columns = _columns_of(given, [name for name in rows[0] if name] if rows else [])
    found = [_row(_Said(f"{given.doing} {file.name}, line {line}", row), columns, given) for line, row in enumerate(rows, 2)]
    wanted, unwanted = _words(given, "include_if"), _words(given, "exclude_if")
    return [entry for entry in found if is_wanted(entry.name, wanted, unwanted)]


def _columns_of(given: _Said, there: list[str]) -> dict[str, str]:
    named = {ours: given.some(ours, str, "") for ours in _COLUMNS}
    wrong = [name for name in named.values() if name and name not in there]
    columns = {ours: next(iter([name] if name else columns_called(ours, there)), "") for ours, name in named.items()}
    if wrong or not columns["symbol"]:
        lacking = wrong[0] if wrong else "symbol"
        raise SettingInvalid(given.doing, f"there is no column {lacking!r}", f"there are: {', '.join(there)}")
    return columns


def _row(row: _Said, columns: dict[str, str], given: _Said) -> Entry:
    cells = {ours: (row.table.get(column) or "").strip() for ours, column in columns.items()}
    symbol = cells["symbol"].removeprefix(given.some("strip_prefix", str, ""))
    trouble = trouble_with(symbol)
    if trouble:
        raise SettingInvalid(row.doing, f"the symbol {trouble}", "save the symbols as text, with their zeros")
    days = _Said(row.doing, cells)
    return _ordered(days, Entry(symbol, cells["name"], days.day("from"), days.day("to")))


def is_wanted(name: str, include: tuple[str, ...], exclude: tuple[str, ...]) -> bool:
    """Whether a name holds one of the first words, where there are any, and none of the second."""
    low = name.lower()
    return (not include or any(word.lower() in low for word in include)) and not any(word.lower() in low for word in exclude)
