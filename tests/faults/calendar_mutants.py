"""The rules of the calendar: what is unknown, which hours, whose changes; each broken by one text edit.

It exists beside the other lists so that each of them stays short.
"""

from __future__ import annotations

from typing import Tuple

from tests.faults.mutant import Mutant

TESTS, COMMAND, ROWS = "tests/shared/test_krx_calendar.py", "tests/nas/test_calendar.py", "tests/shared/test_market_sessions.py"

CALENDAR_MUTANTS: Tuple[Mutant, ...] = (
    Mutant(
        "a day past what was verified is unknown",
        "shared/krx_calendar/trading.py",
        "            return self._unknown(asked)\n",
        "            return False\n",
        f"{TESTS}::test_past_what_was_verified_the_answer_is_neither_yes_nor_no",
    ),
    Mutant(
        "unknown is no truth value",
        "shared/krx_calendar/answers.py",
        "        raise self.error()",
        "        return False",
        f"{TESTS}::test_past_what_was_verified_the_answer_is_neither_yes_nor_no",
    ),
    Mutant(
        "the close is trading time",
        "shared/krx_calendar/trading.py",
        "begins <= moment <= ends",
        "begins <= moment < ends",
        f"{TESTS}::test_trading_hours_are_from_the_open_to_the_close_of_that_day",
    ),
    Mutant(
        "extra sessions that are off are no trading time",
        "shared/krx_calendar/trading.py",
        "if one.is_on and one.since <= day",
        "if one.since <= day",
        f"{TESTS}::test_sessions_before_and_after_the_regular_one_are_data_and_off",
    ),
    Mutant(
        "a moment is asked about by its Korean day",
        "shared/krx_calendar/trading.py",
        "asked.astimezone(KST).date()",
        "asked.date()",
        f"{TESTS}::test_a_moment_belongs_to_its_day_in_korea",
    ),
    Mutant(
        "a file that changed is read again",
        "shared/krx_calendar/reading.py",
        "known is None or known[0] != stamps",
        "known is None",
        f"{TESTS}::test_a_file_that_changes_is_read_again_and_one_that_goes_is_forgotten",
    ),
    Mutant(
        "a name stands once in a file of the calendar",
        "shared/krx_calendar/entries.py",
        ", object_pairs_hook=_once)",
        ")",
        f"{TESTS}::test_a_name_that_stands_twice_in_the_calendar_is_refused",
    ),
    Mutant(
        "no year is without a closure",
        "shared/krx_calendar/entries.py",
        "    _refuse_years_without_closures(entries)\n",
        "",
        f"{TESTS}::test_a_calendar_that_contradicts_itself_is_refused",
    ),
    Mutant(
        "a guard closes on a day nobody knows",
        "nas/guards.py",
        'return Passage(False, wording(_WHY, "unknown"',
        'return Passage(True, wording(_WHY, "unknown"',
        f"{COMMAND}::test_past_what_was_verified_guards_close_with_a_warning",
    ),
    Mutant(
        "a closure that came with the code is not lifted by the way",
        "nas/calendar_changes.py",
        "if not wish.built_in or not wish.reason.strip():",
        "if not wish.reason.strip():",
        f"{COMMAND}::test_a_closure_that_came_with_the_code_is_lifted_only_by_its_own_word_and_with_a_reason",
    ),
    Mutant(
        "the end of a week is told by the calendar, not by the last row",
        "shared/market/sessions.py",
        "np.arange(days.min(), days.max() + _AHEAD)",
        "np.arange(days.min(), days.max() + 1)",
        f"{ROWS}::test_what_a_row_is_does_not_depend_on_the_rows_around_it",
    ),
)
