"""The story of a publish: what waits for it, what it does, and what must be there when it was done to the end.

It exists so that publishing is killed and failed at every file operation as the queue is.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List

from nas.press import Press, open_press
from nas.publish import publish_answers
from nas.shelves import SHELVED
from shared.events import Log
from shared.notices import open_post
from tests.harness.answers import GOOD, files_of_good, on_day, seal, seal_bad

if TYPE_CHECKING:
    from tests.faults.scenarios import Place

_SHELVES = {"20261117_181203_krx_ma200": "before", "20261118_181203_krx_ma200": "good"}
_PUBLISHED = {"before", "good", "bad"}


def to_publish(place: Place) -> Dict[str, str]:
    """One is published; one newer of its strategy waits, a failure, and one nobody may see."""
    seal(place.road, "before", finished=on_day(17))
    publish_all(place, _plain())
    seal(place.road, "good", finished=on_day(18))
    seal_bad(place.road, "bad", finished=on_day(19))
    seal(place.road, "made-up", data={**GOOD["data"], "synthetic": True})
    return {"before": "SUCCEEDED", "good": "SUCCEEDED", "bad": "FAILED", "made-up": "SUCCEEDED"}


def publish_all(place: Place, calls: Any) -> None:
    """One call of it, over these file operations; what it tells lies in the reports folder, where it is looked at."""
    publish_answers(_press(place, calls))


def publish_to_the_end(place: Place, calls: Any) -> None:
    """What cron does a minute later; nothing may be missing, half, or there twice."""
    publish_all(place, calls)
    assert (wrong := _wrong(place)) == [], wrong


def half_shown(place: Place) -> List[str]:
    """At every moment: what is shown on a shelf is whole."""
    folders = [*place.road.root.glob("backtests/[!.]*"), *place.road.root.glob("latest/[!.]*")]
    return [f"{folder} is not whole" for folder in folders if not _is_whole(folder)]


def _press(place: Place, calls: Any) -> Press:
    disk = place.disk(calls)
    settings = place.road.settings.model_copy(update={"backtests": place.road.root / "backtests", "data": place.road.root})
    post = open_post(settings, environment={})._replace(disk=disk)
    return open_press(settings, disk, post)._replace(log=Log(quiet=True))


def _wrong(place: Place) -> List[str]:
    root = place.road.root
    found = {
        "on the shelves": ({path.name: _owner(path) for path in (root / "backtests").iterdir()}, _SHELVES),
        "the latest": ({path.name: _owner(path) for path in (root / "latest").iterdir()}, {"krx_ma200": "good"}),
        "marks": ({path.name for path in (root / "published").iterdir()}, _PUBLISHED),
        "refused": ({path.name for path in (root / "refused").iterdir()}, {"made-up"}),
        "notices": (sorted(_told(root)), sorted([*_PUBLISHED, "made-up"])),
        "index": (_listed(root), sorted(_PUBLISHED)),
        "left": ([path.name for path in root.iterdir() if path.name.startswith(".")], []),
    }
    return [f"{what}: {there}, not {wanted}" for what, (there, wanted) in found.items() if there != wanted]


def _is_whole(folder: Path) -> bool:
    wanted = {name: data for name, data in files_of_good().items() if name in SHELVED}
    there = {path.name: path.read_bytes() for path in folder.iterdir()}
    return {name: there.get(name) for name in wanted} == wanted and "manifest.json" in there and len(there) == len(wanted) + 1


def _owner(folder: Path) -> str:
    return str(json.loads((folder / "manifest.json").read_bytes())["request_id"]) if _is_whole(folder) else "half"


def _told(root: Path) -> List[str]:
    """Of which answers there is a notice, that of a refused one for the digest among them."""
    files = [json.loads(file.read_bytes())["notice"] for file in root.glob("notices/waiting/[!.]*.json")]
    return [notice["identity"].split()[0] for notice in files]


def _listed(root: Path) -> List[str]:
    return sorted(entry["request_id"] for entry in json.loads((root / "index.json").read_bytes())["published"])


def _plain() -> Any:
    from shared.calls import Calls

    return Calls
