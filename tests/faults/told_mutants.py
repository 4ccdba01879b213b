"""The rules of the two reports: whose closes, what counts as a change, who is told and how often; each broken by one text edit.

It exists so that each of these rules is known to be watched by the test that names it.
"""

from __future__ import annotations

from typing import Tuple

from tests.faults.mutant import Mutant

EOD, WATCHLIST = "tests/nas/test_report_eod.py", "tests/nas/test_report_watchlist.py"
CLOSES, SEALS = "tests/nas/test_closes.py", "tests/nas/test_closes_sealed.py"
ONCE = f"{EOD}::test_however_often_it_is_started_a_day_is_told_once_and_a_correction_too"

TOLD_MUTANTS: Tuple[Mutant, ...] = (
    Mutant(
        "an odd close moved nowhere",
        "nas/closes/close.py",
        "None if self.flag or self.close is None",
        "None if self.close is None",
        f"{EOD}::test_a_change_of_nothing_is_no_missing_one_and_nobody_odd_moved",
    ),
    Mutant(
        "a split is no mover",
        "nas/closes/close.py",
        "return None if self.jumps else self._step",
        "return self._step",
        f"{EOD}::test_a_split_is_no_rise_and_twice_a_fund_may_move_twice_as_far",
    ),
    Mutant(
        "closes that are not as they were sealed are refused",
        "nas/closes/seals.py",
        'if facts.get("closes_sha256", digest) != digest:',
        "if False:",
        f"{EOD}::test_closes_that_are_not_as_they_were_sealed_are_refused_whole",
    ),
    Mutant(
        "what goes with the closes is what the prices in use sealed",
        "nas/closes/seals.py",
        'return "" if beside == sealed.get(DAY_FACTS) else',
        'return "" if True else',
        f"{SEALS}::test_what_goes_with_the_closes_is_what_the_prices_in_use_sealed",
    ),
    Mutant(
        "a table nobody sealed is nobody's closes",
        "nas/closes/seals.py",
        'return "" if "closes_sha256" in facts else',
        'return "" if index is None else',
        f"{SEALS}::test_a_table_that_neither_prices_in_use_nor_its_facts_vouch_for_is_nobodys_closes",
    ),
    Mutant(
        "a file of a day without a session is nobody's closes",
        "nas/closes/day.py",
        "if calendar.is_trading_day(day) is not False]",
        "if True]",
        f"{CLOSES}::test_a_file_of_a_day_without_a_session_is_nobodys_closes",
    ),
    Mutant(
        "a version that is just coming is waited for",
        "nas/closes/table.py",
        "if not wrong or look == _LOOKS:",
        "if True:",
        f"{CLOSES}::test_a_version_that_is_just_coming_is_waited_for",
    ),
    Mutant(
        "older closes than there should be are late",
        "nas/reporting/evening/report.py",
        "if found.day is None or found.is_stale:",
        "if found.day is None:",
        f"{EOD}::test_who_expects_nothing_of_today_gets_the_newest_there_is",
    ),
    Mutant(
        "closes of a day to come are nobody's newest",
        "nas/closes/day.py",
        "(day for day in there if day <= expected)",
        "(day for day in there)",
        f"{CLOSES}::test_the_calendar_says_which_session_should_be_there",
    ),
    Mutant(
        "a day that was named is never another",
        "nas/closes/day.py",
        "expected = wish.asked or last",
        "expected = last",
        f"{CLOSES}::test_a_day_that_was_named_is_that_day_or_late",
    ),
    Mutant(
        "of the watchlist too a day that was named is never another",
        "nas/reporting/watchlist/report.py",
        "if wish.asked and found.is_stale:",
        "if False:",
        f"{WATCHLIST}::test_a_day_that_was_named_and_is_not_there_is_late_and_told_as_no_other",
    ),
    Mutant(
        "a day without a session is refused",
        "nas/closes/day.py",
        "if is_to_come or calendar.is_trading_day(asked) is False:",
        "if is_to_come:",
        f"{CLOSES}::test_a_day_nobody_can_report_is_refused_and_the_last_session_named",
    ),
    Mutant(
        "the same is told once",
        "nas/reporting/once.py",
        'number += before.get("sign") != sign',
        "number += 1",
        ONCE,
    ),
    Mutant(
        "what went back to what it was is told again",
        "nas/reporting/once.py",
        'f"{what} {notice.day} {number} {sign}"',
        'f"{what} {notice.day} {sign}"',
        ONCE,
    ),
    Mutant(
        "made-up prices are told to nobody",
        "nas/reporting/once.py",
        "if notice.synthetic:",
        "if False:",
        f"{EOD}::test_made_up_prices_are_said_first_and_told_to_nobody",
    ),
    Mutant(
        "a share that is away keeps nobody from the report",
        "nas/reporting/telling.py",
        '    with on_disk(f"keeping what',
        '    shelve(turn.settings, report.kind, report.text, report.document)\n    with on_disk(f"keeping what',
        f"{EOD}::test_a_share_that_is_away_keeps_nobody_from_the_report_and_is_a_failure_all_the_same",
    ),
    Mutant(
        "a code is never a number",
        "shared/settings_file.py",
        "_loaded(_text(file.read_bytes()), yaml.BaseLoader)",
        "_loaded(_text(file.read_bytes()), yaml.SafeLoader)",
        f"{WATCHLIST}::test_each_old_shape_is_read_and_a_code_is_never_a_number",
    ),
    Mutant(
        "a report that is late replaces none that was in time",
        "nas/reporting/shelving.py",
        'if document["stale"] and',
        "if False and",
        f"{WATCHLIST}::test_older_closes_than_there_should_be_are_said_so_and_replace_no_report",
    ),
    Mutant(
        "what goes with the closes is of their own version",
        "shared/cache/closes.py",
        "            disk.remove(file)",
        "            pass",
        "tests/shared/test_closes_of_the_day.py::test_what_goes_with_the_closes_lies_beside_them_and_never_of_another_version",
    ),
    Mutant(
        "in Korean a cause begins with what the error is called",
        "shared/error_names.py",
        "for part in (name_of(code).ko, sentence) if part",
        "for part in (sentence,) if part",
        "tests/nas/test_healthcheck.py::test_in_korean_a_failure_begins_with_what_it_is_called",
    ),
)
