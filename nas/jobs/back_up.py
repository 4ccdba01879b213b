"""Backs up what nobody could make again, reads it back, and copies it to the external disk on Sundays.

It exists so that the day after a disk has failed begins with a file that is known to be whole.
"""

from __future__ import annotations

import argparse
import os
from typing import Any, Dict, List

from nas.running import BROKEN, Outcome, Turn, skipped
from shared.errors import UsageWrong
from shared.outcome import FAILED

_SHOWN = 5


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be said to it."""
    parser.add_argument("--restore-test", action="store_true", help="restore the newest into a folder of its own, and compare")
    parser.add_argument("--copy", action="store_true", help="copy to the external disk now, whatever the day")


def run(turn: Turn) -> Outcome:
    """A new one; those that had their time go once it was read back. Told `--restore-test`, no new one: the newest is tried."""
    from nas.backup import BackupFailed, sweep_drafts
    from shared.disk import Disk

    os.umask(0o077)  # whose turn it is may read them, and nobody else
    disk = Disk(turn.settings.durable)
    if turn.is_dry:
        return _would_do(turn, disk)
    try:
        sweep_drafts(disk, turn.settings.backups)
        return _tried(turn, disk) if turn.options.restore_test else _made(turn, disk)
    except OSError as error:
        fix = "make room, or mount it; the backups there are whole"
        raise BackupFailed(
            f"backing up to {error.filename or turn.settings.backups}", error.strerror or str(error), fix
        ) from error


def _made(turn: Turn, disk: Any) -> Outcome:
    from nas.backup import make_backup, name_of, note_backup, prune_backups

    if disk.exists(turn.settings.backups / name_of(turn.at)):
        return skipped(f"{name_of(turn.at)} is there already")
    made = make_backup(disk, turn.settings, turn.at)
    note_backup(disk, turn.settings.data, name=made.name, at=turn.at, files=made.files)
    # what is damaged is whole in an older one, if anywhere
    removed = [] if made.damaged else prune_backups(disk, turn.settings, turn.settings.backups, made.name)
    facts = {"name": made.name, "files": made.files, "bytes": made.size, "removed": len(removed)}
    return _ended(made, {**facts, **_copied(turn, disk, made)})


def _ended(made: Any, facts: Dict[str, Any]) -> Outcome:
    why, fix = [], []
    if made.damaged:
        found = f"{len(made.damaged)} answers are not what their manifests say"
        why.append(f"{found}: {_listed(made.damaged)}; they are in it as they lie there, and no backup was removed")
        fix.append("bring them whole out of an older backup, or retry each and move its folder to aside (docs/runbook.md)")
    if made.unread:
        why.append(f"{len(made.unread)} files or folders could not be read, like {_listed(made.unread)}; all others are in it")
        fix.append("mend the rights of these, or the disk they lie on")
    return Outcome(BROKEN, FAILED, "; ".join(why), "; ".join(fix), "E-BACKUP", facts) if why else Outcome(facts=facts)


def _listed(names: List[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")


def _copied(turn: Turn, disk: Any, made: Any) -> Dict[str, Any]:
    """What went to the external disk; there, too, what had its time goes, once the newest was read back."""
    from nas.backup import copy_outside, is_due, known_backup, note_backup, prune_backups

    to = turn.settings.backup_to
    if to is None and turn.options.copy:
        fix = "name a folder on the external disk: the setting backup_to (docs/dr_checklist.md)"
        raise UsageWrong(f"copying {made.name} to the external disk", "it was made, and none is named to copy it to", fix)
    if to is None or not (turn.options.copy or is_due(known_backup(turn.settings.data), turn.at)):
        return {}
    copied = copy_outside(disk, turn.settings, to)
    note_backup(disk, turn.settings.data, copied=turn.at, copied_name=made.name)
    if not made.damaged:
        prune_backups(disk, turn.settings, to / "backups", made.name)
    return {"copied": copied}


def _tried(turn: Turn, disk: Any) -> Outcome:
    from nas.backup import note_backup, restore_test

    found = restore_test(disk, turn.settings, turn.at)
    facts = {**found._asdict(), "odd": len(found.odd)}
    if found.odd:
        why = f"{found.odd[0]} is not what it was, though its size and time are: {len(found.odd)} such files"
        return Outcome(BROKEN, FAILED, why, "look at the disk; the backup is whole", "E-BACKUP", facts)
    note_backup(disk, turn.settings.data, tested=turn.at)
    return Outcome(facts=facts)


def _would_do(turn: Turn, disk: Any) -> Outcome:
    from nas.backup import backups_in, chosen, had_their_time, is_due, known_backup, name_of, newest_of

    settings, there = turn.settings, backups_in(disk, turn.settings.backups)
    if turn.options.restore_test:
        return Outcome(facts={"would_restore": newest_of(there, turn.at)})
    name = name_of(turn.at)
    files = sum(not one.is_unread for one in chosen(settings))
    old = had_their_time([*there, name], settings.backup_days, settings.backup_weeks, name)
    copy = settings.backup_to is not None and (turn.options.copy or is_due(known_backup(settings.data), turn.at))
    facts = {"would_make": name, "files": files, "would_remove": len(old), "would_copy": "yes" if copy else "no"}
    return Outcome(facts=facts, document={"removed": old})
