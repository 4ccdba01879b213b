"""Small facts kept on disk from one sending to the next, each replaced whole.

It exists so that a kill at any moment leaves the old fact or the new one, never half of one.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List

from shared.disk import Disk
from shared.document import written

Facts = Dict[str, Any]


def kept(disk: Disk, folder: Path, name: str) -> Facts:
    """The fact of that name; empty where there is none, and where what is there is none of ours."""
    try:
        facts = json.loads(disk.read(folder / f"{name}.json").data)
    except (ValueError, FileNotFoundError):
        return {}
    return facts if isinstance(facts, dict) else {}


def names_kept(disk: Disk, folder: Path) -> List[str]:
    """The names of all facts in the folder."""
    return sorted(file[:-5] for file in disk.names(folder) if file.endswith(".json") and file[0] != ".")


def keep(disk: Disk, folder: Path, name: str, facts: Facts) -> None:
    """From now on that is so."""
    disk.ensure_folder(folder)
    disk.publish(folder / f"{name}.json", written(facts), replacing=True)


def forget(disk: Disk, folder: Path, name: str) -> None:
    """Nothing is known under that name any more, and no power cut brings it back."""
    disk.remove(folder / f"{name}.json")
    disk.flush_folder(folder)
