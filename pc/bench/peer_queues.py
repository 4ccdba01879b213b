"""Run by the peers' Python, not by ours: each of their queues puts, gets and acknowledges as many requests as it is told.

It exists so that the peers are measured in their own process, in the same rounds as ours; it imports nothing of ours.
"""

from __future__ import annotations

import importlib
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

_DATA = json.dumps({"strategy": "krx_ma200", "params": {"window": 100}, "start": "2020-01-01", "end": "2024-12-31"})


def main(root: str) -> None:
    """Say the names, then for each line `[name, count]` the seconds it took, until there are no more lines."""
    print(json.dumps(list(WAYS)), flush=True)
    for line in sys.stdin:
        name, count = json.loads(line)
        folder = tempfile.mkdtemp(dir=root)
        try:
            print(json.dumps(WAYS[name](folder, count)), flush=True)
        finally:
            shutil.rmtree(folder)


def _persist_queue_sqlite(folder: str, count: int) -> float:
    queue = importlib.import_module("persistqueue").SQLiteAckQueue(folder, auto_commit=True)

    def get_and_acknowledge() -> None:
        queue.ack(queue.get())

    return _timed(count, lambda: queue.put(_DATA), get_and_acknowledge)


def _persist_queue_file(folder: str, count: int) -> float:
    queue = importlib.import_module("persistqueue").Queue(folder, tempdir=folder)

    def get_and_acknowledge() -> None:
        queue.get()
        queue.task_done()

    return _timed(count, lambda: queue.put(_DATA), get_and_acknowledge)


def _file_huey(folder: str, count: int) -> float:
    storage: Any = importlib.import_module("huey.storage").FileStorage("bench", folder)
    put, get = (getattr(storage, f"{way}queue") for way in ("en", "de"))
    data = _DATA.encode()
    return _timed(count, lambda: put(data), get)


def _dirq(folder: str, count: int) -> float:
    queue: Any = importlib.import_module("dirq.QueueSimple").QueueSimple(folder)

    def get_and_acknowledge() -> None:
        name = queue.first() if not names else names.pop()
        assert queue.lock(name)
        queue.get(name)
        queue.remove(name)

    names: list[str] = []
    began = time.perf_counter()
    for _ in range(count):
        queue.add(_DATA)
    names = list(queue)[::-1]
    for _ in range(count):
        get_and_acknowledge()
    return time.perf_counter() - began


def _timed(count: int, put: Callable[[], object], get: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _ in range(count):
        put()
    for _ in range(count):
        get()
    return time.perf_counter() - began


WAYS = {
    "persist-queue SQLite": _persist_queue_sqlite,
    "persist-queue file": _persist_queue_file,
    "FileHuey": _file_huey,
    "python-dirq": _dirq,
}

if __name__ == "__main__":
    main(sys.argv[1])
