"""What quantstats and empyrical-reloaded say of the seeded curves, run by a Python that has both:

    PYTHON tests/peers/measures.py > tests/peers/measures.json

It exists so that our figures are compared with theirs without their packages in our environment; it imports nothing of ours.
"""

from __future__ import annotations

import importlib
import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

curves = importlib.import_module("measured_curves")
quantstats = importlib.import_module("quantstats").stats
empyrical = importlib.import_module("empyrical")
pandas = importlib.import_module("pandas")

PEERS = ("quantstats", "empyrical-reloaded", "pandas", "numpy")


def main() -> None:
    """Print everything, with who said it."""
    told = {name: {"seed": curves.CURVES[name][0], **_asked(name)} for name in curves.CURVES}
    head = {"made_by": f"tests/peers/{Path(__file__).name}", "peers": {name: version(name) for name in PEERS}}
    json.dump({**head, "curves": told}, sys.stdout, indent=1)
    print()


def _asked(name: str) -> dict[str, Any]:
    days = pandas.DatetimeIndex(curves.days_of(name))
    run, benchmark = (pandas.Series(row, days) for row in curves.returns_of(name))
    a_year = len(days) * 365.25 / ((days[-1] - days[0]).days + 1)
    return {
        "agree": {**_of_quantstats(run, a_year), **_of_empyrical(run, a_year), **_relative(run[1:], benchmark[1:], a_year)},
        "differ": _otherwise(run, benchmark, a_year),
    }


def _of_quantstats(run: Any, a_year: float) -> dict[str, Any]:
    """With our sessions a year in the place of 252; the chance is counted with moments of the sample, as ours is."""
    worst = quantstats.drawdown_details(quantstats.to_drawdown_series(run)).sort_values("max drawdown")[:10]
    return {
        "quantstats comp Final_Return": quantstats.comp(run),
        "quantstats cagr CAGR": quantstats.cagr(run, periods=a_year),
        "quantstats volatility volatility": quantstats.volatility(run, periods=a_year),
        "quantstats sharpe Sharpe": quantstats.sharpe(run, periods=a_year),
        "quantstats sortino Sortino": quantstats.sortino(run, periods=a_year),
        "quantstats max_drawdown MDD": quantstats.max_drawdown(run),
        "quantstats calmar Calmar": quantstats.calmar(run, periods=a_year),
        "quantstats skew skewness": quantstats.skew(run),
        "quantstats kurtosis kurtosis": quantstats.kurtosis(run) + 3,
        "quantstats probabilistic_sharpe_ratio PSR": quantstats.probabilistic_sharpe_ratio(run),
        "quantstats drawdown_details drawdowns.depth": (worst["max drawdown"] / 100).tolist(),
        "quantstats drawdown_details drawdowns.trough": worst["valley"].tolist(),
    }


def _of_empyrical(run: Any, a_year: float) -> dict[str, Any]:
    return {
        "empyrical annual_return CAGR_like": empyrical.annual_return(run),
        "empyrical annual_volatility volatility": empyrical.annual_volatility(run, annualization=a_year),
        "empyrical sharpe_ratio Sharpe": empyrical.sharpe_ratio(run, annualization=a_year),
        "empyrical sortino_ratio Sortino": empyrical.sortino_ratio(run, annualization=a_year),
        "empyrical calmar_ratio Calmar": empyrical.calmar_ratio(run, annualization=a_year),
        "empyrical max_drawdown MDD": empyrical.max_drawdown(run),
        "empyrical value_at_risk VaR_95": empyrical.value_at_risk(run),
        "empyrical conditional_value_at_risk ES_95": empyrical.conditional_value_at_risk(run),
        "empyrical aggregate_returns monthly_returns.return": empyrical.aggregate_returns(run, "monthly").tolist(),
        "empyrical aggregate_returns yearly_returns.return": empyrical.aggregate_returns(run, "yearly").tolist(),
    }


def _relative(run: Any, benchmark: Any, a_year: float) -> dict[str, Any]:
    """Neither makes an information ratio one of a year; `yearly` leaves the capture's mean growth as one of a day."""
    greeks = quantstats.greeks(run, benchmark, periods=a_year)
    return {
        "quantstats greeks relative.beta": greeks["beta"],
        "quantstats greeks relative.alpha": greeks["alpha"],
        "quantstats information_ratio relative.information_ratio": quantstats.information_ratio(run, benchmark) * a_year**0.5,
        "empyrical beta relative.beta": empyrical.beta(run, benchmark),
        "empyrical excess_sharpe relative.information_ratio": empyrical.excess_sharpe(run, benchmark) * a_year**0.5,
        "empyrical tracking_error relative.tracking_error": empyrical.annual_volatility(run - benchmark, annualization=a_year),
        "empyrical up_capture relative.up_capture": empyrical.up_capture(run, benchmark, period="yearly"),
        "empyrical down_capture relative.down_capture": empyrical.down_capture(run, benchmark, period="yearly"),
    }


def _otherwise(run: Any, benchmark: Any, a_year: float) -> dict[str, Any]:
    """Where what they say by themselves is another figure: docs/measures.md tells how."""
    return {
        "quantstats cagr CAGR": quantstats.cagr(run),
        "quantstats sharpe Sharpe": quantstats.sharpe(run),
        "empyrical annual_return CAGR": empyrical.annual_return(run),
        "quantstats value_at_risk VaR_95": quantstats.value_at_risk(run),
        "quantstats information_ratio relative.information_ratio": quantstats.information_ratio(run, benchmark),
        "empyrical alpha relative.alpha": empyrical.alpha(run[1:], benchmark[1:], annualization=a_year),
        "empyrical up_capture relative.up_capture": empyrical.up_capture(run, benchmark),
        "quantstats win_rate win_rate": quantstats.win_rate(run),
        "quantstats exposure days_invested": quantstats.exposure(run),
    }


if __name__ == "__main__":
    main()
