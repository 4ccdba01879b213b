"""Whatever rots in the cache is found before anybody believes it, set aside, and asked for again."""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
from datetime import date
from pathlib import Path
from typing import Callable

import pytest

from shared.market.bars import Bars
from shared.market.cache import Cache, Span, is_fresh, what_to_ask
from tests.harness.dose import THOROUGH
from tests.harness.kept_bars import END, NOON, START, bars_of, cache_at, same

NAVER = "naver"
Damage = Callable[[Path], None]
BARS, OTHER = bars_of("069500"), bars_of("0695", factor=2.0)


def _flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)


def _truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _swapped(path: Path) -> None:
    """Sound, but another symbol's."""
    [other] = path.parents[1].glob(f"0695/{path.name[:5]}*")
    path.write_bytes(other.read_bytes())


def _other_year(path: Path) -> None:
    [other] = path.parent.glob("2025-*")
    path.write_bytes(other.read_bytes())


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES = pytest.mark.parametrize("damage", [_flipped, _truncated, _swapped, _other_year, Path.unlink, _folder])


@DAMAGES
def test_a_damaged_part_is_set_aside_and_its_days_are_asked_for_again(damage: Damage, quick_folder: Path) -> None:
    cache, part = _kept(quick_folder), _part_of(quick_folder, 2024)
    damage(part)
    found = cache.bars(NAVER, "069500")
    assert found
    assert same(found, _without_2024())
    series = cache.series(NAVER, "069500")
    assert series
    assert (series.lost, series.rows) == ((Span(date(2024, 1, 1), date(2024, 12, 31)),), len(found))
    assert not is_fresh(series, NOON)
    asked = what_to_ask(series, START, END)
    assert asked == Span(date(2023, 12, 18), date(2025, 1, 14))
    change = cache.put(bars_of("069500", *asked), NAVER, *asked)
    assert (change.revised, change.parts_written, change.again) == ((), 1, None)
    assert same(cache.bars(NAVER, "069500"), BARS)
    assert same(cache.bars(NAVER, "0695"), OTHER)
    assert cache.verify() == (2, 10, (), ())
    assert what_to_ask(cache.series(NAVER, "069500"), START, END) is None


def test_what_was_set_aside_can_be_looked_at_for_a_while(quick_folder: Path) -> None:
    cache = _kept(quick_folder)
    _flipped(_part_of(quick_folder, 2024))
    rotten = _part_of(quick_folder, 2024).read_bytes()
    assert cache.verify().damaged == ("naver/069500 2024: its sha256 is another",)
    [aside] = quick_folder.glob("cache/aside/2026-11-20/*")
    assert aside.read_bytes() == rotten
    cache.sweep_raw(date(2026, 11, 20))
    assert aside.exists()
    cache.sweep_raw(date(2026, 11, 21))
    assert not aside.exists()


def test_where_every_part_is_damaged_there_is_no_series(quick_folder: Path) -> None:
    cache = _kept(quick_folder)
    for part in _place(quick_folder).iterdir():
        _truncated(part)
    assert cache.bars(NAVER, "069500") is None
    assert cache.series(NAVER, "069500") is None
    assert same(cache.bars(NAVER, "0695"), OTHER)


def test_an_answer_for_a_bit_of_what_was_lost_is_not_enough(quick_folder: Path) -> None:
    """Else its year would count as whole."""
    cache, asked = _kept(quick_folder), Span(date(2024, 6, 3), END)
    _part_of(quick_folder, 2024).unlink()
    cache.bars(NAVER, "069500")
    assert cache.put(bars_of("069500", *asked), NAVER, *asked).again == Span(START, END)
    assert same(cache.bars(NAVER, "069500"), _without_2024())


def test_what_is_lost_before_an_answer_comes_is_no_reason_to_lose_the_answer(quick_folder: Path) -> None:
    cache, asked = _kept(quick_folder), Span(date(2026, 11, 12), date(2026, 11, 19))
    _flipped(_part_of(quick_folder, 2026))
    assert cache.put(bars_of("069500", *asked), NAVER, *asked).again == Span(START, asked.end)
    series = cache.series(NAVER, "069500")
    assert series
    assert what_to_ask(series, START, asked.end) == Span(date(2025, 12, 18), asked.end)


def test_files_nobody_names_go_and_those_in_force_stay(quick_folder: Path) -> None:
    cache = _kept(quick_folder)
    for name in ("2024-00000000.parquet", ".2024-11111111.parquet.ab12cd34.tmp"):
        (_place(quick_folder) / name).write_bytes(b"half")
    stray = quick_folder / "cache" / "naver" / "%5EKS11"
    stray.mkdir()
    (stray / "2024-22222222.parquet").write_bytes(b"of a database that is gone")
    assert cache.verify() == (2, 10, (), ("naver/^KS11", "naver/069500"))
    assert not stray.exists()
    assert cache.verify() == (2, 10, (), ())
    assert same(cache.bars(NAVER, "069500"), BARS)


# ---- the database ----


def _emptied(file: Path) -> None:
    file.write_bytes(b"")


def _garbage(file: Path) -> None:
    file.write_bytes(b"no database at all " * 500)


def _half(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _of_a_later_version(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version = 99")


def _another_programs(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE series (name TEXT)")
        connection.execute("PRAGMA user_version = 1")


@pytest.mark.parametrize("damage", [_emptied, _garbage, _half, _of_a_later_version, _another_programs, Path.unlink])
def test_a_database_that_cannot_be_read_is_set_aside_and_everything_asked_for_again(damage: Damage, quick_folder: Path) -> None:
    cache = _kept(quick_folder)
    damage(quick_folder / "cache" / "cache.db")
    assert cache.bars(NAVER, "069500") is None
    assert what_to_ask(cache.series(NAVER, "069500"), START, END) == Span(START, END)
    assert cache.put(BARS, NAVER, START, END).parts_written == 5
    assert same(cache.bars(NAVER, "069500"), BARS)
    assert cache.verify().litter == ("naver/0695",)


def test_a_journal_of_a_database_that_is_gone_is_not_played_back(quick_folder: Path) -> None:
    cache, file = _kept(quick_folder), quick_folder / "cache" / "cache.db"
    (quick_folder / "cache" / "cache.db-journal").write_bytes(file.read_bytes())
    _garbage(file)
    assert cache.all_series() == []
    cache.put(BARS, NAVER, START, END)
    assert same(cache.bars(NAVER, "069500"), BARS)


def test_no_bit_that_turns_in_the_database_gives_another_price(quick_folder: Path) -> None:
    """What it says is sealed, series by series."""
    start = date(2025, 11, 3)
    kept = [bars_of("069500", start), bars_of("0695", start, factor=2.0)]
    for bars in kept:
        cache_at(quick_folder).put(bars, NAVER, start, END)
    data, dice = (quick_folder / "cache" / "cache.db").read_bytes(), random.Random(1)
    places = [*range(100), *(dice.randrange(len(data)) for _ in range(3000 if THOROUGH else 60))]
    turns = [(place, 1 << dice.randrange(8)) for place in (places if THOROUGH else places[::2])]
    # In the index by which parts are looked up, where a year is another: what is kept there cannot be found again.
    turns += [(found.end() - 1, 1 << 5) for found in re.finditer(rb"naver0695(00)?\x07[\xe9\xea]", data)]
    for number, (place, bit) in enumerate(turns):
        folder = quick_folder / f"turned-{number}"
        shutil.copytree(quick_folder / "cache", folder / "cache")
        turned = bytearray(data)
        turned[place] ^= bit
        (folder / "cache" / "cache.db").write_bytes(turned)
        _never_another(cache_at(folder), kept, start)
        shutil.rmtree(folder)


def test_a_row_that_somebody_edited_is_not_believed(quick_folder: Path) -> None:
    cache = _kept(quick_folder)
    with sqlite3.connect(quick_folder / "cache" / "cache.db") as connection:
        connection.execute("UPDATE series SET asked_from = '1990-01-01' WHERE symbol = '069500'")
    assert cache.series(NAVER, "069500") is None
    assert [one.symbol for one in cache.all_series()] == ["0695"]
    assert cache.put(BARS, NAVER, START, END).parts_written == 5
    assert same(cache.bars(NAVER, "069500"), BARS)


def _never_another(cache: Cache, kept: "list[Bars]", start: date) -> None:
    for bars in kept:
        found = cache.bars(NAVER, bars.symbol)
        assert found is None or same(found, bars)
        cache.revisions()
        cache.put(bars, NAVER, start, END)
        assert same(cache.bars(NAVER, bars.symbol), bars)


def _kept(folder: Path) -> Cache:
    cache = cache_at(folder)
    for bars in (BARS, OTHER):
        cache.put(bars, NAVER, START, END)
    return cache


def _place(folder: Path) -> Path:
    return folder / "cache" / NAVER / "069500"


def _part_of(folder: Path, year: int) -> Path:
    [part] = _place(folder).glob(f"{year}-*")
    return part


def _without_2024() -> Bars:
    from shared.market.cache.parts import picked

    return picked(BARS, BARS.dates.astype("datetime64[Y]").astype(int) + 1970 != 2024)
