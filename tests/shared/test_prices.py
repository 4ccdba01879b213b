"""A panel of prices: what follows from its bars, and parts of it that copy nothing until they are read."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shared.errors import DataMissing
from shared.market import FIELDS, NUMBERS, Prices, fingerprint_of, open_prices, write_prices
from shared.market.providers import synthetic

NAN = float("nan")
MADE_UP = synthetic.make_prices()
FIRST = np.datetime64("2024-01-29")


def panel(close: Any, **fields: Any) -> Prices:
    """Bars that are flat at these closes, a day each, with a volume of 10 and symbols A, B, …"""
    closes = np.array(close, dtype=float)
    bars: Any = {name: np.array(fields.pop(name, closes), dtype=float) for name in ("open", "high", "low")}
    volume = np.array(fields.pop("volume", np.full(closes.shape, 10.0)), dtype=float)
    days, symbols = FIRST + np.arange(len(closes)), tuple("ABCDEFGH"[: closes.shape[1]])
    return Prices(days, symbols, **bars, close=closes, volume=volume, **{"synthetic": False, "provider": "test", **fields})


# ---- what follows from the bars ----


def test_a_bar_with_a_price_and_a_volume_can_fill_and_so_can_what_is_only_not_known() -> None:
    prices = panel([[10, 10, 10, 10, 10]], open=[[10, 0, 10, 10, NAN]], low=[[10, 0, 10, -1, 10]], volume=[[5, 5, 0, 5, NAN]])
    assert prices.tradable.tolist() == [[True, False, False, False, True]]


def test_a_halted_day_with_a_carried_close_fills_nothing_and_is_still_worth_its_close() -> None:
    halted = panel([[10], [10], [11]], open=[[9], [0], [11]], high=[[9], [0], [11]], low=[[9], [0], [11]], volume=[[5], [0], [5]])
    assert halted.tradable[:, 0].tolist() == [True, False, True]
    assert halted.marks[:, 0].tolist() == [10, 10, 11]


def test_marks_carry_over_gaps_and_after_the_end_and_are_unknown_before_the_first() -> None:
    prices = panel([[NAN, 7], [5, NAN], [NAN, 0], [6, NAN]])
    assert np.array_equal(prices.marks, np.array([[NAN, 7], [5, 7], [5, 7], [6, 7]]), equal_nan=True)


def test_a_traded_value_nobody_gave_is_unknown_on_every_day() -> None:
    prices = panel([[1, 2], [3, 4]])
    assert prices.value.shape == (2, 2)
    assert np.isnan(prices.value).all()


def test_nobody_writes_into_any_field() -> None:
    for prices in (panel([[1, 2], [3, 4]]), MADE_UP, MADE_UP.pick(["990020"]), MADE_UP.until(5)):
        for name in ("dates", *NUMBERS, "tradable", "marks", "by_month"):
            with pytest.raises(ValueError, match="read-only"):
                getattr(prices, name)[0] = getattr(prices, name)[0]


def test_no_strategy_opens_an_array_to_write_into_it(tmp_path: Path) -> None:
    write_prices(tmp_path / "panel", MADE_UP)
    whole = open_prices(tmp_path / "panel")
    for prices in (whole, whole.pick(["990020"]), whole.until(5), MADE_UP, panel([[1, 2], [3, 4]])):
        for name in ("dates", *NUMBERS, "tradable", "marks", "by_month"):
            with pytest.raises(ValueError, match="WRITEABLE"):
                getattr(prices, name).setflags(write=True)


def test_other_closes_make_other_marks() -> None:
    before = panel([[1], [2]])
    assert before.marks[1, 0] == 2
    assert replace(before, close=np.array([[1.0], [5.0]])).marks[1, 0] == 5


def test_a_field_prices_do_not_have_is_named() -> None:
    with pytest.raises(AttributeError, match="'colse'"):
        MADE_UP.colse  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(TypeError, match="'nmaes'"):
        MADE_UP.telling(nmaes={})


# ---- parts ----


def gathered(prices: Prices) -> set[str]:
    return set(vars(prices)) & {*NUMBERS, "tradable", "marks", "by_month"}


def test_a_part_copies_nothing_until_it_is_read_and_then_once() -> None:
    part = MADE_UP.until(500).pick(["990030", "KOSPI"])
    assert gathered(part) == set()
    assert part.close[7].tolist() == [MADE_UP.close[7, 3], MADE_UP.close[7, 0]]
    assert gathered(part) == {"close"}
    assert part.close is part.close
    assert part.close.flags.c_contiguous


def test_all_columns_in_order_and_the_first_rows_are_no_copy() -> None:
    assert np.shares_memory(MADE_UP.pick(list(MADE_UP.symbols)).close, MADE_UP.close)
    assert np.shares_memory(MADE_UP.until(300).close, MADE_UP.close)
    assert MADE_UP.until(300).close.shape == (300, 11)


def test_every_field_of_a_part_is_the_one_of_the_whole(tmp_path: Path) -> None:
    write_prices(tmp_path / "panel", MADE_UP)
    names = ["9900Y0", "KOSPI", "990010"]
    columns = [MADE_UP.symbols.index(name) for name in names]
    for whole in (MADE_UP, open_prices(tmp_path / "panel")):
        for part in (whole.until(1200).pick(names), whole.pick(names).until(1200)):
            for name in (*NUMBERS, "tradable", "marks"):
                assert np.array_equal(
                    getattr(part, name), getattr(MADE_UP, name)[:1200, columns], equal_nan=name in NUMBERS or name == "marks"
                )


def test_a_part_keeps_the_facts_about_its_own_symbols() -> None:
    prices = panel(
        [[1, 2], [3, 4], [5, 6]],
        names={"A": "가", "B": "나"},
        kinds={"A": "ETF", "B": "KOSPI"},
        delisted={"B": date(2024, 1, 30)},
        notes={"": "all", "A": "one", "B": "other"},
        findings={"": [{"code": "Q-GAP"}], "A": [{"code": "Q-JUMP"}], "B": [{"code": "Q-STALE"}]},
        providers={"A": "naver", "B": "pykrx_stock"},
        members=np.array([[True, False], [True, True], [False, True]]),
        adjusted=True,
    )
    part = prices.pick(["B"]).until(2)
    assert (part.names, part.kinds, part.adjusted) == ({"B": "나"}, {"B": "KOSPI"}, True)
    assert (part.delisted, part.notes) == ({"B": date(2024, 1, 30)}, {"": "all", "B": "other"})
    assert (part.findings, part.providers) == ({"": [{"code": "Q-GAP"}], "B": [{"code": "Q-STALE"}]}, {"B": "pykrx_stock"})
    assert part.members is not None
    assert part.members.tolist() == [[False], [True]]


def test_what_a_symbol_lacks_is_told_of_these_rows_only() -> None:
    prices = panel([[NAN, 1], [2, NAN], [NAN, NAN], [NAN, 3]])
    said = {(name, start): bool(prices.lacks(name, slice(start, start + 2))) for name in "AB" for start in range(3)}
    assert said == {("A", 0): False, ("A", 1): False, ("A", 2): True, ("B", 0): False, ("B", 1): True, ("B", 2): False}
    assert prices.lacks("C", slice(0, 4)) == "no such symbol in these prices"
    assert prices.span("A") == {"first": "2024-01-30", "last": "2024-01-30", "rows": 1}


# ---- a hash per month ----


def test_a_changed_price_changes_its_month_and_no_other() -> None:
    close = MADE_UP.close.copy()
    day = int(np.searchsorted(MADE_UP.dates, np.datetime64("2019-05-14")))
    close[day, 3] += 5
    changed = replace(MADE_UP, close=close)
    differ = np.argwhere(changed.by_month != MADE_UP.by_month).tolist()
    assert differ == [[3 * 12 + 4, 3]]
    assert MADE_UP.months("990030")["from"] == "2016-01"
    assert len(MADE_UP.months("990030")["hashes"]) == 120 * 8
    assert MADE_UP.months("9900Y0")["from"] == "2019-03"


@pytest.mark.parametrize("field", NUMBERS)
def test_every_field_counts_in_the_hash_of_a_month(field: str) -> None:
    array = getattr(MADE_UP, field).copy()
    array[0, 0] += 1
    assert replace(MADE_UP, **{field: array}).by_month[0, 0] != MADE_UP.by_month[0, 0]


def test_the_same_prices_a_day_later_are_another_month() -> None:
    moved = replace(panel([[5], [NAN]]), close=np.array([[NAN], [5.0]]))
    assert moved.by_month[0, 0] != panel([[5], [NAN]]).by_month[0, 0]


def test_the_months_of_a_symbol_do_not_depend_on_who_else_is_there() -> None:
    """Days on which only others traded are no days of this symbol."""
    alone = panel([[5], [6], [7]])
    days = np.append(alone.dates, np.datetime64("2024-05-02"))
    wider: Any = {name: np.column_stack([np.append(getattr(alone, name), NAN), [1.0, 2, 3, 4]]) for name in FIELDS}
    both = Prices(days, ("A", "B"), **wider, synthetic=False, provider="test")
    assert both.months("A") == alone.months("A")
    assert len(both.months("B")["hashes"]) == 5 * 8


@pytest.mark.parametrize("stop", [1, 15, 20, 21, 700, 2450])
def test_the_months_of_a_part_are_those_of_the_same_rows_alone(stop: int, tmp_path: Path) -> None:
    """A panel on disk keeps them ready: only the month that is cut is worked out again."""
    write_prices(tmp_path / "panel", MADE_UP)
    part = open_prices(tmp_path / "panel").until(stop).pick(["990010", "KOSPI"])
    alone = Prices(part.dates, part.symbols, **{name: getattr(part, name) for name in NUMBERS}, synthetic=True, provider="x")
    assert part.months("KOSPI") == alone.months("KOSPI")
    assert np.array_equal(part.by_month, alone.by_month)


def test_months_without_a_day_are_zeros_and_a_symbol_without_a_price_has_none() -> None:
    prices = panel([[5, NAN], [6, NAN]], volume=[[1, NAN], [1, NAN]])
    apart = Prices(
        np.array(["2024-01-31", "2024-04-01"], "datetime64[D]"),
        prices.symbols,
        **{n: getattr(prices, n) for n in FIELDS},
        synthetic=False,
        provider="x",
    )
    hashes = apart.months("A")["hashes"]
    assert (len(hashes), hashes[8:24]) == (32, "0" * 16)
    assert apart.months("B") == {"from": "", "hashes": ""}


# ---- on disk ----


def test_what_is_known_about_the_symbols_is_written_and_read(tmp_path: Path) -> None:
    facts: dict[str, Any] = {"names": {"A": "가"}, "kinds": {"A": "ETF"}, "delisted": {"B": date(2024, 1, 30)}}
    facts |= {"adjusted": False, "notes": {"": "odd", "B": "ends"}}
    facts |= {"findings": {"A": [{"code": "Q-JUMP", "count": 2}]}, "providers": {"A": "naver"}}
    write_prices(tmp_path / "panel", panel([[1, 2], [3, 4]], value=np.array([[10.0, 20], [30, NAN]]), **facts))
    opened = open_prices(tmp_path / "panel")
    assert {name: getattr(opened, name) for name in facts} == facts
    assert np.array_equal(opened.value, np.array([[10, 20], [30, NAN]]), equal_nan=True)


def told_as_before(folder: Path) -> None:
    """The folder as an earlier version wrote it: without what is kept since."""
    for name in ("value", "tradable", "marks", "by_month"):
        (folder / f"{name}.npy").unlink()
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    files = {name: seen for name, seen in about["files"].items() if name in ("dates", *FIELDS, "columns")}
    old = {name: about[name] for name in ("symbols", "synthetic", "provider", "names")}
    (folder / "about.json").write_text(json.dumps({**old, "fingerprint": about["fingerprint"], "files": files}), encoding="utf-8")


def test_a_folder_of_an_earlier_version_still_opens(tmp_path: Path) -> None:
    prices = panel([[1, 2], [3, NAN]], kinds={"A": "ETF"})
    write_prices(tmp_path / "panel", prices)
    told_as_before(tmp_path / "panel")
    opened = open_prices(tmp_path / "panel")
    assert opened.fingerprint == fingerprint_of(opened) == fingerprint_of(prices)
    assert np.isnan(opened.value).all()
    assert (opened.kinds, opened.delisted, opened.adjusted, opened.notes) == ({}, {}, None, {})
    assert (opened.findings, opened.providers) == ({}, {})
    assert np.array_equal(opened.marks, [[1, 2], [3, 2]])


def test_made_up_prices_of_an_earlier_version_give_what_new_ones_give(tmp_path: Path) -> None:
    synthetic.ensure(tmp_path / "panel")
    told_as_before(tmp_path / "panel")
    opened = synthetic.ensure(tmp_path / "panel")
    assert (opened.fingerprint, opened.kinds, opened.adjusted) == (MADE_UP.fingerprint, MADE_UP.kinds, True)
    assert np.array_equal(opened.value, MADE_UP.value, equal_nan=True)


@pytest.mark.parametrize("name", ["tradable", "marks", "by_month"])
def test_an_array_that_does_not_follow_from_the_bars_is_refused(name: str, tmp_path: Path) -> None:
    write_prices(tmp_path / "panel", MADE_UP)
    kept = np.load(tmp_path / "panel" / f"{name}.npy")
    kept[0, 0] = not kept[0, 0]
    np.save(tmp_path / "panel" / f"{name}.npy", kept)
    with pytest.raises(DataMissing, match="changed since it was made"):
        open_prices(tmp_path / "panel")
    np.save(tmp_path / "panel" / f"{name}.npy", np.zeros((3, 2)))
    with pytest.raises(DataMissing, match=f"damaged.*{name} is"):
        open_prices(tmp_path / "panel")


def test_values_that_are_gone_are_refused_and_what_follows_from_the_bars_is_worked_out(tmp_path: Path) -> None:
    write_prices(tmp_path / "panel", MADE_UP)
    (tmp_path / "panel" / "marks.npy").unlink()
    assert np.array_equal(open_prices(tmp_path / "panel").marks, MADE_UP.marks, equal_nan=True)
    (tmp_path / "panel" / "value.npy").unlink()
    with pytest.raises(DataMissing, match="changed since it was made"):
        open_prices(tmp_path / "panel")


def test_a_copy_is_read_through_once_and_noted_anew(tmp_path: Path) -> None:
    write_prices(tmp_path / "panel", MADE_UP)
    shutil.copytree(tmp_path / "panel", tmp_path / "copy")
    noted = json.loads((tmp_path / "copy" / "about.json").read_text(encoding="utf-8"))["files"]
    assert open_prices(tmp_path / "copy").fingerprint == MADE_UP.fingerprint
    anew = json.loads((tmp_path / "copy" / "about.json").read_text(encoding="utf-8"))["files"]
    there = (tmp_path / "copy" / "close.npy").stat()
    assert anew["close"] == [there.st_size, there.st_mtime_ns, there.st_ino, there.st_ctime_ns] != noted["close"]
    assert open_prices(tmp_path / "copy").fingerprint == MADE_UP.fingerprint


def test_made_up_prices_say_what_they_are() -> None:
    assert MADE_UP.kinds == {"KOSPI": "INDEX", **dict.fromkeys(synthetic.ETFS, "ETF")}
    assert MADE_UP.adjusted is True
    known = MADE_UP.close > 0
    assert np.array_equal(MADE_UP.value[known], np.round(MADE_UP.close * MADE_UP.volume)[known])
