"""What the scanner says: on a terminal and in Slack, line by line in the shape of the earlier one.

It exists because people and programs of the house read these lines for years; what is ours stands behind them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, List, Sequence

from nas.scanning.wording import changes_of, details_of, measures_of, reason_of, score_of, words
from shared import clock

if TYPE_CHECKING:
    from nas.scanning.looking import Look
    from shared.market.picking import Signal

_MOST = 15  # of one kind in a message


def text_of(look: Look, language: str) -> List[str]:
    """For a terminal."""
    found = look.found
    state = "-" if found.regime is None else words("ON" if found.regime else "OFF", language)
    lines = [words("made_up", language)] if look.synthetic else []
    lines += [words("as_of", language, day=found.day, kind=look.kind), words("regime", language, state=state)]
    lines += [words("size", language, universe=found.universe, fit=found.fit), "", words("buy", language, slots=found.slots)]
    lines += [_bought(one, look, language) for one in found.buy] or [words("no_buy", language)]
    lines += ["", words("sell", language)]
    lines += [_sold(one, look, language) for one in found.sell] or [words("no_sell", language)]
    lines += ["", words("hold", language)]
    lines += [f"  - {one.symbol}: {reason_of(one, look, language)}" for one in found.hold] or [words("no_hold", language)]
    return [*lines, "", *behind(look, language)]


def slack_of(look: Look, language: str) -> List[str]:
    """For Slack, with its signs for bold and code."""
    found = look.found
    state = "-" if found.regime is None else "ON" if found.regime else "OFF"
    counts = words("in_short", language, state=state, universe=found.universe, fit=found.fit)
    lines = [f"*[KRX Scanner]* {found.day}  |  {counts}", _bold(words("buy", language, slots=found.slots))]
    lines += _few([_in_slack(one, look, language) for one in found.buy], language) or [f"_{words('no_buy', language)}_"]
    lines += [words("sell_in_short", language)]
    sold = [f"- `{one.symbol}`: {reason_of(one, look, language)}{details_of(one)}" for one in found.sell]
    return [*lines, *(_few(sold, language) or [f"_{words('no_sell', language)}_"])]


def behind(look: Look, language: str) -> List[str]:
    """Ours: of which moment and prices it speaks, who the codes are, and what makes one look twice."""
    found, every = look.found, [*look.found.buy, *look.found.sell, *look.found.hold]
    prices = words("bars_of" if look.is_unfinished else "closes_of", language, day=found.day)
    session = words(f"session_{look.session}", language)
    lines = [words("moment", language, at=clock.to_the_minute(look.question.at), session=session, prices=prices)]
    names = ", ".join(f"{one.symbol} {one.name}" for one in every if one.name)
    lines += [words("names", language, names=names)] if names else []
    return lines + [words("doubt", language, why=why) for why in look.degraded]


def _bought(one: Signal, look: Look, language: str) -> str:
    sector = words("sector", language, name=one.sector or "-")
    return f"  - {one.symbol}{sector}: {_measured(one, look, language)}"


def _measured(one: Signal, look: Look, language: str) -> str:
    """One of the core is bought whatever was measured."""
    changes = [words("days", language, days=days, change=change) for days, change in changes_of(one).items()]
    told = [] if one.is_core else [*score_of(one, language), *changes, *measures_of(one)]
    return ", ".join(told) or reason_of(one, look, language)


def _sold(one: Signal, look: Look, language: str) -> str:
    return f"  - {one.symbol}: {reason_of(one, look, language)}{details_of(one)}"


def _in_slack(one: Signal, look: Look, language: str) -> str:
    """``- `091160` [반도체] 점수 12.0 | 1D +2.31% / 20D +5.12% / 60D +9.00% | ADX 25.1 / MFI 61.2 / VolZ 1.42``."""
    head = f"- `{one.symbol}` [{one.sector or '-'}] "
    changes = [f"{days}D {change}" for days, change in changes_of(one).items()]
    told = [*score_of(one, language), " / ".join(changes), " / ".join(measures_of(one))]
    measured = "" if one.is_core else " | ".join(part for part in told if part)
    return head + (measured or reason_of(one, look, language))


def _few(lines: Sequence[str], language: str) -> List[str]:
    more = [words("more", language, count=len(lines) - _MOST)] if len(lines) > _MOST else []
    return [*lines[:_MOST], *more]


def _bold(heading: str) -> str:
    return f"*{heading.strip('- ')}*"
