"""The worker and who keeps it running: what systemd hears of it, from its start to its end."""

from __future__ import annotations

import os
import signal
import sys
import time
import uuid
from pathlib import Path
from typing import Any, Iterator, List

import psutil
import pytest

from pc.keeper import Doing, Keeper, in_words, open_keeper
from tests.harness.listener import Listener
from tests.harness.processes import Machine, Program
from tests.harness.road import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="systemd and its sockets are Linux's")
VARIABLES = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")
IDLE = "STATUS=대기 중 (슬롯 1개)"


@pytest.fixture
def machine(tmp_path: Path, synthetic_data: Path) -> Iterator[Machine]:
    with Machine(tmp_path, synthetic_data, lease_seconds=3600, heartbeat_seconds=0.3) as running:
        yield running


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[Listener]:
    """Listening where a test's worker is told to speak."""
    listener = Listener(str(tmp_path / "notify"))
    yield listener
    listener.close()


def watched(machine: Machine, systemd: Listener, seconds: float = 0.0, **settings: Any) -> Program:
    """A worker started as systemd starts it, to be ended after so many seconds without a ping."""
    limit = {"WATCHDOG_USEC": str(int(seconds * 1e6))} if seconds else {}
    return machine.start("pc", "watch", NOTIFY_SOCKET=systemd.address, **limit, **settings)


def held(machine: Machine) -> str:
    """A request whose run goes on until the file `go` is there."""
    params = {"until": str(machine.folder / "go"), "started": str(machine.folder / "started")}
    return machine.road.submit(strategy="waits", params=params)


def test_systemd_hears_that_a_worker_is_up_what_it_does_and_that_it_leaves(machine: Machine, systemd: Listener) -> None:
    """Up is: what lay in pending when it came has been looked at."""
    request_id = held(machine)
    worker = watched(machine, systemd, grace_seconds=100)
    systemd.until("READY=1")
    assert (machine.reports / "claims" / f"{request_id}.1.json").is_file()
    running = f"STATUS=실행 중 1/1: {request_id}"
    systemd.until(running)
    (machine.folder / "go").touch()
    machine.answered(request_id)
    systemd.until(IDLE, after=running)

    assert worker.stop() == 0
    assert systemd.heard().count("READY=1") == 1
    last = systemd.lines.index("STOPPING=1")
    assert systemd.lines[last : last + 3] == ["STOPPING=1", "EXTEND_TIMEOUT_USEC=160000000", "STATUS=끝내는 중"]
    assert machine.road.left() == []


def test_a_worker_pings_at_least_twice_in_the_time_it_has(machine: Machine, systemd: Listener) -> None:
    """Also where nothing else would wake it that often."""
    worker = watched(machine, systemd, seconds=4.0, scan_seconds=600, heartbeat_seconds=600)
    systemd.until("READY=1")
    systemd.until_pinged(4)
    gaps = [late - early for early, late in zip(systemd.pings, systemd.pings[1:])]

    assert max(gaps[-3:]) < 2.0, gaps
    assert worker.stop() == 0


def test_a_worker_that_stands_still_pings_no_more(machine: Machine, systemd: Listener) -> None:
    worker = watched(machine, systemd, seconds=0.8)
    systemd.until_pinged(2)
    worker.send(signal.SIGSTOP)
    until(lambda: psutil.Process(worker.pid).status() == psutil.STATUS_STOPPED)
    systemd.heard()
    assert systemd.is_quiet_for(1.2), "longer than it has"

    worker.send(signal.SIGCONT)
    systemd.until_pinged(2)
    assert worker.stop() == 0


def test_a_worker_ended_by_the_watchdog_says_where_it_hung(machine: Machine, systemd: Listener) -> None:
    worker = watched(machine, systemd, seconds=10.0)
    systemd.until("READY=1")

    assert worker.stop(signal.SIGABRT) == -signal.SIGABRT
    assert "Fatal Python error: Aborted" in worker.err()
    assert 'worker.py"' in worker.err()


def test_a_worker_pings_while_its_runs_finish(machine: Machine, systemd: Listener) -> None:
    request_id = held(machine)
    worker = watched(machine, systemd, seconds=0.8, grace_seconds=100)
    machine.until_running(request_id, "decide")
    worker.send(signal.SIGTERM)
    systemd.until("STOPPING=1")
    systemd.until_pinged(3)
    (machine.folder / "go").touch()

    assert worker.ended() == 0
    assert machine.road.answers() == {request_id: "SUCCEEDED"}


def test_a_worker_that_waits_for_its_share_is_up_and_says_so(machine: Machine, systemd: Listener) -> None:
    away = machine.folder / "away"
    machine.reports.rename(away)
    worker = watched(machine, systemd, seconds=2.0)
    systemd.until("READY=1")
    assert any(line.startswith("STATUS=공유 폴더를 쓸 수 없음: ") for line in systemd.lines)
    systemd.until_pinged(2)

    away.rename(machine.reports)
    systemd.until(IDLE)
    assert worker.stop() == 0


def test_a_pause_is_said_with_its_reason(machine: Machine, systemd: Listener) -> None:
    (machine.reports / "PAUSED").write_text("점검\nuntil 15:00", encoding="utf-8")
    worker = watched(machine, systemd)
    systemd.until("STATUS=일시 정지: 점검 until 15:00")
    (machine.reports / "PAUSED").unlink()
    systemd.until(IDLE)
    assert worker.stop() == 0


def test_wrong_settings_are_never_ready_and_end_with_the_code_that_is_not_restarted(machine: Machine, systemd: Listener) -> None:
    worker = watched(machine, systemd, slots="many")

    assert worker.ended() == 64
    assert systemd.heard() == []


def test_no_child_of_a_worker_can_speak_for_it(machine: Machine, systemd: Listener) -> None:
    request_id = held(machine)
    worker = watched(machine, systemd, seconds=100.0)
    machine.until_running(request_id, "decide")
    children = worker.children()

    assert children
    for child in children:
        assert not set(child.environ()) & set(VARIABLES), child
    worker.end()


def test_an_abstract_address_is_heard_as_well(machine: Machine) -> None:
    listener = Listener(f"@krx-relay-test-{uuid.uuid4()}")
    worker = watched(machine, listener)
    listener.until("READY=1")
    assert worker.stop() == 0
    listener.until("STOPPING=1")
    listener.close()


def test_who_listens_no_more_stops_no_worker(machine: Machine, systemd: Listener) -> None:
    worker = watched(machine, systemd, seconds=0.4)
    systemd.until("READY=1")
    systemd.close()

    assert machine.answered(machine.road.submit())["status"] == "SUCCEEDED"
    assert worker.stop() == 0


def test_who_listens_but_never_reads_costs_no_time(systemd: Listener) -> None:
    keeper = Keeper(systemd.address, ping=0.0)
    began = time.monotonic()
    for number in range(5_000):
        keeper.pulse(lambda number=number: Doing(number, []))  # type: ignore[misc]
    assert time.monotonic() - began < 5.0

    assert systemd.heard()[0] == "WATCHDOG=1"
    keeper.turned(lambda: Doing(1, []))
    assert "READY=1" in systemd.heard()


def test_what_was_not_heard_is_said_again(tmp_path: Path) -> None:
    keeper = Keeper(str(tmp_path / "late"), ping=0.0)
    keeper.turned(lambda: Doing(1, []))
    late = Listener(str(tmp_path / "late"))
    keeper.turned(lambda: Doing(1, []))

    assert late.heard()[:3] == ["READY=1", "WATCHDOG=1", IDLE]
    late.close()


def test_a_goodbye_that_found_no_room_is_said_again_until_it_is_heard(systemd: Listener) -> None:
    """Its reader was behind just then: without it systemd would end the unit before its runs are done."""
    keeper = Keeper(systemd.address, ping=0.0)
    for number in range(5_000):
        keeper.pulse(lambda number=number: Doing(number, []))  # type: ignore[misc]
    keeper.stopping(lambda: Doing(1, [], stopping=True), 100.0)
    assert "STOPPING=1" not in systemd.heard()

    keeper.pulse(lambda: Doing(1, [], stopping=True))
    last = systemd.heard().index("STOPPING=1")
    assert systemd.lines[last + 1] == "EXTEND_TIMEOUT_USEC=160000000"
    keeper.pulse(lambda: Doing(1, [], stopping=True))
    assert systemd.heard().count("STOPPING=1") == 1


def test_a_worker_nobody_keeps_is_never_asked_what_it_does() -> None:
    def asked() -> Doing:
        raise AssertionError("it was")

    keeper = open_keeper({}, "ko")
    keeper.pulse(asked)
    keeper.turned(asked)
    assert keeper.seconds() == float("inf")


def test_between_two_pings_a_worker_is_not_asked_what_it_does(systemd: Listener) -> None:
    asked: List[int] = []
    keeper = Keeper(systemd.address, ping=100.0)
    began = time.monotonic()
    for number in range(1000):
        keeper.pulse(lambda number=number: asked.append(number) or Doing(1, []))  # type: ignore[func-returns-value, misc]

    assert len(asked) <= 1 + int(time.monotonic() - began)
    assert systemd.heard() == ["WATCHDOG=1", IDLE]


@pytest.mark.parametrize(
    ("whose", "ping"), [("", 0.5), (str(os.getpid()), 0.5), ("1", float("inf"))], ids=["nobody", "us", "another"]
)
def test_only_the_process_the_watchdog_means_pings(tmp_path: Path, whose: str, ping: float) -> None:
    environment = {"NOTIFY_SOCKET": str(tmp_path / "n"), "WATCHDOG_USEC": "2000000", "WATCHDOG_PID": whose, "HOME": "/"}

    assert open_keeper(environment, "ko").seconds() == ping
    assert environment == {"HOME": "/"}


@pytest.mark.parametrize(
    ("doing", "korean", "english"),
    [
        (Doing(2, []), "대기 중 (슬롯 2개)", "idle (2 slots)"),
        (Doing(2, ["a"]), "실행 중 1/2: a", "running 1 of 2: a"),
        (Doing(9, list("abcde")), "실행 중 5/9: a, b, c 외 2개", "running 5 of 9: a, b, c and 2 more"),
        (Doing(2, ["a"], paused="x"), "일시 정지: x · 실행 중 1/2: a", "paused: x · running 1 of 2: a"),
        (Doing(2, [], trouble="full"), "공유 폴더를 쓸 수 없음: full", "the share cannot be used: full"),
        (Doing(2, ["a"], stopping=True), "끝내는 중 · 실행 중 1/2: a", "stopping · running 1 of 2: a"),
    ],
)
def test_what_a_worker_does_is_one_line_in_both_languages(doing: Doing, korean: str, english: str) -> None:
    assert in_words(doing, "ko") == korean
    assert in_words(doing, "en") == english
    assert in_words(doing._replace(paused="x" * 999), "ko").count("x") < 200
