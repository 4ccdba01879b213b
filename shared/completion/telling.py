"""The notice of an answered request: everything one wants to know of it without opening anything.

It exists so that the NAS, and the PC where it is the one to tell, say the same of an answer; it decides, and touches nothing.
"""

from __future__ import annotations

from typing import List

from shared.completion.bad import FAILED, SKIPPED, bad_news, recovery
from shared.completion.good import COMPLETED, good_news
from shared.completion.reading import Told
from shared.notices import Notice

READ = ("request.json", "equity_curve.csv", "run.log")  # the files of an answer a notice is made from
_EVENTS = {"SUCCEEDED": COMPLETED, "FAILED": FAILED, "REJECTED": FAILED}


def notices_of(told: Told, language: str) -> List[Notice]:
    """What is told of that answer, failures that are over with it first; each knows what it is told of, once."""
    if told.manifest.get("status") != "SUCCEEDED":
        return [bad_news(told, language)]
    return [*(recovery(told.manifest, code) for code in told.over), good_news(told, language)]


def event_of(status: object) -> str:
    """The event of that status, as the log and the notices call it."""
    return _EVENTS.get(str(status), SKIPPED)
