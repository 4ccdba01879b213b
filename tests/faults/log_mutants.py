"""The rules of logs, metrics and the jobs that ask and compare; each broken by one text edit.

It exists so that what is read at night is what was written.
"""

from __future__ import annotations

from typing import Tuple

from tests.faults.mutant import Mutant

FILE, LOGS = "tests/shared/test_log_file.py", "tests/nas/test_logs.py"
ASK, COMPARE = "tests/nas/test_request_backtest.py", "tests/nas/test_compare_results.py"

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
        'return not self._follows or raw.endswith(b"\\n") or len(raw) > _LONGEST // 2',
        "return True",
        f"{LOGS}::test_who_follows_sees_every_line_once_through_midnight_and_rolling",
    ),
    Mutant(
        "what was asked today is not asked again",
        "nas/asking/once.py",
        "    if found == ASKED:\n        inbox.submit",
        "    if found:\n        inbox.submit",
        f"{ASK}::test_one_that_was_killed_in_between_asks_for_what_is_missing",
    ),
    Mutant(
        "a question is one of its session, not of the day it is started",
        "nas/asking/once.py",
        "return expected_session(calendar, moment)",
        "return moment.astimezone(clock.KST).date()",
        f"{ASK}::test_the_shipped_request_is_asked_once_a_day_under_the_sessions_name",
    ),
    Mutant(
        "a number with a leading zero is a ticker",
        "nas/asking/question.py",
        "return value if isinstance(value, int) and _NUMBER.fullmatch(str(written)) else written",
        "return value",
        f"{ASK}::test_tickers_and_days_need_no_quotes",
    ),
    Mutant(
        "drift is told once for each pair",
        "nas/drift/lines.py",
        "identity=f\"drift {pair.strategy} {' '.join(pair.ids)}\",",
        'identity="",',
        f"{COMPARE}::test_drift_is_told_once_with_both_figures_and_is_no_failure_of_the_job",
    ),
    Mutant(
        "made-up prices are nobody's news",
        "nas/drift/lines.py",
        "synthetic=pair.is_made_up",
        "synthetic=False",
        f"{COMPARE}::test_made_up_prices_that_drift_are_nobodys_news",
    ),
    Mutant(
        "metrics are off unless somebody wants them",
        "shared/metrics.py",
        "    if not is_on():\n        return\n",
        "",
        "tests/nas/test_metrics.py::test_off_as_it_is_by_default_nothing_is_noted_and_nothing_is_loaded",
    ),
)
