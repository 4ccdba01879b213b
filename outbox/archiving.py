"""One round of archiving: which answers are old enough, and what became of each.

It exists so that both machines put answers away by the same rules, and end with the same closing line.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Collection, Dict, Iterable, List, NamedTuple, Optional

from outbox.archived import place_in, require_archive
from outbox.moving import sweep_moves
from outbox.retention import NotYetArchivable, archivable, archive
from outbox.sealed import Outbox, answers, manifest_of, run_of_answer, sealed_at, tombstone
from shared.closing import SKIPPED, close
from shared.config import Settings, is_named
from shared.disk import NO_FILE
from shared.errors import RelayError
from shared.events import Log
from shared.lock import only_one
from shared.outcome import FAILED, OK

_A_DAY = 86_400.0


class Plan(NamedTuple):
    """What is to be archived: what is older than `days` at the file server's time `now`, and has none of the `claimed` ids.

    `received_run`: which run's answer the other side says it has; only that one is archived, and where there is no other side
    None is passed and every one is. `shown`: only what was published or refused; None where
    nothing ever was. `dry`: only say what would be done."""

    folder: Path
    now: float
    days: float
    claimed: Callable[[], Iterable[str]]
    received_run: Optional[Callable[[str], Optional[str]]] = None
    shown: Optional[Collection[str]] = None
    dry: bool = False


class Round(NamedTuple):
    """What became of the answers in done: moved, too young, not yet to be moved, and those that cannot be believed."""

    archived: List[str]
    kept: int
    waiting: Dict[str, RelayError]
    refused: Dict[str, RelayError]
    dry: bool = False
    why_skipped: Optional[str] = None

    @property
    def rc(self) -> int:
        """The exit code: an answer that cannot be archived needs a person."""
        return FAILED if self.refused else OK

    @property
    def counts(self) -> Dict[str, object]:
        """For the closing line."""
        done: Dict[str, object] = {"dry_run": "yes", "would_archive": len(self.archived)} if self.dry else {}
        done = done or {"archived": len(self.archived)}
        return {**done, "kept": self.kept, "waiting": len(self.waiting), "refused": len(self.refused), "why": self.why_skipped}

    def as_dict(self) -> Dict[str, Any]:
        """For programs."""
        told = {
            name: {one: error.as_dict() for one, error in found.items()}
            for name, found in (("waiting", self.waiting), ("refused", self.refused))
        }
        return {"archived": self.archived, "kept": self.kept, **told}


def archive_alone(outbox: Outbox, settings: Settings, plan: Plan, log: Log) -> Round:
    """One round, if no other one is going on here; ArchiveAway where the archive is not there."""
    with only_one(settings.lock_of("archive")) as alone:
        if not alone:
            why = "another archive is at work"
            log.info("ARCHIVE_SKIPPED", why=why)
            return Round([], len(answers(outbox)), {}, {}, plan.dry, why)
        require_archive(outbox, plan.folder, may_make=not is_named("archive"))
        return archive_old(outbox, plan, log)


def close_archive(done: Round, folder: Path, seconds: float, as_json: bool) -> int:
    """Its closing line, for programs the same as data; the exit code."""
    word = SKIPPED if done.why_skipped else "FAILED" if done.refused else "OK"
    document = {**done.as_dict(), "archive": str(folder), "dry_run": done.dry}
    close(word, done.counts, seconds, document if as_json else None)
    return done.rc


def archive_old(outbox: Outbox, plan: Plan, log: Log) -> Round:
    """Archive what is old enough. Each answer by itself: one that is damaged is told once and hinders no other."""
    everything = sorted(answers(outbox))
    old = [name for name in everything if _is_old(outbox, name, plan)]
    # RACE: the claims are listed after the answers. Whoever claims one of them from now on sees that it is answered.
    claimed = set(plan.claimed()) if old else set()
    round_ = Round([], len(everything) - len(old), {}, {}, plan.dry)
    for request_id in old:
        about = log.about(request=request_id, run=run_of_answer(outbox, request_id))
        try:
            place = _archive_one(outbox, plan, request_id, request_id in claimed)
        except NotYetArchivable as error:
            round_.waiting[request_id] = error
            about.info("ANSWER_KEPT", why=error)
        except RelayError as error:
            round_.refused[request_id] = error
            log.error("ANSWER_NOT_ARCHIVED", request=request_id, code=error.code, why=error.in_short, fix=error.fix, rc=FAILED)
        else:
            round_.archived.append(request_id)
            about.info("ARCHIVE_PLANNED" if plan.dry else "ANSWER_ARCHIVED", where=place)
    if not plan.dry:
        _sweep(outbox, plan)
    return round_


def _archive_one(outbox: Outbox, plan: Plan, request_id: str, has_claims: bool) -> Path:
    if plan.received_run is not None:
        _require_received(outbox, request_id, plan.received_run(request_id))
    if plan.shown is not None and request_id not in plan.shown:
        found = "it was not yet published, and publishing looks at what lies in done"
        raise NotYetArchivable(f"archiving {request_id!r}", found, "it is archived after the next `python -m nas publish`")
    if plan.dry:
        return place_in(outbox, plan.folder, archivable(outbox, request_id, has_claims))
    return archive(outbox, request_id, plan.folder, has_claims)


def _require_received(outbox: Outbox, request_id: str, received: Optional[str]) -> None:
    if received != manifest_of(outbox, request_id).get("run_id", ""):
        found = "the other side has not confirmed that it has this answer"
        raise NotYetArchivable(f"archiving {request_id!r}", found, "it is archived after the next sync")


def _is_old(outbox: Outbox, request_id: str, plan: Plan) -> bool:
    """By the later of two times of one share: when it was sealed, and when somebody brought it back. What is no answer is not."""
    times = [_time_of(lambda: sealed_at(outbox, request_id))]
    if times[0] is not None:
        times.append(_time_of(lambda: outbox.disk.mtime(tombstone(outbox, request_id))))
    known = [time for time in times if time is not None]
    return bool(known) and plan.now - max(known) >= plan.days * _A_DAY


def _time_of(ask: Callable[[], float]) -> Optional[float]:
    try:
        return ask()
    except OSError as error:
        if error.errno not in NO_FILE:
            raise
        return None


def _sweep(outbox: Outbox, plan: Plan) -> None:
    """What moves that were cut off left: in done, and in every month."""
    months = [plan.folder / name for name in outbox.disk.names(plan.folder)]
    for folder in [outbox.done, *(month for month in months if outbox.disk.is_folder(month))]:
        sweep_moves(outbox, folder, plan.now)
