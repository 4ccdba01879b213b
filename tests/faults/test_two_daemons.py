"""Two real workers, two thousand requests (half of them each day), and somebody who kills the workers at random: a checker
reads the history."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest

from tests.harness.dose import THOROUGH
from tests.harness.processes import Machine, Program
from tests.harness.road import until

REQUESTS, SECONDS = (2_000, 20.0) if THOROUGH else (1_000, 12.0)
SEED = 20_261_120
NAMES = ("left", "right")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="these tests stop programs with signals, which Windows does not have")


@pytest.fixture
def machine(quick_folder: Path, synthetic_data: Path) -> Iterator[Machine]:
    """Both workers' machine: the dead are told by their process, at once."""
    with Machine(quick_folder, synthetic_data, lease_seconds=3600, grace_seconds=0) as running:
        yield running


class Crowd:
    """Those who ask, in waves, some of it twice."""

    def __init__(self, machine: Machine, dice: random.Random) -> None:
        self._machine, self._dice = machine, dice
        self.asked: List[str] = []

    def ask(self, count: int) -> None:
        """So many new requests, and one in ten again."""
        for _ in range(min(count, REQUESTS - len(self.asked))):
            self.asked.append(f"r{len(self.asked):04d}")
            self._submit(self.asked[-1])
        for again in self._dice.sample(self.asked, count // 10):
            self._submit(again)

    def _submit(self, mark: str) -> None:
        folder = self._machine.folder
        params = {"mark": mark, "runs": str(folder / "runs.txt"), "done": str(self._machine.reports / "done")}
        priority = self._priority(mark)
        self._machine.road.submit(request_id=mark, strategy="counted", params=params, priority=priority, max_attempts=100)

    def _priority(self, mark: str) -> int:
        return int(mark[1:]) % 10


def test_two_workers_killed_at_random_answer_every_request_once(machine: Machine) -> None:
    dice = random.Random(SEED)
    crowd, workers = Crowd(machine, dice), [machine.start("pc", "watch", worker=name) for name in NAMES]
    crowd.ask(REQUESTS // 5)

    killed = _kill_at_random(machine, crowd, workers, dice)

    assert [_leave(worker) for worker in workers] == [0, 0]
    crowd.ask(REQUESTS)
    drained = machine.run("pc.worker", "--once", slots=2)
    assert drained.rc == 0, drained.err[-3000:]
    assert machine.road.left() == []
    _check_history(machine, crowd.asked, killed)


def _kill_at_random(machine: Machine, crowd: Crowd, workers: List[Program], dice: random.Random) -> int:
    """For some seconds; `workers` always holds those that live. The number of those killed."""
    killed, end = 0, time.monotonic() + SECONDS
    while time.monotonic() < end:
        _pass_time(dice.uniform(0.3, 2.3), crowd, dice.randint(60, 140))
        number = dice.randrange(len(workers))
        if dice.random() < 0.75:
            workers[number].end()
            killed += 1
        else:
            assert _leave(workers[number]) == 0
        workers[number] = machine.start("pc", "watch", worker=NAMES[number])
    return killed


def _pass_time(seconds: float, crowd: Crowd, count: int) -> None:
    moment = time.monotonic() + seconds
    crowd.ask(count)
    until(lambda: time.monotonic() >= moment)


def _leave(worker: Program) -> int:
    worker.until_event("WORKER_STARTED")  # before that, a signal ends it as it ends any program
    return worker.stop(signal.SIGTERM)


def _check_history(machine: Machine, asked: List[str], killed: int) -> None:
    answers = machine.road.answers()  # each verified to the last byte
    runs, late = _runs(machine.folder / "runs.txt")
    attempts = {mark: _attempts(machine, mark) for mark in asked}

    assert len(asked) == REQUESTS
    assert answers == dict.fromkeys(sorted(asked), "SUCCEEDED")
    assert late == [], "a run started after its answer was visible"
    assert killed >= (5 if THOROUGH else 3)
    deaths = sum(one["ended"] == "died" for tried in attempts.values() for one in tried)
    assert deaths <= killed, "a worker with one slot takes at most one run with it"
    unexplained = {mark: count for mark, count in runs.items() if not 1 <= count <= len(attempts[mark])}
    assert unexplained == {}, "every further run is another attempt"
    assert set(runs) == set(asked)


def _attempts(machine: Machine, mark: str) -> List[Dict[str, Any]]:
    from outbox import manifest_of

    found: List[Dict[str, Any]] = manifest_of(machine.road.outbox, mark)["attempts"]
    return found


def _runs(file: Path) -> "tuple[Counter[str], List[str]]":
    lines = [text.split() for text in file.read_text(encoding="utf-8").splitlines()]
    return Counter(mark for mark, _ in lines), [mark for mark, late in lines if late != "0"]
