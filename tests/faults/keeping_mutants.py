"""The rules of keeping a NAS: what is missed, what is a backup, what may go, when code may change; each broken by one text edit.

It exists so that the jobs nobody watches are held to what they promise.
"""

from __future__ import annotations

from typing import Tuple

from tests.faults.mutant import Mutant

HEALTH, BACKUP = "tests/nas/test_healthcheck.py", "tests/nas/test_back_up.py"
PRUNE = "tests/nas/test_prune.py"

KEEPING_MUTANTS: Tuple[Mutant, ...] = (
    Mutant(
        "what was mended and breaks again is news",
        "nas/health/news.py",
        "[name for name in names if name in broken]",
        "list(names)",
        f"{HEALTH}::test_what_is_broken_is_news_once_and_again_after_it_was_mended",
    ),
    Mutant(
        "a job is missed only where its guard was open",
        "nas/health/today.py",
        "passage(policy.guard, calendar, moment).is_open for",
        "passage(policy.guard, calendar, moment) for",
        f"{HEALTH}::test_no_job_is_missed_before_its_time_or_where_its_guard_is_closed",
    ),
    Mutant(
        "errors before the deployment are not told",
        "nas/health/errors.py",
        "        if moment >= begin:",
        "        if moment:",
        f"{HEALTH}::test_errors_are_those_since_the_last_deployment",
    ),
    Mutant(
        "of one day the newest backup is kept",
        "nas/backup/keeping.py",
        "and name <= made), reverse=True)",
        "and name <= made))",
        f"{BACKUP}::test_seven_days_and_five_weeks_are_kept_and_no_name_of_others_is_touched",
    ),
    Mutant(
        "a backup is written under a name nobody takes for one",
        "nas/backup/making.py",
        'draft = folder / f".{name}.{os.urandom(4).hex()}.tmp"',
        "draft = folder / name",
        f"{BACKUP}::test_killed_at_every_step_it_leaves_no_half_archive_under_a_real_name",
    ),
    Mutant(
        "an empty mount point is no external disk",
        "nas/backup/outside.py",
        "if not disk.exists(to / MARK):",
        "if not disk.exists(to):",
        f"{BACKUP}::test_an_external_disk_that_is_not_there_is_a_clear_failure_and_nothing_goes",
    ),
    Mutant(
        "only what the newest backup has as it is may be compressed",
        "nas/pruning/shrinking.py",
        "one.kept_as and kept.get(one.kept_as) != digest_of(disk, one.path)",
        "one.kept_as and one.kept_as not in kept",
        f"{PRUNE}::test_papers_of_a_day_are_compressed_after_thirty_where_the_newest_backup_has_them",
    ),
    Mutant(
        "a compressed log that is not whole stays",
        "nas/pruning/shrinking.py",
        "if _digest_within(path) is None:",
        "if not path.name:",
        f"{PRUNE}::test_a_compressed_log_that_is_damaged_stays_and_is_told",
    ),
    Mutant(
        "every backup on the external disk is read back",
        "nas/backup/outside.py",
        '_damaged(disk, to / "backups").values()',
        "{}.values()",
        "tests/nas/test_back_up_bad_days.py::test_a_backup_that_rots_on_the_external_disk_is_seen_and_holds_nothing_back",
    ),
)
