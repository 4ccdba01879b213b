"""Who names his own folder as the other machine's is told so, and not that all is well."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any, List, Tuple

import pytest

from shared import travel
from shared.carriers import CarryRefused
from shared.disk import Disk
from tests.faults.fault_calls import FaultyCalls, failing
from tests.harness.price_sides import nas_carries
from tests.harness.servers import require, rsync_daemon
from tests.harness.two_sides import nas_pulls, pc_pushes

CARRIERS = pytest.mark.parametrize("carrier", ["same_folder", "rsync"])


def signs_in(folder: Path) -> List[str]:
    """What a look left there."""
    return [name for name in os.listdir(folder) if name.startswith(".look.")]


@CARRIERS
@pytest.mark.parametrize("way", [nas_pulls, pc_pushes])
def test_the_own_reports_folder_is_refused_with_the_remedy(
    way: Any, carrier: str, quick_folder: Path, synthetic_data: Path
) -> None:
    if carrier == "rsync":
        require("rsync")
    mine = "nas" if way is nas_pulls else "pc"
    sides = way(quick_folder, synthetic_data, carrier, str(quick_folder / mine / "reports"))
    side = sides.nas if way is nas_pulls else sides.pc
    side.submit(request_id="a")
    trip = side.sync()
    assert isinstance(trip.trouble, CarryRefused)
    assert (trip.sent, trip.trouble.code, trip.exit_code()) == (0, "E-CARRY-REFUSED", 3)
    assert "own folder" in str(trip.trouble)
    assert "`there` names the other machine's folder" in trip.trouble.fix
    assert signs_in(side.root / "signs") == []
    found = travel.carrier(Disk(False), side.settings, "nas")
    assert (found.verdict, "own folder" in found.said.en) == ("bad", True)


def test_it_is_refused_through_a_daemon_too(quick_folder: Path, synthetic_data: Path) -> None:
    sides = nas_pulls(quick_folder, synthetic_data, "rsync")
    with rsync_daemon(sides.nas.root, quick_folder / "server") as way:
        sides.nas.settings = sides.nas.settings.model_copy(update={"there": way.address, "carry_shell": way.shell})
        assert isinstance(sides.nas.sync().trouble, CarryRefused)


def test_a_link_to_it_is_it(quick_folder: Path, synthetic_data: Path) -> None:
    (quick_folder / "elsewhere").symlink_to(quick_folder / "nas" / "reports")
    sides = nas_pulls(quick_folder, synthetic_data, there=str(quick_folder / "elsewhere"))
    assert isinstance(sides.nas.sync().trouble, CarryRefused)


@CARRIERS
def test_the_own_data_folder_is_refused_with_its_own_setting(carrier: str, quick_folder: Path) -> None:
    if carrier == "rsync":
        require("rsync")
    sides = nas_carries(quick_folder, carrier)
    sides.nas.change(there_data=str(sides.nas.settings.data))
    for _ in range(2):
        [error] = sides.nas.carry()
        assert (error.code, error.exit_code) == ("E-CARRY-REFUSED", 3)
        assert "`there_data` names the other machine's folder" in error.fix
    assert signs_in(sides.nas.settings.data / "prices") == []
    assert not [name for name in os.listdir(sides.nas.settings.data) if name.startswith(".arriving-prices-")]


def test_what_a_killed_look_left_goes_with_the_next(quick_folder: Path, synthetic_data: Path) -> None:
    sides = nas_pulls(quick_folder, synthetic_data)
    for folder in (sides.nas.root / "signs", sides.nas.settings.data / "prices"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".look.0a1b2c3d.tmp").write_bytes(b"")
    assert sides.nas.sync().troubles == []
    assert signs_in(sides.nas.root / "signs") == []


def test_a_full_disk_here_keeps_nobody_from_looking(quick_folder: Path, synthetic_data: Path) -> None:
    sides = nas_pulls(quick_folder, synthetic_data)
    sides.nas.submit(request_id="a")
    signs = sides.nas.root / "signs"
    signs.mkdir()
    calls = FaultyCalls(failing(lambda: OSError(errno.ENOSPC, "no room")), 1, forever=True, only=_is_a_look)
    assert sides.nas.sync(Disk(False, calls, patience=0.0)).sent == 1


def _is_a_look(name: str, arguments: Tuple[Any, ...]) -> bool:
    return ".look." in str(arguments[0])
