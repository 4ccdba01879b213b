"""A draft: an answer being written in `building/`, until it is sealed by one rename or dropped.

It exists so that nobody ever sees half an answer: everything is written and flushed elsewhere, the manifest last.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from typing import Any, Callable, Dict, List, Mapping, TypedDict

from outbox.sealed import CURVE, MANIFEST, TRADES, Outbox
from shared.document import written

MOST_WORDS = 8 << 20
_CUT = b"\n... the run printed more; it is not kept\n"


class Entry(TypedDict):
    """A file of the answer, as the manifest names it."""

    path: str
    bytes: int
    sha256: str


class Draft:
    """One attempt's answer while it is being written."""

    def __init__(self, outbox: Outbox, request_id: str, attempt: int, run_id: str = "") -> None:
        self.run_id = run_id or str(uuid.uuid4())
        self.request_id, self.attempt = request_id, attempt
        self._outbox, self._disk = outbox, outbox.disk
        self.folder = f"{outbox.building}/{request_id}.{attempt}.{self.run_id}"
        self._files: List[Entry] = []
        self.tables: Dict[str, bytes] = {}  # what it is compared by, so that nobody reads again what was just written
        self._make_folder()

    def write(self, name: str, data: bytes) -> None:
        """One more file of the answer."""
        path = f"{self.folder}/{name}"
        entry: Entry = {"path": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        try:
            self._disk.put(path, data)
        except MemoryError:  # a file no manifest names would damage the answer that tells of the failure
            self._disk.remove(path)
            raise
        self._files.append(entry)
        if name in (CURVE, TRADES):
            self.tables[name] = data

    def open_log(self, name: str) -> int:
        """A descriptor for what the run prints; `adopt` enters the file when it is complete."""
        return self._disk.append_handle(f"{self.folder}/{name}")

    def adopt(self, name: str) -> None:
        """Enter a file that was written through `open_log`, as a copy: whoever still holds it open cannot change the answer."""
        path = f"{self.folder}/{name}"
        data = self._disk.read(path, MOST_WORDS + 1).data
        self._disk.remove(path)
        self.write(name, data if len(data) <= MOST_WORDS else data[:MOST_WORDS] + _CUT)

    def seal(self, facts: Mapping[str, Any], still_ours: Callable[[], bool]) -> bool:
        """Make this the answer. False, and the draft is gone, if the id is answered already or is no longer ours to answer."""
        self._finish(facts)
        # RACE: the check stands between the last flush and the rename. A worker that slept here and lost its claim
        # meanwhile must not bring out a second answer after the first one was archived.
        if not still_ours():
            self.drop()
            return False
        return self._bring_out()

    def drop(self) -> None:
        """Remove the draft; somebody else may have done so already."""
        self._disk.remove_tree(self.folder)

    def _make_folder(self) -> None:
        try:
            self._disk.make_folder(self.folder)
        except FileExistsError:  # the same run began to write its answer before, and what it left could not be removed
            self.folder += f"-{os.urandom(4).hex()}"
            self._disk.make_folder(self.folder)

    def _finish(self, facts: Mapping[str, Any]) -> None:
        manifest = {**facts, "request_id": self.request_id, "run_id": self.run_id, "files": self._files}
        self._disk.put(f"{self.folder}/{MANIFEST}", written(manifest))
        if self._disk.durable:
            names = [*(entry["path"] for entry in self._files), MANIFEST]
            self._disk.flush_all([f"{self.folder}/{name}" for name in names], [self.folder])

    def _bring_out(self) -> bool:
        target = f"{self._outbox.done}/{self.request_id}"
        sealed = self._rename_to(target)
        if not sealed and self._is_strangers(target):
            self._disk.ensure_folder(self._outbox.aside)
            sealed = self._put_stranger_aside(target) and self._rename_to(target)
        if sealed:
            self._disk.flush_folder(self._outbox.done)
        else:
            self.drop()
        return sealed

    def _is_strangers(self, target: str) -> bool:
        """Somebody's folder without a manifest is no answer: out of the way with it, nothing of it is lost."""
        if self._disk.exists(f"{target}/{MANIFEST}") or not self._disk.exists(target):
            return False
        return MANIFEST not in self._disk.names(target)  # a share may be slow to say that a file is there, not to list it

    def _rename_to(self, target: str) -> bool:
        try:
            return self._disk.move_folder(self.folder, target)
        except FileNotFoundError:
            return False

    def _put_stranger_aside(self, target: str) -> bool:
        place = self._outbox.aside / f"{self.request_id}.{self.run_id}"
        self._disk.move(target, place)
        # RACE: somebody else may have done the same and sealed meanwhile: then it was an answer that we moved.
        if self._disk.exists(place / MANIFEST):
            self._disk.move_folder(place, target)
            return False
        return True
