"""What providers were asked for is kept, extended by the missing days, and the same bars come out of it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np

from shared.market.cache import Span, open_cache, what_to_ask
from tests.harness.kept_bars import END, NOON, START, bars_of, cache_at, changed, parts_of, same

KOREAN = "pykrx_stock"


def test_what_was_put_comes_out_to_the_last_bit(quick_folder: Path) -> None:
    told = changed(bars_of("069500"), date(2023, 5, 2), value=np.nan, open=0.1 + 0.2)
    change = cache_at(quick_folder).put(told, KOREAN, START, END)
    assert (len(change.added), change.revised, change.parts_written, change.again) == (len(told), (), 5, None)
    found = cache_at(quick_folder).bars(KOREAN, "069500")
    assert same(found, told)
    assert open_cache(quick_folder / "cache").bars(KOREAN, "0695") is None


def test_what_is_known_of_a_series(quick_folder: Path) -> None:
    cache = cache_at(quick_folder)
    cache.put(bars_of("069500"), KOREAN, date(2016, 1, 4), END)
    series = cache.series(KOREAN, "069500")
    assert series
    assert (series.provider, series.symbol, series.name, series.adjusted) == (KOREAN, "069500", "name of 069500", True)
    assert (series.start, series.end, series.rows) == (START, END, len(bars_of("069500")))
    assert (series.asked_from, series.asked_to, series.updated_at) == (date(2016, 1, 4), END, NOON)
    assert (series.overlap_from, series.lost, len(series.sha256)) == (date(2026, 11, 12), (), 64)
    assert cache.all_series() == [series]
    assert cache.series("naver", "069500") is None


def test_a_day_more_is_one_part_more_written_and_no_other_touched(quick_folder: Path) -> None:
    cache = cache_at(quick_folder)
    cache.put(bars_of("069500"), KOREAN, START, END)
    before, series = parts_of(quick_folder), cache.series(KOREAN, "069500")
    next_day = END + timedelta(days=1)
    assert what_to_ask(series, START, next_day) == Span(date(2026, 11, 12), next_day)
    change = cache.put(bars_of("069500", date(2026, 11, 12), next_day), KOREAN, date(2026, 11, 12), next_day)
    assert (change.added, change.revised, change.parts_written) == ((next_day,), (), 1)
    after = parts_of(quick_folder)
    assert len(after) == len(before)
    assert len(set(after.items()) - set(before.items())) == 1
    assert same(cache.bars(KOREAN, "069500"), bars_of("069500", end=next_day))


def test_a_split_seen_in_the_overlap_changes_nothing_until_all_of_it_was_asked_for(quick_folder: Path) -> None:
    cache = cache_at(quick_folder)
    cache.put(bars_of("069500"), KOREAN, START, END)
    day = date(2026, 11, 19)
    split = bars_of("069500", end=day, factor=0.1)
    change = cache.put(split, KOREAN, date(2026, 11, 12), day)
    assert change.again == Span(START, day)
    assert (change.added, change.parts_written) == ((), 0)
    assert change.revised == tuple(bars_of("069500", date(2026, 11, 12)).dates.tolist())
    assert same(cache.bars(KOREAN, "069500"), bars_of("069500"))
    change = cache.put(split, KOREAN, *change.again)
    assert (change.added, len(change.revised), change.parts_written) == ((day,), len(bars_of("069500")), 5)
    assert same(cache.bars(KOREAN, "069500"), split)
    told = cache.revisions(KOREAN, "069500")
    assert {one.field for one in told} == {"open", "high", "low", "close", "volume", "value"}
    close = next(one for one in told if one.field == "close")
    assert (close.day, close.until, close.days, close.seen_at) == (START, END, len(bars_of("069500")), NOON)
    assert close.before == bars_of("069500").numbers["close"][0]
    assert close.now == split.numbers["close"][0]
