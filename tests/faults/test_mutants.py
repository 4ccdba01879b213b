"""Each rule of the protocol, broken by a text edit on a copy of the code, is caught by the test it names."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import Dict, Iterator, List

import pytest

from shared.config import HOME
from tests.faults.agreement_mutants import AGREEMENT_MUTANTS
from tests.faults.cache_mutants import CACHE_MUTANTS
from tests.faults.calendar_mutants import CALENDAR_MUTANTS
from tests.faults.compare_mutants import COMPARE_MUTANTS
from tests.faults.engine_mutants import ENGINE_MUTANTS
from tests.faults.figure_mutants import FIGURE_MUTANTS
from tests.faults.hours_mutants import HOURS_MUTANTS
from tests.faults.ingest_mutants import INGEST_MUTANTS
from tests.faults.job_mutants import JOB_MUTANTS
from tests.faults.keeping_mutants import KEEPING_MUTANTS
from tests.faults.lies_mutants import LIES_MUTANTS
from tests.faults.log_mutants import LOG_MUTANTS
from tests.faults.mutant import Mutant
from tests.faults.mutants import MUTANTS, RULES
from tests.faults.picking_mutants import PICKING_MUTANTS
from tests.faults.price_mutants import PRICE_MUTANTS
from tests.faults.provider_mutants import PROVIDER_MUTANTS
from tests.faults.quality_mutants import QUALITY_MUTANTS
from tests.faults.report_mutants import REPORT_MUTANTS
from tests.faults.road_mutants import ROAD_MUTANTS
from tests.faults.scan_mutants import SCAN_MUTANTS
from tests.faults.signal_mutants import SIGNAL_MUTANTS
from tests.faults.told_mutants import TOLD_MUTANTS
from tests.harness.dose import one_in, spread
from tests.harness.nursery import Nursery, Ran

_WHOLE = {"KRX_RELAY_THOROUGH": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # the named tests leave nothing out
_COPIED = ("shared", "inbox", "outbox", "pc", "nas", "tests", "configs", "pyproject.toml")
LISTS = {
    "queue": MUTANTS,
    "road": ROAD_MUTANTS,
    "lies": LIES_MUTANTS,
    "keeping": KEEPING_MUTANTS,
    "hours": HOURS_MUTANTS,
    "signals": SIGNAL_MUTANTS,
    "compare": COMPARE_MUTANTS,
    "calendar": CALENDAR_MUTANTS,
    "picking": PICKING_MUTANTS,
    "scan": SCAN_MUTANTS,
    "figures": FIGURE_MUTANTS,
    "prices": PRICE_MUTANTS,
    "cache": CACHE_MUTANTS,
    "ingest": INGEST_MUTANTS,
    "providers": PROVIDER_MUTANTS,
    "agreement": AGREEMENT_MUTANTS,
    "engine": ENGINE_MUTANTS,
    "report": REPORT_MUTANTS,
    "quality": QUALITY_MUTANTS,
    "jobs": JOB_MUTANTS,
    "log": LOG_MUTANTS,
    "told": TOLD_MUTANTS,
}


_OF_ALL = one_in(20, [mutant for mutants in LISTS.values() for mutant in mutants])
_AT_ONCE = 12  # so that no worker of the check is left alone with a long list
PARTS = {
    f"{name} {place // _AT_ONCE + 1}": mutants[place : place + _AT_ONCE]
    for name, mutants in ((name, [one for one in listed if one in _OF_ALL]) for name, listed in LISTS.items())
    for place in range(0, len(mutants), _AT_ONCE)
}
_FIRST_WHOLE = spread(list(PARTS.values()), 3)


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """One for all the mutants of this process."""
    with contextlib.closing(Nursery()) as nursery:
        yield nursery


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code, in which one file at a time is broken."""
    folder = tmp_path_factory.mktemp("home")
    for name in _COPIED:
        source = HOME / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    return folder


@pytest.mark.skipif(not hasattr(os, "fork"), reason="mutants run in forks, which this system has not")
@pytest.mark.timeout(600)
@pytest.mark.parametrize("mutants", PARTS.values(), ids=PARTS)
def test_every_broken_rule_is_noticed(mutants: List[Mutant], nursery: Nursery, home: Path, synthetic_data: Path) -> None:
    """Every mutant is killed by its test, which passes on the code as it is: the same check runs it there, and here, where
    the copy could be wrong, those of a few lists; in a thorough check all."""
    known = {"TEST_DATA": str(synthetic_data), "PYTHONPATH": str(home), "HYPOTHESIS_PROFILE": "verdict", **_WHOLE}
    if mutants in _FIRST_WHOLE:
        whole = _pytest(nursery, home, sorted({mutant.test for mutant in mutants}), known)
        assert whole.rc == 0, whole.out

    survivors = []
    for mutant in mutants:
        with _broken(home / mutant.file, mutant) as times:
            assert times == 1, f"{mutant.file} holds the text to edit {times} times"
            ended = _pytest(nursery, home, [mutant.test], {**known, "PYTHONDONTWRITEBYTECODE": "1"})
        if ended.rc != 1 or f"FAILED {_file_of(mutant.test)}" not in ended.out:
            survivors.append(f"{mutant.rule}: {ended.rc} {ended.out[-1500:]}")
    assert survivors == []


def test_what_a_mutant_edits_is_there_once() -> None:
    """Of all of them, also where only some are told: code that moves on takes its mutants along."""
    listed = [mutant for mutants in LISTS.values() for mutant in mutants]
    times = {mutant.rule: (HOME / mutant.file).read_text(encoding="utf-8").count(mutant.old) for mutant in listed}
    assert {rule: count for rule, count in times.items() if count != 1} == {}


@contextlib.contextmanager
def _broken(file: Path, mutant: Mutant) -> Iterator[int]:
    """The file with the mutant's edit in it, and again without; how often the text to edit was there."""
    text, before = file.read_text(encoding="utf-8"), file.stat()
    file.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
    os.utime(
        file, ns=(before.st_atime_ns, before.st_mtime_ns + 60 * 10**9)
    )  # what was compiled of the other text is told by times and sizes
    try:
        yield text.count(mutant.old)
    finally:
        file.write_text(text, encoding="utf-8")
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def _file_of(test: str) -> str:
    return test.partition("::")[0] if "::" in test else RULES


def _pytest(nursery: Nursery, home: Path, tests: List[str], environment: Dict[str, str]) -> Ran:
    words = ["-q", "-x", "-p", "no:cacheprovider", "-p", "pytest_timeout"]
    words += [test if "::" in test else f"{RULES}::{test}" for test in tests]
    return nursery.pytest(home, words, environment)
