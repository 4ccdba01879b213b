"""Each rule of the protocol, broken by a text edit on a copy of the code, is caught by the test it names."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import List, Tuple

import pytest

from shared.config import HOME
from tests.faults.agreement_mutants import AGREEMENT_MUTANTS
from tests.faults.calendar_mutants import CALENDAR_MUTANTS
from tests.faults.compare_mutants import COMPARE_MUTANTS
from tests.faults.engine_mutants import ENGINE_MUTANTS
from tests.faults.figure_mutants import FIGURE_MUTANTS
from tests.faults.hours_mutants import HOURS_MUTANTS
from tests.faults.lies_mutants import LIES_MUTANTS
from tests.faults.mutant import Mutant
from tests.faults.mutants import MUTANTS, RULES
from tests.faults.picking_mutants import PICKING_MUTANTS
from tests.faults.price_mutants import PRICE_MUTANTS
from tests.faults.report_mutants import REPORT_MUTANTS
from tests.faults.road_mutants import ROAD_MUTANTS
from tests.faults.signal_mutants import SIGNAL_MUTANTS
from tests.harness.nursery import Nursery, Ran

_COPIED = ("shared", "inbox", "outbox", "pc", "nas", "tests", "configs", "pyproject.toml")
LISTS = {
    "queue": MUTANTS,
    "road": ROAD_MUTANTS,
    "lies": LIES_MUTANTS,
    "hours": HOURS_MUTANTS,
    "signals": SIGNAL_MUTANTS,
    "compare": COMPARE_MUTANTS,
    "calendar": CALENDAR_MUTANTS,
    "picking": PICKING_MUTANTS,
    "figures": FIGURE_MUTANTS,
    "prices": PRICE_MUTANTS,
    "agreement": AGREEMENT_MUTANTS,
    "engine": ENGINE_MUTANTS,
    "report": REPORT_MUTANTS,
}


_AT_ONCE = 12  # so that no worker of the check is left alone with a long list
PARTS = {
    f"{name} {place // _AT_ONCE + 1}": mutants[place : place + _AT_ONCE]
    for name, mutants in LISTS.items()
    for place in range(0, len(mutants), _AT_ONCE)
}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="mutants run in forks, which this system has not")
@pytest.mark.timeout(400)
@pytest.mark.parametrize("mutants", PARTS.values(), ids=PARTS)
def test_every_broken_rule_is_noticed(mutants: Tuple[Mutant, ...], tmp_path: Path, synthetic_data: Path) -> None:
    """Every mutant is killed by its test, which passes on the code as it is."""
    named = sorted({mutant.test for mutant in mutants})
    with Nursery() as nursery:
        whole = _pytest(nursery, _copy(tmp_path / "whole"), named, synthetic_data)
        outcomes = [_killed(nursery, tmp_path / str(place), mutant, synthetic_data) for place, mutant in enumerate(mutants)]

    assert whole.rc == 0, whole.out
    survivors = [f"{mutant.rule}: {why}" for mutant, (killed, why) in zip(mutants, outcomes) if not killed]
    assert survivors == []


def _killed(nursery: Nursery, folder: Path, mutant: Mutant, data: Path) -> Tuple[bool, str]:
    home = _copy(folder)
    file = home / mutant.file
    text = file.read_text(encoding="utf-8")
    if text.count(mutant.old) != 1:
        return False, f"{mutant.file} holds the text to edit {text.count(mutant.old)} times"
    file.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
    ended = _pytest(nursery, home, [mutant.test], data)
    return ended.rc == 1 and f"FAILED {_file_of(mutant.test)}" in ended.out, ended.out[-1500:]


def _file_of(test: str) -> str:
    return test.partition("::")[0] if "::" in test else RULES


def _copy(folder: Path) -> Path:
    folder.mkdir()
    for name in _COPIED:
        source = HOME / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    return folder


def _pytest(nursery: Nursery, home: Path, tests: List[str], data: Path) -> Ran:
    words = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"]
    words += [test if "::" in test else f"{RULES}::{test}" for test in tests]
    environment = {"TEST_DATA": str(data), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(home)}
    return nursery.pytest(home, words, environment)
