"""The prices in use on this machine, and of them those a strategy is given: what is traded, and what it looks at besides.

It exists so that a run and a scanner open the same panel, and prices nobody had are told apart from prices nobody brought.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from shared.config import Settings
from shared.errors import DataMissing, RequiredUnavailable
from shared.market.prices import Prices
from shared.market.sealed import open_prices
from shared.market.unavailable import why_unavailable

if TYPE_CHECKING:
    from shared.strategies import Strategy

_NAMED = 5
_LATER = "send it again when they are there"


def prices_in_use(settings: Settings) -> Prices:
    """The panel runs read on this machine, mapped; made first where files were dropped or made-up ones are not there yet."""
    from shared.market.providers import synthetic

    if settings.prices == "synthetic":
        return synthetic.ensure(settings.data / "prices" / "synthetic")
    try:
        return open_prices(settings.data / "prices" / "local")
    except DataMissing as missing:
        raise _never_fetched(settings) or missing from missing


def prices_for(panel: Prices, traded: Prices, strategy: Strategy) -> Prices:
    """What is traded, and of the panel what the strategy's `reads` names besides where there are any: a member on no day."""
    known = set(panel.symbols)
    more = [name for name in read_by(strategy) if name not in traded.symbols and name in known]
    if not more:
        return traded
    members = np.zeros((len(panel.dates), len(traded.symbols) + len(more)), dtype=bool)
    members[:, : len(traded.symbols)] = True if traded.members is None else traded.members
    return panel.pick([*traded.symbols, *more]).telling(members=members)


def read_by(strategy: Strategy) -> list[str]:
    """Whom the strategy looks at, traded or not."""
    reads = getattr(strategy.module, "reads", None)
    return list(dict.fromkeys(reads(strategy.params))) if reads else []


def _never_fetched(settings: Settings) -> RequiredUnavailable | None:
    """Where nobody had any prices when they were fetched, that is the reason, and no fault of anybody here."""
    whys = list(why_unavailable(settings.data).items())
    told = "; ".join(f"{name} ({why})" for name, why in whys[:_NAMED]) + (
        f"; and {len(whys) - _NAMED} more" if len(whys) > _NAMED else ""
    )
    return RequiredUnavailable("reading the prices", f"nobody had any when they were fetched: {told}", _LATER) if whys else None
