"""Publishing one answer: verified, shown on the shelves, told, marked; each step may be done twice, the mark comes last.

It exists so that whatever a call is killed at, the next one does what was left, and nothing is skipped.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Sequence

from nas.figures import figures_in
from nas.marks import LONGEST, Entry, Marks, mark, open_marks, unlisted
from nas.shelves import SHELVED, Edition, Shelves, shelf_for, shelve, show_latest
from outbox import Outbox, open_outbox, sealed_at, verified
from shared import clock
from shared.completion import (
    COMPLETED,
    FAILED,
    READ,
    Told,
    entry_of,
    event_of,
    is_real,
    notices_of,
    object_in,
    told_of,
)
from shared.config import Settings
from shared.disk import Disk
from shared.doctors_own import is_doctors
from shared.document import written
from shared.errors import AnswerDamaged, RelayError, ShareUnreachable, in_words
from shared.events import Log
from shared.notices import Notice, Post, event_name, hears, open_post, tell

_READ = frozenset((*SHELVED, *READ))


class AnswerSynthetic(RelayError):
    """Good news from prices that are made up, or not said to be real."""

    code = "E-ANSWER-SYNTHETIC"


class AnswerUnreadable(RelayError):
    """What lies in the place of an answer may not be read, or is a link to itself."""

    code = "E-ANSWER-UNREADABLE"


WRONG = (AnswerDamaged, AnswerUnreadable)  # refusals that somebody must do something about; the log tells them


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


def publish_one(press: Press, request_id: str, known: Sequence[Entry]) -> Optional[Entry]:
    """All the steps of one answer; each may be done twice, and the mark, which ends them, comes last. None: it is doctor's
    own, and news to nobody; its mark says only that it was looked at."""
    manifest, files = verified(press.outbox, request_id, _READ)
    _refuse_mixed_up(manifest, request_id)
    if is_doctors(files.get("request.json", b"")):
        mark(press.marks, unlisted(request_id))
        return None
    return _show(press, manifest, files, known)


def count_refusal(press: Press, request_id: str, error: RelayError) -> None:
    """What nobody could believe is the digest's: it ran, and nobody sees it. Told twice it counts once; to be done before it
    is marked as refused, as it is not looked at again after that. What is wrong is told by the log."""
    if press.tells and not isinstance(error, WRONG):
        event = "PUBLICATION_REFUSED"
        about = {"event": event, "level": "WARNING", "title": f"{event_name(event, press.settings.language)} · {request_id}"}
        identity = f"{request_id} {error.code}"
        tell(press.post, Notice(**about, cause=error.why, fix=error.fix, identity=identity, synthetic=True))


def _show(press: Press, manifest: Dict[str, Any], files: Dict[str, bytes], known: Sequence[Entry]) -> Entry:
    request_id = manifest["request_id"]
    _refuse_made_up(manifest, request_id)
    edition = _edition(press, manifest, files) if manifest["status"] == "SUCCEEDED" else None
    shelf = shelf_for(press.shelves, edition) if edition else press.outbox.done / request_id
    entry = {
        **entry_of(manifest, files.get("request.json", b"")),
        "where": str(shelf),
        "told": press.tells,
        "published": clock.iso(press.now()),
    }
    written(entry)  # raises where no file can hold it: half a character, NaN. Nothing was shown yet
    notices = _notices(press, told_of(manifest, files, str(shelf), known))
    if edition:
        shelve(press.shelves, edition, shelf)
        show_latest(press.shelves, edition, shelf)
    # RACE: killed after the notice is kept and before the mark is there, the next call tells it again: of the same identity,
    # by which the post knows that it has it. The other way round it might never be told.
    for notice in notices if press.tells else ():
        tell(press.post, notice)
    mark(press.marks, entry)
    _log(press.log, entry)
    return entry


def _refuse_mixed_up(manifest: Mapping[str, Any], request_id: str) -> None:
    doing = f"publishing {request_id!r}"
    names = [manifest.get(name) for name in ("request_id", "run_id")]
    if len(request_id.encode("utf-8", "surrogateescape")) > LONGEST:
        raise AnswerDamaged(doing, "no id is so long", "give its folder the name it was sealed under")
    if names[0] != request_id or not isinstance(names[1], str):
        found = f"its manifest is of request {names[0]!r}, run {names[1]!r}"
        raise AnswerDamaged(doing, found, "bring the folder again from where it was sealed")
    if manifest["status"] == "SUCCEEDED" and not isinstance(manifest.get("strategy"), str):
        raise AnswerDamaged(doing, "its manifest names no strategy", "`python -m nas retry` asks again")


def _refuse_made_up(manifest: Mapping[str, Any], request_id: str) -> None:
    if not is_real(manifest):
        found = "its prices are synthetic, or not said to be real"
        fix = f"set `prices: local` on the PC and start its worker anew, then `python -m nas retry {request_id}`"
        raise AnswerSynthetic(f"publishing {request_id!r}", found, fix)


def _edition(press: Press, manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> Edition:
    shown = {name: files[name] for name in SHELVED if name in files}
    request_id, finished = manifest["request_id"], _moment(press, manifest)
    figures = figures_in(files.get("metrics.json", b"{}"), request_id)
    return Edition(request_id, manifest["run_id"], manifest["strategy"], finished, press.now(), figures, shown)


def _moment(press: Press, manifest: Mapping[str, Any]) -> datetime:
    finished = clock.moment_in(object_in(manifest, "timings").get("finished"))
    return finished or clock.at(sealed_at(press.outbox, manifest["request_id"]))


def _notices(press: Press, told: Told) -> List[Notice]:
    try:
        return notices_of(told, press.settings.language)
    except (ArithmeticError, AttributeError, TypeError, ValueError) as error:  # pydantic's own errors are ValueErrors
        found = f"its manifest cannot be put into words ({in_words(error)})"
        raise AnswerDamaged(f"publishing {told.manifest['request_id']!r}", found, "report it, with the manifest") from error


def _log(log: Log, entry: Entry) -> None:
    event, facts = event_of(entry["status"]), {"status": entry["status"], "strategy": entry["strategy"], "where": entry["where"]}
    if event == COMPLETED:
        log.info("BACKTEST_COMPLETED", request=entry["request_id"], run=entry["run_id"], **facts)
    elif event == FAILED:
        log.warning("BACKTEST_FAILED", request=entry["request_id"], run=entry["run_id"], code=entry["code"], **facts)
    else:
        log.info("BACKTEST_SKIPPED", request=entry["request_id"], run=entry["run_id"], code=entry["code"], **facts)
