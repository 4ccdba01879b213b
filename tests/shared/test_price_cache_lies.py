"""What somebody else put where prices arrive, or what rotted in place, costs no prices and comes into no version."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path
from typing import Callable

import pytest

from shared import cache
from shared.cache import Looked, PricesDamaged
from tests.harness.price_sides import FIRST_VERSION, NEXT_VERSION, PC, Machine, PriceSides, nas_carries, pc_carries
from tests.shared.test_price_cache import spoil


@pytest.mark.parametrize("target", [".", "../data", "prices-of-somebody"])
@pytest.mark.parametrize("source", [PC, "nas"])
def test_a_delivery_that_is_a_link_costs_no_prices(source: str, target: str, quick_folder: Path) -> None:
    """On the side that fetches and on the other one: what lies behind the link is in use."""
    sides = pc_carries(quick_folder, prices_from=source)
    made, other = sides.by_source(source)
    made.seal("2026-11-20")
    sides.settle()
    for side in (made, other):
        (side.settings.data / ".arriving-prices-x").symlink_to(target)
        shutil.rmtree(side.settings.data / ".brought-prices", ignore_errors=True)
        (side.settings.data / ".brought-prices").symlink_to(target)
    sides.settle()
    assert made.in_use() == other.in_use() == FIRST_VERSION


@pytest.mark.parametrize("level", ["prices", "prices/local"])
def test_a_link_within_a_delivery_costs_no_prices(level: str, quick_folder: Path) -> None:
    sides = pc_carries(quick_folder)
    sides.runner.seal("2026-11-20")
    sides.settle()
    link = sides.nas.settings.data / ".arriving-prices-x" / level
    link.parent.mkdir(parents=True)
    link.symlink_to(sides.nas.settings.data / level)
    sides.settle()
    assert sides.nas.in_use() == FIRST_VERSION
    assert not link.exists()


def _folder(path: Path) -> None:
    path.mkdir()
    (path / "more").write_bytes(b"x")


def _link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe has no name here")
@pytest.mark.parametrize("make", [_folder, _link, os.mkfifo])
def test_a_shard_that_is_no_file_is_asked_for_again(make: Callable[[Path], None], quick_folder: Path) -> None:
    sides = pc_carries(quick_folder)
    sides.runner.seal("2026-11-20")
    sides.settle()
    sides.runner.seal("2026-11-21", NEXT_VERSION)
    sides.runner.carry()
    [came] = sides.nas.settings.data.glob(".arriving-prices-*/prices/local/shards/*")
    came.unlink()
    make(came)

    [told] = sides.nas.carry()

    assert told.code == "E-PRICES-BUSY"
    assert sides.nas.in_use() == FIRST_VERSION
    sides.settle()
    assert sides.nas.in_use() == NEXT_VERSION
    assert sides.nas.why() is None


@pytest.mark.parametrize("way", [pc_carries, nas_carries])
def test_prices_of_a_day_that_has_come_are_taken_whatever_the_clock_said_before(
    way: Callable[..., PriceSides], quick_folder: Path
) -> None:
    """For one round the clock of the side that takes them in was at the beginning of its days."""
    sides = way(quick_folder)
    sides.runner.seal("2026-11-20")
    right, sides.nas.today = sides.nas.today, lambda: date(1970, 1, 1)
    sides.settle()
    assert sides.nas.in_use() != FIRST_VERSION
    sides.nas.today = right
    sides.settle()
    assert sides.nas.in_use() == FIRST_VERSION
    assert sides.nas.why() is None


@pytest.mark.parametrize("way", [pc_carries, nas_carries])
def test_prices_of_the_future_are_refused(way: Callable[..., PriceSides], quick_folder: Path) -> None:
    """Nothing real would ever be newer."""
    sides = way(quick_folder)
    sides.runner.seal("2026-11-20")
    sides.settle()
    sides.runner.seal("2099-01-01", NEXT_VERSION)
    told = [error.code for _ in range(3) for side in (sides.runner, sides.nas) for error in side.carry()]
    assert told == ["E-PRICES-DAMAGED"], "once"
    assert sides.nas.in_use() == FIRST_VERSION
    assert "2099-01-01" in str(sides.nas.why())
    assert "yet to come" in str(sides.nas.why())

    sides.runner.seal("2026-11-21", NEXT_VERSION)
    sides.settle()
    assert sides.nas.in_use() == NEXT_VERSION
    assert sides.nas.why() is None


def test_prices_of_the_future_are_refused_where_they_are_sealed(quick_folder: Path) -> None:
    """A clock may be a day off; what was in use stays, and the draft lies there to be mended."""
    side = pc_carries(quick_folder).runner

    def seal(last: str) -> cache.Index:
        made, today = cache.Made(PC, "2016-01-04", last, 1), date(2026, 11, 22)
        return cache.seal(side.shelf, side.draft(NEXT_VERSION), made, lambda: today)

    side.seal("2026-11-20")
    for last, found in (
        ("2026-11-24", "yet to come: today is 2026-11-22"),
        ("2099-01-01", "yet to come"),
        ("2026-13-01", "no day"),
    ):
        with pytest.raises(PricesDamaged, match=f"{last}.*{found}.*nothing was sealed"):
            seal(last)
    assert side.in_use() == FIRST_VERSION
    assert sorted(path.name for path in (side.shelf.folder / ".draft.tmp").iterdir()) == sorted(NEXT_VERSION)
    assert seal("2026-11-23").last == "2026-11-23"
    assert side.in_use() == NEXT_VERSION


@pytest.mark.parametrize("way", [pc_carries, nas_carries])
def test_rot_in_prices_is_found_by_the_next_version(way: Callable[..., PriceSides], quick_folder: Path) -> None:
    """Of the same size and time as ever: a run does not see it, doctor does."""
    sides = way(quick_folder)
    sides.runner.seal("2026-11-20")
    sides.settle()
    [close] = sides.nas.shelf.shards.glob("*-close.npy")
    assert "close.npy" not in cache.prices_check(sides.nas.disk, sides.nas.settings, "nas").said.en
    spoil(close)
    found = cache.prices_check(sides.nas.disk, sides.nas.settings, "nas")
    assert found.verdict == "warn"
    assert "close.npy" in found.said.en

    next_version = {**FIRST_VERSION, "volume.npy": b"volume of the next"}
    sides.runner.seal("2026-11-21", next_version)
    sides.settle()

    assert sides.nas.in_use() == next_version
    assert sides.nas.why() is None


YEARS = {f"{number}.npy": bytes([number]) * size for number, size in enumerate((40, 1, 30, 25, 30, 60, 2))}


def test_whatever_rotted_is_found_as_the_days_go_by(quick_folder: Path) -> None:
    """Of prices too many to be read at once doctor reads a share a day."""
    made = pc_carries(quick_folder).runner
    index = made.seal("2026-11-20", YEARS)
    total, share = sum(map(len, YEARS.values())), 33
    days = range(740_000, 740_000 + total // share + 2)
    assert all(0 < cache.look(made.shelf, index, day, share).read < len(YEARS) for day in days)
    for shard in index.shards:
        path = made.shelf.shards / shard.file
        spoil(path)
        found = [cache.look(made.shelf, index, day, share).wrong for day in days]
        assert {name for wrong in found for name in wrong} == {shard.name}
        spoil(path)  # back to what it was


@pytest.mark.parametrize("day", range(7))
def test_what_is_gone_cut_or_touched_is_found_the_same_day(day: int, quick_folder: Path) -> None:
    made = pc_carries(quick_folder).runner
    shard = made.seal("2026-11-20", YEARS).shards[3]
    path = made.shelf.shards / shard.file
    for data in (b"?" * shard.bytes, b""):
        path.write_bytes(data)
        os.utime(path, ns=(1, 1))
        assert set(_looked(made, day).wrong) == {shard.name}
    path.unlink()
    assert set(_looked(made, day).wrong) == {shard.name}
    path.write_bytes(YEARS[shard.name])
    assert _looked(made, day) == ({}, 2, len(YEARS)), "what is as it was sealed is sound, and read as it was touched"


def _looked(made: Machine, day: int) -> Looked:
    index = cache.read_index(made.shelf)
    assert index
    return cache.look(made.shelf, index, day, share=1)


def test_sealing_mends_what_rotted_in_place(quick_folder: Path) -> None:
    sides = pc_carries(quick_folder)
    sides.runner.seal("2026-11-20")
    [close] = sides.runner.shelf.shards.glob("*-close.npy")
    spoil(close)
    sides.runner.seal("2026-11-20")
    assert sides.runner.in_use() == FIRST_VERSION
