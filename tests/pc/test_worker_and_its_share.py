"""The worker and its folder: several of them at it, a share that goes and comes, a full disk, and what a drain takes."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, Iterator, List

import pytest

import inbox
from shared import clock
from tests.harness.processes import LOG_LINE, Machine, Program
from tests.harness.road import SMALL, until

pytestmark = pytest.mark.skipif(os.name == "nt", reason="these tests stop programs with signals, which Windows does not have")


@pytest.fixture
def machine(tmp_path: Path, synthetic_data: Path) -> Iterator[Machine]:
    """A machine of the test."""
    with Machine(tmp_path, synthetic_data, lease_seconds=30, heartbeat_seconds=0.3) as running:
        yield running


def pending(machine: Machine) -> List[str]:
    return sorted(path.name for path in (machine.reports / "pending").iterdir())


def not_lines(text: str) -> List[str]:
    return [one for one in text.splitlines() if not LOG_LINE.fullmatch(one)]


# ---- several workers ----


def test_two_workers_of_one_machine_share_the_work(machine: Machine) -> None:
    wanted = [machine.road.submit(strategy="waits", params={"until": str(machine.folder / "go")}) for _ in range(8)]
    workers = [machine.watch(worker=name) for name in ("left", "right")]
    until(lambda: len(machine.runs()) == 2)
    (machine.folder / "go").touch()
    manifests = [machine.answered(request_id) for request_id in wanted]

    assert {manifest["status"] for manifest in manifests} == {"SUCCEEDED"}
    assert {manifest["worker"] for manifest in manifests} == {"left", "right"}
    assert [worker.stop() for worker in workers] == [0, 0]
    assert machine.road.left() == []


def test_two_workers_of_one_name_are_two(machine: Machine) -> None:
    wanted = [machine.road.submit() for _ in range(6)]
    drains = [machine.start("pc.worker", "--once", worker="twin") for _ in range(2)]

    assert [drain.ended() for drain in drains] == [0, 0]
    assert machine.road.answers() == dict.fromkeys(sorted(wanted), "SUCCEEDED")
    assert machine.road.left() == []


def test_a_drain_beside_a_running_service_takes_what_it_can_and_leaves(machine: Machine) -> None:
    slow = machine.road.submit(strategy="waits", params={"until": str(machine.folder / "go")})
    service = machine.watch()
    machine.until_running(slow, "decide")
    quick = machine.road.submit()

    assert machine.run("pc.worker", "--once").rc == 0
    assert machine.road.answers() == {quick: "SUCCEEDED"}
    (machine.folder / "go").touch()
    machine.answered(slow)
    assert service.stop() == 0


def other_host() -> List[str]:
    """Words that start a program as on another host: with processes of its own, unseen from here and seeing none of ours."""
    words = ["unshare", "--pid", "--fork", "--kill-child", "--uts"]
    with contextlib.suppress(OSError):
        if sys.platform == "linux" and subprocess.run([*words, "true"], check=False, capture_output=True).returncode == 0:
            return words
    return []


@pytest.mark.skipif(not other_host(), reason="another host is made with unshare, which this system or user does not have")
def test_a_killed_worker_of_another_host_is_taken_over_after_its_lease_and_not_before(machine: Machine) -> None:
    lease = {"lease_seconds": 4, "heartbeat_seconds": 0.5}
    request_id = machine.road.submit(strategy="waits", params={"until": str(machine.folder / "go")})
    far = machine.start("pc", "watch", before=other_host(), worker="far", **lease)
    machine.until_running(request_id, "decide")
    near = machine.watch(worker="near", **lease)
    alive = next((machine.reports / "running").glob("far~*/alive"))
    far.end()
    (machine.folder / "go").touch()
    silent_since = alive.stat().st_mtime

    manifest = machine.answered(request_id)

    attempts = [(one["worker"].split("~")[0], one["ended"]) for one in manifest["attempts"]]
    assert attempts == [("far", "died"), ("near", "answered")]
    assert (machine.reports / "done" / request_id / "request.json").stat().st_mtime - silent_since > 4
    until(lambda: not alive.exists())
    assert near.stop() == 0
    assert machine.road.left() == []


# ---- what a drain takes ----


def test_requests_for_later_are_not_awaited(machine: Machine) -> None:
    later = (clock.now() + timedelta(hours=1)).isoformat()
    ours = machine.run("nas", "submit", "krx_ma200", "--not-before", later).out.strip()
    machine.road.drop("by hand.json", {**SMALL, "not_before": later})

    drained = machine.run("pc.worker", "--once", "--json", seconds=20)

    assert drained.rc == 0
    assert json.loads(drained.out) == {"rc": 0, "answered": 0, "statuses": {}}
    assert [name for name in pending(machine) if ours in name or name == "by hand.json"] == pending(machine)
    assert len(pending(machine)) == 2


def test_what_was_asked_before_is_answered_from_the_earlier_result_unless_a_fresh_one_is_wanted(machine: Machine) -> None:
    runs = machine.folder / "runs.txt"
    params = {"mark": "same", "runs": str(runs), "done": str(machine.reports / "done")}
    for name, fresh in (("one", False), ("two", False), ("three", True)):
        machine.road.submit(request_id=name, strategy="counted", params=params, fresh=fresh)
        assert machine.run("pc.worker", "--once").rc == 0

    assert machine.road.answers() == dict.fromkeys(("one", "three", "two"), "SUCCEEDED")
    assert len(runs.read_text(encoding="utf-8").splitlines()) == 2
    told = {name: machine.road.manifest(name) for name in machine.road.answers()}
    assert told["two"]["reused_from"]["run_id"] == told["one"]["run_id"]
    assert [told[name]["reused_from"] for name in ("one", "three")] == [None, None]
    assert len({manifest["run_id"] for manifest in told.values()}) == 3


def test_a_drain_waits_for_the_rest_of_a_file_being_written(machine: Machine) -> None:
    whole = json.dumps(SMALL).encode()
    file = machine.road.drop("slow copy.json", whole[:30])
    drain = machine.start("pc.worker", "--once", settle_seconds=30)
    drain.until_event("WORKER_STARTED")
    file.write_bytes(whole)

    assert drain.ended(20) == 0  # and not only once it would have settled
    assert list(machine.road.answers().values()) == ["SUCCEEDED"]


def test_half_a_file_that_stays_half_is_rejected_once_it_has_settled(machine: Machine) -> None:
    machine.road.drop("half.json", json.dumps(SMALL).encode()[:30])

    drained = machine.run("pc.worker", "--once", settle_seconds=1)

    assert drained.rc == 1
    assert list(machine.road.answers().values()) == ["REJECTED"]
    assert "E-REQUEST-SCHEMA" in drained.err
    assert not_lines(drained.err) == []


@pytest.mark.parametrize(
    ("content", "rc"),
    [
        (None, 0),
        ({}, 0),
        ({"expires_at": "2020-01-01T00:00:00+09:00"}, 0),
        ({"required": ["S&P500"]}, 0),
        ({"strategy": "raises"}, 1),
        ({"strategy": "krx_ma20"}, 1),
        ({"symbols": ["000660"]}, 1),
    ],
    ids=["nothing", "succeeded", "expired", "skipped", "failed", "rejected", "no such symbol"],
)
def test_the_exit_code_of_a_drain_tells_the_worst_answer(machine: Machine, content: Any, rc: int) -> None:
    if content is not None:
        machine.road.submit(**content)

    drained = machine.run("pc", "drain", "--json")

    assert drained.rc == rc
    assert json.loads(drained.out)["rc"] == rc
    assert not_lines(drained.err) == []
    assert machine.road.left() == []


@pytest.mark.parametrize(
    ("words", "settings"),
    [
        (("pc", "brew"), {}),
        (("pc",), {}),
        (("pc.worker", "--twice"), {}),
        (("pc.worker", "--once"), {"slots": "many"}),
        (("pc", "watch"), {"heartbeat_seconds": "0"}),
        (("pc", "watch"), {"config": "/nowhere/relay.yaml"}),
    ],
    ids=["unknown command", "no command", "unknown option", "bad setting", "setting out of range", "no such file"],
)
def test_wrong_usage_and_wrong_settings_exit_with_64(machine: Machine, words: Any, settings: Any) -> None:
    refused = machine.run(*words, **settings)

    assert refused.rc == 64
    assert refused.out == ""
    assert "Traceback" not in refused.err
    for name in settings:
        assert f"RELAY_{name.upper()}" in refused.err


# ---- the share ----


def test_a_drain_of_a_folder_that_is_not_there_fails_operationally(machine: Machine) -> None:
    machine.reports.rename(machine.folder / "elsewhere")

    drained = machine.run("pc.worker", "--once", "--json")

    assert drained.rc == 3
    assert json.loads(drained.out)["rc"] == 3
    assert drained.err.count("SHARE_TROUBLED") == 1
    assert "mount the share" in drained.err
    assert not_lines(drained.err) == []
    assert not machine.reports.exists()


def test_a_service_that_starts_before_its_share_waits_for_it(machine: Machine) -> None:
    request_id = machine.road.submit()
    machine.reports.rename(machine.folder / "elsewhere")
    worker = machine.start("pc", "watch")
    worker.until_event("SHARE_TROUBLED")
    (machine.folder / "elsewhere").rename(machine.reports)

    assert machine.answered(request_id)["status"] == "SUCCEEDED"
    assert worker.stop() == 0
    assert machine.road.left() == []


def test_a_share_that_goes_and_returns_is_worked_on_again(machine: Machine) -> None:
    worker = machine.watch()
    machine.answered(machine.road.submit())
    machine.reports.rename(machine.folder / "elsewhere")
    worker.until_event("SHARE_TROUBLED")
    (machine.folder / "elsewhere").rename(machine.reports)
    worker.until_event("SHARE_RETURNED")

    after = [machine.answered(machine.road.submit())["status"] for _ in range(3)]

    assert after == ["SUCCEEDED"] * 3
    assert worker.stop() == 0
    assert not_lines(worker.err()) == []


def test_a_run_during_which_the_share_went_is_run_again_when_it_returned(machine: Machine) -> None:
    worker = machine.watch()
    request_id = machine.road.submit(strategy="waits", params={"until": str(machine.folder / "go")})
    machine.until_running(request_id, "decide")
    machine.reports.rename(machine.folder / "elsewhere")
    worker.until_event("SHARE_TROUBLED")
    (machine.folder / "go").touch()
    (machine.folder / "elsewhere").rename(machine.reports)

    # Long before the lease: it knows its own former folder.
    assert machine.answered(request_id, 15)["status"] == "SUCCEEDED"
    until(lambda: len(machine.road.left()) == 2)
    assert worker.stop() == 0
    assert machine.road.left() == []


def test_the_bell_rings_for_the_folder_that_took_the_place_of_the_old_one(machine: Machine) -> None:
    worker = machine.watch(scan_seconds=1)
    machine.answered(machine.road.submit())
    machine.reports.rename(machine.folder / "old")
    inbox.make_inbox(machine.road.inbox)
    worker.until_event("WORKER_STARTED", times=2)
    first = machine.road.submit()

    assert machine.answered(first)["status"] == "SUCCEEDED"
    # The next one comes by the bell: sooner than any scan of a worker that scans once an hour could see it.
    assert machine.answered(machine.road.submit(), 10)["status"] == "SUCCEEDED"
    assert worker.stop() == 0


# ---- a full disk ----


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small disk is mounted as root, which this user or system does not allow")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path, leave: int) -> Path:
    """A file that takes all the room there is but for `leave` bytes."""
    file = folder / "somebody's film"
    with open(file, "wb", buffering=0) as film, contextlib.suppress(OSError):
        while True:
            film.write(b"x" * 4096)
    os.truncate(file, max(0, file.stat().st_size - leave))
    return file


@pytest.mark.parametrize("leave", [0, 24_576, 98_304])
def test_a_full_disk_loses_nothing_and_is_answered_once_there_is_room(
    tmp_path: Path, small_disk: Path, synthetic_data: Path, leave: int
) -> None:
    reports = small_disk / "reports"
    with Machine(tmp_path, synthetic_data, reports=reports) as machine:
        wanted = [machine.road.submit() for _ in range(4)]
        film = fill(small_disk, leave)

        full = machine.run("pc.worker", "--once", "--json")
        assert full.rc == 3
        assert json.loads(full.out)["rc"] == 3
        assert "the disk is full" in full.err or "No space left on device" in full.err
        assert full.err.count("SHARE_TROUBLED") == 1
        assert "a drain is started again" in full.err
        given_back = [line for line in full.err.splitlines() if "[REQUEST_GIVEN_BACK]" in line]
        assert given_back or leave < 98_304
        assert [line for line in given_back if ": the disk is full (" not in line and "half-way" not in line] == []
        assert set(machine.road.answers().values()) <= {"SUCCEEDED"}

        film.unlink()
        roomy = machine.run("pc.worker", "--once")
        assert roomy.rc == 0, roomy.err
        assert machine.road.answers() == dict.fromkeys(sorted(wanted), "SUCCEEDED")
        assert machine.road.left() == []


def test_a_service_goes_on_by_itself_once_the_full_disk_has_room(tmp_path: Path, small_disk: Path, synthetic_data: Path) -> None:
    reports = small_disk / "reports"
    with Machine(tmp_path, synthetic_data, reports=reports) as machine:
        worker: Program = machine.watch()
        wanted = [machine.road.submit() for _ in range(3)]
        film = fill(small_disk, 0)
        with contextlib.suppress(OSError):
            wanted.append(machine.road.submit())
        worker.until_event("SHARE_TROUBLED")
        film.unlink()

        assert {machine.answered(request_id, 60)["status"] for request_id in wanted} == {"SUCCEEDED"}
        assert worker.stop(signal.SIGINT) == 0
        assert machine.road.left() == []
