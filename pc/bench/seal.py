"""Sealing one answer of nine files on a disk, every file flushed, against flushing one file after the other.

It exists because durability is what an answer costs most, and flushing all of its files at once is what makes it cheap.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
from pathlib import Path

from outbox import Draft, make_outbox, open_outbox
from pc.bench.measure import Goal, Measured, Scale, file_system, folder_on_disk, interleaved, medians, ratio, seconds_of
from shared.disk import Disk

# The files of an ordinary answer and about their sizes; the manifest is the ninth.
FILES = {
    "request.json": 400,
    "equity_curve.csv": 60_000,
    "daily_returns.csv": 60_000,
    "trades.csv": 9_000,
    "metrics.json": 1_500,
    "equity_curve.png": 55_000,
    "report.txt": 2_000,
    "run.log": 200,
}
_FACTS = {"schema": "relay.manifest/1", "status": "SUCCEEDED", "metrics": {"CAGR_like": 0.1, "MDD": -0.2}}


def durable_seal(scale: Scale, wanted: Path) -> Measured:
    """Milliseconds per answer, ours and file by file, in turn on the same disk."""
    with folder_on_disk(wanted) as root:
        contents = {name: os.urandom(size) for name, size in FILES.items()}
        outbox = open_outbox(root / "ours", Disk(durable=True))
        make_outbox(outbox)
        by_hand = root / "by-hand"
        for folder in (by_hand, by_hand / "building", by_hand / "done"):
            folder.mkdir()
        numbers = itertools.count()

        def ours() -> float:
            draft = Draft(outbox, f"answer-{next(numbers)}", 1)
            return seconds_of(lambda: _sealed(draft, contents))

        def in_turn() -> float:
            name = f"answer-{next(numbers)}"
            return seconds_of(lambda: _flushed_in_turn(by_hand, name, contents))

        found = interleaved(scale.seals, {"file by file": in_turn, "ours": ours})
        kind = file_system(root)
    middle = medians(found)
    figures: dict[str, float | str] = {f"{name}, ms": round(seconds * 1000, 2) for name, seconds in middle.items()}
    times = ratio(found, "file by file", "ours")
    return Measured([Goal("faster than file by file", times, 3.0, at_least=True)], {**figures, "file system": kind})


def _sealed(draft: Draft, contents: dict[str, bytes]) -> None:
    for name, data in contents.items():
        draft.write(name, data)
    assert draft.seal(_FACTS, lambda: True)


def _flushed_in_turn(root: Path, name: str, contents: dict[str, bytes]) -> None:
    draft = f"{root}/building/{name}"
    os.mkdir(draft)
    files = []
    for file, data in contents.items():
        _put(f"{draft}/{file}", data)
        files.append({"path": file, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()})
    _put(f"{draft}/manifest.json", json.dumps({**_FACTS, "files": files}).encode())
    _flush_folder(draft)
    os.rename(draft, f"{root}/done/{name}")
    _flush_folder(f"{root}/done")


def _put(path: str, data: bytes) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    os.write(fd, data)
    os.fsync(fd)
    os.close(fd)


def _flush_folder(path: str) -> None:
    fd = os.open(path, os.O_RDONLY)
    os.fsync(fd)
    os.close(fd)
