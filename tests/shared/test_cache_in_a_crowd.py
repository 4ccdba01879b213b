"""Several processes at one cache: each answer is kept once and whole, and whoever reads meanwhile reads one series."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import List

import pytest

from shared.market.cache import CacheBusy, open_cache, what_to_ask
from tests.harness.interleave import Between
from tests.harness.kept_bars import START, bars_of, cache_at, same
from tests.harness.sources import ROOT

NAVER, CODE = "naver", "069500"
FIRST, DAYS = date(2025, 12, 22), 20  # over the turn of the year
EXTENDING = """
import sys
from datetime import date, timedelta
from pathlib import Path
from shared.market.cache import what_to_ask
from tests.harness.kept_bars import START, bars_of, cache_at

cache, days = cache_at(Path(sys.argv[1])), int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
for place in range(days):
    last = date.fromisoformat(sys.argv[2]) + timedelta(days=place)
    asked = what_to_ask(cache.series("naver", "069500"), START, last)
    if asked:
        cache.put(bars_of("069500", *asked), "naver", *asked)
"""
READING = """
import sys
from pathlib import Path
from tests.harness.kept_bars import START, bars_of, cache_at, same

cache, asked_to = cache_at(Path(sys.argv[1])), ""
while asked_to < sys.argv[2]:
    series = cache.series("naver", "069500")
    found = cache.bars("naver", "069500")
    last = found.dates[-1].item()
    assert same(found, bars_of("069500", START, last)), last
    assert (series.lost, series.end <= last) == ((), True)
    asked_to or print("ready", flush=True)
    asked_to = series.asked_to.isoformat()
"""
HOLDING = """
import sys
from pathlib import Path
from shared.disk import Disk
from shared.market.cache.shelves import Shelves

shelves = Shelves(Path(sys.argv[1]) / "cache", Disk())
with shelves.alone(shelves.place("naver", "069500")):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_two_processes_extend_one_symbol_while_another_reads_it(quick_folder: Path) -> None:
    cache, last = cache_at(quick_folder), FIRST + timedelta(days=DAYS - 1)
    cache.put(bars_of(CODE, START, FIRST), NAVER, START, FIRST)
    arguments = (str(quick_folder), str(FIRST), str(DAYS))
    programs = [_started(EXTENDING, *arguments), _started(EXTENDING, *arguments), _started(READING, arguments[0], str(last))]
    assert [one.stdout.readline() for one in programs if one.stdout] == ["ready\n"] * 3
    for stream in [one.stdin for one in programs[:2] if one.stdin]:
        stream.write("go\n")
        stream.flush()
    told = [one.communicate(timeout=60)[1] for one in programs]
    assert [one.returncode for one in programs] == [0, 0, 0], told
    assert same(cache.bars(NAVER, CODE), bars_of(CODE, START, last))
    assert cache.verify() == (1, 5, (), ())
    assert cache.revisions() == []


def test_two_threads_of_one_process_extend_one_symbol(quick_folder: Path) -> None:
    """The lock of a file belongs to a process: two threads would both hold it."""
    cache = cache_at(quick_folder)
    cache.put(bars_of(CODE, START, FIRST), NAVER, START, FIRST)

    def extend(place: int) -> None:
        last = FIRST + timedelta(days=place)
        asked = what_to_ask(cache.series(NAVER, CODE), START, last)
        if asked:
            cache.put(bars_of(CODE, *asked), NAVER, *asked)

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(extend, range(DAYS))) == [None] * DAYS
    assert same(cache.bars(NAVER, CODE), bars_of(CODE, START, FIRST + timedelta(days=DAYS - 1)))
    assert cache.verify() == (1, 5, (), ())


def test_whoever_reads_while_a_part_is_replaced_reads_the_new_series(quick_folder: Path) -> None:
    """Just before it opens a part, the whole series is replaced, and the parts of before are gone."""
    old, new = bars_of(CODE, START, FIRST), bars_of(CODE, START, FIRST, 0.1)
    for year in range(START.year, FIRST.year + 1):
        folder = quick_folder / str(year)
        cache_at(folder).put(old, NAVER, START, FIRST)
        somebody = Between("open", f"{CODE}/{year}-", partial(cache_at(folder).put, new, NAVER, START, FIRST))
        assert same(cache_at(folder, somebody).bars(NAVER, CODE), new)
        assert somebody.happened
        series = cache_at(folder).series(NAVER, CODE)
        assert series
        assert series.lost == ()


def test_whoever_finds_a_series_being_changed_says_so_and_the_dead_hold_nothing_up(quick_folder: Path) -> None:
    bars, impatient = bars_of(CODE, START, FIRST), open_cache(quick_folder / "cache", patience=0.05)
    holder = _started(HOLDING, str(quick_folder))
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(CacheBusy, match="somebody else has been at it"):
        impatient.put(bars, NAVER, START, FIRST)
    assert impatient.series(NAVER, CODE) is None
    holder.kill()
    holder.communicate(timeout=30)
    assert impatient.put(bars, NAVER, START, FIRST).parts_written == 4
    assert same(impatient.bars(NAVER, CODE), bars)


def test_a_part_that_somebody_is_just_writing_is_no_litter(quick_folder: Path) -> None:
    """The ledger does not name it yet."""
    impatient, place = open_cache(quick_folder / "cache", patience=0.05), quick_folder / "cache" / NAVER / CODE
    holder = _started(HOLDING, str(quick_folder))
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    place.mkdir(parents=True)
    (place / "2026-0123abcd.parquet").write_bytes(b"written, not yet in force")
    with pytest.raises(CacheBusy):
        impatient.verify()
    assert len(list(place.iterdir())) == 1
    holder.communicate("go\n", timeout=30)
    assert impatient.verify().litter == (f"{NAVER}/{CODE}",)
    assert not place.exists()


def _started(program: str, *words: str) -> "subprocess.Popen[str]":
    pipe = subprocess.PIPE
    command: List[str] = [sys.executable, "-c", program, *words]
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
