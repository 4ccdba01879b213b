"""The numbers of a sync are what really went, by every carrier; and where nothing is new nothing goes over the wire."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import List

import pytest

import inbox
from shared.events import Log
from shared.sync import one_round
from shared.trips import Trip
from tests.harness.answers import seal
from tests.harness.servers import require
from tests.harness.two_sides import TwoSides, by_git, nas_pulls, pc_pushes

CARRIERS = pytest.mark.parametrize("carrier", ["same_folder", "rsync"])


def _commits(home: Path) -> int:
    said = subprocess.run(
        ["git", "-C", str(home / "answers.git"), "rev-list", "--count", "relay"], capture_output=True, check=True
    )
    return int(said.stdout)


def _fetches(side: Path) -> List[int]:
    """When the clone of that side was last fetched into."""
    return [path.stat().st_mtime_ns for path in (side / "data" / "carriers").glob("git-*/FETCH_HEAD")]


def test_by_git_a_request_that_waits_is_sent_once(quick_folder: Path, synthetic_data: Path) -> None:
    sides = by_git(quick_folder, synthetic_data)
    sides.nas.submit(request_id="a")
    inbox.cancel(sides.nas.inbox, "b", "a typo")
    assert [sides.nas.sync().sent for _ in range(3)] == [2, 0, 0]
    sides.nas.submit(request_id="c")
    assert [sides.nas.sync().sent for _ in range(2)] == [1, 0]


def test_by_git_an_answer_the_nas_does_not_know_yet_is_sent_once(quick_folder: Path, synthetic_data: Path) -> None:
    """Mended, it is sent once more: what counts is what is in it, not how it is called."""
    sides = by_git(quick_folder, synthetic_data)
    seal(sides.pc, "a")
    assert [sides.pc.sync().sent for _ in range(3)] == [1, 0, 0]
    for path in sorted((sides.pc.outbox.done / "a").iterdir()):
        path.unlink()
    (sides.pc.outbox.done / "a").rmdir()
    seal(sides.pc, "a")
    assert [sides.pc.sync().sent for _ in range(2)] == [1, 0]


def test_by_git_rounds_without_news_push_and_fetch_nothing(quick_folder: Path, synthetic_data: Path) -> None:
    sides = by_git(quick_folder, synthetic_data)
    sides.nas.submit(request_id="a")
    seal(sides.pc, "b")
    for _ in range(2):
        sides.nas.sync()
        sides.pc.sync()
    before = _commits(quick_folder), _fetches(quick_folder / "nas"), _fetches(quick_folder / "pc")
    for _ in range(2):
        sides.nas.sync()
        sides.pc.sync()
    assert (_commits(quick_folder), _fetches(quick_folder / "nas"), _fetches(quick_folder / "pc")) == before


def test_a_branch_that_is_gone_is_filled_again(quick_folder: Path, synthetic_data: Path) -> None:
    """Somebody emptied the repository: what our clone remembers of it is over, too."""
    sides = by_git(quick_folder, synthetic_data)
    sides.nas.submit(request_id="a")
    assert sides.nas.sync().sent == 1
    subprocess.run(["git", "-C", str(quick_folder / "answers.git"), "update-ref", "-d", "refs/heads/relay"], check=True)
    assert [sides.nas.sync().sent for _ in range(2)] == [1, 0]
    sides.settle()
    assert sides.nas.answers() == {"a": "SUCCEEDED"}


@CARRIERS
def test_an_answer_that_lies_there_and_is_not_taken_in_yet_is_not_counted_again(
    carrier: str, quick_folder: Path, synthetic_data: Path
) -> None:
    require("rsync")
    sides = pc_pushes(quick_folder, synthetic_data, carrier)
    sides.nas.sync()
    seal(sides.pc, "a")
    assert [sides.pc.sync().sent for _ in range(3)] == [1, 0, 0]
    seal(sides.pc, "b")
    assert [sides.pc.sync().sent for _ in range(2)] == [1, 0]
    sides.nas.sync()
    assert sides.nas.answers() == {"a": "SUCCEEDED", "b": "SUCCEEDED"}


@CARRIERS
def test_a_request_is_counted_once_however_strange_its_name(carrier: str, quick_folder: Path, synthetic_data: Path) -> None:
    require("rsync")
    sides = nas_pulls(quick_folder, synthetic_data, carrier)
    sides.nas.submit(request_id="모멘텀-1")
    sides.nas.drop("a\\#012 b.json", {"strategy": "krx_ma200", "start": "2024-01-01", "end": "2024-06-30", "charts": False})
    assert [sides.nas.sync().sent for _ in range(2)] == [2, 0]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="pc sync is the PC's")
@pytest.mark.parametrize("carrier", ["same_folder", "rsync", "git"])
def test_a_link_among_the_answers_is_no_answer_and_told_once(carrier: str, quick_folder: Path, synthetic_data: Path) -> None:
    """To a whole answer that lies elsewhere, to a broken one, and to nowhere; and a file somebody left there."""
    require("rsync")
    sides = by_git(quick_folder, synthetic_data) if carrier == "git" else pc_pushes(quick_folder, synthetic_data, carrier)
    sides.nas.sync()
    for name in ("a", "b", "c"):
        seal(sides.pc, name)
    for name in ("a", "b"):
        (sides.pc.outbox.done / name).rename(quick_folder / name)
        (sides.pc.outbox.done / name).symlink_to(quick_folder / name)
    (quick_folder / "b" / "metrics.json").write_bytes(b"{}")
    (sides.pc.outbox.done / "d").symlink_to(quick_folder / "nowhere")
    (sides.pc.outbox.done / "e").write_text("a note")
    told = []
    for sent in (1, 0, 0):
        lines: List[str] = []
        trip = _aloud(sides, lines)
        assert (trip.sent, trip.waiting, trip.exit_code()) == (sent, 1, 0), trip.trouble
        told.append([line for line in lines if "ANSWER_NOT_SENT" in line])
    assert [len(lines) for lines in told] == [2, 0, 0]
    assert "request=a " in told[0][0] + told[0][1]


def _aloud(sides: TwoSides, lines: List[str]) -> Trip:
    """As cron's `pc sync`, which tells everything."""
    from pc.desk import open_desk
    from pc.sync import side_of

    def hears(level: str, event: str, facts: "dict[str, object]") -> None:
        lines.append(f"{level} {event} " + "".join(f"{name}={value} " for name, value in facts.items()))

    trip = one_round(side_of(open_desk(sides.pc.settings, Log(quiet=True, hears=hears), sides.pc.disk)))
    assert trip is not None
    return trip
