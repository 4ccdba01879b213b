"""Prices dropped as files: made into a panel once, whatever their shape, or refused with what to mend."""

from __future__ import annotations

import mmap
import os
import re
import shutil
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any, Callable

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest

from shared.config import HOME
from shared.errors import DataMissing, DataUnusable
from shared.market import open_prices, write_prices
from shared.market.dropped import key_of
from shared.market.providers import synthetic
from tests.harness.dropped import HEAD, bar, drop, opened
from tests.harness.mapped import whose
from tests.harness.road import until

NAN = float("nan")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a person drops files."""
    (tmp_path / "local").mkdir()
    return tmp_path / "local"


def panels(folder: Path) -> "list[str]":
    return sorted(path.name for path in folder.iterdir() if "panel" in path.name)


_opened: "list[str]" = []
sys.addaudithook(lambda event, told: _opened.append(str(told[0])) if event == "open" else None)  # cannot be taken off again


def opened_by(act: Callable[[], Any]) -> "list[str]":
    """The dropped tables that are read meanwhile."""
    _opened.clear()
    act()
    return [name for name in _opened if name.endswith("bars.csv")]


# ---- made once, of whatever people have ----


def test_a_dropped_csv_is_a_panel(folder: Path) -> None:
    prices = opened(
        folder, "2024-01-02,069500,10,12,9,11,5,55", "2024-01-03,069500,11,13,10,12,6,72", "2024-01-03,KOSPI,,,,2600,,"
    )
    assert prices.symbols == ("069500", "KOSPI")
    assert prices.dates.tolist() == [date(2024, 1, 2), date(2024, 1, 3)]
    found = [getattr(prices, name)[1, 0] for name in ("open", "high", "low", "close", "volume", "value")]
    assert found == [11, 13, 10, 12, 6, 72]
    assert np.array_equal(prices.close[:, 1], [NAN, 2600], equal_nan=True)
    assert (prices.synthetic, prices.provider, prices.adjusted, prices.notes) == (False, "files", None, {})


@pytest.mark.parametrize("kind", ["date32", "timestamp[ns]", "timestamp in Seoul", "text", "number"])
def test_a_dropped_parquet_is_a_panel_however_its_days_are_written(folder: Path, kind: str) -> None:
    days = pyarrow.array([date(2024, 1, 2), date(2024, 1, 3)])
    written = {
        "date32": days,
        "timestamp[ns]": days.cast(pyarrow.timestamp("ns")),
        # Midnight in Seoul is 15:00 of the day before in UTC.
        "timestamp in Seoul": pyarrow.array([1704121200, 1704207600], pyarrow.timestamp("s", "Asia/Seoul")),
        "text": pyarrow.array(["2024-01-02", "2024-01-03"]),
        "number": pyarrow.array([20240102, 20240103]),
    }[kind]
    columns = {
        "날짜": written,
        "종목코드": ["0000Y0"] * 2,
        "종가": [5, 6],
        "시가": [5, 6],
        "고가": [5, 6],
        "저가": [5, 6],
        "거래량": [7, 8],
    }
    pyarrow.parquet.write_table(pyarrow.table({**columns, "거래대금": [35, 48], "nav": [1.0, 2.0]}), folder / "bars.parquet")
    prices = open_prices(folder)
    assert prices.dates.tolist() == [date(2024, 1, 2), date(2024, 1, 3)]
    assert (prices.symbols, prices.close[:, 0].tolist(), prices.value[:, 0].tolist()) == (("0000Y0",), [5, 6], [35, 48])


@pytest.mark.parametrize("zone", [None, "UTC"])
def test_midnight_in_seoul_that_was_written_as_another_days_time_is_refused(folder: Path, zone: str) -> None:
    """Taken for days, every bar would stand on the day before its own."""
    days = pyarrow.array([1704121200, 1704207600], pyarrow.timestamp("s", zone))
    pyarrow.parquet.write_table(pyarrow.table({"date": days, "close": [5, 6]}), folder / "000660.parquet")
    with pytest.raises(DataUnusable, match=r"every time in it is 15:00 UTC, midnight in Seoul: write days"):
        open_prices(folder)


def test_a_korean_spreadsheet_is_read_as_it_was_saved(folder: Path) -> None:
    head = "종목코드,날짜,시가,고가,저가,종가,거래량,거래대금\r\n"
    text = f'{head}069500,2024/01/02,"35,550","35,700","35,430","35,620","4,218,760",-\r\n'
    (folder / "시세.csv").write_bytes(text.encode("cp949"))
    prices = open_prices(folder)
    assert (prices.close[0, 0], prices.volume[0, 0]) == (35620, 4218760)
    assert np.isnan(prices.value[0, 0])


def test_several_files_are_one_panel_in_any_order_and_overlap(folder: Path) -> None:
    drop(folder, bar("2024-01-04"), bar("2024-01-03"), name="b.csv")
    drop(folder, bar("2024-01-03"), bar("2024-01-02", "000660"), name="a.csv")
    prices = open_prices(folder)
    assert prices.symbols == ("000660", "069500")
    assert prices.dates.tolist() == [date(2024, 1, 2), date(2024, 1, 3), date(2024, 1, 4)]
    assert prices.notes == {
        "": "1 row(s) came twice, alike",
        "000660": "last bar on 2024-01-02, 2 session(s) before the end of these prices",
    }


def test_a_file_named_after_its_symbol_needs_no_column_for_it(folder: Path) -> None:
    (folder / "000660.csv").write_text("date,close\n2024-01-02,5\n", encoding="utf-8")
    (folder / "^GSPC.csv").write_text("date,close\n2024-01-02,7\n", encoding="utf-8")
    assert open_prices(folder).symbols == ("000660", "^GSPC")
    (folder / "bars.csv").write_text("date,close\n2024-01-02,5\n", encoding="utf-8")
    with pytest.raises(DataUnusable, match=r"bars\.csv: it has no column symbol, and is not named after one"):
        open_prices(folder)


def test_what_is_said_beside_is_known_of_the_symbols(folder: Path) -> None:
    rows = "069500,KODEX 200,ETF,\n000660,SK하이닉스,코스피,\n068270,없어진것,kosdaq,2024/01/03\n999990,no bars,ETF,\n"
    (folder / "symbols.csv").write_text("종목코드,종목명,구분,상장폐지일\n" + rows, encoding="utf-8-sig")
    (folder / "prices.yaml").write_text("provider: pykrx\nadjusted: true\n", encoding="utf-8")
    prices = opened(folder, *(bar("2024-01-02", symbol) for symbol in ("069500", "000660", "068270")))
    assert prices.names == {"069500": "KODEX 200", "000660": "SK하이닉스", "068270": "없어진것"}
    assert prices.kinds == {"069500": "ETF", "000660": "KOSPI", "068270": "KOSDAQ"}
    assert (prices.delisted, prices.provider, prices.adjusted) == ({"068270": date(2024, 1, 3)}, "pykrx", True)


@pytest.mark.parametrize("column", ["symbol", "Ticker", "종목코드", "단축코드"])
def test_symbols_are_called_the_same_in_prices_and_in_what_is_said_beside(folder: Path, column: str) -> None:
    (folder / "bars.csv").write_text(f"{column},date,close\n000660,2024-01-02,5\n", encoding="utf-8")
    (folder / "symbols.csv").write_text(f"{column},name\n000660,SK\n", encoding="utf-8")
    assert open_prices(folder).names == {"000660": "SK"}


def test_bars_after_the_day_a_symbol_is_said_to_have_ended_on_are_told(folder: Path) -> None:
    said = "symbol,delisted\n069500,2024-01-03\n000660,2024-01-04\n068270,2023-05-04\n"
    (folder / "symbols.csv").write_text(said, encoding="utf-8")
    days = ("2024-01-02", "2024-01-03", "2024-01-04")
    prices = opened(folder, *(bar(day, symbol) for day in days for symbol in ("069500", "000660")), bar(days[0], "068270"))
    assert prices.notes == {
        "069500": "said to be delisted, and has bars on 2024-01-04",
        "068270": "said to be delisted, and has bars on 2024-01-02",
    }


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("symbols.csv", "symbol,name\n660,SK\n", "symbol in line 2 is '660', not six characters: '000660'?"),
        ("symbols.csv", "symbol,kind\n000660,NYSE\n", "kind of 000660, line 2, is 'NYSE'; one of KOSPI"),
        ("symbols.csv", "symbol,delisted\n000660,soon\n", "delisted of 000660, line 2, is 'soon'"),
        ("symbols.csv", "symbol,kind\n000660,KOSPI\n000660,\n000660,ETF\n", "kind of 000660 is KOSPI in one line and ETF in"),
        ("prices.yaml", "adjusted: maybe\n", "it says {'adjusted': 'maybe'}; it may say provider"),
        ("prices.yaml", "a: [\n", "not YAML"),
    ],
)
def test_what_is_said_beside_and_wrong_is_refused(folder: Path, name: str, text: str, said: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(DataUnusable, match=re.escape(said)):
        opened(folder, bar("2024-01-02"))


# ---- once, by content ----


def test_the_panel_is_made_once_and_mapped_after_that(folder: Path) -> None:
    first = opened(folder, bar("2024-01-02"))
    [panel] = panels(folder)
    made = (folder / panel).stat().st_mtime_ns, (folder / panel / "close.npy").stat().st_ino
    again = open_prices(folder)
    assert isinstance(whose(again.close), mmap.mmap)
    assert again.fingerprint == first.fingerprint
    assert ((folder / panel).stat().st_mtime_ns, (folder / panel / "close.npy").stat().st_ino) == made


def test_the_same_content_under_other_times_is_the_same_panel(folder: Path) -> None:
    opened(folder, bar("2024-01-02"))
    before = panels(folder)
    os.utime(folder / "bars.csv", (1e9, 1e9))
    open_prices(folder)
    assert panels(folder) == before


def test_unchanged_files_are_not_read_again(folder: Path) -> None:
    """A file of that size, times and inode is taken for what it was."""
    drop(folder, bar("2024-01-02"))
    assert opened_by(lambda: open_prices(folder)) != []
    until(lambda: not opened_by(lambda: open_prices(folder)))


def test_a_file_too_young_to_be_sure_of_is_read_again(folder: Path) -> None:
    """On a coarse clock it could still change without its times showing it."""
    drop(folder, bar("2024-01-02"))
    for _ in range(3):
        assert opened_by(lambda: open_prices(folder)) != []


@pytest.mark.skipif(os.name == "nt", reason="there is no time of change there that nobody can put back")
def test_an_edit_in_place_whose_time_was_put_back_is_noticed(folder: Path) -> None:
    drop(folder, bar("2024-01-02", close=100))
    os.utime(folder / "bars.csv", (1e9, 1e9))
    until(lambda: not opened_by(lambda: open_prices(folder)))
    with open(folder / "bars.csv", "r+b") as file:
        file.write(HEAD.encode() + bar("2024-01-02", close=200).encode())
    os.utime(folder / "bars.csv", (1e9, 1e9))
    assert open_prices(folder).close[0, 0] == 200


def test_a_file_that_changes_right_after_it_was_read_is_noticed(folder: Path) -> None:
    """Its size and, on a coarse clock, its time would be the same."""
    opened(folder, bar("2024-01-02", close=100))
    seen = (folder / "bars.csv").stat()
    with open(folder / "bars.csv", "r+b") as file:
        file.write(HEAD.encode() + bar("2024-01-02", close=200).encode())
    os.utime(folder / "bars.csv", ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert open_prices(folder).close[0, 0] == 200


def test_a_newer_file_makes_a_newer_panel_and_the_last_but_one_goes(folder: Path) -> None:
    before = opened(folder, bar("2024-01-02", close=1))
    for close in (2, 3, 4):
        assert opened(folder, bar("2024-01-02", close=close)).close[0, 0] == close
    assert len(panels(folder)) == 2
    assert before.close[0, 0] == 1, "what is open stays readable"


def test_a_damaged_panel_is_made_again(folder: Path) -> None:
    opened(folder, bar("2024-01-02", close=7))
    [panel] = panels(folder)
    (folder / panel / "close.npy").write_bytes(b"")
    assert open_prices(folder).close[0, 0] == 7


OPEN = """
import sys
from pathlib import Path
from shared.market import open_prices
print("ready", flush=True)
sys.stdin.readline()
print(open_prices(Path(sys.argv[1])).fingerprint)
"""


def test_two_who_open_them_first_at_once_make_one_panel(folder: Path) -> None:
    drop(folder, *(bar(f"2024-01-{day:02}", f"{symbol:06}") for day in range(2, 5) for symbol in range(300)))
    words = [sys.executable, "-c", OPEN, str(folder)]
    both = [subprocess.Popen(words, cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for one in both:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in both:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    assert len({one.communicate(timeout=60)[0] for one in both}) == 1
    assert len(panels(folder)) == 1


def test_what_cannot_be_written_is_told_with_what_to_do(folder: Path) -> None:
    drop(folder, bar("2024-01-02"))
    (folder / f".panel-{key_of(folder)}").touch()  # in the way of the panel, as a full disk or missing rights are
    with pytest.raises(DataMissing, match="making a panel of the files.*must be able to write there"):
        open_prices(folder)


def test_opening_a_made_panel_is_far_quicker_than_making_it(folder: Path) -> None:
    days = [str(day) for day in np.arange(np.datetime64("2014-01-01"), np.datetime64("2024-01-01")) if np.is_busday(day)][:2500]
    columns: dict[str, Any] = {"date": days * 40, "symbol": [f"{n:06}" for n in range(40) for _ in days]}
    columns |= dict.fromkeys(("open", "high", "low", "close", "volume", "value"), np.arange(1.0, 40 * len(days) + 1) % 20 + 100)
    pyarrow.parquet.write_table(pyarrow.table(columns), folder / "bars.parquet")
    os.utime(folder / "bars.parquet", (1e9, 1e9))
    took = []
    for _ in range(6):
        start = time.perf_counter()
        open_prices(folder)
        took.append(time.perf_counter() - start)
    assert min(took[1:]) < took[0] / 5


def test_dropped_files_beside_other_prices_are_refused(folder: Path) -> None:
    """Whichever were read, somebody would take them for the other."""
    shutil.rmtree(folder)
    write_prices(folder, synthetic.make_prices())
    with pytest.raises(
        DataMissing, match=r"dropped files \(bars\.csv\) lie beside .*about\.json.*move the one or the other away"
    ):
        opened(folder, bar("2024-01-02"))


def test_what_others_leave_in_a_folder_is_no_file_of_prices(folder: Path) -> None:
    for name in ("~$bars.csv", "._bars.csv", ".bars.csv", "notes.txt", "bars.csv.tmp"):
        (folder / name).write_text("no bars", encoding="utf-8")
    assert opened(folder, bar("2024-01-02")).symbols == ("069500",)
