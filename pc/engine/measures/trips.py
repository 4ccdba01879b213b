"""Round trips: what was bought and sold in one symbol, from flat to flat, and what it brought.

It exists so that "a trade" means one thing, however many fills it took to get in and out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pc.engine.fills import Fills, flows
from pc.engine.measures.undefined import NO_GAIN, NO_LOSS, NO_TRADE, Figure
from shared.market import Days, Flags, Floats

Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Trips:
    """In order of symbol and time: column, first and last row, what was paid in (with costs), gain in won, whether flat again.

    The gain of a trip that is not closed is what its fills brought so far: what it still holds is not in it."""

    symbol: Rows
    entry: Rows
    exit: Rows
    paid: Floats
    gain: Floats
    closed: Flags

    def of(self, which: Flags) -> Trips:
        """Only these."""
        rows = self.symbol[which], self.entry[which], self.exit[which]
        return Trips(*rows, self.paid[which], self.gain[which], self.closed[which])


def trips_of(fills: Fills) -> Trips:
    """Every trip there was, the open ones too."""
    order = np.argsort(fills["symbol"], kind="stable")
    ordered = fills[order]
    symbol, shares = ordered["symbol"], ordered["shares"]
    # In fractions of a share a sale of all may leave the last digit of it.
    flat = np.abs(ordered["held"]) <= 1e-9 * np.abs(shares)
    starts = np.flatnonzero(np.concatenate([[True], flat[:-1] | (symbol[1:] != symbol[:-1])])[: len(ordered)])
    ends = np.append(starts[1:] - 1, len(ordered) - 1)[: len(starts)]
    brought = flows(ordered)
    paid = np.where(shares > 0, -brought, 0.0)
    sums = [np.add.reduceat(each, starts) if len(starts) else np.zeros(0) for each in (paid, brought)]
    return Trips(symbol[starts], ordered["row"][starts], ordered["row"][ends], sums[0], sums[1], flat[ends])


def closed_trips(fills: Fills) -> Trips:
    """Those that are flat again."""
    every = trips_of(fills)
    return every.of(every.closed)


def told(trips: Trips, days: Days, symbols: tuple[str, ...]) -> dict[str, Any]:
    """What the closed trips say; `days` and `symbols` are those the fills count in."""
    done = trips.of(trips.closed)
    counted: dict[str, Any] = {"closed_trades": len(done.gain), "open_trades": int((~trips.closed).sum())}
    if not len(done.gain):
        names = ("win_rate", "payoff", "profit_factor", "holding_sessions", "holding_days", "best_trade", "worst_trade")
        return counted | dict.fromkeys(names, NO_TRADE)
    held = (days[done.exit] - days[done.entry]).astype(np.int64)
    rates = done.gain / done.paid
    return {
        **counted,
        **_won_and_lost(done.gain),
        "holding_sessions": float((done.exit - done.entry).mean()),
        "holding_days": float(held.mean()),
        "best_trade": _one(done, int(rates.argmax()), days, symbols),
        "worst_trade": _one(done, int(rates.argmin()), days, symbols),
    }


def _won_and_lost(gain: Floats) -> dict[str, Figure]:
    won, lost = gain[gain > 0], gain[gain < 0]
    both = NO_LOSS if not len(lost) else NO_GAIN if not len(won) else None
    return {
        "win_rate": len(won) / len(gain),
        "payoff": both or float(won.mean()) / -float(lost.mean()),
        "profit_factor": float(won.sum()) / -float(lost.sum()) if len(lost) else NO_LOSS,
    }


def _one(trips: Trips, place: int, days: Days, symbols: tuple[str, ...]) -> dict[str, Any]:
    return {
        "symbol": symbols[int(trips.symbol[place])],
        "entry": str(days[trips.entry[place]]),
        "exit": str(days[trips.exit[place]]),
        "gain": float(trips.gain[place]),
        "return": float(trips.gain[place] / trips.paid[place]),
    }
