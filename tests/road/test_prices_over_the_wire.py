"""The price cache over real wires: rsync by ssh and to a daemon, bad wires too; and as an operator types it."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable, ContextManager, Dict, List

import pytest

from shared.config import HOME, load
from shared.errors import RelayError, SettingInvalid
from shared.events import Log
from shared.lock import only_one
from shared.sync import Side, sync_once
from tests.harness.price_sides import FIRST_VERSION, NEXT_VERSION, Machine, PriceSides, nas_carries, pc_carries
from tests.harness.servers import Way, rsync_daemon, ssh_server
from tests.harness.wire import Mishap, bad_wire

Server = Callable[..., ContextManager[Way]]
WIRES = pytest.mark.parametrize(
    ("server", "source"),
    [(rsync_daemon, "pc"), (rsync_daemon, "nas"), (ssh_server, "pc")],
    ids=["daemon, from the PC", "daemon, from the NAS", "ssh"],
)


def reaches(machine: Machine, way: Way, port: int = 0) -> None:
    """That way to the other side's data from now on."""
    address = way.address.replace(f":{way.port}/", f":{port or way.port}/")
    machine.change(carrier="rsync", there_data=address, carry_shell=way.shell, carry_seconds=10.0)


def versions_travel(sides: PriceSides, made: Machine, other: Machine) -> None:
    """Two versions, one after the other."""
    for day, files in (("2026-11-19", FIRST_VERSION), ("2026-11-20", NEXT_VERSION)):
        made.seal(day, files)
        sides.settle(2)
        assert other.in_use() == files
    assert (made.why(), other.why()) == (None, None)
    assert made.heard.count("PRICES_CARRIED") + other.heard.count("PRICES_CARRIED") >= 2


@WIRES
def test_the_nas_carries_both_ways(server: Server, source: str, quick_folder: Path) -> None:
    sides = nas_carries(quick_folder, prices_from=source)
    with server(sides.runner.settings.data, quick_folder / "server") as way:
        reaches(sides.nas, way)
        versions_travel(sides, *sides.by_source(source))


@WIRES
def test_the_pc_carries_both_ways(server: Server, source: str, quick_folder: Path) -> None:
    sides = pc_carries(quick_folder, prices_from=source)
    with server(sides.nas.settings.data, quick_folder / "server") as way:
        reaches(sides.runner, way)
        versions_travel(sides, *sides.by_source(source))


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("mishap", ["cut", "bit"])
def test_a_bad_wire_never_brings_bad_prices(mishap: str, seed: int, quick_folder: Path) -> None:
    """Somewhere in the first transfers; what is in use is what was sealed, and comes in the end."""
    chance, sides = random.Random(seed), nas_carries(quick_folder)
    sides.runner.seal("2026-11-19", {**NEXT_VERSION, "close.npy": bytes(chance.getrandbits(8) for _ in range(40_000))})
    made = sides.runner.in_use()
    where = [chance.randrange(200, 30_000) for _ in range(4)]
    mishaps = [Mishap(cut_after=at) if mishap == "cut" else Mishap(flip_at=at) for at in where]
    with rsync_daemon(sides.runner.settings.data, quick_folder / "server") as way, bad_wire(way.port, mishaps) as wire:
        reaches(sides.nas, way, wire.port)
        for _ in range(4):
            sides.nas.carry()
            assert sides.nas.in_use() in (None, made)
    assert sides.nas.in_use() == made


def test_prices_do_not_travel_by_git() -> None:
    with pytest.raises(SettingInvalid, match="prices do not travel by git"):
        load({"RELAY_CARRIER": "git", "RELAY_THERE_DATA": "answers.git"})


def typed(machine: Machine, *words: str) -> "subprocess.CompletedProcess[str]":
    """A command as a person types it on that machine."""
    wanted = ("reports", "data", "logs", "private", "carrier", "there", "there_data", "prices_from")
    told = {f"RELAY_{name.upper()}": str(getattr(machine.settings, name)) for name in wanted}
    command = [sys.executable, "-m", machine.side, *words]
    environment: Dict[str, str] = {**os.environ, **told, "RELAY_LANGUAGE": "en", "RELAY_PRICES": "local", "PYTHONUTF8": "1"}
    return subprocess.run(command, cwd=HOME, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_an_operator_sees_prices_arrive_and_how_old_they_are(tmp_path: Path) -> None:
    """Two folders, the NAS carries; then the settings disagree."""
    sides = _with_folders(tmp_path)
    synced = typed(sides.nas, "sync")
    assert (synced.returncode, synced.stdout.split()[0]) == (0, "OK"), synced.stderr
    assert "[PRICES_CARRIED]" in synced.stderr
    assert sides.nas.in_use() == FIRST_VERSION
    prices: Dict[str, Any] = json.loads(typed(sides.nas, "status", "--json").stdout)["prices"]
    assert (prices["last"], prices["origin"], prices["why"]) == ("2026-11-20", "pc", None)
    assert "prices: up to 2026-11-20 (" in typed(sides.nas, "status").stdout
    checks = {one["check"]: one for one in json.loads(typed(sides.nas, "doctor", "--json").stdout)["checks"]}
    assert checks["prices"]["said"].endswith("days ago, from pc), 3 of 3 files read to the end")

    sides.nas.change(prices_from="nas")
    synced = typed(sides.nas, "sync", "--json")
    assert synced.returncode == 3
    assert json.loads(synced.stdout)["error"]["code"] == "E-PRICES-DISPUTED"
    assert "newer ones do not come" in typed(sides.nas, "status").stdout
    checks = {one["check"]: one for one in json.loads(typed(sides.nas, "doctor", "--json").stdout)["checks"]}
    assert checks["prices"]["verdict"] == "warn"


def test_a_transfer_of_prices_keeps_no_answer_waiting(tmp_path: Path) -> None:
    """They come once the answers are through; while they travel, the next sync does all of its own work."""
    nas = _asking(tmp_path).nas
    told: List[str] = []

    def travel(can_reach: bool) -> List[RelayError]:
        with only_one(nas.settings.data / "locks" / "prices"):
            told.extend(["prices", typed(nas, "sync").stdout.split(" brought=")[0]])
        return []

    def open_side(log: Log) -> Side:
        return Side(nas.settings, nas.disk, log, lambda trip: told.append("answers"), prices=travel, age=lambda: None)

    assert sync_once(nas.settings, "nas", open_side, as_json=False) == 0
    assert told == ["answers", "prices", "OK sent=1"]
    assert nas.in_use() is None


def test_a_sync_carries_its_answers_before_its_prices(tmp_path: Path) -> None:
    """As its log says it."""
    nas = _asking(tmp_path).nas
    events = re.findall(r"\[((?:SYNC|PRICES)_[A-Z]+)\]", typed(nas, "sync").stderr)
    assert (events, nas.in_use()) == (["SYNC_ENDED", "PRICES_CARRIED"], FIRST_VERSION)


def _asking(home: Path) -> PriceSides:
    """The same, and one request waits on the NAS."""
    sides = _with_folders(home)
    (sides.nas.settings.reports / "pending" / "a.json").write_bytes(b'{"strategy": "krx_ma200", "request_id": "a"}')
    return sides


def _with_folders(home: Path) -> PriceSides:
    """Two folders, the NAS carries: newer prices lie on the other side."""
    sides = nas_carries(home)
    sides.nas.change(there=str(sides.runner.settings.reports))
    for machine in (sides.nas, sides.runner):
        for room in ("pending", "claims", "running", "building", "done", "answered"):
            (machine.settings.reports / room).mkdir(parents=True)
    sides.runner.seal("2026-11-20")
    return sides
