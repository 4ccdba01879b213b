"""Files of one symbol as providers: what older programs and people saved is read, and what cannot be prices is refused."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shared.catalog import Catalog
from shared.market.asking import Provider, nature_of
from shared.market.bars import Bars
from shared.market.outage import ExternalDataUnavailable
from shared.market.providers import csv_folder, parquet

FIRST, LAST = date(2024, 1, 2), date(2024, 1, 5)
DAYS = ["2024-01-02", "2024-01-03", "2024-01-04"]
BARS: dict[str, list[float]] = {
    "Open": [10.0, 11, 12],
    "High": [13.0, 14, 15],
    "Low": [9.0, 10, 11],
    "Close": [12.0, 13, 14],
    "Volume": [3_000_000_000, 2, 1],
}
HEAD = "날짜,시가,고가,저가,종가,거래량,거래대금\n"
ROWS = '2024-01-02,"35,500","35,700","35,400","35,600","3,000,000","1,234,567"\n2024-01-03,35600,35900,35500,35800,7,9\n'


def frame(**changes: Any) -> pd.DataFrame:
    return pd.DataFrame({**BARS, **changes}, index=pd.DatetimeIndex(DAYS, name="Date"))


def as_parquet(folder: Path, table: pd.DataFrame) -> str:
    table.to_parquet(folder / "bars.parquet")
    return str(folder / "bars.parquet")


def as_csv(folder: Path, text: str, encoding: str = "utf-8-sig") -> str:
    (folder / "my bars.csv").write_bytes(text.encode(encoding))
    return str(folder / "my bars.csv")


def outage(fetch: Callable[[str, date, date], Bars], path: str) -> ExternalDataUnavailable:
    with pytest.raises(ExternalDataUnavailable) as caught:
        fetch(path, FIRST, LAST)
    return caught.value


@pytest.mark.parametrize("close", ["close", "Close", "종가", "price", "Price"])
def test_a_close_is_found_by_each_of_its_names(close: str, tmp_path: Path) -> None:
    bars = parquet.fetch(as_parquet(tmp_path, frame().rename(columns={"Close": close})), FIRST, LAST)
    assert bars.dates.astype(str).tolist() == DAYS
    assert {name: array.tolist() for name, array in bars.numbers.items() if name != "value"} == {
        name.lower(): [float(number) for number in numbers] for name, numbers in BARS.items()
    }
    assert (bars.adjusted, bars.notes) == (None, ())
    assert bars.raw["bars.parquet"] == (tmp_path / "bars.parquet").read_bytes()


@pytest.mark.parametrize("close", ["adj_close", "Adj Close", "Adj_Close", "AdjClose"])
def test_where_only_the_close_is_adjusted_no_other_price_stands_beside_it(close: str, tmp_path: Path) -> None:
    """A bar whose close is adjusted and whose open is not would be one that never was."""
    bars = parquet.fetch(as_parquet(tmp_path, frame().rename(columns={"Close": close})), FIRST, LAST)
    assert (bars.adjusted, bars.numbers["close"].tolist()) == (True, [12, 13, 14])
    assert all(np.isnan(bars.numbers[name]).all() for name in ("open", "high", "low"))
    assert bars.notes == ("of each day only the adjusted close is known",)


def test_of_several_closes_the_one_that_belongs_to_its_bar_is_taken(tmp_path: Path) -> None:
    table = frame(**{"Adj Close": [1.0, 2, 3], "Price": [4.0, 5, 6]})
    assert parquet.fetch(as_parquet(tmp_path, table), FIRST, LAST).numbers["close"].tolist() == [12, 13, 14]


@pytest.mark.parametrize(
    "changed",
    [
        lambda table: table.reset_index(),
        lambda table: table.rename_axis(None),
        lambda table: table.rename_axis(None).reset_index(),
        lambda table: table.rename_axis("일자"),
        lambda table: table.set_axis(table.index.tz_localize("Asia/Seoul")),
        lambda table: table.set_axis(table.index.strftime("%Y%m%d")).rename_axis("date"),
        lambda table: table.iloc[::-1],
        lambda table: table.assign(ticker="069500", Dividends=0.0),
        lambda table: table.set_axis(pd.MultiIndex.from_product([table.columns, ["069500.KS"]]), axis=1),
        lambda table: table.set_axis(pd.MultiIndex.from_product([["069500.KS"], table.columns]), axis=1),
        lambda table: table.set_axis(
            pd.MultiIndex.from_product([table.columns, ["SPY"]], names=["a", "b"]), axis=1
        ).reset_index(),
    ],
)
def test_a_frame_is_read_however_it_was_saved(changed: Callable[[pd.DataFrame], pd.DataFrame], tmp_path: Path) -> None:
    """Days as a column or an index, with a name, a zone or none; columns of one level or two."""
    bars = parquet.fetch(as_parquet(tmp_path, changed(frame())), FIRST, LAST)
    assert bars.dates.astype(str).tolist() == DAYS
    assert (bars.numbers["open"].tolist(), bars.numbers["close"].tolist()) == ([10, 11, 12], [12, 13, 14])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_a_spreadsheet_saved_in_korean_is_read(encoding: str, tmp_path: Path) -> None:
    bars = csv_folder.fetch(as_csv(tmp_path, HEAD + ROWS, encoding), FIRST, LAST)
    assert bars.numbers["close"].tolist() == [35_600, 35_800]
    assert bars.numbers["volume"].tolist() == [3_000_000, 7]
    assert bars.numbers["value"].tolist() == [1_234_567, 9]
    assert (bars.adjusted, bars.notes) == (None, ())


def test_a_day_of_zeros_is_none_and_days_outside_are_not_taken(tmp_path: Path) -> None:
    more = "2024-01-04,0,0,0,0,0,0\n2024-01-05,1,1,1,1,1,1\n2024-01-08,1,1,1,1,1,1\n"
    bars = csv_folder.fetch(as_csv(tmp_path, HEAD + ROWS + more), FIRST, LAST)
    assert bars.dates.astype(str).tolist() == ["2024-01-02", "2024-01-03", "2024-01-05"]


def test_a_row_that_only_repeats_another_is_counted_once_and_said(tmp_path: Path) -> None:
    bars = csv_folder.fetch(as_csv(tmp_path, HEAD + ROWS + ROWS), FIRST, LAST)
    assert (len(bars), bars.notes) == (2, ("2 row(s) came twice, alike",))


def test_half_a_line_is_no_bar(tmp_path: Path) -> None:
    """A file that is being copied, or was cut: 3 is a price too, and was 35,900 once."""
    bars = csv_folder.fetch(as_csv(tmp_path, "date,close\n2024-01-02,35600\n2024-01-03,3"), FIRST, LAST)
    assert bars.numbers["close"].tolist() == [35_600]
    assert bars.notes == ("its last line has no end and was left out",)


CSV_TROUBLES = {
    "missing": (None, "empty", "there is no such file"),
    "empty": (b"", "empty", "it has nothing in it"),
    "white": (b" \r\n\n", "empty", "it has nothing in it"),
    "no rows": (HEAD, "empty", "no price from"),
    "zeros": (HEAD + "2024-01-02,0,0,0,0,0,0\n", "empty", "no price from"),
    "other days": (HEAD + "2020-01-02,1,1,1,1,1,1\n", "empty", "no price from"),
    "renamed column": (HEAD.replace("종가", "끝값") + ROWS, "schema_drift", "no column close"),
    "no days": (HEAD.replace("날짜", "언제") + ROWS, "schema_drift", "no column date"),
    "two closes": (HEAD.replace("거래대금", "종가") + ROWS, "schema_drift", "both say close"),
    "wrong encoding": ((HEAD + ROWS).encode("utf-16"), "schema_drift", ""),
    "truncated": (HEAD + ROWS + "2024-01-04,1,2\n", "schema_drift", "Expected 7 columns"),
    "negative": (HEAD + "2024-01-02,1,1,-1,1,1,1\n", "schema_drift", "low on 2024-01-02 is -1"),
    "infinite": (HEAD + "2024-01-02,inf,1,1,1,1,1\n", "schema_drift", "open on 2024-01-02 is inf"),
    "no close": (HEAD + "2024-01-02,1,1,1,,1,1\n", "schema_drift", "has no close"),
    "words": (HEAD + "2024-01-02,1,1,1,휴장,1,1\n", "schema_drift", "휴장"),
    "a decimal comma": (HEAD + '2024-01-02,1,1,1,"35,5",1,1\n', "schema_drift", "35,5"),
    "a day twice": (HEAD + ROWS + "2024-01-02,1,1,1,1,1,1\n", "schema_drift", "2024-01-02 is there twice"),
    "a day to come": (HEAD + ROWS + "2099-01-02,1,1,1,1,1,1\n", "schema_drift", "2099-01-02 is yet to come"),
    "no day": (HEAD + "2024-13-02,1,1,1,1,1,1\n", "schema_drift", "is no day"),
    "two symbols": ("date,code,close\n2024-01-02,069500,1\n2024-01-03,000660,1\n", "schema_drift", "more than one symbol"),
}


@pytest.mark.parametrize("name", CSV_TROUBLES)
def test_what_a_spreadsheet_cannot_be_is_an_outage_of_its_kind(name: str, tmp_path: Path) -> None:
    content, kind, why = CSV_TROUBLES[name]
    path = tmp_path / "069500.csv"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = outage(csv_folder.fetch, str(path))
    assert (found.kind, why in found.why) == (kind, True), found.why


def parquet_of(table: pd.DataFrame) -> bytes:
    file = io.BytesIO()
    table.to_parquet(file)
    return file.getvalue()


PARQUET_TROUBLES = {
    "empty": (b"", "empty", "it has nothing in it"),
    "no rows": (parquet_of(frame().iloc[:0]), "empty", "no price from"),
    "zeros": (parquet_of(frame() * 0), "empty", "no price from"),
    "renamed column": (parquet_of(frame().rename(columns={"Close": "Last"})), "schema_drift", "no column close"),
    "no days": (parquet_of(frame().reset_index(drop=True)), "schema_drift", "no column date"),
    "truncated": (parquet_of(frame())[:-20], "schema_drift", "Parquet"),
    "its middle lost": (parquet_of(frame())[:40] + parquet_of(frame())[80:], "schema_drift", ""),
    "a spreadsheet": ((HEAD + ROWS).encode(), "schema_drift", "Parquet"),
    "negative": (parquet_of(frame(Low=[9.0, -10, 11])), "schema_drift", "low on 2024-01-03 is -10"),
    "infinite": (parquet_of(frame(Close=[9.0, np.inf, 11])), "schema_drift", "close on 2024-01-03 is inf"),
    "no close": (parquet_of(frame(Close=[9.0, np.nan, 11])), "schema_drift", "2024-01-03 has no close"),
    "a day twice": (parquet_of(pd.concat([frame(), frame(Close=[1.0, 2, 3])])), "schema_drift", "is there twice"),
    "a day to come": (parquet_of(frame().set_axis(pd.DatetimeIndex([*DAYS[:2], "2099-01-02"]))), "schema_drift", "yet to come"),
    "two symbols": (
        parquet_of(frame().set_axis(pd.MultiIndex.from_tuples([(name, name[0]) for name in BARS]), axis=1)),
        "schema_drift",
        "more than one symbol",
    ),
    "midnight elsewhere": (
        parquet_of(frame().set_axis(pd.DatetimeIndex(DAYS, tz="Asia/Seoul").tz_convert("UTC").rename("Date"))),
        "schema_drift",
        "midnight in Seoul",
    ),
}


@pytest.mark.parametrize("name", PARQUET_TROUBLES)
def test_what_a_parquet_file_cannot_be_is_an_outage_of_its_kind(name: str, tmp_path: Path) -> None:
    content, kind, why = PARQUET_TROUBLES[name]
    (tmp_path / "069500.parquet").write_bytes(content)
    found = outage(parquet.fetch, str(tmp_path / "069500.parquet"))
    assert (found.kind, why in found.why) == (kind, True), found.why


def test_a_file_that_is_not_there_or_a_folder_is_told(tmp_path: Path) -> None:
    assert "no such file" in outage(parquet.fetch, str(tmp_path / "069500.parquet")).why
    (tmp_path / "x.parquet").mkdir()
    assert outage(parquet.fetch, str(tmp_path / "x.parquet")).kind == "empty"


@pytest.mark.parametrize("fetch", [parquet.fetch, csv_folder.fetch])
@pytest.mark.parametrize("ending", [".pkl", ".pickle"])
def test_a_pickle_is_refused_and_never_run(fetch: Callable[[str, date, date], Bars], ending: str, tmp_path: Path) -> None:
    class Program:
        def __reduce__(self) -> Any:
            return (Path.touch, (tmp_path / "it ran",))

    (tmp_path / f"069500{ending}").write_bytes(pickle.dumps(Program()))
    assert "a pickle is a program" in outage(fetch, str(tmp_path / f"069500{ending}")).why
    assert "is no" in outage(fetch, str(tmp_path / "069500.xlsx")).why
    assert not (tmp_path / "it ran").exists()


def test_with_the_network_switched_off_files_are_read_all_the_same_and_in_a_process_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLOW_NET_FETCH", "0")
    with Provider("csv_folder") as asked:
        assert len(asked.fetch(as_csv(tmp_path, HEAD + ROWS), FIRST, LAST)) == 2
        assert asked._process.is_alive()
    with Provider("naver") as asked, pytest.raises(ExternalDataUnavailable, match="ALLOW_NET_FETCH"):
        asked.fetch("069500", FIRST, LAST)


def test_only_what_reads_files_needs_no_network() -> None:
    names = Catalog("shared.market.providers").names()
    assert {name for name in names if nature_of(name).is_local} == {"csv_folder", "local_cache", "parquet"}
