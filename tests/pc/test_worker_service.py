"""The worker as a program: how it is stopped, paused, restarted and told to cancel, by signals and files alone."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any, Iterator, List, Set

import pytest

import inbox
from tests.harness.processes import LOG_LINE, Machine, Program, is_alive
from tests.harness.road import until

pytestmark = pytest.mark.skipif(os.name == "nt", reason="these tests stop programs with signals, which Windows does not have")


@pytest.fixture
def machine(tmp_path: Path, synthetic_data: Path) -> Iterator[Machine]:
    """A machine of the test; a dead worker is told by its process, never by waiting."""
    with Machine(tmp_path, synthetic_data, lease_seconds=3600, heartbeat_seconds=0.3) as running:
        yield running


def held(machine: Machine, **content: Any) -> str:
    """A request whose run goes on until `let_go`."""
    params = {"until": str(machine.folder / "go"), "started": str(machine.folder / "started")}
    return machine.road.submit(strategy="waits", params=params, **content)


def until_idle_for(machine: Machine, heartbeats: int) -> None:
    """That many signs of life of the one worker, each saying that nothing runs."""
    [alive] = (machine.reports / "running").glob("*/alive")
    seen: Set[int] = set()

    def idle() -> bool:
        if machine.runs():
            seen.clear()
        seen.add(alive.stat().st_mtime_ns)
        return len(seen) > heartbeats

    until(idle)


def let_go(machine: Machine) -> None:
    (machine.folder / "go").touch()


def pending(machine: Machine) -> List[str]:
    return sorted(path.name for path in (machine.reports / "pending").iterdir())


def until_taken(machine: Machine, request_id: str) -> None:
    """Within a second, and one more for a machine that has other things to do."""
    file = machine.reports / "pending" / f"4-0-{request_id}.json"
    until(lambda: not file.exists(), 2.0)


def not_lines(program: Program) -> List[str]:
    return [text for text in program.err().splitlines() if not LOG_LINE.fullmatch(text)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_worker_leaves_without_a_trace(machine: Machine, number: int) -> None:
    worker = machine.watch()
    until(worker.children)

    rc = worker.stop(number)

    assert rc == 0
    until(lambda: not worker.children())
    assert machine.road.left() == []
    assert worker.events() == ["WORKER_STARTED", "WORKER_STOPPING", "WORKER_STOPPED"]
    assert not_lines(worker) == []


def test_a_worker_that_long_had_nothing_to_do_goes_on_after_a_failed_request_too(machine: Machine) -> None:
    worker = machine.watch(scan_seconds=0.05, heartbeat_seconds=0.05)
    for strategy, status in (("krx_ma200", "SUCCEEDED"), ("raises", "FAILED"), ("krx_ma200", "SUCCEEDED")):
        until_idle_for(machine, heartbeats=8)
        assert machine.answered(machine.road.submit(strategy=strategy))["status"] == status

    until_idle_for(machine, heartbeats=8)
    assert worker.is_running()
    assert worker.stop() == 0
    assert worker.events().count("WORKER_STARTED") == 1
    assert machine.road.left() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_may_finish_within_the_grace(machine: Machine, number: int) -> None:
    worker, request_id = machine.watch(), held(machine)
    machine.until_running(request_id, "decide")
    worker.send(number)
    worker.until_event("WORKER_STOPPING")
    late = machine.road.submit()
    let_go(machine)

    assert worker.ended() == 0
    assert machine.road.answers() == {request_id: "SUCCEEDED"}
    assert pending(machine) == [f"4-0-{late}.json"]
    assert machine.road.left() == [f"pending/4-0-{late}.json"]


def test_a_run_that_does_not_finish_is_given_back_and_is_no_death(machine: Machine) -> None:
    worker, request_id = machine.watch(grace_seconds=0.3), held(machine, max_attempts=1)
    machine.until_running(request_id, "decide")

    assert worker.stop() == 0
    assert "REQUEST_GIVEN_BACK" in worker.events()
    assert [re.sub("-[0-9a-f]{8}[.]back", ".back", name) for name in pending(machine)] == [f"{request_id}.1.back.json"]
    assert list((machine.reports / "running").iterdir()) == []

    let_go(machine)
    assert machine.run("pc.worker", "--once").rc == 0
    assert [attempt["ended"] for attempt in machine.road.manifest(request_id)["attempts"]] == ["stopped", "answered"]
    assert machine.road.left() == []


def test_a_second_signal_leaves_at_once_and_the_next_worker_takes_over(machine: Machine) -> None:
    worker, request_id = machine.watch(grace_seconds=600), held(machine)
    machine.until_running(request_id, "decide")
    worker.send(signal.SIGTERM)
    worker.until_event("WORKER_STOPPING")
    worker.send(signal.SIGINT)

    assert worker.ended(10) == 130
    until(lambda: not any(is_alive(child) for child in worker.children()))

    let_go(machine)
    again = machine.watch()
    assert machine.answered(request_id, 20)["status"] == "SUCCEEDED"
    assert again.stop() == 0
    assert machine.road.left() == []


def test_a_restarted_worker_takes_over_from_the_killed_one_at_once(machine: Machine) -> None:
    killed, request_id = machine.watch(), held(machine)
    machine.until_running(request_id, "decide")
    killed.end()
    let_go(machine)

    again = machine.watch()

    assert [attempt["ended"] for attempt in machine.answered(request_id, 20)["attempts"]] == ["died", "answered"]
    assert again.stop() == 0
    assert machine.road.left() == []


def test_a_pause_lets_runs_finish_and_nothing_begin(machine: Machine) -> None:
    worker, running = machine.watch(slots=2), held(machine)
    machine.until_running(running, "decide")
    paused = machine.run("nas", "pause", 'the PC is "moved"\nto room 2')
    worker.until_event("WORKER_PAUSED")
    waiting = machine.road.submit()
    let_go(machine)

    assert paused.rc == 0
    assert machine.answered(running)["status"] == "SUCCEEDED"
    assert json.loads(machine.run("nas", "status", "--json").out)["paused"] == 'the PC is "moved" to room 2'
    assert pending(machine) == [f"4-0-{waiting}.json"]

    assert machine.run("nas", "resume").rc == 0
    worker.until_event("WORKER_RESUMED")
    assert machine.answered(waiting)["status"] == "SUCCEEDED"
    assert worker.stop() == 0
    assert not_lines(worker) == []


def test_a_drain_of_a_paused_folder_says_try_later(machine: Machine) -> None:
    waiting = machine.road.submit()
    (machine.reports / "PAUSED").write_bytes("\ufeff점검 중\r\n".encode())

    drained = machine.run("pc", "drain", "--json")

    assert drained.rc == 2
    assert json.loads(drained.out) == {"rc": 2, "answered": 0, "statuses": {}}
    assert 'details="reason=점검 중"' in drained.err
    assert pending(machine) == [f"4-0-{waiting}.json"]


def test_a_request_is_cancelled_while_it_waits(machine: Machine) -> None:
    request_id = machine.road.submit()
    machine.run("nas", "cancel", request_id, "--reason", "typo")

    drained = machine.run("pc.worker", "--once", "--json")

    assert drained.rc == 0
    assert json.loads(drained.out)["statuses"] == {"CANCELLED": 1}
    manifest = machine.road.manifest(request_id)
    assert manifest["error"]["why"] == "typo"
    assert f'[REQUEST_CANCELLED] rc=0 details="request={request_id} run={manifest["run_id"]}"' in drained.err
    assert machine.road.left() == []


def test_a_request_is_cancelled_while_it_runs(machine: Machine) -> None:
    worker, request_id = machine.watch(), held(machine)
    machine.until_running(request_id, "decide")
    machine.run("nas", "cancel", request_id)

    assert machine.answered(request_id)["status"] == "CANCELLED"
    worker.until_event("RUN_STOPPED")
    after = machine.road.submit()
    assert machine.answered(after)["status"] == "SUCCEEDED"
    assert worker.stop() == 0
    assert machine.road.left() == []


def test_a_worker_cancels_what_another_one_runs(machine: Machine, no_events: str) -> None:
    request_id = held(machine)
    runner = machine.watch(worker="runner", scan_seconds=3600, PYTHONPATH=no_events)
    machine.until_running(request_id, "decide")
    inbox.cancel(machine.road.inbox, request_id, "changed my mind")

    drained = machine.run("pc.worker", "--once", "--json", worker="other")

    assert drained.rc == 0
    assert json.loads(drained.out)["statuses"] == {"CANCELLED": 1}
    runner.until_event("RUN_STOPPED")
    assert runner.stop() == 0
    assert machine.road.answers() == {request_id: "CANCELLED"}
    assert machine.road.left() == []


@pytest.fixture
def no_events(tmp_path: Path) -> str:
    """A path on which the library that hears of new files cannot be loaded, as on a machine that lacks it."""
    package = tmp_path / "no_events" / "watchdog"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise ImportError('not on this machine')\n", encoding="utf-8")
    return str(package.parent)


def test_without_events_a_request_is_picked_up_by_scan_within_a_second(machine: Machine, no_events: str) -> None:
    worker = machine.watch(scan_seconds=0.9, PYTHONPATH=no_events)
    machine.answered(machine.road.submit())

    for _ in range(3):
        request_id = machine.road.submit()
        until_taken(machine, request_id)
        machine.answered(request_id)

    assert "BELL_MUTED" in worker.events()
    assert worker.stop() == 0
    assert not_lines(worker) == []


def test_a_bell_nobody_listens_to_never_blocks_the_one_who_rings(machine: Machine) -> None:
    from pc.bell import Bell
    from shared.events import Log

    bell = Bell(machine.road.inbox.pending, machine.road.inbox.running, Log(quiet=True))
    for _ in range(50_000):
        bell.ring("x.json")

    assert bell.names() == {"x.json"}
    bell.silence()


@pytest.mark.skipif(sys.platform != "linux", reason="what is watched is read from /proc")
def test_one_watch_covers_pending_and_running_and_none_covers_done(machine: Machine) -> None:
    """One inotify for both, as the kernel tells it."""
    worker = machine.watch()

    watching = [text for text in _open_files(worker.pid) if "inotify wd:" in text]
    inodes = {int(found, 16) for text in watching for found in re.findall(r"ino:([0-9a-f]+)", text)}

    assert len(watching) == 1
    assert {(machine.reports / name).stat().st_ino for name in ("pending", "running")} <= inodes
    rooms = [machine.reports, *(machine.reports / name for name in ("done", "claims", "building", "answered"))]
    assert not inodes & {room.stat().st_ino for room in rooms}
    assert worker.stop() == 0


def test_runs_happen_in_one_warm_child_that_was_spawned(machine: Machine) -> None:
    worker = machine.watch()
    machine.answered(machine.road.submit())
    first = [child for child in worker.children() if "spawn_main" in " ".join(child.cmdline())]
    machine.answered(machine.road.submit())

    assert len(first) == 1
    assert [child for child in worker.children() if "spawn_main" in " ".join(child.cmdline())] == first
    assert worker.stop() == 0


def test_a_request_is_picked_up_while_another_one_runs(machine: Machine) -> None:
    worker, slow = machine.watch(slots=2), held(machine)
    machine.until_running(slow, "decide")
    quick = machine.road.submit()

    assert machine.answered(quick)["status"] == "SUCCEEDED"
    assert slow in machine.runs()
    let_go(machine)
    machine.answered(slow)
    assert worker.stop() == 0


def test_a_worker_claims_only_as_many_as_it_can_run(machine: Machine) -> None:
    wanted = [held(machine) for _ in range(5)]
    worker = machine.watch(slots=2)
    until(lambda: [run["phase"] for run in machine.runs().values()] == ["decide", "decide"])

    assert len(inbox.claimed_ids(machine.road.inbox)) == 2
    assert len(pending(machine)) == 3
    let_go(machine)
    for request_id in wanted:
        machine.answered(request_id)
    assert worker.stop() == 0
    assert machine.road.left() == []


def test_a_service_told_to_stop_did_not_fail_whatever_it_answered(machine: Machine) -> None:
    worker = machine.watch()
    assert machine.answered(machine.road.submit(strategy="raises"))["status"] == "FAILED"

    assert worker.stop() == 0
    assert " rc=0 " in worker.err().splitlines()[-1]


def test_what_a_killed_worker_had_put_into_the_temporary_folder_goes_with_the_next_one(machine: Machine) -> None:
    temporary = machine.folder / "tmp"
    temporary.mkdir()
    machine.watch(TMPDIR=temporary).end()
    left = list(temporary.glob("krx-relay-*"))

    again = machine.watch(TMPDIR=temporary)

    assert not any(folder.exists() for folder in left)
    assert again.stop() == 0
    assert list(temporary.glob("krx-relay-*")) == []


def _open_files(pid: int) -> List[str]:
    """What the kernel says of each; of one that is closed meanwhile nothing."""
    found = []
    for file in Path(f"/proc/{pid}/fdinfo").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found.append(file.read_text())
    return found
