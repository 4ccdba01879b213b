"""A running worker carries by itself: nobody types `sync` on the PC, no claim waits for a network, no process is left."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any, Dict, Iterator

import psutil
import pytest

from tests.harness.price_sides import NEXT_VERSION, pc_carries
from tests.harness.processes import Machine, Program, is_alive
from tests.harness.road import until
from tests.harness.servers import ssh_server
from tests.harness.two_sides import TwoSides, pc_pushes

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs an ssh server and sessions of processes")

_LONG = str(100_000 + os.getpid())  # seconds: nobody else on this machine hangs for just so long


@pytest.fixture
def sides(quick_folder: Path, synthetic_data: Path) -> TwoSides:
    """Both machines; the PC reaches the NAS, where cron has been at work."""
    both = pc_pushes(quick_folder, synthetic_data)
    both.nas.sync()
    return both


@pytest.fixture
def machine(sides: TwoSides) -> Iterator[Machine]:
    """The PC's programs, which carry by copying until a test says otherwise."""
    pc = sides.pc.settings
    asked: Dict[str, Any] = {"carrier": pc.carrier, "there": pc.there, "carry_every": 1, "worker": "pc-1"}
    with Machine(pc.reports.parent, pc.data, reports=pc.reports, **asked) as running:
        yield running


def home(sides: TwoSides, *ids: str) -> bool:
    """Cron on the NAS comes by; whether these answers are there then."""
    sides.nas.sync()
    return set(ids) <= set(sides.nas.answers())


def hanging(folder: Path) -> Path:
    """A shell to the other side that says nothing for ever."""
    script = folder / "hangs.sh"
    script.write_text(f"#!/bin/sh\nexec sleep {_LONG}\n")
    script.chmod(0o755)
    return script


def sleepers() -> "list[psutil.Process]":
    """The hanging shells there are."""
    return [one for one in psutil.process_iter(["cmdline"]) if one.info["cmdline"] == ["sleep", _LONG] and is_alive(one)]


def test_a_request_of_the_nas_comes_back_without_anybody_typing_sync_on_the_pc(sides: TwoSides, machine: Machine) -> None:
    """Two folders, a real ssh server between them, and `python -m pc watch`."""
    with ssh_server(sides.nas.root, sides.nas.root.parent / "server") as way:
        worker = machine.watch(carrier="rsync", there=way.address, carry_shell=way.shell)
        worker.until_event("SYNC_ENDED")
        began = time.monotonic()
        sides.nas.submit(request_id="a")
        until(lambda: home(sides, "a"), 20.0)
        took = time.monotonic() - began
        assert worker.stop() == 0
    assert sides.nas.answers() == {"a": "SUCCEEDED"}
    assert took < 8.0, f"{took:.1f} s"  # a second or so each way, the run, and room for a machine that has much to do


def test_what_is_brought_rings_the_bell(sides: TwoSides, machine: Machine) -> None:
    """The worker looks by itself only every ten minutes here."""
    worker = machine.watch(scan_seconds=600)
    worker.until_event("SYNC_ENDED")
    sides.nas.submit(request_id="a")
    sides.nas.sync()
    machine.answered("a", 20.0)
    assert worker.stop() == 0


def test_answers_leave_soon_after_they_are_sealed(sides: TwoSides, machine: Machine) -> None:
    """The next round by the clock would come in an hour."""
    worker = machine.watch(carry_every=3600)
    worker.until_event("SYNC_ENDED")
    for number in range(5):
        machine.road.submit(request_id=f"r{number}")
    until(lambda: home(sides, *(f"r{number}" for number in range(5))))
    assert worker.stop() == 0


def test_the_last_answer_is_sent_before_a_worker_leaves(sides: TwoSides, machine: Machine) -> None:
    worker = machine.watch(carry_every=3600)
    worker.until_event("SYNC_ENDED")
    machine.road.submit(request_id="a")
    worker.until_event("REQUEST_CLAIMED")
    assert worker.stop() == 0
    assert machine.road.answers() == {"a": "SUCCEEDED"}
    assert home(sides, "a")


def test_what_could_not_be_sent_goes_at_the_next_start(sides: TwoSides, machine: Machine) -> None:
    worker = machine.watch(carrier="rsync", there="pc:reports", carry_shell=hanging(machine.folder), carry_every=3600)
    machine.road.submit(request_id="a")
    machine.answered("a")
    began = time.monotonic()
    assert worker.stop() == 0
    assert time.monotonic() - began < 15.0
    assert not home(sides, "a")
    worker = machine.watch(carry_every=3600)
    until(lambda: home(sides, "a"))
    assert worker.stop() == 0


def test_a_network_that_hangs_delays_no_claim_and_leaves_no_process(sides: TwoSides, machine: Machine) -> None:
    worker = machine.watch(carrier="rsync", there="pc:reports", carry_shell=hanging(machine.folder))
    until(sleepers)
    for number in range(5):
        machine.road.submit(request_id=f"r{number}")
        assert machine.answered(f"r{number}")["timings"]["wait_ms"] < 3000
    assert worker.stop(signal.SIGINT) == 0
    _nothing_runs(worker)


def test_a_worker_that_is_killed_leaves_no_process(machine: Machine) -> None:
    worker = machine.watch(carrier="rsync", there="pc:reports", carry_shell=hanging(machine.folder))
    until(sleepers)
    worker.stop(signal.SIGKILL)
    until(lambda: not worker.children(), 20.0)
    _nothing_runs(worker)


def test_a_round_that_stands_still_is_cut_off_and_tried_again(machine: Machine) -> None:
    """rsync's own patience is longer than ours here, so that ours is seen."""
    (machine.folder / "bin").mkdir()
    stuck = machine.folder / "bin" / "rsync"
    stuck.write_text(f"#!/bin/sh\nexec sleep {_LONG}\n")
    stuck.chmod(0o755)
    script = machine.folder / "with_it.sh"
    script.write_text(f'#!/bin/sh\nPATH="{stuck.parent}:$PATH" exec "$@"\n')
    script.chmod(0o755)
    worker = machine.start(
        "pc", "watch", before=[str(script)], carrier="rsync", there="pc:reports", carry_seconds=1, carry_every=1
    )
    worker.until_event("SYNC_CUT_OFF", times=2, seconds=40.0)
    assert worker.stop() == 0
    _nothing_runs(worker)


def test_rounds_that_move_nothing_say_nothing(machine: Machine) -> None:
    worker = machine.watch(carry_every=0.2)
    _some_rounds(machine)
    assert worker.events().count("SYNC_ENDED") == 1
    assert worker.stop() == 0


def test_an_outage_is_told_once_and_its_end_once(sides: TwoSides, machine: Machine) -> None:
    away = sides.nas.root.with_name("away")
    worker = machine.watch(carry_every=0.2)
    worker.until_event("SYNC_ENDED")
    sides.nas.root.rename(away)
    worker.until_event("SYNC_PUT_OFF")
    _some_rounds(machine)
    away.rename(sides.nas.root)
    worker.until_event("SYNC_ENDED", times=2)
    assert worker.events().count("SYNC_PUT_OFF") == 1
    assert worker.stop() == 0


def test_a_drain_fetches_before_it_takes_and_sends_after_it_answered(sides: TwoSides, machine: Machine) -> None:
    sides.nas.submit(request_id="a")
    sides.nas.sync()
    done = machine.run("pc", "drain")
    assert done.rc == 0
    assert home(sides, "a"), done.err


def test_a_drain_whose_nas_is_away_says_so_and_answers_what_there_is(sides: TwoSides, machine: Machine) -> None:
    """Its exit code is that of the answers: what is answered is answered. That they wait to be sent is in the log."""
    machine.road.submit(request_id="a")
    sides.nas.root.rename(sides.nas.root.with_name("away"))
    done = machine.run("pc", "drain", "--json")
    assert (done.rc, json.loads(done.out)["answered"]) == (0, 1)
    assert done.err.count("[SYNC_PUT_OFF]") == 2
    assert "no such folder" in json.loads((machine.road.settings.data / "sync.json").read_text())["why"]


def test_a_drain_waits_for_no_network_longer_than_it_may(machine: Machine) -> None:
    machine.road.submit(request_id="a")
    began = time.monotonic()
    done = machine.run("pc", "drain", carrier="rsync", there="pc:x", carry_shell=hanging(machine.folder), carry_seconds=3)
    assert done.rc == 0
    assert time.monotonic() - began < 20.0
    assert machine.road.answers() == {"a": "SUCCEEDED"}
    assert not sleepers()


def test_prices_travel_beside_the_answers(quick_folder: Path) -> None:
    """What the NAS sealed is in use on the PC, and nobody typed anything."""
    both = pc_carries(quick_folder, prices_from="nas")
    pc = both.runner.settings
    both.nas.carry()
    both.nas.seal("2026-11-20", NEXT_VERSION)
    asked: Dict[str, Any] = {"carrier": pc.carrier, "there_data": pc.there_data, "prices_from": "nas", "worker": pc.worker}
    with Machine(pc.reports.parent, pc.data, reports=pc.reports, **asked) as running:
        worker = running.watch()
        worker.until_event("PRICES_CARRIED")
        assert worker.stop() == 0
    assert both.runner.in_use() == NEXT_VERSION


def _nothing_runs(worker: Program) -> None:
    until(lambda: not worker.children(), 5.0)
    assert not sleepers()


def _some_rounds(machine: Machine) -> None:
    """Four more: each notes when it was."""
    noted = machine.road.settings.data / "sync.json"
    seen: set[str] = set()

    def rounds() -> int:
        seen.update([json.loads(noted.read_text())["at"]] if noted.exists() else [])
        return len(seen)

    until(lambda: rounds() > 4)
