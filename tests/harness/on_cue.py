"""A launcher whose runs end when a test says so, each sealing as a child process would: beside its worker.

It exists so that a run can be stopped half-way through its seal while its worker, another one and the clock go on.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Set, Tuple

from inbox import Claim, Progress
from outbox import is_answered
from pc.answer import perform, refuse
from pc.desk import Desk
from pc.launchers import Ending
from shared.errors import DataMissing, RunCrashed, ShareUnreachable
from tests.harness.file_server import FOREVER, Actor


class Child:
    """One run and the actor that does it."""

    def __init__(self, claim: Claim, desk: Desk, actor: Actor) -> None:
        self.claim, self.desk, self.actor = claim, desk, actor
        self.ending: Optional[Ending] = None

    def end(self, really: bool) -> None:
        """Seal: what a real run brings, or a refusal."""
        try:
            sealed = (
                self._performed()
                if really
                else refuse(self.desk, self.claim, DataMissing("reading the prices", "a test says so"))
            )
            self.ending = Ending(self.claim, sealed)
        except (OSError, ShareUnreachable) as error:
            self.ending = Ending(self.claim, ShareUnreachable("sealing", str(error)))

    def _performed(self) -> Any:
        return perform(self.desk, self.claim, lambda phase, percent: None)


class OnCue:
    """Runs that end on cue."""

    def __init__(self, worker: Actor, slots: int, started: Set[Tuple[str, int]]) -> None:
        self.worker, self.slots, self.started = worker, slots, started
        self.children: Dict[str, Child] = {}
        self.open_child: Any = None

    def warm(self) -> None:
        """Nothing to warm."""

    def free(self) -> int:
        """As many as there are slots."""
        return self.slots - len(self.children)

    def start(self, claim: Claim) -> None:
        """Begin; a run never starts twice, nor after its answer could be seen."""
        child: Child = self.open_child(claim)
        attempt = (claim.request_id, claim.attempt)
        assert attempt not in self.started, f"{attempt} runs twice"
        assert self.worker.was_stopped or not is_answered(child.desk.outbox, claim.request_id), f"{attempt} runs after its answer"
        self.started.add(attempt)
        self.children[claim.request_id] = child

    def end(self, which: int, operations: float, really: bool) -> None:
        """Let one run begin to end, or go on ending."""
        child = self._child(which)
        if child is None or child.ending:
            return
        if child.actor.busy:
            child.actor.go_on(operations)
        else:
            # A real run has the process's output: it is not stopped half-way.
            child.actor.begin(lambda: child.end(really), FOREVER if really else operations)

    def crash(self, which: int) -> None:
        """A run's process dies."""
        child = self._child(which)
        if child and not child.ending:
            child.actor.kill()
            child.ending = child.ending or Ending(child.claim, RunCrashed("running", "a test killed it"), b"last words")

    def collect(self) -> List[Ending]:
        """The endings, once."""
        ended = [child.ending for child in self.children.values() if child.ending]
        for ending in ended:
            del self.children[ending.claim.request_id]
        return ended

    def progress(self) -> List[Progress]:
        """What runs, and what of it seals."""
        return [Progress(name, "seal" if child.actor.busy else "decide", 50) for name, child in self.children.items()]

    def stop(self, request_id: str) -> None:
        """End a run without an ending."""
        child = self.children.pop(request_id, None)
        if child:
            child.actor.kill()

    def waitables(self) -> List[Any]:
        """Nothing to wait for."""
        return []

    def close(self) -> None:
        """Nothing to close."""

    def _child(self, which: int) -> Optional[Child]:
        children = list(self.children.values())
        return children[which % len(children)] if children else None
