"""The door of running: what a job is given and gives back; what is set for each; one start of it, alone, tried and told; its last
end.
"""

from nas.running.cron import Cron
from nas.running.job_log import JobLog, log_unset
from nas.running.judging import not_begun, stopped
from nas.running.memory import Last, last_of
from nas.running.outcome import BROKEN, DONE, LATER, SKIPPED, Outcome, of_command, of_error, skipped
from nas.running.policy import JOBS, Policy, policies, policy_of, refuse_unknown
from nas.running.process import asked_to_end, one_try, pause
from nas.running.seat import NOTE, Holder, holder_of, last_holder, seat
from nas.running.turn import Turn
from nas.running.work import Work, command_of

__all__ = [
    "BROKEN",
    "DONE",
    "JOBS",
    "LATER",
    "NOTE",
    "SKIPPED",
    "Cron",
    "Holder",
    "JobLog",
    "Last",
    "Outcome",
    "Policy",
    "Turn",
    "Work",
    "asked_to_end",
    "command_of",
    "holder_of",
    "last_holder",
    "last_of",
    "log_unset",
    "not_begun",
    "of_command",
    "of_error",
    "one_try",
    "pause",
    "policies",
    "policy_of",
    "refuse_unknown",
    "seat",
    "skipped",
    "stopped",
]
