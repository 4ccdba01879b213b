"""The first days of prices between two machines, as the how-to has them typed: none yet is nothing wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, Iterator, Tuple

import pytest

from shared import cache
from tests.harness.price_sides import PC, nas_carries, pc_carries
from tests.harness.processes import Machine
from tests.harness.servers import require

Both = Tuple[Machine, Machine]


@pytest.fixture(params=["same_folder", "rsync"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Both]:
    """The NAS, which carries requests and prices, and the PC: two machines on which nothing was typed yet."""
    if request.param == "rsync":
        require("rsync")
    pc, nas = tmp_path / "pc", tmp_path / "nas"
    ways = {"carrier": request.param, "there": pc / "reports", "there_data": pc / "data", "language": "en"}
    with Machine(nas, nas / "data", **ways) as one, Machine(pc, pc / "data", carrier="rsync") as other:
        yield one, other


def prices_told(machine: Machine) -> Dict[str, Any]:
    """Doctor's line."""
    [line] = [one for one in json.loads(machine.run("nas", "doctor", "--json").out)["checks"] if one["check"] == "prices"]
    return dict(line)


def test_the_first_sync_after_init_on_both_is_well(both: Both) -> None:
    nas, pc = both
    for machine in both:
        assert machine.run("nas", "init").rc == 0
    synced = nas.run("nas", "sync")
    assert (synced.rc, synced.out.split()[0]) == (0, "OK"), synced.out + synced.err
    assert prices_told(nas)["verdict"] == "ok"
    assert "never travel" not in prices_told(nas)["said"], "sync does try"
    assert "prices" not in nas.run("nas", "status").out
    assert (pc.folder / "data").is_dir()


def test_a_data_folder_that_is_not_there_is_told_with_its_setting(both: Both) -> None:
    nas, pc = both
    for machine in both:
        machine.run("nas", "init")
    (pc.folder / "data").rename(pc.folder / "mislaid")
    synced = json.loads(nas.run("nas", "sync", "--json").out)
    assert "`there_data`" in synced["error"]["fix"]
    assert "`there`" not in synced["error"]["fix"]
    status = nas.run("nas", "status").out
    assert "prices: none yet" in status
    assert "(- days ago" not in status
    assert "none yet" in prices_told(nas)["said"]


@pytest.mark.parametrize("way", [nas_carries, pc_carries])
def test_who_looks_from_the_other_sides_program_sees_no_quarrel(way: Any, quick_folder: Path) -> None:
    """`nas status` typed on the PC: its last sync said which side that machine is."""
    sides = way(quick_folder)
    sides.runner.seal("2026-11-20")
    sides.settle()
    for machine in (sides.runner, sides.nas):
        for program in (PC, "nas"):
            seen = cache.prices_seen(machine.disk, machine.settings, program)
            assert seen
            assert seen.why is None
            assert "prices_from" not in cache.prices_check(machine.disk, machine.settings, program).said.en


def test_a_quarrel_is_seen_from_either_program(quick_folder: Path) -> None:
    sides = nas_carries(quick_folder)
    sides.nas.change(prices_from="nas")
    sides.nas.carry()
    for program in (PC, "nas"):
        seen = cache.prices_seen(sides.nas.disk, sides.nas.settings, program)
        assert seen is None or seen.why is None or "prices_from" in seen.why
    sides.runner.carry()
    sides.nas.carry()
    for program in (PC, "nas"):
        seen = cache.prices_seen(sides.nas.disk, sides.nas.settings, program)
        assert seen
        assert "prices_from" in str(seen.why)
