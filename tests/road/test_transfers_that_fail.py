"""What real transfers meet: cut connections, flipped bits, killed programs, a full disk, a wrong password. Nothing is lost."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List

import pytest

import inbox
from tests.harness.road import Road
from tests.harness.servers import Way, rsync_daemon
from tests.harness.two_sides import TwoSides, nas_pulls, pc_pushes
from tests.harness.wire import Mishap, bad_wire

ROOT = Path(__file__).resolve().parents[2]


def answered_over_there(home: Path, data: Path, count: int) -> TwoSides:
    """So many answers on the PC, asked for by the NAS and not home yet."""
    sides = nas_pulls(home, data)
    for number in range(count):
        sides.nas.submit(request_id=f"r{number}")
    sides.nas.sync()
    sides.pc.drain()
    return sides


def through(side: Road, way: Way, port: int = 0, **changes: Any) -> None:
    """It reaches the other that way from now on."""
    address = way.address.replace(f":{way.port}/", f":{port or way.port}/")
    wanted: Dict[str, Any] = {"carrier": "rsync", "there": address, "carry_seconds": 5.0, **changes}
    side.settings = side.settings.model_copy(update=wanted)


@pytest.mark.parametrize("seed", range(3))
def test_a_cut_connection_is_told_and_the_next_sync_goes_on(seed: int, quick_folder: Path, synthetic_data: Path) -> None:
    sides, chance = answered_over_there(quick_folder, synthetic_data, 5), random.Random(seed)
    with rsync_daemon(sides.pc.root, quick_folder / "server") as way:
        mishaps = [Mishap(cut_after=chance.randrange(1, 20_000)) for _ in range(4)]
        with bad_wire(way.port, mishaps) as wire:
            through(sides.nas, way, wire.port)
            for _ in range(4):
                trip = sides.nas.sync()
                assert {name: sides.manifest(name)["status"] for name in sides.nas.answers()} == sides.nas.answers()
            assert (trip.troubles, trip.waiting) == ([], 0)
    assert sides.nas.answers() == {f"r{number}": "SUCCEEDED" for number in range(5)}


def test_a_connection_that_stays_cut_is_no_success(quick_folder: Path, synthetic_data: Path) -> None:
    sides = answered_over_there(quick_folder, synthetic_data, 1)
    with rsync_daemon(sides.pc.root, quick_folder / "server") as way, bad_wire(way.port, [Mishap(cut_after=30)] * 9) as wire:
        through(sides.nas, way, wire.port)
        trip = sides.nas.sync()
    assert trip.trouble
    assert (trip.trouble.code, trip.exit_code(), trip.waiting) == ("E-THERE-AWAY", 2, 1)
    assert sides.nas.answers() == {}


@pytest.mark.parametrize("seed", range(4))
def test_a_bit_flipped_on_the_way_reaches_nobody(seed: int, quick_folder: Path, synthetic_data: Path) -> None:
    """Somewhere in the first transfers; whatever rsync makes of it, what is shown is what was sealed."""
    sides, chance = answered_over_there(quick_folder, synthetic_data, 2), random.Random(seed)
    with rsync_daemon(sides.pc.root, quick_folder / "server") as way:
        mishaps = [Mishap(), Mishap(flip_at=chance.randrange(500, 15_000)), Mishap(flip_at=chance.randrange(500, 15_000))]
        with bad_wire(way.port, mishaps) as wire:
            through(sides.nas, way, wire.port)
            for _ in range(3):
                sides.nas.sync()
    for name in ("r0", "r1"):
        assert sides.manifest(name) == sides.pc.manifest(name)


def test_a_wrong_password_and_a_wrong_module_are_no_sleeping_pc(quick_folder: Path, synthetic_data: Path) -> None:
    sides = answered_over_there(quick_folder, synthetic_data, 1)
    with rsync_daemon(sides.pc.root, quick_folder / "server", password="right") as way:
        private = quick_folder / "nas" / "private"
        private.mkdir(mode=0o700)
        for password, code in (("wrong", "E-CARRY-REFUSED"), ("right", None)):
            (private / "RSYNC_PASSWORD").write_text(password)
            (private / "RSYNC_PASSWORD").chmod(0o600)
            through(sides.nas, way)
            trip = sides.nas.sync()
            assert (trip.trouble.code if trip.trouble else None) == code
            assert "wrong" not in str(trip.trouble)
        through(sides.nas, way._replace(address=way.address.replace("/reports", "/other")))
        trip = sides.nas.sync()
        assert trip.trouble
        assert trip.exit_code() == 3


def test_a_folder_not_mounted_over_there_is_no_empty_queue(quick_folder: Path, synthetic_data: Path) -> None:
    sides = answered_over_there(quick_folder, synthetic_data, 1)
    (quick_folder / "empty").mkdir()
    with rsync_daemon(quick_folder / "empty", quick_folder / "server") as way:
        through(sides.nas, way)
        trip = sides.nas.sync()
    assert trip.trouble
    assert "no folder `pending`" in str(trip.trouble)
    assert list((quick_folder / "empty").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="kills with SIGKILL")
def test_a_sync_killed_at_random_moments_brings_everything_home_in_the_end(quick_folder: Path, synthetic_data: Path) -> None:
    sides, chance = answered_over_there(quick_folder, synthetic_data, 30), random.Random(7)
    with rsync_daemon(sides.pc.root, quick_folder / "server") as way:
        through(sides.nas, way)
        for _ in range(10):
            _killed("nas", sides.nas, chance.uniform(0.15, 0.8))
            assert set(sides.nas.answers().values()) <= {"SUCCEEDED"}
        sides.nas.sync()
    assert sides.nas.answers() == sides.pc.answers()
    assert list(sides.nas.inbox.pending.glob("*.json")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="kills with SIGKILL")
def test_a_sync_of_the_pc_killed_at_random_moments_brings_everything_home_in_the_end(
    quick_folder: Path, synthetic_data: Path
) -> None:
    """The NAS looks in between: what was half sent it does not show."""
    sides, chance = answered_over_there(quick_folder, synthetic_data, 30), random.Random(8)
    sides.nas.settings = sides.nas.settings.model_copy(update={"carrier": "rsync", "there": ""})
    with rsync_daemon(sides.nas.root, quick_folder / "server") as way:
        through(sides.pc, way)
        for _ in range(10):
            _killed("pc", sides.pc, chance.uniform(0.15, 0.8))
            sides.nas.sync()
            assert set(sides.nas.answers().values()) <= {"SUCCEEDED"}
        sides.pc.sync()
        sides.nas.sync()
        assert sides.nas.answers() == sides.pc.answers()
        assert list(sides.nas.inbox.pending.glob("*.json")) == []
        sides.pc.sync()
    assert sorted(inbox.confirmed(sides.pc.inbox)) == sorted(sides.pc.answers())


def _killed(package: str, side: Road, seconds: float) -> None:
    """`python -m nas sync` as cron starts it, or the PC's, killed after so long where it is not done by then."""
    wanted = ("reports", "data", "logs", "carrier", "there", "carry_seconds", "private", "worker")
    told = {f"RELAY_{name.upper()}": str(getattr(side.settings, name)) for name in wanted}
    quiet: Dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT}
    started = subprocess.Popen([sys.executable, "-m", package, "sync"], env={**os.environ, **told}, **quiet)
    with contextlib.suppress(subprocess.TimeoutExpired):
        started.wait(seconds)
    if started.poll() is None:
        os.kill(started.pid, signal.SIGKILL)
    started.wait(10)


@pytest.mark.parametrize("missing", ["manifest.json", "metrics.json", "equity_curve.csv"])
def test_an_answer_that_half_arrived_is_not_shown_until_it_is_whole(
    missing: str, quick_folder: Path, synthetic_data: Path
) -> None:
    """Whatever file is the last: brought by hand, as somebody's own script would, one after the other."""
    sides = pc_pushes(quick_folder, synthetic_data, there=str(quick_folder / "nobody"))
    sides.nas.submit(request_id="a")
    shutil.copytree(sides.nas.inbox.pending, sides.pc.inbox.pending, dirs_exist_ok=True)
    sides.pc.drain()
    landed = sides.nas.root / inbox.ARRIVING / "pc-1" / "done" / "a"
    landed.mkdir(parents=True)
    for path in (sides.pc.outbox.done / "a").iterdir():
        if path.name != missing:
            shutil.copy2(path, landed)
    for _ in range(3):  # slow, and no reason to doubt it
        assert (sides.nas.sync().brought, sides.nas.answers(), landed.exists()) == (0, {}, True)
    assert len(list(sides.nas.inbox.pending.glob("*.json"))) == 1
    for path in (sides.pc.outbox.done / "a").iterdir():
        shutil.copy2(path, landed)
    assert sides.nas.sync().brought == 1
    assert sides.nas.answers() == {"a": "SUCCEEDED"}


def test_two_hundred_requests_come_home_while_both_sides_carry(quick_folder: Path, synthetic_data: Path) -> None:
    """Each reaches the other, and each syncs whenever it likes."""
    sides = nas_pulls(quick_folder, synthetic_data)
    there = {"carrier": "same_folder", "there": str(sides.nas.root)}
    sides.pc.settings = sides.pc.settings.model_copy(update=there)
    wanted: List[str] = [sides.nas.submit(request_id=f"q{number}") for number in range(200)]
    sides.settle(rounds=2)
    assert sides.nas.answers() == dict.fromkeys(sorted(wanted), "SUCCEEDED")
    assert [sides.manifest(name)["run_id"] for name in wanted] == [sides.pc.manifest(name)["run_id"] for name in wanted]
    assert sides.nas.left() == sides.pc.left() == []
    assert sorted(inbox.confirmed(sides.pc.inbox)) == sorted(wanted)
