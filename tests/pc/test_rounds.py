"""A running worker's rounds: when one is due, what is told of them, and how one that stands still is ended."""

from __future__ import annotations

import functools
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any, Iterator, List

import psutil
import pytest

import inbox
from pc.porter import Porter
from pc.rounds import Rounds
from shared.config import Settings, load
from tests.harness.answers import seal
from tests.harness.price_sides import FIRST_VERSION, NEXT_VERSION, PC, Machine, nas_carries, pc_carries
from tests.harness.processes import is_alive
from tests.harness.road import until
from tests.harness.two_sides import TwoSides, pc_pushes

_LONG = str(200_000 + os.getpid())  # seconds: nobody else on this machine hangs for just so long
needs_sessions = pytest.mark.skipif(sys.platform == "win32", reason="needs a shell and sessions of processes")


def _rounds(machine: Machine) -> Rounds:
    inbox.make_inbox(inbox.open_inbox(machine.settings.reports, machine.disk))
    return Rounds(machine.settings)


def _events(settings: Settings) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in settings.logs.glob("pc_*.log"))


# ---- when ----


def test_prices_are_looked_for_at_the_first_round_and_not_at_each_after_it(quick_folder: Path) -> None:
    """They change once a day; the next look is ten minutes later."""
    sides = pc_carries(quick_folder, prices_from="nas")
    sides.nas.carry()
    sides.nas.seal("2026-11-20")
    rounds = _rounds(sides.runner)
    rounds.round(aloud=True)
    assert sides.runner.in_use() == FIRST_VERSION
    sides.nas.seal("2026-11-21", NEXT_VERSION)
    rounds.round(aloud=True)
    assert sides.runner.in_use() == FIRST_VERSION


def test_prices_the_other_side_brought_are_taken_in_at_the_next_round(quick_folder: Path) -> None:
    """Nobody is asked for these: they lie here."""
    sides = nas_carries(quick_folder, prices_from="nas")
    rounds = _rounds(sides.runner)
    for day, version in ((20, FIRST_VERSION), (21, NEXT_VERSION)):
        sides.nas.seal(f"2026-11-{day}", version)
        rounds.round(aloud=True)
        sides.nas.carry()
        rounds.round(aloud=True)
        assert sides.runner.in_use() == version


def test_the_same_trouble_is_told_once_and_again_after_its_end(quick_folder: Path) -> None:
    machine = pc_carries(quick_folder, prices_from=PC).runner
    rounds, away = _rounds(machine), quick_folder / "away"
    for _ in range(2):
        machine.settings.reports.rename(away)
        rounds.round(aloud=True)
        rounds.round(aloud=True)
        away.rename(machine.settings.reports)
        rounds.round(aloud=True)
    assert _events(machine.settings).count("[SYNC_BROKEN_OFF]") == 2


# ---- by the porter's process ----


@pytest.fixture
def sides(quick_folder: Path, synthetic_data: Path) -> TwoSides:
    """A PC that reaches the NAS."""
    both = pc_pushes(quick_folder, synthetic_data)
    both.nas.sync()
    return both


@pytest.fixture
def hung() -> Iterator[List[psutil.Process]]:
    """What a round of this test left hanging, to be asked once it is over; ended in any case."""
    left: List[psutil.Process] = []
    yield left
    for one in sleepers():
        one.kill()


def sleepers() -> List[psutil.Process]:
    return [one for one in psutil.process_iter(["cmdline"]) if one.info["cmdline"] == ["sleep", _LONG] and is_alive(one)]


def _porter(sides: TwoSides, monkeypatch: pytest.MonkeyPatch, **changes: Any) -> Porter:
    """Its process reads the settings from the environment, as the worker's does."""
    told = sides.pc.settings.model_dump()
    wanted = {
        name: told[name] for name in ("reports", "data", "logs", "private", "worker", "carrier", "there", "durable", "prices")
    }
    for name, value in {**wanted, **changes}.items():
        monkeypatch.setenv(f"RELAY_{name.upper()}", str(value))
    return Porter(load(), 3600.0)


@needs_sessions
@pytest.mark.usefixtures("hung")
def test_a_round_that_stands_still_is_cut_off_with_all_it_started(sides: TwoSides, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the next round, once the way is free, carries."""
    script = sides.pc.root.parent / "hangs.sh"
    script.write_text(f"#!/bin/sh\nsleep {_LONG}\n")
    script.chmod(0o755)
    porter = _porter(sides, monkeypatch, carrier="rsync", there="pc:reports", carry_shell=str(script), carry_seconds=60)
    round_ = threading.Thread(target=porter.carry, args=(3.0,), daemon=True)
    round_.start()
    until(sleepers, 3.0)
    round_.join(10.0)
    assert not round_.is_alive()
    until(lambda: not sleepers(), 5.0)
    assert "[SYNC_CUT_OFF]" in _events(sides.pc.settings)

    seal(sides.pc, "a")
    _porter(sides, monkeypatch)  # from now on its processes copy
    porter.carry(20.0)
    sides.nas.sync()
    assert "a" in sides.nas.answers()
    porter.leave(5.0)


def test_answers_sealed_one_soon_after_the_other_leave_together(sides: TwoSides, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five within a quarter of a second; where this machine has too much to do for that, five others."""
    porter = _porter(sides, monkeypatch)
    porter.start()
    until(lambda: "[SYNC_ENDED]" in _events(sides.pc.settings), 20.0)
    for turn in range(8):
        ids = [f"{turn}-{number}" for number in range(5)]
        took = _sealed_one_by_one(sides, porter, ids)
        until(functools.partial(_came, sides, *ids), 10.0)
        if took < 0.25:
            break
    porter.leave()
    assert took < 0.25, "this machine never sealed five in time"
    assert "sent=5 " in _events(sides.pc.settings)


def _sealed_one_by_one(sides: TwoSides, porter: Porter, ids: List[str]) -> float:
    """How many seconds lay between the first and the last."""
    began = time.monotonic()
    for one in ids:
        seal(sides.pc, one)
        porter.hear("RESULT_SEALED")
        time.sleep(0.04)  # so far apart are the answers of a quick worker: that is what is tried here
    return time.monotonic() - began


def _came(sides: TwoSides, *ids: str) -> bool:
    """Cron on the NAS comes by; whether these answers are there then."""
    sides.nas.sync()
    return set(ids) <= set(sides.nas.answers())


def test_an_answer_rings_for_a_round(sides: TwoSides, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one by the clock would come in an hour."""
    porter = _porter(sides, monkeypatch)
    porter.start()
    until((sides.pc.settings.data / "sync.json").exists, 20.0)
    seal(sides.pc, "a")
    porter.hear("REQUEST_CLAIMED")
    porter.hear("RESULT_SEALED")

    until(lambda: _came(sides, "a"), 10.0)
    porter.leave()
