"""Where reports lie for whoever reads files: `reports/<kind>/<date>.txt` and `.json`.

It exists so that a page, a script or a person finds a day's report without Slack, and never half of one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict

from inbox import open_inbox, require_share
from nas.full_disk import on_disk
from shared.config import Settings
from shared.disk import Disk
from shared.document import written


def shelve(settings: Settings, kind: str, text: str, document: Dict[str, Any]) -> Path:
    """Both files of it, whole; ShareUnreachable where the reports folder is away or full."""
    disk, folder, day = Disk(settings.durable), settings.reports / kind, document["day"]
    with on_disk(f"writing the report into {folder}"):
        require_share(open_inbox(settings.reports, disk))
        disk.ensure_folder(folder)
        if document["stale"] and any(disk.exists(folder / f"{day}.txt{end}") for end in ("", ".gz")):  # old ones are compressed
            return folder / f"{day}.txt"  # it was made in time: what is late says no more of that day
        disk.publish(folder / f"{day}.json", written(document), replacing=True)
        disk.publish(folder / f"{day}.txt", text.encode("utf-8"), replacing=True)
    return folder / f"{day}.txt"
