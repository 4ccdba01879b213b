"""What goes into a backup, and what is left out and why: everything of this machine that nobody could make again.

It exists so that what is lost with a disk is decided here, once, in words, and not found out on the day after.
"""

from __future__ import annotations

import contextlib
import fnmatch
import os
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Set, Tuple

from shared.config import HOME, Settings, config_file
from shared.masking import SECRETS, holds_token, masked

LEFT_OUT: Tuple[Tuple[str, str], ...] = (
    ("reports/building/*", "answers being written: nobody may trust them"),
    ("reports/latest/*", "copies of published answers: publish makes them again"),
    ("reports/known/*", "losing it costs a run"),
    ("reports/questions/*", "made again from the answers"),
    ("reports/signs/*", "signs of life"),
    ("data/cache/*", "what providers answered: asked for again"),
    ("data/prices/synthetic/*", "made up again"),
    ("data/prices/local/shards/*", "sealed prices: fetched or carried again"),
    ("data/prices/local/index.json", "of those"),
    ("data/prices/unavailable.json", "of those"),
    ("data/locks/*", "who is at work now"),
    ("data/carriers/git-*", "a clone: made again"),
    ("configs/env*", "may hold secrets: they belong into no copy, and are issued anew"),
    ("configs/*/env*", "likewise"),
    ("configs/.env*", "likewise"),
)
ELSEWHERE: Tuple[Tuple[str, str], ...] = (
    ("archive", "archived answers never change: they are copied to the external disk on Sundays, each once"),
    ("private", "secrets belong into no copy, and are issued anew; of this folder only lists of yours go in that hold none"),
    ("settings that hold a token", "likewise: put it into a file of its own below private"),
    ("logs", "kept for 60 days, then gone; the record of notices (logs/alerts) goes in"),
    ("names with a dot first", "work in progress of somebody"),
    ("links", "what they lead to is not ours"),
)
_OF_PRIVATE = ("watchlist*.y*ml", "portfolio*.y*ml", "config*.y*ml")
_OF_SETTINGS = ("private", "configs")
_LARGEST = 1 << 20  # bytes of a file of settings
_LAST = ("manifest.json",)  # an answer moved away while it is read is none without it, and never half of one


class Piece(NamedTuple):
    """One file: its name in the archive, and where it lies; or a folder that could not be listed: `is_unread`."""

    name: str
    path: Path
    is_unread: bool = False


def roots_of(settings: Settings) -> Dict[str, Path]:
    """The folders that are walked, by their names in the archive. A request on its way from pending to done is met once more."""
    found = {"reports": settings.reports, "backtests": settings.backtests, "data": settings.data}
    found.update(configs=HOME / "configs", private=settings.private, alerts=settings.logs / "alerts")
    if settings.strategies_path:
        found["strategies"] = settings.strategies_path
    return found


def chosen(settings: Settings) -> Iterator[Piece]:
    """Every file that goes in, the requests before the answers."""
    roots = roots_of(settings)
    barred = {os.path.realpath(path) for path in [*roots.values(), settings.backups, settings.archive, settings.logs]}
    for name, root in roots.items():
        walked = _walked(name, root, barred - {os.path.realpath(root)})
        found = (piece for piece in walked if piece.is_unread or is_chosen(piece.name))
        yield from (piece for piece in found if name not in _OF_SETTINGS or not _tells_a_secret(piece.path))
    yield from (piece for piece in _own_files(settings) if not _tells_a_secret(piece.path))


def is_chosen(name: str) -> bool:
    """Whether a file of that name in the archive may go in."""
    top, _, rest = name.partition("/")
    if top == "private":
        return "/" not in rest and rest not in SECRETS and any(fnmatch.fnmatch(rest, one) for one in _OF_PRIVATE)
    return not any(fnmatch.fnmatch(name, pattern) for pattern, _ in LEFT_OUT)


def _tells_a_secret(path: Path) -> bool:
    """One of the earlier systems' settings may hold a token; what cannot be read is told where it is packed."""
    with contextlib.suppress(OSError):
        text = path.read_bytes()[:_LARGEST].decode("utf-8", "replace")
        return masked(text) != text or holds_token(text)
    return False


def _own_files(settings: Settings) -> Iterator[Piece]:
    """Files of the settings that lie outside the checkout's own folder of them."""
    named = [config_file(os.environ), settings.jobs, settings.data_sources]
    taken: Set[str] = set()
    for number, path in enumerate(one for one in named if one and one.is_file()):
        if HOME / "configs" not in path.parents:
            yield Piece(f"own/{number}/{path.name}" if path.name in taken else f"own/{path.name}", path)
            taken.add(path.name)


def _walked(name: str, root: Path, barred: "set[str]") -> Iterator[Piece]:
    """Depth first, by name; the folders of the others, and ours of backups, are met where they are meant."""
    waiting: List[Tuple[str, str]] = [(name, str(root))]
    while waiting:
        prefix, folder = waiting.pop()
        try:
            files, folders = _listed(folder)
        except OSError:
            yield Piece(prefix, Path(folder), is_unread=True)
            continue
        yield from (Piece(f"{prefix}/{one}", Path(folder, one)) for one in sorted(files, key=lambda one: (one in _LAST, one)))
        below = [(f"{prefix}/{one}", os.path.join(folder, one)) for one in sorted(folders, key=_turn, reverse=True)]
        waiting += [both for both in below if os.path.realpath(both[1]) not in barred and is_chosen(f"{both[0]}/x")]


def _turn(folder: str) -> Tuple[int, str]:
    """Whatever moves on moves to a later one: pending before running before done before answered."""
    order = ("pending", "running", "claims", "done", "answered")
    return (order.index(folder) if folder in order else len(order), folder)


def _listed(folder: str) -> "Tuple[List[str], List[str]]":
    """Files and folders in it that are neither links nor hidden; nothing of one that is gone by now."""
    entries: List["os.DirEntry[str]"] = []
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        entries = [one for one in os.scandir(folder) if _is_shown(one.name) and not one.is_symlink()]
    folders = [one.name for one in entries if one.is_dir(follow_symlinks=False)]
    return sorted({one.name for one in entries} - set(folders)), folders


def _is_shown(name: str) -> bool:
    return not name.startswith(".") and not name.endswith(".tmp")
