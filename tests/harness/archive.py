"""Answers to archive, and an archive on another disk.

It exists so that every test of the archive seals, archives and looks alike.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import outbox
from outbox import Draft, Outbox
from shared.disk import Disk
from tests.harness.interleave import Recorder
from tests.harness.road import Road

FACTS = {"schema": "relay.manifest/1", "status": "SUCCEEDED", "request_sha256": "d"}
FINISHED = {"timings": {"finished": "2026-10-31T23:59:59.000+09:00"}}


def sealed(road: Road, *ids: str, **facts: Any) -> None:
    """Small answers, as good as any."""
    for request_id in ids:
        draft = Draft(road.outbox, request_id, 1)
        draft.write("report.txt", f"good {request_id}".encode())
        draft.write("request.json", b"{}")
        assert draft.seal({**FACTS, **FINISHED, **facts}, lambda: True)


def archive_of(road: Road) -> Path:
    """Beside the reports."""
    return road.root.parent / "archive"


def opened(road: Road, calls: Any) -> Outbox:
    """The road's outbox over these file operations, durably."""
    return outbox.open_outbox(road.root, Disk(True, calls=calls, patience=0.0))


def other_disk(calls: Any) -> Any:
    """The same file operations, but no rename between the archive and the rest: as between two file systems."""

    class Other:
        def __getattr__(self, name: str) -> Any:
            return _rename if name == "rename" else getattr(calls, name)

    def _rename(source: Any, target: Any) -> None:
        if ("/archive/" in str(source)) != ("/archive/" in str(target)):
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        calls.rename(source, target)

    return Other()


class OtherDisk(Recorder):
    """That, written down."""

    def __getattr__(self, name: str) -> Any:
        call = super().__getattr__(name)
        if name != "rename":
            return call

        def rename(source: Any, target: Any) -> None:
            if ("/archive/" in str(source)) != ("/archive/" in str(target)):
                raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
            call(source, target)

        return rename
