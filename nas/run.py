"""`python -m nas run`: a job by its name, or any command, under lock, guard, retry and log.

It exists so that cron, a person and the shims of the earlier scripts start jobs in one way.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path
from typing import Dict, List, Sequence, Union

from pydantic import ValidationError

from nas.guards import passage
from nas.run_job import Plan, run_job
from nas.running import (
    JOBS,
    NOTE,
    JobLog,
    Policy,
    Work,
    command_of,
    holder_of,
    log_unset,
    not_begun,
    one_try,
    policy_of,
    refuse_unknown,
)
from shared import clock
from shared.catalog import Catalog
from shared.config import HOME, PREFIX, Settings, load
from shared.errors import RelayError, UsageWrong
from shared.krx_calendar import open_calendar
from shared.masking import masked
from shared.one_line import one_line
from shared.outcome import OK, TRY_LATER
from shared.refusal import in_plain_words

_CHANGES_THE_CODE = "update_from_git"
_HELP = {"-h", "--help"}
_INTERPRETER = re.compile(r"(python[\d.]*|bash|sh|env|nice|ionice|timeout)(\.exe)?|[A-Z_]+=.*|[\d.]+[smhd]?")  # and its seconds
_ENDING = re.compile(r"\.(sh|py)$")
_SECONDS_OF_HELP = 60.0
_UNSAFE = re.compile(r"[^\w.-]+")


def run(options: argparse.Namespace) -> int:
    """The exit code: the job's own; 0 for what is skipped."""
    if options.job:
        refuse_unknown(options.job)
        if _HELP.intersection(options.words):
            return _shown_help(options.job)
    if options.job == _CHANGES_THE_CODE:
        _load_what_ends_it()
    name = options.job or _no_jobs(_no_note(name_of(options.log or options.words)))
    settings = _settings_for(name)
    notify = "failed"
    try:
        plan = _plan_of_job(options, settings) if options.job else _plan_of_command(options, name)
        notify = plan.policy.notify
        return _tried_dry(plan, settings) if options.dry_run else run_job(plan, settings, JobLog(settings, name, notify))
    except (RelayError, OSError) as error:  # cron started it, and nobody else would hear that it never ran
        JobLog(settings, name, notify).over(not_begun(error))
        raise


def _settings_for(name: str) -> Settings:
    """Where they cannot be read nobody knows whom to tell, nor where the logs are: the failure stands where logs are unless
    somebody says otherwise."""
    try:
        return load()
    except (RelayError, OSError) as error:
        said = Path(os.environ.get(f"{PREFIX}LOGS", ""))
        log_unset(said if said.is_absolute() else HOME / "logs", name, not_begun(error))
        raise


def _shown_help(job: str) -> int:
    """What may be said to it, whatever the day is: no guard, no lock, and nothing of it is kept or told."""
    one_try(Work(command_of(job, ["--help"], clock.now(), True), _SECONDS_OF_HELP, tells=True), lambda line: None, [])
    return OK


def _load_what_ends_it() -> None:
    """What telling its end needs is loaded before there is other code in these files."""
    from shared import notices
    from shared.catalog import Catalog

    ways = Catalog(f"{notices.__name__}.notifiers")
    for name in ways.names():
        ways.load(name)


def _plan_of_job(options: argparse.Namespace, settings: Settings) -> Plan:
    if options.retry_rc not in (None, TRY_LATER):
        fix = "leave --retry-rc out: --retry-max says how often"
        raise UsageWrong("reading the command", f"a job of ours ends with {TRY_LATER} where it is to be tried again", fix)
    policy, at = _with(policy_of(options.job, settings.jobs), options), options.at or clock.now()
    words = [*(["--json"] if options.json else []), *options.words]
    work = Work(command_of(options.job, words, at, options.dry_run), policy.timeout, tells=True)
    return Plan(options.job, policy, work, at, options.legacy_rc)


def _plan_of_command(options: argparse.Namespace, name: str) -> Plan:
    if not options.words:
        fix = "python -m nas run JOB, or run -- COMMAND"
        raise UsageWrong("reading the command", "neither a job nor a command is named", fix)
    policy = _with(Policy(), options)
    return Plan(name, policy, Work(options.words, policy.timeout, policy.retry.rc), options.at or clock.now(), options.legacy_rc)


def name_of(said: Union[str, Sequence[str]]) -> str:
    """What its log and its lock are called: as was said, else by the program, or by what an interpreter is to run. It names no
    other folder."""
    words = [said] if isinstance(said, str) else [word for word in said if not word.startswith("-")]
    meant = next((word for word in words if not _INTERPRETER.fullmatch(Path(word).name)), words[0] if words else "command")
    return _UNSAFE.sub("_", meant if isinstance(said, str) else _ENDING.sub("", Path(meant).name)).strip("._")[:40] or "command"


def _no_jobs(name: str) -> str:
    """Of no job of ours: a command of that name has neither its lock, its log nor how it ended last."""
    return f"{name}_command" if name in Catalog(JOBS).names() else name


def _no_note(name: str) -> str:
    """Beside each lock lies a note of who has it, `….held`: a lock of that name would be another's note, and take it away."""
    if not name.lower().endswith(NOTE):
        return name
    fix = f"name another: --log {name[: -len(NOTE)].strip('._') or 'mine'}_log"
    raise UsageWrong(f"naming the log and the lock {name!r}", f"{NOTE} ends the name of a note beside a lock", fix)


def _with(policy: Policy, options: argparse.Namespace) -> Policy:
    """What is set for it, and what was said now over that."""
    named: Dict[str, object] = {"guard": options.guard, "timeout": options.timeout}
    again: Dict[str, object] = {"rc": options.retry_rc, "max": options.retry_max, "sleep": options.retry_sleep}
    if options.retry_rc is not None and options.retry_max is None:
        again["max"] = 1
    retry = {**policy.retry.model_dump(), **_said(again)}
    try:
        return Policy.model_validate({**policy.model_dump(), **_said(named), "retry": retry})
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
    where = "-".join(map(str, found["loc"]))
    raise UsageWrong("reading the command", f"--{where} {found['input']}: {in_plain_words(found)}", "docs/jobs.md has every word")


def _said(words: "Dict[str, object]") -> "Dict[str, object]":
    return {name: value for name, value in words.items() if value is not None}


def _tried_dry(plan: Plan, settings: Settings) -> int:
    """What would stand in its way now, and what it would do: a command that is not ours is only named."""
    holder = holder_of(settings.lock_of(f"job-{plan.policy.lock or plan.job}"))
    guard = passage(plan.policy.guard, open_calendar(settings.data), plan.at)
    told: List[str] = [f"held by pid {holder.pid} on {holder.host} since {clock.for_people(holder.since)}"] if holder else []
    told += [] if guard.is_open else [guard.why.in_language(settings.language)]
    print(f"dry run of {plan.job}: {'; '.join(told) or 'it would run'}", file=sys.stderr)
    if not plan.work.tells:
        print(masked(one_line(f"it would run: {' '.join(plan.work.command)}")), file=sys.stderr)
        return 0
    return one_try(plan.work, lambda line: None, []).rc
