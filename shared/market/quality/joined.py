"""What is odd about rows before they are a panel: what no panel can hold, and what joining them left out.

It exists because a number that is infinite and a day that is yet to come are no prices at all, and are refused.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from shared.errors import DataUnusable
from shared.market.joining import Joined
from shared.market.prices import NUMBERS
from shared.market.quality.finding import Finding, finding

_NO_DAYS = np.array([], dtype="datetime64[D]")


def refuse_impossible(found: Joined, today: date) -> None:
    """DataUnusable where a number is infinite, or the days are yet to come."""
    for name in NUMBERS:
        wrong = np.argwhere(np.isinf(found.numbers[name]))
        if len(wrong):
            row, column = wrong[0]
            why = f"{name} of {found.symbols[column]} on {found.dates[row]} is infinite"
            raise DataUnusable("checking the dropped prices", why, "leave that cell empty; what is not known is no number")
    last = found.dates[-1]
    if last > np.datetime64(today + timedelta(days=1)):
        rows = np.flatnonzero(found.there[-1])
        why = f"{found.symbols[rows[0]]} has a row on {last}; today is {today}"
        raise DataUnusable("checking the dropped prices", why, "look at the days in the file, and at this machine's clock")


def of_joining(found: Joined) -> list[Finding]:
    """What was counted once, or left out, while the rows were joined."""
    twice, foreign = found.twice, found.foreign_days
    left_out = f"{foreign} day(s) without a row of the Korean exchange left out"
    told = [("Q-TWICE", twice, f"{twice} row(s) came twice, alike"), ("Q-OTHER-DAYS", foreign, left_out)]
    return [replace(finding(code, "", _NO_DAYS, text), count=count) for code, count, text in told if count]
