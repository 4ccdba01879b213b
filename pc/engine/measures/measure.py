"""All measures of one run, in the order people read them.

It exists so that one function makes metrics.json, and every figure in it has its row in formulas.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from pc.engine.fills import Fills
from pc.engine.measures import certainty, falls, months, relative, spending, trips
from pc.engine.measures.returns import DAYS_A_YEAR, calmar, daily_returns, shape, spread, tail, why_not, yearly
from pc.engine.measures.undefined import settled
from shared.market import Days, Floats

_OLD_YEAR = 252  # sessions: what CAGR_like has always counted with
_SHORT, _SHORT_YEAR = 360, 245.0
_OF_THE_DAYS = ("volatility", "Sharpe", "Sortino", "skewness", "kurtosis", "VaR_95", "ES_95", "PSR")


class Books(Protocol):
    """What a simulation leaves to be measured: every fill, and cash and equity at every close."""

    @property
    def fills(self) -> Fills:
        """In order of time; `row` and `symbol` count in the dates and symbols of the span."""

    @property
    def cash(self) -> Floats:
        """Won, one a date."""

    @property
    def equity(self) -> Floats:
        """Won, one a date."""


@dataclass(frozen=True, eq=False)
class Span:
    """What is measured: the dates and symbols the books count in, the row the period begins with, the capital.

    A benchmark has one number a date of the period, NaN where it had no close of its own. `around` are the trading days just
    before and after the period; None: as the Korean calendar has them."""

    dates: Days
    symbols: tuple[str, ...]
    first: int
    capital: float
    benchmarks: Mapping[str, Floats] = field(default_factory=dict)
    around: Days | None = None

    @property
    def days(self) -> Days:
        """The sessions of the period."""
        return self.dates[self.first :]

    @property
    def calendar_days(self) -> int:
        """From the first session to the last, both counted: as long as the returns of these sessions took."""
        return int((self.days[-1] - self.days[0]).astype(int)) + 1

    @property
    def a_year(self) -> float:
        """Sessions a year: as many as there were, or Korea's mean where the period is shorter than a year."""
        return len(self.days) * DAYS_A_YEAR / self.calendar_days if self.calendar_days >= _SHORT else _SHORT_YEAR


def measure(books: Books, span: Span) -> dict[str, Any]:
    """Every figure of formulas.py; what cannot be computed is None, and `reasons` says why."""
    equity = books.equity[span.first :]
    growth = equity / span.capital
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # what leaves the range of a float is told as that
        figures = {
            **_whole(growth, span),
            **_of_the_days(growth, span.a_year),
            **_drawn_down(growth, span.days),
            **_traded(books, span),
            "capital": span.capital,
            "final_equity": float(equity[-1]),
            "relative": {
                name: relative.against(growth, theirs, span.days, span.a_year) for name, theirs in span.benchmarks.items()
            },
            **_tables(growth, span),
        }
        return settled(figures)


def _whole(growth: Floats, span: Span) -> dict[str, Any]:
    last, mdd = float(growth[-1]), falls.deepest(growth)
    cagr = yearly(last, span.calendar_days)
    return {
        "Final_Return": last - 1,
        "CAGR": cagr,
        "CAGR_like": float(np.float_power(last, _OLD_YEAR / len(growth))) - 1,
        "MDD": mdd,
        "Calmar": calmar(cagr, mdd),
        "calendar_days": span.calendar_days,
        "sessions_per_year": span.a_year,
    }


def _of_the_days(growth: Floats, a_year: float) -> dict[str, Any]:
    returns = daily_returns(growth)
    why = why_not(growth, returns)
    sure = {"Sharpe_interval": certainty.interval(returns, a_year, why)}
    if why:
        return dict.fromkeys(_OF_THE_DAYS, why) | sure
    skew = shape(returns)
    chance = certainty.probability(returns, skew["skewness"], skew["kurtosis"])
    return {**spread(returns, a_year), "PSR": chance, **sure, **skew, **tail(returns)}


def _drawn_down(growth: Floats, days: Days) -> dict[str, Any]:
    rows = falls.table(growth, days)
    return {"drawdown": falls.worst(rows), "drawdowns": rows}


def _traded(books: Books, span: Span) -> dict[str, Any]:
    fills, equity = books.fills, books.equity[span.first :]
    made, final = trips.trips_of(fills), float(equity[-1])
    realised = float(made.gain[made.closed].sum())
    return {
        "trades": len(fills),
        **trips.told(made, span.dates, span.symbols),
        "realised": realised,
        "unrealised": final - span.capital - realised,
        **spending.invested(equity, books.cash[span.first :]),
        "turnover": spending.turnover(fills, equity, span.a_year),
        **spending.costs(fills, span.capital, final),
    }


def _tables(growth: Floats, span: Span) -> dict[str, Any]:
    days = span.days
    around = months.days_around(days) if span.around is None else span.around
    return {"monthly_returns": months.by_month(growth, days, around), "yearly_returns": months.by_year(growth, days, around)}
