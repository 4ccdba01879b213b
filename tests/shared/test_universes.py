"""Universes: who belongs on which day, known on that day; and files that are wrong, refused by what they say."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.config import HOME
from shared.errors import SettingInvalid, UniverseEmpty
from shared.market import Prices, chosen, symbols_of, universe_of
from shared.market.membership import members_of
from shared.market.universe import Entry, Universe

NAN = float("nan")
SHIPPED = HOME / "configs" / "universes"
DAYS = np.datetime64("2024-01-01") + np.arange(6)


def panel(value: Any = None, volume: float = 10.0, **facts: Any) -> Prices:
    """Six days of 069500, 000660 and KOSPI at 100 won."""
    bars: Any = {name: np.full((6, 3), 100.0) for name in ("open", "high", "low", "close")}
    more = {} if value is None else {"value": np.array(value, dtype=float)}
    told = {"synthetic": False, "provider": "test", **more, **facts}
    return Prices(DAYS, ("069500", "000660", "KOSPI"), **bars, volume=np.full((6, 3), volume), **told)


def written(folder: Path, text: str) -> Universe:
    (folder / "MINE.yaml").write_text(text, encoding="utf-8")
    return universe_of("MINE", folder)


def refused(folder: Path, text: str) -> str:
    with pytest.raises(SettingInvalid) as wrong:
        written(folder, text)
    assert wrong.value.fix
    return str(wrong.value)


# ---- what is written ----


def test_a_list_of_codes_is_a_universe_of_today(tmp_path: Path) -> None:
    found = written(tmp_path, 'symbols: ["069500", "0000Y0", "KOSPI", "^GSPC", SPY, "069500"]')
    assert [entry.symbol for entry in found.entries] == ["069500", "0000Y0", "KOSPI", "^GSPC", "SPY"]
    assert not found.point_in_time
    assert symbols_of("MINE", tmp_path) == ["069500", "0000Y0", "KOSPI", "^GSPC", "SPY"]


def test_who_has_days_is_known_at_any_point_in_time(tmp_path: Path) -> None:
    text = 'symbols: [{symbol: "069500", from: 2002-10-14}, {symbol: "000660", name: SK, from: "1996-12-26", to: 2019/06/28}]'
    found = written(tmp_path, text)
    assert found.entries == (
        Entry("069500", "", date(2002, 10, 14), None),
        Entry("000660", "SK", date(1996, 12, 26), date(2019, 6, 28)),
    )
    assert found.point_in_time
    assert not written(tmp_path, text + "\npoint_in_time: false").point_in_time
    assert written(tmp_path, 'symbols: ["069500"]\npoint_in_time: true').point_in_time


def test_a_csv_is_read_by_its_columns_and_the_words_of_its_names(tmp_path: Path) -> None:
    head = "종목코드,종목명,상장일,상장폐지일,기타\n"
    rows = "A069500,KODEX 200,2002-10-14,,x\nA122630,KODEX 레버리지,2010-02-22,,x\n"
    rows += "A091160,KODEX 반도체,2006/06/27,2019/06/28,x\nA102110,TIGER 200,,,x\n"
    (tmp_path / "etf.csv").write_bytes((head + rows).encode("cp949"))
    found = written(tmp_path, "csv: [{file: etf.csv, strip_prefix: A, include_if: kodex, exclude_if: [레버리지]}]")
    assert [entry.symbol for entry in found.entries] == ["069500", "091160"]
    assert found.entries[1] == Entry("091160", "KODEX 반도체", date(2006, 6, 27), date(2019, 6, 28))
    (tmp_path / "krx.csv").write_text("ISU,NM\n000660,SK\n", encoding="utf-8")
    assert written(tmp_path, "csv: {file: krx.csv, symbol: ISU, name: NM}\nblacklist: []").entries[0].name == "SK"


def test_a_csv_with_more_cells_than_columns_is_read_as_far_as_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(" Symbol ,Name\n069500,KODEX 200,more,and more\n", encoding="utf-8")
    assert written(tmp_path, "csv: a.csv").entries == (Entry("069500", "KODEX 200", None, None),)
    (tmp_path / "a.csv").write_text("Name\nKODEX 200,more\n", encoding="utf-8")
    with pytest.raises(SettingInvalid, match="there is no column 'symbol'; there are: Name"):
        written(tmp_path, "csv: a.csv")


def test_who_is_blacklisted_never_belongs(tmp_path: Path) -> None:
    assert symbols_of(written(tmp_path, 'symbols: ["069500", "000660"]\nblacklist: ["000660"]').name, tmp_path) == ["069500"]


@pytest.mark.parametrize("said", ["300000000", "3e8", "3.0e+8", '"300,000,000"', "300_000_000"])
def test_an_amount_may_be_written_as_people_write_it(tmp_path: Path, said: str) -> None:
    """YAML reads 3e8 as a text."""
    assert written(tmp_path, f'symbols: ["069500"]\nliquidity: {{min_value: {said}}}').min_value == 3e8


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('symbols: ["069500", 000660]', "symbol 2 is 432, not a string: '000660'?; write symbols in quotes"),
        ("symbols: [371460]", "symbol 1 is 371460, not a string: '371460'?"),
        ('symbols: ["660"]', "symbol 1 is '660', not six characters: '000660'?"),
        ("symbols: [{symbol: 000660}]", "symbol 1 is 432, not a string: '000660'?"),
        ("symbols: [true]", "symbol 1 is True, not a string"),
        ("symbols: [{name: SK}]", "symbol 1 is None, not a string"),
        ("symbols: []", "it lists no symbols"),
        ("- 069500", "it lists no symbols"),
        ("symbols: [", "not YAML"),
        ('symbols: ["069500"]\nexlude: [x]', "it says 'exlude'; did you mean 'exclude'?"),
        ('symbols: [{symbol: "069500", form: 2020-01-01}]', "symbol 1: it says 'form'; did you mean 'from'?"),
        ('symbols: [{symbol: "069500", from: soon}]', "from is 'soon'; write the day as 2024-01-02"),
        ('symbols: [{symbol: "069500", from: 2020-01-02, to: 2020-01-01}]', "069500 ends on 2020-01-01, before 2020-01-02"),
        ('symbols: ["069500"]\nexclude: [5]', "a word under exclude is 5"),
        ('symbols: ["069500"]\nblacklist: [000660]', "a word under blacklist is 432, not a string: '000660'?"),
        ('symbols: ["069500"]\nkind: SHARE', "kind is 'SHARE'; one of KOSPI"),
        ('symbols: ["069500"]\nliquidity: {min_value: a lot}', "liquidity: min_value is 'a lot'; a number, at least 0"),
        ('symbols: ["069500"]\nliquidity: {min_value: -1}', "min_value is -1"),
        ('symbols: ["069500"]\nliquidity: {min_value: .inf}', "min_value is inf"),
        ('symbols: ["069500"]\nliquidity: {minimum: 1}', "liquidity: it says 'minimum'; did you mean 'min_value'?"),
        ('symbols: ["069500"]\nliquidity: {days: 0}', "days is 0; a number of sessions from 1 to 1000"),
        ("csv: {file: none.csv}", "none.csv cannot be read: No such file"),
        ("csv: {file: bad.csv}", "bad.csv, line 3: the symbol is '660', not six characters: '000660'?"),
        ("csv: {file: bad.csv, symbol: ISU}", "there is no column 'ISU'; there are: code, name"),
        ('symbols: ["069500"]\npoint_in_time: maybe', "point_in_time is 'maybe'"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_what_it_says(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "bad.csv").write_text("code,name\n000660,SK\n660,SK\n", encoding="utf-8")
    assert said in refused(tmp_path, text)


# ---- who belongs ----


def test_everybody_always_needs_no_mask(tmp_path: Path) -> None:
    picked = chosen(written(tmp_path, 'symbols: ["000660", "069500"]'), panel(), slice(0, 6))
    assert picked.prices.symbols == ("000660", "069500")
    assert picked.prices.members is None
    assert picked.notes == ["universe MINE is today's list: who was delisted is not in it (survivorship)"]


def test_a_symbol_belongs_on_its_days_and_may_come_back(tmp_path: Path) -> None:
    text = """
symbols:
  - {symbol: "069500", from: 2024-01-02, to: 2024-01-03}
  - {symbol: "069500", from: 2024-01-05}
  - {symbol: "000660", from: 2000-01-01}
"""
    picked = chosen(written(tmp_path, text), panel(), slice(0, 6))
    assert picked.prices.members is not None
    assert picked.prices.members.T.tolist() == [[False, True, True, False, True, True], [True] * 6]
    assert picked.notes == []


def test_who_was_delisted_is_kept_with_its_days(tmp_path: Path) -> None:
    found = written(tmp_path, 'symbols: ["069500", "000660"]')
    picked = chosen(found, panel(delisted={"000660": date(2024, 1, 4)}), slice(0, 6))
    assert picked.prices.members is not None
    assert picked.prices.members.T.tolist() == [[True] * 6, [True] * 4 + [False] * 2]


def test_who_is_in_it_on_no_day_of_the_period_is_not_traded(tmp_path: Path) -> None:
    found = written(tmp_path, 'symbols: ["000660", {symbol: "069500", to: 2024-01-03}]')
    assert chosen(found, panel(), slice(2, 6)).prices.symbols == ("000660", "069500")
    assert chosen(found, panel(), slice(3, 6)).prices.symbols == ("000660",)


def test_words_and_kinds_choose_by_what_the_prices_say(tmp_path: Path) -> None:
    prices = panel(names={"069500": "KODEX 레버리지", "000660": "SK hynix"}, kinds={"069500": "ETF", "KOSPI": "INDEX"})

    def left(text: str) -> tuple[str, ...]:
        found = written(tmp_path, 'symbols: ["069500", "000660", "KOSPI"]\n' + text)
        return chosen(found, prices, slice(0, 6)).prices.symbols

    assert left("exclude: [레버리지, 인버스]") == ("000660", "KOSPI")
    assert left("include: HYNIX") == ("000660",)
    assert left("kind: ETF") == ("069500", "000660"), "of 000660 nobody said what it is"


def test_who_is_of_no_known_kind_is_taken_for_what_its_universe_is_made_of(tmp_path: Path) -> None:
    """Else its sales would be taxed as those of a share."""
    prices = panel(kinds={"069500": "ETF"})
    assert chosen(written(tmp_path, 'symbols: ["069500", "000660"]'), prices, slice(0, 6)).prices.kinds == {"069500": "ETF"}
    of_etfs = written(tmp_path, 'symbols: ["069500", "000660"]\nkind: ETF')
    assert chosen(of_etfs, prices, slice(0, 6)).prices.kinds == {"069500": "ETF", "000660": "ETF"}


def test_who_has_no_prices_is_left_out_and_told(tmp_path: Path) -> None:
    codes = ", ".join(f'"90000{n}"' for n in range(7))
    picked = chosen(written(tmp_path, f'symbols: ["069500", {codes}]\npoint_in_time: true'), panel(), slice(0, 6))
    assert picked.prices.symbols == ("069500",)
    assert picked.notes == ["universe MINE: no prices of 900000, 900001, 900002, 900003, 900004 and 2 more"]


# ---- liquidity ----


def liquid(prices: Prices, least: float, days: int) -> Any:
    found = Universe("U", tuple(Entry(symbol, "", None, None) for symbol in prices.symbols), True, min_value=least, days=days)
    return members_of(found, prices)


def test_liquidity_is_the_mean_of_the_won_traded_up_to_that_day() -> None:
    value = np.full((6, 3), 5.0)
    value[:, 0] = [10, 20, 30, 0, 0, 60]
    assert liquid(panel(value), 20, 2)[:, 0].tolist() == [False, False, True, False, False, True]
    assert liquid(panel(value), 5, 1)[:, 1].tolist() == [True] * 6


def test_a_symbol_listed_for_fewer_days_waits_and_a_day_without_trade_counts_as_none() -> None:
    value = np.full((6, 3), 10.0)
    close = np.full((6, 3), 100.0)
    close[:2, 0], value[:2, 0] = NAN, NAN
    value[2, 0] = 100  # alone it would do for two days
    close[4, 1], value[4, 1] = NAN, NAN
    prices = panel(value)
    late = Prices(DAYS, prices.symbols, close, close, close, close, prices.volume.copy(), False, "test", value=value)
    assert liquid(late, 10, 2)[:, 0].tolist() == [False, False, False, True, True, True]
    assert liquid(late, 10, 2)[:, 1].tolist() == [False, True, True, True, False, False]


def test_where_no_traded_value_is_known_close_times_volume_stands_for_it() -> None:
    assert liquid(panel(), 1000, 2)[-1].tolist() == [True] * 3
    assert liquid(panel(), 1001, 2)[-1].tolist() == [False] * 3


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 5), st.integers(0, 5), st.lists(st.integers(0, 50), min_size=18, max_size=18))
def test_who_belongs_never_depends_on_later_prices(days: int, day: int, amounts: "list[int]") -> None:
    value = np.array(amounts, dtype=float).reshape(6, 3)
    later = value.copy()
    later[day + 1 :] = 1e9
    one, other = liquid(panel(value), 20, days), liquid(panel(later), 20, days)
    assert (one[: day + 1] == other[: day + 1]).all()


# ---- nobody left ----


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('symbols: ["900000"]', "nobody is left: 1 listed, 1 of the kind and name, 1 without a price"),
        ('symbols: ["069500"]\ninclude: nothing', "nobody is left: 1 listed, 0 of the kind and name, 0 without a price"),
        ('symbols: [{symbol: "069500", to: 2023-12-31}]', "nobody is left: 1 listed, 1 of the kind and name, 0 without a price"),
        (
            'symbols: ["069500"]\nliquidity: {min_value: 1e12, days: 2}',
            "on none of these days is one of its 1 symbols liquid enough",
        ),
    ],
)
def test_a_universe_with_nobody_in_it_is_refused_with_who_fell_out_where(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UniverseEmpty, match=re.escape(said)):
        chosen(written(tmp_path, text), panel(), slice(0, 6))


# ---- what is shipped ----


def test_the_shipped_universes_can_be_read_and_hold_no_leverage() -> None:
    core = universe_of("KOR_ETF_CORE", SHIPPED)
    codes = {entry.symbol for entry in core.entries}
    assert {"069500", "091160", "091170", "364980", "426030", "473640", "379800"} <= codes, "core holdings and benchmarks"
    assert not [entry for entry in core.entries if "레버리지" in entry.name or "인버스" in entry.name or not entry.name]
    assert (core.kind, core.point_in_time) == ("ETF", False)
    assert universe_of("SYNTHETIC_ETF", SHIPPED).point_in_time
