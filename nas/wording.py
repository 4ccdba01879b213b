"""How what was seen is put: lines for people in their language, plain data for machines.

It exists so that a request, a worker and an answer are described alike by every command.
"""

from __future__ import annotations

import functools
from datetime import datetime
from typing import Any, Dict, List, Optional

from nas.at_work import RunSeen, WorkerSeen
from nas.labels import word
from nas.marks import kinds_in_words
from nas.screen import Line
from nas.seen import AnswerSeen, RequestSeen, Seen, SyncSeen, Whereabouts
from shared import clock
from shared.cache import PricesSeen
from shared.error_names import named_first
from shared.one_line import one_line


def data(seen: Seen) -> Dict[str, Any]:
    """Everything, for `--json`; `waiting` are ids, `waiting_for` is what is known of each."""
    return {
        **seen._asdict(),
        "at": clock.iso(seen.at),
        "waiting": [one.request_id for one in seen.waiting],
        "waiting_for": [waiting_data(one) for one in seen.waiting],
        "running": [run._asdict() for run in seen.running],
        "workers": [{**worker._asdict(), "alive": worker.is_alive} for worker in seen.workers],
        "synced": seen.synced._asdict() if seen.synced else None,
        "prices": seen.prices._asdict() if seen.prices else None,
        "latest": [answer._asdict() for answer in seen.latest],
    }


def waiting_data(waiting: RequestSeen) -> Dict[str, Any]:
    """One request that waits, for `--json`."""
    facts = waiting._asdict()
    facts["came_damaged"] = str(waiting.came_damaged) if waiting.came_damaged else None
    del facts["since"]  # the server's own number: `seconds` says it
    not_before = clock.iso(waiting.not_before) if waiting.not_before else None
    return {**facts, "not_before": not_before, "files": [str(file) for file in waiting.files]}


def where_data(where: Whereabouts) -> Dict[str, Any]:
    """One unanswered request and where it is, for `--json`."""
    facts = waiting_data(where.waiting)
    running = where.run._asdict() if where.run else None
    synced = where.synced._asdict() if where.synced else None
    return {**facts, "status": None, "running": running, "file": next(iter(facts["files"]), None), "synced": synced}


def lines(seen: Seen, language: str) -> List[Line]:
    """Everything, for people."""
    say = functools.partial(word, language=language)
    counts = (("pending", seen.pending), ("running", len(seen.running)), ("answered", seen.answered))
    shown = [Line("counts", " · ".join(f"{say(key)} {count}" for key, count in counts) + f"   {seen.reports}")]
    if seen.paused is not None:
        shown.append(Line("pause", f"{say('paused')}: {seen.paused}", gone=say("resumed")))
    if seen.synced:
        shown.append(_sync_line(seen.synced, language))
    if seen.prices:
        shown.append(_prices_line(seen.prices, language))
    shown += _open_lines(seen, language)
    shown += [_worker_line(worker, language) for worker in seen.workers]
    if not any(worker.is_alive for worker in seen.workers):
        shown.append(Line("no worker", say("no_worker")))
    if seen.refused:
        shown.append(Line("refused", say("not_published").format(kinds_in_words(seen.refused), f"{seen.reports}/index.json")))
    if seen.latest:
        shown.append(Line("", f"{say('latest')}:"))
    return shown + [_request(one.request_id, f"  {answer_line(one, language)}{_finished(one)}") for one in seen.latest]


def where_lines(where: Whereabouts, language: str) -> List[Line]:
    """One unanswered request, how far its run is or what it waits for; and, of another machine, how old that knowledge is."""
    line = _run_line(where.run, where.synced, language) if where.run else _kept_line(where, language)
    return [line, _sync_line(where.synced, language)] if where.synced else [line]


def _kept_line(where: Whereabouts, language: str) -> Line:
    hints = _hints(where.waiting, where.at, language)
    if where.paused is not None:
        hints.append(f"{word('paused', language)}: {where.paused}")
    if not where.is_worked_on:
        hints.append(word("no_worker", language))
    return _waiting_line(where.waiting, hints, language)


def answer_line(answer: AnswerSeen, language: str) -> str:
    """One answer."""
    text = f"{word(answer.status, language)}  {answer.request_id}"
    if answer.cagr is not None and answer.mdd is not None:
        cagr, mdd = (round(figure * 100, 2) + 0.0 for figure in (answer.cagr, answer.mdd))  # + 0.0: never "-0.00"
        text += f"  {word('cagr', language)} {cagr:+.2f}%  {word('mdd', language)} {mdd:.2f}%"
    if answer.reused_from:
        text += f"  ({word('reused', language).format(answer.reused_from)})"
    if answer.why:
        why = named_first(answer.code, answer.why).in_language(language)
        text += "  " + " ".join(f"{answer.code or ''} {why}{'; ' if answer.fix else ''}{answer.fix or ''}".split())
    if answer.degraded:
        more = len(answer.degraded) - 1
        text += f"  [{answer.degraded[0]}{f' +{more}' if more else ''}]"  # one line is one line: `show` has them all
    return one_line(text + (f"  ※ {word('synthetic', language)}" if answer.synthetic else ""))


def _open_lines(seen: Seen, language: str) -> List[Line]:
    shown = [_run_line(run, seen.synced, language) for run in seen.running]
    shown += [_waiting_line(one, _hints(one, seen.at, language), language) for one in seen.waiting]
    shown = [line._replace(text=f"  {line.text}") for line in shown]
    if seen.pending > len(seen.waiting):
        shown.append(Line("", f"  {word('more', language).format(seen.pending - len(seen.waiting))}"))
    return shown


def _sync_line(synced: SyncSeen, language: str) -> Line:
    """How old all that is which is shown of the other side."""
    if synced.age is None:
        return Line("sync", word("never_synced", language))
    text = word("sync_failed", language).format(synced.why) if synced.why else word("synced", language)
    return Line("sync", text, f"  {clock.age(synced.age)}")


def _prices_line(prices: PricesSeen, language: str) -> Line:
    """How old the prices here are, whose they are, and what keeps newer ones away."""
    shown = word("prices", language).format(prices.last, prices.days, prices.origin)
    text = shown if prices.last else word("prices_none", language)
    return Line("prices", text + (word("prices_stuck", language).format(prices.why) if prices.why else ""))


def _request(request_id: str, text: str, seconds: Optional[float] = None) -> Line:
    """What is said of it, and for how long that has been so."""
    return Line(f"request {request_id}", text, "" if seconds is None else f"  {clock.age(seconds)}")


def _run_line(run: RunSeen, synced: Optional[SyncSeen], language: str) -> Line:
    """How far it is; of another machine's, when that was told."""
    bar = "█" * (run.percent // 10) + "░" * (10 - run.percent // 10)
    phase = word(f"phase_{run.phase}", language)
    text = f"{word('running', language)}  {run.request_id}  {bar} {run.percent}% {phase}  ({run.worker})"
    line = _request(run.request_id, text, run.seconds)
    if synced is None:
        return line
    age = "?" if run.age is None else clock.age(run.age)
    return line._replace(passing=f"{line.passing}  {word('told_ago', language).format(age)}")


def _waiting_line(waiting: RequestSeen, hints: List[str], language: str) -> Line:
    """Its strategy, where its id does not name it already, and what there is to say of it."""
    parts = [word("pending", language), waiting.request_id]
    if waiting.strategy and waiting.strategy not in waiting.request_id:
        parts.append(waiting.strategy)
    if hints:
        parts.append(f"({' · '.join(hints)})")
    return _request(waiting.request_id, "  ".join(parts), waiting.seconds)


def _hints(waiting: RequestSeen, at: datetime, language: str) -> List[str]:
    """What its files tell beyond their being there."""
    if waiting.answered:
        return [word("settled_soon", language)]
    hints = [word(key, language) for key in ("to_take_over", "to_cancel") if getattr(waiting, key)]
    if waiting.came_damaged:
        hints.append(word("came_damaged", language).format(waiting.came_damaged))
    if waiting.not_before and waiting.not_before > at:
        hints.append(word("not_before", language).format(clock.to_the_minute(waiting.not_before)))
    if waiting.refusal:
        hints.append(word("to_refuse", language).format(waiting.refusal))
    if len(waiting.files) > 1:
        hints.append(word("files", language).format(len(waiting.files)))
    return hints


def _worker_line(worker: WorkerSeen, language: str) -> Line:
    """Its sign of life."""
    name = f"{word('worker', language)} {worker.worker}"
    life, passing = "alive", ""
    if worker.dead:
        life = "dead"
    elif worker.age is None:
        life = "unknown"
    elif not worker.is_alive:
        life, passing = "silent", f" {clock.age(worker.age)}"
    text = f"{name} ({worker.host}, pid {worker.pid}): {word(life, language)}"
    return Line(f"worker {worker.incarnation}", text, passing, gone=f"{name}: {word('left', language)}")


def _finished(answer: AnswerSeen) -> str:
    """When it was answered, where that is told."""
    moment = clock.moment_in(answer.finished)
    return f"  ({clock.to_the_minute(moment)})" if moment else ""
