"""Run by the peers' Python, not by ours: pandas reads and writes the bars of a case as often as it is told.

It exists so that pandas is measured in a process of its own, in the same rounds as ours; it imports nothing of ours.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

NUMBERS = ("open", "high", "low", "close", "volume", "value")
Run = Callable[[], int]
Look = Callable[[Any], int]


def main(root: str) -> None:
    """Say the names, then for each line `[name, count]` the seconds that many took, until there are no more lines."""
    ready: dict[str, tuple[Run, int]] = {}
    print(json.dumps(list(WAYS)), flush=True)
    for line in sys.stdin:
        name, count = json.loads(line)
        if name not in ready:
            ready[name] = WAYS[name](Path(root))
        run, rows = ready[name]
        began = time.perf_counter()
        found = [run() for _ in range(count)]
        seconds = time.perf_counter() - began
        assert found == [rows] * count, f"{name}: {found}, not {rows} rows"
        print(json.dumps(seconds), flush=True)


def _one_long_file(root: Path, look: Look) -> tuple[Run, int]:
    pandas, bars, file = _pandas(), _bars(root), root / "long.parquet"
    bars.to_parquet(file, index=False)
    return lambda: look(pandas.read_parquet(file)), len(bars)


def _one_file_per_symbol(root: Path, look: Look) -> tuple[Run, int]:
    pandas, bars, folder = _pandas(), _bars(root), root / "by-symbol"
    folder.mkdir(exist_ok=True)
    files = [folder / f"{symbol}.parquet" for symbol in bars["symbol"].unique()]
    for file, (_, table) in zip(files, bars.groupby("symbol", sort=False), strict=True):
        table.to_parquet(file, index=False)
    return lambda: sum(look(pandas.read_parquet(file)) for file in files), len(bars)


def _as_panel(root: Path) -> tuple[Run, int]:
    """What a run needs: days down, symbols across."""
    pandas, bars, file = _pandas(), _bars(root), root / "long.parquet"
    bars.to_parquet(file, index=False)

    def run() -> int:
        wide = pandas.read_parquet(file).set_index(["day", "symbol"]).unstack("symbol")
        return int(sum(wide[name].to_numpy().sum() > 0 for name in NUMBERS))

    return run, len(NUMBERS)


def _write_parts(root: Path) -> tuple[Run, int]:
    """The last year of each symbol."""
    bars, folder = _bars(root), root / "written"
    folder.mkdir()
    year = bars[bars["day"].dt.year == bars["day"].max().year]
    tables = [(folder / f"{symbol}.parquet", table) for symbol, table in year.drop(columns="symbol").groupby(year["symbol"])]

    def run() -> int:
        for file, table in tables:
            table.to_parquet(file, index=False)
        return len(tables)

    return run, bars["symbol"].nunique()


def _read_parts(root: Path) -> tuple[Run, int]:
    """A symbol at a time: its folder is one table."""
    pandas, folders = _pandas(), sorted(folder for folder in (root / "data" / "cache").glob("[!r]*/*") if folder.is_dir())
    rows = sum(len(pandas.read_parquet(folder, columns=["day"])) for folder in folders)
    return lambda: sum(len(pandas.read_parquet(folder)) for folder in folders), rows


def _summed(table: Any) -> int:
    """Every number read once more, as ours are."""
    for name in NUMBERS:
        table[name].to_numpy().sum()
    return len(table)


def _bars(root: Path) -> Any:
    """A row for each bar, symbol by symbol."""
    numpy: Any = importlib.import_module("numpy")
    panel = root / "panel"
    symbols = json.loads((panel / "about.json").read_text(encoding="utf-8"))["symbols"]
    days = numpy.load(panel / "dates.npy").astype("datetime64[s]")
    arrays = {name: numpy.load(panel / f"{name}.npy").T.ravel() for name in NUMBERS}
    keys = {"symbol": numpy.repeat(numpy.array(symbols), len(days)), "day": numpy.tile(days, len(symbols))}
    return _pandas().DataFrame({**keys, **arrays})


def _pandas() -> Any:
    return importlib.import_module("pandas")


WAYS: dict[str, Callable[[Path], tuple[Run, int]]] = {
    "one long file": partial(_one_long_file, look=len),
    "one file per symbol": partial(_one_file_per_symbol, look=len),
    "one long file, summed": partial(_one_long_file, look=_summed),
    "one file per symbol, summed": partial(_one_file_per_symbol, look=_summed),
    "one long file, as a panel": _as_panel,
    "pandas writing": _write_parts,
    "pandas reading": _read_parts,
}

if __name__ == "__main__":
    main(sys.argv[1])
