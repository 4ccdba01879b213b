"""Every figure of metrics.json by its name, with its formula and its unit.

It exists so that a metric is never a name without a definition; docs/measures.md shows the same
table, and a test holds the two together.
"""

from __future__ import annotations

TABLES = ("drawdowns", "monthly_returns", "yearly_returns")

_RATE, _YEARLY, _WON, _DATE, _COUNT, _RATIO = "fraction", "fraction a year", "won", "date", "number", "ratio"
_CALENDAR, _SESSIONS = "calendar days", "sessions"
_FALL = {
    "depth": ("lowest equity / height - 1; the height is the highest equity so far, at least the capital", _RATE),
    "start": ("the last session at the height; the first session where the height is the capital before it", _DATE),
    "trough": ("the session of the lowest equity", _DATE),
    "recovery": ("the first session at the height again; null while the fall is still running", _DATE),
    "days": ("from start to recovery, or to the last session while it runs", _CALENDAR),
    "days_down": ("from start to trough", _CALENDAR),
    "sessions": ("from the height to recovery, or to the last session while it runs", _SESSIONS),
}
_TRADE = {
    "symbol": ("which symbol", "code"),
    "entry": ("the day of its first fill", _DATE),
    "exit": ("the day of its last fill", _DATE),
    "gain": ("what its sales brought - what its buys took, after all costs", _WON),
    "return": ("gain / what its buys took, with their costs", _RATE),
}
_AGAINST = {
    "from": ("the first date on which both have a close of their own", _DATE),
    "to": ("the last such date", _DATE),
    "dates": ("how many such dates there are; everything below is from one to the next of them", _COUNT),
    "benchmark_return": ("the benchmark's last close / its first - 1, without costs", _RATE),
    "excess_return": ("the run's return on these dates - benchmark_return", _RATE),
    "CAGR": ("the benchmark's: (last close / first) ^ (365.25 / calendar days between) - 1", _YEARLY),
    "excess_CAGR": ("the run's CAGR on these dates, by the same days, - the benchmark's", _YEARLY),
    "MDD": ("the benchmark's deepest fall from a height among these dates", _RATE),
    "volatility": ("the benchmark's: standard deviation (n - 1) of its returns * sqrt(dates a year)", _YEARLY),
    "beta": ("covariance of both returns / variance of the benchmark's", _RATIO),
    "alpha": ("(mean of the run's returns - beta * mean of the benchmark's) * dates a year; risk-free rate 0", _YEARLY),
    "correlation": ("covariance of both returns / both standard deviations", _RATIO),
    "tracking_error": ("standard deviation (n - 1) of the differences of returns * sqrt(dates a year)", _YEARLY),
    "information_ratio": ("mean / standard deviation (n - 1) of the differences * sqrt(dates a year)", _RATIO),
    "up_capture": ("where the benchmark rose: the run's geometric mean return / the benchmark's", _RATIO),
    "down_capture": ("where the benchmark fell: the run's geometric mean return / the benchmark's", _RATIO),
}
_PERIODS = {
    "return": ("last equity / last equity before it - 1; the capital before the first", _RATE),
    "partial": ("true where a trading day of it lies outside the period", "true or false"),
}
_SPREAD = {
    "volatility": ("standard deviation (n - 1) of the daily returns * sqrt(sessions_per_year)", _YEARLY),
    "Sharpe": ("mean / standard deviation (n - 1) of the daily returns * sqrt(sessions_per_year); risk-free rate 0", _RATIO),
    "Sortino": ("mean of the daily returns / sqrt(mean of min(return, 0)^2) * sqrt(sessions_per_year)", _RATIO),
    "PSR": (
        "normal distribution at s * sqrt((n - 1) / (1 - skewness * s + (kurtosis - 1) / 4 * s^2)); s: Sharpe of one day",
        "probability that the true Sharpe is above 0",
    ),
    "Sharpe_interval.low": ("2.5 % of the resampled Sharpe ratios are below it; each of blocks of neighbouring days", _RATIO),
    "Sharpe_interval.high": ("2.5 % of them are above it", _RATIO),
    "Sharpe_interval.level": ("how many of them are between the two", _RATE),
    "Sharpe_interval.draws": ("how many samples, each as long as the period, with the last day followed by the first", _COUNT),
    "Sharpe_interval.block": ("days a block: the smallest number whose cube is not below n", _SESSIONS),
    "Sharpe_interval.seed": ("of the random blocks (splitmix64): always the same", _COUNT),
    "skewness": ("sqrt(n (n - 1)) / (n - 2) * third central moment / second ^ 1.5, of the daily returns", _RATIO),
    "kurtosis": ("((n + 1) (fourth central moment / second^2 - 3) + 6) (n - 1) / ((n - 2) (n - 3)) + 3; 3 is normal", _RATIO),
    "VaR_95": ("5 % quantile of the daily returns, between two of them by their distance; history only", "fraction of a day"),
    "ES_95": ("mean of the daily returns at or below VaR_95", "fraction of a day"),
}
_WHOLE = {
    "Final_Return": ("last equity / capital - 1", _RATE),
    "CAGR": ("(last equity / capital) ^ (365.25 / calendar_days) - 1", _YEARLY),
    "CAGR_like": ("(last equity / capital) ^ (252 / n_days) - 1: as the old systems counted", _YEARLY),
    "MDD": ("min over days of equity / highest equity so far (at least the capital) - 1", _RATE),
    "Calmar": ("CAGR / -MDD", _RATIO),
    "calendar_days": ("from the first session to the last, both counted", _CALENDAR),
    "sessions_per_year": ("n_days * 365.25 / calendar_days; 245, Korea's mean, where that are less than 360 days", _SESSIONS),
}
_TRADED = {
    "trades": ("number of fills", _COUNT),
    "closed_trades": ("round trips in one symbol, from flat to flat; what is sold in between ends none", _COUNT),
    "open_trades": ("symbols still held at the end", _COUNT),
    "win_rate": ("closed trades with a gain after all costs / closed trades", _RATE),
    "payoff": ("mean gain of the closed trades that won / mean loss of those that lost", _RATIO),
    "profit_factor": ("sum of the gains of those that won / sum of the losses of those that lost", _RATIO),
    "holding_sessions": ("mean over closed trades, from first to last fill", _SESSIONS),
    "holding_days": ("the same", _CALENDAR),
    **{f"best_trade.{name}": row for name, row in _TRADE.items()},
    **{f"worst_trade.{name}": row for name, row in _TRADE.items()},
    "realised": ("sum of the gains of the closed trades", _WON),
    "unrealised": ("last equity - capital - realised: what the open trades brought and are worth", _WON),
    "exposure": ("mean over days of worth of holdings / equity", _RATE),
    "days_invested": ("days with holdings at the close / days", _RATE),
    "turnover": ("sum of traded amounts / 2 / mean equity * sessions_per_year / n_days", "times a year"),
    "costs.commission": ("paid with every fill, by its traded amount", _WON),
    "costs.slippage": ("the same, for the price getting worse", _WON),
    "costs.tax": ("paid with sales, by market and date", _WON),
    "costs.total": ("sum of the three", _WON),
    "gross_return": ("(last equity + costs.total) / capital - 1: these very fills with their costs given back", _RATE),
    "cost_drag": ("costs.total / capital = gross_return - Final_Return", _RATE),
    "capital": ("what the run began with", _WON),
    "final_equity": ("cash and holdings at the last close", _WON),
}
_ALL = {
    **_WHOLE,
    **_SPREAD,
    **{f"drawdown.{name}": row for name, row in _FALL.items()},
    **_TRADED,
    "benchmarks": ("of each: last close / first close in the period - 1, without costs", _RATE),
    **{f"relative.{name}": row for name, row in _AGAINST.items()},
    **{f"drawdowns.{name}": row for name, row in _FALL.items()},
    "monthly_returns.month": ("which month", "year and month"),
    **{f"monthly_returns.{name}": row for name, row in _PERIODS.items()},
    "yearly_returns.year": ("which year", "year"),
    **{f"yearly_returns.{name}": row for name, row in _PERIODS.items()},
}
FORMULAS = {name: {"formula": formula, "unit": unit} for name, (formula, unit) in _ALL.items()}
