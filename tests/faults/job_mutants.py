"""The rules of running jobs, each broken by one text edit.

It exists beside the other lists: these break what an operator believes of a program that cron starts.
"""

from __future__ import annotations

from typing import Tuple

from tests.faults.mutant import Mutant

RUN, YAML = "tests/nas/test_run_job.py", "tests/nas/test_jobs_yaml.py"
PROCESS, OUTPUT = "nas/running/process.py", "nas/running/output.py"

JOB_MUTANTS: Tuple[Mutant, ...] = (
    Mutant(
        "each job has a lock of its own",
        "nas/run_job.py",
        'settings.lock_of(f"job-{plan.policy.lock or plan.job}")',
        'settings.lock_of("job-")',
        f"{RUN}::test_a_job_that_is_at_work_is_not_started_twice_and_who_holds_it_is_said",
    ),
    Mutant(
        "a job dies with its runner",
        PROCESS,
        "read -r over || kill",
        "read -r over && kill",
        f"{RUN}::test_who_is_killed_in_the_middle_takes_its_job_along_and_frees_its_place",
    ),
    Mutant(
        "what a job started dies with its runner",
        PROCESS,
        'kill -s KILL -- "-$group"',
        'kill -s KILL -- "$group"',
        f"{RUN}::test_what_the_job_had_started_dies_with_a_killed_runner_too",
    ),
    Mutant(
        "who reads no further stops no log",
        OUTPUT,
        "[target], [], _READS)",
        "[target], [])",
        f"{RUN}::test_a_reader_who_stopped_stops_neither_the_job_nor_its_log",
    ),
    Mutant(
        "a line without end is taken in pieces",
        OUTPUT,
        "(not data or len(self._begun) > _LONGEST)",
        "not data",
        f"{RUN}::test_a_line_that_never_ends_is_taken_in_pieces",
    ),
    Mutant(
        "a line is cut through no secret",
        OUTPUT,
        "cut_between(self._begun, len(self._begun)) if data else len(self._begun)",
        "len(self._begun)",
        f"{RUN}::test_no_secret_is_shown_where_a_long_line_is_cut",
    ),
    Mutant(
        "who is asked to end asks its job",
        PROCESS,
        "        if left <= 0 or asked:",
        "        if left <= 0:",
        f"{RUN}::test_who_asks_the_runner_to_end_ends_the_job",
    ),
    Mutant(
        "what took too long ends with all it started",
        PROCESS,
        "        os.killpg(process.pid, number)",
        "        os.kill(process.pid, number)",
        f"{RUN}::test_one_that_takes_too_long_is_ended_with_all_it_started",
    ),
    Mutant(
        "words of an outage excuse no program that failed otherwise",
        "nas/running/outage.py",
        '    "external-data-unavailable",\n',
        '    "external-data-unavailable",\n    "JSONDecodeError",\n',
        f"{RUN}::test_words_of_an_outage_excuse_no_program_that_ended_well_or_failed_otherwise",
    ),
    Mutant(
        "a program is tried as often as was said",
        "nas/run_job.py",
        "        if not outcome.is_late or number > retry.max:",
        "        if not outcome.is_late or number > 1:",
        f"{RUN}::test_a_stale_day_is_tried_again_and_no_more_often_than_was_said",
    ),
    Mutant(
        "a guard that is closed lets nothing through",
        "nas/run_job.py",
        "    if not guard.is_open:  # guard",
        "    if not guard.is_open and guard.warns:  # guard",
        f"{RUN}::test_a_closed_guard_lets_nothing_through_and_is_no_failure",
    ),
    Mutant(
        "a job of ours that died is a failure, whatever its code",
        "nas/running/judging.py",
        "    if ended.rc == OK and not work.tells:",
        "    if ended.rc == OK:",
        f"{YAML}::test_a_job_of_ours_that_ends_without_saying_how_has_failed",
    ),
    Mutant(
        "the next time is one the guard lets through",
        "nas/list_jobs.py",
        "if passage(guard, calendar, moment).is_open), None)",
        "), None)",
        f"{YAML}::test_the_next_time_is_one_the_guard_lets_through",
    ),
    Mutant(
        "a command's log lies in no other folder",
        "nas/run.py",
        '_UNSAFE = re.compile(r"[^\\w.-]+")',
        '_UNSAFE = re.compile(r"[^\\w./-]+")',
        "tests/nas/test_shims.py::test_a_commands_log_is_named_by_what_it_runs_and_lies_in_no_other_folder",
    ),
    Mutant(
        "a slip of who looks on is nobody else's news",
        "nas/running/job_log.py",
        "if outcome.rc in (USAGE, INTERRUPTED) and _somebody_looks_on():",
        "if False:",
        "tests/nas/test_run_by_hand.py::test_a_slip_of_who_looks_on_is_no_failure_of_the_job_and_nobody_elses_news",
    ),
)
