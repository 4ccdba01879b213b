"""`status`: what waits, what runs and how far, who works, what was answered last.

It exists so that one look answers "where is my request" without a server: everything is read from the folder's names.
"""

from __future__ import annotations

import argparse
import functools
import json
from typing import Any, Dict, List, Optional

import inbox
from inbox import Progress, Sign
from nas.desk import Desk, open_desk
from nas.find import newest_answers, open_ids
from nas.labels import word
from outbox import answers, is_answered, manifest_of
from shared import clock, machine
from shared.errors import RelayError

_SHOWN = 10


def status(options: argparse.Namespace) -> int:
    """Once, or again and again."""
    desk = open_desk()
    if options.follow:
        from nas.follow import follow

        return follow(desk, options.json)
    found = look(desk)
    print(json.dumps(found, ensure_ascii=False) if options.json else "\n".join(lines(found, desk.settings.language)))
    return 0


def look(desk: Desk) -> Dict[str, Any]:
    """Everything there is to show, as plain data."""
    inbox.require_share(desk.inbox)
    found = workers(desk)
    runs = [run for worker in found for run in worker.pop("runs")]
    going = {run["request_id"] for run in runs}
    waiting = [request_id for request_id in open_ids(desk) if request_id not in going]
    return {
        "reports": str(desk.inbox.root),
        "paused": inbox.paused_because(desk.inbox),
        "pending": len(waiting),
        "waiting": waiting[:_SHOWN],
        "to_cancel": sorted(inbox.wished_to_cancel(desk.inbox)),
        "running": runs,
        "workers": found,
        "answered": len(answers(desk.outbox)),
        "latest": [short_answer(desk, request_id) for request_id in newest_answers(desk, _SHOWN)],
    }


def workers(desk: Desk) -> List[Dict[str, Any]]:
    """Every worker that has a folder, and what the living ones run."""
    now = inbox.server_now(desk.inbox)
    return [_worker(desk, name, now) for name in sorted(inbox.incarnations(desk.inbox))]


def short_answer(desk: Desk, request_id: str) -> Dict[str, Any]:
    """One answer in a few facts."""
    try:
        manifest = manifest_of(desk.outbox, request_id)
    except (RelayError, PermissionError) as error:  # one odd folder hides none of the others
        return {"request_id": request_id, "status": "DAMAGED", "why": str(error)}
    metrics, error_block = manifest.get("metrics") or {}, manifest.get("error") or {}
    return {
        "request_id": request_id,
        "status": manifest.get("status"),
        "strategy": manifest.get("strategy"),
        "synthetic": bool((manifest.get("data") or {}).get("synthetic")),
        "degraded": manifest.get("degraded") or [],
        "cagr": metrics.get("CAGR_like"),
        "mdd": metrics.get("MDD"),
        "why": ": ".join(part for part in (error_block.get("what"), error_block.get("why")) if part) or None,
        "finished": (manifest.get("timings") or {}).get("finished"),
    }


def lines(found: Dict[str, Any], language: str) -> List[str]:
    """The same for people."""
    say = functools.partial(word, language=language)
    counts = (("pending", found["pending"]), ("running", len(found["running"])), ("answered", found["answered"]))
    shown = [" · ".join(f"{say(key)} {count}" for key, count in counts) + f"   {found['reports']}"]
    if found["paused"]:
        shown.append(f"{say('paused')}: {found['paused']}")
    shown += [f"  {run_line(run, language)}" for run in found["running"]]
    marks = {request_id: f"  ({say('to_cancel')})" for request_id in found["to_cancel"]}
    shown += [f"  {say('pending')}  {request_id}{marks.get(request_id, '')}" for request_id in found["waiting"]]
    if found["pending"] > len(found["waiting"]):
        shown.append(f"  {say('more')} {found['pending'] - len(found['waiting'])}")
    shown += [worker_line(worker, language) for worker in found["workers"]] or [say("no_worker")]
    if found["latest"]:
        shown += [f"{say('latest')}:"] + [f"  {answer_line(answer, language)}" for answer in found["latest"]]
    return shown


def run_line(run: Dict[str, Any], language: str) -> str:
    """One running request."""
    percent = int(run.get("percent") or 0)
    bar = "█" * (percent // 10) + "░" * (10 - percent // 10)
    phase = word(f"phase_{run.get('phase')}", language)
    return f"{word('running', language)}  {run['request_id']}  {bar} {percent}% {phase}  ({run.get('worker')})"


def is_alive(worker: Dict[str, Any]) -> bool:
    """Whether it showed a sign of life within its lease."""
    return not worker["dead"] and worker["age"] is not None and worker["age"] < worker["lease"]


def worker_line(worker: Dict[str, Any], language: str) -> str:
    """One worker's sign of life."""
    age: Optional[float] = worker["age"]
    if worker["dead"]:
        life = word("dead", language)
    elif age is None:
        life = "?"
    else:
        life = word("alive", language) if is_alive(worker) else f"{word('silent', language)} {clock.age(age)}"
    return f"{word('worker', language)} {worker['worker']} ({worker['host']}, pid {worker['pid']}): {life}"


def answer_line(answer: Dict[str, Any], language: str) -> str:
    """One answer."""
    text = f"{word(str(answer['status']), language)}  {answer['request_id']}"
    if answer.get("cagr") is not None and answer.get("mdd") is not None:
        cagr, mdd = (round(answer[key] * 100, 2) + 0.0 for key in ("cagr", "mdd"))  # + 0.0: never "-0.00"
        text += f"  {word('cagr', language)} {cagr:+.2f}%  {word('mdd', language)} {mdd:.2f}%"
    if answer.get("why"):
        text += f"  {answer['why']}"
    if answer.get("degraded"):
        text += f"  [{'; '.join(answer['degraded'])}]"
    return text + (f"  ※ {word('synthetic', language)}" if answer.get("synthetic") else "")


def _worker(desk: Desk, name: str, now: Optional[float]) -> Dict[str, Any]:
    sign = inbox.sign_of(desk.inbox, name)
    if sign is None:  # it left while we looked
        return {
            "worker": inbox.worker_of(name),
            "incarnation": name,
            "host": "?",
            "pid": 0,
            "age": None,
            "lease": 0.0,
            "dead": True,
            "runs": [],
        }
    dead = machine.is_gone(sign.process)
    return {
        "worker": sign.worker,
        "incarnation": name,
        "host": sign.process.host.split("/")[0],
        "pid": sign.process.pid,
        "age": max(0.0, round(now - sign.seen, 1)) if now is not None else None,
        "lease": sign.lease or desk.settings.lease_seconds,
        "dead": dead,
        "runs": [] if dead else _runs(desk, name, sign),
    }


def _runs(desk: Desk, name: str, sign: Sign) -> List[Dict[str, Any]]:
    """What it holds; how far that is, it tells with its heartbeat."""
    told = {run.request_id: run for run in sign.runs}
    held = [held for held in inbox.held_by(desk.inbox, name) if not is_answered(desk.outbox, held.request_id)]
    shown = [(one, told.get(one.request_id, Progress(one.request_id, "waiting", 0))) for one in held]
    return [{**run._asdict(), "attempt": one.attempt, "worker": sign.worker} for one, run in shown]
