"""The evening's report as text: first the lines of the earlier systems, letter by letter, then what they had not.

It exists so that whoever reads, greps or forwards the old text goes on, on a terminal, in a file and in a log.
"""

from __future__ import annotations

from datetime import datetime
from typing import List, Optional, Sequence

from nas.reporting.edition import late_line, made_up_line
from nas.reporting.evening.figures import Evening
from nas.reporting.evening.runs import Run, Runs
from nas.reporting.evening.signals import Signals, Wanted
from nas.reporting.phrases import called, moved, odd_block, odd_lines, regime_line, sides_lines
from nas.reporting.words import said
from shared import clock
from shared.error_names import name_of
from shared.figures import change, number, percent, plain, signed_percent
from shared.outcome import called as status_called
from shared.text import few_of

_MOST = 8


def head(at: datetime, rc: int) -> str:
    """`[KRX EOD][RUN:20251005-181000][RC:0]`."""
    return f"[KRX EOD][RUN:{at.astimezone(clock.KST):%Y%m%d-%H%M%S}][RC:{rc}]"


def text_of(evening: Evening, language: str) -> str:
    """All of it; made-up prices are said first."""
    edition, found = evening.edition, evening.movers
    lines = [*made_up_line(edition, language), head(edition.at, 0), f"[KRX EOD Report] {edition.closes.day}"]
    lines += [*late_line(edition, language), said("market", language, moved(evening.market))]
    lines += [said("coverage", language, n=len(found.covered), before=edition.closes.before or "-"), ""]
    lines += [*sides_lines(found, language), ""]
    lines += [regime_line(edition.closes.regime, language), *market_note(evening, language)]
    odd = odd_block(odd_lines(found, language), language)
    for block in (odd, signals_lines(evening.signals, language), runs_lines(evening.runs, language)):
        lines += ["", *block] if block else []
    return plain("\n".join(lines)) + "\n"


def market_note(evening: Evening, language: str) -> List[str]:
    """Where the index itself has no close, by whom the market is told."""
    if evening.has_own_index or evening.market is None:
        return []
    return [said("market_by", language, called(evening.market.code, evening.market.name))]


def signals_lines(signals: Optional[Signals], language: str) -> List[str]:
    """What to act on; nothing where nobody scanned."""
    if signals is None:
        return []
    if signals.why:
        return [said(f"signals_{signals.why}", language)]
    told = [_wanted(said("buy", language), one, language) for one in signals.buy]
    told += [_wanted(said("sell", language), one, language) for one in signals.sell]
    hold = [f" · {said('hold', language, len(signals.hold))}: {_held(signals.hold)}"] if signals.hold else []
    return [said("act" if told else "act_none", language), *told, *hold]


def runs_lines(runs: Optional[Runs], language: str) -> List[str]:
    """Each question's newest answer of the day and how it moved."""
    if runs is None:
        return [said("runs_unknown", language)]
    if not runs.counts:
        return [said("runs_none", language)]
    counted = ", ".join(f"{status_called(status, language)} {count}" for status, count in sorted(runs.counts.items()))
    more = sum(runs.counts.values()) - len(runs.shown)
    lines = [said("runs", language, f"({counted})"), *(f" · {run_line(run, language)}" for run in runs.shown)]
    return [*lines, f" · {said('more', language, more)}"] if more > 0 else lines


def run_line(run: Run, language: str) -> str:
    """`krx_ma200: CAGR +12.4% (직전 대비 ▲0.3%p) · MDD -18.2%`; of one without figures its status and why."""
    if run.cagr is None:
        status = status_called(run.status, language) if run.status else "-"
        name = name_of(run.code).in_language(language)
        return " ".join(part for part in (f"{run.strategy or '-'}:", status, run.code, name) if part)
    step = said("no_last", language) if run.step is None else said("since_last", language, change(run.step, language))
    return f"{run.strategy}: CAGR {signed_percent(run.cagr)} ({step}) · MDD {percent(run.mdd)}"


def _wanted(what: str, one: Wanted, language: str) -> str:
    score = said("score", language, number(one.score)) if one.score is not None else ""
    return f" · {what} {called(one.code, one.name)}" + "".join(f" · {part}" for part in (score, one.reason) if part)


def _held(rows: Sequence[Wanted]) -> str:
    return few_of([called(one.code, one.name) for one in rows], _MOST)
