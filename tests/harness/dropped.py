"""Files of prices as a person drops them into a folder.

It exists so that every test of them writes the same rows.
"""

from __future__ import annotations

import json
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


def rot(panel: Path, name: str) -> None:
    """Turn one bit of that array as a failing disk does, which no time tells: what is noted of the file is true of it still."""
    file, about = panel / f"{name}.npy", json.loads((panel / "about.json").read_text(encoding="utf-8"))
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    there = file.stat()
    about["files"][name] = [there.st_size, there.st_mtime_ns, there.st_ino, there.st_ctime_ns]
    (panel / "about.json").write_text(json.dumps(about), encoding="utf-8")
