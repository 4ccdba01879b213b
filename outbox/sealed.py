"""The sealed answers: whether an id is answered, by what, and what its manifest says.

It exists because `done/<id>` first, then the tombstone, is the one order in which that question may be asked.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional

from shared.disk import Disk
from shared.errors import AnswerDamaged, RequestNotFound
from shared.outcome import STATUSES
from shared.strangers import is_systems_own

MANIFEST, REQUEST, REPORT = "manifest.json", "request.json", "report.txt"
CURVE, TRADES = "equity_curve.csv", "trades.csv"
PICTURE = "equity_curve.png"
PICTURES = (PICTURE, "drawdown.png", "cumulative_return.png", "price_fills.png", "trade_pnl.png")
NOT_A_FILE = (errno.EISDIR, errno.ELOOP)
LONGEST_MANIFEST = 16 << 20  # one of 2500 symbols has not a tenth of it
_OBJECTS = ("metrics", "data", "error", "timings")


class Outbox(NamedTuple):
    """The folders of the answers."""

    disk: Disk
    building: Path
    done: Path
    answered: Path
    aside: Path
    known: Path
    questions: Path


class Answer(NamedTuple):
    """What is known of an id's one answer without opening its results."""

    request_id: str
    status: str
    digest: str
    run_id: str = ""


def open_outbox(root: Path, disk: Disk) -> Outbox:
    """The outbox under `root`; nothing is made yet."""
    return Outbox(disk, *(root / name for name in ("building", "done", "answered", "aside", "known", "questions")))


def make_outbox(outbox: Outbox) -> None:
    """Make its folders where they are missing, and the one around them."""
    outbox.disk.ensure_folder(outbox.done.parent)
    mend_outbox(outbox)


def mend_outbox(outbox: Outbox) -> None:
    """The same within a reports folder that is there; see the inbox's."""
    for folder in (outbox.building, outbox.done, outbox.answered):
        outbox.disk.add_folder(folder)


def folders_of(outbox: Outbox) -> List[Path]:
    """Those that are made at once; the others are made when first needed."""
    return [outbox.building, outbox.done, outbox.answered]


def is_answered(outbox: Outbox, request_id: str) -> bool:
    """Whether the one answer exists: sealed in done, else as a tombstone. Always asked in this order."""
    exists = outbox.disk.exists
    # RACE: archiving writes the tombstone first and moves the answer away after. Asking for the tombstone first could
    # miss it, and then miss the answer just moved: an answered request would run again.
    return exists(f"{outbox.done}/{request_id}/{MANIFEST}") or exists(_tombstone(outbox, request_id))


def answer_of(outbox: Outbox, request_id: str) -> Optional[Answer]:
    """The id's one answer, or None."""
    for path in (Path(f"{outbox.done}/{request_id}/{MANIFEST}"), tombstone(outbox, request_id)):
        answer = _said_by(outbox, path, request_id)
        if answer:
            return answer
    return None


def run_of_answer(outbox: Outbox, request_id: str) -> Optional[str]:
    """Whose run the id's answer is, for a line of the log, which is in nobody's way: None where that cannot be told."""
    run: Any = None
    with contextlib.suppress(OSError):
        answer = answer_of(outbox, request_id)
        run = answer.run_id if answer else None
    return run if run and isinstance(run, str) else None


def _said_by(outbox: Outbox, path: Path, request_id: str) -> Optional[Answer]:
    """What a manifest or a tombstone says. A damaged one is still an answer: it is never answered again."""
    try:
        facts = json.loads(outbox.disk.read(path, LONGEST_MANIFEST).data)
        return Answer(request_id, facts["status"], facts["request_sha256"], facts.get("run_id", ""))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, KeyError, TypeError, RecursionError):
        return Answer(request_id, "DAMAGED", "")
    except OSError as error:
        if error.errno not in NOT_A_FILE:
            raise
        return Answer(request_id, "DAMAGED", "")


def tombstone(outbox: Outbox, request_id: str) -> Path:
    """Where the id's tombstone lies: 256 folders, so that none grows large."""
    return Path(_tombstone(outbox, request_id))


def manifest_of(outbox: Outbox, request_id: str) -> Dict[str, Any]:
    """The manifest of a sealed answer; raises RequestNotFound or AnswerDamaged."""
    return manifest_in(outbox, outbox.done / request_id)


def manifest_in(outbox: Outbox, folder: Path) -> Dict[str, Any]:
    """The same of an answer's folder, wherever it lies."""
    path = folder / MANIFEST
    try:
        data = outbox.disk.read(path, LONGEST_MANIFEST + 1).data
        if len(data) > LONGEST_MANIFEST:
            raise damaged(f"reading {path}", f"no manifest has more than {LONGEST_MANIFEST >> 20} MB")
        manifest = json.loads(data)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise RequestNotFound(f"looking for the answer to {folder.name!r}", f"there is no {path}") from error
    except (ValueError, RecursionError) as error:
        raise damaged(f"reading {path}", "it is not JSON") from error
    except OSError as error:
        if error.errno not in NOT_A_FILE:
            raise
        raise damaged(f"reading {path}", "it is a folder or a link, not a file") from error
    if not isinstance(manifest, dict):
        raise damaged(f"reading {path}", f"found {type(manifest).__name__}, not an object")
    _refuse_odd(path, manifest)
    return manifest


def _refuse_odd(path: Path, manifest: Dict[str, Any]) -> None:
    """Everybody who shows an answer relies on these shapes."""
    odd = [name for name in _OBJECTS if not isinstance(manifest.get(name, {}), dict)]
    odd += [name for name in ("degraded", "files") if not isinstance(manifest.get(name, []), list)]
    odd += [] if manifest.get("status") in STATUSES else ["status"]
    if not odd:
        figures, said = manifest.get("metrics", {}), manifest.get("error", {})
        odd += [name for name in ("CAGR", "CAGR_like", "MDD") if not _is_figure(figures.get(name))]
        odd += [name for name in ("what", "why") if not isinstance(said.get(name, ""), str)]
        odd += [] if all(isinstance(one, str) for one in manifest.get("degraded", [])) else ["degraded"]
    if odd:
        found = ", ".join(f"{name}={manifest.get(name)!r}"[:80] for name in odd)
        raise damaged(f"reading {path}", f"no manifest says {found}")


def _is_figure(value: object) -> bool:
    """A number a person can be shown, or null; JSON as Python reads it also knows NaN and Infinity."""
    return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e300)


def damaged(doing: str, found: str) -> AnswerDamaged:
    """What is told of an answer that is not as it was sealed, or was never one."""
    return AnswerDamaged(doing, found, "restore the folder from a backup, or `retry` the request")


def request_in(outbox: Outbox, folder: Path) -> bytes:
    """The request as it was answered, in an answer's folder."""
    return outbox.disk.read(folder / REQUEST).data


def report_in(outbox: Outbox, folder: Path) -> str:
    """The report people read, in an answer's folder."""
    return outbox.disk.read(folder / REPORT).data.decode("utf-8", "replace")


def make_lasting(outbox: Outbox, request_id: str) -> None:
    """After this an ANSWERED id stays so through a power cut, also where whoever answered it died before seeing to that."""
    outbox.disk.flush_folder(outbox.done)
    stone = tombstone(outbox, request_id)
    if outbox.disk.exists(stone):
        outbox.disk.flush_folder(stone.parent)
        outbox.disk.flush_folder(outbox.answered)


def sealed_at(outbox: Outbox, request_id: str) -> float:
    """The file server's time at which it was sealed."""
    return outbox.disk.mtime(f"{outbox.done}/{request_id}/{MANIFEST}")


def times_of(outbox: Outbox, request_id: str) -> str:
    """What tells cheaply whether anything of that answer was brought again since: its names, their sizes and times."""
    folder = outbox.done / request_id
    paths = [folder, *(folder / name for name in sorted(outbox.disk.names(folder)))]
    # A restored file has its old date again (`cp -a`), but not its old time of change. No inode: some shares make them up anew.
    seen = ((path.name, outbox.disk.status(path)) for path in paths)
    told = "\n".join(f"{name} {one.st_size} {one.st_mtime_ns} {one.st_ctime_ns}" for name, one in seen)
    return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def answers(outbox: Outbox) -> List[str]:
    """The ids in done, unsorted; dot-folders are somebody's work in progress."""
    return [name for name in outbox.disk.names(outbox.done) if not is_systems_own(name)]


def newest_answers(outbox: Outbox, most: int) -> List[str]:
    """The ids answered last, newest first, by the file server's time of their manifest."""
    times = []
    for request_id in answers(outbox):
        with contextlib.suppress(OSError):
            times.append((sealed_at(outbox, request_id), request_id))
    return [request_id for _, request_id in sorted(times, reverse=True)[:most]]


def is_link(outbox: Outbox, request_id: str) -> bool:
    """Whether an answer is only seen through what lies in its place: no carrier follows that."""
    return not outbox.disk.is_folder(outbox.done / request_id) and outbox.disk.exists(outbox.done / request_id / MANIFEST)


def _tombstone(outbox: Outbox, request_id: str) -> str:
    shelf = hashlib.sha256(request_id.encode("utf-8", "surrogateescape")).hexdigest()[:2]  # a name need not be UTF-8
    return f"{outbox.answered}/{shelf}/{request_id}"
