"""The door of running: what is set for each job, its turn alone on this machine, its process, and how it went last."""

from nas.running.cron import Cron
from nas.running.memory import Last, last_of, remember
from nas.running.outage import looks_like_an_outage
from nas.running.policy import JOBS, Policy, Retry, policies, policy_of, refuse_unknown
from nas.running.process import Ended, Work, asked_to_end, ended_by, one_try, pause
from nas.running.seat import Holder, Seat, holder_of, seat

__all__ = [
    "JOBS",
    "Cron",
    "Ended",
    "Holder",
    "Last",
    "Policy",
    "Retry",
    "Seat",
    "Work",
    "asked_to_end",
    "ended_by",
    "holder_of",
    "last_of",
    "looks_like_an_outage",
    "one_try",
    "pause",
    "policies",
    "policy_of",
    "refuse_unknown",
    "remember",
    "seat",
]
