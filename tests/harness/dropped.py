"""Files of prices as a person drops them into a folder.

It exists so that every test of them writes the same rows.
"""

from __future__ import annotations

from pathlib import Path

from shared.market import Prices, open_prices

HEAD = "date,symbol,open,high,low,close,volume,value\n"


def drop(folder: Path, *rows: str, name: str = "bars.csv") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    return folder


def opened(folder: Path, *rows: str) -> Prices:
    return open_prices(drop(folder, *rows))


def bar(day: str, symbol: str = "069500", close: float = 100) -> str:
    return f"{day},{symbol},{close},{close},{close},{close},10,1000"
