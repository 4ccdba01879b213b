"""Bad news, and no news: what stood in the way, why, and the command that goes on.

It exists so that whoever reads of a failure can mend it without looking for its log.
"""

from __future__ import annotations

from typing import Any, Mapping

from shared.completion.frame import context_of, day_of, identity_of
from shared.completion.reading import Told, object_in, one_line
from shared.completion.words import said
from shared.notices import PHONE, Notice, cut

FAILED, SKIPPED = "BACKTEST_FAILED", "BACKTEST_SKIPPED"
_SIGNS = {FAILED: "❌", SKIPPED: "⏭"}
_TAIL = 3


def bad_news(told: Told, language: str) -> Notice:
    """The notice of an answer without results."""
    manifest = told.manifest
    status, error = str(manifest.get("status")), object_in(manifest, "error")
    event = FAILED if status in ("FAILED", "REJECTED") else SKIPPED
    name = str(manifest.get("strategy") or said("unknown_strategy", language))
    why = _sentence(error)
    lines = told.files.get("run.log", b"").decode("utf-8", "replace").split("\n") if event == FAILED else []
    outcome = f"{name} {said(status, language)}"
    return Notice(
        event=event,
        level="ERROR" if event == FAILED else "INFO",
        title=f"{said('backtest', language)} {said(status, language)} · {name}",
        cause=why,
        day=day_of(manifest),
        key=incident_of(name, error.get("code")) if status == "FAILED" else "",  # what was refused never worked: no recovery
        identity=identity_of(manifest),
        subject=name,
        about=str(manifest.get("request_id")),
        summary=cut(f"{_SIGNS[event]} {outcome} · {error.get('code') or ''} {why}", PHONE),
        facts={said("where", language): told.where},
        remarks=tuple(part for part in (one_line(error.get("fix")),) if part),
        fix=f"python -m nas {'show' if status == 'REJECTED' else 'retry'} {manifest.get('request_id')}",
        tail=tuple([line.rstrip() for line in lines if line.strip()][-_TAIL:]),
        context=context_of(told, language),
    )


def _sentence(error: Mapping[str, Any]) -> str:
    """What was being done and what was found, in one line."""
    parts = [one_line(error.get(name)) for name in ("what", "why")]
    return ": ".join(part for part in parts if part) or one_line(error.get("code"))


def recovery(manifest: Mapping[str, Any], code: str) -> Notice:
    """The strategy that had failed so works again; where nobody was told that it failed, this says nothing either."""
    name = str(manifest.get("strategy"))
    identity = f"{identity_of(manifest)} {code}"
    return Notice(
        event=FAILED, level="INFO", title=name, key=incident_of(name, code), recovers=True, identity=identity, subject=name
    )


def incident_of(strategy: str, code: object) -> str:
    """Failures of one strategy for one reason are one message, counted."""
    return f"{strategy} {code}"
