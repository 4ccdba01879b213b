"""The full cycle of the queue without fsync: submit, look, claim, seal with two small files, settle.

It exists to show what every check on the way costs, against the same file operations written down by hand.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from inbox import Claim, Incarnation, make_inbox, submit
from outbox import answers, make_outbox
from pc.bench import bare_loop
from pc.bench.measure import Goal, Measured, Scale, folder_in_memory, interleaved, medians, ratio, seconds_of, settings_in
from pc.bench.peers import Peers
from pc.desk import open_desk
from pc.given import Given
from pc.patience import Patience
from pc.settle import answer_without_run
from pc.shift import Shift
from pc.take import consider
from shared.disk import Disk
from shared.errors import RequestExpired
from shared.events import Log

CONTENT = {"strategy": "krx_ma200", "params": {"window": 100}, "start": "2020-01-01", "end": "2024-12-31", "charts": False}
_WHY_NOT = RequestExpired("taking the request", "it was good until yesterday", "`retry` asks again")
_FASTER_THAN = ("persist-queue SQLite", "persist-queue file", "FileHuey")


def full_cycle(scale: Scale, wanted: Path) -> Measured:
    """Requests through the whole queue per second, ours, by hand, and the peers', which only put, get and acknowledge."""
    with folder_in_memory() as root, Peers(root) as peers:
        count = scale.requests
        ways: dict[str, Callable[[], float]] = {
            "by hand": _in_fresh(root, bare_loop.cycle, count),
            "ours": _in_fresh(root, cycle, count),
        }
        found = interleaved(scale.rounds, ways | {name: peers.way(name, count) for name in peers.names})
        goals = [Goal("of the loop by hand", ratio(found, "by hand", "ours"), 0.7, at_least=True)]
        for name in _FASTER_THAN:
            value = ratio(found, name, "ours") if name in found else None
            goals.append(Goal(f"of {name}", value, 1.0, at_least=True, why=peers.why_not))
    return Measured(goals, {f"{name}, cycles/s": round(count / seconds) for name, seconds in medians(found).items()})


def cycle(root: Path, count: int) -> float:
    """All of them submitted, then all answered, by the functions the commands and the worker use."""
    shift = begin_shift(root)
    seconds = seconds_of(lambda: _submit_and_answer(shift, count))
    answered = len(answers(shift.desk.outbox))
    assert answered == count, f"{answered} answers to {count} requests"
    return seconds


def begin_shift(root: Path) -> Shift:
    """A worker over a reports folder of its own, moved by hand and flushing nothing."""
    desk = open_desk(settings_in(root, durable=False), Log(quiet=True), Disk(durable=False))
    make_inbox(desk.inbox)
    make_outbox(desk.outbox)
    return Shift(desk, Incarnation(desk.inbox, "bench", desk.settings.lease_seconds), Given(desk.log, Patience(desk)))


def _submit_and_answer(shift: Shift, count: int) -> None:
    desk = shift.desk
    for _ in range(count):
        submit(desk.inbox, CONTENT)
    shift.look()
    while (path := shift.next_file()) is not None:
        claim = consider(shift, path)
        assert isinstance(claim, Claim)
        # Two small files and a manifest: the answer to a request that is not run.
        answer_without_run(shift, claim, _WHY_NOT)


def _in_fresh(root: Path, way: Callable[[Path, int], float], count: int) -> Callable[[], float]:
    def once() -> float:
        with tempfile.TemporaryDirectory(dir=root) as folder:
            return way(Path(folder), count)

    return once
