"""Several workers, one share, and everything that may happen between any two file operations.

The machine drives the real code: workers turn and runs seal as far as a rule lets them, then stand still while others
work, the server's clock goes on, their own clocks jump, leases end, and they wake up again or never do.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Set, Tuple

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import inbox
import outbox
from outbox.retention import NotYetArchivable
from pc.desk import Desk, open_desk
from pc.worker import Worker
from shared.disk import Disk
from shared.events import Log
from tests.harness.dose import THOROUGH
from tests.harness.file_server import FOREVER, Actor, Client, FileServer
from tests.harness.on_cue import Child, OnCue
from tests.harness.road import settings_for

WORKERS, LEASE, MOST_DEATHS = 3, 10.0, 2
STEP = st.one_of(st.just(FOREVER), st.integers(0, 45))
WHO = st.integers(0, WORKERS - 1)
IDS = st.integers(0, 1)
OF_A_FIRST_TURN, OF_A_LATER_TURN, OF_A_SEAL = range(55), range(27), range(14)  # a few more than there are today


class Machine:
    """One PC: a worker process, the runs it started, its own clock."""

    def __init__(self, desk: Desk, server: FileServer, started: Set[Tuple[str, int]]) -> None:
        self.server, self.skew = server, 0.0
        self.actor = Actor()
        self._plain = desk
        self.launcher = OnCue(self.actor, desk.settings.slots, started)
        self.launcher.open_child = self._child
        self.worker = Worker(self._desk(self.actor), self.launcher, ticks=self.ticks)

    def ticks(self) -> float:
        """The machine's own clock."""
        return self.server.now + self.skew

    def end_runs(self) -> None:
        """Whatever runs here ends now."""
        for which in range(len(self.launcher.children)):
            self.launcher.end(which, FOREVER, really=which == 0)

    def _child(self, claim: inbox.Claim) -> Child:
        actor = Actor()
        return Child(claim, self._desk(actor), actor)

    def _desk(self, actor: Actor) -> Desk:
        disk = Disk(durable=False, calls=Client(self.server, actor.before, actor.moved), patience=0.0)
        return open_desk(self._plain.settings, Log(quiet=True), disk)


class Queue(RuleBasedStateMachine):
    """The rules, and what holds after each of them."""

    def __init__(self) -> None:
        super().__init__()
        memory = Path("/dev/shm")
        self.folder = Path(tempfile.mkdtemp(dir=memory if os.access(memory, os.W_OK) else None, prefix="krx-relay-test-"))
        self.server = FileServer()
        self.disk = Disk(durable=False, calls=Client(self.server), patience=0.0)
        changes: Dict[str, Any] = {"lease_seconds": LEASE, "heartbeat_seconds": 1.0, "grace_seconds": 0.0, "slots": 2}
        wanted = settings_for(self.folder / "reports", self.folder / "data", **changes)
        self.desk = open_desk(wanted, Log(quiet=True), self.disk)
        inbox.make_inbox(self.desk.inbox)
        outbox.make_outbox(self.desk.outbox)
        self.started: Set[Tuple[str, int]] = set()
        self.asked: Set[Tuple[str, str]] = set()  # (id, digest) of everything that was ever put into pending
        self.cancelled: Set[str] = set()
        self.sealed: Dict[str, str] = {}  # the manifest each answer had when it was first seen
        self.archived: Set[str] = set()
        self.orphans: List[Child] = []
        self.dropped = 0
        self.machines: List[Machine] = []

    @initialize()
    def start(self) -> None:
        self.machines = [Machine(self.desk, self.server, self.started) for _ in range(WORKERS)]

    # ---- what people and sync tools do ----

    @rule(number=IDS, window=st.integers(0, 1), shape=st.sampled_from(["ours", "plain", "mark", "turned", "nameless", "expired"]))
    def ask(self, number: int, window: int, shape: str) -> None:
        content: Dict[str, Any] = {"request_id": f"r{number}", "strategy": "no_such_strategy", "max_attempts": MOST_DEATHS}
        content["params"] = {"window": window}
        if shape == "expired":
            content["expires_at"] = "2020-01-01T00:00:00Z"
        if shape == "nameless":
            del content["request_id"]
        if shape == "turned":
            content = dict(reversed(list(content.items())))
        if shape == "ours":
            inbox.submit(self.desk.inbox, content)
            content["schema"] = inbox.SCHEMA
            data = json.dumps(content).encode()
            self.asked.add((f"r{number}", inbox.asked_from(data, 0.0, "x").digest))
            return
        self.dropped += 1
        name = f"copy {self.dropped}.json"
        self.disk.create(
            self.desk.inbox.pending / f".{name}", (b"\xef\xbb\xbf" if shape == "mark" else b"") + json.dumps(content).encode()
        )
        self.disk.move(self.desk.inbox.pending / f".{name}", self.desk.inbox.pending / name)
        found = inbox.read_asked(self.desk.inbox, self.desk.inbox.pending / name)
        assert found is not None
        self.asked.add((found.request_id, found.digest))

    @rule(number=IDS)
    def cancel(self, number: int) -> None:
        inbox.cancel(self.desk.inbox, f"r{number}", "a test says so")
        self.cancelled.add(f"r{number}")

    @rule(paused=st.booleans())
    def pause_or_resume(self, paused: bool) -> None:
        if paused:
            inbox.pause(self.desk.inbox, "a test says so")
        else:
            inbox.resume(self.desk.inbox)

    @rule(number=IDS)
    def archive(self, number: int) -> None:
        request_id = f"r{number}"
        if request_id in outbox.answers(self.desk.outbox):
            with contextlib.suppress(NotYetArchivable):
                claimed = request_id in inbox.claimed_ids(self.desk.inbox)
                outbox.archive(self.desk.outbox, request_id, self.folder / "archive", claimed)
                self.archived.add(request_id)

    # ---- what workers and their runs do ----

    @rule(who=WHO, operations=STEP)
    def turn(self, who: int, operations: float) -> None:
        machine = self.machines[who]
        if machine.actor.busy:
            machine.actor.go_on(operations)
        else:
            machine.actor.begin(machine.worker.turn, operations)

    @rule(who=WHO)
    def turn_twice(self, who: int) -> None:
        self.turn(who, FOREVER)
        self.turn(who, FOREVER)

    @rule(but=WHO, seconds=st.sampled_from([0.0, 1.0, LEASE + 1]))
    def the_others_work(self, but: int, seconds: float) -> None:
        """One sleeps, perhaps for longer than its lease, and the others do what there is to do."""
        self.server.now += seconds
        for machine in [machine for number, machine in enumerate(self.machines) if number != but and not machine.actor.busy]:
            machine.actor.begin(machine.worker.turn, FOREVER)
            machine.end_runs()
            machine.actor.begin(machine.worker.turn, FOREVER)

    @rule(who=WHO, which=st.integers(0, 1), operations=STEP, really=st.booleans())
    def end_run(self, who: int, which: int, operations: float, really: bool) -> None:
        self.machines[who].launcher.end(which, operations, really)

    @rule(who=WHO, which=st.integers(0, 1))
    def crash_run(self, who: int, which: int) -> None:
        self.machines[who].launcher.crash(which)

    @rule(who=WHO)
    def stop_worker(self, who: int) -> None:
        """SIGTERM: it gives back and leaves."""
        machine = self.machines[who]
        if not machine.actor.busy:
            machine.worker.stop()
            machine.actor.begin(machine.worker.drain, FOREVER)
            self.machines[who] = Machine(self.desk, self.server, self.started)

    @rule(who=WHO, runs_too=st.booleans())
    def kill_worker(self, who: int, runs_too: bool) -> None:
        """SIGKILL, before its next file operation; what it ran may live on for a moment."""
        machine = self.machines[who]
        machine.actor.kill()
        for child in machine.launcher.children.values():
            if runs_too or not child.actor.busy:
                child.actor.kill()
            else:
                self.orphans.append(child)
        self.machines[who] = Machine(self.desk, self.server, self.started)

    @precondition(lambda self: self.orphans)
    @rule(operations=STEP)
    def orphan_goes_on(self, operations: float) -> None:
        self.orphans[0].actor.go_on(operations)
        self.orphans = [child for child in self.orphans if child.actor.busy]

    # ---- what clocks do ----

    @rule(seconds=st.sampled_from([0.3, 1.0, 3.0, LEASE + 1, 3600.0]))
    def time_passes(self, seconds: float) -> None:
        self.server.now += seconds

    @rule(who=WHO, seconds=st.sampled_from([-3600.0, -5.0, 0.4, LEASE + 5, 3600.0]))
    def local_clock_jumps(self, who: int, seconds: float) -> None:
        self.machines[who].skew += seconds

    # ---- what always holds ----

    @invariant()
    def no_answer_changes(self) -> None:
        for request_id in outbox.answers(self.desk.outbox):
            outbox.verify(self.desk.outbox, request_id)
            manifest = (self.desk.outbox.done / request_id / outbox.MANIFEST).read_bytes()
            digest = hashlib.sha256(manifest).hexdigest()
            assert self.sealed.setdefault(request_id, digest) == digest, f"the answer to {request_id} was replaced"
        here = set(outbox.answers(self.desk.outbox))
        assert not here & self.archived, f"answered again after its answer was archived: {here & self.archived}"
        assert set(self.sealed) == here | self.archived

    @invariant()
    def no_request_is_lost(self) -> None:
        here = self._files()
        for request_id, digest in self.asked:
            assert (request_id, digest) in here or self._is_settled(request_id, digest), f"{request_id} {digest[:8]} is lost"

    def _files(self) -> Set[Tuple[str, str]]:
        paths = [path for path in self.desk.inbox.pending.iterdir() if path.suffix == ".json" and path.name[0] != "."]
        paths += self.desk.inbox.running.glob("*/*.json")
        found = [inbox.read_asked(self.desk.inbox, path, inbox.id_of_held(self.desk.inbox, path)) for path in paths]
        return {(asked.request_id, asked.digest) for asked in found if asked}

    def _is_settled(self, request_id: str, digest: str) -> bool:
        answer = outbox.answer_of(self.desk.outbox, request_id)
        if answer is None:
            return False
        if answer.status == "CANCELLED" or answer.digest == digest:
            return True
        other = outbox.answer_of(self.desk.outbox, inbox.conflict_id(request_id, digest))
        return other is not None and other.status in ("REJECTED", "CANCELLED")

    # ---- how it ends ----

    def teardown(self) -> None:
        try:
            if self.machines:
                self._end()
        finally:
            self._silence()
            shutil.rmtree(self.folder)

    def _end(self) -> None:
        """Some are dead, some only slept: a fresh worker answers everything while the sleepers wake up around it."""
        inbox.resume(self.desk.inbox)
        sleepers = [actor for actor in self._actors() if actor.busy]
        for actor in sleepers[::3]:
            actor.kill()
        self.server.now += 3 * LEASE
        last: Optional[Machine] = None
        for actors in ([], sleepers[1::3], sleepers[2::3]):
            for actor in actors:
                actor.go_on()
            self._silence_workers_only()
            self.server.now += 3 * LEASE
            last = Machine(self.desk, self.server, self.started)
            self._work_to_the_end(last)
            self.no_answer_changes()
            self.no_request_is_lost()
        self._everything_is_answered()

    def _work_to_the_end(self, machine: Machine) -> None:
        for _ in range(60):
            machine.actor.begin(machine.worker.turn, FOREVER)
            self.server.now += 1.0
            machine.end_runs()
        machine.worker.stop()
        machine.actor.begin(machine.worker.drain, FOREVER)

    def _everything_is_answered(self) -> None:
        for request_id, digest in self.asked:
            assert self._is_settled(request_id, digest), f"{request_id} {digest[:8]} was never answered"
        for request_id in self.cancelled:
            assert outbox.is_answered(self.desk.outbox, request_id), f"the cancel of {request_id} was forgotten"
        for request_id in outbox.answers(self.desk.outbox):
            manifest = outbox.verify(self.desk.outbox, request_id)
            if (manifest.get("error") or {}).get("code") == "E-ATTEMPTS":
                died = [attempt for attempt in manifest["attempts"] if attempt["ended"] == "died"]
                assert len(died) >= MOST_DEATHS, f"{request_id} was given up after {len(died)} deaths"
        rooms = (self.desk.inbox.pending, self.desk.inbox.claims, self.desk.inbox.running, self.desk.outbox.building)
        left = [str(path.relative_to(self.folder)) for room in rooms for path in room.rglob("*")]
        assert not left, f"left over: {left}"

    def _actors(self) -> List[Actor]:
        children = [child for machine in self.machines for child in machine.launcher.children.values()]
        return [machine.actor for machine in self.machines] + [child.actor for child in children + self.orphans]

    def _silence_workers_only(self) -> None:
        """Workers that woke up and are between two steps are switched off: only the last one works on."""
        for machine in self.machines:
            if not machine.actor.busy:
                machine.actor.kill()

    def _silence(self) -> None:
        for actor in self._actors():
            actor.kill()


Queue.TestCase.settings = settings(
    max_examples=int(os.environ.get("KRX_RELAY_EXAMPLES", "120" if THOROUGH else "60")),
    stateful_step_count=50,
    deadline=None,
    derandomize="KRX_RELAY_EXAMPLES" not in os.environ,
    database=None,
    suppress_health_check=list(HealthCheck),
)
TestTheQueueUnderEverythingAtOnce = Queue.TestCase


@pytest.fixture
def queue() -> Iterator[Queue]:
    queue = Queue()
    queue.start()
    yield queue
    queue._silence()
    shutil.rmtree(queue.folder, ignore_errors=True)


def _checked(queue: Queue) -> None:
    queue.no_answer_changes()
    queue.no_request_is_lost()
    queue.teardown()


def test_a_sleeper_that_wakes_after_the_archive_brings_out_no_second_answer(queue: Queue) -> None:
    queue.ask(0, 0, "ours")
    queue.turn(0, FOREVER)
    assert len(queue.machines[0].launcher.children) == 1
    queue.the_others_work(but=0, seconds=LEASE + 1)
    queue.no_answer_changes()
    queue.archive(0)
    assert queue.archived == {"r0"}
    queue.end_run(0, 0, FOREVER, really=False)
    _checked(queue)


def _is_tried_to_the_end(operations: range, at: int, actor: Actor) -> bool:
    """Whether nobody is still in the midst of it at the last of these: else a test would leave operations out."""
    return at < operations[-1] or not actor.busy


@pytest.mark.parametrize("operations", OF_A_FIRST_TURN)
def test_a_sleeper_at_any_operation_of_its_turn_starts_no_run_after_the_answer(queue: Queue, operations: int) -> None:
    queue.ask(0, 0, "ours")
    queue.ask(0, 0, "mark")
    queue.turn(0, operations)
    assert _is_tried_to_the_end(OF_A_FIRST_TURN, operations, queue.machines[0].actor)
    queue.the_others_work(but=0, seconds=LEASE + 1)
    queue.turn(0, FOREVER)
    queue.turn(0, FOREVER)
    _checked(queue)


@pytest.mark.parametrize("others", [2, 3, 12])
@pytest.mark.parametrize("operations", OF_A_LATER_TURN)
def test_a_sleeper_with_a_copy_in_hand_starts_no_run_after_the_answer(queue: Queue, operations: int, others: int) -> None:
    """The one with the answer stands still too: before it removes the claims, after it, and when it has the copy in hand."""
    queue.turn(0, FOREVER)
    queue.turn(1, FOREVER)
    queue.time_passes(1.0)
    queue.ask(0, 0, "ours")
    queue.turn(0, operations)
    assert _is_tried_to_the_end(OF_A_LATER_TURN, operations, queue.machines[0].actor)
    queue.ask(0, 0, "mark")  # stands before the other in the order of work
    queue.turn(1, FOREVER)
    queue.machines[1].end_runs()
    queue.turn(1, others)
    queue.turn(0, FOREVER)
    _checked(queue)


@pytest.mark.parametrize("operations", OF_A_SEAL)
def test_a_sleeper_at_any_operation_of_its_seal_makes_no_second_answer(queue: Queue, operations: int) -> None:
    queue.ask(0, 0, "ours")
    queue.turn(0, FOREVER)
    [run] = queue.machines[0].launcher.children.values()
    queue.end_run(0, 0, operations, really=False)
    assert _is_tried_to_the_end(OF_A_SEAL, operations, run.actor)
    queue.the_others_work(but=0, seconds=LEASE + 1)
    queue.ask(0, 1, "plain")
    queue.end_run(0, 0, FOREVER, really=False)
    queue.turn(0, FOREVER)
    _checked(queue)
