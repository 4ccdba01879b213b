"""Which answers were published and which refused: a file for each, and the index that is made from them.

It exists so that `ls` tells whether an answer was published, and so that a torn or missing index costs nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Set

from nas.run_status import RUN_STATUS
from shared.completion import INDEX
from shared.disk import Disk
from shared.document import written
from shared.kept import kept
from shared.strangers import is_systems_own

SCHEMA = "relay.index/1"
LONGEST = 120  # bytes: an id has 80, and the sign of a conflict; longer names of marks some file systems take not
Entry = Dict[str, Any]
_UNLISTED, _TOO_LONG = "unlisted", "~too-long"


class Marks(NamedTuple):
    """The two folders of marks, and the index."""

    files: Disk
    published: Path
    refused: Path
    listing: Path  # index.json


def open_marks(reports: Path, files: Disk) -> Marks:
    """Those of that reports folder; nothing is made yet."""
    return Marks(files, reports / "published", reports / "refused", reports / INDEX)


def make_marks(marks: Marks) -> None:
    """Their folders where they are missing; what a killed publish had not renamed goes."""
    for folder in (marks.published, marks.refused):
        marks.files.ensure_folder(folder)
        _drop_drafts(marks, folder, ".")
    for name in (marks.listing.name, RUN_STATUS):
        _drop_drafts(marks, marks.listing.parent, f".{name}.")


def published_ids(marks: Marks) -> Set[str]:
    """The ids that were published: a look at names, no file is opened."""
    return {name for name in marks.files.names(marks.published) if not is_systems_own(name)}


def mark(marks: Marks, entry: Entry) -> None:
    """From now on that answer was published, also after a power cut; a refusal of it is over."""
    marks.files.publish(marks.published / str(entry["request_id"]), written(entry), replacing=True)
    forgive(marks, str(entry["request_id"]))


def unlisted(request_id: str) -> Entry:
    """The mark of an answer that is news to nobody: the index never names it."""
    return {"request_id": request_id, _UNLISTED: True}


def is_listed(entry: Entry) -> bool:
    """Whether the index names that answer."""
    return not entry.get(_UNLISTED)


def refuse(marks: Marks, entry: Entry) -> None:
    """Remember why it was refused, and as what it was seen: unchanged, it is not told again."""
    marks.files.publish(_refusal(marks, str(entry["request_id"])), written(entry), replacing=True)


def forgive(marks: Marks, request_id: str) -> None:
    """No refusal of that id any more."""
    marks.files.remove(_refusal(marks, request_id))


def refusals(marks: Marks) -> Dict[str, Entry]:
    """What was refused and is remembered, by id."""
    names = sorted(name for name in marks.files.names(marks.refused) if not is_systems_own(name))
    found = {name: _read(marks, marks.refused / name, name) for name in names}
    return {_whose(marks, name, entry): entry for name, entry in found.items()}


def entries(marks: Marks) -> List[Entry]:
    """Of every published answer what its mark says, the newest first; the index is asked first, for marks are many."""
    known, ids = _indexed(marks), published_ids(marks)
    found = [known[name] if name in known else _read(marks, marks.published / name, name) for name in ids]
    return sorted(filter(is_listed, found), key=_newest_first, reverse=True)


def write_index(marks: Marks, published: List[Entry], refused: Mapping[str, Entry]) -> bool:
    """Make it say that; False where it does already, and nobody sees it change."""
    newest_first = sorted(published, key=_newest_first, reverse=True)
    data = written({"schema": SCHEMA, "published": newest_first, "refused": refusals_listed(refused)})
    with contextlib.suppress(OSError):
        if marks.files.read(marks.listing).data == data:
            return False
    marks.files.publish(marks.listing, data, replacing=True)
    return True


def refusals_listed(refused: Mapping[str, Entry]) -> List[Entry]:
    """What others read of the refusals."""
    return [{name: one.get(name) for name in ("request_id", "code", "what", "why", "fix", "since")} for one in refused.values()]


def kinds_of(refused: Iterable[Entry]) -> Dict[str, int]:
    """For what they are refused, and how many for each: `synthetic`, `damaged`."""
    return dict(sorted(Counter(str(one.get("code")).split("-")[-1].lower() for one in refused).items()))


def kinds_listed(marks: Marks) -> Dict[str, int]:
    """The same as the index has it, which is one file; empty where there is none."""
    listed = kept(marks.files, marks.listing).get("refused")
    return kinds_of(one for one in listed if isinstance(one, dict)) if isinstance(listed, list) else {}


def kinds_in_words(kinds: Mapping[str, int]) -> str:
    """`2 (synthetic)`, `3 (1 damaged, 2 synthetic)`, or `0`."""
    if len(kinds) < 2:
        return "".join(f"{count} ({kind})" for kind, count in kinds.items()) or "0"
    return f"{sum(kinds.values())} ({', '.join(f'{count} {kind}' for kind, count in kinds.items())})"


def _refusal(marks: Marks, request_id: str) -> Path:
    """Where that refusal is kept: of a folder whose name is longer than any id under a sign of it."""
    data = request_id.encode("utf-8", "surrogateescape")
    return marks.refused / (request_id if len(data) <= LONGEST else f"{hashlib.sha256(data).hexdigest()[:32]}{_TOO_LONG}")


def _whose(marks: Marks, name: str, entry: Entry) -> str:
    """Of which answer the refusal in that file is: its own name tells, but for one that is too long."""
    said = entry.get("request_id")
    return said if isinstance(said, str) and _refusal(marks, said).name == name else name


def _newest_first(entry: Entry) -> "tuple[str, str]":
    return str(entry.get("finished") or ""), str(entry.get("request_id"))  # all Korean time: the text sorts as the time


def _indexed(marks: Marks) -> Dict[str, Entry]:
    """By id; empty where the index is missing, torn or somebody else's."""
    try:
        listed = json.loads(marks.files.read(marks.listing).data)["published"]
        return {one["request_id"]: one for one in listed if isinstance(one, dict)}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}


def _read(marks: Marks, path: Path, request_id: str) -> Entry:
    """One whose content cannot be read is a mark all the same: what matters is its name."""
    with contextlib.suppress(OSError):
        return kept(marks.files, path) or {"request_id": request_id}
    return {"request_id": request_id}


def _drop_drafts(marks: Marks, folder: Path, beginning: str) -> None:
    for name in marks.files.names(folder):
        if name.startswith(beginning) and name.endswith(".tmp"):
            marks.files.remove(folder / name)
