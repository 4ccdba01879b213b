"""The evening's report as text: first the lines of the earlier systems, letter by letter, then what they had not.

It exists so that whoever reads, greps or forwards the old text goes on, on a terminal, in a file and in a log.
"""

from __future__ import annotations

from datetime import datetime
from typing import List, Optional, Sequence

from nas.eod.closes import Close
from nas.eod.phrases import called, moved, odd_lines, regime_line, row
from nas.eod.report import Report
from nas.eod.runs import Run, Runs
from nas.eod.signals import Signals, Wanted
from nas.eod.words import said
from shared import clock
from shared.figures import change, number, percent, plain, signed_percent
from shared.outcome import called as status_called
from shared.text import few_of

_MOST = 8


def head(at: datetime, rc: int) -> str:
    """`[KRX EOD][RUN:20251005-181000][RC:0]`."""
    return f"[KRX EOD][RUN:{at.astimezone(clock.KST):%Y%m%d-%H%M%S}][RC:{rc}]"


def text_of(report: Report, language: str) -> str:
    """All of it; made-up prices are said first."""
    closes = report.closes
    lines = [said("made_up", language)] if closes.synthetic else []
    lines += [head(report.at, 0), f"[KRX EOD Report] {closes.day}", *_late(report, language)]
    lines += [said("market", language, moved(report.market))]
    lines += [said("coverage", language, n=len(report.movers.covered), before=closes.before or "-"), ""]
    lines += [*_side("up", report.movers.up, report, language), "", *_side("down", report.movers.down, report, language), ""]
    lines += [regime_line(closes.regime, language), *market_note(report, language)]
    for block in (_odd(report, language), signals_lines(report.signals, language), runs_lines(report.runs, language)):
        lines += ["", *block] if block else []
    return plain("\n".join(lines)) + "\n"


def market_note(report: Report, language: str) -> List[str]:
    """Where the index itself has no close, by whom the market is told."""
    if report.has_own_index or report.market is None:
        return []
    return [said("market_by", language, called(report.market.code, report.market.name))]


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
        return " ".join(part for part in (f"{run.strategy or '-'}:", status, run.code) if part)
    step = said("no_last", language) if run.step is None else said("since_last", language, change(run.step, language))
    return f"{run.strategy}: CAGR {signed_percent(run.cagr)} ({step}) · MDD {percent(run.mdd)}"


def _late(report: Report, language: str) -> List[str]:
    if report.closes.day >= report.expected:
        return []
    return [said("late", language, day=report.closes.day, expected=report.expected)]


def _side(side: str, rows: Sequence[Close], report: Report, language: str) -> List[str]:
    limit = f" (≥ {percent(report.limits.min_abs_ret)})"
    if not rows:
        return [f"{said(f'{side}_none', language)}{limit}"]
    return [f"{said(side, language, n=report.limits.top_n)}{limit}", *(f" · {row(one)}" for one in rows)]


def _odd(report: Report, language: str) -> List[str]:
    lines = odd_lines(report.movers, language)
    return [said("odd", language), *(f" · {line}" for line in lines)] if lines else []


def _wanted(what: str, one: Wanted, language: str) -> str:
    score = said("score", language, number(one.score)) if one.score is not None else ""
    return f" · {what} {called(one.code, one.name)}" + "".join(f" · {part}" for part in (score, one.reason) if part)


def _held(rows: Sequence[Wanted]) -> str:
    return few_of([called(one.code, one.name) for one in rows], _MOST)
