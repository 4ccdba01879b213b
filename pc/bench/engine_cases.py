"""What the engine is measured on: seeded panels with halts, the requests made of them, and a run of one by the ordinary road.

It exists so that every row trades alike, and by the functions a request's run calls, with every check on.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inbox import Request
from pc.own_defaults import terms_of
from shared.strategies import decided, strategy_of

if TYPE_CHECKING:
    from shared.market import Prices

_FIRST = "2006-01-02"
CASES: dict[str, tuple[int, int]] = {"average": (5_040, 1), "momentum": (2_520, 500), "momentum of 2000": (5_040, 2_000)}
AVERAGE: dict[str, Any] = {"strategy": "krx_ma200", "params": {"window": 200}, "capital": 1_000_000_000}
# Whoever is not among the best 20 of 500 is sold, whatever their volume: what the peers are asked for.
_BEST = {"lookbacks": [252], "weights": [1.0], "ranking": "weighted_mom", "top_n": 20, "regime_symbol": None, "exclude": []}
_PLAIN = {"position_cap": None, "volatility_target": None, "cooldown_days": 0}
MOMENTUM: dict[str, Any] = {
    "strategy": "momentum_topN_v1",
    "params": {**_BEST, "min_liquidity": 0.0, "rebalance": "MONTHLY"},
    "costs": {"commission_bps": 25.0, "slippage_bps": 0.0},
    "rules": _PLAIN,
    "capital": 1_000_000_000,
}


def request_for(width: int) -> Request:
    """The average of one symbol, or the best 20 of more."""
    told = dict(AVERAGE) if width == 1 else {**MOMENTUM, "params": {**MOMENTUM["params"], "sell_rank": 20 / width}}
    return Request.model_validate({**told, "symbols": list(symbols_of(width))})


def panel_of(rows: int, width: int, seed: int = 1) -> Prices:
    """A random walk in won; one bar in 500 is a halt: its close is carried, the rest of it is 0."""
    import numpy as np

    from shared.market import Prices

    dice = np.random.default_rng(seed)
    steps = dice.normal(0.0002, 0.012, (rows, width)).cumsum(axis=0)
    close = np.round(20_000 * np.exp(steps - steps.mean(axis=0))) + 1
    opened = np.vstack([close[:1], close[:-1]])
    halted = dice.random((rows, width)) < 0.002
    close[halted] = opened[halted]
    high, low, volume = np.maximum(opened, close), np.minimum(opened, close), np.full((rows, width), 100_000.0)
    for field in (opened, high, low, volume):
        field[halted] = 0.0
    days = np.busday_offset(np.datetime64(_FIRST), np.arange(rows), roll="forward")
    bars = {"open": opened, "high": high, "low": low, "close": close, "volume": volume, "value": close * volume}
    return Prices(days, symbols_of(width), **bars, synthetic=False, provider="bench", adjusted=True)


def symbols_of(width: int) -> tuple[str, ...]:
    """Codes of common shares: their sales are taxed."""
    return tuple(f"{place:05}0" for place in range(width))


def seconds_of_run(request: Request, prices: Prices) -> float:
    """From the decisions to fills, equity and every check, as a run has it; a run that failed a check raises."""
    from pc.engine import accepted, belonging, look_ahead, reconcile, simulate, tempered, warm_up

    strategy = strategy_of(request.strategy, request.params, None)
    terms = terms_of(request, strategy)
    began = time.perf_counter()
    wanted = decided(strategy, prices)
    targets = accepted(wanted, prices.close.shape, 0, terms.lag)
    targets = tempered(belonging(targets, prices), prices, terms)
    look_ahead(strategy, prices, wanted)
    warm_up(strategy, prices, wanted, 0)
    simulation = simulate(prices, targets, terms)
    reconcile(prices, simulation, terms)
    assert len(simulation.equity) == len(prices.dates)
    return time.perf_counter() - began


def seconds_of_simulation(request: Request, prices: Prices) -> float:
    """The same without the checks: what the peers do, shown beside it."""
    from pc.engine import accepted, simulate, tempered

    strategy = strategy_of(request.strategy, request.params, None)
    terms = terms_of(request, strategy)
    began = time.perf_counter()
    wanted = decided(strategy, prices)
    simulate(prices, tempered(accepted(wanted, prices.close.shape, 0, terms.lag), prices, terms), terms)
    return time.perf_counter() - began


def main(folder: str, width: str) -> None:
    """Run by a process of its own: one run over the prices in that folder, then how many MB it took at most."""
    from pc.bench.peer_engines import most_mb
    from shared.market import open_prices

    seconds_of_run(request_for(int(width)), open_prices(Path(folder)))
    print(most_mb())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
