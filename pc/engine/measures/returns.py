"""The daily returns and what is said of them alone: growth a year, spread, ratios, tail.

It exists so that every figure about the days of a run is made of the very returns that stand in daily_returns.csv.
"""

from __future__ import annotations

import math

import numpy as np

from pc.engine.measures.undefined import (
    BEYOND,
    NO_FALL,
    NO_FOUR,
    NO_LOSING_DAY,
    NO_MONTH,
    STILL,
    TOO_SHORT,
    WIPED_OUT,
    Figure,
    Undefined,
)
from shared.market import Floats

DAYS_A_YEAR = 365.25
_TAIL, _FEWEST_FOR_A_TAIL = 0.05, 20
# Rounding alone moves a return, which is a quotient near 1, by a few 1e-16: a ratio to that would be a very large number.
DUST = 1e-14


def daily_returns(growth: Floats) -> Floats:
    """Each day's return; the first day's is measured from 1, the start. A day that begins with nothing returns 0."""
    before = np.concatenate([[1.0], growth[:-1]])
    returns: Floats = np.divide(growth, before, out=np.ones(len(growth)), where=before > 0) - 1
    return returns


def why_not(growth: Floats, returns: Floats) -> Undefined | None:
    """Why the spread of these days is no number, or nothing."""
    if growth.min() <= 0:
        return WIPED_OUT
    if len(returns) < 2:
        return TOO_SHORT
    return None if np.isfinite(returns).all() else BEYOND


def varies(returns: Floats) -> bool:
    """Whether they move by more than rounding does."""
    return len(returns) > 1 and float(returns.std(ddof=1)) > DUST


def yearly(growth: float, days: int) -> float:
    """The growth a year of what grew so far in so many calendar days."""
    with np.errstate(over="ignore"):
        return float(np.float_power(growth, DAYS_A_YEAR / days)) - 1


def spread(returns: Floats, a_year: float) -> dict[str, Figure]:
    """Volatility, Sharpe and Sortino, with `a_year` sessions a year and a risk-free rate of 0."""
    mean, deviation, root = float(returns.mean()), float(returns.std(ddof=1)), math.sqrt(a_year)
    downside = math.sqrt(float(np.square(np.minimum(returns, 0)).mean()))
    moves = varies(returns)
    return {
        "volatility": deviation * root if moves else 0.0,
        "Sharpe": mean / deviation * root if moves else STILL,
        "Sortino": mean / downside * root if downside > DUST else NO_LOSING_DAY,
    }


def calmar(cagr: float, mdd: float) -> Figure:
    """CAGR against the deepest fall."""
    return cagr / -mdd if mdd < 0 else NO_FALL


def shape(returns: Floats) -> dict[str, Figure]:
    """Skewness and kurtosis of the sample, without bias for a normal one; a normal one has 0 and 3."""
    count = len(returns)
    why = NO_FOUR if count < 4 else None if varies(returns) else STILL
    if why:
        return {"skewness": why, "kurtosis": why}
    away = returns - returns.mean()
    second, third, fourth = (float((away**power).mean()) for power in (2, 3, 4))
    skewness = third / second**1.5 * math.sqrt(count * (count - 1)) / (count - 2)
    excess = ((count + 1) * (fourth / second**2 - 3) + 6) * (count - 1) / ((count - 2) * (count - 3))
    return {"skewness": skewness, "kurtosis": excess + 3}


def tail(returns: Floats) -> dict[str, Figure]:
    """The return that one day in twenty falls to or below, and the mean of those days."""
    if len(returns) < _FEWEST_FOR_A_TAIL:
        return {"VaR_95": NO_MONTH, "ES_95": NO_MONTH}
    limit = float(np.quantile(returns, _TAIL))
    return {"VaR_95": limit, "ES_95": float(returns[returns <= limit].mean())}
