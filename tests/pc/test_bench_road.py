"""The bench of the road measures what it says, on tiny numbers; how fast anything is, is no test's business."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import psutil
import pytest

from pc.bench import run_table
from pc.bench.measure import Scale, file_system, python, seconds_of_program
from pc.bench.road_rows import rows
from pc.bench.table import measured
from shared.config import HOME
from shared.errors import UsageWrong

TINY = Scale(rounds=1, starts=1, answers=3, notices=3)
ROWS = dict(rows())
OVER_SSH = ("answers brought and verified", "nothing new to bring", "doctor")


@pytest.fixture
def on_disk(tmp_path: Path) -> Path:
    """A folder that is not in memory; the checkout's own disk where the temporary folder is tmpfs."""
    return tmp_path if file_system(tmp_path) not in ("tmpfs", "ramfs") else HOME / "data" / "bench"


REACH = {"publish of one answer": {"≤ 2×"}, "notices told": {"≤ 1 s"}}
REACH_OVER_SSH = dict(zip(OVER_SSH, ({"≤ 1.5×"}, {"≤ 1.3×"}, {"≤ 3 s"}), strict=True))


@pytest.mark.parametrize("name", ROWS)
def test_every_row_of_the_road_measures_something_by_the_goals_that_were_promised(name: str, on_disk: Path) -> None:
    found, code = measured(ROWS[name], TINY, on_disk)
    nothing_of_it_is_left(on_disk)
    if found["not_measured"] and name in OVER_SSH:
        pytest.skip(found["not_measured"])
    again = json.loads(json.dumps(found))
    assert code in (0, 1), found
    assert again["figures"]
    assert all(isinstance(goal["value"], (int, float)) for goal in again["goals"])
    assert {goal["reach"] for goal in again["goals"]} == {**REACH, **REACH_OVER_SSH}[name]


def test_without_rsync_the_road_says_why_it_was_not_measured(on_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(on_disk))
    found, code = measured(ROWS["nothing new to bring"], TINY, on_disk)
    assert (found["goals"], code) == ([], 2)
    assert "rsync" in found["not_measured"]


def nothing_of_it_is_left(on_disk: Path) -> None:
    """No server, and no folder."""
    left = [words for words in map(_words_of, psutil.process_iter()) if f"{on_disk}/bench-" in " ".join(words)]
    assert left == []
    assert list(on_disk.glob("bench-*")) == []


def test_a_program_that_fails_is_no_figure() -> None:
    with pytest.raises(Exception, match="exit status 3"):
        seconds_of_program(python("-c", "raise SystemExit(3)"))
    assert seconds_of_program([sys.executable, "-c", "raise SystemExit(3)"], codes=(3,)) > 0


def test_the_road_is_a_table_of_its_own() -> None:
    with pytest.raises(UsageWrong, match="answers brought"):
        run_table("road", False, "nothing like it", "")


def _words_of(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
