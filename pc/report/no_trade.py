"""Why a run made no trade at all: nothing was wanted, no bar or price was there, or the money was below one lot.

It exists so that the report never gives a reason that is not the true one.
"""

from __future__ import annotations

from dataclasses import replace

from pc.engine import Terms, simulate
from pc.report.labels import LABELS
from shared.market import Prices
from shared.strategies import Targets


def why_no_trade(prices: Prices, targets: Targets, terms: Terms) -> str:
    """`never_wanted`, `no_price`, `below_a_lot` or `no_bar`, for a run whose simulation filled nothing."""
    wanted = targets.weights > 0
    if not wanted.any():
        return "never_wanted"
    if not (wanted & (prices.marks[targets.rows] > 0)).any():
        return "no_price"
    # The engine itself is asked: if fractions of a share had been bought, then the lot stood in the way.
    in_fractions = simulate(prices, targets, replace(terms, lot=0))
    return "below_a_lot" if len(in_fractions.fills) else "no_bar"


def no_trade_warning(why: str, terms: Terms) -> str:
    """The same for `degraded`, whose words are English in every report."""
    return LABELS[why][1].format(capital=f"{terms.capital:,.0f} won", execution=terms.execution)
