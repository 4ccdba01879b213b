"""What providers were asked for is kept, extended by the missing days, and the same bars come out of it."""

from __future__ import annotations

import gzip
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shared.market.bars import Bars
from shared.market.cache import Cache, Span, is_fresh, open_cache, what_to_ask
from shared.market.cache.names import safe_name, symbol_in
from shared.market.outage import ExternalDataUnavailable
from tests.harness.kept_bars import END, NOON, START, bars_of, cache_at, changed, parts_of, same, without

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


def test_a_correction_of_one_day_is_recorded_with_its_date_and_what_it_was(quick_folder: Path) -> None:
    cache = _kept(quick_folder)
    day = date(2024, 7, 1)
    told = changed(bars_of("069500"), day, close=5.0)
    change = cache.put(told, KOREAN, START, END)
    assert (change.added, change.revised, change.parts_written) == ((), (day,), 1)
    [revision] = cache.revisions()
    assert (revision.provider, revision.symbol, revision.seen_at) == (KOREAN, "069500", NOON)
    assert (revision.day, revision.until, revision.days, revision.field) == (day, day, 1, "close")
    assert (revision.before, revision.now) == (float(bars_of("069500", day, day).numbers["close"][0]), 5.0)
    assert cache.revisions("naver") == cache.revisions(symbol="0695") == []


def test_a_day_that_goes_and_one_that_comes_into_being_are_revisions_too(quick_folder: Path) -> None:
    cache, day, other = _kept(quick_folder), date(2024, 7, 1), date(2025, 7, 1)
    assert cache.put(without(bars_of("069500"), day), KOREAN, START, END).revised == (day,)
    change = cache.put(without(bars_of("069500"), other), KOREAN, START, END)
    assert (change.added, change.revised, change.again) == ((day,), (day, other), None)
    told = [(one.day, one.field, one.before is None, one.now is None) for one in cache.revisions()]
    assert sorted(told) == [(day, "day", False, True), (day, "day", True, False), (other, "day", False, True)]
    assert same(cache.bars(KOREAN, "069500"), without(bars_of("069500"), other))


def test_a_volume_that_was_not_final_is_corrected_by_the_tail_alone(quick_folder: Path) -> None:
    """Brokers' trades after the close are counted in the evening: that is no split, and no reason to ask for years."""
    cache, tail = _kept(quick_folder), date(2026, 11, 12)
    told = changed(bars_of("069500", tail), END, volume=7.0)
    change = cache.put(told, KOREAN, tail, END)
    assert (change.revised, change.again, change.parts_written) == ((END,), None, 1)
    assert same(cache.bars(KOREAN, "069500"), changed(bars_of("069500"), END, volume=7.0))


def test_the_last_digits_of_a_quotient_are_no_revision(quick_folder: Path) -> None:
    cache = _kept(quick_folder)
    close = float(bars_of("069500", END).numbers["close"][0])
    change = cache.put(changed(bars_of("069500"), END, close=close * (1 + 1e-9)), KOREAN, START, END)
    assert (change.revised, change.parts_written, cache.revisions()) == ((), 0, [])
    assert same(cache.bars(KOREAN, "069500"), bars_of("069500"))


@pytest.mark.parametrize(
    ("told", "start"),
    [
        (without(bars_of("069500", date(2026, 11, 12), date(2026, 11, 19)), date(2026, 11, 13)), date(2026, 11, 12)),
        (bars_of("069500", date(2026, 11, 19), date(2026, 11, 19)), date(2026, 11, 19)),
        (bars_of("069500", date(2026, 11, 12), date(2026, 11, 19), adjusted=False), date(2026, 11, 12)),
        (bars_of("069500", date(2026, 11, 27), date(2026, 11, 30)), date(2026, 11, 27)),
    ],
    ids=["a day is gone", "no day in common", "another basis", "days between were never asked for"],
)
def test_a_tail_that_cannot_be_held_against_what_was_kept_is_not_joined_to_it(
    told: Bars, start: date, quick_folder: Path
) -> None:
    cache, last = _kept(quick_folder), told.dates[-1].item()
    change = cache.put(told, KOREAN, start, last)
    assert (change.again, change.parts_written) == (Span(START, last), 0)
    assert same(cache.bars(KOREAN, "069500"), bars_of("069500"))
    assert cache.revisions() == []


def test_another_basis_for_all_of_it_takes_its_place(quick_folder: Path) -> None:
    cache, plain = _kept(quick_folder), bars_of("069500", factor=3.0, adjusted=False)
    assert cache.put(plain, KOREAN, START, END).again is None
    assert same(cache.bars(KOREAN, "069500"), plain)


@pytest.mark.parametrize("bars", [bars_of("069500", date(2026, 11, 21), date(2026, 11, 22)), None], ids=["none", "twice"])
def test_what_is_no_answer_is_not_kept(bars: "Bars | None", quick_folder: Path) -> None:
    cache = _kept(quick_folder)
    twice = bars_of("069500")
    odd = bars or Bars("069500", twice.dates[[0, 0]], {name: array[:2] for name, array in twice.numbers.items()})
    with pytest.raises(ValueError, match="bars of 069500"):
        cache.put(odd, KOREAN, START, date(2026, 11, 22))
    assert same(cache.bars(KOREAN, "069500"), bars_of("069500"))


def test_an_answer_without_a_tenth_of_the_days_of_before_is_an_outage_and_costs_none_of_them(quick_folder: Path) -> None:
    cache, half = _kept(quick_folder), bars_of("069500", date(2024, 6, 3))
    with pytest.raises(ExternalDataUnavailable, match=r"lacks 588 of 1231 days .* \(empty\)") as refused:
        cache.put(half, KOREAN, START, END)
    assert refused.value.kind == "empty"
    assert same(cache.bars(KOREAN, "069500"), bars_of("069500"))
    assert cache.revisions() == []
    few = [date(2024, 7, 1) + timedelta(days=week * 7) for week in range(20)]
    assert cache.put(without(bars_of("069500"), *few), KOREAN, START, END).revised == tuple(few)


# ---- what is to be asked ----


def test_a_symbol_listed_late_is_not_asked_for_again_from_the_beginning(quick_folder: Path) -> None:
    cache, wanted = cache_at(quick_folder), date(2016, 1, 4)
    assert what_to_ask(None, wanted, END) == Span(wanted, END)
    cache.put(bars_of("069500"), KOREAN, wanted, END)
    series = cache.series(KOREAN, "069500")
    assert what_to_ask(series, wanted, END) is None
    assert what_to_ask(series, date(2015, 1, 2), date(2020, 1, 2)) == Span(date(2015, 1, 2), END)
    cache.put(bars_of("069500"), KOREAN, date(2015, 1, 2), END)
    assert what_to_ask(cache.series(KOREAN, "069500"), date(2015, 1, 2), END) is None


def test_on_a_holiday_nothing_is_missing_once_the_answer_could_have_had_it(quick_folder: Path) -> None:
    """Chuseok 2026 is from Thursday to Saturday. An answer on its first day does not say that there was no session."""
    last, holiday = date(2026, 9, 23), date(2026, 9, 25)
    bars = bars_of("069500", START, last)
    for days, expected in ((0, Span(date(2026, 9, 17), holiday)), (1, Span(date(2026, 9, 17), holiday)), (2, None)):
        asked_at = NOON.replace(month=9, day=25 + days)
        cache = cache_at(quick_folder / str(days), now=asked_at)
        cache.put(bars, KOREAN, START, holiday)
        assert what_to_ask(cache.series(KOREAN, "069500"), START, holiday) == expected
        assert what_to_ask(cache.series(KOREAN, "069500"), START, last) is None


def test_a_symbol_halted_for_weeks_is_asked_for_from_its_last_bars_on(quick_folder: Path) -> None:
    """Splits happen in such weeks: five sessions before today there would be nothing to hold the answer against."""
    cache = cache_at(quick_folder)
    cache.put(bars_of("069500", START, date(2026, 9, 1)), KOREAN, START, END)
    assert what_to_ask(cache.series(KOREAN, "069500"), START, date(2026, 11, 19)) == Span(date(2026, 8, 26), date(2026, 11, 19))


def test_the_overlap_reaches_over_the_turn_of_the_year_and_only_the_new_years_part_is_written(quick_folder: Path) -> None:
    cache, last, monday = cache_at(quick_folder), date(2024, 12, 31), date(2025, 1, 2)
    cache.put(bars_of("069500", START, last), KOREAN, START, last)
    before = parts_of(quick_folder)
    asked = what_to_ask(cache.series(KOREAN, "069500"), START, monday)
    assert asked == Span(date(2024, 12, 25), monday)
    assert cache.put(bars_of("069500", *asked), KOREAN, *asked).parts_written == 2 - 1
    assert before.items() < parts_of(quick_folder).items()
    series = cache.series(KOREAN, "069500")
    assert series
    assert series.overlap_from == date(2024, 12, 27)


def test_what_was_answered_within_24_hours_is_fresh(quick_folder: Path) -> None:
    series = _kept(quick_folder).series(KOREAN, "069500")
    assert series
    assert is_fresh(series, NOON)
    assert is_fresh(series, NOON + timedelta(hours=23, minutes=59))
    assert not is_fresh(series, NOON + timedelta(hours=24))
    assert not is_fresh(series, NOON - timedelta(minutes=1)), "a clock that went back says nothing"


def test_an_answer_that_brings_nothing_new_makes_the_series_fresh_and_writes_no_part(quick_folder: Path) -> None:
    _kept(quick_folder)
    before, later = parts_of(quick_folder), NOON + timedelta(days=3)
    tail = Span(date(2026, 11, 12), date(2026, 11, 20))
    change = cache_at(quick_folder, now=later).put(bars_of("069500", tail.start), KOREAN, *tail)
    assert change == ((), (), 0, None)
    series = cache_at(quick_folder).series(KOREAN, "069500")
    assert series
    assert (series.updated_at, series.asked_to, series.end) == (later, tail.end, END)
    assert parts_of(quick_folder) == before


def test_the_same_bars_have_the_same_sha256_however_they_came(quick_folder: Path) -> None:
    whole, bit = cache_at(quick_folder / "whole"), cache_at(quick_folder / "bit")
    whole.put(bars_of("069500"), KOREAN, START, END)
    bit.put(bars_of("069500", end=date(2026, 3, 2)), KOREAN, START, date(2026, 3, 2))
    bit.put(bars_of("069500", date(2026, 2, 23)), KOREAN, date(2026, 2, 23), END)
    assert _sha(whole) == _sha(bit) != _sha(_kept(quick_folder / "other", factor=2.0))


# ---- names, and what goes away ----

ODD = (
    "^KS11",
    "S&P500",
    "BRK/B",
    "..",
    ".",
    "con",
    "CON",
    "nul.txt",
    "spy",
    "SPY",
    "005930.KS",
    "%41",
    "A",
    "한국",
    "a\\b:c*",
    " ",
)


def test_every_symbol_has_a_folder_of_its_own_from_which_it_is_known(quick_folder: Path) -> None:
    cache, names = cache_at(quick_folder), [safe_name(symbol) for symbol in ODD]
    assert [symbol_in(name) for name in names] == list(ODD)
    assert len({name.upper() for name in names}) == len(ODD), "also where small letters and capitals are one"
    assert not [name for name in names if name.upper().split(".")[0] in ("CON", "NUL") or name[0] == "." or name[-1] in ". "]
    assert safe_name("^KS11") == "%5EKS11"
    for place, symbol in enumerate(ODD):
        cache.put(bars_of(symbol, date(2026, 11, 2), END, place + 1.0), KOREAN, date(2026, 11, 2), END)
    assert sorted(path.name for path in (quick_folder / "cache" / KOREAN).iterdir()) == sorted(names)
    for place, symbol in enumerate(ODD):
        assert same(cache.bars(KOREAN, symbol), bars_of(symbol, date(2026, 11, 2), END, place + 1.0))
    assert cache.verify() == (len(ODD), len(ODD), (), ())


def test_a_path_as_long_as_paths_get_is_a_symbol_too(quick_folder: Path) -> None:
    cache, long = cache_at(quick_folder), "/home/somebody/" + "가격/" * 100
    for symbol in (long + "a.csv", long + "b.csv"):
        assert len(safe_name(symbol)) <= 160
        cache.put(bars_of(symbol, date(2026, 11, 2), END), "csv_folder", date(2026, 11, 2), END)
        assert same(cache.bars("csv_folder", symbol), bars_of(symbol, date(2026, 11, 2), END))
    assert cache.verify() == (2, 2, (), ())


@pytest.mark.parametrize("provider", ["", "..", "a/b", "raw", "aside", "NAVER"])
def test_a_providers_name_is_that_of_a_file_of_ours(provider: str, quick_folder: Path) -> None:
    with pytest.raises(ValueError, match="no name of a provider"):
        cache_at(quick_folder).put(bars_of("069500"), provider, START, END)
    with pytest.raises(ValueError, match="no name of a provider"):
        cache_at(quick_folder).keep_raw(provider, {"answer": b""}, NOON)


def test_what_is_purged_is_that_very_symbol_and_no_other(quick_folder: Path) -> None:
    cache = _kept(quick_folder)
    short = bars_of("0695", date(2026, 11, 2), END)
    for provider in (KOREAN, "naver"):
        cache.put(short, provider, date(2026, 11, 2), END)
    assert cache.purge(KOREAN, "06950") == cache.purge("pykrx", "069500") == cache.purge("", "") == []
    assert [(one.provider, one.symbol) for one in cache.purge(KOREAN, "0695")] == [(KOREAN, "0695")]
    assert cache.bars(KOREAN, "0695") is None
    assert not (quick_folder / "cache" / KOREAN / "0695").exists()
    assert same(cache.bars(KOREAN, "069500"), bars_of("069500"))
    assert same(cache.bars("naver", "0695"), short)
    assert [one.provider for one in cache.purge(symbol="0695")] == ["naver"]
    assert [one.symbol for one in cache.purge(KOREAN)] == ["069500"]
    assert (cache.all_series(), parts_of(quick_folder)) == ([], {})


def test_raw_answers_are_kept_compressed_until_their_days_are_over(quick_folder: Path) -> None:
    cache, later = _kept(quick_folder), NOON + timedelta(hours=1)
    for moment in (NOON, later, NOON - timedelta(days=31)):
        cache.keep_raw("naver", {"069500/sise?x=1": "한글 answer".encode(), "second": b"2"}, moment)
    kept = sorted((quick_folder / "cache" / "raw").rglob("*.gz"))
    assert [path.parent.name for path in kept] == ["2026-10-20"] * 2 + ["2026-11-20"] * 4
    assert {gzip.decompress(path.read_bytes()).decode() for path in kept} == {"한글 answer", "2"}
    assert cache.sweep_raw((NOON - timedelta(days=30)).date()) == 1
    assert [path.parent.name for path in sorted((quick_folder / "cache" / "raw").rglob("*.gz"))] == ["2026-11-20"] * 4
    assert same(cache.bars(KOREAN, "069500"), bars_of("069500"))


def test_stats_count_what_there_is_of_each_provider(quick_folder: Path) -> None:
    cache = _kept(quick_folder)
    cache.put(bars_of("0695"), "naver", START, END)
    size = sum(path.stat().st_size for path in quick_folder.glob("cache/naver/*/*"))
    rows = len(bars_of("0695"))
    assert cache.stats()["naver"] == {"series": 1, "parts": 5, "rows": rows, "bytes": size, "lost": 0}
    assert sorted(cache.stats()) == ["naver", KOREAN]


def _kept(folder: Path, **facts: Any) -> Cache:
    cache = cache_at(folder)
    cache.put(bars_of("069500", **facts), KOREAN, START, END)
    return cache


def _sha(cache: Cache) -> str:
    return cache.all_series()[0].sha256
