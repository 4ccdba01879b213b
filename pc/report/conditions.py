"""What was run, on which terms, and what was checked.

It exists so that a report says by itself what one would have to ask again to get it again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pc.engine import Terms
from pc.report.facts import Head
from pc.report.labels import label
from pc.report.layout import on_day, percent, row
from shared.figures import won

_NAMED = 10


def conditions(head: Head, language: str) -> list[str]:
    """Parameters, period, who was traded, money, costs, rules, code."""
    asked, used, terms = head.period["asked"], head.period["used"], head.terms
    days = f"{on_day(used['start'], language)} ~ {on_day(used['end'], language)}"
    rates = ", ".join(f"{label(name, language)} {getattr(terms, f'{name}_bps'):g} bps" for name in ("commission", "slippage"))
    told = {
        "params": json.dumps(head.params, ensure_ascii=False),
        "asked": f"{on_day(asked['start'], language)} ~ {on_day(asked['end'], language)}",
        "used": f"{days}, {used['n_days']:,} {label('days', language)}",
        "symbols": _traded(head, language),
        "execution": label(terms.execution, language),
        "capital": won(terms.capital, language),
        "rates": rates,
        "rules": ", ".join(_rules(terms, language)),
        "code": head.code,
    }
    return [line for key, value in told.items() for line in row(key, value, language)]


def checked(checks: Mapping[str, Any], language: str) -> list[str]:
    """What was checked of this run, and with what result, in one sentence; a run that fails a check has no report."""
    look, warm = checks.get("look_ahead", {}), checks.get("warm_up", {})
    said = []
    if checks.get("reconciled"):
        said.append(label("reconciled", language))
    if look.get("equal"):
        said.append(label("no_look_ahead", language).format(look["rows"]))
    if warm:
        said.append(_warm(warm, language))
    return row("checks", " · ".join(said), language) if said else []


def _warm(warm: Mapping[str, Any], language: str) -> str:
    if warm["lookback"] is None:
        return label("no_warm_up", language)
    key = "warmed_late" if warm["sessions_without"] else "warmed_up"
    return label(key, language).format(warm["lookback"], warm["sessions_without"])


def _traded(head: Head, language: str) -> str:
    name, point_in_time = head.universe
    kind = {True: "point_in_time", False: "todays_list"}.get(point_in_time) if point_in_time is not None else None
    named = f"{name} ({label(kind, language)}): " if name and kind else f"{name}: " if name else ""
    more = f" … ({len(head.symbols):,})" if len(head.symbols) > _NAMED else ""
    return named + ", ".join(head.symbols[:_NAMED]) + more


def _rules(terms: Terms, language: str) -> Iterator[str]:
    """Those in force; what is not applied is not told."""
    yield label("whole_shares" if terms.lot == 1 else "lots" if terms.lot else "fractions", language).format(terms.lot)
    for name in ("sales_tax", "price_limits"):
        yield label(f"{name}_on" if getattr(terms, name) else f"{name}_off", language)
    if terms.fee_mode == "embedded":
        yield label("embedded", language)
    if terms.size_at == "fill":
        yield label("at_fill", language)
    for name in ("position_cap", "volatility_target", "stop_loss", "cash_floor", "delisting_loss"):
        if getattr(terms, name):
            yield label(name, language).format(percent(getattr(terms, name), 1), terms.volatility_days)
    if terms.cooldown_days:
        yield label("cooldown_days", language).format(terms.cooldown_days)
