"""The evening's report as a notice: what a telephone shows, then the figures, then whatever one should look at twice.

It exists so that people get the report where they are.
"""

from __future__ import annotations

from typing import Dict, List

from nas.reporting.evening.figures import Evening
from nas.reporting.evening.text import market_note, runs_lines, signals_lines
from nas.reporting.notice import leaders, notice_of, sides
from nas.reporting.phrases import called, moved, odd_lines, regime_line
from nas.reporting.words import said
from shared.figures import day
from shared.notices import PHONE, Notice, cut

_FIELD = 1500


def evening_notice(evening: Evening, language: str) -> Notice:
    """The same figures as its text has."""
    found, title = evening.movers, said("eod_title", language)
    shown, first = day(str(evening.edition.closes.day), language), _first(evening, language)
    blocks = [signals_lines(evening.signals, language), runs_lines(evening.runs, language)]
    return notice_of(
        evening.edition,
        event="EOD_REPORTED",
        title=title,
        summary=cut(" · ".join(part for part in (f"{title} {shown}", *first[:2], *leaders(found)) if part), PHONE),
        opening=" · ".join(part for part in (shown, *first) if part),
        facts={**sides(found, language), **_fields(blocks)},
        remarks=(*_remarks(evening, language), *(lines[0] for lines in blocks if len(lines) == 1)),
    )


def _first(evening: Evening, language: str) -> List[str]:
    """The market, whether one may invest, and of how many that is said."""
    regime = evening.edition.closes.regime
    market = evening.market if evening.market and not evening.has_own_index else None
    return [
        f"{called(market.code, market.name) if market else 'KOSPI'} {moved(evening.market)}",
        "" if regime is None else said("regime_short_on" if regime.on else "regime_short_off", language),
        said("symbols", language, f"{len(evening.movers.covered):,}"),
    ]


def _fields(blocks: List[List[str]]) -> Dict[str, str]:
    """A heading and what stands under it; what is one line only is a remark."""
    return {lines[0]: cut("\n".join(line.strip(" ·") for line in lines[1:]), _FIELD) for lines in blocks if len(lines) > 1}


def _remarks(evening: Evening, language: str) -> List[str]:
    regime = regime_line(evening.edition.closes.regime, language)
    return [regime, *market_note(evening, language), *odd_lines(evening.movers, language)]
