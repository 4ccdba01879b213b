"""Where people find results: one folder per answer under `backtests`, and the newest of each strategy under `latest`.

It exists so that the old readers find what they know, whole at every moment, and never an older result for a newer one.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Dict, Iterator, Mapping, NamedTuple, Optional, Tuple

from outbox import PICTURES
from shared import clock
from shared.disk import Disk
from shared.kept import kept

SHELVED = ("daily_returns.csv", "equity_curve.csv", *PICTURES, "metrics.json", "report.txt", "trades.csv")
MANIFEST = "manifest.json"
_HALF, _NEW, _OLD = ".publish-", ".new", ".old"
_ASTRAY = timedelta(hours=1)  # more than clocks that somebody looks after differ
_PLAIN = re.compile(r"[A-Za-z0-9가-힣][\w가-힣.-]{0,59}(?<!\.)")


Order = Tuple[datetime, str]


class Shelves(NamedTuple):
    """The two folders."""

    files: Disk
    backtests: Path
    latest: Path


class Edition(NamedTuple):
    """An answer as it is shown: whose, which, when it was finished and published, its figures, its files but the manifest."""

    request_id: str
    run_id: str
    strategy: str
    finished: datetime
    published: datetime
    figures: Mapping[str, Any]
    files: Dict[str, bytes]

    @property
    def order(self) -> Order:
        """Which of two is the newer."""
        return _placed(self.finished, self.published), self.request_id


def tidy(shelves: Shelves) -> None:
    """End what a publish that was killed had begun: nothing of it is half, and nothing that was shown is missing."""
    files = shelves.files
    for name in [name for name in files.names(shelves.backtests) if name.startswith(_HALF)]:
        files.remove_tree(shelves.backtests / name)
    for name in [name for name in files.names(shelves.latest) if name.startswith(".")]:
        if name.endswith(_OLD) and not files.exists(shelves.latest / name[1 : -len(_OLD)]):
            files.move_folder(shelves.latest / name, shelves.latest / name[1 : -len(_OLD)])
        elif name.endswith((_OLD, _NEW)):
            files.remove_tree(shelves.latest / name)


def shelf_for(shelves: Shelves, edition: Edition) -> Path:
    """Its folder under backtests: the one it has, or the first free one of the names it may have."""
    for folder in _folders(shelves, edition):
        if not shelves.files.exists(folder) or _owner(shelves, folder) == (edition.request_id, edition.run_id):
            return folder
    raise FileExistsError(f"every name {_name(edition)} may have under {shelves.backtests} is taken")


def shelve(shelves: Shelves, edition: Edition, shelf: Path) -> None:
    """Put it there, whole when it appears; it may be there already. Nothing of anybody else's is ever replaced."""
    if shelves.files.exists(shelf):
        return
    half = shelves.backtests / f"{_HALF}{_sign(edition.request_id)}"
    _fill(shelves, half, edition, shelf)
    if not shelves.files.move_folder(half, shelf):
        raise FileExistsError(f"somebody else made {shelf} meanwhile")
    shelves.files.flush_folder(shelves.backtests)


def show_latest(shelves: Shelves, edition: Edition, shelf: Path) -> bool:
    """Make it the one under latest; False, and nothing changes, where a newer one, or itself, is there."""
    files, name = shelves.files, safe_name(edition.strategy)
    home = shelves.latest / name
    new, old = shelves.latest / f".{name}{_NEW}", shelves.latest / f".{name}{_OLD}"
    shown = _order_of(shelves, home)
    if shown is not None and shown >= edition.order:
        return False
    _fill(shelves, new, edition, shelf)
    # RACE: no system renames a full folder over another. Between the two moves nothing is there, which a reader may see;
    # a mix of two results nobody ever sees. Killed in between, `tidy` brings the old one back.
    if files.exists(home):
        files.move_folder(home, old)
    files.move_folder(new, home)
    files.flush_folder(shelves.latest)
    files.remove_tree(old)
    return True


def safe_name(strategy: str) -> str:
    """The strategy's name where it can be a folder's on every system; a manifest of somebody else's may hold anything."""
    if _PLAIN.fullmatch(strategy):
        return strategy
    from inbox import safe_id

    return safe_id(strategy)


def _folders(shelves: Shelves, edition: Edition) -> Iterator[Path]:
    """As the old readers know it; for a second answer of that strategy in the same second with a sign of its id."""
    name, sign = _name(edition), _sign(edition.request_id)
    yield from (shelves.backtests / f"{name}{suffix}" for suffix in ("", f"_{sign[:6]}", f"_{sign}"))


def _name(edition: Edition) -> str:
    return f"{edition.finished.astimezone(clock.KST):%Y%m%d_%H%M%S}_{safe_name(edition.strategy)}"


def _fill(shelves: Shelves, half: Path, edition: Edition, shelf: Path) -> None:
    """Under a name that nobody reads. Copies, not links: who edits a result that is shown must not damage the answer."""
    files = shelves.files
    files.remove_tree(half)
    files.make_folder(half)
    contents = {**edition.files, MANIFEST: _manifest(edition, shelf)}
    for name, data in contents.items():
        files.put(half / name, data)
    files.flush_all([half / name for name in contents], [half])


def _manifest(edition: Edition, shelf: Path) -> bytes:
    """As the old readers know it, and whose it is."""
    hashed = [name for name in ("metrics.json", "equity_curve.csv") if name in edition.files]
    document = {
        "run_dir": str(shelf),
        "strategy": edition.strategy,
        "period": edition.figures.get("period"),
        "hashes": {name: hashlib.sha256(edition.files[name]).hexdigest() for name in hashed},
        "metrics": {name: edition.figures.get(name) for name in ("Final_Return", "CAGR_like", "MDD")},
        "generated_at": f"{edition.finished.astimezone(clock.KST):%Y-%m-%dT%H:%M:%S}",
        "request_id": edition.request_id,
        "run_id": edition.run_id,
        "finished": clock.iso(edition.finished),
        "published": clock.iso(edition.published),
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def _owner(shelves: Shelves, folder: Path) -> Tuple[object, object]:
    document = kept(shelves.files, folder / MANIFEST)  # nothing where a person put a folder there
    return document.get("request_id"), document.get("run_id")


def _order_of(shelves: Shelves, folder: Path) -> Optional[Order]:
    document = kept(shelves.files, folder / MANIFEST)
    finished, published = (clock.moment_in(document.get(name)) for name in ("finished", "published"))
    return (_placed(finished, published or finished), str(document.get("request_id"))) if finished else None


def _placed(finished: datetime, published: datetime) -> datetime:
    """By the answers' own times, not by when they came; but a clock that was a year ahead hides no newer one for a year."""
    return published if finished - published > _ASTRAY else finished


def _sign(request_id: str) -> str:
    return hashlib.sha256(request_id.encode("utf-8", "surrogateescape")).hexdigest()[:16]
