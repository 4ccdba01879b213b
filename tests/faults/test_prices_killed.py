"""Whichever file operation the sealing or carrying of prices is killed at, or fails at, or loses the power at: whoever reads
prices reads one whole version, and the next round brings the newest into use.
"""

from __future__ import annotations

import functools
import shutil
from pathlib import Path
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

import pytest

from shared.disk import Disk
from shared.errors import RelayError
from tests.faults.fault_calls import KINDS, FaultyCalls, die, die_torn, failing, failing_afterwards
from tests.faults.forks import can_fork, in_a_child, shared_out
from tests.faults.power_cut import Recorded, State, states
from tests.harness.dose import one_in, spread
from tests.harness.price_sides import CLOSE, FIRST_VERSION, NEXT_VERSION, Machine, PriceSides, nas_carries, pc_carries

pytestmark = pytest.mark.skipif(not can_fork(), reason="needs fork and SIGKILL, which Windows has not")
Act = Callable[[PriceSides, Any], Any]
NEWEST = {**NEXT_VERSION, "volume.npy": b"more volume"}


class Story(NamedTuple):
    """The PC has fetched a newer version than is in use on the NAS; and the one thing that is struck."""

    name: str
    way: Callable[..., PriceSides]
    prepare: Callable[[PriceSides], Any]
    act: Act


class Strike(NamedTuple):
    """Where it is killed, or fails and how."""

    at: int
    torn: bool = False
    kind: str = ""


def _first_everywhere(sides: PriceSides) -> None:
    sides.runner.seal("2026-11-18")
    sides.settle()


def _sealed(sides: PriceSides) -> None:
    """Two newer versions, so that what the NAS uses is swept as the newest comes into use."""
    _first_everywhere(sides)
    sides.runner.seal("2026-11-19", NEXT_VERSION)
    sides.settle()
    sides.runner.seal("2026-11-20", NEWEST)


def _sent(sides: PriceSides) -> None:
    _sealed(sides)
    sides.runner.carry()


def _damaged(sides: PriceSides) -> None:
    """A shard of the delivery is not what its index says."""
    _sent(sides)
    [path] = sides.home.glob("nas/data/.arriving-prices-pc/prices/local/shards/*-volume.npy")
    path.write_bytes(b"most volume")


def _seal(sides: PriceSides, calls: Any) -> None:
    """Of files that nobody flushed before."""
    disk, draft = Disk(True, calls, patience=0.0), sides.runner.shelf.folder / ".draft.tmp"
    disk.remove_tree(draft)
    disk.make_folder(draft)
    for name, data in NEXT_VERSION.items():
        disk.put(draft / name, data)
    sides.runner.seal_draft(draft, "2026-11-19", disk)


def _pc(sides: PriceSides, calls: Any) -> None:
    sides.runner.carry(Disk(True, calls, patience=0.0))


def _nas(sides: PriceSides, calls: Any) -> None:
    sides.nas.carry(Disk(True, calls, patience=0.0))


STORIES = (
    Story("the PC seals", pc_carries, _first_everywhere, _seal),
    Story("the PC sends", pc_carries, _sealed, _pc),
    Story("the NAS takes in", pc_carries, _sent, _nas),
    Story("the NAS doubts", pc_carries, _damaged, _nas),
    Story("the NAS brings", nas_carries, _sealed, _nas),
)
STORY = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)


@STORY
def test_killed_at_any_operation(story: Story, quick_folder: Path) -> None:
    prepared, reached = _prepared(story, quick_folder)
    strikes = [Strike(at) for at, _ in enumerate(reached, 1)]
    strikes += [Strike(at, torn=True) for at, one in enumerate(reached, 1) if one.name == "write"]
    assert len(strikes) > 10
    _no_complaints(shared_out(functools.partial(_struck, story, prepared), one_in(3, strikes), quick_folder))


@STORY
@pytest.mark.parametrize("kind", ["ENOSPC", "EIO", "ESTALE", "EACCES"])
def test_failing_at_any_operation(story: Story, kind: str, quick_folder: Path) -> None:
    prepared, reached = _prepared(story, quick_folder)
    strikes = [Strike(at, kind=kind) for at, one in enumerate(reached, 1) if KINDS[kind].may_hit(one.name, one.changes)]
    assert strikes
    _no_complaints(shared_out(functools.partial(_struck, story, prepared), one_in(3, strikes), quick_folder))


@STORY
def test_a_power_cut_at_any_moment(story: Story, quick_folder: Path) -> None:
    """On both machines at once; and what was acknowledged is on the platter."""
    prepared, _ = _prepared(story, quick_folder)
    side = "nas" if story.act is _nas else "runner"
    sides = _copied(story, prepared, quick_folder / "told")
    recorded = Recorded(quick_folder / "told")
    story.act(sides, recorded)
    acknowledged = getattr(sides, side).in_use()
    cut = functools.partial(_cut, story, (prepared, side), (len(recorded.steps), acknowledged))
    found = states(recorded)
    _no_complaints(shared_out(cut, spread(found[:: 1 + len(found) // 700], 100), quick_folder))


def _prepared(story: Story, home: Path) -> Tuple[Path, List[Any]]:
    """The folders before, and the operations of the act."""
    place, calls = home / "prepared", FaultyCalls()
    place.mkdir()
    story.prepare(story.way(place, durable=True))
    story.act(_copied(story, place, home / "rehearsal"), calls)
    shutil.rmtree(home / "rehearsal")
    return place, calls.reached


def _copied(story: Story, source: Path, place: Path) -> PriceSides:
    shutil.copytree(source, place)  # with the files' times: by these a machine knows what it has verified
    return story.way(place)


def _struck(story: Story, prepared: Path, strike: Strike) -> str:
    place = prepared.parent / f"struck-{strike.at}{strike.torn}{strike.kind}"
    sides, wrong = _copied(story, prepared, place), []
    for act in _acts(story, sides, strike):
        act()
        wrong += _mixed(sides)
    wrong += _at_the_end(sides)
    shutil.rmtree(place)
    return f"{story.name}, {strike}: {'; '.join(wrong)}" if wrong else ""


def _acts(story: Story, sides: PriceSides, strike: Strike) -> List[Callable[[], Any]]:
    if not strike.kind:
        calls = FaultyCalls(die_torn if strike.torn else die, strike.at)
        return [lambda: in_a_child(lambda: story.act(sides, calls))]
    faults = [FaultyCalls(fault(KINDS[strike.kind].make), strike.at) for fault in (failing, failing_afterwards)]
    return [functools.partial(_failing, story, sides, calls) for calls in faults]


def _failing(story: Story, sides: PriceSides, calls: FaultyCalls) -> None:
    try:
        story.act(sides, calls)
    except (OSError, RelayError):
        pass  # a command ends so, with its exit code


Acknowledged = Tuple[int, Optional[Dict[str, bytes]]]


def _cut(story: Story, before: Tuple[Path, str], told: Acknowledged, state: State) -> str:
    prepared, side = before
    place = prepared.parent / f"cut-{state.cut}-{abs(hash(state.files))}"
    state.build(place)
    sides = story.way(place)
    wrong = _mixed(sides)
    machine: Machine = getattr(sides, side)
    if state.cut == told[0] and not wrong and machine.in_use() != told[1]:
        wrong.append("what was acknowledged is gone")
    wrong += _at_the_end(sides)
    shutil.rmtree(place)
    return f"{story.name}, cut after {state.cut} ({state.how}): {'; '.join(wrong)}" if wrong else ""


# ---- what must hold ----


def _mixed(sides: PriceSides) -> List[str]:
    """Whatever is in use at that moment is one version."""
    wrong = []
    for side in (sides.runner, sides.nas):
        try:
            if side.in_use() not in (FIRST_VERSION, NEXT_VERSION, NEWEST):
                wrong.append(f"the {side.side} has mixed versions, or none")
        except (AssertionError, OSError, RelayError) as error:
            wrong.append(f"the {side.side} cannot read its prices: {error}")
    return wrong


def _at_the_end(sides: PriceSides) -> List[str]:
    """The next fetching and two rounds later both have the same and nothing is left."""
    last = {**NEWEST, "close.npy": CLOSE * 3}
    sides.settle(2)
    newest = sides.runner.in_use()
    wrong = [] if sides.nas.in_use() == newest else ["the newest version does not come into use"]
    for day in (21, 22):
        sides.runner.seal(f"2026-11-{day}", {**last, "volume.npy": str(day).encode()})
        sides.settle(2)
    for side in (sides.runner, sides.nas):
        if side.in_use() != {**last, "volume.npy": b"22"} or side.why():
            wrong.append(f"the {side.side} does not have the last version: {side.why()}")
        left = [path.name for path in side.shelf.folder.iterdir() if path.name not in ("index.json", "shards")]
        left += [path.name for path in side.shelf.shards.iterdir() if not path.name[0].isalnum()]
        wrong += [f"{left} is left on the {side.side}"] if left else []
    return wrong


def _no_complaints(wrong: List[str]) -> None:
    told = [one for one in wrong if one]
    assert not told, f"{len(told)} of {len(wrong)}:\n" + "\n".join(told[:20])
