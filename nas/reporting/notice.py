"""What the notices of both reports have in common: whose day it is, who moved most, and where the figures are from.

It exists so that people get either report in one shape; how it looks in Slack is the notifiers' affair.
"""

from __future__ import annotations

from typing import Any, Dict, List

from nas.closes import Movers
from nas.reporting.edition import Edition
from nas.reporting.phrases import called, heading, rich_row
from shared import clock
from shared.figures import signed_percent
from shared.notices import Notice


def notice_of(edition: Edition, **told: Any) -> Notice:
    """Whoever tells it gives it its identity."""
    day = str(edition.closes.day)
    context = f"data/eod/{day}.csv · {clock.to_the_minute(edition.at)}"
    return Notice(level="INFO", day=day, data_to=day, context=context, synthetic=edition.closes.synthetic, **told)


def sides(found: Movers, language: str) -> Dict[str, str]:
    """Who moved most, each side under its own heading."""
    return {
        heading(side, found, language): "\n".join(rich_row(one, language) for one in rows) or "-"
        for side, rows in (("up", found.up), ("down", found.down))
    }


def leaders(found: Movers) -> List[str]:
    """The first of each side, as a telephone has room for them."""
    return [f"{called(one.code, one.name)} {signed_percent(one.change)}" for one in (*found.up[:1], *found.down[:1])]
