"""Bad files of prices: refused by name, or made harmless and told in every result made of them."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest

from shared import clock
from shared.errors import DataUnusable
from shared.market import Prices, open_prices
from tests.harness.dropped import bar, drop, opened

NAN = float("nan")
TUE, WED, THU, FRI = "2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "local").mkdir()
    return tmp_path / "local"


# ---- harmless, and told ----


def test_unsorted_rows_are_sorted(folder: Path) -> None:
    prices = opened(folder, bar(THU, close=103), bar(TUE, close=101), bar(WED, close=102))
    assert prices.close[:, 0].tolist() == [101, 102, 103]
    assert prices.notes == {}


def test_a_gap_in_the_middle_is_no_trade_and_the_close_before_is_carried(folder: Path) -> None:
    prices = opened(folder, bar(TUE, close=5), bar(THU, close=6), *(bar(day, "000660") for day in (TUE, WED, THU)))
    assert prices.tradable[:, 1].tolist() == [True, False, True]
    assert prices.marks[:, 1].tolist() == [5, 5, 6]


def test_a_halted_day_is_no_trade_and_keeps_its_close(folder: Path) -> None:
    prices = opened(folder, bar(TUE, close=5), f"{WED},069500,0,0,0,5,0,0", bar(THU, close=6))
    assert prices.tradable[:, 0].tolist() == [True, False, True]
    assert prices.close[:, 0].tolist() == [5, 5, 6]
    assert prices.notes == {}


def test_a_symbol_that_is_listed_mid_way_and_one_that_dies_are_unknown_outside_their_days(folder: Path) -> None:
    prices = opened(folder, bar(TUE, "000660", 9), bar(WED, "000660", 8), bar(WED), bar(THU))
    assert np.array_equal(prices.close, np.array([[9, NAN], [8, 100], [NAN, 100]]), equal_nan=True)
    assert np.array_equal(prices.marks, np.array([[9, NAN], [8, 100], [8, 100]]), equal_nan=True)
    assert not prices.tradable[2, 0]


def test_one_day_of_history_is_a_panel(folder: Path) -> None:
    prices = opened(folder, bar(TUE))
    assert (prices.close.shape, prices.tradable.tolist()) == ((1, 1), [[True]])


def test_a_price_that_is_none_fills_nothing_and_a_negative_one_is_told(folder: Path) -> None:
    prices = opened(
        folder,
        bar(TUE),
        f"{WED},069500,0,0,0,100,10,1000",
        f"{THU},069500,100,101,-99,100,10,1000",
        f"{FRI},069500,100,101,99,nan,10,1",
    )
    assert prices.tradable[:, 0].tolist() == [True, False, False, False]
    assert prices.marks[:, 0].tolist() == [100] * 4
    late = "1 session(s) before the end of these prices"
    assert prices.notes == {"069500": f"low below 0 on {THU}; last bar on {THU}, {late}"}


def test_a_high_below_the_low_is_no_trade_and_told(folder: Path) -> None:
    prices = opened(folder, bar(TUE), f"{WED},069500,100,98,99,100,10,1000")
    assert prices.tradable[:, 0].tolist() == [True, False]
    assert prices.notes["069500"].startswith(f"high below low on {WED}")


def test_a_close_outside_its_bar_is_told(folder: Path) -> None:
    prices = opened(folder, f"{TUE},069500,100,101,99,105,10,1000")
    assert prices.notes == {"069500": f"open or close outside low to high on {TUE}"}


def test_a_jump_beyond_the_limit_is_told_of_what_is_listed_here_only(folder: Path) -> None:
    """A split nobody adjusted, most of the time; on the limit itself is an ordinary day."""
    rows = [bar(day, symbol, close) for symbol in ("069500", "^GSPC") for day, close in ((TUE, 100), (WED, 130), (THU, 90))]
    assert opened(folder, *rows).notes == {"069500": f"close moved more than 30% on {THU}"}


def test_a_row_on_a_day_without_a_session_is_told(folder: Path) -> None:
    assert opened(folder, bar(FRI), bar("2024-01-06")).notes == {"": "rows on 1 day(s) without a session (2024-01-06)"}
    prices = opened(folder, bar("2024-02-08"), bar("2024-02-09"), bar("2024-02-13"))
    assert prices.notes == {"": "rows on 1 day(s) without a session (2024-02-09)"}, "Seollal is no weekend"


def test_a_session_nobody_has_a_row_of_is_told(folder: Path) -> None:
    assert opened(folder, bar(TUE), bar(FRI)).notes == {"": f"no row at all on 2 session(s) ({WED}, {THU})"}
    assert opened(folder, bar(TUE, "^GSPC"), bar(FRI, "^GSPC")).notes == {}, "our calendar says nothing of it"


def test_days_on_which_only_others_traded_are_left_out(folder: Path) -> None:
    prices = opened(folder, bar(TUE), bar(TUE, "^GSPC"), bar("2024-01-01", "^GSPC"), bar(WED))
    assert prices.dates.astype(str).tolist() == [TUE, WED]
    assert prices.notes == {"": "1 day(s) without a row of the Korean exchange left out"}


def test_of_many_days_three_are_named(folder: Path) -> None:
    days = [f"2024-01-{day:02}" for day in (2, 3, 4, 5, 8)]
    prices = opened(folder, *(bar(day, close=close) for day, close in zip(days, (100, 10, 100, 10, 100))))
    assert prices.notes["069500"] == "close moved more than 30% on 2024-01-03, 2024-01-04, 2024-01-05 and 1 more day(s)"


def test_a_row_that_comes_twice_is_counted_once_and_one_that_differs_is_refused(folder: Path) -> None:
    assert opened(folder, bar(TUE), bar(WED), bar(TUE), bar(TUE)).notes == {"": "2 row(s) came twice, alike"}
    with pytest.raises(DataUnusable, match=f"069500 has two rows on {TUE}: open 100 and 101"):
        opened(folder, bar(TUE), bar(WED), bar(TUE, close=101))


def test_a_row_that_says_less_than_its_double_differs(folder: Path) -> None:
    with pytest.raises(DataUnusable, match=f"two rows on {TUE}: value 1000 and nan"):
        opened(folder, bar(TUE), f"{TUE},069500,100,100,100,100,10,")


# ---- refused ----


def refusal(folder: Path, *rows: str) -> str:
    with pytest.raises(DataUnusable) as refused:
        opened(folder, *rows)
    assert not list(folder.glob(".*panel*")), "nothing was made of it"
    assert refused.value.fix
    return str(refused.value)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (bar(TUE, "660"), "a symbol is '660', not six characters: '000660'?; save the symbols as text, with their zeros"),
        (bar(TUE, "0000y0"), "a symbol is '0000y0', not six characters: '0000Y0'?"),
        (bar(TUE, "06950000"), "a symbol is '06950000', not six characters"),
        (bar(TUE, "A069500"), "a symbol is 'A069500', not six characters: '069500'?"),
        (bar(TUE, "0000y0.KS"), "a symbol is '0000y0.KS', not six characters: '0000Y0'?"),
        (bar(TUE, "005930 KS Equity"), "a symbol is '005930 KS Equity', not six characters: '005930'?"),
        (bar(TUE, "KR7069500007"), "a symbol is 'KR7069500007', not six characters: '069500'?"),
        (bar(TUE, "'069500"), """a symbol is "'069500", not six characters: '069500'?"""),
        (bar(TUE, ""), "row 1 has no symbol"),
        (f'{TUE},069500,1,1,1,"35.550,25",1,1', "the column close: '35.550,25' is no number with its commas between thousands"),
        (f'{TUE},069500,1,1,1,"35,5",1,1', "the column close: '35,5' is no number with its commas"),
        (bar(TUE, " 069500"), "a symbol is ' 069500', with spaces around it"),
        (bar(""), "the column date: row 1 has no date"),
        (bar("soon"), "the column date: 'soon' is no day"),
        (bar("2024-02-30"), "the column date: '2024-02-30' is no day"),
        (f"{TUE},069500,a lot,1,1,1,1,1", "the column open: "),
        (f"{TUE},069500,1,1,1,inf,1,1", f"close of 069500 on {TUE} is infinite"),
    ],
)
def test_a_row_that_cannot_be_believed_is_refused_with_what_it_says(folder: Path, row: str, said: str) -> None:
    assert said in refusal(folder, row)


@pytest.mark.parametrize("symbol", ["SPY", "^GSPC", "KRX100", "BRK.B", "600519.SS", "7203.T", "A", "KRW=X", "S&P500", "A12345"])
def test_an_index_or_a_foreign_symbol_is_any_word(folder: Path, symbol: str) -> None:
    assert opened(folder, bar(TUE, symbol)).symbols == (symbol,)


def test_a_file_named_after_a_code_in_other_clothes_is_refused(folder: Path) -> None:
    (folder / "A069500.csv").write_text(f"date,close\n{TUE},100\n", encoding="utf-8")
    with pytest.raises(DataUnusable, match="its name is 'A069500', not six characters: '069500'"):
        open_prices(folder)


def test_symbols_that_are_numbers_are_refused_with_what_they_were(folder: Path) -> None:
    table = pyarrow.table({"date": [TUE], "symbol": [432], "close": [5.0]})
    pyarrow.parquet.write_table(table, folder / "bars.parquet")
    with pytest.raises(DataUnusable, match=re.escape("a symbol is 432, not a string: '000432'?")):
        open_prices(folder)


def test_days_to_come_are_refused(folder: Path) -> None:
    later = str(clock.now().date() + timedelta(days=5))
    assert f"069500 has a row on {later}; today is " in refusal(folder, bar(TUE), bar(later))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Empty CSV file"),
        ("date,symbol,close\n", "it has no rows"),
        ("day,symbol,price\n2024-01-02,069500,5\n", "there are: day, symbol, price"),
        ("date,날짜,symbol,close\n2024-01-02,2024-01-02,069500,5\n", "date and 날짜 both say date"),
        ("date,symbol,close\n2024-01-02,069500\n", "Expected 3 columns, got 2"),
    ],
)
def test_a_file_that_is_no_table_of_bars_is_refused(folder: Path, text: str, said: str) -> None:
    (folder / "bars.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataUnusable, match=re.escape(said)):
        open_prices(folder)


@pytest.mark.parametrize("content", [b"", b"PAR1 and then nothing", b"PAR1" + bytes(100) + b"PAR1"])
def test_half_a_parquet_is_refused_with_the_question_whether_it_is_still_coming(folder: Path, content: bytes) -> None:
    (folder / "bars.parquet").write_bytes(content)
    with pytest.raises(DataUnusable, match="is it still being copied"):
        open_prices(folder)


def test_what_is_mended_is_taken(folder: Path) -> None:
    refusal(folder, bar(TUE, "660"))
    assert opened(folder, bar(TUE, "000660")).symbols == ("000660",)


def test_notes_are_those_of_the_symbols_a_run_picks(folder: Path) -> None:
    fine = [bar(day, "000660") for day in (TUE, "2024-01-06")]
    prices: Prices = open_prices(drop(folder, *fine, f"{TUE},069500,100,101,99,105,10,1000", bar("2024-01-06")))
    assert set(prices.notes) == {"", "069500"}
    assert set(prices.pick(["000660"]).notes) == {""}
