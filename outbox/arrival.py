"""Answers that come from another machine: believed once every byte agrees, and only then shown, by one rename.

It exists because a transfer may be cut anywhere, and a disk or a wire may flip a bit that no transfer program sees.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Callable, Dict, Iterable, List, NamedTuple, Sequence, Set

from outbox.left_out import LEFT_OUT
from outbox.moving import take_out
from outbox.sealed import MANIFEST, Outbox, answers, is_answered, manifest_of, named_files, open_outbox, verify
from shared.document import written
from shared.errors import AnswerDamaged, RequestNotFound
from shared.small_text import is_text
from shared.strangers import is_systems_own

_REFUSED, _WHY, _AGAIN = ".refused", "WHY.txt", "again"


class Arrivals(NamedTuple):
    """What became of answers that lay in an arrivals folder."""

    shown: List[str]  # new in done
    known: List[str]  # answered here already: the copy went
    half: List[str]  # files are missing
    damaged: Dict[str, str]  # why each is not believed
    lacking: Dict[str, List[str]]  # of those shown: tables the carrier does not take, being too large


def arrived(outbox: Outbox, arriving: Path) -> List[str]:
    """The ids of the answers in that folder."""
    return sorted(answers(open_outbox(arriving, outbox.disk)))


def admit(outbox: Outbox, arriving: Path, ids: Sequence[str], carries: Callable[[str, int], bool]) -> Arrivals:
    """Show every answer that is whole; the others stay where they are, with the reason told."""
    there, found, whole = open_outbox(arriving, outbox.disk), Arrivals([], [], [], {}, {}), []
    found.known.extend(one for one in ids if is_answered(outbox, one))
    for request_id in found.known:
        drop_arrival(outbox, arriving, request_id)
    for request_id in set(ids) - set(found.known):
        try:
            lacking = _believe(there, request_id, carries)
            found.lacking.update({request_id: lacking} if lacking else {})
            whole.append(request_id)
        except RequestNotFound:
            found.half.append(request_id)
        except AnswerDamaged as doubt:
            found.damaged[request_id] = str(doubt)
    _flush(there, whole)
    found.shown.extend(_show(there, outbox, whole))
    return found


def refuse(outbox: Outbox, arriving: Path, request_id: str, why: str) -> Path:
    """Set what cannot be believed aside, the reason in it; until somebody removes that, it is not fetched again."""
    there = open_outbox(arriving, outbox.disk)
    place = outbox.aside / f"{request_id}{_REFUSED}"
    outbox.disk.ensure_folder(outbox.aside)
    outbox.disk.remove_tree(place)
    note = there.done / request_id / _WHY
    outbox.disk.remove(note)
    outbox.disk.put(note, f"{why}\nremove this folder, and it is fetched again\n".encode())
    outbox.disk.move_folder(there.done / request_id, place)
    return place


def refused(outbox: Outbox) -> Set[str]:
    """The ids whose answers came damaged, and were set aside."""
    return refused_in(outbox.disk.names(outbox.aside))


def refused_in(names: Iterable[str]) -> Set[str]:
    """The same from what lies in a folder of files set aside."""
    return {name[: -len(_REFUSED)] for name in names if name.endswith(_REFUSED)}


def is_doubted_again(outbox: Outbox, arriving: Path, request_id: str) -> bool:
    """Whether this is the second damaged copy the other side brought; the first one went, so that it brings another."""
    mark = arriving / _AGAIN / request_id
    if outbox.disk.exists(mark):
        outbox.disk.remove(mark)
        return True
    outbox.disk.ensure_folder(mark.parent)
    outbox.disk.put(mark, b"")
    drop_arrival(outbox, arriving, request_id)
    return False


def drop_arrival(outbox: Outbox, arriving: Path, request_id: str) -> None:
    """Away with what came, to be fetched again: a transfer program would take a file of the right size and date for good."""
    outbox.disk.remove_tree(arriving / "done" / request_id)


def _believe(there: Outbox, request_id: str, carries: Callable[[str, int], bool]) -> List[str]:
    """RequestNotFound while something of it has not come; AnswerDamaged where something came wrong. The tables left behind."""
    manifest, folder = manifest_of(there, request_id), there.done / request_id
    named, here = named_files(folder, manifest), set(there.disk.names(folder))
    absent = sorted(set(named) - here)
    missing = [name for name in absent if carries(name, named[name]["bytes"])]
    if missing:
        raise RequestNotFound(f"verifying {folder}", f"not there yet: {', '.join(missing)}", "the next sync fetches it")
    if absent and LEFT_OUT not in here:
        there.disk.publish(folder / LEFT_OUT, written({"files": absent, "why": "the carrier does not take them"}))
    if manifest.get("request_id") != request_id:
        found = f"its manifest is that of {str(manifest.get('request_id'))[:100]!r}"
        raise AnswerDamaged(f"verifying {folder}", found, "somebody renamed it: give it its name again")
    verify(there, request_id)
    return [name for name in absent if is_text(name)]


def _flush(there: Outbox, ids: Sequence[str]) -> None:
    """Before anything of it counts, all of it survives a power cut."""
    folders = [f"{there.done}/{request_id}" for request_id in ids]
    lying = [(folder, name) for folder in folders for name in there.disk.names(folder)]
    for folder, name in lying:
        if name.startswith("."):  # a killed transfer's
            there.disk.remove(f"{folder}/{name}")
    there.disk.flush_all([f"{folder}/{name}" for folder, name in lying if not is_systems_own(name)], folders)


def _show(there: Outbox, outbox: Outbox, ids: Sequence[str]) -> List[str]:
    shown = [one for one in ids if take_out(there, one, outbox.done / one) or _in_place_of_a_stranger(there, outbox, one)]
    if shown:
        outbox.disk.flush_folder(outbox.done)
    return shown


def _in_place_of_a_stranger(there: Outbox, outbox: Outbox, request_id: str) -> bool:
    """Somebody's folder without a manifest is no answer: out of the way with it, nothing of it is lost."""
    if is_answered(outbox, request_id) or MANIFEST in outbox.disk.names(outbox.done / request_id):
        return False
    outbox.disk.ensure_folder(outbox.aside)
    outbox.disk.move(outbox.done / request_id, outbox.aside / f"{request_id}.{os.urandom(4).hex()}")
    return take_out(there, request_id, outbox.done / request_id)
