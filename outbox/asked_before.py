"""Which answers there are to a question: an empty mark each, `questions/<question>/<asked>~<id>`, the newest few of them.

It exists so that the run before is found in one listing, however many answers lie in done. Nothing hangs on a mark: one that
is missing costs a comparison, and one that is wrong is found out when its answer is read.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from pathlib import Path
from typing import Any, List, Mapping, Optional

from outbox.input_changes import part
from outbox.sealed import Outbox, answers, manifest_of, request_in
from shared import clock
from shared.errors import RelayError

_KEPT = 16
_MARK = re.compile(r"\d{8}t\d{9}~.+")  # nothing a share's own programs leave


def question_of(manifest: Mapping[str, Any], request: bytes) -> str:
    """A sign of what was asked, equal where the later answer is a new run of the earlier: in the words of the request, so that
    a parameter that is new, or has another default, makes no other question of it. Its last day moves on with every night."""
    from shared.completion.asked import asked_in, sign_of  # with all that tells of an answer, which few commands do

    start = part(part(manifest, "period"), "asked").get("start")
    return hashlib.sha256(f"{sign_of(asked_in(request))} {start}".encode()).hexdigest()[:16]


def remember(outbox: Outbox, manifest: Mapping[str, Any], request: bytes) -> None:
    """From now on that answer is one that was asked for before; one without numbers never is."""
    name = _name(manifest)
    if manifest.get("status") != "SUCCEEDED" or name is None:
        return
    mark = outbox.questions / question_of(manifest, request) / name
    with contextlib.suppress(FileExistsError):
        try:
            outbox.disk.put(mark, b"")
        except FileNotFoundError:  # the first of its question, which is the rarer case
            _make(outbox, mark.parent)
            outbox.disk.put(mark, b"")


def asked_before(outbox: Outbox, manifest: Mapping[str, Any], request: bytes) -> List[str]:
    """The ids of the answers to the same question that were asked for before this one, the newest first; what is older than
    these is forgotten."""
    if not outbox.disk.exists(outbox.questions):
        _remember_all(outbox)
    name, folder = _name(manifest), outbox.questions / question_of(manifest, request)
    found = sorted(filter(_MARK.fullmatch, outbox.disk.names(folder)), reverse=True)
    for old in found[_KEPT:]:
        outbox.disk.remove(folder / old)
    return [one.partition("~")[2] for one in found if name is not None and one < name]


def _remember_all(outbox: Outbox) -> None:
    """Once, where answers lie that are older than these marks."""
    outbox.disk.make_folder(outbox.questions)
    for request_id in answers(outbox):
        with contextlib.suppress(RelayError, FileNotFoundError, PermissionError):  # one odd folder hides none of the others
            remember(outbox, manifest_of(outbox, request_id), request_in(outbox, outbox.done / request_id))


def _make(outbox: Outbox, folder: Path) -> None:
    for one in (outbox.questions, folder):
        with contextlib.suppress(FileExistsError):
            outbox.disk.make_folder(one)


def _name(manifest: Mapping[str, Any]) -> Optional[str]:
    """It sorts by when the answer was asked for; None where it does not say."""
    timings = manifest.get("timings")
    moment = clock.moment_in(timings.get("submitted")) if isinstance(timings, dict) else None
    return f"{clock.stamp(moment)}~{manifest.get('request_id')}" if moment else None
