"""Whenever the power goes while a machine first writes to the branch, it is not locked out of its own folder there.

What says that the folder is ours lies in one small file of this machine; the branch, on another one, keeps what was pushed.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from pathlib import Path
from typing import Any, List, NamedTuple, Optional

import pytest

from shared.carriers import Carrier, CarryRefused, open_carrier
from shared.disk import Disk
from tests.faults.fault_calls import FaultyCalls
from tests.faults.forks import can_fork
from tests.faults.power_cut import Recorded, State, states
from tests.harness.road import settings_for
from tests.harness.servers import require
from tests.harness.two_sides import by_git

pytestmark = pytest.mark.skipif(not can_fork(), reason="Windows flushes no folder, so nothing is to be lost there")


class _Killed(BaseException):
    """At this very operation."""


def _killed(call: Any, *told: Any) -> None:
    raise _Killed


class Machine(NamedTuple):
    """One that carries by git: its own disk, and the repository over there."""

    home: Path
    repository: Path

    def carrier(self, calls: Any = None, durable: bool = True) -> Carrier:
        """Its way to the branch, as a fresh process has it."""
        settings = settings_for(self.home / "reports", self.home / "data", worker="pc", carrier="git")
        disk = Disk(durable, calls, patience=0.0) if calls else Disk(durable, patience=0.0)
        return open_carrier(settings, str(self.repository), "pc", disk)

    def send(self, calls: Any = None, durable: bool = True) -> None:
        """One file into its folder of the branch."""
        self.carrier(calls, durable).send(["pending/a.json"], self.home / "reports")

    @property
    def sign(self) -> Path:
        """Which machine it is."""
        return self.home / "data" / "carriers" / "who"


@pytest.fixture
def machine(quick_folder: Path, synthetic_data: Path) -> Machine:
    """With a file to send, and nothing of the carrier's yet."""
    require("git")
    by_git(quick_folder, synthetic_data)
    made = Machine(quick_folder / "machine", quick_folder / "answers.git")
    (made.home / "reports" / "pending").mkdir(parents=True)
    (made.home / "reports" / "pending" / "a.json").write_text("{}")
    (made.home / "data").mkdir()
    return made


def test_a_power_cut_after_the_first_push_locks_nobody_out(machine: Machine, quick_folder: Path) -> None:
    """Also where a sync before it was killed, at any operation: what it made and did not flush was taken for made."""
    reached = _told(machine, quick_folder / "rehearsal", 0)
    assert reached > 5
    told = []
    for at in range(reached + 1):
        told += _locked_out(machine, quick_folder / f"{at}", at)
    assert told == []


def _told(machine: Machine, folder: Path, killed_at: int) -> int:
    """Send once, killed there; how many operations it took."""
    calls = FaultyCalls(_killed, killed_at)
    _copy_of(machine, folder).send(calls)
    return len(calls.reached)


def _locked_out(machine: Machine, folder: Path, killed_at: int) -> List[str]:
    """Killed there, then sent; and then the power goes: in which states the machine can send no more."""
    struck = _copy_of(machine, folder)
    recorded = Recorded(struck.home, FaultyCalls(_killed, killed_at))
    with contextlib.suppress(_Killed):
        struck.send(recorded)
    struck.send(recorded)
    after = {_sign_in(state): state for state in states(recorded) if state.cut == len(recorded.steps)}
    assert after
    wrong = []
    for number, state in enumerate(after.values()):
        state.build(folder / f"cut-{number}")
        try:
            Machine(folder / f"cut-{number}", struck.repository).send()
        except CarryRefused as error:
            wrong.append(f"killed at {killed_at}, then cut ({state.how}): {error}")
    return wrong


def _sign_in(state: State) -> Optional[bytes]:
    """All that matters of such a state: the clone is a cache."""
    return dict(state.files).get("data/carriers/who")


def _copy_of(machine: Machine, folder: Path) -> Machine:
    folder.mkdir()
    shutil.copytree(machine.home, folder / "machine")
    shutil.copytree(machine.repository, folder / "answers.git")
    return Machine(folder / "machine", folder / "answers.git")


def test_a_sign_that_is_torn_after_the_push_is_known_again(machine: Machine) -> None:
    """Where nothing is flushed."""
    machine.send(durable=False)
    whole = machine.sign.read_bytes()
    machine.sign.write_bytes(whole[: len(whole) // 2])
    machine.send(durable=False)
    assert machine.sign.read_bytes() == whole


@pytest.mark.parametrize("torn", [b"", b"01234567", b"\0" * 17])
def test_a_sign_that_is_torn_before_the_push_is_made_anew(torn: bytes, machine: Machine) -> None:
    machine.sign.parent.mkdir()
    machine.sign.write_bytes(torn)
    machine.send()
    machine.send()
    assert re.fullmatch(b"[0-9a-f]{16}\n", machine.sign.read_bytes())


@pytest.mark.parametrize("lost", ["empty", "gone", "somebody else's"])
def test_without_its_sign_a_machine_is_refused_and_told_how_to_go_on(lost: str, machine: Machine) -> None:
    """It may as well be another one of that name; what the refusal says to write mends it."""
    machine.send()
    whole = machine.sign.read_text().strip()
    if lost == "gone":
        machine.sign.unlink()
    else:
        machine.sign.write_text("" if lost == "empty" else f"{os.urandom(8).hex()}\n")
    with pytest.raises(CarryRefused) as told:
        machine.send()
    assert f"write {whole} into {machine.sign}" in told.value.fix
    machine.sign.write_text(whole)
    machine.send()
