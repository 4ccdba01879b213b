"""What the trading cost and brought: costs by kind, round trips, the last fills.

It exists so that nobody reads a return without what it took to get it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pc.engine import Trade
from pc.report.labels import label
from pc.report.layout import LEFT, aligned, cut, padded, percent, points, ratio, row, why_missing, wrapped
from shared.figures import won
from shared.text import columns

_SIDE, _SHARES = 5, 8
_WHAT = {"ko": 21, "en": 15}


def costs(metrics: dict[str, Any], language: str) -> list[str]:
    """Won by kind and as a share of the capital, then what was left of the gain."""
    paid, capital = metrics["costs"], metrics["capital"]
    lines = [
        padded(f"  {label(kind, language)}", LEFT) + aligned([won(paid[kind], language)], 18)
        + aligned([percent(paid[kind] / capital)], 10)
        for kind in ("commission", "slippage", "tax", "total")
    ]  # fmt: skip
    lines[-1] += f"  {label('of_capital', language)}"
    rates = [percent(metrics["gross_return"]), points(-metrics["cost_drag"], 2), percent(metrics["Final_Return"])]
    left = label("gross_to_net", language).format(*rates)
    return [*lines, *row("net", f"{left} = {won(metrics['final_equity'], language)}", language)]


def trips(metrics: dict[str, Any], language: str) -> list[str]:
    """What the round trips say, and how much of the money was at work."""
    counted = label("trips", language).format(metrics["closed_trades"], metrics["open_trades"])
    lines = [*row("closed_trades", counted, language)]
    if metrics["closed_trades"]:
        lines += _closed(metrics, language)
    else:
        lines += row("win_rate", _or_why(metrics, "win_rate", "", language), language)
    working = _or_why(metrics, "exposure", percent(metrics["exposure"], 1), language)
    held = label("days_invested", language).format(percent(metrics["days_invested"], 1))
    return [*lines, *row("exposure", f"{working} · {held}", language)]


def last(trades: list[Trade], language: str) -> list[str]:
    """One line a fill, with why it was made."""
    return [line for one in trades for line in _fill(one, language)]


def _closed(metrics: dict[str, Any], language: str) -> Iterator[str]:
    yield from row("win_rate", percent(metrics["win_rate"]), language)
    for name in ("payoff", "profit_factor"):
        yield from row(name, _or_why(metrics, name, ratio(metrics[name]), language), language)
    held = label("held_for", language).format(metrics["holding_sessions"], metrics["holding_days"])
    yield from row("holding", held, language)
    for name in ("best_trade", "worst_trade"):
        yield from row(name, _trip(metrics[name], language), language)


def _or_why(metrics: dict[str, Any], name: str, shown: str, language: str) -> str:
    return shown if metrics[name] is not None else f"- ({why_missing(metrics['reasons'], name, language)})"


def _trip(one: dict[str, Any], language: str) -> str:
    return f"{percent(one['return'])} ({won(one['gain'], language)}) · {one['symbol']} {one['entry']} → {one['exit']}"


def _fill(one: Trade, language: str) -> list[str]:
    what = cut(f"{one.symbol} {one.name}".strip(), _WHAT[language] - 1)
    side = padded(label(one.side, language), _SIDE)
    shares = f"{one.shares:,.10g}"
    room = _WHAT[language] + max(0, _SHARES - columns(shares))
    money = f"{shares}{label('shares', language)} × {one.price:,.10g} = {won(one.amount, language)}"
    return wrapped(f"{money} {label(one.reason, language)}", f"  {one.date} {side}{padded(what, room)}", LEFT)
