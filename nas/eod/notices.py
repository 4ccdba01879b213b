"""The two reports as notices: what a telephone shows, then the figures as fields, then whatever one should look at twice.

It exists so that people get the report where they are; how it looks in Slack is the notifiers' affair.
"""

from __future__ import annotations

from datetime import datetime
from typing import Dict, List

from nas.eod.closes import Closes
from nas.eod.movers import Movers
from nas.eod.phrases import called, moved, odd_lines, regime_line, rich_row
from nas.eod.report import Report
from nas.eod.seen import Seen, late_line, unknown_line
from nas.eod.text import market_note, runs_lines, signals_lines
from nas.eod.words import said
from shared import clock
from shared.figures import arrow, day, percent, signed_percent
from shared.notices import PHONE, Notice, cut

_FIELD = 1500


def eod_notice(report: Report, language: str) -> Notice:
    """Of the evening's report; whoever tells it gives it its identity."""
    closes, shown = report.closes, day(str(report.closes.day), language)
    limit = f" (≥ {percent(report.limits.min_abs_ret)})"
    regime = "" if closes.regime is None else said("regime_short_on" if closes.regime.on else "regime_short_off", language)
    covered = said("symbols", language, f"{len(report.movers.covered):,}")
    market = report.market if report.market and not report.has_own_index else None
    first = [f"{called(market.code, market.name) if market else 'KOSPI'} {moved(report.market)}", regime, covered]
    blocks = [signals_lines(report.signals, language), runs_lines(report.runs, language)]
    title = said("eod_title", language)
    return Notice(
        event="EOD_REPORTED",
        level="INFO",
        title=title,
        day=str(closes.day),
        summary=cut(" · ".join(part for part in (f"{title} {shown}", *first[:2], *_leaders(report.movers)) if part), PHONE),
        opening=" · ".join(part for part in (shown, *first) if part),
        facts={**_sides(report.movers, report.limits.top_n, limit, language), **_fields(blocks)},
        remarks=(*_remarks(report, language), *(lines[0] for lines in blocks if len(lines) == 1)),
        context=_context(closes, report.at),
        synthetic=closes.synthetic,
        data_to=str(closes.day),
    )


def watchlist_notice(seen: Seen, language: str) -> Notice:
    """Of the watchlist's."""
    closes, title = seen.closes, said("watchlist_title", language)
    mean = said("short_basket", language, f"{signed_percent(seen.movers.mean, 2)} {arrow(seen.movers.mean)}")
    shown = [day(str(closes.day), language), mean, f"{len(seen.movers.covered)}/{seen.asked}"]
    return Notice(
        event="WATCHLIST_REPORTED",
        level="INFO",
        title=title,
        day=str(closes.day),
        summary=cut(" · ".join([f"{title} {shown[0]}", *shown[1:], *_leaders(seen.movers)]), PHONE),
        opening=" · ".join(shown),
        facts=_sides(seen.movers, seen.top_n, "", language),
        remarks=(*late_line(seen, language), *odd_lines(seen.movers, language), *unknown_line(seen, language)),
        context=_context(closes, seen.at),
        synthetic=closes.synthetic,
        data_to=str(closes.day),
    )


def _sides(found: Movers, top_n: int, limit: str, language: str) -> Dict[str, str]:
    """Who moved most, each side under its own heading."""
    facts = {}
    for side, rows in (("up", found.up), ("down", found.down)):
        heading = said(side, language, n=top_n) if rows else said(f"{side}_none", language)
        facts[f"{heading}{limit}"] = "\n".join(rich_row(one, language) for one in rows) or "-"
    return facts


def _fields(blocks: List[List[str]]) -> Dict[str, str]:
    """A heading and what stands under it; what is one line only is a remark."""
    return {lines[0]: cut("\n".join(line.strip(" ·") for line in lines[1:]), _FIELD) for lines in blocks if len(lines) > 1}


def _remarks(report: Report, language: str) -> List[str]:
    regime = regime_line(report.closes.regime, language)
    return [regime, *market_note(report, language), *odd_lines(report.movers, language)]


def _leaders(found: Movers) -> List[str]:
    return [f"{called(one.code, one.name)} {signed_percent(one.change)}" for one in (*found.up[:1], *found.down[:1])]


def _context(closes: Closes, at: datetime) -> str:
    return f"data/eod/{closes.day}.csv · {clock.to_the_minute(at)}"
