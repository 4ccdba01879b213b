"""A real `python -m pc watch` over folders of the bench's own, requests dropped into it, and its answers awaited.

It exists so that latencies are those of the program people run: its bell, its claims, its warm children.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import time
from typing import Any

from inbox import make_inbox, open_inbox
from pc.bench.measure import environment_of, python
from shared.config import HOME, Settings
from shared.disk import Disk
from shared.market.providers import synthetic

_GONE_WITHIN = 40.0
_ANSWERED_WITHIN = 60.0


class Folders:
    """The reports folder of a worker under measurement, seen from outside."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self._disk, self._numbers = settings, Disk(settings.durable), itertools.count()
        self.inbox = open_inbox(settings.reports, self._disk)
        self.done = settings.reports / "done"
        make_inbox(self.inbox)
        synthetic.ensure(settings.data / "prices" / "synthetic")

    def drop(self, content: dict[str, Any]) -> tuple[str, int]:
        """Rename a complete, flushed request into pending; its id and the moment just before the rename."""
        request_id = f"bench-{next(self._numbers):06d}"
        target = self.inbox.pending / f"{request_id}.json"
        draft = self.inbox.pending / f".{request_id}.tmp"
        self._disk.create(draft, json.dumps({"request_id": request_id, **content}).encode())
        moment = time.perf_counter_ns()
        os.rename(draft, target)
        return request_id, moment

    def wait_for(self, request_id: str) -> int:
        """The moment at which its answer was seen."""
        self.wait_until((self.done / request_id).exists, f"an answer to {request_id}")
        return time.perf_counter_ns()

    def wait_claimed(self, request_id: str) -> None:
        """Until its file has left pending."""
        path = self.inbox.pending / f"{request_id}.json"
        self.wait_until(lambda: not path.exists(), f"a claim on {request_id}")

    def wait_until(self, condition: Any, what: str) -> None:
        """Looks every half millisecond."""
        deadline = time.monotonic() + _ANSWERED_WITHIN
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"no {what} within {_ANSWERED_WITHIN:g} s; the log: {self.settings.logs}")
            time.sleep(0.0005)

    def warm(self, content: dict[str, Any]) -> None:
        """Several requests at once, so that every child has had a run."""
        for request_id in [self.drop(content)[0] for _ in range(2 * self.settings.slots)]:
            self.wait_for(request_id)


class Watching(Folders):
    """The same with `python -m pc watch` at work."""

    def __enter__(self) -> Watching:
        self.settings.logs.mkdir(parents=True, exist_ok=True)
        self._said = open(self.settings.logs / "said.txt", "wb")
        command = python("-m", "pc", "watch")
        env = environment_of(self.settings)
        self.process = subprocess.Popen(
            command, cwd=HOME, env=env, stdin=subprocess.DEVNULL, stdout=self._said, stderr=self._said
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(_GONE_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._said.close()
