"""The price cache travels from the one side that fetches to the other, whichever carries, and comes into use whole."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Callable

import pytest

from shared import cache
from shared.errors import RelayError
from tests.faults.forks import in_a_child
from tests.harness.price_sides import (
    ABOUT,
    CLOSE,
    FIRST_VERSION,
    NEXT_VERSION,
    PC,
    Machine,
    PriceSides,
    both_carry,
    nas_carries,
    pc_carries,
)

Way = Callable[..., PriceSides]
WAYS = pytest.mark.parametrize("way", [nas_carries, pc_carries, both_carry])
SOURCES = pytest.mark.parametrize("source", [PC, "nas"])


def sides_of(way: Way, home: Path, source: str) -> "tuple[Machine, Machine, PriceSides]":
    """The side that fetches, the other one, both."""
    sides = way(home, prices_from=source)
    made, other = sides.by_source(source)
    return made, other, sides


@WAYS
@SOURCES
def test_a_sealed_version_is_in_use_on_the_other_side(way: Way, source: str, quick_folder: Path) -> None:
    made, other, sides = sides_of(way, quick_folder, source)
    made.seal("2026-11-20")
    sides.settle()
    assert other.in_use() == made.in_use() == FIRST_VERSION
    assert (made.why(), other.why()) == (None, None)
    assert [path.name for path in (other.shelf.folder).iterdir() if path.name.startswith(".")] == []


@WAYS
@SOURCES
def test_only_the_shards_that_differ_are_moved(way: Way, source: str, quick_folder: Path) -> None:
    made, other, sides = sides_of(way, quick_folder, source)
    made.seal("2026-11-19")
    sides.settle()
    kept = {path.name: path.stat().st_ino for path in other.shelf.shards.iterdir()}
    made.seal("2026-11-20", NEXT_VERSION)
    sides.settle()
    assert other.in_use() == NEXT_VERSION
    assert len({path.name for path in other.shelf.shards.iterdir()} - set(kept)) == 1
    assert all((other.shelf.shards / name).stat().st_ino == inode for name, inode in kept.items())


@WAYS
def test_nothing_new_moves_nothing(way: Way, quick_folder: Path) -> None:
    made, other, sides = sides_of(way, quick_folder, PC)
    made.seal("2026-11-20")
    sides.settle()
    made.heard, other.heard = [], []
    made.seal("2026-11-20")
    sides.settle()
    assert made.heard == other.heard == []


def test_what_waits_to_be_taken_in_is_not_sent_again(quick_folder: Path) -> None:
    sides = pc_carries(quick_folder)
    sides.runner.seal("2026-11-20")
    for _ in range(3):
        assert sides.runner.carry() == []
    assert sides.runner.heard == ["PRICES_CARRIED"]
    assert sides.nas.in_use() is None


@WAYS
def test_the_version_before_stays_until_the_one_after_next(way: Way, quick_folder: Path) -> None:
    """A reader may still be opening it."""
    made, other, sides = sides_of(way, quick_folder, PC)
    versions = [{**FIRST_VERSION, "close.npy": CLOSE * count} for count in (1, 2, 3)]
    for day, files in enumerate(versions, 18):
        made.seal(f"2026-11-{day}", files)
        sides.settle()
    for side in (made, other):
        sizes = sorted(path.stat().st_size for path in side.shelf.shards.glob("*-close.npy"))
        assert sizes == [2 * len(CLOSE), 3 * len(CLOSE)]


# ---- damaged ----


def spoil(path: Path) -> None:
    """One bit of it, in the middle; its size and time stay."""
    status, data = path.stat(), bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@WAYS
def test_a_shard_damaged_at_rest_over_there_never_comes_into_use(way: Way, quick_folder: Path) -> None:
    made, other, sides = sides_of(way, quick_folder, PC)
    made.seal("2026-11-19")
    sides.settle()
    index = made.seal("2026-11-20", NEXT_VERSION)
    [path] = made.shelf.shards.glob(f"{index.shards[1].sha256[:16]}-*")
    spoil(path)
    told = {error.code for _ in range(4) for side in (made, other) for error in side.carry()}
    assert told == {"E-PRICES-DAMAGED"}
    assert other.in_use() == FIRST_VERSION
    assert "close.npy: it is not what the index says" in f"{made.why()} {other.why()}"
    made.seal("2026-11-21", {**NEXT_VERSION, "close.npy": CLOSE * 2})
    sides.settle()
    assert other.in_use() == {**NEXT_VERSION, "close.npy": CLOSE * 2}
    assert (made.why(), other.why()) == (None, None)


def test_a_shard_damaged_on_the_way_is_sent_once_more(quick_folder: Path) -> None:
    sides = pc_carries(quick_folder)
    sides.runner.seal("2026-11-20")
    sides.runner.carry()
    [path] = quick_folder.glob("nas/data/.arriving-prices-pc/prices/local/shards/*-close.npy")
    spoil(path)
    [told] = sides.nas.carry()
    assert told.code == "E-PRICES-BUSY"
    assert sides.nas.in_use() is None
    sides.settle(1)
    assert sides.nas.in_use() == FIRST_VERSION


def test_what_is_damaged_twice_is_refused_and_not_sent_for_ever(quick_folder: Path) -> None:
    sides = pc_carries(quick_folder)
    sides.runner.seal("2026-11-20")
    told = []
    for _ in range(5):
        sides.runner.carry()
        for path in quick_folder.glob("nas/data/.arriving-prices-pc/prices/local/shards/*-close.npy"):
            spoil(path)
        told += [error.code for error in sides.nas.carry()]
    assert told == ["E-PRICES-BUSY", "E-PRICES-DAMAGED"]
    assert sides.runner.heard.count("PRICES_CARRIED") == 2
    assert "came damaged twice" in str(sides.nas.why())


@pytest.mark.parametrize("at", [3, 100, 300, 500])
@pytest.mark.parametrize("way", [nas_carries, pc_carries])
def test_an_index_that_was_changed_is_not_believed(way: Way, at: int, quick_folder: Path) -> None:
    sides = way(quick_folder)
    sides.runner.seal("2026-11-20")
    path = sides.runner.shelf.folder / cache.INDEX
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(bytes(data))
    told = {error.code for _ in range(3) for side in (sides.runner, sides.nas) for error in side.carry()}
    assert told == {"E-PRICES-DAMAGED"}
    assert sides.nas.in_use() is None
    sides.runner.seal("2026-11-20")
    sides.settle()
    assert sides.nas.in_use() == FIRST_VERSION


# ---- how it is told ----


def test_that_trouble_is_over_is_said_once_also_where_no_version_moved(quick_folder: Path) -> None:
    """A share that was read-only, settings that did not agree: prices are well again, though nothing was news."""
    sides = pc_carries(quick_folder)
    sides.runner.seal("2026-11-20")
    sides.settle()
    sides.nas.heard = []
    sides.nas.change(prices_from="nas")
    sides.settle(1)
    sides.runner.heard = []
    sides.settle(2)
    assert sides.runner.heard == ["PRICES_NOT_CARRIED"] * 2
    assert sides.runner.carry(can_reach=False) == []
    assert "prices_from" in str(sides.runner.why()), "nothing was learned, so nothing is over"
    sides.nas.change(prices_from=PC)
    sides.settle(3)
    assert sides.runner.heard[2:] == ["PRICES_NOT_CARRIED"] * (len(sides.runner.heard) - 3) + ["PRICES_MENDED"]
    assert (sides.nas.why(), sides.runner.why()) == (None, None)


# ---- who fetches ----


@WAYS
@pytest.mark.parametrize(("on_pc", "on_nas"), [(PC, "nas"), ("nas", PC)], ids=["both fetch", "nobody fetches"])
def test_settings_that_disagree_are_told_and_nothing_is_replaced(way: Way, on_pc: str, on_nas: str, quick_folder: Path) -> None:
    sides = way(quick_folder)
    sides.runner.change(prices_from=on_pc)
    sides.nas.change(prices_from=on_nas)
    sides.runner.seal("2026-11-20", NEXT_VERSION)
    sides.nas.seal("2026-11-19")
    told = {error.code for _ in range(3) for side in (sides.runner, sides.nas) for error in side.carry()}
    assert told == {"E-PRICES-DISPUTED"}
    assert (sides.runner.in_use(), sides.nas.in_use()) == (NEXT_VERSION, FIRST_VERSION)
    for side in (sides.runner, sides.nas):
        refusal = cache.may_fetch(side.disk, side.settings, side.side)
        assert isinstance(refusal, RelayError), "neither fetches while both do not agree"
    sides.runner.change(prices_from=PC)
    sides.nas.change(prices_from=PC)
    sides.settle()
    assert sides.nas.in_use() == NEXT_VERSION
    assert cache.may_fetch(sides.runner.disk, sides.runner.settings, PC) is None


@SOURCES
def test_only_the_one_side_may_fetch(source: str, quick_folder: Path) -> None:
    made, other, sides = sides_of(pc_carries, quick_folder, source)
    for _ in range(2):
        assert cache.may_fetch(made.disk, made.settings, made.side) is None
        refusal = cache.may_fetch(other.disk, other.settings, other.side)
        assert refusal
        assert (refusal.code, refusal.exit_code) == ("E-PRICES-NOT-OURS", 3)
        assert "prices_from" in refusal.why
        sides.settle()


@WAYS
@pytest.mark.parametrize("newer", ["2026-11-20", "2026-11-19"], ids=["a later day", "the same day, made later"])
def test_older_prices_never_replace_newer_ones(way: Way, newer: str, quick_folder: Path) -> None:
    """`prices_from` was changed to a side that has not fetched for long."""
    sides = way(quick_folder)
    sides.runner.seal("2026-11-19")
    sides.nas.seal(newer, NEXT_VERSION)
    told = {error.code for _ in range(3) for side in (sides.runner, sides.nas) for error in side.carry()}
    assert told == {"E-PRICES-OLDER"}
    assert list(quick_folder.glob("*/data/.*-prices*/prices/local/shards")) == [], "nor are they moved for nothing"
    assert sides.nas.in_use() == NEXT_VERSION
    assert f"up to {newer}" in f"{sides.runner.why()} {sides.nas.why()}"
    sides.runner.seal("2026-11-21", NEXT_VERSION)
    sides.settle()
    assert cache.read_index(sides.nas.shelf) is not None
    assert sides.nas.why() is None
    sides.runner.seal("2026-11-21", FIRST_VERSION)
    sides.settle()
    assert sides.nas.in_use() == FIRST_VERSION, "of the same day, made later"


def test_older_prices_that_were_sent_already_replace_nothing(quick_folder: Path) -> None:
    """What is in use came by hand of the other side while they were on the way."""
    sides = pc_carries(quick_folder)
    sides.runner.seal("2026-11-19")
    sides.runner.carry()
    sides.nas.change(prices_from="nas")
    sides.nas.seal("2026-11-20", NEXT_VERSION)
    sides.nas.change(prices_from=PC)
    assert [error.code for error in sides.nas.carry()] == ["E-PRICES-OLDER"]
    assert sides.nas.in_use() == NEXT_VERSION


def test_what_arrives_where_prices_are_fetched_by_now_is_not_taken_in(quick_folder: Path) -> None:
    sides = pc_carries(quick_folder)
    sides.runner.seal("2026-11-20")
    sides.runner.carry()
    sides.nas.change(prices_from="nas")
    assert "E-PRICES-DISPUTED" in [error.code for error in sides.nas.carry()]
    assert sides.nas.in_use() is None


@WAYS
@pytest.mark.parametrize("by_hand", ["about.json", "시세.PARQUET", "bars.csv"])
def test_prices_put_there_by_hand_are_not_replaced(way: Way, by_hand: str, quick_folder: Path) -> None:
    sides = way(quick_folder)
    sides.runner.seal("2026-11-20")
    sides.nas.shelf.folder.mkdir(parents=True)
    (sides.nas.shelf.folder / by_hand).write_bytes(ABOUT)
    told = {error.code for _ in range(3) for side in (sides.runner, sides.nas) for error in side.carry()}
    assert told == {"E-PRICES-OLDER"}
    assert sides.nas.in_use() is None
    (sides.nas.shelf.folder / by_hand).unlink()
    sides.settle()
    assert sides.nas.in_use() == FIRST_VERSION


# ---- made up, or not to be carried ----


@WAYS
@pytest.mark.parametrize("about", [b'{"synthetic": true}', b"{}"])
def test_made_up_prices_are_not_taken_into_use(way: Way, about: bytes, quick_folder: Path) -> None:
    sides = way(quick_folder)
    sides.runner.seal("2026-11-20", {**FIRST_VERSION, "about.json": about})
    told = {error.code for _ in range(2) for side in (sides.runner, sides.nas) for error in side.carry()}
    assert told == {"E-PRICES-SYNTHETIC"}
    assert sides.nas.in_use() is None


def test_the_made_up_provider_cannot_be_sealed(quick_folder: Path) -> None:
    sides = pc_carries(quick_folder)
    shelf = cache.shelf_of(sides.runner.disk, sides.runner.settings.data, "synthetic")
    with pytest.raises(cache.PricesSynthetic, match="never travel"):
        cache.seal(shelf, quick_folder, cache.Made(PC, "2016-01-04", "2026-11-20", 1))


def test_without_there_data_on_either_side_nothing_travels(quick_folder: Path) -> None:
    sides = pc_carries(quick_folder)
    sides.runner.change(there_data="")
    sides.runner.seal("2026-11-20")
    sides.settle()
    assert sides.nas.in_use() is None
    assert (sides.runner.heard, sides.nas.heard) == ([], [])


def test_they_travel_too_where_both_machines_use_one_reports_folder(quick_folder: Path) -> None:
    """Only the side that reaches the other names anything; the other looks for what was delivered."""
    sides = pc_carries(quick_folder)
    sides.nas.change(carrier="same_folder")
    assert not sides.nas.settings.is_carried
    sides.runner.seal("2026-11-20")
    sides.settle()
    assert sides.nas.in_use() == FIRST_VERSION
    sides.nas.change(prices_from="nas")
    sides.settle()
    assert "prices_from" in str(sides.nas.why())


def test_a_side_that_is_away_is_told_and_tried_again(quick_folder: Path) -> None:
    sides = pc_carries(quick_folder, carrier="same_folder")
    sides.runner.seal("2026-11-20")
    sides.nas.settings.data.rename(quick_folder / "away")
    [told] = sides.runner.carry()
    assert (told.code, told.exit_code) == ("E-THERE-AWAY", 2)
    (quick_folder / "away").rename(sides.nas.settings.data)
    sides.settle()
    assert sides.nas.in_use() == FIRST_VERSION


@pytest.mark.skipif(not hasattr(os, "waitstatus_to_exitcode"), reason="a lock keeps out another process: forks, by Python 3.9")
def test_a_seal_while_prices_are_put_in_place_is_refused_for_now(quick_folder: Path) -> None:
    sides = pc_carries(quick_folder)

    def seal() -> None:
        with pytest.raises(cache.PricesBusy) as busy:
            sides.runner.seal("2026-11-20")
        assert busy.value.exit_code == 2

    with sides.runner.shelf.alone():
        in_a_child(seal)
    sides.runner.seal("2026-11-20")
    assert sides.runner.in_use() == FIRST_VERSION
