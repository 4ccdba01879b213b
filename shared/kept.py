"""Small facts on disk: one JSON object in a file, each time replaced whole.

It exists so that a kill at any moment leaves the old fact or the new one, never half of one, and a torn one costs nothing.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Dict, List, Mapping, Type, TypeVar

from shared import clock
from shared.disk import NO_FILE, Disk
from shared.document import written

Facts = Dict[str, Any]
Note = TypeVar("Note", bound=tuple)  # type: ignore[type-arg]  # a NamedTuple of texts, numbers and moments, each with a default
_LARGEST = 1 << 20


def kept(disk: Disk, path: Path) -> Facts:
    """The fact there; empty where there is none, and where what is there is none of ours."""
    try:
        return facts_in(disk.read(path, _LARGEST).data)
    except OSError as error:
        if error.errno not in NO_FILE:
            raise
        return {}


def facts_in(data: bytes) -> Facts:
    """What these bytes say; empty where they are torn, or say anything but an object."""
    try:
        facts = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}


def note_in(kind: Type[Note], facts: Facts) -> Note:
    """The facts as that kind of note; a default of None is a moment's, and what is of another kind than its default is left."""
    defaults: Facts = kind._field_defaults  # type: ignore[attr-defined]
    moments = {name: clock.moment_in(facts.get(name)) for name, default in defaults.items() if default is None}
    others = {name: facts[name] for name, default in defaults.items() if _is_alike(facts.get(name), default)}
    return kind(**moments, **others)


def facts_of(note: Note) -> Facts:
    """And back: what `note_in` reads."""
    facts: Facts = note._asdict()  # type: ignore[attr-defined]
    return {name: clock.iso(fact) if isinstance(fact, datetime) else fact for name, fact in facts.items()}


def all_kept(disk: Disk, folder: Path) -> List[Path]:
    """Where every fact of that folder lies."""
    return [folder / name for name in sorted(disk.names(folder)) if name.endswith(".json") and name[0] != "."]


def keep(disk: Disk, path: Path, facts: Mapping[str, Any]) -> None:
    """From now on that is so, also after a power cut. What is so already is not written again."""
    data = written(facts)
    if _says(disk, path, data):
        disk.flush_folder(path.parent)  # it may be of somebody who died before seeing to that
        return
    disk.ensure_folder(path.parent)
    disk.publish(path, data, replacing=True)


def forget(disk: Disk, path: Path) -> None:
    """Nothing is known there any more, and no power cut brings it back."""
    disk.remove(path)
    disk.flush_folder(path.parent)


def _is_alike(fact: object, default: object) -> bool:
    return isinstance(fact, (int, float) if isinstance(default, float) else type(default)) and default is not None


def _says(disk: Disk, path: Path, data: bytes) -> bool:
    try:
        return disk.read(path, len(data) + 1).data == data
    except OSError:
        return False
