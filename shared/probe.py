"""A real probe of a folder: files and folders are made, moved, flushed and read back there, and nothing of it stays.

It exists because a share may say yes to everything and still lose a race, a name or a power cut: only trying tells.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
import unicodedata
from pathlib import Path
from typing import Callable, Dict, Iterable, Iterator, List, NamedTuple

from shared.disk import Disk
from shared.found import BAD, OK, WARN, Check, Found
from shared.sayings import say

_HOUR = 3600.0
_SLOW = 1000
_LONGEST = 140  # bytes: a pending name with the longest id, on its way there
_HANGUL = "삼성전자-한글.json"


class Places(NamedTuple):
    """Where the probe happens: in the reports folder, and from `pending` to `done`."""

    disk: Disk
    root: Path
    pending: Path
    done: Path


def checks(places: Places, is_durable: bool) -> Dict[str, Check]:
    """All four of this module, by name."""
    return {
        "exclusive": lambda: exclusive(places),
        "rename": lambda: rename(places),
        "flush": lambda: flush(places, is_durable),
        "names": lambda: names(places),
    }


def exclusive(places: Places) -> Found:
    """Whether of two creations of one name the second is refused, for a file and for a folder: all claims hang on it."""
    disk = places.disk
    with _own_folder(places) as own:
        disk.put(own / "one", b"1")
        disk.make_folder(own / "two")
        taken = {
            "file": _is_refused(lambda: disk.put(own / "one", b"2")),
            "folder": _is_refused(lambda: disk.make_folder(own / "two")),
        }
    for what, refused in taken.items():
        if not refused:
            return Found("exclusive", BAD, say("exclusive_bad", what=what), say("exclusive_fix"))
    return Found("exclusive", OK, say("exclusive_ok"))


def rename(places: Places) -> Found:
    """Whether a file goes from pending to done whole, and a folder never replaces another."""
    try:
        arrived = _moved(places)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        return Found("rename", BAD, say("rename_apart"), say("rename_apart_fix", root=places.root))
    if not arrived:
        return Found("rename", BAD, say("rename_lost"), say("rename_fix"))
    if not _keeps_what_is_there(places):
        return Found("rename", BAD, say("rename_replaces"), say("rename_fix"))
    return Found("rename", OK, say("rename_ok"))


def flush(places: Places, is_durable: bool) -> Found:
    """How long a file and its folder take to the platter; `is_durable`: whether the settings ask for it at all."""
    disk = places.disk
    with _own_folder(places) as own:
        began = time.monotonic()
        disk.create(own / "one", b"1" * 4096)
        disk.flush_folder(own)
        took = round((time.monotonic() - began) * 1000)
    if not is_durable:
        return Found("flush", WARN, say("flush_off"), say("flush_off_fix"))
    if took > _SLOW:
        return Found("flush", WARN, say("flush_slow", ms=took), say("flush_slow_fix"))
    return Found("flush", OK, say("flush_ok", ms=took))


def names(places: Places) -> Found:
    """Whether names come back as they were given: Hangul composed, long ones, and whether case tells two apart."""
    disk = places.disk
    with _own_folder(places) as own:
        wrong = [name[:20] for name in _names_to_try() if not _comes_back(disk, own, name)]
        case = "names_case" if not _is_refused(lambda: disk.put(own / _HANGUL.upper(), b"")) else "names_no_case"
    if wrong:
        return Found("names", BAD, say("names_bad", which=", ".join(wrong)), say("names_fix"))
    return Found("names", OK, say("names_ok", case=say(case)))


def sweep(disk: Disk, folders: Iterable[Path], now: float) -> None:
    """Remove what a killed doctor left in them an hour ago or earlier, by the file server's time."""
    found = [folder / name for folder in folders for name in disk.names(folder) if is_probe(name)]
    for path in found:
        if _age(disk, path, now) > _HOUR:
            disk.remove_tree(path)


def probe_name() -> str:
    """A name nobody else uses, that everybody ignores, and that is swept should we be killed."""
    return f".doctor-{os.urandom(4).hex()}.tmp"


def is_probe(name: str) -> bool:
    """Whether doctor made it."""
    return name.startswith(".doctor-") and name.endswith(".tmp")


@contextlib.contextmanager
def _own_folder(places: Places) -> Iterator[Path]:
    """A folder of our own under the reports folder, gone afterwards."""
    own = places.root / probe_name()
    places.disk.make_folder(own)
    try:
        yield own
    finally:
        places.disk.remove_tree(own)


def _moved(places: Places) -> bool:
    """Whether what was made in pending lies in done as it was, and no more in pending."""
    disk, source, target = places.disk, places.pending / probe_name(), places.done / probe_name()
    try:
        disk.put(source, _HANGUL.encode())
        disk.move(source, target)
        return disk.read(target).data == _HANGUL.encode() and not disk.exists(source)
    except FileNotFoundError:
        return False
    finally:
        disk.remove(source)
        disk.remove(target)


def _keeps_what_is_there(places: Places) -> bool:
    disk = places.disk
    with _own_folder(places) as own:
        for name in ("new", "old"):
            disk.make_folder(own / name)
            disk.put(own / name / "whose", name.encode())
        moved = disk.move_folder(own / "new", own / "old")
        return not moved and disk.read(own / "old" / "whose").data == b"old"


def _names_to_try() -> List[str]:
    return [_HANGUL, unicodedata.normalize("NFC", "가나다") + "~0123abcd.json", "a" * _LONGEST, "가" * (_LONGEST // 3)]


def _comes_back(disk: Disk, folder: Path, name: str) -> bool:
    """Created under that name, listed under that very name, and read by it."""
    try:
        disk.put(folder / name, name.encode())
        return name in disk.names(folder) and disk.read(folder / name).data == name.encode()
    except (OSError, UnicodeError):
        return False


def _is_refused(create: Callable[[], object]) -> bool:
    try:
        create()
    except FileExistsError:
        return True
    return False


def _age(disk: Disk, path: Path, now: float) -> float:
    try:
        return now - disk.mtime(path)
    except FileNotFoundError:
        return 0.0
