"""The ways a job of today may stand, and what healthcheck makes of each.

It exists so that who finds a state, who shows it and who counts it mean the same nine.
"""

from __future__ import annotations

from typing import NamedTuple

from shared.found import BAD, OK, WARN


class State(NamedTuple):
    """`name` is the key of its sentence, `fix` that of what to do. `is_undone`: it was due, and came to no end since."""

    name: str
    verdict: str = OK
    fix: str = ""
    is_undone: bool = False


RAN, RUNNING, NOT_DUE = State("ran"), State("running"), State("not_due")
# Who failed has told so itself, who never ran here may not be wanted; who was not started, or was killed, cannot tell.
FAILED = State("failed", WARN, "failed_fix")
PUT_OFF = State("put_off", WARN, "failed_fix")
NEVER = State("never", WARN, "never_fix", is_undone=True)
MISSING = State("missing", BAD, "missing_fix", is_undone=True)
SHUT_OUT = State("shut_out", BAD, "failed_fix", is_undone=True)
KILLED = State("killed", BAD, "failed_fix", is_undone=True)
