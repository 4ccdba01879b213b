"""Measuring: rounds that alternate between the measured and its reference, and what a row of a table says.

It exists because only ratios within one run mean anything on a machine that also does other things.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from shared.config import HOME, Settings, load

MEMORY = Path("/dev/shm")  # noqa: S108 - tmpfs itself is what is measured there
_IN_MEMORY = ("tmpfs", "ramfs")


@dataclass(frozen=True)
class Scale:
    """How much is measured; the defaults are the table's own numbers."""

    requests: int = 2_000
    rounds: int = 5
    seals: int = 30
    pickups: int = 40
    scans: int = 8
    deep: int = 100_000
    shallow: int = 100
    claims: int = 1_500
    idle_seconds: float = 20.0
    starts: int = 15
    runs: int = 7
    answers: int = 1_000
    notices: int = 1_000
    engine_runs: int = 5
    panel: "tuple[int, int] | None" = None  # rows and symbols, instead of the row's own


@dataclass(frozen=True)
class Goal:
    """One figure of a row that is to be reached; `value` is None where it could not be measured, `why` says why."""

    what: str
    value: float | None
    limit: float
    at_least: bool = False
    unit: str = "×"
    why: str = ""

    @property
    def reached(self) -> bool | None:
        """None where it was not measured."""
        if self.value is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit


@dataclass(frozen=True)
class Measured:
    """What one row found: its goals, and the figures behind them by name; `not_measured`: why some of these are not there."""

    goals: list[Goal]
    figures: dict[str, float | str] = field(default_factory=dict)
    not_measured: str = ""


class Refused(Exception):
    """The row cannot be measured in this folder or on this machine."""

    def __init__(self, why: str, exit_code: int = 0) -> None:
        super().__init__(why)
        self.exit_code = exit_code


def interleaved(rounds: int, measured: Mapping[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Each once per round, in turn, after one round that does not count."""
    found = [{name: once() for name, once in measured.items()} for _ in range(rounds + 1)]
    return {name: [one[name] for one in found[1:]] for name in measured}


def medians(found: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """The middle of each."""
    return {name: statistics.median(values) for name, values in found.items()}


def ratio(found: Mapping[str, Sequence[float]], over: str, under: str) -> float:
    """The middle of the rounds' own ratios: what slowed a whole round slowed both."""
    return statistics.median(one / other for one, other in zip(found[over], found[under], strict=True))


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100).__int__() - 1)]


def seconds_of(act: Callable[[], object]) -> float:
    """How long it took."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def seconds_of_program(
    command: Sequence[str | Path], env: Mapping[str, str] | None = None, cwd: Path | None = None, codes: Container[int] = (0,)
) -> float:
    """A process from its start to its end; one that ends with another exit code raises."""
    quiet = subprocess.DEVNULL
    began = time.perf_counter()
    done = subprocess.run(command, env=env, cwd=cwd, stdin=quiet, stdout=quiet, stderr=quiet, check=False)
    seconds = time.perf_counter() - began
    if done.returncode not in codes:
        raise subprocess.CalledProcessError(done.returncode, list(map(str, command)))
    return seconds


def output_of(command: Sequence[str]) -> str:
    """What a program of ours printed."""
    return subprocess.run(command, cwd=HOME, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stdout


@contextmanager
def folder_in_memory() -> Iterator[Path]:
    """A fresh folder on tmpfs."""
    if not os.access(MEMORY, os.W_OK) or file_system(MEMORY) not in _IN_MEMORY:
        raise Refused(f"there is no tmpfs at {MEMORY}")
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="krx-relay-bench-") as folder:
        yield Path(folder)


@contextmanager
def folder_on_disk(wanted: Path) -> Iterator[Path]:
    """A fresh folder below `wanted`, which must not lie in memory: there fsync costs nothing and proves nothing."""
    kind = file_system(wanted)
    if kind in _IN_MEMORY:
        raise Refused(f"{wanted} is on {kind}; name a folder on a disk with --folder", exit_code=64)
    wanted.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=wanted, prefix="bench-") as folder:
        yield Path(folder)


def file_system(path: Path) -> str:
    """The kind of file system that path is on."""
    mounts = {Path(part.mountpoint): part.fstype for part in psutil.disk_partitions(all=True)}
    here = path.resolve()
    return next((mounts[place] for place in (here, *here.parents) if place in mounts), "unknown")


def settings_in(root: Path, **changes: object) -> Settings:
    """The packaged defaults over folders of the bench's own, with made-up prices."""
    ours = {"reports": root / "reports", "data": root / "data", "logs": root / "logs", "worker": "bench", "prices": "synthetic"}
    return load({}).model_copy(update={"strategies_path": None, **ours, **changes})


def environment_of(settings: Settings) -> dict[str, str]:
    """The same settings for a program of ours. Its bytecode is kept in the bench's folder, as any installation keeps it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RELAY_", "PYTHONDONTWRITE"))}
    names = ("reports", "data", "logs", "worker", "prices", "slots", "durable", "strategies_path")
    ours = {f"RELAY_{name.upper()}": str(value) for name in names if (value := getattr(settings, name)) is not None}
    return {**kept, **ours, "PYTHONPYCACHEPREFIX": str(settings.data.parent / "bytecode"), "PYTHONUTF8": "1"}


def python(*arguments: str) -> list[str]:
    """This very Python with arguments."""
    return [sys.executable, *arguments]
