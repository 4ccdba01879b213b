"""Wherever changing a cached series is killed, fails or finds the disk full: afterwards it is the old series or the new one,
and the next change succeeds and leaves nothing behind.
"""

from __future__ import annotations

import functools
import itertools
import os
import shutil
import signal
import sqlite3
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Callable, List, NamedTuple

import pytest

from shared.errors import RelayError
from shared.market.bars import Bars
from shared.market.cache import Cache
from tests.faults.fault_calls import KINDS, FaultyCalls, die, die_torn, failing, failing_afterwards, failing_half_way
from tests.faults.forks import can_fork, in_a_child, shared_out
from tests.harness.dose import spread
from tests.harness.kept_bars import bars_of, cache_at, same

pytestmark = pytest.mark.skipif(not can_fork(), reason="needs fork and SIGKILL, which Windows has not")
PROVIDER, CODE = "pykrx_stock", "069500"
START, END = date(2024, 6, 3), date(2025, 12, 30)
LATER, OVERLAP = date(2026, 1, 5), date(2025, 12, 24)
OLD = bars_of(CODE, START, END)
LONGER = bars_of(CODE, START, LATER)
SPLIT = bars_of(CODE, START, LATER, 0.1)
TAIL = bars_of(CODE, OVERLAP, LATER)


class Story(NamedTuple):
    """What is kept, what is done to it, and what there may be afterwards: one of these, None being nothing at all."""

    name: str
    prepare: Callable[[Path], Any]
    act: Callable[[Cache], Any]
    may_be: "tuple[Bars | None, ...]"


class Strike(NamedTuple):
    """At which operation of a file, or statement of the database, it is killed, or how it fails."""

    at: int
    how: str


def _kept(folder: Path) -> None:
    cache_at(folder).put(OLD, PROVIDER, START, END)


def _damaged(folder: Path) -> None:
    """The first of two parts."""
    _kept(folder)
    next(folder.glob(f"cache/{PROVIDER}/{CODE}/2024-*")).write_bytes(b"rotten")


def _forgotten(folder: Path) -> None:
    """Its files are litter."""
    _kept(folder)
    (folder / "cache" / "cache.db").unlink()


def _put(bars: Bars, start: date, end: date) -> Callable[[Cache], Any]:
    return lambda cache: cache.put(bars, PROVIDER, start, end)


REST = bars_of(CODE, date(2025, 1, 1), END)
STORIES = (
    Story("a first answer", lambda folder: folder.mkdir(exist_ok=True), _put(OLD, START, END), (None, OLD)),
    Story("days more, over the turn of a year", _kept, _put(TAIL, OVERLAP, LATER), (OLD, LONGER)),
    Story("a split", _kept, _put(SPLIT, START, LATER), (OLD, SPLIT)),
    Story("a damaged part is found", _damaged, lambda cache: cache.bars(PROVIDER, CODE), (REST,)),
    Story("a damaged part is replaced", _damaged, _put(LONGER, START, LATER), (REST, LONGER)),
    Story("it is purged", _kept, lambda cache: cache.purge(PROVIDER, CODE), (OLD, None)),
    Story("it is verified", _forgotten, lambda cache: cache.verify(), (None,)),
)
STORY = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)


@STORY
def test_killed_at_any_operation_and_statement(story: Story, quick_folder: Path) -> None:
    prepared, reached = _prepared(story, quick_folder)
    strikes = [Strike(at, "killed") for at, _ in enumerate(reached, 1)]
    strikes += [Strike(at, "torn") for at, one in enumerate(reached, 1) if one.name == "write"]
    strikes += [Strike(at, "statement") for at in range(1, _statements(story, prepared) + 1)]
    assert len(strikes) > 8
    _no_complaints(shared_out(functools.partial(_struck, story, prepared), spread(strikes, 24), quick_folder))


@STORY
@pytest.mark.parametrize("kind", ["ENOSPC", "EIO", "EACCES"])
def test_failing_at_any_operation(story: Story, kind: str, quick_folder: Path) -> None:
    prepared, reached = _prepared(story, quick_folder)
    strikes = [Strike(at, kind) for at, one in enumerate(reached, 1) if KINDS[kind].may_hit(one.name, one.changes)]
    assert strikes
    _no_complaints(shared_out(functools.partial(_struck, story, prepared), spread(strikes, 12), quick_folder))


@STORY
def test_no_room_for_the_database(story: Story, quick_folder: Path) -> None:
    """The system refuses to let any file grow beyond so many bytes: parts are small, the database and its journal are not."""
    prepared, _ = _prepared(story, quick_folder)
    sizes = [Strike(pages * 2048, "no room") for pages in range(3, 24)]
    _no_complaints(shared_out(functools.partial(_struck, story, prepared), spread(sizes, 8), quick_folder))


def _prepared(story: Story, home: Path) -> "tuple[Path, List[Any]]":
    """The folder before, and the operations of the act."""
    place, calls = home / "prepared", FaultyCalls()
    story.prepare(place)
    shutil.copytree(place, home / "rehearsal")
    story.act(cache_at(home / "rehearsal", calls))
    return place, calls.reached


def _statements(story: Story, prepared: Path) -> int:
    """How many statements the act has the database do."""
    place, told = prepared.parent / "counted", prepared.parent / "statements"
    shutil.copytree(prepared, place)

    def count() -> None:
        with told.open("a") as file:
            _at_each_statement(lambda: file.write("."))
            story.act(cache_at(place))
            sys.setprofile(None)

    assert in_a_child(count) == 0
    return len(told.read_text())


def _struck(story: Story, prepared: Path, strike: Strike) -> str:
    place = prepared.parent / f"struck-{strike.at}-{strike.how}"
    shutil.copytree(prepared, place)
    wrong: List[str] = []
    for act in _acts(story, place, strike):
        act()
        wrong += _between(story, place)
    wrong += _at_the_end(place)
    shutil.rmtree(place)
    return f"{story.name}, {strike}: {'; '.join(wrong)}" if wrong else ""


def _acts(story: Story, place: Path, strike: Strike) -> "List[Callable[[], Any]]":
    if strike.how == "statement":
        return [lambda: in_a_child(lambda: _killed_at_statement(story, place, strike.at))]
    if strike.how == "no room":
        return [lambda: in_a_child(lambda: _without_room(story, place, strike.at))]
    if strike.how in ("killed", "torn"):
        calls = FaultyCalls(die_torn if strike.how == "torn" else die, strike.at)
        return [lambda: in_a_child(lambda: story.act(cache_at(place, calls)))]
    faults = [failing, failing_afterwards, *([failing_half_way] if strike.how == "ENOSPC" else [])]
    struck = [FaultyCalls(fault(KINDS[strike.how].make), strike.at) for fault in faults]
    return [functools.partial(_failing, functools.partial(_act, story, place, one)) for one in struck]


def _act(story: Story, place: Path, calls: Any) -> None:
    story.act(cache_at(place, calls))


def _failing(act: Callable[[], Any]) -> None:
    try:
        act()
    except (OSError, RelayError):
        pass  # a command ends so, with its exit code


def _killed_at_statement(story: Story, place: Path, at: int) -> None:
    turn = itertools.count(1)

    def die_at_last() -> None:
        if next(turn) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    _at_each_statement(die_at_last)
    story.act(cache_at(place))


def _without_room(story: Story, place: Path, size: int) -> None:
    import resource  # Windows has none, and no fork either

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    _failing(lambda: story.act(cache_at(place)))


def _at_each_statement(act: Callable[[], Any]) -> None:
    """In this process, which ends soon: before whatever is asked of any database."""

    def hear(frame: Any, event: str, called: Any) -> None:
        if event == "c_call" and isinstance(getattr(called, "__self__", None), (sqlite3.Connection, sqlite3.Cursor)):
            act()

    sys.setprofile(hear)


# ---- what must hold ----


def _between(story: Story, place: Path) -> List[str]:
    found = cache_at(place).bars(PROVIDER, CODE)
    if any(found is None if one is None else same(found, one) for one in story.may_be):
        return _known(place, found)
    days = "nothing" if found is None else f"{len(found)} bars to {found.dates[-1]}"
    return [f"neither the old nor the new: {days}"]


def _known(place: Path, found: "Bars | None") -> List[str]:
    """What is said of a series is true of its bars."""
    series = cache_at(place).series(PROVIDER, CODE)
    if series is None or found is None:
        return [] if series is None and found is None else ["a series without bars"]
    said = (series.start, series.end, series.rows)
    true = (found.dates[0].item(), found.dates[-1].item(), len(found))
    return [] if said == true else [f"{said} is said of {true}"]


def _at_the_end(place: Path) -> List[str]:
    """The next answer is kept whole, and nothing is left of what was interrupted."""
    last = LATER + timedelta(days=1)
    newest = bars_of(CODE, START, last, 0.1)
    cache_at(place).put(newest, PROVIDER, START, last)
    wrong = [] if same(cache_at(place).bars(PROVIDER, CODE), newest) else ["the next answer was not kept"]
    left = [path.name for path in place.glob(f"cache/{PROVIDER}/{CODE}/*")]
    wrong += [] if sorted(name[:5] for name in left) == ["2024-", "2025-", "2026-"] else [f"there lie {left}"]
    seen = cache_at(place).verify()
    return wrong + ([f"found at the end: {seen}"] if seen.damaged or seen.litter else [])


def _no_complaints(wrong: List[str]) -> None:
    told = [one for one in wrong if one]
    assert not told, f"{len(told)} of {len(wrong)}:\n" + "\n".join(told[:20])
