"""Answers that come from another machine: believed once every byte agrees, and only then shown, by one rename.

It exists because a transfer may be cut anywhere, and a disk or a wire may flip a bit that no transfer program sees.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, List, NamedTuple, Optional, Sequence, Set

from outbox.left_out import LEFT_OUT
from outbox.moving import take_out
from outbox.sealed import MANIFEST, Outbox, answers, is_answered, manifest_of, open_outbox
from outbox.verifying import named_files, verify
from shared.document import written
from shared.errors import AnswerDamaged, RequestNotFound
from shared.own_folders import drop_link
from shared.small_text import is_text
from shared.strangers import is_systems_own

_REFUSED, _WHY, _AGAIN = ".refused", "WHY.txt", "again"
_ADVICE = """\
On the machine that sent it, restore done/{0} from a backup; or move it away, and the request runs once more.
Then remove this folder here: the next sync fetches the answer.
"""


class Arrivals(NamedTuple):
    """What became of answers that lay in an arrivals folder."""

    shown: List[str]  # new in done
    known: List[str]  # answered here already: the copy went
    half: List[str]  # files are missing
    damaged: Dict[str, str]  # why each is not believed
    lacking: Dict[str, List[str]]  # of those shown: tables the carrier does not take, being too large
    stuck: Dict[str, str]  # what the disk says of each that can be neither believed nor doubted now


class _Gate(NamedTuple):
    """What the admission of one answer needs."""

    outbox: Outbox
    there: Outbox
    carries: Callable[[str, int], bool]
    found: Arrivals


def arrived(outbox: Outbox, arriving: Path) -> List[str]:
    """The ids of the answers in that folder."""
    return sorted(answers(_room(outbox, arriving)))


def admit(outbox: Outbox, arriving: Path, ids: Sequence[str], carries: Callable[[str, int], bool]) -> Arrivals:
    """Show every answer that is whole; the others stay where they are, with the reason told. None hinders another."""
    found = Arrivals([], [], [], {}, {}, {})
    gate = _Gate(outbox, _room(outbox, arriving), carries, found)
    for request_id in sorted(set(ids)):
        try:
            _admit_one(gate, request_id)
        except RequestNotFound:
            found.half.append(request_id)
        except AnswerDamaged as doubt:
            found.damaged[request_id] = doubt.in_short  # what to do there is not what to do here
        except OSError as error:
            found.stuck[request_id] = str(error)
    if found.shown:
        outbox.disk.flush_folder(outbox.done)
    return found


def refuse(outbox: Outbox, arriving: Path, request_id: str, why: str) -> Path:
    """Set what cannot be believed aside, the reason in it; until somebody removes that, it is not fetched again."""
    disk, came = outbox.disk, _room(outbox, arriving).done / request_id
    if is_doubted(outbox, arriving, request_id):
        disk.remove_tree(_doubt_of(arriving, request_id))  # mended over there, it may be doubted once more
    place = outbox.aside / f"{request_id}{_REFUSED}"
    disk.ensure_folder(outbox.aside)
    disk.remove_tree(place)
    drop_link(disk, came)
    if disk.exists(came):
        disk.move(came, place)
    disk.ensure_folder(place)
    # Only now: whoever brought it has no way in here, and what it may have put in the note's place is set aside as well.
    disk.remove_tree(place / _WHY)
    disk.put(place / _WHY, f"{why}\n\n{_ADVICE.format(request_id)}".encode())
    return place


def refused(outbox: Outbox) -> Set[str]:
    """The ids whose answers came damaged, and were set aside."""
    return refused_in(outbox.disk.names(outbox.aside))


def why_refused(outbox: Outbox, request_id: str) -> Optional[Path]:
    """The note that tells why that id's answer was set aside; None where none was."""
    place = outbox.aside / f"{request_id}{_REFUSED}"
    return place / _WHY if outbox.disk.exists(place) else None


def refused_in(names: Iterable[str]) -> Set[str]:
    """The same from what lies in a folder of files set aside."""
    return {name[: -len(_REFUSED)] for name in names if name.endswith(_REFUSED)}


def is_doubted(outbox: Outbox, arriving: Path, request_id: str) -> bool:
    """Whether a copy the other side brought was damaged before; what lies behind a link is not our note of it."""
    mark = _doubt_of(arriving, request_id)
    return outbox.disk.is_folder(mark.parent) and outbox.disk.exists(mark)


def doubt(outbox: Outbox, arriving: Path, request_id: str) -> None:
    """Away with a damaged copy, so that the other side brings another; that it was doubted is noted."""
    mark = _doubt_of(arriving, request_id)
    drop_link(outbox.disk, mark.parent)
    outbox.disk.ensure_folder(mark.parent)
    outbox.disk.put(mark, b"")
    drop_arrival(outbox, arriving, request_id)


def drop_arrival(outbox: Outbox, arriving: Path, request_id: str) -> None:
    """Away with what came, to be fetched again: a transfer program would take a file of the right size and date for good."""
    outbox.disk.remove_tree(_room(outbox, arriving).done / request_id)


def _doubt_of(arriving: Path, request_id: str) -> Path:
    return arriving / _AGAIN / request_id


def _room(outbox: Outbox, arriving: Path) -> Outbox:
    """That folder as a private outbox. Whoever brings something may make links: what lies behind one is not what came."""
    there = open_outbox(arriving, outbox.disk)
    for folder in (arriving, there.done):
        drop_link(outbox.disk, folder)
    return there


def _admit_one(gate: _Gate, request_id: str) -> None:
    if is_answered(gate.outbox, request_id):
        gate.found.known.append(request_id)
        gate.there.disk.remove_tree(gate.there.done / request_id)
        return
    lacking = _believe(gate.there, request_id, gate.carries)
    _flush(gate.there, request_id)
    if _show(gate.there, gate.outbox, request_id):
        gate.found.shown.append(request_id)
        gate.found.lacking.update({request_id: lacking} if lacking else {})


def _believe(there: Outbox, request_id: str, carries: Callable[[str, int], bool]) -> List[str]:
    """RequestNotFound while something of it has not come; AnswerDamaged where something came wrong. The tables left behind."""
    folder = there.done / request_id
    drop_link(there.disk, folder)
    manifest = manifest_of(there, request_id)
    named, here = named_files(folder, manifest), set(there.disk.names(folder))
    absent = sorted(set(named) - here)
    missing = [name for name in absent if carries(name, named[name]["bytes"])]
    if missing:
        raise RequestNotFound(f"verifying {folder}", f"not there yet: {', '.join(missing)}", "the next sync fetches it")
    if absent and LEFT_OUT not in here:
        there.disk.publish(folder / LEFT_OUT, written({"files": absent, "why": "the carrier does not take them"}))
    _require_its_own(folder, manifest)
    for name in here:
        if name.startswith("."):  # a killed transfer's; it is over, as all that is named is here
            there.disk.remove_tree(folder / name)
    verify(there, request_id)
    return [name for name in absent if is_text(name)]


def _require_its_own(folder: Path, manifest: Dict[str, Any]) -> None:
    """It is the answer to that id, and says to which content; only a cancel may come before anybody knows that."""
    found = ""
    if manifest.get("request_id") != folder.name:
        found = f"its manifest is that of {str(manifest.get('request_id'))[:100]!r}"
    elif not manifest.get("request_sha256") and manifest.get("status") != "CANCELLED":
        found = "its manifest does not say which request it answers"
    if found:
        raise AnswerDamaged(f"verifying {folder}", found, "give it the name, or the manifest, that it was sealed with")


def _flush(there: Outbox, request_id: str) -> None:
    """Before anything of it counts, all of it survives a power cut."""
    folder = f"{there.done}/{request_id}"
    names = [name for name in there.disk.names(folder) if not is_systems_own(name)]
    there.disk.flush_all([f"{folder}/{name}" for name in names], [folder])


def _show(there: Outbox, outbox: Outbox, request_id: str) -> bool:
    place = outbox.done / request_id
    return take_out(there, request_id, place) or _in_place_of_a_stranger(there, outbox, request_id)


def _in_place_of_a_stranger(there: Outbox, outbox: Outbox, request_id: str) -> bool:
    """Somebody's folder without a manifest is no answer: out of the way with it, nothing of it is lost."""
    place = outbox.done / request_id
    if is_answered(outbox, request_id) or (outbox.disk.is_folder(place) and MANIFEST in outbox.disk.names(place)):
        return False
    outbox.disk.ensure_folder(outbox.aside)
    outbox.disk.move(place, outbox.aside / f"{request_id}.{os.urandom(4).hex()}")
    return take_out(there, request_id, place)
