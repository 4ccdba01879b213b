"""The door of backups: make one that was read back, keep the last ones, copy them outside, restore one for a test."""

from nas.backup.answers import damaged_answers
from nas.backup.chosen import chosen
from nas.backup.failed import BackupFailed
from nas.backup.keeping import backups_in, had_their_time, name_of, newest_of, sweep_drafts
from nas.backup.known import Known, known_backup, note_backup
from nas.backup.making import Made, make_backup, prune_backups
from nas.backup.outside import MARK, copy_outside, is_due
from nas.backup.reading import Manifest, digest_of, read_back
from nas.backup.restoring import Restored, restore, restore_test

__all__ = [
    "MARK",
    "BackupFailed",
    "Known",
    "Made",
    "Manifest",
    "Restored",
    "backups_in",
    "chosen",
    "copy_outside",
    "damaged_answers",
    "digest_of",
    "had_their_time",
    "is_due",
    "known_backup",
    "make_backup",
    "name_of",
    "newest_of",
    "note_backup",
    "prune_backups",
    "read_back",
    "restore",
    "restore_test",
    "sweep_drafts",
]
