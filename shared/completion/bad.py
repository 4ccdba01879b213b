"""Bad news, and no news: what stood in the way, why, and the command that goes on.

It exists so that whoever reads of a failure can mend it without looking for its log.
"""

from __future__ import annotations

from typing import Any, Mapping

from shared.completion.comparison import entry_of, incident_of
from shared.completion.event import FAILED, SKIPPED, event_of
from shared.completion.frame import context_of, day_of, identity_of
from shared.completion.reading import Told, object_in, one_line
from shared.completion.words import said
from shared.error_names import named_first
from shared.notices import PHONE, Notice, cut

_SIGNS = {FAILED: "❌", SKIPPED: "⏭"}
_TAIL = 3
# Asked again as it is, it may go otherwise: the machine was at fault, or what is mended is not the request.
_MAY_GO_OTHERWISE = ("E-STRATEGY-FAILED", "E-RUN-CRASHED", "E-RUN-TIMEOUT", "E-ATTEMPTS", "E-REQUIRED-UNAVAILABLE")
_ONLY_ASKED_AGAIN = ("E-EXPIRED", "E-CANCELLED")  # all there is to do


def bad_news(told: Told, language: str) -> Notice:
    """The notice of an answer without results."""
    manifest, entry = told.manifest, entry_of(told.manifest, told.files.get("request.json", b""))
    status, error = str(manifest.get("status")), object_in(manifest, "error")
    event = event_of(status)
    name = str(manifest.get("strategy") or said("unknown_strategy", language))
    why = named_first(error.get("code"), _sentence(error)).in_language(language)
    lines = told.files.get("run.log", b"").decode("utf-8", "replace").split("\n") if event == FAILED else []
    outcome = f"{name} {said(status, language)}"
    return Notice(
        event=event,
        level="ERROR" if event == FAILED else "INFO",
        title=f"{said('backtest', language)} {said(status, language)} · {name}",
        cause=why,
        day=day_of(manifest),
        key=incident_of(entry) if status == "FAILED" else "",  # what was refused never worked: no recovery
        identity=identity_of(manifest),
        subject=name,
        about=str(manifest.get("request_id")),
        summary=cut(f"{_SIGNS[event]} {outcome} · {error.get('code') or ''} {why}", PHONE),
        facts={said("where", language): told.where},
        fix=_fix(error, str(manifest.get("request_id"))),
        tail=tuple([line.rstrip() for line in lines if line.strip()][-_TAIL:]),
        context=context_of(told, language),
    )


def _fix(error: Mapping[str, Any], request_id: str) -> str:
    """What the error itself says is to be done, and to ask again where that may help: the same request fails the same way."""
    code, own = error.get("code"), one_line(error.get("fix"))
    again = f"python -m nas retry {request_id}"
    if code in _ONLY_ASKED_AGAIN or (code in _MAY_GO_OTHERWISE and not own):
        return again
    if code in _MAY_GO_OTHERWISE:
        return f"{own}\n`{again}`"
    return own or f"python -m nas show {request_id}"


def _sentence(error: Mapping[str, Any]) -> str:
    """What was being done and what was found, in one line."""
    parts = [one_line(error.get(name)) for name in ("what", "why")]
    return ": ".join(part for part in parts if part) or one_line(error.get("code"))


def recovery(manifest: Mapping[str, Any], incident: str) -> Notice:
    """What had failed so works again; where nobody was told that it failed, this says nothing either."""
    name = str(manifest.get("strategy"))
    identity = f"{identity_of(manifest)} {incident}"
    return Notice(event=FAILED, level="INFO", title=name, key=incident, recovers=True, identity=identity, subject=name)
