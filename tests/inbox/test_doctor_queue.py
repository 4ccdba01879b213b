"""What doctor reads from the queue's own folders: who works, of which version, what waits for nobody, what was left behind."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any, Callable

import pytest

import inbox
import outbox
from inbox import Incarnation, checks
from shared.disk import Disk
from shared.found import BAD, OK, WARN, Found
from shared.version import PROTOCOL, version
from tests.faults.fault_calls import FaultyCalls, failing
from tests.harness.road import Road

LEASE = 60.0
NO_SUCH_PID = 2**22 + 12345


def worker(road: Road, name: str = "pc1", **said: Any) -> Incarnation:
    """One that lives: this very process. `said`: what its `alive` says otherwise."""
    me = Incarnation(road.inbox, name, LEASE)
    file = me.folder / inbox.ALIVE
    content = {**json.loads(file.read_bytes()), **said}
    file.write_text(json.dumps({name: value for name, value in content.items() if value is not None}))
    return me


def hours_ago(path: Path, hours: float = 2.0) -> Path:
    """That was changed so long ago."""
    past = path.stat().st_mtime - hours * 3600
    os.utime(path, (past, past))
    return path


def litter(road: Road) -> Found:
    """What lies about."""
    return checks.litter(road.inbox, LEASE, outbox.answers_known(road.outbox))


def answered(road: Road, request_id: str) -> None:
    """An answer, as far as anybody looks here."""
    folder = road.outbox.done / request_id
    folder.mkdir()
    (folder / "manifest.json").write_text('{"status": "SUCCEEDED", "request_sha256": "", "files": []}')


def test_a_share_is_there_away_or_refuses(road: Road, tmp_path: Path) -> None:
    assert inbox.share(road.inbox).verdict == OK
    away = inbox.share(inbox.open_inbox(tmp_path, road.disk))
    assert (away.verdict, "not mounted" in away.said.en, "nas init" in away.fix.en) == (BAD, True, True)


def test_a_share_that_cannot_be_asked_is_bad_too(road: Road) -> None:
    stale = failing(lambda: OSError(errno.ESTALE, "Stale file handle"))
    found = inbox.share(inbox.open_inbox(road.root, Disk(calls=FaultyCalls(stale, 1, every=True), patience=0.0)))
    assert (found.verdict, "stale file handle" in found.said.en.lower()) == (BAD, True)


# ---- workers and versions ----


def test_workers_are_told_with_the_age_of_their_heartbeat_and_the_dead_as_dead(road: Road) -> None:
    assert checks.workers(road.inbox, LEASE).said.en == "none now"
    worker(road, "pc1")
    worker(road, "pc2", pid=NO_SUCH_PID, start=1.0)
    silent = worker(road, "pc3", host="elsewhere")
    hours_ago(silent.folder / inbox.ALIVE, 0.1)
    assert (
        checks.workers(road.inbox, LEASE).said.en
        == "pc1 0s ago; pc2 dead, the next one takes over; pc3 dead, the next one takes over"
    )


def test_on_a_share_that_cannot_be_written_to_nobody_is_called_alive_or_dead(road: Road) -> None:
    from shared.disk import Disk

    worker(road, "pc1", host="elsewhere")

    class Closed:
        """Every creation is refused."""

        def __getattr__(self, name: str) -> Any:
            return getattr(os, {"truncate": "ftruncate"}.get(name, name))

        @staticmethod
        def open(path: Any, flags: int, mode: int = 0o777) -> int:
            """As on a read-only mount."""
            if flags & os.O_CREAT:
                raise OSError(30, "Read-only file system")
            return os.open(path, flags, mode)

    closed = inbox.open_inbox(road.root, Disk(calls=Closed()))
    found = checks.workers(closed, LEASE)
    assert (found.verdict, found.wants_a_hand, found.said.en.startswith("pc1: alive or not")) == (WARN, False, True)


def test_a_worker_says_its_version_and_protocol(road: Road) -> None:
    me = Incarnation(road.inbox, "pc1", LEASE)
    told = json.loads((me.folder / inbox.ALIVE).read_bytes())
    assert (told["version"], told["protocol"]) == (version(), PROTOCOL)
    assert checks.versions(road.inbox, LEASE).said.en == f"{version()}, protocol {PROTOCOL}"


@pytest.mark.parametrize(
    ("said", "verdict", "words"),
    [
        ({"version": None, "protocol": None}, WARN, "an old program that tells no version"),
        ({"version": "0.0.1"}, WARN, "0.0.1, this side"),
        ({"protocol": 99}, BAD, "protocol 99, this side"),
        ({"version": ["?"], "protocol": "x"}, BAD, "protocol 0"),
    ],
)
def test_another_version_is_told_and_another_protocol_is_bad(road: Road, said: Any, verdict: str, words: str) -> None:
    worker(road, "pc1", **said)
    found = checks.versions(road.inbox, LEASE)
    assert (found.verdict, words in found.said.en) == (verdict, True), found
    assert "one version" in found.fix.en


def test_the_version_of_a_dead_worker_is_nobodys(road: Road) -> None:
    worker(road, "pc1", version="0.0.1", pid=NO_SUCH_PID, start=1.0)
    assert checks.versions(road.inbox, LEASE).verdict == OK


# ---- what waits ----


def test_what_waits_without_a_worker_is_told(road: Road) -> None:
    assert checks.unattended(road.inbox, LEASE).said.en == "0"
    road.submit()
    alone = checks.unattended(road.inbox, LEASE)
    assert (alone.verdict, alone.fix.en) == (WARN, "on the PC: python -m pc watch")
    worker(road)
    assert checks.unattended(road.inbox, LEASE).verdict == OK


def test_what_is_for_later_waits_for_nobody_yet(road: Road) -> None:
    road.submit(not_before="2099-01-01T00:00:00+09:00")
    assert checks.unattended(road.inbox, LEASE).verdict == OK


def test_a_pause_is_told_with_its_reason_and_since_when(road: Road) -> None:
    inbox.pause(road.inbox, "maintenance")
    hours_ago(road.root / "PAUSED", 3)
    found = checks.unattended(road.inbox, LEASE)
    assert (found.verdict, found.said.en, found.fix.en) == (WARN, "paused since 3h: maintenance", "python -m nas resume")


# ---- litter ----


def test_a_clean_queue_has_no_litter(road: Road) -> None:
    worker(road)
    road.submit()
    assert litter(road).said.en == "none"


def _dead_for_hours(road: Road) -> None:
    hours_ago(worker(road, pid=NO_SUCH_PID, start=1.0).folder / inbox.ALIVE)


def _claim_of_an_answer(road: Road) -> None:
    answered(road, "a")
    (road.inbox.claims / "a.1.json").write_text("{}")
    hours_ago(road.inbox.claims / "a.1.json")


def _draft_of_an_answer(road: Road) -> None:
    answered(road, "a")
    outbox.Draft(road.outbox, "a", 1).write("report.txt", b"half")


def _old_temporary(road: Road) -> None:
    (road.inbox.pending / ".x.01234567.tmp").touch()
    hours_ago(road.inbox.pending / ".x.01234567.tmp")


def _set_aside(road: Road) -> None:
    road.outbox.aside.mkdir()
    (road.outbox.aside / "a.json").touch()


@pytest.mark.parametrize(
    ("make", "said", "fix"),
    [
        (_dead_for_hours, "1 folders of dead workers", "pc drain"),
        (_claim_of_an_answer, "1 claims of answered", "pc drain"),
        (_draft_of_an_answer, "1 drafts of answered", "pc drain"),
        (_old_temporary, "1 temporary files", ".x.01234567.tmp"),
        (_set_aside, "1 files set aside", "aside"),
    ],
)
def test_what_was_left_behind_is_told_with_what_removes_it(road: Road, make: Callable[[Road], None], said: str, fix: str) -> None:
    make(road)
    found = litter(road)
    assert (found.verdict, said in found.said.en, fix in found.fix.en) == (WARN, True, True), found


def test_what_is_younger_than_an_hour_is_no_litter(road: Road) -> None:
    worker(road, pid=NO_SUCH_PID, start=1.0)
    answered(road, "a")
    (road.inbox.claims / "a.1.json").write_text("{}")
    (road.inbox.pending / ".x.01234567.tmp").touch()
    assert litter(road).verdict == OK


def test_a_claim_of_a_request_that_runs_is_no_litter(road: Road) -> None:
    (road.inbox.claims / "a.1.json").write_text("{}")
    hours_ago(road.inbox.claims / "a.1.json")
    assert litter(road).verdict == OK


@pytest.mark.parametrize(
    "name", ["momentum.sync-conflict-20261120-180000-ABCDEFG.json", "momentum_pc1_Nov-20-180000-2026_Conflict.json"]
)
def test_conflict_copies_are_told_by_name(road: Road, name: str) -> None:
    assert checks.conflicts(road.inbox, outbox.answers_known(road.outbox)).verdict == OK
    road.drop(name, {})
    found = checks.conflicts(road.inbox, outbox.answers_known(road.outbox))
    assert (found.verdict, name in found.said.en, str(road.root) in found.fix.en) == (WARN, True, True)


def test_a_conflict_copy_of_an_answer_is_told_too(road: Road) -> None:
    (road.outbox.done / "a (conflicted copy)").mkdir()
    assert "a (conflicted copy)" in checks.conflicts(road.inbox, outbox.answers_known(road.outbox)).said.en


def test_the_other_side_was_last_heard_by_a_sync_or_by_a_receipt(road: Road) -> None:
    assert inbox.heard(road.inbox) == {"sync": None, "received": None}
    inbox.mark_seen(road.inbox)
    inbox.confirm(road.inbox, [inbox.Received("a", "SUCCEEDED", "1")])
    hours_ago(road.root / "received" / "a")
    ages = inbox.heard(road.inbox)
    assert (ages["sync"] or 0) < 60
    assert 7190 < (ages["received"] or 0) < 7260
