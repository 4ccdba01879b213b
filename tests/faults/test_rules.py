"""The protocol's rules, one deterministic interleaving each: what would break if the rule were not there."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Callable

import pytest

import inbox
import outbox
from outbox import Draft
from outbox.retention import NotYetArchivable
from outbox.sealed import tombstone
from pc.answer import cancel_answer
from pc.ending import Sealed
from pc.launchers import Ending
from pc.launchers.here import Here
from pc.patience import Patience
from pc.runs import Runs
from pc.settle import cancel, settle
from pc.sweep import sweep
from shared.errors import RequestCancelled
from tests.harness.interleave import Between, Recorder, disk_with
from tests.harness.people import Person
from tests.harness.road import SMALL, Road

A = {**SMALL, "request_id": "x"}
B = {**SMALL, "request_id": "x", "capital": 7_000_000}


def _tree(folder: Path) -> "dict[str, str]":
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _claim_names(road: Road) -> "list[str]":
    return sorted(path.name for path in road.inbox.claims.iterdir())


def test_a_duplicate_of_a_claimed_request_stays_until_the_answer(road: Road) -> None:
    """Its owner may die: then the duplicate is the request."""
    first, second = Person(road), Person(road)
    claim = first.take(road.drop("a.json", A))
    assert claim is not None
    copy = road.drop("b.json", A)
    assert second.take(copy) is None
    assert copy.exists()


def test_a_claim_whose_request_is_still_in_pending_is_taken_over(road: Road) -> None:
    """Killed between claiming and moving."""
    first = Person(road, disk=disk_with(Between("rename", "a.json", lambda: (_ for _ in ()).throw(KeyboardInterrupt()))))
    path = road.drop("a.json", A)
    with pytest.raises(KeyboardInterrupt):
        first.take(path)
    first.die()
    assert path.exists()
    assert road.drain() == 0
    assert road.answers() == {"x": "SUCCEEDED"}
    assert road.left() == []


def test_no_run_starts_for_an_id_answered_while_we_claimed(road: Road) -> None:
    """The other one answers and sweeps between our look at the answer and our claim."""
    other = Person(road, "other")
    path = road.drop("a.json", A)

    def answered_meanwhile() -> None:
        claim = other.take(path)
        assert claim is not None
        other.answer(claim)
        road.drop("a.json", A)

    late = Between("open", "claims/x.1.json", answered_meanwhile)
    assert Person(road, disk=disk_with(late)).take(path) is None
    assert late.happened
    assert road.answers() == {"x": "SUCCEEDED"}
    assert list(road.inbox.pending.iterdir()) == []


def test_a_torn_claim_is_free_after_the_lease(new_road: Callable[..., Road]) -> None:
    """Its writer died between creating and writing."""
    road = new_road(lease_seconds=0.001)
    (road.inbox.claims / "x.1.json").write_bytes(b'{"incarn')
    os.utime(road.inbox.claims / "x.1.json", (1, 1))
    road.drop("a.json", A)
    assert road.drain() == 0
    assert road.answers() == {"x": "SUCCEEDED"}


def test_a_torn_claim_is_not_free_before_the_lease(road: Road) -> None:
    """Its writer may be about to write."""
    (road.inbox.claims / "x.1.json").write_bytes(b"")
    assert Person(road).take(road.drop("a.json", A)) is None


def test_a_workers_name_is_not_its_identity(road: Road) -> None:
    """A restarted worker does not own what its namesake, still alive, has claimed."""
    first, namesake = Person(road, "pc"), Person(road, "pc")
    assert first.take(road.drop("a.json", A)) is not None
    assert first.me.folder != namesake.me.folder
    assert not inbox.standing(namesake.me, "x").free
    assert namesake.take(road.drop("b.json", A)) is None


def test_a_file_exchanged_while_it_is_settled_is_not_lost(road: Road) -> None:
    """Compared as a duplicate, replaced by other content, then moved: the other content gets its answer."""
    road.drop("a.json", A)
    road.drain()
    path = road.drop("a.json", A)
    late = Between("rename", "pending/a.json", lambda: road.drop("a.json", B))
    Person(road, disk=disk_with(late)).take(path)
    assert late.happened
    road.drain()
    assert sorted(road.answers().values()) == ["REJECTED", "SUCCEEDED"]


def test_the_content_under_our_own_name_is_the_request(road: Road) -> None:
    """Replaced between reading and moving."""
    path = road.drop("a.json", A)
    late = Between("rename", "pending/a.json", lambda: road.drop("a.json", B))
    claim = Person(road, disk=disk_with(late)).take(path)
    assert claim is not None
    assert claim.asked.request is not None
    assert claim.asked.request.capital == B["capital"]


def test_another_id_under_our_name_is_given_back(road: Road) -> None:
    """Replaced by a request of another id: neither id is lost."""
    path = road.drop("a.json", A)
    late = Between("rename", "pending/a.json", lambda: road.drop("a.json", {**A, "request_id": "y"}))
    assert Person(road, disk=disk_with(late)).take(path) is None
    assert _claim_names(road) == ["x.1.back", "x.1.json"]


def test_the_mark_of_a_give_back_comes_before_the_move(road: Road) -> None:
    """A crash between the two leaves a free request, not a stuck one."""
    person = Person(road)
    claim = person.take(road.drop("a.json", A))
    assert claim is not None
    seen = []
    late = Between("rename", claim.file.name, lambda: seen.extend(_claim_names(road)))
    inbox.give_back(inbox.open_inbox(road.root, disk_with(late)), claim.held)
    assert seen == ["x.1.back", "x.1.json"]


def test_a_give_back_replaces_nothing(road: Road) -> None:
    """Somebody dropped other content under the old name meanwhile."""
    person = Person(road)
    claim = person.take(road.drop("a.json", A))
    assert claim is not None
    road.drop("a.json", B)
    person.give_back(claim)
    assert len(list(road.inbox.pending.iterdir())) == 2


def test_a_give_back_is_not_a_death(road: Road) -> None:
    """Stopping a worker three times must not use up a request's attempts."""
    for _ in range(3):
        person = Person(road)
        claim = person.take_next() or person.take(road.drop("a.json", A))
        assert claim is not None
        person.give_back(claim)
    assert inbox.standing(Person(road).me, "x") == inbox.Standing(3, True, [inbox.GIVEN_BACK] * 3)


def test_a_draft_of_an_unanswered_id_is_nobodys_litter(road: Road) -> None:
    """Its writer may only be asleep."""
    claim = Person(road).take(road.drop("a.json", A))
    assert claim is not None
    draft = Draft(road.outbox, "x", 1)
    Person(road).shift.sweep(set())
    assert Path(draft.folder).exists()


def test_sealing_replaces_nothing(road: Road) -> None:
    """Two claims truly overlapped: the first answer stays, to the byte."""
    road.drop("a.json", A)
    road.drain()
    before = _tree(road.root / "done")
    late = Draft(road.outbox, "x", 2)
    late.write("request.json", b"{}")
    assert late.seal({"status": "FAILED", "request_sha256": ""}, lambda: True) is False
    assert _tree(road.root / "done") == before
    assert not Path(late.folder).exists()


def test_a_worker_whose_claim_was_taken_over_cannot_seal(road: Road) -> None:
    """It slept past its lease; somebody else has attempt 2."""
    sleeper, other = Person(road), Person(road)
    claim = sleeper.take(road.drop("a.json", A))
    assert claim is not None
    sleeper.die()
    second = other.take_next()
    assert second is not None
    assert second.attempt == 2
    assert sleeper.run(claim).ours is False
    assert road.answers() == {}
    assert other.answer(second).status == "SUCCEEDED"


def test_a_worker_whose_claim_was_swept_cannot_seal(road: Road, tmp_path: Path) -> None:
    """It slept until its id was answered, swept and archived: a second answer must not come out."""
    sleeper, other = Person(road), Person(road)
    claim = sleeper.take(road.drop("a.json", A))
    assert claim is not None
    sleeper.die()
    second = other.take_next()
    assert second is not None
    other.answer(second)
    sweep(other.desk, "x")
    outbox.archive(road.outbox, "x", road.root / "archive", has_claims=False)
    assert sleeper.run(claim).ours is False
    assert road.answers() == {}


def test_an_answer_being_archived_is_answered_at_every_moment(road: Road) -> None:
    """Archived between the two places where we look."""
    road.drop("a.json", A)
    road.drain()
    late = Between("lstat", "manifest.json", lambda: outbox.archive(road.outbox, "x", road.root / "archive", has_claims=False))
    assert outbox.is_answered(outbox.open_outbox(road.root, disk_with(late)), "x")
    assert late.happened
    assert outbox.is_answered(road.outbox, "x")
    road.drop("again.json", A)
    road.drain()
    assert road.answers() == {}
    assert road.left() == []


def test_the_tombstone_is_there_before_the_answer_goes(road: Road) -> None:
    """At no moment is an archived id unanswered."""
    road.drop("a.json", A)
    road.drain()
    seen = []
    late = Between("rename", "done/x", lambda: seen.append(tombstone(road.outbox, "x").exists()))
    outbox.archive(outbox.open_outbox(road.root, disk_with(late)), "x", road.root / "archive", has_claims=False)
    assert seen == [True]


def test_an_answer_with_leftovers_is_not_archived(road: Road) -> None:
    """Whoever left them may wake up and seal again."""
    road.drop("a.json", A)
    road.drain()
    with pytest.raises(NotYetArchivable):
        outbox.archive(road.outbox, "x", road.root / "archive", has_claims=True)
    Draft(road.outbox, "x", 1)
    with pytest.raises(NotYetArchivable):
        outbox.archive(road.outbox, "x", road.root / "archive", has_claims=False)


def test_a_claim_that_found_no_file_is_marked_not_removed(road: Road) -> None:
    """Removing it could remove the footing of a higher one."""
    path = road.drop("a.json", A)
    late = Between("rename", "pending/a.json", path.unlink)
    assert Person(road, disk=disk_with(late)).take(path) is None
    assert _claim_names(road) == ["x.1.back", "x.1.json"]


def test_a_held_file_with_other_content_than_the_answers_gets_its_own(road: Road) -> None:
    """It was exchanged and taken before the first one was answered."""
    person = Person(road)
    claim = person.take(road.drop("b.json", B))
    assert claim is not None
    road.drop("a.json", A)
    answer = Draft(road.outbox, "x", 9)
    asked = inbox.asked_from(json.dumps(A).encode(), 0.0, "a")
    answer.write("request.json", asked.data)
    assert answer.seal({"status": "SUCCEEDED", "request_sha256": asked.digest}, lambda: True)
    settle(person.shift, claim.file, claim.asked)
    assert sorted(road.answers().values()) == ["REJECTED", "SUCCEEDED"]


def test_cancelling_answers_and_never_just_removes(road: Road) -> None:
    """Whoever asked is told."""
    path = road.drop("a.json", A)
    (road.inbox.pending / "x.cancel").write_text("typo")
    person = Person(road)
    cancel(person.shift, "x.cancel", [path])
    assert road.answers() == {"x": "CANCELLED"}
    assert not path.exists()


def test_a_cancel_that_comes_while_the_answer_is_archived_answers_nothing(road: Road) -> None:
    """The run finished, was answered and archived while the cancel was being written."""
    other = Person(road, "other")
    claim = other.take(road.drop("a.json", A))
    assert claim is not None

    def answered_and_archived() -> None:
        other.answer(claim)
        outbox.sweep_drafts(road.outbox, "y")
        for name in road.disk.names(road.outbox.building):
            os.rename(road.outbox.building / name, road.root / "hidden")
        outbox.archive(road.outbox, "x", road.root / "archive", has_claims=False)
        os.rename(road.root / "hidden", road.outbox.building / name)

    late = Between("open", "manifest.json", answered_and_archived)
    person = Person(road, disk=disk_with(late))
    assert cancel_answer(person.desk, "x", RequestCancelled("request 'x'"), None) == ""
    assert late.happened
    assert road.answers() == {}


def test_a_superseded_run_leaves_its_request_alone(road: Road) -> None:
    """Not answered yet, and no longer ours: nothing is removed before the answer is there."""
    person = Person(road)
    claim = person.take(road.drop("a.json", A))
    assert claim is not None
    runs = Runs(person.desk, Here(person.desk), Patience(person.desk))
    runs.finish(person.shift, Ending(claim, Sealed(False, "SUCCEEDED")))
    assert claim.file.exists()
    assert _claim_names(road) == ["x.1.json"]


def test_the_loser_of_a_claim_leaves_the_file(road: Road) -> None:
    """The claim file decides, not the rename: where both renames succeed (SMB, Windows) the later one would steal the request."""
    path = road.drop("a.json", A)
    first = Person(road)
    won = []

    def the_other_claims() -> None:
        won.append(first.take(path))
        road.drop("a.json", A)  # the loser's rename finds a file, as it would by its handle

    late = Between("open", "claims/x.1.json", the_other_claims)
    second = Person(road, disk=disk_with(late)).take(path)
    assert [claim is not None for claim in (*won, second)] == [True, False]
    assert path.exists()


def test_the_manifest_is_written_last(road: Road) -> None:
    """Whoever sees it may trust that all else is there."""
    recorder = Recorder()
    road.drop("a.json", A)
    road.drain(disk_with(recorder))
    written = [path for name, path in recorder.steps if name == "write" and "/building/" in path]
    assert written[-1].endswith("/manifest.json")
    assert len(written) > 5


def test_everything_acknowledged_is_flushed_first(road: Road) -> None:
    """Submit, claim and answer: the file before its name appears, the folder after."""
    recorder = Recorder()
    disk = disk_with(recorder, durable=True)
    inbox.submit(inbox.open_inbox(road.root, disk), A)
    road.drain(disk)
    steps = recorder.steps
    submitted = next(i for i, step in enumerate(steps) if step[0] == "rename" and "/pending/." in step[1])
    assert steps[submitted - 2][0] == "fsync"
    assert ("fsync", str(road.inbox.pending)) in steps[submitted:]
    assert ("fsync", str(road.inbox.claims / "x.1.json")) in steps
    sealed = next(i for i, step in enumerate(steps) if step[0] == "rename" and "/building/" in step[1])
    folder = steps[sealed][1]
    flushed = {path for name, path in steps[:sealed] if name == "fsync"}
    assert {folder, *(f"{folder}/{path.name}" for path in (road.outbox.done / "x").iterdir())} <= flushed
    assert ("fsync", str(road.outbox.done)) in steps[sealed:]


def test_who_is_alive_is_told_by_the_file_servers_clock(road: Road) -> None:
    """The share is two hours behind this machine: nobody is dead for that."""
    other, me = Person(road), Person(road, disk=disk_with(_Behind()))
    alive = other.me.folder / inbox.ALIVE
    alive.write_text(json.dumps({**json.loads(alive.read_bytes()), "host": "elsewhere"}))
    me.me.beat()
    assert not me.me.is_dead(other.me.name)


class _Behind(Recorder):
    """A file server two hours behind."""

    def __getattr__(self, name: str) -> "Callable[..., object]":
        call = super().__getattr__(name)
        if name not in ("lstat", "fstat"):
            return call
        return lambda *arguments: _shifted(call(*arguments))


def _shifted(found: os.stat_result) -> os.stat_result:
    values = list(found)
    values[8] -= 7200
    return os.stat_result(values)
