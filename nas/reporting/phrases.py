"""Rows and figures of the two reports as people read them: names beside codes, rates with their arrows, money in won.

It exists so that the evening's report and the watchlist's write one symbol the same way, in text and in Slack.
"""

from __future__ import annotations

from typing import List, Optional, Sequence

from nas.closes import Close, Movers, Regime
from nas.reporting.words import said
from shared.figures import arrow, number, percent, signed_percent, won
from shared.text import few_of

_NAMED = 5


def called(code: str, name: str) -> str:
    """`KODEX 200 (069500)`; the code alone where nobody knows a name."""
    return f"{name} ({code})" if name else code


def row(one: Close) -> str:
    """`▲ KODEX 200 (069500): +1.23%`."""
    return f"{arrow(one.change)} {called(one.code, one.name)}: {signed_percent(one.change, 2)}"


def rich_row(one: Close, language: str) -> str:
    """The same with its close."""
    return f"{row(one)} · {price(one.code, one.close, language)}"


def heading(side: str, found: Movers, language: str) -> str:
    """`상승 Top 5 (≥ 0.3%)`, of `up` or `down`; also where nobody went that way."""
    words = said(side, language, n=found.top_n) if getattr(found, side) else said(f"{side}_none", language)
    return words if found.least is None else f"{words} (≥ {percent(found.least)})"


def sides_lines(found: Movers, language: str) -> List[str]:
    """Who went up most, then who went down, each side under its heading."""
    up, down = ([heading(side, found, language), *(f" · {row(one)}" for one in getattr(found, side))] for side in ("up", "down"))
    return [*up, "", *down]


def price(code: str, close: Optional[float], language: str) -> str:
    """Won, but for an index."""
    is_index = not code[:1].isdigit()
    return "-" if close is None else number(close) if is_index else won(close, language)


def moved(one: Optional[Close]) -> str:
    """`+0.52% ▲`, or N/A."""
    return f"{signed_percent(one.change, 2)} {arrow(one.change)}" if one else "N/A"


def regime_line(regime: Optional[Regime], language: str) -> str:
    """Whether one may invest, and by what."""
    if regime is None:
        return said("regime_unknown", language)
    close, mean = (price(regime.symbol, value, language) for value in (regime.close, regime.mean))
    facts = {"name": called(regime.symbol, regime.name), "close": close, "mean": mean, "window": regime.window}
    return said("regime_on" if regime.on else "regime_off", language, **facts)


def odd_lines(found: Movers, language: str) -> List[str]:
    """A line for each kind of close that is no ordinary one, with who they are."""
    return [f"{said(kind, language, len(those))}: {_names(those)}" for kind, those in found.odd.items()]


def odd_block(lines: Sequence[str], language: str) -> List[str]:
    """These under their heading; nothing where there are none."""
    return [said("odd", language), *(f" · {line}" for line in lines)] if lines else []


def _names(rows: Sequence[Close]) -> str:
    since = [f" {one.flag.partition(':')[2]}" if ":" in one.flag else "" for one in rows]
    return few_of([f"{called(one.code, one.name)}{day}" for one, day in zip(rows, since)], _NAMED)
