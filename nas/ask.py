"""The commands that ask for something: submit, retry, cancel, pause, resume.

It exists so that every wish of a person is checked before it is put into the folder, and durable once acknowledged.
"""

from __future__ import annotations

import argparse
import getpass
import socket
from pathlib import Path
from typing import Any, Dict, Optional

import inbox
from inbox import Request
from nas.desk import Desk, make_desk, open_desk, open_desk_to_submit
from nas.find import resolve, resolve_whole
from nas.pairs import pairs, value_in
from outbox import MANIFEST, answer_of, archived_request, folder_of, is_answered, kept_aside
from shared import clock
from shared.closing import acknowledge, put
from shared.errors import RelayError, RequestConflict, RequestInvalid, RequestNotFound, UsageWrong
from shared.events import Log

_PATIENCE = 600.0
_PLAIN = (
    "start",
    "end",
    "symbols",
    "universe",
    "benchmarks",
    "required",
    "capital",
    "execution",
    "priority",
    "not_before",
    "expires_at",
    "timeout_seconds",
    "memory_mb",
    "max_attempts",
)


def init(options: argparse.Namespace) -> int:
    """Make the folders of a queue and the data folder, where the settings say; nothing in them is touched."""
    desk = make_desk()
    return _done(options, "QUEUE_MADE", {"reports": str(desk.inbox.root)})


def submit(options: argparse.Namespace) -> int:
    """Put one request into pending."""
    if options.timeout is not None and not options.wait:
        raise UsageWrong("reading the options", "--timeout without --wait", "add --wait, or give the run --timeout-seconds")
    content = {name: getattr(options, name) for name in _PLAIN if getattr(options, name) is not None}
    content.update(strategy=options.strategy, params=pairs(options.set, read=value_in), requested_by=_who())
    for name, said in (("costs", options.cost), ("rules", options.rule)):
        if said:
            content[name] = pairs(said, read=value_in)
    if options.fresh:
        content["fresh"] = True
    if options.label:
        content["labels"] = pairs(options.label, read=str)
    if options.no_charts or options.all_charts:
        content["charts"] = "all" if options.all_charts else False
    if options.id:
        content["request_id"] = options.id
    return _send(open_desk_to_submit(), content, options)


def retry(options: argparse.Namespace) -> int:
    """Ask again what was answered before."""
    desk = open_desk()
    request_id = resolve(desk, options.id)
    if not is_answered(desk.outbox, request_id):
        raise RequestNotFound(f"retrying {request_id!r}", "it has no answer yet", f"wait for it, or `nas cancel {request_id}`")
    try:
        content = inbox.request_again(_asked_before(desk, request_id), request_id)
    except (FileNotFoundError, RequestInvalid) as error:
        found = f"its answer holds no request to repeat ({error})"
        raise RequestNotFound(f"retrying {request_id!r}", found, "submit it anew") from error
    options.unchecked, options.wait = True, False
    return _send(desk, {**content, "requested_by": _who()}, options)


def _asked_before(desk: Desk, request_id: str) -> bytes:
    """The request as it was answered; one that was cancelled before anybody knew what it asks, as it came afterwards."""
    data = archived_request(desk.outbox, desk.settings.archive, request_id)
    return data if data.strip() != b"{}" else kept_aside(desk.outbox, request_id) or data


def cancel(options: argparse.Namespace) -> int:
    """Wish for a request to be cancelled; a worker carries it out."""
    desk = open_desk()
    request_id = resolve_whole(desk, options.id)
    if is_answered(desk.outbox, request_id):
        facts = {"request_id": request_id, "answer": str(_place(desk, request_id) / MANIFEST)}
        return _done(options, "REQUEST_ANSWERED_ALREADY", {**facts, "why": "nothing was cancelled"})
    inbox.cancel(desk.inbox, request_id, _whole(options.reason) or f"by {_who()}")
    return _done(options, "CANCEL_SUBMITTED", {"request_id": request_id, "why": "it takes effect when a worker looks"})


def pause(options: argparse.Namespace) -> int:
    """No worker claims anything from now on."""
    desk = open_desk()
    reason, before = _whole(options.reason), inbox.paused_because(desk.inbox)
    inbox.pause(desk.inbox, reason)
    facts = {"reason": reason or "no reason given"}
    return _done(options, "QUEUE_PAUSED", facts if before is None else {**facts, "replaced": before})


def resume(options: argparse.Namespace) -> int:
    """Workers claim again."""
    desk = open_desk()
    before = inbox.paused_because(desk.inbox)
    inbox.resume(desk.inbox)
    return _done(options, "QUEUE_RESUMED", {"why": "nothing was paused"} if before is None else {"reason": before})


def _send(desk: Desk, content: Dict[str, Any], options: argparse.Namespace) -> int:
    request = inbox.request_from(content)
    if not options.unchecked:
        check_strategy(desk, request)
    request_id, log = _answered_already(desk, content), Log(desk.settings.log_of("nas"))
    if request_id:
        log.about(request=request_id).info("REQUEST_ANSWERED_ALREADY", answer=_place(desk, request_id))
    else:
        _refuse_late(desk, request)
        request_id = inbox.submit(desk.inbox, content)
        log.about(request=request_id).info("REQUEST_SUBMITTED", strategy=request.strategy, retry_of=request.retry_of)
    if not options.wait:
        if options.json:
            put({"request_id": request_id})
        else:
            print(request_id)
        return 0
    from nas.wait import wait_for

    return wait_for(desk, request_id, _PATIENCE if options.timeout is None else options.timeout, options.json)


def _answered_already(desk: Desk, content: Dict[str, Any]) -> Optional[str]:
    """The id, if this very request was answered under it; RequestConflict if another one was, or is still waiting."""
    if "request_id" not in content:
        return None
    request_id = inbox.safe_id(content["request_id"])
    digest = inbox.digest_of({"schema": inbox.SCHEMA, **content, "request_id": request_id})
    answer = answer_of(desk.outbox, request_id)
    waiting = [] if answer else [inbox.read_asked(desk.inbox, path) for path in inbox.find_requests(desk.inbox, request_id)]
    if any(one.digest != digest for one in [answer, *waiting] if one):
        found = f"that id is already {'answered' if answer else 'asked for'}, for a request with other content"
        raise RequestConflict(f"submitting {request_id!r}", found, "choose another --id, or leave it out")
    return request_id if answer else None


def _place(desk: Desk, request_id: str) -> Path:
    """Where the answer lies; where its archive is away, at least that it is in there."""
    try:
        return folder_of(desk.outbox, desk.settings.archive, request_id)
    except RelayError:
        return desk.settings.archive / "*" / request_id


def _refuse_late(desk: Desk, request: Request) -> None:
    """What is over already would only come back EXPIRED; the file server's clock decides, as it will for the worker."""
    if request.expires_at is None:
        return
    now = inbox.server_now(desk.inbox)
    moment = clock.now() if now is None else clock.at(now)
    if request.expires_at <= moment:
        found = f"{clock.for_people(request.expires_at)} is over: it is {clock.for_people(moment)}"
        raise RequestInvalid("reading --expires-at", found, "give a later moment, or leave it out")


def check_strategy(desk: Desk, request: Request) -> None:
    """A strategy's parameters are refused here, not hours later on the PC."""
    from shared.strategies import strategy_of

    try:
        strategy_of(request.strategy, request.params, desk.settings.strategies_path)
    except RelayError as error:
        hint = "if only the PC has this strategy, submit with --unchecked"
        raise type(error)(
            error.what, error.why, f"{error.fix}; {hint}" if error.code == "E-STRATEGY-UNKNOWN" else error.fix
        ) from error


def _done(options: argparse.Namespace, event: str, facts: Dict[str, str]) -> int:
    told = {name.replace("request_id", "request"): fact for name, fact in facts.items()}
    acknowledge(event, told, facts if options.json else None)
    return 0


def _whole(text: str) -> str:
    """What was typed in bytes that are no UTF-8 arrives as half characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode()


def _who() -> str:
    try:
        return f"{getpass.getuser()}@{socket.gethostname()}"
    except (KeyError, OSError):
        return socket.gethostname()
