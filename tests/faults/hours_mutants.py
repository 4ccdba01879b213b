"""The rules of when: working hours, silence on either side, a running worker's rounds; each broken by one text edit.

It exists beside road_mutants.py, whose mutants are those of what is carried.
"""

from __future__ import annotations

from typing import Tuple

from tests.faults.mutant import Mutant

HOURS = "tests/shared/test_working_hours.py::test_working_hours_are_those_of_seoul"
SILENT_PC, SILENT_NAS, ROUNDS = "tests/nas/test_silent_pc.py", "tests/pc/test_silent_nas.py", "tests/pc/test_rounds.py"

HOURS_MUTANTS: Tuple[Mutant, ...] = (
    Mutant(
        "hours begin at their first minute",
        "shared/working_hours.py",
        "since <= now < until",
        "since < now < until",
        HOURS,
    ),
    Mutant(
        "hours end with their last minute",
        "shared/working_hours.py",
        "since <= now < until",
        "since <= now <= until",
        HOURS,
    ),
    Mutant(
        "hours go over midnight",
        "shared/working_hours.py",
        "timedelta(days=1) if ends <= begins else timedelta()",
        "timedelta()",
        HOURS,
    ),
    Mutant(
        "the hours of yesterday evening last until this morning",
        "shared/working_hours.py",
        "    for back in (0, 1):",
        "    for back in (0,):",
        HOURS,
    ),
    Mutant(
        "hours over midnight are those of the day they began",
        "shared/working_hours.py",
        "midnight.weekday() in days",
        "now.weekday() in days",
        HOURS,
    ),
    Mutant(
        "days go over the end of the week",
        "shared/working_hours.py",
        "last + 1 if last >= first else last + 8",
        "last + 1",
        HOURS,
    ),
    Mutant(
        "hours are Korean",
        "shared/working_hours.py",
        "now.astimezone(clock.KST).replace(",
        "now.replace(",
        "tests/shared/test_working_hours.py::test_working_hours_are_korean_wherever_the_clock_is",
    ),
    Mutant(
        "outside working hours a PC may sleep",
        "nas/listening.py",
        "    if since is None and (asked or gone):\n        return\n    silence = (gone or _idle(desk, work, asked, since)) "
        "if since else None",
        "    silence = gone or _idle(desk, work, asked, since or work.at)",
        f"{SILENT_PC}::test_a_pc_may_sleep_outside_working_hours",
    ),
    Mutant(
        "what was told by day is not over by night",
        "nas/listening.py",
        "    if since is None and (asked or gone):",
        "    if False:",
        f"{SILENT_PC}::test_who_comes_back_at_night_is_told_at_night",
    ),
    Mutant(
        "the night does not count",
        "nas/listening.py",
        "since.timestamp(), ",
        "",
        f"{SILENT_PC}::test_the_night_does_not_count",
    ),
    Mutant(
        "silence begins with the last sign",
        "nas/listening.py",
        ", _last_seen(work.workers, work.now))",
        ", 0.0)",
        f"{SILENT_PC}::test_a_worker_that_was_seen_a_moment_ago_is_not_silent_yet",
    ),
    Mutant(
        "a paused queue is nobody's silence",
        "nas/listening.py",
        "    if inbox.paused_because(desk.inbox) is not None:",
        "    if False:",
        f"{SILENT_PC}::test_a_paused_queue_is_nobodys_silence",
    ),
    Mutant(
        "a request for later waits for nobody",
        "nas/listening.py",
        "if one and one.since <= now]",
        "if one]",
        f"{SILENT_PC}::test_a_request_for_later_waits_for_nobody",
    ),
    Mutant(
        "an answered request waits for nobody",
        "nas/listening.py",
        "    if is_answered(desk.outbox, request_id):",
        "    if False:",
        f"{SILENT_PC}::test_a_request_that_is_answered_waits_for_nobody",
    ),
    Mutant(
        "a living worker is no silence",
        "nas/listening.py",
        "    asked = [] if _is_alive(work) else",
        "    asked =",
        f"{SILENT_PC}::test_a_pc_that_is_never_silent_says_nothing",
    ),
    Mutant(
        "a run that fell silent is told before the hours are over",
        "nas/listening.py",
        "(gone or _idle(",
        "(_idle(",
        f"{SILENT_PC}::test_a_worker_that_fell_silent_with_a_run_is_told_past_its_lease",
    ),
    Mutant(
        "who just woke calls nobody silent",
        "pc/listening.py",
        " or (ago > limit and awake < min(_AWAKE, limit))",
        "",
        f"{SILENT_NAS}::test_who_just_woke_waits_before_calling_the_nas_silent",
    ),
    Mutant(
        "a NAS that was heard within the hours is not silent",
        "pc/listening.py",
        "if last else None) if ago > limit else None",
        "if last else None)",
        f"{SILENT_NAS}::test_a_nas_that_was_never_heard_is_silent_from_the_first_question_on",
    ),
    Mutant(
        "a sleep begins wakefulness anew",
        "pc/listening.py",
        "<= self._most:",
        "< 1e9:",
        f"{SILENT_NAS}::test_a_sleep_begins_wakefulness_anew",
    ),
    Mutant(
        "a clock that was set back begins wakefulness anew",
        "pc/listening.py",
        "        if not 0 <= now",
        "        if not -1e9 <= now",
        f"{SILENT_NAS}::test_a_sleep_begins_wakefulness_anew",
    ),
    Mutant(
        "prices are looked for every ten minutes, not at every round",
        "pc/rounds.py",
        "(_PRICES_EVERY if self._settings.there_data else 0.0)",
        "0.0",
        f"{ROUNDS}::test_prices_are_looked_for_at_the_first_round_and_not_at_each_after_it",
    ),
    Mutant(
        "prices are looked for at the first round",
        "pc/rounds.py",
        "        self._prices_due = 0.0",
        "        self._prices_due = 1e12",
        f"{ROUNDS}::test_prices_are_looked_for_at_the_first_round_and_not_at_each_after_it",
    ),
    Mutant(
        "what arrived is taken in at every round where the other side carries",
        "pc/rounds.py",
        "(_PRICES_EVERY if self._settings.there_data else 0.0)",
        "_PRICES_EVERY",
        f"{ROUNDS}::test_prices_the_other_side_brought_are_taken_in_at_the_next_round",
    ),
    Mutant(
        "the same trouble is told once",
        "pc/rounds.py",
        "            if str(error) != self._why:",
        "            if True:",
        f"{ROUNDS}::test_the_same_trouble_is_told_once_and_again_after_its_end",
    ),
    Mutant(
        "trouble that comes again is told again",
        "pc/rounds.py",
        '            self._why = ""\n        except',
        "            pass\n        except",
        f"{ROUNDS}::test_the_same_trouble_is_told_once_and_again_after_its_end",
    ),
    Mutant(
        "a round that stands still is cut off",
        "pc/porter.py",
        "        too_long.start()\n",
        "",
        f"{ROUNDS}::test_a_round_that_stands_still_is_cut_off_with_all_it_started",
    ),
    Mutant(
        "what a round started ends with it",
        "pc/porter.py",
        "os.killpg(child.pid, signal.SIGKILL)",
        "child.kill()",
        f"{ROUNDS}::test_a_round_that_stands_still_is_cut_off_with_all_it_started",
    ),
    Mutant(
        "the round after one that was cut off has a process of its own",
        "pc/porter.py",
        "self._child if self._child and self._child.poll() is None else _started()",
        "self._child or _started()",
        f"{ROUNDS}::test_a_round_that_stands_still_is_cut_off_with_all_it_started",
    ),
    Mutant(
        "an answer rings for a round",
        "pc/porter.py",
        "            self._owed.set()\n            self._rung.set()\n",
        "            self._owed.set()\n",
        f"{ROUNDS}::test_an_answer_rings_for_a_round",
    ),
)
