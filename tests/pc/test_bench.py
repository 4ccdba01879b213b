"""The bench measures what it says, on tiny numbers; how fast anything is, is no test's business."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pc.bench import bare_loop, run_table
from pc.bench.cycle import cycle
from pc.bench.measure import Goal, Measured, Refused, Scale, file_system, folder_on_disk, percentile, ratio
from pc.bench.queue_rows import rows
from pc.bench.table import measured, rendered
from shared.config import HOME
from shared.errors import UsageWrong

TINY = Scale(
    requests=3, rounds=1, seals=1, pickups=1, scans=1, deep=60, shallow=30, claims=25, idle_seconds=0.1, starts=1, runs=1
)
NEEDS_PEERS = ("full cycle on tmpfs", "pick-up", "small request, warm")
ROWS = dict(rows())


@pytest.fixture
def on_disk(tmp_path: Path) -> Path:
    """A folder that is not in memory; the checkout's own disk where the temporary folder is tmpfs."""
    return tmp_path if file_system(tmp_path) not in ("tmpfs", "ramfs") else HOME / "data" / "bench"


@pytest.mark.parametrize("name", [name for name in ROWS if name not in NEEDS_PEERS])
def test_every_row_without_peers_measures_something_and_its_json_parses(name: str, on_disk: Path) -> None:
    found, code = measured(ROWS[name], TINY, on_disk)
    again = json.loads(json.dumps(found))
    assert code in (0, 1), found
    assert again["figures"]
    assert all(isinstance(goal["value"], (int, float)) and goal["reach"] for goal in again["goals"])


def test_our_cycle_and_the_one_by_hand_answer_every_request(quick_folder: Path) -> None:
    for number, way in enumerate((cycle, bare_loop.cycle)):
        root = quick_folder / str(number)
        root.mkdir()
        assert way(root, 4) > 0
    answers = [sorted(file.name for file in folder.iterdir()) for folder in quick_folder.glob("*/**/done/*")]
    assert answers == [["manifest.json", "report.txt", "request.json"]] * 8


def test_both_cycles_do_the_same_file_operations(quick_folder: Path) -> None:
    made = [_operations(quick_folder / name, name) for name in ("ours", "by hand")]
    assert made[0] == made[1]
    assert made[0]["os.rename"] == 3 * 5


def test_a_folder_in_memory_is_refused_where_a_disk_is_measured(quick_folder: Path) -> None:
    if file_system(quick_folder) not in ("tmpfs", "ramfs"):
        pytest.skip("this machine has no folder in memory")
    with pytest.raises(Refused, match="--folder") as refused, folder_on_disk(quick_folder):
        pass
    assert refused.value.exit_code == 64
    found, code = measured(ROWS["durable seal of nine files"], TINY, quick_folder)
    assert (found["goals"], code) == ([], 64)


def test_a_goal_that_could_not_be_measured_is_not_called_reached(tmp_path: Path) -> None:
    row = Measured([Goal("of a peer", None, 1.0, at_least=True, why="no network")])
    found, code = measured(lambda scale, wanted: row, TINY, tmp_path)
    assert (found["goals"][0]["reached"], code) == (None, 2)
    assert "no network" in "\n".join(rendered("a row", found))


def test_a_missed_goal_is_said_and_ends_with_1(tmp_path: Path) -> None:
    row = Measured([Goal("of a peer", 2.0, 1.5)])
    found, code = measured(lambda scale, wanted: row, TINY, tmp_path)
    assert (found["goals"][0]["reached"], code) == (False, 1)
    assert rendered("a row", found)[1].endswith("NO")


def test_an_unknown_table_or_row_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(UsageWrong, match="queue"):
        run_table("queues", False, "", "")
    with pytest.raises(UsageWrong, match="pick-up"):
        run_table("queue", False, "nothing like it", "")


def test_the_command_prints_one_json_document(on_disk: Path) -> None:
    command = [sys.executable, "-m", "pc", "bench", "queue", "--only", "durable", "--json", "--folder", str(on_disk)]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, timeout=100, check=False)
    document = json.loads(done.stdout)
    assert done.returncode in (0, 1), done.stderr
    assert [row["row"] for row in document["rows"]] == ["durable seal of nine files"]
    assert list(on_disk.glob("bench-*")) == []


def test_figures_are_the_middle_of_the_rounds_own_ratios() -> None:
    assert ratio({"ours": [2.0, 8.0, 3.0], "theirs": [1.0, 2.0, 3.0]}, "ours", "theirs") == 2.0
    assert percentile([5.0, 1.0, 4.0, 2.0, 3.0], 50) == 3.0
    assert percentile([1.0, 2.0], 95) == 2.0


_COUNT = """
import collections, json, os, sys
from pathlib import Path
root, which = Path(sys.argv[1]), sys.argv[2]
counted = collections.Counter()
within = [False]
from pc.bench import bare_loop, cycle as ours
def hear(event, arguments):
    if within[0] and event in ("open", "os.rename", "os.mkdir", "os.remove") and str(root) in str(arguments[0]):
        counted[event] += 1
sys.addaudithook(hear)
root.mkdir()
def run(count, folder):
    folder.mkdir()
    within[0] = True
    (ours.cycle if which == "ours" else bare_loop.cycle)(folder, count)
    within[0] = False
    found = dict(counted)
    counted.clear()
    return found
few, more = run(1, root / "few"), run(6, root / "more")
print(json.dumps({event: more[event] - few[event] for event in more}, sort_keys=True))
"""


def _operations(root: Path, which: str) -> dict[str, int]:
    """What five more requests cost, by kind, as Python's own audit tells it."""
    command = [sys.executable, "-c", _COUNT, str(root), which]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, timeout=60, check=True)
    return dict(json.loads(done.stdout))
