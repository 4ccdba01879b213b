"""What arrives: never in place of anything, believed by our own eyes, refused with the reason beside it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Callable, Dict, List, Mapping, Tuple

import pytest

import inbox
import outbox
from tests.harness.answers import seal
from tests.harness.road import Road
from tests.harness.servers import require
from tests.harness.two_sides import TwoSides, by_git, nas_pulls, pc_pushes

WAYS = pytest.mark.parametrize("way", [nas_pulls, pc_pushes, by_git])
# A shell that does what ssh does, and flips a bit of what lies there: before it is read, or after it was written.
SHELL = """
shift
case "$*" in
*--sender*--files-from*|*--files-from*--sender*) when=read ;;
*--sender*) when=never ;;
*) when=write ;;
esac
left=$(cat "{room}/left")
if [ "$when" = "{when}" ] && [ "$left" -gt 0 ]; then
    echo $((left - 1)) > "{room}/left"
    if [ "$when" = read ]; then
        cp -p "{file}" "{room}/kept"; {flip}; sh -c "$*"; code=$?; cp -p "{room}/kept" "{file}"; exit $code
    fi
    sh -c "$*"; code=$?
    [ -e "{file}" ] && {flip}
    exit $code
fi
exec sh -c "$*"
"""
FLIP = 'printf X | dd of="{file}" bs=1 seek=9 conv=notrunc 2>/dev/null'


def _asked(sides: TwoSides) -> None:
    sides.nas.submit(request_id="a")
    sides.nas.sync()
    sides.pc.sync()
    sides.pc.drain()


def _flipping(side: Road, there: Path, when: str, file: Path, times: int) -> Path:
    """It carries through that shell from now on; the file counts how often it is still to flip."""
    require("rsync")
    room = side.settings.data / "flips"
    room.mkdir()
    (room / "left").write_text(str(times))
    script = room / "shell"
    script.write_text("#!/bin/sh" + SHELL.format(room=room, when=when, file=file, flip=FLIP.format(file=file)))
    script.chmod(0o755)
    changes = {"carrier": "rsync", "there": f"pc:{there}", "carry_shell": str(script), "carry_seconds": 10.0}
    side.settings = side.settings.model_copy(update=changes)
    return room / "left"


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
@pytest.mark.parametrize("times", [1, 2])
def test_a_bit_rsync_does_not_notice_is_noticed_by_us_when_the_nas_fetches(
    times: int, quick_folder: Path, synthetic_data: Path
) -> None:
    """Once: it is fetched again, and shown. Twice: it is refused, with the reason beside it."""
    sides = nas_pulls(quick_folder, synthetic_data)
    _asked(sides)
    left = _flipping(sides.nas, sides.pc.root, "read", sides.pc.outbox.done / "a" / "metrics.json", times)
    trip = sides.nas.sync()
    assert int(left.read_text()) == 0, "every mishap hit"
    _judged(sides, times == 2)
    assert trip.exit_code() == (1 if times == 2 else 0)


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
@pytest.mark.parametrize("times", [1, 2])
def test_a_bit_rsync_does_not_notice_is_noticed_by_us_when_the_pc_sends(
    times: int, quick_folder: Path, synthetic_data: Path
) -> None:
    sides = pc_pushes(quick_folder, synthetic_data)
    _asked(sides)
    landed = sides.nas.root / inbox.ARRIVING / "pc-1" / "done" / "a" / "metrics.json"
    left = _flipping(sides.pc, sides.nas.root, "write", landed, times)
    for _ in range(2):
        sides.pc.sync()
        sides.nas.sync()
    assert int(left.read_text()) == 0, "every mishap hit"
    _judged(sides, times == 2)


def test_an_answer_that_half_came_is_fetched_again(quick_folder: Path, synthetic_data: Path) -> None:
    """A killed sync left half of it: a figure is missing, another torn."""
    sides = nas_pulls(quick_folder, synthetic_data)
    _asked(sides)
    landed = inbox.arriving(sides.nas.inbox, "pulled") / "done" / "a"
    shutil.copytree(sides.pc.outbox.done / "a", landed)
    (landed / "metrics.json").unlink()
    (landed / "report.txt").write_bytes((landed / "report.txt").read_bytes()[:9])
    assert sides.nas.sync().brought == 1
    assert sides.manifest("a") == sides.pc.manifest("a")


def test_an_answer_that_stays_half_is_set_aside_with_the_reason(quick_folder: Path, synthetic_data: Path) -> None:
    """A file of it is gone on the PC: fetched twice, then refused; mended there, it comes."""
    sides = nas_pulls(quick_folder, synthetic_data)
    _asked(sides)
    figures = sides.pc.outbox.done / "a" / "metrics.json"
    kept = figures.read_bytes()
    figures.unlink()
    assert sides.nas.sync().exit_code() == 1
    place = sides.nas.outbox.aside / "a.refused"
    assert "files its manifest names are missing" in (place / "WHY.txt").read_text(encoding="utf-8")
    assert (sides.nas.answers(), sides.nas.sync().brought) == ({}, 0)
    figures.write_bytes(kept)
    shutil.rmtree(place)
    sides.nas.sync()
    assert sides.manifest("a") == sides.pc.manifest("a")


def _judged(sides: TwoSides, is_refused: bool) -> None:
    place = sides.nas.outbox.aside / "a.refused"
    if not is_refused:
        assert sides.manifest("a") == sides.pc.manifest("a")
        return
    assert sides.nas.answers() == {}
    assert len(list(sides.nas.inbox.pending.glob("*.json"))) == 1, "it is asked for still"
    why = (place / "WHY.txt").read_text(encoding="utf-8")
    assert "metrics.json" in why
    assert "Then remove this folder here: the next sync fetches the answer." in why
    for path in place.iterdir():
        path.unlink()
    place.rmdir()
    for _ in range(2):
        sides.pc.sync()
        sides.nas.sync()
    assert sides.manifest("a") == sides.pc.manifest("a")


@WAYS
def test_a_strangers_folder_in_an_answers_place_is_set_aside_with_all_in_it(
    way: Callable[..., TwoSides], quick_folder: Path, synthetic_data: Path
) -> None:
    sides = way(quick_folder, synthetic_data)
    _asked(sides)
    folder = sides.nas.outbox.done / "a"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    sides.settle()
    assert sides.manifest("a") == sides.pc.manifest("a")
    assert not (folder / "notes.txt").exists()
    [kept] = sides.nas.outbox.aside.glob("a.*/notes.txt")
    assert kept.read_text() == "mine"


@WAYS
def test_another_answer_that_is_shown_already_is_never_replaced(
    way: Callable[..., TwoSides], quick_folder: Path, synthetic_data: Path
) -> None:
    """Of the same id, of another run: the first one shown stays, to the last byte."""
    sides = way(quick_folder, synthetic_data)
    _asked(sides)
    seal(sides.nas, "a")
    before = {path.name: path.read_bytes() for path in (sides.nas.outbox.done / "a").iterdir()}
    sides.settle()
    assert {path.name: path.read_bytes() for path in (sides.nas.outbox.done / "a").iterdir()} == before
    assert sides.manifest("a")["run_id"] != sides.pc.manifest("a")["run_id"]
    others = {name: status for name, status in sides.nas.answers().items() if name != "a"}
    assert list(others.values()) == ["REJECTED"], "what was asked under that id is not what that answer says it answers"


def _files(sides: TwoSides) -> Dict[Path, Tuple[int, int]]:
    found = [path for side in (sides.nas, sides.pc) for path in side.root.rglob("*") if path.is_file()]
    return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in found}


@WAYS
def test_nothing_new_writes_nothing_but_signs_of_life(
    way: Callable[..., TwoSides], quick_folder: Path, synthetic_data: Path
) -> None:
    """Not what the counts say: what was written on either side, and by git what was committed."""
    sides = way(quick_folder, synthetic_data)
    _asked(sides)
    sides.settle(rounds=2)
    before, commits = _files(sides), _commits(quick_folder)
    for _ in range(3):
        sides.nas.sync()
        sides.pc.sync()
    after = _files(sides)
    changed = {path for path in {*before, *after} if before.get(path) != after.get(path)}
    signs = {path for path in changed if inbox.ARRIVING in path.parts or path.parent.name == Path(inbox.SIGN).parent.name}
    assert changed == signs
    assert {path.name for path in changed} <= {".seen", ".heard", Path(inbox.SIGN).name, inbox.ALIVE}
    assert _commits(quick_folder) == commits


def test_a_sign_of_life_alone_makes_no_journey_with_every_sync(quick_folder: Path, synthetic_data: Path) -> None:
    """It is sent again once a part of the time is over after which the PC would call the NAS silent."""
    sides = nas_pulls(quick_folder, synthetic_data)
    there = sides.pc.inbox.root / inbox.SIGN
    sides.nas.sync()
    first = there.read_bytes()
    sides.nas.sync()
    assert there.read_bytes() == first
    sides.nas.submit(request_id="a")
    sides.nas.sync()
    second = there.read_bytes()
    assert second != first  # what is sent takes it along
    sides.nas.settings = sides.nas.settings.model_copy(update={"silent_hours": 1e-6})
    sides.nas.sync()
    assert there.read_bytes() != second


def test_a_clock_that_was_set_back_keeps_no_sign_of_life(quick_folder: Path, synthetic_data: Path) -> None:
    """For one sync it told a day to come, as a machine does before it asked for the time."""
    sides = nas_pulls(quick_folder, synthetic_data)
    sides.nas.sync()
    there, noted = sides.pc.inbox.root / inbox.SIGN, sides.nas.settings.data / "sync.json"
    before = there.read_bytes()
    noted.write_text(json.dumps({**json.loads(noted.read_bytes()), "signs": "2099-01-01T00:00:00+09:00"}))
    sides.nas.sync()
    assert there.read_bytes() != before


def _commits(home: Path) -> str:
    if not (home / "answers.git").exists():
        return ""
    words = ["git", "-C", str(home / "answers.git"), "rev-parse", "relay"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def test_two_hundred_requests_come_home_while_both_sides_carry_at_the_same_moment(
    quick_folder: Path, synthetic_data: Path
) -> None:
    """Three at once, again and again: the NAS fetches and sends, the PC does as well, and a worker works."""
    sides = nas_pulls(quick_folder, synthetic_data)
    there = {"carrier": "same_folder", "there": str(sides.nas.root)}
    sides.pc.settings = sides.pc.settings.model_copy(update=there)
    wanted = sorted(sides.nas.submit(request_id=f"q{number}") for number in range(200))
    acts: Dict[str, Callable[[], object]] = {"nas": sides.nas.sync, "pc": sides.pc.sync, "worker": sides.pc.drain}
    rounds = _at_once(acts, lambda: set(outbox.answers(sides.nas.outbox)) >= set(wanted))
    assert min(rounds["nas"], rounds["pc"]) > 1, rounds
    sides.settle(rounds=1)
    assert sides.nas.answers() == dict.fromkeys(wanted, "SUCCEEDED")
    assert [sides.manifest(name)["run_id"] for name in wanted] == [sides.pc.manifest(name)["run_id"] for name in wanted]
    left = [*sides.nas.left(), *sides.pc.left()]
    assert [name for name in left if not name.startswith("running/pc-1~")] == []  # a sign of life is swept a lease later


def _at_once(acts: Mapping[str, Callable[[], object]], is_enough: Callable[[], bool]) -> Dict[str, int]:
    """Each again and again, in a thread of its own, until it is enough; how often."""
    is_over, rounds = threading.Event(), dict.fromkeys(acts, 0)
    failed: List[object] = []

    def again_and_again(name: str) -> None:
        while not is_over.is_set():
            try:
                acts[name]()
            except Exception as error:
                failed.append(error)
            rounds[name] += 1
            if failed or is_enough():
                is_over.set()

    threads = [threading.Thread(target=again_and_again, args=(name,)) for name in acts]
    for thread in threads:
        thread.start()
    is_over.wait(90)
    is_over.set()
    for thread in threads:
        thread.join()
    assert failed == []
    return rounds
