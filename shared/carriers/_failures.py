"""What may go wrong on the way to the other side, told apart by what an operator does about it.

They exist so that a PC that sleeps is never taken for a wrong password, and neither for nothing to do.
"""

from __future__ import annotations

from shared.errors import RelayError
from shared.outcome import OPERATIONAL, TRY_LATER


class ThereAway(RelayError):
    """The other side cannot be reached now, or the connection broke: it may sleep. Trying again later is enough."""

    code = "E-THERE-AWAY"
    exit_code = TRY_LATER


class CarryRefused(RelayError):
    """The other side is there and lets us not in: a key, a password, a name that is wrong. No retry mends it."""

    code = "E-CARRY-REFUSED"
    exit_code = OPERATIONAL


class CarryBroken(RelayError):
    """Files cannot be written or read where they should be: a full disk, a missing folder, no such program."""

    code = "E-CARRY-BROKEN"
    exit_code = OPERATIONAL


class CarryPartial(RelayError):
    """Some files were moved and some were not."""

    code = "E-CARRY-PARTIAL"
    exit_code = OPERATIONAL


FAILURES = (ThereAway, CarryRefused, CarryBroken, CarryPartial)
