"""The scanner's decision over a whole market of one day, against what it costs a process to import numpy at all.

It exists because it is made every five minutes on a machine that has other things to do.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pc.bench.engine_cases import panel_of
from pc.bench.measure import Goal, Measured, Scale, interleaved, medians, python, ratio, seconds_of, seconds_of_program
from shared.strategies import Strategy, strategy_of

if TYPE_CHECKING:
    from shared.market import Prices
    from shared.market.picking import OneDay

_ROWS, _SYMBOLS, _HELD = 300, 300, 20
_LIMIT = 0.5
_SCANNER, _OTHER = "surge_trend_sector", "momentum_topN_v1"


def decision(scale: Scale, wanted: Path) -> Measured:
    """By the function the job calls, for somebody's holdings, in a warm process; the reference is one that imports numpy."""
    prices = panel_of(*(scale.panel or (_ROWS, _SYMBOLS)))
    strategies = {name: strategy_of(name, {"regime_symbol": prices.symbols[0]}, None) for name in (_SCANNER, _OTHER)}
    everybody = strategy_of(_SCANNER, {"regime_symbol": prices.symbols[0], "jump": 0.0}, None)
    asked = {**strategies, "where half of them rose": everybody}
    ways = {name: lambda one=one: seconds_of(lambda: decided_on(one, prices)) for name, one in asked.items()}
    programs = {"importing numpy": python("-c", "import numpy"), "python alone": python("-c", "pass")}
    ways |= {name: lambda program=program: seconds_of_program(program) for name, program in programs.items()}
    found = interleaved(scale.starts, ways)
    goals = [Goal(f"{name} of importing numpy", ratio(found, name, "importing numpy"), _LIMIT) for name in strategies]
    return Measured(goals, {f"{name}, ms": round(seconds * 1000, 2) for name, seconds in medians(found).items()})


def decided_on(strategy: Strategy, prices: Prices) -> OneDay:
    """The last day of these prices, for somebody who holds the first of them."""
    from shared.market.picking import one_day

    return one_day(strategy, prices, prices.symbols[:_HELD])
