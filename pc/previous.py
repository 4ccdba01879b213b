"""What a manifest says of the run before: the earlier answer to the same question, and how this one stands to it.

It exists so that a result tells by itself whether anything moved since the last time, and whose doing it was.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from outbox import CURVE, REQUEST, TRADES, Comparison, Kept, Side, asked_before, compare, kept, question_of
from pc.desk import Desk
from shared.errors import RelayError

_TRIED = 3  # one may be damaged, or away with the archive's disk
_SHOWN = 20
_NOT_READ = (RelayError, OSError, ArithmeticError, AttributeError, TypeError, ValueError, MemoryError)


class Previous(NamedTuple):
    """The comparison with the run before: as the manifest tells it, and as the report does."""

    told: dict[str, Any]
    found: Comparison


def previous_of(desk: Desk, manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> Previous | None:
    """How this answer, not sealed yet, stands to the newest one to the same question that was asked for before it; None where
    there is none. `files`: its request and its tables. Whatever is wrong with an earlier answer costs this, never the run."""
    with contextlib.suppress(*_NOT_READ):
        earlier = _earlier(desk, manifest, files[REQUEST])
        return _told(desk, earlier, Side(manifest, files.get(CURVE, b""), files.get(TRADES))) if earlier else None
    return None


def _earlier(desk: Desk, manifest: Mapping[str, Any], request: bytes) -> Kept | None:
    """The first of them that is whole and really was asked the same."""
    ids = asked_before(desk.outbox, manifest, request)[:_TRIED]
    wanted = question_of(manifest, request)
    return next((answer for answer in map(functools.partial(_whole, desk), ids) if answer and _question(answer) == wanted), None)


def _whole(desk: Desk, request_id: str) -> Kept | None:
    with contextlib.suppress(RelayError, PermissionError):
        return kept(desk.outbox, desk.settings.archive, request_id, (CURVE, TRADES, REQUEST))
    return None


def _question(answer: Kept) -> str:
    """What it answers with numbers; nothing where it has none."""
    succeeded = answer.manifest["status"] == "SUCCEEDED"
    return question_of(answer.manifest, answer.files.get(REQUEST, b"")) if succeeded else ""


def _told(desk: Desk, earlier: Kept, now: Side) -> Previous:
    found = compare(Side(earlier.manifest, earlier.files.get(CURVE, b""), earlier.files.get(TRADES)), now)
    told = found.as_dict()
    prices = told["changed"].pop("prices")
    told["changed"] |= {"prices": prices[:_SHOWN], "symbols": len(prices)}
    values = _values(desk, found, (earlier.manifest, now.manifest))
    return Previous({"id": earlier.manifest["request_id"], **told, "values": values}, found)


def _values(desk: Desk, found: Comparison, manifests: tuple[Mapping[str, Any], Mapping[str, Any]]) -> dict[str, Any] | None:
    """The very prices that were revised, as they were and as they are; None where none was."""
    revised = {one.symbol: one.months for one in found.changed.prices if one.only is None and one.months != []}
    if not revised:
        return None
    from shared.market import Revised, revised_values

    folders = [Path(desk.settings.data) / "prices" / name for name in ("local", "synthetic")]
    versions = [str(one["data"]["fingerprint"]) for one in manifests]
    return revised_values(folders, Revised(versions[0], versions[1], revised), _SHOWN)
