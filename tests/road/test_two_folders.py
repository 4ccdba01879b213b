"""Two folders are one queue: what goes out, what comes home, and what is over on both sides then."""

from __future__ import annotations

import functools
import json
import shutil
from pathlib import Path
from typing import Callable

import pytest

import inbox
import outbox
from outbox.archiving import archive_old
from shared.events import Log
from tests.harness.processes import STRATEGIES
from tests.harness.two_sides import TwoSides, by_git, nas_pulls, pc_pushes

Way = Callable[..., TwoSides]
WAYS = pytest.mark.parametrize("way", [nas_pulls, pc_pushes, by_git])


@pytest.fixture
def sides(way: Way, quick_folder: Path, synthetic_data: Path) -> TwoSides:
    """Both machines, with the one or the other doing the carrying."""
    return way(quick_folder, synthetic_data)


@WAYS
def test_a_request_of_the_nas_comes_home_as_one_verified_answer(sides: TwoSides) -> None:
    request_id = sides.nas.submit(request_id="momentum")
    sides.settle()
    assert sides.manifest(request_id)["status"] == "SUCCEEDED"
    assert sides.nas.answers() == sides.pc.answers() == {"momentum": "SUCCEEDED"}
    assert sides.nas.left() == sides.pc.left() == []


@WAYS
def test_the_pc_learns_that_its_answer_arrived(sides: TwoSides) -> None:
    sides.nas.submit(request_id="a")
    sides.settle()
    sides.pc.sync()
    assert inbox.confirmed(sides.pc.inbox) == ["a"]


@WAYS
def test_a_file_without_an_id_keeps_the_one_it_had_where_it_was_dropped(sides: TwoSides) -> None:
    """Its id hangs on its name and date; what travels is a name that tells the id."""
    sides.nas.drop("momentum.json", {"strategy": "krx_ma200", "start": "2024-01-01", "end": "2024-06-30", "charts": False})
    path = sides.nas.inbox.pending / "momentum.json"
    asked = inbox.read_asked(sides.nas.inbox, path)
    assert asked
    sides.settle()
    assert sides.nas.answers() == {asked.request_id: "SUCCEEDED"}
    assert sides.nas.left() == []


@WAYS
def test_what_cannot_be_parsed_is_rejected_over_there_and_over_here(sides: TwoSides) -> None:
    sides.nas.drop("broken.json", b'{"strategy": ')
    sides.settle()
    assert list(sides.nas.answers().values()) == ["REJECTED"]
    assert sides.nas.left() == []


@WAYS
def test_other_content_under_an_answered_id_is_rejected_under_its_own(sides: TwoSides) -> None:
    sides.nas.submit(request_id="a")
    sides.settle()
    sides.nas.submit(request_id="a", start="2024-02-01")
    sides.settle()
    answers = sides.nas.answers()
    assert answers.pop("a") == "SUCCEEDED"
    assert list(answers.values()) == ["REJECTED"]
    assert sides.nas.left() == sides.pc.left() == []


@WAYS
def test_a_wish_to_cancel_travels_and_its_answer_comes_home(sides: TwoSides) -> None:
    sides.nas.submit(request_id="a")
    inbox.cancel(sides.nas.inbox, "a", "a typo")
    sides.settle()
    assert sides.nas.answers() == {"a": "CANCELLED"}
    assert sides.nas.left() == sides.pc.left() == []


@WAYS
def test_a_request_lost_over_there_is_sent_again(sides: TwoSides) -> None:
    sides.nas.submit(request_id="a")
    sides.nas.sync()
    sides.pc.sync()
    for path in sides.pc.inbox.pending.iterdir():
        path.unlink()
    sides.settle()
    assert sides.nas.answers() == {"a": "SUCCEEDED"}


@WAYS
def test_a_request_that_is_sent_again_never_runs_twice(sides: TwoSides) -> None:
    """Lost over there, come twice, come once more when it is answered: one line in the file of all runs."""
    runs = sides.pc.root / "runs"
    params = {"mark": "a", "runs": str(runs), "done": str(sides.pc.outbox.done)}
    sides.pc.settings = sides.pc.settings.model_copy(update={"strategies_path": STRATEGIES})
    sides.nas.submit(request_id="a", strategy="counted", params=params)
    sides.nas.sync()
    sides.pc.sync()
    [came] = sides.pc.inbox.pending.iterdir()
    sent = came.read_bytes()
    came.unlink()
    sides.nas.sync()
    sides.pc.sync()
    assert came.read_bytes() == sent, "it is sent again"
    for name in ("again.json", "and-again.json"):
        (sides.pc.inbox.pending / name).write_bytes(sent)
        sides.pc.drain()
    sides.settle()
    assert (sides.nas.answers(), runs.read_text()) == ({"a": "SUCCEEDED"}, "a 0\n")
    assert sides.nas.left() == sides.pc.left() == []


@WAYS
def test_nothing_new_moves_nothing(sides: TwoSides) -> None:
    sides.nas.submit(request_id="a")
    sides.settle()
    sides.pc.sync()
    for trip in (sides.nas.sync(), sides.pc.sync(), sides.nas.sync()):
        assert (trip.sent, trip.brought, trip.waiting, trip.all_refused, trip.troubles) == (0, 0, 0, 0, [])


@WAYS
def test_an_answer_damaged_at_rest_is_never_shown(sides: TwoSides) -> None:
    sides.nas.submit(request_id="a")
    sides.nas.sync()
    sides.pc.sync()
    sides.pc.drain()
    figures = sides.pc.outbox.done / "a" / "metrics.json"
    figures.write_bytes(figures.read_bytes().replace(b"1", b"2", 1))
    for _ in range(3):
        sides.pc.sync()
        sides.nas.sync()
    assert sides.nas.answers() == {}
    assert [json.loads(path.read_bytes())["request_id"] for path in sides.nas.inbox.pending.glob("*.json")] == ["a"]


def test_what_waits_on_the_pc_is_brought_no_second_time(quick_folder: Path, synthetic_data: Path) -> None:
    sides = pc_pushes(quick_folder, synthetic_data)
    sides.nas.submit(request_id="a")
    inbox.cancel(sides.nas.inbox, "a", "a typo")
    sides.nas.sync()
    assert [sides.pc.sync().brought for _ in range(3)] == [2, 0, 0]


def test_a_damaged_answer_of_the_pc_stays_where_it_is(quick_folder: Path, synthetic_data: Path) -> None:
    """It is told there, where it can be mended, and not carried only to be refused."""
    sides = pc_pushes(quick_folder, synthetic_data)
    for name in ("a", "b"):
        sides.nas.submit(request_id=name)
    sides.nas.sync()
    sides.pc.sync()
    sides.pc.drain()
    (sides.pc.outbox.done / "a" / "metrics.json").write_bytes(b"{}")
    for sent in (1, 0):  # it is told again as long as it lies there; the NAS has not taken in the other one yet
        trip = sides.pc.sync()
        assert (trip.sent, trip.all_refused, trip.exit_code()) == (sent, 1, 1)
        assert "metrics.json" in trip.just_refused["a"]
    assert [path.name for path in (sides.nas.root / inbox.ARRIVING / "pc-1" / "done").iterdir()] == ["b"]


def test_over_one_shared_folder_nothing_waits_to_be_carried(quick_folder: Path, synthetic_data: Path) -> None:
    """The answers lie where the NAS looks for them."""
    sides = TwoSides(quick_folder, synthetic_data, nas={}, pc={})
    sides.pc.submit(request_id="a")
    sides.pc.drain()
    trip = sides.pc.sync()
    assert (sides.pc.answers(), trip.waiting, trip.troubles) == ({"a": "SUCCEEDED"}, 0, [])


@WAYS
def test_an_answer_the_nas_lost_comes_out_of_the_archive_of_the_pc(sides: TwoSides) -> None:
    """Confirmed, archived on the PC, lost on the NAS, asked for again: it is carried once more, and not run again."""
    content = {"request_id": "a", "requested_by": "me"}
    sides.nas.submit(**content)
    sides.settle()
    before = sides.manifest("a")
    has_it = functools.partial(inbox.received_run, sides.pc.inbox)
    now = inbox.file_server_time(sides.pc.inbox) + 1
    plan = outbox.Plan(sides.pc.settings.archive, now, 0.0, list, received_run=has_it)
    assert archive_old(sides.pc.outbox, plan, Log(quiet=True)).archived == ["a"]
    inbox.forget_confirmed(sides.pc.inbox, "a")
    sides.settle()
    assert sides.pc.answers() == {}

    shutil.rmtree(sides.nas.outbox.done / "a")
    shutil.rmtree(sides.nas.root / inbox.RECEIVED, ignore_errors=True)
    sides.nas.submit(**content)
    sides.settle()
    assert sides.manifest("a") == before
    assert sides.nas.left() == sides.pc.left() == []
    sides.pc.sync()
    is_on_the_branch = sides.pc.settings.carrier == "git"  # there it stayed, and nobody had to bring it out
    assert (sides.pc.answers(), has_it("a")) == (({}, None) if is_on_the_branch else ({"a": "SUCCEEDED"}, before["run_id"]))


def test_a_folder_that_is_no_answer_keeps_no_other_from_being_sent(quick_folder: Path, synthetic_data: Path) -> None:
    sides = pc_pushes(quick_folder, synthetic_data)
    sides.nas.submit(request_id="a")
    sides.nas.sync()
    sides.pc.sync()
    sides.pc.drain()
    (sides.pc.outbox.done / "새 폴더").mkdir()
    (sides.pc.outbox.done / "loop").symlink_to("loop")
    trip = sides.pc.sync()
    assert (trip.sent, trip.waiting, trip.troubles) == (1, 1, [])
    sides.nas.sync()
    assert list(sides.nas.answers()) == ["a"]
