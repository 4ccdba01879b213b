"""One sync while it goes, on either machine: what it moved, and what went wrong and did not end it.

It exists so that whatever breaks one step, the others are done, and all of it is told in the end.
"""

from __future__ import annotations

import contextlib
from typing import Dict, Iterator, List, Optional

from shared.carriers import CarryBroken, CarryRefused, ThereAway
from shared.errors import RelayError
from shared.outcome import FAILED, OK


class Trip:
    """A sync while it goes: what it moved, and what went wrong and did not end it."""

    def __init__(self) -> None:
        self.sent = self.brought = self.waiting = 0
        self.sent_signs = False  # of life
        self.links: List[str] = []  # in the place of answers: what they lead to is not carried
        self.all_refused = 0  # that still are: answers nobody can believe, set aside here, or not sent
        self.just_refused: Dict[str, str] = {}  # those of them this round stumbled over, and why
        self.troubles: List[RelayError] = []

    @contextlib.contextmanager
    def going_on(self, doing: str = "carrying files") -> Iterator[None]:
        """What fails in here is kept, and the rest of the round is done all the same."""
        try:
            yield
        except RelayError as error:
            self.troubles.append(error)
        except (OSError, ValueError, RecursionError) as error:  # of a folder here, or of names nobody foresaw
            self.troubles.append(CarryBroken(doing, str(error), "look at that file or folder, and for room and rights there"))

    @property
    def trouble(self) -> Optional[RelayError]:
        """What an operator must hear first: what no retry mends before what one does."""
        return next((one for one in self.troubles if not isinstance(one, ThereAway)), self.troubles[0] if self.troubles else None)

    @property
    def is_cut_off(self) -> bool:
        """Whether there is no use in trying further this time."""
        return any(isinstance(one, (ThereAway, CarryRefused)) for one in self.troubles)

    def exit_code(self) -> int:
        """As every command ends."""
        if self.trouble:
            return self.trouble.exit_code
        return FAILED if self.just_refused else OK


def counts_of(trip: Trip) -> Dict[str, int]:
    """The four numbers of a sync."""
    return {"sent": trip.sent, "brought": trip.brought, "waiting": trip.waiting, "refused": trip.all_refused}
