"""The rules of logs, metrics and the jobs that ask and compare; each broken by one text edit.

It exists so that what is read at night is what was written.
"""

from __future__ import annotations

from typing import Tuple

from tests.faults.mutant import Mutant

FILE, LOGS = "tests/shared/test_log_file.py", "tests/nas/test_logs.py"

LOG_MUTANTS: Tuple[Mutant, ...] = (
    Mutant(
        "half a line is ended before the next",
        "shared/log_file.py",
        'whole = line if _ends_whole(fd) else b"\\n" + line',
        "whole = line",
        f"{FILE}::test_half_a_line_on_a_full_disk_is_never_the_beginning_of_another",
    ),
    Mutant(
        "who rolls looks again once it is alone",
        "shared/log_file.py",
        "if is_ours and path.stat().st_size + len(line) > MOST_BYTES:",
        "if is_ours:",
        f"{FILE}::test_several_processes_that_roll_at_once_lose_nothing",
    ),
    Mutant(
        "a rolled log takes no other's name",
        "shared/log_file.py",
        "{_highest(path) + 1}",
        "{1}",
        f"{FILE}::test_several_processes_that_roll_at_once_lose_nothing",
    ),
    Mutant(
        "who hears a line hears whose it is",
        "shared/events.py",
        "        facts = {**self._about, **facts}\n        self._tell(level, event, facts)\n",
        "        self._tell(level, event, {**self._about, **facts})\n",
        f"{FILE}::test_a_log_about_a_run_says_so_first_in_every_line_and_to_whoever_hears",
    ),
    Mutant(
        "rolled logs are read in the order of their numbers",
        "nas/logbook/files.py",
        "[files[number] for number in sorted(files)]",
        "[files[number] for number in sorted(files, key=str)]",
        f"{LOGS}::test_rolled_and_compressed_files_are_read_in_the_order_they_were_written",
    ),
    Mutant(
        "an answer tells nothing our log has told",
        "nas/logbook/of_answer.py",
        "return [one for one in _all_of(answer) if _event(one) not in told]",
        "return list(_all_of(answer))",
        f"{LOGS}::test_what_our_own_log_has_is_not_told_again_by_the_answer",
    ),
    Mutant(
        "one request's line is not that of another whose name begins so",
        "nas/logbook/files.py",
        r'{re.escape(self.request)}(?![\w~-]|\.\w)"',
        r'{re.escape(self.request)}"',
        f"{LOGS}::test_of_a_request_only_its_own_lines_are_shown",
    ),
    Mutant(
        "who follows waits for the rest of a line",
        "nas/logbook/book.py",
        'return not self._follows or raw.endswith(b"\\n") or len(raw) == _LONGEST',
        "return True",
        f"{LOGS}::test_who_follows_sees_every_line_once_through_midnight_and_rolling",
    ),
)
