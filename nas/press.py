"""Publishing one answer: verified, shown on the shelves, told, marked; each step may be done twice, the mark comes last.

It exists so that whatever a call is killed at, the next one does what was left, and nothing is skipped.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Callable, Dict, Mapping, NamedTuple, Optional, Sequence, Union

from nas.figures import figures_in
from nas.marks import Entry, Marks, mark, open_marks, refuse, unlisted
from nas.refusing import Refusal, require_its_own, require_real, shown_or_refused
from nas.shelves import SHELVED, Edition, Shelves, shelf_for, shelve, show_latest
from outbox import Outbox, open_outbox, run_of_answer, sealed_at, verified
from shared import clock
from shared.completion import (
    COMPLETED,
    FAILED,
    READ,
    entry_of,
    event_of,
    notices_of,
    object_in,
    told_of,
)
from shared.config import Settings
from shared.disk import Disk
from shared.doctors_own import is_doctors
from shared.document import written
from shared.error_names import named_first
from shared.errors import ShareUnreachable
from shared.events import Log
from shared.notices import Notice, Post, event_name, hears, open_post, tell

_READ = frozenset((*SHELVED, *READ))


class Press(NamedTuple):
    """What publishing works with. The inbox is none of it: a command for every minute should not load what it does not use."""

    outbox: Outbox
    settings: Settings
    shelves: Shelves
    marks: Marks
    post: Post
    log: Log
    now: Callable[[], datetime] = clock.now

    @property
    def tells(self) -> bool:
        """Whether this machine is the one that sends the notices of finished backtests."""
        return self.settings.completion_from == "nas"


def open_press(settings: Settings, disk: Optional[Disk] = None, post: Optional[Post] = None) -> Press:
    """The press over the folders of the settings, its errors told as any of this machine's; ShareUnreachable where there are
    no answers to look at: an unmounted share must never be taken for an empty one."""
    own, post = disk or Disk(settings.durable), post or open_post(settings)
    outbox = open_outbox(settings.reports, own)
    if not own.exists(outbox.done):
        fix = "mount the share, or correct RELAY_REPORTS; a new queue is made by `python -m nas init`"
        raise ShareUnreachable(f"opening {settings.reports}", "there is no folder `done` in it", fix)
    shelves = Shelves(own, settings.backtests, settings.reports / "latest")
    log = Log(settings.log_of("nas"), hears=hears(post))
    return Press(outbox, settings, shelves, open_marks(settings.reports, own), post, log)


def publish_one(press: Press, request_id: str, known: Sequence[Entry]) -> Union[Entry, Refusal, None]:
    """All the steps of one answer; each may be done twice, and the mark, which ends them, comes last. What comes back is the
    mark, or why it is not shown; None where there is no answer."""
    return shown_or_refused(press.outbox, request_id, lambda: _publish(press, request_id, known))


def refuse_one(press: Press, refusal: Refusal, before: Optional[Entry]) -> Optional[Refusal]:
    """Told, and remembered; None where it was so before. It is counted before it is remembered, as it is not looked at again
    after that."""
    if refusal.is_known(before):
        return None
    _count(press, refusal)
    refuse(press.marks, refusal.entry)
    _log_refusal(press, refusal)
    return refusal


def _count(press: Press, refusal: Refusal) -> None:
    """What nobody could believe is the digest's: it ran, and nobody sees it. Told twice it counts once; what is wrong is told
    by the log."""
    if not press.tells or refusal.is_wrong:
        return
    error, request_id, language = refusal.error, refusal.entry["request_id"], press.settings.language
    event = "PUBLICATION_REFUSED"
    about = {"event": event, "level": "WARNING", "title": f"{event_name(event, language)} · {request_id}"}
    cause = named_first(error.code, error.why).in_language(language)
    identity = f"{request_id} {error.code}"
    tell(press.post, Notice(**about, cause=cause, fix=error.fix, identity=identity, synthetic=True))


def _publish(press: Press, request_id: str, known: Sequence[Entry]) -> Entry:
    """What its mark says. Doctor's own is news to nobody: its mark says only that it was looked at."""
    manifest, files = verified(press.outbox, request_id, _READ)
    require_its_own(manifest, request_id)
    if is_doctors(files.get("request.json", b"")):
        entry = unlisted(request_id)
        mark(press.marks, entry)
        return entry
    require_real(manifest, request_id)
    return _show(press, manifest, files, known)


def _show(press: Press, manifest: Dict[str, Any], files: Dict[str, bytes], known: Sequence[Entry]) -> Entry:
    edition = _edition(press, manifest, files) if manifest["status"] == "SUCCEEDED" else None
    shelf = shelf_for(press.shelves, edition) if edition else press.outbox.done / manifest["request_id"]
    entry = {
        **entry_of(manifest, files.get("request.json", b"")),
        "where": str(shelf),
        "told": press.tells,
        "published": clock.iso(press.now()),
    }
    _require_writable(entry)
    notices = notices_of(told_of(manifest, files, str(shelf), known), press.settings.language)
    if edition:
        shelve(press.shelves, edition, shelf)
        show_latest(press.shelves, edition, shelf)
    # RACE: killed after the notice is kept and before the mark is there, the next call tells it again: of the same identity,
    # by which the post knows that it has it. The other way round it might never be told.
    for notice in notices if press.tells else ():
        tell(press.post, notice)
    mark(press.marks, entry)
    _log(press.log.about(request=entry["request_id"], run=entry["run_id"]), entry)
    return entry


def _require_writable(entry: Entry) -> None:
    """ValueError where no file can hold it: half a character, NaN. To be asked before anything is shown."""
    written(entry)


def _edition(press: Press, manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> Edition:
    shown = {name: files[name] for name in SHELVED if name in files}
    request_id, finished = manifest["request_id"], _moment(press, manifest)
    figures = figures_in(files.get("metrics.json", b"{}"), request_id)
    return Edition(request_id, manifest["run_id"], manifest["strategy"], finished, press.now(), figures, shown)


def _moment(press: Press, manifest: Mapping[str, Any]) -> datetime:
    finished = clock.moment_in(object_in(manifest, "timings").get("finished"))
    return finished or clock.at(sealed_at(press.outbox, manifest["request_id"]))


def _log(log: Log, entry: Entry) -> None:
    event, facts = event_of(entry["status"]), {"status": entry["status"], "strategy": entry["strategy"], "where": entry["where"]}
    if event == COMPLETED:
        log.info("BACKTEST_COMPLETED", **facts)
    elif event == FAILED:
        log.warning("BACKTEST_FAILED", code=entry["code"], **facts)
    else:
        log.info("BACKTEST_SKIPPED", code=entry["code"], **facts)


def _log_refusal(press: Press, refusal: Refusal) -> None:
    """Of a damaged one nothing says whose run it is that could be believed."""
    request_id = refusal.entry["request_id"]
    log = press.log.about(request=request_id, run=None if refusal.is_wrong else run_of_answer(press.outbox, request_id))
    facts = {"code": refusal.error.code, "why": refusal.error.in_short, "fix": refusal.error.fix}
    if refusal.is_wrong:
        log.error("PUBLICATION_REFUSED", **facts)
    else:
        log.warning("PUBLICATION_REFUSED", **facts)
