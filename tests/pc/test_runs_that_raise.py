"""Whatever a strategy raises, its request is answered FAILED, and the worker has claimed nothing that it does not run."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest

from tests.harness.processes import Machine, Program

ODD = {
    "BaseException('odd')": "E-STRATEGY-FAILED",
    "GeneratorExit('odd')": "E-STRATEGY-FAILED",
    "SystemExit('odd')": "E-STRATEGY-FAILED",
    "StopIteration('odd')": "E-STRATEGY-FAILED",
    "RecursionError('odd')": "E-STRATEGY-FAILED",
    "OSError(28, 'No space left on device')": "E-STRATEGY-FAILED",
    "BrokenPipeError(32, 'odd')": "E-STRATEGY-FAILED",
    "EOFError('odd')": "E-STRATEGY-FAILED",
    "ExceptionGroup('odd', [ValueError('1'), KeyError('2')])": "E-STRATEGY-FAILED",
    "BaseExceptionGroup('odd', [KeyboardInterrupt()])": "E-STRATEGY-FAILED",
    "ShareUnreachable('reading', 'a lie')": "E-STRATEGY-FAILED",
    "DeclaredDead('reading', 'a lie')": "E-STRATEGY-FAILED",
    "RequestCancelled('cancelling', 'a lie')": "E-STRATEGY-FAILED",
    "ValueError('x' * 50_000_000)": "E-STRATEGY-FAILED",
    "ValueError('half \\ud800 of it', '\\0', '\\x1b[2J', '\\r\\n')": "E-STRATEGY-FAILED",
    "OfAKind('of a kind of its own')": "E-STRATEGY-FAILED",
    "KeyboardInterrupt('odd')": "E-RUN-CRASHED",
    "MemoryError('odd')": "E-RUN-MEMORY",
    "DataMissing('looking', 'not there', 'wait')": "E-DATA-MISSING",
    "Mute('odd')": "E-STRATEGY-FAILED",
    "Stubborn('odd')": "E-STRATEGY-FAILED",
    "Missing()": "E-STRATEGY-FAILED",
}
STRATEGY = '''"""Raises what it is told to."""

from pydantic import BaseModel

from inbox import DeclaredDead
from shared.errors import DataMissing, RequestCancelled, ShareUnreachable

SYMBOLS = ("KOSPI",)


class Params(BaseModel):
    what: str


class OfAKind(BaseException):
    """No Exception."""


class Mute(Exception):
    """Nobody can say what it is."""

    def __str__(self):
        raise OSError(28, "No space left on device")


class Stubborn(BaseException):
    """Whoever asks what it is, gets it."""

    def __str__(self):
        raise self

    __repr__ = __str__


class Missing(DataMissing):
    """Cannot be made again from what it was made of."""

    def __init__(self):
        super().__init__("looking", "not there", "wait")


def decide(prices, params):
    print("about to raise", flush=True)
    raise eval(params.what)
'''


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory, synthetic_data: Path) -> Iterator[Machine]:
    """A machine whose worker watches during all tests of this file."""
    folder = tmp_path_factory.mktemp("raising")
    (folder / "mine").mkdir()
    (folder / "mine" / "odd.py").write_text(STRATEGY, encoding="utf-8")
    with Machine(folder, synthetic_data, strategies_path=folder / "mine") as running:
        yield running


@pytest.fixture(scope="module")
def worker(machine: Machine) -> Program:
    """That worker: the same process from the first test to the last."""
    return machine.watch()


@pytest.mark.parametrize("what", ODD)
def test_whatever_a_strategy_raises_its_request_fails_and_nobody_elses(machine: Machine, worker: Program, what: str) -> None:
    bad = machine.answered(machine.road.submit(strategy="odd", params={"what": what}))
    good = machine.answered(machine.road.submit())

    assert (bad["status"], good["status"]) == ("FAILED", "SUCCEEDED")
    assert bad["error"]["code"].startswith(ODD[what])
    assert len(bad["error"]["why"]) < 1000
    assert b"about to raise" in (machine.reports / "done" / bad["request_id"] / "run.log").read_bytes()
    assert [attempt["ended"] for attempt in bad["attempts"]] == ["answered"]


def test_the_worker_outlived_it_all_and_left_only_answers(machine: Machine, worker: Program) -> None:
    assert worker.stop() == 0
    assert machine.road.left() == []
    assert worker.events().count("WORKER_STARTED") == 1
